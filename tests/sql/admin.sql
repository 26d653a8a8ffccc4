/* SPDX-License-Identifier: Apache-2.0 */
/* What the installation commands do, and the code tables they find. */
BEGIN;
\ir fixture.psql
SELECT plan(29);

SELECT is(admin.organisation_register(pg_temp.u(50), '91370100000000050X', '示例', 2::int2, '370100', NULL, pg_temp.head()), pg_temp.u(50), 'A5: an organisation is registered');
SELECT is(admin.organisation_register(pg_temp.u(51), '91370100000000050X', '别名', 2::int2, '370100', NULL, pg_temp.head()), pg_temp.u(50), 'A5: the same code again is the same organisation');
SELECT is((SELECT count(*) FROM audit.entry), 1::int8, 'and leaves no second entry');
SELECT is((SELECT operator_id FROM audit.entry), pg_temp.u(0), 'the entry''s operator is nobody');
SELECT is((SELECT count(*) FROM registry.organisation_version WHERE organisation_id = pg_temp.u(50)), 1::int8, 'its first version is kept');
SELECT is(admin.organisation_register(pg_temp.u(52), '91370100000000052X', '示例', 2::int2, '370100', '营业执照如此', pg_temp.head()), pg_temp.u(52), 'A5: with the reason for its check character');
SELECT is((SELECT code_override FROM registry.organisation WHERE organisation_id = pg_temp.u(52)), '营业执照如此', 'A5: which is kept');
SELECT throws_ok(format('INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (%L, ''9137010000000005IO'', ''x'', 2, ''370100'')', pg_temp.u(53)),
    '23514', NULL, 'A5: letters that no code has are refused by the table');

SELECT is(admin.operator_add('91370100000000050X', pg_temp.u(60), 'x', '{clerk}', pg_temp.h(60), pg_temp.head()), pg_temp.u(60), 'an operator is added');
SELECT is(admin.operator_add('91370100000000050X', pg_temp.u(61), 'x', '{clerk}', pg_temp.h(60), pg_temp.head()), pg_temp.u(60), 'the same certificate again is the same operator');
SELECT throws_ok($$SELECT admin.operator_add('nobody', pg_temp.u(62), 'x', '{clerk}', pg_temp.h(62), 'x')$$, 'P0002', NULL, 'of an organisation that is there');
SELECT throws_ok(format('SELECT admin.operator_add(''91370100000000050X'', %L, ''x'', %L, %L, ''x'')', pg_temp.u(63), roles, pg_temp.h(63)), '23514', NULL, 'roles: ' || roles)
  FROM unnest(ARRAY['{clerk,sysadmin}', '{secadmin,auditadmin}', '{sysadmin,secadmin}', '{auditadmin,auditor}', '{boss}', '{}']) roles;

SELECT lives_ok($$SELECT admin.scope_add('91370100000000050X', '4-10-01-06', 2::int2, '2026-01-01', NULL, '\x0801')$$, 'G3: a scope is added');
SELECT throws_ok($$SELECT admin.scope_add('91370100000000050X', '9-99-99-99', 2::int2, '2026-01-01', NULL, '\x0801')$$, '23503', NULL, 'G3: of an occupation that is there');
SELECT throws_ok($$SELECT admin.scope_add('91370100000000050X', '4-10-01-06', 2::int2, '2026-02-01', '2026-01-01', '\x0801')$$, '23514', NULL, 'G3: whose end is after its beginning');
SELECT is(admin.occupation_put('{9-99-99-98,4-10-01-06}', '{示例职业,家政服务员}', pg_temp.head()), 1::int8, 'a new occupation is put, a known one stays');
SELECT is(admin.occupation_put('{9-99-99-98}', '{改名职业}', pg_temp.head()), 1::int8, 'one is renamed');
SELECT is(admin.occupation_put('{9-99-99-98}', '{改名职业}', pg_temp.head()), 0::int8, 'the same again changes nothing');

/* ---- code tables ---- */
SELECT is((SELECT count(*) FROM registry.trainee_group), 21::int8, 'A8: the plan''s trainee groups');
SELECT is((SELECT count(*) FROM registry.training_kind), 16::int8, 'the plan''s kinds of training');
SELECT is((SELECT count(*) FROM registry.skill_level), 8::int8, 'the eight levels');
SELECT cmp_ok((SELECT count(*) FROM registry.ethnicity), '>=', 56::int8, 'A8: the ethnicities of GB/T 3304');
SELECT is((SELECT count(*) FROM registry.division WHERE code = '370000'), 1::int8, 'A2: the province among the divisions');
SELECT cmp_ok((SELECT count(*) FROM registry.division WHERE end_year IS NOT NULL), '>', 0::int8, 'A2: former ones are kept');

SELECT * FROM finish();
ROLLBACK;
