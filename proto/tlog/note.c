/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/note.h"

#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "proto/tlog/base64.h"
#include "proto/tlog/sha256.h"
#include "proto/wire/hex.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a blank begin a signature line */

enum { ID = 4, SIGNATURE = 64, TIME = 8, DASH_BYTES = 4, LINE_BYTES = 4096 };

/* ---- keys ---- */

/* Not empty, no blank, no '+', no control character. */
static bool name_good(const char *name, size_t n)
{
    utf8proc_int32_t point;
    if (n == 0 || n >= NOTE_NAME)
        return false;
    for (size_t i = 0; i < n;) {
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *) name + i, (utf8proc_ssize_t) (n - i), &point);
        if (step <= 0 || point == '+')
            return false;
        utf8proc_category_t category = utf8proc_category(point);
        if (category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
            category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_CC)
            return false;
        i += (size_t) step;
    }
    return true;
}

/* The first four bytes of SHA-256(name || LF || type || key). */
static void key_id(const struct note_key *key, uint8_t id[ID])
{
    uint8_t bytes[NOTE_NAME + 2 + NOTE_KEY], digest[SHA256_BYTES];
    size_t n = strlen(key->name);
    memcpy(bytes, key->name, n);
    bytes[n++] = '\n';
    bytes[n++] = (uint8_t) key->type;
    memcpy(bytes + n, key->key, NOTE_KEY);
    sha256(bytes, n + NOTE_KEY, digest);
    memcpy(id, digest, ID);
}

bool note_key_parse(const char *vkey, struct note_key *key)
{
    const char *hex = strchr(vkey, '+'), *text = hex == NULL ? NULL : strchr(hex + 1, '+');
    uint8_t bytes[1 + NOTE_KEY];
    char id[2 * ID + 1];
    size_t n;
    memset(key, 0, sizeof(*key));
    if (text == NULL || text - hex != 1 + 2 * ID || !name_good(vkey, (size_t) (hex - vkey)) ||
        !base64_decode(text + 1, strlen(text + 1), bytes, sizeof(bytes), &n) || n != sizeof(bytes) ||
        (bytes[0] != NOTE_ED25519 && bytes[0] != NOTE_COSIGNATURE))
        return false;
    memcpy(key->name, vkey, (size_t) (hex - vkey));
    key->type = (enum note_key_type) bytes[0];
    memcpy(key->key, bytes + 1, NOTE_KEY);
    key_id(key, key->id);
    hex_write(key->id, ID, id);
    return memcmp(hex + 1, id, 2 * ID) == 0;
}

void note_key_format(const struct note_key *key, char vkey[NOTE_VKEY])
{
    uint8_t bytes[1 + NOTE_KEY] = {(uint8_t) key->type};
    char text[BASE64_BYTES(1 + NOTE_KEY)], id[2 * ID + 1];
    memcpy(bytes + 1, key->key, NOTE_KEY);
    base64_encode(bytes, sizeof(bytes), text);
    hex_write(key->id, ID, id);
    snprintf(vkey, NOTE_VKEY, "%s+%s+%s", key->name, id, text);
}

bool note_key_make(const char *name, enum note_key_type type, const uint8_t seed[NOTE_SEED],
                   struct note_key *key)
{
    size_t n = NOTE_KEY;
    memset(key, 0, sizeof(*key));
    if (!name_good(name, strlen(name)))
        return false;
    memcpy(key->name, name, strlen(name));
    key->type = type;
    EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, NOTE_SEED);
    bool good = pair != NULL && EVP_PKEY_get_raw_public_key(pair, key->key, &n) == 1 && n == NOTE_KEY;
    if (good)
        key_id(key, key->id);
    EVP_PKEY_free(pair);
    return good;
}

/* ---- what is signed ---- */

/* A cosignature is over "cosignature/v1 LF time <seconds> LF" and the text; any other over the text itself. */
static size_t prefix_of(enum note_key_type type, uint64_t time, char prefix[64])
{
    return type != NOTE_COSIGNATURE
               ? 0
               : (size_t) snprintf(prefix, 64, "cosignature/v1\ntime %llu\n", (unsigned long long) time);
}

/* Signs (`fresh`) or verifies the signature. */
static bool ed25519(EVP_PKEY *key, bool fresh, const char *prefix, size_t prefix_n, const char *text,
                    size_t text_n, uint8_t signature[SIGNATURE])
{
    size_t n = SIGNATURE;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t *message = OPENSSL_malloc(prefix_n + text_n + 1); /* of 0 it gives none */
    bool good = key != NULL && context != NULL && message != NULL;
    if (good) {
        memcpy(message, prefix, prefix_n);
        memcpy(message + prefix_n, text, text_n);
        good = fresh ? EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                           EVP_DigestSign(context, signature, &n, message, prefix_n + text_n) == 1 &&
                           n == SIGNATURE
                     : EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                           EVP_DigestVerify(context, signature, SIGNATURE, message, prefix_n + text_n) == 1;
    }
    OPENSSL_free(message);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return good;
}

bool note_sign(const char *text, size_t text_n, const struct note_key *key, const uint8_t seed[NOTE_SEED],
               uint64_t time, char *line, size_t room, size_t *n)
{
    uint8_t bytes[ID + TIME + SIGNATURE];
    char encoded[BASE64_BYTES(sizeof(bytes))], prefix[64];
    size_t at = ID, prefix_n = prefix_of(key->type, time, prefix);
    memcpy(bytes, key->id, ID);
    if (key->type == NOTE_COSIGNATURE) {
        uint64_t stamp = htobe64(time);
        memcpy(bytes + at, &stamp, TIME);
        at += TIME;
    }
    if (!ed25519(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, NOTE_SEED), true, prefix,
                 prefix_n, text, text_n, bytes + at))
        return false;
    base64_encode(bytes, at + SIGNATURE, encoded);
    int written = snprintf(line, room, DASH "%s %s\n", key->name, encoded);
    *n = (size_t) written;
    return written > 0 && (size_t) written < room;
}

/* ---- opening ---- */

static bool text_good(const char *text, size_t n)
{
    utf8proc_int32_t point;
    for (size_t i = 0; i < n;) {
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *) text + i, (utf8proc_ssize_t) (n - i), &point);
        if (step <= 0 || (point < 0x20 && point != '\n'))
            return false;
        i += (size_t) step;
    }
    return true;
}

/* Where the last empty line ends; 0: there is none. */
static size_t signatures_at(const char *note, size_t n)
{
    for (size_t i = n; i >= 2; i--)
        if (note[i - 1] == '\n' && note[i - 2] == '\n')
            return i;
    return 0;
}

struct line {
    const char *name;
    size_t name_n, n; /* n: of the bytes */
    uint8_t bytes[LINE_BYTES];
};

/* One line without its LF. */
static bool line_parse(const char *at, size_t n, struct line *line)
{
    const char *blank = n <= DASH_BYTES ? NULL : memchr(at + DASH_BYTES, ' ', n - DASH_BYTES);
    if (blank == NULL || memcmp(at, DASH, DASH_BYTES) != 0)
        return false;
    line->name = at + DASH_BYTES;
    line->name_n = (size_t) (blank - line->name);
    size_t text_n = n - (size_t) (blank + 1 - at);
    return name_good(line->name, line->name_n) &&
           base64_decode(blank + 1, text_n, line->bytes, LINE_BYTES, &line->n) && line->n > ID;
}

bool note_verify(const char *text, size_t text_n, const struct note_key *key, const uint8_t *bytes, size_t n,
                 uint64_t *time)
{
    char prefix[64];
    uint8_t signature[SIGNATURE];
    size_t at = key->type == NOTE_COSIGNATURE ? TIME : 0;
    uint64_t stamp = 0;
    *time = 0;
    if (n != at + SIGNATURE)
        return false;
    memcpy(&stamp, bytes, at);
    *time = stamp = be64toh(stamp);
    memcpy(signature, bytes + at, SIGNATURE);
    return ed25519(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->key, NOTE_KEY), false, prefix,
                   prefix_of(key->type, stamp, prefix), text, text_n, signature);
}

static const struct note_key *key_of(const struct line *line, const struct note_key *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(keys[i].name) == line->name_n && memcmp(keys[i].name, line->name, line->name_n) == 0 &&
            memcmp(keys[i].id, line->bytes, ID) == 0)
            return &keys[i];
    return NULL;
}

enum note_verdict note_open(const char *note, size_t n, const struct note_key *keys, size_t keys_n,
                            size_t *text_n, bool *verified, uint64_t *times)
{
    size_t below = n > NOTE_MOST || !text_good(note, n) ? 0 : signatures_at(note, n), lines = 0, good = 0;
    struct line line;
    if (verified != NULL)
        memset(verified, 0, keys_n * sizeof(*verified));
    if (below < 2 || below == n || note[n - 1] != '\n')
        return NOTE_MALFORMED;
    *text_n = below - 1;
    for (size_t at = below; at < n;) {
        const char *end = memchr(note + at, '\n', n - at);
        size_t length = (size_t) (end - (note + at));
        if (++lines > NOTE_SIGNATURES || !line_parse(note + at, length, &line))
            return NOTE_MALFORMED;
        at += length + 1;
        const struct note_key *key = key_of(&line, keys, keys_n);
        uint64_t time;
        if (key == NULL || (verified != NULL && verified[key - keys]))
            continue; /* unknown, or seen already: ignored */
        if (!note_verify(note, *text_n, key, line.bytes + ID, line.n - ID, &time))
            return NOTE_BAD_SIGNATURE;
        good++;
        if (verified != NULL)
            verified[key - keys] = true;
        if (times != NULL)
            times[key - keys] = time;
    }
    return good > 0 ? NOTE_GOOD : NOTE_UNVERIFIED;
}
