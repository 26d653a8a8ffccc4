/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/cell.h"

#include <stdint.h>
#include <stdio.h>
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

/* What stands between the blanks at both ends. */
struct span {
    const char *text;
    size_t n;
};

static struct span trim(struct span cell)
{
    const char *first = NULL, *end = cell.text;
    for (const char *at = cell.text; at < cell.text + cell.n;) {
        int32_t point;
        const char *here = at;
        at += next_point(at, &point);
        if (blank(point))
            continue;
        first = first == NULL ? here : first;
        end = at;
    }
    return (struct span){first == NULL ? cell.text : first, first == NULL ? 0 : (size_t) (end - first)};
}

/* Without a leading apostrophe, if there is one. */
static struct span unmarked(struct span cell)
{
    int32_t point;
    size_t n = cell.n == 0 ? 0 : next_point(cell.text, &point);
    return n > 0 && cell_apostrophe(point) ? (struct span){cell.text + n, cell.n - n} : cell;
}

/* What the formula ="..." holds; the cell itself, when it is none. */
static struct span unwrapped(struct span cell)
{
    enum { OPENING = 2, CLOSING = 1 };
    bool wrapped =
        cell.n >= OPENING + CLOSING && memcmp(cell.text, "=\"", OPENING) == 0 && cell.text[cell.n - 1] == '"';
    return wrapped ? trim((struct span){cell.text + OPENING, cell.n - OPENING - CLOSING}) : cell;
}

static struct span span_of(const char *cell)
{
    return trim((struct span){cell, strlen(cell)});
}

bool cell_number(const char *cell, char *clean, size_t size)
{
    struct span number = span_of(cell), bare = unmarked(number);
    while (bare.n < number.n) { /* as many apostrophes as there are */
        number = trim(bare);
        bare = unmarked(number);
    }
    number = unwrapped(number);
    size_t used = 0;
    for (const char *at = number.text; at < number.text + number.n;) {
        int32_t point;
        at += next_point(at, &point);
        if (blank(point))
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

bool cell_text(const char *cell, size_t characters, char *clean, size_t size, bool *control)
{
    size_t count = 0;
    struct span text = span_of(cell), bare = unmarked(text);
    if (bare.n < text.n && cell_spoilt(bare.text))
        text = trim(bare);
    text = unwrapped(text);
    *control = false;
    if (text.n >= size)
        return false;
    memcpy(clean, text.text, text.n);
    clean[text.n] = '\0';
    for (const char *at = clean; *at != '\0'; count++) {
        int32_t point;
        at += next_point(at, &point);
        *control = *control || unfit(point);
    }
    return count <= characters;
}

/* Digits, perhaps with a point, and an exponent, with or without a sign. `marked`: with a point or a sign. */
static bool exponent_like(const char *clean, bool *marked)
{
    size_t digits = strspn(clean, "0123456789.");
    const char *exponent = clean + digits;
    if (digits == 0 || (*exponent != 'E' && *exponent != 'e'))
        return false;
    exponent++;
    *marked = memchr(clean, '.', digits) != NULL || *exponent == '+' || *exponent == '-';
    exponent += *exponent == '+' || *exponent == '-';
    return *exponent != '\0' && exponent[strspn(exponent, "0123456789")] == '\0';
}

bool cell_scientific(const char *clean)
{
    bool marked;
    return exponent_like(clean, &marked) && marked;
}

bool cell_empty(const char *cell)
{
    return cell == NULL || unwrapped(span_of(cell)).n == 0;
}

/* 3-1, 3/1/2: a spreadsheet's date. */
static bool date_like(const char *clean)
{
    static const char digits[] = "0123456789";
    size_t n = strspn(clean, digits);
    const char *at = clean + n;
    char separator = *at;
    int parts = n >= 1 && n <= 4 ? 1 : 0;
    while (parts > 0 && *at != '\0') {
        n = *at == separator && (separator == '-' || separator == '/') ? strspn(at + 1, digits) : 0;
        if (n < 1 || n > 4 || parts == 3)
            return false;
        at += 1 + n;
        parts++;
    }
    return parts == 2 || parts == 3;
}

bool cell_spoilt(const char *text)
{
    enum { DIGITS_KEPT = 11, FULL_DAY = 4 /* digits of its year */ };
    char clean[64];
    struct span span = span_of(text);
    int32_t first;
    if (span.n == 0)
        return false;
    (void) next_point(span.text, &first);
    first = half_width(first);
    if (first == '=' || first == '+' || first == '-' || first == '@')
        return true;
    if (cell_apostrophe(first) || !cell_number(text, clean, sizeof(clean)))
        return false;
    size_t digits = strspn(clean, "0123456789");
    bool zero_led = clean[digits] == '\0' && digits > 1 && *clean == '0';
    bool marked, day_kept = digits == FULL_DAY && cell_day(text) != DAY_NONE;
    return digits > DIGITS_KEPT || zero_led || exponent_like(clean, &marked) ||
           (date_like(clean) && !day_kept);
}

bool cell_invisible(const char *text)
{
    while (*text != '\0') {
        int32_t point;
        text += next_point(text, &point);
        bool direction =
            (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || point == 0x061c;
        if (direction || (point >= 0x200b && point <= 0x200f) || utf8proc_get_property(point)->ignorable ||
            utf8proc_category(point) == UTF8PROC_CATEGORY_CF)
            return true;
    }
    return false;
}

/* ---- words ---- */

static bool counts(char c)
{
    return c != ' ' && c != '-';
}

bool cell_same_word(const char *clean, const char *word)
{
    for (;; clean++, word++) {
        while (*clean != '\0' && !counts(*clean))
            clean++;
        while (*word != '\0' && !counts(*word))
            word++;
        if (cell_upper(*clean) != cell_upper(*word))
            return false;
        if (*clean == '\0')
            return true;
    }
}

/* Two words of the same number, one behind the other. */
static int two_words(char *clean, cell_word_known *known, const void *context)
{
    for (char *at = clean; *at != '\0';) {
        int32_t point;
        at += next_point(at, &point);
        if (*at == '\0')
            break;
        int second = known(context, at);
        char kept = *at;
        *at = '\0';
        int first = second == 0 ? 0 : known(context, clean);
        *at = kept;
        if (first != 0 && first == second)
            return first;
    }
    return 0;
}

int cell_word(const char *cell, cell_word_known *known, const void *context)
{
    char clean[128];
    if (cell == NULL || !cell_number(cell, clean, sizeof(clean)) || *clean == '\0')
        return 0;
    int number = known(context, clean);
    if (number != 0)
        return number;
    char *inner = strchr(clean, '('), *rest = NULL;
    if (inner != NULL) {
        *inner++ = '\0';
        inner[strcspn(inner, ")")] = '\0';
        int said = known(context, inner);
        number = said;
    }
    for (char *part = strtok_r(clean, "/", &rest); part != NULL; part = strtok_r(NULL, "/", &rest)) {
        int said = known(context, part);
        said = said == 0 ? two_words(part, known, context) : said;
        if (said == 0 || (number != 0 && said != number))
            return 0;
        number = said;
    }
    return *clean == '\0' ? 0 : number;
}

/* ---- days, times, numbers ---- */

/* The cell in half-width characters, with single spaces for its blanks and no apostrophe before it. */
static bool spaced(const char *cell, char *clean, size_t size)
{
    struct span span = unwrapped(trim(unmarked(span_of(cell))));
    size_t used = 0;
    for (const char *at = span.text; at < span.text + span.n;) {
        int32_t point;
        utf8proc_uint8_t bytes[4];
        at += next_point(at, &point);
        if (blank(point) && used > 0 && clean[used - 1] == ' ')
            continue;
        utf8proc_ssize_t n = utf8proc_encode_char(blank(point) ? ' ' : half_width(point), bytes);
        if (n <= 0 || used + (size_t) n >= size)
            return false;
        memcpy(clean + used, bytes, (size_t) n);
        used += (size_t) n;
    }
    clean[used] = '\0';
    return true;
}

/* Moves on over a word and the spaces around it. */
static bool over(const char **at, const char *word)
{
    const char *here = *at + strspn(*at, " ");
    size_t n = strlen(word);
    if (strncmp(here, word, n) != 0)
        return false;
    *at = here + n + strspn(here + n, " ");
    return true;
}

/* The digits there, at most `most` of them; -1: none, or more. */
static int number_there(const char **at, size_t most)
{
    size_t n = strspn(*at, "0123456789");
    int number = 0;
    if (n < 1 || n > most)
        return -1;
    for (; n > 0; n--, (*at)++)
        number = number * 10 + (**at - '0');
    return number;
}

/* Nothing more, or a time of the day: " 8:30", "T00:00:00.000". */
static bool time_or_end(const char *at)
{
    if (*at == '\0')
        return true;
    if (*at != ' ' && *at != 'T')
        return false;
    at++;
    int hour = number_there(&at, 2);
    if (hour < 0 || hour > 23 || *at != ':')
        return false;
    for (int part = 0; part < 2 && *at == ':'; part++) {
        at++;
        int number = strspn(at, "0123456789") == 2 ? number_there(&at, 2) : -1;
        if (number < 0 || number > 59)
            return false;
    }
    if (*at == '.')
        at += 1 + strspn(at + 1, "0");
    return *at == '\0';
}

day cell_day(const char *cell)
{
    static const struct {
        const char *after_year, *after_month, *after_day;
    } habits[] = {{"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}};
    char clean[64] = "";
    if (cell == NULL || !spaced(cell, clean, sizeof(clean)))
        return DAY_NONE;
    const char *at = clean;
    if (strspn(at, "0123456789") == 8) {
        int whole = number_there(&at, 8);
        return time_or_end(at) ? day_of(whole / 10000, whole / 100 % 100, whole % 100) : DAY_NONE;
    }
    int year = number_there(&at, 4);
    for (size_t i = 0; year >= 0 && i < sizeof(habits) / sizeof(*habits); i++) {
        const char *here = at;
        if (!over(&here, habits[i].after_year))
            continue;
        int month = number_there(&here, 2);
        int mday = month >= 0 && over(&here, habits[i].after_month) ? number_there(&here, 2) : -1;
        const char *suffix = here;
        if (*habits[i].after_day != '\0' && over(&suffix, habits[i].after_day))
            here = *suffix == '\0' ? suffix : suffix - (suffix[-1] == ' ');
        return mday >= 0 && time_or_end(here) ? day_of(year, month, mday) : DAY_NONE;
    }
    return DAY_NONE;
}

day cell_month(const char *cell)
{
    static const char *const firsts[] = {"01", "-01", "/1", ".1", "1日"};
    char text[48];
    day first = DAY_NONE;
    for (size_t i = 0; cell != NULL && first == DAY_NONE && i < sizeof(firsts) / sizeof(*firsts); i++)
        if (snprintf(text, sizeof(text), "%s%s", cell, firsts[i]) < (int) sizeof(text))
            first = cell_day(text);
    return first;
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
    if (clean[whole] == '.' && cell_digit(clean[whole + 1]) &&
        clean[whole + 2 + strspn(clean + whole + 2, "0")] == '\0') {
        tenth = clean[whole + 1] - '0';
        clean[whole] = '\0';
    }
    int count = cell_count(clean, most / 10);
    return count >= 0 && count * 10 + tenth <= most ? count * 10 + tenth : -1;
}

/* Takes out the commas that separate thousands: 1,700.00. False: there are others. */
static bool thousands_join(char *clean)
{
    enum { GROUP = 3 };
    static const char digits[] = "0123456789";
    size_t n = strspn(clean, digits);
    if (clean[n] != ',')
        return true;
    if (n < 1 || n > GROUP)
        return false;
    while (clean[n] == ',') {
        if (strspn(clean + n + 1, digits) != GROUP)
            return false;
        memmove(clean + n, clean + n + 1, strlen(clean + n));
        n += GROUP;
    }
    return true;
}

int64_t cell_fen(const char *cell)
{
    enum { YUAN_DIGITS = 12, FEN_A_YUAN = 100 };
    char clean[32] = "";
    int64_t fen = 0;
    if (cell == NULL || !cell_number(cell, clean, sizeof(clean)) || !thousands_join(clean))
        return -1;
    size_t whole = strspn(clean, "0123456789");
    if (whole < 1 || whole > YUAN_DIGITS)
        return -1;
    for (size_t i = 0; i < whole; i++)
        fen = fen * 10 + (clean[i] - '0');
    fen *= FEN_A_YUAN;
    if (clean[whole] == '\0')
        return fen;
    const char *after = clean + whole + 1;
    size_t n = strspn(after, "0123456789");
    if (clean[whole] != '.' || n < 1 || n > 2 || after[n] != '\0')
        return -1;
    return fen + (after[0] - '0') * 10 + (n == 2 ? after[1] - '0' : 0);
}
