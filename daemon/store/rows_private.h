/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of a request are: for the files of the store only. */
#ifndef MINGCE_STORE_ROWS_PRIVATE_H
#define MINGCE_STORE_ROWS_PRIVATE_H

#include <libpq-fe.h>

#include "daemon/store/rows.h"
#include "daemon/store/statement.h"

struct rows {
    const struct columns *columns; /* that the statement declares */
    const PGresult *result;
    int first, n;
};

#endif
