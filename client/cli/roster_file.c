/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/roster_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/cell.h"

enum { HEADER_WITHIN = 30 /* rows */, ALIASES = 8, CLEAN_CELL = 128 };
static const char reason_title[] = "退回原因";

/* THE table of a roster's columns: the field of RosterRow, how people call it, what headers call it. */
static const struct field {
    const char *name;
    size_t offset; /* of the text in Mingce__V1__RosterRow */
    const char *zh, *en;
    const char *headers[ALIASES]; /* without blanks, before any bracket */
} fields[ROSTER_FIELDS] = {
#define AT(member) offsetof(Mingce__V1__RosterRow, member)
    {"name", AT(name), "姓名", "name", {"姓名", "学员姓名", "参训人员姓名", "name"}},
    {"document_type",
     AT(document_type),
     "证件类型",
     "document type",
     {"证件类型", "证件类别", "证件种类", "documenttype"}},
    {"document_number",
     AT(document_number),
     "证件号码",
     "document number",
     {"证件号码", "证件号", "身份证号码", "身份证号", "公民身份号码", "居民身份证号码", "身份证",
      "documentnumber"}},
    {"issuing_country",
     AT(issuing_country),
     "签发国家",
     "issuing country",
     {"签发国家", "国籍", "国家", "issuingcountry"}},
    {"sex", AT(sex), "性别", "sex", {"性别", "sex"}},
    {"birth_date",
     AT(birth_date),
     "出生日期",
     "birth date",
     {"出生日期", "出生年月日", "出生年月", "birthdate"}},
    {"ethnicity", AT(ethnicity), "民族", "ethnicity", {"民族", "ethnicity"}},
    {"education", AT(education), "文化程度", "education", {"文化程度", "学历", "education"}},
    {"trainee_group",
     AT(trainee_group),
     "人员类别",
     "trainee group",
     {"人员类别", "人员类型", "培训对象类别", "traineegroup"}},
    {"household", AT(household), "户口性质", "household", {"户口性质", "户籍性质", "户口类别", "household"}},
    {"division",
     AT(division),
     "户口所在地",
     "division",
     {"户口所在地", "户口所在地区划", "户籍所在地", "户籍地", "division"}},
    {"phone",
     AT(phone),
     "联系电话",
     "phone",
     {"联系电话", "手机号码", "手机号", "手机", "电话", "联系方式", "phone"}},
    {"address", AT(address), "家庭住址", "address", {"家庭住址", "家庭地址", "住址", "常住地址", "address"}},
    {"bank", AT(bank), "开户银行", "bank", {"开户银行", "开户行", "bank"}},
    {"account_name",
     AT(account_name),
     "银行户名",
     "account name",
     {"银行户名", "户名", "账户名", "accountname"}},
    {"account_number",
     AT(account_number),
     "银行账号",
     "account number",
     {"银行账号", "银行帐号", "银行卡号", "账号", "帐号", "卡号", "accountnumber"}},
    {"unemployment_certificate",
     AT(unemployment_certificate),
     "就业失业登记证号码",
     "unemployment certificate",
     {"就业失业登记证号码", "就业失业登记证号", "就业创业证号", "就业创业证号码", "unemploymentcertificate"}},
#undef AT
};
enum { FIELD_NAME = 0, FIELD_NUMBER = 2 };

/* A header without blanks, the star of what must be filled in and brackets behind it (full-width ones are half-width
 * by then), in lower case. */
static void clean_header(const char *cell, char clean[CLEAN_CELL])
{
    if (!cell_number(cell, clean, CLEAN_CELL))
        clean[0] = '\0';
    size_t stars = strspn(clean, "*");
    memmove(clean, clean + stars, strlen(clean + stars) + 1);
    clean[strcspn(clean, "([*")] = '\0';
    for (char *at = clean; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char) (*at - 'A' + 'a');
}

static int field_of_header(const char *cell)
{
    char clean[CLEAN_CELL];
    clean_header(cell, clean);
    if (clean[0] == '\0')
        return -1;
    for (int field = 0; field < ROSTER_FIELDS; field++)
        for (int i = 0; i < ALIASES && fields[field].headers[i] != NULL; i++)
            if (strcmp(fields[field].headers[i], clean) == 0)
                return field;
    return -1;
}

/* Fills column_of from a row. Returns the first field that stands there twice, -1: none. */
static int map_header(struct roster_file *file, const struct sheet_row *row)
{
    int twice = -1;
    for (int field = 0; field < ROSTER_FIELDS; field++)
        file->column_of[field] = -1;
    for (size_t i = 0; i < row->n; i++) {
        int field = field_of_header(row->cells[i]);
        if (field >= 0 && file->column_of[field] >= 0)
            twice = twice < 0 ? field : twice;
        else if (field >= 0)
            file->column_of[field] = (int) i;
    }
    return twice;
}

static int find_header(const struct cli *cli, const char *path, struct roster_file *file)
{
    char detail[4300];
    for (size_t i = 0; i < file->sheet.n && i < HEADER_WITHIN; i++) {
        int twice = map_header(file, &file->sheet.rows[i]);
        if (file->column_of[FIELD_NAME] < 0 || file->column_of[FIELD_NUMBER] < 0)
            continue;
        file->header = i;
        if (twice < 0)
            return CLI_OK;
        snprintf(detail, sizeof(detail), "%s: %s", path, cli_say(cli, fields[twice].zh, fields[twice].en));
        return cli_fail(cli, CLI_FILE, "表头中有两列含义相同，请删去一列",
                        "two columns of the header mean the same: delete one", detail);
    }
    return cli_fail(cli, CLI_FILE, "找不到表头：前30行中应有一行写着“姓名”和“证件号码”",
                    "no header: one of the first 30 rows must name the columns 姓名 (name) and 证件号码 "
                    "(document number)",
                    path);
}

static const char *cell_at(const struct roster_file *file, const struct sheet_row *row, int field)
{
    int column = file->column_of[field];
    return column < 0 || (size_t) column >= row->n ? "" : row->cells[column];
}

static bool blank_row(const struct sheet_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (!cell_empty(row->cells[i]))
            return false;
    return true;
}

/* 合计, 总计, 小计, 共120人: in the row's first cell that is not blank, and no document number in the row. */
static bool total_row(const struct roster_file *file, const struct sheet_row *row)
{
    static const char *const words[] = {"合计", "总计", "小计", "共计", "总人数", "total"};
    char clean[CLEAN_CELL];
    size_t first = 0;
    if (!cell_empty(cell_at(file, row, FIELD_NUMBER)))
        return false;
    while (first < row->n && cell_empty(row->cells[first]))
        first++;
    clean_header(first < row->n ? row->cells[first] : "", clean);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strncmp(clean, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

static bool header_again(const struct roster_file *file, const struct sheet_row *row)
{
    return field_of_header(cell_at(file, row, FIELD_NAME)) == FIELD_NAME &&
           field_of_header(cell_at(file, row, FIELD_NUMBER)) == FIELD_NUMBER;
}

int roster_file_read(const struct cli *cli, const char *path, struct roster_file *file)
{
    *file = (struct roster_file){0};
    int status = sheet_read(cli, path, &file->sheet);
    if (status == CLI_OK)
        status = find_header(cli, path, file);
    if (status == CLI_OK) {
        file->rows = calloc(file->sheet.n + 1, sizeof(*file->rows));
        if (file->rows == NULL)
            status = cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
    }
    for (size_t i = file->header + 1; status == CLI_OK && i < file->sheet.n && file->rows != NULL; i++) {
        const struct sheet_row *row = &file->sheet.rows[i];
        if (!blank_row(row) && !total_row(file, row) && !header_again(file, row))
            file->rows[file->n++] = i;
    }
    if (status == CLI_OK && file->n == 0)
        status = cli_fail(cli, CLI_FILE, "表头下面没有学员", "there are no trainees below the header", path);
    if (status != CLI_OK)
        roster_file_free(file);
    return status;
}

void roster_file_free(struct roster_file *file)
{
    sheet_free(&file->sheet);
    free(file->rows);
    *file = (struct roster_file){0};
}

void roster_file_row(const struct roster_file *file, size_t i, Mingce__V1__RosterRow *row)
{
    const struct sheet_row *cells = &file->sheet.rows[file->rows[i]];
    mingce__v1__roster_row__init(row);
    row->row = (uint32_t) i + 1;
    for (int field = 0; field < ROSTER_FIELDS; field++) {
        int column = file->column_of[field];
        char **text = (char **) (void *) ((char *) row + fields[field].offset);
        if (column >= 0 && (size_t) column < cells->n && !cell_empty(cells->cells[column]))
            *text = cells->cells[column];
    }
}

size_t roster_file_sheet_row(const struct roster_file *file, size_t i)
{
    return file->rows[i] + 1;
}

const char *roster_field_shown(const struct cli *cli, const char *field)
{
    for (int i = 0; i < ROSTER_FIELDS; i++)
        if (strcmp(fields[i].name, field) == 0)
            return cli_say(cli, fields[i].zh, fields[i].en);
    return field;
}

/* ---- what goes back to the clerk ---- */

/* A column that an earlier round has added. */
static bool reason_column(const struct roster_file *file, size_t column)
{
    const struct sheet_row *header = &file->sheet.rows[file->header];
    char clean[CLEAN_CELL];
    if (column >= header->n)
        return false;
    clean_header(header->cells[column], clean);
    return strcmp(clean, reason_title) == 0;
}

static void write_row(const struct roster_file *file, struct sheet_writer *writer, size_t row,
                      const char *last)
{
    const struct sheet_row *cells = &file->sheet.rows[row];
    size_t n = file->sheet.rows[file->header].n;
    for (size_t i = 0; i < n; i++)
        if (!reason_column(file, i))
            sheet_writer_cell(writer, i < cells->n ? cells->cells[i] : "");
    sheet_writer_cell(writer, last);
    for (size_t i = n; i < cells->n; i++) /* beyond the header: kept, whatever it is */
        sheet_writer_cell(writer, cells->cells[i]);
    sheet_writer_row(writer);
}

struct sheet_writer *roster_file_rejects(const struct cli *cli, const struct roster_file *file,
                                         const char *path)
{
    struct sheet_writer *writer = sheet_writer_open(cli, path, file->sheet.gb18030);
    if (writer != NULL)
        write_row(file, writer, file->header, reason_title);
    return writer;
}

void roster_file_reject(const struct roster_file *file, struct sheet_writer *writer, size_t i,
                        const char *why)
{
    write_row(file, writer, file->rows[i], why);
}
