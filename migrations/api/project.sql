/* SPDX-License-Identifier: Apache-2.0 */
/* Projects: their call and their steps up to the day on which they are carried out, and those that end them (E). */

/* ---- what may be done, by whom ---- */

/* From which states an action goes on, to which (NULL: it stays), by whose role: of the institution, or of a
   bureau's. No row: the action is of no project as a whole. */
CREATE FUNCTION helper.project_move(in_action int2, OUT from_states int2[], OUT to_state int2, OUT roles text[],
                                    OUT institution bool)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    carried CONSTANT int2[] := ARRAY[PROJECT_CARRIED_OUT, PROJECT_ADVANCE_PAID, PROJECT_VERIFYING];
BEGIN
    SELECT m.from_states, m.to_state, m.roles, m.institution INTO from_states, to_state, roles, institution
      FROM (VALUES
          (PROJECT_PUBLISH, ARRAY[PROJECT_CALLED]::int2[], PROJECT_LISTED, '{approver}'::text[], false),
          (PROJECT_AWARD, ARRAY[PROJECT_LISTED], PROJECT_AWARDED, '{approver}', false),
          (PROJECT_ACCEPT, ARRAY[PROJECT_AWARDED], PROJECT_ACCEPTED, '{clerk}', true),
          (PROJECT_ATTACH, ARRAY[PROJECT_ACCEPTED, PROJECT_RUNNING], PROJECT_RUNNING, '{clerk}', true),
          (PROJECT_DETACH, ARRAY[PROJECT_RUNNING], PROJECT_RUNNING, '{clerk}', true),
          (PROJECT_INSPECT, PROJECT_RUNNING || carried, NULL, '{reviewer}', false),
          (PROJECT_CARRY_OUT, ARRAY[PROJECT_RUNNING], PROJECT_CARRIED_OUT, '{reviewer}', false),
          (PROJECT_VERIFY, carried, PROJECT_VERIFYING, '{reviewer}', false),
          (PROJECT_APPLY, carried, NULL, '{clerk}', true),
          (PROJECT_CLOSE, carried || PROJECT_SETTLED::int2, PROJECT_CLOSED, '{approver}', false),
          (PROJECT_SUSPEND, PROJECT_ACCEPTED || (PROJECT_RUNNING || carried), PROJECT_SUSPENDED,
           '{reviewer,approver}', false),
          (PROJECT_RESUME, ARRAY[PROJECT_SUSPENDED], NULL, '{reviewer,approver}', false),
          (PROJECT_TERMINATE, ARRAY[PROJECT_CALLED, PROJECT_LISTED, PROJECT_AWARDED, PROJECT_ACCEPTED, PROJECT_RUNNING,
                                    PROJECT_SUSPENDED] || carried, PROJECT_TERMINATED, '{approver}', false),
          (PROJECT_RECOVER, ARRAY[PROJECT_RECOVERING], PROJECT_RECOVERING, '{payer}', false)
      ) m(action, from_states, to_state, roles, institution)
     WHERE m.action = in_action;
END $$;

/* Whether a caller handles a project: as its institution, or as a bureau that sees where it is, but the province,
   which only looks. */
CREATE FUNCTION helper.project_handled(in_caller helper.acting, in_project registry.project, in_institution bool)
RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(CASE WHEN in_institution THEN (in_project).organisation_id = (in_caller).organisation_id
                         ELSE (in_caller).kind IN (KIND_CITY_BUREAU, KIND_COUNTY_BUREAU)
                              AND helper.sees((in_caller).kind, (in_caller).organisation_id, (in_caller).division, NULL,
                                              (in_project).division) END, false)
$$;

/* Whether a caller may see a project: its institution, the bureaus of its area, auditors; while it is listed
   everybody of its city's institutions. */
CREATE FUNCTION helper.project_seen(in_caller helper.acting, in_project registry.project) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce((in_project).organisation_id = (in_caller).organisation_id, false)
        OR coalesce(helper.sees_area((in_caller).kind)
                    AND helper.sees((in_caller).kind, (in_caller).organisation_id, (in_caller).division, NULL,
                                    (in_project).division), false)
        OR (in_project).state = PROJECT_LISTED AND (in_caller).kind = KIND_INSTITUTION
           AND coalesce((in_project).city = left((in_caller).division, 4), false)
$$;

/* Whether an operator's human being learns in a project: in one of its classes, or as one of its heads. */
CREATE FUNCTION helper.project_learns(in_operator uuid, in_project uuid) RETURNS bool LANGUAGE plpgsql STABLE AS $$
DECLARE
    records CONSTANT uuid[] := helper.document_records((SELECT h.document_index FROM registry.operator o
                                                          JOIN registry.human h ON h.human_id = o.human_id
                                                         WHERE o.operator_id = in_operator));
BEGIN
    RETURN EXISTS (SELECT FROM registry.project_head h
                    WHERE h.project_id = in_project AND h.person_id = ANY (records))
        OR EXISTS (SELECT FROM registry.project_class k JOIN registry.enrolment e USING (class_number)
                    WHERE k.project_id = in_project AND e.person_id = ANY (records) AND e.removed_reason IS NULL);
END $$;

/* Whether an operator's human being has a part in a project that forbids to decide anything of it for the bureau (C1):
   is, or was, an operator of its institution, under whatever key, or learns in it. */
CREATE FUNCTION helper.project_apart_broken(in_operator uuid, in_project registry.project) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN helper.of_organisation(in_operator, in_project.organisation_id)
        OR helper.project_learns(in_operator, in_project.project_id);
END $$;

/* Whether a tranche of a project is under way: neither rejected nor paid nor clawed back. */
CREATE FUNCTION helper.project_under_way(in_project uuid) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.tranche t
                    WHERE t.project_id = in_project
                      AND t.state NOT IN (CLAIM_REJECTED, CLAIM_PAID, CLAIM_CLAWED_BACK));
END $$;

/* What stands against a step besides its project's state, or done. The caller holds the project's row. */
CREATE FUNCTION helper.project_judge(in_caller helper.acting, in_project registry.project, in_action int2,
                                     in_version int4, in_reason text) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
DECLARE
    move record;
BEGIN
    SELECT * INTO move FROM helper.project_move(in_action);
    RETURN CASE
        WHEN in_caller IS NULL OR NOT move.roles && in_caller.roles THEN OUTCOME_NOT_ALLOWED
        WHEN in_project.project_id IS NULL OR NOT helper.project_seen(in_caller, in_project)
             THEN OUTCOME_PROJECT_UNKNOWN
        WHEN NOT helper.project_handled(in_caller, in_project, move.institution) THEN OUTCOME_NOT_ALLOWED
        WHEN in_project.version <> in_version THEN OUTCOME_VERSION_DIFFERS
        WHEN NOT in_project.state = ANY (move.from_states) THEN OUTCOME_PROJECT_STATE
        WHEN in_reason IS NULL
             AND in_action IN (PROJECT_INSPECT, PROJECT_SUSPEND, PROJECT_RESUME, PROJECT_TERMINATE, PROJECT_RECOVER)
             THEN OUTCOME_REASON_NEEDED
        WHEN NOT move.institution AND helper.project_apart_broken(in_caller.operator_id, in_project)
             THEN OUTCOME_TRANCHE_FOUR_EYES
        WHEN in_action = PROJECT_PUBLISH AND helper.same_human(in_caller.operator_id, in_project.called_by)
             THEN OUTCOME_PROJECT_OWN
        WHEN in_action IN (PROJECT_CLOSE, PROJECT_TERMINATE) AND helper.project_under_way(in_project.project_id)
             THEN OUTCOME_PROJECT_UNDER_WAY
        ELSE OUTCOME_DONE END;
END $$;

/* Notes a step of a project, whose row has the state and version that it has from then on. */
CREATE PROCEDURE helper.project_note(in_project uuid, in_action int2, in_operator uuid, in_request uuid,
                                     in_reason text DEFAULT NULL, in_tranche uuid DEFAULT NULL,
                                     in_class int8 DEFAULT NULL, in_held_on date DEFAULT NULL,
                                     in_passed bool DEFAULT NULL, in_fraud bool DEFAULT NULL,
                                     in_fen int8 DEFAULT NULL)
LANGUAGE sql AS $$
    INSERT INTO registry.project_step (project_id, version, action, state, operator_id, reason, tranche_id,
                                       class_number, held_on, passed, fraud, fen, request_id)
    SELECT p.project_id, p.version, in_action, coalesce((SELECT t.state FROM registry.tranche t
                                                          WHERE t.tranche_id = in_tranche), p.state),
           in_operator, in_reason, in_tranche, in_class, in_held_on, in_passed, in_fraud, in_fen, in_request
      FROM registry.project p WHERE p.project_id = in_project
$$;

/* ---- the call ---- */

/* Whether a caller may call for projects: a reviewer or approver of a city's or county's bureau. */
CREATE FUNCTION helper.project_caller(in_caller helper.acting) RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(helper.catalogue_bureau(in_caller) AND (in_caller).roles && '{reviewer,approver}', false)
$$;

/* The tiers that a city's policies say (E9): the advance without verification, the whole from a share of employed,
   or of passed if the city has that. It is part of the query it stands in. */
CREATE FUNCTION helper.project_tiers(in_division text, in_day date)
RETURNS TABLE (metric int2, threshold int4, pay_percent int4) LANGUAGE sql STABLE AS $$
    SELECT t.metric::int2, t.threshold::int4, t.pay_percent::int4
      FROM (VALUES (TIER_NONE, 0, helper.policy_value('advance_percent', in_division, in_day)),
                   (TIER_EMPLOYMENT, helper.policy_value('employment_percent', in_division, in_day), 100),
                   (TIER_PASS, nullif(helper.policy_value('pass_percent', in_division, in_day), 0), 100))
           t(metric, threshold, pay_percent)
     WHERE t.threshold IS NOT NULL
$$;

/* Calls for projects (征集), with the numbers that the city's policies say today: a project keeps them. Rows beside a
   request are its tiers (E9); none: those of the policies. */
CREATE FUNCTION api.project_call(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_project uuid[],
    in_department text[], in_name text[], in_occupation text[], in_level int2[], in_certificate_kind int2[],
    in_mode int2[], in_pay_mode int2[], in_planned_heads int4[], in_hours int4[], in_unit int8[], in_cap int8[],
    in_call_number text[], in_starts_on date[], in_ends_on date[], in_closes_on date[], in_row_req int4[],
    in_metric int2[], in_threshold int4[], in_pay_percent int4[])
RETURNS TABLE (req int4, outcome int2, project_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    decided int2;
    today CONSTANT date := helper.today();
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{project.call}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        project_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            decided := CASE
                WHEN NOT helper.project_caller(caller) THEN OUTCOME_NOT_ALLOWED
                WHEN in_occupation[i] IS NOT NULL
                     AND NOT EXISTS (SELECT FROM registry.occupation o WHERE o.code = in_occupation[i])
                     THEN OUTCOME_OCCUPATION_UNKNOWN
                WHEN NOT helper.level_suits(in_certificate_kind[i], in_level[i]) THEN OUTCOME_LEVEL_OF_KIND
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                project_id := in_project[i];
                INSERT INTO registry.project (
                    project_id, division, department, name, occupation_code, level, certificate_kind, mode, pay_mode,
                    planned_heads, hours, unit_fen, cap_fen, call_number, starts_on, ends_on, closes_on,
                    advance_percent, ceiling_percent, denominator, evidence_kinds, contract_months, employment_days,
                    insured_months, same_employer_months, called_by, request_id)
                SELECT in_project[i], caller.division, in_department[i], in_name[i], in_occupation[i], in_level[i],
                       in_certificate_kind[i], in_mode[i], in_pay_mode[i], in_planned_heads[i], in_hours[i],
                       in_unit[i], in_cap[i], in_call_number[i], in_starts_on[i], in_ends_on[i], in_closes_on[i],
                       p.v[1], p.v[2], p.v[3], p.v[4], p.v[5], p.v[6], p.v[7], p.v[8], in_operator[i],
                       in_request_id[i]
                  FROM (SELECT array_agg(helper.policy_value(u.name, caller.division, today) ORDER BY u.n) AS v
                          FROM unnest('{advance_percent,project_ceiling,project_denominator,evidence_kinds,
                                        contract_months,employment_days,insured_months,
                                        same_employer_months}'::text[]) WITH ORDINALITY u(name, n)) p;
                INSERT INTO registry.project_tier (project_id, tier, metric, threshold, pay_percent)
                SELECT in_project[i], row_number() OVER (ORDER BY t.metric, t.threshold), t.*
                  FROM (SELECT r.metric, r.threshold, r.pay_percent
                          FROM unnest(in_row_req, in_metric, in_threshold, in_pay_percent)
                               r(req, metric, threshold, pay_percent) WHERE r.req = i
                        UNION ALL
                        SELECT d.* FROM helper.project_tiers(caller.division, today) d
                         WHERE NOT i = ANY (in_row_req)) t;
                CALL helper.project_note(in_project[i], PROJECT_CALL::int2, in_operator[i], in_request_id[i]);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => project_id);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* ---- steps ---- */

/* What a step of a project came to: its outcome, the run of verification, and tranches and money of the step. */
CREATE TYPE helper.project_stepped AS (outcome int2, run int4, tranches int4, fen int8);

/* Awards a project to an institution (E: 确定机构), none that whoever awards it is or was an operator of. */
CREATE FUNCTION helper.project_award(in_project registry.project, in_code text, in_contract text, in_operator uuid)
RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    institution uuid := (SELECT g.organisation_id FROM registry.organisation g
                          WHERE g.code = in_code AND g.kind = KIND_INSTITUTION AND g.status = STATUS_ACTIVE);
BEGIN
    IF institution IS NULL THEN
        RETURN OUTCOME_PROJECT_INSTITUTION;
    ELSIF helper.of_organisation(in_operator, institution) THEN
        RETURN OUTCOME_TRANCHE_FOUR_EYES;
    END IF;
    UPDATE registry.project p SET organisation_id = institution, contract_number = in_contract, state = PROJECT_AWARDED
     WHERE p.project_id = in_project.project_id;
    RETURN OUTCOME_DONE;
END $$;

/* Makes a class of the institution the project's: one that trains what the project does, in its days. */
CREATE FUNCTION helper.project_attach(in_project registry.project, in_class int8, in_request uuid) RETURNS int2
LANGUAGE plpgsql AS $$
DECLARE
    class registry.class;
BEGIN
    SELECT * INTO class FROM registry.class c WHERE c.class_number = in_class FOR NO KEY UPDATE;
    IF class.organisation_id = in_project.organisation_id IS NOT TRUE OR class.state = CLASS_CANCELLED
       OR class.starts_on < in_project.starts_on OR class.ends_on > in_project.ends_on
       OR class.occupation_code <> coalesce(in_project.occupation_code, class.occupation_code)
       OR class.level <> coalesce(in_project.level, class.level) THEN
        RETURN OUTCOME_PROJECT_CLASS;
    END IF;
    INSERT INTO registry.project_class (class_number, project_id, request_id)
    VALUES (in_class, in_project.project_id, in_request) ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN OUTCOME_DONE ELSE OUTCOME_PROJECT_CLASS_TAKEN END;
END $$;

/* Takes a class out of a project before it is carried out. */
CREATE FUNCTION helper.project_detach(in_project registry.project, in_class int8) RETURNS int2 LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM registry.project_class k WHERE k.class_number = in_class AND k.project_id = in_project.project_id;
    RETURN CASE WHEN FOUND THEN OUTCOME_DONE ELSE OUTCOME_PROJECT_CLASS END;
END $$;

/* Closes a project: once it is settled, or after its closing day. What was paid beyond what it is entitled to then
   is to be given back (E9). */
CREATE FUNCTION helper.project_close(in_project registry.project) RETURNS int2 LANGUAGE plpgsql AS $$
BEGIN
    IF in_project.state <> PROJECT_SETTLED AND helper.today() <= in_project.closes_on THEN
        RETURN OUTCOME_PROJECT_CLOSING;
    END IF;
    UPDATE registry.project p
       SET recover_fen = p.recover_fen + x.over, state = CASE WHEN p.recover_fen + x.over > 0 THEN PROJECT_RECOVERING
                                                              ELSE PROJECT_CLOSED END
      FROM (SELECT helper.project_over(in_project) AS over) x
     WHERE p.project_id = in_project.project_id;
    RETURN OUTCOME_DONE;
END $$;

/* Ends a project for good: nobody of it counts any more, and what was paid is to be given back. Places stay taken
   only for fraud (E7). */
CREATE FUNCTION helper.project_terminate(in_project registry.project, in_reason text, in_fraud bool) RETURNS int2
LANGUAGE plpgsql AS $$
DECLARE
    owed int8 := in_project.paid_fen - in_project.recovered_fen;
BEGIN
    PERFORM helper.heads_strike(ARRAY(SELECT h.head_id FROM registry.project_head h
                                       WHERE h.project_id = in_project.project_id AND h.counted),
                                DEDUCT_OTHER::int2, in_reason, in_fraud);
    UPDATE registry.project p
       SET state = CASE WHEN owed > 0 THEN PROJECT_RECOVERING ELSE PROJECT_TERMINATED END, state_before = NULL,
           recover_fen = owed, counted = 0 * p.counted, total_fen = 0 * p.total_fen
     WHERE p.project_id = in_project.project_id;
    RETURN OUTCOME_DONE;
END $$;

/* Takes one step of a project, whose row the caller holds and which helper.project_judge() has let through. */
CREATE FUNCTION helper.project_take(
    in_project registry.project, in_action int2, in_operator uuid, in_request uuid, in_reason text, in_code text,
    in_contract text, in_class int8, in_fraud bool, in_tranche uuid, in_fen int8)
RETURNS helper.project_stepped LANGUAGE plpgsql AS $$
DECLARE
    came helper.project_stepped;
    move record;
BEGIN
    SELECT * INTO move FROM helper.project_move(in_action);
    came.outcome := OUTCOME_DONE;
    CASE in_action
    WHEN PROJECT_AWARD THEN came.outcome := helper.project_award(in_project, in_code, in_contract, in_operator);
    WHEN PROJECT_ATTACH THEN came.outcome := helper.project_attach(in_project, in_class, in_request);
    WHEN PROJECT_DETACH THEN came.outcome := helper.project_detach(in_project, in_class);
    WHEN PROJECT_CARRY_OUT THEN came.outcome := helper.project_freeze(in_project);
    WHEN PROJECT_VERIFY THEN came := helper.project_verify(in_project, in_operator, in_request);
    WHEN PROJECT_APPLY THEN came := helper.project_apply(in_project, in_operator, in_request);
    WHEN PROJECT_CLOSE THEN came.outcome := helper.project_close(in_project);
    WHEN PROJECT_TERMINATE THEN came.outcome := helper.project_terminate(in_project, in_reason, in_fraud);
    WHEN PROJECT_SUSPEND THEN
        PERFORM helper.tranches_pull(in_project.project_id, in_operator, in_reason, in_request);
    WHEN PROJECT_RECOVER THEN came := helper.project_recover(in_project, in_tranche, in_fen, in_operator, in_request);
    ELSE NULL;
    END CASE;
    IF came.outcome <> OUTCOME_DONE THEN
        RETURN came;
    END IF;
    UPDATE registry.project p
       SET version = p.version + 1,
           state = CASE WHEN in_action = PROJECT_RESUME THEN p.state_before
                        WHEN in_action IN (PROJECT_CLOSE, PROJECT_TERMINATE, PROJECT_RECOVER) THEN p.state
                        ELSE coalesce(move.to_state, p.state) END,
           state_before = CASE WHEN in_action = PROJECT_SUSPEND THEN p.state END
     WHERE p.project_id = in_project.project_id;
    RETURN came;
END $$;

/* Takes projects a step further, one step after the other: each sees what the one before it did. */
CREATE FUNCTION api.project_step(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_action int2[],
    in_project uuid[], in_version int4[], in_reason text[], in_organisation text[], in_contract text[],
    in_class int8[], in_held_on date[], in_passed bool[], in_fraud bool[], in_tranche uuid[], in_fen int8[])
RETURNS TABLE (req int4, outcome int2, state int2, version int4, run int4, tranches int4, fen int8, employed int4,
               measured int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    target registry.project;
    came helper.project_stepped;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* whose records are whose holds until the end */
    PERFORM helper.heads_check(in_entry_head, in_operator, helper.methods(
        '{NULL,project.publish,project.award,project.accept,project.attach,project.detach,project.inspect,
          project.carry-out,NULL,NULL,project.verify,project.close,project.suspend,project.resume,project.terminate,
          project.recover,project.apply}', in_action), in_request_id, in_digest);
    /* tranches before their projects, as who pays them */
    PERFORM FROM registry.tranche t
      WHERE t.tranche_id = ANY (in_tranche || ARRAY(
                SELECT b.tranche_id
                  FROM unnest(in_project, in_action) u(project_id, action)
                  JOIN registry.tranche b ON b.project_id = u.project_id AND b.state = CLAIM_IN_BATCH
                 WHERE u.action = PROJECT_SUSPEND))
      ORDER BY t.tranche_id FOR NO KEY UPDATE;
    PERFORM FROM registry.project p WHERE p.project_id = ANY (in_project) ORDER BY p.project_id FOR NO KEY UPDATE;
    /* at once, whichever request recovers: ledgers are locked in one order */
    PERFORM helper.recover_hold(array_agg(MONEY_TRANCHE::int2), array_agg(t.id))
       FROM (SELECT DISTINCT u.id FROM unnest(in_tranche) u(id) WHERE u.id IS NOT NULL) t;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        came := NULL;
        came.outcome := first.outcome;
        IF came.outcome IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.project p WHERE p.project_id = in_project[i];
            came.outcome := helper.project_judge(caller, target, in_action[i], in_version[i], in_reason[i]);
            IF came.outcome = OUTCOME_DONE THEN
                came := helper.project_take(target, in_action[i], in_operator[i], in_request_id[i], in_reason[i],
                                            in_organisation[i], in_contract[i], in_class[i], in_fraud[i],
                                            in_tranche[i], in_fen[i]);
            END IF;
            IF came.outcome = OUTCOME_DONE THEN
                CALL helper.project_note(in_project[i], in_action[i], in_operator[i], in_request_id[i], in_reason[i],
                                         CASE WHEN in_action[i] = PROJECT_RECOVER THEN in_tranche[i] END,
                                         in_class[i], in_held_on[i], in_passed[i], in_fraud[i], came.fen);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], came.outcome,
                               in_subject => CASE WHEN came.outcome NOT IN (OUTCOME_PROJECT_UNKNOWN,
                                                                            OUTCOME_NOT_ALLOWED) THEN in_project[i] END,
                               in_detail => coalesce(came.run, came.tranches));
        ELSIF came.outcome = OUTCOME_DONE THEN /* as it was answered first */
            SELECT s.fen INTO came.fen FROM registry.project_step s WHERE s.request_id = in_request_id[i];
            came.run := CASE WHEN in_action[i] = PROJECT_VERIFY THEN first.detail END;
            came.tranches := CASE WHEN in_action[i] = PROJECT_APPLY THEN first.detail END;
        END IF;
        SELECT p.state, p.version INTO state, version FROM registry.project p
         WHERE p.project_id = in_project[i] AND came.outcome = OUTCOME_DONE;
        SELECT r.employed, r.base INTO employed, measured FROM registry.project_run r
         WHERE r.project_id = in_project[i] AND r.run = came.run;
        req := i;
        outcome := came.outcome;
        run := came.run;
        tranches := came.tranches;
        fen := came.fen;
        RETURN NEXT;
    END LOOP;
END $$;
