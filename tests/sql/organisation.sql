/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations as each kind of caller sees them, page by page, and in sets. How they are amended: access.sql. */
BEGIN;
\ir fixture.psql
SELECT plan(33);

INSERT INTO registry.organisation (organisation_id, code, name, kind, division, code_override) VALUES
    (pg_temp.u(40), '91370102000000040X', '示例企业', 2, '370102', NULL), (pg_temp.u(41), '91370103000000041X', '示例鉴定站', 3, '370103', '登记证如此'),
    (pg_temp.u(42), '52370102000000042X', '示例区学校', 1, '370102', NULL), (pg_temp.u(43), '52110000000000043X', '外省示例学校', 1, '110000', NULL);
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) SELECT pg_temp.u(n), pg_temp.u(n), 'x', '{clerk}' FROM generate_series(40, 43) n;
CREATE FUNCTION pg_temp.listed(caller int, after text DEFAULT NULL, page int DEFAULT 20) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(code, ' ') FROM api.organisation_list(ARRAY[pg_temp.u(caller)], ARRAY[after], ARRAY[page])
$$;

/* ---- who sees whom ---- */
SELECT is(pg_temp.listed(caller), codes, what) FROM (VALUES
    (10, '52370100300000010X', 'an institution sees itself'), (40, '91370102000000040X', 'so does an enterprise'), (41, '91370103000000041X', 'and an assessment body'),
    (20, '11370102000000035L 52370102000000042X 91370102000000040X', 'a county''s bureau sees its county'),
    (17, '11370100000000035L 11370102000000035L 52370100300000010X 52370102000000042X 91370102000000040X 91370103000000041X', 'a city''s its city with its counties'),
    (12, '11370200000000035L 52370200300000020X', 'another city''s another'),
    (13, '11370000000000043A 11370000000000051A 11370100000000035L 11370102000000035L 11370200000000035L 52370100300000010X 52370102000000042X 52370200300000020X 91370102000000040X 91370103000000041X',
     'the province''s all of it'),
    (19, '11370000000000043A 11370000000000051A 11370100000000035L 11370102000000035L 11370200000000035L 52110000000000043X 52370100300000010X 52370102000000042X 52370200300000020X 91370102000000040X 91370103000000041X',
     'an auditor everybody'),
    (99, NULL, 'nobody sees nobody')) v(caller, codes, what);

/* ---- page by page ---- */
SELECT is(pg_temp.listed(17, NULL, 2), '11370100000000035L 11370102000000035L 52370100300000010X', 'one more than the page, by code');
SELECT is(pg_temp.listed(17, '11370102000000035L', 2), '52370100300000010X 52370102000000042X 91370102000000040X', 'the next after the last of the page');
SELECT is(pg_temp.listed(17, '52370102000000042X', 2), '91370102000000040X 91370103000000041X', 'the last page is not longer');
SELECT is(pg_temp.listed(17, '91370103000000041X', 2), NULL, 'and nothing comes after it');
SELECT is(pg_temp.listed(17, '5', 0), '52370100300000010X', 'a cursor need not be a code');
SELECT is((SELECT string_agg(req || ':' || code, ' ') FROM api.organisation_list(ARRAY[pg_temp.u(10), pg_temp.u(99), pg_temp.u(17), pg_temp.u(12)], ARRAY[NULL, NULL, '9', NULL], '{5,5,0,0}')),
    '1:52370100300000010X 3:91370102000000040X 4:11370200000000035L', 'of a set each gets its own, in order');

/* ---- one, with its scope ---- */
CREATE FUNCTION pg_temp.shown(caller int, code text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', s.code, name, kind, division, status, code_override, version, occupation_code, occupation_name, level, valid_from, valid_to), '; ')
      FROM api.organisation_show(ARRAY[pg_temp.u(caller)], ARRAY[shown.code]) s
$$;
INSERT INTO registry.organisation_scope VALUES (pg_temp.u(42), '4-10-01-06', 3, '2026-01-01', NULL), (pg_temp.u(42), '4-10-01-06', 2, '2027-01-01', NULL),
    (pg_temp.u(42), '4-10-01-06', 2, '2026-01-01', '2026-06-30'), (pg_temp.u(42), '4-10-01-02', 4, '2026-01-01', NULL);
SELECT is(pg_temp.shown(42, '52370102000000042X'),
    '52370102000000042X 示例区学校 1 370102 1 1 4-10-01-02 育婴员 4 2026-01-01; 52370102000000042X 示例区学校 1 370102 1 1 4-10-01-06 家政服务员 2 2026-01-01 2026-06-30; '
    '52370102000000042X 示例区学校 1 370102 1 1 4-10-01-06 家政服务员 2 2027-01-01; 52370102000000042X 示例区学校 1 370102 1 1 4-10-01-06 家政服务员 3 2026-01-01',
    'G3: with every period, by occupation, level and beginning');
SELECT is(pg_temp.shown(20, '91370103000000041X'), NULL, 'another county''s is not there');
SELECT is(pg_temp.shown(17, '91370103000000041X'), '91370103000000041X 示例鉴定站 3 370103 1 登记证如此 1', 'A5: with the reason why its code was registered; one without scope has a row');
SELECT is(pg_temp.shown(10, '11370100000000035L'), NULL, 'an institution does not look at its bureau');
SELECT is(pg_temp.shown(19, '52110000000000043X'), '52110000000000043X 外省示例学校 1 110000 1 1', 'an auditor looks at any');
SELECT is(pg_temp.shown(13, '52110000000000043X'), NULL, 'the province not beyond itself');
SELECT is(pg_temp.shown(99, '52370100300000010X'), NULL, 'nobody looks at none');
SELECT is((SELECT string_agg(req || ':' || code, ' ') FROM api.organisation_show(ARRAY[pg_temp.u(10), pg_temp.u(10), pg_temp.u(40)],
    ARRAY['52370100300000010X', '52370102000000042X', '91370102000000040X'])), '1:52370100300000010X 3:91370102000000040X', 'of a set each sees its own');
UPDATE registry.organisation SET status = 2 WHERE organisation_id IN (pg_temp.u(40), pg_temp.u(7));
SELECT is(pg_temp.listed(40), NULL, 'G4: a suspended organisation''s operators see nothing');
SELECT is(pg_temp.listed(20), NULL, 'G4: a suspended bureau''s neither');
SELECT is(pg_temp.shown(17, '91370102000000040X'), '91370102000000040X 示例企业 2 370102 2 1', 'G4: it is still shown to the city''s');
UPDATE registry.operator SET status = 3 WHERE operator_id = pg_temp.u(17);
SELECT is(pg_temp.listed(17), NULL, 'a revoked operator sees nothing');

/* ---- sets of writes: one bad does not spoil the others ---- */
CREATE FUNCTION pg_temp.registers(requests int[], callers int[], codes text[], kinds int[] DEFAULT '{1,1,1,1,1,1}') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(req || '=' || outcome, ' ') FROM api.organisation_register(
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(requests) WITH ORDINALITY r(x, n)),
        (SELECT array_agg(sha256(x::bytea) ORDER BY n) FROM unnest(codes) WITH ORDINALITY r(x, n)),
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(callers) WITH ORDINALITY r(x, n)), (SELECT array_agg(pg_temp.head()) FROM unnest(requests)),
        (SELECT array_agg(pg_temp.u(100000 + x) ORDER BY n) FROM unnest(requests) WITH ORDINALITY r(x, n)), codes, (SELECT array_agg('示例'::text) FROM unnest(requests)),
        kinds[1:cardinality(requests)]::int2[], (SELECT array_agg('370102'::text) FROM unnest(requests)), (SELECT array_agg(NULL::text) FROM unnest(requests)))
$$;
SELECT is(pg_temp.registers('{200,201,202,203,204,200}', '{11,10,11,11,99,11}', '{A00000000000000001,A00000000000000002,A00000000000000001,A00000000000000003,A00000000000000004,A00000000000000001}'),
    '1=1 2=12 3=13 4=1 5=12 6=1', 'A5: done, not allowed, exists since the first, done, nobody, and the first again');
SELECT is((SELECT count(*) FROM acts), 5::int8, 'each left one entry');
SELECT is((SELECT string_agg(code, ' ' ORDER BY code) FROM registry.organisation WHERE code LIKE 'A0%'), 'A00000000000000001 A00000000000000003', 'and the good ones are there');
SELECT is((SELECT pg_temp.bare(body) FROM acts ORDER BY id LIMIT 1), '080148016a10' || replace(pg_temp.u(100200)::text, '-', ''), 'an entry names the organisation made');
SELECT is((SELECT string_agg(pg_temp.bare(body), ' ' ORDER BY id) FROM acts WHERE position('\x4801'::bytea IN body) = 0), '0801480c 0801480d 0801480c', 'a refusal names none');
SELECT is(pg_temp.registers('{210,211,212,213,214,215}', '{20,12,14,16,19,21}',
        '{A00000000000000010,A00000000000000011,A00000000000000012,A00000000000000013,A00000000000000014,A00000000000000015}'), '1=12 2=12 3=12 4=12 5=12 6=12',
    'reviewers, another city, security administrators, auditors and institutions register nobody');

SELECT * FROM finish();
ROLLBACK;
