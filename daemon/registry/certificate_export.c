/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate's signed file: proto/tlog/certificate_file.h. */
#include "proto/tlog/certificate_file.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "daemon/audit/log_key.h"
#include "daemon/registry/certificate.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"
#include "proto/certificate.pb-c.h"

#define EXPORT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(EXPORT_IN_NUMBER_INDEX, "number_index", BYTEA)                                                    \
    COLUMN(EXPORT_IN_DOCUMENT, "document", BYTEA)                                                            \
    COLUMN(EXPORT_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_LOOK, export_parameters, EXPORT_PARAMETERS);
#define EXPORT_RESULT(COLUMN)                                                                                \
    COLUMN(EXPORT_KIND, "kind", INT2)                                                                        \
    COLUMN(EXPORT_OCCUPATION, "occupation_code", TEXT)                                                       \
    COLUMN(EXPORT_OCCUPATION_NAME, "occupation_name", TEXT)                                                  \
    COLUMN(EXPORT_LEVEL, "level", INT2)                                                                      \
    COLUMN(EXPORT_ISSUER, "issuer_code", TEXT)                                                               \
    COLUMN(EXPORT_ISSUER_NAME, "issuer_name", TEXT)                                                          \
    COLUMN(EXPORT_ISSUED_ON, "issued_on", DATE)                                                              \
    COLUMN(EXPORT_STATE, "state", INT2)                                                                      \
    COLUMN(EXPORT_SINCE, "since", DATE)                                                                      \
    COLUMN(EXPORT_ENTRY, "entry_id", INT8)                                                                   \
    COLUMN(EXPORT_LEAF, "leaf", BYTEA)                                                                       \
    COLUMN(EXPORT_INDEX, "leaf_index", INT8)
COLUMNS_AFTER(OUTCOME, export_result, EXPORT_RESULT);
const struct statement certificate_export_statement = {
    .name = "certificate_export",
    .parameters = COLUMNS(export_parameters),
    .result = COLUMNS(export_result),
};

/* What the caller has said, which valid leaves for bind and render. */
struct asked {
    char number[CERTIFICATE_NUMBER_BYTES];
    uint8_t index[INDEX_BYTES];
    struct person_key holder;
};

enum reason certificate_export_valid(struct call *call)
{
    const Mingce__V1__CertificateExportRequest *request =
        (const Mingce__V1__CertificateExportRequest *) call->request;
    struct asked *asked = arena_alloc(call->arena, sizeof(*asked));
    call->notes = asked;
    if (asked == NULL)
        return REASON_MEMORY;
    if (call->certificate_key == NULL)
        return REASON_CERTIFICATE_KEY_MISSING;
    enum reason reason = certificate_stated(call, request->certificate_number, asked->number, asked->index);
    return reason == REASON_NONE ? person_key_of_document(call, request->document, &asked->holder) : reason;
}

void certificate_export_bind(struct call *call, struct set *set)
{
    const struct asked *asked = call->notes;
    set_bytes(set, EXPORT_IN_NUMBER_INDEX, asked->index, INDEX_BYTES);
    set_bytes(set, EXPORT_IN_DOCUMENT, asked->holder.index, INDEX_BYTES);
    set_int4(set, EXPORT_IN_PENDING, call_looks_pending(call, 1));
}

/* False: it is missing, or too long; text that is signed is never cut short. */
static bool take(char *to, size_t room, const char *from)
{
    int n = from == NULL ? -1 : snprintf(to, room, "%s", from);
    return n >= 0 && (size_t) n < room;
}

static bool file_fill(struct certificate_file *file, const struct asked *asked, const struct rows *rows)
{
    size_t leaf_n = 0;
    const uint8_t *leaf = rows_null(rows, 0, EXPORT_LEAF) ? NULL : rows_bytes(rows, 0, EXPORT_LEAF, &leaf_n);
    if (leaf_n != MERKLE_HASH || !take(file->number, sizeof(file->number), asked->number) ||
        !take(file->occupation_code, sizeof(file->occupation_code), rows_text(rows, 0, EXPORT_OCCUPATION)) ||
        !take(file->occupation_name, sizeof(file->occupation_name),
              rows_text(rows, 0, EXPORT_OCCUPATION_NAME)) ||
        !take(file->issuer_code, sizeof(file->issuer_code), rows_text(rows, 0, EXPORT_ISSUER)) ||
        !take(file->issuer_name, sizeof(file->issuer_name), rows_text(rows, 0, EXPORT_ISSUER_NAME)))
        return false;
    file->kind = (enum certificate_kind) rows_int2(rows, 0, EXPORT_KIND);
    file->level = (uint32_t) rows_int2(rows, 0, EXPORT_LEVEL);
    file->issued_on = rows_day(rows, 0, EXPORT_ISSUED_ON);
    file->revoked = rows_int2(rows, 0, EXPORT_STATE) != MINGCE__V1__CERTIFICATE_STATE__CERTIFICATE_VALID;
    file->since = rows_null(rows, 0, EXPORT_SINCE) ? DAY_NONE : rows_day(rows, 0, EXPORT_SINCE);
    file->log_entry = (uint64_t) rows_int8(rows, 0, EXPORT_ENTRY);
    memcpy(file->log_leaf, leaf, MERKLE_HASH);
    file->has_log_index = !rows_null(rows, 0, EXPORT_INDEX);
    file->log_index = file->has_log_index ? (uint64_t) rows_int8(rows, 0, EXPORT_INDEX) : 0;
    crypto_random(file->salt, sizeof(file->salt));
    certificate_file_holder(file->salt, &asked->holder.document, file->holder);
    return true;
}

enum reason certificate_export_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const struct log_key *key = call->certificate_key;
    struct certificate_file file = {.as_of = day_at(call->at_ms)};
    char note[CERTIFICATE_FILE_NOTE];
    size_t n;
    enum reason reason = outcome_of(rows);
    if (reason == REASON_CERTIFICATE_HOLDER)
        return call_refuse(call, "certificate_number", reason);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__CertificateExportResponse *response = (Mingce__V1__CertificateExportResponse *) out;
    bool made = file_fill(&file, call->notes, rows) &&
                certificate_file_sign(&file, &key->public, key->seed, note, &n);
    if (made)
        call_bytes(call, &response->file, (const uint8_t *) note, n);
    else
        call_defect(call);
    OPENSSL_cleanse(&file, sizeof(file));
    OPENSSL_cleanse(note, sizeof(note));
    return REASON_NONE;
}
