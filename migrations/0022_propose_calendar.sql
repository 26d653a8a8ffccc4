/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar is changed by two people, and its changes move what is counted by it (C2, C3). */

CREATE TABLE registry.calendar_proposal (
    proposal_id uuid PRIMARY KEY,
    division text NOT NULL CHECK (division ~ '^[0-9]{4}00$'),
    day date NOT NULL,
    working bool NOT NULL,
    citation text NOT NULL CHECK (char_length(citation) BETWEEN 1 AND 100),
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decision int2 CHECK (decision BETWEEN 1 AND 2),
    decided_by uuid,
    decided_at timestamptz,
    request_id uuid NOT NULL,
    CONSTRAINT calendar_two_people CHECK (decision = 2 OR decided_by <> proposed_by),
    CONSTRAINT calendar_decided_whole CHECK (num_nulls(decision, decided_by, decided_at) IN (0, 3))
);
CREATE INDEX calendar_proposal_pending ON registry.calendar_proposal (day, proposal_id) WHERE decision IS NULL;
CREATE INDEX calendar_proposal_day ON registry.calendar_proposal (division, day);
COMMENT ON TABLE registry.calendar_proposal IS 'Days of the calendar as a bureau proposed them; what was put in force stands in registry.calendar_day';
COMMENT ON COLUMN registry.calendar_proposal.proposal_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.calendar_proposal.division IS 'As in registry.calendar_day: the bureau''s own division';
COMMENT ON COLUMN registry.calendar_proposal.day IS 'The day (Asia/Shanghai)';
COMMENT ON COLUMN registry.calendar_proposal.working IS 'Whether it is to be worked';
COMMENT ON COLUMN registry.calendar_proposal.citation IS 'The document that says so';
COMMENT ON COLUMN registry.calendar_proposal.proposed_by IS 'Operator';
COMMENT ON COLUMN registry.calendar_proposal.proposed_at IS 'When';
COMMENT ON COLUMN registry.calendar_proposal.decision IS 'enum ProposalDecision of proto/standard.proto; NULL: not decided';
COMMENT ON COLUMN registry.calendar_proposal.decided_by IS 'Operator; of what is in force, another one';
COMMENT ON COLUMN registry.calendar_proposal.decided_at IS 'When';
COMMENT ON COLUMN registry.calendar_proposal.request_id IS 'Of the proposal';

ALTER TABLE registry.calendar_day ADD COLUMN counted bool;
UPDATE registry.calendar_day SET counted = working;
ALTER TABLE registry.calendar_day ALTER COLUMN counted SET NOT NULL;
ALTER TABLE registry.calendar_day ADD CONSTRAINT calendar_day_counted CHECK (working OR NOT counted);
COMMENT ON COLUMN registry.calendar_day.counted IS
    'Whether publicity counts the day (C2): it is worked, and was by what was in force when it ended';
COMMENT ON COLUMN registry.calendar_day.operator_id IS 'Who put it in force';

CREATE TABLE registry.calendar_move (
    request_id uuid NOT NULL,
    place int4 NOT NULL,
    what int2 NOT NULL CHECK (what BETWEEN 1 AND 2),
    was date,
    becomes date,
    claims int4 NOT NULL CHECK (claims > 0),
    claim_ids uuid[] NOT NULL,
    PRIMARY KEY (request_id, place)
);
COMMENT ON TABLE registry.calendar_move IS 'What a change of the calendar moves, as its answer said: when it was proposed, and when it was put in force';
COMMENT ON COLUMN registry.calendar_move.request_id IS 'Of the proposal, or of the decision';
COMMENT ON COLUMN registry.calendar_move.place IS 'Order in the answer';
COMMENT ON COLUMN registry.calendar_move.what IS 'enum MovedDay of proto/wire.proto: 1 the end of publicity, 2 a day by which a step is due';
COMMENT ON COLUMN registry.calendar_move.was IS 'The day before the change; NULL: none';
COMMENT ON COLUMN registry.calendar_move.becomes IS 'The day after it; NULL: none';
COMMENT ON COLUMN registry.calendar_move.claims IS 'Of how many claims';
COMMENT ON COLUMN registry.calendar_move.claim_ids IS 'The first of them';

CALL audit.cover(26::int2, 'calendar_day', 'division, day', 'division, day, working, counted, citation, operator_id, request_id');
CALL audit.cover(28::int2, 'calendar_proposal', 'proposal_id', 'proposal_id, division, day, working, citation, proposed_by, proposed_at, decision, decided_by, decided_at, request_id');
