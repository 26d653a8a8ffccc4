/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/field.h"

#include <stdio.h>
#include <string.h>

/* Sorted by the name that the messages use. Every field that a refusal may name is here. */
static const struct {
    const char *field, *zh, *en;
} fields[] = {
    {"amount_fen", "金额（元）", "amount in yuan"},
    {"as_of", "截至日期", "as of"},
    {"birth_date", "出生日期", "birth date"},
    {"capacity", "名额", "capacity"},
    {"case_reference", "案卷编号", "case"},
    {"certificate", "证书", "certificate"},
    {"certificate_kind", "证书类别", "certificate kind"},
    {"certificate_number", "证书编号", "certificate number"},
    {"change_id", "变更编号", "change"},
    {"citation", "文件依据", "citation"},
    {"claim_id", "申领编号", "claim"},
    {"class_number", "班级", "class"},
    {"code", "统一社会信用代码", "code"},
    {"conflict_id", "记录编号", "conflict"},
    {"content", "上课内容", "content"},
    {"cosignatures", "见证者数", "witnesses"},
    {"cursor", "翻页标记", "cursor"},
    {"day", "日期", "day"},
    {"division", "行政区划", "division"},
    {"document", "证件", "document"},
    {"document_number", "证件号码", "document number"},
    {"document_type", "证件类型", "document type"},
    {"effective_on", "生效日期", "day from which"},
    {"ends_minute", "结束时间", "end"},
    {"ends_on", "结束日期", "last day"},
    {"entry_id", "记录编号", "entry"},
    {"evidence", "证明材料", "evidence"},
    {"fact_id", "记录编号", "fact"},
    {"first", "日志位置", "place in the log"},
    {"from", "起始日期", "from"},
    {"from_ms", "起始日期", "from"},
    {"held_on", "上课日期", "date"},
    {"hours", "课时", "hours"},
    {"index", "日志位置", "place in the log"},
    {"issued_on", "发证日期", "day of issue"},
    {"issuing_country", "签发国家", "issuing country"},
    {"key", "人员", "person"},
    {"key_hash", "证书公钥摘要", "key hash"},
    {"kind", "类别", "kind"},
    {"known", "已登记的证件", "document that is known"},
    {"lesson", "课次", "lesson"},
    {"level", "等级", "level"},
    {"line", "补贴项目", "subsidy"},
    {"method", "方法", "method"},
    {"name", "姓名或名称", "name"},
    {"no_fee", "未收取费用", "no fee"},
    {"number", "班级", "class"},
    {"occupation_code", "职业", "occupation"},
    {"operator_id", "操作员编号", "operator"},
    {"organisation_code", "机构代码", "organisation"},
    {"override_reason", "信用代码登记理由", "reason for the code"},
    {"page_rows", "每页行数", "rows of a page"},
    {"place", "上课地点", "place"},
    {"policy", "政策参数", "policy"},
    {"practice", "实操成绩", "practice"},
    {"proposal_id", "提议编号", "proposal"},
    {"proxy_reference", "代领协议编号", "proxy agreement"},
    {"reason", "理由", "reason"},
    {"request_id", "请求编号", "request id"},
    {"role", "角色", "role"},
    {"route", "申领途径", "route"},
    {"row", "行", "rows"},
    {"seat", "班内序号", "seat"},
    {"source", "来源", "source"},
    {"standard", "补贴标准", "standard"},
    {"starts_minute", "开始时间", "begin"},
    {"starts_on", "开班日期", "first day"},
    {"state", "状态", "state"},
    {"status", "状态", "status"},
    {"subject", "对象编号", "subject"},
    {"teacher_document_number", "教师证件号码", "teacher's document number"},
    {"teacher_name", "教师姓名", "teacher's name"},
    {"theory", "理论成绩", "theory"},
    {"title", "班级名称", "title"},
    {"trainee_group", "人员类别", "group"},
    {"training_kind", "培训类型", "training kind"},
    {"until_ms", "截止日期", "to"},
    {"valid_from", "起始日期", "from"},
    {"valid_to", "截止日期", "to"},
    {"value", "数值", "value"},
    {"version", "版本", "version"},
    {"year", "年份", "year"},
};

const char *field_shown(const struct cli *cli, const char *field)
{
    for (size_t i = 0; !cli->json && i < sizeof(fields) / sizeof(*fields); i++)
        if (strcmp(fields[i].field, field) == 0)
            return cli_say(cli, fields[i].zh, fields[i].en);
    return field;
}

void field_list(const struct cli *cli, const char *list, char *shown, size_t size)
{
    char field[64];
    size_t used = 0;
    shown[0] = '\0';
    for (const char *at = list; *at != '\0'; at += strspn(at, ", ")) {
        size_t n = strcspn(at, ",");
        snprintf(field, sizeof(field), "%.*s", (int) n, at);
        at += n;
        const char *word = field_shown(cli, field);
        if (used + strlen(word) + 3 > size)
            return;
        used += (size_t) snprintf(shown + used, size - used, "%s%s", used > 0 ? ", " : "", word);
    }
}
