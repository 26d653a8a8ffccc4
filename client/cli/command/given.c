/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/given.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/near.h"
#include "client/cli/command/usage.h"
#include "client/cli/sheet/cells.h"

enum {
    COMMON = 7,
    OPTION_JSON = 256, /* as getopt has it */
    OPTION_FORMAT,
    OPTION_PAGER,
    OPTION_PROGRESS,
    OPTION_YES,
    OPTION_PROFILE,
    DETAIL = 256
};

/* What every command takes, but that --yes is of those that cannot be taken back, and --profile of those that call a server. */
static const struct option common[COMMON] = {{"json", no_argument, NULL, OPTION_JSON},
                                             {"help", no_argument, NULL, 'h'},
                                             {"format", required_argument, NULL, OPTION_FORMAT},
                                             {"no-pager", no_argument, NULL, OPTION_PAGER},
                                             {"progress", required_argument, NULL, OPTION_PROGRESS},
                                             {"yes", no_argument, NULL, OPTION_YES},
                                             {"profile", required_argument, NULL, OPTION_PROFILE}};

/* ---- reading ---- */

struct reading {
    struct cli *cli;
    const struct command *command;
    struct given *given;
    size_t arguments_n, options_n;
    struct option table[GIVEN_MOST + COMMON + 1]; /* getopt's */
};

/* Prints a sentence and the command's usage below it. Returns GIVEN_WRONG. */
static enum given_verdict wrong(const struct reading *reading, const char *zh, const char *en,
                                const char *detail)
{
    cli_fail(reading->cli, CLI_USAGE, zh, en, detail);
    command_usage(reading->cli, reading->command, stderr);
    return GIVEN_WRONG;
}

static enum given_verdict wrong_option(const struct reading *reading, const struct cli_option *option,
                                       const char *zh, const char *en)
{
    char label[OPTION_LABEL];
    option_label(option, label);
    return wrong(reading, zh, en, label);
}

static void table_make(struct reading *reading)
{
    size_t n = 0;
    for (size_t i = 0; i < COMMON; i++)
        if ((common[i].val != OPTION_YES || reading->command->final) &&
            (common[i].val != OPTION_PROFILE || reading->cli->profiles))
            reading->table[n++] = common[i];
    for (size_t i = 0; i < reading->options_n; i++) {
        const struct cli_option *option = &reading->command->options[i];
        reading->table[n++] = (struct option){
            option->name, option->kind == VALUE_FLAG ? no_argument : required_argument, NULL, (int) i};
    }
}

/* Says that an option does not exist or is used wrongly, in our own words, since getopt speaks English only. */
static enum given_verdict unknown(const struct reading *reading, int said, const char *word)
{
    char name[OPTION_LABEL], detail[DETAIL];
    const char *names[GIVEN_MOST + COMMON];
    size_t n = 0;
    if (word[0] == '-' && word[1] == '-')
        snprintf(name, sizeof(name), "%.*s", (int) strcspn(word, "="), word);
    else
        snprintf(name, sizeof(name), "-%c", optopt);
    if (said == ':')
        return wrong(reading, "选项缺少值", "an option lacks its value", name);
    for (; reading->table[n].name != NULL; n++)
        names[n] = reading->table[n].name;
    const char *near = name[1] == '-' ? near_word(name + 2, names, n) : NULL;
    if (near != NULL && strcmp(near, name + 2) == 0)
        return wrong(reading, "此选项不带值", "the option takes no value", name);
    if (near == NULL)
        return wrong(reading, "没有此选项", "there is no such option", name);
    snprintf(detail, sizeof(detail), reading->cli->zh ? "%s，是否应为 --%s？" : "%s; did you mean --%s?",
             name, near);
    return wrong(reading, "没有此选项", "there is no such option", detail);
}

/* Finds the option that `-o` stands for, as in many programs. Returns its place; -1: the command writes no such file. */
static int output_place(const struct reading *reading)
{
    for (size_t i = 0; i < reading->options_n; i++)
        if (strcmp(reading->command->options[i].name, "output") == 0)
            return (int) i;
    return -1;
}

/* Takes an option that every command has. */
static enum given_verdict common_take(const struct reading *reading, int said)
{
    struct cli *cli = reading->cli;
    switch (said) {
    case OPTION_JSON:
        cli_format(cli, "json");
        break;
    case OPTION_FORMAT:
        return cli_format(cli, optarg) ? GIVEN_GOOD : GIVEN_WRONG;
    case OPTION_PAGER:
        cli->no_pager = true;
        break;
    case OPTION_PROGRESS:
        cli->progress_json = optarg != NULL && strcmp(optarg, "json") == 0;
        return cli->progress_json ? GIVEN_GOOD
                                  : wrong(reading, "--progress 只能是 json", "--progress is json", optarg);
    case OPTION_YES:
        cli->yes = true;
        break;
    default:
        cli->profile = optarg;
    }
    return GIVEN_GOOD;
}

static enum given_verdict options_take(struct reading *reading, int argc, char **argv)
{
    int said;
    optind = 0; /* again from the first word */
    opterr = 0; /* getopt would print it in English only */
    while ((said = getopt_long(argc, argv, ":ho:", reading->table, NULL)) != -1) {
        if (said == 'o' && (said = output_place(reading)) < 0)
            return wrong(reading, "没有此选项", "there is no such option", "-o");
        if (said == 'h')
            return GIVEN_HELP;
        if (said >= OPTION_JSON) {
            enum given_verdict verdict = common_take(reading, said);
            if (verdict != GIVEN_GOOD)
                return verdict;
        } else if (said == '?' || said == ':')
            return unknown(reading, said, optind > 1 ? argv[optind - 1] : "");
        else
            reading->given->values[reading->arguments_n + (size_t) said].text =
                optarg == NULL ? argv[optind - 1] : optarg;
    }
    return GIVEN_GOOD;
}

static enum given_verdict arguments_take(struct reading *reading, int argc, char **argv)
{
    size_t n = (size_t) (argc - optind);
    for (size_t i = 0; i < reading->arguments_n && i < n; i++)
        reading->given->values[i].text = argv[optind + (int) i];
    return n <= reading->arguments_n ? GIVEN_GOOD
                                     : wrong(reading, "多余的参数", "there is an argument too many",
                                             argv[optind + (int) reading->arguments_n]);
}

static const struct cli_option *option_at(const struct command *command, size_t i)
{
    size_t arguments = option_count(command->arguments);
    return i < arguments ? &command->arguments[i] : &command->options[i - arguments];
}

/* ---- checking ---- */

/* Reads every value by its kind, and fills in the defaults of options that were not given. */
static enum given_verdict values_check(const struct reading *reading)
{
    for (size_t i = 0; i < reading->arguments_n + reading->options_n; i++) {
        const struct cli_option *option = option_at(reading->command, i);
        struct value *value = &reading->given->values[i];
        const char *text = value->text != NULL ? value->text : option->otherwise;
        if (text != NULL && option->kind != VALUE_FLAG && !value_read(reading->cli, option, text, value)) {
            if (option->kind == VALUE_CHOICE)
                command_usage(reading->cli, reading->command, stderr);
            return GIVEN_WRONG;
        }
        if (value->text != NULL && option->kind == VALUE_TEXT && strlen(value->text) >= GIVEN_TEXT)
            value->text[GIVEN_TEXT - 1] = '\0';
        if (value->text != NULL && option->kind == VALUE_LIST_FILE)
            reading->cli->output = value->text;
    }
    return GIVEN_GOOD;
}

/* The option for a file of cells; NULL: the command prints none. */
static const struct cli_option *cells_option(const struct command *command)
{
    size_t n = option_count(command->options);
    for (size_t i = 0; i < n; i++)
        if (command->options[i].kind == VALUE_LIST_FILE)
            return &command->options[i];
    return NULL;
}

/* Makes up the format if it was not said, and refuses one that does not go together with the command or its file. */
static enum given_verdict format_check(const struct reading *reading)
{
    struct cli *cli = reading->cli;
    const struct cli_option *cells = cells_option(reading->command);
    if (cli->format == FORMAT_UNSAID)
        cli->format = cli->output == NULL             ? FORMAT_TABLE
                      : cells_named_xlsx(cli->output) ? FORMAT_XLSX
                                                      : FORMAT_CSV;
    if (cli_cells(cli) && cells == NULL)
        return wrong(reading, "本命令所列不是一张表，只有 --format table 和 json",
                     "what this command prints is no single list: --format table or json", NULL);
    if (!cli_cells(cli) && cli->output != NULL) {
        cli_fail(cli, CLI_USAGE, "--output 写出表格文件，不能与 --json、--format table 同用",
                 "--output writes a file of cells: not together with --json or --format table", NULL);
        return GIVEN_WRONG;
    }
    if (cli->format == FORMAT_XLSX && cli->output == NULL && cells->otherwise == NULL) {
        cli_fail(cli, CLI_USAGE, "--format xlsx 须有 --output 文件", "--format xlsx needs --output FILE",
                 NULL);
        return GIVEN_WRONG;
    }
    return GIVEN_GOOD;
}

static enum given_verdict wrong_pair(const struct reading *reading, const struct cli_option *option)
{
    char detail[DETAIL];
    snprintf(detail, sizeof(detail), reading->cli->zh ? "--%s 须有 --%s" : "--%s needs --%s", option->name,
             option->with);
    return wrong(reading, "选项须与另一选项同时给出", "an option needs another one", detail);
}

static enum given_verdict needs_check(const struct reading *reading)
{
    const struct cli_option *either = NULL;
    size_t chosen = 0;
    for (size_t i = 0; i < reading->arguments_n + reading->options_n; i++) {
        const struct cli_option *option = option_at(reading->command, i);
        bool there = reading->given->values[i].text != NULL;
        if (option->need == NEEDED && !there)
            return i < reading->arguments_n
                       ? wrong_option(reading, option, "缺少参数", "an argument is missing")
                       : wrong_option(reading, option, "缺少选项", "an option is missing");
        if (option->need == EITHER) {
            either = option;
            chosen += there;
        }
        if (option->with != NULL && there && !given_has(reading->given, option->with))
            return wrong_pair(reading, option);
    }
    return either == NULL || chosen == 1 ? GIVEN_GOOD
                                         : wrong_option(reading, either, "须给出其中一个选项，且只能一个",
                                                        "one of the options is needed, and only one");
}

/* Makes sure that no file that is written replaces one that is read. */
static enum given_verdict files_check(const struct reading *reading)
{
    const struct value *values = reading->given->values;
    size_t n = reading->arguments_n + reading->options_n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (values[i].text != NULL && option_at(reading->command, i)->kind == VALUE_FILE &&
                option_at(reading->command, j)->kind == VALUE_NEW_FILE &&
                cli_same_file(reading->cli, values[i].text, values[j].text))
                return GIVEN_WRONG;
    return GIVEN_GOOD;
}

enum given_verdict given_read(struct cli *cli, const struct command *command, int argc, char **argv,
                              struct given *given)
{
    struct reading reading = {.cli = cli,
                              .command = command,
                              .given = given,
                              .arguments_n = option_count(command->arguments),
                              .options_n = option_count(command->options)};
    if (reading.arguments_n + reading.options_n > GIVEN_MOST)
        abort();
    memset(given, 0, sizeof(*given));
    given->command = command;
    table_make(&reading);
    enum given_verdict verdict = options_take(&reading, argc, argv);
    if (verdict == GIVEN_GOOD)
        verdict = arguments_take(&reading, argc, argv);
    if (verdict == GIVEN_GOOD)
        verdict = values_check(&reading);
    if (verdict == GIVEN_GOOD)
        verdict = needs_check(&reading);
    if (verdict == GIVEN_GOOD)
        verdict = format_check(&reading);
    return verdict == GIVEN_GOOD ? files_check(&reading) : verdict;
}

/* ---- what commands ask for ---- */

static struct value *named(struct given *given, const char *name, const struct cli_option **option)
{
    size_t n = option_count(given->command->arguments) + option_count(given->command->options);
    for (size_t i = 0; i < n; i++) {
        *option = option_at(given->command, i);
        if (strcmp((*option)->name, name) == 0)
            return &given->values[i];
    }
    abort();
}

/* The same, of one of two kinds. */
static struct value *of_kind(struct given *given, const char *name, enum value_kind one,
                             enum value_kind other)
{
    const struct cli_option *option;
    struct value *value = named(given, name, &option);
    if (option->kind != one && option->kind != other)
        abort();
    return value;
}

bool given_has(struct given *given, const char *name)
{
    return given_text(given, name) != NULL;
}

char *given_text(struct given *given, const char *name)
{
    const struct cli_option *option;
    struct value *value = named(given, name, &option);
    return value->text != NULL && option->kind == VALUE_OCCUPATION ? value->code : value->text;
}

uint64_t given_number(struct given *given, const char *name)
{
    return of_kind(given, name, VALUE_NUMBER, VALUE_CODE)->number;
}

int given_word(struct given *given, const char *name)
{
    return of_kind(given, name, VALUE_WORD, VALUE_WORD)->word;
}

int64_t given_fen(struct given *given, const char *name)
{
    return of_kind(given, name, VALUE_YUAN, VALUE_YUAN)->fen;
}

int32_t given_day(struct given *given, const char *name)
{
    return of_kind(given, name, VALUE_DAY, VALUE_DAY)->day;
}

ProtobufCBinaryData given_id(struct given *given, const char *name)
{
    return (ProtobufCBinaryData){HEX_ID, of_kind(given, name, VALUE_ID, VALUE_ID)->bytes};
}

ProtobufCBinaryData given_key_hash(struct given *given, const char *name)
{
    return (ProtobufCBinaryData){HEX_KEY_HASH, of_kind(given, name, VALUE_KEY_HASH, VALUE_KEY_HASH)->bytes};
}

size_t given_words(struct given *given, const char *name, const uint8_t **numbers)
{
    const struct value *value = of_kind(given, name, VALUE_WORDS, VALUE_WORDS);
    *numbers = value->words.numbers;
    return value->words.n;
}
