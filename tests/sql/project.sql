/* SPDX-License-Identifier: Apache-2.0 */
/* Projects: their steps, heads, money and employment (E). */
BEGIN;
\ir fixture.psql
\ir project.psql
SELECT no_plan();

/* ---- steps ---- */
SELECT is(pg_temp.call(1000, caller => 10), '12', 'E5: an institution calls for no project');
SELECT is(pg_temp.call(999, caller => 13), '12', 'nor does the province');
SELECT is(pg_temp.call(1001, occupation => '9-99-99-99'), '10', 'nor anybody for an unknown occupation');
SELECT is(pg_temp.call(1002), '1', 'a bureau does');
SELECT is(pg_temp.call(1002), '1', 'the same again is the same answer');
SELECT is((SELECT string_agg(concat_ws('/', metric, threshold, pay_percent), ' ' ORDER BY tier) FROM registry.project_tier WHERE project_id = pg_temp.u(1002)), '1/0/60 2/85/100',
          'E9: without tiers of its own it has those of the plan');
SELECT is(pg_temp.take(1, 1002, 2, 17), '12', 'C1: a reviewer lists nothing');
SELECT is(pg_temp.call(1003, caller => 33), '1', 'who is reviewer and approver calls');
SELECT is(pg_temp.take(2, 1003, 2, 33), '269', 'C1: who called for a project does not list it');
SELECT is(pg_temp.take(3, 1002, 3, 31), '268', 'E: what is not listed is not awarded');
SELECT is(pg_temp.take(4, 1002, 2, 31, version => 9), '14', 'nor is what was seen otherwise');
SELECT is(pg_temp.take(5, 1002, 2, 31), '1 2', 'listed by another');
SELECT is(pg_temp.take(5, 1002, 2, 31), '1 2', 'the same again is the same answer');
CREATE FUNCTION pg_temp.seen(caller int) RETURNS int8 LANGUAGE sql AS $$
    SELECT count(*) FROM registry.project p, helper.acting a WHERE p.project_id = pg_temp.u(1002) AND a.operator_id = pg_temp.u(caller) AND helper.project_seen(a, p)
$$;
SELECT is(concat_ws(' ', pg_temp.seen(10), pg_temp.seen(17), pg_temp.seen(18), pg_temp.seen(12), pg_temp.seen(20)), '1 1 0 0 0', 'E5: what is listed is seen by the institutions of its city and its bureau, and by no other city''s nor a county''s');
SELECT is(pg_temp.take(6, 1002, 3, 31, code => '11370100000000035L'), '270', 'E: a bureau is no institution');
/* 36 and 37 are one human, of the institution and of the bureau */
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(970), pg_temp.h(970), 's');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (pg_temp.u(36), pg_temp.u(1), 'x', '{clerk}', pg_temp.u(970)), (pg_temp.u(37), pg_temp.u(2), 'x', '{clerk,reviewer,approver}', pg_temp.u(970));
SELECT is(pg_temp.take(699, 1002, 3, 37), '280', 'C1: who belongs to an institution awards it nothing, as whose approver ever');
SELECT is(pg_temp.take(7, 1002, 3, 31), '1 3', 'awarded');
SELECT is(pg_temp.take(8, 1002, 4, 18), '267', 'E: another institution does not see what it was not awarded');
SELECT is(pg_temp.take(9, 1002, 4, 10), '1 4', 'accepted');
SELECT is(pg_temp.take(10, 1002, 3, 12), '267', 'another city does not see it either');

SELECT pg_temp.trained(100, ARRAY(SELECT generate_series(1, 50)), '{49,50}') AS class \gset
SELECT pg_temp.open(110, capacity => 10, level => 2, starts => helper.today() - 400, ends => helper.today() - 390) AS early \gset
SELECT is(pg_temp.take(11, 1002, 5, 10, class => :early), '271', 'E6: a class before the project''s days is not of it');
SELECT is(pg_temp.take(12, 1002, 8, 34), '268', 'E6: what has no class is not carried out');
SELECT is(pg_temp.take(13, 1002, 5, 10, class => :class), '1 5', 'it runs with its first class');
SELECT is(pg_temp.take(14, 1002, 5, 10, class => :class), '272', 'which is of one project');
SELECT is(pg_temp.take(15, 1002, 8, 34), '274', 'E6: what was not inspected is not carried out');
SELECT is(pg_temp.take(16, 1002, 7, 34, passed => false), '1 5', 'an inspection that finds fault');
SELECT is(pg_temp.take(17, 1002, 8, 34), '274', 'E6: nor is it then');
SELECT is(pg_temp.take(18, 1002, 7, 34), '1 5', 'one that finds all in order');
UPDATE registry.class SET state = 2 WHERE class_number = :class;
SELECT is(pg_temp.take(19, 1002, 8, 34), '273', 'E6: as long as a class is not completed it is not carried out');
UPDATE registry.class SET state = 3 WHERE class_number = :class;
SELECT is(pg_temp.take(20, 1002, 13, 34), '1 11', 'suspended');
SELECT is(pg_temp.take(21, 1002, 8, 34), '268', 'E6: nor is it under a hold');
SELECT is(pg_temp.take(22, 1002, 14, 34), '1 5', 'it goes on where it was');

/* ---- heads ---- */
SELECT pg_temp.register(7001, 3, '{1,2}'), pg_temp.register(7002, 7, '{3}');
SELECT is(pg_temp.take(23, 1002, 17, 10), '268', 'E1: before it is carried out nothing is due');
SELECT is(pg_temp.take(24, 1002, 8, 34), '1 6', 'carried out');
SELECT is(pg_temp.came_to(1002), '45 6750000: 1x2 3x2 4x1', 'E5: 45 of 50 count: two did not complete, two draw a pension, one is at school');
SELECT is((SELECT helper.project_remark(p) FROM registry.project p WHERE project_id = pg_temp.u(1002)), '实际培训50人，提交48人，2人享受养老，1人为在校生，核准45人', 'E5: as bureaus print it');
SELECT is((SELECT count(*) || ' ' || count(DISTINCT p.person_id) FROM registry.claim_place p JOIN registry.project_head h USING (head_id) WHERE h.project_id = pg_temp.u(1002)), '45 45',
          'E7: each head that counts has a place of the year');
SELECT is((SELECT count(*) FROM registry.claim_once o JOIN registry.project_head h USING (head_id) WHERE h.project_id = pg_temp.u(1002)), 45::int8, 'E7: and that of its occupation and level');
UPDATE registry.enrolment SET result = 1 WHERE class_number = :class AND seat = 49;
SELECT is(pg_temp.came_to(1002), '45 6750000: 1x2 3x2 4x1', 'E6: what changes afterwards changes no head by itself');

/* ---- E3: nobody is claimed for whose training a project pays ---- */
INSERT INTO registry.standard (standard_id, division, line, basis, occupation_code, level, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (pg_temp.u(800), '370100', 1, 1, '4-10-01-06', 2, 150000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9));
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
SELECT pg_temp.u(700 + n), pg_temp.h(700 + n), 2, pg_temp.person(n), pg_temp.u(1), :class, '4-10-01-06', 2, helper.today() - 20, 's', pg_temp.h(n), pg_temp.u(9) FROM unnest('{1,4}'::int[]) n;
CREATE FUNCTION pg_temp.submit(request int, certificate int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY outcome) FILTER (WHERE row_number > 0) FROM api.claim_submit(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], '{3}', '{f}', '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[pg_temp.h(700 + certificate)],
        '{P-1}', '{t}', '{0}', ARRAY[pg_temp.u(5000 + certificate)])
$$;
SELECT is(pg_temp.submit(200, 4), '116', 'E3, B3: a head that counts is not claimed for');
SELECT is(pg_temp.submit(201, 1), '1', 'E3: one that does not count may be');
SELECT is(pg_temp.adjust(202, 1002, 10, 34, :class, '{1}'), '1: 282', 'E7: who has been claimed for is not counted');
SELECT is(helper.places_taken(ARRAY[pg_temp.person(4)], extract(year FROM helper.today())::int2), 1::int8, 'E3: a head counts as one of the three');

/* ---- advance ---- */
SELECT is(pg_temp.take(30, 1002, 17, 18), '267', 'E8: another institution asks for nothing');
SELECT is(pg_temp.take(31, 1002, 17, 10), '1 6 1 4050000', 'E1, E8: 60 percent');
SELECT is(pg_temp.take(32, 1002, 17, 10), '276', 'E8: once');
SELECT is(pg_temp.adjust(33, 1002, 9, 34, :class, '{5}'), '285:', 'a head is not struck while money is under way');
SELECT is(pg_temp.decide(34, 1002, 19, 11, 1), '279', 'C1: what was not reviewed is not approved');
SELECT is(pg_temp.decide(35, 1002, 18, 34, 1), '1', 'reviewed');

SELECT is(pg_temp.decide(37, 1002, 19, 11, 4), '1', 'approved');
SELECT is(pg_temp.decide(38, 1002, 21, 21, 6, reason => NULL), '52', 'C5: a payment has its reference');
SELECT is(pg_temp.decide(39, 1002, 21, 21, 6), '1', 'paid, where the account is kept elsewhere');
SELECT is((SELECT concat_ws(' ', state, granted_fen, paid_fen) FROM registry.project WHERE project_id = pg_temp.u(1002)), '7 4050000 4050000', 'E8: the advance is paid');

SELECT is(pg_temp.evidence(40, 1002, :class, '{1,99}', 4), '1: 1 281', 'E4: evidence is of a head, by its class and seat');
SELECT is(pg_temp.evidence(41, 1002, :class, '{1}', 4), '1: 47', 'the same again is unchanged');
SELECT is(pg_temp.evidence(42, 1002, :class, '{2}', 4, caller => 18), '267:', 'E11: another institution records none');
SELECT is(pg_temp.evidence(43, 1002, :class, ARRAY(SELECT generate_series(2, 30)), 4), '1: 1', 'E11: licences');
SELECT pg_temp.register(7003, 2, ARRAY(SELECT generate_series(31, 40)), since => 10, unit => '91370100MA3EXAMPLE');
SELECT is(pg_temp.take(44, 1002, 11, 17), '1 8 1 0', 'E13: a first run: 40 of 48 are 4,000 < 4,080, nothing is due');
SELECT is((SELECT concat_ws(' ', employed, base, pay_percent, array_length(snapshots, 1)) FROM registry.project_run WHERE project_id = pg_temp.u(1002) AND run = 1), '40 48 60 1', 'E10, H18: by whom, and which snapshot');
SELECT is((SELECT string_agg(DISTINCT concat_ws(' ', kind, employer, snapshot_id IS NOT NULL), '; ' ORDER BY concat_ws(' ', kind, employer, snapshot_id IS NOT NULL)) FROM registry.project_evidence e
             JOIN registry.project_head h USING (head_id) WHERE h.project_id = pg_temp.u(1002)), '1 91370100MA3EXAMPLE t; 4 f', 'E4, E11: what the snapshot says is evidence with its source');
SELECT is(pg_temp.take(45, 1002, 17, 10), '276', 'E2: below 85 percent the balance is not due');
SELECT is(pg_temp.evidence(46, 1002, :class, '{41}', 4), '1: 1', 'one more');
SELECT is(pg_temp.take(47, 1002, 11, 17), '1 8 2 2700000', 'E10: 41 of 48 are 4,100 >= 4,080: the balance is due');
SELECT throws_ok($$ UPDATE registry.project_run SET employed = 0 $$, NULL, NULL, 'E13: a run is never changed');
SELECT is(pg_temp.take(48, 1002, 17, 10), '1 8 1 2700000', 'asked for');
SELECT is(pg_temp.decide(49, 1002, 18, 10, 1), '12', 'C1: not reviewed by the institution');
SELECT is(pg_temp.decide(50, 1002, 18, 34, 1), '1', 'reviewed');
SELECT is(pg_temp.decide(51, 1002, 19, 11, 4), '1', 'approved');
SELECT is(pg_temp.decide(52, 1002, 21, 21, 6), '1', 'paid');
SELECT is((SELECT concat_ws(' ', state, granted_fen, paid_fen, total_fen) FROM registry.project WHERE project_id = pg_temp.u(1002)), '9 6750000 6750000 6750000', 'E2: the total exactly, and settled');
SELECT is(pg_temp.take(53, 1002, 11, 17), '268', 'E13: afterwards nothing is verified');

/* ---- what is found afterwards ---- */
SELECT is(pg_temp.adjust(54, 1002, 9, 34, :class, '{6}'), '12:', 'E13: once it is settled a reviewer strikes nobody');
SELECT is(pg_temp.adjust(55, 1002, 9, 31, :class, '{6}', fraud => true), '1: 1', 'an approver does');
SELECT is((SELECT concat_ws(' ', state, counted, total_fen, recover_fen) FROM registry.project WHERE project_id = pg_temp.u(1002)), '13 44 6600000 150000', 'E9: what was paid for it is to be given back');
SELECT is((SELECT count(*) FROM registry.claim_place WHERE person_id = pg_temp.person(6)), 1::int8, 'E7: for fraud the places stay taken');
SELECT is(pg_temp.take(56, 1002, 16, 21, tranche => (SELECT tranche_id FROM registry.tranche WHERE project_id = pg_temp.u(1002) AND kind = 2), fen => 150001), '286', 'E9: no more comes back than is owed');

SELECT is(left(pg_temp.take(58, 1002, 16, 21, tranche => (SELECT tranche_id FROM registry.tranche WHERE project_id = pg_temp.u(1002) AND kind = 2), fen => 150000), 3), '1 8', 'it came back');
SELECT is((SELECT concat_ws(' ', recover_fen, recovered_fen) FROM registry.project WHERE project_id = pg_temp.u(1002)), '0 150000', 'and is booked');
SELECT is(pg_temp.adjust(59, 1002, 9, 34, :class, '{7}'), '1: 1', 'another for error');
SELECT is((SELECT count(*) FROM registry.claim_place WHERE person_id = pg_temp.person(7)), 0::int8, 'E7: whose places are free again');

/* ---- advance and balance are the total, for every total ---- */
SELECT is((SELECT string_agg(t::text, ' ') FROM (SELECT generate_series(1, 2000)::int8 AS t UNION ALL SELECT (random() * 1e12)::int8 + 1 FROM generate_series(1, 20000) UNION ALL SELECT 1000000000000) x
            CROSS JOIN LATERAL (SELECT helper.project_percent(t, 60) AS a) y WHERE a + (helper.project_percent(t, 100) - a) <> t OR a * 100 > t * 60 OR (a + 1) * 100 <= t * 60), NULL,
          'E1, E2, E8: the advance is 60 percent down to the fen, and the balance carries the rest');
SELECT is((SELECT count(*) FROM (SELECT 1 + (random() * 1e12)::int8 AS total, 1 + (random() * 300)::int8 AS heads FROM generate_series(1, 300)) x
            WHERE (SELECT sum(helper.project_share(total, n, heads)) FROM generate_series(1, heads) n) <> total), 0::int8, 'E5: the shares of a capped total are the total');

/* ---- tiers ---- */
SELECT is(pg_temp.call(1100, tiers => '{1,0,0,2,50,60,2,65,80,2,80,100}'), '1', 'E9: another city''s tiers');
SELECT pg_temp.trained(120, ARRAY(SELECT generate_series(101, 110))) AS class \gset
SELECT is(pg_temp.running(60, 1100, :class), '1 2; 1 3; 1 4; 1 5; 1 5', 'running');
SELECT is(pg_temp.take(65, 1100, 8, 34), '1 6', 'carried out');
SELECT is(pg_temp.take(66, 1100, 17, 10), '1 6 1 900000', 'the advance');
SELECT is(pg_temp.paid(67, 1100), '1 1 1', 'paid');
SELECT is(pg_temp.evidence(70, 1100, :class, '{1,2,3,4}', 4), '1: 1', 'four are employed');
SELECT is(pg_temp.take(71, 1100, 11, 17), '1 8 1 -900000', 'E9: below half nothing is earned: the advance is too much, as it stands');
SELECT is((SELECT state FROM registry.project WHERE project_id = pg_temp.u(1100)), 8::int2, 'E13: which a later run may still mend');
SELECT is(pg_temp.evidence(72, 1100, :class, '{5,6,7}', 4), '1: 1', 'seven are');
SELECT is(pg_temp.take(73, 1100, 11, 17), '1 8 2 300000', 'E9: from 65 percent 80 percent are due');
SELECT is(pg_temp.take(74, 1100, 12, 31), '277', 'E2: before its closing day it is not closed');
SELECT is(pg_temp.take(75, 1100, 17, 10), '1 8 1 300000', 'asked for');
SELECT is(pg_temp.paid(76, 1100), '1 1 1', 'paid');
UPDATE registry.project SET closes_on = helper.today() - 1, starts_on = helper.today() - 100, ends_on = helper.today() - 2 WHERE project_id = pg_temp.u(1100);
SELECT is(pg_temp.take(79, 1100, 11, 17), '277', 'E2: after its closing day nothing is verified');
SELECT is(pg_temp.take(80, 1100, 12, 31), '1 10', 'E2: closed with what it has reached');

SELECT is(pg_temp.call(1101, tiers => '{1,0,0,2,50,60}'), '1', 'E9: one that earns nothing by itself');
SELECT pg_temp.trained(130, ARRAY(SELECT generate_series(121, 130))) AS class \gset
SELECT pg_temp.running(81, 1101, :class), pg_temp.take(86, 1101, 8, 34), pg_temp.take(87, 1101, 17, 10), pg_temp.paid(88, 1101);
UPDATE registry.project SET closes_on = helper.today() - 1, starts_on = helper.today() - 100, ends_on = helper.today() - 2 WHERE project_id = pg_temp.u(1101);
SELECT is(pg_temp.take(92, 1101, 12, 31), '1 13', 'E9: what was advanced is recovered');
SELECT is((SELECT recover_fen FROM registry.project WHERE project_id = pg_temp.u(1101)), 900000::int8, 'all of it');

/* ---- what counts as employment ---- */
SELECT is(pg_temp.call(1300), '1', 'E11: evidence');
SELECT pg_temp.trained(150, ARRAY(SELECT generate_series(161, 172))) AS class \gset
SELECT pg_temp.running(320, 1300, :class), pg_temp.take(325, 1300, 8, 34);
UPDATE registry.project SET evidence_kinds = 1 + 4 + 8, employment_days = 25 WHERE project_id = pg_temp.u(1300);
SELECT pg_temp.evidence(330, 1300, :class, '{1}', 2), pg_temp.evidence(331, 1300, :class, '{2}', 4, since => 31), pg_temp.evidence(332, 1300, :class, '{3}', 4, since => 4),
       pg_temp.evidence(333, 1300, :class, '{4}', 3, months => 11), pg_temp.evidence(334, 1300, :class, '{5}', 4, employer => '52370100300000010X'),
       pg_temp.evidence(335, 1300, :class, '{6,7}', 3, months => 12, employer => '91370100MA3EXAMPLE'), pg_temp.evidence(336, 1300, :class, '{8}', 4, since => 30),
       pg_temp.evidence(337, 1300, :class, '{9}', 4, since => 5);
SELECT pg_temp.register(7004, 2, '{166}', since => 300, unit => '91370100MA3EXAMPLE');
SELECT is(left(pg_temp.take(340, 1300, 11, 17), 5), '1 8 1', 'a run');
CREATE FUNCTION pg_temp.found(project int, run int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat(h.seat, ':', r.unmet), ' ' ORDER BY h.seat) FROM registry.project_run_head r JOIN registry.project_head h USING (head_id)
     WHERE r.project_id = pg_temp.u(project) AND r.run = found.run
$$;
SELECT is(pg_temp.found(1300, 1), '1:2 2:3 3:4 4:5 5:7 6:6 7: 8: 9: 10:1 11:1 12:1', 'E11, E12: registered is not accepted, before the end of the class, too late, a contract too short, '
          'the institution itself, the employer of before; a contract of a year, from the last day of the class, on the last day of the window');
SELECT is((SELECT outcome FROM api.evidence_withdraw(ARRAY[pg_temp.u(341)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()],
             ARRAY[(SELECT evidence_id FROM registry.project_evidence e JOIN registry.project_head h USING (head_id) WHERE h.project_id = pg_temp.u(1300) AND h.seat = 8)], '{示例}')), 12::int2, 'E12: an institution withdraws nothing');
SELECT is((SELECT outcome FROM api.evidence_withdraw(ARRAY[pg_temp.u(342)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()],
             ARRAY[(SELECT evidence_id FROM registry.project_evidence e JOIN registry.project_head h USING (head_id) WHERE h.project_id = pg_temp.u(1300) AND h.seat = 8)], '{示例}')), 1::int2, 'its bureau does');
SELECT is((SELECT outcome FROM api.evidence_withdraw(ARRAY[pg_temp.u(343)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()],
             ARRAY[(SELECT evidence_id FROM registry.project_evidence e JOIN registry.project_head h USING (head_id) WHERE h.project_id = pg_temp.u(1300) AND h.seat = 8)], '{示例}')), 283::int2, 'once');
SELECT is(left(pg_temp.take(344, 1300, 11, 17), 5), '1 8 2', 'another run');
SELECT is(pg_temp.found(1300, 2), '1:2 2:3 3:4 4:5 5:7 6:6 7: 8:1 9: 10:1 11:1 12:1', 'E12: what was withdrawn does not count');
SELECT is(pg_temp.found(1300, 1), '1:2 2:3 3:4 4:5 5:7 6:6 7: 8: 9: 10:1 11:1 12:1', 'E13: the run before says what it said');

/* what a register is said to have */
SELECT is(pg_temp.call(1301), '1', 'E11: registers');
UPDATE registry.project SET evidence_kinds = 3 WHERE project_id = pg_temp.u(1301);
SELECT pg_temp.trained(154, '{173,174,175,176,177}') AS class \gset
SELECT pg_temp.running(610, 1301, :class), pg_temp.take(615, 1301, 8, 34);
SELECT is(pg_temp.evidence(616, 1301, :class, '{1,2,3,4,5}', 2, caller => 10), '1: 1', 'E11: the institution says that all five are registered as employed');
SELECT is(pg_temp.evidence(617, 1301, :class, '{2,4}', 2, caller => 33), '1: 1', 'E11: of two a reviewer of the bureau records it too');
SELECT is(pg_temp.evidence(618, 1301, :class, '{3}', 2, caller => 17), '1: 1', 'and of one who verifies');
SELECT is(left(pg_temp.take(619, 1301, 11, 17), 5), '1 8 1', 'a run');
SELECT is(pg_temp.found(1301, 1), '1:8 2: 3:8 4: 5:8', 'E11: the institution''s word is none of a register, nor is that of who verifies');
SELECT pg_temp.register(7005, 4, '{175,176}', since => 10, unit => '91370100MA3EXAMPLE');
SELECT is(left(pg_temp.take(620, 1301, 11, 17), 5), '1 8 2', 'another run, with a complete register of today');
SELECT is(pg_temp.found(1301, 2), '1:8 2:9 3: 4: 5:8', 'E11, H18: what it does not have does not count, whoever recorded it; what it has does');
/* a register that who verifies has loaded */
SELECT pg_temp.register(7006, 2, '{173,177}', since => 10, unit => '91370100MA3EXAMPLE', complete => false);
UPDATE registry.snapshot SET closed_by = pg_temp.u(17) WHERE snapshot_id = pg_temp.u(7006);
SELECT is(left(pg_temp.take(691, 1301, 11, 17), 5), '1 8 3', 'another, with a register that who verifies has loaded');
SELECT is(pg_temp.found(1301, 3), '1:8 2:9 3: 4: 5:8', 'E11: who verifies does not bring what is verified by');
UPDATE registry.snapshot SET closed_by = pg_temp.u(31) WHERE snapshot_id = pg_temp.u(7006);
SELECT is(left(pg_temp.take(692, 1301, 11, 17), 5), '1 8 4', 'another, with one that an approver has loaded');
SELECT is(pg_temp.found(1301, 4), '1: 2:9 3: 4: 5:', 'E11: it counts');
SELECT is(left(pg_temp.take(621, 1301, 17, 10), 3), '1 8', 'the institution asks');
SELECT is(pg_temp.decide(622, 1301, 18, 34, 1) || ' ' || pg_temp.decide(623, 1301, 19, 33, 4), '1 280', 'C1: who recorded evidence does not approve');
SELECT is(pg_temp.decide(624, 1301, 19, 31, 4), '280', 'C1: nor does who loaded a register by which somebody is employed');

/* what the institution says, of whatever kind */
SELECT is(pg_temp.call(1302), '1', 'E11: papers');
UPDATE registry.project SET evidence_kinds = 31 WHERE project_id = pg_temp.u(1302);
SELECT pg_temp.trained(156, '{1181,1182,1183,1184}') AS class \gset
SELECT pg_temp.running(650, 1302, :class), pg_temp.take(655, 1302, 8, 34);
SELECT is(concat_ws(' ', pg_temp.evidence(656, 1302, :class, '{1,4}', 4, caller => 10), pg_temp.evidence(657, 1302, :class, '{2}', 3, caller => 10, months => 12), pg_temp.evidence(658, 1302, :class, '{3}', 5, caller => 10)),
          '1: 1 1: 1 1: 1', 'E11: the institution says that two have licences, one a contract, and one works for itself');
SELECT is(pg_temp.evidence(659, 1302, :class, '{4}', 4), '1: 1', 'E11: one of which a reviewer of the bureau has seen');
SELECT is(left(pg_temp.take(660, 1302, 11, 17), 5), '1 8 1', 'a run');
SELECT is(pg_temp.found(1302, 1), '1:8 2:8 3:8 4:', 'E4, E11: which alone counts: nobody is employed by the institution''s word');

/* ---- places: a fourth of the year, a human of two records, the heads of one set ---- */
SELECT is(pg_temp.call(1400), '1', 'E7: places');
SELECT pg_temp.trained(160, '{181,182,183,184}') AS class \gset
INSERT INTO registry.claim_place (person_id, year, place, claim_id) SELECT pg_temp.person(181), extract(year FROM helper.today()), n, pg_temp.u(9900 + n) FROM generate_series(1, 3) n;
INSERT INTO registry.claim_once (person_id, occupation_code, level, claim_id) VALUES (pg_temp.person(182), '4-10-01-06', 2, pg_temp.u(9904));
SELECT pg_temp.running(350, 1400, :class), pg_temp.take(355, 1400, 8, 34);
SELECT is(pg_temp.came_to(1400), '2 300000: 6x2', 'E7: three a year, and once for an occupation and level: who has had it is deducted');
SELECT is(pg_temp.adjust(356, 1400, 10, 34, :class, '{1,2}'), '1: 282 282', 'E7: nor is it counted afterwards');
DELETE FROM registry.claim_once WHERE claim_id = pg_temp.u(9904);
SELECT is(pg_temp.adjust(357, 1400, 10, 34, :class, '{2}'), '1: 1', 'when there is a place it is');
SELECT is(pg_temp.came_to(1400), '3 450000: 6x1', 'and counts');
SELECT is(pg_temp.take(358, 1400, 17, 10), '1 6 1 270000', 'E1: the advance of three');
UPDATE registry.enrolment SET result = 3 WHERE class_number = :class AND seat = 3;
SELECT is(pg_temp.decide(359, 1400, 18, 34, 1), '282', 'E7: while one counts whose completion was taken away nothing is paid');
SELECT is(pg_temp.decide(360, 1400, 20, 34, 1), '1', 'rejected');
SELECT is((SELECT granted_fen FROM registry.project WHERE project_id = pg_temp.u(1400)), 0::int8, 'and no longer granted');
SELECT is(pg_temp.adjust(361, 1400, 9, 34, :class, '{3}', 2), '1: 1', 'it is struck');
SELECT is(pg_temp.adjust(362, 1400, 10, 34, :class, '{3}'), '1: 284', 'E5: who did not complete is not counted again');
SELECT is(pg_temp.take(363, 1400, 17, 10), '1 6 1 180000', 'E8: the advance is asked for anew');
SELECT throws_ok($$ UPDATE registry.project SET granted_fen = 300001 WHERE project_id = pg_temp.u(1400) $$, '23514', NULL, 'E2: more than the subsidy cannot be granted');
SELECT throws_ok($$ INSERT INTO registry.claim_place SELECT person_id, 2031, 1, NULL, NULL FROM registry.person LIMIT 1 $$, '23514', NULL, 'E7: a place is a claim''s or a head''s');
/* two records of one human: the second head of the same occupation and level gets nothing */
SELECT is(pg_temp.call(1401), '1', 'another');
SELECT pg_temp.trained(170, '{191,192}') AS class \gset
INSERT INTO registry.person_merge (gone, kept, case_reference, operator_id, request_id) VALUES (pg_temp.person(192), pg_temp.person(191), 'X-1', pg_temp.u(11), pg_temp.u(9));
SELECT pg_temp.running(370, 1401, :class), pg_temp.take(375, 1401, 8, 34);
SELECT is(pg_temp.came_to(1401), '1 150000: 6x1', 'E7: two records of one human are one head');
SELECT is(helper.person_in_project(ARRAY[pg_temp.person(191)]), true, 'E7, D5: whose head may be paid yet is not erased');

/* ---- planned heads and the cap ---- */
SELECT is(pg_temp.call(1402, heads => 2, cap => 200001), '1', 'E5: a cap');
SELECT pg_temp.trained(180, '{201,202,203}', '{}', '{201}') AS class \gset
SELECT pg_temp.running(380, 1402, :class), pg_temp.take(385, 1402, 8, 34);
SELECT is(pg_temp.came_to(1402), '2 200001: 2x1', 'E5: failed is not completed; the cap bounds the total');
SELECT is((SELECT string_agg(share_fen::text, ' ' ORDER BY seat) FROM registry.project_head WHERE project_id = pg_temp.u(1402)), '0 100000 100001', 'to the fen');

CREATE FUNCTION pg_temp.shares(project int) RETURNS text LANGUAGE sql AS $$
    SELECT concat(p.total_fen, ':', (SELECT ' ' || string_agg(h.share_fen::text, ' ' ORDER BY h.seat) FROM registry.project_head h WHERE h.project_id = p.project_id AND h.counted))
      FROM registry.project p WHERE p.project_id = pg_temp.u(project)
$$;
SELECT is(pg_temp.call(1403, heads => 9, cap => 200001, pay_mode => 2), '1', 'E14: a cap, and paid by the person');
SELECT pg_temp.trained(190, '{211,212,213,214}') AS class \gset
SELECT pg_temp.running(390, 1403, :class), pg_temp.take(395, 1403, 8, 34);
SELECT is(pg_temp.shares(1403), '200001: 50000 50000 50000 50001', 'E5: four share the cap');
SELECT is(pg_temp.adjust(396, 1403, 9, 34, :class, '{2,3}'), '1: 1 1', 'two are struck');
SELECT is(pg_temp.shares(1403), '200001: 100000 100001', 'E5: the others share it anew');
SELECT is(pg_temp.adjust(397, 1403, 10, 34, :class, '{2}'), '1: 1', 'one is counted again');
SELECT is(pg_temp.shares(1403), '200001: 66667 66667 66667', 'E5: all who count come to no more than the cap');
SELECT is(pg_temp.take(398, 1403, 17, 10), '1 6 3 120000', 'E14: and each may be paid');
SELECT is(pg_temp.paid(399, 1403), '1 1 1', 'paid');
SELECT is(pg_temp.adjust(402, 1403, 10, 34, :class, '{3}'), '1: 282', 'E5: what others were paid of leaves nothing for one more');
SELECT is(pg_temp.shares(1403), '200001: 66667 66667 66667', 'and their shares stay');

/* ---- many at once ---- */
SELECT is(pg_temp.call(1404, heads => 3), '1', 'E6: three are planned');
SELECT pg_temp.trained(192, '{215,216,217,218}') AS class \gset
SELECT pg_temp.running(410, 1404, :class), pg_temp.take(415, 1404, 8, 34);
SELECT is(pg_temp.came_to(1404), '3 450000: 8x1', 'E6: a fourth is beyond them');
SELECT version AS before FROM registry.project WHERE project_id = pg_temp.u(1404) \gset
SELECT is(pg_temp.adjust(416, 1404, 9, 34, :class, '{2,1,2,9}'), '1: 1 1 47 281', 'C4: two are struck, one of them named twice, beside an unknown seat');
SELECT is(pg_temp.came_to(1404), '1 150000: 8x3', 'E5: it comes to one');
SELECT is(pg_temp.adjust(417, 1404, 10, 34, :class, '{4,2,1}'), '1: 1 1 282', 'E6: as many are counted again as are planned, in their order');
SELECT is(pg_temp.came_to(1404), '3 450000: 8x1', 'E5: it comes to three');
SELECT is((SELECT string_agg(concat_ws('/', s.version - :before, s.action, h.seat), ' ' ORDER BY s.version) FROM registry.project_step s JOIN registry.project_head h USING (head_id)
            WHERE s.project_id = pg_temp.u(1404) AND s.version > :before), '1/9/2 2/9/1 3/10/4 4/10/2', 'a step for each, in the order of the rows');
SELECT is((SELECT string_agg(h.seat::text, ' ' ORDER BY h.seat) FROM registry.project_head h WHERE h.project_id = pg_temp.u(1404) AND EXISTS (SELECT FROM registry.claim_place p WHERE p.head_id = h.head_id)
             AND EXISTS (SELECT FROM registry.claim_once o WHERE o.head_id = h.head_id)), '2 3 4', 'E7: those who count have places, nobody else');

/* ---- by the person ---- */
SELECT is(pg_temp.call(1200, pay_mode => 2), '1', 'E14: paid by the person');
SELECT pg_temp.trained(140, ARRAY(SELECT generate_series(141, 150))) AS class \gset
SELECT pg_temp.running(300, 1200, :class), pg_temp.take(305, 1200, 8, 34);
SELECT is(pg_temp.take(306, 1200, 17, 10), '1 6 10 900000', 'E14: each gets 900 yuan on completion');
SELECT is(pg_temp.paid(307, 1200), '1 1 1', 'paid');
SELECT is(pg_temp.evidence(310, 1200, :class, '{1,2,3}', 4), '1: 1', 'three are employed');
SELECT is(pg_temp.take(311, 1200, 11, 17), '1 8 1 180000', 'E14: then 600 each are due');
SELECT is(pg_temp.take(312, 1200, 17, 10), '1 8 3 180000', 'asked for');
SELECT is(pg_temp.take(313, 1200, 17, 10), '276', 'E14: once a person');
SELECT is((SELECT string_agg(DISTINCT amount_fen::text, ' ') FROM registry.tranche WHERE project_id = pg_temp.u(1200) AND kind = 4), '60000', 'E14: the second part');
SELECT is(pg_temp.paid(314, 1200), '1 1 1', 'paid');
SELECT is(pg_temp.adjust(317, 1200, 9, 34, :class, '{1}'), '1: 1', 'one is struck');
SELECT is((SELECT concat_ws(' ', state, recover_fen) FROM registry.project WHERE project_id = pg_temp.u(1200)), '13 150000', 'E14: what that one was paid is to be given back');

/* ---- what a project paid for is not paid for again ---- */
SELECT pg_temp.call(1390), pg_temp.trained(196, '{1171,1172}') AS class \gset
INSERT INTO registry.lesson (class_number, lesson, held_on, held, hours, place, lesson_id, teacher_index, teacher_sealed, teacher_commitment, request_id)
SELECT :class, n, day, tsrange(day + time '08:00', day + time '12:00'), 4, '一教室', pg_temp.u(9100 + n::int), pg_temp.h(9), 's', pg_temp.h(9), pg_temp.u(9)
  FROM (SELECT n, helper.today() - 50 + n::int AS day FROM generate_series(1, 3) n) x;
INSERT INTO registry.attendance SELECT :class, pg_temp.person(p), n, 1 FROM generate_series(1, 3) n, unnest('{1171,1172}'::int[]) p;
/* days and class hours of the class that a person might be paid for by a claim */
CREATE FUNCTION pg_temp.left_over(class int8, n int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', a.days, a.living_days, a.hours)
      FROM helper.attended(class, pg_temp.person(n), helper.units_given(helper.person_records(pg_temp.person(n)), NULL, NULL)) a
$$;
SELECT is(pg_temp.running(5400, 1390, :class), '1 2; 1 3; 1 4; 1 5; 1 5', 'a project of it');
SELECT is(pg_temp.left_over(:class, 1171), '3 3 12', 'B10: as long as nobody pays for it, it is to be paid');
SELECT is(pg_temp.take(5405, 1390, 8, 34), '1 6', 'is carried out');
SELECT is(pg_temp.left_over(:class, 1171), '0 3 0', 'E3: training that a project pays for is paid no second time, living is');
SELECT is(pg_temp.adjust(5406, 1390, 9, 34, :class, '{1}'), '1: 1', 'one is struck');
SELECT is(pg_temp.left_over(:class, 1171), '3 3 12', 'E7: and may be claimed for');
SELECT is(pg_temp.adjust(5407, 1390, 9, 34, :class, '{2}', fraud => true), '1: 1', 'another is struck for fraud');
SELECT is(pg_temp.left_over(:class, 1172), '0 3 0', 'E7: and may not');

SELECT is((SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d), NULL, 'F2: all agrees to the fen');

/* ---- shown ---- */
CREATE FUNCTION pg_temp.shown(kind int, before int DEFAULT NULL) RETURNS SETOF record LANGUAGE sql AS $$
    SELECT number, what FROM api.project_show(ARRAY[pg_temp.u(33)], ARRAY[pg_temp.u(1002)], ARRAY[before]) WHERE part = kind
$$;
CREATE FUNCTION pg_temp.steps(before int DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', count(*), min(s.number), max(s.number), bool_and(s.later IS NULL OR s.later > s.number))
      FROM (SELECT number, lag(number) OVER () AS later FROM pg_temp.shown(5, before) s(number int8, what int2)) s
$$;
INSERT INTO registry.project_step (project_id, version, action, state, operator_id, reason, request_id)
SELECT pg_temp.u(1002), n, 7, 5, pg_temp.u(34), '示例', pg_temp.u(9) FROM generate_series(10001, 10450) n;
SELECT is((SELECT string_agg(part::text, ' ' ORDER BY n) FROM (SELECT part, row_number() OVER () AS n, lag(part) OVER () AS before
                                                                 FROM api.project_show(ARRAY[pg_temp.u(33)], ARRAY[pg_temp.u(1002)], '{NULL}')) s WHERE part IS DISTINCT FROM before),
          '0 1 2 3 4 5', 'a project''s parts are shown in order, each kind together');
SELECT is(pg_temp.steps(), '201 10250 10450 t', 'the last steps first, as many as a page holds, and the one before it');
SELECT is(pg_temp.steps(10251), '201 10050 10250 t', 'then those before');
SELECT is(pg_temp.steps(10051), format('%s 1 10050 t', 50 + (SELECT count(*) FROM registry.project_step WHERE project_id = pg_temp.u(1002) AND version <= 10000)), 'and the first');
SELECT is((SELECT array_agg(number ORDER BY n) = array_agg(number ORDER BY number) FROM (SELECT number, row_number() OVER () AS n FROM pg_temp.shown(1) s(number int8, what int2)) s), true, 'tiers by their order');

/* ---- C1: who learns in a project decides nothing of it ---- */
INSERT INTO registry.human (human_id, document_index, sealed) SELECT pg_temp.u(n), pg_temp.h(n), 'x' FROM unnest('{311,313}'::int[]) n;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id)
SELECT pg_temp.u(n), pg_temp.u(2), 'x', '{reviewer,approver,payer}', pg_temp.u(n) FROM unnest('{311,313}'::int[]) n;
SELECT is(pg_temp.call(1500, pay_mode => 2), '1', 'E14: by the person');
SELECT pg_temp.trained(250, '{311,312}') AS class \gset
SELECT is(pg_temp.running(9010, 1500, :class), '1 2; 1 3; 1 4; 1 5; 1 5', 'running');
SELECT is(pg_temp.take(9020, 1500, 7, 311), '280', 'C1: who learns in it does not inspect it');
SELECT is(pg_temp.take(9021, 1500, 8, 311), '280', 'C1: nor freezes its heads');
SELECT is(pg_temp.take(9022, 1500, 8, 34), '1 6', 'another does');
SELECT is(pg_temp.adjust(9023, 1500, 9, 34, :class, '{1}'), '1: 1', 'a head is struck');
SELECT is(pg_temp.adjust(9024, 1500, 10, 311, :class, '{1}'), '280:', 'C1: and does not count itself again');
SELECT is(pg_temp.evidence(9025, 1500, :class, '{1}', 2, caller => 311), '280:', 'C1: nor confirms as the bureau that it is employed');
SELECT is(pg_temp.take(9026, 1500, 11, 311), '280', 'C1: nor verifies');
SELECT is(pg_temp.call(1501), '1', 'E8: by the project');
SELECT pg_temp.trained(252, '{313}') AS class \gset
SELECT pg_temp.running(9040, 1501, :class), pg_temp.take(9050, 1501, 8, 34), pg_temp.take(9051, 1501, 17, 10);
SELECT is(pg_temp.decide(9052, 1501, 18, 313, 1), '280', 'C1: nor reviews what is paid for its own training');
SELECT is(pg_temp.decide(9053, 1501, 18, 34, 1), '1', 'another does');
SELECT is(pg_temp.decide(9054, 1501, 19, 313, 4), '280', 'C1: nor approves it');
SELECT is(pg_temp.decide(9055, 1501, 19, 11, 4) || ' ' || pg_temp.decide(9056, 1501, 21, 313, 6), '1 280', 'C1: nor pays it');

/* ---- whose projects they are ---- */
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles)
SELECT pg_temp.u(480 + n::int), pg_temp.u(organisation), 'x', '{reviewer,approver,payer}' FROM unnest('{3,7,4}'::int[]) WITH ORDINALITY o(organisation, n);
SELECT is(concat_ws(' ', pg_temp.take(8000 + u, 1501, 11, u), pg_temp.adjust(8010 + u, 1501, 9, u, :class, '{1}'), pg_temp.evidence(8020 + u, 1501, :class, '{1}', 4, caller => u), pg_temp.decide(8030 + u, 1501, 21, u, 6),
                    (SELECT outcome FROM api.material_add(ARRAY[pg_temp.u(8040 + u)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(u)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(8040 + u)], ARRAY[pg_temp.u(1501)], '{1}',
                                                          ARRAY[pg_temp.h(1)], '{1}', '{示例}'))),
          CASE WHEN u = 483 THEN '12 12: 12: 12 12' ELSE '267 267: 267: 278 267' END, 'E5: another city''s bureau and a county''s see nothing of it, the province''s does nothing: ' || u) FROM unnest('{481,482,483}'::int[]) u;
SELECT * FROM finish();
ROLLBACK;
