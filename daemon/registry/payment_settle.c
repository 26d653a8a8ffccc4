/* SPDX-License-Identifier: Apache-2.0 */
/* What people made of answers of the bank that contradict (F14): migrations/api/payment_dispute.sql. */
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/text.h"
#include "proto/batch.pb-c.h"

enum { ID = 16 };

#define SETTLE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(SETTLE_IN_BATCH, "batch", UUID)                                                                   \
    COLUMN(SETTLE_IN_LINE, "line", INT4)                                                                     \
    COLUMN(SETTLE_IN_NOTE, "note", TEXT)                                                                     \
    COLUMN(SETTLE_IN_DISPUTE, "dispute", INT4)
COLUMNS_AFTER(METHOD_WRITE, settle_parameters, SETTLE_PARAMETERS);
const struct statement batch_settle_statement = {
    .name = "batch_settle",
    .parameters = COLUMNS(settle_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

static const Mingce__V1__BatchSettleRequest *settle_request(const struct call *call)
{
    return (const Mingce__V1__BatchSettleRequest *) call->request;
}

enum reason batch_settle_valid(struct call *call)
{
    const Mingce__V1__BatchSettleRequest *request = settle_request(call);
    if (request->batch_id.len != ID)
        return call_refuse(call, "batch_id", REASON_IDENTIFIER_LENGTH);
    enum reason reason = text_reason(request->note, day_at(call->at_ms));
    return reason == REASON_NONE ? reason : call_refuse(call, "note", reason);
}

void batch_settle_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BatchSettleRequest *request = settle_request(call);
    set_uuid(set, SETTLE_IN_BATCH, request->batch_id.data);
    set_int4(set, SETTLE_IN_LINE, request->line > INT32_MAX ? 0 : (int32_t) request->line);
    set_text(set, SETTLE_IN_NOTE, request->note);
    set_int4(set, SETTLE_IN_DISPUTE, request->dispute > INT32_MAX ? 0 : (int32_t) request->dispute);
}

enum reason batch_settle_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    (void) out;
    if (reason == REASON_NOTHING_DISPUTED)
        return call_refuse(call, "line", reason);
    if (reason == REASON_VERSION_DIFFERS)
        return call_refuse(call, "dispute", reason);
    return reason == REASON_BATCH_UNKNOWN ? call_refuse(call, "batch_id", reason) : reason;
}
