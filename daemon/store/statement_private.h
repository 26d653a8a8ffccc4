/* SPDX-License-Identifier: Apache-2.0 */
/* Statements as they are prepared: for the files of the store only. */
#ifndef MINGCE_STORE_STATEMENT_PRIVATE_H
#define MINGCE_STORE_STATEMENT_PRIVATE_H

#include <postgres_ext.h>

#include "daemon/store/statement.h"

enum { STATEMENT_SQL = 4096, OID_NAME = 24 };
void statement_sql(const struct statement *, char sql[STATEMENT_SQL]);
void statement_types(const struct statement *, Oid types[STATEMENT_COLUMNS]);
/* How many of its parameters, from the first on, have an element per request. */
size_t statement_request_parameters(const struct statement *);
Oid column_oid(enum column_type);
Oid column_array_oid(enum column_type);
/* "int4[]", or the number of one that no column has. */
void oid_name(Oid, char name[OID_NAME]);

#endif
