/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence of employment, and verifications of projects by it (E4, E9 to E13). */

/* ---- evidence ---- */

/* Months from one day's to another's, both counted. */
CREATE FUNCTION helper.months_counted(in_from date, in_to date) RETURNS int4 LANGUAGE sql IMMUTABLE AS $$
    SELECT (12 * (extract(year FROM in_to) - extract(year FROM in_from))
            + extract(month FROM in_to) - extract(month FROM in_from))::int4 + 1
$$;

/* Enters what snapshots of contributions say of a project's heads by the last day on which employment may have begun,
   unless it is known (E11, H18): the snapshots that answered. */
CREATE FUNCTION helper.evidence_find(in_project registry.project, in_request uuid) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    today CONSTANT date := helper.today();
    heads uuid[];
    persons uuid[];
    days date[];
    used uuid[];
BEGIN
    SELECT array_agg(h.head_id ORDER BY h.head_id), array_agg(h.person_id ORDER BY h.head_id),
           array_agg(least(today, c.ends_on + in_project.employment_days) ORDER BY h.head_id)
      INTO heads, persons, days
      FROM registry.project_head h JOIN registry.class c ON c.class_number = h.class_number
     WHERE h.project_id = in_project.project_id AND NOT helper.person_erased(h.person_id);
    WITH said AS MATERIALIZED (
        SELECT heads[a.n] AS head_id, k.kind, a.*
          FROM (VALUES (EVIDENCE_INSURED::int2, REGISTER_INSURANCE::int2),
                       (EVIDENCE_REGISTERED::int2, REGISTER_EMPLOYMENT::int2)) k(kind, source)
         CROSS JOIN LATERAL helper.snapshot_answer(k.source, in_project.division, persons, days,
                                                   array_fill(NULL::text, ARRAY[cardinality(persons)])) a
         WHERE a.snapshot_id IS NOT NULL),
    found AS (
        INSERT INTO registry.project_evidence (evidence_id, head_id, kind, employer, event_on, months, source, as_of,
                                               snapshot_id, recorded_by, request_id)
        SELECT gen_random_uuid(), s.head_id, s.kind, left(s.unit, 40), s.event_on,
               CASE WHEN s.kind = EVIDENCE_INSURED
                    THEN helper.months_counted(s.event_on, least(s.as_of, today)) END,
               v.name, s.as_of, s.snapshot_id, '00000000-0000-0000-0000-000000000000', in_request
          FROM said s
          JOIN registry.snapshot n ON n.snapshot_id = s.snapshot_id
          JOIN registry.verification_source v ON v.code = n.source
         WHERE s.answer = ANSWER_MATCH AND s.event_on <= s.as_of
         ORDER BY s.head_id
            ON CONFLICT DO NOTHING)
    SELECT array_agg(DISTINCT s.snapshot_id) INTO used FROM said s;
    RETURN coalesce(used, '{}');
END $$;

/* Why a piece of evidence does not count by itself, or NULL (E11, E12). It counts from a snapshot that is none of
   `in_brought`, or as a reviewer of the bureau recorded it who is none of `in_verifiers`: the institution's word alone
   is none. It is part of the query it stands in. */
CREATE FUNCTION helper.evidence_unmet(in_project registry.project, in_evidence registry.project_evidence,
                                      in_ends_on date, in_institution text, in_verifiers uuid[], in_brought uuid[])
RETURNS int2 LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN (in_project).evidence_kinds & (1 << ((in_evidence).kind - 1)) = 0 THEN UNMET_KIND
        WHEN (in_evidence).event_on < in_ends_on THEN UNMET_EARLY
        WHEN (in_evidence).event_on > in_ends_on + (in_project).employment_days THEN UNMET_LATE
        WHEN (in_evidence).kind = EVIDENCE_CONTRACT
             AND coalesce((in_evidence).months, 0) < (in_project).contract_months THEN UNMET_SHORT
        WHEN (in_evidence).kind = EVIDENCE_INSURED
             AND coalesce((in_evidence).months, 0) < (in_project).insured_months THEN UNMET_SHORT
        WHEN (in_evidence).employer = in_institution THEN UNMET_INSTITUTION
        WHEN CASE WHEN (in_evidence).snapshot_id IS NOT NULL THEN (in_evidence).snapshot_id = ANY (in_brought)
                  ELSE NOT (in_evidence).by_bureau OR (in_evidence).recorded_by = ANY (in_verifiers) END
             THEN UNMET_UNCONFIRMED END::int2
$$;

/* Of what was recorded of a project's heads from registers, that which these do not have: a complete snapshot of after
   the day on which it began has the head neither on that day nor on the last on which employment may begin. */
CREATE FUNCTION helper.evidence_contradicted(in_project registry.project) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    ids uuid[];
    persons uuid[];
    days date[];
    events date[];
    wrong uuid[];
    asked record;
BEGIN
    FOR asked IN SELECT * FROM (VALUES (EVIDENCE_INSURED::int2, REGISTER_INSURANCE::int2),
                                       (EVIDENCE_REGISTERED::int2, REGISTER_EMPLOYMENT::int2)) k(kind, source) LOOP
        SELECT array_agg(e.evidence_id), array_agg(h.person_id), array_agg(d.day), array_agg(e.event_on)
          INTO ids, persons, days, events
          FROM registry.project_head h
          JOIN registry.class c ON c.class_number = h.class_number
          JOIN registry.project_evidence e ON e.head_id = h.head_id AND e.withdrawn_at IS NULL
         CROSS JOIN LATERAL (VALUES (e.event_on),
                                    (least(helper.today(), c.ends_on + in_project.employment_days))) d(day)
         WHERE h.project_id = in_project.project_id AND e.kind = asked.kind AND e.snapshot_id IS NULL;
        CONTINUE WHEN ids IS NULL;
        wrong := coalesce(wrong, ARRAY[]::uuid[]) || ARRAY(
            SELECT ids[a.n]
              FROM helper.snapshot_answer(asked.source, in_project.division, persons, days,
                                          array_fill(NULL::text, ARRAY[cardinality(ids)])) a
             GROUP BY ids[a.n]
            HAVING bool_and(a.answer = ANSWER_MISMATCH AND a.as_of >= events[a.n]));
    END LOOP;
    RETURN wrong;
END $$;

/* The snapshots in which evidence of a project's heads was found that stands. */
CREATE FUNCTION helper.evidence_snapshots(in_project uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT DISTINCT e.snapshot_id
                   FROM registry.project_head h JOIN registry.project_evidence e ON e.head_id = h.head_id
                  WHERE h.project_id = in_project AND e.snapshot_id IS NOT NULL AND e.withdrawn_at IS NULL)
$$;

/* Of each head of a project the evidence by which it is employed, or what comes nearest to it and why it does not
   count; of heads without any no row. Who was insured by the same employer in the months before the class is not
   newly employed (E12). */
CREATE FUNCTION helper.evidence_judged(in_project registry.project, in_verifier uuid)
RETURNS TABLE (head_id uuid, evidence_id uuid, unmet int2, employer text) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    institution CONSTANT text := (SELECT g.code FROM registry.organisation g
                                   WHERE g.organisation_id = in_project.organisation_id);
    verifiers CONSTANT uuid[] := helper.human_operators(in_verifier);
    wrong CONSTANT uuid[] := helper.evidence_contradicted(in_project);
    /* what who verifies has brought is not verified by it */
    brought CONSTANT uuid[] := helper.snapshots_brought(helper.evidence_snapshots(in_project.project_id), verifiers);
    ids uuid[];
    persons uuid[];
    days date[];
    units text[];
    same uuid[];             /* evidence of who was there before */
BEGIN
    SELECT array_agg(e.evidence_id), array_agg(h.person_id),
           array_agg((c.starts_on - make_interval(months => m))::date),
           array_agg(e.employer)
      INTO ids, persons, days, units
      FROM registry.project_head h
      JOIN registry.class c ON c.class_number = h.class_number
      JOIN registry.project_evidence e ON e.head_id = h.head_id AND e.withdrawn_at IS NULL
     CROSS JOIN generate_series(1, in_project.same_employer_months) m
     WHERE h.project_id = in_project.project_id AND e.employer IS NOT NULL
       AND helper.evidence_unmet(in_project, e, c.ends_on, institution, verifiers, brought) IS NULL;
    same := CASE WHEN ids IS NULL THEN '{}'
                 ELSE ARRAY(SELECT DISTINCT ids[a.n]
                              FROM helper.snapshot_answer(REGISTER_INSURANCE::int2, in_project.division, persons, days,
                                                          units) a WHERE a.answer = ANSWER_MATCH) END;
    RETURN QUERY
    SELECT DISTINCT ON (j.head_id) j.head_id, j.evidence_id, j.unmet, j.employer
      FROM (SELECT h.head_id, e.evidence_id, e.employer, e.event_on,
                   coalesce(helper.evidence_unmet(in_project, e, c.ends_on, institution, verifiers, brought),
                            CASE WHEN b.id IS NOT NULL THEN UNMET_SAME_EMPLOYER
                                 WHEN w.id IS NOT NULL THEN UNMET_CONTRADICTED END::int2) AS unmet
              FROM registry.project_head h
              JOIN registry.class c ON c.class_number = h.class_number
              JOIN registry.project_evidence e ON e.head_id = h.head_id AND e.withdrawn_at IS NULL
              LEFT JOIN unnest(same) b(id) ON b.id = e.evidence_id
              LEFT JOIN unnest(wrong) w(id) ON w.id = e.evidence_id
             WHERE h.project_id = in_project.project_id) j
     ORDER BY j.head_id, j.unmet IS NULL DESC, j.unmet DESC, j.event_on, j.evidence_id;
END $$;

/* ---- verification ---- */

/* The largest percent of the tiers of a project that these figures meet (E9, E10), integers against integers; 0: they
   meet none. */
CREATE FUNCTION helper.project_reached(in_project uuid, in_base int8, in_employed int8, in_sat int8, in_passed int8)
RETURNS int4 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT max(t.pay_percent) FROM registry.project_tier t
                      WHERE t.project_id = in_project
                        AND CASE t.metric
                                WHEN TIER_EMPLOYMENT
                                     THEN in_base > 0 AND in_employed * 100 >= t.threshold * in_base
                                WHEN TIER_PASS THEN in_sat > 0 AND in_passed * 100 >= t.threshold * in_sat
                                ELSE true END), 0);
END $$;

/* Whether a head is of those of whom employment is measured (E10). It is part of the query it stands in. */
CREATE FUNCTION helper.head_measured(in_head registry.project_head, in_denominator int2) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE in_denominator WHEN DENOMINATOR_ENROLLED THEN true
                               WHEN DENOMINATOR_COUNTED THEN (in_head).counted
                               ELSE (in_head).result = RESULT_COMPLETED END
$$;

/* Employers of a project who have more than 30 percent of a class, and more than 10 heads of it (E12). */
CREATE FUNCTION helper.project_concentrated(in_project uuid, in_run int4) RETURNS int4 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT count(DISTINCT x.employer)
              FROM (SELECT h.class_number, e.employer, count(*) AS n
                      FROM registry.project_run_head r
                      JOIN registry.project_head h ON h.head_id = r.head_id
                      JOIN registry.project_evidence e ON e.evidence_id = r.evidence_id
                     WHERE r.project_id = in_project AND r.run = in_run AND e.employer IS NOT NULL
                     GROUP BY 1, 2) x
              JOIN (SELECT h.class_number, count(*) AS n FROM registry.project_head h
                     WHERE h.project_id = in_project GROUP BY 1) c USING (class_number)
             WHERE x.n > 10 AND x.n * 100 > 30 * c.n);
END $$;

/* Writes what a run found of each head of which employment is measured, and in person's mode of each that counts: how
   many there are, and how many of them are employed. */
CREATE FUNCTION helper.run_heads(in_project registry.project, in_run int4, in_verifier uuid, OUT base int4,
                                 OUT employed int4)
LANGUAGE plpgsql AS $$
BEGIN
    WITH judged AS MATERIALIZED (SELECT * FROM helper.evidence_judged(in_project, in_verifier)),
    written AS (
        INSERT INTO registry.project_run_head (project_id, run, head_id, evidence_id, unmet)
        SELECT in_project.project_id, in_run, h.head_id, CASE WHEN j.unmet IS NULL THEN j.evidence_id END,
               CASE WHEN j.head_id IS NULL THEN UNMET_NONE ELSE j.unmet END
          FROM registry.project_head h
          LEFT JOIN judged j ON j.head_id = h.head_id
         WHERE h.project_id = in_project.project_id
           AND (helper.head_measured(h, in_project.denominator) OR h.counted)
         ORDER BY h.head_id
        RETURNING head_id, evidence_id)
    SELECT count(*), count(w.evidence_id) INTO base, employed
      FROM written w JOIN registry.project_head h ON h.head_id = w.head_id
     WHERE helper.head_measured(h, in_project.denominator);
END $$;

/* Verifies the employment of a project's heads (E10 to E13): a run, numbered and never changed. What it reaches stays
   reached. */
CREATE FUNCTION helper.project_verify(in_project registry.project, in_operator uuid, in_request uuid)
RETURNS helper.project_stepped LANGUAGE plpgsql AS $$
DECLARE
    came helper.project_stepped;
    measured record;
    used uuid[];
    percent int4;
    reached registry.project := in_project;
BEGIN
    IF helper.today() > in_project.closes_on THEN
        came.outcome := OUTCOME_PROJECT_CLOSING;
        RETURN came;
    END IF;
    came.run := (SELECT count(*) + 1 FROM registry.project_run r WHERE r.project_id = in_project.project_id);
    used := helper.evidence_find(in_project, in_request);
    SELECT * INTO measured FROM helper.run_heads(in_project, came.run, in_operator);
    percent := least(helper.project_reached(in_project.project_id, measured.base, measured.employed, in_project.sat,
                                            in_project.completed), in_project.ceiling_percent);
    UPDATE registry.project p SET entitled_percent = greatest(p.entitled_percent, percent)
     WHERE p.project_id = in_project.project_id RETURNING p.* INTO reached;
    came.fen := helper.project_due_fen(reached, came.run);
    INSERT INTO registry.project_run (project_id, run, as_of, base, employed, passed, sat, pay_percent, total_fen,
                                      due_fen, concentrated, snapshots, verified_by, request_id)
    VALUES (in_project.project_id, came.run, helper.today(), measured.base, measured.employed, in_project.completed,
            in_project.sat, percent, in_project.total_fen, came.fen,
            helper.project_concentrated(in_project.project_id, came.run), used, in_operator, in_request);
    came.outcome := OUTCOME_DONE;
    RETURN came;
END $$;

/* ---- evidence that is recorded ---- */

/* What stands against recording or withdrawing evidence of a project's heads as a whole, or done: its institution's
   clerk, or a reviewer of its bureau, once its heads are frozen and until it is settled. */
CREATE FUNCTION helper.evidence_may(in_caller helper.acting, in_project registry.project, in_withdraw bool)
RETURNS int2 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN in_caller IS NULL THEN OUTCOME_NOT_ALLOWED
        WHEN in_project.project_id IS NULL OR NOT helper.project_seen(in_caller, in_project)
             THEN OUTCOME_PROJECT_UNKNOWN
        WHEN NOT ('reviewer' = ANY (in_caller.roles) AND helper.project_handled(in_caller, in_project, false)
                  OR NOT in_withdraw AND 'clerk' = ANY (in_caller.roles)
                     AND helper.project_handled(in_caller, in_project, true)) THEN OUTCOME_NOT_ALLOWED
        WHEN in_project.state NOT IN (PROJECT_CARRIED_OUT, PROJECT_ADVANCE_PAID, PROJECT_VERIFYING)
             THEN OUTCOME_PROJECT_STATE
        /* the institution's word is not the bureau's, nor a head's, as whose operator ever it is said */
        WHEN in_caller.organisation_id IS DISTINCT FROM in_project.organisation_id
             AND helper.project_apart_broken(in_caller.operator_id, in_project) THEN OUTCOME_TRANCHE_FOUR_EYES
        ELSE OUTCOME_DONE END;
END $$;

/* Whether an operator is of a project's institution. It is part of the query it stands in. */
CREATE FUNCTION helper.own_project(in_operator uuid, in_project uuid) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM registry.operator o JOIN registry.project p ON p.organisation_id = o.organisation_id
                    WHERE o.operator_id = in_operator AND p.project_id = in_project)
$$;

/* Records evidence of employment of a project's heads, each row by its class and seat (E4, E11). The same again is
   unchanged; of a reviewer of the bureau it stands beside what the institution says, and confirms it. */
CREATE FUNCTION api.evidence_import(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_project uuid[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_evidence uuid[], in_class int8[], in_seat int4[],
    in_kind int2[], in_employer text[], in_event_on date[], in_months int4[], in_source text[], in_as_of date[])
RETURNS TABLE (req int4, row_number int4, outcome int2, counts bool)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    outcomes int2[];
    persons uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* whose records are whose holds until the end */
    PERFORM helper.heads_check(in_entry_head, in_operator, '{evidence.import}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{evidence.import}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM FROM registry.project p WHERE p.project_id = ANY (in_project) ORDER BY p.project_id FOR NO KEY UPDATE;
    SELECT array_agg(coalesce(f.outcome, helper.evidence_may(a, p, false)) ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n)
      INTO wholes, known
      FROM unnest(in_request_id, in_digest, in_operator, in_project)
           WITH ORDINALITY i(request_id, digest, operator_id, project_id, n)
      LEFT JOIN LATERAL helper.answered(i.request_id, i.digest, i.operator_id) f ON true
      LEFT JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN registry.project p ON p.project_id = i.project_id;
    WITH rows AS MATERIALIZED (
        SELECT l.*, h.head_id, h.person_id
          FROM unnest(in_row_req, in_evidence, in_class, in_seat, in_kind, in_employer, in_event_on, in_months,
                      in_source, in_as_of)
               WITH ORDINALITY l(req, evidence_id, class_number, seat, kind, employer, event_on, months, source, as_of,
                                 n)
          LEFT JOIN registry.project_head h
            ON h.class_number = l.class_number AND h.seat = l.seat AND h.project_id = in_project[l.req]
         WHERE NOT known[l.req] AND wholes[l.req] = OUTCOME_DONE),
    written AS (
        INSERT INTO registry.project_evidence (evidence_id, head_id, kind, employer, event_on, months, source, as_of,
                                               by_bureau, recorded_by, request_id)
        SELECT r.evidence_id, r.head_id, r.kind, r.employer, r.event_on, r.months, r.source, r.as_of,
               NOT helper.own_project(in_operator[r.req], in_project[r.req]), in_operator[r.req], in_request_id[r.req]
          FROM rows r WHERE r.head_id IS NOT NULL
         ORDER BY r.head_id, r.n
            ON CONFLICT DO NOTHING
        RETURNING evidence_id)
    SELECT array_agg(CASE WHEN r.n IS NULL THEN NULL
                          WHEN r.head_id IS NULL THEN OUTCOME_HEAD_UNKNOWN
                          WHEN w.evidence_id IS NULL THEN OUTCOME_UNCHANGED
                          ELSE OUTCOME_DONE END::int2 ORDER BY u.n),
           array_agg(r.person_id ORDER BY u.n)
      INTO outcomes, persons
      FROM unnest(in_row_req) WITH ORDINALITY u(req, n)
      LEFT JOIN rows r ON r.n = u.n
      LEFT JOIN written w ON w.evidence_id = r.evidence_id;
    INSERT INTO audit.entry (operator_id, person_id, body)
    SELECT in_operator[u.req], persons[u.n],
           helper.entry_body(in_row_head[u.n], outcomes[u.n], in_class[u.n], persons[u.n], NULL, NULL,
                             in_project[u.req])
      FROM unnest(in_row_req) WITH ORDINALITY u(req, n) WHERE outcomes[u.n] IS NOT NULL ORDER BY u.n;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                             array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY
    SELECT t.req, t.row_number, t.outcome, coalesce(p.evidence_kinds & (1 << (k.kind - 1)) <> 0, true)
      FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes)
           WITH ORDINALITY t(req, row_number, outcome, n)
      LEFT JOIN unnest(in_row_req, in_row, in_kind) k(req, row_number, kind)
           ON k.req = t.req AND k.row_number = t.row_number
      LEFT JOIN registry.project p ON p.project_id = in_project[t.req]
     ORDER BY t.n;
END $$;

/* Withdraws evidence, with a reason: it counts in no later run (E12). */
CREATE FUNCTION api.evidence_withdraw(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_evidence uuid[],
    in_reason text[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    target registry.project;
    stands bool;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{evidence.withdraw}', in_request_id, in_digest);
    PERFORM FROM registry.project p
      WHERE p.project_id IN (SELECT h.project_id FROM registry.project_evidence e JOIN registry.project_head h
                              USING (head_id) WHERE e.evidence_id = ANY (in_evidence))
      ORDER BY p.project_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT p.* INTO target FROM registry.project_evidence e
              JOIN registry.project_head h USING (head_id) JOIN registry.project p USING (project_id)
             WHERE e.evidence_id = in_evidence[i];
            stands := (SELECT e.withdrawn_at IS NULL FROM registry.project_evidence e
                        WHERE e.evidence_id = in_evidence[i]);
            decided := helper.evidence_may(caller, target, true);
            decided := CASE WHEN decided = OUTCOME_PROJECT_UNKNOWN OR decided = OUTCOME_DONE AND stands IS NOT TRUE
                            THEN OUTCOME_EVIDENCE_UNKNOWN ELSE decided END;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.project_evidence e
                   SET withdrawn_at = now(), withdrawn_by = in_operator[i], withdrawn_request = in_request_id[i],
                       withdrawn_reason = in_reason[i]
                 WHERE e.evidence_id = in_evidence[i];
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => CASE WHEN decided = OUTCOME_DONE THEN in_evidence[i] END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;
