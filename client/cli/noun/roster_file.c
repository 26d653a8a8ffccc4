/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/roster_file.h"

enum { FIELD_NAME = 0, FIELD_NUMBER = 2 };

/* The only table of a roster's columns: the field of RosterRow, its names for people, and its names in headers. */
static const struct form_field fields[] = {
    {"name", "姓名", "name", {"姓名", "学员姓名", "参训人员姓名", "name"}, FORM_NEEDED},
    {"document_type",
     "证件类型",
     "document type",
     {"证件类型", "证件类别", "证件种类", "documenttype"},
     FORM_OPTIONAL},
    {"document_number",
     "证件号码",
     "document number",
     {"证件号码", "证件号", "身份证号码", "身份证号", "公民身份号码", "居民身份证号码", "身份证件号码",
      "居民身份证号", "身份证", "documentnumber", "idnumber"},
     FORM_NEEDED},
    {"issuing_country",
     "签发国家",
     "issuing country",
     {"签发国家", "国籍", "国家", "issuingcountry"},
     FORM_OPTIONAL},
    {"sex", "性别", "sex", {"性别", "sex"}, FORM_OPTIONAL},
    {"birth_date",
     "出生日期",
     "birth date",
     {"出生日期", "出生年月日", "出生年月", "birthdate"},
     FORM_OPTIONAL},
    {"ethnicity", "民族", "ethnicity", {"民族", "ethnicity"}, FORM_OPTIONAL},
    {"education", "文化程度", "education", {"文化程度", "学历", "education"}, FORM_OPTIONAL},
    {"trainee_group",
     "人员类别",
     "trainee group",
     {"人员类别", "人员类型", "培训对象类别", "traineegroup"},
     FORM_NEEDED},
    {"household", "户口性质", "household", {"户口性质", "户籍性质", "户口类别", "household"}, FORM_OPTIONAL},
    {"division",
     "户口所在地",
     "division",
     {"户口所在地", "户口所在地区划", "户籍所在地", "户籍地", "division"},
     FORM_OPTIONAL},
    {"phone",
     "联系电话",
     "phone",
     {"联系电话", "手机号码", "手机号", "手机", "电话", "联系方式", "phone"},
     FORM_OPTIONAL},
    {"address",
     "家庭住址",
     "address",
     {"家庭住址", "家庭地址", "住址", "常住地址", "address"},
     FORM_OPTIONAL},
    {"bank", "开户银行", "bank", {"开户银行", "开户行", "bank"}, FORM_OPTIONAL},
    {"account_name",
     "银行户名",
     "account name",
     {"银行户名", "户名", "账户名", "accountname"},
     FORM_OPTIONAL},
    {"account_number",
     "银行账号",
     "account number",
     {"银行账号", "银行帐号", "银行卡号", "账号", "帐号", "卡号", "accountnumber"},
     FORM_OPTIONAL},
    {"unemployment_certificate",
     "就业失业登记证号码",
     "unemployment certificate",
     {"就业失业登记证号码", "就业失业登记证号", "就业创业证号", "就业创业证号码", "unemploymentcertificate"},
     FORM_OPTIONAL},
};
const struct form roster_form = {.noun = "roster",
                                 .fields = fields,
                                 .n = sizeof(fields) / sizeof(*fields),
                                 .needed = {FIELD_NAME, FIELD_NUMBER}};

void roster_file_row(const struct form_file *file, size_t i, Mingce__V1__RosterRow *row)
{
    mingce__v1__roster_row__init(row);
    char **const texts[] = {
        /* in the order of the fields */
        &row->name,
        &row->document_type,
        &row->document_number,
        &row->issuing_country,
        &row->sex,
        &row->birth_date,
        &row->ethnicity,
        &row->education,
        &row->trainee_group,
        &row->household,
        &row->division,
        &row->phone,
        &row->address,
        &row->bank,
        &row->account_name,
        &row->account_number,
        &row->unemployment_certificate,
    };
    row->row = (uint32_t) i + 1;
    for (int field = 0; field < roster_form.n; field++)
        *texts[field] = form_file_cell(file, i, field);
}
