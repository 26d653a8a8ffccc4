/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/exposition.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/methods.h"
#include "daemon/rpc/method.h"
#include "daemon/store/cause.h"
#include "proto/wire/reason.h"

enum { HEADERS_MOST = 4096, TIMEOUT_S = 5 };

struct exposition {
    struct evhttp *http;
    unsigned exposed;
    const char *database_directory;
    const struct witnesses *witnesses;
};

/* The metrics that are one number each. */
static const struct {
    enum exposed part;
    enum metric metric;
    const char *name, *type, *help;
} singles[] = {
    {EXPOSED_SERVICE, METRIC_CONNECTIONS_ACCEPTED, "mingce_connections_accepted_total", "counter",
     "Connections that clients made"},
    {EXPOSED_SERVICE, METRIC_CONNECTIONS_TURNED_AWAY, "mingce_connections_turned_away_total", "counter",
     "Connections closed at once because there were too many"},
    {EXPOSED_SERVICE, METRIC_TLS_FAILURES, "mingce_tls_failures_total", "counter", "Handshakes that failed"},
    {EXPOSED_SERVICE, METRIC_WORKERS_RESTARTED, "mingce_worker_deaths_total", "counter",
     "Workers that ended without being told to"},
    {EXPOSED_SERVICE, METRIC_DATABASE_LOST, "mingce_database_connections_lost_total", "counter",
     "Database connections that broke"},
    {EXPOSED_SERVICE, METRIC_SETS_TAKEN_APART, "mingce_sets_taken_apart_total", "counter",
     "Sets that failed and whose requests were sent again alone"},
    {EXPOSED_SERVICE, METRIC_CHILDREN_HUNG, "mingce_processes_hung_total", "counter",
     "Processes killed because their loop stood still"},
    {EXPOSED_SERVICE, METRIC_CONNECTIONS, "mingce_connections", "gauge", "Connections of clients"},
    {EXPOSED_SERVICE, METRIC_DATABASE_READY, "mingce_database_connections_ready", "gauge",
     "Database connections that are ready"},
    {EXPOSED_SERVICE, METRIC_QUEUE_REQUESTS, "mingce_queue_requests", "gauge",
     "Requests that wait for the database or its answer"},
    {EXPOSED_SERVICE, METRIC_QUEUE_BYTES, "mingce_queue_bytes", "gauge", "Bytes that wait for the database"},
    {EXPOSED_SERVICE, METRIC_FRAMES_BYTES, "mingce_frames_bytes", "gauge",
     "Memory of frames that are not whole yet"},
    {EXPOSED_SERVICE, METRIC_UNREAD_BYTES, "mingce_unread_bytes", "gauge",
     "Memory of answers that were not read yet"},
    {EXPOSED_SERVICE, METRIC_LOOKS_HELD, "mingce_looks_unrecorded", "gauge",
     "Persons shown masked, logins and forbidden calls that are not recorded yet"},
    {EXPOSED_SERVICE, METRIC_SERVING, "mingce_workers_serving", "gauge", "Workers that have their database"},
    {EXPOSED_LOG, METRIC_LOG_SIZE, "mingce_log_entries", "gauge", "Entries that the last checkpoint covers"},
    {EXPOSED_LOG, METRIC_LOG_SIGNED_SECONDS, "mingce_log_checkpoint_timestamp_seconds", "gauge",
     "When the last checkpoint was signed"},
    {EXPOSED_LOG, METRIC_LOG_ALARM, "mingce_log_alarm", "gauge", "1: the notary refuses to sign"},
    {EXPOSED_LOG, METRIC_LOG_STALLED_SECONDS, "mingce_log_stalled_seconds", "gauge",
     "So long one open transaction has kept committed entries out of the log"},
    {EXPOSED_LOG, METRIC_NOTARY_READY, "mingce_notary_ready", "gauge", "1: the notary has its database"},
    {EXPOSED_SERVICE, METRIC_CERTIFICATE_SECONDS, "mingce_certificate_not_after_timestamp_seconds", "gauge",
     "When the server's certificate ends"},
};

static void head(struct evbuffer *out, const char *name, const char *type, const char *help)
{
    evbuffer_add_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static const char *code_label(int code)
{
    const ProtobufCEnumValue *value =
        code == 0 ? NULL : protobuf_c_enum_descriptor_get_value(&mingce__v1__code__descriptor, code);
    return value == NULL ? "OK" : value->name + sizeof("CODE_") - 1;
}

/* Requests that name no known method are counted behind the last method. */
static const char *method_label(size_t i)
{
    return i < methods_n ? methods[i].name : "unknown";
}

static void write_requests(struct evbuffer *out, const struct metrics_slot *sum)
{
    head(out, "mingce_requests_total", "counter", "Requests answered, by method and code");
    for (size_t i = 0; i <= methods_n; i++)
        for (int code = 0; code < METRICS_CODES; code++)
            if (sum->requests[i][code] > 0)
                evbuffer_add_printf(out, "mingce_requests_total{method=\"%s\",code=\"%s\"} %" PRIu64 "\n",
                                    method_label(i), code_label(code), sum->requests[i][code]);
}

static void write_durations(struct evbuffer *out, const struct metrics_slot *sum)
{
    static const char name[] = "mingce_request_duration_seconds";
    head(out, name, "histogram", "From the frame to the answer");
    for (size_t i = 0; i <= methods_n; i++) {
        uint64_t below = 0;
        for (size_t b = 0; b <= METRICS_DURATIONS; b++)
            below += sum->durations[i][b];
        if (below == 0)
            continue;
        below = 0;
        for (size_t b = 0; b < METRICS_DURATIONS; b++) {
            below += sum->durations[i][b];
            evbuffer_add_printf(out, "%s_bucket{method=\"%s\",le=\"%g\"} %" PRIu64 "\n", name,
                                method_label(i), metrics_durations_us[b] / 1e6, below);
        }
        below += sum->durations[i][METRICS_DURATIONS];
        evbuffer_add_printf(out, "%s_bucket{method=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name, method_label(i),
                            below);
        evbuffer_add_printf(out, "%s_sum{method=\"%s\"} %.6f\n", name, method_label(i),
                            (double) sum->duration_us[i] / 1e6);
        evbuffer_add_printf(out, "%s_count{method=\"%s\"} %" PRIu64 "\n", name, method_label(i), below);
    }
}

static void write_sizes(struct evbuffer *out, const struct metrics_slot *sum)
{
    static const char name[] = "mingce_set_requests";
    uint64_t below = 0;
    head(out, name, "histogram", "Requests in a set sent to the database");
    for (size_t b = 0; b < METRICS_SIZES; b++) {
        below += sum->sizes[b];
        evbuffer_add_printf(out, "%s_bucket{le=\"%" PRIu32 "\"} %" PRIu64 "\n", name, metrics_sizes[b],
                            below);
    }
    below += sum->sizes[METRICS_SIZES];
    evbuffer_add_printf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n%s_sum %" PRIu64 "\n%s_count %" PRIu64 "\n",
                        name, below, name, sum->size, name, below);
}

/* The reasons that occurred, and those of limits: an alert may ask for these before they occur. */
static void write_dismissed(struct evbuffer *out, const struct metrics_slot *sum)
{
    static const char name[] = "mingce_connections_ended_total";
    head(out, name, "counter", "Connections that the server ended, by the reason it gave");
    for (int reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        const struct reason_text *text = reason_text((enum reason) reason);
        if (sum->dismissed[reason] > 0 || strstr(text->name, "-connections") != NULL)
            evbuffer_add_printf(out, "%s{reason=\"%s\"} %" PRIu64 "\n", name, text->name,
                                sum->dismissed[reason]);
    }
}

static void write_unreached(struct evbuffer *out, const struct metrics_slot *sum)
{
    static const char name[] = "mingce_database_connect_failures_total";
    head(out, name, "counter", "Attempts to connect to PostgreSQL that failed, by cause");
    for (int cause = 0; cause < CAUSES; cause++)
        evbuffer_add_printf(out, "%s{cause=\"%s\"} %" PRIu64 "\n", name, cause_word((enum cause) cause),
                            sum->unreached[cause]);
}

static void write_witnesses(struct evbuffer *out, const struct metrics_slot *sum,
                            const struct witnesses *witnesses)
{
    static const char name[] = "mingce_witness_cosigned_timestamp_seconds";
    head(out, name, "gauge",
         "When the last cosignature of a witness came; 0: never, or another host collects them");
    for (size_t i = 0; i < witnesses->n; i++)
        evbuffer_add_printf(out, "%s{witness=\"%s\"} %" PRIu64 "\n", name, witnesses->each[i].id,
                            sum->cosigned_seconds[i]);
}

/* PostgreSQL does not tell how much room is left; if its files are on this host, the file system does. */
static void write_space(struct evbuffer *out, const char *directory)
{
    struct statvfs space;
    if (*directory == '\0' || statvfs(directory, &space) != 0)
        return;
    head(out, "mingce_database_free_bytes", "gauge", "Free space where PostgreSQL keeps its files");
    evbuffer_add_printf(out, "mingce_database_free_bytes %" PRIu64 "\n",
                        (uint64_t) space.f_bavail * space.f_frsize);
}

static void reply(struct evhttp_request *request, int status, const char *why, const char *type,
                  struct evbuffer *body)
{
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", type);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Connection", "close");
    evhttp_send_reply(request, status, why, body);
}

static void on_metrics(struct evhttp_request *request, void *context)
{
    const struct exposition *exposition = context;
    static struct metrics_slot sum; /* too large for the stack */
    struct evbuffer *out = evbuffer_new();
    if (out == NULL) {
        evhttp_send_error(request, HTTP_SERVUNAVAIL, NULL);
        return;
    }
    metrics_sum(&sum);
    head(out, "mingce_build_info", "gauge", "The version that runs");
    evbuffer_add_printf(out, "mingce_build_info{version=\"%s\"} 1\n", MINGCE_VERSION);
    for (size_t i = 0; i < ARRAY_SIZE(singles); i++) {
        if ((exposition->exposed & singles[i].part) == 0)
            continue;
        head(out, singles[i].name, singles[i].type, singles[i].help);
        evbuffer_add_printf(out, "%s %" PRIu64 "\n", singles[i].name, sum.values[singles[i].metric]);
    }
    write_unreached(out, &sum);
    if ((exposition->exposed & EXPOSED_SERVICE) != 0) {
        write_dismissed(out, &sum);
        write_requests(out, &sum);
        write_durations(out, &sum);
        write_sizes(out, &sum);
        write_space(out, exposition->database_directory);
    }
    if ((exposition->exposed & EXPOSED_LOG) != 0)
        write_witnesses(out, &sum, exposition->witnesses);
    reply(request, HTTP_OK, "OK", "text/plain; version=0.0.4; charset=utf-8", out);
    evbuffer_free(out);
}

/* What is wrong; NULL: nothing. */
static const char *illness(unsigned exposed, const struct metrics_slot *sum)
{
    if ((exposed & EXPOSED_SERVICE) != 0)
        return sum->values[METRIC_SERVING] > 0 ? NULL : "no worker has its database";
    if (sum->values[METRIC_LOG_ALARM] > 0)
        return "the notary refuses to sign";
    return sum->values[METRIC_NOTARY_READY] > 0 ? NULL : "the notary has not its database";
}

static void on_health(struct evhttp_request *request, void *context)
{
    const struct exposition *exposition = context;
    static struct metrics_slot sum;
    struct evbuffer *out = evbuffer_new();
    if (out == NULL) {
        evhttp_send_error(request, HTTP_SERVUNAVAIL, NULL);
        return;
    }
    metrics_sum(&sum);
    const char *ill = illness(exposition->exposed, &sum);
    evbuffer_add_printf(out, "%s\n", ill == NULL ? "ok" : ill);
    reply(request, ill == NULL ? HTTP_OK : HTTP_SERVUNAVAIL, ill == NULL ? "OK" : "Unavailable", "text/plain",
          out);
    evbuffer_free(out);
}

struct exposition *exposition_new(struct event_base *base, int socket, unsigned exposed,
                                  const char *database_directory, const struct witnesses *witnesses)
{
    _Static_assert((int) WITNESSES_MOST <= (int) METRICS_WITNESSES, "a place for each witness");
    _Static_assert((int) REASON_COUNT <= (int) METRICS_REASONS, "a place for each reason");
    _Static_assert((int) CAUSES <= (int) METRICS_CAUSES, "a place for each cause");
    struct exposition *exposition = calloc(1, sizeof(*exposition));
    if (exposition == NULL)
        return NULL;
    exposition->exposed = exposed;
    exposition->database_directory = database_directory;
    exposition->witnesses = witnesses;
    exposition->http = evhttp_new(base);
    if (exposition->http == NULL || evhttp_accept_socket(exposition->http, socket) != 0 ||
        evhttp_set_cb(exposition->http, "/metrics", on_metrics, exposition) != 0 ||
        evhttp_set_cb(exposition->http, "/health", on_health, exposition) != 0) {
        exposition_free(exposition);
        return NULL;
    }
    evhttp_set_allowed_methods(exposition->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_max_headers_size(exposition->http, HEADERS_MOST);
    evhttp_set_max_body_size(exposition->http, 0);
    evhttp_set_timeout(exposition->http, TIMEOUT_S);
    return exposition;
}

void exposition_free(struct exposition *exposition)
{
    if (exposition == NULL)
        return;
    if (exposition->http != NULL)
        evhttp_free(exposition->http);
    free(exposition);
}
