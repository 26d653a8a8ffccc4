/* SPDX-License-Identifier: Apache-2.0 */
/* What projects, the bank and others' registers hold about a person is in the person's account (D5), and who sees it. */
BEGIN;
\ir fixture.psql
\ir project.psql
SELECT no_plan();

/* Person 1 is a head that was struck and person 2 one that is paid; both are employed. Numbers of parts are enum person_part's. */
SELECT pg_temp.call(1000, pay_mode => 2), pg_temp.trained(100, '{1,2,3}') AS class \gset
SELECT pg_temp.running(1, 1000, :class), pg_temp.take(6, 1000, 8, 34), pg_temp.adjust(8, 1000, 9, 34, :class, '{1}', 4), pg_temp.take(7, 1000, 17, 10);
SELECT pg_temp.evidence(12, 1000, :class, '{1,2}', 4);
INSERT INTO registry.payee (payee_id, person_id, version, sealed, commitment, account_index, set_by, request_id)
VALUES (pg_temp.u(601), pg_temp.person(2), 1, 'x', pg_temp.h(1), pg_temp.h(601), pg_temp.u(34), pg_temp.u(9));
INSERT INTO registry.payment_batch (batch_id, division, organisation_id, reference, purpose, made_by, request_id)
VALUES (pg_temp.u(610), '370100', pg_temp.u(2), '370100-1', '示例', pg_temp.u(21), pg_temp.u(9));
INSERT INTO registry.batch_line (batch_id, subject_kind, subject_id, amount_fen, payee_id, person_id, account_index, request_id)
SELECT pg_temp.u(610), 2, tranche_id, amount_fen, pg_temp.u(601), person_id, pg_temp.h(601), pg_temp.u(9) FROM registry.tranche WHERE person_id = pg_temp.person(2);
/* A register of the province, one of Jinan and one of Qingdao name person 2. */
INSERT INTO registry.snapshot (snapshot_id, source, division, as_of, complete, rows, file_digest, issuer, organisation_id, loaded_by, request_id)
SELECT pg_temp.u(620 + n::int), 3, d, helper.today() - n::int, true, 1, pg_temp.h(620 + n::int), '示例签发', pg_temp.u(3), pg_temp.u(9), pg_temp.u(9)
  FROM unnest('{370000,370100,370200}'::text[]) WITH ORDINALITY x(d, n);
INSERT INTO registry.snapshot_row (snapshot_id, row, record_id, document_index, name_index, from_on, unit, sealed)
SELECT pg_temp.u(620 + n), 1, gen_random_uuid(), pg_temp.h(2), pg_temp.h(3), helper.today() - 900, 'U', 'x' FROM generate_series(1, 3) n;

CREATE FUNCTION pg_temp.told(caller int, n int) RETURNS SETOF helper.person_told LANGUAGE sql AS $$
    SELECT * FROM api.person_show(ARRAY[pg_temp.u(caller)], ARRAY[NULL::uuid], ARRAY[pg_temp.h(n)], '{0}')
$$;
CREATE FUNCTION pg_temp.parts(caller int, n int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(part::text, ' ' ORDER BY part) FROM pg_temp.told(caller, n)
$$;
SELECT is(pg_temp.parts(17, 3), '0 4 8 10', 'D5: a bureau tells of a head and the tranche that is the person''s');
SELECT is(pg_temp.parts(17, 1), '0 4 8 9', 'D5: and of evidence');
SELECT is(pg_temp.parts(17, 2), '0 4 8 9 10 11 12 13 13', 'D5: of a payment, an account, and what registers say');
SELECT is((SELECT concat_ws(' ', head_project, head_class = :class, head_level, head_result, head_counted, head_deduction, head_reason, share_fen) FROM pg_temp.told(17, 1) WHERE part = 8),
          '示例项目 t 2 1 f 4 示例 0', 'D5: a head, why it does not count, and what was said of it');
SELECT is((SELECT concat_ws(' ', head_counted, head_deduction, share_fen) FROM pg_temp.told(17, 2) WHERE part = 8), 't 150000', 'D5: one that counts, and its share');
SELECT is((SELECT concat_ws(' ', employment_kind, event_on IS NOT NULL, employment_source, withdrawn_reason) FROM pg_temp.told(17, 2) WHERE part = 9), '4 t 示例来源', 'D5: by what it is employed');
SELECT is((SELECT concat_ws(' ', tranche_kind, tranche_state, tranche_fen, recovered_fen) FROM pg_temp.told(17, 2) WHERE part = 10), '3 1 90000 0', 'D5: its part of the money');
SELECT is((SELECT concat_ws(' ', payment_kind, payment_reference, payment_fen, payment_state) FROM pg_temp.told(17, 2) WHERE part = 11), '2 370100-1 90000 1', 'D5: what the bank is told');
SELECT is((SELECT concat_ws(' ', payee_version, payee_sealed) FROM pg_temp.told(17, 2) WHERE part = 12), '1 \x78', 'D5: the account');
SELECT is((SELECT string_agg(concat_ws(' ', register_name, register_division, register_as_of = helper.today() - 1, register_from IS NOT NULL, register_to, register_unit), '; ')
             FROM pg_temp.told(17, 2) WHERE part = 13), '养老待遇 370000 t t U; 养老待遇 370100 f t U', 'D5: the registers that tell of its city, newest first');
SELECT is(pg_temp.parts(10, 2), '0 4 8 9 10', 'D5: its institution sees the project''s, not the bank''s nor a register''s');
SELECT is(pg_temp.parts(19, 2), '0 4 8 9 10 11 12 13 13 13', 'D5: an auditor all');

/* In another city the person is a trainee and no more. */
SELECT pg_temp.open(200, 18) AS q \gset
SELECT pg_temp.enrol(201, :q, '{2}', 18);
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(42), pg_temp.u(3), 'x', '{reviewer}');
SELECT is(pg_temp.parts(18, 2), '0 4', 'D5: another city''s institution sees none of it');
SELECT is(pg_temp.parts(42, 2), '0 4 13 13', 'D5: nor its bureau, but what the province''s register and its own say');

/* What is said of a record that became this one is told too. */
INSERT INTO registry.person_merge (gone, kept, case_reference, operator_id, request_id) VALUES (pg_temp.person(1), pg_temp.person(3), 'A-1', pg_temp.u(17), pg_temp.u(9));
SELECT is(pg_temp.parts(17, 3), '0 4 4 8 8 9 10', 'D5: after a merge both heads');

/* Erased, a person is told of nobody: the rows stay without account and register. */
CALL helper.person_blank(ARRAY[pg_temp.person(2)]);
SELECT is((SELECT concat_ws(' ', count(*), count(document_index), bool_or(sealed <> '')) FROM registry.snapshot_row WHERE snapshot_id IN (SELECT pg_temp.u(620 + n) FROM generate_series(1, 3) n)), '3 0 f', 'D5: no row of a register is the erased person''s');
SELECT is((SELECT concat_ws(' ', sealed = '', account_index = pg_temp.h(601)) FROM registry.payee WHERE payee_id = pg_temp.u(601)), 't f', 'D5: nor an account');
SELECT is((SELECT count(*) FROM registry.batch_line WHERE account_index = pg_temp.h(601)), 0::int8, 'D5: and no line says to which account');
SELECT * FROM finish();
ROLLBACK;
