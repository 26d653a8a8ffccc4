/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The four catalogues (G1): a bureau drafts a document of rows, has it consulted, approved by a second person and published from a day;
 * the next version supersedes it, and nothing that was published is edited (G8). A county adds to its city's (G9).
 */

/* As it was, but helper.method_tables() is looked for only where a request is under way: a migration that changes rows runs before the
   functions are made. */
CREATE OR REPLACE FUNCTION audit.tie() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    methods text := current_setting('mingce.methods', true);
BEGIN
    IF methods <> '' THEN
        IF NOT EXISTS (SELECT FROM unnest(string_to_array(methods, ' ')) m WHERE TG_TABLE_NAME = ANY (helper.method_tables(m))) THEN
            RAISE insufficient_privilege USING MESSAGE = format('requests of %s change no rows of %I', methods, TG_TABLE_NAME);
        END IF;
    END IF;
    RETURN NULL;
END $$;

/* The policies, with those that the next migrations bring. */
ALTER TABLE registry.policy DROP CONSTRAINT policy_name_check;
ALTER TABLE registry.policy ADD CONSTRAINT policy_name_check
    CHECK (name IN ('minimum_age', 'late_days', 'attendance_percent', 'pass_mark', 'masked_looks_hour',
                    'clear_looks_hour', 'claim_months', 'publicity_days', 'review_days', 'four_eyes', 'living_days',
                    'fact_pension', 'fact_insured', 'county_extra_percent', 'class_approval', 'class_file_days',
                    'class_file_ahead', 'day_hours', 'class_hours_least', 'rate_day', 'no_lower_after_higher',
                    'year_cap_students', 'year_cap_others', 'life_cap'));
COMMENT ON COLUMN registry.policy.name IS
    'minimum_age: full years on the first day of the class (A1); late_days: days after the first day on which trainees may still be added; '
    'attendance_percent: of the planned hours, for completion; pass_mark: theory and practice, for completion; '
    'masked_looks_hour, clear_looks_hour: persons an operator of the division may look at in an hour; '
    'claim_months: months after the day of issue (B7); publicity_days, review_days: working days (C2, C3); '
    'four_eyes: people who review, approve and pay a claim, 3 or 2 (C1); living_days: days of living allowance at most (B6); '
    'fact_pension, fact_insured: 1 where approval needs the verified fact, 0 where not (B4, H4); '
    'county_extra_percent: what a county may add to its city''s catalogue (G9); '
    'class_approval: 1 where a class starts only when it is approved, 0 where not (G0); '
    'class_file_days: working days within which a filed class is decided, class_file_ahead: days before its first by which it is filed (G0); '
    'day_hours: class hours of one day at most, class_hours_least: class hours of a class at least, where its catalogue names none (G11); '
    'rate_day: enum RateDay of proto/standard.proto, the day by which the standards of a claim are chosen (B9); '
    'no_lower_after_higher: 1 where nobody claims for a lower level of an occupation after a higher one, 0 where they may; '
    'year_cap_students, year_cap_others: claims of a person in a year at most, 3 as B2 allows or fewer; '
    'life_cap: claims of a person in all years at most, 0 for any number (B11)';
COMMENT ON COLUMN registry.policy.value IS 'In the unit of the name: years, days, percent, marks of 100, persons, months, class hours, claims, 0 or 1';
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'county_extra_percent', 30, '1949-10-01', 'default');

CREATE TABLE registry.catalogue_kind (
    code int2 PRIMARY KEY,
    name text NOT NULL UNIQUE,
    plan int2 NOT NULL CHECK (plan BETWEEN 1 AND 4)
);
COMMENT ON TABLE registry.catalogue_kind IS 'Kinds of catalogues that cities publish, and which of the plan''s four each is (G7)';
COMMENT ON COLUMN registry.catalogue_kind.code IS 'Stored in records; never renumbered';
COMMENT ON COLUMN registry.catalogue_kind.name IS 'Chinese name';
COMMENT ON COLUMN registry.catalogue_kind.plan IS 'enum CataloguePlan of proto/catalogue.proto';

-- codes: catalogue_kind
INSERT INTO registry.catalogue_kind (code, name, plan) VALUES
    (1, '重点产业指导目录', 1),
    (2, '一般性目录', 2),
    (3, '劳动者培训需求目录', 3),
    (4, '机构目录', 4),
    (5, '急需紧缺', 1),
    (6, '制造业', 1),
    (7, '短期', 2),
    (8, '特色', 2),
    (9, '创业', 2);

CREATE TABLE registry.catalogue (
    catalogue_id uuid PRIMARY KEY,
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$' AND division !~ '0000$'),
    kind int2 NOT NULL REFERENCES registry.catalogue_kind,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
    citation text NOT NULL CHECK (char_length(citation) BETWEEN 1 AND 100),
    state int2 NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 6),
    rows int4 NOT NULL DEFAULT 0 CHECK (rows >= 0),
    document_digest bytea CHECK (octet_length(document_digest) = 32),
    version int4 CHECK (version > 0),
    valid_from date,
    valid_to date CHECK (valid_to >= valid_from),
    drafted_by uuid NOT NULL,
    drafted_at timestamptz NOT NULL DEFAULT now(),
    loaded_by uuid[] NOT NULL DEFAULT '{}',
    consulted text CHECK (char_length(consulted) BETWEEN 1 AND 200),
    consulted_by uuid,
    consulted_at timestamptz,
    approved_by uuid,
    approved_at timestamptz,
    published_by uuid,
    published_at timestamptz,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    superseded_by uuid,
    request_id uuid NOT NULL,
    CONSTRAINT catalogue_two_people CHECK (approved_by <> drafted_by AND approved_by <> ALL (loaded_by)),
    CONSTRAINT catalogue_consulted_whole CHECK (num_nulls(document_digest, consulted, consulted_by, consulted_at) IN (0, 4)),
    CONSTRAINT catalogue_approved_whole CHECK (num_nulls(approved_by, approved_at) IN (0, 2)),
    CONSTRAINT catalogue_published_whole CHECK (num_nulls(version, published_by, published_at) IN (0, 3)),
    CONSTRAINT catalogue_withdrawn_whole CHECK (num_nulls(withdrawn_by, withdrawn_at, reason) IN (0, 3)),
    CONSTRAINT catalogue_steps_in_order CHECK (CASE state
        WHEN 1 THEN consulted_by IS NULL
        WHEN 2 THEN consulted_by IS NOT NULL AND approved_by IS NULL
        WHEN 3 THEN consulted_by IS NOT NULL AND approved_by IS NOT NULL AND published_by IS NULL
        WHEN 6 THEN withdrawn_by IS NOT NULL
        ELSE consulted_by IS NOT NULL AND approved_by IS NOT NULL AND published_by IS NOT NULL AND valid_from IS NOT NULL END
        AND (state = 6 OR withdrawn_by IS NULL) AND (state >= 4 OR valid_from IS NULL)),
    CONSTRAINT catalogue_version_once UNIQUE (division, kind, version),
    CONSTRAINT catalogue_in_force_once EXCLUDE USING gist (division WITH =, kind WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
        WHERE (valid_from IS NOT NULL)
);
COMMENT ON TABLE registry.catalogue IS 'Catalogues as documents: drafted, consulted, approved by another person, published, superseded or withdrawn (G1, G8)';
COMMENT ON COLUMN registry.catalogue.catalogue_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.catalogue.division IS 'Whose: a city (370100), or a county for its additions (G9)';
COMMENT ON COLUMN registry.catalogue.kind IS 'Code of registry.catalogue_kind';
COMMENT ON COLUMN registry.catalogue.title IS 'As printed';
COMMENT ON COLUMN registry.catalogue.citation IS 'The document that says so';
COMMENT ON COLUMN registry.catalogue.state IS 'enum CatalogueState of proto/catalogue.proto';
COMMENT ON COLUMN registry.catalogue.rows IS 'How many rows it has';
COMMENT ON COLUMN registry.catalogue.document_digest IS 'SHA-256 of the document (proto/LOG.md), whose rows are fixed from the consultation on; NULL: a draft';
COMMENT ON COLUMN registry.catalogue.version IS 'Counts up per division and kind when published; NULL: not published';
COMMENT ON COLUMN registry.catalogue.valid_from IS 'First day in force (Asia/Shanghai); NULL: never in force';
COMMENT ON COLUMN registry.catalogue.valid_to IS 'Last day in force; NULL: open';
COMMENT ON COLUMN registry.catalogue.drafted_by IS 'Operator';
COMMENT ON COLUMN registry.catalogue.drafted_at IS 'When';
COMMENT ON COLUMN registry.catalogue.loaded_by IS 'Operators who loaded rows, each once';
COMMENT ON COLUMN registry.catalogue.consulted IS 'Who was consulted, and by which document';
COMMENT ON COLUMN registry.catalogue.consulted_by IS 'Operator';
COMMENT ON COLUMN registry.catalogue.consulted_at IS 'When';
COMMENT ON COLUMN registry.catalogue.approved_by IS 'Operator; another one than those who drafted and loaded';
COMMENT ON COLUMN registry.catalogue.approved_at IS 'When';
COMMENT ON COLUMN registry.catalogue.published_by IS 'Operator';
COMMENT ON COLUMN registry.catalogue.published_at IS 'When';
COMMENT ON COLUMN registry.catalogue.withdrawn_by IS 'Operator';
COMMENT ON COLUMN registry.catalogue.withdrawn_at IS 'When';
COMMENT ON COLUMN registry.catalogue.reason IS 'Of the withdrawal';
COMMENT ON COLUMN registry.catalogue.superseded_by IS 'The next version, which ended this one on the day before its first; NULL: none';
COMMENT ON COLUMN registry.catalogue.request_id IS 'Of the draft';

/* What a row is about: of a document no two rows are about the same, and rows of two documents are the same one by it. Written from columns
   that do not change their form with the session's settings. */
CREATE FUNCTION registry.catalogue_about(VARIADIC in_columns text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.array_to_string(in_columns, E'\t', '');
REVOKE ALL ON FUNCTION registry.catalogue_about(text[]) FROM PUBLIC;
COMMENT ON FUNCTION registry.catalogue_about IS 'What a row of a catalogue is about, of the columns that say so';

CREATE TABLE registry.catalogue_row (
    catalogue_id uuid NOT NULL REFERENCES registry.catalogue,
    row int4 NOT NULL CHECK (row > 0),
    category text NOT NULL CHECK (char_length(category) BETWEEN 1 AND 100),
    occupation_code text NOT NULL,
    level int2 NOT NULL CHECK (level BETWEEN 1 AND 8),
    demand_grade int2 CHECK (demand_grade BETWEEN 1 AND 3),
    hours_least int4 CHECK (hours_least BETWEEN 1 AND 10000),
    practice_percent int4 CHECK (practice_percent BETWEEN 0 AND 100),
    mode int2 CHECK (mode BETWEEN 1 AND 3),
    training_standard_fen int8 CHECK (training_standard_fen >= 0),
    assessment_standard_fen int8 CHECK (assessment_standard_fen >= 0),
    mark text CHECK (char_length(mark) BETWEEN 1 AND 20),
    note text CHECK (char_length(note) BETWEEN 1 AND 200),
    about text NOT NULL GENERATED ALWAYS AS (registry.catalogue_about(occupation_code, level::text, category, mode::text)) STORED,
    PRIMARY KEY (catalogue_id, row),
    CONSTRAINT catalogue_row_once UNIQUE (catalogue_id, about)
);
CREATE INDEX catalogue_row_allows ON registry.catalogue_row (catalogue_id, occupation_code, level);
COMMENT ON TABLE registry.catalogue_row IS 'Rows of key-industry and general catalogues: what may be trained, and how (G1, G10, G11)';
COMMENT ON COLUMN registry.catalogue_row.catalogue_id IS 'Whose';
COMMENT ON COLUMN registry.catalogue_row.row IS 'Its number as printed';
COMMENT ON COLUMN registry.catalogue_row.category IS 'Industry, or category';
COMMENT ON COLUMN registry.catalogue_row.occupation_code IS 'Of registry.occupation';
COMMENT ON COLUMN registry.catalogue_row.level IS 'enum SkillLevel of proto/organisation.proto';
COMMENT ON COLUMN registry.catalogue_row.demand_grade IS '1: most wanted (A, 紧缺), 2, 3; NULL: not said';
COMMENT ON COLUMN registry.catalogue_row.hours_least IS 'Class hours at least; NULL: not said';
COMMENT ON COLUMN registry.catalogue_row.practice_percent IS 'Of the hours, percent of practice at least; NULL: not said';
COMMENT ON COLUMN registry.catalogue_row.mode IS 'enum TrainingMode of proto/class.proto; NULL: any';
COMMENT ON COLUMN registry.catalogue_row.training_standard_fen IS 'Subsidy for training as printed; what is paid follows from registry.standard; NULL: not said';
COMMENT ON COLUMN registry.catalogue_row.assessment_standard_fen IS 'Likewise for the assessment';
COMMENT ON COLUMN registry.catalogue_row.mark IS 'As printed; NULL: none';
COMMENT ON COLUMN registry.catalogue_row.note IS 'Likewise';
COMMENT ON COLUMN registry.catalogue_row.about IS 'What the row is about; no two of a catalogue are about the same';

CREATE TABLE registry.catalogue_demand (
    catalogue_id uuid NOT NULL REFERENCES registry.catalogue,
    row int4 NOT NULL CHECK (row > 0),
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    occupation_code text NOT NULL,
    level int2 NOT NULL CHECK (level BETWEEN 1 AND 8),
    trainee_group int2,
    heads int4 NOT NULL CHECK (heads > 0),
    listed int4 CHECK (listed BETWEEN 0 AND heads),
    source int2 NOT NULL CHECK (source BETWEEN 1 AND 3),
    wanted_on date,
    place text CHECK (char_length(place) BETWEEN 1 AND 100),
    until date,
    note text CHECK (char_length(note) BETWEEN 1 AND 200),
    about text NOT NULL GENERATED ALWAYS AS (registry.catalogue_about(occupation_code, level::text, division, trainee_group::text, source::text,
                                                                      place)) STORED,
    PRIMARY KEY (catalogue_id, row),
    CONSTRAINT catalogue_demand_once UNIQUE (catalogue_id, about)
);
COMMENT ON TABLE registry.catalogue_demand IS 'Rows of catalogues of workers'' demand for training (G1)';
COMMENT ON COLUMN registry.catalogue_demand.catalogue_id IS 'Whose';
COMMENT ON COLUMN registry.catalogue_demand.row IS 'Its number as printed';
COMMENT ON COLUMN registry.catalogue_demand.division IS 'The county in which they are';
COMMENT ON COLUMN registry.catalogue_demand.occupation_code IS 'Of registry.occupation';
COMMENT ON COLUMN registry.catalogue_demand.level IS 'enum SkillLevel of proto/organisation.proto';
COMMENT ON COLUMN registry.catalogue_demand.trainee_group IS 'Code of registry.trainee_group; NULL: any';
COMMENT ON COLUMN registry.catalogue_demand.heads IS 'How many want it';
COMMENT ON COLUMN registry.catalogue_demand.listed IS 'For how many of them a training was listed; NULL: not said';
COMMENT ON COLUMN registry.catalogue_demand.source IS 'enum DemandSource of proto/catalogue.proto';
COMMENT ON COLUMN registry.catalogue_demand.wanted_on IS 'When they want it; NULL: at any time';
COMMENT ON COLUMN registry.catalogue_demand.place IS 'Where they want it; NULL: anywhere';
COMMENT ON COLUMN registry.catalogue_demand.until IS 'Last day on which it is a demand; NULL: open';
COMMENT ON COLUMN registry.catalogue_demand.note IS 'As printed; NULL: none';
COMMENT ON COLUMN registry.catalogue_demand.about IS 'What the row is about; no two of a catalogue are about the same';

CREATE TABLE registry.catalogue_institution (
    catalogue_id uuid NOT NULL REFERENCES registry.catalogue,
    row int4 NOT NULL CHECK (row > 0),
    institution_code text NOT NULL CHECK (char_length(institution_code) = 18),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    licence text CHECK (char_length(licence) BETWEEN 1 AND 50),
    nature text CHECK (char_length(nature) BETWEEN 1 AND 20),
    address text CHECK (char_length(address) BETWEEN 1 AND 100),
    phone text CHECK (char_length(phone) BETWEEN 1 AND 30),
    occupation_code text NOT NULL,
    level int2 NOT NULL CHECK (level BETWEEN 1 AND 8),
    site text CHECK (char_length(site) BETWEEN 1 AND 100),
    credit_grade text CHECK (char_length(credit_grade) BETWEEN 1 AND 10),
    batch text CHECK (char_length(batch) BETWEEN 1 AND 50),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    note text CHECK (char_length(note) BETWEEN 1 AND 200),
    about text NOT NULL GENERATED ALWAYS AS (registry.catalogue_about(occupation_code, level::text, institution_code, site)) STORED,
    PRIMARY KEY (catalogue_id, row),
    CONSTRAINT catalogue_institution_once UNIQUE (catalogue_id, about)
);
CREATE INDEX catalogue_institution_allows ON registry.catalogue_institution (catalogue_id, institution_code, occupation_code, level);
COMMENT ON TABLE registry.catalogue_institution IS 'Rows of catalogues of institutions: who may train what, where, until when (G1, G10)';
COMMENT ON COLUMN registry.catalogue_institution.catalogue_id IS 'Whose';
COMMENT ON COLUMN registry.catalogue_institution.row IS 'Its number as printed';
COMMENT ON COLUMN registry.catalogue_institution.institution_code IS 'Unified social credit code; the institution need not be registered yet';
COMMENT ON COLUMN registry.catalogue_institution.name IS 'As printed';
COMMENT ON COLUMN registry.catalogue_institution.licence IS 'Number of its licence; NULL: not said';
COMMENT ON COLUMN registry.catalogue_institution.nature IS 'Public or private, as printed; NULL: not said; no rule looks at it (G4)';
COMMENT ON COLUMN registry.catalogue_institution.address IS 'The institution''s; NULL: not said';
COMMENT ON COLUMN registry.catalogue_institution.phone IS 'The institution''s, which the city publishes; NULL: not said';
COMMENT ON COLUMN registry.catalogue_institution.occupation_code IS 'Of registry.occupation';
COMMENT ON COLUMN registry.catalogue_institution.level IS 'enum SkillLevel of proto/organisation.proto';
COMMENT ON COLUMN registry.catalogue_institution.site IS 'Where it trains; NULL: at its address';
COMMENT ON COLUMN registry.catalogue_institution.credit_grade IS 'As printed; NULL: not said';
COMMENT ON COLUMN registry.catalogue_institution.batch IS 'Likewise';
COMMENT ON COLUMN registry.catalogue_institution.valid_from IS 'First day on which it may train this';
COMMENT ON COLUMN registry.catalogue_institution.valid_to IS 'Last day; NULL: open';
COMMENT ON COLUMN registry.catalogue_institution.note IS 'As printed; NULL: none';
COMMENT ON COLUMN registry.catalogue_institution.about IS 'What the row is about; no two of a catalogue are about the same';

/* The steps of a catalogue go forward only: what a step wrote stays, and of what was published only the last day may become earlier,
   once by the next version, or once by its withdrawal. */
CREATE FUNCTION registry.catalogue_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    becomes registry.catalogue := NEW;
BEGIN
    IF OLD.state = 1 THEN
        becomes.rows := OLD.rows;
        becomes.loaded_by := OLD.loaded_by;
    END IF;
    IF NEW.state > OLD.state THEN
        becomes.state := OLD.state;
        IF NEW.state = 2 THEN
            becomes.document_digest := NULL;
            becomes.consulted := NULL;
            becomes.consulted_by := NULL;
            becomes.consulted_at := NULL;
        ELSIF NEW.state = 3 THEN
            becomes.approved_by := NULL;
            becomes.approved_at := NULL;
        ELSIF NEW.state = 4 THEN
            becomes.version := NULL;
            becomes.valid_from := NULL;
            becomes.valid_to := NULL;
            becomes.published_by := NULL;
            becomes.published_at := NULL;
        ELSIF NEW.state = 5 AND NEW.superseded_by IS NOT NULL AND (OLD.valid_to IS NULL OR NEW.valid_to <= OLD.valid_to) THEN
            becomes.superseded_by := NULL;
            becomes.valid_to := OLD.valid_to;
        ELSIF NEW.state = 6 AND (NEW.valid_from IS NULL OR NEW.valid_from = OLD.valid_from)
              AND (OLD.valid_to IS NULL OR NEW.valid_to IS NULL OR NEW.valid_to <= OLD.valid_to) THEN
            becomes.withdrawn_by := NULL;
            becomes.withdrawn_at := NULL;
            becomes.reason := NULL;
            becomes.valid_from := OLD.valid_from;
            becomes.valid_to := OLD.valid_to;
        END IF;
    END IF;
    IF becomes IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a catalogue is superseded, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry.catalogue_keep() FROM PUBLIC;
CREATE TRIGGER catalogue_keep BEFORE UPDATE ON registry.catalogue FOR EACH ROW EXECUTE FUNCTION registry.catalogue_keep();

/* Only a draft takes rows and changes them. */
CREATE FUNCTION registry.catalogue_rows_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT n.catalogue_id FROM new_rows n) n
                 JOIN registry.catalogue c ON c.catalogue_id = n.catalogue_id AND c.state <> 1) THEN
        RAISE EXCEPTION 'a catalogue is superseded, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION registry.catalogue_rows_keep() FROM PUBLIC;
CREATE TRIGGER keep_insert AFTER INSERT ON registry.catalogue_row REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry.catalogue_rows_keep();
CREATE TRIGGER keep_update AFTER UPDATE ON registry.catalogue_row REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry.catalogue_rows_keep();
CREATE TRIGGER keep_insert AFTER INSERT ON registry.catalogue_demand REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry.catalogue_rows_keep();
CREATE TRIGGER keep_update AFTER UPDATE ON registry.catalogue_demand REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry.catalogue_rows_keep();
CREATE TRIGGER keep_insert AFTER INSERT ON registry.catalogue_institution REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry.catalogue_rows_keep();
CREATE TRIGGER keep_update AFTER UPDATE ON registry.catalogue_institution REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry.catalogue_rows_keep();
CREATE TRIGGER keep_delete BEFORE DELETE ON registry.catalogue FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER keep_delete BEFORE DELETE ON registry.catalogue_row FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER keep_delete BEFORE DELETE ON registry.catalogue_demand FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER keep_delete BEFORE DELETE ON registry.catalogue_institution FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CALL audit.cover(70::int2, 'catalogue', 'catalogue_id', 'catalogue_id, division, kind, title, citation, state, rows, document_digest, version, valid_from, valid_to, drafted_by, drafted_at, loaded_by, consulted, consulted_by, consulted_at, approved_by, approved_at, published_by, published_at, withdrawn_by, withdrawn_at, reason, superseded_by, request_id');
CALL audit.cover(71::int2, 'catalogue_row', 'catalogue_id, row', 'catalogue_id, row, category, occupation_code, level, demand_grade, hours_least, practice_percent, mode, training_standard_fen, assessment_standard_fen, mark, note');
CALL audit.cover(72::int2, 'catalogue_demand', 'catalogue_id, row', 'catalogue_id, row, division, occupation_code, level, trainee_group, heads, listed, source, wanted_on, place, until, note');
CALL audit.cover(73::int2, 'catalogue_institution', 'catalogue_id, row', 'catalogue_id, row, institution_code, name, licence, nature, address, phone, occupation_code, level, site, credit_grade, batch, valid_from, valid_to, note');
CALL audit.cover(74::int2, 'catalogue_kind', 'code', 'code, name, plan');
CALL audit.tie_table('catalogue');
CALL audit.tie_table('catalogue_row');
CALL audit.tie_table('catalogue_demand');
CALL audit.tie_table('catalogue_institution');
CALL audit.tie_table('catalogue_kind');
