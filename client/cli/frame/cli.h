/* SPDX-License-Identifier: Apache-2.0 */
/* What every command of `mingce` gets: who calls, in which language, table or JSON; and how it says what is wrong. */
#ifndef MINGCE_CLI_CLI_H
#define MINGCE_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/libmingce/mingce.h"

/* The exit status. */
enum {
    CLI_OK,
    CLI_ROWS_REFUSED, /* done, but some rows were refused */
    CLI_USAGE,
    CLI_REFUSED,     /* the server refused */
    CLI_UNREACHABLE, /* no server, or no answer: try again */
    CLI_FILE,        /* a file cannot be read or written */
};

struct cli {
    const char *program; /* its name, as it is called */
    bool profiles;       /* it calls a server, as a profile says */
    const char *profile;
    bool json;
    bool zh;            /* Chinese, by locale */
    const char *output; /* of a list: the file that it is written to; NULL: the terminal */
    struct mingce *server;
};

/* The sentence in the language of the locale. */
static inline const char *cli_say(const struct cli *cli, const char *zh, const char *en)
{
    return cli->zh ? zh : en;
}

/* The end of an English noun that is counted: "1 row", "2 rows". */
static inline const char *cli_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* The program's name and a sentence on stderr. Returns `status`. */
int cli_fail(const struct cli *, int status, const char *zh, const char *en, const char *detail);
/* Of a text that is in UTF-16 (proto/rules/mend.h), as Notepad's "Unicode". Returns CLI_FILE. */
int cli_fail_utf16(const struct cli *, const char *path);

/* A decimal number in bounds. False: it has been said what is wrong with the option. */
bool cli_number(const struct cli *, const char *option, const char *text, uint64_t least, uint64_t most,
                uint64_t *number);
/* True: `rejects` (NULL: none) is the file at `path`, whose place it must not take; that has been said. */
bool cli_same_file(const struct cli *, const char *path, const char *rejects);
/* Nothing but blanks, of a file that is empty. */
bool cli_blank(const char *text, size_t n);
/* The option's day, YYYY-MM-DD, Asia/Shanghai. False as above. */
bool cli_day(const struct cli *, const char *option, const char *text, int32_t *day);

/* After a second, on a terminal: how far it is, on one line. `done` == `total` clears it. */
struct cli_progress {
    int64_t began_ms, shown_ms;
};
void cli_progress(const struct cli *, struct cli_progress *, size_t done, size_t total);
/* Monotonic milliseconds. */
int64_t cli_now_ms(void);
/* "2026-03-01 09:30:00", Asia/Shanghai, of milliseconds since 1970. */
enum { CLI_TIME = 24 };
void cli_time(int64_t ms, char text[CLI_TIME]);

#endif
