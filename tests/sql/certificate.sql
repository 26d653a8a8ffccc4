/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: who amends what they say, until when, and what is kept of it (B1). */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Persons 1 to 3 have completed a class of 4-10-01-06 level 2 with institution 1; certificate n is person n's. */
SELECT pg_temp.open(1) AS class \gset
SELECT is(pg_temp.enrol(2, :class, '{1,2,3}'), '1: 1 1 1', 'a class');
CREATE FUNCTION pg_temp.person(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT person_id FROM registry.document WHERE document_index = pg_temp.h(n) $$;
UPDATE registry.class SET state = 3, starts_on = helper.today() - 90, ends_on = helper.today() - 60 WHERE class_number = :class;
UPDATE registry.enrolment SET result = 1 WHERE class_number = :class;
UPDATE registry.organisation_scope SET valid_to = NULL;
INSERT INTO registry.organisation_scope VALUES (pg_temp.u(1), '4-10-01-06', 3, '2026-01-01', NULL);
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, warnings, request_id)
SELECT pg_temp.u(700 + n), pg_temp.h(700 + n), CASE n WHEN 3 THEN 5 ELSE 4 END, pg_temp.person(n), pg_temp.u(1), :class, '4-10-01-06', 2, helper.today() - 30, 's', pg_temp.h(n), 'certificate-form', pg_temp.u(9)
  FROM generate_series(1, 3) n;

/* 'outcome/version' of an amendment of certificate n. `document`: of the number of this person; 0: the number holds none. */
CREATE FUNCTION pg_temp.amend(request int, n int, version int DEFAULT 1, kind int DEFAULT 4, issued int DEFAULT 20, level int DEFAULT 2,
                              occupation text DEFAULT '4-10-01-06', document int DEFAULT 0, caller int DEFAULT 10, warnings text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws('/', a.outcome, a.version) FROM api.certificate_amend(
        ARRAY[pg_temp.u(request)], ARRAY[sha256(concat(n, version, kind, issued, level, occupation)::bytea)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[pg_temp.h(700 + n)], ARRAY[version], ARRAY[kind::int2], ARRAY[helper.today() - issued], ARRAY[occupation], ARRAY[level::int2],
        ARRAY[CASE WHEN document > 0 THEN pg_temp.h(document) END], ARRAY[warnings], ARRAY['示例']) a
$$;

SELECT is(pg_temp.amend(10, 1), '1/2', 'the issuer amends the day of issue');
SELECT is((SELECT concat_ws(' ', kind, issued_on - helper.today(), version, warnings) FROM registry.certificate WHERE certificate_id = pg_temp.u(701)), '4 -20 2', 'it says so now, with the warnings of now');
SELECT is((SELECT concat_ws(' ', version, kind, occupation_code, level, issued_on - helper.today(), warnings, reason) FROM registry.certificate_amendment WHERE certificate_id = pg_temp.u(701)),
          '2 4 4-10-01-06 2 -30 certificate-form 示例', 'and what it said is kept');
SELECT is((SELECT count(*) FROM acts WHERE position('\x6a10'::bytea || uuid_send(pg_temp.u(701)) IN body) > 0 AND person_id = pg_temp.person(1)), 1::int8, 'an entry is about it and its holder');
SELECT throws_ok('UPDATE registry.certificate_amendment SET reason = reason', '42501', NULL, 'which is written once');
SELECT is(pg_temp.amend(10, 1), '1/2', 'the same request again is the same answer');
SELECT is(pg_temp.amend(10, 1, issued => 19), '11', 'with other content it is refused');
SELECT is((SELECT count(*) FROM registry.certificate_amendment), 1::int8, 'and neither writes anything');
SELECT is(pg_temp.amend(11, 1), '14', 'who saw what it said before is told');
SELECT is(pg_temp.amend(12, 1, 2), '47/2', 'what it says already is not written');
SELECT is(pg_temp.amend(13, 99), '82', 'no such certificate');
SELECT is(pg_temp.amend(14, 1, 2, caller => 18), '82', 'another institution does not learn of it');
SELECT is(pg_temp.amend(15, 1, 2, caller => 17), '12', 'a bureau''s reviewer may not');
SELECT is(pg_temp.amend(16, 1, 2, caller => 21), '12', 'nor the issuer''s payer');
SELECT is(pg_temp.amend(17, 1, 2, issued => 61), '81', 'not before the class ended');
SELECT is(pg_temp.amend(18, 1, 2, issued => 60), '1/3', 'on its last day');
SELECT is(pg_temp.amend(19, 1, 3, level => 3), '112', 'not of a level that was not completed');
SELECT is(pg_temp.amend(20, 1, 3, level => 4), '9', 'nor beyond the scope');
SELECT is(pg_temp.amend(21, 3, document => 3), '85', 'a number that holds a resident''s stays masked');
SELECT is(pg_temp.amend(22, 3, kind => 5, document => 2), '85', 'and is not another''s');
SELECT is(pg_temp.amend(23, 3, kind => 5, document => 3), '1/2', 'but its holder''s');
SELECT is(pg_temp.amend(24, 3, 2, kind => 4), '1/3', 'one that holds none may be of any kind');
UPDATE registry.certificate SET state = 2 WHERE certificate_id = pg_temp.u(703);
SELECT is(pg_temp.amend(25, 3, 3), '111', 'a revoked one says what it said');

/* ---- a claim rests on it ---- */
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level, certificate_kind, trainee_group, year, amount_fen, submitted_by)
SELECT pg_temp.u(900), pg_temp.person(2), pg_temp.u(702), :class, pg_temp.u(1), '370100', 3, 'P-1', '4-10-01-06', 2, 4, 1, 2026, 1, pg_temp.u(10);
SELECT is(pg_temp.amend(30, 2), '84', 'one that a claim rests on is not amended');
UPDATE registry.claim SET state = 10, state_before = 4 WHERE claim_id = pg_temp.u(900);
SELECT is(pg_temp.amend(31, 2), '84', 'nor while that is suspended');
UPDATE registry.claim SET state = 9, state_before = NULL WHERE claim_id = pg_temp.u(900);
SELECT is(pg_temp.amend(32, 2), '1/2', 'when it was withdrawn, it is');
UPDATE registry.claim SET state = 8 WHERE claim_id = pg_temp.u(900);
SELECT is(pg_temp.amend(33, 2, 2, issued => 19), '1/3', 'or rejected');

/* ---- guesses ---- */

CREATE FUNCTION pg_temp.state(request int, n int, state int, caller int) RETURNS int2 LANGUAGE sql AS $$
    SELECT s.outcome FROM api.certificate_state(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()],
        ARRAY[pg_temp.h(700 + n)], ARRAY[state::int2], ARRAY['示例'], ARRAY[helper.today()]) s
$$;
CREATE FUNCTION pg_temp.hour(caller int) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce((SELECT concat_ws(' ', masked, clear, refused) FROM registry.look_hour WHERE operator_id = pg_temp.u(caller)), 'none')
$$;
DELETE FROM registry.look_hour;
UPDATE registry.policy SET value = 3 WHERE name = 'masked_looks_hour';
SELECT is(ARRAY[pg_temp.state(40, 1, 2, 17), pg_temp.state(41, 1, 1, 17)], '{1,1}'::int2[], 'B1: a bureau''s reviewer revokes and reinstates');
SELECT is(pg_temp.hour(17), 'none', 'D2: which tells nothing new, and is no look');
SELECT is(ARRAY[pg_temp.state(42, 98, 2, 17), pg_temp.state(43, 97, 1, 17), pg_temp.state(44, 1, 1, 17)], '{82,82,83}'::int2[], 'D2: numbers that are guessed, and what it is already');
SELECT is(pg_temp.hour(17), '3 0 0', 'D2: each counts');
SELECT is(ARRAY[pg_temp.state(45, 1, 2, 17), pg_temp.state(46, 96, 1, 17)], '{62,62}'::int2[], 'D2: up to the limit of the hour, whether there is one or not');
SELECT is(pg_temp.hour(17), '3 0 2', 'D2: what is over it is counted too');
SELECT is((SELECT concat_ws(' ', person_id, position('\x6a10'::bytea IN body)) FROM acts ORDER BY id DESC LIMIT 1), '0', 'D2: recorded, without naming anybody');
SELECT is(pg_temp.state(45, 1, 2, 17), 62::int2, 'the same request again is the same answer');
SELECT is(pg_temp.hour(17), '3 0 2', 'and counts once');
SELECT is(ARRAY[pg_temp.state(47, 1, 1, 10), pg_temp.state(48, 1, 2, 21)], '{12,12}'::int2[], 'who may not is told so where it is there');
SELECT is(ARRAY[pg_temp.state(49, 95, 1, 10), pg_temp.state(50, 95, 2, 21)], '{12,12}'::int2[], 'and where it is not');
SELECT is(ARRAY[pg_temp.amend(51, 94), pg_temp.amend(52, 1), pg_temp.amend(53, 2, 3, issued => 61), pg_temp.amend(54, 1, 5), pg_temp.amend(55, 93)],
          '{82,14,81,62,62}'::text[], 'D2: amendments that are refused, likewise');
SELECT is(pg_temp.hour(10), '3 0 2', 'D2: by the hour');
SELECT is(ARRAY[pg_temp.amend(56, 1, caller => 17), pg_temp.amend(57, 92, caller => 17)], '{12,12}', 'who may not amend is told so whether it is there or not');
UPDATE registry.policy SET value = 5000 WHERE name = 'masked_looks_hour';
DELETE FROM registry.look_hour;

/* ---- its signed file ---- */

/* Fields 1 to 7 of an AuditEntry, as the daemon writes them. */
CREATE FUNCTION pg_temp.whole_head(request int) RETURNS bytea LANGUAGE sql AS $$
    SELECT '\x080111'::bytea || int8send(0) || '\x1a10'::bytea || uuid_send(pg_temp.u(0)) || '\x2210'::bytea || uuid_send(pg_temp.u(0)) || '\x2a0474657374'::bytea
        || '\x3210'::bytea || uuid_send(pg_temp.u(request)) || '\x3a20'::bytea || sha256('')
$$;
/* What a file would say of certificate n, asked for with the document of a person; the outcome alone where it says nothing. */
CREATE FUNCTION pg_temp.export(n int, person int, caller int DEFAULT 10, pending int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws('/', x.outcome, x.kind, x.occupation_code, x.occupation_name, x.level, x.issuer_code, x.issuer_name, x.issued_on - helper.today(), x.state, x.since - helper.today())
      FROM api.certificate_export(ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.whole_head(1)], ARRAY[pg_temp.h(700 + n)], ARRAY[pg_temp.h(person)], ARRAY[pending]) x
$$;
SELECT is(pg_temp.export(1, 1), '1/4/4-10-01-06/家政服务员/2/52370100300000010X/示例学校/-60/1', 'what the file says');
SELECT is((SELECT concat_ws(' ', person_id = pg_temp.person(1), position('\x6a10'::bytea || uuid_send(pg_temp.u(701)) IN body) > 0) FROM acts ORDER BY id DESC LIMIT 1), 't t', 'and that it was asked for');
SELECT is((SELECT count(*) FROM registry.look k JOIN acts e ON e.id = k.entry_id WHERE k.person_id = pg_temp.person(1)), 1::int8, 'which the holder''s access log has');
SELECT is(pg_temp.export(1, 2), '86', 'another''s document');
SELECT is((SELECT concat_ws(' ', person_id, position('\x6a10'::bytea IN body)) FROM acts ORDER BY id DESC LIMIT 1), '0', 'an entry that names nobody');
SELECT is(pg_temp.export(9, 1), '86', 'a number that is not there looks the same');
SELECT is(pg_temp.export(1, 1, 18), '86', 'and a certificate of another city to its institution');
SELECT is(pg_temp.export(1, 1, 12), '86', 'or to its bureau');
SELECT is(pg_temp.export(1, 1, 20), '86', 'or to a district that it is not of');
SELECT is(left(pg_temp.export(1, 1, 17), 2), '1/', 'the bureau may');
SELECT is((SELECT concat_ws(' ', masked, clear, refused) FROM registry.look_hour WHERE operator_id = pg_temp.u(10)), '3 0 0', 'each question counts as a masked look');
SELECT is(pg_temp.export(1, 1, pending => 1000000), '62', 'up to the limit, with what the database does not know of yet');
SELECT is((SELECT concat_ws(' ', masked, clear, refused) FROM registry.look_hour WHERE operator_id = pg_temp.u(10)), '3 0 1', 'which is counted too');
UPDATE registry.operator SET status = 2 WHERE operator_id = pg_temp.u(17);
SELECT is(pg_temp.export(1, 1, 17), '12', 'who is barred may not');
INSERT INTO registry.certificate_version (certificate_id, version, state, effective_on, reason, operator_id, request_id)
SELECT pg_temp.u(703), version, 2, helper.today() - 3, '示例', pg_temp.u(10), pg_temp.u(60) FROM registry.certificate WHERE certificate_id = pg_temp.u(703);
SELECT is(pg_temp.export(3, 3), '1/4/4-10-01-06/家政服务员/2/52370100300000010X/示例学校/-20/2/-3', 'revoked, and since when');

/* Its entry: of the import, or of the last change. */
CREATE FUNCTION pg_temp.entry_of(n int) RETURNS int8 LANGUAGE sql AS $$
    SELECT e.entry_id FROM registry.certificate c CROSS JOIN LATERAL helper.certificate_entry(c) e WHERE c.certificate_id = pg_temp.u(700 + n)
$$;
SELECT is(pg_temp.entry_of(1), NULL, 'none where the request left none');
INSERT INTO audit.entry (operator_id, body) VALUES (pg_temp.u(10), helper.entry_body(pg_temp.whole_head(62), 1::int2, NULL, NULL, NULL, NULL, pg_temp.u(702))); /* another line, */
CALL helper.answer(pg_temp.u(62), pg_temp.h(0), pg_temp.u(10), pg_temp.whole_head(62), 1::int2, in_subject => pg_temp.u(701)); /* the import, */
SELECT max(id) AS import FROM acts \gset
CALL helper.answer(pg_temp.u(63), pg_temp.h(0), pg_temp.u(10), pg_temp.whole_head(63), 1::int2, in_subject => pg_temp.u(701)); /* what came later */
SELECT max(id) AS later FROM acts \gset
CALL helper.answer(pg_temp.u(64), pg_temp.h(0), pg_temp.u(10), pg_temp.whole_head(64), 1::int2, in_subject => pg_temp.u(701));
SELECT max(id) AS last FROM acts \gset
UPDATE registry.certificate SET version = 90, request_id = pg_temp.u(62) WHERE certificate_id = pg_temp.u(701);
SELECT is(pg_temp.entry_of(1), :import::int8, 'the import''s');
INSERT INTO registry.certificate_version VALUES (pg_temp.u(701), 90, 1, helper.today(), '示例', pg_temp.u(10), pg_temp.u(63));
SELECT is(pg_temp.entry_of(1), :later::int8, 'the last revocation''s or reinstatement''s');
UPDATE registry.certificate SET version = 91 WHERE certificate_id = pg_temp.u(701);
INSERT INTO registry.certificate_amendment VALUES (pg_temp.u(701), 91, 4, 'x', 2, helper.today(), NULL, '示例', pg_temp.u(10), pg_temp.u(64));
SELECT is(pg_temp.entry_of(1), :last::int8, 'the last amendment''s');
SELECT is((SELECT e.leaf FROM registry.certificate c CROSS JOIN LATERAL helper.certificate_entry(c) e WHERE c.certificate_id = pg_temp.u(701)),
          (SELECT sha256('\x00'::bytea || body) FROM audit.entry WHERE id = :last), 'with its leaf hash');
SELECT is((SELECT e.leaf_index FROM registry.certificate c CROSS JOIN LATERAL helper.certificate_entry(c) e WHERE c.certificate_id = pg_temp.u(701)), NULL, 'not in the log yet');
INSERT INTO audit.leaf VALUES (7, :last);
SELECT is((SELECT e.leaf_index FROM registry.certificate c CROSS JOIN LATERAL helper.certificate_entry(c) e WHERE c.certificate_id = pg_temp.u(701)), 7::int8, 'and then where it is');

SELECT * FROM finish();
ROLLBACK;
