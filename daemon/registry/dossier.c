/* SPDX-License-Identifier: Apache-2.0 */
/* Dossiers of claims: proto/dossier.proto, migrations/api/dossier.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"
#include "proto/dossier.pb-c.h"

enum { ID = 16 };

#define DOSSIER_PARAMETERS(COLUMN)                                                                           \
    COLUMN(DOSSIER_IN_CLAIM, "claim", UUID)                                                                  \
    COLUMN(DOSSIER_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, dossier_parameters, DOSSIER_PARAMETERS);
#define DOSSIER_RESULT(COLUMN)                                                                               \
    COLUMN(DOSSIER_OUTCOME, "outcome", INT2)                                                                 \
    COLUMN(DOSSIER_TABLE, "table_number", INT2)                                                              \
    COLUMN(DOSSIER_COLUMNS, "columns", TEXT)                                                                 \
    COLUMN(DOSSIER_RECORD, "record", BYTEA)                                                                  \
    COLUMN(DOSSIER_LEAF, "leaf_index", INT8)                                                                 \
    COLUMN(DOSSIER_PERSON, "person_id", UUID)
COLUMNS_AFTER(RESULT, dossier_result, DOSSIER_RESULT);
const struct statement claim_dossier_statement = {
    .name = "claim_dossier",
    .parameters = COLUMNS(dossier_parameters),
    .result = COLUMNS(dossier_result),
};

static const Mingce__V1__ClaimDossierRequest *dossier_request(const struct call *call)
{
    return (const Mingce__V1__ClaimDossierRequest *) call->request;
}

enum reason claim_dossier_valid(struct call *call)
{
    return dossier_request(call)->claim_id.len == ID
               ? REASON_NONE
               : call_refuse(call, "claim_id", REASON_IDENTIFIER_LENGTH);
}

void claim_dossier_bind(struct call *call, struct set *set)
{
    set_uuid(set, DOSSIER_IN_CLAIM, dossier_request(call)->claim_id.data);
    set_int4(set, DOSSIER_IN_PENDING, call_looks_pending(call, 1));
}

static void row_fill(struct call *call, Mingce__V1__DossierRow *out, const struct rows *rows, size_t row)
{
    size_t n;
    const uint8_t *record = rows_bytes(rows, row, DOSSIER_RECORD, &n);
    if (out == NULL)
        return;
    mingce__v1__dossier_row__init(out);
    out->table = (Mingce__V1__RowTable) rows_int2(rows, row, DOSSIER_TABLE);
    out->columns = unconst(rows_text(rows, row, DOSSIER_COLUMNS));
    call_bytes(call, &out->record, record, n);
}

enum reason claim_dossier_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    size_t n = rows_count(rows);
    enum reason reason = n == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, DOSSIER_OUTCOME));
    if (reason == REASON_CLAIM_UNKNOWN)
        return call_look_missed(call, 1) ? call_refuse(call, "claim_id", reason) : REASON_STORE_BUSY;
    if (reason != REASON_NONE)
        return person_look_refused(call, reason);
    Mingce__V1__ClaimDossierResponse *response = (Mingce__V1__ClaimDossierResponse *) out;
    response->row = arena_array(call->arena, n, sizeof(*response->row));
    response->leaf_index = arena_array(call->arena, n, sizeof(*response->leaf_index));
    for (size_t i = 0; response->row != NULL && response->leaf_index != NULL && i < n; i++) {
        if (!rows_null(rows, i, DOSSIER_TABLE)) {
            Mingce__V1__DossierRow *row = arena_alloc(call->arena, sizeof(*row));
            row_fill(call, row, rows, i);
            response->row[response->n_row++] = row;
        } else if (rows_null(rows, i, DOSSIER_LEAF)) {
            response->waiting++;
        } else {
            response->leaf_index[response->n_leaf_index++] = (uint64_t) rows_int8(rows, i, DOSSIER_LEAF);
        }
    }
    return call_look(call, rows_uuid(rows, 0, DOSSIER_PERSON)) ? REASON_NONE : REASON_STORE_BUSY;
}
