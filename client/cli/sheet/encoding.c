/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/encoding.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

const char encoding_bom[] = "\xef\xbb\xbf";

char *encoding_convert(const char *to, const char *from, char *bytes, size_t n, size_t *out_n)
{
    size_t room = n * 3 + 4, left = room;
    char *out = malloc(room + 1), *at = out;
    iconv_t converter = iconv_open(to, from);
    bool good =
        out != NULL && converter != (iconv_t) -1 && iconv(converter, &bytes, &n, &at, &left) != (size_t) -1;
    if (converter != (iconv_t) -1)
        iconv_close(converter);
    if (!good) {
        free(out);
        return NULL;
    }
    *out_n = room - left;
    out[*out_n] = '\0';
    return out;
}

static void decoded_put(struct decoded *to, const char *bytes, size_t n)
{
    memcpy(to->text + to->n, bytes, n);
    to->n += n;
}

static void decoded_break(struct decoded *to, size_t line)
{
    decoded_put(to, "\xef\xbf\xbd", 3);
    to->first_line = to->broken == 0 ? line : to->first_line;
    to->broken++;
}

static struct decoded decode_utf8(const char *bytes, size_t n)
{
    struct decoded to = {.text = malloc(n * 3 + 1)};
    size_t line = 1;
    for (size_t at = 0; to.text != NULL && at < n;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t length =
            utf8proc_iterate((const utf8proc_uint8_t *) bytes + at, (utf8proc_ssize_t) (n - at), &point);
        if (length <= 0 || point == 0) {
            decoded_break(&to, line);
            at++;
            while (at < n && ((unsigned char) bytes[at] & 0xc0) == 0x80 && length <= 0)
                at++; /* the rest of the same one */
            continue;
        }
        line += point == '\n';
        to.wide += point >= 0x800;
        decoded_put(&to, bytes + at, (size_t) length);
        at += (size_t) length;
    }
    if (to.text != NULL)
        to.text[to.n] = '\0';
    return to;
}

/* Converts one character of GB18030, 1 to 4 bytes of `n`. Returns how many; 0: none there. */
static size_t gb18030_character(iconv_t converter, char *bytes, size_t n, char utf8[8], size_t *utf8_n)
{
    enum { LONGEST = 4 };
    for (size_t length = 1; length <= LONGEST && length <= n; length++) {
        char *from = bytes, *to = utf8;
        size_t from_n = length, room = 8;
        iconv(converter, NULL, NULL, NULL, NULL);
        if (iconv(converter, &from, &from_n, &to, &room) != (size_t) -1 && from_n == 0 && to > utf8) {
            *utf8_n = (size_t) (to - utf8);
            return length;
        }
    }
    return 0;
}

static struct decoded decode_gb18030(char *bytes, size_t n)
{
    struct decoded to = {.text = NULL};
    if (memchr(bytes, '\0', n) == NULL)
        to.text = encoding_convert("UTF-8", "GB18030", bytes, n, &to.n);
    if (to.text != NULL)
        return to; /* whole, as nearly always */
    to.text = malloc(n * 3 + 1);
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    size_t line = 1;
    if (converter == (iconv_t) -1) {
        free(to.text);
        to.text = NULL;
    }
    for (size_t at = 0; to.text != NULL && at < n;) {
        char utf8[8];
        size_t utf8_n = 1, length = 1;
        bool ascii = (unsigned char) bytes[at] < 0x80;
        if (!ascii)
            length = gb18030_character(converter, bytes + at, n - at, utf8, &utf8_n);
        if (length == 0 || bytes[at] == '\0')
            decoded_break(&to, line);
        else
            decoded_put(&to, ascii ? bytes + at : utf8, utf8_n);
        line += bytes[at] == '\n';
        to.wide += !ascii && length > 0;
        at += length == 0 ? 1 : length;
    }
    if (converter != (iconv_t) -1)
        iconv_close(converter);
    if (to.text != NULL)
        to.text[to.n] = '\0';
    return to;
}

struct decoded encoding_decode(char *bytes, size_t n, bool *gb18030)
{
    bool marked = n >= ENCODING_BOM && memcmp(bytes, encoding_bom, ENCODING_BOM) == 0;
    struct decoded utf8 = decode_utf8(bytes + (marked ? ENCODING_BOM : 0), n - (marked ? ENCODING_BOM : 0));
    *gb18030 = false;
    if (utf8.text == NULL || marked || utf8.broken == 0)
        return utf8;
    struct decoded gb = decode_gb18030(bytes, n);
    bool better = gb.text != NULL && utf8.wide <= utf8.broken && gb.broken < utf8.broken;
    *gb18030 = better;
    free(better ? utf8.text : gb.text);
    return better ? gb : utf8;
}
