/* SPDX-License-Identifier: Apache-2.0 */
/* Every call is unsent, sent or answered. When the connection is lost, the sent calls become unsent again. */
#include <errno.h>
#include <openssl/rand.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "client/libmingce/internal.h"
#include "proto/wire/frame.h"
#include "proto/wire/wirescan.h"

enum {
    PATIENCE_MS = 60000,
    CONNECT_MS = 15000, /* for one attempt to connect, which all addresses of the server share */
    CROWDED_MS = 5000,  /* when opening, for a server that is full */
    GRACE_MS = 5000,    /* beyond the server's longest deadline */
    BACKOFF_MS = 100,   /* doubled with each failure */
    BACKOFF_MOST_MS = 3000,
    FRAME_MOST = 1 << 26,  /* bytes of an answer */
    READ_AT_LEAST = 16384, /* room for one TLS record */
};

enum call_state { CALL_UNSENT, CALL_SENT, CALL_ANSWERED };

struct mingce_call {
    uint64_t id;
    enum call_state state;
    uint8_t *frame; /* header and message, as sent each time */
    size_t frame_n;
    /* monotonic times: after the first there is no more attempt; the next attempt; the end of the current one */
    int64_t give_up_ms, due_ms, late_ms;
    unsigned failures;
    struct mingce_error error;    /* of the last attempt; valid if `body` is NULL */
    ProtobufCBinaryData body;     /* of the response */
    Mingce__V1__Receipt *receipt; /* likewise; NULL: none */
    TAILQ_ENTRY(mingce_call) link;
};

struct bytes {
    uint8_t *data;
    size_t n, room;
};

struct mingce {
    struct mingce_options options; /* texts owned */
    SSL_CTX *tls;
    struct transport transport;
    Mingce__V1__Hello *hello;     /* the last one */
    Mingce__V1__Receipt *receipt; /* of the call last waited for; NULL: none */
    bool greeted;                 /* on this connection */
    struct bytes in, out;
    short want_write;  /* what a pending write waits for; 0: nothing */
    unsigned failures; /* to connect, in a row */
    int64_t connect_due_ms;
    struct sockaddr_storage reached; /* the address that the last hello came from; it is tried first */
    uint64_t last_id;
    size_t sent_n;
    TAILQ_HEAD(, mingce_call) calls;
};

static bool bytes_room(struct bytes *bytes, size_t more)
{
    if (bytes->room - bytes->n >= more)
        return true;
    size_t room = bytes->room < READ_AT_LEAST ? READ_AT_LEAST : bytes->room;
    while (room - bytes->n < more)
        room *= 2;
    uint8_t *data = realloc(bytes->data, room);
    if (data == NULL)
        return false;
    bytes->data = data;
    bytes->room = room;
    return true;
}

static void bytes_drop(struct bytes *bytes, size_t n)
{
    bytes->n -= n;
    if (bytes->n > 0)
        memmove(bytes->data, bytes->data + n, bytes->n);
}

static int64_t backoff(unsigned failures)
{
    int64_t wait = (int64_t) BACKOFF_MS << (failures < 6 ? failures : 6);
    return wait > BACKOFF_MOST_MS ? BACKOFF_MOST_MS : wait;
}

/* ---- the connection goes ---- */

static void hang_up(struct mingce *mingce)
{
    transport_close(&mingce->transport);
    mingce->in.n = mingce->out.n = 0;
    mingce->want_write = 0;
    mingce->greeted = false;
}

/* All calls in flight have failed with this error. */
static void disconnected(struct mingce *mingce, const struct mingce_error *error)
{
    struct mingce_call *call;
    hang_up(mingce);
    mingce->connect_due_ms = now_ms() + backoff(mingce->failures++);
    mingce->sent_n = 0;
    TAILQ_FOREACH (call, &mingce->calls, link) {
        if (call->state == CALL_ANSWERED)
            continue;
        call->error = *error;
        call->state = error_passes(error) ? CALL_UNSENT : CALL_ANSWERED;
    }
}

/* ---- frames ---- */

/* Unpacks the next whole frame. NULL: it has not arrived yet, or `*broken` says that it cannot be read. */
static Mingce__V1__Frame *frame_take(struct mingce *mingce, bool *broken)
{
    size_t length = 0;
    enum frame_state state = frame_peek(mingce->in.data, mingce->in.n, FRAME_MOST, &length);
    *broken = state == FRAME_TOO_LONG;
    if (state != FRAME_WHOLE)
        return NULL;
    const uint8_t *message = mingce->in.data + FRAME_HEADER;
    Mingce__V1__Frame *frame = NULL;
    if (wirescan_answer(&mingce__v1__frame__descriptor, message, length) == REASON_NONE)
        frame = mingce__v1__frame__unpack(NULL, length, message);
    *broken = frame == NULL;
    bytes_drop(&mingce->in, FRAME_HEADER + length);
    return frame;
}

static void answered(struct mingce *mingce, Mingce__V1__Response *response)
{
    struct mingce_call *call;
    TAILQ_FOREACH (call, &mingce->calls, link)
        if (call->id == response->id && call->state == CALL_SENT)
            break;
    if (call == NULL)
        return; /* of a call that was given up */
    mingce->sent_n--;
    if (response->outcome_case == MINGCE__V1__RESPONSE__OUTCOME_BODY) {
        call->body = response->body; /* taken over */
        response->body = (ProtobufCBinaryData){0, NULL};
        response->outcome_case = MINGCE__V1__RESPONSE__OUTCOME__NOT_SET;
        call->receipt = response->receipt; /* likewise */
        response->receipt = NULL;
        call->state = CALL_ANSWERED;
        call->error.status = MINGCE_OK;
        return;
    }
    error_server(&call->error, response->error);
    call->due_ms = now_ms() + backoff(call->failures++);
    call->state = error_passes(&call->error) && call->due_ms < call->give_up_ms ? CALL_UNSENT : CALL_ANSWERED;
}

/* With a limit of 0 a caller would wait or ask for ever. */
static bool limits_good(const Mingce__V1__Limits *limits)
{
    return limits->frame_bytes > 0 && limits->in_flight > 0 && limits->deadline_ms > 0 &&
           limits->roster_rows > 0 && limits->page_rows > 0;
}

/* False: the connection is over, `error` says why. */
static bool frame_handle(struct mingce *mingce, Mingce__V1__Frame *frame, struct mingce_error *error)
{
    switch (frame->kind_case) {
    case MINGCE__V1__FRAME__KIND_HELLO:
        if (mingce->greeted || frame->hello->protocol != 1 || !limits_good(frame->hello->limits))
            return error_local(error, LOCAL_PROTOCOL, NULL);
        if (mingce->hello != NULL)
            mingce__v1__hello__free_unpacked(mingce->hello, NULL);
        mingce->hello = frame->hello; /* taken over */
        frame->hello = NULL;
        frame->kind_case = MINGCE__V1__FRAME__KIND__NOT_SET;
        mingce->greeted = true;
        mingce->failures = 0;
        return true;
    case MINGCE__V1__FRAME__KIND_RESPONSE:
        if (frame->response->outcome_case == MINGCE__V1__RESPONSE__OUTCOME__NOT_SET)
            return error_local(error, LOCAL_PROTOCOL, NULL);
        answered(mingce, frame->response);
        return true;
    case MINGCE__V1__FRAME__KIND_GOODBYE:
        error_server(error, frame->goodbye->error);
        return false;
    default:
        return error_local(error, LOCAL_PROTOCOL, NULL);
    }
}

static bool read_some(struct mingce *mingce, struct mingce_error *error)
{
    short want = 0;
    int moved;
    do {
        if (!bytes_room(&mingce->in, READ_AT_LEAST))
            return error_local(error, LOCAL_MEMORY, NULL);
        moved = transport_read(&mingce->transport, mingce->in.data + mingce->in.n,
                               mingce->in.room - mingce->in.n, &want, error);
        mingce->in.n += moved > 0 ? (size_t) moved : 0;
        bool broken = false, good = true;
        Mingce__V1__Frame *frame;
        while (good && (frame = frame_take(mingce, &broken)) != NULL) {
            good = frame_handle(mingce, frame, error);
            mingce__v1__frame__free_unpacked(frame, NULL);
        }
        if (broken)
            return error_local(error, LOCAL_PROTOCOL, NULL);
        if (!good)
            return false;
    } while (moved > 0);
    return moved == 0;
}

static bool write_some(struct mingce *mingce, struct mingce_error *error)
{
    size_t done = 0;
    mingce->want_write = 0;
    while (done < mingce->out.n && mingce->want_write == 0) {
        int moved = transport_write(&mingce->transport, mingce->out.data + done, mingce->out.n - done,
                                    &mingce->want_write, error);
        if (moved < 0)
            return false;
        done += (size_t) moved;
    }
    bytes_drop(&mingce->out, done);
    return true;
}

/* ---- the pump ---- */

static bool send_due(struct mingce *mingce, struct mingce_error *error)
{
    struct mingce_call *call;
    int64_t now = now_ms();
    TAILQ_FOREACH (call, &mingce->calls, link) {
        if (call->state != CALL_UNSENT || call->due_ms > now ||
            mingce->sent_n >= mingce->hello->limits->in_flight)
            continue;
        if (!bytes_room(&mingce->out, call->frame_n))
            return error_local(error, LOCAL_MEMORY, NULL);
        memcpy(mingce->out.data + mingce->out.n, call->frame, call->frame_n);
        mingce->out.n += call->frame_n;
        call->state = CALL_SENT;
        call->late_ms = now + mingce->hello->limits->deadline_ms + GRACE_MS;
        mingce->sent_n++;
    }
    return true;
}

/* The time at which something must be done even if nothing arrives. */
static int64_t next_due(const struct mingce *mingce, int64_t until_ms)
{
    const struct mingce_call *call;
    TAILQ_FOREACH (call, &mingce->calls, link) {
        if (call->state == CALL_UNSENT && call->due_ms > now_ms() && call->due_ms < until_ms)
            until_ms = call->due_ms;
        if (call->state == CALL_SENT && call->late_ms < until_ms)
            until_ms = call->late_ms;
    }
    return until_ms;
}

static bool any_late(const struct mingce *mingce)
{
    const struct mingce_call *call;
    int64_t now = now_ms();
    TAILQ_FOREACH (call, &mingce->calls, link)
        if (call->state == CALL_SENT && call->late_ms <= now)
            return true;
    return false;
}

static bool exchange(struct mingce *mingce, struct mingce_error *error)
{
    if (mingce->greeted && !send_due(mingce, error))
        return false;
    if (!write_some(mingce, error) || !read_some(mingce, error))
        return false;
    if (any_late(mingce))
        return error_local(error, LOCAL_NO_ANSWER, NULL);
    return true;
}

/* Connects to one address, up to the hello. */
static bool connect_one(struct mingce *mingce, const char *host, const struct addrinfo *address,
                        int64_t until_ms, struct mingce_error *error)
{
    bool good =
        transport_open(&mingce->transport, mingce->tls, &mingce->options, host, address, until_ms, error);
    while (good && !mingce->greeted) {
        good = exchange(mingce, error);
        if (good && !mingce->greeted && !transport_wait(&mingce->transport, POLLIN, until_ms))
            good = error_local(error, LOCAL_NO_ANSWER, NULL);
    }
    if (!good)
        hang_up(mingce);
    else if (address->ai_addrlen <= sizeof(mingce->reached))
        memcpy(&mingce->reached, address->ai_addr, address->ai_addrlen);
    return good;
}

static bool was_reached(const struct mingce *mingce, const struct addrinfo *address)
{
    return address->ai_addrlen <= sizeof(mingce->reached) &&
           memcmp(&mingce->reached, address->ai_addr, address->ai_addrlen) == 0;
}

/* Tries the addresses in turn, the one that last answered first. Each gets its share of the time that is left. The next is tried if one
 * does not answer, but not if a server refuses. */
static bool connect_any(struct mingce *mingce, int64_t until_ms, struct mingce_error *error)
{
    char host[HOST_BYTES];
    struct addrinfo *found = transport_addresses(mingce->options.server, host, error);
    bool good = false, go_on = found != NULL;
    int64_t left = 0;
    for (const struct addrinfo *at = found; at != NULL; at = at->ai_next)
        left++;
    for (int turn = 0; turn < 2; turn++)
        for (const struct addrinfo *at = found; at != NULL && go_on; at = at->ai_next) {
            if (was_reached(mingce, at) != (turn == 0))
                continue;
            int64_t now = now_ms(), share_ms = (until_ms - now) / (left > 1 ? left-- : 1);
            good = connect_one(mingce, host, at, now + share_ms, error);
            go_on = !good && error->status == MINGCE_UNREACHABLE && error_passes(error);
        }
    if (found != NULL)
        freeaddrinfo(found);
    return good;
}

/* False: there is no connection by `until_ms`, or there never will be; `error` says why. */
static bool connect_again(struct mingce *mingce, int64_t until_ms, struct mingce_error *error)
{
    int64_t now = now_ms(), attempt_ms = now + CONNECT_MS < until_ms ? now + CONNECT_MS : until_ms;
    if (mingce->connect_due_ms > now) {
        struct transport none = {.fd = -1};
        int64_t due = mingce->connect_due_ms < until_ms ? mingce->connect_due_ms : until_ms;
        transport_wait(&none, 0, due);
    }
    bool good = connect_any(mingce, attempt_ms, error);
    if (!good)
        disconnected(mingce, error);
    return good;
}

/* Does what can be done now, then waits until something happens or `until_ms` has come. Does not wait if `awaited` has its answer. */
static void pump(struct mingce *mingce, const struct mingce_call *awaited, int64_t until_ms)
{
    struct mingce_error error;
    if (!mingce->greeted && !connect_again(mingce, until_ms, &error))
        return;
    if (!exchange(mingce, &error)) {
        disconnected(mingce, &error);
        return;
    }
    const struct mingce_call *call;
    if (awaited->state == CALL_ANSWERED)
        return;
    TAILQ_FOREACH (call, &mingce->calls, link)
        if (call->state == CALL_UNSENT && call->due_ms <= now_ms() &&
            mingce->sent_n < mingce->hello->limits->in_flight)
            return; /* there is something to send */
    transport_wait(&mingce->transport, (short) (POLLIN | mingce->want_write), next_due(mingce, until_ms));
}

/* ---- the public functions ---- */

static char *copy(const char *text, bool *good)
{
    char *made = text == NULL ? NULL : strdup(text);
    *good = *good && (text == NULL || made != NULL);
    return made;
}

static bool options_copy(struct mingce_options *to, const struct mingce_options *from)
{
    bool good = true;
    *to = (struct mingce_options){
        .server = copy(from->server, &good),
        .server_name = copy(from->server_name, &good),
        .ca = copy(from->ca, &good),
        .certificate = copy(from->certificate, &good),
        .key = copy(from->key, &good),
        .patience_ms = from->patience_ms == 0 ? PATIENCE_MS : from->patience_ms,
    };
    return good;
}

/* Tries to connect until there is no time for another attempt. The first failure to reach the server is reported at once, since the
 * address may be wrong. A server that says that it cannot serve yet is asked again, and its own error is reported in the end. */
static bool open_patiently(struct mingce *mingce, struct mingce_error *error)
{
    struct mingce_error said = {.status = MINGCE_OK};
    int64_t began_ms = now_ms(), until_ms = began_ms + mingce->options.patience_ms;
    while (!connect_again(mingce, until_ms, error)) {
        if (error->status == MINGCE_REFUSED)
            said = *error;
        if (said.code == MINGCE__V1__CODE__CODE_EXHAUSTED && began_ms + CROWDED_MS < until_ms)
            until_ms = began_ms + CROWDED_MS;
        if (said.status == MINGCE_REFUSED && error_passes(error) && mingce->connect_due_ms < until_ms)
            continue;
        if (said.status == MINGCE_REFUSED && error_passes(error))
            *error = said;
        return false;
    }
    return true;
}

struct mingce *mingce_open(const struct mingce_options *options, struct mingce_error *error)
{
    struct mingce *mingce = calloc(1, sizeof(*mingce));
    if (mingce == NULL) {
        error_local(error, LOCAL_MEMORY, NULL);
        return NULL;
    }
    TAILQ_INIT(&mingce->calls);
    mingce->transport.fd = -1;
    bool good = options_copy(&mingce->options, options) || error_local(error, LOCAL_MEMORY, NULL);
    good = good && (mingce->tls = transport_context(&mingce->options, error)) != NULL;
    good = good && open_patiently(mingce, error);
    if (good)
        return mingce;
    mingce_close(mingce);
    return NULL;
}

static void receipt_drop(Mingce__V1__Receipt **receipt)
{
    if (*receipt != NULL)
        mingce__v1__receipt__free_unpacked(*receipt, NULL);
    *receipt = NULL;
}

static void call_free(struct mingce *mingce, struct mingce_call *call)
{
    TAILQ_REMOVE(&mingce->calls, call, link);
    if (call->state == CALL_SENT)
        mingce->sent_n--;
    free(call->body.data);
    receipt_drop(&call->receipt);
    free(call->frame);
    free(call);
}

static void text_free(const char *text)
{
    union {
        const char *in;
        void *out;
    } owned = {.in = text};
    free(owned.out);
}

void mingce_close(struct mingce *mingce)
{
    struct mingce_call *call;
    if (mingce == NULL)
        return;
    while ((call = TAILQ_FIRST(&mingce->calls)) != NULL)
        call_free(mingce, call); /* NOLINT(clang-analyzer-unix.Malloc): it has left the list */
    transport_close(&mingce->transport);
    SSL_CTX_free(mingce->tls);
    if (mingce->hello != NULL)
        mingce__v1__hello__free_unpacked(mingce->hello, NULL);
    receipt_drop(&mingce->receipt);
    free(mingce->in.data);
    free(mingce->out.data);
    text_free(mingce->options.server);
    text_free(mingce->options.server_name);
    text_free(mingce->options.ca);
    text_free(mingce->options.certificate);
    text_free(mingce->options.key);
    free(mingce);
}

const Mingce__V1__Hello *mingce_hello(const struct mingce *mingce)
{
    return mingce->hello;
}

void mingce_request_id(uint8_t request_id[MINGCE_REQUEST_ID])
{
    if (RAND_bytes(request_id, MINGCE_REQUEST_ID) != 1)
        abort(); /* without a fresh id the server could return the answer to another request */
}

/* Packs the method's message into a request, and the request into the frame that is sent. */
static bool call_pack(struct mingce_call *call, const char *method, const ProtobufCMessage *message,
                      const uint8_t *request_id)
{
    Mingce__V1__Request request = MINGCE__V1__REQUEST__INIT;
    Mingce__V1__Frame frame = MINGCE__V1__FRAME__INIT;
    uint8_t id[MINGCE_REQUEST_ID];
    char name[128];
    size_t n = protobuf_c_message_get_packed_size(message);
    uint8_t *body = malloc(n + 1);
    if (body == NULL || strlen(method) >= sizeof(name)) {
        free(body);
        return false;
    }
    memcpy(name, method, strlen(method) + 1);
    request.id = call->id;
    request.method = name;
    request.body = (ProtobufCBinaryData){protobuf_c_message_pack(message, body), body};
    if (request_id != NULL) {
        memcpy(id, request_id, sizeof(id));
        request.has_request_id = true;
        request.request_id = (ProtobufCBinaryData){sizeof(id), id};
    }
    frame.kind_case = MINGCE__V1__FRAME__KIND_REQUEST;
    frame.request = &request;
    size_t length = mingce__v1__frame__get_packed_size(&frame);
    call->frame = malloc(FRAME_HEADER + length);
    if (call->frame != NULL && length <= UINT32_MAX) {
        frame_put_header(call->frame, (uint32_t) length);
        call->frame_n = FRAME_HEADER + mingce__v1__frame__pack(&frame, call->frame + FRAME_HEADER);
    }
    free(body);
    return call->frame_n > 0;
}

struct mingce_call *mingce_begin(struct mingce *mingce, const char *method, const ProtobufCMessage *request,
                                 const uint8_t *request_id, struct mingce_error *error)
{
    struct mingce_call *call = calloc(1, sizeof(*call));
    if (call == NULL) {
        error_local(error, LOCAL_MEMORY, NULL);
        return NULL;
    }
    call->id = ++mingce->last_id;
    call->give_up_ms = now_ms() + mingce->options.patience_ms;
    bool packed = call_pack(call, method, request, request_id);
    if (!packed || call->frame_n - FRAME_HEADER > mingce->hello->limits->frame_bytes) {
        error_local(error, packed ? LOCAL_REQUEST_TOO_LONG : LOCAL_MEMORY, NULL);
        free(call->frame);
        free(call);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&mingce->calls, call, link);
    return call;
}

ProtobufCMessage *mingce_wait(struct mingce *mingce, struct mingce_call *call,
                              const ProtobufCMessageDescriptor *response, struct mingce_error *error)
{
    ProtobufCMessage *message = NULL;
    while (call->state != CALL_ANSWERED && now_ms() < call->give_up_ms)
        pump(mingce, call, call->give_up_ms);
    if (call->state != CALL_ANSWERED && call->error.reason[0] == '\0')
        error_local(&call->error, LOCAL_NO_ANSWER, NULL);
    *error = call->error;
    receipt_drop(&mingce->receipt);
    mingce->receipt = call->receipt; /* taken over */
    call->receipt = NULL;
    if (call->state == CALL_ANSWERED && call->error.status == MINGCE_OK) {
        if (wirescan_answer(response, call->body.data, call->body.len) == REASON_NONE)
            message = protobuf_c_message_unpack(response, NULL, call->body.len, call->body.data);
        if (message == NULL)
            error_local(error, LOCAL_PROTOCOL, NULL);
    }
    call_free(mingce, call);
    return message;
}

const Mingce__V1__Receipt *mingce_receipt(const struct mingce *mingce)
{
    return mingce->receipt;
}

ProtobufCMessage *mingce_call(struct mingce *mingce, const char *method, const ProtobufCMessage *request,
                              const uint8_t *request_id, const ProtobufCMessageDescriptor *response,
                              struct mingce_error *error)
{
    struct mingce_call *call = mingce_begin(mingce, method, request, request_id, error);
    return call == NULL ? NULL : mingce_wait(mingce, call, response, error);
}
