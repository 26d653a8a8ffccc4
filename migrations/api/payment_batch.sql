/* SPDX-License-Identifier: Apache-2.0 */
/* Payment by the bank (C5, F13-F15): what is approved enters a batch, the batch is sent, the bank answers line by line.
   Whoever changes lines holds first the batch's row, if it names one, then the rows of the subjects, in their order. */

/* ---- subjects ---- */

/* What a bureau may pay, or is paying: claims, and tranches of projects. `organisation_id`: who is paid; NULL: the
   person of `person_id`, whose account the enrolment in `class_number` has. */
CREATE VIEW helper.payable AS
SELECT MONEY_CLAIM::int2 AS subject_kind, c.claim_id AS subject_id, c.version, c.division,
       c.state = CLAIM_APPROVED
       /* what was clawed back in part before the bank returned it is for people to decide */
       AND NOT EXISTS (SELECT FROM registry.claim_line l WHERE l.claim_id = c.claim_id AND l.clawed_fen > 0) AS open,
       CASE WHEN c.route <> ROUTE_PERSON THEN c.organisation_id END AS organisation_id,
       CASE WHEN c.route = ROUTE_PERSON THEN c.person_id END AS person_id, c.class_number,
       c.organisation_id AS submitter, c.amount_fen
  FROM registry.claim c
UNION ALL
SELECT MONEY_TRANCHE::int2, t.tranche_id, t.version, t.division,
       t.state = CLAIM_APPROVED AND p.state IN (PROJECT_CARRIED_OUT, PROJECT_ADVANCE_PAID, PROJECT_VERIFYING),
       CASE WHEN t.person_id IS NULL THEN t.organisation_id END, t.person_id, h.class_number, t.organisation_id,
       t.amount_fen
  FROM registry.tranche t
  JOIN registry.project p ON p.project_id = t.project_id
  LEFT JOIN registry.project_head h ON h.head_id = t.head_id;

/* Locks subjects, claims first, in the order of their ids, then the projects of tranches. */
CREATE FUNCTION helper.lines_hold(in_subject uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE registry.calendar_day IN ROW SHARE MODE; /* as api.claim_decide() */
    PERFORM FROM registry.claim c WHERE c.claim_id = ANY (in_subject) ORDER BY c.claim_id FOR NO KEY UPDATE;
    PERFORM helper.tranches_hold(in_subject);
END $$;

/* Takes one step of many subjects, by the kind of each; the caller holds their rows. `by`: who is to have paid. */
CREATE FUNCTION helper.lines_step(in_kind int2[], in_subject uuid[], in_action int2, in_by uuid[], in_operator uuid[],
                                  in_reason text[], in_request_id uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    becoming registry.claim[];
    claims record; /* those among the subjects */
    tranches record;
BEGIN
    SELECT count(*)::int4 AS n, array_agg(u.operator_id ORDER BY u.n) AS operators,
           array_agg(u.reason ORDER BY u.n) AS reasons, array_agg(u.request_id ORDER BY u.n) AS requests
      INTO claims
      FROM unnest(in_kind, in_operator, in_reason, in_request_id)
           WITH ORDINALITY u(kind, operator_id, reason, request_id, n) WHERE u.kind = MONEY_CLAIM;
    SELECT array_agg(u.subject_id ORDER BY u.n) AS subjects,
           array_agg(coalesce(u.by, u.operator_id) ORDER BY u.n) AS operators,
           array_agg(u.request_id ORDER BY u.n) AS requests
      INTO tranches
      FROM unnest(in_kind, in_subject, in_by, in_operator, in_request_id)
           WITH ORDINALITY u(kind, subject_id, by, operator_id, request_id, n) WHERE u.kind = MONEY_TRANCHE;
    IF claims.n > 0 THEN
        WITH terms AS MATERIALIZED (
            SELECT d.division, helper.claim_terms(d.division) AS said
              FROM (SELECT DISTINCT c.division FROM registry.claim c WHERE c.claim_id = ANY (in_subject)) d)
        SELECT array_agg(helper.claim_after(c, t.said, in_action, m.to_state, u.by) ORDER BY u.n) INTO becoming
          FROM unnest(in_kind, in_subject, in_by) WITH ORDINALITY u(kind, subject_id, by, n)
          JOIN registry.claim c ON c.claim_id = u.subject_id
          JOIN terms t ON t.division = c.division
         CROSS JOIN helper.claim_move(in_action) m
         WHERE u.kind = MONEY_CLAIM;
        CALL helper.claims_step(becoming, array_fill(in_action, ARRAY[claims.n]), claims.operators, claims.reasons,
                                array_fill(NULL::bool, ARRAY[claims.n]), claims.requests);
    END IF;
    IF tranches.subjects IS NOT NULL THEN
        PERFORM helper.tranches_step(tranches.subjects, in_action, tranches.operators, tranches.requests);
    END IF;
END $$;

/* The division whose ledgers are charged with a subject; NULL: it is not charged yet. */
CREATE FUNCTION helper.line_payer(in_kind int2, in_subject uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT l.division FROM registry.charge c JOIN registry.ledger l USING (ledger_id)
             WHERE c.subject_kind = in_kind AND c.subject_id = in_subject AND c.state <> CHARGE_RELEASED
             LIMIT 1);
END $$;

/* By what a division's lines are judged. `payer`: whose ledgers are charged with what is not charged yet. */
CREATE TYPE helper.line_terms AS (special_account bool, four_eyes int4, finance_recheck bool, payer text);

/* The terms of a division today. */
CREATE FUNCTION helper.line_terms(in_division text) RETURNS helper.line_terms LANGUAGE sql STABLE AS $$
    SELECT helper.policy_value('special_account', in_division, helper.today()) <> 0,
           helper.policy_value('four_eyes', in_division, helper.today())::int4,
           helper.policy_value('finance_recheck', in_division, helper.today()) = 1,
           helper.ledger_division(in_division, date_part('year', helper.today())::int4)
$$;

/* Where a subject is paid to. `roster`: the account of the person's enrolment. */
CREATE TYPE helper.line_account AS (outcome int2, payee_id uuid, enrolment_id uuid, person_id uuid,
                                    account_index bytea);

/* The account of a subject (F13), and whether it may be paid to (F25). */
CREATE FUNCTION helper.line_account(in_payable helper.payable) RETURNS helper.line_account LANGUAGE plpgsql STABLE AS $$
DECLARE
    account helper.line_account;
    human uuid[] := CASE WHEN in_payable.person_id IS NOT NULL THEN helper.person_records(in_payable.person_id) END;
    payee registry.payee := helper.payee_of(in_payable.organisation_id, human);
    roster record;
BEGIN
    account.person_id := in_payable.person_id;
    SELECT e.enrolment_id, e.account_index INTO roster FROM registry.enrolment e
     WHERE e.class_number = in_payable.class_number AND e.person_id = ANY (human) AND e.removed_reason IS NULL
     ORDER BY e.account_index IS NULL, e.enrolment_id LIMIT 1;
    account.payee_id := payee.payee_id;
    account.enrolment_id := CASE WHEN payee.payee_id IS NULL AND roster.account_index IS NOT NULL
                                 THEN roster.enrolment_id END;
    account.account_index := coalesce(payee.account_index, roster.account_index);
    account.outcome := CASE
        WHEN account.account_index IS NULL THEN OUTCOME_PAYEE_UNKNOWN
        WHEN in_payable.organisation_id IS NOT NULL
             AND NOT EXISTS (SELECT FROM registry.organisation g WHERE g.organisation_id = in_payable.organisation_id
                                                                   AND g.status = STATUS_ACTIVE)
             THEN OUTCOME_ORGANISATION_STATE
        WHEN payee.payee_id IS NOT NULL
             AND (helper.payee_fresh(payee, roster.account_index, in_payable.division)
                  OR NOT helper.payee_vouched(payee, in_payable.division)) THEN OUTCOME_PAYEE_CHANGED
        WHEN EXISTS (SELECT FROM registry.batch_line l
                      WHERE in_payable.person_id IS NOT NULL AND l.account_index = account.account_index
                        AND l.person_id IS NOT NULL AND l.person_id <> ALL (human)
                        AND l.state IN (LINE_WAITING, LINE_SENT, LINE_PAID, LINE_UNKNOWN)) THEN OUTCOME_PAYEE_SHARED
        ELSE OUTCOME_DONE END;
    RETURN account;
END $$;

/* ---- what leaves a batch ---- */

/* Takes lines that wait out of their batches; the subjects are already what they are then. */
CREATE FUNCTION helper.batch_leave(in_subject uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM registry.batch_line l WHERE l.subject_id = ANY (in_subject) AND l.state = LINE_WAITING) THEN
        DELETE FROM registry.batch_line l WHERE l.subject_id = ANY (in_subject) AND l.state = LINE_WAITING;
    END IF;
END $$;

/* The lines that wait to be paid to an account that this one takes the place of. */
CREATE FUNCTION helper.lines_waiting_for(in_payee uuid[]) RETURNS SETOF registry.batch_line LANGUAGE sql STABLE AS $$
    SELECT l.* FROM registry.payee n
      JOIN registry.payee p ON p.organisation_id = n.organisation_id AND p.payee_id <> n.payee_id
      JOIN registry.batch_line l ON l.payee_id = p.payee_id AND l.state = LINE_WAITING
     WHERE n.payee_id = ANY (in_payee) AND n.confirmed_at IS NULL
     UNION
    SELECT l.* FROM registry.payee n
      JOIN registry.batch_line l ON l.person_id = ANY (helper.person_records(n.person_id)) AND l.state = LINE_WAITING
     WHERE n.payee_id = ANY (in_payee) AND n.confirmed_at IS NULL AND n.person_id IS NOT NULL
$$;

/* Takes these lines out of their batches, by the registry itself. */
CREATE FUNCTION helper.lines_pull(in_lines registry.batch_line[], in_reason text, in_request_id uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    n CONSTANT int4 := cardinality(in_lines);
    nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000'::uuid;
    subjects CONSTANT uuid[] := ARRAY(SELECT l.subject_id FROM unnest(in_lines) WITH ORDINALITY l
                                       ORDER BY l.ordinality);
BEGIN
    IF n = 0 THEN
        RETURN;
    END IF;
    PERFORM helper.batch_leave(subjects);
    PERFORM helper.lines_step(ARRAY(SELECT l.subject_kind FROM unnest(in_lines) WITH ORDINALITY l
                                     ORDER BY l.ordinality), subjects, CLAIM_UNBATCH::int2,
                              array_fill(nobody, ARRAY[n]), array_fill(nobody, ARRAY[n]),
                           array_fill(in_reason, ARRAY[n]), array_fill(in_request_id, ARRAY[n]));
END $$;

/* ---- making a batch ---- */

/* Whether a caller pays: a payer of a bureau. */
CREATE FUNCTION helper.payer_judge(in_caller helper.acting) RETURNS int2 LANGUAGE sql IMMUTABLE AS $$
    SELECT (CASE WHEN in_caller.operator_id IS NULL OR NOT helper.is_bureau(in_caller.kind)
                      OR NOT 'payer' = ANY (in_caller.roles) THEN OUTCOME_NOT_ALLOWED ELSE OUTCOME_DONE END)::int2
$$;

/* The key of the references of a division's batches of a day, which are counted one after the other. */
CREATE FUNCTION helper.batch_key(in_begun text) RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended('batch' || in_begun, 44)
$$;

/* How the references of a division's batches of today begin. */
CREATE FUNCTION helper.batch_begun(in_division text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT in_division || '-' || to_char(helper.today(), 'YYYYMMDD') || '-'
$$;

/* Begins a batch of the caller's bureau, with nothing in it. The bank knows it by division, day and number. */
CREATE FUNCTION api.batch_make(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_batch uuid[],
    in_purpose text[])
RETURNS TABLE (req int4, outcome int2, batch_id uuid, reference text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    begun text;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{batch.make}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(k.key)
       FROM (SELECT DISTINCT helper.batch_key(helper.batch_begun(a.division)) AS key
               FROM unnest(in_operator) u(operator_id) JOIN helper.acting a USING (operator_id) ORDER BY 1) k;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        batch_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            decided := helper.payer_judge(caller);
            IF decided = OUTCOME_DONE AND helper.policy_value('special_account', caller.division, helper.today()) = 0
               THEN
                decided := OUTCOME_KEPT_ELSEWHERE;
            END IF;
            IF decided = OUTCOME_DONE THEN
                batch_id := in_batch[i];
                begun := helper.batch_begun(caller.division);
                INSERT INTO registry.payment_batch (batch_id, division, organisation_id, reference, purpose, made_by,
                                                    request_id)
                SELECT in_batch[i], caller.division, caller.organisation_id,
                       begun || lpad((count(*) + 1)::text, 4, '0'), in_purpose[i], in_operator[i], in_request_id[i]
                  FROM registry.payment_batch b WHERE b.reference LIKE begun || '%';
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => batch_id);
        END IF;
        reference := (SELECT b.reference FROM registry.payment_batch b WHERE b.batch_id = batch_make.batch_id);
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* What requests about batches come to as a whole: whether each was answered before, and may be asked. */
CREATE FUNCTION helper.batch_judge(in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_batch uuid[])
RETURNS TABLE (wholes int2[], known bool[]) LANGUAGE sql AS $$
    SELECT array_agg(coalesce(f.outcome, CASE
               WHEN helper.payer_judge(a) <> OUTCOME_DONE THEN OUTCOME_NOT_ALLOWED
               WHEN i.batch_id IS NULL THEN OUTCOME_DONE
               WHEN b.batch_id IS NULL OR b.organisation_id <> a.organisation_id THEN OUTCOME_BATCH_UNKNOWN
               WHEN b.state <> BATCH_OPEN THEN OUTCOME_BATCH_SENT
               ELSE OUTCOME_DONE END::int2) ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n)
      FROM unnest(in_request_id, in_digest, in_operator, in_batch)
           WITH ORDINALITY i(request_id, digest, operator_id, batch_id, n)
      LEFT JOIN LATERAL helper.answered(i.request_id, i.digest, i.operator_id) f ON true
      LEFT JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN registry.payment_batch b ON b.batch_id = i.batch_id
$$;

/* Two requests of a set about one subject are judged one after the other. */
CREATE FUNCTION helper.lines_apart(in_row_req int4[], in_subject uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(in_row_req, in_subject) u(req, subject_id)
                WHERE u.subject_id IS NOT NULL GROUP BY u.subject_id HAVING count(DISTINCT u.req) > 1) THEN
        RAISE serialization_failure USING MESSAGE = 'two requests of a set are about one subject';
    END IF;
END $$;

/* Whether one of these operators entered that the bank refused a subject, or returned it: who says so does not pay it
   again (C1). */
CREATE FUNCTION helper.line_denied(in_kind int2, in_subject uuid, in_same uuid[]) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.batch_line l
                     JOIN registry.batch_answer a ON a.batch_id = l.batch_id AND a.line = l.line
                    WHERE l.subject_id = in_subject AND l.subject_kind = in_kind
                      AND l.state IN (LINE_REFUSED, LINE_RETURNED) AND a.result IN (LINE_REFUSED, LINE_RETURNED)
                      AND a.operator_id = ANY (in_same));
END $$;

/* Whether a subject may enter a batch of the caller's, who is these operators: done, or why not. */
CREATE FUNCTION helper.line_judge(in_caller helper.acting, in_same uuid[], in_payable helper.payable, in_version int4,
                                  in_terms helper.line_terms) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
DECLARE
    claim registry.claim;
BEGIN
    IF in_payable.subject_id IS NULL
       OR NOT helper.sees(in_caller.kind, in_caller.organisation_id, in_caller.division, in_payable.submitter,
                          in_payable.division) THEN
        RETURN OUTCOME_CLAIM_UNKNOWN;
    END IF;
    IF in_payable.version <> in_version THEN
        RETURN OUTCOME_VERSION_DIFFERS;
    END IF;
    IF NOT in_payable.open THEN
        RETURN OUTCOME_CLAIM_STATE;
    END IF;
    IF NOT in_terms.special_account THEN
        RETURN OUTCOME_KEPT_ELSEWHERE;
    END IF;
    IF coalesce(helper.line_payer(in_payable.subject_kind, in_payable.subject_id), in_terms.payer)
       <> in_caller.division THEN
        RETURN OUTCOME_PAID_ELSEWHERE;
    END IF;
    IF helper.line_denied(in_payable.subject_kind, in_payable.subject_id, in_same) THEN
        RETURN OUTCOME_FOUR_EYES;
    END IF;
    IF in_payable.subject_kind <> MONEY_CLAIM THEN
        RETURN (SELECT CASE WHEN helper.tranche_apart_broken(t, in_caller.operator_id, PROJECT_BATCH::int2,
                                                             in_terms.four_eyes, in_same) THEN OUTCOME_FOUR_EYES
                            WHEN in_terms.finance_recheck AND NOT helper.tranche_rechecked(t.tranche_id, NULL)
                                 THEN OUTCOME_RECHECK_MISSING
                            WHEN helper.heads_doubted(t.project_id, t.head_id) THEN OUTCOME_HEAD_DOUBT
                            ELSE OUTCOME_DONE END
                  FROM registry.tranche t WHERE t.tranche_id = in_payable.subject_id);
    END IF;
    SELECT * INTO claim FROM registry.claim c WHERE c.claim_id = in_payable.subject_id;
    RETURN CASE
        WHEN helper.claim_apart_broken(claim, in_caller.operator_id, CLAIM_BATCH::int2, in_terms.four_eyes, in_same)
             THEN OUTCOME_FOUR_EYES
        WHEN in_terms.finance_recheck
             AND NOT EXISTS (SELECT FROM registry.claim_step s
                              WHERE s.claim_id = claim.claim_id AND s.action = CLAIM_RECHECK)
             THEN OUTCOME_RECHECK_MISSING
        ELSE coalesce((helper.claim_obstacles(claim))[1], OUTCOME_DONE) END;
END $$;

/* What lines come to that are to enter batches, and where each is paid to: what is the caller's and the division's is
   looked up once. Of a line without an operator nothing is asked. What waits in the batch already, or entered it by an
   earlier line, is unchanged. */
CREATE FUNCTION helper.lines_judge(in_operator uuid[], in_batch uuid[], in_kind int2[], in_subject uuid[],
                                   in_version int4[], OUT outcomes int2[], OUT accounts helper.line_account[])
LANGUAGE plpgsql AS $$
BEGIN
    WITH callers AS MATERIALIZED (
        SELECT a.operator_id, a AS caller, helper.human_operators(a.operator_id) AS same
          FROM helper.acting a WHERE a.operator_id = ANY (in_operator)),
    lines AS MATERIALIZED (
        SELECT l.*, (SELECT p FROM helper.payable p
                      WHERE p.subject_kind = l.kind AND p.subject_id = l.subject_id) AS payable
          FROM unnest(in_operator, in_batch, in_kind, in_subject, in_version)
               WITH ORDINALITY l(operator_id, batch_id, kind, subject_id, version, n)),
    terms AS MATERIALIZED (
        SELECT d.division, helper.line_terms(d.division) AS said
          FROM (SELECT DISTINCT (l.payable).division FROM lines l WHERE l.operator_id IS NOT NULL) d
         WHERE d.division IS NOT NULL),
    judged AS MATERIALIZED (
        SELECT l.n, l.subject_id, l.payable,
               CASE WHEN l.operator_id IS NULL THEN NULL
                    WHEN EXISTS (SELECT FROM registry.batch_line w
                                  WHERE w.batch_id = l.batch_id AND w.subject_id = l.subject_id
                                    AND w.state = LINE_WAITING) THEN OUTCOME_UNCHANGED
                    ELSE helper.line_judge(c.caller, c.same, l.payable, l.version, t.said) END::int2 AS outcome
          FROM lines l
          LEFT JOIN callers c ON c.operator_id = l.operator_id
          LEFT JOIN terms t ON t.division = (l.payable).division),
    placed AS MATERIALIZED (
        SELECT j.*, CASE WHEN j.outcome = OUTCOME_DONE THEN helper.line_account(j.payable) END AS account FROM judged j)
    SELECT array_agg(CASE WHEN p.entered THEN OUTCOME_UNCHANGED ELSE p.outcome END::int2 ORDER BY p.n),
           array_agg(p.account ORDER BY p.n)
      INTO outcomes, accounts
      FROM (SELECT x.n, x.account, coalesce((x.account).outcome, x.outcome) AS outcome,
                   bool_or(x.outcome = OUTCOME_DONE AND (x.account).outcome = OUTCOME_DONE)
                       OVER (PARTITION BY x.subject_id ORDER BY x.n
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS entered
              FROM placed x) p;
END $$;

/* What a claim commits of each of its subsidies, and a tranche whole, that has no charge yet: approved before the
   special account was kept here, it is committed when it enters a batch. Of each subject what that comes to. */
CREATE FUNCTION helper.lines_commit(in_kind int2[], in_subject uuid[], in_operator uuid[], in_request_id uuid[])
RETURNS TABLE (n int8, outcome int2) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    part record;
BEGIN
    SELECT array_agg(p.n) AS places, array_agg(p.kind) AS kinds, array_agg(p.subject_id) AS subjects,
           array_agg(p.line::int2) AS lines, array_agg(p.spending::int2) AS spendings,
           array_agg(p.division) AS divisions, array_agg(p.trainee_group) AS groups,
           array_agg(p.certificate_kind) AS certificates, array_agg(p.amount_fen) AS fens,
           array_agg(in_operator[p.n]) AS operators, array_agg(in_request_id[p.n]) AS requests
      INTO part
      FROM (SELECT u.n, u.kind, u.subject_id, l.*
              FROM unnest(in_kind, in_subject) WITH ORDINALITY u(kind, subject_id, n)
             CROSS JOIN LATERAL (
                SELECT l.line, l.line AS spending, c.division, c.trainee_group, c.certificate_kind, l.amount_fen
                  FROM registry.claim c JOIN registry.claim_line l ON l.claim_id = c.claim_id
                 WHERE u.kind = MONEY_CLAIM AND c.claim_id = u.subject_id
                UNION ALL
                SELECT 0, SPENDING_PROJECT, t.division, NULL, NULL, t.amount_fen
                  FROM registry.tranche t WHERE u.kind = MONEY_TRANCHE AND t.tranche_id = u.subject_id) l
             WHERE NOT EXISTS (SELECT FROM registry.charge x
                                WHERE x.subject_kind = u.kind AND x.subject_id = u.subject_id
                                  AND x.state IN (CHARGE_COMMITTED, CHARGE_RETURNED))
             ORDER BY u.subject_id, l.line) p;
    IF part.places IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT DISTINCT part.places[m.n], m.outcome
                   FROM helper.money_commit(part.kinds, part.subjects, part.lines, part.divisions, part.spendings,
                                            part.groups, part.certificates, part.fens, part.operators,
                                            part.requests) m;
END $$;

/* Of persons that enter at once with one account, all but the first are refused (F25). */
CREATE FUNCTION helper.lines_shared(in_outcome int2[], in_account helper.line_account[]) RETURNS int2[]
LANGUAGE sql STABLE AS $$
    SELECT array_agg(CASE WHEN x.human <> x.first THEN OUTCOME_PAYEE_SHARED::int2 ELSE x.outcome END ORDER BY x.n)
      FROM (SELECT u.n, u.outcome, h.human,
                   first_value(h.human) OVER (PARTITION BY (in_account[u.n]).account_index, h.human IS NULL
                                              ORDER BY u.n) AS first
              FROM unnest(in_outcome) WITH ORDINALITY u(outcome, n)
             CROSS JOIN LATERAL (SELECT CASE WHEN u.outcome = OUTCOME_DONE
                                             THEN helper.person_kept((in_account[u.n]).person_id) END AS human) h) x
$$;

/* What would make a batch longer than it may be is refused, in the order of the rows (F13): it is sent in one request,
   for which there is so much time. */
CREATE FUNCTION helper.lines_fit(in_outcome int2[], in_batch uuid[]) RETURNS int2[] LANGUAGE sql STABLE AS $$
    WITH room AS MATERIALIZED (
        SELECT b.batch_id, helper.policy_value('batch_lines_most', b.division, helper.today())
                           - (SELECT count(*) FROM registry.batch_line l WHERE l.batch_id = b.batch_id) AS lines
          FROM registry.payment_batch b WHERE b.batch_id = ANY (in_batch))
    SELECT array_agg(CASE WHEN u.outcome = OUTCOME_DONE AND u.place > r.lines THEN OUTCOME_BATCH_FULL::int2
                          ELSE u.outcome END ORDER BY u.n)
      FROM (SELECT x.*, row_number() OVER (PARTITION BY x.batch_id, x.outcome ORDER BY x.n) AS place
              FROM unnest(in_outcome, in_batch) WITH ORDINALITY x(outcome, batch_id, n)) u
      LEFT JOIN room r ON r.batch_id = u.batch_id
$$;

/* Commits what the lines that may enter come to, as long as their batches have room. What is refused for want of money
   leaves its place to those after it, which are tried in turn. The arrays are of each line. */
CREATE FUNCTION helper.lines_enter(in_outcome int2[], in_batch uuid[], in_kind int2[], in_subject uuid[],
                                   in_operator uuid[], in_request_id uuid[]) RETURNS int2[] LANGUAGE plpgsql AS $$
DECLARE
    outcomes int2[] := in_outcome; /* without regard to room */
    fitting int2[];
    tried int4[] := '{}'::int4[];
    places int4[];
    refused record;
    again bool;
BEGIN
    LOOP
        fitting := coalesce(helper.lines_fit(outcomes, in_batch), outcomes);
        places := ARRAY(SELECT n::int4 FROM generate_subscripts(fitting, 1) n
                         WHERE fitting[n] = OUTCOME_DONE AND n <> ALL (tried) ORDER BY n);
        EXIT WHEN cardinality(places) = 0;
        tried := tried || places;
        again := false;
        FOR refused IN
            SELECT places[k.n] AS n, k.outcome
              FROM helper.lines_commit(ARRAY(SELECT in_kind[p] FROM unnest(places) p ORDER BY p),
                                       ARRAY(SELECT in_subject[p] FROM unnest(places) p ORDER BY p),
                                       ARRAY(SELECT in_operator[p] FROM unnest(places) p ORDER BY p),
                                       ARRAY(SELECT in_request_id[p] FROM unnest(places) p ORDER BY p)) k
             WHERE k.outcome <> OUTCOME_DONE
        LOOP
            outcomes[refused.n] := refused.outcome;
            again := true;
        END LOOP;
        EXIT WHEN NOT again;
    END LOOP;
    RETURN fitting;
END $$;

/* Puts approved subjects into a batch that is not sent, each judged by itself (C4). */
CREATE FUNCTION api.batch_add(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_batch uuid[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_kind int2[], in_subject uuid[], in_version int4[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off /* a plan made while a table was small serves until it is analysed */ AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    moved record;
    outcomes int2[];
    accounts helper.line_account[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* whose records are whose holds until the end */
    PERFORM helper.heads_check(in_entry_head, in_operator, '{batch.add}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{batch.add}', in_request_id, in_digest, in_row_req, in_row);
    PERFORM helper.lines_apart(in_row_req, in_subject);
    PERFORM FROM registry.payment_batch b WHERE b.batch_id = ANY (in_batch) ORDER BY b.batch_id FOR NO KEY UPDATE;
    PERFORM helper.lines_hold(in_subject);
    /* a certificate that is being revoked is waited for */
    PERFORM FROM registry.certificate x
      WHERE x.certificate_id IN (SELECT c.certificate_id FROM registry.claim c WHERE c.claim_id = ANY (in_subject))
      ORDER BY x.certificate_id FOR SHARE;
    /* two that add persons see each other's accounts, and those that were confirmed meanwhile (F25) */
    PERFORM pg_advisory_xact_lock(helper.accounts_key());
    SELECT j.* INTO wholes, known FROM helper.batch_judge(in_request_id, in_digest, in_operator, in_batch) j;
    SELECT j.* INTO outcomes, accounts
      FROM (SELECT array_agg(CASE WHEN NOT known[u.req] AND wholes[u.req] = OUTCOME_DONE
                                  THEN in_operator[u.req] END ORDER BY u.n) AS operators,
                   array_agg(in_batch[u.req] ORDER BY u.n) AS batches
              FROM unnest(in_row_req) WITH ORDINALITY u(req, n)) l
     CROSS JOIN LATERAL helper.lines_judge(l.operators, l.batches, in_kind, in_subject, in_version) j;
    outcomes := coalesce(helper.lines_shared(outcomes, accounts), outcomes);
    SELECT helper.lines_enter(outcomes, array_agg(in_batch[u.req] ORDER BY u.n), in_kind, in_subject,
                              array_agg(in_operator[u.req] ORDER BY u.n), array_agg(in_request_id[u.req] ORDER BY u.n))
      INTO outcomes FROM unnest(in_row_req) WITH ORDINALITY u(req, n);
    SELECT array_agg(l.n ORDER BY l.n) AS places, array_agg(in_kind[l.n] ORDER BY l.n) AS kinds,
           array_agg(in_subject[l.n] ORDER BY l.n) AS subjects, array_agg(o.operator_id ORDER BY l.n) AS operators,
           array_agg(o.request_id ORDER BY l.n) AS requests
      INTO moved
      FROM generate_subscripts(outcomes, 1) l(n)
     CROSS JOIN LATERAL (SELECT in_operator[in_row_req[l.n]] AS operator_id,
                                in_request_id[in_row_req[l.n]] AS request_id) o
     WHERE outcomes[l.n] = OUTCOME_DONE;
    IF moved.places IS NOT NULL THEN
        INSERT INTO registry.batch_line (batch_id, subject_kind, subject_id, amount_fen, payee_id, class_number,
                                         enrolment_id, person_id, account_index, request_id)
        SELECT in_batch[in_row_req[l]], p.subject_kind, p.subject_id, p.amount_fen, (accounts[l]).payee_id,
               CASE WHEN (accounts[l]).enrolment_id IS NOT NULL THEN p.class_number END, (accounts[l]).enrolment_id,
               (accounts[l]).person_id, (accounts[l]).account_index,
               in_request_id[in_row_req[l]]
          FROM unnest(moved.places) l
          JOIN helper.payable p ON p.subject_kind = in_kind[l] AND p.subject_id = in_subject[l]
         ORDER BY p.subject_id;
        PERFORM helper.lines_step(moved.kinds, moved.subjects, CLAIM_BATCH::int2, moved.operators, moved.operators,
                               array_fill(NULL::text, ARRAY[cardinality(moved.places)]), moved.requests);
    END IF;
    PERFORM helper.lines_answer(in_request_id, in_digest, in_operator, in_entry_head, known, wholes, in_row_req, in_row,
                                in_row_head, in_subject, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* Writes the entries and marks of a set whose rows are about subjects. */
CREATE FUNCTION helper.lines_answer(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_known bool[],
    in_wholes int2[], in_row_req int4[], in_row int4[], in_row_head bytea[], in_subject uuid[], in_outcomes int2[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.entry (operator_id, person_id, body)
    SELECT in_operator[l.req], c.person_id,
           helper.entry_body(l.head, l.outcome, NULL, c.person_id, NULL, NULL,
                             CASE WHEN l.outcome NOT IN (OUTCOME_CLAIM_UNKNOWN, OUTCOME_NEVER_SENT)
                                       THEN l.subject_id END)
      FROM unnest(in_row_req, in_row_head, in_subject, in_outcomes)
           WITH ORDINALITY l(req, head, subject_id, outcome, n)
      LEFT JOIN registry.claim c ON c.claim_id = l.subject_id
                                AND l.outcome NOT IN (OUTCOME_CLAIM_UNKNOWN, OUTCOME_NEVER_SENT)
     WHERE l.outcome IS NOT NULL
     ORDER BY l.n;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                            array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), in_known, in_wholes, in_row_req,
                            in_row, in_outcomes);
END $$;

/* Takes subjects out of a batch that is not sent. */
CREATE FUNCTION api.batch_remove(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_batch uuid[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_kind int2[], in_subject uuid[], in_version int4[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off /* a plan made while a table was small serves until it is analysed */ AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    outcomes int2[];
    left_out record;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{batch.remove}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{batch.remove}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM helper.lines_apart(in_row_req, in_subject);
    PERFORM FROM registry.payment_batch b WHERE b.batch_id = ANY (in_batch) ORDER BY b.batch_id FOR NO KEY UPDATE;
    PERFORM helper.lines_hold(in_subject);
    SELECT j.* INTO wholes, known FROM helper.batch_judge(in_request_id, in_digest, in_operator, in_batch) j;
    SELECT array_agg(CASE
               WHEN known[r.req] OR wholes[r.req] <> OUTCOME_DONE THEN NULL
               WHEN l.subject_id IS NULL THEN OUTCOME_CLAIM_UNKNOWN
               WHEN p.version <> r.version THEN OUTCOME_VERSION_DIFFERS
               WHEN r.place > 1 THEN OUTCOME_UNCHANGED
               ELSE OUTCOME_DONE END::int2 ORDER BY r.n)
      INTO outcomes
      FROM (SELECT u.*, row_number() OVER (PARTITION BY u.kind, u.subject_id ORDER BY u.n) AS place
              FROM unnest(in_row_req, in_kind, in_subject, in_version)
                   WITH ORDINALITY u(req, kind, subject_id, version, n)) r
      LEFT JOIN registry.batch_line l ON l.batch_id = in_batch[r.req] AND l.subject_kind = r.kind
                                     AND l.subject_id = r.subject_id AND l.state = LINE_WAITING
      LEFT JOIN helper.payable p ON p.subject_kind = r.kind AND p.subject_id = r.subject_id;
    SELECT array_agg(in_kind[n] ORDER BY n) AS kinds, array_agg(in_subject[n] ORDER BY n) AS subjects,
           array_agg(in_operator[in_row_req[n]] ORDER BY n) AS operators,
           array_agg(in_request_id[in_row_req[n]] ORDER BY n) AS requests
      INTO left_out FROM generate_subscripts(outcomes, 1) n WHERE outcomes[n] = OUTCOME_DONE;
    IF left_out.subjects IS NOT NULL THEN
        PERFORM helper.batch_leave(left_out.subjects);
        PERFORM helper.lines_step(left_out.kinds, left_out.subjects, CLAIM_UNBATCH::int2, left_out.operators,
                               left_out.operators, array_fill(NULL::text, ARRAY[cardinality(left_out.subjects)]),
                               left_out.requests);
    END IF;
    PERFORM helper.lines_answer(in_request_id, in_digest, in_operator, in_entry_head, known, wholes, in_row_req, in_row,
                                in_row_head, in_subject, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* ---- sending ---- */

/* The policy four_eyes of a batch: of whose ledgers pay, or of whose claims and tranches are paid, whichever asks for
   more. */
CREATE FUNCTION helper.batch_eyes(in_batch registry.payment_batch) RETURNS int4 LANGUAGE sql STABLE AS $$
    SELECT max(helper.policy_value('four_eyes', d.division, helper.today()))::int4
      FROM (SELECT in_batch.division
            UNION
            SELECT c.division FROM registry.batch_line l
             CROSS JOIN LATERAL (SELECT x.division FROM registry.claim x WHERE x.claim_id = l.subject_id OFFSET 0) c
             WHERE l.batch_id = in_batch.batch_id
            UNION
            SELECT t.division FROM registry.batch_line l
             CROSS JOIN LATERAL (SELECT x.division FROM registry.tranche x WHERE x.tranche_id = l.subject_id OFFSET 0) t
             WHERE l.batch_id = in_batch.batch_id AND l.subject_kind = MONEY_TRANCHE) d
$$;

/* Whether an operator may not send a batch (C1): it made it, or has a part in one of its lines that forbids it, as
   helper.claim_apart_broken() and helper.tranche_apart_broken() say of one. What stands about a line is looked up
   (OFFSET 0), here and in what follows: whole tables are many times as large as a batch. */
CREATE FUNCTION helper.batch_apart_broken(in_batch registry.payment_batch, in_operator uuid) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
DECLARE
    same CONSTANT uuid[] := helper.human_operators(in_operator);
    employers CONSTANT uuid[] := ARRAY(SELECT o.organisation_id FROM registry.operator o
                                        WHERE o.operator_id = ANY (same));
    own CONSTANT uuid[] := helper.document_records((SELECT h.document_index FROM registry.operator o
                                                      JOIN registry.human h ON h.human_id = o.human_id
                                                     WHERE o.operator_id = in_operator));
    four_eyes CONSTANT int4 := helper.batch_eyes(in_batch);
BEGIN
    RETURN in_batch.made_by = ANY (same)
        OR EXISTS (SELECT FROM registry.batch_line l
                    WHERE l.batch_id = in_batch.batch_id
                      AND CASE WHEN EXISTS (SELECT FROM registry.batch_line d
                                             WHERE d.subject_id = l.subject_id
                                               AND d.state IN (LINE_REFUSED, LINE_RETURNED) OFFSET 0)
                               THEN helper.line_denied(l.subject_kind, l.subject_id, same) END)
        OR EXISTS (SELECT FROM registry.batch_line l
                    CROSS JOIN LATERAL (SELECT x.claim_id, x.version, x.action FROM registry.claim_step x
                                         WHERE x.claim_id = l.subject_id AND x.operator_id = ANY (same) OFFSET 0) s
                     JOIN helper.claim_apart a ON a.earlier = s.action AND a.later = CLAIM_SEND
                                              AND a.eyes <= four_eyes
                    WHERE l.batch_id = in_batch.batch_id
                      /* who put it into an earlier batch has no part in this one */
                      AND (s.action <> CLAIM_BATCH
                           OR NOT EXISTS (SELECT FROM registry.claim_step x
                                           WHERE x.claim_id = s.claim_id AND x.action = CLAIM_BATCH
                                             AND x.version > s.version)))
        OR EXISTS (SELECT FROM registry.batch_line l
                    CROSS JOIN LATERAL (SELECT x.* FROM registry.claim x WHERE x.claim_id = l.subject_id OFFSET 0) c
                    WHERE l.batch_id = in_batch.batch_id AND l.subject_kind = MONEY_CLAIM
                      AND (c.submitted_by = ANY (same) OR c.approved_by = ANY (same)
                           OR four_eyes >= 3 AND c.reviewed_by = ANY (same)
                           OR c.route <> ROUTE_PERSON AND c.organisation_id = ANY (employers)
                           OR c.person_id = ANY (own)))
        OR EXISTS (SELECT FROM registry.batch_line l JOIN registry.tranche t ON t.tranche_id = l.subject_id
                    WHERE l.batch_id = in_batch.batch_id AND l.subject_kind = MONEY_TRANCHE
                      AND helper.tranche_apart_broken(t, in_operator, PROJECT_SEND::int2, four_eyes));
END $$;

/* Why a batch of these lines cannot be sent by an operator; done: it can. The caller holds their subjects. */
CREATE FUNCTION helper.batch_send_judge(in_batch registry.payment_batch, in_operator uuid, in_lines int4,
                                        in_amount int8) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    totals record;
BEGIN
    SELECT count(*) AS lines, coalesce(sum(l.amount_fen), 0) AS amount INTO totals FROM registry.batch_line l
     WHERE l.batch_id = in_batch.batch_id;
    RETURN CASE
        WHEN totals.lines = 0 THEN OUTCOME_BATCH_EMPTY
        WHEN (totals.lines, totals.amount) <> (in_lines, in_amount) THEN OUTCOME_BATCH_TOTALS
        WHEN helper.batch_apart_broken(in_batch, in_operator) THEN OUTCOME_FOUR_EYES
        WHEN EXISTS (SELECT FROM registry.batch_line l JOIN registry.payee y USING (payee_id)
                       JOIN registry.organisation g ON g.organisation_id = y.organisation_id
                      WHERE l.batch_id = in_batch.batch_id AND g.status <> STATUS_ACTIVE)
             THEN OUTCOME_ORGANISATION_STATE
        WHEN helper.payee_of(in_batch.organisation_id, NULL) IS NULL THEN OUTCOME_PAYER_ACCOUNT
        ELSE OUTCOME_DONE END;
END $$;

/* Suspends, by the registry itself, claims of a batch whose certificate is not valid any more, or whose holder's
   completion was taken away (B1): they leave it. The caller holds the claims. */
CREATE PROCEDURE helper.batch_doubt(in_batch uuid, in_request_id uuid) LANGUAGE plpgsql AS $$
DECLARE
    revoked uuid[];
    undone uuid[];
BEGIN
    /* a certificate that is being revoked is waited for */
    PERFORM FROM registry.certificate x
      WHERE x.certificate_id IN (SELECT c.certificate_id FROM registry.batch_line l
                                  CROSS JOIN LATERAL (SELECT y.certificate_id FROM registry.claim y
                                                       WHERE y.claim_id = l.subject_id OFFSET 0) c
                                  WHERE l.batch_id = in_batch)
      ORDER BY x.certificate_id FOR SHARE;
    SELECT array_agg(c.claim_id) FILTER (WHERE x.state <> CERTIFICATE_VALID),
           array_agg(c.claim_id) FILTER (WHERE x.state = CERTIFICATE_VALID)
      INTO revoked, undone
      FROM registry.batch_line l
     CROSS JOIN LATERAL (SELECT y.* FROM registry.claim y WHERE y.claim_id = l.subject_id OFFSET 0) c
     CROSS JOIN LATERAL (SELECT y.state FROM registry.certificate y
                          WHERE y.certificate_id = c.certificate_id OFFSET 0) x
     WHERE l.batch_id = in_batch
       AND (x.state <> CERTIFICATE_VALID
            OR NOT EXISTS (SELECT FROM registry.enrolment e
                            WHERE e.class_number = c.class_number AND e.person_id = c.person_id
                              AND e.result = RESULT_COMPLETED AND e.removed_reason IS NULL)
               AND NOT EXISTS (SELECT FROM unnest(helper.person_records(c.person_id)) h
                                WHERE helper.has_completed(h, c.class_number, c.occupation_code, c.level)));
    CALL helper.claims_suspend(coalesce(revoked, '{}'), 'certificate revoked', in_request_id);
    CALL helper.claims_suspend(coalesce(undone, '{}'), 'not completed', in_request_id);
END $$;

/* Lines of a batch that must not be sent as they are: no money of this division's is committed for them, or not so
   much; their tranche's project does not go on, or one of its heads no longer counts (E7, F15). */
CREATE FUNCTION helper.lines_unpayable(in_batch registry.payment_batch) RETURNS SETOF registry.batch_line
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT l.* FROM registry.batch_line l
     WHERE l.batch_id = in_batch.batch_id
       AND l.amount_fen IS DISTINCT FROM
           (SELECT sum(c.amount_fen) FROM registry.charge c JOIN registry.ledger g ON g.ledger_id = c.ledger_id
             WHERE c.subject_kind = l.subject_kind AND c.subject_id = l.subject_id
               AND c.state IN (CHARGE_COMMITTED, CHARGE_RETURNED) AND g.division = in_batch.division)
    UNION
    SELECT l.* FROM registry.batch_line l
      JOIN registry.tranche t ON t.tranche_id = l.subject_id
      JOIN registry.project p ON p.project_id = t.project_id
     WHERE l.batch_id = in_batch.batch_id AND l.subject_kind = MONEY_TRANCHE
       AND (p.state NOT IN (PROJECT_CARRIED_OUT, PROJECT_ADVANCE_PAID, PROJECT_VERIFYING)
            OR helper.heads_doubted(t.project_id, t.head_id));
END $$;

/* Lines of a batch to whose account nothing would be paid now: another one took its place, or it is gone. Persons
   whose roster says what it said, and of whom nothing else is known, are passed over without a closer look. */
CREATE FUNCTION helper.lines_diverted(in_batch registry.payment_batch) RETURNS SETOF registry.batch_line
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH stated AS MATERIALIZED (
        SELECT o.organisation_id, (helper.payee_of(o.organisation_id, NULL)).payee_id
          FROM (SELECT DISTINCT y.organisation_id FROM registry.batch_line l JOIN registry.payee y USING (payee_id)
                 WHERE l.batch_id = in_batch.batch_id AND l.person_id IS NULL) o)
    SELECT l.* FROM registry.batch_line l
      JOIN registry.payee y ON y.payee_id = l.payee_id
      JOIN stated s ON s.organisation_id = y.organisation_id
     WHERE l.batch_id = in_batch.batch_id AND l.person_id IS NULL AND s.payee_id IS DISTINCT FROM l.payee_id
    UNION
    SELECT l.* FROM registry.batch_line l
     WHERE l.batch_id = in_batch.batch_id AND l.person_id IS NOT NULL
       AND CASE WHEN EXISTS (SELECT FROM registry.enrolment e
                              WHERE e.class_number = l.class_number AND e.person_id = l.person_id
                                AND e.enrolment_id = l.enrolment_id AND e.removed_reason IS NULL
                                AND e.account_index = l.account_index)
                     AND NOT EXISTS (SELECT FROM registry.payee y WHERE y.person_id = l.person_id)
                     AND NOT EXISTS (SELECT FROM registry.person_merge m WHERE m.gone = l.person_id)
                     AND NOT EXISTS (SELECT FROM registry.person_merge m WHERE m.kept = l.person_id) THEN false
                ELSE (SELECT (a.payee_id, a.enrolment_id, a.account_index)
                                 IS DISTINCT FROM (l.payee_id, l.enrolment_id, l.account_index)
                        FROM helper.payable p CROSS JOIN LATERAL helper.line_account(p) a
                       WHERE p.subject_kind = l.subject_kind AND p.subject_id = l.subject_id) END;
END $$;

/* Whether the expenditure account holds what a batch pays out of each ledger (F8). */
CREATE FUNCTION helper.batch_cash_short(in_batch uuid) RETURNS bool LANGUAGE sql AS $$
    SELECT coalesce((SELECT true = ANY (helper.cash_short(array_agg(x.ledger_id), array_agg(x.fen)))
                       FROM (SELECT c.ledger_id, sum(c.amount_fen)::int8 AS fen
                               FROM registry.batch_line l
                              CROSS JOIN LATERAL (SELECT y.* FROM registry.charge y
                                                   WHERE y.subject_kind = l.subject_kind
                                                     AND y.subject_id = l.subject_id OFFSET 0) c
                              WHERE l.batch_id = in_batch AND c.state IN (CHARGE_COMMITTED, CHARGE_RETURNED)
                              GROUP BY c.ledger_id ORDER BY c.ledger_id) x
                     HAVING count(*) > 0), false)
$$;

/* Numbers the lines of a batch, and its subjects take the step. */
CREATE PROCEDURE helper.batch_go(in_batch registry.payment_batch, in_operator uuid, in_request_id uuid)
LANGUAGE plpgsql AS $$
DECLARE
    going record;
BEGIN
    WITH numbered AS (
        SELECT l.subject_kind, l.subject_id, row_number() OVER (ORDER BY l.subject_kind, l.subject_id)::int4 AS line
          FROM registry.batch_line l WHERE l.batch_id = in_batch.batch_id)
    UPDATE registry.batch_line l SET line = n.line, state = LINE_SENT FROM numbered n
     WHERE l.batch_id = in_batch.batch_id AND l.subject_kind = n.subject_kind AND l.subject_id = n.subject_id;
    SELECT array_agg(l.subject_kind ORDER BY l.line) AS kinds, array_agg(l.subject_id ORDER BY l.line) AS subjects,
           count(*)::int4 AS n, sum(l.amount_fen)::int8 AS fen
      INTO going FROM registry.batch_line l WHERE l.batch_id = in_batch.batch_id;
    PERFORM helper.lines_step(going.kinds, going.subjects, CLAIM_SEND::int2, array_fill(in_operator, ARRAY[going.n]),
                           array_fill(in_operator, ARRAY[going.n]),
                           array_fill(in_batch.reference, ARRAY[going.n]),
                           array_fill(in_request_id, ARRAY[going.n]));
    PERFORM helper.money_post(MONEY_SENT::int2, going.kinds, going.subjects, array_fill(in_operator, ARRAY[going.n]),
                              array_fill(in_request_id, ARRAY[going.n]), in_held => true);
    UPDATE registry.payment_batch b
       SET state = BATCH_SENT, sent_by = in_operator, sent_at = now(), lines = going.n, amount_fen = going.fen,
           payer_id = (helper.payee_of(in_batch.organisation_id, NULL)).payee_id,
           part_lines = helper.policy_value('batch_part_lines', in_batch.division, helper.today())
     WHERE b.batch_id = in_batch.batch_id;
END $$;

/* Sends batches: from here on a line is the bank's. Who sends says how many lines and how much it has seen. */
CREATE FUNCTION api.batch_send(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_batch uuid[],
    in_lines int4[], in_amount int8[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
SET work_mem = '64MB' /* a batch is sorted in memory */ AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    batch registry.payment_batch;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key());
    PERFORM helper.heads_check(in_entry_head, in_operator, '{batch.send}', in_request_id, in_digest);
    PERFORM FROM registry.payment_batch b WHERE b.batch_id = ANY (in_batch) ORDER BY b.batch_id FOR NO KEY UPDATE;
    PERFORM helper.lines_hold(ARRAY(SELECT l.subject_id FROM registry.batch_line l
                                     WHERE l.batch_id = ANY (in_batch) AND l.state = LINE_WAITING));
    /* of all batches at once: ledgers are locked in one order */
    PERFORM FROM registry.ledger_cash k
      WHERE k.ledger_id IN (SELECT c.ledger_id FROM registry.batch_line l
                             CROSS JOIN LATERAL (SELECT y.ledger_id FROM registry.charge y
                                                  WHERE y.subject_kind = l.subject_kind
                                                    AND y.subject_id = l.subject_id OFFSET 0) c
                             WHERE l.batch_id = ANY (in_batch) AND l.state = LINE_WAITING)
      ORDER BY k.ledger_id FOR UPDATE;
    SELECT j.* INTO wholes, known FROM helper.batch_judge(in_request_id, in_digest, in_operator, in_batch) j;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        req := i;
        outcome := wholes[i];
        IF NOT known[i] THEN
            SELECT * INTO batch FROM registry.payment_batch b WHERE b.batch_id = in_batch[i];
            IF outcome = OUTCOME_DONE AND batch.state <> BATCH_OPEN THEN /* by an earlier request of the set */
                outcome := OUTCOME_BATCH_SENT;
            END IF;
            IF outcome = OUTCOME_DONE THEN
                CALL helper.batch_doubt(in_batch[i], in_request_id[i]);
                PERFORM helper.lines_pull(ARRAY(SELECT l FROM helper.lines_unpayable(batch) l ORDER BY l.subject_id),
                                          'not payable any more', in_request_id[i]);
                PERFORM helper.lines_pull(ARRAY(SELECT l FROM helper.lines_diverted(batch) l ORDER BY l.subject_id),
                                          'account changed', in_request_id[i]);
                outcome := helper.batch_send_judge(batch, in_operator[i], in_lines[i], in_amount[i]);
            END IF;
            IF outcome = OUTCOME_DONE AND helper.batch_cash_short(in_batch[i]) THEN
                outcome := OUTCOME_CASH_SHORT;
            END IF;
            IF outcome = OUTCOME_DONE THEN
                CALL helper.batch_go(batch, in_operator[i], in_request_id[i]);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], outcome,
                               in_subject => CASE WHEN outcome NOT IN (OUTCOME_NOT_ALLOWED, OUTCOME_BATCH_UNKNOWN)
                                                       THEN in_batch[i] END);
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

/* ---- the file ---- */

/* The lines of a sent batch in clear, a page after a line (D2): every person whose account leaves is looked at, on
   record. A payer reads a batch whole, however many there are; an auditor as many as are left to it. Row 0 of each
   request is about the batch. A line of somebody who was erased since has OUTCOME_ERASED and nothing that is sealed;
   the others are read all the same. */
CREATE FUNCTION api.batch_export(in_operator uuid[], in_entry_head bytea[], in_batch uuid[], in_after int4[],
                                 in_page int4[])
RETURNS TABLE (req int4, outcome int2, line int4, amount_fen int8, subject_kind int2, subject_id uuid, subsidies int4,
               payee_id uuid, payee_sealed bytea, organisation_code text, record_id uuid, person_sealed bytea,
               enrolment_id uuid, enrolment_sealed bytea, reference text, purpose text, lines int4, part_lines int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
/* a page is looked up line by line, however much stands beside it */
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    small_page CONSTANT int4 := 200;
    caller helper.acting;
    batch registry.payment_batch;
    audits bool;
    last int8; /* line of the page */
    decided int2;
    persons uuid[];
    entry int8;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{batch.export}');
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        audits := coalesce('auditor' = ANY (caller.roles), false);
        SELECT * INTO batch FROM registry.payment_batch b
         WHERE b.batch_id = in_batch[i]
           AND (b.organisation_id = caller.organisation_id OR audits AND helper.batch_seen(caller, b));
        /* the lines of a sent batch are numbered without a gap; an auditor's looks are counted by small pages */
        last := least(in_after[i]::int8 + least(in_page[i], CASE WHEN audits THEN small_page END), batch.lines);
        persons := ARRAY(SELECT l.person_id FROM registry.batch_line l
                          WHERE l.batch_id = batch.batch_id AND l.line BETWEEN in_after[i] + 1 AND last
                            AND l.person_id IS NOT NULL
                            AND NOT helper.person_erased(helper.person_kept(l.person_id)));
        decided := CASE WHEN NOT audits AND helper.payer_judge(caller) <> OUTCOME_DONE THEN OUTCOME_NOT_ALLOWED
                        WHEN audits AND helper.looks_left(in_operator[i], caller.division, true)
                                        < greatest(cardinality(persons), 1) THEN OUTCOME_LOOKS_EXCEEDED
                        WHEN batch IS NULL THEN OUTCOME_BATCH_UNKNOWN
                        WHEN batch.state <> BATCH_SENT THEN OUTCOME_BATCH_NOT_SENT
                        ELSE OUTCOME_DONE END;
        IF decided <> OUTCOME_DONE THEN
            persons := '{}';
        END IF;
        entry := helper.look_enter(in_operator[i], in_entry_head[i], decided, NULL, NULL, PURPOSE_PAYMENT::int2,
                                   coalesce(batch.reference, '-'), cardinality(persons));
        INSERT INTO registry.look (person_id, entry_id) SELECT DISTINCT p, entry FROM unnest(persons) p;
        IF audits AND decided = OUTCOME_DONE THEN
            CALL helper.look_spend(in_operator[i], 0, cardinality(persons));
        END IF;
        RETURN QUERY SELECT i, decided, 0, batch.amount_fen, NULL::int2, NULL::uuid, NULL::int4, y.payee_id, y.sealed,
                            g.code, NULL::uuid, NULL::bytea, NULL::uuid, NULL::bytea, batch.reference, batch.purpose,
                            batch.lines, batch.part_lines
                       FROM (SELECT) one
                       LEFT JOIN registry.payee y ON y.payee_id = batch.payer_id AND decided = OUTCOME_DONE
                       LEFT JOIN registry.organisation g ON g.organisation_id = y.organisation_id;
        CONTINUE WHEN decided <> OUTCOME_DONE;
        RETURN QUERY
        SELECT i, CASE WHEN x.erased THEN OUTCOME_ERASED::int2 ELSE decided END, l.line, l.amount_fen, l.subject_kind,
               l.subject_id,
               (SELECT sum(1 << (s.line - 1))::int4 FROM registry.claim_line s WHERE s.claim_id = l.subject_id),
               y.payee_id, CASE WHEN NOT x.erased THEN y.sealed END, g.code, coalesce(p.record_id, p.person_id),
               CASE WHEN NOT x.erased THEN p.sealed END, e.enrolment_id, CASE WHEN NOT x.erased THEN e.sealed END,
               NULL::text, NULL::text, NULL::int4, NULL::int4
          FROM registry.batch_line l
          LEFT JOIN registry.payee y ON y.payee_id = l.payee_id
          LEFT JOIN registry.organisation g ON g.organisation_id = y.organisation_id
          LEFT JOIN registry.person p ON p.person_id = helper.person_kept(l.person_id)
          LEFT JOIN LATERAL (SELECT a.enrolment_id, a.sealed FROM registry.enrolment a
                              WHERE a.class_number = l.class_number AND a.person_id = l.person_id
                                AND a.enrolment_id = l.enrolment_id
                             UNION ALL /* of somebody whose records were merged, the class is read */
                             SELECT a.enrolment_id, a.sealed FROM registry.enrolment a
                              WHERE a.class_number = l.class_number AND a.enrolment_id = l.enrolment_id
                              LIMIT 1) e ON true
         CROSS JOIN LATERAL (SELECT coalesce('' IN (y.sealed, p.sealed, e.sealed), false) AS erased) x
         WHERE l.batch_id = in_batch[i] AND l.line BETWEEN in_after[i] + 1 AND last
         ORDER BY l.line;
    END LOOP;
END $$;

/* ---- the bank's answer ---- */

/* What an answer for a line comes to: done, unchanged, or why not (F14). What the bank said before stands; what it
   said still earlier changes nothing. `said`: it has said just this. `sent_on`: the day the batch was sent. `taken`:
   the reference is another line's. What came back after a claw-back is not returned besides. */
CREATE FUNCTION helper.answer_judge(in_line registry.batch_line, in_said bool, in_result int2, in_traded_on date,
                                    in_amount int8, in_sent_on date, in_today date, in_taken bool)
RETURNS int2 LANGUAGE sql STABLE AS $$
    SELECT (CASE
        WHEN in_line.line IS NULL THEN OUTCOME_NEVER_SENT
        WHEN in_amount <> in_line.amount_fen THEN OUTCOME_AMOUNT_DIFFERS
        WHEN in_said THEN OUTCOME_UNCHANGED
        WHEN in_traded_on NOT BETWEEN in_sent_on AND in_today THEN OUTCOME_TRADED_ON
        WHEN in_taken THEN OUTCOME_REFERENCE_TAKEN
        WHEN in_line.state IN (LINE_SENT, LINE_UNKNOWN) THEN OUTCOME_DONE
        WHEN in_line.state = LINE_PAID AND in_result = LINE_RETURNED
             THEN CASE WHEN EXISTS (SELECT FROM registry.charge c
                                     WHERE c.subject_kind = in_line.subject_kind
                                       AND c.subject_id = in_line.subject_id AND c.recovered_fen > 0)
                       THEN OUTCOME_LINE_RECOVERED ELSE OUTCOME_DONE END
        WHEN in_result = LINE_UNKNOWN THEN OUTCOME_UNCHANGED
        WHEN in_line.state = LINE_RETURNED AND in_result = LINE_PAID AND in_traded_on <= in_line.traded_on
             THEN OUTCOME_UNCHANGED
        ELSE OUTCOME_ANSWER_DIFFERS END)::int2
$$;

/* An answer of the bank for a line, and the line as it is before. */
CREATE TYPE helper.bank_answer AS (line registry.batch_line, result int2, bank_reference text, traded_on date,
                                   reason_code text, reason text, sent_by uuid, operator_id uuid, request_id uuid);

/* Takes one step of the subjects of answers. */
CREATE FUNCTION helper.answers_step(in_answers helper.bank_answer[], in_action int2) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    step record;
BEGIN
    IF cardinality(in_answers) = 0 THEN
        RETURN;
    END IF;
    SELECT array_agg((a.line).subject_kind ORDER BY a.ordinality) AS kinds,
           array_agg((a.line).subject_id ORDER BY a.ordinality) AS subjects,
           array_agg(a.sent_by ORDER BY a.ordinality) AS payers,
           array_agg(a.operator_id ORDER BY a.ordinality) AS operators,
           array_agg(coalesce(a.reason_code, a.reason, a.bank_reference) ORDER BY a.ordinality) AS reasons,
           array_agg(a.request_id ORDER BY a.ordinality) AS requests
      INTO step FROM unnest(in_answers) WITH ORDINALITY a;
    PERFORM helper.lines_step(step.kinds, step.subjects, in_action, step.payers, step.operators, step.reasons,
                              step.requests);
END $$;

/* Posts an event of the subjects of answers, whose ledgers the caller holds (helper.answers_hold()). */
CREATE FUNCTION helper.answers_post(in_answers helper.bank_answer[], in_event int2) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    post record;
BEGIN
    IF cardinality(in_answers) = 0 THEN
        RETURN;
    END IF;
    SELECT array_agg((a.line).subject_kind ORDER BY a.ordinality) AS kinds,
           array_agg((a.line).subject_id ORDER BY a.ordinality) AS subjects,
           array_agg(a.operator_id ORDER BY a.ordinality) AS operators,
           array_agg(a.request_id ORDER BY a.ordinality) AS requests
      INTO post FROM unnest(in_answers) WITH ORDINALITY a;
    PERFORM helper.money_post(in_event, post.kinds, post.subjects, post.operators, post.requests, in_held => true);
END $$;

/* The key of what the bank answered of a batch: of two readings at once, one sees the other's references. */
CREATE FUNCTION helper.answers_key(in_batch uuid) RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended('answers' || in_batch, 44)
$$;

/* Waits for whoever else reads answers of these batches, then locks the ledgers of these lines, all in one order. */
CREATE FUNCTION helper.answers_hold(in_batch uuid[], in_kind int2[], in_subject uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(k.key)
       FROM (SELECT DISTINCT helper.answers_key(d.id) AS key
               FROM (SELECT DISTINCT u.id FROM unnest(in_batch) u(id) WHERE u.id IS NOT NULL) d ORDER BY 1) k;
    PERFORM helper.money_hold(in_kind, in_subject);
END $$;

/* Writes answers, which are done: of each line one. What was clawed back before the bank returned it stays so, and
   nothing is owed any more; likewise what a project has to give back (helper.tranches_return()). What others wait for
   comes last: whoever reads at the same time waits for that, not for the rest. */
CREATE FUNCTION helper.answers_take(in_answers helper.bank_answer[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    clawed CONSTANT helper.bank_answer[] := ARRAY(
        SELECT a FROM unnest(in_answers) a JOIN registry.claim c ON c.claim_id = (a.line).subject_id
         WHERE a.result = LINE_RETURNED AND c.state = CLAIM_CLAWED_BACK);
    kept CONSTANT helper.bank_answer[] := CASE WHEN cardinality(clawed) = 0 THEN in_answers ELSE ARRAY(
        SELECT a FROM unnest(in_answers) a LEFT JOIN registry.claim c ON c.claim_id = (a.line).subject_id
         WHERE a.result <> LINE_RETURNED OR c.state IS DISTINCT FROM CLAIM_CLAWED_BACK) END;
    /* what was not known to be paid, and is returned, was paid before */
    paid CONSTANT helper.bank_answer[] := ARRAY(
        SELECT a FROM unnest(kept) a
         WHERE a.result = LINE_PAID OR a.result = LINE_RETURNED AND (a.line).state <> LINE_PAID);
    refused CONSTANT helper.bank_answer[] := ARRAY(SELECT a FROM unnest(kept) a WHERE a.result = LINE_REFUSED);
    returned CONSTANT helper.bank_answer[] := ARRAY(SELECT a FROM unnest(kept) a WHERE a.result = LINE_RETURNED);
    lost helper.bank_answer[]; /* of these, tranches that are not to be paid again */
BEGIN
    UPDATE registry.batch_line l
       SET state = a.result, bank_reference = coalesce(a.bank_reference, l.bank_reference), traded_on = a.traded_on,
           reason_code = a.reason_code, reason = a.reason
      FROM unnest(in_answers) a
     WHERE l.batch_id = (a.line).batch_id AND l.subject_kind = (a.line).subject_kind
       AND l.subject_id = (a.line).subject_id;
    PERFORM helper.answers_step(paid, CLAIM_PAY::int2);
    PERFORM helper.answers_step(refused, CLAIM_BANK_REFUSE::int2);
    PERFORM helper.answers_step(returned, CLAIM_BANK_RETURN::int2);
    lost := ARRAY(SELECT a FROM unnest(returned) a JOIN registry.tranche t ON t.tranche_id = (a.line).subject_id
                   WHERE (a.line).subject_kind = MONEY_TRANCHE AND t.state = CLAIM_REJECTED);
    PERFORM helper.answers_hold(array_agg((a.line).batch_id), array_agg((a.line).subject_kind),
                                array_agg((a.line).subject_id))
       FROM unnest(in_answers) a;
    IF EXISTS (SELECT FROM unnest(in_answers) a
                WHERE EXISTS (SELECT FROM registry.batch_answer b
                               WHERE b.batch_id = (a.line).batch_id AND b.bank_reference = a.bank_reference
                                 AND b.line <> (a.line).line
                              OFFSET 0)) THEN
        RAISE serialization_failure USING MESSAGE = 'a reference was taken while its answer was judged';
    END IF;
    INSERT INTO registry.batch_answer (batch_id, line, answer, result, bank_reference, traded_on, reason_code, reason,
                                       operator_id, request_id)
    SELECT (a.line).batch_id, (a.line).line,
           1 + (SELECT count(*) FROM registry.batch_answer b
                 WHERE (a.line).state <> LINE_SENT /* else it is the first */
                   AND b.batch_id = (a.line).batch_id AND b.line = (a.line).line)::int4,
           a.result, a.bank_reference, a.traded_on, a.reason_code, a.reason, a.operator_id, a.request_id
      FROM unnest(in_answers) a;
    PERFORM helper.answers_post(paid, MONEY_PAID::int2);
    PERFORM helper.answers_post(refused, MONEY_REFUSED::int2);
    PERFORM helper.answers_post(returned || clawed, MONEY_RETURNED::int2);
    PERFORM helper.answers_post(clawed || lost, MONEY_RIGHT_LOST::int2);
END $$;

/* Reads the bank's answers, each judged by itself (C4, F14). Several for one line are taken in their order. */
CREATE FUNCTION api.batch_reply(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_row_req int4[],
    in_row int4[], in_row_head bytea[], in_reference text[], in_line int4[], in_result int2[],
    in_bank_reference text[], in_traded_on date[], in_reason_code text[], in_reason text[], in_amount int8[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
/* lines are looked up one by one (OFFSET 0), however much stands beside them */
SET random_page_cost = 1 SET work_mem = '64MB' AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    batches uuid[]; /* of each row, as the following */
    kinds int2[];
    subjects uuid[];
    sends uuid[];
    sent_on date[];
    today CONSTANT date := helper.today();
    turn record;
    judged record;
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{batch.reply}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{batch.reply}', in_request_id, in_digest, in_row_req,
                               in_row);
    SELECT j.* INTO wholes, known
      FROM helper.batch_judge(in_request_id, in_digest, in_operator,
                              array_fill(NULL::uuid, ARRAY[cardinality(in_request_id)])) j;
    WITH named AS MATERIALIZED (
        SELECT r.req, b.reference, b.batch_id, b.sent_by, (b.sent_at AT TIME ZONE 'Asia/Shanghai')::date AS sent_on
          FROM (SELECT DISTINCT u.req, u.reference FROM unnest(in_row_req, in_reference) u(req, reference)) r
          JOIN helper.acting a ON a.operator_id = in_operator[r.req]
          JOIN registry.payment_batch b ON b.reference = r.reference AND b.organisation_id = a.organisation_id)
    SELECT array_agg(b.batch_id ORDER BY u.n), array_agg(l.subject_kind ORDER BY u.n),
           array_agg(l.subject_id ORDER BY u.n), array_agg(b.sent_by ORDER BY u.n), array_agg(b.sent_on ORDER BY u.n)
      INTO batches, kinds, subjects, sends, sent_on
      FROM unnest(in_row_req, in_reference, in_line) WITH ORDINALITY u(req, reference, line, n)
      LEFT JOIN named b ON b.req = u.req AND b.reference = u.reference
      LEFT JOIN LATERAL (SELECT x.subject_kind, x.subject_id FROM registry.batch_line x
                          WHERE x.batch_id = b.batch_id AND x.line = u.line OFFSET 0) l ON true;
    PERFORM helper.lines_apart(in_row_req, subjects);
    PERFORM helper.lines_hold(subjects);
    IF EXISTS (SELECT FROM unnest(batches, in_line) u(batch_id, line) WHERE u.batch_id IS NOT NULL
                GROUP BY u.batch_id, u.line HAVING count(*) > 1) THEN
        /* whatever is taken in which turn: what is locked is locked at once */
        PERFORM helper.answers_hold(batches, kinds, subjects);
    END IF;
    FOR turn IN
        SELECT array_agg(u.n::int4 ORDER BY u.n) AS places
          FROM (SELECT n, row_number() OVER (PARTITION BY batches[n], in_line[n] ORDER BY n) AS place
                  FROM generate_subscripts(in_row_req, 1) n
                 WHERE NOT known[in_row_req[n]] AND wholes[in_row_req[n]] = OUTCOME_DONE) u
         GROUP BY u.place ORDER BY u.place
    LOOP
        SELECT array_agg(j.outcome ORDER BY j.n) AS outcomes,
               array_agg(ROW(j.l, j.result, j.bank_reference, j.traded_on, j.reason_code, j.reason, j.sent_by,
                             in_operator[j.req], in_request_id[j.req])::helper.bank_answer ORDER BY j.n)
                   FILTER (WHERE j.outcome = OUTCOME_DONE) AS answers
          INTO judged
          /* of the lines that have one reference in this reading, the first whose answer is done has it */
          FROM (SELECT t.*, CASE WHEN t.alone = OUTCOME_DONE AND t.bank_reference IS NOT NULL
                                      AND first_value(t.line) OVER (PARTITION BY t.batch_id, t.bank_reference,
                                                                                 t.alone = OUTCOME_DONE
                                                                    ORDER BY t.n) <> t.line
                                 THEN OUTCOME_REFERENCE_TAKEN ELSE t.alone END::int2 AS outcome
                  FROM (
                SELECT u.*, f.l, helper.answer_judge(
                           f.l, (f.l).state <> LINE_SENT /* else nothing was said of it */
                           AND EXISTS (SELECT FROM registry.batch_answer b
                                        WHERE b.batch_id = u.batch_id AND b.line = u.line AND b.result = u.result
                                          AND b.bank_reference IS NOT DISTINCT FROM u.bank_reference
                                          AND b.traded_on IS NOT DISTINCT FROM u.traded_on
                                       OFFSET 0),
                           u.result, u.traded_on, u.amount_fen, u.sent_on, today,
                           EXISTS (SELECT FROM registry.batch_answer b
                                    WHERE b.batch_id = u.batch_id AND b.bank_reference = u.bank_reference
                                      AND b.line <> u.line
                                   OFFSET 0)) AS alone
                  FROM (SELECT a.*
                          FROM unnest(in_row_req, batches, in_line, in_result, in_bank_reference, in_traded_on,
                                      in_reason_code, in_reason, in_amount, sends, sent_on)
                               WITH ORDINALITY a(req, batch_id, line, result, bank_reference, traded_on, reason_code,
                                                 reason, amount_fen, sent_by, sent_on, n)
                          JOIN unnest(turn.places) p(n) ON p.n = a.n) u
                  LEFT JOIN LATERAL (SELECT l FROM registry.batch_line l
                                      WHERE l.batch_id = u.batch_id AND l.line = u.line OFFSET 0) f ON true
                OFFSET 0 /* judged once a line */) t) j;
        FOR k IN 1 .. cardinality(turn.places) LOOP
            outcomes[turn.places[k]] := judged.outcomes[k];
        END LOOP;
        IF judged.answers IS NOT NULL THEN
            PERFORM helper.answers_take(judged.answers);
        END IF;
    END LOOP;
    PERFORM helper.answers_dispute(outcomes, batches, in_line, in_result, in_bank_reference, in_traded_on,
                                   in_reason_code, in_reason, in_amount,
                                   ARRAY(SELECT in_operator[r] FROM unnest(in_row_req) WITH ORDINALITY u(r, n)
                                          ORDER BY n),
                                   ARRAY(SELECT in_request_id[r] FROM unnest(in_row_req) WITH ORDINALITY u(r, n)
                                          ORDER BY n));
    outcomes := helper.answers_settled(outcomes, batches, in_line, in_result, in_bank_reference, in_traded_on,
                                       in_amount);
    PERFORM helper.lines_answer(in_request_id, in_digest, in_operator, in_entry_head, known, wholes, in_row_req, in_row,
                                in_row_head, subjects, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* ---- reading ---- */

/* A batch, with how many lines are in each state. */
CREATE TYPE helper.batch_listed AS (
    req int4, outcome int2, batch_id uuid, reference text, division text, purpose text, state int2, made_at_ms int8,
    sent_at_ms int8, lines int4, amount_fen int8, waiting int4, sent int4, paid int4, refused int4, unknown int4,
    returned int4, paid_fen int8);

/* How a batch is shown. It is part of the query it stands in. */
CREATE FUNCTION helper.batch_head(in_req int4, in_batch registry.payment_batch) RETURNS helper.batch_listed
LANGUAGE sql STABLE AS $$
    SELECT in_req, OUTCOME_DONE::int2, in_batch.batch_id, in_batch.reference, in_batch.division, in_batch.purpose,
           in_batch.state, helper.ms(in_batch.made_at), helper.ms(in_batch.sent_at), count(l.batch_id)::int4,
           coalesce(sum(l.amount_fen), 0)::int8,
           (count(*) FILTER (WHERE l.state = LINE_WAITING))::int4, (count(*) FILTER (WHERE l.state = LINE_SENT))::int4,
           (count(*) FILTER (WHERE l.state = LINE_PAID))::int4, (count(*) FILTER (WHERE l.state = LINE_REFUSED))::int4,
           (count(*) FILTER (WHERE l.state = LINE_UNKNOWN))::int4,
           (count(*) FILTER (WHERE l.state = LINE_RETURNED))::int4,
           coalesce(sum(l.amount_fen) FILTER (WHERE l.state = LINE_PAID), 0)::int8
      FROM registry.batch_line l WHERE l.batch_id = in_batch.batch_id
$$;

/* Whether a caller sees a batch: the bureau's own, and those above it and auditors. */
CREATE FUNCTION helper.batch_seen(in_caller helper.acting, in_batch registry.payment_batch) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT helper.sees_area(in_caller.kind)
       AND helper.sees(in_caller.kind, in_caller.organisation_id, in_caller.division, in_batch.organisation_id,
                       in_batch.division)
$$;

/* Batches that the caller sees, newest first; of one state, by one reference, or one of them (NULL: whatever). */
CREATE FUNCTION api.batch_list(in_operator uuid[], in_before uuid[], in_page int4[], in_state int2[],
                               in_reference text[], in_batch uuid[])
RETURNS SETOF helper.batch_listed
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT h.*
      FROM unnest(in_operator, in_before, in_page, in_state, in_reference, in_batch)
           WITH ORDINALITY i(operator_id, before, page, state, reference, batch_id, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
        SELECT x FROM registry.payment_batch x
         WHERE x.batch_id < coalesce(i.before, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
           AND (i.batch_id IS NULL OR x.batch_id = i.batch_id)
           AND (i.state IS NULL OR x.state = i.state) AND (i.reference IS NULL OR x.reference = i.reference)
           AND helper.batch_seen(a, x)
         ORDER BY x.batch_id DESC LIMIT i.page + 1) b
     CROSS JOIN LATERAL helper.batch_head(i.n::int4, b.x) h
     ORDER BY i.n, h.batch_id DESC;
END $$;

/* A line. `outcome`: of one that waits, what stands in its way; else done. */
CREATE TYPE helper.batch_lined AS (
    req int4, outcome int2, batch_id uuid, reference text, line int4, subject_kind int2, subject_id uuid, version int4,
    amount_fen int8, state int2, bank_reference text, traded_on date, reason_code text, reason text,
    organisation_name text, dispute_why int2, dispute_result int2, dispute_reference text, dispute_on date,
    dispute_fen int8, dispute_at_ms int8, disputes int4, dispute int4);

/* A line of a batch, with what the bank knows the batch by. */
CREATE TYPE helper.line_of AS (line registry.batch_line, reference text);

/* Lines of one batch that follow one of them (NULL: from the first), of one state (NULL: whatever). */
CREATE FUNCTION helper.lines_shown(in_caller helper.acting, in_batch uuid, in_after_kind int2, in_after uuid,
                                   in_page int4, in_state int2) RETURNS SETOF helper.line_of
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT x, b.reference FROM registry.payment_batch b JOIN registry.batch_line x USING (batch_id)
     WHERE b.batch_id = in_batch AND helper.batch_seen(in_caller, b)
       AND (in_after IS NULL OR (x.subject_kind, x.subject_id) > (in_after_kind, in_after))
       AND (in_state IS NULL OR x.state = in_state)
     ORDER BY x.subject_kind, x.subject_id LIMIT in_page + 1;
END $$;

/* Lines of which the bank has to be asked: of the caller's bureau, or for an auditor of all, those that are not known
   of or not answered, by the index of those, and those of which it said something that contradicts and nobody has
   settled. They follow one of them (NULL: from the first). */
CREATE FUNCTION helper.lines_asked(in_caller helper.acting, in_after_batch uuid, in_after_kind int2, in_after uuid,
                                   in_page int4, in_state int2) RETURNS SETOF helper.line_of
LANGUAGE plpgsql STABLE AS $$
DECLARE
    after_batch CONSTANT uuid := coalesce(in_after_batch, '00000000-0000-0000-0000-000000000000');
    after_kind CONSTANT int2 := coalesce(in_after_kind, 0);
    after CONSTANT uuid := coalesce(in_after, '00000000-0000-0000-0000-000000000000');
BEGIN
    RETURN QUERY
    SELECT x, b.reference
      FROM ((SELECT l.batch_id, l.subject_kind, l.subject_id
               FROM registry.batch_line l JOIN registry.payment_batch o USING (batch_id)
              WHERE l.state IN (LINE_SENT, LINE_UNKNOWN) AND (in_state IS NULL OR l.state = in_state)
                AND (l.batch_id, l.subject_kind, l.subject_id) > (after_batch, after_kind, after)
                AND (o.organisation_id = in_caller.organisation_id OR in_caller.kind = KIND_AUDITOR)
                AND helper.batch_seen(in_caller, o)
              ORDER BY l.batch_id, l.subject_kind, l.subject_id LIMIT in_page + 1)
             UNION
            (SELECT l.batch_id, l.subject_kind, l.subject_id
               FROM registry.batch_dispute d JOIN registry.batch_line l USING (batch_id, line)
               JOIN registry.payment_batch o USING (batch_id)
              WHERE d.settled_by IS NULL AND (in_state IS NULL OR l.state = in_state)
                AND (l.batch_id, l.subject_kind, l.subject_id) > (after_batch, after_kind, after)
                AND (o.organisation_id = in_caller.organisation_id OR in_caller.kind = KIND_AUDITOR)
                AND helper.batch_seen(in_caller, o))) u
     CROSS JOIN LATERAL (SELECT y FROM registry.batch_line y
                          WHERE y.batch_id = u.batch_id AND y.subject_kind = u.subject_kind
                            AND y.subject_id = u.subject_id OFFSET 0) f(x)
      JOIN registry.payment_batch b ON b.batch_id = u.batch_id
     ORDER BY u.batch_id, u.subject_kind, u.subject_id LIMIT in_page + 1;
END $$;

/* Lines of one batch in the order of its file, of one state (NULL: whatever); or, without a batch, those of the
   caller's bureau of which the bank has to be asked. Of what contradicts and is not settled, the last is told. They
   follow the one that the cursor names. A batch that the caller does not see is one row, which says so. */
CREATE FUNCTION api.batch_lines(in_operator uuid[], in_batch uuid[], in_after_batch uuid[], in_after_kind int2[],
                                in_after uuid[], in_page int4[], in_state int2[])
RETURNS SETOF helper.batch_lined
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
/* a page is looked up line by line, however much stands beside it */
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    RETURN QUERY
    SELECT i.n::int4,
           CASE WHEN l.state <> LINE_WAITING THEN OUTCOME_DONE
                WHEN p.organisation_id IS NOT NULL AND g.status <> STATUS_ACTIVE THEN OUTCOME_ORGANISATION_STATE
                ELSE OUTCOME_DONE END::int2,
           l.batch_id, f.reference, l.line, l.subject_kind, l.subject_id, p.version, l.amount_fen, l.state,
           l.bank_reference, l.traded_on, l.reason_code, l.reason, g.name, d.why, d.result, d.bank_reference,
           d.traded_on, d.amount_fen, helper.ms(d.answered_at), d.disputes::int4,
           d.dispute
      FROM unnest(in_operator, in_batch, in_after_batch, in_after_kind, in_after, in_page, in_state)
           WITH ORDINALITY i(operator_id, batch_id, after_batch, after_kind, after, page, state, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
        SELECT * FROM helper.lines_shown(a, i.batch_id, i.after_kind, i.after, i.page, i.state)
         WHERE i.batch_id IS NOT NULL
        UNION ALL
        SELECT * FROM helper.lines_asked(a, i.after_batch, i.after_kind, i.after, i.page, i.state)
         WHERE i.batch_id IS NULL) f
     CROSS JOIN LATERAL (SELECT (f.line).*) l
     CROSS JOIN LATERAL (SELECT y.* FROM helper.payable y
                          WHERE y.subject_kind = l.subject_kind AND y.subject_id = l.subject_id OFFSET 0) p
      LEFT JOIN registry.organisation g ON g.organisation_id = p.organisation_id
      LEFT JOIN LATERAL (SELECT y.*, count(*) OVER () AS disputes FROM registry.batch_dispute y
                          WHERE y.batch_id = l.batch_id AND y.line = l.line AND y.settled_by IS NULL
                          ORDER BY y.dispute DESC LIMIT 1) d ON true
    UNION ALL
    SELECT i.n::int4, OUTCOME_BATCH_UNKNOWN::int2, i.batch_id, NULL::text, NULL::int4, NULL::int2, NULL::uuid,
           NULL::int4, NULL::int8, NULL::int2, NULL::text, NULL::date, NULL::text, NULL::text, NULL::text,
           NULL::int2, NULL::int2, NULL::text, NULL::date, NULL::int8, NULL::int8, NULL::int4, NULL::int4
      FROM unnest(in_operator, in_batch) WITH ORDINALITY i(operator_id, batch_id, n)
     WHERE i.batch_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM registry.payment_batch b
                         JOIN helper.acting a ON a.operator_id = i.operator_id
                        WHERE b.batch_id = i.batch_id AND helper.batch_seen(a, b))
     ORDER BY 1, 3, 6, 7;
END $$;
