/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that depend on a person: of whom they are given, how many in an hour (D2); what is asked of agencies (H4). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(40), pg_temp.u(4), 'x', '{reviewer}'), (pg_temp.u(41), pg_temp.u(3), 'x', '{reviewer}');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
CREATE FUNCTION pg_temp.find(caller int, n int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.person_find(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.h(n)], '{0}')
$$;
CREATE FUNCTION pg_temp.parts(caller int, n int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', min(outcome), string_agg(part || CASE WHEN part = 3 THEN convert_from(evidence_sealed, 'UTF8') ELSE '' END, ' ' ORDER BY part, evidence_sealed))
      FROM api.person_show(ARRAY[pg_temp.u(caller)], ARRAY[NULL::uuid], ARRAY[pg_temp.h(n)], '{0}')
$$;

/* ---- who was removed from a class ---- */

SELECT pg_temp.open(1) AS class, pg_temp.open(2, 18) AS other \gset
SELECT is(pg_temp.enrol(10, :class, '{1,2}'), '1: 1 1', 'two in a class of Jinan');
SELECT is(pg_temp.enrol(11, :other, '{2}', 18), '1: 1', 'one of them in one of Qingdao');
SELECT is(pg_temp.find(10, 1), 1::int2, 'D2: an institution finds its trainee');
UPDATE registry.enrolment SET removed_reason = '报错' WHERE person_id IN (pg_temp.person(1), pg_temp.person(2)) AND class_number = :class;
SELECT is(pg_temp.find(caller, 1), 60::int2, 'D2: not one that was removed: ' || caller) FROM unnest('{10,17}'::int[]) caller;
SELECT is(pg_temp.parts(caller, 2), '60', 'D2: nor opens its account, with what it did elsewhere: ' || caller) FROM unnest('{10,17}'::int[]) caller;
SELECT is((SELECT min(outcome) FROM api.person_reveal(ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()], ARRAY[NULL::uuid], ARRAY[pg_temp.h(2)], '{2}', '{A-1}')), 60::int2, 'D2: nor in clear');
SELECT is((SELECT min(outcome) FROM api.access_log(ARRAY[pg_temp.u(17)], ARRAY[NULL::uuid], ARRAY[pg_temp.h(2)], '{0}', '{9}', '{9}')), 60::int2, 'D2: nor who looked');
SELECT is(pg_temp.find(caller, 2), 1::int2, 'D2: who is in another class is seen there: ' || caller) FROM unnest('{18,41,40,19}'::int[]) caller;
UPDATE registry.enrolment SET removed_reason = NULL WHERE class_number = :class;
SELECT is(pg_temp.find(10, 1), 1::int2, 'D2: and again when the removal is taken back');

/* ---- evidence of groups ---- */

CREATE FUNCTION pg_temp.group(request int, caller int, n int, trainee_group int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.group_add(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[NULL::uuid],
        ARRAY[pg_temp.h(n)], ARRAY[trainee_group::int2], ARRAY['2026-01-01'::date], ARRAY[NULL::date], ARRAY[pg_temp.u(request)], ARRAY[('by' || caller)::bytea], ARRAY[pg_temp.h(n)])
$$;
CREATE FUNCTION pg_temp.end_group(request int, caller int, fact int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.group_end(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(fact)], ARRAY['2026-06-30'::date])
$$;
SELECT is(pg_temp.group(20, 17, 2, 7), 1::int2, 'A8: a group, by Jinan''s bureau');
SELECT is(pg_temp.group(21, 41, 2, 8), 1::int2, 'A8: another, by Qingdao''s');
SELECT is(pg_temp.parts(caller, 2), parts, 'A8: evidence is read by ' || what) FROM (VALUES
    (17, '1 0 3by17 4', 'the bureau that recorded it, and no other city''s'), (41, '1 0 3by41 4', 'likewise'), (40, '1 0 3by17 3by41 4 4', 'the province'),
    (10, '1 0 3 4', 'no institution, which sees the fact'), (19, '1 0 3by17 3by41 4 4', 'an auditor')) v(caller, parts, what);
SELECT is(pg_temp.end_group(22, 41, 20), 67::int2, 'A8: another city''s bureau does not end it');
SELECT is(pg_temp.end_group(23, 17, 20), 1::int2, 'A8: its own does');

/* ---- the limit of the hour ---- */

UPDATE registry.policy SET value = 3 WHERE name = 'masked_looks_hour';
UPDATE registry.policy SET value = 2 WHERE name = 'clear_looks_hour';
CREATE FUNCTION pg_temp.hour(caller int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', masked, clear, refused) FROM registry.look_hour WHERE operator_id = pg_temp.u(caller)
$$;
DELETE FROM registry.look_hour;
CREATE FUNCTION pg_temp.reveal(caller int, n int) RETURNS int2 LANGUAGE sql AS $$
    SELECT min(outcome) FROM api.person_reveal(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[NULL::uuid], ARRAY[pg_temp.h(n)], '{2}', '{A-1}')
$$;
SELECT is(ARRAY[pg_temp.reveal(17, 99), pg_temp.reveal(17, 98), pg_temp.reveal(17, 2)], '{60,60,62}'::int2[], 'D2: wrong guesses of clear looks count');
SELECT is(pg_temp.hour(17), '0 2 1', 'D2: by the hour');
CREATE FUNCTION pg_temp.amend(request int, caller int, n int, next int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.person_amend(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.h(n)],
        '{1}', '{3}', ARRAY[pg_temp.h(next)], '{1}', ARRAY[pg_temp.h(n + 100000)], '{1}', ARRAY[pg_temp.u(request)], '{x}', ARRAY[pg_temp.h(n)], '{A-1}')
$$;
SELECT is(ARRAY[pg_temp.amend(30, 41, 99, 97), pg_temp.amend(31, 41, 2, 1), pg_temp.amend(32, 41, 98, 97), pg_temp.amend(33, 41, 2, 1)], '{60,61,60,62}'::int2[],
          'D2: so do amendments of nobody, and of a document that is another''s');
SELECT is(pg_temp.hour(41), '3 0 1', 'D2: by the hour');
SELECT is(pg_temp.group(34, 41, 2, 9), 62::int2, 'D2: who is over it records nothing either');
SELECT is(pg_temp.enrol(40, :class, '{3,4}', dry => true), '1: 1 1', 'D2: a dry run');
INSERT INTO registry.look_hour (operator_id, hour, masked) VALUES (pg_temp.u(10), date_trunc('hour', now()), 3);
SELECT is(pg_temp.enrol(41, :class, '{3,4}', dry => true), '62:', 'D2: not of who is over the limit');
UPDATE registry.look_hour SET masked = 2;
SELECT is(pg_temp.enrol(46, :class, '{3,4}', dry => true), '62:', 'D2: nor of more rows than are left');
SELECT is(pg_temp.enrol(47, :class, '{3}', dry => true), '1: 1', 'D2: of those that are');
SELECT is(pg_temp.enrol(48, :class, '{2,2}', names => '{9,8}'), '62:', 'D2: nor an import of more rows than are left, each of which may be answered with a name');
UPDATE registry.look_hour SET masked = 3;
SELECT is(pg_temp.enrol(42, :class, '{2}', names => '{9}'), '62:', 'D2: nor an import, which would tell whose number it is');
DELETE FROM registry.look_hour;
SELECT is(pg_temp.enrol(43, :class, '{3}'), '1: 1', 'below it a roster is imported');
SELECT is((SELECT person_id FROM api.roster_import(ARRAY[pg_temp.u(44)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], ARRAY[:class::int8], '{t}', '{0}', '{1}', '{1}',
    ARRAY[pg_temp.head()], ARRAY[pg_temp.h(2)], '{1}', ARRAY[pg_temp.h(9)], '{1990-01-01}', '{1}', ARRAY[pg_temp.u(4400)], '{s}', ARRAY[pg_temp.h(1)], '{1}', ARRAY[pg_temp.u(4401)],
    '{s}', ARRAY[pg_temp.h(1)], ARRAY[NULL::text]) WHERE row_number = 1), pg_temp.person(2), 'D5: whose name it was is told, for the record of the look');
CREATE FUNCTION pg_temp.conflicts(caller int, pending int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome || CASE WHEN conflict_id IS NULL THEN '' ELSE 'c' END, ' ') FROM api.conflict_list(ARRAY[pg_temp.u(caller)], ARRAY[NULL::uuid], '{9}', '{t}', ARRAY[pending])
$$;
SELECT is(pg_temp.enrol(45, :class, '{2}', names => '{9}'), '1: 8', 'A6: a number with another name');
SELECT is(pg_temp.conflicts(17, 0), '1 1c', 'A6: is listed');
SELECT is(pg_temp.conflicts(17, 3), '62', 'D2: within the limit');
SELECT is(pg_temp.enrol(49, :class, '{2}', names => '{7}') || ' ' || pg_temp.conflicts(17, 1) || ' ' || pg_temp.conflicts(17, 2), '1: 8 1 1c 1c 62', 'D2: of more persons than are left nobody is shown');
CREATE FUNCTION pg_temp.list(class int8, page int, pending int) RETURNS text LANGUAGE sql AS $$
    SELECT (SELECT concat_ws(' ', min(outcome), count(*) - 1) FROM api.roster_list(ARRAY[pg_temp.u(10)], ARRAY[class], '{0}', ARRAY[page], ARRAY[pending])) || '; '
        || (SELECT concat_ws(' ', min(outcome), count(*) - 1) FROM api.training_list(ARRAY[pg_temp.u(10)], ARRAY[class], '{0}', ARRAY[page], ARRAY[pending]))
$$;
SELECT is((SELECT count(*) FROM registry.enrolment e WHERE e.class_number = :class AND e.removed_reason IS NULL), 3::int8, 'a class of three');
SELECT is(pg_temp.list(:class, 9, 0), '1 3; 1 3', 'D2: as many as are left are listed');
SELECT is(pg_temp.list(:class, 9, 1), '62 0; 62 0', 'D2: a page of more is refused as a whole');
SELECT is(pg_temp.list(:class, 1, 2), '1 2; 1 2', 'D2: a shorter page is not, with the one behind it that says that there are more');
SELECT is(pg_temp.list(:class, 1, 3), '62 0; 62 0', 'D2: nor is any when none is left');
SELECT is(pg_temp.conflicts(41, 0), '1', 'A6: in its own city');
CREATE FUNCTION pg_temp.verify(caller int, pending int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, person_id) FROM api.certificate_verify(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.h(2)], ARRAY[pending])
$$;
SELECT is(pg_temp.verify(17, 0), '1', 'B1: a certificate that is not there is nobody''s');
SELECT is(pg_temp.verify(17, 3), '62', 'D2: within the limit');
CREATE FUNCTION pg_temp.import(request int, people int[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.certificate_import(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()],
        ARRAY[NULL::int8], array_fill(1, ARRAY[cardinality(people)]), (SELECT array_agg(n::int) FROM unnest(people) WITH ORDINALITY p(x, n)), array_fill(pg_temp.head(), ARRAY[cardinality(people)]),
        array_fill(NULL::int, ARRAY[cardinality(people)]), (SELECT array_agg(pg_temp.h(x)) FROM unnest(people) x),
        (SELECT array_agg(pg_temp.h(8000 + x)) FROM unnest(people) x), array_fill(4::int2, ARRAY[cardinality(people)]), array_fill(helper.today(), ARRAY[cardinality(people)]),
        array_fill('4-10-01-06'::text, ARRAY[cardinality(people)]), array_fill(2::int2, ARRAY[cardinality(people)]), (SELECT array_agg(pg_temp.u(8000 + x)) FROM unnest(people) x),
        array_fill('s'::bytea, ARRAY[cardinality(people)]), array_fill(pg_temp.h(1), ARRAY[cardinality(people)]), array_fill(NULL::text, ARRAY[cardinality(people)]))
$$;
DELETE FROM registry.look_hour;
SELECT is(pg_temp.import(50, '{96,97,2}'), '1 45 45 112', 'B1: what is said of lines that are refused');
SELECT is(pg_temp.hour(10), '3 0 0', 'D2: counts');
SELECT is(pg_temp.import(51, '{96}'), '62', 'D2: within the limit');
UPDATE registry.look_hour SET masked = 2;
SELECT is(pg_temp.import(52, '{96,97}'), '62', 'D2: of as many rows as are left: each may be refused');
SELECT is(pg_temp.hour(10), '2 0 2', 'D2: what is over is counted as refused');
SELECT throws_ok($$SELECT api.certificate_import(ARRAY[pg_temp.u(54), pg_temp.u(55)], ARRAY[pg_temp.h(0), pg_temp.h(0)], ARRAY[pg_temp.u(10), pg_temp.u(10)], ARRAY[pg_temp.head(), pg_temp.head()],
    ARRAY[NULL::int8, NULL], '{1,2}', '{1,1}', ARRAY[pg_temp.head(), pg_temp.head()], ARRAY[NULL::int, NULL], ARRAY[pg_temp.h(96), pg_temp.h(97)], ARRAY[pg_temp.h(8096), pg_temp.h(8097)],
    '{4,4}', ARRAY[helper.today(), helper.today()], '{4-10-01-06,4-10-01-06}', '{2,2}', ARRAY[pg_temp.u(8096), pg_temp.u(8097)], '{s,s}', ARRAY[pg_temp.h(1), pg_temp.h(1)], ARRAY[NULL::text, NULL])$$,
    '40001', NULL, 'D2: two requests that fit, but not beside each other, are taken apart');
SELECT is(pg_temp.import(53, '{96}'), '1 45', 'D2: one row takes the last');
UPDATE registry.policy SET value = 5000 WHERE name LIKE '%looks_hour';

CREATE FUNCTION pg_temp.lesson(request int, class int8, teachers int[]) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.teachable(class, teachers);
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.lesson_add(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(CASE class WHEN (SELECT min(c.class_number)
            FROM registry.class c) THEN 10 ELSE 18 END)], ARRAY[pg_temp.head()], ARRAY[class],
        array_fill(1, ARRAY[cardinality(teachers)]), (SELECT array_agg(n::int) FROM unnest(teachers) WITH ORDINALITY t(x, n)), array_fill(pg_temp.head(), ARRAY[cardinality(teachers)]),
        array_fill('2026-04-01'::date, ARRAY[cardinality(teachers)]), array_fill(540, ARRAY[cardinality(teachers)]), array_fill(600, ARRAY[cardinality(teachers)]),
        array_fill(1, ARRAY[cardinality(teachers)]), array_fill('x'::text, ARRAY[cardinality(teachers)]), array_fill('x'::text, ARRAY[cardinality(teachers)]),
        array_fill(false, ARRAY[cardinality(teachers)]), array_fill(NULL::text, ARRAY[cardinality(teachers)]), array_fill(class::text, ARRAY[cardinality(teachers)]),
        (SELECT array_agg(pg_temp.u(request * 100 + n::int)) FROM unnest(teachers) WITH ORDINALITY t(x, n)), (SELECT array_agg(pg_temp.h(x)) FROM unnest(teachers) x),
        array_fill('s'::bytea, ARRAY[cardinality(teachers)]), array_fill(pg_temp.h(1), ARRAY[cardinality(teachers)]),
        (SELECT array_agg(pg_temp.h(x + 100000)) FROM unnest(teachers) x))
$$;
UPDATE registry.policy SET value = 2 WHERE name = 'masked_looks_hour';
DELETE FROM registry.look_hour;
SELECT is(pg_temp.lesson(60, :class, '{500}'), '1 1', 'a lesson of a teacher');
SELECT is(pg_temp.lesson(61, :other, '{500,500}'), '1 49 49', 'who is not free elsewhere then');
SELECT is(pg_temp.hour(18), '2 0 0', 'D2: which says where somebody is, and counts');
SELECT is(pg_temp.lesson(62, :other, '{501}'), '62', 'D2: within the limit');
UPDATE registry.look_hour SET masked = 1;
SELECT is(pg_temp.lesson(63, :other, '{501,502}'), '62', 'D2: of as many lessons as are left');
UPDATE registry.policy SET value = 5000 WHERE name LIKE '%looks_hour';

/* ---- who a row says it is about: a wrong guess is a look ---- */

CREATE FUNCTION pg_temp.claim_named(request int, names int[], caller int DEFAULT 17) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.claim_decide(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        '{2}', '{NULL}', '{f}', '{0}', array_fill(1, ARRAY[cardinality(names)]), (SELECT array_agg(n::int) FROM unnest(names) WITH ORDINALITY t(x, n)),
        array_fill(pg_temp.head(), ARRAY[cardinality(names)]), array_fill(pg_temp.u(8801), ARRAY[cardinality(names)]), array_fill(1, ARRAY[cardinality(names)]),
        array_fill(NULL::bytea, ARRAY[cardinality(names)]), (SELECT array_agg(pg_temp.h(x)) FROM unnest(names) x))
$$;
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, occupation_code, level, certificate_kind, trainee_group, year, amount_fen, due_on, submitted_by)
VALUES (pg_temp.u(8801), pg_temp.person(2), pg_temp.u(8802), :class, pg_temp.u(1), '370100', 2, '4-10-01-06', 2, 2, 1, 2026, 1, helper.today(), pg_temp.u(10));
UPDATE registry.policy SET value = 3 WHERE name = 'masked_looks_hour';
DELETE FROM registry.look_hour;
SELECT is(pg_temp.claim_named(80, '{96,97}') || '; ' || pg_temp.hour(17), '1 165 165; 2 0 0', 'D2: names that are not the holder''s of a claim count');
SELECT is(pg_temp.claim_named(81, '{98,99,100002}') || '; ' || pg_temp.hour(17), '1 165 62 62; 3 0 2', 'D2: within the limit; then the right one is not told either');
SELECT is(pg_temp.claim_named(82, '{100002}') || '; ' || pg_temp.hour(17), '1 62; 3 0 3', 'D2: nor later in the hour');
SELECT is(pg_temp.claim_named(83, ARRAY[NULL]::int[]), '1 1', 'D2: a step that says nothing of the holder takes none');
UPDATE registry.policy SET value = 1 WHERE name = 'masked_looks_hour';
CREATE FUNCTION pg_temp.mark_named(request int, documents int[], names int[], seats int[] DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.marks_import(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()],
        ARRAY[(SELECT min(c.class_number) FROM registry.class c)], '{NULL}', array_fill(1, ARRAY[cardinality(names)]), (SELECT array_agg(n::int) FROM unnest(names) WITH ORDINALITY t(x, n)),
        array_fill(pg_temp.head(), ARRAY[cardinality(names)]), coalesce(seats, array_fill(NULL::int, ARRAY[cardinality(names)])),
        (SELECT array_agg(pg_temp.h(x) ORDER BY n) FROM unnest(documents) WITH ORDINALITY t(x, n)), array_fill(600::int2, ARRAY[cardinality(names)]),
        array_fill(600::int2, ARRAY[cardinality(names)]), (SELECT array_agg(pg_temp.h(x) ORDER BY n) FROM unnest(names) WITH ORDINALITY t(x, n)))
$$;
CREATE FUNCTION pg_temp.attend_named(request int, document int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.attendance_import(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()],
        ARRAY[(SELECT min(c.class_number) FROM registry.class c)], '{NULL}', '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[NULL::int], ARRAY[pg_temp.h(document)], '{1}', '{1}')
$$;
CREATE FUNCTION pg_temp.remove_named(request int, name int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.roster_remove(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()],
        ARRAY[(SELECT min(c.class_number) FROM registry.class c)], '{1}', '{退学}', ARRAY[NULL::bytea], ARRAY[pg_temp.h(name)])
$$;
SELECT state AS state_was FROM registry.class WHERE class_number = :class \gset
UPDATE registry.class SET state = 2 WHERE class_number = :class;
SELECT is(pg_temp.mark_named(84, '{2,96,2}', ARRAY[NULL, NULL, NULL]::int[]) || '; ' || pg_temp.hour(10), '1 1 45 62; 1 0 1', 'D2: whether a document is in a class is told as often as there are looks');
SELECT is(pg_temp.mark_named(85, ARRAY[NULL, NULL]::int[], ARRAY[NULL, NULL]::int[], '{99,1}') || '; ' || pg_temp.hour(10), '1 45 1; 1 0 1', 'D2: a seat is nobody''s document');
SELECT is(pg_temp.attend_named(86, 2) || ' ' || pg_temp.remove_named(87, 100001), '1 62 62', 'D2: attendance and leaving likewise');
DELETE FROM registry.look_hour;
SELECT is(pg_temp.remove_named(88, 96) || '; ' || pg_temp.hour(10), '165; 1 0 0', 'D2: a name that is not the trainee''s');
DELETE FROM registry.look_hour;
SELECT is(pg_temp.attend_named(89, 96) || '; ' || pg_temp.hour(10), '1 45; 1 0 0', 'D2: a document that is in no seat');
UPDATE registry.class SET state = :state_was WHERE class_number = :class;
UPDATE registry.policy SET value = 5000 WHERE name LIKE '%looks_hour';

/* ---- what is asked of agencies ---- */

INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES
    (pg_temp.u(60), '11370000000000060A', '示例省核验', 9, '370000'), (pg_temp.u(61), '11370100000000061A', '示例市核验', 9, '370100'),
    (pg_temp.u(62), '11370102000000062A', '示例区核验', 9, '370102'), (pg_temp.u(63), '11370200000000063A', '示例外市核验', 9, '370200');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) SELECT pg_temp.u(n), pg_temp.u(n), 'x', '{clerk}' FROM generate_series(60, 63) n;
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, occupation_code, level, certificate_kind, trainee_group, year, amount_fen, due_on, submitted_by)
SELECT pg_temp.u(9000 + n), pg_temp.person(2), pg_temp.u(9100 + n), :class, pg_temp.u(1), division, 2, '4-10-01-06', 2, 2, 1, 2026, 1, helper.today(), pg_temp.u(10)
  FROM (VALUES (1, '370100'), (2, '370102'), (3, '370200')) v(n, division);
INSERT INTO registry.claim_fact (claim_id, fact) SELECT pg_temp.u(9000 + n), 1 FROM generate_series(1, 3) n;
CREATE FUNCTION pg_temp.asked(caller int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(right(claim_id::text, 1), ' ' ORDER BY claim_id) FROM api.fact_list(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{50}', '{2}', '{A-1}')
     WHERE left(right(claim_id::text, 4), 2) = '90'
$$;
CREATE FUNCTION pg_temp.answer(request int, caller int, claim int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ') FILTER (WHERE row_number > 0) FROM api.fact_answer(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        '{示例库}', ARRAY[helper.today()], '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[pg_temp.u(claim)], '{1}', '{1}')
$$;
SELECT is(pg_temp.asked(caller), claims, 'H4: asked of ' || what) FROM (VALUES (60, '1 2 3', 'the province''s agency'), (61, '1 2', 'a city''s: its claims'), (62, '2', 'a county''s: its own'),
    (63, '3', 'another city''s'), (19, '1 2 3', 'an auditor, who reads')) v(caller, claims, what);
SELECT is(pg_temp.answer(9200 + caller, caller, 9001), CASE WHEN good THEN '1' ELSE '127' END, format('H4: %s answers for a claim of the city', caller))
  FROM (VALUES (62, false), (63, false), (61, true), (60, true)) v(caller, good);
SELECT is(helper.fact_answered_by(fact::int2, kind::int2), fact BETWEEN 1 AND 7 AND kind = 9, format('H4: fact %s by an organisation of kind %s', fact, kind))
  FROM generate_series(0, 8) fact, generate_series(0, 10) kind;
SELECT is(helper.fact_answered_by(f.fact, 9::int2), true, 'H4: somebody answers each that is asked: ' || f.fact) FROM (SELECT DISTINCT fact FROM registry.claim_fact) f;
SELECT is((SELECT answered_by FROM registry.claim_fact WHERE claim_id = pg_temp.u(9002)), NULL, 'H4: nobody has answered another');
SELECT is(pg_temp.answer(9300, 62, 9002), '1', 'H4: its own county''s does');

/* ---- dossiers ---- */

CREATE FUNCTION pg_temp.dossier(caller int, claim int, pending int DEFAULT 0) RETURNS int2 LANGUAGE sql AS $$
    SELECT min(outcome) FROM api.claim_dossier(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.u(claim)], ARRAY[pending])
$$;
SELECT is(pg_temp.dossier(19, 9001), 1::int2, 'an auditor reads a claim''s dossier');
SELECT is(pg_temp.dossier(19, 9009), 126::int2, 'of a claim that is there');
SELECT is(pg_temp.dossier(19, 9001, 5000), 62::int2, 'D2: within the limit');
SET session_replication_role = replica;
UPDATE registry.operator SET roles = '{auditor}' WHERE operator_id = pg_temp.u(18);
SET session_replication_role = origin;
SELECT is(pg_temp.dossier(18, 9001), 126::int2, 'a role that got past every guard opens no claim of others');
SELECT is(pg_temp.dossier(17, 9001), 12::int2, 'and without it nobody reads one');

SELECT * FROM finish();
ROLLBACK;
