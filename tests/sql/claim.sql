/* SPDX-License-Identifier: Apache-2.0 */
/* Claims: what may be submitted, whose move it is, and what no race can get past (B, C, H4). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Persons 1 to 6 have completed a class of 4-10-01-06 level 2 with institution 1; certificate n is person n's. */
SELECT pg_temp.open(1) AS class \gset
SELECT is(pg_temp.enrol(2, :class, '{1,2,3,4,5,6}'), '1: 1 1 1 1 1 1', 'a class');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
UPDATE registry.class SET state = 3 WHERE class_number = :class;
UPDATE registry.enrolment SET result = 1 WHERE class_number = :class;
CREATE FUNCTION pg_temp.certify(n int, person int, class int8, occupation text DEFAULT '4-10-01-06', level int DEFAULT 2) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
    VALUES (pg_temp.u(700 + n), pg_temp.h(700 + n), 2, pg_temp.person(person), pg_temp.u(1), class, occupation, level::int2, helper.today() - 30, 's', pg_temp.h(n), pg_temp.u(9))
$$;
SELECT pg_temp.certify(n, n, :class) FROM generate_series(1, 6) n;
INSERT INTO registry.standard (standard_id, division, line, basis, occupation_code, level, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (pg_temp.u(800), '370100', 1, 1, '4-10-01-06', 2, 150000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9)),
       (pg_temp.u(801), '370100', 2, 1, NULL, NULL, 20000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9)),
       (pg_temp.u(802), '370100', 3, 3, NULL, NULL, 3000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9));
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(31), pg_temp.u(2), 'x', '{approver}'), (pg_temp.u(32), pg_temp.u(2), 'x', '{payer}'), (pg_temp.u(33), pg_temp.u(2), 'x', '{reviewer,approver,payer}');

/* Submits certificates; 'line outcome' of each, and the claims' amounts. */
CREATE FUNCTION pg_temp.submit(request int, certificates int[], proxy text DEFAULT 'P-1', no_fee bool DEFAULT true, asked int DEFAULT 0,
                               caller int DEFAULT 10, dry bool DEFAULT false, route int DEFAULT 3)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', row_number, outcome, amount_fen), ' ' ORDER BY n) FROM api.claim_submit(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[route::int2], ARRAY[dry],
        array_fill(1, ARRAY[cardinality(certificates)]), (SELECT array_agg(n::int4) FROM unnest(certificates) WITH ORDINALITY c(x, n)),
        array_fill(pg_temp.head(), ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.h(700 + x)) FROM unnest(certificates) x),
        array_fill(proxy, ARRAY[cardinality(certificates)]), array_fill(no_fee, ARRAY[cardinality(certificates)]),
        array_fill(asked, ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.u(1000 + request * 10 + n::int)) FROM unnest(certificates) WITH ORDINALITY c(x, n)))
        WITH ORDINALITY s(req, row_number, outcome, claim_id, amount_fen, n)
$$;
CREATE FUNCTION pg_temp.step(request int, claim int, action int, caller int, version int DEFAULT NULL, reason text DEFAULT '示例', fraud bool DEFAULT false, lines int DEFAULT 0)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.claim_decide(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[action::int2], ARRAY[reason], ARRAY[fraud], ARRAY[lines],
        ARRAY[1], ARRAY[1], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(claim)],
        ARRAY[coalesce(version, (SELECT c.version FROM registry.claim c WHERE c.claim_id = pg_temp.u(claim)), 1)])
$$;

/* As if the days on which a claim was shown had been so many earlier. */
CREATE FUNCTION pg_temp.age(which int, days int) RETURNS void LANGUAGE sql AS $$
    UPDATE registry.claim SET shown = (SELECT range_agg(daterange(lower(r) - days, upper(r) - days)) FROM unnest(shown) r) WHERE claim_id = pg_temp.u(which)
$$;

SELECT is(pg_temp.submit(10, '{1}', dry => true), '0/1 1/1/170000', 'B5, B6: what a dry run says');
SELECT is((SELECT count(*) FROM registry.claim), 0::int8, 'and it writes nothing');
SELECT is((SELECT string_agg(concat_ws('/', req, outcome), ' ' ORDER BY req) FILTER (WHERE row_number > 0) FROM api.claim_submit(
    ARRAY[pg_temp.u(6), pg_temp.u(7)], ARRAY[pg_temp.h(0), pg_temp.h(0)], ARRAY[pg_temp.u(10), pg_temp.u(10)], ARRAY[pg_temp.head(), pg_temp.head()],
    '{3,3}', '{t,f}', '{1,2}', '{1,1}', ARRAY[pg_temp.head(), pg_temp.head()], ARRAY[pg_temp.h(706), pg_temp.h(706)], '{P-1,P-1}', '{t,t}', '{0,0}',
    ARRAY[pg_temp.u(1061), pg_temp.u(1071)])), '1/1 2/1', 'B2, B3: a dry run takes no place from another request of its set');
SELECT is(pg_temp.submit(8, '{4,4}', dry => true), '0/1 1/1/170000 2/116', 'but from its own later lines');
SELECT is(pg_temp.step(5, 1071, 11, 10), '1', 'withdrawn');
SELECT is(pg_temp.submit(10, '{1,2}'), '0/1 1/1/170000 2/1/170000', 'the lines that have a standard');
SELECT is(pg_temp.submit(10, '{1,2}'), '0/1 1/1/170000 2/1/170000', 'the same again is the same answer');
SELECT is((SELECT count(*) FROM registry.claim WHERE state <> 9), 2::int8, 'and no other claim');
SELECT is(pg_temp.submit(11, '{1}'), '0/1 1/47/170000', 'the same claim by another request is unchanged');
SELECT pg_temp.certify(21, 1, :class);
SELECT is(pg_temp.submit(9, '{21}'), '0/1 1/116', 'B3: once for an occupation and level');
SELECT is(pg_temp.submit(12, '{99}'), '0/1 1/110', 'B1: no such certificate');
SELECT is(pg_temp.submit(13, '{3}', NULL, false), '0/1 1/113 1/114', 'B8: every reason at once');
SELECT is(pg_temp.submit(14, '{3}', asked => 4), '0/1 1/119', 'B6: no living allowance for this group');
SELECT is(pg_temp.submit(15, '{3}', caller => 17), '0/12', 'B8: a reviewer submits nothing');
SELECT is(pg_temp.submit(16, '{3}', caller => 18), '0/1 1/110', 'another institution does not learn of it');
UPDATE registry.certificate SET state = 2 WHERE certificate_id = pg_temp.u(703);
SELECT is(pg_temp.submit(17, '{3}'), '0/1 1/111', 'B1: revoked');
UPDATE registry.certificate SET state = 1, issued_on = helper.today() - interval '12 months' - interval '1 day' WHERE certificate_id = pg_temp.u(703);
SELECT is(pg_temp.submit(18, '{3}'), '0/1 1/120', 'B7: a day after twelve months');
UPDATE registry.certificate SET issued_on = helper.today() - interval '12 months' WHERE certificate_id = pg_temp.u(703);
SELECT is(pg_temp.submit(19, '{3}'), '0/1 1/1/170000', 'B7: on the last day');
UPDATE registry.enrolment SET result = 2 WHERE person_id = pg_temp.person(4);
SELECT is(pg_temp.submit(20, '{4}'), '0/1 1/112', 'B1: no completed enrolment');
UPDATE registry.enrolment SET result = 1 WHERE person_id = pg_temp.person(4);
SELECT is(pg_temp.submit(21, '{4}', asked => 2), '0/1 1/1/20000', 'only the line asked for');

/* ---- living allowance ---- */
UPDATE registry.enrolment SET trainee_group = (SELECT code FROM registry.trainee_group WHERE name = '就业困难人员') WHERE person_id = pg_temp.person(5);
INSERT INTO registry.lesson (class_number, lesson, held_on, held, hours, place, lesson_id, teacher_index, teacher_sealed, teacher_commitment, request_id)
SELECT :class, n, date '2026-03-01' + n, tsrange(date '2026-03-01' + n + time '08:00', date '2026-03-01' + n + time '10:00'), 2, '一教室', pg_temp.u(9000 + n), pg_temp.h(9), 's', pg_temp.h(9), pg_temp.u(9)
  FROM generate_series(1, 40) n;
INSERT INTO registry.attendance SELECT :class, pg_temp.person(5), n, CASE WHEN n = 1 THEN 5 ELSE 1 END FROM generate_series(1, 20) n;
SELECT is(pg_temp.submit(22, '{5}', dry => true), '0/1 1/1/227000', 'B6: by attended days');
INSERT INTO registry.attendance SELECT :class, pg_temp.person(5), n, 3 FROM generate_series(21, 40) n;
SELECT is(pg_temp.submit(22, '{5}'), '0/1 1/1/260000', 'B6: thirty at most');

/* ---- three a year ---- */
INSERT INTO registry.occupation (code, name) VALUES ('9-99-99-01', '示例甲'), ('9-99-99-02', '示例乙'), ('9-99-99-03', '示例丙') ON CONFLICT DO NOTHING;
CREATE FUNCTION pg_temp.another(n int, person int, occupation text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE class int8 := 202699000 + n;
BEGIN
    INSERT INTO registry.class (class_number, organisation_id, title, occupation_code, level, training_kind, starts_on, ends_on, capacity, state)
    VALUES (class, pg_temp.u(1), '示例', occupation, 2, 3, '2026-01-01', '2026-02-01', 10, 3);
    INSERT INTO registry.enrolment (class_number, person_id, enrolment_id, seat, trainee_group, document_type, request_id, sealed, commitment, result)
    VALUES (class, pg_temp.person(person), gen_random_uuid(), 1, 7, 1, pg_temp.u(9), 's', pg_temp.h(9), 1);
    PERFORM pg_temp.certify(n, person, class, occupation);
END $$;
SELECT pg_temp.another(11, 1, '9-99-99-01'), pg_temp.another(12, 1, '9-99-99-02'), pg_temp.another(13, 1, '9-99-99-03');
SELECT is(pg_temp.submit(30, '{11,12,13}'), '0/1 1/1/20000 2/1/20000 3/115', 'B2: the fourth of a year');
SELECT is((SELECT string_agg(place::text, ' ' ORDER BY place) FROM registry.claim_place WHERE person_id = pg_temp.person(1)), '1 2 3', 'three places');
SELECT throws_ok($$ INSERT INTO registry.claim_place VALUES (pg_temp.person(1), 2026, 4, pg_temp.u(1)) $$, '23514', NULL, 'B2: there is no fourth place');
SELECT throws_ok($$ INSERT INTO registry.claim_place SELECT person_id, year, 3, claim_id FROM registry.claim_place WHERE place = 3 $$, '23505', NULL, 'B2: nor one twice');
SELECT throws_ok($$ INSERT INTO registry.claim_once SELECT person_id, occupation_code, level, pg_temp.u(1) FROM registry.claim_once $$, '23505', NULL, 'B3: nor an occupation and level twice');
SELECT is(pg_temp.step(31, 1302, 11, 10), '1', 'withdrawn');
SELECT is(pg_temp.submit(32, '{13}'), '0/1 1/1/20000', 'B2: a withdrawn claim gives its place back');

/* ---- the way to the money ---- */
SELECT is(pg_temp.step(40, 1101, 8, 31), '125', 'C: not from submitted to approved');
SELECT is(pg_temp.step(41, 1101, 2, 10), '12', 'C: nor by the institution');
SELECT is(pg_temp.step(42, 1101, 2, 12), '126', 'nor by another city');
SELECT is(pg_temp.step(43, 1101, 2, 17, 9), '14', 'of a version that is not the present one');
SELECT is(pg_temp.step(44, 1101, 2, 17), '1', 'accepted');
SELECT is(pg_temp.step(44, 1101, 2, 17), '1', 'the same again');
CREATE FUNCTION pg_temp.steps(request int, claims int[], versions int[], action int, names bytea[] DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.claim_decide(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(CASE WHEN action = 8 THEN 31 ELSE 17 END)], ARRAY[pg_temp.head()], ARRAY[action::int2], '{示例}', '{false}', '{0}',
        array_fill(1, ARRAY[cardinality(claims)]), (SELECT array_agg(n::int4) FROM unnest(claims) WITH ORDINALITY c(x, n)),
        array_fill(pg_temp.head(), ARRAY[cardinality(claims)]), (SELECT array_agg(pg_temp.u(x)) FROM unnest(claims) x), versions,
        array_fill(NULL::bytea, ARRAY[cardinality(claims)]), coalesce(names, array_fill(NULL::bytea, ARRAY[cardinality(claims)])))
$$;
SELECT is(pg_temp.steps(39, '{1301,1301}', '{1,1}', 5), '125 125', 'C4: one claim twice in a request: after a row that was refused it is judged as ever');
SELECT is(pg_temp.steps(33, '{1301,1301,1301}', '{9,1,1}', 2), '14 1 47', 'C4: after a row that was done the same again is unchanged');
SELECT is((SELECT c.version || ' ' || (SELECT count(*) FROM registry.claim_step s WHERE s.claim_id = c.claim_id) FROM registry.claim c WHERE claim_id = pg_temp.u(1301)), '2 2',
          'C4: and it is moved once');
SELECT is(pg_temp.steps(34, '{1301,1301,1301,1301}', '{2,1,3,2}', 5, ARRAY[NULL, NULL, NULL, pg_temp.h(99)]), '1 14 14 165', 'C4: another version differs all the same, and so does another name (A6)');
SELECT is(pg_temp.step(35, 1301, 6, 17), '1', 'publicised');
SELECT pg_temp.age(1301, 60);
UPDATE registry.certificate SET state = 2 WHERE certificate_id = pg_temp.u(711);
SELECT is(pg_temp.steps(36, '{1301,1301}', '{4,4}', 8), '111 111', 'B1: that a certificate was revoked is said to each row');
SELECT is((SELECT concat_ws(' ', state, version) FROM registry.claim WHERE claim_id = pg_temp.u(1301)), '10 5', 'and the claim is suspended once');
SELECT throws_ok($$ SELECT * FROM api.claim_decide(
    ARRAY[pg_temp.u(37), pg_temp.u(38)], ARRAY[pg_temp.h(0), pg_temp.h(0)], ARRAY[pg_temp.u(17), pg_temp.u(17)], ARRAY[pg_temp.head(), pg_temp.head()],
    '{2,2}', '{示例,示例}', '{false,false}', '{0,0}', '{1,2}', '{1,1}', ARRAY[pg_temp.head(), pg_temp.head()], ARRAY[pg_temp.u(1101), pg_temp.u(1101)], '{2,2}') $$,
    '40001', NULL, 'one claim in two requests of a set: one by one');
SELECT is(pg_temp.step(45, 1101, 5, 17), '1', 'reviewed');
SELECT is(pg_temp.step(46, 1101, 6, 17), '1', 'publicised');
SELECT is(pg_temp.step(47, 1101, 8, 31), '121', 'C2: not while it is publicised');
SELECT is((SELECT publicity_until FROM registry.claim WHERE claim_id = pg_temp.u(1101)), helper.working_day('370100', helper.today(), 5), 'C2: five working days');
SELECT pg_temp.age(1101, 60);
SELECT is(pg_temp.step(48, 1101, 3, 17), '125', 'not returned any more');
SELECT is(pg_temp.step(49, 1101, 10, 32), '125', 'nor paid before it is approved');
SELECT is(pg_temp.step(50, 1101, 8, 31), '1', 'approved by another');
SELECT is(pg_temp.step(51, 1101, 10, 32, reason => NULL), '52', 'a payment names its reference');
SELECT is(pg_temp.step(52, 1101, 10, 32), '1', 'paid by a third');
SELECT is(pg_temp.step(53, 1101, 11, 10), '125', 'not withdrawn any more');
SELECT is(pg_temp.step(58, 1101, 14, 31), '124', 'C1: not clawed back by who approved');
SELECT is(pg_temp.step(54, 1101, 14, 11, lines => 2, fraud => true), '1', 'clawed back by line, for fraud');
SELECT is(pg_temp.step(56, 1101, 14, 11, lines => 2), '47', 'of which nothing is left');
SELECT is(pg_temp.step(57, 1101, 14, 11, lines => 4), '47', 'a line that is not claimed');
SELECT is((SELECT concat_ws('/', state, (SELECT sum(clawed_fen) FROM registry.claim_line WHERE claim_id = pg_temp.u(1101))) FROM registry.claim WHERE claim_id = pg_temp.u(1101)), '7/20000', 'still paid');
SELECT is((SELECT count(*) FROM registry.claim_once WHERE claim_id = pg_temp.u(1101)), 1::int8, 'and keeps its place');
SELECT is(pg_temp.step(55, 1101, 14, 11), '1', 'the rest, for error');
SELECT is((SELECT count(*) FROM registry.claim_once WHERE claim_id = pg_temp.u(1101)), 1::int8, 'B2: fraud gives no place back');

/* four eyes */
SELECT is(pg_temp.step(60, 1102, 2, 33), '1', 'accepted by one of all roles');
SELECT is(pg_temp.step(61, 1102, 5, 33), '1', 'reviewed by the same');
SELECT is(pg_temp.step(62, 1102, 6, 33), '1', 'publicised');
SELECT pg_temp.age(1102, 60);
SELECT is(pg_temp.step(63, 1102, 8, 33), '124', 'C1: who reviewed does not approve');
SELECT is(pg_temp.step(64, 1102, 8, 31), '1', 'another does');
SELECT is(pg_temp.step(65, 1102, 10, 33), '124', 'C1: nor does the reviewer pay');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'four_eyes', 2, '2026-01-01', '示例文');
SELECT is(pg_temp.step(66, 1102, 10, 33), '1', 'C1: where a city lets two do');
SELECT throws_ok($$ UPDATE registry.claim SET paid_by = approved_by WHERE claim_id = pg_temp.u(1102) $$, '23514', NULL, 'C1: never the approver');
SELECT is(pg_temp.step(67, 1102, 14, 11), '1', 'clawed back for error');
SELECT is((SELECT count(*) FROM registry.claim_once WHERE claim_id = pg_temp.u(1102)), 0::int8, 'B2, B3: its places are free');
SELECT is(pg_temp.submit(68, '{2}'), '0/1 1/1/170000', 'and can be taken again');

/* returned, rejected, objected, revoked */
SELECT is(pg_temp.step(70, 1191, 3, 17), '1', 'returned');
SELECT is(pg_temp.submit(71, '{3}'), '0/1 1/47/170000', 'keeps its place');
SELECT is(pg_temp.step(72, 1191, 4, 10), '1', 'submitted again');
SELECT is(pg_temp.step(73, 1191, 2, 17) || pg_temp.step(74, 1191, 5, 17) || pg_temp.step(75, 1191, 6, 17), '111', 'publicised');
SELECT is(pg_temp.step(76, 1191, 7, 17), '1', 'C2: an objection');
SELECT is((SELECT concat_ws('/', state, state_before) FROM registry.claim WHERE claim_id = pg_temp.u(1191)), '10/5', 'suspends it');
SELECT is((SELECT due_on FROM registry.claim WHERE claim_id = pg_temp.u(1191)), helper.working_day('370100', helper.today(), 10), 'C3: and is due as another');
SELECT is((SELECT publicity_until FROM registry.claim WHERE claim_id = pg_temp.u(1191)), NULL, 'C2: publicity has no end meanwhile');
SELECT pg_temp.age(1191, 60);
SELECT is(pg_temp.step(77, 1191, 13, 31), '1', 'resumed');
SELECT is((SELECT publicity_until FROM registry.claim WHERE claim_id = pg_temp.u(1191)), helper.working_day('370100', helper.today(), 5),
          'C2: the days that were left, here all, run from then on');
SELECT pg_temp.age(1191, 60);
UPDATE registry.certificate SET state = 2 WHERE certificate_id = pg_temp.u(703);
SELECT is(pg_temp.step(78, 1191, 8, 31), '111', 'B1: a certificate revoked meanwhile: not approved');
SELECT is((SELECT state FROM registry.claim WHERE claim_id = pg_temp.u(1191)), 10::int2, 'and suspended');
SELECT is(pg_temp.step(79, 1191, 9, 31), '1', 'rejected');
SELECT is((SELECT count(*) FROM registry.claim_place WHERE claim_id = pg_temp.u(1191)), 0::int8, 'gives its place back');

SELECT pg_temp.another(14, 3, '9-99-99-01');
SELECT is(pg_temp.submit(110, '{14}') || ' ' || pg_temp.step(111, 2101, 3, 17), '0/1 1/1/20000 1', 'returned');
SELECT is(pg_temp.step(112, 2101, 9, 31), '1', 'B2: what nobody submits again is rejected and gives its places back');
SELECT is((SELECT count(*) FROM registry.claim_once WHERE claim_id = pg_temp.u(2101)), 0::int8, 'B3: of the occupation and level too');

/* ---- what is asked of others ---- */
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'fact_pension', 1, '2026-01-01', '示例文');
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (pg_temp.u(8), '11370000000000086A', '示例核验', 9, '370000');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(34), pg_temp.u(8), 'x', '{clerk}');
CREATE FUNCTION pg_temp.answer(request int, claim int, answer int, caller int DEFAULT 34) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.fact_answer(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{示例库}', ARRAY[helper.today()],
        ARRAY[1], ARRAY[1], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(claim)], ARRAY[1::int2], ARRAY[answer::int2])
$$;
SELECT is(pg_temp.submit(80, '{6}'), '0/1 1/1/170000', 'a claim with a question');
SELECT is((SELECT count(*) FROM api.fact_list(ARRAY[pg_temp.u(34)], ARRAY[pg_temp.head()], '{50}', '{2}', '{A-1}') WHERE claim_id IS NOT NULL), 1::int8, 'H4: is asked');
SELECT is((SELECT string_agg(outcome::text, ' ') FROM api.fact_list(ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], '{50}', '{2}', '{A-1}')), '12', 'of nobody else');
CREATE FUNCTION pg_temp.asked() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(fact::text, ' ') FROM api.fact_list(ARRAY[pg_temp.u(34)], ARRAY[pg_temp.head()], '{50}', '{2}', '{A-1}') WHERE claim_id IS NOT NULL
$$;
UPDATE registry.claim SET state = 9 WHERE claim_id = pg_temp.u(1801);
SELECT is(pg_temp.asked(), NULL, 'nor for a claim that is over');
UPDATE registry.claim SET state = 1 WHERE claim_id = pg_temp.u(1801);
SELECT is(pg_temp.step(81, 1801, 2, 17) || pg_temp.step(82, 1801, 5, 17) || pg_temp.step(83, 1801, 6, 17), '111', 'publicised');
SELECT pg_temp.age(1801, 60);
SELECT is(pg_temp.step(84, 1801, 8, 31), '122', 'H4: a missing answer blocks approval');
/* 91 and 92 are one human, of the institution and of the agency; 93 is who is claimed for */
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(970), pg_temp.h(970), 's'), (pg_temp.u(971), pg_temp.h(6), 's');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES
    (pg_temp.u(91), pg_temp.u(1), 'x', '{clerk}', pg_temp.u(970)), (pg_temp.u(92), pg_temp.u(8), 'x', '{clerk}', pg_temp.u(970)), (pg_temp.u(93), pg_temp.u(8), 'x', '{clerk}', pg_temp.u(971));
SELECT is(pg_temp.answer(9889, 1801, 2, 92) || ' ' || pg_temp.answer(9890, 1801, 2, 93), '124 124', 'C1: who belongs to who claims answers nothing about the claim, nor does the person');
SELECT is(pg_temp.answer(85, 1801, 3), '1', 'not available');
INSERT INTO registry.claim_fact (claim_id, fact) VALUES (pg_temp.u(1801), 2);
SELECT is(pg_temp.asked(), '2 1', 'is asked again, behind what nobody has answered');
DELETE FROM registry.claim_fact WHERE claim_id = pg_temp.u(1801) AND fact = 2;
SELECT is(pg_temp.step(86, 1801, 8, 31), '122', 'is no answer');
SELECT is(pg_temp.answer(87, 1801, 1), '1', 'draws a pension');
SELECT is(pg_temp.step(88, 1801, 8, 31), '117', 'B4: is not eligible');
SELECT is(pg_temp.answer(89, 1801, 2), '1', 'draws none after all');
SELECT is(pg_temp.step(90, 1801, 8, 31), '1', 'B4: is');
SELECT is(pg_temp.answer(91, 1801, 1), '125', 'too late');
SELECT is(pg_temp.answer(92, 1801, 1, 10), NULL, 'by nobody else');

/* ---- read ---- */
SELECT is((SELECT string_agg(concat_ws('/', part, coalesce(state, subsidy), coalesce(amount_fen, subsidy_fen)), ' ' ORDER BY part, subsidy) FROM api.claim_show(ARRAY[pg_temp.u(17)], ARRAY[pg_temp.u(1801)], '{0}') WHERE part < 2), '0/6/170000 1/1/150000 1/2/20000', 'the story');
SELECT is((SELECT count(*) FROM api.claim_show(ARRAY[pg_temp.u(12)], ARRAY[pg_temp.u(1801)], '{0}') WHERE outcome = 126), 1::int8, 'not another city''s');
SELECT is((SELECT count(*) FROM api.claim_list(ARRAY[pg_temp.u(10)], ARRAY[NULL::uuid], '{50}', ARRAY[NULL::text], ARRAY[NULL::int8], ARRAY[NULL::int2])), (SELECT count(*) FROM registry.claim), 'the submitter''s');
SELECT is((SELECT count(*) FROM api.claim_list(ARRAY[pg_temp.u(18)], ARRAY[NULL::uuid], '{50}', ARRAY[NULL::text], ARRAY[NULL::int8], ARRAY[NULL::int2])), 0::int8, 'not another''s');
CREATE FUNCTION pg_temp.queue(caller int, state int, page int DEFAULT 50, lowest int8 DEFAULT NULL, public text DEFAULT NULL) RETURNS int8 LANGUAGE sql AS $$
    SELECT count(*) FROM api.claim_queue(ARRAY[pg_temp.u(caller)], ARRAY[NULL::date], ARRAY[NULL::uuid], ARRAY[page], ARRAY[state::int2], ARRAY[NULL::text], ARRAY[NULL::int8], ARRAY[lowest], ARRAY[NULL::int8], '{f}', ARRAY[public])
$$;
SELECT is(pg_temp.queue(17, 1), (SELECT count(*) FROM registry.claim WHERE state = 1), 'the queue');
SELECT is(pg_temp.queue(17, 1, 2), 3::int8, 'a page and one more');
SELECT is(pg_temp.queue(17, 1, 50, 200000), (SELECT count(*) FROM registry.claim WHERE state = 1 AND amount_fen >= 200000), 'by amount');
SELECT is(pg_temp.queue(20, 1), 0::int8, 'another county''s is empty');
SELECT is(pg_temp.queue(18, 5, 50, NULL, '370100'), (SELECT count(*) FROM registry.claim WHERE state = 5), 'what is publicised is anybody''s');
/* How many of a page's claims say whose they are, when the caller may look at so many people more. */
CREATE FUNCTION pg_temp.named(looks int, page int) RETURNS int8 LANGUAGE sql AS $$
    INSERT INTO registry.policy (division, name, value, valid_from, citation) SELECT '370100', 'masked_looks_hour', looks + coalesce(sum(h.masked), 0), '2026-01-01', '示例' FROM registry.look_hour h WHERE h.operator_id = pg_temp.u(10)
        ON CONFLICT (division, name, valid_from) DO UPDATE SET value = excluded.value;
    SELECT count(l.person_id) FROM (SELECT * FROM api.claim_list(ARRAY[pg_temp.u(10)], ARRAY[NULL::uuid], ARRAY[page], ARRAY[NULL::text], ARRAY[NULL::int8], ARRAY[NULL::int2], '{0}') LIMIT page) l
$$;
SELECT is(pg_temp.named(2, 2), 2::int8, 'D2: a page of two, and as many looks left: both are named, whatever comes after the page');
SELECT is(pg_temp.named(1, 2), 0::int8, 'D2: one look for two: nobody is');
DELETE FROM registry.policy WHERE name = 'masked_looks_hour' AND division = '370100';

/* ---- merging ---- */
SELECT lives_ok($$ SELECT * FROM api.person_merge(ARRAY[pg_temp.u(95)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.h(5)], '{A-1}') $$, 'two records of one person');
SELECT is((SELECT count(*) FROM registry.claim_place WHERE person_id = pg_temp.person(1)), 3::int8, 'B2: three places still');
SELECT is((SELECT state FROM registry.claim WHERE claim_id = pg_temp.u(1221)), 10::int2, 'and the fourth claim is suspended');
SELECT is(pg_temp.step(96, 1221, 13, 31) || pg_temp.step(97, 1221, 2, 17) || pg_temp.step(98, 1221, 5, 17) || pg_temp.step(99, 1221, 6, 17), '1111', 'may be looked into');
SELECT pg_temp.age(1221, 60);
SELECT is(pg_temp.step(100, 1221, 8, 31), '115', 'B2: and is never approved');
SELECT is(pg_temp.step(101, 1221, 9, 31), '1', 'but rejected');

/* what was paid to one record was paid to the person, whichever of the two is kept */
SELECT is(pg_temp.step(120, 1211, 2, 17) || pg_temp.step(121, 1211, 5, 17) || pg_temp.step(122, 1211, 6, 17), '111', 'publicised');
SELECT pg_temp.age(1211, 60);
SELECT is(pg_temp.step(123, 1211, 8, 31) || pg_temp.step(124, 1211, 10, 32), '11', 'approved and paid');
SELECT is(pg_temp.step(125, 1681, 2, 17), '1', 'the other record''s, for the same occupation and level, is on its way');
SELECT lives_ok($$ SELECT * FROM api.person_merge(ARRAY[pg_temp.u(126)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()], ARRAY[pg_temp.h(2)], ARRAY[pg_temp.h(4)], '{A-1}') $$, 'into the one that was not paid');
SELECT is((SELECT concat_ws('/', state, state_before) FROM registry.claim WHERE claim_id = pg_temp.u(1681)), '10/2', 'B3: is suspended');
SELECT is(pg_temp.step(127, 1681, 13, 31) || pg_temp.step(128, 1681, 5, 17) || pg_temp.step(129, 1681, 6, 17), '111', 'may be looked into');
SELECT pg_temp.age(1681, 60);
SELECT is(pg_temp.step(130, 1681, 8, 31), '116', 'B3: and is never approved');
SELECT is(pg_temp.step(131, 1681, 9, 31), '1', 'but rejected');
SELECT is(pg_temp.submit(132, '{2}'), '0/1 1/116', 'B3: nor claimed again');
INSERT INTO registry.claim_place SELECT pg_temp.person(2), year, n, pg_temp.u(9990 + n) FROM registry.claim CROSS JOIN generate_series(1, 3) n WHERE claim_id = pg_temp.u(1211)
    ON CONFLICT DO NOTHING;
SELECT pg_temp.another(15, 2, '9-99-99-01');
SELECT is(pg_temp.submit(133, '{15}'), '0/1 1/115', 'B2: the merged record''s place counts as the person''s');

/* ---- revoked after the approval ---- */
UPDATE registry.certificate SET state = 2 WHERE certificate_id = pg_temp.u(706);
SELECT is(pg_temp.step(102, 1801, 10, 32), '111', 'B1: not paid');
SELECT is((SELECT concat_ws('/', state, state_before) FROM registry.claim WHERE claim_id = pg_temp.u(1801)), '10/6', 'and suspended');

SELECT * FROM finish();
ROLLBACK;
