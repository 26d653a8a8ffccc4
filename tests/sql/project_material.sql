/* SPDX-License-Identifier: Apache-2.0 */
/* The papers and videos of a project's settlement, by their digests (E15). */
BEGIN;
\ir fixture.psql
\ir project.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.add(request int, project int, kind int, file int, caller int DEFAULT 10, title text DEFAULT '示例签到表', bytes int8 DEFAULT 100) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, ltrim(material_id::text, '0-'), extract(year FROM age(keep_until, helper.today())))
      FROM api.material_add(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)],
                            ARRAY[pg_temp.u(project)], ARRAY[kind::int2], ARRAY[pg_temp.h(file)], ARRAY[bytes], ARRAY[title])
$$;
CREATE FUNCTION pg_temp.withdraw(request int, material int, caller int DEFAULT 34) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.material_withdraw(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(material)], '{误登}')
$$;
CREATE FUNCTION pg_temp.listed(project int, caller int DEFAULT 19, page int DEFAULT 50, before int DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('/', outcome, ltrim(material_id::text, '0-'), kind, title, withdrawn_reason), ' ')
      FROM api.material_list(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.u(before)], ARRAY[page], ARRAY[pg_temp.u(project)])
$$;

SELECT pg_temp.trained(100, '{1,2}') AS class \gset
SELECT is(pg_temp.call(1000), '1', 'a project');
SELECT is(split_part(pg_temp.add(501, 1000, 1, 1, 34), ' ', 1), '268', 'E15: before its award nobody has papers of it');
SELECT pg_temp.running(1, 1000, :class);
SELECT is(pg_temp.add(510, 1000, 1, 1), '1 510 10', 'E15: a clerk of its institution records one, which is kept for ten years');
SELECT is(pg_temp.add(511, 1000, 4, 2, 34), '1 511 5', 'E15: a reviewer of its bureau as well; an index of videos is kept for five');
SELECT is(pg_temp.add(510, 1000, 1, 1), '1 510 10', 'E15: the same request is the same answer');
SELECT is(pg_temp.add(512, 1000, 1, 1), '1 510 10', 'E15: the same file is recorded once');
SELECT is(pg_temp.add(513, 1000, 2, 1) || ' ' || pg_temp.add(514, 1000, 1, 1, title => '另一份') || ' ' || pg_temp.add(515, 1000, 1, 1, bytes => 99), '380 380 380', 'E15: not as something else');
SELECT is(pg_temp.add(516, 1000, 1, 3, 18), '267', 'E15: of a project that the caller does not see nothing is said');
SELECT is(pg_temp.add(517, 1000, 1, 3, 31) || ' ' || pg_temp.add(518, 1000, 1, 3, 19), '12 12', 'E15, C4: neither an approver nor an auditor records any');
SELECT is(pg_temp.add(519, 999, 1, 3), '267', 'E15: nor of one that there is not');
SELECT is(pg_temp.listed(1000), '1/511/4/示例签到表 1/510/1/示例签到表', 'E15: an auditor sees them, the latest first');
SELECT is(pg_temp.listed(1000, page => 1) || ' ' || pg_temp.listed(1000, before => 511), '1/511/4/示例签到表 1/510/1/示例签到表 1/510/1/示例签到表', 'a page and one row, and what is before it');
SELECT is(pg_temp.listed(1000, 18) || ' ' || pg_temp.listed(999), '267 267', 'E15: who does not see the project does not see them');

/* ---- withdrawn ---- */
SELECT is(pg_temp.withdraw(520, 510, 10), '12', 'E15: the institution does not withdraw what it has recorded');
SELECT is(pg_temp.withdraw(521, 998), '381', 'E15: nor is anything withdrawn that there is not');
/* 36 and 37 are one human, of the institution and of the bureau */
INSERT INTO registry.human (human_id, document_index, sealed) VALUES (pg_temp.u(970), pg_temp.h(970), 's');
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (pg_temp.u(36), pg_temp.u(1), 'x', '{clerk}', pg_temp.u(970)), (pg_temp.u(37), pg_temp.u(2), 'x', '{reviewer}', pg_temp.u(970));
SELECT is(concat_ws(' ', pg_temp.withdraw(525, 510, 37), pg_temp.add(526, 1000, 1, 7, 37), split_part(pg_temp.add(527, 1000, 1, 8, 36), ' ', 1)), '280 280 1', 'C1: nor does who belongs to it, as whose reviewer ever; as its clerk there it records');
SELECT is(pg_temp.withdraw(522, 510), '1', 'E15: a reviewer of its bureau does');
SELECT is(pg_temp.withdraw(522, 510) || ' ' || pg_temp.withdraw(523, 510), '1 381', 'E15: once');
SELECT is(pg_temp.add(524, 1000, 2, 1), '1 524 10', 'E15: then the file may be something else');
SELECT is(pg_temp.listed(1000), '1/527/1/示例签到表 1/524/2/示例签到表 1/511/4/示例签到表 1/510/1/示例签到表/误登', 'E15: and what was withdrawn stays to be seen');
SELECT throws_ok(format('INSERT INTO registry.project_material (material_id, project_id, kind, file_digest, file_bytes, title, keep_until, recorded_by, request_id) VALUES (%L, %L, 1, %L, 1, %L, now(), %L, %L)',
                        pg_temp.u(530), pg_temp.u(1000), pg_temp.h(2), 'x', pg_temp.u(10), pg_temp.u(9)), '23505', NULL, 'E15: twice the same file is kept out by constraint');

/* ---- a project that was closed, or whose institution is suspended ---- */
UPDATE registry.project SET state_before = state, state = 11 WHERE project_id = pg_temp.u(1000);
SELECT is(pg_temp.add(540, 1000, 1, 5, 34), '1 540 10', 'E15: while it is looked into its papers may still be recorded');
UPDATE registry.project SET state_before = NULL, state = 10 WHERE project_id = pg_temp.u(1000);
SELECT is(pg_temp.add(541, 1000, 1, 6, 34) || ' ' || pg_temp.withdraw(542, 524), '268 268', 'E15: once it is closed they are what they are');
SELECT * FROM finish();
ROLLBACK;
