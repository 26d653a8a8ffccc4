/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar that two people change; publicity counted by it on the days on which a claim was shown; what a change moves (C2, C3). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(31), pg_temp.u(2), 'x', '{approver}'), (pg_temp.u(32), pg_temp.u(4), 'x', '{approver}'), (pg_temp.u(33), pg_temp.u(7), 'x', '{approver}'),
    (pg_temp.u(34), pg_temp.u(4), 'x', '{reviewer,approver}');

/* The rows of an answer: line/outcome, and of what is moved: what, from and to which day (from today on), of how many claims. */
CREATE FUNCTION pg_temp.propose(request int, days date[], working bool[], caller int DEFAULT 17) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE WHEN what IS NULL THEN concat_ws('/', row_number, outcome)
                           ELSE concat_ws('/', CASE what WHEN 1 THEN 'publicity' ELSE 'due' END, coalesce((was - helper.today())::text, '-'), coalesce((becomes - helper.today())::text, '-'), claims) END, ' ' ORDER BY n)
      FROM api.calendar_propose(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        (SELECT array_agg(1) FROM unnest(days)), (SELECT array_agg(n::int ORDER BY n) FROM unnest(days) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(pg_temp.head()) FROM unnest(days)), (SELECT array_agg(pg_temp.u(request * 10 + n::int) ORDER BY n) FROM unnest(days) WITH ORDINALITY p(x, n)),
        days, working, (SELECT array_agg('示例文'::text) FROM unnest(days))) WITH ORDINALITY a(req, row_number, outcome, what, was, becomes, claims, claim_ids, n)
$$;
CREATE FUNCTION pg_temp.decide(request int, proposals int[], caller int DEFAULT 31, decision int DEFAULT 1) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE WHEN what IS NULL THEN concat_ws('/', row_number, outcome)
                           ELSE concat_ws('/', CASE what WHEN 1 THEN 'publicity' ELSE 'due' END, coalesce((was - helper.today())::text, '-'), coalesce((becomes - helper.today())::text, '-'), claims) END, ' ' ORDER BY n)
      FROM api.proposal_decide(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(decision)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{3}', ARRAY[decision::int2],
        (SELECT array_agg(1) FROM unnest(proposals)), (SELECT array_agg(n::int ORDER BY n) FROM unnest(proposals) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(pg_temp.head()) FROM unnest(proposals)), (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(proposals) WITH ORDINALITY p(x, n)))
        WITH ORDINALITY a(req, row_number, outcome, what, was, becomes, claims, claim_ids, n)
$$;

/* ---- two people ---- */
SELECT is(helper.working_day('370100', from_day::date, days), to_day::date, format('C2: %s working days after %s', days, from_day))
  FROM (VALUES ('2043-03-02', 5, '2043-03-09'), ('2043-03-06', 1, '2043-03-09'), ('2043-03-07', 1, '2043-03-09'), ('2043-03-06', 10, '2043-03-20'), ('2043-03-06', 0, '2043-03-06')) v(from_day, days, to_day);
SELECT is(pg_temp.propose(300, '{2043-03-09,2043-03-14}', '{f,t}'), '0/1 1/1 2/1', 'C2: a holiday, and a Saturday that is worked, are proposed');
SELECT is(pg_temp.propose(300, '{2043-03-09,2043-03-14}', '{f,t}'), '0/1 1/1 2/1', 'the same request again: the first answer');
SELECT is(pg_temp.propose(301, '{2043-03-09,2043-03-16}', '{f,f}', 11), '0/1 1/47 2/1', 'proposed already; new');
SELECT is(helper.working_day('370100', '2043-03-06', 1), date '2043-03-09', 'C2: one person moves nothing');
SELECT is(pg_temp.propose(1300 + u, '{2043-03-09}', '{t}', u), '0/12', 'not proposed by ' || u) FROM unnest('{10,20,33,19,99}'::int[]) u;
SELECT is(pg_temp.decide(2000 + u, '{3001,3002}', u), '0/12', 'not decided by ' || u) FROM unnest('{10,17,19,20}'::int[]) u;
SELECT is(pg_temp.decide(311, '{3012}', 11), '0/1 1/102', 'four eyes: who proposed does not put in force');
SELECT is(pg_temp.decide(1310 + u, '{3001}', u), '0/1 1/100', 'nor does another division: ' || u) FROM unnest('{12,32,33}'::int[]) u;
SELECT is(pg_temp.decide(312, '{3001,3002,3012,999}'), '0/1 1/1 2/1 3/1 4/100', 'another of the bureau does');
SELECT is(pg_temp.decide(312, '{3001,3002,3012,999}'), '0/1 1/1 2/1 3/1 4/100', 'the same request again: the first answer');
SELECT is(pg_temp.decide(313, '{3001}'), '0/1 1/101', 'it is decided once');
SELECT is(pg_temp.propose(302, '{2043-03-09}', '{f}'), '0/1 1/47', 'in force already');
SELECT is(helper.working_day(division, '2043-03-06', days), to_day::date, format('C2: %s in %s', days, division))
  FROM (VALUES ('370100', 1, '2043-03-10'), ('370102', 5, '2043-03-14'), ('370100', 6, '2043-03-17'), ('370200', 1, '2043-03-09')) v(division, days, to_day);
SELECT is(pg_temp.propose(303, '{2043-03-09,2043-03-10}', '{t,f}', 34), '0/1 1/1 2/1', 'C2: the province says otherwise');
SELECT is(pg_temp.decide(314, '{3031,3032}', 34), '0/1 1/102 2/102', 'nor by oneself there');
SELECT is(pg_temp.decide(315, '{3031,3032}', 32), '0/1 1/1 2/1', 'by two of the province''s');
SELECT is(helper.working_day(division, '2043-03-06', 1), to_day::date, 'the city''s word counts before the province''s: ' || division) FROM (VALUES ('370100', '2043-03-11'), ('370200', '2043-03-09'), ('371000', '2043-03-09')) v(division, to_day);
SELECT is(pg_temp.propose(304, '{2043-03-09}', '{t}') || ' ' || pg_temp.decide(316, '{3041}'), '0/1 1/1 0/1 1/1', 'another word');
SELECT is(helper.working_day('370100', '2043-03-06', 1), date '2043-03-09', 'replaces the one before');
SELECT is(pg_temp.propose(305, '{2043-03-20}', '{f}') || ' ' || pg_temp.decide(317, '{3051}', 17, 2) || ' ' || pg_temp.decide(318, '{3051}', 11, 2), '0/1 1/1 0/12 0/1 1/1', 'rejected by an approver');
SELECT is(helper.working_day('370100', '2043-03-19', 1), date '2043-03-20', 'and not in force');
SELECT throws_ok($$ UPDATE registry.calendar_proposal SET decision = 1, decided_by = proposed_by, decided_at = now() WHERE proposal_id = pg_temp.u(3061) $$, '23514', NULL,
                 'four eyes: a constraint') FROM pg_temp.propose(306, '{2043-03-23}', '{f}');
CREATE FUNCTION pg_temp.listed(caller int, pending bool, after text DEFAULT NULL, page int DEFAULT 99, division text DEFAULT '370100') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', day, working, ltrim(proposal_id::text, '0-')), '; ' ORDER BY place)
      FROM api.calendar_list(ARRAY[pg_temp.u(caller)], ARRAY[after], ARRAY[page], ARRAY[division], ARRAY[date '2043-01-01'], ARRAY[pending])
$$;
SELECT is(pg_temp.listed(10, false, '2043-03-09', 1), '2043-03-14 t; 2043-03-16 f', 'the days in force, after one, one more than the page');
SELECT is(pg_temp.listed(u, true), n, 'what is proposed, seen by ' || u) FROM (VALUES (11, '2043-03-23 f 3061'), (17, '2043-03-23 f 3061'), (32, '2043-03-23 f 3061'), (12, NULL), (10, NULL)) v(u, n);

/* ---- what is counted: every day is worked, so that days are counted from today ---- */
INSERT INTO registry.calendar_day (division, day, working, counted, citation, operator_id, request_id)
SELECT '370100', helper.today() + n, true, true, '示例文', pg_temp.u(11), pg_temp.u(9) FROM generate_series(-60, 90) n;
/* A claim that took steps into states on days from today on; publicity is five days. */
CREATE FUNCTION pg_temp.claim(claim int, states int[], days int[], division text DEFAULT '370100') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at int := states[cardinality(states)];
    before int := CASE WHEN at = 10 THEN states[cardinality(states) - 1] END;
BEGIN
    INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, request_id, stepped_at)
    SELECT pg_temp.u(claim), n, 2, states[n], pg_temp.u(17), pg_temp.u(9), (helper.today() + days[n] + time '12:00') AT TIME ZONE 'Asia/Shanghai' FROM generate_series(1, cardinality(states)) n;
    INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, occupation_code, level, certificate_kind,
                                trainee_group, year, amount_fen, submitted_by, state, state_before, version, publicity_days, shown, publicity_until, due_on)
    SELECT pg_temp.u(claim), pg_temp.u(claim), pg_temp.u(claim), 202600001, pg_temp.u(1), division, 1, '4-10-01-06', 2, 2, 7, 2026, 100, pg_temp.u(10), at, before,
           cardinality(states), CASE WHEN 5 IN (at, before) THEN 5 END, shown, helper.publicity_end(division, 5, shown), CASE at WHEN 5 THEN helper.working_day(division, greatest(helper.publicity_end(division, 5, shown), helper.today() + days[cardinality(days)]), 1)
                                                           ELSE helper.working_day(division, helper.today() + days[cardinality(days)], 10) END
      FROM (SELECT range_agg(daterange(helper.today() + days[n] + 1, helper.today() + days[n + 1])) AS shown
              FROM generate_series(1, cardinality(states)) n WHERE states[n] = 5 AND coalesce(days[n + 1] > days[n] + 1, true)) u;
    PERFORM pg_temp.completed(202600001, pg_temp.u(claim));
    INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
    VALUES (pg_temp.u(claim), pg_temp.h(claim), 2, pg_temp.u(claim), pg_temp.u(1), 202600001, '4-10-01-06', 2, helper.today() - 30, 's', pg_temp.h(1), pg_temp.u(9));
END $$;
CREATE FUNCTION pg_temp.until(which int) RETURNS int LANGUAGE sql AS $$ SELECT publicity_until - helper.today() FROM registry.claim WHERE claim_id = pg_temp.u(which) $$;
CREATE FUNCTION pg_temp.due(which int) RETURNS int LANGUAGE sql AS $$ SELECT due_on - helper.today() FROM registry.claim WHERE claim_id = pg_temp.u(which) $$;
CREATE FUNCTION pg_temp.step(request int, which int, action int, caller int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.claim_decide(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[action::int2], '{示例}', '{f}', '{0}',
        '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[pg_temp.u(which)], ARRAY[(SELECT c.version FROM registry.claim c WHERE c.claim_id = pg_temp.u(which))])
$$;
CREATE FUNCTION pg_temp.approvable(which int) RETURNS bool LANGUAGE sql AS $$
    SELECT NOT 121 = ANY (helper.claim_obstacles(c)) FROM registry.claim c WHERE c.claim_id = pg_temp.u(which)
$$;

SELECT is(concat_ws(' ', pg_temp.until(v.claim), pg_temp.approvable(v.claim)), concat_ws(' ', v.until, v.approvable), 'C2: ' || what)
  FROM (VALUES (5001, '{5}'::int[], '{-6}'::int[], -1, true, 'five whole days'),
               (5002, '{5}', '{-5}', 0, false, 'four, and today'),
               (5003, '{5,10}', '{-30,-30}', NULL, false, 'suspended on the very day'),
               (5004, '{5,10,5}', '{-30,-30,-1}', 4, false, 'suspended on the very day, resumed yesterday'),
               (5005, '{5,10,5}', '{-10,-8,-5}', -1, true, 'one day before it was suspended, four after it was resumed'),
               (5006, '{5,10,5}', '{-10,-8,-4}', 0, false, 'one day before, three after, and today'),
               (5007, '{5,10,5}', '{-20,-20,-20}', -15, true, 'suspended and resumed on the first day'),
               (5008, '{5,10,5}', '{-20,-16,-16}', -14, true, 'suspended and resumed on one day, which does not count'),
               (5009, '{5,10,5,10,5}', '{-40,-38,-35,-33,-30}', -27, true, 'suspended twice'),
               (5010, '{5,10}', '{-30,-20}', -25, true, 'suspended when it was over')) v(claim, states, days, until, approvable, what)
 CROSS JOIN LATERAL pg_temp.claim(v.claim, v.states, v.days) made;
SELECT is(pg_temp.step(401, 5003, 13, 31), '1', 'C2: resumed');
SELECT is(pg_temp.until(5003), 5, 'all of its days run from then on');
SELECT is(pg_temp.step(402, 5005, 12, 31) || pg_temp.until(5005), '1-1', 'C2: suspended when it was over');
SELECT is(pg_temp.step(403, 5005, 13, 31) || pg_temp.until(5005) || pg_temp.due(5005), '1-11', 'and is when it is resumed');
SELECT is(pg_temp.step(404, 5006, 7, 31) || coalesce(pg_temp.until(5006)::text, '-'), '1-', 'C2: an objection on the last day: it has no end');
SELECT is(pg_temp.step(405, 5006, 13, 31) || pg_temp.until(5006), '11', 'and the day it lacked is tomorrow');

/* ---- what a change moves ---- */
SELECT pg_temp.claim(5021, '{1}', '{-2}'), pg_temp.claim(5022, '{1}', '{-2}', '370102'), pg_temp.claim(5023, '{5}', '{-2}'), pg_temp.claim(5024, '{5}', '{-2}', '370200'),
       pg_temp.claim(5025, '{5}', '{-6}'), pg_temp.claim(5026, '{5,10}', '{-3,-1}'), pg_temp.claim(5027, '{9}', '{-2}'), pg_temp.claim(5028, '{1}', '{-30}');
DELETE FROM registry.claim WHERE claim_id BETWEEN pg_temp.u(5001) AND pg_temp.u(5010);
SELECT is(concat_ws(' ', pg_temp.due(5021), pg_temp.until(5023), pg_temp.due(5023), pg_temp.until(5025), pg_temp.due(5026)), '8 3 4 -1 9', 'before');
SELECT is(pg_temp.propose(500, ARRAY[helper.today() + 1, helper.today() + 2], '{f,f}'), '0/1 1/1 2/1 publicity/3/5/1 due/4/6/1 due/8/10/2 due/9/11/1',
          'C2, C3: two coming days of rest would move so many');
SELECT is(concat_ws(' ', pg_temp.due(5021), pg_temp.until(5023), pg_temp.due(5023)), '8 3 4', 'and move none yet');
SELECT is((SELECT count(*) FROM registry.claim WHERE claim_id BETWEEN pg_temp.u(5021) AND pg_temp.u(5028) AND xmax <> '0'), 0::int8, 'nor touch any to find that out');
SELECT is(pg_temp.propose(500, ARRAY[helper.today() + 1, helper.today() + 2], '{f,f}'), '0/1 1/1 2/1 publicity/3/5/1 due/4/6/1 due/8/10/2 due/9/11/1', 'the same request again: the first answer');
SELECT is(pg_temp.decide(501, '{5001,5002}'), '0/1 1/1 2/1 publicity/3/5/1 due/4/6/1 due/8/10/2 due/9/11/1', 'C2, C3: put in force, they do');
SELECT is(pg_temp.decide(501, '{5001,5002}'), '0/1 1/1 2/1 publicity/3/5/1 due/4/6/1 due/8/10/2 due/9/11/1', 'the same request again: the first answer');
SELECT is(concat_ws(' ', pg_temp.due(5021), pg_temp.due(5022), pg_temp.until(5023), pg_temp.due(5023), pg_temp.until(5025), pg_temp.due(5026)), '10 10 5 6 -1 11', 'C2, C3: which moved');
SELECT is((SELECT array_agg(DISTINCT c) FROM registry.calendar_move m, unnest(m.claim_ids) c WHERE request_id = pg_temp.u(501)),
          ARRAY[pg_temp.u(5021), pg_temp.u(5022), pg_temp.u(5023), pg_temp.u(5026)], 'and are named: not another city''s, one that is over, or one that was due before');
SELECT is(pg_temp.approvable(5025), true, 'C2: publicity was over');
SELECT is(pg_temp.propose(510, ARRAY[helper.today() - 2, helper.today() - 3, helper.today() - 4], '{f,f,f}', 11) || ' ' || pg_temp.decide(511, '{5101,5102,5103}', 31),
          '0/1 1/1 2/1 3/1 publicity/-1/4/1 due/0/5/1 0/1 1/1 2/1 3/1 publicity/-1/4/1 due/0/5/1', 'C2: three of its days were none after all: it is not');
SELECT is(pg_temp.approvable(5025), false, 'and the claim waits for three others');
SELECT is(pg_temp.propose(520, ARRAY[helper.today() - 2, helper.today() - 3, helper.today() - 4], '{t,t,t}', 11) || ' ' || pg_temp.decide(521, '{5201,5202,5203}', 31),
          '0/1 1/1 2/1 3/1 publicity/4/-1/1 due/5/0/1 0/1 1/1 2/1 3/1 publicity/4/-1/1 due/5/0/1', 'C2: they were entered wrongly, and count again when that is mended');
SELECT is(pg_temp.approvable(5025), true, 'and publicity is over, as it was');
UPDATE registry.calendar_day SET working = false, counted = false, was_worked = false WHERE division = '370100' AND day BETWEEN helper.today() - 4 AND helper.today() - 2;
UPDATE registry.claim SET publicity_until = helper.today() + 4, due_on = helper.today() + 5 WHERE claim_id = pg_temp.u(5025);
SELECT is(pg_temp.propose(525, ARRAY[helper.today() - 2, helper.today() - 3, helper.today() - 4], '{t,t,t}') || ' ' || pg_temp.decide(526, '{5251,5252,5253}', 31), '0/1 1/1 2/1 3/1 0/1 1/1 2/1 3/1',
          'C2: days that were of rest when they ended become no working days any more');
SELECT is(pg_temp.propose(527, ARRAY[helper.today() - 2], '{f}', 11) || ' ' || pg_temp.decide(528, '{5271}', 31), '0/1 1/1 0/1 1/1', 'C2: one of them is of rest again');
SELECT is(pg_temp.propose(533, ARRAY[helper.today() - 2], '{t}', 11) || ' ' || pg_temp.decide(534, '{5331}', 31), '0/1 1/1 0/1 1/1', 'C2: nor do they by way of rest');
SELECT is(pg_temp.approvable(5025), false, 'and end no publicity');
SELECT is(pg_temp.propose(530, ARRAY[helper.today() + 1, helper.today() + 2], '{t,t}', 11) || ' ' || pg_temp.decide(531, '{5301,5302}', 31),
          '0/1 1/1 2/1 publicity/4/2/1 publicity/5/3/1 due/5/3/1 due/6/4/1 due/10/8/2 due/11/9/1 0/1 1/1 2/1 publicity/4/2/1 publicity/5/3/1 due/5/3/1 due/6/4/1 due/10/8/2 due/11/9/1',
          'C2, C3: what is to come moves back');
UPDATE registry.claim SET publicity_until = helper.today() - 1 WHERE claim_id = pg_temp.u(5023);
SELECT is(pg_temp.step(540, 5023, 8, 31), '121', 'C2: approval counts anew, whatever end is stored');

/* ---- what the State Council announced ---- */
SELECT is(helper.worked('370400', d::date, false), w, format('C2: %s', d)) FROM (VALUES ('2026-10-01', false), ('2026-10-07', false), ('2026-10-10', true),
    ('2019-05-01', false), ('2026-10-09', true), ('2018-02-11', true)) v(d, w);
SELECT is(helper.working_day('370400', '2026-09-30', 1), date '2026-10-08', 'C2: the National Day''s days are none of work');
SELECT is(helper.working_day('370400', '2026-12-31', 1), date '2027-01-01', 'C2: of a year that nobody has announced weekdays count');
SELECT is(helper.calendar_known('370400'), date '2026-12-31', 'up to the last year that is known');
INSERT INTO registry.calendar_day (division, day, working, counted, citation, operator_id, request_id)
SELECT '370400', date '2027-01-01' + n, false, false, '示例', pg_temp.u(1), pg_temp.u(1) FROM generate_series(0, 9) n;
SELECT is(helper.calendar_known('370400'), date '2026-12-31', 'ten days of rest are no year');
INSERT INTO registry.calendar_day (division, day, working, counted, citation, operator_id, request_id)
VALUES ('370000', '2027-10-01', false, false, '示例', pg_temp.u(1), pg_temp.u(1)), ('370400', '2026-10-01', true, true, '示例', pg_temp.u(1), pg_temp.u(1));
SELECT is(helper.calendar_known('370402'), date '2027-12-31', 'the city''s and the province''s together are');
SELECT is(helper.calendar_known('370500'), date '2026-12-31', 'not another city''s');
SELECT is(helper.worked('370400', '2026-10-01', true), true, 'the city''s word stands before the State Council''s');
SELECT is((SELECT count(*) FROM api.calendar_list(ARRAY[pg_temp.u(10)], ARRAY[NULL], ARRAY[1000], ARRAY['370500'], ARRAY[date '2026-01-01'], '{f}', ARRAY[all_])), n,
          'the State Council''s days are listed when asked for: ' || all_) FROM (VALUES (true, 39::int8), (false, 0)) v(all_, n);

SELECT * FROM finish();
ROLLBACK;
