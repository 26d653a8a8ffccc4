/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing: what is held about a person goes, and nothing sealed comes to the record any more (D5). */
BEGIN;
\ir fixture.psql
SELECT plan(21);

CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
CREATE FUNCTION pg_temp.erase(request int, person uuid, version int DEFAULT 1, caller int DEFAULT 11) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, version) FROM api.person_erase(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[person], ARRAY[NULL::bytea], ARRAY[version], '{A-1}')
$$;
CREATE FUNCTION pg_temp.held(whom uuid) RETURNS int8 LANGUAGE sql AS $$
    SELECT count(*) FROM (SELECT sealed FROM registry.person WHERE person_id = whom
                          UNION ALL SELECT sealed FROM registry.person_version WHERE person_id = whom
                          UNION ALL SELECT sealed FROM registry.person_group WHERE person_id = whom
                          UNION ALL SELECT sealed FROM registry.enrolment WHERE person_id = whom
                          UNION ALL SELECT sealed FROM registry.certificate WHERE person_id = whom
                          UNION ALL SELECT sealed FROM registry.name_conflict WHERE person_id = whom
                          UNION ALL SELECT salt FROM registry.look WHERE person_id = whom AND salt IS NOT NULL) s WHERE sealed <> ''
$$;

/* Person 1 has completed a class, has left one that runs, and another name was stated; all before the erasure. */
SELECT pg_temp.open(1) AS done, pg_temp.open(2) AS open \gset
SELECT is(pg_temp.enrol(10, :done, '{1}') || ' ' || pg_temp.enrol(11, :open, '{1,2}') || ' ' || pg_temp.enrol(12, :open, '{1}', names => '{5}'),
          '1: 1 1: 1 1 1: 8', 'two classes, and another name');
UPDATE registry.class SET state = 3 WHERE class_number = :done;
UPDATE registry.enrolment SET result = 1 WHERE class_number = :done;
CREATE FUNCTION pg_temp.seat(request int, class int8, reason text) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.roster_remove(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], ARRAY[class], '{1}', ARRAY[reason])
$$;
CREATE FUNCTION pg_temp.look(person uuid) RETURNS int8 LANGUAGE sql AS $$
    SELECT count(*) FROM api.look_record(ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()], '{1}', ARRAY[NULL::int8], '{0}', '{0}', '{1}', ARRAY[NULL::uuid], '{t}',
                                         '{1}', ARRAY[person], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.h(2)])
$$;
CREATE FUNCTION pg_temp.certify(request int, n int, class int8) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.certificate_import(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], ARRAY[class],
        '{1}', '{1}', ARRAY[pg_temp.head()], '{1}', ARRAY[NULL::bytea], ARRAY[pg_temp.h(700 + n)], '{4}', '{2026-06-01}', '{4-10-01-06}', '{2}',
        ARRAY[pg_temp.u(700 + n)], ARRAY['s'::bytea], ARRAY[pg_temp.h(n)], ARRAY[NULL::text])
$$;
CREATE FUNCTION pg_temp.join_group(request int, person uuid, trainee_group int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.group_add(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()], ARRAY[person], ARRAY[NULL::bytea],
        ARRAY[trainee_group::int2], '{2026-01-01}', ARRAY[NULL::date], ARRAY[pg_temp.u(request)], ARRAY['s'::bytea], ARRAY[pg_temp.h(1)])
$$;
CREATE FUNCTION pg_temp.resolve(request int, conflict uuid, decision int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.conflict_resolve(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()], ARRAY[conflict],
        ARRAY[decision::int2], '{A-1}')
$$;
SELECT is(pg_temp.erase(19, pg_temp.person(1)), '70', 'D5: not while a class is running');
SELECT is(pg_temp.seat(20, :open, '示例'), 1::int2, 'the trainee leaves it');
SELECT is(pg_temp.seat(21, :open, NULL) || ' ' || pg_temp.seat(22, :open, '示例'), '1 1', 'may come back, and leaves again');
SELECT is(pg_temp.look(pg_temp.person(1)) || ' ' || pg_temp.certify(23, 1, :done) || ' ' || pg_temp.join_group(24, pg_temp.person(1), 3), '1 1 1 1', 'somebody of whom something is held');
SELECT ok(pg_temp.held(pg_temp.person(1)) > 5, 'in several places');
SELECT pg_temp.person(1) AS gone, (SELECT conflict_id FROM registry.name_conflict WHERE person_id = pg_temp.person(1)) AS conflict \gset
SELECT is(pg_temp.erase(25, :'gone'), '1 2', 'erased');
SELECT is(pg_temp.held(:'gone'), 0::int8, 'D5: nothing sealed is left');

SELECT is(pg_temp.look(:'gone'), 1::int8, 'a look taken before and recorded now has its entry');
SELECT is((SELECT count(*) FROM registry.look WHERE person_id = :'gone' AND salt IS NOT NULL), 0::int8, 'D5: and leaves nothing at the record');
SELECT is(pg_temp.look(pg_temp.person(2)), 1::int8, 'one at somebody else');
SELECT is((SELECT count(*) FROM registry.look WHERE person_id = pg_temp.person(2)), 1::int8, 'does');
SELECT is(pg_temp.certify(26, 2, :done), '1 71', 'D5: no certificate by the seat that it had');
SELECT is(pg_temp.certify(27, 1, :done), '1 47', 'the one that there is is there');
SELECT is(pg_temp.join_group(28, :'gone', 4), 71::int2, 'D5: no trainee group with its evidence');
SELECT is(pg_temp.join_group(29, pg_temp.person(2), 4), 1::int2, 'as another has');
SELECT is(pg_temp.seat(30, :open, NULL), 71::int2, 'D5: its seat is not taken again');
SELECT is(pg_temp.resolve(31, :'conflict', 2), 71::int2, 'D5: nor the name that was stated');
SELECT is(pg_temp.resolve(32, :'conflict', 1), 1::int2, 'the question is closed');
SELECT is(pg_temp.held(:'gone'), 0::int8, 'D5: nothing sealed has come');
SELECT is(pg_temp.enrol(33, :open, '{1}') || ' ' || (pg_temp.person(1) <> :'gone'), '1: 1 true', 'who comes again is somebody new');

SELECT * FROM finish();
ROLLBACK;
