/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the log's public formats: each ends in LF; numbers and hashes are written in one way only. */
#ifndef MINGCE_PROTO_LINE_H
#define MINGCE_PROTO_LINE_H

#include "proto/tlog/merkle.h"

/* The line at `*at` without its LF; moves on. NULL: there is none. */
const char *line_next(const char **at, const char *end, size_t *n);
/* What stands behind that word and a blank, of `*n` characters. NULL: the line begins otherwise. */
const char *line_after(const char *line, const char *word, size_t *n);
/* Decimal without leading zeros, below 10^18. */
bool line_decimal(const char *text, size_t n, uint64_t *);
/* base64 of exactly 32 bytes. */
bool line_hash(const char *text, size_t n, merkle_hash);

#endif
