/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/holder.h"

enum { SEAT_MOST = 100000000 };

void holder_read(const struct form_file *file, size_t i, struct holder *holder)
{
    *holder = (struct holder){.name = form_file_said(file, i, HOLDER_NAME),
                              .number = form_file_said(file, i, HOLDER_NUMBER)};
    if (holder->number == NULL)
        return;
    holder->type = form_file_cell(file, i, HOLDER_TYPE);
    holder->country = form_file_cell(file, i, HOLDER_COUNTRY);
}

bool trainee_read(const struct form_file *file, size_t i, struct judgement *judgement, struct holder *holder)
{
    const char *cell = form_file_cell(file, i, HOLDER_SEAT);
    holder_read(file, i, holder);
    if (cell == NULL && holder->number == NULL) {
        cell = form_file_cell(file, i, HOLDER_RUNNING);
        if (cell != NULL && holder->name == NULL)
            return rows_refuse(judgement, REASON_SEAT_UNPROVEN, "seat");
    }
    int seat = rows_number(cell, SEAT_MOST);
    holder->has_seat = seat >= 0;
    holder->seat = holder->has_seat ? (uint32_t) seat : 0;
    if (cell != NULL && !holder->has_seat)
        return rows_refuse(judgement, REASON_COUNT_CELL, "seat");
    return holder->has_seat || holder->number != NULL ||
           rows_refuse(judgement, REASON_TRAINEE_UNNAMED, "document_number");
}
