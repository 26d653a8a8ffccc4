/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/roster.h"
#include "client/cli/frame/receipts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/cli/command/command.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/rows.h"
#include "client/cli/command/words.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/day.h"
#include "proto/wire.pb-c.h"

enum { IN_FLIGHT = 8 /* requests of an import */, FRAME_SPARE = 1024 /* around the rows */ };

static int roster_check_file(struct cli *cli, int argc, char **argv)
{
    const char *path, *starts = NULL, *rejects = NULL;
    const struct cli_option options[] = {{"starts", &starts, NULL}, {"rejects", &rejects, NULL}};
    struct form_file file;
    struct judgements judged;
    int32_t starts_on = day_at((int64_t) time(NULL) * 1000);
    if (!cli_options(cli, argc, argv, options, 2, &path, 1) ||
        (starts != NULL && !cli_day(cli, "--starts", starts, &starts_on)) ||
        cli_same_file(cli, path, rejects))
        return CLI_USAGE;
    int status = form_file_read(cli, path, &roster_form, &file);
    if (status != CLI_OK)
        return status;
    status = judge_file(cli, &file, starts_on, &judged);
    if (status == CLI_OK) {
        status = judgements_tell(cli, &file, &judged, TELL_JUDGED, rejects);
        judgements_free(&judged);
    }
    form_file_free(&file);
    return status;
}

/* ---- import ---- */

/* One request: rows `first` up to `end` of the file that were not refused offline. */
struct part {
    struct mingce_call *call;
    uint8_t request_id[MINGCE_REQUEST_ID];
    size_t first, end;
};

struct import {
    const struct cli *cli;
    const struct form_file *file;
    struct judgements *judged;
    uint64_t class_number;
    bool dry_run;
    uint32_t *seats;             /* of each row; 0: none */
    Mingce__V1__RosterRow *rows; /* of the request being made */
    Mingce__V1__RosterRow **list;
    struct part parts[IN_FLIGHT]; /* a ring */
    size_t parts_first, parts_n;
    size_t next;                /* row of the file */
    ProtobufCMessage **answers; /* kept: the judgements point into them */
    size_t answers_n;
    struct cli_progress progress;
};

/* Sends the next request. CLI_OK also when there is nothing left. */
static int begin_part(struct import *import)
{
    const Mingce__V1__Limits *limits = mingce_hello(import->cli->server)->limits;
    Mingce__V1__RosterImportRequest request = MINGCE__V1__ROSTER_IMPORT_REQUEST__INIT;
    struct part part = {.first = import->next};
    struct mingce_error error;
    size_t bytes = FRAME_SPARE, n = 0;
    for (; import->next < import->file->n && n < limits->roster_rows; import->next++) {
        if (import->judged->rows[import->next].verdict == VERDICT_REJECT)
            continue;
        roster_file_row(import->file, import->next, &import->rows[n]);
        size_t row = mingce__v1__roster_row__get_packed_size(&import->rows[n]) + 8;
        if (row + FRAME_SPARE >
            limits->frame_bytes) { /* a cell that only earns a warning may be of any length */
            if (!rows_refuse(&import->judged->rows[import->next], REASON_TEXT_LENGTH, ""))
                return cli_fail(import->cli, CLI_FILE, "内存不足", "out of memory", NULL);
            continue;
        }
        if (n > 0 && bytes + row > limits->frame_bytes)
            break;
        bytes += row;
        import->list[n] = &import->rows[n];
        n++;
    }
    if (n == 0)
        return CLI_OK;
    request.class_number = import->class_number;
    request.n_row = n;
    request.row = import->list;
    request.has_dry_run = import->dry_run;
    request.dry_run = import->dry_run;
    mingce_request_id(part.request_id);
    part.call = mingce_begin(import->cli->server, "roster.import", &request.base, part.request_id, &error);
    if (part.call == NULL)
        return cli_fail_call(import->cli, &error);
    part.end = import->next;
    import->parts[(import->parts_first + import->parts_n++) % IN_FLIGHT] = part;
    return CLI_OK;
}

/* The server's word on a row takes the place of the offline one: it has judged the same and more. */
static bool take_result(struct import *import, const Mingce__V1__RosterResult *result)
{
    if (result->row == 0 || result->row > import->judged->n)
        return true;
    struct judgement *judgement = &import->judged->rows[result->row - 1];
    import->seats[result->row - 1] = result->has_seat ? result->seat : 0;
    judgement->whys_n = 0;
    judgement->verdict = VERDICT_ACCEPT;
    bool good = true;
    for (size_t i = 0; i < result->n_finding; i++) {
        const Mingce__V1__Finding *finding = result->finding[i];
        judgement->verdict = VERDICT_WARN;
        good = good &&
               judgement_add(judgement, &(struct why){.code = finding->reason,
                                                      .rule = finding->rule == NULL ? "" : finding->rule,
                                                      .field = finding->field == NULL ? "" : finding->field,
                                                      .zh = finding->zh,
                                                      .en = finding->en});
    }
    if (result->verdict == MINGCE__V1__ROSTER_VERDICT__VERDICT_REFUSED)
        judgement->verdict = VERDICT_REJECT;
    else if (result->verdict == MINGCE__V1__ROSTER_VERDICT__VERDICT_DUPLICATE)
        judgement->verdict = VERDICT_DUPLICATE;
    return good;
}

/* Waits for the oldest request. */
static int end_part(struct import *import)
{
    struct mingce_error error;
    struct part part = import->parts[import->parts_first];
    import->parts_first = (import->parts_first + 1) % IN_FLIGHT;
    import->parts_n--;
    ProtobufCMessage *answer =
        mingce_wait(import->cli->server, part.call, &mingce__v1__roster_import_response__descriptor, &error);
    cli_progress(import->cli, &import->progress, part.end, import->file->n);
    if (answer == NULL)
        return cli_fail_call(import->cli, &error);
    receipt_keep(import->cli, part.request_id, "roster.import");
    import->answers[import->answers_n++] = answer;
    const Mingce__V1__RosterImportResponse *response = (const Mingce__V1__RosterImportResponse *) answer;
    for (size_t i = 0; i < response->n_result; i++)
        if (!take_result(import, response->result[i]))
            return cli_fail(import->cli, CLI_FILE, "内存不足", "out of memory", NULL);
    return CLI_OK;
}

/* All rows. When it breaks off, what was answered is in; the same file again brings the rest. */
static int import_rows(struct import *import)
{
    size_t most = mingce_hello(import->cli->server)->limits->roster_rows;
    import->rows = calloc(most, sizeof(*import->rows));
    import->list = calloc(most, sizeof(Mingce__V1__RosterRow *));
    import->answers = calloc(import->file->n, sizeof(ProtobufCMessage *));
    import->seats = calloc(import->file->n, sizeof(*import->seats));
    if (import->seats == NULL || import->rows == NULL || import->list == NULL || import->answers == NULL)
        return cli_fail(import->cli, CLI_FILE, "内存不足", "out of memory", NULL);
    int status = CLI_OK;
    cli_progress(import->cli, &import->progress, 0, import->file->n);
    while (status == CLI_OK && (import->parts_n > 0 || import->next < import->file->n)) {
        while (status == CLI_OK && import->parts_n < IN_FLIGHT && import->next < import->file->n)
            status = begin_part(import);
        if (status == CLI_OK && import->parts_n > 0)
            status = end_part(import);
    }
    if (status != CLI_OK && import->answers_n > 0)
        cli_fail(
            import->cli, status, "导入中断：已答复的行已登记；排除故障后再次导入同一文件即可，不会重复登记",
            "the import broke off: what was answered is registered; import the same file again, nothing is "
            "registered twice",
            NULL);
    return status;
}

static void import_free(struct import *import)
{
    for (size_t i = 0; i < import->answers_n; i++)
        protobuf_c_message_free_unpacked(import->answers[i], NULL);
    free(import->answers);
    free(import->seats);
    free(import->rows);
    free(import->list);
}

/* The rows of those who are in the class now, each with its seat. */
static int write_seats(const struct import *import, const char *path)
{
    static const char title[] = "班内序号";
    char seat[16];
    size_t n = 0;
    struct sheet_writer *writer = form_file_copy(import->cli, import->file, path, title);
    if (writer == NULL)
        return CLI_FILE;
    for (size_t i = 0; i < import->file->n; i++) {
        if (import->seats[i] == 0)
            continue;
        snprintf(seat, sizeof(seat), "%u", import->seats[i]);
        form_file_copy_row(import->file, writer, i, title, seat);
        n++;
    }
    int status = sheet_writer_close(writer);
    if (status == CLI_OK)
        fprintf(stderr,
                import->cli->zh ? "%zu名在班学员及其班内序号已写入 %s\n"
                : n == 1        ? "%zu trainee with the seat is in %s\n"
                                : "%zu trainees with their seats are in %s\n",
                n, path);
    return status;
}

static int import_file(struct cli *cli, const struct form_file *file, struct import *import,
                       const char *rejects, const char *output)
{
    struct judgements judged;
    int status = judge_file(cli, file, DAY_NONE, &judged); /* ages are for the database: it knows the class */
    if (status != CLI_OK)
        return status;
    import->cli = cli;
    import->file = file;
    import->judged = &judged;
    status = cli_connect(cli);
    if (status == CLI_OK)
        status = import_rows(import);
    if (status == CLI_OK)
        status =
            judgements_tell(cli, file, &judged, import->dry_run ? TELL_JUDGED : TELL_REGISTERED, rejects);
    if (status <= CLI_ROWS_REFUSED && output != NULL) {
        int written = write_seats(import, output);
        status = written == CLI_OK ? status : written;
    }
    import->judged = NULL;
    judgements_free(&judged);
    import_free(import);
    return status;
}

static int roster_import(struct cli *cli, int argc, char **argv)
{
    const char *path, *number = NULL, *rejects = NULL, *output = NULL;
    struct import import = {0};
    const struct cli_option options[] = {{"class", &number, NULL},
                                         {"rejects", &rejects, NULL},
                                         {"output", &output, NULL},
                                         {"dry-run", NULL, &import.dry_run}};
    struct form_file file;
    if (!cli_options(cli, argc, argv, options, 4, &path, 1))
        return CLI_USAGE;
    if (number == NULL || (output != NULL && import.dry_run))
        return cli_usage(cli);
    if (!cli_number(cli, "--class", number, 1, INT64_MAX, &import.class_number) ||
        cli_same_file(cli, path, rejects) || cli_same_file(cli, path, output))
        return CLI_USAGE;
    int status = form_file_read(cli, path, &roster_form, &file);
    if (status != CLI_OK)
        return status;
    status = import_file(cli, &file, &import, rejects, output);
    if (status <= CLI_ROWS_REFUSED && import.dry_run)
        fputs(cli_say(cli, "只是检查，没有登记\n", "checked only: nothing was written\n"), stderr);
    form_file_free(&file);
    return status;
}

/* ---- list ---- */

PAGES_ASK(Mingce__V1__RosterListRequest)

static void warnings_cell(struct table *table, const struct cli *cli, const Mingce__V1__Trainee *trainee)
{
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

static size_t show(struct table *table, const struct cli *cli, const ProtobufCMessage *answer,
                   ProtobufCBinaryData *next)
{
    const Mingce__V1__RosterListResponse *response = (const Mingce__V1__RosterListResponse *) answer;
    char time[CLI_TIME];
    for (size_t i = 0; i < response->n_trainee; i++) {
        const Mingce__V1__Trainee *trainee = response->trainee[i];
        cli_time(trainee->enrolled_at_ms, time);
        table_number(table, trainee->seat);
        table_text(table, trainee->name);
        table_text(table, trainee->document_type);
        table_text(table, trainee->document_number);
        table_text(table, trainee->trainee_group);
        table_text(table, trainee->phone);
        table_text(table, time);
        warnings_cell(table, cli, trainee);
        table_row(table);
    }
    if (response->has_next)
        *next = response->next;
    return response->n_trainee;
}

static int roster_list(struct cli *cli, int argc, char **argv)
{
    static const struct table_column columns[] = {
        {"seat", "班内序号", "seat", true},
        {"name", "姓名", "name", false},
        {"document_type", "证件类型", "document", false},
        {"document_number", "证件号码", "number", false},
        {"trainee_group", "人员类别", "group", false},
        {"phone", "联系电话", "phone", false},
        {"enrolled_at", "登记时间", "enrolled", false},
        {"warnings", "提示", "warnings", false},
    };
    Mingce__V1__RosterListRequest request = MINGCE__V1__ROSTER_LIST_REQUEST__INIT;
    const char *limit = NULL, *number = NULL;
    const struct cli_option options[] = {{"class", &number, NULL}, {"limit", &limit, NULL}};
    const struct pages pages = {.method = "roster.list",
                                .columns = columns,
                                .columns_n = sizeof(columns) / sizeof(*columns),
                                .request = ask,
                                .show = show,
                                .context = &request};
    if (!cli_options(cli, argc, argv, options, 2, NULL, 0))
        return CLI_USAGE;
    if (number == NULL)
        return cli_usage(cli);
    if (!cli_number(cli, "--class", number, 1, INT64_MAX, &request.class_number))
        return CLI_USAGE;
    return pages_print(cli, &pages, limit, 0);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"roster",
     "check",
     roster_check_file,
     "离线检查花名册，不联网",
     "checks a roster, offline",
     "roster check FILE.csv [--starts YYYY-MM-DD] [--rejects FILE]\n",
     "  --starts   开班日期，用于核对年龄；默认今天\n" REJECTS_ZH "\n"
     "  mingce roster check 花名册.csv --rejects 退回.csv\n",
     "  --starts   the class's first day, for ages; default today\n" REJECTS_EN "\n"
     "  mingce roster check roster.csv --rejects rejects.csv\n",
     {&roster_form}},
    {"roster",
     "import",
     roster_import,
     "把花名册导入班级",
     "imports a roster into a class",
     "roster import FILE.csv --class NUMBER [--dry-run] [--rejects FILE] [--output FILE]\n",
     "  --dry-run  只检查，不登记\n" REJECTS_ZH "  --output   把已在班的行连同班内序号写入此文件\n"
     "  再次导入同一文件不会重复登记\n"
     "\n"
     "  mingce roster import 花名册.csv --class 202600001 --rejects 退回.csv\n",
     "  --dry-run  every check, nothing written\n" REJECTS_EN
     "  --output   writes the rows of the class's trainees with their seats\n"
     "  the same file again adds nothing\n"
     "\n"
     "  mingce roster import roster.csv --class 202600001 --rejects rejects.csv\n",
     {&roster_form}},
    {"roster",
     "list",
     roster_list,
     "班级的学员（脱敏）",
     "the trainees of a class, masked",
     "roster list --class NUMBER [--limit N]\n",
     NULL,
     NULL,
     {NULL}},
};
const struct commands roster_commands = {commands, sizeof(commands) / sizeof(*commands)};
