/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls, and what a caller may see. */

/* The roles of an operator that count: those that decide, in claims or about operators, do not before it is known
   who it is (C1). */
CREATE FUNCTION helper.roles_counting(in_roles text[], in_human uuid) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN in_human IS NULL AND in_roles && '{reviewer,approver,payer,secadmin}'
                THEN CASE WHEN 'clerk' = ANY (in_roles) THEN ARRAY['clerk'] ELSE '{}'::text[] END
                ELSE in_roles END
$$;

/* The operators who may act now, with their organisation. */
CREATE VIEW helper.acting AS
SELECT o.operator_id, helper.roles_counting(o.roles, o.human_id) AS roles, g.organisation_id, g.kind, g.division,
       o.human_id
  FROM registry.operator o
  JOIN registry.organisation g USING (organisation_id)
 WHERE o.status = OPERATOR_ACTIVE AND g.status = STATUS_ACTIVE;

/* Every record of the person of a document, also an erased one's; none: of nobody who was trained. */
CREATE FUNCTION helper.document_records(in_document bytea) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    person uuid := (SELECT d.person_id FROM registry.document d WHERE d.document_index = in_document);
BEGIN
    IF person IS NULL THEN
        person := (SELECT e.person_id FROM registry.document_erased e WHERE e.document_index = in_document LIMIT 1);
    END IF;
    RETURN CASE WHEN person IS NULL THEN '{}' ELSE helper.person_records(person) END;
END $$;

/* The human beings who stated this document, or another of the same person: who is registered with a resident's
   number and with a passport is one, as soon as both are known to be one person's. */
CREATE FUNCTION helper.document_humans(in_document bytea) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    records uuid[] := helper.document_records(in_document);
BEGIN
    RETURN ARRAY(SELECT h.human_id FROM registry.human h WHERE h.document_index = in_document
                 UNION
                 SELECT h.human_id FROM registry.human h
                  WHERE h.document_index IN (SELECT d.document_index FROM registry.document d
                                              WHERE d.person_id = ANY (records)
                                             UNION ALL
                                             SELECT e.document_index FROM registry.document_erased e
                                              WHERE e.person_id = ANY (records)));
END $$;

/* All operators who are, or were, an operator's human being, itself among them. */
CREATE FUNCTION helper.human_operators(in_operator uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    humans uuid[] := helper.document_humans((SELECT h.document_index FROM registry.operator o
                                               JOIN registry.human h ON h.human_id = o.human_id
                                              WHERE o.operator_id = in_operator));
BEGIN
    RETURN in_operator
           || ARRAY(SELECT x.operator_id FROM registry.operator x
                     WHERE x.human_id = ANY (humans) AND x.operator_id <> in_operator);
END $$;

/* Whether two operators are one human being (C1), whatever its records, keys, organisations and documents; before a
   document was stated an operator is itself alone. Every rule that asks for a second person asks this; NULL: one of
   them is none. */
CREATE FUNCTION helper.same_human(in_one uuid, in_other uuid) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT in_other = ANY (helper.human_operators(in_one))
$$;

/* Whether an operator's human being is, or ever was, an operator of an organisation, under whatever key (C1). */
CREATE FUNCTION helper.of_organisation(in_operator uuid, in_organisation uuid) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM registry.operator o
                    WHERE o.operator_id = ANY (helper.human_operators(in_operator))
                      AND o.organisation_id = in_organisation)
$$;

/* Whether an operator's human being is that person, by one of the person's documents. */
CREATE FUNCTION helper.human_is(in_operator uuid, in_person uuid) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN in_person = ANY (helper.document_records((SELECT h.document_index FROM registry.operator o
                                                       JOIN registry.human h ON h.human_id = o.human_id
                                                      WHERE o.operator_id = in_operator)));
END $$;

/* Row scope: a bureau sees its division and below, the province and auditors everything, others their own; so does a
   bureau that is registered where its kind does not act. Kinds are enum OrganisationKind of proto/wire.proto. */
CREATE FUNCTION helper.sees(kind int2, own uuid, own_division text, target uuid, target_division text) RETURNS bool
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN kind = KIND_CITY_BUREAU AND right(own_division, 2) = '00'
                     THEN left(target_division, 4) = left(own_division, 4)
                WHEN kind = KIND_COUNTY_BUREAU AND right(own_division, 2) <> '00' THEN target_division = own_division
                WHEN kind = KIND_PROVINCIAL_BUREAU AND right(own_division, 4) = '0000'
                     THEN left(target_division, 2) = left(own_division, 2)
                WHEN kind = KIND_AUDITOR THEN true
                ELSE target = own END
$$;

/* Whether an organisation of this kind is a bureau. */
CREATE FUNCTION helper.is_bureau(in_kind int2) RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT in_kind IN (KIND_CITY_BUREAU, KIND_COUNTY_BUREAU, KIND_PROVINCIAL_BUREAU)
$$;

/* Whether an organisation of this kind sees what lies in its area; others see their own. */
CREATE FUNCTION helper.sees_area(in_kind int2) RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT in_kind IN (KIND_CITY_BUREAU, KIND_COUNTY_BUREAU, KIND_PROVINCIAL_BUREAU, KIND_AUDITOR)
$$;

/* Where a division lies, seen from another: the same, below it, or outside. */
CREATE FUNCTION helper.division_relation(own_division text, target_division text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN target_division = own_division THEN 'same'
                WHEN right(own_division, 4) = '0000' AND left(target_division, 2) = left(own_division, 2)
                     OR right(own_division, 2) = '00' AND left(target_division, 4) = left(own_division, 4) THEN 'below'
                ELSE 'outside' END
$$;

/* Whether a bureau may register and change organisations of that kind there, and their operators:
   registry.delegation says so. */
CREATE FUNCTION helper.delegated(own_kind int2, own_division text, target_kind int2, target_division text,
                                 by_approver bool) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM registry.delegation d
                    WHERE d.governor = own_kind AND d.kind = target_kind AND (d.approver OR NOT by_approver)
                      AND d.relation = helper.division_relation(own_division, target_division))
$$;

/* What an occupation was called on a day, as far as it is known; else what it is called today. */
CREATE FUNCTION helper.occupation_name(in_code text, in_on date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT n.name FROM registry.occupation_name n
                      WHERE n.occupation_code = in_code AND n.valid_from <= in_on
                        AND (n.valid_to IS NULL OR n.valid_to >= in_on)),
                    (SELECT o.name FROM registry.occupation o WHERE o.code = in_code))
$$;

/* Roles as a mask: bit n is role n of enum Role. */
CREATE FUNCTION helper.role_mask(roles text[]) RETURNS int4 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(bit_or(1 << array_position(
        ARRAY['clerk', 'reviewer', 'approver', 'payer', 'auditor', 'sysadmin', 'secadmin', 'auditadmin'], role)), 0)
      FROM unnest(roles) role
$$;

/* Who a key of a client certificate is: an active operator of an active organisation; no row of any other. */
CREATE FUNCTION api.caller(in_key_hash bytea[])
RETURNS TABLE (req int4, operator_id uuid, sealed bytea, role_mask int4, organisation_id uuid, code text, name text,
               kind int2, division text, status int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, o.operator_id, o.sealed, helper.role_mask(helper.roles_counting(o.roles, o.human_id)),
           g.organisation_id, g.code, g.name, g.kind, g.division, g.status
      FROM unnest(in_key_hash) WITH ORDINALITY i(key_hash, n)
      JOIN registry.operator_certificate c ON c.key_hash = i.key_hash AND c.revoked_at IS NULL
      JOIN registry.operator o ON o.operator_id = c.operator_id AND o.status = OPERATOR_ACTIVE
      JOIN registry.organisation g ON g.organisation_id = o.organisation_id AND g.status = STATUS_ACTIVE
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
           (SELECT DISTINCT ON (substring(o.sealed FROM 2 FOR 4)) o.operator_id AS id, o.sealed,
            NULL::bytea AS name_index
              FROM registry.operator o ORDER BY substring(o.sealed FROM 2 FOR 4) LIMIT i.samples)
           UNION ALL
           (SELECT coalesce(p.record_id, p.person_id), p.sealed, p.name_index FROM registry.person p
             WHERE p.sealed <> '' LIMIT 1)) x
     ORDER BY i.n;
END $$;
