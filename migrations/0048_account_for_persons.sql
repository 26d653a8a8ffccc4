/* SPDX-License-Identifier: Apache-2.0 */
/* What projects and the bank hold about a person is found by the person (D5). */
CREATE INDEX batch_line_person ON registry.batch_line (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX project_evidence_head ON registry.project_evidence (head_id);
CREATE INDEX tranche_head ON registry.tranche (head_id) WHERE head_id IS NOT NULL;
