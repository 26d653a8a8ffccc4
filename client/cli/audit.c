/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/audit.pb-c.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/pages.h"
#include "client/cli/words.h"

static const struct table_column columns[] = {
    {"id", "编号", "id", true},
    {"at", "时间", "time", false},
    {"operator", "操作员", "operator", false},
    {"organisation", "机构", "organisation", false},
    {"method", "方法", "method", false},
    {"record", "班级", "class", true},
    {"line", "行", "row", true},
    {"outcome", "结果", "outcome", false},
    {"person_id", "学员编号", "person", false},
};

static void hex(char *text, size_t size, ProtobufCBinaryData bytes)
{
    text[0] = '\0';
    for (size_t i = 0; i < bytes.len && 2 * i + 2 < size; i++)
        snprintf(text + 2 * i, size - 2 * i, "%02x", bytes.data[i]);
}

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

static void entry_row(struct table *table, const struct cli *cli, const Mingce__V1__AuditRecord *record)
{
    const Mingce__V1__AuditEntry *entry = record->entry;
    char time[CLI_TIME], person[33];
    cli_time((int64_t) entry->at_ms, time);
    hex(person, sizeof(person), entry->has_person_id ? entry->person_id : (ProtobufCBinaryData){0, NULL});
    table_number(table, record->id);
    table_text(table, time);
    table_text(table, record->operator_name);
    table_text(table, record->organisation_name);
    table_text(table, entry->method);
    optional_number(table, entry->has_record, record_number(entry->record));
    optional_number(table, entry->has_line, entry->line);
    word_cell(table, cli, WORD_OUTCOME, (int) entry->outcome);
    table_text(table, person[0] == '\0' ? NULL : person);
    table_row(table);
}

PAGES_ASK(Mingce__V1__AuditListRequest)

static size_t show(struct table *table, const struct cli *cli, const ProtobufCMessage *answer,
                   ProtobufCBinaryData *next)
{
    const Mingce__V1__AuditListResponse *response = (const Mingce__V1__AuditListResponse *) answer;
    for (size_t i = 0; i < response->n_record; i++)
        entry_row(table, cli, response->record[i]);
    if (response->has_next)
        *next = response->next;
    return response->n_record;
}

int audit_log(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__AuditListRequest request = MINGCE__V1__AUDIT_LIST_REQUEST__INIT;
    const char *limit = NULL;
    const struct cli_option options[] = {{"limit", &limit, NULL}};
    const struct pages pages = {.method = "audit.list",
                                .response = &mingce__v1__audit_list_response__descriptor,
                                .columns = columns,
                                .columns_n = sizeof(columns) / sizeof(*columns),
                                .request = ask,
                                .show = show,
                                .context = &request};
    if (!cli_options(cli, argc, argv, options, 1, NULL, 0))
        return CLI_USAGE;
    return pages_print(cli, &pages, limit, 50);
}
