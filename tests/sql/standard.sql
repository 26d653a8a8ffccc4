/* SPDX-License-Identifier: Apache-2.0 */
/* Standards and policies that one proposes and another puts in force. */
BEGIN;
\ir fixture.psql
SELECT * FROM no_plan();

INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(31), pg_temp.u(2), 'x', '{approver}'), (pg_temp.u(32), pg_temp.u(4), 'x', '{approver}'), (pg_temp.u(33), pg_temp.u(7), 'x', '{approver}');

/* Proposes one standard, whose id is u(request): its outcomes, whole and row. */
CREATE FUNCTION pg_temp.propose(request int, amount int, start date, until date DEFAULT NULL, occupation text DEFAULT NULL, level int DEFAULT NULL,
                                kind int DEFAULT NULL, trainees int DEFAULT NULL, caller int DEFAULT 11, subsidy int DEFAULT 1, mode int DEFAULT NULL, grade int DEFAULT NULL,
                                renewal bool DEFAULT NULL, basis int DEFAULT 1, cap int DEFAULT NULL, percent int DEFAULT 100) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.standard_propose(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(amount)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{1}', '{1}', ARRAY[pg_temp.head()],
        ARRAY[pg_temp.u(request)], ARRAY[subsidy::int2], ARRAY[occupation], ARRAY[level::int2], ARRAY[kind::int2], ARRAY[trainees::int2],
        ARRAY[mode::int2], ARRAY[grade::int2], ARRAY[renewal], ARRAY[basis::int2], ARRAY[cap::int8], ARRAY[percent], ARRAY[amount::int8], ARRAY[start], ARRAY[until], '{示例文}')
$$;
CREATE FUNCTION pg_temp.decide(request int, proposals int[], caller int DEFAULT 31, decision int DEFAULT 1, kind int DEFAULT 1) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.proposal_decide(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(decision)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[kind::int2], ARRAY[decision::int2],
        (SELECT array_agg(1) FROM unnest(proposals)), (SELECT array_agg(n::int ORDER BY n) FROM unnest(proposals) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(pg_temp.head()) FROM unnest(proposals)), (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(proposals) WITH ORDINALITY p(x, n)))
$$;
CREATE FUNCTION pg_temp.find(day date, division text DEFAULT '370100', occupation text DEFAULT '4-10-01-06', level int DEFAULT 2, kind int DEFAULT 2,
                             trainees int DEFAULT 7, subsidy int DEFAULT 1, mode int DEFAULT 1, grade int DEFAULT NULL, renewal bool DEFAULT false)
RETURNS int8 LANGUAGE sql AS $$
    SELECT (helper.standard_find(subsidy::int2, ROW(NULL, NULL, division, occupation, level, kind, trainees, mode, grade, renewal, day, false)::helper.claim_case)).amount_fen
$$;

/* ---- four eyes ---- */
SELECT is(pg_temp.propose(100, 10000, '2026-01-01'), '1 1', 'B5: a standard is proposed');
SELECT is(pg_temp.find('2026-01-01'), NULL, 'B5: and is not in force');
SELECT is(pg_temp.propose(100, 10000, '2026-01-01'), '1 1', 'the same request again: the first answer');
SELECT is(pg_temp.propose(101, 10000, '2026-01-01'), '1 47', 'the same proposal again: known');
SELECT is(pg_temp.propose(1000 + u, 10000, '2026-01-01', caller => u), '12', 'not proposed by ' || u) FROM unnest('{10,17,32,33,99}'::int[]) u;
SELECT is(pg_temp.propose(103, 10000, '2026-01-01', occupation => '9-99-99-99'), '1 10', 'nor for an occupation that is not');
SELECT is(pg_temp.decide(110, '{100}', caller => 11), '1 102', 'four eyes: who proposed does not put in force');
SELECT is(pg_temp.decide(111, '{100}', caller => 12), '1 100', 'nor does another city');
SELECT is(pg_temp.decide(112, '{100}', caller => 17), '12', 'nor a reviewer');
SELECT is(pg_temp.decide(113, '{100}', kind => 2), '1 100', 'a standard is no policy');
SELECT is(pg_temp.decide(114, '{100,999}'), '1 1 100', 'another approver does; an unknown one spoils nothing');
SELECT is(pg_temp.decide(114, '{100,999}'), '1 1 100', 'the same request again: the first answer');
SELECT is(pg_temp.decide(115, '{100}'), '1 101', 'it is decided once');
SELECT is(pg_temp.find(day::date), amount::int8, 'B5: on ' || day) FROM (VALUES ('2025-12-31', NULL), ('2026-01-01', 10000), ('2030-01-01', 10000)) v(day, amount);
SELECT is(pg_temp.propose(120, 5, '2026-01-01', subsidy => 2), '1 1', 'another line');
SELECT is(pg_temp.decide(121, '{120}', 11, 2), '1 1', 'who proposed may take it back');
SELECT is(pg_temp.decide(122, '{120}'), '1 101', 'for good');
SELECT throws_ok($$ UPDATE registry.standard SET decision = 1, decided_by = proposed_by, decided_at = now() WHERE standard_id = pg_temp.u(123) $$, '23514', NULL,
                 'four eyes: a constraint') FROM pg_temp.propose(123, 6, '2026-01-01', subsidy => 2);

/* ---- superseding ---- */
SELECT is(pg_temp.propose(130, 20000, '2026-06-01'), '1 1', 'a newer one');
SELECT is(pg_temp.propose(131, 30000, '2026-03-01'), '1 1', 'and one that would begin before it');
SELECT is(pg_temp.decide(132, '{130}'), '1 1', 'the newer is put in force');
SELECT is((SELECT valid_to FROM registry.standard WHERE standard_id = pg_temp.u(100)), date '2026-05-31', 'which ends the older on the day before');
SELECT is(pg_temp.find(day::date), amount::int8, 'B5: on ' || day) FROM (VALUES ('2026-05-31', 10000), ('2026-06-01', 20000)) v(day, amount);
SELECT is(pg_temp.decide(133, '{131}'), '1 103', 'one that would end what begins later is not');
SELECT is(pg_temp.propose(134, 30000, '2026-03-01', '2026-03-31'), '1 1', 'nor one');
SELECT is(pg_temp.decide(135, '{134}'), '1 103', 'that would end the older a second time');
SELECT is(pg_temp.propose(136, 10000, '2026-01-01'), '1 47', 'what was superseded is known');
SELECT throws_ok($$ UPDATE registry.standard SET decision = 1, decided_by = pg_temp.u(31), decided_at = now() WHERE standard_id = pg_temp.u(131) $$, '23P01', NULL,
                 'B5: two of one key on one day cannot even be written');
SELECT throws_ok(format('UPDATE registry.standard SET %s WHERE standard_id = pg_temp.u(130)', change), '23001', NULL, 'what is in force is not edited: ' || change)
  FROM unnest('{amount_fen = 1,valid_from = ''2026-07-01'',valid_to = ''2026-07-01'',decided_by = NULL,citation = ''x'',division = ''370200''}'::text[]) change;
SELECT throws_ok($$ UPDATE registry.standard SET valid_to = '2026-02-01', superseded_by = pg_temp.u(1) WHERE standard_id = pg_temp.u(100) $$, '23001', NULL,
                 'what was ended is not ended again');
SELECT throws_ok($$ UPDATE registry.standard SET amount_fen = 1 WHERE standard_id = pg_temp.u(131) $$, '23001', NULL, 'nor is a proposal edited');
SELECT throws_ok(format('INSERT INTO registry.standard (standard_id, division, line, amount_fen, valid_from, citation, proposed_by, request_id) VALUES (pg_temp.u(140), %s)', row), '23514', NULL, 'not ' || row)
  FROM (VALUES ('''370100'', 4, 1, ''2026-01-01'', ''x'', pg_temp.u(11), pg_temp.u(1)'), ('''370100'', 1, 0, ''2026-01-01'', ''x'', pg_temp.u(11), pg_temp.u(1)'),
               ('''370102'', 1, 1, ''2026-01-01'', ''x'', pg_temp.u(11), pg_temp.u(1)'), ('''370100'', 1, 1, ''2026-01-01'', '''', pg_temp.u(11), pg_temp.u(1)')) v(row);

/* ---- the most specific ---- */
SELECT is(pg_temp.propose(150 + n, 1000 + n, '2026-01-01', NULL, occupation, level, kind, trainees, subsidy => 2), '1 1', 'B5: key ' || n)
  FROM (VALUES (1, NULL, NULL, NULL, NULL), (2, NULL, NULL, NULL, 7), (3, NULL, NULL, 2, NULL), (4, NULL, 2, NULL, NULL), (5, '4-10-01-06', NULL, NULL, NULL),
               (6, '4-10-01-06', NULL, NULL, 7), (7, '4-10-01-06', 2, 2, 7)) v(n, occupation, level, kind, trainees);
SELECT is(pg_temp.decide(160, '{151,152,153,154,155,156,157}'), '1 1 1 1 1 1 1 1', 'keys beside each other');
SELECT is(pg_temp.find('2026-01-01', division, occupation, level, kind, trainees, 2), amount::int8, format('B5: %s %s %s %s %s', division, occupation, level, kind, trainees))
  FROM (VALUES ('370100', '4-10-01-06', 2, 2, 7, 1007), ('370102', '4-10-01-06', 2, 2, 7, 1007), ('370100', '4-10-01-06', 2, 2, 8, 1005),
               ('370100', '4-10-01-06', 3, 1, 7, 1006), ('370100', '4-03-02-01', 2, 2, 7, 1004), ('370100', '4-03-02-01', 3, 2, 7, 1003),
               ('370100', '4-03-02-01', 3, 1, 7, 1002), ('370100', '4-03-02-01', 3, 1, 8, 1001), ('370200', '4-10-01-06', 2, 2, 7, NULL)) v(division, occupation, level, kind, trainees, amount);
SELECT is(pg_temp.find('2026-01-01', subsidy => 3), NULL, 'B6: each line has its own');

/* Mode, grade of demand, first or renewal: of those that fit the one that says most, in this order (B10). */
SELECT is(pg_temp.propose(500 + n, 2000 + n, '2026-01-01', occupation => '4-03-02-02', mode => mode, grade => grade, renewal => renewal), '1 1', 'B10: key ' || n)
  FROM (VALUES (1, NULL, NULL, NULL), (2, NULL, NULL, true), (3, NULL, 1, NULL), (4, 3, NULL, NULL), (5, 3, 1, false), (6, NULL, NULL, false)) v(n, mode, grade, renewal);
SELECT is(pg_temp.decide(510, '{501,502,503,504,505,506}'), '1 1 1 1 1 1 1', 'B10: keys beside each other');
SELECT is(pg_temp.find('2026-01-01', occupation => '4-03-02-02', mode => mode, grade => grade, renewal => renewal), amount::int8, format('B10: %s %s %s', mode, grade, renewal))
  FROM (VALUES (1, NULL, false, 2006), (1, NULL, true, 2002), (1, 1, true, 2003), (1, 2, true, 2002), (3, NULL, true, 2004), (3, 1, true, 2004), (3, 1, false, 2005),
               (2, 3, false, 2006)) v(mode, grade, renewal, amount);
SELECT is(pg_temp.propose(520, 2003, '2026-01-01', occupation => '4-03-02-02', grade => 1), '1 47', 'B10: the same again is known');
SELECT is(pg_temp.propose(521 + n, 2003, '2026-01-01', occupation => '4-03-02-02', grade => 1, basis => basis, cap => cap, percent => percent), '1 1', 'B10: what is paid otherwise is another proposal ' || n)
  FROM (VALUES (1, 2, NULL, 100), (2, 1, 5, 100), (3, 1, NULL, 99)) v(n, basis, cap, percent);
SELECT is(pg_temp.decide(530, '{522,523,524}'), '1 103 103 103', 'B10: but of the same key: it does not stand beside it');
SELECT throws_ok($$ UPDATE registry.standard SET decision = 1, decided_by = pg_temp.u(31), decided_at = now() WHERE standard_id = pg_temp.u(522) $$, '23P01', NULL,
                 'B10: nor can both be written');
SELECT throws_ok(format('UPDATE registry.standard SET %s WHERE standard_id = pg_temp.u(501)', change), '23001', NULL, 'B10: what is in force is not edited: ' || change)
  FROM unnest('{percent = 50,cap_fen = 1,basis = 2,mode = 1,demand_grade = 1,renewal = true}'::text[]) change;
SELECT throws_ok(format('INSERT INTO registry.standard (standard_id, division, valid_from, citation, proposed_by, request_id, line, basis, amount_fen, percent) VALUES (pg_temp.u(540), ''370100'', ''2026-01-01'', ''x'', pg_temp.u(11), pg_temp.u(1), %s)', row), '23514', NULL, 'B10: not ' || row)
  FROM unnest('{"2, 2, 100, 100","2, 3, 100, 100","3, 1, 100, 100","1, 4, 100, 100","1, 1, 9, 11","1, 1, 100, 0","1, 1, 100, 1001"}'::text[]) row;
SELECT is((SELECT string_agg((amount_fen - 2000)::text, ' ' ORDER BY amount_fen) FROM registry.standard WHERE amount_fen BETWEEN 2001 AND 2006 AND decision = 1
             AND standard_id IN (SELECT helper.standards_that_pay('370102', '4-03-02-02', 2::int2, v.mode::int2, v.grade::int2, v.day::date))), kept, format('B9: a class keeps %s %s %s', mode, grade, day))
  FROM (VALUES (1, NULL, '2026-01-01', '1 2 6'), (3, NULL, '2026-01-01', '1 2 4 6'), (3, 1, '2026-01-01', '1 2 3 4 5 6'), (1, 1, '2026-01-01', '1 2 3 6'), (1, 1, '2025-12-31', NULL)) v(mode, grade, day, kept);
SELECT is(helper.subsidy_amount(rate, units, percent, cap), fen, format('B10: %s for %s at %s percent, %s at most', rate, units, percent, cap))
  FROM (VALUES (150000::int8, 1, 100, NULL::int8, 150000::int8), (1000, 59, 100, 60000, 59000), (1000, 60, 100, 60000, 60000), (1000, 105, 100, 60000, 60000), (150001, 1, 70, NULL, 105000),
               (99999, 1, 130, NULL, 129998), (33, 3, 50, NULL, 49), (1000, 50, 130, 60000, 60000), (99999999999, 500000, 1000, NULL, 499999999995000000)) v(rate, units, percent, cap, fen);
UPDATE registry.standard SET decision = 2, decided_by = pg_temp.u(31), decided_at = now() WHERE standard_id IN (pg_temp.u(522), pg_temp.u(523), pg_temp.u(524));

/* ---- lists ---- */
CREATE FUNCTION pg_temp.listed(caller int, pending bool, day date DEFAULT NULL, division text DEFAULT NULL, before int DEFAULT NULL, page int DEFAULT 99) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(ltrim(standard_id::text, '0-'), ' ' ORDER BY place) FROM (SELECT *, row_number() OVER () AS place FROM api.standard_list(
        ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.u(before)], ARRAY[page], ARRAY[pending], ARRAY[day], ARRAY[division])) l
$$;
SELECT is(pg_temp.listed(10, false, '2026-05-31', NULL, 152), '151 100', 'what was in force on a past day');
SELECT is(pg_temp.listed(10, false, '2026-06-01', '370100', 152), '151 130', 'on another');
SELECT is(pg_temp.listed(10, false, '2026-06-01', '370200'), NULL, 'in another city');
SELECT is(pg_temp.listed(10, false, page => 1), '506 505', 'newest first, one more than the page');
SELECT is(pg_temp.listed(u, true), n, 'what is proposed, seen by ' || u) FROM (VALUES (11, '134 131 123'), (17, '134 131 123'), (32, '134 131 123'), (19, '134 131 123'), (12, NULL), (10, NULL)) v(u, n);

/* ---- policies ---- */
CREATE FUNCTION pg_temp.policy(request int, name text, value int, start date, until date DEFAULT NULL, caller int DEFAULT 11) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.policy_propose(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(value)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)],
                                           ARRAY[name], ARRAY[value::int8], ARRAY[start], ARRAY[until], '{示例文}')
$$;
SELECT is(helper.policy_value(name, '370100', '2026-01-01'), value::int8, rule || ': by default')
  FROM (VALUES ('claim_months', 12, 'B7'), ('publicity_days', 5, 'C2'), ('review_days', 10, 'C3'), ('four_eyes', 3, 'C1'), ('living_days', 30, 'B6'), ('fact_pension', 0, 'B4'), ('fact_insured', 0, 'H4')) v(name, value, rule);
SELECT is(pg_temp.policy(200, 'publicity_days', 7, '2026-01-01'), 1::int2, 'C2: seven days are proposed');
SELECT is(pg_temp.policy(200, 'publicity_days', 7, '2026-01-01'), 1::int2, 'the same request again: the first answer');
SELECT is(pg_temp.policy(201, 'maximum_age', 60, '2026-01-01'), 104::int2, 'B4: there is no such policy');
SELECT is(pg_temp.policy(1100 + n, name, value, '2026-01-01'), 105::int2, format('no %s of %s', name, value)) FROM (VALUES (1, 'four_eyes', 1), (2, 'four_eyes', 4), (3, 'fact_pension', 2), (4, 'publicity_days', 0)) v(n, name, value);
SELECT ok(EXISTS (SELECT FROM helper.policy_bounds(name) b WHERE value BETWEEN b.least_value AND b.most_value), name || ' can have its default') FROM registry.policy;
SELECT is(pg_temp.policy(1200 + u, 'review_days', 9, '2026-01-01', caller => u), 12::int2, 'not proposed by ' || u) FROM unnest('{10,17,99}'::int[]) u;
SELECT is(helper.policy_value('publicity_days', '370100', '2026-01-01'), 5::int8, 'C2: not in force yet');
SELECT is(pg_temp.decide(210, '{200}', caller => 11, kind => 2), '1 102', 'four eyes');
SELECT is(pg_temp.decide(211, '{200}', kind => 2), '1 1', 'another puts it in force');
SELECT is(helper.policy_value('publicity_days', '370102', '2026-01-01'), 7::int8, 'C2: for the city and its counties');
SELECT is(pg_temp.policy(220, 'publicity_days', 6, '2026-03-01'), 1::int2, 'a newer one');
SELECT is(pg_temp.policy(221, 'publicity_days', 8, '2026-02-01'), 1::int2, 'and one before it');
SELECT is(pg_temp.decide(222, '{220,221}', kind => 2), '1 1 103', 'one after the other');
SELECT is((SELECT valid_to FROM registry.policy WHERE division = '370100' AND name = 'publicity_days' AND value = 7), date '2026-02-28', 'it ends the older');
SELECT is(helper.policy_value('publicity_days', '370100', day::date), value::int8, 'C2: on ' || day) FROM (VALUES ('2025-12-31', 5), ('2026-02-28', 7), ('2026-03-01', 6)) v(day, value);
SELECT is(pg_temp.policy(230, 'four_eyes', 2, '2026-01-01', caller => 32), 1::int2, 'C1: the province proposes');
SELECT is(pg_temp.decide(231, '{230}', kind => 2), '1 100', 'which is no city''s to decide');
SELECT is(pg_temp.decide(232, '{230}', 32, 2, 2), '1 1', 'and takes it back');
SELECT is(pg_temp.policy(233, 'review_days', 12, '2026-01-01', caller => 33), 1::int2, 'C3: a county has its own');
CREATE FUNCTION pg_temp.policies(caller int, pending bool, day date DEFAULT NULL, division text DEFAULT '370100', after text DEFAULT NULL, page int DEFAULT 99) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('=', name, value), ' ' ORDER BY place) FROM (SELECT *, row_number() OVER () AS n FROM api.policy_list(
        ARRAY[pg_temp.u(caller)], ARRAY[after], ARRAY[page], ARRAY[pending], ARRAY[day], ARRAY[division])) l
$$;
SELECT is(pg_temp.policies(10, false, '2026-02-28'), 'class_approval=0 publicity_days=7 special_account=0', 'what was in force on a past day');
SELECT is(pg_temp.policies(10, false), 'class_approval=0 publicity_days=7 publicity_days=6 special_account=0', 'all that ever were');
SELECT is(pg_temp.policies(10, false, after => '370100,publicity_days,2026-01-01'), 'publicity_days=6 special_account=0', 'after a place');
SELECT is(pg_temp.policies(10, false, '2026-02-28', '370000', page => 1),
          (SELECT string_agg(name || '=' || value, ' ' ORDER BY name COLLATE "C") FROM (SELECT name, value FROM registry.policy WHERE division = '370000' ORDER BY name COLLATE "C" LIMIT 2) x), 'the province''s, one more than the page');
SELECT is(pg_temp.policies(u, true, NULL, NULL), n, 'what is proposed, seen by ' || u) FROM (VALUES (11, 'publicity_days=8 review_days=12'), (33, 'review_days=12'), (10, NULL), (12, NULL)) v(u, n);

/* ---- entries ---- */
SELECT is((SELECT pg_temp.bare(body) FROM acts WHERE position(uuid_send(pg_temp.u(100)) IN body) > 0 ORDER BY id LIMIT 1), '080148016a10' || replace(pg_temp.u(100)::text, '-', ''), 'an entry names the proposal');
SELECT isnt((SELECT count(*) FROM audit.entry WHERE position('\x0819'::bytea IN body) > 0), 0::int8, 'and the rows are covered');
SELECT * FROM finish();
ROLLBACK;
