/* SPDX-License-Identifier: Apache-2.0 */
#include "client/witness/witness_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "client/cli/command/hex.h"
#include "proto/file/whole.h"
#include "proto/tlog/sha256.h"

enum { NAME = 2 * HEX_KEY_HASH + 16 };

/* An origin may have any character in it, so the file is named by its SHA-256. */
static void file_name(const char *origin, char name[NAME])
{
    uint8_t digest[SHA256_BYTES];
    char hex[2 * HEX_KEY_HASH + 1];
    sha256(origin, strlen(origin), digest);
    hex_format((ProtobufCBinaryData){.len = HEX_KEY_HASH, .data = digest}, hex);
    snprintf(name, NAME, "%s.checkpoint", hex);
}

int witness_state_open(const char *path)
{
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 || flock(directory, LOCK_EX | LOCK_NB) == 0)
        return directory;
    int why = errno;
    close(directory);
    errno = why;
    return -1;
}

/* The checkpoint that every log begins with. */
static size_t empty_text(const char *origin, char text[CHECKPOINT_TEXT])
{
    struct checkpoint empty = {.size = 0};
    const struct merkle_frontier none = {.size = 0};
    snprintf(empty.origin, sizeof(empty.origin), "%s", origin);
    merkle_root(&none, empty.root);
    return checkpoint_format(&empty, text);
}

bool witness_state_begin(int directory, const char *origin)
{
    char name[NAME], text[CHECKPOINT_TEXT];
    size_t n = empty_text(origin, text);
    file_name(origin, name);
    return whole_write(directory, name, text, n, WHOLE_NEW | WHOLE_PRIVATE);
}

bool witness_state_store(int directory, const char *origin, const char *note, size_t n)
{
    char name[NAME];
    file_name(origin, name);
    return whole_write(directory, name, note, n, WHOLE_REPLACE | WHOLE_PRIVATE);
}

bool witness_state_fork(int directory, const char *origin, const char *note, size_t n)
{
    char name[NAME];
    file_name(origin, name);
    snprintf(strrchr(name, '.'), sizeof(".fork"), ".fork");
    return whole_write(directory, name, note, n, WHOLE_NEW | WHOLE_PRIVATE);
}

static bool understand(const char *note, size_t n, const struct note_key *own, const char *origin,
                       struct checkpoint *last)
{
    char text[CHECKPOINT_TEXT];
    size_t text_n = empty_text(origin, text);
    if (n != text_n || memcmp(note, text, n) != 0) /* cosigned before */
        if (note_open(note, n, own, 1, &text_n, NULL, NULL) != NOTE_GOOD)
            return false;
    return checkpoint_parse(note, text_n, last) && strcmp(last->origin, origin) == 0;
}

bool witness_state_load(int directory, const struct note_key *own, const char *origin,
                        struct checkpoint *last)
{
    char name[NAME], note[NOTE_MOST];
    file_name(origin, name);
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, note, sizeof(note));
    if (fd >= 0)
        close(fd);
    return n > 0 && understand(note, (size_t) n, own, origin, last);
}
