/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command of `mingce` is a row of a table: its words, the function that runs it, its arguments and options, the method that it
 * calls, the file that it reads, and its descriptions in both languages. The parsing of the command line, usages, manual pages and
 * completion all use this row.
 */
#ifndef MINGCE_CLI_COMMAND_H
#define MINGCE_CLI_COMMAND_H

#include "client/cli/command/option.h"
#include "client/cli/sheet/form.h"

enum { COMMAND_FORMS = 3 };

struct given;

struct command {
    const char *noun, *verb; /* verb NULL: the noun alone */
    int (*run)(struct cli *, struct given *);
    const char *method;  /* that it calls, and whose roles may use the command; NULL: none, or several */
    const char *zh, *en; /* what it does */
    bool final; /* what it does cannot be taken back: on a terminal it asks first, unless --yes is given */
    const struct cli_option *arguments, *options; /* the last has no name; NULL: there are none */
    const char *notes_zh, *notes_en;              /* further sentences; NULL: none */
    const char *example_zh, *example_en;          /* without "mingce "; NULL: none */
    const struct form *reads
        [COMMAND_FORMS]; /* the forms of which the file that it reads has one; NULL: it reads no such file */
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
