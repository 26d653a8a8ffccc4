/* SPDX-License-Identifier: Apache-2.0 */
/* A clerk's CSV file. What is read is text; written anew it is read again, as the same cells but for the mark before what a spreadsheet
 * would spoil. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/cli/sheet/sheet.h"
#include "proto/rules/cell.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct cli cli = {.program = "mingce", .profile = "fuzz"};
static char copy[64];

static void require(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc, (void) argv;
    snprintf(copy, sizeof(copy), "/dev/shm/mingce-fuzz-%d.csv", (int) getpid());
    return 0;
}

static int read_bytes(const uint8_t *data, size_t size, struct sheet *sheet)
{
    char path[64];
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    require(fd >= 0 && write(fd, data, size) == (ssize_t) size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    int status = sheet_read(&cli, path, sheet);
    close(fd);
    return status;
}

static void write_copy(const struct sheet *sheet)
{
    struct sheet_writer *writer = sheet_writer_open(&cli, copy, sheet->gb18030);
    require(writer != NULL);
    for (size_t i = 0; i < sheet->n; i++) {
        for (size_t j = 0; j < sheet->rows[i].n; j++)
            sheet_writer_cell(writer, sheet->rows[i].cells[j]);
        sheet_writer_row(writer);
    }
    require(sheet_writer_close(writer) == CLI_OK);
}

/* A row of one empty cell is written as a blank line. */
static const char *cell(const struct sheet *sheet, size_t row, size_t column)
{
    return column < sheet->rows[row].n ? sheet->rows[row].cells[column] : "";
}

static int same(const char *text, const char *again)
{
    return cell_spoilt(text) ? again[0] == '\'' && strcmp(text, again + 1) == 0 : strcmp(text, again) == 0;
}

/* Without its blanks a text may have so many control characters in proportion that it is none any more. */
static int has_control(const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->text_n; i++) {
        unsigned char c = (unsigned char) sheet->text[i];
        if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
            return 1;
    }
    return 0;
}

static void compare(const struct sheet *a, const struct sheet *b)
{
    require(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        size_t n = a->rows[i].n > b->rows[i].n ? a->rows[i].n : b->rows[i].n;
        for (size_t j = 0; j < n; j++)
            require(same(cell(a, i, j), cell(b, i, j)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sheet sheet, again;
    if (read_bytes(data, size, &sheet) != CLI_OK)
        return 0;
    if (sheet.book != NULL) { /* fuzz_xlsx has these */
        sheet_free(&sheet);
        return 0;
    }
    write_copy(&sheet);
    int status = sheet_read(&cli, copy, &again);
    require(status == CLI_OK || has_control(&sheet));
    if (status == CLI_OK) {
        compare(&sheet, &again);
        sheet_free(&again);
    }
    sheet_free(&sheet);
    unlink(copy);
    return 0;
}
