/* SPDX-License-Identifier: Apache-2.0 */
/* What the installation commands do, as the schema's owner. Each writes its audit entry: the operator is all zeros.
   The same again changes nothing and writes nothing. */

/* The log's entry of an installation command; its operator is all zeros. */
CREATE FUNCTION admin.entry(in_head bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.entry (operator_id, body)
    VALUES ('00000000-0000-0000-0000-000000000000',
            helper.entry_body(in_head, OUTCOME_DONE::int2, NULL, NULL, NULL, NULL));
END $$;

/* Registers an organisation, and returns its id; one with this code that is there already stays as it is. */
CREATE FUNCTION admin.organisation_register(in_id uuid, in_code text, in_name text, in_kind int2, in_division text,
                                            in_code_override text, in_head bytea) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    id uuid;
BEGIN
    INSERT INTO registry.organisation (organisation_id, code, name, kind, division, code_override)
    VALUES (in_id, in_code, in_name, in_kind, in_division, in_code_override)
        ON CONFLICT (code) DO NOTHING
        RETURNING organisation_id INTO id;
    IF id IS NULL THEN
        SELECT organisation_id INTO STRICT id FROM registry.organisation WHERE code = in_code;
    ELSE
        PERFORM admin.entry(in_head);
        CALL helper.organisation_keep(id, NULL, '00000000-0000-0000-0000-000000000000',
                                      '00000000-0000-0000-0000-000000000000');
    END IF;
    RETURN id;
END $$;

/* Registers an operator with its first certificate, and returns its id. The same certificate is the same operator.
   To one that was registered without a document this states it. */
CREATE FUNCTION admin.operator_add(in_code text, in_id uuid, in_sealed bytea, in_roles text[], in_key_hash bytea,
                                   in_human uuid, in_document bytea, in_document_sealed bytea, in_head bytea)
RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    there registry.operator;
    human uuid;
    id uuid;
BEGIN
    SELECT o.* INTO there FROM registry.operator_certificate c JOIN registry.operator o USING (operator_id)
     WHERE c.key_hash = in_key_hash FOR NO KEY UPDATE OF o;
    human := helper.human_found(in_human, in_document, in_document_sealed);
    IF there.human_id <> human THEN
        RAISE unique_violation
        USING MESSAGE = 'this certificate is another human being''s: the document is not that operator''s';
    ELSIF there.human_id = human THEN
        RETURN there.operator_id;
    ELSIF there.operator_id IS NOT NULL THEN
        UPDATE registry.operator SET human_id = human WHERE operator_id = there.operator_id;
        PERFORM pg_notify('mingce_barred', there.operator_id::text);
        PERFORM admin.entry(in_head);
        RETURN there.operator_id;
    END IF;
    INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id)
    SELECT in_id, organisation_id, in_sealed, in_roles, human FROM registry.organisation WHERE code = in_code
        RETURNING operator_id INTO id;
    IF id IS NULL THEN
        RAISE no_data_found USING MESSAGE = 'no such organisation';
    END IF;
    INSERT INTO registry.operator_certificate (key_hash, operator_id) VALUES (in_key_hash, id);
    PERFORM admin.entry(in_head);
    RETURN id;
END $$;

/* Adds an occupation and level to what an institution may teach (G3), for a period; the same period again changes
   nothing. */
CREATE FUNCTION admin.scope_add(in_code text, in_occupation text, in_level int2, in_from date, in_to date,
                                in_head bytea) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    owner uuid;
BEGIN
    SELECT organisation_id INTO owner FROM registry.organisation WHERE code = in_code;
    IF owner IS NULL THEN
        RAISE no_data_found USING MESSAGE = 'no such organisation';
    END IF;
    INSERT INTO registry.organisation_scope (organisation_id, occupation_code, level, valid_from, valid_to)
    VALUES (owner, in_occupation, in_level, in_from, in_to)
        ON CONFLICT DO NOTHING;
    IF FOUND THEN
        IF EXISTS (SELECT FROM registry.organisation_scope s
                    WHERE s.organisation_id = owner AND s.occupation_code = in_occupation AND s.level = in_level
                      AND s.valid_from <> in_from
                      AND daterange(s.valid_from, s.valid_to, '[]') && daterange(in_from, in_to, '[]')) THEN
            RAISE exclusion_violation USING MESSAGE = 'a period of this occupation and level holds then already';
        END IF;
        PERFORM admin.entry(in_head);
    END IF;
END $$;

/* Puts occupations of the catalogue in the table, and returns how many are new or have another name. The old name
   stays that of the days before. */
CREATE FUNCTION admin.occupation_put(in_code text[], in_name text[], in_head bytea) RETURNS int8
LANGUAGE plpgsql AS $$
DECLARE
    changed int8;
    codes text[];
    twice text := (SELECT min(f.code) FROM (SELECT i.code FROM unnest(in_code, in_name) i(code, name)
                                             GROUP BY i.code HAVING min(i.name) <> max(i.name)) f);
BEGIN
    IF twice IS NOT NULL THEN
        RAISE cardinality_violation USING MESSAGE = format('occupation %s has two names in the file', twice);
    END IF;
    WITH put AS (
        INSERT INTO registry.occupation AS o (code, name)
        SELECT DISTINCT i.code, i.name FROM unnest(in_code, in_name) i(code, name)
            ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE o.name <> excluded.name
        RETURNING o.code)
    SELECT array_agg(p.code ORDER BY p.code), count(*) INTO codes, changed FROM put p;
    /* what was called otherwise until yesterday keeps that name for the days before */
    DELETE FROM registry.occupation_name n WHERE n.occupation_code = ANY (codes) AND n.valid_from >= helper.today();
    UPDATE registry.occupation_name n SET valid_to = helper.today() - 1
     WHERE n.occupation_code = ANY (codes) AND n.valid_to IS NULL;
    INSERT INTO registry.occupation_name (occupation_code, name, valid_from)
    SELECT o.code, o.name, helper.today() FROM registry.occupation o WHERE o.code = ANY (codes);
    IF changed > 0 THEN
        PERFORM admin.entry(in_head);
    END IF;
    RETURN changed;
END $$;
