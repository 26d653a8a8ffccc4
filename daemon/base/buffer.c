/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/base/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 512, KEPT = 16 * 1024 };

static void buffer_compact(struct buffer *buffer)
{
    if (buffer->head == 0 || buffer->data == NULL)
        return;
    memmove(buffer->data, buffer->data + buffer->head, buffer_held(buffer));
    buffer->tail -= buffer->head;
    buffer->head = 0;
}

uint8_t *buffer_room(struct buffer *buffer, size_t n)
{
    size_t held = buffer_held(buffer), need, size = buffer->size < SMALLEST ? SMALLEST : buffer->size;
    if (buffer->data != NULL && buffer->size - buffer->tail >= n)
        return buffer->data + buffer->tail;
    if (__builtin_add_overflow(held, n, &need) || need > SIZE_MAX / 4)
        return NULL;
    while (size < need)
        size *= 2;
    /* Bytes are moved only when at least as many have been consumed, so that moving costs no more than reading did. */
    if (size == buffer->size && buffer->head < held)
        size *= 2;
    if (size != buffer->size) {
        uint8_t *data = realloc(buffer->data, size);
        if (data == NULL)
            return NULL;
        buffer->data = data;
        buffer->size = size;
    }
    if (buffer->size - buffer->tail < n)
        buffer_compact(buffer);
    return buffer->data + buffer->tail;
}

bool buffer_add(struct buffer *buffer, const void *bytes, size_t n)
{
    uint8_t *room = buffer_room(buffer, n);
    if (room == NULL)
        return false;
    if (n > 0)
        memcpy(room, bytes, n);
    buffer_filled(buffer, n);
    return true;
}

void buffer_filled(struct buffer *buffer, size_t n)
{
    buffer->tail += n;
}

void buffer_consume(struct buffer *buffer, size_t n)
{
    buffer->head += n;
    if (buffer->head == buffer->tail)
        buffer_clear(buffer);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->head = buffer->tail = 0;
    if (buffer->size > KEPT)
        buffer_free(buffer);
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}
