/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/audit/log_key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/base64.h"

#define PREFIX "PRIVATE+KEY+"

enum { LINE = 512 };

/* The public part is what the seed says; the id in the line must be its. */
static const char *parse(const char *line, struct log_key *key)
{
    static const char wrong[] = "is not a log key";
    char name[NOTE_NAME], vkey[NOTE_VKEY];
    uint8_t bytes[1 + NOTE_SEED];
    size_t n, prefix = sizeof(PREFIX) - 1;
    const char *id = strncmp(line, PREFIX, prefix) == 0 ? strchr(line + prefix, '+') : NULL;
    const char *text = id == NULL ? NULL : strchr(id + 1, '+');
    if (text == NULL || (size_t) (id - (line + prefix)) >= sizeof(name))
        return wrong;
    memcpy(name, line + prefix, (size_t) (id - (line + prefix)));
    name[id - (line + prefix)] = '\0';
    if (!base64_decode(text + 1, strlen(text + 1), bytes, sizeof(bytes), &n) || n != sizeof(bytes) ||
        bytes[0] != NOTE_ED25519)
        return wrong;
    memcpy(key->seed, bytes + 1, NOTE_SEED);
    OPENSSL_cleanse(bytes, sizeof(bytes));
    if (!note_key_make(name, NOTE_ED25519, key->seed, &key->public))
        return wrong;
    note_key_format(&key->public, vkey);
    return strncmp(vkey, line + prefix, (size_t) (text - (line + prefix))) == 0 ? NULL : wrong;
}

const char *log_key_load(const char *path, struct log_key *key)
{
    char line[LINE] = "";
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return strerror(errno);
    bool private = fstat(fd, &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO) & ~S_IRGRP) == 0;
    ssize_t n = private ? read(fd, line, sizeof(line) - 1) : 0;
    close(fd);
    if (!private)
        return "others may read it: chmod 0400";
    if (n <= 0)
        return "it cannot be read";
    line[strcspn(line, "\n")] = '\0';
    const char *why = parse(line, key);
    OPENSSL_cleanse(line, sizeof(line));
    return why;
}

const char *log_key_create(const char *path, const char *name, struct log_key *key)
{
    uint8_t bytes[1 + NOTE_SEED] = {NOTE_ED25519};
    char text[BASE64_BYTES(sizeof(bytes))], vkey[NOTE_VKEY], line[LINE];
    if (RAND_priv_bytes(key->seed, NOTE_SEED) != 1 ||
        !note_key_make(name, NOTE_ED25519, key->seed, &key->public))
        return "a log's name has neither blanks nor '+': take a host name and a path, as "
               "mingce.example.cn/log";
    memcpy(bytes + 1, key->seed, NOTE_SEED);
    base64_encode(bytes, sizeof(bytes), text);
    snprintf(vkey, sizeof(vkey), "%s+%02x%02x%02x%02x", name, key->public.id[0], key->public.id[1],
             key->public.id[2], key->public.id[3]);
    int n = snprintf(line, sizeof(line), PREFIX "%s+%s\n", vkey, text);
    OPENSSL_cleanse(bytes, sizeof(bytes));
    OPENSSL_cleanse(text, sizeof(text));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return strerror(errno);
    bool good = write(fd, line, (size_t) n) == n && fsync(fd) == 0;
    close(fd);
    OPENSSL_cleanse(line, sizeof(line));
    return good ? NULL : "it cannot be written";
}
