/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar of working days (C2, C3). */
#include <stdio.h>

#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/noun/proposal.h"
#include "client/cli/sheet/forms.h"
#include "proto/calendar.pb-c.h"
#include "proto/rules/cell.h"

enum { FIELD_DAY, FIELD_WORKING, FIELD_CITATION };
enum { WORKING = 1 };

static const struct form_field fields[] = {
    [FIELD_DAY] = {"day", "日期", "day", {"日期", "day", "date"}, FORM_NEEDED},
    [FIELD_WORKING] =
        {"working", "上班或休息", "working", {"上班或休息", "安排", "working", "workingorrest"}, FORM_NEEDED},
    [FIELD_CITATION] =
        {"citation", "文件依据", "citation", {"文件依据", "依据", "文号", "citation"}, FORM_NEEDED},
};
const struct form calendar_form = {.noun = "calendar",
                                   .fields = fields,
                                   .n = sizeof(fields) / sizeof(*fields),
                                   .needed = {FIELD_DAY, FIELD_WORKING}};

static bool read_day(void *context, struct row *read)
{
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__CalendarRow *row = read->message;
    size_t i = read->i;
    (void) context;
    int word = word_number(WORD_WORKING, form_file_cell(file, i, FIELD_WORKING));
    row->working = word == WORKING;
    row->citation = form_file_cell(file, i, FIELD_CITATION);
    bool good = word != 0 || rows_refuse(judgement, REASON_WORKING_UNKNOWN, "working");
    good = good && row_day(read, FIELD_DAY, true, read->text, &row->day);
    if (row->citation == NULL)
        good = good && rows_refuse(judgement, REASON_CITATION_LENGTH, "citation");
    return good;
}

static int tell_moved(void *context, const struct cli *cli, const struct form_file *file,
                      const struct sent *sent, int status)
{
    (void) context;
    (void) file;
    for (size_t i = 0; i < sent->n; i++)
        proposal_moved(cli, (const Mingce__V1__RowsResponse *) sent->answers[i]);
    return status;
}

static const struct row_form day_rows = {.form = &calendar_form, .text = DAY_TEXT, .read = read_day};

static int calendar_load(struct cli *cli, struct given *given)
{
    Mingce__V1__CalendarProposeRequest request = MINGCE__V1__CALENDAR_PROPOSE_REQUEST__INIT;
    const struct rows_import import = {
        .method = "calendar.propose", .rows = &day_rows, .request = &request.base, .end = tell_moved};
    return rows_import(cli, &import, given);
}

/* ---- list ---- */

static void working_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__CalendarDay *set = (const Mingce__V1__CalendarDay *) message;
    word_cell(table, cli, WORD_WORKING, set->working ? WORKING : WORKING + 1);
}

static const struct shown columns[] = {
    {"day", "日期", "day", .as = AS_TEXT},
    {"working", "安排", "working or rest", .as = AS_CELL, .cell = working_cell},
    {"citation", "文件依据", "citation", .as = AS_TEXT},
    {"proposal_id", "提议编号", "proposal", .as = AS_ID},
};
static const struct show list = SHOW(columns);

static void tell_known(const struct cli *cli, const ProtobufCMessage *answer)
{
    const Mingce__V1__CalendarListResponse *response = (const Mingce__V1__CalendarListResponse *) answer;
    if (response->known_until != NULL && !cli->json)
        fprintf(stderr,
                cli->zh
                    ? "日历已知至%s，此后按星期推算，为暂定\n"
                    : "the calendar is known up to %s; later days go by their weekdays, for the time being\n",
                response->known_until);
}

static int calendar_list(struct cli *cli, struct given *given)
{
    Mingce__V1__CalendarListRequest request = MINGCE__V1__CALENDAR_LIST_REQUEST__INIT;
    const struct pages pages = {
        .method = "calendar.list", .show = &list, .request = &request.base, .last = tell_known};
    request.division = given_text(given, "division");
    request.from = given_text(given, "from");
    request.has_pending = request.pending = given_has(given, "pending");
    request.has_state = request.state = !request.pending;
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "calendar",
     .verb = "load",
     .run = calendar_load,
     .method = "calendar.propose",
     .zh = "提出节假日和调休上班日",
     .en = "proposes holidays and weekends that are worked",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_REJECTS),
     .notes_zh = "上班或休息：填“上班”或“休息”\n另一人用 calendar decide "
                 "批准后生效；并列出将变动的公示截止日和办理期限",
     .notes_en = "working: \"working\" or \"rest\"\nin force once another person has decided it; says which "
                 "ends of publicity and due days it would move",
     .reads = {&calendar_form}},
    {.noun = "calendar",
     .verb = "list",
     .run = calendar_list,
     .method = "calendar.list",
     .zh = "节假日和调休上班日",
     .en = "holidays and weekends that are worked",
     OPTIONS(OPTION_DIVISION(NEEDED, "行政区划的6位代码", "a code of 6 digits"),
             {"from", VALUE_DAY, .zh = "从哪一天起", .en = "from that day on"},
             {"pending", VALUE_FLAG, .zh = "已提出、尚未批准的", .en = "those proposed and not decided"},
             OPTIONS_LIST)},
    {.noun = "calendar",
     .verb = "decide",
     .run = proposal_decide,
     .method = "calendar.decide",
     .zh = "批准或驳回所提日期",
     .en = "decides proposed days",
     ARGUMENTS(ARGUMENT_PROPOSALS("calendar list --pending")),
     OPTIONS(OPTION_DECISION),
     .notes_zh = "批准后立即变动公示截止日和办理期限，并列出",
     .notes_en = "moves ends of publicity and due days at once, and lists them"},
};
const struct commands calendar_commands = {commands, sizeof(commands) / sizeof(*commands)};
