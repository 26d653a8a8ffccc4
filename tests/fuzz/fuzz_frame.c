/* SPDX-License-Identifier: Apache-2.0 */
/* A stream of frames as it comes in: what is known of it never changes when more bytes arrive, and a frame that is
 * whole lies within what is there. The first three bytes are the cap. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

/* The verdict on the whole, against those on every beginning of it. */
static void judge_beginnings(const uint8_t *bytes, size_t n, size_t cap)
{
    size_t whole, length;
    enum frame_state last = frame_peek(bytes, n, cap, &whole);
    for (size_t i = 0; i < n && i < 64; i++) {
        enum frame_state state = frame_peek(bytes, i, cap, &length);
        require(state == FRAME_PARTIAL || (state == last && length == whole));
        require(length == 0 || length == whole);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    size_t cap = (size_t) data[0] << 16 | (size_t) data[1] << 8 | data[2];
    data += 3;
    size -= 3;
    for (;;) {
        size_t length;
        judge_beginnings(data, size, cap);
        enum frame_state state = frame_peek(data, size, cap, &length);
        require(length <= cap);
        require(state != FRAME_TOO_LONG || length == 0);
        if (state != FRAME_WHOLE)
            return 0;
        uint8_t header[FRAME_HEADER];
        frame_put_header(header, (uint32_t) length);
        require(length > 0 && length <= size - FRAME_HEADER);
        require(memcmp(header, data, FRAME_HEADER) == 0);
        data += FRAME_HEADER + length;
        size -= FRAME_HEADER + length;
    }
}
