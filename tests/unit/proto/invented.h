/* SPDX-License-Identifier: Apache-2.0 */
/* Invented people. The classes of these tests begin in 2126 and their trainees are born after 2090, those with a
 * number of 15 digits on the first days of 1900 under running number 000: nobody has such a number. */
#ifndef MINGCE_TESTS_INVENTED_H
#define MINGCE_TESTS_INVENTED_H

#include <stdio.h>
#include <string.h>

#include "proto/rules/day.h"

enum { INVENTED_NUMBER = 19 };

static inline day invented_today(void)
{
    return day_of(2126, 3, 1);
}

/* ISO 7064 MOD 11-2 by its recursion, not by weights as the code has it. */
static inline char invented_check(const char *seventeen)
{
    int remainder = 0;
    for (int i = 0; i < 17; i++)
        remainder = (remainder + seventeen[i] - '0') * 2 % 11;
    int check = (12 - remainder) % 11;
    return (char) (check == 10 ? 'X' : '0' + check);
}

/* 17 digits and their check character. */
static inline const char *invented_number(char number[INVENTED_NUMBER], const char *seventeen)
{
    memcpy(number, seventeen, 17);
    number[17] = invented_check(seventeen);
    number[18] = '\0';
    return number;
}

/* The same with a check character that does not fit: of the others the one `by` after it. */
static inline const char *invented_wrong_number(char number[INVENTED_NUMBER], const char *seventeen, int by)
{
    static const char characters[] = "0123456789X";
    invented_number(number, seventeen);
    number[17] = characters[((strchr(characters, number[17]) - characters) + by) % 11];
    return number;
}

/* One born on `birth` (YYYYMMDD) in Jinan's Lixia; a woman when `order` (three digits) is even. */
static inline const char *invented_resident(char number[INVENTED_NUMBER], const char *birth,
                                            const char *order)
{
    char seventeen[18];
    snprintf(seventeen, sizeof(seventeen), "370102%.8s%.3s", birth, order);
    return invented_number(number, seventeen);
}

/* One whose check character is X. */
static inline const char *invented_with_x(char number[INVENTED_NUMBER])
{
    char order[] = "100";
    while (invented_resident(number, "21000228", order)[17] != 'X')
        order[2]++;
    return number;
}

#endif
