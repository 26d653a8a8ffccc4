/* SPDX-License-Identifier: Apache-2.0 */
/* Tranches of projects and the special account: committed at approval, paid by the bank, returned, released, recovered (E8, F4, C5). */
BEGIN;
\ir fixture.psql
\ir project.psql
SELECT no_plan();

/* Jinan keeps its account here in this test, with 10,000 yuan for projects. */
UPDATE registry.policy SET value = 1 WHERE division = '370100' AND name = 'special_account';
SELECT pg_temp.fund('370100', event, 1000000) FROM unnest('{1,3,6}'::int[]) WITH ORDINALITY e(event, n) ORDER BY n;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(40), pg_temp.u(2), 'x', '{payer}'), (pg_temp.u(41), pg_temp.u(2), 'x', '{payer}'), (pg_temp.u(42), pg_temp.u(2), 'x', '{payer}');
/* 43 and 44 are one human, of the institution and of the bureau */
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(970), pg_temp.h(970), 's');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (pg_temp.u(43), pg_temp.u(1), 'x', '{clerk}', pg_temp.u(970)), (pg_temp.u(44), pg_temp.u(2), 'x', '{payer}', pg_temp.u(970));
/* accounts of the institution and of the bureau, confirmed long ago */
INSERT INTO registry.payee (payee_id, organisation_id, version, sealed, commitment, account_index, set_by, set_at, confirmed_by, confirmed_at, request_id)
SELECT pg_temp.u(600 + n), pg_temp.u(n), 1, 'x', pg_temp.h(n), pg_temp.h(600 + n), pg_temp.u(10), now() - interval '90 days', pg_temp.u(11), now() - interval '90 days', pg_temp.u(9)
  FROM generate_series(1, 2) n;

/* available, committed, spent */
CREATE FUNCTION pg_temp.book() RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', sum(available), sum(committed), sum(spent)) FROM registry.ledger_share $$;
CREATE FUNCTION pg_temp.tranches(project int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', kind, state, amount_fen), ' ' ORDER BY kind, state, amount_fen) FROM registry.tranche WHERE project_id = pg_temp.u(project)
$$;
CREATE FUNCTION pg_temp.enter(request int, caller int, batch int, project int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY o) FILTER (WHERE row_number > 0 OR outcome <> 1)
      FROM registry.tranche t
     CROSS JOIN api.batch_add(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(batch)],
        '{1}', '{1}', ARRAY[pg_temp.head()], '{2}', ARRAY[t.tranche_id], ARRAY[t.version]) WITH ORDINALITY r(req, row_number, outcome, o)
     WHERE t.project_id = pg_temp.u(project) AND t.state = 6
$$;
CREATE FUNCTION pg_temp.begin_batch(request int, caller int) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.batch_make(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)], ARRAY['项目补贴'])
$$;
CREATE FUNCTION pg_temp.send(request int, caller int, batch int) RETURNS text LANGUAGE sql AS $$
    SELECT s.outcome::text FROM (SELECT count(*)::int4 AS lines, sum(amount_fen)::int8 AS fen FROM registry.batch_line WHERE batch_id = pg_temp.u(batch)) t,
        LATERAL api.batch_send(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(batch)], ARRAY[t.lines], ARRAY[t.fen]) s
$$;
CREATE FUNCTION pg_temp.answer(request int, batch int, result int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY o) FILTER (WHERE row_number > 0 OR outcome <> 1)
      FROM registry.payment_batch b
     CROSS JOIN api.batch_reply(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(result)], ARRAY[pg_temp.u(40)], ARRAY[pg_temp.head()], '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[b.reference], '{1}',
        ARRAY[result::int2], ARRAY['B' || request], ARRAY[helper.today()], '{E1}', '{示例}', ARRAY[NULL::int8]) WITH ORDINALITY r(req, row_number, outcome, o)
     WHERE b.batch_id = pg_temp.u(batch)
$$;

/* Four heads of 1,500 yuan: the advance is 3,600. */
SELECT is(pg_temp.call(1000), '1', 'a project');
SELECT pg_temp.trained(100, '{1,2,3,4}') AS class \gset
SELECT pg_temp.running(1, 1000, :class), pg_temp.take(6, 1000, 8, 34);
SELECT is(pg_temp.take(7, 1000, 17, 10), '1 6 1 360000', 'its advance is asked for');
SELECT is(pg_temp.decide(8, 1000, 18, 34, 1), '1', 'reviewed');
SELECT is(pg_temp.book(), '1000000 0 0', 'F4: until it is approved no money is spoken for');
SELECT is(pg_temp.decide(9, 1000, 19, 11, 4), '1', 'approved');
SELECT is(pg_temp.book(), '640000 360000 0', 'F4: then it is');
SELECT is((SELECT concat_ws(' ', subject_kind, part, spending, amount_fen, state) FROM registry.charge), '2 0 4 360000 1', 'F3: as spending on projects');
SELECT is(pg_temp.decide(10, 1000, 21, 21, 6), '243', 'C5: where the account is kept here the bank pays');
SELECT is(pg_temp.begin_batch(20, 40), '1', 'a batch');
SELECT is(pg_temp.take(21, 1000, 13, 34), '1 11', 'F15: what is suspended');
SELECT is(pg_temp.enter(22, 40, 20, 1000), '125', 'F15: enters no batch');
SELECT is(pg_temp.take(23, 1000, 14, 34), '1 6', 'resumed');
UPDATE registry.policy SET value = 1 WHERE division = '370000' AND name = 'finance_recheck';
SELECT is(pg_temp.enter(240, 40, 20, 1000), '256', 'C6: where finance re-checks, not before it');
UPDATE registry.operator SET roles = '{approver,payer}' WHERE operator_id = pg_temp.u(11);
SELECT is(concat_ws(' ', pg_temp.decide(241, 1000, 27, 11, 6), pg_temp.decide(242, 1000, 27, 34, 6)), '280 12', 'C6: by a payer, and not by who approved');
UPDATE registry.operator SET roles = '{approver}' WHERE operator_id = pg_temp.u(11);
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(49), pg_temp.u(2), 'x', '{payer}');
SELECT is(pg_temp.decide(243, 1000, 27, 49, 6), '1', 'C6: re-checked');
SELECT is(pg_temp.tranches(1000), '1/6/360000', 'C6: it stays approved');
SELECT is(pg_temp.enter(24, 40, 20, 1000), '1', 'C5: it enters');
SELECT is(pg_temp.send(244, 49, 20), '124', 'C1: who re-checked it does not send it');
UPDATE registry.policy SET value = 0 WHERE division = '370000' AND name = 'finance_recheck';
SELECT is(pg_temp.tranches(1000), '1/12/360000', 'and is in the batch');
SELECT is(pg_temp.take(25, 1000, 13, 34), '1 11', 'suspended again');
SELECT is(concat_ws(' ', pg_temp.tranches(1000), (SELECT count(*) FROM registry.batch_line)), '1/6/360000 0', 'F15: it leaves the batch');
SELECT is(pg_temp.take(26, 1000, 14, 34), '1 6', 'resumed');
SELECT is(pg_temp.enter(27, 40, 20, 1000), '1', 'it enters anew');
SELECT is(pg_temp.send(28, 41, 20), '1', 'C5: sent by another payer');
SELECT is(pg_temp.tranches(1000), '1/13/360000', 'it is with the bank');
SELECT is(pg_temp.take(29, 1000, 15, 31), '285', 'what is with the bank is not terminated');
SELECT is(pg_temp.answer(30, 20, 3), '1', 'the bank has paid');
SELECT is(concat_ws(' ', pg_temp.tranches(1000), pg_temp.book()), '1/7/360000 640000 0 360000', 'C5, F4: paid and spent');
SELECT is((SELECT concat_ws(' ', state, paid_fen) FROM registry.project WHERE project_id = pg_temp.u(1000)), '7 360000', 'E8: the advance is paid');
SELECT is(pg_temp.answer(31, 20, 6), '1', 'the bank returns it');
SELECT is(concat_ws(' ', pg_temp.tranches(1000), pg_temp.book()), '1/6/360000 640000 360000 0', 'C5: approved again, and spoken for');
SELECT is(pg_temp.decide(310, 1000, 27, 40, 6), '280', 'C1, C6: who entered that the bank returned it does not re-check it for being paid again');
SELECT is((SELECT concat_ws(' ', state, paid_fen) FROM registry.project WHERE project_id = pg_temp.u(1000)), '6 0', 'E8: the advance is not paid');
SELECT is(pg_temp.decide(32, 1000, 20, 31, 6), '1', 'the right to it is lost');
SELECT is(concat_ws(' ', pg_temp.tranches(1000), pg_temp.book()), '1/8/360000 1000000 0 0', 'F4: and the money free again');

/* More than there is. */
SELECT is(pg_temp.call(1001, unit => 1000000), '1', 'a dear project');
SELECT pg_temp.trained(110, '{11,12}') AS class \gset
SELECT pg_temp.running(40, 1001, :class), pg_temp.take(45, 1001, 8, 34), pg_temp.take(46, 1001, 17, 10), pg_temp.decide(47, 1001, 18, 34, 1);
SELECT is(pg_temp.decide(48, 1001, 19, 11, 4), '241', 'F4: there is less than 12,000 yuan');
SELECT is(concat_ws(' ', pg_temp.tranches(1001), pg_temp.book()), '1/4/1200000 1000000 0 0', 'F4: so nothing is approved, nor spoken for');
SELECT is(pg_temp.decide(49, 1001, 20, 34, 4), '1', 'rejected, of which no ledger knows');

/* Approved before the account was kept here. */
UPDATE registry.policy SET value = 0 WHERE division = '370100' AND name = 'special_account';
SELECT is(pg_temp.take(70, 1000, 17, 10), '1 6 1 360000', 'asked for while the account is kept elsewhere');
SELECT is(pg_temp.decide(71, 1000, 18, 34, 1) || ' ' || pg_temp.decide(72, 1000, 19, 11, 4), '1 1', 'and approved');
UPDATE registry.policy SET value = 1 WHERE division = '370100' AND name = 'special_account';
SELECT is(pg_temp.book(), '1000000 0 0', 'F4: nothing is spoken for yet');
SELECT is(pg_temp.begin_batch(73, 40), '1', 'a batch');
SELECT is(pg_temp.enter(74, 44, 73, 1000), '124', 'C1: an operator of the institution that is paid does not add it, under no key');
SELECT is(pg_temp.enter(75, 42, 73, 1000), '1', 'C5: it enters');
SELECT is(pg_temp.book(), '640000 360000 0', 'F4: which commits it');
SELECT is(pg_temp.send(76, 42, 73), '124', 'C1: who added a tranche does not send it');
SELECT is(pg_temp.send(77, 44, 73), '124', 'C1: nor does an operator of the institution that is paid');

/* What is judged again when it is sent. */
CREATE FUNCTION pg_temp.sent_after(request int, change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    EXECUTE change;
    said := pg_temp.send(request, 41, 73);
    said := concat_ws(' ', said, pg_temp.tranches(1000), (SELECT count(*) FROM registry.batch_line WHERE batch_id = pg_temp.u(73)));
    RAISE division_by_zero; /* takes the change back */
EXCEPTION WHEN division_by_zero THEN
    RETURN said;
END $$;
SELECT is(pg_temp.sent_after(78, format('UPDATE registry.project SET state = 11, state_before = 6 WHERE project_id = %L', pg_temp.u(1000))), '259 1/6/360000 1/8/360000 0', 'F15: a tranche of a suspended project leaves the batch');
SELECT is(pg_temp.sent_after(79, format('UPDATE registry.enrolment SET result = 2 WHERE person_id = %L', pg_temp.person(1))), '259 1/6/360000 1/8/360000 0', 'E7: and one of which a head no longer counts');
SELECT is(pg_temp.sent_after(80, 'DELETE FROM registry.charge'), '259 1/6/360000 1/8/360000 0', 'F4: what has no money committed is not sent');
SELECT is(pg_temp.sent_after(81, format('UPDATE registry.charge SET state = 4 WHERE subject_id IN (SELECT tranche_id FROM registry.tranche WHERE state = 12)')), '259 1/6/360000 1/8/360000 0', 'F4: nor what was released');
SELECT is(pg_temp.sent_after(82, 'SELECT 1'), '1 1/8/360000 1/13/360000 1', 'C5: else it is');
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d), NULL, 'F2: all agrees to the fen');
SELECT is(pg_temp.take(83, 1000, 13, 34) || pg_temp.take(84, 1000, 14, 34), '1 111 6', 'it leaves the batch');
SELECT is(pg_temp.decide(85, 1000, 20, 31, 6), '1', 'and is rejected');

/* Paid, and given back. */
SELECT is(pg_temp.take(50, 1000, 17, 10), '1 6 1 360000', 'asked for once more');
SELECT is(pg_temp.decide(51, 1000, 18, 34, 1), '1', 'reviewed');
SELECT is(pg_temp.decide(52, 1000, 19, 11, 4), '1', 'approved');
SELECT is(pg_temp.begin_batch(60, 40), '1', 'a batch');
SELECT is(pg_temp.enter(61, 40, 60, 1000), '1', 'it enters');
SELECT is(pg_temp.send(62, 41, 60), '1', 'sent');
SELECT is(pg_temp.answer(63, 60, 3), '1', 'paid');
SELECT is(pg_temp.take(64, 1000, 15, 31, fraud => true), '1 13', 'E9: terminated, it has to give back');
SELECT is((SELECT count(*) FROM registry.claim_place p JOIN registry.project_head h USING (head_id) WHERE h.project_id = pg_temp.u(1000)), 4::int8, 'E7: for fraud the places stay taken');
SELECT is(pg_temp.take(65, 1000, 16, 21, tranche => (SELECT tranche_id FROM registry.tranche WHERE project_id = pg_temp.u(1000) AND state = 7), fen => 300000), '1 13 300000', 'E9: some of it came back');
SELECT is(pg_temp.take(66, 1000, 16, 21, tranche => (SELECT tranche_id FROM registry.tranche WHERE project_id = pg_temp.u(1000) AND state = 7), fen => 60000), '1 12 60000', 'and the rest');
SELECT is(concat_ws(' ', pg_temp.tranches(1000), pg_temp.book()), '1/8/360000 1/8/360000 1/11/360000 1000000 0 0', 'F4: the money is there again');
SELECT is((SELECT count(*) FROM (SELECT layer, account, sum(fen) AS fen FROM (SELECT layer, debit AS account, amount_fen AS fen FROM registry.journal UNION ALL SELECT layer, credit, -amount_fen FROM registry.journal) x
                                  GROUP BY 1, 2) y WHERE account IN (102, 103, 5001, 5002, 2001) AND fen <> 0), 0::int8, 'F2: and no account is left with anything of it');

/* The bank returns what is to be given back. Of the line's answers, its batch's. */
CREATE FUNCTION pg_temp.through(request int, project int, batch int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', pg_temp.take(request, project, 17, 10), pg_temp.decide(request + 1, project, 18, 34, 1), pg_temp.decide(request + 2, project, 19, 11, 4),
                     pg_temp.begin_batch(batch, 40), pg_temp.enter(request + 3, 40, batch, project), pg_temp.send(request + 4, 41, batch), pg_temp.answer(request + 5, batch, 3))
$$;
CREATE FUNCTION pg_temp.stands(project int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', p.state, p.granted_fen, p.paid_fen, p.recover_fen, p.recovered_fen, '|', pg_temp.tranches(project), '|', pg_temp.book()) FROM registry.project p WHERE p.project_id = pg_temp.u(project)
$$;
SELECT is(pg_temp.call(1002), '1', 'a project');
SELECT pg_temp.trained(120, '{21,22,23,24}') AS class \gset
SELECT pg_temp.running(220, 1002, :class), pg_temp.take(226, 1002, 8, 34);
SELECT is(pg_temp.through(1230, 1002, 1240), '1 6 1 360000 1 1 1 1 1 1', 'its advance is paid');
SELECT is(pg_temp.take(250, 1002, 15, 31), '1 13', 'E9: terminated, it has to give back');
SELECT is(pg_temp.answer(252, 1240, 6), '1', 'C5: the bank returns the payment');
SELECT is(pg_temp.stands(1002), '12 0 0 0 0 | 1/8/360000 | 1000000 0 0', 'E9: nothing is to be given back any more, and the money free again');
SELECT is((SELECT string_agg(concat_ws('/', event, j.amount_fen), ' ' ORDER BY event) FROM registry.journal j JOIN registry.tranche t ON t.tranche_id = j.subject_id WHERE t.project_id = pg_temp.u(1002) AND layer = 2),
          '13/360000 14/360000 16/360000', 'F6: it is posted as returned and as lost');
SELECT is(pg_temp.call(1003), '1', 'another project');
SELECT pg_temp.trained(130, '{31,32,33,34}') AS class \gset
SELECT pg_temp.running(320, 1003, :class), pg_temp.take(326, 1003, 8, 34);
SELECT is(pg_temp.through(1330, 1003, 1340), '1 6 1 360000 1 1 1 1 1 1', 'its advance is paid');
SELECT is(pg_temp.adjust(350, 1003, 9, 34, :class, '{1}'), '1: 1', 'a head is struck after the advance');
SELECT is(pg_temp.stands(1003), '13 360000 360000 90000 0 | 1/7/360000 | 640000 0 360000', 'E9: its part is to be given back');
SELECT is(pg_temp.answer(352, 1340, 6), '1', 'C5: the bank returns the payment');
SELECT is(pg_temp.stands(1003), '6 0 0 0 0 | 1/8/360000 | 1000000 0 0', 'E9: the right to it is lost');
SELECT is(pg_temp.take(353, 1003, 17, 10), '1 6 1 270000', 'E8: what is due now is asked for anew');
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d WHERE d.subject_id IS NOT NULL), NULL, 'F2: all agrees to the fen');

/* Of what came back nothing is returned besides: the rest is recorded as what came back. */
SELECT is(pg_temp.call(1004), '1', 'a third project');
SELECT pg_temp.trained(140, '{41,42,43,44}') AS class \gset
SELECT pg_temp.running(420, 1004, :class), pg_temp.take(426, 1004, 8, 34);
SELECT is(pg_temp.through(1430, 1004, 1440), '1 6 1 360000 1 1 1 1 1 1', 'its advance is paid');
SELECT is(pg_temp.adjust(450, 1004, 9, 34, :class, '{1}'), '1: 1', 'a head is struck after the advance');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(48), pg_temp.u(7), 'x', '{payer}');
UPDATE registry.project SET division = '370102' WHERE project_id = pg_temp.u(1004);
SELECT is(pg_temp.take(460, 1004, 16, 48, tranche => (SELECT tranche_id FROM registry.tranche WHERE project_id = pg_temp.u(1004)), fen => 50000), '266', 'E9, C5: what the city''s ledgers have paid of a county''s project no payer of the county records');
UPDATE registry.project SET division = '370100' WHERE project_id = pg_temp.u(1004);
SELECT is(pg_temp.take(451, 1004, 16, 21, tranche => (SELECT tranche_id FROM registry.tranche WHERE project_id = pg_temp.u(1004)), fen => 50000), '1 13 50000', 'E9: some of its part came back');
SELECT is(pg_temp.stands(1004), '13 360000 360000 40000 50000 | 1/7/360000 | 690000 0 310000', 'E9: so much less is to be given back');
SELECT is(pg_temp.answer(452, 1440, 6), '336', 'F14: then a return of the payment is refused');
SELECT is(pg_temp.stands(1004), '13 360000 360000 40000 50000 | 1/7/360000 | 690000 0 310000', 'F14: and changes nothing');
SELECT is(pg_temp.take(453, 1004, 16, 21, tranche => (SELECT tranche_id FROM registry.tranche WHERE project_id = pg_temp.u(1004)), fen => 40000), '1 8 40000', 'E9: the rest is recorded as what came back');
SELECT is((SELECT outcome FROM api.batch_settle(ARRAY[pg_temp.u(454)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(11)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(1440)], '{1}', '{示例}', '{1}')), 1::int2, 'F14: and the answer is settled');
SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d), NULL, 'F2: all agrees to the fen');

/* Approved while the account was kept here, it is not paid elsewhere. */
SELECT is(concat_ws(' ', pg_temp.decide(354, 1003, 18, 34, 1), pg_temp.decide(355, 1003, 19, 11, 4)), '1 1', 'approved');
UPDATE registry.policy SET value = 0 WHERE division = '370100' AND name = 'special_account';
SELECT is(pg_temp.decide(356, 1003, 21, 21, 6), '243', 'C5: of what was committed here the bank says that it is paid');

SELECT * FROM finish();
ROLLBACK;
