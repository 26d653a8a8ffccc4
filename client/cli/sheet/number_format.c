/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/number_format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "proto/rules/cell.h"
#include "proto/rules/day.h"

/* ---- reading ---- */

/* Moves on over what is shown as it stands, or not at all: "元", \-, _), *x, [Red]. False: here is something else. `*elapsed` is
 * set by [h] and its kind, which are times. */
static bool over_words(const char **at, bool *elapsed)
{
    const char *here = *at, *end;
    switch (*here) {
    case '"':
        end = strchr(here + 1, '"');
        break;
    case '[':
        end = strchr(here, ']');
        *elapsed = strchr("hHmMsS", here[1]) != NULL && here[1] != '\0' &&
                   here[1 + strspn(here + 1, "hHmMsS")] == ']';
        break;
    case '\\':
    case '_':
    case '*':
        end = here[1] == '\0' ? here : here + 1;
        break;
    default:
        return false;
    }
    *at = end == NULL ? here + strlen(here) : end + 1;
    return true;
}

/* The next letter that means something behind a run of m: s makes it minutes. */
static bool seconds_next(const char *at)
{
    bool elapsed = false;
    while (*at != '\0' && *at != ';') {
        if (over_words(&at, &elapsed)) {
            if (elapsed)
                return true;
            continue;
        }
        if (strchr("sS", *at) != NULL)
            return true;
        if (strchr("yYmMdDhH", *at) != NULL)
            return false;
        at++;
    }
    return false;
}

/* Takes a run of letters of a date or a time. `*hours`: the one before were hours. */
static void take_letters(struct number_format *format, const char *at, size_t n, bool *hours)
{
    switch (*at) {
    case 'y':
    case 'Y':
        format->year = true;
        break;
    case 'd':
    case 'D':
        format->day = true;
        break;
    case 'm':
    case 'M':
        if (*hours || seconds_next(at + n))
            format->time = true;
        else
            format->month = true;
        break;
    default:
        format->time = true;
        break;
    }
    *hours = *at == 'h' || *at == 'H';
}

static uint8_t one_more(uint8_t n)
{
    return n < 30 ? (uint8_t) (n + 1) : n;
}

/* Takes a character of a number. False: the format is none of those that say how many digits there are. */
static bool take_digit(struct number_format *format, const char *at, bool *point)
{
    switch (*at) {
    case '0':
        if (*point)
            format->decimals_least = one_more(format->decimals_least);
        else
            format->whole_least = one_more(format->whole_least);
        /* fall through */
    case '#':
    case '?':
        format->fixed = true;
        if (*point)
            format->decimals_most = one_more(format->decimals_most);
        return true;
    case '.':
        *point = true;
        return true;
    case '%':
        format->percent = true;
        return true;
    case 'E':
    case 'e':
        return at[1] != '+' && at[1] != '-';
    case '/':
    case '@':
        return false;
    default:
        return true;
    }
}

struct number_format number_format_read(const char *code)
{
    struct number_format format = {.year = false};
    bool point = false, number = true, hours = false, elapsed = false;
    if (strncasecmp(code, "General", 7) == 0 || strncasecmp(code, "G/", 2) == 0)
        return format;
    for (const char *at = code; *at != '\0' && *at != ';';) {
        if (over_words(&at, &elapsed)) {
            format.time = format.time || elapsed;
            format.elapsed = format.elapsed || elapsed;
            hours = hours || elapsed;
            continue;
        }
        if (strncasecmp(at, "AM/PM", 5) == 0 || strncasecmp(at, "A/P", 3) == 0) {
            at += at[1] == '/' ? 3 : 5;
            continue;
        }
        char letters[3] = {*at, (char) (*at ^ 0x20), '\0'};
        size_t n = strchr("yYmMdDhHsS", *at) != NULL ? strspn(at, letters) : 0;
        if (n > 0)
            take_letters(&format, at, n, &hours);
        else
            number = take_digit(&format, at, &point) && number;
        at += n > 0 ? n : 1;
    }
    if (format.year || format.month || format.day || format.time || !number)
        format.fixed = format.percent = false;
    return format;
}

struct number_format number_format_known(unsigned id)
{
    static const char *const codes[] = {
        [1] = "0",         [2] = "0.00",         [3] = "#,##0",        [4] = "#,##0.00",
        [5] = "#,##0",     [6] = "#,##0",        [7] = "#,##0.00",     [8] = "#,##0.00",
        [9] = "0%",        [10] = "0.00%",       [14] = "y-m-d",       [15] = "d-m-y",
        [16] = "d-m",      [17] = "m-y",         [18] = "h:mm",        [19] = "h:mm:ss",
        [20] = "h:mm",     [21] = "h:mm:ss",     [22] = "y-m-d h:mm",  [27] = "y年m月",
        [28] = "m月d日",   [29] = "m月d日",      [30] = "m-d-y",       [31] = "y年m月d日",
        [32] = "h时mm分",  [33] = "h时mm分ss秒", [34] = "h时mm分",     [35] = "h时mm分ss秒",
        [36] = "y年m月",   [37] = "#,##0",       [38] = "#,##0",       [39] = "#,##0.00",
        [40] = "#,##0.00", [41] = "#,##0",       [42] = "#,##0",       [43] = "#,##0.00",
        [44] = "#,##0.00", [45] = "mm:ss",       [46] = "[h]:mm:ss",   [47] = "mm:ss.0",
        [50] = "y年m月",   [51] = "m月d日",      [52] = "y年m月",      [53] = "m月d日",
        [54] = "m月d日",   [55] = "h时mm分",     [56] = "h时mm分ss秒", [57] = "y年m月",
        [58] = "m月d日",
    };
    return number_format_read(id < sizeof(codes) / sizeof(*codes) && codes[id] != NULL ? codes[id]
                                                                                       : "General");
}

/* ---- days and times ---- */

enum { DAY_SECONDS = 86400, FIRST_1900 = -25569, FROM_1904 = 1462, LEAP_THAT_WAS_NONE = 60, LAST = 2958465 };

/* Writes the day; a spreadsheet believes that there was a 29 February 1900. */
static void show_day(const struct number_format *format, int32_t serial, char text[NUMBER_SHOWN])
{
    char iso[DAY_TEXT];
    if (serial == 0)
        snprintf(iso, sizeof(iso), "1900-01-00");
    else if (serial == LEAP_THAT_WAS_NONE)
        snprintf(iso, sizeof(iso), "1900-02-29");
    else
        day_format(FIRST_1900 + serial + (serial < LEAP_THAT_WAS_NONE ? 1 : 0), iso);
    bool month_only = format->year && format->month && !format->day;
    snprintf(text, NUMBER_SHOWN, "%.*s", month_only ? MONTH_TEXT - 1 : DAY_TEXT - 1, iso);
}

static void show_time(const struct number_format *format, int32_t days, int seconds, char *text, size_t size)
{
    int64_t hours = seconds / 3600 + (format->elapsed ? (int64_t) days * 24 : 0);
    int n = snprintf(text, size, "%02lld:%02d", (long long) hours, seconds / 60 % 60);
    if (seconds % 60 != 0 && n > 0 && (size_t) n < size)
        snprintf(text + n, size - (size_t) n, ":%02d", seconds % 60);
}

/* False: the number is no moment that could be shown. */
static bool show_moment(const struct number_format *format, double number, bool from_1904,
                        char text[NUMBER_SHOWN])
{
    if (from_1904 && !format->elapsed && (format->year || format->month || format->day))
        number += FROM_1904;
    if (!(number >= 0 && number < LAST + 1))
        return false;
    double whole = floor(number);
    int32_t days = (int32_t) whole;
    int seconds = (int) floor((number - whole) * DAY_SECONDS + 0.5);
    days += seconds == DAY_SECONDS;
    seconds %= DAY_SECONDS;
    if (days > LAST)
        return false;
    text[0] = '\0';
    bool dated = !format->elapsed && (format->year || format->month || format->day);
    if (dated)
        show_day(format, days, text);
    if (!format->time || (dated && seconds == 0))
        return true;
    size_t n = strlen(text);
    if (dated)
        text[n++] = ' ';
    show_time(format, days, seconds, text + n, NUMBER_SHOWN - n);
    return true;
}

/* ---- digits ---- */

enum { DIGITS = 15, EXPONENT_MOST = 30 };

/* The 15 digits of a number that a spreadsheet keeps: d.ddd times ten to the exponent. */
struct decimal {
    char digits[DIGITS + 1];
    int exponent;
};

static struct decimal decimal_of(double number)
{
    char text[32];
    struct decimal decimal = {.exponent = 0};
    snprintf(text, sizeof(text), "%.*e", DIGITS - 1, number);
    decimal.digits[0] = text[0];
    memcpy(decimal.digits + 1, text + 2, DIGITS - 1);
    decimal.exponent = (int) strtol(text + 2 + DIGITS, NULL, 10);
    return decimal;
}

/* Rounds to so many decimals. */
static void decimal_round(struct decimal *decimal, int decimals)
{
    int keep = decimal->exponent + 1 + decimals;
    if (keep >= DIGITS)
        return;
    bool up = keep >= 0 && decimal->digits[keep] >= '5';
    if (keep < 0)
        keep = 0;
    memset(decimal->digits + keep, '0', (size_t) (DIGITS - keep));
    for (int i = keep - 1; up && i >= 0; i--) {
        up = decimal->digits[i] == '9';
        decimal->digits[i] = up ? '0' : (char) (decimal->digits[i] + 1);
    }
    if (!up)
        return;
    memmove(decimal->digits + 1, decimal->digits, DIGITS - 1);
    decimal->digits[0] = '1';
    decimal->exponent += keep == 0 ? -decimal->exponent - decimals : 1;
}

/* The digit that stands for ten to `place`. */
static char digit_at(const struct decimal *decimal, int place)
{
    int i = decimal->exponent - place;
    return i < 0 || i >= DIGITS ? '0' : decimal->digits[i];
}

static void show_digits(const struct decimal *decimal, bool negative, int whole_least, int decimals_least,
                        int decimals_most, char text[NUMBER_SHOWN])
{
    size_t n = 0;
    int first = decimal->exponent > whole_least - 1 ? decimal->exponent : whole_least - 1;
    int last = -decimals_most;
    while (last < -decimals_least && last < 0 && digit_at(decimal, last) == '0')
        last++;
    if (first < 0)
        first = 0;
    if (negative && strspn(decimal->digits, "0") < DIGITS)
        text[n++] = '-';
    for (int place = first; place >= last && n < NUMBER_SHOWN - 2; place--) {
        if (place == -1)
            text[n++] = '.';
        text[n++] = digit_at(decimal, place);
    }
    text[n] = '\0';
}

void number_format_show(const struct number_format *format, double number, bool from_1904,
                        char text[NUMBER_SHOWN])
{
    bool moment = format->year || format->month || format->day || format->time;
    if (moment && show_moment(format, number, from_1904, text))
        return;
    struct decimal decimal = decimal_of(fabs(number));
    if (!isfinite(number) || abs(decimal.exponent) > EXPONENT_MOST - 2) {
        snprintf(text, NUMBER_SHOWN, "%.*g", DIGITS, number);
        return;
    }
    if (!format->fixed) {
        show_digits(&decimal, number < 0, 1, 0, EXPONENT_MOST, text);
        return;
    }
    decimal.exponent += format->percent && number != 0 ? 2 : 0;
    decimal_round(&decimal, format->decimals_most);
    show_digits(&decimal, number<0, format->whole_least> 0 ? format->whole_least : 1, format->decimals_least,
                format->decimals_most, text);
    size_t n = strlen(text);
    if (format->percent && n + 1 < NUMBER_SHOWN)
        snprintf(text + n, NUMBER_SHOWN - n, "%%");
}

bool number_digits_lost(double number)
{
    return fabs(number) >= 1e15;
}
