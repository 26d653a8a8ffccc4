/* SPDX-License-Identifier: Apache-2.0 */
/* Personal data are no arguments, since the list of processes and the shell's history would show them. They are asked for, or read
 * from standard input, one line each. */
#ifndef MINGCE_CLI_ASK_H
#define MINGCE_CLI_ASK_H

#include "client/cli/command/given.h"
#include "proto/person.pb-c.h"

enum { ASK_LINE = 512 };

/* Reads the next line without its line end, after a prompt if this is a terminal. False: there is none, which has been printed. */
bool ask_line(const struct cli *, const char *zh, const char *en, char line[ASK_LINE]);

/* A document. Its number is asked for; its type and its country are not personal, and are options. */
struct ask_document {
    char *type, *country; /* NULL: not given */
    char number[ASK_LINE];
    Mingce__V1__DocumentKey message;
};
bool ask_document(const struct cli *, const char *zh, const char *en, struct ask_document *);
/* Does the same with the values of the options --type and --country. */
bool ask_document_given(const struct cli *, struct given *, const char *zh, const char *en,
                        struct ask_document *);

/* Identifies a person by --id, or by a document that is asked for. */
struct ask_person {
    struct ask_document document;
    Mingce__V1__PersonKey message;
};
bool ask_person(const struct cli *, struct given *, struct ask_person *);

/* Reads why somebody looks at a person, from the options --purpose and --case. */
void ask_reason(struct given *, Mingce__V1__Reason *);

#endif
