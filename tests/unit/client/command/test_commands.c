/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of all commands: every row is whole, and its examples are read without complaint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/frame/method.h"
#include "tests/unit/client/files.h"

#define COMMANDS(name) extern const struct commands name;
#include "client/cli/commands.def"
#define COMMANDS(name) &(name),
static const struct commands *const tables[] = {
#include "client/cli/commands.def"
};

enum { WORDS = 32, LINE = 1024 };

typedef void of_command(const struct command *);

static size_t each_command(of_command *check)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
        for (size_t j = 0; j < tables[i]->n; j++, n++)
            check(&tables[i]->rows[j]);
    return n;
}

/* The words of a line as a shell has them, up to what is redirected. */
static int split(char *line, char *words[WORDS])
{
    int n = 0;
    for (char *at = line; *at != '\0' && *at != '<' && *at != '>' && n < WORDS - 1; at += strspn(at, " ")) {
        bool quoted = *at == '"';
        words[n++] = at += quoted;
        at += strcspn(at, quoted ? "\"" : " ");
        if (*at != '\0')
            *at++ = '\0';
    }
    words[n] = NULL;
    return n;
}

static void example_parses(const struct command *command, const char *example, bool zh)
{
    static struct given given;
    struct cli cli = {.program = "mingce", .profiles = true, .zh = zh};
    char line[LINE], *words[WORDS];
    int verdict, used = command->verb == NULL ? 0 : 1;
    snprintf(line, sizeof(line), "%s", example);
    int n = split(line, words);
    assert_true(n > used);
    assert_string_equal(words[0], command->noun);
    if (used > 0)
        assert_string_equal(words[1], command->verb);
    SAID(verdict, (int) given_read(&cli, command, n - used, words + used, &given));
    if (verdict != GIVEN_GOOD)
        fail_msg("%s: %s", example, files.said);
}

static void examples_parse(const struct command *command)
{
    assert_true((command->example_zh == NULL) == (command->example_en == NULL));
    if (command->example_zh == NULL)
        return;
    example_parses(command, command->example_zh, true);
    example_parses(command, command->example_en, false);
}

static const struct cli_option *option_of(const struct command *command, const char *name)
{
    for (size_t i = 0; i < option_count(command->options); i++)
        if (strcmp(command->options[i].name, name) == 0)
            return &command->options[i];
    return NULL;
}

static void option_is_whole(const struct command *command, const struct cli_option *option, bool argument)
{
    const struct cli cli = {.program = "mingce"};
    struct value value;
    bool whole = (option->zh != NULL && option->en != NULL) || option->kind == VALUE_CHOICE;
    whole = whole && (option->kind != VALUE_NUMBER || option->most > option->least);
    whole = whole && (option->with == NULL || option_of(command, option->with) != NULL);
    whole = whole && (option->otherwise == NULL || value_read(&cli, option, option->otherwise, &value));
    whole = whole && (option->otherwise == NULL || option->need == OPTIONAL);
    whole = whole && (option->kind == VALUE_FLAG) == (option_value(option) == NULL);
    whole = whole && (argument || option_of(command, option->name) == option);
    whole = whole && strcmp(option->name, "json") != 0 && strcmp(option->name, "profile") != 0;
    if (!whole)
        fail_msg("%s %s: %s", command->noun, command->verb == NULL ? "" : command->verb, option->name);
}

static void row_is_whole(const struct command *command)
{
    size_t arguments = option_count(command->arguments), options = option_count(command->options);
    assert_non_null(command->run);
    assert_true(command->zh != NULL && command->en != NULL);
    assert_true((command->notes_zh == NULL) == (command->notes_en == NULL));
    assert_true(arguments + options <= GIVEN_MOST);
    if (command->method != NULL)
        assert_true(method_declared(command->method)->roles != 0);
    for (size_t i = 0; i < arguments; i++)
        option_is_whole(command, &command->arguments[i], true);
    for (size_t i = 0; i < options; i++)
        option_is_whole(command, &command->options[i], false);
}

static void every_example_is_read(void **state)
{
    (void) state;
    assert_true(each_command(examples_parse) > 100);
}

static void every_row_is_whole(void **state)
{
    (void) state;
    each_command(row_is_whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_example_is_read, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(every_row_is_whole, files_make, files_unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
