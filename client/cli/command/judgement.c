/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/judgement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/cli/command/table.h"
#include "proto/rules/day.h"
#include "proto/rules/roster.h"

enum { REASON_TEXT = 4096 };

bool judgements_make(struct judgements *all, size_t n)
{
    *all = (struct judgements){.rows = calloc(n, sizeof(*all->rows)), .n = n};
    for (size_t i = 0; all->rows != NULL && i < n; i++)
        all->rows[i].verdict = MINGCE__V1__ROW_VERDICT__ROW_DONE;
    return all->rows != NULL;
}

bool judgement_add(struct judgement *judgement, const struct why *why)
{
    if (judgement->whys_n >= WHYS)
        return true;
    struct why *more = realloc(judgement->whys, (judgement->whys_n + 1) * sizeof(*more));
    if (more == NULL)
        return false;
    judgement->whys = more;
    judgement->whys[judgement->whys_n++] = *why;
    return true;
}

bool judgement_find(struct judgement *judgement, enum reason reason, const char *field, uint32_t other_row)
{
    const struct reason_text *text = reason_text(reason);
    if (reason_refuses(reason))
        judgement->verdict = MINGCE__V1__ROW_VERDICT__ROW_REFUSED;
    return judgement_add(judgement, &(struct why){.code = text->name,
                                                  .rule = text->rule,
                                                  .field = field,
                                                  .zh = text->zh,
                                                  .en = text->en,
                                                  .other_row = other_row});
}

bool judgement_take(struct judgement *judgement, Mingce__V1__RowVerdict verdict,
                    ProtobufCMessage *const *findings, size_t n)
{
    bool good = true;
    judgement->verdict = verdict;
    judgement->whys_n = 0;
    for (size_t i = 0; good && i < n; i++) {
        const Mingce__V1__Finding *finding = (const Mingce__V1__Finding *) findings[i];
        good = judgement_add(judgement, &(struct why){.code = finding->reason,
                                                      .rule = finding->rule == NULL ? "" : finding->rule,
                                                      .field = finding->field == NULL ? "" : finding->field,
                                                      .zh = finding->zh,
                                                      .en = finding->en});
    }
    return good;
}

void judgements_free(struct judgements *all)
{
    for (size_t i = 0; all->rows != NULL && i < all->n; i++)
        free(all->rows[i].whys);
    free(all->rows);
    *all = (struct judgements){0};
}

/* ---- telling ---- */

/* What is told of a row: its verdict, and of a row that is done whether there are warnings. */
enum told { TOLD_GOOD, TOLD_WARNED, TOLD_SAME, TOLD_REFUSED, TOLD };

static enum told told_of(const struct judgement *judgement)
{
    switch (judgement->verdict) {
    case MINGCE__V1__ROW_VERDICT__ROW_REFUSED:
        return TOLD_REFUSED;
    case MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED:
        return TOLD_SAME;
    default:
        return judgement->whys_n > 0 ? TOLD_WARNED : TOLD_GOOD;
    }
}

/* What a row's verdict is called, for programs and for people. */
static const struct {
    const char *stable, *zh;
} rows_told[TOLD] = {[TOLD_GOOD] = {"accept", NULL},
                     [TOLD_WARNED] = {"warn", "提示"},
                     [TOLD_SAME] = {"duplicate", NULL},
                     [TOLD_REFUSED] = {"reject", "退回"}};

/* The words where rows are counted. A claim's step may itself be a return or a rejection, so that rows that failed need another word. */
static const struct {
    const char *good_zh,
        *good_en; /* for rows that were only checked; otherwise the word for what the method did (frame/done.h) */
    const char *refused_zh, *refused_en, *same_zh, *same_en;
    const char *nothing_zh, *nothing_en; /* when no row is new */
    const char *all_zh, *all_en;         /* why, if none was refused; NULL: no more is said */
} tells[] = {
    [TELL_RECORDED] = {NULL, NULL, "退回", "rejected", "此前已登记", "known already", "没有新增",
                       "nothing was added", "都已登记", "everything was known already"},
    [TELL_STEPPED] = {NULL, NULL, "未办理", "not done", "此前已办理", "done before", "没有变化",
                      "nothing changed", "此前都已办理", "everything was done before"},
    [TELL_REGISTERED] = {NULL, NULL, "退回", "rejected", "已在班", "in the class already", "没有新增",
                         "nothing was added", "学员都已在本班", "every trainee was in the class already"},
    [TELL_JUDGED] = {"合格", "good", "退回", "rejected", "已在班", "in the class already", "没有新增",
                     "nothing to add", "学员都已在本班", "every trainee is in the class already"},
    [TELL_COULD] = {"可申领", "could be claimed", "退回", "rejected", "已申领", "claimed already",
                    "没有可新增的", "nothing could be added", "都已申领", "everything is claimed already"},
    [TELL_DRAFTED] = {"无误", "good", "退回", "rejected", "已有", "known already", "没有可试算的",
                      "nothing to replay", NULL, NULL},
};

const char *refused_shown(const struct cli *cli, enum tell tell)
{
    return cli_say(cli, tells[tell].refused_zh, tells[tell].refused_en);
}

static const char *told_shown(const struct cli *cli, enum told told, enum tell tell)
{
    if (told == TOLD_REFUSED && tell == TELL_STEPPED)
        return refused_shown(cli, tell);
    return cli_say(cli, rows_told[told].zh, rows_told[told].stable);
}

/* The number of the row because of which one has a finding; 0: none. The server names no other row: it is the first one that it has
 * not refused and that says the same of what the finding is about. */
static size_t other_row(const struct form_file *file, const struct judgements *all, size_t i,
                        const struct why *why)
{
    if (why->other_row > 0)
        return why->other_row;
    for (int k = 0; k < FORM_CLASHES; k++) {
        const struct form_clash *clash = &file->form->clashes[k];
        if (clash->n == 0 || strcmp(reason_text(clash->reason)->name, why->code) != 0)
            continue;
        for (size_t j = 0; j < i; j++)
            if (all->rows[j].verdict != MINGCE__V1__ROW_VERDICT__ROW_REFUSED &&
                form_file_clash(file, i, j, clash))
                return j + 1;
    }
    return 0;
}

static struct json_object *whys_json(const struct form_file *file, const struct judgements *all, size_t row)
{
    const struct judgement *judgement = &all->rows[row];
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; i < judgement->whys_n; i++) {
        const struct why *why = &judgement->whys[i];
        struct json_object *one = json_object_new_object();
        json_object_object_add(one, "code", json_object_new_string(why->code));
        json_object_object_add(one, "rule", json_object_new_string(why->rule));
        json_object_object_add(one, "field", json_object_new_string(why->field));
        json_object_object_add(one, "zh", json_object_new_string(why->zh));
        json_object_object_add(one, "en", json_object_new_string(why->en));
        size_t other = other_row(file, all, row, why);
        if (other > 0)
            json_object_object_add(one, "other_row", json_object_new_uint64(other));
        json_object_array_add(list, one);
    }
    return list;
}

/* "姓名：缺少姓名，请补填（A1）（见表格第3行）", in the language of the locale. */
static void why_text(const struct cli *cli, const struct form_file *file, const struct why *why, size_t other,
                     char *out, size_t n)
{
    const char *field = form_field_shown(cli, file->form, why->field),
               *sentence = cli_say(cli, why->zh, why->en);
    bool named = field[0] == '\0' || (cli->zh && strncmp(sentence, field, strlen(field)) == 0);
    int used =
        snprintf(out, n, "%s%s%s", named ? "" : field, named ? "" : cli_say(cli, "：", ": "), sentence);
    if (why->rule[0] != '\0' && used > 0 && (size_t) used < n)
        used += snprintf(out + used, n - (size_t) used, cli->zh ? "（%s）" : " (%s)", why->rule);
    if (other > 0 && used > 0 && (size_t) used < n)
        snprintf(out + used, n - (size_t) used, cli->zh ? "（见表格第%zu行）" : " (see sheet row %zu)",
                 form_file_sheet_row(file, other - 1));
}

/* A part that does not fit whole is left out, so that the text stays UTF-8. */
static void whys_text(const struct cli *cli, const struct form_file *file, const struct judgements *all,
                      size_t row, char out[REASON_TEXT])
{
    const struct judgement *judgement = &all->rows[row];
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < judgement->whys_n; i++) {
        size_t whole = used;
        if (i > 0)
            snprintf(out + used, REASON_TEXT - used, "%s", cli_say(cli, "；", "; "));
        used = strlen(out);
        const struct why *why = &judgement->whys[i];
        why_text(cli, file, why, other_row(file, all, row, why), out + used, REASON_TEXT - used);
        used = strlen(out);
        if (used == REASON_TEXT - 1) {
            out[whole] = '\0';
            return;
        }
    }
}

static void tell_rows(const struct cli *cli, const struct form_file *file, const struct judgements *all,
                      enum tell tell)
{
    static const struct table_column columns[] = {
        {"row", "行", "row", true},
        {"sheet_row", "表格行", "sheet row", true},
        {"verdict", "结论", "verdict", false},
        {"reasons", "原因", "reasons", false},
    };
    char text[REASON_TEXT];
    struct table *table = table_new(cli, columns, sizeof(columns) / sizeof(*columns));
    size_t told = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct judgement *judgement = &all->rows[i];
        enum told of_row = told_of(judgement);
        if (!cli->json && (judgement->whys_n == 0 || of_row == TOLD_SAME))
            continue; /* people read about the rows that need attention; the others are only counted */
        whys_text(cli, file, all, i, text);
        table_number(table, i + 1);
        table_number(table, form_file_sheet_row(file, i));
        table_cell(table, told_shown(cli, of_row, tell),
                   cli->json ? json_object_new_string(rows_told[of_row].stable) : NULL);
        table_cell(table, text, cli->json ? whys_json(file, all, i) : NULL);
        table_row(table);
        told++;
    }
    (told > 0 ? table_end : table_drop)(table);
}

static int write_rejects(const struct cli *cli, const struct form_file *file, const struct judgements *all,
                         const char *path)
{
    char text[REASON_TEXT];
    struct sheet_writer *writer = form_file_copy(cli, file, path, form_reasons);
    if (writer == NULL)
        return CLI_FILE;
    for (size_t i = 0; i < all->n; i++) {
        if (all->rows[i].verdict != MINGCE__V1__ROW_VERDICT__ROW_REFUSED)
            continue;
        whys_text(cli, file, all, i, text);
        form_file_copy_row(file, writer, i, form_reasons, text);
    }
    return sheet_writer_close(writer);
}

/* Says that no row is new, and why. */
static void tell_nothing(const struct cli *cli, const size_t counts[TOLD], enum tell tell)
{
    const char *nothing = cli_say(cli, tells[tell].nothing_zh, tells[tell].nothing_en),
               *all = cli_say(cli, tells[tell].all_zh, tells[tell].all_en),
               *same = cli_say(cli, tells[tell].same_zh, tells[tell].same_en);
    size_t same_n = counts[TOLD_SAME], refused_n = counts[TOLD_REFUSED];
    if (refused_n > 0)
        fprintf(stderr, cli->zh ? "%s：%zu行%s，%zu行%s\n" : "%s: %zu %s, %zu %s\n", nothing, same_n, same,
                refused_n, refused_shown(cli, tell));
    else
        fprintf(stderr, "%s%s%s\n", nothing, all == NULL ? "" : cli_say(cli, "：", ": "),
                all == NULL ? "" : all);
}

static void tell_counts(const struct cli *cli, const struct form_file *file, const struct judgements *all,
                        const size_t counts[TOLD], enum tell tell)
{
    size_t good = counts[TOLD_GOOD] + counts[TOLD_WARNED];
    const char *done = all->done != NULL ? all->done : cli_say(cli, tells[tell].good_zh, tells[tell].good_en),
               *same = cli_say(cli, tells[tell].same_zh, tells[tell].same_en);
    if (cli->zh)
        fprintf(stderr, "共%zu行：%s%zu行（有提示%zu行），%s%zu行，%s%zu行\n", all->n, done, good,
                counts[TOLD_WARNED], refused_shown(cli, tell), counts[TOLD_REFUSED], same, counts[TOLD_SAME]);
    else
        fprintf(stderr, "%zu row%s: %s %zu (%zu with a warning), %s %zu, %s %zu\n", all->n, cli_s(all->n),
                done, good, counts[TOLD_WARNED], refused_shown(cli, tell), counts[TOLD_REFUSED], same,
                counts[TOLD_SAME]);
    char unused[512];
    form_file_unused(file, cli, unused, sizeof(unused));
    if (unused[0] != '\0')
        fprintf(stderr, "%s%s\n",
                cli_say(cli, "未采用的列（本命令不用，或名称无法识别）：",
                        "columns not used, which are not needed here or of which nothing is known: "),
                unused);
    if (counts[TOLD_SAME] > 0 && good == 0)
        tell_nothing(cli, counts, tell);
}

int judgements_tell(const struct cli *cli, const struct form_file *file, const struct judgements *all,
                    enum tell tell, const char *rejects)
{
    size_t counts[TOLD] = {0};
    int status = CLI_OK;
    for (size_t i = 0; i < all->n; i++)
        counts[told_of(&all->rows[i])]++;
    tell_rows(cli, file, all, tell);
    fflush(stdout);
    tell_counts(cli, file, all, counts, tell);
    if (rejects != NULL && counts[TOLD_REFUSED] > 0) {
        status = write_rejects(cli, file, all, rejects);
        if (status == CLI_OK)
            fprintf(stderr,
                    cli->zh ? "退回的行已写入 %s，改好后可再次导入\n"
                    : counts[TOLD_REFUSED] == 1
                        ? "the rejected row is in %s: mend it and import that file\n"
                        : "the rejected rows are in %s: mend them and import that file\n",
                    rejects);
    } else if (rejects != NULL) {
        fprintf(stderr, cli->zh ? "没有退回的行，未写 %s\n" : "no row was rejected; %s was not written\n",
                rejects);
    }
    return status != CLI_OK ? status : counts[TOLD_REFUSED] > 0 ? CLI_ROWS_REFUSED : CLI_OK;
}
