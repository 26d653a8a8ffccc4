/* SPDX-License-Identifier: Apache-2.0 */
/* The accounts that are paid to, and from (F13, F25). */

/* The key of which account is paid to: held while lines enter batches, and while an account is confirmed, after the
   rows of the subjects. */
CREATE FUNCTION helper.accounts_key() RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended('batch accounts', 44)
$$;

/* The key of the accounts that are stated for one organisation or person, which are counted one after the other. */
CREATE FUNCTION helper.payee_key(in_whose uuid) RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended('payee' || in_whose::text, 44)
$$;

/* The account of an organisation, or of a human's records, that is paid to: the last that was confirmed. */
CREATE FUNCTION helper.payee_of(in_organisation uuid, in_persons uuid[]) RETURNS registry.payee
LANGUAGE plpgsql STABLE AS $$
DECLARE
    payee registry.payee;
BEGIN
    SELECT * INTO payee FROM registry.payee p
     WHERE (p.organisation_id = in_organisation OR p.person_id = ANY (in_persons))
       AND p.confirmed_at IS NOT NULL AND p.sealed <> ''
     ORDER BY p.confirmed_at DESC, p.payee_id DESC LIMIT 1;
    RETURN payee;
END $$;

/* Whether an account took the place of another one, within the days of a division in which that needs a second look
   that nobody has taken (F25). `in_roster`: the person's account in the roster; NULL: none, or it is not known, as of
   whoever was enrolled before that was kept: a person's account counts as another one then. */
CREATE FUNCTION helper.payee_fresh(in_payee registry.payee, in_roster bytea, in_division text) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN in_payee.looked_at IS NULL
       AND (in_payee.confirmed_at AT TIME ZONE 'Asia/Shanghai')::date
           + helper.policy_value('account_days', in_division, helper.today())::int4 > helper.today()
       AND (in_payee.person_id IS NOT NULL AND in_roster IS DISTINCT FROM in_payee.account_index
            OR EXISTS (SELECT FROM registry.payee p
                        WHERE (p.organisation_id = in_payee.organisation_id
                               OR p.person_id = ANY (helper.person_records(in_payee.person_id)))
                          AND p.confirmed_at < in_payee.confirmed_at AND p.account_index <> in_payee.account_index));
END $$;

/* Whether a bureau over a division has confirmed a person's account, or looked at it: one that bureaus elsewhere agree
   on does not divert what this division pays (F25). Organisations' accounts are always their own bureau's. */
CREATE FUNCTION helper.payee_vouched(in_payee registry.payee, in_division text) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN in_payee.person_id IS NULL
        OR EXISTS (SELECT FROM registry.operator o JOIN registry.organisation g USING (organisation_id)
                    WHERE o.operator_id IN (in_payee.confirmed_by, in_payee.looked_by)
                      AND helper.sees(g.kind, g.organisation_id, g.division, NULL, in_division));
END $$;

/* Takes the accounts of erased persons out; nothing tells any more whose line was paid to which. */
CREATE FUNCTION helper.payee_blank(in_persons uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry.payee p SET sealed = '', account_index = sha256(uuid_send(p.payee_id))
     WHERE p.person_id = ANY (in_persons);
    UPDATE registry.batch_line l SET account_index = sha256(uuid_send(l.subject_id))
     WHERE l.person_id = ANY (in_persons);
END $$;

/* States an account: of the caller's organisation, or of the person of a document (A6). It is paid to when it is
   confirmed. */
CREATE FUNCTION api.payee_set(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_payee uuid[],
    in_document bytea[], in_sealed bytea[], in_commitment bytea[], in_account_index bytea[])
RETURNS TABLE (req int4, outcome int2, payee_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    person uuid;
    decided int2;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key());
    PERFORM helper.heads_check(in_entry_head, in_operator, '{payee.set}', in_request_id, in_digest);
    PERFORM pg_advisory_xact_lock(k.key)
       FROM (SELECT DISTINCT helper.payee_key(coalesce(helper.person_kept(d.person_id), o.organisation_id)) AS key
               FROM unnest(in_operator, in_document) u(operator_id, document_index)
               JOIN registry.operator o ON o.operator_id = u.operator_id
               LEFT JOIN registry.document d ON d.document_index = u.document_index
              ORDER BY 1) k;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        payee_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            person := (SELECT helper.person_kept(d.person_id) FROM registry.document d
                        WHERE d.document_index = in_document[i]);
            decided := CASE
                WHEN caller IS NULL OR NOT 'clerk' = ANY (caller.roles) THEN OUTCOME_NOT_ALLOWED
                WHEN in_document[i] IS NULL THEN OUTCOME_DONE
                WHEN helper.looks_left(in_operator[i], caller.division, false) <= 0 THEN OUTCOME_LOOKS_EXCEEDED
                WHEN person IS NULL OR NOT helper.person_seen(caller.kind, caller.organisation_id, caller.division,
                                                              person) THEN OUTCOME_PERSON_UNKNOWN
                WHEN helper.person_erased(person) THEN OUTCOME_ERASED
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                payee_id := in_payee[i];
                INSERT INTO registry.payee (payee_id, organisation_id, person_id, version, sealed, commitment,
                                            account_index, set_by, request_id)
                SELECT in_payee[i], CASE WHEN person IS NULL THEN caller.organisation_id END, person,
                       coalesce(max(p.version), 0) + 1, in_sealed[i], in_commitment[i], in_account_index[i],
                       in_operator[i], in_request_id[i]
                  FROM registry.payee p
                 WHERE CASE WHEN person IS NULL THEN p.organisation_id = caller.organisation_id
                            ELSE p.person_id = person END;
            END IF;
            CALL helper.look_guessed(in_operator[i], decided);
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided = OUTCOME_DONE THEN person END,
                               in_first => CASE WHEN decided = OUTCOME_DONE THEN in_commitment[i] END,
                               in_subject => payee_id);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Whether a bureau sees an account: that of an organisation of its area, or of a person who was trained there, or for
   whom something is claimed there. */
CREATE FUNCTION helper.payee_seen(in_caller helper.acting, in_payee registry.payee) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF in_payee.person_id IS NOT NULL THEN
        RETURN helper.person_seen(in_caller.kind, in_caller.organisation_id, in_caller.division, in_payee.person_id)
            OR EXISTS (SELECT FROM registry.claim c
                        WHERE c.person_id = in_payee.person_id
                          AND helper.sees(in_caller.kind, in_caller.organisation_id, in_caller.division,
                                          c.organisation_id, c.division));
    END IF;
    RETURN EXISTS (SELECT FROM registry.organisation g
                    WHERE g.organisation_id = in_payee.organisation_id
                      AND helper.sees(in_caller.kind, in_caller.organisation_id, in_caller.division,
                                      g.organisation_id, g.division));
END $$;

/* Confirms an account, by a bureau's reviewer or approver who says its number once more: the first makes it the one
   that is paid to, another human's is the second look (F25). Neither is who the account is of, nor an operator of the
   institution that it is of, under whatever key (C1). What waits in batches for the account before leaves them. */
CREATE FUNCTION api.payee_confirm(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_payee uuid[],
    in_account_index bytea[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    payee registry.payee;
    same uuid[];
    held uuid[];
    decided int2;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key());
    PERFORM helper.heads_check(in_entry_head, in_operator, '{payee.confirm}', in_request_id, in_digest);
    held := ARRAY(SELECT l.subject_id FROM helper.lines_waiting_for(in_payee) l);
    PERFORM helper.lines_hold(held);
    PERFORM pg_advisory_xact_lock(helper.accounts_key());
    /* what entered a batch meanwhile is held from the beginning next time: rows come before the key */
    IF EXISTS (SELECT FROM helper.lines_waiting_for(in_payee) l WHERE l.subject_id <> ALL (held)) THEN
        RAISE serialization_failure USING MESSAGE = 'a line has entered a batch while its account was confirmed';
    END IF;
    PERFORM FROM registry.payee p WHERE p.payee_id = ANY (in_payee) ORDER BY p.payee_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO payee FROM registry.payee p WHERE p.payee_id = in_payee[i];
            same := helper.human_operators(in_operator[i]);
            decided := CASE
                WHEN caller IS NULL OR NOT helper.is_bureau(caller.kind)
                     OR NOT caller.roles && '{reviewer,approver}' THEN OUTCOME_NOT_ALLOWED
                WHEN payee IS NULL OR payee.sealed = '' OR NOT helper.payee_seen(caller, payee)
                     THEN OUTCOME_ACCOUNT_UNKNOWN
                WHEN payee.person_id IS NOT NULL AND helper.looks_left(in_operator[i], caller.division, false) <= 0
                     THEN OUTCOME_LOOKS_EXCEEDED
                WHEN payee.account_index <> in_account_index[i] THEN OUTCOME_ACCOUNT_DIFFERS
                WHEN payee.set_by = ANY (same) OR payee.confirmed_by = ANY (same)
                     OR helper.human_is(in_operator[i], payee.person_id)
                     OR payee.organisation_id <> caller.organisation_id
                        AND EXISTS (SELECT FROM registry.operator o
                                     WHERE o.operator_id = ANY (same) AND o.organisation_id = payee.organisation_id)
                     THEN OUTCOME_FOUR_EYES
                WHEN payee.looked_by IS NOT NULL THEN OUTCOME_UNCHANGED
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE AND payee.confirmed_by IS NULL THEN
                PERFORM helper.lines_pull(ARRAY(SELECT l FROM helper.lines_waiting_for(ARRAY[in_payee[i]]) l),
                                          'account changed', in_request_id[i]);
                UPDATE registry.payee p SET confirmed_by = in_operator[i], confirmed_at = now()
                 WHERE p.payee_id = in_payee[i];
            ELSIF decided = OUTCOME_DONE THEN
                UPDATE registry.payee p SET looked_by = in_operator[i], looked_at = now()
                 WHERE p.payee_id = in_payee[i];
            END IF;
            IF payee.person_id IS NOT NULL THEN /* whether a number is somebody's account is said of that person */
                CALL helper.look_guessed(in_operator[i], decided);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_person => CASE WHEN decided IN (OUTCOME_DONE, OUTCOME_ACCOUNT_DIFFERS)
                                                      THEN payee.person_id END,
                               in_subject => CASE WHEN decided <> OUTCOME_ACCOUNT_UNKNOWN THEN in_payee[i] END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Accounts, newest first: the caller's organisation's, or those that its bureau sees of organisations; of one
   organisation, or only what waits to be confirmed. It says whose they are as long as the caller may look at so many
   people. */
CREATE FUNCTION api.payee_list(in_operator uuid[], in_before uuid[], in_page int4[], in_organisation text[],
                               in_waiting bool[], in_pending int4[])
RETURNS TABLE (req int4, payee_id uuid, organisation_code text, organisation_name text, version int4, sealed bytea,
               is_person bool, confirmed_at_ms int8, looked bool, set_at_ms int8, current bool, person_id uuid,
               record_id uuid, person_sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, p.payee_id, g.code, g.name, p.version, p.sealed, p.person_id IS NOT NULL,
           helper.ms(p.confirmed_at), p.looked_at IS NOT NULL, helper.ms(p.set_at),
           p.confirmed_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM registry.payee x
                            WHERE (x.organisation_id = p.organisation_id OR x.person_id = p.person_id)
                              AND x.confirmed_at > p.confirmed_at),
           h.person_id, coalesce(h.record_id, h.person_id), h.sealed
      FROM unnest(in_operator, in_before, in_page, in_organisation, in_waiting, in_pending)
           WITH ORDINALITY i(operator_id, before, page, organisation, waiting, pending, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
        SELECT x.* FROM registry.payee x LEFT JOIN registry.organisation o USING (organisation_id)
         WHERE x.payee_id < coalesce(i.before, 'ffffffff-ffff-ffff-ffff-ffffffffffff') AND x.sealed <> ''
           AND (i.organisation IS NULL OR o.code = i.organisation)
           AND (NOT i.waiting OR x.confirmed_at IS NULL)
           AND helper.payee_seen(a, x)
         ORDER BY x.payee_id DESC LIMIT i.page + 1) p
      LEFT JOIN registry.organisation g ON g.organisation_id = p.organisation_id
      LEFT JOIN registry.person h
           ON h.person_id = helper.person_kept(p.person_id)
              AND helper.looks_left(i.operator_id, a.division, false) >= coalesce(i.pending, 0) + i.page
     ORDER BY i.n, p.payee_id DESC;
END $$;
