/* SPDX-License-Identifier: Apache-2.0 */
/* Operators: persons who log in. One security administrator proposes a change of one, another decides it; only then
   it takes effect. */

/* Operators as security administrators and auditors see them; the organisation's row scope applies. */
CREATE VIEW helper.operator_shown AS
SELECT o.operator_id, o.sealed, helper.role_mask(o.roles) AS role_mask, o.status, g.organisation_id, g.code, g.name,
       g.division, h.human_id, h.sealed AS human_sealed
  FROM registry.operator o
  JOIN registry.organisation g USING (organisation_id)
  LEFT JOIN registry.human h ON h.human_id = o.human_id;

/* Operators, in order of id, which is order of addition. */
CREATE FUNCTION api.operator_list(in_operator uuid[], in_code text[], in_after uuid[], in_page int4[])
RETURNS TABLE (req int4, operator_id uuid, sealed bytea, role_mask int4, status int2, code text, name text,
               human_id uuid, human_sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.operator_id, x.sealed, x.role_mask, x.status, x.code, x.name, x.human_id, x.human_sealed
      FROM unnest(in_operator, in_code, in_after, in_page) WITH ORDINALITY i(operator_id, code, after, page, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id AND a.roles && ARRAY['secadmin', 'auditor', 'auditadmin']
     CROSS JOIN LATERAL (
           SELECT s.* FROM helper.operator_shown s
            WHERE (i.after IS NULL OR s.operator_id > i.after) AND (i.code IS NULL OR s.code = i.code)
              AND helper.sees(a.kind, a.organisation_id, a.division, s.organisation_id, s.division)
            ORDER BY s.operator_id
            LIMIT i.page + 1) x
     ORDER BY i.n, x.operator_id;
END $$;

/* An operator, with a row for each certificate; one without when there is none. */
CREATE FUNCTION api.operator_show(in_operator uuid[], in_target uuid[])
RETURNS TABLE (req int4, operator_id uuid, sealed bytea, role_mask int4, status int2, code text, name text,
               human_id uuid, human_sealed bytea, key_hash bytea, added_at_ms int8, revoked_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, s.operator_id, s.sealed, s.role_mask, s.status, s.code, s.name, s.human_id, s.human_sealed,
           c.key_hash, helper.ms(c.added_at), helper.ms(c.revoked_at)
      FROM unnest(in_operator, in_target) WITH ORDINALITY i(operator_id, target, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id AND a.roles && ARRAY['secadmin', 'auditor', 'auditadmin']
      JOIN helper.operator_shown s ON s.operator_id = i.target
       AND helper.sees(a.kind, a.organisation_id, a.division, s.organisation_id, s.division)
      LEFT JOIN registry.operator_certificate c ON c.operator_id = s.operator_id
     ORDER BY i.n, c.added_at, c.key_hash;
END $$;

/* Whether one operator may have these roles: administrators touch no business data, auditors change nothing, so that
   theirs stand alone. */
CREATE FUNCTION helper.roles_fit(in_roles text[]) RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT cardinality(in_roles) = 1 OR NOT in_roles && ARRAY['sysadmin', 'secadmin', 'auditadmin', 'auditor']
$$;

/* Whether operators of this organisation may have these roles: registry.organisation_kind says so. */
CREATE FUNCTION helper.roles_of_kind(in_roles text[], in_organisation uuid) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT in_roles <@ (SELECT k.roles FROM registry.organisation g JOIN registry.organisation_kind k USING (kind)
                         WHERE g.organisation_id = in_organisation)
$$;

/* Whose operators a security administrator changes: its own organisation's, and those that its bureau amends. */
CREATE FUNCTION helper.secures(own_kind int2, own uuid, own_division text, target registry.organisation) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT target.organisation_id = own OR helper.delegated(own_kind, own_division, target.kind, target.division, false)
$$;

/* Whether one human being's operators may have these roles: as those of one operator, an administrator's or an
   auditor's stand alone. `in_operator`, whose roles they become, is left out; `in_humans`: all that stand for it. */
CREATE FUNCTION helper.roles_of_human(in_roles text[], in_humans uuid[], in_operator uuid) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT helper.roles_fit(ARRAY(SELECT DISTINCT r
                                    FROM (SELECT unnest(in_roles)
                                          UNION ALL SELECT unnest(o.roles) FROM registry.operator o
                                                     WHERE o.human_id = ANY (in_humans) AND o.operator_id <> in_operator
                                                       AND o.status <> OPERATOR_REVOKED) x(r)))
$$;

/* Whether a change of an operator could take effect now: done, or why not. Asked when it is proposed and again when
   it is decided. */
CREATE FUNCTION helper.change_judge(in_change registry.change) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
DECLARE
    target registry.operator;
    human uuid;        /* of the document stated; NULL: nobody's yet, or none is stated */
BEGIN
    SELECT * INTO target FROM registry.operator o WHERE o.operator_id = in_change.operator_id;
    human := (SELECT h.human_id FROM registry.human h WHERE h.document_index = in_change.document_index);
    RETURN CASE
        WHEN in_change.kind <> CHANGE_ADD AND target IS NULL THEN OUTCOME_OPERATOR_NOT_FOUND
        WHEN in_change.kind <> CHANGE_ADD AND target.status = OPERATOR_REVOKED THEN OUTCOME_OPERATOR_STATE
        WHEN in_change.roles IS NOT NULL AND NOT helper.roles_fit(in_change.roles) THEN OUTCOME_ROLES_EXCLUSIVE
        WHEN NOT helper.roles_of_kind(CASE WHEN in_change.kind IN (CHANGE_ADD, CHANGE_ROLES) THEN in_change.roles
                                           WHEN in_change.status = OPERATOR_ACTIVE THEN target.roles ELSE '{}' END,
                                      in_change.organisation_id) THEN OUTCOME_ROLES_KIND
        WHEN in_change.kind IN (CHANGE_ADD, CHANGE_BIND) AND in_change.document_index IS NULL THEN OUTCOME_HUMAN_UNKNOWN
        WHEN in_change.kind = CHANGE_BIND AND target.human_id <> coalesce(human, in_change.human_id)
             THEN OUTCOME_HUMAN_DIFFERS
        WHEN NOT helper.roles_of_human(CASE WHEN in_change.kind IN (CHANGE_ADD, CHANGE_ROLES) THEN in_change.roles
                                            ELSE target.roles END,
                                       helper.document_humans(coalesce((SELECT h.document_index FROM registry.human h
                                                                         WHERE h.human_id = target.human_id),
                                                                       in_change.document_index)),
                                       in_change.operator_id)
             AND in_change.status IS DISTINCT FROM OPERATOR_REVOKED AND in_change.kind <> CHANGE_UNBIND
             THEN OUTCOME_HUMAN_ROLES
        /* the key of an operator who is not known yet may be bound again, with a document */
        WHEN in_change.kind IN (CHANGE_ADD, CHANGE_BIND)
             AND EXISTS (SELECT FROM registry.operator_certificate c
                          WHERE c.key_hash = in_change.key_hash
                            AND (in_change.kind = CHANGE_ADD OR c.operator_id <> target.operator_id
                                 OR c.revoked_at IS NOT NULL
                                 OR target.human_id IS NOT NULL)) THEN OUTCOME_CERTIFICATE_TAKEN
        WHEN in_change.kind = CHANGE_UNBIND
             AND NOT EXISTS (SELECT FROM registry.operator_certificate c
                              WHERE c.key_hash = in_change.key_hash AND c.operator_id = in_change.operator_id
                                AND c.revoked_at IS NULL) THEN OUTCOME_CERTIFICATE_NOT_BOUND
        WHEN in_change.kind = CHANGE_STATUS AND target.status = in_change.status THEN OUTCOME_OPERATOR_STATE
        ELSE OUTCOME_DONE END;
END $$;

/* A security administrator proposes a change of an operator, which another one decides. */
CREATE FUNCTION api.change_propose(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_change uuid[],
    in_kind int2[], in_target uuid[], in_code text[], in_sealed bytea[], in_roles text[], in_key_hash bytea[],
    in_status int2[], in_reason text[], in_human uuid[], in_document bytea[], in_document_sealed bytea[])
RETURNS TABLE (req int4, outcome int2, change_id uuid, target_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    home registry.organisation;
    change registry.change;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator,
                               helper.methods(
                                   '{operator.add,operator.bind,operator.unbind,operator.roles,operator.status}',
                                   in_kind), in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        change_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO home FROM registry.organisation g
             WHERE CASE WHEN in_kind[i] = CHANGE_ADD THEN g.code = in_code[i]
                        ELSE g.organisation_id = (SELECT o.organisation_id FROM registry.operator o
                                                   WHERE o.operator_id = in_target[i]) END;
            change := ROW(in_change[i], in_kind[i], in_target[i], home.organisation_id, in_sealed[i],
                          string_to_array(in_roles[i], ','), in_key_hash[i], in_status[i], in_reason[i],
                          in_operator[i], now(), NULL, NULL, NULL, in_human[i], in_document[i],
                          in_document_sealed[i])::registry.change;
            decided := CASE
                WHEN caller IS NULL OR NOT 'secadmin' = ANY (caller.roles) THEN OUTCOME_NOT_ALLOWED
                WHEN home IS NULL OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division,
                                                     home.organisation_id, home.division)
                     THEN CASE WHEN in_kind[i] = CHANGE_ADD THEN OUTCOME_ORGANISATION_UNKNOWN
                               ELSE OUTCOME_OPERATOR_NOT_FOUND END
                WHEN NOT helper.secures(caller.kind, caller.organisation_id, caller.division, home)
                     THEN OUTCOME_NOT_ALLOWED
                WHEN change.document_index IS NOT NULL
                     AND helper.looks_left(in_operator[i], caller.division, false) <= 0 THEN OUTCOME_LOOKS_EXCEEDED
                ELSE helper.change_judge(change) END;
            IF change.document_index IS NOT NULL THEN
                CALL helper.look_guessed(in_operator[i], decided);
            END IF;
            IF decided = OUTCOME_DONE THEN
                INSERT INTO registry.change SELECT change.*;
                change_id := in_change[i];
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => change_id);
        END IF;
        req := i;
        outcome := decided;
        target_id := (SELECT c.operator_id FROM registry.change c WHERE c.change_id = change_propose.change_id);
        RETURN NEXT;
    END LOOP;
END $$;

/* The human being of a document, who is made if there is none yet; of two who come at once with one document the
   second finds the first's. */
CREATE FUNCTION helper.human_found(in_human uuid, in_document bytea, in_sealed bytea) RETURNS uuid
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry.human (human_id, document_index, sealed) VALUES (in_human, in_document, in_sealed)
        ON CONFLICT (document_index) DO NOTHING;
    RETURN (SELECT h.human_id FROM registry.human h WHERE h.document_index = in_document);
END $$;

/* Makes a confirmed change. Who may no longer act as before loses the open connections: workers listen. */
CREATE PROCEDURE helper.change_apply(in_change registry.change) LANGUAGE plpgsql AS $$
DECLARE
    human uuid;
BEGIN
    IF in_change.kind IN (CHANGE_ADD, CHANGE_BIND) THEN
        human := helper.human_found(in_change.human_id, in_change.document_index, in_change.document_sealed);
    END IF;
    IF in_change.kind = CHANGE_ADD THEN
        INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id)
        VALUES (in_change.operator_id, in_change.organisation_id, in_change.sealed, in_change.roles, human);
    ELSIF in_change.kind = CHANGE_BIND THEN
        UPDATE registry.operator o SET human_id = human
         WHERE o.operator_id = in_change.operator_id AND o.human_id IS NULL;
        IF FOUND THEN
            PERFORM pg_notify('mingce_barred', in_change.operator_id::text); /* roles count that did not */
        END IF;
    END IF;
    IF in_change.kind IN (CHANGE_ADD, CHANGE_BIND) THEN
        INSERT INTO registry.operator_certificate (key_hash, operator_id)
        VALUES (in_change.key_hash, in_change.operator_id)
            ON CONFLICT (key_hash) DO NOTHING; /* its own, as was judged */
    ELSIF in_change.kind = CHANGE_UNBIND THEN
        UPDATE registry.operator_certificate c SET revoked_at = now() WHERE c.key_hash = in_change.key_hash;
    ELSIF in_change.kind = CHANGE_ROLES THEN
        UPDATE registry.operator o SET roles = in_change.roles WHERE o.operator_id = in_change.operator_id;
    ELSE
        UPDATE registry.operator o SET status = in_change.status WHERE o.operator_id = in_change.operator_id;
    END IF;
    IF in_change.kind IN (CHANGE_UNBIND, CHANGE_ROLES, CHANGE_STATUS) THEN
        PERFORM pg_notify('mingce_barred', in_change.operator_id::text);
    END IF;
END $$;

/* Another security administrator confirms a change, which takes effect, or rejects it. */
CREATE FUNCTION api.change_decide(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_change uuid[],
    in_confirm bool[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    change registry.change;
    home registry.organisation;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator,
                               ARRAY(SELECT CASE WHEN c THEN 'change.confirm' ELSE 'change.reject' END
                                       FROM unnest(in_confirm) WITH ORDINALITY u(c, n)
                                      ORDER BY n), in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO change FROM registry.change c WHERE c.change_id = in_change[i] FOR NO KEY UPDATE;
            SELECT * INTO home FROM registry.organisation g WHERE g.organisation_id = change.organisation_id;
            decided := CASE
                WHEN caller IS NULL OR NOT 'secadmin' = ANY (caller.roles) THEN OUTCOME_NOT_ALLOWED
                WHEN change IS NULL
                     OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division, home.organisation_id,
                                        home.division) THEN OUTCOME_CHANGE_UNKNOWN
                WHEN NOT helper.secures(caller.kind, caller.organisation_id, caller.division, home)
                     THEN OUTCOME_NOT_ALLOWED
                WHEN change.decision IS NOT NULL THEN OUTCOME_CHANGE_DECIDED
                WHEN helper.same_human(change.proposed_by, in_operator[i]) AND in_confirm[i] THEN OUTCOME_CHANGE_OWN
                WHEN in_confirm[i] THEN helper.change_judge(change)
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE AND in_confirm[i] THEN
                CALL helper.change_apply(change);
            END IF;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.change c
                   SET decision = CASE WHEN in_confirm[i] THEN DECISION_CONFIRMED ELSE DECISION_REJECTED END,
                       decided_by = in_operator[i], decided_at = now()
                 WHERE c.change_id = in_change[i];
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => CASE WHEN decided <> OUTCOME_CHANGE_UNKNOWN THEN in_change[i] END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Proposed changes of operators, those that came first first; with `all` the decided ones too. */
CREATE FUNCTION api.change_list(in_operator uuid[], in_all bool[], in_after uuid[], in_page int4[])
RETURNS TABLE (req int4, change_id uuid, kind int2, target_id uuid, target_sealed bytea, code text, name text,
               role_mask int4, key_hash bytea, status int2, reason text, proposed_by uuid, proposed_by_sealed bytea,
               proposed_at_ms int8, decision int2, decided_by uuid, decided_by_sealed bytea, decided_at_ms int8,
               human_id uuid, document_sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.change_id, x.kind, x.operator_id, coalesce(x.sealed, t.sealed), x.code, x.name,
           CASE WHEN x.roles IS NOT NULL THEN helper.role_mask(x.roles) END, x.key_hash, x.status, x.reason,
           x.proposed_by, p.sealed, helper.ms(x.proposed_at), x.decision, x.decided_by,
           d.sealed, helper.ms(x.decided_at), x.human_id, x.document_sealed
      FROM unnest(in_operator, in_all, in_after, in_page) WITH ORDINALITY i(operator_id, everything, after, page, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id AND a.roles && ARRAY['secadmin', 'auditor', 'auditadmin']
     CROSS JOIN LATERAL (
           SELECT c.*, g.code, g.name
             FROM registry.change c
             JOIN registry.organisation g USING (organisation_id)
            WHERE (i.after IS NULL OR c.change_id > i.after) AND (i.everything OR c.decision IS NULL)
              AND helper.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
            ORDER BY c.change_id
            LIMIT i.page + 1) x
      LEFT JOIN registry.operator t ON t.operator_id = x.operator_id
      LEFT JOIN registry.operator p ON p.operator_id = x.proposed_by
      LEFT JOIN registry.operator d ON d.operator_id = x.decided_by
     ORDER BY i.n, x.change_id;
END $$;
