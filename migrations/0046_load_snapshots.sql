/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of others as files: a snapshot says what a source knew of a division on a day, and answers questions (H18 to H20). Which
 * answer stands in the way of which step is a table, and the days that a fact is asked of are a policy (H18, H19). The months of the
 * unemployment fund, by which a withdrawal is judged (F12).
 */

/* ---- sources and facts ---- */

CREATE TABLE registry.verification_source (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE
);
COMMENT ON TABLE registry.verification_source IS 'Whose registers are asked (H18)';
COMMENT ON COLUMN registry.verification_source.code IS 'enum VerificationSource of proto/snapshot.proto; stored in records, never renumbered';
COMMENT ON COLUMN registry.verification_source.name IS 'Chinese name, as the head line of a file has it';

-- codes: verification_source
INSERT INTO registry.verification_source (code, name) VALUES
    (1, '公安身份'),
    (2, '社保参保'),
    (3, '养老待遇'),
    (4, '就业登记'),
    (5, '财政供养'),
    (6, '市场监管'),
    (7, '教育学籍'),
    (8, '扶贫'),
    (9, '民政低保'),
    (10, '残联'),
    (11, '退役军人'),
    (12, '司法监所'),
    (13, '评价证书'),
    (14, '社保卡'),
    (15, '公安死亡');

CREATE TABLE registry.fact (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE,
    source int2 NOT NULL REFERENCES registry.verification_source,
    asked text NOT NULL REFERENCES registry.policy_name,
    days text NOT NULL REFERENCES registry.policy_name,
    against int2 NOT NULL CHECK (against BETWEEN 1 AND 2),
    of_employer bool NOT NULL
);
COMMENT ON TABLE registry.fact IS 'What the registry asks others about a claim (H4, H18)';
COMMENT ON COLUMN registry.fact.code IS 'enum Fact of proto/claim.proto';
COMMENT ON COLUMN registry.fact.name IS 'Chinese name';
COMMENT ON COLUMN registry.fact.source IS 'Whose snapshots answer it';
COMMENT ON COLUMN registry.fact.asked IS 'The policy that says whether it is asked';
COMMENT ON COLUMN registry.fact.days IS 'The policy that says of which days it is asked (H19): the sum of values of enum FactDay of proto/claim.proto';
COMMENT ON COLUMN registry.fact.against IS 'enum FactAnswer: the answer that speaks against a claim; of several days, one such answer is the answer';
COMMENT ON COLUMN registry.fact.of_employer IS 'Where an employer claims, it is asked of that employer';

INSERT INTO registry.policy_name (name, meaning) VALUES
    ('fact_student', '1 where approval needs the verified fact that the person is no full-time student, 0 where not (H4)'),
    ('fact_payroll', '1 where approval needs the verified fact that no public budget pays the person, 0 where not (H4)'),
    ('fact_death', '1 where approval needs the verified fact that the person is alive, 0 where not (H4)'),
    ('fact_identity', '1 where approval needs the verified fact that number and name agree, 0 where not (H4)'),
    ('fact_custody', '1 where approval needs the verified fact that the person was not in custody, 0 where not (H4)'),
    ('pension_days', 'Days that the pension is asked of, a sum of enum FactDay of proto/claim.proto (H19)'),
    ('insured_days', 'Days that the insurance by the employer is asked of, likewise (H19)'),
    ('student_days', 'Days that full-time study is asked of, likewise (H19)'),
    ('payroll_days', 'Days that the public payroll is asked of, likewise (H19)'),
    ('death_days', 'Days that death is asked of, likewise (H19)'),
    ('identity_days', 'Days that number and name are asked of, likewise (H19)'),
    ('custody_days', 'Days that custody is asked of, likewise (H19)'),
    ('snapshot_days', 'Days after a snapshot''s as-of day on which it still answers (H18)'),
    ('question_days', 'Working days after which a question that nobody has answered counts as not available (H21)'),
    ('reserve_months', 'Months of benefits that the unemployment fund keeps after a withdrawal (F12)'),
    ('reserve_base', '1: the fund''s balance at the end of the last month that was recorded, 2: at the end of last year (F12)'),
    ('reserve_parts', 'Which benefits count, a sum of enum FundBenefit of proto/reserve.proto (F12)'),
    ('shortfall_mode', 'Enum ShortfallMode of proto/reserve.proto: what becomes of a withdrawal after which the fund is short (F12)');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'fact_student', 0, '1949-10-01', 'default'),
    ('370000', 'fact_payroll', 0, '1949-10-01', 'default'),
    ('370000', 'fact_death', 0, '1949-10-01', 'default'),
    ('370000', 'fact_identity', 0, '1949-10-01', 'default'),
    ('370000', 'fact_custody', 0, '1949-10-01', 'default'),
    ('370000', 'pension_days', 1, '1949-10-01', 'default'), /* the class's first */
    ('370000', 'insured_days', 9, '1949-10-01', 'default'), /* the class's first, submission */
    ('370000', 'student_days', 4, '1949-10-01', 'default'), /* the certificate's */
    ('370000', 'payroll_days', 10, '1949-10-01', 'default'), /* the class's last, submission */
    ('370000', 'death_days', 8, '1949-10-01', 'default'), /* submission */
    ('370000', 'identity_days', 8, '1949-10-01', 'default'),
    ('370000', 'custody_days', 3, '1949-10-01', 'default'), /* the class's first and last */
    ('370000', 'snapshot_days', 35, '1949-10-01', 'default'),
    ('370000', 'question_days', 5, '1949-10-01', 'default'),
    ('370000', 'reserve_months', 24, '1949-10-01', 'default'),
    ('370000', 'reserve_base', 1, '1949-10-01', 'default'),
    ('370000', 'reserve_parts', 31, '1949-10-01', 'default'), /* all */
    ('370000', 'shortfall_mode', 1, '1949-10-01', 'default'); /* support */

INSERT INTO registry.fact (code, name, source, asked, days, against, of_employer) VALUES
    (1, '按月领取养老金', 3, 'fact_pension', 'pension_days', 1, false),
    (2, '由用人单位参保', 2, 'fact_insured', 'insured_days', 2, true),
    (3, '全日制在校', 7, 'fact_student', 'student_days', 1, false),
    (4, '财政供养', 5, 'fact_payroll', 'payroll_days', 1, false),
    (5, '已死亡', 15, 'fact_death', 'death_days', 1, false),
    (6, '姓名与证件号码相符', 1, 'fact_identity', 'identity_days', 2, false),
    (7, '在押', 12, 'fact_custody', 'custody_days', 1, false);

CREATE TABLE registry.fact_effect (
    fact int2 NOT NULL REFERENCES registry.fact,
    step int2 NOT NULL CHECK (step BETWEEN 1 AND 2),
    answer int2 NOT NULL CHECK (answer BETWEEN 0 AND 3),
    outcome int2 NOT NULL CHECK (outcome > 0),
    PRIMARY KEY (fact, step, answer)
);
COMMENT ON TABLE registry.fact_effect IS 'Which answer stands in the way of which step (H18); one that is not here does not';
COMMENT ON COLUMN registry.fact_effect.fact IS 'enum Fact of proto/claim.proto';
COMMENT ON COLUMN registry.fact_effect.step IS 'enum FactStep of proto/claim.proto';
COMMENT ON COLUMN registry.fact_effect.answer IS 'enum FactAnswer; 0: asked, and no answer yet';
COMMENT ON COLUMN registry.fact_effect.outcome IS 'enum Outcome of proto/audit.proto: what stands in the way';

/* Approval and payment of a claim: what speaks against it, and what is not known. Whom a project's heads leave out for what registers
   say is a rule of E5 and no row here. */
INSERT INTO registry.fact_effect (fact, step, answer, outcome)
SELECT f.code, s.step, f.against, (ARRAY[117, 123, 295, 296, 297, 298, 299])[f.code]
  FROM registry.fact f CROSS JOIN generate_series(1, 2) s(step)
UNION ALL
SELECT f.code, s.step, a.answer, 122
  FROM registry.fact f CROSS JOIN generate_series(1, 2) s(step) CROSS JOIN (VALUES (0), (3)) a(answer);

/* ---- snapshots ---- */

CREATE TABLE registry.snapshot (
    snapshot_id uuid PRIMARY KEY,
    source int2 NOT NULL REFERENCES registry.verification_source,
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    as_of date NOT NULL,
    complete bool NOT NULL,
    rows int4 NOT NULL CHECK (rows BETWEEN 0 AND 10000000),
    file_digest bytea NOT NULL CHECK (octet_length(file_digest) = 32),
    issuer text NOT NULL CHECK (char_length(issuer) BETWEEN 1 AND 100),
    organisation_id uuid NOT NULL,
    loaded_by uuid NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    malformed int4 CHECK (malformed BETWEEN 0 AND rows),
    unknown int4 CHECK (unknown BETWEEN 0 AND rows),
    closed_by uuid,
    closed_at timestamptz,
    answered_to uuid,
    request_id uuid NOT NULL,
    CONSTRAINT snapshot_whole CHECK (num_nulls(malformed, unknown, closed_by, closed_at) IN (0, 4)),
    CONSTRAINT snapshot_answers CHECK (answered_to IS NULL OR closed_at IS NOT NULL),
    CONSTRAINT snapshot_past CHECK (as_of <= (loaded_at AT TIME ZONE 'Asia/Shanghai')::date),
    CONSTRAINT snapshot_once UNIQUE (source, division, as_of, complete, rows, file_digest, organisation_id)
);
CREATE INDEX snapshot_fresh ON registry.snapshot (source, division, as_of DESC, closed_at DESC) WHERE closed_at IS NOT NULL;
COMMENT ON TABLE registry.snapshot IS 'What a source knew of a division on a day, as a file said it; once it is whole, never changed but for how far it has answered (H20)';
COMMENT ON COLUMN registry.snapshot.snapshot_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.snapshot.source IS 'Code of registry.verification_source';
COMMENT ON COLUMN registry.snapshot.division IS 'Whose people it tells of: a county, a city with its counties, or the province';
COMMENT ON COLUMN registry.snapshot.as_of IS 'As it was on that day (Asia/Shanghai)';
COMMENT ON COLUMN registry.snapshot.complete IS 'It has everybody, so that who is absent is not in the register (H18)';
COMMENT ON COLUMN registry.snapshot.rows IS 'How many rows its head line says it has';
COMMENT ON COLUMN registry.snapshot.file_digest IS 'SHA-256 of the file behind its head line, as that says it and as who loaded it found it';
COMMENT ON COLUMN registry.snapshot.issuer IS 'Who signed for it';
COMMENT ON COLUMN registry.snapshot.organisation_id IS 'Whose operators load its rows and say that all have come';
COMMENT ON COLUMN registry.snapshot.loaded_by IS 'Operator';
COMMENT ON COLUMN registry.snapshot.loaded_at IS 'When the first of it came';
COMMENT ON COLUMN registry.snapshot.malformed IS 'How many rows name nobody; with one of them absence says nothing. NULL: it is not whole yet';
COMMENT ON COLUMN registry.snapshot.unknown IS 'How many rows are of nobody whom the registry knew when they came';
COMMENT ON COLUMN registry.snapshot.closed_by IS 'Operator who said that all had come';
COMMENT ON COLUMN registry.snapshot.closed_at IS 'Since when it answers; NULL: not yet';
COMMENT ON COLUMN registry.snapshot.answered_to IS 'Up to which claim or question it has answered what waited for it; NULL: it has answered all, or is not whole yet (H21)';
COMMENT ON COLUMN registry.snapshot.request_id IS 'By which request it was begun';

CREATE TABLE registry.snapshot_part (
    snapshot_id uuid NOT NULL REFERENCES registry.snapshot,
    request_id uuid NOT NULL,
    rows int4 NOT NULL CHECK (rows > 0),
    unknown int4 NOT NULL CHECK (unknown >= 0 AND unknown <= rows),
    PRIMARY KEY (snapshot_id, request_id)
);
COMMENT ON TABLE registry.snapshot_part IS 'How many rows of snapshots came together, so that nobody counts millions of them when the last has come';
COMMENT ON COLUMN registry.snapshot_part.snapshot_id IS 'Whose';
COMMENT ON COLUMN registry.snapshot_part.request_id IS 'By which request they came, the first of a set';
COMMENT ON COLUMN registry.snapshot_part.rows IS 'How many';
COMMENT ON COLUMN registry.snapshot_part.unknown IS 'How many of them are of nobody whom the registry knew';

CREATE TABLE registry.snapshot_row (
    snapshot_id uuid NOT NULL REFERENCES registry.snapshot,
    row int4 NOT NULL CHECK (row > 0),
    record_id uuid NOT NULL,
    document_index bytea CHECK (octet_length(document_index) = 32),
    name_index bytea CHECK (octet_length(name_index) = 32),
    from_on date,
    to_on date,
    unit text CHECK (char_length(unit) BETWEEN 1 AND 18),
    sealed bytea NOT NULL,
    PRIMARY KEY (snapshot_id, row),
    CONSTRAINT snapshot_row_somebody CHECK (num_nulls(document_index, name_index) IN (0, 2)
                                            AND (document_index IS NOT NULL OR sealed = ''))
);
CREATE INDEX snapshot_row_document ON registry.snapshot_row (document_index) WHERE document_index IS NOT NULL;
COMMENT ON TABLE registry.snapshot_row IS 'Rows of snapshots; evidence for good (H20), but for what is erased of a person';
COMMENT ON COLUMN registry.snapshot_row.snapshot_id IS 'Whose';
COMMENT ON COLUMN registry.snapshot_row.row IS 'Its place in the file, from 1';
COMMENT ON COLUMN registry.snapshot_row.record_id IS 'Random; the sealed record is bound to it';
COMMENT ON COLUMN registry.snapshot_row.document_index IS 'Keyed index of the document, as registry.document has it; NULL: the row names nobody, or was erased';
COMMENT ON COLUMN registry.snapshot_row.name_index IS 'Keyed index of the name';
COMMENT ON COLUMN registry.snapshot_row.from_on IS 'First day on which it holds; NULL: not said, always before';
COMMENT ON COLUMN registry.snapshot_row.to_on IS 'Last day on which it holds; NULL: open';
COMMENT ON COLUMN registry.snapshot_row.unit IS 'Code of the employer that it is about; NULL: none';
COMMENT ON COLUMN registry.snapshot_row.sealed IS 'Sealed SnapshotRecord of proto/record.proto (D1); empty: the row names nobody, or was erased';

/* ---- what they answered ---- */

ALTER TABLE registry.claim_fact DROP CONSTRAINT claim_fact_fact_check;
ALTER TABLE registry.claim_fact
    ADD CONSTRAINT claim_fact_known FOREIGN KEY (fact) REFERENCES registry.fact,
    ADD COLUMN snapshot_id uuid,
    ADD COLUMN asked_of date;
COMMENT ON COLUMN registry.claim_fact.fact IS 'enum Fact of proto/claim.proto';
COMMENT ON COLUMN registry.claim_fact.answered_by IS 'Operator of the verifying agency; of a snapshot, who said that it was whole';
COMMENT ON COLUMN registry.claim_fact.snapshot_id IS 'The snapshot that answered; NULL: an agency did, or nobody yet';
COMMENT ON COLUMN registry.claim_fact.asked_of IS 'The day that a snapshot''s answer is of (H19); NULL: an agency''s';
ALTER TABLE registry.employment ADD COLUMN snapshot_id uuid;
COMMENT ON COLUMN registry.employment.snapshot_id IS 'The snapshot that answered; NULL: an agency did, or nobody yet';

/* ---- the unemployment fund, month by month (F12) ---- */

CREATE TABLE registry.fund_month (
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    version int4 NOT NULL CHECK (version > 0),
    balance_fen int8 NOT NULL CHECK (balance_fen >= 0),
    unemployment_fen int8 NOT NULL CHECK (unemployment_fen >= 0),
    medical_fen int8 NOT NULL CHECK (medical_fen >= 0),
    funeral_fen int8 NOT NULL CHECK (funeral_fen >= 0),
    training_fen int8 NOT NULL CHECK (training_fen >= 0),
    other_fen int8 NOT NULL CHECK (other_fen >= 0),
    citation text NOT NULL CHECK (char_length(citation) BETWEEN 1 AND 100),
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    request_id uuid NOT NULL,
    PRIMARY KEY (division, month, version)
);
COMMENT ON TABLE registry.fund_month IS 'What a city''s unemployment fund had and spent in a month; a correction is the next version (F12)';
COMMENT ON COLUMN registry.fund_month.division IS 'The city';
COMMENT ON COLUMN registry.fund_month.month IS 'Its first day (Asia/Shanghai)';
COMMENT ON COLUMN registry.fund_month.version IS 'From 1; the highest counts';
COMMENT ON COLUMN registry.fund_month.balance_fen IS 'At the end of the month';
COMMENT ON COLUMN registry.fund_month.unemployment_fen IS 'Spent in the month: 失业保险金';
COMMENT ON COLUMN registry.fund_month.medical_fen IS 'Spent in the month: 医疗保险费';
COMMENT ON COLUMN registry.fund_month.funeral_fen IS 'Spent in the month: 丧葬补助金和抚恤金';
COMMENT ON COLUMN registry.fund_month.training_fen IS 'Spent in the month: 职业培训和职业介绍补贴';
COMMENT ON COLUMN registry.fund_month.other_fen IS 'Spent in the month: 其他';
COMMENT ON COLUMN registry.fund_month.citation IS 'The statement that says so';
COMMENT ON COLUMN registry.fund_month.recorded_by IS 'Operator';
COMMENT ON COLUMN registry.fund_month.recorded_at IS 'When';
COMMENT ON COLUMN registry.fund_month.request_id IS 'By which request';

CALL audit.cover(29::int2, 'employment', 'question_id', 'question_id, organisation_id, person_id, asked_by, asked_at, answer, source, as_of, answered_by, answered_at, request_id, salt, snapshot_id');
CALL audit.cover(35::int2, 'claim_fact', 'claim_id, fact', 'claim_id, fact, asked_at, answer, source, as_of, answered_by, answered_at, request_id, salt, snapshot_id, asked_of');
CALL audit.cover(108::int2, 'snapshot', 'snapshot_id', 'snapshot_id, source, division, as_of, complete, rows, file_digest, issuer, organisation_id, loaded_by, loaded_at, malformed, unknown, closed_by, closed_at, answered_to, request_id');
CALL audit.cover(109::int2, 'snapshot_row', 'snapshot_id, row', 'snapshot_id, row, record_id, from_on, to_on, unit, sha256(sealed), CASE WHEN sealed <> '''' THEN sha256(document_index || name_index || sealed) END');
CALL audit.cover(110::int2, 'fact_effect', 'fact, step, answer', 'fact, step, answer, outcome');
CALL audit.cover(111::int2, 'fund_month', 'division, month, version', 'division, month, version, balance_fen, unemployment_fen, medical_fen, funeral_fen, training_fen, other_fen, citation, recorded_by, recorded_at, request_id');
CALL audit.cover(112::int2, 'fact', 'code', 'code, name, source, asked, days, against, of_employer');
CALL audit.tie_table('snapshot');
CALL audit.tie_table('snapshot_row');
CALL audit.tie_table('fact_effect');
CALL audit.tie_table('fund_month');
CALL audit.tie_table('fact');
