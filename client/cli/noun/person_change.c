/* SPDX-License-Identifier: Apache-2.0 */
/* Corrects who a person is, merges two records of one person, and erases personal data. */
#include "client/cli/command/ask.h"
#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/show.h"
#include "client/cli/command/words.h"
#include "proto/account.pb-c.h"

static const struct shown version_columns[] = {{"version", "现版本", "version now", .as = AS_NUMBER}};
static const struct show version = SHOW(version_columns);

static int person_amend(struct cli *cli, struct given *given)
{
    Mingce__V1__PersonAmendRequest request = MINGCE__V1__PERSON_AMEND_REQUEST__INIT;
    struct ask_document known,
        now = {.type = given_text(given, "new-type"), .country = given_text(given, "new-country")};
    char name[ASK_LINE];
    int amendment = given_word(given, "kind");
    if (!ask_document_given(cli, given, "已登记的证件号码", "document number as registered", &known))
        return CLI_USAGE;
    if (amendment == MINGCE__V1__AMEND_KIND__AMEND_NAME) {
        now = known;
        now.message.document_number = now.number;
    } else if (!ask_document(cli, "现证件号码", "document number now", &now)) {
        return CLI_USAGE;
    }
    if (!ask_line(cli, "证件上的姓名", "name on the document", name))
        return CLI_USAGE;
    request.known = &known.message;
    request.document = &now.message;
    request.version = (uint32_t) given_number(given, "version");
    request.kind = (Mingce__V1__AmendKind) amendment;
    request.name = name;
    request.birth_date = given_text(given, "born");
    request.case_reference = given_text(given, "case");
    return show_write(cli, "person.amend", &request.base, &version);
}

static int person_merge(struct cli *cli, struct given *given)
{
    Mingce__V1__PersonMergeRequest request = MINGCE__V1__PERSON_MERGE_REQUEST__INIT;
    struct ask_document kept,
        gone = {.type = given_text(given, "gone-type"), .country = given_text(given, "gone-country")};
    if (!ask_document_given(cli, given, "保留记录的证件号码", "document number of the record that is kept",
                            &kept) ||
        !ask_document(cli, "并入记录的证件号码", "document number of the record that joins it", &gone))
        return CLI_USAGE;
    request.kept = &kept.message;
    request.gone = &gone.message;
    request.case_reference = given_text(given, "case");
    return show_write(cli, "person.merge", &request.base, &version);
}

static int person_erase(struct cli *cli, struct given *given)
{
    Mingce__V1__PersonEraseRequest request = MINGCE__V1__PERSON_ERASE_REQUEST__INIT;
    struct ask_person named;
    if (!ask_person(cli, given, &named))
        return CLI_USAGE;
    request.key = &named.message;
    request.version = (uint32_t) given_number(given, "version");
    request.case_reference = given_text(given, "case");
    return show_write(cli, "person.erase", &request.base, &version);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "trainee",
     .verb = "amend",
     .run = person_amend,
     .method = "person.amend",
     .zh = "变更身份信息（主管部门）",
     .en = "amends who a person is (bureaus)",
     OPTIONS({"kind", VALUE_WORD, NEEDED, "KIND", .least = MINGCE__V1__AMEND_KIND__AMEND_NAME,
              .most = MINGCE__V1__AMEND_KIND__AMEND_CORRECTED, .table = WORD_AMEND, .zh = "变更的类别",
              .en = "what is amended"},
             OPTION_VERSION("trainee show"), OPTION_CASE(NEEDED, NULL), OPTIONS_DOCUMENT,
             {"new-type", VALUE_TEXT, .value = "WORDS", .list = "documents", .zh = "现证件类型",
              .en = "the kind of document now"},
             {"new-country", VALUE_TEXT, .value = "CODE", .zh = "现证件的签发国家",
              .en = "the issuing country now"},
             {"born", VALUE_DAY, .zh = "出生日期", .en = "the birth date"}),
     .notes_zh = "从标准输入读取，各一行：已登记的证件号码、现证件号码（更名时没有）、证件上的姓名",
     .notes_en = "name: another name; renewed: a renewed document; added: one more; corrected: the right "
                 "number\non standard input, a line each: the number as registered, the number now (not for "
                 "name), the name on the document"},
    {.noun = "trainee",
     .verb = "merge",
     .final = true,
     .run = person_merge,
     .method = "person.merge",
     .zh = "合并同一人的两条记录（主管部门）",
     .en = "joins two records of one person (bureaus)",
     OPTIONS(OPTION_CASE(NEEDED, NULL), OPTIONS_DOCUMENT,
             {"gone-type", VALUE_TEXT, .value = "WORDS", .list = "documents", .zh = "并入记录的证件类型",
              .en = "the kind of document of the record that joins it"},
             {"gone-country", VALUE_TEXT, .value = "CODE", .zh = "并入记录的签发国家",
              .en = "the issuing country of that document"}),
     .notes_zh = "从标准输入读取两行：保留记录、并入记录的证件号码",
     .notes_en =
         "two lines on standard input: the document number of the record that is kept, and of the other"},
    {.noun = "trainee",
     .verb = "erase",
     .final = true,
     .run = person_erase,
     .method = "person.erase",
     .zh = "依法删除一人的资料，不可恢复（主管部门）",
     .en = "erases what is held about a person, for good (bureaus)",
     OPTIONS(OPTION_VERSION("trainee show"), OPTION_CASE(NEEDED, NULL), OPTIONS_PERSON),
     .notes_zh = NOTES_DOCUMENT_ZH,
     .notes_en = NOTES_DOCUMENT_EN},
};
const struct commands person_change_commands = {commands, sizeof(commands) / sizeof(*commands)};
