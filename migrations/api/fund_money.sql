/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of claims and of tranches do to the special account (F4): the one way in which they commit, spend,
   release and recover money. Nothing here looks at who may; whoever calls holds the subjects' rows. Locks are taken
   in one order: shares of ledgers by ledger and share, then the ledgers' cash by ledger. */

/* The earmark that says on a day what may pay for spending of a kind, for a trainee group and a certificate's kind:
   the narrowest division's, then the narrowest (F3, F10). NULL: none does. */
CREATE FUNCTION helper.earmark_find(in_division text, in_spending int2, in_group int2, in_certificate_kind int2,
                                    in_day date)
RETURNS registry.earmark LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT e FROM registry.earmark e
             WHERE e.division IN (in_division, left(in_division, 4) || '00', left(in_division, 2) || '0000')
               AND e.spending = in_spending AND e.decision = PROPOSAL_IN_FORCE
               AND helper.period_covers(e.valid_from, e.valid_to, in_day)
               AND (e.trainee_group IS NULL OR e.trainee_group = in_group)
               AND (e.certificate_kind IS NULL OR e.certificate_kind = in_certificate_kind)
             ORDER BY rtrim(e.division, '0') DESC, e.trainee_group IS NULL, e.certificate_kind IS NULL
             LIMIT 1);
END $$;

/* Whose ledgers of a year pay for what a division decides: its own where two people gave a county a budget of that
   year (allotted, passed down or carried), else its city's. That a ledger is open, for a receipt, decides nothing. */
CREATE FUNCTION helper.ledger_division(in_division text, in_year int4) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE WHEN in_division LIKE '____00'
                     OR EXISTS (SELECT FROM registry.ledger l JOIN registry.journal j ON j.ledger_id = l.ledger_id
                                 WHERE l.division = in_division AND l.year = in_year AND j.mirrors IS NULL
                                   AND j.debit = ACCOUNT_AVAILABLE
                                   AND j.event IN (MONEY_ALLOTTED, MONEY_PASSED_IN, MONEY_CARRIED_IN))
                THEN in_division ELSE left(in_division, 4) || '00' END;
END $$;

/* The open ledgers of this year that may pay, in the order of their sources; NULL: nothing is earmarked. */
CREATE FUNCTION helper.money_ledgers(in_division text, in_spending int2, in_group int2, in_certificate_kind int2)
RETURNS int8[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    day CONSTANT date := helper.today();
    payer CONSTANT text := helper.ledger_division(in_division, date_part('year', day)::int4);
    sources CONSTANT int2[] := (helper.earmark_find(in_division, in_spending, in_group, in_certificate_kind,
                                                    day)).sources;
BEGIN
    RETURN CASE WHEN sources IS NOT NULL THEN ARRAY(
        SELECT l.ledger_id
          FROM unnest(sources) WITH ORDINALITY s(source, n)
          JOIN registry.ledger l ON l.source = s.source AND l.year = date_part('year', day) AND l.closed_at IS NULL
           AND l.division = payer
         ORDER BY s.n) END;
END $$;

/* A part of a claim or tranche for which money is to be committed: what it is, the ledgers that may pay, and the one
   that does. */
CREATE TYPE helper.money_part AS (
    n int4, subject_kind int2, subject_id uuid, part int2, spending int2, trainee_group int2, fen int8,
    operator_id uuid, request_id uuid, ledgers int8[], charged bool, ledger_id int8, share int2, outcome int2);

/* Parts with the ledgers that may pay for them, each as it is paid by the first. What has a charge already needs
   none; the outcome is that of the whole subject. */
CREATE FUNCTION helper.money_parts(
    in_subject_kind int2[], in_subject uuid[], in_part int2[], in_division text[], in_spending int2[], in_group int2[],
    in_certificate_kind int2[], in_fen int8[], in_operator uuid[], in_request uuid[])
RETURNS helper.money_part[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(
        WITH asked AS MATERIALIZED (
            SELECT * FROM unnest(in_subject_kind, in_subject, in_part, in_division, in_spending, in_group,
                                 in_certificate_kind, in_fen, in_operator, in_request)
                     WITH ORDINALITY a(subject_kind, subject_id, part, division, spending, trainee_group,
                                       certificate_kind, fen, operator_id, request_id, n)),
        payable AS MATERIALIZED (
            SELECT k.*, helper.money_ledgers(k.division, k.spending, k.trainee_group, k.certificate_kind) AS ledgers
              FROM (SELECT DISTINCT a.division, a.spending, a.trainee_group, a.certificate_kind FROM asked a) k)
        SELECT ROW(a.n, a.subject_kind, a.subject_id, a.part, a.spending, a.trainee_group, a.fen, a.operator_id,
                   a.request_id, p.ledgers, g.charged, p.ledgers[1], NULL,
                   CASE WHEN bool_or(NOT g.charged AND p.ledgers IS NULL) OVER w THEN OUTCOME_NOT_EARMARKED
                        WHEN bool_or(NOT g.charged AND cardinality(p.ledgers) = 0) OVER w THEN OUTCOME_FUNDS_SHORT
                        ELSE OUTCOME_DONE END)::helper.money_part
          FROM asked a
          JOIN payable p ON p.division = a.division AND p.spending = a.spending
           AND coalesce(p.trainee_group, 0) = coalesce(a.trainee_group, 0)
           AND coalesce(p.certificate_kind, 0) = coalesce(a.certificate_kind, 0)
         CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM registry.charge c
                                             WHERE c.subject_kind = a.subject_kind AND c.subject_id = a.subject_id
                                               AND c.part = a.part
                                               AND c.state IN (CHARGE_COMMITTED, CHARGE_PAID,
                                                               CHARGE_RETURNED)) AS charged) g
        WINDOW w AS (PARTITION BY a.subject_kind, a.subject_id)
         ORDER BY a.n);
END $$;

/* Of each ledger a share that nobody holds and that has so much: it is held from then on. NULL: there is none. Waits
   for nobody. */
CREATE FUNCTION helper.shares_free(in_ledger int8[], in_fen int8[]) RETURNS int2[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN ARRAY(SELECT s.share
                   FROM unnest(in_ledger, in_fen) WITH ORDINALITY t(ledger_id, fen, n)
                   LEFT JOIN LATERAL (SELECT x.share FROM registry.ledger_share x
                                       WHERE x.ledger_id = t.ledger_id AND x.available >= t.fen
                                       ORDER BY x.available DESC LIMIT 1 FOR UPDATE SKIP LOCKED) s ON true
                  ORDER BY t.n);
END $$;

/* The same, of all or of none: who waits next has let go of what was free, so that nobody waits for it. */
CREATE FUNCTION helper.shares_take(in_ledger int8[], in_fen int8[]) RETURNS int2[] LANGUAGE plpgsql AS $$
DECLARE
    shares int2[];
BEGIN
    IF cardinality(in_ledger) = 1 THEN /* of one there is nothing to let go, nor a savepoint to pay for */
        shares := helper.shares_free(in_ledger, in_fen);
        RETURN CASE WHEN shares[1] IS NOT NULL THEN shares END;
    END IF;
    BEGIN
        shares := helper.shares_free(in_ledger, in_fen);
        IF array_position(shares, NULL) IS NOT NULL THEN
            RAISE lock_not_available;
        END IF;
    EXCEPTION WHEN lock_not_available THEN
        shares := NULL;
    END;
    RETURN shares;
END $$;

/* Locks all shares of ledgers, in their order. */
CREATE FUNCTION helper.ledgers_hold(in_ledger int8[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM registry.ledger_share s WHERE s.ledger_id = ANY (in_ledger) ORDER BY s.ledger_id, s.share FOR UPDATE;
END $$;

/* Spreads what is available of ledgers evenly over their shares, and puts into the first of each what is taken from
   it next. The caller holds all their shares. */
CREATE FUNCTION helper.ledgers_spread(in_ledger int8[], in_taken int8[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry.ledger_share s
       SET available = div(t.available - l.taken, t.shares)
                     + (s.share < mod(t.available - l.taken, t.shares))::int4
                     + (CASE WHEN s.share = 0 THEN l.taken ELSE 0 END)
      FROM (SELECT u.ledger_id, coalesce(u.taken, 0) AS taken FROM unnest(in_ledger, in_taken) u(ledger_id, taken)) l
      JOIN (SELECT x.ledger_id, sum(x.available) AS available, count(*) AS shares FROM registry.ledger_share x
             WHERE x.ledger_id = ANY (in_ledger) GROUP BY x.ledger_id) t USING (ledger_id)
     WHERE s.ledger_id = l.ledger_id;
END $$;

/* Where no free share has enough: waits for all shares of every ledger that may pay, and judges one subject after the
   other by what there is, each part by its sources in their order. What is taken then stands in the first share of
   each ledger. */
CREATE FUNCTION helper.money_gather(in_parts helper.money_part[]) RETURNS helper.money_part[] LANGUAGE plpgsql AS $$
DECLARE
    parts helper.money_part[] := in_parts;
    part helper.money_part;
    ledgers CONSTANT int8[] := ARRAY(SELECT DISTINCT l FROM unnest(in_parts) p CROSS JOIN unnest(p.ledgers) l
                                      WHERE p.outcome = OUTCOME_DONE AND NOT p.charged ORDER BY l);
    had int8[];
    "left" int8[];
    before int8[]; /* what was left before a subject */
    subject record;
    payer int8;
BEGIN
    PERFORM helper.ledgers_hold(ledgers);
    had := ARRAY(SELECT coalesce(sum(s.available), 0)::int8 FROM unnest(ledgers) WITH ORDINALITY l(ledger_id, n)
                   LEFT JOIN registry.ledger_share s USING (ledger_id) GROUP BY l.n ORDER BY l.n);
    "left" := had;
    FOR subject IN SELECT array_agg(p.n ORDER BY p.n) AS ns FROM unnest(in_parts) p
                    WHERE p.outcome = OUTCOME_DONE AND NOT p.charged
                    GROUP BY p.subject_kind, p.subject_id ORDER BY min(p.n)
    LOOP
        before := "left";
        payer := 0;
        FOR i IN 1 .. cardinality(subject.ns) LOOP
            part := parts[subject.ns[i]];
            payer := (SELECT l FROM unnest(part.ledgers) WITH ORDINALITY l(l, n)
                       WHERE "left"[array_position(ledgers, l)] >= part.fen ORDER BY n LIMIT 1);
            EXIT WHEN payer IS NULL;
            "left"[array_position(ledgers, payer)] := "left"[array_position(ledgers, payer)] - part.fen;
            part.ledger_id := payer;
            part.share := 0;
            parts[part.n] := part;
        END LOOP;
        IF payer IS NULL THEN
            "left" := before;
            FOR i IN 1 .. cardinality(subject.ns) LOOP
                part := parts[subject.ns[i]];
                part.outcome := OUTCOME_FUNDS_SHORT;
                parts[part.n] := part;
            END LOOP;
        END IF;
    END LOOP;
    PERFORM helper.ledgers_spread(ledgers, ARRAY(SELECT u.had - u."left" FROM unnest(had, "left")
                                                    WITH ORDINALITY u(had, "left", n) ORDER BY u.n));
    RETURN parts;
END $$;

/* Parts with the share of its ledger that was taken for each. */
CREATE FUNCTION helper.money_placed(in_parts helper.money_part[], in_ledger int8[], in_share int2[])
RETURNS helper.money_part[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN (SELECT array_agg(ROW(p.n, p.subject_kind, p.subject_id, p.part, p.spending, p.trainee_group, p.fen,
                                 p.operator_id, p.request_id, p.ledgers, p.charged, p.ledger_id, t.share,
                                 p.outcome)::helper.money_part ORDER BY p.n)
              FROM unnest(in_parts) p LEFT JOIN unnest(in_ledger, in_share) t(ledger_id, share) USING (ledger_id));
END $$;

/* Where a payment is posted: as spending for employees of enterprises, or for training that is free to whoever takes
   it (F7). It is part of the query it stands in. */
CREATE FUNCTION helper.expense_account(in_spending int2, in_group int2) RETURNS int2 LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN in_spending IN (SPENDING_APPRENTICE, SPENDING_WORK_TRAINING)
                     OR EXISTS (SELECT FROM registry.employee_group g WHERE g.trainee_group = in_group)
                THEN ACCOUNT_EMPLOYEES ELSE ACCOUNT_FREE_TRAINING END::int2
$$;

/* Commits money for parts of claims or tranches, each from the first of its earmarked sources whose ledger of this
   year has enough (F3, F4, F10): all parts of a subject or none. For each element, of the whole subject:
   OUTCOME_DONE, OUTCOME_FUNDS_SHORT or OUTCOME_NOT_EARMARKED. What has its money already keeps it. To be called after
   everything else that waits: shares of ledgers are held until the end. */
CREATE FUNCTION helper.money_commit(
    in_subject_kind int2[], in_subject uuid[], in_part int2[], in_division text[], in_spending int2[], in_group int2[],
    in_certificate_kind int2[], in_fen int8[], in_operator uuid[], in_request uuid[])
RETURNS TABLE (n int4, outcome int2) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    parts helper.money_part[] := helper.money_parts(in_subject_kind, in_subject, in_part, in_division, in_spending,
                                                    in_group, in_certificate_kind, in_fen, in_operator, in_request);
    ledgers int8[];
    sums int8[];
    shares int2[];
BEGIN
    SELECT array_agg(t.ledger_id ORDER BY t.ledger_id), array_agg(t.fen ORDER BY t.ledger_id) INTO ledgers, sums
      FROM (SELECT p.ledger_id, sum(p.fen)::int8 AS fen FROM unnest(parts) p
             WHERE p.outcome = OUTCOME_DONE AND NOT p.charged GROUP BY p.ledger_id) t;
    IF ledgers IS NOT NULL THEN
        shares := helper.shares_take(ledgers, sums);
        parts := CASE WHEN shares IS NULL THEN helper.money_gather(parts)
                      ELSE helper.money_placed(parts, ledgers, shares) END;
        INSERT INTO registry.charge (subject_kind, subject_id, part, ledger_id, share, spending, expense, amount_fen)
        SELECT p.subject_kind, p.subject_id, p.part, p.ledger_id, p.share, p.spending,
               helper.expense_account(p.spending, p.trainee_group), p.fen
          FROM unnest(parts) p WHERE p.outcome = OUTCOME_DONE AND NOT p.charged
         ORDER BY p.subject_kind, p.subject_id, p.part
            ON CONFLICT (subject_kind, subject_id, part) DO UPDATE
           SET ledger_id = excluded.ledger_id, share = excluded.share, spending = excluded.spending,
               expense = excluded.expense, amount_fen = excluded.amount_fen, recovered_fen = 0,
               state = CHARGE_COMMITTED, paid_on = NULL;
        INSERT INTO registry.journal (posting_id, ledger_id, share, event, layer, debit, credit, amount_fen,
                                      subject_kind, subject_id, part, operator_id, request_id)
        SELECT p.request_id, p.ledger_id, p.share, MONEY_COMMITTED, LAYER_BUDGET, ACCOUNT_COMMITTED,
               ACCOUNT_AVAILABLE, p.fen, p.subject_kind, p.subject_id, p.part, p.operator_id, p.request_id
          FROM unnest(parts) p WHERE p.outcome = OUTCOME_DONE AND NOT p.charged
         ORDER BY p.n;
    END IF;
    RETURN QUERY SELECT p.n, p.outcome FROM unnest(parts) p ORDER BY p.n;
END $$;

/* Locks the ledgers of these subjects, in order, for who posts more than one event of them; of what was paid from a
   ledger that is closed also this year's, which is opened before anything is held. */
CREATE FUNCTION helper.money_hold(in_subject_kind int2[], in_subject uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this_year CONSTANT int4 := date_part('year', helper.today());
    closed CONSTANT int8[] := ARRAY(
        SELECT (helper.ledger_open(l.division, l.source, this_year)).ledger_id
          FROM (SELECT DISTINCT x.division, x.source FROM registry.charge c JOIN registry.ledger x USING (ledger_id)
                  JOIN unnest(in_subject_kind, in_subject) u(kind, id)
                    ON c.subject_kind = u.kind AND c.subject_id = u.id
                 WHERE c.state = CHARGE_PAID AND x.closed_at IS NOT NULL
                 ORDER BY x.division, x.source) l);
    ledgers CONSTANT int8[] := closed || ARRAY(SELECT DISTINCT c.ledger_id FROM registry.charge c
                                                 JOIN unnest(in_subject_kind, in_subject) u(kind, id)
                                                   ON c.subject_kind = u.kind AND c.subject_id = u.id);
BEGIN
    PERFORM helper.ledgers_hold(ledgers);
    PERFORM FROM registry.ledger_cash c WHERE c.ledger_id = ANY (ledgers) ORDER BY c.ledger_id FOR UPDATE;
END $$;

/* What an event does to charges, by the state of each: the event that is posted and the state from then on. In a state
   that is not named, nothing. Money that was returned is paid again, and is not released but kept back. */
CREATE FUNCTION helper.charge_moves(in_event int2) RETURNS TABLE (is_in int2, event int2, becomes int2)
LANGUAGE sql IMMUTABLE ROWS 2 AS $$
    SELECT m.is_in::int2, m.event::int2, m.becomes::int2
      FROM (VALUES (MONEY_RELEASED, CHARGE_COMMITTED, MONEY_RELEASED, CHARGE_RELEASED),
                   (MONEY_RELEASED, CHARGE_RETURNED, MONEY_RIGHT_LOST, CHARGE_LOST),
                   (MONEY_RIGHT_LOST, CHARGE_COMMITTED, MONEY_RELEASED, CHARGE_RELEASED),
                   (MONEY_RIGHT_LOST, CHARGE_RETURNED, MONEY_RIGHT_LOST, CHARGE_LOST),
                   (MONEY_PAID, CHARGE_COMMITTED, MONEY_PAID, CHARGE_PAID),
                   (MONEY_PAID, CHARGE_RETURNED, MONEY_PAID_AGAIN, CHARGE_PAID),
                   (MONEY_PAID_AGAIN, CHARGE_COMMITTED, MONEY_PAID, CHARGE_PAID),
                   (MONEY_PAID_AGAIN, CHARGE_RETURNED, MONEY_PAID_AGAIN, CHARGE_PAID),
                   (MONEY_RETURNED, CHARGE_PAID, MONEY_RETURNED, CHARGE_RETURNED),
                   (MONEY_SENT, CHARGE_COMMITTED, MONEY_SENT, CHARGE_COMMITTED),
                   (MONEY_SENT, CHARGE_RETURNED, MONEY_SENT, CHARGE_RETURNED),
                   (MONEY_REFUSED, CHARGE_COMMITTED, MONEY_REFUSED, CHARGE_COMMITTED),
                   (MONEY_REFUSED, CHARGE_RETURNED, MONEY_REFUSED, CHARGE_RETURNED)) m(asked, is_in, event, becomes)
     WHERE m.asked = in_event
$$;

/* Writes the postings of an event: those of its template, each of its amount; where an expense is one of their
   accounts, it is that of the charge. */
CREATE FUNCTION helper.money_write(in_event int2[], in_charge registry.charge[], in_ledger int8[], in_fen int8[],
                                   in_operator uuid[], in_request uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry.journal (posting_id, ledger_id, share, event, layer, debit, credit, amount_fen,
                                  subject_kind, subject_id, part, operator_id, request_id)
    SELECT w.request_id, w.ledger_id, c.share, t.event, t.layer, t.debit, t.credit, w.fen, c.subject_kind,
           c.subject_id, c.part, w.operator_id, w.request_id
      FROM unnest(in_event, in_ledger, in_fen, in_operator, in_request)
           WITH ORDINALITY w(event, ledger_id, fen, operator_id, request_id, n)
      JOIN unnest(in_charge) WITH ORDINALITY c ON c.ordinality = w.n
      JOIN registry.posting_template t ON t.event = w.event
       AND (NOT ARRAY[t.debit, t.credit] && ARRAY[ACCOUNT_EMPLOYEES, ACCOUNT_FREE_TRAINING, ACCOUNT_RECOVERED]::int2[]
            OR c.expense IN (t.debit, t.credit) OR t.event = MONEY_RECOVERED_EARLIER)
     ORDER BY w.n, t.layer;
END $$;

/* Locks what one event of these subjects moves: shares, then cash. */
CREATE FUNCTION helper.event_hold(in_event int2, in_subject_kind int2[], in_subject uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF in_event = MONEY_RETURNED THEN
        PERFORM helper.money_hold(in_subject_kind, in_subject);
    ELSIF in_event NOT IN (MONEY_SENT, MONEY_REFUSED) THEN
        PERFORM FROM registry.ledger_share s
          WHERE (s.ledger_id, s.share) IN (SELECT c.ledger_id, c.share FROM registry.charge c
                                             JOIN unnest(in_subject_kind, in_subject) u(kind, id)
                                               ON c.subject_kind = u.kind AND c.subject_id = u.id)
          ORDER BY s.ledger_id, s.share FOR UPDATE;
    END IF;
    PERFORM FROM registry.ledger_cash k
      WHERE k.ledger_id IN (SELECT c.ledger_id FROM registry.charge c
                              JOIN unnest(in_subject_kind, in_subject) u(kind, id)
                                ON c.subject_kind = u.kind AND c.subject_id = u.id)
      ORDER BY k.ledger_id FOR UPDATE;
END $$;

/* Posts an event for all charges of each subject that are in a state for it: MONEY_RELEASED, MONEY_SENT (the line
   goes to the bank: what the expenditure account holds is spoken for; helper.cash_short() first), MONEY_REFUSED (it
   came back unpaid), MONEY_PAID and MONEY_PAID_AGAIN (each after MONEY_SENT; either does what the charge's state
   says), MONEY_RETURNED (of a ledger that is closed by now: MONEY_RETURNED_EARLIER, in this year's), MONEY_RIGHT_LOST.
   What came back of a charge before is not returned by the bank besides (helper.answer_judge()). Who posts several
   events in one transaction calls helper.money_hold() first; `held`: of just these subjects, after which nothing is
   left to lock. */
CREATE FUNCTION helper.money_post(in_event int2, in_subject_kind int2[], in_subject uuid[], in_operator uuid[],
                                  in_request uuid[], in_held bool DEFAULT false)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    day CONSTANT date := CASE WHEN in_event IN (MONEY_PAID, MONEY_PAID_AGAIN) THEN helper.today() END;
    moved record;
BEGIN
    IF NOT in_held THEN
        PERFORM helper.event_hold(in_event, in_subject_kind, in_subject);
    END IF;
    SELECT array_agg(c ORDER BY u.n, c.part) AS charges, array_agg(e.ledger_id ORDER BY u.n, c.part) AS ledgers,
           array_agg(c.amount_fen ORDER BY u.n, c.part) AS fens,
           array_agg(CASE WHEN e.late THEN MONEY_RETURNED_EARLIER ELSE m.event END::int2
                     ORDER BY u.n, c.part) AS events,
           array_agg(e.late ORDER BY u.n, c.part) AS late,
           array_agg(u.operator_id ORDER BY u.n, c.part) AS operators,
           array_agg(u.request_id ORDER BY u.n, c.part) AS requests
      INTO moved
      FROM unnest(in_subject_kind, in_subject, in_operator, in_request)
           WITH ORDINALITY u(kind, id, operator_id, request_id, n)
      JOIN registry.charge c ON c.subject_kind = u.kind AND c.subject_id = u.id
     CROSS JOIN LATERAL (SELECT x.* FROM helper.charge_moves(in_event) x WHERE x.is_in = c.state OFFSET 0) m
      JOIN registry.ledger l ON l.ledger_id = c.ledger_id
     CROSS JOIN LATERAL (
           SELECT x.late, CASE WHEN x.late THEN (helper.ledger_open(l.division, l.source,
                                                                    date_part('year', helper.today())::int4)).ledger_id
                               ELSE c.ledger_id END AS ledger_id
             FROM (SELECT l.closed_at IS NOT NULL AND m.event = MONEY_RETURNED AS late) x) e;
    IF in_event IN (MONEY_SENT, MONEY_REFUSED) THEN
        UPDATE registry.ledger_cash k SET sent = k.sent + CASE in_event WHEN MONEY_SENT THEN s.fen ELSE -s.fen END
          FROM (SELECT m.ledger_id, sum(m.fen)::int8 AS fen FROM unnest(moved.ledgers, moved.fens) m(ledger_id, fen)
                 GROUP BY m.ledger_id) s
         WHERE k.ledger_id = s.ledger_id;
    ELSIF moved.charges IS NOT NULL THEN
        UPDATE registry.charge c
           SET state = m.becomes, paid_on = coalesce(day, c.paid_on)
          FROM unnest(in_subject_kind, in_subject) u(kind, id)
         CROSS JOIN helper.charge_moves(in_event) m
         WHERE c.subject_kind = u.kind AND c.subject_id = u.id AND c.state = m.is_in;
        IF true = ANY (moved.late) THEN
            UPDATE registry.charge c SET ledger_id = m.ledger_id, expense = ACCOUNT_RECOVERED
              FROM unnest(moved.ledgers, moved.late) WITH ORDINALITY m(ledger_id, late, n)
              JOIN unnest(moved.charges) WITH ORDINALITY g ON g.ordinality = m.n
             WHERE m.late AND c.subject_kind = g.subject_kind AND c.subject_id = g.subject_id AND c.part = g.part;
        END IF;
        PERFORM helper.money_write(moved.events, moved.charges, moved.ledgers, moved.fens, moved.operators,
                                   moved.requests);
    END IF;
END $$;

/* A division's ledger of a source and year, opened if there is none: by one after the other. */
CREATE FUNCTION helper.ledger_open(in_division text, in_source int2, in_year int4) RETURNS registry.ledger
    LANGUAGE plpgsql AS $$
DECLARE
    opened registry.ledger;
BEGIN
    SELECT * INTO opened FROM registry.ledger l
     WHERE l.division = in_division AND l.source = in_source AND l.year = in_year;
    IF FOUND THEN
        RETURN opened;
    END IF;
    PERFORM pg_advisory_xact_lock(helper.fund_key());
    INSERT INTO registry.ledger (division, source, year) VALUES (in_division, in_source, in_year)
        ON CONFLICT (division, source, year) DO NOTHING RETURNING * INTO opened;
    IF FOUND THEN
        INSERT INTO registry.ledger_share (ledger_id, share) SELECT opened.ledger_id, s FROM generate_series(0, 15) s;
        INSERT INTO registry.ledger_cash (ledger_id) VALUES (opened.ledger_id);
    ELSE
        SELECT * INTO opened FROM registry.ledger l
         WHERE l.division = in_division AND l.source = in_source AND l.year = in_year;
    END IF;
    RETURN opened;
END $$;

/* Locks, in order, what money moves that comes back of these subjects: this year's ledgers that have it as income are
   opened before anything is held. Who does so for several requests at once calls it for all of them. */
CREATE FUNCTION helper.recover_hold(in_subject_kind int2[], in_subject uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this_year CONSTANT int4 := date_part('year', helper.today());
BEGIN
    PERFORM helper.ledger_open(l.division, l.source, this_year)
       FROM (SELECT DISTINCT x.division, x.source FROM registry.charge c JOIN registry.ledger x USING (ledger_id)
               JOIN unnest(in_subject_kind, in_subject) u(kind, id) ON c.subject_kind = u.kind AND c.subject_id = u.id
              WHERE date_part('year', c.paid_on) < this_year OR x.closed_at IS NOT NULL
              ORDER BY x.division, x.source) l;
    PERFORM helper.money_hold(in_subject_kind, in_subject);
END $$;

/* Posts money that came back of parts that were paid: of one that was paid this year as spent less, else as income of
   this year's ledger (by the day of payment, Asia/Shanghai). Per element whether it was posted: more than was paid and
   has not come back is not; nor is one part twice in a call. */
CREATE FUNCTION helper.money_recover(in_subject_kind int2[], in_subject uuid[], in_part int2[], in_fen int8[],
                                     in_operator uuid[], in_request uuid[]) RETURNS bool[] LANGUAGE plpgsql AS $$
DECLARE
    this_year CONSTANT int4 := date_part('year', helper.today());
    back record;
BEGIN
    PERFORM helper.recover_hold(in_subject_kind, in_subject);
    SELECT array_agg(c ORDER BY u.n) AS charges, array_agg(u.n ORDER BY u.n) AS at,
           array_agg(u.fen ORDER BY u.n) AS fens,
           array_agg(CASE WHEN s.same THEN MONEY_RECOVERED ELSE MONEY_RECOVERED_EARLIER END::int2
                     ORDER BY u.n) AS events,
           array_agg(CASE WHEN s.same THEN l.ledger_id
                          ELSE (helper.ledger_open(l.division, l.source, this_year)).ledger_id END
                     ORDER BY u.n) AS ledgers,
           array_agg(u.operator_id ORDER BY u.n) AS operators, array_agg(u.request_id ORDER BY u.n) AS requests
      INTO back
      FROM (SELECT DISTINCT ON (x.kind, x.id, x.part) x.*
              FROM unnest(in_subject_kind, in_subject, in_part, in_fen, in_operator, in_request)
                   WITH ORDINALITY x(kind, id, part, fen, operator_id, request_id, n)
             ORDER BY x.kind, x.id, x.part, x.n) u
      JOIN registry.charge c ON c.subject_kind = u.kind AND c.subject_id = u.id AND c.part = u.part
       AND c.state = CHARGE_PAID AND u.fen > 0 AND c.recovered_fen + u.fen <= c.amount_fen
      JOIN registry.ledger l ON l.ledger_id = c.ledger_id
     CROSS JOIN LATERAL (SELECT date_part('year', c.paid_on) = this_year AND l.closed_at IS NULL AS same) s;
    IF back.at IS NOT NULL THEN
        UPDATE registry.charge c SET recovered_fen = c.recovered_fen + b.fen
          FROM unnest(in_subject_kind, in_subject, in_part, in_fen) WITH ORDINALITY b(kind, id, part, fen, n)
         WHERE b.n = ANY (back.at) AND c.subject_kind = b.kind AND c.subject_id = b.id AND c.part = b.part;
        PERFORM helper.money_write(back.events, back.charges, back.ledgers, back.fens, back.operators, back.requests);
    END IF;
    RETURN ARRAY(SELECT n = ANY (back.at) IS TRUE FROM generate_series(1, cardinality(in_subject)) n ORDER BY n);
END $$;

/* Whether the expenditure account of a ledger holds less than this, and what stands before it in the arrays, beside
   what is sent and unanswered. Locks the ledgers' cash, in the order of their numbers, until the end: what is sent
   then is MONEY_SENT in this transaction. */
CREATE FUNCTION helper.cash_short(in_ledger int8[], in_fen int8[]) RETURNS bool[] LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM registry.ledger_cash c WHERE c.ledger_id = ANY (in_ledger) ORDER BY c.ledger_id FOR UPDATE;
    RETURN ARRAY(SELECT coalesce(c.expenditure - c.sent, 0) < sum(t.fen) OVER (PARTITION BY t.ledger_id ORDER BY t.n)
                   FROM unnest(in_ledger, in_fen) WITH ORDINALITY t(ledger_id, fen, n)
                   LEFT JOIN registry.ledger_cash c USING (ledger_id)
                  ORDER BY t.n);
END $$;

/* ---- of claims ---- */

/* Whether money of a ledger is committed for a claim, and not paid. */
CREATE FUNCTION helper.claim_charged(in_claim uuid) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.charge g
                    WHERE g.subject_kind = MONEY_CLAIM AND g.subject_id = in_claim
                      AND g.state IN (CHARGE_COMMITTED, CHARGE_RETURNED));
END $$;

/* The parts of claims for which approval commits money: arrays as helper.money_commit() takes them, each part with the
   place of its claim. */
CREATE TYPE helper.claims_paid AS (at int4[], kinds int2[], ids uuid[], lines int2[], divisions text[], groups int2[],
                                   certificates int2[], fens int8[], operators uuid[], requests uuid[]);

/* What the approvals among these steps commit, of cities that keep their account here. */
CREATE FUNCTION helper.claims_paid(in_claims registry.claim[], in_action int2[], in_operator uuid[], in_request uuid[])
RETURNS helper.claims_paid LANGUAGE plpgsql STABLE AS $$
DECLARE
    paid helper.claims_paid;
BEGIN
    SELECT array_agg(p.n), array_agg(MONEY_CLAIM::int2), array_agg(p.claim_id), array_agg(p.line),
           array_agg(p.division), array_agg(p.trainee_group), array_agg(p.certificate_kind), array_agg(p.amount_fen),
           array_agg(p.operator_id), array_agg(p.request_id)
      INTO paid
      FROM (SELECT a.n::int4, c.claim_id, l.line, c.division, c.trainee_group, c.certificate_kind, l.amount_fen,
                   a.operator_id, a.request_id
              FROM unnest(in_action, in_operator, in_request) WITH ORDINALITY a(action, operator_id, request_id, n)
              JOIN unnest(in_claims) WITH ORDINALITY c ON c.ordinality = a.n
              JOIN registry.claim_line l ON l.claim_id = c.claim_id
             WHERE a.action = CLAIM_APPROVE
               AND c.division IN (SELECT d.division FROM (SELECT DISTINCT x.division FROM unnest(in_claims) x) d
                                   WHERE helper.policy_value('special_account', d.division, helper.today()) = 1)
             ORDER BY a.n, l.line) p;
    RETURN paid;
END $$;

/* What steps of claims do to the account, before they are written: approval commits, where the city keeps its account
   here; rejection of what was approved releases. The outcome of each, done or why there is no money. The other arrays
   are of each claim. */
CREATE FUNCTION helper.claims_fund(in_claims registry.claim[], in_action int2[], in_operator uuid[], in_request uuid[])
RETURNS int2[] LANGUAGE plpgsql AS $$
DECLARE
    paid CONSTANT helper.claims_paid := CASE WHEN CLAIM_APPROVE = ANY (in_action)
        THEN helper.claims_paid(in_claims, in_action, in_operator, in_request) END;
    back record;
BEGIN
    SELECT array_agg(g.claim_id) AS ids, array_agg(MONEY_CLAIM::int2) AS kinds, array_agg(g.operator_id) AS operators,
           array_agg(g.request_id) AS requests
      INTO back
      FROM (SELECT c.claim_id, a.operator_id, a.request_id
              FROM unnest(in_action, in_operator, in_request) WITH ORDINALITY a(action, operator_id, request_id, n)
              JOIN unnest(in_claims) WITH ORDINALITY c ON c.ordinality = a.n
             WHERE a.action = CLAIM_REJECT AND CLAIM_REJECT = ANY (in_action)
               AND EXISTS (SELECT FROM registry.charge g
                            WHERE g.subject_kind = MONEY_CLAIM AND g.subject_id = c.claim_id)) g;
    IF back.ids IS NULL AND paid.ids IS NULL THEN
        RETURN array_fill(OUTCOME_DONE::int2, ARRAY[cardinality(in_claims)]);
    END IF;
    IF back.ids IS NOT NULL AND paid.ids IS NOT NULL THEN /* whatever either needs, in one order */
        PERFORM helper.ledgers_hold(
            ARRAY(SELECT g.ledger_id FROM registry.charge g
                   WHERE g.subject_kind = MONEY_CLAIM AND g.subject_id = ANY (back.ids))
            || ARRAY(SELECT x
                       FROM unnest(paid.divisions, paid.lines, paid.groups, paid.certificates)
                            k(division, line, grp, kind)
                      CROSS JOIN unnest(helper.money_ledgers(k.division, k.line, k.grp, k.kind)) x));
    END IF;
    IF back.ids IS NOT NULL THEN
        PERFORM helper.money_post(MONEY_RELEASED::int2, back.kinds, back.ids, back.operators, back.requests);
    END IF;
    RETURN ARRAY(SELECT coalesce(m.outcome, OUTCOME_DONE)
                   FROM generate_series(1, cardinality(in_claims)) c(n)
                   LEFT JOIN (SELECT p.at AS n, min(f.outcome) AS outcome
                                FROM helper.money_commit(paid.kinds, paid.ids, paid.lines, paid.divisions, paid.lines,
                                                         paid.groups, paid.certificates, paid.fens, paid.operators,
                                                         paid.requests) f
                                JOIN unnest(paid.at) WITH ORDINALITY p(at, n) ON p.n = f.n
                               GROUP BY p.at) m USING (n)
                  ORDER BY c.n);
END $$;
