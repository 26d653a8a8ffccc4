/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/statement.h"

#include <stdio.h>

#include "daemon/store/internal.h"

/* The types' object ids are fixed for good in PostgreSQL (pg_type.dat). */
static const struct {
    Oid element, array;
} oids[] = {
    [COLUMN_BOOL] = {16, 1000},  [COLUMN_INT2] = {21, 1005},   [COLUMN_INT4] = {23, 1007},
    [COLUMN_INT8] = {20, 1016},  [COLUMN_DATE] = {1082, 1182}, [COLUMN_UUID] = {2950, 2951},
    [COLUMN_BYTEA] = {17, 1001}, [COLUMN_TEXT] = {25, 1009},
};

Oid column_oid(enum column_type type)
{
    return oids[type].element;
}

void statement_sql(const struct statement *statement, char sql[STATEMENT_SQL])
{
    int n = snprintf(sql, STATEMENT_SQL, "SELECT * FROM api.%s(", statement->name);
    for (size_t i = 0; i < statement_columns(statement); i++)
        n += snprintf(sql + n, STATEMENT_SQL - (size_t) n, i == 0 ? "$%zu" : ",$%zu", i + 1);
    snprintf(sql + n, STATEMENT_SQL - (size_t) n, ")");
}

void statement_types(const struct statement *statement, Oid types[STATEMENT_COLUMNS])
{
    for (size_t i = 0; i < statement_columns(statement); i++)
        types[i] = oids[statement_column_type(statement, i)].array;
}
