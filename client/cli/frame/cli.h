/* SPDX-License-Identifier: Apache-2.0 */
/* What every command of `mingce` is given: who calls, in which language, and whether to print tables or JSON. Also how a command says
 * what is wrong. */
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

/* How a command prints rows: `--format`. */
enum cli_format {
    FORMAT_UNSAID, /* a table, or what the file's name says; only until the command line has been read */
    FORMAT_TABLE,  /* for people */
    FORMAT_JSON,   /* for programs, an object a line */
    FORMAT_CSV,
    FORMAT_XLSX,
};

struct cli {
    const char *program; /* the name that it was called by */
    bool profiles;       /* the program calls a server, which a profile names */
    const char *profile;
    enum cli_format format;
    bool json;          /* it is FORMAT_JSON */
    bool zh;            /* Chinese, by locale */
    const char *output; /* the file that cells are written to; NULL: standard output */
    bool no_pager;
    bool yes;           /* what cannot be taken back is done without a question */
    bool progress_json; /* progress is told in JSON, on a terminal or not */
    struct mingce *server;
};

/* The sentence in the language of the locale. */
static inline const char *cli_say(const struct cli *cli, const char *zh, const char *en)
{
    return cli->zh ? zh : en;
}

/* Whether a list goes where only cells go, with nothing before, between and behind them. */
static inline bool cli_cells(const struct cli *cli)
{
    return cli->format == FORMAT_CSV || cli->format == FORMAT_XLSX;
}

/* The end of an English noun that is counted: "1 row", "2 rows". */
static inline const char *cli_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* Prints the program's name and a sentence on stderr, with `detail` (NULL: none) in brackets. Returns `status`. */
int cli_fail(const struct cli *, int status, const char *zh, const char *en, const char *detail);
/* Why a file could not be read or written, by errno, in the language of the locale. */
const char *cli_cause(const struct cli *, int error);
/* Says that a file is in UTF-16 (proto/rules/mend.h), which Notepad calls "Unicode". Returns CLI_FILE. */
int cli_fail_utf16(const struct cli *, const char *path);

/* Takes the value of `--format`. False: what is wrong with it has been printed. */
bool cli_format(struct cli *, const char *text);
/* Reads an option's value as a decimal number within bounds. False: what is wrong with it has been printed. */
bool cli_number(const struct cli *, const char *option, const char *text, uint64_t least, uint64_t most,
                uint64_t *number);
/* Whether `rejects` (NULL: none) is the very file at `path`, which it must not replace. True: that has been printed. */
bool cli_same_file(const struct cli *, const char *path, const char *rejects);
/* Whether a text has nothing but blanks in it, as that of an empty file. */
bool cli_blank(const char *text, size_t n);
/* Reads an option's value as a day in Asia/Shanghai, YYYY-MM-DD. False: what is wrong with it has been printed. */
bool cli_day(const struct cli *, const char *option, const char *text, int32_t *day);

/* Shows on one line of a terminal how far a command has come, how fast, and how long it will take, once it has run for a second.
 * `done` == `total` clears the line. With --progress=json each is a line on stderr, terminal or not, and the end is one as well. */
struct cli_progress {
    int64_t began_ms, shown_ms;
    size_t total; /* what it was the last time */
};
void cli_progress(const struct cli *, struct cli_progress *, size_t done, size_t total);
/* Milliseconds of the monotonic clock. */
int64_t cli_now_ms(void);
/* Writes milliseconds since 1970 as "2026-03-01 09:30:00" in Asia/Shanghai. */
enum { CLI_TIME = 24 };
void cli_time(int64_t ms, char text[CLI_TIME]);

#endif
