/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as hexadecimal digits. */
#ifndef MINGCE_PROTO_HEX_H
#define MINGCE_PROTO_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lower case; `text` has room for 2 * n + 1 characters. */
void hex_write(const uint8_t *bytes, size_t n, char *text);
/* Exactly n bytes, in either case, hyphens left out as in a UUID. False: `text` is not that (or NULL). */
bool hex_read(const char *text, uint8_t *bytes, size_t n);

#endif
