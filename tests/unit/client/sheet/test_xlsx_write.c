/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks are written whole or not at all, and nothing else is left. What is in them test_xlsx.py reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/resource.h>

#include "client/cli/sheet/xlsx_whole.h"
#include "client/cli/sheet/xlsx_write.h"
#include "tests/unit/client/files.h"
#include "tests/unit/client/sheet/xlsx_made.h"

static struct xlsx_writer *writer_of(const char *path)
{
    static const struct xlsx_column columns[] = {{.title = "姓名"}, {.title = "金额", .right = true}};
    struct xlsx_writer *writer = xlsx_writer_open(&files.en, path, "列表");
    assert_non_null(writer);
    xlsx_writer_header(writer, columns, 2);
    xlsx_writer_cell(writer, "王示例");
    xlsx_writer_cell(writer, "1500.00");
    xlsx_writer_row(writer);
    return writer;
}

static size_t read_back(const char *path, uint8_t *bytes, size_t room)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, room, file);
    fclose(file);
    return n;
}

static void test_written(void **state)
{
    static uint8_t bytes[FILES_TEXT];
    struct stat found;
    (void) state;
    const char *path = file_text("list.xlsx", "what was there");
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(xlsx_writer_close(writer_of(path)), CLI_OK);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_int_equal(files_count(false), 1);
    size_t n = read_back(path, bytes, sizeof(bytes));
    assert_true(xlsx_whole(bytes, n));
    for (size_t shorter = 0; shorter < n; shorter++)
        assert_false(xlsx_whole(bytes, shorter));
}

static void test_dropped(void **state)
{
    (void) state;
    const char *path = file_text("list.xlsx", "what was there");
    xlsx_writer_drop(writer_of(path));
    expect_bytes(path, "what was there");
    assert_int_equal(files_count(false), 1);
}

static void expect_unwritten(struct xlsx_writer *writer, const char *why)
{
    int status;
    SAID(status, xlsx_writer_close(writer));
    assert_int_equal(status, CLI_FILE);
    expect_said(why);
    expect_bytes(file_path("list.xlsx"), "what was there");
    assert_int_equal(files_count(false), 1);
}

/* Whatever the limit is, the file is as it was and the folder has gone. */
static void test_no_room(void **state)
{
    struct rlimit before, little;
    (void) state;
    const char *path = file_text("list.xlsx", "what was there");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t most = 0; most < 1 << 16; most += 4001) {
        little = (struct rlimit){most, before.rlim_max};
        struct xlsx_writer *writer = writer_of(path);
        int status, kept = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
        status = xlsx_writer_close(writer);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        dup2(kept, STDERR_FILENO);
        close(kept);
        close(nowhere);
        assert_int_equal(status, CLI_FILE);
        expect_bytes(path, "what was there");
        assert_int_equal(files_count(false), 1);
    }
}

static void test_too_much(void **state)
{
    static char text[40000];
    (void) state;
    const char *path = file_text("list.xlsx", "what was there");
    memset(text, 'a', sizeof(text) - 1);
    struct xlsx_writer *writer = writer_of(path);
    xlsx_writer_cell(writer, text);
    xlsx_writer_row(writer);
    expect_unwritten(writer, "a cell is longer");
    writer = writer_of(path);
    for (int i = 0; i < 1 << 20; i++)
        xlsx_writer_row(writer);
    xlsx_writer_cell(writer, "one too many");
    xlsx_writer_row(writer);
    expect_unwritten(writer, "more rows");
}

static void test_no_place(void **state)
{
    struct xlsx_writer *writer;
    int status;
    (void) state;
    const char *fifo = file_path("fifo");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    SAID(status, (writer = xlsx_writer_open(&files.en, fifo, "列表")) == NULL);
    assert_true(status);
    expect_said("no regular file");
    SAID(status, xlsx_writer_close(writer_of(file_path("none/list.xlsx"))));
    assert_int_equal(status, CLI_FILE);
    expect_said("none/list.xlsx");
}

static void test_whole(void **state)
{
    static const struct {
        const char *text;
        bool whole;
    } parts[] = {
        {"<?xml version=\"1.0\"?>\n<a:b xmlns:a=\"x\" c=\"d\"><e/></a:b>", true},
        {"<?xml version=\"1.0\"?>\n<a><b/></a>\n", true},
        {"<?xml version=\"1.0\"?>\n<a/>", true},
        {"<?xml version=\"1.0\"?>\n<a><b/>", false},
        {"<?xml version=\"1.0\"?>\n<a><b></b>", false},
        {"<?xml version=\"1.0\"?>\n<a>", false},
        {"<?xml version=\"1.0\"?>\n", false},
        {"<?xml ver", false},
        {"", false},
    };
    static uint8_t bytes[FILES_TEXT];
    (void) state;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        const struct part part = {"xl/workbook.xml", parts[i].text, 0};
        size_t n = read_back(xlsx_packed(&part, 1, ZIP_CM_STORE), bytes, sizeof(bytes));
        if (xlsx_whole(bytes, n) != parts[i].whole)
            fail_msg("%s", parts[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_written, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(test_dropped, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(test_no_room, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(test_too_much, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(test_no_place, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(test_whole, files_make, files_unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
