/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/usage.h"

#include <string.h>

#include "client/cli/frame/clean.h"
#include "client/cli/frame/method.h"

enum {
    WIDTH = 100 /* cells of a terminal */,
    HANGING = 8,
    LABELS = 14 /* the least width for explanations */
};

/* Lines that are filled word by word; those after the first are indented. */
struct filling {
    FILE *out;
    size_t indent, used;
    bool begun;
};

static void fill_n(struct filling *line, const char *before, const char *word, size_t n)
{
    char text[512];
    snprintf(text, sizeof(text), "%.*s", (int) n, word);
    size_t width = text_width(before) + text_width(text);
    if (line->begun && line->used + width > WIDTH) {
        size_t kept = strlen(before);
        kept -= kept > 0 && before[kept - 1] == ' ' ? 1 : 0;
        fprintf(line->out, "%.*s\n%*s%s", (int) kept, before, (int) line->indent, "", text);
        line->used = line->indent + text_width(text);
    } else {
        fprintf(line->out, "%s%s", line->begun ? before : "", text);
        line->used += line->begun ? width : text_width(text);
    }
    line->begun = true;
}

static void fill(struct filling *line, const char *before, const char *word)
{
    fill_n(line, before, word, strlen(word));
}

/* How many bytes come before the next place where a line may break: before a blank, or after Chinese punctuation. */
static size_t word_end(const char *text)
{
    static const char *const marks[] = {"，", "；", "。", "、", "："};
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] == ' ' || text[i] == '\n')
            return i;
        for (size_t j = 0; j < sizeof(marks) / sizeof(*marks); j++)
            if (strncmp(text + i, marks[j], strlen(marks[j])) == 0)
                return i + strlen(marks[j]);
    }
    return strlen(text);
}

/* A text of one line. */
static void fill_text(struct filling *line, const char *before, const char *text)
{
    while (*text != '\0' && *text != '\n') {
        size_t n = word_end(text);
        fill_n(line, before, text, n);
        text += n;
        before = *text == ' ' ? " " : "";
        text += *text == ' ';
    }
}

/* Each line of a text, indented. */
static void notes_print(const char *notes, FILE *out)
{
    for (const char *at = notes; at != NULL && *at != '\0'; at += *at == '\n') {
        struct filling line = {.out = out, .indent = HANGING, .used = 2};
        fputs("  ", out);
        fill_text(&line, "", at);
        fputc('\n', out);
        at += strcspn(at, "\n");
    }
}

/* ---- how it is called ---- */

/* Writes an option as the synopsis has it, without brackets. */
static size_t option_put(const struct cli_option *option, char *text, size_t room)
{
    char label[OPTION_LABEL];
    option_label(option, label);
    bool argument = label[0] != '-', flag = option->kind == VALUE_FLAG;
    return (size_t) snprintf(text, room, "%s%s%s", label, argument || flag ? "" : " ",
                             argument || flag ? "" : option_value(option));
}

static void options_fill(struct filling *line, const struct cli_option *options)
{
    char text[256];
    for (const struct cli_option *each = options; each != NULL && each->name != NULL; each++) {
        bool optional = each->need == OPTIONAL,
             alternative = each->need == EITHER && each > options && each[-1].need == EITHER;
        text[0] = '[';
        size_t n = 1 + option_put(each, text + 1, sizeof(text) - 2);
        memcpy(text + n, optional ? "]" : "", 2 - !optional);
        fill(line, alternative ? " | " : " ", optional ? text : text + 1);
    }
}

static void synopsis_print(const struct cli *cli, const struct command *command, FILE *out)
{
    struct filling line = {.out = out, .indent = HANGING};
    fill(&line, "", cli_say(cli, "用法：", "usage:"));
    fill(&line, cli->zh ? "" : " ", cli->program);
    fill(&line, " ", command->noun);
    if (command->verb != NULL)
        fill(&line, " ", command->verb);
    options_fill(&line, command->arguments);
    options_fill(&line, command->options);
    if (command->final)
        fill(&line, " ", "[--yes]");
    fputc('\n', out);
}

/* ---- what its arguments and options are ---- */

static size_t label_width(const struct cli_option *options, size_t least)
{
    char text[256];
    for (; options != NULL && options->name != NULL; options++) {
        size_t n = option_put(options, text, sizeof(text)) + 4;
        least = n > least ? n : least;
    }
    return least;
}

static void words_fill(const struct cli *cli, struct filling *line, const struct cli_option *option,
                       const char *before)
{
    struct choice choice;
    for (size_t i = 0; option_word(option, i, &choice); i++) {
        char both[128];
        bool labelled = cli->zh && option->kind == VALUE_CHOICE;
        snprintf(both, sizeof(both), "%s %s", choice.word, choice.zh);
        fill(line,
             i == 0     ? before
             : labelled ? "、"
                        : " ",
             labelled  ? both
             : cli->zh ? choice.zh
                       : choice.word);
    }
}

/* The default, by its word in the locale's language. */
static void default_fill(const struct cli *cli, struct filling *line, const struct cli_option *option)
{
    const char *text = option->otherwise;
    if (text == NULL)
        return;
    if (option->kind == VALUE_WORD && cli->zh)
        text = word_zh((enum word_kind) option->table, word_number((enum word_kind) option->table, text));
    fill(line, cli_say(cli, "，", ", "), cli_say(cli, "默认", "by default"));
    fill(line, cli->zh ? "" : " ", text);
}

static void option_print(const struct cli *cli, const struct cli_option *option, size_t width, FILE *out)
{
    char label[256], list[96];
    const char *said = cli_say(cli, option->zh, option->en);
    struct filling line = {.out = out, .indent = width, .used = width};
    option_put(option, label, sizeof(label));
    fprintf(out, "  %-*s", (int) width - 2, label);
    if (said != NULL)
        fill_text(&line, "", said);
    words_fill(cli, &line, option, said == NULL ? "" : cli_say(cli, "：", ": "));
    default_fill(cli, &line, option);
    if (option->list != NULL) {
        snprintf(list, sizeof(list), cli->zh ? "（mingce code list %s）" : "(mingce code list %s)",
                 option->list);
        fill(&line, cli->zh ? "" : " ", list);
    }
    fputc('\n', out);
}

static void options_print(const struct cli *cli, const struct command *command, FILE *out)
{
    const struct cli_option *const tables[] = {command->arguments, command->options};
    size_t width = label_width(command->options, label_width(command->arguments, LABELS));
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
        for (const struct cli_option *each = tables[i]; each != NULL && each->name != NULL; each++)
            option_print(cli, each, width, out);
}

/* ---- the columns of its file ---- */

static const char *column_name(const struct cli *cli, const struct form_field *field)
{
    return cli_say(cli, field->zh, field->en);
}

/* Writes the further columns of a group of which one is enough. */
static void fill_others(const struct cli *cli, struct filling *line, const struct form *form, int first)
{
    for (int i = first + 1; i < form->n; i++)
        if (form->fields[i].need == form->fields[first].need && form_field_asked(form, i))
            fill(line, cli_say(cli, "或", " or "), column_name(cli, &form->fields[i]));
}

/* Whether the column belongs to such a group and is not its first, with which it is listed. */
static bool said_before(const struct form *form, int field)
{
    for (int i = 0; i < field; i++)
        if (form->fields[i].need == form->fields[field].need && form->fields[i].need > FORM_NEEDED)
            return true;
    return false;
}

static void columns_print(const struct cli *cli, const struct form *form, bool needed, const char *title,
                          FILE *out)
{
    struct filling line = {.out = out, .indent = text_width(title), .used = text_width(title)};
    for (int i = 0; i < form->n; i++) {
        const struct form_field *field = &form->fields[i];
        if ((field->need != FORM_OPTIONAL) != needed || !form_field_asked(form, i) || said_before(form, i))
            continue;
        if (!line.begun)
            fputs(title, out);
        fill(&line, cli_say(cli, "、", ", "), column_name(cli, field));
        if (field->need > FORM_NEEDED)
            fill_others(cli, &line, form, i);
    }
    if (line.begun)
        fputc('\n', out);
}

static void form_print(const struct cli *cli, const struct form *form, FILE *out)
{
    fprintf(out,
            cli->zh ? "  文件的列（mingce template %s 写出空白文件）\n"
                    : "  columns of the file (mingce template %s writes an empty one)\n",
            form->noun);
    columns_print(cli, form, true, cli_say(cli, "    必填  ", "    needed    "), out);
    columns_print(cli, form, false, cli_say(cli, "    可填  ", "    optional  "), out);
}

/* ---- whose it is, and the whole ---- */

static void method_print(const struct cli *cli, const struct command *command, FILE *out)
{
    struct filling line = {.out = out, .indent = HANGING, .used = HANGING};
    if (command->method == NULL)
        return;
    const struct method *method = method_declared(command->method);
    fprintf(out, "  %s",
            cli_say(cli, "可由下列角色办理：",
                    (method->roles & (method->roles - 1)) == 0 ? "role: " : "roles: "));
    for (int role = 1; word_zh(WORD_ROLE, role) != NULL; role++)
        if ((method->roles & 1U << role) != 0)
            fill(&line, cli_say(cli, "、", ", "),
                 cli_say(cli, word_zh(WORD_ROLE, role), word_stable(WORD_ROLE, role)));
    fprintf(out, cli->zh ? "（方法 %s）\n" : " (method %s)\n", command->method);
}

/* Writes one line; a long one is broken before options. */
static void example_print(const struct cli *cli, const struct command *command, FILE *out)
{
    const char *example = cli_say(cli, command->example_zh, command->example_en);
    size_t used = 2 + strlen(cli->program);
    if (example == NULL)
        return;
    fprintf(out, "\n  %s", cli->program);
    for (size_t n; *example != '\0'; example += n) {
        const char *next = strstr(example + 1, " --");
        char part[256];
        n = next == NULL ? strlen(example) : (size_t) (next - example);
        snprintf(part, sizeof(part), "%.*s", (int) n - (*example == ' '), example + (*example == ' '));
        bool broken = used + text_width(part) > WIDTH - 3;
        fprintf(out, "%s%s", broken ? " \\\n      " : " ", part);
        used = (broken ? 6 : used + 1) + text_width(part);
    }
    fputc('\n', out);
}

void command_line(const struct cli *cli, const struct command *command, FILE *out)
{
    char name[64];
    snprintf(name, sizeof(name), "%s%s%s", command->noun, command->verb == NULL ? "" : " ",
             command->verb == NULL ? "" : command->verb);
    fprintf(out, "  %-24s%s\n", name, cli_say(cli, command->zh, command->en));
}

void command_usage(const struct cli *cli, const struct command *command, FILE *out)
{
    synopsis_print(cli, command, out);
    fprintf(out, "  %s\n", cli_say(cli, command->zh, command->en));
    options_print(cli, command, out);
    for (size_t i = 0; i < COMMAND_FORMS && command->reads[i] != NULL; i++)
        form_print(cli, command->reads[i], out);
    notes_print(cli_say(cli, command->notes_zh, command->notes_en), out);
    method_print(cli, command, out);
    example_print(cli, command, out);
}
