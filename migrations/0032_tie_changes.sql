/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request is of decides which covered tables it may change (api.method_tables): api.heads_check() says which methods this
 * transaction's requests are of, in the setting mingce.methods, and a change of another table is refused. Where nothing is said no
 * request is under way, and the log's readers name what was changed all the same.
 */
CREATE FUNCTION audit.tie() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    methods text := current_setting('mingce.methods', true);
BEGIN
    IF methods <> '' AND NOT EXISTS (SELECT FROM unnest(string_to_array(methods, ' ')) m WHERE TG_TABLE_NAME = ANY (api.method_tables(m))) THEN
        RAISE insufficient_privilege USING MESSAGE = format('requests of %s change no rows of %I', methods, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit.tie() FROM PUBLIC;

/* For the migration that makes a table, after audit.cover(). */
CREATE PROCEDURE audit.tie_table(the_name text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER tie BEFORE INSERT OR UPDATE OR DELETE ON registry.%I FOR EACH STATEMENT EXECUTE FUNCTION audit.tie()', the_name);
END $$;
REVOKE ALL ON ALL ROUTINES IN SCHEMA audit FROM PUBLIC;

DO $$
DECLARE
    the_table text;
BEGIN
    FOR the_table IN SELECT table_name FROM audit.covered ORDER BY table_number LOOP
        CALL audit.tie_table(the_table);
    END LOOP;
END $$;
