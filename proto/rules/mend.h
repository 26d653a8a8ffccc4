/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that went through mail or an editor: a byte order mark, CR LF, blanks behind lines, empty lines at the end. */
#ifndef MINGCE_PROTO_MEND_H
#define MINGCE_PROTO_MEND_H

#include <stdbool.h>
#include <stddef.h>

/* MEND_LINES: the mark, also before a line further down, where a file was put behind another; each CR before an LF, LFs at the end beyond the first; the last line ends in one. No text that we sign
 * has any of it. MEND_BLANKS: blanks behind each line, too, also those of East Asia. */
enum mend { MEND_LINES, MEND_BLANKS };
/* In place. There is room for n + 2 bytes, and a NUL is put behind. Returns the length. */
size_t mend_text(char *text, size_t n, enum mend);
/* Whether it is UTF-16, by the mark that editors put before it. MEND_UTF16 is what to say then. */
bool mend_is_utf16(const void *bytes, size_t n);
#define MEND_UTF16 "the file is in UTF-16: save it as UTF-8"
/* UTF-16 as ASCII, in place, with a question mark for whatever is none: for texts of which only ASCII counts. Returns the
 * length; anything else is left alone. */
size_t mend_narrow(char *text, size_t n);
/* A line without a mark before it and blanks at both ends: cut in place, and where it begins. */
char *mend_line(char *line);

#endif
