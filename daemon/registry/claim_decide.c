/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of claims (C). */
#include <openssl/crypto.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/certificate.h"
#include "daemon/registry/claim.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/text.h"
#include "proto/rules/bounds.h"

enum { ID = 16 };

#define DECIDE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(DECIDE_IN_ACTION, "action", INT2)                                                                 \
    COLUMN(DECIDE_IN_REASON, "reason", TEXT)                                                                 \
    COLUMN(DECIDE_IN_FRAUD, "fraud", BOOL)                                                                   \
    COLUMN(DECIDE_IN_SUBSIDIES, "subsidies", INT4)                                                           \
    COLUMN(DECIDE_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(DECIDE_IN_ROW, "row", INT4)                                                                       \
    COLUMN(DECIDE_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(DECIDE_IN_CLAIM, "claim", UUID)                                                                   \
    COLUMN(DECIDE_IN_VERSION, "version", INT4)                                                               \
    COLUMN(DECIDE_IN_NUMBER_INDEX, "number_index", BYTEA)                                                    \
    COLUMN(DECIDE_IN_NAME_INDEX, "name_index", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, decide_parameters, DECIDE_PARAMETERS);
const struct statement claim_decide_statement = {
    .name = "claim_decide",
    .parameters = COLUMNS(decide_parameters),
    .rows = DECIDE_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

static const Mingce__V1__ClaimDecideRequest *decide_request(const struct call *call)
{
    return (const Mingce__V1__ClaimDecideRequest *) call->request;
}

enum reason claim_decide_valid(struct call *call)
{
    const Mingce__V1__ClaimDecideRequest *request = decide_request(call);
    enum reason reason =
        request->reason == NULL ? REASON_NONE : text_reason(request->reason, day_at(call->at_ms));
    if (reason != REASON_NONE)
        return call_refuse(call, "reason", reason);
    reason = batch_begin_most(call, request->n_row, DECISIONS_MOST);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++) {
        reason = batch_number(call, i, request->row[i]->row);
        if (reason == REASON_NONE && request->row[i]->claim_id.len != ID)
            reason = call_refuse(call, "claim_id", REASON_IDENTIFIER_LENGTH);
    }
    return reason;
}

/* The index of the certificate that a row names. False: it cannot be a number, or `*failed` (out of memory). */
static bool certificate_said(struct call *call, const char *stated, struct row_note *note,
                             uint8_t index[INDEX_BYTES], bool *failed)
{
    char number[CERTIFICATE_NUMBER_BYTES];
    note->reason = certificate_number_parse(stated, number);
    *failed = note->reason == REASON_NONE && !certificate_index(call->keys, number, index);
    OPENSSL_cleanse(number, sizeof(number));
    note->field = "certificate_number";
    return note->reason == REASON_NONE && !*failed;
}

static void bind_decision(struct call *call, struct set *set, size_t i)
{
    const Mingce__V1__ClaimDecision *row = decide_request(call)->row[i];
    struct row_note *note = row_note(call, i);
    struct row_trainee holder;
    uint8_t index[INDEX_BYTES];
    bool failed = false;
    if (!row_says(call, set, note, &(const struct row_said){.name = row->name}, &holder))
        return;
    if (row->certificate_number != NULL &&
        !certificate_said(call, row->certificate_number, note, index, &failed)) {
        if (failed)
            set_fail(set);
        return;
    }
    note->field = "claim_id";
    row_bind(call, set, DECIDE_IN_ROW, i);
    set_uuid(set, DECIDE_IN_CLAIM, row->claim_id.data);
    set_int4(set, DECIDE_IN_VERSION, row->version > INT32_MAX ? 0 : (int32_t) row->version);
    if (row->certificate_number != NULL)
        set_bytes(set, DECIDE_IN_NUMBER_INDEX, index, sizeof(index));
    else
        set_null(set, DECIDE_IN_NUMBER_INDEX);
    row_bind_name(set, DECIDE_IN_NAME_INDEX, &holder);
}

void claim_decide_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClaimDecideRequest *request = decide_request(call);
    int32_t lines = 0;
    for (size_t n = 0; n < request->n_line; n++)
        lines |= 1 << (request->line[n] - 1);
    set_int2(set, DECIDE_IN_ACTION, call->method->argument);
    set_text(set, DECIDE_IN_REASON, request->reason);
    set_bool(set, DECIDE_IN_FRAUD, request->has_fraud && request->fraud);
    set_int4(set, DECIDE_IN_SUBSIDIES, lines);
    for (size_t i = 0; i < request->n_row; i++)
        bind_decision(call, set, i);
}

static const char *decide_field(enum reason reason)
{
    return reason == REASON_VERSION_DIFFERS ? "version" : reason == REASON_REASON_NEEDED ? "reason" : NULL;
}

enum reason claim_decide_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, decide_request(call)->n_row, rows, decide_field, out);
}
