/* SPDX-License-Identifier: Apache-2.0 */
/* The usage of a command, in the language of the locale. */
#include <string.h>

#include "client/cli/command/command.h"
#include "client/cli/command/table.h"

enum { USAGE_WIDTH = 100 /* cells of a terminal */ };

/* A line that is filled up word by word, indented like the ones before. */
struct filling {
    FILE *out;
    size_t indent, used;
    bool begun;
};

static void fill(struct filling *line, const char *before, const char *word)
{
    size_t width = table_width(before) + table_width(word);
    if (line->begun && line->used + width > USAGE_WIDTH) {
        size_t n = strlen(before);
        n -= n > 0 && before[n - 1] == ' ' ? 1 : 0;
        fprintf(line->out, "%.*s\n%*s%s", (int) n, before, (int) line->indent, "", word);
        line->used = line->indent + table_width(word);
    } else {
        fprintf(line->out, "%s%s", line->begun ? before : "", word);
        line->used += line->begun ? width : table_width(word);
    }
    line->begun = true;
}

static const char *column_name(const struct cli *cli, const struct form_field *field)
{
    return cli_say(cli, field->zh, field->en);
}

/* Of columns of which one is enough, those behind the first. */
static void fill_others(const struct cli *cli, struct filling *line, const struct form *form, int first)
{
    for (int i = first + 1; i < form->n; i++)
        if (form->fields[i].need == form->fields[first].need && form_field_asked(form, i))
            fill(line, cli_say(cli, "或", " or "), column_name(cli, &form->fields[i]));
}

/* Whether an earlier column stands for this one, of which one is enough. */
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
    struct filling line = {.out = out, .indent = table_width(title), .used = table_width(title)};
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

void command_usage(const struct cli *cli, const struct command *command, FILE *out)
{
    const char *notes = cli_say(cli, command->notes_zh, command->notes_en);
    fprintf(out, "%s mingce %s", cli_say(cli, "用法：", "usage:"), command->synopsis);
    if (strstr(command->synopsis, "--limit") != NULL)
        fputs(cli_say(cli, "  --output   把列表整份写入此文件，供下一步命令读取\n",
                      "  --output   a file for the whole list, which the next command reads\n"),
              out);
    for (size_t i = 0; i < COMMAND_FORMS && command->reads[i] != NULL; i++)
        form_print(cli, command->reads[i], out);
    if (notes != NULL)
        fputs(notes, out);
}
