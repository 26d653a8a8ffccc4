/* SPDX-License-Identifier: Apache-2.0 */
/* The papers and videos of a project's settlement (E15). */

/* Whether a caller records what is kept of a project (`in_withdraw`: or withdraws it): a clerk of its institution, or a
   reviewer of its bureau; from its award until it is closed. */
CREATE FUNCTION helper.material_may(in_caller helper.acting, in_project registry.project, in_withdraw bool)
RETURNS int2 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN in_caller IS NULL THEN OUTCOME_NOT_ALLOWED
        WHEN in_project.project_id IS NULL OR NOT helper.project_seen(in_caller, in_project)
             THEN OUTCOME_PROJECT_UNKNOWN
        WHEN NOT ('reviewer' = ANY (in_caller.roles) AND helper.project_handled(in_caller, in_project, false)
                  OR NOT in_withdraw AND 'clerk' = ANY (in_caller.roles)
                     AND helper.project_handled(in_caller, in_project, true)) THEN OUTCOME_NOT_ALLOWED
        WHEN in_project.state IN (PROJECT_CALLED, PROJECT_LISTED, PROJECT_CLOSED, PROJECT_TERMINATED)
             THEN OUTCOME_PROJECT_STATE
        /* nobody of the institution does so for the bureau, as in helper.evidence_may() */
        WHEN in_caller.organisation_id IS DISTINCT FROM in_project.organisation_id
             AND helper.of_organisation(in_caller.operator_id, in_project.organisation_id)
             THEN OUTCOME_TRANCHE_FOUR_EYES
        ELSE OUTCOME_DONE END;
END $$;

/* What becomes of a file: recorded under in_id, or under the id that the same was recorded by before. */
CREATE FUNCTION helper.material_add(in_caller helper.acting, in_id uuid, in_project uuid, in_kind int2,
                                    in_digest bytea, in_bytes int8, in_title text, in_request uuid,
                                    OUT outcome int2, OUT material_id uuid)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    target registry.project;
    before registry.project_material;
BEGIN
    SELECT * INTO target FROM registry.project p WHERE p.project_id = in_project;
    SELECT * INTO before FROM registry.project_material m
     WHERE m.project_id = in_project AND m.file_digest = in_digest AND m.withdrawn_at IS NULL;
    outcome := helper.material_may(in_caller, target, false);
    IF outcome <> OUTCOME_DONE THEN
        RETURN;
    ELSIF before.material_id IS NOT NULL THEN
        outcome := CASE WHEN (before.kind, before.file_bytes, before.title) = (in_kind, in_bytes, in_title)
                        THEN OUTCOME_DONE ELSE OUTCOME_MATERIAL_KNOWN END;
        material_id := CASE WHEN outcome = OUTCOME_DONE THEN before.material_id END;
        RETURN;
    END IF;
    material_id := in_id;
    INSERT INTO registry.project_material (material_id, project_id, kind, file_digest, file_bytes, title, keep_until,
                                           recorded_by, request_id)
    VALUES (in_id, in_project, in_kind, in_digest, in_bytes, in_title,
            (helper.today() + CASE in_kind WHEN MATERIAL_VIDEO_INDEX THEN interval '5 years'
                                               ELSE interval '10 years' END)::date,
            in_caller.operator_id, in_request);
END $$;

/* Records a file of a project's settlement by its digest. */
CREATE FUNCTION api.material_add(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_material uuid[],
    in_project uuid[], in_kind int2[], in_file_digest bytea[], in_file_bytes int8[], in_title text[])
RETURNS TABLE (req int4, outcome int2, material_id uuid, keep_until date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    decided record;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{material.add}', in_request_id, in_digest);
    PERFORM FROM registry.project p WHERE p.project_id = ANY (in_project) ORDER BY p.project_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT f.outcome, f.subject AS material_id INTO first
          FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]) f;
        IF first.outcome IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO decided FROM helper.material_add(caller, in_material[i], in_project[i], in_kind[i],
                                                           in_file_digest[i], in_file_bytes[i], in_title[i],
                                                           in_request_id[i]);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided.outcome,
                               in_subject => decided.material_id);
            first := decided;
        END IF;
        RETURN QUERY SELECT i, first.outcome, first.material_id,
                            (SELECT m.keep_until FROM registry.project_material m
                              WHERE m.material_id = first.material_id);
    END LOOP;
END $$;

/* Withdraws a file that was recorded by mistake, with a reason; it stays to be seen. */
CREATE FUNCTION api.material_withdraw(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_material uuid[],
    in_reason text[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    target registry.project;
    material registry.project_material;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{material.withdraw}', in_request_id, in_digest);
    PERFORM FROM registry.project p
      WHERE p.project_id IN (SELECT m.project_id FROM registry.project_material m
                              WHERE m.material_id = ANY (in_material))
      ORDER BY p.project_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO material FROM registry.project_material m WHERE m.material_id = in_material[i];
            SELECT * INTO target FROM registry.project p WHERE p.project_id = material.project_id;
            decided := helper.material_may(caller, target, true);
            decided := CASE WHEN decided = OUTCOME_PROJECT_UNKNOWN
                                 OR decided = OUTCOME_DONE AND material.withdrawn_at IS NOT NULL
                            THEN OUTCOME_MATERIAL_UNKNOWN ELSE decided END;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.project_material m
                   SET withdrawn_at = now(), withdrawn_by = in_operator[i], withdrawn_request = in_request_id[i],
                       withdrawn_reason = in_reason[i]
                 WHERE m.material_id = in_material[i];
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => CASE WHEN decided = OUTCOME_DONE THEN in_material[i] END);
        END IF;
        RETURN QUERY SELECT i, decided;
    END LOOP;
END $$;

/* Files of a project that the caller may see, latest first, those that were withdrawn among them. */
CREATE FUNCTION api.material_list(in_operator uuid[], in_before uuid[], in_page int4[], in_project uuid[])
RETURNS TABLE (req int4, outcome int2, material_id uuid, kind int2, file_digest bytea, file_bytes int8, title text,
               keep_until date, recorded_at_ms int8, withdrawn_reason text, recorder_id uuid, recorder_sealed bytea,
               organisation_name text, withdrawer_id uuid, withdrawer_sealed bytea, withdrawn_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, helper.project_known(p), m.material_id, m.kind, m.file_digest, m.file_bytes, m.title,
           m.keep_until, helper.ms(m.recorded_at), m.withdrawn_reason, m.recorded_by, r.sealed, g.name, m.withdrawn_by,
           w.sealed, helper.ms(m.withdrawn_at)
      FROM unnest(in_operator, in_before, in_page, in_project)
           WITH ORDINALITY i(operator_id, before, page, project_id, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN registry.project p ON p.project_id = i.project_id AND helper.project_seen(a, p)
      LEFT JOIN LATERAL (SELECT * FROM registry.project_material x
                          WHERE x.project_id = p.project_id AND (i.before IS NULL OR x.material_id < i.before)
                          ORDER BY x.material_id DESC LIMIT i.page + 1) m ON true
      LEFT JOIN registry.operator r ON r.operator_id = m.recorded_by
      LEFT JOIN registry.organisation g ON g.organisation_id = r.organisation_id
      LEFT JOIN registry.operator w ON w.operator_id = m.withdrawn_by
     WHERE p.project_id IS NULL OR m.material_id IS NOT NULL
     ORDER BY i.n, m.material_id DESC;
END $$;
