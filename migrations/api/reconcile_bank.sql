/* SPDX-License-Identifier: Apache-2.0 */
/* The special account against the bank's statement, month by month (F8). */

/* A lock of the transaction, of who records what the bank's statements say. */
CREATE FUNCTION helper.bank_balances_key() RETURNS int8 LANGUAGE sql IMMUTABLE AS $$
    SELECT 6867700048
$$;

/* What becomes of a statement of the bank's about a month: recorded as the version that is returned, or why not. What
   is recorded already is not recorded again. */
CREATE FUNCTION helper.bank_record(in_caller helper.acting, in_month date, in_treasury int8, in_expenditure int8,
                                   in_citation text, in_request uuid, OUT outcome int2, OUT version int4)
LANGUAGE plpgsql AS $$
DECLARE
    latest registry.bank_balance;
BEGIN
    SELECT * INTO latest FROM registry.bank_balance b
     WHERE b.division = in_caller.division AND b.month = in_month ORDER BY b.version DESC LIMIT 1;
    outcome := CASE
        WHEN NOT helper.fund_may(in_caller, 'reviewer') THEN OUTCOME_NOT_ALLOWED
        WHEN in_month + interval '1 month' > helper.today() THEN OUTCOME_MONTH_FUTURE
        WHEN NOT EXISTS (SELECT FROM registry.ledger l
                          WHERE l.division = in_caller.division AND l.year <= date_part('year', in_month))
            THEN OUTCOME_ACCOUNT_MISSING
        ELSE OUTCOME_DONE END;
    IF outcome <> OUTCOME_DONE THEN
        RETURN;
    ELSIF (latest.treasury_fen, latest.expenditure_fen, latest.citation)
          = (in_treasury, in_expenditure, in_citation) THEN
        version := latest.version;
        RETURN;
    END IF;
    version := coalesce(latest.version, 0) + 1;
    INSERT INTO registry.bank_balance (division, month, version, treasury_fen, expenditure_fen, citation, recorded_by,
                                       request_id)
    VALUES (in_caller.division, in_month, version, in_treasury, in_expenditure, in_citation, in_caller.operator_id,
            in_request);
END $$;

/* Records what the bank's statement says stood in the two accounts of the caller's division at the end of a month. */
CREATE FUNCTION api.bank_record(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_month date[],
    in_treasury int8[], in_expenditure int8[], in_citation text[])
RETURNS TABLE (req int4, outcome int2, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    decided record;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{bank.record}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(helper.bank_balances_key()); /* versions are given one after the other */
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT f.outcome, f.detail AS version INTO first
          FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]) f;
        IF first.outcome IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO decided FROM helper.bank_record(caller, in_month[i], in_treasury[i], in_expenditure[i],
                                                          in_citation[i], in_request_id[i]);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided.outcome,
                               in_detail => decided.version);
            first := decided;
        END IF;
        RETURN QUERY SELECT i, first.outcome, first.version;
    END LOOP;
END $$;

/* What stood in the two accounts of a division by the end of each month in which something was posted, over the ledgers
   of all years; a month in which nothing was is not in it. */
CREATE FUNCTION helper.bank_books(in_division text) RETURNS TABLE (account int2, month date, fen int8)
LANGUAGE sql STABLE AS $$
    SELECT p.account, p.month, (sum(p.fen) OVER (PARTITION BY p.account ORDER BY p.month))::int8
      FROM (SELECT a.account, date_trunc('month', j.posted_at AT TIME ZONE 'Asia/Shanghai')::date AS month,
                   sum(a.fen) AS fen
              FROM registry.ledger l
              JOIN registry.journal j ON j.ledger_id = l.ledger_id AND j.layer = LAYER_CASH
             CROSS JOIN LATERAL (VALUES (j.debit, j.amount_fen), (j.credit, -j.amount_fen)) a(account, fen)
             WHERE l.division = in_division AND a.account IN (ACCOUNT_TREASURY, ACCOUNT_EXPENDITURE)
             GROUP BY 1, 2) p
$$;

/* What the bank paid or returned of a division's batches by the end of each month from one on, by its day of trade, and
   was read in after it. A return counts where its payment was read in as well. A month without any is not in it. */
CREATE FUNCTION helper.bank_unread(in_division text, in_from date, in_to date)
RETURNS TABLE (month date, paid_fen int8, returned_fen int8) LANGUAGE sql STABLE AS $$
    WITH late AS MATERIALIZED (
        SELECT a.batch_id, a.line, a.result, l.amount_fen, date_trunc('month', a.traded_on::timestamp) AS traded,
               date_trunc('month', a.answered_at AT TIME ZONE 'Asia/Shanghai') AS read
          FROM registry.batch_answer a
          JOIN registry.payment_batch b ON b.batch_id = a.batch_id AND b.division = in_division
          JOIN registry.batch_line l ON l.batch_id = a.batch_id AND l.line = a.line
         WHERE a.answered_at >= (in_from + interval '1 month') AT TIME ZONE 'Asia/Shanghai'
           AND a.traded_on < date_trunc('month', a.answered_at AT TIME ZONE 'Asia/Shanghai'))
    SELECT m::date, coalesce(sum(a.amount_fen) FILTER (WHERE a.result = LINE_PAID), 0)::int8,
           coalesce(sum(a.amount_fen) FILTER (WHERE a.result = LINE_RETURNED AND EXISTS (
               SELECT FROM registry.batch_answer p
                WHERE p.batch_id = a.batch_id AND p.line = a.line AND p.result = LINE_PAID)), 0)::int8
      FROM late a
     CROSS JOIN LATERAL generate_series(greatest(a.traded, in_from::timestamp),
                                        least(a.read - interval '1 month', in_to::timestamp), interval '1 month') m
     GROUP BY m
$$;

/* The two accounts of a division that the caller may see at the end of each of its last months, latest first, since
   something was posted in them or a statement was recorded; before them one row without a month, which says whether it
   may. */
CREATE FUNCTION api.bank_reconcile(in_operator uuid[], in_division text[], in_months int4[])
RETURNS TABLE (req int4, outcome int2, division text, month date, account int2, book_fen int8, bank_fen int8,
               paid_fen int8, returned_fen int8, version int4, citation text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    whose text;
    may bool;
    latest CONSTANT date := (date_trunc('month', helper.today()::timestamp) - interval '1 month')::date;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        whose := coalesce(in_division[i], caller.division);
        may := caller.operator_id IS NOT NULL AND helper.fund_seen(caller, whose);
        RETURN QUERY SELECT i, CASE WHEN may THEN OUTCOME_DONE ELSE OUTCOME_NOT_ALLOWED END::int2, whose, NULL::date,
                            NULL::int2, NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int4, NULL::text;
        CONTINUE WHEN NOT may;
        RETURN QUERY
        WITH books AS MATERIALIZED (SELECT * FROM helper.bank_books(whose)),
        span AS (SELECT greatest(least((SELECT min(b.month) FROM books b),
                                       (SELECT min(x.month) FROM registry.bank_balance x WHERE x.division = whose)),
                                 (latest - make_interval(months => in_months[i] - 1))::date) AS first
                  WHERE EXISTS (SELECT FROM books)
                     OR EXISTS (SELECT FROM registry.bank_balance x WHERE x.division = whose)),
        months AS MATERIALIZED (
            SELECT m::date AS month, coalesce(u.paid_fen, 0) AS paid_fen, coalesce(u.returned_fen, 0) AS returned_fen,
                   s.version, s.treasury_fen, s.expenditure_fen, s.citation
              FROM span f
             CROSS JOIN LATERAL generate_series(f.first::timestamp, latest::timestamp, interval '1 month') m
              LEFT JOIN (SELECT x.* FROM span y CROSS JOIN LATERAL helper.bank_unread(whose, y.first, latest) x) u
                ON u.month = m::date
              LEFT JOIN LATERAL (SELECT * FROM registry.bank_balance b WHERE b.division = whose AND b.month = m::date
                                  ORDER BY b.version DESC LIMIT 1) s ON true)
        SELECT i, OUTCOME_DONE::int2, whose, m.month, a.account,
               coalesce((SELECT b.fen FROM books b WHERE b.account = a.account AND b.month <= m.month
                          ORDER BY b.month DESC LIMIT 1), 0), a.bank_fen, a.paid_fen, a.returned_fen, m.version,
               m.citation
          FROM months m
         CROSS JOIN LATERAL (VALUES (ACCOUNT_TREASURY::int2, m.treasury_fen, 0::int8, 0::int8),
                                    (ACCOUNT_EXPENDITURE::int2, m.expenditure_fen, m.paid_fen, m.returned_fen))
               a(account, bank_fen, paid_fen, returned_fen)
         ORDER BY m.month DESC, a.account;
    END LOOP;
END $$;

/* What was recorded of the statements of a division that the caller may see, of one month or of all, every version, the
   latest first; before them one row without a month, which says whether it may. They follow the one that the cursor
   names. */
CREATE FUNCTION api.bank_list(in_operator uuid[], in_before_month date[], in_before_version int4[], in_page int4[],
                              in_division text[], in_month date[])
RETURNS TABLE (req int4, outcome int2, month date, version int4, treasury_fen int8, expenditure_fen int8, citation text,
               recorder_id uuid, recorder_sealed bytea, recorded_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    whose text;
    may bool;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        whose := coalesce(in_division[i], caller.division);
        may := caller.operator_id IS NOT NULL AND helper.fund_seen(caller, whose);
        RETURN QUERY SELECT i, CASE WHEN may THEN OUTCOME_DONE ELSE OUTCOME_NOT_ALLOWED END::int2, NULL::date,
                            NULL::int4, NULL::int8, NULL::int8, NULL::text, NULL::uuid, NULL::bytea, NULL::int8;
        CONTINUE WHEN NOT may;
        RETURN QUERY
        SELECT i, OUTCOME_DONE::int2, b.month, b.version, b.treasury_fen, b.expenditure_fen, b.citation, b.recorded_by,
               o.sealed, helper.ms(b.recorded_at)
          FROM registry.bank_balance b
          LEFT JOIN registry.operator o ON o.operator_id = b.recorded_by
         WHERE b.division = whose AND (in_month[i] IS NULL OR b.month = in_month[i])
           AND (in_before_month[i] IS NULL OR (b.month, b.version) < (in_before_month[i], in_before_version[i]))
         ORDER BY b.month DESC, b.version DESC LIMIT in_page[i] + 1;
    END LOOP;
END $$;
