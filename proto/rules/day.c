/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/day.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { SHANGHAI_MS = 8 * 3600 * 1000, DAY_MS = 24 * 3600 * 1000, FIRST_YEAR = 1800, LAST_YEAR = 9999 };

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* Years are counted from March, so that the leap day is the last: 153 days in any five months from there. */
day day_of(int year, int month, int mday)
{
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || mday < 1 ||
        mday > month_days(year, month))
        return DAY_NONE;
    int y = month <= 2 ? year - 1 : year;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

static void day_split(day on, int *year, int *month, int *mday)
{
    int64_t since = (int64_t) on + 719468; /* 0000-03-01 */
    int64_t era = since / 146097;
    int of_era = (int) (since % 146097);
    int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * of_year + 2) / 153;
    *mday = of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = (int) (era * 400) + year_of_era + (*month <= 2);
}

day day_parse(const char *text)
{
    int parts[3] = {0, 0, 0}, part = 0;
    if (strlen(text) != DAY_TEXT - 1)
        return DAY_NONE;
    for (int i = 0; i < DAY_TEXT - 1; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? text[i] != '-' : !isdigit((unsigned char) text[i]))
            return DAY_NONE;
        if (dash)
            part++;
        else
            parts[part] = parts[part] * 10 + (text[i] - '0');
    }
    return day_of(parts[0], parts[1], parts[2]);
}

day day_parse_month(const char *text)
{
    char first[DAY_TEXT];
    if (strlen(text) != MONTH_TEXT - 1)
        return DAY_NONE;
    snprintf(first, sizeof(first), "%s-01", text);
    return day_parse(first);
}

void day_format(day on, char text[DAY_TEXT])
{
    int year, month, mday;
    day_split(on, &year, &month, &mday);
    snprintf(text, DAY_TEXT, "%04u-%02u-%02u", (unsigned) year % 10000, (unsigned) month % 100,
             (unsigned) mday % 100);
}

day day_at(int64_t ms)
{
    int64_t local = ms + SHANGHAI_MS;
    return (day) (local / DAY_MS - (local % DAY_MS < 0));
}

int day_age(day born, day on)
{
    int birth_year, birth_month, birth_day, year, month, mday;
    day_split(born, &birth_year, &birth_month, &birth_day);
    day_split(on, &year, &month, &mday);
    bool before = month < birth_month || (month == birth_month && mday < birth_day);
    return year - birth_year - before;
}
