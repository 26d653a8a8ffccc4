/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/notary_state.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/log.h"

bool state_load(const char *path, char note[NOTE_MOST])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    note[0] = '\0';
    if (fd < 0)
        return errno == ENOENT;
    ssize_t n = read(fd, note, NOTE_MOST - 1);
    close(fd);
    if (n < 0)
        return false;
    note[n] = '\0';
    return true;
}

uint64_t state_seconds(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (uint64_t) status.st_mtime : 0;
}

/* The directory's entry survives a power cut only when the directory is written too. */
static bool directory_sync(const char *path)
{
    char *copy = strdup(path);
    int fd = copy == NULL ? -1 : open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    free(copy);
    return good;
}

bool state_store(const char *path, const char *note)
{
    char fresh[4096];
    size_t n = strlen(note);
    if (snprintf(fresh, sizeof(fresh), "%s.new", path) >= (int) sizeof(fresh))
        return false;
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, note, n) == (ssize_t) n && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    good = good && rename(fresh, path) == 0 && directory_sync(path);
    if (!good)
        log_error("log-state-unwritten", "errno=%d", errno);
    return good;
}
