/* SPDX-License-Identifier: Apache-2.0 */
/* The database's own objects, from the catalogs: no function stands between, which its owner could replace. */
#include "daemon/registry/methods.h"
#include "daemon/registry/page.h"
#include "daemon/store/schema.h"
#include "proto/log.pb-c.h"

static const struct column schema_columns[] = {
    METHOD_READ_COLUMNS, {"after", COLUMN_TEXT}, {"page", COLUMN_INT4}};
const struct statement log_schema_statement = {
    .name = "log_schema",
    .query = schema_objects_sql,
    .request_columns = schema_columns,
    .request_columns_n = ARRAY_SIZE(schema_columns),
};

enum { OBJECTS = 500 };

enum reason log_schema_valid(struct call *call)
{
    (void) call; /* any text may be an object's name */
    return REASON_NONE;
}

void log_schema_bind(struct call *call, struct set *set)
{
    set_text(set, ((const Mingce__V1__LogSchemaRequest *) call->request)->after);
    set_int4(set, OBJECTS);
}

enum reason log_schema_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum { OBJECT = 1, DEFINITION };
    Mingce__V1__LogSchemaResponse *response = (Mingce__V1__LogSchemaResponse *) out;
    size_t n = CALL_LIST(call, response, object, rows_count(rows));
    for (size_t i = 0; i < n; i++) {
        mingce__v1__log_schema_object__init(response->object[i]);
        response->object[i]->object = unconst(rows_text(rows, i, OBJECT));
        response->object[i]->definition = unconst(rows_text(rows, i, DEFINITION));
    }
    return REASON_NONE;
}
