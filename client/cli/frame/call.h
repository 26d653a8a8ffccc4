/* SPDX-License-Identifier: Apache-2.0 */
/* Calls on the server that the profile names. A call that fails says why on stderr, and the receipt of a write is kept. */
#ifndef MINGCE_CLI_CALL_H
#define MINGCE_CLI_CALL_H

#include "client/cli/frame/cli.h"

/* Prints an error of the library on stderr. Returns the exit status that it means. */
int cli_fail_call(const struct cli *, const struct mingce_error *);
/* Connects to the profile's server, unless it is connected. Returns CLI_OK, or the exit status after saying why it failed. */
int cli_connect(struct cli *);
/* Calls a method on that connection. The caller frees the answer. NULL: the reason has been printed, and `*status` is the exit
 * status. */
ProtobufCMessage *cli_call(const struct cli *, const char *method, const ProtobufCMessage *request,
                           int *status);
/* Connects first, then does the same. */
ProtobufCMessage *cli_answer(struct cli *, const char *method, const ProtobufCMessage *request, int *status);

/* Calls a write whose answer has nothing to show, and prints what it has done (client/cli/frame/done.h). Returns the exit status. */
int cli_write(struct cli *, const char *method, const ProtobufCMessage *request);

#endif
