/* SPDX-License-Identifier: Apache-2.0 */
/* The special account as it is read: ledgers, accounts, statements, the trial balance, proposals and earmarks. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/money.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/part.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/noun/fund_account.h"
#include "client/cli/noun/proposal.h"
#include "proto/fund.pb-c.h"
#include "proto/rules/day.h"

/* ---- accounts ---- */

static void account_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    account_put(table, cli, ((const Mingce__V1__AccountBalance *) message)->account);
}

static const struct shown account_columns[] = {
    {"account", "科目", "account", .as = AS_CELL, .cell = account_cell},
    {"debit_fen", "借方（元）", "debit, yuan", .as = AS_MONEY},
    {"credit_fen", "贷方（元）", "credit, yuan", .as = AS_MONEY},
    {"balance_fen", "余额（元）", "balance, yuan", .as = AS_MONEY},
};
static const struct show accounts = SHOW(account_columns);
static const struct part accounts_part = {
    "account", "account", "科目余额", "accounts", SHOW(account_columns), .always = true};

/* Reads two digits, up to `most`; -1: they are not. */
static int two_digits(const char *text, int most)
{
    if (strspn(text, "0123456789") < 2)
        return -1;
    int number = (text[0] - '0') * 10 + text[1] - '0';
    return number > most ? -1 : number;
}

/* Reads "2026-03-31" (to the end of the day) or "2026-03-31 17:30", of Shanghai. False: what is wrong has been printed. */
static bool read_moment(const struct cli *cli, const char *text, int64_t *ms)
{
    enum { SHANGHAI = 8 * 60, DAY_MINUTES = 24 * 60, DATE = 10, TIMED = 16, MINUTE_MS = 60000 };
    char date[DAY_TEXT];
    int minutes = DAY_MINUTES;
    size_t n = strlen(text);
    snprintf(date, sizeof(date), "%.*s", DATE, text);
    day on = day_parse(date);
    if (n == TIMED && (text[DATE] == ' ' || text[DATE] == 'T') && text[DATE + 3] == ':') {
        int hour = two_digits(text + DATE + 1, 23), minute = two_digits(text + DATE + 4, 59);
        minutes = hour < 0 || minute < 0 ? -1 : hour * 60 + minute;
    } else if (n != DATE) {
        minutes = -1;
    }
    if (on == DAY_NONE || minutes < 0)
        return cli_fail(cli, CLI_USAGE, "--at 写作 2026-03-31 或 \"2026-03-31 17:30\"",
                        "--at is written as 2026-03-31 or \"2026-03-31 17:30\"", NULL) == CLI_OK;
    *ms = ((int64_t) on * DAY_MINUTES + minutes - SHANGHAI) * MINUTE_MS;
    return true;
}

/* ---- list ---- */

static const struct shown ledger_columns[] = {
    {"division", "区划", "division", .as = AS_TEXT},
    {"source", "资金来源", "source", .as = AS_WORD, .words = WORD_FUND_SOURCE},
    {"year", "年度", "year", .as = AS_NUMBER},
    {"available_fen", "可用指标（元）", "available, yuan", .as = AS_MONEY},
    {"committed_fen", "已核准未付（元）", "committed, yuan", .as = AS_MONEY},
    {"spent_fen", "已付（元）", "spent, yuan", .as = AS_MONEY},
    {"treasury_fen", "财政专户（元）", "treasury account, yuan", .as = AS_MONEY},
    {"expenditure_fen", "支出户（元）", "expenditure account, yuan", .as = AS_MONEY},
    {"held_fen", "暂收款（元）", "held, yuan", .as = AS_MONEY},
    {"sent_fen", "已送银行（元）", "sent, yuan", .as = AS_MONEY},
    {"closed_at", "结转时间", "carried", .as = AS_TIME},
};
static const struct show ledgers = SHOW(ledger_columns);

static int fund_list(struct cli *cli, struct given *given)
{
    Mingce__V1__FundListRequest request = MINGCE__V1__FUND_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "fund.list", .show = &ledgers, .request = &request.base};
    request.division = given_text(given, "division");
    request.has_year = given_has(given, "year");
    request.year = (uint32_t) given_number(given, "year");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- show ---- */

static int fund_show(struct cli *cli, struct given *given)
{
    Mingce__V1__FundShowRequest request = MINGCE__V1__FUND_SHOW_REQUEST__INIT;
    const struct pages pages = {.method = "fund.show", .show = &accounts, .request = &request.base};
    request.division = given_text(given, "division");
    request.source = (Mingce__V1__FundSource) given_word(given, "SOURCE");
    request.year = (uint32_t) given_number(given, "YEAR");
    request.has_until_ms = given_has(given, "at");
    if (request.has_until_ms && !read_moment(cli, given_text(given, "at"), &request.until_ms))
        return CLI_USAGE;
    return pages_print(cli, &pages, 0);
}

/* ---- statement ---- */

static void debit_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    account_put(table, cli, ((const Mingce__V1__Posting *) message)->debit);
}

static void credit_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    account_put(table, cli, ((const Mingce__V1__Posting *) message)->credit);
}

static const struct shown posting_columns[] = {
    {"journal_id", "序号", "number", .as = AS_NUMBER},
    {"posted_at", "时间", "posted", .as = AS_TIME},
    {"event", "事项", "event", .as = AS_WORD, .words = WORD_MONEY_EVENT},
    {"debit", "借方", "debit", .as = AS_CELL, .cell = debit_cell},
    {"credit", "贷方", "credit", .as = AS_CELL, .cell = credit_cell},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"subject_id", "申领或项目拨款编号", "claim or tranche", .as = AS_ID},
    {"mirrors", "冲销序号", "takes back", .as = AS_NUMBER},
    {"posting_id", "记账编号", "posting", .as = AS_ID},
};
static const struct show postings = SHOW(posting_columns);

static int fund_statement(struct cli *cli, struct given *given)
{
    Mingce__V1__FundStatementRequest request = MINGCE__V1__FUND_STATEMENT_REQUEST__INIT;
    const struct pages pages = {.method = "fund.statement", .show = &postings, .request = &request.base};
    request.division = given_text(given, "division");
    request.source = (Mingce__V1__FundSource) given_word(given, "SOURCE");
    request.year = (uint32_t) given_number(given, "YEAR");
    request.has_until_ms = given_has(given, "at");
    if (request.has_until_ms && !read_moment(cli, given_text(given, "at"), &request.until_ms))
        return CLI_USAGE;
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- trial ---- */

static const struct shown difference_columns[] = {
    {"budget_fen", "指标层借贷差额（元）", "budget layer, yuan", .as = AS_MONEY},
    {"cash_fen", "资金层借贷差额（元）", "cash layer, yuan", .as = AS_MONEY},
};
static const struct part difference_part = {
    "difference", NULL, "差额", "differences", SHOW(difference_columns), .record = true};

static int fund_trial(struct cli *cli, struct given *given)
{
    Mingce__V1__FundTrialRequest request = MINGCE__V1__FUND_TRIAL_REQUEST__INIT;
    int status;
    request.division = given_text(given, "division");
    request.has_log_size = given_has(given, "at");
    request.log_size = given_number(given, "at");
    ProtobufCMessage *answer = cli_answer(cli, "fund.trial", &request.base, &status);
    if (answer == NULL)
        return status;
    const Mingce__V1__FundTrialResponse *response = (const Mingce__V1__FundTrialResponse *) answer;
    status =
        part_list(cli, &accounts_part, (ProtobufCMessage *const *) response->account, response->n_account);
    part_print(cli, &difference_part, &answer, 1);
    if (response->budget_fen != 0 || response->cash_fen != 0)
        status = cli_fail(cli, CLI_ROWS_REFUSED, "试算不平衡", "the trial balance is not zero", NULL);
    protobuf_c_message_free_unpacked(answer, NULL);
    return status;
}

/* ---- proposals ---- */

static const struct shown move_columns[] = {
    {"proposal_id", "提议编号", "proposal", .as = AS_ID},
    {"kind", "事项", "move", .as = AS_WORD, .words = WORD_FUND_MOVE},
    {"division", "区划", "division", .as = AS_TEXT},
    {"source", "资金来源", "source", .as = AS_WORD, .words = WORD_FUND_SOURCE},
    {"year", "年度", "year", .as = AS_NUMBER},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"to_division", "划转给", "to", .as = AS_TEXT},
    {"posting_id", "冲销的账", "takes back", .as = AS_ID},
    {"mirrored", "冲销的事项", "which is", .as = AS_WORD, .words = WORD_MONEY_EVENT},
    {"reason", "依据", "reason", .as = AS_TEXT},
    {"proposed_by", "提出人", "proposed by", .as = AS_TEXT},
    {"proposed_at", "提出时间", "proposed", .as = AS_TIME},
    {"decided_by", "决定人", "decided by", .as = AS_TEXT},
    {"decided_at", "决定时间", "decided", .as = AS_TIME},
    {"decision", "结果", "decision", .as = AS_WORD, .words = WORD_PROPOSAL},
};
static const struct show moves = SHOW(move_columns);

static int fund_moves(struct cli *cli, struct given *given)
{
    Mingce__V1__FundMovesRequest request = MINGCE__V1__FUND_MOVES_REQUEST__INIT;
    const struct pages pages = {.method = "fund.moves", .show = &moves, .request = &request.base};
    request.has_pending = request.pending = given_has(given, "pending");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* The sources in their order: words for people, their list for programs. */
static void sources_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Earmark *earmark = (const Mingce__V1__Earmark *) message;
    char shown[256] = "";
    struct json_object *list = cli->json ? json_object_new_array() : NULL;
    for (size_t i = 0; i < earmark->n_source; i++) {
        int source = (int) earmark->source[i];
        size_t at = strlen(shown);
        snprintf(shown + at, sizeof(shown) - at, "%s%s", i == 0 ? "" : " > ",
                 cli_say(cli, word_zh(WORD_FUND_SOURCE, source), word_stable(WORD_FUND_SOURCE, source)));
        if (list != NULL)
            json_object_array_add(list, json_object_new_string(word_stable(WORD_FUND_SOURCE, source)));
    }
    table_cell(table, shown, list);
}

static const struct shown earmark_columns[] = {
    {"proposal_id", "提议编号", "proposal", .as = AS_ID},
    {"division", "区划", "division", .as = AS_TEXT},
    {"spending", "支出类别", "spending", .as = AS_WORD, .words = WORD_SPENDING},
    {"trainee_group", "人员类别", "trainee group", .as = AS_TEXT, .all = true},
    {"certificate_kind", "证书类别", "certificate", .as = AS_WORD, .words = WORD_CERTIFICATE_KIND,
     .all = true},
    {"sources", "资金来源", "sources", .as = AS_CELL, .cell = sources_cell},
    {"valid_from", "起始", "from", .as = AS_TEXT},
    {"valid_to", "截止", "to", .as = AS_TEXT},
    {"citation", "文件依据", "citation", .as = AS_TEXT},
};
static const struct show earmarks = SHOW(earmark_columns);

static int fund_earmarks(struct cli *cli, struct given *given)
{
    Mingce__V1__FundEarmarksRequest request = MINGCE__V1__FUND_EARMARKS_REQUEST__INIT;
    const struct pages pages = {.method = "fund.earmarks", .show = &earmarks, .request = &request.base};
    request.has_pending = request.pending = given_has(given, "pending");
    request.day = given_text(given, "day");
    request.division = given_text(given, "division");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

#define ARGUMENTS_LEDGER                                                                                     \
    {"SOURCE",                                                                                               \
     VALUE_WORD,                                                                                             \
     NEEDED,                                                                                                 \
     .table = WORD_FUND_SOURCE,                                                                              \
     .list = "funds",                                                                                        \
     .zh = "资金来源",                                                                                       \
     .en = "where the money comes from"},                                                                    \
    {                                                                                                        \
        "YEAR", VALUE_NUMBER, NEEDED, .least = 2019, .most = 2999, .zh = "年度", .en = "the year"            \
    }
#define OPTION_OF_DIVISION                                                                                   \
    OPTION_DIVISION(OPTIONAL, "区划，6位代码，默认本区划", "the division, by default one's own")
#define OPTION_AT                                                                                            \
    {                                                                                                        \
        "at", VALUE_TEXT, .value = "DAY",                                                                    \
                          .zh = "截至某日（含）或某时刻的账，如 2026-03-31、\"2026-03-31 17:30\"",           \
                          .en = "as it was at the end of a day, or at a moment such as \"2026-03-31 17:30\"" \
    }

static const struct command commands[] = {
    {.noun = "fund",
     .verb = "list",
     .run = fund_list,
     .method = "fund.list",
     .zh = "专账：各区划、来源、年度的账",
     .en = "ledgers of the special account",
     OPTIONS(OPTION_DIVISION(OPTIONAL, "某区划的，6位代码", "those of a division, a code of 6 digits"),
             {"year", VALUE_NUMBER, .least = 2019, .most = 2999, .zh = "某年度的", .en = "those of a year"},
             OPTIONS_LIST)},
    {.noun = "fund",
     .verb = "show",
     .run = fund_show,
     .method = "fund.show",
     .zh = "一本账的科目余额",
     .en = "the accounts of a ledger",
     ARGUMENTS(ARGUMENTS_LEDGER),
     OPTIONS(OPTION_OF_DIVISION, OPTION_AT, OPTION_OUTPUT_LIST),
     .example_zh = "fund show unemployment 2026 --at 2026-03-31",
     .example_en = "fund show unemployment 2026 --at 2026-03-31"},
    {.noun = "fund",
     .verb = "statement",
     .run = fund_statement,
     .method = "fund.statement",
     .zh = "一本账的记账明细，按时间",
     .en = "what was posted in a ledger, in order",
     ARGUMENTS(ARGUMENTS_LEDGER),
     OPTIONS(OPTION_OF_DIVISION, OPTION_AT, OPTIONS_LIST),
     .example_zh = "fund statement unemployment 2026 --at \"2026-03-31 17:30\"",
     .example_en = "fund statement unemployment 2026 --at \"2026-03-31 17:30\""},
    {.noun = "fund",
     .verb = "trial",
     .run = fund_trial,
     .method = "fund.trial",
     .zh = "试算平衡：两层借贷合计须相等",
     .en = "the trial balance: both layers come to zero",
     OPTIONS(OPTION_DIVISION(OPTIONAL, "某区划的，6位代码", "of one division, a code of 6 digits"),
             {"at", VALUE_NUMBER, .value = "SIZE", .least = 1, .most = INT64_MAX,
              .zh = "截至日志的多少条记录", .en = "as it was when the log had so many entries"},
             OPTION_OUTPUT_LIST)},
    {.noun = "fund",
     .verb = "moves",
     .run = fund_moves,
     .method = "fund.moves",
     .zh = "所提的资金事项，新的在前",
     .en = "proposed moves of money, newest first",
     OPTIONS({"pending", VALUE_FLAG, .zh = "待批准的", .en = "those not decided"}, OPTIONS_LIST)},
    {.noun = "fund",
     .verb = "earmarks",
     .run = fund_earmarks,
     .method = "fund.earmarks",
     .zh = "各类支出可用的资金来源",
     .en = "what sources may pay for what",
     OPTIONS(OPTIONS_PROPOSED, OPTIONS_LIST)},
};
const struct commands fund_show_commands = {commands, sizeof(commands) / sizeof(*commands)};
