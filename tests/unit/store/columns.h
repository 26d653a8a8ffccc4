/* SPDX-License-Identifier: Apache-2.0 */
/* Statements with a parameter of every type, for requests and for rows, and a column of every type. */
#ifndef MINGCE_TEST_STORE_COLUMNS_H
#define MINGCE_TEST_STORE_COLUMNS_H

#include "daemon/base/compiler.h"
#include "daemon/store/statement.h"

#define PLAIN_PARAMETERS(COLUMN)                                                                             \
    COLUMN(IN_FLAG, "flag", BOOL)                                                                            \
    COLUMN(IN_SMALL, "small", INT2)                                                                          \
    COLUMN(IN_NUMBER, "number", INT4)                                                                        \
    COLUMN(IN_LARGE, "large", INT8)                                                                          \
    COLUMN(IN_ON, "on_day", DATE)                                                                            \
    COLUMN(IN_ID, "id", UUID)                                                                                \
    COLUMN(IN_SEALED, "sealed", BYTEA)                                                                       \
    COLUMN(IN_NAME, "name", TEXT)
COLUMNS_OF(plain_parameters, PLAIN_PARAMETERS);
enum { EVERY = ARRAY_SIZE(plain_parameters) };

#define PLAIN_FIRST PLAIN_PARAMETERS
enum { PLAIN_N = EVERY };
#define EVERY_PARAMETERS(COLUMN)                                                                             \
    COLUMN(IN_ROW_REQ, "row_req", INT4)                                                                      \
    COLUMN(IN_ROW_FLAG, "row_flag", BOOL)                                                                    \
    COLUMN(IN_ROW_SMALL, "row_small", INT2)                                                                  \
    COLUMN(IN_ROW_NUMBER, "row_number", INT4)                                                                \
    COLUMN(IN_ROW_LARGE, "row_large", INT8)                                                                  \
    COLUMN(IN_ROW_ON, "row_on_day", DATE)                                                                    \
    COLUMN(IN_ROW_ID, "row_id", UUID)                                                                        \
    COLUMN(IN_ROW_SEALED, "row_sealed", BYTEA)                                                               \
    COLUMN(IN_ROW_NAME, "row_name", TEXT)
COLUMNS_AFTER(PLAIN, every_parameters, EVERY_PARAMETERS);

#define EVERY_RESULT(COLUMN)                                                                                 \
    COLUMN(FLAG, "a", BOOL)                                                                                  \
    COLUMN(SMALL, "b", INT2)                                                                                 \
    COLUMN(NUMBER, "c", INT4)                                                                                \
    COLUMN(LARGE, "d", INT8)                                                                                 \
    COLUMN(ON, "e", DATE)                                                                                    \
    COLUMN(ID, "f", UUID)                                                                                    \
    COLUMN(SEALED, "g", BYTEA)                                                                               \
    COLUMN(NAME, "h", TEXT)
COLUMNS_AFTER(RESULT, every_result, EVERY_RESULT);

static const struct statement every = {.name = "every",
                                       .parameters = COLUMNS(every_parameters),
                                       .rows = IN_ROW_REQ,
                                       .result = COLUMNS(every_result)};
static const struct statement plain = {
    .name = "plain", .parameters = COLUMNS(plain_parameters), .result = COLUMNS(every_result)};

#endif
