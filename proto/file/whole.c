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

/* `old`: NULL when there is none. */
static bool replace(int directory, const char *path, const struct stat *old, const void *bytes, size_t n,
                    unsigned how)
{
    char fresh[PATH];
    mode_t mode = (how & (WHOLE_PRIVATE | WHOLE_SECRET)) != 0 ? 0600 : 0666;
    int fd = fresh_open(directory, path, mode, fresh);
    if (fd < 0)
        return false;
    bool good = put(fd, bytes, n);
    if (old != NULL)
        good = good && (geteuid() != 0 || fchown(fd, old->st_uid, old->st_gid) == 0) &&
               ((how & WHOLE_PRIVATE) != 0 || fchmod(fd, old->st_mode & 07777) == 0);
    good = good && ((how & WHOLE_UNSYNCED) != 0 || fsync(fd) == 0);
    int why = errno;
    good = close(fd) == 0 && good;
    if (good) {
        unsigned flags = (how & WHOLE_NEW) != 0 ? RENAME_NOREPLACE : 0;
        good = renameat2(directory, fresh, directory, path, flags) == 0;
        why = errno;
    }
    if (good)
        return (how & WHOLE_UNSYNCED) != 0 || directory_sync(directory, path);
    unlinkat(directory, fresh, 0);
    errno = why;
    return false;
}

bool whole_write(int directory, const char *path, const void *bytes, size_t n, unsigned how)
{
    struct stat old;
    bool there = fstatat(directory, path, &old, AT_SYMLINK_NOFOLLOW) == 0;
    if (!there && errno != ENOENT)
        return false;
    if (there && (how & WHOLE_NEW) != 0) {
        errno = EEXIST;
        return false;
    }
    if (there && S_ISLNK(old.st_mode) && directory == AT_FDCWD) {
        char *target = realpath(path, NULL);
        if (target == NULL || stat(target, &old) != 0)
            return put_through(directory, path, bytes,
                               n); /* as /dev/stdout of a pipe; or a link to nothing: it says so */
        bool good = S_ISREG(old.st_mode) ? replace(directory, target, &old, bytes, n, how)
                                         : put_through(directory, target, bytes, n);
        int why = errno;
        free(target);
        errno = why;
        return good;
    }
    return there && !S_ISREG(old.st_mode) ? put_through(directory, path, bytes, n)
                                          : replace(directory, path, there ? &old : NULL, bytes, n, how);
}
