/* SPDX-License-Identifier: Apache-2.0 */
/* What is personal is not an argument, which others could see in the list of processes and the shell's history: it is
 * asked for, or read from standard input, a line each. */
#ifndef MINGCE_CLI_ASK_H
#define MINGCE_CLI_ASK_H

#include "client/cli/command/hex.h"
#include "proto/person.pb-c.h"

enum { ASK_LINE = 512 };

/* The next line without its end; a prompt on a terminal. False: it has been said that there is none. */
bool ask_line(const struct cli *, const char *zh, const char *en, char line[ASK_LINE]);

/* A document: its number is asked for; its type and country are options, which are not personal. */
struct ask_document {
    const char *type, *country; /* NULL: not given */
    char number[ASK_LINE], type_text[64], country_text[8];
    Mingce__V1__DocumentKey message;
};
bool ask_document(const struct cli *, const char *zh, const char *en, struct ask_document *);

/* The options of an ask_document. */
#define ASK_DOCUMENT_OPTIONS(document)                                                                       \
    {"type", &(document).type, NULL},                                                                        \
    {                                                                                                        \
        "country", &(document).country, NULL                                                                 \
    }

/* A person by --id, or by a document that is asked for. */
struct ask_person {
    const char *id;
    uint8_t bytes[HEX_ID];
    struct ask_document document;
    Mingce__V1__PersonKey message;
};
#define ASK_PERSON_OPTIONS(named) {"id", &(named).id, NULL}, ASK_DOCUMENT_OPTIONS((named).document)
enum { ASK_PERSON_N = 3 };
bool ask_person(const struct cli *, struct ask_person *);

/* Why somebody looks: options --purpose and --case. False: it has been said what is wrong. */
struct ask_reason {
    const char *purpose, *reference;
    char reference_text[64];
    Mingce__V1__Reason message;
};
bool ask_reason(const struct cli *, struct ask_reason *);

#endif
