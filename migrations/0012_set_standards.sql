/* SPDX-License-Identifier: Apache-2.0 */
/* Rules with a number in them and subsidy standards (B5, B6), which one person of a bureau proposes and another puts in force; the
   calendar of working days (C2, C3). */

ALTER TABLE registry.policy DROP CONSTRAINT policy_name_check;
ALTER TABLE registry.policy ADD CONSTRAINT policy_name_check
    CHECK (name IN ('minimum_age', 'late_days', 'attendance_percent', 'pass_mark', 'masked_looks_hour',
                    'clear_looks_hour', 'claim_months', 'publicity_days', 'review_days', 'four_eyes', 'living_days',
                    'fact_pension', 'fact_insured'));
COMMENT ON COLUMN registry.policy.name IS
    'minimum_age: full years on the first day of the class (A1); late_days: days after the first day on which trainees may still be added; '
    'attendance_percent: of the planned hours, for completion; pass_mark: theory and practice, for completion; '
    'masked_looks_hour, clear_looks_hour: persons an operator of the division may look at in an hour; '
    'claim_months: months after the day of issue (B7); publicity_days, review_days: working days (C2, C3); '
    'four_eyes: people who review, approve and pay a claim, 3 or 2 (C1); living_days: days of living allowance at most (B6); '
    'fact_pension, fact_insured: 1 where approval needs the verified fact, 0 where not (B4, H4)';
COMMENT ON COLUMN registry.policy.value IS 'In the unit of the name: years, days, percent, marks of 100, persons, months, 0 or 1';
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'claim_months', 12, '1949-10-01', 'default'),
    ('370000', 'publicity_days', 5, '1949-10-01', 'default'),
    ('370000', 'review_days', 10, '1949-10-01', 'default'),
    ('370000', 'four_eyes', 3, '1949-10-01', 'default'),
    ('370000', 'living_days', 30, '1949-10-01', 'default'),
    ('370000', 'fact_pension', 0, '1949-10-01', 'default'),
    ('370000', 'fact_insured', 0, '1949-10-01', 'default');

CREATE TABLE registry.policy_proposal (
    proposal_id uuid PRIMARY KEY,
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$'),
    name text NOT NULL,
    value int8 NOT NULL,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    citation text NOT NULL CHECK (char_length(citation) BETWEEN 1 AND 100),
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decision int2 CHECK (decision BETWEEN 1 AND 2),
    decided_by uuid,
    decided_at timestamptz,
    request_id uuid NOT NULL,
    CONSTRAINT policy_two_people CHECK (decision = 2 OR decided_by <> proposed_by),
    CONSTRAINT policy_decided_whole CHECK (num_nulls(decision, decided_by, decided_at) IN (0, 3))
);
CREATE INDEX policy_proposal_pending ON registry.policy_proposal (proposal_id) WHERE decision IS NULL;
COMMENT ON TABLE registry.policy_proposal IS 'Rules with a number in them as a bureau proposed them; what was put in force stands in registry.policy';
COMMENT ON COLUMN registry.policy_proposal.proposal_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.policy_proposal.division IS 'Whose rule: the bureau''s own division';
COMMENT ON COLUMN registry.policy_proposal.name IS 'As in registry.policy';
COMMENT ON COLUMN registry.policy_proposal.value IS 'As in registry.policy';
COMMENT ON COLUMN registry.policy_proposal.valid_from IS 'First day (Asia/Shanghai)';
COMMENT ON COLUMN registry.policy_proposal.valid_to IS 'Last day as proposed; NULL: open';
COMMENT ON COLUMN registry.policy_proposal.citation IS 'The document that says so';
COMMENT ON COLUMN registry.policy_proposal.proposed_by IS 'Operator';
COMMENT ON COLUMN registry.policy_proposal.proposed_at IS 'When';
COMMENT ON COLUMN registry.policy_proposal.decision IS 'enum ProposalDecision of proto/standard.proto; NULL: not decided';
COMMENT ON COLUMN registry.policy_proposal.decided_by IS 'Operator; of what is in force, another one';
COMMENT ON COLUMN registry.policy_proposal.decided_at IS 'When';
COMMENT ON COLUMN registry.policy_proposal.request_id IS 'Of the proposal';

CREATE TABLE registry.standard (
    standard_id uuid PRIMARY KEY,
    division text NOT NULL CHECK (division ~ '^[0-9]{4}00$'),
    line int2 NOT NULL CHECK (line BETWEEN 1 AND 3),
    occupation_code text,
    level int2 CHECK (level BETWEEN 1 AND 8),
    certificate_kind int2 CHECK (certificate_kind BETWEEN 1 AND 5),
    trainee_group int2,
    amount_fen int8 NOT NULL CHECK (amount_fen > 0),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    citation text NOT NULL CHECK (char_length(citation) BETWEEN 1 AND 100),
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decision int2 CHECK (decision BETWEEN 1 AND 2),
    decided_by uuid,
    decided_at timestamptz,
    superseded_by uuid,
    request_id uuid NOT NULL,
    CONSTRAINT standard_two_people CHECK (decision = 2 OR decided_by <> proposed_by),
    CONSTRAINT standard_decided_whole CHECK (num_nulls(decision, decided_by, decided_at) IN (0, 3)),
    CONSTRAINT standard_once EXCLUDE USING gist (
        division WITH =, line WITH =, coalesce(occupation_code, '') WITH =, coalesce(level, 0::int2) WITH =,
        coalesce(certificate_kind, 0::int2) WITH =, coalesce(trainee_group, 0::int2) WITH =,
        daterange(valid_from, valid_to, '[]') WITH &&) WHERE (decision = 1)
);
CREATE INDEX standard_pending ON registry.standard (standard_id) WHERE decision IS NULL;
CREATE INDEX standard_in_force ON registry.standard (division, line, valid_from) WHERE decision = 1;
COMMENT ON TABLE registry.standard IS 'Subsidy standards: proposed by one person, put in force by another, superseded and never edited (B5, B6)';
COMMENT ON COLUMN registry.standard.standard_id IS 'Random, ordered by time';
COMMENT ON COLUMN registry.standard.division IS 'Whose: a city (370100)';
COMMENT ON COLUMN registry.standard.line IS 'enum SubsidyLine of proto/standard.proto (B6)';
COMMENT ON COLUMN registry.standard.occupation_code IS 'NULL: of every occupation';
COMMENT ON COLUMN registry.standard.level IS 'enum SkillLevel of proto/organisation.proto; NULL: of every level';
COMMENT ON COLUMN registry.standard.certificate_kind IS 'Kind of certificate, 1 to 5; NULL: of every kind';
COMMENT ON COLUMN registry.standard.trainee_group IS 'NULL: of every group';
COMMENT ON COLUMN registry.standard.amount_fen IS 'Fen for a certificate; of the living allowance, for an attended day';
COMMENT ON COLUMN registry.standard.valid_from IS 'First day (Asia/Shanghai)';
COMMENT ON COLUMN registry.standard.valid_to IS 'Last day; NULL: open';
COMMENT ON COLUMN registry.standard.citation IS 'The document that says so';
COMMENT ON COLUMN registry.standard.proposed_by IS 'Operator';
COMMENT ON COLUMN registry.standard.proposed_at IS 'When';
COMMENT ON COLUMN registry.standard.decision IS 'enum ProposalDecision of proto/standard.proto: 1 in force; NULL: not decided';
COMMENT ON COLUMN registry.standard.decided_by IS 'Operator; of what is in force, another one';
COMMENT ON COLUMN registry.standard.decided_at IS 'When';
COMMENT ON COLUMN registry.standard.superseded_by IS 'The standard of the same key that ended this one on the day before its first; NULL: none';
COMMENT ON COLUMN registry.standard.request_id IS 'Of the proposal';

/* A standard is decided once, and once in force it may only be ended earlier, once, by what supersedes it. */
CREATE FUNCTION registry.standard_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    becomes registry.standard := NEW;
BEGIN
    IF OLD.decision IS NULL THEN
        becomes.decision := NULL;
        becomes.decided_by := NULL;
        becomes.decided_at := NULL;
    ELSIF OLD.decision = 1 AND OLD.superseded_by IS NULL AND NEW.superseded_by IS NOT NULL
          AND (OLD.valid_to IS NULL OR NEW.valid_to < OLD.valid_to) THEN
        becomes.superseded_by := NULL;
        becomes.valid_to := OLD.valid_to;
    END IF;
    IF becomes IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a standard is superseded, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry.standard_keep() FROM PUBLIC;
CREATE TRIGGER standard_keep BEFORE UPDATE ON registry.standard FOR EACH ROW EXECUTE FUNCTION registry.standard_keep();

CREATE TABLE registry.calendar_day (
    division text NOT NULL CHECK (division ~ '^[0-9]{4}00$'),
    day date NOT NULL,
    working bool NOT NULL,
    citation text NOT NULL CHECK (char_length(citation) BETWEEN 1 AND 100),
    operator_id uuid NOT NULL,
    request_id uuid NOT NULL,
    PRIMARY KEY (division, day)
);
COMMENT ON TABLE registry.calendar_day IS 'Days that are not as their weekday says: holidays, and weekends that are worked (C2, C3)';
COMMENT ON COLUMN registry.calendar_day.division IS 'Where: a city (370100), whose word counts first, or the province (370000)';
COMMENT ON COLUMN registry.calendar_day.day IS 'The day (Asia/Shanghai)';
COMMENT ON COLUMN registry.calendar_day.working IS 'Whether it is worked';
COMMENT ON COLUMN registry.calendar_day.citation IS 'The document that says so';
COMMENT ON COLUMN registry.calendar_day.operator_id IS 'Who set it last';
COMMENT ON COLUMN registry.calendar_day.request_id IS 'By which request';

CALL audit.cover(25::int2, 'standard', 'standard_id', 'standard_id, division, line, occupation_code, level, certificate_kind, trainee_group, amount_fen, valid_from, valid_to, citation, proposed_by, proposed_at, decision, decided_by, decided_at, superseded_by, request_id');
CALL audit.cover(26::int2, 'calendar_day', 'division, day', 'division, day, working, citation, operator_id, request_id');
CALL audit.cover(27::int2, 'policy_proposal', 'proposal_id', 'proposal_id, division, name, value, valid_from, valid_to, citation, proposed_by, proposed_at, decision, decided_by, decided_at, request_id');
