/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/clean.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "proto/rules/cell.h"

/* Whether a terminal would act on the character, or nobody would see it: control characters, which begin escape sequences, separators
 * of lines, marks of direction, and characters without width. */
static bool shown_as_mark(const char *at, size_t n, utf8proc_int32_t point)
{
    char one[8];
    utf8proc_category_t category = utf8proc_category(point);
    if (category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
        category == UTF8PROC_CATEGORY_ZP)
        return true;
    if (point < 0x80)
        return false;
    memcpy(one, at, n);
    one[n] = '\0';
    return cell_invisible(one);
}

void clean_text(char *text)
{
    char *to = text;
    for (const char *at = text; *at != '\0';) {
        utf8proc_int32_t point;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *) at, -1, &point);
        size_t step = n > 0 ? (size_t) n : 1;
        if (n <= 0 || shown_as_mark(at, step, point)) {
            *to++ = '?';
        } else {
            memmove(to, at, step);
            to += step;
        }
        at += step;
    }
    *to = '\0';
}

size_t text_width(const char *text)
{
    size_t width = 0;
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *) text;
    while (*at != '\0') {
        utf8proc_int32_t point;
        utf8proc_ssize_t n = utf8proc_iterate(at, -1, &point);
        if (n <= 0)
            return width + strlen((const char *) at);
        int cells = utf8proc_charwidth(point);
        width += cells > 0 ? (size_t) cells : 0;
        at += n;
    }
    return width;
}
