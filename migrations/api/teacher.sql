/* SPDX-License-Identifier: Apache-2.0 */
/* Who teaches what at which institution, and in which period (G31). */

/* All documents of the person of a document, itself among them: a teacher who is registered with one and named by
   another is in one place all the same. */
CREATE FUNCTION helper.document_kin(in_document bytea) RETURNS bytea[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT in_document UNION
                 SELECT d.document_index FROM registry.document d
                  WHERE d.person_id = ANY (helper.document_records(in_document))
                 UNION
                 SELECT e.document_index FROM registry.document_erased e
                  WHERE e.person_id = ANY (helper.document_records(in_document)));
END $$;

/* Whether a teacher of a class's plan is elsewhere at the time of one of its lessons, by another document of the same
   person: no constraint knows it, and it may have become known since the lessons were planned. */
CREATE FUNCTION helper.teacher_twice(in_class int8) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM (SELECT DISTINCT l.teacher_index FROM registry.lesson l WHERE l.class_number = in_class) t
         CROSS JOIN LATERAL unnest(helper.document_kin(t.teacher_index)) k(document)
          JOIN registry.lesson o ON o.teacher_index = k.document
          JOIN registry.lesson l ON l.class_number = in_class AND l.teacher_index = t.teacher_index AND l.held && o.held
         WHERE k.document <> t.teacher_index)
$$;

/* Keeps others from planning lessons of these teachers, or from changing their registrations, until the transaction
   ends; whoever holds classes and rooms as well takes those before. */
CREATE FUNCTION helper.teachers_hold(in_documents bytea[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM registry.teacher t
      WHERE t.teacher_index IN (SELECT unnest(helper.document_kin(x.document))
                                  FROM (SELECT DISTINCT unnest(in_documents) AS document) x)
      ORDER BY t.teacher_id FOR NO KEY UPDATE;
END $$;

/* Whether who is registered up to a level teaches a class of a level: a class without one is taught by each teacher of
   its occupation, and who is registered without one teaches no other. */
CREATE FUNCTION helper.teaches_level(in_teacher int2, in_class int2) RETURNS bool
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT in_class = LEVEL_NONE OR in_teacher >= in_class AND in_teacher <> LEVEL_NONE
$$;

/* The registration by which somebody may teach a class of an institution on a day: done, or why there is none. */
CREATE FUNCTION helper.teacher_judge(in_class registry.class, in_documents bytea[], in_name bytea, in_on date)
RETURNS TABLE (outcome int2, teacher_id uuid) LANGUAGE sql STABLE AS $$
    SELECT coalesce(x.outcome, OUTCOME_TEACHER_UNKNOWN)::int2, x.teacher_id
      FROM (SELECT) one
      LEFT JOIN (SELECT t.teacher_id, CASE WHEN NOT helper.teaches_level(t.level, in_class.level)
                                                THEN OUTCOME_TEACHER_LEVEL
                                           WHEN t.name_index <> in_name THEN OUTCOME_TEACHER_NAME
                                           ELSE OUTCOME_DONE END AS outcome
                   FROM registry.teacher t
                  WHERE t.teacher_index = ANY (in_documents) AND t.organisation_id = in_class.organisation_id
                    AND t.occupation_code = in_class.occupation_code AND t.valid_from <= in_on
                    AND (t.valid_to IS NULL OR t.valid_to >= in_on)
                  ORDER BY 2, 1 LIMIT 1) x ON true
$$;

/* Why a registration cannot be taken; done: it can; unchanged: it is there already. */
CREATE FUNCTION helper.teacher_import_judge(in_new registry.teacher) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
DECLARE
    person uuid := (SELECT d.person_id FROM registry.document d WHERE d.document_index = in_new.teacher_index);
    there registry.teacher;
BEGIN
    SELECT * INTO there FROM registry.teacher t
     WHERE t.organisation_id = in_new.organisation_id AND t.teacher_index = in_new.teacher_index
       AND t.occupation_code = in_new.occupation_code
       AND daterange(t.valid_from, t.valid_to, '[]') && daterange(in_new.valid_from, in_new.valid_to, '[]')
     ORDER BY (t.valid_from, coalesce(t.valid_to, 'infinity'))
              = (in_new.valid_from, coalesce(in_new.valid_to, 'infinity')) DESC LIMIT 1;
    RETURN CASE
        WHEN NOT EXISTS (SELECT FROM registry.occupation o WHERE o.code = in_new.occupation_code)
             THEN OUTCOME_OCCUPATION_UNKNOWN
        WHEN (there.name_index, there.level, there.qualification, there.valid_from)
             = (in_new.name_index, in_new.level, in_new.qualification, in_new.valid_from)
             AND there.valid_to IS NOT DISTINCT FROM in_new.valid_to THEN OUTCOME_UNCHANGED
        WHEN there.teacher_id IS NOT NULL THEN OUTCOME_TEACHER_OVERLAPS
        /* A6: of a person of the registry, or of who is registered by that document elsewhere, or for something else */
        WHEN person IS NOT NULL AND helper.holder_differs(person, NULL, in_new.name_index) IS NOT NULL
             OR person IS NULL
                AND EXISTS (SELECT FROM registry.teacher t
                             WHERE t.teacher_index = in_new.teacher_index AND t.name_index <> in_new.name_index
                               AND daterange(t.valid_from, t.valid_to, '[]')
                                   && daterange(in_new.valid_from, in_new.valid_to, '[]')) THEN OUTCOME_NAME_DIFFERS
        ELSE OUTCOME_DONE END;
END $$;

/* Registers teachers. Lines are judged one after the other; those that name one document meet at its key, whoever
   sends them. */
CREATE FUNCTION api.teacher_import(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_row_req int4[],
    in_row int4[], in_row_head bytea[], in_teacher uuid[], in_teacher_index bytea[], in_name_index bytea[],
    in_sealed bytea[], in_commitment bytea[], in_occupation text[], in_level int2[], in_qualification text[],
    in_from date[], in_to date[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, registry, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    owners uuid[];
    i int4;
    fresh registry.teacher;
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
    none CONSTANT int8[] := array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{teacher.import}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{teacher.import}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key());
    PERFORM helper.teacher_meet(in_teacher_index);
    SELECT j.* INTO wholes, known, owners
      FROM helper.institution_judge(in_request_id, in_digest, in_operator,
                                    helper.looks_needed(in_operator, in_row_req, false)) j;
    FOR n IN 1 .. cardinality(in_row_req) LOOP
        i := in_row_req[n];
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        fresh := ROW(in_teacher[n], owners[i], in_teacher_index[n], in_name_index[n], in_sealed[n], in_commitment[n],
                     in_occupation[n], in_level[n], in_qualification[n], in_from[n], in_to[n], in_request_id[i]);
        outcomes[n] := helper.teacher_import_judge(fresh);
        IF outcomes[n] = OUTCOME_DONE THEN
            INSERT INTO registry.teacher SELECT fresh.*;
        END IF;
        INSERT INTO audit.entry (operator_id, body)
        VALUES (in_operator[i],
                helper.entry_body(in_row_head[n], outcomes[n], NULL, NULL,
                                  CASE WHEN outcomes[n] = OUTCOME_DONE THEN in_commitment[n] END, NULL,
                                  CASE WHEN outcomes[n] = OUTCOME_DONE THEN in_teacher[n] END));
        IF outcomes[n] = OUTCOME_NAME_DIFFERS THEN /* an answer about a person */
            CALL helper.look_spend(in_operator[i], 1, 0);
        END IF;
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head, none, known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* Those who register, or change, what is said of one teacher meet here, in one order. */
CREATE FUNCTION helper.teacher_meet(in_documents bytea[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(k.key)
      FROM (SELECT DISTINCT ('x' || encode(substring(x FROM 1 FOR 7), 'hex'))::bit(56)::int8 AS key
              FROM unnest(in_documents) x ORDER BY 1) k;
END $$;

/* Ends a teacher's registration with a day, or has it last longer. */
CREATE FUNCTION api.teacher_end(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_teacher uuid[],
    in_to date[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, registry, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    owners uuid[];
    target registry.teacher;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{teacher.end}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* nobody is erased meanwhile */
    PERFORM helper.teacher_meet(ARRAY(SELECT t.teacher_index FROM registry.teacher t
                                       WHERE t.teacher_id = ANY (in_teacher)));
    SELECT j.* INTO wholes, known, owners FROM helper.institution_judge(in_request_id, in_digest, in_operator) j;
    PERFORM FROM registry.teacher t WHERE t.teacher_id = ANY (in_teacher) ORDER BY t.teacher_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        req := i;
        outcome := wholes[i];
        IF NOT known[i] THEN
            SELECT * INTO target FROM registry.teacher t
             WHERE t.teacher_id = in_teacher[i] AND t.organisation_id = owners[i];
            outcome := CASE WHEN outcome <> OUTCOME_DONE THEN outcome
                            ELSE helper.teacher_end_judge(target, in_to[i]) END;
            IF outcome = OUTCOME_DONE THEN
                UPDATE registry.teacher t SET valid_to = in_to[i], request_id = in_request_id[i]
                 WHERE t.teacher_id = in_teacher[i];
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], outcome,
                               in_subject => CASE WHEN outcome <> OUTCOME_NOT_ALLOWED THEN target.teacher_id END);
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

/* Why a registration cannot end with a day; done: it can. */
CREATE FUNCTION helper.teacher_end_judge(in_teacher registry.teacher, in_to date) RETURNS int2 LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN in_teacher.teacher_id IS NULL OR in_teacher.sealed = '' THEN OUTCOME_TEACHER_ID_UNKNOWN
        WHEN in_to < in_teacher.valid_from THEN OUTCOME_DATES_ORDER
        WHEN EXISTS (SELECT FROM registry.lesson l JOIN registry.class c USING (class_number)
                      WHERE l.teacher_id = in_teacher.teacher_id AND l.held_on > in_to
                        AND c.state <> CLASS_CANCELLED) THEN OUTCOME_TEACHER_PLANNED
        WHEN EXISTS (SELECT FROM registry.teacher t
                      WHERE t.organisation_id = in_teacher.organisation_id
                        AND t.teacher_index = in_teacher.teacher_index
                        AND t.occupation_code = in_teacher.occupation_code AND t.teacher_id <> in_teacher.teacher_id
                        AND daterange(t.valid_from, t.valid_to, '[]')
                            && daterange(in_teacher.valid_from, in_to, '[]')) THEN OUTCOME_TEACHER_OVERLAPS
        ELSE OUTCOME_DONE END
$$;

/* ---- erasing ---- */

/* What is sealed of the teachers of these documents, in registrations and in plans, and every keyed index of it; a
   registration ends on this day at the latest. As helper.person_blank(). */
CREATE FUNCTION helper.teacher_blank(in_documents bytea[]) RETURNS void LANGUAGE sql AS $$
    UPDATE registry.lesson l SET teacher_sealed = '', teacher_index = sha256(uuid_send(l.lesson_id))
     WHERE l.teacher_index = ANY (in_documents);
    UPDATE registry.teacher t
       SET sealed = '', teacher_index = sha256(uuid_send(t.teacher_id)), name_index = sha256(uuid_send(t.teacher_id)),
           valid_to = greatest(t.valid_from, least(t.valid_to, helper.today()))
     WHERE t.teacher_index = ANY (in_documents);
$$;

/* Erases what is held about a teacher who is no person of the registry (D5), wherever registered. The rows stay, and
   say that there was somebody. */
CREATE FUNCTION api.teacher_erase(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_teacher uuid[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, registry, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    target registry.teacher;
    home registry.organisation;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{teacher.erase}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(helper.documents_key());
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        req := i;
        outcome := first.outcome;
        IF outcome IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.teacher t WHERE t.teacher_id = in_teacher[i] FOR NO KEY UPDATE;
            SELECT * INTO home FROM registry.organisation g WHERE g.organisation_id = target.organisation_id;
            outcome := CASE
                WHEN caller.operator_id IS NULL OR NOT helper.is_bureau(caller.kind)
                     OR NOT 'approver' = ANY (caller.roles) THEN OUTCOME_NOT_ALLOWED
                WHEN helper.looks_left(in_operator[i], caller.division, false) <= 0 THEN OUTCOME_LOOKS_EXCEEDED
                WHEN home.organisation_id IS NULL
                     OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division, home.organisation_id,
                                        home.division) THEN OUTCOME_TEACHER_ID_UNKNOWN
                WHEN target.sealed = '' THEN OUTCOME_ERASED
                WHEN EXISTS (SELECT FROM registry.document d WHERE d.document_index = target.teacher_index)
                     THEN OUTCOME_TEACHER_PERSON
                WHEN EXISTS (SELECT FROM registry.lesson l JOIN registry.class c USING (class_number)
                              WHERE l.teacher_index = target.teacher_index AND c.state IN (CLASS_OPEN, CLASS_STARTED))
                              THEN OUTCOME_IN_CLASS
                ELSE OUTCOME_DONE END;
            IF outcome = OUTCOME_DONE THEN
                PERFORM helper.teacher_blank(ARRAY[target.teacher_index]);
            END IF;
            CALL helper.look_guessed(in_operator[i], outcome);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], outcome,
                               in_subject => CASE WHEN outcome NOT IN (OUTCOME_NOT_ALLOWED, OUTCOME_LOOKS_EXCEEDED,
                                                                       OUTCOME_TEACHER_ID_UNKNOWN)
                                                       THEN target.teacher_id END);
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

/* ---- list ---- */

/* A teacher as lists show one. */
CREATE TYPE helper.teacher_listed AS (
    teacher_id uuid, person_id uuid, sealed bytea, organisation_code text, organisation_name text, occupation_code text,
    level int2, qualification text, valid_from date, valid_to date);

/* A page of teachers that a caller may see, institution by institution, and one more when there are more; those who are
   persons of the registry, with their record. */
CREATE FUNCTION helper.teacher_page(in_operator uuid, in_after uuid, in_page int4, in_organisation text)
RETURNS SETOF helper.teacher_listed LANGUAGE sql STABLE
SET enable_sort = off /* a page reads on from its cursor, and sorts within an institution only */ AS $$
    WITH caller AS MATERIALIZED (
        /* whose teachers they may be, as a range of ids: one institution's, or all that follow */
        SELECT a.*, b.organisation_id AS after_organisation,
               CASE WHEN NOT helper.sees_area(a.kind) THEN a.organisation_id
                    WHEN in_organisation IS NULL
                    THEN coalesce(b.organisation_id, '00000000-0000-0000-0000-000000000000')
                    ELSE o.organisation_id END AS least,
               CASE WHEN NOT helper.sees_area(a.kind) THEN a.organisation_id
                    WHEN in_organisation IS NULL THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff'
                    ELSE o.organisation_id END AS most
          FROM helper.acting a
          LEFT JOIN registry.teacher b ON b.teacher_id = in_after
          LEFT JOIN registry.organisation o ON o.code = in_organisation
         WHERE a.operator_id = in_operator)
    SELECT t.teacher_id, d.person_id, t.sealed, g.code, g.name, t.occupation_code, t.level, t.qualification,
           t.valid_from, t.valid_to
      FROM caller a
      JOIN registry.organisation g ON g.organisation_id BETWEEN a.least AND a.most
      JOIN registry.teacher t ON t.organisation_id = g.organisation_id
      LEFT JOIN registry.document d ON d.document_index = t.teacher_index
     WHERE (in_organisation IS NULL OR g.code = in_organisation)
       AND (in_after IS NULL OR (g.organisation_id, t.teacher_id) > (a.after_organisation, in_after))
       AND helper.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
     ORDER BY g.organisation_id, t.teacher_id
     LIMIT in_page + 1
$$;

/* Teachers that the caller may see, page by page. Row 0 of each request says whether they may be shown: a page of more
   than may still be looked at is refused as a whole (D2). All count who are not erased, so that nobody learns by the
   limit who of them is a person of the registry. */
CREATE FUNCTION api.teacher_list(in_operator uuid[], in_after uuid[], in_page int4[], in_organisation text[],
                                 in_pending int4[])
RETURNS TABLE (req int4, outcome int2, teacher_id uuid, person_id uuid, sealed bytea, organisation_code text,
               organisation_name text, occupation_code text, occupation_name text, level int2, qualification text,
               valid_from date, valid_to date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    looks int8;
    listed helper.teacher_listed[];
    shown int8;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        looks := helper.looks_left(in_operator[i], caller.division, false) - in_pending[i];
        listed := ARRAY(SELECT p FROM helper.teacher_page(in_operator[i], in_after[i], in_page[i],
                                                          in_organisation[i]) p);
        shown := (SELECT count(*) FILTER (WHERE p.sealed <> '') FROM unnest(listed[:in_page[i]]) p);
        req := i;
        outcome := CASE WHEN caller.operator_id IS NULL THEN OUTCOME_NOT_ALLOWED
                        WHEN shown > greatest(looks, 0) THEN OUTCOME_LOOKS_EXCEEDED
                        ELSE OUTCOME_DONE END;
        RETURN NEXT;
        RETURN QUERY SELECT i, OUTCOME_DONE::int2, p.teacher_id, p.person_id, p.sealed, p.organisation_code,
                            p.organisation_name, p.occupation_code,
                            helper.occupation_name(p.occupation_code, p.valid_from), p.level, p.qualification,
                            p.valid_from, p.valid_to
                       FROM unnest(listed) WITH ORDINALITY p
                      WHERE outcome = OUTCOME_DONE
                      ORDER BY p.ordinality;
    END LOOP;
END $$;
