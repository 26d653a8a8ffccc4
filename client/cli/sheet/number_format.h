/* SPDX-License-Identifier: Apache-2.0 */
/* How a spreadsheet shows a number: what of its format counts for a cell that is read. */
#ifndef MINGCE_CLI_NUMBER_FORMAT_H
#define MINGCE_CLI_NUMBER_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_SHOWN = 64 /* bytes with the NUL that a number needs at most */ };

/* As zeros: General. */
struct number_format {
    bool year, month, day, time; /* a date with these parts, or a time of the day, or both */
    bool elapsed;                /* hours may be more than 23 */
    bool fixed;                  /* the following say how many digits there are */
    uint8_t whole_least, decimals_least, decimals_most;
    bool percent;
};

/* Reads a format as it stands in a file: 0.00, yyyy"年"m"月"d"日", [h]:mm. */
struct number_format number_format_read(const char *code);
/* The format that has a number instead: 0 to 49, and 50 to 58 of Chinese programs. General for all others. */
struct number_format number_format_known(unsigned id);
/* Writes a number as the format shows it, without signs of currency or of thousands and never with an exponent that digits can do
 * without: days as 2026-03-01, months as 2026-03, times as 08:30. `from_1904`: days count from then. */
void number_format_show(const struct number_format *, double number, bool from_1904, char text[NUMBER_SHOWN]);
/* Whether the number has more digits before its point than a spreadsheet keeps, which is 15. */
bool number_digits_lost(double number);

#endif
