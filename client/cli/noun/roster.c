/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/noun/roster_judge.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/day.h"
#include "proto/wire.pb-c.h"

static int roster_check_file(struct cli *cli, struct given *given)
{
    struct form_file file;
    struct judgements judged;
    int32_t starts_on =
        given_has(given, "starts") ? given_day(given, "starts") : day_at((int64_t) time(NULL) * 1000);
    int status = form_file_read(cli, given_text(given, "FILE.csv"), &roster_form, &file);
    if (status != CLI_OK)
        return status;
    status = judge_file(cli, &file, starts_on, &judged);
    if (status == CLI_OK) {
        status = judgements_tell(cli, &file, &judged, TELL_JUDGED, given_text(given, "rejects"));
        judgements_free(&judged);
    }
    form_file_free(&file);
    return status;
}

/* ---- import ---- */

struct import {
    Mingce__V1__RosterImportRequest request;
    const char *output; /* NULL: nowhere */
};

static bool roster_read(void *context, struct row *read)
{
    (void) context;
    roster_file_row(read->file, read->i, read->message);
    return true;
}

static const struct row_form roster_rows = {.form = &roster_form, .read = roster_read};

/* Does not judge ages, which the database does, since it knows when the class starts. */
static int judge(const struct cli *cli, const struct form_file *file, struct judgements *judged)
{
    return judge_file(cli, file, DAY_NONE, judged);
}

/* Writes the rows of the trainees who are now in the class, each with its seat. */
static int write_seats(const struct cli *cli, const struct form_file *file, const struct sent *sent,
                       const char *path)
{
    static const char title[] = "班内序号";
    char seat[16];
    size_t n = 0;
    struct sheet_writer *writer = form_file_copy(cli, file, path, title);
    if (writer == NULL)
        return CLI_FILE;
    for (size_t i = 0; i < sent->n; i++) {
        const Mingce__V1__RosterImportResponse *answer =
            (const Mingce__V1__RosterImportResponse *) sent->answers[i];
        for (size_t j = 0; j < answer->n_result; j++) {
            const Mingce__V1__RosterResult *result = answer->result[j];
            if (!result->has_seat || result->row == 0 || result->row > file->n)
                continue;
            snprintf(seat, sizeof(seat), "%u", result->seat);
            form_file_copy_row(file, writer, result->row - 1, title, seat);
            n++;
        }
    }
    int status = sheet_writer_close(writer);
    if (status == CLI_OK)
        fprintf(stderr,
                cli->zh  ? "%zu名在班学员及其班内序号已写入 %s\n"
                : n == 1 ? "%zu trainee with the seat is in %s\n"
                         : "%zu trainees with their seats are in %s\n",
                n, path);
    return status;
}

static int end(void *context, const struct cli *cli, const struct form_file *file, const struct sent *sent,
               int status)
{
    const struct import *import = context;
    if (status > CLI_ROWS_REFUSED)
        return status;
    int written = import->output == NULL ? CLI_OK : write_seats(cli, file, sent, import->output);
    if (import->request.dry_run)
        fputs(cli_say(cli, "只是检查，没有登记\n", "checked only: nothing was written\n"), stderr);
    return written == CLI_OK ? status : written;
}

static int roster_import(struct cli *cli, struct given *given)
{
    bool dry_run = given_has(given, "dry-run");
    struct import import = {.request = MINGCE__V1__ROSTER_IMPORT_REQUEST__INIT,
                            .output = given_text(given, "output")};
    if (import.output != NULL && dry_run)
        return cli_fail(cli, CLI_USAGE, "只检查时没有班内序号可写出：--output 不能与 --dry-run 同用",
                        "a dry run gives no seats to write: --output goes not together with --dry-run", NULL);
    import.request.class_number = given_number(given, "class");
    import.request.has_dry_run = import.request.dry_run = dry_run;
    const struct rows_import rows = {.method = "roster.import",
                                     .rows = &roster_rows,
                                     .request = &import.request.base,
                                     .context = &import,
                                     .dry_run = dry_run,
                                     .tell = dry_run ? TELL_JUDGED : TELL_REGISTERED,
                                     .judge = judge,
                                     .end = end};
    return rows_import(cli, &rows, given);
}

/* ---- list ---- */

static void warnings_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Trainee *trainee = (const Mingce__V1__Trainee *) message;
    char shown[4096] = "";
    struct json_object *codes = cli->json ? json_object_new_array() : NULL;
    for (size_t i = 0; i < trainee->n_warning; i++) {
        size_t n = strlen(shown);
        snprintf(shown + n, sizeof(shown) - n, "%s%s", i == 0 ? "" : cli_say(cli, "；", "; "),
                 warning_shown(cli, trainee->warning[i]));
        if (codes != NULL)
            json_object_array_add(codes, json_object_new_string(trainee->warning[i]));
    }
    table_cell(table, shown, codes);
}

static const struct shown columns[] = {
    {"seat", "班内序号", "seat", .as = AS_NUMBER},
    {"name", "姓名", "name", .as = AS_TEXT},
    {"document_type", "证件类型", "document", .as = AS_TEXT},
    {"document_number", "证件号码", "number", .as = AS_TEXT},
    {"trainee_group", "人员类别", "group", .as = AS_TEXT},
    {"phone", "联系电话", "phone", .as = AS_TEXT},
    {"enrolled_at", "登记时间", "enrolled", .as = AS_TIME},
    {"warnings", "提示", "warnings", .as = AS_CELL, .cell = warnings_cell},
};
static const struct show list = SHOW(columns);

static int roster_list(struct cli *cli, struct given *given)
{
    Mingce__V1__RosterListRequest request = MINGCE__V1__ROSTER_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "roster.list", .show = &list, .request = &request.base};
    request.class_number = given_number(given, "class");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "roster",
     .verb = "check",
     .run = roster_check_file,
     .zh = "离线检查花名册，不联网",
     .en = "checks a roster, offline",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS({"starts", VALUE_DAY, .zh = "开班日期，用于核对年龄；默认今天",
              .en = "the class's first day, for ages; default today"},
             OPTION_REJECTS),
     .example_zh = "roster check 花名册.csv --rejects 退回.csv",
     .example_en = "roster check roster.csv --rejects rejects.csv",
     .reads = {&roster_form}},
    {.noun = "roster",
     .verb = "import",
     .run = roster_import,
     .method = "roster.import",
     .zh = "把花名册导入班级",
     .en = "imports a roster into a class",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_CLASS(NEEDED),
             {"dry-run", VALUE_FLAG, .zh = "只检查，不登记", .en = "every check, nothing written"},
             OPTION_REJECTS,
             {"output", VALUE_NEW_FILE, .zh = "把已在班的行连同班内序号写入此文件",
              .en = "a file for the rows of the class's trainees with their seats"}),
     .notes_zh = "再次导入同一文件不会重复登记",
     .notes_en = "the same file again adds nothing",
     .example_zh = "roster import 花名册.csv --class 202600001 --rejects 退回.csv",
     .example_en = "roster import roster.csv --class 202600001 --rejects rejects.csv",
     .reads = {&roster_form}},
    {.noun = "roster",
     .verb = "list",
     .run = roster_list,
     .method = "roster.list",
     .zh = "班级的学员（脱敏）",
     .en = "the trainees of a class, masked",
     OPTIONS(OPTION_CLASS(NEEDED), OPTIONS_LIST)},
};
const struct commands roster_commands = {commands, sizeof(commands) / sizeof(*commands)};
