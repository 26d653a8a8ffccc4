/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/hosts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_S = 5, CONNECT_LEAST_S = 2, CONNECT_MOST_S = 600 };

/* No target_session_attrs of libpq's: it reads and checks everything before, and connects to nobody. */
static const char nobody[] = "nobody";

/* NULL where it is not given. */
static const char *value_of(const PQconninfoOption *options, const char *name)
{
    while (options->keyword != NULL && strcmp(options->keyword, name) != 0)
        options++;
    return options->keyword == NULL || options->val == NULL || *options->val == '\0' ? NULL : options->val;
}

/* The parameters as libpq reads them, with its services and defaults. NULL: the string cannot be read. */
static PQconninfoOption *options_read(const char *conninfo)
{
    const char *const names[] = {"dbname", "target_session_attrs", NULL};
    const char *const values[] = {conninfo, nobody, NULL};
    PGconn *pg = PQconnectStartParams(names, values, 1);
    PQconninfoOption *options = pg == NULL ? NULL : PQconninfo(pg);
    PQfinish(pg);
    const char *filled = options == NULL ? NULL : value_of(options, "target_session_attrs");
    if (filled != NULL && strcmp(filled, nobody) == 0)
        return options;
    PQconninfoFree(options);
    return NULL;
}

/* The i-th of a list that has so many, with commas between them; "" of no list. False: it is too long. */
static bool item(const char *list, size_t i, char *to, size_t n)
{
    const char *at = list == NULL ? "" : list;
    for (; list != NULL && i > 0; i--)
        at += strcspn(at, ",") + 1;
    size_t length = strcspn(at, ",");
    if (length >= n)
        return false;
    memcpy(to, at, length);
    to[length] = '\0';
    return true;
}

static size_t items(const char *list)
{
    size_t n = list != NULL;
    for (; list != NULL && *list != '\0'; list++)
        n += *list == ',';
    return n;
}

static uint32_t connect_ms(const char *seconds)
{
    long given = seconds == NULL ? 0 : strtol(seconds, NULL, 10);
    if (given <= 0)
        given = CONNECT_S;
    if (given < CONNECT_LEAST_S)
        given = CONNECT_LEAST_S;
    return (uint32_t) (given > CONNECT_MOST_S ? CONNECT_MOST_S : given) * 1000;
}

bool hosts_read(struct hosts *hosts, const char *conninfo)
{
    *hosts = (struct hosts){.options = options_read(conninfo)};
    if (hosts->options == NULL)
        return false;
    const char *names = value_of(hosts->options, "host");
    const char *addresses = value_of(hosts->options, "hostaddr");
    const char *ports = value_of(hosts->options, "port");
    size_t names_n = items(names), addresses_n = items(addresses), ports_n = items(ports);
    size_t n = names_n > addresses_n ? names_n : addresses_n;
    hosts->n = n == 0 ? 1 : n;
    hosts->connect_ms = connect_ms(value_of(hosts->options, "connect_timeout"));
    bool good = hosts->n <= HOSTS_MOST && (names_n == 0 || names_n == hosts->n) &&
                (addresses_n == 0 || addresses_n == hosts->n) && (ports_n <= 1 || ports_n == hosts->n);
    for (size_t i = 0; good && i < hosts->n; i++) {
        struct host *host = &hosts->each[i];
        good = item(names, i, host->name, sizeof(host->name)) &&
               item(addresses, i, host->address, sizeof(host->address)) &&
               item(ports, ports_n == 1 ? 0 : i, host->port, sizeof(host->port));
    }
    return good;
}

void hosts_free(struct hosts *hosts)
{
    PQconninfoFree(hosts->options);
    hosts->options = NULL;
}

static void put(struct hosts_parameters *parameters, size_t *n, const char *name, const char *value)
{
    if (*n + 1 < HOSTS_PARAMETERS && value != NULL && *value != '\0') {
        parameters->names[*n] = name;
        parameters->values[(*n)++] = value;
    }
}

void hosts_parameters(const struct hosts *hosts, const struct host *host, const char *options,
                      struct hosts_parameters *parameters)
{
    /* The user timeout (ms) ends what was sent and not acknowledged; who only waits for an answer has sent nothing, and
     * needs the keepalives (s). */
    static const struct {
        const char *name, *fallback;
    } defaults[] = {{"tcp_user_timeout", "10000"},
                    {"keepalives_idle", "5"},
                    {"keepalives_interval", "1"},
                    {"keepalives_count", "5"}};
    /* whether a server takes writes is asked together with the other terms; a service has been looked up already */
    static const char *const ours[] = {"host",       "hostaddr",        "port",
                                       "options",    "client_encoding", "application_name",
                                       "service",    "connect_timeout", "target_session_attrs",
                                       "replication"};
    size_t n = 0;
    *parameters = (struct hosts_parameters){.names = {NULL}};
    for (size_t i = 0; i < ARRAY_SIZE(defaults); i++)
        if (value_of(hosts->options, defaults[i].name) == NULL)
            put(parameters, &n, defaults[i].name, defaults[i].fallback);
    for (const PQconninfoOption *option = hosts->options; option->keyword != NULL; option++) {
        bool mine = false;
        for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
            mine = mine || strcmp(ours[i], option->keyword) == 0;
        if (!mine)
            put(parameters, &n, option->keyword, option->val);
    }
    put(parameters, &n, "host", host->name);
    put(parameters, &n, "hostaddr", host->address);
    put(parameters, &n, "port", host->port);
    put(parameters, &n, "options", options);
    put(parameters, &n, "application_name", "mingced");
    put(parameters, &n, "client_encoding", "UTF8");
}
