/* SPDX-License-Identifier: Apache-2.0 */
/* GET /metrics in the Prometheus text form, GET /health: answered by any worker, for all of them, or by the collector where
 * there is no worker, on the socket that the supervisor opened for it. Nothing personal is in it. */
#ifndef MINGCE_EXPOSITION_H
#define MINGCE_EXPOSITION_H

#include <event2/event.h>

#include "daemon/audit/witnesses.h"

struct exposition;

/* What runs below this supervisor: nothing is told of what does not, for a gauge that nobody sets reads like a fault. */
enum exposed { EXPOSED_SERVICE = 1, EXPOSED_LOG = 2 };

/* `exposed`: the parts that run here. Healthy is who serves; where nothing does, the notary that has its database and no
 * alarm. `socket` is listening; `database_directory` (borrowed, "": unknown) is where its free space is looked up; the witnesses
 * are borrowed. NULL when out of memory. */
struct exposition *exposition_new(struct event_base *, int socket, unsigned exposed,
                                  const char *database_directory, const struct witnesses *) MUST_CHECK;
void exposition_free(struct exposition *);

#endif
