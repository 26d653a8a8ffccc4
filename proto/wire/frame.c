/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/wire/frame.h"

#include <endian.h>
#include <string.h>

enum frame_state frame_peek(const uint8_t *bytes, size_t n, size_t cap, size_t *length)
{
    uint32_t header;
    *length = 0;
    if (n < FRAME_HEADER)
        return FRAME_PARTIAL;
    memcpy(&header, bytes, sizeof(header));
    header = be32toh(header);
    if (header == 0 || header > cap)
        return FRAME_TOO_LONG;
    *length = header;
    return n - FRAME_HEADER >= header ? FRAME_WHOLE : FRAME_PARTIAL;
}

void frame_put_header(uint8_t header[FRAME_HEADER], uint32_t length)
{
    length = htobe32(length);
    memcpy(header, &length, sizeof(length));
}
