/* SPDX-License-Identifier: Apache-2.0 */
/* Rosters: many rows of many requests at once. */

/* The latest birth date that is old enough on a day (A1); where no age is set nobody is. */
CREATE FUNCTION helper.latest_birth(in_division text, in_day date) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT coalesce((in_day - make_interval(
                                  years => helper.policy_value('minimum_age', in_division, in_day)::int))::date,
                    '-infinity')
$$;

/* What a set of rosters comes to, request by request: the outcome as a whole, and of the class its first day, the
   latest birth that is old enough on it, the places left and the seats given. It is part of the query it stands in.
   The age is asked for once for each day and division, not for each request; what an operator may still look at,
   once, and less what it has looked at only if it has: a name that differs, and any row of a dry run, says
   something about a person. */
CREATE FUNCTION helper.roster_judge(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_class int8[], in_dry_run bool[], in_pending int4[],
    in_needed int8[], in_needed_alone int8[])
RETURNS TABLE (wholes int2[], known bool[], starts date[], births date[], room int4[], seats int4[])
LANGUAGE sql STABLE AS $$
    WITH who AS MATERIALIZED (
        SELECT a.operator_id, a.division,
               CASE WHEN EXISTS (SELECT FROM registry.look_hour h
                                  WHERE h.operator_id = a.operator_id AND h.hour = date_trunc('hour', now()))
                    THEN helper.looks_left(a.operator_id, a.division, false) END AS looks_left
          FROM (SELECT DISTINCT u.operator_id FROM unnest(in_operator) u(operator_id)) o
          JOIN helper.acting a ON a.operator_id = o.operator_id),
    fresh AS MATERIALIZED ( /* of who has looked at nobody in this hour */
        SELECT d.division, helper.looks_left(NULL, d.division, false) AS looks_left
          FROM (SELECT DISTINCT w.division FROM who w WHERE w.looks_left IS NULL) d),
    asked AS MATERIALIZED (
        SELECT i.n, k.request_id IS NOT NULL AS known, c.starts_on, a.division, c.capacity - c.enrolled AS room,
               c.seats, coalesce(
                   CASE WHEN k.request_id IS NULL THEN NULL
                        WHEN k.digest = i.digest AND k.operator_id = i.operator_id THEN k.outcome
                        ELSE OUTCOME_REQUEST_ID_REUSED END,
                   CASE WHEN a.organisation_id IS NULL OR a.kind <> KIND_INSTITUTION OR NOT 'clerk' = ANY (a.roles)
                             THEN OUTCOME_NOT_ALLOWED
                        WHEN c.class_number IS NULL THEN OUTCOME_CLASS_UNKNOWN
                        WHEN coalesce(w.looks_left, t.looks_left) - i.pending
                             < CASE WHEN i.dry_run THEN in_needed_alone[i.n] ELSE in_needed[i.n] END
                             THEN OUTCOME_LOOKS_EXCEEDED
                        WHEN NOT helper.class_takes(c.state, c.starts_on, a.division) THEN OUTCOME_CLASS_STATE
                        ELSE OUTCOME_DONE END)::int2 AS outcome
          FROM unnest(in_request_id, in_digest, in_operator, in_class, in_pending, in_dry_run)
               WITH ORDINALITY i(request_id, digest, operator_id, class_number, pending, dry_run, n)
          LEFT JOIN who w ON w.operator_id = i.operator_id
          LEFT JOIN fresh t ON t.division = w.division
          LEFT JOIN registry.request k ON k.request_id = i.request_id
          LEFT JOIN helper.acting a ON a.operator_id = i.operator_id
          LEFT JOIN registry.class c ON c.class_number = i.class_number AND c.organisation_id = a.organisation_id),
    ages AS MATERIALIZED (
        SELECT d.division, d.starts_on, helper.latest_birth(d.division, d.starts_on) AS birth
          FROM (SELECT DISTINCT division, starts_on FROM asked) d)
    SELECT array_agg(r.outcome ORDER BY r.n), array_agg(r.known ORDER BY r.n), array_agg(r.starts_on ORDER BY r.n),
           array_agg(g.birth ORDER BY r.n), array_agg(r.room ORDER BY r.n), array_agg(r.seats ORDER BY r.n)
      FROM asked r
      LEFT JOIN ages g ON g.division = r.division AND g.starts_on = r.starts_on
$$;

/* What a set of rosters comes to, row by row: the outcome (meaningless where the request takes no part), whom the
   row is about, which row's record is written if that is somebody new, whether it is, and the seat of who is
   enrolled. Each step looks at what the one inside has let through; `world`: 0, or the dry run alone. It is part of
   the query it stands in. */
CREATE FUNCTION helper.roster_judge_rows(
    in_class int8[], in_dry_run bool[], in_wholes int2[], in_known bool[], in_starts date[], in_births date[],
    in_room int4[], in_seats int4[],
    in_row_req int4[], in_document_index bytea[], in_name_index bytea[], in_birth date[], in_person_id uuid[])
RETURNS TABLE (outcomes int2[], persons uuid[], founders int8[], fresh bool[], numbers int4[])
LANGUAGE sql STABLE AS $$
    SELECT array_agg(z.outcome ORDER BY z.n), array_agg(z.person_id ORDER BY z.n),
           array_agg(z.founder ORDER BY z.n), array_agg(z.fresh ORDER BY z.n),
           array_agg(z.seat ORDER BY z.n)
      FROM (SELECT y.n, y.person_id, y.founder, y.fresh,
                   CASE WHEN y.outcome IS NULL AND y.again = 1
                        THEN CASE WHEN y.place <= in_room[y.req] THEN OUTCOME_DONE ELSE OUTCOME_CLASS_FULL END
                        WHEN y.outcome IS NULL
                        THEN CASE WHEN y.first_place <= in_room[y.req] THEN OUTCOME_DUPLICATE
                                  ELSE OUTCOME_CLASS_FULL END
                        ELSE y.outcome END::int2 AS outcome,
                   (in_seats[y.req] + y.place)::int4 AS seat
              FROM (SELECT x.*, first_value(x.place) OVER (PARTITION BY x.class_number, x.world, x.outcome IS NULL,
                                                           x.person_id ORDER BY x.n) AS first_place
                      FROM (SELECT w.*, sum((w.outcome IS NULL AND w.again = 1)::int4)
                                       OVER (PARTITION BY w.class_number, w.world ORDER BY w.n) AS place
                              FROM (SELECT v.*, row_number() OVER (PARTITION BY v.class_number, v.world,
                                               v.outcome IS NULL, v.person_id ORDER BY v.n) AS again
                                      FROM (SELECT u.n, u.req, u.class_number, u.world, u.founder, u.fresh, u.person_id,
                                                   CASE WHEN u.outcome IS NOT NULL THEN u.outcome
                                                        WHEN u.name_index <> u.its_name THEN OUTCOME_NAME_DIFFERS
                                                        WHEN e.removed_reason IS NOT NULL THEN OUTCOME_REMOVED_BEFORE
                                                        WHEN e.person_id IS NOT NULL
                                                             THEN OUTCOME_DUPLICATE END::int2 AS outcome
                                              FROM (SELECT t.*, coalesce(p.person_id,
                                                                         first_value(t.candidate) OVER same)
                                                               AS person_id,
                                                           coalesce(d.name_index, p.name_index,
                                                                    first_value(t.name_index) OVER same)
                                                               AS its_name,
                                                           first_value(t.n) OVER same AS founder,
                                                           p.person_id IS NULL AS fresh
                                                      FROM (SELECT l.*, in_class[l.req] AS class_number,
                                                                   CASE WHEN in_dry_run[l.req] THEN l.req ELSE 0 END
                                                                       AS world,
                                                                   CASE WHEN in_wholes[l.req] <> OUTCOME_DONE
                                                                             OR in_known[l.req]
                                                                        THEN 0 /* takes no part; NULL below */
                                                                        WHEN l.birth > in_starts[l.req]
                                                                             THEN OUTCOME_BORN_AFTER_START
                                                                        WHEN l.birth > in_births[l.req]
                                                                             THEN OUTCOME_UNDER_AGE
                                                                        END::int2 AS outcome
                                                              FROM unnest(in_row_req, in_document_index,
                                                                          in_name_index, in_birth, in_person_id)
                                                                   WITH ORDINALITY l(req, document_index, name_index,
                                                                                     birth, candidate, n)) t
                                                      LEFT JOIN registry.document d
                                                             ON d.document_index = t.document_index
                                                      LEFT JOIN registry.person p ON p.person_id = d.person_id
                                                    WINDOW same AS (PARTITION BY t.document_index, t.world,
                                                                    t.outcome IS NULL ORDER BY t.n)) u
                                              LEFT JOIN registry.enrolment e ON e.class_number = u.class_number
                                                                            AND e.person_id = u.person_id) v) w) x) y
           ) z
$$;

/* The outcomes of rows where some requests take no part, or a name differs from a founder's. */
CREATE FUNCTION helper.roster_settle(
    in_class int8[], in_wholes int2[], in_known bool[], in_row_req int4[], in_founders int8[], in_fresh bool[],
    INOUT outcomes int2[])
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    /* Lines of requests that are refused whole or were answered before have no outcome of their own. */
    IF OUTCOME_DONE <> ANY (in_wholes) OR true = ANY (in_known) THEN
        SELECT array_agg(CASE WHEN in_wholes[l.req] = OUTCOME_DONE AND NOT in_known[l.req] THEN l.outcome END
                          ORDER BY l.n)
          INTO outcomes
          FROM unnest(in_row_req, outcomes) WITH ORDINALITY l(req, outcome, n);
    END IF;
    /* A name differs from that of somebody who is in the registry (A6), and a founder who finds no place is not. In
       the same class there is none for the other name either; another class is judged when its request is alone. */
    IF OUTCOME_NAME_DIFFERS = ANY (outcomes) AND OUTCOME_CLASS_FULL = ANY (outcomes)
       AND EXISTS (SELECT FROM unnest(outcomes, in_fresh, in_founders) l(outcome, fresh, founder)
                    WHERE l.outcome = OUTCOME_NAME_DIFFERS AND l.fresh AND outcomes[l.founder] = OUTCOME_CLASS_FULL)
                    THEN
        IF EXISTS (SELECT FROM unnest(in_row_req, outcomes, in_fresh, in_founders) l(req, outcome, fresh, founder)
                    WHERE l.outcome = OUTCOME_NAME_DIFFERS AND l.fresh AND outcomes[l.founder] = OUTCOME_CLASS_FULL
                      AND in_class[l.req] <> in_class[in_row_req[l.founder]]) THEN
            RAISE serialization_failure USING MESSAGE = 'another class had no place for one of these persons';
        END IF;
        SELECT array_agg(CASE WHEN l.outcome = OUTCOME_NAME_DIFFERS AND l.fresh
                                   AND outcomes[l.founder] = OUTCOME_CLASS_FULL THEN OUTCOME_CLASS_FULL
                              ELSE l.outcome END::int2 ORDER BY l.n)
          INTO outcomes
          FROM unnest(outcomes, in_fresh, in_founders) WITH ORDINALITY l(outcome, fresh, founder, n);
    END IF;
END $$;

/* Writes new persons, each from the record of its founder. False: another set brought one of them first. (A function,
   since a procedure costs more to call.) */
CREATE FUNCTION helper.roster_found(
    in_founding int8[], in_document_index bytea[], in_document_type int2[], in_name_index bytea[], in_person_id uuid[],
    in_person_sealed bytea[], in_person_commitment bytea[], in_search_key int8[])
RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    written int4;
BEGIN
    INSERT INTO registry.document (document_index, document_type, person_id)
    SELECT in_document_index[f.n], in_document_type[f.n], in_person_id[f.n]
      FROM unnest(in_founding) f(n)
     ORDER BY in_document_index[f.n]
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(in_founding) THEN
        RETURN false;
    END IF;
    INSERT INTO registry.person (person_id, sealed, commitment, name_index, search_key)
    SELECT in_person_id[f.n], in_person_sealed[f.n], in_person_commitment[f.n], in_name_index[f.n],
           in_search_key[f.n]
      FROM unnest(in_founding) f(n)
     ORDER BY in_person_id[f.n];
    RETURN true;
END $$;

/* Keeps the same number with another name (A6) until a bureau resolves it. */
CREATE PROCEDURE helper.roster_keep_names(
    in_request_id uuid[], in_operator uuid[], in_class int8[], in_dry_run bool[], in_row_req int4[],
    in_name_index bytea[], in_person_id uuid[], in_person_sealed bytea[], in_person_commitment bytea[],
    in_search_key int8[], in_outcomes int2[], in_persons uuid[])
LANGUAGE sql AS $$
    INSERT INTO registry.name_conflict (conflict_id, person_id, name_index, search_key, sealed, commitment,
                                        class_number, operator_id, request_id)
    SELECT in_person_id[l.n], l.person_id, in_name_index[l.n], in_search_key[l.n], in_person_sealed[l.n],
           in_person_commitment[l.n], in_class[l.req], in_operator[l.req], in_request_id[l.req]
      FROM unnest(in_row_req, in_outcomes, in_persons) WITH ORDINALITY l(req, outcome, person_id, n)
      JOIN registry.person p ON p.person_id = l.person_id
     WHERE l.outcome = OUTCOME_NAME_DIFFERS AND NOT in_dry_run[l.req]
     ORDER BY l.person_id, in_name_index[l.n]
        ON CONFLICT DO NOTHING;
$$;

/* An entry and a mark for each request that is refused whole, or has no rows. */
CREATE PROCEDURE helper.roster_answer_wholes(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_dry_run bool[], in_known bool[], in_wholes int2[], in_row_req int4[])
LANGUAGE sql AS $$
    INSERT INTO audit.entry (operator_id, body)
    SELECT i.operator_id,
           helper.entry_body(i.head, in_wholes[i.n], CASE WHEN in_wholes[i.n] <> OUTCOME_CLASS_UNKNOWN
                                                         THEN i.class_number END,
                             NULL, NULL, NULL)
      FROM unnest(in_operator, in_entry_head, in_class, in_dry_run)
           WITH ORDINALITY i(operator_id, head, class_number, dry_run, n)
     WHERE NOT i.dry_run AND NOT in_known[i.n] AND (in_wholes[i.n] <> OUTCOME_DONE OR NOT i.n = ANY (in_row_req));
    INSERT INTO registry.request (request_id, operator_id, digest, record, outcome)
    SELECT i.request_id, i.operator_id, i.digest, i.class_number, in_wholes[i.n]
      FROM unnest(in_request_id, in_operator, in_digest, in_class, in_dry_run)
           WITH ORDINALITY i(request_id, operator_id, digest, class_number, dry_run, n)
     WHERE NOT i.dry_run AND NOT in_known[i.n] AND (in_wholes[i.n] <> OUTCOME_DONE OR NOT i.n = ANY (in_row_req))
     ORDER BY i.request_id;
$$;

/* The rows of an answer about a set of rosters: for each request a row of number 0 with the whole's outcome, then its
   rows; of one that was answered before, as they were. It is part of the query it stands in. */
CREATE FUNCTION helper.roster_told(
    in_request_id uuid[], in_class int8[], in_dry_run bool[], in_known bool[], in_wholes int2[],
    in_row_req int4[], in_row int4[], in_document_index bytea[],
    in_outcomes int2[], in_persons uuid[], in_numbers int4[])
RETURNS TABLE (req int4, row_number int4, outcome int2, record_id uuid, person_sealed bytea, seat int4, person_id uuid)
LANGUAGE sql STABLE AS $$
    SELECT r.req::int4, r.row_number, r.outcome, coalesce(q.record_id, q.person_id), q.sealed, r.seat, q.person_id
      FROM (SELECT u.n AS req, 0 AS row_number, u.whole AS outcome, NULL::uuid AS person_id, 0::int8 AS place,
                   NULL::int4 AS seat
              FROM unnest(in_wholes) WITH ORDINALITY u(whole, n)
            UNION ALL
            SELECT l.req, l.row_number, l.outcome, CASE WHEN l.outcome = OUTCOME_NAME_DIFFERS THEN l.person_id END, l.n,
                   CASE WHEN in_dry_run[l.req] THEN NULL
                        WHEN l.outcome = OUTCOME_DONE THEN l.seat
                        WHEN l.outcome = OUTCOME_DUPLICATE THEN (SELECT e.seat FROM registry.enrolment e
                                                  WHERE e.class_number = in_class[l.req]
                                                    AND e.person_id = l.person_id) END
              FROM unnest(in_row_req, in_row, in_outcomes, in_persons, in_numbers)
                   WITH ORDINALITY l(req, row_number, outcome, person_id, seat, n)
             WHERE l.outcome IS NOT NULL
            UNION ALL
            SELECT i.n, l.row_number, l.outcome, l.person_id, l.n,
                   CASE WHEN l.outcome IN (OUTCOME_DONE, OUTCOME_DUPLICATE)
                        THEN (SELECT e.seat
                                FROM registry.document d
                                JOIN registry.enrolment e ON e.class_number = in_class[i.n]
                                                          AND e.person_id = d.person_id
                               WHERE d.document_index = in_document_index[b.before + l.n]
                                 AND in_row[b.before + l.n] = l.row_number) END
              FROM unnest(in_request_id, in_known, in_wholes) WITH ORDINALITY i(request_id, known, whole, n)
              JOIN registry.request k ON k.request_id = i.request_id AND i.known AND i.whole = OUTCOME_DONE
             /* of its rows, as they were */
             CROSS JOIN LATERAL (SELECT array_position(in_row_req, i.n::int4) - 1 AS before) b
             CROSS JOIN LATERAL unnest(k.lines, k.outcomes, k.subjects)
                   WITH ORDINALITY l(row_number, outcome, person_id, n)) r
      LEFT JOIN registry.person q ON q.person_id = r.person_id
     ORDER BY r.req, r.place
$$;

/*
 * One set of requests, each with any number of rows. The steps: lock the classes in key order; judge requests;
 * judge rows; write persons, enrolments, entries, marks; answer. First come, first served: requests in the order
 * of the set, rows in the order of the request. A dry run is judged by itself and writes nothing.
 *
 * Two sets that bring the same new person at once: the second finds fewer documents inserted than it meant to, and
 * gives up with 40001; its requests are sent again one by one and then see the person. The same request id at once
 * gives up likewise on the key of registry.request.
 *
 * Plans are made once, whatever the tables hold by then: for a short set the planner would rather plan each statement
 * anew, at three times the cost of running it; and a plan made while a table was small would read all of it long after.
 * So every table is looked up by its key, row by row; only what is in the arrays may be joined otherwise, and is not.
 */
CREATE FUNCTION api.roster_import(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_dry_run bool[], in_pending int4[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_document_index bytea[], in_document_type int2[],
    in_name_index bytea[], in_birth date[], in_trainee_group int2[], in_person_id uuid[], in_person_sealed bytea[],
    in_person_commitment bytea[], in_search_key int8[], in_enrolment_id uuid[], in_enrolment_sealed bytea[],
    in_enrolment_commitment bytea[], in_warnings text[], in_account_index bytea[] DEFAULT NULL)
RETURNS TABLE (req int4, row_number int4, outcome int2, record_id uuid, person_sealed bytea, seat int4, person_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
   SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];    /* by request, as helper.roster_judge() says */
    known bool[];
    starts date[];
    births date[];
    room int4[];
    seats int4[];
    outcomes int2[];  /* by row, as helper.roster_judge_rows() says; NULL where its request takes no part */
    persons uuid[];
    founders int8[];
    fresh bool[];
    numbers int4[];
    needed CONSTANT int8[] := helper.looks_needed(in_operator, in_row_req, true);
    /* of a dry run: `in_pending` has those beside it */
    needed_alone CONSTANT int8[] := helper.looks_needed(in_operator, in_row_req, false);
    founding int8[];  /* the founders whose record is written, each once; NULL: none */
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{roster.import}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{roster.import}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* whose document a number is holds until the end */
    PERFORM FROM registry.class c WHERE c.class_number = ANY (in_class) ORDER BY c.class_number FOR NO KEY UPDATE;
    SELECT j.* INTO wholes, known, starts, births, room, seats
      FROM helper.roster_judge(in_request_id, in_digest, in_operator, in_class, in_dry_run, in_pending, needed,
                               needed_alone) j;
    IF true = ANY (known) THEN
        CALL helper.answer_again();
    END IF;
    SELECT j.* INTO outcomes, persons, founders, fresh, numbers
      FROM helper.roster_judge_rows(in_class, in_dry_run, wholes, known, starts, births, room, seats, in_row_req,
                                     in_document_index, in_name_index, in_birth, in_person_id) j;
    IF OUTCOME_DONE <> ANY (wholes) OR true = ANY (known) OR OUTCOME_NAME_DIFFERS = ANY (outcomes) THEN
        outcomes := helper.roster_settle(in_class, wholes, known, in_row_req, founders, fresh, outcomes);
    END IF;

    SELECT array_agg(DISTINCT founders[l.n]) INTO founding
      FROM unnest(in_row_req, outcomes, fresh) WITH ORDINALITY l(req, outcome, fresh, n)
     WHERE l.outcome = OUTCOME_DONE AND l.fresh AND NOT in_dry_run[l.req];
    IF founding IS NOT NULL
       AND NOT helper.roster_found(founding, in_document_index, in_document_type, in_name_index, in_person_id,
                                   in_person_sealed, in_person_commitment, in_search_key) THEN
        RAISE serialization_failure USING MESSAGE = 'another set brought one of these persons first';
    END IF;
    IF OUTCOME_NAME_DIFFERS = ANY (outcomes) THEN
        CALL helper.roster_keep_names(in_request_id, in_operator, in_class, in_dry_run, in_row_req, in_name_index,
                                      in_person_id, in_person_sealed, in_person_commitment, in_search_key, outcomes,
                                      persons);
    END IF;
    INSERT INTO registry.enrolment (class_number, person_id, enrolment_id, seat, trainee_group, document_type,
                                    request_id, sealed, commitment, warnings, account_index)
    SELECT in_class[l.req], l.person_id, l.enrolment_id, l.seat, l.trainee_group, l.document_type,
           in_request_id[l.req], l.sealed, l.commitment, l.warnings, l.account_index
      FROM unnest(in_row_req, outcomes, persons, numbers, in_document_type, in_trainee_group, in_enrolment_id,
                  in_enrolment_sealed, in_enrolment_commitment, in_warnings, in_account_index)
           l(req, outcome, person_id, seat, document_type, trainee_group, enrolment_id, sealed, commitment, warnings,
             account_index)
     WHERE l.outcome = OUTCOME_DONE AND NOT in_dry_run[l.req]
     ORDER BY in_class[l.req], l.person_id;
    IF FOUND THEN
        UPDATE registry.class c SET enrolled = c.enrolled + a.n, seats = c.seats + a.n
          FROM (SELECT in_class[l.req] AS class_number, count(*)::int4 AS n
                  FROM unnest(in_row_req, outcomes) l(req, outcome)
                 WHERE l.outcome = OUTCOME_DONE AND NOT in_dry_run[l.req]
                 GROUP BY 1) a
         WHERE c.class_number = a.class_number;
    END IF;

    /* An entry for each row and a mark for its request; for a request that has none, one of each for the whole. A
       person who is not in the registry after this is not named. */
    INSERT INTO audit.entry (operator_id, person_id, body)
    SELECT in_operator[l.req], q.person_id,
           helper.entry_body(l.head, l.outcome, in_class[l.req], q.person_id,
                             CASE WHEN l.outcome = OUTCOME_DONE THEN q.commitment END,
                             CASE WHEN l.outcome = OUTCOME_DONE THEN l.commitment END)
      FROM unnest(in_row_req, outcomes, persons, in_row_head, in_enrolment_commitment)
           WITH ORDINALITY l(req, outcome, person_id, head, commitment, n)
      LEFT JOIN registry.person q ON q.person_id = l.person_id
     WHERE l.outcome IS NOT NULL AND NOT in_dry_run[l.req]
     ORDER BY l.n;
    INSERT INTO registry.request (request_id, operator_id, digest, record, outcome, lines, outcomes, subjects)
    SELECT in_request_id[l.req], in_operator[l.req], in_digest[l.req], in_class[l.req], OUTCOME_DONE,
           array_agg(l.row_number ORDER BY l.n), array_agg(l.outcome ORDER BY l.n),
           CASE WHEN bool_or(l.outcome = OUTCOME_NAME_DIFFERS)
                     THEN array_agg(CASE WHEN l.outcome = OUTCOME_NAME_DIFFERS THEN l.person_id END ORDER BY l.n) END
      FROM unnest(in_row_req, in_row, outcomes, persons) WITH ORDINALITY l(req, row_number, outcome, person_id, n)
     WHERE l.outcome IS NOT NULL AND NOT in_dry_run[l.req]
     GROUP BY l.req
     ORDER BY in_request_id[l.req];
    IF OUTCOME_DONE <> ANY (wholes) OR cardinality(wholes) > (SELECT count(DISTINCT r) FROM unnest(in_row_req) r) THEN
        CALL helper.roster_answer_wholes(in_request_id, in_digest, in_operator, in_entry_head, in_class, in_dry_run,
                                         known, wholes, in_row_req);
    END IF;
    RETURN QUERY SELECT * FROM helper.roster_told(in_request_id, in_class, in_dry_run, known, wholes, in_row_req,
                                                  in_row, in_document_index, outcomes, persons, numbers);
END $$;

/* A class's trainees, those that a page shows. Row 0 of a request says whether it may be seen. */
CREATE FUNCTION helper.roster_page(in_class int8, in_after int4, in_page int4)
RETURNS TABLE (seat int4, person_id uuid, record_id uuid, person_sealed bytea, version int4, document_type int2,
               enrolment_id uuid, enrolment_sealed bytea, trainee_group int2, group_name text, enrolled_at_ms int8,
               warnings text)
LANGUAGE sql STABLE AS $$
    SELECT e.seat, e.person_id, coalesce(p.record_id, p.person_id), p.sealed, p.version, e.document_type,
           e.enrolment_id, e.sealed, e.trainee_group, g.name, helper.ms(e.enrolled_at),
           e.warnings
      FROM (SELECT *
              FROM registry.enrolment t
             WHERE t.class_number = in_class AND t.seat > in_after AND t.removed_reason IS NULL
             ORDER BY t.seat
             LIMIT in_page + 1) e
      JOIN registry.person p ON p.person_id = e.person_id
      JOIN registry.trainee_group g ON g.code = e.trainee_group
     ORDER BY e.seat
$$;

/* A page of a class's trainees, masked; row 0 of a request is its outcome. */
CREATE FUNCTION api.roster_list(in_operator uuid[], in_class int8[], in_after int4[], in_page int4[], in_pending int4[])
RETURNS TABLE (req int4, outcome int2, seat int4, record_id uuid, person_sealed bytea, document_type int2,
               enrolment_id uuid, enrolment_sealed bytea, trainee_group int2, group_name text, enrolled_at_ms int8,
               warnings text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    decided int2;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        decided := helper.class_look_judge(in_operator[i], in_class[i], in_after[i], in_page[i], in_pending[i], false,
                                           false);
        RETURN QUERY SELECT i, decided, 0, NULL::uuid, NULL::bytea, NULL::int2, NULL::uuid, NULL::bytea, NULL::int2,
                            NULL::text, NULL::int8, NULL::text;
        CONTINUE WHEN decided <> OUTCOME_DONE;
        RETURN QUERY SELECT i, decided, x.seat, x.record_id, x.person_sealed, x.document_type, x.enrolment_id,
                            x.enrolment_sealed, x.trainee_group, x.group_name, x.enrolled_at_ms, x.warnings
                       FROM helper.roster_page(in_class[i], in_after[i], in_page[i]) x;
    END LOOP;
END $$;

/* A page of a class's trainees in clear: its entry, with the purpose, is committed with what is shown. */
CREATE FUNCTION api.roster_export(in_operator uuid[], in_entry_head bytea[], in_class int8[], in_after int4[],
                                  in_page int4[], in_purpose int2[], in_case text[])
RETURNS TABLE (req int4, outcome int2, seat int4, person_id uuid, record_id uuid, person_sealed bytea, version int4,
               enrolment_id uuid, enrolment_sealed bytea, group_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    decided int2;
    first_seat int4;
    last_seat int4;
    shown int4;
    entry int8;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{roster.export}');
    FOR i IN 1 .. cardinality(in_operator) LOOP
        decided := helper.class_look_judge(in_operator[i], in_class[i], in_after[i], in_page[i], 0, true, false);
        SELECT min(x.seat), max(x.seat), count(*) INTO first_seat, last_seat, shown
          FROM (SELECT t.seat FROM registry.enrolment t
                 WHERE decided = OUTCOME_DONE AND t.class_number = in_class[i] AND t.seat > in_after[i]
                   AND t.removed_reason IS NULL
                 ORDER BY t.seat LIMIT in_page[i]) x;
        entry := helper.look_enter(in_operator[i], in_entry_head[i],
                                   decided, CASE WHEN decided NOT IN (OUTCOME_CLASS_UNKNOWN, OUTCOME_NOT_ALLOWED)
                                                      THEN in_class[i] END,
                                   NULL, in_purpose[i], in_case[i], shown);
        IF shown > 0 THEN
            INSERT INTO registry.class_look (class_number, entry_id, first_seat, last_seat)
            VALUES (in_class[i], entry, first_seat, last_seat);
        END IF;
        IF decided = OUTCOME_DONE THEN
            CALL helper.look_spend(in_operator[i], 0, shown);
        ELSIF decided = OUTCOME_LOOKS_EXCEEDED THEN
            CALL helper.look_count(in_operator[i], 0, 0, 1);
        END IF;
        RETURN QUERY SELECT i, decided, 0, NULL::uuid, NULL::uuid, NULL::bytea, NULL::int4, NULL::uuid, NULL::bytea,
                            NULL::text;
        CONTINUE WHEN decided <> OUTCOME_DONE;
        RETURN QUERY SELECT i, decided, x.seat, x.person_id, x.record_id, x.person_sealed, x.version, x.enrolment_id,
                            x.enrolment_sealed, x.group_name
                       FROM helper.roster_page(in_class[i], in_after[i], in_page[i]) x;
    END LOOP;
END $$;
