/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command of `mingce`, as the row of a table: its words, what runs it, its arguments and options, the method that it
 * calls, the file that it reads, and what is said of it in each language. What is read from the command line, every
 * usage, the manual pages and the completion come from this row.
 */
#ifndef MINGCE_CLI_COMMAND_H
#define MINGCE_CLI_COMMAND_H

#include "client/cli/command/option.h"
#include "client/cli/sheet/form.h"

enum { COMMAND_FORMS = 2 };

struct given;

struct command {
    const char *noun, *verb; /* verb NULL: the noun alone */
    int (*run)(struct cli *, struct given *);
    const char *method;  /* that it calls, and whose roles may; NULL: offline, or several */
    const char *zh, *en; /* what it does */
    const struct cli_option *arguments, *options; /* the last has no name; NULL: none */
    const char *notes_zh, *notes_en;              /* what else there is to know, sentences; NULL: nothing */
    const char *example_zh, *example_en;          /* behind "mingce "; NULL: none */
    const struct form *reads[COMMAND_FORMS];      /* the file that it reads: one of these; NULL: none */
};
#define ARGUMENTS(...)                                                                                       \
    .arguments = (const struct cli_option[])                                                                 \
    {                                                                                                        \
        __VA_ARGS__,                                                                                         \
        {                                                                                                    \
            .name = NULL                                                                                     \
        }                                                                                                    \
    }
#define OPTIONS(...)                                                                                         \
    .options = (const struct cli_option[])                                                                   \
    {                                                                                                        \
        __VA_ARGS__,                                                                                         \
        {                                                                                                    \
            .name = NULL                                                                                     \
        }                                                                                                    \
    }

struct commands {
    const struct command *rows;
    size_t n;
};
/* Each file of commands has a table of its own, `FILE_commands`, at its end; the build finds them. */

#endif
