/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of claims do to the special account, where the city keeps it here (F3, F4, C5). */
BEGIN;
\ir fixture.psql
SELECT * FROM no_plan();

/* Jinan keeps its account here from now on. Persons 1 to 6 have completed a class; claim n, u(100 + n), is person n's: publicised, and its
   publicity is over. */
UPDATE registry.policy SET value = 1 WHERE division = '370100' AND name = 'special_account';
SELECT pg_temp.open(1) AS class \gset
SELECT is(pg_temp.enrol(2, :class, '{1,2,3,4,5,6}'), '1: 1 1 1 1 1 1', 'a class');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
UPDATE registry.class SET state = 3 WHERE class_number = :class;
UPDATE registry.enrolment SET result = 1 WHERE class_number = :class;
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
SELECT pg_temp.u(700 + n), pg_temp.h(700 + n), 2, pg_temp.person(n), pg_temp.u(1), :class, '4-10-01-06', 2, helper.today() - 30, 's', pg_temp.h(n), pg_temp.u(9) FROM generate_series(1, 6) n;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(31), pg_temp.u(2), 'x', '{approver}'), (pg_temp.u(32), pg_temp.u(2), 'x', '{payer}'), (pg_temp.u(34), pg_temp.u(3), 'x', '{payer}');
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level, certificate_kind,
                            trainee_group, year, amount_fen, state, version, publicity_until, publicity_days, shown, submitted_by, reviewed_by)
SELECT pg_temp.u(100 + n), pg_temp.person(n), pg_temp.u(700 + n), :class, pg_temp.u(1), '370100', 3, 'P-1', '4-10-01-06', 2, 2,
       7, date_part('year', helper.today()), 170000, 5, 5, helper.today() - 1, 5, datemultirange(daterange(helper.today() - 40, NULL)), pg_temp.u(10), pg_temp.u(17)
  FROM generate_series(1, 6) n;
INSERT INTO registry.claim_line (claim_id, line, standard_id, rate_fen, amount_fen)
SELECT pg_temp.u(100 + n), line, pg_temp.u(800), fen, fen FROM generate_series(1, 6) n CROSS JOIN (VALUES (1, 150000), (2, 20000)) l(line, fen);
INSERT INTO registry.claim_once (person_id, occupation_code, level, claim_id) SELECT pg_temp.person(n), '4-10-01-06', 2, pg_temp.u(100 + n) FROM generate_series(1, 6) n;

/* One step of several claims in one request: the outcomes. */
CREATE FUNCTION pg_temp.steps(request int, claims int[], action int, caller int, lines int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.claim_decide(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(action)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[action::int2], '{示例}', '{f}', ARRAY[lines],
        (SELECT array_agg(1) FROM unnest(claims)), (SELECT array_agg(n::int ORDER BY n) FROM unnest(claims) WITH ORDINALITY c(x, n)),
        (SELECT array_agg(pg_temp.head()) FROM unnest(claims)), (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(claims) WITH ORDINALITY c(x, n)),
        (SELECT array_agg(coalesce(k.version, 1) ORDER BY n) FROM unnest(claims) WITH ORDINALITY c(x, n) LEFT JOIN registry.claim k ON k.claim_id = pg_temp.u(x)))
$$;
CREATE FUNCTION pg_temp.state(source int DEFAULT 3) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', s.available, s.committed, s.spent) FROM registry.ledger l CROSS JOIN helper.ledger_state(l.ledger_id) s
     WHERE l.division = '370100' AND l.source = state.source
$$;

SELECT is(pg_temp.steps(10, '{101}', 8, 31), '241', 'F4: without money nothing is approved');
SELECT is((SELECT state FROM registry.claim WHERE claim_id = pg_temp.u(101)), 5::int2, 'and the claim waits');
SELECT is((SELECT count(*) FROM registry.claim_step), 0::int8, 'without a step');
SELECT pg_temp.fund('370100', 1, 340000);
SELECT is(pg_temp.steps(11, '{101,102,103,103}', 8, 31), '1 1 241 241', 'F4, C4: as long as there is money');
SELECT is(pg_temp.state(), '0 340000 0', 'F4: which is committed');
SELECT is(pg_temp.steps(11, '{101,102,103,103}', 8, 31), '1 1 241 241', 'the same request again is the same answer');
SELECT is((SELECT string_agg(concat_ws('/', part, spending, expense, amount_fen), ' ' ORDER BY part) FROM registry.charge WHERE subject_id = pg_temp.u(101)),
          '1/1/5002/150000 2/2/5002/20000', 'F7, F11: by subsidy; for somebody out of work as free training');
SELECT is(pg_temp.steps(12, '{101}', 10, 32), '243', 'C5: the payer says nothing of payment');
SELECT is(pg_temp.steps(13, '{102}', 9, 31), '1', 'rejected after approval');
SELECT is(pg_temp.state(), '170000 170000 0', 'F4: releases');
SELECT is(pg_temp.steps(14, '{103}', 8, 31), '1', 'F4: to who comes next');
SELECT is(pg_temp.state(), '0 340000 0', 'in whole');
/* one set: two requests, of which one releases what the other needs */
SELECT is((SELECT string_agg(outcome::text, ' ' ORDER BY req) FILTER (WHERE row_number > 0) FROM api.claim_decide(
        ARRAY[pg_temp.u(15), pg_temp.u(16)], ARRAY[pg_temp.h(1), pg_temp.h(1)], ARRAY[pg_temp.u(31), pg_temp.u(31)], ARRAY[pg_temp.head(), pg_temp.head()], '{8,9}', '{示例,示例}', '{f,f}', '{0,0}',
        '{1,2}', '{1,1}', ARRAY[pg_temp.head(), pg_temp.head()], ARRAY[pg_temp.u(104), pg_temp.u(103)], ARRAY[5, (SELECT version FROM registry.claim WHERE claim_id = pg_temp.u(103))])), '1 1',
          'F4: what a set releases it commits');
SELECT is(pg_temp.state(), '0 340000 0', 'once');
SELECT pg_temp.fund('370100', 1, 150000, 1);
SELECT pg_temp.fund('370100', 1, 19999);
SELECT is(pg_temp.steps(17, '{105}', 8, 31), '241', 'F4: all of a claim''s subsidies or none');
SELECT is(concat_ws(' | ', pg_temp.state(), pg_temp.state(1)), '19999 340000 0 | 150000 0 0', 'and nothing is held for it');
SELECT pg_temp.fund('370100', 1, 1);
SELECT is(pg_temp.steps(18, '{105}', 8, 31), '1', 'F3: each from the first source that has enough');
SELECT is(concat_ws(' | ', pg_temp.state(), pg_temp.state(1)), '0 360000 0 | 0 150000 0', 'of two ledgers');
CREATE FUNCTION pg_temp.ledgers(claim int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', subsidy, ledger_division, ledger_source, ledger_year - date_part('year', helper.today())), ' ' ORDER BY subsidy)
      FROM api.claim_show(ARRAY[pg_temp.u(17)], ARRAY[pg_temp.u(claim)], '{0}') WHERE subsidy IS NOT NULL
$$;
SELECT is(pg_temp.ledgers(105), '1/370100/1/0 2/370100/3/0', 'F3: the claim says which');
SELECT is(concat_ws(' | ', (SELECT state FROM registry.claim WHERE claim_id = pg_temp.u(102)), pg_temp.ledgers(102)), '8 | 1 2', 'F3: what was released none pays');
UPDATE registry.earmark SET decision = 2 WHERE division = '370000' AND spending = 2;
SELECT is(pg_temp.steps(19, '{106}', 8, 31), '242', 'F3: for one of its subsidies nothing is earmarked');
UPDATE registry.earmark SET decision = 1 WHERE division = '370000' AND spending = 2;
SELECT is(pg_temp.steps(20, '{101}', 12, 31), '1', 'what is suspended');
SELECT is(pg_temp.state(), '0 360000 0', 'stays committed');
SELECT is(pg_temp.steps(21, '{101}', 9, 31), '1', 'until it is rejected');
SELECT is(pg_temp.state(), '170000 190000 0', 'F4: which releases');
UPDATE registry.policy SET value = 0 WHERE division = '370100' AND name = 'special_account';
SELECT is(pg_temp.steps(22, '{106}', 8, 31), '1', 'F4: where the account is kept elsewhere no money is asked for');
SELECT is(pg_temp.steps(24, '{105}', 10, 32), '243', 'C5: but of what was committed here the bank says that it is paid');
SELECT is(pg_temp.steps(23, '{106}', 10, 32), '1', 'and payment is recorded as it was');
SELECT is(pg_temp.state(), '170000 190000 0', 'without a posting');
UPDATE registry.policy SET value = 1 WHERE division = '370100' AND name = 'special_account';

/* ---- money that comes back ---- */
CREATE FUNCTION pg_temp.recover(request int, claim int, line int, fen int8, caller int DEFAULT 32) RETURNS int LANGUAGE sql AS $$
    SELECT outcome::int FROM api.fund_recover(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(line)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(claim)], ARRAY[line::int2], ARRAY[fen])
$$;
SELECT pg_temp.fund('370100', e, 500000, l.source) FROM registry.ledger l CROSS JOIN unnest('{2,6}'::int[]) WITH ORDINALITY x(e, n) WHERE l.division = '370100' ORDER BY l.source, n;
SELECT helper.money_post(11::int2, '{1}', ARRAY[pg_temp.u(104)], ARRAY[pg_temp.u(32)], ARRAY[pg_temp.u(9)]);
SELECT helper.money_post(13::int2, '{1}', ARRAY[pg_temp.u(104)], ARRAY[pg_temp.u(32)], ARRAY[pg_temp.u(9)]);
UPDATE registry.claim SET state = 7, paid_by = pg_temp.u(32), version = version + 1 WHERE claim_id = pg_temp.u(104);
SELECT is(pg_temp.recover(30, 104, 1, 1), 251, 'F4: nothing comes back that was not clawed back');
SELECT is(pg_temp.steps(31, '{104}', 14, 11, 1), '1', 'one subsidy is');
SELECT is(pg_temp.recover(32, 104, 1, 150001), 251, 'F4: nor more than that');
SELECT is(pg_temp.recover(33, 104, 1, 100000, 31), 12, 'a payer records it');
SELECT is(pg_temp.recover(34, 104, 1, 100000, 34), 126, 'of the city');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(36), pg_temp.u(4), 'x', '{payer}'), (pg_temp.u(37), pg_temp.u(7), 'x', '{payer}');
SELECT is(pg_temp.recover(80, 104, 1, 100000, 36), 266, 'F4, C5: not of the province, whose ledgers it did not come from');
UPDATE registry.claim SET division = '370102' WHERE claim_id = pg_temp.u(104);
SELECT is(pg_temp.recover(81, 104, 1, 100000, 37), 266, 'F4, C5: nor of a county whose claim the city''s ledgers have paid');
UPDATE registry.claim SET division = '370100' WHERE claim_id = pg_temp.u(104);
SELECT is(pg_temp.recover(35, 104, 1, 100000), 1, 'F4: part of it comes');
SELECT is(pg_temp.recover(35, 104, 1, 100000), 1, 'the same again is the same answer');
SELECT is(pg_temp.recover(36, 104, 1, 50001), 251, 'then no more than the rest');
SELECT is(pg_temp.recover(37, 104, 1, 50000), 1, 'which comes');
SELECT is(pg_temp.recover(38, 104, 2, 1), 251, 'nothing of the other subsidy');
SELECT is(pg_temp.state(), '320000 20000 20000', 'F6: spent less');
SELECT is((SELECT sum(CASE t.layer WHEN 1 THEN t.debits - t.credits ELSE 0 END)::text || ' ' || sum(CASE t.layer WHEN 2 THEN t.debits - t.credits ELSE 0 END)
             FROM api.fund_trial(ARRAY[pg_temp.u(19)], '{NULL}', '{NULL}') t), '0 0', 'F2: the trial balance is zero');
/* ---- what came back the bank does not return besides ---- */
SELECT helper.money_post(e::int2, '{1}', ARRAY[pg_temp.u(105)], ARRAY[pg_temp.u(32)], ARRAY[pg_temp.u(9)]) FROM unnest('{11,13}'::int[]) WITH ORDINALITY x(e, n) ORDER BY n;
UPDATE registry.claim SET state = 7, paid_by = pg_temp.u(32), version = version + 1 WHERE claim_id = pg_temp.u(105);
SELECT is(pg_temp.steps(40, '{105}', 14, 11), '1', 'paid and clawed back');
SELECT is(pg_temp.recover(41, 105, 1, 1), 1, 'F4: a fen of one subsidy came back');
SELECT is(pg_temp.recover(42, 105, 2, 20000), 1, 'F4: and the other in whole');
SELECT throws_ok($$ SELECT helper.money_post(14::int2, '{1}', ARRAY[pg_temp.u(105)], ARRAY[pg_temp.u(32)], ARRAY[pg_temp.u(9)]) $$, '23514', NULL, 'F4: of what came back nothing is returned, by constraint');
SELECT is(pg_temp.recover(43, 105, 1, 149999), 1, 'F4: the rest is recorded as what came back, too');
SELECT is((SELECT string_agg(concat_ws('/', part, state, recovered_fen), ' ' ORDER BY part) FROM registry.charge WHERE subject_id = pg_temp.u(105)), '1/2/150000 2/2/20000', 'F4: all of it');
SELECT is((SELECT string_agg(concat_ws('/', event, sum), ' ' ORDER BY event) FROM (SELECT event, sum(amount_fen) FROM registry.journal WHERE subject_id = pg_temp.u(105) AND layer = 2 GROUP BY 1) x),
          '13/170000 17/170000', 'F6: nothing is posted twice');
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile_charges('370100') d WHERE d.subject_id = pg_temp.u(105)), NULL, 'F2: and it agrees to the fen');
SELECT is((SELECT sum(CASE t.layer WHEN 1 THEN t.debits - t.credits ELSE 0 END)::text || ' ' || sum(CASE t.layer WHEN 2 THEN t.debits - t.credits ELSE 0 END)
             FROM api.fund_trial(ARRAY[pg_temp.u(19)], '{NULL}', '{NULL}') t), '0 0', 'F2: the trial balance is zero');
SELECT * FROM finish();
ROLLBACK;
