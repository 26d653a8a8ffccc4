/* SPDX-License-Identifier: Apache-2.0 */
/* Cosignatures of checkpoints: one of a witness each, counted as they come, kept as they came. */
BEGIN;
SELECT plan(11);

SELECT notary.publish(s, 'note ' || s || E'\n') FROM unnest(ARRAY[1000001, 1000002, 1000003]::int8[]) s;
SELECT notary.cosign(s, w, '— ' || w || E' x\n')
  FROM (VALUES (1000001::int8, 'a'), (1000001, 'b'), (1000002, 'b'), (1000001, 'a')) x(s, w);
SELECT is((SELECT string_agg(concat_ws(' ', size, witness, nth), ', ' ORDER BY size, nth) FROM audit.cosignature),
          '1000001 a 1, 1000001 b 2, 1000002 b 1', 'each once, in the order they came');
CREATE FUNCTION pg_temp.served(k int4) RETURNS text LANGUAGE sql AS $$
    SELECT note FROM api.log_checkpoint(ARRAY['00000000-0000-0000-0000-000000000001']::uuid[], ARRAY[k], ARRAY[NULL])
$$;
SELECT is(pg_temp.served(0), E'note 1000003\n', 'the newest, cosigned or not');
SELECT is(pg_temp.served(1), E'note 1000002\n— b x\n', 'the newest that one has cosigned');
SELECT is(pg_temp.served(2), E'note 1000001\n— a x\n— b x\n', 'the newest that two have cosigned');
SELECT is(pg_temp.served(3), NULL, 'none that three have');
SELECT is(notary.cosigned_at('c'), 0::int8, 'one that never cosigned');
SELECT cmp_ok(notary.cosigned_at('a'), '>', 0::int8, 'one that did');
SELECT throws_ok($$SELECT notary.cosign(1000009, 'a', E'— a x\n')$$, '23503', NULL, 'no checkpoint of that size');
SELECT throws_ok(format('SELECT notary.cosign(1000003, ''a'', %L)', line), '23514', NULL, 'not a signature line')
  FROM unnest(ARRAY['— a x', E'— a x\n— b x\n']) line;
SELECT throws_ok('DELETE FROM audit.cosignature', NULL, NULL, 'what was said stays');

SELECT * FROM finish();
ROLLBACK;
