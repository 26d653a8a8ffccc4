/* SPDX-License-Identifier: Apache-2.0 */
/* A worker: one event loop that parses what strangers send. Holds the sealing keys, the receipts' and the certificates', never the
 * log's signing key. */
#include <event2/event.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/audit/log_key.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/crypto/seal.h"
#include "daemon/exposition.h"
#include "daemon/methods.h"
#include "daemon/net/listener.h"
#include "daemon/process.h"
#include "daemon/registry/key_check.h"
#include "daemon/rpc/rpc.h"
#include "daemon/store/store.h"
#include "proto/wire/hex.h"

enum { DRAIN_LOOK_MS = 20 };

struct worker {
    struct event_base *base;
    struct settings settings;
    const char *path; /* of the settings file; NULL: none */
    struct keyring *keys;
    struct log_key receipt_key, certificate_key;
    struct store *store;
    struct rpc *rpc;
    struct listener *listener;
    struct event *on_term, *on_hup, *drain_look, *pulse;
    int ready;                     /* pipe to the supervisor; -1 once told */
    struct exposition *exposition; /* NULL: none */
    struct witnesses witnesses;
    struct store_request check; /* of the key ring, with the first database connection */
    bool draining;
    int64_t drain_until_ms; /* monotonic */
};

static void on_pulse(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what, (void) context;
    metrics_pulse();
}

static void drain_look(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct worker *worker = context;
    bool late = clock_monotonic_ms() >= worker->drain_until_ms;
    bool settled = rpc_settled(worker->rpc);
    if ((listener_sessions(worker->listener) != 0 || !settled) && !late)
        return;
    log_info("drained", "left=%zu", listener_sessions(worker->listener));
    event_base_loopbreak(worker->base);
}

static void on_term(evutil_socket_t signal, short what, void *context)
{
    (void) signal, (void) what;
    struct worker *worker = context;
    if (worker->draining) {
        log_warn("drain-cut-short", "left=%zu", listener_sessions(worker->listener));
        event_base_loopbreak(worker->base);
        return;
    }
    worker->draining = true;
    worker->drain_until_ms = clock_monotonic_ms() + worker->settings.drain_ms;
    log_info("draining", "sessions=%zu", listener_sessions(worker->listener));
    listener_stop(worker->listener);
    rpc_drain(worker->rpc);
    event_add(worker->drain_look, &(struct timeval){.tv_usec = DRAIN_LOOK_MS * 1000});
}

/* Settings are swapped in place: every floor reads them through the pointer it was given. */
static void on_hup(evutil_socket_t signal, short what, void *context)
{
    (void) signal, (void) what;
    struct worker *worker = context;
    struct settings fresh;
    char error[512];
    if (!settings_load(&fresh, worker->path, error, sizeof(error))) {
        log_error("reload-refused", "why=\"%s\"", error);
        return;
    }
    const char *why = NULL;
    struct keyring *keys = keyring_load(worker->settings.key_ring, &why);
    if (keys != NULL && !keyring_extends(keys, worker->keys)) {
        why = "it lacks a key that is in use";
        keyring_free(keys);
        keys = NULL;
    }
    if (keys == NULL)
        log_error("reload-refused", "why=\"key_ring: %s\"", why);
    if (keys == NULL || !listener_reload(worker->listener, &fresh)) {
        keyring_free(keys);
        settings_free(&fresh);
        return;
    }
    keyring_swap(worker->keys, keys); /* every floor keeps its pointer */
    keyring_free(keys);
    struct settings stale = worker->settings;
    settings_keep(&fresh, &stale);
    worker->settings = fresh;
    settings_free(&stale);
    log_start("worker", worker->settings.log_level);
    log_info("reloaded", NULL);
}

/* api/operator.sql, api/organisation.sql: the id of an operator or an organisation that may have lost rights. */
static void on_barred(void *context, const char *payload)
{
    struct worker *worker = context;
    uint8_t id[16];
    if (hex_read(payload, id, sizeof(id)))
        rpc_recheck(worker->rpc, id);
}

static void check_bind(struct store_request *check, struct set *set)
{
    (void) check;
    key_check_bind(set);
}

/* Ready when the key ring is the right one; with another the worker would store what nobody can read. */
static void check_done(struct store_request *check, enum store_outcome outcome, const struct rows *rows)
{
    struct worker *worker = CONTAINER_OF(check, struct worker, check);
    if (outcome != STORE_DONE)
        return; /* the next connection asks again */
    const char *why = key_check(worker->keys, rows);
    if (why != NULL)
        fatal("key-ring-wrong", "why=\"%s\"", why);
    if (write(worker->ready, "", 1) != 1)
        log_warn("ready-untold", NULL);
    close(worker->ready);
    worker->ready = -1;
    metrics_set(METRIC_SERVING, 1);
}

static void on_store(void *context, bool ready)
{
    struct worker *worker = context;
    metrics_set(METRIC_SERVING, ready && worker->ready < 0);
    if (!ready)
        return;
    rpc_recheck(worker->rpc, NULL); /* what was told meanwhile is lost */
    if (worker->ready < 0)
        return;
    worker->check = (struct store_request){.bind = check_bind, .done = check_done};
    store_submit(worker->store, &key_check_statement, &worker->check);
}

/* NULL: none is configured. */
static const struct log_key *signing_key(const char *path, const char *word, struct log_key *key)
{
    char event[64];
    if (*path == '\0')
        return NULL;
    const char *why = log_key_load_for(path, word, key);
    snprintf(event, sizeof(event), "%s-key-refused", word);
    if (why != NULL)
        fatal(event, "why=\"%s\"", why);
    return key;
}

static void worker_open(struct worker *worker, const int *sockets, size_t n, int metrics)
{
    const char *why = NULL;
    worker->keys = keyring_load(worker->settings.key_ring, &why);
    if (worker->keys == NULL)
        fatal("key-ring-refused", "why=\"%s\"", why);
    worker->base = event_base_new();
    if (worker->base == NULL)
        fatal("no-event-base", NULL);
    worker->store = store_new(worker->base, &worker->settings, method_statements, method_statements_n);
    if (worker->store == NULL)
        fatal("store-refused", NULL);
    const struct rpc_keys signing = {
        .receipt = signing_key(worker->settings.receipt_key, "receipt", &worker->receipt_key),
        .certificate =
            signing_key(worker->settings.certificate_key, "certificate", &worker->certificate_key)};
    worker->rpc =
        rpc_new(worker->base, &worker->settings, worker->keys, worker->store, &signing, methods, methods_n);
    if (worker->rpc == NULL)
        fatal("out-of-memory", NULL);
    worker->listener =
        listener_new(worker->base, sockets, n, &worker->settings, rpc_session_handlers(), worker->rpc);
    if (worker->listener == NULL)
        fatal("listener-refused", NULL);
    if (metrics >= 0) {
        why = witnesses_load(worker->settings.witnesses, &worker->witnesses);
        if (why != NULL)
            fatal("witnesses-refused", "why=\"%s\"", why);
        unsigned exposed = EXPOSED_SERVICE | (*worker->settings.log_key == '\0' ? 0U : EXPOSED_LOG);
        worker->exposition = exposition_new(worker->base, metrics, exposed,
                                            worker->settings.database_directory, &worker->witnesses);
        if (worker->exposition == NULL)
            fatal("out-of-memory", NULL);
    }
    store_on_change(worker->store, on_store, worker);
    store_listen(worker->store, "mingce_barred", on_barred, worker);
    worker->on_term = evsignal_new(worker->base, SIGTERM, on_term, worker);
    worker->on_hup = evsignal_new(worker->base, SIGHUP, on_hup, worker);
    worker->drain_look = event_new(worker->base, -1, EV_PERSIST, drain_look, worker);
    worker->pulse = event_new(worker->base, -1, EV_PERSIST, on_pulse, worker);
    if (worker->on_term == NULL || worker->on_hup == NULL || worker->drain_look == NULL ||
        worker->pulse == NULL)
        fatal("out-of-memory", NULL);
    event_add(worker->on_term, NULL);
    event_add(worker->on_hup, NULL);
    event_add(worker->pulse, &(struct timeval){.tv_sec = METRICS_PULSE_MS / 1000});
    metrics_pulse(); /* who hangs before the first one is due has begun, too */
}

static void worker_close(struct worker *worker)
{
    event_free(worker->on_term);
    event_free(worker->on_hup);
    event_free(worker->drain_look);
    event_free(worker->pulse);
    exposition_free(worker->exposition);
    listener_free(worker->listener);
    rpc_free(worker->rpc);
    store_free(worker->store);
    keyring_free(worker->keys);
    event_base_loop(worker->base, EVLOOP_NONBLOCK); /* names that were being looked up for the store */
    event_base_free(worker->base);
    OPENSSL_cleanse(&worker->receipt_key, sizeof(worker->receipt_key));
    OPENSSL_cleanse(&worker->certificate_key, sizeof(worker->certificate_key));
    settings_free(&worker->settings);
}

_Noreturn void worker_run(const char *path, const struct settings *settings, const int *sockets, size_t n,
                          int metrics, int ready)
{
    struct worker worker = {.settings = *settings, .path = path, .ready = ready};
    log_start("worker", settings->log_level);
    worker_open(&worker, sockets, n, metrics);
    log_info("started", NULL);
    int status = event_base_dispatch(worker.base) < 0;
    worker_close(&worker);
    log_info("stopped", NULL);
    exit(status);
}
