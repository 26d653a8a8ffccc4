/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are written whole or not at all: what protects somebody must not be lost to a full disk or a power cut, nor read
 * half written. For both programs. */
#ifndef MINGCE_FILE_WHOLE_H
#define MINGCE_FILE_WHOLE_H

#include <stdbool.h>
#include <stddef.h>

enum whole {
    WHOLE_REPLACE = 0,  /* what is there, by a file of its mode and, when root writes, its owner */
    WHOLE_NEW = 1,      /* nothing: EEXIST when something is there */
    WHOLE_PRIVATE = 2,  /* mode 0600 whatever was there; else a new file has what the umask leaves */
    WHOLE_UNSYNCED = 4, /* not on the disk yet when it returns: the caller sees to that */
    WHOLE_SECRET = 8    /* a new file has mode 0600; one that is there keeps its own */
};
/* Writes beside the path, relative to `directory` (AT_FDCWD: to the working directory), and renames: on the disk when it returns
 * true. False: errno tells why, and what was there is as it was. What is no regular file (a pipe, a terminal) is written to; a
 * symbolic link is followed. */
bool whole_write(int directory, const char *path, const void *bytes, size_t n, unsigned how)
    __attribute__((warn_unused_result));

/* The same in two steps, of several files that are to be there all or none. */
struct whole_file;
/* Writes beside the path, on the disk; what is there stays as it is, and gets nothing yet where it is no regular file. NULL: errno
 * tells why. */
struct whole_file *whole_stage(int directory, const char *path, const void *bytes, size_t n, unsigned how)
    __attribute__((warn_unused_result));
/* Puts it in its place, once. False: errno tells why, and what was there is as it was. */
bool whole_place(struct whole_file *) __attribute__((warn_unused_result));
/* Frees it, and removes what was not placed; errno stays. NULL: nothing. */
void whole_free(struct whole_file *);

#endif
