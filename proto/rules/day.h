/* SPDX-License-Identifier: Apache-2.0 */
/* Civil days (Asia/Shanghai). Pure calendar arithmetic; no clock, no zone. */
#ifndef MINGCE_PROTO_DAY_H
#define MINGCE_PROTO_DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t day; /* days since 1970-01-01 */
#define DAY_NONE INT32_MIN
enum {
    DAY_TEXT = 11, /* "YYYY-MM-DD" and its NUL */
    MONTH_TEXT = 8 /* "YYYY-MM" and its NUL */
};

/* DAY_NONE unless it is a real date of the Gregorian calendar, years 1800 to 9999. */
day day_of(int year, int month, int mday);
/* "YYYY-MM-DD" exactly, NUL-terminated; DAY_NONE otherwise. */
day day_parse(const char *text);
/* "YYYY-MM" exactly: the first day of the month; DAY_NONE otherwise. */
day day_parse_month(const char *text);
void day_format(day, char text[DAY_TEXT]);
/* The day in Shanghai (UTC+8, no daylight saving) at a moment. */
day day_at(int64_t ms_since_1970);
/* Whole years from `born` to `on`: the birthday counts on the day itself; 29 February counts on 1 March. */
int day_age(day born, day on);

#endif
