/* SPDX-License-Identifier: Apache-2.0 */
/* Persons whose records change, and who looked at them. */

/* ---- persons ---- */

ALTER TABLE registry.person ADD COLUMN record_id uuid;
ALTER TABLE registry.person ADD COLUMN version int4 NOT NULL DEFAULT 1 CHECK (version >= 1);
ALTER TABLE registry.person ADD COLUMN search_key int8;
CREATE INDEX person_search ON registry.person (search_key);
COMMENT ON COLUMN registry.person.record_id IS 'What the sealed record is bound to; NULL: person_id';
COMMENT ON COLUMN registry.person.version IS 'Counts the amendments; who amends says which one was seen';
COMMENT ON COLUMN registry.person.search_key IS 'Of the keyed index of name and birth date, the first 8 bytes; NULL: no birth date known';

ALTER TABLE registry.document ADD COLUMN name_index bytea CHECK (octet_length(name_index) = 32);
COMMENT ON COLUMN registry.document.name_index IS 'Of the name as this document has it; NULL: the person''s (A6)';

CREATE TABLE registry.person_version (
    person_id uuid NOT NULL,
    version int4 NOT NULL,
    record_id uuid NOT NULL,
    sealed bytea NOT NULL,
    commitment bytea NOT NULL,
    name_index bytea NOT NULL,
    kind int2 NOT NULL CHECK (kind BETWEEN 1 AND 6),
    case_reference text NOT NULL,
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, version)
);
COMMENT ON TABLE registry.person_version IS 'What a person''s record was before each change';
COMMENT ON COLUMN registry.person_version.person_id IS 'The person';
COMMENT ON COLUMN registry.person_version.version IS 'registry.person.version before the change';
COMMENT ON COLUMN registry.person_version.record_id IS 'What the sealed record is bound to';
COMMENT ON COLUMN registry.person_version.sealed IS 'The sealed PersonRecord as it was (D1)';
COMMENT ON COLUMN registry.person_version.commitment IS 'Of that record';
COMMENT ON COLUMN registry.person_version.name_index IS 'Keyed index of the name as it was';
COMMENT ON COLUMN registry.person_version.kind IS 'enum AmendKind of proto/person.proto: the change that ended it';
COMMENT ON COLUMN registry.person_version.case_reference IS 'The file that decided the change';
COMMENT ON COLUMN registry.person_version.operator_id IS 'Who changed it';
COMMENT ON COLUMN registry.person_version.request_id IS 'By which request';
COMMENT ON COLUMN registry.person_version.changed_at IS 'When';

CREATE TABLE registry.person_document (
    person_id uuid NOT NULL,
    document_index bytea NOT NULL CHECK (octet_length(document_index) = 32),
    document_type int2 NOT NULL CHECK (document_type BETWEEN 1 AND 4),
    record_id uuid NOT NULL,
    sealed bytea NOT NULL,
    commitment bytea NOT NULL,
    state int2 NOT NULL CHECK (state BETWEEN 1 AND 3),
    request_id uuid NOT NULL,
    PRIMARY KEY (person_id, document_index)
);
COMMENT ON TABLE registry.person_document IS 'Documents of persons who have or had several; of others the person''s record says it';
COMMENT ON COLUMN registry.person_document.person_id IS 'The holder';
COMMENT ON COLUMN registry.person_document.document_index IS 'As registry.document has it; a withdrawn number is not there any more';
COMMENT ON COLUMN registry.person_document.document_type IS 'enum document_type of proto/rules/document.h';
COMMENT ON COLUMN registry.person_document.record_id IS 'What the sealed record is bound to';
COMMENT ON COLUMN registry.person_document.sealed IS 'Sealed PersonRecord, as this document states the person (D1)';
COMMENT ON COLUMN registry.person_document.commitment IS 'Of that record';
COMMENT ON COLUMN registry.person_document.state IS 'enum DocumentState of proto/person.proto';
COMMENT ON COLUMN registry.person_document.request_id IS 'The request that changed it last';

CREATE TABLE registry.person_merge (
    gone uuid PRIMARY KEY,
    kept uuid NOT NULL CHECK (kept <> gone),
    case_reference text NOT NULL,
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    merged_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX person_merge_kept ON registry.person_merge (kept);
COMMENT ON TABLE registry.person_merge IS 'Records that turned out to be one person; the rows of the gone one stay';
COMMENT ON COLUMN registry.person_merge.gone IS 'The record that nothing new refers to';
COMMENT ON COLUMN registry.person_merge.kept IS 'The one that stands for the person; never itself gone';
COMMENT ON COLUMN registry.person_merge.case_reference IS 'The file that decided it';
COMMENT ON COLUMN registry.person_merge.operator_id IS 'Who merged';
COMMENT ON COLUMN registry.person_merge.request_id IS 'By which request';
COMMENT ON COLUMN registry.person_merge.merged_at IS 'When';

CREATE TABLE registry.name_conflict (
    conflict_id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    name_index bytea NOT NULL CHECK (octet_length(name_index) = 32),
    search_key int8,
    sealed bytea NOT NULL,
    commitment bytea NOT NULL,
    class_number int8 NOT NULL,
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    reported_at timestamptz NOT NULL DEFAULT now(),
    decision int2 CHECK (decision BETWEEN 1 AND 2),
    case_reference text,
    decided_by uuid,
    decided_at timestamptz,
    UNIQUE (person_id, name_index),
    CHECK (num_nulls(decision, case_reference, decided_by, decided_at) IN (0, 4))
);
CREATE INDEX name_conflict_open ON registry.name_conflict (conflict_id) WHERE decision IS NULL;
COMMENT ON TABLE registry.name_conflict IS 'The same number with another name (A6): held until a bureau resolves it; each name once';
COMMENT ON COLUMN registry.name_conflict.conflict_id IS 'Random, ordered by time; the sealed record is bound to it';
COMMENT ON COLUMN registry.name_conflict.person_id IS 'Who is registered under the number';
COMMENT ON COLUMN registry.name_conflict.name_index IS 'Keyed index of the stated name';
COMMENT ON COLUMN registry.name_conflict.search_key IS 'As registry.person has it, of the stated name';
COMMENT ON COLUMN registry.name_conflict.sealed IS 'Sealed PersonRecord as it was stated (D1)';
COMMENT ON COLUMN registry.name_conflict.commitment IS 'Of that record';
COMMENT ON COLUMN registry.name_conflict.class_number IS 'The class whose roster stated it';
COMMENT ON COLUMN registry.name_conflict.operator_id IS 'Who sent the roster';
COMMENT ON COLUMN registry.name_conflict.request_id IS 'By which request';
COMMENT ON COLUMN registry.name_conflict.reported_at IS 'When';
COMMENT ON COLUMN registry.name_conflict.decision IS 'enum ConflictDecision of proto/person.proto; NULL: open';
COMMENT ON COLUMN registry.name_conflict.case_reference IS 'The file that decided it';
COMMENT ON COLUMN registry.name_conflict.decided_by IS 'Who decided';
COMMENT ON COLUMN registry.name_conflict.decided_at IS 'When';

CREATE TABLE registry.person_group (
    fact_id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    trainee_group int2 NOT NULL REFERENCES registry.trainee_group,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    sealed bytea NOT NULL,
    commitment bytea NOT NULL,
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT person_group_once EXCLUDE USING gist (person_id WITH =, trainee_group WITH =,
                                                     daterange(valid_from, valid_to, '[]') WITH &&)
);
COMMENT ON TABLE registry.person_group IS 'That a person is in a trainee group, from when to when, by which evidence';
COMMENT ON COLUMN registry.person_group.fact_id IS 'Random; the sealed record is bound to it';
COMMENT ON COLUMN registry.person_group.person_id IS 'The person';
COMMENT ON COLUMN registry.person_group.trainee_group IS 'Code of trainee_group';
COMMENT ON COLUMN registry.person_group.valid_from IS 'First day (Asia/Shanghai)';
COMMENT ON COLUMN registry.person_group.valid_to IS 'Last day; NULL: open. Set once';
COMMENT ON COLUMN registry.person_group.sealed IS 'Sealed GroupRecord of proto/record.proto: the evidence (D1)';
COMMENT ON COLUMN registry.person_group.commitment IS 'Of that record';
COMMENT ON COLUMN registry.person_group.operator_id IS 'Who recorded it';
COMMENT ON COLUMN registry.person_group.request_id IS 'By which request';
COMMENT ON COLUMN registry.person_group.recorded_at IS 'When';

/* ---- looks ---- */

ALTER TABLE registry.policy DROP CONSTRAINT policy_name_check;
ALTER TABLE registry.policy ADD CONSTRAINT policy_name_check
    CHECK (name IN ('minimum_age', 'late_days', 'attendance_percent', 'pass_mark', 'masked_looks_hour',
                    'clear_looks_hour'));
COMMENT ON COLUMN registry.policy.name IS
    'minimum_age: full years on the first day of the class (A1); late_days: days after the first day on which trainees may still be added; '
    'attendance_percent: of the planned hours, for completion; pass_mark: theory and practice, for completion; '
    'masked_looks_hour, clear_looks_hour: persons an operator of the division may look at in an hour';
COMMENT ON COLUMN registry.policy.value IS 'In the unit of the name: years, days, percent, marks of 100, persons';
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'masked_looks_hour', 5000, '1949-10-01', 'default'),
    ('370000', 'clear_looks_hour', 500, '1949-10-01', 'default');

CREATE TABLE registry.look (
    person_id uuid NOT NULL,
    entry_id int8 NOT NULL,
    salt bytea CHECK (octet_length(salt) = 32),
    PRIMARY KEY (person_id, entry_id)
);
COMMENT ON TABLE registry.look IS 'Which audit entries record a look at a person';
COMMENT ON COLUMN registry.look.person_id IS 'Who was looked at';
COMMENT ON COLUMN registry.look.entry_id IS 'audit.entry that says who looked';
COMMENT ON COLUMN registry.look.salt IS
    'Of a gathered look: the random bytes of the entry''s commitment to this person_id, which is itself random; NULL: a look of its own';

CREATE TABLE registry.class_look (
    class_number int8 NOT NULL,
    entry_id int8 NOT NULL,
    first_seat int4 NOT NULL,
    last_seat int4 NOT NULL,
    PRIMARY KEY (class_number, entry_id)
);
COMMENT ON TABLE registry.class_look IS 'Which audit entries record a look at part of a class''s list';
COMMENT ON COLUMN registry.class_look.class_number IS 'The class';
COMMENT ON COLUMN registry.class_look.entry_id IS 'audit.entry that says who looked';
COMMENT ON COLUMN registry.class_look.first_seat IS 'First seat shown';
COMMENT ON COLUMN registry.class_look.last_seat IS 'Last seat shown';

CREATE TABLE registry.look_hour (
    operator_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    masked int4 NOT NULL DEFAULT 0,
    clear int4 NOT NULL DEFAULT 0,
    refused int4 NOT NULL DEFAULT 0,
    place int8 GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (operator_id, hour)
) WITH (fillfactor = 50);
CREATE INDEX look_hour_place ON registry.look_hour (place);
CREATE INDEX look_hour_refused ON registry.look_hour (place) WHERE refused > 0;
COMMENT ON TABLE registry.look_hour IS 'How many persons each operator looked at in each hour';
COMMENT ON COLUMN registry.look_hour.operator_id IS 'Who looked';
COMMENT ON COLUMN registry.look_hour.hour IS 'The hour''s beginning';
COMMENT ON COLUMN registry.look_hour.masked IS 'Persons shown masked';
COMMENT ON COLUMN registry.look_hour.clear IS 'Persons shown clear, and searches by name';
COMMENT ON COLUMN registry.look_hour.refused IS 'Looks refused because of the limit';
COMMENT ON COLUMN registry.look_hour.place IS 'Order of the hours'' first looks';
