/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy claims: their amounts, their places, their steps, and what is asked of others about them (B, C, H4). */

ALTER TABLE registry.request RENAME persons TO subjects;
COMMENT ON COLUMN registry.request.subjects IS
    'Of each line, the claim it became, or the person whose name differs (A6); NULL: no such line';

CREATE TABLE registry.claim (
    claim_id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    certificate_id uuid NOT NULL,
    class_number int8 NOT NULL,
    organisation_id uuid NOT NULL,
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    city text NOT NULL GENERATED ALWAYS AS (left(division, 4)) STORED,
    route int2 NOT NULL CHECK (route BETWEEN 1 AND 3),
    proxy_reference text CHECK (char_length(proxy_reference) BETWEEN 1 AND 40),
    occupation_code text NOT NULL,
    level int2 NOT NULL,
    certificate_kind int2 NOT NULL,
    trainee_group int2 NOT NULL,
    year int2 NOT NULL,
    amount_fen int8 NOT NULL CHECK (amount_fen > 0),
    state int2 NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 11),
    state_before int2 CHECK (state_before BETWEEN 1 AND 6),
    version int4 NOT NULL DEFAULT 1 CHECK (version >= 1),
    due_on date,
    publicity_until date,
    submitted_at timestamptz NOT NULL DEFAULT now(),
    submitted_by uuid NOT NULL,
    reviewed_by uuid,
    approved_by uuid,
    paid_by uuid,
    CONSTRAINT claim_proxy CHECK (route <> 3 OR proxy_reference IS NOT NULL), /* B8 */
    CONSTRAINT claim_before CHECK ((state = 10) = (state_before IS NOT NULL)),
    CONSTRAINT claim_publicised CHECK (state NOT IN (5, 6, 7) OR publicity_until IS NOT NULL), /* C2 */
    CONSTRAINT claim_approved CHECK (state NOT IN (6, 7, 11) OR num_nonnulls(reviewed_by, approved_by) = 2),
    CONSTRAINT claim_paid CHECK ((state IN (7, 11)) = (paid_by IS NOT NULL)),
    CONSTRAINT claim_four_eyes CHECK ( /* C1; whether the payer may be the reviewer is the city's rule */
        reviewed_by <> submitted_by AND approved_by NOT IN (submitted_by, reviewed_by)
        AND paid_by NOT IN (submitted_by, approved_by))
) WITH (fillfactor = 80); /* most steps change no indexed column but these of the queue */
CREATE INDEX claim_city ON registry.claim (city, state, due_on, claim_id);
CREATE INDEX claim_division ON registry.claim (division, state, due_on, claim_id);
CREATE INDEX claim_organisation ON registry.claim (organisation_id, claim_id);
CREATE INDEX claim_certificate ON registry.claim (certificate_id);
COMMENT ON TABLE registry.claim IS 'Claims for subsidies: one for a certificate (B1)';
COMMENT ON COLUMN registry.claim.claim_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.claim.person_id IS 'Whose certificate';
COMMENT ON COLUMN registry.claim.certificate_id IS 'For what (B1)';
COMMENT ON COLUMN registry.claim.class_number IS 'The completed class it rests on (B1)';
COMMENT ON COLUMN registry.claim.organisation_id IS 'Who submitted';
COMMENT ON COLUMN registry.claim.division IS 'GB/T 2260: who decides and pays, where the submitter acts';
COMMENT ON COLUMN registry.claim.city IS 'Its first four digits';
COMMENT ON COLUMN registry.claim.route IS 'enum ClaimRoute of proto/claim.proto (B8)';
COMMENT ON COLUMN registry.claim.proxy_reference IS 'Of the proxy agreement; who gave it stated that no fee was charged (B8)';
COMMENT ON COLUMN registry.claim.occupation_code IS 'Of the certificate';
COMMENT ON COLUMN registry.claim.level IS 'Of the certificate';
COMMENT ON COLUMN registry.claim.certificate_kind IS 'Of the certificate';
COMMENT ON COLUMN registry.claim.trainee_group IS 'Of the enrolment';
COMMENT ON COLUMN registry.claim.year IS 'Of submission, Asia/Shanghai (B2)';
COMMENT ON COLUMN registry.claim.amount_fen IS 'Sum of its lines';
COMMENT ON COLUMN registry.claim.state IS 'enum ClaimState of proto/claim.proto';
COMMENT ON COLUMN registry.claim.state_before IS 'Of a suspended claim, where it goes on';
COMMENT ON COLUMN registry.claim.version IS 'Counts the steps; who decides says which one was seen';
COMMENT ON COLUMN registry.claim.due_on IS 'Day by which the next step is due (C3); NULL: none is';
COMMENT ON COLUMN registry.claim.publicity_until IS 'Last day of publicity (C2)';
COMMENT ON COLUMN registry.claim.submitted_at IS 'When';
COMMENT ON COLUMN registry.claim.submitted_by IS 'Operator';
COMMENT ON COLUMN registry.claim.reviewed_by IS 'Operator (C1)';
COMMENT ON COLUMN registry.claim.approved_by IS 'Operator (C1)';
COMMENT ON COLUMN registry.claim.paid_by IS 'Operator (C1)';

CREATE TABLE registry.claim_line (
    claim_id uuid NOT NULL,
    line int2 NOT NULL CHECK (line BETWEEN 1 AND 3),
    standard_id uuid NOT NULL,
    rate_fen int8 NOT NULL CHECK (rate_fen > 0),
    days int4 CHECK (days >= 1),
    amount_fen int8 NOT NULL,
    clawed_fen int8 NOT NULL DEFAULT 0,
    PRIMARY KEY (claim_id, line),
    CONSTRAINT claim_line_amount CHECK (amount_fen = rate_fen * coalesce(days, 1)),
    CONSTRAINT claim_line_clawed CHECK (clawed_fen BETWEEN 0 AND amount_fen),
    CONSTRAINT claim_line_days CHECK ((line = 3) = (days IS NOT NULL))
);
COMMENT ON TABLE registry.claim_line IS 'Separate amounts of a claim (B6)';
COMMENT ON COLUMN registry.claim_line.claim_id IS 'The claim';
COMMENT ON COLUMN registry.claim_line.line IS 'enum SubsidyLine of proto/standard.proto';
COMMENT ON COLUMN registry.claim_line.standard_id IS 'The row of registry.standard that gave the rate (B5)';
COMMENT ON COLUMN registry.claim_line.rate_fen IS 'As it was on the day of submission; of the living allowance, for a day';
COMMENT ON COLUMN registry.claim_line.days IS 'Attended days of the living allowance (B6)';
COMMENT ON COLUMN registry.claim_line.amount_fen IS 'What is claimed';
COMMENT ON COLUMN registry.claim_line.clawed_fen IS 'What was clawed back of it';

CREATE TABLE registry.claim_step (
    claim_id uuid NOT NULL,
    version int4 NOT NULL,
    action int2 NOT NULL CHECK (action BETWEEN 1 AND 14),
    state int2 NOT NULL,
    operator_id uuid NOT NULL,
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    request_id uuid NOT NULL,
    stepped_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (claim_id, version)
);
COMMENT ON TABLE registry.claim_step IS 'What happened to a claim, by whom and why; written once (C)';
COMMENT ON COLUMN registry.claim_step.claim_id IS 'The claim';
COMMENT ON COLUMN registry.claim_step.version IS 'registry.claim.version after it; 1 is the submission';
COMMENT ON COLUMN registry.claim_step.action IS 'enum ClaimAction of proto/claim.proto';
COMMENT ON COLUMN registry.claim_step.state IS 'enum ClaimState from then on';
COMMENT ON COLUMN registry.claim_step.operator_id IS 'Who; all zeros: the registry itself';
COMMENT ON COLUMN registry.claim_step.reason IS 'Why, or the payment''s reference';
COMMENT ON COLUMN registry.claim_step.request_id IS 'By which request';
COMMENT ON COLUMN registry.claim_step.stepped_at IS 'When';
CREATE TRIGGER claim_step_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.claim_step
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

/* What money cannot get past, whatever is submitted at the same instant. A claim takes its places when it is submitted;
   rejection, withdrawal and claw-back for error give them back. */
CREATE TABLE registry.claim_place (
    person_id uuid NOT NULL,
    year int2 NOT NULL,
    place int2 NOT NULL CONSTRAINT claim_place_three CHECK (place BETWEEN 1 AND 3),
    claim_id uuid NOT NULL,
    PRIMARY KEY (person_id, year, place)
);
COMMENT ON TABLE registry.claim_place IS 'At most three a person and year (B2)';
COMMENT ON COLUMN registry.claim_place.person_id IS 'The person';
COMMENT ON COLUMN registry.claim_place.year IS 'Of submission';
COMMENT ON COLUMN registry.claim_place.place IS 'The first, second or third';
COMMENT ON COLUMN registry.claim_place.claim_id IS 'Who has it';

CREATE TABLE registry.claim_once (
    person_id uuid NOT NULL,
    occupation_code text NOT NULL,
    level int2 NOT NULL,
    claim_id uuid NOT NULL,
    PRIMARY KEY (person_id, occupation_code, level)
);
COMMENT ON TABLE registry.claim_once IS 'Once for an occupation and level, for life (B3)';
COMMENT ON COLUMN registry.claim_once.person_id IS 'The person';
COMMENT ON COLUMN registry.claim_once.occupation_code IS 'The occupation';
COMMENT ON COLUMN registry.claim_once.level IS 'The level';
COMMENT ON COLUMN registry.claim_once.claim_id IS 'Who has it';

CREATE TABLE registry.claim_fact (
    claim_id uuid NOT NULL,
    fact int2 NOT NULL CHECK (fact BETWEEN 1 AND 2),
    asked_at timestamptz NOT NULL DEFAULT now(),
    answer int2 CHECK (answer BETWEEN 1 AND 3),
    source text CHECK (char_length(source) BETWEEN 1 AND 100),
    as_of date,
    answered_by uuid,
    answered_at timestamptz,
    request_id uuid,
    PRIMARY KEY (claim_id, fact),
    CONSTRAINT claim_fact_whole CHECK (num_nulls(answer, source, as_of, answered_by, answered_at, request_id) IN (0, 6))
);
CREATE INDEX claim_fact_open ON registry.claim_fact (asked_at, claim_id, fact) WHERE answer IS NULL;
COMMENT ON TABLE registry.claim_fact IS 'What the registry asks verifying agencies about a claim (H4)';
COMMENT ON COLUMN registry.claim_fact.claim_id IS 'The claim';
COMMENT ON COLUMN registry.claim_fact.fact IS 'enum Fact of proto/claim.proto: 1 draws a monthly pension (B4), 2 is insured';
COMMENT ON COLUMN registry.claim_fact.asked_at IS 'When it was first asked';
COMMENT ON COLUMN registry.claim_fact.answer IS 'enum FactAnswer; NULL: none yet';
COMMENT ON COLUMN registry.claim_fact.source IS 'The register that says so';
COMMENT ON COLUMN registry.claim_fact.as_of IS 'As it was on that day (Asia/Shanghai)';
COMMENT ON COLUMN registry.claim_fact.answered_by IS 'Operator of the verifying agency';
COMMENT ON COLUMN registry.claim_fact.answered_at IS 'When';
COMMENT ON COLUMN registry.claim_fact.request_id IS 'By which request';

CALL audit.cover(30::int2, 'claim', 'claim_id', 'claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level, certificate_kind, trainee_group, year, amount_fen, state, state_before, version, due_on, publicity_until, submitted_at, submitted_by, reviewed_by, approved_by, paid_by');
CALL audit.cover(31::int2, 'claim_line', 'claim_id, line', 'claim_id, line, standard_id, rate_fen, days, amount_fen, clawed_fen');
CALL audit.cover(32::int2, 'claim_step', 'claim_id, version', 'claim_id, version, action, state, operator_id, reason, request_id, stepped_at');
CALL audit.cover(33::int2, 'claim_place', 'person_id, year, place', 'person_id, year, place, claim_id');
CALL audit.cover(34::int2, 'claim_once', 'person_id, occupation_code, level', 'person_id, occupation_code, level, claim_id');
CALL audit.cover(35::int2, 'claim_fact', 'claim_id, fact', 'claim_id, fact, asked_at, answer, source, as_of, answered_by, answered_at, request_id');
