/* SPDX-License-Identifier: Apache-2.0 */
/* base64, RFC 4648 section 4 with padding, and nothing else. */
#ifndef MINGCE_PROTO_BASE64_H
#define MINGCE_PROTO_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room that the text of n bytes takes, with its NUL. */
#define BASE64_BYTES(n) (((n) + 2) / 3 * 4 + 1)

/* `n` is below 2^30. */
void base64_encode(const uint8_t *bytes, size_t n, char *text);
/* Of `n` characters; `bytes` has room for `room`. False: not what base64_encode() would write of any bytes, or too long. */
bool base64_decode(const char *text, size_t n, uint8_t *bytes, size_t room, size_t *length);

#endif
