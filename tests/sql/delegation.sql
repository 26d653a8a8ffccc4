/* SPDX-License-Identifier: Apache-2.0 */
/* Which roles a kind of organisation has, and which kind registers which, where: every pair, at every door. */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* What is expected, written down here once more. */
CREATE TEMP TABLE has (kind int2, roles text[]);
INSERT INTO has VALUES (1, '{clerk}'), (2, '{clerk}'), (3, '{clerk}'),
    (4, '{clerk,reviewer,approver,payer,sysadmin,secadmin}'), (5, '{clerk,reviewer,approver,payer,sysadmin,secadmin}'),
    (6, '{clerk,reviewer,approver,payer,sysadmin,secadmin,auditadmin}'), (7, '{clerk}'), (8, '{auditor,auditadmin}'), (9, '{clerk}');
CREATE TEMP TABLE every_role AS
SELECT n, role FROM unnest('{clerk,reviewer,approver,payer,auditor,sysadmin,secadmin,auditadmin}'::text[]) WITH ORDINALITY r(role, n);

/* An organisation of each kind where it may act: u(200 + kind). */
INSERT INTO registry.organisation (organisation_id, code, name, kind, division)
SELECT pg_temp.u(200 + kind), 'B000000000000000' || lpad(kind::text, 2, '0'), '示例', kind,
       CASE kind WHEN 5 THEN '370102' WHEN 6 THEN '370000' ELSE '370100' END FROM has;

/* ---- roles of a kind ---- */

CREATE FUNCTION pg_temp.state(sql text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE sql;
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT is(pg_temp.state(format('INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (%L, %L, ''x'', %L)',
                               pg_temp.u(3000 + 10 * kind + n::int), pg_temp.u(200 + kind), ARRAY[role])),
          CASE WHEN role = ANY (roles) THEN 'taken' ELSE '23514' END, format('the table: a %s of kind %s', role, kind))
  FROM has, every_role;
SELECT is(pg_temp.state(format('SELECT admin.operator_add(%L, %L, ''x'', %L, %L, %L, %L, ''x'', ''x'')',
                               'B000000000000000' || lpad(kind::text, 2, '0'), pg_temp.u(4000 + 10 * kind + n::int), ARRAY[role],
                               pg_temp.h(4000 + 10 * kind + n::int), pg_temp.u(5000 + 10 * kind + n::int), pg_temp.h(5000 + 10 * kind + n::int))),
          CASE WHEN role = ANY (roles) THEN 'taken' ELSE '23514' END, format('the installation command: a %s of kind %s', role, kind))
  FROM has, every_role;

CREATE FUNCTION pg_temp.propose(request int, caller int, kind int, target int, roles text DEFAULT NULL, key int DEFAULT NULL,
                                status int DEFAULT NULL, code text DEFAULT NULL, document int DEFAULT NULL) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.change_propose(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)],
        ARRAY[kind::int2], ARRAY[pg_temp.u(target)], ARRAY[code], ARRAY[CASE WHEN kind = 1 THEN 'new'::bytea END], ARRAY[roles],
        ARRAY[CASE WHEN key IS NOT NULL THEN pg_temp.h(key) END], ARRAY[status::int2], ARRAY[CASE WHEN kind = 5 THEN 'why' END],
        ARRAY[CASE WHEN document IS NOT NULL THEN pg_temp.u(request) END], ARRAY[CASE WHEN document IS NOT NULL THEN pg_temp.h(document) END],
        ARRAY[CASE WHEN document IS NOT NULL THEN 'document'::bytea END])
$$;
CREATE FUNCTION pg_temp.decide(request int, caller int, change int, confirm bool DEFAULT true) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.change_decide(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)],
                                          ARRAY[pg_temp.head()], ARRAY[pg_temp.u(change)], ARRAY[confirm])
$$;
/* An auditor's office in the province's own division, and another provincial bureau. */
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (pg_temp.u(218), 'B00000000000000018', '示例', 8, '370000');
SELECT is(pg_temp.propose(6000 + 10 * kind + n::int, 14, 1, 6200 + 10 * kind + n::int, role, 6400 + 10 * kind + n::int,
                          code => CASE kind WHEN 6 THEN '11370000000000043A' WHEN 8 THEN 'B00000000000000018' ELSE 'B000000000000000' || lpad(kind::text, 2, '0') END,
                          document => 6600 + 10 * kind + n::int),
          CASE WHEN role = ANY (roles) THEN 1 ELSE 146 END::int2, format('operator.add: a %s of kind %s', role, kind))
  FROM has, every_role;
SELECT is(pg_temp.propose(6100 + 10 * kind + n::int, 14, 4, CASE kind WHEN 6 THEN 13 WHEN 8 THEN 19 ELSE 3001 + 10 * kind END, role),
          CASE WHEN role = ANY (roles) THEN 1 ELSE 146 END::int2, format('operator.roles: %s for kind %s', role, kind))
  FROM has, every_role;
SELECT is(pg_temp.propose(6900, 14, 4, 17, 'auditor,reviewer'), 21::int2, 'an auditor decides nothing');
SELECT is(pg_temp.propose(6901, 14, 4, 17, 'auditor,clerk'), 21::int2, 'nor submits');
SELECT is(pg_temp.state(format('UPDATE registry.organisation SET kind = 2 WHERE organisation_id = %L', pg_temp.u(2))), '23514', 'a bureau with deciders does not become an enterprise');
SELECT is(pg_temp.state(format('UPDATE registry.organisation SET kind = 2 WHERE organisation_id = %L', pg_temp.u(1))), 'taken', 'a school of clerks does');
UPDATE registry.organisation SET kind = 1 WHERE organisation_id = pg_temp.u(1);
/* proposed while the table had it, confirmed when it has it no more */
UPDATE registry.organisation_kind SET roles = roles || '{reviewer}' WHERE kind = 1;
SELECT is(pg_temp.propose(6902, 14, 4, 10, 'reviewer'), 1::int2, 'a role that a kind has for now is proposed');
UPDATE registry.organisation_kind SET roles = '{clerk}' WHERE kind = 1;
SELECT is(pg_temp.decide(6903, 15, 6902), 146::int2, 'and judged again when it is confirmed');

/* ---- where a kind acts ---- */

SELECT is(pg_temp.state(format('INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES (%L, %L, ''x'', %s, %L)',
                               pg_temp.u(7000 + kind * 10 + n::int), 'C000000000000000' || kind || n, kind, division)),
          CASE WHEN kind = 4 AND level <> 'prefecture' OR kind = 5 AND level <> 'county' OR kind = 6 AND level <> 'province' THEN '23514' ELSE 'taken' END,
          format('kind %s in a %s', kind, level))
  FROM has, (VALUES (1, '370000', 'province'), (2, '370200', 'prefecture'), (3, '370202', 'county')) v(n, division, level);
SELECT is(pg_temp.state(format('UPDATE registry.organisation SET division = ''370102'' WHERE organisation_id = %L', pg_temp.u(2))), '23514', 'a city bureau is not moved into a county');

/* ---- who registers whom, where ---- */

CREATE TEMP TABLE governors (governor int2, division text, same text, below text, outside text);
INSERT INTO governors VALUES (4, '370100', '370100', '370102', '370200'), (5, '370102', '370102', NULL, '370103'), (6, '370000', '370000', '370200', '110000');
CREATE TEMP TABLE may (governor int2, kind int2, relation text, approver bool);
INSERT INTO may
SELECT g.governor, k, r, k <= 3
  FROM governors g, unnest('{same,below}'::text[]) r, generate_series(1, 9) k
 WHERE (g.governor <> 5 OR r = 'same')
   AND CASE k WHEN 4 THEN g.governor = 6 AND r = 'below' WHEN 5 THEN g.governor IN (4, 6) AND r = 'below' WHEN 6 THEN false
              WHEN 7 THEN g.governor IN (4, 6) WHEN 8 THEN g.governor = 6 AND r = 'same' WHEN 9 THEN g.governor IN (4, 6) ELSE true END;
/* A system administrator u(300 + kind), an approver u(310 + kind) and two security administrators u(320 + kind), u(330 + kind) of an
   organisation of each kind; those that have no such roles are made past the guard, as somebody might. */
SET session_replication_role = replica;
INSERT INTO registry.human (human_id, document_index, sealed)
SELECT pg_temp.u(n), sha256(uuid_send(pg_temp.u(n))), 'x' FROM generate_series(300, 339) n;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id)
SELECT pg_temp.u(base + kind), pg_temp.u(200 + kind), 'x', ARRAY[role], pg_temp.u(base + kind)
  FROM has, (VALUES (300, 'sysadmin'), (310, 'approver'), (320, 'secadmin'), (330, 'secadmin')) v(base, role);
SET session_replication_role = origin;
CREATE TEMP TABLE tries AS
SELECT row_number() OVER ()::int AS n, h.kind AS own, k::int2 AS kind, r.relation, g.division AS own_division,
       CASE r.relation WHEN 'same' THEN g.same WHEN 'below' THEN g.below ELSE g.outside END AS division
  FROM has h
  LEFT JOIN governors g0 ON g0.governor = h.kind
 CROSS JOIN LATERAL (SELECT coalesce(g0.division, '370100') AS division, coalesce(g0.same, '370100') AS same,
                            CASE WHEN g0.governor IS NULL THEN '370102' ELSE g0.below END AS below, coalesce(g0.outside, '370200') AS outside) g
 CROSS JOIN generate_series(1, 9) k CROSS JOIN (VALUES ('same'), ('below'), ('outside')) r(relation)
 WHERE NOT (h.kind = 5 AND r.relation = 'below');
CREATE FUNCTION pg_temp.register(request int, caller int, code text, kind int, division text) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.organisation_register(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[pg_temp.u(request)], ARRAY[code], ARRAY['示例'], ARRAY[kind::int2], ARRAY[division], ARRAY[NULL::text])
$$;
CREATE FUNCTION pg_temp.acts_there(kind int2, division text) RETURNS bool LANGUAGE sql AS $$
    SELECT CASE kind WHEN 4 THEN division ~ '[1-9]00$' WHEN 5 THEN division !~ '00$' WHEN 6 THEN division ~ '0000$' ELSE true END
$$;
SELECT is(pg_temp.register(10000 + n, 300 + own, 'D' || lpad(n::text, 17, '0'), t.kind, division),
          CASE WHEN m.kind IS NULL THEN 12 WHEN NOT pg_temp.acts_there(t.kind, division) THEN 145 ELSE 1 END::int2,
          format('a system administrator of kind %s registers kind %s, %s', own, t.kind, t.relation))
  FROM tries t LEFT JOIN may m ON m.governor = t.own AND m.kind = t.kind AND m.relation = t.relation;
SELECT is(pg_temp.register(11000 + n, 310 + own, 'E' || lpad(n::text, 17, '0'), t.kind, division),
          CASE WHEN m.approver THEN 1 ELSE 12 END::int2, format('an approver of kind %s registers kind %s, %s', own, t.kind, t.relation))
  FROM tries t LEFT JOIN may m ON m.governor = t.own AND m.kind = t.kind AND m.relation = t.relation;

/* ---- whose operators are changed ---- */

INSERT INTO registry.organisation (organisation_id, code, name, kind, division)
SELECT pg_temp.u(12000 + n), 'F' || lpad(n::text, 17, '0'), '示例', kind, division FROM tries WHERE pg_temp.acts_there(kind, division);
SELECT is(pg_temp.propose(13000 + n, 320 + own, 1, 14000 + n, CASE WHEN t.kind = 8 THEN 'auditor' ELSE 'clerk' END, 14000 + n, code => 'F' || lpad(n::text, 17, '0'), document => 15000 + n),
          CASE WHEN m.kind IS NOT NULL THEN 1
               WHEN helper.sees(own, pg_temp.u(200 + own), own_division, pg_temp.u(12000 + n), division) THEN 12 ELSE 15 END::int2,
          format('a security administrator of kind %s proposes for kind %s, %s', own, t.kind, t.relation))
  FROM tries t LEFT JOIN may m ON m.governor = t.own AND m.kind = t.kind AND m.relation = t.relation
 WHERE pg_temp.acts_there(t.kind, division);
/* what the installation command's owner might have proposed is confirmed by nobody who could not propose it */
INSERT INTO registry.change (change_id, kind, operator_id, organisation_id, roles, proposed_by)
SELECT pg_temp.u(16000 + n), 4, pg_temp.u(17000 + n), pg_temp.u(12000 + n), '{clerk}', pg_temp.u(14) FROM tries WHERE pg_temp.acts_there(kind, division);
SELECT is(pg_temp.decide(18000 + n, 330 + own, 16000 + n),
          CASE WHEN m.kind IS NOT NULL THEN 18
               WHEN helper.sees(own, pg_temp.u(200 + own), own_division, pg_temp.u(12000 + n), division) THEN 12 ELSE 22 END::int2,
          format('nor confirms: kind %s for kind %s, %s', own, t.kind, t.relation))
  FROM tries t LEFT JOIN may m ON m.governor = t.own AND m.kind = t.kind AND m.relation = t.relation
 WHERE pg_temp.acts_there(t.kind, division);
SELECT is(pg_temp.propose(19000 + n, 320 + n, 1, 19100 + n, 'clerk', 19100 + n, code => 'B000000000000000' || lpad(n::text, 2, '0'), document => 19100 + n), 1::int2,
          format('kind %s: of its own organisation', n)) FROM unnest('{4,5,6}'::int[]) n;

SELECT * FROM finish();
ROLLBACK;
