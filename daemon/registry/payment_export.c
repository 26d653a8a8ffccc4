/* SPDX-License-Identifier: Apache-2.0 */
/* What the bank gets, in clear: each page is in the audit log before it leaves (D2, F13). */
#include <string.h>

#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/payee.h"
#include "daemon/registry/person.h"
#include "proto/rules/codes.h"

enum { ID = 16, SUBSIDIES = 3, BANK_CODE = 3 /* of a 联行号: which bank it is of */ };
/* A batch is read whole, not looked through: its pages are larger than those of lists. */
enum { EXPORT_MOST = 2000 };

#define EXPORT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(EXPORT_IN_BATCH, "batch", UUID)                                                                   \
    COLUMN(EXPORT_IN_AFTER, "after", INT4)                                                                   \
    COLUMN(EXPORT_IN_PAGE, "page", INT4)
COLUMNS_AFTER(METHOD_LOOK, export_parameters, EXPORT_PARAMETERS);
#define EXPORT_RESULT(COLUMN)                                                                                \
    COLUMN(EXPORT_OUTCOME, "outcome", INT2)                                                                  \
    COLUMN(EXPORT_LINE, "line", INT4)                                                                        \
    COLUMN(EXPORT_AMOUNT, "amount_fen", INT8)                                                                \
    COLUMN(EXPORT_KIND, "subject_kind", INT2)                                                                \
    COLUMN(EXPORT_SUBJECT, "subject_id", UUID)                                                               \
    COLUMN(EXPORT_SUBSIDIES, "subsidies", INT4)                                                              \
    COLUMN(EXPORT_PAYEE, "payee_id", UUID)                                                                   \
    COLUMN(EXPORT_PAYEE_SEALED, "payee_sealed", BYTEA)                                                       \
    COLUMN(EXPORT_CODE, "organisation_code", TEXT)                                                           \
    COLUMN(EXPORT_RECORD, "record_id", UUID)                                                                 \
    COLUMN(EXPORT_PERSON_SEALED, "person_sealed", BYTEA)                                                     \
    COLUMN(EXPORT_ENROLMENT, "enrolment_id", UUID)                                                           \
    COLUMN(EXPORT_ENROLMENT_SEALED, "enrolment_sealed", BYTEA)                                               \
    COLUMN(EXPORT_REFERENCE, "reference", TEXT)                                                              \
    COLUMN(EXPORT_PURPOSE, "purpose", TEXT)                                                                  \
    COLUMN(EXPORT_LINES, "lines", INT4)                                                                      \
    COLUMN(EXPORT_PART_LINES, "part_lines", INT4)
COLUMNS_AFTER(RESULT, export_result, EXPORT_RESULT);
const struct statement batch_export_statement = {
    .name = "batch_export",
    .parameters = COLUMNS(export_parameters),
    .result = COLUMNS(export_result),
};

static const Mingce__V1__BatchExportRequest *export_request(const struct call *call)
{
    return (const Mingce__V1__BatchExportRequest *) call->request;
}

enum reason batch_export_valid(struct call *call)
{
    const Mingce__V1__BatchExportRequest *request = export_request(call);
    if (request->batch_id.len != ID)
        return call_refuse(call, "batch_id", REASON_IDENTIFIER_LENGTH);
    if (request->has_page_rows && (request->page_rows == 0 || request->page_rows > EXPORT_MOST))
        return call_refuse(call, "page_rows", REASON_PAGE_ROWS_RANGE);
    return page_valid_place(
        call, &(const struct page){.has_cursor = request->has_cursor, .cursor = &request->cursor});
}

void batch_export_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BatchExportRequest *request = export_request(call);
    set_uuid(set, EXPORT_IN_BATCH, request->batch_id.data);
    set_int4(set, EXPORT_IN_AFTER, (int32_t) page_number(PAGE(request), 0));
    page_bind(set, EXPORT_IN_PAGE, PAGE(request));
}

/* A person's account as the roster states it, by the person's name where no other is stated. */
static Mingce__V1__Account *roster_account(struct call *call, const struct rows *rows, size_t row,
                                           const Mingce__V1__PersonRecord *person)
{
    const Mingce__V1__EnrolmentRecord *stated =
        enrolment_open(call, rows, row, EXPORT_ENROLMENT, EXPORT_ENROLMENT_SEALED);
    Mingce__V1__Account *account = arena_alloc(call->arena, sizeof(*account));
    if (stated == NULL || account == NULL || person == NULL)
        return NULL;
    mingce__v1__account__init(account);
    account->account_number = stated->account_number;
    account->account_name = stated->account_name == NULL ? person->name : stated->account_name;
    account->bank = stated->bank;
    if (account->account_number == NULL)
        call_defect(call); /* its index said that there is one */
    return account;
}

/* In the place of what is erased, in the bank's file. */
static char erased_word[] = "已删除";

static Mingce__V1__Account *erased_account(struct call *call)
{
    Mingce__V1__Account *account = arena_alloc(call->arena, sizeof(*account));
    if (account == NULL)
        return NULL;
    mingce__v1__account__init(account);
    account->account_number = erased_word;
    return account;
}

static bool own_bank(const Mingce__V1__Account *payer, const Mingce__V1__Account *payee)
{
    if (payer->bank_number != NULL && payee->bank_number != NULL)
        return strncmp(payer->bank_number, payee->bank_number, BANK_CODE) == 0;
    return payer->bank != NULL && payee->bank != NULL && strcmp(payer->bank, payee->bank) == 0;
}

static void subsidies_fill(struct call *call, Mingce__V1__BatchPayment *out, int32_t subsidies)
{
    out->subsidy = arena_array(call->arena, SUBSIDIES, sizeof(*out->subsidy));
    for (uint32_t n = 1; out->subsidy != NULL && n <= SUBSIDIES; n++)
        if (subsidies & 1 << (n - 1))
            out->subsidy[out->n_subsidy++] = n;
}

/* To whose account a payment goes, and who that is. */
static void receiver_fill(struct call *call, Mingce__V1__BatchPayment *out, const struct rows *rows,
                          size_t row)
{
    bool roster = !rows_null(rows, row, EXPORT_ENROLMENT), one = !rows_null(rows, row, EXPORT_RECORD);
    if (outcome_reason(rows_int2(rows, row, EXPORT_OUTCOME)) == REASON_ERASED) {
        out->account = erased_account(call);
        out->document_type = out->document_number = erased_word;
        return;
    }
    const Mingce__V1__PersonRecord *person =
        one ? person_open(call, rows, row, EXPORT_RECORD, EXPORT_PERSON_SEALED) : NULL;
    out->account = roster ? roster_account(call, rows, row, person)
                          : payee_open(call, rows, row, EXPORT_PAYEE, EXPORT_PAYEE_SEALED);
    out->document_type = person != NULL
                             ? unconst(document_type_zh((enum document_type) person->document_type))
                             : unconst("统一社会信用代码");
    out->document_number =
        person != NULL ? person->document_number : unconst(rows_text(rows, row, EXPORT_CODE));
}

static void payment_fill(struct call *call, Mingce__V1__BatchPayment *out, const struct rows *rows,
                         size_t row, const Mingce__V1__Account *payer)
{
    mingce__v1__batch_payment__init(out);
    out->line = (uint32_t) rows_int4(rows, row, EXPORT_LINE);
    receiver_fill(call, out, rows, row);
    out->own_bank = payer != NULL && out->account != NULL && own_bank(payer, out->account);
    out->amount_fen = rows_int8(rows, row, EXPORT_AMOUNT);
    out->subject_kind = (Mingce__V1__MoneySubject) rows_int2(rows, row, EXPORT_KIND);
    call_bytes(call, &out->subject_id, rows_uuid(rows, row, EXPORT_SUBJECT), ID);
    if (!rows_null(rows, row, EXPORT_SUBSIDIES))
        subsidies_fill(call, out, rows_int4(rows, row, EXPORT_SUBSIDIES));
}

enum reason batch_export_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, EXPORT_OUTCOME));
    if (reason == REASON_BATCH_UNKNOWN || reason == REASON_BATCH_NOT_SENT)
        return call_refuse(call, "batch_id", reason);
    if (reason != REASON_NONE)
        return person_look_refused(call, reason);
    Mingce__V1__BatchExportResponse *response = (Mingce__V1__BatchExportResponse *) out;
    response->reference = unconst(rows_text(rows, 0, EXPORT_REFERENCE));
    response->purpose = unconst(rows_text(rows, 0, EXPORT_PURPOSE));
    response->payer = payee_open(call, rows, 0, EXPORT_PAYEE, EXPORT_PAYEE_SEALED);
    response->lines = (uint32_t) rows_int4(rows, 0, EXPORT_LINES);
    response->amount_fen = rows_int8(rows, 0, EXPORT_AMOUNT);
    response->part_lines = (uint32_t) rows_int4(rows, 0, EXPORT_PART_LINES);
    size_t n = CALL_LIST(call, response, payment, rows_count(rows) - 1);
    for (size_t i = 0; i < n; i++)
        payment_fill(call, response->payment[i], rows, i + 1, response->payer);
    response->has_next = n > 0 && response->payment[n - 1]->line < response->lines;
    if (response->has_next)
        page_next_number(call, response->payment[n - 1]->line, &response->next);
    return REASON_NONE;
}
