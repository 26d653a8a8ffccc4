/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: one line an event on stderr, `ts=… level=… proc=… pid=… msg=… key=value …` (logfmt). No personal
 * data, no certificate subjects, no SQL messages: identifiers of records, reasons and numbers only.
 */
#ifndef MINGCE_BASE_LOG_H
#define MINGCE_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/compiler.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

void log_start(const char *process, enum log_level); /* again after fork, with the new process's name */
/* `msg` is a short constant; the format gives `key=value` pairs; values with blanks are the caller's to quote:
 * the line stays one line whatever they hold. log_info("listening", "address=%s", a) */
void log_event(enum log_level, const char *msg, const char *fmt, ...) PRINTF_LIKE(3, 4);
#define log_debug(...) log_event(LOG_LEVEL_DEBUG, __VA_ARGS__)
#define log_info(...)  log_event(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_warn(...)  log_event(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_error(...) log_event(LOG_LEVEL_ERROR, __VA_ARGS__)

/* `text` as a quoted logfmt value: quotes, backslashes and control characters escaped, cut to what fits in n bytes
 * (3 at least). Returns `out`. For values that a stranger chose. */
const char *log_quote(char *out, size_t n, const char *text);

/* Bounds the lines that strangers can cause. False: enough for this second; the next true says in `*left_out`
 * how many were kept back since the last. Starts zeroed. */
struct log_limit {
    int64_t second;
    uint32_t said, left_out;
};
bool log_allowed(struct log_limit *, uint32_t a_second, uint32_t *left_out) MUST_CHECK;

/* Boot failures and broken invariants only, never a peer's input: logs and exits 1. */
_Noreturn void fatal(const char *msg, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
