/* SPDX-License-Identifier: Apache-2.0 */
/* What bureaus do to organisations and their scopes. */
#include <stdio.h>
#include <string.h>

#include "client/cli/words.h"
#include "proto/organisation.pb-c.h"

enum { TEXT = 1024, CODE = 64, DAY = 32 };

int organisation_register(struct cli *cli, int argc, char **argv)
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

int organisation_amend(struct cli *cli, int argc, char **argv)
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

int organisation_suspend(struct cli *cli, int argc, char **argv)
{
    return set_status(cli, argc, argv, "organisation.suspend");
}

int organisation_reactivate(struct cli *cli, int argc, char **argv)
{
    return set_status(cli, argc, argv, "organisation.reactivate");
}

int organisation_close(struct cli *cli, int argc, char **argv)
{
    return set_status(cli, argc, argv, "organisation.close");
}

/* The level's number; 0: it has been said which there are. */
static Mingce__V1__SkillLevel level_parse(const struct cli *cli, const char *text)
{
    return (Mingce__V1__SkillLevel) word_option(cli, "--level", WORD_LEVEL, 1, 0, text);
}

int scope_add(struct cli *cli, int argc, char **argv)
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

int scope_end(struct cli *cli, int argc, char **argv)
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
