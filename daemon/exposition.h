/* SPDX-License-Identifier: Apache-2.0 */
/* GET /metrics in the Prometheus text form, GET /health: answered by any worker, for all of them, on the socket that the
 * supervisor opened for it. Nothing personal is in it. */
#ifndef MINGCE_EXPOSITION_H
#define MINGCE_EXPOSITION_H

#include <event2/event.h>

#include "daemon/audit/witnesses.h"

struct exposition;

/* `socket` is listening; `database_directory` (borrowed, "": unknown) is where its free space is looked up; the witnesses
 * are borrowed. NULL when out of memory. */
struct exposition *exposition_new(struct event_base *, int socket, const char *database_directory,
                                  const struct witnesses *) MUST_CHECK;
void exposition_free(struct exposition *);

#endif
