/* SPDX-License-Identifier: Apache-2.0 */
/* What a draft of standards or policies would have made of the claims of a year (B5, B6, B7). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Persons 1 to 8 have completed a class of 4-10-01-06 level 2; certificate n is person n's, whose claim is u(1000 + n). */
SELECT pg_temp.open(1) AS class \gset
SELECT is(pg_temp.enrol(2, :class, '{1,2,3,4,5,6,7,8}'), '1: 1 1 1 1 1 1 1 1', 'a class');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
UPDATE registry.class SET state = 3 WHERE class_number = :class;
UPDATE registry.enrolment SET result = 1 WHERE class_number = :class;
UPDATE registry.enrolment SET trainee_group = (SELECT code FROM registry.trainee_group WHERE name = '就业困难人员') WHERE person_id IN (pg_temp.person(5), pg_temp.person(6));
INSERT INTO registry.lesson (class_number, lesson, held_on, held, hours, place, lesson_id, teacher_index, teacher_sealed, teacher_commitment, request_id)
SELECT :class, n, date '2026-03-01' + n, tsrange(date '2026-03-01' + n + time '08:00', date '2026-03-01' + n + time '10:00'), 2, '一教室', pg_temp.u(9000 + n), pg_temp.h(9), 's', pg_temp.h(9), pg_temp.u(9)
  FROM generate_series(1, 40) n;
INSERT INTO registry.attendance SELECT :class, pg_temp.person(5), n, 1 FROM generate_series(1, 40) n;
INSERT INTO registry.attendance SELECT :class, pg_temp.person(6), n, 1 FROM generate_series(1, 10) n;
CREATE FUNCTION pg_temp.certify(n int, person int, class int8, occupation text DEFAULT '4-10-01-06') RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
    VALUES (pg_temp.u(700 + n), pg_temp.h(700 + n), 2, pg_temp.person(person), pg_temp.u(1), class, occupation, 2::int2, helper.today() - 30, 's', pg_temp.h(n), pg_temp.u(9))
$$;
SELECT pg_temp.certify(n, n, :class) FROM generate_series(1, 8) n;
INSERT INTO registry.occupation (code, name) VALUES ('9-99-99-01', '示例甲');
INSERT INTO registry.class (class_number, organisation_id, title, occupation_code, level, training_kind, starts_on, ends_on, capacity, state)
VALUES (202699011, pg_temp.u(1), '示例', '9-99-99-01', 2, 3, '2026-01-01', '2026-02-01', 10, 3);
INSERT INTO registry.enrolment (class_number, person_id, enrolment_id, seat, trainee_group, document_type, request_id, sealed, commitment, result)
VALUES (202699011, pg_temp.person(1), gen_random_uuid(), 1, 7, 1, pg_temp.u(9), 's', pg_temp.h(9), 1);
SELECT pg_temp.certify(11, 1, 202699011, '9-99-99-01');
INSERT INTO registry.standard (standard_id, division, line, basis, occupation_code, level, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (pg_temp.u(800), '370100', 1, 1, '4-10-01-06', 2, 150000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9)),
       (pg_temp.u(801), '370100', 1, 1, NULL, NULL, 100000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9)),
       (pg_temp.u(802), '370100', 3, 3, NULL, NULL, 3000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9));

/* 1 to 8 are claimed, and 11; of 4 only training is asked for. */
SELECT is((SELECT string_agg(concat_ws('/', row_number, outcome, amount_fen), ' ' ORDER BY row_number) FROM api.claim_submit(
    ARRAY[pg_temp.u(50)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(10)], ARRAY[pg_temp.head()], '{3}', '{false}', array_fill(1, '{9}'),
    '{1,2,3,4,5,6,7,8,11}', array_fill(pg_temp.head(), '{9}'), (SELECT array_agg(pg_temp.h(700 + n) ORDER BY n) FROM unnest('{1,2,3,4,5,6,7,8,11}'::int[]) n),
    array_fill('P-1'::text, '{9}'), array_fill(true, '{9}'), '{0,0,0,1,0,0,0,0,0}', (SELECT array_agg(pg_temp.u(1000 + n) ORDER BY n) FROM unnest('{1,2,3,4,5,6,7,8,11}'::int[]) n))),
    '0/1 1/1/150000 2/1/150000 3/1/150000 4/1/150000 5/1/240000 6/1/180000 7/1/150000 8/1/150000 11/1/100000', 'claims');
/* As if submitted before standards were chosen by the class's approval: each by the day of its submission. */
UPDATE registry.claim SET submitted_at = '2026-06-10 10:00+08', year = 2026, mode = NULL, renewal = NULL, rated_on = NULL, rated_as_approved = NULL;
UPDATE registry.claim SET submitted_at = '2026-06-30 16:30+00' WHERE claim_id = pg_temp.u(1002); /* the first of July there */
UPDATE registry.claim SET submitted_at = '2026-06-30 23:30+08' WHERE claim_id = pg_temp.u(1003);
UPDATE registry.claim_place SET year = 2026;
UPDATE registry.certificate SET issued_on = '2026-05-31';
UPDATE registry.certificate SET issued_on = '2026-03-30' WHERE certificate_id = pg_temp.u(703);

/* The draft's rows as JSON; what is said: claims, changed, persons, refused, cheaper, dearer, before, after. */
CREATE FUNCTION pg_temp.replay(draft jsonb, caller int DEFAULT 11, area text DEFAULT NULL, year int DEFAULT 2026, page int DEFAULT 5000, after uuid DEFAULT NULL, run bool DEFAULT true)
RETURNS TABLE (req int4, part int2, code int2, line int4, occupation_code text, occupation_name text, claims int8, changed int8, persons int8, refused int8,
               cheaper int8, dearer int8, before_fen int8, after_fen int8, next uuid) LANGUAGE sql AS $$
    WITH d AS (SELECT r.*, n::int4 FROM jsonb_array_elements(draft) WITH ORDINALITY e(value, n)
                CROSS JOIN LATERAL jsonb_to_record(value) r(name text, amount int8, line int2, occupation text, level int2, kind int2, trainees int2, mode int2, grade int2, renewal bool, basis int2,
                                                           cap int8, percent int4, starts date, ends date))
    SELECT req, part, coalesce(outcome, subsidy), row_number, occupation_code, occupation_name, coalesce(year_claims, claims), changed, persons, refused, cheaper, dearer, before_fen, after_fen, next
      FROM api.policy_replay(ARRAY[pg_temp.u(caller)], ARRAY[year::int2], ARRAY[area], ARRAY[after], ARRAY[page], ARRAY[run],
        (SELECT coalesce(array_agg(1), '{}') FROM d), (SELECT coalesce(array_agg(n ORDER BY n), '{}') FROM d), (SELECT array_agg(name ORDER BY n) FROM d), (SELECT array_agg(amount ORDER BY n) FROM d),
        (SELECT array_agg(line ORDER BY n) FROM d), (SELECT array_agg(occupation ORDER BY n) FROM d), (SELECT array_agg(level ORDER BY n) FROM d),
        (SELECT array_agg(kind ORDER BY n) FROM d), (SELECT array_agg(trainees ORDER BY n) FROM d), (SELECT array_agg(mode ORDER BY n) FROM d),
        (SELECT array_agg(grade ORDER BY n) FROM d), (SELECT array_agg(renewal ORDER BY n) FROM d),
        (SELECT array_agg(coalesce(basis, CASE line WHEN 3 THEN 3 ELSE 1 END)::int2 ORDER BY n) FROM d), (SELECT array_agg(cap ORDER BY n) FROM d),
        (SELECT array_agg(coalesce(percent, 100) ORDER BY n) FROM d), (SELECT array_agg(starts ORDER BY n) FROM d), (SELECT array_agg(ends ORDER BY n) FROM d))
$$;
CREATE FUNCTION pg_temp.said(draft jsonb, of_part int DEFAULT 2, caller int DEFAULT 11, area text DEFAULT NULL, year int DEFAULT 2026) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', code, occupation_code, claims, changed, persons, refused, cheaper, dearer, before_fen, after_fen), ', ' ORDER BY code, occupation_code)
      FROM pg_temp.replay(draft, caller, area, year) WHERE part = of_part
$$;
CREATE FUNCTION pg_temp.outcomes(draft jsonb, caller int DEFAULT 11, area text DEFAULT NULL, run bool DEFAULT true) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', line, code), ' ' ORDER BY part, line) FROM pg_temp.replay(draft, caller, area, run => run) WHERE part < 2
$$;

/* ---- nothing of a draft: nothing is changed ---- */
SELECT count(*) AS acts FROM acts \gset
SELECT is(pg_temp.said('[]'), '9 0 0 0 0 0 1420000 1420000', 'an empty draft changes nothing');
SELECT is(pg_temp.said('[{"line":1,"amount":1,"starts":"2027-01-01"}]'), '9 0 0 0 0 0 1420000 1420000', 'nor one that is in force on none of the days');
SELECT is(pg_temp.said('[{"line":2,"amount":5,"starts":"2026-01-01"}]', year => 2025), '0 0 0 0 0 0 0 0', 'nor one over a year without claims');
SELECT is(pg_temp.said('[{"line":1,"amount":1,"starts":"2026-01-01","occupation":"4-03-02-01"}]'), '9 0 0 0 0 0 1420000 1420000', 'B5: nor one of another occupation');
SELECT is(pg_temp.said('[{"line":1,"amount":1,"starts":"2026-01-01","trainees":3}]'), '9 0 0 0 0 0 1420000 1420000', 'B5: nor one of another group');

/* ---- standards ---- */
SELECT is(pg_temp.said('[{"line":1,"amount":120000,"starts":"2026-01-01"}]'), '9 1 1 0 0 1 1420000 1440000', 'B5: a draft for all gives way to what is said of the occupation');
SELECT is(pg_temp.said('[{"line":1,"amount":120000,"starts":"2026-01-01","occupation":"4-10-01-06","level":2}]'), '9 8 8 0 8 0 1420000 1180000', 'B5: of the same key the draft counts');
SELECT is(pg_temp.said('[{"line":1,"amount":150000,"starts":"2026-01-01","occupation":"4-10-01-06","level":2}]'), '9 0 0 0 0 0 1420000 1420000', 'the same amount is no change');
SELECT is(pg_temp.said('[{"line":1,"amount":160000,"starts":"2026-01-01"},{"line":1,"amount":170000,"starts":"2026-01-01","occupation":"4-10-01-06","level":2,"kind":2}]'),
          '9 9 8 0 0 9 1420000 1640000', 'B5: the most specific of the draft; persons are counted once');
SELECT is(pg_temp.said('[{"line":1,"amount":120000,"starts":"2026-07-01","occupation":"4-10-01-06","level":2}]'), '9 1 1 0 1 0 1420000 1390000', 'B5: from its first day on, there');
SELECT is(pg_temp.said('[{"line":1,"amount":120000,"starts":"2026-01-01","ends":"2026-06-30","occupation":"4-10-01-06","level":2}]'), '9 7 7 0 7 0 1420000 1210000', 'B5: until its last day');
SELECT is(pg_temp.said('[{"line":1,"amount":1,"starts":"2026-01-01","occupation":"4-10-01-06","level":2},{"line":1,"amount":140000,"starts":"2026-06-01","occupation":"4-10-01-06","level":2}]'),
          '9 8 8 0 8 0 1420000 1340000', 'B5: of two of a key the later start counts');
SELECT is(pg_temp.said('[{"line":2,"amount":20000,"starts":"2026-01-01"}]'), '9 9 8 0 0 9 1420000 1600000', 'B6: a line that had no standard comes');
SELECT is(pg_temp.said('[{"line":2,"amount":20000,"starts":"2026-01-01"}]', 3), '1 9 0 0 0 0 0 1300000 1300000, 2 9 9 8 0 0 9 0 180000, 3 2 0 0 0 0 0 120000 120000', 'B6: by line');
SELECT is(pg_temp.said('[{"line":2,"amount":20000,"starts":"2026-01-01","occupation":"9-99-99-01"}]', 4), '4-10-01-06 8 0 0 0 0 0 1320000 1320000, 9-99-99-01 1 1 1 0 0 1 100000 120000', 'by occupation');
SELECT is(pg_temp.said('[{"line":3,"amount":4000,"starts":"2026-01-01"}]'), '9 2 2 0 0 2 1420000 1460000', 'B6: the living allowance by the days that were claimed');
UPDATE registry.attendance SET state = 5 WHERE lesson > 5 AND person_id = pg_temp.person(6);
SELECT is(pg_temp.said('[{"line":3,"amount":4000,"starts":"2026-01-01"}]'), '9 2 2 0 0 2 1420000 1460000', 'B6: as they were claimed, whatever was amended since');
UPDATE registry.attendance SET state = 1 WHERE person_id = pg_temp.person(6);
DELETE FROM registry.claim_line WHERE claim_id = pg_temp.u(1006) AND line = 3;
UPDATE registry.claim SET amount_fen = 150000 WHERE claim_id = pg_temp.u(1006);
SELECT is(pg_temp.said('[{"line":3,"amount":4000,"starts":"2026-01-01"}]'), '9 1 1 0 0 1 1390000 1420000', 'B6: a line that was to be had and not asked for does not come');

/* ---- policies ---- */
SELECT is(pg_temp.said('[{"name":"living_days","amount":30,"starts":"2026-01-01"}]'), '9 0 0 0 0 0 1390000 1390000', 'B6: the value in force changes nothing');
SELECT is(pg_temp.said('[{"name":"living_days","amount":20,"starts":"2026-01-01"}]'), '9 1 1 0 1 0 1390000 1360000', 'B6: fewer days of living allowance');
SELECT is(pg_temp.said('[{"name":"living_days","amount":35,"starts":"2026-01-01"}]'), '9 1 1 0 0 1 1390000 1405000', 'B6: more days, as far as they were attended');
SELECT is(pg_temp.said('[{"name":"living_days","amount":0,"starts":"2026-01-01"}]'), '9 1 1 0 1 0 1390000 1300000', 'B6: none: the other line stays');
SELECT is(pg_temp.said('[{"name":"living_days","amount":0,"starts":"2026-01-01"}]', 3), '1 9 0 0 0 0 0 1300000 1300000, 3 1 1 1 1 0 0 90000 0', 'B6: and the line is refused');
DELETE FROM registry.claim_line WHERE claim_id = pg_temp.u(1005) AND line = 1;
SELECT is(pg_temp.said('[{"name":"living_days","amount":0,"starts":"2026-01-01"}]'), '9 1 1 1 0 0 1240000 1150000', 'B6: of a claim of nothing else the whole');
SELECT is(pg_temp.said('[{"name":"living_days","amount":0,"starts":"2026-01-01"}]', 5), '119 1 1 1 1 0 0 90000 0', 'B6: and why');
SELECT is(pg_temp.said('[{"name":"claim_months","amount":2,"starts":"2026-01-01"}]'), '9 1 1 1 0 0 1240000 1090000', 'B7: after the months of the draft');
SELECT is(pg_temp.said('[{"name":"claim_months","amount":2,"starts":"2026-01-01"}]', 5), '120 1 1 1 1 0 0 150000 0', 'B7: and why');
SELECT is(pg_temp.said('[{"name":"claim_months","amount":3,"starts":"2026-01-01"}]'), '9 0 0 0 0 0 1240000 1240000', 'B7: on their last day');
SELECT is(pg_temp.said('[{"name":"claim_months","amount":1,"starts":"2026-01-01","ends":"2026-06-29"},{"name":"claim_months","amount":2,"starts":"2026-06-30"}]'),
          '9 1 1 1 0 0 1240000 1090000', 'B7: each on its days');
SELECT is(pg_temp.said('[{"name":"claim_months","amount":1,"starts":"2026-01-01","ends":"2026-06-29"},{"name":"claim_months","amount":1,"starts":"2026-07-02"}]'),
          '9 0 0 0 0 0 1240000 1240000', 'B7: and on no other');
SELECT is(pg_temp.said('[{"name":"claim_months","amount":24,"starts":"2026-01-01"}]'), '9 0 0 0 0 0 1240000 1240000', 'B7: more months change nothing of what was claimed');
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370102', 'claim_months', 6, '2026-01-01', '示例文');
UPDATE registry.claim SET division = '370102' WHERE claim_id = pg_temp.u(1003);
SELECT is(pg_temp.said('[{"name":"claim_months","amount":2,"starts":"2026-01-01"}]'), '9 0 0 0 0 0 1240000 1240000', 'B7: what a county has said itself counts before its city''s draft');

/* ---- whose ---- */
SELECT is(pg_temp.said('[{"name":"claim_months","amount":2,"starts":"2026-01-01"}]', caller => 20), '1 1 1 1 0 0 150000 0', 'a county''s draft is for its own claims');
SELECT is(pg_temp.said('[{"line":1,"amount":120000,"starts":"2026-01-01","occupation":"4-10-01-06","level":2}]', caller => 20), '1 1 1 0 1 0 150000 120000', 'as one of standards is');
SELECT is(pg_temp.said('[{"line":2,"amount":1,"starts":"2026-01-01"}]', caller => u, area => a), said, format('%s replays %s', u, a))
  FROM (VALUES (12, NULL, '0 0 0 0 0 0 0 0'), (19, NULL, '9 9 8 0 0 9 1240000 1240009'), (19, '370100', '9 9 8 0 0 9 1240000 1240009'), (19, '370102', '1 1 1 0 0 1 150000 150001'),
               (19, '370200', '0 0 0 0 0 0 0 0'), (11, '370102', '1 1 1 0 0 1 150000 150001')) v(u, a, said);
SELECT is(pg_temp.outcomes('[]', u, a), '12', format('%s does not replay %s', u, a))
  FROM (VALUES (10, NULL), (18, NULL), (99, NULL), (12, '370100'), (20, '370100'), (20, '370103'), (11, '370200')) v(u, a);

/* ---- which claims ---- */
UPDATE registry.claim SET state = 8 WHERE claim_id = pg_temp.u(1001);
UPDATE registry.claim SET state = 9 WHERE claim_id = pg_temp.u(1002);
SELECT is(pg_temp.said('[]'), '7 0 0 0 0 0 940000 940000', 'what was rejected or withdrawn is not looked at');
UPDATE registry.claim SET state = 1 WHERE claim_id IN (pg_temp.u(1001), pg_temp.u(1002));
UPDATE registry.claim SET state = 11, reviewed_by = pg_temp.u(17), approved_by = pg_temp.u(11), paid_by = pg_temp.u(32), publicity_until = '2026-06-30', publicity_days = 5 WHERE claim_id = pg_temp.u(1007);
SELECT is(pg_temp.said('[]'), '9 0 0 0 0 0 1240000 1240000', 'what was clawed back for fraud is, once');
DELETE FROM registry.claim_place WHERE claim_id = pg_temp.u(1007);
SELECT is(pg_temp.said('[]'), '9 0 0 0 0 0 1240000 1240000', 'for error too, though it has no place');

/* ---- pages ---- */
SELECT results_eq($$ SELECT claims, next FROM pg_temp.replay('[]') WHERE part = 0 $$, $$ VALUES (9::int8, NULL::uuid) $$, 'a page of all says how many there are');
CREATE FUNCTION pg_temp.pages(draft jsonb, page int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    after uuid;
    calls int := 0;
    sums int8[] := '{0,0,0,0,0}';
    got record;
    ahead int8;
BEGIN
    LOOP
        SELECT r.* INTO got FROM pg_temp.replay(draft, page => page, after => after) r WHERE r.part = 0;
        ahead := coalesce(ahead, got.claims);
        SELECT ARRAY[sums[1] + r.claims, sums[2] + r.changed, sums[3] + r.persons, sums[4] + r.before_fen, sums[5] + r.after_fen] INTO sums
          FROM pg_temp.replay(draft, page => page, after => after) r WHERE r.part = 2;
        calls := calls + 1;
        EXIT WHEN got.next IS NULL;
        after := got.next;
    END LOOP;
    RETURN concat_ws(' ', ahead, array_to_string(sums, ' '), CASE WHEN calls > 1 THEN 'pages' ELSE 'page' END);
END $$;
SELECT is(pg_temp.pages('[{"line":2,"amount":1,"starts":"2026-01-01"}]', n), concat('9 9 9 8 1240000 1240009 page', CASE WHEN n < 9 THEN 's' END), format('the sums of pages of %s', n))
  FROM unnest('{1,2,3,4,5,100}'::int[]) n;

/* ---- rows of a draft that cannot be ---- */
SELECT is(pg_temp.outcomes('[{"line":1,"amount":1,"starts":"2026-01-01"},{"line":1,"amount":1,"starts":"2026-01-01","occupation":"0-00-00-00"},{"line":1,"amount":2,"starts":"2026-01-01"},{"line":1,"amount":2,"starts":"2026-01-02"}]'),
          '1 2/10 3/107', 'B5: no such occupation; the same key from the same day');
SELECT is(pg_temp.outcomes('[{"name":"maximum_age","amount":1,"starts":"2026-01-01"},{"name":"claim_months","amount":0,"starts":"2026-01-01"},{"name":"publicity_days","amount":7,"starts":"2026-01-01"},{"name":"living_days","amount":7,"starts":"2026-01-01"}]'),
          '1 1/104 2/105 3/106', 'no such policy; no such value; one that decides nothing about claims');
SELECT is((SELECT count(*) FROM pg_temp.replay('[{"line":1,"amount":1,"starts":"2026-01-01","occupation":"0-00-00-00"}]')), 2::int8, 'nothing is replayed then');
SELECT is((SELECT count(*) FROM pg_temp.replay('[{"line":1,"amount":1,"starts":"2026-01-01"}]', run => false)), 1::int8, 'nor when it is only to be looked at');
SELECT is((SELECT count(*) FROM acts), :acts::int8, 'nothing is entered');

/* ---- by what standards are chosen, and how they pay (B9, B10) ---- */
/* As if 1 had been rated by the first of March, 2 by what its class kept then, and 3 in a blended class that the catalogue's grade 1 allowed, as a renewal. */
UPDATE registry.claim SET mode = 1, renewal = false, rated_as_approved = false, rated_on = '2026-03-01' WHERE claim_id IN (pg_temp.u(1001), pg_temp.u(1002));
UPDATE registry.claim SET mode = 3, demand_grade = 1, renewal = true, rated_as_approved = false, rated_on = '2026-06-10' WHERE claim_id = pg_temp.u(1003);
CREATE FUNCTION pg_temp.changed(draft jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', changed, refused, after_fen - before_fen) FROM pg_temp.replay(draft) WHERE part = 2
$$;
SELECT is(pg_temp.changed('[{"line":1,"amount":140000,"starts":"2026-02-01","ends":"2026-04-01","occupation":"4-10-01-06","level":2}]'), '2 0 -20000',
          'B9: a draft touches the claims that are rated by a day of its period');
SELECT is(pg_temp.changed('[{"line":1,"amount":140000,"starts":"2026-06-01","ends":"2026-06-30","occupation":"4-10-01-06","level":2}]'), '5 0 -50000',
          'B9: and not by the day on which they were submitted');
SELECT is(pg_temp.changed('[{"line":1,"amount":140001,"percent":70,"mode":3,"starts":"2026-01-01","occupation":"4-10-01-06","level":2}]'), '1 0 -52000', 'B10: of a mode, and 70 percent, the fraction left out');
SELECT is(pg_temp.changed('[{"line":1,"amount":200000,"cap":160000,"grade":1,"starts":"2026-01-01","occupation":"4-10-01-06","level":2}]'), '1 0 10000', 'B10: of a grade of demand, up to a cap');
SELECT is(pg_temp.changed('[{"line":1,"amount":30000,"renewal":true,"starts":"2026-01-01","occupation":"4-10-01-06","level":2}]'), '1 0 -120000', 'B10: of renewals');
SELECT is(pg_temp.changed('[{"line":1,"amount":30000,"renewal":true,"starts":"2026-01-01","occupation":"9-99-99-01"}]'), '0 0 0', 'B10: which another claim is not') ;
SELECT is(pg_temp.changed('[{"line":1,"amount":1000,"basis":2,"cap":60000,"starts":"2026-01-01","occupation":"4-10-01-06","level":2}]'), concat('7 6 ', 1000 * 2 * (SELECT count(*) FROM registry.attendance WHERE person_id = pg_temp.person(6) AND state = 1) - 7 * 150000),
          'B10: by class hour: whoever attended none would be refused');
SELECT is((SELECT string_agg(code || ' ' || claims, ', ') FROM pg_temp.replay('[{"line":1,"amount":1000,"basis":2,"starts":"2026-01-01","occupation":"4-10-01-06","level":2}]') WHERE part = 5),
          '220 6', 'B10: and why');
SELECT is(pg_temp.outcomes('[{"line":1,"amount":1,"mode":3,"starts":"2026-01-01"},{"line":1,"amount":1,"mode":2,"starts":"2026-01-01"},{"line":1,"amount":2,"mode":3,"starts":"2026-01-01"}]', run => false),
          '1 3/107', 'B10: rows of another mode are of another key');

/* A drafted day of rating chooses anew (B9). */
SELECT is(pg_temp.changed('[{"name":"rate_day","amount":1,"starts":"2026-01-01"}]'), '0 0 0', 'B9: the value in force changes nothing of what was rated by it');
INSERT INTO registry.standard (standard_id, division, line, basis, occupation_code, level, amount_fen, valid_from, valid_to, citation, proposed_by, decision, decided_by, decided_at, request_id, superseded_by)
VALUES (pg_temp.u(803), '370100', 1, 1, '4-10-01-06', 2, 90000, '2025-01-01', '2025-12-31', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9), NULL);
UPDATE registry.class SET starts_on = '2025-11-01' WHERE class_number = :class;
UPDATE registry.certificate SET class_number = NULL WHERE certificate_id = pg_temp.u(708);
SELECT is(pg_temp.changed('[{"name":"rate_day","amount":2,"starts":"2026-01-01"}]'), '0 0 0', 'B9: by the day of issue they are the same');
UPDATE registry.certificate SET issued_on = '2025-12-31' WHERE certificate_id = pg_temp.u(702);
SELECT is(pg_temp.changed('[{"name":"rate_day","amount":2,"starts":"2026-01-01"}]'), '1 0 -60000', 'B9: but of one that was issued under an earlier standard');
SELECT is(pg_temp.changed('[{"name":"rate_day","amount":2,"starts":"2026-07-02"}]'), '0 0 0', 'B9: a draft counts for the days on which claims were submitted');
UPDATE registry.certificate SET issued_on = '2024-12-31' WHERE certificate_id = pg_temp.u(702);
SELECT is(pg_temp.changed('[{"name":"rate_day","amount":2,"starts":"2026-01-01"}]'), '1 1 -150000', 'B9: where there was no standard on that day, it would be refused');
SELECT is(pg_temp.outcomes('[{"name":"life_cap","amount":1,"starts":"2026-01-01"},{"name":"year_cap_others","amount":4,"starts":"2026-01-01"},{"name":"no_lower_after_higher","amount":1,"starts":"2026-01-01"},{"name":"rate_day","amount":4,"starts":"2026-01-01"}]', run => false),
          '1 2/105 4/105', 'B11: limits are drafted within their bounds');
UPDATE registry.claim SET mode = NULL, demand_grade = NULL, renewal = NULL, rated_as_approved = NULL, rated_on = NULL;

/* ---- limits (B11): person 1 has claimed for certificates 1 and 11, in this order ---- */
CREATE FUNCTION pg_temp.limited(draft jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', code, claims, persons, before_fen), ', ' ORDER BY code), 'none') FROM pg_temp.replay(draft) WHERE part = 5
$$;
SELECT is(pg_temp.limited('[{"name":"year_cap_others","amount":3,"starts":"2026-01-01"},{"name":"life_cap","amount":0,"starts":"2026-01-01"},{"name":"no_lower_after_higher","amount":0,"starts":"2026-01-01"}]'), 'none',
          'B11: the values in force refuse nobody');
SELECT is(pg_temp.limited('[{"name":"year_cap_others","amount":2,"starts":"2026-01-01"}]'), 'none', 'B11: as many in the year as the draft allows');
SELECT is(pg_temp.limited('[{"name":"year_cap_others","amount":1,"starts":"2026-01-01"}]'), '221 1 1 100000', 'B11: of two in the year the later one is refused');
SELECT is(pg_temp.said('[{"name":"year_cap_others","amount":1,"starts":"2026-01-01"}]'), '9 1 1 1 0 0 1240000 1140000', 'B11: as a whole');
SELECT is(pg_temp.limited('[{"name":"year_cap_others","amount":1,"starts":"2026-07-01"}]'), 'none', 'B11: on the draft''s days alone');
SELECT is(pg_temp.limited('[{"name":"year_cap_students","amount":1,"starts":"2026-01-01"}]'), 'none', 'B11: students have their own number');
UPDATE registry.claim SET trainee_group = (SELECT code FROM registry.trainee_group WHERE name = '在校大学生') WHERE claim_id = pg_temp.u(1011);
SELECT is(pg_temp.limited('[{"name":"year_cap_students","amount":1,"starts":"2026-01-01"}]'), '221 1 1 100000', 'B11: which the claim of a student passes');
SELECT is(pg_temp.limited('[{"name":"year_cap_others","amount":1,"starts":"2026-01-01"}]'), 'none', 'B11: and others do not have');
UPDATE registry.claim SET trainee_group = 7 WHERE claim_id = pg_temp.u(1011);
SELECT is(pg_temp.limited('[{"name":"life_cap","amount":1,"starts":"2026-01-01"}]'), '222 1 1 100000', 'B11: more than one in a life');
SELECT is(pg_temp.limited('[{"name":"claim_months","amount":2,"starts":"2026-01-01"},{"name":"life_cap","amount":1,"starts":"2026-01-01"}]'), '120 1 1 150000, 222 1 1 100000', 'B7, B11: each for its own reason');
UPDATE registry.certificate SET issued_on = '2026-03-30' WHERE certificate_id = pg_temp.u(701);
SELECT is(pg_temp.limited('[{"name":"claim_months","amount":2,"starts":"2026-01-01"},{"name":"life_cap","amount":1,"starts":"2026-01-01"}]'), '120 2 2 300000', 'B11: what the draft refuses takes no place of those after it');
UPDATE registry.certificate SET issued_on = '2026-05-31' WHERE certificate_id = pg_temp.u(701);
UPDATE registry.claim SET ordinal = 0 WHERE claim_id = pg_temp.u(1011);
SELECT is(pg_temp.limited('[{"name":"life_cap","amount":1,"starts":"2026-01-01"}]'), '222 1 1 150000', 'B11: in the order in which they were submitted');
UPDATE registry.claim SET ordinal = NULL WHERE claim_id IN (pg_temp.u(1011), pg_temp.u(1001));
UPDATE registry.claim SET submitted_at = '2026-06-10 09:00+08' WHERE claim_id = pg_temp.u(1011);
SELECT is(pg_temp.limited('[{"name":"life_cap","amount":1,"starts":"2026-01-01"}]'), '222 1 1 150000', 'B11: of those that were not numbered by when');
UPDATE registry.claim SET year = 2025, submitted_at = '2025-06-10 09:00+08' WHERE claim_id = pg_temp.u(1001);
UPDATE registry.claim_place SET year = 2025 WHERE claim_id = pg_temp.u(1001);
SELECT is(pg_temp.limited('[{"name":"year_cap_others","amount":1,"starts":"2026-01-01"}]'), 'none', 'B11: another year''s is none of the year');
SELECT is(pg_temp.limited('[{"name":"life_cap","amount":1,"starts":"2026-01-01"}]'), '222 1 1 100000', 'B11: but one of the life');
UPDATE registry.claim SET occupation_code = '9-99-99-01' WHERE claim_id = pg_temp.u(1001);
SELECT is(pg_temp.limited('[{"name":"no_lower_after_higher","amount":1,"starts":"2026-01-01"}]'), 'none', 'B11: the same level is no higher one');
UPDATE registry.claim SET level = 3 WHERE claim_id = pg_temp.u(1001);
SELECT is(pg_temp.limited('[{"name":"no_lower_after_higher","amount":1,"starts":"2026-01-01"}]'), '223 1 1 100000', 'B11: a lower level after a higher one');
UPDATE registry.claim SET occupation_code = '4-10-01-06' WHERE claim_id = pg_temp.u(1001);
SELECT is(pg_temp.limited('[{"name":"no_lower_after_higher","amount":1,"starts":"2026-01-01"}]'), 'none', 'B11: of the occupation');
UPDATE registry.claim SET level = 2, year = 2026, submitted_at = '2026-06-10 10:00+08' WHERE claim_id = pg_temp.u(1001);
UPDATE registry.claim_place SET year = 2026 WHERE claim_id = pg_temp.u(1001);
INSERT INTO registry.person_merge (gone, kept, case_reference, operator_id, request_id) VALUES (pg_temp.person(4), pg_temp.person(2), 'A-1', pg_temp.u(11), pg_temp.u(9));
SELECT is(pg_temp.limited('[{"name":"life_cap","amount":1,"starts":"2026-01-01"}]'), '222 2 2 300000', 'B11: a human''s records are counted together');
DELETE FROM registry.claim_place WHERE claim_id = pg_temp.u(1002);
UPDATE registry.claim SET state = 11, reviewed_by = pg_temp.u(17), approved_by = pg_temp.u(11), paid_by = pg_temp.u(32), publicity_until = '2026-06-30', publicity_days = 5 WHERE claim_id = pg_temp.u(1002);
SELECT is(pg_temp.limited('[{"name":"life_cap","amount":1,"starts":"2026-01-01"}]'), '222 1 1 150000', 'B11: what was clawed back for error stands in no other''s way');
DELETE FROM registry.person_merge;
SELECT is(pg_temp.limited('[{"name":"life_cap","amount":1,"starts":"2026-01-01"}]'), '222 1 1 150000', 'B11: and another''s are not');

/* Two requests of a set are two drafts. */
SELECT is((SELECT string_agg(concat_ws(' ', req, claims, changed, after_fen), ', ' ORDER BY req) FROM api.policy_replay(
    ARRAY[pg_temp.u(11), pg_temp.u(11)], '{2026,2026}', '{NULL,NULL}', '{NULL,NULL}', '{5000,5000}', '{true,true}', '{1,2}', '{1,1}', '{NULL,NULL}', '{1,2}', '{2,2}',
    '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{1,1}', '{NULL,NULL}', '{100,100}',
    '{2026-01-01,2026-01-01}', '{NULL,NULL}') WHERE part = 2), '1 9 9 1240009, 2 9 9 1240018', 'each by its own draft');
SELECT * FROM finish();
ROLLBACK;
