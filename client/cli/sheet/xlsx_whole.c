/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/xlsx_whole.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Sizes of an archive's records, and places in them. */
enum {
    END = 22,
    END_COUNT = 10,
    END_ENTRIES = 16,
    ENTRY = 46,
    ENTRY_METHOD = 10,
    ENTRY_PACKED = 20,
    ENTRY_SIZE = 24,
    ENTRY_NAME = 28,
    ENTRY_EXTRA = 30,
    ENTRY_COMMENT = 32,
    ENTRY_PLACE = 42,
    LOCAL = 30,
    LOCAL_NAME = 26,
    LOCAL_EXTRA = 28,
    STORED = 0,
    DEFLATED = 8,
    NAME = 64
};

static size_t get16(const uint8_t *at)
{
    return (size_t) at[0] | (size_t) at[1] << 8;
}

static size_t get32(const uint8_t *at)
{
    return get16(at) | get16(at + 2) << 16;
}

/* Whether the last thing in a document is the end of its first element. */
static bool document_ends(const char *text, size_t n)
{
    static const char declaration_end[] = "?>";
    char end[NAME + 4];
    const char *at = memmem(text, n, declaration_end, 2);
    const char *root = at == NULL ? NULL : memchr(at, '<', n - (size_t) (at - text));
    if (root == NULL)
        return false;
    while (text[n - 1] == '\n')
        n--;
    size_t left = n - (size_t) (root + 1 - text), name = 0;
    while (name < left && name < NAME && strchr(" />\r\n", root[1 + name]) == NULL)
        name++;
    if (n >= 2 && memcmp(text + n - 2, "/>", 2) == 0)
        return memchr(root + 1, '<', left) == NULL; /* it has nothing in it */
    end[0] = '<';
    end[1] = '/';
    memcpy(end + 2, root + 1, name);
    end[2 + name] = '>';
    return name > 0 && n >= name + 3 && memcmp(text + n - (name + 3), end, name + 3) == 0;
}

/* Unpacks `packed` bytes into exactly `size`. */
static bool unpack(const uint8_t *bytes, size_t packed, size_t method, uint8_t *to, size_t size)
{
    if (method == STORED && packed == size) {
        memcpy(to, bytes, size);
        return true;
    }
    z_stream stream = {.next_in = (Bytef *) (uintptr_t) bytes,
                       .avail_in = (uInt) packed,
                       .next_out = to,
                       .avail_out = (uInt) size};
    if (method != DEFLATED || inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return false;
    bool good = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0;
    inflateEnd(&stream);
    return good;
}

static bool part_whole(const uint8_t *bytes, size_t n, const uint8_t *entry)
{
    size_t place = get32(entry + ENTRY_PLACE), packed = get32(entry + ENTRY_PACKED),
           size = get32(entry + ENTRY_SIZE);
    if (place > n || n - place < LOCAL)
        return false;
    size_t head = LOCAL + get16(bytes + place + LOCAL_NAME) + get16(bytes + place + LOCAL_EXTRA);
    if (n - place < head || n - place - head < packed)
        return false;
    uint8_t *text = malloc(size + 1);
    bool good = text != NULL &&
                unpack(bytes + place + head, packed, get16(entry + ENTRY_METHOD), text, size) &&
                document_ends((const char *) text, size);
    free(text);
    return good;
}

bool xlsx_whole(const uint8_t *bytes, size_t n)
{
    if (n < END || memcmp(bytes + n - END, "PK\005\006", 4) != 0)
        return false;
    size_t count = get16(bytes + n - END + END_COUNT), at = get32(bytes + n - END + END_ENTRIES);
    for (size_t i = 0; i < count; i++) {
        if (at > n || n - at < ENTRY || memcmp(bytes + at, "PK\001\002", 4) != 0 ||
            !part_whole(bytes, n, bytes + at))
            return false;
        at += ENTRY + get16(bytes + at + ENTRY_NAME) + get16(bytes + at + ENTRY_EXTRA) +
              get16(bytes + at + ENTRY_COMMENT);
    }
    return count > 0;
}
