/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations that bureaus register and amend; operators changed by two security administrators. */
BEGIN;
SELECT plan(61);

\ir fixture.psql

/* ---- registering ---- */

CREATE FUNCTION pg_temp.register(request int, caller int, code text, kind int, division text, reason text DEFAULT NULL)
RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.organisation_register(
        ARRAY[pg_temp.u(request)], ARRAY[sha256(code::bytea)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[pg_temp.u(request)], ARRAY[code], ARRAY['示例'], ARRAY[kind::int2], ARRAY[division], ARRAY[reason])
$$;
SELECT is(pg_temp.register(100, 11, 'A00000000000000001', 1, '370100'), 1::int2, 'an approver registers an institution of its city');
SELECT is(pg_temp.register(100, 11, 'A00000000000000001', 1, '370100'), 1::int2, 'the same request again gets the first answer');
SELECT is((SELECT count(*) FROM acts WHERE operator_id = pg_temp.u(11)), 1::int8, 'and leaves no second entry');
SELECT is(pg_temp.register(100, 11, 'A00000000000000002', 1, '370100'), 11::int2, 'the same request id with other content is refused');
SELECT is(pg_temp.register(101, 11, 'A00000000000000001', 1, '370100'), 13::int2, 'A5: a code is registered once');
SELECT is(pg_temp.register(102, 11, 'A00000000000000003', 1, '370200'), 12::int2, 'not in another city');
SELECT is(pg_temp.register(103, 11, 'A00000000000000004', 4, '370100'), 12::int2, 'an approver registers no bureau');
SELECT is(pg_temp.register(104, 13, 'A00000000000000005', 5, '370102'), 1::int2, 'a system administrator does');
SELECT is(pg_temp.register(105, 11, 'A00000000000000006', 1, '370100', 'real'), 12::int2, 'A5: an approver overrides no check character');
SELECT is(pg_temp.register(106, 13, 'A00000000000000006', 1, '370100', 'real'), 1::int2, 'A5: a system administrator does, with a reason');
SELECT is((SELECT code_override FROM registry.organisation WHERE code = 'A00000000000000006'), 'real', 'A5: which is kept');
SELECT is(pg_temp.register(107, 10, 'A00000000000000007', 1, '370100'), 12::int2, 'a clerk registers nobody');
SELECT is(pg_temp.register(108, 17, 'A00000000000000007', 1, '370100'), 12::int2, 'nor does a reviewer');

/* ---- amending ---- */

CREATE FUNCTION pg_temp.amend(request int, caller int, seen int, name text DEFAULT NULL, division text DEFAULT NULL,
                              status int DEFAULT NULL, code text DEFAULT '52370100300000010X')
RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, changed, version) FROM api.organisation_amend(
        ARRAY[pg_temp.u(request)], ARRAY[sha256(concat(code, name, division, status)::bytea)], ARRAY[pg_temp.u(caller)],
        ARRAY[pg_temp.head()], ARRAY[code], ARRAY[seen], ARRAY[name], ARRAY[division], ARRAY[status::int2],
        ARRAY[CASE WHEN status IS NOT NULL THEN 'why' END])
$$;
SELECT is(pg_temp.amend(200, 11, 1, name => '新名'), '1 2', 'an approver amends: version 2');
SELECT is(pg_temp.amend(200, 11, 1, name => '新名'), '1 2', 'the same request again: the first answer');
SELECT is(pg_temp.amend(201, 11, 1, name => '别名'), '14 1', 'who saw version 1 is told that the name has changed');
SELECT is(pg_temp.amend(201, 11, 1, name => '别名'), '14 1', 'and is told so again');
SELECT is(pg_temp.amend(202, 12, 2, name => '别名'), '15', 'another city does not see it');
SELECT is(pg_temp.amend(203, 17, 2, name => '别名'), '12', 'a reviewer does not amend');
SELECT is(pg_temp.amend(204, 11, 2, division => '370200'), '12', 'it cannot be moved out of the caller''s division');
SELECT is(pg_temp.amend(205, 13, 2, division => '370200'), '1 3', 'the province''s system administrator moves it');
SELECT is(pg_temp.amend(206, 13, 3, division => '370100'), '1 4', 'and back');
SELECT is(pg_temp.amend(207, 11, 1, name => '别名'), '14 1', 'the division, changed and changed back, has not changed');
SELECT is(pg_temp.amend(208, 11, 4, status => 2), '1 5', 'G4: it is suspended');
SELECT is(pg_temp.amend(209, 11, 5, status => 2), '16', 'G4: not twice');
SELECT is((SELECT count(*) FROM helper.acting WHERE operator_id = pg_temp.u(10)), 0::int8, 'its operators act no more');
SELECT is(pg_temp.amend(210, 11, 5, status => 1), '1 6', 'G4: it is taken up again');
SELECT is((SELECT count(*) FROM helper.acting WHERE operator_id = pg_temp.u(10)), 1::int8, 'its operators act again');
SELECT is(pg_temp.amend(211, 13, 1, status => 2, code => '11370000000000043A'), '12', 'nobody suspends its own organisation');
SELECT is(pg_temp.amend(212, 11, 6, status => 3), '1 7', 'G4: it is closed');
SELECT is(pg_temp.amend(213, 11, 7, status => 1), '16', 'G4: for good');
SELECT is((SELECT string_agg(version || ':' || status || coalesce(reason, ''), ' ' ORDER BY version)
             FROM registry.organisation_version WHERE organisation_id = pg_temp.u(1)),
          '1:1 2:1 3:1 4:1 5:2why 6:1why 7:3why', 'every version is kept with its reason');
SELECT throws_ok('DELETE FROM registry.organisation_version', '42501', NULL, 'and cannot be taken away');

/* ---- scopes ---- */

CREATE FUNCTION pg_temp.scope(request int, caller int, valid_from date, valid_to date, occupation text DEFAULT '4-10-01-06',
                              code text DEFAULT 'A00000000000000001')
RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.scope_add(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[code], ARRAY[occupation], ARRAY[2::int2], ARRAY[valid_from], ARRAY[valid_to])
$$;
SELECT is(pg_temp.scope(300, 11, '2026-01-01', '2026-12-31'), 1::int2, 'G3: an approver adds a period');
SELECT is(pg_temp.scope(301, 11, '2026-12-31', NULL), 17::int2, 'G3: periods do not overlap, not by a day');
SELECT is(pg_temp.scope(302, 11, '2027-01-01', NULL), 1::int2, 'G3: the next day is free');
SELECT is(pg_temp.scope(303, 11, '2027-01-01', NULL, occupation => '9-99-99-99'), 10::int2, 'G3: of an occupation that exists');
SELECT is(pg_temp.scope(304, 12, '2020-01-01', '2020-12-31'), 15::int2, 'not in another city');
SELECT is(pg_temp.scope(305, 13, '2020-01-01', '2020-12-31'), 12::int2, 'a system administrator does not');
SELECT is((SELECT outcome FROM api.scope_end(ARRAY[pg_temp.u(306)], ARRAY[pg_temp.h(306)], ARRAY[pg_temp.u(11)],
                                             ARRAY[pg_temp.head()], ARRAY['A00000000000000001'], ARRAY['4-10-01-06'],
                                             ARRAY[2::int2], ARRAY['2027-06-30'::date])), 1::int2, 'G3: a period ends');
SELECT is((SELECT outcome FROM api.scope_end(ARRAY[pg_temp.u(307)], ARRAY[pg_temp.h(307)], ARRAY[pg_temp.u(11)],
                                             ARRAY[pg_temp.head()], ARRAY['A00000000000000001'], ARRAY['4-10-01-06'],
                                             ARRAY[2::int2], ARRAY['2027-07-01'::date])), 9::int2, 'G3: none holds after it');

/* ---- operators ---- */

CREATE FUNCTION pg_temp.propose(request int, caller int, kind int, target int, roles text DEFAULT NULL,
                                key int DEFAULT NULL, status int DEFAULT NULL, code text DEFAULT NULL, document bytea DEFAULT NULL)
RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.change_propose(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[pg_temp.u(request)], ARRAY[kind::int2], ARRAY[pg_temp.u(target)], ARRAY[code],
        ARRAY[CASE WHEN kind = 1 THEN 'sealed'::bytea END], ARRAY[roles],
        ARRAY[CASE WHEN key IS NOT NULL THEN pg_temp.h(key) END], ARRAY[status::int2],
        ARRAY[CASE WHEN kind = 5 THEN 'why' END],
        ARRAY[CASE WHEN kind IN (1, 2) THEN pg_temp.u(request) END], ARRAY[CASE WHEN kind IN (1, 2) THEN coalesce(document, sha256(uuid_send(pg_temp.u(target)))) END],
        ARRAY[CASE WHEN kind IN (1, 2) THEN 'document'::bytea END])
$$;
CREATE FUNCTION pg_temp.decide(request int, caller int, change int, confirm bool DEFAULT true) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.change_decide(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[pg_temp.u(change)], ARRAY[confirm])
$$;
SELECT is(pg_temp.propose(400, 14, 1, 50, 'reviewer', 50, code => '11370100000000035L'), 1::int2, 'a security administrator proposes a new operator');
SELECT is((SELECT count(*) FROM registry.operator WHERE operator_id = pg_temp.u(50)), 0::int8, 'who is nobody yet');
SELECT is(pg_temp.decide(401, 14, 400), 24::int2, 'the proposer does not confirm');
SELECT is(pg_temp.decide(402, 16, 400), 22::int2, 'nor one of another city');
SELECT is(pg_temp.decide(403, 11, 400), 12::int2, 'nor an approver');
SELECT is(pg_temp.decide(404, 15, 400), 1::int2, 'a second one does');
SELECT is((SELECT roles FROM registry.operator WHERE operator_id = pg_temp.u(50)), '{reviewer}', 'and the operator acts');
SELECT is(pg_temp.decide(405, 15, 400), 23::int2, 'a change is decided once');
SELECT is(pg_temp.propose(406, 14, 2, 50, key => 10), 19::int2, 'a key that is somebody''s is not bound');
SELECT is(pg_temp.propose(407, 14, 3, 50, key => 10), 20::int2, 'nor unbound from another');
SELECT is(pg_temp.propose(408, 14, 4, 50, 'reviewer,secadmin'), 21::int2, 'an administrator''s role stands alone');
SELECT is(pg_temp.propose(409, 12, 4, 50, 'payer'), 12::int2, 'an approver proposes nothing');
SELECT is(pg_temp.propose(410, 16, 4, 50, 'payer'), 18::int2, 'another city does not see the operator');
SELECT is(pg_temp.propose(411, 14, 5, 50, status => 3), 1::int2, 'revocation is proposed');
SELECT is(pg_temp.propose(412, 14, 4, 50, 'payer'), 1::int2, 'and other roles');
SELECT is(pg_temp.decide(413, 14, 412, false), 1::int2, 'the proposer may take a proposal back');
SELECT is(pg_temp.decide(414, 15, 411), 1::int2, 'revocation is confirmed');
SELECT is((SELECT count(*) FROM api.caller(ARRAY[pg_temp.h(50)])), 0::int8, 'the certificate opens nothing any more');
SELECT is(pg_temp.propose(415, 14, 5, 50, status => 1), 25::int2, 'a revoked operator stays revoked');
SELECT throws_ok(format('UPDATE registry.change SET decision = 1, decided_by = proposed_by, decided_at = now()
                          WHERE change_id = %L', pg_temp.u(412)), '23514', NULL, 'two people: the table itself says so');

SELECT * FROM finish();
ROLLBACK;
