/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that went through mail or an editor: a byte order mark, CR LF, blanks behind lines, empty lines at the end. */
#ifndef MINGCE_PROTO_MEND_H
#define MINGCE_PROTO_MEND_H

#include <stddef.h>

/* MEND_LINES: the mark, each CR before an LF, LFs at the end beyond the first; the last line ends in one. No text that we sign
 * has any of it. MEND_BLANKS: blanks behind each line, too, also those of East Asia. */
enum mend { MEND_LINES, MEND_BLANKS };
/* In place. There is room for n + 2 bytes, and a NUL is put behind. Returns the length. */
size_t mend_text(char *text, size_t n, enum mend);
/* A line without a mark before it and blanks at both ends: cut in place, and where it begins. */
char *mend_line(char *line);

#endif
