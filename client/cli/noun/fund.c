/* SPDX-License-Identifier: Apache-2.0 */
/* The special account: what moves its money. Two people of a bureau move it; its payer records what the accounts show. */
#include <stdio.h>

#include "client/cli/command/given.h"
#include "client/cli/command/money.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/noun/proposal.h"
#include "proto/fund.pb-c.h"
#include "proto/reserve.pb-c.h"

static const struct shown proposed_columns[] = {{"proposal_id", "提议编号", "proposal", .as = AS_ID}};
static const struct show proposed = SHOW(proposed_columns);
static const struct shown posted_columns[] = {{"posting_id", "记账编号", "posting", .as = AS_ID}};
static const struct show posted = SHOW(posted_columns);

/* ---- what two people move ---- */

static int propose(struct cli *cli, Mingce__V1__FundProposeRequest *request, struct given *given)
{
    request->reason = given_text(given, "reason");
    return show_write(cli, "fund.propose", &request->base, &proposed);
}

static int move_ledger(struct cli *cli, Mingce__V1__FundProposeRequest *request, struct given *given)
{
    request->has_source = true;
    request->source = (Mingce__V1__FundSource) given_word(given, "source");
    request->has_year = true;
    request->year = (uint32_t) given_number(given, "year");
    return propose(cli, request, given);
}

static int move_amount(struct cli *cli, Mingce__V1__FundMoveKind kind, char *to, struct given *given)
{
    Mingce__V1__FundProposeRequest request = MINGCE__V1__FUND_PROPOSE_REQUEST__INIT;
    request.kind = kind;
    request.to_division = to;
    request.has_amount_fen = true;
    request.amount_fen = given_fen(given, "YUAN");
    return move_ledger(cli, &request, given);
}

static int fund_allot(struct cli *cli, struct given *given)
{
    return move_amount(cli, MINGCE__V1__FUND_MOVE_KIND__MOVE_ALLOT, NULL, given);
}

static int fund_transfer(struct cli *cli, struct given *given)
{
    return move_amount(cli, MINGCE__V1__FUND_MOVE_KIND__MOVE_TRANSFER, given_text(given, "to"), given);
}

/* Says how the unemployment fund would stand, unless it would keep enough. */
static void shortfall_tell(struct cli *cli, int64_t fen)
{
    Mingce__V1__FundMonthsRequest request = MINGCE__V1__FUND_MONTHS_REQUEST__INIT;
    char kept[MONEY_TEXT], allowed[MONEY_TEXT], missing[MONEY_TEXT];
    int status;
    request.has_withdraw_fen = true;
    request.withdraw_fen = fen;
    Mingce__V1__FundMonthsResponse *answer =
        (Mingce__V1__FundMonthsResponse *) cli_answer(cli, "fund.months", &request.base, &status);
    if (answer == NULL)
        return;
    const Mingce__V1__Reserve *reserve = answer->reserve;
    money_text(reserve->kept_hundredths, kept);
    money_text(reserve->allowed_fen, allowed);
    money_text(reserve->short_fen, missing);
    if (!reserve->has_short_fen)
        fprintf(stderr,
                cli->zh ? "失业保险基金近十二个月中只登记了%u个月，无法计算备付月数\n"
                        : "of the last twelve months of the unemployment fund, %u are recorded: its reserve "
                          "is not known\n",
                reserve->months);
    else if (reserve->short_fen > 0)
        fprintf(stderr,
                cli->zh ? "计提后基金可支付%s个月，须留足%u个月；可计提%s元，缺口%s元\n"
                        : "the fund would keep %s months of benefits, and must keep %u: %s yuan may be "
                          "withdrawn, and %s are missing\n",
                kept, reserve->needed_months, allowed, missing);
    mingce__v1__fund_months_response__free_unpacked(answer, NULL);
}

static int fund_withdraw(struct cli *cli, struct given *given)
{
    Mingce__V1__FundProposeRequest request = MINGCE__V1__FUND_PROPOSE_REQUEST__INIT;
    request.kind = MINGCE__V1__FUND_MOVE_KIND__MOVE_WITHDRAW;
    request.has_source = request.has_year = request.has_amount_fen = true;
    request.source = MINGCE__V1__FUND_SOURCE__SOURCE_UNEMPLOYMENT;
    request.year = (uint32_t) given_number(given, "year");
    request.amount_fen = given_fen(given, "YUAN");
    int status = propose(cli, &request, given);
    if (status == CLI_OK)
        shortfall_tell(cli, request.amount_fen);
    return status;
}

static int fund_carry(struct cli *cli, struct given *given)
{
    Mingce__V1__FundProposeRequest request = MINGCE__V1__FUND_PROPOSE_REQUEST__INIT;
    request.kind = MINGCE__V1__FUND_MOVE_KIND__MOVE_CARRY;
    return move_ledger(cli, &request, given);
}

static int fund_correct(struct cli *cli, struct given *given)
{
    Mingce__V1__FundProposeRequest request = MINGCE__V1__FUND_PROPOSE_REQUEST__INIT;
    request.kind = MINGCE__V1__FUND_MOVE_KIND__MOVE_CORRECT;
    request.has_posting_id = true;
    request.posting_id = given_id(given, "POSTING");
    return propose(cli, &request, given);
}

static int fund_earmark(struct cli *cli, struct given *given)
{
    Mingce__V1__FundEarmarkRequest request = MINGCE__V1__FUND_EARMARK_REQUEST__INIT;
    Mingce__V1__FundSource sources[VALUE_WORDS_MOST];
    const uint8_t *numbers;
    request.spending = (Mingce__V1__SpendingKind) given_word(given, "SPENDING");
    request.n_source = given_words(given, "sources", &numbers);
    for (size_t i = 0; i < request.n_source; i++)
        sources[i] = (Mingce__V1__FundSource) numbers[i];
    request.source = sources;
    request.trainee_group = given_text(given, "group");
    request.has_certificate_kind = given_has(given, "certificate");
    request.certificate_kind = (uint32_t) given_word(given, "certificate");
    request.valid_from = given_text(given, "from");
    request.valid_to = given_text(given, "to");
    request.citation = given_text(given, "citation");
    return show_write(cli, "fund.earmark", &request.base, &proposed);
}

/* ---- what a payer records ---- */

static int fund_receive(struct cli *cli, struct given *given)
{
    Mingce__V1__FundReceiveRequest request = MINGCE__V1__FUND_RECEIVE_REQUEST__INIT;
    request.receipt = (Mingce__V1__FundReceipt) given_word(given, "WHAT");
    request.amount_fen = given_fen(given, "YUAN");
    request.source = (Mingce__V1__FundSource) given_word(given, "source");
    request.year = (uint32_t) given_number(given, "year");
    return show_write(cli, "fund.receive", &request.base, &posted);
}

static int fund_recover(struct cli *cli, struct given *given)
{
    Mingce__V1__FundRecoverRequest request = MINGCE__V1__FUND_RECOVER_REQUEST__INIT;
    request.claim_id = given_id(given, "CLAIM");
    request.amount_fen = given_fen(given, "YUAN");
    request.line = (uint32_t) given_word(given, "line");
    return cli_write(cli, "fund.recover", &request.base);
}

/* ---- commands ---- */

#define ARGUMENT_YUAN                                                                                        \
    {                                                                                                        \
        "YUAN", VALUE_YUAN, NEEDED, .zh = "金额，元", .en = "the amount in yuan"                             \
    }
#define OPTION_SOURCE                                                                                        \
    {                                                                                                        \
        "source", VALUE_WORD, NEEDED, .table = WORD_FUND_SOURCE, .list = "funds", .zh = "资金来源",          \
                                      .en = "where the money comes from"                                     \
    }
#define OPTION_YEAR                                                                                          \
    {                                                                                                        \
        "year", VALUE_NUMBER, NEEDED, .least = 2019, .most = 2999, .zh = "账的年度",                         \
                                      .en = "the ledger's year"                                              \
    }
#define OPTION_WHY                                                                                           \
    {                                                                                                        \
        "reason", VALUE_TEXT, NEEDED, .zh = "文件依据或原因，100字以内",                                     \
                                      .en = "the document it rests on, or why; up to 100 characters"         \
    }
#define NOTES_FOUR_EYES_ZH "由另一名复核人批准后记账（fund decide）"
#define NOTES_FOUR_EYES_EN "posted when another approver says so (fund decide)"

static const struct command commands[] = {
    {.noun = "fund",
     .verb = "allot",
     .run = fund_allot,
     .method = "fund.propose",
     .zh = "提出下达指标",
     .en = "proposes an allotment",
     ARGUMENTS(ARGUMENT_YUAN),
     OPTIONS(OPTION_SOURCE, OPTION_YEAR, OPTION_WHY),
     .notes_zh = NOTES_FOUR_EYES_ZH,
     .notes_en = NOTES_FOUR_EYES_EN,
     .example_zh = "fund allot 1000000 --source unemployment --year 2026 --reason 示例财〔2026〕1号",
     .example_en = "fund allot 1000000 --source unemployment --year 2026 --reason \"Example 2026-1\""},
    {.noun = "fund",
     .verb = "transfer",
     .run = fund_transfer,
     .method = "fund.propose",
     .zh = "提出划转资金及指标",
     .en = "proposes a transfer",
     ARGUMENTS(ARGUMENT_YUAN),
     OPTIONS({"to", VALUE_TEXT, NEEDED, "CODE", .list = "divisions", .zh = "划转给哪个区划，6位代码",
              .en = "who gets it, a code of 6 digits"},
             OPTION_SOURCE, OPTION_YEAR, OPTION_WHY),
     .notes_zh = "市划转给所属县（市、区）；省以省级调剂金划转给市\n" NOTES_FOUR_EYES_ZH,
     .notes_en =
         "a city to its counties; the province, of its adjustment fund, to cities\n" NOTES_FOUR_EYES_EN},
    {.noun = "fund",
     .verb = "withdraw",
     .run = fund_withdraw,
     .method = "fund.propose",
     .zh = "提出从失业保险基金结余计提",
     .en = "proposes to set money of the unemployment fund aside",
     ARGUMENTS(ARGUMENT_YUAN),
     OPTIONS(OPTION_YEAR, OPTION_WHY),
     .notes_zh = NOTES_FOUR_EYES_ZH,
     .notes_en = NOTES_FOUR_EYES_EN},
    {.noun = "fund",
     .verb = "carry",
     .final = true,
     .run = fund_carry,
     .method = "fund.propose",
     .zh = "提出把已过年度的账结转到下一年度",
     .en = "proposes to carry a year that is over to the next",
     OPTIONS(OPTION_SOURCE, OPTION_YEAR, OPTION_WHY),
     .notes_zh =
         "可用指标、已核准未付和财政专户存款转入下一年度；支出户、暂收款须已清零\n" NOTES_FOUR_EYES_ZH,
     .notes_en = "what is available, committed and in the treasury account goes on; the expenditure account "
                 "and what is "
                 "held must be at zero\n" NOTES_FOUR_EYES_EN},
    {.noun = "fund",
     .verb = "correct",
     .run = fund_correct,
     .method = "fund.propose",
     .zh = "提出冲销一笔账",
     .en = "proposes to take a posting back",
     ARGUMENTS({"POSTING", VALUE_ID, NEEDED, .zh = "记账编号，见 fund statement",
                .en = "the posting, as fund statement has it"}),
     OPTIONS(OPTION_WHY),
     .notes_zh = "账不能修改：以反向记账冲销，并注明所冲销的账\n" NOTES_FOUR_EYES_ZH,
     .notes_en = "nothing posted is changed: its mirror is posted, and names it\n" NOTES_FOUR_EYES_EN},
    {.noun = "fund",
     .verb = "earmark",
     .run = fund_earmark,
     .method = "fund.earmark",
     .zh = "提出某类支出可用的资金来源",
     .en = "proposes what sources may pay for a kind of spending",
     ARGUMENTS({"SPENDING", VALUE_WORD, NEEDED, .table = WORD_SPENDING, .list = "spendings", .zh = "支出类别",
                .en = "the kind of spending"}),
     OPTIONS({"sources", VALUE_WORDS, NEEDED, .table = WORD_FUND_SOURCE, .list = "funds",
              .zh = "资金来源，按使用顺序", .en = "the sources, in the order in which they pay"},
             {"from", VALUE_DAY, NEEDED, .zh = "起始日期", .en = "from that day on"},
             {"citation", VALUE_TEXT, NEEDED, .zh = "文件依据", .en = "the document that it rests on"},
             {"group", VALUE_TEXT, .list = "groups", .zh = "人员类别，默认全部",
              .en = "the trainee group, by default every one"},
             {"certificate", VALUE_WORD, .table = WORD_CERTIFICATE_KIND, .list = "certificates",
              .zh = "证书类别，默认全部", .en = "the kind of certificate, by default every one"},
             {"to", VALUE_DAY, .zh = "截止日期", .en = "up to that day"}),
     .notes_zh = "列在前的来源有足够指标时由其支付，否则由下一个支付；未列的来源不能支付",
     .notes_en = "the first source that has enough pays; what is not named pays nothing",
     .example_zh =
         "fund earmark training --sources unemployment,employment --group 企业在职职工 --from 2026-01-01 "
         "--citation 示例文〔2026〕2号",
     .example_en =
         "fund earmark training --sources unemployment,employment --from 2026-01-01 --citation \"Example "
         "2026-2\""},
    {.noun = "fund",
     .verb = "decide",
     .run = proposal_decide,
     .method = "fund.decide",
     .zh = "批准或驳回所提资金事项",
     .en = "decides proposed moves of money and earmarks",
     ARGUMENTS(ARGUMENT_PROPOSALS("fund moves --pending")),
     OPTIONS(OPTION_DECISION),
     .notes_zh = "提出人不能批准自己的提议；资金不足的不能批准",
     .notes_en = "who proposed does not put in force; what there is no money for is refused"},
    {.noun = "fund",
     .verb = "receive",
     .run = fund_receive,
     .method = "fund.receive",
     .zh = "登记收款、利息及财政专户与支出户之间的划拨",
     .en = "records what came into the accounts, or went between them",
     ARGUMENTS({"WHAT", VALUE_WORD, NEEDED, .table = WORD_RECEIPT, .list = "receipts", .zh = "登记什么",
                .en = "what is recorded"},
               ARGUMENT_YUAN),
     OPTIONS(OPTION_SOURCE, OPTION_YEAR),
     .example_zh = "fund receive to-expenditure 200000 --source unemployment --year 2026",
     .example_en = "fund receive to-expenditure 200000 --source unemployment --year 2026"},
    {.noun = "fund",
     .verb = "recover",
     .run = fund_recover,
     .method = "fund.recover",
     .zh = "登记已追回的补贴到账",
     .en = "records that money that was clawed back has come",
     ARGUMENTS({"CLAIM", VALUE_ID, NEEDED, .zh = "申领编号", .en = "the claim"}, ARGUMENT_YUAN),
     OPTIONS({"line", VALUE_WORD, NEEDED, .table = WORD_SUBSIDY_LINE, .list = "lines", .zh = "补贴项目",
              .en = "the subsidy"}),
     .notes_zh = "须先追回（claim claw-back）",
     .notes_en = "after claim claw-back"},
};
const struct commands fund_commands = {commands, sizeof(commands) / sizeof(*commands)};
