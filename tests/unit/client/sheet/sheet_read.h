/* SPDX-License-Identifier: Apache-2.0 */
/* What a file of cells reads as, or why it is refused. Include after files.h. */
#ifndef MINGCE_TESTS_CLIENT_SHEET_READ_H
#define MINGCE_TESTS_CLIENT_SHEET_READ_H

#include "client/cli/sheet/sheet.h"

static UNUSED void read_good(const char *path, struct sheet *sheet)
{
    int status;
    SAID(status, sheet_read(&files.en, path, sheet));
    if (status != CLI_OK)
        fail_msg("%d: %s", status, files.said);
    assert_string_equal(files.said, "");
}

/* Every refusal names the file and says why in the language of the locale; nothing is left to free. */
static UNUSED void expect_refused(const char *path, const char *en, const char *zh)
{
    struct sheet sheet;
    int status;
    SAID(status, sheet_read(&files.en, path, &sheet));
    assert_int_equal(status, CLI_FILE);
    expect_said(path);
    expect_said(en);
    assert_null(sheet.rows);
    SAID(status, sheet_read(&files.zh, path, &sheet));
    assert_int_equal(status, CLI_FILE);
    expect_said(zh);
}

/* Rows as "a|b/c": cells with bars, rows with slashes. */
static UNUSED void expect_cells(const struct sheet *sheet, const char *expected)
{
    char text[8192] = "";
    size_t n = 0;
    for (size_t i = 0; i < sheet->n; i++) {
        n += (size_t) snprintf(text + n, sizeof(text) - n, "%s", i > 0 ? "/" : "");
        for (size_t j = 0; j < sheet->rows[i].n; j++)
            n += (size_t) snprintf(text + n, sizeof(text) - n, "%s%s", j > 0 ? "|" : "",
                                   sheet->rows[i].cells[j]);
    }
    assert_string_equal(text, expected);
}

static UNUSED void expect_file(const char *path, const char *expected)
{
    struct sheet sheet;
    read_good(path, &sheet);
    expect_cells(&sheet, expected);
    sheet_free(&sheet);
}

#endif
