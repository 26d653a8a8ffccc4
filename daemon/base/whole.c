/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/base/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 4096 };

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

/* As the file that it replaces. */
static bool dress(int fd, const char *path)
{
    struct stat old;
    if (stat(path, &old) != 0)
        return errno == ENOENT;
    return fchmod(fd, old.st_mode & 07777) == 0 &&
           (geteuid() != 0 || fchown(fd, old.st_uid, old.st_gid) == 0);
}

/* The directory's entry survives a power cut only when the directory is written too. */
static bool directory_sync(const char *path)
{
    char copy[PATH];
    snprintf(copy, sizeof(copy), "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    return good;
}

bool whole_write(const char *path, const void *bytes, size_t n, enum whole how)
{
    char fresh[PATH];
    errno = ENAMETOOLONG;
    if (snprintf(fresh, sizeof(fresh), "%s.XXXXXX", path) >= (int) sizeof(fresh))
        return false;
    int fd = mkostemp(fresh, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return false;
    bool good = put(fd, bytes, n) && (how == WHOLE_NEW || dress(fd, path)) && fsync(fd) == 0;
    int why = errno;
    good = close(fd) == 0 && good;
    if (good) {
        good = renameat2(AT_FDCWD, fresh, AT_FDCWD, path, how == WHOLE_NEW ? RENAME_NOREPLACE : 0) == 0;
        why = errno;
    }
    if (good)
        return directory_sync(path);
    unlink(fresh);
    errno = why;
    return false;
}
