/* SPDX-License-Identifier: Apache-2.0 */
/* Payment by the bank: payees, batches, what the bank answers, and what happens on the way (C5, C6, F13, F14, F15, F25). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Jinan keeps its account here in this test, with money in it. */
UPDATE registry.policy SET value = 1 WHERE division = '370100' AND name = 'special_account';
SELECT pg_temp.fund('370100', event, 100000000) FROM unnest('{1,3,6}'::int[]) WITH ORDINALITY e(event, n) ORDER BY n;

/* 40 and 41 pay, 42 re-checks, 43 to 45 review and approve, 46 is 40 under another key, 47 the bureau's clerk. */
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(960), pg_temp.h(960), 's');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES
    (pg_temp.u(40), pg_temp.u(2), 'x', '{payer}', pg_temp.u(960)), (pg_temp.u(41), pg_temp.u(2), 'x', '{payer}', NULL),
    (pg_temp.u(42), pg_temp.u(2), 'x', '{payer}', NULL), (pg_temp.u(43), pg_temp.u(2), 'x', '{reviewer}', NULL),
    (pg_temp.u(44), pg_temp.u(2), 'x', '{approver,payer}', NULL), (pg_temp.u(45), pg_temp.u(2), 'x', '{approver}', NULL),
    (pg_temp.u(46), pg_temp.u(2), 'x', '{payer}', pg_temp.u(960)), (pg_temp.u(47), pg_temp.u(2), 'x', '{clerk}', NULL);

/* Person n completed a class and has certificate 700 + n and the approved claim 1000 + n: of institution 1, or, from 50 on, of the bureau
   for the person. */
SELECT pg_temp.open(1, capacity => 200) AS class \gset
SELECT pg_temp.enrol(2, :class, ARRAY(SELECT generate_series(1, 70)));
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
UPDATE registry.class SET state = 3 WHERE class_number = :class;
UPDATE registry.enrolment e SET result = 1, account_index = (SELECT pg_temp.h(5000 + n) FROM generate_series(50, 68) n WHERE pg_temp.person(n) = e.person_id) WHERE class_number = :class;
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
SELECT pg_temp.u(700 + n), pg_temp.h(700 + n), 2, pg_temp.person(n), pg_temp.u(1), :class, '4-10-01-06', 2, helper.today() - 30, 's', pg_temp.h(n), pg_temp.u(9) FROM generate_series(1, 70) n;
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level, certificate_kind,
                            trainee_group, year, amount_fen, state, publicity_until, publicity_days, shown, submitted_by, reviewed_by, approved_by)
SELECT pg_temp.u(1000 + n), pg_temp.person(n), pg_temp.u(700 + n), :class, pg_temp.u(CASE WHEN n < 50 THEN 1 ELSE 2 END), '370100', CASE WHEN n < 50 THEN 3 ELSE 1 END,
       'P-1', '4-10-01-06', 2, 2, 1, extract(year FROM helper.today()), 100000 + n, 6, helper.today() - 9, 5, '{}', pg_temp.u(CASE WHEN n < 50 THEN 10 ELSE 47 END), pg_temp.u(43), pg_temp.u(44)
  FROM generate_series(1, 70) n;
INSERT INTO registry.claim_line (claim_id, line, standard_id, rate_fen, amount_fen) SELECT c.claim_id, 1, pg_temp.u(800), c.amount_fen, c.amount_fen FROM registry.claim c;
INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, request_id) SELECT c.claim_id, 1, 8, 6, pg_temp.u(44), pg_temp.u(9) FROM registry.claim c;

CREATE FUNCTION pg_temp.state(n int) RETURNS int2 LANGUAGE sql AS $$ SELECT state FROM registry.claim WHERE claim_id = pg_temp.u(1000 + n) $$;
CREATE FUNCTION pg_temp.set_payee(request int, caller int, account int, person int DEFAULT NULL) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.payee_set(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(account)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)],
        ARRAY[CASE WHEN person IS NOT NULL THEN pg_temp.h(person) END], ARRAY['sealed'::bytea], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.h(account)]) $$;
CREATE FUNCTION pg_temp.confirm(request int, caller int, payee int, account int) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.payee_confirm(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(account)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(payee)], ARRAY[pg_temp.h(account)]) $$;
CREATE FUNCTION pg_temp.make(request int, caller int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, right(reference, 4)) FROM api.batch_make(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)], ARRAY['培训补贴']) $$;
CREATE FUNCTION pg_temp.versions(claims int[]) RETURNS int4[] LANGUAGE sql AS $$
    SELECT array_agg(coalesce((SELECT c.version FROM registry.claim c WHERE c.claim_id = pg_temp.u(1000 + x)), 1) ORDER BY n) FROM unnest(claims) WITH ORDINALITY u(x, n) $$;
CREATE FUNCTION pg_temp.add(request int, caller int, batch int, claims int[], ahead int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY o) FILTER (WHERE row_number > 0 OR outcome <> 1)
      FROM api.batch_add(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(cardinality(claims))], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(batch)],
        array_fill(1, ARRAY[cardinality(claims)]), ARRAY(SELECT generate_subscripts(claims, 1)), array_fill(pg_temp.head(), ARRAY[cardinality(claims)]), array_fill(1::int2, ARRAY[cardinality(claims)]),
        (SELECT array_agg(pg_temp.u(1000 + x) ORDER BY n) FROM unnest(claims) WITH ORDINALITY u(x, n)), ARRAY(SELECT v + ahead FROM unnest(pg_temp.versions(claims)) v)) WITH ORDINALITY r(req, row_number, outcome, o) $$;
CREATE FUNCTION pg_temp.remove(request int, caller int, batch int, claims int[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY o) FILTER (WHERE row_number > 0 OR outcome <> 1)
      FROM api.batch_remove(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(batch)],
        array_fill(1, ARRAY[cardinality(claims)]), ARRAY(SELECT generate_subscripts(claims, 1)), array_fill(pg_temp.head(), ARRAY[cardinality(claims)]), array_fill(1::int2, ARRAY[cardinality(claims)]),
        (SELECT array_agg(pg_temp.u(1000 + x) ORDER BY n) FROM unnest(claims) WITH ORDINALITY u(x, n)), pg_temp.versions(claims)) WITH ORDINALITY r(req, row_number, outcome, o) $$;
CREATE FUNCTION pg_temp.send(request int, caller int, batch int, more int DEFAULT 0) RETURNS int2 LANGUAGE sql AS $$
    SELECT s.outcome FROM (SELECT count(*)::int4 AS lines, coalesce(sum(amount_fen), 0)::int8 AS fen FROM registry.batch_line WHERE batch_id = pg_temp.u(batch)) t,
        LATERAL api.batch_send(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(more)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(batch)], ARRAY[t.lines + more], ARRAY[t.fen]) s $$;
CREATE FUNCTION pg_temp.line(batch int, claim int) RETURNS int4 LANGUAGE sql AS $$ SELECT line FROM registry.batch_line WHERE batch_id = pg_temp.u(batch) AND subject_id = pg_temp.u(1000 + claim) $$;
CREATE FUNCTION pg_temp.line_state(batch int, claim int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws('/', l.state, c.state) FROM registry.batch_line l JOIN registry.claim c ON c.claim_id = l.subject_id WHERE l.batch_id = pg_temp.u(batch) AND subject_id = pg_temp.u(1000 + claim) $$;
/* `said`: 'line result reference days-ago amount', one for each answer. */
CREATE FUNCTION pg_temp.reply(request int, caller int, batch int, said text[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY o) FILTER (WHERE row_number > 0 OR outcome <> 1)
      FROM api.batch_reply(ARRAY[pg_temp.u(request)], ARRAY[sha256(said::text::bytea)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        array_fill(1, ARRAY[cardinality(said)]), ARRAY(SELECT generate_subscripts(said, 1)), array_fill(pg_temp.head(), ARRAY[cardinality(said)]),
        array_fill((SELECT coalesce(max(reference), 'nothing') FROM registry.payment_batch WHERE batch_id = pg_temp.u(batch)), ARRAY[cardinality(said)]),
        ARRAY(SELECT split_part(s, ' ', 1)::int4 FROM unnest(said) s), ARRAY(SELECT split_part(s, ' ', 2)::int2 FROM unnest(said) s),
        ARRAY(SELECT nullif(split_part(s, ' ', 3), '') FROM unnest(said) s), ARRAY(SELECT helper.today() - nullif(split_part(s, ' ', 4), '')::int4 FROM unnest(said) s),
        ARRAY(SELECT CASE WHEN split_part(s, ' ', 2) IN ('4', '6') THEN '1403' END FROM unnest(said) s), array_fill(NULL::text, ARRAY[cardinality(said)]),
        ARRAY(SELECT nullif(split_part(s, ' ', 5), '')::int8 FROM unnest(said) s)) WITH ORDINALITY r(req, row_number, outcome, o) $$;

/* ---- payees (F25) ---- */

SELECT is(pg_temp.make(100, 10) || ' ' || pg_temp.make(101, 40), '12 1 0001', 'C5: a batch is a payer''s of a bureau');
SELECT is(pg_temp.make(101, 40), '1 0001', 'and the same request answers the same');
SELECT is(pg_temp.add(110, 40, 101, '{1}'), '253', 'F13: who has no confirmed account is not paid');
SELECT is(pg_temp.set_payee(120, 10, 6000) || ' ' || pg_temp.add(111, 40, 101, '{1}'), '1 253', 'nor is an account that nobody confirmed');
SELECT is(pg_temp.confirm(121, 43, 120, 6001), 265::int2, 'F25: who confirms says the number once more');
SELECT is(pg_temp.confirm(119, 43, 999, 6000), 332::int2, 'F25: no such account');
SELECT is(pg_temp.confirm(122, 10, 120, 6000) || ' ' || pg_temp.confirm(123, 40, 120, 6000), '12 12', 'F25: a bureau''s reviewer or approver confirms');
SELECT is(pg_temp.confirm(124, 43, 120, 6000) || ' ' || pg_temp.confirm(125, 43, 120, 6000), '1 124', 'F25: confirmed; the second look is another human''s');
SELECT is(pg_temp.set_payee(126, 17, 6500), 12::int2, 'F25: an account is stated by a clerk');
SELECT is(pg_temp.add(112, 40, 101, '{1,2,3,2}'), '1 1 1 47', 'C5: they enter a batch, each once');
SELECT is(pg_temp.state(1), 12::int2, 'C5: and are in it');
SELECT is(pg_temp.add(112, 40, 101, '{1,2,3,2}') || ' ' || pg_temp.add(113, 40, 101, '{1,2}'), '1 1 1 47 47 47', 'C4: the same again changes nothing');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'batch_lines_most', 4, '1949-10-01', 'fixture');
SELECT is(pg_temp.add(114, 40, 101, '{1,4,5}'), '47 1 341', 'F13: a batch has so many lines and no more; what it has already is no other');
SELECT is(pg_temp.add(115, 40, 101, '{5}'), '341', 'F13: nor by the next request');
/* one place is left; claim 6 comes to more than there is */
SAVEPOINT place;
UPDATE registry.policy SET value = 5 WHERE name = 'batch_lines_most' AND division = '370100';
UPDATE registry.claim SET amount_fen = 99999999 WHERE claim_id = pg_temp.u(1006);
UPDATE registry.claim_line SET rate_fen = 99999999, amount_fen = 99999999 WHERE claim_id = pg_temp.u(1006);
SELECT is(pg_temp.add(116, 40, 101, '{6,7,8,1}'), '241 1 341 47', 'F13: what is refused for want of money leaves its place to a later row');
SELECT is((SELECT count(*) FROM registry.batch_line WHERE batch_id = pg_temp.u(101)), 5::int8, 'and no more enter than there is place for');
ROLLBACK TO place;
DELETE FROM registry.policy WHERE name = 'batch_lines_most' AND division = '370100';
UPDATE registry.payee SET confirmed_at = now() - interval '20 days' WHERE payee_id = pg_temp.u(120);
SELECT is(pg_temp.set_payee(130, 10, 6002) || ' ' || pg_temp.confirm(131, 43, 130, 6002), '1 1', 'another account');
SELECT is(pg_temp.state(1) || ' ' || (SELECT count(*) FROM registry.batch_line), '6 0', 'F25: what waited for the one before leaves the batch');
SELECT is(pg_temp.add(132, 40, 101, '{1}'), '254', 'F25: a changed account needs a second look');
SELECT is(pg_temp.confirm(133, 45, 130, 6002) || ' ' || pg_temp.add(134, 40, 101, '{1,2,3}'), '1 1 1 1', 'F25: which another human takes');
UPDATE registry.payee SET looked_by = NULL, looked_at = NULL, confirmed_at = now() - interval '7 days' WHERE payee_id = pg_temp.u(130);
SELECT is(pg_temp.add(135, 40, 101, '{4}'), '1', 'F25: or the days go by');

/* persons: by the roster, or an account of their own in its place */
SELECT is(pg_temp.add(140, 40, 101, '{50,51,69}'), '1 1 253', 'F13: a person is paid to the roster''s account, if it has one');
UPDATE registry.enrolment SET account_index = pg_temp.h(5050) WHERE person_id = pg_temp.person(52);
SELECT is(pg_temp.add(141, 40, 101, '{52}'), '255', 'F25: no account is two persons''');
UPDATE registry.enrolment SET account_index = pg_temp.h(5099) WHERE person_id IN (pg_temp.person(53), pg_temp.person(54));
SELECT is(pg_temp.add(142, 40, 101, '{53,54}'), '1 255', 'F25: nor of two that enter at once');
SELECT is(pg_temp.set_payee(143, 47, 6052, 52) || ' ' || pg_temp.confirm(144, 43, 143, 6052) || ' ' || pg_temp.add(145, 40, 101, '{52}') || ' ' || pg_temp.confirm(146, 45, 143, 6052)
          || ' ' || pg_temp.add(147, 40, 101, '{52}'), '1 1 254 1 1', 'F25: a person''s other account, with its second look');

/* what another city's bureau agrees on, and what the roster did not say */
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(60), pg_temp.u(3), 'x', '{clerk}'), (pg_temp.u(61), pg_temp.u(3), 'x', '{reviewer}'), (pg_temp.u(62), pg_temp.u(3), 'x', '{approver}');
INSERT INTO registry.payee (payee_id, person_id, version, sealed, commitment, account_index, set_by, set_at, confirmed_by, confirmed_at, looked_by, looked_at, request_id)
SELECT pg_temp.u(6050 + n), pg_temp.person(n), 1, 'x', pg_temp.h(1), pg_temp.h(6050 + n), pg_temp.u(60), now() - interval '90 days', pg_temp.u(61), now() - interval '90 days', pg_temp.u(62), now(), pg_temp.u(9) FROM generate_series(55, 56) n;
SELECT is(pg_temp.add(602, 40, 101, '{55}'), '254', 'F25: an account that another city''s bureau alone agreed on is not paid to, however long ago');
UPDATE registry.payee SET looked_by = NULL, looked_at = NULL WHERE person_id = pg_temp.person(55);
SELECT is(pg_temp.confirm(603, 43, 6105, 6105) || ' ' || pg_temp.add(604, 40, 101, '{55}') || ' ' || pg_temp.remove(605, 40, 101, '{55}'), '1 1 1', 'F25: before a bureau over the paying division has looked at it');
UPDATE registry.enrolment SET account_index = NULL WHERE person_id = pg_temp.person(57);
SELECT is(pg_temp.set_payee(606, 47, 6057, 57) || ' ' || pg_temp.confirm(607, 43, 606, 6057) || ' ' || pg_temp.add(608, 40, 101, '{57}'), '1 1 254', 'F25: an account in the place of one of which nothing is known needs a second look, too');

/* who the account is of does not confirm it, under whatever key (C1) */
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(961), pg_temp.h(58), 's'), (pg_temp.u(962), pg_temp.h(962), 's');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES
    (pg_temp.u(63), pg_temp.u(2), 'x', '{reviewer,payer}', pg_temp.u(961)), (pg_temp.u(64), pg_temp.u(2), 'x', '{reviewer}', pg_temp.u(962)), (pg_temp.u(65), pg_temp.u(1), 'x', '{clerk}', pg_temp.u(962));
SELECT is(pg_temp.set_payee(610, 47, 6058, 58) || ' ' || pg_temp.confirm(611, 63, 610, 6058), '1 124', 'C1: whose account it is does not confirm it');
/* whether a number is somebody's account is an answer about that person */
CREATE FUNCTION pg_temp.guesses(caller int) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', coalesce(sum(masked), 0), coalesce(sum(refused), 0)) FROM registry.look_hour WHERE operator_id = pg_temp.u(caller) $$;
SELECT is(pg_temp.guesses(45) || ', ' || pg_temp.set_payee(614, 47, 6059, 59) || ' ' || pg_temp.confirm(615, 45, 614, 6001) || ' ' || pg_temp.confirm(616, 45, 614, 6002) || ', ' || pg_temp.guesses(45),
          '0 0, 1 265 265, 2 0', 'D2: each guess at a person''s account is a look');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'masked_looks_hour', 2, '2026-01-01', '示例文');
SELECT is(pg_temp.confirm(617, 45, 614, 6059) || ', ' || pg_temp.guesses(45), '62, 2 1', 'D2: of which there are so many an hour');
SELECT is(pg_temp.confirm(618, 45, 130, 6001), 265::int2, 'D2: an institution''s is nobody''s');
DELETE FROM registry.policy WHERE division = '370100' AND name = 'masked_looks_hour';
SELECT is(pg_temp.set_payee(612, 10, 6003) || ' ' || pg_temp.confirm(613, 64, 612, 6003), '1 124', 'C1: nor does who is an operator of the institution that it is of');
SELECT is((SELECT string_agg(DISTINCT (person_sealed IS NOT NULL)::text, ' ') FROM api.payee_list(ARRAY[pg_temp.u(43)], '{NULL}', '{50}', '{NULL}', '{false}', ARRAY[pending]) WHERE is_person), named, 'D2: ' || why)
  FROM (VALUES (0, 'true', 'a list of accounts says whose a person''s is'), (100000000, 'false', 'but not to who may look at nobody more')) x(pending, named, why);

/* ---- entering a batch ---- */

SELECT is(pg_temp.add(150, 44, 101, '{5}'), '124', 'C1: who approved does not pay');
SELECT is(pg_temp.add(151, 40, 101, '{5}', ahead => 1), '14', 'C5: as it was seen');
SELECT is(pg_temp.add(152, 40, 101, '{99}'), '126', 'no such claim');
SELECT is(pg_temp.add(153, 40, 999, '{5}'), '257', 'no such batch');
UPDATE registry.policy SET value = 1 WHERE division = '370000' AND name = 'finance_recheck';
SELECT is(pg_temp.add(154, 40, 101, '{5}'), '256', 'C6: where finance re-checks, not before it');
CREATE FUNCTION pg_temp.step(request int, claim int, action int, caller int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ') FILTER (WHERE row_number > 0) FROM api.claim_decide(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[action::int2], ARRAY['示例'], ARRAY[false], ARRAY[0], ARRAY[1], ARRAY[1], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(1000 + claim)], pg_temp.versions(ARRAY[claim])) $$;
SELECT is(pg_temp.step(155, 5, 20, 44) || ' ' || pg_temp.step(156, 5, 20, 42) || ' ' || pg_temp.add(157, 40, 101, '{5}'), '124 1 1', 'C6: re-checked by another than who approved');
UPDATE registry.policy SET value = 0 WHERE division = '370000' AND name = 'finance_recheck';
UPDATE registry.certificate SET state = 2 WHERE certificate_id = pg_temp.u(706);
SELECT is(pg_temp.add(158, 40, 101, '{6}'), '111', 'B1: nothing is paid for a revoked certificate');
UPDATE registry.policy SET value = 0 WHERE division = '370100' AND name = 'special_account';
SELECT is(pg_temp.add(159, 40, 101, '{7}') || ' ' || pg_temp.make(160, 40), '264 264', 'C5: where the account is kept elsewhere there are no batches');
UPDATE registry.policy SET value = 1 WHERE division = '370100' AND name = 'special_account';
UPDATE registry.organisation SET status = 2 WHERE organisation_id = pg_temp.u(1);
SELECT is(pg_temp.add(161, 40, 101, '{8}'), '16', 'F15: a suspended institution is not paid');
UPDATE registry.organisation SET status = 1 WHERE organisation_id = pg_temp.u(1);
SELECT is(pg_temp.make(162, 41) || ' ' || pg_temp.add(163, 41, 162, '{1}'), '1 0002 125', 'C5: what is in a batch enters no other');
SELECT throws_ok(format('INSERT INTO registry.batch_line (batch_id, subject_kind, subject_id, amount_fen, payee_id, account_index, request_id) SELECT %L, 1, subject_id, 1, payee_id, account_index, request_id FROM registry.batch_line WHERE subject_id = %L',
                        pg_temp.u(162), pg_temp.u(1001)), '23505', NULL, 'C5: by an index, whatever else fails');

/* ---- leaving a batch ---- */

SELECT is(pg_temp.remove(170, 40, 101, '{2,2,20}'), '1 47 126', 'C5: taken out');
SELECT is(pg_temp.state(2), 6::int2, 'C5: and approved again');
SELECT is(pg_temp.step(171, 3, 12, 43), '1', 'F15: what is suspended in a batch');
SELECT is(pg_temp.state(3) || ' ' || (SELECT state_before FROM registry.claim WHERE claim_id = pg_temp.u(1003)) || ' ' || (SELECT count(*) FROM registry.batch_line WHERE subject_id = pg_temp.u(1003)),
          '10 6 0', 'F15: leaves it, and goes on as approved');
SELECT is(pg_temp.step(172, 4, 9, 45), '125', 'C5: what is in a batch is not rejected: it is taken out first');
SELECT is(pg_temp.step(173, 4, 10, 41), '125', 'C5: nor paid by hand');

/* ---- sending ---- */

SELECT is(pg_temp.send(180, 41, 162), 259::int2, 'F13: an empty batch is not sent');
SELECT is(pg_temp.send(181, 40, 101) || ' ' || pg_temp.send(182, 46, 101), '124 124', 'C1: who made it does not send it, under no key');
SELECT is(pg_temp.send(183, 44, 101), 124::int2, 'C1: nor does who approved a line');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (pg_temp.u(66), pg_temp.u(2), 'x', '{payer}', pg_temp.u(962));
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(963), pg_temp.h(50), 's');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (pg_temp.u(67), pg_temp.u(2), 'x', '{payer}', pg_temp.u(963));
SELECT is(pg_temp.send(620, 66, 101) || ' ' || pg_temp.send(621, 67, 101), '124 124', 'C1: nor does an operator of an institution that is paid, or a person who is');
SELECT is(pg_temp.send(184, 41, 101, more => 1), 335::int2, 'C5: it is sent as it was seen');
SELECT is(pg_temp.send(185, 41, 101), 333::int2, 'F13: the bureau''s own account is needed, from which is paid');
SELECT is(pg_temp.set_payee(186, 47, 6100) || ' ' || pg_temp.confirm(187, 43, 186, 6100), '1 1', 'which its clerk states');
/* accounts that have changed since their lines entered, behind the registry's back */
CREATE FUNCTION pg_temp.sent_after(request int, change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
    lines int8 := (SELECT count(*) FROM registry.batch_line WHERE batch_id = pg_temp.u(101));
BEGIN
    EXECUTE change;
    said := pg_temp.send(request, 41, 101);
    said := concat_ws(' ', said, lines - (SELECT count(*) FROM registry.batch_line WHERE batch_id = pg_temp.u(101)), pg_temp.state(50), pg_temp.state(1));
    RAISE division_by_zero; /* takes the change back */
EXCEPTION WHEN division_by_zero THEN
    RETURN said;
END $$;
SELECT is(pg_temp.sent_after(622, format('UPDATE registry.enrolment SET account_index = %L WHERE person_id = %L', pg_temp.h(1), pg_temp.person(50))), '335 1 6 12', 'F25: a line whose roster has another account leaves the batch, which is seen again');
SELECT is(pg_temp.sent_after(623, format('UPDATE registry.enrolment SET removed_reason = 1 WHERE person_id = %L', pg_temp.person(50))), '335 1 10 12', 'B1: and one whose seat is gone is suspended');
SELECT is(pg_temp.sent_after(624, format('INSERT INTO registry.payee (payee_id, person_id, version, sealed, commitment, account_index, set_by, confirmed_by, confirmed_at, request_id) VALUES (%L, %L, 1, %L, %L, %L, %L, %L, now(), %L)',
    pg_temp.u(6200), pg_temp.person(50), 'x', pg_temp.h(1), pg_temp.h(2), pg_temp.u(47), pg_temp.u(43), pg_temp.u(9))), '335 1 6 12', 'F25: and one in whose account''s place another was confirmed');
SELECT is(pg_temp.sent_after(625, format('UPDATE registry.payee SET confirmed_at = now() + interval ''1 day'', confirmed_by = %L WHERE payee_id = %L', pg_temp.u(43), pg_temp.u(120))), '335 3 12 6', 'F25: and all of an institution that has another');
SELECT is(pg_temp.sent_after(626, 'UPDATE registry.charge SET state = 4 WHERE subject_id = ' || quote_literal(pg_temp.u(1050))), '335 1 6 12', 'F4: and one for which no money is committed');
SELECT is(pg_temp.sent_after(627, 'SELECT 1'), '1 0 13 13', 'C5: else they are all sent');
UPDATE registry.certificate SET state = 2 WHERE certificate_id = pg_temp.u(705);
SELECT is(pg_temp.send(188, 41, 101) || ' ' || pg_temp.state(5), '335 10', 'B1: whose certificate was revoked meanwhile is suspended, and the batch seen again');
SELECT is(pg_temp.send(189, 41, 101), 1::int2, 'C5: sent');
SELECT is(pg_temp.send(189, 41, 101) || ' ' || pg_temp.send(190, 41, 101), '1 258', 'C5: once');
SELECT is((SELECT string_agg(concat_ws('/', l.line, l.state, c.state), ' ' ORDER BY l.line) FROM registry.batch_line l JOIN registry.claim c ON c.claim_id = l.subject_id), '1/2/13 2/2/13 3/2/13 4/2/13 5/2/13 6/2/13',
          'F14: every line is sent, and numbered');
SELECT is(pg_temp.add(191, 40, 101, '{7}') || ' ' || pg_temp.remove(192, 40, 101, '{1}'), '258 258', 'F13: nothing enters or leaves it any more');
SELECT is(pg_temp.step(193, 1, 12, 43), '125', 'C5: what is at the bank cannot be suspended: the bank answers first');
SELECT is((SELECT string_agg(concat_ws('/', line, outcome), ' ' ORDER BY line) FROM api.batch_export(ARRAY[pg_temp.u(40)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(101)], '{0}', '{3}')), '0/1 1/1 2/1 3/1', 'F13: exported by page');
SELECT is((SELECT string_agg(concat_ws('/', line, outcome), ' ' ORDER BY line) FROM api.batch_export(ARRAY[pg_temp.u(43)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(101)], '{0}', '{3}')), '0/12', 'D2: by payers only');
SELECT is((SELECT string_agg(concat_ws('/', line, outcome), ' ' ORDER BY line) FROM api.batch_export(ARRAY[pg_temp.u(40)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(162)], '{0}', '{3}')), '0/334', 'F13: what is not sent is not exported');
SELECT is((SELECT count(*) FROM registry.look WHERE person_id = pg_temp.person(51)), 0::int8, 'a person on a later page is not looked at');
SELECT is((SELECT count(*) FROM api.batch_export(ARRAY[pg_temp.u(40)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(101)], '{0}', '{100}')), 7::int8, 'the whole');
SELECT is((SELECT count(*) FROM registry.look WHERE person_id = pg_temp.person(51)), 1::int8, 'D2: whoever is paid was looked at, on record');

UPDATE registry.person SET sealed = '' WHERE person_id = pg_temp.person(51);
SELECT is((SELECT string_agg(concat_ws('/', line, outcome, coalesce(person_sealed, payee_sealed) IS NULL), ' ' ORDER BY line) FROM api.batch_export(ARRAY[pg_temp.u(40)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(101)], '{0}', '{100}') WHERE line > 0),
          '1/1/f 2/1/f 3/1/f 4/71/t 5/1/f 6/1/f', 'F13, D5: who was erased since is left out of the file, the others are in it');
UPDATE registry.person SET sealed = 's' WHERE person_id = pg_temp.person(51);

/* ---- the bank answers (F14) ---- */

SELECT is(pg_temp.reply(200, 40, 101, '{"99 3 B-1 0","1 3 B-1 0 7"}'), '261 263', 'F14: of a line that was never sent, and with another amount');
SELECT is(pg_temp.reply(201, 40, 162, '{"1 3 B-1 0"}') || ' ' || pg_temp.reply(202, 40, 999, '{"1 3 B-1 0"}'), '261 261', 'F14: of a batch that was never sent, or never was');
UPDATE registry.payment_batch SET sent_at = now() - interval '1 day' WHERE batch_id = pg_temp.u(101);
SELECT is(pg_temp.reply(230, 40, 101, '{"1 3 B-1 2","1 3 B-1 -1"}'), '330 330', 'F14: of a day before the batch was sent, and of one to come');
SELECT is(pg_temp.reply(203, 10, 101, '{"1 3 B-1 0"}'), '12', 'F14: read in by a payer');
SELECT is(pg_temp.reply(204, 40, 101, '{"1 3 B-1 0 100001","2 4","3 5"}'), '1 1 1', 'F14: paid, refused, unknown');
SELECT is(pg_temp.line_state(101, 1) || ' ' || pg_temp.line_state(101, 4) || ' ' || pg_temp.line_state(101, 50), '3/7 4/6 5/13', 'C5: a claim is paid when the bank says so; refused, it is approved again; unknown, it stays');
SELECT is((SELECT paid_by FROM registry.claim WHERE claim_id = pg_temp.u(1001)), pg_temp.u(41), 'C1: who sent it has paid');
SELECT is(pg_temp.reply(205, 40, 101, '{"1 3 B-1 0 100001","2 4","3 5"}'), '47 47 47', 'F14: read twice changes nothing');
SELECT is((SELECT count(*) FROM registry.batch_answer), 3::int8, 'and nothing is kept of it');
SELECT is(pg_temp.reply(206, 40, 101, '{"1 3 B-9 0","1 4","2 3 B-2 0","1 5"}'), '262 262 262 47', 'F14: what it says otherwise is refused; an older "unknown" changes nothing');
/* what it says otherwise is kept until people have settled it */
CREATE FUNCTION pg_temp.disputes() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', line, dispute, why, result, bank_reference, amount_fen), ' ' ORDER BY line, dispute) FROM registry.batch_dispute WHERE settled_by IS NULL
$$;
CREATE FUNCTION pg_temp.settle(request int, caller int, line int, dispute int, batch int DEFAULT 101) RETURNS int LANGUAGE sql AS $$
    SELECT outcome::int FROM api.batch_settle(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(line)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(batch)], ARRAY[line], '{示例}', ARRAY[dispute])
$$;
SELECT is(pg_temp.disputes(), '1/1/263/3/B-1/7 1/2/262/3/B-9 1/3/262/4 2/1/262/3/B-2', 'F14: but it is kept');
SELECT is(pg_temp.reply(2061, 40, 101, '{"1 3 B-9 0","2 3 B-2 0","2 3 B-2 0 7"}') || ' ' || pg_temp.disputes(), '262 262 263 1/1/263/3/B-1/7 1/2/262/3/B-9 1/3/262/4 2/1/262/3/B-2 2/2/263/3/B-2/7', 'F14: once, and another amount likewise');
SELECT is((SELECT string_agg(concat_ws('/', line, dispute, dispute_why, dispute_result, dispute_reference, dispute_fen, disputes), ' ' ORDER BY line) FROM api.batch_lines(ARRAY[pg_temp.u(40)], ARRAY[pg_temp.u(101)], '{NULL}', '{NULL}', '{NULL}', '{50}', '{NULL}') WHERE disputes > 0),
          '1/3/262/4/3 2/2/263/3/B-2/7/2', 'F14: the batch shows the last of each line, with its number');
SELECT is((SELECT string_agg(line::text, ' ' ORDER BY line) FROM api.batch_lines(ARRAY[pg_temp.u(40)], '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{50}', '{NULL}') WHERE disputes > 0), '1 2', 'F14: and the bank has to be asked of them');
SELECT is((SELECT string_agg(concat_ws('/', kind, expected, found, right(reference, 5), line), ' ' ORDER BY kind, expected) FROM helper.reconcile('370000')), '15/3/4/-0001/1 16/100004/7/-0001/2',
          'F14: that it is not settled does not agree, which names the batch and the line');
SELECT is(pg_temp.settle(2062, 40, 1, 3), 12, 'F14: it is not settled by a payer');
SELECT is(pg_temp.settle(2063, 12, 1, 3), 257, 'nor by another bureau');
SELECT is(pg_temp.settle(2064, 11, 3, 1), 350, 'nor what is not disputed');
UPDATE registry.operator SET roles = '{approver}' WHERE operator_id = pg_temp.u(46);
SELECT is(pg_temp.settle(2065, 46, 1, 3), 124, 'C1: nor by who read it in, under another key');
UPDATE registry.operator SET roles = '{payer}' WHERE operator_id = pg_temp.u(46);
SELECT is(pg_temp.settle(2070, 11, 1, 2) || ' ' || pg_temp.disputes(), '14 1/1/263/3/B-1/7 1/2/262/3/B-9 1/3/262/4 2/1/262/3/B-2 2/2/263/3/B-2/7', 'F14: nor by who has not seen the last, and nothing is');
SELECT is(pg_temp.settle(2071, 11, 1, 4), 14, 'nor one that the bank has not said yet');
SELECT is(pg_temp.settle(2066, 11, 1, 3), 1, 'F14: an approver settles it');
SELECT is(pg_temp.settle(2066, 11, 1, 3), 1, 'the same again is the same answer');
SELECT is(pg_temp.settle(2067, 11, 1, 3), 350, 'once');
SELECT is(pg_temp.disputes(), '2/1/262/3/B-2 2/2/263/3/B-2/7', 'all of the line, and nothing of another');
SELECT is(pg_temp.reply(2068, 40, 101, '{"1 4"}') || ' ' || pg_temp.disputes(), '390 2/1/262/3/B-2 2/2/263/3/B-2/7', 'F14: read again it stays settled');
CREATE FUNCTION pg_temp.listed(caller int, batch int DEFAULT NULL, only_open bool DEFAULT false, after int4[] DEFAULT NULL, page int DEFAULT 50) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', outcome, line, dispute, why, state, result, said_fen, ltrim(reader_id::text, '0-'), coalesce(ltrim(settler_id::text, '0-'), '-'), note), ' ')
      FROM api.batch_disputes(ARRAY[pg_temp.u(caller)], ARRAY[CASE WHEN after IS NOT NULL THEN pg_temp.u(101) END], ARRAY[after[1]], ARRAY[after[2]], ARRAY[page], ARRAY[pg_temp.u(batch)], ARRAY[only_open])
$$;
SELECT is(pg_temp.listed(11), '1/1/1/263/3/3/7/40/11/示例 1/1/2/262/3/3/40/11/示例 1/1/3/262/3/4/40/11/示例 1/2/1/262/4/3/40/- 1/2/2/263/4/3/7/40/-',
          'F14: all of them are listed, with who read them in, who settled them and how');
SELECT is(pg_temp.listed(43, 101, true), '1/2/1/262/4/3/40/- 1/2/2/263/4/3/7/40/-', 'F14: or those that wait');
SELECT is(pg_temp.listed(40, 101, page => 1), '1/1/1/263/3/3/7/40/11/示例 1/1/2/262/3/3/40/11/示例', 'a page and one row');
SELECT is(pg_temp.listed(40, 101, after => '{1,3}'), '1/2/1/262/4/3/40/- 1/2/2/263/4/3/7/40/-', 'and what follows it');
SELECT is(concat_ws(' ', pg_temp.listed(12, 101), pg_temp.listed(12), pg_temp.listed(10, 101)), '257/- 257/-', 'F14: another bureau sees none, nor an institution');
SELECT is(pg_temp.settle(2069, 11, 2, 2), 1, 'the other as well');
SELECT is(pg_temp.reply(2072, 40, 101, '{"1 3 B-8 0"}') || ' ' || pg_temp.disputes(), '262 1/4/262/3/B-8', 'F14: what the bank says after that counts on');
SELECT is(pg_temp.settle(2073, 11, 1, 3) || ' ' || pg_temp.settle(2074, 11, 1, 4), '14 1', 'and is settled by its own number');
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d), NULL, 'F2: then all agrees');
SELECT is(pg_temp.add(207, 41, 162, '{50}'), '125', 'F14: what is unknown is not sent again');
SELECT is(pg_temp.add(208, 41, 162, '{4}'), '1', 'C5: what was refused is');
SELECT is((SELECT string_agg(concat_ws('/', line, state), ' ' ORDER BY line) FROM api.batch_lines(ARRAY[pg_temp.u(40)], '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{50}', '{NULL}')), '3/5 4/2 5/2 6/2', 'F14: what the bank has to be asked about');
SELECT is(pg_temp.reply(209, 40, 101, '{"3 3 B-3 0"}') || ' ' || pg_temp.line_state(101, 50), '1 3/7', 'F14: unknown, then paid');
SELECT is(pg_temp.reply(210, 40, 101, '{"1 6 R-1 0"}') || ' ' || pg_temp.line_state(101, 1), '1 6/6', 'C5: returned, it is approved again');
SELECT is((SELECT paid_by FROM registry.claim WHERE claim_id = pg_temp.u(1001)), NULL, 'and nobody has paid it');
SELECT is(pg_temp.reply(211, 40, 101, '{"1 3 B-1 0 100001","1 6 R-1 0"}') || ' ' || pg_temp.line_state(101, 1), '47 47 6/6', 'F14: both answers again change nothing');
SELECT is(pg_temp.reply(212, 40, 101, '{"4 6 R-4 0","4 3 B-4 1"}') || ' ' || pg_temp.line_state(101, 51), '1 47 6/6', 'F14: the return read before the payment: the older answer changes nothing');
SELECT is(pg_temp.reply(213, 40, 101, '{"5 3 B-5 1","5 6 R-5 0"}') || ' ' || pg_temp.line_state(101, 52), '1 1 6/6', 'F14: both in one file are taken in their order');
SELECT is(pg_temp.add(214, 41, 162, '{1,51}'), '1 1', 'C5: what was returned may be paid again');
SELECT is(pg_temp.make(630, 40) || ' ' || pg_temp.add(631, 40, 630, '{52}'), '1 0003 124', 'C1: who entered that the bank returned it does not add it again');
SELECT is(pg_temp.step(6320, 52, 20, 40), '124', 'C1, C6: nor re-checks it for that');
SELECT is(pg_temp.send(632, 40, 162) || ' ' || pg_temp.send(633, 46, 162), '124 124', 'C1: nor send it, under no key');
SELECT is(pg_temp.send(215, 42, 162), 1::int2, 'by a second batch');
SELECT is(pg_temp.reply(216, 41, 162, ARRAY[pg_temp.line(162, 1) || ' 3 C-1 0']) || ' ' || pg_temp.line_state(162, 1), '1 3/7', 'C5: paid again');
SELECT is(pg_temp.reply(231, 41, 162, ARRAY[pg_temp.line(162, 4) || ' 3 C-4 0', pg_temp.line(162, 51) || ' 3 C-4 0']) || ' ' || pg_temp.line_state(162, 51), '1 331 2/13', 'F14: two lines of a file with one reference of the bank');
SELECT is(pg_temp.reply(232, 41, 162, ARRAY[pg_temp.line(162, 51) || ' 3 C-1 0']), '331', 'F14: nor is it a line''s that another file had');
SELECT is(pg_temp.reply(234, 41, 162, ARRAY[pg_temp.line(162, 4) || ' 3 C-9 -1', pg_temp.line(162, 51) || ' 3 C-9 0']) || ' ' || pg_temp.line_state(162, 51), '330 1 3/7', 'F14: what was refused takes no reference from a later line of the file');
SELECT is((SELECT string_agg(state::text, ' ' ORDER BY batch_id) FROM registry.batch_line WHERE subject_id = pg_temp.u(1001)), '6 3', 'F14: each line has its own state');
SELECT is(pg_temp.reply(217, 41, 101, '{"1 3 B-7 0"}'), '47', 'an answer for the older line changes nothing of the newer');
SELECT throws_ok($$ UPDATE registry.batch_answer SET result = 4 $$, '42501', NULL, 'F14: an answer is written once');

/* of what came back after a claw-back nothing can be returned besides */
SELECT is(pg_temp.step(981, 1, 14, 45) || ' ' || pg_temp.state(1), '1 11', 'clawed back');
SELECT is((SELECT outcome FROM api.fund_recover(ARRAY[pg_temp.u(982)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(40)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(1001)], '{1}', '{1}')), 1::int2, 'a fen of it came back');
SELECT is(pg_temp.reply(983, 40, 162, ARRAY[pg_temp.line(162, 1) || ' 6 R-8 0']) || ' ' || pg_temp.line_state(162, 1), '336 3/11', 'F14: a return of what came back already is refused, and the line stays as it was');
SELECT is((SELECT outcome FROM api.fund_recover(ARRAY[pg_temp.u(984)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(40)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(1001)], '{1}', '{100000}')), 1::int2, 'F4: the rest of it is recorded as what came back');
SELECT is((SELECT string_agg(d.kind::text, ' ') FROM helper.reconcile('370000') d), '15', 'F14: of which the bank''s answer alone is not settled');
SELECT is(pg_temp.settle(985, 11, pg_temp.line(162, 1), 1, 162), 1, 'until it is');
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d), NULL, 'F2: which agrees to the fen');

/* what is clawed back before the bank returns it stays so */
SELECT is(pg_temp.step(220, 50, 14, 45) || ' ' || pg_temp.state(50), '1 11', 'clawed back');
SELECT is(pg_temp.reply(221, 40, 101, '{"3 6 R-3 0"}') || ' ' || pg_temp.line_state(101, 50), '1 6/11', 'C5: a return after a claw-back leaves the claim as it is');

/* somebody who is erased afterwards */
SELECT is((SELECT concat_ws('/', lines, paid, refused, unknown, returned, sent) FROM api.batch_list(ARRAY[pg_temp.u(43)], '{NULL}', '{50}', '{NULL}', '{NULL}', '{NULL}') WHERE batch_id = pg_temp.u(101)), '6/0/1/0/4/1', 'F14: how many lines are in which state');
SELECT is((SELECT count(*) FROM api.batch_list(ARRAY[pg_temp.u(10)], '{NULL}', '{50}', '{NULL}', '{NULL}', '{NULL}')), 0::int8, 'an institution sees no batch');
/* reading the lines */
SELECT is((SELECT string_agg(concat_ws('/', outcome, line), ' ') FROM api.batch_lines(ARRAY[pg_temp.u(n)], ARRAY[pg_temp.u(b)], '{NULL}', '{NULL}', '{NULL}', '{50}', '{NULL}')), '257', 'a batch is unknown: ' || why)
  FROM (VALUES (43, 9999, 'there is none'), (10, 101, 'an institution sees none')) x(n, b, why);
SELECT is((SELECT count(*) FROM api.batch_lines(ARRAY[pg_temp.u(43)], ARRAY[pg_temp.u(630)], '{NULL}', '{NULL}', '{NULL}', '{50}', '{NULL}')), 0::int8, 'one that is empty is known');
SELECT is((SELECT concat_ws('/', count(*), max(lines)) FROM api.batch_list(ARRAY[pg_temp.u(43)], '{NULL}', '{50}', '{NULL}', '{NULL}', ARRAY[pg_temp.u(101)])), '1/6', 'a batch by its id');
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d), NULL, 'F2: all agrees to the fen');
/* ---- what stands beside a batch is not read for it ---- */

/* 3,000 claims of persons with an account in the roster: two thirds are in a batch that was sent, the others wait in another. */
SET session_replication_role = replica;
CREATE TEMP TABLE many AS SELECT n, pg_temp.u(100000 + n) AS claim, pg_temp.u(200000 + n) AS person, pg_temp.u(300000 + n) AS certificate, CASE WHEN n <= 2000 THEN pg_temp.u(1990) ELSE pg_temp.u(1991) END AS batch
  FROM generate_series(1, 3000) n;
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
SELECT certificate, sha256(uuid_send(certificate)), 2, person, pg_temp.u(1), -1, '4-10-01-06', 2, helper.today() - 30, 's', pg_temp.h(n), pg_temp.u(9) FROM many;
INSERT INTO registry.enrolment (class_number, person_id, enrolment_id, seat, trainee_group, document_type, request_id, sealed, commitment, result, account_index)
SELECT -1, person, claim, n, 1, 1, pg_temp.u(9), 's', pg_temp.h(n), 1, sha256(uuid_send(person)) FROM many;
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level, certificate_kind,
                            trainee_group, year, amount_fen, state, publicity_until, publicity_days, shown, submitted_by, reviewed_by, approved_by)
SELECT claim, person, certificate, -1, pg_temp.u(2), '370100', 1, 'P-1', '4-10-01-06', 2, 2, 1, 2026, 100, CASE batch WHEN pg_temp.u(1990) THEN 13 ELSE 12 END, helper.today() - 9, 5, '{}', pg_temp.u(47), pg_temp.u(43), pg_temp.u(44) FROM many;
INSERT INTO registry.payment_batch (batch_id, division, organisation_id, reference, purpose, state, made_by, sent_by, sent_at, payer_id, lines, amount_fen, part_lines, request_id)
SELECT b.*, pg_temp.u(9) FROM (VALUES (pg_temp.u(1990), '370100', pg_temp.u(2), 'MANY-1', '示例', 2, pg_temp.u(40), pg_temp.u(41), now(), pg_temp.u(130), 2000, 200000, 2000),
                                      (pg_temp.u(1991), '370100', pg_temp.u(2), 'MANY-2', '示例', 1, pg_temp.u(40), NULL, NULL, NULL, NULL, NULL, NULL)) b;
INSERT INTO registry.batch_line (batch_id, subject_kind, subject_id, line, amount_fen, class_number, enrolment_id, person_id, account_index, state, request_id)
SELECT batch, 1, claim, CASE batch WHEN pg_temp.u(1990) THEN n END, 100, -1, claim, person, sha256(uuid_send(person)), CASE batch WHEN pg_temp.u(1990) THEN 2 ELSE 1 END, pg_temp.u(9) FROM many;
SET session_replication_role = origin;
SELECT is((SELECT count(*) FROM (SELECT array_agg(claim) AS ids, count(*)::int AS n FROM many WHERE batch = pg_temp.u(1991)) m
            CROSS JOIN LATERAL helper.money_commit(array_fill(1::int2, ARRAY[m.n]), m.ids, array_fill(1::int2, ARRAY[m.n]), array_fill('370100'::text, ARRAY[m.n]), array_fill(1::int2, ARRAY[m.n]),
                                                   array_fill(1::int2, ARRAY[m.n]), array_fill(2::int2, ARRAY[m.n]), array_fill(100::int8, ARRAY[m.n]), m.ids, m.ids) c WHERE c.outcome = 1), 1000::int8, 'there is money for a thousand lines');
ANALYZE registry.enrolment, registry.claim, registry.certificate, registry.batch_line, registry.claim_step, registry.charge, registry.person;
/* How many rows of a table a statement reads, or entries of its indexes. */
CREATE FUNCTION pg_temp.reads(relation regclass) RETURNS int8 LANGUAGE sql AS $$
    SELECT pg_stat_get_xact_tuples_returned(relation) + (SELECT sum(pg_stat_get_xact_tuples_returned(i.indexrelid))::int8 FROM pg_index i WHERE i.indrelid = relation) $$;
CREATE FUNCTION pg_temp.read_by(relation regclass, statement text) RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    before CONSTANT int8 := pg_temp.reads(relation);
BEGIN
    EXECUTE statement;
    RETURN pg_temp.reads(relation) - before;
END $$;
SELECT cmp_ok(pg_temp.read_by('registry.certificate', 'SELECT pg_temp.send(1992, 41, 1991)'), '<=', 2100::int8, 'F13: of a batch that is sent the certificates are read, and locked; no other');
SELECT is((SELECT state FROM registry.payment_batch WHERE batch_id = pg_temp.u(1991)), 2::int2, 'and it is sent');
SELECT cmp_ok(pg_temp.read_by('registry.enrolment', 'SELECT * FROM api.batch_export(ARRAY[pg_temp.u(40)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(1991)], ''{500}'', ''{400}'')'), '<=', 400::int8,
              'F13: a page of an export reads its own enrolments, and no other');
SELECT cmp_ok(pg_temp.read_by('registry.batch_line', $$ SELECT pg_temp.reply(1993, 40, 1991, ARRAY(SELECT n || ' 3 M-' || n || ' 0' FROM generate_series(1, 900) n)) $$), '<=', 9000::int8,
              'F14: an answer of 900 lines looks each up, and reads the table not once for each thing it asks');
SELECT is((SELECT count(*) FROM registry.batch_line WHERE batch_id = pg_temp.u(1991) AND state = 3), 900::int8, 'and they are paid');
CREATE FUNCTION pg_temp.asked() RETURNS int8 LANGUAGE sql AS $$
    SELECT count(*) FROM api.batch_lines(ARRAY[pg_temp.u(40)], '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{2000}', '{NULL}') $$;
SELECT cmp_ok(pg_temp.asked(), '>=', 100::int8, 'F14: the bank is asked of a hundred lines');
SELECT pg_temp.read_by('registry.batch_line', 'SELECT pg_temp.asked()') AS reads \gset
SET session_replication_role = replica; /* two thousand that were paid, before and behind them */
INSERT INTO registry.payment_batch (batch_id, division, organisation_id, reference, purpose, state, made_by, sent_by, sent_at, payer_id, lines, amount_fen, part_lines, request_id)
SELECT pg_temp.u(b), '370100', pg_temp.u(2), 'PAID-' || b, '示例', 2, pg_temp.u(40), pg_temp.u(41), now(), pg_temp.u(130), 1000, 100000, 1000, pg_temp.u(9) FROM unnest('{1,1995}'::int[]) b;
INSERT INTO registry.batch_line (batch_id, subject_kind, subject_id, line, amount_fen, class_number, enrolment_id, person_id, account_index, state, bank_reference, request_id)
SELECT pg_temp.u(CASE WHEN n <= 1000 THEN 1 ELSE 1995 END), 1, pg_temp.u(400000 + n), 1 + n % 1000, 100, -1, pg_temp.u(400000 + n), pg_temp.u(400000 + n), sha256('x'), 3, 'P-' || n, pg_temp.u(9)
  FROM generate_series(1, 2000) n;
SET session_replication_role = origin;
SELECT is(pg_temp.read_by('registry.batch_line', 'SELECT pg_temp.asked()'), :reads::int8, 'F14: which are found without those that were paid');

/* ---- a county's claim that its city pays ---- */
UPDATE registry.claim SET division = '370102' WHERE claim_id IN (pg_temp.u(1065), pg_temp.u(1066));
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'four_eyes', 2, '2026-01-01', '示例文'), ('370102', 'four_eyes', 3, '2026-01-01', '示例文');
UPDATE registry.operator SET roles = '{reviewer,payer}' WHERE operator_id = pg_temp.u(43);
SELECT is(pg_temp.make(3000, 40) || ' ' || pg_temp.add(3001, 43, 3000, '{65}') || ' ' || pg_temp.add(3002, 40, 3000, '{65}'), '1 0004 124 1', 'C1: who reviewed it does not add it, where the county asks for three');
SELECT is(pg_temp.send(3003, 43, 3000), 124::int2, 'C1: nor sends it, though the city asks for two');

/* ---- whose batches they are ---- */
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(480), pg_temp.u(3), 'x', '{payer}'), (pg_temp.u(481), pg_temp.u(7), 'x', '{payer}'), (pg_temp.u(482), pg_temp.u(4), 'x', '{payer}');
SELECT is(concat_ws(' ', pg_temp.add(4000 + u, u, 1991, '{5}'), pg_temp.remove(5000 + u, u, 1991, '{5}'), pg_temp.send(6000 + u, u, 1991), pg_temp.reply(7000 + u, u, 1991, '{"1 3 M-1 0"}'),
                    (SELECT string_agg(outcome::text, ',') FROM api.batch_export(ARRAY[pg_temp.u(u)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(1991)], '{NULL}', '{10}'))),
          '257 257 257 261 257', 'C5: a payer of another city, of a county and of the province fills, empties, sends, answers for and exports none of it: ' || u) FROM unnest('{480,481,482}'::int[]) u;
SELECT * FROM finish();
ROLLBACK;
