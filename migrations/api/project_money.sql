/* SPDX-License-Identifier: Apache-2.0 */
/* Tranches: what is due of a project's subsidy, its way through four eyes, and to the bank and back (E8, E9, E14, C1,
   C5). */

/* ---- what is due ---- */

/* What each head may be paid now, by the person (E14): the first part on completion, the second on its employment
   found by a run. It is part of the query it stands in. */
CREATE FUNCTION helper.head_parts(in_project registry.project, in_run int4)
RETURNS TABLE (head_id uuid, person_id uuid, kind int2, fen int8, ordinal int8) LANGUAGE sql STABLE AS $$
    SELECT h.head_id, h.person_id, k.kind,
           CASE k.kind WHEN TRANCHE_PERSON_FIRST THEN f.first
                       ELSE helper.project_percent(h.share_fen, (in_project).ceiling_percent) - f.first END, h.ordinal
      FROM registry.project_head h
     CROSS JOIN LATERAL (SELECT helper.project_percent(h.share_fen, least((in_project).advance_percent,
                                                                       (in_project).ceiling_percent)) AS first) f
     CROSS JOIN (VALUES (TRANCHE_PERSON_FIRST::int2), (TRANCHE_PERSON_SECOND)) k(kind)
     WHERE h.project_id = (in_project).project_id AND h.counted
       AND (k.kind = TRANCHE_PERSON_FIRST
            OR EXISTS (SELECT FROM registry.project_run_head r
                        WHERE r.project_id = h.project_id AND r.run = in_run AND r.head_id = h.head_id
                          AND r.evidence_id IS NOT NULL))
       AND NOT EXISTS (SELECT FROM registry.tranche t
                        WHERE t.head_id = h.head_id AND t.kind = k.kind AND t.state <> CLAIM_REJECTED)
$$;

/* What is due of a project now beyond what was granted (E9): by the project the percent that its runs have reached,
   before the first the advance (E8); negative: too much was granted. By the person what heads may be paid. */
CREATE FUNCTION helper.project_due_fen(in_project registry.project, in_run int4) RETURNS int8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF in_project.pay_mode = PAY_BY_PERSON THEN
        RETURN (SELECT coalesce(sum(u.fen), 0) FROM helper.head_parts(in_project, in_run) u WHERE u.fen > 0);
    END IF;
    RETURN helper.project_percent(in_project.total_fen,
                               least(coalesce(in_project.entitled_percent, in_project.advance_percent),
                                     in_project.ceiling_percent))
           - (in_project.granted_fen - in_project.recovered_fen - in_project.recover_fen);
END $$;

/* The institution asks for what is due: a tranche, or by the person one for each head (E8, E9, E14). */
CREATE FUNCTION helper.project_apply(in_project registry.project, in_operator uuid, in_request uuid)
RETURNS helper.project_stepped LANGUAGE plpgsql AS $$
DECLARE
    came helper.project_stepped;
    last_run int4 := (SELECT max(r.run) FROM registry.project_run r WHERE r.project_id = in_project.project_id);
BEGIN
    WITH due AS (
        SELECT NULL::uuid AS head_id, NULL::uuid AS person_id,
               CASE WHEN last_run IS NULL THEN TRANCHE_ADVANCE ELSE TRANCHE_BALANCE END::int2 AS kind,
               helper.project_due_fen(in_project, last_run) AS fen, 0::int8 AS ordinal
         WHERE in_project.pay_mode = PAY_BY_PROJECT
        UNION ALL
        SELECT u.* FROM helper.head_parts(in_project, last_run) u WHERE in_project.pay_mode = PAY_BY_PERSON),
    asked AS (
        INSERT INTO registry.tranche (tranche_id, project_id, kind, head_id, run, division, organisation_id, person_id,
                                      amount_fen, submitted_by, request_id)
        SELECT gen_random_uuid(), in_project.project_id, d.kind, d.head_id,
               CASE WHEN d.kind IN (TRANCHE_BALANCE, TRANCHE_PERSON_SECOND) THEN last_run END, in_project.division,
               in_project.organisation_id, d.person_id, d.fen, in_operator, in_request
          FROM due d WHERE d.fen > 0 ORDER BY d.ordinal, d.kind
        RETURNING amount_fen)
    SELECT count(*), coalesce(sum(a.amount_fen), 0) INTO came.tranches, came.fen FROM asked a;
    UPDATE registry.project p SET granted_fen = p.granted_fen + came.fen
     WHERE p.project_id = in_project.project_id AND came.fen > 0;
    IF came.tranches = 0 THEN
        RETURN ROW(OUTCOME_PROJECT_NOTHING_DUE, NULL, NULL, NULL)::helper.project_stepped;
    END IF;
    came.outcome := OUTCOME_DONE;
    RETURN came;
END $$;

/* ---- steps ---- */

/* From which states of a tranche an action goes on, to which, by whose role. */
CREATE FUNCTION helper.tranche_move(in_action int2, OUT from_states int2[], OUT to_state int2, OUT roles text[])
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    SELECT m.from_states, m.to_state, m.roles INTO from_states, to_state, roles
      FROM (VALUES
          (PROJECT_REVIEW, ARRAY[CLAIM_SUBMITTED], CLAIM_REVIEWED, '{reviewer}'::text[]),
          (PROJECT_APPROVE, ARRAY[CLAIM_REVIEWED], CLAIM_APPROVED, '{approver}'),
          (PROJECT_REJECT, ARRAY[CLAIM_SUBMITTED, CLAIM_REVIEWED, CLAIM_APPROVED], CLAIM_REJECTED,
           '{reviewer,approver}'),
          (PROJECT_PAY, ARRAY[CLAIM_APPROVED, CLAIM_SENT], CLAIM_PAID, '{payer}'),
          (PROJECT_BATCH, ARRAY[CLAIM_APPROVED], CLAIM_IN_BATCH, '{payer}'),
          (PROJECT_UNBATCH, ARRAY[CLAIM_IN_BATCH], CLAIM_APPROVED, '{payer}'),
          (PROJECT_SEND, ARRAY[CLAIM_IN_BATCH], CLAIM_SENT, '{payer}'),
          (PROJECT_BANK_REFUSE, ARRAY[CLAIM_SENT], CLAIM_APPROVED, '{payer}'),
          (PROJECT_BANK_RETURN, ARRAY[CLAIM_PAID], CLAIM_APPROVED, '{payer}'),
          (PROJECT_RECHECK, ARRAY[CLAIM_APPROVED], CLAIM_APPROVED, '{payer}')) m(action, from_states, to_state, roles)
     WHERE m.action = in_action;
END $$;

/* Takes one step of tranches, whose rows the caller holds, and of their projects with them: what was granted and paid,
   the steps' notes, and where a project stands that is paid. The other arrays are of each tranche. `in_lost`: the bank
   returned them and the right to them is lost, so that nothing of them is granted, nor is to be given back. */
CREATE FUNCTION helper.tranches_take(in_tranche uuid[], in_action int2, in_operator uuid[], in_reason text[],
                                     in_request uuid[], in_lost bool DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    move record;
BEGIN
    SELECT * INTO move FROM helper.tranche_move(in_action);
    move.to_state := CASE WHEN in_lost THEN CLAIM_REJECTED ELSE move.to_state END;
    PERFORM FROM registry.project p
      WHERE p.project_id IN (SELECT t.project_id FROM registry.tranche t WHERE t.tranche_id = ANY (in_tranche))
      ORDER BY p.project_id FOR NO KEY UPDATE;
    UPDATE registry.tranche t
       SET state = move.to_state, version = t.version + 1,
           reviewed_by = CASE WHEN in_action = PROJECT_REVIEW THEN u.operator_id ELSE t.reviewed_by END,
           approved_by = CASE WHEN in_action = PROJECT_APPROVE THEN u.operator_id ELSE t.approved_by END,
           paid_by = CASE in_action WHEN PROJECT_PAY THEN u.operator_id
                                    WHEN PROJECT_BANK_RETURN THEN NULL ELSE t.paid_by END
      FROM unnest(in_tranche, in_operator) u(tranche_id, operator_id)
     WHERE t.tranche_id = u.tranche_id;
    INSERT INTO registry.project_step (project_id, version, action, state, operator_id, reason, tranche_id, head_id,
                                       fen, request_id)
    SELECT p.project_id, p.version + row_number() OVER (PARTITION BY p.project_id ORDER BY u.n), in_action,
           move.to_state, u.operator_id, u.reason, t.tranche_id, t.head_id, t.amount_fen, u.request_id
      FROM unnest(in_tranche, in_operator, in_reason, in_request)
           WITH ORDINALITY u(tranche_id, operator_id, reason, request_id, n)
      JOIN registry.tranche t ON t.tranche_id = u.tranche_id
      JOIN registry.project p ON p.project_id = t.project_id;
    UPDATE registry.project p
       SET version = p.version + x.n,
           granted_fen = p.granted_fen - CASE WHEN in_action = PROJECT_REJECT OR in_lost THEN x.fen ELSE 0 END,
           recover_fen = CASE WHEN in_lost THEN greatest(0, p.recover_fen - x.fen) ELSE p.recover_fen END,
           state = CASE WHEN NOT in_lost OR p.state <> PROJECT_RECOVERING OR p.recover_fen > x.fen THEN p.state
                        WHEN p.counted = 0 THEN PROJECT_TERMINATED
                        WHEN helper.today() <= p.closes_on THEN PROJECT_CARRIED_OUT
                        ELSE PROJECT_CLOSED END,
           paid_fen = p.paid_fen + CASE in_action WHEN PROJECT_PAY THEN x.fen WHEN PROJECT_BANK_RETURN THEN -x.fen
                                                  ELSE 0 END
      FROM (SELECT t.project_id, count(*)::int4 AS n, sum(t.amount_fen)::int8 AS fen
              FROM registry.tranche t WHERE t.tranche_id = ANY (in_tranche) GROUP BY 1) x
     WHERE p.project_id = x.project_id;
    IF in_action IN (PROJECT_PAY, PROJECT_BANK_RETURN) THEN
        UPDATE registry.project p SET state = helper.project_paid_state(p)
         WHERE p.project_id IN (SELECT t.project_id FROM registry.tranche t WHERE t.tranche_id = ANY (in_tranche))
           AND p.state <> helper.project_paid_state(p);
    END IF;
END $$;

/* Where a project stands as it is paid now: settled, once all is paid that it may ever have. Where something else
   decides its state it stays. */
CREATE FUNCTION helper.project_paid_state(in_project registry.project) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
DECLARE
    most int4; /* percent of its total that it may ever have */
BEGIN
    most := (SELECT max(t.pay_percent) FROM registry.project_tier t
              WHERE t.project_id = in_project.project_id AND in_project.pay_mode = PAY_BY_PROJECT);
    IF in_project.state NOT IN (PROJECT_CARRIED_OUT, PROJECT_ADVANCE_PAID, PROJECT_VERIFYING, PROJECT_SETTLED) THEN
        RETURN in_project.state;
    END IF;
    RETURN CASE
        WHEN in_project.paid_fen > 0
             AND in_project.paid_fen - in_project.recovered_fen
                 >= helper.project_percent(in_project.total_fen, least(most, in_project.ceiling_percent))
             THEN PROJECT_SETTLED
        WHEN EXISTS (SELECT FROM registry.project_run r WHERE r.project_id = in_project.project_id)
             THEN PROJECT_VERIFYING
        WHEN in_project.paid_fen > 0 THEN PROJECT_ADVANCE_PAID
        ELSE PROJECT_CARRIED_OUT END;
END $$;

/* Whether the right to a tranche that the bank returns is lost: its head does not count any more, or by the project
   something is to be given back. What is still due then is asked for anew. */
CREATE FUNCTION helper.tranche_lost(in_tranche registry.tranche) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.project_head h WHERE h.head_id = in_tranche.head_id AND NOT h.counted)
        OR in_tranche.head_id IS NULL
           AND (SELECT p.recover_fen > 0 FROM registry.project p WHERE p.project_id = in_tranche.project_id);
END $$;

/* Takes tranches that the bank returned: approved again, to be paid once more. Where the right is lost they are
   rejected; so much less is to be given back, and a project that has nothing more to give back goes on. Their money is
   helper.answers_take()'s, which holds the ledgers of all that is answered at once. */
CREATE FUNCTION helper.tranches_return(in_tranche uuid[], in_operator uuid[], in_request uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    back record; /* which of them: those to be paid again before those that are lost */
BEGIN
    PERFORM FROM registry.project p
      WHERE p.project_id IN (SELECT t.project_id FROM registry.tranche t WHERE t.tranche_id = ANY (in_tranche))
      ORDER BY p.project_id FOR NO KEY UPDATE;
    FOR back IN
        SELECT l.lost, array_agg(t.tranche_id ORDER BY u.n) AS tranches,
               array_agg(u.operator_id ORDER BY u.n) AS operators,
               array_agg(u.request_id ORDER BY u.n) AS requests, array_agg(NULL::text) AS reasons
          FROM unnest(in_tranche, in_operator, in_request) WITH ORDINALITY u(tranche_id, operator_id, request_id, n)
          JOIN registry.tranche t ON t.tranche_id = u.tranche_id
         CROSS JOIN LATERAL (SELECT helper.tranche_lost(t) AS lost) l
         GROUP BY l.lost ORDER BY l.lost
    LOOP
        PERFORM helper.tranches_take(back.tranches, PROJECT_BANK_RETURN::int2, back.operators, back.reasons,
                                     back.requests, back.lost);
    END LOOP;
END $$;

/* Takes a step of tranches, whose rows the caller holds. `in_event`: CLAIM_BATCH, CLAIM_SEND, CLAIM_PAY,
   CLAIM_BANK_REFUSE, CLAIM_BANK_RETURN, CLAIM_UNBATCH or CLAIM_RECHECK of enum ClaimAction, as of a claim. */
CREATE FUNCTION helper.tranches_step(in_tranche uuid[], in_event int2, in_operator uuid[], in_request uuid[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF in_event = CLAIM_BANK_RETURN THEN
        PERFORM helper.tranches_return(in_tranche, in_operator, in_request);
    ELSIF cardinality(in_tranche) > 0 THEN
        PERFORM helper.tranches_take(in_tranche,
                                     CASE in_event WHEN CLAIM_BATCH THEN PROJECT_BATCH
                                                   WHEN CLAIM_SEND THEN PROJECT_SEND
                                                   WHEN CLAIM_PAY THEN PROJECT_PAY
                                                   WHEN CLAIM_BANK_REFUSE THEN PROJECT_BANK_REFUSE
                                                   WHEN CLAIM_UNBATCH THEN PROJECT_UNBATCH
                                                   WHEN CLAIM_RECHECK THEN PROJECT_RECHECK END::int2,
                                     in_operator, array_fill(NULL::text, ARRAY[cardinality(in_tranche)]), in_request);
    END IF;
END $$;

/* Locks those of these subjects that are tranches, then their projects, each in the order of their ids: a project that
   is being suspended is waited for. */
CREATE FUNCTION helper.tranches_hold(in_subject uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM registry.tranche t WHERE t.tranche_id = ANY (in_subject) ORDER BY t.tranche_id FOR NO KEY UPDATE;
    PERFORM FROM registry.project p
      WHERE p.project_id IN (SELECT t.project_id FROM registry.tranche t WHERE t.tranche_id = ANY (in_subject))
      ORDER BY p.project_id FOR NO KEY UPDATE;
END $$;

/* Takes a project's tranches that wait in batches out of them, since it is suspended (F15). */
CREATE FUNCTION helper.tranches_pull(in_project uuid, in_operator uuid, in_reason text, in_request uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    waiting uuid[] := ARRAY(SELECT t.tranche_id FROM registry.tranche t
                             WHERE t.project_id = in_project AND t.state = CLAIM_IN_BATCH
                             ORDER BY t.tranche_id FOR NO KEY UPDATE);
    n int4 := cardinality(waiting);
BEGIN
    IF n > 0 THEN
        PERFORM helper.tranches_take(waiting, PROJECT_UNBATCH::int2, array_fill(in_operator, ARRAY[n]),
                                     array_fill(in_reason, ARRAY[n]), array_fill(in_request, ARRAY[n]));
        PERFORM helper.batch_leave(waiting);
    END IF;
END $$;

/* ---- decisions ---- */

/* Whether a head of a project counts that no longer may, or of one head whether it does (E7): its completion was taken
   away, its record is another's or erased, or more has places in its way than there are. */
CREATE FUNCTION helper.heads_doubted(in_project uuid, in_head uuid) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM registry.project_head h
         CROSS JOIN LATERAL (SELECT helper.person_records(h.person_id) AS human) r
         WHERE h.project_id = in_project AND (in_head IS NULL OR h.head_id = in_head)
           AND (in_head IS NULL AND h.counted OR h.head_id = in_head)
           AND (NOT h.counted
                OR in_head IS NOT NULL AND helper.person_erased(h.person_id)
                OR NOT EXISTS (SELECT FROM registry.enrolment e
                                WHERE e.class_number = h.class_number AND e.person_id = ANY (r.human)
                                  AND e.result = RESULT_COMPLETED AND e.removed_reason IS NULL)
                OR NOT EXISTS (SELECT FROM registry.claim_place p WHERE p.head_id = h.head_id)
                OR h.head_id <> ALL (helper.once_taken(r.human, h.occupation_code, h.level))
                OR cardinality(helper.once_taken(r.human, h.occupation_code, h.level)) > 1
                OR helper.places_taken(r.human, h.year) > CLAIM_PLACES_A_YEAR));
END $$;

/* Whether an operator has taken part in a tranche, or its project, in a way that forbids this step (C1): who asked,
   prepared or decided does not take the next step, nor does who belongs to the institution or is the head. `in_eyes`:
   the policy four_eyes. */
CREATE FUNCTION helper.tranche_apart_broken(in_tranche registry.tranche, in_operator uuid, in_action int2,
                                            in_eyes int4, in_same uuid[] DEFAULT NULL) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
DECLARE
    same uuid[] := coalesce(in_same, helper.human_operators(in_operator));
BEGIN
    RETURN in_tranche.submitted_by = ANY (same)
        OR EXISTS (SELECT FROM registry.operator o
                    WHERE o.operator_id = ANY (same) AND o.organisation_id = in_tranche.organisation_id)
        OR CASE WHEN in_tranche.person_id IS NOT NULL THEN helper.human_is(in_operator, in_tranche.person_id)
                ELSE helper.project_learns(in_operator, in_tranche.project_id) END
        OR CASE in_action
               WHEN PROJECT_APPROVE
                    THEN in_tranche.reviewed_by = ANY (same)
                         OR EXISTS (SELECT FROM registry.project_step s
                                     WHERE s.project_id = in_tranche.project_id AND s.operator_id = ANY (same)
                                       AND s.action IN (PROJECT_INSPECT, PROJECT_CARRY_OUT, PROJECT_STRIKE,
                                                        PROJECT_COUNT, PROJECT_VERIFY))
                         OR EXISTS (SELECT FROM registry.project_head h
                                      JOIN registry.project_evidence e ON e.head_id = h.head_id
                                     WHERE h.project_id = in_tranche.project_id AND e.recorded_by = ANY (same))
                         OR helper.snapshots_brought(helper.evidence_snapshots(in_tranche.project_id), same) <> '{}'
               WHEN PROJECT_SEND /* nor who put it into this batch, or re-checked it */
                    THEN in_tranche.approved_by = ANY (same) OR in_eyes >= 3 AND in_tranche.reviewed_by = ANY (same)
                         OR coalesce((SELECT s.operator_id = ANY (same) FROM registry.project_step s
                                       WHERE s.tranche_id = in_tranche.tranche_id AND s.action = PROJECT_BATCH
                                       ORDER BY s.version DESC LIMIT 1), false)
                         OR helper.tranche_rechecked(in_tranche.tranche_id, same)
               ELSE in_action IN (PROJECT_PAY, PROJECT_BATCH, PROJECT_RECHECK)
                    AND (in_tranche.approved_by = ANY (same)
                         OR in_eyes >= 3 AND in_tranche.reviewed_by = ANY (same)) END;
END $$;

/* Whether the finance department has re-checked a tranche (C6): one of these operators, or whoever it was (NULL). */
CREATE FUNCTION helper.tranche_rechecked(in_tranche uuid, in_operators uuid[]) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM registry.tranche t JOIN registry.project_step s ON s.project_id = t.project_id
                    WHERE t.tranche_id = in_tranche AND s.tranche_id = in_tranche AND s.action = PROJECT_RECHECK
                      AND (in_operators IS NULL OR s.operator_id = ANY (in_operators)))
$$;

/* What stands against a step of a tranche, or done. The caller holds the rows of the tranche and its project. */
CREATE FUNCTION helper.tranche_judge(in_caller helper.acting, in_project registry.project, in_tranche registry.tranche,
                                     in_action int2, in_version int4, in_reason text) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
DECLARE
    move record;
    today CONSTANT date := helper.today();
BEGIN
    SELECT * INTO move FROM helper.tranche_move(in_action);
    RETURN CASE
        WHEN NOT move.roles && in_caller.roles THEN OUTCOME_NOT_ALLOWED
        WHEN in_tranche.tranche_id IS NULL OR NOT helper.project_seen(in_caller, in_project)
             THEN OUTCOME_TRANCHE_UNKNOWN
        WHEN NOT helper.project_handled(in_caller, in_project, false) THEN OUTCOME_NOT_ALLOWED
        WHEN in_tranche.version <> in_version THEN OUTCOME_VERSION_DIFFERS
        WHEN NOT in_tranche.state = ANY (move.from_states) OR in_action = PROJECT_PAY AND in_tranche.state = CLAIM_SENT
             OR in_action <> PROJECT_REJECT
                AND in_project.state NOT IN (PROJECT_CARRIED_OUT, PROJECT_ADVANCE_PAID, PROJECT_VERIFYING)
             THEN OUTCOME_TRANCHE_STATE
        WHEN in_reason IS NULL AND in_action IN (PROJECT_REJECT, PROJECT_PAY) THEN OUTCOME_REASON_NEEDED
        WHEN helper.tranche_apart_broken(in_tranche, in_caller.operator_id, in_action,
                                         helper.policy_value('four_eyes', in_tranche.division, today)::int4)
             OR in_action = PROJECT_RECHECK
                AND helper.line_denied(MONEY_TRANCHE::int2, in_tranche.tranche_id,
                                       helper.human_operators(in_caller.operator_id))
             THEN OUTCOME_TRANCHE_FOUR_EYES
        WHEN in_action = PROJECT_PAY
             AND (helper.policy_value('special_account', in_tranche.division, today) = 1
                  OR EXISTS (SELECT FROM registry.charge g
                              WHERE g.subject_kind = MONEY_TRANCHE AND g.subject_id = in_tranche.tranche_id
                                AND g.state IN (CHARGE_COMMITTED, CHARGE_RETURNED))) THEN OUTCOME_PAID_BY_BANK
        WHEN in_action <> PROJECT_REJECT AND helper.heads_doubted(in_tranche.project_id, in_tranche.head_id)
             THEN OUTCOME_HEAD_DOUBT
        ELSE OUTCOME_DONE END;
END $$;

/* Moves the money of tranches that are decided (F4): approval commits it, rejection gives it back. Of each tranche
   whether it may be decided so: done, or why not. Nothing is moved where the city keeps its account elsewhere. */
CREATE FUNCTION helper.tranches_money(in_tranche uuid[], in_action int2, in_operator uuid[], in_request uuid[])
RETURNS int2[] LANGUAGE plpgsql AS $$
DECLARE
    here registry.tranche[];
    outcomes int2[] := array_fill(OUTCOME_DONE::int2, ARRAY[cardinality(in_tranche)]);
    places int8[];
    of_event record;
BEGIN
    IF in_action = PROJECT_APPROVE THEN
        SELECT array_agg(t ORDER BY u.n), array_agg(u.n ORDER BY u.n) INTO here, places
          FROM unnest(in_tranche) WITH ORDINALITY u(tranche_id, n)
          JOIN registry.tranche t ON t.tranche_id = u.tranche_id
         WHERE helper.policy_value('special_account', t.division, helper.today()) = 1;
        IF here IS NOT NULL THEN
            FOR of_event IN
                SELECT m.* FROM helper.money_commit(
                    (SELECT array_agg(MONEY_TRANCHE::int2) FROM unnest(here)),
                    ARRAY(SELECT u.tranche_id FROM unnest(here) WITH ORDINALITY u ORDER BY u.ordinality),
                    (SELECT array_agg(0::int2) FROM unnest(here)),
                    ARRAY(SELECT u.division FROM unnest(here) WITH ORDINALITY u ORDER BY u.ordinality),
                    (SELECT array_agg(SPENDING_PROJECT::int2) FROM unnest(here)),
                    (SELECT array_agg(NULL::int2) FROM unnest(here)),
                    (SELECT array_agg(NULL::int2) FROM unnest(here)),
                    ARRAY(SELECT u.amount_fen FROM unnest(here) WITH ORDINALITY u ORDER BY u.ordinality),
                    ARRAY(SELECT in_operator[p] FROM unnest(places) WITH ORDINALITY x(p, n) ORDER BY x.n),
                    ARRAY(SELECT in_request[p] FROM unnest(places) WITH ORDINALITY x(p, n) ORDER BY x.n)) m
            LOOP
                outcomes[places[of_event.n]] := of_event.outcome;
            END LOOP;
        END IF;
    ELSIF in_action = PROJECT_REJECT THEN
        PERFORM helper.money_hold((SELECT array_agg(MONEY_TRANCHE::int2) FROM unnest(in_tranche)), in_tranche);
        FOR of_event IN
            SELECT CASE c.state WHEN CHARGE_RETURNED THEN MONEY_RIGHT_LOST ELSE MONEY_RELEASED END::int2 AS event,
                   array_agg(MONEY_TRANCHE::int2) AS kinds, array_agg(u.tranche_id ORDER BY u.n) AS tranches,
                   array_agg(u.operator_id ORDER BY u.n) AS operators, array_agg(u.request_id ORDER BY u.n) AS requests
              FROM unnest(in_tranche, in_operator, in_request) WITH ORDINALITY u(tranche_id, operator_id, request_id, n)
              JOIN registry.charge c ON c.subject_kind = MONEY_TRANCHE AND c.subject_id = u.tranche_id
             WHERE c.state IN (CHARGE_COMMITTED, CHARGE_RETURNED)
             GROUP BY 1 ORDER BY 1
        LOOP
            PERFORM helper.money_post(of_event.event, of_event.kinds, of_event.tranches, of_event.operators,
                                      of_event.requests);
        END LOOP;
    END IF;
    RETURN outcomes;
END $$;

/* Steps of many tranches, each judged by itself (C4), then taken at once. */
CREATE FUNCTION api.tranche_decide(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_action int2[],
    in_reason text[], in_row_req int4[], in_row int4[], in_row_head bytea[], in_tranche uuid[], in_version int4[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[] := ARRAY[]::int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
    methods CONSTANT text[] := helper.methods(
        '{NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,project.review,
          project.approve,project.reject,project.pay,NULL,NULL,NULL,NULL,NULL,project.recheck}', in_action);
    act record;
    moneys int2[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* whose records are whose holds until the end */
    PERFORM helper.heads_check(in_entry_head, in_operator, methods, in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, methods, in_request_id, in_digest, in_row_req, in_row);
    PERFORM FROM registry.tranche t WHERE t.tranche_id = ANY (in_tranche) ORDER BY t.tranche_id FOR NO KEY UPDATE;
    PERFORM FROM registry.project p
      WHERE p.project_id IN (SELECT t.project_id FROM registry.tranche t WHERE t.tranche_id = ANY (in_tranche))
      ORDER BY p.project_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM unnest(in_tranche, in_row_req) u(tranche_id, req)
                GROUP BY u.tranche_id HAVING count(DISTINCT u.req) > 1) THEN
        RAISE serialization_failure USING MESSAGE = 'two requests of a set are about one tranche';
    END IF;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        wholes[i] := coalesce(first.outcome, CASE WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED ELSE OUTCOME_DONE END);
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        FOR act IN SELECT l.n, t, p, l.version, row_number() OVER (PARTITION BY l.tranche_id ORDER BY l.n) AS nth
                     FROM unnest(in_row_req, in_tranche, in_version) WITH ORDINALITY l(req, tranche_id, version, n)
                     LEFT JOIN registry.tranche t ON t.tranche_id = l.tranche_id
                     LEFT JOIN registry.project p ON p.project_id = t.project_id
                    WHERE l.req = i ORDER BY l.n LOOP
            outcomes[act.n] := CASE WHEN act.nth > 1 THEN OUTCOME_UNCHANGED
                                    ELSE helper.tranche_judge(caller, act.p, act.t, in_action[i], act.version,
                                                              in_reason[i]) END;
        END LOOP;
    END LOOP;
    IF ARRAY[PROJECT_APPROVE, PROJECT_REJECT]::int2[] <@ in_action THEN /* whatever either needs, in one order */
        PERFORM helper.ledgers_hold(
            ARRAY(SELECT c.ledger_id FROM registry.charge c
                   WHERE c.subject_kind = MONEY_TRANCHE AND c.subject_id = ANY (in_tranche))
            || ARRAY(SELECT x FROM (SELECT DISTINCT t.division FROM registry.tranche t
                                     WHERE t.tranche_id = ANY (in_tranche)) d
                      CROSS JOIN unnest(helper.money_ledgers(d.division, SPENDING_PROJECT::int2, NULL, NULL)) x));
    END IF;
    FOR act IN
        SELECT in_action[l.req] AS action, array_agg(l.tranche_id ORDER BY l.n) AS tranches,
               array_agg(in_operator[l.req] ORDER BY l.n) AS operators,
               array_agg(in_reason[l.req] ORDER BY l.n) AS reasons,
               array_agg(in_request_id[l.req] ORDER BY l.n) AS requests, array_agg(l.n ORDER BY l.n) AS places
          FROM unnest(in_row_req, in_tranche) WITH ORDINALITY l(req, tranche_id, n)
         WHERE outcomes[l.n] = OUTCOME_DONE GROUP BY 1 ORDER BY 1
    LOOP
        moneys := helper.tranches_money(act.tranches, act.action, act.operators, act.requests);
        FOR k IN 1 .. cardinality(moneys) LOOP
            outcomes[act.places[k]] := moneys[k];
        END LOOP;
        PERFORM helper.tranches_take(array_agg(u.tranche_id ORDER BY u.n), act.action,
                                     array_agg(u.operator_id ORDER BY u.n), array_agg(u.reason ORDER BY u.n),
                                     array_agg(u.request_id ORDER BY u.n))
           FROM unnest(act.tranches, act.operators, act.reasons, act.requests, moneys)
                WITH ORDINALITY u(tranche_id, operator_id, reason, request_id, money, n)
          WHERE u.money = OUTCOME_DONE HAVING count(*) > 0;
    END LOOP;
    INSERT INTO audit.entry (operator_id, body)
    SELECT in_operator[l.req],
           helper.entry_body(l.head, outcomes[l.n], NULL, NULL, NULL, NULL,
                             CASE WHEN outcomes[l.n] <> OUTCOME_TRANCHE_UNKNOWN THEN l.tranche_id END)
      FROM unnest(in_row_req, in_row_head, in_tranche) WITH ORDINALITY l(req, head, tranche_id, n)
     WHERE outcomes[l.n] IS NOT NULL ORDER BY l.n;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                             array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* ---- recovery ---- */

/* Money of a paid tranche came back, to the bureau whose ledgers have paid it; once all is back that was to be given
   back, the project goes on or is closed. */
CREATE FUNCTION helper.project_recover(in_project registry.project, in_tranche uuid, in_fen int8, in_operator uuid,
                                       in_request uuid) RETURNS helper.project_stepped LANGUAGE plpgsql AS $$
DECLARE
    came helper.project_stepped;
    target registry.tranche;
BEGIN
    SELECT * INTO target FROM registry.tranche t
     WHERE t.tranche_id = in_tranche AND t.project_id = in_project.project_id;
    came.outcome := CASE WHEN target.tranche_id IS NULL THEN OUTCOME_TRANCHE_UNKNOWN
                         WHEN target.state <> CLAIM_PAID THEN OUTCOME_TRANCHE_STATE
                         WHEN helper.line_payer(MONEY_TRANCHE::int2, in_tranche)
                              <> (SELECT a.division FROM helper.acting a WHERE a.operator_id = in_operator)
                              THEN OUTCOME_PAID_ELSEWHERE
                         WHEN in_fen > in_project.recover_fen OR in_fen > target.amount_fen - target.recovered_fen
                              THEN OUTCOME_PROJECT_RECOVERED
                         ELSE OUTCOME_DONE END;
    IF came.outcome = OUTCOME_DONE
       AND EXISTS (SELECT FROM registry.charge c WHERE c.subject_kind = MONEY_TRANCHE AND c.subject_id = in_tranche)
       AND (helper.money_recover(ARRAY[MONEY_TRANCHE]::int2[], ARRAY[in_tranche], ARRAY[0]::int2[], ARRAY[in_fen],
                                 ARRAY[in_operator], ARRAY[in_request]))[1] IS NOT TRUE THEN
        came.outcome := OUTCOME_PROJECT_RECOVERED;
    END IF;
    IF came.outcome <> OUTCOME_DONE THEN
        RETURN came;
    END IF;
    came.fen := in_fen;
    UPDATE registry.tranche t
       SET recovered_fen = t.recovered_fen + in_fen, version = t.version + 1,
           state = CASE WHEN t.recovered_fen + in_fen = t.amount_fen THEN CLAIM_CLAWED_BACK ELSE t.state END
     WHERE t.tranche_id = in_tranche;
    UPDATE registry.project p
       SET recover_fen = p.recover_fen - in_fen, recovered_fen = p.recovered_fen + in_fen,
           state = CASE WHEN p.recover_fen > in_fen THEN PROJECT_RECOVERING
                        WHEN p.counted = 0 THEN PROJECT_TERMINATED
                        WHEN helper.today() <= p.closes_on THEN PROJECT_VERIFYING
                        ELSE PROJECT_CLOSED END
     WHERE p.project_id = in_project.project_id;
    RETURN came;
END $$;
