/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receipts of writes, kept in $MINGCE_RECEIPTS or $XDG_STATE_HOME/mingce/receipts (~/.local/state/mingce/receipts), one
 * file for each request, named by its id.
 */
#ifndef MINGCE_CLI_RECEIPTS_H
#define MINGCE_CLI_RECEIPTS_H

#include "client/cli/frame/cli.h"

/* Keeps the receipt of the write last waited for, if it has one. A receipt that cannot be kept is reported, but is no failure: the
 * write has happened. */
void receipt_keep(const struct cli *, const uint8_t request_id[MINGCE_REQUEST_ID], const char *method);

#endif
