/* SPDX-License-Identifier: Apache-2.0 */
/* What moves money of the special account by itself: proto/fund.proto, migrations/api/fund.sql. */
#include "daemon/registry/methods.h"

#include <stdio.h>
#include <string.h>

#include "daemon/registry/fund.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/proposal.h"
#include "daemon/registry/text.h"
#include "proto/fund.pb-c.h"
#include "proto/rules/bounds.h"
#include "proto/rules/codes.h"

enum { SOURCES_MOST = 5, CERTIFICATE_KINDS = 5, LINES = 3, CLAIM_ID = 16 };

#define PROPOSE_PARAMETERS(COLUMN)                                                                           \
    COLUMN(PROPOSE_IN_MOVE, "move", UUID)                                                                    \
    COLUMN(PROPOSE_IN_KIND, "kind", INT2)                                                                    \
    COLUMN(PROPOSE_IN_SOURCE, "source", INT2)                                                                \
    COLUMN(PROPOSE_IN_YEAR, "year", INT4)                                                                    \
    COLUMN(PROPOSE_IN_TO, "to", TEXT)                                                                        \
    COLUMN(PROPOSE_IN_FEN, "fen", INT8)                                                                      \
    COLUMN(PROPOSE_IN_MIRRORED, "mirrored", UUID)                                                            \
    COLUMN(PROPOSE_IN_REASON, "reason", TEXT)
COLUMNS_AFTER(METHOD_WRITE, propose_parameters, PROPOSE_PARAMETERS);
#define PROPOSE_RESULT(COLUMN) COLUMN(PROPOSE_PROPOSAL_ID, "proposal_id", UUID)
COLUMNS_AFTER(OUTCOME, propose_result, PROPOSE_RESULT);
const struct statement fund_propose_statement = {
    .name = "fund_propose",
    .parameters = COLUMNS(propose_parameters),
    .result = COLUMNS(propose_result),
};

#define EARMARK_PARAMETERS(COLUMN)                                                                           \
    COLUMN(EARMARK_IN_EARMARK, "earmark", UUID)                                                              \
    COLUMN(EARMARK_IN_SPENDING, "spending", INT2)                                                            \
    COLUMN(EARMARK_IN_GROUP, "group", INT2)                                                                  \
    COLUMN(EARMARK_IN_KIND, "certificate_kind", INT2)                                                        \
    COLUMN(EARMARK_IN_SOURCES, "sources", TEXT)                                                              \
    COLUMN(EARMARK_IN_FROM, "from", DATE)                                                                    \
    COLUMN(EARMARK_IN_TO, "to", DATE)                                                                        \
    COLUMN(EARMARK_IN_CITATION, "citation", TEXT)
COLUMNS_AFTER(METHOD_WRITE, earmark_parameters, EARMARK_PARAMETERS);
const struct statement fund_earmark_statement = {
    .name = "fund_earmark",
    .parameters = COLUMNS(earmark_parameters),
    .result = COLUMNS(propose_result),
};

#define RECEIVE_PARAMETERS(COLUMN)                                                                           \
    COLUMN(RECEIVE_IN_POSTING, "posting", UUID)                                                              \
    COLUMN(RECEIVE_IN_RECEIPT, "receipt", INT2)                                                              \
    COLUMN(RECEIVE_IN_SOURCE, "source", INT2)                                                                \
    COLUMN(RECEIVE_IN_YEAR, "year", INT4)                                                                    \
    COLUMN(RECEIVE_IN_FEN, "fen", INT8)
COLUMNS_AFTER(METHOD_WRITE, receive_parameters, RECEIVE_PARAMETERS);
#define RECEIVE_RESULT(COLUMN) COLUMN(RECEIVE_POSTING_ID, "posting_id", UUID)
COLUMNS_AFTER(OUTCOME, receive_result, RECEIVE_RESULT);
const struct statement fund_receive_statement = {
    .name = "fund_receive",
    .parameters = COLUMNS(receive_parameters),
    .result = COLUMNS(receive_result),
};

#define RECOVER_PARAMETERS(COLUMN)                                                                           \
    COLUMN(RECOVER_IN_CLAIM, "claim", UUID)                                                                  \
    COLUMN(RECOVER_IN_LINE, "line", INT2)                                                                    \
    COLUMN(RECOVER_IN_FEN, "fen", INT8)
COLUMNS_AFTER(METHOD_WRITE, recover_parameters, RECOVER_PARAMETERS);
const struct statement fund_recover_statement = {
    .name = "fund_recover",
    .parameters = COLUMNS(recover_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

/* ---- what is said of a ledger and an amount ---- */

enum reason fund_source_fits(struct call *call, Mingce__V1__FundSource source)
{
    return source == MINGCE__V1__FUND_SOURCE__SOURCE_ENTERPRISE
               ? call_refuse(call, "source", REASON_SOURCE_NOT_POSTED)
               : REASON_NONE;
}

enum reason fund_year_fits(struct call *call, uint32_t year)
{
    enum { FIRST = 2019, LAST = 2999 };
    return year < FIRST || year > LAST ? call_refuse(call, "year", REASON_FUND_YEAR) : REASON_NONE;
}

static enum reason amount_fits(struct call *call, int64_t fen)
{
    return fen <= 0              ? call_refuse(call, "amount_fen", REASON_AMOUNT_FORMAT)
           : fen > FUND_FEN_MOST ? call_refuse(call, "amount_fen", REASON_AMOUNT_LARGE)
                                 : REASON_NONE;
}

/* Names the field that an outcome is about. */
static enum reason fund_refuse(struct call *call, enum reason reason)
{
    switch (reason) {
    case REASON_FUND_DIVISION:
        return call_refuse(call, "to_division", reason);
    case REASON_FUND_YEAR:
    case REASON_LEDGER_UNKNOWN:
    case REASON_LEDGER_CLOSED:
        return call_refuse(call, "year", reason);
    case REASON_POSTING_UNKNOWN:
        return call_refuse(call, "posting_id", reason);
    case REASON_FUNDS_SHORT:
    case REASON_RECOVERED_MORE:
        return call_refuse(call, "amount_fen", reason);
    case REASON_CLAIM_UNKNOWN:
        return call_refuse(call, "claim_id", reason);
    default:
        return reason;
    }
}

/* ---- propose ---- */

static const Mingce__V1__FundProposeRequest *propose_request(const struct call *call)
{
    return (const Mingce__V1__FundProposeRequest *) call->request;
}

static enum reason division_fits(struct call *call, const char *division)
{
    enum { DIVISION = 6 };
    return division == NULL || strlen(division) != DIVISION || strspn(division, "0123456789") != DIVISION
               ? call_refuse(call, "to_division", REASON_DIVISION_FORMAT)
               : REASON_NONE;
}

/* What each kind of move needs; nothing else is read of it. */
enum reason fund_propose_valid(struct call *call)
{
    const Mingce__V1__FundProposeRequest *request = propose_request(call);
    Mingce__V1__FundMoveKind kind = request->kind;
    if (!text_fits(request->reason, PROPOSAL_CITATION_CHARACTERS))
        return call_refuse(call, "reason", REASON_CITATION_LENGTH);
    if (text_names(request->reason, day_at(call->at_ms)))
        return call_refuse(call, "reason", REASON_REASON_NUMBER);
    if (kind == MINGCE__V1__FUND_MOVE_KIND__MOVE_CORRECT)
        return request->has_posting_id && request->posting_id.len == PROPOSAL_ID
                   ? REASON_NONE
                   : call_refuse(call, "posting_id", REASON_IDENTIFIER_LENGTH);
    if (!request->has_source || (kind == MINGCE__V1__FUND_MOVE_KIND__MOVE_WITHDRAW &&
                                 request->source != MINGCE__V1__FUND_SOURCE__SOURCE_UNEMPLOYMENT))
        return call_refuse(call, "source", REASON_SOURCE_KIND);
    enum reason reason = fund_source_fits(call, request->source);
    if (reason == REASON_NONE)
        reason = fund_year_fits(call, request->has_year ? request->year : 0);
    if (reason == REASON_NONE && kind != MINGCE__V1__FUND_MOVE_KIND__MOVE_CARRY)
        reason = amount_fits(call, request->has_amount_fen ? request->amount_fen : 0);
    if (reason == REASON_NONE && kind == MINGCE__V1__FUND_MOVE_KIND__MOVE_TRANSFER)
        reason = division_fits(call, request->to_division);
    return reason;
}

void fund_propose_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundProposeRequest *request = propose_request(call);
    Mingce__V1__FundMoveKind kind = request->kind;
    bool correct = kind == MINGCE__V1__FUND_MOVE_KIND__MOVE_CORRECT;
    uint8_t id[PROPOSAL_ID];
    crypto_uuid(id);
    set_uuid(set, PROPOSE_IN_MOVE, id);
    set_int2(set, PROPOSE_IN_KIND, (int16_t) kind);
    if (correct) {
        set_null(set, PROPOSE_IN_SOURCE);
        set_null(set, PROPOSE_IN_YEAR);
    } else {
        set_int2(set, PROPOSE_IN_SOURCE, (int16_t) request->source);
        set_int4(set, PROPOSE_IN_YEAR, (int32_t) request->year);
    }
    set_text(set, PROPOSE_IN_TO,
             kind == MINGCE__V1__FUND_MOVE_KIND__MOVE_TRANSFER ? request->to_division : NULL);
    if (correct || kind == MINGCE__V1__FUND_MOVE_KIND__MOVE_CARRY)
        set_null(set, PROPOSE_IN_FEN);
    else
        set_int8(set, PROPOSE_IN_FEN, request->amount_fen);
    if (correct)
        set_uuid(set, PROPOSE_IN_MIRRORED, request->posting_id.data);
    else
        set_null(set, PROPOSE_IN_MIRRORED);
    set_text(set, PROPOSE_IN_REASON, request->reason);
}

enum reason fund_propose_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_NONE)
        call_bytes(call, &((Mingce__V1__FundProposeResponse *) out)->proposal_id,
                   rows_uuid(rows, 0, PROPOSE_PROPOSAL_ID), PROPOSAL_ID);
    return fund_refuse(call, reason);
}

/* ---- earmark ---- */

static const Mingce__V1__FundEarmarkRequest *earmark_request(const struct call *call)
{
    return (const Mingce__V1__FundEarmarkRequest *) call->request;
}

/* One to five sources that have ledgers, each once. */
static bool sources_fit(const Mingce__V1__FundEarmarkRequest *request)
{
    bool seen[MINGCE__V1__FUND_SOURCE__SOURCE_ADJUSTMENT + 1] = {false};
    for (size_t i = 0; i < request->n_source; i++) {
        if (seen[request->source[i]] || request->source[i] == MINGCE__V1__FUND_SOURCE__SOURCE_ENTERPRISE)
            return false;
        seen[request->source[i]] = true;
    }
    return request->n_source >= 1;
}

enum reason fund_earmark_valid(struct call *call)
{
    const Mingce__V1__FundEarmarkRequest *request = earmark_request(call);
    const char *field;
    uint8_t group;
    if (request->trainee_group != NULL && !code_of_cell(CODES_TRAINEE_GROUP, request->trainee_group, &group))
        return call_refuse(call, "trainee_group", REASON_GROUP_UNKNOWN);
    if (request->has_certificate_kind &&
        (request->certificate_kind < 1 || request->certificate_kind > CERTIFICATE_KINDS))
        return call_refuse(call, "certificate_kind", REASON_CERTIFICATE_KIND_UNKNOWN);
    if (!sources_fit(request))
        return call_refuse(call, "source", REASON_SOURCE_NOT_POSTED);
    enum reason reason = proposal_fits(request->valid_from, request->valid_to, request->citation, &field);
    if (reason == REASON_NONE && text_names(request->citation, day_at(call->at_ms)))
        reason = REASON_REASON_NUMBER;
    return reason == REASON_NONE ? REASON_NONE : call_refuse(call, field, reason);
}

void fund_earmark_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundEarmarkRequest *request = earmark_request(call);
    uint8_t id[PROPOSAL_ID], group;
    char sources[2 * SOURCES_MOST + 1] = "";
    for (size_t i = 0; i < request->n_source; i++)
        snprintf(sources + strlen(sources), sizeof(sources) - strlen(sources), "%s%d", i == 0 ? "" : ",",
                 (int) request->source[i]);
    crypto_uuid(id);
    set_uuid(set, EARMARK_IN_EARMARK, id);
    set_int2(set, EARMARK_IN_SPENDING, (int16_t) request->spending);
    if (request->trainee_group != NULL && code_of_cell(CODES_TRAINEE_GROUP, request->trainee_group, &group))
        set_int2(set, EARMARK_IN_GROUP, group);
    else
        set_null(set, EARMARK_IN_GROUP);
    if (request->has_certificate_kind)
        set_int2(set, EARMARK_IN_KIND, (int16_t) request->certificate_kind);
    else
        set_null(set, EARMARK_IN_KIND);
    set_text(set, EARMARK_IN_SOURCES, sources);
    set_day(set, EARMARK_IN_FROM, day_parse(request->valid_from));
    set_day(set, EARMARK_IN_TO, request->valid_to == NULL ? DAY_NONE : day_parse(request->valid_to));
    set_text(set, EARMARK_IN_CITATION, request->citation);
}

enum reason fund_earmark_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_NONE)
        call_bytes(call, &((Mingce__V1__FundEarmarkResponse *) out)->proposal_id,
                   rows_uuid(rows, 0, PROPOSE_PROPOSAL_ID), PROPOSAL_ID);
    return reason;
}

/* ---- receive ---- */

enum reason fund_receive_valid(struct call *call)
{
    const Mingce__V1__FundReceiveRequest *request = (const Mingce__V1__FundReceiveRequest *) call->request;
    enum reason reason = fund_source_fits(call, request->source);
    if (reason == REASON_NONE)
        reason = fund_year_fits(call, request->year);
    return reason != REASON_NONE ? reason : amount_fits(call, request->amount_fen);
}

void fund_receive_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundReceiveRequest *request = (const Mingce__V1__FundReceiveRequest *) call->request;
    uint8_t id[PROPOSAL_ID];
    crypto_uuid(id);
    set_uuid(set, RECEIVE_IN_POSTING, id);
    set_int2(set, RECEIVE_IN_RECEIPT, (int16_t) request->receipt);
    set_int2(set, RECEIVE_IN_SOURCE, (int16_t) request->source);
    set_int4(set, RECEIVE_IN_YEAR, (int32_t) request->year);
    set_int8(set, RECEIVE_IN_FEN, request->amount_fen);
}

enum reason fund_receive_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_NONE)
        call_bytes(call, &((Mingce__V1__FundReceiveResponse *) out)->posting_id,
                   rows_uuid(rows, 0, RECEIVE_POSTING_ID), PROPOSAL_ID);
    return fund_refuse(call, reason);
}

/* ---- recover ---- */

enum reason fund_recover_valid(struct call *call)
{
    const Mingce__V1__FundRecoverRequest *request = (const Mingce__V1__FundRecoverRequest *) call->request;
    if (request->claim_id.len != CLAIM_ID)
        return call_refuse(call, "claim_id", REASON_IDENTIFIER_LENGTH);
    if (request->line < 1 || request->line > LINES)
        return call_refuse(call, "line", REASON_LINE_UNKNOWN);
    return amount_fits(call, request->amount_fen);
}

void fund_recover_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundRecoverRequest *request = (const Mingce__V1__FundRecoverRequest *) call->request;
    set_uuid(set, RECOVER_IN_CLAIM, request->claim_id.data);
    set_int2(set, RECOVER_IN_LINE, (int16_t) request->line);
    set_int8(set, RECOVER_IN_FEN, request->amount_fen);
}

enum reason fund_recover_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    (void) out;
    return fund_refuse(call, outcome_of(rows));
}
