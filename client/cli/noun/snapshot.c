/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of others as files: loading and listing them (H18 to H20). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/holder.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/noun/snapshot_head.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/cell.h"

/* ---- rows ---- */

enum { FIELD_FROM = HOLDER_FIELDS, FIELD_TO, FIELD_UNIT, FIELD_DETAIL };
enum { UNIT = 64 };

static const struct form_field fields[] = {
    HOLDER_FORM_FIELDS(FORM_NEEDED, FORM_NEEDED),
    [FIELD_FROM] = {"from",
                    "起",
                    "from",
                    {"起", "起月", "起始月", "起发月", "起始日期", "入学", "入学日期", "登记日", "死亡日期",
                     "成立日", "发证日", "发证", "from"},
                    FORM_OPTIONAL},
    [FIELD_TO] = {"to",
                  "止",
                  "to",
                  {"止", "止月", "截止月", "停发月", "截止日期", "离校", "离校日期", "注销日", "注销", "to"},
                  FORM_OPTIONAL},
    [FIELD_UNIT] = {"unit_code",
                    "单位代码",
                    "employer",
                    {"单位代码", "单位编码", "统一社会信用代码", "用人单位代码", "单位", "unitcode",
                     "employer"},
                    FORM_OPTIONAL},
    [FIELD_DETAIL] = {"detail",
                      "状态",
                      "detail",
                      {"状态", "缴费状态", "待遇种类", "险种", "类别", "学校", "编制", "角色", "detail"},
                      FORM_OPTIONAL},
};
const struct form snapshot_form = {.noun = "snapshot",
                                   .fields = fields,
                                   .n = sizeof(fields) / sizeof(*fields),
                                   .needed = {HOLDER_NUMBER, HOLDER_NAME}};

struct snapshot_text {
    char from[DAY_TEXT], to[DAY_TEXT], unit[UNIT];
};

/* The first day of a month, or its last; DAY_NONE: it is none. */
static day month_day(const char *cell, bool last)
{
    enum { LONGER = 31 }; /* days: into the next month, and never past it */
    char text[DAY_TEXT];
    day first = cell_month(cell);
    if (first == DAY_NONE || !last)
        return first;
    day_format(first + LONGER, text);
    memcpy(text + sizeof("2026-03-") - 1, "01", sizeof("01"));
    return day_parse(text) - 1;
}

/* Reads a day, or a month, of which it is the first or the last day. False: out of memory. */
static bool read_day(const struct row *read, int field, char text[DAY_TEXT], char **to)
{
    const char *cell = form_file_cell(read->file, read->i, field);
    day on = cell == NULL ? DAY_NONE : month_day(cell, field == FIELD_TO);
    if (on == DAY_NONE)
        return row_day(read, field, false, text, to);
    day_format(on, text);
    *to = text;
    return true;
}

static bool read_row(void *context, struct row *read)
{
    Mingce__V1__SnapshotRow *row = read->message;
    struct snapshot_text *text = read->text;
    struct holder holder;
    const char *unit = form_file_cell(read->file, read->i, FIELD_UNIT);
    (void) context;
    holder_read(read->file, read->i, &holder);
    HOLDER_FILL(row, &holder);
    row->detail = form_file_cell(read->file, read->i, FIELD_DETAIL);
    row->unit_code = unit == NULL ? NULL : text->unit;
    bool good = unit == NULL || cell_number(unit, text->unit, sizeof(text->unit)) ||
                rows_refuse(read->judgement, REASON_UNIT_CODE, "unit_code");
    good = good && (row->name != NULL || rows_refuse(read->judgement, REASON_NAME_MISSING, "name"));
    good = good && (row->document_number != NULL ||
                    rows_refuse(read->judgement, REASON_ID_MISSING, "document_number"));
    return good && read_day(read, FIELD_FROM, text->from, &row->from) &&
           read_day(read, FIELD_TO, text->to, &row->to);
}

static const struct row_form snapshot_rows = {
    .form = &snapshot_form, .text = sizeof(struct snapshot_text), .read = read_row};

/* ---- load ---- */

struct loading {
    struct cli *cli;
    struct snapshot_head head;
    Mingce__V1__SnapshotLoadRequest request;
    uint8_t id[HEX_ID];
    const char *rejects; /* NULL: those who are refused are written nowhere */
};

/* Makes the file of refused rows one that can be loaded. Returns CLI_ROWS_REFUSED, or the exit status after saying what is wrong. */
static int rejects_head(const struct cli *cli, const struct loading *loading)
{
    int status = snapshot_head_put(cli, loading->rejects, &loading->head);
    if (status != CLI_OK)
        return status;
    fputs(
        cli_say(cli, "退回文件已带首行（增量）；改好后须重新计算首行的 SHA256：tail -n +2 文件 | sha256sum\n",
                "that file has a head line, of a partial register; once it is mended, the head line gets its "
                "new SHA256: tail -n +2 FILE | sha256sum\n"),
        stderr);
    return CLI_ROWS_REFUSED;
}

/* Says that all has come, and then again until the snapshot has answered all that waited for it. What was loaded
 * before, and is whole, only answers. */
static int answers(const struct cli *cli, Mingce__V1__SnapshotCloseRequest *request)
{
    uint64_t answered = 0;
    Mingce__V1__SnapshotCloseResponse *answer;
    int status;
    for (bool more = true; more;) {
        answer =
            (Mingce__V1__SnapshotCloseResponse *) cli_call(cli, "snapshot.close", &request->base, &status);
        if (answer == NULL)
            return status;
        more = answer->more;
        answered += answer->answered;
        if (!more)
            fprintf(stderr,
                    cli->zh ? "快照已封存：共%u行，其中%u行不能识别，%u行不在名册中；答复核验事项%" PRIu64
                              "项\n"
                            : "the snapshot is whole: %u rows, of which %u name nobody and %u nobody known; "
                              "it answered %" PRIu64 "\n",
                    answer->rows, answer->malformed, answer->unknown, answered);
        mingce__v1__snapshot_close_response__free_unpacked(answer, NULL);
    }
    return CLI_OK;
}

/* Closes the snapshot; what was refused names nobody. */
static int whole(void *context, const struct cli *cli, const struct form_file *file, const struct sent *sent,
                 int status)
{
    struct loading *loading = context;
    Mingce__V1__SnapshotCloseRequest request = MINGCE__V1__SNAPSHOT_CLOSE_REQUEST__INIT;
    uint32_t come = 0;
    (void) file;
    if (status > CLI_ROWS_REFUSED)
        return status;
    if (status == CLI_ROWS_REFUSED && loading->rejects != NULL)
        status = rejects_head(cli, loading);
    for (size_t i = 0; i < sent->n; i++) {
        const Mingce__V1__RowsResponse *answer = (const Mingce__V1__RowsResponse *) sent->answers[i];
        come += answer->done + answer->unchanged;
    }
    if (come > loading->head.request.rows)
        come = loading->head.request.rows;
    request.snapshot_id = loading->request.snapshot_id;
    request.malformed = loading->head.request.rows - come;
    int closed = answers(cli, &request);
    return closed != CLI_OK ? closed : status;
}

/* Begins the snapshot, or finds the one that was begun. `*done`: nothing is left to load. Returns likewise. */
static int begin(struct cli *cli, struct loading *loading, bool *done)
{
    int status;
    Mingce__V1__SnapshotOpenResponse *answer = (Mingce__V1__SnapshotOpenResponse *) cli_answer(
        cli, "snapshot.open", &loading->head.request.base, &status);
    if (answer == NULL)
        return status;
    *done = answer->whole;
    if (answer->snapshot_id.len == sizeof(loading->id))
        memcpy(loading->id, answer->snapshot_id.data, sizeof(loading->id));
    mingce__v1__snapshot_open_response__free_unpacked(answer, NULL);
    return status;
}

/* Holds the number of rows that the head line says against the file: what is cut off is never sealed as if it were not
 * there. Returns likewise. */
static int rows_check(const struct cli *cli, const char *path, uint32_t said)
{
    struct form_file file;
    int status = form_file_read(cli, path, &snapshot_form, &file);
    if (status != CLI_OK)
        return status;
    if (file.n != said)
        status =
            cli_fail(cli, CLI_FILE, "首行所列行数与文件的行数不符：请向签发单位核对",
                     "the head line says another number of rows than the file has: ask its issuer", NULL);
    form_file_free(&file);
    return status;
}

static int snapshot_load(struct cli *cli, struct given *given)
{
    bool done = false;
    struct loading loading = {.cli = cli,
                              .request = MINGCE__V1__SNAPSHOT_LOAD_REQUEST__INIT,
                              .rejects = given_text(given, "rejects")};
    int status = snapshot_head_read(cli, given_text(given, "FILE.csv"), &loading.head);
    if (status == CLI_OK)
        status = rows_check(cli, given_text(given, "FILE.csv"), loading.head.request.rows);
    if (status == CLI_OK)
        status = begin(cli, &loading, &done);
    if (status != CLI_OK)
        return status;
    loading.request.snapshot_id = (ProtobufCBinaryData){sizeof(loading.id), loading.id};
    if (done) {
        Mingce__V1__SnapshotCloseRequest request = MINGCE__V1__SNAPSHOT_CLOSE_REQUEST__INIT;
        request.snapshot_id = loading.request.snapshot_id;
        status = answers(cli, &request);
        if (status != CLI_OK)
            return status;
        puts(cli->json ? "{\"done\":false}"
                       : cli_say(cli, "没有变化：此前已导入", "nothing changed: it was loaded before"));
        return CLI_OK;
    }
    const struct rows_import import = {.method = "snapshot.load",
                                       .rows = &snapshot_rows,
                                       .request = &loading.request.base,
                                       .context = &loading,
                                       .end = whole};
    return rows_import(cli, &import, given);
}

/* ---- list ---- */

static void complete_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    bool complete = ((const Mingce__V1__Snapshot *) message)->complete;
    table_cell(table, complete ? cli_say(cli, "全量", "complete") : cli_say(cli, "增量", "partial"),
               json_object_new_boolean(complete));
}

static const struct shown columns[] = {
    {"snapshot_id", "快照编号", "snapshot", .as = AS_ID},
    {"source", "来源", "source", .as = AS_WORD, .words = WORD_SOURCE},
    {"division", "范围", "area", .as = AS_TEXT},
    {"as_of", "截至日", "as of", .as = AS_TEXT},
    {"complete", "全量或增量", "kind", .as = AS_CELL, .cell = complete_cell},
    {"rows", "行数", "rows", .as = AS_NUMBER},
    {"malformed", "不能识别", "malformed", .as = AS_NUMBER},
    {"unknown", "不在名册", "unknown", .as = AS_NUMBER},
    {"issuer", "签发人", "issuer", .as = AS_TEXT},
    {"closed", "封存时间", "whole since", .as = AS_TIME, .field = "closed_ms"},
    {"answering", "待答复", "still answering", .as = AS_YES},
};
static const struct show list = SHOW(columns);

static int snapshot_list(struct cli *cli, struct given *given)
{
    Mingce__V1__SnapshotListRequest request = MINGCE__V1__SNAPSHOT_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "snapshot.list", .show = &list, .request = &request.base};
    request.has_source = given_has(given, "source");
    request.source = (Mingce__V1__VerificationSource) given_word(given, "source");
    request.division = given_text(given, "division");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "snapshot",
     .verb = "load",
     .run = snapshot_load,
     .method = "snapshot.load",
     .zh = "导入核验数据快照（核验机构、主管部门的经办人）",
     .en = "loads what a register says",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_REJECTS),
     .notes_zh = "首行：来源,范围,截至日,全量或增量,行数,SHA256,签发人；来源见 code list registers；SHA256 "
                 "为首行之后全部内容的校验值：tail -n +2 文件.csv | "
                 "sha256sum\n其后为表头和各行；起、止可填日期或年月，空白为不限\n"
                 "中断后由同一单位再次导入同一文件，从中断处继续；封存后不可再改，有误的另行导入新的",
     .notes_en = "the first line: source (code list registers), area, as-of day, complete or partial, rows, "
                 "SHA256 of all that follows it (tail -n +2 FILE.csv | sha256sum), issuer\nthen a header and "
                 "the rows; from and to are days or months, blank is "
                 "open\nwhat broke off goes on when the same organisation loads the same file again; once "
                 "whole it does not "
                 "change: load a corrected one beside it",
     .example_zh = "snapshot load 养老待遇.csv --rejects 退回.csv",
     .example_en = "snapshot load pensions.csv --rejects rejects.csv",
     .reads = {&snapshot_form}},
    {.noun = "snapshot",
     .verb = "list",
     .run = snapshot_list,
     .method = "snapshot.list",
     .zh = "核验数据快照一览，新的在前",
     .en = "snapshots of registers, newest first",
     OPTIONS({"source", VALUE_WORD, .value = "REGISTER", .table = WORD_SOURCE, .list = "registers",
              .zh = "某来源的", .en = "those of a register"},
             OPTION_DIVISION(OPTIONAL, "某区划的，6位代码", "those of a division, a code of 6 digits"),
             OPTIONS_LIST),
     .notes_zh =
         "待答复：已封存，尚有等待它的核验事项未答复（导入在此中断）；由同一单位再次导入同一文件，即答复完毕",
     .notes_en = "still answering: it is whole, but its load broke off before all that waited for it was "
                 "answered; the same organisation loads the same file again, which finishes it",
     .example_zh = "snapshot list --source 养老待遇",
     .example_en = "snapshot list --source pension"},
};
const struct commands snapshot_commands = {commands, sizeof(commands) / sizeof(*commands)};
