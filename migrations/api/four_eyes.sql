/* SPDX-License-Identifier: Apache-2.0 */
/* Which steps are never one human's (C1). */

/* Of one claim, who took the earlier step does not take the later one; actions are enum ClaimAction of proto/claim.proto. `eyes`: the
   least value of the policy four_eyes with which the pair holds; it is 2 or 3. proto/RULES.md has this table in words. A step that only
   holds a claim up or refuses it (return, object, suspend, reject) leads to no money, and is kept from the submitter alone. */
CREATE VIEW api.claim_apart AS
SELECT e.earlier, l.later, t.eyes
  FROM (VALUES
      ('{1,4}'::int2[], '{2,3,5,6,7,8,9,10,12,13,14}'::int2[], 2), /* who claims decides nothing of it */
      ('{2,5,6}',       '{8,14}',                              2), /* who prepares a decision does not take it, */
      ('{2,5,6}',       '{10}',                                3), /* nor pay, unless two people are enough */
      ('{13}',          '{10}',                                3), /* nor does who lifted a suspension */
      ('{8}',           '{10,14}',                             2), /* who approves does not pay, and none of them claws back */
      ('{10}',          '{14}',                                2)) t(earlier, later, eyes)
 CROSS JOIN LATERAL unnest(t.earlier) e(earlier)
 CROSS JOIN LATERAL unnest(t.later) l(later);

/* Whether an operator has taken part in a claim in a way that forbids this step: by an earlier step, or as one of the submitter's
   organisation, or as who is claimed for. Whom a bureau's clerk claims for as a person's (route 1) may be decided by others of that bureau. */
CREATE FUNCTION api.claim_apart_broken(in_claim registry.claim, in_operator uuid, in_action int2, in_eyes int4) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
DECLARE
    same uuid[] := api.human_operators(in_operator);
BEGIN
    RETURN EXISTS (SELECT FROM (SELECT c.action, c.operator_id FROM registry.claim_step c WHERE c.claim_id = in_claim.claim_id
                                UNION ALL
                                VALUES (1::int2, in_claim.submitted_by), (5::int2, in_claim.reviewed_by), (8::int2, in_claim.approved_by),
                                       (10::int2, in_claim.paid_by)) s
                     JOIN api.claim_apart p ON p.earlier = s.action AND p.later = in_action AND p.eyes <= in_eyes
                    WHERE s.operator_id = ANY (same))
        OR in_claim.route <> 1 AND in_action NOT IN (4, 11)
           AND EXISTS (SELECT FROM registry.operator o WHERE o.operator_id = ANY (same) AND o.organisation_id = in_claim.organisation_id)
        OR in_action NOT IN (4, 11) AND api.human_is(in_operator, in_claim.person_id); /* nobody decides what is to be paid to itself */
END $$;
