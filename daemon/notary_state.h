/* SPDX-License-Identifier: Apache-2.0 */
/* The last checkpoint that this host's notary signed, or saw published while it waited, outside the database: nothing is
 * signed that does not extend it. */
#ifndef MINGCE_NOTARY_STATE_H
#define MINGCE_NOTARY_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/compiler.h"
#include "proto/note.h"

/* False: it is there and cannot be read. "" when it is not there. */
bool state_load(const char *path, char note[NOTE_MOST]) MUST_CHECK;
/* On the disk, whole, when it returns true. */
bool state_store(const char *path, const char *note) MUST_CHECK;
/* When it was stored, seconds since 1970; 0: it is not there. */
uint64_t state_seconds(const char *path);

#endif
