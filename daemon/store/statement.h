/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A statement: one function of schema api, called with arrays. A parameter has one element per request or, behind the
 * parameter `row_req`, one per row (a row belongs to a request; row_req is the 1-based index of its request in the set).
 * The result's first column is `req int4`, the 1-based index of the request that a row answers; rows of one request come
 * together, in order.
 *
 * Both tables are a contract: who binds or reads names a parameter or column by its place in them, and before a connection
 * serves the database is asked whether it has the same names and types in the same order (contract.h).
 */
#ifndef MINGCE_STORE_STATEMENT_H
#define MINGCE_STORE_STATEMENT_H

#include <stddef.h>

#include "daemon/base/compiler.h"

enum column_type {
    COLUMN_BOOL,
    COLUMN_INT2,
    COLUMN_INT4,
    COLUMN_INT8,
    COLUMN_DATE,
    COLUMN_UUID,
    COLUMN_BYTEA,
    COLUMN_TEXT
};

struct column {
    const char *name; /* of a parameter: as SQL has it behind `in_` */
    enum column_type type;
};

struct columns {
    const struct column *each;
    size_t n;
};
enum { STATEMENT_COLUMNS = 48 /* at most, of parameters */ };

/*
 * A table is declared by a list, which says everything about a column once: the enumerator that stands for its place, its
 * name, its type.
 *
 *     #define OPEN_RESULT(COLUMN) COLUMN(OPEN_NUMBER, "number", INT8)
 *     COLUMNS_AFTER(OUTCOME, open_result, OPEN_RESULT);
 *
 * declares OPEN_NUMBER and the table `open_result`. Its first columns are those of OUTCOME_FIRST, a list that many tables
 * begin with; OUTCOME_N is their number.
 */
#define COLUMN_ENUMERATOR(enumerator, name, type) enumerator,
#define COLUMN_ROW(enumerator, name, type)        [enumerator] = {name, COLUMN_##type},
#define COLUMNS_OF(table, list)                                                                              \
    enum { list(COLUMN_ENUMERATOR) };                                                                        \
    static const struct column table[] = {list(COLUMN_ROW)}
#define COLUMNS_AFTER(first, table, list)                                                                    \
    enum { table##_after = first##_N - 1, list(COLUMN_ENUMERATOR) };                                         \
    static const struct column table[] = {first##_FIRST(COLUMN_ROW) list(COLUMN_ROW)}
/* The enumerators of a list that tables begin with, behind those of another, and NEXT_N. */
#define COLUMNS_BEGIN(next, first, list)                                                                     \
    enum { next##_after = first##_N - 1, list(COLUMN_ENUMERATOR) next##_N }

/* Initialise a `struct columns`: with a table; with what tables begin with, and nothing else. */
#define COLUMNS(table)                                                                                       \
    {                                                                                                        \
        (table), ARRAY_SIZE(table)                                                                           \
    }
#define COLUMNS_FIRST(first)                                                                                 \
    {                                                                                                        \
        (const struct column[]){first##_FIRST(COLUMN_ROW)}, first##_N                                        \
    }

/* What every result begins with. */
#define RESULT_FIRST(COLUMN) COLUMN(RESULT_REQ, "req", INT4)
enum { RESULT_FIRST(COLUMN_ENUMERATOR) RESULT_N };

struct statement {
    const char *name; /* the function, as "class_open" */
    struct columns parameters;
    size_t rows; /* which of them is row_req; 0: there are no rows */
    struct columns result;
    /* NULL: a call of the function. Else the statement's text: what must not hang on anything that the database's owner can
     * replace is asked for without a function. */
    const char *query;
};

#endif
