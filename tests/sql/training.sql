/* SPDX-License-Identifier: Apache-2.0 */
/* Lessons, attendance, marks, and what they come to. */
BEGIN;
\ir fixture.psql
SELECT plan(129);

CREATE TEMP TABLE c AS SELECT pg_temp.open(1) AS a, pg_temp.open(2) AS b;
SELECT is(pg_temp.enrol(10, a, '{1,2,3}'), '1: 1 1 1', 'three trainees') FROM c;

/* Adds one lesson of a day of March: its outcome, after the whole's. */
CREATE FUNCTION pg_temp.lesson(request int, class int8, day int, teacher int DEFAULT 1, from_minute int DEFAULT 480, to_minute int DEFAULT 600,
                               caller int DEFAULT 10, hours int DEFAULT 2) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.teachable(class, ARRAY[teacher]);
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.lesson_add(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class], '{1}', '{1}',
        ARRAY[pg_temp.head()], ARRAY[date '2026-02-28' + day], ARRAY[from_minute], ARRAY[to_minute], ARRAY[hours], '{教室}', ARRAY[NULL]::text[],
        '{false}', '{NULL}', ARRAY[class::text], ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(teacher)], ARRAY['sealed'::bytea], ARRAY[pg_temp.h(1)],
        ARRAY[pg_temp.h(teacher + 100000)])
$$;
SELECT is(pg_temp.lesson(20, a, 1), '1 1', 'a lesson is added') FROM c;
SELECT is(pg_temp.lesson(20, a, 1), '1 1', 'the same request again: the first answer') FROM c;
SELECT is(pg_temp.lesson(21, a, 1), '1 47', 'the same lesson again: known') FROM c;
SELECT is(pg_temp.lesson(28, a, 1, hours => 1), '1 50', 'with other class hours it is not the same') FROM c;
SELECT is(pg_temp.lesson(29, a, 1, from_minute => 840, to_minute => 929), '1 216', 'G11: a lesson lasts as long as its class hours, approved or not') FROM c;
SELECT is(pg_temp.lesson(19, a, 1, from_minute => 840, to_minute => 1155, hours => 7), '1 215', 'G11: and a day has no more of them than it may') FROM c;
SELECT is(pg_temp.lesson(22, a, 1, teacher => 2, from_minute => 599, to_minute => 700), '1 50', 'two lessons of a class do not overlap') FROM c;
SELECT is(pg_temp.lesson(23, b, 1, from_minute => 599, to_minute => 700), '1 49', 'a teacher is in one place') FROM c;
SELECT is(pg_temp.lesson(24, b, 1, from_minute => 600, to_minute => 700), '1 1', 'and in the next when the first is over') FROM c;
SELECT is(pg_temp.lesson(25, a, 0), '1 43', 'not before the class begins') FROM c;
SELECT is(pg_temp.lesson(26, a, 2, caller => 18), '3', 'another institution does not see the class') FROM c;
SELECT is(pg_temp.lesson(27, a, 2, caller => 17), '5', 'a reviewer plans nothing') FROM c;
SELECT is(pg_temp.lesson(28 + day, a, day), '1 1', 'lesson of day ' || day) FROM c, generate_series(2, 5) day;
SELECT is((SELECT hours FROM registry.class, c WHERE class_number = a), 10, 'the class counts its hours');
SELECT throws_ok(format('UPDATE registry.lesson SET held = tsrange(''2026-03-01 08:00'', ''2026-03-01 09:00'') WHERE class_number = %s AND lesson = 2', a),
    '23P01', NULL, 'a teacher in two places cannot even be written') FROM c;

CREATE FUNCTION pg_temp.attend(request int, class int8, seats int[], lessons int[], states int[], caller int DEFAULT 10, reason text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.attendance_import(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class], ARRAY[reason],
        (SELECT array_agg(1) FROM unnest(seats)), (SELECT array_agg(n::int4) FROM unnest(seats) WITH ORDINALITY s(x, n)),
        (SELECT array_agg(pg_temp.head()) FROM unnest(seats)), seats, (SELECT array_agg(NULL::bytea) FROM unnest(seats)), lessons, states::int2[])
$$;
CREATE FUNCTION pg_temp.mark(request int, class int8, seat int, theory int, practice int, caller int DEFAULT 10, reason text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.marks_import(
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
SELECT is((SELECT string_agg(attended::text, ' ' ORDER BY seat) FROM api.training_list(ARRAY[pg_temp.u(10)], ARRAY[a], ARRAY[0], ARRAY[10], '{0}') WHERE seat > 0), '8 2 0', 'late and early leavers were there, who was on leave was not') FROM c;
SELECT is(pg_temp.mark(50, a, 1, 600, NULL), '1 1', 'a mark') FROM c;
SELECT is(pg_temp.mark(51, a, 1, 600, NULL), '1 47', 'the same again is known') FROM c;
SELECT is(pg_temp.mark(52, a, 1, NULL, 600), '1 1', 'the other leaves the first') FROM c;
SELECT is(pg_temp.mark(53, a, 2, 900, 900), '1 1', 'marks of another') FROM c;
/* A6: what a line says of its trainee beside the seat or the document is of the same person, or nothing is written. */
CREATE FUNCTION pg_temp.mark_said(request int, class int8, seat int, document int, name int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.marks_import(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], ARRAY[class], ARRAY[NULL]::text[],
        '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[seat], ARRAY[pg_temp.h(document)], '{900}', '{900}', ARRAY[pg_temp.h(name + 100000)])
$$;
SELECT is(pg_temp.mark_said(1054, a, 2, NULL, 2), '1 47', 'the seat''s own name') FROM c;
SELECT is(pg_temp.mark_said(1055, a, 2, 2, 2), '1 47', 'the seat''s own document and name') FROM c;
SELECT is(pg_temp.mark_said(1056, a, NULL, 2, 2), '1 47', 'the document''s own name') FROM c;
SELECT is(pg_temp.mark_said(1057, a, 2, NULL, 1), '1 165', 'a seat with another''s name') FROM c;
SELECT is(pg_temp.mark_said(1058, a, 2, 1, 2), '1 166', 'a seat with another''s document') FROM c;
SELECT is(pg_temp.mark_said(1059, a, 2, 77, 2), '1 166', 'a seat with nobody''s document') FROM c;
SELECT is(pg_temp.mark_said(1060, a, NULL, 2, 3), '1 165', 'a document with another''s name') FROM c;
SELECT is(pg_temp.mark_said(1061, a, 9, 1, 1), '1 45', 'a seat that nobody has, with a document') FROM c;
UPDATE registry.document SET name_index = pg_temp.h(100044) WHERE document_index = pg_temp.h(2);
INSERT INTO registry.person_document (person_id, document_index, document_type, record_id, sealed, commitment, state, request_id)
SELECT d.person_id, d.document_index, d.document_type, d.person_id, 'sealed', pg_temp.h(1), 1, pg_temp.u(1) FROM registry.document d
 WHERE d.document_index = pg_temp.h(2);
SELECT is(pg_temp.mark_said(1062, a, 2, NULL, 44), '1 47', 'the name of a document of another name') FROM c;
SELECT is(substring(helper.entry_body('\x'::bytea, 165::int2, NULL, NULL, NULL, NULL) FOR 3), '\x48a501'::bytea, 'an outcome above 127 takes two bytes of the entry');
SELECT throws_ok(format('UPDATE registry.mark SET theory = 1001 WHERE class_number = %s', a), '23514', NULL, 'no mark above 100') FROM c;

SELECT a FROM c \gset
CALL helper.class_results(:a);
SELECT is((SELECT string_agg(result::text, ' ' ORDER BY seat) FROM registry.enrolment, c WHERE class_number = a), '1 2 2', 'completed; too few hours, twice');
UPDATE registry.class SET state = 3 FROM c WHERE class_number = a;
SELECT is(pg_temp.mark(54, a, 1, 599, NULL), '5', 'completion freezes') FROM c;
SELECT is(pg_temp.mark(55, a, 1, 599, NULL, caller => 17), '52', 'a bureau''s correction needs a reason') FROM c;
SELECT is(pg_temp.mark(56, a, 1, 599, NULL, caller => 17, reason => 'why'), '1 1', 'with one it is made') FROM c;
SELECT is((SELECT result FROM registry.enrolment, c WHERE class_number = a AND seat = 1), 3::int2, 'and decides the result anew');
SELECT is(pg_temp.mark(57, a, 1, 600, NULL, caller => 12, reason => 'why'), '3', 'another city''s bureau does not see the class') FROM c;

/* ---- lessons that leave the plan ---- */
CREATE TEMP TABLE d AS SELECT pg_temp.open(200) AS a, pg_temp.open(201) AS b, pg_temp.open(202, 18) AS other;
SELECT is(pg_temp.enrol(203, a, '{1,4,5}'), '1: 1 1 1', 'three trainees of another class') FROM d;
SELECT is(pg_temp.lesson(210 + day, a, day, teacher => 7), '1 1', 'its lesson of day ' || day) FROM d, generate_series(11, 13) day;
CREATE FUNCTION pg_temp.unplan(request int, class int8, lesson int, caller int DEFAULT 10) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.lesson_remove(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(lesson)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class], ARRAY[lesson])
$$;
SELECT is(pg_temp.unplan(230, a, 2), 1::int2, 'a lesson leaves the plan') FROM d;
SELECT is((SELECT pg_temp.bare(body) FROM acts ORDER BY id DESC LIMIT 1), '080148015208' || encode(int8send(a), 'hex') || '6a10' || replace(pg_temp.u(222)::text, '-', ''),
          'its entry names it') FROM d;
SELECT is(pg_temp.unplan(230, a, 2), 1::int2, 'the same request again: the first answer') FROM d;
SELECT is(pg_temp.unplan(230, a, 3), 11::int2, 'the same request id with other content is refused') FROM d;
SELECT is(pg_temp.unplan(231, a, 2), 46::int2, 'it does not leave twice') FROM d;
SELECT is(pg_temp.unplan(232, a, 3, caller => 18), 3::int2, 'another institution does not see it') FROM d;
SELECT is(pg_temp.unplan(233, a, 3, caller => 21), 12::int2, 'who is no clerk plans nothing') FROM d;
SELECT is((SELECT hours || '/' || lessons FROM registry.class, d WHERE class_number = a), '4/3', 'its hours are no longer counted');
SELECT is(pg_temp.lesson(234, a, 12, teacher => 7), '1 1', 'another takes its time') FROM d;
UPDATE registry.class SET state = 2 FROM d WHERE class_number = a;
SELECT is(pg_temp.attend(235, a, '{1,1,1,2,2,3}', '{1,3,4,1,3,1}', '{1,1,2,1,5,1}'), '1 1 1 1 1 1 1', 'it is attended; the new one has a number of its own') FROM d;
SELECT is(pg_temp.attend(236, a, '{1}', '{2}', '{1}'), '1 46', 'the one that left is not') FROM d;
SELECT is(pg_temp.unplan(237, a, 1), 53::int2, 'what was attended stays in the plan') FROM d;

/* ---- lists: who sees, page by page ---- */
CREATE FUNCTION pg_temp.lessons(caller int, class int8, after int DEFAULT 0, page int DEFAULT 9) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', lesson, to_char(held_on, 'MM-DD'), from_minute, to_minute, hours, place), '; ') FROM api.lesson_list(ARRAY[pg_temp.u(caller)], ARRAY[class], ARRAY[after], ARRAY[page])
$$;
CREATE FUNCTION pg_temp.standing(caller int, class int8, after int DEFAULT 0, page int DEFAULT 9) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', seat, attended, planned, theory, practice, removed_reason, t.overlaps), '; ') FROM api.training_list(ARRAY[pg_temp.u(caller)], ARRAY[class], ARRAY[after], ARRAY[page], '{0}') t WHERE outcome = 1
$$;
SELECT is(pg_temp.lessons(10, a), '0; 1 03-11 480 600 2 教室; 3 03-13 480 600 2 教室; 4 03-12 480 600 2 教室', 'the plan, after row 0, by number') FROM d;
SELECT is(pg_temp.lessons(10, a, 1, 0), '0; 3 03-13 480 600 2 教室', 'after a cursor, one more than the page') FROM d;
SELECT is(pg_temp.lessons(10, a, 4), '0', 'nothing after the last') FROM d;
SELECT is(pg_temp.lessons(u, b), n, 'the plan seen by ' || u) FROM d, (VALUES (17, '0'), (19, '0'), (13, '0'), (18, NULL), (12, NULL), (20, NULL), (99, NULL)) v(u, n);
SELECT is(pg_temp.standing(10, a, 0, 1), '0 0 6 0; 1 4 6 0; 2 2 6 0', 'how each stands, one more than the page') FROM d;
SELECT is(pg_temp.standing(10, a, 2), '0 0 6 0; 3 2 6 0', 'after a cursor') FROM d;
SELECT is(pg_temp.standing(u, b) IS NOT NULL, seen, 'standing seen by ' || u) FROM d, (VALUES (17, true), (19, true), (13, true), (18, false), (12, false), (20, false), (99, false)) v(u, seen);
SELECT is(pg_temp.enrol(240, b, '{1}'), '1: 1', 'the first is in a third class too') FROM d;
SELECT is(pg_temp.lesson(241, b, 13, teacher => 8, from_minute => 540, to_minute => 700), '1 1', 'with a lesson at the same time') FROM d;
SELECT is(pg_temp.standing(10, a, 0, 0), '0 0 6 0; 1 4 6 1', 'which is told') FROM d;
SELECT is(pg_temp.lesson(242, b, 12, teacher => 8, from_minute => 600, to_minute => 700), '1 1', 'one that begins when this ends') FROM d;
SELECT is(pg_temp.standing(10, a, 0, 0), '0 0 6 0; 1 4 6 1', 'is not') FROM d;

/* ---- by document; who has left ---- */
CREATE FUNCTION pg_temp.attend_by(request int, class int8, person int, lesson int, state int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.attendance_import(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], ARRAY[class],
        ARRAY[NULL]::text[], '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[NULL]::int[], ARRAY[pg_temp.h(person)], ARRAY[lesson], ARRAY[state::int2])
$$;
SELECT is(pg_temp.attend_by(250, a, 5, 3, 1), '1 1', 'a trainee is known by the document') FROM d;
SELECT is(pg_temp.attend(251, a, '{3}', '{3}', '{1}'), '1 47', 'and is the one of the seat') FROM d;
SELECT is(pg_temp.attend_by(252, a, 3, 3, 1), '1 45', 'who is in another class is not in this') FROM d;
SELECT is(pg_temp.attend_by(253, a, 99, 3, 1), '1 45', 'nor is nobody') FROM d;
SELECT is((SELECT outcome FROM api.roster_remove(ARRAY[pg_temp.u(254)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], ARRAY[a], '{2}', '{退学}')), 1::int2, 'the second leaves') FROM d;
SELECT is(pg_temp.attend(255, a, '{2}', '{4}', '{1}'), '1 45', 'and attends no more') FROM d;
SELECT is(pg_temp.mark(256, a, 2, 600, 600), '1 45', 'nor gets marks') FROM d;
SELECT is(pg_temp.standing(10, a, 1, 0), '0 0 6 0; 2 2 6 退学 0', 'but is still listed, with the reason') FROM d;

/* ---- entries ---- */
CREATE FUNCTION pg_temp.told(outcome int, seat int) RETURNS text LANGUAGE sql AS $$
    SELECT '0801' || encode('\x48'::bytea || substring(int4send(outcome) FROM 4) || '\x5208'::bytea || int8send(a) || '\x5a10'::bytea || uuid_send(person_id), 'hex')
      FROM registry.enrolment e, d WHERE class_number = a AND e.seat = told.seat
$$;
SELECT is(pg_temp.attend(257, a, '{3}', '{1}', '{4}'), '1 1', 'attendance is corrected') FROM d;
SELECT is((SELECT pg_temp.bare(body) FROM acts ORDER BY id DESC LIMIT 1), pg_temp.told(1, 3), 'D1: an entry of attendance names class and person, and has nothing by which the state could be guessed');
SELECT is(pg_temp.mark(260, a, 1, 600, NULL), '1 1', 'a mark is given') FROM d;
SELECT is((SELECT pg_temp.bare(body) FROM acts ORDER BY id DESC LIMIT 1), pg_temp.told(1, 1), 'D1: nor has one of marks');
SELECT is(pg_temp.mark(260, a, 1, 600, NULL), '1 1', 'the same request again: the first answer') FROM d;
SELECT is(pg_temp.mark(261, a, 1, 600, NULL), '1 47', 'what is known already') FROM d;
SELECT is((SELECT pg_temp.bare(body) FROM acts ORDER BY id DESC LIMIT 1), pg_temp.told(47, 1), 'has an entry all the same');

/* ---- sets ---- */
CREATE FUNCTION pg_temp.marks(requests int[], callers int[], classes int8[], row_req int[], seats int[], theory int[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(req || '.' || row_number || '=' || outcome, ' ' ORDER BY place) FROM (SELECT *, row_number() OVER () AS place FROM api.marks_import(
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(requests) WITH ORDINALITY r(x, n)), (SELECT array_agg(pg_temp.h(0)) FROM unnest(requests)),
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(callers) WITH ORDINALITY r(x, n)), (SELECT array_agg(pg_temp.head()) FROM unnest(requests)), classes,
        (SELECT array_agg(NULL::text) FROM unnest(requests)), row_req, (SELECT array_agg(n::int ORDER BY n) FROM unnest(row_req) WITH ORDINALITY r(x, n)),
        (SELECT array_agg(pg_temp.head()) FROM unnest(row_req)), seats, (SELECT array_agg(NULL::bytea) FROM unnest(row_req)), theory::int2[],
        (SELECT array_agg(NULL::int2) FROM unnest(row_req)))) t
$$;
UPDATE registry.class SET state = 2 FROM d WHERE class_number IN (b, other);
SELECT is(pg_temp.marks('{270,271,272,273}', '{17,10,18,10}', ARRAY[a, a, a, b], '{1,2,2,2,3,4}', '{1,1,3,1,1,1}', '{100,700,800,700,100,500}'), '1.0=5 2.0=1 2.2=1 2.3=1 2.4=47 3.0=3 4.0=1 4.6=1',
          'of a set each its own answer; who may not spoils nothing') FROM d;
SELECT is(pg_temp.marks('{271,274,272}', '{10,10,18}', ARRAY[a, b, a], '{1,1,1,2,3}', '{1,3,1,1,1}', '{700,800,700,600,100}'), '1.0=1 1.2=1 1.3=1 1.4=47 2.0=1 2.4=1 3.0=3', 'requests answered before beside a new one') FROM d;
SELECT is((SELECT string_agg(theory::text, ' ' ORDER BY seat, class_number) FROM registry.mark JOIN registry.enrolment USING (class_number, person_id), d WHERE class_number IN (a, b)), '700 600 800', 'only what was answered with 1 is written');

/* ---- results ---- */
CREATE FUNCTION pg_temp.result_of(state int, theory int, practice int) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    number int8 := (SELECT a FROM d);
BEGIN
    UPDATE registry.attendance t SET state = $1 WHERE t.class_number = number AND lesson = 4 AND person_id = (SELECT person_id FROM registry.enrolment e WHERE e.class_number = number AND seat = 1);
    UPDATE registry.mark m SET theory = $2, practice = $3 WHERE m.class_number = number AND person_id = (SELECT person_id FROM registry.enrolment e WHERE e.class_number = number AND seat = 1);
    CALL helper.class_results(number);
    RETURN (SELECT result FROM registry.enrolment e WHERE e.class_number = number AND seat = 1);
END $$;
INSERT INTO registry.policy VALUES ('370100', 'attendance_percent', 66, '2026-01-01', '2026-12-31', 'x');
SELECT is(pg_temp.result_of(5, 600, 600), 1::int2, 'two thirds are more than the city''s 66 percent');
UPDATE registry.policy SET value = 67 WHERE division = '370100' AND name = 'attendance_percent';
SELECT is(pg_temp.result_of(5, 600, 600), 2::int2, 'and fewer than 67');
SELECT is(pg_temp.result_of(s, 600, 600), r::int2, 'attendance ' || s) FROM (VALUES (1, 1), (2, 2), (3, 1), (4, 1), (5, 2)) v(s, r);
SELECT is(pg_temp.result_of(1, t, p), 3::int2, format('marks %s and %s are too low', t, p)) FROM (VALUES (599, 600), (600, 599), (NULL, 600), (600, NULL), (NULL, NULL)) v(t, p);
SELECT is((SELECT result FROM registry.enrolment, d WHERE class_number = a AND seat = 2), NULL, 'who has left has no result');
INSERT INTO registry.policy VALUES ('370100', 'pass_mark', 70, '2026-01-01', NULL, 'x');
SELECT is(pg_temp.result_of(1, 699, 700), 3::int2, 'the pass mark is the city''s');
SELECT is(pg_temp.result_of(1, 700, 700), 1::int2, 'and reached at it');
DELETE FROM registry.policy WHERE name = 'pass_mark';
SELECT is(pg_temp.result_of(1, 1000, 1000), 3::int2, 'nobody passes where no mark is set');
DELETE FROM registry.policy WHERE name = 'attendance_percent';
SELECT is(pg_temp.result_of(1, 1000, 1000), 2::int2, 'nor has attended enough where no share is set');

/* ---- what is not yet, and nobody ---- */
CREATE TEMP TABLE f AS SELECT pg_temp.open(400, starts => helper.today(), ends => helper.today() + 2) AS a;
SELECT is(pg_temp.enrol(401, a, '{401,402}'), '1: 1 1', 'a class of today') FROM f;
SELECT is(pg_temp.lesson(402, a, helper.today() - date '2026-02-28', teacher => 9, from_minute => 0, to_minute => 90), '1 1', 'a lesson of midnight') FROM f;
SELECT is(pg_temp.lesson(403, a, helper.today() - date '2026-02-28' + 1, teacher => 9, from_minute => 0, to_minute => 90), '1 1', 'and one of the next') FROM f;
UPDATE registry.class SET state = 2 FROM f WHERE class_number = a;
SELECT is(pg_temp.attend(404, a, '{1,1,2}', '{1,2,2}', '{1,1,4}'), '1 1 226 226', 'attendance is recorded when the lesson has begun') FROM f;
UPDATE registry.class SET ends_on = helper.today() FROM f WHERE class_number = a;
CREATE FUNCTION pg_temp.complete(request int, class int8) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.class_amend(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], ARRAY[class],
        ARRAY[(SELECT c.version FROM registry.class c WHERE c.class_number = class)], ARRAY[NULL]::text[], ARRAY[NULL]::date[], ARRAY[NULL]::date[], ARRAY[NULL]::int[], '{3}', '{NULL}')
$$;
SELECT is((SELECT string_agg(outcome::text, ' ') FROM f, generate_series(1, 2) seat, api.roster_remove(ARRAY[pg_temp.u(405 + seat)], ARRAY[pg_temp.h(seat)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()],
    ARRAY[a], ARRAY[seat], '{why}')), '1 1', 'both are removed');
SELECT is(pg_temp.complete(410, a), 227::int2, 'of whom nobody is left does not complete') FROM f;
SELECT is(pg_temp.enrol(411, a, '{403}'), '1: 1', 'another comes') FROM f;
SELECT is(pg_temp.complete(412, a), 1::int2, 'and the class is completed') FROM f;

SELECT * FROM finish();
ROLLBACK;
