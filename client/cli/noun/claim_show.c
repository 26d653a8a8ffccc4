/* SPDX-License-Identifier: Apache-2.0 */
/* Claims as they stand: lists, the queue, what is publicised, a claim's whole story. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/money.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/part.h"
#include "client/cli/command/words.h"
#include "proto/claim.pb-c.h"

#define COLUMNS(columns) columns, sizeof(columns) / sizeof(*(columns))

static const struct table_column columns[] = {
    {"claim_id", "申领编号", "claim", false},
    {"version", "版本", "version", true},
    {"state", "状态", "state", false},
    {"due_on", "应办日期", "due", false},
    {"overdue", "超期", "overdue", false},
    {"amount_fen", "金额（元）", "yuan", true},
    {"name", "姓名", "name", false},
    {"certificate_number", "证书编号", "certificate number", false},
    {"organisation", "申领单位", "claimed by", false},
    {"class_number", "班级", "class", true},
    {"occupation", "职业", "occupation", false},
    {"level", "等级", "level", false},
    {"submitted_at", "提交时间", "submitted", false},
};

/* A day that is counted by the calendar: provisional where it lies beyond what is known of that. */
static void counted_day(struct table *table, const struct cli *cli, const Mingce__V1__Claim *claim,
                        const char *on)
{
    char text[64];
    if (on == NULL || claim->known_until == NULL || strcmp(on, claim->known_until) <= 0) {
        table_text(table, on);
        return;
    }
    snprintf(text, sizeof(text), cli->zh ? "%s（暂定）" : "%s (provisional)", on);
    table_cell(table, text, cli->json ? json_object_new_string(on) : NULL);
}

static void claim_cells(struct table *table, const struct cli *cli, const Mingce__V1__Claim *claim)
{
    hex_cell(table, claim->claim_id);
    table_number(table, claim->version);
    word_cell(table, cli, WORD_CLAIM_STATE, (int) claim->state);
    counted_day(table, cli, claim, claim->due_on);
    table_cell(table, claim->overdue ? cli_say(cli, "超期", "overdue") : "",
               json_object_new_boolean(claim->overdue));
    money_cell(table, true, claim->amount_fen);
    table_text(table, claim->name);
    table_text(table, claim->certificate_number);
    table_text(table, claim->organisation_name);
    table_number(table, claim->class_number);
    table_text(table, claim->occupation_name);
    word_cell(table, cli, WORD_LEVEL, (int) claim->level);
    table_time(table, true, claim->submitted_at_ms);
}

static size_t show(struct table *table, const struct cli *cli, const ProtobufCMessage *answer,
                   ProtobufCBinaryData *next)
{
    const Mingce__V1__ClaimListResponse *response = (const Mingce__V1__ClaimListResponse *) answer;
    for (size_t i = 0; i < response->n_claim; i++) {
        claim_cells(table, cli, response->claim[i]);
        table_row(table);
    }
    if (response->has_next)
        *next = response->next;
    return response->n_claim;
}

/* A state's word; the first state that waits, when none is given. 0: it has been said what is wrong. */
static int state_of(const struct cli *cli, const char *word, int otherwise)
{
    return word == NULL ? otherwise : word_option(cli, "--state", WORD_CLAIM_STATE, 1, 0, word);
}

/* ---- list ---- */

PAGES_ASK(Mingce__V1__ClaimListRequest)

static int claim_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ClaimListRequest request = MINGCE__V1__CLAIM_LIST_REQUEST__INIT;
    const char *limit = NULL, *organisation = NULL, *number = NULL, *state = NULL;
    char code[20];
    const struct cli_option options[] = {{"limit", &limit, NULL},
                                         {"organisation", &organisation, NULL},
                                         {"class", &number, NULL},
                                         {"state", &state, NULL}};
    const struct pages pages = {.method = "claim.list",
                                .columns = columns,
                                .columns_n = sizeof(columns) / sizeof(*columns),
                                .request = ask,
                                .show = show,
                                .context = &request};
    if (!cli_options(cli, argc, argv, options, 4, NULL, 0) ||
        (number != NULL && !cli_number(cli, "--class", number, 1, INT64_MAX, &request.class_number)) ||
        (state != NULL && state_of(cli, state, 0) == 0))
        return CLI_USAGE;
    request.organisation_code = cli_copy(code, sizeof(code), organisation);
    request.has_class_number = number != NULL;
    request.has_state = state != NULL;
    if (state != NULL)
        request.state = (Mingce__V1__ClaimState) state_of(cli, state, 0);
    return pages_print(cli, &pages, limit, 0);
}

/* ---- queue ---- */

static ProtobufCMessage *ask_queue(void *context, ProtobufCBinaryData cursor, uint32_t rows)
{
    Mingce__V1__ClaimQueueRequest *request = context;
    request->has_cursor = cursor.len > 0;
    request->cursor = cursor;
    request->has_page_rows = true;
    request->page_rows = rows;
    return &request->base;
}

static int claim_queue(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ClaimQueueRequest request = MINGCE__V1__CLAIM_QUEUE_REQUEST__INIT;
    const char *limit = NULL, *organisation = NULL, *number = NULL, *state = NULL, *least = NULL,
               *most = NULL;
    char code[20];
    bool overdue = false;
    const struct cli_option options[] = {{"limit", &limit, NULL},    {"organisation", &organisation, NULL},
                                         {"class", &number, NULL},   {"state", &state, NULL},
                                         {"least", &least, NULL},    {"most", &most, NULL},
                                         {"overdue", NULL, &overdue}};
    const struct pages pages = {.method = "claim.queue",
                                .columns = columns,
                                .columns_n = sizeof(columns) / sizeof(*columns),
                                .request = ask_queue,
                                .show = show,
                                .context = &request};
    if (!cli_options(cli, argc, argv, options, 7, NULL, 0) ||
        (number != NULL && !cli_number(cli, "--class", number, 1, INT64_MAX, &request.class_number)) ||
        (least != NULL && !money_option(cli, "--least", least, &request.least_fen)) ||
        (most != NULL && !money_option(cli, "--most", most, &request.most_fen)))
        return CLI_USAGE;
    int waiting = state_of(cli, state, MINGCE__V1__CLAIM_STATE__CLAIM_SUBMITTED);
    if (waiting == 0)
        return CLI_USAGE;
    request.state = (Mingce__V1__ClaimState) waiting;
    request.organisation_code = cli_copy(code, sizeof(code), organisation);
    request.has_class_number = number != NULL;
    request.has_least_fen = least != NULL;
    request.has_most_fen = most != NULL;
    request.has_overdue = overdue;
    request.overdue = overdue;
    return pages_print(cli, &pages, limit, 0);
}

/* ---- publicised ---- */

static const struct table_column public_columns[] = {
    {"name", "姓名", "name", false},
    {"organisation", "申领单位", "claimed by", false},
    {"occupation", "职业", "occupation", false},
    {"level", "等级", "level", false},
    {"group", "人员类别", "group", false},
    {"amount_fen", "金额（元）", "yuan", true},
    {"publicity_until", "公示至", "until", false},
    {"claim_id", "申领编号", "claim", false},
};

static size_t show_public(struct table *table, const struct cli *cli, const ProtobufCMessage *answer,
                          ProtobufCBinaryData *next)
{
    const Mingce__V1__ClaimListResponse *response = (const Mingce__V1__ClaimListResponse *) answer;
    for (size_t i = 0; i < response->n_claim; i++) {
        const Mingce__V1__Claim *claim = response->claim[i];
        table_text(table, claim->name);
        table_text(table, claim->organisation_name);
        table_text(table, claim->occupation_name);
        word_cell(table, cli, WORD_LEVEL, (int) claim->level);
        table_text(table, claim->group_name);
        money_cell(table, true, claim->amount_fen);
        counted_day(table, cli, claim, claim->publicity_until);
        hex_cell(table, claim->claim_id);
        table_row(table);
    }
    if (response->has_next)
        *next = response->next;
    return response->n_claim;
}

static ProtobufCMessage *ask_public(void *context, ProtobufCBinaryData cursor, uint32_t rows)
{
    Mingce__V1__ClaimPublicRequest *request = context;
    request->has_cursor = cursor.len > 0;
    request->cursor = cursor;
    request->has_page_rows = true;
    request->page_rows = rows;
    return &request->base;
}

static int claim_public(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ClaimPublicRequest request = MINGCE__V1__CLAIM_PUBLIC_REQUEST__INIT;
    const char *limit = NULL, *division = NULL;
    char text[8];
    const struct cli_option options[] = {{"division", &division, NULL}, {"limit", &limit, NULL}};
    const struct pages pages = {.method = "claim.public",
                                .columns = public_columns,
                                .columns_n = sizeof(public_columns) / sizeof(*public_columns),
                                .request = ask_public,
                                .show = show_public,
                                .context = &request};
    if (!cli_options(cli, argc, argv, options, 2, NULL, 0) || !cli_required(cli, options, 1))
        return CLI_USAGE;
    request.division = cli_copy(text, sizeof(text), division);
    return pages_print(cli, &pages, limit, 0);
}

/* ---- the whole story ---- */

static const struct table_column claim_columns[] = {
    {"part", "", "", false},
    {"claim_id", "申领编号", "claim", false},
    {"name", "姓名", "name", false},
    {"document_number", "证件号码", "document number", false},
    {"certificate_number", "证书编号", "certificate number", false},
    {"state", "状态", "state", false},
    {"version", "版本", "version", true},
    {"organisation", "申领单位", "claimed by", false},
    {"route", "途径", "route", false},
    {"occupation", "职业", "occupation", false},
    {"level", "等级", "level", false},
    {"group", "人员类别", "group", false},
    {"class_number", "班级", "class", true},
    {"amount_fen", "金额（元）", "yuan", true},
    {"clawed_fen", "已追回（元）", "clawed back, yuan", true},
    {"submitted_at", "提交时间", "submitted", false},
    {"publicity_until", "公示至", "publicity until", false},
    {"due_on", "应办日期", "due", false},
    {"move", "下一步", "whose move", false},
};
static const struct table_column amount_columns[] = {
    {"part", "", "", false},
    {"line", "补贴项目", "subsidy", false},
    {"amount_fen", "金额（元）", "yuan", true},
    {"rate_fen", "标准（元）", "rate, yuan", true},
    {"days", "天数", "days", true},
    {"clawed_fen", "已追回（元）", "clawed back, yuan", true},
    {"citation", "文件依据", "citation", false},
    {"division", "地区", "division", false},
    {"valid_from", "生效", "from", false},
    {"standard_id", "标准编号", "standard", false},
};
static const struct table_column step_columns[] = {
    {"part", "", "", false},
    {"at", "时间", "when", false},
    {"action", "步骤", "step", false},
    {"state", "状态", "state", false},
    {"operator", "经办人", "who", false},
    {"organisation", "单位", "of", false},
    {"reason", "理由", "why", false},
    {"fault", "追回原因", "fault", false},
};
static const struct table_column fact_columns[] = {
    {"part", "", "", false},
    {"fact", "核验事项", "asked", false},
    {"answer", "答复", "answer", false},
    {"source", "来源", "source", false},
    {"as_of", "截至", "as of", false},
};
static const struct table_column obstacle_columns[] = {
    {"part", "", "", false},
    {"reason", "原因", "reason", false},
    {"rule", "规则", "rule", false},
    {"sentence", "为何尚不能核准", "why it cannot be approved yet", false},
};

/* Why it is not paid yet: whose move it is. */
static const char *move_of(const struct cli *cli, Mingce__V1__ClaimState state)
{
    switch (state) {
    case MINGCE__V1__CLAIM_STATE__CLAIM_SUBMITTED:
        return cli_say(cli, "主管部门初审人受理", "a reviewer of the bureau accepts or returns it");
    case MINGCE__V1__CLAIM_STATE__CLAIM_ACCEPTED:
        return cli_say(cli, "主管部门初审人审核", "a reviewer of the bureau reviews it");
    case MINGCE__V1__CLAIM_STATE__CLAIM_RETURNED:
        return cli_say(cli, "申领单位补正后再提交", "who claims mends it and submits it again");
    case MINGCE__V1__CLAIM_STATE__CLAIM_REVIEWED:
        return cli_say(cli, "主管部门公示", "the bureau publicises it");
    case MINGCE__V1__CLAIM_STATE__CLAIM_PUBLICISED:
        return cli_say(cli, "公示期满后复核人核准", "an approver approves it when publicity is over");
    case MINGCE__V1__CLAIM_STATE__CLAIM_APPROVED:
        return cli_say(cli, "拨付人拨付", "a payer pays it");
    case MINGCE__V1__CLAIM_STATE__CLAIM_SUSPENDED:
        return cli_say(cli, "主管部门调查后恢复或不予核准",
                       "the bureau resumes or rejects it after the inquiry");
    default:
        return cli_say(cli, "已办结", "none: it is closed");
    }
}

static void claim_print(const struct cli *cli, const Mingce__V1__Claim *claim)
{
    struct table *table = part_table(cli, COLUMNS(claim_columns));
    part_row(table, cli, "claim");
    hex_cell(table, claim->claim_id);
    table_text(table, claim->name);
    table_text(table, claim->document_number);
    table_text(table, claim->certificate_number);
    word_cell(table, cli, WORD_CLAIM_STATE, (int) claim->state);
    table_number(table, claim->version);
    table_text(table, claim->organisation_name);
    word_cell(table, cli, WORD_ROUTE, (int) claim->route);
    table_text(table, claim->occupation_name);
    word_cell(table, cli, WORD_LEVEL, (int) claim->level);
    table_text(table, claim->group_name);
    table_number(table, claim->class_number);
    money_cell(table, true, claim->amount_fen);
    money_cell(table, true, claim->clawed_fen);
    table_time(table, true, claim->submitted_at_ms);
    counted_day(table, cli, claim, claim->publicity_until);
    counted_day(table, cli, claim, claim->due_on);
    table_text(table, move_of(cli, claim->state));
    table_row(table);
    table_end_record(table);
}

static void amounts_print(const struct cli *cli, const Mingce__V1__ClaimShowResponse *story)
{
    struct table *table = part_table(cli, COLUMNS(amount_columns));
    for (size_t i = 0; i < story->n_amount; i++) {
        const Mingce__V1__ClaimAmount *amount = story->amount[i];
        part_row(table, cli, "amount");
        word_cell(table, cli, WORD_SUBSIDY_LINE, (int) amount->line);
        money_cell(table, true, amount->amount_fen);
        money_cell(table, true, amount->rate_fen);
        if (amount->has_days)
            table_number(table, amount->days);
        else
            table_text(table, NULL);
        money_cell(table, true, amount->clawed_fen);
        table_text(table, amount->citation);
        table_text(table, amount->division);
        table_text(table, amount->valid_from);
        hex_cell(table, amount->standard_id);
        table_row(table);
    }
    part_title(cli, "金额及其依据", "amounts, and what gave them");
    table_end(table);
}

static void steps_print(const struct cli *cli, const Mingce__V1__ClaimShowResponse *story)
{
    struct table *table = part_table(cli, COLUMNS(step_columns));
    for (size_t i = 0; i < story->n_step; i++) {
        const Mingce__V1__ClaimStep *step = story->step[i];
        part_row(table, cli, "step");
        table_time(table, true, step->at_ms);
        word_cell(table, cli, WORD_CLAIM_ACTION, (int) step->action);
        word_cell(table, cli, WORD_CLAIM_STATE, (int) step->state);
        table_text(table, step->operator_name);
        table_text(table, step->organisation_name);
        table_text(table, step->reason);
        if (step->has_fraud)
            table_cell(table, step->fraud ? cli_say(cli, "骗取", "fraud") : cli_say(cli, "差错", "error"),
                       json_object_new_string(step->fraud ? "fraud" : "error"));
        else
            table_text(table, NULL);
        table_row(table);
    }
    part_title(cli, "经过", "what happened");
    table_end(table);
}

static void facts_print(const struct cli *cli, const Mingce__V1__ClaimShowResponse *story)
{
    if (story->n_fact == 0)
        return;
    struct table *table = part_table(cli, COLUMNS(fact_columns));
    for (size_t i = 0; i < story->n_fact; i++) {
        const Mingce__V1__ClaimFact *fact = story->fact[i];
        part_row(table, cli, "fact");
        word_cell(table, cli, WORD_FACT, (int) fact->fact);
        word_optional(table, cli, WORD_ANSWER, fact->has_answer, (int) fact->answer);
        table_text(table, fact->source);
        table_text(table, fact->as_of);
        table_row(table);
    }
    part_title(cli, "联网核查", "asked of others");
    table_end(table);
}

static void obstacles_print(const struct cli *cli, const Mingce__V1__ClaimShowResponse *story)
{
    if (story->n_obstacle == 0)
        return;
    struct table *table = part_table(cli, COLUMNS(obstacle_columns));
    for (size_t i = 0; i < story->n_obstacle; i++) {
        const Mingce__V1__Finding *finding = story->obstacle[i];
        part_row(table, cli, "obstacle");
        table_text(table, finding->reason);
        table_text(table, finding->rule);
        table_text(table, cli_say(cli, finding->zh, finding->en));
        table_row(table);
    }
    part_title(cli, "核准的障碍", "in the way of approval");
    table_end(table);
}

static int claim_show(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ClaimShowRequest request = MINGCE__V1__CLAIM_SHOW_REQUEST__INIT;
    const char *text;
    uint8_t id[HEX_ID];
    int status = CLI_USAGE;
    if (!cli_options(cli, argc, argv, NULL, 0, &text, 1) || !hex_parse(cli, "CLAIM", text, id, sizeof(id)))
        return status;
    request.claim_id = (ProtobufCBinaryData){sizeof(id), id};
    Mingce__V1__ClaimShowResponse *story =
        (Mingce__V1__ClaimShowResponse *) cli_answer(cli, "claim.show", &request.base, &status);
    if (story == NULL)
        return status;
    claim_print(cli, story->claim);
    amounts_print(cli, story);
    steps_print(cli, story);
    facts_print(cli, story);
    obstacles_print(cli, story);
    mingce__v1__claim_show_response__free_unpacked(story, NULL);
    return CLI_OK;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"claim",
     "list",
     claim_list,
     "申领列表，新的在前",
     "lists claims, newest first",
     "claim list [--state STATE] [--organisation CODE] [--class NUMBER] [--limit N]\n",
     "  --state  申领状态：mingce code list states\n",
     "  --state  mingce code list states\n",
     {NULL}},
    {"claim",
     "queue",
     claim_queue,
     "待办申领，最急的在前",
     "what waits, the longest due first",
     "claim queue [--state STATE] [--overdue] [--organisation CODE] [--class NUMBER] [--least YUAN] [--most "
     "YUAN]\n",
     "  --state          已提交（默认） 已受理 已初审 公示中 已核准 暂停\n"
     "  --least, --most  金额，以元计\n",
     "  --state          submitted (the default) accepted reviewed publicised approved suspended\n"
     "  --least, --most  the amount, in yuan\n",
     {NULL}},
    {"claim",
     "public",
     claim_public,
     "公示名单（脱敏）",
     "what is publicised, masked",
     "claim public --division CODE [--limit N]\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "show",
     claim_show,
     "一项申领的全部经过",
     "the whole story of a claim",
     "claim show CLAIM\n",
     NULL,
     NULL,
     {NULL}},
};
const struct commands claim_show_commands = {commands, sizeof(commands) / sizeof(*commands)};
