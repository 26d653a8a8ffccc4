/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the daemon's functions call among themselves stands in the schema helper, which the daemon's role cannot use: so does what
 * decides which covered tables the requests of a method may change (helper.method_tables).
 */
CREATE OR REPLACE FUNCTION audit.tie() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    methods text := current_setting('mingce.methods', true);
BEGIN
    IF methods <> '' AND NOT EXISTS (SELECT FROM unnest(string_to_array(methods, ' ')) m WHERE TG_TABLE_NAME = ANY (helper.method_tables(m))) THEN
        RAISE insufficient_privilege USING MESSAGE = format('requests of %s change no rows of %I', methods, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
