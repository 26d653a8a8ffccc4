/* SPDX-License-Identifier: Apache-2.0 */
/* What does not agree between claims, batches, the bank's answers and the ledgers is named, to the fen (F2, F4, F6). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Qingdao's account: 1000 allotted and received, 950 in the expenditure account. Claims: 1 approved, 2 sent, 3 paid, 4 returned by the bank. */
INSERT INTO registry.ledger (division, source, year) SELECT '370200', 1, extract(year FROM helper.today());
SELECT ledger_id AS ledger FROM registry.ledger WHERE division = '370200' \gset
INSERT INTO registry.ledger_share (ledger_id, share) SELECT :ledger, 0 WHERE NOT EXISTS (SELECT FROM registry.ledger_share WHERE ledger_id = :ledger);
INSERT INTO registry.ledger_cash (ledger_id) VALUES (:ledger) ON CONFLICT DO NOTHING;
CREATE FUNCTION pg_temp.post(ledger int8, event int, layer int, debit int, credit int, fen int8, claim int DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry.journal (posting_id, ledger_id, share, event, layer, debit, credit, amount_fen, subject_kind, subject_id, part, operator_id, request_id)
    VALUES (gen_random_uuid(), ledger, 0, event, layer, debit, credit, fen, CASE WHEN claim IS NOT NULL THEN 1 END, pg_temp.u(claim), CASE WHEN claim IS NOT NULL THEN 1 END, pg_temp.u(12), pg_temp.u(9))
$$;
SELECT pg_temp.fund('370200', 1, 1000, 1), pg_temp.fund('370200', 2, 1000, 1), pg_temp.fund('370200', 6, 950, 1);
UPDATE registry.ledger_cash SET sent = 900 WHERE ledger_id = :ledger;
INSERT INTO registry.charge (subject_kind, subject_id, part, ledger_id, share, spending, expense, amount_fen, state, paid_on)
SELECT 1, pg_temp.u(100 + n), 1, :ledger, 0, 1, 5002, 100 * n, (ARRAY[1, 1, 2, 3])[n], CASE WHEN n > 2 THEN helper.today() END FROM generate_series(1, 4) n;
SELECT pg_temp.post(:ledger, 9, 1, 102, 101, 100 * n, 100 + n) FROM generate_series(1, 4) n;
/* all but the first were sent; 400 was paid and came back */
SELECT pg_temp.post(:ledger, 13, 1, 103, 102, 400, 104), pg_temp.post(:ledger, 13, 2, 5002, 1002, 400, 104);
SELECT pg_temp.post(:ledger, 14, 1, 102, 103, 400, 104), pg_temp.post(:ledger, 14, 2, 1002, 2001, 400, 104);
SELECT pg_temp.post(:ledger, 13, 1, 103, 102, 300, 103), pg_temp.post(:ledger, 13, 2, 5002, 1002, 300, 103);
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level, certificate_kind,
                            trainee_group, year, amount_fen, state, publicity_until, publicity_days, shown, submitted_by, reviewed_by, approved_by, paid_by)
SELECT pg_temp.u(100 + n), pg_temp.u(200 + n), pg_temp.u(300 + n), 202600001, pg_temp.u(5), '370200', 3, 'P-1', '4-10-01-06', 2, 2, 1, 2026, 100 * n, (ARRAY[6, 13, 7, 6])[n],
       helper.today() - 9, 5, '{}', pg_temp.u(18), pg_temp.u(40), pg_temp.u(12), CASE WHEN n = 3 THEN pg_temp.u(41) END
  FROM generate_series(1, 4) n;
/* each was approved, the third and fourth paid, the fourth returned */
INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, request_id)
SELECT pg_temp.u(100 + n), v, action, state, pg_temp.u(12), pg_temp.u(9) FROM generate_series(1, 4) n, (VALUES (1, 8, 6), (2, 10, 7), (3, 18, 6)) x(v, action, state) WHERE v = 1 OR n > v;
INSERT INTO registry.payment_batch (batch_id, division, organisation_id, reference, purpose, state, made_by, sent_by, sent_at, payer_id, lines, amount_fen, part_lines, request_id)
VALUES (pg_temp.u(500), '370200', pg_temp.u(3), 'B-1', '示例', 2, pg_temp.u(42), pg_temp.u(43), now(), pg_temp.u(44), 3, 900, 100, pg_temp.u(9));
INSERT INTO registry.batch_line (batch_id, subject_kind, subject_id, line, amount_fen, class_number, enrolment_id, account_index, state, bank_reference, request_id)
SELECT pg_temp.u(500), 1, pg_temp.u(100 + n), n - 1, 100 * n, 202600001, pg_temp.u(600 + n), pg_temp.h(n), (ARRAY[NULL, 2, 3, 6])[n], CASE WHEN n > 2 THEN 'R-1' END, pg_temp.u(9) FROM generate_series(2, 4) n;
INSERT INTO registry.batch_answer (batch_id, line, answer, result, bank_reference, operator_id, request_id)
VALUES (pg_temp.u(500), 2, 1, 3, 'R-1', pg_temp.u(43), pg_temp.u(9)), (pg_temp.u(500), 3, 1, 3, 'R-1', pg_temp.u(43), pg_temp.u(9)), (pg_temp.u(500), 3, 2, 6, 'R-1', pg_temp.u(43), pg_temp.u(9));

/* What differs: kind, whose, expected, found. */
CREATE FUNCTION pg_temp.differs(area text DEFAULT '370200') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', d.kind, ltrim(d.subject_id::text, '0-'), d.expected, d.found), ' ' ORDER BY d.kind, d.subject_id, d.expected) FROM helper.reconcile(area) d
$$;
SELECT is(pg_temp.differs(), NULL, 'F2, F6: approved, sent, paid and returned agree in both layers');
SELECT is((SELECT concat_ws('/', outcome, ledgers, charges, lines, answers, differences) FROM api.fund_reconcile(ARRAY[pg_temp.u(12)], '{NULL}')), '1/1/4/3/3/0', 'F2: and it is said how much was held against each other');
SELECT is((SELECT outcome FROM api.fund_reconcile(ARRAY[pg_temp.u(11)], '{370200}')), 12::int2, 'F2: another city''s bureau does not ask');
SELECT is((SELECT outcome FROM api.fund_reconcile(ARRAY[pg_temp.u(12)], '{370000}')), 12::int2, 'F2: nor a city''s for the province');
SELECT is((SELECT outcome FROM api.fund_reconcile(ARRAY[pg_temp.u(19)], '{370000}')), 1::int2, 'F2: an auditor does');
SELECT is((SELECT outcome FROM api.fund_reconcile(ARRAY[pg_temp.u(10)], '{NULL}')), 12::int2, 'F2: an institution does not');

/* ---- each kind of difference is named ---- */
CREATE FUNCTION pg_temp.spoilt(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    BEGIN
        /* as whoever owns the database might change rows, behind their triggers; postings move balances as ever */
        PERFORM set_config('session_replication_role', CASE WHEN change LIKE 'SELECT%' THEN 'origin' ELSE 'replica' END, true);
        EXECUTE change;
        said := pg_temp.differs();
        RAISE division_by_zero; /* takes the change back */
    EXCEPTION WHEN division_by_zero THEN
        RETURN said;
    END;
END $$;
SELECT is(pg_temp.spoilt('SET LOCAL session_replication_role = replica; UPDATE registry.ledger_share SET available = available + 1'), '1/0/1', 'F2: a fen in the shares that nobody posted');
SELECT is(pg_temp.spoilt('UPDATE registry.ledger_cash SET treasury = treasury - 1'), '2/50/49', 'F2: a fen less in an account');
SELECT is(pg_temp.spoilt(format('SELECT pg_temp.post(%s, 13, 2, 5002, 1002, 1, 103)', :ledger)), '3/700/701 5/200/199', 'F6: a payment in one layer alone');
SELECT is(pg_temp.spoilt('DELETE FROM registry.charge WHERE subject_id = pg_temp.u(101)'), '4/600/700 6/101/0/100', 'F4: what is committed for nothing');
SELECT is(pg_temp.spoilt('DELETE FROM registry.charge WHERE subject_id = pg_temp.u(103); DELETE FROM registry.journal WHERE subject_id = pg_temp.u(103)'), '1/0/300 1/300/0 2/950/650 7/103/300/0 8/103/300/0', 'F4: a line was paid, and no money is charged with it');
SELECT is(pg_temp.spoilt('UPDATE registry.ledger_cash SET sent = 199'), '5/200/199', 'F8: other money is spoken for than is at the bank');
SELECT is(pg_temp.spoilt('UPDATE registry.charge SET amount_fen = 301 WHERE subject_id = pg_temp.u(103)'), '6/103/301/300 7/103/300/301 8/103/300/301', 'F4: another amount is paid than was posted');
SELECT is(pg_temp.spoilt('UPDATE registry.claim SET amount_fen = 99 WHERE claim_id = pg_temp.u(101)'), '7/101/99/100', 'F4: a claim comes to something else');
SELECT is(pg_temp.spoilt('UPDATE registry.claim SET state = 7, paid_by = pg_temp.u(41) WHERE claim_id = pg_temp.u(101)'), '8/101/100/0', 'C5: a claim is paid, and its money is not');
SELECT is(pg_temp.spoilt('UPDATE registry.batch_line SET amount_fen = 201 WHERE subject_id = pg_temp.u(102)'), '9/102/200/201 12/500/900/901', 'F13: a line is of another amount, and so is its batch');
SELECT is(pg_temp.spoilt('UPDATE registry.claim SET state = 12 WHERE claim_id = pg_temp.u(102)'), '10/102/12/2', 'F14: a claim waits whose line is sent');
SELECT is(pg_temp.spoilt('UPDATE registry.batch_line SET state = 5 WHERE subject_id = pg_temp.u(103)'), '10/103/7/5 11/103/3/5', 'F14: a line is not in the state of the bank''s last answer');
SELECT is(pg_temp.spoilt('UPDATE registry.payment_batch SET lines = 2'), '12/500/900/900', 'F13: a batch has more lines than its file');
SELECT is(pg_temp.spoilt('UPDATE registry.claim SET state = 8 WHERE claim_id = pg_temp.u(101)'), '7/101/0/100', 'F4: money is committed for a claim that was rejected');
SELECT is(pg_temp.spoilt('UPDATE registry.claim SET state = 10, state_before = 6 WHERE claim_id = pg_temp.u(101)'), NULL, 'F4: a suspended claim stays committed');
SELECT is(pg_temp.spoilt('UPDATE registry.charge SET recovered_fen = 300 WHERE subject_id = pg_temp.u(103)'), NULL, 'F4: money of an earlier year that came back was spent all the same');
SELECT is((SELECT count(*) FROM helper.reconcile('370100')), 0::int8, 'F2: another area has none of it');

/* ---- nothing is posted that people did not decide, record or do ---- */
SELECT is(pg_temp.spoilt(format('SELECT pg_temp.post(%s, 1, 1, 101, 100, 5)', :ledger)) ~ '^13/[^/ ]+/0/5$', true, 'F5: an allotment that nobody decided');
SELECT is(pg_temp.spoilt(format('SELECT pg_temp.post(%s, 2, 2, 1001, 4002, 5)', :ledger)) ~ '^13/[^/ ]+/0/5$', true, 'F5: money that nobody recorded as received');
SELECT is(pg_temp.spoilt('UPDATE registry.fund_move SET amount_fen = 999') ~ '^13/[^/ ]+/999/1000$', true, 'F5: an allotment of another sum than was decided');
SELECT is(pg_temp.spoilt('UPDATE registry.fund_move SET decision = 2') ~ '^13/[^/ ]+/0/1000$', true, 'F5: one that was rejected');
SELECT is(pg_temp.spoilt('UPDATE registry.fund_move SET year = year - 1') ~ '^13/[^/ ]+/0/1000 13/[^/ ]+/1000/0$|^13/[^/ ]+/1000/0 13/[^/ ]+/0/1000$', true, 'F5: one of another ledger than was decided');
SELECT is(pg_temp.spoilt('UPDATE registry.fund_move SET kind = 3, source = 3') ~ '/1000', true, 'F5: one of another kind');
SELECT is(pg_temp.spoilt('INSERT INTO registry.journal (posting_id, ledger_id, event, layer, debit, credit, amount_fen, operator_id, request_id) SELECT posting_id, ledger_id, event, layer, debit, credit, 7, operator_id, request_id FROM registry.journal WHERE event = 2; SELECT 1') ~ '13/[^/ ]+/0/7', true, 'F5: two receipts by one request');
SELECT is(pg_temp.spoilt('UPDATE registry.request SET outcome = 12') ~ '^13/[^/ ]+/0/\d+ 13/[^/ ]+/0/\d+$', true, 'F5: receipts whose request was refused');
SELECT is(pg_temp.spoilt('UPDATE registry.claim_step SET request_id = pg_temp.u(8) WHERE claim_id = pg_temp.u(101)'), '14/101/0/100', 'F4: money was committed for a claim by no step of it');
SELECT is(pg_temp.spoilt('UPDATE registry.claim_step SET action = 8 WHERE claim_id = pg_temp.u(103)'), '14/103/0/300', 'F4: and paid by none');
SELECT is(pg_temp.spoilt('UPDATE registry.claim_step SET action = 8 WHERE claim_id = pg_temp.u(104) AND version = 3'), '14/104/0/400', 'F4: or returned');

/* ---- the monthly table ---- */
CREATE FUNCTION pg_temp.item(item int, source int DEFAULT 1, months int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws('/', times, month_fen, year_fen) FROM helper.report('370200', (date_trunc('month', helper.today()) - make_interval(months => months))::date) r
     WHERE r.item = $1 AND r.source IS NOT DISTINCT FROM nullif($2, 0)
$$;
SELECT is(pg_temp.item(4) || ' ' || pg_temp.item(7), '0/1000/1000 0/1000/1000', 'F16: income, and its sum');
SELECT is(pg_temp.item(9) || ' ' || pg_temp.item(17), '1/700/700 1/700/700', 'F16: spending by what it was for, with how many were paid and not returned by the bank');
SELECT is(pg_temp.item(9, 0), '1/700/700', 'F16: of all sources likewise');
SAVEPOINT again;
UPDATE registry.ledger_cash SET sent = sent + 400 WHERE ledger_id = :ledger;
SELECT pg_temp.post(:ledger, 15, 1, 103, 102, 400, 104), pg_temp.post(:ledger, 15, 2, 2001, 1002, 400, 104);
SELECT is(pg_temp.item(9) || ' ' || pg_temp.item(9, 0), '2/700/700 2/700/700', 'F16: what was paid again is counted');
ROLLBACK TO again;
SELECT is(concat_ws(' ', pg_temp.item(18), pg_temp.item(19), pg_temp.item(20)), '0/50/50 0/650/650 0/400/400', 'F16: balances of both accounts, and what the bank returned');
SELECT is(pg_temp.item(21) || ' ' || pg_temp.item(22), '0/700/700 0/0/0', 'F16: committed and available');
SELECT is(pg_temp.item(23), '0/7000/7000', 'F16: 70.00 percent is spent');
SELECT is((SELECT string_agg(format('%s %s', item, year_fen), ' ' ORDER BY item) FROM helper.report('370200', date_trunc('month', helper.today())::date) WHERE source IS NULL AND year_fen <> 0),
          (SELECT string_agg(format('%s %s', item, year_fen), ' ' ORDER BY item) FROM helper.report('370200', date_trunc('month', helper.today())::date) WHERE source = 1 AND year_fen <> 0), 'F16: of all sources, the sums');
SELECT is((SELECT sum(CASE WHEN item IN (1, 7) THEN year_fen WHEN item IN (17, 18, 19) THEN -year_fen WHEN item = 20 THEN year_fen ELSE 0 END) FROM helper.report('370200', date_trunc('month', helper.today())::date) WHERE source = 1),
          0::numeric, 'F16: opening and income less spending is what stands in the accounts, less what was returned');
SELECT is((SELECT count(*) FROM helper.report('370200', (date_trunc('month', helper.today()) - interval '12 months')::date)), 23::int8, 'F16: of a year without a ledger there is nothing but the empty sum');
SELECT is((SELECT string_agg(outcome::text, ' ') FROM api.fund_report(ARRAY[pg_temp.u(11)], '{370200}', '{2026-01-01}')), '12', 'F16: another city''s bureau does not see it');
SELECT is((SELECT count(*) FROM api.fund_report(ARRAY[pg_temp.u(12)], '{NULL}', ARRAY[date_trunc('month', helper.today())::date])), 47::int8, 'F16: its own does');

SET LOCAL session_replication_role = replica; /* the present registry lets nobody be nobody */
UPDATE registry.operator SET human_id = NULL WHERE operator_id = pg_temp.u(12);
SET LOCAL session_replication_role = origin;
SELECT is((SELECT count(*) FROM api.fund_report(ARRAY[pg_temp.u(12)], '{NULL}', ARRAY[date_trunc('month', helper.today())::date])), 47::int8, 'F16: so does who was registered before documents were stated');
/* as if the ledger had been last year's, and not carried yet */
UPDATE registry.ledger SET year = year - 1 WHERE ledger_id = :ledger;
SELECT is((SELECT string_agg(concat_ws('/', item, month_fen, year_fen), ' ' ORDER BY item) FROM helper.report('370200', make_date(extract(year FROM helper.today())::int - 1, 12, 1)) WHERE source = 1 AND item IN (4, 17, 19)),
          '4/1000/1000 17/700/700 19/650/650', 'F16: what is posted after the year''s end is of its December');
SELECT is((SELECT string_agg(concat_ws('/', item, month_fen, year_fen), ' ' ORDER BY item) FROM helper.report('370200', make_date(extract(year FROM helper.today())::int - 1, 11, 1)) WHERE source = 1 AND item IN (4, 17, 19)),
          '4/0/0 17/0/0 19/0/0', 'F16: and of no month before');

SELECT * FROM finish();
ROLLBACK;
