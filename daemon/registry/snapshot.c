/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of others as files: begun by their head line, whole, listed (H18 to H20). */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "daemon/registry/text.h"
#include "proto/rules/bounds.h"
#include "proto/snapshot.pb-c.h"

enum { ID = 16, FILE_DIGEST = 32 };

#define OPEN_PARAMETERS(COLUMN)                                                                              \
    COLUMN(OPEN_IN_SNAPSHOT, "snapshot", UUID)                                                               \
    COLUMN(OPEN_IN_SOURCE, "source", INT2)                                                                   \
    COLUMN(OPEN_IN_DIVISION, "division", TEXT)                                                               \
    COLUMN(OPEN_IN_AS_OF, "as_of", DATE)                                                                     \
    COLUMN(OPEN_IN_COMPLETE, "complete", BOOL)                                                               \
    COLUMN(OPEN_IN_ROWS, "rows", INT4)                                                                       \
    COLUMN(OPEN_IN_FILE_DIGEST, "file_digest", BYTEA)                                                        \
    COLUMN(OPEN_IN_ISSUER, "issuer", TEXT)
COLUMNS_AFTER(METHOD_WRITE, open_parameters, OPEN_PARAMETERS);
#define OPEN_RESULT(COLUMN)                                                                                  \
    COLUMN(OPEN_ID, "snapshot_id", UUID)                                                                     \
    COLUMN(OPEN_WHOLE, "whole", BOOL)
COLUMNS_AFTER(OUTCOME, open_result, OPEN_RESULT);
const struct statement snapshot_open_statement = {
    .name = "snapshot_open",
    .parameters = COLUMNS(open_parameters),
    .result = COLUMNS(open_result),
};

#define CLOSE_PARAMETERS(COLUMN)                                                                             \
    COLUMN(CLOSE_IN_SNAPSHOT, "snapshot", UUID)                                                              \
    COLUMN(CLOSE_IN_MALFORMED, "malformed", INT4)
COLUMNS_AFTER(METHOD_WRITE, close_parameters, CLOSE_PARAMETERS);
#define CLOSE_RESULT(COLUMN)                                                                                 \
    COLUMN(CLOSE_ROWS, "rows", INT4)                                                                         \
    COLUMN(CLOSE_MALFORMED, "malformed", INT4)                                                               \
    COLUMN(CLOSE_UNKNOWN, "unknown", INT4)                                                                   \
    COLUMN(CLOSE_ANSWERED, "answered", INT4)                                                                 \
    COLUMN(CLOSE_MORE, "more", BOOL)
COLUMNS_AFTER(OUTCOME, close_result, CLOSE_RESULT);
const struct statement snapshot_close_statement = {
    .name = "snapshot_close",
    .parameters = COLUMNS(close_parameters),
    .result = COLUMNS(close_result),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_SOURCE, "source", INT2)                                                                   \
    COLUMN(LIST_IN_DIVISION, "division", TEXT)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_ID, "snapshot_id", UUID)                                                                     \
    COLUMN(LIST_SOURCE, "source", INT2)                                                                      \
    COLUMN(LIST_DIVISION, "division", TEXT)                                                                  \
    COLUMN(LIST_AS_OF, "as_of", DATE)                                                                        \
    COLUMN(LIST_COMPLETE, "complete", BOOL)                                                                  \
    COLUMN(LIST_ROWS, "rows", INT4)                                                                          \
    COLUMN(LIST_MALFORMED, "malformed", INT4)                                                                \
    COLUMN(LIST_UNKNOWN, "unknown", INT4)                                                                    \
    COLUMN(LIST_FILE_DIGEST, "file_digest", BYTEA)                                                           \
    COLUMN(LIST_ISSUER, "issuer", TEXT)                                                                      \
    COLUMN(LIST_LOADED, "loaded_at_ms", INT8)                                                                \
    COLUMN(LIST_CLOSED, "closed_at_ms", INT8)                                                                \
    COLUMN(LIST_ANSWERING, "answering", BOOL)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement snapshot_list_statement = {
    .name = "snapshot_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

static enum reason source_valid(struct call *call, Mingce__V1__VerificationSource source)
{
    return source >= MINGCE__V1__VERIFICATION_SOURCE__REGISTER_IDENTITY &&
                   source <= MINGCE__V1__VERIFICATION_SOURCE__REGISTER_DEATH
               ? REASON_NONE
               : call_refuse(call, "source", REASON_SNAPSHOT_SOURCE);
}

/* ---- open ---- */

static const Mingce__V1__SnapshotOpenRequest *open_request(const struct call *call)
{
    return (const Mingce__V1__SnapshotOpenRequest *) call->request;
}

enum reason snapshot_open_valid(struct call *call)
{
    const Mingce__V1__SnapshotOpenRequest *request = open_request(call);
    enum reason reason = source_valid(call, request->source);
    if (reason == REASON_NONE)
        reason = proposal_filter_valid(call, NULL, request->division);
    if (reason == REASON_NONE)
        reason = call_day_past(call, "as_of", day_parse(request->as_of));
    if (reason != REASON_NONE)
        return reason;
    if (request->rows > SNAPSHOT_ROWS_MOST)
        return call_refuse(call, "rows", REASON_SNAPSHOT_ROWS);
    if (request->file_digest.len != FILE_DIGEST)
        return call_refuse(call, "file_digest", REASON_IDENTIFIER_LENGTH);
    if (!text_fits(request->issuer, TEXT_NAME_CHARACTERS))
        return call_refuse(call, "issuer", REASON_EVIDENCE_LENGTH);
    return text_names(request->issuer, day_at(call->at_ms))
               ? call_refuse(call, "issuer", REASON_REASON_NUMBER)
               : REASON_NONE;
}

void snapshot_open_bind(struct call *call, struct set *set)
{
    const Mingce__V1__SnapshotOpenRequest *request = open_request(call);
    uint8_t id[ID];
    crypto_uuid(id);
    set_uuid(set, OPEN_IN_SNAPSHOT, id);
    set_int2(set, OPEN_IN_SOURCE, (int16_t) request->source);
    set_text(set, OPEN_IN_DIVISION, request->division);
    set_day(set, OPEN_IN_AS_OF, day_parse(request->as_of));
    set_bool(set, OPEN_IN_COMPLETE, request->complete);
    set_int4(set, OPEN_IN_ROWS, (int32_t) request->rows);
    set_bytes(set, OPEN_IN_FILE_DIGEST, request->file_digest.data, request->file_digest.len);
    set_text(set, OPEN_IN_ISSUER, request->issuer);
}

enum reason snapshot_open_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__SnapshotOpenResponse *response = (Mingce__V1__SnapshotOpenResponse *) out;
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return reason;
    call_bytes(call, &response->snapshot_id, rows_uuid(rows, 0, OPEN_ID), ID);
    response->whole = rows_bool(rows, 0, OPEN_WHOLE);
    return REASON_NONE;
}

/* ---- close ---- */

static const Mingce__V1__SnapshotCloseRequest *close_request(const struct call *call)
{
    return (const Mingce__V1__SnapshotCloseRequest *) call->request;
}

enum reason snapshot_close_valid(struct call *call)
{
    const Mingce__V1__SnapshotCloseRequest *request = close_request(call);
    if (request->snapshot_id.len != ID)
        return call_refuse(call, "snapshot_id", REASON_IDENTIFIER_LENGTH);
    return request->malformed > SNAPSHOT_ROWS_MOST ? call_refuse(call, "malformed", REASON_SNAPSHOT_ROWS)
                                                   : REASON_NONE;
}

void snapshot_close_bind(struct call *call, struct set *set)
{
    set_uuid(set, CLOSE_IN_SNAPSHOT, close_request(call)->snapshot_id.data);
    set_int4(set, CLOSE_IN_MALFORMED, (int32_t) close_request(call)->malformed);
}

static uint32_t number_of(const struct rows *rows, size_t column)
{
    return rows_null(rows, 0, column) ? 0 : (uint32_t) rows_int4(rows, 0, column);
}

enum reason snapshot_close_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__SnapshotCloseResponse *response = (Mingce__V1__SnapshotCloseResponse *) out;
    enum reason reason = outcome_of(rows);
    if (reason == REASON_SNAPSHOT_UNKNOWN)
        return call_refuse(call, "snapshot_id", reason);
    if (reason != REASON_NONE && reason != REASON_UNCHANGED)
        return reason;
    response->rows = number_of(rows, CLOSE_ROWS);
    response->malformed = number_of(rows, CLOSE_MALFORMED);
    response->unknown = number_of(rows, CLOSE_UNKNOWN);
    response->answered = number_of(rows, CLOSE_ANSWERED);
    response->more = rows_bool(rows, 0, CLOSE_MORE);
    return REASON_NONE;
}

/* ---- list ---- */

static const Mingce__V1__SnapshotListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__SnapshotListRequest *) call->request;
}

enum reason snapshot_list_valid(struct call *call)
{
    const Mingce__V1__SnapshotListRequest *request = list_request(call);
    enum reason reason = page_valid_id(call, PAGE(request));
    if (reason == REASON_NONE && request->has_source)
        reason = source_valid(call, request->source);
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, NULL, request->division);
}

void snapshot_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__SnapshotListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    if (request->has_source)
        set_int2(set, LIST_IN_SOURCE, (int16_t) request->source);
    else
        set_null(set, LIST_IN_SOURCE);
    set_text(set, LIST_IN_DIVISION, request->division);
}

static void snapshot_fill(struct call *call, Mingce__V1__Snapshot *to, const struct rows *rows, size_t row)
{
    size_t n;
    mingce__v1__snapshot__init(to);
    call_bytes(call, &to->snapshot_id, rows_uuid(rows, row, LIST_ID), ID);
    to->source = (Mingce__V1__VerificationSource) rows_int2(rows, row, LIST_SOURCE);
    to->division = unconst(rows_text(rows, row, LIST_DIVISION));
    to->as_of = call_day(call, rows_day(rows, row, LIST_AS_OF));
    to->complete = rows_bool(rows, row, LIST_COMPLETE);
    to->rows = (uint32_t) rows_int4(rows, row, LIST_ROWS);
    const uint8_t *digest = rows_bytes(rows, row, LIST_FILE_DIGEST, &n);
    call_bytes(call, &to->file_digest, digest, n);
    to->issuer = unconst(rows_text(rows, row, LIST_ISSUER));
    to->loaded_ms = rows_int8(rows, row, LIST_LOADED);
    to->has_closed_ms = to->has_malformed = to->has_unknown = to->has_answering =
        !rows_null(rows, row, LIST_CLOSED);
    if (!to->has_closed_ms)
        return;
    to->closed_ms = rows_int8(rows, row, LIST_CLOSED);
    to->malformed = (uint32_t) rows_int4(rows, row, LIST_MALFORMED);
    to->unknown = (uint32_t) rows_int4(rows, row, LIST_UNKNOWN);
    to->answering = rows_bool(rows, row, LIST_ANSWERING);
}

enum reason snapshot_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__SnapshotListRequest *request = list_request(call);
    Mingce__V1__SnapshotListResponse *response = (Mingce__V1__SnapshotListResponse *) out;
    size_t n = PAGE_LIST(call, response, snapshot, PAGE(request), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        snapshot_fill(call, response->snapshot[i], rows, i);
    if (response->has_next)
        response->next = response->snapshot[n - 1]->snapshot_id;
    return REASON_NONE;
}
