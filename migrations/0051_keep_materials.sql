/* SPDX-License-Identifier: Apache-2.0 */
/* The papers and videos of a project's settlement that are kept outside the registry, each by its SHA-256 (E15). */
CREATE TABLE registry.project_material (
    project_id uuid NOT NULL REFERENCES registry.project,
    material_id uuid NOT NULL CONSTRAINT project_material_id UNIQUE,
    kind int2 NOT NULL CHECK (kind BETWEEN 1 AND 5),
    file_digest bytea NOT NULL CHECK (octet_length(file_digest) = 32),
    file_bytes int8 NOT NULL CHECK (file_bytes > 0),
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 60),
    keep_until date NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    request_id uuid NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawn_request uuid,
    withdrawn_reason text CHECK (char_length(withdrawn_reason) BETWEEN 1 AND 200),
    PRIMARY KEY (project_id, material_id),
    CONSTRAINT project_material_withdrawn CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_request, withdrawn_reason) IN (0, 4))
);
CREATE UNIQUE INDEX project_material_once ON registry.project_material (project_id, file_digest) WHERE withdrawn_at IS NULL;
COMMENT ON TABLE registry.project_material IS 'Files of a project''s settlement, which are kept outside; one may be withdrawn, and stays to be seen (E15)';
COMMENT ON COLUMN registry.project_material.project_id IS 'The project';
COMMENT ON COLUMN registry.project_material.material_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.project_material.kind IS 'enum MaterialKind of proto/material.proto';
COMMENT ON COLUMN registry.project_material.file_digest IS 'SHA-256 of the file';
COMMENT ON COLUMN registry.project_material.file_bytes IS 'Its size';
COMMENT ON COLUMN registry.project_material.title IS 'What it is called; no numbers of persons (D3)';
COMMENT ON COLUMN registry.project_material.keep_until IS 'Day until which it is kept at least: ten years from its entry, an index of videos five';
COMMENT ON COLUMN registry.project_material.recorded_by IS 'Operator';
COMMENT ON COLUMN registry.project_material.recorded_at IS 'When';
COMMENT ON COLUMN registry.project_material.request_id IS 'By which request';
COMMENT ON COLUMN registry.project_material.withdrawn_at IS 'When it was withdrawn; NULL: it stands';
COMMENT ON COLUMN registry.project_material.withdrawn_by IS 'Operator';
COMMENT ON COLUMN registry.project_material.withdrawn_request IS 'By which request';
COMMENT ON COLUMN registry.project_material.withdrawn_reason IS 'Why';

CALL audit.cover(118::int2, 'project_material', 'project_id, material_id', 'project_id, material_id, kind, file_digest, file_bytes, title, keep_until, recorded_by, recorded_at, request_id, withdrawn_at, withdrawn_by, withdrawn_request, withdrawn_reason');
CALL audit.tie_table('project_material');
