/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a ZIP file of a stranger. What it says of its own sizes is not believed: the entries are counted before it is opened,
 * and each part while it unfolds.
 */
#ifndef MINGCE_CLI_ARCHIVE_H
#define MINGCE_CLI_ARCHIVE_H

#include "client/cli/sheet/xlsx_fault.h"

struct archive;
/* Takes `bytes`, which malloc() has made, whatever comes of it. NULL: it is wrong. */
struct archive *archive_open(char *bytes, size_t n, struct xlsx_fault *);
void archive_close(struct archive *);
bool archive_has(const struct archive *, const char *part);

/* Takes the next piece of a part, `last` with none. False: no more is wanted, or it is wrong. */
typedef bool archive_take(void *context, const char *bytes, size_t n, bool last, struct xlsx_fault *);
/* Unfolds a part, of at most `most` bytes. False: it is wrong. */
bool archive_read(const struct archive *, const char *part, size_t most, archive_take *, void *context,
                  struct xlsx_fault *);

#endif
