/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations that are amended, suspended and closed; operators whose rights two security administrators decide. */

ALTER TABLE registry.organisation ADD COLUMN version int4 NOT NULL DEFAULT 1 CHECK (version >= 1);
COMMENT ON COLUMN registry.organisation.version IS 'Counts the changes; who amends says which one was seen';

CREATE TABLE registry.organisation_version (
    organisation_id uuid NOT NULL,
    version int4 NOT NULL,
    name text NOT NULL,
    division text NOT NULL,
    status int2 NOT NULL,
    reason text,
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, version)
);
COMMENT ON TABLE registry.organisation_version IS 'What an organisation was after each change; written once';
COMMENT ON COLUMN registry.organisation_version.organisation_id IS 'The organisation';
COMMENT ON COLUMN registry.organisation_version.version IS 'registry.organisation.version after the change; 1 is the registration';
COMMENT ON COLUMN registry.organisation_version.name IS 'Chinese name from then on';
COMMENT ON COLUMN registry.organisation_version.division IS 'Where it acts from then on';
COMMENT ON COLUMN registry.organisation_version.status IS 'enum OrganisationStatus from then on';
COMMENT ON COLUMN registry.organisation_version.reason IS 'Why it was suspended, taken up again or closed; NULL: an amendment';
COMMENT ON COLUMN registry.organisation_version.operator_id IS 'Who changed it; all zeros: an installation command';
COMMENT ON COLUMN registry.organisation_version.request_id IS 'By which request';
COMMENT ON COLUMN registry.organisation_version.changed_at IS 'When';
INSERT INTO registry.organisation_version (organisation_id, version, name, division, status, operator_id, request_id,
                                           changed_at)
SELECT organisation_id, 1, name, division, status, '00000000-0000-0000-0000-000000000000',
       '00000000-0000-0000-0000-000000000000', registered_at
  FROM registry.organisation;
CREATE TRIGGER organisation_version_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.organisation_version
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE registry.operator DROP CONSTRAINT operator_status_check;
ALTER TABLE registry.operator ADD CONSTRAINT operator_status_check CHECK (status BETWEEN 1 AND 3);
COMMENT ON COLUMN registry.operator.status IS 'enum OperatorStatus of proto/operator.proto: 1 active, 2 suspended, 3 revoked for good';
CREATE INDEX operator_organisation ON registry.operator (organisation_id, operator_id);
CREATE INDEX operator_certificate_operator ON registry.operator_certificate (operator_id);

CREATE TABLE registry.change (
    change_id uuid PRIMARY KEY,
    kind int2 NOT NULL CHECK (kind BETWEEN 1 AND 5),
    operator_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES registry.organisation,
    sealed bytea,
    roles text[],
    key_hash bytea CHECK (octet_length(key_hash) = 32),
    status int2 CHECK (status BETWEEN 1 AND 3),
    reason text CHECK (char_length(reason) BETWEEN 1 AND 200),
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decision int2 CHECK (decision BETWEEN 1 AND 2),
    decided_by uuid,
    decided_at timestamptz,
    CONSTRAINT change_two_people CHECK (decision = 2 OR decided_by <> proposed_by),
    CONSTRAINT change_decided_whole CHECK (num_nulls(decision, decided_by, decided_at) IN (0, 3)),
    CONSTRAINT change_whole CHECK (CASE kind WHEN 1 THEN num_nonnulls(sealed, roles, key_hash) = 3
                                             WHEN 2 THEN key_hash IS NOT NULL
                                             WHEN 3 THEN key_hash IS NOT NULL
                                             WHEN 4 THEN roles IS NOT NULL
                                             ELSE num_nonnulls(status, reason) = 2 END)
);
CREATE INDEX change_pending ON registry.change (change_id) WHERE decision IS NULL;
COMMENT ON TABLE registry.change IS 'Changes of operators: one security administrator proposes, another decides';
COMMENT ON COLUMN registry.change.change_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.change.kind IS 'enum ChangeKind of proto/operator.proto';
COMMENT ON COLUMN registry.change.operator_id IS 'Whom it is about; a new operator''s id is its own';
COMMENT ON COLUMN registry.change.organisation_id IS 'For whom the operator acts';
COMMENT ON COLUMN registry.change.sealed IS 'Of a new operator: sealed OperatorRecord (D1)';
COMMENT ON COLUMN registry.change.roles IS 'The roles from then on';
COMMENT ON COLUMN registry.change.key_hash IS 'The certificate''s key to bind or to unbind';
COMMENT ON COLUMN registry.change.status IS 'The status from then on';
COMMENT ON COLUMN registry.change.reason IS 'Why the status changes';
COMMENT ON COLUMN registry.change.proposed_by IS 'One security administrator';
COMMENT ON COLUMN registry.change.proposed_at IS 'When';
COMMENT ON COLUMN registry.change.decision IS '1 confirmed, 2 rejected; NULL: pending';
COMMENT ON COLUMN registry.change.decided_by IS 'Another security administrator';
COMMENT ON COLUMN registry.change.decided_at IS 'When';
