/* SPDX-License-Identifier: Apache-2.0 */
/* The months of benefits that a city's unemployment fund keeps after a withdrawal (F12). */

/* What a month of a fund says, by the version that counts, with the benefits that the policy reserve_parts counts. It
   is part of the query it stands in. */
CREATE FUNCTION helper.fund_months(in_division text, in_from date, in_to date, in_parts int8)
RETURNS TABLE (month date, balance_fen int8, benefit_fen int8) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (m.month) m.month, m.balance_fen,
           CASE WHEN in_parts & BENEFIT_UNEMPLOYMENT > 0 THEN m.unemployment_fen ELSE 0 END
           + CASE WHEN in_parts & BENEFIT_MEDICAL > 0 THEN m.medical_fen ELSE 0 END
           + CASE WHEN in_parts & BENEFIT_FUNERAL > 0 THEN m.funeral_fen ELSE 0 END
           + CASE WHEN in_parts & BENEFIT_TRAINING > 0 THEN m.training_fen ELSE 0 END
           + CASE WHEN in_parts & BENEFIT_OTHER > 0 THEN m.other_fen ELSE 0 END
      FROM registry.fund_month m
     WHERE m.division = in_division AND m.month BETWEEN in_from AND in_to
     ORDER BY m.month, m.version DESC
$$;

/* What was withdrawn from a city's unemployment fund after a day: what was posted, less what was corrected. */
CREATE FUNCTION helper.withdrawn_since(in_city text, in_day date) RETURNS int8 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(sum(CASE j.debit WHEN ACCOUNT_TREASURY THEN j.amount_fen ELSE -j.amount_fen END), 0)
              FROM registry.journal j JOIN registry.ledger l ON l.ledger_id = j.ledger_id
             WHERE l.division = in_city AND j.event = MONEY_WITHDRAWN AND j.layer = LAYER_CASH
               AND (j.posted_at AT TIME ZONE 'Asia/Shanghai')::date > in_day);
END $$;

/* By what a city's unemployment fund is judged on a day: the month at whose end it stands, its balance then less what
   was withdrawn since, and what benefits came to in the twelve months that end with it. NULL: of one of these months
   nothing is recorded. And of how many of the twelve something is. */
CREATE FUNCTION helper.reserve_base(in_city text, in_day date, OUT month date, OUT balance_fen int8,
                                    OUT benefit_fen numeric, OUT months int4)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    parts int8 := helper.policy_value('reserve_parts', in_city, in_day);
BEGIN
    month := CASE helper.policy_value('reserve_base', in_city, in_day)
        WHEN RESERVE_LAST_YEAR_END THEN (date_trunc('year', in_day) - interval '1 month')::date
        ELSE (SELECT max(m.month) FROM registry.fund_month m
               WHERE m.division = in_city AND m.month < date_trunc('month', in_day)) END;
    SELECT count(*), sum(f.benefit_fen), max(f.balance_fen) FILTER (WHERE f.month = reserve_base.month)
      INTO months, benefit_fen, balance_fen
      FROM helper.fund_months(in_city, (month - interval '11 months')::date, month, parts) f;
    IF months = 12 THEN
        balance_fen := balance_fen - helper.withdrawn_since(in_city, (month + interval '1 month')::date - 1);
    ELSE
        benefit_fen := NULL;
        balance_fen := NULL;
    END IF;
END $$;

/* What becomes of a withdrawal from a city's unemployment fund on a day: done, or why not; how much of it is allowed;
   and what the fund is short of after it, which the provincial adjustment fund may give: NULL where that is not known.
   The fund must keep 12 * (balance - withdrawal) >= months * benefits of twelve months, in whole fen. */
CREATE FUNCTION helper.reserve_judge(in_division text, in_day date, in_fen int8, OUT outcome int2,
                                     OUT allowed_fen int8, OUT short_fen int8)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    city CONSTANT text := left(in_division, 4) || '00';
    mode CONSTANT int8 := helper.policy_value('shortfall_mode', city, in_day);
    base record;
    keep numeric; /* the least balance that is enough */
BEGIN
    SELECT * INTO base FROM helper.reserve_base(city, in_day);
    keep := ceil(helper.policy_value('reserve_months', city, in_day) * base.benefit_fen / 12);
    short_fen := CASE WHEN keep IS NOT NULL THEN greatest(keep - (base.balance_fen - in_fen), 0) END;
    allowed_fen := CASE WHEN short_fen = 0 OR mode = SHORTFALL_SUPPORT THEN in_fen
                        WHEN mode = SHORTFALL_REDUCE THEN greatest(base.balance_fen - keep, 0)
                        ELSE 0 END;
    outcome := CASE WHEN allowed_fen > 0 OR in_fen = 0 THEN OUTCOME_DONE
                    WHEN short_fen IS NULL THEN OUTCOME_RESERVE_UNKNOWN
                    ELSE OUTCOME_RESERVE_SHORT END;
END $$;

/* ---- months ---- */

/* Whether a caller records what the unemployment fund of its city had and spent. */
CREATE FUNCTION helper.fund_records(in_caller helper.acting) RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(in_caller.kind = KIND_CITY_BUREAU AND right((in_caller).division, 2) = '00'
                    AND 'reviewer' = ANY ((in_caller).roles), false)
$$;

/* Records months of the unemployment fund of the caller's city. What is recorded already is unchanged; other figures of
   a month are its next version. Of a month that one request says twice the first row counts. */
CREATE FUNCTION api.fund_month(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_citation text[],
    in_row_req int4[], in_row int4[], in_month date[], in_balance int8[], in_unemployment int8[], in_medical int8[],
    in_funeral int8[], in_training int8[], in_other int8[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[] := ARRAY[]::int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    line record;
    latest registry.fund_month;
    seen date[];
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{fund.month}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(helper.fund_months_key()); /* versions of a month are given one after the other */
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        wholes[i] := coalesce(first.outcome, CASE WHEN caller.operator_id IS NOT NULL AND helper.fund_records(caller)
                                                  THEN OUTCOME_DONE ELSE OUTCOME_NOT_ALLOWED END);
        seen := '{}';
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        FOR line IN SELECT l.* FROM unnest(in_row_req, in_month, in_balance, in_unemployment, in_medical, in_funeral,
                                           in_training, in_other) WITH ORDINALITY
                           l(req, month, balance_fen, unemployment_fen, medical_fen, funeral_fen, training_fen,
                             other_fen, n)
                     WHERE l.req = i ORDER BY l.n LOOP
            SELECT * INTO latest FROM registry.fund_month m
             WHERE m.division = caller.division AND m.month = line.month ORDER BY m.version DESC LIMIT 1;
            outcomes[line.n] := CASE
                WHEN line.month + interval '1 month' > helper.today() THEN OUTCOME_MONTH_FUTURE
                WHEN (latest.balance_fen, latest.unemployment_fen, latest.medical_fen, latest.funeral_fen,
                      latest.training_fen, latest.other_fen)
                     = (line.balance_fen, line.unemployment_fen, line.medical_fen, line.funeral_fen,
                        line.training_fen, line.other_fen) THEN OUTCOME_UNCHANGED
                WHEN line.month = ANY (seen) THEN OUTCOME_CONTRADICTS
                ELSE OUTCOME_DONE END;
            seen := seen || line.month;
            CONTINUE WHEN outcomes[line.n] <> OUTCOME_DONE;
            INSERT INTO registry.fund_month (division, month, version, balance_fen, unemployment_fen, medical_fen,
                                             funeral_fen, training_fen, other_fen, citation, recorded_by, request_id)
            VALUES (caller.division, line.month, coalesce(latest.version, 0) + 1, line.balance_fen,
                    line.unemployment_fen, line.medical_fen, line.funeral_fen, line.training_fen, line.other_fen,
                    in_citation[i], in_operator[i], in_request_id[i]);
        END LOOP;
        INSERT INTO audit.entry (operator_id, body)
        VALUES (in_operator[i], helper.entry_body(in_entry_head[i], OUTCOME_DONE::int2, NULL, NULL, NULL, NULL));
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                            array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), known, wholes, in_row_req,
                            in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* A lock of the transaction, of who records months of a fund. */
CREATE FUNCTION helper.fund_months_key() RETURNS int8 LANGUAGE sql IMMUTABLE AS $$
    SELECT 6867700047
$$;

/* The months of a city's unemployment fund that count, latest first; before them one row without a month, which says
   how the fund stands on a day if so much were withdrawn. */
CREATE FUNCTION api.fund_months(in_operator uuid[], in_division text[], in_day date[], in_withdraw int8[],
                                in_months int4[])
RETURNS TABLE (req int4, outcome int2, month date, version int4, balance_fen int8, unemployment_fen int8,
               medical_fen int8, funeral_fen int8, training_fen int8, other_fen int8, citation text,
               base_month date, base_fen int8, benefit_fen int8, kept_hundredths int8, needed_months int4, mode int2,
               judged int2, allowed_fen int8, short_fen int8, base_months int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    city text;
    day date;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        city := left(coalesce(in_division[i], caller.division), 4) || '00';
        day := coalesce(in_day[i], helper.today());
        IF caller IS NULL OR NOT helper.sees_area(caller.kind)
           OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division, NULL, city) THEN
            RETURN QUERY SELECT i, OUTCOME_NOT_ALLOWED::int2, NULL::date, NULL::int4, NULL::int8, NULL::int8,
                                NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::text, NULL::date, NULL::int8,
                                NULL::int8, NULL::int8, NULL::int4, NULL::int2, NULL::int2, NULL::int8, NULL::int8,
                                NULL::int4;
            CONTINUE;
        END IF;
        RETURN QUERY
        SELECT i, OUTCOME_DONE::int2, NULL::date, NULL::int4, NULL::int8, NULL::int8, NULL::int8, NULL::int8,
               NULL::int8, NULL::int8, NULL::text, b.month, b.balance_fen, b.benefit_fen::int8,
               div(12 * (b.balance_fen - in_withdraw[i])::numeric * 100, nullif(b.benefit_fen, 0))::int8,
               helper.policy_value('reserve_months', city, day)::int4,
               helper.policy_value('shortfall_mode', city, day)::int2, j.outcome, j.allowed_fen, j.short_fen,
               b.months
          FROM helper.reserve_base(city, day) b CROSS JOIN helper.reserve_judge(city, day, in_withdraw[i]) j;
        RETURN QUERY
        SELECT i, OUTCOME_DONE::int2, m.month, m.version, m.balance_fen, m.unemployment_fen, m.medical_fen,
               m.funeral_fen, m.training_fen, m.other_fen, m.citation, NULL::date, NULL::int8, NULL::int8, NULL::int8,
               NULL::int4, NULL::int2, NULL::int2, NULL::int8, NULL::int8, NULL::int4
          FROM (SELECT DISTINCT ON (f.month) f.* FROM registry.fund_month f
                 WHERE f.division = city ORDER BY f.month DESC, f.version DESC LIMIT in_months[i]) m
         ORDER BY m.month DESC;
    END LOOP;
END $$;
