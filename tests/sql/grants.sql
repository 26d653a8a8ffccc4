/* SPDX-License-Identifier: Apache-2.0 */
/* The database is the last guard: what the daemon's role may and may not. */
BEGIN;
SELECT plan(17);

SELECT is((SELECT string_agg(format('%I.%I %s', n.nspname, c.relname, p), ', ')
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
                  unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
            WHERE n.nspname IN ('registry', 'audit', 'api', 'admin') AND c.relkind IN ('r', 'v', 'm', 'p')
              AND has_table_privilege('mingced', c.oid, p)), NULL, 'the daemon''s role may touch no table and no view');
SELECT is((SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ')
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relowner = (SELECT oid FROM pg_roles WHERE rolname = 'mingced')), NULL, 'it owns nothing');
SELECT is((SELECT string_agg(n, ' ' ORDER BY n) FROM unnest(ARRAY['registry', 'audit', 'admin', 'public']) n
            WHERE has_schema_privilege('mingced', n, 'CREATE')), NULL, 'it creates nothing');
SELECT is((SELECT string_agg(p.proname, ' ') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('admin', 'registry', 'audit') AND p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')
              AND has_function_privilege('mingced', p.oid, 'EXECUTE') AND has_schema_privilege('mingced', n.oid, 'USAGE')),
          NULL, 'it calls nothing of admin, registry and audit');
SELECT is((SELECT string_agg(p.proname, ' ') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'api' AND has_function_privilege('mingced', p.oid, 'EXECUTE')
              AND (NOT p.prosecdef OR p.proconfig::text NOT LIKE '%search_path=pg_catalog%')), NULL,
          'what it may call runs as the owner, with a search path of its own');
SELECT is((SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'api' AND has_function_privilege('public', p.oid, 'EXECUTE')), 0::int8, 'nobody else calls them');
SELECT ok(NOT rolsuper AND NOT rolcreaterole AND NOT rolcreatedb AND NOT rolbypassrls, 'it is an ordinary role')
  FROM pg_roles WHERE rolname = 'mingced';

SET ROLE mingced;
SELECT throws_ok(sql, '42501', NULL, sql) FROM unnest(ARRAY[
    'INSERT INTO registry.policy VALUES (''370100'', ''minimum_age'', 1, ''2026-01-01'', NULL, ''x'')',
    'UPDATE registry.class SET capacity = 2000', 'DELETE FROM registry.request', 'TRUNCATE audit.entry',
    'SELECT * FROM registry.person', 'SELECT * FROM api.acting',
    'SELECT admin.scope_add(''x'', ''x'', 1::int2, ''2026-01-01'', NULL, ''x'')',
    'SELECT api.entry_body(''x'', 1::int2, 1, NULL, NULL, NULL)', 'CREATE TABLE api.mine ()']) sql;
SELECT lives_ok('SELECT api.schema_digest()', 'it asks for the schema''s digest');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
