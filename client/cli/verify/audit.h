/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log's entries. */
#ifndef MINGCE_CLI_AUDIT_H
#define MINGCE_CLI_AUDIT_H

#include <protobuf-c/protobuf-c.h>

#include "client/cli/frame/cli.h"

/* Connects and prints the entries about a person, an organisation, an operator or a change, whose id has 16 bytes. Returns the exit
 * status. */
int audit_about(struct cli *, ProtobufCBinaryData subject);

#endif
