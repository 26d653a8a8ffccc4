/* SPDX-License-Identifier: Apache-2.0 */
/* Which steps are never one human's (C1). */

/* Of one claim, who took the earlier step does not take the later one; actions are enum ClaimAction of
   proto/claim.proto. `eyes`: the least value of the policy four_eyes with which the pair holds; it is 2 or 3.
   proto/RULES.md has this table in words. A step that only holds a claim up or refuses it (return, object, suspend,
   reject) leads to no money, and is kept from the submitter alone. */
CREATE VIEW helper.claim_apart AS
SELECT e.earlier, l.later, t.eyes
  FROM (VALUES
      /* who claims decides nothing of it */
      (ARRAY[CLAIM_SUBMIT, CLAIM_RESUBMIT],
       ARRAY[CLAIM_ACCEPT, CLAIM_RETURN, CLAIM_REVIEW, CLAIM_PUBLICISE, CLAIM_OBJECT, CLAIM_APPROVE, CLAIM_REJECT,
             CLAIM_PAY, CLAIM_RECHECK, CLAIM_BATCH, CLAIM_SEND,
             CLAIM_SUSPEND, CLAIM_RESUME, CLAIM_CLAW_BACK], 2),
      /* who prepares a decision does not take it, nor pay, unless two people are enough */
      (ARRAY[CLAIM_ACCEPT, CLAIM_REVIEW, CLAIM_PUBLICISE], ARRAY[CLAIM_APPROVE, CLAIM_CLAW_BACK], 2),
      (ARRAY[CLAIM_ACCEPT, CLAIM_REVIEW, CLAIM_PUBLICISE], ARRAY[CLAIM_PAY, CLAIM_RECHECK, CLAIM_BATCH, CLAIM_SEND], 3),
      /* nor does who lifted a suspension */
      (ARRAY[CLAIM_RESUME], ARRAY[CLAIM_PAY, CLAIM_RECHECK, CLAIM_BATCH, CLAIM_SEND], 3),
      /* who approves does not pay, and none of them claws back */
      (ARRAY[CLAIM_APPROVE], ARRAY[CLAIM_PAY, CLAIM_RECHECK, CLAIM_BATCH, CLAIM_SEND, CLAIM_CLAW_BACK], 2),
      /* who puts into a batch does not send it, nor does who re-checked (C5, C6) */
      (ARRAY[CLAIM_BATCH, CLAIM_RECHECK], ARRAY[CLAIM_SEND], 2),
      (ARRAY[CLAIM_BATCH, CLAIM_SEND, CLAIM_RECHECK], ARRAY[CLAIM_CLAW_BACK], 2),
      (ARRAY[CLAIM_PAY], ARRAY[CLAIM_CLAW_BACK], 2)) t(earlier, later, eyes)
 CROSS JOIN LATERAL unnest(t.earlier) e(earlier)
 CROSS JOIN LATERAL unnest(t.later) l(later);

/* Whether an operator has taken part in a claim in a way that forbids this step: by an earlier step, or as one of
   the submitter's organisation, or as who is claimed for. Whom a bureau's clerk claims for as a person's may be
   decided by others of that bureau. */
CREATE FUNCTION helper.claim_apart_broken(in_claim registry.claim, in_operator uuid, in_action int2, in_eyes int4,
                                          in_same uuid[] DEFAULT NULL) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
DECLARE
    same uuid[] := coalesce(in_same, helper.human_operators(in_operator));
BEGIN
    RETURN EXISTS (SELECT FROM (SELECT c.action, c.operator_id FROM registry.claim_step c
                                 WHERE c.claim_id = in_claim.claim_id
                                UNION ALL
                                VALUES (CLAIM_SUBMIT::int2, in_claim.submitted_by),
                                       (CLAIM_REVIEW::int2, in_claim.reviewed_by),
                                       (CLAIM_APPROVE::int2, in_claim.approved_by),
                                       (CLAIM_PAY::int2, in_claim.paid_by)) s
                     JOIN helper.claim_apart p ON p.earlier = s.action AND p.later = in_action AND p.eyes <= in_eyes
                    WHERE s.operator_id = ANY (same))
        OR in_claim.route <> ROUTE_PERSON AND in_action NOT IN (CLAIM_RESUBMIT, CLAIM_WITHDRAW)
           AND EXISTS (SELECT FROM registry.operator o
                        WHERE o.operator_id = ANY (same) AND o.organisation_id = in_claim.organisation_id)
        /* nobody decides what is to be paid to itself */
        OR in_action NOT IN (CLAIM_RESUBMIT, CLAIM_WITHDRAW) AND helper.human_is(in_operator, in_claim.person_id);
END $$;
