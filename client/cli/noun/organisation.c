/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/organisation.pb-c.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/command/command.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/words.h"

static const struct table_column columns[] = {
    {"code", "统一社会信用代码", "code", false},
    {"name", "名称", "name", false},
    {"kind", "类型", "kind", false},
    {"division", "行政区划", "division", false},
    {"status", "状态", "status", false},
    {"code_override", "信用代码登记理由", "code registered because", false},
    {"version", "版本", "version", true},
};
enum { LIST_COLUMNS = 5, SHOW_COLUMNS = 7 };

static void organisation_cells(struct table *table, const struct cli *cli,
                               const Mingce__V1__Organisation *organisation)
{
    table_text(table, organisation->code);
    table_text(table, organisation->name);
    word_cell(table, cli, WORD_KIND, (int) organisation->kind);
    table_text(table, organisation->division);
    word_cell(table, cli, WORD_STATUS, (int) organisation->status);
}

PAGES_ASK(Mingce__V1__OrganisationListRequest)

static size_t show(struct table *table, const struct cli *cli, const ProtobufCMessage *answer,
                   ProtobufCBinaryData *next)
{
    const Mingce__V1__OrganisationListResponse *response =
        (const Mingce__V1__OrganisationListResponse *) answer;
    for (size_t i = 0; i < response->n_organisation; i++) {
        organisation_cells(table, cli, response->organisation[i]);
        table_row(table);
    }
    if (response->has_next)
        *next = response->next;
    return response->n_organisation;
}

static int organisation_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__OrganisationListRequest request = MINGCE__V1__ORGANISATION_LIST_REQUEST__INIT;
    const char *limit = NULL;
    const struct cli_option options[] = {{"limit", &limit, NULL}};
    const struct pages pages = {.method = "organisation.list",
                                .columns = columns,
                                .columns_n = LIST_COLUMNS,
                                .request = ask,
                                .show = show,
                                .context = &request};
    if (!cli_options(cli, argc, argv, options, 1, NULL, 0))
        return CLI_USAGE;
    return pages_print(cli, &pages, limit, 0);
}

/* For people a table of its own; programs get it inside the organisation's object, which stands on one line. */
static struct json_object *scope_json(const Mingce__V1__Scope *scope)
{
    struct json_object *object = json_object_new_object();
    json_object_object_add(object, "occupation_code", json_object_new_string(scope->occupation_code));
    json_object_object_add(object, "occupation_name", json_object_new_string(scope->occupation_name));
    json_object_object_add(object, "level",
                           json_object_new_string(word_stable(WORD_LEVEL, (int) scope->level)));
    json_object_object_add(object, "valid_from", json_object_new_string(scope->valid_from));
    json_object_object_add(object, "valid_to",
                           scope->valid_to == NULL ? NULL : json_object_new_string(scope->valid_to));
    return object;
}

static void show_json(const struct cli *cli, const Mingce__V1__OrganisationShowResponse *response)
{
    static const struct table_column scope_column = {"scope", "培训范围", "scope", false};
    struct table_column all[SHOW_COLUMNS + 1];
    memcpy(all, columns, sizeof(columns));
    all[SHOW_COLUMNS] = scope_column;
    struct table *table = table_new(cli, all, SHOW_COLUMNS + 1);
    struct json_object *scopes = json_object_new_array();
    for (size_t i = 0; i < response->n_scope; i++)
        json_object_array_add(scopes, scope_json(response->scope[i]));
    organisation_cells(table, cli, response->organisation);
    table_text(table, response->code_override);
    table_number(table, response->version);
    table_cell(table, NULL, scopes);
    table_row(table);
    table_end(table);
}

static void show_people(const struct cli *cli, const Mingce__V1__OrganisationShowResponse *response)
{
    static const struct table_column scope_columns[] = {
        {"occupation_code", "职业", "occupation", false},
        {"occupation_name", "职业名称", "name", false},
        {"level", "等级", "level", false},
        {"valid_from", "自", "from", false},
        {"valid_to", "至", "to", false},
    };
    struct table *table = table_new(cli, columns, SHOW_COLUMNS);
    organisation_cells(table, cli, response->organisation);
    table_text(table, response->code_override);
    table_number(table, response->version);
    table_row(table);
    table_end_record(table);
    if (response->n_scope == 0)
        return;
    printf("\n%s\n", cli_say(cli, "培训范围", "scope"));
    table = table_new(cli, scope_columns, sizeof(scope_columns) / sizeof(*scope_columns));
    for (size_t i = 0; i < response->n_scope; i++) {
        table_text(table, response->scope[i]->occupation_code);
        table_text(table, response->scope[i]->occupation_name);
        word_cell(table, cli, WORD_LEVEL, (int) response->scope[i]->level);
        table_text(table, response->scope[i]->valid_from);
        table_text(table, response->scope[i]->valid_to);
        table_row(table);
    }
    table_end(table);
}

static int organisation_show(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__OrganisationShowRequest request = MINGCE__V1__ORGANISATION_SHOW_REQUEST__INIT;
    const char *code;
    char text[64];
    if (!cli_options(cli, argc, argv, NULL, 0, &code, 1))
        return CLI_USAGE;
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    snprintf(text, sizeof(text), "%s", code);
    request.code = text;
    ProtobufCMessage *answer = cli_call(cli, "organisation.show", &request.base, &status);
    if (answer == NULL)
        return status;
    (cli->json ? show_json : show_people)(cli, (const Mingce__V1__OrganisationShowResponse *) answer);
    protobuf_c_message_free_unpacked(answer, NULL);
    return CLI_OK;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"organisation",
     "list",
     organisation_list,
     "机构一览",
     "organisations",
     "organisation list [--limit N]\n",
     NULL,
     NULL,
     {NULL}},
    {"organisation",
     "show",
     organisation_show,
     "一个机构及其培训范围",
     "one organisation and its scope",
     "organisation show CODE\n",
     "\n"
     "  mingce organisation show 52370100300000010X\n",
     "\n"
     "  mingce organisation show 52370100300000010X\n",
     {NULL}},
};
const struct commands organisation_commands = {commands, sizeof(commands) / sizeof(*commands)};
