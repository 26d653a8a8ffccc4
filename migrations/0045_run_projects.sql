/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Training by projects (E): a bureau calls for a project and pays for it by heads, 60 per cent once it was carried out and the rest when
 * enough of those who completed it are employed. A head that counts has the places that a claim would have, so that nobody is paid both
 * ways (E7).
 */

/* ---- numbers that cities may set ---- */

INSERT INTO registry.policy_name (name, meaning) VALUES
    ('advance_percent', 'Percent of a project''s subsidy that is paid in advance (E1, E8)'),
    ('employment_percent', 'Percent employed from which the whole of a project''s subsidy is paid (E2, E9)'),
    ('pass_percent', 'Percent passed from which the whole is paid as well, 0 for never (E2, E9)'),
    ('project_ceiling', 'Percent of a project''s subsidy that is paid at most (E2)'),
    ('project_denominator', 'Enum Denominator of proto/project.proto: of whom employment is measured (E10)'),
    ('evidence_kinds', 'Kinds of evidence that count, bit n - 1 for kind n of enum EvidenceKind of proto/project.proto (E11)'),
    ('contract_months', 'Months of a labour contract at least (E11)'),
    ('employment_days', 'Days after a class within which employment begins (E11)'),
    ('insured_months', 'Months of contributions at least (E11)'),
    ('same_employer_months', 'Months before a class in which its employer must not have employed or insured the head (E12)');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'advance_percent', 60, '1949-10-01', 'default'),
    ('370000', 'employment_percent', 85, '1949-10-01', 'default'),
    ('370000', 'pass_percent', 0, '1949-10-01', 'default'),
    ('370000', 'project_ceiling', 100, '1949-10-01', 'default'),
    ('370000', 'project_denominator', 1, '1949-10-01', 'default'),
    ('370000', 'evidence_kinds', 9, '1949-10-01', 'default'),
    ('370000', 'contract_months', 12, '1949-10-01', 'default'),
    ('370000', 'employment_days', 180, '1949-10-01', 'default'),
    ('370000', 'insured_months', 1, '1949-10-01', 'default'),
    ('370000', 'same_employer_months', 6, '1949-10-01', 'default');

/* ---- projects ---- */

CREATE TABLE registry.project (
    project_id uuid PRIMARY KEY,
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    city text NOT NULL GENERATED ALWAYS AS (left(division, 4)) STORED,
    department text NOT NULL CHECK (char_length(department) BETWEEN 1 AND 100),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    occupation_code text REFERENCES registry.occupation,
    level int2,
    certificate_kind int2,
    mode int2 NOT NULL CHECK (mode BETWEEN 1 AND 3),
    pay_mode int2 NOT NULL CHECK (pay_mode BETWEEN 1 AND 2),
    planned_heads int4 NOT NULL CHECK (planned_heads BETWEEN 1 AND 1000000),
    hours int4 NOT NULL CHECK (hours BETWEEN 1 AND 10000),
    unit_fen int8 NOT NULL CHECK (unit_fen BETWEEN 1 AND 1000000000000),
    cap_fen int8 CHECK (cap_fen BETWEEN 1 AND 1000000000000000),
    call_number text NOT NULL CHECK (char_length(call_number) BETWEEN 1 AND 50),
    contract_number text CHECK (char_length(contract_number) BETWEEN 1 AND 50),
    organisation_id uuid REFERENCES registry.organisation,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    closes_on date NOT NULL,
    advance_percent int4 NOT NULL CHECK (advance_percent BETWEEN 0 AND 100),
    ceiling_percent int4 NOT NULL CHECK (ceiling_percent BETWEEN 1 AND 100),
    denominator int2 NOT NULL CHECK (denominator BETWEEN 1 AND 3),
    evidence_kinds int4 NOT NULL CHECK (evidence_kinds BETWEEN 1 AND 31),
    contract_months int4 NOT NULL CHECK (contract_months >= 0),
    employment_days int4 NOT NULL CHECK (employment_days >= 1),
    insured_months int4 NOT NULL CHECK (insured_months >= 0),
    same_employer_months int4 NOT NULL CHECK (same_employer_months >= 0),
    state int2 NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 13),
    state_before int2 CHECK (state_before BETWEEN 1 AND 9),
    version int4 NOT NULL DEFAULT 1 CHECK (version >= 1),
    frozen_on date,
    enrolled int4 CHECK (enrolled >= 0),
    completed int4,
    sat int4,
    counted int4,
    total_fen int8,
    entitled_percent int4 CHECK (entitled_percent BETWEEN 0 AND 100),
    granted_fen int8 NOT NULL DEFAULT 0 CHECK (granted_fen >= 0),
    paid_fen int8 NOT NULL DEFAULT 0,
    recover_fen int8 NOT NULL DEFAULT 0 CHECK (recover_fen >= 0),
    recovered_fen int8 NOT NULL DEFAULT 0 CHECK (recovered_fen >= 0),
    called_by uuid NOT NULL,
    called_at timestamptz NOT NULL DEFAULT now(),
    request_id uuid NOT NULL,
    CONSTRAINT project_subject CHECK ((occupation_code IS NULL) = (level IS NULL) AND num_nonnulls(occupation_code, certificate_kind) >= 1),
    CONSTRAINT project_days CHECK (starts_on <= ends_on AND ends_on < closes_on),
    CONSTRAINT project_awarded CHECK (state < 3 OR state IN (11, 12) OR num_nonnulls(organisation_id, contract_number) = 2),
    CONSTRAINT project_before CHECK ((state = 11) = (state_before IS NOT NULL)),
    CONSTRAINT project_frozen CHECK (num_nulls(frozen_on, enrolled, completed, sat, counted, total_fen) IN (0, 6)
                                     AND (state NOT IN (6, 7, 8, 9) OR frozen_on IS NOT NULL)),
    CONSTRAINT project_heads CHECK (counted >= 0 AND counted <= completed AND completed <= sat AND sat <= enrolled),
    CONSTRAINT project_total CHECK (total_fen BETWEEN 0 AND least(counted * unit_fen::numeric, cap_fen)), /* E5 */
    CONSTRAINT project_limit CHECK (granted_fen - recovered_fen - recover_fen <= coalesce(total_fen, 0)), /* E2 */
    CONSTRAINT project_paid CHECK (paid_fen >= 0 AND paid_fen <= granted_fen AND recover_fen + recovered_fen <= paid_fen)
);
CREATE INDEX project_organisation ON registry.project (organisation_id, project_id);
COMMENT ON TABLE registry.project IS 'Projects of training (E), with the numbers of its city''s policies as they were when it was called for';
COMMENT ON COLUMN registry.project.project_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.project.division IS 'GB/T 2260: of the bureau that called for it and pays';
COMMENT ON COLUMN registry.project.city IS 'Its first four digits';
COMMENT ON COLUMN registry.project.department IS 'Responsible department';
COMMENT ON COLUMN registry.project.name IS 'What it is called';
COMMENT ON COLUMN registry.project.occupation_code IS 'What is trained; NULL: whatever leads to the certificate';
COMMENT ON COLUMN registry.project.level IS 'enum SkillLevel of proto/class.proto';
COMMENT ON COLUMN registry.project.certificate_kind IS 'enum CertificateKind of proto/certificate.proto that it leads to; NULL: any';
COMMENT ON COLUMN registry.project.mode IS 'enum TrainingMode of proto/class.proto';
COMMENT ON COLUMN registry.project.pay_mode IS 'enum ProjectPayMode of proto/project.proto: 1 by the project, 2 by the person (E14)';
COMMENT ON COLUMN registry.project.planned_heads IS 'Heads at most';
COMMENT ON COLUMN registry.project.hours IS 'Class hours planned';
COMMENT ON COLUMN registry.project.unit_fen IS 'For a head that counts';
COMMENT ON COLUMN registry.project.cap_fen IS 'For the project at most; NULL: no limit';
COMMENT ON COLUMN registry.project.call_number IS 'Of the call';
COMMENT ON COLUMN registry.project.contract_number IS 'Of the contract; NULL: not awarded yet';
COMMENT ON COLUMN registry.project.organisation_id IS 'The institution; NULL: not awarded yet';
COMMENT ON COLUMN registry.project.starts_on IS 'First day';
COMMENT ON COLUMN registry.project.ends_on IS 'Last day of training';
COMMENT ON COLUMN registry.project.closes_on IS 'Last day on which employment is verified (E2)';
COMMENT ON COLUMN registry.project.advance_percent IS 'Of the total (E8); of the amount of a head (E14)';
COMMENT ON COLUMN registry.project.ceiling_percent IS 'Of the total, that is paid at most (E2)';
COMMENT ON COLUMN registry.project.denominator IS 'enum Denominator of proto/project.proto (E10)';
COMMENT ON COLUMN registry.project.evidence_kinds IS 'Bit n - 1: kind n of enum EvidenceKind counts (E11)';
COMMENT ON COLUMN registry.project.contract_months IS 'Of a contract at least (E11)';
COMMENT ON COLUMN registry.project.employment_days IS 'Within which employment begins after the class (E11)';
COMMENT ON COLUMN registry.project.insured_months IS 'Of contributions at least (E11)';
COMMENT ON COLUMN registry.project.same_employer_months IS 'Before the class, in which the employer was another (E12)';
COMMENT ON COLUMN registry.project.state IS 'enum ProjectState of proto/project.proto';
COMMENT ON COLUMN registry.project.state_before IS 'Of a suspended project, where it goes on';
COMMENT ON COLUMN registry.project.version IS 'Counts the steps; who decides says which one was seen';
COMMENT ON COLUMN registry.project.frozen_on IS 'Asia/Shanghai day on which it was carried out and its heads were frozen (E6)';
COMMENT ON COLUMN registry.project.enrolled IS 'Heads then';
COMMENT ON COLUMN registry.project.completed IS 'Of them, who completed';
COMMENT ON COLUMN registry.project.sat IS 'Of them, who attended enough to be assessed';
COMMENT ON COLUMN registry.project.counted IS 'Of them, who count now (E5)';
COMMENT ON COLUMN registry.project.total_fen IS 'The subsidy for those who count now, fen (E5)';
COMMENT ON COLUMN registry.project.entitled_percent IS 'The largest percent of a tier that a run has met (E9, E13); NULL: no run yet';
COMMENT ON COLUMN registry.project.granted_fen IS 'Sum of its tranches that were not rejected';
COMMENT ON COLUMN registry.project.paid_fen IS 'Sum of those that are paid';
COMMENT ON COLUMN registry.project.recover_fen IS 'What it has to give back yet';
COMMENT ON COLUMN registry.project.recovered_fen IS 'What came back';
COMMENT ON COLUMN registry.project.called_by IS 'Operator';
COMMENT ON COLUMN registry.project.called_at IS 'When';
COMMENT ON COLUMN registry.project.request_id IS 'By which request';

CREATE TABLE registry.project_tier (
    project_id uuid NOT NULL REFERENCES registry.project,
    tier int2 NOT NULL CHECK (tier BETWEEN 1 AND 20),
    metric int2 NOT NULL CHECK (metric BETWEEN 1 AND 3),
    threshold int4 NOT NULL CHECK (threshold BETWEEN 0 AND 100),
    pay_percent int4 NOT NULL CHECK (pay_percent BETWEEN 0 AND 100),
    PRIMARY KEY (project_id, tier),
    CONSTRAINT project_tier_once UNIQUE (project_id, metric, threshold),
    CONSTRAINT project_tier_none CHECK (metric <> 1 OR threshold = 0)
);
COMMENT ON TABLE registry.project_tier IS 'From which share of employed or passed how much of a project''s subsidy is paid (E9)';
COMMENT ON COLUMN registry.project_tier.project_id IS 'The project';
COMMENT ON COLUMN registry.project_tier.tier IS 'Its number';
COMMENT ON COLUMN registry.project_tier.metric IS 'enum TierMetric of proto/project.proto';
COMMENT ON COLUMN registry.project_tier.threshold IS 'Percent from which it is met';
COMMENT ON COLUMN registry.project_tier.pay_percent IS 'Of the total that is due then, with what was paid before';

CREATE TABLE registry.project_class (
    class_number int8 PRIMARY KEY REFERENCES registry.class,
    project_id uuid NOT NULL REFERENCES registry.project,
    request_id uuid NOT NULL
);
CREATE INDEX project_class_project ON registry.project_class (project_id, class_number);
COMMENT ON TABLE registry.project_class IS 'The classes of a project; a class is of one project at most';
COMMENT ON COLUMN registry.project_class.class_number IS 'The class';
COMMENT ON COLUMN registry.project_class.project_id IS 'The project';
COMMENT ON COLUMN registry.project_class.request_id IS 'By which request';

CREATE TABLE registry.project_step (
    project_id uuid NOT NULL,
    version int4 NOT NULL,
    action int2 NOT NULL CHECK (action BETWEEN 1 AND 30),
    state int2 NOT NULL,
    operator_id uuid NOT NULL,
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    tranche_id uuid,
    head_id uuid,
    class_number int8,
    held_on date,
    passed bool,
    fraud bool,
    fen int8,
    request_id uuid NOT NULL,
    stepped_at timestamptz NOT NULL DEFAULT now(),
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (project_id, version)
);
CREATE INDEX project_step_tranche ON registry.project_step (tranche_id, version) WHERE tranche_id IS NOT NULL;
COMMENT ON TABLE registry.project_step IS 'What happened to a project, by whom and why; written once (E)';
COMMENT ON COLUMN registry.project_step.project_id IS 'The project';
COMMENT ON COLUMN registry.project_step.version IS 'registry.project.version after it; 1 is the call';
COMMENT ON COLUMN registry.project_step.action IS 'enum ProjectAction of proto/project.proto';
COMMENT ON COLUMN registry.project_step.state IS 'enum ProjectState from then on; of a step of a tranche, enum ClaimState of the tranche';
COMMENT ON COLUMN registry.project_step.operator_id IS 'Who; all zeros: the registry itself';
COMMENT ON COLUMN registry.project_step.reason IS 'Why, or what was found';
COMMENT ON COLUMN registry.project_step.tranche_id IS 'The tranche that it is about; NULL: the project';
COMMENT ON COLUMN registry.project_step.head_id IS 'The head that it is about; NULL: none';
COMMENT ON COLUMN registry.project_step.class_number IS 'The class that came to it, or left it; NULL: none';
COMMENT ON COLUMN registry.project_step.held_on IS 'Of an inspection, its day';
COMMENT ON COLUMN registry.project_step.passed IS 'Of an inspection, whether all was in order';
COMMENT ON COLUMN registry.project_step.fraud IS 'Of a head struck, whether for fraud: its places stay taken';
COMMENT ON COLUMN registry.project_step.fen IS 'The money that it is about; NULL: none';
COMMENT ON COLUMN registry.project_step.request_id IS 'By which request';
COMMENT ON COLUMN registry.project_step.stepped_at IS 'When';
COMMENT ON COLUMN registry.project_step.salt IS 'Random, so that the log''s digest of the row tells nothing';
CREATE TRIGGER project_step_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.project_step
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

/* ---- heads ---- */

CREATE TABLE registry.project_head (
    head_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    project_id uuid NOT NULL REFERENCES registry.project,
    person_id uuid NOT NULL,
    class_number int8 NOT NULL,
    seat int4 NOT NULL,
    occupation_code text NOT NULL,
    level int2 NOT NULL,
    trainee_group int2 NOT NULL,
    year int2 NOT NULL,
    result int2 NOT NULL CHECK (result BETWEEN 1 AND 3),
    counted bool NOT NULL,
    deduction int2 CHECK (deduction BETWEEN 1 AND 8),
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    fraud bool,
    share_fen int8 NOT NULL DEFAULT 0 CHECK (share_fen >= 0),
    ordinal int8 NOT NULL DEFAULT nextval('registry.claim_ordinal'),
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    CONSTRAINT project_head_seat UNIQUE (class_number, seat),
    CONSTRAINT project_head_counted CHECK (counted = (deduction IS NULL) AND (NOT counted OR result = 1)),
    CONSTRAINT project_head_reason CHECK (deduction IS DISTINCT FROM 8 OR reason IS NOT NULL)
);
CREATE INDEX project_head_project ON registry.project_head (project_id, class_number, seat);
CREATE INDEX project_head_person ON registry.project_head (person_id);
COMMENT ON TABLE registry.project_head IS 'Whom a project trained, as frozen on the day on which it was carried out (E6)';
COMMENT ON COLUMN registry.project_head.head_id IS 'Random';
COMMENT ON COLUMN registry.project_head.project_id IS 'The project';
COMMENT ON COLUMN registry.project_head.person_id IS 'Who';
COMMENT ON COLUMN registry.project_head.class_number IS 'In which class';
COMMENT ON COLUMN registry.project_head.seat IS 'On which seat';
COMMENT ON COLUMN registry.project_head.occupation_code IS 'Of the class (E3)';
COMMENT ON COLUMN registry.project_head.level IS 'Of the class (E3)';
COMMENT ON COLUMN registry.project_head.trainee_group IS 'Of the enrolment';
COMMENT ON COLUMN registry.project_head.year IS 'Of the freezing, Asia/Shanghai (B2)';
COMMENT ON COLUMN registry.project_head.result IS 'enum TrainingResult of proto/training.proto';
COMMENT ON COLUMN registry.project_head.counted IS 'Whether it counts (E5)';
COMMENT ON COLUMN registry.project_head.deduction IS 'enum Deduction of proto/project.proto: why it does not count; NULL: it does';
COMMENT ON COLUMN registry.project_head.reason IS 'Why it was struck or counted again afterwards; NULL: as it was frozen';
COMMENT ON COLUMN registry.project_head.fraud IS 'Whether it was struck for fraud: its places stay taken; NULL: it was not struck';
COMMENT ON COLUMN registry.project_head.share_fen IS 'Its part of the total; what a cap leaves is divided to the fen';
COMMENT ON COLUMN registry.project_head.ordinal IS 'Ascending in the order in which claims and heads of a person took places';
COMMENT ON COLUMN registry.project_head.salt IS 'Random, so that the log''s digest of the row tells nothing';

/* What is taken is a claim's or a head's (E7). */
ALTER TABLE registry.claim_place ALTER COLUMN claim_id DROP NOT NULL;
ALTER TABLE registry.claim_place ADD COLUMN head_id uuid;
ALTER TABLE registry.claim_place ADD CONSTRAINT claim_place_whose CHECK (num_nonnulls(claim_id, head_id) = 1);
ALTER TABLE registry.claim_once ALTER COLUMN claim_id DROP NOT NULL;
ALTER TABLE registry.claim_once ADD COLUMN head_id uuid;
ALTER TABLE registry.claim_once ADD CONSTRAINT claim_once_whose CHECK (num_nonnulls(claim_id, head_id) = 1);
CREATE UNIQUE INDEX claim_place_head ON registry.claim_place (head_id) WHERE head_id IS NOT NULL;
CREATE UNIQUE INDEX claim_once_head ON registry.claim_once (head_id) WHERE head_id IS NOT NULL;
COMMENT ON TABLE registry.claim_place IS 'At most three a person and year (B2), for claims and heads of projects (E7)';
COMMENT ON TABLE registry.claim_once IS 'Once for an occupation and level, for life (B3), for claims and heads of projects (E7)';
COMMENT ON COLUMN registry.claim_place.year IS 'Of submission, or of freezing';
COMMENT ON COLUMN registry.claim_place.claim_id IS 'The claim that has it; NULL: a head has';
COMMENT ON COLUMN registry.claim_place.head_id IS 'The head that has it; NULL: a claim has';
COMMENT ON COLUMN registry.claim_once.claim_id IS 'The claim that has it; NULL: a head has';
COMMENT ON COLUMN registry.claim_once.head_id IS 'The head that has it; NULL: a claim has';

/* ---- employment ---- */

CREATE TABLE registry.project_evidence (
    evidence_id uuid PRIMARY KEY,
    head_id uuid NOT NULL REFERENCES registry.project_head,
    kind int2 NOT NULL CHECK (kind BETWEEN 1 AND 5),
    employer text CHECK (char_length(employer) BETWEEN 1 AND 40),
    event_on date NOT NULL,
    months int4 CHECK (months BETWEEN 1 AND 1200),
    source text NOT NULL CHECK (char_length(source) BETWEEN 1 AND 100),
    as_of date NOT NULL,
    snapshot_id uuid,
    by_bureau bool NOT NULL DEFAULT false,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    request_id uuid NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawn_request uuid,
    withdrawn_reason text CHECK (char_length(withdrawn_reason) BETWEEN 1 AND 200),
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    CONSTRAINT project_evidence_days CHECK (event_on <= as_of),
    CONSTRAINT project_evidence_withdrawn CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_request, withdrawn_reason) IN (0, 4))
);
CREATE UNIQUE INDEX project_evidence_once ON registry.project_evidence (head_id, kind, event_on, coalesce(employer, ''), source, as_of, by_bureau)
    WHERE withdrawn_at IS NULL;
COMMENT ON TABLE registry.project_evidence IS 'By what a head is shown to be employed (E4, E11); nothing of it is ever a percentage';
COMMENT ON COLUMN registry.project_evidence.evidence_id IS 'Random';
COMMENT ON COLUMN registry.project_evidence.head_id IS 'The head';
COMMENT ON COLUMN registry.project_evidence.kind IS 'enum EvidenceKind of proto/project.proto';
COMMENT ON COLUMN registry.project_evidence.employer IS 'Unified social credit code, or the register''s own number of the employer; NULL: none';
COMMENT ON COLUMN registry.project_evidence.event_on IS 'Day on which it began';
COMMENT ON COLUMN registry.project_evidence.months IS 'Of a contract its term, of contributions how many; NULL: not said';
COMMENT ON COLUMN registry.project_evidence.source IS 'The register or document that says so';
COMMENT ON COLUMN registry.project_evidence.as_of IS 'As it was on that day (Asia/Shanghai)';
COMMENT ON COLUMN registry.project_evidence.snapshot_id IS 'The snapshot that it was found in; NULL: it was recorded';
COMMENT ON COLUMN registry.project_evidence.by_bureau IS 'Whether a reviewer of the bureau recorded it, from the register or its extract; not so: the institution did, or it was found in a snapshot';
COMMENT ON COLUMN registry.project_evidence.recorded_by IS 'Operator; all zeros: the registry itself';
COMMENT ON COLUMN registry.project_evidence.recorded_at IS 'When';
COMMENT ON COLUMN registry.project_evidence.request_id IS 'By which request';
COMMENT ON COLUMN registry.project_evidence.withdrawn_at IS 'When it was withdrawn; NULL: it stands (E12)';
COMMENT ON COLUMN registry.project_evidence.withdrawn_by IS 'Operator';
COMMENT ON COLUMN registry.project_evidence.withdrawn_request IS 'By which request';
COMMENT ON COLUMN registry.project_evidence.withdrawn_reason IS 'Why';
COMMENT ON COLUMN registry.project_evidence.salt IS 'Random, so that the log''s digest of the row tells nothing';

CREATE TABLE registry.project_run (
    project_id uuid NOT NULL REFERENCES registry.project,
    run int4 NOT NULL CHECK (run >= 1),
    as_of date NOT NULL,
    base int4 NOT NULL CHECK (base >= 0),
    employed int4 NOT NULL CHECK (employed BETWEEN 0 AND base),
    passed int4 NOT NULL CHECK (passed >= 0),
    sat int4 NOT NULL CHECK (sat >= passed),
    pay_percent int4 NOT NULL CHECK (pay_percent BETWEEN 0 AND 100),
    total_fen int8 NOT NULL CHECK (total_fen >= 0),
    due_fen int8 NOT NULL,
    concentrated int4 NOT NULL DEFAULT 0 CHECK (concentrated >= 0),
    snapshots uuid[] NOT NULL,
    verified_by uuid NOT NULL,
    verified_at timestamptz NOT NULL DEFAULT now(),
    request_id uuid NOT NULL,
    PRIMARY KEY (project_id, run)
);
COMMENT ON TABLE registry.project_run IS 'Verifications of employment, numbered and never changed (E13)';
COMMENT ON COLUMN registry.project_run.project_id IS 'The project';
COMMENT ON COLUMN registry.project_run.run IS 'Its number in the project, from 1';
COMMENT ON COLUMN registry.project_run.as_of IS 'Asia/Shanghai day whose evidence it is';
COMMENT ON COLUMN registry.project_run.base IS 'Heads of which employment is measured (E10)';
COMMENT ON COLUMN registry.project_run.employed IS 'Of them, who are employed by evidence that counts';
COMMENT ON COLUMN registry.project_run.passed IS 'Heads who completed';
COMMENT ON COLUMN registry.project_run.sat IS 'Heads who were assessed';
COMMENT ON COLUMN registry.project_run.pay_percent IS 'The largest percent of a tier that it meets (E9)';
COMMENT ON COLUMN registry.project_run.total_fen IS 'The project''s total then';
COMMENT ON COLUMN registry.project_run.due_fen IS 'What that percent of it is beyond what was granted; negative: too much was';
COMMENT ON COLUMN registry.project_run.concentrated IS 'Employers with more than 30 percent of a class and more than 10 heads (E12)';
COMMENT ON COLUMN registry.project_run.snapshots IS 'The snapshots that answered';
COMMENT ON COLUMN registry.project_run.verified_by IS 'Operator';
COMMENT ON COLUMN registry.project_run.verified_at IS 'When';
COMMENT ON COLUMN registry.project_run.request_id IS 'By which request';
CREATE TRIGGER project_run_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.project_run
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TABLE registry.project_run_head (
    project_id uuid NOT NULL,
    run int4 NOT NULL,
    head_id uuid NOT NULL,
    evidence_id uuid,
    unmet int2 CHECK (unmet BETWEEN 1 AND 10),
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (project_id, run, head_id),
    CONSTRAINT project_run_head_why CHECK (num_nonnulls(evidence_id, unmet) = 1)
);
COMMENT ON TABLE registry.project_run_head IS 'What a verification found of each head of which employment is measured; written once';
COMMENT ON COLUMN registry.project_run_head.project_id IS 'The project';
COMMENT ON COLUMN registry.project_run_head.run IS 'The verification';
COMMENT ON COLUMN registry.project_run_head.head_id IS 'The head';
COMMENT ON COLUMN registry.project_run_head.evidence_id IS 'What shows that it is employed; NULL: nothing does';
COMMENT ON COLUMN registry.project_run_head.unmet IS 'enum EvidenceUnmet of proto/project.proto: why it does not count; NULL: it does';
COMMENT ON COLUMN registry.project_run_head.salt IS 'Random, so that the log''s digest of the row tells nothing';
CREATE TRIGGER project_run_head_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.project_run_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

/* ---- money ---- */

CREATE TABLE registry.tranche (
    tranche_id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES registry.project,
    kind int2 NOT NULL CHECK (kind BETWEEN 1 AND 4),
    head_id uuid REFERENCES registry.project_head,
    run int4,
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    organisation_id uuid NOT NULL,
    person_id uuid,
    amount_fen int8 NOT NULL CHECK (amount_fen > 0),
    state int2 NOT NULL DEFAULT 1 CHECK (state IN (1, 4, 6, 7, 8, 11, 12, 13)),
    version int4 NOT NULL DEFAULT 1 CHECK (version >= 1),
    recovered_fen int8 NOT NULL DEFAULT 0 CHECK (recovered_fen BETWEEN 0 AND amount_fen),
    submitted_at timestamptz NOT NULL DEFAULT now(),
    submitted_by uuid NOT NULL,
    reviewed_by uuid,
    approved_by uuid,
    paid_by uuid,
    request_id uuid NOT NULL,
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    CONSTRAINT tranche_head CHECK ((kind IN (3, 4)) = (head_id IS NOT NULL) AND (head_id IS NULL) = (person_id IS NULL)),
    CONSTRAINT tranche_run CHECK ((kind IN (2, 4)) = (run IS NOT NULL)),
    CONSTRAINT tranche_approved CHECK (state NOT IN (6, 7, 11, 12, 13) OR num_nonnulls(reviewed_by, approved_by) = 2),
    CONSTRAINT tranche_four_eyes CHECK ( /* C1 */
        reviewed_by <> submitted_by AND approved_by NOT IN (submitted_by, reviewed_by) AND paid_by NOT IN (submitted_by, approved_by))
);
CREATE UNIQUE INDEX tranche_advance_once ON registry.tranche (project_id) WHERE kind = 1 AND state <> 8;
CREATE UNIQUE INDEX tranche_head_once ON registry.tranche (head_id, kind) WHERE head_id IS NOT NULL AND state <> 8;
CREATE INDEX tranche_project ON registry.tranche (project_id, tranche_id);
CREATE INDEX tranche_division ON registry.tranche (division, state, tranche_id);
COMMENT ON TABLE registry.tranche IS 'Parts of a project''s subsidy, on the path of claims (E8, E9, E14)';
COMMENT ON COLUMN registry.tranche.tranche_id IS 'Random';
COMMENT ON COLUMN registry.tranche.project_id IS 'The project';
COMMENT ON COLUMN registry.tranche.kind IS 'enum TrancheKind of proto/project.proto: 1 advance, 2 balance, 3 a person''s first part, 4 its second';
COMMENT ON COLUMN registry.tranche.head_id IS 'Whose part it is (E14); NULL: the project''s';
COMMENT ON COLUMN registry.tranche.run IS 'The verification by which it is due; NULL: it is due without';
COMMENT ON COLUMN registry.tranche.division IS 'GB/T 2260: whose money it is';
COMMENT ON COLUMN registry.tranche.organisation_id IS 'The institution, which is paid unless it is a person''s part';
COMMENT ON COLUMN registry.tranche.person_id IS 'Who is paid; NULL: the institution';
COMMENT ON COLUMN registry.tranche.amount_fen IS 'How much';
COMMENT ON COLUMN registry.tranche.state IS
    'enum ClaimState of proto/claim.proto: 1 submitted, 4 reviewed, 6 approved, 7 paid, 8 rejected, 11 clawed back, 12 in a batch, 13 sent';
COMMENT ON COLUMN registry.tranche.version IS 'Counts the steps; who decides says which one was seen';
COMMENT ON COLUMN registry.tranche.recovered_fen IS 'What came back of it';
COMMENT ON COLUMN registry.tranche.submitted_at IS 'When';
COMMENT ON COLUMN registry.tranche.submitted_by IS 'Operator of the institution';
COMMENT ON COLUMN registry.tranche.reviewed_by IS 'Operator (C1)';
COMMENT ON COLUMN registry.tranche.approved_by IS 'Operator (C1)';
COMMENT ON COLUMN registry.tranche.paid_by IS 'Operator (C1)';
COMMENT ON COLUMN registry.tranche.request_id IS 'By which request it was submitted';
COMMENT ON COLUMN registry.tranche.salt IS 'Random, so that the log''s digest of the row tells nothing';

CALL audit.cover(33::int2, 'claim_place', 'person_id, year, place', 'person_id, year, place, claim_id, head_id');
CALL audit.cover(34::int2, 'claim_once', 'person_id, occupation_code, level', 'person_id, occupation_code, level, claim_id, salt, head_id');
CALL audit.cover(100::int2, 'project', 'project_id', 'project_id, division, department, name, occupation_code, level, certificate_kind, mode, pay_mode, planned_heads, hours, unit_fen, cap_fen, call_number, contract_number, organisation_id, starts_on, ends_on, closes_on, advance_percent, ceiling_percent, denominator, evidence_kinds, contract_months, employment_days, insured_months, same_employer_months, state, state_before, version, frozen_on, enrolled, completed, sat, counted, total_fen, entitled_percent, granted_fen, paid_fen, recover_fen, recovered_fen, called_by, called_at, request_id');
CALL audit.cover(101::int2, 'project_step', 'project_id, version', 'project_id, version, action, state, operator_id, reason, tranche_id, head_id, class_number, held_on, passed, fraud, fen, request_id, stepped_at, salt');
CALL audit.cover(102::int2, 'project_tier', 'project_id, tier', 'project_id, tier, metric, threshold, pay_percent');
CALL audit.cover(103::int2, 'project_class', 'class_number', 'class_number, project_id, request_id');
CALL audit.cover(104::int2, 'project_head', 'head_id', 'head_id, project_id, person_id, class_number, seat, occupation_code, level, trainee_group, year, result, counted, deduction, reason, fraud, share_fen, ordinal, salt');
CALL audit.cover(105::int2, 'project_evidence', 'evidence_id', 'evidence_id, head_id, kind, employer, event_on, months, source, as_of, snapshot_id, by_bureau, recorded_by, recorded_at, request_id, withdrawn_at, withdrawn_by, withdrawn_request, withdrawn_reason, salt');
CALL audit.cover(106::int2, 'project_run', 'project_id, run', 'project_id, run, as_of, base, employed, passed, sat, pay_percent, total_fen, due_fen, concentrated, snapshots, verified_by, verified_at, request_id');
CALL audit.cover(107::int2, 'tranche', 'tranche_id', 'tranche_id, project_id, kind, head_id, run, division, organisation_id, person_id, amount_fen, state, version, recovered_fen, submitted_at, submitted_by, reviewed_by, approved_by, paid_by, request_id, salt');
CALL audit.cover(113::int2, 'project_run_head', 'project_id, run, head_id', 'project_id, run, head_id, evidence_id, unmet, salt');
DO $$
DECLARE
    the_table text;
BEGIN
    FOREACH the_table IN ARRAY '{project,project_step,project_tier,project_class,project_head,project_evidence,project_run,project_run_head,tranche}'::text[] LOOP
        CALL audit.tie_table(the_table);
    END LOOP;
END $$;
