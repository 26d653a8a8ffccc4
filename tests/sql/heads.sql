/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's role gives the heads of entries, and the database takes only those that it would have written itself. */
BEGIN;
\ir fixture.psql
DROP FUNCTION helper.heads_check;
ALTER FUNCTION helper.heads_check_real RENAME TO heads_check;
SELECT no_plan();

/* ---- a head is of its own function, operator, organisation and request ---- */
CREATE FUNCTION pg_temp.open_with(head bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT outcome FROM api.class_open(ARRAY[pg_temp.u(500)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(10)], ARRAY[head], ARRAY['示例班'],
        ARRAY['4-10-01-06'], '{2}', '{3}', '{2026-03-01}', '{2026-05-31}', '{10}'));
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'refused';
END $$;
CREATE TEMP TABLE good AS SELECT pg_temp.head_of(10, 1, 'class.open', 500, pg_temp.h(1)) AS head;
SELECT is(pg_temp.open_with(head), said, what) FROM (
    SELECT set_byte(head, 2, 18) AS head, 'refused' AS said, 'another time''s tag' AS what FROM good
    UNION ALL VALUES
    (pg_temp.head_of(11, 1, 'class.open', 500, pg_temp.h(1)), 'refused', 'another operator'),
    (pg_temp.head_of(10, 2, 'class.open', 500, pg_temp.h(1)), 'refused', 'another organisation'),
    (pg_temp.head_of(10, 1, 'claim.pay', 500, pg_temp.h(1)), 'refused', 'another method'),
    (pg_temp.head_of(10, 1, 'rows', 500, pg_temp.h(1)), 'refused', 'changes of rows'),
    (pg_temp.head_of(10, 1, 'class.open', 501, pg_temp.h(1)), 'refused', 'another request'),
    (pg_temp.head_of(10, 1, 'class.open', 500, pg_temp.h(2)), 'refused', 'another content'),
    (pg_temp.head_of(10, 1, 'class.open', 500, pg_temp.h(1)) || '\x4801'::bytea, 'refused', 'an outcome of its own'),
    (pg_temp.head_of(10, 1, 'class.open', 500, pg_temp.h(1)) || '\x4001'::bytea, 'refused', 'a line of a whole request'),
    (pg_temp.head_of(10, 1, 'class.open', 500, pg_temp.h(1)) || '\x8a0100'::bytea, 'refused', 'row changes in it'),
    ('\x', 'refused', 'nothing'),
    (NULL, 'refused', 'none'),
    ('\x00ff', 'refused', 'garbage')) v;
SELECT is(pg_temp.open_with(head), '1', 'its own') FROM good;

/* ---- a line's head is of its line ---- */
SELECT is(encode(helper.entry_row(n), 'hex'), hex, 'line ' || n) FROM (VALUES (1, '4001'), (127, '407f'), (128, '408001'), (16383, '40ff7f'), (16384, '40808001'),
    (2097151, '40ffff7f'), (2097152, '4080808001')) v(n, hex);
CREATE FUNCTION pg_temp.line_with(line int, told int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT max(outcome) FROM api.calendar_propose(ARRAY[pg_temp.u(510)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(17)],
        ARRAY[pg_temp.head_of(17, 2, 'calendar.propose', 510, pg_temp.h(1))], '{1}', ARRAY[line],
        ARRAY[pg_temp.head_of(17, 2, 'calendar.propose', 510, pg_temp.h(1)) || helper.entry_row(told)], ARRAY[pg_temp.u(511)], '{2026-03-02}', '{f}', '{x}'));
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'refused';
END $$;
SELECT is(pg_temp.line_with(3, 4), 'refused', 'another line');
SELECT isnt(pg_temp.line_with(300, 300), 'refused', 'its own line');

/* ---- nothing is written of which no entry tells ---- */
CREATE FUNCTION pg_temp.submit_with(dry text, heads int, row_heads int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    head CONSTANT bytea := pg_temp.head_of(10, 1, 'claim.submit', 515, pg_temp.h(1));
    entries CONSTANT int8 := (SELECT count(*) FROM acts);
BEGIN
    PERFORM api.claim_submit(ARRAY[pg_temp.u(515)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(10)], array_fill(head, ARRAY[heads]), '{3}', dry::bool[], '{1}', '{1}',
                             array_fill(head || '\x4001'::bytea, ARRAY[row_heads]), ARRAY[pg_temp.h(515)], '{P-1}', '{t}', '{0}', ARRAY[pg_temp.u(515)]);
    RETURN format('%s claims, %s entries', (SELECT count(*) FROM registry.claim WHERE claim_id = pg_temp.u(515)), (SELECT count(*) FROM acts) - entries);
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'refused';
WHEN not_null_violation THEN
    RETURN 'no head';
END $$;
SELECT set_config('mingce.methods', '', true);
INSERT INTO registry.document (document_index, document_type, person_id) VALUES (pg_temp.h(516), 1, pg_temp.u(516));
SELECT pg_temp.completed(202600515, pg_temp.u(516));
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
VALUES (pg_temp.u(515), pg_temp.h(515), 2, pg_temp.u(516), pg_temp.u(1), 202600515, '4-10-01-06', 2, helper.today() - 1, 's', pg_temp.h(1), pg_temp.u(9));
INSERT INTO registry.standard (standard_id, division, line, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (pg_temp.u(515), '370100', 1, 150000, '2026-01-01', '示例文', pg_temp.u(11), 1, pg_temp.u(98), now(), pg_temp.u(9));
SELECT is(pg_temp.submit_with(dry, heads, row_heads), said, what) FROM (VALUES
    ('{NULL}', 1, 1, '0 claims, 0 entries', 'neither a dry run nor a request: no claim'),
    ('{}', 1, 1, '0 claims, 0 entries', 'likewise'),
    ('{f}', 0, 0, 'refused', 'no heads'),
    ('{f}', 1, 0, 'refused', 'none of the line'),
    ('{f}', 1, 2, 'refused', 'one of a line that is not there'),
    ('{f}', 2, 1, 'refused', 'one of a request that is not there'),
    ('{f}', 1, 1, '1 claims, 1 entries', 'as the daemon does')) v(dry, heads, row_heads, said, what);

/* ---- of several methods, the one that was done ---- */
CREATE FUNCTION pg_temp.decide_with(action int, method text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT max(outcome) FROM api.claim_decide(ARRAY[pg_temp.u(520 + action)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(11)],
        ARRAY[pg_temp.head_of(11, 2, method, 520 + action, pg_temp.h(1))], ARRAY[action::int2], '{x}', '{NULL}', '{0}', '{1}', '{1}',
        ARRAY[pg_temp.head_of(11, 2, method, 520 + action, pg_temp.h(1)) || '\x4001'::bytea], ARRAY[pg_temp.u(1)], '{1}'));
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'refused';
END $$;
SELECT is(pg_temp.decide_with(8, 'claim.review'), 'refused', 'an approval is not told as a review');
SELECT isnt(pg_temp.decide_with(8, 'claim.approve'), 'refused', 'but as one');
SELECT is(pg_temp.decide_with(10, 'claim.reject'), 'refused', 'a payment not as a rejection');
SELECT is(pg_temp.decide_with(n, 'claim.submit'), 'refused', format('C: %s is no step that anybody takes', n)) FROM unnest('{0,1,15}'::int[]) n;

/* ---- what a second gathers: looks, logins, what a role forbids, and nothing else ---- */
CREATE FUNCTION pg_temp.gathered(operator int, organisation int, method text, outcome int, masked bool, count int DEFAULT 1, subject int DEFAULT NULL,
                                 class int8 DEFAULT NULL, tail bytea DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT count(*) FROM api.look_record(ARRAY[pg_temp.u(operator)], ARRAY[pg_temp.head_of(operator, organisation, method) || tail], ARRAY[outcome::int2],
        ARRAY[class], '{0}', '{0}', ARRAY[count], ARRAY[CASE WHEN subject IS NOT NULL THEN pg_temp.u(subject) END], ARRAY[masked], '{}', '{}', '{}', '{}'));
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'refused';
END $$;
SELECT is(pg_temp.gathered(operator, organisation, method, outcome, masked, count, subject, class, tail), said, what) FROM (VALUES
    (17, 2, 'look', 1, true, 3, NULL, 202600001::int8, ''::bytea, '1', 'a look'),
    (17, 2, 'look', 62, true, 3, NULL, NULL, '', '1', 'a look refused'),
    (17, 2, 'login', 1, false, 1, NULL, NULL, '', '1', 'a login'),
    (0, 0, 'login', 26, false, 1, 5, NULL, '', '1', 'of a key that nobody has'),
    (17, 2, 'claim.pay', 12, false, 1, NULL, NULL, '', '1', 'what a role forbids'),
    (17, 2, 'claim.pay', 1, true, 1, NULL, NULL, '', 'refused', 'a payment as a look'),
    (17, 2, 'claim.pay', 1, false, 1, NULL, NULL, '', 'refused', 'a payment'),
    (17, 2, 'claim.pay', 12, false, 1, 5, NULL, '', 'refused', 'a refusal about somebody'),
    (17, 2, 'login', 1, false, 1, 5, NULL, '', 'refused', 'a login about somebody'),
    (17, 2, 'login', 12, false, 1, NULL, 202600001, '', 'refused', 'of a class'),
    (17, 2, 'look', 5, true, 1, NULL, NULL, '', 'refused', 'a look of another outcome'),
    (17, 2, 'look', 12, false, 1, NULL, NULL, '', 'refused', 'a look that is none'),
    (17, 2, 'rows', 12, false, 1, NULL, NULL, '', 'refused', 'changes of rows'),
    (18, 2, 'look', 1, true, 1, NULL, NULL, '', 'refused', 'of another organisation'),
    (99, 2, 'look', 1, true, 1, NULL, NULL, '', 'refused', 'of no operator'),
    (17, 2, 'look', 1, true, -1, NULL, NULL, '', 'refused', 'fewer than none'),
    (17, 2, 'look', 1, true, 1, NULL, NULL, '\x8a0100', 'refused', 'row changes in it')) v(operator, organisation, method, outcome, masked, count, subject, class, tail, said, what);
SELECT is((SELECT count(*) FROM acts), (SELECT count(*) FROM acts WHERE helper.entry_method(body) <> 'rows'), 'and nothing of it was written');

/* ---- a method changes only its own tables ---- */
CREATE FUNCTION pg_temp.after(methods text, the_table text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('mingce.methods', methods, true);
    EXECUTE format('INSERT INTO registry.%1$I SELECT FROM registry.%1$I WHERE false', the_table);
    PERFORM set_config('mingce.methods', '', true);
    RETURN 'goes';
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'refused';
END $$;
SELECT is(pg_temp.open_with(pg_temp.head_of(10, 1, 'class.open', 500, pg_temp.h(1))), '1', 'an answer given again');
SELECT is(current_setting('mingce.methods'), 'class.open', 'a set says of which methods it is');
SELECT throws_ok('UPDATE registry.claim SET amount_fen = amount_fen', '42501', 'requests of class.open change no rows of claim', 'and changes no rows of what they cannot change');
SELECT throws_ok(format(sql, 'operator'), '42501', NULL, sql) FROM unnest('{"DELETE FROM registry.%I","UPDATE registry.%I SET status = 1","INSERT INTO registry.%I SELECT FROM registry.%1$I WHERE false"}'::text[]) sql;
SELECT is(pg_temp.after(methods, the_table), said, format('%s: %s, %s', methods, the_table, said)) FROM (VALUES
    ('claim.pay', 'claim_step', 'goes'), ('claim.pay', 'claim_line', 'refused'), ('claim.pay', 'claim_place', 'refused'), ('claim.claw-back', 'claim_line', 'goes'),
    ('claim.pay claim.withdraw', 'claim_once', 'goes'), ('class.start', 'enrolment', 'refused'), ('class.complete', 'enrolment', 'goes'), ('look', 'person', 'refused'),
    ('look', 'look', 'goes'), ('change.reject', 'operator', 'refused'), ('migrate', 'policy', 'refused'), ('none', 'policy', 'refused'), ('nonsense', 'class', 'refused'),
    ('', 'policy', 'goes')) v(methods, the_table, said);
/* All pairs: what is listed goes, and nothing else. */
SELECT is((SELECT string_agg(m || ' ' || c.table_name, ', ') FROM audit.covered c
            CROSS JOIN (SELECT DISTINCT (regexp_matches(prosrc, 'WHEN ''([a-z.-]+)'' THEN', 'g'))[1] AS m FROM pg_proc WHERE oid IN ('helper.method_tables'::regproc, 'helper.command_tables'::regproc)) x
            WHERE pg_temp.after(m, c.table_name) <> CASE WHEN c.table_name = ANY (helper.method_tables(m)) THEN 'goes' ELSE 'refused' END), NULL, 'each method, each table');
SELECT is((SELECT string_agg(DISTINCT t, ' ') FROM (SELECT unnest(helper.method_tables((regexp_matches(prosrc, 'WHEN ''([a-z.-]+)'' THEN', 'g'))[1])) AS t
                                                     FROM pg_proc WHERE oid IN ('helper.method_tables'::regproc, 'helper.command_tables'::regproc)) x
            WHERE t NOT IN ('*', 'schema') AND t NOT IN (SELECT table_name FROM audit.covered)), NULL, 'none that is not covered');

/* Every function of the daemon that takes a head looks at it first. */
SELECT is((SELECT string_agg(p.proname, ', ') FROM pg_proc p WHERE p.pronamespace = 'api'::regnamespace AND p.prokind = 'f'
              AND has_function_privilege('mingced', p.oid, 'EXECUTE') AND p.proargnames && '{in_entry_head,in_head,in_row_head}'
              AND (position('helper.heads_check(in_entry_head' IN p.prosrc) = 0 AND 'in_entry_head' = ANY (p.proargnames)
                   OR position('helper.heads_check(in_row_head' IN p.prosrc) = 0 AND 'in_row_head' = ANY (p.proargnames)
                   OR position('helper.heads_check(in_head' IN p.prosrc) = 0 AND 'in_head' = ANY (p.proargnames))), NULL, 'every function that takes heads compares them');

SELECT * FROM finish();
ROLLBACK;
