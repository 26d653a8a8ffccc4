/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/cli/frame/done.h"
#include "client/cli/frame/field.h"
#include "proto/rules/cell.h"

bool rows_refuse(struct judgement *judgement, enum reason reason, const char *field)
{
    const struct reason_text *text = reason_text(reason);
    judgement->verdict = VERDICT_REJECT;
    return judgement_add(
        judgement,
        &(struct why){
            .code = text->name, .rule = text->rule, .field = field, .zh = text->zh, .en = text->en});
}

bool rows_id(const struct form_file *file, size_t i, int field, uint8_t id[HEX_ID],
             struct judgement *judgement)
{
    char clean[3 * HEX_ID];
    const char *cell = form_file_cell(file, i, field);
    return (cell != NULL && cell_number(cell, clean, sizeof(clean)) && hex_read(clean, id, HEX_ID)) ||
           rows_refuse(judgement, REASON_IDENTIFIER_CELL, file->form->fields[field].name);
}

int rows_number(const char *cell, int most)
{
    int count = cell_count(cell, most), tenths = count < 0 ? cell_tenths(cell, 10 * most) : -1;
    return tenths >= 0 && tenths % 10 == 0 ? tenths / 10 : count;
}

bool rows_whole(const struct form_file *file, size_t i, int field, int most, uint32_t *number,
                struct judgement *judgement)
{
    int count = rows_number(form_file_cell(file, i, field), most);
    *number = count < 0 ? 0 : (uint32_t) count;
    return count >= 0 || rows_refuse(judgement, REASON_COUNT_CELL, file->form->fields[field].name);
}

struct sending {
    const struct cli *cli;
    const struct rows_import *import;
    const struct form_file *file;
    struct judgements *judged;
    size_t *slots;
    ProtobufCMessage **answers; /* kept: the judgements point into them */
    size_t answers_n, next;
    struct cli_progress progress;
};

static int out_of_memory(const struct cli *cli)
{
    return cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
}

bool rows_take(struct judgements *judged, const Mingce__V1__RowResult *result)
{
    if (result->row == 0 || result->row > judged->n)
        return true;
    struct judgement *judgement = &judged->rows[result->row - 1];
    bool good = true;
    judgement->verdict = result->verdict == MINGCE__V1__ROW_VERDICT__ROW_DONE
                             ? result->n_finding > 0 ? VERDICT_WARN : VERDICT_ACCEPT
                         : result->verdict == MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED ? VERDICT_DUPLICATE
                                                                                     : VERDICT_REJECT;
    for (size_t i = 0; i < result->n_finding; i++) {
        const Mingce__V1__Finding *finding = result->finding[i];
        good = good &&
               judgement_add(judgement, &(struct why){.code = finding->reason,
                                                      .rule = finding->rule == NULL ? "" : finding->rule,
                                                      .field = finding->field == NULL ? "" : finding->field,
                                                      .zh = finding->zh,
                                                      .en = finding->en});
    }
    return good;
}

/* The next request, sent and answered. */
static int send_part(struct sending *sending, size_t most)
{
    int status;
    size_t n = 0;
    for (; sending->next < sending->file->n && n < most; sending->next++)
        if (sending->judged->rows[sending->next].verdict != VERDICT_REJECT)
            sending->slots[n++] = sending->next;
    if (n == 0)
        return CLI_OK;
    ProtobufCMessage *answer =
        cli_call(sending->cli, sending->import->method,
                 sending->import->request(sending->import->context, sending->slots, n), &status);
    cli_progress(sending->cli, &sending->progress, sending->next, sending->file->n);
    if (answer == NULL)
        return status;
    const Mingce__V1__RowsResponse *response = (const Mingce__V1__RowsResponse *) answer;
    sending->answers[sending->answers_n++] = answer;
    for (size_t i = 0; i < response->n_result; i++)
        if (!rows_take(sending->judged, response->result[i]))
            return out_of_memory(sending->cli);
    return CLI_OK;
}

static int send_all(struct sending *sending)
{
    size_t most = sending->import->most > 0 ? sending->import->most
                                            : mingce_hello(sending->cli->server)->limits->roster_rows;
    sending->slots = calloc(most, sizeof(*sending->slots));
    sending->answers = calloc(sending->file->n, sizeof(ProtobufCMessage *));
    int status = sending->slots == NULL || sending->answers == NULL ? out_of_memory(sending->cli) : CLI_OK;
    while (status == CLI_OK && sending->next < sending->file->n)
        status = send_part(sending, most);
    if (status != CLI_OK && sending->answers_n > 0)
        cli_fail(
            sending->cli, status, "导入中断：已答复的行已登记；再次导入同一文件即可，不会重复登记",
            "the import broke off: what was answered is recorded; import the same file again, nothing is "
            "recorded twice",
            NULL);
    return status;
}

static int read_rows(struct cli *cli, const struct rows_import *import, const struct form_file *file,
                     struct judgements *judged)
{
    *judged = (struct judgements){.rows = calloc(file->n, sizeof(*judged->rows)), .n = file->n};
    bool good = judged->rows != NULL && import->room(import->context, file->n);
    for (size_t i = 0; good && i < file->n; i++) {
        const char *broken = form_file_broken(file, i);
        good = broken != NULL ? rows_refuse(&judged->rows[i], REASON_TEXT_CHARACTER, broken)
                              : import->read(import->context, file, i, &judged->rows[i]);
    }
    return good ? CLI_OK : out_of_memory(cli);
}

static enum tell counts_of(const struct rows_import *import)
{
    return import->dry_run ? TELL_COULD : import->steps ? TELL_STEPPED : TELL_RECORDED;
}

int rows_import(struct cli *cli, const struct rows_import *import, const char *path, const char *rejects)
{
    struct form_file file;
    struct judgements judged = {0};
    int status = form_file_read(cli, path, import->form, &file);
    if (status != CLI_OK)
        return status;
    struct sending sending = {.cli = cli, .import = import, .file = &file, .judged = &judged};
    status = cli_connect(cli);
    if (status == CLI_OK && import->prepare != NULL)
        status = import->prepare(import->context, cli);
    if (status == CLI_OK)
        status = read_rows(cli, import, &file, &judged);
    judged.done = import->dry_run ? NULL : done_word(cli, import->method);
    if (status == CLI_OK)
        status = send_all(&sending);
    if (status == CLI_OK)
        status = judgements_tell(cli, &file, &judged, counts_of(import), rejects);
    judgements_free(&judged);
    for (size_t i = 0; import->tell != NULL && i < sending.answers_n; i++)
        import->tell(cli, (const Mingce__V1__RowsResponse *) sending.answers[i]);
    for (size_t i = 0; i < sending.answers_n; i++)
        protobuf_c_message_free_unpacked(sending.answers[i], NULL);
    free(sending.answers);
    free(sending.slots);
    form_file_free(&file);
    return status;
}

int rows_one(struct cli *cli, const char *method, const ProtobufCMessage *request)
{
    int status;
    Mingce__V1__RowsResponse *answer = (Mingce__V1__RowsResponse *) cli_answer(cli, method, request, &status);
    if (answer == NULL)
        return status;
    for (size_t i = 0; i < answer->n_result; i++)
        for (size_t f = 0; f < answer->result[i]->n_finding; f++) {
            const Mingce__V1__Finding *finding = answer->result[i]->finding[f];
            const char *field = finding->field == NULL ? "" : field_shown(cli, finding->field);
            char detail[256];
            snprintf(detail, sizeof(detail), "%s%s%s", finding->reason, *field == '\0' ? "" : ", ", field);
            status = answer->refused > 0 ? CLI_REFUSED : CLI_OK;
            cli_fail(cli, status, finding->zh, finding->en, detail);
        }
    if (answer->done > 0 && answer->refused == 0)
        done_print(cli, method);
    else if (answer->refused == 0)
        puts(cli->json ? "{\"done\":false}"
                       : cli_say(cli, "没有变化：此前已办理", "nothing changed: it was done before"));
    mingce__v1__rows_response__free_unpacked(answer, NULL);
    return status;
}
