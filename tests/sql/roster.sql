/* SPDX-License-Identifier: Apache-2.0 */
/* Rosters: who gets a seat, who is known already, what is refused, what is written. */
BEGIN;
\ir fixture.psql
SELECT plan(44);

CREATE TEMP TABLE c AS SELECT pg_temp.open(1) AS a, pg_temp.open(2) AS b, pg_temp.open(3, 18) AS other, pg_temp.open(4, capacity => 2) AS small;

SELECT is(pg_temp.enrol(100, a, '{1,2,3}'), '1: 1 1 1', 'three new persons are enrolled') FROM c;
SELECT is((SELECT count(*) FROM registry.person), 3::int8, 'each is one person');
SELECT is((SELECT string_agg(seat::text, ' ' ORDER BY seat) FROM registry.enrolment e, c WHERE e.class_number = a), '1 2 3', 'with seats in order');
SELECT is((SELECT enrolled FROM registry.class, c WHERE class_number = a), 3, 'and the class counts them');
SELECT is((SELECT count(*) FROM audit.entry WHERE person_id IS NOT NULL), 3::int8, 'each line left its entry, on its person');

SELECT is(pg_temp.enrol(100, a, '{1,2,3}'), '1: 1 1 1', 'the same request again gets the first answer') FROM c;
SELECT is((SELECT count(*) FROM audit.entry WHERE person_id IS NOT NULL), 3::int8, 'and writes nothing');
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
    SELECT string_agg(req || '.' || line || '=' || outcome, ' ' ORDER BY req, line)
      FROM api.roster_import(
        ARRAY[pg_temp.u(one), pg_temp.u(other)], ARRAY[pg_temp.h(0), pg_temp.h(0)], ARRAY[pg_temp.u(10), pg_temp.u(10)],
        ARRAY[pg_temp.head(), pg_temp.head()], ARRAY[class, class], ARRAY[false, false],
        '{1,2,2}', '{1,1,2}', ARRAY[pg_temp.head(), pg_temp.head(), pg_temp.head()],
        ARRAY[pg_temp.h(50), pg_temp.h(50), pg_temp.h(51)], '{1,1,1}',
        ARRAY[pg_temp.h(100050), pg_temp.h(100050), pg_temp.h(100051)], '{1990-01-01,1990-01-01,1990-01-01}', '{1,1,1}',
        ARRAY[pg_temp.u(5001), pg_temp.u(5002), pg_temp.u(5003)], ARRAY['s'::bytea, 's', 's'],
        ARRAY[pg_temp.h(1), pg_temp.h(2), pg_temp.h(3)], ARRAY[pg_temp.u(6001), pg_temp.u(6002), pg_temp.u(6003)],
        ARRAY['s'::bytea, 's', 's'], ARRAY[pg_temp.h(1), pg_temp.h(2), pg_temp.h(3)], ARRAY[NULL, NULL, NULL]::text[])
$$;
SELECT is(pg_temp.two(130, 131, a), '1.0=1 1.1=1 2.0=1 2.1=2 2.2=1', 'A6: two requests of one set: first come, first enrolled') FROM c;
SELECT is((SELECT count(*) FROM registry.document WHERE document_index = pg_temp.h(50)), 1::int8, 'A6: and one person');

/* ---- entries ---- */
SELECT is((SELECT encode(body, 'hex') FROM audit.entry WHERE operator_id = pg_temp.u(10) AND person_id IS NOT NULL ORDER BY id LIMIT 1),
          (SELECT '0801' || '4801' || '5208' || encode(int8send(a), 'hex') || '5a10' || replace(pg_temp.u(100000001)::text, '-', '')
                  || '6220' || encode(pg_temp.h(1), 'hex') || '6220' || encode(pg_temp.h(1), 'hex') FROM c),
          'an entry is its head, outcome, class, person, commitments of person and enrolment');

/* ---- the list ---- */
SELECT is((SELECT string_agg(seat::text, ' ' ORDER BY seat) FROM api.roster_list(ARRAY[pg_temp.u(10)], ARRAY[a], ARRAY[0], ARRAY[2])), '0 1 2 3',
          'a page is one row longer than asked, after row 0') FROM c;
SELECT is((SELECT string_agg(seat::text, ' ' ORDER BY seat) FROM api.roster_list(ARRAY[pg_temp.u(10)], ARRAY[a], ARRAY[2], ARRAY[2])), '0 3 4 5',
          'the next begins after its cursor') FROM c;
SELECT is((SELECT count(*) FROM api.roster_list(ARRAY[pg_temp.u(u)], ARRAY[a], ARRAY[0], ARRAY[1])), n, 'sees: ' || u)
  FROM c, (VALUES (17, 3::int8), (19, 3), (18, 0), (12, 0), (20, 0)) v(u, n);

/* ---- written once ---- */
SELECT throws_ok('DELETE FROM audit.entry', '42501', NULL, 'no entry is taken away, by nobody');

SELECT * FROM finish();
ROLLBACK;
