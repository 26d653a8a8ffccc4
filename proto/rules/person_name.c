/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/person_name.h"

#include <string.h>
#include <utf8proc.h>

#include "proto/rules/cell.h"

enum { SEPARATOR = 0x00b7, CELL_CHARACTERS = 200 };

/* A cell's code points; a cell longer than this is no name. One of them decomposes to four at most. */
struct points {
    size_t n;
    bool han; /* one of them is a Han character */
    utf8proc_int32_t at[CELL_CHARACTERS * 4];
};

/* Bullets, middle dots of other scripts and vowels that are written as one: among them letters, as Unicode has it. */
static bool look_alike_dot(utf8proc_int32_t point)
{
    static const utf8proc_int32_t dots[] = {'.',    0x0387, 0x119e, 0x1427, 0x16eb, 0x2022,
                                            0x2024, 0x2027, 0x2219, 0x22c5, 0x2e31, 0x2e33,
                                            0x30fb, 0x318d, 0xa78f, 0xff0e, 0xff65, 0x10101};
    for (size_t i = 0; i < sizeof(dots) / sizeof(*dots); i++)
        if (dots[i] == point)
            return true;
    return false;
}

/* Parts of characters with code points of their own, which copying from a PDF leaves behind; and single strokes. */
static bool radical(utf8proc_int32_t point)
{
    return (point >= 0x2e80 && point <= 0x2fdf) || (point >= 0x31c0 && point <= 0x31ef);
}

/* Invisible characters would make another name of the same one: fillers, which are letters, and variation selectors,
 * which are marks. */
static bool invisible(utf8proc_int32_t point)
{
    return utf8proc_get_property(point)->ignorable && utf8proc_category(point) != UTF8PROC_CATEGORY_CF;
}

/* Planes 2 and 3 hold ideographs only; those that Unicode adds after this library was built are names too. */
static bool han(utf8proc_int32_t point)
{
    bool ideographic_plane = point >= 0x20000 && point <= 0x3ffff && (point & 0xfffe) != 0xfffe;
    return (point >= 0x3400 && point <= 0x4dbf) || (point >= 0x4e00 && point <= 0x9fff) ||
           (point >= 0xf900 && point <= 0xfaff) || ideographic_plane || point == 0x3007;
}

/* Full-width Latin letters come from the keyboard, as A9's digits do. */
static utf8proc_int32_t half_width(utf8proc_int32_t point)
{
    return point >= 0xff21 && point <= 0xff5a ? point - 0xfee0 : point;
}

static bool blank(utf8proc_int32_t point)
{
    return point == 0x3000 || point == '\t' || utf8proc_category(point) == UTF8PROC_CATEGORY_ZS ||
           point == 0x200b || point == 0xfeff;
}

/* The blanks at both ends are not kept. */
static enum reason decode(const char *cell, struct points *points)
{
    char trimmed[CELL_CHARACTERS * 4 + 1];
    bool control;
    if (!cell_text(cell, CELL_CHARACTERS, trimmed, sizeof(trimmed), &control))
        return REASON_NAME_LENGTH;
    if (control)
        return REASON_NAME_CHARACTER;
    points->n = 0;
    points->han = false;
    for (const char *at = trimmed; *at != '\0'; points->n++) {
        at += utf8proc_iterate((const utf8proc_uint8_t *) at, -1, &points->at[points->n]);
        points->han = points->han || han(points->at[points->n]);
    }
    return REASON_NONE;
}

/* To NFC, after the mending: what that brings together composes too. */
static bool compose(struct points *points)
{
    utf8proc_uint8_t bytes[CELL_CHARACTERS * 4];
    utf8proc_ssize_t n = 0;
    for (size_t i = 0; i < points->n; i++)
        n += utf8proc_encode_char(points->at[i], bytes + n);
    n = utf8proc_decompose(bytes, n, points->at,
                           (utf8proc_ssize_t) (sizeof(points->at) / sizeof(*points->at)),
                           UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (n < 0 || (size_t) n > sizeof(points->at) / sizeof(*points->at))
        return false;
    n = utf8proc_normalize_utf32(points->at, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    points->n = n < 0 ? 0 : (size_t) n;
    return n > 0;
}

/* `*letter` is set when the character can make a name. */
static enum reason judge(utf8proc_int32_t point, bool in_han, bool *letter)
{
    switch (han(point) ? UTF8PROC_CATEGORY_LO : utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return REASON_NAME_DIGIT;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        *letter = true;
        return REASON_NONE;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return REASON_NONE;
    default:
        /* hyphens and apostrophes are in the Latin names of passports */
        return point == SEPARATOR || point == ' ' || (!in_han && (point == '-' || point == '\''))
                   ? REASON_NONE
                   : REASON_NAME_CHARACTER;
    }
}

/* Dots become the one separator, several in a row one of them; blanks and a spreadsheet's leading apostrophe go
 * from a name with a Han character, and blanks become one in others. */
static void mend(struct points *points, enum reason *dot, enum reason *space)
{
    size_t kept = 0;
    for (size_t i = 0; i < points->n; i++) {
        utf8proc_int32_t point = half_width(points->at[i]);
        if (look_alike_dot(point)) {
            point = SEPARATOR;
            *dot = REASON_NAME_DOT;
        }
        if (point == SEPARATOR && kept > 0 && points->at[kept - 1] == SEPARATOR) {
            *dot = REASON_NAME_DOT;
            continue;
        }
        if (points->han && kept == 0 && cell_apostrophe(point))
            continue;
        if (blank(point)) {
            if (points->han)
                *space = REASON_NAME_SPACE;
            if (points->han || (kept > 0 && points->at[kept - 1] == ' '))
                continue;
            point = ' ';
        }
        points->at[kept++] = point;
    }
    points->n = kept;
}

enum reason person_name_parse(const char *cell, char name[PERSON_NAME_BYTES], enum reason *dot,
                              enum reason *space)
{
    struct points points;
    size_t used = 0;
    *dot = *space = REASON_NONE;
    if (cell_empty(cell))
        return REASON_NAME_MISSING;
    enum reason reason = decode(cell, &points);
    if (reason != REASON_NONE)
        return reason;
    mend(&points, dot, space);
    for (size_t i = 0; i < points.n; i++) /* before composing, which swallows some of them */
        if (radical(points.at[i]) || invisible(points.at[i]))
            return radical(points.at[i]) ? REASON_NAME_RADICAL : REASON_NAME_INVISIBLE;
    if (!compose(&points))
        return REASON_NAME_CHARACTER;
    if (points.n > PERSON_NAME_CHARACTERS)
        return REASON_NAME_LENGTH;
    /* A name begins with a letter, or like 't Hooft; one that begins otherwise would not be read again as it is. */
    size_t first = points.n > 1 && points.at[0] == '\'' ? 1 : 0;
    for (size_t i = 0; i < points.n; i++) {
        bool letter = false;
        reason = judge(points.at[i], points.han, &letter);
        if (reason == REASON_NONE && i == first && !letter)
            reason = REASON_NAME_CHARACTER;
        if (reason != REASON_NONE)
            return reason;
        used += (size_t) utf8proc_encode_char(points.at[i], (utf8proc_uint8_t *) name + used);
    }
    name[used] = '\0';
    return points.at[points.n - 1] == SEPARATOR ? REASON_NAME_CHARACTER : REASON_NONE;
}

void person_name_mask(const char *name, char masked[PERSON_NAME_MASK_BYTES])
{
    size_t used = 0;
    for (const char *at = name; *at != '\0';) {
        utf8proc_int32_t point;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *) at, -1, &point);
        if (n <= 0 || used + (size_t) n >= PERSON_NAME_MASK_BYTES)
            break;
        if (at == name || point == SEPARATOR) {
            memcpy(masked + used, at, (size_t) n);
            used += (size_t) n;
        } else {
            masked[used++] = '*';
        }
        at += n;
    }
    masked[used] = '\0';
}
