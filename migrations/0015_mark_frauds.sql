/* SPDX-License-Identifier: Apache-2.0 */
/* A claw-back says whether it is for fraud; a suspended claim is due like another. */

ALTER TABLE registry.claim_step ADD COLUMN fraud bool CONSTRAINT claim_step_fraud CHECK (fraud IS NULL OR action = 14);
COMMENT ON COLUMN registry.claim_step.fraud IS 'Of a claw-back: for fraud, not for error; one for fraud keeps the places (B2). NULL: another step, or not asked yet';
CALL audit.cover(32::int2, 'claim_step', 'claim_id, version', 'claim_id, version, action, state, operator_id, reason, fraud, request_id, stepped_at');

UPDATE registry.claim SET due_on = (now() AT TIME ZONE 'Asia/Shanghai')::date WHERE state = 10;
