/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/verify/dossier_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/cli/command/hex.h"
#include "client/cli/command/money.h"
#include "client/cli/command/part.h"
#include "client/cli/command/words.h"
#include "proto/rules/day.h"
#include "proto/rules/pg_type.h"
#include "proto/tlog/covered.h"

enum { VALUE = 1024, COLUMNS_MOST = 48 };

#define TABLE(name) MINGCE__V1__ROW_TABLE__ROWS_##name

/* The tables of which a dossier has rows. */
static const struct known_table {
    Mingce__V1__RowTable table;
    const char *zh, *en;
    bool list; /* people get one line for each row */
} tables[] = {
    {TABLE(CLAIM), "申领", "claim", false},
    {TABLE(CLAIM_LINE), "补贴项目", "amounts", true},
    {TABLE(CLAIM_STEP), "办理步骤", "steps", true},
    {TABLE(CLAIM_PLACE), "年度名额", "place of the year", true},
    {TABLE(CLAIM_ONCE), "职业等级名额", "place of the occupation and level", true},
    {TABLE(CLAIM_FACT), "核验事项", "verification", true},
    {TABLE(CLASS), "班级", "class", false},
    {TABLE(CLASS_FILING), "班级备案与审定", "filings of the class, and their decisions", false},
    {TABLE(CLASS_STANDARD), "班级批准时的补贴标准", "standards kept with the class", true},
    {TABLE(ENROLMENT), "参训", "enrolment", false},
    {TABLE(CERTIFICATE), "证书", "certificate", false},
    {TABLE(CERTIFICATE_VERSION), "证书变更", "changes of the certificate", true},
    {TABLE(CERTIFICATE_AMENDMENT), "证书更正前", "what the certificate said before", false},
    {TABLE(STANDARD), "补贴标准", "standard", false},
    {TABLE(POLICY), "政策参数", "policies", true},
    {TABLE(POLICY_PROPOSAL), "政策参数的提出与批准", "a policy, as proposed and decided", false},
    {TABLE(CALENDAR_DAY), "日历", "calendar", true},
    {TABLE(CALENDAR_PROPOSAL), "日历的提出与批准", "the calendar, as proposed and decided", true},
    {TABLE(PROJECT), "项目", "project", false},
    {TABLE(PROJECT_TIER), "拨付档次", "tiers", true},
    {TABLE(PROJECT_CLASS), "项目班级", "classes of the project", true},
    {TABLE(PROJECT_STEP), "项目办理步骤", "steps of the project", true},
    {TABLE(PROJECT_RUN), "就业核验", "verifications", true},
    {TABLE(PROJECT_RUN_HEAD), "各次核验所见", "what the verifications found", true},
    {TABLE(PROJECT_HEAD), "项目人员", "heads", true},
    {TABLE(PROJECT_EVIDENCE), "就业凭证", "evidence", true},
    {TABLE(PROJECT_MATERIAL), "结算材料", "materials of the settlement", true},
    {TABLE(TRANCHE), "项目款", "tranches", true},
    {TABLE(CHARGE), "资金列支", "charges", true},
    {TABLE(PAYMENT_BATCH), "支付批次", "payment batches", true},
    {TABLE(BATCH_LINE), "批次各笔", "lines of batches", true},
    {TABLE(BATCH_ANSWER), "银行回单", "the bank's answers", true},
    {TABLE(LESSON), "课次", "lessons", true},
    {TABLE(ATTENDANCE), "考勤", "attendance", true},
    {TABLE(MARK), "成绩", "marks", true},
};
enum { TABLES = sizeof(tables) / sizeof(*tables) };

/* The titles of columns, and the words for the numbers in them, for one table or (0) for all. The first entry that fits is used. */
static const struct known_column {
    const char *name, *zh, *en;
    bool worded;
    enum word_kind kind;
    Mingce__V1__RowTable of;
} known_columns[] = {
    {"answer", "答复次序", "answer", false, 0, TABLE(BATCH_ANSWER)},
    {"base", "分母", "of", false, 0, 0},
    {"batch_id", "批次编号", "batch", false, 0, 0},
    {"bank_reference", "银行流水号", "bank's reference", false, 0, 0},
    {"action", "步骤", "step", true, WORD_PROJECT_ACTION, TABLE(PROJECT_STEP)},
    {"counted", "核准人数", "heads that count", false, 0, TABLE(PROJECT)},
    {"counted", "核准", "counts", false, 0, TABLE(PROJECT_HEAD)},
    {"enrolled", "实际培训人数", "heads", false, 0, TABLE(PROJECT)},
    {"kind", "凭证种类", "kind", true, WORD_EVIDENCE, TABLE(PROJECT_EVIDENCE)},
    {"title", "名称", "title", false, 0, TABLE(PROJECT_MATERIAL)},
    {"kind", "材料种类", "kind", true, WORD_MATERIAL, TABLE(PROJECT_MATERIAL)},
    {"kind", "款项", "kind", true, WORD_TRANCHE, TABLE(TRANCHE)},
    {"line", "序号", "line", false, 0, TABLE(BATCH_LINE)},
    {"line", "序号", "line", false, 0, TABLE(BATCH_ANSWER)},
    {"name", "名称", "name", false, 0, TABLE(PROJECT)},
    {"place", "地点", "place", false, 0, TABLE(LESSON)},
    {"practice", "实操", "practice", false, 0, 0},
    {"result", "回执结果", "result", false, 0, TABLE(BATCH_ANSWER)},
    {"share", "账户份额", "share of the account", false, 0, TABLE(CHARGE)},
    {"state", "状态", "state", true, WORD_PROJECT_STATE, TABLE(PROJECT)},
    {"state", "办理后状态代码", "code of the state", false, 0, TABLE(PROJECT_STEP)},
    {"state", "状态代码", "code of the state", false, 0, TABLE(CHARGE)},
    {"state", "状态", "state", true, WORD_BATCH_STATE, TABLE(PAYMENT_BATCH)},
    {"state", "状态", "state", true, WORD_BATCH_LINE, TABLE(BATCH_LINE)},
    {"state", "考勤", "attendance", true, WORD_ATTENDANCE, TABLE(ATTENDANCE)},
    {"state_before", "暂停前状态", "state before", true, WORD_PROJECT_STATE, TABLE(PROJECT)},
    {"CASE WHEN sealed <> '' THEN sha256(number_index || sealed) END", "编号索引摘要",
     "digest of the number's index", false, 0, 0},
    {"action", "步骤", "step", true, WORD_CLAIM_ACTION, 0},
    {"amended_at", "更正时间", "amended", false, 0, 0},
    {"amount_fen", "金额（元）", "yuan", false, 0, 0},
    {"answer", "答复", "answer", true, WORD_ANSWER, 0},
    {"answered_at", "答复时间", "answered", false, 0, 0},
    {"answered_due", "办理期限（答复时）", "due, as it was answered", false, 0, 0},
    {"answered_by", "答复人", "answered by", false, 0, 0},
    {"approved_by", "核准人", "approved by", false, 0, 0},
    {"approved_on", "开班批准日期", "approved", false, 0, 0},
    {"as_of", "数据日期", "as of", false, 0, 0},
    {"asked_at", "询问时间", "asked", false, 0, 0},
    {"asked_of", "核验截至日期", "of the day", false, 0, 0},
    {"assessment_plan", "考核方案", "assessment plan", false, 0, 0},
    {"basis", "计发单位", "basis", true, WORD_BASIS, 0},
    {"cap_fen", "封顶（元）", "cap, yuan", false, 0, 0},
    {"capacity", "计划人数", "capacity", false, 0, 0},
    {"catalogue_id", "目录编号", "catalogue", false, 0, 0},
    {"catalogue_row", "目录的行", "row of the catalogue", false, 0, 0},
    {"certificate_id", "证书标识", "certificate", false, 0, 0},
    {"certificate_kind", "证书类别", "certificate's kind", true, WORD_CERTIFICATE_KIND, 0},
    {"changed_at", "变更时间", "changed", false, 0, 0},
    {"citation", "文件依据", "citation", false, 0, 0},
    {"claim_id", "申领编号", "claim", false, 0, 0},
    {"class_number", "班级编号", "class", false, 0, 0},
    {"clawed_fen", "已追回（元）", "clawed back, yuan", false, 0, 0},
    {"commitment", "承诺值", "commitment", false, 0, 0},
    {"counted", "公示计日", "counts for publicity", false, 0, 0},
    {"day", "日期", "day", false, 0, 0},
    {"days", "天数", "days", false, 0, 0},
    {"days", "上课天数", "days", false, 0, 0},
    {"decided_at", "批准时间", "decided", false, 0, 0},
    {"decided_by", "批准人", "decided by", false, 0, 0},
    {"decided_request", "审定的请求编号", "request of the decision", false, 0, 0},
    {"decision", "审定", "decision", true, WORD_FILING, TABLE(CLASS_FILING)},
    {"decision", "决定", "decision", true, WORD_PROPOSAL, 0},
    {"demand_grade", "需求程度", "demand grade", true, WORD_DEMAND_GRADE, 0},
    {"division", "行政区划", "division", false, 0, 0},
    {"document_type", "证件类型代码", "document type's code", false, 0, 0},
    {"due_on", "办理期限", "due", false, 0, 0},
    {"effective_on", "生效日期", "effective", false, 0, 0},
    {"ends_on", "结束日期", "ends", false, 0, 0},
    {"enrolled", "登记人数", "enrolled", false, 0, TABLE(CLASS)},
    {"enrolled_at", "登记时间", "enrolled", false, 0, 0},
    {"enrolment_id", "参训标识", "enrolment", false, 0, 0},
    {"fact", "核验事项", "fact", true, WORD_FACT, 0},
    {"file_bytes", "文件字节数", "bytes of the file", false, 0, 0},
    {"file_digest", "文件的SHA-256", "SHA-256 of the file", false, 0, 0},
    {"filed_at", "备案时间", "filed", false, 0, 0},
    {"filed_by", "备案人", "filed by", false, 0, 0},
    {"filing", "备案", "filing", true, WORD_FILING, TABLE(CLASS)},
    {"filing", "备案序号", "filing", false, 0, 0},
    {"fraud", "骗取", "fraud", false, 0, 0},
    {"hours", "课时", "hours", false, 0, 0},
    {"hours_least", "最低课时", "hours at least", false, 0, 0},
    {"institution_catalogue_id", "机构目录编号", "institutions' catalogue", false, 0, 0},
    {"institution_catalogue_row", "机构目录的行", "row of that catalogue", false, 0, 0},
    {"issued_on", "发证日期", "issued", false, 0, 0},
    {"keep_until", "至少保存至", "keep until", false, 0, 0},
    {"kind", "证书类别", "kind", true, WORD_CERTIFICATE_KIND, 0},
    {"lessons", "课次", "lessons", false, 0, 0},
    {"level", "等级", "level", true, WORD_LEVEL, 0},
    {"life_cap", "历年申领次数上限", "claims in all years at most", false, 0, 0},
    {"line", "补贴项目", "subsidy", true, WORD_SUBSIDY_LINE, 0},
    {"material_id", "材料编号", "material", false, 0, 0},
    {"materials", "教材", "materials", false, 0, 0},
    {"mode", "培训方式", "mode", true, WORD_MODE, 0},
    {"name", "政策名", "name", false, 0, 0},
    {"no_lower", "高等级后不再受理低等级", "no lower level after a higher one", false, 0, 0},
    {"occupation_code", "职业代码", "occupation code", false, 0, 0},
    {"opened_at", "开班时间", "opened", false, 0, 0},
    {"operator_id", "操作员", "operator", false, 0, 0},
    {"ordinal", "申领次序", "order of submission", false, 0, 0},
    {"organisation_id", "机构", "organisation", false, 0, 0},
    {"paid_by", "拨付人", "paid by", false, 0, 0},
    {"percent", "计发比例（%）", "percent", false, 0, 0},
    {"person_id", "人员标识", "person", false, 0, 0},
    {"place", "名额", "place", false, 0, 0},
    {"practice_hours", "实操课时", "hours of practice", false, 0, 0},
    {"practice_percent", "实操占比下限（%）", "practice at least, percent", false, 0, 0},
    {"proposal_id", "提出编号", "proposal", false, 0, 0},
    {"proposed_at", "提出时间", "proposed", false, 0, 0},
    {"proposed_by", "提出人", "proposed by", false, 0, 0},
    {"proxy_reference", "代领协议编号", "proxy agreement", false, 0, 0},
    {"publicity_days", "公示工作日数", "working days of publicity", false, 0, 0},
    {"publicity_until", "公示截止", "publicity until", false, 0, 0},
    {"rate_fen", "标准（元）", "rate, yuan", false, 0, 0},
    {"rated_as_approved", "依班级批准时留存的标准", "by the standards that the class kept", false, 0, 0},
    {"rated_on", "标准适用日期", "standards of", false, 0, 0},
    {"reason", "原因", "reason", false, 0, 0},
    {"renewal", "复审", "renewal", false, 0, 0},
    {"removed_reason", "退出原因", "reason of removal", false, 0, 0},
    {"request_id", "请求编号", "request", false, 0, 0},
    {"result", "结果", "result", true, WORD_RESULT, 0},
    {"reviewed_by", "初审人", "reviewed by", false, 0, 0},
    {"route", "申领方式", "route", true, WORD_ROUTE, 0},
    {"salt", "随机值", "random", false, 0, 0},
    {"seat", "班内序号", "seat", false, 0, 0},
    {"seats", "已用班内序号", "seats used", false, 0, 0},
    {"sha256(sealed)", "密文摘要", "digest of sealed data", false, 0, 0},
    {"shown::text", "完整公示的日子", "days shown", false, 0, 0},
    {"source", "来源", "source", false, 0, 0},
    {"standard_id", "补贴标准编号", "standard", false, 0, 0},
    {"starts_on", "开始日期", "starts", false, 0, 0},
    {"state", "状态", "state", true, WORD_CERTIFICATE_STATE, TABLE(CERTIFICATE)},
    {"state", "状态", "state", true, WORD_CERTIFICATE_STATE, TABLE(CERTIFICATE_VERSION)},
    {"state", "状态", "state", true, WORD_STATE, TABLE(CLASS)},
    {"state", "状态", "state", true, WORD_CLAIM_STATE, 0},
    {"state_before", "先前状态", "state before", true, WORD_CLAIM_STATE, 0},
    {"stepped_at", "办理时间", "time", false, 0, 0},
    {"submitted_at", "提交时间", "submitted", false, 0, 0},
    {"submitted_by", "提交人", "submitted by", false, 0, 0},
    {"superseded_by", "被取代于", "superseded by", false, 0, 0},
    {"title", "班级名称", "title", false, 0, 0},
    {"trainee_group", "学员类别代码", "trainee group's code", false, 0, 0},
    {"trainees", "学员数", "trainees", false, 0, 0},
    {"training_kind", "培训类型", "kind of training", false, 0, 0},
    {"valid_from", "起始日期", "from", false, 0, 0},
    {"valid_to", "截止日期", "to", false, 0, 0},
    {"value", "值", "value", false, 0, 0},
    {"version", "版本", "version", false, 0, 0},
    {"warnings", "提示", "warnings", false, 0, 0},
    {"was_worked", "当日终了时上班", "was worked when it ended", false, 0, 0},
    {"withdrawn_at", "撤回时间", "withdrawn", false, 0, 0},
    {"withdrawn_by", "撤回人", "withdrawn by", false, 0, 0},
    {"withdrawn_reason", "撤回理由", "why it was withdrawn", false, 0, 0},
    {"withdrawn_request", "撤回的请求编号", "request of that", false, 0, 0},
    {"working", "上班", "working", false, 0, 0},
    {"year", "年度", "year", false, 0, 0},
    {"year_cap", "年度申领次数上限", "claims in the year at most", false, 0, 0},
    {"advance_percent", "预拨比例（%）", "advance, percent", false, 0, 0},
    {"by_bureau", "主管部门登记", "by the bureau", false, 0, 0},
    {"called_at", "征集时间", "called", false, 0, 0},
    {"called_by", "征集人", "called by", false, 0, 0},
    {"call_number", "征集文号", "call", false, 0, 0},
    {"ceiling_percent", "拨付上限（%）", "at most, percent", false, 0, 0},
    {"closes_on", "核验截止", "closes", false, 0, 0},
    {"completed", "结业人数", "completed", false, 0, 0},
    {"concentrated", "集中单位数", "concentrated employers", false, 0, 0},
    {"content", "内容", "content", false, 0, 0},
    {"contract_months", "合同月数下限", "months of a contract", false, 0, 0},
    {"contract_number", "合同编号", "contract", false, 0, 0},
    {"denominator", "就业率分母", "of whom", false, 0, 0},
    {"department", "主管部门", "department", false, 0, 0},
    {"due_fen", "应拨（元）", "due, yuan", false, 0, 0},
    {"employed", "就业人数", "employed", false, 0, 0},
    {"employer", "单位代码", "employer", false, 0, 0},
    {"employment_days", "就业期限（天）", "days to be employed", false, 0, 0},
    {"entitled_percent", "已达比例（%）", "reached, percent", false, 0, 0},
    {"event_on", "就业日期", "employed since", false, 0, 0},
    {"evidence_id", "凭证编号", "evidence", false, 0, 0},
    {"evidence_kinds", "认可的凭证", "kinds of evidence", false, 0, 0},
    {"expense", "支出科目", "expense", false, 0, 0},
    {"fen", "金额（元）", "yuan", false, 0, 0},
    {"frozen_on", "名册锁定日期", "heads frozen", false, 0, 0},
    {"granted_fen", "已核拨（元）", "granted, yuan", false, 0, 0},
    {"head_id", "人员编号", "head", false, 0, 0},
    {"held", "上课时段", "hours held", false, 0, 0},
    {"held_on", "日期", "day", false, 0, 0},
    {"insured_months", "参保月数下限", "months insured", false, 0, 0},
    {"ledger_id", "账套", "ledger", false, 0, 0},
    {"lesson", "课次", "lesson", false, 0, 0},
    {"lesson_id", "课次标识", "lesson's id", false, 0, 0},
    {"made_at", "制批时间", "made", false, 0, 0},
    {"made_by", "制批人", "made by", false, 0, 0},
    {"months", "月数", "months", false, 0, 0},
    {"paid_fen", "已拨付（元）", "paid, yuan", false, 0, 0},
    {"paid_on", "拨付日期", "paid", false, 0, 0},
    {"part", "部分", "part", false, 0, 0},
    {"part_lines", "每段笔数", "lines of a part", false, 0, 0},
    {"passed", "合格", "passed", false, 0, 0},
    {"payee_id", "收款人", "payee", false, 0, 0},
    {"payer_id", "付款账户", "payer's account", false, 0, 0},
    {"pay_percent", "可拨比例（%）", "pays, percent", false, 0, 0},
    {"planned_heads", "计划人数", "planned heads", false, 0, 0},
    {"project_id", "项目编号", "project", false, 0, 0},
    {"purpose", "用途", "purpose", false, 0, 0},
    {"reason_code", "原因码", "reason's code", false, 0, 0},
    {"recorded_at", "登记时间", "recorded", false, 0, 0},
    {"recorded_by", "登记人", "recorded by", false, 0, 0},
    {"recover_fen", "待追回（元）", "to come back, yuan", false, 0, 0},
    {"recovered_fen", "已追回（元）", "came back, yuan", false, 0, 0},
    {"reference", "业务参考号", "reference", false, 0, 0},
    {"room_id", "教室", "room", false, 0, 0},
    {"run", "核验次数", "run", false, 0, 0},
    {"same_employer_months", "同单位月数", "months of the same employer", false, 0, 0},
    {"sat", "参加考核人数", "assessed", false, 0, 0},
    {"sent_at", "送出时间", "sent", false, 0, 0},
    {"sent_by", "送出人", "sent by", false, 0, 0},
    {"share_fen", "补贴（元）", "share, yuan", false, 0, 0},
    {"lines", "笔数", "lines", false, 0, 0},
    {"sha256(account_index || uuid_send(salt))", "账号索引摘要", "digest of the account's index", false, 0,
     0},
    {"sha256(account_index || sealed)", "账号索引摘要", "digest of the account's index", false, 0, 0},
    {"sha256(teacher_sealed)", "教师密文摘要", "digest of the teacher's data", false, 0, 0},
    {"CASE WHEN teacher_sealed <> '' THEN sha256(teacher_index || teacher_sealed) END", "教师索引摘要",
     "digest of the teacher's index", false, 0, 0},
    {"snapshots", "快照", "snapshots", false, 0, 0},
    {"snapshot_id", "快照", "snapshot", false, 0, 0},
    {"subject_id", "对象编号", "subject", false, 0, 0},
    {"subject_kind", "对象种类", "kind of subject", false, 0, 0},
    {"teacher_commitment", "教师承诺值", "teacher's commitment", false, 0, 0},
    {"teacher_id", "教师", "teacher", false, 0, 0},
    {"theory", "理论", "theory", false, 0, 0},
    {"threshold", "达到（%）", "from, percent", false, 0, 0},
    {"tier", "档次", "tier", false, 0, 0},
    {"total_fen", "应补贴（元）", "total, yuan", false, 0, 0},
    {"traded_on", "交易日期", "traded", false, 0, 0},
    {"tranche_id", "项目款编号", "tranche", false, 0, 0},
    {"unit_fen", "每人标准（元）", "for a head, yuan", false, 0, 0},
    {"verified_at", "核验时间", "verified", false, 0, 0},
    {"verified_by", "核验人", "verified by", false, 0, 0},
    {"deduction", "核减原因", "deduction", true, WORD_DEDUCTION, 0},
    {"metric", "指标", "metric", true, WORD_TIER, 0},
    {"pay_mode", "拨付方式", "paid", true, WORD_PAY_MODE, 0},
    {"spending", "支出类别", "spending", true, WORD_SPENDING, 0},
    {"unmet", "未计就业的原因", "why not employed", true, WORD_UNMET, 0},
};

static const struct known_table *table_known(Mingce__V1__RowTable of)
{
    for (size_t i = 0; i < TABLES; i++)
        if (tables[i].table == of)
            return &tables[i];
    return NULL;
}

/* Every column of every table is in the list: tests/unit/client/verify/test_dossier_print.c prints them all. */
static const struct known_column *column_known(Mingce__V1__RowTable of, const char *name)
{
    static const struct known_column none = {"", "?", "?", false, 0, 0};
    for (size_t i = 0; i < sizeof(known_columns) / sizeof(*known_columns); i++)
        if ((known_columns[i].of == 0 || known_columns[i].of == of) &&
            strcmp(known_columns[i].name, name) == 0)
            return &known_columns[i];
    return &none;
}

static void number_cell(struct table *table, const struct cli *cli, const struct known_column *column,
                        int64_t number)
{
    char text[24];
    size_t n = strlen(column->name);
    snprintf(text, sizeof(text), "%" PRId64, number);
    if (column->worded)
        word_cell(table, cli, column->kind, (int) number);
    else if (strcmp(column->name, "fen") == 0 || (n > 4 && strcmp(column->name + n - 4, "_fen") == 0))
        money_cell(table, true, number);
    else
        table_cell(table, text, json_object_new_int64(number));
}

static void field_cell(struct table *table, const struct cli *cli, const struct known_column *column,
                       const struct row_record_field *field)
{
    enum { MS_US = 1000 }; /* PostgreSQL counts from 2000-01-01, in microseconds */
    const int64_t epoch_ms = PG_EPOCH_DAYS * INT64_C(86400000);
    char text[VALUE];
    if (field->bytes == NULL) {
        table_text(table, NULL);
    } else if ((field->type == PG_INT2 || field->type == PG_INT4 || field->type == PG_INT8) &&
               field->n <= sizeof(int64_t)) {
        number_cell(table, cli, column, row_record_number(field));
    } else if (field->type == PG_TEXT && field->n < sizeof(text)) {
        snprintf(text, sizeof(text), "%.*s", (int) field->n, (const char *) field->bytes);
        table_text(table, text);
    } else if (field->type == PG_BOOL && field->n == 1) {
        table_cell(table, field->bytes[0] != 0 ? cli_say(cli, "是", "yes") : cli_say(cli, "否", "no"),
                   json_object_new_boolean(field->bytes[0] != 0));
    } else if (field->type == PG_DATE && field->n == sizeof(int32_t)) {
        char day_shown[DAY_TEXT];
        day_format((day) (row_record_number(field) + PG_EPOCH_DAYS), day_shown);
        table_text(table, day_shown);
    } else if (field->type == PG_TIMESTAMPTZ && field->n == sizeof(int64_t)) {
        table_time(table, true, row_record_number(field) / MS_US + epoch_ms);
    } else if (field->n <= HEX_KEY_HASH) {
        hex_cell(table, (ProtobufCBinaryData){field->n, (uint8_t *) (uintptr_t) field->bytes});
    } else {
        table_text(table, "…");
    }
}

/* Whether a list for people leaves out the column: request ids, salts, and what is the same in all rows. */
static bool in_the_way(const struct cli *cli, const struct known_table *known, const char *column)
{
    return !cli->json && known->list &&
           (strcmp(column, "claim_id") == 0 || strcmp(column, "project_id") == 0 ||
            strcmp(column, "certificate_id") == 0 || strcmp(column, "person_id") == 0 ||
            strcmp(column, "request_id") == 0 || strcmp(column, "salt") == 0);
}

/* Fills in the columns: the part and the table, which only programs get, and then the fields. Returns how many there are. */
static size_t columns_fill(const struct cli *cli, const struct known_table *known,
                           const Mingce__V1__DossierRow *row, struct table_column columns[COLUMNS_MOST])
{
    struct row_record record;
    struct row_record_field field;
    size_t n = 0;
    if (cli->json) {
        columns[n++] = (struct table_column){"part", "", "", false};
        columns[n++] = (struct table_column){"table", "", "", false};
    }
    if (!dossier_row_open(&record, row))
        return n;
    while (n < COLUMNS_MOST && row_record_next(&record, &field)) {
        if (in_the_way(cli, known, field.column))
            continue;
        const struct known_column *column = column_known(known->table, field.column);
        bool number = field.type == PG_INT2 || field.type == PG_INT4 || field.type == PG_INT8;
        columns[n++] = (struct table_column){strchr(column->name, '(') != NULL ? "sealed" : column->name,
                                             column->zh, column->en, number && !column->worded};
    }
    return n;
}

static void dossier_row_row(struct table *table, const struct cli *cli, const struct known_table *known,
                            const Mingce__V1__DossierRow *row)
{
    struct row_record record;
    struct row_record_field field;
    part_row(table, cli, "row");
    part_row(table, cli, covered_find(known->table)->name);
    if (dossier_row_open(&record, row))
        while (row_record_next(&record, &field))
            if (!in_the_way(cli, known, field.column))
                field_cell(table, cli, column_known(known->table, field.column), &field);
    table_row(table);
}

const char *dossier_table_name(const struct cli *cli, Mingce__V1__RowTable of)
{
    const struct known_table *known = table_known(of);
    return known == NULL ? "" : cli_say(cli, known->zh, known->en);
}

void dossier_rows_print(const struct cli *cli, Mingce__V1__DossierRow *const *rows, size_t n)
{
    const struct known_table *known = table_known(rows[0]->table);
    struct table_column columns[COLUMNS_MOST];
    size_t columns_n = columns_fill(cli, known, rows[0], columns);
    bool list = cli->json || known->list;
    for (size_t i = 0; i < n;) {
        part_title(cli, known->zh, known->en);
        struct table *table = table_new(cli, columns, columns_n);
        do
            dossier_row_row(table, cli, known, rows[i]);
        while (++i < n && list);
        if (list)
            table_end(table);
        else
            table_end_record(table);
    }
}
