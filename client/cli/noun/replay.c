/* SPDX-License-Identifier: Apache-2.0 */
/* What a draft of standards or policies would make of a year's claims (B5 to B7, B9 to B11). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/money.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/part.h"
#include "client/cli/command/rows.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/frame/message.h"
#include "client/cli/noun/standard.h"
#include "client/cli/sheet/forms.h"
#include "proto/policy.pb-c.h"
#include "proto/rules/bounds.h"
#include "proto/rules/cell.h"

enum { NAME_CHARACTERS = 40 };

/* ---- a draft of policies ---- */

enum { FIELD_NAME, FIELD_FROM, FIELD_VALUE, FIELD_TO };

static const struct form_field fields[] = {
    [FIELD_NAME] =
        {"name", "政策名", "policy", {"政策名", "政策参数", "参数名", "policy", "name"}, FORM_NEEDED},
    [FIELD_FROM] =
        {"valid_from", "起始日期", "from", {"起始日期", "开始日期", "执行日期", "from"}, FORM_NEEDED},
    [FIELD_VALUE] = {"value", "值", "value", {"值", "数值", "value"}, FORM_NEEDED},
    [FIELD_TO] = {"valid_to", "截止日期", "to", {"截止日期", "结束日期", "to"}, FORM_OPTIONAL},
};
const struct form policy_form = {.noun = "policy",
                                 .fields = fields,
                                 .n = sizeof(fields) / sizeof(*fields),
                                 .needed = {FIELD_NAME, FIELD_FROM},
                                 .clashes = {{REASON_DRAFT_REPEATED, 2, {FIELD_NAME, FIELD_FROM}}}};

struct policy_text {
    char name[NAME_CHARACTERS * 4 + 1], from[DAY_TEXT], to[DAY_TEXT];
};

struct draft {
    struct form_file file;
    struct judgements judged;
    struct row_places rows; /* of each row of the file */
    ProtobufCMessage **list;
};

static bool of_standards(const struct draft *draft)
{
    return draft->file.form == &standard_form;
}

static bool read_policy(void *context, struct row *read)
{
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__PolicyRow *row = read->message;
    struct policy_text *text = read->text;
    const char *name = form_file_cell(file, read->i, FIELD_NAME);
    int value = cell_count(form_file_cell(file, read->i, FIELD_VALUE), INT32_MAX);
    bool good = true, control = false;
    (void) context;
    row->name = text->name;
    row->value = value;
    if (name == NULL || !cell_text(name, NAME_CHARACTERS, text->name, sizeof(text->name), &control) ||
        control)
        good = rows_refuse(judgement, REASON_POLICY_UNKNOWN, "name");
    if (value < 0)
        good = good && rows_refuse(judgement, REASON_POLICY_VALUE, "value");
    return good && row_day(read, FIELD_FROM, true, text->from, &row->valid_from) &&
           row_day(read, FIELD_TO, false, text->to, &row->valid_to);
}

static const struct row_form policy_rows = {
    .form = &policy_form, .text = sizeof(struct policy_text), .read = read_policy};

static void draft_free(struct draft *draft)
{
    judgements_free(&draft->judged);
    row_places_free(&draft->rows);
    free(draft->list);
    form_file_free(&draft->file);
}

static int draft_read(const struct cli *cli, const char *path, struct draft *draft)
{
    static const struct form *const forms[] = {&standard_form, &policy_form};
    int status = form_file_read_one_of(cli, path, forms, sizeof(forms) / sizeof(*forms), &draft->file);
    if (status != CLI_OK)
        return status;
    const struct row_form *rows = of_standards(draft) ? &standard_rows : &policy_rows;
    size_t n = draft->file.n;
    draft->list = calloc(n, sizeof(*draft->list));
    bool good = judgements_make(&draft->judged, n) && draft->list != NULL &&
                row_places_make(&draft->rows, &mingce__v1__policy_replay_request__descriptor,
                                of_standards(draft) ? "standard" : "policy", rows->text, n);
    for (size_t i = 0; good && i < n; i++)
        good = row_read(rows, NULL, &draft->file, i, &draft->judged.rows[i], &draft->rows, i);
    return good ? CLI_OK : cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
}

/* Puts the rows that could be read into the request. If there are others, the server is only to check these. */
static void draft_ask(struct draft *draft, Mingce__V1__PolicyReplayRequest *request)
{
    size_t n = 0;
    for (size_t i = 0; i < draft->file.n; i++)
        if (draft->judged.rows[i].verdict == MINGCE__V1__ROW_VERDICT__ROW_REFUSED)
            request->has_check_only = request->check_only = true;
        else
            draft->list[n++] = row_message(&draft->rows, i);
    message_set_list(&request->base, of_standards(draft) ? "standard" : "policy", draft->list, n);
}

/* Tells the user about rows of the draft that are not in force in that year, and so change nothing. */
static void draft_tell_idle(const struct cli *cli, const struct draft *draft, uint32_t year)
{
    size_t idle = 0;
    day first = day_of((int) year, 1, 1), last = day_of((int) year, 12, 31);
    for (size_t i = 0; i < draft->file.n; i++) {
        const ProtobufCMessage *row = row_message(&draft->rows, i);
        const char *from = of_standards(draft) ? ((const Mingce__V1__StandardRow *) row)->valid_from
                                               : ((const Mingce__V1__PolicyRow *) row)->valid_from,
                   *to = of_standards(draft) ? ((const Mingce__V1__StandardRow *) row)->valid_to
                                             : ((const Mingce__V1__PolicyRow *) row)->valid_to;
        idle += day_parse(from) > last || (to != NULL && day_parse(to) < first);
    }
    if (idle > 0)
        fprintf(stderr,
                cli->zh     ? "草案%zu行中有%zu行的起止日期不在%u年内，不起作用\n"
                : idle == 1 ? "of the draft's %zu rows %zu is in force on no day of %u and changes nothing\n"
                            : "of the draft's %zu rows %zu are in force on no day of %u and change nothing\n",
                draft->file.n, idle, year);
}

/* ---- adding up ---- */

/* The pages are kept until all is printed. The counts of one key are added up in the first of them. */
struct pages_read {
    Mingce__V1__PolicyReplayResponse **at;
    size_t n, room;
};
struct counts {
    Mingce__V1__ReplayCount **at;
    size_t n;
};

static bool page_keep(struct pages_read *pages, ProtobufCMessage *answer)
{
    if (pages->n == pages->room) {
        size_t room = pages->room == 0 ? 16 : pages->room * 2;
        Mingce__V1__PolicyReplayResponse **more = realloc(pages->at, room * sizeof(*more));
        if (more == NULL)
            return false;
        pages->at = more;
        pages->room = room;
    }
    pages->at[pages->n++] = (Mingce__V1__PolicyReplayResponse *) answer;
    return true;
}

static void pages_free(struct pages_read *pages)
{
    for (size_t i = 0; i < pages->n; i++)
        mingce__v1__policy_replay_response__free_unpacked(pages->at[i], NULL);
    free(pages->at);
}

static int by_key(const void *a, const void *b)
{
    const Mingce__V1__ReplayCount *one = *(Mingce__V1__ReplayCount *const *) a,
                                  *other = *(Mingce__V1__ReplayCount *const *) b;
    if (one->has_subsidy && other->has_subsidy)
        return (one->subsidy > other->subsidy) - (one->subsidy < other->subsidy);
    if (one->finding != NULL && other->finding != NULL)
        return strcmp(one->finding->reason, other->finding->reason);
    return one->occupation_code == NULL || other->occupation_code == NULL
               ? 0
               : strcmp(one->occupation_code, other->occupation_code);
}

static void add(Mingce__V1__ReplayCount *sum, const Mingce__V1__ReplayCount *more)
{
    sum->claims += more->claims;
    sum->changed += more->changed;
    sum->persons += more->persons;
    sum->refused += more->refused;
    sum->cheaper += more->cheaper;
    sum->dearer += more->dearer;
    sum->before_fen += more->before_fen;
    sum->after_fen += more->after_fen;
}

/* By what a page breaks its counts down. */
enum breakdown { BY_NOTHING, BY_LINE, BY_OCCUPATION, BY_REASON };

static size_t page_counts(Mingce__V1__PolicyReplayResponse *page, enum breakdown by,
                          Mingce__V1__ReplayCount ***counts)
{
    switch (by) {
    case BY_LINE:
        *counts = page->line;
        return page->n_line;
    case BY_OCCUPATION:
        *counts = page->occupation;
        return page->n_occupation;
    case BY_REASON:
        *counts = page->reason;
        return page->n_reason;
    case BY_NOTHING:
    default:
        *counts = &page->whole;
        return page->whole != NULL;
    }
}

/* Adds up the counts of all pages by their keys, in the order of the keys. To be called once for each breakdown, since it changes the
 * pages. False: out of memory. */
static bool counts_add_up(const struct pages_read *pages, enum breakdown by, struct counts *sums)
{
    Mingce__V1__ReplayCount **counts;
    size_t all = 0, sorted = 0;
    for (size_t i = 0; i < pages->n; i++)
        all += page_counts(pages->at[i], by, &counts);
    *sums = (struct counts){calloc(all + 1, sizeof(*sums->at)), 0};
    if (sums->at == NULL)
        return false;
    for (size_t i = 0; i < pages->n; i++) {
        size_t n = page_counts(pages->at[i], by, &counts);
        for (size_t j = 0; j < n; j++)
            sums->at[sorted++] = counts[j];
    }
    qsort(sums->at, sorted, sizeof(*sums->at), by_key);
    for (size_t i = 0; i < sorted; i++)
        if (sums->n > 0 && by_key(&sums->at[sums->n - 1], &sums->at[i]) == 0)
            add(sums->at[sums->n - 1], sums->at[i]);
        else
            sums->at[sums->n++] = sums->at[i];
    return true;
}

/* ---- telling ---- */

static void difference_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__ReplayCount *count = (const Mingce__V1__ReplayCount *) message;
    (void) cli;
    money_cell(table, true, count->after_fen - count->before_fen);
}

static void because_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Finding *finding = ((const Mingce__V1__ReplayCount *) message)->finding;
    table_text(table, cli_say(cli, finding->zh, finding->en));
}

#define COUNT_COLUMNS                                                                                        \
    {"claims", "申领", "claims", .as = AS_NUMBER}, {"changed", "有变化", "changed", .as = AS_NUMBER},        \
        {"persons", "涉及人数", "persons", .as = AS_NUMBER},                                                 \
        {"refused", "不再受理", "refused", .as = AS_NUMBER},                                                 \
        {"cheaper", "减少", "cheaper", .as = AS_NUMBER}, {"dearer", "增加", "dearer", .as = AS_NUMBER},      \
        {"before_fen", "原金额（元）", "yuan before", .as = AS_MONEY},                                       \
        {"after_fen", "试算金额（元）", "yuan after", .as = AS_MONEY},                                       \
    {                                                                                                        \
        "difference_fen", "差额（元）", "difference", .as = AS_MONEY, .cell = difference_cell                \
    }
static const struct shown whole_columns[] = {COUNT_COLUMNS};
static const struct shown line_columns[] = {
    {"line", "补贴项目", "line", .as = AS_WORD, .field = "subsidy", .words = WORD_SUBSIDY_LINE},
    COUNT_COLUMNS};
static const struct shown occupation_columns[] = {{"occupation_code", "职业代码", "code", .as = AS_TEXT},
                                                  {"occupation_name", "职业", "occupation", .as = AS_TEXT},
                                                  COUNT_COLUMNS};
static const struct shown reason_columns[] = {
    {"claims", "申领", "claims", .as = AS_NUMBER},
    {"persons", "涉及人数", "persons", .as = AS_NUMBER},
    {"before_fen", "原金额（元）", "yuan before", .as = AS_MONEY},
    {"reason", "代号", "reason", .as = AS_TEXT, .field = "finding.reason"},
    {"rule", "规则", "rule", .as = AS_TEXT, .field = "finding.rule"},
    {"words", "原因", "because", .as = AS_CELL, .cell = because_cell}};
static const struct part parts[] = {
    [BY_NOTHING] = {.name = "whole", .show = SHOW(whole_columns), .record = true, .always = true},
    [BY_LINE] =
        {.name = "line", .zh = "按补贴项目", .en = "by line", .show = SHOW(line_columns), .always = true},
    [BY_OCCUPATION] = {.name = "occupation",
                       .zh = "按职业",
                       .en = "by occupation",
                       .show = SHOW(occupation_columns),
                       .always = true},
    [BY_REASON] = {.name = "reason",
                   .zh = "不再受理的原因",
                   .en = "refused because",
                   .show = SHOW(reason_columns)},
};

static int tell(const struct cli *cli, const struct pages_read *pages)
{
    int status = CLI_OK;
    for (int by = BY_NOTHING; status == CLI_OK && by <= BY_REASON; by++) {
        struct counts sums;
        if (counts_add_up(pages, (enum breakdown) by, &sums))
            part_print(cli, &parts[by], (ProtobufCMessage *const *) (void *) sums.at, sums.n);
        else
            status = cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
        free(sums.at);
    }
    return status;
}

/* ---- asking ---- */

/* Fetches page after page, up to the last. */
static int ask(struct cli *cli, Mingce__V1__PolicyReplayRequest *request, struct pages_read *pages)
{
    struct cli_progress progress = {0};
    struct pages_way way = {.steps = 0};
    size_t looked = 0, all = 0;
    int status = CLI_OK;
    do {
        ProtobufCMessage *answer = cli_call(cli, "policy.replay", &request->base, &status);
        const Mingce__V1__PolicyReplayResponse *page = (const Mingce__V1__PolicyReplayResponse *) answer;
        if (answer == NULL)
            break;
        if (!page_keep(pages, answer)) {
            protobuf_c_message_free_unpacked(answer, NULL);
            status = cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
            break;
        }
        all = page->has_claims ? (size_t) page->claims : all;
        looked += page->whole == NULL ? 0 : (size_t) page->whole->claims;
        cli_progress(cli, &progress, looked, all > looked ? all : looked + 1);
        status = pages_go_on(cli, &way, 1, page->has_next ? page->next : (ProtobufCBinaryData){0, way.bytes});
        request->has_cursor = way.cursor.len > 0;
        request->cursor = way.cursor;
    } while (request->has_cursor);
    request->has_cursor = false; /* its bytes belong to `way` */
    request->cursor = (ProtobufCBinaryData){0, NULL};
    cli_progress(cli, &progress, 1, 1);
    return status;
}

/* Asks the server, unless no row could be read, and prints the outcome; if any row of the draft is wrong, only what is wrong with it. */
static int replay(struct cli *cli, struct draft *draft, Mingce__V1__PolicyReplayRequest *request,
                  struct pages_read *pages)
{
    int status = request->n_standard + request->n_policy > 0 ? ask(cli, request, pages) : CLI_OK;
    const Mingce__V1__PolicyReplayResponse *page = pages->n > 0 ? pages->at[0] : NULL;
    if (status == CLI_OK && page != NULL && !rows_take(&draft->judged, &page->base, "refused"))
        status = cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
    if (status != CLI_OK)
        return status;
    if (!request->check_only && page != NULL && page->n_refused == 0) {
        draft_tell_idle(cli, draft, request->year);
        return tell(cli, pages);
    }
    status = judgements_tell(cli, &draft->file, &draft->judged, TELL_DRAFTED, NULL);
    fprintf(stderr, "%s\n",
            cli_say(cli, "草案有误，没有试算：请更正后再试",
                    "the draft is wrong, nothing was replayed: mend it"));
    return status;
}

static int policy_replay(struct cli *cli, struct given *given)
{
    Mingce__V1__PolicyReplayRequest request = MINGCE__V1__POLICY_REPLAY_REQUEST__INIT;
    struct draft draft = {.list = NULL};
    struct pages_read pages = {.n = 0};
    request.year = (uint32_t) given_number(given, "year");
    request.division = given_text(given, "division");
    int status = draft_read(cli, given_text(given, "draft"), &draft);
    if (status == CLI_OK)
        status = cli_connect(cli);
    if (status == CLI_OK) {
        draft_ask(&draft, &request);
        status = replay(cli, &draft, &request, &pages);
    }
    pages_free(&pages);
    draft_free(&draft);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "policy",
     .verb = "replay",
     .run = policy_replay,
     .method = "policy.replay",
     .zh = "按草案试算某年的申领",
     .en = "what a draft would make of a year's claims",
     OPTIONS({"draft", VALUE_FILE, NEEDED, "FILE.csv", .zh = "补贴标准或政策参数；有误的行逐行说明",
              .en = "standards, or policies; rows that are wrong are said"},
             {"year", VALUE_NUMBER, NEEDED, "Y", .least = REPLAY_YEAR_FIRST, .most = REPLAY_YEAR_LAST,
              .zh = "提交年份", .en = "of submission"},
             OPTION_DIVISION(OPTIONAL, "区县或市，默认本局所辖",
                             "a county or a city, by default the bureau's own")),
     .notes_zh =
         "除不予核准和已撤回的以外，各项申领按提交当日试算，补贴标准按其适用日期，草案仅在其起止日期内优先；"
         "不写入任何内容\n可试算"
         "的参数：claim_months living_days rate_day year_cap_students year_cap_others life_cap "
         "no_lower_after_higher",
     .notes_en = "each claim is judged as on its day, its standards as on theirs, where the draft's period "
                 "covers it; nothing is "
                 "written\npolicies that are replayed: claim_months living_days rate_day year_cap_students "
                 "year_cap_others "
                 "life_cap no_lower_after_higher",
     .example_zh = "policy replay --draft 补贴标准草案.csv --year 2026",
     .example_en = "policy replay --draft draft.csv --year 2026",
     .reads = {&standard_form, &policy_form}},
};
const struct commands replay_commands = {commands, sizeof(commands) / sizeof(*commands)};
