/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/cell.h"

enum { SHEET_MOST = 256 << 20, TEXT_MOST = 256 << 20 /* bytes */ };
enum { ROWS_MOST = 1048576, COLUMNS_MOST = 64, CELLS_MOST = 32 << 20 };

enum { WORKSHEET = 1, DATA, ROW, CELL, VALUE, FORMULA, INLINE, RUN, TEXT };
static const char *const names[] = {"worksheet", "sheetData", "row", "c", "v", "f", "is", "r", "t"};

/* What a cell's type makes of its value. */
enum type { TYPE_NUMBER, TYPE_SHARED, TYPE_INLINE, TYPE_TEXT, TYPE_BOOLEAN, TYPE_DAY };

/* A cell of the row that is being read; its text stands in `row`. */
struct slot {
    bool there, lost;
    size_t from, n;
};

struct reading {
    const struct xlsx_book *book;
    struct xlsx_fault *fault;
    const char *part;
    size_t most;
    struct gathering all;
    size_t *lost, lost_n, lost_room;
    size_t hidden_n, hidden_first;
    /* the row */
    size_t number; /* from 1 */
    bool hidden;
    struct slot slots[COLUMNS_MOST];
    size_t slots_n;
    struct xlsx_text row;
    /* the cell */
    size_t column; /* from 1 */
    enum type type;
    size_t style;
    struct xlsx_text value, formula;
};

static bool fail(struct reading *reading, enum xlsx_wrong wrong)
{
    if (reading->fault->wrong == XLSX_GOOD)
        reading->fault->row = reading->number;
    return xlsx_fail(reading->fault, wrong, reading->part);
}

/* ---- cells ---- */

static enum type type_of(const char *text)
{
    static const struct {
        const char *text;
        enum type type;
    } types[] = {{"s", TYPE_SHARED}, {"inlineStr", TYPE_INLINE}, {"str", TYPE_TEXT},
                 {"e", TYPE_TEXT},   {"b", TYPE_BOOLEAN},        {"d", TYPE_DAY}};
    for (size_t i = 0; text != NULL && i < sizeof(types) / sizeof(*types); i++)
        if (strcmp(types[i].text, text) == 0)
            return types[i].type;
    return TYPE_NUMBER;
}

/* The column of a reference, from 1: AB12 is 28. 0: it is none. */
static size_t column_of(const char *reference)
{
    enum { LETTERS = 3, BASE = 26 };
    size_t column = 0, n = 0;
    for (; reference[n] >= 'A' && reference[n] <= 'Z' && n < LETTERS; n++)
        column = column * BASE + (size_t) (reference[n] - 'A' + 1);
    return cell_digit(reference[n]) ? column : 0;
}

static bool cell_begin(struct reading *reading, const char **attributes)
{
    const char *reference = markup_attribute(attributes, "r"), *style = markup_attribute(attributes, "s");
    long number = xlsx_number(style, 1 << 20);
    reading->column = reference == NULL ? reading->column + 1 : column_of(reference);
    reading->type = type_of(markup_attribute(attributes, "t"));
    reading->style = number < 0 ? 0 : (size_t) number;
    reading->value.n = reading->formula.n = 0;
    return reading->column > 0 || fail(reading, XLSX_MARKUP);
}

/* A day as ISO 8601 has it, perhaps with a time: without it when it is midnight, and with a blank between them otherwise. */
static void show_iso(struct xlsx_text *value)
{
    static const char midnight[] = "00:00:00";
    char *t = memchr(value->bytes, 'T', value->n);
    if (t == NULL)
        return;
    size_t before = (size_t) (t - value->bytes), time = value->n - before - 1;
    if (time >= strlen(midnight) && memcmp(t + 1, midnight, strlen(midnight)) == 0)
        value->n = before;
    else
        *t = ' ';
}

static bool show_number(struct reading *reading, bool *lost)
{
    struct xlsx_text *value = &reading->value;
    static const struct number_format general = {.year = false};
    char shown[NUMBER_SHOWN], *end;
    if (!xlsx_text_add(value, "", 1))
        return fail(reading, XLSX_MEMORY);
    value->n--;
    double number = strtod(value->bytes, &end);
    bool whole =
        value->n > 0 && end == value->bytes + value->n && strspn(value->bytes, "0123456789+-.eE") == value->n;
    if (!whole)
        return true; /* as it stands */
    *lost = number_digits_lost(number);
    const struct number_format *format =
        reading->style < reading->book->formats_n ? &reading->book->formats[reading->style] : &general;
    number_format_show(*lost ? &general : format, number, reading->book->from_1904, shown);
    value->n = 0;
    return xlsx_text_add(value, shown, strlen(shown)) || fail(reading, XLSX_MEMORY);
}

/* Replaces the index of a shared string by the string. */
static bool show_shared(struct reading *reading)
{
    const struct xlsx_book *book = reading->book;
    char number[16] = "";
    struct xlsx_text *value = &reading->value;
    if (value->n < sizeof(number))
        memcpy(number, value->bytes, value->n);
    long which = book->strings_n == 0 ? -1 : xlsx_number(number, (long) book->strings_n - 1);
    if (which < 0)
        return fail(reading, XLSX_MARKUP);
    size_t from = which == 0 ? 0 : book->ends[which - 1];
    value->n = 0;
    return xlsx_text_add(value, book->strings.bytes + from, book->ends[which] - from) ||
           fail(reading, XLSX_MEMORY);
}

/* Makes the text of the cell that has ended, which a formula without a value has instead. */
static bool show(struct reading *reading, bool *lost)
{
    struct xlsx_text *value = &reading->value, *formula = &reading->formula;
    if (value->n == 0 && formula->n > 0 && reading->type != TYPE_TEXT)
        return (xlsx_text_add(value, "=", 1) && xlsx_text_add(value, formula->bytes, formula->n)) ||
               fail(reading, XLSX_MEMORY);
    if (value->n == 0)
        return true;
    switch (reading->type) {
    case TYPE_NUMBER:
        return show_number(reading, lost);
    case TYPE_SHARED:
        return show_shared(reading);
    case TYPE_BOOLEAN: {
        bool yes = value->n == 1 && value->bytes[0] == '1';
        value->n = 0;
        return xlsx_text_add(value, yes ? "TRUE" : "FALSE", yes ? 4 : 5) || fail(reading, XLSX_MEMORY);
    }
    case TYPE_DAY:
        show_iso(value);
        return true;
    default:
        xlsx_text_unescape(value, 0);
        return true;
    }
}

static bool cell_end(struct reading *reading)
{
    bool lost = false;
    if (!show(reading, &lost))
        return false;
    if (reading->value.n == 0)
        return true;
    if (reading->column > COLUMNS_MOST)
        return fail(reading, XLSX_COLUMNS);
    struct slot *slot = &reading->slots[reading->column - 1];
    if (slot->there)
        return fail(reading, XLSX_ORDER);
    if (reading->all.text_n + reading->row.n + reading->value.n > TEXT_MOST)
        return fail(reading, XLSX_TEXT);
    *slot = (struct slot){true, lost, reading->row.n, reading->value.n};
    reading->slots_n = reading->column > reading->slots_n ? reading->column : reading->slots_n;
    return xlsx_text_add(&reading->row, reading->value.bytes, reading->value.n) || fail(reading, XLSX_MEMORY);
}

/* ---- rows ---- */

static bool row_begin(struct reading *reading, const char **attributes)
{
    const char *number = markup_attribute(attributes, "r");
    size_t before = reading->number;
    long said = number == NULL ? (long) before + 1 : xlsx_number(number, INT32_MAX);
    if (said < 0)
        return fail(reading, XLSX_MARKUP);
    reading->number = (size_t) said;
    if (reading->number > ROWS_MOST)
        return fail(reading, XLSX_ROWS);
    if (reading->number <= before)
        return fail(reading, XLSX_ORDER);
    reading->hidden = xlsx_true(markup_attribute(attributes, "hidden"));
    reading->column = 0;
    reading->row.n = 0;
    for (size_t i = 0; i < reading->slots_n; i++)
        reading->slots[i] = (struct slot){.there = false};
    reading->slots_n = 0;
    return true;
}

static bool lost_add(struct reading *reading)
{
    if (reading->lost_n == reading->lost_room) {
        reading->lost_room = reading->lost_room == 0 ? 64 : reading->lost_room * 2;
        size_t *more = realloc(reading->lost, reading->lost_room * sizeof(*more));
        if (more == NULL)
            return fail(reading, XLSX_MEMORY);
        reading->lost = more;
    }
    reading->lost[reading->lost_n++] = reading->all.cells_n;
    return true;
}

/* A blank row is one only when another follows, so that rows keep their numbers. */
static bool row_end(struct reading *reading)
{
    bool good = true;
    if (reading->slots_n == 0)
        return true;
    while (!reading->all.failed && reading->all.rows_n + 1 < reading->number)
        gather_row(&reading->all);
    for (size_t i = 0; good && i < reading->slots_n; i++) {
        const struct slot *slot = &reading->slots[i];
        good = !slot->lost || lost_add(reading);
        gather_cell(&reading->all, slot->there ? reading->row.bytes + slot->from : NULL, slot->n);
    }
    gather_row(&reading->all);
    if (reading->hidden) {
        reading->hidden_first = reading->hidden_n == 0 ? reading->number : reading->hidden_first;
        reading->hidden_n++;
    }
    if (reading->all.failed)
        return fail(reading, XLSX_MEMORY);
    if (reading->all.cells_n > CELLS_MOST)
        return fail(reading, XLSX_CELLS);
    return good;
}

/* ---- elements ---- */

static const int cell_path[] = {WORKSHEET, DATA, ROW, CELL};

static bool in_cell(const struct markup *markup, int depth)
{
    return depth >= 4 && markup_is(markup, 4, cell_path);
}

static void on_open(void *context, struct markup *markup, int depth, const char **attributes)
{
    struct reading *reading = context;
    bool good = true;
    if (depth == 1 && markup_at(markup, 1) != WORKSHEET)
        good = fail(reading, XLSX_MARKUP);
    else if (depth == 3 && markup_is(markup, 3, cell_path))
        good = row_begin(reading, attributes) && (reading->most == 0 || reading->number <= reading->most);
    else if (depth == 4 && in_cell(markup, depth))
        good = cell_begin(reading, attributes);
    if (!good)
        markup_stop(markup);
}

static void on_text(void *context, struct markup *markup, int depth, const char *bytes, size_t n)
{
    struct reading *reading = context;
    if (!in_cell(markup, depth) || depth < 5)
        return;
    int five = markup_at(markup, 5), six = markup_at(markup, 6), seven = markup_at(markup, 7);
    bool plain = depth == 6 && five == INLINE && six == TEXT,
         run = depth == 7 && five == INLINE && six == RUN && seven == TEXT;
    struct xlsx_text *to = NULL;
    if ((reading->type == TYPE_INLINE && (plain || run)) ||
        (reading->type != TYPE_INLINE && depth == 5 && five == VALUE))
        to = &reading->value;
    else if (depth == 5 && five == FORMULA)
        to = &reading->formula;
    if (to != NULL && !xlsx_text_add(to, bytes, n)) {
        fail(reading, XLSX_MEMORY);
        markup_stop(markup);
    }
}

static void on_close(void *context, struct markup *markup, int depth)
{
    struct reading *reading = context;
    bool good = true;
    if (depth == 4 && in_cell(markup, depth))
        good = cell_end(reading);
    else if (depth == 3 && markup_is(markup, 3, cell_path))
        good = row_end(reading);
    if (!good)
        markup_stop(markup);
}

bool xlsx_read(const struct xlsx_book *book, size_t tab, size_t most, struct xlsx_rows *rows,
               struct xlsx_fault *fault)
{
    static const struct markup_words words = {names, TEXT, xlsx_spaces};
    static const struct markup_handlers handlers = {on_open, on_close, on_text};
    struct reading reading = {.book = book, .fault = fault, .part = book->tabs[tab].part, .most = most};
    *rows = (struct xlsx_rows){.lost = NULL};
    *fault = (struct xlsx_fault){.wrong = XLSX_GOOD};
    bool good = xlsx_part_read(book->archive, reading.part, SHEET_MOST, &words, &handlers, &reading, fault);
    if (good && !gather_end(&reading.all, &rows->rows))
        good = xlsx_fail(fault, XLSX_MEMORY, NULL);
    if (good) {
        rows->lost = reading.lost;
        rows->lost_n = reading.lost_n;
        rows->hidden_n = reading.hidden_n;
        rows->hidden_first = reading.hidden_first;
        reading.lost = NULL;
    }
    gather_drop(&reading.all);
    free(reading.lost);
    free(reading.row.bytes);
    free(reading.value.bytes);
    free(reading.formula.bytes);
    return good;
}

void xlsx_rows_free(struct xlsx_rows *rows)
{
    gathered_free(&rows->rows);
    free(rows->lost);
    *rows = (struct xlsx_rows){.lost = NULL};
}
