/* SPDX-License-Identifier: Apache-2.0 */
/* The months of benefits that a city's unemployment fund keeps after a withdrawal (F5, F12). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* A month of the caller's city: balance, and benefits that are all unemployment's but 1 fen of each other kind. */
CREATE FUNCTION pg_temp.month(request int, months text[], balances int8[], benefits int8[], caller int DEFAULT 60, content int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.fund_month(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(content)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{示例报表}',
        array_fill(1, ARRAY[cardinality(months)]), (SELECT array_agg(n::int4) FROM unnest(months) WITH ORDINALITY m(x, n)),
        (SELECT array_agg((x || '-01')::date ORDER BY n) FROM unnest(months) WITH ORDINALITY m(x, n)), balances,
        (SELECT array_agg(x - 4 ORDER BY n) FROM unnest(benefits) WITH ORDINALITY m(x, n)), array_fill(1::int8, ARRAY[cardinality(months)]),
        array_fill(1::int8, ARRAY[cardinality(months)]), array_fill(1::int8, ARRAY[cardinality(months)]), array_fill(1::int8, ARRAY[cardinality(months)]))
$$;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(60), pg_temp.u(3), 'x', '{reviewer}'), (pg_temp.u(61), pg_temp.u(2), 'x', '{reviewer}');
/* What is said of a withdrawal on 2026-03-15: outcome, allowed, short. */
CREATE FUNCTION pg_temp.judge(fen int8, division text DEFAULT '370200', day date DEFAULT '2026-03-15') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws('/', outcome, allowed_fen, short_fen) FROM helper.reserve_judge(division, day, fen)
$$;
CREATE FUNCTION pg_temp.mode(mode int) RETURNS void LANGUAGE sql AS $$
    DELETE FROM registry.policy WHERE division = '370200' AND name = 'shortfall_mode';
    INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370200', 'shortfall_mode', mode, '1949-10-01', 'fixture')
$$;

/* ---- months ---- */
SELECT is(pg_temp.month(1, '{2026-01}', '{100}', '{12}', caller => 12), '12', 'F12: an approver records none');
SELECT is(pg_temp.month(2, '{2026-01}', '{100}', '{12}', caller => 20), '12', 'F12: nor does a county''s bureau');
SELECT is(pg_temp.month(3, ARRAY[to_char(helper.today(), 'YYYY-MM')], '{100}', '{12}'), '1 302', 'F12: a month that is not over is not recorded');
SELECT is(pg_temp.judge(62), '1/62', 'F12: nothing is recorded: the withdrawal is supported, and what is short is not known');
SELECT pg_temp.mode(2);
SELECT is(pg_temp.judge(62), '300/0', 'F12: where it would be reduced, it is refused');

/* ---- the example of a fund that is enough: 12 * (1,180,000,000 - 260,000,000) >= 24 * 420,000,000 ---- */
SELECT is(pg_temp.month(10, ARRAY(SELECT to_char(m, 'YYYY-MM') FROM generate_series('2025-03-01'::date, '2026-01-01', '1 month') m), array_fill(200000000000, ARRAY[11]), array_fill(3500000000, ARRAY[11])),
          '1 1 1 1 1 1 1 1 1 1 1 1', 'eleven months');
SELECT is(pg_temp.judge(62), '300/0', 'F12: one of the twelve is missing');
SELECT is((SELECT base_months || '/' || coalesce(base_fen, -1) FROM api.fund_months(ARRAY[pg_temp.u(60)], '{NULL}', '{2026-03-15}', '{0}', '{24}') WHERE month IS NULL), '11/-1', 'F12: eleven are there');
SELECT is(pg_temp.month(11, '{2026-02}', '{118000000000}', '{3500000000}'), '1 1', 'the twelfth');
SELECT is(pg_temp.judge(26000000000), '1/26000000000/0', 'F12: enough for 26.28 months passes');
SELECT is((SELECT kept_hundredths || '/' || needed_months FROM api.fund_months(ARRAY[pg_temp.u(60)], '{NULL}', '{2026-03-15}', '{26000000000}', '{24}') WHERE month IS NULL), '2628/24', 'F12: months are cut off after two decimals');
SELECT is(pg_temp.judge(34000000000) || ' ' || pg_temp.judge(34000000001), '1/34000000000/0 1/34000000000/1', 'F12: to the fen, at the edge');

/* ---- the example of one that is short: 12 * (300,000,000 - 62,000,000) < 24 * 138,000,000 ---- */
SELECT is(pg_temp.month(20, ARRAY(SELECT to_char(m, 'YYYY-MM') FROM generate_series('2025-03-01'::date, '2026-02-01', '1 month') m), array_fill(30000000000, ARRAY[12]), array_fill(1150000000, ARRAY[12])),
          '1 1 1 1 1 1 1 1 1 1 1 1 1', 'F12: other figures are the next version');
SELECT is(pg_temp.month(21, '{2026-02,2026-02}', '{30000000000,1}', '{1150000000,12}'), '1 47 48', 'F12: the same figures are unchanged, and a month is said once in a request');
SELECT is((SELECT string_agg(version::text, ' ' ORDER BY version) FROM registry.fund_month WHERE month = '2026-02-01'), '1 2', 'F12: what was before is kept');
SELECT pg_temp.mode(1);
SELECT is(pg_temp.judge(6200000000), '1/6200000000/3800000000', 'F12, F5: support allows it, and asks the adjustment fund for 38,000,000.00');
SELECT pg_temp.mode(2);
SELECT is(pg_temp.judge(6200000000), '1/2400000000/3800000000', 'F12: reduce allows 24,000,000.00');
SELECT is(pg_temp.judge(2400000000), '1/2400000000/0', 'F12: which is enough');
SELECT pg_temp.mode(3);
SELECT is(pg_temp.judge(6200000000), '301/0/3800000000', 'F12: refuse allows nothing');
SELECT is(pg_temp.judge(2400000000), '1/2400000000/0', 'F12: but what is enough');
SELECT is(pg_temp.judge(6200000000, '370100'), '1/6200000000', 'F12: of another city nothing is known');
SELECT is((SELECT kept_hundredths FROM api.fund_months(ARRAY[pg_temp.u(60)], '{NULL}', '{2026-03-15}', '{6200000000}', '{24}') WHERE month IS NULL), 2069::int8, 'F12: 20.69 months');
SELECT is((SELECT count(*) FROM api.fund_months(ARRAY[pg_temp.u(60)], '{NULL}', '{2026-03-15}', '{0}', '{5}') WHERE month IS NOT NULL), 5::int8, 'F12: the months, each once');
SELECT is((SELECT string_agg(outcome::text, ' ') FROM api.fund_months(ARRAY[pg_temp.u(61)], '{370200}', '{NULL}', '{0}', '{5}')), '12', 'F12: not of another city');
SELECT is((SELECT count(*) FROM api.fund_months(ARRAY[pg_temp.u(19)], '{370200}', '{2026-03-15}', '{0}', '{24}')), 13::int8, 'F12: an auditor reads it');

/* ---- what counts is the city's to say ---- */
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370200', 'reserve_parts', 1, '1949-10-01', 'fixture');
SELECT is(pg_temp.judge(2400000000 + 4 * 24), '1/2400000096/0', 'F12: benefits that do not count need no reserve');
UPDATE registry.policy SET name = 'reserve_months', value = 12 WHERE division = '370200' AND name = 'reserve_parts';
SELECT is(pg_temp.judge(6200000000), '1/6200000000/0', 'F12: nor more months than the policy says');
UPDATE registry.policy SET name = 'reserve_base', value = 2 WHERE division = '370200' AND name = 'reserve_months';
SELECT is(pg_temp.judge(6200000000), '300/0', 'F12: by the end of last year all of its months must be there');
SELECT is(pg_temp.month(30, '{2025-01,2025-02}', '{1,1}', '{1150000000,1150000000}'), '1 1 1', 'they are');
SELECT is(pg_temp.judge(6200000000), '301/0/3800000000', 'F12: then it is judged by that');
SELECT is((SELECT base_month FROM api.fund_months(ARRAY[pg_temp.u(60)], '{NULL}', '{2026-03-15}', '{0}', '{1}') WHERE month IS NULL), '2025-12-01'::date, 'F12: whatever was recorded since');

/* ---- two withdrawals are judged together ---- */
INSERT INTO registry.ledger (division, source, year) VALUES ('370200', 3, 2026);
INSERT INTO registry.ledger_cash (ledger_id) SELECT ledger_id FROM registry.ledger WHERE division = '370200' AND source = 3;
INSERT INTO registry.journal (posting_id, ledger_id, event, layer, debit, credit, amount_fen, operator_id, request_id, posted_at)
SELECT pg_temp.u(900), ledger_id, 3, 2, 1001, 4001, 2400000000, pg_temp.u(60), pg_temp.u(9), '2026-03-10 12:00+08' FROM registry.ledger WHERE division = '370200' AND source = 3;
SELECT is(pg_temp.judge(1), '301/0/1', 'F12: what was withdrawn since the balance counts');

SELECT throws_ok($$ INSERT INTO registry.fund_month VALUES ('370200', '2026-01-02', 1, 1, 1, 1, 1, 1, 1, 'x', pg_temp.u(60), now(), pg_temp.u(9)) $$, '23514', NULL, 'F12: a month is its first day');
SELECT * FROM finish();
ROLLBACK;
