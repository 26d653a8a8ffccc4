/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate's facts are amended before a claim rests on it (B1): what they were is kept. */

CREATE TABLE registry.certificate_amendment (
    certificate_id uuid NOT NULL,
    version int4 NOT NULL,
    kind int2 NOT NULL,
    occupation_code text NOT NULL,
    level int2 NOT NULL,
    issued_on date NOT NULL,
    warnings text,
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 200),
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    amended_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (certificate_id, version)
);
COMMENT ON TABLE registry.certificate_amendment IS 'What certificates said before they were amended; written once';
COMMENT ON COLUMN registry.certificate_amendment.certificate_id IS 'The certificate';
COMMENT ON COLUMN registry.certificate_amendment.version IS 'registry.certificate.version after the change';
COMMENT ON COLUMN registry.certificate_amendment.kind IS 'enum CertificateKind until then';
COMMENT ON COLUMN registry.certificate_amendment.occupation_code IS 'The occupation until then';
COMMENT ON COLUMN registry.certificate_amendment.level IS 'The skill level until then';
COMMENT ON COLUMN registry.certificate_amendment.issued_on IS 'Day of issue until then (Asia/Shanghai)';
COMMENT ON COLUMN registry.certificate_amendment.warnings IS 'Reasons recorded until then; NULL: none';
COMMENT ON COLUMN registry.certificate_amendment.reason IS 'Why';
COMMENT ON COLUMN registry.certificate_amendment.operator_id IS 'Who amended it';
COMMENT ON COLUMN registry.certificate_amendment.request_id IS 'By which request';
COMMENT ON COLUMN registry.certificate_amendment.amended_at IS 'When';
CREATE TRIGGER certificate_amendment_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.certificate_amendment
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CALL audit.cover(36::int2, 'certificate_amendment', 'certificate_id, version', 'certificate_id, version, kind, occupation_code, level, issued_on, warnings, reason, operator_id, request_id, amended_at');
