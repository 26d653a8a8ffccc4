/* SPDX-License-Identifier: Apache-2.0 */
/* What others have seen of the log, and whose turn it is to write it. */
BEGIN;
SELECT plan(16);

/* ---- readers ---- */
SELECT notary.publish(1000001, E'log\n1000001\nAAAA\n\n— log x\n');
CREATE FUNCTION pg_temp.shown(seen text) RETURNS int8 LANGUAGE sql AS $$
    SELECT count(*) FROM api.log_checkpoint(ARRAY['00000000-0000-0000-0000-000000000001']::uuid[], ARRAY[0], ARRAY[seen])
$$;
CREATE FUNCTION pg_temp.kept() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', source, size, split_part(note, E'\n', 3)), ', ') FROM audit.sighting WHERE source LIKE 'operator %'
$$;
SELECT is(pg_temp.shown(NULL), 1::int8, 'who has seen nothing is answered');
SELECT is(pg_temp.shown(E'log\n1000001\nAAAA\n\n— log x\n— witness y\n'), 1::int8, 'who has seen what is there, whoever cosigned it');
SELECT is(pg_temp.shown(seen), 1::int8, 'answered all the same: ' || quote_literal(left(seen, 20)))
  FROM unnest(ARRAY['', E'\n', 'log', E'log\nx\nAAAA\n', E'log\n-1\nAAAA\n', E'log\n007\nA\n', E'log\n9999999999999999999\nA\n', E'log\n5\n' || repeat('x', 65536)]) seen;
SELECT is(pg_temp.kept(), NULL, 'nothing of that is kept');
SELECT pg_temp.shown(E'log\n1000009\nBBBB\n\n— log x\n');
SELECT is(pg_temp.kept(), 'operator 00000000-0000-0000-0000-000000000001 1000009 BBBB', 'what the database does not know is kept');
SELECT pg_temp.shown(E'log\n1000001\nCCCC\n\n— log x\n');
SELECT is(pg_temp.kept(), 'operator 00000000-0000-0000-0000-000000000001 1000001 CCCC', 'another of a size that it knows, too; one of each operator');

/* ---- hosts and witnesses ---- */
SELECT notary.ask(), notary.present('host a', 5, 'n', false), notary.present('witness w', 5, '', false);
SELECT ok(notary.answered('host a', 1) AND NOT notary.answered('host a', 2), 'all have answered, as many witnesses as there are');
UPDATE audit.sighting SET seen_at = seen_at + interval '1 hour' WHERE source = 'question';
SELECT ok(NOT notary.answered('host a', 1) AND NOT notary.answered('host b', 0) AND notary.answered('host a', 0), 'a question is answered anew; nobody waits for himself');
SELECT is((SELECT string_agg(source, ' ' ORDER BY nth) FROM notary.sightings('host a', 0) WHERE source NOT LIKE 'operator %'), 'witness w', 'one''s own is not compared');

SELECT * FROM finish();
ROLLBACK;
