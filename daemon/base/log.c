/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/clock.h"

enum { LINE = 1024 };

static const char *log_process = "mingced";
static enum log_level log_lowest = LOG_LEVEL_INFO;
static const char *const level_names[] = {"debug", "info", "warn", "error"};

void log_start(const char *process, enum log_level lowest)
{
    log_process = process;
    log_lowest = lowest;
}

/* Each line is written by one write(), and stays one line whatever its values hold. */
static PRINTF_LIKE(3, 0) void log_line(enum log_level level, const char *msg, const char *fmt, va_list args)
{
    char line[LINE];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t n = strftime(line, sizeof(line), "ts=%Y-%m-%dT%H:%M:%S", &utc);
    int head = snprintf(line + n, sizeof(line) - n, ".%03ldZ level=%s proc=%s pid=%d msg=%s",
                        now.tv_nsec / 1000000, level_names[level], log_process, (int) getpid(), msg);
    n = head < 0 ? n : n + (size_t) head;
    if (fmt != NULL && n < sizeof(line) - 2) {
        line[n++] = ' ';
        int rest = vsnprintf(line + n, sizeof(line) - n, fmt, args);
        n = rest < 0 ? n : n + (size_t) rest;
    }
    if (n > sizeof(line) - 1)
        n = sizeof(line) - 1;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char) line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[n++] = '\n';
    if (write(STDERR_FILENO, line, n) < 0)
        return; /* nowhere left to say so */
}

void log_event(enum log_level level, const char *msg, const char *fmt, ...)
{
    va_list args;
    if (level < log_lowest)
        return;
    va_start(args, fmt);
    log_line(level, msg, fmt, args);
    va_end(args);
}

void fatal(const char *msg, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    log_line(LOG_LEVEL_ERROR, msg, fmt, args);
    va_end(args);
    exit(EXIT_FAILURE);
}

const char *log_quote(char *out, size_t n, const char *text)
{
    char *at = out, *end = out + n - 2; /* room for the closing quote and the NUL */
    *at++ = '"';
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char) *text;
        bool hidden = byte < 0x20 || byte == 0x7f, escaped = byte == '"' || byte == '\\';
        if (end - at < (hidden ? 4 : escaped ? 2 : 1))
            break;
        if (hidden) {
            at += snprintf(at, 5, "\\x%02x", byte); /* its NUL is written over */
            continue;
        }
        if (escaped)
            *at++ = '\\';
        *at++ = *text;
    }
    *at++ = '"';
    *at = '\0';
    return out;
}

bool log_allowed(struct log_limit *limit, uint32_t a_second, uint32_t *left_out)
{
    int64_t second = clock_monotonic_ms() / 1000;
    if (second != limit->second) {
        limit->second = second;
        limit->said = 0;
    }
    *left_out = limit->left_out;
    if (limit->said >= a_second) {
        limit->left_out++;
        return false;
    }
    limit->said++;
    limit->left_out = 0;
    return true;
}
