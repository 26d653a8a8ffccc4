/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/rpc/call.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/audit/entry.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/rpc/look.h"
#include "daemon/rpc/reply.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/wirescan.h"

enum { SWEEP_MS = 50 }; /* a deadline is kept within this */

static struct live_call *call_of(struct store_request *stored)
{
    return CONTAINER_OF(stored, struct live_call, stored);
}

/* Takes the call off its lists and gives its memory back; what the store still holds is abandoned. */
static void call_free(struct live_call *live)
{
    struct rpc *rpc = live->peer->rpc;
    TAILQ_REMOVE(&live->peer->calls, live, of_peer);
    TAILQ_REMOVE(&rpc->calls, live, of_rpc);
    live->peer->calls_n--;
    looks_release(&live->call);
    if (TAILQ_EMPTY(&rpc->calls))
        event_del(rpc->sweep);
    arena_free(live->call.arena);
}

/* Requests that name no known method are counted behind the last method. */
static void count(const struct live_call *live, enum reason reason)
{
    const struct rpc *rpc = live->peer->rpc;
    const struct method *method = live->call.method;
    metrics_request(method == NULL ? rpc->methods_n : (size_t) (method - rpc->methods),
                    reason == REASON_NONE ? 0 : (unsigned) reason_text(reason)->code,
                    clock_monotonic_us() - live->began_us);
}

/* Why an arena (NULL: there was none) had no more to give. */
static enum reason short_of_memory(const struct arena *arena)
{
    return arena == NULL || arena_starved(arena) ? REASON_MEMORY : REASON_REQUEST_TOO_LARGE;
}

/* The one place where a call ends with an answer. */
static void call_answer(struct live_call *live, enum reason reason, const ProtobufCMessage *response)
{
    struct peer *peer = live->peer;
    const struct call *call = &live->call;
    const char *method = call->method == NULL ? NULL : call->method->name;
    bool said = peer->leaving;
    count(live, reason);
    if (!said && reason == REASON_NONE)
        said = reply_body(peer->session, live->id, response, live->receipt);
    else if (!said)
        said = reply_error(peer->session, live->id, reason, method, call->fields, call->fields_n);
    call_free(live);
    if (!said)
        peer_dismiss(peer, REASON_MEMORY);
    else
        peer_answered(peer);
}

void call_bind_first(const struct call *call, struct set *set)
{
    uint8_t head[CALL_ENTRY_HEAD];
    switch (call->method->effect) {
    case METHOD_READS:
        set_uuid(set, METHOD_READ_IN_OPERATOR, call->caller->operator_id);
        break;
    case METHOD_LOOKS:
        set_uuid(set, METHOD_LOOK_IN_OPERATOR, call->caller->operator_id);
        set_bytes(set, METHOD_LOOK_IN_ENTRY_HEAD, head, call_entry_head(call, 0, head));
        break;
    case METHOD_WRITES:
        set_uuid(set, METHOD_WRITE_IN_REQUEST_ID, call->request_id);
        set_bytes(set, METHOD_WRITE_IN_DIGEST, call->digest, sizeof(call->digest));
        set_uuid(set, METHOD_WRITE_IN_OPERATOR, call->caller->operator_id);
        set_bytes(set, METHOD_WRITE_IN_ENTRY_HEAD, head, call_entry_head(call, 0, head));
        break;
    }
}

static void call_bind(struct store_request *stored, struct set *set)
{
    struct call *call = &call_of(stored)->call;
    call_bind_first(call, set);
    call->method->bind(call, set);
}

static void call_done(struct store_request *, enum store_outcome, const struct rows *);

static void call_submit(struct live_call *live, size_t bytes)
{
    live->stored = (struct store_request){
        .bind = call_bind, .done = call_done, .owner = live->peer->caller.operator_id, .bytes = bytes};
    store_submit(live->peer->rpc->store, live->call.method->statement, &live->stored);
}

static enum reason reason_of(enum store_outcome outcome)
{
    switch (outcome) {
    case STORE_DONE:
        return REASON_NONE;
    case STORE_UNAVAILABLE:
        return REASON_STORE_UNAVAILABLE;
    case STORE_UNKNOWN:
        return REASON_OUTCOME_UNKNOWN;
    case STORE_BUSY:
        return REASON_STORE_BUSY;
    case STORE_FAILED:
        break;
    }
    return REASON_STORE_FAILED;
}

/* Where a step of the call has ended: that its arena was full, or that it met a defect, counts for more than what it says. */
static enum reason judged(const struct call *call, enum reason reason)
{
    if (arena_failed(call->arena))
        return short_of_memory(call->arena);
    return call->defect ? REASON_STORE_FAILED : reason;
}

/* The response, or why there is none. */
static enum reason call_render(struct live_call *live, const struct rows *rows, ProtobufCMessage **response)
{
    struct call *call = &live->call;
    const struct method *method = call->method;
    struct receipts *receipts = live->peer->rpc->receipts;
    *response = arena_alloc(call->arena, method->response->sizeof_message);
    if (*response == NULL)
        return judged(call, REASON_MEMORY);
    protobuf_c_message_init(method->response, *response);
    enum reason reason = judged(call, method->render(call, rows, *response));
    if (reason != REASON_NONE || method->effect != METHOD_WRITES || receipts == NULL)
        return reason;
    if (!receipt_of(receipts, &live->stored, call->arena, &live->receipt))
        call_defect(call);
    return judged(call, REASON_NONE);
}

static void call_done(struct store_request *stored, enum store_outcome outcome, const struct rows *rows)
{
    struct live_call *live = call_of(stored);
    live->call.fields_n = 0;
    enum reason reason = reason_of(outcome);
    ProtobufCMessage *response = NULL;
    if (reason == REASON_NONE)
        reason = call_render(live, rows, &response);
    if (reason == REASON_LOOKS_EXCEEDED && live->call.method->effect == METHOD_READS &&
        looks_again(&live->call)) {
        looks_release(&live->call);
        live->call.looks_tries++;
        call_submit(live, stored->bytes);
        return;
    }
    if (outcome == STORE_DONE && call_failed(&live->call) && live->call.method->effect == METHOD_WRITES)
        reason = REASON_OUTCOME_UNKNOWN; /* it has happened, and there is no answer to it */
    call_answer(live, reason, response);
}

static const struct method *method_named(const struct rpc *rpc, const char *name)
{
    for (size_t i = 0; i < rpc->methods_n; i++)
        if (strcmp(rpc->methods[i].name, name) == 0)
            return &rpc->methods[i];
    return NULL;
}

/* Whether the request may be served: the method exists, the caller's roles may call it, and it has a request id if it must. */
static enum reason call_may(struct live_call *live, const Mingce__V1__Request *request)
{
    struct rpc *rpc = live->peer->rpc;
    struct call *call = &live->call;
    if (rpc->draining)
        return REASON_DRAINING;
    if (live->peer->calls_n > rpc->settings->in_flight)
        return REASON_IN_FLIGHT_LIMIT;
    call->method = method_named(rpc, request->method);
    if (call->method == NULL)
        return call_refuse(call, "method", REASON_METHOD_UNKNOWN);
    if ((call->method->roles & call->caller->roles) == 0)
        return looks_forbidden(call->looks, call->caller, call->method) ? REASON_METHOD_FORBIDDEN
                                                                        : REASON_STORE_BUSY;
    if (call->method->effect != METHOD_WRITES) {
        if (request->has_request_id)
            return call_refuse(call, "request_id", REASON_REQUEST_ID_UNEXPECTED);
        if (call->method->effect == METHOD_READS)
            return REASON_NONE;
        crypto_uuid(call->request_id);
    } else if (!request->has_request_id) {
        return call_refuse(call, "request_id", REASON_REQUEST_ID_MISSING);
    } else if (request->request_id.len != sizeof(call->request_id)) {
        return call_refuse(call, "request_id", REASON_REQUEST_ID_LENGTH);
    } else {
        memcpy(call->request_id, request->request_id.data, sizeof(call->request_id));
    }
    return keyed_index(call->keys, call->method->name, request->body.data, request->body.len, call->digest)
               ? REASON_NONE
               : REASON_MEMORY;
}

static enum reason call_decode_body(struct call *call, const ProtobufCBinaryData *body)
{
    enum reason reason = wirescan(call->method->request, body->data, body->len);
    if (reason != REASON_NONE)
        return reason;
    call->request =
        protobuf_c_message_unpack(call->method->request, arena_allocator(call->arena), body->len, body->data);
    return judged(call, call->request == NULL ? REASON_MEMORY : call->method->valid(call));
}

static int64_t call_deadline(const struct rpc *rpc, const Mingce__V1__Request *request)
{
    uint32_t ms = rpc->settings->deadline_ms;
    if (request->has_deadline_ms && request->deadline_ms < ms)
        ms = request->deadline_ms;
    return clock_monotonic_ms() + ms;
}

static void call_link(struct live_call *live)
{
    struct rpc *rpc = live->peer->rpc;
    if (TAILQ_EMPTY(&rpc->calls))
        event_add(rpc->sweep, &(struct timeval){.tv_usec = SWEEP_MS * 1000});
    TAILQ_INSERT_TAIL(&live->peer->calls, live, of_peer);
    TAILQ_INSERT_TAIL(&rpc->calls, live, of_rpc);
    live->peer->calls_n++;
}

static bool id_in_flight(const struct peer *peer, uint64_t id)
{
    const struct live_call *live;
    TAILQ_FOREACH (live, &peer->calls, of_peer)
        if (live->id == id)
            return true;
    return false;
}

/* The call itself lives in its arena, and is gone with it. */
static struct live_call *call_new(struct peer *peer, struct arena *arena, uint64_t id)
{
    struct live_call *live = arena_alloc(arena, sizeof(*live));
    if (live == NULL)
        return NULL;
    live->peer = peer;
    live->id = id;
    live->began_us = clock_monotonic_us();
    live->stored = (struct store_request){.bytes = 0};
    live->call = (struct call){
        .caller = &peer->caller,
        .settings = peer->rpc->settings,
        .keys = peer->rpc->keys,
        .certificate_key = peer->rpc->certificate_key,
        .looks = peer->rpc->looks,
        .arena = arena,
        .at_ms = clock_wall_ms(),
    };
    return live;
}

/* Owns the arena from here on. An answer to a number that is in flight already could be taken for the
 * other's: such a peer is dismissed. */
static void call_begin(struct peer *peer, struct arena *arena, const Mingce__V1__Request *request)
{
    bool twice = id_in_flight(peer, request->id);
    struct live_call *live = twice ? NULL : call_new(peer, arena, request->id);
    if (live == NULL) {
        arena_free(arena);
        peer_dismiss(peer, twice ? REASON_REQUEST_NUMBER_IN_USE : REASON_MEMORY);
        return;
    }
    live->deadline_ms = call_deadline(peer->rpc, request);
    call_link(live);
    enum reason reason = call_may(live, request);
    if (reason == REASON_NONE)
        reason = call_decode_body(&live->call, &request->body);
    if (reason != REASON_NONE)
        call_answer(live, reason, NULL);
    else
        call_submit(live, request->body.len);
}

void call_frame(struct peer *peer, const uint8_t *bytes, size_t n)
{
    enum reason reason = wirescan(&mingce__v1__frame__descriptor, bytes, n);
    if (reason != REASON_NONE) {
        peer_dismiss(peer, reason);
        return;
    }
    struct arena *arena = arena_new(peer->rpc->settings->request_memory);
    Mingce__V1__Frame *frame =
        arena == NULL ? NULL : mingce__v1__frame__unpack(arena_allocator(arena), n, bytes);
    if (frame != NULL && frame->kind_case == MINGCE__V1__FRAME__KIND_REQUEST) {
        call_begin(peer, arena, frame->request);
        return;
    }
    reason = frame == NULL ? short_of_memory(arena) : REASON_FRAME_KIND;
    arena_free(arena);
    peer_dismiss(peer, reason);
}

void calls_drop(struct peer *peer)
{
    struct live_call *live;
    while ((live = TAILQ_FIRST(&peer->calls)) != NULL) {
        store_abandon(peer->rpc->store, &live->stored);
        call_free(live);
    }
}

void calls_sweep(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct rpc *rpc = context;
    int64_t now = clock_monotonic_ms();
    for (struct live_call *live = TAILQ_FIRST(&rpc->calls), *next; live != NULL; live = next) {
        next = TAILQ_NEXT(live, of_rpc);
        if (now < live->deadline_ms)
            continue;
        store_abandon(rpc->store, &live->stored);
        live->call.fields_n = 0;
        call_answer(live, REASON_DEADLINE_PASSED, NULL);
    }
    if (!TAILQ_EMPTY(&rpc->calls))
        event_add(rpc->sweep, &(struct timeval){.tv_usec = SWEEP_MS * 1000});
}

size_t call_entry_head(const struct call *call, uint32_t row, uint8_t head[CALL_ENTRY_HEAD])
{
    struct entry_head fields = {
        .at_ms = call->at_ms,
        .operator_id = call->caller->operator_id,
        .organisation_id = call->caller->organisation_id,
        .method = call->method->name,
        .request_id = call->request_id,
        .digest = call->digest,
        .row = row,
    };
    _Static_assert((int) ENTRY_HEAD_BYTES <= (int) CALL_ENTRY_HEAD, "a head fits");
    return entry_head(head, &fields);
}
