/* SPDX-License-Identifier: Apache-2.0 */
/* Rules with a number in them, as they are in force and as bureaus propose them. */

/* All that is said of a name on a day, by a division, its city and its province. It is part of the query it stands
   in. */
CREATE FUNCTION helper.policy_said(in_name text, in_division text, in_day date) RETURNS SETOF registry.policy
LANGUAGE sql STABLE AS $$
    SELECT * FROM registry.policy p
     WHERE p.name = in_name
       AND p.division IN (in_division, left(in_division, 4) || '00', left(in_division, 2) || '0000')
       AND p.valid_from <= in_day AND (p.valid_to IS NULL OR p.valid_to >= in_day)
$$;

/* The value on a day: the narrowest division's counts, then the latest start. NULL: there is none. In PL/pgSQL, which
   plans it once a session; an SQL function that is not inlined is planned anew by each statement that calls it. */
CREATE FUNCTION helper.policy_value(in_name text, in_division text, in_day date) RETURNS int8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT p.value
              FROM helper.policy_said(in_name, in_division, in_day) p
             ORDER BY rtrim(p.division, '0') DESC, p.valid_from DESC
             LIMIT 1);
END $$;

/* The value of a policy on a day with a draft laid over: of one division, what is drafted counts first. */
CREATE FUNCTION helper.policy_drafted(in_name text, in_division text, in_day date, in_draft registry.policy[])
RETURNS int8 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT p.value
              FROM (SELECT s.value, s.division, s.valid_from, false AS drafted
                      FROM helper.policy_said(in_name, in_division, in_day) s
                    UNION ALL
                    SELECT d.value, d.division, d.valid_from, true
                      FROM unnest(in_draft) d
                     WHERE d.name = in_name AND d.valid_from <= in_day
                       AND (d.valid_to IS NULL OR d.valid_to >= in_day)) p
             ORDER BY rtrim(p.division, '0') DESC, p.drafted DESC, p.valid_from DESC
             LIMIT 1);
END $$;

/* The day in China, where every rule that speaks of a day is applied. */
CREATE FUNCTION helper.today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date
$$;

/* Values a policy of that name can have: least and most. No row: there is no such policy. */
CREATE FUNCTION helper.policy_bounds(in_name text) RETURNS TABLE (least_value int8, most_value int8)
LANGUAGE sql IMMUTABLE AS $$
    SELECT b.least_value, b.most_value
      FROM (VALUES ('minimum_age', 0, 100), ('late_days', 0, 366), ('attendance_percent', 0, 100),
                   ('pass_mark', 0, 100), ('masked_looks_hour', 0, 1000000), ('clear_looks_hour', 0, 1000000),
                   ('claim_months', 1, 120), ('publicity_days', 1, 60), ('review_days', 1, 60), ('four_eyes', 2, 3),
                   ('living_days', 0, 366), ('fact_pension', 0, 1),
                   ('fact_insured', 0, 1), ('county_extra_percent', 0, 100), ('class_approval', 0, 1),
                   ('class_file_days', 1, 60), ('class_file_ahead', 0, 366), ('day_hours', 1, 16),
                   ('rate_day', RATE_CLASS_APPROVED, RATE_CLAIM_SUBMITTED), ('no_lower_after_higher', 0, 1),
                   ('year_cap_students', 1, CLAIM_PLACES_A_YEAR), ('year_cap_others', 1, CLAIM_PLACES_A_YEAR),
                   ('life_cap', 0, 1000),
                   ('class_hours_least', 0, 10000), ('special_account', 0, 1), ('finance_recheck', 0, 1),
                   ('account_days', 0, 366), ('batch_part_lines', 1, 100000),
                   ('batch_lines_most', 1, 100000), ('advance_percent', 0, 100),
                   ('employment_percent', 1, 100), ('pass_percent', 0, 100), ('project_ceiling', 1, 100),
                   ('project_denominator', DENOMINATOR_COMPLETED, DENOMINATOR_COUNTED), ('evidence_kinds', 1, 31),
                   ('contract_months', 0, 120), ('employment_days', 1, 3660), ('insured_months', 0, 120),
                   ('same_employer_months', 0, 120),
                   ('fact_student', 0, 1), ('fact_payroll', 0, 1), ('fact_death', 0, 1), ('fact_identity', 0, 1),
                   ('fact_custody', 0, 1), ('pension_days', 1, 15), ('insured_days', 1, 15), ('student_days', 1, 15),
                   ('payroll_days', 1, 15), ('death_days', 1, 15), ('identity_days', 1, 15), ('custody_days', 1, 15),
                   ('snapshot_days', 1, 366), ('question_days', 1, 60), ('reserve_months', 0, 120),
                   ('reserve_base', RESERVE_MONTH_END, RESERVE_LAST_YEAR_END), ('reserve_parts', 1, 31),
                   ('shortfall_mode', SHORTFALL_SUPPORT, SHORTFALL_REFUSE)) b(name, least_value, most_value)
     WHERE b.name = in_name
$$;

/* An approver proposes a policy's value from a day on, which another one puts in force or rejects. */
CREATE FUNCTION api.policy_propose(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_proposal uuid[],
    in_name text[], in_value int8[], in_from date[], in_to date[], in_citation text[])
RETURNS TABLE (req int4, outcome int2, proposal_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    bounds record;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{policy.propose}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        proposal_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO bounds FROM helper.policy_bounds(in_name[i]);
            decided := CASE
                WHEN helper.proposal_may(caller, ARRAY[KIND_CITY_BUREAU, KIND_COUNTY_BUREAU,
                                                       KIND_PROVINCIAL_BUREAU]::int2[]) <> OUTCOME_DONE
                     THEN OUTCOME_NOT_ALLOWED
                WHEN bounds.least_value IS NULL THEN OUTCOME_POLICY_UNKNOWN
                WHEN in_value[i] NOT BETWEEN bounds.least_value AND bounds.most_value THEN OUTCOME_POLICY_VALUE
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                proposal_id := in_proposal[i];
                INSERT INTO registry.policy_proposal (proposal_id, division, name, value, valid_from, valid_to,
                                                      citation, proposed_by, request_id)
                VALUES (in_proposal[i], caller.division, in_name[i], in_value[i], in_from[i], in_to[i], in_citation[i],
                        in_operator[i], in_request_id[i]);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => proposal_id);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Policies: proposals of what the caller may see that nobody has decided, which have an id; or the values in force
   on a day (NULL: all that ever were), everybody's. By the text that names a row, after one. */
CREATE FUNCTION api.policy_list(in_operator uuid[], in_after text[], in_page int4[], in_pending bool[], in_day date[],
                                in_division text[])
RETURNS TABLE (req int4, place text, proposal_id uuid, division text, name text, value int8, valid_from date,
               valid_to date, citation text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.place, x.proposal_id, x.division, x.name, x.value, x.valid_from, x.valid_to, x.citation
      FROM unnest(in_operator, in_after, in_page, in_pending, in_day, in_division)
           WITH ORDINALITY i(operator_id, after, page, pending, day, division, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT u.* FROM (
                  SELECT concat_ws(',', p.division, p.name, p.valid_from) COLLATE "C" AS place,
                         NULL::uuid AS proposal_id, p.division, p.name, p.value, p.valid_from, p.valid_to, p.citation
                    FROM registry.policy p WHERE NOT i.pending
                  UNION ALL
                  SELECT q.proposal_id::text COLLATE "C", q.proposal_id, q.division, q.name, q.value, q.valid_from,
                         q.valid_to, q.citation
                    FROM registry.policy_proposal q
                   WHERE i.pending AND q.decision IS NULL
                     AND helper.sees(a.kind, a.organisation_id, a.division, NULL, q.division)) u
            WHERE (i.after IS NULL OR u.place > i.after) AND (i.division IS NULL OR u.division = i.division)
              AND (i.day IS NULL OR u.valid_from <= i.day AND (u.valid_to IS NULL OR u.valid_to >= i.day))
            ORDER BY u.place
            LIMIT i.page + 1) x
     ORDER BY i.n, x.place;
END $$;
