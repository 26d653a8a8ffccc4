/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/division.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "proto/rules/cell.h"

#pragma GCC diagnostic ignored "-Woverlength-strings"
#include "proto/divisions_data.inc"

enum {
    CODE = 6,
    MARK = 1,
    PROVINCE = 2,
    PREFECTURE = 4 /* digits */,
    ROWS = sizeof(division_at) / sizeof(*division_at)
};

/* A row: code, '+' or '-' (a former one), name. */
static const char *row_code(size_t i)
{
    return division_text + division_at[i];
}

static bool row_current(size_t i)
{
    return row_code(i)[CODE] == '+';
}

static const char *row_name(size_t i)
{
    return row_code(i) + CODE + MARK;
}

/* The first row whose code does not sort before a prefix of it. */
static size_t first_row(const char *prefix, size_t n)
{
    size_t low = 0, high = ROWS;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(row_code(middle), prefix, n) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool within(size_t i, const char *prefix, size_t n)
{
    return i < ROWS && memcmp(row_code(i), prefix, n) == 0;
}

bool division_known(const char code[6])
{
    return within(first_row(code, CODE), code, CODE);
}

bool division_at_place(unsigned long place, struct division *division)
{
    if (place >= ROWS)
        return false;
    *division = (struct division){.name = row_name(place), .current = row_current(place)};
    memcpy(division->code, row_code(place), CODE);
    return true;
}

/* ---- by name ---- */

static bool is_county(size_t i)
{
    return memcmp(row_code(i) + PREFECTURE, "00", 2) != 0;
}

/* What a short name leaves out; 0: nothing, or so little would be left that it names nothing. */
static size_t suffix_bytes(const char *name)
{
    static const char *const suffixes[] = {
        "特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "自治州", "自治县", "自治旗",
        "地区",       "林区",       "省",         "市",           "盟",     "县",     "区",     "旗"};
    enum { LEAST = 2 * 3 /* two characters */ };
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        size_t suffix = strlen(suffixes[i]);
        if (n >= suffix + LEAST && strcmp(name + n - suffix, suffixes[i]) == 0)
            return suffix;
    }
    return 0;
}

/* The first character, of three bytes as each in a name: of nearly every row it is another. */
static bool may_begin(const char *text, size_t row)
{
    const char *name = row_name(row);
    return text[0] == name[0] && text[1] == name[1] && text[2] == name[2];
}

/* What follows the name in a text, when that begins with it; NULL: it does not. */
static const char *after(const char *text, size_t row, bool full)
{
    const char *name = row_name(row);
    size_t suffix = full ? 0 : suffix_bytes(name), n = strlen(name) - suffix;
    return (full || suffix > 0) && strncmp(text, name, n) == 0 ? text + n : NULL;
}

/* A row that was found, and how well: a current one before a former one. */
struct match {
    size_t row;
    unsigned score; /* 0: none */
    bool several;   /* codes as good as each other */
};

static void better(struct match *best, size_t row, unsigned score)
{
    score = score * 2 + row_current(row);
    bool same = best->score == score && memcmp(row_code(best->row), row_code(row), CODE) != 0;
    if (score > best->score)
        *best = (struct match){row, score, false};
    else
        best->several = best->several || same;
}

static bool take(const struct match *best, char code[DIVISION_BYTES])
{
    if (best->score == 0 || best->several)
        return false;
    memcpy(code, row_code(best->row), CODE);
    code[CODE] = '\0';
    return true;
}

/* A county among those whose codes begin so: its full name, perhaps with the rest of an address behind it, or its short one. */
static bool county(const char *prefix, size_t n, const char *text, char code[DIVISION_BYTES])
{
    struct match best = {.score = 0};
    if (strncmp(text, "市辖区", strlen("市辖区")) == 0 && text[strlen("市辖区")] != '\0')
        text += strlen("市辖区");
    for (size_t i = first_row(prefix, n); within(i, prefix, n); i++) {
        if (!may_begin(text, i) || !is_county(i))
            continue;
        const char *rest = after(text, i, true);
        if (rest != NULL)
            better(&best, i, 100 + (unsigned) (rest - text)); /* the longest */
        else if ((rest = after(text, i, false)) != NULL && *rest == '\0')
            better(&best, i, 1);
    }
    return take(&best, code);
}

/* Zones that a city runs beside its districts, and that have no code. */
static bool zone(const char *text)
{
    return strstr(text, "高新") != NULL || strstr(text, "开发区") != NULL || strstr(text, "保税") != NULL;
}

/* What follows the province, of those divisions whose codes begin so. */
static bool below_province(const char *prefix, size_t n, const char *text, char code[DIVISION_BYTES])
{
    struct match best = {.score = 0};
    for (size_t at = 0; at < sizeof(division_prefectures) / sizeof(*division_prefectures); at++) {
        size_t i = division_prefectures[at];
        if (!may_begin(text, i) || !within(i, prefix, n))
            continue;
        for (int full = 1; full >= 0; full--) {
            const char *rest = after(text, i, full == 1);
            if (rest == NULL)
                continue;
            if (*rest == '\0' || zone(rest))
                better(&best, i, 1);
            else if (county(row_code(i), PREFECTURE, rest, code))
                return true;
        }
    }
    return take(&best, code) || county(prefix, n, text, code);
}

static bool by_name(const char *text, char code[DIVISION_BYTES])
{
    for (size_t at = 0; at < sizeof(division_provinces) / sizeof(*division_provinces); at++) {
        size_t i = division_provinces[at];
        if (!may_begin(text, i))
            continue;
        for (int full = 1; full >= 0; full--) {
            const char *rest = after(text, i, full == 1);
            struct match whole = {i, 1, false};
            if (rest != NULL &&
                (*rest == '\0' ? take(&whole, code) : below_province(row_code(i), PROVINCE, rest, code)))
                return true;
        }
    }
    return below_province("", 0, text, code);
}

bool division_of_cell(const char *cell, char code[DIVISION_BYTES])
{
    char clean[256];
    if (!cell_number(cell, clean, sizeof(clean)) || *clean == '\0')
        return false;
    if (strspn(clean, "0123456789") == strlen(clean)) {
        bool known = strlen(clean) == CODE && division_known(clean);
        if (known)
            memcpy(code, clean, CODE + 1);
        return known;
    }
    return by_name(clean, code);
}
