/* SPDX-License-Identifier: Apache-2.0 */
/* The import of a file by a method: its rows are read, judged and sent, and the clerk is told what has become of each. */
#ifndef MINGCE_CLI_IMPORT_H
#define MINGCE_CLI_IMPORT_H

#include "client/cli/command/given.h"
#include "client/cli/command/send.h"

/* The whole import of the argument FILE.csv, refused rows to --rejects: reads, connects, sends (send.h), tells. Returns the exit
 * status. */
int rows_import(struct cli *, const struct rows_import *, struct given *);

/* A request of one row that is answered by RowsResponse: says why it was refused. Returns the exit status. */
int rows_one(struct cli *, const char *method, const ProtobufCMessage *request);

#endif
