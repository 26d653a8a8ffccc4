/* SPDX-License-Identifier: Apache-2.0 */
/* Settlement packs of projects, in pages (E15): proto/dossier.proto, migrations/api/project_pack.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/project.h"
#include "proto/dossier.pb-c.h"

#define PACK_PARAMETERS(COLUMN)                                                                              \
    COLUMN(PACK_IN_PROJECT, "project", UUID)                                                                 \
    COLUMN(PACK_IN_AFTER, "after", INT8)
COLUMNS_AFTER(METHOD_READ, pack_parameters, PACK_PARAMETERS);
#define PACK_RESULT(COLUMN)                                                                                  \
    COLUMN(PACK_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(PACK_TABLE, "table_number", INT2)                                                                 \
    COLUMN(PACK_COLUMNS, "columns", TEXT)                                                                    \
    COLUMN(PACK_RECORD, "record", BYTEA)                                                                     \
    COLUMN(PACK_LEAF, "leaf_index", INT8)                                                                    \
    COLUMN(PACK_PLACE, "place", INT8)
COLUMNS_AFTER(RESULT, pack_result, PACK_RESULT);
const struct statement project_pack_statement = {
    .name = "project_pack",
    .parameters = COLUMNS(pack_parameters),
    .result = COLUMNS(pack_result),
};

static const Mingce__V1__ProjectPackRequest *pack_request(const struct call *call)
{
    return (const Mingce__V1__ProjectPackRequest *) call->request;
}

static struct page pack_page(const struct call *call)
{
    const Mingce__V1__ProjectPackRequest *request = pack_request(call);
    return (struct page){.has_cursor = request->has_cursor, .cursor = &request->cursor};
}

enum reason project_pack_valid(struct call *call)
{
    const struct page page = pack_page(call);
    enum reason reason = page_valid_number(call, &page);
    return reason != REASON_NONE ? reason
                                 : project_id_valid(call, "project_id", &pack_request(call)->project_id);
}

void project_pack_bind(struct call *call, struct set *set)
{
    const struct page page = pack_page(call);
    set_uuid(set, PACK_IN_PROJECT, pack_request(call)->project_id.data);
    set_int8(set, PACK_IN_AFTER, page_number(&page, 0));
}

static void row_fill(struct call *call, Mingce__V1__DossierRow *out, const struct rows *rows, size_t row)
{
    size_t n;
    const uint8_t *record = rows_bytes(rows, row, PACK_RECORD, &n);
    mingce__v1__dossier_row__init(out);
    out->table = (Mingce__V1__RowTable) rows_int2(rows, row, PACK_TABLE);
    out->columns = unconst(rows_text(rows, row, PACK_COLUMNS));
    call_bytes(call, &out->record, record, n);
}

/* How many rows of tables the page has: they come first. */
static size_t rows_told(const struct rows *rows)
{
    size_t n = 0;
    while (n < rows_count(rows) && !rows_null(rows, n, PACK_TABLE))
        n++;
    return n;
}

enum reason project_pack_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__ProjectPackResponse *response = (Mingce__V1__ProjectPackResponse *) out;
    size_t all = rows_count(rows);
    enum reason reason = all == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, PACK_OUTCOME));
    if (reason != REASON_NONE)
        return reason == REASON_STORE_FAILED ? reason : call_refuse(call, "project_id", reason);
    size_t told = CALL_LIST(call, response, row, rows_told(rows));
    for (size_t i = 0; i < told; i++)
        row_fill(call, response->row[i], rows, i);
    response->leaf_index = arena_array(call->arena, all, sizeof(*response->leaf_index));
    for (size_t i = told; response->leaf_index != NULL && i < all; i++) {
        if (!rows_null(rows, i, PACK_PLACE)) {
            response->has_next = true;
            page_next_number(call, rows_int8(rows, i, PACK_PLACE), &response->next);
        } else if (rows_null(rows, i, PACK_LEAF)) {
            response->waiting++;
        } else {
            response->leaf_index[response->n_leaf_index++] = (uint64_t) rows_int8(rows, i, PACK_LEAF);
        }
    }
    return REASON_NONE;
}
