/* SPDX-License-Identifier: Apache-2.0 */
/* What moves money of the special account by itself: what one approver of a bureau proposes and another decides, and
   what its payer records as received (F1-F10). */

/* Whether a division may transfer money of a source to another: a city to a county of its own, the province to a city
   of its adjustment fund (F7). */
CREATE FUNCTION helper.fund_transfers(in_division text, in_to text, in_source int2) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM registry.division d WHERE d.code = in_to)
       AND CASE WHEN in_division LIKE '__0000'
                THEN in_to LIKE left(in_division, 2) || '__00' AND in_to <> in_division
                    AND in_source = SOURCE_ADJUSTMENT
                ELSE in_division LIKE '____00' AND in_to LIKE left(in_division, 4) || '__' AND in_to <> in_division END
$$;

/* Whose money a bureau moves: a county's bureau that of its county, a city's that of its city, the province's its
   own. */
CREATE FUNCTION helper.fund_may(in_caller helper.acting, in_role text) RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(helper.is_bureau(in_caller.kind) AND in_role = ANY (in_caller.roles), false)
$$;

/* Lock of whoever may open ledgers, so that several are opened by one after the other. */
CREATE FUNCTION helper.fund_key() RETURNS int8 LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended('mingce fund', 0)
$$;

/* Posts an event of a ledger that is about nobody's payment, by its only row of each layer in the template. The caller
   holds what it moves. */
CREATE FUNCTION helper.ledger_post(in_posting uuid, in_ledger int8, in_event int2, in_fen int8, in_operator uuid,
                                   in_request uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry.journal (posting_id, ledger_id, event, layer, debit, credit, amount_fen, operator_id,
                                  request_id)
    SELECT in_posting, in_ledger, t.event, t.layer, t.debit, t.credit, in_fen, in_operator, in_request
      FROM registry.posting_template t WHERE t.event = in_event ORDER BY t.layer;
END $$;

/* Locks all of ledgers, in the order in which all do. */
CREATE FUNCTION helper.ledgers_hold_all(in_ledger int8[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM helper.ledgers_hold(in_ledger);
    PERFORM FROM registry.ledger_cash c WHERE c.ledger_id = ANY (in_ledger) ORDER BY c.ledger_id FOR UPDATE;
END $$;

/* Locks all ledgers that these proposals are about, in the order in which all do; and keeps others from opening any. */
CREATE FUNCTION helper.fund_hold(in_proposal uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(helper.fund_key());
    PERFORM helper.ledgers_hold_all(ARRAY(
        SELECT l.ledger_id FROM registry.fund_move m
          JOIN registry.ledger l ON l.division IN (m.division, m.to_division) AND l.source = m.source
           AND l.year IN (m.year, m.year + 1)
         WHERE m.move_id = ANY (in_proposal)
        UNION
        SELECT j.ledger_id FROM registry.fund_move m JOIN registry.journal j ON j.posting_id = m.mirrored
         WHERE m.move_id = ANY (in_proposal)));
END $$;

/* What a ledger has in its budget, and in its accounts. */
CREATE TYPE helper.ledger_state AS (available int8, committed int8, spent int8, treasury int8, expenditure int8,
                                    held int8,
                                    sent int8);

/* What a ledger has. Of a row that somebody took away behind the registry's back it has nothing: reconcile names
   that. */
CREATE FUNCTION helper.ledger_state(in_ledger int8) RETURNS helper.ledger_state LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT ROW(coalesce(sum(s.available), 0), coalesce(sum(s.committed), 0), coalesce(sum(s.spent), 0),
                       coalesce(c.treasury, 0), coalesce(c.expenditure, 0), coalesce(c.held, 0),
                       coalesce(c.sent, 0))::helper.ledger_state
              FROM registry.ledger l LEFT JOIN registry.ledger_cash c USING (ledger_id)
              LEFT JOIN registry.ledger_share s USING (ledger_id)
             WHERE l.ledger_id = in_ledger GROUP BY c.ledger_id);
END $$;

/* Moves money as two people have decided: allotments, what is set aside and transfers (F5, F7). */
CREATE FUNCTION helper.fund_move(in_move registry.fund_move, in_operator uuid, in_request uuid) RETURNS int2
LANGUAGE plpgsql AS $$
DECLARE
    ledger registry.ledger;
    target registry.ledger;
    has helper.ledger_state;
    province CONSTANT bool := in_move.division LIKE '__0000';
    fen int8 := in_move.amount_fen;
    judged record;
BEGIN
    SELECT * INTO ledger FROM registry.ledger l
     WHERE l.division = in_move.division AND l.source = in_move.source AND l.year = in_move.year;
    IF ledger.closed_at IS NOT NULL THEN
        RETURN OUTCOME_LEDGER_CLOSED;
    END IF;
    has := helper.ledger_state(ledger.ledger_id); /* which helper.fund_hold() has locked */
    IF in_move.kind = MOVE_TRANSFER AND (ledger.ledger_id IS NULL OR has.treasury < fen
                                         OR NOT province AND has.available < fen) THEN
        RETURN OUTCOME_FUNDS_SHORT;
    END IF;
    IF in_move.kind = MOVE_WITHDRAW THEN
        SELECT * INTO judged FROM helper.reserve_judge(in_move.division, helper.today(), fen);
        IF judged.outcome <> OUTCOME_DONE THEN
            RETURN judged.outcome;
        END IF;
        fen := judged.allowed_fen;
    END IF;
    ledger := helper.ledger_open(in_move.division, in_move.source, in_move.year); /* what is refused opens none */
    IF in_move.kind = MOVE_TRANSFER THEN
        target := helper.ledger_open(in_move.to_division, in_move.source, in_move.year);
    END IF;
    PERFORM helper.ledgers_hold_all(ARRAY[ledger.ledger_id, target.ledger_id]);
    IF in_move.kind = MOVE_TRANSFER AND NOT province THEN
        PERFORM helper.ledgers_spread(ARRAY[ledger.ledger_id], ARRAY[fen]);
    END IF;
    PERFORM helper.ledger_post(in_move.move_id, ledger.ledger_id,
                               (CASE in_move.kind WHEN MOVE_ALLOT THEN MONEY_ALLOTTED
                                                  WHEN MOVE_WITHDRAW THEN MONEY_WITHDRAWN
                                                  ELSE CASE WHEN province THEN MONEY_ADJUSTED_OUT
                                                            ELSE MONEY_PASSED_DOWN END END)::int2,
                               fen, in_operator, in_request);
    IF in_move.kind = MOVE_TRANSFER THEN
        PERFORM helper.ledger_post(in_move.move_id, target.ledger_id,
                                   (CASE WHEN province THEN MONEY_ADJUSTED_IN ELSE MONEY_PASSED_IN END)::int2, fen,
                                   in_operator, in_request);
    END IF;
    PERFORM helper.ledgers_spread(ARRAY[ledger.ledger_id, target.ledger_id]);
    RETURN OUTCOME_DONE;
END $$;

/* The rows of a posting: what is of nobody's payment, if any of it is, else all. A step of a claim or tranche posts
   under the id of its request, which its caller chose: it may be that of a move, and is none of it. */
CREATE FUNCTION helper.posting_rows(in_posting uuid) RETURNS SETOF registry.journal LANGUAGE sql STABLE AS $$
    SELECT j.* FROM registry.journal j
     WHERE j.posting_id = in_posting
       AND (j.subject_id IS NULL
            OR NOT EXISTS (SELECT FROM registry.journal o WHERE o.posting_id = in_posting AND o.subject_id IS NULL))
$$;

/* Whose a posting is, who may have it taken back: of a move whoever proposed that, not who got the money. */
CREATE FUNCTION helper.posting_owner(in_posting uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT m.division FROM registry.fund_move m WHERE m.move_id = in_posting),
                    (SELECT l.division FROM helper.posting_rows(in_posting) j JOIN registry.ledger l USING (ledger_id)
                      ORDER BY j.journal_id LIMIT 1));
END $$;

/* Takes a posting back: each of its rows by its mirror, all or none (F2). */
CREATE FUNCTION helper.fund_correct(in_move registry.fund_move, in_operator uuid, in_request uuid) RETURNS int2
LANGUAGE plpgsql AS $$
DECLARE
    said record;
BEGIN
    PERFORM helper.ledgers_hold_all(ARRAY(SELECT DISTINCT j.ledger_id FROM helper.posting_rows(in_move.mirrored) j));
    SELECT count(*) AS rows, helper.posting_owner(in_move.mirrored) = in_move.division AS own,
           bool_or(l.closed_at IS NOT NULL) AS closed,
           bool_or(j.subject_id IS NOT NULL OR j.event IN (MONEY_CARRIED_OUT, MONEY_CARRIED_IN)) AS fixed,
           bool_or(j.mirrors IS NOT NULL
                   OR EXISTS (SELECT FROM registry.journal m WHERE m.mirrors = j.journal_id)) AS mirrored,
           array_agg(DISTINCT j.ledger_id) AS ledgers
      INTO said FROM helper.posting_rows(in_move.mirrored) j JOIN registry.ledger l USING (ledger_id);
    IF said.own IS NOT TRUE OR said.fixed OR said.mirrored OR said.closed THEN
        RETURN CASE WHEN said.own IS NOT TRUE THEN OUTCOME_POSTING_UNKNOWN
                    WHEN said.fixed THEN OUTCOME_POSTING_FIXED
                    WHEN said.mirrored THEN OUTCOME_POSTING_MIRRORED ELSE OUTCOME_LEDGER_CLOSED END;
    END IF;
    IF EXISTS (SELECT FROM unnest(said.ledgers) l CROSS JOIN LATERAL helper.ledger_state(l) s
                CROSS JOIN LATERAL (SELECT sum(CASE b.code WHEN j.debit THEN -j.amount_fen ELSE j.amount_fen END)
                                    AS fen,
                                           b.code
                                      FROM helper.posting_rows(in_move.mirrored) j
                                      JOIN registry.ledger_account b ON b.code IN (j.debit, j.credit)
                                     WHERE j.ledger_id = l GROUP BY b.code) m
                WHERE m.code = ACCOUNT_AVAILABLE AND s.available + m.fen < 0
                   OR m.code = ACCOUNT_TREASURY AND s.treasury + m.fen < 0
                   OR m.code = ACCOUNT_EXPENDITURE AND s.expenditure - s.sent + m.fen < 0) THEN
        RETURN OUTCOME_FUNDS_SHORT;
    END IF;
    PERFORM helper.ledgers_spread(said.ledgers, ARRAY(
        SELECT coalesce((SELECT sum(j.amount_fen) FROM helper.posting_rows(in_move.mirrored) j
                          WHERE j.ledger_id = l AND j.debit = ACCOUNT_AVAILABLE), 0)::int8
          FROM unnest(said.ledgers) WITH ORDINALITY u(l, n) ORDER BY u.n));
    INSERT INTO registry.journal (posting_id, ledger_id, share, event, layer, debit, credit, amount_fen, mirrors,
                                  operator_id, request_id)
    SELECT in_move.move_id, j.ledger_id, j.share, j.event, j.layer, j.credit, j.debit, j.amount_fen, j.journal_id,
           in_operator, in_request
      FROM helper.posting_rows(in_move.mirrored) j ORDER BY j.journal_id;
    PERFORM helper.ledgers_spread(said.ledgers);
    RETURN OUTCOME_DONE;
END $$;

/* What the accounts of a ledger's layer come to, debits less credits: all of them sum to zero. */
CREATE FUNCTION helper.ledger_balances(in_ledger int8, in_until timestamptz DEFAULT NULL)
RETURNS TABLE (code int2, layer int2, debits int8, credits int8) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT a.code, a.layer, sum(CASE a.code WHEN j.debit THEN j.amount_fen ELSE 0 END)::int8,
           sum(CASE a.code WHEN j.credit THEN j.amount_fen ELSE 0 END)::int8
      FROM registry.journal j JOIN registry.ledger_account a ON a.code IN (j.debit, j.credit)
     WHERE j.ledger_id = in_ledger AND (in_until IS NULL OR j.posted_at < in_until)
     GROUP BY a.code, a.layer ORDER BY a.code;
END $$;

/* Carries a ledger whose year is over to the next: what is available and committed, the charges that are not paid, and
   the money in the treasury account; income and expense are closed into the balance. Refused while money is anywhere
   else (F8). */
CREATE FUNCTION helper.fund_carry(in_move registry.fund_move, in_operator uuid, in_request uuid) RETURNS int2
LANGUAGE plpgsql AS $$
DECLARE
    ledger registry.ledger;
    next registry.ledger;
    has helper.ledger_state;
BEGIN
    SELECT * INTO ledger FROM registry.ledger l
     WHERE l.division = in_move.division AND l.source = in_move.source AND l.year = in_move.year;
    IF ledger IS NULL THEN
        RETURN OUTCOME_LEDGER_UNKNOWN;
    END IF;
    SELECT * INTO next FROM registry.ledger l
     WHERE l.division = in_move.division AND l.source = in_move.source AND l.year = in_move.year + 1;
    PERFORM helper.ledgers_hold_all(ARRAY[ledger.ledger_id, next.ledger_id]);
    PERFORM FROM registry.ledger l WHERE l.ledger_id = ledger.ledger_id FOR UPDATE;
    SELECT * INTO ledger FROM registry.ledger l WHERE l.ledger_id = ledger.ledger_id;
    has := helper.ledger_state(ledger.ledger_id);
    IF ledger.closed_at IS NOT NULL OR next.closed_at IS NOT NULL THEN
        RETURN OUTCOME_LEDGER_CLOSED;
    ELSIF has.expenditure > 0 OR has.held > 0 OR has.sent > 0 THEN
        RETURN OUTCOME_LEDGER_NOT_CLEARED;
    END IF;
    next := helper.ledger_open(in_move.division, in_move.source, in_move.year + 1);
    INSERT INTO registry.journal (posting_id, ledger_id, share, event, layer, debit, credit, amount_fen, operator_id,
                                  request_id)
    SELECT in_move.move_id, p.ledger_id, p.share, p.event, p.layer, p.debit, p.credit, p.fen, in_operator, in_request
      FROM (SELECT ledger.ledger_id, s.share, MONEY_CARRIED_OUT AS event, LAYER_BUDGET AS layer,
            ACCOUNT_ALLOTTED AS debit,
                   x.account AS credit, x.fen
              FROM registry.ledger_share s
             CROSS JOIN LATERAL (VALUES (ACCOUNT_AVAILABLE, s.available), (ACCOUNT_COMMITTED,
                                                                           s.committed)) x(account, fen)
             WHERE s.ledger_id = ledger.ledger_id
            UNION ALL
            SELECT next.ledger_id, s.share, MONEY_CARRIED_IN, LAYER_BUDGET, x.account, ACCOUNT_ALLOTTED, x.fen
              FROM registry.ledger_share s
             CROSS JOIN LATERAL (VALUES (ACCOUNT_AVAILABLE, s.available), (ACCOUNT_COMMITTED,
                                                                           s.committed)) x(account, fen)
             WHERE s.ledger_id = ledger.ledger_id
            UNION ALL
            SELECT ledger.ledger_id, 0, MONEY_CARRIED_OUT, LAYER_CASH,
                   CASE WHEN b.debits > b.credits THEN ACCOUNT_BALANCE ELSE b.code END,
                   CASE WHEN b.debits > b.credits THEN b.code ELSE ACCOUNT_BALANCE END, abs(b.debits - b.credits)
              FROM helper.ledger_balances(ledger.ledger_id) b
             WHERE b.layer = LAYER_CASH AND b.code NOT IN (ACCOUNT_BALANCE, ACCOUNT_EXPENDITURE, ACCOUNT_HELD)
            UNION ALL
            SELECT next.ledger_id, 0, MONEY_CARRIED_IN, LAYER_CASH, ACCOUNT_TREASURY, ACCOUNT_BALANCE, has.treasury) p
     WHERE p.fen > 0;
    UPDATE registry.charge c SET ledger_id = next.ledger_id
     WHERE c.ledger_id = ledger.ledger_id AND c.state IN (CHARGE_COMMITTED, CHARGE_RETURNED);
    UPDATE registry.ledger l SET closed_at = now() WHERE l.ledger_id = ledger.ledger_id;
    RETURN OUTCOME_DONE;
END $$;

/* Puts in force what moves money. What has changed since it was proposed refuses it. */
CREATE FUNCTION helper.fund_enforce(in_id uuid, in_operator uuid, in_request uuid) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    move registry.fund_move;
    this_year CONSTANT int4 := date_part('year', helper.today());
BEGIN
    SELECT * INTO move FROM registry.fund_move m WHERE m.move_id = in_id;
    IF move.kind = MOVE_CORRECT THEN
        RETURN helper.fund_correct(move, in_operator, in_request);
    ELSIF move.kind = MOVE_CARRY THEN
        RETURN CASE WHEN move.year < this_year THEN helper.fund_carry(move, in_operator, in_request)
                    ELSE OUTCOME_FUND_YEAR END;
    END IF;
    RETURN CASE WHEN move.year = this_year THEN helper.fund_move(move, in_operator, in_request)
                ELSE OUTCOME_FUND_YEAR END;
END $$;

/* Puts an earmark in force, which ends the one before it; refused where one of its division and key begins on its first
   day or later, or was ended already. */
CREATE FUNCTION helper.earmark_enforce(in_id uuid) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    target registry.earmark;
    rivals uuid[];
BEGIN
    SELECT * INTO target FROM registry.earmark e WHERE e.earmark_id = in_id;
    rivals := ARRAY(SELECT e.earmark_id FROM registry.earmark e
                     WHERE e.decision = PROPOSAL_IN_FORCE AND e.division = target.division
                       AND e.spending = target.spending
                       AND e.trainee_group IS NOT DISTINCT FROM target.trainee_group
                       AND e.certificate_kind IS NOT DISTINCT FROM target.certificate_kind
                       AND daterange(e.valid_from, e.valid_to, '[]')
                           && daterange(target.valid_from, target.valid_to, '[]'));
    IF EXISTS (SELECT FROM registry.earmark e
                WHERE e.earmark_id = ANY (rivals)
                  AND (e.valid_from >= target.valid_from OR e.superseded_by IS NOT NULL)) THEN
        RETURN OUTCOME_PROPOSAL_LATER;
    END IF;
    UPDATE registry.earmark e SET valid_to = target.valid_from - 1, superseded_by = in_id
     WHERE e.earmark_id = ANY (rivals);
    RETURN OUTCOME_DONE;
END $$;

/* An approver proposes to move money of the caller's division, which another one decides about. */
CREATE FUNCTION api.fund_propose(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_move uuid[], in_kind int2[],
    in_source int2[], in_year int4[], in_to text[], in_fen int8[], in_mirrored uuid[], in_reason text[])
RETURNS TABLE (req int4, outcome int2, proposal_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{fund.propose}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        proposal_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            decided := CASE
                WHEN NOT helper.fund_may(caller, 'approver') THEN OUTCOME_NOT_ALLOWED
                WHEN in_kind[i] = MOVE_TRANSFER AND NOT helper.fund_transfers(caller.division, in_to[i], in_source[i])
                     THEN OUTCOME_FUND_DIVISION
                WHEN in_kind[i] = MOVE_CORRECT
                     AND NOT (EXISTS (SELECT FROM registry.journal j WHERE j.posting_id = in_mirrored[i])
                              AND helper.posting_owner(in_mirrored[i]) = caller.division)
                     THEN OUTCOME_POSTING_UNKNOWN
                WHEN in_kind[i] = MOVE_CARRY
                     AND NOT EXISTS (SELECT FROM registry.ledger l
                                      WHERE l.division = caller.division AND l.source = in_source[i]
                                        AND l.year = in_year[i]) THEN OUTCOME_LEDGER_UNKNOWN
                WHEN in_kind[i] = MOVE_CARRY AND in_year[i] >= date_part('year', helper.today())
                     OR in_kind[i] IN (MOVE_ALLOT, MOVE_TRANSFER, MOVE_WITHDRAW)
                        AND in_year[i] <> date_part('year', helper.today()) THEN OUTCOME_FUND_YEAR
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                proposal_id := in_move[i];
                INSERT INTO registry.fund_move (move_id, kind, division, source, year, to_division, amount_fen,
                                                mirrored,
                                                reason, proposed_by, request_id)
                VALUES (in_move[i], in_kind[i], caller.division, in_source[i], in_year[i], in_to[i], in_fen[i],
                        in_mirrored[i], in_reason[i], in_operator[i], in_request_id[i]);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => proposal_id);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* An approver proposes what sources may pay for a kind of spending (F3, F10), which another one decides about. */
CREATE FUNCTION api.fund_earmark(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_earmark uuid[],
    in_spending int2[], in_group int2[], in_certificate_kind int2[], in_sources text[], in_from date[], in_to date[],
    in_citation text[])
RETURNS TABLE (req int4, outcome int2, proposal_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{fund.earmark}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        proposal_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            decided := CASE WHEN helper.fund_may(caller, 'approver') THEN OUTCOME_DONE ELSE OUTCOME_NOT_ALLOWED END;
            IF decided = OUTCOME_DONE THEN
                proposal_id := in_earmark[i];
                INSERT INTO registry.earmark (earmark_id, division, spending, trainee_group, certificate_kind, sources,
                                              valid_from, valid_to, citation, proposed_by, request_id)
                VALUES (in_earmark[i], caller.division, in_spending[i], in_group[i], in_certificate_kind[i],
                        string_to_array(in_sources[i], ',')::int2[], in_from[i], in_to[i], in_citation[i],
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

/* What a payer records of the accounts: money that came in, interest, and what went between the treasury account and
   the expenditure account (F8, F9). */
CREATE FUNCTION helper.fund_received(in_caller helper.acting, in_event int2, in_source int2, in_year int4, in_fen int8,
                                     in_posting uuid, in_request uuid) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    ledger registry.ledger;
    has helper.ledger_state;
BEGIN
    IF NOT helper.fund_may(in_caller, 'payer') THEN
        RETURN OUTCOME_NOT_ALLOWED;
    END IF;
    SELECT * INTO ledger FROM registry.ledger l
     WHERE l.division = in_caller.division AND l.source = in_source AND l.year = in_year;
    IF ledger IS NULL AND in_year <> date_part('year', helper.today()) THEN
        RETURN CASE WHEN in_event = MONEY_RECEIVED THEN OUTCOME_FUND_YEAR ELSE OUTCOME_LEDGER_UNKNOWN END;
    ELSIF ledger IS NULL AND in_event IN (MONEY_TO_EXPENDITURE, MONEY_SWEPT) THEN
        RETURN OUTCOME_FUNDS_SHORT; /* and what is refused opens no ledger */
    ELSIF ledger IS NULL THEN
        ledger := helper.ledger_open(in_caller.division, in_source, in_year);
    END IF;
    PERFORM FROM registry.ledger_cash c WHERE c.ledger_id = ledger.ledger_id FOR UPDATE;
    SELECT * INTO ledger FROM registry.ledger l WHERE l.ledger_id = ledger.ledger_id;
    has := helper.ledger_state(ledger.ledger_id);
    IF ledger.closed_at IS NOT NULL THEN
        RETURN OUTCOME_LEDGER_CLOSED;
    ELSIF in_event = MONEY_TO_EXPENDITURE AND has.treasury < in_fen
          OR in_event = MONEY_SWEPT AND has.expenditure - has.sent < in_fen THEN
        RETURN OUTCOME_FUNDS_SHORT;
    END IF;
    PERFORM helper.ledger_post(in_posting, ledger.ledger_id, in_event, in_fen, in_caller.operator_id, in_request);
    RETURN OUTCOME_DONE;
END $$;

/* Records what came into the accounts, or went between them; the posting's id is its answer. */
CREATE FUNCTION api.fund_receive(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_posting uuid[],
    in_receipt int2[], in_source int2[], in_year int4[], in_fen int8[])
RETURNS TABLE (req int4, outcome int2, posting_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{fund.receive}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(helper.fund_key()); /* they are few */
    PERFORM FROM registry.ledger_cash c
      WHERE c.ledger_id IN (SELECT l.ledger_id
                              FROM unnest(in_operator, in_source, in_year) i(operator_id, source, year)
                              JOIN helper.acting a ON a.operator_id = i.operator_id
                              JOIN registry.ledger l ON l.division = a.division AND l.source = i.source
                                  AND l.year = i.year)
      ORDER BY c.ledger_id FOR UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        req := i;
        SELECT * INTO first FROM helper.answered(in_request_id[req], in_digest[req], in_operator[req]);
        decided := first.outcome;
        posting_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[req];
            decided := helper.fund_received(caller, (CASE in_receipt[req] WHEN RECEIPT_MONEY THEN MONEY_RECEIVED
                 WHEN RECEIPT_TO_EXPENDITURE THEN MONEY_TO_EXPENDITURE WHEN RECEIPT_INTEREST THEN MONEY_INTEREST
                 ELSE MONEY_SWEPT END)::int2, in_source[req], in_year[req], in_fen[req],
                                            in_posting[req], in_request_id[req]);
            posting_id := CASE WHEN decided = OUTCOME_DONE THEN in_posting[req] END;
            CALL helper.answer(in_request_id[req], in_digest[req], in_operator[req], in_entry_head[req], decided,
                               in_subject => posting_id);
        END IF;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Decides what was proposed of the account, by its id: puts it in force, with all that this moves, or rejects it. */
CREATE FUNCTION helper.fund_decided(in_id uuid, in_decision int2, in_operator uuid, in_request uuid) RETURNS int2
LANGUAGE plpgsql AS $$
DECLARE
    moves CONSTANT bool := EXISTS (SELECT FROM registry.fund_move m WHERE m.move_id = in_id);
    decided int2 := OUTCOME_DONE;
BEGIN
    IF in_decision = PROPOSAL_IN_FORCE THEN
        decided := CASE WHEN moves THEN helper.fund_enforce(in_id, in_operator, in_request)
                        ELSE helper.earmark_enforce(in_id) END;
    END IF;
    IF decided = OUTCOME_DONE THEN
        UPDATE registry.fund_move m SET decision = in_decision, decided_by = in_operator, decided_at = now()
         WHERE m.move_id = in_id;
        UPDATE registry.earmark e SET decision = in_decision, decided_by = in_operator, decided_at = now()
         WHERE e.earmark_id = in_id;
    END IF;
    RETURN decided;
END $$;

/* A payer records money of a claim that was clawed back and came back: so much of one subsidy of it (F4), of the bureau
   whose ledgers have paid it, which it comes back to. */
CREATE FUNCTION api.fund_recover(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_claim uuid[], in_line int2[],
    in_fen int8[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    judged int2[];
    known bool[];
    back bool[];
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{fund.recover}', in_request_id, in_digest);
    PERFORM FROM registry.claim c WHERE c.claim_id = ANY (in_claim) ORDER BY c.claim_id FOR NO KEY UPDATE;
    IF cardinality(in_claim) > (SELECT count(DISTINCT x) FROM unnest(in_claim) x) THEN
        RAISE serialization_failure USING MESSAGE = 'two requests of a set are about one claim';
    END IF;
    SELECT array_agg(coalesce(f.outcome, CASE
               WHEN NOT helper.fund_may(a, 'payer') THEN OUTCOME_NOT_ALLOWED
               WHEN c.claim_id IS NULL
                    OR NOT helper.sees(a.kind, a.organisation_id, a.division, c.organisation_id, c.division)
                    THEN OUTCOME_CLAIM_UNKNOWN
               WHEN helper.line_payer(MONEY_CLAIM::int2, i.claim_id) <> a.division THEN OUTCOME_PAID_ELSEWHERE
               WHEN l.clawed_fen IS NULL OR g.state IS DISTINCT FROM CHARGE_PAID
                    OR g.recovered_fen + i.fen > l.clawed_fen THEN OUTCOME_RECOVERED_MORE
               ELSE OUTCOME_DONE END::int2) ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n)
      INTO judged, known
      FROM unnest(in_request_id, in_digest, in_operator, in_claim, in_line, in_fen)
           WITH ORDINALITY i(request_id, digest, operator_id, claim_id, line, fen, n)
      LEFT JOIN LATERAL helper.answered(i.request_id, i.digest, i.operator_id) f ON true
      LEFT JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN registry.claim c ON c.claim_id = i.claim_id
      LEFT JOIN registry.claim_line l ON l.claim_id = i.claim_id AND l.line = i.line
      LEFT JOIN registry.charge g ON g.subject_kind = MONEY_CLAIM AND g.subject_id = i.claim_id AND g.part = i.line;
    back := helper.money_recover(
        array_fill(MONEY_CLAIM::int2, ARRAY[cardinality(in_claim)]), in_claim, in_line,
        ARRAY(SELECT CASE WHEN judged[n] = OUTCOME_DONE AND NOT known[n] THEN f END
                FROM unnest(in_fen) WITH ORDINALITY x(f, n) ORDER BY n), in_operator, in_request_id);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        req := i;
        outcome := CASE WHEN known[i] OR judged[i] <> OUTCOME_DONE OR back[i] THEN judged[i]
                        ELSE OUTCOME_RECOVERED_MORE END;
        IF NOT known[i] THEN
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], outcome,
                               in_subject => CASE WHEN outcome NOT IN (OUTCOME_CLAIM_UNKNOWN, OUTCOME_NOT_ALLOWED)
                                                       THEN in_claim[i] END);
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
