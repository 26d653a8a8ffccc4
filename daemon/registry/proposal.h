/* SPDX-License-Identifier: Apache-2.0 */
/* What one person of a bureau proposes and another decides: standards, policies, days of the calendar. proto/standard.proto,
 * migrations/api/standard.sql. */
#ifndef MINGCE_REGISTRY_PROPOSAL_H
#define MINGCE_REGISTRY_PROPOSAL_H

#include "daemon/registry/batch.h"
#include "proto/wire.pb-c.h"

enum { PROPOSAL_ID = 16, PROPOSAL_CITATION_CHARACTERS = 100 };

/* REASON_NONE, or what is wrong with a period (`to` NULL: open), and its citation; `*field` names it. */
enum reason proposal_period_fits(const char *from, const char *to, const char **field);
enum reason proposal_fits(const char *from, const char *to, const char *citation, const char **field);

/* The result of api.proposal_decide and api.calendar_propose: verdicts by row, then rows of what was moved. */
#define MOVED_LIST(COLUMN)                                                                                   \
    COLUMN(MOVED_WHAT, "what", INT2)                                                                         \
    COLUMN(MOVED_WAS, "was", DATE)                                                                           \
    COLUMN(MOVED_BECOMES, "becomes", DATE)                                                                   \
    COLUMN(MOVED_CLAIMS, "claims", INT4)                                                                     \
    COLUMN(MOVED_CLAIM_IDS, "claim_ids", BYTEA)
#define MOVED_FIRST(COLUMN) BATCH_FIRST(COLUMN) MOVED_LIST(COLUMN)
COLUMNS_BEGIN(MOVED, BATCH, MOVED_LIST);
/* Adds to a RowsResponse what its last rows say was moved: those of helper.calendar_told(). */
void proposal_moved_render(struct call *, const struct rows *, Mingce__V1__RowsResponse *);

/* For lists of what is in force on a day: the day and the division can be ones. NULL: any. */
enum reason proposal_filter_valid(struct call *, const char *day_text, const char *division);

#endif
