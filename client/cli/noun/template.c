/* SPDX-License-Identifier: Apache-2.0 */
/* Writes empty files of every kind to be filled in, with the names of the columns and one row as an example. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "client/cli/command/given.h"
#include "client/cli/sheet/forms.h"

enum { EXAMPLE_BYTES = 128 };

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
    {&venue_form, "capacity", "100"},
    {&venue_form, "tenure", "租赁"},
    {&venue_form, "until", "2027-12-31"},
    {&lesson_form, "practice", "理论"},
    {&teacher_form, "name", "周示例"},
    {&teacher_form, "document_number", "370102198506120025"},
    {&catalogue_institution_form, "name", "示例职业培训学校"},
    {&catalogue_institution_form, "address", "示例路1号"},
    {&catalogue_institution_form, "phone", "0531-00000000"},
    {&catalogue_demand_form, "division", "历下区"},
    {&catalogue_demand_form, "place", "历下区"},
    {&fund_month_form, "month", "2026-03"},
    {&fund_month_form, "balance_fen", "1180000000.00"},
    {&fund_month_form, "unemployment_fen", "28000000.00"},
    {&fund_month_form, "medical_fen", "6000000.00"},
    {&fund_month_form, "funeral_fen", "500000.00"},
    {&fund_month_form, "training_fen", "400000.00"},
    {&fund_month_form, "other_fen", "100000.00"},
    {&snapshot_form, "from", "2026-01"},
    {&snapshot_form, "to", "2026-06"},
    {&snapshot_form, "unit_code", "91370100MA0000000W"},
    {&snapshot_form, "detail", "正常"},
    {&reply_form, "reference", "370100-20260101-0001"},
    {&reply_form, "line", "1"},
    {&reply_form, "result", "已支付"},
    {&reply_form, "bank_reference", "S0000000001"},
    {&reply_form, "traded_on", "2026-01-01"},
    {&evidence_form, "kind", "合同"},
    {&evidence_form, "source", "劳动合同备案"},
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
    {NULL, "place", "历下校区/301"},
    {NULL, "venue", "历下校区"},
    {NULL, "address", "示例大道1号"},
    {NULL, "room", "301"},
    {NULL, "area_m2", "800"},
    {NULL, "longitude", "117.020359"},
    {NULL, "latitude", "36.668530"},
    {NULL, "qualification", "高级技师"},
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
    {NULL, "tranche_id", "00000000000000000000000000000000"},
    {NULL, "employer", "91370100MA0000000W"},
    {NULL, "event_on", "2026-07-01"},
    {NULL, "months", "12"},
    {NULL, "as_of", "2026-07-31"},
    {NULL, "claim_id", "00000000000000000000000000000000"},
    {NULL, "version", "1"},
    {NULL, "fact", "按月领取养老金"},
    {NULL, "answer", "不符"},
    {NULL, "amount_fen", "1500.00"},
    {NULL, "valid_from", "2026-01-01"},
    {NULL, "citation", "示例文〔2026〕1号"},
    {NULL, "day", "2026-10-01"},
    {NULL, "number", "1"},
    {NULL, "category", "现代服务业"},
    {NULL, "demand_grade", "A"},
    {NULL, "hours_least", "80"},
    {NULL, "practice_percent", "60%"},
    {NULL, "mode", "线下"},
    {NULL, "training_fen", "1500.00"},
    {NULL, "assessment_fen", "200.00"},
    {NULL, "heads", "30"},
    {NULL, "listed", "0"},
    {NULL, "source", "企业"},
    {NULL, "wanted_on", "2026-09-01"},
    {NULL, "until", "2026-12-31"},
    {NULL, "code", "52370100300000010X"},
    {NULL, "licence", "示例许字〔2026〕1号"},
    {NULL, "nature", "民办"},
    {NULL, "credit_grade", "A"},
    {NULL, "batch", "第一批"},
    {&catalogue_institution_form, "valid_to", "2026-12-31"},
    {NULL, "working", "休息"},
};

static const char *example_of(const struct form *form, const char *field)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
        if ((examples[i].form == NULL || examples[i].form == form) && strcmp(examples[i].field, field) == 0)
            return examples[i].text;
    return "";
}

/* Marks it, so that a row that is left as it is, or in part, is not taken for somebody's. */
static void example_write(struct sheet_writer *writer, const char *text)
{
    char cell[EXAMPLE_BYTES];
    bool said = text[0] != '\0';
    snprintf(cell, sizeof(cell), "%s%s%s", said ? FORM_EXAMPLE_BEGIN : "", text,
             said ? FORM_EXAMPLE_END : "");
    sheet_writer_cell(writer, cell);
}

/* The head line of a register's file (H20), which the issuer fills in. */
static void head_write(struct sheet_writer *writer)
{
    static const char *const head[] = {
        "养老待遇", "370100", "2026-06-30", "增量", "1", "首行之后全部内容的SHA256", "示例签发单位"};
    for (size_t i = 0; i < sizeof(head) / sizeof(*head); i++)
        example_write(writer, head[i]);
    sheet_writer_row(writer);
}

static int write_template(const struct cli *cli, const struct form *form, const char *path)
{
    struct sheet_writer *writer = sheet_writer_open(cli, path, false);
    if (writer == NULL)
        return CLI_FILE;
    if (form == &snapshot_form)
        head_write(writer);
    for (int i = 0; i < form->n; i++)
        if (form_field_asked(form, i))
            sheet_writer_cell(writer, form->fields[i].zh);
    sheet_writer_row(writer);
    for (int i = 0; i < form->n; i++)
        if (form_field_asked(form, i))
            example_write(writer, example_of(form, form->fields[i].name));
    sheet_writer_row(writer);
    return sheet_writer_close(writer);
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
    const char *noun = given_text(given, "NOUN"), *path = given_text(given, "output");
    char named[64];
    size_t i = 0;
    while (strcmp(forms[i].form->noun, noun) != 0)
        i++;
    snprintf(named, sizeof(named), "%s.csv", noun);
    path = path == NULL ? named : path;
    int status = taken(cli, path) ? CLI_FILE : write_template(cli, forms[i].form, path);
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
     OPTIONS({"output", VALUE_NEW_FILE, .zh = "写入的新文件，默认为当前目录的“种类.csv”",
              .en = "the new file that is written, by default NOUN.csv here"}),
     .example_zh = "template marks --output 成绩.csv",
     .example_en = "template marks --output marks.csv"},
};
const struct commands template_commands = {commands, sizeof(commands) / sizeof(*commands)};
