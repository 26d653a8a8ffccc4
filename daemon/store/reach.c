/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/reach.h"

#include <stddef.h>

#include "daemon/base/compiler.h"

void reach_fill(struct reach *reach, const char *conninfo, const char *options)
{
    /* What stands before dbname is a default, what stands after it is not to be changed. The user timeout (ms) ends what
     * was sent and not acknowledged; who only waits for an answer has sent nothing, and needs the keepalives (s). */
    const struct {
        const char *name, *value;
    } parameters[] = {
        {"connect_timeout", "5"},
        {"tcp_user_timeout", "10000"},
        {"keepalives_idle", "5"},
        {"keepalives_interval", "1"},
        {"keepalives_count", "5"},
        {"target_session_attrs", "read-write"},
        {"dbname", conninfo},
        {"options", options},
        {"application_name", "mingced"},
        {"client_encoding", "UTF8"},
        {NULL, NULL},
    };
    _Static_assert(ARRAY_SIZE(parameters) <= REACH_PARAMETERS, "room for each");
    for (size_t i = 0; i < ARRAY_SIZE(parameters); i++) {
        reach->names[i] = parameters[i].name;
        reach->values[i] = parameters[i].value;
    }
}
