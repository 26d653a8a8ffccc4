/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the log's text formats: each ends in LF, numbers are decimals without leading zeros. */
#ifndef MINGCE_PROTO_LINE_H
#define MINGCE_PROTO_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The line at `*at`, `*n` characters without its LF; moves on. NULL: there is none before `end`. */
const char *line_next(const char **at, const char *end, size_t *n);
/* Below 10^18. False: not that. */
bool line_decimal(const char *text, size_t n, uint64_t *value);

#endif
