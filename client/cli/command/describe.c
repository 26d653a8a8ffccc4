/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "client/cli/command/program.h"
#include "client/cli/frame/method.h"

static void text_add(struct json_object *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_object_add(object, name, json_object_new_string(text));
}

static struct json_object *words_of(const struct cli_option *option)
{
    struct json_object *words = json_object_new_array();
    struct choice choice;
    for (size_t i = 0; option_word(option, i, &choice); i++) {
        struct json_object *word = json_object_new_object();
        text_add(word, "word", choice.word);
        text_add(word, "zh", choice.zh);
        json_object_array_add(words, word);
    }
    return words;
}

static struct json_object *options_of(const struct cli_option *options)
{
    static const char *const needs[] = {
        [OPTIONAL] = "optional", [NEEDED] = "needed", [DEMANDED] = "needed", [EITHER] = "either"};
    struct json_object *list = json_object_new_array();
    for (const struct cli_option *each = options; each != NULL && each->name != NULL; each++) {
        struct json_object *option = json_object_new_object();
        text_add(option, "name", each->name);
        text_add(option, "kind", option_kind(each));
        text_add(option, "need", needs[each->need]);
        text_add(option, "value", option_value(each));
        text_add(option, "list", each->list);
        text_add(option, "default", each->otherwise);
        text_add(option, "with", each->with);
        text_add(option, "zh", each->zh);
        text_add(option, "en", each->en);
        json_object_object_add(option, "words", words_of(each));
        json_object_array_add(list, option);
    }
    return list;
}

/* Adds the roles that may use it, in the words that `word` gives. */
static struct json_object *roles_of(const char *method, const char *(*word)(enum word_kind, int) )
{
    struct json_object *roles = json_object_new_array();
    for (int role = 1; method != NULL && word_zh(WORD_ROLE, role) != NULL; role++)
        if ((method_declared(method)->roles & 1U << role) != 0)
            json_object_array_add(roles, json_object_new_string(word(WORD_ROLE, role)));
    return roles;
}

static struct json_object *command_of(const struct command *command)
{
    struct json_object *object = json_object_new_object(), *forms = json_object_new_array();
    text_add(object, "noun", command->noun);
    text_add(object, "verb", command->verb);
    text_add(object, "method", command->method);
    json_object_object_add(object, "roles", roles_of(command->method, word_stable));
    json_object_object_add(object, "role_words", roles_of(command->method, word_zh));
    text_add(object, "zh", command->zh);
    text_add(object, "en", command->en);
    json_object_object_add(object, "final", json_object_new_boolean(command->final));
    json_object_object_add(object, "arguments", options_of(command->arguments));
    json_object_object_add(object, "options", options_of(command->options));
    for (size_t i = 0; i < COMMAND_FORMS && command->reads[i] != NULL; i++)
        json_object_array_add(forms, json_object_new_string(command->reads[i]->noun));
    json_object_object_add(object, "reads", forms);
    text_add(object, "notes_zh", command->notes_zh);
    text_add(object, "notes_en", command->notes_en);
    text_add(object, "example_zh", command->example_zh);
    text_add(object, "example_en", command->example_en);
    return object;
}

void program_describe(const struct program *program, const struct command *const *rows, size_t n)
{
    struct json_object *object = json_object_new_object(), *list = json_object_new_array();
    text_add(object, "program", program->name);
    json_object_object_add(object, "profiles", json_object_new_boolean(program->profiles));
    for (size_t i = 0; i < n; i++)
        json_object_array_add(list, command_of(rows[i]));
    json_object_object_add(object, "commands", list);
    puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(object);
}
