/* SPDX-License-Identifier: Apache-2.0 */
/* What the database is: compared with what the log was last told of it, and told to the log. */
#include "daemon/setup_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/crypto/seal.h"
#include "daemon/store/schema.h"

/* `call` over arrays of the objects' names and the digests of their definitions, of those that `where` keeps, and what else it
 * takes. */
static bool over_objects(PGconn *pg, const char *call, const char *where, const char *more,
                         struct setup_answer *answer)
{
    static const struct setup_value of_all[] = {{"{NULL}", 0}, {"{NULL}", 0}, {"{1000000}", 0}};
    char *sql = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&sql, &n);
    if (out == NULL)
        return setup_fail("out of memory") == SETUP_DONE;
    fprintf(
        out,
        "SELECT %s(array_agg(o.object), array_agg(sha256(convert_to(o.definition, 'UTF8')))%s) FROM (%s) o "
        "WHERE %s",
        call, more, schema_objects_sql, where);
    bool good = fclose(out) == 0 && setup_query(pg, "objects", sql, of_all, 3, answer);
    free(sql);
    return good;
}

bool schema_told(PGconn *pg, bool *told)
{
    struct setup_answer known;
    bool good =
        setup_query(pg, "objects", "SELECT to_regclass('audit.schema_object') IS NOT NULL", NULL, 0, &known);
    *told = good && strcmp(known.text, "t") == 0;
    return good;
}

/* What every migration makes anew when it is not as it was. */
#define REMADE "'^[a-z]+ (api|helper|admin|notary)(\\.|$)'"

bool schema_changed(PGconn *pg, struct setup_answer *kept, struct setup_answer *remade)
{
    return over_objects(pg, "audit.schema_changed", "o.object !~ " REMADE, ", " REMADE ", false", kept) &&
           over_objects(pg, "audit.schema_changed", "o.object ~ " REMADE, ", " REMADE ", true", remade);
}

bool schema_enter(PGconn *pg, const char *method, const char *said)
{
    char hex[SCHEMA_DIGEST], bytes[SCHEMA_DIGEST + 2];
    struct setup_head head;
    schema_digest(hex);
    snprintf(bytes, sizeof(bytes), "\\x%s", hex);
    setup_head(&head, method, said);
    const struct setup_value values[] = {{head.bytes, (int) head.n}, {bytes, 0}};
    return setup_query(pg, method, "CALL audit.enter_command($1, $2::bytea)", values, 2, NULL) &&
           over_objects(pg, "audit.enter_schema", "true", "", NULL);
}
