/* SPDX-License-Identifier: Apache-2.0 */
/* Places of claims are a human's: merged records, erased ones and what comes after them (B2, B3, D5); what is paid rests on a
   completed class (B1); what is only asked takes no place. */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Everybody completes a class of each of five occupations; certificate 10 p + o is person p's of occupation o (p and
   a shift, of who comes again). */
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(31), pg_temp.u(2), 'x', '{approver}'), (pg_temp.u(32), pg_temp.u(2), 'x', '{payer}');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
CREATE TEMP SEQUENCE requests START 10000;
CREATE TEMP SEQUENCE rosters START 100;
CREATE FUNCTION pg_temp.next() RETURNS int LANGUAGE sql AS $$ SELECT nextval('pg_temp.requests')::int $$;
INSERT INTO registry.occupation (code, name) SELECT '9-99-99-0' || o, '示例职业' || o FROM generate_series(1, 5) o;
INSERT INTO registry.organisation_scope (organisation_id, occupation_code, level, valid_from) SELECT pg_temp.u(1), '9-99-99-0' || o, 2, '2026-01-01' FROM generate_series(1, 5) o;
INSERT INTO registry.standard (standard_id, division, line, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (pg_temp.u(800), '370100', 1, 150000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9));
CREATE TEMP TABLE classes AS SELECT o, pg_temp.open(o, capacity => 100, occupation => '9-99-99-0' || o) AS class_number FROM generate_series(1, 5) o;
CREATE FUNCTION pg_temp.complete(who int[], shift int DEFAULT 0) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry.class SET state = 1;
    PERFORM pg_temp.enrol(nextval('pg_temp.rosters')::int, c.class_number, who) FROM classes c;
    UPDATE registry.class SET state = 3;
    UPDATE registry.enrolment SET result = 1;
    INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
    SELECT pg_temp.u(100000 + 10 * (p + shift) + c.o), pg_temp.h(100000 + 10 * (p + shift) + c.o), 2, pg_temp.person(p), pg_temp.u(1), c.class_number, '9-99-99-0' || c.o, 2,
           helper.today() - 30, 's', pg_temp.h(1), pg_temp.u(9)
      FROM unnest(who) p, classes c;
END $$;
SELECT pg_temp.complete(ARRAY(SELECT generate_series(1, 30)));

/* Submits certificates in one request, each claim by its certificate's number (a second one besides); outcomes of the lines. */
CREATE FUNCTION pg_temp.submit(VARIADIC certificates int[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY n) FILTER (WHERE row_number > 0) FROM api.claim_submit(
        ARRAY[pg_temp.u(pg_temp.next())], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], '{3}', '{f}',
        array_fill(1, ARRAY[cardinality(certificates)]), (SELECT array_agg(n::int4) FROM unnest(certificates) WITH ORDINALITY c(x, n)),
        array_fill(pg_temp.head(), ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.h(100000 + x)) FROM unnest(certificates) x),
        array_fill('P-1'::text, ARRAY[cardinality(certificates)]), array_fill(true, ARRAY[cardinality(certificates)]),
        array_fill(0, ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.u(CASE WHEN EXISTS (SELECT FROM registry.claim c WHERE c.claim_id = pg_temp.u(200000 + x)) THEN 400000 ELSE 200000 END + x)) FROM unnest(certificates) x))
        WITH ORDINALITY s(req, row_number, outcome, claim_id, amount_fen, n)
$$;
CREATE FUNCTION pg_temp.step(claim int, action int, caller int, fraud bool DEFAULT false) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.claim_decide(
        ARRAY[pg_temp.u(pg_temp.next())], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[action::int2], '{示例}', ARRAY[fraud], '{0}',
        ARRAY[1], ARRAY[1], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(200000 + claim)],
        ARRAY[(SELECT c.version FROM registry.claim c WHERE c.claim_id = pg_temp.u(200000 + claim))])
$$;
CREATE FUNCTION pg_temp.state(claim int) RETURNS int2 LANGUAGE sql AS $$ SELECT c.state FROM registry.claim c WHERE c.claim_id = pg_temp.u(200000 + claim) $$;
/* As far as it goes, from whatever state: what approval, then payment, say. */
CREATE FUNCTION pg_temp.approve(claim int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF pg_temp.state(claim) = 10 THEN PERFORM pg_temp.step(claim, 13, 17); END IF;
    IF pg_temp.state(claim) = 1 THEN PERFORM pg_temp.step(claim, 2, 17); END IF;
    IF pg_temp.state(claim) = 2 THEN PERFORM pg_temp.step(claim, 5, 17); END IF;
    IF pg_temp.state(claim) = 4 THEN PERFORM pg_temp.step(claim, 6, 17); END IF;
    UPDATE registry.claim c SET shown = (SELECT range_agg(daterange(lower(r) - 20, upper(r) - 20)) FROM unnest(c.shown) r)
     WHERE c.claim_id = pg_temp.u(200000 + claim); /* as if it had been shown for long */
    RETURN pg_temp.step(claim, 8, 11);
END $$;
CREATE FUNCTION pg_temp.pay(claim int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN concat_ws(' ', nullif(pg_temp.approve(claim), '1'), CASE WHEN pg_temp.state(claim) = 6 THEN pg_temp.step(claim, 10, 32) END);
END $$;
CREATE FUNCTION pg_temp.merge(kept int, gone int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.person_merge(ARRAY[pg_temp.u(pg_temp.next())], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()],
                                         ARRAY[pg_temp.h(kept)], ARRAY[pg_temp.h(gone)], '{A-1}')
$$;
CREATE FUNCTION pg_temp.erase(n int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.person_erase(ARRAY[pg_temp.u(pg_temp.next())], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(11)], ARRAY[pg_temp.head()],
        ARRAY[NULL::uuid], ARRAY[pg_temp.h(n)], ARRAY[(SELECT version FROM registry.person WHERE person_id = pg_temp.person(n))], '{A-1}')
$$;
/* Another document of a person's: added (3), or instead of this one, which was wrong (4). */
CREATE FUNCTION pg_temp.add(n int, next int, kind int DEFAULT 3) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.person_amend(ARRAY[pg_temp.u(pg_temp.next())], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()],
        ARRAY[pg_temp.h(n)], ARRAY[(SELECT version FROM registry.person WHERE person_id = pg_temp.person(n))], ARRAY[kind::int2], ARRAY[pg_temp.h(next)], '{4}',
        ARRAY[pg_temp.h(n + 100000)], ARRAY[n::int8], ARRAY[pg_temp.u(3000000 + next)], ARRAY['new'::bytea], ARRAY[pg_temp.h(next)], '{A-1}')
$$;
CREATE FUNCTION pg_temp.obstacles(claim int) RETURNS text LANGUAGE sql AS $$
    SELECT array_to_string(helper.claim_obstacles(c), ' ') FROM registry.claim c WHERE c.claim_id = pg_temp.u(200000 + claim)
$$;
/* Places of the year, and for life, that stand under a person's kept record. */
CREATE FUNCTION pg_temp.places(n int) RETURNS text LANGUAGE sql AS $$
    SELECT (SELECT count(*) FROM registry.claim_place WHERE person_id = pg_temp.person(n)) || ' '
        || (SELECT count(*) FROM registry.claim_once WHERE person_id = pg_temp.person(n))
$$;

/* ---- merged: the same occupation and level, in either order ---- */
SELECT is(pg_temp.submit(11, 21) || '; ' || pg_temp.pay(11) || '; ' || pg_temp.merge(2, 1), '1 1; 1; 1', 'one is paid; it is merged into the other');
SELECT is(helper.holder_differs(pg_temp.person(2), pg_temp.h(1), NULL), NULL, 'A6: the merged record''s document is the holder''s');
SELECT is(helper.holder_differs(pg_temp.person(2), NULL, (SELECT d.name_index FROM registry.document d WHERE d.document_index = pg_temp.h(1))), NULL, 'A6: and its name');
SELECT is(pg_temp.obstacles(21), '116', 'B3: what was paid to the one stands in the way of the other''s claim');
SELECT is(pg_temp.state(21), 10::int2, 'which is suspended');
SELECT is(pg_temp.pay(21), '116', 'B3: and is not paid');
SELECT is(pg_temp.places(2), '2 1', 'B2: both places of the year stand under the kept record');
SELECT is(pg_temp.submit(31, 41) || '; ' || pg_temp.pay(31) || '; ' || pg_temp.merge(3, 4), '1 1; 1; 1', 'the other way round');
SELECT is(pg_temp.state(41) || ' ' || pg_temp.pay(41), '10 116', 'B3: likewise');
SELECT is(pg_temp.submit(51, 61) || '; ' || pg_temp.merge(5, 6), '1 1; 1', 'neither is paid');
SELECT is(pg_temp.pay(51) || ' ' || pg_temp.pay(61), '116 116', 'B3: neither is, while both stand');
SELECT is(pg_temp.step(61, 9, 11) || ' ' || pg_temp.pay(51), '1 1', 'when one is rejected the other is paid');
SELECT is(pg_temp.submit(61), '116', 'B3: once');
SELECT is(pg_temp.submit(71, 81) || '; ' || pg_temp.merge(7, 8) || '; ' || pg_temp.step(71, 13, 17) || pg_temp.step(71, 11, 10), '1 1; 1; 11', 'the kept one''s claim is withdrawn');
SELECT is(pg_temp.places(7), '1 1', 'the other''s place is the human''s');
SELECT is(pg_temp.submit(71), '116', 'B3: it frees no place that another claim means');
SELECT is(pg_temp.pay(81), '1', 'which is paid');
SELECT is(pg_temp.submit(71) || ' ' || pg_temp.step(81, 14, 31) || ' ' || pg_temp.submit(71), '116 1 1', 'B3: clawed back for error, it is free');

/* ---- merged: three of the year ---- */
SELECT is(pg_temp.submit(91, 92, 103, 104) || '; ' || pg_temp.pay(91) || pg_temp.pay(103) || '; ' || pg_temp.merge(9, 10), '1 1 1 1; 11; 1', 'two each, one of each is paid');
SELECT is(pg_temp.places(9), '3 4', 'three fit');
SELECT is(pg_temp.state(92) || ' ' || pg_temp.state(104), '10 10', 'what is not paid of both is suspended');
SELECT is(pg_temp.pay(92) || ' ' || pg_temp.pay(104), '115 115', 'B2: and not paid, while four stand');
SELECT is(pg_temp.submit(95), '115', 'nor is there a fifth');
SELECT is(pg_temp.step(92, 11, 10), '1', 'one is withdrawn');
SELECT is(pg_temp.places(9), '3 3', 'the fourth has its place');
SELECT is(pg_temp.submit(95), '115', 'B2: and no other claim has');
SELECT is(pg_temp.pay(104), '1', 'B2: the third of the year');
SELECT is(pg_temp.step(91, 14, 31, true) || ' ' || pg_temp.submit(95), '1 115', 'B2: clawed back for fraud: no place');
SELECT is(pg_temp.step(103, 14, 31) || ' ' || pg_temp.submit(95), '1 1', 'B2: for error: one');
SELECT is(pg_temp.submit(111, 112, 113, 121) || '; ' || pg_temp.pay(111) || pg_temp.pay(112) || pg_temp.pay(113) || '; ' || pg_temp.merge(12, 11), '1 1 1 1; 111; 1', 'three are paid; they are merged into one that has a fourth');
SELECT is(pg_temp.pay(121), '115', 'B2: which is not paid');
SELECT is(pg_temp.merge(13, 12) || ' ' || pg_temp.pay(121) || ' ' || pg_temp.submit(134), '1 115 115', 'B2: nor when the two are merged into a third');
SELECT is(pg_temp.submit(141, 152) || '; ' || pg_temp.pay(141) || pg_temp.pay(152) || '; ' || pg_temp.merge(15, 14) || pg_temp.merge(16, 15), '1 1; 11; 11', 'a merge of a merge');
SELECT is(pg_temp.submit(161, 162, 163, 164), '116 116 1 115', 'B2, B3: what each of them had is the last one''s');

/* ---- erased ---- */
SELECT is(pg_temp.submit(171, 172), '1 1', 'two claims');
SELECT is(pg_temp.erase(17), 72::int2, 'D5: not while one is on its way');
SELECT is(pg_temp.pay(171) || ' ' || pg_temp.step(172, 11, 10), '1 1', 'one is paid, one withdrawn');
SELECT is(pg_temp.add(17, 217), 1::int2, 'another document');
CREATE TEMP TABLE gone AS SELECT pg_temp.person(17) AS person_id;
SELECT is(pg_temp.erase(17), 1::int2, 'D5: erased');
SELECT is((SELECT count(*) FROM registry.document d, gone WHERE d.person_id = gone.person_id), 0::int8, 'no document is left');
SELECT is((SELECT count(*) FROM registry.document_erased d, gone WHERE d.person_id = gone.person_id), 2::int8, 'but what leads to its places');
SELECT is(pg_temp.submit(173), '71', 'D5: its certificates are not claimed for');
SELECT is(pg_temp.submit(171), '47', 'the claim that was paid is there');
SELECT pg_temp.complete('{17}', 300);
SELECT isnt(pg_temp.person(17), (SELECT person_id FROM gone), 'the same document again: somebody new');
SELECT is(pg_temp.submit(3171), '116', 'B3: who has had that subsidy');
SELECT is(pg_temp.submit(3172, 3173, 3174), '1 1 115', 'B2: and one of the three');
SELECT pg_temp.complete('{217}', 200);
SELECT is(pg_temp.submit(4171, 4174), '115 116 115', 'B2, B3: another document of the erased one''s: the same human, whose records are not merged');
SELECT is(pg_temp.step(3173, 11, 10) || ' ' || pg_temp.submit(4174) || ' ' || pg_temp.submit(3175), '1 1 115', 'B2: three between them');
SELECT is(pg_temp.pay(3172) || ' ' || pg_temp.pay(4174), '1 1', 'which are paid');
SELECT is(pg_temp.erase(17) || ' ' || pg_temp.erase(217), '1 1', 'D5: both are erased');
SELECT pg_temp.complete('{217}', 500);
SELECT is(pg_temp.submit(7171, 7175), '115 116 115', 'B2, B3: and come again with one of the documents');
SELECT is(pg_temp.step(171, 14, 31) || ' ' || pg_temp.submit(7171, 7172), '1 1 115 116', 'B2, B3: what is clawed back for error after the erasure is free');

SELECT is(pg_temp.submit(181) || ' ' || pg_temp.pay(181) || ' ' || pg_temp.add(18, 218) || ' ' || pg_temp.erase(18), '1 1 1 1', 'erased');
SELECT is(pg_temp.submit(191, 192, 193) || ' ' || pg_temp.pay(192) || ' ' || pg_temp.add(19, 18), '1 1 1 1 1', 'its document is added to another record, which has claims');
SELECT is(pg_temp.state(191) || ' ' || pg_temp.state(192) || ' ' || pg_temp.state(193), '10 7 10', 'what of them is not paid is suspended');
SELECT is(pg_temp.pay(191) || ' ' || pg_temp.pay(193), '115 115', 'B2: and not paid');
SELECT is(pg_temp.obstacles(191), '115 116', 'B3: the one for that of the erased record''s too');
SELECT is(pg_temp.step(191, 9, 11) || ' ' || pg_temp.pay(193), '1 1', 'B2: three are');
SELECT is(pg_temp.submit(201) || ' ' || pg_temp.step(201, 11, 10) || ' ' || pg_temp.erase(20), '1 1 1', 'who has taken nothing');
SELECT is((SELECT count(*) FROM registry.document_erased WHERE document_index = pg_temp.h(20)), 0::int8, 'D5: leaves nothing');
SELECT is(pg_temp.add(26, 226) || ' ' || pg_temp.submit(261) || ' ' || pg_temp.step(261, 11, 10) || ' ' || pg_temp.erase(26), '1 1 1 1', 'who has taken nothing and had two documents');
SELECT pg_temp.complete('{26,226}', 700);
SELECT is(pg_temp.submit(7261, 9262, 9263) || ' ' || pg_temp.submit(7262, 9264), '1 1 1 115 116 115', 'B2: has three places with both, when they come again');

/* ---- corrected ---- */
SELECT pg_temp.complete('{31,32,33,34}');
SELECT is(pg_temp.submit(311, 312) || ' ' || pg_temp.pay(311) || ' ' || pg_temp.add(31, 331, 4), '1 1 1 1', 'one claim is paid, one on its way, when the number is said to have been wrong');
SELECT pg_temp.complete('{31}', 800);
SELECT is(pg_temp.submit(8311, 8313, 8314), '116 1 115', 'B2, B3: who comes with that number has the places that were taken under it');
SELECT is(pg_temp.submit(313), '115 116', 'B2, B3: and who is corrected has the other''s');
SELECT is(pg_temp.merge(32, 331) || ' ' || pg_temp.submit(8314), '1 115', 'B2: also when the corrected record is merged into another');
SELECT is(pg_temp.step(311, 14, 31) || ' ' || pg_temp.submit(8311), '1 1', 'B3: what is clawed back for error is free');
SELECT is(pg_temp.add(33, 333, 4) || ' ' || pg_temp.submit(331), '1 1', 'a number that was corrected before anything was claimed');
SELECT pg_temp.complete('{33}', 800);
SELECT is(pg_temp.submit(8331), '1', 'is somebody else''s');
SELECT is(pg_temp.submit(341) || ' ' || pg_temp.add(34, 334, 4) || ' ' || pg_temp.add(334, 34, 4) || ' ' || pg_temp.submit(342), '1 1 1 1', 'one that was right after all is its own');

/* one of whom a claim was taken in before erasures knew of claims */
SELECT is(pg_temp.submit(221, 222) || ' ' || pg_temp.approve(222), '1 1 1', 'two claims');
UPDATE registry.person SET sealed = '' WHERE person_id = pg_temp.person(22);
SELECT is(pg_temp.approve(221) || ' ' || pg_temp.step(222, 10, 32), '71 71', 'D5: an erased holder''s claim is neither approved nor paid');

/* ---- a completion that is taken away ---- */
CREATE FUNCTION pg_temp.mark(n int, o int, theory int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.marks_import(
        ARRAY[pg_temp.u(pg_temp.next())], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()], ARRAY[(SELECT class_number FROM classes c WHERE c.o = mark.o)], '{示例}',
        '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[NULL::int], ARRAY[pg_temp.h(n)], ARRAY[theory::int2], '{900}')
$$;
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'attendance_percent', 0, '2026-01-01', '示例'), ('370100', 'pass_mark', 60, '2026-01-01', '示例')
    ON CONFLICT (division, name, valid_from) DO UPDATE SET value = excluded.value;
SELECT is((SELECT string_agg(DISTINCT pg_temp.mark(p, 1, 900) || pg_temp.mark(p, 2, 900), '') FROM generate_series(1, 30) p WHERE pg_temp.person(p) IS NOT NULL AND p > 22), '11', 'marks');
UPDATE registry.enrolment SET result = 1;
SELECT is(pg_temp.submit(231, 241, 251, 232) || ' ' || pg_temp.approve(241) || ' ' || pg_temp.pay(251), '1 1 1 1 1 1', 'submitted, approved, paid');
SELECT is(pg_temp.mark(23, 1, 100) || pg_temp.mark(24, 1, 100) || pg_temp.mark(25, 1, 100), '111', 'their marks are corrected');
SELECT is(pg_temp.state(231) || ' ' || pg_temp.state(241) || ' ' || pg_temp.state(251) || ' ' || pg_temp.state(232), '10 10 7 1',
          'B1: a correction suspends what rests on it, and nothing else');
SELECT is(pg_temp.obstacles(231), '112', 'B1: and says so');
SELECT is(pg_temp.step(241, 13, 11), '1', 'resumed all the same');
SELECT is(pg_temp.step(241, 10, 32) || ' ' || pg_temp.state(241), '112 10', 'B1: not paid, and suspended again');
SELECT is(pg_temp.approve(231) || ' ' || pg_temp.state(231), '112 10', 'B1: nor approved');
SELECT is(pg_temp.submit(231), '47', 'it keeps its place');
SELECT is(pg_temp.mark(23, 1, 900) || ' ' || pg_temp.pay(231), '1 1', 'B1: corrected back, it is paid');

/* ---- days of attendance that are taken away ---- */
INSERT INTO registry.standard (standard_id, division, line, basis, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (pg_temp.u(801), '370100', 3, 3, 3000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9));
UPDATE registry.enrolment SET trainee_group = (SELECT code FROM registry.trainee_group WHERE name = '就业困难人员') WHERE person_id IN (pg_temp.person(27), pg_temp.person(28), pg_temp.person(29));
INSERT INTO registry.lesson (class_number, lesson, held_on, held, hours, place, lesson_id, teacher_index, teacher_sealed, teacher_commitment, request_id)
SELECT class_number, n, date '2026-03-01' + n, tsrange(date '2026-03-01' + n + time '08:00', date '2026-03-01' + n + time '10:00'), 2, '一教室', pg_temp.u(9000 + n), pg_temp.h(9), 's', pg_temp.h(9), pg_temp.u(9)
  FROM classes CROSS JOIN generate_series(1, 4) n WHERE o = 2;
INSERT INTO registry.attendance SELECT class_number, pg_temp.person(p), n, 1 FROM classes CROSS JOIN generate_series(1, 4) n CROSS JOIN generate_series(27, 29) p WHERE o = 2;
CREATE FUNCTION pg_temp.attend(n int, lesson int, state int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.attendance_import(
        ARRAY[pg_temp.u(pg_temp.next())], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()], ARRAY[(SELECT class_number FROM classes c WHERE c.o = 2)], '{示例}',
        '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[NULL::int], ARRAY[pg_temp.h(n)], ARRAY[lesson], ARRAY[state::int2])
$$;
SELECT is(pg_temp.submit(272, 282, 292) || ' ' || pg_temp.approve(282) || ' ' || pg_temp.pay(292), '1 1 1 1 1', 'four days of living allowance: submitted, approved, paid');
SELECT is((SELECT string_agg(days::text, ' ') FROM registry.claim_line l JOIN registry.claim c USING (claim_id) WHERE l.line = 3 AND c.claim_id IN (pg_temp.u(200272), pg_temp.u(200282), pg_temp.u(200292))), '4 4 4', 'each');
SELECT is(pg_temp.attend(27, 1, 3) || pg_temp.state(272), '11', 'B6: who was late was there');
SELECT is(pg_temp.attend(27, 1, 5) || pg_temp.attend(28, 2, 5) || pg_temp.attend(29, 3, 5), '111', 'a day of each is corrected to absence, of which they have completed the class all the same');
SELECT is(pg_temp.state(272) || ' ' || pg_temp.state(282) || ' ' || pg_temp.state(292), '10 10 7', 'B6: what rests on the days is suspended');
SELECT is(pg_temp.approve(272) || ' ' || pg_temp.step(282, 13, 17) || ' ' || pg_temp.step(282, 10, 32), '119 1 119', 'B6: and neither approved nor paid');
SELECT is(pg_temp.attend(28, 2, 3) || ' ' || pg_temp.step(282, 10, 32), '1 1', 'B6: corrected back, it is paid');
SELECT is(pg_temp.step(272, 9, 31) || ' ' || pg_temp.submit(272), '1 1', 'rejected and submitted anew');
SELECT is((SELECT l.days FROM registry.claim_line l WHERE l.line = 3 AND l.claim_id = pg_temp.u(400272)), 3, 'B6: it has the days that are left');

/* ---- in two classes at once ---- */
/* Persons 35 to 40 attend three lessons in the classes of occupations 3 and 4: 8 to 14 o'clock of one day in both; mornings of the next in 3 and
   afternoons in 4; and one day each of its own. */
SELECT pg_temp.complete(ARRAY(SELECT generate_series(35, 42)));
INSERT INTO registry.lesson (class_number, lesson, held_on, held, hours, place, lesson_id, teacher_index, teacher_sealed, teacher_commitment, request_id)
SELECT class_number, n, held_on, tsrange(held_on + make_interval(hours => starts), held_on + make_interval(hours => ends)), 4, '一教室', pg_temp.u(9100 + 10 * c.o + n), pg_temp.h(9100 + c.o), 's',
       pg_temp.h(9), pg_temp.u(9)
  FROM classes c JOIN (VALUES (3, 1, date '2026-04-01', 8, 14), (3, 2, '2026-04-02', 8, 12), (3, 3, '2026-04-03', 8, 12),
                              (4, 1, '2026-04-01', 8, 14), (4, 2, '2026-04-02', 13, 17), (4, 3, '2026-04-04', 8, 12)) v(o, n, held_on, starts, ends) USING (o);
INSERT INTO registry.attendance SELECT class_number, pg_temp.person(p), n, 1 FROM classes CROSS JOIN generate_series(1, 3) n CROSS JOIN generate_series(35, 42) p WHERE o IN (3, 4);
INSERT INTO registry.attendance SELECT class_number, pg_temp.person(p), 1, 1 FROM classes CROSS JOIN generate_series(35, 42) p WHERE o = 2;
UPDATE registry.enrolment SET trainee_group = (SELECT code FROM registry.trainee_group WHERE name = '就业困难人员')
 WHERE person_id IN (SELECT pg_temp.person(p) FROM generate_series(35, 42) p);
INSERT INTO registry.standard (standard_id, division, line, basis, occupation_code, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
SELECT pg_temp.u(802 + o), '370100', 1, 2, '9-99-99-0' || o, 100, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9) FROM generate_series(3, 4) o;
/* Hours and days of living allowance of a claim. */
CREATE FUNCTION pg_temp.units(claim int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(coalesce(l.hours, l.days)::text, ' ' ORDER BY l.line) FROM registry.claim_line l WHERE l.claim_id = pg_temp.u(200000 + claim)
$$;
SELECT is(pg_temp.submit(353) || ' ' || pg_temp.submit(354), '1 1', 'two classes of one trainee are claimed for');
SELECT is(pg_temp.units(353) || ', ' || pg_temp.units(354), '12 3, 8 1', 'B6, B10: class hours at the same time, and days, are paid once');
SELECT is(pg_temp.obstacles(353) || pg_temp.obstacles(354), '', 'B6, B10: neither claim stands in the way of the other');
SELECT is(pg_temp.submit(363, 364) || ' ' || pg_temp.units(363) || ', ' || pg_temp.units(364), '1 1 12 3, 8 1', 'B6, B10: nor are they twice in one request');
SELECT is(pg_temp.submit(373) || ' ' || pg_temp.step(373, 11, 10) || ' ' || pg_temp.submit(374) || ' ' || pg_temp.units(374), '1 1 1 12 3', 'B6, B10: a claim that was withdrawn has none');
SELECT is(pg_temp.submit(383) || ' ' || pg_temp.pay(383) || ' ' || pg_temp.step(383, 14, 31) || ' ' || pg_temp.submit(384) || ' ' || pg_temp.units(384), '1 1 1 1 12 3',
          'B6, B10: nor has one that was clawed back for error');
SELECT is(pg_temp.submit(393) || ' ' || pg_temp.pay(393) || ' ' || pg_temp.step(393, 14, 31, true) || ' ' || pg_temp.submit(394) || ' ' || pg_temp.units(394), '1 1 1 1 8 1',
          'B6, B10: one that was for fraud has');
SELECT is(pg_temp.submit(403, 414) || ' ' || pg_temp.units(403) || ', ' || pg_temp.units(414), '1 1 12 3, 12 3', 'two people attend what they attend');
SELECT is(pg_temp.merge(40, 41) || ' ' || pg_temp.state(403) || ' ' || pg_temp.state(414), '1 1 10', 'B6, B10: who are one, as a merge shows: the later claim is suspended');
SELECT is(pg_temp.obstacles(414) || ', ' || pg_temp.obstacles(403), '220 119, ', 'B6, B10: since the earlier one has its hours and days');
SELECT is(pg_temp.pay(414) || ' ' || pg_temp.pay(403), '220 1', 'B6, B10: and it alone is paid');
UPDATE registry.attendance SET state = 5 WHERE person_id = pg_temp.person(42) AND lesson > 1;
SELECT is(pg_temp.submit(423, 424), '1 220', 'B6, B10: where nothing is left, nothing is claimed');
DELETE FROM registry.standard WHERE standard_id IN (pg_temp.u(805), pg_temp.u(806));

/* ---- first or renewal ---- */
SELECT pg_temp.complete(ARRAY(SELECT generate_series(43, 50)));
INSERT INTO registry.standard (standard_id, division, line, renewal, occupation_code, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (pg_temp.u(807), '370100', 1, true, '9-99-99-05', 30000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9)),
       (pg_temp.u(808), '370100', 1, NULL, '9-99-99-05', 80000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9));
/* An earlier certificate of a person's for an occupation, revoked from a day before today, and entered on another, if any. */
CREATE FUNCTION pg_temp.earlier(p int, o int DEFAULT 5, revoked int DEFAULT NULL, entered int DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, occupation_code, level, issued_on, sealed, commitment, request_id, state, version)
    VALUES (pg_temp.u(500000 + 10 * p + o), pg_temp.h(500000 + 10 * p + o), 2, pg_temp.person(p), pg_temp.u(1), '9-99-99-0' || o, 2, helper.today() - 300, 's', pg_temp.h(1), pg_temp.u(9),
            CASE WHEN revoked IS NULL THEN 1 ELSE 2 END, CASE WHEN revoked IS NULL THEN 1 ELSE 2 END);
    INSERT INTO registry.certificate_version (certificate_id, version, state, effective_on, reason, operator_id, request_id, changed_at)
    SELECT pg_temp.u(500000 + 10 * p + o), 2, 2, helper.today() - revoked, '示例', pg_temp.u(10), pg_temp.u(9), now() - make_interval(days => entered) WHERE revoked IS NOT NULL
$$;
CREATE FUNCTION pg_temp.amount(claim int) RETURNS int8 LANGUAGE sql AS $$ SELECT c.amount_fen FROM registry.claim c WHERE c.claim_id = pg_temp.u(claim) $$;
SELECT pg_temp.earlier(43, revoked => 0, entered => 0), pg_temp.earlier(44, revoked => 300, entered => 0), pg_temp.earlier(45, revoked => 40, entered => 40);
SELECT is(pg_temp.submit(435, 445, 455), '1 1 1', 'three have a certificate whose predecessor was revoked');
SELECT is(pg_temp.amount(200435), 30000::int8, 'B10: since the later one was issued, which renews it all the same');
SELECT is(pg_temp.amount(200445), 30000::int8, 'B10: so it does if the revocation, entered since, is said to be older');
SELECT is(pg_temp.amount(200455), 80000::int8, 'B10: before the later one was issued, which is a first one');
SELECT is(pg_temp.submit(465, 475, 485, 461) || ' ' || pg_temp.amount(200465) || ' ' || pg_temp.approve(475), '1 1 1 1 80000 1', 'three claims for first certificates, one of which is approved, and of another occupation');
SELECT pg_temp.earlier(46), pg_temp.earlier(47), pg_temp.earlier(46, 1);
SELECT is(pg_temp.approve(465) || ' ' || pg_temp.step(475, 10, 32) || ' ' || pg_temp.pay(485), '240 240 1', 'B10: of whom an earlier certificate is registered afterwards, the claim is neither approved nor paid');
SELECT is(pg_temp.pay(461), '1', 'B10: where a renewal is paid as much, it is');
SELECT is(pg_temp.step(465, 11, 10) || ' ' || pg_temp.submit(465) || ' ' || pg_temp.amount(400465), '1 1 30000', 'B10: withdrawn and claimed anew, it is paid as a renewal');
SELECT pg_temp.earlier(50);
SELECT is(pg_temp.submit(495) || ' ' || pg_temp.merge(49, 50) || ' ' || pg_temp.state(495) || ' ' || pg_temp.obstacles(495), '1 1 10 240', 'B10: an earlier certificate that a merge shows suspends the claim');

/* ---- dry runs ---- */
CREATE FUNCTION pg_temp.pair(certificate int, first bool, second bool) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY req) FILTER (WHERE row_number > 0) FROM api.claim_submit(
        ARRAY[pg_temp.u(pg_temp.next()), pg_temp.u(pg_temp.next())], ARRAY[pg_temp.h(0), pg_temp.h(0)], ARRAY[pg_temp.u(10), pg_temp.u(10)], ARRAY[pg_temp.head(), pg_temp.head()],
        '{3,3}', ARRAY[first, second], '{1,2}', '{1,1}', ARRAY[pg_temp.head(), pg_temp.head()], ARRAY[pg_temp.h(100000 + certificate), pg_temp.h(100000 + certificate)],
        '{P-1,P-1}', '{t,t}', '{0,0}', ARRAY[pg_temp.u(200000 + certificate), pg_temp.u(300000 + certificate)])
$$;
SELECT is(pg_temp.pair(301, true, false), '1 1', 'B3: a dry run takes no place from a request after it');
SELECT is(pg_temp.pair(271, false, true), '1 1', 'B3: nor does it see what a request before it takes');
SELECT is(pg_temp.pair(281, true, true), '1 1', 'nor another dry run');
SELECT is(pg_temp.pair(291, false, false), '1 116', 'B3: of two requests one');
SELECT is((SELECT string_agg(right(claim_id::text, 6), ' ' ORDER BY claim_id) FROM registry.claim WHERE claim_id::text ~ '0[23]00(301|271|281|291)$'),
          '200271 200291 300301', 'and the requests alone have written');

SELECT * FROM finish();
ROLLBACK;
