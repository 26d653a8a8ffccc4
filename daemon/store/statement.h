/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A statement: one function of schema api, called with arrays. It has columns with one element per request
 * and, for some, columns with one element per line (a line belongs to a request). SQL parameters come in
 * this order: the request columns; then, if there are line columns, line_req int4[] (1-based index of the
 * line's request in the set); then the line columns. Its result's first column is `req int4`, the 1-based
 * index of the request the row answers; rows of one request come together, in order.
 */
#ifndef MINGCE_STORE_STATEMENT_H
#define MINGCE_STORE_STATEMENT_H

#include <stddef.h>

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
    const char *name; /* of the SQL parameter, for the reader */
    enum column_type type;
};

enum { STATEMENT_COLUMNS = 32 };

struct statement {
    const char *name; /* the function, as "class_open" */
    const struct column *request_columns;
    size_t request_columns_n;
    const struct column *line_columns; /* NULL: none */
    size_t line_columns_n;
    /* NULL: a call of the function. Else the statement's text: what must not hang on anything that the database's owner can
     * replace is asked for without a function. */
    const char *query;
};

#endif
