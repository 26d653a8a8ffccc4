/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of mingce-witness. */
#ifndef MINGCE_WITNESS_COMMAND_H
#define MINGCE_WITNESS_COMMAND_H

#include "client/cli/command/command.h"

extern const struct commands witness_commands;

#endif
