/* SPDX-License-Identifier: Apache-2.0 */
/* The database's own objects, read from the catalogs directly and not by a function, which the owner could replace. */
#include "daemon/registry/methods.h"
#include "daemon/registry/page.h"
#include "daemon/store/schema.h"
#include "proto/log.pb-c.h"

#define SCHEMA_PARAMETERS(COLUMN)                                                                            \
    COLUMN(SCHEMA_IN_AFTER, "after", TEXT)                                                                   \
    COLUMN(SCHEMA_IN_PAGE, "page", INT4)
COLUMNS_AFTER(METHOD_READ, schema_parameters, SCHEMA_PARAMETERS);
#define SCHEMA_RESULT(COLUMN)                                                                                \
    COLUMN(SCHEMA_OBJECT, "object", TEXT)                                                                    \
    COLUMN(SCHEMA_DEFINITION, "definition", TEXT)
COLUMNS_AFTER(RESULT, schema_result, SCHEMA_RESULT);
const struct statement log_schema_statement = {
    .name = "log_schema",
    .query = schema_objects_sql,
    .parameters = COLUMNS(schema_parameters),
    .result = COLUMNS(schema_result),
};

enum { OBJECTS = 500 };

enum reason log_schema_valid(struct call *call)
{
    (void) call; /* any text may be an object's name */
    return REASON_NONE;
}

void log_schema_bind(struct call *call, struct set *set)
{
    set_text(set, SCHEMA_IN_AFTER, ((const Mingce__V1__LogSchemaRequest *) call->request)->after);
    set_int4(set, SCHEMA_IN_PAGE, OBJECTS);
}

enum reason log_schema_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__LogSchemaResponse *response = (Mingce__V1__LogSchemaResponse *) out;
    size_t n = CALL_LIST(call, response, object, rows_count(rows));
    for (size_t i = 0; i < n; i++) {
        mingce__v1__log_schema_object__init(response->object[i]);
        response->object[i]->object = unconst(rows_text(rows, i, SCHEMA_OBJECT));
        response->object[i]->definition = unconst(rows_text(rows, i, SCHEMA_DEFINITION));
    }
    return REASON_NONE;
}
