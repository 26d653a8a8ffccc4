/* SPDX-License-Identifier: Apache-2.0 */
/* What a subsidy of a claim comes to (B5, B6, B10), as the rows of registry.standard and registry.claim_line say it. Whoever verifies a
 * dossier or the rows of a log computes it anew. */
#ifndef MINGCE_TLOG_SUBSIDY_ROW_H
#define MINGCE_TLOG_SUBSIDY_ROW_H

#include "proto/tlog/row_record.h"

/* As a standard says it, and a claim's subsidy after it. */
struct subsidy_terms {
    int64_t rate_fen; /* for a certificate, a class hour or a day */
    int64_t percent;
    int64_t cap_fen; /* 0: none */
};

/* The whole fen in the rate for all units, times the percentage, and the cap at most. False: it is no amount, being negative or too
 * large. */
bool subsidy_due(const struct subsidy_terms *, int64_t units, int64_t *fen);
/* The terms in a row whose rate stands in this column. Rows that are older than percentages and caps have 100 and none. False: the row
 * has no such column. */
bool subsidy_terms_read(struct row_record, const char *rate, struct subsidy_terms *);
bool subsidy_terms_same(const struct subsidy_terms *, const struct subsidy_terms *);
/* Whether the amount of a row of registry.claim_line is what its terms, and its days or class hours, come to. */
bool subsidy_line_right(struct row_record);

#endif
