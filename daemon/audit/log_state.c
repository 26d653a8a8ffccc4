/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/audit/log_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/log.h"
#include "proto/file/whole.h"
#include "proto/rules/mend.h"

enum log_state log_state_load(const char *path, const struct note_key *key, char note[NOTE_MOST],
                              struct checkpoint *checkpoint)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    note[0] = '\0';
    memset(checkpoint, 0, sizeof(*checkpoint));
    if (fd < 0)
        return errno == ENOENT ? LOG_STATE_MISSING : LOG_STATE_UNREADABLE;
    ssize_t n = read(fd, note, NOTE_MOST - 2);
    close(fd);
    if (n < 0)
        return LOG_STATE_UNREADABLE;
    n = (ssize_t) mend_text(note, (size_t) n, MEND_BLANKS);
    if (n == 0)
        return LOG_STATE_MISSING; /* an empty file, as a full disk leaves it, or somebody who wants it gone */
    return checkpoint_open(note, (size_t) n, key, checkpoint) ? LOG_STATE_GOOD : LOG_STATE_NOT_OURS;
}

uint64_t log_state_seconds(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (uint64_t) status.st_mtime : 0;
}

bool log_state_store(const char *path, const char *note)
{
    if (whole_write(AT_FDCWD, path, note, strlen(note), WHOLE_SECRET))
        return true;
    log_error("log-state-unwritten", "errno=%d", errno);
    return false;
}

bool log_state_sign(const struct checkpoint *checkpoint, const struct log_key *key, char note[NOTE_MOST])
{
    size_t line, n = checkpoint_format(checkpoint, note);
    note[n] = '\n';
    return note_sign(note, n, &key->public, key->seed, 0, note + n + 1, NOTE_MOST - n - 1, &line);
}
