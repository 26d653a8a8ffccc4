/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arguments and options that a command was given, read and checked by the command's row. A command asks for each by its name. A
 * name that the row lacks, or that has another kind of value there, is a defect and ends the program.
 */
#ifndef MINGCE_CLI_GIVEN_H
#define MINGCE_CLI_GIVEN_H

#include <protobuf-c/protobuf-c.h>

#include "client/cli/command/command.h"

enum {
    GIVEN_MOST = 20 /* arguments and options of a command */,
    GIVEN_TEXT = 1024 /* bytes of a text; no server accepts a longer one */
};

struct given {
    const struct command *command;
    struct value values[GIVEN_MOST]; /* of the arguments first, then of the options */
};

enum given_verdict { GIVEN_GOOD, GIVEN_HELP, GIVEN_WRONG };
/* Reads the words that follow a command; argv[0] is skipped. `--profile`, `--format`, `--json` and the file of a list are stored in the cli.
 * GIVEN_HELP: the user asks for the command's usage. GIVEN_WRONG: what is wrong has been printed. */
enum given_verdict given_read(struct cli *, const struct command *, int argc, char **argv, struct given *);

bool given_has(struct given *, const char *name);
/* The text as it was typed; for an occupation, its code. `struct given` owns it, and what the functions below return. NULL: not given. */
char *given_text(struct given *, const char *name);
/* Returns the default if it was not given; 0: there is no default. */
uint64_t given_number(struct given *, const char *name);
int given_word(struct given *, const char *name);
int64_t given_fen(struct given *, const char *name);
/* For options that were given only. */
int32_t given_day(struct given *, const char *name);
ProtobufCBinaryData given_id(struct given *, const char *name);
ProtobufCBinaryData given_key_hash(struct given *, const char *name);
/* Writes the numbers of several words, and returns how many there are. */
size_t given_words(struct given *, const char *name, const uint8_t **numbers);

#endif
