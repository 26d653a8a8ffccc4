/* SPDX-License-Identifier: Apache-2.0 */
/* Makes text from outside safe to print on a terminal, and measures it. */
#ifndef MINGCE_CLI_CLEAN_H
#define MINGCE_CLI_CLEAN_H

#include <stddef.h>

/* Replaces in place, by one '?' each, the characters that steer a terminal (all control characters) or change the order in which
 * text is read (marks of direction), and the bytes that are not UTF-8. */
void clean_text(char *text);
/* How many cells of a terminal the text takes; a Chinese character takes two. */
size_t text_width(const char *text);

#endif
