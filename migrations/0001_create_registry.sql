/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry's tables. registry: what is known; audit: who did it. The daemon's role may touch none of them: it
 * calls the functions of schema api, which migrations/api/ defines.
 *
 * On the way of every roster line (person, document, enrolment, request, audit.entry) there are no foreign keys and no
 * index beside the primary keys: two foreign keys cost 30 % of the writes, two indexes 19 %. The functions write both
 * sides of each reference in one transaction.
 */

CREATE SCHEMA IF NOT EXISTS registry;
CREATE SCHEMA audit;
COMMENT ON SCHEMA registry IS 'What is known: code tables, organisations, operators, persons, classes, enrolments';
COMMENT ON SCHEMA audit IS 'Who did what, when, on whom, with which outcome; never changed';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mingced') THEN
        RAISE EXCEPTION 'role "mingced" does not exist'
            USING HINT = 'Create the login role the daemon connects as before the first migration: CREATE ROLE mingced LOGIN.';
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS registry.schema_migration (
    name text PRIMARY KEY,
    sha256 bytea NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.schema_migration IS 'Migrations applied, each once';
COMMENT ON COLUMN registry.schema_migration.name IS 'File name';
COMMENT ON COLUMN registry.schema_migration.sha256 IS 'Of the file as it was applied';
COMMENT ON COLUMN registry.schema_migration.applied_at IS 'When';

CREATE TABLE IF NOT EXISTS registry.schema_api (
    digest text NOT NULL
);
COMMENT ON TABLE registry.schema_api IS 'One row: what the functions of schemas api and admin were made from';
COMMENT ON COLUMN registry.schema_api.digest IS 'Hex SHA-256 over all migrations and api files; the daemon refuses another than its own';

/* ---- code tables: loaded by 0002, extended by later migrations ---- */

CREATE TABLE registry.division (
    code text NOT NULL CHECK (code ~ '^[0-9]{6}$'),
    name text NOT NULL,
    level text NOT NULL CHECK (level IN ('province', 'prefecture', 'county')),
    prefecture_now text,
    start_year int2,
    end_year int2,
    UNIQUE NULLS NOT DISTINCT (code, start_year),
    CHECK (end_year >= start_year)
);
COMMENT ON TABLE registry.division IS 'GB/T 2260 divisions with their history: a code may have named several places (A2)';
COMMENT ON COLUMN registry.division.code IS 'Six digits; the first four are the prefecture''s';
COMMENT ON COLUMN registry.division.name IS 'Name in the period';
COMMENT ON COLUMN registry.division.level IS 'province, prefecture or county';
COMMENT ON COLUMN registry.division.prefecture_now IS 'Prefecture it belongs to today, by name; NULL: none or not known';
COMMENT ON COLUMN registry.division.start_year IS 'First year of the code for this name; NULL: 1980 or before';
COMMENT ON COLUMN registry.division.end_year IS 'Last year; NULL: in force';

CREATE TABLE registry.occupation (
    code text PRIMARY KEY CHECK (code ~ '^[0-9]+(-[0-9]+)*$'),
    name text NOT NULL CHECK (name <> '')
);
COMMENT ON TABLE registry.occupation IS 'Occupations of the national classification; a file can add and rename';
COMMENT ON COLUMN registry.occupation.code IS 'As 4-10-01-06';
COMMENT ON COLUMN registry.occupation.name IS 'Chinese name';

CREATE TABLE registry.skill_level (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE,
    grade text
);
COMMENT ON TABLE registry.skill_level IS 'The eight skill levels of 2022';
COMMENT ON COLUMN registry.skill_level.code IS 'enum SkillLevel of proto/organisation.proto, lowest first';
COMMENT ON COLUMN registry.skill_level.name IS 'Chinese name';
COMMENT ON COLUMN registry.skill_level.grade IS 'Name in the five-level regime; NULL: it had none';

CREATE TABLE registry.trainee_group (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE
);
COMMENT ON TABLE registry.trainee_group IS 'Whom the plan names as trainees (A8)';
COMMENT ON COLUMN registry.trainee_group.code IS 'Own numbers, stored in enrolments';
COMMENT ON COLUMN registry.trainee_group.name IS 'Chinese name';

CREATE TABLE registry.training_kind (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE
);
COMMENT ON TABLE registry.training_kind IS 'Kinds of training the plan names';
COMMENT ON COLUMN registry.training_kind.code IS 'Own numbers, stored in classes';
COMMENT ON COLUMN registry.training_kind.name IS 'Chinese name';

CREATE TABLE registry.ethnicity (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE
);
COMMENT ON TABLE registry.ethnicity IS 'GB/T 3304 (A8)';
COMMENT ON COLUMN registry.ethnicity.code IS 'The standard''s number';
COMMENT ON COLUMN registry.ethnicity.name IS 'Chinese name';

CREATE TABLE registry.education (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE
);
COMMENT ON TABLE registry.education IS 'GB/T 4658 (A8)';
COMMENT ON COLUMN registry.education.code IS 'The standard''s number';
COMMENT ON COLUMN registry.education.name IS 'Chinese name';

CREATE TABLE registry.code_alias (
    table_name text NOT NULL CHECK (table_name IN ('trainee_group', 'training_kind', 'ethnicity', 'education')),
    alias text NOT NULL,
    code int2 NOT NULL,
    PRIMARY KEY (table_name, alias)
);
COMMENT ON TABLE registry.code_alias IS 'Other words that rosters use for a code (A8)';
COMMENT ON COLUMN registry.code_alias.table_name IS 'The code table, of this schema';
COMMENT ON COLUMN registry.code_alias.alias IS 'The words';
COMMENT ON COLUMN registry.code_alias.code IS 'The code they mean';

CREATE TABLE registry.policy (
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    name text NOT NULL CHECK (name IN ('minimum_age')),
    value int8 NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    citation text NOT NULL CHECK (citation <> ''),
    PRIMARY KEY (division, name, valid_from),
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE registry.policy IS 'Rules with a number in them, by division and period; the narrowest division counts, then the latest start';
COMMENT ON COLUMN registry.policy.division IS 'Whose rule: a county, a city (370100) or the province (370000)';
COMMENT ON COLUMN registry.policy.name IS 'minimum_age: full years on the first day of the class (A1)';
COMMENT ON COLUMN registry.policy.value IS 'In the unit of the name: years';
COMMENT ON COLUMN registry.policy.valid_from IS 'First day (Asia/Shanghai)';
COMMENT ON COLUMN registry.policy.valid_to IS 'Last day; NULL: open';
COMMENT ON COLUMN registry.policy.citation IS 'The document that says so';

/* ---- who may ---- */

CREATE TABLE registry.organisation (
    organisation_id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code ~ '^[0-9A-HJ-NP-RTUWXY]{18}$'),
    name text NOT NULL CHECK (name <> ''),
    kind int2 NOT NULL CHECK (kind BETWEEN 1 AND 9),
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    status int2 NOT NULL DEFAULT 1 CHECK (status BETWEEN 1 AND 3),
    code_override text CHECK (code_override <> ''),
    registered_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.organisation IS 'Who may be a party to training (A5)';
COMMENT ON COLUMN registry.organisation.organisation_id IS 'Random, given by the registering program';
COMMENT ON COLUMN registry.organisation.code IS 'Unified social credit code, GB 32100-2015 (A5)';
COMMENT ON COLUMN registry.organisation.name IS 'Chinese name';
COMMENT ON COLUMN registry.organisation.kind IS 'enum OrganisationKind of proto/wire.proto';
COMMENT ON COLUMN registry.organisation.division IS 'GB/T 2260: where it acts; a bureau sees what lies in it';
COMMENT ON COLUMN registry.organisation.status IS 'enum OrganisationStatus of proto/wire.proto: 1 active';
COMMENT ON COLUMN registry.organisation.code_override IS 'Why a code whose check character fails was registered (A5); NULL: it does not fail';
COMMENT ON COLUMN registry.organisation.registered_at IS 'When';

CREATE TABLE registry.organisation_scope (
    organisation_id uuid NOT NULL REFERENCES registry.organisation,
    occupation_code text NOT NULL REFERENCES registry.occupation,
    level int2 NOT NULL REFERENCES registry.skill_level,
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (organisation_id, occupation_code, level, valid_from),
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE registry.organisation_scope IS 'What an organisation is registered to teach (G3)';
COMMENT ON COLUMN registry.organisation_scope.organisation_id IS 'Whose scope';
COMMENT ON COLUMN registry.organisation_scope.occupation_code IS 'The occupation';
COMMENT ON COLUMN registry.organisation_scope.level IS 'The skill level';
COMMENT ON COLUMN registry.organisation_scope.valid_from IS 'First day on which a class may begin (Asia/Shanghai)';
COMMENT ON COLUMN registry.organisation_scope.valid_to IS 'Last such day; NULL: open';

CREATE TABLE registry.operator (
    operator_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES registry.organisation,
    sealed bytea NOT NULL,
    roles text[] NOT NULL,
    status int2 NOT NULL DEFAULT 1 CHECK (status BETWEEN 1 AND 2),
    CONSTRAINT operator_roles_known CHECK (
        roles <@ ARRAY['clerk', 'reviewer', 'approver', 'payer', 'auditor', 'sysadmin', 'secadmin', 'auditadmin']
        AND cardinality(roles) >= 1 AND array_position(roles, NULL) IS NULL),
    /* The three administrators are three different people, and none of them touches business data. */
    CONSTRAINT operator_administrator_exclusive CHECK (
        NOT roles && ARRAY['sysadmin', 'secadmin', 'auditadmin'] OR cardinality(roles) = 1)
);
COMMENT ON TABLE registry.operator IS 'People who log in, each as a person';
COMMENT ON COLUMN registry.operator.operator_id IS 'Random, given by the registering program';
COMMENT ON COLUMN registry.operator.organisation_id IS 'For whom they act';
COMMENT ON COLUMN registry.operator.sealed IS 'Sealed OperatorRecord of proto/record.proto (D1)';
COMMENT ON COLUMN registry.operator.roles IS 'Names of enum Role of proto/wire.proto in lower case; an administrator''s role stands alone';
COMMENT ON COLUMN registry.operator.status IS '1 active, 2 barred';

CREATE TABLE registry.operator_certificate (
    key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
    operator_id uuid NOT NULL REFERENCES registry.operator,
    added_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
COMMENT ON TABLE registry.operator_certificate IS 'Keys that an operator may log in with';
COMMENT ON COLUMN registry.operator_certificate.key_hash IS 'SHA-256 of the certificate''s public key (SubjectPublicKeyInfo)';
COMMENT ON COLUMN registry.operator_certificate.operator_id IS 'Whose key';
COMMENT ON COLUMN registry.operator_certificate.added_at IS 'When';
COMMENT ON COLUMN registry.operator_certificate.revoked_at IS 'Since when it no longer counts; NULL: it counts';

/* ---- persons, classes, enrolments ---- */

CREATE TABLE registry.person (
    person_id uuid PRIMARY KEY,
    sealed bytea NOT NULL,
    commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
    name_index bytea NOT NULL CHECK (octet_length(name_index) = 32)
);
COMMENT ON TABLE registry.person IS 'Natural persons, unreadable without the key ring (D1)';
COMMENT ON COLUMN registry.person.person_id IS 'Random; stands for the person everywhere else';
COMMENT ON COLUMN registry.person.sealed IS 'Sealed PersonRecord of proto/record.proto';
COMMENT ON COLUMN registry.person.commitment IS 'Of that record, as the audit entry has it';
COMMENT ON COLUMN registry.person.name_index IS 'Keyed index of the name: equality only (A6)';

CREATE TABLE registry.document (
    document_index bytea PRIMARY KEY CHECK (octet_length(document_index) = 32),
    document_type int2 NOT NULL CHECK (document_type BETWEEN 1 AND 4),
    person_id uuid NOT NULL
);
COMMENT ON TABLE registry.document IS 'Identity documents: (type, number) is one person for good; a person may have several (A3, A6)';
COMMENT ON COLUMN registry.document.document_index IS 'Keyed index of type, issuing country and number';
COMMENT ON COLUMN registry.document.document_type IS 'enum document_type of proto/rules/document.h';
COMMENT ON COLUMN registry.document.person_id IS 'Its holder';

CREATE TABLE registry.class_counter (
    year int2 PRIMARY KEY,
    last int4 NOT NULL CHECK (last >= 0)
);
COMMENT ON TABLE registry.class_counter IS 'Running numbers of classes, without gaps';
COMMENT ON COLUMN registry.class_counter.year IS 'Of opening (Asia/Shanghai)';
COMMENT ON COLUMN registry.class_counter.last IS 'Last number given';

CREATE TABLE registry.class (
    class_number int8 PRIMARY KEY CHECK (class_number BETWEEN 100000000 AND 99999999999999),
    organisation_id uuid NOT NULL REFERENCES registry.organisation,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
    occupation_code text NOT NULL REFERENCES registry.occupation,
    level int2 NOT NULL REFERENCES registry.skill_level,
    training_kind int2 NOT NULL REFERENCES registry.training_kind,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    capacity int4 NOT NULL CHECK (capacity BETWEEN 1 AND 2000),
    enrolled int4 NOT NULL DEFAULT 0,
    state int2 NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 2),
    opened_at timestamptz NOT NULL DEFAULT now(),
    place int8 NOT NULL GENERATED ALWAYS AS (
        left(class_number::text, 4)::int8 * 10000000000 + substr(class_number::text, 5)::int8) STORED,
    CHECK (ends_on >= starts_on),
    CONSTRAINT class_capacity CHECK (enrolled BETWEEN 0 AND capacity)
) WITH (fillfactor = 50); /* room for the next version of a row whose `enrolled` moves with every import */
CREATE INDEX class_place ON registry.class (place);
CREATE INDEX class_organisation ON registry.class (organisation_id, place);
COMMENT ON TABLE registry.class IS 'Classes (开班): one occupation at one level, to at most so many trainees (G3)';
COMMENT ON COLUMN registry.class.class_number IS 'Year and running number of five digits, 202600001; of more when a year needs them';
COMMENT ON COLUMN registry.class.organisation_id IS 'Who teaches';
COMMENT ON COLUMN registry.class.title IS 'As the institution calls it';
COMMENT ON COLUMN registry.class.occupation_code IS 'The occupation, within the scope on the first day (G3)';
COMMENT ON COLUMN registry.class.level IS 'The skill level, likewise';
COMMENT ON COLUMN registry.class.training_kind IS 'Code of training_kind';
COMMENT ON COLUMN registry.class.starts_on IS 'First day (Asia/Shanghai); ages are counted on it (A1)';
COMMENT ON COLUMN registry.class.ends_on IS 'Last day';
COMMENT ON COLUMN registry.class.capacity IS 'Trainees at most';
COMMENT ON COLUMN registry.class.enrolled IS 'Trainees; the seats given are 1 to this';
COMMENT ON COLUMN registry.class.state IS 'enum ClassState of proto/class.proto: 1 takes trainees, 2 does not';
COMMENT ON COLUMN registry.class.opened_at IS 'When';
COMMENT ON COLUMN registry.class.place IS 'Order of opening: what sorts numbers of different lengths';

CREATE TABLE registry.enrolment (
    class_number int8 NOT NULL,
    person_id uuid NOT NULL,
    enrolment_id uuid NOT NULL,
    seat int4 NOT NULL CHECK (seat >= 1),
    trainee_group int2 NOT NULL,
    document_type int2 NOT NULL CHECK (document_type BETWEEN 1 AND 4),
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    request_id uuid NOT NULL,
    sealed bytea NOT NULL,
    commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
    warnings text,
    PRIMARY KEY (class_number, person_id)
);
COMMENT ON TABLE registry.enrolment IS 'Who is in which class: a person at most once in each';
COMMENT ON COLUMN registry.enrolment.class_number IS 'The class';
COMMENT ON COLUMN registry.enrolment.person_id IS 'The person';
COMMENT ON COLUMN registry.enrolment.enrolment_id IS 'Random; the sealed record is bound to it';
COMMENT ON COLUMN registry.enrolment.seat IS 'Running number in the class, from 1, in the order of enrolment';
COMMENT ON COLUMN registry.enrolment.trainee_group IS 'Code of trainee_group (A8)';
COMMENT ON COLUMN registry.enrolment.document_type IS 'Of the document shown: enum document_type of proto/rules/document.h';
COMMENT ON COLUMN registry.enrolment.enrolled_at IS 'When';
COMMENT ON COLUMN registry.enrolment.request_id IS 'By which request';
COMMENT ON COLUMN registry.enrolment.sealed IS 'Sealed EnrolmentRecord of proto/record.proto (D1)';
COMMENT ON COLUMN registry.enrolment.commitment IS 'Of that record, as the audit entry has it';
COMMENT ON COLUMN registry.enrolment.warnings IS 'Reasons recorded (A2, A7, A8), names of proto/wire/reason.def separated by commas; NULL: none';

/* ---- what was answered, and the trail ---- */

CREATE TABLE registry.request (
    request_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    answered_at timestamptz NOT NULL DEFAULT now(),
    record int8,
    outcome int2 NOT NULL,
    lines int4[],
    outcomes int2[],
    persons uuid[]
);
COMMENT ON TABLE registry.request IS 'The answer given to each write, for good: who retries with the same id gets it again';
COMMENT ON COLUMN registry.request.request_id IS 'Chosen by the caller';
COMMENT ON COLUMN registry.request.operator_id IS 'Who called';
COMMENT ON COLUMN registry.request.digest IS 'Keyed hash over method, NUL, body: the same id with another content is refused';
COMMENT ON COLUMN registry.request.answered_at IS 'When';
COMMENT ON COLUMN registry.request.record IS 'Class number it was about';
COMMENT ON COLUMN registry.request.outcome IS 'enum Outcome of proto/audit.proto, of the whole request';
COMMENT ON COLUMN registry.request.lines IS 'RosterRow.row of each line, in order; NULL: it had none';
COMMENT ON COLUMN registry.request.outcomes IS 'enum Outcome of each line';
COMMENT ON COLUMN registry.request.persons IS 'Of each line, the person whose name differs (A6), else NULL; NULL: no such line';

CREATE TABLE audit.entry (
    id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    operator_id uuid NOT NULL,
    person_id uuid,
    body bytea NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 65535)
);
COMMENT ON TABLE audit.entry IS 'The entries of the audit log, in the transaction of what they tell';
COMMENT ON COLUMN audit.entry.id IS 'Order of arrival; has gaps, and entries may commit in another order';
COMMENT ON COLUMN audit.entry.xid IS 'The transaction: what the sequencer orders by';
COMMENT ON COLUMN audit.entry.operator_id IS 'Who; all zeros: an installation command';
COMMENT ON COLUMN audit.entry.person_id IS 'On whom; NULL: nobody the registry knows';
COMMENT ON COLUMN audit.entry.body IS 'Canonical bytes of AuditEntry of proto/audit.proto, stored as hashed';

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%.% is written once and never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION audit.refuse_change() FROM PUBLIC;
COMMENT ON FUNCTION audit.refuse_change IS 'Stops every change of what was written once, its owner''s included';
CREATE TRIGGER entry_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER request_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.request
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
