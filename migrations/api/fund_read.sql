/* SPDX-License-Identifier: Apache-2.0 */
/* The special account as it is read: ledgers, statements, the trial balance, what was proposed (F2-F10). */

/* An instant said in milliseconds since 1970. */
CREATE FUNCTION helper.at_ms(in_ms int8) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT timestamptz '1970-01-01T00:00Z' + in_ms * interval '1 millisecond'
$$;

/* Whether the caller may see the account of a division. */
CREATE FUNCTION helper.fund_seen(in_caller helper.acting, in_division text) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT coalesce(helper.sees_area(in_caller.kind)
                    AND helper.sees(in_caller.kind, in_caller.organisation_id, in_caller.division, NULL,
                                    in_division), false)
$$;

/* Ledgers that the caller may see, in the order in which they were opened. */
CREATE FUNCTION api.fund_list(in_operator uuid[], in_after int8[], in_page int4[], in_division text[], in_year int4[])
RETURNS TABLE (req int4, ledger_id int8, division text, source int2, year int4, available int8, committed int8,
               spent int8,
               treasury int8, expenditure int8, held int8, sent int8, closed_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, l.ledger_id, l.division, l.source, l.year::int4, s.available, s.committed, s.spent, s.treasury,
           s.expenditure,
           s.held, s.sent, helper.ms(l.closed_at)
      FROM unnest(in_operator, in_after, in_page, in_division, in_year) WITH ORDINALITY i(operator_id, after, page,
                                                                                          division, year, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (SELECT * FROM registry.ledger x
                          WHERE x.ledger_id > i.after AND (i.division IS NULL OR x.division = i.division)
                            AND (i.year IS NULL OR x.year = i.year) AND helper.fund_seen(a, x.division)
                          ORDER BY x.ledger_id LIMIT i.page + 1) l
     CROSS JOIN LATERAL helper.ledger_state(l.ledger_id) s
     ORDER BY i.n, l.ledger_id;
END $$;

/* The ledger that a request names, of the caller's own division where it names none. NULL: none that the caller may
   see. */
CREATE FUNCTION helper.ledger_named(in_caller helper.acting, in_division text, in_source int2,
                                    in_year int4) RETURNS int8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT l.ledger_id FROM registry.ledger l
             WHERE l.division = coalesce(in_division, in_caller.division) AND l.source = in_source AND l.year = in_year
               AND helper.fund_seen(in_caller, l.division));
END $$;

/* What each account of a ledger comes to of what was posted before a moment (NULL: of all); none: there is no such
   ledger. */
CREATE FUNCTION api.fund_show(in_operator uuid[], in_division text[], in_source int2[], in_year int4[],
                              in_until_ms int8[])
RETURNS TABLE (req int4, account int2, debits int8, credits int8, balance int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, c.code, coalesce(b.debits, 0), coalesce(b.credits, 0),
           CASE WHEN c.debit_side THEN 1 ELSE -1 END * coalesce(b.debits - b.credits, 0)
      FROM unnest(in_operator, in_division, in_source, in_year, in_until_ms)
           WITH ORDINALITY i(operator_id, division, source, year, until_ms, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL helper.ledger_named(a, i.division, i.source, i.year) l(ledger_id)
      JOIN registry.ledger_account c ON l.ledger_id IS NOT NULL
      LEFT JOIN LATERAL helper.ledger_balances(l.ledger_id, helper.at_ms(i.until_ms)) b ON b.code = c.code
     ORDER BY i.n, c.code;
END $$;

/* What was posted in a ledger before a moment, in order; a first row without a posting says that there is such a
   ledger. */
CREATE FUNCTION api.fund_statement(in_operator uuid[], in_after int8[], in_page int4[], in_division text[],
                                   in_source int2[],
                                   in_year int4[], in_until_ms int8[])
RETURNS TABLE (req int4, journal_id int8, posting_id uuid, event int2, debit int2, credit int2, amount_fen int8,
               subject_kind int2,
               subject_id uuid, part int2, mirrors int8, posted_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, j.journal_id, j.posting_id, j.event, j.debit, j.credit, j.amount_fen, j.subject_kind,
           j.subject_id, j.part,
           j.mirrors, helper.ms(j.posted_at)
      FROM unnest(in_operator, in_after, in_page, in_division, in_source, in_year, in_until_ms)
           WITH ORDINALITY i(operator_id, after, page, division, source, year, until_ms, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL helper.ledger_named(a, i.division, i.source, i.year) l(ledger_id)
     CROSS JOIN LATERAL (
           SELECT NULL::registry.journal AS x WHERE l.ledger_id IS NOT NULL
           UNION ALL
           (SELECT x FROM registry.journal x
             WHERE x.ledger_id = l.ledger_id AND x.journal_id > i.after
               AND (i.until_ms IS NULL OR x.posted_at < helper.at_ms(i.until_ms))
             ORDER BY x.journal_id LIMIT i.page + 1)) p
     CROSS JOIN LATERAL (SELECT (p.x).*) j
     ORDER BY i.n, j.journal_id NULLS FIRST;
END $$;

/* The last transaction that the log has whole among its first so many entries, in which transactions stand in the
   order of their numbers. */
CREATE FUNCTION helper.logged_until(in_size int8) RETURNS xid8 LANGUAGE plpgsql STABLE AS $$
DECLARE
    at CONSTANT xid8 := (SELECT e.xid FROM audit.leaf l JOIN audit.entry e ON e.id = l.entry_id
                          WHERE l.leaf_index = in_size - 1);
BEGIN
    IF NOT EXISTS (SELECT FROM audit.entry e LEFT JOIN audit.leaf l ON l.entry_id = e.id
                    WHERE e.xid = at AND coalesce(l.leaf_index >= in_size, true)) THEN
        RETURN at;
    END IF;
    RETURN (SELECT max(e.xid) FROM audit.entry e WHERE e.xid < at);
END $$;

/* The trial balance: each account over all ledgers that the caller may see (of one division, where one is named), of
   what the log had when it had so many entries (NULL: of all that there is). No rows: the log has not so many. */
CREATE FUNCTION api.fund_trial(in_operator uuid[], in_division text[], in_log_size int8[])
RETURNS TABLE (req int4, account int2, layer int2, debits int8, credits int8, balance int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    until xid8;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        until := helper.logged_until(in_log_size[i]);
        RETURN QUERY
        SELECT i, c.code, c.layer, coalesce(sum(m.debits), 0)::int8, coalesce(sum(m.credits), 0)::int8,
               (CASE WHEN c.debit_side THEN 1 ELSE -1 END * coalesce(sum(m.debits) - sum(m.credits), 0))::int8
          FROM registry.ledger_account c
          LEFT JOIN (SELECT x.code, sum(x.debits) AS debits, sum(x.credits) AS credits
                       FROM (SELECT j.debit, j.credit, sum(j.amount_fen) AS fen
                               FROM registry.journal j JOIN registry.ledger l USING (ledger_id)
                              WHERE (in_division[i] IS NULL OR l.division = in_division[i])
                                AND helper.fund_seen(caller, l.division)
                                AND (in_log_size[i] IS NULL OR j.transaction <= until)
                              GROUP BY j.debit, j.credit) p
                      CROSS JOIN LATERAL (VALUES (p.debit, p.fen, 0), (p.credit, 0, p.fen)) x(code, debits, credits)
                      GROUP BY x.code) m ON m.code = c.code
         WHERE in_log_size[i] IS NULL OR until IS NOT NULL
         GROUP BY c.code ORDER BY c.code;
    END LOOP;
END $$;

/* Moves of money of divisions that the caller may see, newest first. A correction is of the ledger and the amount of
   the posting that it takes back. */
CREATE FUNCTION api.fund_moves(in_operator uuid[], in_before uuid[], in_page int4[], in_pending bool[])
RETURNS TABLE (req int4, move_id uuid, kind int2, division text, source int2, year int4, to_division text,
               amount_fen int8, mirrored uuid, reason text, proposed_at_ms int8, decision int2, event int2,
               proposer uuid, proposer_sealed bytea, decider uuid, decider_sealed bytea, decided_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, m.move_id, m.kind, m.division, coalesce(m.source, t.source), coalesce(m.year, t.year)::int4,
           m.to_division, coalesce(m.amount_fen, t.amount_fen), m.mirrored, m.reason, helper.ms(m.proposed_at),
           m.decision, t.event, p.operator_id, p.sealed, d.operator_id, d.sealed, helper.ms(m.decided_at)
      FROM unnest(in_operator, in_before, in_page, in_pending) WITH ORDINALITY i(operator_id, before, page, pending, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (SELECT * FROM registry.fund_move x
                          WHERE (i.before IS NULL OR x.move_id < i.before) AND (NOT i.pending OR x.decision IS NULL)
                            AND helper.fund_seen(a, x.division)
                          ORDER BY x.move_id DESC LIMIT i.page + 1) m
      JOIN registry.operator p ON p.operator_id = m.proposed_by
      LEFT JOIN registry.operator d ON d.operator_id = m.decided_by
      LEFT JOIN LATERAL (SELECT j.event, j.amount_fen, l.source, l.year
                           FROM helper.posting_rows(m.mirrored) j JOIN registry.ledger l ON l.ledger_id = j.ledger_id
                          ORDER BY j.journal_id LIMIT 1) t ON true
     ORDER BY i.n, m.move_id DESC;
END $$;

/* Earmarks, newest first: proposals of what the caller may see that nobody has decided; or what was in force on a
   day, everybody's (NULL: all that ever was); of one division (NULL: of any). */
CREATE FUNCTION api.fund_earmarks(in_operator uuid[], in_before uuid[], in_page int4[], in_pending bool[],
                                  in_day date[],
                                  in_division text[])
RETURNS TABLE (req int4, earmark_id uuid, division text, spending int2, trainee_group int2, certificate_kind int2,
               sources text,
               valid_from date, valid_to date, citation text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, e.earmark_id, e.division, e.spending, e.trainee_group, e.certificate_kind,
           array_to_string(e.sources, ','),
           e.valid_from, e.valid_to, e.citation
      FROM unnest(in_operator, in_before, in_page, in_pending, in_day, in_division)
           WITH ORDINALITY i(operator_id, before, page, pending, day, division, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (SELECT * FROM registry.earmark x
                          WHERE (i.before IS NULL OR x.earmark_id < i.before) AND (i.division IS NULL
                                                                                   OR x.division = i.division)
                            AND CASE WHEN i.pending THEN x.decision IS NULL AND helper.fund_seen(a, x.division)
                                     ELSE x.decision = PROPOSAL_IN_FORCE END
                            AND (i.day IS NULL OR helper.period_covers(x.valid_from, x.valid_to, i.day))
                          ORDER BY x.earmark_id DESC LIMIT i.page + 1) e
     ORDER BY i.n, e.earmark_id DESC;
END $$;
