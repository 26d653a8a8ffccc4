/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/statement.h"

#include <stdio.h>

#include "daemon/store/statement_private.h"
#include "proto/rules/pg_type.h"

static const struct {
    Oid element, array;
    const char *name;
} types[] = {
    [COLUMN_BOOL] = {PG_BOOL, PG_BOOL_ARRAY, "bool"},     [COLUMN_INT2] = {PG_INT2, PG_INT2_ARRAY, "int2"},
    [COLUMN_INT4] = {PG_INT4, PG_INT4_ARRAY, "int4"},     [COLUMN_INT8] = {PG_INT8, PG_INT8_ARRAY, "int8"},
    [COLUMN_DATE] = {PG_DATE, PG_DATE_ARRAY, "date"},     [COLUMN_UUID] = {PG_UUID, PG_UUID_ARRAY, "uuid"},
    [COLUMN_BYTEA] = {PG_BYTEA, PG_BYTEA_ARRAY, "bytea"}, [COLUMN_TEXT] = {PG_TEXT, PG_TEXT_ARRAY, "text"},
};

Oid column_oid(enum column_type type)
{
    return types[type].element;
}

Oid column_array_oid(enum column_type type)
{
    return types[type].array;
}

void oid_name(Oid oid, char name[OID_NAME])
{
    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        if (oid == types[i].element || oid == types[i].array) {
            snprintf(name, OID_NAME, "%s%s", types[i].name, oid == types[i].array ? "[]" : "");
            return;
        }
    snprintf(name, OID_NAME, "oid %u", oid);
}

size_t statement_request_parameters(const struct statement *statement)
{
    return statement->rows > 0 ? statement->rows : statement->parameters.n;
}

/* Each argument is given by its parameter's name: a statement whose function has no such parameter cannot be prepared. */
void statement_sql(const struct statement *statement, char sql[STATEMENT_SQL])
{
    int n = snprintf(sql, STATEMENT_SQL, "SELECT * FROM api.%s(", statement->name);
    for (size_t i = 0; i < statement->parameters.n; i++)
        n += snprintf(sql + n, STATEMENT_SQL - (size_t) n, "%sin_%s => $%zu", i == 0 ? "" : ", ",
                      statement->parameters.each[i].name, i + 1);
    snprintf(sql + n, STATEMENT_SQL - (size_t) n, ")");
}

void statement_types(const struct statement *statement, Oid oids[STATEMENT_COLUMNS])
{
    for (size_t i = 0; i < statement->parameters.n; i++)
        oids[i] = column_array_oid(statement->parameters.each[i].type);
}
