/* SPDX-License-Identifier: Apache-2.0 */
/* The special account against the bank's statement, month by month (F8). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Months are counted back from this one: 1 is the last that is over. */
CREATE FUNCTION pg_temp.month(back int) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (date_trunc('month', helper.today()::timestamp) - make_interval(months => back))::date
$$;
CREATE FUNCTION pg_temp.record(request int, back int, treasury int8, expenditure int8, caller int DEFAULT 60, citation text DEFAULT '示例对账单') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws('/', outcome, version) FROM api.bank_record(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
                                                                ARRAY[pg_temp.month(back)], ARRAY[treasury], ARRAY[expenditure], ARRAY[citation])
$$;
/* Of so many months, latest first, of both accounts: by the ledgers, by the bank, paid and returned since. */
CREATE FUNCTION pg_temp.table_of(months int, caller int DEFAULT 60, division text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', account, book_fen, coalesce(bank_fen::text, '-'), paid_fen, returned_fen), ' ' ORDER BY month DESC, account)
      FROM api.bank_reconcile(ARRAY[pg_temp.u(caller)], ARRAY[division], ARRAY[months]) WHERE month IS NOT NULL
$$;
CREATE FUNCTION pg_temp.post(back int, day int, event int, debit int, credit int, fen int8, year_of int DEFAULT 0) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry.journal (posting_id, ledger_id, share, event, layer, debit, credit, amount_fen, posted_at, operator_id, request_id)
    SELECT gen_random_uuid(), l.ledger_id, 0, event, 2, debit, credit, fen, (pg_temp.month(back) + day - 1)::timestamp AT TIME ZONE 'Asia/Shanghai', pg_temp.u(12), pg_temp.u(9)
      FROM registry.ledger l WHERE l.division = '370200' ORDER BY l.year LIMIT 1 OFFSET year_of
$$;
CREATE FUNCTION pg_temp.forget() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL session_replication_role = replica;
    DELETE FROM registry.bank_balance;
    SET LOCAL session_replication_role = origin;
END $$;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(60), pg_temp.u(3), 'x', '{reviewer}'), (pg_temp.u(61), pg_temp.u(2), 'x', '{reviewer}');

SELECT is(pg_temp.record(1, 1, 1, 0), '382', 'F8: where there is no ledger there is nothing to reconcile');
SELECT is(pg_temp.table_of(12), NULL, 'F8: nor a table');
INSERT INTO registry.ledger (division, source, year) SELECT '370200', 1, date_part('year', pg_temp.month(3)) - 1 + n FROM generate_series(0, 1) n;
INSERT INTO registry.ledger_share (ledger_id, share) SELECT ledger_id, 0 FROM registry.ledger WHERE division = '370200' ON CONFLICT DO NOTHING;
INSERT INTO registry.ledger_cash (ledger_id) SELECT ledger_id FROM registry.ledger WHERE division = '370200' ON CONFLICT DO NOTHING;
SELECT is(pg_temp.table_of(12), NULL, 'F8: until something is posted');
SELECT is(pg_temp.record(9, 4, 5000, 0), '1/1', 'F8: a statement of a month in which nothing was posted');
SELECT is(pg_temp.table_of(12), '1001/0/-/0/0 1002/0/-/0/0 1001/0/-/0/0 1002/0/-/0/0 1001/0/-/0/0 1002/0/-/0/0 1001/0/5000/0/0 1002/0/0/0/0', 'F8: is shown with what differs');
SELECT pg_temp.forget();
/* Three months ago 1000 came, of which 600 went to the expenditure account; that paid 200 two months
   ago, 150 last month, 77 this month; interest of the other year's ledger came last month. */
SELECT pg_temp.post(3, 5, 2, 1001, 4002, 1000), pg_temp.post(3, 28, 6, 1002, 1001, 600);
UPDATE registry.ledger_cash SET sent = 427 WHERE ledger_id = (SELECT min(ledger_id) FROM registry.ledger WHERE division = '370200');
SELECT pg_temp.post(2, 10, 13, 5002, 1002, 200), pg_temp.post(1, 1, 13, 5002, 1002, 150),
       pg_temp.post(1, 2, 19, 1002, 4101, 7, 1), pg_temp.post(0, 1, 13, 5002, 1002, 77);
SELECT is(pg_temp.table_of(12), '1001/400/-/0/0 1002/257/-/0/0 1001/400/-/0/0 1002/400/-/0/0 1001/400/-/0/0 1002/600/-/0/0',
          'F8: both accounts at the end of each month since the first posting, over the ledgers of all years, by Shanghai''s days');
SELECT is(pg_temp.table_of(1), '1001/400/-/0/0 1002/257/-/0/0', 'F8: or of the last months alone, with all that was posted before');

/* ---- what the bank's statement says ---- */
SELECT is(pg_temp.record(2, 1, 400, 30, caller => 12), '12', 'F8, C4: an approver records none');
SELECT is(pg_temp.record(3, 1, 400, 30, caller => 13), '12', 'F8, C4: nor does an institution');
SELECT is(pg_temp.record(4, 0, 400, 30), '302', 'F8: a month that is not over has no statement');
SELECT is(pg_temp.record(5, 1, 400, 30), '1/1', 'F8: a reviewer records one');
SELECT is(pg_temp.record(5, 1, 400, 30), '1/1', 'F8: the same request is the same answer');
SELECT is(pg_temp.record(6, 1, 400, 30), '1/1', 'F8: the same statement is not another version');
SELECT is(pg_temp.record(7, 1, 400, 107, citation => '更正'), '1/2', 'F8: a correction is');
SELECT is((SELECT string_agg(version || ':' || expenditure_fen, ' ' ORDER BY version) FROM registry.bank_balance), '1:30 2:107', 'F8: what was before is kept');
SELECT is(pg_temp.record(8, 1, 1, 1, caller => 61), '382', 'F8: each of its own division');
SELECT is((SELECT count(*) FROM acts WHERE operator_id = pg_temp.u(60)), 6::int8, 'each request has its entry, once');
SELECT is(pg_temp.table_of(1), '1001/400/400/0/0 1002/257/107/0/0', 'F8: beside the ledgers');

/* ---- what the bank did by then and was read in since: a line paid (77), one paid and returned (50), one returned whose payment was posted in time (60), one paid a month earlier (11) ---- */
INSERT INTO registry.payment_batch (batch_id, division, organisation_id, reference, purpose, state, made_by, sent_by, sent_at, payer_id, lines, amount_fen, part_lines, request_id)
VALUES (pg_temp.u(500), '370200', pg_temp.u(3), 'B-1', '示例', 2, pg_temp.u(42), pg_temp.u(43), now(), pg_temp.u(44), 6, 357, 100, pg_temp.u(9)),
       (pg_temp.u(501), '370100', pg_temp.u(3), 'B-2', '示例', 2, pg_temp.u(42), pg_temp.u(43), now(), pg_temp.u(44), 1, 999, 100, pg_temp.u(9));
INSERT INTO registry.batch_line (batch_id, subject_kind, subject_id, line, amount_fen, class_number, enrolment_id, account_index, state, bank_reference, request_id)
SELECT pg_temp.u(500), 1, pg_temp.u((100 + n)::int), n, fen, 202600001, pg_temp.u((600 + n)::int), pg_temp.h(n::int), 6, 'R', pg_temp.u(9) FROM unnest('{77,50,60,150,9,11}'::int8[]) WITH ORDINALITY x(fen, n);
INSERT INTO registry.batch_line (batch_id, subject_kind, subject_id, line, amount_fen, class_number, enrolment_id, account_index, state, bank_reference, request_id)
VALUES (pg_temp.u(501), 1, pg_temp.u(110), 1, 999, 202600001, pg_temp.u(610), pg_temp.h(10), 3, 'R', pg_temp.u(9));
INSERT INTO registry.batch_answer (batch_id, line, answer, result, bank_reference, traded_on, answered_at, operator_id, request_id)
SELECT pg_temp.u(batch), line, answer, result, 'R', traded, read::timestamp AT TIME ZONE 'Asia/Shanghai', pg_temp.u(43), pg_temp.u(9)
  FROM (VALUES (500, 1, 1, 3, pg_temp.month(0) - 1, pg_temp.month(0)), (500, 2, 1, 3, pg_temp.month(0) - 3, pg_temp.month(0)), (500, 2, 2, 6, pg_temp.month(0) - 1, pg_temp.month(0)),
               (500, 3, 1, 3, pg_temp.month(1), pg_temp.month(1)), (500, 3, 2, 6, pg_temp.month(0) - 1, pg_temp.month(0)), (500, 4, 1, 3, pg_temp.month(1), pg_temp.month(0) - 1),
               (500, 5, 1, 6, pg_temp.month(0) - 1, pg_temp.month(0)), (500, 6, 1, 3, pg_temp.month(2), pg_temp.month(0)), (501, 1, 1, 3, pg_temp.month(0) - 1, pg_temp.month(0))) a(batch, line, answer, result, traded, read);
SELECT is(pg_temp.table_of(1), '1001/400/400/0/0 1002/257/107/138/110',
          'F8: paid by the bank in the month and read in after it 77 + 50 + 11, returned likewise 50 + 60; not what was read in in time, nor a return without its payment, nor another division''s');
SELECT is(pg_temp.table_of(2), '1001/400/400/0/0 1002/257/107/138/110 1001/400/-/0/0 1002/400/-/11/0', 'F8: of the month before only what was paid in it');

/* ---- who reads it ---- */
SELECT is(pg_temp.table_of(1, 19, '370200'), '1001/400/400/0/0 1002/257/107/138/110', 'F8: an auditor reads it');
SELECT is((SELECT string_agg(outcome::text, ' ') FROM api.bank_reconcile(ARRAY[pg_temp.u(61)], '{370200}', '{12}')), '12', 'F8: another city does not');
SELECT throws_ok($$ INSERT INTO registry.bank_balance VALUES ('370200', '2026-01-02', 1, 1, 1, 'x', pg_temp.u(60), now(), pg_temp.u(9)) $$, '23514', NULL, 'F8: a month is its first day');
SELECT throws_ok($$ UPDATE registry.journal SET amount_fen = 1 $$, NULL, NULL, 'F2: and the ledgers are never changed');
SELECT * FROM finish();
ROLLBACK;
