/* SPDX-License-Identifier: Apache-2.0 */
/* The two encodings in which clerks' files are. */
#ifndef MINGCE_CLI_ENCODING_H
#define MINGCE_CLI_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

enum { ENCODING_BOM = 3 };
extern const char encoding_bom[]; /* UTF-8's mark, which spreadsheets know it by */

/* The text of a file as one of the two encodings has it: half a character, and a NUL, become U+FFFD. */
struct decoded {
    char *text; /* NUL-terminated; NULL: out of memory */
    size_t n;
    size_t broken, first_line; /* how many became so; the line of the first, from 1 */
    size_t wide;               /* characters beyond ASCII */
};

/* UTF-8 where the file says so, or where it has fewer breaks than characters of three bytes, which GB18030 text seldom happens to
 * make. */
struct decoded encoding_decode(char *bytes, size_t n, bool *gb18030);
/* `bytes` in another encoding, by iconv's names, NUL-terminated; the caller frees it. NULL: not possible. */
char *encoding_convert(const char *to, const char *from, char *bytes, size_t n, size_t *out_n);

#endif
