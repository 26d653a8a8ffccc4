/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls, and what a caller may see. */
BEGIN;
\ir fixture.psql
SELECT plan(30);

SELECT results_eq('SELECT req, operator_id, role_mask, code FROM api.caller(ARRAY[pg_temp.h(17), pg_temp.h(99), pg_temp.h(10)])',
    format($$VALUES (1, %L::uuid, 4, '11370100000000035L'), (3, %L::uuid, 2, '52370100300000010X')$$, pg_temp.u(17), pg_temp.u(10)),
    'certificates are answered in order, unknown ones not at all');
UPDATE registry.operator_certificate SET revoked_at = now() WHERE key_hash = pg_temp.h(10);
SELECT is((SELECT count(*) FROM api.caller(ARRAY[pg_temp.h(10)])), 0::int8, 'a revoked certificate is nobody''s');
UPDATE registry.operator SET status = 2 WHERE operator_id = pg_temp.u(17);
SELECT is((SELECT count(*) FROM api.caller(ARRAY[pg_temp.h(17)])), 0::int8, 'a suspended operator does not get in');
SELECT is((SELECT count(*) FROM api.acting WHERE operator_id = pg_temp.u(17)), 0::int8, 'nor acts');
UPDATE registry.organisation SET status = 3 WHERE organisation_id = pg_temp.u(5);
SELECT is((SELECT count(*) FROM api.caller(ARRAY[pg_temp.h(18)])), 0::int8, 'nor anybody of a closed organisation');

SELECT is(api.role_mask('{clerk}'), 2, 'bit n is role n');
SELECT is(api.role_mask('{reviewer,payer}'), 4 + 16, 'of several roles');
SELECT is(api.role_mask('{auditadmin}'), 256, 'of the last');
SELECT is(api.role_mask('{}'), 0, 'of none');

SELECT is(api.sees(kind::int2, own, '370102', target, division), expected, format('kind %s sees %s of %s', kind, division, target))
  FROM (VALUES (1, pg_temp.u(1), pg_temp.u(1), '370100', true), (1, pg_temp.u(1), pg_temp.u(2), '370100', false),
               (2, pg_temp.u(1), pg_temp.u(2), '370100', false), (3, pg_temp.u(1), pg_temp.u(1), '370100', true),
               (4, pg_temp.u(1), pg_temp.u(2), '370181', true), (4, pg_temp.u(1), pg_temp.u(2), '370200', false),
               (5, pg_temp.u(1), pg_temp.u(2), '370102', true), (5, pg_temp.u(1), pg_temp.u(2), '370100', false),
               (5, pg_temp.u(1), pg_temp.u(2), '370103', false), (6, pg_temp.u(1), pg_temp.u(2), '370200', true),
               (6, pg_temp.u(1), pg_temp.u(2), '110000', false), (7, pg_temp.u(1), pg_temp.u(2), '370102', false),
               (8, pg_temp.u(1), pg_temp.u(2), '110000', true), (9, pg_temp.u(1), pg_temp.u(2), '370102', false)) v(kind, own, target, division, expected);

/* ---- organisations ---- */
SELECT is((SELECT string_agg(code, ' ' ORDER BY code) FROM api.organisation_list(ARRAY[pg_temp.u(11)], ARRAY[NULL], ARRAY[10]) WHERE code LIKE '%35L' OR code LIKE '52%'),
          '11370100000000035L 11370102000000035L 52370100300000010X', 'a city bureau lists its city');
SELECT is((SELECT count(*) FROM api.organisation_list(ARRAY[pg_temp.u(19)], ARRAY['5'], ARRAY[1])), 2::int8, 'after a code, one more than the page');
SELECT is((SELECT count(*) FROM api.organisation_show(ARRAY[pg_temp.u(11)], ARRAY['52370200300000020X'])), 0::int8, 'another city''s is not shown');
SELECT is((SELECT concat_ws(' ', name, occupation_code, level, valid_to) FROM api.organisation_show(ARRAY[pg_temp.u(11)], ARRAY['52370100300000010X'])),
          '示例学校 4-10-01-06 2 2026-12-31', 'its own is, with its scope');

/* ---- policy ---- */
INSERT INTO registry.policy VALUES ('370100', 'minimum_age', 18, '2026-01-01', '2026-06-30', 'x'), ('370102', 'minimum_age', 17, '2026-03-01', NULL, 'x');
SELECT is(api.policy_value('minimum_age', division, day), value::int8, format('A1: %s on %s', division, day))
  FROM (VALUES ('370200', date '2026-05-01', 16), ('370100', '2026-05-01', 18)) v(division, day, value);
SELECT is(api.latest_birth('370102', '2026-05-01'), date '2009-05-01', 'A1: the county''s own counts before the city''s');

SELECT * FROM finish();
ROLLBACK;
