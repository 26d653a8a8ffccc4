/* SPDX-License-Identifier: Apache-2.0 */
/* Exports a class's trainees unmasked, into a file that only its owner may read. */
#include <stdio.h>

#include "client/cli/command/ask.h"
#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/frame/call.h"
#include "client/cli/sheet/cells.h"
#include "proto/rules/codes.h"
#include "proto/wire.pb-c.h"

enum { PAGE = 200, YEAR_CODE = 16 };

static void header_write(struct cells *cells)
{
    static const char *const titles[] = {
        "班内序号", "姓名",     "证件类型", "证件号码", "签发国家", "性别",
        "出生日期", "民族",     "文化程度", "人员类别", "户口性质", "户口所在地",
        "联系电话", "家庭住址", "开户银行", "银行户名", "银行账号", "就业失业登记证号码"};
    enum { TITLES = sizeof(titles) / sizeof(*titles) };
    struct xlsx_column columns[TITLES] = {{.title = NULL}};
    for (size_t i = 0; i < TITLES; i++)
        columns[i].title = titles[i];
    cells_header(cells, columns, TITLES);
}

static void cell(struct cells *cells, const char *text)
{
    cells_put(cells, text == NULL ? "" : text);
}

static void trainee_write(struct cells *cells, const Mingce__V1__ExportedTrainee *trainee)
{
    const Mingce__V1__Person *person = trainee->person;
    const Mingce__V1__EnrolmentRecord *stated = trainee->stated;
    char seat[YEAR_CODE];
    snprintf(seat, sizeof(seat), "%u", trainee->seat);
    cell(cells, seat);
    cell(cells, person->name);
    cell(cells, person->document_type);
    cell(cells, person->document_number);
    cell(cells, person->issuing_country);
    cell(cells, !person->has_sex ? NULL : person->sex == 1 ? "男" : "女");
    cell(cells, person->birth_date);
    cell(cells, stated->has_ethnicity ? code_name(CODES_ETHNICITY, (uint8_t) stated->ethnicity) : NULL);
    cell(cells, stated->has_education ? code_name(CODES_EDUCATION, (uint8_t) stated->education) : NULL);
    cell(cells, trainee->trainee_group);
    cell(cells, stated->household);
    cell(cells, stated->division);
    cell(cells, stated->phone);
    cell(cells, stated->address);
    cell(cells, stated->bank);
    cell(cells, stated->account_name);
    cell(cells, stated->account_number);
    cell(cells, stated->unemployment_certificate);
    cells_row(cells);
}

/* Writes page after page. Returns the exit status; `*n` is how many trainees were written. */
static int pages_write(struct cli *cli, Mingce__V1__RosterExportRequest *request, struct cells *cells,
                       size_t *n)
{
    int status = CLI_OK;
    struct pages_way way = {.steps = 0};
    do {
        Mingce__V1__RosterExportResponse *page =
            (Mingce__V1__RosterExportResponse *) cli_call(cli, "roster.export", &request->base, &status);
        if (page == NULL)
            return status;
        for (size_t i = 0; i < page->n_trainee; i++)
            trainee_write(cells, page->trainee[i]);
        *n += page->n_trainee;
        status = pages_go_on(cli, &way, page->n_trainee,
                             page->has_next ? page->next : (ProtobufCBinaryData){0, way.bytes});
        request->has_cursor = way.cursor.len > 0;
        request->cursor = way.cursor;
        mingce__v1__roster_export_response__free_unpacked(page, NULL);
    } while (status == CLI_OK && request->has_cursor);
    return status;
}

static int roster_export(struct cli *cli, struct given *given)
{
    Mingce__V1__RosterExportRequest request = MINGCE__V1__ROSTER_EXPORT_REQUEST__INIT;
    Mingce__V1__Reason reason;
    size_t n = 0;
    ask_reason(given, &reason);
    request.class_number = given_number(given, "class");
    request.reason = &reason;
    request.has_page_rows = true;
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    uint32_t most = mingce_hello(cli->server)->limits->page_rows;
    request.page_rows = most < PAGE ? most : PAGE;
    const char *path = given_text(given, "FILE.csv");
    struct cells cells;
    if (!cells_open(&cells, cli, path, cells_named_xlsx(path), "学员"))
        return CLI_FILE;
    header_write(&cells);
    status = pages_write(cli, &request, &cells, &n);
    if (status != CLI_OK) {
        cells_drop(&cells); /* a partial list would mislead */
        return status;
    }
    status = cells_close(&cells);
    if (status != CLI_OK)
        return status;
    if (cli->json)
        printf("{\"exported\":%zu}\n", n);
    else
        printf("%s: %zu\n",
               cli_say(cli, "已导出（文件含明文个人信息，用后请删除）",
                       "exported (the file holds personal data in clear: delete it after use)"),
               n);
    return CLI_OK;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "roster",
     .verb = "export",
     .run = roster_export,
     .method = "roster.export",
     .zh = "导出班级学员（明文，留痕）",
     .en = "exports a class's trainees in clear, on record",
     ARGUMENTS({"FILE.csv", VALUE_NEW_FILE, NEEDED, .zh = "写入的文件；.xlsx 为电子表格，其余为 CSV",
                .en = "the file that is written: a spreadsheet if its name ends in .xlsx, else CSV"}),
     OPTIONS(OPTION_CLASS(NEEDED), OPTIONS_PURPOSE(NEEDED, NULL, NULL)),
     .example_zh = "roster export 名单.csv --class 202600001 --purpose 资金拨付 --case JN-2026-17",
     .example_en = "roster export trainees.csv --class 202600001 --purpose payment --case JN-2026-17"},
};
const struct commands roster_export_commands = {commands, sizeof(commands) / sizeof(*commands)};
