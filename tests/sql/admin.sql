/* SPDX-License-Identifier: Apache-2.0 */
/* What the installation commands do, and the code tables they find. */
BEGIN;
\ir fixture.psql
SELECT plan(54);

SELECT is(admin.organisation_register(pg_temp.u(50), '91370100000000050X', '示例', 2::int2, '370100', NULL, pg_temp.head()), pg_temp.u(50), 'A5: an organisation is registered');
SELECT is(admin.organisation_register(pg_temp.u(51), '91370100000000050X', '别名', 2::int2, '370100', NULL, pg_temp.head()), pg_temp.u(50), 'A5: the same code again is the same organisation');
SELECT is((SELECT count(*) FROM acts), 1::int8, 'and leaves no second entry');
SELECT is((SELECT operator_id FROM acts), pg_temp.u(0), 'the entry''s operator is nobody');
SELECT is((SELECT count(*) FROM registry.organisation_version WHERE organisation_id = pg_temp.u(50)), 1::int8, 'its first version is kept');
SELECT is(admin.organisation_register(pg_temp.u(52), '91370100000000052X', '示例', 2::int2, '370100', '营业执照如此', pg_temp.head()), pg_temp.u(52), 'A5: with the reason for its check character');
SELECT is((SELECT code_override FROM registry.organisation WHERE organisation_id = pg_temp.u(52)), '营业执照如此', 'A5: which is kept');
SELECT throws_ok(format('INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (%L, ''9137010000000005IO'', ''x'', 2, ''370100'')', pg_temp.u(53)),
    '23514', NULL, 'A5: letters that no code has are refused by the table');

SELECT is(admin.operator_add('91370100000000050X', pg_temp.u(60), 'x', '{clerk}', pg_temp.h(60), pg_temp.u(560), pg_temp.h(560), 's', pg_temp.head()), pg_temp.u(60), 'an operator is added');
SELECT is(admin.operator_add('91370100000000050X', pg_temp.u(61), 'x', '{clerk}', pg_temp.h(60), pg_temp.u(561), pg_temp.h(560), 's', pg_temp.head()), pg_temp.u(60), 'the same certificate again is the same operator');
SELECT throws_ok($$SELECT admin.operator_add('nobody', pg_temp.u(62), 'x', '{clerk}', pg_temp.h(62), pg_temp.u(562), pg_temp.h(562), 's', 'x')$$, 'P0002', NULL, 'of an organisation that is there');
SELECT throws_ok(format('SELECT admin.operator_add(''91370100000000050X'', %L, ''x'', %L, %L, %1$L, %3$L, ''s'', ''x'')', pg_temp.u(63), roles, pg_temp.h(63)), '23514', NULL, 'roles: ' || roles)
  FROM unnest(ARRAY['{clerk,sysadmin}', '{secadmin,auditadmin}', '{sysadmin,secadmin}', '{auditadmin,auditor}', '{boss}', '{}']) roles;

SELECT lives_ok($$SELECT admin.scope_add('91370100000000050X', '4-10-01-06', 2::int2, '2026-01-01', NULL, '\x0801')$$, 'G3: a scope is added');
SELECT throws_ok($$SELECT admin.scope_add('91370100000000050X', '9-99-99-99', 2::int2, '2026-01-01', NULL, '\x0801')$$, '23503', NULL, 'G3: of an occupation that is there');
SELECT throws_ok($$SELECT admin.scope_add('91370100000000050X', '4-10-01-06', 2::int2, '2026-02-01', '2026-01-01', '\x0801')$$, '23514', NULL, 'G3: whose end is after its beginning');
SELECT is(admin.occupation_put('{9-99-99-98,4-10-01-06}', '{示例职业,家政服务员}', pg_temp.head()), 1::int8, 'a new occupation is put, a known one stays');
SELECT is(admin.occupation_put('{9-99-99-98}', '{改名职业}', pg_temp.head()), 1::int8, 'one is renamed');
SELECT is(admin.occupation_put('{9-99-99-98}', '{改名职业}', pg_temp.head()), 0::int8, 'the same again changes nothing');
SELECT is((SELECT count(*) FROM registry.occupation_name WHERE edition = 2022), 1639::int8, 'the edition of 2022 is whole');
SELECT is(helper.occupation_name('4-10-01-03', '2019-05-01'), '保育员', 'a class of 2019 keeps its name');
SELECT is(helper.occupation_name('4-10-01-03', '2026-05-01'), '保育师', 'a class of today has today''s');
SELECT is(helper.occupation_name('6-20-01-01', '2022-09-26') || helper.occupation_name('6-20-01-01', '2022-09-27'), '钳工装配钳工', 'from the day of the edition');
SELECT is(helper.occupation_name('1-01-00-01', '2019-05-01'), '中国共产党机关负责人', 'what is not known otherwise is called as today');
SELECT is((SELECT string_agg(name, ' ') FROM registry.occupation_name WHERE occupation_code = '9-99-99-98'), '改名职业',
          'a name that was put and renamed on one day was never called otherwise');

/* ---- code tables ---- */
SELECT is((SELECT count(*) FROM registry.trainee_group), 21::int8, 'A8: the plan''s trainee groups');
SELECT is((SELECT count(*) FROM registry.training_kind), 16::int8, 'the plan''s kinds of training');
SELECT is((SELECT count(*) FROM registry.skill_level), 9::int8, 'the eight levels, and none');
SELECT cmp_ok((SELECT count(*) FROM registry.ethnicity), '>=', 56::int8, 'A8: the ethnicities of GB/T 3304');
SELECT is((SELECT count(*) FROM registry.division WHERE code = '370000'), 1::int8, 'A2: the province among the divisions');
SELECT cmp_ok((SELECT count(*) FROM registry.division WHERE end_year IS NOT NULL), '>', 0::int8, 'A2: former ones are kept');

/* ---- entries; the same again ---- */
CREATE FUNCTION pg_temp.entries() RETURNS int8 LANGUAGE sql AS 'SELECT count(*) FROM acts';
CREATE TEMP TABLE before AS SELECT pg_temp.entries() AS n;
SELECT admin.organisation_register(pg_temp.u(70), '91370100000000070X', '示例', 2::int2, '370100', NULL, '\x080110');
SELECT is(pg_temp.entries() - n, 1::int8, 'registering leaves an entry') FROM before;
SELECT is((SELECT concat_ws(' ', operator_id, person_id, pg_temp.bare(body)) FROM acts ORDER BY id DESC LIMIT 1), '00000000-0000-0000-0000-000000000000 0801104801', 'its head as given, done, on nobody');
SELECT admin.operator_add('91370100000000070X', pg_temp.u(71), 'x', '{clerk}', pg_temp.h(71), pg_temp.u(571), pg_temp.h(571), 's', pg_temp.head());
SELECT is(pg_temp.entries() - n, 2::int8, 'adding an operator leaves one') FROM before;
SELECT is((SELECT concat_ws(' ', right(o.organisation_id::text, 2), roles, status, convert_from(sealed, 'UTF8'), revoked_at) FROM registry.operator o JOIN registry.operator_certificate USING (operator_id) WHERE key_hash = pg_temp.h(71)),
          '70 {clerk} 1 x', 'who acts for it with the key');
SELECT admin.scope_add('91370100000000070X', '4-10-01-06', 2::int2, '2026-01-01', '2026-12-31', pg_temp.head());
SELECT is(pg_temp.entries() - n, 3::int8, 'adding a scope leaves one') FROM before;
SELECT admin.occupation_put('{9-99-99-97}', '{示例职业甲}', pg_temp.head());
SELECT is(pg_temp.entries() - n, 4::int8, 'putting occupations leaves one') FROM before;
SELECT admin.organisation_register(pg_temp.u(72), '91370100000000070X', '别名', 3::int2, '370200', 'x', pg_temp.head()), admin.operator_add('91370100000000070X', pg_temp.u(72), 'y', '{payer}', pg_temp.h(71), pg_temp.u(571), pg_temp.h(571), 's', pg_temp.head()),
       admin.scope_add('91370100000000070X', '4-10-01-06', 2::int2, '2026-01-01', '2026-12-31', pg_temp.head()), admin.occupation_put('{9-99-99-97}', '{示例职业甲}', pg_temp.head());
SELECT is(pg_temp.entries() - n, 4::int8, 'all of it again leaves none') FROM before;
SELECT is((SELECT concat_ws(' ', name, kind, division, code_override) FROM registry.organisation WHERE code = '91370100000000070X'), '示例 2 370100', 'A5: the organisation is as it was');
SELECT is((SELECT roles::text FROM registry.operator WHERE operator_id = pg_temp.u(71)), '{clerk}', 'the operator too');
SELECT is((SELECT count(*) FROM registry.operator WHERE operator_id = pg_temp.u(72)), 0::int8, 'there is no second');
SELECT throws_ok($$SELECT admin.scope_add('nobody', '4-10-01-06', 2::int2, '2026-01-01', NULL, 'x')$$, 'P0002', 'no such organisation', 'G3: nobody has no scope');
SELECT throws_ok($$SELECT admin.operator_add('nobody', pg_temp.u(73), 'x', '{clerk}', pg_temp.h(73), pg_temp.u(573), pg_temp.h(573), 's', 'x')$$, 'P0002', 'no such organisation', 'nor operators');
SELECT throws_ok($$SELECT admin.occupation_put('{9-99-99-96,职业}', '{示例,示例}', 'x')$$, '23514', NULL, 'occupations are put all or none');
SELECT is((SELECT count(*) FROM registry.occupation WHERE code = '9-99-99-96'), 0::int8, 'none then');
SELECT throws_ok($$SELECT admin.scope_add('91370100000000070X', '4-10-01-06', 2::int2, '2026-06-01', NULL, 'x')$$, '23P01', NULL, 'G3: periods of an occupation and level do not overlap');
SELECT throws_ok($$SELECT admin.scope_add('91370100000000070X', '4-10-01-06', 2::int2, '2025-01-01', '2026-01-01', 'x')$$, '23P01', NULL, 'G3: not by a day');
SELECT admin.scope_add('91370100000000070X', '4-10-01-06', 2::int2, '2026-01-01', NULL, pg_temp.head());
SELECT is((SELECT valid_to FROM registry.organisation_scope WHERE organisation_id = pg_temp.u(70)), date '2026-12-31', 'G3: what began that day stays as it is');
SELECT lives_ok($$SELECT admin.scope_add('91370100000000070X', '4-10-01-06', 2::int2, '2027-01-01', NULL, '\x0801')$$, 'G3: the next day is free');
SELECT is(pg_temp.entries() - n, 5::int8, 'what failed left no entry') FROM before;

SELECT * FROM finish();
ROLLBACK;
