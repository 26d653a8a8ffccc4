/* SPDX-License-Identifier: Apache-2.0 */
/* Whether claims and tranches, batches, the bank's answers and both layers of the ledgers agree, and whether people
   made what was posted, from the records alone: what is held against what says enum DifferenceKind of
   proto/reconcile.proto. */

/* What does not agree. */
CREATE TYPE helper.difference AS (kind int2, division text, ledger_id int8, subject_kind int2, subject_id uuid,
                                  expected int8, found int8, reference text, line int4);

/* Whether a division lies in another one, or is it. */
CREATE FUNCTION helper.within(in_area text, in_division text) RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT helper.division_relation(in_area, in_division) <> 'outside'
$$;

/* What was posted to each account of the ledgers of an area: debits less credits. */
CREATE FUNCTION helper.posted(in_area text)
RETURNS TABLE (ledger_id int8, division text, account int2, net numeric) LANGUAGE sql STABLE AS $$
    SELECT l.ledger_id, l.division, a.account, sum(a.fen)
      FROM registry.ledger l
      JOIN registry.journal j ON j.ledger_id = l.ledger_id
     CROSS JOIN LATERAL (VALUES (j.debit, j.amount_fen), (j.credit, -j.amount_fen)) a(account, fen)
     WHERE helper.within(in_area, l.division)
     GROUP BY l.ledger_id, l.division, a.account
$$;

/* Ledgers whose stored balances are not what was posted. */
CREATE FUNCTION helper.reconcile_ledgers(in_area text) RETURNS SETOF helper.difference LANGUAGE sql STABLE AS $$
    WITH posted AS MATERIALIZED (SELECT * FROM helper.posted(in_area)),
    stored AS MATERIALIZED (
        SELECT l.ledger_id, l.division, sum(s.available) AS available, sum(s.committed) AS committed,
               sum(s.spent) AS spent, max(c.treasury) AS treasury, max(c.expenditure) AS expenditure,
               max(c.held) AS held
          FROM registry.ledger l
          LEFT JOIN registry.ledger_share s ON s.ledger_id = l.ledger_id
          LEFT JOIN registry.ledger_cash c ON c.ledger_id = l.ledger_id
         WHERE helper.within(in_area, l.division)
         GROUP BY l.ledger_id, l.division)
    SELECT ROW(b.kind, s.division, s.ledger_id, NULL, NULL, coalesce(p.net, 0), b.found, NULL, NULL)::helper.difference
      FROM stored s
     CROSS JOIN LATERAL (VALUES (DIFFERENCE_BUDGET, ACCOUNT_AVAILABLE, s.available),
                                (DIFFERENCE_BUDGET, ACCOUNT_COMMITTED, s.committed),
                                (DIFFERENCE_BUDGET, ACCOUNT_SPENT, s.spent),
                                (DIFFERENCE_CASH, ACCOUNT_TREASURY, s.treasury),
                                (DIFFERENCE_CASH, ACCOUNT_EXPENDITURE, s.expenditure),
                                (DIFFERENCE_CASH, ACCOUNT_HELD, -s.held)) b(kind, account, found)
      LEFT JOIN posted p ON p.ledger_id = s.ledger_id AND p.account = b.account
     WHERE coalesce(p.net, 0) <> coalesce(b.found, 0)
$$;

/* Ledgers in which an event that moves both layers moved them by different sums. */
CREATE FUNCTION helper.reconcile_layers(in_area text) RETURNS SETOF helper.difference LANGUAGE sql STABLE AS $$
    SELECT ROW(DIFFERENCE_LAYERS, l.division, l.ledger_id, NULL, NULL, x.budget, x.cash, NULL, NULL)::helper.difference
      FROM registry.ledger l
     CROSS JOIN LATERAL (
           SELECT j.event, coalesce(sum(j.amount_fen) FILTER (WHERE j.layer = LAYER_BUDGET), 0)::int8 AS budget,
                  coalesce(sum(j.amount_fen) FILTER (WHERE j.layer = LAYER_CASH), 0)::int8 AS cash
             FROM registry.journal j
            WHERE j.ledger_id = l.ledger_id
              AND j.event IN (MONEY_PAID, MONEY_RETURNED, MONEY_PAID_AGAIN, MONEY_RIGHT_LOST, MONEY_RECOVERED,
                              MONEY_RETURNED_EARLIER)
            GROUP BY j.event) x
     WHERE helper.within(in_area, l.division) AND x.budget <> x.cash
$$;

/* Ledgers in which other sums are committed, or spoken for at the bank, than claims and tranches wait for. */
CREATE FUNCTION helper.reconcile_waiting(in_area text) RETURNS SETOF helper.difference LANGUAGE sql STABLE AS $$
    WITH waiting AS MATERIALIZED (
        SELECT c.ledger_id, sum(c.amount_fen) AS committed,
               sum(c.amount_fen) FILTER (WHERE EXISTS (
                   SELECT FROM registry.batch_line b
                    WHERE b.subject_kind = c.subject_kind AND b.subject_id = c.subject_id
                      AND b.state IN (LINE_SENT, LINE_UNKNOWN))) AS sent
          FROM registry.ledger l
          JOIN registry.charge c ON c.ledger_id = l.ledger_id AND c.state IN (CHARGE_COMMITTED, CHARGE_RETURNED)
         WHERE helper.within(in_area, l.division)
         GROUP BY c.ledger_id)
    SELECT ROW(b.kind, l.division, l.ledger_id, NULL, NULL, b.expected, b.found, NULL, NULL)::helper.difference
      FROM registry.ledger l
      LEFT JOIN waiting w ON w.ledger_id = l.ledger_id
      LEFT JOIN registry.ledger_cash k ON k.ledger_id = l.ledger_id
     CROSS JOIN LATERAL (VALUES
           (DIFFERENCE_COMMITTED, coalesce(w.committed, 0),
            (SELECT coalesce(sum(s.committed), 0) FROM registry.ledger_share s WHERE s.ledger_id = l.ledger_id)),
           (DIFFERENCE_SENT, coalesce(w.sent, 0), coalesce(k.sent, 0))) b(kind, expected, found)
     WHERE helper.within(in_area, l.division) AND b.expected <> b.found
$$;

/* Parts of claims and tranches for which something else was posted than their states say: committed or returned money
   stands in X2, paid money in X3 but for what came back in its year, returned money in 2001. What the bank returned
   after the year's end is in X3 of the year of its payment no more, though nothing is posted in closed books. */
CREATE FUNCTION helper.reconcile_charges(in_area text) RETURNS SETOF helper.difference LANGUAGE sql STABLE AS $$
    WITH posted AS MATERIALIZED (
        SELECT j.subject_kind, j.subject_id, j.part, min(l.division) AS division,
               sum(CASE ACCOUNT_COMMITTED WHEN j.debit THEN j.amount_fen WHEN j.credit THEN -j.amount_fen ELSE 0 END)
                   AS committed,
               sum(CASE WHEN ACCOUNT_SPENT = j.debit THEN j.amount_fen
                        WHEN ACCOUNT_SPENT = j.credit OR j.event = MONEY_RETURNED_EARLIER AND j.layer = LAYER_BUDGET
                             THEN -j.amount_fen ELSE 0 END) AS spent,
               sum(CASE ACCOUNT_HELD WHEN j.credit THEN j.amount_fen WHEN j.debit THEN -j.amount_fen ELSE 0 END)
                   AS held
          FROM registry.journal j JOIN registry.ledger l ON l.ledger_id = j.ledger_id
         WHERE j.subject_id IS NOT NULL AND helper.within(in_area, l.division)
         GROUP BY j.subject_kind, j.subject_id, j.part),
    charged AS MATERIALIZED (
        SELECT c.*, l.division FROM registry.charge c JOIN registry.ledger l ON l.ledger_id = c.ledger_id
         WHERE helper.within(in_area, l.division))
    SELECT ROW(DIFFERENCE_CHARGE, coalesce(c.division, p.division), c.ledger_id,
               coalesce(c.subject_kind, p.subject_kind), coalesce(c.subject_id, p.subject_id), b.expected,
               b.found, NULL, NULL)::helper.difference
      FROM charged c
      FULL JOIN posted p ON p.subject_kind = c.subject_kind AND p.subject_id = c.subject_id AND p.part = c.part
     CROSS JOIN LATERAL (VALUES
           (CASE WHEN c.state IN (CHARGE_COMMITTED, CHARGE_RETURNED) THEN c.amount_fen ELSE 0 END,
            coalesce(p.committed, 0), 0),
           (CASE WHEN c.state = CHARGE_PAID THEN c.amount_fen ELSE 0 END, coalesce(p.spent, 0),
            coalesce(c.recovered_fen, 0)),
           (CASE WHEN c.state = CHARGE_RETURNED THEN c.amount_fen ELSE 0 END, coalesce(p.held, 0), 0))
           b(expected, found, spare)
     WHERE b.found NOT BETWEEN b.expected - b.spare AND b.expected
$$;

/* What is paid from special accounts: claims and tranches, by the state that counts, that of before a suspension. */
CREATE VIEW helper.payment_subject AS
SELECT MONEY_CLAIM::int2 AS subject_kind, c.claim_id AS subject_id, c.division, c.amount_fen, c.state,
       CASE c.state WHEN CLAIM_SUSPENDED THEN c.state_before ELSE c.state END AS counts
  FROM registry.claim c
UNION ALL
SELECT MONEY_TRANCHE::int2, t.tranche_id, t.division, t.amount_fen, t.state, t.state FROM registry.tranche t;

/* Claims and tranches whose money is not what they come to, or in another state: those that have some, and those that
   the bank was asked to pay. */
CREATE FUNCTION helper.reconcile_subjects(in_area text) RETURNS SETOF helper.difference LANGUAGE sql STABLE AS $$
    WITH money AS MATERIALIZED (
        SELECT c.subject_kind, c.subject_id,
               coalesce(sum(c.amount_fen) FILTER (WHERE c.state IN (CHARGE_COMMITTED, CHARGE_RETURNED)), 0)::int8
                   AS waits,
               coalesce(sum(c.amount_fen) FILTER (WHERE c.state = CHARGE_PAID), 0)::int8 AS paid
          FROM (SELECT x.subject_kind, x.subject_id, x.amount_fen, x.state FROM registry.charge x
                UNION ALL
                SELECT b.subject_kind, b.subject_id, 0, NULL FROM registry.batch_line b
                 WHERE b.state IN (LINE_SENT, LINE_PAID, LINE_UNKNOWN)) c
         GROUP BY c.subject_kind, c.subject_id)
    SELECT ROW(b.kind, s.division, NULL, s.subject_kind, s.subject_id, b.expected, b.found,
               NULL, NULL)::helper.difference
      FROM money m
      JOIN helper.payment_subject s ON s.subject_kind = m.subject_kind AND s.subject_id = m.subject_id
     CROSS JOIN LATERAL (SELECT s.counts IN (CLAIM_APPROVED, CLAIM_IN_BATCH, CLAIM_SENT) AS waits,
                                s.counts IN (CLAIM_PAID, CLAIM_CLAWED_BACK) AS paid) x
     CROSS JOIN LATERAL (VALUES
           (DIFFERENCE_AMOUNT, CASE WHEN x.waits OR x.paid THEN s.amount_fen ELSE 0 END, m.waits + m.paid),
           (DIFFERENCE_STATE, CASE WHEN x.paid THEN s.amount_fen ELSE 0 END, m.paid)) b(kind, expected, found)
     WHERE helper.within(in_area, s.division) AND b.expected <> b.found AND s.counts <> CLAIM_CLAWED_BACK
$$;

/* Lines of batches that are of another amount, or in another state, than what they pay, or than the bank's last answer;
   those of which it said something that contradicts and nobody has settled; and batches whose file says other totals
   than their lines come to. */
CREATE FUNCTION helper.reconcile_lines(in_area text) RETURNS SETOF helper.difference LANGUAGE sql STABLE AS $$
    SELECT ROW(DIFFERENCE_LINE, s.division, NULL, s.subject_kind, s.subject_id, s.amount_fen, b.amount_fen,
               p.reference, b.line)::helper.difference
      FROM registry.batch_line b
      JOIN registry.payment_batch p ON p.batch_id = b.batch_id
      JOIN helper.payment_subject s ON s.subject_kind = b.subject_kind AND s.subject_id = b.subject_id
     WHERE helper.within(in_area, s.division) AND b.state IN (LINE_WAITING, LINE_SENT, LINE_PAID, LINE_UNKNOWN)
       AND b.amount_fen <> s.amount_fen
    UNION ALL
    SELECT ROW(DIFFERENCE_LINE_STATE, s.division, NULL, s.subject_kind, s.subject_id, s.state,
               coalesce(x.state, 0), x.reference, x.line)::helper.difference
      FROM helper.payment_subject s
      LEFT JOIN LATERAL (SELECT b.state, p.reference, b.line FROM registry.batch_line b
                           JOIN registry.payment_batch p ON p.batch_id = b.batch_id
                          WHERE b.subject_kind = s.subject_kind AND b.subject_id = s.subject_id
                            AND b.state IN (LINE_WAITING, LINE_SENT, LINE_PAID, LINE_UNKNOWN)
                          ORDER BY b.state DESC LIMIT 1) x ON true
     WHERE helper.within(in_area, s.division)
       AND CASE s.state WHEN CLAIM_IN_BATCH THEN x.state = LINE_WAITING
                        WHEN CLAIM_SENT THEN x.state IN (LINE_SENT, LINE_UNKNOWN)
                        WHEN CLAIM_APPROVED THEN x.state IS NULL
                        WHEN CLAIM_PAID THEN coalesce(x.state, LINE_PAID) = LINE_PAID
                        ELSE true END IS NOT TRUE
    UNION ALL
    SELECT ROW(DIFFERENCE_ANSWER, p.division, NULL, b.subject_kind, b.subject_id, coalesce(a.result, LINE_SENT),
               b.state, p.reference, b.line)::helper.difference
      FROM registry.batch_line b
      JOIN registry.payment_batch p ON p.batch_id = b.batch_id
      LEFT JOIN LATERAL (SELECT x.result FROM registry.batch_answer x
                          WHERE x.batch_id = b.batch_id AND x.line = b.line
                          ORDER BY x.answer DESC LIMIT 1) a ON true
     WHERE helper.within(in_area, p.division) AND b.line IS NOT NULL AND b.state <> coalesce(a.result, LINE_SENT)
    UNION ALL
    SELECT ROW(v.kind, p.division, NULL, b.subject_kind, b.subject_id, v.expected, v.found,
               p.reference, b.line)::helper.difference
      FROM (SELECT DISTINCT ON (x.batch_id, x.line) x.* FROM registry.batch_dispute x
             WHERE x.settled_by IS NULL ORDER BY x.batch_id, x.line, x.dispute DESC) d
      JOIN registry.payment_batch p ON p.batch_id = d.batch_id
      JOIN registry.batch_line b ON b.batch_id = d.batch_id AND b.line = d.line
     CROSS JOIN LATERAL (VALUES
           (DIFFERENCE_DISPUTE, d.why <> OUTCOME_AMOUNT_DIFFERS, b.state::int8, d.result::int8),
           (DIFFERENCE_BANK_AMOUNT, d.why = OUTCOME_AMOUNT_DIFFERS, b.amount_fen, d.amount_fen)) v(kind, so, expected,
                                                                                                   found)
     WHERE helper.within(in_area, p.division) AND v.so
    UNION ALL
    SELECT ROW(DIFFERENCE_BATCH, p.division, NULL, NULL, p.batch_id, p.amount_fen, coalesce(x.fen, 0),
               p.reference, NULL)::helper.difference
      FROM registry.payment_batch p
     CROSS JOIN LATERAL (SELECT count(*) AS lines, sum(b.amount_fen)::int8 AS fen FROM registry.batch_line b
                          WHERE b.batch_id = p.batch_id AND b.line IS NOT NULL) x
     WHERE helper.within(in_area, p.division) AND p.sent_at IS NOT NULL
       AND (x.lines <> p.lines OR coalesce(x.fen, 0) <> p.amount_fen)
$$;

/* What is to be posted where years were carried, in both ledgers, by what was posted in the year besides: what was
   available or committed and the treasury account go on, income and expense are closed (F2). */
CREATE FUNCTION helper.reconcile_carried(in_area text)
RETURNS TABLE (posting_id uuid, division text, source int2, year int4, event int2, layer int2, fen int8)
LANGUAGE sql STABLE AS $$
    WITH before AS MATERIALIZED (
        SELECT m.move_id, m.division, m.source, m.year, a.account, j.layer, sum(a.fen) AS net
          FROM registry.fund_move m
          JOIN registry.ledger l ON l.division = m.division AND l.source = m.source AND l.year = m.year
          JOIN registry.journal j ON j.ledger_id = l.ledger_id
           AND (j.posting_id <> m.move_id OR j.subject_id IS NOT NULL)
         CROSS JOIN LATERAL (VALUES (j.debit, j.amount_fen), (j.credit, -j.amount_fen)) a(account, fen)
         WHERE m.decision = PROPOSAL_IN_FORCE AND m.kind = MOVE_CARRY AND helper.within(in_area, m.division)
         GROUP BY m.move_id, m.division, m.source, m.year, a.account, j.layer)
    SELECT b.move_id, b.division, b.source, b.year + x.later, x.event::int2, b.layer, sum(x.fen)::int8
      FROM before b
     CROSS JOIN LATERAL (VALUES
           (0, MONEY_CARRIED_OUT,
            CASE WHEN b.account IN (ACCOUNT_AVAILABLE, ACCOUNT_COMMITTED) THEN b.net
                 WHEN b.layer = LAYER_CASH AND b.account NOT IN (ACCOUNT_BALANCE, ACCOUNT_EXPENDITURE, ACCOUNT_HELD)
                      THEN abs(b.net) ELSE 0 END),
           (1, MONEY_CARRIED_IN,
            CASE WHEN b.account IN (ACCOUNT_AVAILABLE, ACCOUNT_COMMITTED, ACCOUNT_TREASURY) THEN b.net ELSE 0 END))
           x(later, event, fen)
     GROUP BY b.move_id, b.division, b.source, b.year, x.later, x.event, b.layer
$$;

/* Postings of moves of money that are not what two people decided, and decisions of which something else was posted: by
   the move, the ledger, the event and the layer (F2, F5). Of what is set aside so much less is posted as the reserve
   asked for (F12). */
CREATE FUNCTION helper.reconcile_moves(in_area text) RETURNS SETOF helper.difference LANGUAGE sql STABLE AS $$
    WITH posted AS MATERIALIZED (
        SELECT j.posting_id, l.division, l.source, l.year, j.event, j.layer, j.mirrors IS NOT NULL AS mirrors,
               min(l.ledger_id) AS ledger_id, sum(j.amount_fen)::int8 AS fen
          FROM registry.ledger l
          JOIN registry.journal j ON j.ledger_id = l.ledger_id
         WHERE helper.within(in_area, l.division) AND j.subject_id IS NULL
           AND (j.mirrors IS NOT NULL
                OR j.event NOT IN (MONEY_RECEIVED, MONEY_TO_EXPENDITURE, MONEY_INTEREST, MONEY_SWEPT))
         GROUP BY j.posting_id, l.division, l.source, l.year, j.event, j.layer, j.mirrors IS NOT NULL),
    said AS MATERIALIZED (
        SELECT m.move_id AS posting_id, e.division, m.source, m.year, e.event::int2 AS event, t.layer,
               false AS mirrors, m.amount_fen AS fen, m.kind = MOVE_WITHDRAW AS at_most
          FROM registry.fund_move m
         CROSS JOIN LATERAL (VALUES
               (m.division, CASE m.kind WHEN MOVE_ALLOT THEN MONEY_ALLOTTED WHEN MOVE_WITHDRAW THEN MONEY_WITHDRAWN
                                        ELSE CASE WHEN m.division LIKE '__0000' THEN MONEY_ADJUSTED_OUT
                                                  ELSE MONEY_PASSED_DOWN END END),
               (m.to_division, CASE WHEN m.division LIKE '__0000' THEN MONEY_ADJUSTED_IN
                                    ELSE MONEY_PASSED_IN END)) e(division, event)
          JOIN registry.posting_template t ON t.event = e.event
         WHERE m.decision = PROPOSAL_IN_FORCE AND m.kind IN (MOVE_ALLOT, MOVE_TRANSFER, MOVE_WITHDRAW)
           AND helper.within(in_area, e.division)
        UNION ALL
        SELECT m.move_id, l.division, l.source, l.year, j.event, j.layer, true, sum(j.amount_fen)::int8, false
          FROM registry.fund_move m
         CROSS JOIN LATERAL helper.posting_rows(m.mirrored) j
          JOIN registry.ledger l ON l.ledger_id = j.ledger_id
         WHERE m.decision = PROPOSAL_IN_FORCE AND m.kind = MOVE_CORRECT AND helper.within(in_area, l.division)
         GROUP BY m.move_id, l.division, l.source, l.year, j.event, j.layer
        UNION ALL
        SELECT c.posting_id, c.division, c.source, c.year, c.event, c.layer, false, c.fen, false
          FROM helper.reconcile_carried(in_area) c)
    SELECT ROW(DIFFERENCE_POSTING, coalesce(p.division, s.division), p.ledger_id, NULL,
               coalesce(p.posting_id, s.posting_id), coalesce(s.fen, 0), coalesce(p.fen, 0),
               NULL, NULL)::helper.difference
      FROM posted p
      FULL JOIN said s ON s.posting_id = p.posting_id AND s.division = p.division AND s.source = p.source
       AND s.year = p.year AND s.event = p.event AND s.layer = p.layer AND s.mirrors = p.mirrors
     WHERE coalesce(s.fen, 0) <> coalesce(p.fen, 0) AND (s.at_most AND p.fen < s.fen) IS NOT TRUE
$$;

/* Postings of what came into the accounts, or went between them, that no payer's answered request made, each once. */
CREATE FUNCTION helper.reconcile_receipts(in_area text) RETURNS SETOF helper.difference LANGUAGE sql STABLE AS $$
    WITH posted AS MATERIALIZED (
        SELECT l.division, l.ledger_id, j.posting_id, j.operator_id, j.request_id, j.amount_fen,
               row_number() OVER (PARTITION BY j.posting_id ORDER BY j.journal_id) AS place
          FROM registry.ledger l
          JOIN registry.journal j ON j.ledger_id = l.ledger_id
         WHERE helper.within(in_area, l.division) AND j.subject_id IS NULL AND j.mirrors IS NULL
           AND j.event IN (MONEY_RECEIVED, MONEY_TO_EXPENDITURE, MONEY_INTEREST, MONEY_SWEPT))
    SELECT ROW(DIFFERENCE_POSTING, p.division, p.ledger_id, NULL, p.posting_id, 0, p.amount_fen,
               NULL, NULL)::helper.difference
      FROM posted p
      LEFT JOIN registry.request r ON r.request_id = p.request_id AND r.operator_id = p.operator_id
                                  AND r.subject = p.posting_id AND r.outcome = OUTCOME_DONE
     WHERE r.request_id IS NULL OR p.place > 1
$$;

/* Postings of claims and tranches that no step of theirs made: by the request, and what was done then. What was clawed
   back before the bank returned it takes no step then; of a claim, what came back is recorded by a request alone. */
CREATE FUNCTION helper.reconcile_steps(in_area text) RETURNS SETOF helper.difference LANGUAGE sql STABLE AS $$
    WITH made AS MATERIALIZED (
        SELECT m.event::int2 AS event, m.claims, m.tranches
          FROM (VALUES
                (MONEY_COMMITTED, ARRAY[CLAIM_APPROVE, CLAIM_BATCH]::int2[],
                 ARRAY[PROJECT_APPROVE, PROJECT_BATCH]::int2[]),
                (MONEY_RELEASED, ARRAY[CLAIM_REJECT], ARRAY[PROJECT_REJECT]),
                (MONEY_PAID, ARRAY[CLAIM_PAY], ARRAY[PROJECT_PAY]),
                (MONEY_PAID_AGAIN, ARRAY[CLAIM_PAY], ARRAY[PROJECT_PAY]),
                (MONEY_RETURNED, ARRAY[CLAIM_BANK_RETURN], ARRAY[PROJECT_BANK_RETURN]),
                (MONEY_RETURNED_EARLIER, ARRAY[CLAIM_BANK_RETURN], ARRAY[PROJECT_BANK_RETURN]),
                (MONEY_RIGHT_LOST, ARRAY[CLAIM_REJECT], ARRAY[PROJECT_REJECT, PROJECT_BANK_RETURN]),
                (MONEY_RECOVERED, '{}', ARRAY[PROJECT_RECOVER]),
                (MONEY_RECOVERED_EARLIER, '{}', ARRAY[PROJECT_RECOVER])) m(event, claims, tranches)),
    posted AS MATERIALIZED (
        SELECT x.*, m.claims, m.tranches
          FROM (SELECT l.division, l.ledger_id, j.subject_kind, j.subject_id, j.event,
                       CASE WHEN j.mirrors IS NULL THEN j.request_id END AS request_id, /* no step mirrors */
                       greatest(sum(j.amount_fen) FILTER (WHERE j.layer = LAYER_BUDGET),
                                sum(j.amount_fen) FILTER (WHERE j.layer = LAYER_CASH))::int8 AS fen
                  FROM registry.ledger l
                  JOIN registry.journal j ON j.ledger_id = l.ledger_id
                 WHERE helper.within(in_area, l.division) AND j.subject_id IS NOT NULL
                 GROUP BY l.division, l.ledger_id, j.subject_kind, j.subject_id, j.event,
                          CASE WHEN j.mirrors IS NULL THEN j.request_id END) x
          LEFT JOIN made m ON m.event = x.event)
    SELECT ROW(DIFFERENCE_STEP, p.division, p.ledger_id, p.subject_kind, p.subject_id, 0, p.fen,
               NULL, NULL)::helper.difference
      FROM posted p
     WHERE NOT EXISTS (SELECT FROM registry.claim_step s
                        WHERE p.subject_kind = MONEY_CLAIM AND s.claim_id = p.subject_id
                          AND s.request_id = p.request_id AND s.action = ANY (p.claims))
       AND NOT EXISTS (SELECT FROM registry.project_step s
                        WHERE p.subject_kind = MONEY_TRANCHE AND s.tranche_id = p.subject_id
                          AND s.request_id = p.request_id AND s.action = ANY (p.tranches))
       AND NOT EXISTS (SELECT FROM registry.request r
                        WHERE p.subject_kind = MONEY_CLAIM AND p.event IN (MONEY_RECOVERED, MONEY_RECOVERED_EARLIER)
                          AND r.request_id = p.request_id AND r.subject = p.subject_id AND r.outcome = OUTCOME_DONE)
       AND NOT EXISTS (SELECT FROM registry.batch_line b
                         JOIN registry.batch_answer a USING (batch_id, line)
                         JOIN registry.claim c ON c.claim_id = b.subject_id AND c.state = CLAIM_CLAWED_BACK
                        WHERE p.subject_kind = MONEY_CLAIM
                          AND p.event IN (MONEY_RETURNED, MONEY_RETURNED_EARLIER, MONEY_RIGHT_LOST)
                          AND b.subject_kind = p.subject_kind AND b.subject_id = p.subject_id
                          AND a.request_id = p.request_id AND a.result = LINE_RETURNED)
$$;

/* Everything of an area that does not agree. None: all agrees to the fen. */
CREATE FUNCTION helper.reconcile(in_area text) RETURNS SETOF helper.difference LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT * FROM helper.reconcile_ledgers(in_area);
    RETURN QUERY SELECT * FROM helper.reconcile_layers(in_area);
    RETURN QUERY SELECT * FROM helper.reconcile_waiting(in_area);
    RETURN QUERY SELECT * FROM helper.reconcile_charges(in_area);
    RETURN QUERY SELECT * FROM helper.reconcile_subjects(in_area);
    RETURN QUERY SELECT * FROM helper.reconcile_lines(in_area);
    RETURN QUERY SELECT * FROM helper.reconcile_moves(in_area);
    RETURN QUERY SELECT * FROM helper.reconcile_receipts(in_area);
    RETURN QUERY SELECT * FROM helper.reconcile_steps(in_area);
END $$;

/* What does not agree in an area that the caller may see, at most 1,000 rows of it; before them one row without a kind,
   which says how much was held against each other. */
CREATE FUNCTION api.fund_reconcile(in_operator uuid[], in_division text[])
RETURNS TABLE (req int4, outcome int2, kind int2, division text, ledger_id int8, subject_kind int2, subject_id uuid,
               expected int8, found int8, reference text, line int4, ledgers int8, charges int8, lines int8,
               answers int8, differences int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    area text;
    differs helper.difference[];
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        area := coalesce(in_division[i], caller.division);
        IF caller IS NULL OR NOT helper.sees_area(caller.kind)
           OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division, NULL, area)
           OR caller.kind <> KIND_AUDITOR AND NOT helper.within(caller.division, area) THEN
            RETURN QUERY SELECT i, OUTCOME_NOT_ALLOWED::int2, NULL::int2, NULL::text, NULL::int8, NULL::int2,
                                NULL::uuid, NULL::int8, NULL::int8, NULL::text, NULL::int4, NULL::int8, NULL::int8,
                                NULL::int8, NULL::int8, NULL::int8;
            CONTINUE;
        END IF;
        differs := ARRAY(SELECT d FROM helper.reconcile(area) d);
        RETURN QUERY
        SELECT i, OUTCOME_DONE::int2, NULL::int2, NULL::text, NULL::int8, NULL::int2, NULL::uuid, NULL::int8,
               NULL::int8, NULL::text, NULL::int4,
               (SELECT count(*) FROM registry.ledger l WHERE helper.within(area, l.division)),
               (SELECT count(*) FROM registry.charge c JOIN registry.ledger l ON l.ledger_id = c.ledger_id
                 WHERE helper.within(area, l.division)),
               (SELECT count(*) FROM registry.batch_line b JOIN registry.payment_batch p ON p.batch_id = b.batch_id
                 WHERE helper.within(area, p.division)),
               (SELECT count(*) FROM registry.batch_answer b JOIN registry.payment_batch p ON p.batch_id = b.batch_id
                 WHERE helper.within(area, p.division)), cardinality(differs)::int8;
        RETURN QUERY
        SELECT i, OUTCOME_DONE::int2, d.kind, d.division, d.ledger_id, d.subject_kind, d.subject_id, d.expected,
               d.found, d.reference, d.line, NULL::int8, NULL::int8, NULL::int8, NULL::int8, NULL::int8
          FROM unnest(differs) WITH ORDINALITY d ORDER BY d.ordinality LIMIT 1000;
    END LOOP;
END $$;
