/* SPDX-License-Identifier: Apache-2.0 */
/* What happens in a class: lessons, attendance, marks. */

/* Whether a caller may write into a class now: the institution's clerk while it runs (`before`: before it starts too);
   afterwards a bureau's reviewer, with a reason. Done, or why not. */
CREATE FUNCTION helper.training_judge(in_operator uuid, in_class registry.class, in_before bool, in_reason text)
RETURNS int2
LANGUAGE plpgsql STABLE AS $$
DECLARE
    caller record;
    home registry.organisation;
BEGIN
    SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator;
    SELECT * INTO home FROM registry.organisation g WHERE g.organisation_id = in_class.organisation_id;
    RETURN CASE
        WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
        WHEN home IS NULL OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division, home.organisation_id,
                                             home.division) THEN OUTCOME_CLASS_UNKNOWN
        WHEN caller.organisation_id = home.organisation_id AND 'clerk' = ANY (caller.roles)
             THEN CASE WHEN in_before AND in_class.state = CLASS_OPEN AND in_class.filing = FILING_FILED
                            THEN OUTCOME_CLASS_FILED
                       WHEN in_class.state = CLASS_STARTED OR in_before AND in_class.state = CLASS_OPEN
                            THEN OUTCOME_DONE ELSE OUTCOME_CLASS_STATE END
        WHEN helper.is_bureau(caller.kind) AND 'reviewer' = ANY (caller.roles)
             THEN CASE WHEN in_class.state <> CLASS_COMPLETED THEN OUTCOME_CLASS_STATE
                       WHEN in_reason IS NULL THEN OUTCOME_REASON_NEEDED ELSE OUTCOME_DONE END
        ELSE OUTCOME_NOT_ALLOWED END;
END $$;

/* The answers given before to the requests of a set with rows: what render expects of them. */
CREATE FUNCTION helper.rows_answered(in_request_id uuid[], in_known bool[])
RETURNS TABLE (req int4, row_number int4, outcome int2, place int8) LANGUAGE sql STABLE AS $$
    SELECT i.n::int4, l.row_number, l.outcome, l.n
      FROM unnest(in_request_id, in_known) WITH ORDINALITY i(request_id, known, n)
      JOIN registry.request k ON k.request_id = i.request_id AND i.known
     CROSS JOIN LATERAL unnest(k.lines, k.outcomes) WITH ORDINALITY l(row_number, outcome, n)
$$;

/* ---- lessons ---- */

/* Why a lesson cannot be added; done: it can; unchanged: it is there already, the same in all that counts. `documents`:
   of the teacher, who has been judged apart; so has the room's name. */
CREATE FUNCTION helper.lesson_judge(in_class registry.class, in_new registry.lesson, in_documents bytea[],
                                    in_room int2, in_teacher int2) RETURNS int2 LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN in_new.held_on NOT BETWEEN in_class.starts_on AND in_class.ends_on THEN OUTCOME_LESSON_OUTSIDE
        WHEN in_room <> OUTCOME_DONE THEN in_room
        WHEN EXISTS (SELECT FROM registry.lesson l
                      WHERE l.class_number = in_class.class_number AND l.held = in_new.held
                        AND l.teacher_index = ANY (in_documents) AND l.practice = in_new.practice
                        AND l.hours = in_new.hours AND coalesce(l.room_id = in_new.room_id, true))
             THEN OUTCOME_UNCHANGED
        WHEN EXISTS (SELECT FROM registry.lesson l
                      WHERE l.class_number = in_class.class_number AND l.held && in_new.held)
             THEN OUTCOME_LESSON_OVERLAPS
        WHEN in_teacher <> OUTCOME_DONE THEN in_teacher
        WHEN EXISTS (SELECT FROM registry.lesson l
                      WHERE l.teacher_index = ANY (in_documents) AND l.held && in_new.held) THEN OUTCOME_TEACHER_BUSY
        WHEN EXISTS (SELECT FROM registry.lesson l WHERE l.room_id = in_new.room_id AND l.held && in_new.held)
             THEN OUTCOME_ROOM_BUSY
        ELSE helper.room_judge(in_new.room_id, in_class.organisation_id, in_class.capacity, in_class.ends_on) END
$$;

/* Judges one lesson of a class and adds it to the plan. */
CREATE FUNCTION helper.lesson_keep(in_new registry.lesson, in_venue_key text, in_room_key text, in_name_index bytea)
RETURNS int2
LANGUAGE plpgsql AS $$
DECLARE
    fresh registry.lesson := in_new;
    documents CONSTANT bytea[] := helper.document_kin(in_new.teacher_index);
    class registry.class;
    room record;
    teacher record;
    outcome int2;
BEGIN
    SELECT * INTO class FROM registry.class c WHERE c.class_number = in_new.class_number;
    SELECT * INTO room FROM helper.room_named(class.organisation_id, in_venue_key, in_room_key, in_new.held_on);
    SELECT * INTO teacher FROM helper.teacher_judge(class, documents, in_name_index, in_new.held_on);
    fresh.room_id := room.room_id;
    fresh.teacher_id := teacher.teacher_id;
    outcome := helper.lesson_judge(class, fresh, documents, room.outcome, teacher.outcome);
    IF outcome = OUTCOME_DONE THEN
        outcome := CASE WHEN helper.lesson_elsewhere(class, fresh.room_id) THEN OUTCOME_SITE_ELSEWHERE
                        ELSE helper.lesson_within(class, fresh.held_on, fresh.held, fresh.hours) END;
    END IF;
    IF outcome = OUTCOME_DONE THEN
        UPDATE registry.class c SET lessons = c.lessons + 1, hours = c.hours + fresh.hours
         WHERE c.class_number = fresh.class_number RETURNING c.lessons INTO fresh.lesson;
        INSERT INTO registry.lesson SELECT fresh.*;
    END IF;
    RETURN outcome;
END $$;

/* Whoever adds lessons keeps the classes, the rooms that their places may name, and the teachers as they are until the
   transaction ends: two that would meet in a room, or in a teacher, come one after the other. */
CREATE FUNCTION helper.lessons_hold(in_class int8[], in_room_key text[], in_teacher_index bytea[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    organisations uuid[];
BEGIN
    PERFORM FROM registry.class c WHERE c.class_number = ANY (in_class) ORDER BY c.class_number FOR NO KEY UPDATE;
    organisations := ARRAY(SELECT DISTINCT c.organisation_id FROM registry.class c
                            WHERE c.class_number = ANY (in_class));
    PERFORM helper.rooms_hold(ARRAY(SELECT r.room_id FROM registry.venue_use u JOIN registry.room r USING (venue_id)
                                  WHERE u.organisation_id = ANY (organisations) AND r.name_key = ANY (in_room_key)),
                           organisations);
    PERFORM helper.teachers_hold(in_teacher_index);
END $$;

/* Adds lessons to a class's plan. Lessons of one request are judged one after the other. */
CREATE FUNCTION api.lesson_add(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_on date[], in_from int4[], in_to int4[],
    in_hours int4[], in_place text[], in_content text[], in_practice bool[], in_venue_key text[], in_room_key text[],
    in_lesson_id uuid[], in_teacher_index bytea[], in_teacher_sealed bytea[], in_teacher_commitment bytea[],
    in_name_index bytea[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, registry, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    class registry.class;
    fresh registry.lesson;
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{lesson.add}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{lesson.add}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key());
    PERFORM helper.lessons_hold(in_class, in_room_key, in_teacher_index);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO class FROM registry.class c WHERE c.class_number = in_class[i];
        wholes[i] := coalesce(first.outcome, helper.training_judge(in_operator[i], class, true, NULL));
        IF wholes[i] = OUTCOME_DONE AND NOT known[i]
           AND EXISTS (SELECT FROM helper.acting a WHERE a.operator_id = in_operator[i]
                AND helper.looks_left(a.operator_id, a.division, false)
                        < (SELECT count(*) FROM unnest(in_row_req) q WHERE q = i)) THEN
            wholes[i] := OUTCOME_LOOKS_EXCEEDED;
        END IF;
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        FOR n IN 1 .. cardinality(in_row_req) LOOP
            CONTINUE WHEN in_row_req[n] <> i;
            fresh.class_number := in_class[i];
            fresh.held_on := in_on[n];
            fresh.held := tsrange(in_on[n] + make_interval(mins => in_from[n]),
                                  in_on[n] + make_interval(mins => in_to[n]));
            fresh.hours := in_hours[n];
            fresh.place := in_place[n];
            fresh.content := in_content[n];
            fresh.practice := in_practice[n];
            fresh.lesson_id := in_lesson_id[n];
            fresh.teacher_index := in_teacher_index[n];
            fresh.teacher_sealed := in_teacher_sealed[n];
            fresh.teacher_commitment := in_teacher_commitment[n];
            fresh.request_id := in_request_id[i];
            outcomes[n] := helper.lesson_keep(fresh, in_venue_key[n], in_room_key[n], in_name_index[n]);
            INSERT INTO audit.entry (operator_id, body)
            VALUES (in_operator[i],
                    helper.entry_body(in_row_head[n], outcomes[n], in_class[i], NULL,
                                      CASE WHEN outcomes[n] = OUTCOME_DONE THEN in_teacher_commitment[n] END, NULL,
                                      CASE WHEN outcomes[n] = OUTCOME_DONE THEN in_lesson_id[n] END));
            IF outcomes[n] IN (OUTCOME_TEACHER_BUSY, OUTCOME_TEACHER_NAME) THEN
                /* where else somebody is then, or what the name is: an answer about a person */
                CALL helper.look_spend(in_operator[i], 1, 0);
            END IF;
        END LOOP;
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head, in_class, known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* Marks the requests of a set whose answers have rows; an entry for each that was refused whole. */
CREATE PROCEDURE helper.rows_answer(in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[],
                                     in_class int8[], in_known bool[], in_wholes int2[], in_row_req int4[],
                                     in_row int4[], in_outcomes int2[])
LANGUAGE sql AS $$
    INSERT INTO registry.look_hour AS h (operator_id, hour, masked, refused) /* what was over the limit of the hour */
    SELECT i.operator_id, date_trunc('hour', now()), 0, count(*)
      FROM unnest(in_operator) WITH ORDINALITY i(operator_id, n)
     WHERE NOT in_known[i.n] AND in_wholes[i.n] = OUTCOME_LOOKS_EXCEEDED
     GROUP BY 1
     ORDER BY 1
        ON CONFLICT (operator_id, hour) DO UPDATE SET refused = h.refused + excluded.refused;
    INSERT INTO audit.entry (operator_id, body)
    SELECT i.operator_id,
           helper.entry_body(i.head, in_wholes[i.n], CASE WHEN in_wholes[i.n] <> OUTCOME_CLASS_UNKNOWN THEN i.class END,
                             NULL, NULL, NULL)
      FROM unnest(in_operator, in_entry_head, in_class) WITH ORDINALITY i(operator_id, head, class, n)
     WHERE NOT in_known[i.n] AND in_wholes[i.n] <> OUTCOME_DONE;
    INSERT INTO registry.request (request_id, operator_id, digest, record, outcome, lines, outcomes)
    SELECT i.request_id, i.operator_id, i.digest, i.class, in_wholes[i.n], a.lines, a.outcomes
      FROM unnest(in_request_id, in_operator, in_digest, in_class)
           WITH ORDINALITY i(request_id, operator_id, digest, class, n)
      LEFT JOIN (SELECT l.req, array_agg(l.row_number ORDER BY l.n) AS lines,
                        array_agg(l.outcome ORDER BY l.n) AS outcomes
                   FROM unnest(in_row_req, in_row, in_outcomes) WITH ORDINALITY l(req, row_number, outcome, n)
                  WHERE l.outcome IS NOT NULL
                  GROUP BY l.req) a ON a.req = i.n
     WHERE NOT in_known[i.n]
     ORDER BY i.request_id;
$$;

/* The rows of an answer: for each request a row of number 0 with the whole's outcome, then its rows. */
CREATE FUNCTION helper.rows_told(in_request_id uuid[], in_known bool[], in_wholes int2[], in_row_req int4[],
                                  in_row int4[], in_outcomes int2[])
RETURNS TABLE (req int4, row_number int4, outcome int2) LANGUAGE sql STABLE AS $$
    SELECT r.req, r.row_number, r.outcome
      FROM (SELECT u.n::int4 AS req, 0 AS row_number, u.whole AS outcome, 0::int8 AS place
              FROM unnest(in_wholes) WITH ORDINALITY u(whole, n)
            UNION ALL
            SELECT l.req, l.row_number, l.outcome, l.n
              FROM unnest(in_row_req, in_row, in_outcomes) WITH ORDINALITY l(req, row_number, outcome, n)
             WHERE l.outcome IS NOT NULL
            UNION ALL
            SELECT * FROM helper.rows_answered(in_request_id, in_known) a WHERE in_wholes[a.req] = OUTCOME_DONE) r
     ORDER BY r.req, r.place
$$;

/* Removes a lesson that nobody has attended yet from the plan. */
CREATE FUNCTION api.lesson_remove(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_lesson int4[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    class registry.class;
    removed registry.lesson;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{lesson.remove}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO class FROM registry.class c WHERE c.class_number = in_class[i] FOR NO KEY UPDATE;
            SELECT * INTO removed FROM registry.lesson l WHERE l.class_number = in_class[i] AND l.lesson = in_lesson[i];
            decided := helper.training_judge(in_operator[i], class, true, NULL);
            decided := CASE
                WHEN decided <> OUTCOME_DONE THEN decided
                WHEN removed IS NULL THEN OUTCOME_LESSON_UNKNOWN
                WHEN EXISTS (SELECT FROM registry.attendance a WHERE a.class_number = in_class[i]
                                                                 AND a.lesson = in_lesson[i])
                                                                 THEN OUTCOME_LESSON_ATTENDED
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                DELETE FROM registry.lesson l WHERE l.class_number = in_class[i] AND l.lesson = in_lesson[i];
                UPDATE registry.class c SET hours = c.hours - removed.hours WHERE c.class_number = in_class[i];
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_record => CASE WHEN decided NOT IN (OUTCOME_CLASS_UNKNOWN, OUTCOME_NOT_ALLOWED)
                                                      THEN in_class[i] END,
                               in_subject => CASE WHEN decided = OUTCOME_DONE THEN removed.lesson_id END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* The plan of a class. Row 0 of each request says that the class may be seen. */
CREATE FUNCTION api.lesson_list(in_operator uuid[], in_class int8[], in_after int4[], in_page int4[])
RETURNS TABLE (req int4, lesson int4, held_on date, from_minute int4, to_minute int4, hours int4, place text,
               content text, lesson_id uuid, teacher_sealed bytea, practice bool, address text, room text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.lesson, x.held_on, x.from_minute, x.to_minute, x.hours, x.place, x.content, x.lesson_id,
           x.teacher_sealed, x.practice, x.address, x.room
      FROM unnest(in_operator, in_class, in_after, in_page) WITH ORDINALITY i(operator_id, class_number, after, page, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
      JOIN helper.class_shown c ON c.class_number = i.class_number
       AND helper.sees(a.kind, a.organisation_id, a.division, c.organisation_id, c.division)
     CROSS JOIN LATERAL (
           SELECT 0 AS lesson, NULL::date AS held_on, NULL::int4 AS from_minute, NULL::int4 AS to_minute,
                  NULL::int4 AS hours, NULL::text AS place, NULL::text AS content, NULL::uuid AS lesson_id,
                  NULL::bytea AS teacher_sealed, NULL::bool AS practice, NULL::text AS address, NULL::text AS room
           UNION ALL
           (SELECT l.lesson, l.held_on, (extract(epoch FROM lower(l.held) - l.held_on) / 60)::int4,
                   (extract(epoch FROM upper(l.held) - l.held_on) / 60)::int4, l.hours, l.place, l.content,
                   l.lesson_id, l.teacher_sealed, l.practice, v.address, r.name
              FROM registry.lesson l
              LEFT JOIN registry.room r ON r.room_id = l.room_id
              LEFT JOIN registry.venue v ON v.venue_id = r.venue_id
             WHERE l.class_number = i.class_number AND l.lesson > i.after
             ORDER BY l.lesson
             LIMIT i.page + 1)) x
     ORDER BY i.n, x.lesson;
END $$;

/* ---- attendance and marks: their entries commit to nothing, since a state or a mark is soon guessed; what was
   written, the rows' own entries of the same transaction have, with random bytes ---- */

/* A6: whether what is said of somebody is of the person meant; NULL: it is, or nothing is said. The document is
   not one of the person's, or the person goes by no such name, on the record or on a document of another name. */
CREATE FUNCTION helper.holder_differs(in_person uuid, in_document bytea, in_name bytea) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF in_document IS NOT NULL
       AND NOT EXISTS (SELECT FROM registry.document d
                        WHERE d.document_index = in_document AND d.person_id = in_person) THEN
        RETURN OUTCOME_HOLDER_DOCUMENT;
    END IF;
    IF in_name IS NOT NULL
       AND NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = in_person AND p.name_index = in_name)
       AND NOT EXISTS (SELECT FROM registry.document d WHERE d.person_id = in_person AND d.name_index = in_name) THEN
        RETURN OUTCOME_HOLDER_NAME;
    END IF;
    RETURN NULL;
END $$;

/* What a row comes to that is about somebody else than it says, or about nobody: a guess, if the row says who it is. */
CREATE FUNCTION helper.is_guess(in_outcome int2) RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT in_outcome IN (OUTCOME_HOLDER_DOCUMENT, OUTCOME_HOLDER_NAME, OUTCOME_HOLDER_CERTIFICATE,
                          OUTCOME_TRAINEE_UNKNOWN)
$$;

/* The outcomes of a set's rows, with those that say whom they are about, by document or by name, refused as soon as
   their operator has no look left for a guess: row by row, as if each were judged when those before it are known. */
CREATE FUNCTION helper.rows_limited(in_operator uuid[], in_row_req int4[], in_outcomes int2[], in_document bytea[],
                                     in_name bytea[]) RETURNS int2[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF num_nonnulls(VARIADIC in_document) + coalesce(num_nonnulls(VARIADIC in_name), 0) = 0 THEN
        RETURN in_outcomes;
    END IF;
    RETURN (
        WITH who AS MATERIALIZED (
            SELECT a.operator_id, helper.looks_left(a.operator_id, a.division, false) AS looks
              FROM (SELECT DISTINCT u.operator_id FROM unnest(in_operator) u(operator_id)) o
              JOIN helper.acting a ON a.operator_id = o.operator_id)
        SELECT array_agg(CASE WHEN r.says AND r.guesses >= w.looks THEN OUTCOME_LOOKS_EXCEEDED ELSE r.outcome END
                         ORDER BY r.n)
          FROM (SELECT l.n, l.outcome, l.says, in_operator[l.req] AS operator_id,
                       count(*) FILTER (WHERE l.says AND helper.is_guess(l.outcome))
                           OVER (PARTITION BY in_operator[l.req] ORDER BY l.n
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS guesses
                  FROM (SELECT u.n, u.req, u.outcome,
                               u.outcome IS NOT NULL AND num_nonnulls(u.document, u.name) > 0 AS says
                          FROM unnest(in_row_req, in_outcomes, in_document, in_name)
                               WITH ORDINALITY u(req, outcome, document, name, n)) l) r
          LEFT JOIN who w ON w.operator_id = r.operator_id);
END $$;

/* Counts the guesses of a set's rows, which their operators had looks left for, and those that were refused. Who names
   nobody, but a seat that nobody has, guesses nothing. */
CREATE PROCEDURE helper.rows_guessed(in_operator uuid[], in_row_req int4[], in_outcomes int2[],
                                      in_document bytea[] DEFAULT NULL, in_name bytea[] DEFAULT NULL)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry.look_hour AS h (operator_id, hour, masked, refused)
    SELECT in_operator[l.req], date_trunc('hour', now()),
           count(*) FILTER (WHERE l.outcome <> OUTCOME_LOOKS_EXCEEDED),
           count(*) FILTER (WHERE l.outcome = OUTCOME_LOOKS_EXCEEDED)
      FROM unnest(in_row_req, in_outcomes, in_document, in_name) l(req, outcome, document, name)
     WHERE l.outcome = OUTCOME_LOOKS_EXCEEDED
        OR helper.is_guess(l.outcome)
           AND (l.outcome <> OUTCOME_TRAINEE_UNKNOWN OR num_nonnulls(l.document, l.name) > 0)
     GROUP BY 1 ORDER BY 1
        ON CONFLICT (operator_id, hour)
        DO UPDATE SET masked = h.masked + excluded.masked, refused = h.refused + excluded.refused;
    IF FOUND THEN
        PERFORM helper.looks_kept(in_operator, false);
    END IF;
END $$;

/* Records attendance of lessons that have begun. Lines that say the same of the same trainee and lesson count once;
   what is known already is not written again. */
CREATE FUNCTION api.attendance_import(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_reason text[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_seat int4[], in_document_index bytea[],
    in_lesson int4[], in_state int2[], in_name_index bytea[] DEFAULT NULL)
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    outcomes int2[];
    persons uuid[];
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{attendance.import}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{attendance.import}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM FROM registry.class c WHERE c.class_number = ANY (in_class) ORDER BY c.class_number FOR NO KEY UPDATE;
    SELECT array_agg(coalesce(f.outcome, helper.training_judge(i.operator_id, c, false, i.reason)) ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n)
      INTO wholes, known
      FROM unnest(in_request_id, in_digest, in_operator, in_class, in_reason)
           WITH ORDINALITY i(request_id, digest, operator_id, class_number, reason, n)
      LEFT JOIN LATERAL helper.answered(i.request_id, i.digest, i.operator_id) f ON true
      LEFT JOIN registry.class c ON c.class_number = i.class_number;

    /* A row names its trainee by seat or by document; what else it says of the trainee must agree. */
    WITH takes_part AS MATERIALIZED (
        SELECT e.class_number, e.seat, e.person_id
          FROM registry.enrolment e
         WHERE e.class_number = ANY (in_class) AND e.removed_reason IS NULL),
    said AS MATERIALIZED (
        SELECT l.n, l.req, l.seat, l.document_index, l.name_index, l.lesson, l.state,
               CASE WHEN l.seat IS NULL
                    THEN (SELECT d.person_id FROM registry.document d
                           WHERE d.document_index = l.document_index) END AS person_id
          FROM unnest(in_row_req, in_seat, in_document_index, in_name_index, in_lesson, in_state)
               WITH ORDINALITY l(req, seat, document_index, name_index, lesson, state, n))
    SELECT array_agg(CASE WHEN NOT z.live THEN NULL
                          WHEN z.person_id IS NULL THEN OUTCOME_TRAINEE_UNKNOWN
                          WHEN z.differs IS NOT NULL THEN z.differs
                          WHEN z.begins IS NULL THEN OUTCOME_LESSON_UNKNOWN
                          WHEN z.begins > now() AT TIME ZONE 'Asia/Shanghai' THEN OUTCOME_LESSON_AHEAD
                          WHEN z.again > 1
                               THEN CASE WHEN z.state = z.first_state THEN OUTCOME_UNCHANGED
                                         ELSE OUTCOME_CONTRADICTS END
                          WHEN z.state = z.kept THEN OUTCOME_UNCHANGED
                          ELSE OUTCOME_DONE END::int2 ORDER BY z.n),
           array_agg(z.person_id ORDER BY z.n)
      INTO outcomes, persons
      /* by the keys one by one: a generic plan that joins would read a class's attendance for each row */
      FROM (SELECT t.n, t.live, t.person_id, t.state, t.differs,
                   (SELECT lower(l.held) FROM registry.lesson l
                     WHERE l.class_number = t.class_number AND l.lesson = t.lesson) AS begins,
                   (SELECT a.state FROM registry.attendance a
                     WHERE a.class_number = t.class_number AND a.person_id = t.person_id
                       AND a.lesson = t.lesson) AS kept,
                   row_number() OVER same AS again, first_value(t.state) OVER same AS first_state
              FROM (SELECT s.n, s.req, in_class[s.req] AS class_number, s.lesson, s.state,
                           wholes[s.req] = OUTCOME_DONE AND NOT known[s.req] AS live, w.person_id,
                           CASE WHEN s.name_index IS NOT NULL OR s.seat IS NOT NULL AND s.document_index IS NOT NULL
                                THEN helper.holder_differs(w.person_id, s.document_index, s.name_index) END AS differs
                      FROM said s
                      LEFT JOIN takes_part y ON y.class_number = in_class[s.req] AND y.seat = s.seat
                      LEFT JOIN takes_part x ON x.class_number = in_class[s.req] AND x.person_id = s.person_id
                     CROSS JOIN LATERAL (SELECT coalesce(y.person_id, x.person_id) AS person_id) w) t
            WINDOW same AS (PARTITION BY t.req, t.person_id, t.lesson, t.differs IS NULL ORDER BY t.n)) z;

    outcomes := helper.rows_limited(in_operator, in_row_req, outcomes, in_document_index, in_name_index);
    INSERT INTO registry.attendance AS a (class_number, person_id, lesson, state)
    SELECT in_class[l.req], l.person_id, l.lesson, l.state
      FROM unnest(in_row_req, persons, in_lesson, in_state, outcomes) l(req, person_id, lesson, state, outcome)
     WHERE l.outcome = OUTCOME_DONE
     ORDER BY 1, 2, 3
        ON CONFLICT (class_number, person_id, lesson) DO UPDATE SET state = excluded.state;
    INSERT INTO audit.entry (operator_id, person_id, body)
    SELECT in_operator[l.req], l.person_id,
           helper.entry_body(l.head, l.outcome, in_class[l.req], l.person_id, NULL, NULL)
      FROM unnest(in_row_req, persons, in_row_head, outcomes) WITH ORDINALITY l(req, person_id, head, outcome, n)
     WHERE l.outcome IS NOT NULL
     ORDER BY l.n;
    CALL helper.training_changed(in_class, known, wholes, in_request_id);
    CALL helper.rows_guessed(in_operator, in_row_req, outcomes, in_document_index, in_name_index);
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head, in_class, known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* Decides the results of a completed class anew where it was corrected, and suspends the claims of those who have
   not completed it any more (B1), or not attended as many days or class hours as are claimed (B6, B10). They are found
   by their places: no claim on its way is without. */
CREATE PROCEDURE helper.training_changed(in_class int8[], in_known bool[], in_wholes int2[], in_request_id uuid[])
LANGUAGE plpgsql AS $$
DECLARE
    number int8;
    request uuid; /* one that corrected it */
    claims uuid[];
BEGIN
    FOR number, request IN SELECT DISTINCT ON (c.class_number) c.class_number, i.request_id
                             FROM unnest(in_class, in_known, in_wholes, in_request_id) i(class_number, known, whole,
                                                                                         request_id)
                             JOIN registry.class c ON c.class_number = i.class_number AND c.state = CLASS_COMPLETED
                            WHERE i.whole = OUTCOME_DONE AND NOT i.known
                            ORDER BY 1 LOOP
        CALL helper.class_results(number);
        claims := ARRAY(SELECT p.claim_id
                          FROM registry.enrolment e
                         CROSS JOIN LATERAL unnest(helper.person_ids(e.person_id)) x(id)
                          JOIN registry.claim_place p ON p.person_id = x.id
                          JOIN registry.claim c ON c.claim_id = p.claim_id AND c.class_number = number
                         WHERE e.class_number = number AND e.result <> RESULT_COMPLETED);
        CALL helper.claims_suspend(claims, 'not completed', request);
        claims := ARRAY(SELECT p.claim_id
                          FROM registry.enrolment e
                         CROSS JOIN LATERAL (SELECT helper.person_ids(e.person_id) AS ids) x
                          JOIN registry.claim_place p ON p.person_id = ANY (x.ids)
                          JOIN registry.claim c ON c.claim_id = p.claim_id AND c.class_number = number
                         WHERE e.class_number = number AND e.result = RESULT_COMPLETED
                           AND helper.attendance_gone(c, x.ids) <> '{}');
        CALL helper.claims_suspend(claims, 'fewer days attended', request);
    END LOOP;
END $$;

/* Records marks, in tenths; NULL leaves what is known. */
CREATE FUNCTION api.marks_import(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_reason text[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_seat int4[], in_document_index bytea[],
    in_theory int2[], in_practice int2[], in_name_index bytea[] DEFAULT NULL)
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    outcomes int2[];
    persons uuid[];
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{marks.import}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{marks.import}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM FROM registry.class c WHERE c.class_number = ANY (in_class) ORDER BY c.class_number FOR NO KEY UPDATE;
    SELECT array_agg(coalesce(f.outcome, helper.training_judge(i.operator_id, c, false, i.reason)) ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n)
      INTO wholes, known
      FROM unnest(in_request_id, in_digest, in_operator, in_class, in_reason)
           WITH ORDINALITY i(request_id, digest, operator_id, class_number, reason, n)
      LEFT JOIN LATERAL helper.answered(i.request_id, i.digest, i.operator_id) f ON true
      LEFT JOIN registry.class c ON c.class_number = i.class_number;

    /* A row names its trainee by seat or by document; what else it says of the trainee must agree. */
    WITH takes_part AS MATERIALIZED (
        SELECT e.class_number, e.seat, e.person_id
          FROM registry.enrolment e
         WHERE e.class_number = ANY (in_class) AND e.removed_reason IS NULL),
    said AS MATERIALIZED (
        SELECT l.n, l.req, l.seat, l.document_index, l.name_index, l.theory, l.practice,
               CASE WHEN l.seat IS NULL
                    THEN (SELECT d.person_id FROM registry.document d
                           WHERE d.document_index = l.document_index) END AS person_id
          FROM unnest(in_row_req, in_seat, in_document_index, in_name_index, in_theory, in_practice)
               WITH ORDINALITY l(req, seat, document_index, name_index, theory, practice, n))
    SELECT array_agg(CASE WHEN NOT z.live THEN NULL
                          WHEN z.person_id IS NULL THEN OUTCOME_TRAINEE_UNKNOWN
                          WHEN z.differs IS NOT NULL THEN z.differs
                          WHEN z.again > 1 THEN CASE WHEN (z.theory, z.practice) IS NOT DISTINCT FROM (z.first_theory,
                                                          z.first_practice) THEN OUTCOME_UNCHANGED
                                                          ELSE OUTCOME_CONTRADICTS END
                          WHEN coalesce(z.theory, z.kept_theory) IS NOT DISTINCT FROM z.kept_theory
                               AND coalesce(z.practice, z.kept_practice) IS NOT DISTINCT FROM z.kept_practice
                               THEN OUTCOME_UNCHANGED
                          ELSE OUTCOME_DONE END::int2 ORDER BY z.n),
           array_agg(z.person_id ORDER BY z.n)
      INTO outcomes, persons
      FROM (SELECT t.*, m.theory AS kept_theory, m.practice AS kept_practice, row_number() OVER same AS again,
                   first_value(t.theory) OVER same AS first_theory, first_value(t.practice) OVER same AS first_practice
              FROM (SELECT s.n, s.req, in_class[s.req] AS class_number, s.theory, s.practice,
                           wholes[s.req] = OUTCOME_DONE AND NOT known[s.req] AS live, w.person_id,
                           CASE WHEN s.name_index IS NOT NULL OR s.seat IS NOT NULL AND s.document_index IS NOT NULL
                                THEN helper.holder_differs(w.person_id, s.document_index, s.name_index) END AS differs
                      FROM said s
                      LEFT JOIN takes_part y ON y.class_number = in_class[s.req] AND y.seat = s.seat
                      LEFT JOIN takes_part x ON x.class_number = in_class[s.req] AND x.person_id = s.person_id
                     CROSS JOIN LATERAL (SELECT coalesce(y.person_id, x.person_id) AS person_id) w) t
              LEFT JOIN registry.mark m ON m.class_number = t.class_number AND m.person_id = t.person_id
            WINDOW same AS (PARTITION BY t.req, t.person_id, t.differs IS NULL ORDER BY t.n)) z;

    outcomes := helper.rows_limited(in_operator, in_row_req, outcomes, in_document_index, in_name_index);
    INSERT INTO registry.mark AS m (class_number, person_id, theory, practice)
    SELECT in_class[l.req], l.person_id, l.theory, l.practice
      FROM unnest(in_row_req, persons, in_theory, in_practice, outcomes) l(req, person_id, theory, practice, outcome)
     WHERE l.outcome = OUTCOME_DONE
     ORDER BY 1, 2
        ON CONFLICT (class_number, person_id)
        DO UPDATE SET theory = coalesce(excluded.theory, m.theory), practice = coalesce(excluded.practice, m.practice);
    INSERT INTO audit.entry (operator_id, person_id, body)
    SELECT in_operator[l.req], l.person_id,
           helper.entry_body(l.head, l.outcome, in_class[l.req], l.person_id, NULL, NULL)
      FROM unnest(in_row_req, persons, in_row_head, outcomes) WITH ORDINALITY l(req, person_id, head, outcome, n)
     WHERE l.outcome IS NOT NULL
     ORDER BY l.n;
    CALL helper.training_changed(in_class, known, wholes, in_request_id);
    CALL helper.rows_guessed(in_operator, in_row_req, outcomes, in_document_index, in_name_index);
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head, in_class, known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* How the trainees of a class stand, by seat. `overlaps`: lessons of other classes at the time of one of these. Row 0
   of each request says that the class may be seen. */
CREATE FUNCTION api.training_list(in_operator uuid[], in_class int8[], in_after int4[], in_page int4[],
                                  in_pending int4[])
RETURNS TABLE (req int4, outcome int2, seat int4, record_id uuid, person_sealed bytea, attended int4, planned int4,
               theory int2, practice int2, result int2, removed_reason text, overlaps int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, j.outcome, x.seat, coalesce(p.record_id, p.person_id), p.sealed,
           (SELECT coalesce(sum(l.hours), 0)::int4
              FROM registry.attendance t
              JOIN registry.lesson l ON l.class_number = t.class_number AND l.lesson = t.lesson
             WHERE t.class_number = i.class_number AND t.person_id = x.person_id
               AND t.state IN (ATTENDANCE_PRESENT, ATTENDANCE_LATE, ATTENDANCE_LEFT_EARLY)),
           c.hours, m.theory, m.practice, x.result, x.removed_reason,
           (SELECT count(*)::int4
              FROM registry.enrolment o
              JOIN registry.lesson theirs ON theirs.class_number = o.class_number
              JOIN registry.lesson ours ON ours.class_number = i.class_number AND ours.held && theirs.held
             WHERE o.person_id = x.person_id AND o.class_number <> i.class_number AND o.removed_reason IS NULL)
      FROM unnest(in_operator, in_class, in_after, in_page, in_pending)
           WITH ORDINALITY i(operator_id, class_number, after, page, pending, n)
     CROSS JOIN LATERAL (SELECT helper.class_look_judge(i.operator_id, i.class_number, i.after, i.page, i.pending,
                                                        false, true) AS outcome) j
      LEFT JOIN registry.class c ON c.class_number = i.class_number AND j.outcome = OUTCOME_DONE
     CROSS JOIN LATERAL (
           SELECT 0 AS seat, NULL::uuid AS person_id, NULL::int2 AS result, NULL::text AS removed_reason
           UNION ALL
           (SELECT e.seat, e.person_id, e.result, e.removed_reason
              FROM registry.enrolment e
             WHERE j.outcome = OUTCOME_DONE AND e.class_number = i.class_number AND e.seat > i.after
             ORDER BY e.seat
             LIMIT i.page + 1)) x
      LEFT JOIN registry.person p ON p.person_id = x.person_id
      LEFT JOIN registry.mark m ON m.class_number = i.class_number AND m.person_id = x.person_id
     ORDER BY i.n, x.seat;
END $$;
