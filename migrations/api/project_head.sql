/* SPDX-License-Identifier: Apache-2.0 */
/* Heads of projects: whom a project trained, who of them counts, and the places they take (E5 to E7). */

/* ---- places ---- */

/* Gives heads the places of the year and of their occupation and level, as claims have them (B2, B3, B11), by order
   of their ordinals: the heads that got theirs. The others have none. The caller holds the persons' rows. */
CREATE FUNCTION helper.heads_place(in_heads uuid[], in_division text) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    terms CONSTANT helper.claim_terms := helper.claim_terms(in_division);
    placed uuid[];
BEGIN
    WITH asked AS MATERIALIZED (
        SELECT h.*, helper.person_records(h.person_id) AS human,
               helper.year_cap(h.trainee_group, terms.year_cap_students, terms.year_cap_others) AS year_cap
          FROM registry.project_head h
         WHERE h.head_id = ANY (in_heads)),
    keyed AS MATERIALIZED ( /* of several of one human for the same, the first */
        SELECT * FROM (SELECT a.*, row_number() OVER (PARTITION BY a.human[1], a.occupation_code, a.level
                                                      ORDER BY a.ordinal) AS nth FROM asked a) k
         WHERE k.nth = 1
           AND helper.once_taken(k.human, k.occupation_code, k.level) = '{}'
           AND NOT (terms.no_lower = 1 AND helper.higher_before(k.human, k.occupation_code, k.level, NULL))),
    roomed AS MATERIALIZED (
        SELECT k.*, row_number() OVER (PARTITION BY k.human[1], k.year ORDER BY k.ordinal) AS in_year,
               row_number() OVER (PARTITION BY k.person_id, k.year ORDER BY k.ordinal) AS in_record
          FROM keyed k),
    fitting AS MATERIALIZED (
        SELECT r.* FROM roomed r
         WHERE helper.places_taken(r.human, r.year) + r.in_year <= least(CLAIM_PLACES_A_YEAR, r.year_cap)
           AND (terms.life_cap = 0
                OR helper.places_before(r.human, NULL, NULL) + r.in_year <= terms.life_cap)),
    places AS (
        INSERT INTO registry.claim_place (person_id, year, place, head_id)
        SELECT f.person_id, f.year, s.place, f.head_id
          FROM fitting f
         CROSS JOIN LATERAL (SELECT n.place::int2 AS place FROM generate_series(1, CLAIM_PLACES_A_YEAR) n(place)
                              WHERE NOT EXISTS (SELECT FROM registry.claim_place p
                                                 WHERE p.person_id = f.person_id AND p.year = f.year
                                                   AND p.place = n.place)
                              ORDER BY n.place OFFSET f.in_record - 1 LIMIT 1) s
         ORDER BY f.person_id, s.place
        RETURNING head_id),
    keys AS (
        INSERT INTO registry.claim_once (person_id, occupation_code, level, head_id)
        SELECT f.person_id, f.occupation_code, f.level, f.head_id
          FROM fitting f JOIN places p ON p.head_id = f.head_id ORDER BY 1, 2, 3)
    SELECT coalesce(array_agg(p.head_id), '{}') INTO placed FROM places p;
    RETURN placed;
END $$;

/* Heads no longer count; their places are free again, unless for fraud (E7). */
CREATE FUNCTION helper.heads_strike(in_heads uuid[], in_deduction int2, in_reason text, in_fraud bool) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    kept uuid;
BEGIN
    IF cardinality(in_heads) = 0 THEN
        RETURN;
    END IF;
    UPDATE registry.project_head h
       SET counted = false, deduction = in_deduction, reason = in_reason, fraud = coalesce(in_fraud, false)
     WHERE h.head_id = ANY (in_heads);
    IF coalesce(in_fraud, false) THEN
        RETURN;
    END IF;
    DELETE FROM registry.claim_place p WHERE p.head_id = ANY (in_heads);
    DELETE FROM registry.claim_once o WHERE o.head_id = ANY (in_heads);
    FOR kept IN SELECT DISTINCT g.kept FROM registry.project_head h
                  JOIN registry.person_merge g ON g.kept = helper.person_kept(h.person_id)
                 WHERE h.head_id = ANY (in_heads) ORDER BY 1 LOOP
        CALL helper.places_gather(kept);
    END LOOP;
END $$;

/* Whether a person's records count in a project whose money is not decided yet. */
CREATE FUNCTION helper.person_in_project(in_persons uuid[]) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.project_head h JOIN registry.project p USING (project_id)
                    WHERE h.person_id = ANY (in_persons) AND h.counted
                      AND p.state NOT IN (PROJECT_SETTLED, PROJECT_CLOSED, PROJECT_TERMINATED));
END $$;

/* ---- what heads come to ---- */

/* The share of the n-th of so many heads of a total, whole fen: all shares are the total. */
CREATE FUNCTION helper.project_share(in_total int8, in_nth int8, in_heads int8) RETURNS int8
LANGUAGE sql IMMUTABLE AS $$
    SELECT (div(in_total::numeric * in_nth, in_heads) - div(in_total::numeric * (in_nth - 1), in_heads))::int8
$$;

/* What the heads of a project who count are sure of: by the person, the shares of those of whom a tranche is or was
   paid or under way, which stay as they are. The others divide what the cap leaves (E5); `room`: NULL: there is no
   cap. */
CREATE FUNCTION helper.heads_sure(in_project uuid, OUT held int8, OUT free int8, OUT room int8)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(h.share_fen) FILTER (WHERE s.sure), 0)::int8, count(*) FILTER (WHERE NOT s.sure),
           (max(p.cap_fen) - coalesce(sum(h.share_fen) FILTER (WHERE s.sure), 0))::int8
      FROM registry.project p
      JOIN registry.project_head h ON h.project_id = p.project_id AND h.counted
     CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM registry.tranche t
                                         WHERE t.head_id = h.head_id AND t.state <> CLAIM_REJECTED) AS sure) s
     WHERE p.project_id = in_project
$$;

/* Divides what a project's heads come to among those who count and are sure of nothing yet. */
CREATE FUNCTION helper.heads_share(in_project uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    sure record;
BEGIN
    SELECT * INTO sure FROM helper.heads_sure(in_project);
    UPDATE registry.project_head h SET share_fen = x.share
      FROM (SELECT u.head_id,
                   helper.project_share(least(sure.free * p.unit_fen, sure.room),
                                        row_number() OVER (ORDER BY u.ordinal), sure.free) AS share
              FROM registry.project_head u JOIN registry.project p ON p.project_id = u.project_id
             WHERE u.project_id = in_project AND u.counted
               AND NOT EXISTS (SELECT FROM registry.tranche t
                                WHERE t.head_id = u.head_id AND t.state <> CLAIM_REJECTED)) x
     WHERE h.head_id = x.head_id AND h.share_fen <> x.share;
END $$;

/* What a percentage of a sum is, whole fen: fractions of a fen are left out (E1). */
CREATE FUNCTION helper.project_percent(in_fen int8, in_percent int4) RETURNS int8 LANGUAGE sql IMMUTABLE AS $$
    SELECT div(in_fen::numeric * in_percent, 100)::int8
$$;

/* What a project has been granted beyond what it may have as its heads count now. By the project: beyond the percent
   that it has reached; before its closing day the advance is not taken back for a share of employed that a later
   verification may still reach. By the person: what heads that do not count were paid. */
CREATE FUNCTION helper.project_over(in_project registry.project) RETURNS int8 LANGUAGE plpgsql STABLE AS $$
DECLARE
    now_is registry.project;
    closing CONSTANT bool := helper.today() > in_project.closes_on;
    reached int4;
BEGIN
    SELECT * INTO now_is FROM registry.project p WHERE p.project_id = in_project.project_id;
    IF now_is.pay_mode = PAY_BY_PERSON THEN
        RETURN greatest(0, (SELECT coalesce(sum(t.amount_fen - t.recovered_fen), 0)
                              FROM registry.tranche t JOIN registry.project_head h ON h.head_id = t.head_id
                             WHERE t.project_id = now_is.project_id AND t.state = CLAIM_PAID AND NOT h.counted)
                           - now_is.recover_fen);
    END IF;
    reached := CASE WHEN closing
                    THEN coalesce(now_is.entitled_percent,
                                  (SELECT max(r.pay_percent) FROM registry.project_tier r
                                    WHERE r.project_id = now_is.project_id AND r.metric = TIER_NONE), 0)
                    ELSE greatest(coalesce(now_is.entitled_percent, 0), now_is.advance_percent) END;
    RETURN greatest(0, now_is.granted_fen - now_is.recovered_fen - now_is.recover_fen
                       - helper.project_percent(now_is.total_fen, least(reached, now_is.ceiling_percent)));
END $$;

/* ---- freezing ---- */

/* What registers say of the heads of classes, by their snapshots: the deduction of each that is against one (E5).
   Pension and full-time study are asked of the class's first day, the public payroll of its last, identity of today. */
CREATE FUNCTION helper.heads_known(in_division text, in_person uuid[], in_starts_on date[], in_ends_on date[],
                                   in_group int2[])
RETURNS TABLE (n int4, deduction int2) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    today CONSTANT date[] := array_fill(helper.today(), ARRAY[cardinality(in_person)]);
    units CONSTANT text[] := array_fill(NULL::text, ARRAY[cardinality(in_person)]);
BEGIN
    RETURN QUERY
    SELECT x.n, min(x.deduction)
      FROM (SELECT a.n, DEDUCT_PENSION::int2 AS deduction
              FROM helper.snapshot_answer(REGISTER_PENSION::int2, in_division, in_person, in_starts_on, units) a
             WHERE a.answer = ANSWER_MATCH
            UNION ALL
            SELECT a.n, DEDUCT_STUDENT::int2
              FROM helper.snapshot_answer(REGISTER_SCHOOL::int2, in_division, in_person, in_starts_on, units) a
             WHERE a.answer = ANSWER_MATCH
               AND NOT EXISTS (SELECT FROM registry.trainee_group g
                                WHERE g.code = in_group[a.n] AND g.name IN ('毕业年度高校毕业生', '两后生'))
            UNION ALL
            SELECT a.n, DEDUCT_PAYROLL::int2
              FROM helper.snapshot_answer(REGISTER_PAYROLL::int2, in_division, in_person, in_ends_on, units) a
             WHERE a.answer = ANSWER_MATCH
            UNION ALL
            SELECT a.n, DEDUCT_IDENTITY::int2
              FROM helper.snapshot_answer(REGISTER_IDENTITY::int2, in_division, in_person, today, units) a
             WHERE a.answer = ANSWER_MISMATCH) x
     GROUP BY x.n;
END $$;

/* Enters the heads of a project's classes, those deducted among them for what is known without places (E5). */
CREATE FUNCTION helper.heads_enter(in_project registry.project) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    persons uuid[];
    starts date[];
    ends date[];
    groups int2[];
BEGIN
    SELECT array_agg(e.person_id ORDER BY e.class_number, e.seat),
           array_agg(c.starts_on ORDER BY e.class_number, e.seat),
           array_agg(c.ends_on ORDER BY e.class_number, e.seat),
           array_agg(e.trainee_group ORDER BY e.class_number, e.seat)
      INTO persons, starts, ends, groups
      FROM registry.project_class k
      JOIN registry.class c ON c.class_number = k.class_number AND c.state = CLASS_COMPLETED
      JOIN registry.enrolment e ON e.class_number = k.class_number AND e.removed_reason IS NULL
     WHERE k.project_id = in_project.project_id;
    PERFORM FROM registry.person p
      WHERE p.person_id IN (SELECT unnest(helper.person_records(u)) FROM unnest(persons) u)
      ORDER BY p.person_id FOR NO KEY UPDATE;
    INSERT INTO registry.project_head (project_id, person_id, class_number, seat, occupation_code, level,
                                       trainee_group, year, result, counted, deduction)
    SELECT in_project.project_id, h.person_id, h.class_number, h.seat, h.occupation_code, h.level, h.trainee_group,
           extract(year FROM helper.today()), h.result, d.deduction IS NULL, d.deduction
      FROM (SELECT e.*, c.occupation_code, c.level,
                   row_number() OVER (ORDER BY e.class_number, e.seat) AS n
              FROM registry.project_class k
              JOIN registry.class c ON c.class_number = k.class_number AND c.state = CLASS_COMPLETED
              JOIN registry.enrolment e ON e.class_number = k.class_number AND e.removed_reason IS NULL
             WHERE k.project_id = in_project.project_id) h
      LEFT JOIN helper.heads_known(in_project.division, persons, starts, ends, groups) s ON s.n = h.n
     CROSS JOIN LATERAL (SELECT CASE h.result WHEN RESULT_TOO_FEW_HOURS THEN DEDUCT_NOT_COMPLETED
                                              WHEN RESULT_MARKS THEN DEDUCT_FAILED
                                              ELSE s.deduction END::int2 AS deduction) d
     ORDER BY h.n;
END $$;

/* Freezes the heads of a project on the day on which it is carried out (E6): all its classes are completed, and its
   last inspection found all in order. Each that counts takes its places; who gets none has had his share (E7). */
CREATE FUNCTION helper.project_freeze(in_project registry.project) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    counting uuid[];
    placed uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM registry.project_class k JOIN registry.class c USING (class_number)
                    WHERE k.project_id = in_project.project_id AND c.state = CLASS_COMPLETED)
       OR EXISTS (SELECT FROM registry.project_class k JOIN registry.class c USING (class_number)
                   WHERE k.project_id = in_project.project_id
                     AND c.state NOT IN (CLASS_COMPLETED, CLASS_CANCELLED)) THEN
        RETURN OUTCOME_PROJECT_CLASS_OPEN;
    ELSIF (SELECT s.passed FROM registry.project_step s
            WHERE s.project_id = in_project.project_id AND s.action = PROJECT_INSPECT
            ORDER BY s.version DESC LIMIT 1) IS NOT TRUE THEN
        RETURN OUTCOME_PROJECT_UNINSPECTED;
    END IF;
    PERFORM helper.heads_enter(in_project);
    UPDATE registry.project_head h SET counted = false, deduction = DEDUCT_OTHER, reason = 'beyond the planned heads'
     WHERE h.head_id IN (SELECT x.head_id FROM registry.project_head x
                          WHERE x.project_id = in_project.project_id AND x.counted
                          ORDER BY x.ordinal OFFSET in_project.planned_heads);
    counting := ARRAY(SELECT h.head_id FROM registry.project_head h
                       WHERE h.project_id = in_project.project_id AND h.counted);
    placed := helper.heads_place(counting, in_project.division);
    UPDATE registry.project_head h SET counted = false, deduction = DEDUCT_HAD
     WHERE h.head_id = ANY (counting) AND NOT EXISTS (SELECT FROM unnest(placed) u WHERE u = h.head_id);
    UPDATE registry.project p
       SET frozen_on = helper.today(), enrolled = f.enrolled, sat = f.sat, completed = f.completed,
           counted = cardinality(placed), total_fen = least(cardinality(placed) * p.unit_fen, p.cap_fen)
      FROM (SELECT count(*) AS enrolled, count(*) FILTER (WHERE h.result <> RESULT_TOO_FEW_HOURS) AS sat,
                   count(*) FILTER (WHERE h.result = RESULT_COMPLETED) AS completed
              FROM registry.project_head h WHERE h.project_id = in_project.project_id) f
     WHERE p.project_id = in_project.project_id;
    PERFORM helper.heads_share(in_project.project_id);
    RETURN OUTCOME_DONE;
END $$;

/* ---- adjustments ---- */

/* What stands against a head's being struck, or counted again, or done; of the latter besides there being room. */
CREATE FUNCTION helper.head_judge(in_head registry.project_head, in_action int2, in_reason text) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN in_head.head_id IS NULL THEN OUTCOME_HEAD_UNKNOWN
        WHEN in_reason IS NULL THEN OUTCOME_REASON_NEEDED
        WHEN in_action = PROJECT_STRIKE AND NOT in_head.counted THEN OUTCOME_UNCHANGED
        WHEN in_action = PROJECT_COUNT AND in_head.counted THEN OUTCOME_UNCHANGED
        WHEN in_action = PROJECT_COUNT
             AND (in_head.result <> RESULT_COMPLETED
                  OR NOT helper.has_completed(helper.person_kept(in_head.person_id), in_head.class_number,
                                              in_head.occupation_code, in_head.level))
             THEN OUTCOME_HEAD_NOT_COMPLETED
        ELSE OUTCOME_DONE END;
END $$;

/* What stands against a caller's adjusting the heads of a project as a whole, or done: a reviewer as long as nothing
   is settled, afterwards an approver (E13). */
CREATE FUNCTION helper.heads_may(in_caller helper.acting, in_project registry.project, in_action int2,
                                 in_version int4) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN in_caller IS NULL THEN OUTCOME_NOT_ALLOWED
        WHEN in_project.project_id IS NULL OR NOT helper.project_seen(in_caller, in_project)
             THEN OUTCOME_PROJECT_UNKNOWN
        WHEN NOT helper.project_handled(in_caller, in_project, false)
             OR NOT in_caller.roles && CASE WHEN in_project.state IN (PROJECT_SETTLED, PROJECT_CLOSED,
                                                                      PROJECT_RECOVERING)
                                            THEN '{approver}'::text[] ELSE '{reviewer}' END THEN OUTCOME_NOT_ALLOWED
        WHEN in_project.version <> in_version THEN OUTCOME_VERSION_DIFFERS
        WHEN in_project.frozen_on IS NULL OR in_project.state IN (PROJECT_SUSPENDED, PROJECT_TERMINATED)
             OR in_action = PROJECT_COUNT
                AND in_project.state IN (PROJECT_SETTLED, PROJECT_CLOSED, PROJECT_RECOVERING) THEN OUTCOME_PROJECT_STATE
        WHEN helper.project_under_way(in_project.project_id) THEN OUTCOME_PROJECT_UNDER_WAY
        WHEN helper.project_apart_broken(in_caller.operator_id, in_project) THEN OUTCOME_TRANCHE_FOUR_EYES
        ELSE OUTCOME_DONE END;
END $$;

/* Counts heads of a project again, one after the other as they stand, as long as there is room among those planned and
   under the cap, each in its places (E7), which are kept of who was struck for fraud: those that count now. The caller
   holds the project's row and the persons'. */
CREATE FUNCTION helper.heads_count(in_project registry.project, in_heads uuid[], in_reason text) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    placed uuid[];
    counting uuid[] := ARRAY[]::uuid[];
    sure record;
    head record;
BEGIN
    SELECT * INTO sure FROM helper.heads_sure(in_project.project_id);
    placed := helper.heads_place(ARRAY(SELECT h.head_id FROM registry.project_head h
                                        WHERE h.head_id = ANY (in_heads) AND h.fraud IS NOT TRUE),
                                 in_project.division);
    FOR head IN SELECT h.head_id, h.share_fen, EXISTS (SELECT FROM registry.tranche t
                                                        WHERE t.head_id = h.head_id
                                                          AND t.state <> CLAIM_REJECTED) AS sure
                  FROM unnest(in_heads) WITH ORDINALITY u(head_id, n)
                  JOIN registry.project_head h ON h.head_id = u.head_id
                 WHERE h.fraud OR EXISTS (SELECT FROM unnest(placed) x WHERE x = h.head_id)
                 ORDER BY u.n LOOP
        EXIT WHEN in_project.counted + cardinality(counting) >= in_project.planned_heads;
        /* not a fen would be left for somebody: the cap is divided among the others */
        CONTINUE WHEN sure.room - head.share_fen * head.sure::int4 < sure.free + (NOT head.sure)::int4;
        sure.room := sure.room - head.share_fen * head.sure::int4;
        sure.free := sure.free + (NOT head.sure)::int4;
        counting := counting || head.head_id;
    END LOOP;
    placed := ARRAY(SELECT unnest(placed) EXCEPT SELECT unnest(counting)); /* there was no room for these */
    DELETE FROM registry.claim_place p WHERE p.head_id = ANY (placed);
    DELETE FROM registry.claim_once o WHERE o.head_id = ANY (placed);
    UPDATE registry.project_head h
       SET counted = true, deduction = NULL, reason = in_reason, fraud = NULL
     WHERE h.head_id = ANY (counting);
    RETURN counting;
END $$;

/* What a project comes to when other heads count; what was granted beyond that is to be given back. A step for each of
   those heads. The caller holds the project's row. */
CREATE FUNCTION helper.heads_recount(in_project uuid, in_heads uuid[], in_action int2, in_reason text, in_fraud bool,
                                     in_operator uuid, in_request uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was registry.project;
BEGIN
    /* what becomes less, and what is owed for it, at once: nothing is ever granted beyond both */
    UPDATE registry.project p
       SET counted = c.n, total_fen = c.total, version = p.version + cardinality(in_heads),
           recover_fen = p.recover_fen + greatest(0, p.granted_fen - p.recovered_fen - p.recover_fen - c.total)
      FROM (SELECT count(*) FILTER (WHERE h.counted) AS n,
                   max(u.held + least(u.free * x.unit_fen, u.room))::int8 AS total
              FROM registry.project x JOIN registry.project_head h USING (project_id)
             CROSS JOIN helper.heads_sure(in_project) u
             WHERE x.project_id = in_project GROUP BY x.project_id) c
     WHERE p.project_id = in_project RETURNING p.* INTO was;
    UPDATE registry.project p
       SET recover_fen = p.recover_fen + o.over,
           state = CASE WHEN p.recover_fen + o.over > 0 THEN PROJECT_RECOVERING ELSE p.state END
      FROM (SELECT helper.project_over(was) AS over) o
     WHERE p.project_id = in_project RETURNING p.* INTO was;
    INSERT INTO registry.project_step (project_id, version, action, state, operator_id, reason, head_id, fraud,
                                       request_id)
    SELECT in_project, was.version - cardinality(in_heads) + u.n, in_action, was.state, in_operator, in_reason,
           u.head_id, CASE WHEN in_action = PROJECT_STRIKE THEN coalesce(in_fraud, false) END, in_request
      FROM unnest(in_heads) WITH ORDINALITY u(head_id, n);
    PERFORM helper.heads_share(in_project);
END $$;

/* Strikes heads of a project by class and seat, or counts them again: what each came to, and who it is. */
CREATE FUNCTION helper.heads_adjust(
    in_project registry.project, in_action int2, in_deduction int2, in_reason text, in_fraud bool, in_operator uuid,
    in_request uuid, in_class int8[], in_seat int4[])
RETURNS TABLE (n int8, outcome int2, person_id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    heads uuid[];
    outcomes int2[];
    persons uuid[];
    moving uuid[];
BEGIN
    SELECT array_agg(r.head_id ORDER BY r.n), array_agg(r.person_id ORDER BY r.n),
           array_agg(CASE WHEN r.outcome = OUTCOME_DONE AND r.nth > 1 THEN OUTCOME_UNCHANGED ELSE r.outcome END::int2
                     ORDER BY r.n),
           coalesce(array_agg(r.head_id ORDER BY r.n) FILTER (WHERE r.outcome = OUTCOME_DONE AND r.nth = 1), '{}')
      INTO heads, persons, outcomes, moving
      FROM (SELECT u.n, h.head_id, h.person_id, helper.head_judge(h, in_action, in_reason) AS outcome,
                   row_number() OVER (PARTITION BY h.head_id ORDER BY u.n) AS nth
              FROM unnest(in_class, in_seat) WITH ORDINALITY u(class_number, seat, n)
              LEFT JOIN registry.project_head h ON h.project_id = in_project.project_id
                                               AND h.class_number = u.class_number AND h.seat = u.seat) r;
    IF in_action = PROJECT_STRIKE THEN
        PERFORM helper.heads_strike(moving, in_deduction, in_reason, in_fraud);
    ELSE
        moving := helper.heads_count(in_project, moving, in_reason);
    END IF;
    IF moving <> '{}' THEN
        PERFORM helper.heads_recount(in_project.project_id, moving, in_action, in_reason, in_fraud, in_operator,
                                     in_request);
    END IF;
    RETURN QUERY
    SELECT u.n, CASE WHEN u.outcome = OUTCOME_DONE AND m.head_id IS NULL THEN OUTCOME_HEAD_DOUBT
                     ELSE u.outcome END::int2, u.person_id
      FROM unnest(heads, outcomes, persons) WITH ORDINALITY u(head_id, outcome, person_id, n)
      LEFT JOIN unnest(moving) m(head_id) ON m.head_id = u.head_id
     ORDER BY u.n;
END $$;

/* Strikes heads of projects, or counts them again (E5, E6), each judged by itself (C4). */
CREATE FUNCTION api.project_heads(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_action int2[],
    in_project uuid[], in_version int4[], in_deduction int2[], in_reason text[], in_fraud bool[], in_row_req int4[],
    in_row int4[], in_row_head bytea[], in_class int8[], in_seat int4[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[] := ARRAY[]::int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    target registry.project;
    head record;
    places int8[]; /* of a request's rows */
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
    methods CONSTANT text[] := helper.methods(
        '{NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,project.strike,project.count}', in_action);
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* whose records are whose holds until the end */
    PERFORM helper.heads_check(in_entry_head, in_operator, methods, in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, methods, in_request_id, in_digest, in_row_req, in_row);
    PERFORM FROM registry.project p WHERE p.project_id = ANY (in_project) ORDER BY p.project_id FOR NO KEY UPDATE;
    PERFORM FROM registry.person p
      WHERE p.person_id IN (SELECT unnest(helper.person_records(h.person_id))
                              FROM unnest(in_row_req, in_class, in_seat) r(req, class_number, seat)
                              JOIN registry.project_head h ON h.project_id = in_project[r.req]
                               AND h.class_number = r.class_number AND h.seat = r.seat)
      ORDER BY p.person_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        SELECT * INTO target FROM registry.project p WHERE p.project_id = in_project[i];
        wholes[i] := coalesce(first.outcome, helper.heads_may(caller, target, in_action[i], in_version[i]));
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        places := ARRAY(SELECT u.n FROM unnest(in_row_req) WITH ORDINALITY u(req, n) WHERE u.req = i ORDER BY u.n);
        FOR head IN SELECT places[a.n] AS n, a.outcome, a.person_id
                      FROM helper.heads_adjust(target, in_action[i], in_deduction[i], in_reason[i], in_fraud[i],
                                               in_operator[i], in_request_id[i],
                                               ARRAY(SELECT in_class[x] FROM unnest(places) WITH ORDINALITY o(x, n)
                                                      ORDER BY o.n),
                                               ARRAY(SELECT in_seat[x] FROM unnest(places) WITH ORDINALITY o(x, n)
                                                      ORDER BY o.n)) a
                     ORDER BY a.n LOOP
            outcomes[head.n] := head.outcome;
            INSERT INTO audit.entry (operator_id, person_id, body)
            VALUES (in_operator[i], head.person_id,
                    helper.entry_body(in_row_head[head.n], head.outcome,
                                      CASE WHEN head.person_id IS NOT NULL THEN in_class[head.n] END, head.person_id,
                                      NULL, NULL, in_project[i]));
        END LOOP;
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                             array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;
