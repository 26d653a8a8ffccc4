/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accepts connections on the supervisor's sockets and owns the sessions of one worker.
 *
 * Up to `connections` sessions are served; those beyond are opened `crowded`, to be told so. At CROWD above the
 * limit a newcomer takes the place of a session that is only lingering or has not come through its handshake
 * in a second; if there is none, it is closed at once.
 */
#ifndef MINGCE_NET_LISTENER_H
#define MINGCE_NET_LISTENER_H

#include <event2/event.h>
#include <stddef.h>

#include "daemon/base/compiler.h"
#include "daemon/base/settings.h"
#include "daemon/net/session.h"

enum { LISTENER_CROWD = 64 };

struct listener;

/* The sockets are borrowed: non-blocking, bound and listening. Of the settings nothing is kept but copies.
 * NULL with a log line when the TLS files cannot be used. */
struct listener *listener_new(struct event_base *, const int *sockets, size_t n, const struct settings *,
                              const struct session_handlers *, void *context) MUST_CHECK;
/* New certificates and limits for new connections; the open ones stay as they are. False (logged): the old stay. */
bool listener_reload(struct listener *, const struct settings *) MUST_CHECK;
void listener_stop(struct listener *);             /* accept no more; handshakes under way get a second */
size_t listener_sessions(const struct listener *); /* in whatever state, until they are freed */
void listener_free(struct listener *);             /* drops what is left without ceremony */

#endif
