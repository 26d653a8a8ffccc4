/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MINGCE_BASE_COMPILER_H
#define MINGCE_BASE_COMPILER_H

#define MUST_CHECK          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a)   __attribute__((format(printf, f, a)))
#define ARRAY_SIZE(a)       (sizeof(a) / sizeof(*(a)))
#define CONTAINER_OF(p, t, m) ((t *)(void *)((char *)(p) - offsetof(t, m)))

#endif
