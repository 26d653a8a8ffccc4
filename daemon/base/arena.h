/* SPDX-License-Identifier: Apache-2.0 */
/* A capped bump arena: the only memory of one request. Freed whole, and wiped: requests carry personal data. */
#ifndef MINGCE_BASE_ARENA_H
#define MINGCE_BASE_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/compiler.h"

struct arena;

/* `cap` bounds what the arena hands out in all, in bytes, each piece rounded up to 16. NULL when out of memory. */
struct arena *arena_new(size_t cap) MUST_CHECK;
void arena_free(struct arena *);
/* Zeroed, aligned for anything. NULL at the cap or when out of memory; the arena remembers it, so that whoever fills a
 * message need not pass on every NULL: the owner asks once, at the end, and throws away what was made. */
void *arena_alloc(struct arena *, size_t) MUST_CHECK;
void *arena_array(struct arena *, size_t n, size_t size) MUST_CHECK; /* overflow-checked */
char *arena_strndup(struct arena *, const char *, size_t) MUST_CHECK;
char *arena_printf(struct arena *, const char *fmt, ...) MUST_CHECK PRINTF_LIKE(2, 3);
/* Something was refused, now or earlier: what lies in the arena is not whole. */
bool arena_failed(const struct arena *);
/* Something was refused below the cap: the system was out of memory, and the request is not to blame. */
bool arena_starved(const struct arena *);
/* For protobuf-c's unpack: its free does nothing. Lives as long as the arena. */
ProtobufCAllocator *arena_allocator(struct arena *);

#endif
