/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, CHUNK = 4096 - 64, LARGE = 256 * 1024 };

struct chunk {
    struct chunk *next;
    size_t size, used;
    _Alignas(ALIGN) uint8_t bytes[];
};

struct arena {
    struct chunk *chunks; /* the first one is the one being filled */
    size_t cap, used;     /* bytes handed out, rounding included */
    bool failed, starved;
    ProtobufCAllocator allocator;
};

static void *allocator_alloc(void *context, size_t n)
{
    return arena_alloc(context, n);
}

static void allocator_free(void *context, void *pointer)
{
    (void) context, (void) pointer;
}

struct arena *arena_new(size_t cap)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    if (arena == NULL)
        return NULL;
    arena->cap = cap;
    arena->allocator = (ProtobufCAllocator){allocator_alloc, allocator_free, arena};
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct chunk *chunk = arena->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        explicit_bzero(chunk->bytes, chunk->used);
        free(chunk);
    }
    free(arena);
}

/* Puts a chunk with room for n bytes in front. Chunks double, so that a large request needs few of them. */
static struct chunk *chunk_add(struct arena *arena, size_t n)
{
    size_t size = arena->chunks == NULL ? CHUNK : arena->chunks->size * 2;
    if (size > LARGE)
        size = LARGE;
    if (size < n)
        size = n;
    size_t whole;
    struct chunk *chunk = __builtin_add_overflow(size, sizeof(*chunk), &whole) ? NULL : malloc(whole);
    if (chunk == NULL) {
        arena->starved = true;
        return NULL;
    }
    *chunk = (struct chunk){.next = arena->chunks, .size = size};
    arena->chunks = chunk;
    return chunk;
}

static void *refuse(struct arena *arena)
{
    arena->failed = true;
    return NULL;
}

void *arena_alloc(struct arena *arena, size_t n)
{
    if (n == 0)
        n = 1; /* so that nothing is still not NULL */
    if (__builtin_add_overflow(n, ALIGN - 1, &n))
        return refuse(arena);
    n &= ~(size_t) (ALIGN - 1);
    if (n > arena->cap - arena->used)
        return refuse(arena);
    struct chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->size - chunk->used < n)
        chunk = chunk_add(arena, n);
    if (chunk == NULL)
        return refuse(arena);
    void *at = chunk->bytes + chunk->used;
    chunk->used += n;
    arena->used += n;
    return memset(at, 0, n);
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        return refuse(arena);
    return arena_alloc(arena, bytes);
}

char *arena_strndup(struct arena *arena, const char *text, size_t n)
{
    size_t length = strnlen(text, n);
    char *copy = arena_alloc(arena, length + 1);
    if (copy != NULL)
        memcpy(copy, text, length);
    return copy;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = n < 0 ? refuse(arena) : arena_alloc(arena, (size_t) n + 1);
    if (text == NULL)
        return NULL;
    va_start(args, fmt);
    vsnprintf(text, (size_t) n + 1, fmt, args);
    va_end(args);
    return text;
}

bool arena_failed(const struct arena *arena)
{
    return arena->failed;
}

bool arena_starved(const struct arena *arena)
{
    return arena->starved;
}

ProtobufCAllocator *arena_allocator(struct arena *arena)
{
    return &arena->allocator;
}
