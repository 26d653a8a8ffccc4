/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: one number is one certificate (B1). */

CREATE TABLE registry.certificate (
    certificate_id uuid PRIMARY KEY,
    number_index bytea NOT NULL UNIQUE CHECK (octet_length(number_index) = 32),
    kind int2 NOT NULL CHECK (kind BETWEEN 1 AND 5),
    person_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    class_number int8,
    occupation_code text NOT NULL,
    level int2 NOT NULL,
    issued_on date NOT NULL,
    state int2 NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 2),
    version int4 NOT NULL DEFAULT 1 CHECK (version >= 1),
    sealed bytea NOT NULL,
    commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
    warnings text,
    request_id uuid NOT NULL
);
CREATE INDEX certificate_person ON registry.certificate (person_id);
CREATE INDEX certificate_organisation ON registry.certificate (organisation_id, certificate_id);
COMMENT ON TABLE registry.certificate IS 'Certificates as they were issued';
COMMENT ON COLUMN registry.certificate.certificate_id IS 'Random, ordered by time; the sealed record is bound to it';
COMMENT ON COLUMN registry.certificate.number_index IS 'Keyed index of the number, which may hold a resident''s';
COMMENT ON COLUMN registry.certificate.kind IS 'enum CertificateKind of proto/certificate.proto';
COMMENT ON COLUMN registry.certificate.person_id IS 'The holder';
COMMENT ON COLUMN registry.certificate.organisation_id IS 'Who issued it';
COMMENT ON COLUMN registry.certificate.class_number IS 'The completed class it rests on; NULL: none was named';
COMMENT ON COLUMN registry.certificate.occupation_code IS 'The occupation';
COMMENT ON COLUMN registry.certificate.level IS 'The skill level';
COMMENT ON COLUMN registry.certificate.issued_on IS 'Day of issue (Asia/Shanghai)';
COMMENT ON COLUMN registry.certificate.state IS 'enum CertificateState: 1 valid, 2 revoked';
COMMENT ON COLUMN registry.certificate.version IS 'Counts the changes';
COMMENT ON COLUMN registry.certificate.sealed IS 'Sealed CertificateRecord of proto/record.proto; empty: erased';
COMMENT ON COLUMN registry.certificate.commitment IS 'Of that record';
COMMENT ON COLUMN registry.certificate.warnings IS 'Reasons recorded, names of proto/wire/reason.def separated by commas; NULL: none';
COMMENT ON COLUMN registry.certificate.request_id IS 'By which request';

CREATE TABLE registry.certificate_version (
    certificate_id uuid NOT NULL,
    version int4 NOT NULL,
    state int2 NOT NULL,
    effective_on date NOT NULL,
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 200),
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (certificate_id, version)
);
COMMENT ON TABLE registry.certificate_version IS 'Revocations and reinstatements; written once';
COMMENT ON COLUMN registry.certificate_version.certificate_id IS 'The certificate';
COMMENT ON COLUMN registry.certificate_version.version IS 'registry.certificate.version after the change';
COMMENT ON COLUMN registry.certificate_version.state IS 'enum CertificateState from then on';
COMMENT ON COLUMN registry.certificate_version.effective_on IS 'Since which day (Asia/Shanghai)';
COMMENT ON COLUMN registry.certificate_version.reason IS 'Why';
COMMENT ON COLUMN registry.certificate_version.operator_id IS 'Who changed it';
COMMENT ON COLUMN registry.certificate_version.request_id IS 'By which request';
COMMENT ON COLUMN registry.certificate_version.changed_at IS 'When';
CREATE TRIGGER certificate_version_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.certificate_version
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CALL audit.cover(22::int2, 'certificate', 'certificate_id', 'certificate_id, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, state, version, commitment, warnings, request_id, octet_length(sealed) > 0');
CALL audit.cover(23::int2, 'certificate_version', 'certificate_id, version', 'certificate_id, version, state, effective_on, reason, operator_id, request_id, changed_at');
