/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/file/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = PATH_MAX, TRIES = 16 };

static bool put(int fd, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t wrote = write(fd, bytes, n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes += wrote;
        n -= (size_t) wrote;
    }
    return true;
}

/* What is no regular file cannot be replaced. */
static bool put_through(int directory, const char *path, const void *bytes, size_t n)
{
    int fd = openat(directory, path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    bool good = fd >= 0 && put(fd, bytes, n);
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && good)
        return false;
    errno = why;
    return good;
}

/* A file beside it that is nobody else's. -1: errno tells. */
static int fresh_open(int directory, const char *path, mode_t mode, char fresh[PATH])
{
    uint64_t any;
    int fd = -1;
    for (int i = 0; fd < 0 && i < TRIES; i++) {
        if (getrandom(&any, sizeof(any), 0) != (ssize_t) sizeof(any))
            return -1;
        if (snprintf(fresh, PATH, "%s.%016llx.new", path, (unsigned long long) any) >= PATH) {
            errno = ENAMETOOLONG;
            return -1;
        }
        fd = openat(directory, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd < 0 && errno != EEXIST)
            return -1;
    }
    return fd;
}

/* The directory's entry survives a power cut only when the directory is written too. */
static bool directory_sync(int directory, const char *path)
{
    char copy[PATH];
    snprintf(copy, sizeof(copy), "%s", path);
    int fd = openat(directory, dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    return good;
}

struct whole_file {
    int directory;
    unsigned how;
    bool staged; /* `fresh` is there */
    size_t n;
    char *bytes; /* of what cannot be replaced, until they go through it; else NULL */
    char path[PATH], fresh[PATH];
};

/* `old`: NULL when there is none. */
static bool stage(struct whole_file *whole, const struct stat *old, const void *bytes, size_t n)
{
    unsigned how = whole->how;
    mode_t mode = (how & (WHOLE_PRIVATE | WHOLE_SECRET)) != 0 ? 0600 : 0666;
    int fd = fresh_open(whole->directory, whole->path, mode, whole->fresh);
    if (fd < 0)
        return false;
    whole->staged = true;
    bool good = put(fd, bytes, n);
    if (old != NULL)
        good = good && (geteuid() != 0 || fchown(fd, old->st_uid, old->st_gid) == 0) &&
               ((how & WHOLE_PRIVATE) != 0 || fchmod(fd, old->st_mode & 07777) == 0);
    good = good && ((how & WHOLE_UNSYNCED) != 0 || fsync(fd) == 0);
    int why = errno;
    if (close(fd) != 0 && good)
        return false;
    errno = why;
    return good;
}

/* Keeps what goes through a pipe or a terminal, which cannot be taken back. */
static bool keep(struct whole_file *whole, const struct stat *old, const void *bytes, size_t n)
{
    if (S_ISDIR(old->st_mode)) {
        errno = EISDIR;
        return false;
    }
    whole->bytes = malloc(n + 1);
    if (whole->bytes == NULL)
        return false;
    memcpy(whole->bytes, bytes, n);
    whole->n = n;
    return true;
}

/* Sees what is there, follows it if it is a link, and stages or keeps the bytes. */
static bool prepare(struct whole_file *whole, const void *bytes, size_t n)
{
    struct stat old;
    bool there = fstatat(whole->directory, whole->path, &old, AT_SYMLINK_NOFOLLOW) == 0;
    if (!there)
        return errno == ENOENT && stage(whole, NULL, bytes, n);
    if ((whole->how & WHOLE_NEW) != 0) {
        errno = EEXIST;
        return false;
    }
    if (S_ISLNK(old.st_mode) && whole->directory == AT_FDCWD) {
        char target[PATH];
        if (stat(whole->path, &old) != 0)
            return false; /* a link to nothing */
        if (realpath(whole->path, target) == NULL || stat(target, &old) != 0)
            return keep(whole, &old, bytes, n); /* as /dev/stdout of a pipe */
        memcpy(whole->path, target, sizeof(target));
    }
    return S_ISREG(old.st_mode) ? stage(whole, &old, bytes, n) : keep(whole, &old, bytes, n);
}

struct whole_file *whole_stage(int directory, const char *path, const void *bytes, size_t n, unsigned how)
{
    struct whole_file *whole = calloc(1, sizeof(*whole));
    if (whole == NULL)
        return NULL;
    whole->directory = directory;
    whole->how = how;
    if (snprintf(whole->path, sizeof(whole->path), "%s", path) >= PATH) {
        errno = ENAMETOOLONG;
    } else if (prepare(whole, bytes, n)) {
        return whole;
    }
    whole_free(whole);
    return NULL;
}

bool whole_place(struct whole_file *whole)
{
    if (whole->bytes != NULL)
        return put_through(whole->directory, whole->path, whole->bytes, whole->n);
    unsigned flags = (whole->how & WHOLE_NEW) != 0 ? RENAME_NOREPLACE : 0;
    if (renameat2(whole->directory, whole->fresh, whole->directory, whole->path, flags) != 0)
        return false;
    whole->staged = false;
    return (whole->how & WHOLE_UNSYNCED) != 0 || directory_sync(whole->directory, whole->path);
}

void whole_free(struct whole_file *whole)
{
    int why = errno;
    if (whole == NULL)
        return;
    if (whole->staged)
        unlinkat(whole->directory, whole->fresh, 0);
    free(whole->bytes);
    free(whole);
    errno = why;
}

bool whole_write(int directory, const char *path, const void *bytes, size_t n, unsigned how)
{
    struct whole_file *whole = whole_stage(directory, path, bytes, n, how);
    bool good = whole != NULL && whole_place(whole);
    whole_free(whole);
    return good;
}
