/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of words (words.h), each indexed by the numbers of an enumeration in proto/. */
#ifndef MINGCE_CLI_WORD_TABLE_H
#define MINGCE_CLI_WORD_TABLE_H

#include <stddef.h>

struct word {
    const char *stable, *zh, *en;
};
struct word_table {
    const struct word *words;
    size_t n;
};
#define WORDS(table)                                                                                         \
    &(const struct word_table)                                                                               \
    {                                                                                                        \
        table, sizeof(table) / sizeof(*(table))                                                              \
    }

/* word_funds.c */
extern const struct word_table word_fund_sources, word_spendings, word_money_events, word_fund_moves,
    word_receipts;
/* word_policies.c */
extern const struct word_table word_policies;
/* word_projects.c */
extern const struct word_table word_project_states, word_project_actions, word_pay_modes, word_tier_metrics,
    word_deductions, word_evidence_kinds, word_unmet, word_tranche_kinds, word_material_kinds;

#endif
