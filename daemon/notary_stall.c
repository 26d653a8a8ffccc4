/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/notary_stall.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"

enum { LOOK_MS = 1000, NAMED_MS = 5000 /* from when it is named, and how often */ };

static bool same(const struct blocker *one, const struct blocker *other)
{
    return strcmp(one->pid, other->pid) == 0;
}

static void name(const struct blocker *blocker, int64_t ms)
{
    char role[2 * BLOCKER_TEXT], application[2 * BLOCKER_TEXT];
    log_error("log-stalled", "pid=%s user=%s application=%s held_s=%lld", blocker->pid,
              log_quote(role, sizeof(role), blocker->role),
              log_quote(application, sizeof(application), blocker->application), (long long) ms / 1000);
}

bool stall_look(struct stall *stall, PGconn *pg)
{
    struct blocker found;
    int64_t now = clock_monotonic_ms();
    if (now - stall->looked_ms < LOOK_MS)
        return true;
    stall->looked_ms = now;
    if (!notary_stalled(pg, &found))
        return false;
    if (!same(&found, &stall->blocker)) {
        stall->blocker = found;
        stall->since_ms = stall->named_ms = now;
    }
    bool stalled = *found.pid != '\0';
    metrics_set(METRIC_LOG_STALLED_SECONDS, stalled ? (uint64_t) (now - stall->since_ms) / 1000 : 0);
    if (stalled && now - stall->named_ms >= NAMED_MS) {
        name(&found, now - stall->since_ms);
        stall->named_ms = now;
    }
    return true;
}
