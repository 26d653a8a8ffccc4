/* SPDX-License-Identifier: Apache-2.0 */
/* Projects, their heads, tranches and evidence are listed and shown (E). Of a head the class and the seat are shown,
   never who it is. */

/* What a project's heads come to in the words that bureaus print (E5); NULL: they are not frozen. Deductions stand by
   how many they are. */
CREATE FUNCTION helper.project_remark(in_project registry.project) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    unfinished int8 := (SELECT count(*) FROM registry.project_head h
                         WHERE h.project_id = in_project.project_id AND h.deduction = DEDUCT_NOT_COMPLETED);
BEGIN
    RETURN '实际培训' || in_project.enrolled || '人，提交' || in_project.enrolled - unfinished || '人，'
        || coalesce((SELECT string_agg(d.n || '人' || w.said || '，', '' ORDER BY d.n DESC, d.deduction)
                       FROM (SELECT h.deduction, count(*) AS n FROM registry.project_head h
                              WHERE h.project_id = in_project.project_id AND h.deduction > DEDUCT_NOT_COMPLETED
                              GROUP BY 1) d
                       JOIN (VALUES (DEDUCT_FAILED, '不合格'), (DEDUCT_PENSION, '享受养老'), (DEDUCT_STUDENT, '为在校生'),
                                    (DEDUCT_PAYROLL, '财政供养'), (DEDUCT_HAD, '已享受补贴'),
                                    (DEDUCT_IDENTITY, '身份不符'), (DEDUCT_OTHER, '因其他原因核减')) w(deduction, said)
                         ON w.deduction = d.deduction), '')
        || '核准' || in_project.counted || '人';
END $$;

/* What is shown of a project itself. */
CREATE VIEW helper.project_shown AS
SELECT p.project_id, p.division, p.department, p.name, p.occupation_code,
       helper.occupation_name(p.occupation_code, p.starts_on) AS occupation_name, p.level, p.certificate_kind, p.mode,
       p.pay_mode, p.planned_heads, p.hours, p.unit_fen, p.cap_fen, p.call_number, p.contract_number,
       g.code AS organisation_code, g.name AS organisation_name, p.starts_on, p.ends_on, p.closes_on, p.state,
       p.version, p.frozen_on, p.enrolled, p.completed, p.counted, p.total_fen, p.advance_percent, p.entitled_percent,
       p.granted_fen, p.paid_fen, p.recover_fen, p.recovered_fen
  FROM registry.project p LEFT JOIN registry.organisation g ON g.organisation_id = p.organisation_id;

/* Projects that the caller may see, newest first: of one division, institution or state (NULL: whatever). */
CREATE FUNCTION api.project_list(in_operator uuid[], in_before uuid[], in_page int4[], in_division text[],
                                 in_organisation text[], in_state int2[])
RETURNS TABLE (req int4, project_id uuid, division text, department text, name text, occupation_code text,
               occupation_name text, level int2, certificate_kind int2, mode int2, pay_mode int2, planned_heads int4,
               hours int4, unit_fen int8, cap_fen int8, call_number text, contract_number text,
               organisation_code text, organisation_name text, starts_on date, ends_on date, closes_on date,
               state int2, version int4, frozen_on date, enrolled int4, completed int4, counted int4, total_fen int8,
               advance_percent int4, entitled_percent int4, granted_fen int8, paid_fen int8, recover_fen int8,
               recovered_fen int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, s.*
      FROM unnest(in_operator, in_before, in_page, in_division, in_organisation, in_state)
           WITH ORDINALITY i(operator_id, before, page, division, organisation, state, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT p.project_id FROM registry.project p
            WHERE (i.before IS NULL OR p.project_id < i.before) AND helper.project_seen(a, p)
              AND (i.division IS NULL OR p.division = i.division) AND (i.state IS NULL OR p.state = i.state)
              AND (i.organisation IS NULL
                   OR p.organisation_id = (SELECT g.organisation_id FROM registry.organisation g
                                            WHERE g.code = i.organisation))
            ORDER BY p.project_id DESC
            LIMIT i.page + 1) x
      JOIN helper.project_shown s ON s.project_id = x.project_id
     ORDER BY i.n, x.project_id DESC;
END $$;

/* A part of a project's story: `part` is a value of enum project_part of daemon/registry/part.h and says what it is,
   and so which of the others are not NULL. `number`: of a tier, class, run or step; `what`: the tier's metric, the
   class's state, the deduction, a run's concentrated employers (E12), the kind of a ledger's tranches, or the step's
   action; of a ledger `number` is its year, `amount` its source and `reason` its division. */
CREATE TYPE helper.project_part AS (
    part int2, number int8, what int2, amount int8, of_amount int8, percent int4, fen int8, on_day date, at_ms int8,
    step_state int2, operator_id uuid, operator_sealed bytea, operator_organisation text, reason text, subject uuid,
    fine bool);

/* The parts of a project: its tiers, classes, deductions, runs, the ledgers that pay it, and the last steps before one
   (NULL: of all), one more than are shown. */
CREATE FUNCTION helper.project_parts(in_project registry.project, in_before int4) RETURNS SETOF helper.project_part
LANGUAGE sql STABLE AS $$
    SELECT PROJECT_PART_TIER::int2, t.tier::int8, t.metric, t.threshold::int8, NULL::int8, t.pay_percent,
           NULL::int8, NULL::date, NULL::int8, NULL::int2, NULL::uuid, NULL::bytea, NULL::text, NULL::text,
           NULL::uuid, NULL::bool
      FROM registry.project_tier t WHERE t.project_id = (in_project).project_id
    UNION ALL
    SELECT PROJECT_PART_CLASS::int2, k.class_number, c.state, c.enrolled::int8, NULL::int8, NULL::int4, NULL::int8,
           c.ends_on, NULL::int8, NULL::int2, NULL::uuid, NULL::bytea, NULL::text, NULL::text, NULL::uuid,
           NULL::bool
      FROM registry.project_class k JOIN registry.class c USING (class_number)
     WHERE k.project_id = (in_project).project_id
    UNION ALL
    SELECT PROJECT_PART_DEDUCTION::int2, NULL::int8, h.deduction, count(*), NULL::int8, NULL::int4, NULL::int8,
           NULL::date, NULL::int8, NULL::int2, NULL::uuid, NULL::bytea, NULL::text, NULL::text, NULL::uuid,
           NULL::bool
      FROM registry.project_head h
     WHERE h.project_id = (in_project).project_id AND NOT h.counted
     GROUP BY h.deduction
    UNION ALL
    SELECT PROJECT_PART_RUN::int2, r.run::int8, nullif(least(r.concentrated, 32767), 0)::int2,
           r.employed::int8, r.base::int8, r.pay_percent, r.due_fen, r.as_of,
           helper.ms(r.verified_at), NULL::int2, r.verified_by, o.sealed, NULL::text,
           NULL::text, NULL::uuid, NULL::bool
      FROM registry.project_run r LEFT JOIN registry.operator o ON o.operator_id = r.verified_by
     WHERE r.project_id = (in_project).project_id
    UNION ALL
    SELECT PROJECT_PART_LEDGER::int2, l.year::int8, t.kind, l.source::int8, NULL::int8, NULL::int4,
           sum(c.amount_fen)::int8, NULL::date, NULL::int8, NULL::int2, NULL::uuid, NULL::bytea, NULL::text, l.division,
           NULL::uuid, NULL::bool
      FROM registry.tranche t
      JOIN registry.charge c ON c.subject_kind = MONEY_TRANCHE AND c.subject_id = t.tranche_id
                            AND c.state <> CHARGE_RELEASED
      JOIN registry.ledger l ON l.ledger_id = c.ledger_id
     WHERE t.project_id = (in_project).project_id
     GROUP BY t.kind, l.division, l.source, l.year
    UNION ALL
    SELECT * FROM (
        SELECT PROJECT_PART_STEP::int2, s.version::int8, s.action, NULL::int8, NULL::int8, NULL::int4, s.fen,
               s.held_on, helper.ms(s.stepped_at), s.state, s.operator_id, o.sealed, g.name, s.reason, s.tranche_id,
               coalesce(s.passed, s.fraud)
          FROM registry.project_step s
          LEFT JOIN registry.operator o ON o.operator_id = s.operator_id
          LEFT JOIN registry.organisation g ON g.organisation_id = o.organisation_id
         WHERE s.project_id = (in_project).project_id AND (in_before IS NULL OR s.version < in_before)
         ORDER BY s.version DESC LIMIT PROJECT_STEPS_SHOWN + 1) steps
$$;

/* One project that the caller may see: a row of itself, whose part is PROJECT_PART_PROJECT, then its parts, each kind
   in its order, of steps those before a version; none: there is no such project. */
CREATE FUNCTION api.project_show(in_operator uuid[], in_project uuid[], in_before int4[])
RETURNS TABLE (req int4, project_id uuid, division text, department text, name text, occupation_code text,
               occupation_name text, level int2, certificate_kind int2, mode int2, pay_mode int2, planned_heads int4,
               hours int4, unit_fen int8, cap_fen int8, call_number text, contract_number text,
               organisation_code text, organisation_name text, starts_on date, ends_on date, closes_on date,
               state int2, version int4, frozen_on date, enrolled int4, completed int4, counted int4, total_fen int8,
               advance_percent int4, entitled_percent int4, granted_fen int8, paid_fen int8, recover_fen int8,
               recovered_fen int8, part int2, number int8, what int2, amount int8, of_amount int8, percent int4,
               fen int8, on_day date, at_ms int8, step_state int2, operator_id uuid, operator_sealed bytea,
               operator_organisation text, reason text, subject uuid, fine bool)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, s.*, x.*
      FROM unnest(in_operator, in_project, in_before) WITH ORDINALITY i(operator_id, project_id, before, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
      JOIN registry.project p ON p.project_id = i.project_id AND helper.project_seen(a, p)
      JOIN helper.project_shown s ON s.project_id = p.project_id
     CROSS JOIN LATERAL (
           SELECT PROJECT_PART_PROJECT::int2 AS part, NULL::int8 AS number, NULL::int2 AS what, NULL::int8 AS amount,
                  NULL::int8, NULL::int4, NULL::int8, NULL::date, NULL::int8, NULL::int2, NULL::uuid, NULL::bytea,
                  NULL::text, helper.project_remark(p), NULL::uuid, NULL::bool
           UNION ALL SELECT * FROM helper.project_parts(p, i.before)) x
     ORDER BY i.n, x.part, CASE WHEN x.part IN (PROJECT_PART_DEDUCTION, PROJECT_PART_LEDGER) THEN x.what
                                   WHEN x.part = PROJECT_PART_STEP THEN -x.number ELSE x.number END, x.number,
              x.amount;
END $$;

/* The heads of a project that the caller may see, in order: all, those that count or those that do not (NULL: all);
   with what the last run found of them. */
CREATE FUNCTION api.project_head_list(in_operator uuid[], in_after int8[], in_page int4[], in_project uuid[],
                                      in_counted bool[])
RETURNS TABLE (req int4, outcome int2, place int8, class_number int8, seat int4, result int2, counted bool,
               deduction int2, reason text, fraud bool, share_fen int8, run int4, employed bool, unmet int2,
               event_on date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, helper.project_known(p), h.ordinal, h.class_number, h.seat, h.result, h.counted, h.deduction,
           h.reason, h.fraud, h.share_fen, r.run, r.evidence_id IS NOT NULL AND r.run IS NOT NULL, r.unmet, e.event_on
      FROM unnest(in_operator, in_after, in_page, in_project, in_counted)
           WITH ORDINALITY i(operator_id, after, page, project_id, counted, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN registry.project p ON p.project_id = i.project_id AND helper.project_seen(a, p)
      LEFT JOIN LATERAL (
           SELECT u.* FROM registry.project_head u
            WHERE u.project_id = p.project_id AND u.ordinal > coalesce(i.after, 0)
              AND (i.counted IS NULL OR u.counted = i.counted)
            ORDER BY u.ordinal
            LIMIT i.page + 1) h ON true
      LEFT JOIN registry.project_run_head r
        ON r.project_id = p.project_id AND r.head_id = h.head_id
       AND r.run = (SELECT max(m.run) FROM registry.project_run m WHERE m.project_id = p.project_id)
      LEFT JOIN registry.project_evidence e ON e.evidence_id = r.evidence_id
     WHERE p.project_id IS NULL OR h.ordinal IS NOT NULL
     ORDER BY i.n, h.ordinal;
END $$;

/* Tranches that the caller may see, by their ids: of one project or state (NULL: whatever). */
CREATE FUNCTION api.tranche_list(in_operator uuid[], in_before uuid[], in_page int4[], in_project uuid[],
                                 in_state int2[])
RETURNS TABLE (req int4, tranche_id uuid, project_id uuid, project_name text, kind int2, class_number int8, seat int4,
               run int4, organisation_name text, amount_fen int8, recovered_fen int8, state int2, version int4,
               submitted_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, t.tranche_id, t.project_id, t.name, t.kind, h.class_number, h.seat, t.run, g.name, t.amount_fen,
           t.recovered_fen, t.state, t.version, helper.ms(t.submitted_at)
      FROM unnest(in_operator, in_before, in_page, in_project, in_state)
           WITH ORDINALITY i(operator_id, before, page, project_id, state, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           /* of one project by its key, or all from the last */
           (SELECT u.*, p.name FROM registry.project p JOIN registry.tranche u ON u.project_id = p.project_id
             WHERE p.project_id = i.project_id AND helper.project_seen(a, p)
               AND u.tranche_id < coalesce(i.before, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
               AND (i.state IS NULL OR u.state = i.state)
             ORDER BY u.tranche_id DESC
             LIMIT i.page + 1)
           UNION ALL
           (SELECT u.*, p.name FROM registry.tranche u JOIN registry.project p ON p.project_id = u.project_id
             WHERE i.project_id IS NULL AND helper.project_seen(a, p)
               AND u.tranche_id < coalesce(i.before, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
               AND (i.state IS NULL OR u.state = i.state)
             ORDER BY u.tranche_id DESC
             LIMIT i.page + 1)) t
      JOIN registry.organisation g ON g.organisation_id = t.organisation_id
      LEFT JOIN registry.project_head h ON h.head_id = t.head_id
     ORDER BY i.n, t.tranche_id DESC;
END $$;

/* What a list of a project's own begins with: that it is one that the caller sees, or not (NULL). */
CREATE FUNCTION helper.project_known(in_project registry.project) RETURNS int2 LANGUAGE sql IMMUTABLE AS $$
    SELECT (CASE WHEN (in_project).project_id IS NULL THEN OUTCOME_PROJECT_UNKNOWN ELSE OUTCOME_DONE END)::int2
$$;

/* Evidence of a project's heads that the caller may see, by its ids: also what was withdrawn. */
CREATE FUNCTION api.evidence_list(in_operator uuid[], in_before uuid[], in_page int4[], in_project uuid[])
RETURNS TABLE (req int4, outcome int2, evidence_id uuid, class_number int8, seat int4, kind int2, employer text,
               event_on date, months int4, source text, as_of date, snapshot_id uuid, withdrawn_reason text,
               recorded_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, helper.project_known(p), e.evidence_id, e.class_number, e.seat, e.kind, e.employer, e.event_on,
           e.months, e.source, e.as_of, e.snapshot_id, e.withdrawn_reason, helper.ms(e.recorded_at)
      FROM unnest(in_operator, in_before, in_page, in_project)
           WITH ORDINALITY i(operator_id, before, page, project_id, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN registry.project p ON p.project_id = i.project_id AND helper.project_seen(a, p)
      LEFT JOIN LATERAL (
           SELECT v.*, h.class_number, h.seat
             FROM registry.project_head h JOIN registry.project_evidence v ON v.head_id = h.head_id
            WHERE h.project_id = p.project_id AND (i.before IS NULL OR v.evidence_id < i.before)
            ORDER BY v.evidence_id DESC
            LIMIT i.page + 1) e ON true
     WHERE p.project_id IS NULL OR e.evidence_id IS NOT NULL
     ORDER BY i.n, e.evidence_id DESC;
END $$;
