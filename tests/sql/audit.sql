/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log: the bytes of its entries, in whose transaction they are written, who reads them, that they stay. */
BEGIN;
\ir fixture.psql
SELECT plan(68);

/* ---- canonical bytes: AuditEntry of proto/audit.proto ---- */
SELECT is(encode(helper.entry_part('\x0801', outcome::int2, record, person, first, second, subject), 'hex'), bytes, what)
  FROM (VALUES
    (1, NULL::int8, NULL::uuid, NULL::bytea, NULL::bytea, NULL::uuid, '08014801', 'head and outcome are always there'),
    (127, NULL, NULL, NULL, NULL, NULL, '0801487f', 'an outcome is one byte'),
    (2, 202600001, NULL, NULL, NULL, NULL, '080148025208' || '000000000c136e41', 'a record is eight bytes, the highest first'),
    (2, NULL, pg_temp.u(7), NULL, NULL, NULL, '080148025a10' || repeat('0', 31) || '7', 'a person is sixteen'),
    (1, NULL, NULL, pg_temp.h(1), NULL, NULL, '080148016220' || encode(pg_temp.h(1), 'hex'), 'a commitment is thirty-two'),
    (1, NULL, NULL, NULL, pg_temp.h(2), NULL, '080148016220' || encode(pg_temp.h(2), 'hex'), 'the second may be the only one'),
    (1, NULL, NULL, pg_temp.h(1), pg_temp.h(2), NULL, '080148016220' || encode(pg_temp.h(1), 'hex') || '6220' || encode(pg_temp.h(2), 'hex'), 'the person''s before the enrolment''s'),
    (1, NULL, NULL, NULL, NULL, pg_temp.u(8), '080148016a10' || repeat('0', 31) || '8', 'a subject is sixteen'),
    (3, 1, pg_temp.u(2), pg_temp.h(3), pg_temp.h(4), pg_temp.u(5),
     '0801' || '4803' || '52080000000000000001' || '5a10' || repeat('0', 31) || '2' || '6220' || encode(pg_temp.h(3), 'hex') || '6220' || encode(pg_temp.h(4), 'hex')
     || '6a10' || repeat('0', 31) || '5', 'all of it stands in ascending order')) v(outcome, record, person, first, second, subject, bytes, what);
SELECT is(helper.entry_part('\x0801100203', 1::int2, NULL, NULL, NULL, NULL), '\x08011002034801'::bytea, 'the head is taken as it comes');
SELECT is(helper.entry_body('\x0801', 1::int2, NULL, NULL, NULL, NULL), '\x08014801920108'::bytea || xid8send(pg_current_xact_id()), 'the last field is the transaction''s');
SELECT is(helper.entry_subject(helper.entry_body('\x0801', 1::int2, NULL, NULL, NULL, NULL, pg_temp.u(8))), uuid_send(pg_temp.u(8)), 'a subject is found before it');
SELECT is(helper.entry_subject(helper.entry_part('\x0801', 1::int2, NULL, NULL, NULL, NULL, pg_temp.u(8))), uuid_send(pg_temp.u(8)), 'and in older entries at the end');
SELECT is(helper.entry_subject(helper.entry_body('\x0801', 1::int2, 1, NULL, NULL, NULL)), NULL, 'what has none has none');
SELECT is(helper.entry_method('\x01'), NULL, 'what is no entry has no method');
SELECT is(helper.entry_at('\x01'), NULL, 'and no time');
SELECT is(helper.ms(timestamptz '1970-01-01T00:00:01.0019Z'), 1001::int8, 'an instant is cut to its millisecond, not rounded');
SELECT is(helper.ms(timestamptz '1970-01-01T00:00:01.001Z'), 1001::int8, 'and a millisecond is itself');

/* ---- what was answered before ---- */
CREATE FUNCTION pg_temp.answered(request int, digest int, operator int) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', outcome, record, right(subject::text, 2), detail) FROM helper.answered(pg_temp.u(request), pg_temp.h(digest), pg_temp.u(operator))
$$;
CALL helper.answer(pg_temp.u(900), pg_temp.h(1), pg_temp.u(10), pg_temp.head(), 14::int2, in_record => 202600001, in_person => pg_temp.u(77), in_first => pg_temp.h(2),
                   in_subject => pg_temp.u(88), in_detail => 9);
SELECT is(pg_temp.answered(900, 1, 10), '14 202600001 88 9', 'an answer is kept whole');
SELECT is(pg_temp.answered(900, 2, 10), '11', 'with other content it is told to nobody');
SELECT is(pg_temp.answered(900, 1, 11), '11', 'nor to another operator');
SELECT is(pg_temp.answered(901, 1, 10), NULL, 'a new id has none');
SELECT results_eq('SELECT operator_id, person_id, body, xid FROM acts',
    format('VALUES (%L::uuid, %L::uuid, %L::bytea, pg_current_xact_id())', pg_temp.u(10), pg_temp.u(77),
           helper.entry_body(pg_temp.head(), 14::int2, 202600001, pg_temp.u(77), pg_temp.h(2), NULL, pg_temp.u(88))),
    'its entry: who, on whom, the bytes, in this transaction');
SELECT throws_ok(format('CALL helper.answer(%L, %L, %L, ''\x01'', 1::int2)', pg_temp.u(900), pg_temp.h(1), pg_temp.u(10)), '23505', NULL, 'a request is answered once');
SELECT is((SELECT count(*) FROM acts), 1::int8, 'who loses that race leaves no entry');

/* ---- all or nothing ---- */
CREATE TEMP TABLE before AS SELECT (SELECT count(*) FROM acts) AS entries, (SELECT count(*) FROM registry.request) AS requests, (SELECT count(*) FROM registry.class) AS classes;
SELECT throws_ok($$SELECT * FROM api.class_open(ARRAY[pg_temp.u(910), pg_temp.u(911)], ARRAY[pg_temp.h(1), pg_temp.h(1)], ARRAY[pg_temp.u(10), pg_temp.u(10)],
    ARRAY[pg_temp.head(), pg_temp.head()], '{示例班,示例班}', '{4-10-01-06,4-10-01-06}', '{2,2}', '{3,99}', '{2026-03-01,2026-03-01}', '{2026-05-31,2026-05-31}', '{10,10}')$$,
    '23503', NULL, 'a set that breaks a constraint fails whole');
SELECT throws_ok($$SELECT * FROM api.class_open(ARRAY[pg_temp.u(910), pg_temp.u(910)], ARRAY[pg_temp.h(1), pg_temp.h(1)], ARRAY[pg_temp.u(10), pg_temp.u(10)],
    ARRAY[pg_temp.head(), pg_temp.head()], '{示例班,示例班}', '{4-10-01-06,4-10-01-06}', '{2,2}', '{3,3}', '{2026-03-01,2026-03-01}', '{2026-05-31,2026-05-31}', '{10,10}')$$,
    '23505', NULL, 'so does one that holds a request twice');
SELECT is((SELECT ARRAY[(SELECT count(*) FROM acts), (SELECT count(*) FROM registry.request), (SELECT count(*) FROM registry.class)]),
          (SELECT ARRAY[entries, requests, classes] FROM before), 'and leaves no class, no entry and no answer');
CREATE TEMP TABLE c AS SELECT pg_temp.open(920) AS a;
SELECT is((SELECT xid FROM acts ORDER BY id DESC LIMIT 1), pg_current_xact_id(), 'an entry is of the transaction of its class');
SELECT is((SELECT k.xmin::text FROM registry.class k, c WHERE k.class_number = a), (pg_current_xact_id()::xid)::text, 'which is this one');
SELECT is((SELECT outcome || ' ' || record FROM registry.request WHERE request_id = pg_temp.u(920)), '1 ' || a, 'and so is the answer') FROM c;

/* ---- who reads ---- */
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(30), pg_temp.u(6), 'sealed 30', '{auditadmin}'), (pg_temp.u(31), pg_temp.u(6), 'sealed 31', '{auditor}'), (pg_temp.u(32), pg_temp.u(1), 'x', '{clerk}');
SELECT admin.occupation_put('{9-99-99-99}', '{示例职业}', pg_temp.head());
CREATE FUNCTION pg_temp.listed(caller int, before int8 DEFAULT 9223372036854775807, page int DEFAULT 10) RETURNS SETOF int8 LANGUAGE sql AS $$
    SELECT id FROM api.audit_list(ARRAY[pg_temp.u(caller)], ARRAY[before], ARRAY[page])
$$;
SELECT is((SELECT count(*) FROM pg_temp.listed(u)), n, format('read by %s: %s', u, n))
  FROM (VALUES (19, 3::int8), (30, 3), (31, 3), (32, 0), (10, 0), (11, 0), (13, 0), (14, 0), (17, 0), (21, 0), (99, 0)) v(u, n);
SELECT results_eq('SELECT * FROM pg_temp.listed(19)', 'SELECT id FROM acts ORDER BY id DESC', 'newest first');
SELECT results_eq('SELECT * FROM pg_temp.listed(19, page => 1)', 'SELECT id FROM acts ORDER BY id DESC LIMIT 2', 'one more than the page');
SELECT results_eq('SELECT * FROM pg_temp.listed(19, (SELECT max(id) FROM acts), 1)', 'SELECT id FROM acts ORDER BY id DESC LIMIT 2 OFFSET 1', 'the next page begins before the cursor');
SELECT is((SELECT count(*) FROM pg_temp.listed(19, (SELECT min(id) FROM acts))), 0::int8, 'nothing is older than the oldest');
SELECT is((SELECT string_agg(concat_ws('/', right(operator_id::text, 2), convert_from(operator_sealed, 'UTF8'), organisation_name), ' ')
             FROM api.audit_list(ARRAY[pg_temp.u(19)], ARRAY[9223372036854775807], ARRAY[10])), '00/ 10/x/示例学校 10/x/示例学校',
          'who did it, of which organisation; an installation command is nobody''s');
SELECT is((SELECT pg_temp.bare(body) FROM api.audit_list(ARRAY[pg_temp.u(19)], ARRAY[9223372036854775807], ARRAY[0]) LIMIT 1), '08014801', 'the bytes as they are stored');
SELECT is((SELECT string_agg(req::text, ' ') FROM api.audit_list(ARRAY[pg_temp.u(19), pg_temp.u(10), pg_temp.u(30)], ARRAY[9223372036854775807, 9223372036854775807, 9223372036854775807],
             ARRAY[0, 0, 1])), '1 3 3', 'of a set each gets what is its to read');
UPDATE registry.operator SET status = 2 WHERE operator_id IN (pg_temp.u(10), pg_temp.u(19));
SELECT is((SELECT count(*) FROM pg_temp.listed(19)), 0::int8, 'a suspended auditor reads nothing');
SELECT is((SELECT count(*) FROM api.audit_list(ARRAY[pg_temp.u(30)], ARRAY[9223372036854775807], ARRAY[10]) WHERE operator_id = pg_temp.u(10) AND organisation_name = '示例学校'),
    2::int8, 'what a suspended operator did stays');

/* ---- it stays ---- */
SELECT throws_ok(sql, '42501', NULL, 'not even the superuser: ' || sql) FROM unnest(ARRAY['TRUNCATE audit.entry', 'UPDATE registry.request SET outcome = 1', 'TRUNCATE registry.request']) sql;
CREATE FUNCTION pg_temp.as_owner(statement text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', (SELECT tableowner FROM pg_tables WHERE schemaname = 'audit' AND tablename = 'entry'));
    EXECUTE statement;
END $$;
SELECT throws_matching(format('SELECT pg_temp.as_owner(%L)', sql), 'is written once and never changed', 'nor the owner: ' || sql) FROM unnest(ARRAY[
    'UPDATE audit.entry SET person_id = NULL', 'UPDATE audit.entry SET body = ''x'' WHERE false', 'DELETE FROM audit.entry', 'TRUNCATE audit.entry',
    'UPDATE registry.request SET outcome = 1', 'DELETE FROM registry.request', 'TRUNCATE registry.request',
    'DELETE FROM registry.organisation_version', 'TRUNCATE registry.class_version', 'TRUNCATE registry.organisation_version CASCADE']) sql;
SELECT throws_ok('INSERT INTO audit.entry (id, operator_id, body) VALUES (1, pg_temp.u(1), ''x'')', '428C9', NULL, 'nobody chooses where an entry stands');
SELECT throws_ok(format('INSERT INTO audit.entry (operator_id, body) VALUES (%L, %s)', pg_temp.u(1), body), '23514', NULL, 'no entry of ' || what || ' bytes')
  FROM (VALUES ('''''', '0'), ('decode(repeat(''00'', 65536), ''hex'')', '65536')) v(body, what);
SELECT lives_ok(format('INSERT INTO audit.entry (operator_id, body) VALUES (%L, decode(repeat(''00'', 65535), ''hex''))', pg_temp.u(1)), 'one of 65535');

SELECT * FROM finish();
ROLLBACK;
