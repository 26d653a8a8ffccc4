/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/mend.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of the blank that the n bytes end in; 0: they end in none. */
static size_t blank_at_end(const char *text, size_t n, enum mend how)
{
    static const char *const blanks[] = {" ", "\t", "\xc2\xa0", "\xe3\x80\x80"}; /* U+00A0, U+3000 */
    if (n > 0 && text[n - 1] == '\r')
        return 1;
    for (size_t i = 0; how == MEND_BLANKS && i < sizeof(blanks) / sizeof(*blanks); i++) {
        size_t length = strlen(blanks[i]);
        if (n >= length && memcmp(text + n - length, blanks[i], length) == 0)
            return length;
    }
    return 0;
}

static const char mark[] = "\xef\xbb\xbf";

/* Bytes of the mark that it begins with. */
static size_t mark_at(const char *text, size_t n)
{
    return n >= sizeof(mark) - 1 && memcmp(text, mark, sizeof(mark) - 1) == 0 ? sizeof(mark) - 1 : 0;
}

bool mend_is_utf16(const void *bytes, size_t n)
{
    return n >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}

size_t mend_narrow(char *text, size_t n)
{
    if (!mend_is_utf16(text, n))
        return n;
    size_t low = text[0] == '\xff' ? 0 : 1, to = 0; /* of the two bytes the one that is not zero */
    for (size_t from = 2; from + 1 < n; from += 2)
        text[to++] = text[from + 1 - low] == '\0' ? text[from + low] : '?';
    return to;
}

char *mend_line(char *line)
{
    size_t n = strlen(line), cut;
    line += mark_at(line, n);
    line += strspn(line, " \t\r\n");
    n = strlen(line);
    while ((cut = n > 0 && line[n - 1] == '\n' ? 1 : blank_at_end(line, n, MEND_BLANKS)) > 0)
        n -= cut;
    line[n] = '\0';
    return line;
}

size_t mend_text(char *text, size_t n, enum mend how)
{
    size_t from = 0, to = 0, whole = 0; /* `whole`: to the end of the last line that has something */
    while (from < n) {
        from += mark_at(text + from, n - from);
        const char *end = memchr(text + from, '\n', n - from);
        size_t length = end == NULL ? n - from : (size_t) (end - (text + from)), kept = length, cut;
        while ((cut = blank_at_end(text + from, kept, how)) > 0)
            kept -= cut;
        memmove(text + to, text + from, kept);
        from += length + 1;
        to += kept;
        text[to++] = '\n';
        whole = kept > 0 ? to : whole;
    }
    text[whole] = '\0';
    return whole;
}
