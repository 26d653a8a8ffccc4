/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon asks for to see that its key ring is the right one. */
BEGIN;
\ir fixture.psql
SELECT plan(5);

SELECT is((SELECT count(*) FROM api.key_check('{64}')), 1::int8, 'operators sealed by one key: one sample');
UPDATE registry.operator SET sealed = '\x0100000001'::bytea || sealed;
UPDATE registry.operator SET sealed = '\x0100000002'::bytea WHERE operator_id = pg_temp.u(10);
SELECT is((SELECT count(*) FROM api.key_check('{64}')), 2::int8, 'by two keys: one each');
SELECT is((SELECT count(*) FROM api.key_check('{1}')), 1::int8, 'as many as asked for');
INSERT INTO registry.person (person_id, sealed, commitment, name_index) VALUES (pg_temp.u(1), 's', pg_temp.h(1), pg_temp.h(2));
SELECT is((SELECT name_index FROM api.key_check('{1}') WHERE id = pg_temp.u(1)), pg_temp.h(2), 'a person, with the index of its name');
SELECT is((SELECT string_agg(req::text, ' ' ORDER BY req) FROM api.key_check('{1,1}')), '1 1 2 2', 'each asker of a set is answered');

SELECT * FROM finish();
ROLLBACK;
