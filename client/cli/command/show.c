/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/hex.h"
#include "client/cli/command/money.h"
#include "client/cli/frame/call.h"
#include "client/cli/frame/done.h"
#include "client/cli/frame/message.h"

enum { FIELD = 64 /* bytes of a field's name */ };

void show_columns(const struct show *show, struct table_column *columns)
{
    if (show->n > SHOW_MOST)
        abort();
    for (size_t i = 0; i < show->n; i++) {
        const struct shown *shown = &show->columns[i];
        columns[i] =
            (struct table_column){shown->key, shown->zh, shown->en,
                                  shown->as == AS_NUMBER || shown->as == AS_MONEY || shown->as == AS_MARK};
    }
}

struct table *show_table(const struct cli *cli, const struct show *show)
{
    struct table_column columns[SHOW_MOST];
    show_columns(show, columns);
    return table_new(cli, columns, show->n);
}

/* Whether a field is of the kind that a column shows. */
static bool fits(enum show_as as, const ProtobufCFieldDescriptor *field)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return false;
    if (as == AS_TEXT || as == AS_ID)
        return field->type == (as == AS_TEXT ? PROTOBUF_C_TYPE_STRING : PROTOBUF_C_TYPE_BYTES);
    if (as == AS_YES)
        return field->type == PROTOBUF_C_TYPE_BOOL;
    return field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_BYTES &&
           field->type != PROTOBUF_C_TYPE_MESSAGE;
}

/* Finds the field that a column of a message (NULL: of any of the type) shows. `*in` becomes the message that has the field; NULL:
 * it is absent. */
static const ProtobufCFieldDescriptor *field_of(const struct shown *shown,
                                                const ProtobufCMessageDescriptor *type,
                                                const ProtobufCMessage *message, const ProtobufCMessage **in)
{
    *in = message;
    char path[FIELD], *name = path, *dot;
    snprintf(path, sizeof(path), "%s%s", shown->field == NULL ? shown->key : shown->field,
             shown->field == NULL && shown->as == AS_TIME ? "_ms" : "");
    for (; (dot = strchr(name, '.')) != NULL; name = dot + 1) {
        *dot = '\0';
        const ProtobufCFieldDescriptor *outer = message_field(type, name);
        if (outer == NULL || outer->type != PROTOBUF_C_TYPE_MESSAGE ||
            outer->label == PROTOBUF_C_LABEL_REPEATED)
            abort();
        *in = *in == NULL ? NULL : *(const ProtobufCMessage *const *) message_value(*in, outer);
        type = outer->descriptor;
    }
    const ProtobufCFieldDescriptor *field = message_field(type, name);
    if (field == NULL || !fits(shown->as, field))
        abort();
    return field;
}

void show_check(const struct show *show, const ProtobufCMessageDescriptor *type)
{
    for (size_t i = 0; i < show->n; i++) {
        const ProtobufCMessage *in;
        if (show->columns[i].cell == NULL)
            (void) field_of(&show->columns[i], type, NULL, &in);
    }
}

static void minute_cell(struct table *table, int64_t minute)
{
    enum { HOUR = 60 };
    char text[48];
    snprintf(text, sizeof(text), "%02lld:%02lld", (long long) minute / HOUR, (long long) minute % HOUR);
    table_text(table, text);
}

static void mark_cell(struct table *table, const struct cli *cli, int64_t tenths)
{
    char text[48];
    snprintf(text, sizeof(text), "%lld.%lld", (long long) tenths / 10, (long long) tenths % 10);
    table_cell(table, text, cli->json ? json_object_new_double_s((double) tenths / 10, text) : NULL);
}

static void value_cell(struct table *table, const struct cli *cli, const struct shown *shown,
                       const ProtobufCMessage *in, const ProtobufCFieldDescriptor *field)
{
    bool yes;
    switch (shown->as) {
    case AS_NUMBER:
        table_number(table, (uint64_t) message_number(in, field));
        break;
    case AS_ID:
        hex_cell(table, *(const ProtobufCBinaryData *) message_value(in, field));
        break;
    case AS_WORD:
        word_cell(table, cli, shown->words, (int) message_number(in, field));
        break;
    case AS_YES:
        yes = message_number(in, field) != 0;
        table_cell(table, yes ? cli_say(cli, "是", "yes") : cli_say(cli, "否", "no"),
                   json_object_new_boolean(yes));
        break;
    case AS_TIME:
        table_time(table, true, message_number(in, field));
        break;
    case AS_MONEY:
        money_cell(table, true, message_number(in, field));
        break;
    case AS_MINUTE:
        minute_cell(table, message_number(in, field));
        break;
    case AS_MARK:
        mark_cell(table, cli, message_number(in, field));
        break;
    case AS_TEXT:
    case AS_CELL:
    default:
        table_text(table, *(const char *const *) message_value(in, field));
    }
}

static void cell(struct table *table, const struct cli *cli, const struct shown *shown,
                 const ProtobufCMessage *message)
{
    const ProtobufCMessage *in;
    const ProtobufCFieldDescriptor *field = field_of(shown, message->descriptor, message, &in);
    if (in != NULL && message_has(in, field))
        value_cell(table, cli, shown, in, field);
    else
        table_text(table, shown->all && !cli->json ? cli_say(cli, "全部", "all") : NULL);
}

void show_cells(struct table *table, const struct cli *cli, const struct show *show,
                const ProtobufCMessage *message)
{
    for (size_t i = 0; i < show->n; i++)
        (show->columns[i].cell != NULL ? show->columns[i].cell(table, cli, message)
                                       : cell(table, cli, &show->columns[i], message));
}

void show_record(const struct cli *cli, const struct show *show, const ProtobufCMessage *message)
{
    struct table *table = show_table(cli, show);
    show_cells(table, cli, show, message);
    table_row(table);
    table_end_record(table);
}

int show_write(struct cli *cli, const char *method, const ProtobufCMessage *request, const struct show *show)
{
    int status;
    ProtobufCMessage *answer = cli_answer(cli, method, request, &status);
    if (answer == NULL)
        return status;
    done_head(cli, method);
    show_record(cli, show, answer);
    protobuf_c_message_free_unpacked(answer, NULL);
    return CLI_OK;
}
