/* SPDX-License-Identifier: Apache-2.0 */
/* The names of the policies are rows, so that a migration that brings a policy adds its name and says what it means there. */

CREATE TABLE registry.policy_name (
    name text PRIMARY KEY CHECK (name ~ '^[a-z0-9_]{1,40}$'),
    meaning text NOT NULL
);
COMMENT ON TABLE registry.policy_name IS 'Numbers that differ from city to city; helper.policy_bounds() has the values that each may have';
COMMENT ON COLUMN registry.policy_name.name IS 'Stored in records; never renamed';
COMMENT ON COLUMN registry.policy_name.meaning IS 'What its value is, with the unit and the rule';

INSERT INTO registry.policy_name (name, meaning) VALUES
    ('minimum_age', 'Full years on the first day of the class (A1)'),
    ('late_days', 'Days after the first day of a class on which trainees may still be added'),
    ('attendance_percent', 'Percent of the planned hours, for completion'),
    ('pass_mark', 'Marks of 100 in theory and in practice, for completion'),
    ('masked_looks_hour', 'Persons that an operator of the division may look at masked in an hour (D2)'),
    ('clear_looks_hour', 'Persons that an operator of the division may look at in clear in an hour (D2)'),
    ('claim_months', 'Months after a certificate''s day of issue within which it is claimed for (B7)'),
    ('publicity_days', 'Working days of publicity (C2)'),
    ('review_days', 'Working days of review (C3)'),
    ('four_eyes', 'People who review, approve and pay a claim, 3 or 2 (C1)'),
    ('living_days', 'Days of living allowance at most (B6)'),
    ('fact_pension', '1 where approval needs the verified fact that no monthly pension is drawn, 0 where not (B4, H4)'),
    ('fact_insured', '1 where approval needs the verified fact that the employer insures the person, 0 where not (H4)'),
    ('county_extra_percent', 'Percent that a county may add to its city''s catalogue (G9)'),
    ('class_approval', '1 where a class starts only when it is approved, 0 where not (G0)'),
    ('class_file_days', 'Working days within which a filed class is decided (G0)'),
    ('class_file_ahead', 'Days before its first by which a class is filed (G0)'),
    ('day_hours', 'Class hours of one day at most (G11)'),
    ('class_hours_least', 'Class hours of a class at least, where its catalogue names none (G11)'),
    ('rate_day', 'Enum RateDay of proto/standard.proto: the day by which the standards of a claim are chosen (B9)'),
    ('no_lower_after_higher', '1 where nobody claims for a lower level of an occupation after a higher one, 0 where they may (B11)'),
    ('year_cap_students', 'Claims of a student in a year at most (B11)'),
    ('year_cap_others', 'Claims of another person in a year at most (B11)'),
    ('life_cap', 'Claims of a person in all years at most, 0 for any number (B11)');

ALTER TABLE registry.policy DROP CONSTRAINT policy_name_check;
ALTER TABLE registry.policy ADD CONSTRAINT policy_named FOREIGN KEY (name) REFERENCES registry.policy_name;
COMMENT ON COLUMN registry.policy.name IS 'Of registry.policy_name';
COMMENT ON COLUMN registry.policy.value IS 'In the unit of the name''s meaning';
