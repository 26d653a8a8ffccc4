/* SPDX-License-Identifier: Apache-2.0 */
/* What a spreadsheet does to a cell, and its mending (POLICY A9). */
#ifndef MINGCE_PROTO_CELL_H
#define MINGCE_PROTO_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/rules/day.h"
#include <stdint.h>

/* A number or code as typed: full-width characters become half-width, every blank, a leading apostrophe and the formula
 * ="..." that other systems' exports keep a number with go. False: it does not fit into `size` bytes with its NUL. Characters beyond ASCII that are no mended form stay; a
 * byte that is no UTF-8 becomes U+FFFD, so `clean` is UTF-8. */
bool cell_number(const char *cell, char *clean, size_t size);
/* A text: blanks at both ends, that formula, and the apostrophe before what cell_spoilt() names go. False: longer than `characters`, or it does not fit. `*control` is set when a
 * control character, U+FFFD or a byte that is no UTF-8 is inside: the text is not fit to be kept. Tabs and line
 * ends are blanks. */
bool cell_text(const char *cell, size_t characters, char *clean, size_t size, bool *control);
/* 3.70102E+17 and its kind: what is left of a long number that a spreadsheet took for a quantity. One without
 * point and sign is not: passports are numbered like that. */
bool cell_scientific(const char *clean);
/* What a spreadsheet would change when it opens a file that has this text bare: long or zero-led digits, scientific notation,
 * what looks like a date, formulas. An apostrophe before it keeps it text. */
bool cell_spoilt(const char *text);
/* A character inside that nobody sees: of direction, of no width, or one that Unicode lets be ignored. Blanks are not. */
bool cell_invisible(const char *text);
/* The number that `known` gives for a cell's words; 0: none. Blanks, case and hyphens do not count. The state's forms say a word
 * twice: 五级/初级工, 初级工（五级）, 居民身份证（户口簿）. Then all that are known say the same number, and only what stands in
 * brackets may be unknown. */
typedef int cell_word_known(const void *context, const char *clean);
int cell_word(const char *cell, cell_word_known *known, const void *context);
/* For these: whether a clean word is a word of a table, blanks, case and hyphens apart. */
bool cell_same_word(const char *clean, const char *word);
/* One of the characters that stand for the apostrophe of a spreadsheet's text cell. */
bool cell_apostrophe(int32_t point);
/* Of the following, NULL is none.
 * A day as typed: 2001-02-03, 2001/2/3, 2001.2.3, 2001年2月3日, 20010203. DAY_NONE: none of these. */
day cell_day(const char *cell);
/* The first day of a month as typed: 2026-03, 2026/3, 2026.3, 2026年3月, 202603. DAY_NONE: none of these. */
day cell_month(const char *cell);
/* Minutes after midnight of 08:30, 8:30, 8：30, up to 24:00; -1: none of these. */
int cell_minute(const char *cell);
/* A whole number, at most `most`; -1: none. */
int cell_count(const char *cell, int most);
/* Tenths of a number with at most one decimal that is not zero, at most `most` tenths: 60, 60.5, 60.50; -1: none. */
int cell_tenths(const char *cell, int most);
/* Fen of an amount in yuan with two decimals at most: 1700, 1700.5, 1,700.00; below 10^12 yuan; -1: none. */
int64_t cell_fen(const char *cell);
/* NULL or nothing but blanks. */
bool cell_empty(const char *cell);

/* ASCII whatever the locale: these rules give one answer everywhere. */
static inline bool cell_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline char cell_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
}

#endif
