/* SPDX-License-Identifier: Apache-2.0 */
/* Classes from their plan to their completion: lessons, attendance, marks, results. */

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA registry; /* an equal teacher and overlapping times in one constraint */

/* ---- numbers that cities may set ---- */

ALTER TABLE registry.policy DROP CONSTRAINT policy_name_check;
ALTER TABLE registry.policy ADD CONSTRAINT policy_name_check
    CHECK (name IN ('minimum_age', 'late_days', 'attendance_percent', 'pass_mark'));
COMMENT ON COLUMN registry.policy.name IS
    'minimum_age: full years on the first day of the class (A1); late_days: days after the first day on which trainees may still be added; '
    'attendance_percent: of the planned hours, for completion; pass_mark: theory and practice, for completion';
COMMENT ON COLUMN registry.policy.value IS 'In the unit of the name: years, days, percent, marks of 100';
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'late_days', 3, '1949-10-01', 'default'),
    ('370000', 'attendance_percent', 80, '1949-10-01', 'default'),
    ('370000', 'pass_mark', 60, '1949-10-01', 'default');

/* ---- classes ---- */

ALTER TABLE registry.class ADD COLUMN version int4 NOT NULL DEFAULT 1 CHECK (version >= 1);
ALTER TABLE registry.class ADD COLUMN seats int4 NOT NULL DEFAULT 0 CHECK (seats >= enrolled);
ALTER TABLE registry.class ADD COLUMN lessons int4 NOT NULL DEFAULT 0;
ALTER TABLE registry.class ADD COLUMN hours int4 NOT NULL DEFAULT 0 CHECK (hours >= 0);
ALTER TABLE registry.class DROP CONSTRAINT class_state_check;
ALTER TABLE registry.class ADD CONSTRAINT class_state_check CHECK (state BETWEEN 1 AND 4);
UPDATE registry.class SET seats = enrolled;
COMMENT ON COLUMN registry.class.enrolled IS 'Trainees, without those removed';
COMMENT ON COLUMN registry.class.state IS 'enum ClassState of proto/class.proto: 1 open, 2 started, 3 completed, 4 cancelled';
COMMENT ON COLUMN registry.class.version IS 'Counts the amendments and changes of state; who amends says which one was seen';
COMMENT ON COLUMN registry.class.seats IS 'The last seat given; a seat is never given twice';
COMMENT ON COLUMN registry.class.lessons IS 'The last lesson number given';
COMMENT ON COLUMN registry.class.hours IS 'Of all planned lessons';

CREATE TABLE registry.class_version (
    class_number int8 NOT NULL,
    version int4 NOT NULL,
    title text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    capacity int4 NOT NULL,
    state int2 NOT NULL,
    reason text,
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (class_number, version)
);
COMMENT ON TABLE registry.class_version IS 'What a class was after each change; written once';
COMMENT ON COLUMN registry.class_version.class_number IS 'The class';
COMMENT ON COLUMN registry.class_version.version IS 'registry.class.version after the change; 1 is the opening';
COMMENT ON COLUMN registry.class_version.title IS 'From then on';
COMMENT ON COLUMN registry.class_version.starts_on IS 'First day from then on';
COMMENT ON COLUMN registry.class_version.ends_on IS 'Last day from then on';
COMMENT ON COLUMN registry.class_version.capacity IS 'Trainees at most from then on';
COMMENT ON COLUMN registry.class_version.state IS 'enum ClassState from then on';
COMMENT ON COLUMN registry.class_version.reason IS 'Why it was cancelled; NULL: another change';
COMMENT ON COLUMN registry.class_version.operator_id IS 'Who changed it; all zeros: before this was kept';
COMMENT ON COLUMN registry.class_version.request_id IS 'By which request';
COMMENT ON COLUMN registry.class_version.changed_at IS 'When';
INSERT INTO registry.class_version (class_number, version, title, starts_on, ends_on, capacity, state, operator_id,
                                    request_id, changed_at)
SELECT class_number, 1, title, starts_on, ends_on, capacity, state, '00000000-0000-0000-0000-000000000000',
       '00000000-0000-0000-0000-000000000000', opened_at
  FROM registry.class;
CREATE TRIGGER class_version_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.class_version
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

/* ---- enrolments that end, and how ---- */

ALTER TABLE registry.enrolment ADD COLUMN removed_reason text CHECK (removed_reason <> '');
ALTER TABLE registry.enrolment ADD COLUMN result int2 CHECK (result BETWEEN 1 AND 3);
COMMENT ON COLUMN registry.enrolment.removed_reason IS 'Why the trainee was removed from the class; NULL: takes part';
COMMENT ON COLUMN registry.enrolment.result IS 'enum TrainingResult of proto/training.proto; NULL: the class is not completed';

CREATE INDEX enrolment_person ON registry.enrolment (person_id); /* a person's classes */

/* ---- lessons ---- */

CREATE TABLE registry.lesson (
    class_number int8 NOT NULL,
    lesson int4 NOT NULL CHECK (lesson >= 1),
    held_on date NOT NULL,
    held tsrange NOT NULL CHECK (lower_inc(held) AND NOT upper_inc(held) AND NOT isempty(held)),
    hours int4 NOT NULL CHECK (hours BETWEEN 1 AND 16),
    place text NOT NULL CHECK (char_length(place) BETWEEN 1 AND 100),
    content text CHECK (char_length(content) BETWEEN 1 AND 100),
    lesson_id uuid NOT NULL,
    teacher_index bytea NOT NULL CHECK (octet_length(teacher_index) = 32),
    teacher_sealed bytea NOT NULL,
    teacher_commitment bytea NOT NULL CHECK (octet_length(teacher_commitment) = 32),
    request_id uuid NOT NULL,
    PRIMARY KEY (class_number, lesson),
    CONSTRAINT lesson_teacher_once EXCLUDE USING gist (teacher_index WITH =, held WITH &&)
);
COMMENT ON TABLE registry.lesson IS 'The plan of a class: who teaches what, when and where';
COMMENT ON COLUMN registry.lesson.class_number IS 'The class';
COMMENT ON COLUMN registry.lesson.lesson IS 'Running number in the class, never given twice';
COMMENT ON COLUMN registry.lesson.held_on IS 'Asia/Shanghai day';
COMMENT ON COLUMN registry.lesson.held IS 'From when to when, Asia/Shanghai; a teacher is in one place at a time';
COMMENT ON COLUMN registry.lesson.hours IS 'Class hours (课时) that it counts';
COMMENT ON COLUMN registry.lesson.place IS 'Where';
COMMENT ON COLUMN registry.lesson.content IS 'What; NULL: not stated';
COMMENT ON COLUMN registry.lesson.lesson_id IS 'Random; the sealed record is bound to it';
COMMENT ON COLUMN registry.lesson.teacher_index IS 'Keyed index of the teacher''s document, as registry.document has it';
COMMENT ON COLUMN registry.lesson.teacher_sealed IS 'Sealed PersonRecord of proto/record.proto (D1)';
COMMENT ON COLUMN registry.lesson.teacher_commitment IS 'Of that record, as the audit entry has it';
COMMENT ON COLUMN registry.lesson.request_id IS 'By which request';

/* ---- attendance and marks ---- */

CREATE TABLE registry.attendance (
    class_number int8 NOT NULL,
    person_id uuid NOT NULL,
    lesson int4 NOT NULL,
    state int2 NOT NULL CHECK (state BETWEEN 1 AND 5),
    PRIMARY KEY (class_number, person_id, lesson)
);
COMMENT ON TABLE registry.attendance IS 'Who was at which lesson; what is not here is not known and counts nothing';
COMMENT ON COLUMN registry.attendance.class_number IS 'The class';
COMMENT ON COLUMN registry.attendance.person_id IS 'The trainee';
COMMENT ON COLUMN registry.attendance.lesson IS 'The lesson';
COMMENT ON COLUMN registry.attendance.state IS 'enum AttendanceState of proto/training.proto';

CREATE TABLE registry.mark (
    class_number int8 NOT NULL,
    person_id uuid NOT NULL,
    theory int2 CHECK (theory BETWEEN 0 AND 1000),
    practice int2 CHECK (practice BETWEEN 0 AND 1000),
    PRIMARY KEY (class_number, person_id)
);
COMMENT ON TABLE registry.mark IS 'Marks of a trainee in a class';
COMMENT ON COLUMN registry.mark.class_number IS 'The class';
COMMENT ON COLUMN registry.mark.person_id IS 'The trainee';
COMMENT ON COLUMN registry.mark.theory IS 'Tenths of a mark, 0 to 1000; NULL: none yet';
COMMENT ON COLUMN registry.mark.practice IS 'Tenths of a mark, 0 to 1000; NULL: none yet';
