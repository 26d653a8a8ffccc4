/* SPDX-License-Identifier: Apache-2.0 */
/* Venues, rooms and teachers, and what lessons may do with them (G31). */
BEGIN;
\ir fixture.psql
SELECT plan(199);
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (pg_temp.u(8), '52370100300000028X', '示例学校乙', 1, '370100');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(30), pg_temp.u(8), 'x', '{clerk}'), (pg_temp.u(31), pg_temp.u(3), 'x', '{reviewer}');
INSERT INTO registry.organisation_scope (organisation_id, occupation_code, level, valid_from) VALUES (pg_temp.u(8), '4-10-01-06', 2, '2026-01-01'), (pg_temp.u(1), '4-03-02-01', 2, '2026-01-01');

/* Registers rooms of one address: the outcomes of the whole and of the rows. */
CREATE FUNCTION pg_temp.venue(request int, rooms text[], address text DEFAULT 'A', caller int DEFAULT 10, capacities int[] DEFAULT NULL, name text DEFAULT NULL,
                              tenures int[] DEFAULT NULL, until date DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM (SELECT pg_temp.u(request) AS id, cardinality(rooms) AS k) p, api.venue_import(
        ARRAY[p.id], ARRAY[sha256(concat(rooms, address, capacities, name, tenures, until)::bytea)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], array_fill(1, ARRAY[k]),
        (SELECT array_agg(n::int) FROM unnest(rooms) WITH ORDINALITY r(x, n)), array_fill(pg_temp.head(), ARRAY[k]),
        (SELECT array_agg(md5(concat('v', request, n))::uuid) FROM unnest(rooms) WITH ORDINALITY r(x, n)),
        (SELECT array_agg(md5(concat('r', request, n))::uuid) FROM unnest(rooms) WITH ORDINALITY r(x, n)),
        array_fill(coalesce(name, address), ARRAY[k]), array_fill(coalesce(name, address), ARRAY[k]), array_fill('370102'::text, ARRAY[k]), array_fill(address, ARRAY[k]),
        array_fill(address, ARRAY[k]), rooms, rooms, coalesce(capacities, array_fill(20, ARRAY[k])), coalesce(tenures, array_fill(1, ARRAY[k]))::int2[],
        array_fill(until, ARRAY[k]), array_fill(NULL::int, ARRAY[k]), array_fill(NULL::int, ARRAY[k]), array_fill(NULL::int, ARRAY[k]))
$$;
CREATE FUNCTION pg_temp.leave(request int, venue text, until date, caller int DEFAULT 10) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.venue_end(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[venue], ARRAY[until])
$$;
/* Registers a teacher: numbers stand for documents, names and ids. */
CREATE FUNCTION pg_temp.teach(request int, teacher int, level int DEFAULT 2, starts date DEFAULT '2026-01-01', ends date DEFAULT NULL, caller int DEFAULT 10,
                              occupation text DEFAULT '4-10-01-06', qualification text DEFAULT '示例讲师', name int DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.teacher_import(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(teacher)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)],
        ARRAY[pg_temp.h(teacher)], ARRAY[pg_temp.h(coalesce(name, teacher) + 100000)], ARRAY['sealed'::bytea], ARRAY[pg_temp.h(1)], ARRAY[occupation], ARRAY[level::int2],
        ARRAY[qualification], ARRAY[starts], ARRAY[ends])
$$;
CREATE FUNCTION pg_temp.dismiss(request int, teacher int, until date, caller int DEFAULT 10) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.teacher_end(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(teacher)], ARRAY[until])
$$;
CREATE FUNCTION pg_temp.lesson(request int, class int8, room text, day int DEFAULT 1, teacher int DEFAULT 1, venue text DEFAULT NULL, practice bool DEFAULT false,
                               from_minute int DEFAULT 480, caller int DEFAULT 10, name int DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.lesson_add(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class], '{1}', '{1}',
        ARRAY[pg_temp.head()], ARRAY[date '2026-02-28' + day], ARRAY[from_minute], ARRAY[from_minute + 120], '{2}', ARRAY[room], ARRAY[NULL]::text[], ARRAY[practice],
        ARRAY[venue], ARRAY[room], ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(teacher)], ARRAY['sealed'::bytea], ARRAY[pg_temp.h(1)],
        ARRAY[pg_temp.h(coalesce(name, teacher) + 100000)])
$$;
CREATE FUNCTION pg_temp.amend(request int, class int8, starts date DEFAULT NULL, ends date DEFAULT NULL, capacity int DEFAULT NULL, state int DEFAULT NULL, caller int DEFAULT 10)
RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.class_amend(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class],
        ARRAY[(SELECT c.version FROM registry.class c WHERE c.class_number = amend.class)], ARRAY[NULL]::text[], ARRAY[starts], ARRAY[ends], ARRAY[capacity], ARRAY[state::int2], ARRAY['why'])
$$;

/* ---- venues ---- */

SELECT is(pg_temp.venue(100, '{1,2}'), '1 1 1', 'G31: rooms of a venue are registered');
SELECT is(pg_temp.venue(100, '{1,2}'), '1 1 1', 'G31: the same request again: the first answer');
SELECT is(pg_temp.venue(101, '{1,2}'), '1 47 47', 'G31: the same rooms again are unchanged');
SELECT is(pg_temp.venue(102, '{1,3}'), '1 47 1', 'G31: and one more');
SELECT is(pg_temp.venue(103, '{1}', capacities => '{30}'), '1 1', 'G31: a room is said to hold more');
SELECT is(pg_temp.venue(104, '{1,1}', capacities => '{30,31}'), '1 47 48', 'G31: rows of a file that contradict each other are refused');
SELECT is(pg_temp.venue(105, '{1,2}', tenures => '{2,1}', until => '2026-12-31'), '1 1 48', 'G31: so are those that say two things of a venue');
SELECT is(pg_temp.venue(106, '{1}', capacities => '{30}'), '1 1', 'G31: a venue is said to be owned, again');
SELECT is(pg_temp.venue(107, '{1}', address => 'B', name => 'A'), '1 194', 'G31: another venue has another name');
SELECT is(pg_temp.venue(108, '{1}', address => 'B'), '1 1', 'G31: which is its own');
SELECT is(pg_temp.venue(109, '{1}', caller => 30, capacities => '{30}', name => 'our own'), '1 1', 'G31: another institution uses the same venue');
SELECT is((SELECT count(*) FROM registry.venue), 2::int8, 'G31: an address is one venue');
SELECT is((SELECT count(*) FROM registry.room), 4::int8, 'G31: and a room of it one room');
SELECT is(pg_temp.venue(110, '{1}', caller => 17), '12', 'G31: a bureau registers no venue');
SELECT is(pg_temp.venue(111, '{1}', caller => 11), '12', 'G31: nor does an approver');
UPDATE registry.organisation SET status = 2 WHERE organisation_id = pg_temp.u(8);
SELECT is(pg_temp.venue(112, '{9}', caller => 30), '12', 'G4: nor a suspended institution');
UPDATE registry.organisation SET status = 1 WHERE organisation_id = pg_temp.u(8);
SELECT throws_ok($$INSERT INTO registry.venue_use SELECT venue_id, pg_temp.u(5), 'x', 'x', 2, NULL, NULL, NULL, NULL, pg_temp.u(1) FROM registry.venue LIMIT 1$$, '23514', NULL, 'G31: a lease has a last day');
SELECT throws_ok($$INSERT INTO registry.venue VALUES (pg_temp.u(1), '370100', 'x', 'x', pg_temp.u(1))$$, '23514', NULL, 'G31: a venue is in a county');

CREATE FUNCTION pg_temp.rooms(caller int, institution text DEFAULT NULL, after text DEFAULT NULL, page int DEFAULT 99) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(venue || '/' || room, ' ' ORDER BY venue COLLATE "C", room) FROM api.venue_list(ARRAY[pg_temp.u(caller)], ARRAY[after], ARRAY[page], ARRAY[institution])
$$;
SELECT is(pg_temp.rooms(10), 'A/1 A/2 A/3 B/1', 'G31: an institution sees its own rooms');
SELECT is(pg_temp.rooms(30), 'our own/1 our own/2 our own/3', 'G31: those of the venues it uses, under its own name');
SELECT is(pg_temp.rooms(18), NULL, 'G31: not another''s');
SELECT is(pg_temp.rooms(u), 'A/1 A/2 A/3 B/1 our own/1 our own/2 our own/3', 'G31: a bureau and an auditor see them of their area: ' || u) FROM unnest('{17,11,13,19}'::int[]) u;
SELECT is(pg_temp.rooms(20), 'A/1 A/2 A/3 B/1 our own/1 our own/2 our own/3', 'G31: a county those that lie in it');
SELECT is(pg_temp.rooms(12), NULL, 'G31: another city''s bureau sees none');
SELECT is(pg_temp.rooms(17, '52370100300000028X'), 'our own/1 our own/2 our own/3', 'G31: of one institution');
SELECT is(pg_temp.rooms(10, page => 1), 'A/1 A/2', 'G31: a page, and one more');
SELECT is(pg_temp.rooms(10, page => 1, after => (SELECT place FROM api.venue_list(ARRAY[pg_temp.u(10)], ARRAY[NULL]::text[], ARRAY[0], ARRAY[NULL]::text[]))), 'A/2 A/3', 'G31: and the rest behind it');
SELECT is(pg_temp.rooms(10, after => 'x'), NULL, 'G31: nothing behind a cursor that was none');

/* Row by row, whoever asks: the page whole. */
SELECT is((WITH RECURSIVE w(place, n) AS (SELECT l.place, 1 FROM api.venue_list(ARRAY[pg_temp.u(u)], ARRAY[NULL]::text[], '{0}', ARRAY[NULL]::text[]) l
                                          UNION ALL SELECT l.place, n + 1 FROM w, api.venue_list(ARRAY[pg_temp.u(u)], ARRAY[w.place], '{0}', ARRAY[NULL]::text[]) l)
           SELECT string_agg(place, ' ' ORDER BY n) FROM w),
          (SELECT string_agg(place, ' ') FROM api.venue_list(ARRAY[pg_temp.u(u)], ARRAY[NULL]::text[], '{99}', ARRAY[NULL]::text[])),
          'G31: pages of rooms follow upon each other, each room once: ' || u) FROM unnest('{10,17,19,20,30}'::int[]) u;

/* ---- what a venue is called ---- */

INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (pg_temp.u(40), '52370100300000040X', '示例学校丙', 1, '370100');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(41), pg_temp.u(40), 'x', '{clerk}');
INSERT INTO registry.venue SELECT pg_temp.u(n), division, address, address, pg_temp.u(1)
  FROM (VALUES (901, '370102', '解放路1号'), (902, '370103', '解放路1号'), (903, '370102', '东解放路1号'), (904, '371121', '学院路2号')) v(n, division, address);
INSERT INTO registry.venue_use (venue_id, organisation_id, name, name_key, tenure, request_id)
SELECT pg_temp.u(n), pg_temp.u(40), name, name, 1, pg_temp.u(1) FROM (VALUES (901, '一部'), (902, '二部'), (903, '三部'), (904, '历下区东解放路1号')) v(n, name);
CREATE FUNCTION pg_temp.called(key text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(right(v::text, 3), ' ' ORDER BY v) FROM helper.venues_called(pg_temp.u(40), key) v
$$;
SELECT is(pg_temp.called(key), venue, 'G31: a venue is called by its name, or by its whole address: ' || key) FROM (VALUES
    ('一部', '901'), ('解放路1号', '901 902'), ('历下区解放路1号', '901'), ('济南市历下区解放路1号', '901'), ('山东省济南市市中区解放路1号', '902'),
    ('济南市解放路1号', '901 902'), ('东解放路1号', '903'), ('济南市东解放路1号', '903'), ('历下区东解放路1号', '904'), ('西解放路1号', NULL),
    ('青岛市解放路1号', NULL), ('区解放路1号', NULL), ('历下区济南市解放路1号', NULL), ('5莲县学院路2号', '904'), ('', NULL)) k(key, venue);
SELECT is(pg_temp.leave(120, '解放路1号', '2030-12-31', caller => 41), '184', 'G31: of two counties'' none is ended');
SELECT is(pg_temp.leave(121, '西解放路1号', '2030-12-31', caller => 41), '192', 'G31: nor one with another address');
SELECT is((SELECT count(until) FROM registry.venue_use WHERE organisation_id = pg_temp.u(40)), 0::int8, 'G31: all are used on');
SELECT is(pg_temp.leave(122, '市中区解放路1号', '2030-12-31', caller => 41), '1', 'G31: that of the county that is said is');
SELECT is((SELECT name FROM registry.venue_use WHERE organisation_id = pg_temp.u(40) AND until IS NOT NULL), '二部', 'G31: and no other');
DELETE FROM registry.venue_use WHERE organisation_id = pg_temp.u(40);

CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; whole text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN ' || query LOOP whole := whole || line || E'\n'; END LOOP;
    RETURN whole;
END $$;
SELECT unalike(pg_temp.plan_of($$SELECT * FROM helper.room_classes(ARRAY[pg_temp.u(1)], '2026-01-01')$$), '%SubPlan%', 'what needs a room is asked of its lessons, and not of every class');

/* ---- teachers ---- */

SELECT is(pg_temp.teach(200, 1), '1 1', 'G31: a teacher is registered');
SELECT is(pg_temp.teach(201, 1), '1 47', 'G31: the same again is unchanged');
SELECT is(pg_temp.teach(202, 1, level => 3), '1 195', 'G31: for another level, but not on the same days');
SELECT is(pg_temp.teach(203, 1, occupation => '4-03-02-01'), '1 1', 'G31: for another occupation');
SELECT is(pg_temp.teach(204, 1, caller => 30), '1 1', 'G31: and by another institution');
SELECT is(pg_temp.teach(205, 2, occupation => '9-99-99-99'), '1 10', 'G31: for an occupation that exists');
SELECT is(pg_temp.teach(206, 2, caller => 17), '12', 'G31: a bureau registers no teacher');
SELECT is(pg_temp.teach(207, 2, ends => '2026-03-31'), '1 1', 'G31: up to a day');
SELECT is(pg_temp.teach(208, 2, starts => '2026-04-01', level => 3), '1 1', 'G31: and otherwise from the next');
SELECT is(pg_temp.teach(209, 3, level => 1), '1 1', 'G31: for classes of a lower level');
SELECT is(pg_temp.enrol(210, pg_temp.open(211), '{50}'), '1: 1', 'a person of the registry');
SELECT is(pg_temp.teach(212, 50, name => 51), '1 8', 'A6: who goes by another name is not registered so');
SELECT is((SELECT masked FROM registry.look_hour WHERE operator_id = pg_temp.u(10)), 1, 'D2: which is an answer about a person, and a look');
SELECT is(pg_temp.teach(213, 50), '1 1', 'A6: by the same name');
UPDATE registry.policy SET value = 1 WHERE name = 'masked_looks_hour';
SELECT is(pg_temp.teach(214, 60), '62', 'D2: within the limit');
UPDATE registry.policy SET value = 5000 WHERE name = 'masked_looks_hour';
SELECT throws_ok($$INSERT INTO registry.teacher SELECT pg_temp.u(9999), organisation_id, teacher_index, name_index, sealed, commitment, occupation_code, 4::int2, 'x', '2026-06-01', NULL, request_id
    FROM registry.teacher WHERE teacher_id = pg_temp.u(200)$$, '23P01', NULL, 'G31: two registrations of one teacher on one day cannot even be written');

CREATE FUNCTION pg_temp.teachers(caller int, institution text DEFAULT NULL, after uuid DEFAULT NULL, page int DEFAULT 99, pending int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text || coalesce(':' || right(teacher_id::text, 3), ''), ' ') FROM api.teacher_list(ARRAY[pg_temp.u(caller)], ARRAY[after], ARRAY[page], ARRAY[institution], ARRAY[pending])
$$;
SELECT is(pg_temp.teachers(10), '1 1:200 1:203 1:207 1:208 1:209 1:213', 'G31: an institution sees its own teachers');
SELECT is(pg_temp.teachers(10, after => pg_temp.u(207), page => 1), '1 1:208 1:209', 'G31: page by page, and one more');
SELECT is(pg_temp.teachers(17, '52370100300000028X'), '1 1:204', 'G31: a bureau those of an institution of its area');
SELECT is(pg_temp.teachers(u), '1', 'G31: another institution and another city see none: ' || u) FROM unnest('{18,12}'::int[]) u;
SELECT is(pg_temp.teachers(10, pending => 5000), '62', 'D2: a page of teachers is looks');
SELECT is(pg_temp.teachers(30, pending => 5000), '62', 'D2: also one that shows no person of the registry: what the limit refuses tells nobody apart');
SELECT is(pg_temp.teachers(30, pending => 4999), '1 1:204', 'D2: each is one');

SELECT is(pg_temp.dismiss(220, 208, '2026-05-31'), '1', 'G31: a registration ends');
SELECT is(pg_temp.dismiss(221, 208, '2026-06-30'), '1', 'G31: or lasts longer');
SELECT is(pg_temp.dismiss(222, 208, '2026-03-31'), '40', 'G31: not before its first day');
SELECT is(pg_temp.dismiss(223, 207, '2026-04-15'), '195', 'G31: nor into another''s days');
SELECT is(pg_temp.dismiss(224, 208, '2026-05-31', caller => 30), '196', 'G31: of one''s own institution');
SELECT is(pg_temp.dismiss(225, 208, '2026-05-31', caller => 17), '12', 'G31: by its clerk');

/* ---- lessons: rooms ---- */

CREATE TEMP TABLE c AS SELECT pg_temp.open(300) AS a, pg_temp.open(301) AS b, pg_temp.open(302, 30) AS other, pg_temp.open(303, occupation => '4-03-02-01') AS trade;
SELECT is(pg_temp.lesson(310, a, '2'), '1 1', 'G31: a lesson in a registered room') FROM c;
SELECT is(pg_temp.lesson(311, a, '2'), '1 47', 'G31: the same again is unchanged') FROM c;
SELECT is(pg_temp.lesson(312, a, '3'), '1 50', 'G31: in another room it is not the same') FROM c;
SELECT is(pg_temp.lesson(313, a, '2', practice => true), '1 50', 'G31: nor as practice') FROM c;
SELECT is(pg_temp.lesson(314, a, '9', day => 2), '1 185', 'G31: a room that nobody has registered') FROM c;
SELECT is(pg_temp.lesson(315, a, '1', day => 2), '1 186', 'G31: a room that two venues have') FROM c;
SELECT is(pg_temp.lesson(316, a, '1', day => 2, venue => 'B'), '1 1', 'G31: with its venue') FROM c;
SELECT is(pg_temp.lesson(317, a, '1', day => 3, venue => '济南市B'), '1 1', 'G31: or its address') FROM c;
SELECT is(pg_temp.lesson(318, a, '1', day => 4, venue => 'C'), '1 185', 'G31: which is one of the institution''s') FROM c;
SELECT is(pg_temp.lesson(319, other, '1', day => 2, venue => 'B', caller => 30), '1 185', 'G31: not of another''s') FROM c;
SELECT is(pg_temp.lesson(320, other, '2', caller => 30, from_minute => 540), '1 49', 'G31: a teacher is in one place, whichever institution plans') FROM c;
SELECT is(pg_temp.teach(321, 4, caller => 30), '1 1', 'another teacher');
SELECT is(pg_temp.lesson(322, other, '2', teacher => 4, caller => 30, from_minute => 540), '1 187', 'G31: a room has one class at a time, whichever institutions they are of') FROM c;
SELECT is(pg_temp.lesson(323, other, '2', teacher => 4, caller => 30, from_minute => 600), '1 1', 'G31: the next when the first is over') FROM c;
SELECT throws_ok(format('UPDATE registry.lesson SET held = tsrange(''2026-03-01 08:00'', ''2026-03-01 09:00'') WHERE class_number = %s AND lesson = 1', other),
    '23P01', NULL, 'G31: two classes in one room cannot even be written') FROM c;
SELECT is((SELECT string_agg(concat_ws(' ', l.lesson, practice, address, room), '; ') FROM c, api.lesson_list(ARRAY[pg_temp.u(10)], ARRAY[a], ARRAY[0], ARRAY[9]) l WHERE l.lesson > 0),
    '1 f A 2; 2 f B 1; 3 f B 1', 'G31: the plan names room and address');
SELECT is(pg_temp.lesson(324, a, '3', day => 5, practice => true), '1 1', 'G11: practice is told apart') FROM c;
SELECT is((SELECT practice FROM c, api.lesson_list(ARRAY[pg_temp.u(10)], ARRAY[a], ARRAY[3], ARRAY[9]) l WHERE l.lesson = 4), true, 'G11: and shown');

/* ---- lessons: capacity ---- */

SELECT is(pg_temp.lesson(330, big, '2', day => 6), '1 188', 'G31: a class with more places than the room holds') FROM (SELECT pg_temp.open(331, capacity => 21) AS big) x;
SELECT is(pg_temp.lesson(332, fits, '2', day => 7), '1 1', 'G31: as many fit') FROM (SELECT pg_temp.open(333, capacity => 20) AS fits) x;
SELECT is(pg_temp.amend(334, a, capacity => 20), '1', 'G31: places up to what the rooms hold') FROM c;
SELECT is(pg_temp.amend(335, a, capacity => 21), '188', 'G31: not more') FROM c;
SELECT is(pg_temp.amend(336, b, capacity => 500), '1', 'G31: a class without rooms has what it says') FROM c;
SELECT is(pg_temp.venue(337, '{2}', capacities => '{19}'), '1 188', 'G31: a room that is planned does not become too small') ;
SELECT is(pg_temp.venue(338, '{2}', capacities => '{19}', caller => 30, name => 'our own'), '1 224', 'G31: nor does another institution that uses it say so') ;
SELECT is(pg_temp.venue(339, '{3}', capacities => '{25}'), '1 1', 'G31: larger it becomes');

/* ---- lessons: leases ---- */

SELECT is(pg_temp.venue(350, '{L}', address => 'D', tenures => '{2}', until => '2026-05-30'), '1 1', 'a lease up to the day before a class ends');
SELECT is(pg_temp.lesson(351, a, 'L', day => 10), '1 189', 'G31: a lease that ends before the class does') FROM c;
SELECT is(pg_temp.venue(352, '{L}', address => 'D', tenures => '{2}', until => '2026-05-31'), '1 1', 'G31: it is renewed');
SELECT is(pg_temp.lesson(353, a, 'L', day => 10), '1 1', 'G31: up to its last day') FROM c;
SELECT is(pg_temp.amend(354, a, ends => '2026-06-01'), '189', 'G31: the class does not end later than the lease') FROM c;
SELECT is(pg_temp.venue(355, '{L}', address => 'D', tenures => '{2}', until => '2026-05-30'), '1 193', 'G31: nor the lease before the class') ;
SELECT is(pg_temp.leave(356, 'D', '2026-05-30'), '193', 'G31: nor does the use end before');
SELECT is(pg_temp.leave(357, 'D', '2026-05-31'), '1', 'G31: it ends with it');
SELECT is(pg_temp.leave(358, 'X', '2026-05-31'), '192', 'G31: of a venue that the institution uses');
SELECT is(pg_temp.leave(359, 'D', '2026-05-31', caller => 30), '192', 'G31: another''s it does not end');
SELECT is(pg_temp.leave(360, 'D', '2026-05-31', caller => 17), '12', 'G31: nor does a bureau');
SELECT is(pg_temp.leave(361, 'B', '2026-02-28'), '193', 'G31: a venue that is owned is needed as well');
SELECT is(pg_temp.venue(362, '{V}', address => 'E', tenures => '{2}', until => '2026-03-05'), '1 1', 'a lease that is soon over');
SELECT is(pg_temp.lesson(363, a, 'V', day => 15), '1 189', 'G31: on a day after the lease') FROM c;

/* ---- lessons: teachers ---- */

SELECT is(pg_temp.lesson(370, a, '2', day => 20, teacher => 70), '1 190', 'G31: a teacher whom nobody has registered') FROM c;
SELECT is(pg_temp.lesson(371, a, '2', day => 20, teacher => 4), '1 190', 'G31: whom another institution has') FROM c;
SELECT is(pg_temp.lesson(372, trade, '2', day => 20, teacher => 2), '1 190', 'G31: for another occupation') FROM c;
SELECT is(pg_temp.lesson(373, trade, '2', day => 20, teacher => 1), '1 1', 'G31: for this one') FROM c;
SELECT is(pg_temp.lesson(374, a, '2', day => 21, teacher => 3), '1 191', 'G31: for classes of a lower level') FROM c;
SELECT is(pg_temp.lesson(375, a, '2', day => 31, teacher => 2), '1 1', 'G31: on the last day of the period') FROM c;
SELECT is(pg_temp.teach(376, 5, starts => '2026-03-10', ends => '2026-03-20'), '1 1', 'for ten days');
SELECT is(pg_temp.lesson(377 + day, a, '2', day => day, teacher => 5), '1 190', 'G31: not before or after it: ' || day) FROM c, unnest('{9,21}'::int[]) day;
SELECT is(pg_temp.lesson(400, a, '2', day => 22, teacher => 1, name => 2), '1 198', 'A6: by another name') FROM c;
SELECT is(pg_temp.dismiss(401, 207, '2026-03-30'), '197', 'G31: a teacher with a lesson to come stays registered');
SELECT is(pg_temp.dismiss(402, 207, '2026-03-31'), '1', 'G31: up to it');

/* A teacher goes by whatever document. */
SELECT is(pg_temp.enrol(410, (SELECT b FROM c), '{80,81}'), '1: 1 1', 'a person who comes with two documents');
UPDATE registry.document SET person_id = (SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(80)), name_index = pg_temp.h(100081) WHERE document_index = pg_temp.h(81);
SELECT is(pg_temp.teach(411, 80), '1 1', 'registered with one');
SELECT is(pg_temp.teach(412, 81, caller => 30), '1 1', 'and elsewhere with the other');
SELECT is(pg_temp.lesson(413, a, '2', day => 25, teacher => 80), '1 1', 'a lesson') FROM c;
SELECT is(pg_temp.lesson(414, other, '3', day => 25, teacher => 81, caller => 30), '1 49', 'G31: one person in two places by two documents') FROM c;
SELECT is(pg_temp.lesson(415, a, '2', day => 26, teacher => 81, name => 80), '1 1', 'G31: who is registered with one and named by the other is registered') FROM c;

/* ---- lists of teachers ---- */

SELECT is((WITH RECURSIVE w(id, n) AS (SELECT l.teacher_id, 1 FROM helper.teacher_page(pg_temp.u(u), NULL, 0, NULL) l
                                       UNION ALL SELECT l.teacher_id, n + 1 FROM w, helper.teacher_page(pg_temp.u(u), w.id, 0, NULL) l)
           SELECT string_agg(id::text, ' ' ORDER BY n) FROM w),
          (SELECT string_agg(t.teacher_id::text, ' ' ORDER BY t.organisation_id, t.teacher_id) FROM registry.teacher t
            WHERE t.organisation_id = ANY (ARRAY(SELECT pg_temp.u(g) FROM unnest(institutions) g))),
          'G31: pages of teachers follow upon each other, each teacher once: ' || u)
  FROM (VALUES (10, '{1}'::int[]), (30, '{8}'), (17, '{1,8}'), (19, '{1,8}'), (12, '{}')) v(u, institutions);
SELECT is((SELECT array_agg(DISTINCT p.organisation_code) FROM helper.teacher_page(pg_temp.u(17), NULL, 99, '52370100300000028X') p), '{52370100300000028X}', 'G31: of one institution');
SELECT is((SELECT count(*) FROM helper.teacher_page(pg_temp.u(30), NULL, 99, '52370100300000010X')), 0::int8, 'G31: not of another''s, whatever is asked');

/* ---- obstacles ---- */

SELECT is(helper.room_obstacles(a), '{}', 'G31: nothing stands in the way of a plan') FROM c;
UPDATE registry.room SET capacity = 5 WHERE name = '3';
UPDATE registry.venue_use SET until = '2026-05-30' WHERE name = 'D';
UPDATE registry.lesson SET room_id = NULL FROM c WHERE class_number = a AND lesson = 1;
SELECT is(helper.room_obstacles(a), '{185,188,189}', 'G31: no room, one too small, one whose lease ends early') FROM c;
SELECT is(helper.room_obstacles(b), '{}', 'G31: a class without a plan has no obstacle here') FROM c;

/* ---- cancelled classes ---- */

UPDATE registry.organisation_scope SET valid_to = NULL;
CREATE TEMP TABLE d AS SELECT pg_temp.open(502, starts => helper.today(), ends => helper.today() + 30) AS a, pg_temp.open(503, starts => helper.today(), ends => helper.today() + 30) AS b;
SELECT is(pg_temp.lesson(510 + day, a, '2', day => helper.today() - date '2026-02-28' + day, teacher => 1), '1 1', 'a lesson to come') FROM d, unnest('{1,2}'::int[]) day;
SELECT is(pg_temp.lesson(520, b, '2', day => helper.today() - date '2026-02-28' + 1, teacher => 1), '1 49', 'another class has neither its teacher') FROM d;
SELECT is(pg_temp.amend(521, a, state => 4), '1', 'the class is cancelled') FROM d;
SELECT is((SELECT hours FROM registry.class, d WHERE class_number = a), 0, 'G31: its plan is empty');
SELECT is(pg_temp.lesson(522, b, '2', day => helper.today() - date '2026-02-28' + 1, teacher => 1), '1 1', 'G31: room and teacher are free') FROM d;

/* ---- one room, one human ---- */

SELECT is(pg_temp.venue(530, '{1}', address => 'C'), '1 1', 'a room');
SELECT is(pg_temp.venue(531, '{1}', address => 'C', capacities => '{30}', caller => 30), '1 224', 'G31: how many a room holds says who registered it');
SELECT is((SELECT count(*) FROM registry.venue_use WHERE organisation_id = pg_temp.u(8) AND name = 'C'), 0::int8, 'G31: and nothing of such a row is kept');
SELECT is(pg_temp.venue(532, '{1,2}', address => 'C', caller => 30), '1 1 1', 'G31: another institution states the same number, and has a room of its own');
SELECT is(pg_temp.venue(533, '{1,2}', address => 'C', capacities => '{19,19}'), '1 1 224', 'G31: which only it changes');
SELECT is(pg_temp.leave(534, 'C', helper.today()), '1', 'the first one''s use ends today');
SELECT is(pg_temp.venue(535, '{1}', address => 'C', capacities => '{18}', caller => 30), '1 224', 'G31: as long as that institution uses it');
SELECT is(pg_temp.leave(536, 'C', helper.today() - 1), '1', 'yesterday');
SELECT is(pg_temp.venue(537, '{1}', address => 'C', capacities => '{18}', caller => 30), '1 1', 'G31: then who still uses it says so');
SELECT is(pg_temp.venue(538, '{1}', address => 'C'), '1 224', 'G31: and not who comes back');
UPDATE registry.organisation SET status = 3 WHERE organisation_id = pg_temp.u(8);
SELECT is(pg_temp.venue(539, '{1}', address => 'C'), '1 1', 'G31: nor does one that is closed');
UPDATE registry.organisation SET status = 1 WHERE organisation_id = pg_temp.u(8);

SELECT is(pg_temp.teach(540, 90, ends => '2026-12-31'), '1 1', 'a teacher');
SELECT is(pg_temp.teach(541, 90, name => 91, caller => 30), '1 8', 'A6: another institution does not register the document under another name');
SELECT is(pg_temp.teach(542, 90, name => 91, occupation => '4-03-02-01'), '1 8', 'A6: nor the same one, for something else');
SELECT is(pg_temp.teach(543, 90, caller => 30), '1 1', 'A6: under the same name it does');
SELECT is(pg_temp.teach(544, 90, name => 91, occupation => '4-03-02-01', starts => '2027-01-01'), '1 8', 'A6: as long as one of them says so');
SELECT is(pg_temp.dismiss(545, 543, '2026-12-31', caller => 30), '1', 'who registered the wrong name ends it');
SELECT is(pg_temp.teach(546, 90, name => 91, starts => '2027-01-01'), '1 1', 'A6: after that the name may be another');

CREATE TEMP TABLE e AS SELECT pg_temp.open(550, starts => helper.today(), ends => helper.today() + 30) AS a, pg_temp.open(551, starts => helper.today(), ends => helper.today() + 30) AS b;
SELECT is(pg_temp.teach(552, 92) || pg_temp.teach(553, 93), '1 11 1', 'two teachers');
SELECT is(pg_temp.venue(549, '{F1,F2}', address => 'F', capacities => '{500,500}'), '1 1 1', 'two rooms');
SELECT is(pg_temp.lesson(554, a, 'F1', day => helper.today() - date '2026-02-28' + 9, teacher => 92) || pg_temp.lesson(555, b, 'F2', day => helper.today() - date '2026-02-28' + 9, teacher => 93), '1 11 1',
          'teach at one time in two rooms') FROM e;
SELECT is(pg_temp.enrol(556, a, '{92}') || pg_temp.enrol(557, b, '{93}'), '1: 11: 1', 'both are persons of the registry') FROM e;
SELECT is((SELECT string_agg(o::text, ' ') FROM e, helper.class_obstacles(a) o), NULL, 'G31: who are two may teach in two');
UPDATE registry.document SET person_id = (SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(92)), name_index = pg_temp.h(100093) WHERE document_index = pg_temp.h(93);
SELECT is((SELECT string_agg(o::text, ' ') FROM e, helper.class_obstacles(a) o), '225', 'G31: who turn out to be one may not');
SELECT is((SELECT helper.plan_obstacles(c, 8) FROM registry.class c, e WHERE class_number = b), '{225}', 'G31: when the class is filed and approved');
SELECT is(pg_temp.amend(558, a, state => 2), '225', 'G31: and when it starts') FROM e;
DELETE FROM registry.lesson USING e WHERE class_number = b;
SELECT is(pg_temp.amend(559, a, state => 2), '1', 'G31: with another plan it does') FROM e;

/* ---- erasing ---- */

CREATE FUNCTION pg_temp.forget(request int, teacher int, caller int DEFAULT 11) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.teacher_erase(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(teacher)])
$$;
SELECT is(pg_temp.forget(600, 200, 10), '12', 'D5: an institution erases no teacher');
SELECT is(pg_temp.forget(601, 200, 12), '196', 'D5: nor does another city''s bureau');
SELECT is(pg_temp.forget(602, 200), '70', 'D5: who teaches in a class that is not over is not erased');
UPDATE registry.class SET state = 3;
SELECT is(pg_temp.forget(603, 200), '1', 'D5: a teacher is erased');
SELECT is(pg_temp.forget(603, 200), '1', 'D5: the same request again: the first answer');
SELECT is(pg_temp.forget(604, 200), '71', 'D5: for good');
SELECT is((SELECT count(*) FROM registry.teacher WHERE teacher_index = pg_temp.h(1) OR teacher_id IN (pg_temp.u(200), pg_temp.u(203), pg_temp.u(204)) AND sealed <> ''), 0::int8,
    'D5: wherever registered');
SELECT is((SELECT count(*) FROM registry.lesson WHERE teacher_index = pg_temp.h(1)), 0::int8, 'D5: and in every plan');
SELECT is(pg_temp.forget(605, 213), '199', 'D5: a person of the registry is erased as one');
SELECT is((SELECT masked FROM registry.look_hour WHERE operator_id = pg_temp.u(11)), 3, 'D2: that a teacher is one, was erased or is in a class is an answer about somebody, and a look');
UPDATE registry.policy SET value = 3 WHERE name = 'masked_looks_hour';
SELECT is(pg_temp.forget(606, 213), '62', 'D2: within the limit');

SELECT * FROM finish();
ROLLBACK;
