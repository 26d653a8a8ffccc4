/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a line, of its places and of its money when the person is merged or erased, or the certificate revoked, while the subject is
   in a batch or at the bank (B1, B2, B3, D5, E7, F14). */
BEGIN;
\ir fixture.psql
\ir project.psql
\ir money.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.merge(request int, kept int, gone int) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.person_merge(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(17)], ARRAY[pg_temp.head()], ARRAY[pg_temp.h(kept)], ARRAY[pg_temp.h(gone)], '{X-1}')
$$;
CREATE FUNCTION pg_temp.erase(request int, who int) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.person_erase(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(11)], ARRAY[pg_temp.head()], '{NULL}', ARRAY[pg_temp.h(who)],
        ARRAY[(SELECT version FROM registry.person WHERE person_id = pg_temp.person(who))], '{A-1}')
$$;
/* What it takes in a year and for ever: 'places once'. */
CREATE FUNCTION pg_temp.taken(n int) RETURNS text LANGUAGE sql AS $$
    SELECT (SELECT count(*) FROM registry.claim_place WHERE claim_id = pg_temp.u(n)) || ' ' || (SELECT count(*) FROM registry.claim_once WHERE claim_id = pg_temp.u(n))
$$;
/* 'available committed spent | expenditure held sent' of the city's ledger. */
CREATE FUNCTION pg_temp.money() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', s.available, s.committed, s.spent, '|', s.expenditure, s.held, s.sent) FROM registry.ledger l CROSS JOIN LATERAL helper.ledger_state(l.ledger_id) s WHERE l.division = '370100' AND l.source = 3
$$;
CREATE FUNCTION pg_temp.differs() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d $$;
/* What was paid of a claim came back. */
CREATE FUNCTION pg_temp.recover(request int, claim int) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.fund_recover(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(40)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(claim)], '{1}', '{150000}')
$$;
/* A batch with these claims. */
CREATE FUNCTION pg_temp.batched(request int, claims int[]) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', pg_temp.batch(request), pg_temp.add(request + 1, request, 1, ARRAY(SELECT pg_temp.u(c) FROM unnest(claims) c)))
$$;

/* Person n has the approved claim 1000 + n, by the certificate of that number. */
SELECT is(pg_temp.move(90, 1, 100000000) || ' ' || pg_temp.receive(93, 1, 100000000) || ' ' || pg_temp.receive(94, 2, 100000000), '1 1 1 1', 'money');
SELECT pg_temp.trained(100, ARRAY(SELECT generate_series(1, 30))) AS class \gset
SELECT pg_temp.certified(1000 + n, n, :class), pg_temp.claimed(1000 + n, n, :class) FROM generate_series(1, 30) n;
SELECT is((SELECT string_agg(DISTINCT pg_temp.decide_claim(2000 + n, 1000 + n, 8, 44), ' ') FROM generate_series(1, 30) n), '1', 'approved');
SELECT is(pg_temp.money(), '95500000 4500000 0 | 100000000 0 0', 'each with its money');

/* ---- merged (B3) ---- */

SELECT is(pg_temp.batched(3000, '{1001,1002}'), '1 1 1', 'two claims that are one human''s in truth are in one batch');
SELECT is(pg_temp.merge(3010, 1, 2), '1', 'which turns out before it is sent');
SELECT is(pg_temp.claim(1001) || ', ' || pg_temp.claim(1002), '10 1, 10 1', 'B3: both have left it, suspended, with their money');
SELECT is(pg_temp.send(3011, 3000), '259', 'C5: and nothing is sent');
SELECT is(pg_temp.decide_claim(3012, 1002, 9, 45) || ' ' || pg_temp.taken(1002) || ' ' || pg_temp.decide_claim(3013, 1001, 13, 43) || ' ' || pg_temp.claim(1001), '1 0 0 1 6 1', 'B3: once one of them is rejected the other goes on');
SELECT is(pg_temp.money(), '95650000 4350000 0 | 100000000 0 0', 'F4: with its money, and the other''s is available again');
SELECT is(pg_temp.add(3014, 3000, 1, ARRAY[pg_temp.u(1001)]) || ' ' || pg_temp.send(3015, 3000), '1 1', 'and is sent');

SELECT is(pg_temp.batched(3100, '{1003}') || ' ' || pg_temp.batched(3110, '{1004}') || ' ' || pg_temp.send(3120, 3100), '1 1 1 1 1', 'one is at the bank, the other in a batch');
SELECT is(pg_temp.merge(3121, 3, 4), '1', 'and then they are found to be one human''s');
SELECT is(pg_temp.claim(1003) || ', ' || pg_temp.claim(1004), '13 1 2, 10 1', 'F14: what is at the bank stays there until the bank answers; the other is suspended');
SELECT is(pg_temp.taken(1003) || ' ' || pg_temp.taken(1004), '1 1 1 1', 'B3: and each keeps what it takes');
SELECT is(pg_temp.answer(3122, 3100, 3) || ' ' || pg_temp.claim(1003), '1 7 2 3', 'F14: the bank has paid');
SELECT is(pg_temp.decide_claim(3123, 1004, 13, 43) || ' ' || pg_temp.add(3125, 3110, 1, ARRAY[pg_temp.u(1004)]), '1 116', 'B3: and the other is not paid besides, even if somebody resumes it');
SELECT is(pg_temp.decide_claim(3124, 1004, 9, 45) || ' ' || pg_temp.taken(1003) || ' ' || pg_temp.taken(1004), '1 1 1 0 0', 'but rejected');
SELECT is(pg_temp.differs(), NULL, 'F2: all agrees');

SELECT is(pg_temp.batched(3200, '{1005}') || ' ' || pg_temp.send(3210, 3200) || ' ' || pg_temp.merge(3211, 5, 6) || ' ' || pg_temp.answer(3212, 3200, 4), '1 1 1 1 1', 'one is at the bank when they are found to be one human''s, and the bank refuses it');
SELECT is(pg_temp.claim(1005) || ', ' || pg_temp.claim(1006), '6 1 4, 10 1', 'F14: it is approved again');
SELECT is(pg_temp.batch(3220) || ' ' || pg_temp.add(3221, 3220, 1, ARRAY[pg_temp.u(1005)]), '1 116', 'B3: but not sent again as long as both stand');
SELECT is(pg_temp.decide_claim(3222, 1006, 9, 45) || ' ' || pg_temp.add(3223, 3220, 1, ARRAY[pg_temp.u(1005)]), '1 1', 'B3: then it is');

SELECT is(pg_temp.batched(3300, '{1007,1008}') || ' ' || pg_temp.send(3310, 3300) || ' ' || pg_temp.merge(3311, 7, 8) || ' ' || pg_temp.answer(3312, 3300, 3, 1) || ' ' || pg_temp.answer(3313, 3300, 3, 2), '1 1 1 1 1 1 1', 'both are at the bank, and it pays both');
SELECT is(pg_temp.claim(1007) || ', ' || pg_temp.claim(1008) || ', ' || pg_temp.taken(1007) || ' ' || pg_temp.taken(1008), '7 2 3, 7 2 3, 1 1 1 1', 'F14: that they are paid is what is so');
SELECT is(pg_temp.decide_claim(3314, 1008, 14, 45) || ' ' || pg_temp.taken(1008) || ' ' || pg_temp.recover(3315, 1008), '1 0 0 1', 'F4: until one of them is clawed back, and its money is here again');
SELECT is(pg_temp.differs(), NULL, 'F2: all agrees');

/* ---- erased (D5) ---- */

SELECT is(pg_temp.batched(3400, '{1011}') || ' ' || pg_temp.erase(3410, 11), '1 1 72', 'D5: whose claim is in a batch is not erased');
SELECT is(pg_temp.send(3411, 3400) || ' ' || pg_temp.erase(3412, 11) || ' ' || pg_temp.answer(3413, 3400, 5) || ' ' || pg_temp.erase(3414, 11), '1 72 1 72', 'D5: nor at the bank, nor while the bank does not know');
SELECT is(pg_temp.answer(3415, 3400, 3) || ' ' || pg_temp.erase(3416, 11), '1 1', 'D5: who is paid is');
SELECT is(pg_temp.answer(3417, 3400, 6) || ' ' || pg_temp.claim(1011), '1 6 3 6', 'F14: if the bank returns it afterwards, it is approved again');
SELECT is(pg_temp.batch(3420) || ' ' || pg_temp.add(3421, 3420, 1, ARRAY[pg_temp.u(1011)]), '1 71', 'D5: but never sent, since nobody is known any more');
SELECT is(pg_temp.money(), '96100000 3600000 300000 | 99550000 150000 150000', 'what came back is held');
SELECT is(pg_temp.decide_claim(3422, 1011, 9, 45) || ' ' || pg_temp.claim(1011) || ' ' || pg_temp.taken(1011), '1 8 5 6 0 0', 'and rejected');
SELECT is(pg_temp.differs(), NULL, 'F2: all agrees');

/* ---- revoked while the bank does not know (B1) ---- */

SELECT is(pg_temp.batched(3500, '{1012,1013,1014}') || ' ' || pg_temp.send(3510, 3500) || ' ' || concat_ws(' ', pg_temp.answer(3511, 3500, 5, 1), pg_temp.answer(3512, 3500, 5, 2), pg_temp.answer(3513, 3500, 5, 3)), '1 1 1 1 1 1 1 1', 'of three the bank does not know');
SELECT is(concat_ws(' ', pg_temp.revoke(3514, 1012), pg_temp.revoke(3515, 1013), pg_temp.revoke(3516, 1014)), '1 1 1', 'whose certificates are revoked');
SELECT is(pg_temp.claim(1012) || ', ' || pg_temp.taken(1012), '13 1 5, 1 1', 'F14: they stay at the bank, with their money and places');
SELECT is(concat_ws(' ', pg_temp.answer(3520, 3500, 3, 1), pg_temp.answer(3521, 3500, 4, 2), pg_temp.answer(3522, 3500, 6, 3)), '1 1 1', 'until it is found that the bank has paid one, refused one, and returned one');
SELECT is(concat_ws(', ', pg_temp.claim(1012), pg_temp.claim(1013), pg_temp.claim(1014)), '7 2 3, 6 1 4, 6 3 6', 'F14: which is so');
SELECT is(pg_temp.batch(3530) || ' ' || pg_temp.add(3531, 3530, 1, ARRAY[pg_temp.u(1013), pg_temp.u(1014)]), '1 111 111', 'B1: nothing is paid for a revoked certificate again');
SELECT is(concat_ws(' ', pg_temp.decide_claim(3532, 1012, 14, 45), pg_temp.decide_claim(3533, 1013, 9, 45), pg_temp.decide_claim(3534, 1014, 9, 45), pg_temp.recover(3535, 1012)), '1 1 1 1', 'one is clawed back, and the others rejected');
SELECT is(concat_ws(', ', pg_temp.claim(1012), pg_temp.claim(1013), pg_temp.claim(1014)), '11 2 3, 8 4 4, 8 5 6', 'C5: each with what became of its money');
SELECT is(concat_ws(', ', pg_temp.taken(1012), pg_temp.taken(1013), pg_temp.taken(1014)), '0 0, 0 0, 0 0', 'B2, B3: and none keeps its places');
SELECT is(pg_temp.differs(), NULL, 'F2: all agrees');

/* ---- heads of projects (E7) ---- */

/* A project of one person, whose advance is approved: 900 yuan. */
CREATE FUNCTION pg_temp.granted(request int, project int, person int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    class int8 := pg_temp.trained(request, ARRAY[person]);
BEGIN
    RETURN concat_ws('; ', pg_temp.call(project), pg_temp.running(request + 2, project, class), pg_temp.take(request + 7, project, 8, 34), pg_temp.take(request + 8, project, 17, 10),
                     pg_temp.decide(request + 9, project, 18, 34, 1), pg_temp.decide(request + 10, project, 19, 11, 4), 'class ' || class);
END $$;
SELECT split_part(pg_temp.granted(200, 4100, 41), 'class ', 2) AS one, split_part(pg_temp.granted(220, 4200, 42), 'class ', 2) AS two,
       split_part(pg_temp.granted(240, 4300, 43), 'class ', 2) AS three, split_part(pg_temp.granted(260, 4400, 44), 'class ', 2) AS four \gset
SELECT is(pg_temp.project(4100) || ', ' || pg_temp.project(4400), '6 6 1, 6 6 1', 'two projects with a head each, who are one human, and two more');
SELECT is(pg_temp.batch(4500) || ' ' || pg_temp.add(4501, 4500, 2, ARRAY[pg_temp.tranche(4100)]) || ' ' || pg_temp.merge(4502, 41, 42), '1 1 1', 'which turns out while the advance of one is in a batch');
SELECT is(pg_temp.project(4100) || ' ' || pg_temp.send(4503, 4500) || ' ' || pg_temp.project(4100), '6 12 1 1 259 6 6 1', 'E7: it is not sent but leaves the batch, and keeps its money');
SELECT is(pg_temp.add(4504, 4500, 2, ARRAY[pg_temp.tranche(4100)]) || ' ' || pg_temp.add(4505, 4500, 2, ARRAY[pg_temp.tranche(4200)]), '282 282', 'E7: nor is either paid as long as both count');
SELECT is(pg_temp.decide(4506, 4200, 20, 11, 6) || ' ' || pg_temp.adjust(4507, 4200, 9, 34, :two, '{1}'), '1 1: 1', 'until one of the heads is struck');
SELECT is(pg_temp.add(4508, 4500, 2, ARRAY[pg_temp.tranche(4100)]) || ' ' || pg_temp.send(4509, 4500) || ' ' || pg_temp.answer(4510, 4500, 3) || ' ' || pg_temp.project(4100), '1 1 1 7 7 2 3', 'E7: then the other is paid');
SELECT is(pg_temp.erase(4511, 41), '72', 'D5: and whoever counts in a project that goes on is not erased');
SELECT is(pg_temp.batch(4600) || ' ' || pg_temp.add(4601, 4600, 2, ARRAY[pg_temp.tranche(4300)]) || ' ' || pg_temp.send(4602, 4600) || ' ' || pg_temp.merge(4603, 43, 44) || ' ' || pg_temp.answer(4604, 4600, 5),
          '1 1 1 1 1', 'of two others one is at the bank, which does not know');
SELECT is(pg_temp.erase(4605, 43) || ' ' || pg_temp.project(4300), '72 6 13 1 5', 'F14: it stays there');
SELECT is(pg_temp.answer(4606, 4600, 4) || ' ' || pg_temp.batch(4610) || ' ' || pg_temp.add(4611, 4610, 2, ARRAY[pg_temp.tranche(4300)]), '1 1 282', 'E7: what the bank refuses is not sent again as long as both count');
SELECT is(pg_temp.decide(4612, 4400, 20, 11, 6) || ' ' || pg_temp.adjust(4613, 4400, 9, 34, :four, '{1}') || ' ' || pg_temp.add(4614, 4610, 2, ARRAY[pg_temp.tranche(4300)]), '1 1: 1 1', 'then it is');
SELECT is(pg_temp.differs(), NULL, 'F2: all agrees');

SELECT * FROM finish();
ROLLBACK;
