/* SPDX-License-Identifier: Apache-2.0 */
/* Lessons, attendance, marks, and what they come to. */
BEGIN;
\ir fixture.psql
SELECT plan(33);

CREATE TEMP TABLE c AS SELECT pg_temp.open(1) AS a, pg_temp.open(2) AS b;
SELECT is(pg_temp.enrol(10, a, '{1,2,3}'), '1: 1 1 1', 'three trainees') FROM c;

/* Adds one lesson of a day of March: its outcome, after the whole's. */
CREATE FUNCTION pg_temp.lesson(request int, class int8, day int, teacher int DEFAULT 1, from_minute int DEFAULT 480, to_minute int DEFAULT 600,
                               caller int DEFAULT 10) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY line) FROM api.lesson_add(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class], '{1}', '{1}',
        ARRAY[pg_temp.head()], ARRAY[date '2026-02-28' + day], ARRAY[from_minute], ARRAY[to_minute], '{4}', '{教室}', ARRAY[NULL]::text[],
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(teacher)], ARRAY['sealed'::bytea], ARRAY[pg_temp.h(1)])
$$;
SELECT is(pg_temp.lesson(20, a, 1), '1 1', 'a lesson is added') FROM c;
SELECT is(pg_temp.lesson(20, a, 1), '1 1', 'the same request again: the first answer') FROM c;
SELECT is(pg_temp.lesson(21, a, 1), '1 47', 'the same lesson again: known') FROM c;
SELECT is(pg_temp.lesson(22, a, 1, teacher => 2, from_minute => 599, to_minute => 700), '1 50', 'two lessons of a class do not overlap') FROM c;
SELECT is(pg_temp.lesson(23, b, 1, from_minute => 599, to_minute => 700), '1 49', 'a teacher is in one place') FROM c;
SELECT is(pg_temp.lesson(24, b, 1, from_minute => 600, to_minute => 700), '1 1', 'and in the next when the first is over') FROM c;
SELECT is(pg_temp.lesson(25, a, 0), '1 43', 'not before the class begins') FROM c;
SELECT is(pg_temp.lesson(26, a, 2, caller => 18), '3', 'another institution does not see the class') FROM c;
SELECT is(pg_temp.lesson(27, a, 2, caller => 17), '5', 'a reviewer plans nothing') FROM c;
SELECT is(pg_temp.lesson(28 + day, a, day), '1 1', 'lesson of day ' || day) FROM c, generate_series(2, 5) day;
SELECT is((SELECT hours FROM registry.class, c WHERE class_number = a), 20, 'the class counts its hours');
SELECT throws_ok(format('UPDATE registry.lesson SET held = tsrange(''2026-03-01 08:00'', ''2026-03-01 09:00'') WHERE class_number = %s AND lesson = 2', a),
    '23P01', NULL, 'a teacher in two places cannot even be written') FROM c;

CREATE FUNCTION pg_temp.attend(request int, class int8, seats int[], lessons int[], states int[], caller int DEFAULT 10, reason text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY line) FROM api.attendance_import(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class], ARRAY[reason],
        (SELECT array_agg(1) FROM unnest(seats)), (SELECT array_agg(n::int4) FROM unnest(seats) WITH ORDINALITY s(x, n)),
        (SELECT array_agg(pg_temp.head()) FROM unnest(seats)), seats, (SELECT array_agg(NULL::bytea) FROM unnest(seats)), lessons, states::int2[])
$$;
CREATE FUNCTION pg_temp.mark(request int, class int8, seat int, theory int, practice int, caller int DEFAULT 10, reason text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY line) FROM api.marks_import(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class], ARRAY[reason],
        '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[seat], ARRAY[NULL]::bytea[], ARRAY[theory::int2], ARRAY[practice::int2])
$$;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(30), pg_temp.u(2), 'x', '{clerk}');
SELECT is(pg_temp.mark(39, a, 1, 600, NULL, caller => 30), '12', 'a bureau''s clerk writes into no class') FROM c;
SELECT is(pg_temp.attend(40, a, '{1}', '{1}', '{1}'), '5', 'no attendance before the start') FROM c;
UPDATE registry.class SET state = 2 FROM c WHERE class_number = a;
SELECT is(pg_temp.attend(41, a, '{1,1,1,1,2,2}', '{1,2,3,4,1,2}', '{1,3,4,1,1,2}'), '1 1 1 1 1 1 1', 'attendance is recorded') FROM c;
SELECT is(pg_temp.attend(42, a, '{1,9,1,1,1}', '{1,1,9,5,5}', '{1,1,1,1,5}'), '1 47 45 46 1 48', 'known, unknown trainee, unknown lesson, new, contradiction') FROM c;
SELECT is(pg_temp.attend(43, a, '{1}', '{5}', '{5}'), '1 1', 'another state replaces the one before') FROM c;
SELECT is((SELECT string_agg(attended::text, ' ' ORDER BY seat) FROM api.training_list(ARRAY[pg_temp.u(10)], ARRAY[a], ARRAY[0], ARRAY[10]) WHERE seat > 0), '16 4 0', 'late and early leavers were there, who was on leave was not') FROM c;
SELECT is(pg_temp.mark(50, a, 1, 600, NULL), '1 1', 'a mark') FROM c;
SELECT is(pg_temp.mark(51, a, 1, 600, NULL), '1 47', 'the same again is known') FROM c;
SELECT is(pg_temp.mark(52, a, 1, NULL, 600), '1 1', 'the other leaves the first') FROM c;
SELECT is(pg_temp.mark(53, a, 2, 900, 900), '1 1', 'marks of another') FROM c;
SELECT throws_ok(format('UPDATE registry.mark SET theory = 1001 WHERE class_number = %s', a), '23514', NULL, 'no mark above 100') FROM c;

SELECT a FROM c \gset
CALL api.class_results(:a);
SELECT is((SELECT string_agg(result::text, ' ' ORDER BY seat) FROM registry.enrolment, c WHERE class_number = a), '1 2 2', 'completed; too few hours, twice');
UPDATE registry.class SET state = 3 FROM c WHERE class_number = a;
SELECT is(pg_temp.mark(54, a, 1, 599, NULL), '5', 'completion freezes') FROM c;
SELECT is(pg_temp.mark(55, a, 1, 599, NULL, caller => 17), '52', 'a bureau''s correction needs a reason') FROM c;
SELECT is(pg_temp.mark(56, a, 1, 599, NULL, caller => 17, reason => 'why'), '1 1', 'with one it is made') FROM c;
SELECT is((SELECT result FROM registry.enrolment, c WHERE class_number = a AND seat = 1), 3::int2, 'and decides the result anew');
SELECT is(pg_temp.mark(57, a, 1, 600, NULL, caller => 12, reason => 'why'), '3', 'another city''s bureau does not see the class') FROM c;

SELECT * FROM finish();
ROLLBACK;
