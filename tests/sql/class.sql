/* SPDX-License-Identifier: Apache-2.0 */
/* Classes: opening, showing, amending, and their states. */
BEGIN;
\ir fixture.psql
SELECT plan(86);

SELECT is(pg_temp.open(1), (extract(year FROM helper.today()) * 100000 + 1)::int8, 'a class gets the year and a running number');
SELECT is(pg_temp.open(1), (extract(year FROM helper.today()) * 100000 + 1)::int8, 'the same request again: the same class');
SELECT is(pg_temp.open(2), (extract(year FROM helper.today()) * 100000 + 2)::int8, 'another request: the next number');
SELECT is(pg_temp.open(2, capacity => 11), -11::int8, 'the same request id with other content is refused');
SELECT is(pg_temp.open(3, occupation => '9-99-99-99'), -10::int8, 'G3: of an occupation that exists');
SELECT is(pg_temp.open(4, level => 3), -9::int8, 'G3: at a level within the scope');
SELECT is(pg_temp.open(5, starts => '2025-12-31'), -9::int8, 'G3: not before the scope begins');
SELECT is(pg_temp.open(6, starts => '2026-12-31', ends => '2027-01-31'), (extract(year FROM helper.today()) * 100000 + 3)::int8, 'G3: on its last day');
SELECT is(pg_temp.open(7, starts => '2027-01-01', ends => '2027-01-31'), -9::int8, 'G3: not after it');
SELECT is(pg_temp.open(8, caller => 17), -12::int8, 'a reviewer opens none');
SELECT is(pg_temp.open(9, caller => 21), -12::int8, 'nor an operator who is no clerk');
UPDATE registry.organisation SET status = 2 WHERE organisation_id = pg_temp.u(5);
SELECT is(pg_temp.open(10, caller => 18), -12::int8, 'G4: nor a suspended institution');
UPDATE registry.organisation SET status = 1 WHERE organisation_id = pg_temp.u(5);
SELECT is((SELECT count(*) FROM acts), 10::int8, 'each request left its entry, refused ones too, repeated ones not');
SELECT is((SELECT last FROM registry.class_counter), 3, 'numbers have no gaps');

CREATE TEMP TABLE c AS SELECT pg_temp.open(20) AS a, pg_temp.open(21, 18) AS b;

/* ---- who sees ---- */
SELECT is((SELECT count(*) FROM api.class_show(ARRAY[pg_temp.u(u)], ARRAY[a])), n, 'own class, shown to ' || u)
  FROM c, (VALUES (10, 1::int8), (17, 1), (11, 1), (19, 1), (13, 1), (18, 0), (12, 0), (20, 0)) v(u, n);
SELECT is((SELECT count(*) FROM api.class_list(ARRAY[pg_temp.u(u)], ARRAY[9223372036854775807], ARRAY[10])), n, 'classes listed to ' || u)
  FROM (VALUES (10, 4::int8), (18, 1), (17, 4), (19, 5), (20, 0)) v(u, n);
SELECT is((SELECT string_agg(number::text, ' ') FROM api.class_list(ARRAY[pg_temp.u(19)], ARRAY[b], ARRAY[1])),
          (SELECT a::text || ' ' || (a - 1)::text), 'newest first, after the cursor, one more than the page') FROM c;

/* ---- amending ---- */
CREATE FUNCTION pg_temp.amend(request int, class int8, seen int, title text DEFAULT NULL, starts date DEFAULT NULL,
                              ends date DEFAULT NULL, capacity int DEFAULT NULL, state int DEFAULT NULL, caller int DEFAULT 10)
RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, changed, version) FROM api.class_amend(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[class],
        ARRAY[seen], ARRAY[title], ARRAY[starts], ARRAY[ends], ARRAY[capacity], ARRAY[state::int2], ARRAY['why'])
$$;
SELECT is(pg_temp.amend(30, a, 1, title => '新名', capacity => 5), '1 2', 'a class is amended') FROM c;
SELECT is(pg_temp.amend(31, a, 1, capacity => 6), '14 9', 'the second is told: title and capacity') FROM c;
SELECT is(pg_temp.amend(32, a, 2, capacity => 6, caller => 18), '3', 'another institution does not see it') FROM c;
SELECT is(pg_temp.amend(33, a, 2, ends => '2026-02-01'), '40', 'the last day is not before the first') FROM c;
SELECT is(pg_temp.amend(34, a, 2, starts => '2025-12-31'), '9', 'G3: the first day stays within the scope') FROM c;
SELECT is(pg_temp.amend(35, a, 2, state => 3), '5', 'what has not started is not completed') FROM c;
SELECT is(pg_temp.amend(36, a, 2, state => 2), '1 3', 'it starts') FROM c;
SELECT is(pg_temp.amend(37, a, 3, title => 'x'), '5', 'and is amended no more') FROM c;
UPDATE registry.class SET enrolled = 1, seats = 1 FROM c WHERE class_number = a; /* somebody takes part */
SELECT is(pg_temp.amend(38, a, 3, state => 3), '1 4', 'it is completed') FROM c;

/* What may become of a class is decided here, whatever the daemon asks. */
SELECT is(pg_temp.amend(50, a, 4, state => 1), '5', 'what is completed is not opened again') FROM c;
SELECT is(pg_temp.amend(51, a, 4, state => 2), '5', 'nor started') FROM c;
SELECT is(pg_temp.amend(52, a, 4, state => 4), '5', 'nor cancelled') FROM c;
SELECT is(pg_temp.amend(36, a, 2, state => 2), '1 3', 'the request that started it gets its first answer') FROM c;
SELECT is(pg_temp.amend(31, a, 1, capacity => 6), '14 9', 'the one that came second too') FROM c;
SELECT is(pg_temp.amend(53, a, 9, title => 'x'), '14 0', 'a version that never was is not the present one') FROM c;
SELECT is(pg_temp.amend(54, a, 4, title => 'x', caller => 21), '12', 'who is no clerk amends nothing') FROM c;
SELECT is(pg_temp.amend(55, a, 4, title => 'x', caller => 17), '12', 'nor does a bureau') FROM c;
SELECT is(pg_temp.amend(56, 299900001, 1, title => 'x'), '3', 'a class that does not exist is not there');

CREATE TEMP TABLE e AS SELECT pg_temp.open(60) AS a, pg_temp.open(61) AS b, pg_temp.open(62) AS later;
UPDATE registry.class SET starts_on = helper.today() + 1, ends_on = helper.today() + 2 FROM e WHERE class_number = later;
SELECT is(pg_temp.enrol(64, a, '{1,2,3}'), '1: 1 1 1', 'a class with trainees') FROM e;
SELECT is(pg_temp.amend(65, a, 1, starts => '2026-02-28'), '41', 'A1: does not begin earlier') FROM e;
SELECT is(pg_temp.amend(66, a, 1, starts => '2026-03-02'), '1 2', 'A1: but later') FROM e;
SELECT is(pg_temp.amend(67, a, 2, capacity => 2), '42', 'nor has fewer places than trainees') FROM e;
SELECT is(pg_temp.amend(68, a, 2, capacity => 3), '1 3', 'but as many') FROM e;
SELECT is(pg_temp.enrol(69, a, '{4}'), '1: 4', 'and is full') FROM e;
SELECT is(pg_temp.amend(70, b, 1, starts => '2026-02-28'), '1 2', 'one without trainees begins earlier') FROM e;
INSERT INTO registry.lesson (class_number, lesson, held_on, held, hours, place, lesson_id, teacher_index, teacher_sealed, teacher_commitment, request_id)
SELECT b, 1, '2026-03-10', '[2026-03-10 08:00,2026-03-10 10:00)', 2, '教室', pg_temp.u(1), pg_temp.h(1), 'x', pg_temp.h(1), pg_temp.u(1) FROM e;
SELECT is(pg_temp.amend(71, b, 2, ends => '2026-03-09'), '43', 'a lesson is not left behind its end') FROM e;
SELECT is(pg_temp.amend(72, b, 2, starts => '2026-03-11'), '43', 'nor before its beginning') FROM e;
SELECT is(pg_temp.amend(73, b, 2, starts => '2026-03-10', ends => '2026-03-10'), '1 3', 'its day alone is enough') FROM e;
SELECT is(pg_temp.amend(74, b, 3, ends => '2026-03-09', state => 2), '5', 'a state changes alone: not with dates') FROM e;
SELECT is(pg_temp.amend(75, b, 3, capacity => 1000, state => 2), '5', 'nor with places') FROM e;
SELECT is(pg_temp.amend(76, b, 3, title => 'x', state => 4), '5', 'nor with a title') FROM e;
SELECT is(pg_temp.amend(77, b, 3, state => 1), '5', 'what is open is not opened') FROM e;
SELECT is(pg_temp.amend(78, b, 3, state => 4), '1 4', 'it is cancelled') FROM e;
SELECT is(pg_temp.amend(79, b, 4, state => 1), '5', 'for good') FROM e;
SELECT is(pg_temp.amend(80, later, 1, state => 2), '44', 'nothing starts before its first day') FROM e;
UPDATE registry.class SET starts_on = helper.today() FROM e WHERE class_number = later;
SELECT is(pg_temp.amend(82, later, 1, state => 2), '1 2', 'on it it does') FROM e;
SELECT is(pg_temp.amend(81, later, 2, state => 3), '44', 'nor is completed before its last') FROM e;
SELECT is((SELECT string_agg(concat_ws(':', version, starts_on, capacity, state, reason), ' ' ORDER BY version) FROM registry.class_version v, e WHERE v.class_number = b),
    '1:2026-03-01:10:1 2:2026-02-28:10:1:why 3:2026-03-10:10:1:why 4:2026-03-10:10:4:why', 'every version is kept');
SELECT throws_ok('UPDATE registry.class_version SET reason = NULL', '42501', NULL, 'and cannot be rewritten');

/* ---- sets ---- */
CREATE FUNCTION pg_temp.opens(requests int[], callers int[], occupations text[], content int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('=', req, outcome, number % 100000), ' ' ORDER BY place)
      FROM (SELECT *, row_number() OVER () AS place FROM api.class_open(
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(requests) WITH ORDINALITY r(x, n)), (SELECT array_agg(pg_temp.h(content)) FROM unnest(requests)),
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(callers) WITH ORDINALITY r(x, n)), (SELECT array_agg(pg_temp.head()) FROM unnest(requests)),
        (SELECT array_agg('示例班'::text) FROM unnest(requests)), occupations, (SELECT array_agg(2::int2) FROM unnest(requests)), (SELECT array_agg(3::int2) FROM unnest(requests)),
        (SELECT array_agg(date '2026-03-01') FROM unnest(requests)), (SELECT array_agg(date '2026-05-31') FROM unnest(requests)), (SELECT array_agg(10) FROM unnest(requests)))) t
$$;
UPDATE registry.class_counter SET last = 99997;
CREATE TEMP TABLE before AS SELECT count(*) AS entries FROM acts;
SELECT is(pg_temp.opens('{90,91,92,93,94}', '{10,17,18,10,10}', '{4-10-01-06,4-10-01-06,4-10-01-06,9-99-99-99,4-03-02-01}'),
    '1=1=99998 2=12 3=1=99999 4=10 5=9', 'G3: of a set the good are opened, each with the next number, in the order asked');
SELECT is(pg_temp.opens('{94,92,95,93}', '{10,18,10,10}', '{4-03-02-01,4-10-01-06,4-10-01-06,9-99-99-99}'), '1=9 2=1=99999 3=1=0 4=10', 'requests answered before get their answers beside a new one');
SELECT is((SELECT count(*) - entries FROM acts, before GROUP BY entries), 6::int8, 'and leave no further entry');
SELECT is(pg_temp.opens('{92,91}', '{10,17}', '{4-10-01-06,4-10-01-06}'), '1=11 2=12', 'another operator does not get the answer');
SELECT is((SELECT string_agg(number::text, ' ') FROM api.class_list(ARRAY[pg_temp.u(19)], ARRAY[9223372036854775807], ARRAY[2])),
    format('%1$s100000 %1$s99999 %1$s99998', extract(year FROM helper.today())), 'a year of more than 99999 classes: the newest still come first');
SELECT is((SELECT string_agg(number::text, ' ') FROM api.class_list(ARRAY[pg_temp.u(19)], ARRAY[(extract(year FROM helper.today()) || '100000')::int8], ARRAY[0])),
    extract(year FROM helper.today()) || '99999', 'and the page goes on after it');
SELECT is((SELECT pg_temp.bare(body) FROM acts WHERE operator_id = pg_temp.u(18) AND position('\x4801'::bytea IN body) = 3 ORDER BY id DESC LIMIT 1),
    '080148015208' || encode(int8send((extract(year FROM helper.today()) || '99999')::int8), 'hex'), 'an entry is its head, outcome and class');
SELECT is((SELECT pg_temp.bare(body) FROM acts WHERE operator_id = pg_temp.u(17) ORDER BY id DESC LIMIT 1), '0801480c', 'of a refusal no class');
SELECT is((SELECT string_agg(req || '=' || number % 100000, ' ') FROM api.class_show(ARRAY[pg_temp.u(10), pg_temp.u(18), pg_temp.u(10)],
             ARRAY[x || '99998', x || '99998', x || '100000']::int8[])), '1=99998 3=0', 'of a set each sees its own') FROM (SELECT extract(year FROM helper.today())::text AS x) y;
SELECT is((SELECT string_agg(req || '=' || number % 100000, ' ') FROM api.class_list(ARRAY[pg_temp.u(18), pg_temp.u(99), pg_temp.u(10)],
             ARRAY[9223372036854775807, 9223372036854775807, 9223372036854775807], ARRAY[0, 0, 0])), '1=99999 3=0', 'and lists its own; nobody lists none');
SELECT is((SELECT count(*) FROM api.class_list(ARRAY[pg_temp.u(10)], ARRAY[1], ARRAY[10])), 0::int8, 'nothing is older than the oldest');

/* ---- two years: the longer number is the older ---- */
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (pg_temp.u(40), '52379900300000040X', '示例学校丁', 1, '379900');
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (pg_temp.u(41), '11379900000000041X', '示例局丁', 4, '379900');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(40), pg_temp.u(40), 'x', '{clerk}'), (pg_temp.u(41), pg_temp.u(41), 'x', '{reviewer}');
INSERT INTO registry.class (class_number, organisation_id, title, occupation_code, level, training_kind, starts_on, ends_on, capacity)
SELECT number, pg_temp.u(40), '示例班', '4-10-01-06', 2, 3, '2001-03-01', '2001-05-31', 10 FROM unnest('{2001100000,200199999,200200001,200200002}'::int8[]) number;
CREATE FUNCTION pg_temp.numbers(caller int, before int8 DEFAULT 9223372036854775807, page int DEFAULT 9) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(number::text, ' ') FROM api.class_list(ARRAY[pg_temp.u(caller)], ARRAY[before], ARRAY[page])
$$;
SELECT is(pg_temp.numbers(u), '200200002 200200001 2001100000 200199999', 'newest first, to ' || u) FROM unnest('{40,41}'::int[]) u;
SELECT is(pg_temp.numbers(u, page => 1), '200200002 200200001', 'the first page has the newest, to ' || u) FROM unnest('{40,41}'::int[]) u;
SELECT is(pg_temp.numbers(u, 200200001, 0), '2001100000', 'the next goes on in the year before, to ' || u) FROM unnest('{40,41}'::int[]) u;
SELECT is(pg_temp.numbers(u, 2001100000), '200199999', 'and within it, to ' || u) FROM unnest('{40,41}'::int[]) u;

SELECT * FROM finish();
ROLLBACK;
