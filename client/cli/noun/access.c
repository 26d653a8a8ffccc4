/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/access.h"

#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/words.h"

static const struct table_column log_columns[] = {
    {"at", "时间", "at", false},
    {"operator_name", "操作员", "operator", false},
    {"organisation_name", "机构", "organisation", false},
    {"method", "方式", "method", false},
    {"purpose", "用途", "purpose", false},
    {"case_reference", "案卷编号", "case", false},
    {"class_number", "班级", "class", true},
    {"entry_id", "日志序号", "entry", true},
};
static const struct table_column hour_columns[] = {
    {"hour", "时段", "hour", false},
    {"operator_id", "操作员编号", "operator", false},
    {"operator_name", "操作员", "name", false},
    {"organisation_name", "机构", "organisation", false},
    {"masked", "脱敏人数", "masked", true},
    {"clear", "明文人数", "clear", true},
    {"refused", "超限被拒", "refused", true},
};

static ProtobufCMessage *ask_log(void *context, ProtobufCBinaryData cursor, uint32_t rows)
{
    Mingce__V1__AccessLogRequest *request = context;
    request->has_cursor = cursor.len > 0;
    request->cursor = cursor;
    request->has_page_rows = true;
    request->page_rows = rows;
    return &request->base;
}

static size_t show_log(struct table *table, const struct cli *cli, const ProtobufCMessage *answer,
                       ProtobufCBinaryData *next)
{
    const Mingce__V1__AccessLogResponse *response = (const Mingce__V1__AccessLogResponse *) answer;
    for (size_t i = 0; i < response->n_access; i++) {
        const Mingce__V1__Access *access = response->access[i];
        table_time(table, true, access->at_ms);
        table_text(table, access->operator_name);
        table_text(table, access->organisation_name);
        table_text(table, access->method);
        word_optional(table, cli, WORD_PURPOSE, access->has_purpose, (int) access->purpose);
        table_text(table, access->case_reference);
        if (access->has_class_number)
            table_number(table, access->class_number);
        else
            table_text(table, NULL);
        table_number(table, access->entry_id);
        table_row(table);
    }
    if (response->has_next)
        *next = response->next;
    return response->n_access;
}

int access_log_print(struct cli *cli, Mingce__V1__PersonKey *key, const char *limit)
{
    Mingce__V1__AccessLogRequest request = MINGCE__V1__ACCESS_LOG_REQUEST__INIT;
    const struct pages pages = {.method = "access.log",
                                .columns = log_columns,
                                .columns_n = sizeof(log_columns) / sizeof(*log_columns),
                                .request = ask_log,
                                .show = show_log,
                                .context = &request};
    request.key = key;
    return pages_print(cli, &pages, limit, 0);
}

PAGES_ASK(Mingce__V1__AccessListRequest)

static size_t show_hours(struct table *table, const struct cli *cli, const ProtobufCMessage *answer,
                         ProtobufCBinaryData *next)
{
    const Mingce__V1__AccessListResponse *response = (const Mingce__V1__AccessListResponse *) answer;
    (void) cli;
    for (size_t i = 0; i < response->n_hour; i++) {
        const Mingce__V1__AccessHour *hour = response->hour[i];
        table_time(table, true, hour->hour_ms);
        hex_cell(table, hour->operator_id);
        table_text(table, hour->operator_name);
        table_text(table, hour->organisation_name);
        table_number(table, hour->masked);
        table_number(table, hour->clear);
        table_number(table, hour->refused);
        table_row(table);
    }
    if (response->has_next)
        *next = response->next;
    return response->n_hour;
}

static int access_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__AccessListRequest request = MINGCE__V1__ACCESS_LIST_REQUEST__INIT;
    const char *limit = NULL;
    bool refused = false;
    const struct cli_option options[] = {{"limit", &limit, NULL}, {"refused", NULL, &refused}};
    const struct pages pages = {.method = "access.list",
                                .columns = hour_columns,
                                .columns_n = sizeof(hour_columns) / sizeof(*hour_columns),
                                .request = ask,
                                .show = show_hours,
                                .context = &request};
    if (!cli_options(cli, argc, argv, options, 2, NULL, 0))
        return CLI_USAGE;
    request.has_refused = refused;
    request.refused = refused;
    return pages_print(cli, &pages, limit, 50);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"access",
     "list",
     access_list,
     "各操作员每小时查看人数",
     "how many persons each operator looked at, by the hour",
     "access list [--refused] [--limit N]\n",
     "  --refused  只列超限被拒的\n",
     "  --refused  only hours with looks over the limit\n",
     {NULL}},
};
const struct commands access_commands = {commands, sizeof(commands) / sizeof(*commands)};
