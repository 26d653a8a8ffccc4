/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy standards, and the one workflow of what a bureau proposes and decides. */

/* Whether the key of a standard fits a case, whatever its period. It is part of the query it stands in. */
CREATE FUNCTION helper.standard_fits(of_standard registry.standard, in_case helper.claim_case)
RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (of_standard.occupation_code IS NULL OR of_standard.occupation_code = in_case.occupation_code)
       AND (of_standard.level IS NULL OR of_standard.level = in_case.level)
       AND (of_standard.certificate_kind IS NULL OR of_standard.certificate_kind = in_case.certificate_kind)
       AND (of_standard.trainee_group IS NULL OR of_standard.trainee_group = in_case.trainee_group)
       AND (of_standard.mode IS NULL OR of_standard.mode = in_case.mode)
       AND (of_standard.demand_grade IS NULL OR of_standard.demand_grade = in_case.demand_grade)
       AND (of_standard.renewal IS NULL OR of_standard.renewal = in_case.renewal)
$$;

/* Whether what has such a first and last day (NULL: open) is in force on a day. It is part of the query it stands
   in. */
CREATE FUNCTION helper.period_covers(of_from date, of_to date, in_day date)
RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT of_from <= in_day AND (of_to IS NULL OR of_to >= in_day)
$$;

/* How narrowly a standard is made: of those that fit, the highest counts, what is said of the occupation, the level,
   the kind, the group, the mode, the grade of demand, first or renewal before what is said of all. It is part of the
   query it stands in. */
CREATE FUNCTION helper.standard_rank(of_standard registry.standard)
RETURNS int4 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (of_standard.occupation_code IS NOT NULL)::int4 * 64 + (of_standard.level IS NOT NULL)::int4 * 32
         + (of_standard.certificate_kind IS NOT NULL)::int4 * 16 + (of_standard.trainee_group IS NOT NULL)::int4 * 8
         + (of_standard.mode IS NOT NULL)::int4 * 4 + (of_standard.demand_grade IS NOT NULL)::int4 * 2
         + (of_standard.renewal IS NOT NULL)::int4
$$;

/* The standard that pays for a case: of those that its class kept, or of those that the city had in force on the day
   (B9), the narrowest. NULL: none. Planned once a session, as policy_value() is. */
CREATE FUNCTION helper.standard_find(in_subsidy int2, in_case helper.claim_case) RETURNS registry.standard
LANGUAGE plpgsql STABLE AS $$
DECLARE
    city CONSTANT text := left(in_case.division, 4) || '00';
    found registry.standard;
BEGIN
    IF in_case.as_approved THEN
        SELECT s.* INTO found
          FROM registry.class_standard k JOIN registry.standard s USING (standard_id)
         WHERE k.class_number = in_case.class_number AND s.line = in_subsidy AND s.division = city
           AND helper.standard_fits(s, in_case)
         ORDER BY helper.standard_rank(s) DESC
         LIMIT 1;
    ELSE
        SELECT s.* INTO found
          FROM registry.standard s
         WHERE s.division = city AND s.line = in_subsidy AND s.decision = PROPOSAL_IN_FORCE
           AND helper.period_covers(s.valid_from, s.valid_to, in_case.rated_on)
           AND helper.standard_fits(s, in_case)
         ORDER BY helper.standard_rank(s) DESC
         LIMIT 1;
    END IF;
    RETURN found;
END $$;

/* The standards that may pay for a class of an occupation, level, mode and grade of demand, whatever a trainee's group
   and certificate will be: what it keeps when it is approved on a day (B9). */
CREATE FUNCTION helper.standards_that_pay(in_division text, in_occupation text, in_level int2, in_mode int2,
                                          in_demand_grade int2, in_day date) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT s.standard_id
      FROM registry.standard s
     WHERE s.division = left(in_division, 4) || '00' AND s.decision = PROPOSAL_IN_FORCE
       AND helper.period_covers(s.valid_from, s.valid_to, in_day)
       AND (s.occupation_code IS NULL OR s.occupation_code = in_occupation)
       AND (s.level IS NULL OR s.level = in_level)
       AND (s.mode IS NULL OR s.mode = in_mode)
       AND (s.demand_grade IS NULL OR s.demand_grade = in_demand_grade)
     ORDER BY s.standard_id;
END $$;

/* What a subsidy comes to (B10): a percentage of its rate for all units, the fraction of a fen left out, and its cap at
   most. */
CREATE FUNCTION helper.subsidy_amount(in_rate int8, in_units int4, in_percent int4, in_cap int8) RETURNS int8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(div(in_rate::numeric * in_units * in_percent, 100), in_cap)::int8
$$;

/* Whether two standards are of one key. It is part of the query it stands in. */
CREATE FUNCTION helper.standard_same_key(one registry.standard, other registry.standard)
RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT one.division = other.division AND one.line = other.line
       AND one.occupation_code IS NOT DISTINCT FROM other.occupation_code
       AND one.level IS NOT DISTINCT FROM other.level
       AND one.certificate_kind IS NOT DISTINCT FROM other.certificate_kind
       AND one.trainee_group IS NOT DISTINCT FROM other.trainee_group
       AND one.mode IS NOT DISTINCT FROM other.mode
       AND one.demand_grade IS NOT DISTINCT FROM other.demand_grade
       AND one.renewal IS NOT DISTINCT FROM other.renewal
$$;

/* Rows of standards as requests bring them, one for each line. */
CREATE FUNCTION helper.standard_rows(
    in_subsidy int2[], in_occupation text[], in_level int2[], in_kind int2[], in_group int2[], in_mode int2[],
    in_demand_grade int2[], in_renewal bool[], in_basis int2[], in_amount int8[], in_cap int8[], in_percent int4[],
    in_from date[], in_to date[])
RETURNS registry.standard[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    one registry.standard;
    rows registry.standard[] := ARRAY[]::registry.standard[];
BEGIN
    FOR n IN 1 .. coalesce(cardinality(in_subsidy), 0) LOOP
        one.line := in_subsidy[n];
        one.occupation_code := in_occupation[n];
        one.level := in_level[n];
        one.certificate_kind := in_kind[n];
        one.trainee_group := in_group[n];
        one.mode := in_mode[n];
        one.demand_grade := in_demand_grade[n];
        one.renewal := in_renewal[n];
        one.basis := in_basis[n];
        one.amount_fen := in_amount[n];
        one.cap_fen := in_cap[n];
        one.percent := in_percent[n];
        one.valid_from := in_from[n];
        one.valid_to := in_to[n];
        rows := rows || one;
    END LOOP;
    RETURN rows;
END $$;

/* Whether a caller may propose and decide for its own division: an approver of a bureau of these kinds. */
CREATE FUNCTION helper.proposal_may(in_caller helper.acting, in_kinds int2[]) RETURNS int2 LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN in_caller.kind = ANY (in_kinds) AND 'approver' = ANY (in_caller.roles) THEN OUTCOME_DONE
                ELSE OUTCOME_NOT_ALLOWED END::int2
$$;

/* An approver proposes rows of a subsidy standard (B5), which another one puts in force or rejects. */
CREATE FUNCTION api.standard_propose(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_standard uuid[], in_subsidy int2[],
    in_occupation text[], in_level int2[], in_kind int2[], in_group int2[], in_mode int2[], in_demand_grade int2[],
    in_renewal bool[], in_basis int2[], in_cap int8[], in_percent int4[], in_amount int8[], in_from date[],
    in_to date[], in_citation text[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    nowhere int8[] := array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]);
    rows CONSTANT registry.standard[] := helper.standard_rows(
        in_subsidy, in_occupation, in_level, in_kind, in_group, in_mode, in_demand_grade, in_renewal, in_basis,
        in_amount, in_cap, in_percent, in_from, in_to);
    fresh registry.standard;
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{standard.propose}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{standard.propose}', in_request_id, in_digest, in_row_req,
                               in_row);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        wholes[i] := coalesce(first.outcome, helper.proposal_may(caller, ARRAY[KIND_CITY_BUREAU]::int2[]));
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        FOR n IN 1 .. cardinality(in_row_req) LOOP
            CONTINUE WHEN in_row_req[n] <> i;
            fresh := rows[n];
            fresh.standard_id := in_standard[n];
            fresh.division := caller.division;
            fresh.citation := in_citation[n];
            fresh.proposed_by := in_operator[i];
            fresh.proposed_at := now();
            fresh.request_id := in_request_id[i];
            outcomes[n] := CASE
                WHEN in_occupation[n] IS NOT NULL
                     AND NOT EXISTS (SELECT FROM registry.occupation o WHERE o.code = in_occupation[n])
                     THEN OUTCOME_OCCUPATION_UNKNOWN
                WHEN EXISTS (SELECT FROM registry.standard s
                              WHERE helper.standard_same_key(s, fresh)
                                AND s.basis = fresh.basis AND s.amount_fen = fresh.amount_fen
                                AND s.cap_fen IS NOT DISTINCT FROM fresh.cap_fen AND s.percent = fresh.percent
                                AND s.valid_from = fresh.valid_from
                                AND (s.superseded_by IS NOT NULL OR s.valid_to IS NOT DISTINCT FROM fresh.valid_to)
                                AND s.citation = fresh.citation AND s.decision IS DISTINCT FROM PROPOSAL_REJECTED)
                                THEN OUTCOME_UNCHANGED
                WHEN NOT helper.level_suits(fresh.certificate_kind, fresh.level) THEN OUTCOME_LEVEL_OF_KIND
                ELSE OUTCOME_DONE END;
            IF outcomes[n] = OUTCOME_DONE THEN
                INSERT INTO registry.standard VALUES (fresh.*);
            END IF;
            INSERT INTO audit.entry (operator_id, body)
            VALUES (in_operator[i], helper.entry_body(in_row_head[n], outcomes[n], NULL, NULL, NULL, NULL,
                                                      CASE WHEN outcomes[n] = OUTCOME_DONE THEN in_standard[n] END));
        END LOOP;
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head, nowhere, known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* Standards in force of the key of a proposed one whose days meet its own. */
CREATE FUNCTION helper.standard_rivals(in_standard registry.standard) RETURNS SETOF registry.standard
LANGUAGE sql STABLE AS $$
    SELECT * FROM registry.standard s
     WHERE s.decision = PROPOSAL_IN_FORCE AND helper.standard_same_key(s, in_standard)
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
SELECT PROPOSED_DAY::int2, c.proposal_id, c.division, c.proposed_by, c.decision FROM registry.calendar_proposal c
UNION ALL
SELECT PROPOSED_FUND::int2, m.move_id, m.division, m.proposed_by, m.decision FROM registry.fund_move m
UNION ALL
SELECT PROPOSED_FUND::int2, e.earmark_id, e.division, e.proposed_by, e.decision FROM registry.earmark e;

/* Decides proposals (four eyes): what one person proposed another of the same bureau's division, an approver, puts
   in force or either rejects. The answer has what days of the calendar moved besides. */
CREATE FUNCTION api.proposal_decide(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_kind int2[],
    in_decision int2[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_proposal uuid[])
RETURNS TABLE (req int4, row_number int4, outcome int2, what int2, was date, becomes date, claims int4, claim_ids bytea)
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
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator,
                               helper.methods('{standard.decide,policy.decide,calendar.decide,fund.decide}', in_kind),
                               in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator,
                               helper.methods('{standard.decide,policy.decide,calendar.decide,fund.decide}', in_kind),
                               in_request_id, in_digest, in_row_req, in_row);
    /* They are few: one decision after the other, so that each sees what the one before it put in force. */
    LOCK TABLE registry.standard, registry.policy_proposal IN SHARE ROW EXCLUSIVE MODE;
    /* what is counted by the calendar is counted before or after it changes, never meanwhile */
    IF PROPOSED_DAY = ANY (in_kind) THEN
        LOCK TABLE registry.calendar_day IN EXCLUSIVE MODE;
    END IF;
    IF PROPOSED_FUND = ANY (in_kind) THEN
        PERFORM helper.fund_hold(in_proposal);
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
        FOR n IN 1 .. cardinality(in_row_req) LOOP
            CONTINUE WHEN in_row_req[n] <> i;
            SELECT * INTO target FROM helper.proposal p WHERE p.kind = in_kind[i] AND p.proposal_id = in_proposal[n];
            outcomes[n] := CASE
                WHEN target.division = caller.division IS NOT TRUE THEN OUTCOME_PROPOSAL_UNKNOWN
                WHEN target.decision IS NOT NULL THEN OUTCOME_PROPOSAL_DECIDED
                WHEN in_decision[i] = PROPOSAL_IN_FORCE AND helper.same_human(target.proposed_by, in_operator[i])
                     THEN OUTCOME_PROPOSAL_OWN
                WHEN in_kind[i] = PROPOSED_FUND
                     THEN helper.fund_decided(in_proposal[n], in_decision[i], in_operator[i], in_request_id[i])
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
            ELSIF outcomes[n] = OUTCOME_DONE AND in_kind[i] = PROPOSED_DAY THEN
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
            VALUES (in_operator[i], helper.entry_body(in_row_head[n], outcomes[n], NULL, NULL, NULL, NULL,
                                                      CASE WHEN outcomes[n] <> OUTCOME_PROPOSAL_UNKNOWN
                                                                THEN in_proposal[n] END));
        END LOOP;
        IF first_day IS NOT NULL THEN
            CALL helper.calendar_move(in_request_id[i], caller.division, first_day);
        END IF;
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head, nowhere, known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.calendar_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* Subsidy standards, newest first: proposals of what the caller may see that nobody has decided; or what was in
   force on a day, everybody's (NULL: all that ever was); of one division (NULL: of any). */
CREATE FUNCTION api.standard_list(in_operator uuid[], in_before uuid[], in_page int4[], in_pending bool[],
                                  in_day date[], in_division text[])
RETURNS TABLE (req int4, standard_id uuid, division text, subsidy int2, occupation_code text, level int2,
               certificate_kind int2, trainee_group int2, mode int2, demand_grade int2, renewal bool, basis int2,
               amount_fen int8, cap_fen int8, percent int4, valid_from date, valid_to date, citation text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.standard_id, x.division, x.line, x.occupation_code, x.level, x.certificate_kind,
           x.trainee_group, x.mode, x.demand_grade, x.renewal, x.basis, x.amount_fen, x.cap_fen, x.percent,
           x.valid_from, x.valid_to, x.citation
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
