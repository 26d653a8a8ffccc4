/* SPDX-License-Identifier: Apache-2.0 */
/* Calls on the server of the profile, whose failures are said and whose receipts are kept. */
#ifndef MINGCE_CLI_CALL_H
#define MINGCE_CLI_CALL_H

#include "client/cli/frame/cli.h"

/* What the library says, on stderr. Returns the exit status it means. */
int cli_fail_call(const struct cli *, const struct mingce_error *);
/* Opens the profile's server, unless it is open. CLI_OK, or the exit status after saying why. */
int cli_connect(struct cli *);
/* One call on it. NULL: it has been said why, and `*status` is the exit status. */
ProtobufCMessage *cli_call(const struct cli *, const char *method, const ProtobufCMessage *request,
                           int *status);

/* The same, connecting first. */
ProtobufCMessage *cli_answer(struct cli *, const char *method, const ProtobufCMessage *request, int *status);

/* A write whose answer has nothing to show: says what is so now (client/cli/frame/done.h). Returns the exit status. */
int cli_write(struct cli *, const char *method, const ProtobufCMessage *request);

#endif
