/* SPDX-License-Identifier: Apache-2.0 */
/* Which sheet of a spreadsheet is read. */
#ifndef MINGCE_CLI_TABS_H
#define MINGCE_CLI_TABS_H

#include "client/cli/sheet/sheet.h"

/* Whether the first rows of a sheet have the header that is looked for. */
typedef bool tabs_fits(void *context, const struct sheet *);
/* Turns to the first visible sheet that fits, or to a hidden one when none that can be seen does. Tells the user which one it is when
 * there are several, and what of it is hidden. Refuses the file when several fit: they may be of different classes. When none fits,
 * turns to the first. Does nothing for a file that is text. Returns CLI_OK, or the exit status after saying what is wrong. */
int tabs_choose(const struct cli *, const char *path, struct sheet *, size_t first_rows, tabs_fits *,
                void *context);

#endif
