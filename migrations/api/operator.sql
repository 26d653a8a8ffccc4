/* SPDX-License-Identifier: Apache-2.0 */
/* Operators: persons who log in. One security administrator proposes a change of one, another decides it; only then it
   takes effect. Outcomes are enum Outcome of proto/audit.proto, kinds of change enum ChangeKind of operator.proto. */

/* What security administrators and auditors see; the organisation's row scope applies. */
CREATE VIEW api.operator_shown AS
SELECT o.operator_id, o.sealed, api.role_mask(o.roles) AS role_mask, o.status, g.organisation_id, g.code, g.name,
       g.division
  FROM registry.operator o
  JOIN registry.organisation g USING (organisation_id);

/* In order of id, which is order of addition. */
CREATE FUNCTION api.operator_list(in_operator uuid[], in_code text[], in_after uuid[], in_page int4[])
RETURNS TABLE (req int4, operator_id uuid, sealed bytea, role_mask int4, status int2, code text, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.operator_id, x.sealed, x.role_mask, x.status, x.code, x.name
      FROM unnest(in_operator, in_code, in_after, in_page) WITH ORDINALITY i(operator_id, code, after, page, n)
      JOIN api.acting a ON a.operator_id = i.operator_id AND a.roles && ARRAY['secadmin', 'auditor', 'auditadmin']
     CROSS JOIN LATERAL (
           SELECT s.* FROM api.operator_shown s
            WHERE (i.after IS NULL OR s.operator_id > i.after) AND (i.code IS NULL OR s.code = i.code)
              AND api.sees(a.kind, a.organisation_id, a.division, s.organisation_id, s.division)
            ORDER BY s.operator_id
            LIMIT i.page + 1) x
     ORDER BY i.n, x.operator_id;
END $$;

/* A row for each certificate; one without when there is none. */
CREATE FUNCTION api.operator_show(in_operator uuid[], in_target uuid[])
RETURNS TABLE (req int4, operator_id uuid, sealed bytea, role_mask int4, status int2, code text, name text,
               key_hash bytea, added_at_ms int8, revoked_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, s.operator_id, s.sealed, s.role_mask, s.status, s.code, s.name, c.key_hash,
           (extract(epoch FROM c.added_at) * 1000)::int8, (extract(epoch FROM c.revoked_at) * 1000)::int8
      FROM unnest(in_operator, in_target) WITH ORDINALITY i(operator_id, target, n)
      JOIN api.acting a ON a.operator_id = i.operator_id AND a.roles && ARRAY['secadmin', 'auditor', 'auditadmin']
      JOIN api.operator_shown s ON s.operator_id = i.target
       AND api.sees(a.kind, a.organisation_id, a.division, s.organisation_id, s.division)
      LEFT JOIN registry.operator_certificate c ON c.operator_id = s.operator_id
     ORDER BY i.n, c.added_at, c.key_hash;
END $$;

CREATE FUNCTION api.roles_fit(in_roles text[]) RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT cardinality(in_roles) = 1 OR NOT in_roles && ARRAY['sysadmin', 'secadmin', 'auditadmin']
$$;

/* Whether a change could take effect now: 1, or why not. Asked when it is proposed and again when it is decided. */
CREATE FUNCTION api.change_judge(in_change registry.change) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
DECLARE
    target registry.operator;
BEGIN
    SELECT * INTO target FROM registry.operator o WHERE o.operator_id = in_change.operator_id;
    RETURN CASE
        WHEN in_change.kind <> 1 AND target IS NULL THEN 18
        WHEN in_change.kind <> 1 AND target.status = 3 THEN 25
        WHEN in_change.roles IS NOT NULL AND NOT api.roles_fit(in_change.roles) THEN 21
        WHEN in_change.kind IN (1, 2)
             AND EXISTS (SELECT FROM registry.operator_certificate c WHERE c.key_hash = in_change.key_hash) THEN 19
        WHEN in_change.kind = 3
             AND NOT EXISTS (SELECT FROM registry.operator_certificate c
                              WHERE c.key_hash = in_change.key_hash AND c.operator_id = in_change.operator_id
                                AND c.revoked_at IS NULL) THEN 20
        WHEN in_change.kind = 5 AND target.status = in_change.status THEN 25
        ELSE 1 END;
END $$;

CREATE FUNCTION api.change_propose(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_change uuid[],
    in_kind int2[], in_target uuid[], in_code text[], in_sealed bytea[], in_roles text[], in_key_hash bytea[],
    in_status int2[], in_reason text[])
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
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM api.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        change_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM api.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO home FROM registry.organisation g
             WHERE CASE WHEN in_kind[i] = 1 THEN g.code = in_code[i]
                        ELSE g.organisation_id = (SELECT o.organisation_id FROM registry.operator o
                                                   WHERE o.operator_id = in_target[i]) END;
            change := ROW(in_change[i], in_kind[i], in_target[i], home.organisation_id, in_sealed[i],
                          string_to_array(in_roles[i], ','), in_key_hash[i], in_status[i], in_reason[i],
                          in_operator[i], now(), NULL, NULL, NULL)::registry.change;
            decided := CASE
                WHEN caller IS NULL OR NOT 'secadmin' = ANY (caller.roles) THEN 12
                WHEN home IS NULL OR NOT api.sees(caller.kind, caller.organisation_id, caller.division,
                                                  home.organisation_id, home.division)
                     THEN CASE WHEN in_kind[i] = 1 THEN 15 ELSE 18 END
                ELSE api.change_judge(change) END;
            IF decided = 1 THEN
                INSERT INTO registry.change SELECT change.*;
                change_id := in_change[i];
            END IF;
            CALL api.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                            in_subject => change_id);
        END IF;
        req := i;
        outcome := decided;
        target_id := (SELECT c.operator_id FROM registry.change c WHERE c.change_id = change_propose.change_id);
        RETURN NEXT;
    END LOOP;
END $$;

/* A confirmed change takes effect. Who may no longer act as before loses the open connections: workers listen. */
CREATE PROCEDURE api.change_apply(in_change registry.change) LANGUAGE plpgsql AS $$
BEGIN
    IF in_change.kind = 1 THEN
        INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles)
        VALUES (in_change.operator_id, in_change.organisation_id, in_change.sealed, in_change.roles);
    END IF;
    IF in_change.kind IN (1, 2) THEN
        INSERT INTO registry.operator_certificate (key_hash, operator_id)
        VALUES (in_change.key_hash, in_change.operator_id);
    ELSIF in_change.kind = 3 THEN
        UPDATE registry.operator_certificate c SET revoked_at = now() WHERE c.key_hash = in_change.key_hash;
    ELSIF in_change.kind = 4 THEN
        UPDATE registry.operator o SET roles = in_change.roles WHERE o.operator_id = in_change.operator_id;
    ELSE
        UPDATE registry.operator o SET status = in_change.status WHERE o.operator_id = in_change.operator_id;
    END IF;
    IF in_change.kind IN (3, 4, 5) THEN
        PERFORM pg_notify('mingce_barred', in_change.operator_id::text);
    END IF;
END $$;

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
    decided int2;
BEGIN
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM api.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM api.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO change FROM registry.change c WHERE c.change_id = in_change[i] FOR NO KEY UPDATE;
            decided := CASE
                WHEN caller IS NULL OR NOT 'secadmin' = ANY (caller.roles) THEN 12
                WHEN change IS NULL
                     OR NOT EXISTS (SELECT FROM registry.organisation g
                                     WHERE g.organisation_id = change.organisation_id
                                       AND api.sees(caller.kind, caller.organisation_id, caller.division,
                                                    g.organisation_id, g.division)) THEN 22
                WHEN change.decision IS NOT NULL THEN 23
                WHEN change.proposed_by = in_operator[i] AND in_confirm[i] THEN 24
                WHEN in_confirm[i] THEN api.change_judge(change)
                ELSE 1 END;
            IF decided = 1 AND in_confirm[i] THEN
                CALL api.change_apply(change);
            END IF;
            IF decided = 1 THEN
                UPDATE registry.change c
                   SET decision = CASE WHEN in_confirm[i] THEN 1 ELSE 2 END, decided_by = in_operator[i],
                       decided_at = now()
                 WHERE c.change_id = in_change[i];
            END IF;
            CALL api.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                            in_subject => CASE WHEN decided <> 22 THEN in_change[i] END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Pending ones first come first; with `all` the decided ones too. */
CREATE FUNCTION api.change_list(in_operator uuid[], in_all bool[], in_after uuid[], in_page int4[])
RETURNS TABLE (req int4, change_id uuid, kind int2, target_id uuid, target_sealed bytea, code text, name text,
               role_mask int4, key_hash bytea, status int2, reason text, proposed_by uuid, proposed_by_sealed bytea,
               proposed_at_ms int8, decision int2, decided_by uuid, decided_by_sealed bytea, decided_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.change_id, x.kind, x.operator_id, coalesce(x.sealed, t.sealed), x.code, x.name,
           CASE WHEN x.roles IS NOT NULL THEN api.role_mask(x.roles) END, x.key_hash, x.status, x.reason,
           x.proposed_by, p.sealed, (extract(epoch FROM x.proposed_at) * 1000)::int8, x.decision, x.decided_by,
           d.sealed, (extract(epoch FROM x.decided_at) * 1000)::int8
      FROM unnest(in_operator, in_all, in_after, in_page) WITH ORDINALITY i(operator_id, everything, after, page, n)
      JOIN api.acting a ON a.operator_id = i.operator_id AND a.roles && ARRAY['secadmin', 'auditor', 'auditadmin']
     CROSS JOIN LATERAL (
           SELECT c.*, g.code, g.name
             FROM registry.change c
             JOIN registry.organisation g USING (organisation_id)
            WHERE (i.after IS NULL OR c.change_id > i.after) AND (i.everything OR c.decision IS NULL)
              AND api.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
            ORDER BY c.change_id
            LIMIT i.page + 1) x
      LEFT JOIN registry.operator t ON t.operator_id = x.operator_id
      LEFT JOIN registry.operator p ON p.operator_id = x.proposed_by
      LEFT JOIN registry.operator d ON d.operator_id = x.decided_by
     ORDER BY i.n, x.change_id;
END $$;
