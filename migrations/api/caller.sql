/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls, and what a caller may see. */

/* The operators who may act now, with their organisation. */
CREATE VIEW api.acting AS
SELECT o.operator_id, o.roles, g.organisation_id, g.kind, g.division
  FROM registry.operator o
  JOIN registry.organisation g USING (organisation_id)
 WHERE o.status = 1 AND g.status = 1;

/* Row scope: a bureau sees its division and below, the province and auditors everything, others their own.
   Kinds are enum OrganisationKind of proto/wire.proto. */
CREATE FUNCTION api.sees(kind int2, own uuid, own_division text, target uuid, target_division text) RETURNS bool
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE kind
           WHEN 4 THEN left(target_division, 4) = left(own_division, 4)
           WHEN 5 THEN target_division = own_division
           WHEN 6 THEN left(target_division, 2) = left(own_division, 2)
           WHEN 8 THEN true
           ELSE target = own END
$$;

/* Bit n is role n of enum Role. */
CREATE FUNCTION api.role_mask(roles text[]) RETURNS int4 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(bit_or(1 << array_position(
        ARRAY['clerk', 'reviewer', 'approver', 'payer', 'auditor', 'sysadmin', 'secadmin', 'auditadmin'], role)), 0)
      FROM unnest(roles) role
$$;

CREATE FUNCTION api.caller(in_key_hash bytea[])
RETURNS TABLE (req int4, operator_id uuid, sealed bytea, role_mask int4, organisation_id uuid, code text, name text,
               kind int2, division text, status int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, o.operator_id, o.sealed, api.role_mask(o.roles), g.organisation_id, g.code, g.name, g.kind,
           g.division, g.status
      FROM unnest(in_key_hash) WITH ORDINALITY i(key_hash, n)
      JOIN registry.operator_certificate c ON c.key_hash = i.key_hash AND c.revoked_at IS NULL
      JOIN registry.operator o ON o.operator_id = c.operator_id AND o.status = 1
      JOIN registry.organisation g ON g.organisation_id = o.organisation_id AND g.status = 1
     ORDER BY i.n;
END $$;

/* Samples of what is sealed, one for each key that has sealed an operator, and a person with the index of its name: by
   them the daemon sees at its start whether its key ring is the right one. */
CREATE FUNCTION api.key_check(in_samples int4[])
RETURNS TABLE (req int4, id uuid, sealed bytea, name_index bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.id, x.sealed, x.name_index
      FROM unnest(in_samples) WITH ORDINALITY i(samples, n)
     CROSS JOIN LATERAL (
           (SELECT DISTINCT ON (substring(o.sealed FROM 2 FOR 4)) o.operator_id AS id, o.sealed, NULL::bytea AS name_index
              FROM registry.operator o ORDER BY substring(o.sealed FROM 2 FOR 4) LIMIT i.samples)
           UNION ALL
           (SELECT coalesce(p.record_id, p.person_id), p.sealed, p.name_index FROM registry.person p WHERE p.sealed <> '' LIMIT 1)) x
     ORDER BY i.n;
END $$;
