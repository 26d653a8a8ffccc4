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

#include "proto/file/whole.h"
#include "proto/rules/mend.h"
#include "proto/tlog/note_secret.h"

enum { LINE = 512 };

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
    if (mend_is_utf16(line, (size_t) n))
        return MEND_UTF16;
    bool good = note_secret_parse(mend_line(line), NOTE_ED25519, &key->public, key->seed);
    OPENSSL_cleanse(line, sizeof(line));
    return good ? NULL : "is not a log key";
}

const char *log_key_load_for(const char *path, const char *word, struct log_key *key)
{
    const char *why = log_key_load(path, key);
    if (why != NULL)
        return why;
    const char *name = key->public.name, *last = strrchr(name, '/');
    if (last != NULL && last != name && strcmp(last + 1, word) == 0)
        return NULL;
    return strcmp(word, "receipt") == 0 ? "its name does not end with /receipt"
                                        : "its name does not end with /certificate";
}

const char *log_key_create(const char *path, const char *name, struct log_key *key)
{
    char line[NOTE_SECRET + 1];
    if (RAND_priv_bytes(key->seed, NOTE_SEED) != 1 ||
        !note_key_make(name, NOTE_ED25519, key->seed, &key->public))
        return "a log's name has neither blanks nor '+': take a host name and a path, as "
               "mingce.example.cn/log";
    note_secret_format(&key->public, key->seed, line);
    size_t n = strlen(line);
    line[n++] = '\n';
    bool good = whole_write(AT_FDCWD, path, line, n, WHOLE_NEW | WHOLE_SECRET);
    OPENSSL_cleanse(line, sizeof(line));
    return good ? NULL : strerror(errno);
}
