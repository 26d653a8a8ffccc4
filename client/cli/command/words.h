/* SPDX-License-Identifier: Apache-2.0 */
/* The words for the protocol's enumerations: stable ones for programs, Chinese and English ones for people. */
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
    WORD_BATCH_STATE,
    WORD_BATCH_LINE,
    WORD_BATCH_SUBJECT,
    WORD_CLAIM_ACTION,
    WORD_FACT,
    WORD_SOURCE,
    WORD_SHORTFALL,
    WORD_REPORT_ITEM,
    WORD_DIFFERENCE,
    WORD_ANSWER,
    WORD_YES,
    WORD_ALL,
    WORD_POLICY,
    WORD_TENURE,
    WORD_LESSON_KIND,
    WORD_MODE,
    WORD_DEMAND_GRADE,
    WORD_DEMAND_SOURCE,
    WORD_CATALOGUE_STATE,
    WORD_FILING,
    WORD_BASIS,
    WORD_RENEWAL,
    WORD_FUND_SOURCE,
    WORD_SPENDING,
    WORD_MONEY_EVENT,
    WORD_FUND_MOVE,
    WORD_RECEIPT,
    WORD_PROJECT_STATE,
    WORD_PROJECT_ACTION,
    WORD_PAY_MODE,
    WORD_TIER,
    WORD_DEDUCTION,
    WORD_EVIDENCE,
    WORD_UNMET,
    WORD_TRANCHE,
    WORD_MATERIAL
};

/* Numbers of WORD_RENEWAL. */
enum { FIRST = 1, RENEWAL = 2 };

/* The word in the locale's language; "?" for an unknown number. */
const char *word_shown(const struct cli *, enum word_kind, int number);
/* The stable word, lower-case-with-hyphens. */
const char *word_stable(enum word_kind, int number);
/* The Chinese word. NULL: there is no such number. Every number from 1 to a table's last has a word. */
const char *word_zh(enum word_kind, int number);
/* The first of the other words in use; NULL: there is none. */
const char *word_also(enum word_kind, int number);
/* The number of the word in an option or a cell, be it the stable, the Chinese or another one in use (proto/rules/cell.h); 0: the word
 * is unknown, blank or NULL. */
int word_number(enum word_kind, const char *words);
/* Does the same for an option that accepts the words from `least` to `most` (0: to the last). 0: the accepted words have been printed. */
int word_option(const struct cli *, const char *option, enum word_kind, int least, int most,
                const char *words);
/* The code of an occupation that is given by its code or its name. Any other text is returned as it is, for the server to judge. */
const char *occupation_said(const char *words);
/* Puts a cell: the word for people, the stable one for programs. */
void word_cell(struct table *, const struct cli *, enum word_kind, int number);
/* The text of a warning that has this name; the name itself if it is unknown. */
const char *warning_shown(const struct cli *, const char *name);
/* Puts the same cell, or an empty one if the value is absent. */
void word_optional(struct table *, const struct cli *, enum word_kind, bool there, int number);

#endif
