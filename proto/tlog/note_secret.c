/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/note_secret.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "proto/tlog/base64.h"
#include "proto/wire/hex.h"

#define PREFIX "PRIVATE+KEY+"

enum { PREFIX_BYTES = sizeof(PREFIX) - 1 };

bool note_secret_parse(const char *line, enum note_key_type type, struct note_key *key,
                       uint8_t seed[NOTE_SEED])
{
    char name[NOTE_NAME], vkey[NOTE_VKEY];
    uint8_t bytes[1 + NOTE_SEED];
    size_t n;
    const char *id = strncmp(line, PREFIX, PREFIX_BYTES) == 0 ? strchr(line + PREFIX_BYTES, '+') : NULL;
    const char *text = id == NULL ? NULL : strchr(id + 1, '+');
    if (text == NULL || (size_t) (id - (line + PREFIX_BYTES)) >= sizeof(name))
        return false;
    memcpy(name, line + PREFIX_BYTES, (size_t) (id - (line + PREFIX_BYTES)));
    name[id - (line + PREFIX_BYTES)] = '\0';
    bool good = base64_decode(text + 1, strlen(text + 1), bytes, sizeof(bytes), &n) && n == sizeof(bytes) &&
                bytes[0] == type;
    if (good)
        memcpy(seed, bytes + 1, NOTE_SEED);
    OPENSSL_cleanse(bytes, sizeof(bytes));
    if (!good || !note_key_make(name, type, seed, key))
        return false;
    note_key_format(key, vkey);
    return strncmp(vkey, line + PREFIX_BYTES, (size_t) (text - (line + PREFIX_BYTES))) == 0;
}

void note_secret_format(const struct note_key *key, const uint8_t seed[NOTE_SEED], char line[NOTE_SECRET])
{
    uint8_t bytes[1 + NOTE_SEED] = {(uint8_t) key->type};
    char text[BASE64_BYTES(sizeof(bytes))], id[2 * sizeof(key->id) + 1];
    memcpy(bytes + 1, seed, NOTE_SEED);
    base64_encode(bytes, sizeof(bytes), text);
    hex_write(key->id, sizeof(key->id), id);
    snprintf(line, NOTE_SECRET, PREFIX "%s+%s+%s", key->name, id, text);
    OPENSSL_cleanse(bytes, sizeof(bytes));
    OPENSSL_cleanse(text, sizeof(text));
}
