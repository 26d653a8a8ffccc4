/* SPDX-License-Identifier: Apache-2.0 */
/* What a connection string says, taken apart: the hosts that it names, and everything else as parameters for one of them. */
#ifndef MINGCE_STORE_HOSTS_H
#define MINGCE_STORE_HOSTS_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/compiler.h"

enum { HOSTS_MOST = 16, HOSTS_PARAMETERS = 64, HOST_NAME = 256, HOST_ADDRESS = 64, HOST_PORT = 8 };

/* One of them: its name or the directory of its socket, its address if that is given beside it, its port; "" where libpq's
 * own is meant. */
struct host {
    char name[HOST_NAME], address[HOST_ADDRESS], port[HOST_PORT];
};

struct hosts {
    struct host each[HOSTS_MOST];
    size_t n;
    uint32_t connect_ms; /* for all of them */
    PQconninfoOption *options;
};

/* False: it cannot be used. To be freed in either case. */
bool hosts_read(struct hosts *, const char *conninfo) MUST_CHECK;
void hosts_free(struct hosts *);
/* Of PQconnectStartParams(), for that host; borrowed from both and from `options`. */
struct hosts_parameters {
    const char *names[HOSTS_PARAMETERS], *values[HOSTS_PARAMETERS];
};
void hosts_parameters(const struct hosts *, const struct host *, const char *options,
                      struct hosts_parameters *);

#endif
