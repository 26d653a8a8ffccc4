/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/place.h"

#include <string.h>
#include <utf8proc.h>

#include "proto/rules/cell.h"

enum {
    CODE = 6,
    PROVINCE = 2,
    CITY = 4 /* digits */,
    DECOMPOSED = 32,
    POINT_BYTES = 4,
    NUMBER_SIGN = 0x53f7
};

/* ---- keys ---- */

static utf8proc_int32_t digit(utf8proc_int32_t point)
{
    static const utf8proc_int32_t digits[][2] = {{0x3007, '0'}, {0x96f6, '0'}, {0x4e00, '1'}, {0x4e8c, '2'},
                                                 {0x4e09, '3'}, {0x56db, '4'}, {0x4e94, '5'}, {0x516d, '6'},
                                                 {0x4e03, '7'}, {0x516b, '8'}, {0x4e5d, '9'}};
    for (size_t i = 0; i < sizeof(digits) / sizeof(*digits); i++)
        if (digits[i][0] == point)
            return digits[i][1];
    return point;
}

/* What stands for a point in a key; 0: nothing does. */
static utf8proc_int32_t folded(utf8proc_int32_t point)
{
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
        return 0;
    case UTF8PROC_CATEGORY_PD:
        return '-';
    default:
        return point == '#' ? NUMBER_SIGN : point == 0x2212 ? '-' : digit(point);
    }
}

/* Puts what a point comes to behind the key's first `*n` bytes. False: it does not fit, or is none. */
static bool put(utf8proc_int32_t point, char key[PLACE_KEY_BYTES], size_t *n)
{
    utf8proc_int32_t points[DECOMPOSED];
    utf8proc_ssize_t found = utf8proc_decompose_char(
        point, points, DECOMPOSED, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, NULL);
    if (found < 0 || found > DECOMPOSED)
        return false;
    for (utf8proc_ssize_t i = 0; i < found; i++) {
        utf8proc_int32_t is = folded(points[i]);
        if (*n + POINT_BYTES >= PLACE_KEY_BYTES)
            return false;
        if (is != 0)
            *n += (size_t) utf8proc_encode_char(is, (utf8proc_uint8_t *) key + *n);
    }
    return true;
}

static bool ends_in(const char *key, size_t n, const char *suffix)
{
    size_t length = strlen(suffix);
    return n > length && memcmp(key + n - length, suffix, length) == 0;
}

/* Writes the numbers of a key in one way: 十二 is 12 (its digits are digits already), and zeros in front of a number go, but for those
 * behind a point. */
static void put_numbers(char *key)
{
    static const char ten[] = "十";
    char *to = key;
    for (const char *from = key; *from != '\0';) {
        bool inside = to > key && cell_digit(to[-1]);
        if (strncmp(from, ten, sizeof(ten) - 1) == 0) {
            from += sizeof(ten) - 1;
            if (!inside)
                *to++ = '1';
            if (!cell_digit(*from))
                *to++ = '0';
        } else if (*from == '0' && cell_digit(from[1]) && !inside && (to == key || to[-1] != '.')) {
            from++;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

/* Cuts off the punctuation that a key ends in. */
static void cut_end(char *key)
{
    static const char *const ends[] = {".", ",", ";", "。", "、"};
    for (size_t i = 0, n = strlen(key); i < sizeof(ends) / sizeof(*ends); i++)
        if (ends_in(key, n, ends[i])) {
            n -= strlen(ends[i]);
            key[n] = '\0';
            i = (size_t) -1; /* there may be more */
        }
}

bool place_key(const char *text, char key[PLACE_KEY_BYTES])
{
    size_t n = 0;
    while (*text != '\0') {
        utf8proc_int32_t point;
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *) text, -1, &point);
        if (step <= 0 || !put(point, key, &n))
            return false;
        text += step;
    }
    key[n] = '\0';
    put_numbers(key);
    cut_end(key);
    return n > 0;
}

/* Cuts off what only says that a number is a room's: 301号教室 becomes 301, while 多媒体教室 stays. */
static bool cut_room(char *key)
{
    static const char *const suffixes[] = {"教室", "室", "房间", "房", "号"};
    size_t n = strlen(key), before = 0;
    while (n != before) {
        before = n;
        for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
            if (ends_in(key, n, suffixes[i]))
                n -= strlen(suffixes[i]);
    }
    if (n > 0 && (cell_digit(key[n - 1]) || (key[n - 1] >= 'a' && key[n - 1] <= 'z')))
        key[n] = '\0';
    return n > 0;
}

bool room_key(const char *text, char key[PLACE_KEY_BYTES])
{
    return place_key(text, key) && cut_room(key);
}

bool place_split(const char *text, char venue[PLACE_KEY_BYTES], char room[PLACE_KEY_BYTES])
{
    if (!place_key(text, venue))
        return false;
    char *slash = strrchr(venue, '/');
    const char *name = slash == NULL ? venue : slash + 1;
    memcpy(room, name, strlen(name) + 1);
    *(slash == NULL ? venue : slash) = '\0';
    return slash != venue && cut_room(room);
}

/* ---- addresses ---- */

/* Where a key goes on behind a name that it begins with; NULL: it does not. */
static const char *behind(const char *key, const char *name)
{
    char prefix[PLACE_KEY_BYTES];
    size_t n = place_key(name, prefix) ? strlen(prefix) : 0;
    return n > 0 && strncmp(key, prefix, n) == 0 ? key + n : NULL;
}

/* The same behind the name of the division whose code begins with `digits` digits of `code` and goes on with zeros. */
static const char *behind_division(const char *key, const char *code, size_t digits)
{
    struct division division;
    for (unsigned long i = 0; division_at_place(i, &division); i++)
        if (memcmp(division.code, code, digits) == 0 &&
            strspn(division.code + digits, "0") == (size_t) CODE - digits) {
            const char *rest = behind(key, division.name);
            return rest == NULL ? key : rest;
        }
    return key;
}

/* The county of a city, as it is today, that the rest of an address begins with; NULL: none. */
static const char *behind_county(const char *key, const char *city, char county[DIVISION_BYTES])
{
    struct division division;
    for (unsigned long i = 0; division_at_place(i, &division); i++) {
        if (memcmp(division.code, city, CITY) != 0 || strcmp(division.code + CITY, "00") == 0 ||
            !division.current)
            continue;
        const char *rest = behind(key, division.name);
        if (rest != NULL) {
            memcpy(county, division.code, DIVISION_BYTES);
            return rest;
        }
    }
    return NULL;
}

/* Whether a county is one today. */
static bool is_county(const char *code)
{
    struct division division;
    for (unsigned long i = 0; division_at_place(i, &division); i++)
        if (strcmp(division.code, code) == 0)
            return division.current && strcmp(code + CITY, "00") != 0;
    return false;
}

enum reason address_key(const char *division, const char *address, char county[DIVISION_BYTES],
                        char key[PLACE_KEY_BYTES])
{
    char code[DIVISION_BYTES], whole[PLACE_KEY_BYTES];
    if (!division_of_cell(division, code) || strcmp(code + PROVINCE, "0000") == 0)
        return REASON_VENUE_DIVISION;
    if (!place_key(address, whole))
        return REASON_VENUE_ADDRESS;
    const char *rest = behind_division(behind_division(whole, code, PROVINCE), code, CITY);
    const char *named = behind_county(rest, code, county);
    if (named == NULL)
        memcpy(county, code, DIVISION_BYTES);
    else if (strcmp(code + CITY, "00") != 0 && strcmp(county, code) != 0)
        return REASON_VENUE_DIVISION; /* the address is another county's */
    if (!is_county(county))
        return REASON_VENUE_DIVISION;
    rest = named == NULL ? rest : named;
    memmove(key, rest, strlen(rest) + 1);
    return *key == '\0' ? REASON_VENUE_ADDRESS : REASON_NONE;
}
