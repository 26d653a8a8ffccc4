/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char contract_sql[] =
    "SELECT p.proname, a.name, a.type"
    "  FROM pg_catalog.pg_proc p,"
    "       unnest(p.proargnames[1:p.pronargs], p.proargtypes::oid[]) WITH ORDINALITY AS a (name, type, "
    "place)"
    " WHERE p.pronamespace = 'api'::regnamespace AND has_function_privilege(p.oid, 'EXECUTE')"
    " ORDER BY p.proname, p.oid, a.place";

enum { CATALOG_FUNCTION, CATALOG_NAME, CATALOG_TYPE };

static void term(char text[CONTRACT_TERM], const char *prefix, const char *name, Oid type)
{
    char type_name[OID_NAME];
    oid_name(type, type_name);
    snprintf(text, CONTRACT_TERM, "%s%s %s", prefix, name, type_name);
}

/* Where a function's rows begin in the catalog, and how many they are; they stand together. */
static size_t catalog_find(const PGresult *catalog, const char *function, int *first)
{
    int n = PQntuples(catalog), end;
    for (*first = 0; *first < n; (*first)++)
        if (strcmp(PQgetvalue(catalog, *first, CATALOG_FUNCTION), function) == 0)
            break;
    for (end = *first; end < n; end++)
        if (strcmp(PQgetvalue(catalog, end, CATALOG_FUNCTION), function) != 0)
            break;
    return (size_t) (end - *first);
}

bool contract_parameters(const struct statement *statement, const PGresult *catalog,
                         struct contract_broken *broken)
{
    const struct columns *declared = &statement->parameters;
    int first;
    if (statement->query != NULL)
        return true; /* its own text, which calls no function */
    size_t n = catalog_find(catalog, statement->name, &first);
    for (size_t i = 0; i < declared->n || i < n; i++) {
        *broken = (struct contract_broken){.part = "parameter", .place = i + 1};
        int row = first + (int) i;
        if (i < declared->n)
            term(broken->must_be, "in_", declared->each[i].name, column_array_oid(declared->each[i].type));
        if (i < n)
            term(broken->is, "", PQgetvalue(catalog, row, CATALOG_NAME),
                 (Oid) strtoul(PQgetvalue(catalog, row, CATALOG_TYPE), NULL, 10));
        if (strcmp(broken->must_be, broken->is) != 0)
            return false;
    }
    return true;
}

bool contract_result(const struct statement *statement, const PGresult *described,
                     struct contract_broken *broken)
{
    const struct columns *declared = &statement->result;
    size_t n = (size_t) PQnfields(described);
    for (size_t i = 0; i < declared->n || i < n; i++) {
        *broken = (struct contract_broken){.part = "column", .place = i + 1};
        if (i < declared->n)
            term(broken->must_be, "", declared->each[i].name, column_oid(declared->each[i].type));
        if (i < n)
            term(broken->is, "", PQfname(described, (int) i), PQftype(described, (int) i));
        if (strcmp(broken->must_be, broken->is) != 0)
            return false;
    }
    return true;
}
