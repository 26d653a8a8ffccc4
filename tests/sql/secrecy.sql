/* SPDX-License-Identifier: Apache-2.0 */
/* The log is public and for good: from its digests nothing can be guessed that has few values. */
BEGIN;
\ir fixture.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.in_log(digest bytea) RETURNS bool LANGUAGE sql AS $$ SELECT EXISTS (SELECT FROM audit.entry WHERE position(digest IN body) > 0) $$;
CREATE TEMP TABLE c AS SELECT pg_temp.open(900) AS a;
INSERT INTO registry.attendance (class_number, person_id, lesson, state) SELECT a, pg_temp.u(70), 1, 2 FROM c;
INSERT INTO registry.mark (class_number, person_id, theory, practice) SELECT a, pg_temp.u(70), 855, 900 FROM c;
INSERT INTO registry.claim_fact (claim_id, fact) SELECT pg_temp.u(71), 1;

/* ---- who knows all but the random bytes finds nothing ---- */
SELECT is((SELECT count(*) FROM c, generate_series(0, 9) state
            WHERE pg_temp.in_log(sha256(record_send(ROW(a, pg_temp.u(70), 1, state::int2))))), 0::int8, 'how somebody attended');
SELECT is((SELECT count(*) FROM c, generate_series(0, 1000, 5) theory
            WHERE pg_temp.in_log(sha256(record_send(ROW(a, pg_temp.u(70), theory::int2, 900::int2))))), 0::int8, 'what marks somebody had');
SELECT ok(NOT pg_temp.in_log(sha256(record_send(ROW(pg_temp.u(71), 1::int2, now(), NULL::int2, NULL::text, NULL::date, NULL::uuid, NULL::timestamptz, NULL::uuid)))),
          'what is asked and answered about a claim');

/* ---- who has the row, its random bytes too, finds it ---- */
SELECT ok(pg_temp.in_log(sha256(record_send(ROW(class_number, person_id, lesson, state, salt)))), 'the row itself is proven') FROM registry.attendance WHERE person_id = pg_temp.u(70);
SELECT ok(pg_temp.in_log(sha256(record_send(ROW(class_number, person_id, theory, practice, salt)))), 'and its marks') FROM registry.mark WHERE person_id = pg_temp.u(70);

/* Of every covered table with a person in it, the columns have random bytes, or a digest of what is sealed with some. */
SELECT is((SELECT string_agg(table_name, ', ' ORDER BY table_name) FROM audit.covered
            WHERE columns ~ 'trainee_group|\mtheory|\mpractice\M|answer\M' AND columns !~ '\msalt\M|sha256\((teacher_)?sealed\)|sha256\(salt' AND table_name NOT IN ('standard', 'catalogue_demand', 'earmark', 'employee_group', 'fact_effect') /* of nobody */), NULL,
          'no group, mark or answer is hashed alone');

SELECT * FROM finish();
ROLLBACK;
