/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of payments (C5, F13, F14). */
#include "proto/batch.pb-c.h"

#include <stdio.h>

#include "client/cli/command/hex.h"
#include "client/cli/command/import.h"
#include "client/cli/command/money.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/frame/call.h"
#include "client/cli/noun/batch_file.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/cell.h"

enum { VERSION_MOST = 100000000, LINES_MOST = 2000, PAGE = 2000, NUMBER_MOST = 100000000 };

/* ---- make, add, remove, send ---- */

static const struct shown made_columns[] = {
    {"batch_id", "批次编号", "batch", .as = AS_ID},
    {"reference", "批次号", "reference", .as = AS_TEXT},
};
static const struct show made = SHOW(made_columns);

static int batch_make(struct cli *cli, struct given *given)
{
    Mingce__V1__BatchMakeRequest request = MINGCE__V1__BATCH_MAKE_REQUEST__INIT;
    request.purpose = given_text(given, "purpose");
    return show_write(cli, "batch.make", &request.base, &made);
}

enum { FIELD_SUBJECT, FIELD_VERSION };
static const struct form_field entry_fields[] = {
    [FIELD_SUBJECT] = {"subject_id",
                       "申领编号",
                       "claim",
                       {"申领编号", "claimid", "claim", "subjectid", "项目款编号", "trancheid", "tranche"},
                       FORM_NEEDED},
    [FIELD_VERSION] = {"version", "版本", "version", {"版本", "version"}, FORM_NEEDED},
};
const struct form batch_form = {.noun = "batch",
                                .fields = entry_fields,
                                .n = sizeof(entry_fields) / sizeof(*entry_fields),
                                .needed = {FIELD_SUBJECT, FIELD_VERSION}};

static bool entry_read(void *context, struct row *read)
{
    const Mingce__V1__MoneySubject *kind = context;
    Mingce__V1__BatchEntry *row = read->message;
    row->subject_id = (ProtobufCBinaryData){HEX_ID, read->text};
    row->has_subject_kind = true;
    row->subject_kind = *kind;
    return rows_id(read->file, read->i, FIELD_SUBJECT, read->text, read->judgement) &&
           rows_whole(read->file, read->i, FIELD_VERSION, VERSION_MOST, &row->version, read->judgement);
}

static const struct row_form entry_rows = {.form = &batch_form, .text = HEX_ID, .read = entry_read};

/* batch add and batch remove. */
static int batch_rows(struct cli *cli, struct given *given)
{
    Mingce__V1__BatchEntriesRequest request = MINGCE__V1__BATCH_ENTRIES_REQUEST__INIT;
    Mingce__V1__MoneySubject kind = given_has(given, "tranches") ? MINGCE__V1__MONEY_SUBJECT__MONEY_TRANCHE
                                                                 : MINGCE__V1__MONEY_SUBJECT__MONEY_CLAIM;
    const struct rows_import import = {.method = given->command->method,
                                       .rows = &entry_rows,
                                       .request = &request.base,
                                       .context = &kind,
                                       .tell = TELL_STEPPED,
                                       .most = LINES_MOST};
    request.batch_id = given_id(given, "BATCH");
    return rows_import(cli, &import, given);
}

/* After a refusal: says what the batch has now, if that is not what who sends it has said. */
static void totals_tell(const struct cli *cli, const Mingce__V1__BatchSendRequest *said)
{
    Mingce__V1__BatchListRequest request = MINGCE__V1__BATCH_LIST_REQUEST__INIT;
    char yuan[MONEY_TEXT];
    int status;
    request.has_batch_id = true;
    request.batch_id = said->batch_id;
    Mingce__V1__BatchListResponse *answer =
        (Mingce__V1__BatchListResponse *) cli_call(cli, "batch.list", &request.base, &status);
    if (answer == NULL)
        return;
    if (answer->n_batch == 1 &&
        (answer->batch[0]->lines != said->lines || answer->batch[0]->amount_fen != said->amount_fen)) {
        money_text(answer->batch[0]->amount_fen, yuan);
        fprintf(stderr, cli->zh ? "批次现有%u笔，共%s元\n" : "the batch has %u lines, %s yuan in all\n",
                answer->batch[0]->lines, yuan);
    }
    mingce__v1__batch_list_response__free_unpacked(answer, NULL);
}

static int batch_send(struct cli *cli, struct given *given)
{
    Mingce__V1__BatchSendRequest request = MINGCE__V1__BATCH_SEND_REQUEST__INIT;
    request.batch_id = given_id(given, "BATCH");
    request.lines = (uint32_t) given_number(given, "lines");
    request.amount_fen = given_fen(given, "amount");
    int status = cli_write(cli, "batch.send", &request.base);
    if (status == CLI_REFUSED)
        totals_tell(cli, &request);
    return status;
}

/* ---- export ---- */

/* Writes what is left after `head`, the first page. Returns the exit status. */
static int pages_write(struct cli *cli, Mingce__V1__BatchExportRequest *request, struct batch_file *file,
                       const Mingce__V1__BatchExportResponse *head)
{
    struct pages_way way = {.steps = 0};
    int status = batch_file_add(cli, file, head->payment, head->n_payment);
    if (status == CLI_OK)
        status = pages_go_on(cli, &way, head->n_payment,
                             head->has_next ? head->next : (ProtobufCBinaryData){0, way.bytes});
    while (status == CLI_OK && way.cursor.len > 0) {
        request->has_cursor = true;
        request->cursor = way.cursor;
        Mingce__V1__BatchExportResponse *page =
            (Mingce__V1__BatchExportResponse *) cli_call(cli, "batch.export", &request->base, &status);
        if (page == NULL)
            return status;
        status = batch_file_add(cli, file, page->payment, page->n_payment);
        if (status == CLI_OK)
            status = pages_go_on(cli, &way, page->n_payment,
                                 page->has_next ? page->next : (ProtobufCBinaryData){0, way.bytes});
        mingce__v1__batch_export_response__free_unpacked(page, NULL);
    }
    return status;
}

static void exported_tell(const struct cli *cli, const Mingce__V1__BatchExportResponse *head)
{
    if (cli->json)
        printf("{\"reference\":\"%s\",\"exported\":%u}\n", head->reference, head->lines);
    else
        printf("%s: %s, %u\n",
               cli_say(cli, "已导出（文件含明文账户，交银行后请删除）",
                       "exported (the file holds accounts in clear: delete it once the bank has it)"),
               head->reference, head->lines);
}

static int batch_export(struct cli *cli, struct given *given)
{
    Mingce__V1__BatchExportRequest request = MINGCE__V1__BATCH_EXPORT_REQUEST__INIT;
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    request.batch_id = given_id(given, "BATCH");
    request.has_page_rows = true;
    request.page_rows = PAGE;
    Mingce__V1__BatchExportResponse *head =
        (Mingce__V1__BatchExportResponse *) cli_call(cli, "batch.export", &request.base, &status);
    if (head == NULL)
        return status;
    struct batch_file *file = batch_file_begin(given_text(given, "FILE.csv"), given_has(given, "gb"), head);
    status = file == NULL ? cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL)
                          : pages_write(cli, &request, file, head);
    if (status == CLI_OK && !batch_file_whole(file))
        status = cli_fail(cli, CLI_FILE, "导出的笔数或金额与批次不符，请勿交银行",
                          "what was exported does not come to the batch's totals: do not give it to the bank",
                          NULL);
    if (status == CLI_OK)
        status = batch_file_end(cli, file);
    if (status == CLI_OK)
        exported_tell(cli, head);
    batch_file_free(file);
    mingce__v1__batch_export_response__free_unpacked(head, NULL);
    return status;
}

/* ---- reply ---- */

enum {
    REPLY_REFERENCE,
    REPLY_LINE,
    REPLY_RESULT,
    REPLY_BANK_REFERENCE,
    REPLY_TRADED_ON,
    REPLY_REASON_CODE,
    REPLY_REASON,
    REPLY_FEN
};
static const struct form_field reply_fields[] = {
    [REPLY_REFERENCE] = {"reference", "批次号", "reference", {"批次号", "reference"}, FORM_NEEDED},
    [REPLY_LINE] = {"line", "序号", "line", {"序号", "line"}, FORM_NEEDED},
    [REPLY_RESULT] = {"result", "结果", "result", {"结果", "result"}, FORM_NEEDED},
    [REPLY_BANK_REFERENCE] =
        {"bank_reference", "银行流水号", "bank reference", {"银行流水号", "bankreference"}, FORM_OPTIONAL},
    [REPLY_TRADED_ON] = {"traded_on", "交易日期", "day", {"交易日期", "tradedon", "day"}, FORM_OPTIONAL},
    [REPLY_REASON_CODE] = {"reason_code", "原因码", "reason code", {"原因码", "reasoncode"}, FORM_OPTIONAL},
    [REPLY_REASON] = {"reason", "原因", "reason", {"原因", "reason"}, FORM_OPTIONAL},
    [REPLY_FEN] = {"amount_fen", "金额元", "amount (yuan)", {"金额元", "金额", "amount"}, FORM_OPTIONAL},
};
const struct form reply_form = {.noun = "reply",
                                .fields = reply_fields,
                                .n = sizeof(reply_fields) / sizeof(*reply_fields),
                                .needed = {REPLY_REFERENCE, REPLY_LINE}};

static bool reply_read(void *context, struct row *read)
{
    const struct form_file *file = read->file;
    Mingce__V1__BatchAnswer *row = read->message;
    const char *result = form_file_cell(file, read->i, REPLY_RESULT),
               *fen = form_file_cell(file, read->i, REPLY_FEN);
    int state = result == NULL ? 0 : word_number(WORD_BATCH_LINE, result);
    (void) context;
    row->reference = form_file_cell(file, read->i, REPLY_REFERENCE);
    row->bank_reference = form_file_cell(file, read->i, REPLY_BANK_REFERENCE);
    row->reason_code = form_file_cell(file, read->i, REPLY_REASON_CODE);
    row->reason = form_file_cell(file, read->i, REPLY_REASON);
    row->result = (Mingce__V1__BatchLineState) state;
    row->has_amount_fen = fen != NULL;
    row->amount_fen = cell_fen(fen);
    bool good = rows_whole(file, read->i, REPLY_LINE, NUMBER_MOST, &row->line, read->judgement) &&
                row_day(read, REPLY_TRADED_ON, false, read->text, &row->traded_on);
    if (good && row->reference == NULL)
        good = rows_refuse(read->judgement, REASON_NEVER_SENT, "reference");
    if (good && (state < MINGCE__V1__BATCH_LINE_STATE__LINE_PAID ||
                 state > MINGCE__V1__BATCH_LINE_STATE__LINE_RETURNED))
        good = rows_refuse(read->judgement, REASON_BANK_ANSWER, "result");
    if (good && row->has_amount_fen && row->amount_fen < 0)
        good = rows_refuse(read->judgement, REASON_BANK_AMOUNT, "amount_fen");
    return good;
}

static const struct row_form reply_rows = {.form = &reply_form, .text = DAY_TEXT, .read = reply_read};

static int batch_reply(struct cli *cli, struct given *given)
{
    Mingce__V1__BatchReplyRequest request = MINGCE__V1__BATCH_REPLY_REQUEST__INIT;
    const struct rows_import import = {.method = "batch.reply",
                                       .rows = &reply_rows,
                                       .request = &request.base,
                                       .tell = TELL_STEPPED,
                                       .most = LINES_MOST};
    return rows_import(cli, &import, given);
}

/* ---- list, show, ask ---- */

static const struct shown list_columns[] = {
    {"batch_id", "批次编号", "batch", .as = AS_ID},
    {"reference", "批次号", "reference", .as = AS_TEXT},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_BATCH_STATE},
    {"lines", "笔数", "lines", .as = AS_NUMBER},
    {"amount_fen", "金额", "amount", .as = AS_MONEY},
    {"waiting", "待发送", "waiting", .as = AS_NUMBER},
    {"sent", "已送银行", "sent", .as = AS_NUMBER},
    {"paid", "已支付", "paid", .as = AS_NUMBER},
    {"refused", "银行拒付", "refused", .as = AS_NUMBER},
    {"unknown", "结果不明", "unknown", .as = AS_NUMBER},
    {"returned", "退票", "returned", .as = AS_NUMBER},
    {"paid_fen", "已付金额", "paid amount", .as = AS_MONEY},
    {"purpose", "用途", "purpose", .as = AS_TEXT},
};
static const struct show batches = SHOW(list_columns);

static int batch_list(struct cli *cli, struct given *given)
{
    Mingce__V1__BatchListRequest request = MINGCE__V1__BATCH_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "batch.list", .show = &batches, .request = &request.base};
    request.has_state = given_has(given, "state");
    request.state = (Mingce__V1__BatchState) given_word(given, "state");
    request.reference = given_text(given, "reference");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

static void obstacle_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Finding *obstacle = ((const Mingce__V1__BatchLine *) message)->obstacle;
    if (obstacle == NULL)
        table_text(table, NULL);
    else
        table_cell(table, cli_say(cli, obstacle->zh, obstacle->en), json_object_new_string(obstacle->reason));
}

static int batch_settle(struct cli *cli, struct given *given)
{
    Mingce__V1__BatchSettleRequest request = MINGCE__V1__BATCH_SETTLE_REQUEST__INIT;
    request.batch_id = given_id(given, "BATCH");
    request.line = (uint32_t) given_number(given, "line");
    request.dispute = (uint32_t) given_number(given, "dispute");
    request.note = given_text(given, "note");
    return cli_write(cli, "batch.settle", &request.base);
}

static void dispute_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__BatchDispute *dispute = ((const Mingce__V1__BatchLine *) message)->dispute;
    if (dispute == NULL)
        table_text(table, NULL);
    else
        table_cell(table, cli_say(cli, dispute->finding->zh, dispute->finding->en),
                   json_object_new_string(dispute->finding->reason));
}

static void dispute_fen_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__BatchDispute *dispute = ((const Mingce__V1__BatchLine *) message)->dispute;
    (void) cli;
    money_cell(table, dispute != NULL && dispute->has_amount_fen, dispute == NULL ? 0 : dispute->amount_fen);
}

static const struct shown line_columns[] = {
    {"reference", "批次号", "reference", .as = AS_TEXT},
    {"line", "序号", "line", .as = AS_NUMBER},
    {"subject_kind", "款项", "kind", .as = AS_WORD, .words = WORD_BATCH_SUBJECT},
    {"subject_id", "申领编号", "claim", .as = AS_ID},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"amount_fen", "金额", "amount", .as = AS_MONEY},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_BATCH_LINE},
    {"organisation_name", "收款单位", "paid to", .as = AS_TEXT},
    {"bank_reference", "银行流水号", "bank reference", .as = AS_TEXT},
    {"traded_on", "交易日期", "day", .as = AS_TEXT},
    {"reason_code", "原因码", "reason code", .as = AS_TEXT},
    {"reason", "原因", "reason", .as = AS_TEXT},
    {"obstacle", "尚不能送银行的原因", "cannot be sent", .as = AS_CELL, .cell = obstacle_cell},
    {"dispute", "待处理的矛盾答复", "contradicts, to be settled", .as = AS_CELL, .cell = dispute_cell},
    {"dispute_result", "银行另称", "the bank says", .as = AS_WORD, .words = WORD_BATCH_LINE,
     .field = "dispute.result"},
    {"dispute_number", "矛盾答复序号", "contradiction number", .as = AS_NUMBER, .field = "dispute.dispute"},
    {"dispute_reference", "所称流水号", "by reference", .as = AS_TEXT, .field = "dispute.bank_reference"},
    {"dispute_on", "所称交易日期", "of the day", .as = AS_TEXT, .field = "dispute.traded_on"},
    {"dispute_fen", "所称金额", "of the amount", .as = AS_CELL, .cell = dispute_fen_cell},
};
static const struct show lines = SHOW(line_columns);

/* batch show and batch ask. */
static int batch_lines(struct cli *cli, struct given *given)
{
    Mingce__V1__BatchShowRequest request = MINGCE__V1__BATCH_SHOW_REQUEST__INIT;
    const struct pages pages = {.method = given->command->method, .show = &lines, .request = &request.base};
    bool one = given->command->arguments != NULL;
    request.has_batch_id = one;
    if (one) {
        request.batch_id = given_id(given, "BATCH");
        request.has_state = given_has(given, "state");
        request.state = (Mingce__V1__BatchLineState) given_word(given, "state");
    }
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- disputes ---- */

static void why_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Finding *why = ((const Mingce__V1__BatchDisputed *) message)->finding;
    table_cell(table, cli_say(cli, why->zh, why->en), json_object_new_string(why->reason));
}

static const struct shown dispute_columns[] = {
    {"batch_id", "批次编号", "batch", .as = AS_ID},
    {"reference", "批次号", "reference", .as = AS_TEXT},
    {"line", "序号", "line", .as = AS_NUMBER},
    {"dispute", "矛盾答复序号", "contradiction number", .as = AS_NUMBER},
    {"finding", "矛盾之处", "in what", .as = AS_CELL, .cell = why_cell},
    {"state", "此笔状态", "the line is", .as = AS_WORD, .words = WORD_BATCH_LINE},
    {"amount_fen", "此笔金额", "its amount", .as = AS_MONEY},
    {"result", "银行另称", "the bank says", .as = AS_WORD, .words = WORD_BATCH_LINE},
    {"bank_reference", "所称流水号", "by reference", .as = AS_TEXT},
    {"traded_on", "所称交易日期", "of the day", .as = AS_TEXT},
    {"said_fen", "所称金额", "of the amount", .as = AS_MONEY},
    {"read_by", "读入人", "read in by", .as = AS_TEXT},
    {"read_at", "读入时间", "read in", .as = AS_TIME},
    {"settled_by", "处理人", "settled by", .as = AS_TEXT},
    {"settled_at", "处理时间", "settled", .as = AS_TIME},
    {"note", "处理结果", "what came of it", .as = AS_TEXT},
};
static const struct show disputes = SHOW(dispute_columns);

static int batch_disputes(struct cli *cli, struct given *given)
{
    Mingce__V1__BatchDisputesRequest request = MINGCE__V1__BATCH_DISPUTES_REQUEST__INIT;
    const struct pages pages = {.method = "batch.disputes", .show = &disputes, .request = &request.base};
    request.has_batch_id = given_has(given, "batch");
    if (request.has_batch_id)
        request.batch_id = given_id(given, "batch");
    request.has_open = request.open = given_has(given, "open");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

#define ARGUMENT_BATCH                                                                                       \
    {                                                                                                        \
        "BATCH", VALUE_ID, NEEDED, .zh = "批次编号，见 batch list",                                          \
                                   .en = "the batch's id, as batch list has it"                              \
    }
#define OPTION_TRANCHES                                                                                      \
    {                                                                                                        \
        "tranches", VALUE_FLAG, .zh = "文件中的编号是项目款的",                                              \
                                .en = "the ids in the file are those of tranches"                            \
    }

static const struct command commands[] = {
    {.noun = "batch",
     .verb = "make",
     .run = batch_make,
     .method = "batch.make",
     .zh = "新建支付批次",
     .en = "begins a batch of payments",
     OPTIONS({"purpose", VALUE_TEXT, NEEDED, .zh = "用途，写入银行文件",
              .en = "what for, as the bank's file says it"}),
     .example_zh = "batch make --purpose 职业培训补贴",
     .example_en = "batch make --purpose \"training subsidies\""},
    {.noun = "batch",
     .verb = "add",
     .run = batch_rows,
     .method = "batch.add",
     .zh = "把已核准的申领列入批次",
     .en = "puts approved claims into a batch",
     ARGUMENTS(ARGUMENT_BATCH, ARGUMENT_ROWS),
     OPTIONS(OPTION_TRANCHES, OPTION_REJECTS),
     .notes_zh = "文件可由 claim list --state approved --output 文件 得到",
     .notes_en = "claim list --state approved --output FILE writes such a file",
     .reads = {&batch_form}},
    {.noun = "batch",
     .verb = "remove",
     .run = batch_rows,
     .method = "batch.remove",
     .zh = "把申领移出未送银行的批次",
     .en = "takes claims out of a batch that is not sent",
     ARGUMENTS(ARGUMENT_BATCH, ARGUMENT_ROWS),
     OPTIONS(OPTION_TRANCHES, OPTION_REJECTS),
     .reads = {&batch_form}},
    {.noun = "batch",
     .verb = "send",
     .final = true,
     .run = batch_send,
     .method = "batch.send",
     .zh = "把批次送银行；须由另一人办理",
     .en = "sends a batch, by another person than who made it",
     ARGUMENTS(ARGUMENT_BATCH),
     OPTIONS({"lines", VALUE_NUMBER, NEEDED, .least = 1, .most = INT32_MAX, .zh = "所见的笔数",
              .en = "how many lines were seen"},
             {"amount", VALUE_YUAN, NEEDED, "YUAN", .zh = "所见的总金额", .en = "the sum that was seen"}),
     .example_zh = "batch send 018f2f6c0d7b7a3c9e5d1a2b3c4d5e6f --lines 120 --amount 204000.00",
     .example_en = "batch send 018f2f6c0d7b7a3c9e5d1a2b3c4d5e6f --lines 120 --amount 204000.00"},
    {.noun = "batch",
     .verb = "export",
     .run = batch_export,
     .method = "batch.export",
     .zh = "导出银行文件（明文，留痕）",
     .en = "exports the bank's file, in clear, on record",
     ARGUMENTS(ARGUMENT_BATCH,
               {"FILE.csv", VALUE_NEW_FILE, NEEDED, .zh = "写入的文件；分段时文件名后加段号",
                .en = "the file that is written; of several parts each has its number in the name"}),
     OPTIONS({"gb", VALUE_FLAG, .zh = "用GB18030编码，默认UTF-8", .en = "in GB18030; otherwise UTF-8"}),
     .notes_zh = "再次导出内容不变；SHA256为第三行起各字节的摘要",
     .notes_en = "exported again it has the same bytes; SHA256 is of the bytes from the third line on"},
    {.noun = "batch",
     .verb = "reply",
     .run = batch_reply,
     .method = "batch.reply",
     .zh = "读入银行回单",
     .en = "reads the bank's answer",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_REJECTS),
     .notes_zh = "结果：已支付（成功） 银行拒付（失败） 结果不明（不明） 退票；重复读入不作更改",
     .notes_en =
         "result: paid (success), refused (failed), unknown, returned; what is read twice changes nothing",
     .reads = {&reply_form}},
    {.noun = "batch",
     .verb = "list",
     .run = batch_list,
     .method = "batch.list",
     .zh = "支付批次一览",
     .en = "lists batches of payments",
     OPTIONS({"state", VALUE_WORD, .value = "STATE", .table = WORD_BATCH_STATE, .zh = "只列此状态的",
              .en = "of one state"},
             {"reference", VALUE_TEXT, .zh = "批次号", .en = "what the bank knows it by"}, OPTIONS_LIST)},
    {.noun = "batch",
     .verb = "show",
     .run = batch_lines,
     .method = "batch.show",
     .zh = "批次内各笔及银行答复",
     .en = "lists a batch's lines with what the bank said",
     ARGUMENTS(ARGUMENT_BATCH),
     OPTIONS({"state", VALUE_WORD, .value = "STATE", .table = WORD_BATCH_LINE, .zh = "只列此状态的",
              .en = "of one state"},
             OPTIONS_LIST)},
    {.noun = "batch",
     .verb = "ask",
     .run = batch_lines,
     .method = "batch.ask",
     .zh = "须向银行查询的各笔：未答复、结果不明或答复矛盾",
     .en = "lists lines to ask the bank about: not answered, unknown, or answered with a contradiction",
     OPTIONS(OPTIONS_LIST)},
    {.noun = "batch",
     .verb = "disputes",
     .run = batch_disputes,
     .method = "batch.disputes",
     .zh = "银行前后矛盾的答复，及由谁处理、如何处理",
     .en = "lists answers of the bank that contradict, and what came of them",
     OPTIONS({"batch", VALUE_ID, .value = "BATCH", .zh = "只列此批次的", .en = "of one batch"},
             {"open", VALUE_FLAG, .zh = "只列待处理的", .en = "only those that wait to be settled"},
             OPTIONS_LIST)},
    {.noun = "batch",
     .verb = "settle",
     .run = batch_settle,
     .method = "batch.settle",
     .zh = "登记矛盾答复的处理结果；由复核人员办理，且不得是读入回单的人",
     .en = "settles answers of the bank that contradict, by an approver who did not read them in",
     ARGUMENTS(ARGUMENT_BATCH),
     OPTIONS({"line", VALUE_NUMBER, NEEDED, .least = 1, .most = INT32_MAX, .zh = "序号，见 batch disputes",
              .en = "the line's number, as batch disputes has it"},
             {"dispute", VALUE_NUMBER, NEEDED, .least = 1, .most = INT32_MAX,
              .zh = "所见的矛盾答复序号，见 batch disputes；此笔截至该序号的均予处理",
              .en =
                  "the number of the answer that was seen, as batch disputes has it: it and those before it "
                  "are settled"},
             {"note", VALUE_TEXT, NEEDED, .zh = "处理结果", .en = "what came of it"}),
     .notes_zh = "只登记处理结果，不改变该笔状态和账目；若以后一次答复为准，请银行以退票更正，或用 claim "
                 "claw-back、fund recover 追回",
     .notes_en =
         "it records what came of it, and changes neither the line nor the ledgers; if the later answer "
         "holds, the bank corrects it by a return, or the money is clawed back (claim claw-back, fund "
         "recover)",
     .example_zh = "batch settle 018f2f6c0d7b7a3c9e5d1a2b3c4d5e6f --line 3 --dispute 1 --note "
                   "银行书面更正，以前次答复为准",
     .example_en = "batch settle 018f2f6c0d7b7a3c9e5d1a2b3c4d5e6f --line 3 --dispute 1 --note \"the bank "
                   "withdrew it in writing\""},
};
const struct commands batch_commands = {commands, sizeof(commands) / sizeof(*commands)};
