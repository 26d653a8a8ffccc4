/* SPDX-License-Identifier: Apache-2.0 */
/* The one table from SQLSTATE to what becomes of a request. A prefix stands for its class; the first match counts. */
#include "daemon/store/sqlstate.h"

#include <string.h>

#include "daemon/base/compiler.h"

static const struct {
    const char *prefix;
    enum verdict verdict;
    bool ends_connection;
} table[] = {
    {"40001", VERDICT_AGAIN, false},       /* serialization_failure: the functions raise it for a lost race */
    {"40P01", VERDICT_AGAIN, false},       /* deadlock_detected */
    {"23505", VERDICT_AGAIN, false},       /* unique_violation: somebody was first */
    {"23P01", VERDICT_AGAIN, false},       /* exclusion_violation: likewise */
    {"55P03", VERDICT_AGAIN, false},       /* lock_not_available */
    {"0A000", VERDICT_UNAVAILABLE, true},  /* cached plan must not change result type: prepare anew */
    {"26000", VERDICT_UNAVAILABLE, true},  /* a proxy lost our statements */
    {"25006", VERDICT_UNAVAILABLE, true},  /* read-only: a standby now */
    {"57014", VERDICT_UNAVAILABLE, false}, /* query_canceled: statement_timeout */
    {"57P", VERDICT_UNKNOWN, true},        /* shutdown, crash */
    {"08", VERDICT_UNKNOWN, true},         /* connection exceptions */
    {"53", VERDICT_UNAVAILABLE, false},    /* disk full, out of memory, too many connections */
    {"58", VERDICT_UNAVAILABLE, false},    /* the system under it */
};

static size_t row_of(const char *sqlstate)
{
    size_t i = 0;
    while (i < ARRAY_SIZE(table) && strncmp(table[i].prefix, sqlstate, strlen(table[i].prefix)) != 0)
        i++;
    return i;
}

enum verdict sqlstate_verdict(const char *sqlstate)
{
    size_t row = row_of(sqlstate);
    return row == ARRAY_SIZE(table) ? VERDICT_GUILTY : table[row].verdict;
}

bool sqlstate_ends_connection(const char *sqlstate)
{
    size_t row = row_of(sqlstate);
    return row != ARRAY_SIZE(table) && table[row].ends_connection;
}
