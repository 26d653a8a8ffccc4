/* SPDX-License-Identifier: Apache-2.0 */
/* Spreadsheets of a stranger: what is refused, with every bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/client/files.h"
#include "tests/unit/client/sheet/sheet_read.h"
#include "tests/unit/client/sheet/xlsx_made.h"

static void expect_sheet_refused(const char *sheet, const char *en, const char *zh)
{
    expect_refused(xlsx_of(sheet, NO_STYLES, NO_STRINGS), en, zh);
}

static void document_types_are_refused(void **state)
{
    (void) state;
    expect_sheet_refused(
        "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
        "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">]>"
        "<worksheet xmlns=\"" MAIN
        "\"><sheetData><row><c t=\"str\"><v>&f;</v></c></row></sheetData></worksheet>",
        "document type", "文档类型");
    expect_sheet_refused("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><worksheet xmlns=\"" MAIN "\"/>",
                         "document type", "文档类型");
    expect_refused(xlsx_of(SHEET(""), NO_STYLES, "<!DOCTYPE a><sst xmlns=\"" MAIN "\"/>"),
                   "sharedStrings.xml", "文档类型");
}

static void broken_markup_is_refused(void **state)
{
    (void) state;
    expect_sheet_refused("<worksheet xmlns=\"" MAIN "\"><sheetData>", "(xl/worksheets/sheet1.xml)",
                         "无法识别");
    expect_sheet_refused("<html/>", "is not understood", "无法识别");
    expect_sheet_refused(SHEET("<row><c r=\"1A\"><v>1</v></c></row>"), "sheet1.xml, row 1", "第1行");
    expect_sheet_refused(SHEET("<row r=\"x\"/>"), "is not understood", "无法识别");
    expect_sheet_refused(SHEET("<row><c t=\"s\"><v>0</v></c></row>"), "is not understood", "无法识别");
    expect_refused(xlsx_of(SHEET("<row><c t=\"s\"><v>1</v></c></row>"), NO_STYLES, STRINGS("<si/>")),
                   "is not understood", "无法识别");
    expect_sheet_refused(SHEET("<row r=\"2\"/><row r=\"2\"/>"), "out of order", "次序有误");
    expect_sheet_refused(SHEET("<row r=\"2\"/><row r=\"1\"/>"), "out of order", "次序有误");
    expect_sheet_refused(SHEET("<row><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>"), "out of order",
                         "次序有误");
}

/* A text of `n` times `unit` between two others. */
static char *repeated(const char *before, const char *unit, size_t n, const char *after)
{
    size_t length = strlen(unit), all = strlen(before) + n * length + strlen(after);
    char *text = malloc(all + 1), *to = text;
    assert_non_null(text);
    memcpy(to, before, strlen(before));
    to += strlen(before);
    for (size_t i = 0; i < n; i++, to += length)
        memcpy(to, unit, length);
    memcpy(to, after, strlen(after) + 1);
    return text;
}

static void depth_is_bounded(void **state)
{
    (void) state;
    for (size_t n = 30; n <= 31; n++) { /* in sheetData, in worksheet */
        char *open = repeated("<worksheet xmlns=\"" MAIN "\"><sheetData>", "<d>", n, ""),
             *sheet = repeated(open, "</d>", n, "</sheetData></worksheet>");
        if (n == 30)
            expect_file(xlsx_of(sheet, NO_STYLES, NO_STRINGS), "");
        else
            expect_sheet_refused(sheet, "too many levels", "层数过多");
        free(open);
        free(sheet);
    }
}

static void what_the_parser_keeps_is_bounded(void **state)
{
    (void) state;
    /* an attribute that changes all the time, so that it is no bomb */
    size_t n = 20 << 20;
    char *sheet = malloc(n);
    assert_non_null(sheet);
    uint32_t random = 1;
    for (size_t i = 0; i < n; i++) {
        random = random * 1664525 + 1013904223;
        sheet[i] = "abcdefghijklmnop"[random >> 28];
    }
    static const char begin[] = "<worksheet xmlns=\"" MAIN "\" a=\"", end[] = "\"/>";
    memcpy(sheet, begin, strlen(begin));
    memcpy(sheet + n - strlen(end), end, strlen(end));
    const struct part parts[] = {ROOT_PART,   BOOK_PART,    BOOK_RELATIONS,
                                 STYLES_PART, STRINGS_PART, {"xl/worksheets/sheet1.xml", sheet, n}};
    expect_refused(xlsx_packed(parts, 6, ZIP_CM_DEFLATE), "too long", "过长");
    free(sheet);
}

static void bombs_are_refused(void **state)
{
    (void) state;
    char *sheet =
        repeated("<worksheet xmlns=\"" MAIN "\"><sheetData>", "<a/>", 10 << 20, "</sheetData></worksheet>");
    expect_sheet_refused(sheet, "unfolds to an abnormal size and is not read (xl/worksheets/sheet1.xml)",
                         "大得反常");
    free(sheet);
    /* however many times its size: a short part is none */
    sheet = repeated("<worksheet xmlns=\"" MAIN "\"><sheetData>", "<a/>", 200000, "</sheetData></worksheet>");
    expect_file(xlsx_of(sheet, NO_STYLES, NO_STRINGS), "");
    free(sheet);
}

static void parts_are_bounded(void **state)
{
    (void) state;
    enum { MOST = 4 << 20 };
    const struct part plain[] = {
        ROOT_PART,   BOOK_PART,    BOOK_RELATIONS,
        STYLES_PART, STRINGS_PART, {"xl/worksheets/sheet1.xml", SHEET("<row><c><v>1</v></c></row>"), 0}};
    for (size_t i = 0; i < 4;
         i++) { /* relations, workbook, its relations, styles: stored, so none is a bomb */
        struct part parts[6];
        memcpy(parts, plain, sizeof(parts));
        for (size_t more = 0; more < 2; more++) {
            size_t n = MOST + more, length = strlen(plain[i].bytes);
            char *bytes = malloc(n);
            assert_non_null(bytes);
            memcpy(bytes, plain[i].bytes, length);
            memset(bytes + length, ' ', n - length);
            parts[i] = (struct part){plain[i].name, bytes, n};
            if (more == 0)
                expect_file(xlsx_packed(parts, 6, ZIP_CM_STORE), "1");
            else
                expect_refused(xlsx_packed(parts, 6, ZIP_CM_STORE), "content is too large (", "内容过大（");
            free(bytes);
        }
    }
}

/* Text that packs to a hundredth or so. */
static char *half_random(const char *before, size_t n, const char *after)
{
    char *text = malloc(n), word[1024];
    uint32_t random = 1;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof(word); i++)
        word[i] = (char) ('a' + (i * i) % 23);
    for (size_t at = 0; at < n; at += sizeof(word)) {
        for (int k = 0; k < 4; k++) {
            random = random * 1664525 + 1013904223;
            word[(random >> 8) % sizeof(word)] = (char) ('a' + (random >> 24) % 26);
        }
        memcpy(text + at, word, n - at < sizeof(word) ? n - at : sizeof(word));
    }
    memcpy(text, before, strlen(before));
    memcpy(text + n - strlen(after), after, strlen(after));
    return text;
}

static void shared_strings_and_sheets_are_bounded(void **state)
{
    (void) state;
    size_t strings_n = (64 << 20) + 1, sheet_n = (256 << 20) + 1;
    char *strings = half_random("<sst xmlns=\"" MAIN "\"><si><t>", strings_n, "</t></si></sst>");
    const struct part one[] = {ROOT_PART,
                               BOOK_PART,
                               BOOK_RELATIONS,
                               STYLES_PART,
                               {"xl/sharedStrings.xml", strings, strings_n},
                               {"xl/worksheets/sheet1.xml", SHEET(""), 0}};
    expect_refused(xlsx_packed(one, 6, ZIP_CM_DEFLATE), "content is too large (xl/sharedStrings.xml)",
                   "内容过大");
    free(strings);
    char *sheet = half_random("<worksheet xmlns=\"" MAIN "\"><a>", sheet_n, "</a></worksheet>");
    const struct part other[] = {ROOT_PART,   BOOK_PART,    BOOK_RELATIONS,
                                 STYLES_PART, STRINGS_PART, {"xl/worksheets/sheet1.xml", sheet, sheet_n}};
    expect_refused(xlsx_packed(other, 6, ZIP_CM_DEFLATE), "content is too large (xl/worksheets/sheet1.xml)",
                   "内容过大");
    free(sheet);
}

static void text_is_bounded_however_often_it_is_shared(void **state)
{
    (void) state;
    char *strings = half_random("<sst xmlns=\"" MAIN "\"><si><t>", 5 << 20, "</t></si></sst>"),
         *sheet = repeated("<worksheet xmlns=\"" MAIN "\"><sheetData><row>", "<c t=\"s\"><v>0</v></c>", 60,
                           "</row></sheetData></worksheet>");
    const struct part parts[] = {ROOT_PART,
                                 BOOK_PART,
                                 BOOK_RELATIONS,
                                 STYLES_PART,
                                 {"xl/sharedStrings.xml", strings, 5 << 20},
                                 {"xl/worksheets/sheet1.xml", sheet, 0}};
    expect_refused(xlsx_packed(parts, 6, ZIP_CM_DEFLATE), "too much text", "文字过多");
    free(strings);
    free(sheet);
}

static void rows_and_columns_are_bounded(void **state)
{
    (void) state;
    struct sheet sheet;
    read_good(
        xlsx_of(SHEET("<row r=\"1048576\"><c r=\"BL1048576\"><v>1</v></c><c r=\"BM1048576\" s=\"1\"/></row>"),
                NO_STYLES, NO_STRINGS),
        &sheet);
    assert_int_equal(sheet.n, 1048576);
    assert_int_equal(sheet.rows[1048575].n, 64);
    sheet_free(&sheet);
    expect_sheet_refused(SHEET("<row r=\"1048577\"/>"), "more than 1048576 rows", "超过1048576行");
    expect_sheet_refused(SHEET("<row r=\"1048576\"/><row/>"), "more than 1048576 rows", "超过1048576行");
    expect_sheet_refused(SHEET("<row><c r=\"BM1\"><v>1</v></c></row>"),
                         "beyond column 64 (xl/worksheets/sheet1.xml, row 1)", "有内容的列超过64列");
}

static void cells_are_bounded(void **state)
{
    (void) state;
    /* rows of one cell each, in the last column: 64 that are kept; digits that change keep it from being a bomb */
    enum { ROWS = (32 << 20) / 64 + 1, ROW = 64 };
    char *sheet = malloc((size_t) ROWS * ROW + 256), *to = sheet;
    assert_non_null(sheet);
    to += snprintf(to, 128, "<worksheet xmlns=\"" MAIN "\"><sheetData>");
    for (size_t i = 1; i <= ROWS; i++)
        to += snprintf(to, ROW, "<row><c r=\"BL%zu\"><v>%zu</v></c></row>", i, i * 7919 % 1000003);
    snprintf(to, 128, "</sheetData></worksheet>");
    expect_sheet_refused(sheet, "too many cells", "单元格过多");
    free(sheet);
}

static void styles_are_bounded(void **state)
{
    (void) state;
    char *styles = repeated("<styleSheet xmlns=\"" MAIN "\"><cellXfs>", "<xf/>", (1 << 16) + 1,
                            "</cellXfs></styleSheet>");
    expect_refused(xlsx_of(SHEET(""), styles, NO_STRINGS), "too many cell formats", "格式过多");
    free(styles);
    styles = repeated("<styleSheet xmlns=\"" MAIN "\"><numFmts>",
                      "<numFmt numFmtId=\"165\" formatCode=\"0\"/>", 1025, "</numFmts></styleSheet>");
    expect_refused(xlsx_of(SHEET(""), styles, NO_STRINGS), "too many cell formats", "格式过多");
    free(styles);
}

static void sheets_are_bounded(void **state)
{
    (void) state;
    char *book = repeated("<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><sheets>", TAB("a", "r1", ""),
                          1025, "</sheets></workbook>");
    const struct part parts[] = {ROOT_PART,      {"xl/workbook.xml", book, 0},
                                 BOOK_RELATIONS, STYLES_PART,
                                 STRINGS_PART,   {"xl/worksheets/sheet1.xml", SHEET(""), 0}};
    expect_refused(xlsx_packed(parts, 6, ZIP_CM_DEFLATE), "more than 1024 sheets", "超过1024张");
    free(book);
}

static void entries_are_bounded(void **state)
{
    (void) state;
    enum { MOST = 4096 };
    static char names[MOST + 1][16];
    static struct part parts[MOST + 1];
    const struct part needed[] = {
        ROOT_PART,   BOOK_PART,    BOOK_RELATIONS,
        STYLES_PART, STRINGS_PART, {"xl/worksheets/sheet1.xml", SHEET("<row><c><v>1</v></c></row>"), 0}};
    memcpy(parts, needed, sizeof(needed));
    for (size_t i = 6; i <= MOST; i++) {
        snprintf(names[i], sizeof(names[i]), "other/%zu", i);
        parts[i] = (struct part){names[i], "x", 1};
    }
    expect_file(xlsx_packed(parts, MOST, ZIP_CM_STORE), "1");
    expect_refused(xlsx_packed(parts, MOST + 1, ZIP_CM_STORE), "more than 4096 parts", "超过4096个");
}

static void the_file_is_bounded(void **state)
{
    (void) state;
    size_t n = (32 << 20) + 1;
    char *bytes = calloc(1, n);
    assert_non_null(bytes);
    memcpy(bytes, "PK\003\004", 4);
    expect_refused(file_bytes("large.xlsx", bytes, n), "larger than 32 MiB", "超过32 MiB");
    free(bytes);
}

static void what_is_missing_or_there_twice_is_refused(void **state)
{
    (void) state;
    const struct part parts[] = {ROOT_PART,
                                 BOOK_PART,
                                 BOOK_RELATIONS,
                                 STYLES_PART,
                                 STRINGS_PART,
                                 {"xl/worksheets/sheet1.xml", SHEET(""), 0},
                                 {"xl/worksheets/SHEET1.xml", SHEET(""), 0}};
    expect_refused(xlsx_packed(parts, 7, ZIP_CM_STORE), "in the spreadsheet twice", "出现两次");
    expect_refused(xlsx_packed(parts, 5, ZIP_CM_STORE),
                   "lacks a part: save it as .xlsx in the spreadsheet program (xl/worksheets/sheet1.xml)",
                   "缺少部件");
    expect_refused(xlsx_packed(parts, 4, ZIP_CM_STORE), "lacks a part", "缺少部件");
    expect_refused(xlsx_packed(parts, 2, ZIP_CM_STORE), "lacks a part", "缺少部件");
    expect_refused(xlsx_packed(parts + 1, 1, ZIP_CM_STORE), "a file of another kind", "其他种类");
    const struct part none[] = {ROOT_PART, {"xl/workbook.xml", BOOK(""), 0}, BOOK_RELATIONS, STYLES_PART};
    expect_refused(xlsx_packed(none, 4, ZIP_CM_STORE), "no sheet", "没有工作表");
}

static void other_documents_are_told_apart(void **state)
{
    (void) state;
    const struct part word[] = {{"_rels/.rels",
                                 RELATIONS(RELATION("r1", "officeDocument", "word/document.xml")), 0},
                                {"word/document.xml", "<document xmlns=\"urn:word\"/>", 0},
                                {"word/_rels/document.xml.rels", RELATIONS(""), 0}},
                      binary[] = {{"_rels/.rels",
                                   RELATIONS(RELATION("r1", "officeDocument", "xl/workbook.bin")), 0}},
                      open[] = {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0},
                                {"content.xml", "<a/>", 0}};
    expect_refused(xlsx_packed(word, 3, ZIP_CM_DEFLATE), "a file of another kind", "其他种类");
    expect_refused(xlsx_packed(binary, 1, ZIP_CM_DEFLATE), ".xlsb", "请在表格软件中另存为 .xlsx");
    expect_refused(xlsx_packed(open, 2, ZIP_CM_DEFLATE), ".ods", "请在表格软件中另存为 .xlsx");
}

static void a_file_cut_off_anywhere_is_refused(void **state)
{
    (void) state;
    static char bytes[FILES_TEXT];
    const char *whole = xlsx_of(SHEET("<row><c><v>1</v></c></row>"), NO_STYLES, NO_STRINGS);
    FILE *file = fopen(whole, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    for (size_t cut = 4; cut < n; cut += 61) {
        struct sheet sheet;
        int status;
        SAID(status, sheet_read(&files.en, file_bytes("cut.xlsx", bytes, cut), &sheet));
        assert_int_equal(status, CLI_FILE);
    }
    /* a byte of a part that has changed */
    char *at = memmem(bytes, n, "xl/worksheets/sheet1.xml", 24);
    assert_non_null(at);
    at[24 + 10] ^= 1;
    expect_refused(file_bytes("changed.xlsx", bytes, n), "the file cannot be read", "文件无法读取");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, files_make, files_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(document_types_are_refused),
        TEST(broken_markup_is_refused),
        TEST(depth_is_bounded),
        TEST(what_the_parser_keeps_is_bounded),
        TEST(bombs_are_refused),
        TEST(parts_are_bounded),
        TEST(shared_strings_and_sheets_are_bounded),
        TEST(text_is_bounded_however_often_it_is_shared),
        TEST(rows_and_columns_are_bounded),
        TEST(cells_are_bounded),
        TEST(styles_are_bounded),
        TEST(sheets_are_bounded),
        TEST(entries_are_bounded),
        TEST(the_file_is_bounded),
        TEST(what_is_missing_or_there_twice_is_refused),
        TEST(other_documents_are_told_apart),
        TEST(a_file_cut_off_anywhere_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
