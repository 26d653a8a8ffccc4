/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/organisation.pb-c.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"

static const struct shown columns[] = {
    {"code", "统一社会信用代码", "code", .as = AS_TEXT},
    {"name", "名称", "name", .as = AS_TEXT},
    {"kind", "类型", "kind", .as = AS_WORD, .words = WORD_KIND},
    {"division", "行政区划", "division", .as = AS_TEXT},
    {"status", "状态", "status", .as = AS_WORD, .words = WORD_STATUS},
    {"code_override", "信用代码登记理由", "code registered because", .as = AS_TEXT},
    {"version", "版本", "version", .as = AS_NUMBER},
};
enum { OF_ORGANISATION = 5 }; /* the others are of the answer that shows one */
static const struct show list = {columns, OF_ORGANISATION},
                         rest = {columns + OF_ORGANISATION,
                                 sizeof(columns) / sizeof(*columns) - OF_ORGANISATION},
                         whole = SHOW(columns);
static const struct shown scope_columns[] = {
    {"occupation_code", "职业", "occupation", .as = AS_TEXT},
    {"occupation_name", "职业名称", "name", .as = AS_TEXT},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"valid_from", "自", "from", .as = AS_TEXT},
    {"valid_to", "至", "to", .as = AS_TEXT},
};
static const struct show scopes = SHOW(scope_columns);

static int organisation_list(struct cli *cli, struct given *given)
{
    Mingce__V1__OrganisationListRequest request = MINGCE__V1__ORGANISATION_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "organisation.list", .show = &list, .request = &request.base};
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* People get the scopes in a table of their own, programs inside the organisation's object, which is one line. */
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

static void organisation_print(const struct cli *cli, const Mingce__V1__OrganisationShowResponse *response)
{
    struct table *table = show_table(cli, &whole);
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < response->n_scope; i++)
        json_object_array_add(array, scope_json(response->scope[i]));
    show_cells(table, cli, &list, &response->organisation->base);
    show_cells(table, cli, &rest, &response->base);
    table_member(table, "scope", array);
    table_row(table);
    table_end_record(table);
    if (cli->json || response->n_scope == 0)
        return;
    printf("\n%s\n", cli_say(cli, "培训范围", "scope"));
    table = show_table(cli, &scopes);
    for (size_t i = 0; i < response->n_scope; i++) {
        show_cells(table, cli, &scopes, &response->scope[i]->base);
        table_row(table);
    }
    table_end(table);
}

static int organisation_show(struct cli *cli, struct given *given)
{
    Mingce__V1__OrganisationShowRequest request = MINGCE__V1__ORGANISATION_SHOW_REQUEST__INIT;
    int status;
    request.code = given_text(given, "CODE");
    ProtobufCMessage *answer = cli_answer(cli, "organisation.show", &request.base, &status);
    if (answer == NULL)
        return status;
    organisation_print(cli, (const Mingce__V1__OrganisationShowResponse *) answer);
    protobuf_c_message_free_unpacked(answer, NULL);
    return CLI_OK;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "organisation",
     .verb = "list",
     .run = organisation_list,
     .method = "organisation.list",
     .zh = "机构一览",
     .en = "organisations",
     OPTIONS(OPTIONS_LIST)},
    {.noun = "organisation",
     .verb = "show",
     .run = organisation_show,
     .method = "organisation.show",
     .zh = "一个机构及其培训范围",
     .en = "one organisation and its scope",
     ARGUMENTS(ARGUMENT_ORGANISATION),
     .example_zh = "organisation show 52370100300000010X",
     .example_en = "organisation show 52370100300000010X"},
};
const struct commands organisation_commands = {commands, sizeof(commands) / sizeof(*commands)};
