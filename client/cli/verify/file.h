/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were brought along to be verified, and those that are written. */
#ifndef MINGCE_CLI_FILE_H
#define MINGCE_CLI_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "client/cli/frame/cli.h"

/* Says that the file cannot be read or written, with errno. Returns CLI_FILE. */
int file_fail(const struct cli *, const char *path);
/* Reads the whole of a small file and puts a NUL behind it. False: it cannot be read, is empty or too long, which has been said. */
bool file_read(const struct cli *, const char *path, char *text, size_t room, size_t *n);
/* Does the same with a text, which it mends (proto/rules/mend.h). A text that was signed otherwise does not verify, whatever
 * mending leaves out. */
bool file_text(const struct cli *, const char *path, char *text, size_t room, size_t *n);
/* Reads a file that may be large, with room for one LF more. The caller frees it; NULL: it has been said why not. */
char *file_whole(const struct cli *, const char *path, size_t room, size_t *n);
/* Whether a text begins as files of that kind do. A first line that was cut short still counts, unless it is empty. */
bool file_begins(const char *text, const char *head);
/* Writes the whole file or nothing. False: it could not be written, which has been said. */
bool file_write(const struct cli *, const char *path, const void *bytes, size_t n);

#endif
