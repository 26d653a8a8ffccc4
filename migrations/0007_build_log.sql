/* SPDX-License-Identifier: Apache-2.0 */
/* The log over the entries: their order, the tree, the signed checkpoints. Written by the notary alone. */

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mingced_notary') THEN
        RAISE EXCEPTION 'role "mingced_notary" does not exist'
            USING HINT = 'Create the login role the notary connects as: CREATE ROLE mingced_notary LOGIN.';
    END IF;
END $$;

/* What has committed below the oldest transaction that still runs has its place for good. */
CREATE INDEX entry_order ON audit.entry (xid, id);

CREATE TABLE audit.leaf (
    leaf_index int8 PRIMARY KEY CHECK (leaf_index >= 0),
    entry_id int8 NOT NULL UNIQUE
);
COMMENT ON TABLE audit.leaf IS 'The order of the log: which entry is which leaf, without gaps';
COMMENT ON COLUMN audit.leaf.leaf_index IS 'From 0';
COMMENT ON COLUMN audit.leaf.entry_id IS 'audit.entry';

CREATE TABLE audit.tile (
    level int2 NOT NULL CHECK (level BETWEEN 0 AND 7),
    tile_index int8 NOT NULL CHECK (tile_index >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192),
    PRIMARY KEY (level, tile_index)
);
COMMENT ON TABLE audit.tile IS 'Hashes of the tree, 256 a tile (C2SP tlog-tiles); the last tile of a level is partial and grows';
COMMENT ON COLUMN audit.tile.level IS 'Hash i of a tile covers 256^level leaves';
COMMENT ON COLUMN audit.tile.tile_index IS 'Its place in the level, from 0';
COMMENT ON COLUMN audit.tile.hashes IS '32 bytes each';

CREATE TABLE audit.log_head (
    one bool PRIMARY KEY DEFAULT true CHECK (one),
    size int8 NOT NULL CHECK (size >= 0),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    last_xid xid8 NOT NULL,
    last_id int8 NOT NULL
);
INSERT INTO audit.log_head (size, root, last_xid, last_id)
VALUES (0, sha256(''::bytea), '0', 0);
COMMENT ON TABLE audit.log_head IS 'One row: how far the log has come. Growing it compares size and root: a second notary is harmless';
COMMENT ON COLUMN audit.log_head.one IS 'There is one row';
COMMENT ON COLUMN audit.log_head.size IS 'Leaves';
COMMENT ON COLUMN audit.log_head.root IS 'Root over them';
COMMENT ON COLUMN audit.log_head.last_xid IS 'Transaction of the last leaf''s entry';
COMMENT ON COLUMN audit.log_head.last_id IS 'The last leaf''s entry';

CREATE TABLE audit.checkpoint (
    size int8 PRIMARY KEY CHECK (size >= 0),
    note text NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE audit.checkpoint IS 'Every checkpoint that was signed';
COMMENT ON COLUMN audit.checkpoint.size IS 'Leaves that it covers';
COMMENT ON COLUMN audit.checkpoint.note IS 'The signed note';
COMMENT ON COLUMN audit.checkpoint.signed_at IS 'When, by the database''s clock';
CREATE TRIGGER leaf_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.leaf
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER checkpoint_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
