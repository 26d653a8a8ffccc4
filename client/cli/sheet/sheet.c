/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/sheet.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "client/cli/sheet/encoding.h"
#include "proto/file/whole.h"
#include "proto/rules/cell.h"
#include "proto/rules/mend.h"

static const size_t chunk = 1 << 16, file_most = 256 << 20, xlsx_most = 32 << 20; /* bytes */

static int fail_file(const struct cli *cli, const char *path, const char *why)
{
    char detail[4300];
    snprintf(detail, sizeof(detail), cli->zh ? "%s：%s" : "%s: %s", path, why);
    return cli_fail(cli, CLI_FILE, "文件无法读取", "the file cannot be read", detail);
}

/* The whole file, NUL-terminated. */
static char *read_all(FILE *file, size_t *n)
{
    char *bytes = NULL;
    size_t room = 0;
    *n = 0;
    do {
        if (room - *n <= chunk) {
            room = room == 0 ? 4 * chunk : room * 2;
            char *more = realloc(bytes, room);
            if (more == NULL)
                break;
            bytes = more;
        }
        *n += fread(bytes + *n, 1, chunk, file);
    } while (!feof(file) && !ferror(file) && *n <= file_most);
    if (bytes == NULL || !feof(file) || ferror(file)) {
        if (!ferror(file))
            errno = EFBIG;
        free(bytes);
        return NULL;
    }
    bytes[*n] = '\0';
    return bytes;
}

/* Whether it is UTF-16 without the mark: of each two bytes the same one may be NUL and the other never is, and commas, tabs or line
 * ends are among them. */
static bool utf16_unmarked(const char *bytes, size_t n)
{
    size_t nuls[2] = {0}, ends[2] = {0};
    for (size_t i = 0; n % 2 == 0 && i < n; i++) {
        nuls[i % 2] += bytes[i] == '\0';
        ends[i % 2] += bytes[i] == '\0' && strchr(",\t\n", bytes[i ^ 1]) != NULL;
    }
    return (ends[1] > 0 && nuls[0] == 0) || (ends[0] > 0 && nuls[1] == 0);
}

/* Whether bytes begin with one of the words that begin a page of the web or a document of XML, which other systems' exports are
 * called .xls. */
static bool web_page(const char *bytes, size_t n)
{
    static const char *const words[] = {"<html",  "<!doctype", "<head", "<meta", "<table",
                                        "<style", "<?xml",     "<body", "<div"};
    size_t at = n >= ENCODING_BOM && memcmp(bytes, encoding_bom, ENCODING_BOM) == 0 ? ENCODING_BOM : 0;
    while (at < n && strchr(" \t\r\n", bytes[at]) != NULL && bytes[at] != '\0')
        at++;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (n - at >= strlen(words[i]) && strncasecmp(bytes + at, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

static bool xlsx_bytes(const char *bytes, size_t n)
{
    return n >= 4 && (memcmp(bytes, "PK\003\004", 4) == 0 || memcmp(bytes, "PK\005\006", 4) == 0);
}

/* Returns why bytes are no text and what the clerk can do about it. NULL: they may be text. */
static const char *no_text(const struct cli *cli, const char *bytes, size_t n)
{
    static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    if (n >= 4 && memcmp(bytes, "\xd0\xcf\x11\xe0", 4) == 0)
        return memmem(bytes, n, encrypted, sizeof(encrypted) - 1) != NULL
                   ? cli_say(
                         cli, "文件有打开密码：请在表格软件中去掉打开密码后另存",
                         "the file has a password: remove it in the spreadsheet program and save the file")
                   : cli_say(cli, "这是旧版电子表格文件（.xls、.et），请在表格软件中另存为 .xlsx",
                             "this is an old spreadsheet (.xls, .et): save it as .xlsx in the spreadsheet "
                             "program");
    if (web_page(bytes, n))
        return cli_say(
            cli, "这是网页或 XML 文件，只是名称像电子表格：请用表格软件打开，另存为 .xlsx",
            "this is a web page or XML that is only called a spreadsheet: open it in the spreadsheet "
            "program and save it as .xlsx");
    if (mend_is_utf16(bytes, n) || utf16_unmarked(bytes, n))
        return cli_say(
            cli, "文件是 UTF-16 编码（表格软件的“Unicode 文本”），请另存为 .xlsx 或“CSV UTF-8”",
            "the file is in UTF-16 (\"Unicode text\" of spreadsheets): save it as .xlsx or \"CSV UTF-8\"");
    return NULL;
}

/* Whether more of the text is broken than one or two truncated cells would explain. */
static bool hopeless(const struct decoded *decoded)
{
    enum { FEW = 4 };
    return decoded->broken * FEW > decoded->wide + 2 * FEW;
}

/* The line of the first control character, other than those of lines and columns; 0: none. `*many`: more than a text has. */
static size_t control_line(const char *text, size_t n, bool *many)
{
    enum { ONE_IN = 8, FEW = 4 };
    size_t controls = 0, line = 1, first = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char) text[i];
        line += c == '\n';
        if ((c >= ' ' && c != 0x7f) || c == '\t' || c == '\n' || c == '\r')
            continue;
        first = controls == 0 ? line : first;
        controls++;
    }
    *many = controls > FEW + n / ONE_IN;
    return first;
}

/* Leaves out a trailing Ctrl-Z, which marked the end of files on DOS, with the line ends that editors put behind it. */
static size_t without_end_mark(const char *bytes, size_t n)
{
    enum { END_MARK = 0x1a };
    size_t end = n;
    while (end > 0 && (bytes[end - 1] == '\r' || bytes[end - 1] == '\n' || bytes[end - 1] == END_MARK))
        end--;
    for (size_t at = end; at < n; at++)
        if (bytes[at] == END_MARK)
            return at;
    return n;
}

/* ---- rows ---- */

/* What libcsv calls back with. */
struct splitting {
    struct gathering all;
    int last_terminator;
    size_t spanning; /* row (from 1) of a cell that spans too many lines; 0: none */
};

/* Whether a cell has more lines than anybody types into one: then a stray quotation mark has swallowed the rows up to the next. */
static bool spans(const char *text, size_t n)
{
    enum { CELL_LINES = 16 };
    size_t lines = 0;
    for (const char *at = text; (at = memchr(at, '\n', n - (size_t) (at - text))) != NULL; at++)
        lines++;
    return lines > CELL_LINES;
}

static void on_cell(void *bytes, size_t n, void *context)
{
    struct splitting *splitting = context;
    if (n > 0 && splitting->spanning == 0 && spans(bytes, n))
        splitting->spanning = splitting->all.rows_n + 1;
    gather_cell(&splitting->all, bytes, n);
}

/* Called at every line end, so that blank rows count, too. The LF of a CR LF ends no row. */
static void on_row(int terminator, void *context)
{
    struct splitting *splitting = context;
    bool second_half = terminator == '\n' && splitting->last_terminator == '\r' && splitting->all.in_row == 0;
    splitting->last_terminator = terminator;
    if (!second_half && (terminator >= 0 || splitting->all.in_row > 0))
        gather_row(&splitting->all);
}

/* False: out of memory, or `*open_quote` is the row (from 1) of a quotation mark that is not closed where it should. */
static bool split(struct splitting *splitting, const char *bytes, size_t n, char delimiter,
                  size_t *open_quote)
{
    /* bytes by which the room of a cell grows; libcsv's own 128 copy a long cell again and again */
    enum { GROWTH = 65536 };
    struct csv_parser parser;
    *open_quote = 0;
    if (csv_init(&parser, CSV_REPALL_NL) != 0)
        return false;
    csv_set_blk_size(&parser, GROWTH);
    csv_set_delim(&parser, (unsigned char) delimiter);
    bool good = csv_parse(&parser, bytes, n, on_cell, on_row, splitting) == n;
    /* only the end is parsed strictly: libcsv then reports a last cell whose quotation is not closed */
    bool closed = good && csv_set_opts(&parser, CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI) == 0 &&
                  csv_fini(&parser, on_cell, on_row, splitting) == 0;
    if (good && !closed && csv_error(&parser) == CSV_EPARSE)
        *open_quote = splitting->all.rows_n + 1;
    else if (closed)
        *open_quote = splitting->spanning;
    good = closed;
    csv_free(&parser);
    return good && *open_quote == 0 && !splitting->all.failed;
}

void sheet_rows_free(struct sheet *sheet)
{
    free(sheet->rows);
    free(sheet->cells);
    free(sheet->bytes);
    free(sheet->lost);
    sheet->rows = NULL;
    sheet->cells = NULL;
    sheet->bytes = NULL;
    sheet->lost = NULL;
    sheet->n = sheet->lost_n = 0;
}

static void rows_take(struct sheet *sheet, const struct gathered *rows)
{
    sheet->rows = rows->rows;
    sheet->n = rows->n;
    sheet->cells = rows->cells;
    sheet->bytes = rows->bytes;
}

int sheet_split(const struct cli *cli, const char *path, struct sheet *sheet, char delimiter)
{
    struct splitting splitting = {.spanning = 0};
    struct gathered rows;
    size_t open_quote;
    char why[96];
    int status = CLI_OK;
    sheet_rows_free(sheet);
    sheet->delimiter = delimiter;
    bool good = split(&splitting, sheet->text, sheet->text_n, delimiter, &open_quote);
    if (good && gather_end(&splitting.all, &rows)) {
        rows_take(sheet, &rows);
    } else {
        if (open_quote > 0)
            snprintf(why, sizeof(why),
                     cli->zh ? "第%zu行的引号没有闭合" : "row %zu has a quotation mark that is never closed",
                     open_quote);
        else
            snprintf(why, sizeof(why), "%s", cli_say(cli, "内存不足", "out of memory"));
        status = fail_file(cli, path, why);
        sheet_free(sheet);
    }
    gather_drop(&splitting.all);
    return status;
}

/* "sep=;" as the first line, which a spreadsheet does not count. */
static void take_separator(struct sheet *sheet)
{
    enum { WORD = 4, LINE = WORD + 1 };
    sheet->delimiter = ',';
    char after = sheet->text_n > LINE ? sheet->text[LINE] : '\0';
    if (sheet->text_n <= LINE || strncasecmp(sheet->text, "sep=", WORD) != 0 ||
        (after != '\r' && after != '\n'))
        return;
    sheet->delimiter = sheet->text[WORD];
    sheet->delimiter_said = true;
    size_t gone = LINE + (after == '\r' && sheet->text[LINE + 1] == '\n' ? 2 : 1);
    sheet->text_n -= gone;
    memmove(sheet->text, sheet->text + gone, sheet->text_n + 1);
}

enum { WHY = 160 };

static void no_text_why(const struct cli *cli, const struct sheet *sheet, char why[WHY])
{
    if (sheet->control_line > 0)
        snprintf(why, WHY,
                 cli->zh ? "第%zu行含有控制字符，不是文本"
                         : "line %zu holds a control character: it is no text",
                 sheet->control_line);
    else
        snprintf(
            why, WHY,
            cli->zh
                ? "第%zu行起既不是 UTF-8 也不是 GB18030 文字，请另存为 .xlsx 或“CSV UTF-8”"
                : "from line %zu on it is neither in UTF-8 nor in GB18030: save it as .xlsx or \"CSV UTF-8\"",
            sheet->broken_line);
}

int sheet_no_text(const struct cli *cli, const char *path, const struct sheet *sheet)
{
    char why[WHY];
    if (sheet->control_line == 0 && sheet->broken_line == 0)
        return CLI_OK;
    no_text_why(cli, sheet, why);
    return fail_file(cli, path, why);
}

/* Decodes a file's bytes into the sheet. Returns why they are no text; NULL: they are. */
static const char *take_text(const struct cli *cli, char *bytes, size_t n, struct sheet *sheet, char why[WHY])
{
    const char *not_text = no_text(cli, bytes, n);
    if (not_text != NULL)
        return not_text;
    struct decoded decoded = encoding_decode(bytes, without_end_mark(bytes, n), &sheet->gb18030);
    sheet->text = decoded.text;
    sheet->text_n = decoded.n;
    if (decoded.text == NULL)
        return cli_say(cli, "内存不足", "out of memory");
    bool many = false;
    sheet->broken_line = decoded.broken == 0 ? 0 : decoded.first_line;
    sheet->control_line = control_line(bytes, without_end_mark(bytes, n), &many);
    if (!hopeless(&decoded) && !many)
        return NULL;
    no_text_why(cli, sheet, why);
    return why;
}

/* ---- XLSX ---- */

bool sheet_rows_read(struct sheet *sheet, size_t tab, size_t most, struct xlsx_fault *fault)
{
    struct xlsx_rows rows;
    sheet_rows_free(sheet);
    if (!xlsx_read(sheet->book, tab, most, &rows, fault))
        return false;
    rows_take(sheet, &rows.rows);
    sheet->tab = tab;
    sheet->lost = rows.lost;
    sheet->lost_n = rows.lost_n;
    sheet->hidden_n = rows.hidden_n;
    sheet->hidden_first = rows.hidden_first;
    return true;
}

int sheet_fail(const struct cli *cli, const char *path, struct sheet *sheet, const struct xlsx_fault *fault)
{
    char why[512];
    xlsx_fault_say(cli, fault, why, sizeof(why));
    sheet_free(sheet);
    return fail_file(cli, path, why);
}

int sheet_turn(const struct cli *cli, const char *path, struct sheet *sheet, size_t tab)
{
    struct xlsx_fault fault;
    return sheet_rows_read(sheet, tab, 0, &fault) ? CLI_OK : sheet_fail(cli, path, sheet, &fault);
}

bool sheet_digits_lost(const struct sheet *sheet, const struct sheet_row *row, size_t column)
{
    size_t from = 0, to = sheet->lost_n;
    if (to == 0 || column >= row->n)
        return false;
    size_t cell = (size_t) (row->cells - sheet->cells) + column;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (sheet->lost[middle] == cell)
            return true;
        if (sheet->lost[middle] < cell)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

/* Takes the file's bytes, whatever comes of them. */
static int read_xlsx(const struct cli *cli, const char *path, char *bytes, size_t n, struct sheet *sheet)
{
    struct xlsx_fault fault;
    if (n > xlsx_most) {
        free(bytes);
        return fail_file(cli, path,
                         cli_say(cli, "电子表格文件超过32 MiB，请分成几个文件",
                                 "the spreadsheet is larger than 32 MiB: divide it into several files"));
    }
    sheet->delimiter = ',';
    sheet->delimiter_said = true; /* its cells are apart already */
    sheet->book = xlsx_book_open(bytes, n, &fault);
    if (sheet->book == NULL)
        return sheet_fail(cli, path, sheet, &fault);
    return sheet->book->tabs_n > 1 ? CLI_OK : sheet_turn(cli, path, sheet, 0);
}

int sheet_read(const struct cli *cli, const char *path, struct sheet *sheet)
{
    size_t n = 0;
    char why[WHY];
    *sheet = (struct sheet){0};
    FILE *file = fopen(path, "rb");
    char *bytes = file == NULL ? NULL : read_all(file, &n);
    if (bytes == NULL) {
        int status = fail_file(cli, path, cli_cause(cli, errno));
        if (file != NULL)
            fclose(file);
        return status;
    }
    fclose(file);
    if (xlsx_bytes(bytes, n))
        return read_xlsx(cli, path, bytes, n, sheet);
    const char *wrong = take_text(cli, bytes, n, sheet, why);
    free(bytes);
    if (wrong != NULL) {
        sheet_free(sheet);
        return fail_file(cli, path, wrong);
    }
    take_separator(sheet);
    return sheet_split(cli, path, sheet, sheet->delimiter);
}

void sheet_free(struct sheet *sheet)
{
    sheet_rows_free(sheet);
    free(sheet->text);
    xlsx_book_close(sheet->book);
    *sheet = (struct sheet){0};
}

/* ---- writing ---- */

struct sheet_writer {
    const struct cli *cli;
    char *path;
    bool gb18030, begun;
    char delimiter;
    char *text; /* the whole file, in UTF-8 with the mark by which spreadsheets recognise it */
    size_t n;
    FILE *memory;
};

bool sheet_replaceable(const struct cli *cli, const char *path)
{
    struct stat found;
    if (stat(path, &found) != 0 || S_ISREG(found.st_mode))
        return true;
    cli_fail(cli, CLI_FILE, "文件无法写入：不是普通文件", "the file cannot be written: it is no regular file",
             path);
    return false;
}

struct sheet_writer *sheet_writer_open(const struct cli *cli, const char *path, bool gb18030)
{
    if (path != NULL && !sheet_replaceable(cli, path))
        return NULL;
    struct sheet_writer *writer = calloc(1, sizeof(*writer));
    if (writer != NULL) {
        *writer = (struct sheet_writer){.cli = cli, .gb18030 = gb18030, .delimiter = ','};
        writer->path = path == NULL ? NULL : strdup(path);
        writer->memory = open_memstream(&writer->text, &writer->n);
        if ((path == NULL || writer->path != NULL) && writer->memory != NULL) {
            fwrite(encoding_bom, 1, ENCODING_BOM, writer->memory);
            return writer;
        }
        free(writer->path);
        free(writer);
    }
    cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
    return NULL;
}

void sheet_writer_separate(struct sheet_writer *writer, char delimiter)
{
    writer->delimiter = delimiter;
}

/* Whether a cell must be quoted to be read as it is: one with delimiters, line ends, control characters or blanks at its ends, and a
 * first cell that looks like the line "sep=" or like a web page. */
static bool needs_quotes(const struct sheet_writer *writer, const char *text)
{
    size_t n = strlen(text);
    bool blank_end = n > 0 && (strchr(" \t", text[0]) != NULL || strchr(" \t", text[n - 1]) != NULL);
    for (const char *at = text; *at != '\0'; at++)
        if (*at == writer->delimiter || *at == ',' || *at == '"' || (*at >= 0 && *at < ' '))
            return true;
    return blank_end || text[0] == '<' || strncasecmp(text, "sep=", 4) == 0;
}

void sheet_writer_cell(struct sheet_writer *writer, const char *text)
{
    const char *mark = cell_spoilt(text) ? "'" : "";
    if (writer->begun)
        fputc(writer->delimiter, writer->memory);
    writer->begun = true;
    if (!needs_quotes(writer, text)) {
        fprintf(writer->memory, "%s%s", mark, text);
        return;
    }
    fprintf(writer->memory, "\"%s", mark);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"')
            fputc('"', writer->memory);
        fputc(*at, writer->memory);
    }
    fputc('"', writer->memory);
}

void sheet_writer_row(struct sheet_writer *writer)
{
    fputs("\r\n", writer->memory);
    writer->begun = false;
}

static void writer_free(struct sheet_writer *writer)
{
    free(writer->text);
    free(writer->path);
    free(writer);
}

void sheet_writer_drop(struct sheet_writer *writer)
{
    fclose(writer->memory);
    writer_free(writer);
}

/* Whether the bytes will be read as the same text: in GB18030 a short text can look like UTF-8. */
static bool reads_as(char *bytes, size_t n, const char *text, size_t text_n)
{
    bool gb18030;
    struct decoded again = encoding_decode(bytes, n, &gb18030);
    bool same = again.text != NULL && again.n == text_n && memcmp(again.text, text, text_n) == 0;
    free(again.text);
    return same;
}

int sheet_writer_close(struct sheet_writer *writer)
{
    char *recoded = NULL, detail[4300];
    bool good = fclose(writer->memory) == 0;
    size_t n = 0;
    if (good && writer->gb18030)
        good = (recoded = encoding_convert("GB18030", "UTF-8", writer->text + ENCODING_BOM,
                                           writer->n - ENCODING_BOM, &n)) != NULL;
    bool in_gb18030 =
        recoded != NULL && reads_as(recoded, n, writer->text + ENCODING_BOM, writer->n - ENCODING_BOM);
    const char *bytes = in_gb18030 ? recoded : writer->text;
    n = in_gb18030 ? n : writer->n;
    if (good && writer->path == NULL)
        good = fwrite(bytes, 1, n, stdout) == n && fflush(stdout) == 0;
    else
        good = good && whole_write(AT_FDCWD, writer->path, bytes, n, WHOLE_REPLACE | WHOLE_PRIVATE);
    int status = CLI_OK;
    if (!good) {
        snprintf(detail, sizeof(detail), "%s: %s", writer->path == NULL ? "-" : writer->path,
                 cli_cause(writer->cli, errno));
        status = cli_fail(writer->cli, CLI_FILE, "文件无法写入", "the file cannot be written", detail);
    }
    free(recoded);
    writer_free(writer);
    return status;
}
