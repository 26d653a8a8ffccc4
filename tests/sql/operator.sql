/* SPDX-License-Identifier: Apache-2.0 */
/* Operators and their changes as security administrators and auditors see them; changes in sets, and what they do. */
BEGIN;
\ir fixture.psql
SELECT plan(62);

INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(30), pg_temp.u(2), 'x', '{secadmin}'), (pg_temp.u(31), pg_temp.u(6), 'x', '{auditadmin}'), (pg_temp.u(32), pg_temp.u(7), 'x', '{secadmin}');

/* ---- lists ---- */
CREATE FUNCTION pg_temp.listed(caller int, code text DEFAULT NULL, after int DEFAULT NULL, page int DEFAULT 20) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(right(operator_id::text, 2), ' ') FROM api.operator_list(ARRAY[pg_temp.u(caller)], ARRAY[code], ARRAY[pg_temp.u(after)], ARRAY[page])
$$;
SELECT is(pg_temp.listed(caller), seen, what) FROM (VALUES
    (14, '10 11 12 13 14 15 16 17 18 19 20 21 30 31 32', 'the province''s security administrator sees all of it'), (16, '12 16 18', 'a city''s its city'), (32, '20 32', 'a county''s its county'),
    (30, '10 11 17 20 21 30 32', 'another city''s its own'), (19, '10 11 12 13 14 15 16 17 18 19 20 21 30 31 32', 'an auditor everybody'), (31, '10 11 12 13 14 15 16 17 18 19 20 21 30 31 32', 'an audit administrator too'),
    (10, NULL, 'a clerk nobody'), (11, NULL, 'an approver neither'), (13, NULL, 'nor a system administrator'), (99, NULL, 'nor nobody')) v(caller, seen, what);
SELECT is(pg_temp.listed(14, '52370100300000010X'), '10', 'those of one organisation');
SELECT is(pg_temp.listed(16, '52370100300000010X'), NULL, 'not of one that is another city''s');
SELECT is(pg_temp.listed(14, NULL, 12, 2), '13 14 15', 'after a cursor, one more than the page');
SELECT is(pg_temp.listed(14, NULL, 32, 2), NULL, 'nothing after the last');
SELECT is((SELECT concat_ws(' ', convert_from(sealed, 'UTF8'), role_mask, status, code, name) FROM api.operator_list(ARRAY[pg_temp.u(19)], ARRAY['11370000000000051A'], ARRAY[NULL]::uuid[], ARRAY[0]) LIMIT 1),
          'x 32 1 11370000000000051A 示例审计厅', 'with roles, status and organisation');

/* ---- one, with its certificates ---- */
INSERT INTO registry.operator_certificate (key_hash, operator_id, added_at, revoked_at) VALUES (pg_temp.h(110), pg_temp.u(10), '2026-01-02 00:00+00', '2026-01-03 00:00:00.5+00');
UPDATE registry.operator_certificate SET added_at = '2026-01-01 00:00+00' WHERE key_hash = pg_temp.h(10);
CREATE FUNCTION pg_temp.shown(caller int, target int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', role_mask, status, code, left(encode(key_hash, 'hex'), 8), added_at_ms, revoked_at_ms), '; ') FROM api.operator_show(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.u(target)])
$$;
SELECT is(pg_temp.shown(14, 10), format('2 1 52370100300000010X %s 1767225600000; 2 1 52370100300000010X %s 1767312000000 1767398400500',
    left(encode(pg_temp.h(10), 'hex'), 8), left(encode(pg_temp.h(110), 'hex'), 8)), 'a row for each certificate, the revoked ones too');
SELECT is(pg_temp.shown(14, 30), '128 1 11370100000000035L', 'one without certificate has a row');
SELECT is(pg_temp.shown(16, 10), NULL, 'another city''s is not there');
SELECT is(pg_temp.shown(11, 10), NULL, 'an approver looks at nobody');
SELECT is((SELECT string_agg(req || ':' || right(operator_id::text, 2), ' ') FROM api.operator_show(ARRAY[pg_temp.u(16), pg_temp.u(16), pg_temp.u(19)], ARRAY[pg_temp.u(10), pg_temp.u(18), pg_temp.u(21)])),
          '2:18 3:21', 'of a set each sees its own');

/* ---- changes ---- */
CREATE FUNCTION pg_temp.propose(request int, caller int, kind int, target int, roles text DEFAULT NULL, key int DEFAULT NULL, status int DEFAULT NULL, code text DEFAULT NULL, document bytea DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, right(change_id::text, 3), right(target_id::text, 2)) FROM api.change_propose(
        ARRAY[pg_temp.u(request)], ARRAY[sha256(concat(kind, target, roles, key, status, code)::bytea)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)], ARRAY[kind::int2],
        ARRAY[pg_temp.u(target)], ARRAY[code], ARRAY[CASE WHEN kind = 1 THEN 'new'::bytea END], ARRAY[roles], ARRAY[CASE WHEN key IS NOT NULL THEN pg_temp.h(key) END], ARRAY[status::int2],
        ARRAY[CASE WHEN kind = 5 THEN 'why' END],
        ARRAY[CASE WHEN kind IN (1, 2) THEN pg_temp.u(request) END], ARRAY[CASE WHEN kind IN (1, 2) THEN coalesce(document, sha256(uuid_send(pg_temp.u(target)))) END],
        ARRAY[CASE WHEN kind IN (1, 2) THEN 'document'::bytea END])
$$;
CREATE FUNCTION pg_temp.decides(requests int[], callers int[], changes int[], confirm bool[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(req || '=' || outcome, ' ') FROM api.change_decide(
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(requests) WITH ORDINALITY r(x, n)), (SELECT array_agg(pg_temp.h(x) ORDER BY n) FROM unnest(changes) WITH ORDINALITY r(x, n)),
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(callers) WITH ORDINALITY r(x, n)), (SELECT array_agg(pg_temp.head()) FROM unnest(requests)),
        (SELECT array_agg(pg_temp.u(x) ORDER BY n) FROM unnest(changes) WITH ORDINALITY r(x, n)), confirm)
$$;
CREATE FUNCTION pg_temp.changes(caller int, everything bool DEFAULT false, after int DEFAULT NULL, page int DEFAULT 20) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws('.', right(change_id::text, 3), kind, right(target_id::text, 2), role_mask, status, decision, right(decided_by::text, 2)), ' ')
      FROM api.change_list(ARRAY[pg_temp.u(caller)], ARRAY[everything], ARRAY[pg_temp.u(after)], ARRAY[page])
$$;
SELECT is(pg_temp.propose(200, 14, 4, 17, 'clerk,reviewer'), '1 200 17', 'other roles are proposed');
SELECT is(pg_temp.propose(200, 14, 4, 17, 'clerk,reviewer'), '1 200 17', 'the same request again: the same change');
SELECT is(pg_temp.propose(200, 14, 4, 17, 'payer'), '11', 'the same request id with other content is refused');
SELECT is(pg_temp.propose(200, 15, 4, 17, 'clerk,reviewer'), '11', 'another operator does not get the answer');
SELECT is(pg_temp.propose(201, 14, 2, 10, key => 120), '1 201 10', 'a second key');
SELECT is(pg_temp.propose(202, 14, 3, 10, key => 10), '1 202 10', 'the end of the first');
SELECT is(pg_temp.propose(203, 14, 5, 18, status => 2), '1 203 18', 'a suspension');
SELECT is(pg_temp.propose(204, 14, 1, 50, 'clerk', 150, code => '52370200300000020X'), '1 204 50', 'a new operator');
SELECT is(pg_temp.propose(205, 14, 2, 18, key => 150), '1 205 18', 'and its key for another');
SELECT is(pg_temp.propose(206, 14, 3, 10, key => 110), '20', 'a key that is revoked is not unbound');
SELECT is(pg_temp.propose(207, 14, 2, 18, key => 110), '19', 'nor bound again');
SELECT is(pg_temp.propose(208, 14, 5, 10, status => 1), '25', 'who is active does not become it');
SELECT is(pg_temp.propose(209, 14, 4, 98, 'clerk'), '18', 'somebody who does not exist has no roles');
SELECT is(pg_temp.propose(210, 14, 1, 51, 'clerk', 151, code => '99999999999999999X'), '15', 'nor does an organisation that does not exist get operators');
SELECT is(pg_temp.propose(211, 16, 1, 51, 'clerk', 151, code => '52370100300000010X'), '15', 'nor one of another city');
SELECT is(pg_temp.propose(212, 14, 1, 51, 'clerk,secadmin', 151, code => '52370100300000010X'), '21', 'an administrator''s role stands alone');
SELECT is(pg_temp.propose(213, 30, 4, 21, 'clerk'), '1 213 21', 'a city''s own administrator proposes');
SELECT is(pg_temp.changes(14), '200.4.17.6 201.2.10 202.3.10 203.5.18.2 204.1.50.2 205.2.18 213.4.21.2', 'what is pending, in order');
SELECT is(pg_temp.changes(16), '203.5.18.2 204.1.50.2 205.2.18', 'a city''s sees its city''s');
SELECT is(pg_temp.changes(30), '200.4.17.6 201.2.10 202.3.10 213.4.21.2', 'another''s its city''s');
SELECT is(pg_temp.changes(19, true, 203, 1), '204.1.50.2 205.2.18', 'after a cursor, one more than the page');
SELECT is(pg_temp.changes(11), NULL, 'an approver sees none');
SELECT is((SELECT count(*) FROM registry.operator WHERE operator_id = pg_temp.u(50) OR roles = '{clerk,reviewer}' OR status = 2), 0::int8, 'nothing has taken effect');

SELECT is(pg_temp.decides('{300,301,302,303,304,305,306}', '{15,14,16,15,15,16,15}', '{200,201,202,203,204,205,299}', '{true,true,true,false,true,true,true}'),
    '1=1 2=24 3=22 4=1 5=1 6=19 7=22', 'of a set: confirmed, own, another city''s, rejected, confirmed, the key by now another''s, none such');
SELECT is(pg_temp.decides('{305,300,301}', '{16,15,14}', '{205,200,201}', '{true,true,true}'), '1=19 2=1 3=24', 'the same again: the first answers');
SELECT is(pg_temp.decides('{300,307}', '{14,14}', '{200,203}', '{true,true}'), '1=11 2=23', 'another operator''s id; what is rejected is decided');
SELECT is((SELECT roles FROM registry.operator WHERE operator_id = pg_temp.u(17)), '{clerk,reviewer}', 'roles have changed');
SELECT is((SELECT status FROM registry.operator WHERE operator_id = pg_temp.u(18)), 1::int2, 'what was rejected has not');
SELECT is((SELECT string_agg(right(operator_id::text, 2), ' ') FROM api.caller(ARRAY[pg_temp.h(150)])), '50', 'the new one comes in by its key');
SELECT is((SELECT convert_from(sealed, 'UTF8') FROM registry.operator WHERE operator_id = pg_temp.u(50)), 'new', 'with the sealed record that was proposed');
SELECT is(pg_temp.decides('{310,311}', '{15,15}', '{201,202}', '{true,true}'), '1=1 2=1', 'a key comes, another goes');
SELECT is((SELECT string_agg(req::text, ' ') FROM api.caller(ARRAY[pg_temp.h(10), pg_temp.h(120)])), '2', 'the old opens nothing, the new does');
SELECT is(pg_temp.decides('{312}', '{30}', '{213}', '{true}'), '1=24', 'a city with one administrator confirms nothing of its own');
SELECT is(pg_temp.changes(14), '205.2.18 213.4.21.2', 'what is decided is pending no more');
SELECT is(pg_temp.changes(14, true), '200.4.17.6.1.15 201.2.10.1.15 202.3.10.1.15 203.5.18.2.2.15 204.1.50.2.1.15 205.2.18 213.4.21.2', 'and stays with who decided it');
SELECT is((SELECT string_agg(pg_temp.bare(body), ' ' ORDER BY id) FROM acts WHERE operator_id = pg_temp.u(16)), format('080148%s 080148%s 080148%s', '0f', '16', '136a10' || replace(pg_temp.u(205)::text, '-', '')),
    'an entry names the change that its caller may see');

SELECT is(pg_temp.propose(220, 14, 5, 18, status => 2), '1 220 18', 'a suspension again');
SELECT is(pg_temp.propose(221, 14, 5, 18, status => 3), '1 221 18', 'and a revocation');
SELECT is(pg_temp.decides('{320,321,322}', '{15,15,15}', '{220,221,205}', '{true,true,false}'), '1=1 2=1 3=1', 'both are confirmed');
SELECT is(pg_temp.propose(222, 14, 4, 18, 'clerk'), '25', 'who is revoked gets no roles');
SELECT is(pg_temp.propose(223, 14, 2, 18, key => 160), '25', 'and no key');
SELECT is(pg_temp.propose(224, 14, 5, 18, status => 1), '25', 'and is not taken up again');

SELECT * FROM finish();
ROLLBACK;
