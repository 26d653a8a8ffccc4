/* SPDX-License-Identifier: Apache-2.0 */
/* What plpgsql_check says of every function in PL/pgSQL: of each statement whether its tables, columns and types are there, of each
   variable whether it is used. It reads; nothing is run. */
BEGIN;
SELECT plan(3);
CREATE EXTENSION plpgsql_check;

CREATE TEMP VIEW ours AS
SELECT p.oid, p.oid::regproc::text AS name, p.prorettype = 'trigger'::regtype AS is_trigger, n.nspname IN ('api', 'helper', 'admin', 'notary') AS is_api
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname IN ('registry', 'audit', 'api', 'helper', 'admin', 'notary')
  JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql';

SELECT is((SELECT string_agg(format('%s line %s: %s %s', o.name, c.lineno, c.level, c.message), E'\n' ORDER BY o.name, c.lineno)
             FROM ours o CROSS JOIN LATERAL plpgsql_check_function_tb(o.oid, fatal_errors => false) c
            WHERE NOT o.is_trigger AND o.is_api
              AND NOT (o.name = 'api.log_locate' AND c.message = 'unused parameter "in_operator"') /* anybody may ask */
              AND NOT (o.name = 'helper.claim_judge_row' AND c.message = 'composite OUT variable "claim" is not single argument')), NULL,
          'functions of api, helper, admin and notary: neither an error nor a warning');
SELECT is((SELECT string_agg(format('%s line %s: %s', o.name, c.lineno, c.message), E'\n' ORDER BY o.name, c.lineno)
             FROM ours o CROSS JOIN LATERAL plpgsql_check_function_tb(o.oid, fatal_errors => false) c
            WHERE NOT o.is_trigger AND NOT o.is_api AND c.level = 'error'), NULL, 'those that migrations have made for good: no error');
SELECT is((SELECT string_agg(format('%s of %s line %s: %s', o.name, t.tgrelid::regclass, c.lineno, c.message), E'\n')
             FROM ours o JOIN pg_trigger t ON t.tgfoid = o.oid
            CROSS JOIN LATERAL plpgsql_check_function_tb(o.oid, t.tgrelid, fatal_errors => false, oldtable => 'old_rows', newtable => 'new_rows') c
            WHERE c.level = 'error'), NULL, 'triggers, each on each of its tables: no error');

SELECT * FROM finish();
ROLLBACK;
