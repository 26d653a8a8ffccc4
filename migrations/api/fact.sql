/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of others (H4, H18 to H21): questions, their answers, and what these stand in the way of. */

/* ---- what is asked, of which days, and what an answer stands in the way of ---- */

/* The facts that a division asks on a day: bit n - 1 stands for fact n. */
CREATE FUNCTION helper.facts_asked(in_division text, in_day date) RETURNS int4 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(bit_or(1 << (f.code - 1)), 0)
              FROM registry.fact f WHERE helper.policy_value(f.asked, in_division, in_day) = 1);
END $$;

/* What stands in the way of a step where a fact was answered so (0: not yet); NULL: nothing. */
CREATE FUNCTION helper.fact_effect(in_fact int2, in_step int2, in_answer int2) RETURNS int2 LANGUAGE sql STABLE AS $$
    SELECT e.outcome FROM registry.fact_effect e
     WHERE e.fact = in_fact AND e.step = in_step AND e.answer = in_answer
$$;

/* A question's answer as it counts now: one that nobody has answered in question_days is not available (H21); NULL:
   the time runs. */
CREATE FUNCTION helper.fact_answer_now(in_question registry.claim_fact, in_division text) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
DECLARE
    asked CONSTANT date := (in_question.asked_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF in_question.answer IS NOT NULL THEN
        RETURN in_question.answer;
    END IF;
    RETURN CASE WHEN helper.today() > helper.working_day(in_division, asked,
                                                         helper.policy_value('question_days', in_division,
                                                                             asked)::int4)
                THEN ANSWER_NOT_AVAILABLE END;
END $$;

/* What was answered, or not, that stands in the way of a claim's approval, and of its payment once it is approved. */
CREATE FUNCTION helper.facts_against(in_claim registry.claim) RETURNS int2[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    taken CONSTANT int2 := CASE WHEN in_claim.approved_by IS NULL THEN FACT_APPROVE ELSE FACT_PAY END;
BEGIN
    RETURN ARRAY(SELECT e.outcome
                   FROM registry.claim_fact f
                   JOIN registry.fact_effect e
                     ON e.fact = f.fact AND e.step = taken
                    AND e.answer = coalesce(helper.fact_answer_now(f, in_claim.division), 0)
                  WHERE f.claim_id = in_claim.claim_id
                  GROUP BY e.outcome
                  ORDER BY e.outcome <> OUTCOME_FACT_MISSING, min(f.fact));
END $$;

/* Questions about claims with the days that each is asked of (H19), and the employer that it is asked of. */
CREATE FUNCTION helper.fact_questions(in_claim uuid[], in_fact int2[])
RETURNS TABLE (claim_id uuid, fact int2, division text, person_id uuid, day date, unit text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.claim_id, q.fact, c.division, c.person_id, d.day,
           CASE WHEN f.of_employer AND g.kind = KIND_ENTERPRISE THEN g.code END
      FROM unnest(in_claim, in_fact) q(claim_id, fact)
      JOIN registry.claim c ON c.claim_id = q.claim_id
      JOIN registry.fact f ON f.code = q.fact
      JOIN registry.organisation g ON g.organisation_id = c.organisation_id
      JOIN registry.class k ON k.class_number = c.class_number
      JOIN registry.certificate t ON t.certificate_id = c.certificate_id
     CROSS JOIN LATERAL (SELECT (c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS submitted) s
     CROSS JOIN LATERAL (VALUES (FACT_DAY_CLASS_START, k.starts_on), (FACT_DAY_CLASS_END, k.ends_on),
                                (FACT_DAY_CERTIFICATE, t.issued_on), (FACT_DAY_CLAIM, s.submitted)) d(bit, day)
     WHERE helper.policy_value(f.days, c.division, s.submitted) & d.bit > 0;
END $$;

/* ---- what snapshots answer ---- */

/* A lock of the transaction: shared by who asks questions, so that a snapshot that becomes whole meanwhile answers
   them; taken alone by what makes it whole. */
CREATE FUNCTION helper.snapshots_key() RETURNS int8 LANGUAGE sql IMMUTABLE AS $$
    SELECT 6867700046
$$;

/* What snapshots answer to questions about claims; those to which they have no answer are left out. Of several days,
   one answer that speaks against the claim is the answer; without one, all days must be known. */
CREATE FUNCTION helper.facts_answered(in_claim uuid[], in_fact int2[])
RETURNS TABLE (claim_id uuid, fact int2, answer int2, source text, as_of date, answered_by uuid, snapshot_id uuid,
               asked_of date)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    part record;
BEGIN
    FOR part IN SELECT q.division, f.code, f.against, v.code AS source, v.name,
                       array_agg(q.claim_id ORDER BY q.claim_id, q.day) AS claims,
                       array_agg(q.person_id ORDER BY q.claim_id, q.day) AS persons,
                       array_agg(q.day ORDER BY q.claim_id, q.day) AS days,
                       array_agg(q.unit ORDER BY q.claim_id, q.day) AS units
                  FROM helper.fact_questions(in_claim, in_fact) q
                  JOIN registry.fact f ON f.code = q.fact
                  JOIN registry.verification_source v ON v.code = f.source
                 GROUP BY q.division, f.code, f.against, v.code, v.name LOOP
        RETURN QUERY
        SELECT x.claim_id, part.code, x.answer, part.name, x.as_of, s.closed_by, x.snapshot_id, x.day
          FROM (SELECT DISTINCT ON (part.claims[a.n]) part.claims[a.n] AS claim_id, a.answer, a.as_of, a.snapshot_id,
                       part.days[a.n] AS day
                  FROM helper.snapshot_answer(part.source, part.division, part.persons, part.days, part.units) a
                 ORDER BY part.claims[a.n], a.answer <> part.against, a.answer <> ANSWER_NOT_AVAILABLE, a.n) x
          JOIN registry.snapshot s ON s.snapshot_id = x.snapshot_id
         WHERE x.answer <> ANSWER_NOT_AVAILABLE;
    END LOOP;
END $$;

/* Asks what the divisions of claims ask about them (bit n - 1 of an element: fact n), and answers from snapshots what
   these know. */
CREATE FUNCTION helper.facts_ask(in_claim uuid[], in_facts int4[], in_request uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    claims uuid[];
    facts int2[];
    requests uuid[];
BEGIN
    SELECT array_agg(u.claim_id ORDER BY u.claim_id, f.code), array_agg(f.code ORDER BY u.claim_id, f.code),
           array_agg(u.request_id ORDER BY u.claim_id, f.code)
      INTO claims, facts, requests
      FROM unnest(in_claim, in_facts, in_request) u(claim_id, facts, request_id)
      JOIN registry.fact f ON u.facts & (1 << (f.code - 1)) > 0;
    PERFORM pg_advisory_xact_lock_shared(helper.snapshots_key());
    INSERT INTO registry.claim_fact (claim_id, fact, answer, source, as_of, answered_by, answered_at, request_id,
                                     snapshot_id, asked_of)
    SELECT q.claim_id, q.fact, a.answer, a.source, a.as_of, a.answered_by,
           CASE WHEN a.answer IS NOT NULL THEN now() END, CASE WHEN a.answer IS NOT NULL THEN q.request_id END,
           a.snapshot_id, a.asked_of
      FROM unnest(claims, facts, requests) q(claim_id, fact, request_id)
      LEFT JOIN helper.facts_answered(claims, facts) a ON a.claim_id = q.claim_id AND a.fact = q.fact;
END $$;

/* Where a portion of what may wait for a snapshot ends: the claim or question that is so many rows of its table behind
   one; NULL: neither table has as many left. It is found in the keys alone, and bounds what a portion reads, however
   little of it waits. */
CREATE FUNCTION helper.snapshot_reach(in_snapshot registry.snapshot, in_after uuid, in_rows int4) RETURNS uuid
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
    RETURN least((SELECT f.claim_id FROM registry.claim_fact f WHERE f.claim_id > in_after
                   ORDER BY f.claim_id OFFSET in_rows - 1 LIMIT 1),
                 (SELECT e.question_id FROM registry.employment e
                   WHERE in_snapshot.source = REGISTER_INSURANCE AND e.question_id > in_after
                   ORDER BY e.question_id OFFSET in_rows - 1 LIMIT 1));
END $$;

/* What waits for a snapshot in its division, of claims that are not approved and of employers, whatever nobody has
   answered, was not available, or was answered by a snapshot before: the first of these claims and questions behind
   one, up to another one. Read in the order of the keys, so that all of them together are read once. */
CREATE FUNCTION helper.snapshot_waiting(in_snapshot registry.snapshot, in_after uuid, in_reach uuid, in_most int4)
RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
SET enable_sort = off AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT f.claim_id
      FROM registry.claim_fact f
      JOIN registry.fact k ON k.code = f.fact AND k.source = in_snapshot.source
      JOIN registry.claim c ON c.claim_id = f.claim_id
     WHERE f.claim_id > in_after AND f.claim_id <= in_reach
       AND (f.answer IS NULL OR f.answer = ANSWER_NOT_AVAILABLE OR f.snapshot_id IS NOT NULL)
       AND c.state IN (CLAIM_SUBMITTED, CLAIM_ACCEPTED, CLAIM_RETURNED, CLAIM_REVIEWED, CLAIM_PUBLICISED,
                       CLAIM_SUSPENDED)
       AND c.approved_by IS NULL AND helper.division_relation(in_snapshot.division, c.division) <> 'outside'
     ORDER BY f.claim_id LIMIT in_most;
    IF in_snapshot.source = REGISTER_INSURANCE THEN
        RETURN QUERY
        SELECT e.question_id
          FROM registry.employment e JOIN registry.organisation g ON g.organisation_id = e.organisation_id
         WHERE e.question_id > in_after AND e.question_id <= in_reach
           AND (e.answer IS NULL OR e.answer = ANSWER_NOT_AVAILABLE OR e.snapshot_id IS NOT NULL)
           AND helper.division_relation(in_snapshot.division, g.division) <> 'outside'
         ORDER BY e.question_id LIMIT in_most;
    END IF;
END $$;

/* A snapshot that has become whole answers a portion of what waits for it, behind what it has answered. How many it
   answered, and up to which claim or question it has looked, also where it found none; NULL: nothing is left. */
CREATE FUNCTION helper.snapshot_answers(in_snapshot registry.snapshot, in_request uuid, OUT given int4, OUT until uuid)
LANGUAGE plpgsql AS $$
DECLARE
    portion CONSTANT int4 := 1000;
    read CONSTANT int4 := 20000; /* rows of each table, of which the portion is found */
    reach CONSTANT uuid := helper.snapshot_reach(in_snapshot, in_snapshot.answered_to, read);
    waiting uuid[]; /* in the order of their ids, and the first that does not go with them */
    claims uuid[];
    facts int2[];
BEGIN
    SELECT array_agg(x.id ORDER BY x.id) INTO waiting
      FROM (SELECT w.id
              FROM helper.snapshot_waiting(in_snapshot, in_snapshot.answered_to,
                                           coalesce(reach, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), portion + 1) w(id)
             ORDER BY w.id LIMIT portion + 1) x;
    until := CASE WHEN cardinality(waiting) > portion THEN waiting[portion] ELSE reach END;
    waiting := waiting[:portion];
    SELECT array_agg(f.claim_id ORDER BY f.claim_id, f.fact), array_agg(f.fact ORDER BY f.claim_id, f.fact)
      INTO claims, facts
      FROM registry.claim_fact f JOIN registry.fact k ON k.code = f.fact AND k.source = in_snapshot.source
     WHERE f.claim_id = ANY (waiting);
    PERFORM FROM registry.claim c WHERE c.claim_id = ANY (claims) ORDER BY c.claim_id FOR NO KEY UPDATE;
    UPDATE registry.claim_fact f
       SET answer = a.answer, source = a.source, as_of = a.as_of, answered_by = a.answered_by, answered_at = now(),
           request_id = in_request, snapshot_id = a.snapshot_id, asked_of = a.asked_of
      FROM helper.facts_answered(claims, facts) a
      JOIN registry.claim c ON c.claim_id = a.claim_id
     WHERE f.claim_id = a.claim_id AND f.fact = a.fact AND c.approved_by IS NULL
       AND (f.answer IS NULL OR f.answer = ANSWER_NOT_AVAILABLE OR f.snapshot_id IS NOT NULL)
       AND (f.answer, f.snapshot_id) IS DISTINCT FROM (a.answer, a.snapshot_id);
    GET DIAGNOSTICS given = ROW_COUNT;
    PERFORM FROM registry.employment e WHERE e.question_id = ANY (waiting) ORDER BY e.question_id FOR NO KEY UPDATE;
    given := given + helper.employments_answered(waiting, in_request);
END $$;

/* ---- questions and answers ---- */

/* Which kind of organisation may answer which fact; others are asked none. */
CREATE FUNCTION helper.fact_answered_by(in_fact int2, in_kind int2) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT in_kind = KIND_VERIFYING_AGENCY AND EXISTS (SELECT FROM registry.fact f WHERE f.code = in_fact)
$$;

/* Whether a verifying agency answers for claims of a division: its own and those below. Auditors read all. */
CREATE FUNCTION helper.fact_asked_of(in_caller helper.acting, in_division text) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT in_caller.kind = KIND_AUDITOR
        OR in_caller.kind = KIND_VERIFYING_AGENCY
           AND helper.division_relation(in_caller.division, in_division) <> 'outside'
$$;

/* Answers employers' questions, as of today, from snapshots that know; how many. */
CREATE FUNCTION helper.employments_answered(in_question uuid[], in_request uuid) RETURNS int4
LANGUAGE plpgsql AS $$
DECLARE
    part record;
    given int4;
    total int4 := 0;
BEGIN
    FOR part IN SELECT g.division, g.code, array_agg(e.question_id ORDER BY e.question_id) AS questions,
                       array_agg(e.person_id ORDER BY e.question_id) AS persons, count(*)::int4 AS n
                  FROM registry.employment e
                  JOIN registry.organisation g ON g.organisation_id = e.organisation_id
                 WHERE e.question_id = ANY (in_question)
                 GROUP BY g.division, g.code ORDER BY g.code LOOP
        UPDATE registry.employment e
           SET answer = a.answer, source = v.name, as_of = a.as_of, answered_by = s.closed_by, answered_at = now(),
               request_id = in_request, snapshot_id = a.snapshot_id
          FROM helper.snapshot_answer(REGISTER_INSURANCE::int2, part.division, part.persons,
                                      array_fill(helper.today(), ARRAY[part.n]), array_fill(part.code, ARRAY[part.n])) a
          JOIN registry.snapshot s ON s.snapshot_id = a.snapshot_id
          JOIN registry.verification_source v ON v.code = s.source
         WHERE e.question_id = part.questions[a.n] AND a.answer <> ANSWER_NOT_AVAILABLE
           AND (e.answer IS NULL OR e.answer = ANSWER_NOT_AVAILABLE OR e.snapshot_id IS NOT NULL)
           AND (e.answer, e.snapshot_id) IS DISTINCT FROM (a.answer, a.snapshot_id);
        GET DIAGNOSTICS given = ROW_COUNT;
        total := total + given;
    END LOOP;
    RETURN total;
END $$;

/* What an employer asks: whether persons are insured by it, of which each answer ties it to them for claims (B8). A
   row is answered alike whether there is such a person or not; it is a look: limited, counted and entered. What was
   asked and not answered is not asked twice. */
CREATE FUNCTION api.fact_ask(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_document_index bytea[], in_question uuid[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    person uuid;
    asked int4;
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
    entry int8;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{fact.ask}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{fact.ask}', in_request_id, in_digest, in_row_req, in_row);
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* nobody is merged or erased meanwhile */
    PERFORM pg_advisory_xact_lock_shared(helper.snapshots_key());
    /* two that ask about one person meet here, in key order as everybody */
    PERFORM FROM registry.person p
      WHERE p.person_id IN (SELECT helper.person_kept(d.person_id) FROM registry.document d
                             WHERE d.document_index = ANY (in_document_index))
      ORDER BY p.person_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        asked := (SELECT count(*) FROM unnest(in_row_req) q WHERE q = i);
        wholes[i] := coalesce(first.outcome, CASE WHEN caller IS NULL OR caller.kind <> KIND_ENTERPRISE
                                                       THEN OUTCOME_NOT_ALLOWED
                                                  WHEN helper.looks_left(in_operator[i], caller.division, false) < asked
                                                       THEN OUTCOME_LOOKS_EXCEEDED ELSE OUTCOME_DONE END);
        IF NOT known[i] AND wholes[i] = OUTCOME_DONE THEN
            CALL helper.look_spend(in_operator[i], asked, 0);
        END IF;
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        FOR n IN 1 .. cardinality(in_row_req) LOOP
            CONTINUE WHEN in_row_req[n] <> i;
            outcomes[n] := OUTCOME_DONE;
            person := (SELECT helper.person_kept(d.person_id) FROM registry.document d
                        WHERE d.document_index = in_document_index[n]);
            INSERT INTO audit.entry (operator_id, person_id, body)
            VALUES (in_operator[i], person,
                    helper.entry_body(in_row_head[n], OUTCOME_DONE::int2, NULL, person, NULL, NULL))
            RETURNING id INTO entry;
            CONTINUE WHEN person IS NULL;
            INSERT INTO registry.look (person_id, entry_id) VALUES (person, entry);
            INSERT INTO registry.employment (question_id, organisation_id, person_id, asked_by)
            SELECT in_question[n], caller.organisation_id, person, in_operator[i]
             WHERE NOT EXISTS (SELECT FROM registry.employment e
                                WHERE e.organisation_id = caller.organisation_id AND e.person_id = person
                                  AND e.answer IS NULL);
        END LOOP;
        PERFORM helper.employments_answered(ARRAY(SELECT q.question_id
                                                    FROM unnest(in_question, in_row_req) q(question_id, req)
                                                   WHERE q.req = i), in_request_id[i]);
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                             array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* Questions to an agency that verifies, by their priority (H21): of claims, which money waits for, then of employers,
   those that nobody has answered, oldest first; then, in the same order, those whose answer was not available, to be
   tried again. In clear, so that each page is entered. */
CREATE FUNCTION api.fact_list(in_operator uuid[], in_entry_head bytea[], in_page int4[], in_purpose int2[],
                              in_case text[])
RETURNS TABLE (req int4, outcome int2, claim_id uuid, fact int2, record_id uuid, sealed bytea, organisation_code text,
               asked_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    decided int2;
    asked registry.claim_fact[];
    persons uuid[];
    entry int8;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{fact.list}');
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        decided := CASE WHEN caller IS NULL OR caller.kind NOT IN (KIND_AUDITOR, KIND_VERIFYING_AGENCY)
                             THEN OUTCOME_NOT_ALLOWED
                        WHEN helper.looks_left(in_operator[i], caller.division, true) <= 0 THEN OUTCOME_LOOKS_EXCEEDED
                        ELSE OUTCOME_DONE END;
        asked := '{}';
        asked := asked || ARRAY(SELECT f FROM registry.claim_fact f JOIN registry.claim c USING (claim_id)
                                 WHERE decided = OUTCOME_DONE AND f.answer IS NULL
                                   AND c.state IN (CLAIM_SUBMITTED, CLAIM_ACCEPTED, CLAIM_RETURNED, CLAIM_REVIEWED,
                                                   CLAIM_PUBLICISED, CLAIM_SUSPENDED)
                                   AND helper.fact_asked_of(caller, c.division)
                                 ORDER BY f.asked_at, f.claim_id, f.fact LIMIT in_page[i] - cardinality(asked));
        asked := asked || ARRAY(SELECT ROW(e.question_id, FACT_INSURED, e.asked_at, e.answer, e.source, e.as_of,
                                           e.answered_by, e.answered_at, e.request_id, e.salt, e.snapshot_id,
                                           NULL::date)::registry.claim_fact
                                  FROM registry.employment e JOIN registry.organisation g USING (organisation_id)
                                 WHERE decided = OUTCOME_DONE AND e.answer IS NULL
                                   AND helper.fact_asked_of(caller, g.division)
                                   AND NOT helper.person_erased(e.person_id)
                                 ORDER BY e.asked_at, e.question_id LIMIT in_page[i] - cardinality(asked));
        asked := asked || ARRAY(SELECT f FROM registry.claim_fact f JOIN registry.claim c USING (claim_id)
                                 WHERE decided = OUTCOME_DONE AND f.answer = ANSWER_NOT_AVAILABLE
                                   AND c.state IN (CLAIM_SUBMITTED, CLAIM_ACCEPTED, CLAIM_RETURNED, CLAIM_REVIEWED,
                                                   CLAIM_PUBLICISED, CLAIM_SUSPENDED)
                                   AND helper.fact_asked_of(caller, c.division)
                                 ORDER BY f.answered_at, f.claim_id, f.fact LIMIT in_page[i] - cardinality(asked));
        asked := asked || ARRAY(SELECT ROW(e.question_id, FACT_INSURED, e.asked_at, e.answer, e.source, e.as_of,
                                           e.answered_by, e.answered_at, e.request_id, e.salt, e.snapshot_id,
                                           NULL::date)::registry.claim_fact
                                  FROM registry.employment e JOIN registry.organisation g USING (organisation_id)
                                 WHERE decided = OUTCOME_DONE AND e.answer = ANSWER_NOT_AVAILABLE
                                   AND helper.fact_asked_of(caller, g.division)
                                   AND NOT helper.person_erased(e.person_id)
                                 ORDER BY e.answered_at, e.question_id LIMIT in_page[i] - cardinality(asked));
        persons := ARRAY(SELECT DISTINCT coalesce(c.person_id, e.person_id)
                           FROM unnest(asked) f
                           LEFT JOIN registry.claim c ON c.claim_id = f.claim_id
                           LEFT JOIN registry.employment e ON e.question_id = f.claim_id);
        IF decided = OUTCOME_DONE AND helper.looks_left(in_operator[i], caller.division, true)
                                      < cardinality(persons) THEN
            decided := OUTCOME_LOOKS_EXCEEDED;
            asked := '{}';
            persons := '{}';
        END IF;
        entry := helper.look_enter(in_operator[i], in_entry_head[i], decided, NULL, NULL, in_purpose[i], in_case[i],
                                   cardinality(persons));
        INSERT INTO registry.look (person_id, entry_id) SELECT p, entry FROM unnest(persons) p;
        IF decided = OUTCOME_DONE THEN
            CALL helper.look_spend(in_operator[i], 0, cardinality(persons));
        ELSIF decided = OUTCOME_LOOKS_EXCEEDED THEN
            CALL helper.look_count(in_operator[i], 0, 0, 1);
        END IF;
        RETURN QUERY SELECT i, decided, NULL::uuid, NULL::int2, NULL::uuid, NULL::bytea, NULL::text, NULL::int8;
        RETURN QUERY SELECT i, decided, f.claim_id, f.fact, coalesce(p.record_id, p.person_id), p.sealed, g.code,
                            helper.ms(f.asked_at)
                       FROM unnest(asked) WITH ORDINALITY f
                       LEFT JOIN registry.claim c ON c.claim_id = f.claim_id
                       LEFT JOIN registry.employment e ON e.question_id = f.claim_id
                       JOIN registry.person p ON p.person_id = coalesce(c.person_id, e.person_id)
                       JOIN registry.organisation g
                          ON g.organisation_id = coalesce(c.organisation_id, e.organisation_id)
                      ORDER BY f.ordinality;
    END LOOP;
END $$;

/* Whether an operator belongs to whom a question is about (C1): to the organisation that claims or asks (NULL: a person
   does), or is the person. */
CREATE FUNCTION helper.fact_own(in_operator uuid, in_organisation uuid, in_person uuid) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT coalesce(helper.human_is(in_operator, in_person), false)
        OR helper.of_organisation(in_operator, in_organisation)
$$;

/* A verifying agency answers questions, by somebody who does not belong to whom they are about. A later answer takes
   the place of an earlier one, which the log keeps. */
CREATE FUNCTION api.fact_answer(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_source text[],
    in_as_of date[], in_row_req int4[], in_row int4[], in_row_head bytea[], in_claim uuid[], in_fact int2[],
    in_answer int2[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    claim registry.claim;
    own bool;                     /* the caller belongs to whom it is about */
    employer registry.employment; /* the question, where it is no claim's */
    about uuid;
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{fact.answer}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{fact.answer}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM FROM registry.claim c WHERE c.claim_id = ANY (in_claim) ORDER BY c.claim_id FOR NO KEY UPDATE;
    PERFORM FROM registry.employment e WHERE e.question_id = ANY (in_claim) ORDER BY e.question_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        wholes[i] := coalesce(first.outcome, CASE WHEN caller IS NULL OR caller.kind <> KIND_VERIFYING_AGENCY
                                                  THEN OUTCOME_NOT_ALLOWED ELSE OUTCOME_DONE END);
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        FOR n IN 1 .. cardinality(in_row_req) LOOP
            CONTINUE WHEN in_row_req[n] <> i;
            SELECT * INTO claim FROM registry.claim c
             WHERE c.claim_id = in_claim[n] AND helper.fact_asked_of(caller, c.division);
            IF NOT helper.fact_answered_by(in_fact[n], caller.kind) THEN
                claim := NULL;
            END IF;
            own := helper.fact_own(in_operator[i], CASE WHEN claim.route <> ROUTE_PERSON THEN claim.organisation_id END,
                                   claim.person_id);
            UPDATE registry.claim_fact f
               SET answer = in_answer[n], source = in_source[i], as_of = in_as_of[i], answered_by = in_operator[i],
                   answered_at = now(), request_id = in_request_id[i], snapshot_id = NULL, asked_of = NULL
             WHERE f.claim_id = claim.claim_id AND f.fact = in_fact[n] AND NOT own
               AND claim.state NOT IN (CLAIM_APPROVED, CLAIM_PAID, CLAIM_REJECTED, CLAIM_WITHDRAWN, CLAIM_CLAWED_BACK,
                                   CLAIM_IN_BATCH, CLAIM_SENT);
            outcomes[n] := CASE WHEN FOUND THEN OUTCOME_DONE
                                WHEN EXISTS (SELECT FROM registry.claim_fact f
                                              WHERE f.claim_id = claim.claim_id AND f.fact = in_fact[n])
                                THEN CASE WHEN own THEN OUTCOME_FOUR_EYES ELSE OUTCOME_CLAIM_STATE END
                                ELSE OUTCOME_FACT_NOT_ASKED END;
            SELECT e.* INTO employer FROM registry.employment e JOIN registry.organisation g USING (organisation_id)
             WHERE e.question_id = in_claim[n] AND in_fact[n] = FACT_INSURED
               AND helper.fact_answered_by(FACT_INSURED::int2, caller.kind)
               AND helper.fact_asked_of(caller, g.division);
            IF FOUND AND helper.fact_own(in_operator[i], employer.organisation_id, employer.person_id) THEN
                outcomes[n] := OUTCOME_FOUR_EYES;
            ELSIF employer.question_id IS NOT NULL THEN
                outcomes[n] := OUTCOME_DONE;
                UPDATE registry.employment e
                   SET answer = in_answer[n], source = in_source[i], as_of = in_as_of[i], answered_by = in_operator[i],
                       answered_at = now(), request_id = in_request_id[i], snapshot_id = NULL
                 WHERE e.question_id = in_claim[n];
            END IF;
            about := CASE WHEN outcomes[n] <> OUTCOME_FACT_NOT_ASKED
                               THEN coalesce(claim.person_id, employer.person_id) END;
            INSERT INTO audit.entry (operator_id, person_id, body)
            VALUES (in_operator[i], about, helper.entry_body(in_row_head[n], outcomes[n], NULL, about, NULL, NULL,
                                                             CASE WHEN outcomes[n] <> OUTCOME_FACT_NOT_ASKED
                                                                       THEN in_claim[n] END));
        END LOOP;
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                             array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;
