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

enum reason log_schema_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    enum { OBJECT = 1, DEFINITION };
    size_t n = rows_count(rows);
    Mingce__V1__LogSchemaResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__LogSchemaObject *each = arena_array(call->arena, n, sizeof(*each));
    Mingce__V1__LogSchemaObject **list = arena_array(call->arena, n, sizeof(*list));
    if (response == NULL || each == NULL || list == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__log_schema_response__init(response);
    for (size_t i = 0; i < n; i++) {
        mingce__v1__log_schema_object__init(list[i] = &each[i]);
        each[i].object = unconst(rows_text(rows, i, OBJECT));
        each[i].definition = unconst(rows_text(rows, i, DEFINITION));
    }
    response->n_object = n;
    response->object = list;
    *out = &response->base;
    return REASON_NONE;
}
