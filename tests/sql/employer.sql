/* SPDX-License-Identifier: Apache-2.0 */
/* An employer's claims need its tie to the person (B8); what a dry run or a refusal says is a look: limited, counted, entered. */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Persons 1 to 6 completed a class of institution 1; certificate n is person n's. 8 and 9 are enterprises, 10 and 11 verifying agencies. */
SELECT pg_temp.open(1) AS class \gset
SELECT is(pg_temp.enrol(2, :class, '{1,2,3,4,5,6}'), '1: 1 1 1 1 1 1', 'a class');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
UPDATE registry.class SET state = 3 WHERE class_number = :class;
UPDATE registry.enrolment SET result = 1 WHERE class_number = :class;
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
SELECT pg_temp.u(700 + n), pg_temp.h(700 + n), 2, pg_temp.person(n), pg_temp.u(1), :class, '4-10-01-06', 2, helper.today() - 30, 's', pg_temp.h(n), pg_temp.u(9) FROM generate_series(1, 6) n;
UPDATE registry.certificate SET state = 2 WHERE certificate_id = pg_temp.u(702);
INSERT INTO registry.standard (standard_id, division, line, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (pg_temp.u(800), '370100', 1, 150000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9));
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES
    (pg_temp.u(8), '91370100300000060X', '示例企业', 2, '370100'), (pg_temp.u(9), '91370100300000061X', '示例企业二', 2, '370100'),
    (pg_temp.u(1001), '11370000000000086A', '示例核验', 9, '370000'), (pg_temp.u(1002), '11370200000000086A', '青岛示例核验', 9, '370200');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(41), pg_temp.u(8), 'x', '{clerk}'), (pg_temp.u(42), pg_temp.u(9), 'x', '{clerk}'), (pg_temp.u(43), pg_temp.u(1001), 'x', '{clerk}'),
    (pg_temp.u(44), pg_temp.u(1002), 'x', '{clerk}'), (pg_temp.u(45), pg_temp.u(2), 'x', '{clerk}');

CREATE FUNCTION pg_temp.submit(request int, certificates int[], caller int DEFAULT 41, dry bool DEFAULT false, route int DEFAULT 2) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', row_number, outcome), ' ' ORDER BY n) FROM api.claim_submit(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[route::int2], ARRAY[dry],
        array_fill(1, ARRAY[cardinality(certificates)]), (SELECT array_agg(n::int4) FROM unnest(certificates) WITH ORDINALITY c(x, n)),
        array_fill(pg_temp.head(), ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.h(700 + x)) FROM unnest(certificates) x),
        array_fill('P-1'::text, ARRAY[cardinality(certificates)]), array_fill(true, ARRAY[cardinality(certificates)]),
        array_fill(0, ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.u(1000 + request * 10 + n::int)) FROM unnest(certificates) WITH ORDINALITY c(x, n)))
        WITH ORDINALITY s(req, row_number, outcome, claim_id, amount_fen, n)
$$;
CREATE FUNCTION pg_temp.ask(request int, people int[], caller int DEFAULT 41) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', row_number, outcome), ' ' ORDER BY row_number) FROM api.fact_ask(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        array_fill(1, ARRAY[cardinality(people)]), (SELECT array_agg(n::int4) FROM unnest(people) WITH ORDINALITY c(x, n)), array_fill(pg_temp.head(), ARRAY[cardinality(people)]),
        (SELECT array_agg(pg_temp.h(x)) FROM unnest(people) x), (SELECT array_agg(pg_temp.u(request * 10 + n::int)) FROM unnest(people) WITH ORDINALITY c(x, n)))
$$;
CREATE FUNCTION pg_temp.answer(request int, question int, answer int, as_of date, caller int DEFAULT 43) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.fact_answer(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{示例库}', ARRAY[as_of],
        '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[pg_temp.u(question)], '{2}', ARRAY[answer::int2])
$$;
CREATE FUNCTION pg_temp.asked(caller int DEFAULT 43) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', ltrim(claim_id::text, '0-'), fact, organisation_code), ' ' ORDER BY n)
      FROM api.fact_list(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{50}', '{2}', '{A-1}') WITH ORDINALITY f(req, outcome, claim_id, fact, record_id, sealed, organisation_code, asked_at_ms, n)
     WHERE claim_id IS NOT NULL
$$;

/* ---- the tie ---- */
SELECT is(pg_temp.submit(10, '{1,2,99}', dry => true), '0/1 1/110 2/110 3/110', 'B8: a dry run says nothing of a certificate whose holder it does not employ');
SELECT is(pg_temp.submit(11, '{1,2,99}'), '0/1 1/110 2/110 3/110', 'B8: nor does it claim');
SELECT is((SELECT count(*) FROM registry.claim_place), 0::int8, 'B8: or take a place');
SELECT is(pg_temp.ask(12, '{1,2,77}'), '0/1 1/1 2/1 3/1', 'H4: it asks for persons, and is not told whether there are such');
SELECT is(pg_temp.ask(12, '{1,2,77}'), '0/1 1/1 2/1 3/1', 'the same request again: the first answer');
SELECT is(pg_temp.ask(13, '{1}') || ' ' || pg_temp.asked(), '0/1 1/1 121/2/91370100300000060X 122/2/91370100300000060X', 'H4: an open question is not asked twice');
SELECT is(pg_temp.asked(44), NULL, 'H4: it is no other city''s agency''s');
SELECT is(pg_temp.ask(2000 + u, '{1}', u), '0/12', 'not asked by ' || u) FROM unnest('{10,17,43,45}'::int[]) u;
SELECT is(pg_temp.submit(20, '{1}'), '0/1 1/110', 'B8: an open question is no tie');
SELECT is(pg_temp.answer(21, 121, 1, helper.today() - 1, 44), '127', 'nor does another city''s agency answer');
SELECT is(pg_temp.answer(22, 121, 3, helper.today() - 1) || pg_temp.submit(23, '{1}'), '10/1 1/110', 'B8: nor is "not available" one');
/* 46 and 47 are one human, of the enterprise and of the agency */
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(970), pg_temp.h(970), 's');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (pg_temp.u(46), pg_temp.u(8), 'x', '{clerk}', pg_temp.u(970)), (pg_temp.u(47), pg_temp.u(1001), 'x', '{clerk}', pg_temp.u(970));
SELECT is(pg_temp.answer(240, 121, 1, helper.today() - 1, 47) || pg_temp.submit(241, '{1}'), '1240/1 1/110', 'C1: nor does who belongs to the employer say that it insures them');
SELECT is(pg_temp.answer(24, 121, 1, helper.today() - 1), '1', 'insured');
SELECT is(pg_temp.submit(25, '{1}', 42), '0/1 1/110', 'B8: by this employer, and no other');
SELECT is(pg_temp.submit(26, '{1}'), '0/1 1/1', 'B8: which claims');
SELECT is(pg_temp.answer(27, 122, 1, helper.today() - 1) || pg_temp.submit(28, '{2}', dry => true), '10/1 1/111', 'B8: and is told about its people');
SELECT is(pg_temp.ask(29, '{2}') || pg_temp.answer(30, 291, 2, helper.today()) || pg_temp.submit(31, '{2}', dry => true), '0/1 1/110/1 1/110', 'B8: until they are no longer');
INSERT INTO registry.class (class_number, organisation_id, title, occupation_code, level, training_kind, starts_on, ends_on, capacity, state)
VALUES (202699001, pg_temp.u(8), '示例', '4-10-01-06', 2, 3, '2026-01-01', '2026-02-01', 10, 3);
INSERT INTO registry.enrolment (class_number, person_id, enrolment_id, seat, trainee_group, document_type, request_id, sealed, commitment)
SELECT 202699001, pg_temp.person(n), gen_random_uuid(), n, 7, 1, pg_temp.u(9), 's', pg_temp.h(9) FROM unnest('{3,4}'::int[]) n;
UPDATE registry.enrolment SET removed_reason = '示例' WHERE class_number = 202699001 AND person_id = pg_temp.person(4);
SELECT is(pg_temp.submit(32, '{3,4}'), '0/1 1/1 2/110', 'B8: who takes part in a class of its own, not who was removed from it');

/* ---- erased meanwhile ---- */
SELECT is(pg_temp.ask(33, '{6}') || ' ' || pg_temp.asked(), '0/1 1/1 331/2/91370100300000060X', 'a question about somebody');
UPDATE registry.person SET sealed = '' WHERE person_id = pg_temp.person(6);
SELECT is(pg_temp.asked(), NULL, 'D5: who is erased then is asked about no more, and the other questions are listed');
UPDATE registry.person SET sealed = 's' WHERE person_id = pg_temp.person(6);

/* ---- looks ---- */
CREATE FUNCTION pg_temp.looked(caller int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', sum(masked), sum(refused)) FROM registry.look_hour WHERE operator_id = pg_temp.u(caller)
$$;
CREATE FUNCTION pg_temp.seen(n int, caller int) RETURNS int8 LANGUAGE sql AS $$
    SELECT count(*) FROM registry.look l JOIN audit.entry e ON e.id = l.entry_id WHERE l.person_id = pg_temp.person(n) AND e.operator_id = pg_temp.u(caller)
$$;
SELECT is(pg_temp.submit(40, '{5,5,99}', 10, true, 3), '0/1 1/1 2/116 3/110', 'a dry run');
SELECT is(pg_temp.looked(10), '3 0', 'each of its rows is a look, also at no certificate');
SELECT is(pg_temp.seen(5, 10), 1::int8, 'the person''s record of looks has it');
SELECT is((SELECT left(encode(body, 'hex'), 14) FROM acts WHERE operator_id = pg_temp.u(10) ORDER BY id DESC LIMIT 1), '08014801800103', 'and the log: how many');
SELECT is(pg_temp.submit(41, '{5,2,99}', 10, false, 3), '0/1 1/1 2/111 3/110', 'a request');
SELECT is(pg_temp.looked(10), '5 0', 'its refused rows are looks');
SELECT is(pg_temp.seen(5, 10) || ' ' || pg_temp.seen(2, 10), '1 1', 'at whom they are about');
SELECT is(pg_temp.submit(41, '{5,2,99}', 10, false, 3) || ' ' || pg_temp.looked(10), '0/1 1/1 2/111 3/110 5 0', 'the same request again: the first answer, and no other look');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'masked_looks_hour', 7, '2026-01-01', '示例文');
SELECT is(pg_temp.submit(42, '{6,6,6}', 10, true, 3), '0/62', 'a dry run of more rows than the hour has left is refused');
SELECT is(pg_temp.submit(43, '{6,99}', 10, true, 3), '0/1 1/1 2/110', 'of as many it is not');
SELECT is(pg_temp.submit(44, '{6}', 10, true, 3), '0/62', 'then none is left');
SELECT is(pg_temp.submit(45, '{6}', 10, false, 3), '0/62', 'nor is anything claimed');
SELECT is(pg_temp.looked(10), '7 3', 'which is counted');
SELECT is(pg_temp.ask(46, '{1,2,3,4,5,6,7,8}', 42) || ' ' || pg_temp.looked(42), '0/62 1 1', 'H4: an employer''s questions are looks too');
/* requests of one set: their rows beside each other are more than are left, and each fits: not judged together */
CREATE FUNCTION pg_temp.set_of(requests int[], rows int[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', req, outcome), ' ' ORDER BY req) FILTER (WHERE row_number = 0) FROM api.claim_submit(
        (SELECT array_agg(pg_temp.u(r)) FROM unnest(requests) r), array_fill(pg_temp.h(0), ARRAY[cardinality(requests)]), array_fill(pg_temp.u(42), ARRAY[cardinality(requests)]),
        array_fill(pg_temp.head(), ARRAY[cardinality(requests)]), array_fill(2::int2, ARRAY[cardinality(requests)]), array_fill(true, ARRAY[cardinality(requests)]), rows,
        (SELECT array_agg((row_number)::int4) FROM (SELECT row_number() OVER (PARTITION BY r ORDER BY n) FROM unnest(rows) WITH ORDINALITY u(r, n)) x),
        array_fill(pg_temp.head(), ARRAY[cardinality(rows)]), array_fill(pg_temp.h(799), ARRAY[cardinality(rows)]), array_fill(NULL::text, ARRAY[cardinality(rows)]),
        array_fill(false, ARRAY[cardinality(rows)]), array_fill(0, ARRAY[cardinality(rows)]), array_fill(pg_temp.u(59), ARRAY[cardinality(rows)]))
$$;
SELECT throws_ok($$SELECT pg_temp.set_of('{50,51,52}', '{1,1,1,2,2,2,3}')$$, '40001', NULL, 'D2: requests that fit, but not beside each other, are taken apart');
SELECT is(pg_temp.set_of('{50,51}', '{1,1,1,2,2,2}'), '1/1 2/1', 'D2: those that do fit are judged at once');
SELECT is(pg_temp.set_of('{52}', '{1}'), '1/62', 'D2: and then one by itself is over it');
SELECT is(pg_temp.set_of('{53,54}', '{1,2}'), '1/62 2/62', 'D2: of which none fits is refused at once');
SELECT throws_ok(format('CALL helper.look_spend(%L, 1, 0)', pg_temp.u(42)), '40001', NULL, 'D2: looks that somebody else has taken meanwhile are not taken twice');

SELECT * FROM finish();
ROLLBACK;
