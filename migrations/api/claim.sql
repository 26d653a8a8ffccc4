/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy claims (B, C). */

/* ---- submission ---- */

/* What a division's policies say today; read once for a request, or for all steps of a set. Bit n - 1 of `facts`:
   fact n is asked. */
CREATE TYPE helper.claim_terms AS (division text, day date, months int4, living_days int4, due_on date,
                                   publicity_days int4, four_eyes int4, facts int4, rate_day int4,
                                   year_cap_students int4, year_cap_others int4, life_cap int4, no_lower int4,
                                   special_account int4);

/* What a division's policies say today of its claims. */
CREATE FUNCTION helper.claim_terms(in_division text) RETURNS helper.claim_terms LANGUAGE plpgsql STABLE AS $$
DECLARE
    terms helper.claim_terms;
BEGIN
    terms.division := in_division;
    terms.day := helper.today();
    terms.months := helper.policy_value('claim_months', in_division, terms.day);
    terms.living_days := helper.policy_value('living_days', in_division, terms.day);
    terms.due_on := helper.working_day(in_division, terms.day,
                                       helper.policy_value('review_days', in_division, terms.day)::int4);
    terms.publicity_days := helper.policy_value('publicity_days', in_division, terms.day);
    terms.four_eyes := helper.policy_value('four_eyes', in_division, terms.day);
    terms.facts := helper.facts_asked(in_division, terms.day);
    terms.rate_day := helper.policy_value('rate_day', in_division, terms.day);
    terms.year_cap_students := helper.policy_value('year_cap_students', in_division, terms.day);
    terms.year_cap_others := helper.policy_value('year_cap_others', in_division, terms.day);
    terms.life_cap := helper.policy_value('life_cap', in_division, terms.day);
    terms.no_lower := helper.policy_value('no_lower_after_higher', in_division, terms.day);
    terms.special_account := helper.policy_value('special_account', in_division, terms.day);
    RETURN terms;
END $$;

/* A class whose attendance a subsidy of a claim was given for, by day or by class hour. */
CREATE TYPE helper.class_given AS (class_number int8, line int2, by_day bool);

/* What of a human's time and days other claims and projects were given, which none is given again (B6, B10, E3): when
   lessons were attended that a training subsidy pays for, and on which days if it pays by day; and the days of living
   allowance. */
CREATE TYPE helper.units_given AS (held tsmultirange, days datemultirange, living_days datemultirange);

/* What claims with a place of a human's records were given, and heads of projects: those before one, or all; and those
   of the same set. */
CREATE FUNCTION helper.units_given(in_human uuid[], in_claim registry.claim, in_set helper.class_given[])
RETURNS helper.units_given LANGUAGE plpgsql STABLE AS $$
DECLARE
    given helper.units_given;
BEGIN
    WITH paid AS MATERIALIZED (
        SELECT c.class_number, l.line, l.days IS NOT NULL AS by_day
          FROM registry.claim_place p
          JOIN registry.claim c ON c.claim_id = p.claim_id
          JOIN registry.claim_line l ON l.claim_id = c.claim_id
         WHERE p.person_id = ANY (in_human) AND c.claim_id IS DISTINCT FROM in_claim.claim_id
           AND helper.claim_before(c, in_claim) AND num_nonnulls(l.days, l.hours) > 0
           AND (l.clawed_fen < l.amount_fen
                OR EXISTS (SELECT FROM registry.claim_step s WHERE s.claim_id = c.claim_id AND s.fraud))
         UNION
        /* a project pays for all of its class that a head attended (E3) */
        SELECT h.class_number, SUBSIDY_TRAINING::int2, true
          FROM registry.claim_place p
          JOIN registry.project_head h ON h.head_id = p.head_id
         WHERE p.person_id = ANY (in_human) AND helper.ordinal_before(h.ordinal, in_claim)
         UNION
        SELECT u.* FROM unnest(in_set) u)
    SELECT range_agg(l.held) FILTER (WHERE p.line <> SUBSIDY_LIVING),
           range_agg(daterange(l.held_on, l.held_on, '[]')) FILTER (WHERE p.line <> SUBSIDY_LIVING AND p.by_day),
           range_agg(daterange(l.held_on, l.held_on, '[]')) FILTER (WHERE p.line = SUBSIDY_LIVING)
      INTO given
      FROM paid p
      JOIN registry.attendance a ON a.class_number = p.class_number AND a.person_id = ANY (in_human)
      JOIN registry.lesson l ON l.class_number = a.class_number AND l.lesson = a.lesson
     WHERE a.state IN (ATTENDANCE_PRESENT, ATTENDANCE_LATE, ATTENDANCE_LEFT_EARLY);
    RETURN given;
END $$;

/* Days, days of living allowance and class hours that a trainee attended and no other claim was given: late and early
   leavers were there, leave is not. */
CREATE FUNCTION helper.attended(in_class int8, in_person uuid, in_given helper.units_given, OUT days int4,
                                OUT living_days int4, OUT hours int4)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT count(DISTINCT l.held_on) FILTER (WHERE (l.held && in_given.held OR l.held_on <@ in_given.days)
                                                   IS NOT TRUE),
           count(DISTINCT l.held_on) FILTER (WHERE (l.held_on <@ in_given.living_days) IS NOT TRUE),
           coalesce(sum(l.hours) FILTER (WHERE (l.held && in_given.held) IS NOT TRUE), 0)
      INTO days, living_days, hours
      FROM registry.attendance a JOIN registry.lesson l USING (class_number, lesson)
     WHERE a.class_number = in_class AND a.person_id = in_person
       AND a.state IN (ATTENDANCE_PRESENT, ATTENDANCE_LATE, ATTENDANCE_LEFT_EARLY);
END $$;

/* Whether a trainee group may have the living allowance (B6). */
CREATE FUNCTION helper.living_group(in_group int2) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.trainee_group g
                    WHERE g.code = in_group AND g.name IN ('贫困劳动力', '就业困难人员', '零就业家庭成员', '低保家庭劳动力'));
END $$;

/* The completed class that a certificate rests on (B1), one of the caller's own first; no row: there is none. */
CREATE FUNCTION helper.claim_class(in_certificate registry.certificate, in_own uuid)
RETURNS TABLE (class_number int8, organisation_id uuid, trainee_group int2) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.class_number, c.organisation_id, e.trainee_group
      FROM registry.enrolment e JOIN registry.class c ON c.class_number = e.class_number
     WHERE e.person_id = in_certificate.person_id
       AND (in_certificate.class_number IS NULL OR e.class_number = in_certificate.class_number)
       AND c.occupation_code = in_certificate.occupation_code AND c.level = in_certificate.level
       AND c.state = CLASS_COMPLETED AND e.result = RESULT_COMPLETED AND e.removed_reason IS NULL
     ORDER BY (c.organisation_id = in_own) DESC, c.ends_on DESC, c.class_number DESC
     LIMIT 1;
END $$;

/* Whether a certificate is too old to be claimed for on a day (B7). It is part of the query it stands in. */
CREATE FUNCTION helper.claim_late(in_issued_on date, in_day date, in_months int4) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT in_day > in_issued_on + make_interval(months => in_months)
$$;

/* What decides which standards pay for a claim (B5, B9, B10). `rated_on`: the day whose standards they are;
   `as_approved`: among those that the class kept when it was approved then. */
CREATE TYPE helper.claim_case AS (person_id uuid, class_number int8, division text, occupation_code text, level int2,
                                  certificate_kind int2, trainee_group int2, mode int2, demand_grade int2,
                                  renewal bool, rated_on date, as_approved bool);

/* Whether a certificate counts as a renewal (B10): its issuer says so, or an earlier one of its holder, kind,
   occupation and level is registered that was valid when it was issued: a revocation since, or entered since, is no
   way to another rate. `in_human`: the holder's records. */
CREATE FUNCTION helper.certificate_renews(in_certificate registry.certificate, in_human uuid[]) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN in_certificate.renewal
        OR EXISTS (SELECT FROM registry.certificate x
                    WHERE x.person_id = ANY (in_human) AND x.kind = in_certificate.kind
                      AND x.occupation_code = in_certificate.occupation_code AND x.level = in_certificate.level
                      AND x.issued_on < in_certificate.issued_on
                      AND (x.state = CERTIFICATE_VALID
                           OR (SELECT greatest(v.effective_on, (v.changed_at AT TIME ZONE 'Asia/Shanghai')::date)
                                 FROM registry.certificate_version v WHERE v.certificate_id = x.certificate_id
                                ORDER BY v.version DESC LIMIT 1) > in_certificate.issued_on));
END $$;

/* Where the standards of a case are chosen, by a value of the policy rate_day (B9), of a claim submitted on a day. By
   the approval of its class; a class that was never approved, since none was needed, is rated by its first day, or by
   the certificate's day of issue if that does not name the class. */
CREATE FUNCTION helper.claim_rated(in_case helper.claim_case, in_certificate registry.certificate,
                                   in_class registry.class, in_rate_day int4, in_day date)
RETURNS helper.claim_case LANGUAGE plpgsql STABLE AS $$
DECLARE
    rated helper.claim_case := in_case;
BEGIN
    rated.rated_on := CASE in_rate_day
        WHEN RATE_CERTIFICATE_ISSUED THEN in_certificate.issued_on
        WHEN RATE_CLAIM_SUBMITTED THEN in_day
        ELSE coalesce(in_class.approved_on,
                      CASE WHEN in_certificate.class_number IS NULL THEN in_certificate.issued_on
                           ELSE in_class.starts_on END) END;
    /* what a bureau of this city approved is paid by what the class kept then, even if that is nothing */
    rated.as_approved := in_rate_day = RATE_CLASS_APPROVED AND EXISTS (
        SELECT FROM helper.filing_stands(in_class) f
          JOIN registry.operator o ON o.operator_id = f.decided_by
          JOIN registry.organisation g ON g.organisation_id = o.organisation_id
         WHERE left(g.division, 4) = left(in_case.division, 4));
    RETURN rated;
END $$;

/* The grade of demand by which a class was approved; NULL: none, or it was not. */
CREATE FUNCTION helper.class_demand_grade(in_class int8) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT f.demand_grade FROM registry.class_filing f
             WHERE f.class_number = in_class AND f.decision = FILING_APPROVED AND f.withdrawn_at IS NULL
             ORDER BY f.filing DESC LIMIT 1);
END $$;

/* What decides the standards of a claim that rests on a certificate and a class, in a trainee group. */
CREATE FUNCTION helper.claim_case(in_certificate registry.certificate, in_human uuid[], in_class int8, in_group int2,
                                  in_terms helper.claim_terms) RETURNS helper.claim_case LANGUAGE plpgsql STABLE AS $$
DECLARE
    said helper.claim_case;
    class registry.class;
BEGIN
    SELECT * INTO class FROM registry.class c WHERE c.class_number = in_class;
    said.person_id := in_certificate.person_id;
    said.class_number := in_class;
    said.division := in_terms.division;
    said.occupation_code := in_certificate.occupation_code;
    said.level := in_certificate.level;
    said.certificate_kind := in_certificate.kind;
    said.trainee_group := in_group;
    said.mode := class.mode;
    said.demand_grade := CASE WHEN class.approved_on IS NOT NULL THEN helper.class_demand_grade(in_class) END;
    said.renewal := helper.certificate_renews(in_certificate, in_human);
    RETURN helper.claim_rated(said, in_certificate, class, in_terms.rate_day, in_terms.day);
END $$;

/* What a trainee attended of a case's class that no claim of the human's records was given, nor one of the same set. */
CREATE FUNCTION helper.attended_anew(in_case helper.claim_case, in_human uuid[], in_claim registry.claim,
                                     in_set helper.class_given[], OUT days int4, OUT living_days int4, OUT hours int4)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT a.* INTO days, living_days, hours
      FROM helper.attended(in_case.class_number, in_case.person_id,
                           helper.units_given(in_human, in_claim, in_set)) a;
END $$;

/* Amounts (B5, B6, B10) of the subsidies asked for, or of all that apply when none is; `missing`: why one asked for
   cannot be had. One that is paid by attendance applies even if nothing was attended: without it nobody is to claim.
   `in_human`: the holder's records; `in_set`: what claims of the same set are given for them. */
CREATE FUNCTION helper.claim_amounts(in_case helper.claim_case, in_human uuid[], in_set helper.class_given[],
                                     in_living_days int4, in_claim uuid, in_asked int4,
                                     OUT subsidies registry.claim_line[], OUT missing int2[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
    one registry.claim_line;
    standard registry.standard;
    units record;
    why int2;
BEGIN
    FOR n IN SUBSIDY_TRAINING .. SUBSIDY_LIVING LOOP
        CONTINUE WHEN in_asked <> 0 AND in_asked & (1 << (n - 1)) = 0;
        one := NULL;
        why := NULL;
        standard := NULL;
        IF n = SUBSIDY_LIVING THEN
            one.days := CASE WHEN helper.living_group(in_case.trainee_group)
                             THEN least(in_living_days,
                                        (helper.attended_anew(in_case, in_human, NULL, in_set)).living_days)
                             ELSE 0 END;
            why := CASE WHEN one.days = 0 THEN OUTCOME_LIVING_ALLOWANCE END;
        END IF;
        IF why IS NULL THEN
            standard := helper.standard_find(n::int2, in_case);
        END IF;
        IF n <> SUBSIDY_LIVING AND standard.basis <> BASIS_CERTIFICATE THEN
            units := helper.attended_anew(in_case, in_human, NULL, in_set);
            one.days := CASE standard.basis WHEN BASIS_DAY THEN units.days END;
            one.hours := CASE standard.basis WHEN BASIS_CLASS_HOUR THEN units.hours END;
            why := CASE WHEN 0 IN (one.days, one.hours) THEN OUTCOME_ATTENDED_LESS END;
        END IF;
        why := coalesce(why, CASE WHEN standard.standard_id IS NULL THEN OUTCOME_STANDARD_MISSING END);
        IF why IS NULL THEN
            one.claim_id := in_claim;
            one.line := n;
            one.standard_id := standard.standard_id;
            one.rate_fen := standard.amount_fen;
            one.percent := standard.percent;
            one.cap_fen := standard.cap_fen;
            one.amount_fen := helper.subsidy_amount(one.rate_fen, coalesce(one.days, one.hours, 1), one.percent,
                                                    one.cap_fen);
            subsidies := subsidies || one;
        ELSIF in_asked <> 0 OR why = OUTCOME_ATTENDED_LESS THEN
            missing := missing || why;
        END IF;
    END LOOP;
END $$;

/* Every reason why a claim cannot be submitted (none: it can). `human`: the holder's records; `more`: places that
   claims of the same set take of its three; `taken`: one of them is for this occupation and level; `limits`: which of
   the city's it would pass. The caller holds these records' rows. */
CREATE FUNCTION helper.claim_reasons(in_certificate registry.certificate, in_human uuid[], in_class int8, in_route int2,
                                     in_proxy text, in_no_fee bool, in_subsidies registry.claim_line[],
                                     in_missing int2[], in_terms helper.claim_terms, in_more int4, in_taken bool,
                                     in_limits int2[])
RETURNS int2[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN array_remove(ARRAY[
        CASE WHEN helper.person_erased(in_certificate.person_id) THEN OUTCOME_ERASED END,
        CASE WHEN in_certificate.state <> CERTIFICATE_VALID THEN OUTCOME_CERTIFICATE_REVOKED END,
        CASE WHEN in_class IS NULL THEN OUTCOME_NOT_COMPLETED END,
        CASE WHEN in_route = ROUTE_INSTITUTION AND in_proxy IS NULL THEN OUTCOME_PROXY_MISSING END,
        CASE WHEN in_route = ROUTE_INSTITUTION AND NOT in_no_fee THEN OUTCOME_FEE_STATEMENT END,
        CASE WHEN in_more + helper.places_taken(in_human, extract(year FROM in_terms.day)::int2) >= CLAIM_PLACES_A_YEAR
                  THEN OUTCOME_YEAR_FULL END,
        CASE WHEN in_taken OR helper.once_taken(in_human, in_certificate.occupation_code, in_certificate.level) <> '{}'
                  THEN OUTCOME_ONCE_TAKEN END,
        CASE WHEN in_subsidies IS NULL AND in_missing IS NULL AND in_class IS NOT NULL
                  THEN OUTCOME_STANDARD_MISSING END,
        CASE WHEN helper.claim_late(in_certificate.issued_on, in_terms.day, in_terms.months)
                  THEN OUTCOME_CLAIM_TOO_LATE END
        ]::int2[] || in_limits || in_missing, NULL);
END $$;

/* Whether an organisation is tied to a person as its employer (B8): a verifying agency has answered that it is, last
   of all, or the person takes or took part in a class of the organisation's own. */
CREATE FUNCTION helper.claim_employer(in_organisation uuid, in_person uuid) RETURNS bool LANGUAGE plpgsql STABLE AS $$
DECLARE
    ids uuid[] := helper.person_ids(in_person);
BEGIN
    RETURN coalesce((SELECT e.answer = ANSWER_MATCH FROM registry.employment e
                      WHERE e.organisation_id = in_organisation AND e.person_id = ANY (ids)
                        AND e.answer IN (ANSWER_MATCH, ANSWER_MISMATCH)
                      ORDER BY e.as_of DESC, e.answered_at DESC LIMIT 1), false)
        OR EXISTS (SELECT FROM registry.enrolment r JOIN registry.class c ON c.class_number = r.class_number
                    WHERE r.person_id = ANY (ids) AND r.removed_reason IS NULL AND c.organisation_id = in_organisation);
END $$;

/* What claims of a set are given for the attendance of one of these humans, one for each claim. */
CREATE FUNCTION helper.set_given(in_human uuid, in_humans uuid[], in_claims registry.claim[],
                                 in_subsidies registry.claim_line[]) RETURNS helper.class_given[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT ROW(c.class_number, l.line, l.days IS NOT NULL)::helper.class_given
                   FROM unnest(in_claims) WITH ORDINALITY c
                   JOIN unnest(in_subsidies) l ON l.claim_id = c.claim_id AND num_nonnulls(l.days, l.hours) > 0
                  WHERE in_humans[c.ordinality] = in_human);
END $$;

/* Judges one row: every reason against it, or the claim it becomes with its subsidies. Unchanged alone: `claim` is this
   very one, which is there already. `humans` and `keys`: whose places, and which, the claims before it have taken, in
   `in_claims` with `in_subsidies`; `human`: whose this one takes. */
CREATE FUNCTION helper.claim_judge_row(
    in_caller helper.acting, in_terms helper.claim_terms, in_route int2, in_number_index bytea, in_proxy text,
    in_no_fee bool, in_asked int4, in_claim uuid, in_humans uuid[], in_keys text[], in_claims registry.claim[],
    in_subsidies registry.claim_line[], OUT reasons int2[], OUT claim registry.claim,
    OUT subsidies registry.claim_line[], OUT human uuid)
LANGUAGE plpgsql AS $$
DECLARE
    certificate registry.certificate;
    ids uuid[];
    basis record;
    said helper.claim_case;
    amounts record;
    more int4;
BEGIN
    SELECT * INTO certificate FROM registry.certificate c WHERE c.number_index = in_number_index FOR SHARE;
    SELECT * INTO basis FROM helper.claim_class(certificate, in_caller.organisation_id) b;
    IF certificate IS NULL
       OR in_route = ROUTE_INSTITUTION AND certificate.organisation_id <> in_caller.organisation_id
          AND basis.organisation_id IS DISTINCT FROM in_caller.organisation_id
       OR in_route = ROUTE_EMPLOYER AND NOT helper.claim_employer(in_caller.organisation_id, certificate.person_id) THEN
        reasons := ARRAY[OUTCOME_CLAIM_CERTIFICATE];
        RETURN;
    END IF;
    SELECT c.* INTO claim FROM registry.claim c
     WHERE c.certificate_id = certificate.certificate_id AND c.organisation_id = in_caller.organisation_id
       AND c.state NOT IN (CLAIM_REJECTED, CLAIM_WITHDRAWN, CLAIM_CLAWED_BACK);
    IF FOUND THEN
        reasons := ARRAY[OUTCOME_UNCHANGED];
        RETURN;
    END IF;
    ids := helper.person_records(certificate.person_id);
    human := ids[1];
    more := cardinality(array_positions(in_humans, human));
    said := helper.claim_case(certificate, ids, basis.class_number, basis.trainee_group, in_terms);
    SELECT * INTO amounts
      FROM helper.claim_amounts(said, ids, CASE WHEN more > 0
                                                THEN helper.set_given(human, in_humans, in_claims, in_subsidies) END,
                                in_terms.living_days, in_claim, in_asked) a;
    subsidies := amounts.subsidies;
    claim.person_id := certificate.person_id;
    claim.certificate_id := certificate.certificate_id;
    claim.class_number := basis.class_number;
    claim.organisation_id := in_caller.organisation_id;
    claim.division := in_terms.division;
    claim.route := in_route;
    claim.proxy_reference := in_proxy;
    claim.occupation_code := certificate.occupation_code;
    claim.level := certificate.level;
    claim.certificate_kind := certificate.kind;
    claim.trainee_group := basis.trainee_group;
    claim.mode := said.mode;
    claim.demand_grade := said.demand_grade;
    claim.renewal := said.renewal;
    claim.rated_on := said.rated_on;
    claim.rated_as_approved := said.as_approved;
    claim.year_cap := helper.year_cap(basis.trainee_group, in_terms.year_cap_students, in_terms.year_cap_others);
    claim.life_cap := in_terms.life_cap;
    claim.no_lower := in_terms.no_lower = 1;
    claim.year := extract(year FROM in_terms.day);
    claim.amount_fen := (SELECT sum(l.amount_fen) FROM unnest(subsidies) l);
    claim.due_on := in_terms.due_on;
    claim.submitted_by := in_caller.operator_id;
    reasons := helper.claim_reasons(certificate, ids, basis.class_number, in_route, in_proxy, in_no_fee, subsidies,
                                    CASE WHEN basis.class_number IS NOT NULL THEN amounts.missing END, in_terms, more,
                                    helper.claim_key(human, certificate.occupation_code, certificate.level)
                                    = ANY (in_keys),
                                    helper.limits_passed(claim, ids, more, claim.no_lower
                                        AND helper.claim_keys_higher(human, certificate, in_keys)));
    claim.claim_id := in_claim;
END $$;

/* What B3 allows once: a human being, an occupation and a level, as one word. */
CREATE FUNCTION helper.claim_key(in_human uuid, in_occupation text, in_level int2) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT in_human || ' ' || in_occupation || ' ' || in_level
$$;

/* Whether one of these keys is a human being's for a higher level of a certificate's occupation (B11). */
CREATE FUNCTION helper.claim_keys_higher(in_human uuid, in_certificate registry.certificate, in_keys text[])
RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT in_keys && ARRAY(SELECT helper.claim_key(in_human, in_certificate.occupation_code, l.level::int2)
                              FROM generate_series(in_certificate.level + 1, LEVEL_CHIEF_TECHNICIAN) l(level))
$$;

/* Writes the claims of a set: their places first, which are the last guard. `requests` and `facts` (bit n - 1: fact
   n is asked) are of each claim. */
CREATE PROCEDURE helper.claim_write(in_claims registry.claim[], in_subsidies registry.claim_line[], in_requests uuid[],
                                    in_facts int4[])
LANGUAGE plpgsql AS $$
DECLARE
    placed int4;
BEGIN
    IF cardinality(in_claims) = 0 THEN
        RETURN;
    END IF;
    INSERT INTO registry.claim_place (person_id, year, place, claim_id)
    SELECT c.person_id, c.year, f.place, c.claim_id
      FROM (SELECT u.person_id, u.year, u.claim_id,
                   row_number() OVER (PARTITION BY u.person_id, u.year ORDER BY u.ordinality) AS nth
              FROM unnest(in_claims) WITH ORDINALITY u) c
     CROSS JOIN LATERAL (SELECT s.place::int2 AS place FROM generate_series(1, CLAIM_PLACES_A_YEAR) s(place)
                          WHERE NOT EXISTS (SELECT FROM registry.claim_place p
                                             WHERE p.person_id = c.person_id AND p.year = c.year AND p.place = s.place)
                          ORDER BY s.place OFFSET c.nth - 1 LIMIT 1) f
     ORDER BY c.person_id, f.place;
    GET DIAGNOSTICS placed = ROW_COUNT;
    IF placed <> cardinality(in_claims) THEN
        RAISE serialization_failure USING MESSAGE = 'another set has taken a place of one of these persons';
    END IF;
    INSERT INTO registry.claim_once (person_id, occupation_code, level, claim_id)
    SELECT c.person_id, c.occupation_code, c.level, c.claim_id FROM unnest(in_claims) c ORDER BY 1, 2, 3;
    INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route,
                                proxy_reference, occupation_code, level, certificate_kind, trainee_group, mode,
                                demand_grade, renewal, rated_on, rated_as_approved, year_cap, life_cap, no_lower,
                                year, amount_fen, due_on, submitted_by)
    SELECT c.claim_id, c.person_id, c.certificate_id, c.class_number, c.organisation_id, c.division, c.route,
           c.proxy_reference, c.occupation_code, c.level, c.certificate_kind, c.trainee_group, c.mode, c.demand_grade,
           c.renewal, c.rated_on, c.rated_as_approved, c.year_cap, c.life_cap, c.no_lower, c.year, c.amount_fen,
           c.due_on, c.submitted_by
      FROM unnest(in_claims) WITH ORDINALITY c
     ORDER BY c.ordinality; /* their ordinals ascend as they were judged */
    INSERT INTO registry.claim_line (claim_id, line, standard_id, rate_fen, days, hours, percent, cap_fen, amount_fen)
    SELECT l.claim_id, l.line, l.standard_id, l.rate_fen, l.days, l.hours, l.percent, l.cap_fen, l.amount_fen
      FROM unnest(in_subsidies) l;
    INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, request_id)
    SELECT c.claim_id, 1, CLAIM_SUBMIT, CLAIM_SUBMITTED, c.submitted_by, in_requests[c.ordinality]
      FROM unnest(in_claims) WITH ORDINALITY c;
    IF 0 <> ANY (in_facts) THEN
        PERFORM helper.facts_ask(ARRAY(SELECT c.claim_id FROM unnest(in_claims) c), in_facts, in_requests);
    END IF;
END $$;

/* Who may submit by a route (B8): for the person, a bureau's clerk; the employer; the institution. */
CREATE FUNCTION helper.claim_route_open(in_kind int2, in_roles text[], in_route int2) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'clerk' = ANY (in_roles) AND CASE in_route
               WHEN ROUTE_PERSON THEN in_kind IN (KIND_CITY_BUREAU, KIND_COUNTY_BUREAU)
               WHEN ROUTE_EMPLOYER THEN in_kind = KIND_ENTERPRISE
               ELSE in_kind = KIND_INSTITUTION END
$$;

/* What a set of submissions comes to, request by request: the outcome as a whole, whether it was answered before;
   and whether some are refused only because they stand beside others. It is part of the query it stands in. */
CREATE FUNCTION helper.claim_submit_judge(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_route int2[], in_dry_run bool[], in_needed int8[],
    in_needed_alone int8[])
RETURNS TABLE (wholes int2[], known bool[], apart bool) LANGUAGE sql STABLE AS $$
    SELECT array_agg(coalesce(f.outcome, CASE WHEN a.operator_id IS NULL
                                                   OR NOT helper.claim_route_open(a.kind, a.roles, i.route)
                                                   THEN OUTCOME_NOT_ALLOWED
                                              WHEN a.human_id IS NULL THEN OUTCOME_HUMAN_UNKNOWN
                                              WHEN k.looks < in_needed[i.n] THEN OUTCOME_LOOKS_EXCEEDED
                                              ELSE OUTCOME_DONE END::int2) ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n),
           bool_or(f.outcome IS NULL AND k.looks < in_needed[i.n] AND k.looks >= in_needed_alone[i.n])
      FROM unnest(in_request_id, in_digest, in_operator, in_route, in_dry_run)
           WITH ORDINALITY i(request_id, digest, operator_id, route, dry_run, n)
      LEFT JOIN LATERAL (SELECT x.outcome FROM helper.answered(i.request_id, i.digest, i.operator_id) x
                          WHERE NOT i.dry_run) f ON true
      LEFT JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN LATERAL (SELECT helper.looks_left(a.operator_id, a.division, false) AS looks) k ON true
$$;

/* Writes the entries, looks and marks of a set of submissions. `told`: of which row, what, about which claim of
   whom. (A function, since a procedure costs more to call.) */
CREATE FUNCTION helper.claim_submit_answer(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_dry_run bool[],
    in_known bool[], in_wholes int2[], in_row_req int4[], in_row int4[], in_row_head bytea[],
    in_told_n int8[], in_told int2[], in_told_claim uuid[], in_told_person uuid[], in_told_class int8[])
RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    entries int8[];          /* of each request that is a dry run */
BEGIN
    /* An entry for each row, with the first reason; one for each request that was refused whole, or was a dry run. */
    WITH first AS (
        SELECT nextval('audit.entry_id_seq') AS id, t.*
          FROM (SELECT DISTINCT ON (u.n) u.n, in_row_req[u.n] AS req, u.outcome, u.claim_id, u.person_id,
                                u.class_number
                  FROM unnest(in_told_n, in_told, in_told_claim, in_told_person, in_told_class)
                       WITH ORDINALITY u(n, outcome, claim_id, person_id, class_number, place)
                 ORDER BY u.n, u.place) t
         WHERE NOT in_dry_run[t.req]),
    entered AS (
        INSERT INTO audit.entry (id, operator_id, person_id, body) OVERRIDING SYSTEM VALUE
        SELECT t.id, in_operator[t.req], t.person_id,
               helper.entry_body(in_row_head[t.n], t.outcome, t.class_number, t.person_id, NULL, NULL, t.claim_id)
          FROM first t ORDER BY t.n)
    INSERT INTO registry.look (person_id, entry_id)
    SELECT t.person_id, t.id FROM first t
     WHERE t.person_id IS NOT NULL AND t.outcome NOT IN (OUTCOME_DONE, OUTCOME_UNCHANGED) ORDER BY 1, 2;
    SELECT array_agg(CASE WHEN d THEN nextval('audit.entry_id_seq') END ORDER BY n) INTO entries
      FROM unnest(in_dry_run) WITH ORDINALITY i(d, n);
    INSERT INTO audit.entry (id, operator_id, body) OVERRIDING SYSTEM VALUE
    SELECT coalesce(entries[i.n], nextval('audit.entry_id_seq')), i.operator_id,
           helper.entry_part(i.head, in_wholes[i.n], NULL, NULL, NULL, NULL)
           || CASE WHEN i.dry_run THEN helper.entry_count((SELECT count(*) FROM unnest(in_row_req) q
                                                            WHERE q = i.n)::int4)
                   ELSE ''::bytea END
           || audit.transaction()
      FROM unnest(in_operator, in_entry_head, in_dry_run) WITH ORDINALITY i(operator_id, head, dry_run, n)
     WHERE NOT in_known[i.n] AND (in_wholes[i.n] <> OUTCOME_DONE OR i.dry_run);
    INSERT INTO registry.look (person_id, entry_id)
    SELECT DISTINCT u.person_id, entries[in_row_req[u.n]]
      FROM unnest(in_told_n, in_told_person) u(n, person_id)
     WHERE u.person_id IS NOT NULL AND in_dry_run[in_row_req[u.n]]
     ORDER BY 1, 2;
    INSERT INTO registry.look_hour AS h (operator_id, hour, masked, refused)
    SELECT i.operator_id, date_trunc('hour', now()), coalesce(sum(l.looked), 0),
           count(*) FILTER (WHERE in_wholes[i.n] = OUTCOME_LOOKS_EXCEEDED)
      FROM unnest(in_operator, in_dry_run) WITH ORDINALITY i(operator_id, dry_run, n)
      LEFT JOIN (SELECT in_row_req[u.n] AS req, count(DISTINCT u.n) AS looked
                   FROM unnest(in_told_n, in_told) u(n, outcome)
                  WHERE in_dry_run[in_row_req[u.n]] OR u.outcome NOT IN (OUTCOME_DONE, OUTCOME_UNCHANGED)
                  GROUP BY 1) l ON l.req = i.n
     WHERE NOT in_known[i.n] AND (l.looked > 0 OR in_wholes[i.n] = OUTCOME_LOOKS_EXCEEDED)
     GROUP BY 1 ORDER BY 1
        ON CONFLICT (operator_id, hour)
        DO UPDATE SET masked = h.masked + excluded.masked, refused = h.refused + excluded.refused;
    PERFORM helper.looks_kept(ARRAY(SELECT i.operator_id FROM unnest(in_operator) WITH ORDINALITY i(operator_id, n)
                                     WHERE NOT in_known[i.n] AND in_wholes[i.n] = OUTCOME_DONE),
                              false);
    INSERT INTO registry.request (request_id, operator_id, digest, outcome, lines, outcomes, subjects)
    SELECT i.request_id, i.operator_id, i.digest, in_wholes[i.n], t.lines, t.outcomes, t.subjects
      FROM unnest(in_request_id, in_operator, in_digest, in_dry_run)
           WITH ORDINALITY i(request_id, operator_id, digest, dry_run, n)
      LEFT JOIN (SELECT in_row_req[u.n] AS req, array_agg(in_row[u.n] ORDER BY u.place) AS lines,
                        array_agg(u.outcome ORDER BY u.place) AS outcomes,
                        array_agg(u.claim_id ORDER BY u.place) AS subjects
                   FROM unnest(in_told_n, in_told, in_told_claim) WITH ORDINALITY u(n, outcome, claim_id, place)
                  GROUP BY 1) t ON t.req = i.n
     WHERE NOT in_known[i.n] AND NOT i.dry_run
     ORDER BY i.request_id;
END $$;

/* The rows of an answer about a set of submissions: for each request a row of number 0 with the whole's outcome, then
   of its rows what is told; of one that was answered before, as it was. It is part of the query it stands in. */
CREATE FUNCTION helper.claim_submit_told(
    in_request_id uuid[], in_known bool[], in_wholes int2[], in_row_req int4[], in_row int4[],
    in_told_n int8[], in_told int2[], in_told_claim uuid[], in_told_amount int8[])
RETURNS TABLE (req int4, row_number int4, outcome int2, claim_id uuid, amount_fen int8) LANGUAGE sql STABLE AS $$
    SELECT r.req, r.row_number, r.outcome, r.claim_id, coalesce(r.amount, c.amount_fen)
      FROM (SELECT u.n::int4 AS req, 0 AS row_number, u.whole AS outcome, NULL::uuid AS claim_id, NULL::int8 AS amount,
                   0::int8 AS place
              FROM unnest(in_wholes) WITH ORDINALITY u(whole, n)
            UNION ALL
            SELECT in_row_req[u.n], in_row[u.n], u.outcome, u.claim_id, u.amount, u.place
              FROM unnest(in_told_n, in_told, in_told_claim, in_told_amount)
                   WITH ORDINALITY u(n, outcome, claim_id, amount, place)
            UNION ALL
            SELECT i.n::int4, l.row_number, l.outcome, l.claim_id, NULL, l.place
              FROM unnest(in_request_id) WITH ORDINALITY i(request_id, n)
              JOIN registry.request k ON k.request_id = i.request_id AND in_known[i.n] AND in_wholes[i.n] = OUTCOME_DONE
             CROSS JOIN LATERAL unnest(k.lines, k.outcomes, k.subjects)
                  WITH ORDINALITY l(row_number, outcome, claim_id, place)) r
      LEFT JOIN registry.claim c ON c.claim_id = r.claim_id
     ORDER BY r.req, r.place
$$;

/* Holds, until the end, what a set of submissions is judged by: whose records are whose, the calendar, and the people,
   so that whoever submits for the same waits here, in key order as everybody. */
CREATE FUNCTION helper.claim_submit_hold(in_number_index bytea[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key());
    LOCK TABLE registry.calendar_day IN ROW SHARE MODE; /* as api.claim_decide() */
    PERFORM FROM registry.person p
      WHERE p.person_id IN (SELECT unnest(helper.person_records(c.person_id)) FROM registry.certificate c
                             WHERE c.number_index = ANY (in_number_index))
      ORDER BY p.person_id FOR NO KEY UPDATE;
END $$;

/* Submits claims. For each request a row of number 0 with the whole's outcome; then of each row one for every
   reason against it, or one that is done with what is claimed. Lines are judged one after the other, then all is
   written at once. What a dry run says of a row, and why one is refused, is a look at its holder: limited, counted
   and entered, also where there is no such certificate. */
CREATE FUNCTION api.claim_submit(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_route int2[],
    in_dry_run bool[], in_row_req int4[], in_row int4[], in_row_head bytea[], in_number_index bytea[],
    in_proxy text[], in_no_fee bool[], in_asked int4[], in_claim uuid[], in_document_index bytea[] DEFAULT NULL,
    in_name_index bytea[] DEFAULT NULL)
RETURNS TABLE (req int4, row_number int4, outcome int2, claim_id uuid, amount_fen int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off /* a plan made while a table was small serves until it is analysed */ AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    caller helper.acting;
    terms helper.claim_terms;
    asked record;
    said record;
    reason int2;
    differs int2;            /* A6: what a row says of the holder is another's */
    at int4 := 0;            /* the request of `caller` and `terms` */
    claims registry.claim[] := ARRAY[]::registry.claim[];
    subsidies registry.claim_line[] := ARRAY[]::registry.claim_line[];
    requests uuid[] := ARRAY[]::uuid[];
    facts int4[] := ARRAY[]::int4[];
    humans uuid[] := ARRAY[]::uuid[];   /* whose places the claims take, and which */
    keys text[] := ARRAY[]::text[];
    /* the same of a dry run, a world of its own: it takes none from others, nor sees what they take */
    dry_humans uuid[];
    dry_keys text[];
    dry_claims registry.claim[];
    dry_subsidies registry.claim_line[];
    told_n int8[] := ARRAY[]::int8[];   /* what is told: of which row, what, about which claim of what amount */
    told int2[] := ARRAY[]::int2[];
    told_claim uuid[] := ARRAY[]::uuid[];
    told_amount int8[] := ARRAY[]::int8[];
    told_person uuid[] := ARRAY[]::uuid[];
    told_class int8[] := ARRAY[]::int8[];
    needed CONSTANT int8[] := helper.looks_needed(in_operator, in_row_req, true); /* beside each other */
    needed_alone CONSTANT int8[] := helper.looks_needed(in_operator, in_row_req, false);
    apart bool;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{claim.submit}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{claim.submit}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM helper.claim_submit_hold(in_number_index);
    SELECT j.* INTO wholes, known, apart FROM helper.claim_submit_judge(
        in_request_id, in_digest, in_operator, in_route, in_dry_run, needed, needed_alone) j;
    PERFORM helper.looks_apart(apart);
    FOR asked IN SELECT l.* FROM unnest(in_row_req, in_number_index, in_proxy, in_no_fee, in_asked, in_claim,
                                        in_document_index, in_name_index) WITH ORDINALITY
                                 l(req, number_index, proxy, no_fee, subsidies, claim, document_index, name_index, n)
                  ORDER BY l.n LOOP
        CONTINUE WHEN known[asked.req] OR wholes[asked.req] <> OUTCOME_DONE;
        IF at <> asked.req THEN
            at := asked.req;
            dry_humans := '{}';
            dry_keys := '{}';
            dry_claims := '{}';
            dry_subsidies := '{}';
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[at];
            IF terms.division IS DISTINCT FROM caller.division THEN
                terms := helper.claim_terms(caller.division);
            END IF;
        END IF;
        said := helper.claim_judge_row(caller, terms, in_route[at], asked.number_index, asked.proxy, asked.no_fee,
                                        asked.subsidies, asked.claim,
                                        CASE WHEN in_dry_run[at] THEN dry_humans ELSE humans END,
                                        CASE WHEN in_dry_run[at] THEN dry_keys ELSE keys END,
                                        CASE WHEN in_dry_run[at] THEN dry_claims ELSE claims END,
                                        CASE WHEN in_dry_run[at] THEN dry_subsidies ELSE subsidies END);
        differs := CASE WHEN (said.claim).person_id IS NOT NULL
                        THEN helper.holder_differs(helper.person_kept((said.claim).person_id), asked.document_index,
                                                   asked.name_index) END;
        IF differs IS NOT NULL THEN
            said.reasons := differs || array_remove(said.reasons, OUTCOME_UNCHANGED::int2);
        END IF;
        IF said.reasons = '{}' AND in_dry_run[at] THEN
            dry_humans := dry_humans || said.human;
            dry_claims := dry_claims || said.claim;
            dry_subsidies := dry_subsidies || said.subsidies;
            dry_keys := dry_keys || helper.claim_key(said.human, (said.claim).occupation_code, (said.claim).level);
        ELSIF said.reasons = '{}' AND NOT in_dry_run[at] THEN
            claims := claims || said.claim;
            subsidies := subsidies || said.subsidies;
            requests := requests || in_request_id[at];
            facts := facts || terms.facts;
            humans := humans || said.human;
            keys := keys || helper.claim_key(said.human, (said.claim).occupation_code, (said.claim).level);
        END IF;
        FOREACH reason IN ARRAY CASE WHEN said.reasons = '{}' THEN ARRAY[OUTCOME_DONE] ELSE said.reasons END LOOP
            told_n := told_n || asked.n;
            told := told || reason;
            told_claim := told_claim || CASE WHEN reason = OUTCOME_UNCHANGED
                                                  OR reason = OUTCOME_DONE AND NOT in_dry_run[at]
                                                  THEN (said.claim).claim_id END;
            told_amount := told_amount
                           || CASE WHEN reason IN (OUTCOME_DONE, OUTCOME_UNCHANGED) THEN (said.claim).amount_fen END;
            told_person := told_person || (said.claim).person_id;
            told_class := told_class || (said.claim).class_number;
        END LOOP;
    END LOOP;
    CALL helper.claim_write(claims, subsidies, requests, facts);
    PERFORM helper.claim_submit_answer(in_request_id, in_digest, in_operator, in_entry_head, in_dry_run, known, wholes,
                                       in_row_req, in_row, in_row_head, told_n, told, told_claim, told_person,
                                       told_class);
    RETURN QUERY SELECT * FROM helper.claim_submit_told(in_request_id, known, wholes, in_row_req, in_row, told_n,
                                                        told, told_claim, told_amount);
END $$;

/* ---- steps ---- */

/* From which states an action goes on, to which (NULL: back to where it was), by whose role: of the submitter's
   side, or of a bureau's. */
CREATE FUNCTION helper.claim_move(in_action int2, OUT from_states int2[], OUT to_state int2, OUT roles text[],
                                  OUT submitter bool)
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    SELECT m.from_states, m.to_state, m.roles, m.submitter INTO from_states, to_state, roles, submitter
      FROM (VALUES
          (CLAIM_ACCEPT, ARRAY[CLAIM_SUBMITTED], CLAIM_ACCEPTED, '{reviewer}'::text[], false),
          (CLAIM_RETURN, ARRAY[CLAIM_SUBMITTED, CLAIM_ACCEPTED], CLAIM_RETURNED, '{reviewer}', false),
          (CLAIM_RESUBMIT, ARRAY[CLAIM_RETURNED], CLAIM_SUBMITTED, '{clerk}', true),
          (CLAIM_REVIEW, ARRAY[CLAIM_ACCEPTED], CLAIM_REVIEWED, '{reviewer}', false),
          (CLAIM_PUBLICISE, ARRAY[CLAIM_REVIEWED], CLAIM_PUBLICISED, '{reviewer,approver}', false),
          (CLAIM_OBJECT, ARRAY[CLAIM_PUBLICISED], CLAIM_SUSPENDED, '{reviewer,approver}', false),
          (CLAIM_APPROVE, ARRAY[CLAIM_PUBLICISED], CLAIM_APPROVED, '{approver}', false),
          (CLAIM_REJECT,
           ARRAY[CLAIM_SUBMITTED, CLAIM_ACCEPTED, CLAIM_RETURNED, CLAIM_REVIEWED, CLAIM_PUBLICISED, CLAIM_APPROVED,
                 CLAIM_SUSPENDED], CLAIM_REJECTED, '{reviewer,approver}', false),
          (CLAIM_PAY, ARRAY[CLAIM_APPROVED], CLAIM_PAID, '{payer}', false),
          (CLAIM_WITHDRAW, ARRAY[CLAIM_SUBMITTED, CLAIM_ACCEPTED, CLAIM_RETURNED, CLAIM_REVIEWED, CLAIM_PUBLICISED],
           CLAIM_WITHDRAWN, '{clerk}', true),
          (CLAIM_SUSPEND,
           ARRAY[CLAIM_SUBMITTED, CLAIM_ACCEPTED, CLAIM_REVIEWED, CLAIM_PUBLICISED, CLAIM_APPROVED, CLAIM_IN_BATCH],
           CLAIM_SUSPENDED, '{reviewer,approver}', false),
          (CLAIM_RESUME, ARRAY[CLAIM_SUSPENDED], NULL, '{reviewer,approver}', false),
          (CLAIM_CLAW_BACK, ARRAY[CLAIM_PAID], CLAIM_CLAWED_BACK, '{approver}', false),
          (CLAIM_BATCH, ARRAY[CLAIM_APPROVED], CLAIM_IN_BATCH, '{payer}', false),
          (CLAIM_SEND, ARRAY[CLAIM_IN_BATCH], CLAIM_SENT, '{payer}', false),
          (CLAIM_BANK_REFUSE, ARRAY[CLAIM_SENT], CLAIM_APPROVED, '{payer}', false),
          (CLAIM_BANK_RETURN, ARRAY[CLAIM_PAID], CLAIM_APPROVED, '{payer}', false),
          (CLAIM_UNBATCH, ARRAY[CLAIM_IN_BATCH], CLAIM_APPROVED, '{payer}', false),
          (CLAIM_RECHECK, ARRAY[CLAIM_APPROVED], CLAIM_APPROVED, '{payer}', false)
      ) m(action, from_states, to_state, roles, submitter)
     WHERE m.action = in_action;
END $$;

/* Why subsidies of a claim are for more days or class hours than were attended and no claim before it was given, as
   attendance stands now (B6, B10); none: they are not. `in_human`: the holder's records. */
CREATE FUNCTION helper.attendance_gone(in_claim registry.claim, in_human uuid[]) RETURNS int2[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    given helper.units_given;
BEGIN
    IF NOT EXISTS (SELECT FROM registry.claim_line l
                    WHERE l.claim_id = in_claim.claim_id AND num_nonnulls(l.days, l.hours) > 0) THEN
        RETURN ARRAY[]::int2[];
    END IF;
    given := helper.units_given(in_human, in_claim, NULL);
    RETURN ARRAY(
        SELECT CASE l.line WHEN SUBSIDY_LIVING THEN OUTCOME_LIVING_ALLOWANCE ELSE OUTCOME_ATTENDED_LESS END::int2
          FROM registry.claim_line l
         CROSS JOIN (SELECT max(a.days) AS days, max(a.living_days) AS living_days, max(a.hours) AS hours
                       FROM unnest(in_human) h
                      CROSS JOIN LATERAL helper.attended(in_claim.class_number, h, given) a) now
         WHERE l.claim_id = in_claim.claim_id AND l.clawed_fen < l.amount_fen
           AND (l.days > CASE WHEN l.line <> SUBSIDY_LIVING THEN now.days
                              WHEN helper.living_group(in_claim.trainee_group) THEN now.living_days ELSE 0 END
                OR l.hours > now.hours)
         ORDER BY l.line);
END $$;

/* Whether a claim that was given the standards of a first certificate would have others now, since its certificate is
   known by now to renew an earlier one (B10). `in_human`: the holder's records. */
CREATE FUNCTION helper.claim_renews(in_claim registry.claim, in_human uuid[]) RETURNS bool LANGUAGE plpgsql STABLE AS $$
DECLARE
    said helper.claim_case;
    renews helper.claim_case;
BEGIN
    IF in_claim.renewal IS DISTINCT FROM false
       OR NOT helper.certificate_renews((SELECT c FROM registry.certificate c
                                          WHERE c.certificate_id = in_claim.certificate_id), in_human) THEN
        RETURN false;
    END IF;
    said := ROW(in_claim.person_id, in_claim.class_number, in_claim.division, in_claim.occupation_code, in_claim.level,
                in_claim.certificate_kind, in_claim.trainee_group, in_claim.mode, in_claim.demand_grade, false,
                in_claim.rated_on, in_claim.rated_as_approved);
    renews := said;
    renews.renewal := true;
    RETURN EXISTS (SELECT FROM registry.claim_line l
                    WHERE l.claim_id = in_claim.claim_id
                      AND (helper.standard_find(l.line, said)).standard_id
                          IS DISTINCT FROM (helper.standard_find(l.line, renews)).standard_id);
END $$;

/* What stands in the way of approval, and of payment, besides the state (D5, B1, B2, B3, B6, B10, B11, C2, H4, B4):
   none, one or several outcomes. Whatever of a human's records has a place counts: while more stand than there are,
   nothing of them is paid. */
CREATE FUNCTION helper.claim_obstacles(in_claim registry.claim) RETURNS int2[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    human uuid[] := helper.person_records(in_claim.person_id);
BEGIN
    RETURN array_remove(ARRAY[
        CASE WHEN helper.person_erased(in_claim.person_id) THEN OUTCOME_ERASED END,
        CASE WHEN (SELECT c.state FROM registry.certificate c
                    WHERE c.certificate_id = in_claim.certificate_id) <> CERTIFICATE_VALID
                  THEN OUTCOME_CERTIFICATE_REVOKED END,
        CASE WHEN NOT EXISTS (SELECT FROM unnest(human) h
                               WHERE helper.has_completed(h, in_claim.class_number, in_claim.occupation_code,
                                                          in_claim.level)) THEN OUTCOME_NOT_COMPLETED END,
        CASE WHEN helper.places_taken(human, in_claim.year) > CLAIM_PLACES_A_YEAR THEN OUTCOME_YEAR_FULL END,
        CASE WHEN in_claim.claim_id <> ANY (helper.once_taken(human, in_claim.occupation_code, in_claim.level))
                  THEN OUTCOME_ONCE_TAKEN END]::int2[]
        || helper.limits_passed(in_claim, human, 0, false) || helper.attendance_gone(in_claim, human) || ARRAY[
        CASE WHEN helper.claim_renews(in_claim, human) THEN OUTCOME_RENEWAL_FOUND END,
        CASE WHEN CLAIM_PUBLICISED IN (in_claim.state, in_claim.state_before)
                  AND coalesce(helper.publicity_end(in_claim.division, in_claim.publicity_days,
                                                    in_claim.shown) >= helper.today(), true)
             THEN OUTCOME_PUBLICITY END]::int2[], NULL)
        || helper.facts_against(in_claim);
END $$;

/* Why subsidies of a claim that is paid are to be clawed back, as attendance and certificates stand now (B6, B10). */
CREATE FUNCTION helper.claim_overpaid(in_claim registry.claim) RETURNS int2[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    human uuid[] := helper.person_records(in_claim.person_id);
BEGIN
    RETURN helper.attendance_gone(in_claim, human)
        || CASE WHEN helper.claim_renews(in_claim, human) THEN ARRAY[OUTCOME_RENEWAL_FOUND]::int2[] END;
END $$;

/* Whether the caller may take a step of a claim: done, or why not. The step that an earlier row of the request took
   of the claim, with the outcome `in_moved`, is not taken again. */
CREATE FUNCTION helper.claim_judge(in_caller helper.acting, in_terms helper.claim_terms, in_claim registry.claim,
                                   in_version int4, in_action int2, in_reason text, in_subsidies int4,
                                   in_moved int2 DEFAULT NULL) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
DECLARE
    move record;
    bureau bool := helper.is_bureau(in_caller.kind);
    obstacles int2[];
BEGIN
    SELECT * INTO move FROM helper.claim_move(in_action);
    IF in_claim IS NULL
       OR NOT helper.sees(in_caller.kind, in_caller.organisation_id, in_caller.division, in_claim.organisation_id,
                          in_claim.division) THEN
        RETURN OUTCOME_CLAIM_UNKNOWN;
    END IF;
    IF NOT move.roles && in_caller.roles
       OR move.submitter AND in_caller.organisation_id <> in_claim.organisation_id OR NOT move.submitter AND NOT bureau
       THEN
        RETURN OUTCOME_NOT_ALLOWED;
    END IF;
    IF in_claim.version <> in_version THEN
        RETURN OUTCOME_VERSION_DIFFERS;
    END IF;
    IF in_moved IS NOT NULL THEN
        RETURN CASE in_moved WHEN OUTCOME_DONE THEN OUTCOME_UNCHANGED ELSE in_moved END;
    END IF;
    IF NOT in_claim.state = ANY (move.from_states) THEN
        RETURN OUTCOME_CLAIM_STATE;
    END IF;
    IF in_action = CLAIM_PAY AND (in_terms.special_account = 1 OR helper.claim_charged(in_claim.claim_id)) THEN
        RETURN OUTCOME_PAID_BY_BANK;
    END IF;
    IF in_reason IS NULL
       AND in_action IN (CLAIM_RETURN, CLAIM_OBJECT, CLAIM_REJECT, CLAIM_PAY, CLAIM_WITHDRAW, CLAIM_SUSPEND,
                         CLAIM_RESUME, CLAIM_CLAW_BACK) THEN
        RETURN OUTCOME_REASON_NEEDED;
    END IF;
    IF helper.claim_apart_broken(in_claim, in_caller.operator_id, in_action, in_terms.four_eyes)
       OR in_action = CLAIM_RECHECK AND helper.line_denied(MONEY_CLAIM::int2, in_claim.claim_id,
                                                           helper.human_operators(in_caller.operator_id)) THEN
        RETURN OUTCOME_FOUR_EYES;
    END IF;
    IF in_action IN (CLAIM_APPROVE, CLAIM_PAY, CLAIM_RECHECK) THEN
        obstacles := helper.claim_obstacles(in_claim);
        RETURN coalesce(obstacles[1], OUTCOME_DONE);
    END IF;
    IF in_action = CLAIM_CLAW_BACK AND NOT EXISTS (SELECT FROM registry.claim_line l
                                       WHERE l.claim_id = in_claim.claim_id AND l.clawed_fen < l.amount_fen
                                         AND (in_subsidies = 0 OR in_subsidies & (1 << (l.line - 1)) > 0)) THEN
        RETURN OUTCOME_UNCHANGED;
    END IF;
    RETURN OUTCOME_DONE;
END $$;

/* A claim as it is after a step. */
CREATE FUNCTION helper.claim_after(in_claim registry.claim, in_terms helper.claim_terms, in_action int2, in_state int2,
                                   in_operator uuid)
RETURNS registry.claim LANGUAGE plpgsql STABLE AS $$
DECLARE
    becomes registry.claim := in_claim;
BEGIN
    becomes.version := in_claim.version + 1;
    becomes.state := in_state;
    /* what is suspended leaves its batch (F15) */
    becomes.state_before := CASE WHEN in_state = CLAIM_SUSPENDED
                                      THEN coalesce(in_claim.state_before,
                                                    nullif(in_claim.state, CLAIM_IN_BATCH), CLAIM_APPROVED) END;
    /* Publicity needs whole days on which the claim is shown: what is left of them when it is suspended runs from
       the day after it is resumed (C2). */
    IF in_action = CLAIM_PUBLICISE THEN
        becomes.publicity_days := in_terms.publicity_days;
    END IF;
    IF CLAIM_PUBLICISED IN (in_claim.state, in_state) THEN
        becomes.shown := CASE WHEN in_state = CLAIM_PUBLICISED
                                   THEN coalesce(in_claim.shown,
                                                 '{}') + datemultirange(daterange(in_terms.day + 1, NULL))
                              ELSE in_claim.shown * datemultirange(daterange(NULL, in_terms.day)) END;
        becomes.publicity_until := helper.publicity_end(in_claim.division, becomes.publicity_days, becomes.shown);
    END IF;
    becomes.due_on := CASE WHEN in_state = CLAIM_PUBLICISED
                                THEN helper.working_day(in_claim.division,
                                                        greatest(becomes.publicity_until, in_terms.day), 1)
                           WHEN in_state IN (CLAIM_SUBMITTED, CLAIM_ACCEPTED, CLAIM_REVIEWED, CLAIM_APPROVED,
                                             CLAIM_SUSPENDED) THEN in_terms.due_on
                           WHEN in_state = CLAIM_IN_BATCH THEN in_claim.due_on END;
    becomes.reviewed_by := CASE WHEN in_action = CLAIM_REVIEW THEN in_operator ELSE in_claim.reviewed_by END;
    becomes.approved_by := CASE WHEN in_action = CLAIM_APPROVE THEN in_operator ELSE in_claim.approved_by END;
    becomes.paid_by := CASE in_action WHEN CLAIM_PAY THEN in_operator WHEN CLAIM_BANK_RETURN THEN NULL
                                      ELSE in_claim.paid_by END;
    RETURN becomes;
END $$;

/* Writes steps: the claims as they are after them, and what happened; the other arrays are of each claim. The caller
   holds the claims' rows. */
CREATE PROCEDURE helper.claims_step(in_claims registry.claim[], in_action int2[], in_operator uuid[], in_reason text[],
                                    in_fraud bool[], in_request_id uuid[]) LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry.claim c
       SET state = u.state, state_before = u.state_before, version = u.version, due_on = u.due_on,
           publicity_until = u.publicity_until, publicity_days = u.publicity_days, shown = u.shown,
           reviewed_by = u.reviewed_by, approved_by = u.approved_by, paid_by = u.paid_by
      FROM unnest(in_claims) u WHERE c.claim_id = u.claim_id;
    INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, reason, fraud, request_id)
    /* unrolled together: to find one of many texts by its number is to pass all before it */
    SELECT u.claim_id, u.version, w.action, u.state, w.operator_id, w.reason,
           CASE WHEN w.action = CLAIM_CLAW_BACK THEN w.fraud END, w.request_id
      FROM unnest(in_claims) WITH ORDINALITY u
      JOIN unnest(in_action, in_operator, in_reason, in_fraud, in_request_id)
           WITH ORDINALITY w(action, operator_id, reason, fraud, request_id, n) ON w.n = u.ordinality;
    CALL helper.places_free(in_claims);
    IF CLAIM_SUSPEND = ANY (in_action) THEN
        PERFORM helper.batch_leave(ARRAY(SELECT u.claim_id FROM unnest(in_claims) u));
    END IF;
END $$;

/* Writes steps as helper.claims_step() does, but not those for which there is no money (F4): the outcomes of the rows
   then, which are about `in_row_claim`. */
CREATE FUNCTION helper.claims_take(in_claims registry.claim[], in_action int2[], in_operator uuid[], in_reason text[],
                                   in_fraud bool[], in_request_id uuid[], in_row_claim uuid[], in_outcomes int2[])
RETURNS int2[] LANGUAGE plpgsql AS $$
DECLARE
    funded CONSTANT int2[] := helper.claims_fund(in_claims, in_action, in_operator, in_request_id);
    taken record;
BEGIN
    IF OUTCOME_DONE = ALL (funded) THEN
        CALL helper.claims_step(in_claims, in_action, in_operator, in_reason, in_fraud, in_request_id);
        RETURN in_outcomes;
    END IF;
    SELECT array_agg(t.claim) AS claims, array_agg(t.action) AS actions, array_agg(t.operator_id) AS operators,
           array_agg(t.reason) AS reasons, array_agg(t.fraud) AS frauds, array_agg(t.request_id) AS requests
      INTO taken
      FROM (SELECT unnest(in_claims) AS claim, unnest(in_action) AS action, unnest(in_operator) AS operator_id,
                   unnest(in_reason) AS reason, unnest(in_fraud) AS fraud, unnest(in_request_id) AS request_id,
                   unnest(funded) AS outcome) t
     WHERE t.outcome = OUTCOME_DONE;
    IF taken.claims IS NOT NULL THEN
        CALL helper.claims_step(taken.claims, taken.actions, taken.operators, taken.reasons, taken.frauds,
                                taken.requests);
    END IF;
    RETURN ARRAY(SELECT CASE WHEN r.outcome IN (OUTCOME_DONE, OUTCOME_UNCHANGED) THEN coalesce(f.outcome, r.outcome)
                             ELSE r.outcome END
                   FROM unnest(in_row_claim, in_outcomes) WITH ORDINALITY r(claim_id, outcome, n)
                   LEFT JOIN (SELECT c.claim_id, x.outcome
                                FROM unnest(in_claims) WITH ORDINALITY c
                                JOIN unnest(funded) WITH ORDINALITY x(outcome, n) ON x.n = c.ordinality
                               WHERE x.outcome <> OUTCOME_DONE) f USING (claim_id)
                  ORDER BY r.n);
END $$;

/* Suspends, by the registry itself, those of these claims that can be, whatever they wait for. */
CREATE PROCEDURE helper.claims_suspend(in_claims uuid[], in_reason text, in_request_id uuid) LANGUAGE plpgsql AS $$
DECLARE
    becoming registry.claim[];
    n int4;
BEGIN
    LOCK TABLE registry.calendar_day IN ROW SHARE MODE; /* as api.claim_decide() */
    PERFORM FROM registry.claim c WHERE c.claim_id = ANY (in_claims) ORDER BY c.claim_id FOR NO KEY UPDATE;
    becoming := ARRAY(SELECT helper.claim_after(c, helper.claim_terms(c.division), CLAIM_SUSPEND::int2,
                                                CLAIM_SUSPENDED::int2, NULL) FROM registry.claim c
                       WHERE c.claim_id = ANY (in_claims)
                         AND c.state = ANY ((helper.claim_move(CLAIM_SUSPEND::int2)).from_states) ORDER BY c.claim_id);
    n := cardinality(becoming);
    IF n > 0 THEN
        CALL helper.claims_step(becoming, array_fill(CLAIM_SUSPEND::int2, ARRAY[n]),
                                array_fill('00000000-0000-0000-0000-000000000000'::uuid, ARRAY[n]),
                                array_fill(in_reason, ARRAY[n]), array_fill(NULL::bool, ARRAY[n]),
                                array_fill(in_request_id, ARRAY[n]));
    END IF;
END $$;

/* Claws back the subsidies named (bit n - 1 is subsidy n; 0: all that is left): the state from then on. */
CREATE FUNCTION helper.claim_claw(in_claim registry.claim, in_subsidies int4) RETURNS int2 LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry.claim_line l SET clawed_fen = l.amount_fen
     WHERE l.claim_id = in_claim.claim_id AND (in_subsidies = 0 OR in_subsidies & (1 << (l.line - 1)) > 0);
    RETURN CASE WHEN EXISTS (SELECT FROM registry.claim_line l
                              WHERE l.claim_id = in_claim.claim_id AND l.clawed_fen < l.amount_fen) THEN CLAIM_PAID
                              ELSE CLAIM_CLAWED_BACK END;
END $$;

/* A6: what a step comes to whose row says, beside the claim's id, a certificate or a name: its outcome, unless they
   are another's. Whether they are is not told where the step is refused for what it is, nor to who has no looks left:
   each that is another's is a guess. */
CREATE FUNCTION helper.claim_said(in_outcome int2, in_claim registry.claim, in_number bytea, in_name bytea,
                                  in_looks int8) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF num_nonnulls(in_number, in_name) = 0
       OR in_outcome NOT IN (OUTCOME_DONE, OUTCOME_UNCHANGED, OUTCOME_CERTIFICATE_REVOKED, OUTCOME_NOT_COMPLETED) THEN
        RETURN in_outcome;
    END IF;
    IF in_looks <= 0 THEN
        RETURN OUTCOME_LOOKS_EXCEEDED;
    END IF;
    IF in_number IS NOT NULL
       AND NOT EXISTS (SELECT FROM registry.certificate c
                        WHERE c.certificate_id = in_claim.certificate_id AND c.number_index = in_number) THEN
        RETURN OUTCOME_HOLDER_CERTIFICATE;
    END IF;
    RETURN coalesce(helper.holder_differs(helper.person_kept(in_claim.person_id), NULL, in_name), in_outcome);
END $$;

/* Writes the entries, looks and marks of a set of steps. (A function, since a procedure costs more to call.) */
CREATE FUNCTION helper.claim_decide_answer(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_known bool[],
    in_wholes int2[], in_row_req int4[], in_row int4[], in_row_head bytea[], in_claim uuid[], in_outcomes int2[],
    in_persons uuid[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.entry (operator_id, person_id, body)
    SELECT in_operator[l.req], l.person_id,
           helper.entry_body(l.head, l.outcome, NULL, l.person_id, NULL, NULL,
                             CASE WHEN l.outcome <> OUTCOME_CLAIM_UNKNOWN THEN l.claim_id END)
      FROM unnest(in_row_req, in_row_head, in_claim, in_outcomes, in_persons)
           WITH ORDINALITY l(req, head, claim_id, outcome, person_id, n)
     WHERE l.outcome IS NOT NULL
     ORDER BY l.n;
    CALL helper.rows_guessed(in_operator, in_row_req, in_outcomes);
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                             array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), in_known, in_wholes,
                             in_row_req, in_row, in_outcomes);
END $$;

/* Steps of many claims, each judged by itself (C4), then written at once. Of a claim whose certificate was revoked,
   or whose holder's completion was taken away, before its approval, or its payment, the step is its suspension, and
   the outcome says so. */
CREATE FUNCTION api.claim_decide(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_action int2[],
    in_reason text[], in_fraud bool[], in_subsidies int4[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_claim uuid[], in_version int4[],
    in_number_index bytea[] DEFAULT NULL, in_name_index bytea[] DEFAULT NULL)
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off /* a plan made while a table was small serves until it is analysed */ AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    asked record;
    at int4 := 0;            /* the request of `caller` */
    caller helper.acting;
    says CONSTANT bool := num_nonnulls(VARIADIC in_number_index || in_name_index) > 0; /* a row does, of whom it is */
    looks int8;              /* that the request's operator has left, if a row says so */
    guessed uuid[] := ARRAY[]::uuid[];  /* by whom each look of the set was taken */
    terms helper.claim_terms;
    claim registry.claim;
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
    persons uuid[] := array_fill(NULL::uuid, ARRAY[cardinality(in_row_req)]);
    moves int2[] := outcomes; /* by the first row that is about a claim: of the row that moved it, NULL: none has */
    methods CONSTANT text[] := helper.methods('{NULL, claim.accept, claim.return, claim.resubmit, claim.review,
        claim.publicise, claim.object, claim.approve, claim.reject, claim.pay, claim.withdraw, claim.suspend,
        claim.resume, claim.claw-back, NULL, NULL, NULL, NULL, NULL, claim.recheck}',
        in_action); /* by enum ClaimAction */
    moved registry.claim[] := ARRAY[]::registry.claim[];
    actions int2[] := ARRAY[]::int2[];  /* of each of `moved`, as the following */
    operators uuid[] := ARRAY[]::uuid[];
    reasons text[] := ARRAY[]::text[];
    frauds bool[] := ARRAY[]::bool[];
    requests uuid[] := ARRAY[]::uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* whose records are whose holds until the end */
    PERFORM helper.heads_check(in_entry_head, in_operator, methods, in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, methods, in_request_id, in_digest, in_row_req, in_row);
    /* a change of the calendar that moves what is counted by it is waited for */
    LOCK TABLE registry.calendar_day IN ROW SHARE MODE;
    PERFORM FROM registry.claim c WHERE c.claim_id = ANY (in_claim) ORDER BY c.claim_id FOR NO KEY UPDATE;
    /* a certificate that is being revoked is waited for */
    PERFORM FROM registry.certificate x
      WHERE x.certificate_id IN (SELECT c.certificate_id FROM registry.claim c WHERE c.claim_id = ANY (in_claim))
      ORDER BY x.certificate_id FOR SHARE;
    SELECT array_agg(coalesce(f.outcome, CASE WHEN a.operator_id IS NULL THEN OUTCOME_NOT_ALLOWED
                                              ELSE OUTCOME_DONE END::int2) ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n)
      INTO wholes, known
      FROM unnest(in_request_id, in_digest, in_operator) WITH ORDINALITY i(request_id, digest, operator_id, n)
      LEFT JOIN LATERAL helper.answered(i.request_id, i.digest, i.operator_id) f ON true
      LEFT JOIN helper.acting a ON a.operator_id = i.operator_id;
    FOR asked IN
        SELECT l.*, lag(l.req) OVER w AS before, first_value(l.n) OVER w AS first
          FROM unnest(in_row_req, in_claim, in_version, in_number_index, in_name_index)
               WITH ORDINALITY l(req, claim_id, version, number_index, name_index, n)
        WINDOW w AS (PARTITION BY l.claim_id ORDER BY l.n) ORDER BY l.n
    LOOP
        CONTINUE WHEN known[asked.req] OR wholes[asked.req] <> OUTCOME_DONE;
        IF asked.before <> asked.req THEN
            RAISE serialization_failure USING MESSAGE = 'two requests of a set are about one claim';
        END IF;
        IF at <> asked.req THEN
            at := asked.req;
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[at];
            looks := CASE WHEN says THEN helper.looks_left(caller.operator_id, caller.division, false)
                                         - cardinality(array_positions(guessed, caller.operator_id)) END;
        END IF;
        SELECT * INTO claim FROM registry.claim c WHERE c.claim_id = asked.claim_id;
        IF claim.division IS NOT NULL AND claim.division IS DISTINCT FROM terms.division THEN
            terms := helper.claim_terms(claim.division);
        END IF;
        outcomes[asked.n] := helper.claim_said(helper.claim_judge(caller, terms, claim, asked.version, in_action[at],
                                                                  in_reason[at], in_subsidies[at], moves[asked.first]),
                                               claim, asked.number_index, asked.name_index, looks);
        IF outcomes[asked.n] IN (OUTCOME_HOLDER_CERTIFICATE, OUTCOME_HOLDER_NAME) THEN
            looks := looks - 1;
            guessed := guessed || caller.operator_id;
        END IF;
        persons[asked.n] := CASE WHEN outcomes[asked.n] <> OUTCOME_CLAIM_UNKNOWN THEN claim.person_id END;
        IF outcomes[asked.n] = OUTCOME_DONE THEN
            moved := moved || helper.claim_after(claim, terms, in_action[at],
                CASE WHEN in_action[at] = CLAIM_CLAW_BACK THEN helper.claim_claw(claim, in_subsidies[at])
                     ELSE coalesce((SELECT m.to_state FROM helper.claim_move(in_action[at]) m), claim.state_before) END,
                         in_operator[at]);
            actions := actions || in_action[at];
            operators := operators || in_operator[at];
            reasons := reasons || in_reason[at];
        ELSIF moves[asked.first] IS NULL
              AND outcomes[asked.n] IN (OUTCOME_CERTIFICATE_REVOKED, OUTCOME_NOT_COMPLETED) THEN
            moved := moved || helper.claim_after(claim, terms, CLAIM_SUSPEND::int2, CLAIM_SUSPENDED::int2, NULL);
            actions := actions || CLAIM_SUSPEND::int2;
            operators := operators || '00000000-0000-0000-0000-000000000000'::uuid;
            reasons := reasons || CASE outcomes[asked.n] WHEN OUTCOME_CERTIFICATE_REVOKED THEN 'certificate revoked'
                                       ELSE 'not completed' END;
        ELSE
            CONTINUE;
        END IF;
        moves[asked.first] := outcomes[asked.n];
        frauds := frauds || in_fraud[at];
        requests := requests || in_request_id[at];
    END LOOP;
    IF cardinality(moved) > 0 THEN
        outcomes := helper.claims_take(moved, actions, operators, reasons, frauds, requests, in_claim, outcomes);
    END IF;
    PERFORM helper.claim_decide_answer(in_request_id, in_digest, in_operator, in_entry_head, known, wholes, in_row_req,
                                       in_row, in_row_head, in_claim, outcomes, persons);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* ---- reading ---- */

/* A claim of a list. Whose it is, and the certificate that it rests on, are NULL where they are not shown. */
CREATE TYPE helper.claim_listed AS (
    req int4, claim_id uuid, record_id uuid, person_sealed bytea, version int4, class_number int8, state int2,
    route int2, amount_fen int8, clawed_fen int8, level int2, due_on date, publicity_until date, submitted_at_ms int8,
    organisation_name text, occupation_name text, group_name text, overdue bool, known_until date, person_id uuid,
    certificate_id uuid, certificate_sealed bytea, certificate_kind int2);

/* The claims of a request, in their order; `named`: with whose they are; `numbered`: with the certificate whose number
   they rest on. It is part of the query it stands in. */
CREATE FUNCTION helper.claim_heads(in_req int4, in_claims registry.claim[], in_named bool, in_numbered bool)
RETURNS SETOF helper.claim_listed LANGUAGE sql STABLE AS $$
    SELECT in_req, c.claim_id, coalesce(p.record_id, p.person_id), p.sealed, c.version, c.class_number, c.state,
           c.route, c.amount_fen,
           CASE WHEN c.state IN (CLAIM_PAID, CLAIM_CLAWED_BACK)
                     THEN (SELECT sum(l.clawed_fen) FROM registry.claim_line l WHERE l.claim_id = c.claim_id)
                     ELSE 0 END::int8,
           c.level, c.due_on, c.publicity_until, helper.ms(c.submitted_at), g.name,
           helper.occupation_name(c.occupation_code, x.issued_on),
           t.name, c.due_on < helper.today(), helper.calendar_known(c.division), p.person_id,
           CASE WHEN in_numbered THEN x.certificate_id END, CASE WHEN in_numbered
                                                                      THEN x.sealed END, CASE WHEN in_numbered
                                                                                                   THEN x.kind END
      FROM unnest(in_claims) WITH ORDINALITY c
      JOIN registry.certificate x ON x.certificate_id = c.certificate_id
      JOIN registry.organisation g ON g.organisation_id = c.organisation_id
      JOIN registry.trainee_group t ON t.code = c.trainee_group
      LEFT JOIN registry.person p ON p.person_id = CASE WHEN in_named THEN c.person_id END
     ORDER BY c.ordinality
$$;

/* Whether a list of claims says whose they are: as long as the caller may look at so many people. What was found
   beyond the page is not shown. */
CREATE FUNCTION helper.claims_named(in_caller helper.acting, in_listed int4, in_page int4, in_pending int4) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN helper.looks_left(in_caller.operator_id, in_caller.division, false)
           >= coalesce(in_pending, 0) + least(in_listed, in_page);
END $$;

/* Claims, newest first: the caller's own, or those that it sees; of one submitter or class or state (NULL:
   whatever). */
CREATE FUNCTION api.claim_list(in_operator uuid[], in_before uuid[], in_page int4[], in_organisation text[],
                               in_class int8[], in_state int2[], in_pending int4[] DEFAULT NULL)
RETURNS SETOF helper.claim_listed
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    own uuid;
    before uuid;
    listed registry.claim[];
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        own := CASE WHEN helper.sees_area(caller.kind)
                    THEN (SELECT g.organisation_id FROM registry.organisation g WHERE g.code = in_organisation[i])
                    ELSE caller.organisation_id END;
        CONTINUE WHEN caller IS NULL OR in_organisation[i] IS NOT NULL AND own IS NULL;
        before := coalesce(in_before[i], 'ffffffff-ffff-ffff-ffff-ffffffffffff');
        IF own IS NULL THEN /* by the primary key, else by the index of submitters */
            listed := ARRAY(SELECT c FROM registry.claim c
                            WHERE c.claim_id < before
                              AND (in_class[i] IS NULL OR c.class_number = in_class[i])
                              AND (in_state[i] IS NULL OR c.state = in_state[i])
                              AND helper.sees(caller.kind, caller.organisation_id, caller.division, c.organisation_id,
                                              c.division)
                            ORDER BY c.claim_id DESC LIMIT in_page[i] + 1);
        ELSE
            listed := ARRAY(SELECT c FROM registry.claim c
                            WHERE c.organisation_id = own AND c.claim_id < before
                              AND (in_class[i] IS NULL OR c.class_number = in_class[i])
                              AND (in_state[i] IS NULL OR c.state = in_state[i])
                              AND helper.sees(caller.kind, caller.organisation_id, caller.division, c.organisation_id,
                                              c.division)
                            ORDER BY c.claim_id DESC LIMIT in_page[i] + 1);
        END IF;
        RETURN QUERY SELECT *
                       FROM helper.claim_heads(i, listed,
                                               helper.claims_named(caller, cardinality(listed), in_page[i],
                                                                   in_pending[i]), true);
    END LOOP;
END $$;

/* What waits for a bureau in one state, the oldest due day first; of one submitter or class, between amounts,
   overdue only (NULL: whatever). `public`: what a division publicises, for anybody (C2). */
CREATE FUNCTION api.claim_queue(in_operator uuid[], in_after_day date[], in_after uuid[], in_page int4[],
                                in_state int2[], in_organisation text[], in_class int8[], in_least int8[],
                                in_most int8[], in_overdue bool[], in_public text[], in_pending int4[] DEFAULT NULL)
RETURNS SETOF helper.claim_listed
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    own uuid; /* of the submitter asked for */
    area text;
    listed registry.claim[];
    today date := helper.today();
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        own := (SELECT g.organisation_id FROM registry.organisation g WHERE g.code = in_organisation[i]);
        CONTINUE WHEN caller IS NULL
                      OR in_public[i] IS NULL AND caller.kind NOT IN (KIND_CITY_BUREAU, KIND_COUNTY_BUREAU)
                      OR in_organisation[i] IS NOT NULL AND own IS NULL;
        area := coalesce(in_public[i], caller.division);
        IF right(area, 2) = '00' THEN
            listed := ARRAY(SELECT c FROM registry.claim c
                            WHERE c.city = left(area, 4) AND c.state = in_state[i]
                              AND (c.due_on, c.claim_id) > (coalesce(in_after_day[i], '-infinity'),
                                                            coalesce(in_after[i],
                                                                     '00000000-0000-0000-0000-000000000000'))
                              AND (own IS NULL OR c.organisation_id = own)
                              AND (in_class[i] IS NULL OR c.class_number = in_class[i])
                              AND (in_least[i] IS NULL OR c.amount_fen >= in_least[i])
                              AND (in_most[i] IS NULL OR c.amount_fen <= in_most[i])
                              AND (NOT in_overdue[i] OR c.due_on < today)
                            ORDER BY c.due_on, c.claim_id LIMIT in_page[i] + 1);
        ELSE
            listed := ARRAY(SELECT c FROM registry.claim c
                            WHERE c.division = area AND c.state = in_state[i]
                              AND (c.due_on, c.claim_id) > (coalesce(in_after_day[i], '-infinity'),
                                                            coalesce(in_after[i],
                                                                     '00000000-0000-0000-0000-000000000000'))
                              AND (own IS NULL OR c.organisation_id = own)
                              AND (in_class[i] IS NULL OR c.class_number = in_class[i])
                              AND (in_least[i] IS NULL OR c.amount_fen >= in_least[i])
                              AND (in_most[i] IS NULL OR c.amount_fen <= in_most[i])
                              AND (NOT in_overdue[i] OR c.due_on < today)
                            ORDER BY c.due_on, c.claim_id LIMIT in_page[i] + 1);
        END IF;
        RETURN QUERY SELECT *
                       FROM helper.claim_heads(i, listed,
                                               in_public[i] IS NOT NULL
                                                   OR helper.claims_named(caller, cardinality(listed), in_page[i],
                                                                          in_pending[i]),
                                               in_public[i] IS NULL);
    END LOOP;
END $$;

/* A subsidy of a claim, the standard that gave its amount, and the ledger that pays it. */
CREATE TYPE helper.claim_subsidy AS (
    subsidy int2, subsidy_fen int8, rate_fen int8, subsidy_clawed_fen int8, days int4, standard_id uuid,
    division text, citation text, valid_from date, valid_to date, hours int4, percent int4, cap_fen int8,
    ledger_id int8, ledger_division text, ledger_source int2, ledger_year int2);

/* By what the standards of a claim were chosen (B9, B10). */
CREATE TYPE helper.claim_rating AS (rated_on date, as_approved bool, mode int2, demand_grade int2, renewal bool);

/* A step that was taken with a claim, and by whom. */
CREATE TYPE helper.claim_stepped AS (
    step_version int4, action int2, step_state int2, operator_id uuid, operator_sealed bytea,
    operator_organisation text, stepped_at_ms int8, reason text, fraud bool);

/* What was asked of others about a claim; the answer is NULL as long as there is none and the time for it runs. */
CREATE TYPE helper.claim_asked AS (fact int2, answer int2, source text, as_of date, answered_at_ms int8, asked_of date,
                                   snapshot_id uuid);

/* A part of a claim's story: `part` is a value of enum claim_part of daemon/registry/part.h and says which of the
   others is not NULL; the rating is the claim's. */
CREATE TYPE helper.claim_part AS (
    part int2, claim helper.claim_listed, subsidy helper.claim_subsidy, step helper.claim_stepped,
    fact helper.claim_asked, obstacle int2, rating helper.claim_rating);

/* The whole story of a claim. */
CREATE FUNCTION helper.claim_parts(in_req int4, in_claim registry.claim) RETURNS SETOF helper.claim_part
LANGUAGE sql STABLE AS $$
    SELECT CLAIM_PART_CLAIM::int2, h, NULL::helper.claim_subsidy, NULL::helper.claim_stepped, NULL::helper.claim_asked,
           NULL::int2, ROW(in_claim.rated_on, in_claim.rated_as_approved, in_claim.mode, in_claim.demand_grade,
                           in_claim.renewal)::helper.claim_rating
      FROM helper.claim_heads(in_req, ARRAY[in_claim], true, true) h
    UNION ALL
    SELECT * FROM (
        SELECT CLAIM_PART_AMOUNT::int2, NULL::helper.claim_listed,
               ROW(l.line, l.amount_fen, l.rate_fen, l.clawed_fen, l.days, l.standard_id, s.division, s.citation,
                   s.valid_from, s.valid_to, l.hours, l.percent, l.cap_fen, b.ledger_id, b.division, b.source,
                   b.year)::helper.claim_subsidy,
               NULL::helper.claim_stepped, NULL::helper.claim_asked, NULL::int2, NULL::helper.claim_rating
          FROM registry.claim_line l
          LEFT JOIN registry.standard s ON s.standard_id = l.standard_id
          LEFT JOIN registry.charge c ON c.subject_kind = MONEY_CLAIM AND c.subject_id = l.claim_id AND c.part = l.line
           AND c.state <> CHARGE_RELEASED
          LEFT JOIN registry.ledger b ON b.ledger_id = c.ledger_id
         WHERE l.claim_id = in_claim.claim_id ORDER BY l.line) subsidies
    UNION ALL
    SELECT * FROM (
        SELECT CLAIM_PART_STEP::int2, NULL::helper.claim_listed, NULL::helper.claim_subsidy,
               ROW(s.version, s.action, s.state, s.operator_id, o.sealed, g.name, helper.ms(s.stepped_at), s.reason,
                   s.fraud)::helper.claim_stepped,
               NULL::helper.claim_asked, NULL::int2, NULL::helper.claim_rating
          FROM registry.claim_step s
          LEFT JOIN registry.operator o ON o.operator_id = s.operator_id
          LEFT JOIN registry.organisation g ON g.organisation_id = o.organisation_id
         WHERE s.claim_id = in_claim.claim_id ORDER BY s.version) steps
    UNION ALL
    SELECT * FROM (
        SELECT CLAIM_PART_FACT::int2, NULL::helper.claim_listed, NULL::helper.claim_subsidy, NULL::helper.claim_stepped,
               ROW(f.fact, helper.fact_answer_now(f, in_claim.division), f.source, f.as_of, helper.ms(f.answered_at),
                   f.asked_of, f.snapshot_id)::helper.claim_asked, NULL::int2, NULL::helper.claim_rating
          FROM registry.claim_fact f WHERE f.claim_id = in_claim.claim_id ORDER BY f.fact) facts
    UNION ALL
    SELECT CLAIM_PART_OBSTACLE::int2, NULL::helper.claim_listed, NULL::helper.claim_subsidy, NULL::helper.claim_stepped,
           NULL::helper.claim_asked, b.outcome, NULL::helper.claim_rating
      FROM unnest(CASE WHEN in_claim.state = CLAIM_PAID THEN helper.claim_overpaid(in_claim)
                       ELSE helper.claim_obstacles(in_claim) END) b(outcome)
     WHERE in_claim.state IN (CLAIM_SUBMITTED, CLAIM_ACCEPTED, CLAIM_RETURNED, CLAIM_REVIEWED, CLAIM_PUBLICISED,
                              CLAIM_APPROVED, CLAIM_PAID, CLAIM_SUSPENDED, CLAIM_IN_BATCH, CLAIM_SENT)
$$;

/* A claim's story, a row for each part, which has that part's columns. A row without a part says why there is
   none. */
CREATE FUNCTION api.claim_show(in_operator uuid[], in_claim uuid[], in_pending int4[])
RETURNS TABLE (req int4, claim_id uuid, record_id uuid, person_sealed bytea, version int4, class_number int8,
               state int2, route int2, amount_fen int8, clawed_fen int8, level int2, due_on date,
               publicity_until date, submitted_at_ms int8, organisation_name text, occupation_name text,
               group_name text, overdue bool, known_until date, person_id uuid, certificate_id uuid,
               certificate_sealed bytea, certificate_kind int2,
               outcome int2, part int2,
               subsidy int2, subsidy_fen int8, rate_fen int8, subsidy_clawed_fen int8, days int4, standard_id uuid,
               division text, citation text, valid_from date, valid_to date, hours int4, percent int4, cap_fen int8,
               ledger_id int8, ledger_division text, ledger_source int2, ledger_year int2,
               step_version int4, action int2, step_state int2, operator_id uuid, operator_sealed bytea,
               operator_organisation text, stepped_at_ms int8, reason text, fraud bool,
               fact int2, answer int2, source text, as_of date, answered_at_ms int8, asked_of date, snapshot_id uuid,
               obstacle int2, rated_on date, as_approved bool, mode int2, demand_grade int2, renewal bool)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    claim registry.claim;
    decided int2;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        SELECT * INTO claim FROM registry.claim c WHERE c.claim_id = in_claim[i];
        decided := CASE WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
                        WHEN helper.looks_left(in_operator[i], caller.division, false) <= coalesce(in_pending[i], 0)
                             THEN OUTCOME_LOOKS_EXCEEDED
                        WHEN claim IS NULL
                             OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division,
                                                claim.organisation_id, claim.division) THEN OUTCOME_CLAIM_UNKNOWN
                        ELSE OUTCOME_DONE END;
        RETURN QUERY SELECT i, (l).claim_id, (l).record_id, (l).person_sealed, (l).version, (l).class_number,
                            (l).state, (l).route, (l).amount_fen, (l).clawed_fen, (l).level, (l).due_on,
                            (l).publicity_until, (l).submitted_at_ms, (l).organisation_name, (l).occupation_name,
                            (l).group_name, (l).overdue, (l).known_until, (l).person_id, (l).certificate_id,
                            (l).certificate_sealed, (l).certificate_kind, decided, x.part, (x.subsidy).*, (x.step).*,
                            (x.fact).*, x.obstacle, (x.rating).*
                       FROM (SELECT) one
                       LEFT JOIN helper.claim_parts(i, claim) x(part, l, subsidy, step, fact, obstacle, rating)
                            ON decided = OUTCOME_DONE;
    END LOOP;
END $$;
