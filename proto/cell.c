/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/cell.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

enum { FULL_WIDTH_FIRST = 0xff01, FULL_WIDTH_LAST = 0xff5e, FULL_WIDTH_SHIFT = 0xfee0, BROKEN = 0xfffd };

/* The next character; a byte that is no UTF-8 is a broken one. */
static size_t next_point(const char *text, int32_t *point)
{
    utf8proc_int32_t decoded;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *) text, -1, &decoded);
    *point = n > 0 ? decoded : BROKEN;
    return n > 0 ? (size_t) n : 1;
}

/* Also the marks of direction that are pasted along with a number, and are as invisible. */
static bool blank(int32_t point)
{
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x00a0 || point == 0x1680 ||
           point == 0x3000 || point == 0xfeff || (point >= 0x2000 && point <= 0x200f) ||
           (point >= 0x202a && point <= 0x202f) || point == 0x205f || point == 0x2060;
}

bool cell_apostrophe(int32_t point)
{
    return point == '\'' || point == 0x2018 || point == 0x2019 || point == 0xff07 || point == '`';
}

static int32_t half_width(int32_t point)
{
    return point >= FULL_WIDTH_FIRST && point <= FULL_WIDTH_LAST ? point - FULL_WIDTH_SHIFT : point;
}

static bool unfit(int32_t point)
{
    return point == BROKEN || (!blank(point) && utf8proc_category(point) == UTF8PROC_CATEGORY_CC);
}

bool cell_number(const char *cell, char *clean, size_t size)
{
    size_t used = 0;
    while (*cell != '\0') {
        int32_t point;
        cell += next_point(cell, &point);
        if (blank(point) || (used == 0 && cell_apostrophe(point)))
            continue;
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t n = utf8proc_encode_char(half_width(point), bytes);
        if (n <= 0 || used + (size_t) n >= size)
            return false;
        memcpy(clean + used, bytes, (size_t) n);
        used += (size_t) n;
    }
    clean[used] = '\0';
    return true;
}

/* What stands between the blanks at both ends, `*n` bytes. */
static const char *trim(const char *cell, size_t *n)
{
    const char *first = NULL, *end = cell;
    while (*cell != '\0') {
        int32_t point;
        const char *at = cell;
        cell += next_point(cell, &point);
        if (blank(point))
            continue;
        first = first == NULL ? at : first;
        end = cell;
    }
    *n = first == NULL ? 0 : (size_t) (end - first);
    return first == NULL ? end : first;
}

bool cell_text(const char *cell, size_t characters, char *clean, size_t size, bool *control)
{
    size_t n, count = 0;
    const char *text = trim(cell, &n);
    *control = false;
    if (n >= size)
        return false;
    memcpy(clean, text, n);
    clean[n] = '\0';
    for (const char *at = clean; *at != '\0'; count++) {
        int32_t point;
        at += next_point(at, &point);
        *control = *control || unfit(point);
    }
    return count <= characters;
}

bool cell_scientific(const char *clean)
{
    size_t digits = strspn(clean, "0123456789.");
    const char *exponent = clean + digits;
    if (digits == 0 || (*exponent != 'E' && *exponent != 'e'))
        return false;
    bool quantity = memchr(clean, '.', digits) != NULL || exponent[1] == '+' || exponent[1] == '-';
    exponent += 1 + strspn(exponent + 1, "+-");
    return quantity && *exponent != '\0' && exponent[strspn(exponent, "0123456789")] == '\0';
}

bool cell_empty(const char *cell)
{
    while (cell != NULL && *cell != '\0') {
        int32_t point;
        cell += next_point(cell, &point);
        if (!blank(point))
            return false;
    }
    return true;
}

day cell_day(const char *cell)
{
    char clean[32];
    int parts[3] = {0, 0, 0}, n = 0;
    if (cell == NULL || !cell_number(cell, clean, sizeof(clean)))
        return DAY_NONE;
    if (strlen(clean) == 8 && clean[strspn(clean, "0123456789")] == '\0') {
        memmove(clean + 5, clean + 4, 5);
        clean[4] = '-';
        memmove(clean + 8, clean + 7, 3);
        clean[7] = '-';
    }
    for (const char *at = clean; *at != '\0'; n++) {
        if (n == 3 || !cell_digit(*at))
            return DAY_NONE;
        for (; cell_digit(*at); at++)
            if (parts[n] < 100000)
                parts[n] = parts[n] * 10 + (*at - '0');
        while (*at != '\0' && !cell_digit(*at))
            at++;
    }
    return n == 3 ? day_of(parts[0], parts[1], parts[2]) : DAY_NONE;
}

int cell_minute(const char *cell)
{
    char clean[8];
    int parts[2] = {0, 0};
    if (cell == NULL || !cell_number(cell, clean, sizeof(clean)))
        return -1;
    size_t hour = strspn(clean, "0123456789"),
           minute = strspn(clean + hour + (clean[hour] == ':'), "0123456789");
    if (hour < 1 || hour > 2 || clean[hour] != ':' || minute != 2 || clean[hour + 1 + minute] != '\0')
        return -1;
    for (size_t i = 0; i < hour; i++)
        parts[0] = parts[0] * 10 + clean[i] - '0';
    for (size_t i = hour + 1; i <= hour + minute; i++)
        parts[1] = parts[1] * 10 + clean[i] - '0';
    int minutes = parts[0] * 60 + parts[1];
    return parts[1] < 60 && minutes <= 24 * 60 ? minutes : -1;
}

int cell_count(const char *cell, int most)
{
    char clean[12];
    long count = 0;
    if (cell == NULL || !cell_number(cell, clean, sizeof(clean)) || clean[0] == '\0' ||
        clean[strspn(clean, "0123456789")] != '\0')
        return -1;
    for (const char *at = clean; *at != '\0'; at++)
        count = count * 10 + (*at - '0');
    return count <= most ? (int) count : -1;
}

int cell_tenths(const char *cell, int most)
{
    char clean[12];
    if (cell == NULL || !cell_number(cell, clean, sizeof(clean)))
        return -1;
    size_t whole = strspn(clean, "0123456789");
    int tenth = 0;
    if (clean[whole] == '.' && cell_digit(clean[whole + 1]) && clean[whole + 2] == '\0') {
        tenth = clean[whole + 1] - '0';
        clean[whole] = '\0';
    }
    int count = cell_count(clean, most / 10);
    return count >= 0 && count * 10 + tenth <= most ? count * 10 + tenth : -1;
}

int64_t cell_fen(const char *cell)
{
    enum { YUAN_MOST = 999999999 };
    char clean[16];
    int64_t decimals = 0;
    if (cell == NULL || !cell_number(cell, clean, sizeof(clean)))
        return -1;
    size_t whole = strspn(clean, "0123456789");
    if (clean[whole] == '.') {
        const char *after = clean + whole + 1;
        size_t n = strspn(after, "0123456789");
        if (n < 1 || n > 2 || after[n] != '\0')
            return -1;
        decimals = (after[0] - '0') * 10 + (n == 2 ? after[1] - '0' : 0);
        clean[whole] = '\0';
    }
    int count = cell_count(clean, YUAN_MOST);
    return count < 0 ? -1 : (int64_t) count * 100 + decimals;
}
