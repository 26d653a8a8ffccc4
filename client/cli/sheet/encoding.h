/* SPDX-License-Identifier: Apache-2.0 */
/* The two encodings in which clerks' files are. */
#ifndef MINGCE_CLI_ENCODING_H
#define MINGCE_CLI_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

enum { ENCODING_BOM = 3 };
extern const char encoding_bom[]; /* the byte order mark by which spreadsheets recognise UTF-8 */

/* The text of a file, decoded. Bytes that are no whole character, and NULs, have become U+FFFD. */
struct decoded {
    char *text; /* NUL-terminated; NULL: out of memory */
    size_t n;
    size_t broken, first_line; /* how many of these there are; the line of the first one, from 1 */
    size_t wide;               /* characters beyond ASCII */
};

/* Takes the bytes for UTF-8 if they begin with its mark, or if they have fewer broken characters than characters of three bytes,
 * which is rare in GB18030 text. */
struct decoded encoding_decode(char *bytes, size_t n, bool *gb18030);
/* Converts bytes between two encodings, which iconv's names say. The caller frees the NUL-terminated result; NULL: not possible. */
char *encoding_convert(const char *to, const char *from, char *bytes, size_t n, size_t *out_n);

#endif
