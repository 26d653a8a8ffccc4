/* SPDX-License-Identifier: Apache-2.0 */
/* What a statement declares, compared with what the database has: names and types of its parameters and of its result's
 * columns, in order. The digest of the schema says from which files its functions were made; this, what they are now. */
#ifndef MINGCE_STORE_CONTRACT_H
#define MINGCE_STORE_CONTRACT_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "daemon/base/compiler.h"
#include "daemon/store/statement_private.h"

/* A row for each parameter of the functions that the session may call: function, name, type. */
extern const char contract_sql[];

/* What differs. */
enum { CONTRACT_TERM = 64 + OID_NAME /* an SQL name has at most 63 bytes */ };
struct contract_broken {
    const char *part;                               /* "parameter" or "column" */
    size_t place;                                   /* which of them, from 1 */
    char must_be[CONTRACT_TERM], is[CONTRACT_TERM]; /* "in_class int8[]"; "": there is none */
};

/* Whether the statement's function has the parameters that the statement declares, by the result of contract_sql. */
bool contract_parameters(const struct statement *, const PGresult *, struct contract_broken *) MUST_CHECK;
/* Whether the statement's result, as PQdescribePrepared has it, has the columns that the statement declares. */
bool contract_result(const struct statement *, const PGresult *, struct contract_broken *) MUST_CHECK;

#endif
