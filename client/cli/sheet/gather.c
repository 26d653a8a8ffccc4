/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/gather.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_ROOM = 1 << 16, ROWS_ROOM = 1024 };

void gather_cell(struct gathering *all, const void *bytes, size_t n)
{
    while (!all->failed && all->text_room - all->text_n < n + 1) {
        all->text_room = all->text_room == 0 ? TEXT_ROOM : all->text_room * 2;
        char *more = realloc(all->text, all->text_room);
        all->failed = more == NULL;
        all->text = more == NULL ? all->text : more;
    }
    if (all->failed)
        return;
    if (n > 0)
        memcpy(all->text + all->text_n, bytes, n);
    all->text[all->text_n + n] = '\0';
    all->text_n += n + 1;
    all->cells_n++;
    all->in_row++;
}

void gather_row(struct gathering *all)
{
    if (!all->failed && all->rows_n == all->rows_room) {
        all->rows_room = all->rows_room == 0 ? ROWS_ROOM : all->rows_room * 2;
        size_t *more = realloc(all->counts, all->rows_room * sizeof(*more));
        all->failed = more == NULL;
        if (more != NULL)
            all->counts = more;
    }
    if (all->failed)
        return;
    all->counts[all->rows_n++] = all->in_row;
    all->in_row = 0;
}

bool gather_end(struct gathering *all, struct gathered *to)
{
    *to = (struct gathered){0};
    if (all->failed)
        return false;
    to->rows = calloc(all->rows_n + 1, sizeof(*to->rows));
    to->cells = calloc(all->cells_n + 1, sizeof(*to->cells));
    if (to->rows == NULL || to->cells == NULL) {
        gathered_free(to);
        return false;
    }
    char *text = all->text, **cell = to->cells;
    for (size_t i = 0; i < all->rows_n; i++) {
        to->rows[i] = (struct sheet_row){cell, all->counts[i]};
        for (size_t j = 0; j < all->counts[i]; j++) {
            *cell++ = text;
            text += strlen(text) + 1;
        }
    }
    to->n = all->rows_n;
    to->bytes = all->text;
    all->text = NULL;
    return true;
}

void gather_drop(struct gathering *all)
{
    free(all->text);
    free(all->counts);
    *all = (struct gathering){0};
}

void gathered_free(struct gathered *rows)
{
    free(rows->rows);
    free(rows->cells);
    free(rows->bytes);
    *rows = (struct gathered){0};
}
