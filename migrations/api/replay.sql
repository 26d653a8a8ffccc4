/* SPDX-License-Identifier: Apache-2.0 */
/* What a draft of standards or policies would have made of the claims of a year (B5, B6, B7). Nothing is written,
   and nobody is shown. */

/* The claims of a year, of an area (its divisions begin like that) and of persons after one and up to another: those
   that were neither rejected nor withdrawn. They are found by their places, which stand in the order of persons;
   what was clawed back for error has none. It is part of the query it stands in. */
CREATE FUNCTION helper.replay_claims(in_year int2, in_area text, in_after uuid, in_upto uuid)
RETURNS SETOF registry.claim LANGUAGE sql STABLE AS $$
    SELECT c.*
      FROM (SELECT p.claim_id FROM registry.claim_place p
             WHERE p.person_id > in_after AND p.person_id <= in_upto AND p.year = in_year
            UNION
            SELECT b.claim_id FROM registry.claim b
             WHERE b.person_id > in_after AND b.person_id <= in_upto AND b.year = in_year
               AND b.state = CLAIM_CLAWED_BACK) u
      JOIN registry.claim c ON c.claim_id = u.claim_id
     WHERE c.state NOT IN (CLAIM_REJECTED, CLAIM_WITHDRAWN) AND starts_with(c.division, in_area)
$$;

/* The lines that those claims have, or would have: what was claimed, and what it would have come to on the day of
   submission with the draft laid over what was in force; `why` there is nothing of one any more. What the draft does
   not touch stays as it was claimed. A line that a claim has not, although it had a standard, was not asked for, and
   comes by no draft. */
CREATE FUNCTION helper.replay_lines(in_year int2, in_area text, in_after uuid, in_upto uuid,
                                    in_standards registry.standard[], in_policies registry.policy[])
RETURNS TABLE (claim_id uuid, person_id uuid, occupation_code text, line int2, before_fen int8, after_fen int8,
               why int2)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    months_drafted bool := EXISTS (SELECT FROM unnest(in_policies) p WHERE p.name = 'claim_months');
    days_drafted bool := EXISTS (SELECT FROM unnest(in_policies) p WHERE p.name = 'living_days');
    living_drafted bool := EXISTS (SELECT FROM unnest(in_standards) s WHERE s.line = SUBSIDY_LIVING);
BEGIN
    /* Whatever the planner thinks of a page, each step is a look-up for a claim or for one of its lines. */
    RETURN QUERY
    WITH looked AS MATERIALIZED (
        SELECT c.*, x.issued_on, (c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS day
          FROM helper.replay_claims(in_year, in_area, in_after, in_upto) c
          JOIN registry.certificate x ON x.certificate_id = c.certificate_id),
    termed AS MATERIALIZED (
        SELECT l.*,
               CASE WHEN months_drafted THEN helper.policy_value('claim_months', l.division, l.day) END AS months_then,
               CASE WHEN months_drafted
                         THEN helper.policy_drafted('claim_months', l.division, l.day, in_policies) END AS months,
               CASE WHEN days_drafted OR living_drafted
                         THEN helper.policy_value('living_days', l.division, l.day) END AS days_then,
               CASE WHEN days_drafted
                         THEN helper.policy_drafted('living_days', l.division, l.day, in_policies) END AS days_drafted
          FROM looked l),
    rated AS MATERIALIZED ( /* of each line the draft that fits, unless what is in force says more of the case */
        SELECT t.*, n.line, h.amount_fen AS before_fen, h.rate_fen AS before_rate, h.days AS before_days,
               CASE WHEN d.rank >= coalesce(f.rank, 0) THEN d.amount_fen END AS drafted_fen,
               f.amount_fen AS standing_fen, n.line = SUBSIDY_LIVING
                   AND t.days_drafted <> t.days_then IS TRUE AS retimed
          FROM termed t
         CROSS JOIN (VALUES (SUBSIDY_TRAINING::int2), (SUBSIDY_ASSESSMENT::int2), (SUBSIDY_LIVING::int2)) n(line)
          LEFT JOIN registry.claim_line h ON h.claim_id = t.claim_id AND h.line = n.line
          LEFT JOIN LATERAL (
               SELECT s.amount_fen,
                      helper.standard_rank(s.occupation_code, s.level, s.certificate_kind, s.trainee_group) AS rank
                 FROM unnest(in_standards) s
                WHERE s.line = n.line
                  AND helper.standard_fits(s.occupation_code, s.level, s.certificate_kind, s.trainee_group,
                                           s.valid_from, s.valid_to, t.occupation_code, t.level, t.certificate_kind,
                                           t.trainee_group, t.day)
                ORDER BY 2 DESC, s.valid_from DESC
                LIMIT 1) d ON true
          LEFT JOIN LATERAL (
               SELECT s.amount_fen, s.rank
                 FROM helper.standard_find(n.line, t.division, t.occupation_code, t.level, t.certificate_kind,
                                           t.trainee_group, t.day) s
                WHERE d.rank IS NOT NULL OR n.line = SUBSIDY_LIVING AND t.days_drafted <> t.days_then
               OFFSET 0) f ON true), /* a fence: only then is it asked */
    each_line AS MATERIALIZED (
        SELECT r.claim_id, r.person_id, r.occupation_code, r.line, r.before_fen,
               r.drafted_fen IS NOT NULL OR r.retimed AS touched,
               coalesce(r.months <> r.months_then, false)
                   AND helper.claim_late(r.issued_on, r.day, r.months::int4) AS late,
               coalesce(r.drafted_fen, r.before_rate, r.standing_fen) AS rate_fen,
               CASE WHEN r.line <> SUBSIDY_LIVING THEN 1
                    WHEN r.before_days IS NOT NULL AND NOT r.retimed THEN r.before_days
                    ELSE helper.living_days(r.class_number, r.person_id, r.trainee_group,
                                            coalesce(r.days_drafted, r.days_then)::int4) END AS days,
               r.before_fen IS NULL AND r.standing_fen IS NOT NULL
               AND (r.line <> SUBSIDY_LIVING
                    OR helper.living_days(r.class_number, r.person_id, r.trainee_group, r.days_then::int4)
                       > 0) AS unasked
          FROM rated r
         WHERE r.before_fen IS NOT NULL OR r.drafted_fen IS NOT NULL OR r.retimed),
    judged AS (
        SELECT e.claim_id, e.person_id, e.occupation_code, e.line, e.before_fen, e.late, e.days,
               CASE WHEN e.late OR e.unasked THEN NULL
                    WHEN e.touched THEN nullif(e.rate_fen * e.days, 0)
                    ELSE e.before_fen END AS after_fen
          FROM each_line e)
    SELECT j.claim_id, j.person_id, j.occupation_code, j.line, j.before_fen, j.after_fen,
           CASE WHEN j.late THEN OUTCOME_CLAIM_TOO_LATE
                WHEN j.after_fen IS NULL AND j.days = 0 THEN OUTCOME_LIVING_ALLOWANCE
                WHEN j.after_fen IS NULL THEN OUTCOME_STANDARD_MISSING END::int2
      FROM judged j
     WHERE j.before_fen IS NOT NULL OR j.after_fen IS NOT NULL;
END $$;

/* What is wrong with each row of a draft: done, or an outcome. A row without a name is a standard. */
CREATE FUNCTION helper.replay_rows(in_line_req int4[], in_line int4[], in_name text[], in_amount int8[],
                                   in_subsidy int2[], in_occupation text[], in_level int2[], in_kind int2[],
                                   in_group int2[], in_from date[])
RETURNS TABLE (req int4, line int4, outcome int2) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.req, l.line,
           CASE WHEN l.name IS NULL AND l.occupation IS NOT NULL
                     AND NOT EXISTS (SELECT FROM registry.occupation o WHERE o.code = l.occupation)
                     THEN OUTCOME_OCCUPATION_UNKNOWN
                WHEN l.name IS NOT NULL AND b.least_value IS NULL THEN OUTCOME_POLICY_UNKNOWN
                WHEN l.amount NOT BETWEEN b.least_value AND b.most_value THEN OUTCOME_POLICY_VALUE
                WHEN l.name NOT IN ('claim_months', 'living_days') THEN OUTCOME_POLICY_NOT_REPLAYED
                WHEN row_number() OVER (PARTITION BY l.req, l.name, l.subsidy, l.occupation, l.level, l.kind,
                                        l.trainees, l.starts
                                        ORDER BY l.line) > 1 THEN OUTCOME_DRAFT_REPEATED
                ELSE OUTCOME_DONE END::int2
      FROM unnest(in_line_req, in_line, in_name, in_amount, in_subsidy, in_occupation, in_level, in_kind, in_group,
                  in_from)
           l(req, line, name, amount, subsidy, occupation, level, kind, trainees, starts)
      LEFT JOIN LATERAL helper.policy_bounds(l.name) b ON true;
END $$;

/* What a draft would have made of the claims of a year, by part (enum replay_part of daemon/registry/part.h). The
   request's row has the outcome, of the first page how many claims there are, and the cursor of the next page. Rows
   of the draft that are refused have a row each, and nothing is replayed; else the page's claims are counted. A page
   is so many claims of the year, wherever they are, with all of their persons' others: the work of a call has a
   bound, and no person is in two pages. */
CREATE FUNCTION api.policy_replay(
    in_operator uuid[], in_year int2[], in_division text[], in_after uuid[], in_page int4[], in_run bool[],
    in_line_req int4[], in_line int4[], in_name text[], in_amount int8[], in_subsidy int2[], in_occupation text[],
    in_level int2[], in_kind int2[], in_group int2[], in_from date[], in_to date[])
RETURNS TABLE (req int4, part int2, outcome int2, line int4, subsidy int2, occupation_code text, occupation_name text,
               year_claims int8, claims int8, changed int8, persons int8, refused int8, cheaper int8, dearer int8,
               before_fen int8, after_fen int8, next uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    whose text;             /* division: whose claims, whose draft */
    area text;              /* what its divisions begin with */
    decided int2;
    wrong int4[];           /* rows of the draft, with their outcomes */
    outcomes int2[];
    standards registry.standard[];
    policies registry.policy[];
    after uuid;
    upto uuid;
    total int8;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        whose := coalesce(in_division[i], caller.division);
        area := CASE WHEN right(whose, 4) = '0000' THEN left(whose, 2) WHEN right(whose, 2) = '00' THEN left(whose, 4)
                     ELSE whose END;
        decided := CASE WHEN helper.sees(caller.kind, caller.organisation_id, caller.division, NULL, whose)
                             THEN OUTCOME_DONE ELSE OUTCOME_NOT_ALLOWED END;
        SELECT coalesce(array_agg(r.line ORDER BY r.line), '{}'), coalesce(array_agg(r.outcome ORDER BY r.line), '{}')
          INTO wrong, outcomes
          FROM helper.replay_rows(in_line_req, in_line, in_name, in_amount, in_subsidy, in_occupation, in_level,
                                  in_kind, in_group, in_from) r
         WHERE r.req = i AND r.outcome <> OUTCOME_DONE;
        IF decided <> OUTCOME_DONE OR cardinality(wrong) > 0 OR NOT in_run[i] THEN
            RETURN QUERY SELECT i, REPLAY_PART_REQUEST::int2, decided, NULL::int4, NULL::int2, NULL, NULL, NULL::int8,
                                NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8,
                                NULL::int8, NULL::uuid;
            RETURN QUERY SELECT i, REPLAY_PART_ROW::int2, outcomes[n], wrong[n], NULL::int2, NULL, NULL, NULL::int8,
                                NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8,
                                NULL::int8, NULL::uuid
                           FROM generate_series(1, cardinality(wrong)) n WHERE decided = OUTCOME_DONE;
            CONTINUE;
        END IF;
        standards := ARRAY(
            SELECT ROW(NULL, whose, l.subsidy, l.occupation, l.level, l.kind, l.trainees, l.amount, l.starts, l.ends,
                       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::registry.standard
              FROM unnest(in_line_req, in_name, in_amount, in_subsidy, in_occupation, in_level, in_kind, in_group,
                          in_from, in_to)
                   l(req, name, amount, subsidy, occupation, level, kind, trainees, starts, ends)
             WHERE l.req = i AND l.name IS NULL);
        policies := ARRAY(
            SELECT ROW(whose, l.name, l.amount, l.starts, l.ends, '-')::registry.policy
              FROM unnest(in_line_req, in_name, in_amount, in_from, in_to) l(req, name, amount, starts, ends)
             WHERE l.req = i AND l.name IS NOT NULL);
        after := coalesce(in_after[i], '00000000-0000-0000-0000-000000000000');
        upto := (SELECT p.person_id FROM registry.claim_place p
                  WHERE p.person_id > after AND p.year = in_year[i] ORDER BY p.person_id OFFSET in_page[i] - 1 LIMIT 1);
        total := CASE WHEN in_after[i] IS NULL THEN (
            SELECT count(*) FROM registry.claim c
             WHERE c.city BETWEEN rpad(left(area, 4), 4, '0') AND rpad(left(area, 4), 4, '9')
               AND starts_with(c.division, area)
               AND c.year = in_year[i] AND c.state NOT IN (CLAIM_REJECTED, CLAIM_WITHDRAWN)) END;
        RETURN QUERY SELECT i, REPLAY_PART_REQUEST::int2, OUTCOME_DONE::int2, NULL::int4, NULL::int2, NULL, NULL, total,
                            NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8,
                            NULL::int8, upto;
        RETURN QUERY
        WITH lines AS MATERIALIZED (
            SELECT * FROM helper.replay_lines(in_year[i], area, after,
                                              coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), standards,
                                              policies) r),
        whole AS MATERIALIZED (
            SELECT l.claim_id, l.person_id, l.occupation_code, sum(l.before_fen) AS before_fen,
                   sum(l.after_fen) AS after_fen, bool_or(l.before_fen IS DISTINCT FROM l.after_fen) AS changed,
                   CASE WHEN count(l.after_fen) = 0 THEN max(l.why) END AS why
              FROM lines l
             GROUP BY l.claim_id, l.person_id, l.occupation_code)
        SELECT i, x.part::int2, x.why::int2, NULL::int4, x.subsidy, x.occupation_code, o.name, NULL::int8,
               x.claims, x.changed, x.persons, x.refused, x.cheaper, x.dearer,
               x.before_fen::int8, x.after_fen::int8, NULL::uuid
          FROM (SELECT CASE grouping(w.occupation_code) WHEN 1 THEN REPLAY_PART_WHOLE
                            ELSE REPLAY_PART_OCCUPATION END AS part, NULL::int2 AS why, NULL::int2 AS subsidy,
                       w.occupation_code, count(*) AS claims, count(*) FILTER (WHERE w.changed) AS changed,
                       count(DISTINCT w.person_id) FILTER (WHERE w.changed) AS persons, count(w.why) AS refused,
                       count(*) FILTER (WHERE w.after_fen < w.before_fen) AS cheaper,
                       count(*) FILTER (WHERE w.after_fen > w.before_fen) AS dearer,
                       coalesce(sum(w.before_fen), 0) AS before_fen, coalesce(sum(w.after_fen), 0) AS after_fen
                  FROM whole w GROUP BY GROUPING SETS ((), (w.occupation_code))
                UNION ALL
                SELECT REPLAY_PART_LINE, NULL, l.line, NULL, count(*),
                       count(*) FILTER (WHERE l.before_fen IS DISTINCT FROM l.after_fen),
                       count(DISTINCT l.person_id) FILTER (WHERE l.before_fen IS DISTINCT FROM l.after_fen),
                       count(*) FILTER (WHERE l.after_fen IS NULL), count(*) FILTER (WHERE l.after_fen < l.before_fen),
                       count(*) FILTER (WHERE l.after_fen > coalesce(l.before_fen, 0)),
                       coalesce(sum(l.before_fen), 0), coalesce(sum(l.after_fen), 0)
                  FROM lines l GROUP BY l.line
                UNION ALL
                SELECT REPLAY_PART_REASON, w.why, NULL, NULL, count(*), count(*), count(DISTINCT w.person_id),
                       count(*), 0, 0,
                       sum(w.before_fen), 0
                  FROM whole w WHERE w.why IS NOT NULL GROUP BY w.why) x
          LEFT JOIN registry.occupation o ON o.code = x.occupation_code
         ORDER BY x.part, x.why, x.subsidy, x.occupation_code;
    END LOOP;
END $$;
