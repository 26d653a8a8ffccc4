/* SPDX-License-Identifier: Apache-2.0 */
/* Text from outside, before a terminal sees it. */
#ifndef MINGCE_CLI_CLEAN_H
#define MINGCE_CLI_CLEAN_H

/* In place: what steers a terminal (control characters, ASCII's and those beyond), reorders what is read (marks of
 * direction) or is no UTF-8 becomes a '?' a character. */
void clean_text(char *text);

#endif
