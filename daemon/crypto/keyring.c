/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key ring's file: one key a line,
 *
 *     seal  ID aes-256-gcm  BASE64     sealing keys; the highest id seals, the others still open
 *     next  ID aes-256-gcm  BASE64     opens only: until every process knows it nobody may seal with it
 *     index ID hmac-sha-256 BASE64     exactly one
 */
#include "daemon/crypto/keyring.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/file/whole.h"
#include "proto/rules/mend.h"

enum { LINE = 256, BASE64 = 44, FILE_MOST = 64 * 1024 };

static bool key_decode(const char *text, uint8_t key[KEY_BYTES])
{
    uint8_t decoded[BASE64];
    /* One `=`, at the end: EVP_DecodeBlock() would take it for zeros anywhere. */
    bool good = strlen(text) == BASE64 && strcspn(text, "=") == BASE64 - 1 &&
                EVP_DecodeBlock(decoded, (const unsigned char *) text, BASE64) == KEY_BYTES + 1;
    if (good)
        memcpy(key, decoded, KEY_BYTES);
    OPENSSL_cleanse(decoded, sizeof(decoded));
    return good;
}

static EVP_CIPHER_CTX *cipher_new(const uint8_t key[KEY_BYTES], int locks)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (context != NULL && EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, key, NULL, locks) == 1)
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

static const char *take_seal(struct keyring *keys, uint32_t id, const uint8_t key[KEY_BYTES], bool seals)
{
    if (keys->seals_n == KEYS)
        return "too many sealing keys";
    for (size_t i = 0; i < keys->seals_n; i++)
        if (keys->seals[i].id == id)
            return "two sealing keys with one id";
    struct seal_key *seal = &keys->seals[keys->seals_n++];
    *seal = (struct seal_key){id, cipher_new(key, 1), cipher_new(key, 0)};
    if (seal->lock == NULL || seal->open == NULL)
        return "the cipher cannot be set up";
    if (seals && (keys->current == NULL || id > keys->current->id))
        keys->current = seal;
    return NULL;
}

static const char *take_index(struct keyring *keys, const uint8_t key[KEY_BYTES])
{
    if (keys->index != NULL)
        return "more than one index key";
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                           OSSL_PARAM_construct_end()};
    keys->index = hmac == NULL ? NULL : EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    if (keys->index == NULL || EVP_MAC_init(keys->index, key, KEY_BYTES, params) != 1)
        return "the index cannot be set up";
    return NULL;
}

/* Cuts the line into its words, at most `most`. */
static size_t words_of(char *line, char **words, size_t most)
{
    size_t n = 0;
    char *word;
    while (n < most && (word = strsep(&line, " \t\r\n")) != NULL)
        if (*word != '\0')
            words[n++] = word;
    return n;
}

static const char *take_line(struct keyring *keys, char *line)
{
    if (mend_is_utf16(line, strlen(line)))
        return MEND_UTF16;
    enum { KIND, ID, ALGORITHM, KEY, WORDS };
    char *words[WORDS + 1], *end;
    uint8_t key[KEY_BYTES];
    const char *why = NULL;
    size_t n = words_of(line, words, WORDS + 1);
    if (n == 0 || words[0][0] == '#')
        return NULL;
    unsigned long id = n == WORDS ? strtoul(words[ID], &end, 10) : 0;
    if (n != WORDS || !isdigit((unsigned char) *words[ID]) || *end != '\0' || id == 0 || id > UINT32_MAX)
        return "expected: seal|next|index ID ALGORITHM KEY";
    const char *kind = words[KIND], *algorithm = words[ALGORITHM];
    if (!key_decode(words[KEY], key))
        why = "a key is 32 bytes in base64";
    else if (strcmp(kind, "seal") == 0 && strcmp(algorithm, "aes-256-gcm") == 0)
        why = take_seal(keys, (uint32_t) id, key, true);
    else if (strcmp(kind, "next") == 0 && strcmp(algorithm, "aes-256-gcm") == 0)
        why = take_seal(keys, (uint32_t) id, key, false);
    else if (strcmp(kind, "index") == 0 && strcmp(algorithm, "hmac-sha-256") == 0)
        why = take_index(keys, key);
    else
        why = "unknown kind or algorithm of key";
    OPENSSL_cleanse(key, sizeof(key));
    OPENSSL_cleanse(words[KEY], strlen(words[KEY]));
    return why;
}

/* Root's own file may be read by a group: so look the credentials of a service manager, whose access list for
 * the one service shows in the same bits. */
static bool others_may_read(const struct stat *stat)
{
    bool handed_over = stat->st_uid == 0 && geteuid() != 0;
    return (stat->st_mode & (handed_over ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO)) != 0;
}

static const char *take_file(struct keyring *keys, FILE *file)
{
    char line[LINE];
    const char *why = NULL;
    struct stat stat;
    off_t taken = 0;
    if (fstat(fileno(file), &stat) != 0 || !S_ISREG(stat.st_mode) || stat.st_size > FILE_MOST)
        return "not a key ring file";
    if (others_may_read(&stat))
        return "the file may be read by others: chmod 600";
    while (why == NULL && fgets(line, sizeof(line), file) != NULL) {
        size_t n = strlen(line);
        taken += (off_t) n;
        why = n == LINE - 1 && line[n - 1] != '\n' ? "a line is too long" : take_line(keys, mend_line(line));
    }
    OPENSSL_cleanse(line, sizeof(line));
    if (why == NULL && ferror(file))
        why = "cannot be read";
    if (why == NULL && taken != stat.st_size)
        why = "a NUL byte: not a key ring file";
    if (why == NULL && keys->current == NULL)
        why = "no sealing key";
    if (why == NULL && keys->index == NULL)
        why = "no index key";
    return why;
}

struct keyring *keyring_load(const char *path, const char **why)
{
    *why = NULL;
    FILE *file = fopen(path, "re");
    struct keyring *keys = file == NULL ? NULL : OPENSSL_zalloc(sizeof(*keys));
    if (keys == NULL) {
        *why = file == NULL ? strerror(errno) : "out of memory";
        if (file != NULL)
            fclose(file);
        return NULL;
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy of the keys stays in a stream's buffer */
    *why = take_file(keys, file);
    fclose(file);
    if (*why == NULL)
        return keys;
    keyring_free(keys);
    return NULL;
}

void keyring_free(struct keyring *keys)
{
    if (keys == NULL)
        return;
    for (size_t i = 0; i < keys->seals_n; i++) {
        EVP_CIPHER_CTX_free(keys->seals[i].lock);
        EVP_CIPHER_CTX_free(keys->seals[i].open);
    }
    EVP_MAC_CTX_free(keys->index);
    OPENSSL_free(keys);
}

static bool put_key(FILE *file, const char *head)
{
    uint8_t key[KEY_BYTES];
    char text[BASE64 + 1];
    crypto_random(key, sizeof(key));
    EVP_EncodeBlock((unsigned char *) text, key, sizeof(key));
    bool put = fprintf(file, "%s %s\n", head, text) > 0;
    OPENSSL_cleanse(key, sizeof(key));
    OPENSSL_cleanse(text, sizeof(text));
    return put;
}

bool keyring_create(const char *path)
{
    char text[1024] = "";
    FILE *file = fmemopen(text, sizeof(text), "w");
    if (file == NULL)
        return false;
    bool good =
        fputs("# mingce key ring. Without it no personal data can be read: keep a copy in a safe place.\n",
              file) >= 0;
    good = put_key(file, "seal 1 aes-256-gcm") && good;
    good = put_key(file, "index 1 hmac-sha-256") && good;
    good = fclose(file) == 0 && good &&
           whole_write(AT_FDCWD, path, text, strlen(text), WHOLE_NEW | WHOLE_SECRET);
    OPENSSL_cleanse(text, sizeof(text));
    return good;
}

/* The pointer into the ring's own array follows its contents. */
void keyring_swap(struct keyring *one, struct keyring *other)
{
    struct keyring held = *one;
    size_t one_current = (size_t) (one->current - one->seals);
    size_t other_current = (size_t) (other->current - other->seals);
    *one = *other;
    *other = held;
    one->current = &one->seals[other_current];
    other->current = &other->seals[one_current];
}
