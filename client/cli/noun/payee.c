/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts that are paid to, and from (F13, F25). */
#include "proto/batch.pb-c.h"

#include "client/cli/command/ask.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/frame/call.h"

static const struct shown set_columns[] = {{"payee_id", "账户编号", "account", .as = AS_ID}};
static const struct show set = SHOW(set_columns);

static int payee_set(struct cli *cli, struct given *given)
{
    Mingce__V1__PayeeSetRequest request = MINGCE__V1__PAYEE_SET_REQUEST__INIT;
    Mingce__V1__Account account = MINGCE__V1__ACCOUNT__INIT;
    struct ask_document document;
    char number[ASK_LINE], name[ASK_LINE], bank[ASK_LINE];
    if (given_has(given, "person")) {
        if (!ask_document_given(cli, given, "证件号码", "document number", &document))
            return CLI_USAGE;
        request.person = &document.message;
    }
    if (!ask_line(cli, "账号", "account number", number) || !ask_line(cli, "户名", "account name", name) ||
        !ask_line(cli, "开户银行", "bank", bank))
        return CLI_USAGE;
    account.account_number = number;
    account.account_name = name;
    account.bank = bank;
    account.bank_number = given_text(given, "bank-number");
    request.account = &account;
    return show_write(cli, "payee.set", &request.base, &set);
}

static int payee_confirm(struct cli *cli, struct given *given)
{
    Mingce__V1__PayeeConfirmRequest request = MINGCE__V1__PAYEE_CONFIRM_REQUEST__INIT;
    char number[ASK_LINE];
    if (!ask_line(cli, "账号，照账户证明", "account number, as on the account's paper", number))
        return CLI_USAGE;
    request.payee_id = given_id(given, "ACCOUNT");
    request.account_number = number;
    return cli_write(cli, "payee.confirm", &request.base);
}

static const struct shown columns[] = {
    {"payee_id", "账户编号", "account", .as = AS_ID},
    {"organisation_code", "机构代码", "organisation", .as = AS_TEXT},
    {"organisation_name", "机构", "name", .as = AS_TEXT},
    {"name", "个人", "person", .as = AS_TEXT},
    {"document_number", "证件号码", "document number", .as = AS_TEXT},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"account_number", "账号", "account number", .as = AS_TEXT, .field = "account.account_number"},
    {"account_name", "户名", "account name", .as = AS_TEXT, .field = "account.account_name"},
    {"bank", "开户银行", "bank", .as = AS_TEXT, .field = "account.bank"},
    {"set_at", "登记时间", "stated", .as = AS_TIME, .field = "set_at_ms"},
    {"confirmed_at", "确认时间", "confirmed", .as = AS_TIME, .field = "confirmed_at_ms"},
    {"looked", "已再次核对", "second look", .as = AS_YES},
    {"current", "现用", "paid to", .as = AS_YES},
};
static const struct show list = SHOW(columns);

static int payee_list(struct cli *cli, struct given *given)
{
    Mingce__V1__PayeeListRequest request = MINGCE__V1__PAYEE_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "payee.list", .show = &list, .request = &request.base};
    request.organisation_code = given_text(given, "organisation");
    request.has_waiting = request.waiting = given_has(given, "waiting");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "payee",
     .verb = "set",
     .run = payee_set,
     .method = "payee.set",
     .zh = "登记收款账户：本单位的，或某人的",
     .en = "states an account: the organisation's, or a person's",
     OPTIONS({"person", VALUE_FLAG, .zh = "某人的账户，另读一行证件号码",
              .en = "a person's, whose document number is read first"},
             OPTIONS_DOCUMENT,
             {"bank-number", VALUE_TEXT, .value = "DIGITS", .zh = "联行号，12位数字",
              .en = "the bank's number, 12 digits"}),
     .notes_zh = "从标准输入依次读取三行：账号、户名、开户银行；用 --person "
                 "时先读一行本人的证件号码，共四行\n主管部门登记的是付款账户",
     .notes_en =
         "three lines on standard input: the number, the name and the bank; with --person four, of which the "
         "person's document number is the first\na bureau's account is the one it pays from",
     .example_zh = "payee set --person",
     .example_en = "payee set --person"},
    {.noun = "payee",
     .verb = "confirm",
     .run = payee_confirm,
     .method = "payee.confirm",
     .zh = "确认收款账户；变更的账户须另一人再确认一次",
     .en = "confirms an account; a changed one once more by somebody else",
     ARGUMENTS({"ACCOUNT", VALUE_ID, NEEDED, .zh = "账户编号，见 payee list --waiting",
                .en = "its id, as payee list --waiting has it"}),
     .notes_zh = "从标准输入读取一行：账号",
     .notes_en = "a line on standard input: the account's number"},
    {.noun = "payee",
     .verb = "list",
     .run = payee_list,
     .method = "payee.list",
     .zh = "收款账户一览，账号及个人姓名、证件号码脱敏",
     .en = "lists accounts, masked",
     OPTIONS(OPTION_ORGANISATION,
             {"waiting", VALUE_FLAG, .zh = "待确认的", .en = "those that nobody has confirmed"},
             OPTIONS_LIST)},
};
const struct commands payee_commands = {commands, sizeof(commands) / sizeof(*commands)};
