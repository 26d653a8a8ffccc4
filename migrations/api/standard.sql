/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy standards, and the one workflow of what a bureau proposes and decides. */

/* Whether a standard of such a key and period is for a case. It is part of the query it stands in. */
CREATE FUNCTION helper.standard_fits(of_occupation text, of_level int2, of_kind int2, of_group int2, of_from date,
                                     of_to date, in_occupation text, in_level int2, in_kind int2, in_group int2,
                                     in_day date)
RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (of_occupation IS NULL OR of_occupation = in_occupation)
       AND (of_level IS NULL OR of_level = in_level)
       AND (of_kind IS NULL OR of_kind = in_kind)
       AND (of_group IS NULL OR of_group = in_group)
       AND of_from <= in_day AND (of_to IS NULL OR of_to >= in_day)
$$;

/* How narrowly a standard is made: of those that fit, the highest counts, what is said of the occupation, the level,
   the kind, the group before what is said of all. It is part of the query it stands in. */
CREATE FUNCTION helper.standard_rank(of_occupation text, of_level int2, of_kind int2, of_group int2)
RETURNS int4 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (of_occupation IS NOT NULL)::int4 * 8 + (of_level IS NOT NULL)::int4 * 4 + (of_kind IS NOT NULL)::int4 * 2
         + (of_group IS NOT NULL)::int4
$$;

/* The standard of the division's city in force on a day. No row: none applies. Planned once a session, as
   policy_value() is. */
CREATE FUNCTION helper.standard_find(in_line int2, in_division text, in_occupation text, in_level int2, in_kind int2,
                                     in_group int2, in_day date)
RETURNS TABLE (standard_id uuid, amount_fen int8, rank int4) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT s.standard_id, s.amount_fen,
           helper.standard_rank(s.occupation_code, s.level, s.certificate_kind, s.trainee_group)
      FROM registry.standard s
     WHERE s.division = left(in_division, 4) || '00' AND s.line = in_line AND s.decision = PROPOSAL_IN_FORCE
       AND helper.standard_fits(s.occupation_code, s.level, s.certificate_kind, s.trainee_group, s.valid_from,
                                s.valid_to, in_occupation, in_level, in_kind, in_group, in_day)
     ORDER BY 3 DESC
     LIMIT 1;
END $$;

/* Whether a caller may propose and decide for its own division: an approver of a bureau of these kinds. */
CREATE FUNCTION helper.proposal_may(in_caller helper.acting, in_kinds int2[]) RETURNS int2 LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN in_caller.kind = ANY (in_kinds) AND 'approver' = ANY (in_caller.roles) THEN OUTCOME_DONE
                ELSE OUTCOME_NOT_ALLOWED END::int2
$$;

/* An approver proposes rows of a subsidy standard (B5), which another one puts in force or rejects. */
CREATE FUNCTION api.standard_propose(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[],
    in_line_req int4[], in_line int4[], in_line_head bytea[], in_standard uuid[], in_subsidy int2[],
    in_occupation text[], in_level int2[], in_kind int2[], in_group int2[], in_amount int8[], in_from date[],
    in_to date[], in_citation text[])
RETURNS TABLE (req int4, line int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    nowhere int8[] := array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]);
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_line_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{standard.propose}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_line_head, in_operator, '{standard.propose}', in_request_id, in_digest, in_line_req,
                               in_line);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        wholes[i] := coalesce(first.outcome, helper.proposal_may(caller, ARRAY[KIND_CITY_BUREAU]::int2[]));
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        FOR n IN 1 .. cardinality(in_line_req) LOOP
            CONTINUE WHEN in_line_req[n] <> i;
            outcomes[n] := CASE
                WHEN in_occupation[n] IS NOT NULL
                     AND NOT EXISTS (SELECT FROM registry.occupation o WHERE o.code = in_occupation[n])
                     THEN OUTCOME_OCCUPATION_UNKNOWN
                WHEN EXISTS (SELECT FROM registry.standard s
                              WHERE s.division = caller.division AND s.line = in_subsidy[n]
                                AND s.occupation_code IS NOT DISTINCT FROM in_occupation[n]
                                AND s.level IS NOT DISTINCT FROM in_level[n]
                                AND s.certificate_kind IS NOT DISTINCT FROM in_kind[n]
                                AND s.trainee_group IS NOT DISTINCT FROM in_group[n]
                                AND s.amount_fen = in_amount[n] AND s.valid_from = in_from[n]
                                AND (s.superseded_by IS NOT NULL OR s.valid_to IS NOT DISTINCT FROM in_to[n])
                                AND s.citation = in_citation[n] AND s.decision IS DISTINCT FROM PROPOSAL_REJECTED)
                                THEN OUTCOME_UNCHANGED
                ELSE OUTCOME_DONE END;
            IF outcomes[n] = OUTCOME_DONE THEN
                INSERT INTO registry.standard (standard_id, division, line, occupation_code, level, certificate_kind,
                                               trainee_group, amount_fen, valid_from, valid_to, citation, proposed_by,
                                               request_id)
                VALUES (in_standard[n], caller.division, in_subsidy[n], in_occupation[n], in_level[n], in_kind[n],
                        in_group[n], in_amount[n], in_from[n], in_to[n], in_citation[n], in_operator[i],
                        in_request_id[i]);
            END IF;
            INSERT INTO audit.entry (operator_id, body)
            VALUES (in_operator[i], helper.entry_body(in_line_head[n], outcomes[n], NULL, NULL, NULL, NULL,
                                                      CASE WHEN outcomes[n] = OUTCOME_DONE THEN in_standard[n] END));
        END LOOP;
    END LOOP;
    CALL helper.lines_answer(in_request_id, in_digest, in_operator, in_entry_head, nowhere, known, wholes, in_line_req,
                             in_line, outcomes);
    RETURN QUERY SELECT * FROM helper.lines_told(in_request_id, known, wholes, in_line_req, in_line, outcomes);
END $$;

/* Standards in force of the key of a proposed one whose days meet its own. */
CREATE FUNCTION helper.standard_rivals(in_standard registry.standard) RETURNS SETOF registry.standard
LANGUAGE sql STABLE AS $$
    SELECT * FROM registry.standard s
     WHERE s.decision = PROPOSAL_IN_FORCE AND s.division = in_standard.division AND s.line = in_standard.line
       AND s.occupation_code IS NOT DISTINCT FROM in_standard.occupation_code
       AND s.level IS NOT DISTINCT FROM in_standard.level
       AND s.certificate_kind IS NOT DISTINCT FROM in_standard.certificate_kind
       AND s.trainee_group IS NOT DISTINCT FROM in_standard.trainee_group
       AND daterange(s.valid_from, s.valid_to, '[]') && daterange(in_standard.valid_from, in_standard.valid_to, '[]')
$$;

/* Puts a standard in force, which ends the one before it; refused where one begins on its first day or later, or was
   ended already. */
CREATE FUNCTION helper.standard_enforce(in_id uuid) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    target registry.standard;
BEGIN
    SELECT * INTO target FROM registry.standard s WHERE s.standard_id = in_id;
    IF EXISTS (SELECT FROM helper.standard_rivals(target) r
                WHERE r.valid_from >= target.valid_from OR r.superseded_by IS NOT NULL) THEN
        RETURN OUTCOME_PROPOSAL_LATER;
    END IF;
    UPDATE registry.standard s SET valid_to = target.valid_from - 1, superseded_by = in_id
     WHERE s.standard_id IN (SELECT r.standard_id FROM helper.standard_rivals(target) r);
    RETURN OUTCOME_DONE;
END $$;

/* Puts a policy in force, which ends the one before it that a bureau put there; what the installation brought stays
   as it is, and a later start counts before it. Refused as helper.standard_enforce() does. */
CREATE FUNCTION helper.policy_enforce(in_id uuid) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    target registry.policy_proposal;
BEGIN
    SELECT * INTO target FROM registry.policy_proposal p WHERE p.proposal_id = in_id;
    IF EXISTS (SELECT FROM registry.policy p
                WHERE p.division = target.division AND p.name = target.name AND p.valid_from >= target.valid_from
                  AND (p.valid_from = target.valid_from OR target.valid_to IS NULL OR p.valid_from <= target.valid_to))
                  THEN
        RETURN OUTCOME_PROPOSAL_LATER;
    END IF;
    UPDATE registry.policy p SET valid_to = target.valid_from - 1
     WHERE p.division = target.division AND p.name = target.name AND p.valid_from < target.valid_from
       AND (p.valid_to IS NULL OR p.valid_to >= target.valid_from)
       AND EXISTS (SELECT FROM registry.policy_proposal o
                    WHERE o.division = p.division AND o.name = p.name AND o.valid_from = p.valid_from
                      AND o.decision = PROPOSAL_IN_FORCE);
    INSERT INTO registry.policy (division, name, value, valid_from, valid_to, citation)
    VALUES (target.division, target.name, target.value, target.valid_from, target.valid_to, target.citation);
    RETURN OUTCOME_DONE;
END $$;

/* What was proposed (enum proposed of daemon/registry/part.h). */
CREATE VIEW helper.proposal AS
SELECT PROPOSED_STANDARD::int2 AS kind, s.standard_id AS proposal_id, s.division, s.proposed_by, s.decision
  FROM registry.standard s
UNION ALL
SELECT PROPOSED_POLICY::int2, p.proposal_id, p.division, p.proposed_by, p.decision FROM registry.policy_proposal p
UNION ALL
SELECT PROPOSED_DAY::int2, c.proposal_id, c.division, c.proposed_by, c.decision FROM registry.calendar_proposal c;

/* Decides proposals (four eyes): what one person proposed another of the same bureau's division, an approver, puts
   in force or either rejects. The answer has what days of the calendar moved besides. */
CREATE FUNCTION api.proposal_decide(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_kind int2[],
    in_decision int2[],
    in_line_req int4[], in_line int4[], in_line_head bytea[], in_proposal uuid[])
RETURNS TABLE (req int4, line int4, outcome int2, what int2, was date, becomes date, claims int4, claim_ids bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    target helper.proposal;
    day registry.calendar_proposal;
    first_day date; /* that the request changed */
    nowhere int8[] := array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]);
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_line_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator,
                               helper.methods('{standard.decide,policy.decide,calendar.decide}', in_kind),
                               in_request_id, in_digest);
    PERFORM helper.heads_check(in_line_head, in_operator,
                               helper.methods('{standard.decide,policy.decide,calendar.decide}', in_kind),
                               in_request_id, in_digest, in_line_req, in_line);
    /* They are few: one decision after the other, so that each sees what the one before it put in force. */
    LOCK TABLE registry.standard, registry.policy_proposal IN SHARE ROW EXCLUSIVE MODE;
    /* what is counted by the calendar is counted before or after it changes, never meanwhile */
    IF PROPOSED_DAY = ANY (in_kind) THEN
        LOCK TABLE registry.calendar_day IN EXCLUSIVE MODE;
    END IF;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        wholes[i] := coalesce(first.outcome,
                              helper.proposal_may(caller, ARRAY[KIND_CITY_BUREAU, KIND_COUNTY_BUREAU,
                                                                KIND_PROVINCIAL_BUREAU]::int2[]));
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        first_day := NULL;
        FOR n IN 1 .. cardinality(in_line_req) LOOP
            CONTINUE WHEN in_line_req[n] <> i;
            SELECT * INTO target FROM helper.proposal p WHERE p.kind = in_kind[i] AND p.proposal_id = in_proposal[n];
            outcomes[n] := CASE
                WHEN target.division = caller.division IS NOT TRUE THEN OUTCOME_PROPOSAL_UNKNOWN
                WHEN target.decision IS NOT NULL THEN OUTCOME_PROPOSAL_DECIDED
                WHEN in_decision[i] = PROPOSAL_IN_FORCE AND helper.same_human(target.proposed_by, in_operator[i])
                     THEN OUTCOME_PROPOSAL_OWN
                WHEN in_decision[i] = PROPOSAL_REJECTED OR in_kind[i] = PROPOSED_DAY THEN OUTCOME_DONE
                WHEN in_kind[i] = PROPOSED_STANDARD THEN helper.standard_enforce(in_proposal[n])
                ELSE helper.policy_enforce(in_proposal[n]) END;
            IF outcomes[n] = OUTCOME_DONE AND in_kind[i] = PROPOSED_STANDARD THEN
                UPDATE registry.standard s
                   SET decision = in_decision[i], decided_by = in_operator[i], decided_at = now()
                 WHERE s.standard_id = in_proposal[n];
            ELSIF outcomes[n] = OUTCOME_DONE AND in_kind[i] = PROPOSED_POLICY THEN
                UPDATE registry.policy_proposal p
                   SET decision = in_decision[i], decided_by = in_operator[i], decided_at = now()
                 WHERE p.proposal_id = in_proposal[n];
            ELSIF outcomes[n] = OUTCOME_DONE THEN
                UPDATE registry.calendar_proposal c
                   SET decision = in_decision[i], decided_by = in_operator[i], decided_at = now()
                 WHERE c.proposal_id = in_proposal[n] RETURNING c.* INTO day;
            END IF;
            IF outcomes[n] = OUTCOME_DONE AND in_kind[i] = PROPOSED_DAY AND in_decision[i] = PROPOSAL_IN_FORCE THEN
                CALL helper.calendar_enforce(day.division, day.day, day.working, day.citation, in_operator[i],
                                             in_request_id[i]);
                first_day := least(first_day, day.day);
            END IF;
            INSERT INTO audit.entry (operator_id, body)
            VALUES (in_operator[i], helper.entry_body(in_line_head[n], outcomes[n], NULL, NULL, NULL, NULL,
                                                      CASE WHEN outcomes[n] <> OUTCOME_PROPOSAL_UNKNOWN
                                                                THEN in_proposal[n] END));
        END LOOP;
        IF first_day IS NOT NULL THEN
            CALL helper.calendar_move(in_request_id[i], caller.division, first_day);
        END IF;
    END LOOP;
    CALL helper.lines_answer(in_request_id, in_digest, in_operator, in_entry_head, nowhere, known, wholes, in_line_req,
                             in_line, outcomes);
    RETURN QUERY SELECT * FROM helper.calendar_told(in_request_id, known, wholes, in_line_req, in_line, outcomes);
END $$;

/* Subsidy standards, newest first: proposals of what the caller may see that nobody has decided; or what was in
   force on a day, everybody's (NULL: all that ever was); of one division (NULL: of any). */
CREATE FUNCTION api.standard_list(in_operator uuid[], in_before uuid[], in_page int4[], in_pending bool[],
                                  in_day date[], in_division text[])
RETURNS TABLE (req int4, standard_id uuid, division text, subsidy int2, occupation_code text, level int2,
               certificate_kind int2, trainee_group int2, amount_fen int8, valid_from date, valid_to date,
               citation text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.standard_id, x.division, x.line, x.occupation_code, x.level, x.certificate_kind,
           x.trainee_group, x.amount_fen, x.valid_from, x.valid_to, x.citation
      FROM unnest(in_operator, in_before, in_page, in_pending, in_day, in_division)
           WITH ORDINALITY i(operator_id, before, page, pending, day, division, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT s.* FROM registry.standard s
            WHERE (i.before IS NULL OR s.standard_id < i.before) AND (i.division IS NULL OR s.division = i.division)
              AND CASE WHEN i.pending
                       THEN s.decision IS NULL AND helper.sees(a.kind, a.organisation_id, a.division, NULL, s.division)
                       ELSE s.decision = PROPOSAL_IN_FORCE END
              AND (i.day IS NULL OR s.valid_from <= i.day AND (s.valid_to IS NULL OR s.valid_to >= i.day))
            ORDER BY s.standard_id DESC
            LIMIT i.page + 1) x
     ORDER BY i.n, x.standard_id DESC;
END $$;
