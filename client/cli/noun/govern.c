/* SPDX-License-Identifier: Apache-2.0 */
/* What bureaus do to organisations and their scopes. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/command.h"
#include "client/cli/command/words.h"
#include "proto/organisation.pb-c.h"

enum { TEXT = 1024, CODE = 64, DAY = 32 };

static int organisation_register(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__OrganisationRegisterRequest request = MINGCE__V1__ORGANISATION_REGISTER_REQUEST__INIT;
    const char *given[5] = {NULL};
    char code[CODE], name[TEXT], division[CODE], reason[TEXT];
    const struct cli_option options[] = {{"code", &given[0], NULL},
                                         {"name", &given[1], NULL},
                                         {"kind", &given[2], NULL},
                                         {"division", &given[3], NULL},
                                         {"override-reason", &given[4], NULL}};
    if (!cli_options(cli, argc, argv, options, 5, NULL, 0) || !cli_required(cli, options, 4))
        return CLI_USAGE;
    request.kind = (Mingce__V1__OrganisationKind) word_option(cli, "--kind", WORD_KIND, 1, 0, given[2]);
    if (request.kind == 0)
        return CLI_USAGE;
    request.code = cli_copy(code, sizeof(code), given[0]);
    request.name = cli_copy(name, sizeof(name), given[1]);
    request.division = cli_copy(division, sizeof(division), given[3]);
    request.override_reason = cli_copy(reason, sizeof(reason), given[4]);
    return cli_write(cli, "organisation.register", &request.base);
}

static int organisation_amend(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__OrganisationAmendRequest request = MINGCE__V1__ORGANISATION_AMEND_REQUEST__INIT;
    const char *word, *version = NULL, *given[2] = {NULL};
    char code[CODE], name[TEXT], division[CODE];
    uint64_t number;
    const struct cli_option options[] = {
        {"version", &version, NULL}, {"name", &given[0], NULL}, {"division", &given[1], NULL}};
    if (!cli_options(cli, argc, argv, options, 3, &word, 1) || !cli_required(cli, options, 1) ||
        !cli_number(cli, "--version", version, 1, UINT32_MAX, &number))
        return CLI_USAGE;
    request.code = cli_copy(code, sizeof(code), word);
    request.version = (uint32_t) number;
    request.name = cli_copy(name, sizeof(name), given[0]);
    request.division = cli_copy(division, sizeof(division), given[1]);
    return cli_write(cli, "organisation.amend", &request.base);
}

static int set_status(struct cli *cli, int argc, char **argv, const char *method)
{
    Mingce__V1__OrganisationStatusRequest request = MINGCE__V1__ORGANISATION_STATUS_REQUEST__INIT;
    const char *word, *version = NULL, *given = NULL;
    char code[CODE], reason[TEXT];
    uint64_t number;
    const struct cli_option options[] = {{"version", &version, NULL}, {"reason", &given, NULL}};
    if (!cli_options(cli, argc, argv, options, 2, &word, 1) || !cli_required(cli, options, 2) ||
        !cli_number(cli, "--version", version, 1, UINT32_MAX, &number))
        return CLI_USAGE;
    request.code = cli_copy(code, sizeof(code), word);
    request.version = (uint32_t) number;
    request.reason = cli_copy(reason, sizeof(reason), given);
    return cli_write(cli, method, &request.base);
}

static int organisation_suspend(struct cli *cli, int argc, char **argv)
{
    return set_status(cli, argc, argv, "organisation.suspend");
}

static int organisation_reactivate(struct cli *cli, int argc, char **argv)
{
    return set_status(cli, argc, argv, "organisation.reactivate");
}

static int organisation_close(struct cli *cli, int argc, char **argv)
{
    return set_status(cli, argc, argv, "organisation.close");
}

/* The level's number; 0: it has been said which there are. */
static Mingce__V1__SkillLevel level_parse(const struct cli *cli, const char *text)
{
    return (Mingce__V1__SkillLevel) word_option(cli, "--level", WORD_LEVEL, 1, 0, text);
}

static int scope_add(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ScopeAddRequest request = MINGCE__V1__SCOPE_ADD_REQUEST__INIT;
    const char *word, *given[4] = {NULL};
    char code[CODE], occupation[CODE], from[DAY], to[DAY];
    const struct cli_option options[] = {{"occupation", &given[0], NULL},
                                         {"level", &given[1], NULL},
                                         {"from", &given[2], NULL},
                                         {"to", &given[3], NULL}};
    if (!cli_options(cli, argc, argv, options, 4, &word, 1) || !cli_required(cli, options, 3) ||
        (request.level = level_parse(cli, given[1])) == 0)
        return CLI_USAGE;
    request.code = cli_copy(code, sizeof(code), word);
    request.occupation_code = cli_copy(occupation, sizeof(occupation), occupation_said(given[0]));
    request.valid_from = cli_copy(from, sizeof(from), given[2]);
    request.valid_to = cli_copy(to, sizeof(to), given[3]);
    return cli_write(cli, "scope.add", &request.base);
}

static int scope_end(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ScopeEndRequest request = MINGCE__V1__SCOPE_END_REQUEST__INIT;
    const char *word, *given[3] = {NULL};
    char code[CODE], occupation[CODE], to[DAY];
    const struct cli_option options[] = {
        {"occupation", &given[0], NULL}, {"level", &given[1], NULL}, {"to", &given[2], NULL}};
    if (!cli_options(cli, argc, argv, options, 3, &word, 1) || !cli_required(cli, options, 3) ||
        (request.level = level_parse(cli, given[1])) == 0)
        return CLI_USAGE;
    request.code = cli_copy(code, sizeof(code), word);
    request.occupation_code = cli_copy(occupation, sizeof(occupation), occupation_said(given[0]));
    request.valid_to = cli_copy(to, sizeof(to), given[2]);
    return cli_write(cli, "scope.end", &request.base);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"organisation",
     "register",
     organisation_register,
     "登记机构",
     "registers an organisation",
     "organisation register --code CODE --name NAME --kind KIND --division CODE [--override-reason TEXT]\n",
     "  --kind             机构类别：培训机构、企业、评价机构、市级主管部门等（mingce code list "
     "organisations）\n"
     "  --division         行政区划的6位代码（mingce code list divisions 济南）\n"
     "  --override-reason  校验位不符的信用代码须注明理由（系统管理员）\n"
     "\n"
     "  mingce organisation register --code 52370100300000010X --name 济南示例职业培训学校 \\\n"
     "      --kind 培训机构 --division 370100\n",
     "  --kind             institution enterprise assessment-body city-bureau county-bureau "
     "provincial-bureau\n"
     "                     department auditor verifying-agency\n"
     "  --division         a code of 6 digits (mingce code list divisions)\n"
     "  --override-reason  why a code whose check character fails is registered (system administrators)\n"
     "\n"
     "  mingce organisation register --code 52370100300000010X --name \"Example School\" \\\n"
     "      --kind institution --division 370100\n",
     {NULL}},
    {"organisation",
     "amend",
     organisation_amend,
     "变更机构名称、区划",
     "amends an organisation's name or division",
     "organisation amend CODE --version N [--name NAME] [--division CODE]\n",
     "  --version  organisation show 所显示的版本\n",
     "  --version  as organisation show says\n",
     {NULL}},
    {"organisation",
     "suspend",
     organisation_suspend,
     "暂停机构",
     "suspends an organisation",
     "organisation suspend CODE --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"organisation",
     "reactivate",
     organisation_reactivate,
     "恢复机构",
     "takes a suspended organisation up again",
     "organisation reactivate CODE --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"organisation",
     "close",
     organisation_close,
     "注销机构",
     "closes an organisation for good",
     "organisation close CODE --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"scope",
     "add",
     scope_add,
     "登记培训范围",
     "registers what an institution may teach",
     "scope add CODE --occupation CODE --level LEVEL --from YYYY-MM-DD [--to YYYY-MM-DD]\n",
     "  --occupation  职业代码或名称（mingce code list occupations 家政）\n"
     "  --level       技能等级（mingce code list levels）\n"
     "\n"
     "  mingce scope add 52370100300000010X --occupation 4-10-01-06 --level 初级工 --from 2026-01-01\n",
     "  --occupation  its code or name (mingce code list occupations)\n"
     "  --level       mingce code list levels\n"
     "\n"
     "  mingce scope add 52370100300000010X --occupation 4-10-01-06 --level junior --from 2026-01-01\n",
     {NULL}},
    {"scope",
     "end",
     scope_end,
     "终止培训范围",
     "ends a period of it",
     "scope end CODE --occupation CODE --level LEVEL --to YYYY-MM-DD\n",
     NULL,
     NULL,
     {NULL}},
};
const struct commands govern_commands = {commands, sizeof(commands) / sizeof(*commands)};
