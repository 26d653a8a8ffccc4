/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are written whole or not at all: keys, the notary's checkpoint. */
#ifndef MINGCE_BASE_WHOLE_H
#define MINGCE_BASE_WHOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/compiler.h"

/* Writes beside `path` and renames: on the disk when it returns true. A new file has mode 0600; one that is replaced keeps its
 * mode and, when root writes, its owner. False: errno tells why not, and what was there is as it was; WHOLE_NEW replaces
 * nothing (EEXIST). */
enum whole { WHOLE_NEW, WHOLE_REPLACE };
bool whole_write(const char *path, const void *bytes, size_t n, enum whole) MUST_CHECK;

#endif
