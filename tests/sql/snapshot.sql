/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of others as files: how they come, what they answer, and what that stands in the way of (H18 to H21). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Persons 1 to 6 completed a class of institution 1, from 2026-03-01 to 2026-05-31; certificate n is person n's. 50 is the clerk of a
   city's verifying agency, 51 of another city's; 41 the clerk of an enterprise. */
SELECT pg_temp.open(1) AS class \gset
SELECT is(pg_temp.enrol(2, :class, '{1,2,3,4,5,6}'), '1: 1 1 1 1 1 1', 'a class');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
UPDATE registry.class SET state = 3 WHERE class_number = :class;
UPDATE registry.enrolment SET result = 1 WHERE class_number = :class;
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
SELECT pg_temp.u(700 + n), pg_temp.h(700 + n), 2, pg_temp.person(n), pg_temp.u(1), :class, '4-10-01-06', 2, helper.today() - 30, 's', pg_temp.h(n), pg_temp.u(9) FROM generate_series(1, 6) n;
INSERT INTO registry.standard (standard_id, division, line, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (pg_temp.u(800), '370100', 1, 150000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9));
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES
    (pg_temp.u(8), '91370100300000060X', '示例企业', 2, '370100'),
    (pg_temp.u(1001), '11370100000000086A', '示例核验', 9, '370100'), (pg_temp.u(1002), '11370200000000086A', '青岛示例核验', 9, '370200');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(41), pg_temp.u(8), 'x', '{clerk}'), (pg_temp.u(50), pg_temp.u(1001), 'x', '{clerk}'), (pg_temp.u(51), pg_temp.u(1002), 'x', '{clerk}'),
    (pg_temp.u(52), pg_temp.u(1001), 'x', '{clerk}'), (pg_temp.u(31), pg_temp.u(2), 'x', '{approver}'), (pg_temp.u(45), pg_temp.u(2), 'x', '{clerk}');

CREATE FUNCTION pg_temp.begun(request int, source int, as_of date, complete bool, rows int, caller int DEFAULT 50, division text DEFAULT '370100', file int DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws('/', outcome, ltrim(snapshot_id::text, '0-'), whole) FROM api.snapshot_open(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)],
        ARRAY[source::int2], ARRAY[division], ARRAY[as_of], ARRAY[complete], ARRAY[rows], ARRAY[pg_temp.h(coalesce(file, request))], '{示例签发}')
$$;
/* Rows of persons: from, to, unit, of a name (that of the person, or another one). */
CREATE FUNCTION pg_temp.rows(request int, snapshot int, people int[], froms date[] DEFAULT NULL, tos date[] DEFAULT NULL, units text[] DEFAULT NULL,
                             names int[] DEFAULT NULL, places int[] DEFAULT NULL, caller int DEFAULT 50) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FROM api.snapshot_load(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(snapshot)],
        array_fill(1, ARRAY[cardinality(people)]), (SELECT array_agg(coalesce(places[n], n::int4) ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(gen_random_uuid()) FROM unnest(people)), (SELECT array_agg(pg_temp.h(x) ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(pg_temp.h(coalesce(names[n], x) + 100000) ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(froms[n] ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)), (SELECT array_agg(tos[n] ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)),
        (SELECT array_agg(units[n] ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)), (SELECT array_agg('sealed'::bytea) FROM unnest(people)))
$$;
CREATE FUNCTION pg_temp.closed(request int, snapshot int, malformed int DEFAULT 0, caller int DEFAULT 50) RETURNS TABLE (outcome int2, rows int4, malformed int4, unknown int4, answered int4, more bool) LANGUAGE sql AS $$
    SELECT outcome, rows, malformed, unknown, answered, more FROM api.snapshot_close(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(snapshot)], ARRAY[malformed])
$$;
/* Closed, and asked again until it has answered everything: how much in all. */
CREATE FUNCTION pg_temp.whole(request int, snapshot int, malformed int DEFAULT 0, caller int DEFAULT 50) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said record;
    again record;
    total int;
BEGIN
    SELECT * INTO said FROM pg_temp.closed(request, snapshot, malformed, caller);
    again := said;
    total := said.answered;
    FOR n IN 1 .. 9 LOOP
        EXIT WHEN NOT again.more;
        SELECT * INTO again FROM pg_temp.closed(request * 10 + 50000 + n, snapshot, malformed, caller);
        total := total + again.answered;
    END LOOP;
    RETURN concat_ws('/', said.outcome, said.rows, said.malformed, said.unknown, total);
END $$;
/* What is answered about persons on a day, at a unit. */
CREATE FUNCTION pg_temp.answers(source int, people int[], day date DEFAULT '2026-03-01', unit text DEFAULT NULL, division text DEFAULT '370100') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(answer::text, ' ' ORDER BY n) FROM helper.snapshot_answer(source::int2, division, (SELECT array_agg(pg_temp.person(x) ORDER BY n) FROM unnest(people) WITH ORDINALITY p(x, n)),
                                                                               array_fill(day, ARRAY[cardinality(people)]), array_fill(unit, ARRAY[cardinality(people)]))
$$;
SELECT helper.today() AS today, helper.today() - 1 AS yesterday \gset

/* ---- how a file comes ---- */
SELECT is(pg_temp.begun(100, 3, :'today', true, 3, caller => 51), '12', 'H20: another city''s agency says nothing of this one');
SELECT is(pg_temp.begun(99, 3, :'today', true, 3, caller => 17), '12', 'H20: nor does a reviewer');
/* 60 and 61 are one human, of the institution and of the agency; 62 and 63 another, of an enterprise and of the bureau */
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(970), pg_temp.h(970), 's'), (pg_temp.u(971), pg_temp.h(971), 's');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES
    (pg_temp.u(60), pg_temp.u(1), 'x', '{clerk}', pg_temp.u(970)), (pg_temp.u(61), pg_temp.u(1001), 'x', '{clerk}', pg_temp.u(970)),
    (pg_temp.u(62), pg_temp.u(8), 'x', '{clerk}', pg_temp.u(971)), (pg_temp.u(63), pg_temp.u(2), 'x', '{clerk}', pg_temp.u(971));
SELECT is(pg_temp.begun(94, 3, :'today', true, 3, caller => 61) || ' ' || pg_temp.begun(93, 3, :'today', true, 3, caller => 63), '124 124', 'C1: who belongs to an institution or an enterprise brings no register, as whose clerk ever');
SELECT is(pg_temp.begun(101, 3, :'yesterday', true, 3), '1/101/f', 'H20: an agency''s clerk begins one');
SELECT is(pg_temp.begun(102, 3, :'yesterday', true, 3, caller => 52, file => 101), '1/101/f', 'H20: the same head line again is the same snapshot, whoever of the agency brings it');
SELECT throws_ok($$ SELECT pg_temp.begun(98, 3, helper.today() + 1, true, 3) $$, '23514', NULL, 'H20: a register is of no day to come');
SELECT is(pg_temp.rows(103, 101, '{1,2}', '{2025-01-01,2026-04-01}'), '1 1 1', 'H20: rows come');
SELECT is(pg_temp.rows(103, 101, '{1,2}', '{2025-01-01,2026-04-01}'), '1 1 1', 'the same request again: the first answer');
SELECT is(pg_temp.rows(104, 101, '{3,77}', '{2020-01-01,2020-01-01}', '{2025-12-31,NULL}', places => '{2,3}'), '1 303 1', 'H20: another row for a place that was taken is refused');
SELECT is(pg_temp.rows(97, 101, '{2,77,5}', '{2026-04-01,2020-01-01,2020-01-01}', places => '{2,3,4}', caller => 52), '1 47 47 304', 'H20: the same row again is unchanged; one beyond the head line''s number is refused');
SELECT is(pg_temp.rows(96, 101, '{1}', caller => 45), '291', 'H20: what an agency began a bureau of its area does not load');
SELECT is(pg_temp.whole(95, 101, caller => 45), '291/3', 'H20: nor close');
SELECT is(pg_temp.rows(92, 101, '{1}', caller => 61) || ' ' || pg_temp.whole(91, 101, caller => 61), '124 124/3', 'C1: nor rows of one that others have begun, nor says that it is whole');
SELECT is(pg_temp.rows(105, 101, '{1}', caller => 51), '291', 'H20: not another agency''s to load');
SELECT is(pg_temp.answers(3, '{1}'), '3', 'H18: a snapshot that is not whole answers nothing');
SELECT is(pg_temp.whole(106, 101, 1), '293/3', 'H20: more rows than the head line says');
SELECT is(pg_temp.begun(107, 3, :'yesterday', true, 4), '1/107/f', 'another one of four rows');
SELECT is(pg_temp.rows(108, 107, '{1,2,3}', '{2025-01-01,2026-04-01,2020-01-01}', '{NULL,NULL,2025-12-31}'), '1 1 1 1', 'three of them');
SELECT is(pg_temp.whole(109, 107), '293/4', 'H20: fewer than the head line says');
SELECT is(pg_temp.whole(110, 107, caller => 51), '291/4', 'H20: not another agency''s to close');
SELECT is(pg_temp.rows(111, 107, '{77}', places => '{4}'), '1 1', 'the last');
SELECT is(pg_temp.whole(112, 107), '1/4/0/1/0', 'H20: it says rows, malformed, unknown persons');
SELECT is(pg_temp.whole(112, 107), '1/4/0/1/0', 'the same request again: the first answer');
SELECT is(pg_temp.whole(113, 107), '47/4/0/1', 'H20: once whole, it stays so');
SELECT is(pg_temp.rows(114, 107, '{5}', places => '{4}'), '292', 'H20: and takes no more rows');
SELECT is(pg_temp.begun(115, 3, :'yesterday', true, 4, file => 107), '1/107/t', 'H20: the same file again: nothing is left to load');
SELECT is((SELECT string_agg(ltrim(snapshot_id::text, '0-'), ' ') FROM api.snapshot_list(ARRAY[pg_temp.u(50)], ARRAY[NULL::uuid], '{9}', '{3}', '{NULL}')), '107 101', 'H20: an agency sees its area''s, newest first');
SELECT is((SELECT count(*) FROM api.snapshot_list(ARRAY[pg_temp.u(51)], ARRAY[NULL::uuid], '{9}', '{3}', '{NULL}')), 0::int8, 'H20: another city''s does not');
SELECT is((SELECT count(*) FROM api.snapshot_list(ARRAY[pg_temp.u(10)], ARRAY[NULL::uuid], '{9}', '{3}', '{NULL}')), 0::int8, 'H20: nor an institution');

/* ---- what it answers ---- */
SELECT is(pg_temp.answers(3, '{1,2,3,4}'), '1 2 2 2', 'H18: holds, begins later, has ended, absent from a complete one');
SELECT is(pg_temp.answers(3, '{2}', '2026-04-01') || pg_temp.answers(3, '{2}', '2026-03-31'), '12', 'H19: from its first day on');
SELECT is(pg_temp.answers(3, '{3}', '2025-12-31') || pg_temp.answers(3, '{3}', '2026-01-01'), '12', 'H19: up to its last');
SELECT is(pg_temp.answers(3, '{1}', division => '370200'), '3', 'H18: another city''s snapshot does not answer');
SELECT is(pg_temp.answers(3, '{1}', division => '370102'), '1', 'H18: the city''s answers for its county');
SELECT is(pg_temp.answers(2, '{1}'), '3', 'H18: another source''s does not answer');
SELECT is((SELECT concat_ws('/', ltrim(snapshot_id::text, '0-'), as_of = :'yesterday', event_on) FROM helper.snapshot_answer(3::int2, '370100', ARRAY[pg_temp.person(1)], '{2026-03-01}', '{NULL}')),
          '107/t/2025-01-01', 'H18: an answer says by which snapshot, of which day, and since when it holds');
SELECT is((SELECT answer FROM helper.snapshot_answer(3::int2, '370100', ARRAY[pg_temp.u(123456)], '{2026-03-01}', '{NULL}')), 3::int2, 'H18: of somebody without a document nothing is known');

/* partial ones */
SELECT is(pg_temp.begun(120, 7, :'yesterday', false, 1), '1/120/f', 'a partial one');
SELECT is(pg_temp.rows(121, 120, '{1}', '{2025-09-01}'), '1 1', 'with one person');
SELECT is(pg_temp.whole(122, 120), '1/1/0/0/0', 'whole');
SELECT is(pg_temp.answers(7, '{1,2}'), '1 3', 'H18: absence from a partial snapshot is not available');
SELECT is(pg_temp.begun(123, 3, :'today', false, 2), '1/123/f', 'what came since the complete one');
SELECT is(pg_temp.rows(124, 123, '{1,4}', '{2025-01-01,2026-02-01}', '{2026-02-28,NULL}'), '1 1 1', 'one ended, one began');
SELECT is(pg_temp.whole(125, 123), '1/2/0/0/0', 'whole');
SELECT is(pg_temp.answers(3, '{1,2,3,4,5}'), '2 2 2 1 2', 'H18: a partial snapshot is laid over the complete one before it, row by row');

/* rows that name nobody */
SELECT is(pg_temp.begun(130, 5, :'today', true, 2), '1/130/f', 'a complete one');
SELECT is(pg_temp.rows(131, 130, '{1}', '{2025-01-01}'), '1 1', 'one row');
SELECT is(pg_temp.whole(132, 130, 1), '1/2/1/0/0', 'and one that names nobody');
SELECT is(pg_temp.answers(5, '{1,2}'), '1 3', 'H18: then absence says nothing: it might be the one');

/* freshness */
SELECT is(pg_temp.begun(140, 12, :'today'::date - 35, true, 1), '1/140/f', 'of 35 days ago');
SELECT is(pg_temp.rows(141, 140, '{1}', '{2026-03-01}', '{2026-03-01}'), '1 1', 'one row');
SELECT is(pg_temp.whole(142, 140), '1/1/0/0/0', 'whole');
SELECT is(pg_temp.answers(12, '{1,2}'), '1 2', 'H18: it answers up to snapshot_days');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'snapshot_days', 34, '1949-10-01', 'fixture');
SELECT is(pg_temp.answers(12, '{1,2}'), '3 3', 'H18: and not after');
DELETE FROM registry.policy WHERE division = '370100' AND name = 'snapshot_days';

/* employers and names */
SELECT is(pg_temp.begun(150, 2, :'today', true, 3), '1/150/f', 'contributions');
SELECT is(pg_temp.rows(151, 150, '{1,1,2}', '{2025-01-01,2026-03-01,2026-01-01}', '{2026-02-28,NULL,NULL}', '{91370100300000060X,9999,91370100300000060X}'), '1 1 1 1', 'of two employers');
SELECT is(pg_temp.whole(152, 150), '1/3/0/0/0', 'whole');
SELECT is(pg_temp.answers(2, '{1,2,3}', '2026-02-01', '91370100300000060X'), '1 1 2', 'H18: insured by this employer');
SELECT is(pg_temp.answers(2, '{1,2}', '2026-03-01', '91370100300000060X'), '2 1', 'H18: no longer');
SELECT is(pg_temp.answers(2, '{1,2,3}', '2026-03-01'), '1 1 2', 'H18: or by any');
SELECT is(pg_temp.begun(160, 1, :'today', true, 2), '1/160/f', 'names');
SELECT is(pg_temp.rows(161, 160, '{1,2}', names => '{1,9}'), '1 1 1', 'one of them another');
SELECT is(pg_temp.whole(162, 160), '1/2/0/0/0', 'whole');
SELECT is(pg_temp.answers(1, '{1,2,3}'), '1 2 2', 'H18: the name agrees, differs, or there is no such number');

/* whoever was merged into somebody */
INSERT INTO registry.person_merge (gone, kept, case_reference, operator_id, request_id) VALUES (pg_temp.person(1), pg_temp.person(6), 'A-1', pg_temp.u(17), pg_temp.u(9));
SELECT is(pg_temp.answers(5, '{6}'), '1', 'H18: the documents of merged records count');
DELETE FROM registry.person_merge WHERE kept = pg_temp.person(6);

/* ---- claims ---- */
CREATE FUNCTION pg_temp.submit(request int, certificates int[], caller int DEFAULT 10) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', row_number, outcome), ' ' ORDER BY n) FROM api.claim_submit(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{3}', '{f}',
        array_fill(1, ARRAY[cardinality(certificates)]), (SELECT array_agg(n::int4) FROM unnest(certificates) WITH ORDINALITY c(x, n)),
        array_fill(pg_temp.head(), ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.h(700 + x)) FROM unnest(certificates) x),
        array_fill('P-1'::text, ARRAY[cardinality(certificates)]), array_fill(true, ARRAY[cardinality(certificates)]),
        array_fill(0, ARRAY[cardinality(certificates)]), (SELECT array_agg(pg_temp.u(2000 + x)) FROM unnest(certificates) x))
        WITH ORDINALITY s(req, row_number, outcome, claim_id, amount_fen, n)
$$;
CREATE FUNCTION pg_temp.facts(claim int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', fact, answer, ltrim(snapshot_id::text, '0-'), asked_of), ' ' ORDER BY fact) FROM registry.claim_fact WHERE claim_id = pg_temp.u(2000 + claim)
$$;
CREATE FUNCTION pg_temp.against(claim int) RETURNS text LANGUAGE sql AS $$
    SELECT array_to_string(helper.facts_against(c), ' ') FROM registry.claim c WHERE claim_id = pg_temp.u(2000 + claim)
$$;
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'fact_pension', 1, '1949-10-01', 'fixture'), ('370100', 'fact_payroll', 1, '1949-10-01', 'fixture');
SELECT is(pg_temp.submit(200, '{1,2,4}'), '0/1 1/1 2/1 3/1', 'claims');
SELECT is(pg_temp.facts(2), '1/2/107/2026-03-01 4', 'H18: answered in the set that asks, of the class''s first day; what no snapshot knows is open');
SELECT is(pg_temp.facts(4), '1/1/123/2026-03-01 4', 'H18: by the row that speaks');
SELECT is(pg_temp.facts(1), '1/2/123/2026-03-01 4/1/130/2026-05-31', 'H19: of several days, the one that speaks against the claim');
SELECT is(pg_temp.against(1), '296', 'H18: paid by a public budget stands in the way');
SELECT is(pg_temp.against(2), '122', 'H18: so does what is not known');
SELECT is(pg_temp.against(4), '122 117', 'H18, B4: and a pension, as well');
SELECT is((SELECT answered_by FROM registry.claim_fact WHERE claim_id = pg_temp.u(2002) AND fact = 1), pg_temp.u(50), 'H20: who made it whole stands for it');

/* a newer one */
SELECT is(pg_temp.begun(210, 5, :'today', true, 1), '1/210/f', 'the corrected one');
SELECT is(pg_temp.rows(211, 210, '{2}', '{2026-05-31}', '{2026-05-31}'), '1 1', 'of whom alone');
SELECT is(pg_temp.whole(212, 210), '1/1/0/0/3', 'H21: it answers what waits, and what snapshots before it answered');
SELECT is(pg_temp.facts(1) || ' ' || pg_temp.facts(2), '1/2/123/2026-03-01 4/2/210/2026-05-31 1/2/107/2026-03-01 4/1/210/2026-05-31', 'H20: a corrected register clears, and finds');
SELECT is(pg_temp.against(1) || '-' || pg_temp.against(2) || '-' || pg_temp.against(4), '-296-117', 'H18: and stands in the way of others');

/* an agency's word */
CREATE FUNCTION pg_temp.answer(request int, claim int, fact int, answer int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.fact_answer(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(50)], ARRAY[pg_temp.head()], '{示例库}', ARRAY[helper.today()],
        '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[pg_temp.u(2000 + claim)], ARRAY[fact::int2], ARRAY[answer::int2])
$$;
SELECT is(pg_temp.answer(220, 4, 1, 2), '1', 'an agency answers what a snapshot did');
SELECT is(pg_temp.facts(4), '1/2 4/2/210/2026-05-31', 'H18: its word stands, of no snapshot');
SELECT is(pg_temp.begun(221, 3, :'today', true, 1), '1/221/f', 'a newer pension register');
SELECT is(pg_temp.rows(222, 221, '{4}', '{2026-01-01}'), '1 1', 'with the same person');
SELECT is(pg_temp.whole(223, 221), '1/1/0/0/2', 'H21: it answers the others');
SELECT is(pg_temp.facts(4), '1/2 4/2/210/2026-05-31', 'H18: an agency''s answer stays');

/* time */
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'fact_custody', 1, '1949-10-01', 'fixture'), ('370100', 'snapshot_days', 1, '1949-10-01', 'fixture');
SELECT is(pg_temp.submit(230, '{3}'), '0/1 1/1', 'a claim of which custody is asked');
SELECT is((SELECT helper.fact_answer_now(f, '370100') FROM registry.claim_fact f WHERE claim_id = pg_temp.u(2003) AND fact = 7), NULL, 'H21: the time for an answer runs');
UPDATE registry.claim_fact SET asked_at = now() - interval '30 days' WHERE claim_id = pg_temp.u(2003) AND fact = 7;
SELECT is((SELECT helper.fact_answer_now(f, '370100') FROM registry.claim_fact f WHERE claim_id = pg_temp.u(2003) AND fact = 7), 3::int2, 'H21: after question_days it is not available');
SELECT is((SELECT string_agg(concat_ws('/', fact, answer), ' ' ORDER BY fact) FROM api.claim_show(ARRAY[pg_temp.u(17)], ARRAY[pg_temp.u(2003)], '{0}') WHERE fact = 7), '7/3', 'H21: which the reviewer sees');
SELECT is(pg_temp.against(3), '122', 'H18: and which stands in the way');
SELECT is((SELECT fact FROM api.fact_list(ARRAY[pg_temp.u(50)], ARRAY[pg_temp.head()], '{1}', '{2}', '{A-1}') WHERE claim_id IS NOT NULL), 7::int2, 'H21: it is asked all the same');
DELETE FROM registry.policy WHERE division = '370100' AND name IN ('snapshot_days', 'fact_custody');

/* effects are rows */
UPDATE registry.fact_effect SET outcome = 299 WHERE fact = 7 AND step = 1 AND answer = 3;
SELECT is(pg_temp.against(3), '299', 'H18: what an answer stands in the way of is a row');
DELETE FROM registry.fact_effect WHERE fact = 7;
SELECT is(pg_temp.against(3), '', 'H18: none: it does not');

/* of which days is a policy */
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'pension_days', 8, '1949-10-01', 'fixture');
SELECT is(pg_temp.submit(240, '{5}'), '0/1 1/1', 'a claim of which the day of submission is asked');
SELECT is((SELECT asked_of FROM registry.claim_fact WHERE claim_id = pg_temp.u(2005) AND fact = 1), helper.today(), 'H19: the day that a fact is asked of is the city''s to say');

/* ---- employers' questions ---- */
CREATE FUNCTION pg_temp.ask(request int, people int[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', row_number, outcome), ' ' ORDER BY row_number) FROM api.fact_ask(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(41)], ARRAY[pg_temp.head()],
        array_fill(1, ARRAY[cardinality(people)]), (SELECT array_agg(n::int4) FROM unnest(people) WITH ORDINALITY c(x, n)), array_fill(pg_temp.head(), ARRAY[cardinality(people)]),
        (SELECT array_agg(pg_temp.h(x)) FROM unnest(people) x), (SELECT array_agg(pg_temp.u(request * 10 + n::int)) FROM unnest(people) WITH ORDINALITY c(x, n)))
$$;
SELECT is(pg_temp.ask(300, '{2,3}'), '0/1 1/1 2/1', 'an employer asks');
SELECT is((SELECT string_agg(concat_ws('/', answer, ltrim(snapshot_id::text, '0-'), request_id = pg_temp.u(300)), ' ' ORDER BY question_id) FROM registry.employment), '1/150/t 2/150/t', 'H18: and a snapshot answers at once');
SELECT is(pg_temp.begun(310, 2, :'today', false, 1), '1/310/f', 'what came since');
SELECT is(pg_temp.rows(311, 310, '{3}', '{2026-06-01}', NULL, '{91370100300000060X}'), '1 1', 'a new employee');
SELECT is(pg_temp.whole(312, 310), '1/1/0/0/1', 'H21: it answers again');
SELECT is((SELECT string_agg(answer::text, ' ' ORDER BY question_id) FROM registry.employment), '1 1', 'H21: who is insured by now');

/* ---- many ---- */
INSERT INTO registry.employment (question_id, organisation_id, person_id, asked_by)
SELECT pg_temp.u(600000 + n), pg_temp.u(8), pg_temp.person(4), pg_temp.u(41) FROM generate_series(1, 2500) n;
SELECT is(pg_temp.begun(320, 2, :'today', true, 2), '1/320/f', 'a newer register of insurance');
SELECT is(pg_temp.rows(321, 320, '{4,88}', '{2026-01-01,2026-01-01}', NULL, '{91370100300000060X,91370100300000060X}'), '1 1 1', 'one of whom nobody knows');
INSERT INTO registry.document (document_index, document_type, person_id) VALUES (pg_temp.h(88), 1, pg_temp.u(4088));
SELECT is(pg_temp.closed(322, 320)::text, '(1,2,0,1,0,t)', 'H20: whole at once: who was unknown when he came is counted, nothing is answered yet');
SELECT is((SELECT count(*) FROM registry.employment WHERE answer IS NULL), 2500::int8, 'H21: what waits does so');
SELECT is(pg_temp.answers(2, '{4}', '2026-02-01', '91370100300000060X'), '1', 'H21: while the snapshot answers what is asked');
SELECT is(pg_temp.closed(323, 320)::text, '(1,2,0,1,1000,t)', 'H21: then a portion');
SELECT is(pg_temp.closed(323, 320)::text, '(1,2,0,1,1000,t)', 'the same request again: the first answer');
SELECT is(pg_temp.closed(324, 320, caller => 51)::text, '(291,2,0,1,,t)', 'H20: not by another agency');
SELECT is(pg_temp.closed(325, 320)::text, '(1,2,0,1,1000,t)', 'and another one');
SELECT is(pg_temp.closed(326, 320)::text, '(1,2,0,1,502,f)', 'H21: the rest, with what an earlier snapshot answered');
SELECT is(pg_temp.closed(327, 320)::text, '(47,2,0,1,,f)', 'H20: whole');
SELECT is((SELECT count(*) FROM registry.employment WHERE snapshot_id = pg_temp.u(320) AND answer = 1 AND question_id >= pg_temp.u(600000)), 2500::int8, 'H21: each once');

/* ---- a portion is bounded by what is read ---- */
SELECT is((SELECT helper.snapshot_reach(s, '00000000-0000-0000-0000-000000000000', 3) FROM registry.snapshot s WHERE s.snapshot_id = pg_temp.u(107)), pg_temp.u(2002),
          'H21: a portion ends with the claim of the last question that it reads');
SELECT is((SELECT string_agg(ltrim(w::text, '0-'), ' ' ORDER BY w) FROM registry.snapshot s, helper.snapshot_waiting(s, '00000000-0000-0000-0000-000000000000', pg_temp.u(2002), 9) w WHERE s.snapshot_id = pg_temp.u(107)), '2001 2002',
          'H21: of what waits, with what is before that');
SELECT is((SELECT helper.snapshot_reach(s, pg_temp.u(2002), 1000) FROM registry.snapshot s WHERE s.snapshot_id = pg_temp.u(107)), NULL, 'H21: or with all, where so many are not left');
INSERT INTO registry.employment (question_id, organisation_id, person_id, asked_by, answer, source, as_of, answered_by, answered_at, request_id)
SELECT pg_temp.u(700000 + n), pg_temp.u(8), pg_temp.person(5), pg_temp.u(41), 2, '示例库', helper.today(), pg_temp.u(50), now(), pg_temp.u(9) FROM generate_series(1, 20000) n;
INSERT INTO registry.employment (question_id, organisation_id, person_id, asked_by) VALUES (pg_temp.u(800000), pg_temp.u(8), pg_temp.person(5), pg_temp.u(41));
SELECT is(pg_temp.begun(330, 2, :'today', false, 1), '1/330/f', 'what came since');
SELECT is(pg_temp.rows(331, 330, '{5}', '{2026-01-01}', NULL, '{91370100300000060X}'), '1 1', 'somebody of whom an agency has answered 20,000 questions');
SELECT is(pg_temp.closed(332, 330)::text, '(1,1,0,0,0,t)', 'whole');
UPDATE registry.snapshot SET answered_to = pg_temp.u(700000) WHERE snapshot_id = pg_temp.u(330);
SELECT is(pg_temp.closed(333, 330)::text, '(1,1,0,0,0,t)', 'H21: a portion that reads 20,000 questions of which none waits ends there');
SELECT is((SELECT answered_to FROM registry.snapshot WHERE snapshot_id = pg_temp.u(330)), pg_temp.u(720000), 'H21: and the next one goes on behind the last that was read');
SELECT is((SELECT answering FROM api.snapshot_list(ARRAY[pg_temp.u(50)], ARRAY[NULL::uuid], '{1}', '{2}', '{NULL}') LIMIT 1), true, 'H21: it is listed as one that has yet to answer');
SELECT is(pg_temp.closed(334, 330)::text, '(1,1,0,0,1,f)', 'H21: which answers the one that waits');
SELECT is((SELECT string_agg(answering::text, ' ' ORDER BY snapshot_id DESC) FROM api.snapshot_list(ARRAY[pg_temp.u(50)], ARRAY[NULL::uuid], '{99}', '{2}', '{NULL}')), 'false false false false', 'H21: and then as one that has');
SELECT is((SELECT answering FROM api.snapshot_list(ARRAY[pg_temp.u(50)], ARRAY[NULL::uuid], '{99}', '{3}', '{NULL}') WHERE snapshot_id = pg_temp.u(101)), NULL, 'H20: of one that is not whole nothing is said');

/* ---- who is known is not found out row by row ---- */
SELECT is((SELECT string_agg(helper.number_looks(n)::text, ' ' ORDER BY n) FROM unnest('{0,1,2,3,4,7,8,10000000}'::int[]) n), '0 1 2 2 3 3 4 24', 'D2: a number that is told is as many looks as it has bits');
CREATE FUNCTION pg_temp.looks() RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', sum(masked), sum(refused)) FROM registry.look_hour WHERE operator_id = pg_temp.u(50) $$;
DELETE FROM registry.look_hour;
UPDATE registry.policy SET value = 4 WHERE name = 'masked_looks_hour';
SELECT pg_temp.begun(340, 15, :'today', false, 1), pg_temp.rows(341, 340, '{1}'), pg_temp.begun(342, 15, :'today', false, 1), pg_temp.rows(343, 342, '{98}'), pg_temp.begun(344, 15, :'today', false, 5),
       pg_temp.rows(345, 344, '{1,3,4,98,99}');
SELECT is(pg_temp.closed(346, 340)::text || pg_temp.closed(347, 342)::text, '(1,1,0,0,0,t)(1,1,0,1,0,t)', 'D2: registers of one person tell of each whether it is known');
SELECT is(pg_temp.closed(346, 340)::text || pg_temp.looks(), '(1,1,0,0,0,t)2 0', 'D2: which is a look, once');
SELECT is(pg_temp.closed(348, 344)::text || pg_temp.looks(), '(62,5,,,,f)2 1', 'D2: three are needed for one of five, and two are left');
UPDATE registry.policy SET value = 5 WHERE name = 'masked_looks_hour';
SELECT is(pg_temp.closed(349, 344)::text || pg_temp.looks(), '(1,5,0,2,0,t)5 1', 'D2: it is whole when they are');
UPDATE registry.policy SET value = 5000 WHERE name = 'masked_looks_hour';

/* ---- erased ---- */
CALL helper.person_blank(ARRAY[pg_temp.person(2)]);
SELECT is((SELECT count(*) FROM registry.snapshot_row WHERE document_index = pg_temp.h(2)), 0::int8, 'D5: an erasure leaves no index of the person in a snapshot');
SELECT is((SELECT count(*) FROM registry.snapshot_row WHERE sealed = '' AND document_index IS NULL), 5::int8, 'D5: nor what is sealed; the rows stay');

SELECT * FROM finish();
ROLLBACK;
