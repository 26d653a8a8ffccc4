/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the protocol's enumerations: stable ones for programs, Chinese and English for people. */
#ifndef MINGCE_CLI_WORDS_H
#define MINGCE_CLI_WORDS_H

#include "client/cli/command/table.h"
#include "proto/rules/occupation.h"

enum word_kind {
    WORD_KIND,
    WORD_STATUS,
    WORD_ROLE,
    WORD_LEVEL,
    WORD_STATE,
    WORD_OUTCOME,
    WORD_OPERATOR_STATUS,
    WORD_CHANGE,
    WORD_DECISION,
    WORD_ATTENDANCE,
    WORD_RESULT,
    WORD_PURPOSE,
    WORD_DOCUMENT_STATE,
    WORD_AMEND,
    WORD_CONFLICT,
    WORD_SUBSIDY_LINE,
    WORD_CERTIFICATE_KIND,
    WORD_WORKING,
    WORD_PROPOSAL,
    WORD_MOVED,
    WORD_CERTIFICATE_STATE,
    WORD_ROUTE,
    WORD_CLAIM_STATE,
    WORD_CLAIM_ACTION,
    WORD_FACT,
    WORD_ANSWER,
    WORD_YES,
    WORD_ALL,
    WORD_POLICY
};

/* The word for the locale; "?" for a number that is not known. */
const char *word_shown(const struct cli *, enum word_kind, int number);
/* The stable word, lower-case-with-hyphens. */
const char *word_stable(enum word_kind, int number);
/* The Chinese word; NULL: there is no such number, but within a table every number up to the last has one. */
const char *word_zh(enum word_kind, int number);
/* Another word in use for it, the first; NULL: none. */
const char *word_also(enum word_kind, int number);
/* The number of an option's or a cell's words, stable, Chinese, or another in use (proto/rules/cell.h); 0: unknown, blank or NULL. */
int word_number(enum word_kind, const char *words);
/* The same for the word of an option, of which those from `least` to `most` may be said (`most` 0: to the last). 0: it has been said which
 * those are. */
int word_option(const struct cli *, const char *option, enum word_kind, int least, int most,
                const char *words);
/* The code of an occupation said by code or name; what is neither stays as it is, for the server to judge. */
const char *occupation_said(const char *words);
/* A cell that shows the one and gives programs the other. */
void word_cell(struct table *, const struct cli *, enum word_kind, int number);
/* What a warning says, by its name; the name when it is not known. */
const char *warning_shown(const struct cli *, const char *name);
/* An empty cell when it is not there. */
void word_optional(struct table *, const struct cli *, enum word_kind, bool there, int number);

#endif
