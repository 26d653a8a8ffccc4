/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the claims' money while rows are read. Rate, percentage and cap of a subsidy are those of its standard. Its amount is what they
 * come to for its days or class hours. A claim's amount is the sum over its subsidies. */
#ifndef MINGCE_CLI_ROW_MONEY_H
#define MINGCE_CLI_ROW_MONEY_H

#include "client/cli/verify/row_set.h"

struct money {
    struct money_entry *entries; /* of all kinds */
    size_t n, room;
};

/* Takes a row of any table as it was read; `at` is its place in the set. False: out of memory. */
bool money_take(struct money *, Mingce__V1__RowTable, size_t at, const ProtobufCBinaryData *record);
/* Marks the rows with a wrong rate or amount. Claims must have been read before their subsidies, and these before the standards. */
void money_judge(struct money *, struct row_set *);
void money_free(struct money *);

#endif
