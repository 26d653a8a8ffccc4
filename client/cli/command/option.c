/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/option.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/money.h"
#include "proto/rules/codes.h"

static const struct {
    const char *name, *value;
} kinds[] = {
    [VALUE_FLAG] = {"flag", NULL},
    [VALUE_TEXT] = {"text", "TEXT"},
    [VALUE_NUMBER] = {"number", "N"},
    [VALUE_DAY] = {"day", "YYYY-MM-DD"},
    [VALUE_YUAN] = {"yuan", "YUAN"},
    [VALUE_WORD] = {"word", "WORD"},
    [VALUE_WORDS] = {"words", "WORD[,WORD...]"},
    [VALUE_CODE] = {"code", "CODE"},
    [VALUE_CHOICE] = {"choice", "WORD"},
    [VALUE_OCCUPATION] = {"occupation", "CODE"},
    [VALUE_ID] = {"id", "ID"},
    [VALUE_IDS] = {"ids", "ID[,ID...]"},
    [VALUE_KEY_HASH] = {"key-hash", "HEX"},
    [VALUE_FILE] = {"file", "FILE"},
    [VALUE_NEW_FILE] = {"new-file", "FILE"},
    [VALUE_LIST_FILE] = {"list-file", "FILE"},
    [VALUE_DIRECTORY] = {"directory", "DIR"},
};

size_t option_count(const struct cli_option *options)
{
    size_t n = 0;
    while (options != NULL && options[n].name != NULL)
        n++;
    return n;
}

void option_label(const struct cli_option *option, char label[OPTION_LABEL])
{
    snprintf(label, OPTION_LABEL, "%s%s", isupper((unsigned char) option->name[0]) ? "" : "--", option->name);
}

const char *option_value(const struct cli_option *option)
{
    return option->value != NULL ? option->value : kinds[option->kind].value;
}

const char *option_kind(const struct cli_option *option)
{
    return kinds[option->kind].name;
}

bool option_word(const struct cli_option *option, size_t i, struct choice *choice)
{
    if (option->kind == VALUE_CHOICE)
        return option->choice(i, choice);
    if (option->kind != VALUE_WORD && option->kind != VALUE_WORDS)
        return false;
    int number = (int) i + (option->least > 0 ? (int) option->least : 1);
    choice->word = word_stable((enum word_kind) option->table, number);
    choice->zh = word_zh((enum word_kind) option->table, number);
    return choice->zh != NULL && (option->most == 0 || number <= (int) option->most);
}

/* ---- the values ---- */

static int word_read(const struct cli *cli, const struct cli_option *option, const char *label,
                     const char *text)
{
    return word_option(cli, label, (enum word_kind) option->table,
                       option->least > 0 ? (int) option->least : 1, (int) option->most, text);
}

/* Adds the number of a word. False: there are too many, which has been printed. */
static bool words_add(const struct cli *cli, const char *label, int number, struct value *value)
{
    char detail[OPTION_LABEL + 32];
    if (value->words.n < VALUE_WORDS_MOST) {
        value->words.numbers[value->words.n++] = (uint8_t) number;
        return true;
    }
    snprintf(detail, sizeof(detail), "%s: 1–%d", label, VALUE_WORDS_MOST);
    cli_fail(cli, CLI_USAGE, "值过多", "there are too many values", detail);
    return false;
}

/* Reads the parts of a text between its commas, until one is refused. */
static bool parts_read(const struct cli *cli, const struct cli_option *option, const char *label,
                       const char *text, struct value *value)
{
    char part[VALUE_PART_TEXT];
    uint8_t id[HEX_ID];
    value->words.n = 0;
    do {
        size_t length = strcspn(text, ",");
        snprintf(part, sizeof(part), "%.*s", (int) (length < sizeof(part) ? length : 0), text);
        int number = option->kind == VALUE_WORDS ? word_read(cli, option, label, part)
                                                 : (int) hex_parse(cli, label, part, id, HEX_ID);
        if (number == 0 || (option->kind == VALUE_WORDS && !words_add(cli, label, number, value)))
            return false;
        text += length + (text[length] == ',');
    } while (*text != '\0');
    return true;
}

static bool choice_read(const struct cli *cli, const struct cli_option *option, const char *label,
                        const char *text)
{
    struct choice choice;
    for (size_t i = 0; option_word(option, i, &choice); i++)
        if (strcmp(choice.word, text) == 0)
            return true;
    cli_fail(cli, CLI_USAGE, "没有此选项值，可用的值见用法",
             "there is no such value; the usage lists those that exist", label);
    return false;
}

/* Reads a name or a number of the table. */
static bool code_read(const struct cli *cli, const struct cli_option *option, const char *label,
                      const char *text, uint64_t *code)
{
    enum code_table table = (enum code_table) option->table;
    uint8_t found;
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    char zh[1024] = "应为其中之一：", en[128];
    if (!code_of_cell(table, text, &found))
        found =
            *text != '\0' && *end == '\0' && number <= UINT8_MAX && code_name(table, (uint8_t) number) != NULL
                ? (uint8_t) number
                : 0;
    *code = found;
    for (uint8_t i = 1; found == 0 && code_name(table, i) != NULL; i++) {
        size_t n = strlen(zh);
        snprintf(zh + n, sizeof(zh) - n, "%s%s（%u）", i == 1 ? "" : "、", code_name(table, i), i);
    }
    if (found != 0)
        return true;
    size_t n = strlen(zh);
    snprintf(zh + n, sizeof(zh) - n, "；见 mingce code list %s", option->list);
    snprintf(en, sizeof(en), "there is no such code or name: mingce code list %s has them", option->list);
    cli_fail(cli, CLI_USAGE, zh, en, label);
    return false;
}

bool value_read(const struct cli *cli, const struct cli_option *option, const char *text, struct value *value)
{
    char label[OPTION_LABEL];
    option_label(option, label);
    switch (option->kind) {
    case VALUE_NUMBER:
        return cli_number(cli, label, text, option->least, option->most, &value->number);
    case VALUE_DAY:
        return cli_day(cli, label, text, &value->day);
    case VALUE_YUAN:
        return money_option(cli, label, text, &value->fen);
    case VALUE_WORD:
        value->word = word_read(cli, option, label, text);
        return value->word != 0;
    case VALUE_WORDS:
    case VALUE_IDS:
        return parts_read(cli, option, label, text, value);
    case VALUE_CODE:
        return code_read(cli, option, label, text, &value->number);
    case VALUE_CHOICE:
        return choice_read(cli, option, label, text);
    case VALUE_ID:
        return hex_parse(cli, label, text, value->bytes, HEX_ID);
    case VALUE_KEY_HASH:
        return hex_parse(cli, label, text, value->bytes, HEX_KEY_HASH);
    case VALUE_FILE:
    case VALUE_NEW_FILE:
    case VALUE_LIST_FILE:
    case VALUE_DIRECTORY:
        if (text[0] != '\0')
            return true;
        cli_fail(cli, CLI_USAGE, "应写文件名", "the name of a file is expected", label);
        return false;
    case VALUE_OCCUPATION:
        snprintf(value->code, sizeof(value->code), "%s", occupation_said(text));
        return true;
    case VALUE_FLAG:
    case VALUE_TEXT:
        return true;
    }
    return false;
}
