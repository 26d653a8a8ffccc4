/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A standard is also kept for a mode of training, a grade of demand, a first certificate or a renewal; it is paid for a certificate, a
 * class hour or a day, as a percentage and up to a cap (B10). A claim says by which day its standards were chosen (B9). A city may set
 * narrower limits than three a year and once for an occupation and level (B11).
 */

/* ---- numbers that cities may set ---- */

INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES
    ('370000', 'rate_day', 1, '1949-10-01', 'default'),
    ('370000', 'no_lower_after_higher', 0, '1949-10-01', 'default'),
    ('370000', 'year_cap_students', 3, '1949-10-01', 'default'),
    ('370000', 'year_cap_others', 3, '1949-10-01', 'default'),
    ('370000', 'life_cap', 0, '1949-10-01', 'default');

/* ---- standards ---- */

/* Until now a standard was for a day if it was of the living allowance, else for a certificate. (A column's type is changed, since a
   standard that is in force is never updated.) */
ALTER TABLE registry.standard
    ADD COLUMN mode int2 CHECK (mode BETWEEN 1 AND 3),
    ADD COLUMN demand_grade int2 CHECK (demand_grade BETWEEN 1 AND 3),
    ADD COLUMN renewal bool,
    ADD COLUMN basis int2,
    ADD COLUMN cap_fen int8 CHECK (cap_fen > 0),
    ADD COLUMN percent int4 NOT NULL DEFAULT 100 CHECK (percent BETWEEN 1 AND 1000);
ALTER TABLE registry.standard ALTER COLUMN basis TYPE int2 USING CASE line WHEN 3 THEN 3 ELSE 1 END;
ALTER TABLE registry.standard
    ALTER COLUMN basis SET NOT NULL,
    ALTER COLUMN basis SET DEFAULT 1,
    ADD CONSTRAINT standard_basis CHECK (CASE line WHEN 1 THEN basis BETWEEN 1 AND 3 WHEN 2 THEN basis = 1 ELSE basis = 3 END),
    ADD CONSTRAINT standard_whole_fen CHECK (amount_fen::numeric * percent >= 100), /* what is paid is a fen at least */
    DROP CONSTRAINT standard_once,
    ADD CONSTRAINT standard_once EXCLUDE USING gist (
        division WITH =, line WITH =, coalesce(occupation_code, '') WITH =, coalesce(level, 0::int2) WITH =,
        coalesce(certificate_kind, 0::int2) WITH =, coalesce(trainee_group, 0::int2) WITH =, coalesce(mode, 0::int2) WITH =,
        coalesce(demand_grade, 0::int2) WITH =, coalesce(renewal::int4, 2) WITH =,
        daterange(valid_from, valid_to, '[]') WITH &&) WHERE (decision = 1);
COMMENT ON COLUMN registry.standard.mode IS 'enum TrainingMode of proto/class.proto; NULL: of every mode (B10)';
COMMENT ON COLUMN registry.standard.demand_grade IS 'Of the catalogue''s row by which the class was approved, 1 to 3; NULL: of every grade, and of none (B10)';
COMMENT ON COLUMN registry.standard.renewal IS 'Of renewed certificates, or of first ones; NULL: of both (B10)';
COMMENT ON COLUMN registry.standard.basis IS 'enum SubsidyBasis of proto/standard.proto: for what the amount is paid';
COMMENT ON COLUMN registry.standard.cap_fen IS 'What the subsidy comes to at most, fen; NULL: no limit';
COMMENT ON COLUMN registry.standard.percent IS 'What is paid of the amounts of all units, fractions of a fen left out; the cap applies to what is paid';
COMMENT ON COLUMN registry.standard.amount_fen IS 'Fen for a certificate, a class hour or a day, as the basis says';

/* ---- certificates ---- */

ALTER TABLE registry.certificate ADD COLUMN renewal bool NOT NULL DEFAULT false;
ALTER TABLE registry.certificate_amendment ADD COLUMN renewal bool NOT NULL DEFAULT false;
COMMENT ON COLUMN registry.certificate.renewal IS 'Whether its issuer says that it renews an earlier one (B10)';
COMMENT ON COLUMN registry.certificate_amendment.renewal IS 'Whether it was said to renew an earlier one until then';

/* ---- claims ---- */

ALTER TABLE registry.claim
    ADD COLUMN mode int2 CHECK (mode BETWEEN 1 AND 3),
    ADD COLUMN demand_grade int2 CHECK (demand_grade BETWEEN 1 AND 3),
    ADD COLUMN renewal bool,
    ADD COLUMN rated_on date,
    ADD COLUMN rated_as_approved bool,
    ADD COLUMN year_cap int4 CHECK (year_cap BETWEEN 1 AND 3),
    ADD COLUMN life_cap int4 CHECK (life_cap >= 0),
    ADD COLUMN no_lower bool,
    ADD COLUMN ordinal int8,
    ADD CONSTRAINT claim_rated CHECK (num_nulls(mode, renewal, rated_on, rated_as_approved) IN (0, 4)),
    ADD CONSTRAINT claim_limited CHECK (num_nulls(year_cap, life_cap, no_lower) IN (0, 3));
CREATE SEQUENCE registry.claim_ordinal AS int8;
ALTER TABLE registry.claim ALTER COLUMN ordinal SET DEFAULT nextval('registry.claim_ordinal'); /* of those to come alone */
COMMENT ON COLUMN registry.claim.mode IS 'Of the class, when it was submitted; NULL: claimed before standards were kept for modes';
COMMENT ON COLUMN registry.claim.demand_grade IS 'Of the catalogue''s row by which the class was approved; NULL: of none';
COMMENT ON COLUMN registry.claim.renewal IS 'Whether the certificate counts as a renewal (B10)';
COMMENT ON COLUMN registry.claim.rated_on IS 'Day by which its standards were chosen (B9); NULL: that of its submission';
COMMENT ON COLUMN registry.claim.rated_as_approved IS 'Whether they were chosen among those that were kept when the class was approved (B9)';
COMMENT ON COLUMN registry.claim.year_cap IS
    'Claims of the person in the year at most, as its city allowed when it was submitted (B11); NULL: claimed before there were such limits';
COMMENT ON COLUMN registry.claim.life_cap IS 'Likewise in all years; 0: any number';
COMMENT ON COLUMN registry.claim.no_lower IS 'Likewise whether it could not follow one for a higher level of the occupation';
COMMENT ON COLUMN registry.claim.ordinal IS
    'Ascending in the order in which claims of a person were submitted, taken while the person''s record is locked; NULL: before all others';

ALTER TABLE registry.claim_line
    ADD COLUMN hours int4 CHECK (hours >= 1),
    ADD COLUMN percent int4 NOT NULL DEFAULT 100 CHECK (percent BETWEEN 1 AND 1000),
    ADD COLUMN cap_fen int8 CHECK (cap_fen > 0),
    DROP CONSTRAINT claim_line_amount,
    DROP CONSTRAINT claim_line_days,
    ADD CONSTRAINT claim_line_amount CHECK (
        amount_fen > 0
        AND amount_fen = least(div(rate_fen::numeric * coalesce(days, hours, 1) * percent, 100), cap_fen)),
    ADD CONSTRAINT claim_line_units CHECK (num_nonnulls(days, hours) <= 1 AND (line <> 2 OR num_nonnulls(days, hours) = 0)
                                           AND (line <> 3 OR days IS NOT NULL));
COMMENT ON COLUMN registry.claim_line.rate_fen IS 'As the standard says it: for a certificate, a class hour or a day';
COMMENT ON COLUMN registry.claim_line.days IS 'Attended days, where the rate is for a day (B6, B10)';
COMMENT ON COLUMN registry.claim_line.hours IS 'Attended class hours, where the rate is for a class hour (B10)';
COMMENT ON COLUMN registry.claim_line.percent IS 'As the standard says it';
COMMENT ON COLUMN registry.claim_line.cap_fen IS 'As the standard says it; NULL: no limit';
COMMENT ON COLUMN registry.claim_line.amount_fen IS
    'What is claimed: the whole fen in rate_fen * days or hours * percent / 100, and never more than cap_fen';

CALL audit.cover(22::int2, 'certificate', 'certificate_id', 'certificate_id, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, state, version, commitment, warnings, request_id, sha256(sealed), CASE WHEN sealed <> '''' THEN sha256(number_index || sealed) END, salt, renewal');
CALL audit.cover(25::int2, 'standard', 'standard_id', 'standard_id, division, line, occupation_code, level, certificate_kind, trainee_group, amount_fen, valid_from, valid_to, citation, proposed_by, proposed_at, decision, decided_by, decided_at, superseded_by, request_id, mode, demand_grade, renewal, basis, cap_fen, percent');
CALL audit.cover(30::int2, 'claim', 'claim_id', 'claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level, certificate_kind, trainee_group, year, amount_fen, state, state_before, version, due_on, publicity_until, publicity_days, shown::text, submitted_at, submitted_by, reviewed_by, approved_by, paid_by, salt, mode, demand_grade, renewal, rated_on, rated_as_approved, year_cap, life_cap, no_lower, ordinal');
CALL audit.cover(31::int2, 'claim_line', 'claim_id, line', 'claim_id, line, standard_id, rate_fen, days, amount_fen, clawed_fen, salt, hours, percent, cap_fen');
CALL audit.cover(36::int2, 'certificate_amendment', 'certificate_id, version', 'certificate_id, version, kind, occupation_code, level, issued_on, warnings, reason, operator_id, request_id, amended_at, salt, renewal');
