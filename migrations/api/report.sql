/* SPDX-License-Identifier: Apache-2.0 */
/* The monthly table of the special account (F16), from what was posted. */

/* What was posted in the ledgers of a division and a year before a day, once for each account that it touched: on which
   side of the account, by which event, for what, in the month that began on a day or before it. What is posted in a
   year's ledgers after its end, until they are carried, is of its December. Closing entries of the year's end are none
   of it. */
CREATE FUNCTION helper.report_posted(in_division text, in_month date)
RETURNS TABLE (source int2, account int2, net int8, in_month bool, event int2, spending int2, expense int2,
               subject_id uuid)
LANGUAGE sql STABLE AS $$
    SELECT l.source, a.account, a.fen,
           j.posted_at >= (in_month::timestamp AT TIME ZONE 'Asia/Shanghai'), j.event, c.spending,
           c.expense, j.subject_id
      FROM registry.ledger l
      JOIN registry.journal j ON j.ledger_id = l.ledger_id
      LEFT JOIN registry.charge c ON c.subject_kind = j.subject_kind AND c.subject_id = j.subject_id AND c.part = j.part
     CROSS JOIN LATERAL (VALUES (j.debit, j.amount_fen), (j.credit, -j.amount_fen)) a(account, fen)
     WHERE l.division = in_division AND l.year = date_part('year', in_month) AND j.event <> MONEY_CARRIED_OUT
       AND (date_part('month', in_month) = 12
            OR j.posted_at < ((in_month + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai'))
$$;

/* The item of the table in which what was posted to an account stands; NULL: in none. */
CREATE FUNCTION helper.report_item(in_account int2, in_event int2, in_spending int2) RETURNS int2
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE in_account
        WHEN ACCOUNT_BALANCE THEN CASE in_event WHEN MONEY_CARRIED_IN THEN ITEM_OPENING END
        WHEN ACCOUNT_WITHDRAWN THEN ITEM_WITHDRAWN
        WHEN ACCOUNT_FROM_ABOVE THEN ITEM_FROM_ABOVE
        WHEN ACCOUNT_OTHER_INCOME THEN ITEM_OTHER_INCOME
        WHEN ACCOUNT_INTEREST THEN ITEM_INTEREST
        WHEN ACCOUNT_RECOVERED THEN ITEM_RECOVERED
        WHEN ACCOUNT_PASSED_DOWN THEN ITEM_PASSED_DOWN
        WHEN ACCOUNT_TREASURY THEN ITEM_TREASURY
        WHEN ACCOUNT_EXPENDITURE THEN ITEM_EXPENDITURE
        WHEN ACCOUNT_HELD THEN ITEM_HELD
        WHEN ACCOUNT_COMMITTED THEN ITEM_COMMITTED
        WHEN ACCOUNT_AVAILABLE THEN ITEM_AVAILABLE
        WHEN ACCOUNT_EMPLOYEES THEN helper.report_spent(in_spending, ITEM_EMPLOYEES::int2)
        WHEN ACCOUNT_FREE_TRAINING THEN helper.report_spent(in_spending, ITEM_FREE_TRAINING::int2) END::int2
$$;

/* The item of spending of a kind; `in_training`: of training, by whose it is. */
CREATE FUNCTION helper.report_spent(in_spending int2, in_training int2) RETURNS int2 LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE coalesce(in_spending, SPENDING_CAPACITY)
        WHEN SPENDING_ASSESSMENT THEN ITEM_ASSESSMENT WHEN SPENDING_LIVING THEN ITEM_LIVING
        WHEN SPENDING_PROJECT THEN ITEM_PROJECT WHEN SPENDING_APPRENTICE THEN ITEM_APPRENTICE
        WHEN SPENDING_WORK_TRAINING THEN ITEM_WORK_TRAINING
        WHEN SPENDING_CAPACITY THEN ITEM_OTHER_SPENT WHEN SPENDING_PASSED_DOWN THEN ITEM_PASSED_DOWN
        ELSE in_training END::int2
$$;

/* The table of a division and a month: each item of each source, and of all (NULL). */
CREATE FUNCTION helper.report(in_division text, in_month date)
RETURNS TABLE (source int2, item int2, times int8, month_fen int8, year_fen int8) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH posted AS MATERIALIZED (
        SELECT p.source, p.subject_id, p.in_month, p.event, i.item,
               CASE WHEN i.item <= ITEM_RECOVERED OR i.item = ITEM_HELD THEN -p.net ELSE p.net END AS fen
          FROM helper.report_posted(in_division, in_month) p
         CROSS JOIN LATERAL (SELECT helper.report_item(p.account, p.event, p.spending) AS item) i
         WHERE i.item IS NOT NULL),
    summed AS MATERIALIZED (
        SELECT p.source, p.item, coalesce(sum(p.fen) FILTER (WHERE p.in_month), 0)::int8 AS month_fen,
               sum(p.fen)::int8 AS year_fen
          FROM posted p GROUP BY GROUPING SETS ((p.source, p.item), (p.item))),
    /* paid in the month, or paid again, and not returned by the bank since */
    paid AS MATERIALIZED (
        SELECT p.source, helper.report_item(p.expense, MONEY_PAID::int2, p.spending) AS item, p.subject_id
          FROM helper.report_posted(in_division, in_month) p
         WHERE p.account = ACCOUNT_SPENT AND p.event IN (MONEY_PAID, MONEY_RETURNED, MONEY_PAID_AGAIN)
         GROUP BY 1, 2, 3 HAVING sum(p.net) > 0 AND bool_or(p.in_month AND p.net > 0)),
    counted AS MATERIALIZED (
        SELECT p.source, p.item, count(DISTINCT p.subject_id) AS times
          FROM paid p GROUP BY GROUPING SETS ((p.source, p.item), (p.item))),
    asked AS MATERIALIZED (
        SELECT s.source, i.item::int2 AS item
          FROM (SELECT l.source FROM registry.ledger l
                 WHERE l.division = in_division AND l.year = date_part('year', in_month)
                 GROUP BY l.source UNION ALL SELECT NULL) s
         CROSS JOIN generate_series(ITEM_OPENING, ITEM_EXECUTION) i(item)),
    told AS MATERIALIZED (
        SELECT a.source, a.item, coalesce(n.times, 0) AS times, coalesce(s.month_fen, 0) AS month_fen,
               coalesce(s.year_fen, 0) AS year_fen
          FROM asked a
          LEFT JOIN summed s ON s.source IS NOT DISTINCT FROM a.source AND s.item = a.item
          LEFT JOIN counted n ON n.source IS NOT DISTINCT FROM a.source AND n.item = a.item),
    whole AS MATERIALIZED (
        SELECT t.source,
               sum(t.month_fen) FILTER (WHERE t.item BETWEEN ITEM_WITHDRAWN AND ITEM_RECOVERED) AS month_in,
               sum(t.year_fen) FILTER (WHERE t.item BETWEEN ITEM_WITHDRAWN AND ITEM_RECOVERED) AS year_in,
               sum(t.month_fen) FILTER (WHERE t.item BETWEEN ITEM_EMPLOYEES AND ITEM_OTHER_SPENT) AS month_out,
               sum(t.year_fen) FILTER (WHERE t.item BETWEEN ITEM_EMPLOYEES AND ITEM_OTHER_SPENT) AS year_out,
               sum(t.year_fen) FILTER (WHERE t.item = ITEM_OPENING) AS opening,
               sum(t.times) FILTER (WHERE t.item BETWEEN ITEM_EMPLOYEES AND ITEM_OTHER_SPENT) AS times
          FROM told t GROUP BY t.source)
    SELECT t.source, t.item,
           CASE t.item WHEN ITEM_SPENT THEN w.times ELSE CASE WHEN t.item < ITEM_EMPLOYEES OR t.item > ITEM_SPENT
                                                              THEN 0 ELSE t.times END END::int8,
           CASE WHEN t.item = ITEM_INCOME THEN w.month_in WHEN t.item = ITEM_SPENT THEN w.month_out
                WHEN t.item = ITEM_EXECUTION THEN coalesce(div(10000 * w.year_out, nullif(w.opening + w.year_in, 0)), 0)
                WHEN t.item = ITEM_OPENING OR t.item >= ITEM_TREASURY THEN t.year_fen ELSE t.month_fen END::int8,
           CASE t.item WHEN ITEM_INCOME THEN w.year_in WHEN ITEM_SPENT THEN w.year_out
                WHEN ITEM_EXECUTION THEN coalesce(div(10000 * w.year_out, nullif(w.opening + w.year_in, 0)), 0)
                ELSE t.year_fen END::int8
      FROM told t JOIN whole w ON w.source IS NOT DISTINCT FROM t.source
     ORDER BY t.source NULLS LAST, t.item;
END $$;

/* The monthly table of a division that the caller may see; before it one row without an item, which says whether it
   may. */
CREATE FUNCTION api.fund_report(in_operator uuid[], in_division text[], in_month date[])
RETURNS TABLE (req int4, outcome int2, division text, source int2, item int2, times int8, month_fen int8,
               year_fen int8)
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
        RETURN QUERY SELECT i, CASE WHEN may THEN OUTCOME_DONE ELSE OUTCOME_NOT_ALLOWED END::int2, whose, NULL::int2,
                            NULL::int2, NULL::int8, NULL::int8, NULL::int8;
        RETURN QUERY SELECT i, OUTCOME_DONE::int2, whose, r.source, r.item, r.times, r.month_fen, r.year_fen
                       FROM helper.report(whose, in_month[i]) r WHERE may;
    END LOOP;
END $$;
