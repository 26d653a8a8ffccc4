/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/verify/audit.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/verify/log.h"
#include "proto/audit.pb-c.h"
#include "proto/log.pb-c.h"
#include "proto/tlog/merkle.h"
#include "proto/wire/wirescan.h"

static const struct shown columns[] = {
    {"leaf_index", "日志位置", "place in the log", .as = AS_NUMBER},
    {"at", "时间", "time", .as = AS_TIME},
    {"operator", "操作员", "operator", .as = AS_TEXT},
    {"organisation", "机构", "organisation", .as = AS_TEXT},
    {"method", "方法", "method", .as = AS_TEXT},
    {"record", "班级", "class", .as = AS_NUMBER},
    {"line", "行", "row", .as = AS_NUMBER},
    {"outcome", "结果", "outcome", .as = AS_WORD, .words = WORD_OUTCOME},
    {"person_id", "学员编号", "person", .as = AS_ID},
};
static const struct show list = SHOW(columns);

/* The class number of 8 big-endian bytes. */
static uint64_t record_number(ProtobufCBinaryData bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes.len && i < 8; i++)
        number = number << 8 | bytes.data[i];
    return number;
}

static void optional_number(struct table *table, bool there, uint64_t number)
{
    if (there)
        table_number(table, number);
    else
        table_text(table, NULL);
}

/* Puts the entry's number; programs also get the order in which it arrived in the database. */
static void place(struct table *table, const struct cli *cli, const Mingce__V1__AuditRecord *record)
{
    if (record->has_leaf_index)
        table_number(table, record->leaf_index);
    else
        table_text(table, cli->json ? NULL : cli_say(cli, "尚未编入", "not there yet"));
    table_member(table, "id", cli->json ? json_object_new_uint64(record->id) : NULL);
}

static void entry_row(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__AuditRecord *record = (const Mingce__V1__AuditRecord *) message;
    const Mingce__V1__AuditEntry *entry = record->entry;
    char time[CLI_TIME], person[2 * HEX_KEY_HASH + 1];
    cli_time((int64_t) entry->at_ms, time);
    hex_format(entry->has_person_id ? entry->person_id : (ProtobufCBinaryData){0, NULL}, person);
    place(table, cli, record);
    table_text(table, time);
    table_text(table, record->operator_name);
    table_text(table, record->organisation_name);
    if (record->has_unreadable && record->unreadable) {
        table_text(table, cli->json ? "unreadable"
                                    : cli_say(cli, "无法理解的记录", "an entry that cannot be understood"));
        for (size_t i = 0; i < 4; i++)
            table_text(table, NULL);
        return;
    }
    table_text(table, entry->method);
    optional_number(table, entry->has_record, record_number(entry->record));
    optional_number(table, entry->has_line, entry->line);
    word_cell(table, cli, WORD_OUTCOME, (int) entry->outcome);
    table_text(table, person[0] == '\0' ? NULL : person);
}

/* The first millisecond of the day that is `after` days later. */
static void day_take(struct given *given, const char *option, int after, protobuf_c_boolean *has, int64_t *ms)
{
    enum { DAY_MS = 86400000, SHANGHAI_MS = 8 * 3600000 };
    *has = given_has(given, option);
    *ms = ((int64_t) given_day(given, option) + after) * DAY_MS - SHANGHAI_MS;
}

/* Reads the options that narrow down the entries. */
static void filter_take(struct given *given, Mingce__V1__AuditListRequest *request)
{
    request->organisation_code = given_text(given, "organisation");
    request->method = given_text(given, "method");
    request->has_class_number = given_has(given, "class");
    request->class_number = given_number(given, "class");
    request->has_operator_id = given_has(given, "actor");
    request->operator_id = given_id(given, "actor");
    request->has_subject = given_has(given, "subject");
    request->subject = given_id(given, "subject");
    day_take(given, "from", 0, &request->has_from_ms, &request->from_ms);
    day_take(given, "to", 1, &request->has_until_ms, &request->until_ms);
}

static int entries_print(struct cli *cli, Mingce__V1__AuditListRequest *request, uint64_t most)
{
    const struct pages pages = {
        .method = "audit.list", .show = &list, .request = &request->base, .row = entry_row};
    return pages_print(cli, &pages, most);
}

int audit_about(struct cli *cli, ProtobufCBinaryData subject)
{
    Mingce__V1__AuditListRequest request = MINGCE__V1__AUDIT_LIST_REQUEST__INIT;
    request.has_subject = true;
    request.subject = subject;
    return entries_print(cli, &request, 0);
}

static int audit_log(struct cli *cli, struct given *given)
{
    Mingce__V1__AuditListRequest request = MINGCE__V1__AUDIT_LIST_REQUEST__INIT;
    filter_take(given, &request);
    return entries_print(cli, &request, pages_limit(cli, given));
}

/* ---- one entry ---- */

static void optional_hex(struct table *table, bool there, ProtobufCBinaryData bytes)
{
    hex_cell(table, there ? bytes : (ProtobufCBinaryData){0, NULL});
}

static void entry_print(const struct cli *cli, const Mingce__V1__LogEntry *record,
                        const Mingce__V1__AuditEntry *entry)
{
    static const struct table_column fields[] = {{"leaf_index", "日志位置", "place in the log", true},
                                                 {"at", "时间", "time", false},
                                                 {"operator_id", "操作员编号", "operator", false},
                                                 {"organisation_id", "机构编号", "organisation", false},
                                                 {"method", "方法", "method", false},
                                                 {"outcome", "结果", "outcome", false},
                                                 {"record", "班级", "class", true},
                                                 {"line", "行", "row", true},
                                                 {"person_id", "学员编号", "person", false},
                                                 {"subject", "对象编号", "subject", false},
                                                 {"purpose", "用途", "purpose", false},
                                                 {"case_reference", "案卷号", "case", false},
                                                 {"count", "人数", "persons", true},
                                                 {"request_id", "请求编号", "request", false},
                                                 {"request_digest", "请求摘要", "request digest", false},
                                                 {"commitments", "承诺数", "commitments", true},
                                                 {"rows", "变更的行数", "rows changed", true},
                                                 {"leaf_hash", "叶哈希", "leaf hash", false}};
    struct table *table = table_new(cli, fields, sizeof(fields) / sizeof(*fields));
    merkle_hash leaf;
    merkle_leaf(record->body.data, record->body.len, leaf);
    table_number(table, record->leaf_index);
    table_member(table, "id", cli->json ? json_object_new_uint64(record->entry_id) : NULL);
    table_time(table, true, (int64_t) entry->at_ms);
    hex_cell(table, entry->operator_id);
    hex_cell(table, entry->organisation_id);
    table_text(table, entry->method);
    word_cell(table, cli, WORD_OUTCOME, (int) entry->outcome);
    optional_number(table, entry->has_record, record_number(entry->record));
    optional_number(table, entry->has_line, entry->line);
    optional_hex(table, entry->has_person_id, entry->person_id);
    optional_hex(table, entry->has_subject, entry->subject);
    word_optional(table, cli, WORD_PURPOSE, entry->has_purpose, (int) entry->purpose);
    table_text(table, entry->case_reference);
    optional_number(table, entry->has_count, entry->count);
    hex_cell(table, entry->request_id);
    hex_cell(table, entry->request_digest);
    table_number(table, entry->n_commitment);
    table_number(table, entry->n_row);
    hex_cell(table, (ProtobufCBinaryData){MERKLE_HASH, leaf});
    table_row(table);
    table_end_record(table);
}

static int audit_show(struct cli *cli, struct given *given)
{
    Mingce__V1__LogEntriesRequest request = MINGCE__V1__LOG_ENTRIES_REQUEST__INIT;
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    request.first = given_number(given, "N");
    request.has_page_rows = true;
    request.page_rows = 1;
    Mingce__V1__LogEntriesResponse *answer =
        (Mingce__V1__LogEntriesResponse *) cli_call(cli, "log.entries", &request.base, &status);
    if (answer == NULL)
        return status;
    const ProtobufCBinaryData *body = answer->n_entry == 1 ? &answer->entry[0]->body : NULL;
    bool good = body != NULL &&
                wirescan_answer(&mingce__v1__audit_entry__descriptor, body->data, body->len) == REASON_NONE;
    Mingce__V1__AuditEntry *entry =
        good ? mingce__v1__audit_entry__unpack(NULL, body->len, body->data) : NULL;
    if (body != NULL && entry == NULL)
        status =
            log_broken(cli, "记录无法理解，位置", "an entry that cannot be understood, at", request.first);
    else if (entry == NULL)
        status = cli_fail(cli, CLI_REFUSED, "日志中没有该记录，或尚未编号",
                          "the log has no such entry, or has not numbered it yet", NULL);
    else
        entry_print(cli, answer->entry[0], entry);
    if (entry != NULL)
        mingce__v1__audit_entry__free_unpacked(entry, NULL);
    mingce__v1__log_entries_response__free_unpacked(answer, NULL);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "audit",
     .verb = "log",
     .run = audit_log,
     .method = "audit.list",
     .zh = "审计日志，新的在前",
     .en = "the audit log, newest first",
     OPTIONS({"actor", VALUE_ID, .zh = "操作员编号", .en = "the operator's id"}, OPTION_ORGANISATION,
             {"method", VALUE_TEXT, .value = "NAME", .zh = "方法，如 roster.import；rows 为各行的变更",
              .en = "as roster.import; rows: the changes of rows"},
             {"subject", VALUE_ID, .zh = "学员、机构、操作员或变更的编号",
              .en = "id of a person, an organisation, an operator or a change"},
             OPTION_CLASS(OPTIONAL), {"from", VALUE_DAY, .zh = "从哪一天起", .en = "from that day on"},
             {"to", VALUE_DAY, .zh = "到哪一天止", .en = "up to that day"}, OPTIONS_LIST_BUT("50"))},
    {.noun = "audit",
     .verb = "show",
     .run = audit_show,
     .method = "log.entries",
     .zh = "一条审计记录",
     .en = "one entry",
     ARGUMENTS(ARGUMENT_PLACE)},
};
const struct commands audit_commands = {commands, sizeof(commands) / sizeof(*commands)};
