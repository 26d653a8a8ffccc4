/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/send.h"

#include <stdlib.h>

#include "client/cli/frame/call.h"
#include "client/cli/frame/message.h"
#include "client/cli/frame/method.h"
#include "client/cli/frame/receipts.h"

enum {
    IN_FLIGHT = 8 /* requests */,
    FRAME_SPARE = 1024 /* around a request */,
    ROW_SPARE = 8 /* around a row */
};

/* A request in flight. */
struct part {
    struct mingce_call *call;
    uint8_t request_id[MINGCE_REQUEST_ID];
    size_t end; /* row of the file with which the next request begins */
};

struct sending {
    const struct cli *cli;
    const struct rows_import *import;
    const struct form_file *file;
    struct judgements *judged;
    struct sent *sent;
    struct row_places places;     /* of the request that is being made */
    ProtobufCMessage **list;      /* its rows */
    size_t around;                /* bytes of it without them */
    struct part parts[IN_FLIGHT]; /* a ring */
    size_t parts_first, parts_n;
    size_t next; /* row of the file */
    struct said said;
    struct cli_progress progress;
};

static int out_of_memory(const struct cli *cli)
{
    return cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
}

/* Refuses a row that contradicts an earlier one that is sent. False: out of memory. */
static bool compare(struct sending *sending, const ProtobufCMessage *row, struct judgement *judgement)
{
    const char *field = NULL;
    uint32_t other = 0;
    if (sending->import->rows->says[0] == NULL)
        return true;
    return said_note(&sending->said, row, sending->import->rows->says, &field, &other) &&
           (field == NULL || judgement_find(judgement, REASON_CONTRADICTS, field, other));
}

/* Reads rows for the next request, as many as fit into it. False: out of memory. */
static bool part_fill(struct sending *sending, size_t *n)
{
    const struct rows_import *import = sending->import;
    size_t most = mingce_hello(sending->cli->server)->limits->frame_bytes, bytes = sending->around;
    for (*n = 0; sending->next < sending->file->n && *n < sending->places.n; sending->next++) {
        struct judgement *judgement = &sending->judged->rows[sending->next];
        if (judgement->verdict == MINGCE__V1__ROW_VERDICT__ROW_REFUSED)
            continue;
        if (!row_read(import->rows, import->context, sending->file, sending->next, judgement,
                      &sending->places, *n))
            return false;
        if (judgement->verdict == MINGCE__V1__ROW_VERDICT__ROW_REFUSED)
            continue;
        sending->list[*n] = row_message(&sending->places, *n);
        size_t row = protobuf_c_message_get_packed_size(sending->list[*n]) + ROW_SPARE;
        if (sending->around + row > most) { /* a cell that only earns a warning may be of any length */
            if (!rows_refuse(judgement, REASON_TEXT_LENGTH, ""))
                return false;
            continue;
        }
        if (bytes + row > most)
            return true; /* the next request begins with it */
        if (!compare(sending, sending->list[*n], judgement))
            return false;
        if (judgement->verdict == MINGCE__V1__ROW_VERDICT__ROW_REFUSED)
            continue;
        bytes += row;
        ++*n;
    }
    return true;
}

/* Sends the next request. CLI_OK also when there is nothing left. */
static int part_begin(struct sending *sending)
{
    const struct rows_import *import = sending->import;
    bool writes = method_declared(import->method)->writes;
    struct part part;
    struct mingce_error error;
    size_t n;
    if (!part_fill(sending, &n))
        return out_of_memory(sending->cli);
    if (n == 0)
        return CLI_OK;
    message_set_list(import->request, "row", sending->list, n);
    mingce_request_id(part.request_id);
    part.call = mingce_begin(sending->cli->server, import->method, import->request,
                             writes ? part.request_id : NULL, &error);
    if (part.call == NULL)
        return cli_fail_call(sending->cli, &error);
    part.end = sending->next;
    sending->parts[(sending->parts_first + sending->parts_n++) % IN_FLIGHT] = part;
    return CLI_OK;
}

/* Waits for the oldest request. After a failure, which has been said, no other one is. */
static int part_end(struct sending *sending, bool failed)
{
    const struct method *method = method_declared(sending->import->method);
    struct mingce_error error;
    struct part part = sending->parts[sending->parts_first];
    sending->parts_first = (sending->parts_first + 1) % IN_FLIGHT;
    sending->parts_n--;
    ProtobufCMessage *answer = mingce_wait(sending->cli->server, part.call, method->response, &error);
    cli_progress(sending->cli, &sending->progress, part.end, sending->file->n);
    if (answer == NULL)
        return failed ? CLI_OK : cli_fail_call(sending->cli, &error);
    receipt_keep(sending->cli, part.request_id, method->name);
    sending->sent->answers[sending->sent->n++] = answer;
    return rows_take(sending->judged, answer, "result") ? CLI_OK : out_of_memory(sending->cli);
}

static int broke_off(const struct sending *sending, int status)
{
    if (sending->import->dry_run)
        return cli_fail(sending->cli, status, "检查中断，没有登记任何内容；排除故障后请再试",
                        "the check broke off; nothing was written: try again", NULL);
    return cli_fail(
        sending->cli, status, "导入中断：已答复的行已登记；排除故障后再次导入同一文件即可，不会重复登记",
        "the import broke off: what was answered is recorded; import the same file again, nothing is "
        "recorded twice",
        NULL);
}

static int send_all(struct sending *sending)
{
    int status = CLI_OK;
    cli_progress(sending->cli, &sending->progress, 0, sending->file->n);
    while (status == CLI_OK && (sending->parts_n > 0 || sending->next < sending->file->n)) {
        while (status == CLI_OK && sending->parts_n < IN_FLIGHT && sending->next < sending->file->n)
            status = part_begin(sending);
        if (status == CLI_OK && sending->parts_n > 0)
            status = part_end(sending, false);
    }
    while (sending->parts_n > 0)
        (void) part_end(sending, true);
    if (status != CLI_OK && sending->sent->n > 0)
        broke_off(sending, status);
    return status;
}

int send_rows(const struct cli *cli, const struct rows_import *import, const struct form_file *file,
              struct judgements *judged, struct sent *sent)
{
    struct sending sending = {.cli = cli, .import = import, .file = file, .judged = judged, .sent = sent};
    size_t most = import->most > 0 ? import->most : mingce_hello(cli->server)->limits->roster_rows;
    sending.around = protobuf_c_message_get_packed_size(import->request) + FRAME_SPARE;
    sending.list = calloc(most, sizeof(*sending.list));
    sent->answers = calloc(file->n, sizeof(*sent->answers));
    bool good =
        row_places_make(&sending.places, import->request->descriptor, "row", import->rows->text, most);
    int status =
        good && sending.list != NULL && sent->answers != NULL ? send_all(&sending) : out_of_memory(cli);
    row_places_free(&sending.places);
    said_free(&sending.said);
    free(sending.list);
    return status;
}

void sent_free(struct sent *sent)
{
    for (size_t i = 0; i < sent->n; i++)
        protobuf_c_message_free_unpacked(sent->answers[i], NULL);
    free(sent->answers);
    *sent = (struct sent){0};
}
