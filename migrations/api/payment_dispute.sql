/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of the bank that contradict what it said before, or what is known of a payment: they change nothing, and are
   kept until people have settled them (F14). */

/* Keeps those among a reading's answers, whose lines the caller holds, each once. The arrays are of each answer, as
   api.batch_reply() has them. */
CREATE FUNCTION helper.answers_dispute(
    in_outcome int2[], in_batch uuid[], in_line int4[], in_result int2[], in_bank_reference text[],
    in_traded_on date[], in_reason_code text[], in_reason text[], in_amount int8[], in_operator uuid[],
    in_request uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT ARRAY[OUTCOME_ANSWER_DIFFERS, OUTCOME_AMOUNT_DIFFERS, OUTCOME_LINE_RECOVERED]::int2[] && in_outcome THEN
        RETURN;
    END IF;
    INSERT INTO registry.batch_dispute (batch_id, line, dispute, why, result, bank_reference, traded_on, reason_code,
                                        reason, amount_fen, operator_id, request_id)
    SELECT u.batch_id, u.line,
           row_number() OVER (PARTITION BY u.batch_id, u.line ORDER BY u.n)
           + (SELECT count(*) FROM registry.batch_dispute d WHERE d.batch_id = u.batch_id AND d.line = u.line),
           u.why, u.result, u.bank_reference, u.traded_on, u.reason_code, u.reason, u.fen, u.operator_id, u.request_id
      FROM (SELECT DISTINCT ON (a.batch_id, a.line, a.result, a.bank_reference, a.traded_on, a.fen) a.*
              FROM unnest(in_outcome, in_batch, in_line, in_result, in_bank_reference, in_traded_on, in_reason_code,
                          in_reason, in_amount, in_operator, in_request)
                   WITH ORDINALITY a(why, batch_id, line, result, bank_reference, traded_on, reason_code, reason, fen,
                                     operator_id, request_id, n)
             WHERE a.why IN (OUTCOME_ANSWER_DIFFERS, OUTCOME_AMOUNT_DIFFERS, OUTCOME_LINE_RECOVERED)
             ORDER BY a.batch_id, a.line, a.result, a.bank_reference, a.traded_on, a.fen, a.n) u
     WHERE NOT EXISTS (SELECT FROM registry.batch_dispute d
                        WHERE d.batch_id = u.batch_id AND d.line = u.line AND d.result = u.result
                          AND d.bank_reference IS NOT DISTINCT FROM u.bank_reference
                          AND d.traded_on IS NOT DISTINCT FROM u.traded_on
                          AND d.amount_fen IS NOT DISTINCT FROM u.fen);
END $$;

/* The outcomes of a reading's answers, where those that contradict and were settled before are told as settled. The
   arrays are of each answer. */
CREATE FUNCTION helper.answers_settled(in_outcome int2[], in_batch uuid[], in_line int4[], in_result int2[],
                                       in_bank_reference text[], in_traded_on date[], in_amount int8[]) RETURNS int2[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT ARRAY[OUTCOME_ANSWER_DIFFERS, OUTCOME_AMOUNT_DIFFERS, OUTCOME_LINE_RECOVERED]::int2[] && in_outcome THEN
        RETURN in_outcome;
    END IF;
    RETURN ARRAY(
        SELECT CASE WHEN u.why IN (OUTCOME_ANSWER_DIFFERS, OUTCOME_AMOUNT_DIFFERS, OUTCOME_LINE_RECOVERED)
                         AND EXISTS (SELECT FROM registry.batch_dispute d
                                      WHERE d.batch_id = u.batch_id AND d.line = u.line AND d.result = u.result
                                        AND d.bank_reference IS NOT DISTINCT FROM u.bank_reference
                                        AND d.traded_on IS NOT DISTINCT FROM u.traded_on
                                        AND d.amount_fen IS NOT DISTINCT FROM u.fen AND d.settled_by IS NOT NULL)
                    THEN OUTCOME_DISPUTE_SETTLED ELSE u.why END::int2
          FROM unnest(in_outcome, in_batch, in_line, in_result, in_bank_reference, in_traded_on, in_amount)
               WITH ORDINALITY u(why, batch_id, line, result, bank_reference, traded_on, fen, n)
         ORDER BY u.n);
END $$;

/* Settles what the bank said of a line that contradicts: an approver of the bureau that pays, another human than who
   read it in (C1), says what came of it. `dispute`: the last of the line that was seen; nothing is settled unseen. */
CREATE FUNCTION api.batch_settle(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_batch uuid[],
    in_line int4[], in_note text[], in_dispute int4[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    newest int4; /* dispute of the line that is not settled */
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{batch.settle}', in_request_id, in_digest);
    /* as api.batch_reply(): what the bank says meanwhile is kept before this is judged, or after it is settled */
    PERFORM helper.lines_hold(ARRAY(SELECT l.subject_id FROM registry.batch_line l
                                     WHERE (l.batch_id, l.line) IN (SELECT * FROM unnest(in_batch, in_line))));
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT max(d.dispute) INTO newest FROM registry.batch_dispute d
             WHERE d.batch_id = in_batch[i] AND d.line = in_line[i] AND d.settled_by IS NULL;
            decided := CASE
                WHEN NOT helper.fund_may(caller, 'approver') THEN OUTCOME_NOT_ALLOWED
                WHEN NOT EXISTS (SELECT FROM registry.payment_batch b
                                  WHERE b.batch_id = in_batch[i] AND b.organisation_id = caller.organisation_id)
                     THEN OUTCOME_BATCH_UNKNOWN
                WHEN newest IS NULL THEN OUTCOME_NOTHING_DISPUTED
                WHEN newest <> in_dispute[i] THEN OUTCOME_VERSION_DIFFERS
                WHEN EXISTS (SELECT FROM registry.batch_dispute d
                              WHERE d.batch_id = in_batch[i] AND d.line = in_line[i] AND d.dispute <= in_dispute[i]
                                AND d.settled_by IS NULL
                                AND d.operator_id = ANY (helper.human_operators(in_operator[i])))
                     THEN OUTCOME_FOUR_EYES
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.batch_dispute d
                   SET settled_by = in_operator[i], settled_at = now(), note = in_note[i]
                 WHERE d.batch_id = in_batch[i] AND d.line = in_line[i] AND d.dispute <= in_dispute[i]
                   AND d.settled_by IS NULL;
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => CASE WHEN decided NOT IN (OUTCOME_NOT_ALLOWED, OUTCOME_BATCH_UNKNOWN)
                                                       THEN in_batch[i] END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Answers of the bank that contradict, of one batch or of all that the caller sees, by batch and line: with what stands
   of the line, who read them in, and who settled them (`open`: only those that nobody has). They follow the one that
   the cursor names. A batch that the caller does not see is one row, which says so. */
CREATE FUNCTION api.batch_disputes(in_operator uuid[], in_after_batch uuid[], in_after_line int4[],
                                   in_after_dispute int4[], in_page int4[], in_batch uuid[], in_open bool[])
RETURNS TABLE (req int4, outcome int2, batch_id uuid, reference text, line int4, dispute int4, why int2, state int2,
               amount_fen int8, result int2, bank_reference text, traded_on date, said_fen int8, reader_id uuid,
               reader_sealed bytea, read_at_ms int8, settler_id uuid, settler_sealed bytea, settled_at_ms int8,
               note text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, OUTCOME_DONE::int2, d.batch_id, d.reference, d.line, d.dispute, d.why, l.state, l.amount_fen,
           d.result, d.bank_reference, d.traded_on, d.amount_fen, d.operator_id, r.sealed, helper.ms(d.answered_at),
           d.settled_by, s.sealed, helper.ms(d.settled_at), d.note
      FROM unnest(in_operator, in_after_batch, in_after_line, in_after_dispute, in_page, in_batch, in_open)
           WITH ORDINALITY i(operator_id, after_batch, after_line, after_dispute, page, batch_id, open, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
        SELECT x.*, b.reference FROM registry.batch_dispute x JOIN registry.payment_batch b USING (batch_id)
         WHERE (i.batch_id IS NULL OR x.batch_id = i.batch_id) AND (NOT i.open OR x.settled_by IS NULL)
           AND (i.after_batch IS NULL
                OR (x.batch_id, x.line, x.dispute) > (i.after_batch, i.after_line, i.after_dispute))
           AND helper.batch_seen(a, b)
         ORDER BY x.batch_id, x.line, x.dispute LIMIT i.page + 1) d
      JOIN registry.batch_line l ON l.batch_id = d.batch_id AND l.line = d.line
      LEFT JOIN registry.operator r ON r.operator_id = d.operator_id
      LEFT JOIN registry.operator s ON s.operator_id = d.settled_by
    UNION ALL
    SELECT i.n::int4, OUTCOME_BATCH_UNKNOWN::int2, i.batch_id, NULL::text, NULL::int4, NULL::int4, NULL::int2,
           NULL::int2, NULL::int8, NULL::int2, NULL::text, NULL::date, NULL::int8, NULL::uuid, NULL::bytea, NULL::int8,
           NULL::uuid, NULL::bytea, NULL::int8, NULL::text
      FROM unnest(in_operator, in_batch) WITH ORDINALITY i(operator_id, batch_id, n)
     WHERE i.batch_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM registry.payment_batch b
                         JOIN helper.acting a ON a.operator_id = i.operator_id
                        WHERE b.batch_id = i.batch_id AND helper.batch_seen(a, b))
     ORDER BY 1, 3, 5, 6;
END $$;
