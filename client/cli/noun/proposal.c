/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/proposal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/standard.pb-c.h"

enum { DECIDED_MOST = 200 };

struct decided {
    Mingce__V1__ProposalRow rows[DECIDED_MOST], *list[DECIDED_MOST];
    uint8_t ids[DECIDED_MOST][HEX_ID];
    size_t n;
};

/* Reads "ID,ID". False: there are too many, which has been printed. */
static bool read_ids(const struct cli *cli, const char *text, struct decided *decided)
{
    char word[VALUE_PART_TEXT];
    do {
        size_t length = strcspn(text, ","), n = decided->n;
        snprintf(word, sizeof(word), "%.*s", (int) (length < sizeof(word) ? length : 0), text);
        if (n == DECIDED_MOST)
            return cli_fail(cli, CLI_USAGE, "一次至多办理200个编号", "at most 200 ids are decided at a time",
                            NULL) == CLI_OK;
        if (!hex_read(word, decided->ids[n], HEX_ID))
            abort(); /* they were checked as the argument's value */
        mingce__v1__proposal_row__init(&decided->rows[n]);
        decided->rows[n].row = (uint32_t) n + 1;
        decided->rows[n].proposal_id = (ProtobufCBinaryData){HEX_ID, decided->ids[n]};
        decided->list[n] = &decided->rows[n];
        decided->n++;
        text += length + (text[length] == ',');
    } while (*text != '\0');
    return true;
}

static void result_cell(struct table *table, const struct cli *cli, Mingce__V1__ProposalDecision decision,
                        Mingce__V1__RowVerdict verdict)
{
    bool refused = verdict == MINGCE__V1__ROW_VERDICT__ROW_REFUSED,
         in_force = decision == MINGCE__V1__PROPOSAL_DECISION__PROPOSAL_IN_FORCE;
    const char *stable = refused ? "not-done" : word_stable(WORD_PROPOSAL, (int) decision);
    const char *shown = refused    ? refused_shown(cli, TELL_STEPPED)
                        : in_force ? cli_say(cli, "已生效", "in force")
                                   : cli_say(cli, "已驳回", "rejected");
    table_cell(table, shown, cli->json ? json_object_new_string(stable) : NULL);
}

/* Prints the state of each proposal. If any was refused, another column says why. */
static void tell(const struct cli *cli, const struct decided *decided, Mingce__V1__ProposalDecision decision,
                 const Mingce__V1__RowsResponse *response)
{
    static const struct table_column columns[] = {
        {"proposal_id", "提议编号", "proposal", false},
        {"result", "结果", "result", false},
        {"refused", "未办理的原因", "refused because", false},
    };
    bool whys = cli->json || response->refused > 0;
    struct table *table = table_new(cli, columns, whys ? 3 : 2);
    for (size_t i = 0; i < response->n_result && i < decided->n; i++) {
        const Mingce__V1__RowResult *result = response->result[i];
        const Mingce__V1__Finding *why = result->n_finding > 0 ? result->finding[0] : NULL;
        hex_cell(table, decided->rows[i].proposal_id);
        result_cell(table, cli, decision, result->verdict);
        if (whys && why == NULL)
            table_text(table, NULL);
        else if (whys)
            table_cell(table, cli_say(cli, why->zh, why->en),
                       cli->json ? json_object_new_string(why->reason) : NULL);
        table_row(table);
    }
    table_end(table);
}

/* Puts a cell with the claims: people see the first alone, programs get all that the server named. */
static void claims_cell(const struct cli *cli, struct table *table, const Mingce__V1__Moved *moved)
{
    char text[2 * HEX_KEY_HASH + 1] = "", words[sizeof(text) + 8];
    struct json_object *list = cli->json ? json_object_new_array() : NULL;
    for (size_t i = moved->n_claim_id; i > 0; i--)
        hex_format(moved->claim_id[i - 1], text);
    for (size_t i = 0; list != NULL && i < moved->n_claim_id; i++) {
        char id[sizeof(text)];
        hex_format(moved->claim_id[i], id);
        json_object_array_add(list, json_object_new_string(id));
    }
    snprintf(words, sizeof(words), "%s%s", text, moved->claims > 1 ? " …" : "");
    table_cell(table, words, list);
}

void proposal_moved(const struct cli *cli, const Mingce__V1__RowsResponse *response)
{
    static const struct table_column columns[] = {
        {"moved", "变动", "moved", false},
        {"was", "原为", "was", false},
        {"becomes", "改为", "becomes", false},
        {"claims", "件数", "how many", true},
        {"claim_id", "申领编号", "the first claim", false},
    };
    if (response->n_moved == 0)
        return;
    struct table *table = table_new(cli, columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < response->n_moved; i++) {
        const Mingce__V1__Moved *moved = response->moved[i];
        word_cell(table, cli, WORD_MOVED, (int) moved->what);
        table_text(table, moved->was);
        table_text(table, moved->becomes);
        table_number(table, moved->claims);
        claims_cell(cli, table, moved);
        table_row(table);
    }
    table_end(table);
}

int proposal_decide(struct cli *cli, struct given *given)
{
    Mingce__V1__ProposalDecideRequest request = MINGCE__V1__PROPOSAL_DECIDE_REQUEST__INIT;
    struct decided decided = {.n = 0};
    int status;
    if (!read_ids(cli, given_text(given, "ID[,ID...]"), &decided))
        return CLI_USAGE;
    request.decision = (Mingce__V1__ProposalDecision) given_word(given, "decision");
    request.row = decided.list;
    request.n_row = decided.n;
    ProtobufCMessage *answer = cli_answer(cli, given->command->method, &request.base, &status);
    if (answer == NULL)
        return status;
    const Mingce__V1__RowsResponse *response = (const Mingce__V1__RowsResponse *) answer;
    tell(cli, &decided, request.decision, response);
    proposal_moved(cli, response);
    status = response->refused > 0 ? CLI_ROWS_REFUSED : CLI_OK;
    protobuf_c_message_free_unpacked(answer, NULL);
    return status;
}
