/* SPDX-License-Identifier: Apache-2.0 */
/* The digest of a row is made once, not again wherever the statement that enters it speaks of it: of many rows that was
   most of what an insertion cost. */

/* As before, but that the changes are made before anything is asked of them (OFFSET 0). */
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
                  FROM (%2$s OFFSET 0) x WHERE x.was IS DISTINCT FROM x.now) c
         GROUP BY c.part $sql$, lpad(to_hex(the_table::int4), 2, '0'), changes)
$$;

/* The triggers of the tables that are covered already. */
DO $$
DECLARE
    before CONSTANT text := ') x WHERE x.was IS DISTINCT FROM x.now) c';
    covering text;
    the_table text;
BEGIN
    FOR the_table IN SELECT table_name FROM audit.covered ORDER BY table_number LOOP
        covering := pg_get_functiondef(format('audit.%I()', 'cover_' || the_table)::regprocedure);
        IF position(before IN covering) = 0 THEN
            RAISE EXCEPTION 'audit.cover_% is not as it was made', the_table;
        END IF;
        EXECUTE replace(covering, before, ' OFFSET 0' || before);
    END LOOP;
END $$;
