/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a file sent in requests, several of them in flight. */
#ifndef MINGCE_CLI_SEND_H
#define MINGCE_CLI_SEND_H

#include "client/cli/command/rows.h"

/*
 * Reads and sends every row that is not refused, as many to a request as it holds, and puts the server's word on each into its
 * judgement. A row that no request holds is refused. The receipts of all that was answered are kept, also when a request fails:
 * those in flight with it are waited for, and no other is begun. Returns the exit status, after saying what is wrong.
 */
int send_rows(const struct cli *, const struct rows_import *, const struct form_file *, struct judgements *,
              struct sent *);
void sent_free(struct sent *);

#endif
