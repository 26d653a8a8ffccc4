/* SPDX-License-Identifier: Apache-2.0 */
/* Months of the unemployment fund, and what it must keep (F12). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/part.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/sheet/forms.h"
#include "proto/reserve.pb-c.h"
#include "proto/rules/cell.h"
#include "proto/rules/day.h"

/* ---- record ---- */

enum {
    FIELD_MONTH,
    FIELD_BALANCE,
    FIELD_UNEMPLOYMENT,
    FIELD_MEDICAL,
    FIELD_FUNERAL,
    FIELD_TRAINING,
    FIELD_OTHER
};

static const struct form_field fields[] = {
    [FIELD_MONTH] = {"month", "月份", "month", {"月份", "年月", "月", "month"}, FORM_NEEDED},
    [FIELD_BALANCE] =
        {"balance_fen", "月末结余", "balance", {"月末结余", "基金月末结余", "结余", "balance"}, FORM_NEEDED},
    [FIELD_UNEMPLOYMENT] = {"unemployment_fen",
                            "失业保险金",
                            "unemployment",
                            {"失业保险金", "失业保险金支出", "unemployment"},
                            FORM_NEEDED},
    [FIELD_MEDICAL] = {"medical_fen",
                       "医疗保险费",
                       "medical",
                       {"医疗保险费", "基本医疗保险费", "代缴医疗保险费", "medical"},
                       FORM_NEEDED},
    [FIELD_FUNERAL] = {"funeral_fen",
                       "丧葬抚恤",
                       "funeral",
                       {"丧葬抚恤", "丧葬补助金和抚恤金", "丧葬补助和抚恤", "funeral"},
                       FORM_NEEDED},
    [FIELD_TRAINING] = {"training_fen",
                        "培训介绍补贴",
                        "training",
                        {"培训介绍补贴", "职业培训和职业介绍补贴", "职业培训补贴", "training"},
                        FORM_NEEDED},
    [FIELD_OTHER] = {"other_fen", "其他", "other", {"其他", "其他支出", "other"}, FORM_NEEDED},
};
const struct form fund_month_form = {.noun = "fund-month",
                                     .fields = fields,
                                     .n = sizeof(fields) / sizeof(*fields),
                                     .needed = {FIELD_MONTH, FIELD_BALANCE}};

/* Reads a month as the protocol has it. False: it is none. */
static bool month_of_cell(const char *cell, char text[DAY_TEXT])
{
    day first = cell_month(cell);
    if (first == DAY_NONE)
        return false;
    day_format(first, text);
    text[MONTH_TEXT - 1] = '\0';
    return true;
}

static bool read_row(void *context, struct row *read)
{
    Mingce__V1__FundMonthRow *row = read->message;
    int64_t *const figures[] = {
        [FIELD_BALANCE] = &row->balance_fen,   [FIELD_UNEMPLOYMENT] = &row->unemployment_fen,
        [FIELD_MEDICAL] = &row->medical_fen,   [FIELD_FUNERAL] = &row->funeral_fen,
        [FIELD_TRAINING] = &row->training_fen, [FIELD_OTHER] = &row->other_fen};
    bool good = true;
    (void) context;
    row->month = read->text;
    if (!month_of_cell(form_file_cell(read->file, read->i, FIELD_MONTH), read->text))
        good = rows_refuse(read->judgement, REASON_MONTH_FORMAT, "month");
    for (int i = FIELD_BALANCE; good && i <= FIELD_OTHER; i++) {
        *figures[i] = cell_fen(form_file_cell(read->file, read->i, i));
        if (*figures[i] < 0)
            good = rows_refuse(read->judgement, REASON_FUND_FIGURE, fields[i].name);
    }
    return good;
}

static const struct row_form month_rows = {.form = &fund_month_form, .text = DAY_TEXT, .read = read_row};

static int fund_month(struct cli *cli, struct given *given)
{
    Mingce__V1__FundMonthRequest request = MINGCE__V1__FUND_MONTH_REQUEST__INIT;
    const struct rows_import import = {.method = "fund.month", .rows = &month_rows, .request = &request.base};
    request.citation = given_text(given, "citation");
    return rows_import(cli, &import, given);
}

/* ---- read ---- */

static void kept_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Reserve *reserve = (const Mingce__V1__Reserve *) message;
    char text[32];
    (void) cli;
    if (!reserve->has_kept_hundredths) {
        table_text(table, NULL);
        return;
    }
    int64_t kept = reserve->kept_hundredths, size = kept < 0 ? -kept : kept;
    snprintf(text, sizeof(text), "%s%" PRId64 ".%02" PRId64, kept < 0 ? "-" : "", size / 100, size % 100);
    table_cell(table, text, json_object_new_string(text));
}

static const struct shown reserve_columns[] = {
    {"month", "计算月末", "judged by the end of", .as = AS_TEXT, .field = "month"},
    {"months", "其前十二个月中已登记", "of twelve months, recorded", .as = AS_NUMBER},
    {"balance_fen", "基金结余（扣除其后已计提）", "balance, less what was withdrawn since", .as = AS_MONEY},
    {"benefit_fen", "近十二个月待遇支出", "benefits of twelve months", .as = AS_MONEY},
    {"kept", "可支付月数", "months that it is enough for", .as = AS_CELL, .cell = kept_cell},
    {"needed_months", "须留足月数", "months needed", .as = AS_NUMBER},
    {"mode", "不足时", "when it is short", .as = AS_WORD, .words = WORD_SHORTFALL},
    {"allowed_fen", "可计提金额", "may be withdrawn", .as = AS_MONEY},
    {"short_fen", "缺口（可由省级调剂金支持）", "short of, which the adjustment fund may give",
     .as = AS_MONEY},
};
static const struct shown month_columns[] = {
    {"month", "月份", "month", .as = AS_TEXT},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"balance_fen", "月末结余", "balance", .as = AS_MONEY},
    {"unemployment_fen", "失业保险金", "unemployment", .as = AS_MONEY},
    {"medical_fen", "医疗保险费", "medical", .as = AS_MONEY},
    {"funeral_fen", "丧葬抚恤", "funeral", .as = AS_MONEY},
    {"training_fen", "培训介绍补贴", "training", .as = AS_MONEY},
    {"other_fen", "其他", "other", .as = AS_MONEY},
    {"citation", "依据", "citation", .as = AS_TEXT},
};
static const struct part reserve_part = {
    "reserve", "reserve", "备付月数", "the reserve", .show = SHOW(reserve_columns), .record = true};
static const struct part months_part = {"month",       "month", "各月", "months", .show = SHOW(month_columns),
                                        .always = true};

static int fund_months(struct cli *cli, struct given *given)
{
    Mingce__V1__FundMonthsRequest request = MINGCE__V1__FUND_MONTHS_REQUEST__INIT;
    int status;
    request.division = given_text(given, "division");
    request.day = given_text(given, "day");
    request.has_withdraw_fen = given_has(given, "withdraw");
    request.withdraw_fen = given_fen(given, "withdraw");
    request.has_months = given_has(given, "months");
    request.months = (uint32_t) given_number(given, "months");
    ProtobufCMessage *answer = cli_answer(cli, "fund.months", &request.base, &status);
    if (answer == NULL)
        return status;
    const Mingce__V1__FundMonthsResponse *response = (const Mingce__V1__FundMonthsResponse *) answer;
    parts_print(cli, &reserve_part, 1, answer);
    status = part_list(cli, &months_part, (ProtobufCMessage *const *) response->month, response->n_month);
    protobuf_c_message_free_unpacked(answer, NULL);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "fund",
     .verb = "month",
     .run = fund_month,
     .method = "fund.month",
     .zh = "登记失业保险基金各月的结余和支出",
     .en = "records months of the unemployment fund",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS({"citation", VALUE_TEXT, NEEDED, .zh = "依据的报表", .en = "the statement that they are from"},
             OPTION_REJECTS),
     .notes_zh = "金额以元计；已登记的月份再次登记，金额不同的为更正，此前的保留",
     .notes_en =
         "amounts in yuan; a month that is recorded already is corrected, and what was before is kept",
     .example_zh = "fund month 月报.csv --citation 2026年6月基金收支表",
     .example_en = "fund month months.csv --citation \"Statement of 2026-06\"",
     .reads = {&fund_month_form}},
    {.noun = "fund",
     .verb = "months",
     .run = fund_months,
     .method = "fund.months",
     .zh = "失业保险基金各月和备付月数",
     .en = "months of the unemployment fund, and its reserve",
     OPTIONS(OPTION_DIVISION(OPTIONAL, "某市，6位代码", "of a city, a code of 6 digits"),
             {"day", VALUE_DAY, .zh = "某日的备付月数", .en = "how it stands on a day"},
             {"withdraw", VALUE_YUAN, .zh = "如再计提，以元计", .en = "if so much were withdrawn, in yuan"},
             {"months", VALUE_NUMBER, .least = 1, .most = 120, .zh = "列出最近几个月", .en = "list so many"},
             OPTION_OUTPUT_LIST),
     .example_zh = "fund months --withdraw 62000000",
     .example_en = "fund months --withdraw 62000000"},
};
const struct commands fund_month_commands = {commands, sizeof(commands) / sizeof(*commands)};
