/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is trained and certified without a level (无等级): special abilities (专项职业能力), and whatever a city prints beside
 * its levels. It is a value of the level, beside the eight and neither above nor below one of them, so that the place of
 * an occupation without a level is one as well (B3). Kinds of certificates that have levels never have it; a special
 * ability always does, but where its class was opened with a level before this (helper.level_suits).
 *
 * The rules know the same code: its build reads this file, so keep one row a line and the line "-- codes: TABLE" above.
 */

-- codes: skill_level
INSERT INTO registry.skill_level (code, name, grade) VALUES
    (9, '无等级', NULL);

COMMENT ON TABLE registry.skill_level IS 'The eight skill levels of 2022, and 9: none';
COMMENT ON COLUMN registry.skill_level.code IS 'enum SkillLevel of proto/organisation.proto, lowest first; 9 is no level';

ALTER TABLE registry.standard DROP CONSTRAINT standard_level_check;
ALTER TABLE registry.standard ADD CONSTRAINT standard_level_check CHECK (level BETWEEN 1 AND 9);
ALTER TABLE registry.catalogue_row DROP CONSTRAINT catalogue_row_level_check;
ALTER TABLE registry.catalogue_row ADD CONSTRAINT catalogue_row_level_check CHECK (level BETWEEN 1 AND 9);
ALTER TABLE registry.catalogue_demand DROP CONSTRAINT catalogue_demand_level_check;
ALTER TABLE registry.catalogue_demand ADD CONSTRAINT catalogue_demand_level_check CHECK (level BETWEEN 1 AND 9);
ALTER TABLE registry.catalogue_institution DROP CONSTRAINT catalogue_institution_level_check;
ALTER TABLE registry.catalogue_institution ADD CONSTRAINT catalogue_institution_level_check CHECK (level BETWEEN 1 AND 9);

-- 1 职业资格证书, 2 职业技能等级证书
ALTER TABLE registry.certificate ADD CONSTRAINT certificate_level_of_kind CHECK (kind NOT IN (1, 2) OR level <> 9);
ALTER TABLE registry.standard ADD CONSTRAINT standard_level_of_kind CHECK (certificate_kind NOT IN (1, 2) OR level <> 9);
ALTER TABLE registry.project ADD CONSTRAINT project_level_of_kind CHECK (certificate_kind NOT IN (1, 2) OR level <> 9);
