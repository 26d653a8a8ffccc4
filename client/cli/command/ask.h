/* SPDX-License-Identifier: Apache-2.0 */
/* What is personal is not an argument, which others could see in the list of processes and the shell's history: it is
 * asked for, or read from standard input, a line each. */
#ifndef MINGCE_CLI_ASK_H
#define MINGCE_CLI_ASK_H

#include "client/cli/command/given.h"
#include "proto/person.pb-c.h"

enum { ASK_LINE = 512 };

/* The next line without its end; a prompt on a terminal. False: it has been said that there is none. */
bool ask_line(const struct cli *, const char *zh, const char *en, char line[ASK_LINE]);

/* A document: its number is asked for; its type and country are options, which are not personal. */
struct ask_document {
    char *type, *country; /* NULL: not given */
    char number[ASK_LINE];
    Mingce__V1__DocumentKey message;
};
bool ask_document(const struct cli *, const char *zh, const char *en, struct ask_document *);
/* The same with the options --type and --country. */
bool ask_document_given(const struct cli *, struct given *, const char *zh, const char *en,
                        struct ask_document *);

/* A person by --id, or by a document that is asked for. */
struct ask_person {
    struct ask_document document;
    Mingce__V1__PersonKey message;
};
bool ask_person(const struct cli *, struct given *, struct ask_person *);

/* Why somebody looks: options --purpose and --case. */
void ask_reason(struct given *, Mingce__V1__Reason *);

#endif
