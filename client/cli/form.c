/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/cell.h"

enum { HEADER_WITHIN = 30 /* rows */, CLEAN_CELL = 128 };
static const char reason_title[] = "退回原因";

/* A header without blanks, the star of what must be filled in and brackets behind it (full-width ones are half-width
 * by then), in lower case. */
static void clean_header(const char *cell, char clean[CLEAN_CELL])
{
    if (!cell_number(cell, clean, CLEAN_CELL))
        clean[0] = '\0';
    size_t stars = strspn(clean, "*");
    memmove(clean, clean + stars, strlen(clean + stars) + 1);
    clean[strcspn(clean, "([*")] = '\0';
    for (char *at = clean; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char) (*at - 'A' + 'a');
}

static int field_of_header(const struct form *form, const char *cell)
{
    char clean[CLEAN_CELL];
    clean_header(cell, clean);
    if (clean[0] == '\0')
        return -1;
    for (int field = 0; field < form->n; field++)
        for (int i = 0; i < FORM_ALIASES && form->fields[field].headers[i] != NULL; i++)
            if (strcmp(form->fields[field].headers[i], clean) == 0)
                return field;
    return -1;
}

/* Fills column_of from a row. Returns the first field that stands there twice, -1: none. */
static int map_header(struct form_file *file, const struct sheet_row *row)
{
    int twice = -1;
    for (int field = 0; field < file->form->n; field++)
        file->column_of[field] = -1;
    for (size_t i = 0; i < row->n; i++) {
        int field = field_of_header(file->form, row->cells[i]);
        if (field >= 0 && file->column_of[field] >= 0)
            twice = twice < 0 ? field : twice;
        else if (field >= 0)
            file->column_of[field] = (int) i;
    }
    return twice;
}

/* The row that names the columns a file of the form must have. False: none of the first does. */
static bool header_there(struct form_file *file, const struct form *form)
{
    file->form = form;
    for (file->header = 0; file->header < file->sheet.n && file->header < HEADER_WITHIN; file->header++) {
        (void) map_header(file, &file->sheet.rows[file->header]);
        if (file->column_of[form->needed[0]] >= 0 && file->column_of[form->needed[1]] >= 0)
            return true;
    }
    return false;
}

static int no_header(const struct cli *cli, const char *path, const struct form *const *forms, size_t n)
{
    char detail[4300];
    int used = snprintf(detail, sizeof(detail), "%s", path);
    for (size_t i = 0; i < n && used > 0 && (size_t) used < sizeof(detail); i++) {
        const struct form_field *one = &forms[i]->fields[forms[i]->needed[0]];
        const struct form_field *other = &forms[i]->fields[forms[i]->needed[1]];
        used += snprintf(detail + used, sizeof(detail) - (size_t) used, "%s %s %s, %s %s", i == 0 ? ":" : ";",
                         one->zh, one->en, other->zh, other->en);
    }
    return cli_fail(cli, CLI_FILE, "找不到表头：前30行中应有一行写着这两列的名称",
                    "no header: one of the first 30 rows must name these two columns", detail);
}

static int find_header(const struct cli *cli, const char *path, const struct form *const *forms, size_t n,
                       struct form_file *file)
{
    char detail[4300];
    size_t which = 0;
    while (which < n && !header_there(file, forms[which]))
        which++;
    if (which == n)
        return no_header(cli, path, forms, n);
    int twice = map_header(file, &file->sheet.rows[file->header]);
    if (twice < 0)
        return CLI_OK;
    snprintf(detail, sizeof(detail), "%s: %s", path,
             cli_say(cli, file->form->fields[twice].zh, file->form->fields[twice].en));
    return cli_fail(cli, CLI_FILE, "表头中有两列含义相同，请删去一列",
                    "two columns of the header mean the same: delete one", detail);
}

static const char *cell_at(const struct form_file *file, const struct sheet_row *row, int field)
{
    int column = file->column_of[field];
    return column < 0 || (size_t) column >= row->n ? "" : row->cells[column];
}

static bool blank_row(const struct sheet_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (!cell_empty(row->cells[i]))
            return false;
    return true;
}

/* 合计, 总计, 小计, 共120人: in the row's first cell that is not blank, and no document number in the row. */
static bool total_row(const struct form_file *file, const struct sheet_row *row)
{
    static const char *const words[] = {"合计", "总计", "小计", "共计", "总人数", "total"};
    char clean[CLEAN_CELL];
    size_t first = 0;
    if (!cell_empty(cell_at(file, row, file->form->needed[1])))
        return false;
    while (first < row->n && cell_empty(row->cells[first]))
        first++;
    clean_header(first < row->n ? row->cells[first] : "", clean);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strncmp(clean, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

static bool header_again(const struct form_file *file, const struct sheet_row *row)
{
    return field_of_header(file->form, cell_at(file, row, file->form->needed[0])) == file->form->needed[0] &&
           field_of_header(file->form, cell_at(file, row, file->form->needed[1])) == file->form->needed[1];
}

int form_file_read(const struct cli *cli, const char *path, const struct form *form, struct form_file *file)
{
    return form_file_read_one_of(cli, path, &form, 1, file);
}

int form_file_read_one_of(const struct cli *cli, const char *path, const struct form *const *forms, size_t n,
                          struct form_file *file)
{
    *file = (struct form_file){.form = forms[0]};
    int status = sheet_read(cli, path, &file->sheet);
    if (status == CLI_OK)
        status = find_header(cli, path, forms, n, file);
    if (status == CLI_OK) {
        file->rows = calloc(file->sheet.n + 1, sizeof(*file->rows));
        if (file->rows == NULL)
            status = cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
    }
    for (size_t i = file->header + 1; status == CLI_OK && i < file->sheet.n && file->rows != NULL; i++) {
        const struct sheet_row *row = &file->sheet.rows[i];
        if (!blank_row(row) && !total_row(file, row) && !header_again(file, row))
            file->rows[file->n++] = i;
    }
    if (status == CLI_OK && file->n == 0)
        status = cli_fail(cli, CLI_FILE, "表头下面没有数据行", "there are no rows below the header", path);
    if (status != CLI_OK)
        form_file_free(file);
    return status;
}

void form_file_free(struct form_file *file)
{
    sheet_free(&file->sheet);
    free(file->rows);
    *file = (struct form_file){0};
}

char *form_file_cell(const struct form_file *file, size_t i, int field)
{
    const struct sheet_row *row = &file->sheet.rows[file->rows[i]];
    int column = file->column_of[field];
    if (column < 0 || (size_t) column >= row->n || cell_empty(row->cells[column]))
        return NULL;
    return row->cells[column];
}

size_t form_file_sheet_row(const struct form_file *file, size_t i)
{
    return file->rows[i] + 1;
}

const char *form_field_shown(const struct cli *cli, const struct form *form, const char *field)
{
    for (int i = 0; i < form->n; i++)
        if (strcmp(form->fields[i].name, field) == 0)
            return cli_say(cli, form->fields[i].zh, form->fields[i].en);
    return field;
}

/* ---- what goes back to the clerk ---- */

/* A column that an earlier round has added. */
static bool reason_column(const struct form_file *file, size_t column)
{
    const struct sheet_row *header = &file->sheet.rows[file->header];
    char clean[CLEAN_CELL];
    if (column >= header->n)
        return false;
    clean_header(header->cells[column], clean);
    return strcmp(clean, reason_title) == 0;
}

static void write_row(const struct form_file *file, struct sheet_writer *writer, size_t row, const char *last)
{
    const struct sheet_row *cells = &file->sheet.rows[row];
    size_t n = file->sheet.rows[file->header].n;
    for (size_t i = 0; i < n; i++)
        if (!reason_column(file, i))
            sheet_writer_cell(writer, i < cells->n ? cells->cells[i] : "");
    sheet_writer_cell(writer, last);
    for (size_t i = n; i < cells->n; i++) /* beyond the header: kept, whatever it is */
        sheet_writer_cell(writer, cells->cells[i]);
    sheet_writer_row(writer);
}

struct sheet_writer *form_file_rejects(const struct cli *cli, const struct form_file *file, const char *path)
{
    struct sheet_writer *writer = sheet_writer_open(cli, path, file->sheet.gb18030);
    if (writer != NULL)
        write_row(file, writer, file->header, reason_title);
    return writer;
}

void form_file_reject(const struct form_file *file, struct sheet_writer *writer, size_t i, const char *why)
{
    write_row(file, writer, file->rows[i], why);
}
