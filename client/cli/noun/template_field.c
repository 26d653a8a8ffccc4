/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/template_field.h"

#include <stdint.h>
#include <string.h>

#include "client/cli/command/words.h"
#include "client/cli/sheet/forms.h"
#include "proto/batch.pb-c.h"
#include "proto/rules/codes.h"
#include "proto/rules/document.h"

static const char *word_at(int kind, size_t i)
{
    return word_zh((enum word_kind) kind, (int) i + 1);
}

static const char *code_at(int table, size_t i)
{
    for (unsigned code = 1; code <= UINT8_MAX; code++) {
        const char *name = code_name((enum code_table) table, (uint8_t) code);
        if (name != NULL && i-- == 0)
            return name;
    }
    return NULL;
}

static const char *document_at(int table, size_t i)
{
    (void) table;
    const char *zh = document_type_zh((enum document_type)((size_t) DOCUMENT_RESIDENT_ID + i));
    return *zh == '\0' ? NULL : zh;
}

static const char *sex_at(int table, size_t i)
{
    static const char *const sexes[] = {"男", "女", NULL};
    (void) table;
    return sexes[i];
}

/* What a bank may answer. */
static const char *result_at(int table, size_t i)
{
    (void) table;
    int state = MINGCE__V1__BATCH_LINE_STATE__LINE_PAID + (int) i;
    return state > MINGCE__V1__BATCH_LINE_STATE__LINE_RETURNED ? NULL : word_zh(WORD_BATCH_LINE, state);
}

/* clang-format off: a line each */
#define WORD(kind)                                                                                           \
    {                                                                                                        \
        word_at, WORD_##kind                                                                                 \
    }
#define CODES(table)                                                                                         \
    {                                                                                                        \
        code_at, CODES_##table                                                                               \
    }
#define DOCUMENTS                                                                                            \
    {                                                                                                        \
        document_at, 0                                                                                       \
    }
#define SEXES                                                                                                \
    {                                                                                                        \
        sex_at, 0                                                                                            \
    }
#define RESULTS                                                                                              \
    {                                                                                                        \
        result_at, 0                                                                                         \
    }

/* By the fields' names; what is said of a single form comes first. The examples belong to nobody. */
static const struct {
    const struct form *form; /* NULL: any */
    const char *field;
    struct template_field is;
} fields[] = {
    {&policy_form, "name", {"claim_months", "政策参数的代码，见 mingce code list policies", {NULL, 0}}},
    {&policy_form, "value", {"12", "参数的值，按该参数的单位写数字或词", {NULL, 0}}},
    {&attendance_form, "state", {"出勤", "出勤情况，从可选值中选", WORD(ATTENDANCE)}},
    {&claim_form,
     "line",
     {"职业培训补贴", "申领的补贴项目，从可选值中选；不填则按证书所有可领的项目", WORD(SUBSIDY_LINE)}},
    {&standard_form, "line", {"职业培训补贴", "补贴项目，从可选值中选", WORD(SUBSIDY_LINE)}},
    {&venue_form, "capacity", {"100", "最多容纳的人数，写整数", {NULL, 0}}},
    {&venue_form, "tenure", {"租赁", "场地是自有还是租赁", WORD(TENURE)}},
    {&venue_form, "until", {"2027-12-31", "租赁的场地须写租赁合同到期日", {NULL, 0}}},
    {&lesson_form, "practice", {"理论", "本次课是理论还是实操；不填为理论", WORD(LESSON_KIND)}},
    {&teacher_form, "name", {"周示例", "教师姓名，与证件一致", {NULL, 0}}},
    {&teacher_form, "document_number", {"370102198506120025", "教师的证件号码，逐位核对", {NULL, 0}}},
    {&catalogue_institution_form, "name", {"示例职业培训学校", "培训机构的全称", {NULL, 0}}},
    {&catalogue_institution_form, "address", {"示例路1号", "机构的办学地址", {NULL, 0}}},
    {&catalogue_institution_form, "phone", {"0531-00000000", "机构的联系电话", {NULL, 0}}},
    {&catalogue_demand_form, "division", {"历下区", "需求所在区县的名称或6位代码", {NULL, 0}}},
    {&catalogue_demand_form, "place", {"历下区", "希望在何处培训", {NULL, 0}}},
    {&fund_month_form, "month", {"2026-03", "报表月份，如 2026-03", {NULL, 0}}},
    {&fund_month_form, "balance_fen", {"1180000000.00", "月末基金结余，单位元", {NULL, 0}}},
    {&fund_month_form, "unemployment_fen", {"28000000.00", "本月支出的失业保险金，单位元", {NULL, 0}}},
    {&fund_month_form, "medical_fen", {"6000000.00", "本月代缴的医疗保险费，单位元", {NULL, 0}}},
    {&fund_month_form, "funeral_fen", {"500000.00", "本月支出的丧葬抚恤，单位元", {NULL, 0}}},
    {&fund_month_form, "training_fen", {"400000.00", "本月支出的职业培训和职业介绍补贴，单位元", {NULL, 0}}},
    {&fund_month_form, "other_fen", {"100000.00", "本月其他支出，单位元", {NULL, 0}}},
    {&snapshot_form, "from", {"2026-01", "起始年月，如 2026-01", {NULL, 0}}},
    {&snapshot_form, "to", {"2026-06", "终止年月，如 2026-06；仍在继续的不填", {NULL, 0}}},
    {&snapshot_form, "unit_code", {"91370100MA0000000W", "参保单位的统一社会信用代码", {NULL, 0}}},
    {&snapshot_form, "detail", {"正常", "来源系统中的状态", {NULL, 0}}},
    {&reply_form, "reference", {"370100-20260101-0001", "批次号，照支付文件写", {NULL, 0}}},
    {&reply_form, "line", {"1", "支付文件中的序号", {NULL, 0}}},
    {&reply_form, "result", {"已支付", "银行办理的结果，从可选值中选", RESULTS}},
    {&reply_form, "bank_reference", {"S0000000001", "已支付的，写银行流水号", {NULL, 0}}},
    {&reply_form, "traded_on", {"2026-01-01", "已支付的，写交易日期", {NULL, 0}}},
    {&evidence_form, "kind", {"合同", "就业凭证的种类，从可选值中选", WORD(EVIDENCE)}},
    {&evidence_form, "source", {"劳动合同备案", "凭证从哪里取得，如“劳动合同备案”", {NULL, 0}}},
    {&catalogue_institution_form, "valid_to", {"2026-12-31", "有效期的最后一天", {NULL, 0}}},
    {NULL, "name", {"王示例", "姓名，与证件一致，不加空格和称谓", {NULL, 0}}},
    {NULL, "document_type", {"居民身份证", "证件的种类，从可选值中选；不填为居民身份证", DOCUMENTS}},
    {NULL, "document_number", {"370102199003070016", "证件号码，逐位核对", {NULL, 0}}},
    {NULL, "sex", {"男", "性别；居民身份证可不填，填写的须与号码一致", SEXES}},
    {NULL, "ethnicity", {"汉族", "民族，从可选值中选", CODES(ETHNICITY)}},
    {NULL, "education", {"高中", "文化程度，从可选值中选", CODES(EDUCATION)}},
    {NULL, "trainee_group", {"失业人员", "人员类别，从可选值中选", CODES(TRAINEE_GROUP)}},
    {NULL, "household", {"农业", "户口性质，如“农业”", {NULL, 0}}},
    {NULL, "division", {"山东省济南市历下区", "行政区划的全称或6位代码", {NULL, 0}}},
    {NULL, "phone", {"13800000000", "手机号码，11位数字", {NULL, 0}}},
    {NULL, "seat", {"1", "班内序号，见 roster list", {NULL, 0}}},
    {NULL, "lesson", {"1", "第几次课，见 lesson list", {NULL, 0}}},
    {NULL, "held_on", {"2026-03-02", "上课的日期", {NULL, 0}}},
    {NULL, "starts_minute", {"08:30", "开始时间，24小时制，如 08:30", {NULL, 0}}},
    {NULL, "ends_minute", {"11:30", "结束时间，24小时制，如 11:30", {NULL, 0}}},
    {NULL, "hours", {"4", "课时数，写整数", {NULL, 0}}},
    {NULL, "place", {"历下校区/301", "上课地点，写作“场地名称/教室”", {NULL, 0}}},
    {NULL, "venue", {"历下校区", "场地的名称，本机构内不重复", {NULL, 0}}},
    {NULL, "address", {"示例大道1号", "详细地址", {NULL, 0}}},
    {NULL, "room", {"301", "教室的名称或门牌号", {NULL, 0}}},
    {NULL, "area_m2", {"800", "建筑面积，单位平方米，写整数", {NULL, 0}}},
    {NULL, "longitude", {"117.020359", "经度，六位小数", {NULL, 0}}},
    {NULL, "latitude", {"36.668530", "纬度，六位小数", {NULL, 0}}},
    {NULL, "qualification", {"高级技师", "教师所持的资格，如“高级技师”", {NULL, 0}}},
    {NULL, "content", {"职业道德", "本次课讲授或操作的内容", {NULL, 0}}},
    {NULL, "teacher_name", {"周示例", "教师姓名，与备案一致", {NULL, 0}}},
    {NULL, "teacher_document_number", {"370102198506120025", "教师的证件号码，与备案一致", {NULL, 0}}},
    {NULL, "theory", {"85", "理论成绩，0至100，至多一位小数", {NULL, 0}}},
    {NULL, "practice", {"90.5", "实操成绩，0至100，至多一位小数", {NULL, 0}}},
    {NULL, "certificate_number", {"S000037010001263000001", "证书编号，照证书写", {NULL, 0}}},
    {NULL, "kind", {"培训合格证书", "证书的类别，从可选值中选", WORD(CERTIFICATE_KIND)}},
    {NULL,
     "certificate_kind",
     {"培训合格证书", "证书的类别，从可选值中选；不填或写“全部”为不限", WORD(CERTIFICATE_KIND)}},
    {NULL, "issued_on", {"2026-06-10", "发证日期，照证书写", {NULL, 0}}},
    {NULL,
     "occupation_code",
     {"4-10-01-06", "职业（工种）的代码或名称，见 mingce code list occupations", {NULL, 0}}},
    {NULL, "level", {"初级工", "技能等级，从可选值中选", WORD(LEVEL)}},
    {NULL, "proxy_reference", {"DL-1", "培训机构代领的，写代领协议编号", {NULL, 0}}},
    {NULL, "no_fee", {"是", "培训期间未向学员收费的，写“是”", WORD(YES)}},
    {NULL, "tranche_id", {"00000000000000000000000000000000", "项目款编号，见 project tranches", {NULL, 0}}},
    {NULL, "employer", {"91370100MA0000000W", "用人单位的统一社会信用代码", {NULL, 0}}},
    {NULL, "event_on", {"2026-07-01", "就业或创业的日期", {NULL, 0}}},
    {NULL, "months", {"12", "连续的月数，写整数", {NULL, 0}}},
    {NULL, "as_of", {"2026-07-31", "数据截至的日期", {NULL, 0}}},
    {NULL,
     "claim_id",
     {"00000000000000000000000000000000", "申领编号，见 claim queue 和 claim list", {NULL, 0}}},
    {NULL, "version", {"1", "所见的版本，照列表写", {NULL, 0}}},
    {NULL, "fact", {"按月领取养老金", "核验的事项，从可选值中选", WORD(FACT)}},
    {NULL, "answer", {"不符", "核验的结果，从可选值中选", WORD(ANSWER)}},
    {NULL, "amount_fen", {"1500.00", "金额，单位元，至多两位小数", {NULL, 0}}},
    {NULL, "valid_from", {"2026-01-01", "从哪一天起", {NULL, 0}}},
    {NULL, "citation", {"示例文〔2026〕1号", "所依据文件的名称或文号", {NULL, 0}}},
    {NULL, "day", {"2026-10-01", "调整的是哪一天", {NULL, 0}}},
    {NULL, "number", {"1", "顺序号，写整数", {NULL, 0}}},
    {NULL, "category", {"现代服务业", "产业或培训类别", {NULL, 0}}},
    {NULL, "demand_grade", {"A", "需求程度，从可选值中选", WORD(DEMAND_GRADE)}},
    {NULL, "hours_least", {"80", "最少的课时数，写整数", {NULL, 0}}},
    {NULL, "practice_percent", {"60%", "实操课时所占的百分比，如 60%", {NULL, 0}}},
    {NULL, "mode", {"线下", "培训方式，从可选值中选", WORD(MODE)}},
    {NULL, "training_fen", {"1500.00", "每人的培训补贴，单位元", {NULL, 0}}},
    {NULL, "assessment_fen", {"200.00", "每人的鉴定补贴，单位元", {NULL, 0}}},
    {NULL, "heads", {"30", "需求的人数，写整数", {NULL, 0}}},
    {NULL, "listed", {"0", "其中已列单的人数，写整数", {NULL, 0}}},
    {NULL, "source", {"企业", "需求由谁提出，从可选值中选", WORD(DEMAND_SOURCE)}},
    {NULL, "wanted_on", {"2026-09-01", "希望开始培训的日期", {NULL, 0}}},
    {NULL, "until", {"2026-12-31", "需求截至的日期", {NULL, 0}}},
    {NULL, "code", {"52370100300000010X", "机构的统一社会信用代码", {NULL, 0}}},
    {NULL, "licence", {"示例许字〔2026〕1号", "办学许可证号", {NULL, 0}}},
    {NULL, "nature", {"民办", "办学性质，如“民办”", {NULL, 0}}},
    {NULL, "credit_grade", {"A", "机构的信用等级，如 A", {NULL, 0}}},
    {NULL, "batch", {"第一批", "列入目录的批次", {NULL, 0}}},
    {NULL, "working", {"休息", "该日是上班还是休息", WORD(WORKING)}},
    {NULL, "issuing_country", {"", "签发国家的三位字母代码；只有护照须填", {NULL, 0}}},
    {NULL, "birth_date", {"", "出生日期；居民身份证可不填，填写的须与号码一致", {NULL, 0}}},
    {NULL, "bank", {"", "开户银行的全称", {NULL, 0}}},
    {NULL, "account_name", {"", "银行账户的户名", {NULL, 0}}},
    {NULL, "account_number", {"", "银行账号，逐位核对", {NULL, 0}}},
    {NULL, "unemployment_certificate", {"", "就业失业登记证的号码", {NULL, 0}}},
    {NULL, "teacher_document_type", {"", "教师证件的种类，从可选值中选；不填为居民身份证", DOCUMENTS}},
    {NULL, "teacher_issuing_country", {"", "签发国家的三位字母代码；只有护照须填", {NULL, 0}}},
    {NULL, "renewal", {"", "是首次还是复审，从可选值中选；不分的不填", WORD(RENEWAL)}},
    {NULL, "basis", {"", "按什么计发，从可选值中选；不填为证书", WORD(BASIS)}},
    {NULL, "percent", {"", "按实际费用计发的百分比", {NULL, 0}}},
    {NULL, "cap_fen", {"", "计发的封顶金额，单位元", {NULL, 0}}},
    {NULL, "valid_to", {"", "到哪一天止；不填为一直有效", {NULL, 0}}},
    {NULL, "note", {"", "需要说明的事项", {NULL, 0}}},
    {NULL, "mark", {"", "其他标记", {NULL, 0}}},
    {NULL, "site", {"", "教学点的名称", {NULL, 0}}},
    {NULL, "subject_id", {"", "申领编号，见 claim list --state approved", {NULL, 0}}},
    {NULL, "reason_code", {"", "未支付的，写银行的原因码", {NULL, 0}}},
    {NULL, "reason", {"", "未支付的，写银行所说的原因", {NULL, 0}}},
};
/* clang-format on */

const struct template_field *template_field(const struct form *form, const char *field)
{
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
        if ((fields[i].form == NULL || fields[i].form == form) && strcmp(fields[i].field, field) == 0)
            return &fields[i].is;
    return NULL;
}
