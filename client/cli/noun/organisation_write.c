/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations registered, amended, suspended, reactivated and closed; their scopes. */

#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/organisation.pb-c.h"

static int organisation_register(struct cli *cli, struct given *given)
{
    Mingce__V1__OrganisationRegisterRequest request = MINGCE__V1__ORGANISATION_REGISTER_REQUEST__INIT;
    request.code = given_text(given, "code");
    request.name = given_text(given, "name");
    request.kind = (Mingce__V1__OrganisationKind) given_word(given, "kind");
    request.division = given_text(given, "division");
    request.override_reason = given_text(given, "override-reason");
    return cli_write(cli, "organisation.register", &request.base);
}

static int organisation_amend(struct cli *cli, struct given *given)
{
    Mingce__V1__OrganisationAmendRequest request = MINGCE__V1__ORGANISATION_AMEND_REQUEST__INIT;
    request.code = given_text(given, "CODE");
    request.version = (uint32_t) given_number(given, "version");
    request.name = given_text(given, "name");
    request.division = given_text(given, "division");
    return cli_write(cli, "organisation.amend", &request.base);
}

static int organisation_status(struct cli *cli, struct given *given)
{
    Mingce__V1__OrganisationStatusRequest request = MINGCE__V1__ORGANISATION_STATUS_REQUEST__INIT;
    request.code = given_text(given, "CODE");
    request.version = (uint32_t) given_number(given, "version");
    request.reason = given_text(given, "reason");
    return cli_write(cli, given->command->method, &request.base);
}

static int scope_add(struct cli *cli, struct given *given)
{
    Mingce__V1__ScopeAddRequest request = MINGCE__V1__SCOPE_ADD_REQUEST__INIT;
    request.code = given_text(given, "CODE");
    request.occupation_code = given_text(given, "occupation");
    request.level = (Mingce__V1__SkillLevel) given_word(given, "level");
    request.valid_from = given_text(given, "from");
    request.valid_to = given_text(given, "to");
    return cli_write(cli, "scope.add", &request.base);
}

static int scope_end(struct cli *cli, struct given *given)
{
    Mingce__V1__ScopeEndRequest request = MINGCE__V1__SCOPE_END_REQUEST__INIT;
    request.code = given_text(given, "CODE");
    request.occupation_code = given_text(given, "occupation");
    request.level = (Mingce__V1__SkillLevel) given_word(given, "level");
    request.valid_to = given_text(given, "to");
    return cli_write(cli, "scope.end", &request.base);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "organisation",
     .verb = "register",
     .run = organisation_register,
     .method = "organisation.register",
     .zh = "登记机构",
     .en = "registers an organisation",
     OPTIONS({"code", VALUE_TEXT, NEEDED, "CODE", .zh = "统一社会信用代码",
              .en = "its unified social credit code"},
             {"name", VALUE_TEXT, NEEDED, "NAME", .zh = "机构名称", .en = "its name"},
             {"kind", VALUE_WORD, NEEDED, "KIND", .table = WORD_KIND, .list = "organisations",
              .zh = "机构类别", .en = "what it is"},
             OPTION_DIVISION(NEEDED, "行政区划的6位代码", "a code of 6 digits"),
             {"override-reason", VALUE_TEXT, .zh = "校验位不符的信用代码须注明理由（系统管理员）",
              .en = "why a code whose check character fails is registered (system administrators)"}),
     .example_zh = "organisation register --code 52370100300000010X --name 济南示例职业培训学校 --kind "
                   "培训机构 --division 370100",
     .example_en = "organisation register --code 52370100300000010X --name \"Example School\" --kind "
                   "institution --division 370100"},
    {.noun = "organisation",
     .verb = "amend",
     .run = organisation_amend,
     .method = "organisation.amend",
     .zh = "变更机构名称、区划",
     .en = "amends an organisation's name or division",
     ARGUMENTS(ARGUMENT_ORGANISATION),
     OPTIONS(OPTION_VERSION("organisation show"),
             {"name", VALUE_TEXT, .value = "NAME", .zh = "机构名称", .en = "its name"},
             OPTION_DIVISION(OPTIONAL, "行政区划的6位代码", "a code of 6 digits"))},
    {.noun = "organisation",
     .verb = "suspend",
     .run = organisation_status,
     .method = "organisation.suspend",
     .zh = "暂停机构",
     .en = "suspends an organisation",
     ARGUMENTS(ARGUMENT_ORGANISATION),
     OPTIONS(OPTION_VERSION("organisation show"), OPTION_REASON(NEEDED))},
    {.noun = "organisation",
     .verb = "reactivate",
     .run = organisation_status,
     .method = "organisation.reactivate",
     .zh = "恢复机构",
     .en = "takes a suspended organisation up again",
     ARGUMENTS(ARGUMENT_ORGANISATION),
     OPTIONS(OPTION_VERSION("organisation show"), OPTION_REASON(NEEDED))},
    {.noun = "organisation",
     .verb = "close",
     .final = true,
     .run = organisation_status,
     .method = "organisation.close",
     .zh = "注销机构",
     .en = "closes an organisation for good",
     ARGUMENTS(ARGUMENT_ORGANISATION),
     OPTIONS(OPTION_VERSION("organisation show"), OPTION_REASON(NEEDED))},

    {.noun = "scope",
     .verb = "add",
     .run = scope_add,
     .method = "scope.add",
     .zh = "登记培训范围",
     .en = "registers what an institution may teach",
     ARGUMENTS(ARGUMENT_ORGANISATION),
     OPTIONS(OPTION_OCCUPATION, OPTION_LEVEL,
             {"from", VALUE_DAY, NEEDED, .zh = "起始日期", .en = "from that day on"},
             {"to", VALUE_DAY, .zh = "截止日期", .en = "up to that day"}),
     .example_zh = "scope add 52370100300000010X --occupation 4-10-01-06 --level 初级工 --from 2026-01-01",
     .example_en = "scope add 52370100300000010X --occupation 4-10-01-06 --level junior --from 2026-01-01"},
    {.noun = "scope",
     .verb = "end",
     .run = scope_end,
     .method = "scope.end",
     .zh = "终止培训范围",
     .en = "ends a period of it",
     ARGUMENTS(ARGUMENT_ORGANISATION),
     OPTIONS(OPTION_OCCUPATION, OPTION_LEVEL,
             {"to", VALUE_DAY, NEEDED, .zh = "截止日期", .en = "up to that day"})},
};
const struct commands organisation_write_commands = {commands, sizeof(commands) / sizeof(*commands)};
