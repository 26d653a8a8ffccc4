/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database as one worker sees it: a few connections in pipeline mode, for each statement an open set,
 * and the requests that wait. Whenever a connection is free, the set that has waited longest is sent, but two sets of
 * one statement go side by side only when they are full; nobody waits on a timer. A set that fails is taken apart and each
 * of its requests is bound again and sent alone, so that only the guilty one fails. Of one owner's requests only so many are
 * in sets at a time that every connection has its fill: whoever asks little does not wait for the rest of them.
 */
#ifndef MINGCE_STORE_STORE_H
#define MINGCE_STORE_STORE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/compiler.h"
#include "daemon/base/settings.h"
#include "daemon/store/request.h"
#include "daemon/store/rows.h"
#include "daemon/store/set.h"
#include "daemon/store/statement.h"

struct store;

/* The statements are borrowed for good. Connects by itself, and again with backoff for as long as it lives. */
struct store *store_new(struct event_base *, const struct settings *,
                        const struct statement *const *statements, size_t n) MUST_CHECK;
void store_free(struct store *);
void store_submit(struct store *, const struct statement *, struct store_request *);
/* The owner goes: `done` will not be called. What was sent stays sent, its answer is thrown away. */
void store_abandon(struct store *, struct store_request *);
/* True while at least one connection is ready. `changed` (may be NULL) is called when that changes. */
bool store_ready(const struct store *);
void store_on_change(struct store *, void (*changed)(void *context, bool ready), void *context);
/* What the database tells on `channel` (NOTIFY), an identifier borrowed for good. To be asked for before the event loop
 * runs. What is told while no connection stands is lost: a connection that became ready says nothing of it. */
void store_listen(struct store *, const char *channel, void (*told)(void *context, const char *payload),
                  void *context);
/* Sends `then` (one of the statements) behind each set of a statement that has all its parameters, with the same values and in
 * the same transaction. Its rows, of the whole set, are told before the set's requests are, and hold until they have been;
 * those of a request have its `index` + 1 in their first column. */
void store_follow(struct store *, const struct statement *then,
                  void (*followed)(void *context, const struct rows *), void *context);

#endif
