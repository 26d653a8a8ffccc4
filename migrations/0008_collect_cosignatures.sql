/* SPDX-License-Identifier: Apache-2.0 */
/* What witnesses said of the checkpoints. Written by the notary's role alone. */

CREATE TABLE audit.cosignature (
    size int8 NOT NULL REFERENCES audit.checkpoint,
    witness text NOT NULL,
    nth int2 NOT NULL CHECK (nth >= 1),
    line text NOT NULL CHECK (line LIKE '— %' AND right(line, 1) = E'\n' AND strpos(line, E'\n') = length(line)),
    cosigned_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (size, witness)
);
/* Finds the newest checkpoint that has n cosignatures. */
CREATE UNIQUE INDEX cosignature_count ON audit.cosignature (nth, size);
COMMENT ON TABLE audit.cosignature IS 'Witnesses'' cosignatures of checkpoints (C2SP tlog-cosignature)';
COMMENT ON COLUMN audit.cosignature.size IS 'audit.checkpoint';
COMMENT ON COLUMN audit.cosignature.witness IS 'The witness''s key: name+hex8(id)';
COMMENT ON COLUMN audit.cosignature.nth IS 'Which one of its checkpoint, from 1, in the order they came';
COMMENT ON COLUMN audit.cosignature.line IS 'The signature line of the note, with its LF';
COMMENT ON COLUMN audit.cosignature.cosigned_at IS 'When it came, by the database''s clock';
CREATE TRIGGER cosignature_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
