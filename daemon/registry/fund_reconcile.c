/* SPDX-License-Identifier: Apache-2.0 */
/* Whether claims, tranches, batches, the bank's answers and the ledgers agree: proto/reconcile.proto, migrations/api/reconcile.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/proposal.h"
#include "proto/reconcile.pb-c.h"

enum { ID = 16, DIFFERENCES_MOST = 1000 };

#define RECONCILE_PARAMETERS(COLUMN) COLUMN(RECONCILE_IN_DIVISION, "division", TEXT)
COLUMNS_AFTER(METHOD_READ, reconcile_parameters, RECONCILE_PARAMETERS);
#define RECONCILE_RESULT(COLUMN)                                                                             \
    COLUMN(RECONCILE_OUTCOME, "outcome", INT2)                                                               \
    COLUMN(RECONCILE_KIND, "kind", INT2)                                                                     \
    COLUMN(RECONCILE_DIVISION, "division", TEXT)                                                             \
    COLUMN(RECONCILE_LEDGER, "ledger_id", INT8)                                                              \
    COLUMN(RECONCILE_SUBJECT_KIND, "subject_kind", INT2)                                                     \
    COLUMN(RECONCILE_SUBJECT, "subject_id", UUID)                                                            \
    COLUMN(RECONCILE_EXPECTED, "expected", INT8)                                                             \
    COLUMN(RECONCILE_FOUND, "found", INT8)                                                                   \
    COLUMN(RECONCILE_REFERENCE, "reference", TEXT)                                                           \
    COLUMN(RECONCILE_LINE, "line", INT4)                                                                     \
    COLUMN(RECONCILE_LEDGERS, "ledgers", INT8)                                                               \
    COLUMN(RECONCILE_CHARGES, "charges", INT8)                                                               \
    COLUMN(RECONCILE_LINES, "lines", INT8)                                                                   \
    COLUMN(RECONCILE_ANSWERS, "answers", INT8)                                                               \
    COLUMN(RECONCILE_DIFFERENCES, "differences", INT8)
COLUMNS_AFTER(RESULT, reconcile_result, RECONCILE_RESULT);
const struct statement fund_reconcile_statement = {
    .name = "fund_reconcile",
    .parameters = COLUMNS(reconcile_parameters),
    .result = COLUMNS(reconcile_result),
};

static const Mingce__V1__FundReconcileRequest *reconcile_request(const struct call *call)
{
    return (const Mingce__V1__FundReconcileRequest *) call->request;
}

enum reason fund_reconcile_valid(struct call *call)
{
    return proposal_filter_valid(call, NULL, reconcile_request(call)->division);
}

void fund_reconcile_bind(struct call *call, struct set *set)
{
    set_text(set, RECONCILE_IN_DIVISION, reconcile_request(call)->division);
    set_expect(set, DIFFERENCES_MOST + 1);
}

static void difference_fill(struct call *call, Mingce__V1__Difference *to, const struct rows *rows,
                            size_t row)
{
    mingce__v1__difference__init(to);
    to->kind = (Mingce__V1__DifferenceKind) rows_int2(rows, row, RECONCILE_KIND);
    to->division = unconst(rows_text(rows, row, RECONCILE_DIVISION));
    to->has_ledger_id = !rows_null(rows, row, RECONCILE_LEDGER);
    if (to->has_ledger_id)
        to->ledger_id = (uint64_t) rows_int8(rows, row, RECONCILE_LEDGER);
    to->has_subject_kind = !rows_null(rows, row, RECONCILE_SUBJECT_KIND);
    if (to->has_subject_kind)
        to->subject_kind = (Mingce__V1__MoneySubject) rows_int2(rows, row, RECONCILE_SUBJECT_KIND);
    to->has_subject_id = !rows_null(rows, row, RECONCILE_SUBJECT);
    if (to->has_subject_id)
        call_bytes(call, &to->subject_id, rows_uuid(rows, row, RECONCILE_SUBJECT), ID);
    to->expected = rows_int8(rows, row, RECONCILE_EXPECTED);
    to->found = rows_int8(rows, row, RECONCILE_FOUND);
    to->reference = unconst(rows_text(rows, row, RECONCILE_REFERENCE));
    to->has_line = !rows_null(rows, row, RECONCILE_LINE);
    if (to->has_line)
        to->line = (uint32_t) rows_int4(rows, row, RECONCILE_LINE);
}

enum reason fund_reconcile_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__FundReconcileResponse *response = (Mingce__V1__FundReconcileResponse *) out;
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, RECONCILE_OUTCOME));
    if (reason != REASON_NONE)
        return reason;
    response->ledgers = (uint64_t) rows_int8(rows, 0, RECONCILE_LEDGERS);
    response->charges = (uint64_t) rows_int8(rows, 0, RECONCILE_CHARGES);
    response->lines = (uint64_t) rows_int8(rows, 0, RECONCILE_LINES);
    response->answers = (uint64_t) rows_int8(rows, 0, RECONCILE_ANSWERS);
    size_t n = CALL_LIST(call, response, difference, rows_count(rows) - 1);
    response->more = (uint64_t) rows_int8(rows, 0, RECONCILE_DIFFERENCES) > n;
    for (size_t i = 0; i < n; i++)
        difference_fill(call, response->difference[i], rows, i + 1);
    return REASON_NONE;
}
