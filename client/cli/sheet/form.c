/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/frame/field.h"
#include "client/cli/sheet/tabs.h"
#include "proto/rules/cell.h"

enum { HEADER_WITHIN = 30 /* rows */, CLEAN_CELL = 128 };
const char form_reasons[] = "退回原因";
static const char seat_title[] = "班内序号";

/* Cleans a header: in lower case, without blanks, without the star that marks a needed column, without a colon or brackets at its end.
 * Full-width characters have become half-width before. */
static void clean_header(const char *cell, char clean[CLEAN_CELL])
{
    if (!cell_number(cell, clean, CLEAN_CELL))
        clean[0] = '\0';
    size_t stars = strspn(clean, "*");
    memmove(clean, clean + stars, strlen(clean + stars) + 1);
    clean[strcspn(clean, "([*:")] = '\0';
    for (char *at = clean; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char) (*at - 'A' + 'a');
}

/* Compares a clean header with the field's English name without its blanks. */
static bool called(const char *name, const char *clean)
{
    for (; *name != '\0'; name++)
        if (*name != ' ' && *name != *clean++)
            return false;
    return *clean == '\0';
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
    for (int field = 0; field < form->n; field++)
        if (called(form->fields[field].en, clean))
            return field;
    return -1;
}

static const char *cell_of(const struct sheet_row *row, size_t column)
{
    return column < row->n ? row->cells[column] : "";
}

/* Finds the field of a column whose header has one row or two; of two, the lower one is more exact. */
static int field_of_column(const struct form_file *file, size_t column)
{
    const struct sheet_row *rows = &file->sheet.rows[file->header];
    int lower = file->two_rows ? field_of_header(file->form, cell_of(&rows[1], column)) : -1;
    return lower >= 0 ? lower : field_of_header(file->form, cell_of(&rows[0], column));
}

static size_t header_columns(const struct form_file *file)
{
    const struct sheet_row *rows = &file->sheet.rows[file->header];
    return file->two_rows && rows[1].n > rows[0].n ? rows[1].n : rows[0].n;
}

/* Fills column_of from the header. Returns the first field that stands there twice, -1: none. */
static int map_header(struct form_file *file)
{
    int twice = -1;
    for (int field = 0; field < file->form->n; field++)
        file->column_of[field] = -1;
    for (size_t i = 0; i < header_columns(file); i++) {
        int field = field_of_column(file, i);
        if (field >= 0 && file->column_of[field] >= 0)
            twice = twice < 0 ? field : twice;
        else if (field >= 0)
            file->column_of[field] = (int) i;
    }
    return twice;
}

/* Whether a row has only words of headers and at least one: the second row of a header whose first row groups columns. */
static bool words_only(const struct form *form, const struct sheet_row *row)
{
    size_t words = 0;
    for (size_t i = 0; i < row->n; i++) {
        if (cell_empty(row->cells[i]))
            continue;
        if (field_of_header(form, row->cells[i]) < 0)
            return false;
        words++;
    }
    return words > 0;
}

/* Whether the rows from file->header on, one or two, name the columns that a file must have. */
static bool maps(struct form_file *file, size_t header, bool two_rows)
{
    file->header = header;
    file->two_rows = two_rows;
    (void) map_header(file);
    return file->column_of[file->form->needed[0]] >= 0 && file->column_of[file->form->needed[1]] >= 0;
}

/* Finds the row that names the columns, or the two that do so together. False: none of the first rows does. */
static bool header_there(struct form_file *file, const struct form *form)
{
    file->form = form;
    for (size_t i = 0; i < file->sheet.n && i < HEADER_WITHIN; i++) {
        bool under = i + 1 < file->sheet.n && words_only(form, &file->sheet.rows[i + 1]);
        if (maps(file, i, false))
            return maps(file, i, under);
        if (under && !maps(file, i + 1, false) && maps(file, i, true))
            return true;
    }
    return false;
}

/* A cell that holds several headers: the row's number, from 1; 0: none. */
static size_t header_unsplit(const struct form_file *file, const struct form *form)
{
    char clean[CLEAN_CELL * 4];
    for (size_t i = 0; i < file->sheet.n && i < HEADER_WITHIN; i++)
        for (size_t column = 0; column < file->sheet.rows[i].n; column++) {
            size_t named = 0;
            if (!cell_number(file->sheet.rows[i].cells[column], clean, sizeof(clean)))
                continue;
            for (int field = 0; field < form->n; field++)
                named += strstr(clean, form->fields[field].headers[0]) != NULL;
            if (named > 1 && strstr(clean, form->fields[form->needed[0]].headers[0]) != NULL)
                return i + 1;
        }
    return 0;
}

static bool blank_row(const struct sheet_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (!cell_empty(row->cells[i]))
            return false;
    return true;
}

static bool nothing_there(const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->n; i++)
        if (!blank_row(&sheet->rows[i]))
            return false;
    return true;
}

/* Appends a text, as far as it fits. */
static void put(char *to, size_t size, size_t *used, const char *text)
{
    int n = snprintf(to + *used, size - *used, "%s", text);
    *used = n < 0 || (size_t) n >= size - *used ? size - 1 : *used + (size_t) n;
}

/* Whether the file has a column for what this one says. Two columns may be for the same field; of a group one is enough. */
static bool column_there(const struct form_file *file, int field)
{
    const struct form_field *fields = file->form->fields;
    bool there = false;
    for (int i = 0; i < file->form->n; i++) {
        bool same = strcmp(fields[i].name, fields[field].name) == 0,
             group = fields[field].need > FORM_NEEDED && fields[i].need == fields[field].need;
        for (int other = 0; (same || group) && other < file->form->n; other++)
            there = there || (file->column_of[other] >= 0 && strcmp(fields[other].name, fields[i].name) == 0);
    }
    return there;
}

/* Appends the names of the columns that every row needs, or of those that the file lacks; of a group its columns with "or". */
static void columns_name(const struct cli *cli, const struct form *form, const struct form_file *lacking,
                         char *names, size_t size, size_t *used)
{
    size_t n = 0;
    for (int i = 0; i < form->n; i++) {
        const struct form_field *field = &form->fields[i];
        bool first = true;
        bool known = lacking != NULL && (field->need == FORM_APART || column_there(lacking, i));
        if (field->need == FORM_OPTIONAL || known)
            continue;
        for (int j = 0; j < i; j++)
            first = first && (field->need <= FORM_NEEDED || form->fields[j].need != field->need);
        if (!first)
            continue;
        put(names, size, used, n++ == 0 ? "" : cli_say(cli, "、", ", "));
        put(names, size, used, cli_say(cli, field->zh, field->en));
        for (int j = i + 1; j < form->n && field->need > FORM_NEEDED; j++) {
            if (form->fields[j].need != field->need || !form_field_asked(form, j))
                continue;
            put(names, size, used, cli_say(cli, "或", " or "));
            put(names, size, used, cli_say(cli, form->fields[j].zh, form->fields[j].en));
        }
    }
}

/* Refuses a file that lacks columns which every row needs: row by row it would only be refused the same way again and again. */
static int columns_judge(const struct cli *cli, const char *path, const struct form_file *file)
{
    char names[1024] = "", unused[512], zh[2048], en[2048];
    size_t used = 0;
    columns_name(cli, file->form, file, names, sizeof(names), &used);
    if (used == 0)
        return CLI_OK;
    form_file_unused(file, cli, unused, sizeof(unused));
    bool some = unused[0] != '\0';
    snprintf(zh, sizeof(zh), "缺少必填列：%s%s%s%s。空白表格：mingce template %s", names,
             some ? "（表中未识别的列：" : "", unused, some ? "）" : "", file->form->noun);
    snprintf(en, sizeof(en),
             "columns that every row needs are missing: %s%s%s%s; an empty file: mingce template %s", names,
             some ? " (columns of which nothing is known: " : "", unused, some ? ")" : "", file->form->noun);
    return cli_fail(cli, CLI_FILE, zh, en, path);
}

static int no_header(const struct cli *cli, const char *path, const struct form *const *forms, size_t n,
                     const struct form_file *file)
{
    char detail[4300];
    size_t unsplit = header_unsplit(file, forms[0]);
    if (unsplit > 0 && file->sheet.book == NULL) {
        snprintf(detail, sizeof(detail), cli->zh ? "%s：第%zu行" : "%s: line %zu", path, unsplit);
        return cli_fail(
            cli, CLI_FILE,
            "找到了表头，但各列没有分开：应以半角逗号、分号或制表符分隔，请另存为 .xlsx 或“CSV UTF-8”",
            "the header is there, but its columns are not separated by commas, semicolons or tabs: save "
            "the file as .xlsx or \"CSV UTF-8\"",
            detail);
    }
    size_t used = 0;
    put(detail, sizeof(detail), &used, path);
    for (size_t i = 0; i < n; i++) {
        put(detail, sizeof(detail), &used,
            i == 0 ? cli_say(cli, "：", ": ") : cli_say(cli, "；或 ", "; or "));
        columns_name(cli, forms[i], NULL, detail, sizeof(detail), &used);
    }
    if (nothing_there(&file->sheet))
        return cli_fail(cli, CLI_FILE, "文件是空的，找不到表头：前30行中应有一行写着这些列的名称",
                        "the file is empty, with no header: one of the first 30 rows must name these columns",
                        detail);
    return cli_fail(cli, CLI_FILE, "找不到表头：前30行中应有一行写着这些列的名称",
                    "no header: one of the first 30 rows must name these columns", detail);
}

static bool any_header(struct form_file *file, const struct form *const *forms, size_t n)
{
    for (size_t which = 0; which < n; which++)
        if (header_there(file, forms[which]))
            return true;
    return false;
}

/* The forms by one of which a file is to be read. */
struct one_of {
    const struct form *const *forms;
    size_t n;
};

static bool header_in(void *context, const struct sheet *sheet)
{
    const struct one_of *one_of = context;
    struct form_file there = {.sheet = *sheet};
    return any_header(&there, one_of->forms, one_of->n);
}

/* The header of a column, as the file has it. */
static const char *header_text(const struct form_file *file, size_t column)
{
    const struct sheet_row *rows = &file->sheet.rows[file->header];
    const char *lower = file->two_rows ? cell_of(&rows[1], column) : "";
    return cell_empty(lower) ? cell_of(&rows[0], column) : lower;
}

/* Amounts are in yuan, in files and on the screen. A column whose header says fen is refused, since reading it as yuan would make the
 * amounts a hundred times too large. */
static bool header_fen(const struct form_file *file, int field, const char *text)
{
    static const char unit[] = "_fen";
    const char *name = file->form->fields[field].name;
    size_t n = strlen(name);
    return n > strlen(unit) && strcmp(name + n - strlen(unit), unit) == 0 &&
           (strstr(text, "分") != NULL || strcasestr(text, "fen") != NULL);
}

/* Which columns mean the same, or say what is not read. */
static int header_judge(const struct cli *cli, const char *path, struct form_file *file)
{
    char detail[4300];
    int twice = map_header(file);
    size_t columns = header_columns(file), other = columns;
    for (size_t i = 0; i < columns; i++) {
        int field = field_of_column(file, i);
        if (field >= 0 && header_fen(file, field, header_text(file, i))) {
            snprintf(detail, sizeof(detail), "%s: %.200s", path, header_text(file, i));
            return cli_fail(
                cli, CLI_FILE,
                "金额以元计，至多两位小数，如1500.00；这一列却写着分：请换算成元，列名写“补贴标准（元）”",
                "amounts are in yuan with two decimals at most, as 1500.00, but this column says fen: "
                "convert them and call it \"amount (yuan)\"",
                detail);
        }
        if (twice >= 0 && field == twice && (int) i != file->column_of[twice] && other == columns)
            other = i;
    }
    if (twice < 0 || other == columns)
        return CLI_OK;
    size_t first = (size_t) file->column_of[twice];
    snprintf(detail, sizeof(detail),
             cli->zh ? "%s：第%zu列“%.200s”，第%zu列“%.200s”"
                     : "%s: column %zu \"%.200s\", column %zu \"%.200s\"",
             path, first + 1, header_text(file, first), other + 1, header_text(file, other));
    return cli_fail(cli, CLI_FILE, "表头中有两列含义相同，请删去一列",
                    "two columns of the header mean the same: delete one", detail);
}

/* Finds the header: by the delimiter that the file names, otherwise by the first delimiter that makes one appear. */
static int find_header(const struct cli *cli, const char *path, const struct form *const *forms, size_t n,
                       struct form_file *file)
{
    static const char others[] = ";\t|,"; /* the comma again, so that errors tell of the file as first read */
    struct one_of one_of = {forms, n};
    int chosen = tabs_choose(cli, path, &file->sheet, HEADER_WITHIN + 1, header_in, &one_of);
    if (chosen != CLI_OK)
        return chosen;
    bool found = any_header(file, forms, n);
    for (size_t i = 0; !found && !file->sheet.delimiter_said && others[i] != '\0'; i++) {
        int status = sheet_split(cli, path, &file->sheet, others[i]);
        if (status != CLI_OK)
            return status;
        found = any_header(file, forms, n);
    }
    if (!found) {
        int status = sheet_no_text(cli, path, &file->sheet);
        return status != CLI_OK ? status : no_header(cli, path, forms, n, file);
    }
    return header_judge(cli, path, file);
}

static const char *cell_at(const struct form_file *file, const struct sheet_row *row, int field)
{
    int column = file->column_of[field];
    return column < 0 || (size_t) column >= row->n ? "" : row->cells[column];
}

/* Whether the row has sums: 合计 stands alone in a cell that is not the name's. */
static bool total_row(const struct form_file *file, size_t column, const char *clean)
{
    static const char *const words[] = {"合计", "总计", "小计", "共计"};
    int field = field_of_column(file, column);
    bool total = false;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        total = total || strcmp(clean, words[i]) == 0;
    return total && (field < 0 || strcmp(file->form->fields[field].name, "name") != 0);
}

/* Whether a row stands below the data, with totals or signatures: 合计, 共120人; 填表人：…　审核人：…, 培训单位（公章）：. Its first cell that
 * is not blank has such words, and the column that every data row has filled in is blank or has no digits. */
static bool footer_row(const struct form_file *file, const struct sheet_row *row)
{
    static const char *const words[] = {"合计",     "总计",     "小计", "共计", "总人数", "total", "填表",
                                        "制表",     "审核人",   "经办", "复核", "负责人", "盖章",  "公章",
                                        "单位盖章", "培训单位", "注:",  "说明", "备注"};
    char clean[CLEAN_CELL];
    size_t first = 0;
    const char *other = cell_at(file, row, file->form->needed[1]);
    while (first < row->n && cell_empty(row->cells[first]))
        first++;
    if (first == row->n || !cell_number(row->cells[first], clean, sizeof(clean)))
        return false;
    if (total_row(file, first, clean))
        return true;
    if (other[strcspn(other, "0123456789")] != '\0')
        return false;
    const char *colon = strchr(clean, ':');
    if (colon != NULL && colon > clean && !cell_digit(colon[-1])) /* a time has one behind digits */
        return true;
    for (size_t i = 0; cell_empty(other) && i < sizeof(words) / sizeof(*words); i++)
        if (strncasecmp(clean, words[i], strlen(words[i])) == 0)
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
    for (size_t i = file->header + (file->two_rows ? 2 : 1);
         status == CLI_OK && i < file->sheet.n && file->rows != NULL; i++) {
        const struct sheet_row *row = &file->sheet.rows[i];
        if (!blank_row(row) && !footer_row(file, row) && !header_again(file, row))
            file->rows[file->n++] = i;
    }
    if (status == CLI_OK && file->n == 0)
        status = cli_fail(cli, CLI_FILE, "表头下面没有数据行", "there are no rows below the header", path);
    if (status == CLI_OK)
        status = columns_judge(cli, path, file);
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

char *form_file_said(const struct form_file *file, size_t i, int field)
{
    char *cell = form_file_cell(file, i, field);
    return cell != NULL && strchr(cell, '*') == NULL ? cell : NULL;
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
    return field_shown(cli, field);
}

bool form_field_asked(const struct form *form, int field)
{
    for (int i = 0; i < field; i++)
        if (strcmp(form->fields[i].name, form->fields[field].name) == 0)
            return false;
    return true;
}

/* Whether a cell has a broken character or a control character, other than the line ends that spreadsheets write. */
static bool broken(const char *cell)
{
    for (const char *at = cell; *at != '\0'; at++) {
        unsigned char c = (unsigned char) *at;
        if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
            return true;
    }
    return strstr(cell, "\xef\xbf\xbd") != NULL;
}

bool form_file_clash(const struct form_file *file, size_t i, size_t j, const struct form_clash *clash)
{
    const struct sheet_row *one = &file->sheet.rows[file->rows[i]], *other = &file->sheet.rows[file->rows[j]];
    for (int k = 0; k < clash->n; k++)
        if (strcmp(cell_at(file, one, clash->fields[k]), cell_at(file, other, clash->fields[k])) != 0)
            return false;
    return true;
}

static bool example(const char *cell)
{
    cell += strspn(cell, " ");
    size_t length = strlen(cell);
    while (length > 0 && cell[length - 1] == ' ')
        length--;
    return strncmp(cell, FORM_EXAMPLE_BEGIN, strlen(FORM_EXAMPLE_BEGIN)) == 0 ||
           (length >= strlen(FORM_EXAMPLE_END) && strncmp(cell + length - strlen(FORM_EXAMPLE_END),
                                                          FORM_EXAMPLE_END, strlen(FORM_EXAMPLE_END)) == 0);
}

enum reason form_file_unfit(const struct form_file *file, size_t i, const char **field)
{
    const struct sheet_row *row = &file->sheet.rows[file->rows[i]];
    for (int j = 0; j < file->form->n; j++) {
        const char *cell = cell_at(file, row, j);
        *field = file->form->fields[j].name;
        if (broken(cell))
            return REASON_TEXT_CHARACTER;
        if (example(cell))
            return REASON_TEMPLATE_EXAMPLE;
        if (file->column_of[j] >= 0 && sheet_digits_lost(&file->sheet, row, (size_t) file->column_of[j]))
            return REASON_NUMBER_CELL;
    }
    return REASON_NONE;
}

/* Whether a column is one that we have added, or only numbers the file's rows. */
static bool column_passed_over(const char *clean)
{
    return strcmp(clean, form_reasons) == 0 || strcmp(clean, seat_title) == 0 || strcmp(clean, "序号") == 0 ||
           strcmp(clean, "no.") == 0;
}

static bool column_filled(const struct form_file *file, size_t column)
{
    for (size_t i = 0; i < file->n; i++)
        if (!cell_empty(cell_of(&file->sheet.rows[file->rows[i]], column)))
            return true;
    return false;
}

void form_file_unused(const struct form_file *file, const struct cli *cli, char *names, size_t size)
{
    const struct sheet_row *rows = &file->sheet.rows[file->header];
    size_t used = 0;
    names[0] = '\0';
    for (size_t column = 0; column < header_columns(file); column++) {
        char clean[CLEAN_CELL] = "", unnamed[32];
        if (file->two_rows)
            clean_header(cell_of(&rows[1], column), clean);
        if (clean[0] == '\0')
            clean_header(cell_of(&rows[0], column), clean);
        if (field_of_column(file, column) >= 0 || column_passed_over(clean) || !column_filled(file, column))
            continue;
        snprintf(unnamed, sizeof(unnamed), cli->zh ? "第%zu列" : "column %zu", column + 1);
        const char *name = clean[0] == '\0' ? unnamed : clean;
        if (used + strlen(name) + 8 > size)
            return;
        used += (size_t) snprintf(names + used, size - used, "%s%s",
                                  used == 0 ? "" : cli_say(cli, "、", ", "), name);
    }
}

/* ---- what goes back to the clerk ---- */

/* Whether an earlier import has added the column. */
static bool title_column(const struct form_file *file, size_t column, const char *title)
{
    char clean[CLEAN_CELL];
    clean_header(cell_of(&file->sheet.rows[file->header], column), clean);
    return strcmp(clean, title) == 0 || strcmp(clean, form_reasons) == 0;
}

static void write_row(const struct form_file *file, struct sheet_writer *writer, size_t row,
                      const char *title, const char *last)
{
    const struct sheet_row *cells = &file->sheet.rows[row];
    size_t n = header_columns(file);
    for (size_t i = 0; i < n; i++)
        if (!title_column(file, i, title))
            sheet_writer_cell(writer, cell_of(cells, i));
    sheet_writer_cell(writer, last);
    for (size_t i = n; i < cells->n; i++) /* cells beyond the header are kept as they are */
        sheet_writer_cell(writer, cells->cells[i]);
    sheet_writer_row(writer);
}

struct sheet_writer *form_file_copy(const struct cli *cli, const struct form_file *file, const char *path,
                                    const char *title)
{
    struct sheet_writer *writer = sheet_writer_open(cli, path, file->sheet.gb18030);
    if (writer == NULL)
        return NULL;
    sheet_writer_separate(writer, file->sheet.delimiter);
    write_row(file, writer, file->header, title, title);
    if (file->two_rows)
        write_row(file, writer, file->header + 1, title, "");
    return writer;
}

void form_file_copy_row(const struct form_file *file, struct sheet_writer *writer, size_t i,
                        const char *title, const char *cell)
{
    write_row(file, writer, file->rows[i], title, cell);
}
