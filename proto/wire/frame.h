/* SPDX-License-Identifier: Apache-2.0 */
/* Framing: a 4-byte big-endian length, then that many bytes of one Frame message. Pure. */
#ifndef MINGCE_PROTO_FRAME_H
#define MINGCE_PROTO_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_HEADER = 4, FRAME_REQUEST_ID = 16 };

/* What the first bytes of a stream hold. */
enum frame_state {
    FRAME_WHOLE,   /* *length bytes of message follow the header, all there */
    FRAME_PARTIAL, /* not whole yet; *length is known (and within the cap) once the header is there, else 0 */
    FRAME_TOO_LONG, /* longer than the cap, or empty: refuse before allocating anything */
};
enum frame_state frame_peek(const uint8_t *bytes, size_t n, size_t cap, size_t *length);
void frame_put_header(uint8_t header[FRAME_HEADER], uint32_t length);

#endif
