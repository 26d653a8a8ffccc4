/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence of employment of projects' heads (E4, E11). */
#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/sheet/forms.h"
#include "proto/project.pb-c.h"

enum { SEAT_MOST = 2000, MONTHS_MOST = 1200 };

/* ---- import ---- */

enum { FIELD_SEAT, FIELD_KIND, FIELD_EMPLOYER, FIELD_EVENT_ON, FIELD_MONTHS, FIELD_SOURCE, FIELD_AS_OF };
static const struct form_field fields[] = {
    [FIELD_SEAT] = {"seat", "座号", "seat", {"座号", "序号", "学号", "seat"}, FORM_NEEDED},
    [FIELD_KIND] = {"kind", "凭证种类", "kind", {"凭证种类", "就业凭证", "凭证", "kind"}, FORM_NEEDED},
    [FIELD_EMPLOYER] = {"employer",
                        "用人单位代码",
                        "employer",
                        {"用人单位代码", "单位代码", "统一社会信用代码", "employer"},
                        FORM_OPTIONAL},
    [FIELD_EVENT_ON] = {"event_on",
                        "就业日期",
                        "employed since",
                        {"就业日期", "就业时间", "起始日期", "eventon"},
                        FORM_NEEDED},
    [FIELD_MONTHS] = {"months", "月数", "months", {"月数", "合同月数", "参保月数", "months"}, FORM_OPTIONAL},
    [FIELD_SOURCE] = {"source", "来源", "source", {"来源", "数据来源", "source"}, FORM_NEEDED},
    [FIELD_AS_OF] = {"as_of", "数据日期", "as of", {"数据日期", "截至日期", "截至日", "asof"}, FORM_NEEDED},
};
const struct form evidence_form = {.noun = "evidence",
                                   .fields = fields,
                                   .n = sizeof(fields) / sizeof(*fields),
                                   .needed = {FIELD_SEAT, FIELD_KIND}};

struct evidence_text {
    char event_on[DAY_TEXT], as_of[DAY_TEXT];
};

static bool evidence_read(void *context, struct row *read)
{
    Mingce__V1__EvidenceRow *row = read->message;
    struct evidence_text *text = read->text;
    const struct form_file *file = read->file;
    row->class_number = *(const uint64_t *) context;
    row->kind =
        (Mingce__V1__EvidenceKind) word_number(WORD_EVIDENCE, form_file_cell(file, read->i, FIELD_KIND));
    if (row->kind == 0 && !rows_refuse(read->judgement, REASON_EVIDENCE_KIND, "kind"))
        return false;
    row->employer = form_file_cell(file, read->i, FIELD_EMPLOYER);
    row->source = form_file_cell(file, read->i, FIELD_SOURCE);
    if (row->source == NULL && !rows_refuse(read->judgement, REASON_EVIDENCE_SOURCE, "source"))
        return false;
    row->has_months = form_file_cell(file, read->i, FIELD_MONTHS) != NULL;
    if (row->has_months) {
        int months = rows_number(form_file_cell(file, read->i, FIELD_MONTHS), MONTHS_MOST);
        row->months = (uint32_t) (months < 0 ? 0 : months);
        if (months < 1 && !rows_refuse(read->judgement, REASON_EVIDENCE_MONTHS, "months"))
            return false;
    }
    return rows_whole(file, read->i, FIELD_SEAT, SEAT_MOST, &row->seat, read->judgement) &&
           row_day(read, FIELD_EVENT_ON, true, text->event_on, &row->event_on) &&
           row_day(read, FIELD_AS_OF, true, text->as_of, &row->as_of);
}
static const struct row_form evidence_rows = {
    .form = &evidence_form, .text = sizeof(struct evidence_text), .read = evidence_read};

static int evidence_import(struct cli *cli, struct given *given)
{
    Mingce__V1__EvidenceImportRequest request = MINGCE__V1__EVIDENCE_IMPORT_REQUEST__INIT;
    uint64_t class_number = given_number(given, "class");
    const struct rows_import import = {.method = "evidence.import",
                                       .rows = &evidence_rows,
                                       .request = &request.base,
                                       .context = &class_number};
    request.project_id = given_id(given, "PROJECT");
    return rows_import(cli, &import, given);
}

static int evidence_withdraw(struct cli *cli, struct given *given)
{
    Mingce__V1__EvidenceWithdrawRequest request = MINGCE__V1__EVIDENCE_WITHDRAW_REQUEST__INIT;
    request.evidence_id = given_id(given, "EVIDENCE");
    request.reason = given_text(given, "reason");
    return cli_write(cli, "evidence.withdraw", &request.base);
}

/* ---- list ---- */

static const struct shown columns[] = {
    {"evidence_id", "凭证编号", "evidence", .as = AS_ID},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"seat", "座号", "seat", .as = AS_NUMBER},
    {"kind", "凭证种类", "kind", .as = AS_WORD, .words = WORD_EVIDENCE},
    {"employer", "用人单位代码", "employer", .as = AS_TEXT},
    {"event_on", "就业日期", "employed since", .as = AS_TEXT},
    {"months", "月数", "months", .as = AS_NUMBER},
    {"source", "来源", "source", .as = AS_TEXT},
    {"as_of", "数据日期", "as of", .as = AS_TEXT},
    {"withdrawn_reason", "撤回理由", "why it was withdrawn", .as = AS_TEXT},
    {"recorded_at", "登记时间", "recorded", .as = AS_TIME},
};
static const struct show list = SHOW(columns);

static int evidence_list(struct cli *cli, struct given *given)
{
    Mingce__V1__EvidenceListRequest request = MINGCE__V1__EVIDENCE_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "evidence.list", .show = &list, .request = &request.base};
    request.project_id = given_id(given, "PROJECT");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "evidence",
     .verb = "import",
     .run = evidence_import,
     .method = "evidence.import",
     .zh = "登记项目一个班级学员的就业凭证",
     .en = "records evidence that trainees of a project's class are employed",
     ARGUMENTS(ARGUMENT_PROJECT, ARGUMENT_ROWS),
     OPTIONS(OPTION_CLASS(NEEDED), OPTION_REJECTS),
     .notes_zh = "按座号；凭证种类填 参保、就业登记、合同、执照 或 灵活就业；参保、就业登记由 project verify "
                 "从已导入的"
                 "核验数据中查找，机构所报须由主管部门审核人员另行登记方予计入",
     .notes_en =
         "by seat; a kind is insured, registered, contract, licence or flexible; project verify finds who is "
         "insured or registered in the snapshots that are loaded: what an institution says of them counts "
         "once a reviewer of the bureau records it too",
     .example_zh = "evidence import 0123456789abcdef0123456789abcdef 就业.csv --class 202600001",
     .example_en = "evidence import 0123456789abcdef0123456789abcdef evidence.csv --class 202600001",
     .reads = {&evidence_form}},
    {.noun = "evidence",
     .verb = "withdraw",
     .run = evidence_withdraw,
     .method = "evidence.withdraw",
     .zh = "撤回一项就业凭证",
     .en = "withdraws evidence",
     ARGUMENTS({"EVIDENCE", VALUE_ID, NEEDED, .zh = "凭证编号，见 evidence list",
                .en = "its id, as evidence list has it"}),
     OPTIONS(OPTION_REASON(NEEDED)),
     .notes_zh = "此后的核验不再计入；已有的核验不变",
     .notes_en = "it counts in no later verification; those there are stay"},
    {.noun = "evidence",
     .verb = "list",
     .run = evidence_list,
     .method = "evidence.list",
     .zh = "项目的就业凭证",
     .en = "the evidence of a project's heads",
     ARGUMENTS(ARGUMENT_PROJECT),
     OPTIONS(OPTIONS_LIST)},
};
const struct commands evidence_commands = {commands, sizeof(commands) / sizeof(*commands)};
