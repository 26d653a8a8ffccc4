/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations and their scopes. */

/* Organisations that the caller may see, in order of code; one more than the page when there are more. */
CREATE FUNCTION api.organisation_list(in_operator uuid[], in_after text[], in_page int4[])
RETURNS TABLE (req int4, code text, name text, kind int2, division text, status int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.code, x.name, x.kind, x.division, x.status
      FROM unnest(in_operator, in_after, in_page) WITH ORDINALITY i(operator_id, after, page, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT g.code, g.name, g.kind, g.division, g.status
             FROM registry.organisation g
            WHERE g.code > coalesce(i.after, '')
              AND helper.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
            ORDER BY g.code
            LIMIT i.page + 1) x
     ORDER BY i.n, x.code;
END $$;

/* An organisation that the caller may see, a row for each entry of its scope; no row: there is none. */
CREATE FUNCTION api.organisation_show(in_operator uuid[], in_code text[])
RETURNS TABLE (req int4, code text, name text, kind int2, division text, status int2, code_override text,
               version int4, occupation_code text, occupation_name text, level int2, valid_from date, valid_to date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, g.code, g.name, g.kind, g.division, g.status, g.code_override, g.version, s.occupation_code,
           p.name, s.level, s.valid_from, s.valid_to
      FROM unnest(in_operator, in_code) WITH ORDINALITY i(operator_id, code, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
      JOIN registry.organisation g ON g.code = i.code
       AND helper.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
      LEFT JOIN registry.organisation_scope s ON s.organisation_id = g.organisation_id
      LEFT JOIN registry.occupation p ON p.code = s.occupation_code
     ORDER BY i.n, s.occupation_code, s.level, s.valid_from;
END $$;

/* Who may register and amend whom: registry.delegation, for system administrators and, where it says so, approvers. */
CREATE FUNCTION helper.governs(roles text[], own_kind int2, own_division text, target_kind int2, target_division text)
RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT roles && '{sysadmin,approver}'
       AND helper.delegated(own_kind, own_division, target_kind, target_division, NOT 'sysadmin' = ANY (roles))
$$;

/* Whether an organisation of this kind may act there. */
CREATE FUNCTION helper.kind_acts(in_kind int2, in_division text) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT k.level = registry.division_level(in_division) FROM registry.organisation_kind k
                      WHERE k.kind = in_kind), true)
$$;

/* Keeps what an organisation is now as its present version. */
CREATE PROCEDURE helper.organisation_keep(in_organisation uuid, in_reason text, in_operator uuid, in_request_id uuid)
LANGUAGE sql AS $$
    INSERT INTO registry.organisation_version (organisation_id, version, name, division, status, reason, operator_id,
                                               request_id)
    SELECT g.organisation_id, g.version, g.name, g.division, g.status, in_reason, in_operator, in_request_id
      FROM registry.organisation g WHERE g.organisation_id = in_organisation
$$;

/* Registers an organisation (A5): a code whose check character fails comes with the reason why it is registered, by
   a system administrator. */
CREATE FUNCTION api.organisation_register(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_id uuid[], in_code text[],
    in_name text[], in_kind int2[], in_division text[], in_override text[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    decided int2;
    made uuid;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{organisation.register}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            made := NULL;
            IF caller IS NULL OR NOT helper.governs(caller.roles, caller.kind, caller.division, in_kind[i],
                                                    in_division[i])
               OR in_override[i] IS NOT NULL AND NOT 'sysadmin' = ANY (caller.roles) THEN
                decided := OUTCOME_NOT_ALLOWED;
            ELSIF NOT helper.kind_acts(in_kind[i], in_division[i]) THEN
                decided := OUTCOME_KIND_DIVISION;
            ELSE
                INSERT INTO registry.organisation (organisation_id, code, name, kind, division, code_override)
                VALUES (in_id[i], in_code[i], in_name[i], in_kind[i], in_division[i], in_override[i])
                    ON CONFLICT (code) DO NOTHING
                    RETURNING organisation_id INTO made;
                decided := CASE WHEN made IS NULL THEN OUTCOME_ORGANISATION_EXISTS ELSE OUTCOME_DONE END;
                IF decided = OUTCOME_DONE THEN
                    CALL helper.organisation_keep(made, NULL, in_operator[i], in_request_id[i]);
                END IF;
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => made);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Amends an organisation, suspends it, takes it up again, closes it. What is NULL stays. The caller says which
   version was seen; when it is no longer the present one nothing happens, and `changed` says what has: bit 0 name, 1
   division, 2 status. `version` is the one made. Who loses its status loses its connections: workers listen. */
CREATE FUNCTION api.organisation_amend(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_code text[],
    in_version int4[], in_name text[], in_division text[], in_status int2[], in_reason text[])
RETURNS TABLE (req int4, outcome int2, changed int4, version int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    target registry.organisation;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator,
                               helper.methods('{organisation.reactivate,organisation.suspend,organisation.close}',
                                              in_status, 'organisation.amend'), in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        changed := CASE WHEN decided = OUTCOME_VERSION_DIFFERS THEN first.detail END;
        version := CASE WHEN decided = OUTCOME_DONE THEN first.detail END;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.organisation g WHERE g.code = in_code[i] FOR NO KEY UPDATE;
            decided := CASE
                WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
                WHEN target IS NULL OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division,
                                                       target.organisation_id, target.division)
                                                       THEN OUTCOME_ORGANISATION_UNKNOWN
                /* its own organisation a system administrator may give another name */
                WHEN CASE WHEN target.organisation_id = caller.organisation_id
                          THEN NOT 'sysadmin' = ANY (caller.roles) OR num_nonnulls(in_division[i], in_status[i]) > 0
                          ELSE NOT helper.governs(caller.roles, caller.kind, caller.division, target.kind,
                                                  target.division)
                               OR NOT helper.governs(caller.roles, caller.kind, caller.division, target.kind,
                                                     coalesce(in_division[i], target.division)) END
                                                     THEN OUTCOME_NOT_ALLOWED
                WHEN target.version <> in_version[i] THEN OUTCOME_VERSION_DIFFERS
                WHEN in_division[i] IS NOT NULL AND NOT helper.kind_acts(target.kind, in_division[i])
                     THEN OUTCOME_KIND_DIVISION
                WHEN target.status = STATUS_CLOSED OR target.status = in_status[i] THEN OUTCOME_ORGANISATION_STATE
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.organisation g
                   SET name = coalesce(in_name[i], g.name), division = coalesce(in_division[i], g.division),
                       status = coalesce(in_status[i], g.status), version = g.version + 1
                 WHERE g.organisation_id = target.organisation_id
                 RETURNING * INTO target;
                version := target.version;
                CALL helper.organisation_keep(target.organisation_id, in_reason[i], in_operator[i], in_request_id[i]);
                IF target.status <> STATUS_ACTIVE THEN
                    PERFORM pg_notify('mingce_barred', target.organisation_id::text);
                END IF;
            ELSIF decided = OUTCOME_VERSION_DIFFERS THEN
                SELECT coalesce(bit_or((v.name <> target.name)::int4 + (v.division <> target.division)::int4 * 2
                                       + (v.status <> target.status)::int4 * 4), 0)
                  INTO changed
                  FROM registry.organisation_version v
                 WHERE v.organisation_id = target.organisation_id AND v.version = in_version[i];
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => CASE WHEN decided <> OUTCOME_ORGANISATION_UNKNOWN
                                                       THEN target.organisation_id END,
                               in_detail => coalesce(changed, version));
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Adds a period of an occupation and level to what an institution may teach (G3). Periods of one occupation and
   level do not overlap. */
CREATE FUNCTION api.scope_add(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_code text[],
    in_occupation text[], in_level int2[], in_from date[], in_to date[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    target registry.organisation;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{scope.add}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.organisation g WHERE g.code = in_code[i] FOR NO KEY UPDATE;
            decided := CASE
                WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
                WHEN target IS NULL OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division,
                                                       target.organisation_id, target.division)
                                                       THEN OUTCOME_ORGANISATION_UNKNOWN
                WHEN NOT 'approver' = ANY (caller.roles)
                     OR NOT helper.governs(caller.roles, caller.kind, caller.division, target.kind, target.division)
                     THEN OUTCOME_NOT_ALLOWED
                WHEN target.status = STATUS_CLOSED THEN OUTCOME_ORGANISATION_STATE
                WHEN NOT EXISTS (SELECT FROM registry.occupation o WHERE o.code = in_occupation[i])
                     THEN OUTCOME_OCCUPATION_UNKNOWN
                WHEN EXISTS (SELECT FROM registry.organisation_scope s
                              WHERE s.organisation_id = target.organisation_id AND s.occupation_code = in_occupation[i]
                                AND s.level = in_level[i]
                                AND daterange(s.valid_from, s.valid_to, '[]') && daterange(in_from[i], in_to[i], '[]'))
                     THEN OUTCOME_SCOPE_OVERLAPS
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                INSERT INTO registry.organisation_scope (organisation_id, occupation_code, level, valid_from, valid_to)
                VALUES (target.organisation_id, in_occupation[i], in_level[i], in_from[i], in_to[i]);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => CASE WHEN decided <> OUTCOME_ORGANISATION_UNKNOWN
                                                       THEN target.organisation_id END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* Ends the period of a scope that holds on a day: which day is its last. */
CREATE FUNCTION api.scope_end(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_code text[],
    in_occupation text[], in_level int2[], in_to date[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller record;
    target registry.organisation;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{scope.end}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            SELECT * INTO target FROM registry.organisation g WHERE g.code = in_code[i] FOR NO KEY UPDATE;
            decided := CASE
                WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
                WHEN target IS NULL OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division,
                                                       target.organisation_id, target.division)
                                                       THEN OUTCOME_ORGANISATION_UNKNOWN
                WHEN NOT 'approver' = ANY (caller.roles)
                     OR NOT helper.governs(caller.roles, caller.kind, caller.division, target.kind, target.division)
                     THEN OUTCOME_NOT_ALLOWED
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                UPDATE registry.organisation_scope s SET valid_to = in_to[i]
                 WHERE s.organisation_id = target.organisation_id AND s.occupation_code = in_occupation[i]
                   AND s.level = in_level[i] AND s.valid_from <= in_to[i]
                   AND (s.valid_to IS NULL OR s.valid_to >= in_to[i]);
                IF NOT FOUND THEN
                    decided := OUTCOME_OUT_OF_SCOPE;
                END IF;
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => CASE WHEN decided <> OUTCOME_ORGANISATION_UNKNOWN
                                                       THEN target.organisation_id END);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;
