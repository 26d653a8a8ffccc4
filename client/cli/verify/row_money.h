/* SPDX-License-Identifier: Apache-2.0 */
/* The claims' money as it is read: a line's rate is its standard's and its amount that rate, of the living allowance for each day;
 * a claim's amount is the sum of its lines. */
#ifndef MINGCE_CLI_ROW_MONEY_H
#define MINGCE_CLI_ROW_MONEY_H

#include "client/cli/verify/row_set.h"

struct money {
    struct money_entry *entries; /* of all kinds */
    size_t n, room;
};

/* A row of any table, as it was read; `at`: its place in the set. False: out of memory. */
bool money_take(struct money *, Mingce__V1__RowTable, size_t at, const ProtobufCBinaryData *record);
/* Marks the rows that are not right. Claims are to be read before their lines, those before the standards. */
void money_judge(struct money *, struct row_set *);
void money_free(struct money *);

#endif
