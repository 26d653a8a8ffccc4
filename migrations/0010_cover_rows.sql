/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live rows are what the log says: every change of a row of a covered table is entered in the log, by its digest
 * before and after, in the transaction of the change. Whoever edits rows past these triggers is found by comparing.
 *
 * A digest is SHA-256 over record_send(ROW(columns)): PostgreSQL's binary form, the same whatever the session's settings.
 * What is sealed is covered by its commitment; keyed indexes of personal data are left out, since the log is for good.
 */

CREATE TABLE audit.covered (
    table_number int2 PRIMARY KEY CHECK (table_number BETWEEN 1 AND 127),
    table_name text NOT NULL UNIQUE,
    key text NOT NULL,
    columns text NOT NULL,
    place text[] NOT NULL
);
COMMENT ON TABLE audit.covered IS 'Tables of schema registry whose rows the log covers';
COMMENT ON COLUMN audit.covered.table_number IS 'enum RowTable of proto/audit.proto';
COMMENT ON COLUMN audit.covered.table_name IS 'Without its schema';
COMMENT ON COLUMN audit.covered.key IS 'SQL expressions over a row, which name it in the log';
COMMENT ON COLUMN audit.covered.columns IS 'SQL expressions over a row, of which the digest is made';
COMMENT ON COLUMN audit.covered.place IS 'Columns of the primary key, for reading in pages';

/* Fields 1 to 9 of an AuditEntry that belongs to no one request: its method is "rows". */
CREATE FUNCTION audit.rows_head() RETURNS bytea LANGUAGE plpgsql STABLE AS $$
DECLARE
    ms int8 := extract(epoch FROM now()) * 1000;
    at bytea := '\x0000000000000000';
BEGIN
    FOR i IN 0 .. 7 LOOP
        at := set_byte(at, i, ((ms >> (8 * i)) & 255)::int4);
    END LOOP;
    RETURN '\x080111'::bytea || at || '\x1a10'::bytea || decode(repeat('00', 16), 'hex')
        || '\x2210'::bytea || decode(repeat('00', 16), 'hex') || '\x2a04'::bytea || 'rows'::bytea
        || '\x3210'::bytea || decode(repeat('00', 16), 'hex') || '\x3a20'::bytea || decode(repeat('00', 32), 'hex')
        || '\x4801'::bytea;
END $$;

/* The statement that enters changes; `changes` is a query of (key, was, now). A RowChange is written as field 17 of AuditEntry by
   plain expressions: a function for each row would cost more than all the rest. A key is shorter than 128 bytes. */
CREATE FUNCTION audit.enter_sql(the_table int2, changes text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format($sql$
        INSERT INTO audit.entry (operator_id, body)
        SELECT '00000000-0000-0000-0000-000000000000', audit.rows_head() || string_agg(
                   '\x8a01'::bytea
                || CASE WHEN c.n < 128 THEN substring(int4send(c.n) FROM 4)
                        ELSE substring(int4send(c.n %% 128 + 128) FROM 4) || substring(int4send(c.n / 128) FROM 4) END
                || '\x08%1$s12'::bytea || substring(int4send(octet_length(c.key)) FROM 4) || c.key
                || CASE WHEN c.was IS NULL THEN ''::bytea ELSE '\x1a20'::bytea || c.was END
                || CASE WHEN c.now IS NULL THEN ''::bytea ELSE '\x2220'::bytea || c.now END, ''::bytea)
          FROM (SELECT x.key, x.was, x.now, (row_number() OVER () - 1) / 256 AS part,
                       4 + octet_length(x.key) + CASE WHEN x.was IS NULL THEN 0 ELSE 34 END
                                               + CASE WHEN x.now IS NULL THEN 0 ELSE 34 END AS n
                  FROM (%2$s) x WHERE x.was IS DISTINCT FROM x.now) c
         GROUP BY c.part $sql$, lpad(to_hex(the_table::int4), 2, '0'), changes)
$$;

/* Covers a table, whose rows so far are entered as they are; or covers it by other columns than before. */
CREATE PROCEDURE audit.cover(the_number int2, the_name text, the_key text, the_columns text) LANGUAGE plpgsql AS $$
DECLARE
    key_sql text := format('record_send(ROW(%s))', the_key);
    row_sql text := format('sha256(record_send(ROW(%s)))', the_columns);
    was_sql text := (SELECT format('sha256(record_send(ROW(%s)))', columns) FROM audit.covered WHERE table_number = the_number);
    same text;
    the_place text[];
BEGIN
    SELECT array_agg(a.attname ORDER BY k.n), string_agg(format('o.%1$I = n.%1$I', a.attname), ' AND ')
      INTO STRICT the_place, same
      FROM pg_index i
     CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = format('registry.%I', the_name)::regclass AND i.indisprimary;
    INSERT INTO audit.covered VALUES (the_number, the_name, the_key, the_columns, the_place)
        ON CONFLICT (table_number) DO UPDATE SET key = the_key, columns = the_columns;
    EXECUTE audit.enter_sql(the_number, format('SELECT %s AS key, %s AS was, %s AS now FROM registry.%I', key_sql,
                                               coalesce(was_sql, 'NULL::bytea'), row_sql, the_name));
    EXECUTE format($sql$
        CREATE OR REPLACE FUNCTION audit.cover_%1$s() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp SET jit = off AS $body$
        BEGIN
            IF TG_OP = 'INSERT' THEN %2$s;
            ELSIF TG_OP = 'DELETE' THEN %3$s;
            ELSE %4$s;
            END IF;
            RETURN NULL;
        END $body$ $sql$, the_name,
        audit.enter_sql(the_number, format('SELECT %s AS key, NULL::bytea AS was, %s AS now FROM new_rows', key_sql, row_sql)),
        audit.enter_sql(the_number, format('SELECT %s AS key, %s AS was, NULL::bytea AS now FROM old_rows', key_sql, row_sql)),
        audit.enter_sql(the_number, format(
            'SELECT coalesce(n.key, o.key) AS key, o.digest AS was, n.digest AS now '
            'FROM (SELECT *, %1$s AS key, %2$s AS digest FROM old_rows) o '
            'FULL JOIN (SELECT *, %1$s AS key, %2$s AS digest FROM new_rows) n ON %3$s', key_sql, row_sql, same)));
    EXECUTE format('REVOKE ALL ON FUNCTION audit.cover_%s() FROM PUBLIC', the_name);
    IF was_sql IS NULL THEN
        EXECUTE format('CREATE TRIGGER cover_insert AFTER INSERT ON registry.%1$I REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION audit.cover_%1$s()', the_name);
        EXECUTE format('CREATE TRIGGER cover_update AFTER UPDATE ON registry.%1$I REFERENCING OLD TABLE AS old_rows '
                       'NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.cover_%1$s()', the_name);
        EXECUTE format('CREATE TRIGGER cover_delete AFTER DELETE ON registry.%1$I REFERENCING OLD TABLE AS old_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION audit.cover_%1$s()', the_name);
        EXECUTE format('CREATE TRIGGER cover_truncate BEFORE TRUNCATE ON registry.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', the_name);
    END IF;
END $$;
REVOKE ALL ON ALL ROUTINES IN SCHEMA audit FROM PUBLIC;
COMMENT ON PROCEDURE audit.cover IS 'To be called by the migration that makes a table, or changes its columns';

/* A document is named in the log by its index and random bytes, which go when the row does. */
ALTER TABLE registry.document ADD COLUMN salt bytea NOT NULL
    DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
COMMENT ON COLUMN registry.document.salt IS 'Random bytes, for the log''s word for this row';

CALL audit.cover(1::int2, 'organisation', 'organisation_id', 'organisation_id, code, name, kind, division, status, code_override, registered_at, version');
CALL audit.cover(2::int2, 'organisation_scope', 'organisation_id, occupation_code, level, valid_from', 'organisation_id, occupation_code, level, valid_from, valid_to');
CALL audit.cover(3::int2, 'organisation_version', 'organisation_id, version', 'organisation_id, version, name, division, status, reason, operator_id, request_id, changed_at');
CALL audit.cover(4::int2, 'operator', 'operator_id', 'operator_id, organisation_id, sealed, roles, status');
CALL audit.cover(5::int2, 'operator_certificate', 'key_hash', 'key_hash, operator_id, added_at, revoked_at');
CALL audit.cover(6::int2, 'change', 'change_id', 'change_id, kind, operator_id, organisation_id, sealed, roles, key_hash, status, reason, proposed_by, proposed_at, decision, decided_by, decided_at');
CALL audit.cover(7::int2, 'class', 'class_number', 'class_number, organisation_id, title, occupation_code, level, training_kind, starts_on, ends_on, capacity, enrolled, state, opened_at, version, seats, lessons, hours');
CALL audit.cover(8::int2, 'class_version', 'class_number, version', 'class_number, version, title, starts_on, ends_on, capacity, state, reason, operator_id, request_id, changed_at');
CALL audit.cover(9::int2, 'lesson', 'class_number, lesson', 'class_number, lesson, held_on, held, hours, place, content, lesson_id, teacher_commitment, request_id');
CALL audit.cover(10::int2, 'attendance', 'class_number, person_id, lesson', 'class_number, person_id, lesson, state');
CALL audit.cover(11::int2, 'mark', 'class_number, person_id', 'class_number, person_id, theory, practice');
CALL audit.cover(12::int2, 'enrolment', 'class_number, person_id', 'class_number, person_id, enrolment_id, seat, trainee_group, document_type, enrolled_at, request_id, commitment, warnings, removed_reason, result');
CALL audit.cover(13::int2, 'person', 'person_id', 'person_id, commitment, record_id, version');
CALL audit.cover(14::int2, 'person_version', 'person_id, version', 'person_id, version, record_id, commitment, kind, case_reference, operator_id, request_id, changed_at');
CALL audit.cover(15::int2, 'document', 'sha256(salt || document_index)', 'document_type, person_id');
CALL audit.cover(16::int2, 'person_document', 'person_id, commitment', 'person_id, document_type, record_id, commitment, state, request_id');
CALL audit.cover(17::int2, 'person_merge', 'gone', 'gone, kept, case_reference, operator_id, request_id, merged_at');
CALL audit.cover(18::int2, 'name_conflict', 'conflict_id', 'conflict_id, person_id, commitment, class_number, operator_id, request_id, reported_at, decision, case_reference, decided_by, decided_at');
CALL audit.cover(19::int2, 'person_group', 'fact_id', 'fact_id, person_id, trainee_group, valid_from, valid_to, commitment, operator_id, request_id, recorded_at');
CALL audit.cover(20::int2, 'policy', 'division, name, valid_from', 'division, name, value, valid_from, valid_to, citation');
CALL audit.cover(21::int2, 'occupation', 'code', 'code, name');
