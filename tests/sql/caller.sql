/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls, and what a caller may see. */
BEGIN;
\ir fixture.psql
SELECT plan(93);

SELECT results_eq('SELECT req, operator_id, role_mask, code FROM api.caller(ARRAY[pg_temp.h(17), pg_temp.h(99), pg_temp.h(10)])',
    format($$VALUES (1, %L::uuid, 4, '11370100000000035L'), (3, %L::uuid, 2, '52370100300000010X')$$, pg_temp.u(17), pg_temp.u(10)),
    'certificates are answered in order, unknown ones not at all');
UPDATE registry.operator_certificate SET revoked_at = now() WHERE key_hash = pg_temp.h(10);
SELECT is((SELECT count(*) FROM api.caller(ARRAY[pg_temp.h(10)])), 0::int8, 'a revoked certificate is nobody''s');
UPDATE registry.operator SET status = 2 WHERE operator_id = pg_temp.u(17);
SELECT is((SELECT count(*) FROM api.caller(ARRAY[pg_temp.h(17)])), 0::int8, 'a suspended operator does not get in');
SELECT is((SELECT count(*) FROM helper.acting WHERE operator_id = pg_temp.u(17)), 0::int8, 'nor acts');
UPDATE registry.organisation SET status = 3 WHERE organisation_id = pg_temp.u(5);
SELECT is((SELECT count(*) FROM api.caller(ARRAY[pg_temp.h(18)])), 0::int8, 'nor anybody of a closed organisation');

SELECT is(helper.role_mask('{clerk}'), 2, 'bit n is role n');
SELECT is(helper.role_mask('{reviewer,payer}'), 4 + 16, 'of several roles');
SELECT is(helper.role_mask('{auditadmin}'), 256, 'of the last');
SELECT is(helper.role_mask('{}'), 0, 'of none');

SELECT is(helper.sees(kind::int2, own, CASE kind WHEN 4 THEN '370100' WHEN 6 THEN '370000' ELSE '370102' END, target, division), expected, format('kind %s sees %s of %s', kind, division, target))
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
SELECT is(helper.policy_value('minimum_age', division, day), value::int8, format('A1: %s on %s', division, day))
  FROM (VALUES ('370200', date '2026-05-01', 16), ('370100', '2026-05-01', 18)) v(division, day, value);
SELECT is(helper.latest_birth('370102', '2026-05-01'), date '2009-05-01', 'A1: the county''s own counts before the city''s');

/* ---- every way of not getting in ---- */
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (pg_temp.u(40), '91370100000000040X', '示例企业', 2, '370100');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(40), pg_temp.u(40), 'sealed 40', '{clerk}');
INSERT INTO registry.operator_certificate (key_hash, operator_id) VALUES (pg_temp.h(40), pg_temp.u(40)), (pg_temp.h(41), pg_temp.u(40));
CREATE FUNCTION pg_temp.comes_in(keys int[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', req, convert_from(sealed, 'UTF8'), role_mask, right(organisation_id::text, 2), code, name, kind, division, status), '; ')
      FROM api.caller((SELECT array_agg(pg_temp.h(x) ORDER BY n) FROM unnest(keys) WITH ORDINALITY k(x, n)))
$$;
SELECT is(pg_temp.comes_in('{41,40}'), '1 sealed 40 2 40 91370100000000040X 示例企业 2 370100 1; 2 sealed 40 2 40 91370100000000040X 示例企业 2 370100 1',
    'either key is the operator''s, with all that a session needs');
UPDATE registry.operator_certificate SET revoked_at = now() WHERE key_hash = pg_temp.h(40);
SELECT is(pg_temp.comes_in('{40,41}'), '2 sealed 40 2 40 91370100000000040X 示例企业 2 370100 1', 'a revoked key takes no other with it');
SELECT is(pg_temp.comes_in('{99}'), NULL, 'nobody''s key is nobody');
SELECT is((SELECT count(*) FROM api.caller('{}')), 0::int8, 'no key, no caller');
CREATE FUNCTION pg_temp.barred(operator_status int, organisation_status int) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry.operator SET status = operator_status WHERE operator_id = pg_temp.u(40);
    UPDATE registry.organisation SET status = organisation_status WHERE organisation_id = pg_temp.u(40);
    RETURN pg_temp.comes_in('{41}') IS NULL AND NOT EXISTS (SELECT FROM helper.acting WHERE operator_id = pg_temp.u(40));
END $$;
SELECT is(pg_temp.barred(o, g), (o, g) <> (1, 1), format('operator %s of organisation %s', o, g)) FROM generate_series(1, 3) o, generate_series(1, 3) g;
SELECT is(helper.role_mask(ARRAY[role]), 1 << n::int, 'bit of ' || role)
  FROM unnest('{clerk,reviewer,approver,payer,auditor,sysadmin,secadmin,auditadmin}'::text[]) WITH ORDINALITY r(role, n);
SELECT is(helper.role_mask('{clerk,reviewer,approver,payer,auditor}'), 62, 'of several');

/* ---- who governs whom ---- */
SELECT is(helper.governs(roles::text[], kind::int2, own, target::int2, division), expected, format('%s of kind %s in %s governs kind %s in %s', roles, kind, own, target, division))
  FROM (VALUES ('{approver}', 4, '370100', 1, '370102', true), ('{approver}', 4, '370100', 2, '370100', true), ('{approver}', 4, '370100', 3, '370181', true),
               ('{approver}', 4, '370100', 5, '370102', false), ('{approver}', 4, '370100', 1, '370200', false), ('{approver}', 5, '370102', 1, '370102', true),
               ('{approver}', 5, '370102', 1, '370100', false), ('{approver}', 6, '370000', 1, '370200', true), ('{approver}', 6, '370000', 1, '110000', false),
               ('{approver}', 1, '370100', 1, '370100', false), ('{approver}', 8, '370000', 1, '370100', false), ('{approver}', 7, '370100', 1, '370100', false),
               ('{sysadmin}', 4, '370100', 5, '370102', true), ('{sysadmin}', 6, '370000', 4, '370200', true), ('{sysadmin}', 4, '370100', 5, '370202', false),
               ('{sysadmin}', 1, '370100', 1, '370100', false), ('{clerk,reviewer,payer,auditor}', 4, '370100', 1, '370100', false),
               ('{secadmin}', 6, '370000', 1, '370100', false), ('{auditadmin}', 6, '370000', 1, '370100', false)) v(roles, kind, own, target, division, expected);

/* ---- the rule in force ---- */
DELETE FROM registry.policy WHERE name = 'minimum_age';
INSERT INTO registry.policy VALUES
    ('370000', 'minimum_age', 16, '2000-01-01', NULL, 'x'), ('370000', 'minimum_age', 15, '2026-05-01', '2026-05-31', 'x'),
    ('370100', 'minimum_age', 18, '2026-01-01', '2026-06-30', 'x'), ('370102', 'minimum_age', 17, '2026-03-01', '2026-03-31', 'x'), ('371000', 'minimum_age', 19, '2026-01-01', NULL, 'x');
SELECT is(helper.policy_value('minimum_age', division, day::date), value::int8, format('A1: the age in %s on %s', division, day))
  FROM (VALUES ('370102', '2025-12-31', 16), ('370102', '2026-01-01', 18), ('370102', '2026-02-28', 18), ('370102', '2026-03-01', 17), ('370102', '2026-03-31', 17),
               ('370102', '2026-04-01', 18), ('370102', '2026-06-30', 18), ('370102', '2026-07-01', 16), ('370103', '2026-03-01', 18), ('370100', '2026-03-01', 18),
               ('370200', '2026-04-30', 16), ('370200', '2026-05-01', 15), ('370200', '2026-05-31', 15), ('370200', '2026-06-01', 16), ('371002', '2026-05-15', 19),
               ('371000', '2026-05-15', 19), ('370000', '2026-05-15', 15), ('370200', '1999-12-31', NULL), ('110000', '2026-05-15', NULL)) v(division, day, value);
SELECT is(helper.policy_value('late_days', '370102', '2026-03-01'), 3::int8, 'each rule by its name');
SELECT is(helper.today(), (now() AT TIME ZONE 'UTC' + interval '8 hours')::date, 'today is Asia/Shanghai''s');
SET LOCAL TimeZone = 'America/New_York';
SELECT is(helper.today(), (now() AT TIME ZONE 'UTC' + interval '8 hours')::date, 'whatever the session''s zone');

SELECT * FROM finish();
ROLLBACK;
