/* SPDX-License-Identifier: Apache-2.0 */
/* Ids and key hashes as hexadecimal digits. */
#ifndef MINGCE_CLI_HEX_H
#define MINGCE_CLI_HEX_H

#include <protobuf-c/protobuf-c.h>

#include "client/cli/command/table.h"
#include "proto/wire/hex.h"

enum { HEX_ID = 16, HEX_KEY_HASH = 32 };

/* Exactly `n` bytes, hyphens left out. False: it has been said what is wrong with `option`. */
bool hex_parse(const struct cli *, const char *option, const char *text, uint8_t *bytes, size_t n);
/* Of at most HEX_KEY_HASH bytes. */
void hex_format(ProtobufCBinaryData, char text[2 * HEX_KEY_HASH + 1]);
/* A cell; no bytes: an empty one. */
void hex_cell(struct table *, ProtobufCBinaryData);

#endif
