/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/xlsx_write.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utf8proc.h>
#include <xlsxwriter.h>

#include "client/cli/frame/clean.h"
#include "client/cli/sheet/sheet.h"
#include "client/cli/sheet/xlsx_whole.h"
#include "proto/file/whole.h"

enum {
    SHEETS = 2,
    TEXT_FORMAT = 49 /* "@", of those that every spreadsheet has */,
    NARROWEST = 8,
    WIDEST = 60 /* characters of a column */
};

static const char words_sheet[] = "可选值";

/* What was written, in order, one after the other in `cells`: a cell as CELL, its text and a NUL; the end of a row as ROW. The
 * titles of the header are cells, too, and their row ends with HEADER. */
enum { CELL = 'c', ROW = 'r', HEADER = 'h' };

struct written {
    char *name, *cells;
    size_t n;
    FILE *memory; /* that fills `cells` */
    struct xlsx_column columns[XLSX_WRITTEN_COLUMNS];
    size_t columns_n;
    size_t column, widths[XLSX_WRITTEN_COLUMNS];
};

struct xlsx_writer {
    const struct cli *cli;
    char *path;
    struct written sheets[SHEETS];
    size_t n;
    size_t room; /* about the bytes of the largest part */
};

struct xlsx_writer *xlsx_writer_open(const struct cli *cli, const char *path, const char *sheet)
{
    if (!sheet_replaceable(cli, path))
        return NULL;
    struct xlsx_writer *writer = calloc(1, sizeof(*writer));
    if (writer != NULL) {
        writer->cli = cli;
        writer->path = strdup(path);
        xlsx_writer_sheet(writer, sheet);
        if (writer->path != NULL && writer->sheets[0].memory != NULL)
            return writer;
        xlsx_writer_drop(writer);
    }
    cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
    return NULL;
}

void xlsx_writer_sheet(struct xlsx_writer *writer, const char *sheet)
{
    if (writer->n == SHEETS)
        abort();
    struct written *written = &writer->sheets[writer->n++];
    written->name = strdup(sheet);
    written->memory = open_memstream(&written->cells, &written->n);
}

/* ---- gathering ---- */

/* Whether "_x0041_" begins here, which a spreadsheet would read as "A". */
static bool reads_as_escape(const char *at)
{
    enum { DIGITS = 4 };
    return at[0] == '_' && at[1] == 'x' && strspn(at + 2, "0123456789abcdefABCDEF") >= DIGITS &&
           at[2 + DIGITS] == '_';
}

/* Copies a text; what XML has no character for becomes '?', as do bytes that are no UTF-8. */
static void text_put(const char *text, FILE *memory)
{
    for (const char *at = text; *at != '\0';) {
        utf8proc_int32_t point;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *) at, -1, &point);
        bool control = n == 1 && (unsigned char) *at < ' ' && strchr("\t\n", *at) == NULL;
        if (n <= 0 || control || point == 0xfffe || point == 0xffff) {
            fputc('?', memory);
        } else {
            if (reads_as_escape(at))
                fputs("_x005F", memory);
            fwrite(at, 1, (size_t) n, memory);
        }
        at += n > 0 ? n : 1;
    }
}

void xlsx_writer_cell(struct xlsx_writer *writer, const char *text)
{
    enum { MARKUP = 64 };
    struct written *written = &writer->sheets[writer->n - 1];
    if (written->column == XLSX_WRITTEN_COLUMNS)
        abort();
    if (written->memory == NULL)
        return;
    fputc(CELL, written->memory);
    text_put(text, written->memory);
    fputc('\0', written->memory);
    size_t width = text_width(text), *widest = &written->widths[written->column++];
    *widest = width > *widest ? width : *widest;
    writer->room += strlen(text) + MARKUP;
}

static void row_end(struct written *written, int how)
{
    written->column = 0;
    if (written->memory != NULL)
        fputc(how, written->memory);
}

void xlsx_writer_header(struct xlsx_writer *writer, const struct xlsx_column *columns, size_t n)
{
    struct written *written = &writer->sheets[writer->n - 1];
    if (n > XLSX_WRITTEN_COLUMNS)
        abort();
    for (size_t i = 0; i < n; i++) {
        written->columns[i] = columns[i];
        xlsx_writer_cell(writer, columns[i].title);
    }
    written->columns_n = n;
    row_end(written, HEADER);
}

void xlsx_writer_row(struct xlsx_writer *writer)
{
    row_end(&writer->sheets[writer->n - 1], ROW);
}

void xlsx_writer_drop(struct xlsx_writer *writer)
{
    for (size_t i = 0; i < writer->n; i++) {
        if (writer->sheets[i].memory != NULL)
            fclose(writer->sheets[i].memory);
        free(writer->sheets[i].cells);
        free(writer->sheets[i].name);
    }
    free(writer->path);
    free(writer);
}

/* ---- the folder for the parts ---- */

/* Whether the user's runtime folder is what the header says. */
static bool in_memory(const char *folder)
{
    enum { TMPFS = 0x01021994 };
    struct stat found;
    struct statfs system;
    return folder != NULL && folder[0] == '/' && stat(folder, &found) == 0 && S_ISDIR(found.st_mode) &&
           found.st_uid == geteuid() && (found.st_mode & 077) == 0 && statfs(folder, &system) == 0 &&
           system.f_type == TMPFS;
}

/* Whether a part of so many bytes can be written there. */
static bool has_room(const char *folder, size_t bytes)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/room", folder) >= (int) sizeof(path))
        return false;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    unlink(path);
    int why = posix_fallocate(fd, 0, (off_t) bytes);
    close(fd);
    errno = why;
    return why == 0;
}

/* Makes the folder in another one. False: errno tells. */
static bool folder_make(const char *in, size_t room, char folder[PATH_MAX])
{
    if (snprintf(folder, PATH_MAX, "%s/.mingce.XXXXXX", in) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (mkdtemp(folder) == NULL)
        return false;
    if (has_room(folder, room))
        return true;
    int why = errno;
    rmdir(folder);
    errno = why;
    return false;
}

static bool folder_find(const char *target, size_t room, char folder[PATH_MAX])
{
    enum { MORE = 1 << 16 }; /* for the parts that are always there */
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    char *real = realpath(target, NULL); /* of a file that is replaced, which may be a symbolic link */
    char beside[PATH_MAX];
    snprintf(beside, sizeof(beside), "%s", real == NULL ? target : real);
    free(real);
    return (in_memory(runtime) && folder_make(runtime, room + MORE, folder)) ||
           folder_make(dirname(beside), room + MORE, folder);
}

/* ---- the workbook ---- */

struct book {
    lxw_workbook *book;
    lxw_format *text, *right, *header;
    lxw_worksheet *words; /* the sheet of the lists; NULL: there is none yet */
    uint16_t lists;
    lxw_error error; /* the first */
};

static void note(struct book *book, lxw_error error)
{
    book->error = book->error == LXW_NO_ERROR ? error : book->error;
}

static void book_begin(struct book *book, const char *file, const char *folder)
{
    char temporary[PATH_MAX];
    snprintf(temporary, sizeof(temporary), "%s", folder);
    lxw_workbook_options options = {.tmpdir = temporary};
    book->book = workbook_new_opt(file, &options);
    if (book->book == NULL) {
        book->error = LXW_ERROR_MEMORY_MALLOC_FAILED;
        return;
    }
    lxw_format **const formats[] = {&book->text, &book->right, &book->header};
    for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
        *formats[i] = workbook_add_format(book->book);
        if (*formats[i] == NULL)
            note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        else
            format_set_num_format_index(*formats[i], TEXT_FORMAT);
    }
    if (book->error != LXW_NO_ERROR)
        return;
    format_set_align(book->right, LXW_ALIGN_RIGHT);
    format_set_bold(book->header);
}

static lxw_worksheet *sheet_add(struct book *book, const char *name)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->book, name);
    if (sheet == NULL)
        note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return sheet;
}

/* Writes the words of a column as a column of their own sheet: among the column's own settings libxlsxwriter has room for 255 bytes of
 * them, and writes on behind it. Returns how many there are. */
static lxw_row_t words_write(struct book *book, const struct xlsx_column *column)
{
    const char *word;
    lxw_row_t n = 0;
    if (book->words == NULL)
        book->words = sheet_add(book, words_sheet);
    if (book->words == NULL)
        return 0;
    note(book, worksheet_write_string(book->words, 0, book->lists, column->title, book->header));
    for (; (word = column->words.at(column->words.table, n)) != NULL; n++)
        note(book, worksheet_write_string(book->words, n + 1, book->lists, word, book->text));
    worksheet_set_column(book->words, book->lists, book->lists, 2 * NARROWEST, book->text);
    return n;
}

/* Lets the cells of a column below `row` be chosen from its words. */
static void words_offer(struct book *book, lxw_worksheet *sheet, const struct xlsx_column *column,
                        lxw_row_t row, lxw_col_t col)
{
    static char title[] = "不在可选值中",
                message[] = "此列应填“可选值”表中的词；表格上常见的其他写法也可能被接受。";
    char first[LXW_MAX_CELL_NAME_LENGTH], last[LXW_MAX_CELL_NAME_LENGTH], range[96];
    lxw_row_t n = words_write(book, column);
    lxw_rowcol_to_cell_abs(first, 1, book->lists, 1, 1);
    lxw_rowcol_to_cell_abs(last, n, book->lists, 1, 1);
    snprintf(range, sizeof(range), "='%s'!%s:%s", words_sheet, first, last);
    book->lists++;
    lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
                                      .value_formula = range,
                                      .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
                                      .error_title = title,
                                      .error_message = message};
    if (n > 0)
        note(book, worksheet_data_validation_range(sheet, row + 1, col, LXW_ROW_MAX - 1, col, &validation));
}

/* What comes of the columns once all rows are known. */
static void columns_finish(struct book *book, lxw_worksheet *sheet, const struct written *written,
                           lxw_row_t header)
{
    for (size_t i = 0; i < XLSX_WRITTEN_COLUMNS; i++) {
        const struct xlsx_column *column = &written->columns[i];
        size_t width = written->widths[i] + 2;
        width = width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
        if (written->widths[i] > 0 || i < written->columns_n)
            note(book, worksheet_set_column(sheet, (lxw_col_t) i, (lxw_col_t) i, (double) width,
                                            column->right ? book->right : book->text));
        if (i < written->columns_n && column->words.at != NULL)
            words_offer(book, sheet, column, header, (lxw_col_t) i);
    }
    /* text that looks like a number is meant so: no green corners */
    note(book, worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576"));
}

/* Whether the row that begins here is the header. */
static bool header_row(const char *at, const char *end)
{
    while (at < end && *at == CELL)
        at += strlen(at) + 1;
    return at < end && *at == HEADER;
}

static void sheet_write(struct book *book, const struct written *written, lxw_worksheet *sheet)
{
    const char *end = written->cells + written->n;
    lxw_row_t row = 0, header = 0;
    lxw_col_t col = 0;
    bool titles = header_row(written->cells, end);
    for (const char *at = written->cells; at < end && book->error == LXW_NO_ERROR;) {
        if (*at == CELL) {
            bool right = col < written->columns_n && written->columns[col].right;
            note(book, worksheet_write_string(sheet, row, col++, at + 1,
                                              titles  ? book->header
                                              : right ? book->right
                                                      : book->text));
            at += strlen(at) + 1;
            continue;
        }
        if (*at++ == HEADER) {
            header = row;
            worksheet_freeze_panes(sheet, row + 1, 0);
        }
        row++;
        col = 0;
        titles = header_row(at, end);
    }
    columns_finish(book, sheet, written, header);
}

static bool book_make(const struct xlsx_writer *writer, const char *file, const char *folder,
                      lxw_error *error)
{
    struct book book = {.error = LXW_NO_ERROR};
    lxw_worksheet *sheets[SHEETS] = {NULL};
    book_begin(&book, file, folder);
    for (size_t i = 0; i < writer->n && book.error == LXW_NO_ERROR; i++)
        sheets[i] = sheet_add(&book, writer->sheets[i].name);
    for (size_t i = 0; i < writer->n && book.error == LXW_NO_ERROR; i++)
        sheet_write(&book, &writer->sheets[i], sheets[i]);
    *error = book.error;
    if (book.book == NULL)
        return false;
    if (book.error != LXW_NO_ERROR) {
        lxw_workbook_free(book.book);
        return false;
    }
    *error = workbook_close(book.book);
    return *error == LXW_NO_ERROR;
}

/* ---- the file ---- */

/* Reads back what was gathered, and puts it in place. False: errno tells; 0: a part is missing or broken. */
static bool put_in_place(const struct xlsx_writer *writer, int fd)
{
    struct stat made;
    if (fstat(fd, &made) != 0)
        return false;
    if (made.st_size == 0) {
        errno = 0;
        return false;
    }
    size_t n = (size_t) made.st_size;
    void *bytes = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return false;
    bool good = xlsx_whole(bytes, n);
    errno = good ? errno : 0;
    good = good && whole_write(AT_FDCWD, writer->path, bytes, n, WHOLE_REPLACE | WHOLE_PRIVATE);
    int why = errno;
    munmap(bytes, n);
    errno = why;
    return good;
}

/* Returns why it could not be done; NULL: it has been. */
static const char *make(const struct xlsx_writer *writer)
{
    const struct cli *cli = writer->cli;
    char folder[PATH_MAX], file[32];
    lxw_error error = LXW_NO_ERROR;
    if (!folder_find(writer->path, writer->room, folder))
        return cli_cause(cli, errno);
    int fd = memfd_create("mingce", MFD_CLOEXEC);
    snprintf(file, sizeof(file), "/proc/self/fd/%d", fd);
    bool good = fd >= 0 && book_make(writer, file, folder, &error);
    int why = errno;
    rmdir(folder);
    errno = why;
    good = good && put_in_place(writer, fd);
    why = errno;
    if (fd >= 0)
        close(fd);
    if (good)
        return NULL;
    if (error == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE)
        return cli_say(cli, "行数超过电子表格的上限，请改用 csv",
                       "more rows than a spreadsheet has: use csv");
    if (error == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
        return cli_say(cli, "有一格超过电子表格的长度上限，请改用 csv",
                       "a cell is longer than a spreadsheet's may be: use csv");
    return error != LXW_NO_ERROR || why == 0 ? cli_say(cli, "没有写全", "it could not be written whole")
                                             : cli_cause(cli, why);
}

int xlsx_writer_close(struct xlsx_writer *writer)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    char detail[4300];
    sigset_t blocked, before;
    bool good = true;
    for (size_t i = 0; i < writer->n; i++) {
        FILE *memory = writer->sheets[i].memory;
        good = memory != NULL && writer->sheets[i].name != NULL && fclose(memory) == 0 && good;
        writer->sheets[i].memory = NULL;
    }
    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        sigaddset(&blocked, ends[i]);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    const char *why = good ? make(writer) : cli_say(writer->cli, "内存不足", "out of memory");
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (why != NULL) {
        snprintf(detail, sizeof(detail), "%s: %s", writer->path, why);
        cli_fail(writer->cli, CLI_FILE, "文件无法写入", "the file cannot be written", detail);
    }
    xlsx_writer_drop(writer);
    return why == NULL ? CLI_OK : CLI_FILE;
}
