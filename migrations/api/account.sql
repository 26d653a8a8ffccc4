/* SPDX-License-Identifier: Apache-2.0 */
/* What projects, the bank and others' registers hold about a person, for the account that a person gets (D5). Of each
   at most 200 rows. `in_persons`: the records that became the person's. helper.person_account() joins them to the rest
   (person.sql). */

/* A head of a project. */
CREATE TYPE helper.person_headed AS (
    head_id uuid, head_project text, head_school text, head_class int8, head_occupation text, head_level int2,
    head_result int2, head_counted bool, head_deduction int2, head_reason text, share_fen int8, frozen_on date);

/* What shows that a head is employed. */
CREATE TYPE helper.person_evidenced AS (
    employment_id uuid, employment_project text, employment_kind int2, employer text, event_on date, months int4,
    employment_source text, employment_as_of date, withdrawn_reason text, employment_at_ms int8);

/* A part of a project's subsidy that is the person's own (E14). */
CREATE TYPE helper.person_tranche AS (
    tranche_id uuid, tranche_project text, tranche_kind int2, tranche_state int2, tranche_fen int8, recovered_fen int8,
    tranche_at_ms int8);

/* What the bank was told to pay to the person, and what it said. */
CREATE TYPE helper.person_payment AS (
    payment_kind int2, payment_subject uuid, payment_reference text, payment_fen int8, payment_state int2,
    bank_reference text, traded_on date, bank_reason text, payment_at_ms int8);

/* An account that was stated for the person in the place of the roster's (F25). */
CREATE TYPE helper.person_payee AS (
    payee_id uuid, payee_sealed bytea, payee_version int4, payee_at_ms int8, payee_confirmed_at_ms int8);

/* What another's register said (H18). */
CREATE TYPE helper.person_registered AS (
    register_name text, register_division text, register_issuer text, register_as_of date, register_from date,
    register_to date, register_unit text);

/* Heads of projects that the caller's organisation carried out, or its area called for. */
CREATE FUNCTION helper.person_heads(in_operator uuid, in_persons uuid[]) RETURNS SETOF helper.person_headed
LANGUAGE sql STABLE AS $$
    SELECT h.head_id, p.name, g.name, h.class_number,
           coalesce(helper.occupation_name(h.occupation_code, p.frozen_on), h.occupation_code), h.level, h.result,
           h.counted, h.deduction, h.reason, CASE WHEN h.counted THEN h.share_fen ELSE 0 END, p.frozen_on
      FROM registry.project_head h
      JOIN registry.project p ON p.project_id = h.project_id
      JOIN registry.organisation g ON g.organisation_id = p.organisation_id
      JOIN helper.acting a ON a.operator_id = in_operator
       AND helper.sees(a.kind, a.organisation_id, a.division, p.organisation_id, p.division)
     WHERE h.person_id = ANY (in_persons)
     ORDER BY h.ordinal LIMIT 200
$$;

/* Evidence of the same heads, also what was withdrawn. */
CREATE FUNCTION helper.person_evidence(in_operator uuid, in_persons uuid[]) RETURNS SETOF helper.person_evidenced
LANGUAGE sql STABLE AS $$
    SELECT e.evidence_id, p.name, e.kind, e.employer, e.event_on, e.months, e.source, e.as_of, e.withdrawn_reason,
           helper.ms(e.recorded_at)
      FROM registry.project_head h
      JOIN registry.project p ON p.project_id = h.project_id
      JOIN registry.project_evidence e ON e.head_id = h.head_id
      JOIN helper.acting a ON a.operator_id = in_operator
       AND helper.sees(a.kind, a.organisation_id, a.division, p.organisation_id, p.division)
     WHERE h.person_id = ANY (in_persons)
     ORDER BY e.recorded_at, e.evidence_id LIMIT 200
$$;

/* The person's own tranches of the same heads. */
CREATE FUNCTION helper.person_tranches(in_operator uuid, in_persons uuid[]) RETURNS SETOF helper.person_tranche
LANGUAGE sql STABLE AS $$
    SELECT t.tranche_id, p.name, t.kind, t.state, t.amount_fen, t.recovered_fen, helper.ms(t.submitted_at)
      FROM registry.project_head h
      JOIN registry.project p ON p.project_id = h.project_id
      JOIN registry.tranche t ON t.head_id = h.head_id
      JOIN helper.acting a ON a.operator_id = in_operator
       AND helper.sees(a.kind, a.organisation_id, a.division, p.organisation_id, p.division)
     WHERE h.person_id = ANY (in_persons)
     ORDER BY t.submitted_at, t.tranche_id LIMIT 200
$$;

/* Lines of batches that pay the person: for the bureau that pays, those above it and auditors. */
CREATE FUNCTION helper.person_payments(in_operator uuid, in_persons uuid[]) RETURNS SETOF helper.person_payment
LANGUAGE sql STABLE AS $$
    SELECT l.subject_kind, l.subject_id, b.reference, l.amount_fen, l.state, l.bank_reference, l.traded_on, l.reason,
           helper.ms(b.made_at)
      FROM registry.batch_line l
      JOIN registry.payment_batch b ON b.batch_id = l.batch_id
      JOIN helper.acting a ON a.operator_id = in_operator AND helper.batch_seen(a, b)
     WHERE l.person_id = ANY (in_persons)
     ORDER BY b.batch_id, l.subject_id LIMIT 200
$$;

/* The person's accounts: as evidence, each is for the bureau that stated it, and those above. */
CREATE FUNCTION helper.person_payees(in_operator uuid, in_persons uuid[]) RETURNS SETOF helper.person_payee
LANGUAGE sql STABLE AS $$
    SELECT p.payee_id, p.sealed, p.version, helper.ms(p.set_at), helper.ms(p.confirmed_at)
      FROM registry.payee p
      JOIN registry.operator o ON o.operator_id = p.set_by
      JOIN registry.organisation h ON h.organisation_id = o.organisation_id
      JOIN helper.acting a ON a.operator_id = in_operator
       AND helper.sees(a.kind, a.organisation_id, a.division, h.organisation_id, h.division)
     WHERE p.person_id = ANY (in_persons) AND p.sealed <> ''
     ORDER BY p.version, p.payee_id LIMIT 200
$$;

/* Rows of snapshots about the person, newest first: for bureaus that a snapshot tells of, whole or in part. */
CREATE FUNCTION helper.person_registers(in_operator uuid, in_persons uuid[]) RETURNS SETOF helper.person_registered
LANGUAGE sql STABLE AS $$
    SELECT v.name, s.division, s.issuer, s.as_of, r.from_on, r.to_on, r.unit
      FROM registry.snapshot_row r
      JOIN registry.snapshot s ON s.snapshot_id = r.snapshot_id
      JOIN registry.verification_source v ON v.code = s.source
      JOIN helper.acting a ON a.operator_id = in_operator AND helper.sees_area(a.kind)
       AND (helper.sees(a.kind, a.organisation_id, a.division, NULL, s.division)
            OR s.division IN (left(a.division, 2) || '0000', left(a.division, 4) || '00'))
     WHERE r.document_index = ANY (helper.person_documents(in_persons))
     ORDER BY s.as_of DESC, s.snapshot_id DESC, r.row LIMIT 200
$$;
