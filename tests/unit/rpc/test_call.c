/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of requests, without a network or a database: the session and the store below are the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/rpc/call.h"
#include "daemon/rpc/rpc.h"
#include "daemon/store/store.h"
#include "proto/filing.pb-c.h"
#include "proto/wire.pb-c.h"

/* ---- a session that keeps what is said ---- */

struct session {
    void *owner;
    bool ready, closed;
    uint8_t sent[1 << 16];
    size_t sent_n, frames;
};

static bool no_memory;

uint8_t *session_frame(struct session *session, size_t n)
{
    if (no_memory || n > sizeof(session->sent))
        return NULL;
    session->sent_n = n;
    session->frames++;
    return session->sent;
}
void session_set_owner(struct session *session, void *owner)
{
    session->owner = owner;
}
void *session_owner(const struct session *session)
{
    return session->owner;
}
void session_ready(struct session *session)
{
    session->ready = true;
}
void session_close(struct session *session)
{
    session->closed = true;
}
bool session_address_crowded(const struct session *session)
{
    (void) session;
    return false;
}
void session_account(struct session *session, struct session_account *account)
{
    (void) session, (void) account;
}
const char *session_peer(const struct session *session)
{
    (void) session;
    return "test";
}

/* ---- a store that keeps what is submitted ---- */

enum { WAITING = 256 };
static struct store_request *waiting[WAITING];
static size_t waiting_n, abandoned_n;

void store_submit(struct store *store, const struct statement *statement, struct store_request *request)
{
    (void) store, (void) statement;
    assert_true(waiting_n < WAITING);
    waiting[waiting_n++] = request;
}
void store_follow(struct store *store, const struct statement *then,
                  void (*followed)(void *, const struct rows *), void *context)
{
    (void) store, (void) then, (void) followed, (void) context;
    fail(); /* no receipts without a key */
}

void store_abandon(struct store *store, struct store_request *request)
{
    (void) store;
    for (size_t i = 0; i < waiting_n; i++)
        if (waiting[i] == request) {
            memmove(&waiting[i], &waiting[i + 1], (waiting_n - i - 1) * sizeof(*waiting));
            waiting_n--;
            abandoned_n++;
            return;
        }
}

static void store_answers(size_t which, enum store_outcome outcome)
{
    struct store_request *request = waiting[which];
    memmove(&waiting[which], &waiting[which + 1], (waiting_n - which - 1) * sizeof(*waiting));
    waiting_n--;
    request->done(request, outcome, NULL);
}

/* ---- two methods that need no rows ---- */

static enum reason verdict;
static size_t answer_more; /* bytes that an answer needs beside itself */
static bool answer_broken; /* what it is made of is not what it must be */

static enum reason show_valid(struct call *call)
{
    return verdict == REASON_NONE ? verdict : call_refuse(call, "number", verdict);
}
static void show_bind(struct call *call, struct set *set)
{
    (void) call, (void) set;
}
static enum reason show_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    (void) rows;
    Mingce__V1__ClassOpenResponse *response = (Mingce__V1__ClassOpenResponse *) out;
    char *more = arena_alloc(call->arena, answer_more);
    response->number = ((const Mingce__V1__ClassShowRequest *) call->request)->number;
    if (more == NULL)
        response->number++; /* nobody sees it: the engine judges */
    if (answer_broken)
        call_defect(call);
    return REASON_NONE;
}

static const struct statement nothing = {.name = "nothing"};
#define MESSAGES &mingce__v1__class_show_request__descriptor, &mingce__v1__class_open_response__descriptor
static const struct method table[] = {
    {"thing.read", MESSAGES, 1U << MINGCE__V1__ROLE__ROLE_CLERK, METHOD_READS, &nothing, 0, show_valid,
     show_bind, show_render},
    {"thing.write", MESSAGES, 1U << MINGCE__V1__ROLE__ROLE_CLERK, METHOD_WRITES, &nothing, 0, show_valid,
     show_bind, show_render},
    {"thing.other", MESSAGES, 1U << MINGCE__V1__ROLE__ROLE_AUDITOR, METHOD_READS, &nothing, 0, show_valid,
     show_bind, show_render},
};

/* ---- the scene ---- */

struct scene {
    struct event_base *base;
    struct settings settings;
    struct keyring *keys;
    struct rpc *rpc;
    struct session session;
    struct peer *peer;
};

static struct keyring *fresh_keys(void)
{
    char folder[] = P_tmpdir "/mingce-XXXXXX", path[64];
    const char *why = NULL;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/keys", folder);
    assert_true(keyring_create(path));
    struct keyring *keys = keyring_load(path, &why);
    assert_null(why);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    return keys;
}

static int scene_open(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    assert_non_null(scene);
    scene->base = event_base_new();
    scene->settings = (struct settings){.in_flight = 4, .deadline_ms = 30000, .request_memory = 1 << 20};
    scene->keys = fresh_keys();
    scene->rpc = rpc_new(scene->base, &scene->settings, scene->keys, NULL,
                         &(struct rpc_keys){.receipt = NULL}, table, sizeof(table) / sizeof(*table));
    assert_non_null(scene->rpc);
    waiting_n = abandoned_n = 0;
    verdict = REASON_NONE;
    answer_more = 0;
    answer_broken = false;
    no_memory = false;
    static const uint8_t key_hash[SESSION_KEY_HASH];
    rpc_session_handlers()->opened(scene->rpc, &scene->session, key_hash, false);
    assert_int_equal(waiting_n, 1); /* who is it? */
    waiting_n = 0;
    scene->peer = scene->session.owner;
    scene->peer->looking_up = false;
    scene->peer->greeted = true;
    scene->peer->caller.roles = 1U << MINGCE__V1__ROLE__ROLE_CLERK;
    *state = scene;
    return 0;
}

static int scene_close(void **state)
{
    struct scene *scene = *state;
    rpc_session_handlers()->closed(scene->rpc, &scene->session);
    assert_int_equal(waiting_n, 0); /* nothing of a peer that has gone stays in the store */
    rpc_free(scene->rpc);
    keyring_free(scene->keys);
    event_base_free(scene->base);
    free(scene);
    return 0;
}

static void say(struct scene *scene, const uint8_t *bytes, size_t n)
{
    rpc_session_handlers()->frame(scene->rpc, &scene->session, bytes, n);
}

static void ask(struct scene *scene, uint64_t id, const char *method, size_t request_id, uint64_t number)
{
    uint8_t body[16], frame_bytes[256], sixteen[32] = {1, 2, 3};
    Mingce__V1__ClassShowRequest show = MINGCE__V1__CLASS_SHOW_REQUEST__INIT;
    show.number = number;
    Mingce__V1__Request request = MINGCE__V1__REQUEST__INIT;
    request.id = id;
    request.method = unconst(method);
    request.has_request_id = request_id > 0;
    request.request_id = (ProtobufCBinaryData){request_id, sixteen};
    request.body = (ProtobufCBinaryData){mingce__v1__class_show_request__pack(&show, body), body};
    Mingce__V1__Frame frame = MINGCE__V1__FRAME__INIT;
    frame.kind_case = MINGCE__V1__FRAME__KIND_REQUEST;
    frame.request = &request;
    say(scene, frame_bytes, mingce__v1__frame__pack(&frame, frame_bytes));
}

/* The last frame was an error answer to `id` with this reason (or a goodbye, for id 0). */
static void assert_refused(struct scene *scene, uint64_t id, const char *reason)
{
    Mingce__V1__Frame *frame = mingce__v1__frame__unpack(NULL, scene->session.sent_n, scene->session.sent);
    assert_non_null(frame);
    const Mingce__V1__Error *error = NULL;
    if (frame->kind_case == MINGCE__V1__FRAME__KIND_GOODBYE && id == 0)
        error = frame->goodbye->error;
    else if (frame->kind_case == MINGCE__V1__FRAME__KIND_RESPONSE && frame->response->id == id)
        error = frame->response->outcome_case == MINGCE__V1__RESPONSE__OUTCOME_ERROR ? frame->response->error
                                                                                     : NULL;
    assert_non_null(error);
    assert_string_equal(error->reason, reason);
    mingce__v1__frame__free_unpacked(frame, NULL);
}

static void assert_answered(struct scene *scene, uint64_t id, uint64_t number)
{
    Mingce__V1__Frame *frame = mingce__v1__frame__unpack(NULL, scene->session.sent_n, scene->session.sent);
    assert_non_null(frame);
    assert_int_equal(frame->kind_case, MINGCE__V1__FRAME__KIND_RESPONSE);
    assert_true(frame->response->id == id);
    assert_int_equal(frame->response->outcome_case, MINGCE__V1__RESPONSE__OUTCOME_BODY);
    Mingce__V1__ClassOpenResponse *body =
        mingce__v1__class_open_response__unpack(NULL, frame->response->body.len, frame->response->body.data);
    assert_non_null(body);
    assert_true(body->number == number);
    mingce__v1__class_open_response__free_unpacked(body, NULL);
    mingce__v1__frame__free_unpacked(frame, NULL);
}

/* ---- tests ---- */

static void answers_come_in_any_order(void **state)
{
    struct scene *scene = *state;
    ask(scene, 1, "thing.read", 0, 101);
    ask(scene, 2, "thing.write", 16, 102);
    ask(scene, 3, "thing.read", 0, 103);
    assert_int_equal(scene->session.frames, 0);
    store_answers(2, STORE_DONE);
    assert_answered(scene, 3, 103);
    store_answers(0, STORE_DONE);
    assert_answered(scene, 1, 101);
    store_answers(0, STORE_DONE);
    assert_answered(scene, 2, 102);
}

static void every_store_outcome_is_told_apart(void **state)
{
    struct scene *scene = *state;
    static const struct {
        enum store_outcome outcome;
        const char *reason;
    } cases[] = {{STORE_UNAVAILABLE, "store-unavailable"},
                 {STORE_UNKNOWN, "outcome-unknown"},
                 {STORE_BUSY, "store-busy"},
                 {STORE_FAILED, "store-failed"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ask(scene, 10 + i, "thing.read", 0, 1);
        store_answers(0, cases[i].outcome);
        assert_refused(scene, 10 + i, cases[i].reason);
    }
}

static void what_a_caller_may_not_is_refused_before_the_store(void **state)
{
    struct scene *scene = *state;
    ask(scene, 1, "thing.unknown", 0, 1);
    assert_refused(scene, 1, "method-unknown");
    ask(scene, 2, "thing.other", 0, 1);
    assert_refused(scene, 2, "method-forbidden");
    ask(scene, 3, "thing.write", 0, 1);
    assert_refused(scene, 3, "request-id-missing");
    ask(scene, 4, "thing.write", 15, 1);
    assert_refused(scene, 4, "request-id-length");
    ask(scene, 5, "thing.read", 16, 1);
    assert_refused(scene, 5, "request-id-unexpected");
    verdict = REASON_CLASS_UNKNOWN;
    ask(scene, 6, "thing.read", 0, 1);
    assert_refused(scene, 6, "class-unknown");
    assert_int_equal(waiting_n, 0);
}

static void in_flight_limit_is_told_and_passes(void **state)
{
    struct scene *scene = *state;
    for (uint64_t id = 1; id <= 4; id++)
        ask(scene, id, "thing.read", 0, id);
    ask(scene, 5, "thing.read", 0, 5);
    assert_refused(scene, 5, "in-flight-limit");
    store_answers(0, STORE_DONE);
    ask(scene, 6, "thing.read", 0, 6);
    assert_int_equal(waiting_n, 4);
}

static void a_number_in_flight_twice_ends_the_session(void **state)
{
    struct scene *scene = *state;
    ask(scene, 1, "thing.read", 0, 1);
    ask(scene, 1, "thing.read", 0, 2);
    assert_refused(scene, 0, "request-number-in-use");
    assert_true(scene->session.closed);
    size_t frames = scene->session.frames;
    store_answers(0, STORE_DONE); /* the first one's answer: nobody is listening any more */
    assert_int_equal(scene->session.frames, frames);
}

static void bytes_that_are_no_frame_end_the_session(void **state)
{
    struct scene *scene = *state;
    say(scene, (const uint8_t *) "\xff\xff\xff", 3);
    assert_true(scene->session.closed);
    size_t frames = scene->session.frames;
    ask(scene, 1, "thing.read", 0, 1); /* not heard */
    assert_int_equal(scene->session.frames, frames);
    assert_int_equal(waiting_n, 0);
}

static void a_deadline_is_kept_and_its_late_answer_is_dropped(void **state)
{
    struct scene *scene = *state;
    scene->settings.deadline_ms = 1;
    ask(scene, 1, "thing.write", 16, 1);
    while (scene->session.frames == 0)
        event_base_loop(scene->base, EVLOOP_ONCE);
    assert_refused(scene, 1, "deadline-passed");
    assert_int_equal(abandoned_n, 1);
    assert_false(scene->session.closed);
}

static void no_room_for_an_answer_ends_the_session(void **state)
{
    struct scene *scene = *state;
    ask(scene, 1, "thing.read", 0, 1);
    no_memory = true;
    store_answers(0, STORE_DONE);
    assert_true(scene->session.closed);
}

static void a_request_over_the_memory_cap_is_refused(void **state)
{
    struct scene *scene = *state;
    scene->settings.request_memory = 64;
    ask(scene, 1, "thing.read", 0, 1);
    assert_true(scene->session.closed);
}

/* What was only read may be called too much; what was written has happened, whether its answer has room or not. */
static void an_answer_over_the_memory_cap(void **state)
{
    struct scene *scene = *state;
    answer_more = 1 << 20;
    ask(scene, 1, "thing.read", 0, 1);
    store_answers(0, STORE_DONE);
    assert_refused(scene, 1, "request-too-large");
    ask(scene, 2, "thing.write", 16, 1);
    store_answers(0, STORE_DONE);
    assert_refused(scene, 2, "outcome-unknown");
}

/* That the answer's parts were not what they must be is our fault, not the request's. */
static void an_answer_made_of_a_defect(void **state)
{
    struct scene *scene = *state;
    answer_broken = true;
    ask(scene, 1, "thing.read", 0, 1);
    store_answers(0, STORE_DONE);
    assert_refused(scene, 1, "store-failed");
    ask(scene, 2, "thing.write", 16, 1);
    store_answers(0, STORE_DONE);
    assert_refused(scene, 2, "outcome-unknown"); /* it is written */
}

static void draining_answers_what_is_in_flight_and_then_leaves(void **state)
{
    struct scene *scene = *state;
    ask(scene, 1, "thing.read", 0, 11);
    rpc_drain(scene->rpc);
    assert_false(scene->session.closed);
    ask(scene, 2, "thing.read", 0, 12);
    assert_refused(scene, 2, "draining");
    assert_false(scene->session.closed);
    store_answers(0, STORE_DONE);
    assert_refused(scene, 0, "draining");
    assert_true(scene->session.closed);
}

static void a_peer_that_goes_takes_its_calls_along(void **state)
{
    struct scene *scene = *state;
    ask(scene, 1, "thing.read", 0, 1);
    ask(scene, 2, "thing.write", 16, 2);
    /* scene_close() closes the session and looks at what is left */
    assert_int_equal(waiting_n, 2);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_open, scene_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(answers_come_in_any_order),
        SCENE(every_store_outcome_is_told_apart),
        SCENE(what_a_caller_may_not_is_refused_before_the_store),
        SCENE(in_flight_limit_is_told_and_passes),
        SCENE(a_number_in_flight_twice_ends_the_session),
        SCENE(bytes_that_are_no_frame_end_the_session),
        SCENE(a_deadline_is_kept_and_its_late_answer_is_dropped),
        SCENE(no_room_for_an_answer_ends_the_session),
        SCENE(a_request_over_the_memory_cap_is_refused),
        SCENE(an_answer_over_the_memory_cap),
        SCENE(an_answer_made_of_a_defect),
        SCENE(draining_answers_what_is_in_flight_and_then_leaves),
        SCENE(a_peer_that_goes_takes_its_calls_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
