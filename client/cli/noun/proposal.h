/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands about standards, policies and the calendar share. */
#ifndef MINGCE_CLI_PROPOSAL_H
#define MINGCE_CLI_PROPOSAL_H

#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/rows.h"
#include "client/cli/sheet/form.h"

enum { PROPOSAL_TEXT = 512 }; /* bytes of any text that a server takes, with room */

/* `decide ID[,ID...] --decision in-force|rejected` of a method. Returns the exit status. */
int proposal_decide(struct cli *, int argc, char **argv, const char *method);

/* What a change of the calendar moves; nothing is printed where nothing is moved. */
void proposal_moved(const struct cli *, const Mingce__V1__RowsResponse *);

/* The filters of both lists; what they are read into stays theirs. */
struct proposal_filter {
    const char *day, *division, *limit;
    bool pending;
    char day_text[16], division_text[16];
};
enum { PROPOSAL_FILTERS = 4 };
#define PROPOSAL_FILTER_OPTIONS(filter)                                                                      \
    {"day", &(filter).day, NULL}, {"division", &(filter).division, NULL}, {"limit", &(filter).limit, NULL},  \
    {                                                                                                        \
        "pending", NULL, &(filter).pending                                                                   \
    }

#endif
