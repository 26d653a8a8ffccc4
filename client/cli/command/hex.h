/* SPDX-License-Identifier: Apache-2.0 */
/* Ids and key hashes as hexadecimal digits. */
#ifndef MINGCE_CLI_HEX_H
#define MINGCE_CLI_HEX_H

#include <protobuf-c/protobuf-c.h>

#include "client/cli/command/table.h"
#include "proto/wire/hex.h"

enum { HEX_ID = 16, HEX_KEY_HASH = 32 };

/* Reads exactly `n` bytes; hyphens are skipped. False: what is wrong with `option` has been printed. */
bool hex_parse(const struct cli *, const char *option, const char *text, uint8_t *bytes, size_t n);
/* Formats at most HEX_KEY_HASH bytes. */
void hex_format(ProtobufCBinaryData, char text[2 * HEX_KEY_HASH + 1]);
/* Puts a cell; without bytes an empty one. */
void hex_cell(struct table *, ProtobufCBinaryData);

#endif
