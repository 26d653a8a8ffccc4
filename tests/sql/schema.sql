/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of the schemas: what is told of them, who owns them, how their functions run. */
BEGIN;
SELECT plan(23);

SELECT matches(api.schema_digest(), '^[0-9a-f]{64}$', 'the digest that the daemon compares is a SHA-256');
SELECT is((SELECT count(*) FROM registry.schema_api), 1::int8, 'there is one');
UPDATE registry.schema_api SET digest = 'other';
SELECT is(api.schema_digest(), 'other', 'and it is what the table says');
DELETE FROM registry.schema_api;
SELECT is(api.schema_digest(), NULL, 'none where no functions were made');

CREATE TEMP VIEW relations AS
SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind, c.relowner
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('registry', 'audit', 'api', 'helper', 'admin');
CREATE TEMP VIEW routines AS
SELECT p.oid, n.nspname AS schema, p.proname AS name, p.proowner, p.prosecdef, p.proconfig, p.prorettype, p.prokind
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname IN ('registry', 'audit', 'api', 'helper', 'admin')
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e'); /* an extension's */

SELECT is((SELECT string_agg(name, ' ') FROM relations WHERE relkind = 'r' AND obj_description(oid, 'pg_class') IS NULL), NULL, 'every table says what it holds');
SELECT is((SELECT string_agg(r.name || '.' || a.attname, ' ') FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE r.relkind = 'r' AND col_description(r.oid, a.attnum) IS NULL), NULL, 'and every column');
SELECT is((SELECT string_agg(n.nspname, ' ') FROM pg_namespace n WHERE n.nspname IN ('registry', 'audit') AND obj_description(n.oid, 'pg_namespace') IS NULL), NULL, 'and both schemas');
SELECT is((SELECT string_agg(r.name, ' ') FROM relations r WHERE r.relkind = 'r'
              AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = r.oid AND k.contype IN ('p', 'u'))), 'registry.schema_api', 'every table of rows has a key');
SELECT is((SELECT string_agg(r.name || '.' || a.attname, ' ') FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
            WHERE r.relkind = 'r' AND a.atttypid IN ('float4'::regtype, 'float8'::regtype, 'money'::regtype, 'timestamp'::regtype)), NULL,
          'no number is a floating one, no instant without its zone');
SELECT is((SELECT count(DISTINCT o) FROM (SELECT relowner AS o FROM relations UNION ALL SELECT proowner FROM routines) x), 1::int8, 'all is one owner''s');
SELECT isnt((SELECT DISTINCT relowner::regrole::text FROM relations), 'mingced', 'who is not the daemon''s role');
SELECT is((SELECT string_agg(schema || '.' || name, ' ') FROM routines WHERE prosecdef AND proconfig::text !~ 'search_path=pg_catalog(, registry)?, pg_temp'), NULL,
          'what runs as the owner finds no functions but these');
SELECT is((SELECT string_agg(schema || '.' || name, ' ') FROM routines WHERE prosecdef AND schema <> 'api'), NULL, 'nothing outside api runs as the owner');
SELECT is((SELECT string_agg(schema || '.' || name, ' ') FROM (SELECT schema, name FROM routines WHERE schema IN ('api', 'helper', 'admin') GROUP BY 1, 2 HAVING count(*) > 1) x), NULL,
          'no name stands for two functions');
SELECT is((SELECT string_agg(DISTINCT t.tgrelid::regclass::text, ' ' ORDER BY t.tgrelid::regclass::text) FROM pg_trigger t
            WHERE t.tgfoid = 'audit.refuse_change'::regproc AND t.tgenabled = 'O' AND t.tgtype = 2 + 8 + 16 + 32 /* before; delete, update, truncate */),
          'audit.checkpoint audit.cosignature audit.entry audit.leaf registry.batch_answer registry.certificate_amendment registry.certificate_version registry.claim_step registry.class_version registry.human registry.journal '
          'registry.organisation_version registry.project_run registry.project_run_head registry.project_step registry.request', 'what is written once');
SELECT is((SELECT count(*) FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE NOT k.convalidated), 0::int8, 'every constraint holds of every row');

SELECT is((SELECT string_agg(format('%s.%s', n.nspname, p.proname), ' ') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('api', 'helper', 'admin', 'notary') AND coalesce(obj_description(p.oid, 'pg_proc'), '') = ''), NULL, 'every function says what it does');

/* ---- what the log covers ---- */

SELECT is((SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c WHERE c.relnamespace = 'registry'::regnamespace
              AND c.relkind = 'r' AND c.relname NOT IN (SELECT table_name FROM audit.covered)),
          'calendar_move class_counter class_look code_alias division education ethnicity fund_source ledger_account ledger_cash ledger_share look look_hour policy_name posting_template request '
          'schema_api schema_migration skill_level snapshot_part spending_kind training_kind verification_source', 'every table but counters, records of looks, answers, and codes that migrations alone load');
SELECT is((SELECT string_agg(c.table_name || '.' || a.attname, ' ' ORDER BY c.table_name, a.attname) FROM audit.covered c
             JOIN pg_attribute a ON a.attrelid = format('registry.%I', c.table_name)::regclass AND a.attnum > 0
                                AND NOT a.attisdropped AND a.attgenerated = ''
            WHERE (c.key || ', ' || c.columns) !~ ('\m' || a.attname || '\M')),
          NULL, 'every column; of what is sealed and of keyed indexes a digest');
SELECT is((SELECT string_agg(c.table_name || '.' || a.attname, ' ' ORDER BY c.table_name, a.attname) FROM audit.covered c
             JOIN pg_attribute a ON a.attrelid = format('registry.%I', c.table_name)::regclass AND a.attnum > 0 AND NOT a.attisdropped
            WHERE a.attname ~ '(_index|search_key)$' AND a.attname = ANY (string_to_array(c.columns, ', '))),
          NULL, 'and no keyed index as it is: the log is for good');
SELECT is((SELECT string_agg(c.table_name, ' ' ORDER BY c.table_name) FROM audit.covered c WHERE concat_ws(', ', c.key, c.columns) !~ 'salt|sealed|commitment'),
          'bank_balance calendar_day calendar_proposal catalogue catalogue_demand catalogue_institution catalogue_kind catalogue_row claim_place class class_filing class_standard class_version delegation earmark employee_group fact fact_effect fund_month fund_move ledger occupation occupation_name '
          'operator_certificate organisation organisation_kind organisation_scope organisation_version payment_batch person_merge policy policy_proposal project project_class project_material project_run project_tier room snapshot standard state_day trainee_group '
          'venue venue_use',
          'D1: what is said of somebody is hashed with random bytes; without them what is said of nobody, and whose a place or a merged record is');
SELECT is((SELECT count(*) FROM audit.covered c JOIN pg_trigger t ON t.tgrelid = format('registry.%I', c.table_name)::regclass
            WHERE t.tgname IN ('cover_insert', 'cover_update', 'cover_delete', 'cover_truncate') AND t.tgenabled = 'O'),
          4 * (SELECT count(*) FROM audit.covered), 'by triggers on all of them');
SELECT is((SELECT string_agg(c.table_name, ' ' ORDER BY c.table_name) FROM audit.covered c
            WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = format('registry.%I', c.table_name)::regclass AND t.tgname = 'tie' AND t.tgenabled = 'O'
                                 AND t.tgfoid = 'audit.tie'::regproc AND t.tgtype = 2 + 4 + 8 + 16 /* before; insert, delete, update */)), NULL,
          'and each is changed only by the methods that may');

SELECT * FROM finish();
ROLLBACK;
