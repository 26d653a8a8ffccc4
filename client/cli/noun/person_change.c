/* SPDX-License-Identifier: Apache-2.0 */
/* Who a person is, put right; two records made one; what is held erased. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/ask.h"
#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/done.h"
#include "proto/account.pb-c.h"

static int print_version(const struct cli *cli, uint32_t version)
{
    static const struct table_column columns[] = {{"version", "现版本", "version now", true}};
    struct table *table = table_new(cli, columns, 1);
    table_number(table, version);
    table_row(table);
    table_end(table);
    return CLI_OK;
}

static int person_amend(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__PersonAmendRequest request = MINGCE__V1__PERSON_AMEND_REQUEST__INIT;
    struct ask_document known = {.type = NULL}, now = {.type = NULL};
    const char *kind = NULL, *version = NULL, *reference = NULL, *born = NULL;
    char name[ASK_LINE], born_text[16], reference_text[64];
    uint64_t number;
    const struct cli_option options[] = {{"kind", &kind, NULL},
                                         {"version", &version, NULL},
                                         {"case", &reference, NULL},
                                         {"born", &born, NULL},
                                         ASK_DOCUMENT_OPTIONS(known),
                                         {"new-type", &now.type, NULL},
                                         {"new-country", &now.country, NULL}};
    int status = CLI_USAGE;
    if (!cli_options(cli, argc, argv, options, 8, NULL, 0) || !cli_required(cli, options, 3) ||
        !cli_number(cli, "--version", version, 1, INT32_MAX, &number))
        return status;
    int amendment = word_option(cli, "--kind", WORD_AMEND, MINGCE__V1__AMEND_KIND__AMEND_NAME,
                                MINGCE__V1__AMEND_KIND__AMEND_CORRECTED, kind);
    if (amendment == 0)
        return CLI_USAGE;
    if (!ask_document(cli, "已登记的证件号码", "document number as registered", &known))
        return status;
    if (amendment == MINGCE__V1__AMEND_KIND__AMEND_NAME) {
        now = known;
        now.message.document_number = now.number;
    } else if (!ask_document(cli, "现证件号码", "document number now", &now)) {
        return status;
    }
    if (!ask_line(cli, "证件上的姓名", "name on the document", name))
        return status;
    request.known = &known.message;
    request.document = &now.message;
    request.version = (uint32_t) number;
    request.kind = (Mingce__V1__AmendKind) amendment;
    request.name = name;
    request.birth_date = cli_copy(born_text, sizeof(born_text), born);
    request.case_reference = cli_copy(reference_text, sizeof(reference_text), reference);
    Mingce__V1__PersonAmendResponse *answer =
        (Mingce__V1__PersonAmendResponse *) cli_answer(cli, "person.amend", &request.base, &status);
    if (answer == NULL)
        return status;
    done_head(cli, "person.amend");
    status = print_version(cli, answer->version);
    mingce__v1__person_amend_response__free_unpacked(answer, NULL);
    return status;
}

static int person_merge(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__PersonMergeRequest request = MINGCE__V1__PERSON_MERGE_REQUEST__INIT;
    struct ask_document kept = {.type = NULL}, gone = {.type = NULL};
    const char *reference = NULL;
    char reference_text[64];
    const struct cli_option options[] = {{"case", &reference, NULL},
                                         ASK_DOCUMENT_OPTIONS(kept),
                                         {"gone-type", &gone.type, NULL},
                                         {"gone-country", &gone.country, NULL}};
    int status = CLI_USAGE;
    if (!cli_options(cli, argc, argv, options, 5, NULL, 0) || !cli_required(cli, options, 1) ||
        !ask_document(cli, "保留记录的证件号码", "document number of the record that is kept", &kept) ||
        !ask_document(cli, "并入记录的证件号码", "document number of the record that joins it", &gone))
        return status;
    request.kept = &kept.message;
    request.gone = &gone.message;
    request.case_reference = cli_copy(reference_text, sizeof(reference_text), reference);
    Mingce__V1__PersonMergeResponse *answer =
        (Mingce__V1__PersonMergeResponse *) cli_answer(cli, "person.merge", &request.base, &status);
    if (answer == NULL)
        return status;
    done_head(cli, "person.merge");
    status = print_version(cli, answer->version);
    mingce__v1__person_merge_response__free_unpacked(answer, NULL);
    return status;
}

static int person_erase(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__PersonEraseRequest request = MINGCE__V1__PERSON_ERASE_REQUEST__INIT;
    struct ask_person named = {.id = NULL};
    const char *version = NULL, *reference = NULL;
    char reference_text[64];
    uint64_t number;
    const struct cli_option options[] = {
        {"version", &version, NULL}, {"case", &reference, NULL}, ASK_PERSON_OPTIONS(named)};
    int status = CLI_USAGE;
    if (!cli_options(cli, argc, argv, options, ASK_PERSON_N + 2, NULL, 0) || !cli_required(cli, options, 2) ||
        !cli_number(cli, "--version", version, 1, INT32_MAX, &number) || !ask_person(cli, &named))
        return status;
    request.key = &named.message;
    request.version = (uint32_t) number;
    request.case_reference = cli_copy(reference_text, sizeof(reference_text), reference);
    Mingce__V1__PersonEraseResponse *answer =
        (Mingce__V1__PersonEraseResponse *) cli_answer(cli, "person.erase", &request.base, &status);
    if (answer == NULL)
        return status;
    done_head(cli, "person.erase");
    status = print_version(cli, answer->version);
    mingce__v1__person_erase_response__free_unpacked(answer, NULL);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"trainee",
     "amend",
     person_amend,
     "变更身份信息（主管部门）",
     "amends who a person is (bureaus)",
     "trainee amend --kind KIND --version N --case REFERENCE [--type WORDS] [--country CODE]\n"
     "                     [--new-type WORDS] [--new-country CODE] [--born YYYY-MM-DD]\n",
     "  --kind     更名 换发证件 新增证件 更正号码，或 name renewed added corrected\n"
     "  --version  trainee show 所显示的版本\n"
     "  从标准输入读取，各一行：已登记的证件号码、现证件号码（更名时没有）、证件上的姓名\n",
     "  --kind     name: another name; renewed: a renewed document; added: one more; corrected: the right "
     "number\n"
     "  --version  as trainee show says\n"
     "  on standard input, a line each: the number as registered, the number now (not for name), the name\n",
     {NULL}},
    {"trainee",
     "merge",
     person_merge,
     "合并同一人的两条记录（主管部门）",
     "joins two records of one person (bureaus)",
     "trainee merge --case REFERENCE [--type WORDS] [--country CODE] [--gone-type WORDS] [--gone-country "
     "CODE]\n",
     "  从标准输入读取两行：保留记录、并入记录的证件号码\n",
     "  two lines on standard input: the document number of the record that is kept, and of the other\n",
     {NULL}},
    {"trainee",
     "erase",
     person_erase,
     "依法删除一人的资料，不可恢复（主管部门）",
     "erases what is held about a person, for good (bureaus)",
     "trainee erase --version N --case REFERENCE [--id ID] [--type WORDS] [--country CODE]\n",
     DOCUMENT_ZH "  --version  trainee show 所显示的版本\n",
     DOCUMENT_EN "  --version  as trainee show says\n",
     {NULL}},
};
const struct commands person_change_commands = {commands, sizeof(commands) / sizeof(*commands)};
