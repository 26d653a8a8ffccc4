/* SPDX-License-Identifier: Apache-2.0 */
/* What a draft of standards or policies would have made of the claims of a year (B5, B6, B7, B9, B10, B11). Nothing is
   written, and nobody is shown. */

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

/* The claims of helper.replay_claims(): the case that decides their standards with the draft, and did, the day of
   submission, and the months for claiming and days of living allowance then, and with the draft; NULL where none of
   them is drafted. Claims that were submitted before standards were kept for modes are rated by that day. */
CREATE FUNCTION helper.replay_cases(in_year int2, in_area text, in_after uuid, in_upto uuid,
                                    in_policies registry.policy[], in_living bool)
RETURNS TABLE (claim registry.claim, said helper.claim_case, was helper.claim_case, issued_on date, day date,
               months_then int4, months int4, days_then int4, days_drafted int4)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    months_drafted bool := EXISTS (SELECT FROM unnest(in_policies) p WHERE p.name = 'claim_months');
    living_drafted bool := EXISTS (SELECT FROM unnest(in_policies) p WHERE p.name = 'living_days');
    rate_drafted bool := EXISTS (SELECT FROM unnest(in_policies) p WHERE p.name = 'rate_day');
BEGIN
    RETURN QUERY
    WITH looked AS MATERIALIZED (
        SELECT c AS claim, x AS certificate, (c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS day
          FROM helper.replay_claims(in_year, in_area, in_after, in_upto) c
          JOIN registry.certificate x ON x.certificate_id = c.certificate_id),
    cased AS MATERIALIZED (
        SELECT l.*, ROW((l.claim).person_id, (l.claim).class_number, (l.claim).division, (l.claim).occupation_code,
                        (l.claim).level, (l.claim).certificate_kind, (l.claim).trainee_group,
                        coalesce((l.claim).mode, MODE_OFFLINE), (l.claim).demand_grade,
                        coalesce((l.claim).renewal, false), coalesce((l.claim).rated_on, l.day),
                        coalesce((l.claim).rated_as_approved, false))::helper.claim_case AS was
          FROM looked l)
    SELECT d.claim,
           CASE WHEN EXISTS (SELECT FROM unnest(in_policies) p
                              WHERE p.name = 'rate_day' AND helper.period_covers(p.valid_from, p.valid_to, d.day))
                     AND helper.policy_drafted('rate_day', (d.claim).division, d.day, in_policies)
                         <> CASE WHEN (d.claim).rated_on IS NULL THEN RATE_CLAIM_SUBMITTED
                                 ELSE helper.policy_value('rate_day', (d.claim).division, d.day) END
                THEN helper.claim_rated(d.was, d.certificate,
                                        (SELECT k FROM registry.class k WHERE k.class_number = (d.was).class_number),
                                        helper.policy_drafted('rate_day', (d.claim).division, d.day,
                                                              in_policies)::int4, d.day)
                ELSE d.was END,
           d.was, (d.certificate).issued_on, d.day,
           CASE WHEN months_drafted THEN helper.policy_value('claim_months', (d.claim).division, d.day)::int4 END,
           CASE WHEN months_drafted
                     THEN helper.policy_drafted('claim_months', (d.claim).division, d.day, in_policies)::int4 END,
           CASE WHEN living_drafted OR in_living OR rate_drafted
                     THEN helper.policy_value('living_days', (d.claim).division, d.day)::int4 END,
           CASE WHEN living_drafted
                     THEN helper.policy_drafted('living_days', (d.claim).division, d.day, in_policies)::int4 END
      FROM cased d;
END $$;

/* The draft of a line that fits a case, the narrowest, of one key the latest; NULL: none. */
CREATE FUNCTION helper.replay_drafted(in_standards registry.standard[], in_row int2, in_case helper.claim_case)
RETURNS registry.standard LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT s
              FROM unnest(in_standards) s
             WHERE s.line = in_row AND helper.period_covers(s.valid_from, s.valid_to, in_case.rated_on)
               AND helper.standard_fits(s, in_case)
             ORDER BY helper.standard_rank(s) DESC, s.valid_from DESC
             LIMIT 1);
END $$;

/* What a line of a claim comes to by a standard, with as many days of living allowance at most; NULL: nothing was
   attended that it pays for. `had`: the line as it was claimed, whose days and class hours stand. */
CREATE FUNCTION helper.replay_amount(in_standard registry.standard, in_case helper.claim_case, in_claim registry.claim,
                                     in_living_days int4, had registry.claim_line) RETURNS int8
LANGUAGE plpgsql STABLE AS $$
DECLARE
    units int4 := CASE in_standard.basis WHEN BASIS_DAY THEN had.days WHEN BASIS_CLASS_HOUR THEN had.hours END;
BEGIN
    IF in_standard.basis = BASIS_CERTIFICATE THEN
        units := 1;
    ELSIF units IS NULL AND in_standard.line = SUBSIDY_LIVING AND NOT helper.living_group(in_case.trainee_group) THEN
        units := 0;
    ELSIF units IS NULL THEN
        SELECT CASE WHEN in_standard.line = SUBSIDY_LIVING THEN least(in_living_days, a.living_days)
                    WHEN in_standard.basis = BASIS_DAY THEN a.days ELSE a.hours END INTO units
          FROM helper.attended_anew(in_case, helper.person_records(in_case.person_id), in_claim, NULL) a;
    END IF;
    RETURN nullif(helper.subsidy_amount(in_standard.amount_fen, units, in_standard.percent, in_standard.cap_fen), 0);
END $$;

/* The subsidies that those claims have, or would have: what was claimed, and what it would have come to with the draft
   laid over what was in force; `why` there is nothing of one any more. What the draft does not touch stays as it was
   claimed. A line that a claim has not, although it had a standard, was not asked for, and comes by no draft. */
CREATE FUNCTION helper.replay_subsidies(in_year int2, in_area text, in_after uuid, in_upto uuid,
                                    in_standards registry.standard[], in_policies registry.policy[])
RETURNS TABLE (claim_id uuid, person_id uuid, occupation_code text, line int2, before_fen int8, after_fen int8,
               why int2)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    living_drafted bool := EXISTS (SELECT FROM unnest(in_standards) s WHERE s.line = SUBSIDY_LIVING);
BEGIN
    /* Whatever the planner thinks of a page, each step is a look-up for a claim or for one of its subsidies. */
    RETURN QUERY
    WITH termed AS MATERIALIZED (
        SELECT * FROM helper.replay_cases(in_year, in_area, in_after, in_upto, in_policies, living_drafted)),
    drafted AS MATERIALIZED (
        SELECT t.*, n.line, h AS had, t.said IS DISTINCT FROM t.was AS rerated,
               helper.replay_drafted(in_standards, n.line, t.said) AS draft,
               n.line = SUBSIDY_LIVING AND t.days_drafted <> t.days_then IS TRUE AS retimed
          FROM termed t
         CROSS JOIN (VALUES (SUBSIDY_TRAINING::int2), (SUBSIDY_ASSESSMENT::int2), (SUBSIDY_LIVING::int2)) n(line)
          LEFT JOIN registry.claim_line h ON h.claim_id = (t.claim).claim_id AND h.line = n.line),
    standing AS MATERIALIZED (
        SELECT d.*, w.found AS stood, CASE WHEN d.rerated THEN helper.standard_find(d.line, d.said) ELSE w.found END
                    AS stands
          FROM drafted d
          LEFT JOIN LATERAL (
               SELECT helper.standard_find(d.line, d.was) AS found
                WHERE (d.draft).line IS NOT NULL OR d.retimed OR d.rerated
               OFFSET 0) w ON true /* a fence: only then is it asked */
         WHERE (d.had).line IS NOT NULL OR (d.draft).line IS NOT NULL OR d.retimed OR d.rerated),
    paid AS MATERIALIZED ( /* by the draft that fits, unless what is in force says more of the case */
        SELECT s.*, s.rerated OR s.retimed OR b.drafted AS touched,
               CASE WHEN b.drafted THEN s.draft
                    WHEN s.rerated OR (s.had).line IS NULL THEN s.stands
                    ELSE (SELECT x FROM registry.standard x WHERE x.standard_id = (s.had).standard_id) END AS pays,
               coalesce(s.months <> s.months_then, false)
                   AND helper.claim_late(s.issued_on, s.day, s.months) AS late,
               (s.had).line IS NULL AND (s.stood).line IS NOT NULL
                   AND helper.replay_amount(s.stood, s.was, s.claim, s.days_then, s.had) IS NOT NULL AS unasked
          FROM standing s
         CROSS JOIN LATERAL (
               SELECT (s.draft).line IS NOT NULL
                  AND helper.standard_rank(s.draft)
                      >= CASE WHEN (s.stands).line IS NULL THEN 0 ELSE helper.standard_rank(s.stands) END
                   AS drafted) b),
    judged AS (
        SELECT (p.claim).claim_id, (p.claim).person_id, (p.claim).occupation_code, p.line,
               (p.had).amount_fen AS before_fen, p.late, (p.pays).line IS NOT NULL AS payable,
               CASE WHEN p.late OR p.unasked THEN NULL
                    WHEN NOT p.touched THEN (p.had).amount_fen
                    WHEN (p.pays).line IS NOT NULL
                         THEN helper.replay_amount(p.pays, p.said, p.claim, coalesce(p.days_drafted, p.days_then),
                                                   CASE WHEN NOT p.retimed THEN p.had END) END AS after_fen
          FROM paid p)
    SELECT j.claim_id, j.person_id, j.occupation_code, j.line, j.before_fen, j.after_fen,
           CASE WHEN j.late THEN OUTCOME_CLAIM_TOO_LATE
                WHEN j.after_fen IS NULL AND j.payable AND j.line = SUBSIDY_LIVING THEN OUTCOME_LIVING_ALLOWANCE
                WHEN j.after_fen IS NULL AND j.payable THEN OUTCOME_ATTENDED_LESS
                WHEN j.after_fen IS NULL THEN OUTCOME_STANDARD_MISSING END::int2
      FROM judged j
     WHERE j.before_fen IS NOT NULL OR j.after_fen IS NOT NULL;
END $$;

/* The policies that limit a human's claims (B11). */
CREATE FUNCTION helper.limit_names() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT '{year_cap_students,year_cap_others,life_cap,no_lower_after_higher}'::text[]
$$;

/* A claim with the limits that a draft sets for it (B11); NULL: none but what was in force on its day. */
CREATE FUNCTION helper.replay_limits(in_claim registry.claim, in_policies registry.policy[]) RETURNS registry.claim
LANGUAGE plpgsql STABLE AS $$
DECLARE
    day date := (in_claim.submitted_at AT TIME ZONE 'Asia/Shanghai')::date;
    said int4[] := ARRAY(SELECT helper.policy_value(n, in_claim.division, day)
                           FROM unnest(helper.limit_names()) WITH ORDINALITY u(n, o) ORDER BY o);
    drafted int4[] := ARRAY(SELECT helper.policy_drafted(n, in_claim.division, day, in_policies)
                              FROM unnest(helper.limit_names()) WITH ORDINALITY u(n, o) ORDER BY o);
    limited registry.claim := in_claim;
BEGIN
    limited.year_cap := nullif(helper.year_cap(in_claim.trainee_group, drafted[1], drafted[2]),
                               helper.year_cap(in_claim.trainee_group, said[1], said[2]));
    limited.life_cap := nullif(drafted[3], said[3]);
    limited.no_lower := nullif(drafted[4], said[4]) = 1;
    RETURN limited;
END $$;

/* Which of the limits that are kept with it a claim passes after those that stand before it, or NULL. */
CREATE FUNCTION helper.replay_passed(in_claim registry.claim, in_standing registry.claim[]) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN in_claim.year_cap <= (SELECT count(*) FROM unnest(in_standing) s WHERE s.year = in_claim.year)
             THEN OUTCOME_YEAR_CAP
        WHEN in_claim.life_cap > 0 AND in_claim.life_cap <= cardinality(in_standing) THEN OUTCOME_LIFE_CAP
        WHEN in_claim.no_lower AND EXISTS (SELECT FROM unnest(in_standing) s
                                            WHERE s.occupation_code = in_claim.occupation_code
                                              AND helper.level_above(s.level, in_claim.level))
             THEN OUTCOME_LOWER_AFTER_HIGHER END;
END $$;

/* The claims that drafted limits refuse (B11), of the humans whose claims helper.replay_claims() finds. They are judged
   in the order in which they were submitted, each after those that would stand: what a limit refuses, or another rule
   of the draft (`in_refused`), takes no place of those after it. Claims of other years and areas stand as they are. */
CREATE FUNCTION helper.replay_limited(in_year int2, in_area text, in_after uuid, in_upto uuid,
                                      in_policies registry.policy[], in_refused uuid[])
RETURNS TABLE (claim_id uuid, why int2) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    seen record;
    human uuid;
    standing registry.claim[];
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(in_policies) p WHERE p.name = ANY (helper.limit_names())) THEN
        RETURN;
    END IF;
    FOR seen IN
        WITH humans AS MATERIALIZED (
            SELECT DISTINCT helper.person_records(u.person_id) AS ids
              FROM (SELECT DISTINCT c.person_id
                      FROM helper.replay_claims(in_year, in_area, in_after, in_upto) c) u),
        places AS MATERIALIZED (
            SELECT h.ids[1] AS human, p.claim_id, true AS placed
              FROM humans h JOIN registry.claim_place p ON p.person_id = ANY (h.ids)),
        clawed AS MATERIALIZED (
            SELECT h.ids[1], b.claim_id, false
              FROM humans h JOIN registry.claim b ON b.person_id = ANY (h.ids)
             WHERE b.year = in_year AND b.state = CLAIM_CLAWED_BACK
               AND b.claim_id NOT IN (SELECT p.claim_id FROM places p))
        SELECT u.human, u.placed, c AS claim, c.year = in_year AND starts_with(c.division, in_area) AS replayed
          FROM (SELECT * FROM places UNION ALL SELECT * FROM clawed) u
          JOIN registry.claim c ON c.claim_id = u.claim_id
         ORDER BY u.human, c.ordinal NULLS FIRST, c.submitted_at, c.claim_id LOOP
        IF seen.human IS DISTINCT FROM human THEN
            human := seen.human;
            standing := '{}';
        END IF;
        claim_id := (seen.claim).claim_id;
        why := CASE WHEN seen.replayed
                    THEN helper.replay_passed(helper.replay_limits(seen.claim, in_policies), standing) END;
        IF why IS NOT NULL THEN
            RETURN NEXT;
        ELSIF seen.placed AND claim_id <> ALL (in_refused) THEN
            standing := standing || seen.claim;
        END IF;
    END LOOP;
END $$;

/* The subsidies of helper.replay_subsidies(), of which what a limit refuses is refused whole, and has no line that it
   had not before. */
CREATE FUNCTION helper.replay_judged(in_year int2, in_area text, in_after uuid, in_upto uuid,
                                     in_standards registry.standard[], in_policies registry.policy[])
RETURNS TABLE (claim_id uuid, person_id uuid, occupation_code text, line int2, before_fen int8, after_fen int8,
               why int2)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH drafted AS MATERIALIZED (
        SELECT * FROM helper.replay_subsidies(in_year, in_area, in_after, in_upto, in_standards, in_policies)),
    limited AS MATERIALIZED (
        SELECT * FROM helper.replay_limited(in_year, in_area, in_after, in_upto, in_policies,
                                            ARRAY(SELECT d.claim_id FROM drafted d GROUP BY d.claim_id
                                                  HAVING count(d.after_fen) = 0)))
    SELECT d.claim_id, d.person_id, d.occupation_code, d.line, d.before_fen,
           CASE WHEN m.why IS NULL THEN d.after_fen END,
           CASE WHEN d.why = OUTCOME_CLAIM_TOO_LATE THEN d.why ELSE coalesce(m.why, d.why) END
      FROM drafted d LEFT JOIN limited m ON m.claim_id = d.claim_id
     WHERE d.before_fen IS NOT NULL OR m.why IS NULL;
END $$;

/* What is wrong with each row of a draft: done, or an outcome. A row without a name is a standard. */
CREATE FUNCTION helper.replay_rows(in_row_req int4[], in_row int4[], in_name text[], in_amount int8[],
                                   in_standards registry.standard[])
RETURNS TABLE (req int4, row_number int4, outcome int2) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.req, l.row_number,
           CASE WHEN l.name IS NULL AND s.occupation_code IS NOT NULL
                     AND NOT EXISTS (SELECT FROM registry.occupation o WHERE o.code = s.occupation_code)
                     THEN OUTCOME_OCCUPATION_UNKNOWN
                WHEN l.name IS NOT NULL AND b.least_value IS NULL THEN OUTCOME_POLICY_UNKNOWN
                WHEN l.amount NOT BETWEEN b.least_value AND b.most_value THEN OUTCOME_POLICY_VALUE
                WHEN l.name NOT IN ('claim_months', 'living_days', 'rate_day')
                     AND l.name <> ALL (helper.limit_names()) THEN OUTCOME_POLICY_NOT_REPLAYED
                WHEN row_number() OVER (PARTITION BY l.req, l.name, s.line, s.occupation_code, s.level,
                                        s.certificate_kind, s.trainee_group, s.mode, s.demand_grade, s.renewal,
                                        s.valid_from
                                        ORDER BY l.row_number) > 1 THEN OUTCOME_DRAFT_REPEATED
                ELSE OUTCOME_DONE END::int2
      FROM unnest(in_row_req, in_row, in_name, in_amount) WITH ORDINALITY l(req, row_number, name, amount, n)
      JOIN unnest(in_standards) WITH ORDINALITY s ON s.ordinality = l.n
      LEFT JOIN LATERAL helper.policy_bounds(l.name) b ON true;
END $$;

/* What a draft would have made of the claims of a year, by part (enum replay_part of daemon/registry/part.h). The
   request's row has the outcome, of the first page how many claims there are, and the cursor of the next page. Rows
   of the draft that are refused have a row each, and nothing is replayed; else the page's claims are counted. A page
   is so many claims of the year, wherever they are, with all of their persons' others: the work of a call has a
   bound, and no person is in two pages. */
CREATE FUNCTION api.policy_replay(
    in_operator uuid[], in_year int2[], in_division text[], in_after uuid[], in_page int4[], in_run bool[],
    in_row_req int4[], in_row int4[], in_name text[], in_amount int8[], in_subsidy int2[], in_occupation text[],
    in_level int2[], in_kind int2[], in_group int2[], in_mode int2[], in_demand_grade int2[], in_renewal bool[],
    in_basis int2[], in_cap int8[], in_percent int4[], in_from date[], in_to date[])
RETURNS TABLE (req int4, part int2, outcome int2, row_number int4, subsidy int2, occupation_code text,
               occupation_name text, year_claims int8, claims int8, changed int8, persons int8, refused int8,
               cheaper int8, dearer int8, before_fen int8, after_fen int8, next uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    whose text;             /* division: whose claims, whose draft */
    area text;              /* what its divisions begin with */
    decided int2;
    wrong int4[];           /* rows of the draft, with their outcomes */
    outcomes int2[];
    rows CONSTANT registry.standard[] := helper.standard_rows( /* of policies the period alone */
        in_subsidy, in_occupation, in_level, in_kind, in_group, in_mode, in_demand_grade, in_renewal, in_basis,
        in_amount, in_cap, in_percent, in_from, in_to);
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
        SELECT coalesce(array_agg(r.row_number ORDER BY r.row_number), '{}'),
               coalesce(array_agg(r.outcome ORDER BY r.row_number), '{}')
          INTO wrong, outcomes
          FROM helper.replay_rows(in_row_req, in_row, in_name, in_amount, rows) r
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
        standards := ARRAY(SELECT rows[l.n] FROM unnest(in_row_req, in_name) WITH ORDINALITY l(req, name, n)
                            WHERE l.req = i AND l.name IS NULL);
        policies := ARRAY(
            SELECT ROW(whose, l.name, l.amount, l.starts, l.ends, '-')::registry.policy
              FROM unnest(in_row_req, in_name, in_amount, in_from, in_to) l(req, name, amount, starts, ends)
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
        WITH subsidies AS MATERIALIZED (
            SELECT * FROM helper.replay_judged(in_year[i], area, after,
                                               coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), standards,
                                               policies) r),
        whole AS MATERIALIZED (
            SELECT l.claim_id, l.person_id, l.occupation_code, sum(l.before_fen) AS before_fen,
                   sum(l.after_fen) AS after_fen, bool_or(l.before_fen IS DISTINCT FROM l.after_fen) AS changed,
                   CASE WHEN count(l.after_fen) = 0 THEN max(l.why) END AS why
              FROM subsidies l
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
                  FROM subsidies l GROUP BY l.line
                UNION ALL
                SELECT REPLAY_PART_REASON, w.why, NULL, NULL, count(*), count(*), count(DISTINCT w.person_id),
                       count(*), 0, 0,
                       sum(w.before_fen), 0
                  FROM whole w WHERE w.why IS NOT NULL GROUP BY w.why) x
          LEFT JOIN registry.occupation o ON o.code = x.occupation_code
         ORDER BY x.part, x.why, x.subsidy, x.occupation_code;
    END LOOP;
END $$;
