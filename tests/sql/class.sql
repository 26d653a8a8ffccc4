/* SPDX-License-Identifier: Apache-2.0 */
/* Classes: opening, showing, amending, and their states. */
BEGIN;
\ir fixture.psql
SELECT plan(37);

SELECT is(pg_temp.open(1), (extract(year FROM api.today()) * 100000 + 1)::int8, 'a class gets the year and a running number');
SELECT is(pg_temp.open(1), (extract(year FROM api.today()) * 100000 + 1)::int8, 'the same request again: the same class');
SELECT is(pg_temp.open(2), (extract(year FROM api.today()) * 100000 + 2)::int8, 'another request: the next number');
SELECT is(pg_temp.open(2, capacity => 11), -11::int8, 'the same request id with other content is refused');
SELECT is(pg_temp.open(3, occupation => '9-99-99-99'), -10::int8, 'G3: of an occupation that exists');
SELECT is(pg_temp.open(4, level => 3), -9::int8, 'G3: at a level within the scope');
SELECT is(pg_temp.open(5, starts => '2025-12-31'), -9::int8, 'G3: not before the scope begins');
SELECT is(pg_temp.open(6, starts => '2026-12-31', ends => '2027-01-31'), (extract(year FROM api.today()) * 100000 + 3)::int8, 'G3: on its last day');
SELECT is(pg_temp.open(7, starts => '2027-01-01', ends => '2027-01-31'), -9::int8, 'G3: not after it');
SELECT is(pg_temp.open(8, caller => 17), -12::int8, 'a reviewer opens none');
SELECT is(pg_temp.open(9, caller => 21), -12::int8, 'nor an operator who is no clerk');
UPDATE registry.organisation SET status = 2 WHERE organisation_id = pg_temp.u(5);
SELECT is(pg_temp.open(10, caller => 18), -12::int8, 'G4: nor a suspended institution');
UPDATE registry.organisation SET status = 1 WHERE organisation_id = pg_temp.u(5);
SELECT is((SELECT count(*) FROM audit.entry), 10::int8, 'each request left its entry, refused ones too, repeated ones not');
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
SELECT is(pg_temp.amend(38, a, 3, state => 3), '1 4', 'it is completed') FROM c;

SELECT * FROM finish();
ROLLBACK;
