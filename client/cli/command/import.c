/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/import.h"

#include <stdio.h>

#include "client/cli/frame/call.h"
#include "client/cli/frame/done.h"
#include "client/cli/frame/field.h"

/* Without a judge for the whole file each row is judged when it is read. */
static int judge(const struct cli *cli, const struct rows_import *import, const struct form_file *file,
                 struct judgements *judged)
{
    if (import->judge != NULL)
        return import->judge(cli, file, judged);
    return judgements_make(judged, file->n) ? CLI_OK
                                            : cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
}

static int import_file(struct cli *cli, const struct rows_import *import, const struct form_file *file,
                       const char *rejects)
{
    struct judgements judged = {0};
    struct sent sent = {0};
    int status = judge(cli, import, file, &judged);
    if (status == CLI_OK)
        status = cli_connect(cli);
    if (status == CLI_OK && import->prepare != NULL)
        status = import->prepare(import->context, cli);
    if (status == CLI_OK)
        status = send_rows(cli, import, file, &judged, &sent);
    judged.done = import->dry_run ? NULL : done_word(cli, import->method);
    if (status == CLI_OK)
        status = judgements_tell(cli, file, &judged, import->tell, rejects);
    if (import->end != NULL)
        status = import->end(import->context, cli, file, &sent, status);
    judgements_free(&judged);
    sent_free(&sent);
    return status;
}

int rows_import(struct cli *cli, const struct rows_import *import, struct given *given)
{
    struct form_file file;
    struct rows_import chosen = *import;
    const struct form *forms[COMMAND_FORMS];
    size_t n = import->rows_n == 0 ? 1 : import->rows_n;
    for (size_t i = 0; i < n; i++)
        forms[i] = import->rows[i].form;
    int status = form_file_read_one_of(cli, given_text(given, "FILE.csv"), forms, n, &file);
    if (status != CLI_OK)
        return status;
    while (chosen.rows->form != file.form)
        chosen.rows++;
    status = import_file(cli, &chosen, &file, given_text(given, "rejects"));
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
