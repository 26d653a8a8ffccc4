/* SPDX-License-Identifier: Apache-2.0 */
/* Trainee groups as dated facts with their evidence. */
#include "client/cli/command/ask.h"
#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/frame/done.h"

static int group_add(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__GroupAddRequest request = MINGCE__V1__GROUP_ADD_REQUEST__INIT;
    struct ask_person named = {.id = NULL};
    const char *group = NULL, *from = NULL, *to = NULL;
    char group_text[128], from_text[16], to_text[16], evidence[ASK_LINE];
    const struct cli_option options[] = {
        {"group", &group, NULL}, {"from", &from, NULL}, {"to", &to, NULL}, ASK_PERSON_OPTIONS(named)};
    int status = CLI_USAGE;
    if (!cli_options(cli, argc, argv, options, ASK_PERSON_N + 3, NULL, 0) || !cli_required(cli, options, 2) ||
        !ask_person(cli, &named) || !ask_line(cli, "证明材料", "evidence", evidence))
        return status;
    request.key = &named.message;
    request.trainee_group = cli_copy(group_text, sizeof(group_text), group);
    request.valid_from = cli_copy(from_text, sizeof(from_text), from);
    request.valid_to = cli_copy(to_text, sizeof(to_text), to);
    request.evidence = evidence;
    Mingce__V1__GroupAddResponse *answer =
        (Mingce__V1__GroupAddResponse *) cli_answer(cli, "group.add", &request.base, &status);
    if (answer == NULL)
        return status;
    static const struct table_column columns[] = {{"fact_id", "记录编号", "fact", false}};
    done_head(cli, "group.add");
    struct table *table = table_new(cli, columns, 1);
    hex_cell(table, answer->fact_id);
    table_row(table);
    table_end(table);
    mingce__v1__group_add_response__free_unpacked(answer, NULL);
    return CLI_OK;
}

static int group_end(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__GroupEndRequest request = MINGCE__V1__GROUP_END_REQUEST__INIT;
    const char *text, *to = NULL;
    char to_text[16];
    uint8_t id[HEX_ID];
    const struct cli_option options[] = {{"to", &to, NULL}};
    if (!cli_options(cli, argc, argv, options, 1, &text, 1) || !cli_required(cli, options, 1) ||
        !hex_parse(cli, "FACT", text, id, sizeof(id)))
        return CLI_USAGE;
    request.fact_id = (ProtobufCBinaryData){sizeof(id), id};
    request.valid_to = cli_copy(to_text, sizeof(to_text), to);
    return cli_write(cli, "group.end", &request.base);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"group",
     "add",
     group_add,
     "登记人员类别及其证明",
     "records a trainee group with its evidence",
     "group add --group WORDS --from YYYY-MM-DD [--to YYYY-MM-DD] [--id ID] [--type WORDS] [--country "
     "CODE]\n",
     DOCUMENT_ZH "  最后一行为证明材料\n"
                 "  --group    人员类别（mingce code list groups）\n",
     DOCUMENT_EN "  then a line with the evidence\n"
                 "  --group    the trainee group (mingce code list groups)\n",
     {NULL}},
    {"group",
     "end",
     group_end,
     "终止人员类别",
     "ends it",
     "group end FACT --to YYYY-MM-DD\n",
     NULL,
     NULL,
     {NULL}},
};
const struct commands group_commands = {commands, sizeof(commands) / sizeof(*commands)};
