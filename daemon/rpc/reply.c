/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/rpc/reply.h"

#include "proto/wire.pb-c.h"

/* Tags of the envelope that reply_body() writes by hand, so that a body is packed once and in place. */
enum {
    TAG_FRAME_RESPONSE = 3 << 3 | 2,
    TAG_RESPONSE_ID = 1 << 3,
    TAG_RESPONSE_BODY = 2 << 3 | 2,
    TAG_RESPONSE_RECEIPT = 4 << 3 | 2
};

static bool send_frame(struct session *session, Mingce__V1__Frame *frame)
{
    uint8_t *room = session_frame(session, mingce__v1__frame__get_packed_size(frame));
    if (room == NULL)
        return false;
    mingce__v1__frame__pack(frame, room);
    return true;
}

struct error_message {
    Mingce__V1__Error error;
    Mingce__V1__Finding finding[CALL_FIELDS];
    Mingce__V1__Finding *findings[CALL_FIELDS];
};

static void error_fill(struct error_message *message, enum reason reason, const char *method,
                       const char *const *fields, size_t n)
{
    const struct reason_text *text = reason_text(reason);
    struct reason_sentence sentence = reason_sentence(reason, method);
    mingce__v1__error__init(&message->error);
    message->error.code = text->code;
    message->error.reason = unconst(text->name);
    message->error.zh = unconst(sentence.zh);
    message->error.en = unconst(sentence.en);
    message->error.finding = message->findings;
    for (size_t i = 0; i < n && i < CALL_FIELDS; i++) {
        Mingce__V1__Finding *finding = message->findings[i] = &message->finding[i];
        mingce__v1__finding__init(finding);
        finding->severity = text->severity;
        finding->reason = unconst(text->name);
        finding->rule = *text->rule == '\0' ? NULL : unconst(text->rule);
        finding->field = unconst(fields[i]);
        finding->zh = unconst(sentence.zh);
        finding->en = unconst(sentence.en);
        message->error.n_finding++;
    }
}

bool reply_hello(struct session *session, Mingce__V1__Hello *hello)
{
    Mingce__V1__Frame frame = MINGCE__V1__FRAME__INIT;
    frame.kind_case = MINGCE__V1__FRAME__KIND_HELLO;
    frame.hello = hello;
    return send_frame(session, &frame);
}

bool reply_goodbye(struct session *session, enum reason reason)
{
    struct error_message message;
    error_fill(&message, reason, NULL, NULL, 0);
    Mingce__V1__Goodbye goodbye = MINGCE__V1__GOODBYE__INIT;
    goodbye.error = &message.error;
    Mingce__V1__Frame frame = MINGCE__V1__FRAME__INIT;
    frame.kind_case = MINGCE__V1__FRAME__KIND_GOODBYE;
    frame.goodbye = &goodbye;
    return send_frame(session, &frame);
}

bool reply_error(struct session *session, uint64_t id, enum reason reason, const char *method,
                 const char *const *fields, size_t n)
{
    struct error_message message;
    error_fill(&message, reason, method, fields, n);
    Mingce__V1__Response response = MINGCE__V1__RESPONSE__INIT;
    response.id = id;
    response.outcome_case = MINGCE__V1__RESPONSE__OUTCOME_ERROR;
    response.error = &message.error;
    Mingce__V1__Frame frame = MINGCE__V1__FRAME__INIT;
    frame.kind_case = MINGCE__V1__FRAME__KIND_RESPONSE;
    frame.response = &response;
    return send_frame(session, &frame);
}

static size_t varint_size(uint64_t value)
{
    size_t n = 1;
    while ((value >>= 7) != 0)
        n++;
    return n;
}

static uint8_t *varint_put(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t) (value | 0x80);
    *at++ = (uint8_t) value;
    return at;
}

bool reply_body(struct session *session, uint64_t id, const ProtobufCMessage *body,
                const Mingce__V1__Receipt *receipt)
{
    size_t n = protobuf_c_message_get_packed_size(body);
    size_t receipt_n = receipt == NULL ? 0 : mingce__v1__receipt__get_packed_size(receipt);
    size_t response = 1 + varint_size(id) + 1 + varint_size(n) + n;
    if (receipt != NULL)
        response += 1 + varint_size(receipt_n) + receipt_n;
    uint8_t *at = session_frame(session, 1 + varint_size(response) + response);
    if (at == NULL)
        return false;
    *at++ = TAG_FRAME_RESPONSE;
    at = varint_put(at, response);
    *at++ = TAG_RESPONSE_ID;
    at = varint_put(at, id);
    *at++ = TAG_RESPONSE_BODY;
    at = varint_put(at, n);
    at += protobuf_c_message_pack(body, at);
    if (receipt == NULL)
        return true;
    *at++ = TAG_RESPONSE_RECEIPT;
    at = varint_put(at, receipt_n);
    mingce__v1__receipt__pack(receipt, at);
    return true;
}
