/* SPDX-License-Identifier: Apache-2.0 */
/* What has no level (无等级, 9): which certificates say so, and how it counts as one place, in a plan and among limits (B1, B3, B5, B11, G3, G10, G31). */
BEGIN;
\ir fixture.psql
\ir filing.psql
SELECT no_plan();

/* ---- its certificates ---- */
SELECT is(pg_temp.open(1, level => 9), -9::int8, 'G3: a class without a level needs it in the scope');
INSERT INTO registry.organisation_scope VALUES (pg_temp.u(1), '4-10-01-06', 9, '2026-01-01', NULL);
UPDATE registry.organisation_scope SET valid_to = NULL;
SELECT pg_temp.open(2, level => 9) AS without \gset
SELECT pg_temp.open(3, level => 2) AS junior \gset
SELECT is(pg_temp.enrol(4, :without, '{1,2,3}') || ', ' || pg_temp.enrol(5, :junior, '{1,2,3}'), '1: 1 1 1, 1: 1 1 1', 'two classes of the same people');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
UPDATE registry.class SET state = 3, starts_on = helper.today() - 90, ends_on = helper.today() - 60;
UPDATE registry.enrolment SET result = 1;
/* Certificate 100 * level + n is person n's, of a kind. */
CREATE FUNCTION pg_temp.certify(level int, n int, kind int, class int8) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
    VALUES (pg_temp.u(7000 + 100 * level + n), pg_temp.h(7000 + 100 * level + n), kind, pg_temp.person(n), pg_temp.u(1), class, '4-10-01-06', level, helper.today() - 30, 's', pg_temp.h(n), pg_temp.u(9))
$$;
SELECT pg_temp.certify(9, n, 4, :without), pg_temp.certify(2, n, 4, :junior) FROM generate_series(1, 3) n;
CREATE FUNCTION pg_temp.amend(request int, certificate int, kind int, level int, issued int DEFAULT 30) RETURNS text LANGUAGE sql AS $$
    SELECT a.outcome::text FROM api.certificate_amend(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], ARRAY[pg_temp.h(7000 + certificate)],
        ARRAY[(SELECT c.version FROM registry.certificate c WHERE c.number_index = pg_temp.h(7000 + certificate))], ARRAY[kind::int2], ARRAY[helper.today() - issued],
        ARRAY['4-10-01-06'], ARRAY[level::int2], ARRAY[NULL::bytea], ARRAY[NULL], ARRAY['示例']) a
$$;
SELECT is(pg_temp.amend(10 + kind, 901, kind, 9), outcome, format('B1: without a level, of kind %s', kind))
  FROM (VALUES (1, '391'), (2, '391'), (3, '1'), (5, '1')) v(kind, outcome);
SELECT is(pg_temp.amend(20 + kind, 201, kind, 2), outcome, format('B1: with a level, of kind %s', kind))
  FROM (VALUES (3, '391'), (1, '1'), (2, '1'), (5, '1')) v(kind, outcome);
SELECT throws_ok(format('SELECT pg_temp.certify(9, 3, %s, %s)', kind, :without), '23514', NULL, format('B1: kind %s cannot even be written without a level', kind)) FROM unnest('{1,2}'::int[]) kind;
SELECT is((SELECT helper.certificate_judge(c, c) FROM registry.certificate c WHERE c.number_index = pg_temp.h(7201)), 47::int2, 'the same again is unchanged');

/* ---- what was opened with a level before there were classes without one ---- */
UPDATE registry.class SET opened_at = (SELECT applied_at - interval '1 second' FROM registry.schema_migration WHERE name = '0053_load_level_codes.sql') WHERE class_number = :junior;
SELECT is(pg_temp.amend(30, 202, 3, 2), '1', 'B1: a special ability keeps the level of an earlier class');
SELECT is(pg_temp.amend(31, 203, 3, 9), '112', 'B1: whose completion is of that level');
UPDATE registry.class SET opened_at = now() WHERE class_number = :junior;
SELECT is(pg_temp.amend(32, 202, 3, 2, issued => 29), '1', 'B1: what it says already it may go on saying');
SELECT is(pg_temp.amend(33, 203, 3, 2), '391', 'B1: what it did not say it may not');

/* ---- its standards ---- */
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(31), pg_temp.u(2), 'x', '{approver}');
CREATE FUNCTION pg_temp.propose(request int, kind int, level int, amount int DEFAULT 1000) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.standard_propose(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(amount)], ARRAY[pg_temp.u(11)], ARRAY[pg_temp.head()], '{1}', '{1}', ARRAY[pg_temp.head()],
        ARRAY[pg_temp.u(request)], '{1}', ARRAY[NULL::text], ARRAY[level::int2], ARRAY[kind::int2], ARRAY[NULL::int2], ARRAY[NULL::int2], ARRAY[NULL::int2], ARRAY[NULL::bool],
        '{1}', ARRAY[NULL::int8], '{100}', ARRAY[amount::int8], '{2026-01-01}', ARRAY[NULL::date], '{示例文}')
$$;
SELECT is(pg_temp.propose(100 + n, kind, level, 1000 + n), '1 ' || outcome, format('B1, B5: a standard for kind %s and level %s', kind, level))
  FROM (VALUES (1, 1, 9, '391'), (2, 2, 9, '391'), (3, 3, 2, '391'), (4, 3, 9, '1'), (5, 4, 9, '1'), (6, NULL, 9, '1'), (7, 3, NULL, '1'), (8, NULL, NULL, '1')) v(n, kind, level, outcome);
UPDATE registry.standard SET decision = 1, decided_by = pg_temp.u(31), decided_at = now();
CREATE FUNCTION pg_temp.find(kind int, level int) RETURNS int8 LANGUAGE sql AS $$
    SELECT (helper.standard_find(1::int2, ROW(NULL, NULL, '370100', '4-10-01-06', level, kind, 7, 1, NULL, false, date '2026-01-01', false)::helper.claim_case)).amount_fen
$$;
SELECT is(pg_temp.find(kind, level), amount::int8, format('B5: kind %s, level %s', kind, level))
  FROM (VALUES (3, 9, 1004), (4, 9, 1005), (5, 9, 1006), (3, 2, 1007), (2, 2, 1008)) v(kind, level, amount);
UPDATE registry.standard SET valid_to = '2026-01-01', superseded_by = pg_temp.u(108) WHERE standard_id = pg_temp.u(106);
SELECT is((SELECT (helper.standard_find(1::int2, ROW(NULL, NULL, '370100', '4-10-01-06', 9, 5, 7, 1, NULL, false, date '2026-01-02', false)::helper.claim_case)).amount_fen), 1008::int8,
          'B5: a standard for all levels is for none as well');

/* ---- one place ---- */
CREATE FUNCTION pg_temp.submit(request int, VARIADIC certificates int[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY n) FILTER (WHERE row_number > 0) FROM api.claim_submit(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], '{3}', '{f}',
        array_fill(1, ARRAY[cardinality(certificates)]), (SELECT array_agg(n::int4) FROM unnest(certificates) WITH ORDINALITY c(x, n)),
        array_fill(pg_temp.head(), ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.h(7000 + x)) FROM unnest(certificates) x),
        array_fill('P-1'::text, ARRAY[cardinality(certificates)]), array_fill(true, ARRAY[cardinality(certificates)]),
        array_fill(0, ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.u(request * 100 + n::int)) FROM unnest(certificates) WITH ORDINALITY c(x, n)))
        WITH ORDINALITY s(req, row_number, outcome, claim_id, amount_fen, n)
$$;
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
SELECT pg_temp.u(7991), pg_temp.h(7991), 3, pg_temp.person(1), pg_temp.u(1), :without, '4-10-01-06', 9, helper.today() - 20, 's', pg_temp.h(1), pg_temp.u(9);
SELECT is(pg_temp.submit(50, 901, 201), '1 1', 'B3: without a level and at one are two places');
SELECT is(pg_temp.submit(51, 991), '116', 'B3: without a level is one');
SELECT throws_ok($$ INSERT INTO registry.claim_once SELECT person_id, occupation_code, level, pg_temp.u(1) FROM registry.claim_once WHERE level = 9 $$, '23505', NULL, 'B3: which no second can even be written for');
SELECT is(helper.higher_before(ARRAY[pg_temp.person(1)], '4-10-01-06', level::int2, NULL), higher, format('B11: after none and %s, something above %s', 2, level))
  FROM (VALUES (1, true), (2, false), (3, false), (9, false)) v(level, higher);

/* ---- a plan ---- */
SELECT is(helper.teaches_level(teacher::int2, class::int2), may, format('G31: who is registered for %s teaches %s', teacher, class))
  FROM (VALUES (2, 2, true), (3, 2, true), (1, 2, false), (9, 2, false), (9, 1, false), (1, 9, true), (8, 9, true), (9, 9, true)) v(teacher, class, may);
INSERT INTO registry.organisation_scope VALUES (pg_temp.u(5), '4-10-01-06', 9, '2026-01-01', NULL);
SELECT pg_temp.open(60, 18, starts => helper.today() + 10, ends => helper.today() + 40, level => 9) AS special \gset
SELECT is(pg_temp.enrol(61, :special, '{70}', 18), '1: 1', 'a class without a level has a trainee');
SELECT pg_temp.lesson(:special, 0), pg_temp.lesson(:special, 1, practice => true);
CREATE FUNCTION pg_temp.obstacles(class int8) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(o::text, ' ') FROM helper.class_obstacles(class) o $$;
SELECT is(pg_temp.obstacles(:special), '208 210', 'G10: the catalogues have the occupation at a level alone');
INSERT INTO registry.catalogue_row (catalogue_id, row, category, occupation_code, level, hours_least) VALUES (pg_temp.u(902), 2, '示例', '4-10-01-06', 9, 16);
SELECT is(pg_temp.obstacles(:special), '210', 'G10: and without one');
INSERT INTO registry.catalogue_institution (catalogue_id, row, institution_code, name, occupation_code, level, valid_from)
VALUES (pg_temp.u(903), 2, '52370200300000020X', '青岛示例学校', '4-10-01-06', 9, '2026-01-01');
SELECT is(pg_temp.obstacles(:special), NULL, 'G10: a teacher of a level teaches it');
UPDATE registry.teacher SET level = 9 WHERE teacher_id = pg_temp.u(911);
SELECT is(pg_temp.obstacles(:special), NULL, 'G31: so does one without');
SELECT is(pg_temp.file(62, :special, 1), '1 2', 'G10: it is filed');
SELECT pg_temp.classed(70) AS level2 \gset
SELECT is(pg_temp.obstacles(:level2), '217', 'G31: who is registered without a level teaches at none');
SELECT is((SELECT string_agg(outcome::text, ' ') FROM helper.teacher_judge((SELECT c FROM registry.class c WHERE c.class_number = :level2), ARRAY[pg_temp.h(911)], pg_temp.h(912), helper.today())),
          '191', 'G31: which is told when a lesson is planned');

SELECT * FROM finish();
ROLLBACK;
