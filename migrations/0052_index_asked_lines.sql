/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of which the bank has to be asked are found in the order in which they are listed, however many were paid (F14). */
CREATE INDEX batch_line_asked ON registry.batch_line (batch_id, subject_kind, subject_id) WHERE state IN (2, 5);
DROP INDEX registry.batch_line_unknown; /* what it was for the other one does */
