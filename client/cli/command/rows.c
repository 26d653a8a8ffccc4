/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/rows.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/frame/message.h"
#include "proto/rules/cell.h"

bool row_places_make(struct row_places *places, const ProtobufCMessageDescriptor *request, const char *list,
                     size_t text, size_t n)
{
    const ProtobufCFieldDescriptor *rows = message_field(request, list);
    if (rows == NULL || rows->type != PROTOBUF_C_TYPE_MESSAGE)
        abort();
    *places = (struct row_places){.type = rows->descriptor, .text = text, .n = n};
    places->messages = calloc(n, places->type->sizeof_message);
    places->texts = calloc(n, text + 1);
    return places->messages != NULL && places->texts != NULL;
}

void row_places_free(struct row_places *places)
{
    free(places->messages);
    free(places->texts);
    *places = (struct row_places){0};
}

ProtobufCMessage *row_message(const struct row_places *places, size_t place)
{
    return (ProtobufCMessage *) (void *) (places->messages + place * places->type->sizeof_message);
}

bool row_read(const struct row_form *form, void *context, const struct form_file *file, size_t i,
              struct judgement *judgement, const struct row_places *places, size_t place)
{
    struct row row = {file, i, row_message(places, place), places->texts + place * places->text, judgement};
    const char *field;
    enum reason unfit = form_file_unfit(file, i, &field);
    if (unfit != REASON_NONE)
        return rows_refuse(judgement, unfit, field);
    protobuf_c_message_init(places->type, row.message);
    message_set_uint32(row.message, "row", (uint32_t) i + 1);
    memset(row.text, 0, places->text);
    return form->read(context, &row);
}

bool rows_refuse(struct judgement *judgement, enum reason reason, const char *field)
{
    judgement->verdict = MINGCE__V1__ROW_VERDICT__ROW_REFUSED;
    return judgement_find(judgement, reason, field, 0);
}

bool rows_id(const struct form_file *file, size_t i, int field, uint8_t id[HEX_ID],
             struct judgement *judgement)
{
    char clean[3 * HEX_ID];
    const char *cell = form_file_cell(file, i, field);
    return (cell != NULL && cell_number(cell, clean, sizeof(clean)) && hex_read(clean, id, HEX_ID)) ||
           rows_refuse(judgement, REASON_IDENTIFIER_CELL, file->form->fields[field].name);
}

int rows_number(const char *cell, int most)
{
    int count = cell_count(cell, most), tenths = count < 0 ? cell_tenths(cell, 10 * most) : -1;
    return tenths >= 0 && tenths % 10 == 0 ? tenths / 10 : count;
}

bool rows_whole(const struct form_file *file, size_t i, int field, int most, uint32_t *number,
                struct judgement *judgement)
{
    int count = rows_number(form_file_cell(file, i, field), most);
    *number = count < 0 ? 0 : (uint32_t) count;
    return count >= 0 || rows_refuse(judgement, REASON_COUNT_CELL, file->form->fields[field].name);
}

bool row_day(const struct row *row, int field, bool needed, char text[DAY_TEXT], char **to)
{
    const char *cell = form_file_cell(row->file, row->i, field);
    day on = cell_day(cell);
    *to = cell == NULL && !needed ? NULL : text;
    if (on != DAY_NONE)
        day_format(on, text);
    return on != DAY_NONE || *to == NULL ||
           rows_refuse(row->judgement, REASON_DATE_FORMAT, row->file->form->fields[field].name);
}

bool rows_take(struct judgements *judged, const ProtobufCMessage *answer, const char *list)
{
    ProtobufCMessage *const *results;
    size_t n = message_list(answer, list, &results);
    bool good = true;
    for (size_t i = 0; good && i < n; i++) {
        const ProtobufCMessageDescriptor *type = results[i]->descriptor;
        ProtobufCMessage *const *findings;
        size_t findings_n = message_list(results[i], "finding", &findings),
               row = (size_t) message_number(results[i], message_field(type, "row"));
        if (row > 0 && row <= judged->n)
            good = judgement_take(
                &judged->rows[row - 1],
                (Mingce__V1__RowVerdict) message_number(results[i], message_field(type, "verdict")), findings,
                findings_n);
    }
    return good;
}
