/* SPDX-License-Identifier: Apache-2.0 */
/* mingce: the command line. A command is a row of the table. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "client/cli/command/command.h"

#define COMMANDS(name) extern const struct commands name;
#include "client/cli/commands.def"
#define COMMANDS(name) &(name),
static const struct commands *const tables[] = {
#include "client/cli/commands.def"
};
enum { TABLES = sizeof(tables) / sizeof(*tables) };

/* All commands, in order of noun; those of one noun in the order of their tables. */
static struct {
    const struct command **row;
    size_t n;
} all;

static bool commands_gather(void)
{
    size_t most = 0;
    for (size_t i = 0; i < TABLES; i++)
        most += tables[i]->n;
    all.row = calloc(most, sizeof(*all.row));
    for (size_t i = 0; all.row != NULL && i < TABLES; i++)
        for (size_t j = 0; j < tables[i]->n; j++) {
            size_t at = all.n++;
            for (; at > 0 && strcmp(all.row[at - 1]->noun, tables[i]->rows[j].noun) > 0; at--)
                all.row[at] = all.row[at - 1];
            all.row[at] = &tables[i]->rows[j];
        }
    return all.row != NULL;
}

static void print_help(const struct cli *cli, FILE *out)
{
    fprintf(out, "%s\n\n",
            cli_say(cli, "用法：mingce [--profile 身份] [--json] 命令 …",
                    "usage: mingce [--profile NAME] [--json] COMMAND ..."));
    for (size_t i = 0; i < all.n; i++) {
        const struct command *each = all.row[i];
        char name[64];
        snprintf(name, sizeof(name), "%s%s%s", each->noun, each->verb == NULL ? "" : " ",
                 each->verb == NULL ? "" : each->verb);
        fprintf(out, "  %-24s%s\n", name, cli_say(cli, each->zh, each->en));
    }
    fputs(
        cli_say(
            cli,
            "\n  --profile  身份文件名，在 $MINGCE_PROFILES 或 ~/.config/mingce 下；默认 $MINGCE_PROFILE\n"
            "  --json     每行一个 JSON 对象\n"
            "  各命令的用法：mingce 命令 --help\n\n"
            "退出码：0 成功，1 有行被退回，2 用法有误，3 服务端拒绝，4 连接不上（可重试），5 文件无法读写\n",
            "\n  --profile  a file in $MINGCE_PROFILES or ~/.config/mingce; default $MINGCE_PROFILE\n"
            "  --json     one JSON object a line\n"
            "  the usage of a command: mingce COMMAND --help\n\n"
            "exit status: 0 ok, 1 rows refused, 2 usage, 3 refused by the server, 4 no server or no answer "
            "(try again), 5 a file\n"),
        out);
}

static const struct command *command_named(int argc, char **argv, int *used)
{
    const char *noun = argc > 0 && strcmp(argv[0], "person") == 0 ? "trainee" : argc > 0 ? argv[0] : "";
    for (size_t i = 0; i < all.n; i++) {
        const struct command *each = all.row[i];
        *used = each->verb == NULL ? 1 : 2;
        if (argc >= *used && strcmp(noun, each->noun) == 0 &&
            (each->verb == NULL || strcmp(argv[1], each->verb) == 0))
            return each;
    }
    return NULL;
}

/* LC_ALL, LC_MESSAGES, LANG, as everywhere. */
static bool locale_chinese(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0')
            return strncmp(value, "zh", 2) == 0;
    }
    return false;
}

/* The options that stand before the command. Returns how many words they take; -1: wrong ones. */
static int options_before(struct cli *cli, int argc, char **argv)
{
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--json") == 0)
            cli->json = true;
        else if (strncmp(argv[at], "--profile=", 10) == 0)
            cli->profile = argv[at] + 10;
        else if (strcmp(argv[at], "--profile") == 0 && at + 1 < argc)
            cli->profile = argv[++at];
        else
            return -1;
    }
    return at;
}

/* Whatever is opened later must not get the number of a stream that is written to: a closed one becomes one that can
 * not be written. */
static bool streams_taken(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
            return false;
    return true;
}

/* The exit status, when all of the output has gone out. */
static int finish(const struct cli *cli, int status)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return cli_fail(cli, CLI_FILE, "输出无法写出", "the output could not be written", NULL);
    return status;
}

int main(int argc, char **argv)
{
    struct cli cli = {.zh = locale_chinese(), .profile = getenv("MINGCE_PROFILE")};
    int used;
    if (!streams_taken())
        return CLI_FILE;
    if (!commands_gather())
        return cli_fail(&cli, CLI_FILE, "内存不足", "out of memory", NULL);
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  /* a write that a limit forbids fails, and says so */
    prctl(PR_SET_DUMPABLE, 0); /* rosters and the key pass through this memory */
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("mingce " MINGCE_VERSION);
        return finish(&cli, CLI_OK);
    }
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help(&cli, stdout);
        return finish(&cli, CLI_OK);
    }
    int at = options_before(&cli, argc, argv);
    const struct command *command = at < 0 ? NULL : command_named(argc - at, argv + at, &used);
    if (command == NULL) {
        print_help(&cli, stderr);
        return CLI_USAGE;
    }
    cli.command = command;
    int status = command->run(&cli, argc - at - used + 1, argv + at + used - 1);
    mingce_close(cli.server);
    return finish(&cli, status);
}
