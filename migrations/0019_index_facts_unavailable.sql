/* SPDX-License-Identifier: Apache-2.0 */
/* Questions whose answer was not available are asked again, the longest unavailable first. */
CREATE INDEX claim_fact_again ON registry.claim_fact (answered_at, claim_id, fact) WHERE answer = 3;
