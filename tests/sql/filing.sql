/* SPDX-License-Identifier: Apache-2.0 */
/* Classes are filed and approved before they start: what is checked, who decides, what is kept (G0, G3, G10, G11). */
BEGIN;
\ir fixture.psql
\ir filing.psql
SELECT plan(231);

/* ---- filing ---- */
CREATE TEMP TABLE c AS SELECT pg_temp.classed(300) AS a, pg_temp.classed(301) AS b, pg_temp.classed(302, planned => false, trainees => 0) AS bare;
SELECT is(pg_temp.file(1, a, 1, 10), '3', 'G0: another institution does not see the class') FROM c;
SELECT is(pg_temp.file(2, a, 1, 12), '12', 'G0: a bureau files none') FROM c;
SELECT is(pg_temp.file(3, a, 7), '14 0', 'G0: the class is filed as it was seen') FROM c;
SET LOCAL session_replication_role = replica;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(44), pg_temp.u(5), 'x', '{clerk}'); /* from before it was asked */
SET LOCAL session_replication_role = origin;
SELECT is(pg_temp.file(14, a, 1, 44), '148', 'C1: nor does a clerk of whom it is not known who that is') FROM c;
SELECT is(pg_temp.file(4, a, 1), '1 2', 'G0: a class with a trainee and a plan is filed') FROM c;
SELECT is(pg_temp.file(4, a, 1), '1 2', 'the same request again gets the first answer') FROM c;
SELECT is((SELECT count(*) FROM registry.class_filing WHERE class_number = a), 1::int8, 'and files nothing more') FROM c;
SELECT is(pg_temp.file(5, a, 1), '14 32', 'who saw it before is told that it was filed') FROM c;
SELECT is(pg_temp.file(6, a, 2), '200', 'G0: what is filed is not filed again') FROM c;
SELECT is((SELECT concat_ws(' ', filing, filed_by = pg_temp.u(18), due_on, trainees, hours, practice_hours, hours_least, practice_percent, catalogue_id = pg_temp.u(902), catalogue_row,
                            institution_catalogue_id = pg_temp.u(903), institution_catalogue_row, decision) FROM registry.class_filing WHERE class_number = a),
          concat_ws(' ', 1, 't', helper.working_day('370200', helper.today(), 5), 1, 16, 8, 16, 50, 't', 1, 't', 1), 'G10: what was checked is kept, and the day by which it is due') FROM c;
UPDATE registry.class_filing SET due_on = due_on + 30 FROM c WHERE class_number = a;
SELECT is((SELECT due_on FROM api.class_file(ARRAY[pg_temp.u(4)], ARRAY[pg_temp.h(4)], ARRAY[pg_temp.u(18)], ARRAY[pg_temp.head()], ARRAY[a], '{1}', '{x}', '{x}')),
          helper.working_day('370200', helper.today(), 5), 'which the answer says, also the second time, though the calendar has moved it since') FROM c;
SELECT is((SELECT concat_ws(' ', state, filing, operator_id = pg_temp.u(18)) FROM registry.class_version WHERE class_number = a AND version = 2), '1 1 t', 'the class''s versions tell of it') FROM c;
SELECT is(pg_temp.file(7, bare, 1), '212', 'G0: a class without a trainee is not filed') FROM c;
SELECT is(pg_temp.enrol(8, bare, '{7}', 18), '1: 1', 'with one') FROM c;
SELECT is(pg_temp.file(9, bare, 1), '211', 'G0: nor without a plan') FROM c;

/* ---- a filed class is frozen ---- */
CREATE FUNCTION pg_temp.amend(request int, class int8, seen int, title text DEFAULT NULL, starts date DEFAULT NULL,
                              ends date DEFAULT NULL, capacity int DEFAULT NULL, state int DEFAULT NULL, caller int DEFAULT 18)
RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, changed, version) FROM api.class_amend(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class],
        ARRAY[seen], ARRAY[title], ARRAY[starts], ARRAY[ends], ARRAY[capacity], ARRAY[state::int2], ARRAY['why'])
$$;
CREATE FUNCTION pg_temp.leave(request int, class int8, seat int, reason text) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.roster_remove(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(18)], ARRAY[pg_temp.head()], ARRAY[class], ARRAY[seat], ARRAY[reason])
$$;
SELECT is(pg_temp.amend(20, a, 2, title => 'x'), '200', 'G0: a filed class is not amended') FROM c;
SELECT is(pg_temp.amend(21, a, 2, ends => helper.today() + 50), '200', 'nor are its days') FROM c;
SELECT is(pg_temp.amend(22, a, 2, state => 2), '200', 'G0: nor is it started') FROM c;
SELECT is(pg_temp.enrol(23, a, '{8}', 18), '1: 1', 'G0: its roster may grow') FROM c;
SELECT is(pg_temp.leave(24, a, 1, 'why'), 200::int2, 'and does not shrink') FROM c;
SELECT is(helper.training_judge(pg_temp.u(18), k, true, NULL), 200::int2, 'no lesson is added, or removed') FROM c JOIN registry.class k ON k.class_number = a;

/* ---- who decides ---- */
SELECT is(pg_temp.decide(30, ARRAY[a], '{2}', caller => 11), '1: 3', 'G0: another city''s bureau does not see it') FROM c;
SELECT is(pg_temp.decide(31, ARRAY[a], '{2}', caller => 42), '1: 12', 'G0: a reviewer approves none') FROM c;
SELECT is(pg_temp.decide(32, ARRAY[a], '{2}', caller => 18), '1: 12', 'nor does a clerk') FROM c;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(43), pg_temp.u(4), 'x', '{reviewer,approver}');
SELECT is(pg_temp.decide(37 + n, ARRAY[a], '{2}', n, 43), '1: 12', 'G0: the province''s bureau sees it and does not decide') FROM c, unnest('{2,3}'::int[]) n;
SELECT is(pg_temp.decide(33, ARRAY[b], '{1}'), '1: 203', 'G0: what is not filed is not approved') FROM c;
SELECT is(pg_temp.decide(34, ARRAY[b], '{1}', 3), '1: 203', 'nor returned') FROM c;
SELECT is(pg_temp.decide(35, ARRAY[a, 999], '{1,1}'), '1: 14 3', 'it is decided as it was seen; each row by itself (C4)') FROM c;
SELECT is(pg_temp.decide(36, ARRAY[a], '{2}', 3, reason => NULL), '1: 52', 'G0: it is returned with a reason') FROM c;

/* C1: approvers of the bureau who are other people there: the clerk who filed, another clerk, a trainee, a teacher. */
INSERT INTO registry.human (human_id, document_index, sealed) SELECT pg_temp.u(47), pg_temp.h(30001), 'x'::bytea UNION ALL SELECT pg_temp.u(48), sha256(concat(a, 1)::bytea), 'x' FROM c;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id)
SELECT pg_temp.u(n), pg_temp.u(3), 'x', '{approver}', pg_temp.u(human) FROM (VALUES (45, 18), (46, 40), (47, 47), (48, 48)) v(n, human);
SELECT is(pg_temp.decide(n, ARRAY[a], '{2}', decision, n), '1: 206', 'C1: ' || who) FROM c,
    (VALUES (45, 2, 'who files does not approve, whatever the key'), (46, 2, 'nor does another of the institution'), (47, 2, 'nor a trainee'), (48, 3, 'nor does a teacher return')) v(n, decision, who);

/* ---- approval ---- */
INSERT INTO registry.standard (standard_id, division, line, occupation_code, level, certificate_kind, trainee_group, amount_fen, valid_from, valid_to, citation, proposed_by, decision,
                               decided_by, decided_at, request_id, basis, mode, demand_grade)
SELECT pg_temp.u(n), '370200', line, occupation, level, kind, trainee_group, 100, '2026-01-01', until, 'x', pg_temp.u(12), decision, pg_temp.u(41), now(), pg_temp.u(9), CASE line WHEN 3 THEN 3 ELSE 1 END, mode, demand
  FROM (VALUES (921, 1, '4-10-01-06', 2, NULL, NULL, NULL::date, 1, 1, NULL), (922, 2, NULL, NULL, 5, NULL, NULL, 1, NULL, NULL), (923, 3, NULL, NULL, NULL, 7, NULL, 1, NULL, NULL),
               (924, 1, '4-03-02-01', 2, NULL, NULL, NULL, 1, NULL, NULL), (925, 1, NULL, 3, NULL, NULL, NULL, 1, NULL, NULL), (926, 2, NULL, 2, NULL, NULL, '2026-02-01', 1, NULL, NULL),
               (927, 1, NULL, NULL, 2, NULL, NULL, 2, NULL, NULL), (928, 1, NULL, NULL, NULL, NULL, NULL, 1, 2, NULL), (929, 1, NULL, NULL, NULL, NULL, NULL, 1, NULL, 1))
       v(n, line, occupation, level, kind, trainee_group, until, decision, mode, demand);
SELECT is(pg_temp.decide(50, ARRAY[a, a], '{2,2}'), '1: 1 47', 'G0: a filed class is approved, once') FROM c;
SELECT is(pg_temp.decide(50, ARRAY[a, a], '{2,2}'), '1: 1 47', 'the same request again gets the first answer') FROM c;
SELECT is((SELECT concat_ws(' ', state, filing, approved_on = helper.today(), version) FROM registry.class WHERE class_number = a), '1 2 t 3', 'it is approved on the day') FROM c;
SELECT is((SELECT concat_ws(' ', decision, decided_by = pg_temp.u(12), decided_request = pg_temp.u(50), trainees, reason) FROM registry.class_filing WHERE class_number = a), '2 t t 2',
          'with the trainees who came meanwhile') FROM c;
SELECT is((SELECT string_agg(right(standard_id::text, 3), ' ' ORDER BY standard_id) FROM registry.class_standard WHERE class_number = a), '921 922 923',
          'B9, G10: the standards of the day that fit are kept, of every line, kind and group') FROM c;
SELECT is(pg_temp.decide(51, ARRAY[a], '{2}', caller => 41), '1: 14', 'the second who decides is told that somebody else has') FROM c;
SELECT is(pg_temp.decide(52, ARRAY[a], '{3}', caller => 41), '1: 203', 'and nothing waits any more') FROM c;
SELECT is(pg_temp.file(53, a, 3), '201', 'G0: what is approved is not filed again') FROM c;
SELECT is(pg_temp.amend(54, a, 3, title => '新名'), '1 4', 'an approved class''s title is amended') FROM c;
SELECT is(pg_temp.amend(55, a, 4, starts => helper.today() + 11), '201', 'G0: its first day stays') FROM c;
SELECT is(pg_temp.amend(56, a, 4, ends => helper.today() + 41), '201', 'and its last') FROM c;
SELECT is(pg_temp.amend(57, a, 4, capacity => 20), '201', 'and its capacity') FROM c;
SELECT is(pg_temp.amend(58, a, 4, state => 2), '44', 'it starts on its first day at the earliest') FROM c;
SELECT is(pg_temp.amend(59, b, 1, state => 2), '202', 'G0: what is not approved does not start') FROM c;

/* ---- what is returned ---- */
SELECT is(pg_temp.decide(60, ARRAY[a], '{4}', 3, 42, '实训室需改'), '1: 1', 'G0: an approval is taken back before the start') FROM c;
SELECT is((SELECT concat_ws(' ', filing, approved_on, version) FROM registry.class WHERE class_number = a), '3 5', 'the class is approved no more') FROM c;
SELECT is((SELECT concat_ws(' ', decision, withdrawn_by = pg_temp.u(42), withdrawn_reason) FROM registry.class_filing WHERE class_number = a), '2 t 实训室需改', 'its filing tells why') FROM c;
SELECT is((SELECT count(*) FROM registry.class_standard WHERE class_number = a), 0::int8, 'and no standard is kept') FROM c;
SELECT is(pg_temp.amend(61, a, 5, state => 2), '202', 'nor does it start') FROM c;
SELECT is(pg_temp.amend(62, a, 5, ends => helper.today() + 45), '1 6', 'it is amended again') FROM c;
SELECT is(pg_temp.file(63, a, 6), '1 7', 'and filed again') FROM c;
SELECT is(pg_temp.decide(64, ARRAY[a], '{7}', 3, 42, '教材版本过旧'), '1: 1', 'G0: a filed class is returned') FROM c;
SELECT is((SELECT string_agg(concat_ws(' ', filing, decision, reason), ', ' ORDER BY filing) FROM registry.class_filing WHERE class_number = a), '1 2, 2 3 教材版本过旧', 'each filing keeps its decision') FROM c;
SELECT is(pg_temp.file(65, a, 8), '1 9', 'a third time') FROM c;
SELECT is(pg_temp.amend(66, a, 9, state => 4), '1 10', 'a filed class may be cancelled') FROM c;
SELECT is((SELECT concat_ws(' ', decision, withdrawn_by = pg_temp.u(18), withdrawn_reason) FROM registry.class_filing WHERE class_number = a AND filing = 3), 't why', 'then nothing waits') FROM c;
SELECT is(pg_temp.decide(67, ARRAY[a], '{10}'), '1: 5', 'nor is it approved') FROM c;

/* ---- started, taught, completed ---- */
CREATE TEMP TABLE d AS SELECT pg_temp.classed(310) AS run;
SELECT is(pg_temp.file(70, run, 1), '1 2', 'filed') FROM d;
SELECT is(pg_temp.decide(71, ARRAY[run], '{2}'), '1: 1', 'and approved') FROM d;
CREATE FUNCTION pg_temp.within(class int8, days int, hours int, minutes int) RETURNS int2 LANGUAGE sql AS $$
    SELECT helper.lesson_within(k, k.starts_on + $2, tsrange(k.starts_on + time '14:00', k.starts_on + time '14:00' + make_interval(mins => $4)), $3)
      FROM registry.class k WHERE k.class_number = $1
$$;
SELECT is((SELECT concat_ws(' ', hours, days) FROM registry.class_filing f WHERE f.class_number = run), '16 2', 'approved with 16 class hours on two days') FROM d;
SELECT is(pg_temp.within(run, 1, 1, 45), 218::int2, 'B10: no lesson goes beyond the class hours that it was approved with') FROM d;
UPDATE registry.lesson SET hours = 4 FROM d WHERE class_number = run AND lesson = 2;
SELECT is(pg_temp.within(run, 1, 4, 180), 1::int2, 'G11: up to them one goes into an approved class') FROM d;
SELECT is(pg_temp.within(run, 1, 5, 225), 218::int2, 'B10: not one more') FROM d;
SELECT is(pg_temp.within(run, 2, 4, 180), 218::int2, 'B6, B10: nor on a third day') FROM d;
SELECT is(pg_temp.within(run, 1, 4, 179), 216::int2, 'G11: nor one that is shorter than its class hours') FROM d;
SELECT is(pg_temp.within(run, 0, 1, 45), 215::int2, 'G11: nor beyond the hours of a day') FROM d;
UPDATE registry.lesson SET held_on = held_on - 1 FROM d WHERE class_number = run AND lesson = 2;
SELECT is(pg_temp.within(run, 2, 4, 180), 1::int2, 'B6: a day that is free again may be another') FROM d;
UPDATE registry.lesson SET hours = 8, held_on = held_on + 1 FROM d WHERE class_number = run AND lesson = 2;
CREATE FUNCTION pg_temp.elsewhere(class int8) RETURNS bool LANGUAGE sql AS $$
    SELECT helper.lesson_elsewhere(k, md5('room' || class)::uuid) FROM registry.class k WHERE k.class_number = class
$$;
SELECT is(pg_temp.elsewhere(run), false, 'G10: a lesson goes into an approved class at a teaching site of its catalogue') FROM d;
UPDATE registry.catalogue_institution SET site = '另一校区';
SELECT is(pg_temp.elsewhere(run), true, 'G10: not where the catalogue names another site') FROM d;
SELECT is(pg_temp.elsewhere(b), false, 'G10: of a class that is not approved that is asked when it is filed') FROM c;
UPDATE registry.catalogue_institution SET site = NULL;
SELECT is(pg_temp.elsewhere(run), false, 'G10: and anywhere where it names none') FROM d;
SELECT is(pg_temp.within(b, 2, 8, 360), 1::int2, 'G11: one goes into a class that is not approved') FROM c;
SELECT is(pg_temp.within(b, 2, 8, 359), 216::int2, 'G11: if it is as long as its class hours') FROM c;
SELECT is(pg_temp.within(b, 0, 1, 45), 215::int2, 'G11: within the hours of a day') FROM c;
UPDATE registry.class SET starts_on = helper.today(), ends_on = helper.today() FROM d WHERE class_number = run;
CREATE TEMP TABLE approved AS SELECT lesson, practice FROM registry.lesson, d WHERE class_number = run;
UPDATE registry.lesson SET practice = false FROM d WHERE class_number = run;
SELECT is(pg_temp.amend(172, run, 3, state => 2), '214', 'G10: it does not start with less practice than it was approved for') FROM d;
UPDATE registry.lesson l SET practice = a.practice FROM d, approved a WHERE l.class_number = run AND l.lesson = a.lesson;
SELECT is(pg_temp.amend(72, run, 3, state => 2), '1 4', 'G0: what is approved starts') FROM d;
SELECT is(pg_temp.decide(73, ARRAY[run], '{4}', 3), '1: 5', 'G0: what has started is returned no more') FROM d;
UPDATE registry.lesson SET practice = false FROM d WHERE class_number = run;
SELECT is(pg_temp.amend(74, run, 4, state => 3), '214', 'G10: it is not completed with less practice than it was approved for') FROM d;
DELETE FROM registry.lesson USING d WHERE class_number = run AND lesson = 2;
SELECT is(pg_temp.amend(75, run, 4, state => 3), '213', 'G11: nor with fewer class hours') FROM d;
SELECT pg_temp.lesson(run, 1, practice => true) FROM d;
UPDATE registry.catalogue_row SET hours_least = 100, practice_percent = 100;
SELECT is(pg_temp.amend(76, run, 4, state => 3), '1 5', 'G10: with both it is, whatever a later catalogue asks for') FROM d;
UPDATE registry.catalogue_row SET hours_least = 16, practice_percent = 50;

CREATE FUNCTION pg_temp.obstacles(class int8) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(o::text, ' ') FROM helper.class_obstacles(class) o $$;

/* Whoever approved it takes no part in it: not from a seat left before, not by a roster or a lesson of afterwards. */
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(49), pg_temp.h(38001), 'x');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (pg_temp.u(49), pg_temp.u(3), 'x', '{approver}', pg_temp.u(49));
CREATE TEMP TABLE p AS SELECT pg_temp.classed(380, trainees => 2) AS apart;
SELECT is(pg_temp.leave(180, apart, 1, 'why'), 1::int2, 'one leaves') FROM p;
SELECT is(pg_temp.file(181, apart, 1), '1 2', 'filed') FROM p;
SELECT is(pg_temp.decide(182, ARRAY[apart], '{2}', caller => 49), '1: 206', 'C1: who has left the class may come back to it, and does not approve it') FROM p;
SELECT is(pg_temp.decide(183, ARRAY[apart], '{2}'), '1: 1', 'another does') FROM p;
UPDATE registry.class_filing SET decided_by = pg_temp.u(49) FROM p WHERE class_number = apart;
UPDATE registry.class SET starts_on = helper.today(), ends_on = helper.today() FROM p WHERE class_number = apart;
SELECT is(pg_temp.obstacles(apart), NULL, 'C1: who has left does not stand in the way of the start') FROM p;
SELECT is(pg_temp.leave(184, apart, 1, NULL), 1::int2, 'the approver learns in it') FROM p;
SELECT is(pg_temp.obstacles(apart), '206', 'C1: which is told') FROM p;
SELECT is(pg_temp.amend(185, apart, 3, state => 2), '206', 'C1: a class in which its approver learns does not start') FROM p;
SELECT is(pg_temp.leave(186, apart, 1, 'why'), 1::int2, 'the approver leaves') FROM p;
UPDATE registry.lesson SET teacher_index = pg_temp.h(38001) FROM p WHERE class_number = apart AND lesson = 1;
SELECT is(pg_temp.amend(187, apart, 3, state => 2), '206', 'C1: nor one in which its approver teaches') FROM p;
UPDATE registry.lesson SET teacher_index = pg_temp.h(1) FROM p WHERE class_number = apart AND lesson = 1;
SELECT is(pg_temp.leave(188, apart, 2, 'why'), 1::int2, 'the last trainee leaves') FROM p;
SELECT is(pg_temp.amend(189, apart, 3, state => 2), '212', 'G0: nor one without trainees') FROM p;
SELECT is(pg_temp.leave(190, apart, 2, NULL), 1::int2, 'and comes back') FROM p;
SELECT is(pg_temp.amend(191, apart, 3, state => 2), '1 4', 'C1: then it starts') FROM p;
SELECT is(pg_temp.within(apart, n, 1, 45), outcome::int2, 'no lesson goes into a day that is over once it has started: ' || n) FROM p, (VALUES (-1, 219), (0, 218)) v(n, outcome);
SELECT is(pg_temp.leave(192, apart, 1, NULL), 1::int2, 'the approver comes back') FROM p;
SELECT is(pg_temp.amend(193, apart, 4, state => 3), '206', 'C1: nor is it completed so') FROM p;
SELECT is(pg_temp.leave(194, apart, 1, 'why'), 1::int2, 'and leaves') FROM p;
SELECT is(pg_temp.amend(195, apart, 4, state => 3), '1 5', 'C1: then it is completed') FROM p;

/* ---- what stands in the way, when it is filed and when it is approved ---- */
CREATE TEMP TABLE e AS SELECT pg_temp.classed(320) AS filed, pg_temp.classed(321) AS open;
SELECT is(pg_temp.file(80, filed, 1), '1 2', 'one is filed') FROM e;
SELECT is(pg_temp.obstacles(open), NULL, 'nothing is in the way of the other') FROM e;
CREATE TEMP TABLE tries (n int, outcome text, change text, back text, what text);
INSERT INTO tries VALUES
    (1, '208', 'UPDATE registry.catalogue SET valid_to = helper.today() - 1 WHERE catalogue_id = pg_temp.u(902)', 'UPDATE registry.catalogue SET valid_to = NULL WHERE catalogue_id = pg_temp.u(902)', 'G10: no catalogue in force has the occupation and level'),
    (2, '209', 'UPDATE registry.catalogue_row SET mode = 2', 'UPDATE registry.catalogue_row SET mode = 1', 'G10: it has them in another mode'),
    (3, '210', 'UPDATE registry.catalogue_institution SET valid_to = helper.today() + 39', 'UPDATE registry.catalogue_institution SET valid_to = helper.today() + 40', 'G10: the institution is listed to the day before the last'),
    (4, '213', 'UPDATE registry.catalogue_row SET hours_least = 17', 'UPDATE registry.catalogue_row SET hours_least = 16', 'G11: the catalogue asks for more class hours'),
    (5, '213', 'UPDATE registry.catalogue_row SET hours_least = NULL', 'INSERT INTO registry.policy VALUES (''370200'', ''class_hours_least'', 16, ''1950-01-01'', NULL, ''x'')', 'G11: where it says nothing the policy does'),
    (6, '214', 'UPDATE registry.catalogue_row SET practice_percent = 51', 'UPDATE registry.catalogue_row SET practice_percent = NULL', 'G10: the catalogue asks for more practice'),
    (7, '215', 'INSERT INTO registry.policy VALUES (''370200'', ''day_hours'', 7, ''1950-01-01'', NULL, ''x'')', 'DELETE FROM registry.policy WHERE division = ''370200'' AND name = ''day_hours''', 'G11: a day has more class hours than it may'),
    (8, '216', 'UPDATE registry.lesson SET held = tsrange(lower(held), upper(held) - interval ''1 minute'') WHERE lesson = 2', 'UPDATE registry.lesson SET held = tsrange(lower(held), lower(held) + interval ''6 hours'') WHERE lesson = 2', 'G11: 45 minutes a class hour'),
    (9, '217', 'UPDATE registry.teacher SET valid_to = helper.today() + 10', 'UPDATE registry.teacher SET valid_to = helper.today() + 11', 'G10: a teacher''s term ends before a lesson'),
    (10, '217', 'UPDATE registry.teacher SET level = 1', 'UPDATE registry.teacher SET level = 2', 'G10: the teacher''s level is below the class''s'),
    (11, '217', 'UPDATE registry.lesson SET teacher_id = NULL', 'UPDATE registry.lesson SET teacher_id = pg_temp.u(911)', 'G10: a lesson''s teacher is not registered'),
    (12, '207', 'UPDATE registry.organisation_scope SET valid_to = helper.today() + 39 WHERE organisation_id = pg_temp.u(5)', 'UPDATE registry.organisation_scope SET valid_to = helper.today() + 40 WHERE organisation_id = pg_temp.u(5)', 'G3: the scope ends before the class'),
    (13, '188', 'UPDATE registry.room SET capacity = 9', 'UPDATE registry.room SET capacity = 10', 'G31: a room holds fewer than the class may have'),
    (14, '189', 'UPDATE registry.venue_use SET tenure = 2, until = helper.today() + 39', 'UPDATE registry.venue_use SET until = helper.today() + 40', 'G31: a lease ends before the class'),
    (15, '185', 'UPDATE registry.lesson SET room_id = NULL WHERE lesson = 2', 'UPDATE registry.lesson SET room_id = md5(concat(''room'', class_number))::uuid WHERE lesson = 2', 'G31: a lesson has no room'),
    (16, '212', 'UPDATE registry.class SET enrolled = 0 FROM e WHERE class_number IN (filed, open)', 'UPDATE registry.class SET enrolled = 1 FROM e WHERE class_number IN (filed, open)', 'G0: the last trainee has left'),
    (17, '228', 'UPDATE registry.catalogue_institution SET site = ''另一校区''', 'UPDATE registry.catalogue_institution SET site = ''（示例）场地''', 'G10: the catalogue names another teaching site'),
    (18, '228', 'UPDATE registry.catalogue_institution SET site = ''示例路11号''', 'UPDATE registry.catalogue_institution SET site = ''山东省济南市历下区 示例路１号''', 'G10: it names another address'),
    (19, '228', 'UPDATE registry.catalogue_institution SET site = ''青岛市示例路1号''', 'UPDATE registry.catalogue_institution SET site = NULL', 'G10: it names such an address elsewhere');
CREATE FUNCTION pg_temp.tried() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    t tries;
    k e;
BEGIN
    SELECT * INTO k FROM e;
    FOR t IN SELECT * FROM tries ORDER BY n LOOP
        EXECUTE t.change;
        RETURN NEXT is(pg_temp.obstacles(k.open), t.outcome, t.what);
        RETURN NEXT is(pg_temp.file(1000 + t.n, k.open, 1), t.outcome, t.what || ': not filed');
        RETURN NEXT is(pg_temp.decide(2000 + t.n, ARRAY[k.filed], '{2}'), '1: ' || t.outcome, t.what || ': not approved');
        EXECUTE t.back;
        RETURN NEXT is(pg_temp.obstacles(k.filed), NULL, 'and then it is all right');
    END LOOP;
END $$;
SELECT * FROM pg_temp.tried();

/* Two periods of a scope that follow each other hold as one. */
UPDATE registry.organisation_scope SET valid_to = helper.today() + 20 WHERE organisation_id = pg_temp.u(5);
INSERT INTO registry.organisation_scope (organisation_id, occupation_code, level, valid_from) VALUES (pg_temp.u(5), '4-10-01-06', 2, helper.today() + 21);
SELECT is(pg_temp.obstacles(open), NULL, 'G3: a scope that was prolonged without a gap holds') FROM e;
UPDATE registry.organisation_scope SET valid_from = valid_from + 1 WHERE organisation_id = pg_temp.u(5) AND valid_to IS NULL;
SELECT is(pg_temp.obstacles(open), '207', 'G3: with a gap it does not') FROM e;
UPDATE registry.organisation_scope SET valid_from = valid_from - 1 WHERE organisation_id = pg_temp.u(5) AND valid_to IS NULL;

/* Of rows that have the occupation, one counts that the plan meets, then the greater demand. */
INSERT INTO registry.catalogue_row (catalogue_id, row, category, occupation_code, level, demand_grade, hours_least, mode) VALUES (pg_temp.u(901), 1, '示例', '4-10-01-06', 2, 1, 100, NULL);
SELECT is((SELECT concat_ws(' ', right(k.catalogue_id::text, 3), k.demand_grade, obstacles) FROM e JOIN registry.class x ON x.class_number = open CROSS JOIN helper.class_check(x) k), '902 {}',
          'G10: a row whose hours the plan meets');
UPDATE registry.catalogue_row SET hours_least = CASE catalogue_id WHEN pg_temp.u(902) THEN 16 END;
UPDATE registry.policy SET value = 17 WHERE division = '370200' AND name = 'class_hours_least';
SELECT is((SELECT concat_ws(' ', right(k.catalogue_id::text, 3), k.demand_grade, obstacles) FROM e JOIN registry.class x ON x.class_number = open CROSS JOIN helper.class_check(x) k), '902 {}',
          'G10, G11: not one that leaves them to the policy, if they are more');
UPDATE registry.catalogue_row SET hours_least = 16 WHERE catalogue_id = pg_temp.u(901);
SELECT is((SELECT concat_ws(' ', right(k.catalogue_id::text, 3), k.demand_grade, obstacles) FROM e JOIN registry.class x ON x.class_number = open CROSS JOIN helper.class_check(x) k), '901 1 {}',
          'G10: of those the one of greater demand');

/* ---- days ---- */
CREATE TEMP TABLE f AS SELECT pg_temp.classed(330, starts => 6) AS near, pg_temp.classed(331, starts => 7) AS enough;
SELECT is(pg_temp.file(90, near, 1), '205', 'G0: six days ahead is too late') FROM f;
SELECT is(pg_temp.file(91, enough, 1), '1 2', 'G0: seven are enough') FROM f;
UPDATE registry.class SET starts_on = helper.today() - 1 FROM f WHERE class_number = enough;
UPDATE registry.lesson SET held_on = held_on - 8, held = tsrange(lower(held) - interval '8 days', upper(held) - interval '8 days') FROM f WHERE class_number = enough;
SELECT is(pg_temp.decide(92, ARRAY[enough], '{2}'), '1: 204', 'G0: what should have begun is not approved') FROM f;
SELECT is(pg_temp.decide(93, ARRAY[enough], '{2}', 3), '1: 1', 'but returned') FROM f;

/* ---- crossings ---- */
UPDATE registry.organisation SET status = 2 WHERE organisation_id = pg_temp.u(5);
SELECT is(pg_temp.file(100, open, 1), '12', 'G4: a suspended institution files nothing') FROM e;
SELECT is(pg_temp.decide(101, ARRAY[filed], '{2}'), '1: 16', 'G4: nor is what it filed approved') FROM e;
UPDATE registry.organisation SET status = 1 WHERE organisation_id = pg_temp.u(5);
UPDATE registry.organisation SET division = '370100' WHERE organisation_id = pg_temp.u(5);
SELECT is(pg_temp.decide(102, ARRAY[filed], '{2}'), '1: 3', 'G0: an institution that has moved is another bureau''s') FROM e;
SELECT is(pg_temp.decide(103, ARRAY[filed], '{2}', caller => 11), '1: 208', 'whose catalogues count') FROM e;
UPDATE registry.organisation SET division = '370200' WHERE organisation_id = pg_temp.u(5);
UPDATE registry.operator SET status = 3 WHERE operator_id = pg_temp.u(18);
SELECT is(pg_temp.decide(104, ARRAY[filed], '{2}'), '1: 1', 'who filed may have gone') FROM e;
UPDATE registry.operator SET status = 1 WHERE operator_id = pg_temp.u(18);

/* A day off that is put in force moves what is due (C2's calendar). */
CREATE TEMP TABLE m AS SELECT pg_temp.classed(370) AS moved;
SELECT is(pg_temp.file(105, moved, 1), '1 2', 'filed') FROM m;
CREATE TEMP TABLE due AS SELECT due_on AS was FROM registry.class_filing, m WHERE class_number = moved;
INSERT INTO registry.calendar_day (division, day, working, counted, citation, operator_id, request_id) SELECT '370200', was, false, false, 'x', pg_temp.u(12), pg_temp.u(9) FROM due;
CALL helper.calendar_move(pg_temp.u(106), '370200', helper.today());
SELECT is((SELECT due_on FROM registry.class_filing, m WHERE class_number = moved), helper.working_day('370200', helper.today(), 5), 'G0: the day by which a class is to be decided is moved with the calendar');
SELECT isnt((SELECT due_on FROM registry.class_filing, m WHERE class_number = moved), (SELECT was FROM due), 'which is another');
SELECT is((SELECT concat_ws(' ', what, was, claims, claim_ids) FROM registry.calendar_move WHERE request_id = pg_temp.u(106)), concat_ws(' ', 3, was, 1, '{}'), 'and told') FROM due;
SELECT is(pg_temp.decide(107, ARRAY[moved], '{2}', 3), '1: 1', 'then it is returned') FROM m;

/* Where the policy is 0 a class starts without approval; once it is filed it waits all the same. */
INSERT INTO registry.policy VALUES ('370200', 'class_approval', 0, '1950-01-01', NULL, 'x');
CREATE TEMP TABLE g AS SELECT pg_temp.classed(340) AS free, pg_temp.classed(341) AS asked, pg_temp.classed(342) AS back;
SELECT is(pg_temp.obstacles(free), NULL, 'nothing is asked of a class that needs no approval') FROM g;
SELECT is(pg_temp.file(110, asked, 1), '1 2', 'one is filed nevertheless') FROM g;
SELECT is(concat_ws(' ', pg_temp.file(113, back, 1), pg_temp.decide(114, ARRAY[back], '{2}', 3)), '1 2 1: 1', 'and one filed and returned') FROM g;
UPDATE registry.catalogue_row SET hours_least = 17;
SELECT is(pg_temp.obstacles(back), '213', 'G0: what stands in the way of filing it again is shown') FROM g;
UPDATE registry.catalogue_row SET hours_least = 16;
UPDATE registry.class SET starts_on = helper.today() FROM g WHERE class_number IN (free, asked, back);
SELECT is(pg_temp.amend(111, free, 1, state => 2), '1 2', 'G0: where the city does not ask for it a class starts without approval') FROM g;
SELECT is(pg_temp.amend(112, asked, 2, state => 2), '200', 'G0: but not while it is filed') FROM g;
SELECT is(pg_temp.amend(115, back, 3, state => 2), '202', 'G0: nor when it was returned') FROM g;

/* What was open when approval was brought in has no filing: it is approved, and may be returned. */
CREATE TEMP TABLE h AS SELECT pg_temp.classed(350) AS old;
UPDATE registry.class SET filing = 2, approved_on = helper.today() FROM h WHERE class_number = old;
SELECT is(pg_temp.within(old, 30, 8, 360), 1::int2, 'it was approved with no class hours of its own') FROM h;
SELECT is(pg_temp.decide(120, ARRAY[old], '{1}', 3), '1: 1', 'it may be returned') FROM h;
SELECT is((SELECT reason FROM registry.class_version WHERE class_number = old AND version = 2), 'why', 'the reason stands with its version') FROM h;

/* ---- what waits, and what is shown ---- */
CREATE FUNCTION pg_temp.queue(caller int, organisation text DEFAULT NULL, overdue bool DEFAULT false, after_day date DEFAULT NULL, after int8 DEFAULT 0, page int DEFAULT 10)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', number, overdue), ', ' ORDER BY n) FROM (SELECT *, row_number() OVER () AS n FROM api.class_queue(
        ARRAY[pg_temp.u(caller)], ARRAY[after_day], ARRAY[after], ARRAY[page], ARRAY[organisation], ARRAY[overdue])) q
$$;
CREATE TEMP TABLE q AS SELECT pg_temp.classed(360) AS one, pg_temp.classed(361) AS two;
SELECT is(pg_temp.file(130, one, 1), '1 2', 'filed') FROM q;
SELECT is(pg_temp.file(131, two, 1), '1 2', 'and another') FROM q;
UPDATE registry.class_filing SET due_on = helper.today() - 1 FROM q WHERE class_number = two;
SELECT is(pg_temp.queue(u), CASE WHEN sees THEN concat(two, ' t, ', (SELECT asked FROM g), ' f, ', one, ' f') END, 'G0: what waits, the longest due first, shown to ' || u)
  FROM q, (VALUES (12, true), (42, true), (18, true), (19, true), (11, false), (10, false), (20, false)) v(u, sees);
SELECT is(pg_temp.queue(12, overdue => true), two || ' t', 'G0: what is overdue') FROM q;
SELECT is(pg_temp.queue(12, '52370200300000020X', true), two || ' t', 'of one institution') FROM q;
SELECT is(pg_temp.queue(12, '52370100300000010X'), NULL, 'of another') FROM q;
SELECT is(pg_temp.queue(12, after_day => helper.today() - 1, after => two, page => 1), concat((SELECT asked FROM g), ' f, ', one, ' f'), 'after a place, one more than the page') FROM q;
SELECT is((SELECT string_agg(part::text, '' ORDER BY part) FROM api.class_show(ARRAY[pg_temp.u(12)], ARRAY[k])), parts, 'what is shown of a class') FROM (
    SELECT filed AS k, '012222' AS parts FROM e /* of the greatest demand, too */ UNION ALL SELECT one, '01' FROM q UNION ALL SELECT bare, '0' FROM c) v;
DELETE FROM registry.policy WHERE division = '370200' AND name = 'class_approval';
SELECT is((SELECT string_agg(concat_ws(' ', part, obstacle), ', ' ORDER BY part, obstacle) FROM api.class_show(ARRAY[pg_temp.u(18)], ARRAY[bare])), '0, 3 211', 'what stands in the way of its filing') FROM c;

/* ---- what the tables refuse ---- */
SELECT throws_ok(format('UPDATE registry.class SET filing = 2 WHERE class_number = %s', b), '23514', NULL, 'an approved class has the day of its approval') FROM c;
SELECT throws_ok(format('UPDATE registry.class_filing SET decision = 2, decided_at = now(), decided_by = filed_by, decided_request = request_id WHERE class_number = %s', one), '23514', NULL,
                 'C1: who files does not decide') FROM q;
SELECT throws_ok(format('INSERT INTO registry.class_filing SELECT (jsonb_populate_record(f, ''{"filing": 2}'')).* FROM registry.class_filing f WHERE class_number = %s', one), '23505', NULL, 'one filing waits') FROM q;

SELECT * FROM finish();
ROLLBACK;
