/* SPDX-License-Identifier: Apache-2.0 */
/* Classes are filed and approved before they start (G0), by what the catalogues, the plan and the rooms say (G3, G10,
   G11, G31). */

/* ---- what is checked ---- */

/* Whether a class starts only when it is approved: what its place says today. */
CREATE FUNCTION helper.class_needs_approval(in_class registry.class) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT coalesce(helper.policy_value('class_approval', g.division, helper.today()), 1) <> 0
      FROM registry.organisation g WHERE g.organisation_id = in_class.organisation_id
$$;

/* What a filing keeps of the checks, and why a class is not filed or approved: `obstacles` are enum Outcome. */
CREATE TYPE helper.class_checked AS (
    trainees int4, hours int4, days int4, practice_hours int4, hours_least int4, practice_percent int4,
    catalogue_id uuid, catalogue_row int4, institution_catalogue_id uuid, institution_catalogue_row int4,
    demand_grade int2, obstacles int2[]);

/* The row of the catalogues in force on a day by which a class is judged (G10): one of its mode. Of several that whose
   hours and practice the plan meets counts first, then the greater demand. `in_least`: the class hours, where a row
   says none; `fits`: not where none has the class's mode. */
CREATE FUNCTION helper.class_catalogue(in_class registry.class, in_division text, in_hours int4, in_practice int4,
                                       in_day date, in_least int4)
RETURNS TABLE (catalogue_id uuid, catalogue_row int4, hours_least int4, practice_percent int4, demand_grade int2,
               fits bool)
LANGUAGE sql STABLE AS $$
    SELECT r.catalogue_id, r.row, coalesce(r.hours_least, in_least), coalesce(r.practice_percent, 0), r.demand_grade,
           coalesce(r.mode, in_class.mode) = in_class.mode
      FROM helper.catalogue_rows_for(in_division, in_class.occupation_code, in_class.level, in_day) r
     ORDER BY 6 DESC,
              helper.plan_enough(in_hours, in_practice, coalesce(r.hours_least, in_least),
                                 coalesce(r.practice_percent, 0)),
              r.demand_grade NULLS LAST, r.catalogue_id, r.row
     LIMIT 1
$$;

/* Whether an institution's registered scope holds on every day from one to another (G3). */
CREATE FUNCTION helper.scope_holds(in_organisation uuid, in_occupation text, in_level int2, in_from date, in_to date)
RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT coalesce(range_agg(daterange(s.valid_from, s.valid_to, '[]')) @> daterange(in_from, in_to, '[]'), false)
      FROM registry.organisation_scope s
     WHERE s.organisation_id = in_organisation AND s.occupation_code = in_occupation AND s.level = in_level
$$;

/* Whether a plan comes to the class hours (G11) and the share of practice (G10) that it must have: done, or why not. */
CREATE FUNCTION helper.plan_enough(in_hours int4, in_practice int4, in_least int4, in_percent int4) RETURNS int2
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN in_hours < in_least THEN OUTCOME_HOURS_SHORT
                WHEN in_practice::int8 * 100 < in_percent::int8 * in_hours THEN OUTCOME_PRACTICE_SHORT
                ELSE OUTCOME_DONE END::int2
$$;

/* The class hours of a plan, those of practice, and the days that have a lesson. It is part of the query it stands
   in. */
CREATE FUNCTION helper.plan_hours(in_class int8) RETURNS TABLE (hours int4, practice int4, days int4)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(l.hours), 0)::int4, coalesce(sum(l.hours) FILTER (WHERE l.practice), 0)::int4,
           count(DISTINCT l.held_on)::int4
      FROM registry.lesson l WHERE l.class_number = in_class
$$;

/* Why a plan cannot be taught as it is: more class hours on a day than may be, less than 45 minutes for one of them
   (G11), a teacher who is not registered for the class on the lesson's day (G10), or is in two places (G31). */
CREATE FUNCTION helper.plan_obstacles(in_class registry.class, in_day_hours int4) RETURNS int2[]
LANGUAGE sql STABLE AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN EXISTS (SELECT FROM registry.lesson l WHERE l.class_number = in_class.class_number
                           GROUP BY l.held_on HAVING sum(l.hours) > in_day_hours) THEN OUTCOME_DAY_HOURS END,
        CASE WHEN EXISTS (SELECT FROM registry.lesson l
                           WHERE l.class_number = in_class.class_number AND NOT helper.lesson_long(l.held, l.hours))
             THEN OUTCOME_LESSON_SHORT END,
        CASE WHEN EXISTS (SELECT FROM registry.lesson l
                            LEFT JOIN registry.teacher t ON t.teacher_id = l.teacher_id
                             AND t.occupation_code = in_class.occupation_code
                             AND helper.teaches_level(t.level, in_class.level)
                             AND helper.period_covers(t.valid_from, t.valid_to, l.held_on)
                           WHERE l.class_number = in_class.class_number AND t.teacher_id IS NULL)
             THEN OUTCOME_LESSON_TEACHER END,
        CASE WHEN helper.teacher_twice(in_class.class_number) THEN OUTCOME_TEACHER_TWICE END]::int2[], NULL)
$$;

/* Whether a lesson lasts as long as its class hours (课时), of 45 minutes each (G11). */
CREATE FUNCTION helper.lesson_long(in_held tsrange, in_hours int4) RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT upper(in_held) - lower(in_held) >= make_interval(mins => 45 * in_hours)
$$;

/* Whether a lesson would take a class above the class hours or the days that it was approved with: they are what is
   paid (B6, B10). A class without a filing was approved with none. */
CREATE FUNCTION helper.plan_exceeded(in_class registry.class, in_on date, in_hours int4) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM helper.filing_stands(in_class) f
                    CROSS JOIN helper.plan_hours(in_class.class_number) p
                    WHERE p.hours + in_hours > f.hours
                       OR p.days >= f.days
                          AND NOT EXISTS (SELECT FROM registry.lesson l
                                           WHERE l.class_number = in_class.class_number AND l.held_on = in_on));
END $$;

/* Why a lesson does not go into the plan of a class; done: it does. Whether approved or not, nothing is taught in less
   than its class hours, nor more of them in a day than there may be (G11): they are paid (B10). */
CREATE FUNCTION helper.lesson_within(in_class registry.class, in_on date, in_held tsrange, in_hours int4) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        /* nobody can look in any more */
        WHEN in_class.state = CLASS_STARTED AND in_on < helper.today() THEN OUTCOME_LESSON_PAST
        WHEN helper.plan_exceeded(in_class, in_on, in_hours) THEN OUTCOME_PLAN_EXCEEDED
        WHEN NOT helper.lesson_long(in_held, in_hours) THEN OUTCOME_LESSON_SHORT
        WHEN in_hours + (SELECT coalesce(sum(l.hours), 0) FROM registry.lesson l
                          WHERE l.class_number = in_class.class_number AND l.held_on = in_on)
             > (SELECT helper.policy_value('day_hours', g.division, coalesce(in_class.approved_on, helper.today()))
                  FROM registry.organisation g WHERE g.organisation_id = in_class.organisation_id)
             THEN OUTCOME_DAY_HOURS
        ELSE OUTCOME_DONE END;
END $$;

/* The filing by which a class is approved; no row: it is not, or it was open when approval was brought in. */
CREATE FUNCTION helper.filing_stands(in_class registry.class) RETURNS SETOF registry.class_filing
LANGUAGE sql STABLE AS $$
    SELECT * FROM registry.class_filing f
     WHERE in_class.filing = FILING_APPROVED AND f.class_number = in_class.class_number
       AND f.decision = FILING_APPROVED AND f.withdrawn_at IS NULL
$$;

/* Whether a class is still what it was approved as: its lessons come to it (G10, G11), whoever approved it has
   no part in it (C1), it starts with a trainee (G0) and with teachers who are in one place (G31). Done, or why not. */
CREATE FUNCTION helper.class_taught(in_class registry.class) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF in_class.state = CLASS_OPEN AND helper.teacher_twice(in_class.class_number) THEN
        RETURN OUTCOME_TEACHER_TWICE;
    END IF;
    RETURN coalesce((SELECT CASE WHEN in_class.state = CLASS_OPEN AND in_class.enrolled = 0
                                      THEN OUTCOME_TRAINEES_MISSING
                                 WHEN helper.filing_apart_broken(in_class, f.decided_by, true) THEN OUTCOME_FILING_APART
                                 ELSE helper.plan_enough(p.hours, p.practice, f.hours_least, f.practice_percent) END
                       FROM helper.filing_stands(in_class) f
                      CROSS JOIN helper.plan_hours(in_class.class_number) p), OUTCOME_DONE);
END $$;

/* The rows of the catalogue of institutions by which a class may be trained, with their teaching sites, and the venues
   of its plan that are one of them: all where a row names no site. */
CREATE FUNCTION helper.class_sites(in_class registry.class, in_division text)
RETURNS TABLE (catalogue_id uuid, "row" int4, venues uuid[]) LANGUAGE sql STABLE AS $$
    SELECT i.catalogue_id, i.row,
           ARRAY(SELECT DISTINCT r.venue_id FROM registry.lesson l JOIN registry.room r USING (room_id)
                  WHERE l.class_number = in_class.class_number
                    AND (c.site IS NULL OR helper.site_is(c.site, in_class.organisation_id, r.venue_id)))
      FROM helper.catalogue_institution_for(in_division, in_class.organisation_id, in_class.occupation_code,
                                            in_class.level, in_class.starts_on, in_class.ends_on) i
      JOIN registry.catalogue_institution c ON c.catalogue_id = i.catalogue_id AND c.row = i.row
$$;

/* Whether a class is taught at a venue that is a teaching site of none of these rows (G10). */
CREATE FUNCTION helper.class_elsewhere(in_class registry.class, in_division text) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM registry.lesson l JOIN registry.room r USING (room_id)
                    WHERE l.class_number = in_class.class_number
                      AND r.venue_id <> ALL (ARRAY(SELECT unnest(s.venues)
                                                     FROM helper.class_sites(in_class, in_division) s)))
$$;

/* Whether a lesson of a class that is approved would be taught at a venue that is no teaching site of it by the
   catalogue of institutions that it was approved by, whatever that says now (G10). */
CREATE FUNCTION helper.lesson_elsewhere(in_class registry.class, in_room uuid) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM helper.filing_stands(in_class) f JOIN registry.room r ON r.room_id = in_room
         WHERE NOT EXISTS (
               SELECT FROM registry.catalogue_institution listed
                 JOIN registry.catalogue_institution c
                   ON c.catalogue_id = listed.catalogue_id AND c.institution_code = listed.institution_code
                  AND c.occupation_code = listed.occupation_code AND c.level = listed.level
                WHERE listed.catalogue_id = f.institution_catalogue_id AND listed.row = f.institution_catalogue_row
                  AND (c.site IS NULL OR helper.site_is(c.site, in_class.organisation_id, r.venue_id))));
END $$;

/* All that is checked of a class today, when it is filed and once more when it is approved. */
CREATE FUNCTION helper.class_check(in_class registry.class) RETURNS helper.class_checked LANGUAGE plpgsql STABLE AS $$
DECLARE
    today CONSTANT date := helper.today();
    home registry.organisation;
    row record;
    checked helper.class_checked;
    least int4;
    enough int2;
BEGIN
    SELECT * INTO home FROM registry.organisation g WHERE g.organisation_id = in_class.organisation_id;
    least := coalesce(helper.policy_value('class_hours_least', home.division, today)::int4, 0);
    checked.trainees := in_class.enrolled;
    SELECT p.hours, p.practice, p.days INTO checked.hours, checked.practice_hours, checked.days
      FROM helper.plan_hours(in_class.class_number) p;
    SELECT * INTO row
      FROM helper.class_catalogue(in_class, home.division, checked.hours, checked.practice_hours, today, least);
    checked.catalogue_id := row.catalogue_id;
    checked.catalogue_row := row.catalogue_row;
    checked.demand_grade := row.demand_grade;
    checked.practice_percent := coalesce(row.practice_percent, 0);
    checked.hours_least := coalesce(row.hours_least, least);
    SELECT i.catalogue_id, i.row INTO checked.institution_catalogue_id, checked.institution_catalogue_row
      FROM helper.class_sites(in_class, home.division) i
     ORDER BY cardinality(i.venues) DESC, i.catalogue_id, i.row LIMIT 1;
    enough := helper.plan_enough(checked.hours, checked.practice_hours, checked.hours_least, checked.practice_percent);
    checked.obstacles := array_remove(ARRAY[
        CASE WHEN home.status <> STATUS_ACTIVE THEN OUTCOME_ORGANISATION_STATE END,
        CASE WHEN NOT helper.scope_holds(home.organisation_id, in_class.occupation_code, in_class.level,
                                         in_class.starts_on, in_class.ends_on) THEN OUTCOME_SCOPE_SHORT END,
        CASE WHEN row.catalogue_id IS NULL THEN OUTCOME_CATALOGUE_MISSING
             WHEN NOT row.fits THEN OUTCOME_CATALOGUE_MODE END,
        CASE WHEN checked.institution_catalogue_id IS NULL THEN OUTCOME_INSTITUTION_UNLISTED
             WHEN helper.class_elsewhere(in_class, home.division) THEN OUTCOME_SITE_ELSEWHERE END,
        CASE WHEN checked.trainees = 0 THEN OUTCOME_TRAINEES_MISSING END,
        CASE WHEN checked.hours = 0 THEN OUTCOME_PLAN_MISSING
             WHEN row.fits AND enough <> OUTCOME_DONE THEN enough END]::int2[]
        || helper.plan_obstacles(in_class, helper.policy_value('day_hours', home.division, today)::int4)
        || helper.room_obstacles(in_class.class_number), NULL);
    RETURN checked;
END $$;

/* Why a class cannot be filed today, besides its state, or approved once it is filed. */
CREATE FUNCTION helper.filing_obstacles(in_class registry.class, in_checked helper.class_checked) RETURNS int2[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    ahead CONSTANT int4 := (SELECT helper.policy_value('class_file_ahead', g.division, helper.today())
                              FROM registry.organisation g WHERE g.organisation_id = in_class.organisation_id);
BEGIN
    RETURN array_remove(ARRAY[
        CASE WHEN in_class.filing = FILING_FILED AND in_class.starts_on < helper.today() THEN OUTCOME_CLASS_BEGUN
             WHEN in_class.filing IS DISTINCT FROM FILING_FILED
                  AND in_class.starts_on < helper.today() + coalesce(ahead, 0) THEN OUTCOME_FILED_LATE END]::int2[],
        NULL) || in_checked.obstacles;
END $$;

/* ---- filing ---- */

/* Files a class with the bureau of its place. */
CREATE FUNCTION api.class_file(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_class int8[],
    in_version int4[], in_materials text[], in_assessment_plan text[])
RETURNS TABLE (req int4, outcome int2, changed int4, version int4, due_on date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    target registry.class;
    checked helper.class_checked;
    obstacles int2[];
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{class.file}', in_request_id, in_digest);
    LOCK TABLE registry.calendar_day IN ROW SHARE MODE; /* a change that moves what is due is waited for */
    PERFORM FROM registry.class c WHERE c.class_number = ANY (in_class) ORDER BY c.class_number FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        changed := CASE WHEN decided = OUTCOME_VERSION_DIFFERS THEN first.detail END;
        version := CASE WHEN decided = OUTCOME_DONE THEN first.detail END;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.class c
             WHERE c.class_number = in_class[i] AND c.organisation_id = caller.organisation_id;
            decided := CASE
                WHEN caller IS NULL OR NOT 'clerk' = ANY (caller.roles) THEN OUTCOME_NOT_ALLOWED
                WHEN target IS NULL THEN OUTCOME_CLASS_UNKNOWN
                /* C1 asks at the decision who filed it */
                WHEN caller.human_id IS NULL THEN OUTCOME_HUMAN_UNKNOWN
                WHEN target.version <> in_version[i] THEN OUTCOME_VERSION_DIFFERS
                WHEN target.state <> CLASS_OPEN THEN OUTCOME_CLASS_STATE
                WHEN target.filing = FILING_FILED THEN OUTCOME_CLASS_FILED
                WHEN target.filing = FILING_APPROVED THEN OUTCOME_CLASS_APPROVED
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                checked := helper.class_check(target);
                obstacles := helper.filing_obstacles(target, checked);
                decided := coalesce(obstacles[1], OUTCOME_DONE);
            END IF;
            IF decided = OUTCOME_DONE THEN
                version := helper.class_filed(target, checked, in_operator[i], in_request_id[i], in_materials[i],
                                              in_assessment_plan[i]);
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
        due_on := (SELECT f.answered_due FROM registry.class_filing f
                    WHERE f.class_number = in_class[i] AND f.request_id = in_request_id[i]);
        RETURN NEXT;
    END LOOP;
END $$;

/* Writes a filing with what was checked; the class's version from then on. */
CREATE FUNCTION helper.class_filed(in_class registry.class, in_checked helper.class_checked, in_operator uuid,
                                   in_request_id uuid, in_materials text, in_assessment_plan text) RETURNS int4
LANGUAGE plpgsql AS $$
DECLARE
    place CONSTANT text := (SELECT g.division FROM registry.organisation g
                             WHERE g.organisation_id = in_class.organisation_id);
    due CONSTANT date := helper.working_day(place, helper.today(),
                                            helper.policy_value('class_file_days', place, helper.today())::int4);
BEGIN
    UPDATE registry.class c SET filing = FILING_FILED, version = c.version + 1
     WHERE c.class_number = in_class.class_number;
    CALL helper.class_keep(in_class.class_number, NULL, in_operator, in_request_id);
    INSERT INTO registry.class_filing (class_number, filing, filed_by, request_id, due_on, answered_due, materials,
                                       assessment_plan, trainees, hours, days, practice_hours, hours_least,
                                       practice_percent, catalogue_id, catalogue_row, institution_catalogue_id,
                                       institution_catalogue_row, demand_grade)
    SELECT in_class.class_number, coalesce(max(f.filing), 0) + 1, in_operator, in_request_id, due, due, in_materials,
           in_assessment_plan, in_checked.trainees, in_checked.hours, in_checked.days,
           in_checked.practice_hours, in_checked.hours_least, in_checked.practice_percent, in_checked.catalogue_id,
           in_checked.catalogue_row, in_checked.institution_catalogue_id, in_checked.institution_catalogue_row,
           in_checked.demand_grade
      FROM registry.class_filing f WHERE f.class_number = in_class.class_number;
    RETURN in_class.version + 1;
END $$;

/* ---- deciding ---- */

/* Whether an operator's human being has a part in a class that forbids to decide it (C1): filed it, belongs to the
   institution, learns or teaches in it. Whoever has left the class may come back to it: when it is decided (not
   `in_decided`) that forbids it as well; what was decided stands if nobody but who takes part now forbids it. */
CREATE FUNCTION helper.filing_apart_broken(in_class registry.class, in_operator uuid, in_decided bool) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
DECLARE
    same CONSTANT uuid[] := helper.human_operators(in_operator);
    document CONSTANT bytea := (SELECT h.document_index FROM registry.operator o
                                  JOIN registry.human h ON h.human_id = o.human_id
                                 WHERE o.operator_id = in_operator);
    records CONSTANT uuid[] := helper.document_records(document);
BEGIN
    RETURN EXISTS (SELECT FROM registry.class_filing f
                    WHERE f.class_number = in_class.class_number AND f.filed_by = ANY (same))
        OR EXISTS (SELECT FROM registry.operator o
                    WHERE o.operator_id = ANY (same) AND o.organisation_id = in_class.organisation_id)
        OR EXISTS (SELECT FROM registry.enrolment e
                    WHERE e.class_number = in_class.class_number AND e.person_id = ANY (records)
                      AND (e.removed_reason IS NULL OR NOT in_decided))
        OR EXISTS (SELECT FROM registry.lesson l
                    WHERE l.class_number = in_class.class_number
                      AND l.teacher_index = ANY (helper.document_kin(document)));
END $$;

/* Whether a caller may take that decision (enum ClassFiling) of a class: done, or why not. */
CREATE FUNCTION helper.filing_judge(in_caller helper.acting, in_class registry.class, in_version int4,
                                    in_decision int2, in_reason text) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN NOT EXISTS (SELECT FROM registry.organisation g
                          WHERE g.organisation_id = in_class.organisation_id
                            AND helper.sees(in_caller.kind, in_caller.organisation_id, in_caller.division,
                                            g.organisation_id, g.division)) THEN OUTCOME_CLASS_UNKNOWN
        /* the bureau of its place: not the province's, which sees it */
        WHEN in_caller.kind NOT IN (KIND_CITY_BUREAU, KIND_COUNTY_BUREAU)
             OR NOT in_caller.roles && CASE in_decision WHEN FILING_APPROVED THEN '{approver}'::text[]
                                            ELSE '{reviewer,approver}' END THEN OUTCOME_NOT_ALLOWED
        WHEN in_class.version <> in_version THEN OUTCOME_VERSION_DIFFERS
        WHEN (in_class.filing = FILING_FILED
              OR in_class.filing = FILING_APPROVED AND in_decision = FILING_RETURNED) IS NOT TRUE
             THEN OUTCOME_CLASS_NOT_FILED
        WHEN in_class.state <> CLASS_OPEN THEN OUTCOME_CLASS_STATE
        WHEN in_decision = FILING_RETURNED AND in_reason IS NULL THEN OUTCOME_REASON_NEEDED
        WHEN helper.filing_apart_broken(in_class, in_caller.operator_id, false) THEN OUTCOME_FILING_APART
        ELSE OUTCOME_DONE END;
END $$;

/* Approves a filed class: what was checked now, and the standards of today that will pay (B9), are kept with it. */
CREATE PROCEDURE helper.class_approved(in_class registry.class, in_checked helper.class_checked, in_operator uuid,
                                       in_request_id uuid) LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry.class c SET filing = FILING_APPROVED, approved_on = helper.today(), version = c.version + 1
     WHERE c.class_number = in_class.class_number;
    UPDATE registry.class_filing f
       SET decision = FILING_APPROVED, decided_at = now(), decided_by = in_operator, decided_request = in_request_id,
           trainees = in_checked.trainees, hours = in_checked.hours, days = in_checked.days,
           practice_hours = in_checked.practice_hours, hours_least = in_checked.hours_least,
           practice_percent = in_checked.practice_percent, catalogue_id = in_checked.catalogue_id,
           catalogue_row = in_checked.catalogue_row,
           institution_catalogue_id = in_checked.institution_catalogue_id,
           institution_catalogue_row = in_checked.institution_catalogue_row, demand_grade = in_checked.demand_grade
     WHERE f.class_number = in_class.class_number AND f.decision IS NULL AND f.withdrawn_at IS NULL;
    INSERT INTO registry.class_standard (class_number, standard_id)
    SELECT in_class.class_number, s.standard_id
      FROM registry.organisation g
     CROSS JOIN helper.standards_that_pay(g.division, in_class.occupation_code, in_class.level, in_class.mode,
                                          in_checked.demand_grade, helper.today()) s(standard_id)
     WHERE g.organisation_id = in_class.organisation_id
     ORDER BY s.standard_id;
END $$;

/* Returns a filed class, or takes the approval of one back that has not started. */
CREATE PROCEDURE helper.class_returned(in_class registry.class, in_reason text, in_operator uuid, in_request_id uuid)
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry.class c SET filing = FILING_RETURNED, approved_on = NULL, version = c.version + 1
     WHERE c.class_number = in_class.class_number;
    UPDATE registry.class_filing f
       SET decision = FILING_RETURNED, decided_at = now(), decided_by = in_operator, decided_request = in_request_id,
           reason = in_reason
     WHERE f.class_number = in_class.class_number AND f.decision IS NULL AND f.withdrawn_at IS NULL;
    UPDATE registry.class_filing f
       SET withdrawn_at = now(), withdrawn_by = in_operator, withdrawn_request = in_request_id,
           withdrawn_reason = in_reason
     WHERE f.class_number = in_class.class_number AND f.decision = FILING_APPROVED AND f.withdrawn_at IS NULL;
    DELETE FROM registry.class_standard s WHERE s.class_number = in_class.class_number;
END $$;

/* Decides filed classes, each judged by itself (C4); `decision`: enum ClassFiling. */
CREATE FUNCTION api.class_decide(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_decision int2[],
    in_reason text[], in_row_req int4[], in_row int4[], in_row_head bytea[], in_class int8[], in_version int4[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    target registry.class;
    checked helper.class_checked;
    obstacles int2[];
    decided int8[]; /* by earlier rows of the request */
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
    methods CONSTANT text[] := helper.methods('{NULL, class.approve, class.return}', in_decision);
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* whose records are whose holds until the end */
    PERFORM helper.heads_check(in_entry_head, in_operator, methods, in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, methods, in_request_id, in_digest, in_row_req, in_row);
    LOCK TABLE registry.calendar_day IN ROW SHARE MODE; /* a change that moves what is due is waited for */
    PERFORM FROM registry.class c WHERE c.class_number = ANY (in_class) ORDER BY c.class_number FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        wholes[i] := coalesce(first.outcome, CASE WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED ELSE OUTCOME_DONE END);
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        decided := '{}';
        FOR n IN 1 .. cardinality(in_row_req) LOOP
            CONTINUE WHEN in_row_req[n] <> i;
            SELECT * INTO target FROM registry.class c WHERE c.class_number = in_class[n];
            outcomes[n] := CASE WHEN in_class[n] = ANY (decided) THEN OUTCOME_UNCHANGED
                                ELSE helper.filing_judge(caller, target, in_version[n], in_decision[i],
                                                         in_reason[i]) END;
            IF outcomes[n] = OUTCOME_DONE AND in_decision[i] = FILING_APPROVED THEN
                checked := helper.class_check(target);
                obstacles := helper.filing_obstacles(target, checked);
                outcomes[n] := coalesce(obstacles[1], OUTCOME_DONE);
            END IF;
            IF outcomes[n] = OUTCOME_DONE THEN
                decided := decided || in_class[n];
                IF in_decision[i] = FILING_APPROVED THEN
                    CALL helper.class_approved(target, checked, in_operator[i], in_request_id[i]);
                ELSE
                    CALL helper.class_returned(target, in_reason[i], in_operator[i], in_request_id[i]);
                END IF;
                CALL helper.class_keep(in_class[n], in_reason[i], in_operator[i], in_request_id[i]);
            END IF;
            INSERT INTO audit.entry (operator_id, body)
            VALUES (in_operator[i],
                    helper.entry_body(in_row_head[n], outcomes[n],
                                      CASE WHEN outcomes[n] <> OUTCOME_CLASS_UNKNOWN THEN in_class[n] END, NULL, NULL,
                                      NULL));
        END LOOP;
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                             array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* ---- reading ---- */

/* Filed classes that wait for a decision and that the caller sees, the longest due first: of one institution, overdue
   only (NULL: whatever). */
CREATE FUNCTION api.class_queue(in_operator uuid[], in_after_day date[], in_after int8[], in_page int4[],
                                in_organisation text[], in_overdue bool[])
RETURNS SETOF helper.class_listed
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT h.*
      FROM unnest(in_operator, in_after_day, in_after, in_page, in_organisation, in_overdue)
           WITH ORDINALITY i(operator_id, after_day, after, page, organisation, overdue, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT array_agg(x.s ORDER BY x.due_on, (x.s).class_number) AS listed
             FROM (SELECT s, f.due_on
                     FROM helper.filing_waiting f
                     JOIN helper.class_shown s ON s.class_number = f.class_number
                    WHERE (f.due_on, f.class_number) > (coalesce(i.after_day, '-infinity'), coalesce(i.after, 0))
                      AND helper.sees(a.kind, a.organisation_id, a.division, s.organisation_id, s.division)
                      AND (i.organisation IS NULL OR s.institution_code = i.organisation)
                      AND (NOT i.overdue OR f.due_on < helper.today())
                    ORDER BY f.due_on, f.class_number
                    LIMIT i.page + 1) x) l
     CROSS JOIN LATERAL helper.class_heads(i.n::int4, l.listed) h
     ORDER BY i.n;
END $$;

/* A filing of a class, with who took part. */
CREATE TYPE helper.class_filed_part AS (
    filing_number int4, filed_at_ms int8, filer_id uuid, filer_sealed bytea, filing_due_on date, materials text,
    assessment_plan text, trainees int4, filing_hours int4, days int4, practice_hours int4, hours_least int4,
    practice_percent int4, catalogue_id uuid, catalogue_row int4, institution_catalogue_id uuid,
    institution_catalogue_row int4, demand_grade int2, decision int2, decided_at_ms int8, decider_id uuid,
    decider_sealed bytea, reason text, withdrawn_at_ms int8, withdrawer_id uuid, withdrawer_sealed bytea,
    withdrawn_reason text);

/* A standard that will pay for a class. */
CREATE TYPE helper.class_paid_part AS (
    standard_id uuid, line int2, amount_fen int8, citation text, certificate_kind int2, group_name text, renewal bool,
    basis int2, percent int4, cap_fen int8);

/* The filings of a class, in their order. */
CREATE FUNCTION helper.class_filings(in_class int8) RETURNS SETOF helper.class_filed_part LANGUAGE sql STABLE AS $$
    SELECT f.filing, helper.ms(f.filed_at), f.filed_by, a.sealed, f.due_on, f.materials, f.assessment_plan, f.trainees,
           f.hours, f.days, f.practice_hours, f.hours_least, f.practice_percent, f.catalogue_id, f.catalogue_row,
           f.institution_catalogue_id, f.institution_catalogue_row, f.demand_grade, f.decision, helper.ms(f.decided_at),
           f.decided_by, b.sealed, f.reason, helper.ms(f.withdrawn_at), f.withdrawn_by, c.sealed, f.withdrawn_reason
      FROM registry.class_filing f
      LEFT JOIN registry.operator a ON a.operator_id = f.filed_by
      LEFT JOIN registry.operator b ON b.operator_id = f.decided_by
      LEFT JOIN registry.operator c ON c.operator_id = f.withdrawn_by
     WHERE f.class_number = in_class
     ORDER BY f.filing
$$;

/* What stands in the way of a class's filing, of its approval once it is filed, or of its start once it is approved;
   none, where none of them is to come. */
CREATE FUNCTION helper.class_obstacles(in_class int8) RETURNS SETOF int2 LANGUAGE plpgsql STABLE AS $$
DECLARE
    class registry.class;
BEGIN
    SELECT * INTO class FROM registry.class c WHERE c.class_number = in_class;
    IF class.state = CLASS_OPEN AND class.filing IS DISTINCT FROM FILING_APPROVED
       AND (class.filing IS NOT NULL OR helper.class_needs_approval(class)) THEN
        RETURN QUERY SELECT unnest(helper.filing_obstacles(class, helper.class_check(class)));
    ELSIF class.state = CLASS_OPEN THEN
        RETURN QUERY SELECT t FROM helper.class_taught(class) t WHERE t <> OUTCOME_DONE;
    END IF;
END $$;

/* A part of what is shown of a class: `part` is a value of enum class_part of daemon/registry/part.h and says which of
   the others is not NULL. */
CREATE TYPE helper.class_part AS (
    part int2, class helper.class_listed, filing helper.class_filed_part, standard helper.class_paid_part,
    obstacle int2);

/* All that is shown of a class. */
CREATE FUNCTION helper.class_parts(in_req int4, in_shown helper.class_shown) RETURNS SETOF helper.class_part
LANGUAGE sql STABLE AS $$
    SELECT CLASS_PART_CLASS::int2, h, NULL::helper.class_filed_part, NULL::helper.class_paid_part, NULL::int2
      FROM helper.class_heads(in_req, ARRAY[in_shown]) h
    UNION ALL
    SELECT CLASS_PART_FILING::int2, NULL, f, NULL, NULL
      FROM helper.class_filings(in_shown.class_number) f
    UNION ALL
    SELECT * FROM (
        SELECT CLASS_PART_STANDARD::int2, NULL::helper.class_listed, NULL::helper.class_filed_part,
               ROW(s.standard_id, s.line, s.amount_fen, s.citation, s.certificate_kind, g.name, s.renewal, s.basis,
                   s.percent, s.cap_fen)::helper.class_paid_part,
               NULL::int2
          FROM registry.class_standard k
          JOIN registry.standard s ON s.standard_id = k.standard_id
          LEFT JOIN registry.trainee_group g ON g.code = s.trainee_group
         WHERE k.class_number = in_shown.class_number
         ORDER BY s.line, s.certificate_kind NULLS FIRST, s.trainee_group NULLS FIRST, s.standard_id) standards
    UNION ALL
    SELECT CLASS_PART_OBSTACLE::int2, NULL, NULL, NULL, o FROM helper.class_obstacles(in_shown.class_number) o
$$;

/* A class that the caller may see, a row for each part, which has that part's columns; no row: there is none. */
CREATE FUNCTION api.class_show(in_operator uuid[], in_number int8[])
RETURNS TABLE (req int4, number int8, institution_code text, institution_name text, title text, occupation_code text,
               occupation_name text, level int2, training_kind int2, training_kind_name text, starts_on date,
               ends_on date, capacity int4, enrolled int4, state int2, version int4, hours int4, mode int2,
               filing int2, approved_on date, due_on date, overdue bool, known_until date, part int2,
               filing_number int4, filed_at_ms int8, filer_id uuid, filer_sealed bytea, filing_due_on date,
               materials text, assessment_plan text, trainees int4, filing_hours int4, days int4,
               practice_hours int4, hours_least int4, practice_percent int4, catalogue_id uuid, catalogue_row int4,
               institution_catalogue_id uuid, institution_catalogue_row int4, demand_grade int2, decision int2,
               decided_at_ms int8, decider_id uuid, decider_sealed bytea, reason text, withdrawn_at_ms int8,
               withdrawer_id uuid, withdrawer_sealed bytea, withdrawn_reason text,
               standard_id uuid, line int2, amount_fen int8, citation text, certificate_kind int2, group_name text,
               renewal bool, basis int2, percent int4, cap_fen int8, obstacle int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, (p.class).number, (p.class).institution_code, (p.class).institution_name, (p.class).title,
           (p.class).occupation_code, (p.class).occupation_name, (p.class).level, (p.class).training_kind,
           (p.class).training_kind_name, (p.class).starts_on, (p.class).ends_on, (p.class).capacity,
           (p.class).enrolled, (p.class).state, (p.class).version, (p.class).hours, (p.class).mode,
           (p.class).filing, (p.class).approved_on, (p.class).due_on, (p.class).overdue, (p.class).known_until,
           p.part, (p.filing).*, (p.standard).*, p.obstacle
      FROM unnest(in_operator, in_number) WITH ORDINALITY i(operator_id, number, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
      JOIN helper.class_shown x ON x.class_number = i.number
       AND helper.sees(a.kind, a.organisation_id, a.division, x.organisation_id, x.division)
     CROSS JOIN LATERAL helper.class_parts(i.n::int4, x) p
     ORDER BY i.n;
END $$;
