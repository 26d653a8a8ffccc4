/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands about standards, policies and the calendar share. */
#ifndef MINGCE_CLI_PROPOSAL_H
#define MINGCE_CLI_PROPOSAL_H

#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/rows.h"
#include "client/cli/command/shared.h"
#include "client/cli/sheet/form.h"

enum { PROPOSAL_TEXT = 512 }; /* bytes; more than any text that a server accepts */

/* A command: `decide ID[,ID...] --decision in-force|rejected`. */
int proposal_decide(struct cli *, struct given *);
#define ARGUMENT_PROPOSALS(shown)                                                                            \
    {                                                                                                        \
        "ID[,ID...]", VALUE_IDS, NEEDED, .zh = "编号，见 " shown, .en = "as " shown " has it"                \
    }
#define OPTION_DECISION                                                                                      \
    {                                                                                                        \
        "decision", VALUE_WORD, NEEDED, .table = WORD_PROPOSAL, .zh = "批准或驳回", .en = "the decision"     \
    }
/* The options by which these lists are narrowed down. */
#define OPTIONS_PROPOSED                                                                                     \
    {"day", VALUE_DAY, .zh = "某日有效的", .en = "those in force on a day"},                                 \
        OPTION_DIVISION(OPTIONAL, "某区划的，6位代码", "those of a division, a code of 6 digits"),           \
    {                                                                                                        \
        "pending", VALUE_FLAG, .zh = "已提出、待批准的", .en = "those proposed and not decided"              \
    }

/* Prints what a change of the calendar moves, if it moves anything. */
void proposal_moved(const struct cli *, const Mingce__V1__RowsResponse *);

#endif
