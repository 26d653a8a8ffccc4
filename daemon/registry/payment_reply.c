/* SPDX-License-Identifier: Apache-2.0 */
/* The bank's answers (F14). */
#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/text.h"
#include "proto/batch.pb-c.h"
#include "proto/rules/cell.h"

enum {
    ANSWERS_MOST = 2000,
    REFERENCE_BYTES = 60,
    CODE_CHARACTERS = 20,
    DIGITS_SHOWN = 5 /* in a row: a bank's word may have a longer number, which may be somebody's */
};

#define REPLY_PARAMETERS(COLUMN)                                                                             \
    COLUMN(REPLY_IN_ROW_REQ, "row_req", INT4)                                                                \
    COLUMN(REPLY_IN_ROW, "row", INT4)                                                                        \
    COLUMN(REPLY_IN_ROW_HEAD, "row_head", BYTEA)                                                             \
    COLUMN(REPLY_IN_REFERENCE, "reference", TEXT)                                                            \
    COLUMN(REPLY_IN_LINE, "line", INT4)                                                                      \
    COLUMN(REPLY_IN_RESULT, "result", INT2)                                                                  \
    COLUMN(REPLY_IN_BANK_REFERENCE, "bank_reference", TEXT)                                                  \
    COLUMN(REPLY_IN_TRADED_ON, "traded_on", DATE)                                                            \
    COLUMN(REPLY_IN_REASON_CODE, "reason_code", TEXT)                                                        \
    COLUMN(REPLY_IN_REASON, "reason", TEXT)                                                                  \
    COLUMN(REPLY_IN_AMOUNT, "amount", INT8)
COLUMNS_AFTER(METHOD_WRITE, reply_parameters, REPLY_PARAMETERS);
const struct statement batch_reply_statement = {
    .name = "batch_reply",
    .parameters = COLUMNS(reply_parameters),
    .rows = REPLY_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

static const Mingce__V1__BatchReplyRequest *reply_request(const struct call *call)
{
    return (const Mingce__V1__BatchReplyRequest *) call->request;
}

enum reason batch_reply_valid(struct call *call)
{
    const Mingce__V1__BatchReplyRequest *request = reply_request(call);
    enum reason reason = batch_begin_most(call, request->n_row, ANSWERS_MOST);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

static bool refuse(struct row_note *note, const char *field, enum reason reason)
{
    note->reason = reason;
    note->field = field;
    return false;
}

/* A bank's own number, which the log and the screen show: letters, digits and "-". */
static bool reference_fits(const char *text)
{
    static const char good[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    size_t n = strlen(text);
    return n >= 1 && n <= REFERENCE_BYTES && strspn(text, good) == n;
}

/* What is paid or returned says when and under which number; what is not says why. */
static bool answer_fits(const Mingce__V1__BatchAnswer *row, day today, struct row_note *note)
{
    bool moved = row->result == MINGCE__V1__BATCH_LINE_STATE__LINE_PAID ||
                 row->result == MINGCE__V1__BATCH_LINE_STATE__LINE_RETURNED;
    bool refused = row->result == MINGCE__V1__BATCH_LINE_STATE__LINE_REFUSED;
    if (row->line == 0 || row->line > INT32_MAX)
        return refuse(note, "line", REASON_NEVER_SENT);
    if (!moved && !refused && row->result != MINGCE__V1__BATCH_LINE_STATE__LINE_UNKNOWN)
        return refuse(note, "result", REASON_BANK_ANSWER);
    if (row->bank_reference == NULL ? moved : !reference_fits(row->bank_reference))
        return refuse(note, "bank_reference", REASON_BANK_REFERENCE);
    if (row->traded_on == NULL ? moved : day_parse(row->traded_on) == DAY_NONE)
        return refuse(note, "traded_on", REASON_TRADED_ON);
    if (row->traded_on != NULL && day_parse(row->traded_on) > today)
        return refuse(note, "traded_on", REASON_DATE_FUTURE);
    if (row->reason_code == NULL ? refused && row->reason == NULL
                                 : !text_fits(row->reason_code, CODE_CHARACTERS))
        return refuse(note, "reason_code", REASON_BANK_REASON);
    return row->reason == NULL || text_fits(row->reason, TEXT_REASON_CHARACTERS) ||
           refuse(note, "reason", REASON_BANK_REASON);
}

/* The bytes of a digit, ASCII or full-width, that a text begins with; 0: it begins with none. */
static size_t digit_at(const char *text)
{
    if (*text >= '0' && *text <= '9')
        return 1;
    return strncmp(text, "\xEF\xBC", 2) == 0 && (uint8_t) text[2] >= 0x90 && (uint8_t) text[2] <= 0x99 ? 3
                                                                                                       : 0;
}

/* Likewise of a blank or a dash, as they stand between the digits of a number. */
static size_t gap_at(const char *text)
{
    static const char *const gaps[] = {" ", "-", "\u3000", "\u00A0", "\uFF0D"};
    for (size_t i = 0; i < sizeof(gaps) / sizeof(*gaps); i++)
        if (strncmp(text, gaps[i], strlen(gaps[i])) == 0)
            return strlen(gaps[i]);
    return 0;
}

/* The bytes of a number that a text begins with, however it is spaced, and how many digits it has. */
static size_t number_at(const char *text, size_t *digits)
{
    size_t end = 0, at = 0, step;
    for (*digits = 0; (step = digit_at(text + at)) > 0; (*digits)++) {
        end = at += step;
        while ((step = gap_at(text + at)) > 0)
            at += step;
    }
    return end;
}

/* The text with longer numbers struck out, in the arena (D3); NULL: there is none. */
static char *struck_out(struct call *call, const char *text)
{
    size_t n = text == NULL ? 0 : strlen(text);
    char *out = n == 0 ? NULL : arena_alloc(call->arena, n + 1);
    if (out == NULL)
        return NULL;
    char *to = out;
    for (size_t bytes; *text != '\0'; text += bytes) {
        size_t digits, written;
        bytes = number_at(text, &digits);
        bytes = bytes > 0 ? bytes : 1;
        written = digits > DIGITS_SHOWN ? digits : bytes;
        if (digits > DIGITS_SHOWN)
            memset(to, '*', written);
        else
            memcpy(to, text, written);
        to += written;
    }
    *to = '\0';
    return out;
}

static void bind_answer(struct call *call, struct set *set, const Mingce__V1__BatchAnswer *row, size_t i)
{
    row_bind(call, set, REPLY_IN_ROW, i);
    set_text(set, REPLY_IN_REFERENCE, row->reference);
    set_int4(set, REPLY_IN_LINE, (int32_t) row->line);
    set_int2(set, REPLY_IN_RESULT, (int16_t) row->result);
    set_text(set, REPLY_IN_BANK_REFERENCE, row->bank_reference);
    set_day(set, REPLY_IN_TRADED_ON, row->traded_on == NULL ? DAY_NONE : day_parse(row->traded_on));
    set_text(set, REPLY_IN_REASON_CODE, struck_out(call, row->reason_code));
    set_text(set, REPLY_IN_REASON, struck_out(call, row->reason));
    if (row->has_amount_fen)
        set_int8(set, REPLY_IN_AMOUNT, row->amount_fen);
    else
        set_null(set, REPLY_IN_AMOUNT);
}

void batch_reply_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BatchReplyRequest *request = reply_request(call);
    for (size_t i = 0; i < request->n_row; i++) {
        struct row_note *note = row_note(call, i);
        note->reason = REASON_NONE;
        note->field = "line";
        if (answer_fits(request->row[i], day_at(call->at_ms), note))
            bind_answer(call, set, request->row[i], i);
    }
}

static const char *reply_field(enum reason reason)
{
    switch (reason) {
    case REASON_AMOUNT_DIFFERS:
        return "amount_fen";
    case REASON_ANSWER_DIFFERS:
    case REASON_LINE_RECOVERED:
        return "result";
    case REASON_TRADED_ON:
        return "traded_on";
    case REASON_REFERENCE_TAKEN:
        return "bank_reference";
    default:
        return NULL;
    }
}

enum reason batch_reply_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, reply_request(call)->n_row, rows, reply_field, out);
}
