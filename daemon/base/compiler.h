/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MINGCE_BASE_COMPILER_H
#define MINGCE_BASE_COMPILER_H

#define MUST_CHECK            __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a)     __attribute__((format(printf, f, a)))
#define ARRAY_SIZE(a)         (sizeof(a) / sizeof(*(a)))
#define CONTAINER_OF(p, t, m) ((t *) (void *) ((char *) (p) -offsetof(t, m)))

/* protobuf-c's strings are not const, though packing only reads them. */
static inline char *unconst(const char *text)
{
    union {
        const char *in;
        char *out;
    } u = {.in = text};
    return u.out;
}

#endif
