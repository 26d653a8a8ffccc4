/* SPDX-License-Identifier: Apache-2.0 */
/* Changing the key ring's file. What is written was read and understood as a ring before. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/crypto/keyring.h"
#include "proto/file/whole.h"

enum { TEXT = 65536, LINE = 256 };

/* The ring's text, NUL-terminated; NULL: errno tells. */
static char *read_text(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = file == NULL ? NULL : OPENSSL_zalloc(TEXT + LINE);
    size_t n = 0;
    if (text != NULL) {
        setvbuf(file, NULL, _IONBF, 0);
        n = fread(text, 1, TEXT, file);
    }
    if (file != NULL)
        fclose(file);
    if (n > 0)
        return text;
    OPENSSL_free(text);
    return NULL;
}

/* A file of this name with .new: while it is there nobody else changes the ring. */
struct replacement {
    const char *path;
    char lock[4096];
};

/* Before the ring is read. */
static const char *replacement_begin(struct replacement *replacement)
{
    int n = snprintf(replacement->lock, sizeof(replacement->lock), "%s.new", replacement->path);
    if (n < 0 || (size_t) n >= sizeof(replacement->lock))
        return "the path cannot be used";
    int fd = open(replacement->lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd >= 0)
        return close(fd) == 0 ? NULL : strerror(errno);
    return errno == EEXIST
               ? "a file of this name with .new is there: another change is under way, or broke off"
               : strerror(errno);
}

/* `why` (NULL: nothing) stands against it. */
static const char *replacement_end(const struct replacement *replacement, const char *text, const char *why)
{
    if (why == NULL &&
        (text == NULL || !whole_write(AT_FDCWD, replacement->path, text, strlen(text), WHOLE_SECRET)))
        why = "the file cannot be written";
    unlink(replacement->lock);
    return why;
}

static void put_key(char *at, uint32_t id)
{
    uint8_t key[KEY_BYTES];
    char text[2 * KEY_BYTES];
    crypto_random(key, sizeof(key));
    EVP_EncodeBlock((unsigned char *) text, key, sizeof(key));
    snprintf(at, LINE, "next %u aes-256-gcm %s\n", id, text);
    OPENSSL_cleanse(key, sizeof(key));
    OPENSSL_cleanse(text, sizeof(text));
}

/* The line of a key that only opens; NULL: there is none. */
static char *next_line(char *text)
{
    for (char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += strspn(line, " \t\r\n");
        if (strncmp(line, "next", 4) == 0 && (line[4] == ' ' || line[4] == '\t'))
            return line;
    }
    return NULL;
}

static const char *add(struct keyring *keys, char *text)
{
    uint32_t last = 0;
    size_t n = strlen(text);
    if (next_line(text) != NULL)
        return "the ring has a next key already: use it first";
    for (size_t i = 0; i < keys->seals_n; i++)
        last = keys->seals[i].id > last ? keys->seals[i].id : last;
    if (keys->seals_n == KEYS || last == UINT32_MAX || n + LINE > TEXT)
        return "too many sealing keys";
    if (n > 0 && text[n - 1] != '\n')
        text[n++] = '\n';
    put_key(text + n, last + 1);
    return NULL;
}

static const char *use(char *text)
{
    char *line = next_line(text);
    if (line == NULL)
        return "the ring has no next key: add one first";
    static const char seals[] = {'s', 'e', 'a', 'l'}; /* as long as "next" */
    memcpy(line, seals, sizeof(seals));
    return NULL;
}

static const char *change(const char *path, bool adds)
{
    struct replacement replacement = {.path = path};
    const char *why = replacement_begin(&replacement);
    if (why != NULL)
        return why;
    struct keyring *keys = keyring_load(path, &why);
    char *text = keys == NULL ? NULL : read_text(path);
    if (keys != NULL)
        why = text == NULL ? "cannot be read" : adds ? add(keys, text) : use(text);
    why = replacement_end(&replacement, text, why);
    OPENSSL_clear_free(text, TEXT + LINE);
    keyring_free(keys);
    return why;
}

const char *keyring_add(const char *path)
{
    return change(path, true);
}

const char *keyring_use(const char *path)
{
    return change(path, false);
}
