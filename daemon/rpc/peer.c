/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/rpc/peer.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/crypto/record.h"
#include "daemon/rpc/call.h"
#include "daemon/rpc/reply.h"
#include "proto/record.pb-c.h"

#define CALLER_RESULT(COLUMN)                                                                                \
    COLUMN(CALLER_OPERATOR, "operator_id", UUID)                                                             \
    COLUMN(CALLER_SEALED, "sealed", BYTEA)                                                                   \
    COLUMN(CALLER_ROLES, "role_mask", INT4)                                                                  \
    COLUMN(CALLER_ORGANISATION, "organisation_id", UUID)                                                     \
    COLUMN(CALLER_CODE, "code", TEXT)                                                                        \
    COLUMN(CALLER_NAME, "name", TEXT)                                                                        \
    COLUMN(CALLER_KIND, "kind", INT2)                                                                        \
    COLUMN(CALLER_DIVISION, "division", TEXT)                                                                \
    COLUMN(CALLER_STATUS, "status", INT2)
COLUMNS_AFTER(RESULT, caller_result, CALLER_RESULT);
#define CALLER_PARAMETERS(COLUMN) COLUMN(CALLER_IN_KEY_HASH, "key_hash", BYTEA)
COLUMNS_OF(caller_parameters, CALLER_PARAMETERS);
const struct statement rpc_caller_statement = {
    .name = "caller",
    .parameters = COLUMNS(caller_parameters),
    .result = COLUMNS(caller_result),
};

enum { HELLO_ROLES = 8, HELLO_METHODS = METRICS_METHODS /* there are no more */ };

void peer_dismiss(struct peer *peer, enum reason reason)
{
    if (peer->leaving)
        return;
    peer->leaving = true;
    metrics_dismissed(reason);
    log_info("dismissed", "peer=%s reason=%s", session_peer(peer->session), reason_text(reason)->name);
    if (!reply_goodbye(peer->session, reason))
        log_warn("goodbye-unsaid", "peer=%s", session_peer(peer->session));
    session_close(peer->session);
}

void peer_answered(struct peer *peer)
{
    if (peer->rpc->draining && peer->calls_n == 0)
        peer_dismiss(peer, REASON_DRAINING);
}

static void lookup_bind(struct store_request *stored, struct set *set)
{
    struct peer *peer = CONTAINER_OF(stored, struct peer, lookup);
    set_bytes(set, CALLER_IN_KEY_HASH, peer->key_hash, sizeof(peer->key_hash));
}

/* The operator's record; NULL when it cannot be opened. */
static Mingce__V1__OperatorRecord *operator_record(struct peer *peer, const struct rows *rows)
{
    size_t n;
    const uint8_t *sealed = rows_bytes(rows, 0, CALLER_SEALED, &n);
    const ProtobufCMessageDescriptor *descriptor = &mingce__v1__operator_record__descriptor;
    return (Mingce__V1__OperatorRecord *) record_open(peer->rpc->keys, descriptor, peer->caller.operator_id,
                                                      sealed, n, NULL);
}

static size_t roles_listed(uint32_t mask, Mingce__V1__Role roles[HELLO_ROLES])
{
    size_t n = 0;
    for (int role = MINGCE__V1__ROLE__ROLE_CLERK; role <= MINGCE__V1__ROLE__ROLE_AUDITADMIN; role++)
        if ((mask & 1U << role) != 0)
            roles[n++] = (Mingce__V1__Role) role;
    return n;
}

static size_t methods_listed(const struct rpc *rpc, uint32_t mask, const char *names[HELLO_METHODS])
{
    size_t n = 0;
    for (size_t i = 0; i < rpc->methods_n && n < HELLO_METHODS; i++)
        if ((rpc->methods[i].roles & mask) != 0)
            names[n++] = rpc->methods[i].name;
    return n;
}

static bool peer_greet(struct peer *peer, const struct rows *rows)
{
    const struct settings *settings = peer->rpc->settings;
    Mingce__V1__Limits limits = MINGCE__V1__LIMITS__INIT;
    limits.frame_bytes = settings->frame_bytes;
    limits.in_flight = settings->in_flight;
    limits.deadline_ms = settings->deadline_ms;
    limits.roster_rows = settings->roster_rows;
    limits.page_rows = settings->page_rows;
    Mingce__V1__Organisation organisation = MINGCE__V1__ORGANISATION__INIT;
    organisation.code = unconst(rows_text(rows, 0, CALLER_CODE));
    organisation.name = unconst(rows_text(rows, 0, CALLER_NAME));
    organisation.kind = (Mingce__V1__OrganisationKind) rows_int2(rows, 0, CALLER_KIND);
    organisation.division = unconst(rows_text(rows, 0, CALLER_DIVISION));
    organisation.status = (Mingce__V1__OrganisationStatus) rows_int2(rows, 0, CALLER_STATUS);
    Mingce__V1__Role roles[HELLO_ROLES];
    const char *methods[HELLO_METHODS];
    Mingce__V1__OperatorRecord *record = operator_record(peer, rows);
    Mingce__V1__Caller caller = MINGCE__V1__CALLER__INIT;
    caller.operator_id = (ProtobufCBinaryData){sizeof(peer->caller.operator_id), peer->caller.operator_id};
    caller.name = record == NULL ? unconst("") : record->name;
    caller.organisation = &organisation;
    caller.n_role = roles_listed(peer->caller.roles, roles);
    caller.role = roles;
    caller.n_method = methods_listed(peer->rpc, peer->caller.roles, methods);
    caller.method = (char **) (void *) methods;
    Mingce__V1__Hello hello = MINGCE__V1__HELLO__INIT;
    hello.protocol = 1;
    hello.limits = &limits;
    hello.server_time_ms = clock_wall_ms();
    hello.caller = &caller;
    bool said = reply_hello(peer->session, &hello);
    mingce__v1__operator_record__free_unpacked(record, NULL);
    return said;
}

static void caller_take(struct caller *caller, const struct rows *rows)
{
    memcpy(caller->operator_id, rows_uuid(rows, 0, CALLER_OPERATOR), sizeof(caller->operator_id));
    memcpy(caller->organisation_id, rows_uuid(rows, 0, CALLER_ORGANISATION), sizeof(caller->organisation_id));
    caller->roles = (uint32_t) rows_int4(rows, 0, CALLER_ROLES);
}

/* ---- room ---- */

/* The peer of those that have most of that kind, if that is more than this one's have; of these the quietest, and rather one
 * without a request under way. NULL: none has more. */
static struct peer *most_crowding(const struct peer *peer, enum crowd_kind kind)
{
    struct peer *other, *found = NULL;
    TAILQ_FOREACH (other, &peer->rpc->peers, link) {
        const struct crowd_party *party = other->parties[kind];
        if (!other->greeted || other->leaving || party == NULL ||
            party->sessions.n <= peer->parties[kind]->sessions.n)
            continue;
        size_t most = found == NULL ? 0 : found->parties[kind]->sessions.n;
        if (party->sessions.n > most ||
            (party->sessions.n == most && other->calls_n == 0 && found->calls_n > 0))
            found = other;
    }
    return found;
}

/* The server is full: a peer of the party that has most sessions gives way to one of a party that has fewer. */
static bool make_room(const struct peer *peer)
{
    static const enum crowd_kind kinds[] = {CROWD_OPERATOR, CROWD_ORGANISATION};
    struct peer *found = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(kinds) && found == NULL; i++)
        found = most_crowding(peer, kinds[i]);
    if (found != NULL)
        peer_dismiss(found, REASON_GAVE_WAY);
    return found != NULL;
}

/* One more of that kind. */
static enum reason enter(struct peer *peer, enum crowd_kind kind, const uint8_t *id, uint32_t most,
                         enum reason too_many)
{
    struct crowd_party *party = crowd_enter(&peer->rpc->crowd, kind, id);
    peer->parties[kind] = party;
    if (party == NULL)
        return REASON_MEMORY;
    return most > 0 && party->sessions.n > most ? too_many : REASON_NONE;
}

static enum reason enter_known(struct peer *peer)
{
    const struct settings *settings = peer->rpc->settings;
    enum reason reason = enter(peer, CROWD_OPERATOR, peer->caller.operator_id, settings->operator_connections,
                               REASON_OPERATOR_CONNECTIONS);
    if (reason == REASON_NONE)
        reason = enter(peer, CROWD_ORGANISATION, peer->caller.organisation_id,
                       settings->organisation_connections, REASON_ORGANISATION_CONNECTIONS);
    if (reason == REASON_NONE && peer->crowded && !make_room(peer))
        reason = REASON_CONNECTION_LIMIT;
    return reason;
}

static void leave(struct peer *peer)
{
    for (int kind = 0; kind < CROWD_KINDS; kind++)
        if (peer->parties[kind] != NULL)
            tally_leave(&peer->rpc->crowd, &peer->parties[kind]->sessions);
}

void peer_active(struct peer *peer)
{
    struct rpc *rpc = peer->rpc;
    peer->active_ms = clock_monotonic_ms();
    TAILQ_REMOVE(&rpc->peers, peer, link);
    TAILQ_INSERT_TAIL(&rpc->peers, peer, link);
}

void peers_idle(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct rpc *rpc = context;
    int64_t idle_ms = rpc->settings->idle_ms, since = clock_monotonic_ms() - idle_ms;
    for (struct peer *peer = TAILQ_FIRST(&rpc->peers), *next; peer != NULL && idle_ms > 0; peer = next) {
        if (peer->active_ms > since)
            break;
        next = TAILQ_NEXT(peer, link);
        if (peer->greeted && !peer->leaving && peer->calls_n == 0)
            peer_dismiss(peer, REASON_IDLE);
    }
}

/* ---- who it is ---- */

static void greet(struct peer *peer, const struct rows *rows)
{
    caller_take(&peer->caller, rows);
    enum reason reason = enter_known(peer);
    if (reason != REASON_NONE) {
        peer_dismiss(peer, reason);
        return;
    }
    peer_active(peer);
    if (!looks_login(peer->rpc->looks, &peer->caller)) {
        peer_dismiss(peer, REASON_STORE_BUSY);
        return;
    }
    if (!peer_greet(peer, rows)) {
        peer_dismiss(peer, REASON_MEMORY);
        return;
    }
    peer->greeted = true;
    session_ready(peer->session);
}

/* The second look-up: the roles must still be those that the greeting told. */
static void compare(struct peer *peer, const struct rows *rows)
{
    struct caller now = {.roles = 0};
    caller_take(&now, rows);
    if (now.roles != peer->caller.roles)
        peer_dismiss(peer, REASON_RIGHTS_CHANGED);
}

/* Nobody is known by the key, or nobody any more. */
static void turn_away(struct peer *peer)
{
    if (!looks_stranger(peer->rpc->looks, peer->key_hash))
        log_warn("login-unrecorded", "peer=%s", session_peer(peer->session));
    peer_dismiss(peer, REASON_OPERATOR_UNKNOWN);
}

static void lookup_done(struct store_request *stored, enum store_outcome outcome, const struct rows *rows)
{
    struct peer *peer = CONTAINER_OF(stored, struct peer, lookup);
    bool again = peer->recheck, gone = outcome == STORE_UNAVAILABLE || outcome == STORE_UNKNOWN;
    peer->looking_up = peer->recheck = false;
    if (peer->leaving || (gone && peer->greeted))
        return; /* when the database is back everybody is looked up again */
    if (outcome != STORE_DONE)
        peer_dismiss(peer, outcome == STORE_BUSY ? REASON_STORE_BUSY : REASON_STORE_UNAVAILABLE);
    else if (rows_count(rows) != 1)
        turn_away(peer);
    else
        (peer->greeted ? compare : greet)(peer, rows);
    if (again)
        peer_recheck(peer);
}

static void look_up(struct peer *peer)
{
    peer->lookup = (struct store_request){.bind = lookup_bind, .done = lookup_done};
    peer->looking_up = true;
    store_submit(peer->rpc->store, &rpc_caller_statement, &peer->lookup);
}

void peer_recheck(struct peer *peer)
{
    if (peer->leaving)
        return;
    if (peer->looking_up)
        peer->recheck = true; /* the answer under way may be an old one */
    else
        look_up(peer);
}

static void on_opened(void *context, struct session *session, const uint8_t key_hash[SESSION_KEY_HASH],
                      bool crowded)
{
    struct rpc *rpc = context;
    struct peer *peer = calloc(1, sizeof(*peer));
    if (peer == NULL) {
        session_close(session);
        return;
    }
    peer->rpc = rpc;
    peer->session = session;
    TAILQ_INIT(&peer->calls);
    peer->crowded = crowded;
    peer->active_ms = clock_monotonic_ms();
    memcpy(peer->key_hash, key_hash, sizeof(peer->key_hash));
    TAILQ_INSERT_TAIL(&rpc->peers, peer, link);
    session_set_owner(session, peer);
    enum reason reason = enter(peer, CROWD_CERTIFICATE, peer->key_hash, rpc->settings->operator_connections,
                               REASON_OPERATOR_CONNECTIONS);
    if (peer->parties[CROWD_CERTIFICATE] != NULL)
        session_account(session, &peer->parties[CROWD_CERTIFICATE]->held);
    if (rpc->draining)
        reason = REASON_DRAINING;
    else if (session_address_crowded(session))
        reason = REASON_ADDRESS_CONNECTIONS;
    if (reason == REASON_NONE)
        look_up(peer);
    else
        peer_dismiss(peer, reason);
}

static void on_frame(void *context, struct session *session, const uint8_t *bytes, size_t n)
{
    (void) context;
    struct peer *peer = session_owner(session);
    if (!peer->greeted || peer->leaving)
        return;
    peer_active(peer);
    call_frame(peer, bytes, n);
}

static void on_oversize(void *context, struct session *session)
{
    (void) context;
    peer_dismiss(session_owner(session), REASON_FRAME_TOO_LONG);
}

static void on_starved(void *context, struct session *session)
{
    (void) context;
    peer_dismiss(session_owner(session), REASON_FRAMES_BYTES);
}

/* The peer cannot be told, because the answers that it does not read are in the way. */
static void on_flooded(void *context, struct session *session)
{
    (void) context;
    struct peer *peer = session_owner(session);
    if (peer->leaving)
        return;
    peer->leaving = true;
    metrics_dismissed(REASON_ANSWERS_BYTES);
    log_info("dismissed", "peer=%s reason=%s", session_peer(session),
             reason_text(REASON_ANSWERS_BYTES)->name);
}

static void on_closed(void *context, struct session *session)
{
    struct rpc *rpc = context;
    struct peer *peer = session_owner(session);
    if (peer == NULL)
        return;
    peer->leaving = true;
    calls_drop(peer);
    if (peer->looking_up)
        store_abandon(rpc->store, &peer->lookup);
    session_account(session, NULL);
    leave(peer);
    TAILQ_REMOVE(&rpc->peers, peer, link);
    free(peer);
}

const struct session_handlers *rpc_session_handlers(void)
{
    static const struct session_handlers handlers = {
        .opened = on_opened,
        .frame = on_frame,
        .oversize = on_oversize,
        .starved = on_starved,
        .flooded = on_flooded,
        .closed = on_closed,
    };
    return &handlers;
}
