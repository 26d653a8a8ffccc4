/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/table.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/frame/clean.h"

enum { ROWS_AT_ONCE = 1000, GAP = 2 };

struct table {
    const struct cli *cli;
    struct table_column *columns;
    size_t columns_n;
    char **cells; /* all cells, one row after the other */
    size_t cells_n, cells_room;
    size_t next; /* column of the row being filled */
    struct json_object *object;
    bool headed;   /* the header is printed */
    bool of_cells; /* the rows go to `file`; else they are printed */
    struct cells file;
};

static void *checked(void *memory)
{
    if (memory == NULL) {
        fputs("mingce: 内存不足 / out of memory\n", stderr);
        exit(CLI_FILE);
    }
    return memory;
}

/* A copy whose control characters (escape sequences among them) are replaced. */
static char *printable(const char *text)
{
    char *copy = checked(strdup(text == NULL ? "" : text));
    clean_text(copy);
    return copy;
}

struct table *table_new(const struct cli *cli, const struct table_column *columns, size_t n)
{
    struct table *table = checked(calloc(1, sizeof(*table)));
    table->cli = cli;
    table->columns = checked(calloc(n, sizeof(*columns)));
    memcpy(table->columns, columns, n * sizeof(*columns));
    table->columns_n = n;
    return table;
}

static const char *title(const struct table *table, size_t column)
{
    bool zh = table->of_cells || table->cli->zh;
    return zh ? table->columns[column].zh : table->columns[column].en;
}

void table_cell(struct table *table, const char *text, struct json_object *value)
{
    if (table->next >= table->columns_n)
        abort();
    const struct table_column *column = &table->columns[table->next++];
    if (table->cli->json) {
        if (table->object == NULL)
            table->object = checked(json_object_new_object());
        json_object_object_add(table->object, column->key, value);
        return;
    }
    json_object_put(value);
    if (table->cells_n == table->cells_room) {
        table->cells_room = table->cells_room == 0 ? 256 : table->cells_room * 2;
        table->cells = checked(realloc(table->cells, table->cells_room * sizeof(*table->cells)));
    }
    table->cells[table->cells_n++] = printable(text);
}

void table_member(struct table *table, const char *key, struct json_object *value)
{
    if (table->cli->json && table->object != NULL)
        json_object_object_add(table->object, key, value);
    else
        json_object_put(value);
}

void table_text(struct table *table, const char *text)
{
    table_cell(table, text, table->cli->json && text != NULL ? checked(json_object_new_string(text)) : NULL);
}

void table_number(struct table *table, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%llu", (unsigned long long) number);
    table_cell(table, text, table->cli->json ? checked(json_object_new_uint64(number)) : NULL);
}

void table_time(struct table *table, bool there, int64_t ms)
{
    char time[CLI_TIME];
    cli_time(ms, time);
    table_text(table, there ? time : NULL);
}

static void pad(FILE *out, size_t cells)
{
    while (cells-- > 0)
        fputc(' ', out);
}

static void print_cell(const struct table *table, size_t column, const char *text, size_t width)
{
    bool last = column + 1 == table->columns_n;
    size_t fill = width - text_width(text);
    if (table->columns[column].right)
        pad(stdout, fill);
    fputs(text, stdout);
    if (!last)
        pad(stdout, (table->columns[column].right ? 0 : fill) + GAP);
    else
        putchar('\n');
}

static void print_rows(struct table *table)
{
    size_t n = table->columns_n, *widths = checked(calloc(n, sizeof(*widths)));
    for (size_t i = 0; i < n; i++)
        widths[i] = text_width(title(table, i));
    for (size_t i = 0; i < table->cells_n; i++) {
        size_t width = text_width(table->cells[i]);
        if (width > widths[i % n])
            widths[i % n] = width;
    }
    for (size_t i = 0; i < n && !table->headed; i++)
        print_cell(table, i, title(table, i), widths[i]);
    table->headed = true;
    for (size_t i = 0; i < table->cells_n; i++) {
        print_cell(table, i % n, table->cells[i], widths[i % n]);
        free(table->cells[i]);
    }
    table->cells_n = 0;
    free(widths);
}

/* JSON-C escapes all control characters of ASCII but DEL. DEL and those beyond ASCII occur only inside strings, where an escape means
 * the same character. */
static void print_json(struct json_object *object)
{
    const char *text =
        json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    for (const char *at = checked((char *) (uintptr_t) text); *at != '\0'; at++) {
        unsigned char here = (unsigned char) *at, next = (unsigned char) at[1];
        if (here == 0x7f) {
            fputs("\\u007f", stdout);
        } else if (here == 0xc2 && next >= 0x80 && next < 0xa0) {
            printf("\\u00%02x", next);
            at++;
        } else {
            putchar(*at);
        }
    }
    putchar('\n');
}

static void write_row(struct table *table)
{
    for (size_t i = 0; i < table->cells_n; i++) {
        cells_put(&table->file, table->cells[i]);
        free(table->cells[i]);
    }
    cells_row(&table->file);
    table->cells_n = 0;
}

void table_row(struct table *table)
{
    if (table->next != table->columns_n)
        abort();
    table->next = 0;
    if (table->cli->json) {
        print_json(table->object);
        json_object_put(table->object);
        table->object = NULL;
    } else if (table->of_cells) {
        write_row(table);
    } else if (table->cells_n >= ROWS_AT_ONCE * table->columns_n) {
        print_rows(table);
    }
}

void table_drop(struct table *table)
{
    for (size_t i = 0; i < table->cells_n; i++)
        free(table->cells[i]);
    free(table->cells);
    free(table->columns);
    free(table);
}

static bool list_open(struct table *table)
{
    struct xlsx_column columns[XLSX_COLUMNS];
    const struct cli *cli = table->cli;
    table->of_cells = cells_open(&table->file, cli, cli->output, cli->format == FORMAT_XLSX, "列表");
    for (size_t i = 0; table->of_cells && i < table->columns_n; i++)
        columns[i] = (struct xlsx_column){.title = title(table, i), .right = table->columns[i].right};
    if (table->of_cells)
        cells_header(&table->file, columns, table->columns_n);
    return table->of_cells;
}

struct table *table_list(const struct cli *cli, const struct table_column *columns, size_t n)
{
    struct table *table = table_new(cli, columns, n);
    if (!cli_cells(cli) || list_open(table))
        return table;
    table_drop(table);
    return NULL;
}

/* The file is made only if it has the whole list. */
static int list_close(struct table *table, int status, uint64_t rows)
{
    const struct cli *cli = table->cli;
    if (status != CLI_OK) {
        cells_drop(&table->file);
        return status;
    }
    status = cells_close(&table->file);
    if (status == CLI_OK && cli->output != NULL)
        printf(cli->zh     ? "已写出 %llu 行：%s\n"
               : rows == 1 ? "%llu row written: %s\n"
                           : "%llu rows written: %s\n",
               (unsigned long long) rows, cli->output);
    return status;
}

int table_list_end(struct table *table, int status, uint64_t rows)
{
    if (table->of_cells)
        status = list_close(table, status, rows);
    (!table->of_cells && (status == CLI_OK || rows > 0) ? table_end : table_drop)(table);
    return status;
}

void table_end(struct table *table)
{
    bool nothing = table->cells_n == 0 && !table->headed;
    if (!table->cli->json && (table->cells_n > 0 || nothing))
        print_rows(table);
    if (!table->cli->json && nothing) {
        fflush(stdout);
        fprintf(stderr, "%s\n", cli_say(table->cli, "（没有符合条件的记录）", "(nothing to list)"));
    }
    table_drop(table);
}

void table_end_record(struct table *table)
{
    size_t width = 0;
    FILE *out = cli_cells(table->cli) ? stderr : stdout; /* beside a list */
    for (size_t i = 0; i < table->columns_n; i++)
        if (text_width(title(table, i)) > width)
            width = text_width(title(table, i));
    for (size_t i = 0; i < table->cells_n; i++) {
        if (table->cells[i][0] == '\0')
            continue;
        fputs(title(table, i), out);
        pad(out, width - text_width(title(table, i)) + GAP);
        fprintf(out, "%s\n", table->cells[i]);
    }
    table_drop(table);
}
