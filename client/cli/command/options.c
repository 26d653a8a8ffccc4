/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/command.h"

enum { OPTIONS = 20, OPTION_PROFILE = 256, OPTION_JSON, OPTION_OUTPUT };

int cli_usage(const struct cli *cli)
{
    command_usage(cli, cli->command, stderr);
    return CLI_USAGE;
}

bool cli_required(const struct cli *cli, const struct cli_option *options, size_t n)
{
    char name[64];
    for (size_t i = 0; i < n; i++) {
        if (*options[i].value != NULL)
            continue;
        snprintf(name, sizeof(name), "--%s", options[i].name);
        cli_fail(cli, CLI_USAGE, "缺少选项", "an option is missing", name);
        cli_usage(cli);
        return false;
    }
    return true;
}

/* Says what is wrong with the option that getopt refused, in the words of neither system nor library. Returns false. */
static bool option_wrong(const struct cli *cli, int option, const char *word)
{
    char name[64];
    if (word[0] == '-' && word[1] == '-')
        snprintf(name, sizeof(name), "%.*s", (int) strcspn(word, "="), word);
    else
        snprintf(name, sizeof(name), "-%c", optopt);
    if (option == ':')
        cli_fail(cli, CLI_USAGE, "选项缺少值", "an option lacks its value", name);
    else
        cli_fail(cli, CLI_USAGE, "没有此选项，或它不带值", "there is no such option, or it takes no value",
                 name);
    cli_usage(cli);
    return false;
}

static bool option_named(const struct cli_option *options, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(options[i].name, name) == 0)
            return true;
    return false;
}

bool cli_options(struct cli *cli, int argc, char **argv, const struct cli_option *options, size_t n,
                 const char **words, size_t words_n)
{
    struct option table[OPTIONS] = {{"profile", required_argument, NULL, OPTION_PROFILE},
                                    {"json", no_argument, NULL, OPTION_JSON},
                                    {"help", no_argument, NULL, 'h'}};
    int option;
    bool list = option_named(options, n, "limit") && !option_named(options, n, "output");
    if (list && n + 5 < OPTIONS)
        table[3 + n] = (struct option){"output", required_argument, NULL, OPTION_OUTPUT};
    for (size_t i = 0; i < n && i + 5 < OPTIONS; i++)
        table[3 + i] = (struct option){
            options[i].name, options[i].value != NULL ? required_argument : no_argument, NULL, (int) i};
    optind = 0; /* again from the first word */
    static char program[] = "mingce";
    argv[0] = program;
    opterr = 0; /* it would be said in English only */
    while ((option = getopt_long(argc, argv, ":ho:", table, NULL)) != -1) {
        for (size_t i = 0; option == 'o' && i < n; i++)
            if (strcmp(options[i].name, "output") == 0 && options[i].value != NULL)
                option = (int) i;
        if (option == OPTION_OUTPUT || (option == 'o' && list)) {
            cli->output = optarg;
        } else if (option == OPTION_PROFILE) {
            cli->profile = optarg;
        } else if (option == OPTION_JSON) {
            cli->json = true;
        } else if (option == 'h') {
            command_usage(cli, cli->command, stdout);
            exit(fflush(stdout) == 0 ? CLI_OK : CLI_FILE);
        } else if (option == '?' || option == ':' || option == 'o') {
            return option_wrong(cli, option, optind > 1 ? argv[optind - 1] : "");
        } else if (options[option].value != NULL) {
            *options[option].value = optarg;
        } else {
            *options[option].flag = true;
        }
    }
    if (cli->output != NULL && cli->json) {
        cli_fail(cli, CLI_USAGE, "--output 写出表格文件，不能与 --json 同用",
                 "--output writes a file of cells: not together with --json", NULL);
        return false;
    }
    if ((size_t) (argc - optind) != words_n) {
        cli_usage(cli);
        return false;
    }
    for (size_t i = 0; i < words_n; i++)
        words[i] = argv[optind + (int) i];
    return true;
}
