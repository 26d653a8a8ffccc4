/* SPDX-License-Identifier: Apache-2.0 */
/* What the tables refuse whoever writes: the constraints are the last word after the functions'. */
BEGIN;
\ir fixture.psql
SELECT plan(113);

CREATE TEMP TABLE c AS SELECT pg_temp.open(1, capacity => 2) AS a;
SELECT is(pg_temp.enrol(2, a, '{1,2}'), '1: 1 1', 'a full class') FROM c;

/* Each takes a row that is right, but for what is said. */
CREATE FUNCTION pg_temp.insert(name text, change jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rows jsonb := jsonb_build_object(
        'organisation', jsonb_build_object('organisation_id', pg_temp.u(50), 'code', '91370100000000050X', 'name', '示例', 'kind', 2, 'division', '370100', 'status', 1,
                                           'registered_at', now(), 'version', 1),
        'organisation_scope', jsonb_build_object('organisation_id', pg_temp.u(1), 'occupation_code', '4-10-01-06', 'level', 3, 'valid_from', '2026-01-01'),
        'operator', jsonb_build_object('operator_id', pg_temp.u(60), 'organisation_id', pg_temp.u(1), 'sealed', '\x01', 'roles', '["clerk"]'::jsonb, 'status', 1),
        'operator_certificate', jsonb_build_object('key_hash', pg_temp.h(60), 'operator_id', pg_temp.u(10), 'added_at', now()),
        'person', jsonb_build_object('person_id', pg_temp.u(70), 'sealed', '\x01', 'commitment', pg_temp.h(1), 'name_index', pg_temp.h(1), 'version', 1),
        'document', jsonb_build_object('document_index', pg_temp.h(70), 'document_type', 1, 'person_id', pg_temp.u(70), 'salt', pg_temp.h(70)),
        'enrolment', jsonb_build_object('class_number', (SELECT a FROM c), 'person_id', pg_temp.u(70), 'enrolment_id', pg_temp.u(71), 'seat', 9, 'trainee_group', 1,
                                        'document_type', 1, 'enrolled_at', now(), 'request_id', pg_temp.u(72), 'sealed', '\x01', 'commitment', pg_temp.h(1)),
        'request', jsonb_build_object('request_id', pg_temp.u(80), 'operator_id', pg_temp.u(10), 'digest', pg_temp.h(1), 'answered_at', now(), 'outcome', 1),
        'change', jsonb_build_object('change_id', pg_temp.u(90), 'kind', 4, 'operator_id', pg_temp.u(10), 'organisation_id', pg_temp.u(1), 'roles', '["clerk"]'::jsonb,
                                     'proposed_by', pg_temp.u(14), 'proposed_at', now()),
        'lesson', jsonb_build_object('class_number', (SELECT a FROM c), 'lesson', 1, 'held_on', '2026-03-01', 'held', '[2026-03-01 08:00,2026-03-01 10:00)', 'hours', 2,
                                     'place', '教室', 'practice', false, 'lesson_id', pg_temp.u(91), 'teacher_index', pg_temp.h(1), 'teacher_sealed', '\x01', 'teacher_commitment', pg_temp.h(1),
                                     'request_id', pg_temp.u(92)),
        'attendance', jsonb_build_object('class_number', (SELECT a FROM c), 'person_id', pg_temp.u(70), 'lesson', 1, 'state', 1, 'salt', pg_temp.u(73)),
        'mark', jsonb_build_object('class_number', (SELECT a FROM c), 'person_id', pg_temp.u(70), 'theory', 0, 'practice', 1000, 'salt', pg_temp.u(73)));
BEGIN
    EXECUTE format('INSERT INTO registry.%I SELECT * FROM jsonb_populate_record(NULL::registry.%1$I, $1)', name) USING rows -> name || change;
    RAISE EXCEPTION 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE SQLERRM WHEN 'taken' THEN SQLERRM ELSE SQLSTATE END;
END $$;
SELECT is(pg_temp.insert(name, '{}'), 'taken', 'right: ' || name)
  FROM unnest('{organisation,organisation_scope,operator,operator_certificate,person,document,enrolment,request,change,lesson,attendance,mark}'::text[]) name;

SELECT is(pg_temp.insert(name, change::jsonb), state, what) FROM (VALUES
    ('organisation', '{"code": "91370100000000050"}', '23514', 'A5: a code of seventeen characters'),
    ('organisation', '{"code": "91370100000000050x"}', '23514', 'A5: a lower-case one'),
    ('organisation', '{"code": "9137010000000005I0"}', '23514', 'A5: one with a letter that looks like a digit'),
    ('organisation', '{"code": "52370100300000010X"}', '23505', 'A5: one that is somebody''s'),
    ('organisation', '{"name": ""}', '23514', 'an organisation without a name'),
    ('organisation', '{"kind": 0}', '23514', 'of no kind'), ('organisation', '{"kind": 10}', '23514', 'of a kind beyond the last'),
    ('organisation', '{"division": "3701"}', '23514', 'of half a division'),
    ('organisation', '{"status": 4}', '23514', 'G4: of no status'), ('organisation', '{"code_override": ""}', '23514', 'A5: an empty reason'),
    ('organisation', '{"version": 0}', '23514', 'a version before the first'),
    ('organisation_scope', '{"organisation_id": "00000000-0000-0000-0000-000000000099"}', '23503', 'G3: nobody''s scope'),
    ('organisation_scope', '{"occupation_code": "9-99-99-99"}', '23503', 'G3: of no occupation'), ('organisation_scope', '{"level": 10}', '23503', 'G3: of no level'),
    ('organisation_scope', '{"valid_to": "2025-12-31"}', '23514', 'G3: that ends before it begins'),
    ('organisation_scope', '{"level": 2}', '23505', 'G3: that is there'),
    ('operator', '{"organisation_id": "00000000-0000-0000-0000-000000000099"}', '23503', 'nobody''s operator'),
    ('operator', '{"roles": []}', '23514', 'an operator without roles'), ('operator', '{"roles": [null]}', '23514', 'with a role that is none'),
    ('operator', '{"roles": ["clerk", null]}', '23514', 'among others'), ('operator', '{"roles": ["Clerk"]}', '23514', 'with one that is written otherwise'),
    ('operator', '{"roles": ["sysadmin", "secadmin"]}', '23514', 'two administrators in one'), ('operator', '{"roles": ["secadmin", "auditadmin"]}', '23514', 'two others'),
    ('operator', '{"roles": ["sysadmin", "auditadmin"]}', '23514', 'the other two'), ('operator', '{"roles": ["clerk", "sysadmin"]}', '23514', 'an administrator who is a clerk'),
    ('operator', '{"roles": ["secadmin", "approver"]}', '23514', 'an approver'), ('operator', '{"roles": ["auditor", "auditadmin"]}', '23514', 'an auditor'),
    ('operator', '{"roles": ["sysadmin", "sysadmin"]}', '23514', 'one twice'),
    ('operator', '{"organisation_id": "00000000-0000-0000-0000-000000000004", "roles": ["clerk", "reviewer", "approver", "payer"]}', 'taken', 'the others may go together'),
    ('operator', '{"organisation_id": "00000000-0000-0000-0000-000000000004", "roles": ["sysadmin"]}', 'taken', 'an administrator alone is right'), ('operator', '{"organisation_id": "00000000-0000-0000-0000-000000000004", "roles": ["secadmin"]}', 'taken', 'of security too'),
    ('operator', '{"organisation_id": "00000000-0000-0000-0000-000000000004", "roles": ["auditadmin"]}', 'taken', 'of the audit too'), ('operator', '{"status": 4}', '23514', 'of no status'),
    ('operator_certificate', '{"key_hash": "\\x01"}', '23514', 'a key''s hash of one byte'), ('operator_certificate', '{"operator_id": "00000000-0000-0000-0000-000000000099"}', '23503', 'nobody''s key'),
    ('person', '{"commitment": "\\x01"}', '23514', 'a short commitment'), ('person', '{"name_index": "\\x01"}', '23514', 'A6: a short index of a name'),
    ('person', '{"sealed": null}', '23502', 'D1: a person without the sealed record'),
    ('document', '{"document_index": "\\x01"}', '23514', 'A6: a short index of a document'), ('document', '{"document_type": 5}', '23514', 'A3: of no type'),
    ('document', '{"document_type": 0}', '23514', 'A3: of none at all'),
    ('enrolment', '{"seat": 0}', '23514', 'no seat'), ('enrolment', '{"document_type": 5}', '23514', 'A3: enrolled with no document'), ('enrolment', '{"commitment": "\\x01"}', '23514', 'a short commitment of an enrolment'),
    ('enrolment', '{"removed_reason": ""}', '23514', 'removed without a reason'), ('enrolment', '{"result": 4}', '23514', 'of no result'),
    ('request', '{"digest": "\\x01"}', '23514', 'a short digest'),
    ('change', '{"kind": 6}', '23514', 'a change of no kind'), ('change', '{"roles": null}', '23514', 'of roles, without them'), ('change', '{"kind": 2}', '23514', 'to bind a key, without it'),
    ('change', '{"kind": 3}', '23514', 'to unbind one, without it'), ('change', '{"kind": 5, "status": 2}', '23514', 'of a status, without a reason'), ('change', '{"kind": 5, "reason": "x"}', '23514', 'without the status'),
    ('change', '{"kind": 1}', '23514', 'a new operator without record and key'),
    ('change', '{"decision": 1}', '23514', 'decided by nobody'), ('change', '{"decided_by": "00000000-0000-0000-0000-000000000015"}', '23514', 'decided with no decision'),
    ('change', '{"decision": 3, "decided_by": "00000000-0000-0000-0000-000000000015", "decided_at": "2026-01-01"}', '23514', 'decided otherwise'),
    ('change', '{"decision": 1, "decided_by": "00000000-0000-0000-0000-000000000014", "decided_at": "2026-01-01"}', '23514', 'confirmed by its proposer'),
    ('change', '{"decision": 2, "decided_by": "00000000-0000-0000-0000-000000000014", "decided_at": "2026-01-01"}', 'taken', 'taken back by its proposer is right'),
    ('change', '{"decision": 1, "decided_by": "00000000-0000-0000-0000-000000000015", "decided_at": "2026-01-01"}', 'taken', 'confirmed by another is right'),
    ('lesson', '{"lesson": 0}', '23514', 'a lesson before the first'), ('lesson', '{"hours": 0}', '23514', 'of no hours'), ('lesson', '{"hours": 17}', '23514', 'of more than a day''s'),
    ('lesson', '{"held": "empty"}', '23514', 'at no time'), ('lesson', '{"held": "[2026-03-01 08:00,2026-03-01 10:00]"}', '23514', 'whose end belongs to it'),
    ('lesson', '{"place": ""}', '23514', 'nowhere'), ('lesson', '{"content": ""}', '23514', 'of nothing'), ('lesson', '{"teacher_index": "\\x01"}', '23514', 'of nobody'), ('lesson', '{"teacher_commitment": "\\x01"}', '23514', 'with a short commitment'),
    ('attendance', '{"state": 0}', '23514', 'attendance of no state'), ('attendance', '{"state": 6}', '23514', 'of a state beyond the last'),
    ('mark', '{"theory": -1}', '23514', 'a mark below none'), ('mark', '{"practice": 1001}', '23514', 'above all'), ('mark', '{"theory": null, "practice": null}', 'taken', 'marks may come later')) v(name, change, state, what);

/* ---- classes ---- */
SELECT throws_ok(format('UPDATE registry.class SET %s WHERE class_number = %s', change, a), '23514', NULL, 'no class with ' || change)
  FROM c, unnest(ARRAY['enrolled = 3', 'capacity = 1', 'enrolled = -1', 'capacity = 0', 'capacity = 2001', 'state = 0', 'state = 5', 'title = ''''', 'ends_on = starts_on - 1', 'version = 0',
                       'seats = 1', 'hours = -1', 'class_number = 99999999', 'class_number = 100000000000000']) change;
SELECT throws_ok(format('UPDATE registry.class SET %s WHERE class_number = %s', change, a), '23503', NULL, 'no class with ' || change)
  FROM c, unnest(ARRAY['organisation_id = pg_temp.u(99)', 'occupation_code = ''9-99-99-99''', 'level = 99', 'training_kind = 99']) change;
SELECT throws_ok('INSERT INTO registry.class_counter VALUES (2026, -1)', '23514', NULL, 'no running number below none');
CREATE FUNCTION pg_temp.place_of(number int8) RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    place int8;
BEGIN
    UPDATE registry.class k SET class_number = number FROM c WHERE k.class_number = c.a RETURNING k.place INTO place;
    UPDATE registry.class k SET class_number = c.a FROM c WHERE k.class_number = number;
    RETURN place;
END $$;
SELECT is((SELECT string_agg(number::text, ' ' ORDER BY pg_temp.place_of(number)) FROM unnest('{202600001,2025100000,202599999,202600100,202512345}'::int8[]) number),
          '202512345 202599999 2025100000 202600001 202600100', 'classes are in the order of their opening, however long their numbers');
SELECT is((SELECT place FROM registry.class, c WHERE class_number = a), (SELECT left(a::text, 4)::int8 * 10000000000 + 1 FROM c), 'as the table has it');

/* ---- one person in a class once, one person of a document ---- */
SELECT throws_ok(format('INSERT INTO registry.enrolment SELECT * FROM registry.enrolment WHERE class_number = %s LIMIT 1', a), '23505', NULL, 'A6: nobody is in a class twice') FROM c;
SELECT throws_ok('INSERT INTO registry.document SELECT * FROM registry.document LIMIT 1', '23505', NULL, 'A6: a document is one person''s');
SELECT throws_ok(format('INSERT INTO registry.document VALUES (%L, 1, %L)', pg_temp.h(1), pg_temp.u(99)), '23505', NULL, 'A6: and not another''s');
SELECT lives_ok(format('INSERT INTO registry.document SELECT %L, 3, person_id FROM registry.document WHERE document_index = %L', pg_temp.h(99), pg_temp.h(1)), 'A3: a person may have several');
SELECT is(pg_temp.enrol(3, a, '{99}', names => '{1}'), '1: 2', 'A3: and is the same with each') FROM c;

SELECT * FROM finish();
ROLLBACK;
