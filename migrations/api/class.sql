/* SPDX-License-Identifier: Apache-2.0 */
/* Classes. */

/* Opens classes: their numbers count up within the year. */
CREATE FUNCTION api.class_open(in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[],
                               in_title text[], in_occupation text[], in_level int2[], in_training_kind int2[],
                               in_starts_on date[], in_ends_on date[], in_capacity int4[],
                               in_mode int2[] DEFAULT NULL)
RETURNS TABLE (req int4, outcome int2, number int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outcomes int2[];
    numbers int8[];
    known bool[];      /* answered before: nothing is written */
    owners uuid[];
    opened int4;
    last_number int4;
    this_year int2 := extract(year FROM now() AT TIME ZONE 'Asia/Shanghai');
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{class.open}', in_request_id, in_digest);
    /* G3: the occupation and level are within the institution's scope on the first day. */
    SELECT array_agg(coalesce(
               CASE WHEN k.request_id IS NULL THEN NULL
                    WHEN k.digest = i.digest AND k.operator_id = i.operator_id THEN k.outcome
                    ELSE OUTCOME_REQUEST_ID_REUSED END,
               CASE WHEN a.organisation_id IS NULL OR a.kind <> KIND_INSTITUTION OR NOT 'clerk' = ANY (a.roles)
                         THEN OUTCOME_NOT_ALLOWED
                    WHEN p.code IS NULL THEN OUTCOME_OCCUPATION_UNKNOWN
                    WHEN NOT EXISTS (SELECT FROM registry.organisation_scope s
                                      WHERE s.organisation_id = a.organisation_id AND s.occupation_code = i.occupation
                                        AND s.level = i.level AND s.valid_from <= i.starts_on
                                        AND (s.valid_to IS NULL OR s.valid_to >= i.starts_on)) THEN OUTCOME_OUT_OF_SCOPE
                    ELSE OUTCOME_DONE END)::int2 ORDER BY i.n),
           array_agg(CASE WHEN k.digest = i.digest AND k.operator_id = i.operator_id THEN k.record END ORDER BY i.n),
           array_agg(k.request_id IS NOT NULL ORDER BY i.n),
           array_agg(a.organisation_id ORDER BY i.n)
      INTO outcomes, numbers, known, owners
      FROM unnest(in_request_id, in_digest, in_operator, in_occupation, in_level, in_starts_on)
           WITH ORDINALITY i(request_id, digest, operator_id, occupation, level, starts_on, n)
      LEFT JOIN registry.request k ON k.request_id = i.request_id
      LEFT JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN registry.occupation p ON p.code = i.occupation;
    IF true = ANY (known) THEN
        CALL helper.answer_again();
    END IF;

    SELECT count(*) INTO opened FROM unnest(outcomes, known) u(outcome, known)
     WHERE u.outcome = OUTCOME_DONE AND NOT u.known;
    IF opened > 0 THEN
        INSERT INTO registry.class_counter AS c (year, last) VALUES (this_year, opened)
            ON CONFLICT (year) DO UPDATE SET last = c.last + excluded.last
            RETURNING c.last INTO last_number;
        SELECT array_agg(CASE WHEN u.outcome = OUTCOME_DONE AND NOT u.known
                              THEN (this_year::text || lpad((last_number - opened + u.rank)::text,
                                    greatest(5, length((last_number - opened + u.rank)::text)), '0'))::int8
                              ELSE u.number END ORDER BY u.n)
          INTO numbers
          FROM (SELECT t.*, sum((t.outcome = OUTCOME_DONE AND NOT t.known)::int4) OVER (ORDER BY t.n) AS rank
                  FROM unnest(outcomes, known, numbers) WITH ORDINALITY t(outcome, known, number, n)) u;
        INSERT INTO registry.class (class_number, organisation_id, title, occupation_code, level, training_kind,
                                    starts_on, ends_on, capacity, mode)
        SELECT numbers[i.n], owners[i.n], i.title, i.occupation, i.level, i.kind, i.starts_on, i.ends_on, i.capacity,
               coalesce(in_mode[i.n], MODE_OFFLINE)
          FROM unnest(in_title, in_occupation, in_level, in_training_kind, in_starts_on, in_ends_on, in_capacity)
               WITH ORDINALITY i(title, occupation, level, kind, starts_on, ends_on, capacity, n)
         WHERE outcomes[i.n] = OUTCOME_DONE AND NOT known[i.n];
        INSERT INTO registry.class_version (class_number, version, title, starts_on, ends_on, capacity, state,
                                            operator_id, request_id)
        SELECT numbers[i.n], 1, i.title, i.starts_on, i.ends_on, i.capacity, CLASS_OPEN, i.operator_id, i.request_id
          FROM unnest(in_title, in_starts_on, in_ends_on, in_capacity, in_operator, in_request_id)
               WITH ORDINALITY i(title, starts_on, ends_on, capacity, operator_id, request_id, n)
         WHERE outcomes[i.n] = OUTCOME_DONE AND NOT known[i.n];
    END IF;

    INSERT INTO audit.entry (operator_id, body)
    SELECT i.operator_id, helper.entry_body(i.head, outcomes[i.n], numbers[i.n], NULL, NULL, NULL)
      FROM unnest(in_operator, in_entry_head) WITH ORDINALITY i(operator_id, head, n)
     WHERE NOT known[i.n];
    INSERT INTO registry.request (request_id, operator_id, digest, record, outcome)
    SELECT i.request_id, i.operator_id, i.digest, numbers[i.n], outcomes[i.n]
      FROM unnest(in_request_id, in_operator, in_digest) WITH ORDINALITY i(request_id, operator_id, digest, n)
     WHERE NOT known[i.n]
     ORDER BY i.request_id;

    RETURN QUERY SELECT u.n::int4, u.outcome, u.number
                   FROM unnest(outcomes, numbers) WITH ORDINALITY u(outcome, number, n) ORDER BY u.n;
END $$;

/* Whether trainees may still be added: before the start, and then for the days that the policy allows, if it does. */
CREATE FUNCTION helper.class_takes(in_state int2, in_starts_on date, in_division text) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT in_state = CLASS_OPEN
        OR in_state = CLASS_STARTED
           AND coalesce(helper.today()
                        <= in_starts_on + helper.policy_value('late_days', in_division, in_starts_on)::int,
                        false)
$$;

/* The filing of a class that waits for a decision: one at most. It is part of the query it stands in. */
CREATE VIEW helper.filing_waiting AS
SELECT * FROM registry.class_filing f WHERE f.decision IS NULL AND f.withdrawn_at IS NULL;

/* A class as lists and answers show it. */
CREATE VIEW helper.class_shown AS
SELECT c.class_number, c.organisation_id, g.division, c.place, g.code AS institution_code, g.name AS institution_name,
       c.title, c.occupation_code, coalesce(w.name, o.name) AS occupation_name, c.level, c.training_kind,
       k.name AS training_kind_name, c.starts_on, c.ends_on, c.capacity, c.enrolled, c.state, c.version, c.hours,
       c.mode, c.filing, c.approved_on, f.due_on
  FROM registry.class c
  JOIN registry.organisation g USING (organisation_id)
  JOIN registry.training_kind k ON k.code = c.training_kind
  JOIN registry.occupation o ON o.code = c.occupation_code
  /* helper.occupation_name() would be called for each row; behind a fence it is looked up once for classes alike */
  LEFT JOIN LATERAL (SELECT n.name FROM registry.occupation_name n
                      WHERE n.occupation_code = c.occupation_code AND n.valid_from <= c.starts_on
                        AND (n.valid_to IS NULL OR n.valid_to >= c.starts_on)
                     OFFSET 0) w ON true
  LEFT JOIN helper.filing_waiting f ON f.class_number = c.class_number;

/* A class of a list. */
CREATE TYPE helper.class_listed AS (
    req int4, number int8, institution_code text, institution_name text, title text, occupation_code text,
    occupation_name text, level int2, training_kind int2, training_kind_name text, starts_on date, ends_on date,
    capacity int4, enrolled int4, state int2, version int4, hours int4, mode int2, filing int2, approved_on date,
    due_on date, overdue bool, known_until date);

/* The classes of a request, in their order. It is part of the query it stands in. */
CREATE FUNCTION helper.class_heads(in_req int4, in_shown helper.class_shown[]) RETURNS SETOF helper.class_listed
LANGUAGE sql STABLE AS $$
    SELECT in_req, s.class_number, s.institution_code, s.institution_name, s.title, s.occupation_code,
           s.occupation_name, s.level, s.training_kind, s.training_kind_name, s.starts_on, s.ends_on, s.capacity,
           s.enrolled, s.state, s.version, s.hours, s.mode, s.filing, s.approved_on, s.due_on,
           s.due_on < helper.today(), CASE WHEN s.due_on IS NOT NULL THEN helper.calendar_known(s.division) END
      FROM unnest(in_shown) WITH ORDINALITY s
     ORDER BY s.ordinality
$$;

/* Classes that the caller may see, newest first; one more than the page when there are more. The plan is made once: to
   make it takes several times as long as a page does. */
CREATE FUNCTION api.class_list(in_operator uuid[], in_before int8[], in_page int4[])
RETURNS SETOF helper.class_listed
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, s.class_number, s.institution_code, s.institution_name, s.title, s.occupation_code,
           s.occupation_name, s.level, s.training_kind, s.training_kind_name, s.starts_on, s.ends_on, s.capacity,
           s.enrolled, s.state, s.version, s.hours, s.mode, s.filing, s.approved_on, s.due_on,
           s.due_on < helper.today(), CASE WHEN s.due_on IS NOT NULL THEN helper.calendar_known(s.division) END
      FROM (SELECT t.operator_id, t.page, t.n,
                   /* the place of a number: registry.class.place */
                   CASE WHEN t.before > 99999999999999 THEN t.before
                        ELSE left(t.before::text, 4)::int8 * 10000000000
                             + coalesce(nullif(substr(t.before::text, 5), ''), '0')::int8 END AS before
              FROM unnest(in_operator, in_before, in_page) WITH ORDINALITY t(operator_id, before, page, n)) i
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           /* an institution's own have their index; a bureau reads back from the newest */
           (SELECT * FROM helper.class_shown s
             WHERE NOT helper.sees_area(a.kind) AND s.organisation_id = a.organisation_id AND s.place < i.before
             ORDER BY s.place DESC LIMIT i.page + 1)
           UNION ALL
           (SELECT * FROM helper.class_shown s
             WHERE helper.sees_area(a.kind) AND s.place < i.before
               AND helper.sees(a.kind, a.organisation_id, a.division, s.organisation_id, s.division)
             ORDER BY s.place DESC LIMIT i.page + 1)) s
     ORDER BY i.n, s.place DESC;
END $$;

/* ---- amending, starting, completing, cancelling ---- */

/* Keeps what a class is now as its present version. */
CREATE PROCEDURE helper.class_keep(in_class int8, in_reason text, in_operator uuid, in_request_id uuid)
LANGUAGE sql AS $$
    INSERT INTO registry.class_version (class_number, version, title, starts_on, ends_on, capacity, state, filing,
                                        reason, operator_id, request_id)
    SELECT c.class_number, c.version, c.title, c.starts_on, c.ends_on, c.capacity, c.state, c.filing, in_reason,
           in_operator, in_request_id
      FROM registry.class c WHERE c.class_number = in_class
$$;

/* Who completes: enough of the planned hours attended, and marks. Late and early leavers were there; leave is not.
   Results are enum TrainingResult. */
CREATE PROCEDURE helper.class_results(in_class int8) LANGUAGE sql AS $$
    UPDATE registry.enrolment e
       SET result = CASE WHEN (t.attended * 100 >= helper.policy_value('attendance_percent', g.division,
                                                                       c.starts_on) * c.hours)
                              IS NOT TRUE THEN RESULT_TOO_FEW_HOURS
                         WHEN least(m.theory, m.practice)
                              >= helper.policy_value('pass_mark', g.division, c.starts_on) * 10
                              AND num_nulls(m.theory, m.practice) = 0 THEN RESULT_COMPLETED
                         ELSE RESULT_MARKS END
      FROM registry.class c
      JOIN registry.organisation g USING (organisation_id)
      JOIN registry.enrolment x ON x.class_number = c.class_number
     CROSS JOIN LATERAL (SELECT coalesce(sum(l.hours), 0) AS attended
                           FROM registry.attendance a
                           JOIN registry.lesson l ON l.class_number = a.class_number AND l.lesson = a.lesson
                          WHERE a.class_number = c.class_number AND a.person_id = x.person_id
                            AND a.state IN (ATTENDANCE_PRESENT, ATTENDANCE_LATE, ATTENDANCE_LEFT_EARLY)) t
      LEFT JOIN registry.mark m ON m.class_number = c.class_number AND m.person_id = x.person_id
     WHERE c.class_number = in_class AND e.class_number = x.class_number AND e.person_id = x.person_id
       AND e.removed_reason IS NULL
$$;

/* Why a class cannot become what is asked for; done: it can. NULLs stay as they are. */
CREATE FUNCTION helper.class_judge(in_class registry.class, in_starts_on date, in_ends_on date, in_capacity int4,
                                   in_state int2) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    first_day date := coalesce(in_starts_on, in_class.starts_on);
    last_day date := coalesce(in_ends_on, in_class.ends_on);
BEGIN
    RETURN CASE
        WHEN in_state IS NULL AND in_class.state <> CLASS_OPEN THEN OUTCOME_CLASS_STATE
        WHEN in_state = CLASS_STARTED AND in_class.state <> CLASS_OPEN THEN OUTCOME_CLASS_STATE
        WHEN in_state = CLASS_COMPLETED AND in_class.state <> CLASS_STARTED THEN OUTCOME_CLASS_STATE
        WHEN in_state = CLASS_CANCELLED AND in_class.state NOT IN (CLASS_OPEN, CLASS_STARTED) THEN OUTCOME_CLASS_STATE
        WHEN coalesce(in_state, CLASS_STARTED) = CLASS_STARTED AND in_class.filing = FILING_FILED
             THEN OUTCOME_CLASS_FILED
        WHEN in_state IS NULL AND in_class.filing = FILING_APPROVED
             AND num_nonnulls(in_starts_on, in_ends_on, in_capacity) > 0 THEN OUTCOME_CLASS_APPROVED
        WHEN in_state = CLASS_STARTED AND in_class.filing IS DISTINCT FROM FILING_APPROVED
             AND (in_class.filing = FILING_RETURNED OR helper.class_needs_approval(in_class))
             THEN OUTCOME_CLASS_NOT_APPROVED
        WHEN in_state = CLASS_STARTED AND helper.today() < in_class.starts_on THEN OUTCOME_TOO_EARLY
        WHEN in_state = CLASS_COMPLETED AND helper.today() < in_class.ends_on THEN OUTCOME_TOO_EARLY
        WHEN in_state = CLASS_COMPLETED AND in_class.enrolled = 0 THEN OUTCOME_CLASS_EMPTY
        WHEN last_day < first_day THEN OUTCOME_DATES_ORDER
        /* trainees were old enough on the day as it was (A1) */
        WHEN first_day < in_class.starts_on AND in_class.enrolled > 0 THEN OUTCOME_START_EARLIER
        WHEN coalesce(in_capacity, in_class.capacity) < in_class.enrolled THEN OUTCOME_CAPACITY_BELOW
        WHEN in_state IS NULL
             AND EXISTS (SELECT FROM registry.lesson l WHERE l.class_number = in_class.class_number
                                                         AND l.held_on NOT BETWEEN first_day AND last_day)
                                                         THEN OUTCOME_LESSON_OUTSIDE
        /* G3 */
        WHEN in_starts_on IS NOT NULL
             AND NOT EXISTS (SELECT FROM registry.organisation_scope s
                              WHERE s.organisation_id = in_class.organisation_id
                                AND s.occupation_code = in_class.occupation_code AND s.level = in_class.level
                                AND s.valid_from <= in_starts_on
                                AND (s.valid_to IS NULL OR s.valid_to >= in_starts_on)) THEN OUTCOME_OUT_OF_SCOPE
        /* G31 */
        WHEN in_capacity > in_class.capacity OR in_ends_on > in_class.ends_on
             THEN helper.rooms_judge(in_class, coalesce(in_capacity, in_class.capacity), last_day)
        /* G10, G11, C1: lessons and trainees may have come and gone since it was approved */
        WHEN in_state IN (CLASS_STARTED, CLASS_COMPLETED) THEN helper.class_taught(in_class)
        ELSE OUTCOME_DONE END;
END $$;

/* The lessons of a class that is cancelled leave its plan, but for those that are over or attended: nobody is kept from
   their rooms and teachers. */
CREATE PROCEDURE helper.lessons_free(in_class int8) LANGUAGE sql AS $$
    WITH freed AS (DELETE FROM registry.lesson l
                    WHERE l.class_number = in_class AND upper(l.held) > now() AT TIME ZONE 'Asia/Shanghai'
                      AND NOT EXISTS (SELECT FROM registry.attendance a
                                       WHERE a.class_number = l.class_number AND a.lesson = l.lesson)
                   RETURNING l.hours)
    UPDATE registry.class c SET hours = c.hours - f.hours
      FROM (SELECT sum(hours) AS hours FROM freed) f
     WHERE c.class_number = in_class AND f.hours IS NOT NULL;
$$;

/* What of a class has changed since a version: bit 0 title, 1 starts_on, 2 ends_on, 3 capacity, 4 state, 5 filing. */
CREATE FUNCTION helper.class_changed(in_class registry.class, in_version int4) RETURNS int4 LANGUAGE sql STABLE AS $$
    SELECT coalesce(bit_or((v.title <> in_class.title)::int4 + (v.starts_on <> in_class.starts_on)::int4 * 2
                           + (v.ends_on <> in_class.ends_on)::int4 * 4
                           + (v.capacity <> in_class.capacity)::int4 * 8
                           + (v.state <> in_class.state)::int4 * 16
                           + (v.filing IS DISTINCT FROM in_class.filing)::int4 * 32), 0)
      FROM registry.class_version v
     WHERE v.class_number = in_class.class_number AND v.version = in_version
$$;

/* As api.organisation_amend; `changed`: as helper.class_changed() says it. */
CREATE FUNCTION api.class_amend(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_version int4[], in_title text[], in_starts_on date[], in_ends_on date[], in_capacity int4[], in_state int2[],
    in_reason text[])
RETURNS TABLE (req int4, outcome int2, changed int4, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    target registry.class;
    growing int8[];
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator,
                               helper.methods('{NULL,class.start,class.complete,class.cancel}', in_state,
                                              'class.amend'), in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* whose records are whose holds until the end */
    /* a change of the calendar that moves when the filing of one that is cancelled is due is waited for */
    IF CLASS_CANCELLED = ANY (in_state) THEN
        LOCK TABLE registry.calendar_day IN ROW SHARE MODE;
    END IF;
    /* classes, then the rooms of all that may grow: as whoever plans lessons */
    PERFORM FROM registry.class c WHERE c.class_number = ANY (in_class) ORDER BY c.class_number FOR NO KEY UPDATE;
    growing := ARRAY(SELECT u.class FROM unnest(in_class, in_ends_on, in_capacity) u(class, ends_on, capacity)
                      WHERE num_nonnulls(u.ends_on, u.capacity) > 0);
    PERFORM helper.rooms_hold(ARRAY(SELECT DISTINCT l.room_id FROM registry.lesson l
                                     WHERE l.class_number = ANY (growing) AND l.room_id IS NOT NULL),
                              ARRAY(SELECT DISTINCT c.organisation_id FROM registry.class c
                                     WHERE c.class_number = ANY (growing)));
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        changed := CASE WHEN decided = OUTCOME_VERSION_DIFFERS THEN first.detail END;
        version := CASE WHEN decided = OUTCOME_DONE THEN first.detail END;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.class c
             WHERE c.class_number = in_class[i] AND c.organisation_id = caller.organisation_id FOR NO KEY UPDATE;
            decided := CASE
                WHEN caller IS NULL OR NOT 'clerk' = ANY (caller.roles) THEN OUTCOME_NOT_ALLOWED
                WHEN target IS NULL THEN OUTCOME_CLASS_UNKNOWN
                WHEN target.version <> in_version[i] THEN OUTCOME_VERSION_DIFFERS
                /* a state changes alone, and never back */
                WHEN in_state[i] = CLASS_OPEN
                     OR in_state[i] IS NOT NULL
                        AND num_nonnulls(in_title[i], in_starts_on[i], in_ends_on[i], in_capacity[i]) > 0
                        THEN OUTCOME_CLASS_STATE
                ELSE helper.class_judge(target, in_starts_on[i], in_ends_on[i], in_capacity[i], in_state[i]) END;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.class c
                   SET title = coalesce(in_title[i], c.title), starts_on = coalesce(in_starts_on[i], c.starts_on),
                       ends_on = coalesce(in_ends_on[i], c.ends_on), capacity = coalesce(in_capacity[i], c.capacity),
                       state = coalesce(in_state[i], c.state), version = c.version + 1
                 WHERE c.class_number = in_class[i]
                 RETURNING * INTO target;
                version := target.version;
                CALL helper.class_keep(in_class[i], in_reason[i], in_operator[i], in_request_id[i]);
                IF target.state = CLASS_COMPLETED THEN
                    CALL helper.class_results(in_class[i]);
                ELSIF target.state = CLASS_CANCELLED THEN
                    CALL helper.lessons_free(in_class[i]);
                    /* there is nothing left to decide */
                    UPDATE registry.class_filing f
                       SET withdrawn_at = now(), withdrawn_by = in_operator[i], withdrawn_request = in_request_id[i],
                           withdrawn_reason = in_reason[i]
                     WHERE f.class_number = in_class[i] AND f.decision IS NULL AND f.withdrawn_at IS NULL;
                END IF;
            ELSIF decided = OUTCOME_VERSION_DIFFERS THEN
                changed := helper.class_changed(target, in_version[i]);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_record => CASE WHEN decided NOT IN (OUTCOME_CLASS_UNKNOWN, OUTCOME_NOT_ALLOWED)
                                                      THEN in_class[i] END,
                               in_detail => coalesce(changed, version));
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* A trainee leaves the class, with the reason; or takes part again (no reason). The seat stays the trainee's. What
   is said of the trainee beside the seat must agree (A6). */
CREATE FUNCTION api.roster_remove(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_seat int4[], in_reason text[], in_document_index bytea[] DEFAULT NULL, in_name_index bytea[] DEFAULT NULL)
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    target registry.class;
    trainee registry.enrolment;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator,
                               ARRAY(SELECT CASE WHEN r IS NULL THEN 'roster.restore' ELSE 'roster.remove' END
                                       FROM unnest(in_reason) WITH ORDINALITY u(r, n)
                                      ORDER BY n), in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key());
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.class c
             WHERE c.class_number = in_class[i] AND c.organisation_id = caller.organisation_id FOR NO KEY UPDATE;
            SELECT * INTO trainee FROM registry.enrolment e
             WHERE e.class_number = target.class_number AND e.seat = in_seat[i];
            decided := CASE
                WHEN caller IS NULL OR NOT 'clerk' = ANY (caller.roles) THEN OUTCOME_NOT_ALLOWED
                WHEN target IS NULL THEN OUTCOME_CLASS_UNKNOWN
                WHEN target.state NOT IN (CLASS_OPEN, CLASS_STARTED) THEN OUTCOME_CLASS_STATE
                WHEN in_reason[i] IS NOT NULL AND target.state = CLASS_OPEN AND target.filing = FILING_FILED
                     THEN OUTCOME_CLASS_FILED
                WHEN trainee IS NULL OR (trainee.removed_reason IS NULL) = (in_reason[i] IS NULL)
                     THEN OUTCOME_TRAINEE_UNKNOWN
                /* the person has another seat here, of the record that this one was merged into */
                WHEN EXISTS (SELECT FROM registry.person_merge m WHERE m.gone = trainee.person_id)
                     THEN OUTCOME_TRAINEE_UNKNOWN
                WHEN helper.looks_left(in_operator[i], caller.division, false) <= 0
                     AND (num_nonnulls(in_document_index[i], in_name_index[i]) > 0
                          OR in_reason[i] IS NULL AND helper.person_erased(trainee.person_id))
                     THEN OUTCOME_LOOKS_EXCEEDED
                WHEN in_reason[i] IS NULL AND helper.person_erased(trainee.person_id) THEN OUTCOME_ERASED
                WHEN in_reason[i] IS NULL AND target.enrolled >= target.capacity THEN OUTCOME_CLASS_FULL
                ELSE coalesce(helper.holder_differs(trainee.person_id, in_document_index[i], in_name_index[i]),
                              OUTCOME_DONE) END;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.enrolment e SET removed_reason = in_reason[i]
                 WHERE e.class_number = in_class[i] AND e.person_id = trainee.person_id;
                UPDATE registry.class c SET enrolled = c.enrolled + CASE WHEN in_reason[i] IS NULL THEN 1 ELSE -1 END
                 WHERE c.class_number = in_class[i];
            END IF;
            CALL helper.look_guessed(in_operator[i], decided);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_record => CASE WHEN decided NOT IN (OUTCOME_CLASS_UNKNOWN, OUTCOME_NOT_ALLOWED)
                                                      THEN in_class[i] END,
                               in_person => trainee.person_id);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;
