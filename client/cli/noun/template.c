/* SPDX-License-Identifier: Apache-2.0 */
/* Writes empty files of every kind to be filled in, with the names of the columns and one row as an example. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "client/cli/command/given.h"
#include "client/cli/noun/template_field.h"
#include "client/cli/sheet/cells.h"
#include "client/cli/sheet/forms.h"

enum { EXAMPLE_BYTES = 256 };

static const struct {
    const struct form *form;
    const char *zh;
} forms[] = {
    {&roster_form, "花名册"},
    {&lesson_form, "教学计划"},
    {&attendance_form, "考勤"},
    {&marks_form, "成绩"},
    {&certificate_form, "证书"},
    {&claim_form, "申领"},
    {&decision_form, "办理"},
    {&ask_form, "参保询问"},
    {&fact_form, "核验答复"},
    {&standard_form, "补贴标准"},
    {&policy_form, "政策参数草案"},
    {&calendar_form, "节假日"},
    {&catalogue_training_form, "培训目录"},
    {&catalogue_demand_form, "培训需求目录"},
    {&catalogue_institution_form, "机构目录"},
    {&venue_form, "场地"},
    {&teacher_form, "教师"},
    {&snapshot_form, "核验数据"},
    {&batch_form, "批次"},
    {&reply_form, "银行回单"},
    {&fund_month_form, "失业保险基金月报"},
    {&evidence_form, "就业凭证"},
    {&tranche_form, "项目款办理"},
};

static bool form_choice(size_t i, struct choice *choice)
{
    if (i >= sizeof(forms) / sizeof(*forms))
        return false;
    *choice = (struct choice){forms[i].form->noun, forms[i].zh};
    return true;
}

/* Marks it, so that a row that is left as it is, or in part, is not taken for somebody's. */
static void example_mark(const char *text, char cell[EXAMPLE_BYTES])
{
    bool said = text[0] != '\0';
    snprintf(cell, EXAMPLE_BYTES, "%s%s%s", said ? FORM_EXAMPLE_BEGIN : "", text,
             said ? FORM_EXAMPLE_END : "");
}

static const char *example_of(const struct form *form, int field)
{
    const struct template_field *known = template_field(form, form->fields[field].name);
    return known == NULL ? "" : known->example;
}

/* The head line of a register's file (H20), which the issuer fills in. */
static const char *const snapshot_head[] = {
    "养老待遇", "370100", "2026-06-30", "增量", "1", "首行之后全部内容的SHA256", "示例签发单位"};
enum { SNAPSHOT_HEAD = sizeof(snapshot_head) / sizeof(*snapshot_head) };

static void example_put(struct cells *cells, const char *text)
{
    char cell[EXAMPLE_BYTES];
    example_mark(text, cell);
    cells_put(cells, cell);
}

static void write_rows(struct cells *cells, const struct form *form)
{
    struct xlsx_column columns[FORM_FIELDS];
    size_t n = 0;
    for (int i = 0; form == &snapshot_form && i < SNAPSHOT_HEAD; i++)
        example_put(cells, snapshot_head[i]);
    if (form == &snapshot_form)
        cells_row(cells);
    for (int i = 0; i < form->n; i++) {
        const struct template_field *known = template_field(form, form->fields[i].name);
        if (form_field_asked(form, i))
            columns[n++] =
                (struct xlsx_column){.title = form->fields[i].zh,
                                     .words = known == NULL ? (struct xlsx_words){NULL, 0} : known->words};
    }
    cells_header(cells, columns, n);
    for (int i = 0; i < form->n; i++)
        if (form_field_asked(form, i))
            example_put(cells, example_of(form, i));
    cells_row(cells);
}

/* ---- the guide of a spreadsheet ---- */

/* Whether it must be filled in, with the other columns of which one is enough. */
static void need_say(const struct form *form, int field, char *said, size_t size)
{
    enum form_need need = form->fields[field].need;
    snprintf(said, size, "%s", need == FORM_OPTIONAL ? "可不填" : "必填");
    if (need <= FORM_NEEDED)
        return;
    size_t n = (size_t) snprintf(said, size, "至少填一列");
    const char *before = "：";
    for (int i = 0; i < form->n && n < size; i++)
        if (form->fields[i].need == need && form_field_asked(form, i)) {
            n += (size_t) snprintf(said + n, size - n, "%s%s", before, form->fields[i].zh);
            before = "、";
        }
}

/* A sheet with a sentence for each column. */
static void write_guide(struct xlsx_writer *writer, const struct form *form)
{
    static const struct xlsx_column columns[] = {
        {.title = "列名"}, {.title = "是否必填"}, {.title = "怎样填写"}, {.title = "示例"}};
    char said[EXAMPLE_BYTES];
    xlsx_writer_sheet(writer, "填写说明");
    xlsx_writer_header(writer, columns, sizeof(columns) / sizeof(*columns));
    for (int i = 0; i < form->n; i++) {
        const struct template_field *known = template_field(form, form->fields[i].name);
        if (!form_field_asked(form, i))
            continue;
        need_say(form, i, said, sizeof(said));
        xlsx_writer_cell(writer, form->fields[i].zh);
        xlsx_writer_cell(writer, said);
        snprintf(said, sizeof(said), "%s。", known == NULL ? form->fields[i].zh : known->how);
        xlsx_writer_cell(writer, said);
        xlsx_writer_cell(writer, example_of(form, i));
        xlsx_writer_row(writer);
    }
}

static int write_template(const struct cli *cli, const struct form *form, const char *zh, const char *path)
{
    struct cells cells;
    if (!cells_open(&cells, cli, path, cli->format == FORMAT_XLSX, zh))
        return CLI_FILE;
    write_rows(&cells, form);
    if (cells.xlsx != NULL)
        write_guide(cells.xlsx, form);
    return cells_close(&cells);
}

/* Whether a file that somebody may have filled in already stands there; then it has been said. */
static bool taken(const struct cli *cli, const char *path)
{
    struct stat found;
    if (stat(path, &found) != 0 || !S_ISREG(found.st_mode))
        return false;
    cli_fail(cli, CLI_FILE, "文件已存在，没有覆盖：请用 --output 写到另一文件",
             "the file exists already and was left as it is: give another one with --output", path);
    return true;
}

static int template_write(struct cli *cli, struct given *given)
{
    const char *noun = given_text(given, "NOUN");
    char named[64];
    size_t i = 0;
    while (strcmp(forms[i].form->noun, noun) != 0)
        i++;
    snprintf(named, sizeof(named), "%s.%s", noun, cli->format == FORMAT_XLSX ? "xlsx" : "csv");
    const char *path = cli->output == NULL ? named : cli->output;
    if (taken(cli, path))
        return CLI_FILE;
    int status = write_template(cli, forms[i].form, forms[i].zh, path);
    if (status == CLI_OK)
        printf("%s%s\n",
               cli_say(cli, "已写入（第2行为示例，请删去或改填，否则不予登记）：",
                       "written (row 2 is an example, which is refused unless deleted or filled in): "),
               path);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "template",
     .run = template_write,
     .zh = "空白文件：列名和一行示例，不联网",
     .en = "an empty file: its columns and an example, offline",
     ARGUMENTS({"NOUN", VALUE_CHOICE, NEEDED, .choice = form_choice}),
     OPTIONS({"output", VALUE_LIST_FILE, .otherwise = "NOUN.csv", .zh = "写入的新文件",
              .en = "the new file that is written"}),
     .notes_zh = "名称以 .xlsx 结尾或有 --format xlsx "
                 "的为电子表格：各列均为文本格式，有代码的列可从表中选词，另有“填写说明”表",
     .notes_en =
         "a name that ends in .xlsx, or --format xlsx, makes a spreadsheet: every column is text, words can "
         "be chosen where there is a table of them, and a second sheet says what goes into each column",
     .example_zh = "template marks --output 成绩.xlsx",
     .example_en = "template marks --output marks.xlsx"},
};
const struct commands template_commands = {commands, sizeof(commands) / sizeof(*commands)};
