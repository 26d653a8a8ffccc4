/* SPDX-License-Identifier: Apache-2.0 */
/* Imports a file by a method: reads, judges and sends its rows, and tells the clerk the outcome for each. */
#ifndef MINGCE_CLI_IMPORT_H
#define MINGCE_CLI_IMPORT_H

#include "client/cli/command/given.h"
#include "client/cli/command/send.h"

/* Imports the file of the argument FILE.csv (send.h) and writes its refused rows to that of --rejects. Returns the exit status. */
int rows_import(struct cli *, const struct rows_import *, struct given *);

/* Sends a request of one row that is answered by RowsResponse, and prints what was done or why not. Returns the exit status. */
int rows_one(struct cli *, const char *method, const ProtobufCMessage *request);

#endif
