/* SPDX-License-Identifier: Apache-2.0 */
/* Writes empty files of every kind to be filled in, with the names of the columns and one row as an example. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/sheet/forms.h"

static const struct {
    const struct form *form;
    const char *zh;
} forms[] = {
    {&roster_form, "花名册"},     {&lesson_form, "教学计划"},     {&attendance_form, "考勤"},
    {&marks_form, "成绩"},        {&certificate_form, "证书"},    {&claim_form, "申领"},
    {&decision_form, "办理"},     {&ask_form, "参保询问"},        {&fact_form, "核验答复"},
    {&standard_form, "补贴标准"}, {&policy_form, "政策参数草案"}, {&calendar_form, "节假日"},
};

static bool form_choice(size_t i, struct choice *choice)
{
    if (i >= sizeof(forms) / sizeof(*forms))
        return false;
    *choice = (struct choice){forms[i].form->noun, forms[i].zh};
    return true;
}

/* Examples for the fields, by their names; they belong to nobody. The examples for a single form come first. */
static const struct example {
    const struct form *form; /* NULL: any */
    const char *field, *text;
} examples[] = {
    {&policy_form, "name", "claim_months"},
    {&policy_form, "value", "12"},
    {&attendance_form, "state", "出勤"},
    {&claim_form, "line", "职业培训补贴"},
    {&standard_form, "line", "职业培训补贴"},
    {NULL, "name", "王示例"},
    {NULL, "document_type", "居民身份证"},
    {NULL, "document_number", "370102199003070016"},
    {NULL, "sex", "男"},
    {NULL, "ethnicity", "汉族"},
    {NULL, "education", "高中"},
    {NULL, "trainee_group", "失业人员"},
    {NULL, "household", "农业"},
    {NULL, "division", "山东省济南市历下区"},
    {NULL, "phone", "13800000000"},
    {NULL, "seat", "1"},
    {NULL, "lesson", "1"},
    {NULL, "held_on", "2026-03-02"},
    {NULL, "starts_minute", "08:30"},
    {NULL, "ends_minute", "11:30"},
    {NULL, "hours", "4"},
    {NULL, "place", "一号教室"},
    {NULL, "content", "职业道德"},
    {NULL, "teacher_name", "周示例"},
    {NULL, "teacher_document_number", "370102198506120025"},
    {NULL, "theory", "85"},
    {NULL, "practice", "90.5"},
    {NULL, "certificate_number", "S000037010001263000001"},
    {NULL, "kind", "培训合格证书"},
    {NULL, "certificate_kind", "培训合格证书"},
    {NULL, "issued_on", "2026-06-10"},
    {NULL, "occupation_code", "4-10-01-06"},
    {NULL, "level", "初级工"},
    {NULL, "proxy_reference", "DL-1"},
    {NULL, "no_fee", "是"},
    {NULL, "claim_id", "00000000000000000000000000000000"},
    {NULL, "version", "1"},
    {NULL, "fact", "按月领取养老金"},
    {NULL, "answer", "不符"},
    {NULL, "amount_fen", "1500.00"},
    {NULL, "valid_from", "2026-01-01"},
    {NULL, "citation", "示例文〔2026〕1号"},
    {NULL, "day", "2026-10-01"},
    {NULL, "working", "休息"},
};

static const char *example_of(const struct form *form, const char *field)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
        if ((examples[i].form == NULL || examples[i].form == form) && strcmp(examples[i].field, field) == 0)
            return examples[i].text;
    return "";
}

static int write_template(const struct cli *cli, const struct form *form, const char *path)
{
    struct sheet_writer *writer = sheet_writer_open(cli, path, false);
    if (writer == NULL)
        return CLI_FILE;
    for (int i = 0; i < form->n; i++)
        if (form_field_asked(form, i))
            sheet_writer_cell(writer, form->fields[i].zh);
    sheet_writer_row(writer);
    for (int i = 0; i < form->n; i++)
        if (form_field_asked(form, i))
            sheet_writer_cell(writer, example_of(form, form->fields[i].name));
    sheet_writer_row(writer);
    return sheet_writer_close(writer);
}

static int template_write(struct cli *cli, struct given *given)
{
    const char *noun = given_text(given, "NOUN"), *path = given_text(given, "output");
    char named[64];
    size_t i = 0;
    while (strcmp(forms[i].form->noun, noun) != 0)
        i++;
    snprintf(named, sizeof(named), "%s.csv", noun);
    path = path == NULL ? named : path;
    int status = write_template(cli, forms[i].form, path);
    if (status == CLI_OK)
        printf("%s%s\n",
               cli_say(cli, "已写入（第2行为示例，填写时请删去）：",
                       "written (row 2 is an example, to be deleted): "),
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
     OPTIONS({"output", VALUE_NEW_FILE, .zh = "写入的文件，默认为当前目录的“种类.csv”",
              .en = "the file that is written, by default NOUN.csv here"}),
     .example_zh = "template marks --output 成绩.csv",
     .example_en = "template marks --output marks.csv"},
};
const struct commands template_commands = {commands, sizeof(commands) / sizeof(*commands)};
