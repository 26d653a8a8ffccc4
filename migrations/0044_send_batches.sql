/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payment by the bank (C5, F13, F14): approved subjects are gathered into batches, a batch is sent as a file, and what the bank answers
 * of each line is kept as it came. Money is not paid twice: a subject has at most one line that waits, is sent, is paid or is not known
 * of, by an index.
 */

/* ---- policies ---- */

INSERT INTO registry.policy_name (name, meaning) VALUES
    ('finance_recheck', '1 where a claim enters a batch only after the finance department''s re-check, 0 where without (C6)'),
    ('account_days', 'Days within which a changed account needs a second look before anything is paid to it (F25)'),
    ('batch_part_lines', 'Lines of one part of a batch''s file at most (F13)'),
    ('batch_lines_most', 'Lines of a batch at most: it is sent in one request (F13)');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'finance_recheck', 0, '1949-10-01', 'default of the registry'),
    ('370000', 'account_days', 7, '1949-10-01', 'default of the registry'),
    ('370000', 'batch_part_lines', 10000, '1949-10-01', 'default of the registry'),
    ('370000', 'batch_lines_most', 100000, '1949-10-01', 'default of the registry');

/* ---- payees ---- */

CREATE TABLE registry.payee (
    payee_id uuid PRIMARY KEY,
    organisation_id uuid REFERENCES registry.organisation,
    person_id uuid,
    version int4 NOT NULL CHECK (version >= 1),
    sealed bytea NOT NULL,
    commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
    account_index bytea NOT NULL CHECK (octet_length(account_index) = 32),
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL DEFAULT now(),
    confirmed_by uuid,
    confirmed_at timestamptz,
    looked_by uuid,
    looked_at timestamptz,
    request_id uuid NOT NULL,
    CONSTRAINT payee_whose CHECK (num_nonnulls(organisation_id, person_id) = 1),
    CONSTRAINT payee_version_once UNIQUE (organisation_id, version),
    CONSTRAINT payee_person_once UNIQUE (person_id, version),
    CONSTRAINT payee_confirmed CHECK (num_nulls(confirmed_by, confirmed_at) IN (0, 2)),
    CONSTRAINT payee_looked CHECK (num_nulls(looked_by, looked_at) IN (0, 2) AND (looked_by IS NULL OR confirmed_by IS NOT NULL)),
    CONSTRAINT payee_four_eyes CHECK (confirmed_by <> set_by AND looked_by NOT IN (set_by, confirmed_by))
);
COMMENT ON TABLE registry.payee IS 'Bank accounts, every version that was stated: the last confirmed one is paid to, or from';
COMMENT ON COLUMN registry.payee.payee_id IS 'Random; the sealed record is bound to it';
COMMENT ON COLUMN registry.payee.organisation_id IS 'Whose account; a bureau''s is the one it pays from; NULL: a person''s';
COMMENT ON COLUMN registry.payee.person_id IS 'Whose account, in the place of the roster''s; NULL: an organisation''s';
COMMENT ON COLUMN registry.payee.version IS 'Counts the accounts that were stated for it';
COMMENT ON COLUMN registry.payee.sealed IS 'Sealed PayeeRecord of proto/record.proto (D1); empty: erased';
COMMENT ON COLUMN registry.payee.commitment IS 'Of that record, as the audit entry has it';
COMMENT ON COLUMN registry.payee.account_index IS 'Keyed index of the account''s number; of an erased record a hash of payee_id';
COMMENT ON COLUMN registry.payee.set_by IS 'Operator: a clerk of the organisation, or of a bureau for a person';
COMMENT ON COLUMN registry.payee.set_at IS 'When';
COMMENT ON COLUMN registry.payee.confirmed_by IS 'Operator of a bureau, another human; NULL: nothing is paid to it';
COMMENT ON COLUMN registry.payee.confirmed_at IS 'When';
COMMENT ON COLUMN registry.payee.looked_by IS 'Operator of a bureau, a third human, who took the second look (F25); NULL: nobody';
COMMENT ON COLUMN registry.payee.looked_at IS 'When';
COMMENT ON COLUMN registry.payee.request_id IS 'By which request it was stated';

ALTER TABLE registry.enrolment ADD COLUMN account_index bytea CHECK (octet_length(account_index) = 32);
COMMENT ON COLUMN registry.enrolment.account_index IS
    'Keyed index of the account''s number in the sealed record; NULL: none is stated, it was enrolled before this was kept, or erased';

/* ---- batches ---- */

CREATE TABLE registry.payment_batch (
    batch_id uuid PRIMARY KEY,
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    organisation_id uuid NOT NULL,
    reference text NOT NULL CONSTRAINT payment_batch_reference UNIQUE,
    purpose text NOT NULL CHECK (char_length(purpose) BETWEEN 1 AND 60),
    state int2 NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 2),
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    sent_by uuid,
    sent_at timestamptz,
    payer_id uuid,
    lines int4,
    amount_fen int8,
    part_lines int4 CHECK (part_lines >= 1),
    request_id uuid NOT NULL,
    CONSTRAINT payment_batch_sent CHECK ((state = 2) = (num_nonnulls(sent_by, sent_at, payer_id, lines, amount_fen, part_lines) = 6)
                                         AND num_nonnulls(sent_by, sent_at, payer_id, lines, amount_fen, part_lines) IN (0, 6)),
    CONSTRAINT payment_batch_totals CHECK (lines >= 1 AND amount_fen >= lines),
    CONSTRAINT payment_batch_two CHECK (sent_by <> made_by)
);
CREATE INDEX payment_batch_division ON registry.payment_batch (division, batch_id);
COMMENT ON TABLE registry.payment_batch IS 'Batches of payments; one is one file, in parts (F13)';
COMMENT ON COLUMN registry.payment_batch.batch_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.payment_batch.division IS 'GB/T 2260: whose special account pays';
COMMENT ON COLUMN registry.payment_batch.organisation_id IS 'The bureau that pays';
COMMENT ON COLUMN registry.payment_batch.reference IS 'What the bank knows it by: division, day and number of the day';
COMMENT ON COLUMN registry.payment_batch.purpose IS 'As the file says it';
COMMENT ON COLUMN registry.payment_batch.state IS 'enum BatchState of proto/batch.proto: 1 lines enter and leave, 2 sent';
COMMENT ON COLUMN registry.payment_batch.made_by IS 'Operator';
COMMENT ON COLUMN registry.payment_batch.made_at IS 'When';
COMMENT ON COLUMN registry.payment_batch.sent_by IS 'Operator, another human (C1)';
COMMENT ON COLUMN registry.payment_batch.sent_at IS 'When';
COMMENT ON COLUMN registry.payment_batch.payer_id IS 'The row of registry.payee that it is paid from';
COMMENT ON COLUMN registry.payment_batch.lines IS 'How many, when it was sent';
COMMENT ON COLUMN registry.payment_batch.amount_fen IS 'Their sum';
COMMENT ON COLUMN registry.payment_batch.part_lines IS 'Lines of a part of the file; the last has the rest';
COMMENT ON COLUMN registry.payment_batch.request_id IS 'By which request it was made';

CREATE TABLE registry.batch_line (
    batch_id uuid NOT NULL REFERENCES registry.payment_batch,
    subject_kind int2 NOT NULL CHECK (subject_kind BETWEEN 1 AND 2),
    subject_id uuid NOT NULL,
    line int4 CHECK (line >= 1),
    amount_fen int8 NOT NULL CHECK (amount_fen > 0),
    payee_id uuid REFERENCES registry.payee,
    class_number int8,
    enrolment_id uuid,
    person_id uuid,
    account_index bytea NOT NULL CHECK (octet_length(account_index) = 32),
    state int2 NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 6),
    bank_reference text CHECK (char_length(bank_reference) BETWEEN 1 AND 60),
    traded_on date,
    reason_code text CHECK (char_length(reason_code) BETWEEN 1 AND 20),
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    request_id uuid NOT NULL,
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (batch_id, subject_kind, subject_id),
    CONSTRAINT batch_line_number UNIQUE (batch_id, line),
    CONSTRAINT batch_line_payee CHECK (num_nonnulls(payee_id, enrolment_id) = 1 AND num_nonnulls(class_number, enrolment_id) <> 1),
    CONSTRAINT batch_line_sent CHECK ((state = 1) = (line IS NULL)),
    CONSTRAINT batch_line_answered CHECK (state <> 3 OR bank_reference IS NOT NULL)
) WITH (fillfactor = 80);
/* money that waits, is sent, is paid or is not known of, is not sent again */
CREATE UNIQUE INDEX batch_line_once ON registry.batch_line (subject_id, subject_kind) WHERE state IN (1, 2, 3, 5);
CREATE INDEX batch_line_account ON registry.batch_line (account_index) WHERE person_id IS NOT NULL;
/* what waits for an account leaves its batch when another takes its place */
CREATE INDEX batch_line_waits_person ON registry.batch_line (person_id) WHERE state = 1;
CREATE INDEX batch_line_waits_payee ON registry.batch_line (payee_id) WHERE state = 1;
/* who entered a refusal or a return has no part in paying again */
CREATE INDEX batch_line_again ON registry.batch_line (subject_id) WHERE state IN (4, 6);
CREATE INDEX batch_line_unknown ON registry.batch_line (batch_id) WHERE state = 5;
COMMENT ON TABLE registry.batch_line IS 'Lines of batches: what is paid to whom, and what the bank said of it (F14)';
COMMENT ON COLUMN registry.batch_line.batch_id IS 'The batch';
COMMENT ON COLUMN registry.batch_line.subject_kind IS 'enum MoneySubject of proto/fund.proto: 1 claim, 2 tranche';
COMMENT ON COLUMN registry.batch_line.subject_id IS 'The claim or tranche';
COMMENT ON COLUMN registry.batch_line.line IS 'Its number in the file; NULL: not sent yet';
COMMENT ON COLUMN registry.batch_line.amount_fen IS 'What is paid';
COMMENT ON COLUMN registry.batch_line.payee_id IS 'The account that is paid to; NULL: the roster''s';
COMMENT ON COLUMN registry.batch_line.class_number IS 'Of that enrolment';
COMMENT ON COLUMN registry.batch_line.enrolment_id IS 'The enrolment whose sealed record has the person''s account; NULL: payee_id has it';
COMMENT ON COLUMN registry.batch_line.person_id IS 'The person who is paid; NULL: an organisation is';
COMMENT ON COLUMN registry.batch_line.account_index IS 'Keyed index of that account''s number';
COMMENT ON COLUMN registry.batch_line.state IS 'enum BatchLineState of proto/batch.proto (F14)';
COMMENT ON COLUMN registry.batch_line.bank_reference IS 'The bank''s, of its last answer';
COMMENT ON COLUMN registry.batch_line.traded_on IS 'The bank''s day (Asia/Shanghai) of its last answer';
COMMENT ON COLUMN registry.batch_line.reason_code IS 'The bank''s, of its last answer';
COMMENT ON COLUMN registry.batch_line.reason IS 'The bank''s words, long numbers struck out';
COMMENT ON COLUMN registry.batch_line.request_id IS 'By which request it entered the batch';
COMMENT ON COLUMN registry.batch_line.salt IS 'Random, so that the log''s digest of the row tells nothing';

CREATE TABLE registry.batch_answer (
    batch_id uuid NOT NULL,
    line int4 NOT NULL,
    answer int4 NOT NULL CHECK (answer >= 1),
    result int2 NOT NULL CHECK (result BETWEEN 3 AND 6),
    bank_reference text,
    traded_on date,
    reason_code text,
    reason text,
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now(),
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (batch_id, line, answer),
    FOREIGN KEY (batch_id, line) REFERENCES registry.batch_line (batch_id, line)
);
CREATE INDEX batch_answer_reference ON registry.batch_answer (batch_id, bank_reference) WHERE bank_reference IS NOT NULL;
COMMENT ON TABLE registry.batch_answer IS 'What the bank answered, each answer once; written once';
COMMENT ON COLUMN registry.batch_answer.batch_id IS 'The batch';
COMMENT ON COLUMN registry.batch_answer.line IS 'The line''s number in the file';
COMMENT ON COLUMN registry.batch_answer.answer IS 'Counts the answers of the line';
COMMENT ON COLUMN registry.batch_answer.result IS 'enum BatchLineState from then on';
COMMENT ON COLUMN registry.batch_answer.bank_reference IS 'The bank''s';
COMMENT ON COLUMN registry.batch_answer.traded_on IS 'The bank''s day (Asia/Shanghai)';
COMMENT ON COLUMN registry.batch_answer.reason_code IS 'The bank''s';
COMMENT ON COLUMN registry.batch_answer.reason IS 'The bank''s words, long numbers struck out';
COMMENT ON COLUMN registry.batch_answer.operator_id IS 'Who read the answer in';
COMMENT ON COLUMN registry.batch_answer.request_id IS 'By which request';
COMMENT ON COLUMN registry.batch_answer.answered_at IS 'When';
COMMENT ON COLUMN registry.batch_answer.salt IS 'Random, so that the log''s digest of the row tells nothing';
CREATE TRIGGER batch_answer_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.batch_answer
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TABLE registry.batch_dispute (
    batch_id uuid NOT NULL,
    line int4 NOT NULL,
    dispute int4 NOT NULL CHECK (dispute >= 1),
    why int2 NOT NULL CHECK (why IN (262, 263, 336)),
    result int2 NOT NULL CHECK (result BETWEEN 3 AND 6),
    bank_reference text,
    traded_on date,
    reason_code text,
    reason text,
    amount_fen int8,
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now(),
    settled_by uuid,
    settled_at timestamptz,
    note text CHECK (char_length(note) BETWEEN 1 AND 200),
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (batch_id, line, dispute),
    FOREIGN KEY (batch_id, line) REFERENCES registry.batch_line (batch_id, line),
    CONSTRAINT batch_dispute_settled CHECK (num_nulls(settled_by, settled_at, note) IN (0, 3)),
    CONSTRAINT batch_dispute_two CHECK (settled_by <> operator_id)
);
CREATE INDEX batch_dispute_open ON registry.batch_dispute (batch_id, line) WHERE settled_by IS NULL;
COMMENT ON TABLE registry.batch_dispute IS
    'What the bank answered that contradicts what it said before, or what is known of the payment: it changed nothing, and people settle it (F14)';
COMMENT ON COLUMN registry.batch_dispute.batch_id IS 'The batch';
COMMENT ON COLUMN registry.batch_dispute.line IS 'The line''s number in the file';
COMMENT ON COLUMN registry.batch_dispute.dispute IS 'Counts those of the line';
COMMENT ON COLUMN registry.batch_dispute.why IS 'enum Outcome: 262 it had answered otherwise, 263 another amount, 336 what it returns has been recovered';
COMMENT ON COLUMN registry.batch_dispute.result IS 'enum BatchLineState that the bank named';
COMMENT ON COLUMN registry.batch_dispute.bank_reference IS 'The bank''s';
COMMENT ON COLUMN registry.batch_dispute.traded_on IS 'The bank''s day (Asia/Shanghai)';
COMMENT ON COLUMN registry.batch_dispute.reason_code IS 'The bank''s';
COMMENT ON COLUMN registry.batch_dispute.reason IS 'The bank''s words, long numbers struck out';
COMMENT ON COLUMN registry.batch_dispute.amount_fen IS 'The bank''s; NULL: it said none';
COMMENT ON COLUMN registry.batch_dispute.operator_id IS 'Who read the answer in';
COMMENT ON COLUMN registry.batch_dispute.request_id IS 'By which request';
COMMENT ON COLUMN registry.batch_dispute.answered_at IS 'When';
COMMENT ON COLUMN registry.batch_dispute.settled_by IS 'Operator: an approver, another human; NULL: it waits for people';
COMMENT ON COLUMN registry.batch_dispute.settled_at IS 'When';
COMMENT ON COLUMN registry.batch_dispute.note IS 'What came of it';
COMMENT ON COLUMN registry.batch_dispute.salt IS 'Random, so that the log''s digest of the row tells nothing';

/* ---- claims on their way to the bank (C5) ---- */

ALTER TABLE registry.claim
    DROP CONSTRAINT claim_state_check,
    DROP CONSTRAINT claim_publicised,
    DROP CONSTRAINT claim_approved,
    ADD CONSTRAINT claim_state_check CHECK (state BETWEEN 1 AND 13),
    ADD CONSTRAINT claim_publicised CHECK (state NOT IN (5, 6, 7, 12, 13) OR num_nonnulls(publicity_days, publicity_until) = 2), /* C2 */
    ADD CONSTRAINT claim_approved CHECK (state NOT IN (6, 7, 11, 12, 13) OR num_nonnulls(reviewed_by, approved_by) = 2);
ALTER TABLE registry.claim_step DROP CONSTRAINT claim_step_action_check;
ALTER TABLE registry.claim_step ADD CONSTRAINT claim_step_action_check CHECK (action BETWEEN 1 AND 20);

CALL audit.cover(12::int2, 'enrolment', 'class_number, person_id', 'class_number, person_id, enrolment_id, seat, trainee_group, document_type, enrolled_at, request_id, commitment, warnings, removed_reason, result, sha256(sealed), sha256(account_index || sealed)');
CALL audit.cover(95::int2, 'payee', 'payee_id', 'payee_id, organisation_id, person_id, version, commitment, set_by, set_at, confirmed_by, confirmed_at, looked_by, looked_at, request_id, sha256(sealed), sha256(account_index || sealed)');
CALL audit.cover(96::int2, 'payment_batch', 'batch_id', 'batch_id, division, organisation_id, reference, purpose, state, made_by, made_at, sent_by, sent_at, payer_id, lines, amount_fen, part_lines, request_id');
CALL audit.cover(97::int2, 'batch_line', 'batch_id, subject_kind, subject_id', 'batch_id, subject_kind, subject_id, line, amount_fen, payee_id, class_number, enrolment_id, person_id, state, bank_reference, traded_on, reason_code, reason, request_id, salt, sha256(account_index || uuid_send(salt))');
CALL audit.cover(98::int2, 'batch_answer', 'batch_id, line, answer', 'batch_id, line, answer, result, bank_reference, traded_on, reason_code, reason, operator_id, request_id, answered_at, salt');
CALL audit.cover(114::int2, 'batch_dispute', 'batch_id, line, dispute', 'batch_id, line, dispute, why, result, bank_reference, traded_on, reason_code, reason, amount_fen, operator_id, request_id, answered_at, settled_by, settled_at, note, salt');
CALL audit.tie_table('payee');
CALL audit.tie_table('payment_batch');
CALL audit.tie_table('batch_line');
CALL audit.tie_table('batch_answer');
CALL audit.tie_table('batch_dispute');
