/* SPDX-License-Identifier: Apache-2.0 */
/* Persons: who sees them, how they change and become one; what looks leave behind. */
BEGIN;
\ir fixture.psql
SELECT plan(82);

CREATE TEMP TABLE d AS SELECT pg_temp.open(1) AS a, pg_temp.open(2) AS b, pg_temp.open(3, 18) AS q;
SELECT is(pg_temp.enrol(10, a, '{1,2}'), '1: 1 1', 'two in a class of Jinan') FROM d;
SELECT is(pg_temp.enrol(11, b, '{2,3}'), '1: 1 1', 'one of them and another in a second') FROM d;
SELECT is(pg_temp.enrol(12, q, '{4}', 18), '1: 1', 'one in Qingdao') FROM d;

/* ---- who sees whom: kinds of organisation by person ---- */
INSERT INTO registry.organisation (organisation_id, code, name, kind, division)
SELECT pg_temp.u(100 + kind), rpad('9137010000000' || kind, 18, '0'), '示例' || kind, kind, '370100' FROM unnest('{2,3,7,9}'::int[]) kind;
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (pg_temp.u(110), '523701020000000000', '示例区学校', 1, '370102');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles)
SELECT pg_temp.u(200 + kind), pg_temp.u(100 + kind), 'x', '{clerk}' FROM unnest('{2,3,7,9}'::int[]) kind;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(40), pg_temp.u(4), 'x', '{reviewer}'), (pg_temp.u(41), pg_temp.u(3), 'x', '{reviewer}'), (pg_temp.u(42), pg_temp.u(110), 'x', '{clerk}');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
CREATE FUNCTION pg_temp.find(caller int, n int, pending int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, person_id = pg_temp.person(n), sealed IS NOT NULL)
      FROM api.person_find(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.h(n)], ARRAY[pending])
$$;
CREATE FUNCTION pg_temp.show(caller int, n int, pending int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', min(outcome), string_agg(part::text, '' ORDER BY part))
      FROM api.person_show(ARRAY[pg_temp.u(caller)], ARRAY[NULL::uuid], ARRAY[pg_temp.h(n)], ARRAY[pending])
$$;
CREATE FUNCTION pg_temp.reveal(caller int, n int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', min(outcome), string_agg(part::text, '' ORDER BY part))
      FROM api.person_reveal(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[NULL::uuid], ARRAY[pg_temp.h(n)], '{2}', '{A-1}')
$$;
CREATE FUNCTION pg_temp.search(caller int, n int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', min(outcome), count(person_id))
      FROM api.person_search(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[n::int8], '{2}', '{A-1}')
$$;
SELECT is(concat_ws('; ', pg_temp.find(u, 1), pg_temp.find(u, 4)), CASE WHEN jinan THEN '1 t t' ELSE '60 f' END || '; ' || CASE WHEN qingdao THEN '1 t t' ELSE '60 f' END,
          'seen by ' || what)
  FROM (VALUES (10, 'its institution', true, false), (18, 'the other', false, true), (17, 'the city', true, false), (41, 'another city', false, true),
               (20, 'a county without a class', false, false), (40, 'the province', true, true), (19, 'an auditor', true, true),
               (202, 'an enterprise', false, false), (203, 'an assessment body', false, false), (207, 'a department', false, false),
               (209, 'a verifying agency', false, false), (42, 'a school of the county', false, false)) v(u, what, jinan, qingdao);
SELECT is(concat_ws('; ', pg_temp.show(u, 1), pg_temp.reveal(u, 1), pg_temp.search(u, 1)),
          CASE WHEN jinan THEN '1 04; 1 04; 1 1' ELSE '60; 60; 1 0' END, 'shown, revealed, searched: ' || u)
  FROM (VALUES (10, true), (18, false), (17, true), (41, false), (20, false), (40, true), (19, true), (202, false)) v(u, jinan);
SELECT is(pg_temp.show(10, 2), '1 044', 'the account has both classes');
SELECT is(pg_temp.find(99, 1), NULL, 'nobody for whom does not act');
SELECT is(pg_temp.show(99, 1), '12', 'nor shown');

/* ---- looks ---- */
SELECT is((SELECT substring(pg_temp.bare(body) FROM 2 * octet_length(pg_temp.head()) + 1) FROM acts WHERE operator_id = pg_temp.u(17) AND person_id IS NOT NULL ORDER BY id DESC LIMIT 1),
          '48015a10' || encode(uuid_send(pg_temp.person(1)), 'hex') || '70027a03412d31', 'D2: a clear look: outcome, person, purpose, reference');
SELECT is((SELECT count(*) FROM registry.look WHERE person_id = pg_temp.person(1)), 8::int8, 'D5: four reveals and four searches found the person');
SELECT is((SELECT concat_ws(' ', masked, clear, refused) FROM registry.look_hour WHERE operator_id = pg_temp.u(17)), '0 2 0', 'counted by the hour');
UPDATE registry.policy SET value = 3 WHERE name = 'clear_looks_hour';
SELECT is(pg_temp.reveal(17, 1), '1 04', 'the third clear look');
SELECT is(pg_temp.reveal(17, 1), '62', 'no fourth');
SELECT is(pg_temp.search(17, 1), '62 0', 'and no search');
SELECT is((SELECT concat_ws(' ', masked, clear, refused) FROM registry.look_hour WHERE operator_id = pg_temp.u(17)), '0 3 2', 'what was refused is counted');
SELECT is(pg_temp.reveal(40, 1), '1 04', 'another operator has a limit of his own');
UPDATE registry.policy SET value = 10 WHERE name = 'masked_looks_hour';
SELECT is(pg_temp.find(17, 1, 9), '1 t t', 'the tenth masked look');
SELECT is(pg_temp.find(17, 1, 10), '62 f', 'not the eleventh, of those the database does not know of yet');
SELECT is(pg_temp.show(17, 1, 10), '62', 'nor shown');
SELECT is((SELECT concat_ws(' ', min(outcome), count(*)) FROM api.roster_list(ARRAY[pg_temp.u(17)], ARRAY[a], '{0}', '{9}', '{10}')), '62 1', 'nor listed') FROM d;
SELECT lives_ok(format('SELECT * FROM api.look_record(ARRAY[%L, %L, %L]::uuid[], ARRAY[%L, %L, %L]::bytea[], ''{1,62,1}'', ARRAY[NULL, NULL, %s]::int8[], ''{0,0,1}'', ''{0,0,2}'', ''{2,300,2}'', ''{NULL,NULL,NULL}'', ''{t,t,t}'',
                        ''{1,1}'', ARRAY[%L, %L]::uuid[], ARRAY[%L, %L]::bytea[], ARRAY[%L, %L]::bytea[])',
                       pg_temp.u(17), pg_temp.u(17), pg_temp.u(17), pg_temp.head(), pg_temp.head(), pg_temp.head(), a, pg_temp.person(1), pg_temp.person(3),
                       pg_temp.h(1), pg_temp.h(2), pg_temp.h(3), pg_temp.h(4)), 'gathered looks') FROM d;
SELECT is((SELECT string_agg(substring(pg_temp.bare(body) FROM 2 * octet_length(pg_temp.head()) + 1), ' ' ORDER BY id) FROM (SELECT * FROM acts ORDER BY id DESC LIMIT 3) e),
          '48016220' || encode(pg_temp.h(3), 'hex') || '6220' || encode(pg_temp.h(4), 'hex') || '800102 483e8001ac02 48015208' || encode(int8send(a), 'hex') || '800102',
          'one entry with commitments, one of what was refused, one of a class') FROM d;
SELECT is((SELECT concat_ws(' ', masked, clear, refused) FROM registry.look_hour WHERE operator_id = pg_temp.u(17)), '4 3 302', 'all counted');
SELECT lives_ok(format('SELECT * FROM api.look_record(ARRAY[%L, %L, %L]::uuid[], ARRAY[%L, %L, %L]::bytea[], ''{1,26,12}'', ''{NULL,NULL,NULL}'', ''{0,0,0}'', ''{0,0,0}'', ''{2,1,3}'', ARRAY[NULL, %L, NULL]::uuid[],
                        ''{f,f,f}'', ''{}'', ''{}'', ''{}'', ''{}'')',
                       pg_temp.u(17), '00000000-0000-0000-0000-000000000000', pg_temp.u(17), pg_temp.head_of(17, 2, 'login'), pg_temp.head_of(0, 0, 'login'), pg_temp.head_of(17, 2, 'claim.pay'), pg_temp.u(5)), 'logins, and what a role forbids');
SELECT is((SELECT string_agg(substring(pg_temp.bare(body) FROM 2 * octet_length(pg_temp.head_of(0, 0, convert_from(helper.entry_method(body), 'UTF8'))) + 1), ' ' ORDER BY id) FROM (SELECT * FROM acts ORDER BY id DESC LIMIT 3) e),
          '4801800102 481a6a10' || encode(uuid_send(pg_temp.u(5)), 'hex') || '800101 480c800103', 'an entry each, with how many');
SELECT is((SELECT concat_ws(' ', masked, clear, refused) FROM registry.look_hour WHERE operator_id = pg_temp.u(17)), '4 3 302', 'which are no looks');
SELECT is(encode(helper.entry_count(n), 'hex'), hex, 'a count of ' || n) FROM (VALUES (0, '800100'), (127, '80017f'), (128, '80018001'), (16383, '8001ff7f'),
    (16384, '8001808001'), (2097151, '8001ffff7f'), (2097152, '800180808001')) v(n, hex);
CREATE FUNCTION pg_temp.log(caller int, n int, before int8 DEFAULT 9223372036854775807, page int DEFAULT 9) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', min(outcome), count(*) - 1) FROM api.access_log(ARRAY[pg_temp.u(caller)], ARRAY[NULL::uuid], ARRAY[pg_temp.h(n)], '{0}', ARRAY[before], ARRAY[page])
$$;
SELECT is(pg_temp.log(17, 3), '1 1', 'D5: who looked at the third: one look, gathered');
SELECT is(pg_temp.log(17, 2), '1 1', 'D5: and at the second: the page of the class');
SELECT is(pg_temp.log(17, 1, page => 2), '1 3', 'D5: page by page, one more than asked');
SELECT is(pg_temp.log(41, 1), '60 0', 'not told to another city');
SELECT is((SELECT string_agg(masked || '/' || clear || '/' || refused, ' ') FROM api.access_list(ARRAY[pg_temp.u(u)], '{9223372036854775807}', '{9}', '{t}')), seen, 'over the limit, told to ' || u)
  FROM (VALUES (17, '4/3/302'), (41, NULL), (40, '4/3/302'), (19, '4/3/302')) v(u, seen);
UPDATE registry.policy SET value = 100000 WHERE name LIKE '%looks_hour';

/* ---- amending ---- */
CREATE FUNCTION pg_temp.amend(request int, n int, kind int, next int, name int, version int DEFAULT 1, caller int DEFAULT 17) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, version) FROM api.person_amend(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[pg_temp.h(n)], ARRAY[version], ARRAY[kind::int2], ARRAY[pg_temp.h(next)], '{1}', ARRAY[pg_temp.h(name + 100000)], ARRAY[next::int8],
        ARRAY[pg_temp.u(request + 5000)], ARRAY['new'::bytea], ARRAY[pg_temp.h(request)], '{A-1}')
$$;
SELECT is(pg_temp.amend(300, 1, 1, 1, 77), '1 2', 'A6: another name');
SELECT is(pg_temp.amend(300, 1, 1, 1, 77), '1 2', 'the same request again');
SELECT is(pg_temp.amend(301, 1, 1, 1, 78), '14', 'of a version that is not the present one');
SELECT is(pg_temp.amend(302, 1, 2, 3, 77, 2), '61', 'A6: with another''s document');
SELECT is(pg_temp.amend(303, 4, 1, 4, 77), '60', 'of somebody who is not seen');
SELECT is(pg_temp.amend(310 + u, 1, 1, 1, 77, 2, u), '12', 'by ' || u) FROM unnest('{10,11,19}'::int[]) u;
SELECT is(pg_temp.amend(305, 1, 4, 50, 77, 2), '1 3', 'A6: a wrong number');
SELECT is((SELECT count(*) FROM registry.document WHERE document_index = pg_temp.h(1)), 0::int8, 'finds nobody');
SELECT is((SELECT string_agg(state || '', ' ' ORDER BY state) FROM registry.person_document WHERE person_id = pg_temp.person(50)), '1 3', 'and is kept');
SELECT is((SELECT string_agg(version || '.' || kind, ' ' ORDER BY version) FROM registry.person_version WHERE person_id = pg_temp.person(50)), '1.1 2.4', 'with what was before');

/* ---- merging ---- */
CREATE FUNCTION pg_temp.merge(request int, kept int, gone int, caller int DEFAULT 17) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, version) FROM api.person_merge(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[pg_temp.h(kept)], ARRAY[pg_temp.h(gone)], '{A-1}')
$$;
SELECT is(pg_temp.merge(400, 3, 4), '60', 'with somebody who is not seen');
CREATE TEMP TABLE was AS SELECT pg_temp.person(2) AS gone;
SELECT is(pg_temp.merge(401, 3, 2), '1 2', 'A3: two records of one person');
SELECT is((SELECT string_agg(concat_ws('/', person_id = pg_temp.person(3), removed_reason), ' ' ORDER BY class_number, seat)
             FROM registry.enrolment, was WHERE person_id IN (gone, pg_temp.person(3))), 't f/merged t', 'in the class of both one takes part, and nothing is gone');
SELECT is(pg_temp.person(2), pg_temp.person(3), 'both documents find it');
SELECT is(pg_temp.merge(402, 3, 2), '63', 'the same again');
SELECT is(pg_temp.log(17, 3), '1 2', 'D5: who looked at either');

/* ---- what a change that is refused tells of somebody ---- */
DELETE FROM registry.look_hour;
UPDATE registry.policy SET value = 4 WHERE name = 'masked_looks_hour';
SELECT is(pg_temp.amend(500, 3, 1, 3, 77, 9) || ' ' || pg_temp.merge(501, 3, 2) || ' ' || pg_temp.amend(502, 3, 2, 2, 77, 2), '14 63 63', 'there is somebody; two numbers are one person''s');
CREATE FUNCTION pg_temp.erase(request int, n int, version int) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.person_erase(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(11)], ARRAY[pg_temp.head()], ARRAY[NULL::uuid], ARRAY[pg_temp.h(n)], ARRAY[version], '{A-1}')
$$;
SELECT is(pg_temp.erase(503, 3, 9) || ' ' || pg_temp.erase(504, 3, 2), '14 70', 'somebody, who is in a class');
SELECT is((SELECT string_agg(masked || '/' || refused, ' ' ORDER BY operator_id) FROM registry.look_hour), '2/0 3/0', 'D2: each is a look');
SELECT is(pg_temp.merge(505, 3, 4) || ' ' || pg_temp.amend(506, 3, 1, 3, 77, 9), '60 62', 'D2: within the limit');
SELECT is((SELECT masked || '/' || refused FROM registry.look_hour WHERE operator_id = pg_temp.u(17)), '4/1', 'D2: so is a guess at nobody; what was refused is counted');

SELECT * FROM finish();
ROLLBACK;
