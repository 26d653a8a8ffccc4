/* SPDX-License-Identifier: Apache-2.0 */
/* Persons: found, shown, amended, merged, erased. */

/* The key of whose document a number is. Whoever changes that, or who a record stands for (amending, merging,
   erasing), holds this alone; whoever adds to what is held about a person, or decides about a person's money, holds
   it shared. Both take it before they lock or read anything else. */
CREATE FUNCTION helper.documents_key() RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 6867700001 $$;

/* The key of erasures, which hold it alone, and of looks that are recorded after they were taken, which hold it
   shared and must not wait for long. */
CREATE FUNCTION helper.looks_key() RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 6867700011 $$;

/* The record that stands for a person. In PL/pgSQL, as policy_value() is: planned once a session. */
CREATE FUNCTION helper.person_kept(in_person uuid) RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT m.kept FROM registry.person_merge m WHERE m.gone = in_person), in_person);
END $$;

/* A record and all those that were merged into it. */
CREATE FUNCTION helper.person_ids(in_person uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN in_person || ARRAY(SELECT m.gone FROM registry.person_merge m WHERE m.kept = in_person);
END $$;

/* Whether what was held about a record is erased. */
CREATE FUNCTION helper.person_erased(in_person uuid) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.person p WHERE p.person_id = in_person AND p.sealed = '');
END $$;

/* Whether a caller may see a person: who sees a class that the person is in, not removed from it, does; the province
   and auditors see everybody. */
CREATE FUNCTION helper.person_seen(in_kind int2, in_own uuid, in_division text, in_person uuid) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN in_kind IN (KIND_PROVINCIAL_BUREAU, KIND_AUDITOR)
        OR EXISTS (SELECT FROM registry.enrolment e
                     JOIN registry.class c ON c.class_number = e.class_number
                     JOIN registry.organisation g ON g.organisation_id = c.organisation_id
                    WHERE e.person_id = in_person AND e.removed_reason IS NULL
                      AND helper.sees(in_kind, in_own, in_division, g.organisation_id, g.division));
END $$;

/* Whom a look is about, by id or by document: done, or why it may not be. */
CREATE FUNCTION helper.person_asked(in_operator uuid, in_person uuid, in_document bytea, in_pending int4, in_clear bool)
RETURNS TABLE (outcome int2, person_id uuid) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    caller record;
    target uuid := coalesce((SELECT d.person_id FROM registry.document d WHERE d.document_index = in_document),
                            helper.person_kept(in_person));
BEGIN
    SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator;
    outcome := CASE
        WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
        WHEN helper.looks_left(in_operator, caller.division, in_clear) <= coalesce(in_pending, 0)
             THEN OUTCOME_LOOKS_EXCEEDED
        WHEN NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = target)
             OR NOT helper.person_seen(caller.kind, caller.organisation_id, caller.division, target)
             THEN OUTCOME_PERSON_UNKNOWN
        ELSE OUTCOME_DONE END;
    person_id := CASE WHEN outcome = OUTCOME_DONE THEN target END;
    RETURN NEXT;
END $$;

/* Finds a person by document, masked. Plans as in roster_import(). Whom the caller may see is helper.person_seen()
   written out: a function with a subquery is never inlined, and called for each row it took two thirds of the time. */
CREATE FUNCTION api.person_find(in_operator uuid[], in_document bytea[], in_pending int4[])
RETURNS TABLE (req int4, outcome int2, person_id uuid, record_id uuid, sealed bytea, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH who AS MATERIALIZED (
        SELECT a.*, helper.looks_left(a.operator_id, a.division, false) AS looks_left
          FROM (SELECT DISTINCT u.operator_id FROM unnest(in_operator) u(operator_id)) o
          JOIN helper.acting a ON a.operator_id = o.operator_id)
    SELECT i.n::int4, CASE WHEN w.looks_left <= i.pending THEN OUTCOME_LOOKS_EXCEEDED WHEN s.seen THEN OUTCOME_DONE
                           ELSE OUTCOME_PERSON_UNKNOWN END::int2,
           CASE WHEN w.looks_left > i.pending AND s.seen THEN p.person_id END, coalesce(p.record_id, p.person_id),
           CASE WHEN w.looks_left > i.pending AND s.seen THEN p.sealed END, p.version
      FROM unnest(in_operator, in_document, in_pending) WITH ORDINALITY i(operator_id, document_index, pending, n)
      JOIN who w ON w.operator_id = i.operator_id
      LEFT JOIN registry.document d ON d.document_index = i.document_index
      LEFT JOIN registry.person p ON p.person_id = d.person_id
     CROSS JOIN LATERAL (SELECT p.person_id IS NOT NULL
                            AND (w.kind IN (KIND_PROVINCIAL_BUREAU, KIND_AUDITOR)
                                 OR EXISTS (SELECT FROM registry.enrolment e
                                              JOIN registry.class c ON c.class_number = e.class_number
                                              JOIN registry.organisation g ON g.organisation_id = c.organisation_id
                                             WHERE e.person_id = p.person_id AND e.removed_reason IS NULL
                                               AND helper.sees(w.kind, w.organisation_id, w.division, g.organisation_id,
                                                               g.division))) AS seen
                          OFFSET 0 /* once, not at each mention */) s
     ORDER BY i.n;
END $$;

/* Finds persons by name and birth date, masked; recorded before it is answered. Row 0 of a request says whether it
   was allowed. */
CREATE FUNCTION api.person_search(in_operator uuid[], in_entry_head bytea[], in_search_key int8[], in_purpose int2[],
                                  in_case text[])
RETURNS TABLE (req int4, outcome int2, person_id uuid, record_id uuid, sealed bytea, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller record;
    decided int2;
    found uuid[];
    entry int8;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{person.search}');
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        decided := CASE WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
                        WHEN helper.looks_left(in_operator[i], caller.division, true) <= 0 THEN OUTCOME_LOOKS_EXCEEDED
                        ELSE OUTCOME_DONE END;
        found := '{}';
        IF decided = OUTCOME_DONE THEN
            found := ARRAY(SELECT p.person_id FROM registry.person p
                            WHERE p.search_key = in_search_key[i]
                              AND NOT EXISTS (SELECT FROM registry.person_merge m WHERE m.gone = p.person_id)
                              AND helper.person_seen(caller.kind, caller.organisation_id, caller.division, p.person_id)
                            ORDER BY p.person_id LIMIT 50);
        END IF;
        IF decided = OUTCOME_DONE AND helper.looks_left(in_operator[i], caller.division, true) < cardinality(found) THEN
            decided := OUTCOME_LOOKS_EXCEEDED;
            found := '{}';
        END IF;
        entry := helper.look_enter(in_operator[i], in_entry_head[i], decided, NULL, NULL, in_purpose[i], in_case[i],
                                   cardinality(found));
        INSERT INTO registry.look (person_id, entry_id) SELECT f, entry FROM unnest(found) f;
        IF decided = OUTCOME_DONE THEN /* who finds nobody has guessed once */
            CALL helper.look_spend(in_operator[i], 0, greatest(cardinality(found), 1));
        ELSIF decided = OUTCOME_LOOKS_EXCEEDED THEN
            CALL helper.look_count(in_operator[i], 0, 0, 1);
        END IF;
        RETURN QUERY SELECT i, decided, NULL::uuid, NULL::uuid, NULL::bytea, NULL::int4;
        RETURN QUERY SELECT i, decided, p.person_id, coalesce(p.record_id, p.person_id), p.sealed, p.version
                       FROM registry.person p WHERE p.person_id = ANY (found) ORDER BY p.person_id;
    END LOOP;
END $$;

/* A person's record: as it is, of a document, or of an earlier version. */
CREATE TYPE helper.person_recorded AS (
    person_id uuid, record_id uuid, person_sealed bytea, version int4, document_state int2, amend_kind int2,
    case_reference text, changed_at_ms int8);

/* A trainee group that a person was found to belong to. */
CREATE TYPE helper.person_grouped AS (
    fact_id uuid, evidence_sealed bytea, trainee_group int2, group_name text, valid_from date, valid_to date,
    recorded_at_ms int8);

/* A person's seat in a class. */
CREATE TYPE helper.person_enrolled AS (
    enrolment_id uuid, enrolment_sealed bytea, enrolment_class int8, class_title text, institution_name text,
    starts_on date, enrolment_group text, enrolled_at_ms int8, result int2, removed_reason text);

/* A person's certificate. */
CREATE TYPE helper.person_certified AS (
    certificate_id uuid, certificate_sealed bytea, certificate_state int2, certificate_kind int2, issuer_name text,
    certificate_class int8, certificate_occupation text, certificate_level int2, issued_on date);

/* A claim about a person. */
CREATE TYPE helper.person_claimed AS (
    claim_id uuid, claim_state int2, submitter_name text, claim_class int8, claim_occupation text, claim_level int2,
    amount_fen int8, clawed_fen int8, submitted_at_ms int8);

/* What a person teaches at an institution. */
CREATE TYPE helper.person_taught AS (
    teacher_id uuid, school_name text, teaching_occupation text, teaching_level int2, qualification text,
    teaching_from date, teaching_to date, lessons int4);

/* A part of what is held about a person: `part` is a value of enum person_part of daemon/registry/part.h and says
   which of the others is not NULL. */
CREATE TYPE helper.person_part AS (
    part int2, record helper.person_recorded, fact helper.person_grouped, enrolment helper.person_enrolled,
    certificate helper.person_certified, claim helper.person_claimed, teaching helper.person_taught);

/* A row of an answer: an outcome, and the columns of its part (helper.person_part, or one of account.sql). */
CREATE TYPE helper.person_told AS (
    req int4, outcome int2, part int2,
    person_id uuid, record_id uuid, person_sealed bytea, version int4, document_state int2, amend_kind int2,
    case_reference text, changed_at_ms int8,
    fact_id uuid, evidence_sealed bytea, trainee_group int2, group_name text, valid_from date, valid_to date,
    recorded_at_ms int8,
    enrolment_id uuid, enrolment_sealed bytea, enrolment_class int8, class_title text, institution_name text,
    starts_on date, enrolment_group text, enrolled_at_ms int8, result int2, removed_reason text,
    certificate_id uuid, certificate_sealed bytea, certificate_state int2, certificate_kind int2, issuer_name text,
    certificate_class int8, certificate_occupation text, certificate_level int2, issued_on date,
    claim_id uuid, claim_state int2, submitter_name text, claim_class int8, claim_occupation text, claim_level int2,
    amount_fen int8, clawed_fen int8, submitted_at_ms int8,
    teacher_id uuid, school_name text, teaching_occupation text, teaching_level int2, qualification text,
    teaching_from date, teaching_to date, lessons int4,
    head_id uuid, head_project text, head_school text, head_class int8, head_occupation text, head_level int2,
    head_result int2, head_counted bool, head_deduction int2, head_reason text, share_fen int8, frozen_on date,
    employment_id uuid, employment_project text, employment_kind int2, employer text, event_on date, months int4,
    employment_source text, employment_as_of date, withdrawn_reason text, employment_at_ms int8,
    tranche_id uuid, tranche_project text, tranche_kind int2, tranche_state int2, tranche_fen int8, recovered_fen int8,
    tranche_at_ms int8,
    payment_kind int2, payment_subject uuid, payment_reference text, payment_fen int8, payment_state int2,
    bank_reference text, traded_on date, bank_reason text, payment_at_ms int8,
    payee_id uuid, payee_sealed bytea, payee_version int4, payee_at_ms int8, payee_confirmed_at_ms int8,
    register_name text, register_division text, register_issuer text, register_as_of date, register_from date,
    register_to date, register_unit text);

/* A person's record, the documents and the earlier versions of it: every person that became this one. */
CREATE FUNCTION helper.person_held(in_person uuid) RETURNS TABLE (part int2, record helper.person_recorded)
LANGUAGE sql STABLE AS $$
    SELECT PERSON_PART_PERSON::int2, ROW(p.person_id, coalesce(p.record_id, p.person_id), p.sealed, p.version,
                                         NULL, NULL, NULL, NULL)::helper.person_recorded
      FROM registry.person p WHERE p.person_id = in_person
    UNION ALL
    (SELECT PERSON_PART_DOCUMENT::int2, ROW(d.person_id, d.record_id, d.sealed, NULL, d.state, NULL, NULL,
                                            NULL)::helper.person_recorded
      FROM registry.person_document d
     WHERE d.person_id = ANY (helper.person_ids(in_person))
     ORDER BY d.record_id LIMIT 200)
    UNION ALL
    (SELECT PERSON_PART_VERSION::int2, ROW(v.person_id, v.record_id, v.sealed, v.version, NULL, v.kind,
                                           v.case_reference, helper.ms(v.changed_at))::helper.person_recorded
      FROM registry.person_version v
     WHERE v.person_id = ANY (helper.person_ids(in_person))
     ORDER BY v.changed_at DESC, v.version DESC LIMIT 200)
$$;

/* Everything about a person that a caller may see, part by part, at most 200 of each. */
CREATE FUNCTION helper.person_parts(in_operator uuid, in_person uuid) RETURNS SETOF helper.person_part
LANGUAGE sql STABLE AS $$
    SELECT r.part, r.record, NULL::helper.person_grouped, NULL::helper.person_enrolled, NULL::helper.person_certified,
           NULL::helper.person_claimed, NULL::helper.person_taught
      FROM helper.person_held(in_person) r
    UNION ALL
    /* evidence is its bureau's: others of the city see the fact, other cities nothing */
    (SELECT PERSON_PART_GROUP::int2, NULL::helper.person_recorded,
            ROW(f.fact_id, CASE WHEN helper.sees(a.kind, a.organisation_id, a.division, h.organisation_id, h.division)
                                     THEN f.sealed ELSE ''::bytea END,
                f.trainee_group, g.name, f.valid_from, f.valid_to, helper.ms(f.recorded_at))::helper.person_grouped,
            NULL::helper.person_enrolled, NULL::helper.person_certified, NULL::helper.person_claimed,
            NULL::helper.person_taught
      FROM registry.person_group f
      JOIN registry.trainee_group g ON g.code = f.trainee_group
      JOIN registry.operator o ON o.operator_id = f.operator_id
      JOIN registry.organisation h ON h.organisation_id = o.organisation_id
      JOIN helper.acting a ON a.operator_id = in_operator
       AND (helper.sees(a.kind, a.organisation_id, a.division, h.organisation_id, h.division)
            OR left(a.division, 4) = left(h.division, 4))
     WHERE f.person_id = ANY (helper.person_ids(in_person))
     ORDER BY f.valid_from, f.fact_id LIMIT 200)
    UNION ALL
    (SELECT PERSON_PART_ENROLMENT::int2, NULL::helper.person_recorded, NULL::helper.person_grouped,
            ROW(e.enrolment_id, e.sealed, e.class_number, c.title, g.name, c.starts_on, t.name,
                helper.ms(e.enrolled_at), e.result, e.removed_reason)::helper.person_enrolled,
            NULL::helper.person_certified, NULL::helper.person_claimed, NULL::helper.person_taught
      FROM registry.enrolment e
      JOIN registry.class c ON c.class_number = e.class_number
      JOIN registry.organisation g ON g.organisation_id = c.organisation_id
      JOIN registry.trainee_group t ON t.code = e.trainee_group
      JOIN helper.acting a ON a.operator_id = in_operator
       AND helper.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
     WHERE e.person_id = ANY (helper.person_ids(in_person))
     ORDER BY c.place LIMIT 200)
    UNION ALL
    (SELECT PERSON_PART_CERTIFICATE::int2, NULL::helper.person_recorded, NULL::helper.person_grouped,
            NULL::helper.person_enrolled,
            ROW(x.certificate_id, x.sealed, x.state, x.kind, g.name, x.class_number,
                coalesce(helper.occupation_name(x.occupation_code, x.issued_on), x.occupation_code), x.level,
                x.issued_on)::helper.person_certified,
            NULL::helper.person_claimed, NULL::helper.person_taught
      FROM registry.certificate x
      JOIN registry.organisation g ON g.organisation_id = x.organisation_id
      JOIN helper.acting a ON a.operator_id = in_operator
       AND helper.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
     WHERE x.person_id = ANY (helper.person_ids(in_person))
     ORDER BY x.issued_on, x.certificate_id LIMIT 200)
    UNION ALL
    (SELECT PERSON_PART_CLAIM::int2, NULL::helper.person_recorded, NULL::helper.person_grouped,
            NULL::helper.person_enrolled, NULL::helper.person_certified,
            ROW(c.claim_id, c.state, g.name, c.class_number,
                coalesce(helper.occupation_name(c.occupation_code, (c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date),
                         c.occupation_code),
                c.level, c.amount_fen,
                coalesce((SELECT sum(l.clawed_fen) FROM registry.claim_line l WHERE l.claim_id = c.claim_id), 0),
                helper.ms(c.submitted_at))::helper.person_claimed, NULL::helper.person_taught
      FROM registry.claim c
      JOIN registry.organisation g ON g.organisation_id = c.organisation_id
      JOIN helper.acting a ON a.operator_id = in_operator
       AND helper.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
     WHERE c.person_id = ANY (helper.person_ids(in_person))
     ORDER BY c.submitted_at, c.claim_id LIMIT 200)
    UNION ALL
    (SELECT PERSON_PART_TEACHING::int2, NULL::helper.person_recorded, NULL::helper.person_grouped,
            NULL::helper.person_enrolled, NULL::helper.person_certified, NULL::helper.person_claimed,
            ROW(t.teacher_id, g.name, helper.occupation_name(t.occupation_code, t.valid_from), t.level,
                t.qualification, t.valid_from, t.valid_to,
                (SELECT count(*) FROM registry.lesson l WHERE l.teacher_id = t.teacher_id)::int4)::helper.person_taught
      FROM registry.document d
      JOIN registry.teacher t ON t.teacher_index = d.document_index
      JOIN registry.organisation g ON g.organisation_id = t.organisation_id
      JOIN helper.acting a ON a.operator_id = in_operator
       AND helper.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
     WHERE d.person_id = ANY (helper.person_ids(in_person))
     ORDER BY t.valid_from, t.teacher_id LIMIT 200)
$$;

/* All that there is about a person, a row for each part, or one that says why there is nothing. */
CREATE FUNCTION helper.person_account(in_req int4, in_outcome int2, in_operator uuid, in_person uuid)
RETURNS SETOF helper.person_told LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    ids CONSTANT uuid[] := CASE WHEN in_outcome = OUTCOME_DONE THEN helper.person_ids(in_person) END;
    told helper.person_told;
BEGIN
    IF in_outcome <> OUTCOME_DONE THEN
        told.req := in_req;
        told.outcome := in_outcome;
        RETURN NEXT told;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT in_req, in_outcome,
           CASE WHEN h.head_id IS NOT NULL THEN PERSON_PART_HEAD
                WHEN e.employment_id IS NOT NULL THEN PERSON_PART_EVIDENCE
                WHEN t.tranche_id IS NOT NULL THEN PERSON_PART_TRANCHE
                WHEN b.payment_subject IS NOT NULL THEN PERSON_PART_PAYMENT
                WHEN y.payee_id IS NOT NULL THEN PERSON_PART_PAYEE
                WHEN r.register_name IS NOT NULL THEN PERSON_PART_REGISTER
                ELSE x.part END::int2,
           (x.record).*, (x.fact).*, (x.enrolment).*, (x.certificate).*, (x.claim).*, (x.teaching).*,
           h.*, e.*, t.*, b.*, y.*, r.*
      FROM helper.person_parts(in_operator, in_person) x /* one below the other */
      FULL JOIN helper.person_heads(in_operator, ids) h ON false
      FULL JOIN helper.person_evidence(in_operator, ids) e ON false
      FULL JOIN helper.person_tranches(in_operator, ids) t ON false
      FULL JOIN helper.person_payments(in_operator, ids) b ON false
      FULL JOIN helper.person_payees(in_operator, ids) y ON false
      FULL JOIN helper.person_registers(in_operator, ids) r ON false;
END $$;

/* Everything held about a person, masked (D5), in parts; a row without parts says why there are none. */
CREATE FUNCTION api.person_show(in_operator uuid[], in_person uuid[], in_document bytea[], in_pending int4[])
RETURNS SETOF helper.person_told
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    asked record;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO asked FROM helper.person_asked(in_operator[i], in_person[i], in_document[i], in_pending[i],
                                                     false);
        RETURN QUERY SELECT * FROM helper.person_account(i, asked.outcome, in_operator[i], asked.person_id);
    END LOOP;
END $$;

/* Everything held about a person, in clear (D5): its entry, with the purpose, is committed with what is shown. */
CREATE FUNCTION api.person_reveal(in_operator uuid[], in_entry_head bytea[], in_person uuid[], in_document bytea[],
                                  in_purpose int2[], in_case text[])
RETURNS SETOF helper.person_told
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    asked record;
    entry int8;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{person.reveal}');
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO asked FROM helper.person_asked(in_operator[i], in_person[i], in_document[i], 0, true);
        entry := helper.look_enter(in_operator[i], in_entry_head[i], asked.outcome, NULL, asked.person_id,
                                   in_purpose[i], in_case[i], NULL);
        IF asked.outcome = OUTCOME_DONE THEN
            INSERT INTO registry.look (person_id, entry_id) VALUES (asked.person_id, entry);
        END IF;
        IF asked.outcome IN (OUTCOME_DONE, OUTCOME_PERSON_UNKNOWN) THEN
            CALL helper.look_spend(in_operator[i], 0, 1);
        ELSIF asked.outcome = OUTCOME_LOOKS_EXCEEDED THEN
            CALL helper.look_count(in_operator[i], 0, 0, 1);
        END IF;
        RETURN QUERY SELECT * FROM helper.person_account(i, asked.outcome, in_operator[i], asked.person_id);
    END LOOP;
END $$;

/* ---- amending ---- */

/* Whether a bureau's reviewer may change a person: done, or why not. Who has looked at too many in the hour does not
   guess on. */
CREATE FUNCTION helper.person_judge(in_operator uuid, in_person uuid) RETURNS int2 LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT CASE WHEN NOT helper.is_bureau(a.kind) OR NOT 'reviewer' = ANY (a.roles)
                                      THEN OUTCOME_NOT_ALLOWED
                                 WHEN helper.looks_left(a.operator_id, a.division, false) <= 0
                                      THEN OUTCOME_LOOKS_EXCEEDED
                                 WHEN in_person IS NULL
                                      OR NOT helper.person_seen(a.kind, a.organisation_id, a.division, in_person)
                                      THEN OUTCOME_PERSON_UNKNOWN
                                 ELSE OUTCOME_DONE END
                       FROM helper.acting a WHERE a.operator_id = in_operator), OUTCOME_NOT_ALLOWED)::int2
$$;

/* Keeps a person's record as it is now, before a change; `document` is one of its documents, the only one if the
   person was never changed. The caller holds the person's row. */
CREATE PROCEDURE helper.person_keep(in_person uuid, in_document bytea, in_kind int2, in_case text, in_operator uuid,
                                    in_request_id uuid) LANGUAGE sql AS $$
    INSERT INTO registry.person_document (person_id, document_index, document_type, record_id, sealed, commitment,
                                          state, request_id)
    SELECT p.person_id, d.document_index, d.document_type, coalesce(p.record_id, p.person_id), p.sealed, p.commitment,
           DOCUMENT_IN_USE, in_request_id
      FROM registry.person p JOIN registry.document d ON d.document_index = in_document
     WHERE p.person_id = in_person
       AND NOT EXISTS (SELECT FROM registry.person_document x WHERE x.person_id = in_person)
       AND NOT EXISTS (SELECT FROM registry.person_version x
                        WHERE x.person_id = in_person AND x.kind <> AMEND_RESOLVED);
    INSERT INTO registry.person_version (person_id, version, record_id, sealed, commitment, name_index, kind,
                                         case_reference, operator_id, request_id)
    SELECT p.person_id, p.version, coalesce(p.record_id, p.person_id), p.sealed, p.commitment, p.name_index, in_kind,
           in_case, in_operator, in_request_id
      FROM registry.person p WHERE p.person_id = in_person;
    UPDATE registry.person SET version = version + 1 WHERE person_id = in_person;
$$;

/* Amends a person's name or documents. `changed`: of a version that is not the present one, what has changed since:
   bit 0 the name, bit 1 the documents. Kinds are enum AmendKind of proto/person.proto: 1 name, 2 renewed, 3 added, 4
   corrected. `document` names the person and, of kinds 2 and 4, the document that is replaced; `next_document` is
   what the papers say now. */
CREATE FUNCTION api.person_amend(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_document bytea[],
    in_version int4[], in_kind int2[], in_next_document bytea[], in_next_type int2[],
    in_name_index bytea[], in_search_key int8[], in_record_id uuid[], in_sealed bytea[], in_commitment bytea[],
    in_case text[])
RETURNS TABLE (req int4, outcome int2, version int4, changed int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    target registry.person;
    holder uuid;     /* of the next document */
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{person.amend}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(helper.documents_key());
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        version := CASE WHEN decided IS DISTINCT FROM OUTCOME_VERSION_DIFFERS THEN first.detail END;
        changed := CASE WHEN decided = OUTCOME_VERSION_DIFFERS THEN first.detail END;
        IF decided IS NULL THEN
            SELECT * INTO target FROM registry.person p
             WHERE p.person_id = (SELECT d.person_id FROM registry.document d WHERE d.document_index = in_document[i])
               FOR NO KEY UPDATE;
            holder := (SELECT d.person_id FROM registry.document d WHERE d.document_index = in_next_document[i]);
            decided := helper.person_judge(in_operator[i], target.person_id);
            decided := CASE
                WHEN decided <> OUTCOME_DONE THEN decided
                WHEN target.version <> in_version[i] THEN OUTCOME_VERSION_DIFFERS
                WHEN in_kind[i] <> AMEND_NAME AND holder = target.person_id THEN OUTCOME_SAME_PERSON
                WHEN holder <> target.person_id THEN OUTCOME_DOCUMENT_TAKEN
                WHEN in_kind[i] = AMEND_NAME AND holder IS NULL THEN OUTCOME_PERSON_UNKNOWN
                ELSE OUTCOME_DONE END;
            changed := CASE WHEN decided = OUTCOME_VERSION_DIFFERS THEN
                (SELECT bit_or(CASE WHEN v.kind IN (AMEND_NAME, AMEND_RESOLVED) THEN OUTCOME_DONE
                                    ELSE OUTCOME_DUPLICATE END)
                   FROM registry.person_version v
                  WHERE v.person_id = target.person_id AND v.version >= in_version[i]) END;
            IF decided = OUTCOME_DONE THEN
                CALL helper.person_keep(target.person_id, in_document[i], in_kind[i], in_case[i], in_operator[i],
                                        in_request_id[i]);
                CASE in_kind[i]
                WHEN AMEND_NAME THEN
                    UPDATE registry.document d SET name_index = NULL WHERE d.document_index = in_document[i];
                WHEN AMEND_CORRECTED THEN
                    /* what was taken under a number is not got rid of with it */
                    INSERT INTO registry.document_erased (document_index, person_id)
                    SELECT in_document[i], target.person_id
                     WHERE EXISTS (SELECT FROM registry.claim_place p
                                    WHERE p.person_id = ANY (helper.person_records(target.person_id)))
                        ON CONFLICT DO NOTHING;
                    DELETE FROM registry.document d WHERE d.document_index = in_document[i];
                ELSE NULL;
                END CASE;
                IF in_kind[i] IN (AMEND_RENEWED, AMEND_CORRECTED) THEN
                    UPDATE registry.person_document d
                       SET state = CASE in_kind[i] WHEN AMEND_RENEWED THEN DOCUMENT_REPLACED
                                        ELSE DOCUMENT_WITHDRAWN END,
                           request_id = in_request_id[i]
                     WHERE d.person_id = target.person_id AND d.document_index = in_document[i];
                END IF;
                IF in_kind[i] <> AMEND_NAME THEN
                    INSERT INTO registry.document (document_index, document_type, person_id, name_index)
                    VALUES (in_next_document[i], in_next_type[i], target.person_id,
                            CASE WHEN in_kind[i] = AMEND_ADDED AND in_name_index[i] <> target.name_index
                                 THEN in_name_index[i] END);
                    INSERT INTO registry.person_document AS d (person_id, document_index, document_type, record_id,
                                                               sealed,
                                                          commitment, state, request_id)
                    VALUES (target.person_id, in_next_document[i], in_next_type[i], in_record_id[i], in_sealed[i],
                            in_commitment[i], DOCUMENT_IN_USE, in_request_id[i])
                        /* a number that was withdrawn from this person once, and was right after all */
                        ON CONFLICT (person_id, document_index) DO UPDATE
                           SET state = DOCUMENT_IN_USE, record_id = excluded.record_id, sealed = excluded.sealed,
                               commitment = excluded.commitment, request_id = excluded.request_id;
                END IF;
                IF in_kind[i] <> AMEND_ADDED THEN
                    UPDATE registry.person p
                       SET record_id = in_record_id[i], sealed = in_sealed[i], commitment = in_commitment[i],
                           name_index = in_name_index[i], search_key = in_search_key[i]
                     WHERE p.person_id = target.person_id;
                END IF;
                IF in_kind[i] <> AMEND_NAME THEN
                    CALL helper.places_doubt(helper.person_records(target.person_id), 'document of an erased record',
                                             in_request_id[i]);
                END IF;
                version := target.version + 1;
            END IF;
            CALL helper.look_guessed(in_operator[i], decided);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided NOT IN (OUTCOME_NOT_ALLOWED, OUTCOME_PERSON_UNKNOWN,
                                                                      OUTCOME_LOOKS_EXCEEDED) THEN target.person_id END,
                               in_first => CASE WHEN decided = OUTCOME_DONE THEN in_commitment[i] END,
                               in_detail => coalesce(version, changed));
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Merges two records of one person, each named by one of its documents: documents, enrolments, attendance, marks,
   claims and their places become the kept one's; in a class that has both the gone one's enrolment stays as it is,
   removed. Nothing is deleted. */
CREATE FUNCTION api.person_merge(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_kept bytea[],
    in_gone bytea[], in_case text[])
RETURNS TABLE (req int4, outcome int2, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    kept registry.person;
    gone registry.person;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{person.merge}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(helper.documents_key());
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        version := first.detail;
        IF decided IS NULL THEN
            SELECT * INTO kept FROM registry.person p
             WHERE p.person_id = (SELECT d.person_id FROM registry.document d WHERE d.document_index = in_kept[i]);
            SELECT * INTO gone FROM registry.person p
             WHERE p.person_id = (SELECT d.person_id FROM registry.document d WHERE d.document_index = in_gone[i]);
            decided := helper.person_judge(in_operator[i], kept.person_id);
            decided := CASE WHEN decided <> OUTCOME_DONE THEN decided
                            WHEN helper.person_judge(in_operator[i], gone.person_id) <> OUTCOME_DONE
                                 THEN helper.person_judge(in_operator[i], gone.person_id)
                            WHEN kept.person_id = gone.person_id THEN OUTCOME_SAME_PERSON
                            ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                CALL helper.person_join(kept, gone, in_kept[i], in_gone[i], in_case[i], in_operator[i],
                                        in_request_id[i]);
                version := kept.version + 1;
            END IF;
            CALL helper.look_guessed(in_operator[i], decided);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided IN (OUTCOME_DONE, OUTCOME_SAME_PERSON)
                                                      THEN kept.person_id END,
                               in_subject => CASE WHEN decided = OUTCOME_DONE THEN gone.person_id END,
                               in_detail => version);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Joins a record to the one that is kept: enrolments, places of claims, groups and documents go with it. Where both
   are in one class, or have done the same, the kept one's counts. */
CREATE PROCEDURE helper.person_join(in_kept registry.person, in_gone registry.person, in_kept_document bytea,
                                    in_gone_document bytea, in_case text, in_operator uuid, in_request_id uuid)
LANGUAGE plpgsql AS $$
DECLARE
    shared int8[]; /* classes that have both */
BEGIN
    /* what runs in these classes has read who is who: wait for it, in key order as everybody */
    PERFORM FROM registry.class c
      WHERE c.class_number IN (SELECT e.class_number FROM registry.enrolment e
                                WHERE e.person_id IN (in_kept.person_id, in_gone.person_id))
      ORDER BY c.class_number FOR NO KEY UPDATE;
    PERFORM FROM registry.person p WHERE p.person_id IN (in_kept.person_id, in_gone.person_id)
      ORDER BY p.person_id FOR NO KEY UPDATE;
    CALL helper.person_keep(in_kept.person_id, in_kept_document, AMEND_MERGED::int2, in_case, in_operator,
                            in_request_id);
    CALL helper.person_keep(in_gone.person_id, in_gone_document, AMEND_MERGED::int2, in_case, in_operator,
                            in_request_id);

    shared := ARRAY(SELECT g.class_number FROM registry.enrolment g
                    JOIN registry.enrolment k ON k.class_number = g.class_number AND k.person_id = in_kept.person_id
                   WHERE g.person_id = in_gone.person_id);
    UPDATE registry.class c SET enrolled = c.enrolled - 1
      FROM registry.enrolment g, registry.enrolment k
     WHERE c.class_number = ANY (shared) AND g.class_number = c.class_number AND g.person_id = in_gone.person_id
       AND k.class_number = c.class_number AND k.person_id = in_kept.person_id
       AND g.removed_reason IS NULL AND k.removed_reason IS NULL;
    UPDATE registry.enrolment k SET removed_reason = CASE WHEN g.removed_reason IS NOT NULL THEN k.removed_reason END,
           result = least(k.result, g.result)
      FROM registry.enrolment g
     WHERE k.class_number = ANY (shared) AND k.person_id = in_kept.person_id
       AND g.class_number = k.class_number AND g.person_id = in_gone.person_id;
    UPDATE registry.enrolment g SET removed_reason = coalesce(g.removed_reason, 'merged')
     WHERE g.class_number = ANY (shared) AND g.person_id = in_gone.person_id;
    UPDATE registry.enrolment g SET person_id = in_kept.person_id
     WHERE g.person_id = in_gone.person_id AND g.class_number <> ALL (shared);

    UPDATE registry.attendance a SET person_id = in_kept.person_id
     WHERE a.person_id = in_gone.person_id
       AND a.class_number IN (SELECT e.class_number FROM registry.enrolment e WHERE e.person_id = in_kept.person_id)
       AND NOT EXISTS (SELECT FROM registry.attendance k
                        WHERE k.class_number = a.class_number AND k.person_id = in_kept.person_id
                          AND k.lesson = a.lesson);
    UPDATE registry.mark m SET person_id = in_kept.person_id
     WHERE m.person_id = in_gone.person_id
       AND m.class_number IN (SELECT e.class_number FROM registry.enrolment e WHERE e.person_id = in_kept.person_id)
       AND NOT EXISTS (SELECT FROM registry.mark k
                        WHERE k.class_number = m.class_number AND k.person_id = in_kept.person_id);

    UPDATE registry.document d
       SET person_id = in_kept.person_id,
           name_index = nullif(coalesce(d.name_index, in_gone.name_index), in_kept.name_index)
     WHERE d.document_index IN (SELECT x.document_index FROM registry.person_document x
                                 WHERE x.person_id = ANY (helper.person_ids(in_gone.person_id))
                                   AND x.state <> DOCUMENT_WITHDRAWN);
    UPDATE registry.certificate c SET person_id = in_kept.person_id WHERE c.person_id = in_gone.person_id;
    UPDATE registry.person_merge m SET kept = in_kept.person_id WHERE m.kept = in_gone.person_id;
    INSERT INTO registry.person_merge (gone, kept, case_reference, operator_id, request_id)
    VALUES (in_gone.person_id, in_kept.person_id, in_case, in_operator, in_request_id);
    CALL helper.places_gather(in_kept.person_id);
    CALL helper.places_doubt(helper.person_records(in_kept.person_id), 'merged', in_request_id);
END $$;

/* ---- erasing ---- */

/* Keyed indexes of the numbers that these records have or had; not of one that was another's in truth. */
CREATE FUNCTION helper.person_documents(in_persons uuid[]) RETURNS bytea[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT d.document_index FROM registry.document d WHERE d.person_id = ANY (in_persons)
                  UNION SELECT d.document_index FROM registry.person_document d
                         WHERE d.person_id = ANY (in_persons) AND d.state <> DOCUMENT_WITHDRAWN)
$$;

/* What is sealed of these records, with the random bytes of the commitments that it holds, and every keyed index of
   it. An index that must stay is replaced by a hash of a random id: unique, and of nobody. */
CREATE PROCEDURE helper.person_blank(in_persons uuid[]) LANGUAGE plpgsql AS $$
DECLARE
    documents CONSTANT bytea[] := helper.person_documents(in_persons);
BEGIN
    PERFORM helper.teacher_blank(documents);
    UPDATE registry.snapshot_row r SET sealed = '', document_index = NULL, name_index = NULL
     WHERE r.document_index = ANY (documents);
    DELETE FROM registry.document d WHERE d.person_id = ANY (in_persons);
    DELETE FROM registry.person_document d WHERE d.person_id = ANY (in_persons);
    DELETE FROM registry.look k WHERE k.person_id = ANY (in_persons) AND k.salt IS NOT NULL;
    UPDATE registry.person p SET sealed = '', name_index = sha256(uuid_send(p.person_id)), search_key = NULL
     WHERE p.person_id = ANY (in_persons);
    UPDATE registry.person_version v SET sealed = '', name_index = sha256(uuid_send(v.person_id))
     WHERE v.person_id = ANY (in_persons);
    UPDATE registry.name_conflict f SET sealed = '', name_index = sha256(uuid_send(f.conflict_id)), search_key = NULL
     WHERE f.person_id = ANY (in_persons);
    UPDATE registry.person_group f SET sealed = '' WHERE f.person_id = ANY (in_persons);
    UPDATE registry.enrolment e SET sealed = '', account_index = NULL WHERE e.person_id = ANY (in_persons);
    PERFORM helper.payee_blank(in_persons);
    /* a number stays taken, but one that holds the resident's is of nobody */
    UPDATE registry.certificate c
       SET sealed = '',
           number_index = CASE WHEN c.kind = KIND_SPECIAL_OPERATION THEN sha256(uuid_send(c.certificate_id))
                               ELSE c.number_index END
     WHERE c.person_id = ANY (in_persons);
END $$;

/* Whether a person takes part, or teaches, in a class that is not over. */
CREATE FUNCTION helper.person_in_class(in_persons uuid[]) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM registry.enrolment e JOIN registry.class c USING (class_number)
                    WHERE e.person_id = ANY (in_persons) AND e.removed_reason IS NULL
                      AND c.state IN (CLASS_OPEN, CLASS_STARTED))
        OR EXISTS (SELECT FROM registry.document d JOIN registry.lesson l ON l.teacher_index = d.document_index
                     JOIN registry.class c USING (class_number)
                    WHERE d.person_id = ANY (in_persons) AND c.state IN (CLASS_OPEN, CLASS_STARTED))
$$;

/* Erases what is held about a person (D5). The rows stay, and say that there was somebody; the log's proofs stay
   what they were. */
CREATE FUNCTION api.person_erase(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_person uuid[],
    in_document bytea[], in_version int4[], in_case text[])
RETURNS TABLE (req int4, outcome int2, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    target registry.person;
    ids uuid[];
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{person.erase}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(helper.documents_key());
    PERFORM pg_advisory_xact_lock(helper.looks_key());
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        version := first.detail;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.person p
             WHERE p.person_id = coalesce((SELECT d.person_id FROM registry.document d
                                            WHERE d.document_index = in_document[i]),
                                          helper.person_kept(in_person[i]))
               FOR NO KEY UPDATE;
            ids := helper.person_ids(target.person_id);
            decided := CASE
                WHEN caller IS NULL OR NOT helper.is_bureau(caller.kind) OR NOT 'approver' = ANY (caller.roles)
                     THEN OUTCOME_NOT_ALLOWED
                WHEN helper.looks_left(in_operator[i], caller.division, false) <= 0 THEN OUTCOME_LOOKS_EXCEEDED
                WHEN target IS NULL OR NOT helper.person_seen(caller.kind, caller.organisation_id, caller.division,
                                                              target.person_id) THEN OUTCOME_PERSON_UNKNOWN
                WHEN target.sealed = '' THEN OUTCOME_ERASED
                WHEN target.version <> in_version[i] THEN OUTCOME_VERSION_DIFFERS
                WHEN helper.person_in_class(ids) THEN OUTCOME_IN_CLASS
                WHEN EXISTS (SELECT FROM registry.claim_place x JOIN registry.claim c ON c.claim_id = x.claim_id
                              WHERE x.person_id = ANY (ids) AND c.state NOT IN (CLAIM_PAID, CLAIM_CLAWED_BACK))
                     OR helper.person_in_project(ids) THEN OUTCOME_HAS_CLAIMED
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                CALL helper.person_keep(target.person_id, NULL, AMEND_ERASED::int2, in_case[i], in_operator[i],
                                        in_request_id[i]);
                CALL helper.places_outlive(ids);
                CALL helper.person_blank(ids);
                version := target.version + 1;
            END IF;
            CALL helper.look_guessed(in_operator[i], decided);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided NOT IN (OUTCOME_NOT_ALLOWED, OUTCOME_PERSON_UNKNOWN,
                                                                      OUTCOME_LOOKS_EXCEEDED)
                                                      THEN target.person_id END, in_detail => version);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* ---- the same number with another name (A6) ---- */

/* Document numbers that were stated with another name (A6). Row 0 of a request: whether it may look now. */
CREATE FUNCTION api.conflict_list(in_operator uuid[], in_before uuid[], in_page int4[], in_all bool[],
                                  in_pending int4[])
RETURNS TABLE (req int4, outcome int2, conflict_id uuid, record_id uuid, sealed bytea, stated bytea, class_number int8,
               institution_name text, reported_at_ms int8, decision int2, person_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    decided int2;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        decided := CASE WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
                        WHEN helper.looks_left(in_operator[i], caller.division, false) - coalesce(in_pending[i], 0)
                             < greatest(1, (SELECT count(*)
                                              FROM (SELECT FROM registry.name_conflict f
                                                      JOIN registry.class c ON c.class_number = f.class_number
                                                      JOIN registry.organisation g
                                                         ON g.organisation_id = c.organisation_id
                                                     WHERE (in_before[i] IS NULL OR f.conflict_id < in_before[i])
                                                       AND (in_all[i] OR f.decision IS NULL)
                                                       AND helper.sees(caller.kind, caller.organisation_id,
                                                                       caller.division, g.organisation_id, g.division)
                                                     ORDER BY f.conflict_id DESC
                                                     LIMIT in_page[i]) x)) THEN OUTCOME_LOOKS_EXCEEDED
                        ELSE OUTCOME_DONE END;
        RETURN QUERY SELECT i, decided, NULL::uuid, NULL::uuid, NULL::bytea, NULL::bytea, NULL::int8, NULL::text,
                            NULL::int8, NULL::int2, NULL::uuid;
        CONTINUE WHEN decided <> OUTCOME_DONE;
        RETURN QUERY
        SELECT i, decided, x.conflict_id, coalesce(p.record_id, p.person_id), p.sealed, x.sealed, x.class_number,
               x.name, helper.ms(x.reported_at), x.decision, p.person_id
          FROM (SELECT f.*, g.name
                  FROM registry.name_conflict f
                  JOIN registry.class c ON c.class_number = f.class_number
                  JOIN registry.organisation g ON g.organisation_id = c.organisation_id
                 WHERE (in_before[i] IS NULL OR f.conflict_id < in_before[i]) AND (in_all[i] OR f.decision IS NULL)
                   AND helper.sees(caller.kind, caller.organisation_id, caller.division, g.organisation_id, g.division)
                 ORDER BY f.conflict_id DESC
                 LIMIT in_page[i] + 1) x
          JOIN registry.person p ON p.person_id = helper.person_kept(x.person_id)
         ORDER BY x.conflict_id DESC;
    END LOOP;
END $$;

/* Decides a number with two names (A6): the registered name stands, or the stated one is right. */
CREATE FUNCTION api.conflict_resolve(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_conflict uuid[],
    in_decision int2[], in_case text[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    target registry.name_conflict;
    home registry.organisation;
    holder uuid;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{conflict.resolve}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(helper.documents_key());
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.name_conflict f WHERE f.conflict_id = in_conflict[i] FOR UPDATE;
            SELECT g.* INTO home FROM registry.class c JOIN registry.organisation g USING (organisation_id)
             WHERE c.class_number = target.class_number;
            holder := helper.person_kept(target.person_id);
            decided := CASE
                WHEN caller IS NULL OR NOT helper.is_bureau(caller.kind) OR NOT 'reviewer' = ANY (caller.roles)
                     THEN OUTCOME_NOT_ALLOWED
                WHEN home IS NULL OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division,
                                                     home.organisation_id, home.division) THEN OUTCOME_CONFLICT_UNKNOWN
                WHEN target.decision IS NOT NULL THEN OUTCOME_CONFLICT_DECIDED
                WHEN in_decision[i] = CONFLICT_STATED_RIGHT AND helper.person_erased(holder) THEN OUTCOME_ERASED
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.name_conflict f
                   SET decision = in_decision[i], case_reference = in_case[i], decided_by = in_operator[i],
                       decided_at = now()
                 WHERE f.conflict_id = in_conflict[i];
                IF in_decision[i] = CONFLICT_STATED_RIGHT THEN
                    PERFORM FROM registry.person p WHERE p.person_id = holder FOR NO KEY UPDATE;
                    CALL helper.person_keep(holder, NULL, AMEND_RESOLVED::int2, in_case[i], in_operator[i],
                                            in_request_id[i]);
                    UPDATE registry.person p
                       SET record_id = target.conflict_id, sealed = target.sealed, commitment = target.commitment,
                           name_index = target.name_index, search_key = target.search_key
                     WHERE p.person_id = holder;
                END IF;
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided IN (OUTCOME_DONE, OUTCOME_CONFLICT_DECIDED,
                                                                  OUTCOME_ERASED)
                                                      THEN holder END,
                               in_first => CASE WHEN decided = OUTCOME_DONE THEN target.commitment END,
                               in_subject => CASE WHEN decided IN (OUTCOME_DONE, OUTCOME_CONFLICT_DECIDED,
                                                                   OUTCOME_ERASED)
                                                       THEN in_conflict[i] END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* ---- trainee groups as dated facts ---- */

/* Adds a trainee group as a dated fact with its evidence (A8). */
CREATE FUNCTION api.group_add(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_person uuid[],
    in_document bytea[], in_group int2[], in_from date[], in_to date[], in_fact uuid[], in_sealed bytea[],
    in_commitment bytea[])
RETURNS TABLE (req int4, outcome int2, fact_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, registry, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    target uuid;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{group.add}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key());
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        fact_id := first.subject;
        IF decided IS NULL THEN
            target := coalesce((SELECT d.person_id FROM registry.document d WHERE d.document_index = in_document[i]),
                               helper.person_kept(in_person[i]));
            target := (SELECT p.person_id FROM registry.person p WHERE p.person_id = target FOR NO KEY UPDATE);
            decided := helper.person_judge(in_operator[i], target);
            IF decided = OUTCOME_DONE AND helper.person_erased(target) THEN
                decided := OUTCOME_ERASED;
            ELSIF decided = OUTCOME_DONE AND EXISTS (SELECT FROM registry.person_group f
                                        WHERE f.person_id = ANY (helper.person_ids(target))
                                          AND f.trainee_group = in_group[i]
                                          AND daterange(f.valid_from, f.valid_to, '[]')
                                              && daterange(in_from[i], in_to[i], '[]')) THEN
                decided := OUTCOME_GROUP_OVERLAPS;
            END IF;
            IF decided = OUTCOME_DONE THEN
                fact_id := in_fact[i];
                INSERT INTO registry.person_group (fact_id, person_id, trainee_group, valid_from, valid_to, sealed,
                                                   commitment, operator_id, request_id)
                VALUES (in_fact[i], target, in_group[i], in_from[i], in_to[i], in_sealed[i], in_commitment[i],
                        in_operator[i], in_request_id[i]);
            END IF;
            CALL helper.look_guessed(in_operator[i], decided);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided IN (OUTCOME_DONE, OUTCOME_GROUP_OVERLAPS, OUTCOME_ERASED)
                                                      THEN target END,
                               in_first => CASE WHEN decided = OUTCOME_DONE THEN in_commitment[i] END,
                               in_subject => fact_id);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Ends a trainee group of a person: the day is its last. */
CREATE FUNCTION api.group_end(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_fact uuid[], in_to date[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    fact registry.person_group;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{group.end}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO fact FROM registry.person_group f WHERE f.fact_id = in_fact[i] FOR NO KEY UPDATE;
            decided := helper.person_judge(in_operator[i], helper.person_kept(fact.person_id));
            decided := CASE WHEN decided IN (OUTCOME_NOT_ALLOWED, OUTCOME_LOOKS_EXCEEDED) THEN decided
                            WHEN decided <> OUTCOME_DONE OR fact.valid_to IS NOT NULL
                                 OR NOT EXISTS (SELECT FROM helper.acting a, registry.operator o
                                                  JOIN registry.organisation h USING (organisation_id)
                                                 WHERE a.operator_id = in_operator[i]
                                                   AND o.operator_id = fact.operator_id
                                                   AND helper.sees(a.kind, a.organisation_id, a.division,
                                                                   h.organisation_id, h.division))
                                 THEN OUTCOME_GROUP_UNKNOWN
                            WHEN in_to[i] < fact.valid_from THEN OUTCOME_DATES_ORDER
                            ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.person_group f SET valid_to = in_to[i] WHERE f.fact_id = in_fact[i];
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided IN (OUTCOME_DONE, OUTCOME_DATES_ORDER)
                                                      THEN helper.person_kept(fact.person_id) END,
                               in_subject => CASE WHEN decided IN (OUTCOME_DONE, OUTCOME_DATES_ORDER)
                                                       THEN in_fact[i] END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;
