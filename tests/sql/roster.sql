/* SPDX-License-Identifier: Apache-2.0 */
/* Rosters: who gets a seat, who is known already, what is refused, what is written. */
BEGIN;
\ir fixture.psql
SELECT plan(93);

CREATE TEMP TABLE c AS SELECT pg_temp.open(1) AS a, pg_temp.open(2) AS b, pg_temp.open(3, 18) AS other, pg_temp.open(4, capacity => 2) AS small;

SELECT is(pg_temp.enrol(100, a, '{1,2,3}'), '1: 1 1 1', 'three new persons are enrolled') FROM c;
SELECT is((SELECT count(*) FROM registry.person), 3::int8, 'each is one person');
SELECT is((SELECT string_agg(seat::text, ' ' ORDER BY seat) FROM registry.enrolment e, c WHERE e.class_number = a), '1 2 3', 'with seats in order');
SELECT is((SELECT enrolled FROM registry.class, c WHERE class_number = a), 3, 'and the class counts them');
SELECT is((SELECT count(*) FROM acts WHERE person_id IS NOT NULL), 3::int8, 'each line left its entry, on its person');

SELECT is(pg_temp.enrol(100, a, '{1,2,3}'), '1: 1 1 1', 'the same request again gets the first answer') FROM c;
SELECT is((SELECT count(*) FROM acts WHERE person_id IS NOT NULL), 3::int8, 'and writes nothing');
SELECT is(pg_temp.enrol(100, a, '{4}', content => 1), '11:', 'the same request id with other content is refused') FROM c;
SELECT is(pg_temp.enrol(100, a, '{1,2,3}', caller => 18), '11:', 'nor does another operator get the answer') FROM c;
SELECT is(pg_temp.enrol(101, a, '{1,2,3}'), '1: 2 2 2', 'A6: another request for the same persons: duplicates') FROM c;
SELECT is(pg_temp.enrol(102, b, '{1}'), '1: 1', 'A6: in another class the same person is enrolled') FROM c;
SELECT is((SELECT count(DISTINCT person_id) FROM registry.enrolment), 3::int8, 'A6: and is not a new person');
SELECT is(pg_temp.enrol(103, a, '{4,4}'), '1: 1 2', 'A6: the same person twice in a request is one') FROM c;
SELECT is(pg_temp.enrol(104, b, '{1}', names => '{9}'), '1: 8', 'A6: the same number with another name is refused') FROM c;
SELECT is(pg_temp.enrol(105, b, '{5,5}', names => '{5,9}'), '1: 1 8', 'A6: within a request too') FROM c;
SELECT is(pg_temp.enrol(106, b, '{6,7}', births => '{2010-03-01,2010-03-02}'), '1: 1 6', 'A1: sixteen on the first day is enough, a day later is not') FROM c;
SELECT is(pg_temp.enrol(107, b, '{8}', births => '{2026-03-02}'), '1: 7', 'A1: nobody is born after the class has begun') FROM c;
SELECT is((SELECT count(*) FROM registry.document WHERE document_index = pg_temp.h(7)), 0::int8, 'A1: who is refused is nobody in the registry');

INSERT INTO registry.policy VALUES ('370100', 'minimum_age', 18, '2026-01-01', NULL, 'x');
SELECT is(pg_temp.enrol(108, b, '{9}', births => '{2009-01-01}'), '1: 6', 'A1: the minimum age is the city''s policy') FROM c;
SELECT is(pg_temp.enrol(109, other, '{9}', caller => 18, births => '{2009-01-01}'), '1: 1', 'A1: not another city''s') FROM c;

SELECT is(pg_temp.enrol(110, small, '{11,12,13}'), '1: 1 1 4', 'the third of two places is refused') FROM c;
SELECT is(pg_temp.enrol(111, small, '{11,14}'), '1: 2 4', 'who is in already is a duplicate in a full class too') FROM c;
SELECT is((SELECT count(*) FROM registry.person p JOIN registry.document d USING (person_id) WHERE d.document_index = pg_temp.h(13)), 0::int8, 'who found no place is nobody');

SELECT is(pg_temp.enrol(112, other, '{1}'), '3:', 'another institution''s class is not there') FROM c;
SELECT is(pg_temp.enrol(113, 299900001, '{1}'), '3:', 'nor one that does not exist');
SELECT is(pg_temp.enrol(114, a, '{20}', caller => 17), '12:', 'a reviewer enrols nobody') FROM c;
SELECT is(pg_temp.enrol(115, a, '{20}', caller => 21), '12:', 'nor does an operator of the institution who is no clerk') FROM c;
SELECT is(pg_temp.enrol(116, a, '{20}', caller => 99), '12:', 'nor nobody') FROM c;

SELECT is(pg_temp.enrol(120, a, '{30,31,1}', dry => true), '1: 1 1 2', 'a dry run answers as the real one would') FROM c;
SELECT is((SELECT count(*) FROM registry.document WHERE document_index IN (pg_temp.h(30), pg_temp.h(31))), 0::int8, 'and writes no person');
SELECT is((SELECT count(*) FROM registry.request WHERE request_id = pg_temp.u(120)), 0::int8, 'no answer');
SELECT is(pg_temp.enrol(120, a, '{30,31,1}'), '1: 1 1 2', 'its request id is free') FROM c;

UPDATE registry.class SET state = 4 FROM c WHERE class_number = b;
SELECT is(pg_temp.enrol(121, b, '{40}'), '5:', 'a class that is cancelled takes nobody') FROM c;

/* Two requests of one set, for the same class and person. */
CREATE FUNCTION pg_temp.two(one int, other int, class int8) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(req || '.' || row_number || '=' || outcome, ' ' ORDER BY req, row_number)
      FROM api.roster_import(
        ARRAY[pg_temp.u(one), pg_temp.u(other)], ARRAY[pg_temp.h(0), pg_temp.h(0)], ARRAY[pg_temp.u(10), pg_temp.u(10)],
        ARRAY[pg_temp.head(), pg_temp.head()], ARRAY[class, class], ARRAY[false, false], '{0,0}',
        '{1,2,2}', '{1,1,2}', ARRAY[pg_temp.head(), pg_temp.head(), pg_temp.head()],
        ARRAY[pg_temp.h(50), pg_temp.h(50), pg_temp.h(51)], '{1,1,1}',
        ARRAY[pg_temp.h(100050), pg_temp.h(100050), pg_temp.h(100051)], '{1990-01-01,1990-01-01,1990-01-01}', '{1,1,1}',
        ARRAY[pg_temp.u(5001), pg_temp.u(5002), pg_temp.u(5003)], ARRAY['s'::bytea, 's', 's'],
        ARRAY[pg_temp.h(1), pg_temp.h(2), pg_temp.h(3)], '{1,2,3}', ARRAY[pg_temp.u(6001), pg_temp.u(6002), pg_temp.u(6003)],
        ARRAY['s'::bytea, 's', 's'], ARRAY[pg_temp.h(1), pg_temp.h(2), pg_temp.h(3)], ARRAY[NULL, NULL, NULL]::text[])
$$;
SELECT is(pg_temp.two(130, 131, a), '1.0=1 1.1=1 2.0=1 2.1=2 2.2=1', 'A6: two requests of one set: first come, first enrolled') FROM c;
SELECT is((SELECT count(*) FROM registry.document WHERE document_index = pg_temp.h(50)), 1::int8, 'A6: and one person');

/* ---- sets ---- */

/* One set of requests, each for a class, with lines of (request, person, name): 'request.line=outcome', of a name that
   differs with the record of whom the registry knows. The record of a new person says which request brought it. */
CREATE FUNCTION pg_temp.import(requests int[], callers int[], classes int8[], row_req int[], people int[], names int[] DEFAULT NULL,
                               dry bool[] DEFAULT NULL, births date[] DEFAULT NULL, content int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(req || '.' || row_number || '=' || outcome || CASE WHEN outcome = 8 THEN coalesce(':' || convert_from(person_sealed, 'UTF8'), '') ELSE '' END,
                      ' ' ORDER BY place)
      FROM (SELECT *, row_number() OVER () AS place FROM api.roster_import(
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(requests) WITH ORDINALITY r(x, n)),
        (SELECT array_agg(pg_temp.h(content)) FROM unnest(requests)),
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(callers) WITH ORDINALITY r(x, n)),
        (SELECT array_agg(pg_temp.head()) FROM unnest(requests)), classes,
        coalesce(dry, (SELECT array_agg(false) FROM unnest(requests))), (SELECT array_agg(0) FROM unnest(requests)), row_req,
        (SELECT array_agg((row_number)::int ORDER BY n) FROM (SELECT n, row_number() OVER (PARTITION BY x ORDER BY n)
                                                               FROM unnest(row_req) WITH ORDINALITY r(x, n)) r),
        (SELECT array_agg(pg_temp.head()) FROM unnest(people)),
        (SELECT array_agg(pg_temp.h(x) ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)), (SELECT array_agg(1::int2) FROM unnest(people)),
        (SELECT array_agg(pg_temp.h(coalesce(names[n], x) + 100000) ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(coalesce(births[n], '1990-01-01') ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(1::int2) FROM unnest(people)),
        (SELECT array_agg(pg_temp.u(1000000 * requests[r] + n::int) ORDER BY n) FROM unnest(row_req) WITH ORDINALITY p(r, n)),
        (SELECT array_agg(('of ' || requests[r])::bytea ORDER BY n) FROM unnest(row_req) WITH ORDINALITY p(r, n)),
        (SELECT array_agg(pg_temp.h(requests[r]) ORDER BY n) FROM unnest(row_req) WITH ORDINALITY p(r, n)),
        (SELECT array_agg(x::int8 ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(pg_temp.u(2000000 * requests[r] + n::int) ORDER BY n) FROM unnest(row_req) WITH ORDINALITY p(r, n)),
        (SELECT array_agg('sealed'::bytea) FROM unnest(people)),
        (SELECT array_agg(pg_temp.h(requests[r] + 500000) ORDER BY n) FROM unnest(row_req) WITH ORDINALITY p(r, n)),
        (SELECT array_agg(NULL::text) FROM unnest(people)))) t
$$;
CREATE FUNCTION pg_temp.record_of(person int) RETURNS text LANGUAGE sql AS $$
    SELECT convert_from(p.sealed, 'UTF8') FROM registry.document d JOIN registry.person p USING (person_id) WHERE d.document_index = pg_temp.h(person)
$$;
CREATE TEMP TABLE d AS SELECT pg_temp.open(500) AS a, pg_temp.open(501) AS b, pg_temp.open(502, capacity => 2) AS small, pg_temp.open(503, capacity => 1) AS one,
                              pg_temp.open(504, 18) AS other, pg_temp.open(505) AS age;

SELECT is(pg_temp.import('{600,601,602,603}', '{17,10,10,18}', ARRAY[a, a, 299900001, other], '{1,2,2,3,4}', '{201,201,202,203,204}'),
    '1.0=12 2.0=1 2.1=1 2.2=1 3.0=3 4.0=1 4.1=1', 'answers in the order of the set; who may not spoils nothing for the others') FROM d;
SELECT is(pg_temp.record_of(201), 'of 601', 'and no record of a refused request is kept');
SELECT is(pg_temp.import('{604,605}', '{18,10}', ARRAY[a, b], '{1,2}', '{205,205}', names => '{9,205}'), '1.0=3 2.0=1 2.1=1',
    'A6: a name in a refused request is nobody''s') FROM d;
SELECT is(pg_temp.import('{606,607}', '{17,10}', ARRAY[one, one], '{1,2}', '{206,207}'), '1.0=12 2.0=1 2.1=1', 'a refused request takes no place') FROM d;
SELECT is((SELECT seat FROM registry.enrolment, d WHERE class_number = one), 1, 'nor a seat');
SELECT is(pg_temp.import('{601,608}', '{10,10}', ARRAY[a, a], '{1,1,2}', '{201,208,208}', content => 1), '1.0=11 2.0=1 2.1=1',
    'nor does the same request id with other content') FROM d;
SELECT is(pg_temp.import('{609,610}', '{10,10}', ARRAY[small, small], '{1,1,2,2}', '{210,211,211,212}'), '1.0=1 1.1=1 1.2=1 2.0=1 2.1=2 2.2=4',
    'two requests of a set fill one class in order') FROM d;
SELECT is((SELECT enrolled || '/' || seats FROM registry.class, d WHERE class_number = small), '2/2', 'to the last place and no further');
SELECT is(pg_temp.import('{610,611,609}', '{10,10,10}', ARRAY[small, b, small], '{1,1,2,3,3}', '{211,212,213,210,211}'),
    '1.0=1 1.1=2 1.2=4 2.0=1 2.1=1 3.0=1 3.1=1 3.2=1', 'requests answered before get their answers beside a new one') FROM d;
SELECT is(pg_temp.import('{612,613}', '{10,10}', ARRAY[a, b], '{1,2}', '{214,214}', names => '{214,9}'), '1.0=1 1.1=1 2.0=1 2.1=8:of 612',
    'A6: two names for one new number: the first counts, and whom it names is told') FROM d;
SELECT is(pg_temp.import('{613}', '{10}', ARRAY[b], '{1}', '{214}', names => '{9}'), '1.0=1 1.1=8:of 612', 'A6: and told again') FROM d;
SELECT is(pg_temp.import('{614}', '{10}', ARRAY[small], '{1,1}', '{215,215}', names => '{215,9}'), '1.0=1 1.1=4 1.2=4',
    'A6: no name differs from that of somebody who found no place') FROM d;
SELECT is(pg_temp.import('{615}', '{10}', ARRAY[small], '{1,1}', '{215,215}', names => '{215,9}', dry => '{true}'), '1.0=1 1.1=4 1.2=4', 'A6: nor in a dry run') FROM d;
SELECT throws_ok(format('SELECT pg_temp.import(''{616,617}'', ''{10,10}'', ARRAY[%s, %s], ''{1,2}'', ''{216,216}'', names => ''{216,9}'')', small, b),
    '40001', NULL, 'A6: in another class such a name waits until its request is alone') FROM d;
SELECT is(pg_temp.import('{617}', '{10}', ARRAY[b], '{1}', '{216}', names => '{9}'), '1.0=1 1.1=1', 'A6: and then is the person''s') FROM d;
SELECT is(pg_temp.import('{618,619}', '{10,10}', ARRAY[a, a], '{1,2}', '{218,218}', dry => '{true,false}'), '1.0=1 1.1=1 2.0=1 2.1=1', 'a dry run leaves the real request beside it alone') FROM d;
SELECT is(pg_temp.record_of(218), 'of 619', 'and brings no record');
SELECT is((SELECT count(*) FROM acts e WHERE position(int8send(small) IN body) > 0), 7::int8, 'a dry run leaves no entry') FROM d;

/* ---- minimum age: by division and day ---- */
INSERT INTO registry.policy VALUES ('370200', 'minimum_age', 20, '2026-01-01', '2026-02-28', 'x'), ('370200', 'minimum_age', 17, '2026-04-01', NULL, 'x');
SELECT is(pg_temp.enrol(700, age, '{301,302}', births => '{2008-03-01,2008-03-02}'), '1: 1 6', 'A1: eighteen by the city''s row on the first day') FROM d;
SELECT is(pg_temp.enrol(701, other, '{303}', caller => 18, births => '{2010-03-01}'), '1: 1', 'A1: between the city''s rows the province''s counts') FROM d;
UPDATE registry.class SET starts_on = '2026-02-28' FROM d WHERE class_number = other;
SELECT is(pg_temp.enrol(702, other, '{304,305}', caller => 18, births => '{2006-02-28,2006-03-01}'), '1: 1 6', 'A1: a row counts on its last day') FROM d;
UPDATE registry.class SET starts_on = '2026-04-01' FROM d WHERE class_number = other;
SELECT is(pg_temp.enrol(703, other, '{306,307}', caller => 18, births => '{2009-04-01,2009-04-02}'), '1: 1 6', 'A1: another on its first') FROM d;
DELETE FROM registry.policy WHERE name = 'minimum_age' AND division IN ('370000', '370200');
SELECT is(pg_temp.enrol(704, other, '{308}', caller => 18, births => '{1960-01-01}'), '1: 6', 'A1: where no age is set nobody is old enough') FROM d;
SELECT is(helper.latest_birth('370100', '2028-02-29'), date '2010-02-28', 'A1: counted back from a leap day');

/* ---- after the start ---- */
UPDATE registry.class SET state = 2, starts_on = helper.today() - 3, ends_on = helper.today() FROM d WHERE class_number = b;
SELECT is(pg_temp.enrol(710, b, '{310}'), '1: 1', 'a class that has begun takes trainees for three days') FROM d;
UPDATE registry.class SET starts_on = helper.today() - 4 FROM d WHERE class_number = b;
SELECT is(pg_temp.enrol(711, b, '{311}'), '5:', 'and then no more') FROM d;
DELETE FROM registry.policy WHERE name = 'late_days';
UPDATE registry.class SET starts_on = helper.today() FROM d WHERE class_number = b;
SELECT is(pg_temp.enrol(712, b, '{312}'), '5:', 'none where no days are set') FROM d;

/* ---- leaving and coming back ---- */
CREATE FUNCTION pg_temp.remove(request int, class int8, seat int, reason text DEFAULT '退学', caller int DEFAULT 10) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.roster_remove(ARRAY[pg_temp.u(request)], ARRAY[sha256(concat(class, seat, reason)::bytea)], ARRAY[pg_temp.u(caller)],
                                          ARRAY[pg_temp.head()], ARRAY[class], ARRAY[seat], ARRAY[reason])
$$;
SELECT is(pg_temp.remove(720, small, 1), 1::int2, 'a trainee leaves') FROM d;
SELECT is(pg_temp.remove(720, small, 1), 1::int2, 'the same request again: the first answer') FROM d;
SELECT is(pg_temp.remove(720, small, 2), 11::int2, 'the same request id with other content is refused') FROM d;
SELECT is(pg_temp.remove(721, small, 1), 45::int2, 'who has left does not leave') FROM d;
SELECT is(pg_temp.remove(722, small, 9), 45::int2, 'nor a seat that nobody has') FROM d;
SELECT is(pg_temp.remove(723, small, 2, NULL), 45::int2, 'who takes part does not come back') FROM d;
SELECT is(pg_temp.remove(724, small, 2, caller => 18), 3::int2, 'another institution does not see the class') FROM d;
SELECT is(pg_temp.remove(725, small, 2, caller => 21), 12::int2, 'who is no clerk removes nobody') FROM d;
SELECT is((SELECT string_agg(seat::text, ' ' ORDER BY seat) FROM api.roster_list(ARRAY[pg_temp.u(10)], ARRAY[small], '{0}', '{10}', '{0}')), '0 2', 'who has left is not listed') FROM d;
SELECT is(pg_temp.enrol(726, small, '{210}'), '1: 51', 'nor enrolled as new') FROM d;
SELECT is(pg_temp.enrol(727, small, '{320}'), '1: 1', 'another takes the place') FROM d;
SELECT is((SELECT max(seat) FROM registry.enrolment, d WHERE class_number = small), 3, 'on a new seat');
SELECT is(pg_temp.remove(728, small, 1, NULL), 4::int2, 'there is no coming back into a full class') FROM d;
SELECT is(pg_temp.remove(729, small, 3), 1::int2, 'when one more leaves') FROM d;
SELECT is(pg_temp.remove(730, small, 1, NULL), 1::int2, 'there is') FROM d;
SELECT is((SELECT enrolled || '/' || seats FROM registry.class, d WHERE class_number = small), '2/3', 'the class counts who takes part');
SELECT ok((SELECT person_id = (SELECT person_id FROM registry.enrolment e, d WHERE e.class_number = small AND e.seat = 1)
                  AND position('\x5a10'::bytea || uuid_send(person_id) IN body) > 0 FROM acts ORDER BY id DESC LIMIT 1), 'the entry names who came back');
UPDATE registry.class SET state = 3 FROM d WHERE class_number = small;
SELECT is(pg_temp.remove(731, small, 1), 5::int2, 'nobody leaves what is completed') FROM d;

/* ---- entries ---- */
SELECT is((SELECT pg_temp.bare(body) FROM acts WHERE operator_id = pg_temp.u(10) AND person_id IS NOT NULL ORDER BY id LIMIT 1),
          (SELECT '0801' || '4801' || '5208' || encode(int8send(a), 'hex') || '5a10' || replace(pg_temp.u(100000001)::text, '-', '')
                  || '6220' || encode(pg_temp.h(1), 'hex') || '6220' || encode(pg_temp.h(1), 'hex') FROM c),
          'an entry is its head, outcome, class, person, commitments of person and enrolment');
SELECT is((SELECT pg_temp.bare(body) FROM acts e WHERE operator_id = pg_temp.u(10) AND position(int8send(b) IN body) > 0
             AND position('\x4808'::bytea IN body) = 3 ORDER BY id LIMIT 1),
          '08014808' || '5208' || encode(int8send(b), 'hex') || '5a10' || replace(pg_temp.u(100000001)::text, '-', ''),
          'A6: of a name that differs it holds the person, no record') FROM c;
SELECT is((SELECT count(*) FROM acts WHERE person_id IS NULL AND pg_temp.bare(body) = '080148065208' || encode(int8send(b), 'hex')), 2::int8,
          'A1: of who is too young and not in the registry nobody') FROM c;
SELECT is((SELECT count(*) FROM acts WHERE operator_id = pg_temp.u(10) AND person_id IS NULL AND pg_temp.bare(body) = '08014803'), 3::int8,
          'of a class that is not there not even its number');
SELECT is((SELECT count(*) FROM acts WHERE operator_id = pg_temp.u(99) AND pg_temp.bare(body) = '0801480c5208' || encode(int8send(a), 'hex')), 1::int8,
          'of a request refused whole there is one') FROM c;

/* ---- the list ---- */
SELECT is((SELECT string_agg(seat::text, ' ' ORDER BY seat) FROM api.roster_list(ARRAY[pg_temp.u(10)], ARRAY[a], ARRAY[0], ARRAY[2], '{0}')), '0 1 2 3',
          'a page is one row longer than asked, after row 0') FROM c;
SELECT is((SELECT string_agg(seat::text, ' ' ORDER BY seat) FROM api.roster_list(ARRAY[pg_temp.u(10)], ARRAY[a], ARRAY[2], ARRAY[2], '{0}')), '0 3 4 5',
          'the next begins after its cursor') FROM c;
SELECT is((SELECT concat_ws(' ', min(outcome), count(*)) FROM api.roster_list(ARRAY[pg_temp.u(u)], ARRAY[a], ARRAY[0], ARRAY[1], '{0}')), n, 'sees: ' || u)
  FROM c, (VALUES (17, '1 3'), (19, '1 3'), (18, '3 1'), (12, '3 1'), (20, '3 1')) v(u, n);

/* ---- written once ---- */
SELECT throws_ok('DELETE FROM audit.entry', '42501', NULL, 'no entry is taken away, by nobody');

SELECT * FROM finish();
ROLLBACK;
