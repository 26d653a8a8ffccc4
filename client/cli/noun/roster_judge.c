/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/roster_judge.h"

#include <time.h>

#include "proto/rules/day.h"
#include "proto/rules/roster.h"

/* Whether a spreadsheet has replaced the last digits of the file's numbers by zeros (A9). */
static bool column_zeroed(const struct form_file *file, day today)
{
    Mingce__V1__RosterRow row;
    struct roster_clean clean;
    struct findings findings;
    for (size_t i = 0; i < file->n; i++) {
        roster_file_row(file, i, &row);
        (void) roster_check(&row, today, DAY_NONE, &clean, &findings);
        if (roster_zeroed(&findings))
            return true;
    }
    return false;
}

/* What all rows of a file are judged with. */
struct judging {
    const struct form_file *file;
    day today, starts_on;
    bool zeroed;
    struct roster_set *seen;
};

static bool judge_row(const struct judging *judging, size_t i, struct judgement *judgement)
{
    Mingce__V1__RosterRow row;
    struct roster_clean clean;
    struct findings findings;
    uint32_t other_row = 0;
    const char *field;
    enum reason unfit = form_file_unfit(judging->file, i, &field);
    if (unfit != REASON_NONE)
        return judgement_find(judgement, unfit, field, 0);
    roster_file_row(judging->file, i, &row);
    bool good = true, accepted = roster_check(&row, judging->today, judging->starts_on, &clean, &findings);
    if (accepted && judging->zeroed && roster_maybe_zeroed(&clean)) {
        accepted = false;
        good = judgement_find(judgement, REASON_ID_COLUMN_ZEROED, "document_number", 0);
    }
    for (size_t j = 0; j < findings.n; j++)
        good = good && judgement_find(judgement, findings.at[j].reason, findings.at[j].field, 0);
    enum reason twice = accepted ? roster_set_add(judging->seen, &clean, row.row, &other_row) : REASON_NONE;
    if (twice == REASON_MEMORY)
        return false;
    if (twice != REASON_NONE)
        good = good && judgement_find(judgement, twice, "document_number", other_row);
    return good;
}

int judge_file(const struct cli *cli, const struct form_file *file, int32_t starts_on, struct judgements *all)
{
    struct cli_progress progress = {0};
    struct judging judging = {.file = file,
                              .today = day_at((int64_t) time(NULL) * 1000),
                              .starts_on = starts_on,
                              .seen = roster_set_new()};
    judging.zeroed = column_zeroed(file, judging.today);
    bool good = judgements_make(all, file->n) && judging.seen != NULL;
    for (size_t i = 0; good && i < file->n; i++) {
        good = judge_row(&judging, i, &all->rows[i]);
        if (i % 1024 == 0)
            cli_progress(cli, &progress, i, file->n);
    }
    cli_progress(cli, &progress, file->n, file->n);
    roster_set_free(judging.seen);
    if (good)
        return CLI_OK;
    judgements_free(all);
    return cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
}
