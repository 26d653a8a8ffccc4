/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts that are paid to, and from (F13, F25): proto/batch.proto, migrations/api/payee.sql. */
#include "daemon/registry/payee.h"

#include <openssl/crypto.h>
#include <string.h>

#include "daemon/crypto/identity.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"
#include "proto/rules/bank_card.h"
#include "proto/rules/cell.h"

enum { ID = 16, BANK_NUMBER = 12, SHOWN = 4 /* last digits that are shown of a masked number */ };

#define SET_PARAMETERS(COLUMN)                                                                               \
    COLUMN(SET_IN_PAYEE, "payee", UUID)                                                                      \
    COLUMN(SET_IN_DOCUMENT, "document", BYTEA)                                                               \
    COLUMN(SET_IN_SEALED, "sealed", BYTEA)                                                                   \
    COLUMN(SET_IN_COMMITMENT, "commitment", BYTEA)                                                           \
    COLUMN(SET_IN_ACCOUNT_INDEX, "account_index", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, set_parameters, SET_PARAMETERS);
#define SET_RESULT(COLUMN) COLUMN(SET_PAYEE, "payee_id", UUID)
COLUMNS_AFTER(OUTCOME, set_result, SET_RESULT);
const struct statement payee_set_statement = {
    .name = "payee_set",
    .parameters = COLUMNS(set_parameters),
    .result = COLUMNS(set_result),
};

#define CONFIRM_PARAMETERS(COLUMN)                                                                           \
    COLUMN(CONFIRM_IN_PAYEE, "payee", UUID)                                                                  \
    COLUMN(CONFIRM_IN_ACCOUNT_INDEX, "account_index", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, confirm_parameters, CONFIRM_PARAMETERS);
const struct statement payee_confirm_statement = {
    .name = "payee_confirm",
    .parameters = COLUMNS(confirm_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_ORGANISATION, "organisation", TEXT)                                                       \
    COLUMN(LIST_IN_WAITING, "waiting", BOOL)                                                                 \
    COLUMN(LIST_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_PAYEE, "payee_id", UUID)                                                                     \
    COLUMN(LIST_CODE, "organisation_code", TEXT)                                                             \
    COLUMN(LIST_NAME, "organisation_name", TEXT)                                                             \
    COLUMN(LIST_VERSION, "version", INT4)                                                                    \
    COLUMN(LIST_SEALED, "sealed", BYTEA)                                                                     \
    COLUMN(LIST_PERSON, "is_person", BOOL)                                                                   \
    COLUMN(LIST_CONFIRMED_AT, "confirmed_at_ms", INT8)                                                       \
    COLUMN(LIST_LOOKED, "looked", BOOL)                                                                      \
    COLUMN(LIST_SET_AT, "set_at_ms", INT8)                                                                   \
    COLUMN(LIST_CURRENT, "current", BOOL)                                                                    \
    COLUMN(LIST_PERSON_ID, "person_id", UUID)                                                                \
    COLUMN(LIST_RECORD, "record_id", UUID)                                                                   \
    COLUMN(LIST_PERSON_SEALED, "person_sealed", BYTEA)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement payee_list_statement = {
    .name = "payee_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

bool account_index(struct keyring *keys, const char *number, uint8_t index[INDEX_BYTES])
{
    return keyed_index(keys, "account", number, strlen(number), index);
}

/* ---- set ---- */

/* What valid leaves for bind. */
struct stated {
    struct person_key person; /* unless it is the caller's organisation's */
    uint8_t id[ID], index[INDEX_BYTES];
    struct sealed_record sealed;
};

static const Mingce__V1__PayeeSetRequest *set_request(const struct call *call)
{
    return (const Mingce__V1__PayeeSetRequest *) call->request;
}

/* What a bank's file can carry: one line without what separates cells, which a spreadsheet leaves as it is. */
static bool cell_fits(const char *text)
{
    return text != NULL && text_fits(text, TEXT_NAME_CHARACTERS) && strpbrk(text, ",\"") == NULL &&
           !cell_spoilt(text);
}

static enum reason account_fits(struct call *call, const Mingce__V1__Account *account,
                                char number[BANK_CARD_BYTES])
{
    enum reason warning, reason = bank_card_parse(account->account_number, number, &warning);
    if (reason != REASON_NONE)
        return call_refuse(call, "account_number", reason);
    if (!cell_fits(account->account_name))
        return call_refuse(call, "account_name", REASON_ACCOUNT_TEXT);
    if (!cell_fits(account->bank))
        return call_refuse(call, "bank", REASON_ACCOUNT_TEXT);
    if (account->bank_number != NULL && (strlen(account->bank_number) != BANK_NUMBER ||
                                         strspn(account->bank_number, "0123456789") != BANK_NUMBER))
        return call_refuse(call, "bank_number", REASON_BANK_NUMBER);
    return REASON_NONE;
}

static bool account_seal(struct keyring *keys, const Mingce__V1__Account *account, char *number,
                         struct stated *stated)
{
    Mingce__V1__PayeeRecord record = MINGCE__V1__PAYEE_RECORD__INIT;
    record.account_number = number;
    record.account_name = account->account_name;
    record.bank = account->bank;
    record.bank_number = account->bank_number;
    crypto_uuid(stated->id);
    return account_index(keys, number, stated->index) &&
           record_seal(keys, stated->id, &record.base, &stated->sealed);
}

enum reason payee_set_valid(struct call *call)
{
    const Mingce__V1__PayeeSetRequest *request = set_request(call);
    char number[BANK_CARD_BYTES];
    struct stated *stated = arena_alloc(call->arena, sizeof(*stated));
    call->notes = stated;
    if (stated == NULL)
        return REASON_MEMORY;
    enum reason reason = account_fits(call, request->account, number);
    if (reason == REASON_NONE && request->person != NULL)
        reason = person_key_of_document(call, request->person, &stated->person);
    if (reason == REASON_NONE && !account_seal(call->keys, request->account, number, stated))
        reason = REASON_MEMORY;
    OPENSSL_cleanse(number, sizeof(number));
    return reason;
}

void payee_set_bind(struct call *call, struct set *set)
{
    const struct stated *stated = call->notes;
    set_uuid(set, SET_IN_PAYEE, stated->id);
    if (set_request(call)->person == NULL)
        set_null(set, SET_IN_DOCUMENT);
    else
        set_bytes(set, SET_IN_DOCUMENT, stated->person.index, INDEX_BYTES);
    set_bytes(set, SET_IN_SEALED, stated->sealed.bytes, stated->sealed.n);
    set_bytes(set, SET_IN_COMMITMENT, stated->sealed.commitment, COMMITMENT_BYTES);
    set_bytes(set, SET_IN_ACCOUNT_INDEX, stated->index, INDEX_BYTES);
}

enum reason payee_set_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_PERSON_UNKNOWN || reason == REASON_ERASED)
        return call_refuse(call, "person", reason);
    if (reason == REASON_NONE)
        call_bytes(call, &((Mingce__V1__PayeeSetResponse *) out)->payee_id, rows_uuid(rows, 0, SET_PAYEE),
                   ID);
    return reason;
}

/* ---- confirm ---- */

static const Mingce__V1__PayeeConfirmRequest *confirm_request(const struct call *call)
{
    return (const Mingce__V1__PayeeConfirmRequest *) call->request;
}

enum reason payee_confirm_valid(struct call *call)
{
    const Mingce__V1__PayeeConfirmRequest *request = confirm_request(call);
    char number[BANK_CARD_BYTES];
    enum reason warning, reason = bank_card_parse(request->account_number, number, &warning);
    uint8_t *index = call->notes = arena_alloc(call->arena, INDEX_BYTES);
    bool good = index != NULL && (reason != REASON_NONE || account_index(call->keys, number, index));
    OPENSSL_cleanse(number, sizeof(number));
    if (request->payee_id.len != ID)
        return call_refuse(call, "payee_id", REASON_IDENTIFIER_LENGTH);
    if (reason != REASON_NONE)
        return call_refuse(call, "account_number", reason);
    return good ? REASON_NONE : REASON_MEMORY;
}

void payee_confirm_bind(struct call *call, struct set *set)
{
    set_uuid(set, CONFIRM_IN_PAYEE, confirm_request(call)->payee_id.data);
    set_bytes(set, CONFIRM_IN_ACCOUNT_INDEX, call->notes, INDEX_BYTES);
}

enum reason payee_confirm_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    (void) out;
    if (reason == REASON_ACCOUNT_DIFFERS)
        return call_refuse(call, "account_number", reason);
    return reason == REASON_NONE || reason == REASON_NOT_ALLOWED || reason == REASON_LOOKS_EXCEEDED
               ? reason
               : call_refuse(call, "payee_id", reason);
}

/* ---- list ---- */

static const Mingce__V1__PayeeListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__PayeeListRequest *) call->request;
}

enum reason payee_list_valid(struct call *call)
{
    return page_valid_id(call, PAGE(list_request(call)));
}

void payee_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__PayeeListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    uint32_t most = page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_text(set, LIST_IN_ORGANISATION, request->organisation_code);
    set_bool(set, LIST_IN_WAITING, request->has_waiting && request->waiting);
    set_int4(set, LIST_IN_PENDING, call_looks_pending(call, most));
}

Mingce__V1__Account *payee_open(struct call *call, const struct rows *rows, size_t row, int id, int sealed)
{
    const Mingce__V1__PayeeRecord *record = (const Mingce__V1__PayeeRecord *) sealed_open(
        call, &mingce__v1__payee_record__descriptor, rows, row, id, sealed);
    Mingce__V1__Account *account = arena_alloc(call->arena, sizeof(*account));
    if (record == NULL || account == NULL)
        return NULL;
    mingce__v1__account__init(account);
    account->account_number = record->account_number;
    account->account_name = record->account_name;
    account->bank = record->bank;
    account->bank_number = record->bank_number;
    return account;
}

void payee_mask(Mingce__V1__Account *account)
{
    size_t n = strlen(account->account_number);
    memset(account->account_number, '*', n > SHOWN ? n - SHOWN : n);
}

/* Whose an account of a person is. Without the person's record, who asks may look at nobody more. */
static void whose_fill(struct call *call, Mingce__V1__Payee *payee, const struct rows *rows, size_t row)
{
    struct person_masked person = {.name = NULL};
    if (!rows_null(rows, row, LIST_PERSON_SEALED))
        person_mask(call, rows, row, LIST_RECORD, LIST_PERSON_SEALED, &person);
    payee->name = person.name;
    payee->document_number = person.document_number;
    payee->account->account_name =
        person.name == NULL ? NULL : person_shown_name(call, payee->account->account_name, false);
}

static void payee_fill(struct call *call, Mingce__V1__Payee *payee, const struct rows *rows, size_t row)
{
    mingce__v1__payee__init(payee);
    call_bytes(call, &payee->payee_id, rows_uuid(rows, row, LIST_PAYEE), ID);
    payee->organisation_code = unconst(rows_text(rows, row, LIST_CODE));
    payee->organisation_name = unconst(rows_text(rows, row, LIST_NAME));
    payee->version = (uint32_t) rows_int4(rows, row, LIST_VERSION);
    payee->account = payee_open(call, rows, row, LIST_PAYEE, LIST_SEALED);
    if (payee->account != NULL)
        payee_mask(payee->account);
    if (payee->account != NULL && rows_bool(rows, row, LIST_PERSON))
        whose_fill(call, payee, rows, row);
    payee->set_at_ms = rows_int8(rows, row, LIST_SET_AT);
    payee->has_confirmed_at_ms = !rows_null(rows, row, LIST_CONFIRMED_AT);
    payee->confirmed_at_ms = payee->has_confirmed_at_ms ? rows_int8(rows, row, LIST_CONFIRMED_AT) : 0;
    payee->looked = rows_bool(rows, row, LIST_LOOKED);
    payee->current = rows_bool(rows, row, LIST_CURRENT);
}

enum reason payee_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__PayeeListResponse *response = (Mingce__V1__PayeeListResponse *) out;
    size_t n = PAGE_LIST(call, response, payee, PAGE(list_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++) {
        payee_fill(call, response->payee[i], rows, i);
        if (response->payee[i]->name != NULL && !call_look(call, rows_uuid(rows, i, LIST_PERSON_ID)))
            return REASON_STORE_BUSY;
    }
    if (response->has_next)
        call_bytes(call, &response->next, rows_uuid(rows, n - 1, LIST_PAYEE), ID);
    return REASON_NONE;
}
