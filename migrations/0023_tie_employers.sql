/* SPDX-License-Identifier: Apache-2.0 */
/* Who employs whom, as verifying agencies answer: without it no employer claims for a person (B8, H4). */

CREATE TABLE registry.employment (
    question_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    answer int2 CHECK (answer BETWEEN 1 AND 3),
    source text CHECK (char_length(source) BETWEEN 1 AND 100),
    as_of date,
    answered_by uuid,
    answered_at timestamptz,
    request_id uuid,
    CONSTRAINT employment_whole CHECK (num_nulls(answer, source, as_of, answered_by, answered_at, request_id) IN (0, 6))
);
CREATE INDEX employment_person ON registry.employment (person_id, organisation_id);
CREATE INDEX employment_open ON registry.employment (asked_at, question_id) WHERE answer IS NULL OR answer = 3;
COMMENT ON TABLE registry.employment IS 'What employers ask verifying agencies about persons: whether these are insured by them (H4)';
COMMENT ON COLUMN registry.employment.question_id IS 'Random, ordered by time; in fact.list and fact.answer in a claim''s place';
COMMENT ON COLUMN registry.employment.organisation_id IS 'The employer, which asks';
COMMENT ON COLUMN registry.employment.person_id IS 'Of whom';
COMMENT ON COLUMN registry.employment.asked_by IS 'Operator of the employer';
COMMENT ON COLUMN registry.employment.asked_at IS 'When it was first asked';
COMMENT ON COLUMN registry.employment.answer IS 'enum FactAnswer of proto/claim.proto; NULL: none yet';
COMMENT ON COLUMN registry.employment.source IS 'The register that says so';
COMMENT ON COLUMN registry.employment.as_of IS 'As it was on that day (Asia/Shanghai)';
COMMENT ON COLUMN registry.employment.answered_by IS 'Operator of the verifying agency';
COMMENT ON COLUMN registry.employment.answered_at IS 'When';
COMMENT ON COLUMN registry.employment.request_id IS 'By which request it was answered';
CALL audit.cover(29::int2, 'employment', 'question_id', 'question_id, organisation_id, person_id, asked_by, asked_at, answer, source, as_of, answered_by, answered_at, request_id');
