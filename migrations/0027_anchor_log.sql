/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log is ordered by the ids of transactions, which belong to a cluster: one that a dump was loaded into counts its own. The
 * head says which cluster's it goes by; `mingced log anchor` begins with those of another, and no entry stays out.
 */
ALTER TABLE audit.log_head ADD COLUMN cluster int8, ADD COLUMN anchor_id int8 NOT NULL DEFAULT 0;
COMMENT ON COLUMN audit.log_head.cluster IS 'System identifier of the cluster whose transactions it is ordered by; NULL: not known yet';
COMMENT ON COLUMN audit.log_head.anchor_id IS 'The last entry that another cluster''s transactions wrote, or that came before the log was anchored here';

CREATE TABLE audit.entry_left (
    entry_id int8 PRIMARY KEY,
    nth int8 NOT NULL
);
COMMENT ON TABLE audit.entry_left IS 'Entries that were not in the log when it was anchored: they come first';
COMMENT ON COLUMN audit.entry_left.entry_id IS 'audit.entry';
COMMENT ON COLUMN audit.entry_left.nth IS 'Their order: by transaction as it was written, then by id';

/* From now on in this cluster's order. How many entries were left. */
CREATE FUNCTION audit.anchor(in_head bytea) RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    entries_left int8;
BEGIN
    PERFORM FROM audit.log_head FOR UPDATE; /* the notary does not grow it meanwhile */
    LOCK TABLE audit.entry IN EXCLUSIVE MODE; /* who is writing ends, who will write waits */
    DELETE FROM audit.entry_left;
    INSERT INTO audit.entry_left (entry_id, nth)
    SELECT e.id, row_number() OVER (ORDER BY e.xid, e.id)
      FROM audit.entry e
     WHERE NOT EXISTS (SELECT FROM audit.leaf l WHERE l.entry_id = e.id);
    GET DIAGNOSTICS entries_left = ROW_COUNT;
    UPDATE audit.log_head
       SET cluster = (SELECT system_identifier FROM pg_control_system()), anchor_id = coalesce((SELECT max(id) FROM audit.entry), 0),
           last_xid = (pg_snapshot_xmin(pg_current_snapshot())::text::int8 - 1)::text::xid8, last_id = 0;
    CALL audit.enter_command(in_head, NULL);
    RETURN entries_left;
END $$;
REVOKE ALL ON ALL ROUTINES IN SCHEMA audit FROM PUBLIC;
