/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators are human beings for good (C1): registering one states a document, which finds the same human whatever keys,
 * operator records and organisations come and go. Who was registered before has none until a security administrator, or the
 * installation command, states it; until then the roles that decide do not count.
 */

CREATE TABLE registry.human (
    human_id uuid PRIMARY KEY,
    document_index bytea NOT NULL UNIQUE CHECK (octet_length(document_index) = 32),
    sealed bytea NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.human IS 'The human beings behind operators, each found by a document';
COMMENT ON COLUMN registry.human.human_id IS 'Random; the sealed record is bound to it';
COMMENT ON COLUMN registry.human.document_index IS 'Keyed index of type and number, as registry.document has it';
COMMENT ON COLUMN registry.human.sealed IS 'Sealed HumanRecord of proto/record.proto (D1)';
COMMENT ON COLUMN registry.human.registered_at IS 'When';

ALTER TABLE registry.operator ADD COLUMN human_id uuid REFERENCES registry.human;
CREATE INDEX operator_human ON registry.operator (human_id);
COMMENT ON COLUMN registry.operator.human_id IS 'Who it is, for good; NULL: registered before documents were stated';

ALTER TABLE registry.change ADD COLUMN human_id uuid;
ALTER TABLE registry.change ADD COLUMN document_index bytea CHECK (octet_length(document_index) = 32);
ALTER TABLE registry.change ADD COLUMN document_sealed bytea;
ALTER TABLE registry.change ADD CONSTRAINT change_identified CHECK (num_nulls(human_id, document_index, document_sealed) IN (0, 3));
COMMENT ON COLUMN registry.change.human_id IS 'Of a new operator or key: what the sealed document is bound to, the human''s id if it is a new one';
COMMENT ON COLUMN registry.change.document_index IS 'Keyed index of the document stated';
COMMENT ON COLUMN registry.change.document_sealed IS 'Sealed HumanRecord (D1)';

/* Resealing apart, a human stays who it is. */
CREATE TRIGGER human_written_once BEFORE UPDATE OF human_id, document_index, registered_at OR DELETE OR TRUNCATE ON registry.human
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

/* As it was, and: who an operator is does not change; the roles of one human stand alone as those of one operator do. */
CREATE OR REPLACE FUNCTION registry.guard_operator() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    allowed text[];
BEGIN
    SELECT k.roles INTO allowed
      FROM registry.organisation g JOIN registry.organisation_kind k USING (kind)
     WHERE g.organisation_id = NEW.organisation_id FOR SHARE OF g;
    IF NOT NEW.roles <@ allowed THEN
        RAISE check_violation USING CONSTRAINT = 'operator_roles_of_kind',
            MESSAGE = format('operator_roles_of_kind: an organisation of this kind has the roles %s', array_to_string(allowed, ', '));
    END IF;
    IF TG_OP = 'INSERT' AND NEW.human_id IS NULL
       OR TG_OP = 'UPDATE' AND OLD.human_id <> coalesce(NEW.human_id, '00000000-0000-0000-0000-000000000000') THEN
        RAISE check_violation USING CONSTRAINT = 'operator_human_for_good',
            MESSAGE = 'operator_human_for_good: an operator is a human being, and stays the one it was registered as';
    END IF;
    IF NEW.human_id IS NOT NULL AND NEW.status <> 3 THEN
        PERFORM FROM registry.human h WHERE h.human_id = NEW.human_id FOR NO KEY UPDATE; /* two at once meet here */
        IF EXISTS (SELECT FROM registry.operator o
                    WHERE o.human_id = NEW.human_id AND o.operator_id <> NEW.operator_id AND o.status <> 3
                      AND (o.roles || NEW.roles) && ARRAY['sysadmin', 'secadmin', 'auditadmin', 'auditor']
                      AND o.roles <> NEW.roles) THEN
            RAISE check_violation USING CONSTRAINT = 'operator_human_exclusive',
                MESSAGE = 'operator_human_exclusive: an administrator or auditor has no other role, as another operator either';
        END IF;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER guard_operator ON registry.operator;
CREATE CONSTRAINT TRIGGER guard_operator AFTER INSERT OR UPDATE OF roles, organisation_id, human_id, status ON registry.operator
    FOR EACH ROW EXECUTE FUNCTION registry.guard_operator();

CALL audit.cover(4::int2, 'operator', 'operator_id', 'operator_id, organisation_id, sealed, roles, status, human_id');
CALL audit.cover(6::int2, 'change', 'change_id', 'change_id, kind, operator_id, organisation_id, sealed, roles, key_hash, status, reason, proposed_by, proposed_at, decision, decided_by, decided_at, human_id, sha256(document_sealed), sha256(document_index || document_sealed)');
CALL audit.cover(50::int2, 'human', 'human_id', 'human_id, registered_at, sha256(sealed), sha256(document_index || sealed)');
