/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command was given: its arguments and options, read and checked by the command's row. A command asks for each
 * by its name; a name that its row has not, or has with another kind of value, is a defect, and ends the program.
 */
#ifndef MINGCE_CLI_GIVEN_H
#define MINGCE_CLI_GIVEN_H

#include <protobuf-c/protobuf-c.h>

#include "client/cli/command/command.h"

enum {
    GIVEN_MOST = 20 /* arguments and options of a command */,
    GIVEN_TEXT = 1024 /* bytes of a text; what is longer no server takes */
};

struct given {
    const struct command *command;
    struct value values[GIVEN_MOST]; /* of the arguments, then of the options */
};

enum given_verdict { GIVEN_GOOD, GIVEN_HELP, GIVEN_WRONG };
/* The words behind a command; argv[0] is passed over. `--profile`, `--json` and the file of a list go to the cli. GIVEN_HELP: its
 * usage is asked for. GIVEN_WRONG: it has been said what is wrong. */
enum given_verdict given_read(struct cli *, const struct command *, int argc, char **argv, struct given *);

bool given_has(struct given *, const char *name);
/* As it was typed, of an occupation its code; it stays the given's, as do those below. NULL: not given. */
char *given_text(struct given *, const char *name);
/* The default where it was not given; 0: there is none. */
uint64_t given_number(struct given *, const char *name);
int given_word(struct given *, const char *name);
int64_t given_fen(struct given *, const char *name);
/* Of those that were given only. */
int32_t given_day(struct given *, const char *name);
ProtobufCBinaryData given_id(struct given *, const char *name);
ProtobufCBinaryData given_key_hash(struct given *, const char *name);
/* The numbers of several words; returns how many. */
size_t given_words(struct given *, const char *name, const uint8_t **numbers);

#endif
