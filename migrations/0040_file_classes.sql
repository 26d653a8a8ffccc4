/* SPDX-License-Identifier: Apache-2.0 */
/* A class is filed by its institution and approved by the bureau of its place before it starts (G0); what was checked then, and the
   standards that will pay, are kept with it (G10, B9). */

/* ---- numbers that cities may set ---- */

INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'class_approval', 1, '1949-10-01', 'default'),
    ('370000', 'class_file_days', 5, '1949-10-01', 'default'),
    ('370000', 'class_file_ahead', 7, '1949-10-01', 'default'),
    ('370000', 'day_hours', 8, '1949-10-01', 'default'),
    ('370000', 'class_hours_least', 40, '1949-10-01', 'default');

/* ---- classes ---- */

ALTER TABLE registry.class ADD COLUMN mode int2 NOT NULL DEFAULT 1 CHECK (mode BETWEEN 1 AND 3);
ALTER TABLE registry.class ADD COLUMN filing int2 CHECK (filing BETWEEN 1 AND 3);
ALTER TABLE registry.class ADD COLUMN approved_on date;
ALTER TABLE registry.class_version ADD COLUMN filing int2;
COMMENT ON COLUMN registry.class.mode IS 'enum TrainingMode of proto/class.proto: 1 offline, 2 online, 3 both';
COMMENT ON COLUMN registry.class.filing IS 'enum ClassFiling of proto/class.proto: 1 filed, 2 approved, 3 returned; NULL: never filed (G0)';
COMMENT ON COLUMN registry.class.approved_on IS
    'Asia/Shanghai day of the approval that stands (G0); of a class that was open or started when approval was brought in, the day of its opening';
COMMENT ON COLUMN registry.class.version IS 'Counts the amendments, filings, their decisions and changes of state; who changes it says which one was seen';
COMMENT ON COLUMN registry.class_version.reason IS 'Why it was cancelled or returned; NULL: another change';
COMMENT ON COLUMN registry.class_version.filing IS 'enum ClassFiling from then on; NULL: never filed';

/* What was open or under way when approval was brought in counts as approved on the day of its opening. */
UPDATE registry.class
   SET filing = 2, approved_on = (opened_at AT TIME ZONE 'Asia/Shanghai')::date, version = version + 1
 WHERE state IN (1, 2);
INSERT INTO registry.class_version (class_number, version, title, starts_on, ends_on, capacity, state, filing, operator_id, request_id)
SELECT class_number, version, title, starts_on, ends_on, capacity, state, filing, '00000000-0000-0000-0000-000000000000',
       '00000000-0000-0000-0000-000000000000'
  FROM registry.class WHERE filing = 2;
ALTER TABLE registry.class ADD CONSTRAINT class_approved CHECK ((filing IS NOT DISTINCT FROM 2) = (approved_on IS NOT NULL));

/* ---- filings ---- */

CREATE TABLE registry.class_filing (
    class_number int8 NOT NULL REFERENCES registry.class,
    filing int4 NOT NULL CHECK (filing >= 1),
    filed_at timestamptz NOT NULL DEFAULT now(),
    filed_by uuid NOT NULL,
    request_id uuid NOT NULL,
    due_on date NOT NULL,
    answered_due date NOT NULL,
    materials text NOT NULL CHECK (char_length(materials) BETWEEN 1 AND 500),
    assessment_plan text NOT NULL CHECK (char_length(assessment_plan) BETWEEN 1 AND 500),
    trainees int4 NOT NULL CHECK (trainees >= 1),
    hours int4 NOT NULL CHECK (hours >= 1),
    days int4 NOT NULL CHECK (days >= 1),
    practice_hours int4 NOT NULL CHECK (practice_hours BETWEEN 0 AND hours),
    hours_least int4 NOT NULL CHECK (hours_least >= 0),
    practice_percent int4 NOT NULL CHECK (practice_percent BETWEEN 0 AND 100),
    catalogue_id uuid NOT NULL,
    catalogue_row int4 NOT NULL,
    institution_catalogue_id uuid NOT NULL,
    institution_catalogue_row int4 NOT NULL,
    demand_grade int2 CHECK (demand_grade BETWEEN 1 AND 3),
    decision int2 CHECK (decision BETWEEN 2 AND 3),
    decided_at timestamptz,
    decided_by uuid,
    decided_request uuid,
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawn_request uuid,
    withdrawn_reason text CHECK (char_length(withdrawn_reason) BETWEEN 1 AND 200),
    PRIMARY KEY (class_number, filing),
    CONSTRAINT class_filing_decided_whole CHECK (num_nulls(decision, decided_at, decided_by, decided_request) IN (0, 4)),
    CONSTRAINT class_filing_returned CHECK (decision <> 3 OR reason IS NOT NULL),
    CONSTRAINT class_filing_withdrawn_whole CHECK (
        num_nulls(withdrawn_at, withdrawn_by, withdrawn_request, withdrawn_reason) IN (0, 4)
        AND (withdrawn_at IS NULL OR decision IS DISTINCT FROM 3)),
    CONSTRAINT class_filing_two_people CHECK (decided_by <> filed_by AND (decision IS NULL OR withdrawn_by <> filed_by))
);
/* what waits: one filing of a class at a time */
CREATE UNIQUE INDEX class_filing_waiting ON registry.class_filing (class_number) WHERE decision IS NULL AND withdrawn_at IS NULL;
CREATE INDEX class_filing_due ON registry.class_filing (due_on, class_number) WHERE decision IS NULL AND withdrawn_at IS NULL;
COMMENT ON TABLE registry.class_filing IS 'Filings of classes (G0), with what was checked when they were filed, and again when they were decided (G10, G11)';
COMMENT ON COLUMN registry.class_filing.class_number IS 'The class';
COMMENT ON COLUMN registry.class_filing.filing IS 'Running number in the class';
COMMENT ON COLUMN registry.class_filing.filed_at IS 'When';
COMMENT ON COLUMN registry.class_filing.filed_by IS 'Operator of the institution';
COMMENT ON COLUMN registry.class_filing.request_id IS 'By which request';
COMMENT ON COLUMN registry.class_filing.due_on IS 'Day by which it is to be decided (policy class_file_days)';
COMMENT ON COLUMN registry.class_filing.answered_due IS 'That day as the filing was answered, whatever the calendar has moved since: the same request again gets it, too';
COMMENT ON COLUMN registry.class_filing.materials IS 'Teaching materials, as stated';
COMMENT ON COLUMN registry.class_filing.assessment_plan IS 'How the trainees will be assessed, as stated';
COMMENT ON COLUMN registry.class_filing.trainees IS 'Enrolled when it was filed; of an approved one, when it was approved';
COMMENT ON COLUMN registry.class_filing.hours IS 'Class hours of the plan then';
COMMENT ON COLUMN registry.class_filing.days IS 'Days that had a lesson of the plan then';
COMMENT ON COLUMN registry.class_filing.practice_hours IS 'Of these, of practice';
COMMENT ON COLUMN registry.class_filing.hours_least IS 'Class hours that the class must have: the catalogue''s, else the policy class_hours_least';
COMMENT ON COLUMN registry.class_filing.practice_percent IS 'Share of practice that it must have: the catalogue''s; 0: none is asked for';
COMMENT ON COLUMN registry.class_filing.catalogue_id IS 'The catalogue of plans 1 or 2 that has the occupation and level (G10)';
COMMENT ON COLUMN registry.class_filing.catalogue_row IS 'Its row';
COMMENT ON COLUMN registry.class_filing.institution_catalogue_id IS 'The institutions'' catalogue that has the institution from the first day to the last (G10)';
COMMENT ON COLUMN registry.class_filing.institution_catalogue_row IS 'Its row';
COMMENT ON COLUMN registry.class_filing.demand_grade IS 'Of that catalogue''s row; NULL: it has none';
COMMENT ON COLUMN registry.class_filing.decision IS 'enum ClassFiling: 2 approved, 3 returned; NULL: none yet';
COMMENT ON COLUMN registry.class_filing.decided_at IS 'When';
COMMENT ON COLUMN registry.class_filing.decided_by IS 'Operator of the bureau, not who filed';
COMMENT ON COLUMN registry.class_filing.decided_request IS 'By which request';
COMMENT ON COLUMN registry.class_filing.reason IS 'Why it was returned';
COMMENT ON COLUMN registry.class_filing.withdrawn_at IS 'When the bureau took its approval back before the start, or the class was cancelled while it waited; NULL: neither';
COMMENT ON COLUMN registry.class_filing.withdrawn_by IS 'Operator of the bureau, or of the institution';
COMMENT ON COLUMN registry.class_filing.withdrawn_request IS 'By which request';
COMMENT ON COLUMN registry.class_filing.withdrawn_reason IS 'Why';

CREATE TABLE registry.class_standard (
    class_number int8 NOT NULL REFERENCES registry.class,
    standard_id uuid NOT NULL REFERENCES registry.standard,
    PRIMARY KEY (class_number, standard_id)
);
COMMENT ON TABLE registry.class_standard IS 'The standards that will pay for a class, as they were in force on the day of its approval (B9, G10)';
COMMENT ON COLUMN registry.class_standard.class_number IS 'The class';
COMMENT ON COLUMN registry.class_standard.standard_id IS 'The standard';

/* A change of the calendar moves the days by which filed classes are to be decided, too. */
ALTER TABLE registry.calendar_move DROP CONSTRAINT calendar_move_what_check;
ALTER TABLE registry.calendar_move ADD CONSTRAINT calendar_move_what_check CHECK (what BETWEEN 1 AND 3);
COMMENT ON COLUMN registry.calendar_move.what IS
    'enum MovedDay of proto/wire.proto: 1 the end of publicity, 2 a day by which a step is due, 3 a day by which a filed class is to be decided';
COMMENT ON COLUMN registry.calendar_move.claims IS 'Of how many claims, or classes';
COMMENT ON COLUMN registry.calendar_move.claim_ids IS 'The first of the claims';

CALL audit.cover(7::int2, 'class', 'class_number', 'class_number, organisation_id, title, occupation_code, level, training_kind, starts_on, ends_on, capacity, enrolled, state, opened_at, version, seats, lessons, hours, mode, filing, approved_on');
CALL audit.cover(8::int2, 'class_version', 'class_number, version', 'class_number, version, title, starts_on, ends_on, capacity, state, reason, operator_id, request_id, changed_at, filing');
CALL audit.cover(80::int2, 'class_filing', 'class_number, filing', 'class_number, filing, filed_at, filed_by, request_id, due_on, answered_due, materials, assessment_plan, trainees, hours, days, practice_hours, hours_least, practice_percent, catalogue_id, catalogue_row, institution_catalogue_id, institution_catalogue_row, demand_grade, decision, decided_at, decided_by, decided_request, reason, withdrawn_at, withdrawn_by, withdrawn_request, withdrawn_reason');
CALL audit.cover(81::int2, 'class_standard', 'class_number, standard_id', 'class_number, standard_id');
CALL audit.tie_table('class_filing');
CALL audit.tie_table('class_standard');
