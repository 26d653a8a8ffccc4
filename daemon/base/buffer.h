/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing byte queue.
 *
 *    data                 head          tail            size
 *     | consumed bytes     | bytes held  | room          |
 */
#ifndef MINGCE_BASE_BUFFER_H
#define MINGCE_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/compiler.h"

struct buffer {
    uint8_t *data;
    size_t head, tail, size;
};

/* Room for at least n more bytes at the tail; NULL when out of memory. Moves what is held. */
uint8_t *buffer_room(struct buffer *, size_t n) MUST_CHECK;
bool buffer_add(struct buffer *, const void *, size_t n) MUST_CHECK;
void buffer_filled(struct buffer *, size_t n);  /* n bytes were written at the tail */
void buffer_consume(struct buffer *, size_t n); /* n bytes at the head are done with */
void buffer_clear(struct buffer *);             /* empty; keeps a small allocation, frees a large one */
void buffer_free(struct buffer *);
static inline size_t buffer_held(const struct buffer *b)
{
    return b->tail - b->head;
}
static inline uint8_t *buffer_at(const struct buffer *b)
{
    return b->data == NULL ? NULL : b->data + b->head; /* C wants no arithmetic on NULL */
}

#endif
