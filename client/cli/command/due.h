/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of what waits for somebody: days that are counted in working days, and what stands in the way. */
#ifndef MINGCE_CLI_DUE_H
#define MINGCE_CLI_DUE_H

#include "client/cli/command/show.h"

/* Puts a day that was counted in working days. It is provisional if the calendar is not known up to it. */
void counted_cell(struct table *, const struct cli *, const char *on, const char *known_until);
/* Puts whether it has passed. */
void late_cell(struct table *, const struct cli *, bool overdue);
/* Puts the sentence of a Finding. */
void sentence_cell(struct table *, const struct cli *, const ProtobufCMessage *finding);
/* The columns of findings that stand in the way of something. */
#define OBSTACLE_COLUMNS(why_zh, why_en)                                                                     \
    {                                                                                                        \
        {"reason", "原因", "reason", .as = AS_TEXT}, {"rule", "规则", "rule", .as = AS_TEXT},                \
        {                                                                                                    \
            "sentence", (why_zh), (why_en), .as = AS_CELL, .cell = sentence_cell                             \
        }                                                                                                    \
    }

#endif
