/* SPDX-License-Identifier: Apache-2.0 */
/* A statement with a column of every type, for requests and for lines. */
#ifndef MINGCE_TEST_STORE_COLUMNS_H
#define MINGCE_TEST_STORE_COLUMNS_H

#include "daemon/base/compiler.h"
#include "daemon/store/statement.h"

static const struct column every_column[] = {
    {"flag", COLUMN_BOOL}, {"small", COLUMN_INT2}, {"number", COLUMN_INT4},  {"large", COLUMN_INT8},
    {"on", COLUMN_DATE},   {"id", COLUMN_UUID},    {"sealed", COLUMN_BYTEA}, {"name", COLUMN_TEXT},
};
enum { EVERY = ARRAY_SIZE(every_column) };

/* Request columns, line_req, line columns. */
static const struct statement every = {"every", every_column, EVERY, every_column, EVERY, NULL};
static const struct statement plain = {"plain", every_column, EVERY, NULL, 0, NULL};

#endif
