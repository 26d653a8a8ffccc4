/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is to write the log, and what others have seen of it: a database that was put back knows neither. */

CREATE TABLE audit.turn (
    kind int2 PRIMARY KEY,
    pid int4,
    began_at timestamptz
);
INSERT INTO audit.turn (kind) VALUES (2), (3);
COMMENT ON TABLE audit.turn IS 'The session that has the turn, as long as it lives: no other role can take it, as it could an advisory lock';
COMMENT ON COLUMN audit.turn.kind IS '2: the notary that writes; 3: the collector of cosignatures';
COMMENT ON COLUMN audit.turn.pid IS 'Process of that session; null: nobody yet';
COMMENT ON COLUMN audit.turn.began_at IS 'When that session began, by which it is told from a later one with the same pid';

CREATE SEQUENCE audit.sighting_nth AS int8;
CREATE TABLE audit.sighting (
    source text PRIMARY KEY,
    nth int8 NOT NULL DEFAULT nextval('audit.sighting_nth'),
    size int8 NOT NULL CHECK (size >= 0),
    note text NOT NULL,
    differs bool NOT NULL DEFAULT false,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE audit.sighting IS 'The last that each other party has seen of the log; nothing is signed that does not extend it';
COMMENT ON COLUMN audit.sighting.source IS '"host NAME:FILE", "witness NAME+ID" or "operator ID"; "question": when the others were asked to say it again';
COMMENT ON COLUMN audit.sighting.nth IS 'Grows with each change';
COMMENT ON COLUMN audit.sighting.size IS 'Leaves that it has seen';
COMMENT ON COLUMN audit.sighting.note IS 'The signed checkpoint, which the notary verifies; empty: a witness''s word alone';
COMMENT ON COLUMN audit.sighting.differs IS 'A witness says that ours does not extend what it has';
COMMENT ON COLUMN audit.sighting.seen_at IS 'When it was said, by the database''s clock';

/* What a session leaves open holds up the order of the log; the programs of mingce leave nothing open. Whoever does not own
   the database says this as its owner (systemd/README.md). */
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = ''60s''', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'idle_in_transaction_session_timeout is not set for this database: its owner should set it';
END $$;
