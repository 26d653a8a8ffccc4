/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether money was clawed back for fraud, and why a claim was refused or a certificate revoked, is soon guessed from a digest of few
 * possible rows, by whoever has the public log: steps are hashed together with random bytes that stay in the row, as the others that
 * say something of somebody are.
 */
DO $$
DECLARE
    the_table text;
    c audit.covered;
BEGIN
    FOREACH the_table IN ARRAY '{certificate_version,claim_step}'::text[] LOOP
        EXECUTE format('ALTER TABLE registry.%I ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid()', the_table);
        EXECUTE format('COMMENT ON COLUMN registry.%I.salt IS ''Random, so that the log''''s digest of the row tells nothing''', the_table);
        SELECT * INTO c FROM audit.covered v WHERE v.table_name = the_table;
        CALL audit.cover(c.table_number, c.table_name, c.key, c.columns || ', salt');
    END LOOP;
END $$;
