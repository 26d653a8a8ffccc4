/* SPDX-License-Identifier: Apache-2.0 */
/* The database is the last guard: what the daemon's role may and may not. */
BEGIN;
SELECT plan(58);

SELECT is((SELECT string_agg(format('%I.%I %s', n.nspname, c.relname, p), ', ')
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
                  unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
            WHERE n.nspname IN ('registry', 'audit', 'api', 'helper', 'admin') AND c.relkind IN ('r', 'v', 'm', 'p')
              AND has_table_privilege('mingced', c.oid, p)), NULL, 'the daemon''s role may touch no table and no view');
SELECT is((SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ')
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relowner = (SELECT oid FROM pg_roles WHERE rolname = 'mingced')), NULL, 'it owns nothing');
SELECT is((SELECT string_agg(n, ' ' ORDER BY n) FROM unnest(ARRAY['registry', 'audit', 'api', 'helper', 'admin', 'notary', 'public']) n
            WHERE has_schema_privilege('mingced', n, 'CREATE')), NULL, 'it creates nothing');
SELECT is((SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace WHERE nspname IN ('registry', 'audit', 'api', 'helper', 'admin', 'notary')
              AND has_schema_privilege('mingced', oid, 'USAGE')), 'api', 'of the schemas it uses api alone');
SELECT is((SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace WHERE nspname IN ('registry', 'audit', 'api', 'helper', 'admin', 'notary')
              AND has_schema_privilege('mingced_notary', oid, 'USAGE')), 'notary', 'as the notary''s role uses notary');
SELECT is((SELECT string_agg(p.oid::regproc::text, ' ' ORDER BY p.proname) FROM pg_proc p
            WHERE p.pronamespace = 'api'::regnamespace AND NOT has_function_privilege('mingced', p.oid, 'EXECUTE')), NULL, 'it may call every function of api');
SELECT is((SELECT string_agg(t.oid::regtype::text, ' ' ORDER BY t.typname) FROM pg_type t WHERE t.typnamespace = 'api'::regnamespace), NULL,
          'and api holds nothing else: no table, view or type');
SELECT is((SELECT string_agg(p.proname, ' ') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('helper', 'admin', 'registry', 'audit') AND p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')
              AND has_function_privilege('mingced', p.oid, 'EXECUTE') AND has_schema_privilege('mingced', n.oid, 'USAGE')),
          NULL, 'it calls nothing of helper, admin, registry and audit');
SELECT is((SELECT string_agg(p.proname, ' ') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'api' AND has_function_privilege('mingced', p.oid, 'EXECUTE')
              AND (NOT p.prosecdef OR p.proconfig::text NOT LIKE '%search_path=pg_catalog%')), NULL,
          'what it may call runs as the owner, with a search path of its own');
SELECT is((SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('api', 'helper') AND has_function_privilege('public', p.oid, 'EXECUTE')), 0::int8, 'nobody else calls them');
SELECT ok(NOT rolsuper AND NOT rolcreaterole AND NOT rolcreatedb AND NOT rolbypassrls, 'it is an ordinary role')
  FROM pg_roles WHERE rolname = 'mingced';

SET ROLE mingced;
SELECT throws_ok(sql, '42501', NULL, sql) FROM unnest(ARRAY[
    'INSERT INTO registry.policy VALUES (''370100'', ''minimum_age'', 1, ''2026-01-01'', NULL, ''x'')',
    'UPDATE registry.class SET capacity = 2000', 'DELETE FROM registry.request', 'TRUNCATE audit.entry',
    'SELECT * FROM registry.person', 'SELECT * FROM helper.acting',
    'SELECT admin.scope_add(''x'', ''x'', 1::int2, ''2026-01-01'', NULL, ''x'')',
    'SELECT helper.entry_body(''x'', 1::int2, 1, NULL, NULL, NULL)', 'CREATE TABLE api.mine ()']) sql;
SELECT lives_ok('SELECT api.schema_digest()', 'it asks for the schema''s digest');
RESET ROLE;

/* ---- each in turn, as the role ---- */
CREATE TEMP TABLE tables AS
SELECT c.oid::regclass::text AS name, c.relkind, quote_ident((SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                                    ORDER BY a.attnum LIMIT 1)) AS first_column
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('registry', 'audit', 'helper') AND c.relkind IN ('r', 'v');
CREATE TEMP TABLE calls AS
SELECT n.nspname AS schema, p.proname AS name, p.prosecdef,
       format('SELECT * FROM %s(%s)', p.oid::regproc,
              (SELECT string_agg(format('%L::%s', CASE WHEN t.typcategory = 'A' THEN '{}' END, t.oid::regtype), ', ' ORDER BY a.n)
                 FROM unnest(p.proargtypes) WITH ORDINALITY a(type, n) JOIN pg_type t ON t.oid = a.type)) AS sql
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('api', 'helper', 'admin') AND p.prokind = 'f';
GRANT SELECT ON tables, calls TO mingced;
/* The SQLSTATE that a statement ends with, 00001 when it went; nothing of it stays. */
CREATE FUNCTION pg_temp.state(sql text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE sql;
    RAISE EXCEPTION 'went' USING ERRCODE = '00001';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT cmp_ok((SELECT count(*) FROM tables), '>=', 25::int8, 'tables and views to try');
SELECT cmp_ok((SELECT count(*) FROM calls WHERE schema = 'api'), '>=', 27::int8, 'functions that the daemon calls');

SET ROLE mingced;
SELECT is((SELECT string_agg(name, ' ') FROM tables
            WHERE pg_temp.state(format(statement, name, first_column)) NOT IN ('42501', CASE relkind WHEN 'v' THEN '55000' /* not updatable */ ELSE '42501' END)), NULL, 'refused of each: ' || statement)
  FROM unnest(ARRAY['SELECT FROM %1$s', 'SELECT %2$s FROM %1$s', 'INSERT INTO %1$s DEFAULT VALUES', 'UPDATE %1$s SET %2$s = NULL', 'DELETE FROM %1$s',
                    'SELECT FROM %1$s FOR UPDATE', 'LOCK TABLE %1$s']) statement;
SELECT is((SELECT string_agg(name, ' ') FROM tables WHERE relkind = 'r' AND pg_temp.state('TRUNCATE ' || name) <> '42501'), NULL, 'refused of each: TRUNCATE');
SELECT is((SELECT string_agg(name || ' ' || pg_temp.state(sql), ', ') FROM calls WHERE schema = 'api' AND pg_temp.state(sql) <> '00001'), NULL,
          'each function for the daemon may be called, and an empty set does nothing');
SELECT is((SELECT string_agg(name, ' ') FROM calls WHERE schema = 'helper' AND pg_temp.state(sql) <> '42501'), NULL, 'none of those behind them');
SELECT is((SELECT string_agg(name, ' ') FROM calls WHERE schema = 'admin' AND pg_temp.state(sql) <> '42501'), NULL, 'and none of admin''s');
SELECT is(pg_temp.state(sql), '42501', sql) FROM unnest(ARRAY[
    'SELECT nextval(''audit.entry_id_seq'')', 'SELECT setval(''audit.entry_id_seq'', 1)', 'CALL helper.answer(NULL, NULL, NULL, NULL, NULL)',
    'CALL helper.change_apply(NULL)', 'CALL helper.class_results(1)', 'ALTER TABLE audit.entry DISABLE TRIGGER ALL', 'DROP TRIGGER entry_written_once ON audit.entry',
    'DROP TABLE registry.request', 'SET session_replication_role = replica', 'DROP FUNCTION helper.today()',
    'CREATE OR REPLACE FUNCTION helper.today() RETURNS date LANGUAGE sql AS ''SELECT NULL::date''',
    'CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS ''SELECT 1''', 'CREATE SCHEMA mine', 'CREATE TEMP TABLE mine ()', 'CREATE ROLE mine',
    'GRANT SELECT ON registry.person TO mingced', 'GRANT EXECUTE ON FUNCTION helper.today TO mingced', 'COPY (SELECT 1) TO PROGRAM ''true''',
    'SELECT pg_read_file(''PG_VERSION'')', 'SELECT audit.refuse_change()']) sql;
RESET ROLE;
SELECT is((SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolname <> 'mingced' AND pg_has_role('mingced', oid, 'MEMBER')), NULL, 'it is a member of no role');
SELECT is((SELECT string_agg(relname, ' ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('registry', 'audit', 'api', 'helper') 
              AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege('mingced', c.oid, 'USAGE, SELECT, UPDATE') END), NULL, 'nor may it use a sequence');

/* ---- whoever else may connect ---- */
CREATE ROLE mingce_stranger;
GRANT SELECT ON tables, calls TO mingce_stranger;
SET ROLE mingce_stranger;
SELECT is((SELECT string_agg(name, ' ') FROM calls WHERE pg_temp.state(sql) <> '42501'), NULL, 'no function is a stranger''s');
SELECT is((SELECT string_agg(name, ' ') FROM tables WHERE pg_temp.state('SELECT FROM ' || name) <> '42501'), NULL, 'and no table');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
