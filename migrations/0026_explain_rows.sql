/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of one transaction say so (AuditEntry.transaction) and stand together in the log: a change of rows that no request or
 * command of its transaction explains is somebody's who went past them. The schema's own objects are covered like rows.
 */

/* Field 18, the last of an entry. */
CREATE FUNCTION audit.transaction() RETURNS bytea LANGUAGE sql STABLE AS $$ SELECT '\x920108'::bytea || xid8send(pg_current_xact_id()) $$;

/* As before, with the transaction. A key is shorter than 128 bytes. */
CREATE OR REPLACE FUNCTION audit.enter_sql(the_table int2, changes text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format($sql$
        INSERT INTO audit.entry (operator_id, body)
        SELECT '00000000-0000-0000-0000-000000000000', audit.rows_head() || string_agg(
                   '\x8a01'::bytea
                || CASE WHEN c.n < 128 THEN substring(int4send(c.n) FROM 4)
                        ELSE substring(int4send(c.n %% 128 + 128) FROM 4) || substring(int4send(c.n / 128) FROM 4) END
                || '\x08%1$s12'::bytea || substring(int4send(octet_length(c.key)) FROM 4) || c.key
                || CASE WHEN c.was IS NULL THEN ''::bytea ELSE '\x1a20'::bytea || c.was END
                || CASE WHEN c.now IS NULL THEN ''::bytea ELSE '\x2220'::bytea || c.now END, ''::bytea) || audit.transaction()
          FROM (SELECT x.key, x.was, x.now, (row_number() OVER () - 1) / 256 AS part,
                       4 + octet_length(x.key) + CASE WHEN x.was IS NULL THEN 0 ELSE 34 END
                                               + CASE WHEN x.now IS NULL THEN 0 ELSE 34 END AS n
                  FROM (%2$s) x WHERE x.was IS DISTINCT FROM x.now) c
         GROUP BY c.part $sql$, lpad(to_hex(the_table::int4), 2, '0'), changes)
$$;

/* The entry of an installation command, in whose transaction the rows change that it explains; of what version of the schema's
   files (32 bytes; NULL: of none). */
CREATE PROCEDURE audit.enter_command(in_head bytea, in_version bytea) LANGUAGE sql AS $$
    INSERT INTO audit.entry (operator_id, body)
    VALUES ('00000000-0000-0000-0000-000000000000',
            in_head || '\x4801'::bytea || coalesce('\x6220'::bytea || in_version, ''::bytea) || audit.transaction())
$$;

CREATE TABLE audit.schema_object (
    object text PRIMARY KEY,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32)
);
COMMENT ON TABLE audit.schema_object IS 'What the log was last told of the database''s objects (migrations/catalog/objects.sql); nothing is proven by it';
COMMENT ON COLUMN audit.schema_object.object IS 'Kind and name';
COMMENT ON COLUMN audit.schema_object.digest IS 'SHA-256 of its definition';

/* Of the objects whose names match, or do not, those that are not as the log was last told: the first few; NULL: all are, or it
   was told nothing. */
CREATE FUNCTION audit.schema_changed(in_objects text[], in_digests bytea[], in_pattern text, in_matching bool) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT string_agg(x.object, ', ' ORDER BY x.object)
      FROM (SELECT coalesce(n.object, o.object) AS object
              FROM unnest(in_objects, in_digests) n(object, digest)
              FULL JOIN (SELECT * FROM audit.schema_object k WHERE (k.object ~ in_pattern) = in_matching) o ON o.object = n.object
             WHERE n.digest IS DISTINCT FROM o.digest AND EXISTS (SELECT FROM audit.schema_object)
             ORDER BY 1 LIMIT 8) x
$$;

/* Tells the log what has changed since it was last told, as rows of ROWS_SCHEMA. */
CREATE FUNCTION audit.enter_schema(in_objects text[], in_digests bytea[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE audit.enter_sql(60::int2,
        'SELECT record_send(ROW(coalesce(n.object, o.object))) AS key, o.digest AS was, n.digest AS now '
        'FROM unnest($1, $2) n(object, digest) FULL JOIN audit.schema_object o ON o.object = n.object') USING in_objects, in_digests;
    DELETE FROM audit.schema_object;
    INSERT INTO audit.schema_object (object, digest) SELECT * FROM unnest(in_objects, in_digests);
END $$;

/*
 * What could be guessed from a digest, by whoever has the public log, is hashed together with random bytes that stay in the row:
 * how somebody attended, what marks they had, in which group they are, whether they draw a pension.
 */
DO $$
DECLARE
    the_table text;
    the_salted CONSTANT text[] := '{attendance,mark,person_group,claim,claim_line,claim_once,claim_fact,certificate,certificate_amendment,employment}';
    c audit.covered;
BEGIN
    FOREACH the_table IN ARRAY the_salted LOOP
        EXECUTE format('ALTER TABLE registry.%I ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid()', the_table);
        EXECUTE format('COMMENT ON COLUMN registry.%I.salt IS ''Random, so that the log''''s digest of the row tells nothing''', the_table);
    END LOOP;
    FOR c IN SELECT * FROM audit.covered ORDER BY table_number LOOP
        CALL audit.cover(c.table_number, c.table_name, c.key, c.columns || CASE WHEN c.table_name = ANY (the_salted) THEN ', salt' ELSE '' END);
    END LOOP;
END $$;
REVOKE ALL ON ALL ROUTINES IN SCHEMA audit FROM PUBLIC;
