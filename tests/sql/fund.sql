/* SPDX-License-Identifier: Apache-2.0 */
/* The special account: what each event is posted as, that it always balances and is never overdrawn, and who moves money (F1-F11). */
BEGIN;
\ir fixture.psql
SELECT * FROM no_plan();

INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(31), pg_temp.u(3), 'x', '{approver}'), (pg_temp.u(32), pg_temp.u(3), 'x', '{payer}'),
    (pg_temp.u(33), pg_temp.u(4), 'x', '{approver}'), (pg_temp.u(34), pg_temp.u(4), 'x', '{approver}'), (pg_temp.u(35), pg_temp.u(4), 'x', '{payer}');
CREATE FUNCTION pg_temp.year() RETURNS int LANGUAGE sql AS $$ SELECT date_part('year', helper.today())::int $$;

/* Proposes a move of Qingdao's, whose id is u(request): its outcome. */
CREATE FUNCTION pg_temp.propose(request int, kind int, fen int8 DEFAULT NULL, source int DEFAULT 3, year int DEFAULT pg_temp.year(), target text DEFAULT NULL, mirrored int DEFAULT NULL,
                                caller int DEFAULT 12)
RETURNS int LANGUAGE sql AS $$
    SELECT outcome::int FROM api.fund_propose(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(kind)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)], ARRAY[kind::int2],
        ARRAY[CASE WHEN kind <> 5 THEN source::int2 END], ARRAY[CASE WHEN kind <> 5 THEN year END], ARRAY[target], ARRAY[fen], ARRAY[pg_temp.u(mirrored)], '{示例文}')
$$;
CREATE FUNCTION pg_temp.decide(request int, proposals int[], caller int DEFAULT 31, decision int DEFAULT 1) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.proposal_decide(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(decision)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{4}', ARRAY[decision::int2],
        (SELECT array_agg(1) FROM unnest(proposals)), (SELECT array_agg(n::int ORDER BY n) FROM unnest(proposals) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(pg_temp.head()) FROM unnest(proposals)), (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(proposals) WITH ORDINALITY p(x, n)))
$$;
/* Moves money as two people do: the outcomes of the proposal and of the decision. */
CREATE FUNCTION pg_temp.move(request int, kind int, fen int8 DEFAULT NULL, source int DEFAULT 3, year int DEFAULT pg_temp.year(), target text DEFAULT NULL, mirrored int DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(',', pg_temp.propose(request, kind, fen, source, year, target, mirrored), split_part(pg_temp.decide(request + 1, ARRAY[request]), ' ', 2))
$$;
CREATE FUNCTION pg_temp.receive(request int, event int, fen int8, source int DEFAULT 3, year int DEFAULT pg_temp.year(), caller int DEFAULT 32) RETURNS int LANGUAGE sql AS $$
    SELECT outcome::int FROM api.fund_receive(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(event)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
                                              ARRAY[pg_temp.u(request)], ARRAY[array_position('{2,6,19,20}', event)::int2], ARRAY[source::int2], ARRAY[year], ARRAY[fen])
$$;
CREATE FUNCTION pg_temp.ledger(division text DEFAULT '370200', source int DEFAULT 3, year int DEFAULT pg_temp.year()) RETURNS int8 LANGUAGE sql AS $$
    SELECT ledger_id FROM registry.ledger l WHERE l.division = ledger.division AND l.source = ledger.source AND l.year = ledger.year
$$;
/* X1 X2 X3 | 1001 1002 2001 sent of a ledger. */
CREATE FUNCTION pg_temp.state(ledger int8 DEFAULT pg_temp.ledger()) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', s.available, s.committed, s.spent, '|', s.treasury, s.expenditure, s.held, s.sent) FROM helper.ledger_state(ledger) s
$$;
/* Commits parts of one spending: subject, fen, group and certificate kind of each; the outcomes. */
CREATE FUNCTION pg_temp.commit(subjects int[], fens int8[], spending int DEFAULT 1, trainees int DEFAULT 7, kind int DEFAULT 2, division text DEFAULT '370200', parts int[] DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY f.n)
      FROM (SELECT array_agg(1::int2) AS one, array_agg(pg_temp.u(s) ORDER BY n) AS ids, array_agg(coalesce(parts[n], 1)::int2 ORDER BY n) AS parts, array_agg(division) AS divisions,
                   array_agg(spending::int2) AS spending, array_agg(trainees::int2) AS groups, array_agg(kind::int2) AS kinds, array_agg(pg_temp.u(31)) AS operators, array_agg(pg_temp.u(9)) AS requests
              FROM unnest(subjects) WITH ORDINALITY x(s, n)) a
     CROSS JOIN LATERAL helper.money_commit(a.one, a.ids, a.parts, a.divisions, a.spending, a.groups, a.kinds, fens, a.operators, a.requests) f
$$;
CREATE FUNCTION pg_temp.post(event int, subject int) RETURNS text LANGUAGE sql AS $$
    SELECT helper.money_post(event::int2, '{1}', ARRAY[pg_temp.u(subject)], ARRAY[pg_temp.u(32)], ARRAY[pg_temp.u(9)]);
    SELECT state::text FROM registry.charge WHERE subject_id = pg_temp.u(subject)
$$;

/* ---- the template, row by row (F6, F7, F9) ---- */
SELECT is((SELECT string_agg(format('%s/%s', debit, credit), ' ' ORDER BY layer, debit, credit) FROM registry.posting_template t WHERE t.event = x.event), x.rows, 'F6: ' || x.what)
  FROM (VALUES (1, '101/100', 'allotted'), (2, '1001/4002', 'money came in'), (3, '1001/4001', 'set aside'), (4, '101/100 1001/4201', 'adjusted, of the city'),
               (5, '5101/1001', 'adjusted, of the province'), (6, '1002/1001', 'to the expenditure account'), (7, '100/101 5101/1001', 'passed down, of the city'),
               (8, '101/100 1001/4201', 'passed down, of the county'), (9, '102/101', 'committed'), (10, '101/102', 'released'), (11, NULL, 'sent: state only'),
               (12, NULL, 'refused: state only'), (13, '103/102 5001/1002 5002/1002', 'paid'), (14, '102/103 1002/2001', 'returned'), (15, '103/102 2001/1002', 'paid again'),
               (16, '101/102 2001/4901 2001/5001 2001/5002', 'the right lost'), (17, '101/103 1001/4901 1001/5001 1001/5002', 'recovered'), (18, '1001/4901', 'recovered of an earlier year'),
               (19, '1002/4101', 'F9: interest'), (20, '1001/1002', 'F8: swept'),
               (21, '100/101 100/102 3001/1001 3001/5001 3001/5002 3001/5101 4001/3001 4002/3001 4101/3001 4201/3001 4901/3001', 'carried out'),
               (22, '101/100 102/100 1001/3001', 'carried in'),
               (23, '102/100 1002/2001', 'returned after its ledger was closed')) x(event, rows, what);
SELECT is((SELECT string_agg(name, ' ' ORDER BY code) FROM registry.fund_source), '就业补助资金 创业带动就业扶持资金 失业保险基金结余计提 专项培训资金 职工教育经费 省级调剂金', 'F1: the sources');
SELECT is((SELECT count(*) FROM registry.spending_kind), 10::int8, 'F11: what money is spent on');
SELECT is((SELECT string_agg(g::text || ':' || helper.expense_account(s::int2, g::int2), ' ' ORDER BY s, g) FROM (VALUES (1, 1), (1, 17), (1, 7), (1, NULL), (5, 7), (4, NULL)) v(s, g)), '1:5001 7:5002 17:5001 7:5001', 'F7: employees of enterprises, and apprentices, are posted apart');
SELECT is((SELECT string_agg(g.name, ' ' ORDER BY g.code) FROM registry.trainee_group g WHERE helper.expense_account(1::int2, g.code) = 5001), '企业新录用职工 困难企业转岗转业职工 企业在职职工 企业新型学徒 企业负责人 高危行业(化工、矿山等)职工', 'F7: whose training is spending for employees');
DELETE FROM registry.employee_group WHERE trainee_group = 17;
SELECT is(helper.expense_account(1::int2, 17::int2), 5002::int2, 'F7: as the table of them says');
INSERT INTO registry.employee_group VALUES (17);
SELECT throws_ok($$ INSERT INTO registry.ledger (division, source, year) VALUES ('370200', 5, 2026) $$, '23514', NULL, 'F7: an enterprise''s own money has no ledger');

/* ---- who moves money ---- */
SELECT is(pg_temp.propose(100, 1, 1000000), 1, 'F2: an allotment is proposed');
SELECT is(pg_temp.ledger(), NULL, 'and moves nothing yet');
SELECT is(pg_temp.propose(100, 1, 1000000), 1, 'the same again is the same answer');
SELECT is(pg_temp.propose(1000 + u, 1, 1, caller => u), 12, 'it is not proposed by ' || u) FROM unnest('{10,17,32,14,99}'::int[]) u;
SELECT is(pg_temp.decide(101, '{100}', 12), '1 102', 'C1: who proposed does not decide');
SELECT is(pg_temp.decide(102, '{100}', 11), '1 100', 'nor does another city');
SELECT is(pg_temp.decide(103, '{100}', 32), '12', 'nor a payer');
SELECT is(pg_temp.decide(104, '{100}'), '1 1', 'another approver does');
SELECT is(pg_temp.decide(105, '{100}'), '1 101', 'once');
SELECT is(pg_temp.state(), '1000000 0 0 | 0 0 0 0', 'F2: X1 is what was allotted');
SELECT is((SELECT min(available) FROM registry.ledger_share WHERE ledger_id = pg_temp.ledger()), 62500::int8, 'F4: in sixteen shares');
SELECT is(pg_temp.propose(106, 1, 5), 1, 'another');
SELECT is(pg_temp.decide(107, '{106}', 12, 2), '1 1', 'is rejected by whoever');
SELECT is(pg_temp.state(), '1000000 0 0 | 0 0 0 0', 'and moves nothing');
SELECT is(pg_temp.propose(108, 1, 5, year => pg_temp.year() - 1), 252, 'F2: no allotment of a year that is over');

/* ---- cash (F8, F9) ---- */
SELECT is(pg_temp.receive(110, 2, 300000, caller => 12), 12, 'F8: an approver records no receipt');
SELECT is(pg_temp.receive(111, 2, 300000), 1, 'F8: a payer does');
SELECT is(pg_temp.receive(111, 2, 300000), 1, 'the same again is the same answer');
SELECT is(pg_temp.receive(112, 6, 300001), 241, 'F8: what the treasury account does not hold does not go to the expenditure account');
SELECT is(pg_temp.receive(113, 6, 200000), 1, 'what it holds does');
SELECT is(pg_temp.receive(114, 19, 77), 1, 'F9: interest');
SELECT is(pg_temp.receive(115, 20, 77), 1, 'F8: which is swept');
SELECT is(pg_temp.receive(116, 20, 200001), 241, 'but not more than there is');
SELECT is(pg_temp.state(), '1000000 0 0 | 100077 200000 0 0', 'F6: cash moves no budget');
SELECT is(pg_temp.move(118, 3, 5000), '1,1', 'F5: money is set aside');
SELECT is(pg_temp.state(), '1000000 0 0 | 105077 200000 0 0', 'F6: into the treasury account');
SELECT is(pg_temp.receive(117, 2, 1, year => pg_temp.year() - 1), 252, 'no ledger of a past year is opened');

/* ---- commitments (F3, F4, F10) ---- */
SELECT is(pg_temp.commit('{200}', '{50000}'), '1', 'F4: committed');
SELECT is(pg_temp.state(), '950000 50000 0 | 105077 200000 0 0', 'F4: from what is available');
SELECT is(pg_temp.commit('{200}', '{50000}'), '1', 'once, however often it is asked');
SELECT is(pg_temp.commit('{201}', '{700000}'), '1', 'F4: more than any share has is gathered');
SELECT is(pg_temp.state(), '250000 750000 0 | 105077 200000 0 0', 'and the sum is right');
SELECT is(pg_temp.commit('{202,203,204}', '{200000,100000,50000}'), '1 241 1', 'F4: one that is too much does not block the others');
SELECT is(pg_temp.commit('{205}', '{1}'), '241', 'F4: to the last fen');
SELECT is(pg_temp.commit('{206,206}', '{1,1}', parts => '{1,2}'), '241 241', 'all parts or none');
SELECT is(pg_temp.post(10, 202), '4', 'F4: released');
SELECT is(pg_temp.commit('{206,207,206}', '{200000,1,1}', parts => '{1,1,2}'), '241 1 241', 'F4: a part that there is money for goes without with the others');
SELECT is(pg_temp.commit('{202}', '{199999}'), '1', 'what was released is committed anew');
SELECT is(pg_temp.state(), '0 1000000 0 | 105077 200000 0 0', 'F4: committed and spent are never more than was allotted');
SELECT throws_ok($$ UPDATE registry.ledger_share SET available = available - 1 WHERE ledger_id = pg_temp.ledger() AND share = 1 $$, '23514', NULL, 'F4: by constraint');
SELECT throws_ok($$ UPDATE registry.ledger_share SET available = available + 1 WHERE ledger_id = pg_temp.ledger() AND share = 1 $$, '23514', NULL, 'F2: no budget comes but by a posting');
SELECT throws_ok($$ UPDATE registry.ledger_share SET committed = committed + 1 WHERE ledger_id = pg_temp.ledger() AND share = 1 $$, '23514', NULL, 'F2: nor is any committed');
SELECT is(pg_temp.commit('{210}', '{1}', 9), '241', 'F3: a source that is not earmarked for it does not pay');
SELECT is(pg_temp.move(220, 1, 10, 1), '1,1', 'another source gets money');
SELECT is(pg_temp.commit('{211}', '{4}'), '1', 'F3: the next source pays where the first is at its end');
SELECT is((SELECT l.source FROM registry.charge c JOIN registry.ledger l USING (ledger_id) WHERE subject_id = pg_temp.u(211)), 1::int2, 'F3: that is it');
SELECT is(pg_temp.commit('{212}', '{6}', 8), '241', 'F3: but not for what it is not earmarked');

CREATE FUNCTION pg_temp.earmark(request int, sources text, spending int DEFAULT 1, trainees int DEFAULT NULL, kind int DEFAULT NULL, caller int DEFAULT 12, start date DEFAULT '2026-01-01')
RETURNS int LANGUAGE sql AS $$
    SELECT outcome::int FROM api.fund_earmark(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)],
        ARRAY[spending::int2], ARRAY[trainees::int2], ARRAY[kind::int2], ARRAY[sources], ARRAY[start], ARRAY[NULL::date], '{示例文}')
$$;
SELECT is(pg_temp.earmark(230, '4', trainees => 3), 1, 'F10: an earmark is proposed');
SELECT is(pg_temp.earmark(231, '4', caller => 32), 12, 'but not by a payer');
SELECT is((helper.earmark_find('370200', 1::int2, 3::int2, 2::int2, helper.today())).sources, '{3,1,4,6}'::int2[], 'and is not in force');
SELECT is(pg_temp.decide(232, '{230}', 12), '1 102', 'C1: who proposed does not put in force');
SELECT is(pg_temp.decide(233, '{230}'), '1 1', 'another approver does');
SELECT is((helper.earmark_find(d, 1::int2, g::int2, 2::int2, helper.today())).sources, x::int2[], 'F10: ' || d || ' for group ' || g)
  FROM (VALUES ('370200', 3, '{4}'), ('370202', 3, '{4}'), ('370200', 7, '{3,1,4,6}'), ('370100', 3, '{3,1,4,6}')) v(d, g, x);
SELECT is(pg_temp.earmark(234, '1,3', trainees => 3, start => '2026-02-01'), 1, 'a later one');
SELECT is(pg_temp.decide(235, '{234}'), '1 1', 'ends the one before');
SELECT is((SELECT valid_to FROM registry.earmark WHERE earmark_id = pg_temp.u(230)), date '2026-01-31', 'on the day before');
SELECT is(pg_temp.earmark(236, '1', trainees => 3, start => '2026-01-15'), 1, 'an earlier one');
SELECT is(pg_temp.decide(237, '{236}'), '1 103', 'is not put before it');
SELECT is(pg_temp.earmark(238, '6', kind => 4), 1, 'for a kind of certificate');
SELECT is(pg_temp.decide(239, '{238}'), '1 1', 'in force');
SELECT is((helper.earmark_find('370200', 1::int2, 3::int2, 4::int2, helper.today())).sources, '{1,3}'::int2[], 'F10: the group counts before the kind');
UPDATE registry.earmark SET decision = 2 WHERE division = '370000' AND spending = 9;
SELECT is(pg_temp.commit('{213,214}', '{1,1}', 9), '242 242', 'F3: nothing is earmarked for it');

/* ---- payment, return, recovery ---- */
SELECT is(helper.cash_short(ARRAY[pg_temp.ledger(), pg_temp.ledger()], '{50000,150001}'), '{f,t}', 'F8: what the expenditure account holds, beside what stands before');
SELECT is(pg_temp.post(11, 200), '1', 'sent: state only');
SELECT is(pg_temp.state(), '0 1000000 0 | 105077 200000 0 50000', 'and is spoken for');
SELECT is(helper.cash_short(ARRAY[pg_temp.ledger()], '{150001}'), '{t}', 'F8: what is sent is not sent twice');
SELECT is(pg_temp.post(12, 200), '1', 'refused by the bank');
SELECT is(pg_temp.state(), '0 1000000 0 | 105077 200000 0 0', 'is free again');
SELECT throws_ok($$ SELECT pg_temp.post(13, 200) $$, '23514', NULL, 'what was not sent is not paid');
SELECT is(pg_temp.post(11, 200), '1', 'sent again');
SELECT is(pg_temp.receive(240, 20, 150001), 241, 'F8: what is sent is not swept');
SELECT is(pg_temp.post(13, 200), '2', 'paid, as the bank says');
SELECT is(pg_temp.state(), '0 950000 50000 | 105077 150000 0 0', 'F6: in both layers');
SELECT is(pg_temp.post(13, 200), '2', 'twice is once');
SELECT is(pg_temp.post(10, 200), '2', 'what is paid is not released');
SELECT is(pg_temp.post(14, 200), '3', 'returned (退票)');
SELECT is(pg_temp.state(), '0 1000000 0 | 105077 200000 50000 0', 'F6: it is held');
SELECT is(pg_temp.post(11, 200), '3', 'sent again');
SELECT is(pg_temp.post(13, 200), '2', 'and paid again');
SELECT is(pg_temp.state(), '0 950000 50000 | 105077 150000 0 0', 'from what was held');
SELECT is(pg_temp.post(14, 200), '3', 'returned once more');
SELECT is(pg_temp.post(10, 200), '5', 'and the right to it lost');
SELECT is(pg_temp.state(), '50000 950000 0 | 105077 200000 0 0', 'it is available again');
SELECT is(pg_temp.post(11, 204), '1', 'another is sent');
SELECT is(pg_temp.post(13, 204), '2', 'and paid');
CREATE FUNCTION pg_temp.recover(subject int, fen int8) RETURNS text LANGUAGE sql AS $$
    SELECT helper.money_recover('{1}', ARRAY[pg_temp.u(subject)], '{1}', ARRAY[fen], ARRAY[pg_temp.u(32)], ARRAY[pg_temp.u(9)])::text
$$;
SELECT is(pg_temp.recover(204, 50001), '{f}', 'more than was paid does not come back');
SELECT is(pg_temp.recover(204, 20000), '{t}', 'some of it does');
SELECT is(pg_temp.recover(204, 30001), '{f}', 'nor more than the rest');
SELECT is(pg_temp.recover(202, 1), '{f}', 'nor of what is not paid');
SELECT is(pg_temp.state(), '70000 900000 30000 | 125077 150000 0 0', 'F6: the same year''s: spent less');
UPDATE registry.charge SET paid_on = paid_on - interval '1 year' WHERE subject_id = pg_temp.u(204);
SELECT is(pg_temp.recover(204, 10000), '{t}', 'of an earlier year');
SELECT is(pg_temp.state(), '70000 900000 30000 | 135077 150000 0 0', 'F6: income, no budget');

/* ---- no money but by a posting ---- */
SELECT throws_ok(format($$ UPDATE registry.ledger_cash SET %s = %s + 1 WHERE ledger_id = pg_temp.ledger() $$, c, c), '42501', NULL, 'F2: no cash comes but by a posting: ' || c) FROM unnest('{treasury,expenditure,held}'::text[]) c;
SELECT throws_ok($$ DELETE FROM registry.ledger_share WHERE ledger_id = pg_temp.ledger() AND share = 15 $$, '42501', NULL, 'F2: nor does any go with a share');
SELECT throws_ok($$ DELETE FROM registry.ledger_cash WHERE ledger_id = pg_temp.ledger() $$, '42501', NULL, 'F2: nor with its account');
INSERT INTO registry.ledger (division, source, year) VALUES ('370200', 4, pg_temp.year());
SELECT is(helper.ledger_state(pg_temp.ledger(source => 4))::text, '(0,0,0,0,0,0,0)', 'F2: a ledger whose shares and cash are not there has nothing, and can be listed');
SELECT throws_ok($$ INSERT INTO registry.ledger_share (ledger_id, share, available) VALUES (pg_temp.ledger(source => 4), 0, 1) $$, '42501', NULL, 'F2: no budget comes with a share');
SELECT throws_ok($$ INSERT INTO registry.ledger_cash (ledger_id, treasury) VALUES (pg_temp.ledger(source => 4), 1) $$, '42501', NULL, 'F2: nor money with an account');
SELECT throws_ok(format($$ INSERT INTO registry.journal (posting_id, ledger_id, share, event, layer, debit, credit, amount_fen, operator_id, request_id)
                           VALUES (pg_temp.u(1), %s, 0, %s, 1, pg_temp.u(1), pg_temp.u(1)) $$, l, r), '23514', NULL, 'F2: nothing is posted to ' || what)
  FROM (VALUES ('-1', '1, 1, 101, 100', 'no ledger'), ('pg_temp.ledger(source => 4)', '1, 1, 101, 100', 'a share that is not there'), ('pg_temp.ledger(source => 4)', '2, 2, 1001, 4002', 'an account that is not there')) v(l, r, what);

INSERT INTO registry.ledger_share (ledger_id, share) SELECT pg_temp.ledger(source => 4), n FROM generate_series(0, 15) n;
INSERT INTO registry.ledger_cash (ledger_id) VALUES (pg_temp.ledger(source => 4));

/* ---- never rewritten, always balanced ---- */
SELECT is((SELECT string_agg(DISTINCT layer::text, ' ') FROM registry.journal), '1 2', 'both layers');
SELECT is((SELECT count(*) FROM (SELECT b.layer, sum(b.debits - b.credits) AS net FROM registry.ledger l CROSS JOIN helper.ledger_balances(l.ledger_id) b GROUP BY l.ledger_id, b.layer) x
            WHERE net <> 0), 0::int8, 'F6: each layer of each ledger sums to zero');
SELECT is((SELECT count(*) FROM registry.ledger l CROSS JOIN LATERAL helper.ledger_state(l.ledger_id) s
             LEFT JOIN LATERAL (SELECT coalesce(sum(debits - credits) FILTER (WHERE code = 101), 0) AS x1, coalesce(sum(debits - credits) FILTER (WHERE code = 102), 0) AS x2,
                                       coalesce(sum(debits - credits) FILTER (WHERE code = 103), 0) AS x3, coalesce(sum(debits - credits) FILTER (WHERE code = 1001), 0) AS b1,
                                       coalesce(sum(debits - credits) FILTER (WHERE code = 1002), 0) AS b2, coalesce(sum(credits - debits) FILTER (WHERE code = 2001), 0) AS b3
                                  FROM helper.ledger_balances(l.ledger_id)) b ON true
            WHERE (s.available, s.committed, s.spent, s.treasury, s.expenditure, s.held) IS DISTINCT FROM (x1, x2, x3, b1, b2, b3)), 0::int8, 'F2: balances are what was posted');
SELECT throws_ok('UPDATE registry.journal SET amount_fen = 1', NULL, NULL, 'F2: what was posted is not changed');
SELECT throws_ok('DELETE FROM registry.journal', NULL, NULL, 'nor deleted');
CREATE FUNCTION pg_temp.write(event int, layer int, debit int, credit int, fen int8, mirrors int8 DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry.journal (posting_id, ledger_id, event, layer, debit, credit, amount_fen, mirrors, operator_id, request_id)
    VALUES (pg_temp.u(1), pg_temp.ledger(), event::int2, layer::int2, debit::int2, credit::int2, fen, mirrors, pg_temp.u(1), pg_temp.u(1))
$$;
SELECT throws_ok($$ SELECT pg_temp.write(1, 1, 100, 101, 1) $$, '23514', NULL, 'F2: only as the template says');
SELECT throws_ok($$ SELECT pg_temp.write(1, 1, 101, 101, 1) $$, '23514', NULL, 'F6: nothing is posted against itself');
SELECT throws_ok($$ SELECT pg_temp.write(1, 1, 101, 100, 0) $$, '23514', NULL, 'nor nothing');
SELECT throws_ok(format('SELECT pg_temp.write(2, 2, 4002, 1001, 1, %s)', (SELECT journal_id FROM registry.journal WHERE posting_id = pg_temp.u(111))), '23514', NULL, 'F2: a mirror is of the whole amount');

/* ---- corrections (F2) ---- */
SELECT is(pg_temp.move(300, 5, mirrored => 111), '1,241', 'F2: what has gone on is not taken back');
SELECT is(pg_temp.receive(3010, 2, 4000), 1, 'a receipt by mistake');
SELECT is(pg_temp.move(302, 5, mirrored => 3010), '1,1', 'F2: is corrected by its mirror');
SELECT is((SELECT string_agg(format('%s/%s %s', debit, credit, amount_fen), ' ') FROM registry.journal WHERE posting_id = pg_temp.u(302)), '4002/1001 4000', 'which is its reverse');
SELECT is(pg_temp.move(304, 5, mirrored => 3010), '1,249', 'once');
SELECT is(pg_temp.move(306, 5, mirrored => 302), '1,249', 'and a mirror has none');
SELECT is(pg_temp.propose(308, 5, mirrored => 999), 248, 'nor has what was not posted');
SELECT is(pg_temp.propose(309, 5, mirrored => 9), 1, 'what a claim''s step posted');
SELECT is(pg_temp.decide(310, '{309}'), '1 250', 'is corrected by its steps alone');
SELECT is(pg_temp.move(312, 1, 500), '1,1', 'an allotment by mistake');
SELECT is(pg_temp.move(314, 5, mirrored => 312), '1,1', 'F2: is corrected');
SELECT is(pg_temp.state(), '70000 900000 30000 | 135077 150000 0 0', 'as if it had not been');
/* a request's id is its caller's to choose: one that is a posting's shields nothing */
SELECT is(pg_temp.propose(316, 1, 600), 1, 'another allotment is proposed');
SELECT is((SELECT outcome FROM helper.money_commit('{1}', ARRAY[pg_temp.u(410)], '{1}', '{370200}', '{1}', '{7}', '{2}', '{100}', ARRAY[pg_temp.u(31)], ARRAY[pg_temp.u(316)])), 1::int2, 'and somebody approves a claim by a request of its id');
SELECT is(pg_temp.decide(317, '{316}'), '1 1', 'it is put in force');
SELECT is(pg_temp.propose(318, 5, mirrored => 316), 1, 'F2: its correction');
SELECT is((SELECT concat_ws(' ', event, amount_fen) FROM api.fund_moves(ARRAY[pg_temp.u(31)], '{NULL}', '{1}', '{t}') LIMIT 1), '1 600', 'F2: says what it takes back');
SELECT is(pg_temp.decide(319, '{318}'), '1 1', 'F2: and takes back the allotment all the same');
SELECT is(pg_temp.post(10, 410) || ' ' || pg_temp.state(), '4 70000 900000 30000 | 135077 150000 0 0', 'F2: but not what the claim''s step posted');
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile_moves('370200') d WHERE d.subject_id IN (pg_temp.u(316), pg_temp.u(318))), NULL, 'F2: of which nothing differs');

/* ---- transfers (F7) ---- */
SELECT is(pg_temp.propose(320, 2, 1, target => t), 247, 'F7: a city does not transfer to ' || t) FROM unnest('{370100,370102,370000,370200,379999}'::text[]) t;
SELECT is(pg_temp.move(330, 2, 70001, target => '370202'), '1,241', 'F4: nor more than is available');
SELECT is(pg_temp.move(332, 2, 10000, target => '370202'), '1,1', 'F7: to its county');
SELECT is(pg_temp.state(), '60000 900000 30000 | 125077 150000 0 0', 'the city has less');
SELECT is(pg_temp.state(pg_temp.ledger('370202')), '10000 0 0 | 10000 0 0 0', 'the county as much more');
SELECT is(pg_temp.commit('{400}', '{10000}', division => '370202'), '1', 'a county''s claims charge its own ledger');
SELECT is(pg_temp.commit('{401}', '{1}', division => '370202'), '241', 'where it has one, and only that');
SELECT is(pg_temp.commit('{402}', '{1}', division => '370203'), '1', 'else its city''s');
/* a receipt gives a county no budget: its approvals go on from the city's */
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (pg_temp.u(70), '11370205MB0000001X', '县示例局', 5, '370205');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(71), pg_temp.u(70), 'x', '{payer}'), (pg_temp.u(72), pg_temp.u(70), 'x', '{approver}'), (pg_temp.u(73), pg_temp.u(70), 'x', '{approver}');
SELECT is(pg_temp.receive(3301, 6, 1, caller => 71), 241, 'F8: what a county has not received it does not move');
SELECT is(pg_temp.ledger('370205'), NULL, 'and what is refused opens no ledger');
SELECT is(pg_temp.receive(3302, 2, 1, caller => 71), 1, 'F7: a county''s receipt of a fen');
SELECT is(pg_temp.commit('{403}', '{1}', division => '370205'), '1', 'F7: does not take it from its city''s budget');
SELECT is(pg_temp.post(10, 403), '4', 'and is released there');
SELECT is(helper.ledger_division('370202', pg_temp.year()) || helper.ledger_division('370205', pg_temp.year()), '370202370200', 'F7: what was passed down does');
/* what the city passed down the county does not take back */
SELECT is(pg_temp.propose(3303, 5, mirrored => 332, caller => 72), 248, 'C1: who got a transfer is not whose posting it is');

SELECT is(pg_temp.propose(340, 1, 900, 6, caller => 33), 1, 'the province''s adjustment fund');
SELECT is(pg_temp.decide(341, '{340}', 34), '1 1', 'is allotted');
SELECT is((SELECT outcome::int FROM api.fund_propose(ARRAY[pg_temp.u(342)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(33)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(342)], '{2}', '{6}', ARRAY[pg_temp.year()],
                                                     '{370200}', '{400}', '{NULL}', '{示例文}')), 1, 'it adjusts a city');
SELECT is(pg_temp.decide(343, '{342}', 34), '1 241', 'F5: with money that it has');
SELECT is(pg_temp.receive(344, 2, 500, 6, caller => 35), 1, 'F5: which came in');
SELECT is(pg_temp.decide(345, '{342}', 34), '1 1', 'F5: then');
SELECT is(pg_temp.state(pg_temp.ledger('370200', 6)), '400 0 0 | 400 0 0 0', 'F5: the city may spend it');
SELECT is(pg_temp.state(pg_temp.ledger('370000', 6)), '900 0 0 | 100 0 0 0', 'F5: the province''s own');

/* ---- the year's end ---- */
SELECT is(concat_ws(' ', pg_temp.commit('{208}', '{20000}'), pg_temp.post(11, 208), pg_temp.post(13, 208)), '1 1 2', 'paid in the year that ends');
SELECT is(pg_temp.propose(350, 4), 252, 'F2: the present year is not carried');
SELECT is(pg_temp.propose(351, 4, year => pg_temp.year() - 1), 244, 'nor one that has no ledger');
/* as if the ledger had been last year's */
UPDATE registry.ledger SET year = year - 1 WHERE ledger_id IN (pg_temp.ledger(), pg_temp.ledger('370202'));
UPDATE registry.fund_move SET year = year - 1 WHERE division = '370200' AND source = 3 AND decision = 1;
SELECT is(pg_temp.move(352, 4, year => pg_temp.year() - 1), '1,246', 'F8: not while money is in the expenditure account');
SELECT is(pg_temp.receive(354, 20, 130000, year => pg_temp.year() - 1), 1, 'F8: it is swept');
SELECT is(pg_temp.move(356, 4, year => pg_temp.year() - 1), '1,1', 'F2: it is carried');
SELECT is(pg_temp.state(pg_temp.ledger(year => pg_temp.year() - 1)), '0 0 50000 | 0 0 0 0', 'what was spent stays');
SELECT is(pg_temp.state(), '39999 900001 0 | 255077 0 0 0', 'what is available, committed and in the treasury account goes on');
SELECT is((SELECT count(*) FROM helper.ledger_balances(pg_temp.ledger(year => pg_temp.year() - 1)) b WHERE b.layer = 2 AND b.debits <> b.credits), 0::int8, 'F6: income and expense are closed');
SELECT is(pg_temp.move(358, 4, year => pg_temp.year() - 1), '1,245', 'once');
SELECT is(pg_temp.receive(360, 19, 1, year => pg_temp.year() - 1), 245, 'and nothing more is posted there');
SELECT throws_ok(format('SELECT helper.ledger_post(pg_temp.u(361), %s, 19::int2, 1, pg_temp.u(33), pg_temp.u(361))', pg_temp.ledger(year => pg_temp.year() - 1)), '23514', NULL, 'F2: whoever posts it');
SELECT is((SELECT ledger_id FROM registry.charge WHERE subject_id = pg_temp.u(201)), pg_temp.ledger(), 'a commitment goes on');
SELECT is(pg_temp.post(10, 201), '4', 'and is released there');
SELECT is(pg_temp.state(), '739999 200001 0 | 255077 0 0 0', 'to be spent this year');


/* the bank returns in the new year what was paid in the old one */
SELECT is(pg_temp.post(14, 208), '3', 'F6: a return after its ledger was closed');
SELECT is((SELECT concat_ws(' ', ledger_id = pg_temp.ledger(), expense, amount_fen) FROM registry.charge WHERE subject_id = pg_temp.u(208)), 't 4901 20000', 'F2: is this year''s');
SELECT is(pg_temp.state(pg_temp.ledger(year => pg_temp.year() - 1)), '0 0 50000 | 0 0 0 0', 'F2: closed books stay as they are');
SELECT is(pg_temp.state(), '739999 220001 0 | 255077 20000 20000 0', 'F6: committed and held');
/* the claims whose money this test moves by itself were approved, rejected, paid and returned, and some of 204 came back */
INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, request_id)
SELECT j.subject_id, n, a, 6, pg_temp.u(32), pg_temp.u(9) FROM (SELECT DISTINCT subject_id FROM registry.journal WHERE subject_id IS NOT NULL) j, unnest('{8,9,10,18}'::int[]) WITH ORDINALITY x(a, n);
INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, request_id) VALUES (pg_temp.u(410), 5, 8, 6, pg_temp.u(31), pg_temp.u(316));
INSERT INTO registry.request (request_id, operator_id, digest, outcome, subject) VALUES (pg_temp.u(9), pg_temp.u(32), pg_temp.h(9), 1, pg_temp.u(204));
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d), NULL, 'F2: which agrees to the fen');
/* as whoever owns the database might change what was carried, with the balances that rest on it */
CREATE FUNCTION pg_temp.carry_spoilt(layer int, account int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    BEGIN
        PERFORM set_config('session_replication_role', 'replica', true);
        UPDATE registry.journal j SET amount_fen = j.amount_fen - 1
         WHERE (j.posting_id, j.event, j.journal_id) IN (
             SELECT DISTINCT ON (x.event) x.posting_id, x.event, x.journal_id FROM registry.journal x
              WHERE x.event IN (21, 22) AND x.layer = $1 AND $2 IN (x.debit, x.credit) ORDER BY x.event, x.amount_fen DESC);
        said := (SELECT string_agg(concat_ws('/', d.division, d.expected - d.found), ' ') FROM helper.reconcile_moves('370000') d);
        RAISE division_by_zero; /* takes the change back */
    EXCEPTION WHEN division_by_zero THEN
        RETURN said;
    END;
END $$;
SELECT is(pg_temp.carry_spoilt(1, 101), '370200/1 370200/1', 'F2: a carry that was altered on both sides is named by what stood before it');
SELECT is(pg_temp.carry_spoilt(2, 1001), '370200/1 370200/1', 'F2: in the accounts as well');
SELECT is(pg_temp.post(16, 208), '5', 'F6: the right lost');
SELECT is(pg_temp.state(), '759999 200001 0 | 255077 20000 0 0', 'F6: it is available');
SELECT is((SELECT sum(CASE credit WHEN 4901 THEN amount_fen ELSE 0 END) FROM registry.journal WHERE ledger_id = pg_temp.ledger() AND event = 16), 20000::numeric, 'F6: and income, as of an earlier year');
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d), NULL, 'F2: all agrees to the fen');
SELECT * FROM finish();
ROLLBACK;
