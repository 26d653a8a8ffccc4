/* SPDX-License-Identifier: Apache-2.0 */
/* Publicity is so many working days, whichever they turn out to be (C2). */

ALTER TABLE registry.claim ADD COLUMN publicity_days int2 CHECK (publicity_days >= 1), ADD COLUMN shown datemultirange;
COMMENT ON COLUMN registry.claim.publicity_days IS 'Working days of publicity, by the policy of the day it began (C2)';
COMMENT ON COLUMN registry.claim.shown IS
    'Days on which the claim was shown to the public from their beginning to their end, open while it is (C2); approval counts the working ones';
COMMENT ON COLUMN registry.claim.publicity_until IS
    'Last day of publicity, as it is counted now (C2); NULL: not publicised, or suspended before the end';

UPDATE registry.claim c
   SET publicity_days = (SELECT p.value
                           FROM registry.claim_step s
                           JOIN registry.policy p ON p.name = 'publicity_days'
                            AND p.division IN (c.division, left(c.division, 4) || '00', left(c.division, 2) || '0000')
                            AND p.valid_from <= (s.stepped_at AT TIME ZONE 'Asia/Shanghai')::date
                            AND (p.valid_to IS NULL OR p.valid_to >= (s.stepped_at AT TIME ZONE 'Asia/Shanghai')::date)
                          WHERE s.claim_id = c.claim_id AND s.action = 6
                          ORDER BY rtrim(p.division, '0') DESC, p.valid_from DESC
                          LIMIT 1)
 WHERE c.publicity_until IS NOT NULL;
UPDATE registry.claim c
   SET shown = (SELECT range_agg(daterange(s.day + 1, s.until))
                  FROM (SELECT t.state, t.day, lead(t.day) OVER (ORDER BY t.version) AS until
                          FROM (SELECT version, state, (stepped_at AT TIME ZONE 'Asia/Shanghai')::date AS day
                                  FROM registry.claim_step WHERE claim_id = c.claim_id) t) s
                 WHERE s.state = 5 AND (s.until IS NULL OR s.until > s.day + 1))
 WHERE c.publicity_until IS NOT NULL;
UPDATE registry.claim SET publicity_until = NULL WHERE state = 10 AND state_before = 5;

ALTER TABLE registry.claim DROP CONSTRAINT claim_publicised;
ALTER TABLE registry.claim ADD CONSTRAINT claim_publicised
    CHECK (state NOT IN (5, 6, 7) OR num_nonnulls(publicity_days, publicity_until) = 2); /* C2 */
CALL audit.cover(30::int2, 'claim', 'claim_id', 'claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level, certificate_kind, trainee_group, year, amount_fen, state, state_before, version, due_on, publicity_until, publicity_days, shown::text, submitted_at, submitted_by, reviewed_by, approved_by, paid_by');
