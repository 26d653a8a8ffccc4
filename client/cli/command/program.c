/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/program.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "client/cli/command/given.h"
#include "client/cli/command/near.h"
#include "client/cli/command/pager.h"
#include "client/cli/command/usage.h"

/* All commands, in order of noun; those of one noun in the order of their tables. */
struct all {
    const struct program *program;
    struct cli *cli;
    const struct command **rows;
    size_t n;
};

static bool all_gather(struct all *all)
{
    const struct program *program = all->program;
    size_t most = 1;
    for (size_t i = 0; i < program->n; i++)
        most += program->tables[i]->n;
    all->rows = calloc(most, sizeof(*all->rows));
    for (size_t i = 0; all->rows != NULL && i < program->n; i++)
        for (size_t j = 0; j < program->tables[i]->n; j++) {
            size_t at = all->n++;
            for (; at > 0 && strcmp(all->rows[at - 1]->noun, program->tables[i]->rows[j].noun) > 0; at--)
                all->rows[at] = all->rows[at - 1];
            all->rows[at] = &program->tables[i]->rows[j];
        }
    return all->rows != NULL;
}

/* ---- help ---- */

static void options_help(const struct cli *cli, FILE *out)
{
    if (cli->profiles)
        fputs(
            cli_say(
                cli,
                "  --profile  身份文件名，在 $MINGCE_PROFILES 或 ~/.config/mingce 下；默认 $MINGCE_PROFILE\n",
                "  --profile  a file in $MINGCE_PROFILES or ~/.config/mingce; default $MINGCE_PROFILE\n"),
            out);
    fprintf(out,
            cli->zh ? "  --format   table、json、csv 或 xlsx；csv 和 xlsx 用于列表，xlsx 须有 --output "
                      "文件\n  --json     即 --format json，每行一个 JSON 对象\n"
                      "  --no-pager 终端上不分页\n  --progress=json 进度写成 JSON 行\n"
                      "  各命令的用法：%s 命令 --help\n"
                    : "  --format   table, json, csv or xlsx; the last two are for lists, xlsx needs "
                      "--output FILE\n  --json     --format json, an object a line\n"
                      "  --no-pager no pager on a terminal\n  --progress=json progress as lines of JSON\n"
                      "  the usage of a command: %s COMMAND --help\n",
            cli->program);
    if (cli->profiles)
        fputs(cli_say(
                  cli,
                  "\n退出码：0 成功，1 有行被退回，2 用法有误，3 服务端拒绝，4 连接不上（可重试），5 "
                  "文件无法读写\n",
                  "\nexit status: 0 ok, 1 rows refused, 2 usage, 3 refused by the server, 4 no server or no "
                  "answer (try again), 5 a file\n"),
              out);
}

/* The commands of a noun, or all. */
static void help(const struct all *all, const char *noun, FILE *out)
{
    const struct cli *cli = all->cli;
    fprintf(out, "%s%s %s[--format %s] %s%s%s\n\n", cli_say(cli, "用法：", "usage: "), cli->program,
            cli->profiles ? cli_say(cli, "[--profile 身份] ", "[--profile NAME] ") : "",
            cli_say(cli, "格式", "FORMAT"), noun == NULL ? "" : noun, noun == NULL ? "" : " ",
            cli_say(cli, "命令 …", "COMMAND ..."));
    for (size_t i = 0; i < all->n; i++)
        if (noun == NULL || strcmp(all->rows[i]->noun, noun) == 0)
            command_line(cli, all->rows[i], out);
    fputc('\n', out);
    options_help(cli, out);
}

/* ---- which command it is ---- */

/* Reports a word that is no noun or verb, with the one that it resembles, and where the commands are listed. Returns CLI_USAGE. */
static int unknown(const struct all *all, const char *noun, const char *word)
{
    const char *names[256], *near;
    char detail[256];
    size_t n = 0;
    for (size_t i = 0; i < all->n && n < sizeof(names) / sizeof(*names); i++)
        if (noun == NULL || strcmp(all->rows[i]->noun, noun) == 0)
            names[n++] = noun == NULL ? all->rows[i]->noun : all->rows[i]->verb;
    near = near_word(word, names, n);
    snprintf(detail, sizeof(detail), "%.100s%s%s%s", word,
             near == NULL ? "" : cli_say(all->cli, "，是否应为 ", "; did you mean "),
             near == NULL ? "" : near, near == NULL ? "" : cli_say(all->cli, "？", "?"));
    cli_fail(all->cli, CLI_USAGE, "没有此命令", "there is no such command", detail);
    fprintf(stderr, "%s%s%s%s --help\n", cli_say(all->cli, "有哪些命令：", "the commands: "),
            all->cli->program, noun == NULL ? "" : " ", noun == NULL ? "" : noun);
    return CLI_USAGE;
}

/* The first row of the noun; NULL: there is none. */
static const struct command *noun_found(const struct all *all, const char *noun)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->rows[i]->noun, noun) == 0)
            return all->rows[i];
    return NULL;
}

static const struct command *command_found(const struct all *all, const char *noun, const char *verb)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->rows[i]->noun, noun) == 0 &&
            (all->rows[i]->verb == NULL || (verb != NULL && strcmp(all->rows[i]->verb, verb) == 0)))
            return all->rows[i];
    return NULL;
}

/* Asks whether what cannot be taken back is meant. A program, which has no terminal to be asked on, means it. */
static bool confirmed(const struct cli *cli, const struct command *command)
{
    char line[16] = "";
    if (cli->yes || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return true;
    fprintf(stderr,
            cli->zh ? "%s %s：%s，不能撤销。确定吗？[y/N] "
                    : "%s %s: %s. This cannot be undone. Go on? [y/N] ",
            command->noun, command->verb, cli_say(cli, command->zh, command->en));
    if (fgets(line, sizeof(line), stdin) != NULL && (line[0] == 'y' || line[0] == 'Y'))
        return true;
    cli_fail(cli, CLI_USAGE, "没有执行", "nothing was done", NULL);
    return false;
}

/* Whether it shows personal data in clear: it says for what purpose. */
static bool shows_clear(const struct command *command)
{
    for (const struct cli_option *option = command->options; option != NULL && option->name != NULL; option++)
        if (strcmp(option->name, "purpose") == 0)
            return true;
    return false;
}

static int command_run(const struct all *all, const struct command *command, int argc, char **argv)
{
    static struct given given;
    switch (given_read(all->cli, command, argc, argv, &given)) {
    case GIVEN_GOOD:
        break;
    case GIVEN_HELP:
        command_usage(all->cli, command, stdout);
        return CLI_OK;
    case GIVEN_WRONG:
        return CLI_USAGE;
    }
    if (command->final && !confirmed(all->cli, command))
        return CLI_USAGE;
    struct pager pager = {.terminal = -1, .gathered = -1};
    if (!all->cli->no_pager && all->cli->profiles) /* a witness, which serves, goes on speaking */
        pager_begin(&pager);
    int status = command->run(all->cli, &given);
    mingce_close(all->cli->server);
    pager_end(&pager, shows_clear(command));
    return status;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* The words from the noun on. */
static int words_run(const struct all *all, int argc, char **argv)
{
    const char *const *also = all->program->also;
    const char *noun = also[0] != NULL && strcmp(argv[0], also[0]) == 0 ? also[1] : argv[0];
    const char *verb = argc > 1 ? argv[1] : NULL;
    if (noun_found(all, noun) == NULL)
        return unknown(all, NULL, noun);
    const struct command *command = command_found(all, noun, verb);
    if (command != NULL)
        return command_run(all, command, argc - (command->verb != NULL), argv + (command->verb != NULL));
    if (verb != NULL && !is_help(verb))
        return unknown(all, noun, verb);
    help(all, noun, verb == NULL ? stderr : stdout);
    return verb == NULL ? CLI_USAGE : CLI_OK;
}

/* ---- the whole ---- */

/* Whether the locale is Chinese, by LC_ALL, LC_MESSAGES and LANG, in this order. */
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

/* Reads the options before the command. Returns the place of the first word after them; 0: what is wrong has been printed. */
static int options_before(struct cli *cli, int argc, char **argv)
{
    int at = 1;
    bool good = true;
    for (; at < argc; at++) {
        if (strcmp(argv[at], "--json") == 0)
            cli_format(cli, "json");
        else if (strncmp(argv[at], "--format=", 9) == 0)
            good = cli_format(cli, argv[at] + 9) && good;
        else if (strcmp(argv[at], "--format") == 0 && at + 1 < argc)
            good = cli_format(cli, argv[++at]) && good;
        else if (strcmp(argv[at], "--no-pager") == 0)
            cli->no_pager = true;
        else if (strcmp(argv[at], "--progress=json") == 0)
            cli->progress_json = true;
        else if (cli->profiles && strncmp(argv[at], "--profile=", 10) == 0)
            cli->profile = argv[at] + 10;
        else if (cli->profiles && strcmp(argv[at], "--profile") == 0 && at + 1 < argc)
            cli->profile = argv[++at];
        else
            break;
    }
    return good ? at : 0;
}

/* A file that is opened later must not get the number of a standard stream that is closed. So a closed stream is replaced by one that
 * cannot be written to. */
static bool streams_taken(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
            return false;
    return true;
}

static int run(const struct all *all, int argc, char **argv)
{
    int at = options_before(all->cli, argc, argv);
    const char *word = at < argc ? argv[at] : "";
    if (at == 0)
        return CLI_USAGE;
    if (is_help(word)) {
        help(all, NULL, stdout);
        return CLI_OK;
    }
    if (strcmp(word, "--version") == 0) {
        printf("%s " MINGCE_VERSION "\n", all->program->name);
        return CLI_OK;
    }
    if (strcmp(word, "--describe") == 0) {
        program_describe(all->program, all->rows, all->n);
        return CLI_OK;
    }
    if (*word != '\0' && *word != '-')
        return words_run(all, argc - at, argv + at);
    if (*word == '-')
        cli_fail(all->cli, CLI_USAGE, "没有此选项，或缺少值",
                 "there is no such option, or it lacks its value", word);
    help(all, NULL, stderr);
    return CLI_USAGE;
}

int program_main(const struct program *program, int argc, char **argv)
{
    struct cli cli = {.program = program->name,
                      .profiles = program->profiles,
                      .zh = locale_chinese(),
                      .profile = program->profiles ? getenv("MINGCE_PROFILE") : NULL};
    struct all all = {.program = program, .cli = &cli};
    if (!streams_taken())
        return CLI_FILE;
    if (!all_gather(&all))
        return cli_fail(&cli, CLI_FILE, "内存不足", "out of memory", NULL);
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  /* a write that a limit forbids then fails with an error */
    prctl(PR_SET_DUMPABLE, 0); /* no core dumps: rosters and keys pass through this memory */
    int status = run(&all, argc, argv);
    free(all.rows);
    if (fflush(stdout) != 0 || ferror(stdout))
        return errno == EPIPE /* whoever read it has gone, as head does: nobody is to be told */
                   ? CLI_FILE
                   : cli_fail(&cli, CLI_FILE, "输出无法写出", "the output could not be written", NULL);
    return status;
}
