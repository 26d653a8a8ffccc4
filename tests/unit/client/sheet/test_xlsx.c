/* SPDX-License-Identifier: Apache-2.0 */
/* Spreadsheets: what their cells say, as real programs write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <xlsxwriter.h>

#include "tests/unit/client/files.h"
#include "tests/unit/client/sheet/sheet_read.h"
#include "tests/unit/client/sheet/xlsx_made.h"

static void expect_sheet(const char *sheet, const char *expected)
{
    expect_file(xlsx_of(sheet, NO_STYLES, NO_STRINGS), expected);
}

/* ---- what real files contain ---- */

static void texts_of_every_kind(void **state)
{
    (void) state;
    expect_file(
        xlsx_of(SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"s\"><v>0</v></c>"
                      "<c r=\"C1\" t=\"inlineStr\"><is><t>直接</t></is></c>"
                      "<c r=\"D1\" t=\"str\"><f>A1</f><v>公式</v></c><c r=\"E1\" t=\"e\"><v>#N/A</v></c>"
                      "<c r=\"F1\" t=\"b\"><v>1</v></c><c r=\"G1\" t=\"b\"><v>0</v></c></row>"),
                NO_STYLES, STRINGS("<si><t>乙</t></si><si><t>甲</t></si>")),
        "甲|乙|直接|公式|#N/A|TRUE|FALSE");
}

static void runs_are_joined_and_readings_passed_over(void **state)
{
    (void) state;
    expect_file(xlsx_of(SHEET("<row><c t=\"s\"><v>0</v></c><c "
                              "t=\"inlineStr\"><is><r><rPr><b/></rPr><t>李</t></r><r><t>示例</t></r>"
                              "<rPh sb=\"0\" eb=\"1\"><t>li</t></rPh></is></c></row>"),
                        NO_STYLES,
                        STRINGS("<si><r><t>王</t></r><r><rPr/><t xml:space=\"preserve\"> 示例</t></r>"
                                "<rPh sb=\"0\" eb=\"1\"><t>wang</t></rPh><phoneticPr fontId=\"1\"/></si>")),
                "王 示例|李示例");
}

static void escapes_become_characters(void **state)
{
    (void) state;
    expect_file(
        xlsx_of(SHEET("<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c>"
                      "<c t=\"str\"><v>_x4E00_</v></c></row>"),
                NO_STYLES,
                STRINGS("<si><t>a_x000D_\nb</t></si><si><t>_x005F_x000D_</t></si><si><t>_x0000_</t></si>")),
        "a\r\nb|_x000D_|\xef\xbf\xbd|一");
}

static void blanks_are_kept(void **state)
{
    (void) state;
    expect_sheet(SHEET("<row><c t=\"inlineStr\"><is><t xml:space=\"preserve\">  a </t></is></c></row>"),
                 "  a ");
}

static void prefixes_and_strict_namespaces(void **state)
{
    (void) state;
    expect_sheet("<?xml version=\"1.0\"?><x:worksheet xmlns:x=\"" MAIN
                 "\"><x:sheetData><x:row><x:c t=\"str\"><x:v>甲</x:v>"
                 "</x:c></x:row></x:sheetData></x:worksheet>",
                 "甲");
    expect_sheet("<worksheet xmlns=\"" STRICT "\"><sheetData><row><c t=\"d\"><v>2026-03-01T00:00:00</v></c>"
                 "<c t=\"d\"><v>2026-03-01T08:30:00</v></c></row></sheetData></worksheet>",
                 "2026-03-01|2026-03-01 08:30:00");
    /* of other namespaces nothing is a cell */
    expect_sheet("<worksheet xmlns=\"" MAIN
                 "\" xmlns:o=\"urn:other\"><sheetData><o:row><c t=\"str\"><v>a</v></c></o:row>"
                 "<row><o:c t=\"str\"><v>b</v></o:c><c t=\"str\"><v>c</v></c></row></sheetData></worksheet>",
                 "c");
    const struct part strict[] = {
        {"_rels/.rels",
         "<Relationships "
         "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" "
         "Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument\" "
         "Target=\"xl/workbook.xml\"/>"
         "</Relationships>",
         0},
        {"xl/workbook.xml",
         "<workbook xmlns=\"" STRICT "\" conformance=\"strict\"><sheets><sheet name=\"a\" sheetId=\"1\" "
         "xmlns:q=\"http://purl.oclc.org/ooxml/officeDocument/relationships\" "
         "q:id=\"z\"/></sheets></workbook>",
         0},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships "
         "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"z\" "
         "Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet\" "
         "Target=\"s.xml\"/></Relationships>",
         0},
        {"xl/s.xml",
         "<worksheet xmlns=\"" STRICT "\"><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>", 0}};
    expect_file(xlsx_packed(strict, 4, ZIP_CM_DEFLATE), "7");
}

static void targets_of_every_kind(void **state)
{
    (void) state;
    static const char *const targets[] = {
        "worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "./worksheets/sheet1.xml",
        "../xl/worksheets/../worksheets/sheet1.xml", "WorkSheets/SHEET1.xml"};
    for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
        char relations[1024];
        snprintf(relations, sizeof(relations),
                 RELATIONS("<Relationship Id=\"r1\" Type=\"" OFFICE "/worksheet\" Target=\"%s\"/>"),
                 targets[i]);
        const struct part parts[] = {
            {"_rels/.rels", RELATIONS(RELATION("r1", "officeDocument", "/xl/workbook.xml")), 0},
            BOOK_PART,
            {"xl/_rels/workbook.xml.rels", relations, 0},
            {"xl/worksheets/sheet1.xml", SHEET("<row><c><v>1</v></c></row>"), 0}};
        expect_file(xlsx_packed(parts, 4, ZIP_CM_STORE), "1");
    }
}

static void what_a_file_says_of_its_author_is_not_read(void **state)
{
    (void) state;
    const struct part parts[] = {ROOT_PART,
                                 BOOK_PART,
                                 BOOK_RELATIONS,
                                 STYLES_PART,
                                 STRINGS_PART,
                                 {"xl/worksheets/sheet1.xml", SHEET("<row><c><v>1</v></c></row>"), 0},
                                 {"docProps/core.xml", "no XML at all", 0}};
    expect_file(xlsx_packed(parts, 7, ZIP_CM_DEFLATE), "1");
}

static void rows_and_cells_without_references(void **state)
{
    (void) state;
    expect_sheet(SHEET("<row>" TEXT_CELL("a")
                           TEXT_CELL("b") "</row><row r=\"4\"><c r=\"B4\"><v>1</v></c><c><v>2</v></c></row>"
                                          "<row><c><v>3</v></c></row>"),
                 "a|b///|1|2/3");
}

static void empty_rows_keep_their_numbers(void **state)
{
    (void) state;
    expect_sheet(
        SHEET("<row r=\"3\"><c r=\"A3\"><v>1</v></c><c r=\"B3\" s=\"4\"/></row><row r=\"4\"/>"
              "<row r=\"6\"><c r=\"C6\"><v>2</v></c></row><row r=\"900000\"><c r=\"A900000\"/></row>"),
        "//1///||2");
}

static void merged_cells_say_it_once(void **state)
{
    (void) state;
    expect_sheet("<worksheet xmlns=\"" MAIN
                 "\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>花名册</v></c><c r=\"B1\"/></row>"
                 "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>姓名</v></c></row></sheetData><mergeCells "
                 "count=\"1\"><mergeCell ref=\"A1:B1\"/>"
                 "</mergeCells></worksheet>",
                 "花名册/姓名");
}

static void a_formula_without_a_value_is_shown(void **state)
{
    (void) state;
    expect_sheet(SHEET("<row><c><f>\"370\"&amp;A1</f></c><c><f>1+1</f><v>2</v></c><c "
                       "t=\"str\"><f>A1</f><v></v></c></row>"),
                 "=\"370\"&A1|2");
}

static void hidden_rows_are_read_and_counted(void **state)
{
    (void) state;
    struct sheet sheet;
    read_good(xlsx_of(SHEET("<row r=\"1\"><c><v>1</v></c></row><row r=\"2\" "
                            "hidden=\"1\"><c><v>2</v></c></row><row r=\"3\" hidden=\"1\"/>"
                            "<row r=\"5\" hidden=\"true\"><c><v>3</v></c></row>"),
                      NO_STYLES, NO_STRINGS),
              &sheet);
    expect_cells(&sheet, "1/2///3");
    assert_int_equal(sheet.hidden_n, 2);
    assert_int_equal(sheet.hidden_first, 2);
    sheet_free(&sheet);
}

/* ---- numbers ---- */

/* One cell with a format. `id` below 164 is known without its code. */
static void expect_shown(const char *value, int id, const char *code, bool from_1904, const char *expected)
{
    char sheet[512], styles[1024], book[1024];
    snprintf(sheet, sizeof(sheet), SHEET("<row><c s=\"1\"><v>%s</v></c></row>"), value);
    snprintf(styles, sizeof(styles),
             "<styleSheet xmlns=\"" MAIN
             "\"><numFmts><numFmt numFmtId=\"170\" formatCode=\"%s\"/></numFmts><cellStyleXfs>"
             "<xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "
             "numFmtId=\"%d\"/></cellXfs></styleSheet>",
             code == NULL ? "0" : code, code == NULL ? id : 170);
    snprintf(book, sizeof(book),
             "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE
             "\"><workbookPr date1904=\"%d\"/><sheets>" TAB("a", "r1", "") "</sheets></workbook>",
             from_1904);
    const struct part parts[] = {ROOT_PART,      {"xl/workbook.xml", book, 0},
                                 BOOK_RELATIONS, {"xl/worksheets/sheet1.xml", sheet, 0},
                                 STRINGS_PART,   {"xl/styles.xml", styles, 0}};
    struct sheet read;
    read_good(xlsx_packed(parts, 6, ZIP_CM_STORE), &read);
    if (strcmp(read.rows[0].cells[0], expected) != 0)
        fail_msg("%s by %d %s: `%s`, not `%s`", value, id, code == NULL ? "" : code, read.rows[0].cells[0],
                 expected);
    sheet_free(&read);
}

static void numbers_are_read_as_they_are_shown(void **state)
{
    (void) state;
    static const struct {
        const char *value;
        int id;
        const char *code, *expected;
    } cases[] = {
        {"13800000000", 0, NULL, "13800000000"},
        {"1.38E+10", 0, NULL, "13800000000"},
        {"123456789012345", 11, NULL, "123456789012345"}, /* 0.00E+00 */
        {"0.1", 0, NULL, "0.1"},
        {"0.30000000000000004", 0, NULL, "0.3"},
        {"-0.5", 0, NULL, "-0.5"},
        {"0", 0, NULL, "0"},
        {"-0", 0, NULL, "0"},
        {"1E-5", 0, NULL, "0.00001"},
        {"1E+60", 0, NULL, "1e+60"},
        {"1700", 2, NULL, "1700.00"},
        {"1234.565", 4, NULL, "1234.57"},
        {"1.005", 2, NULL, "1.01"},
        {"999.995", 2, NULL, "1000.00"},
        {"0.004", 2, NULL, "0.00"},
        {"0.006", 2, NULL, "0.01"},
        {"-0.001", 2, NULL, "0.00"},
        {"-12.5", 1, NULL, "-13"},
        {"0.5", 9, NULL, "50%"},
        {"0", 9, NULL, "0%"},
        {"0.125", 10, NULL, "12.50%"},
        {"7", 0, "000000", "000007"},
        {"370102", 0, "000000", "370102"},
        {"1700.5", 0, "0.##", "1700.5"},
        {"1700", 0, "0.##", "1700"},
        {"1700", 0, "#,##0.00_);[Red]\\(#,##0.00\\)", "1700.00"},
        {"1700", 0, "_ &quot;¥&quot;* #,##0.00_ ", "1700.00"},
        {"60", 0, "0&quot;天&quot;", "60"},
        {"3.25", 12, NULL, "3.25"}, /* a fraction */
        {"42", 49, NULL, "42"},     /* text */
        {"42", 0, "G/通用格式", "42"},
        {"not a number", 2, NULL, "not a number"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        expect_shown(cases[i].value, cases[i].id, cases[i].code, false, cases[i].expected);
}

static void dates_and_times_by_their_format(void **state)
{
    (void) state;
    static const struct {
        const char *value;
        int id;
        const char *code, *expected;
    } cases[] = {
        {"46082", 14, NULL, "2026-03-01"},
        {"46082", 15, NULL, "2026-03-01"},
        {"46082", 16, NULL, "2026-03-01"},
        {"46082", 17, NULL, "2026-03"},
        {"0.354166666666667", 18, NULL, "08:30"},
        {"0.354166666666667", 20, NULL, "08:30"},
        {"0.354180000000000", 21, NULL, "08:30:01"},
        {"46082.354166666664", 22, NULL, "2026-03-01 08:30"},
        {"46082", 22, NULL, "2026-03-01"},
        {"46082", 27, NULL, "2026-03"},
        {"46082", 28, NULL, "2026-03-01"},
        {"46082", 31, NULL, "2026-03-01"},
        {"0.5", 32, NULL, "12:00"},
        {"46082", 36, NULL, "2026-03"},
        {"1.5", 46, NULL, "36:00"},
        {"46082", 57, NULL, "2026-03"},
        {"46082", 58, NULL, "2026-03-01"},
        {"46082", 0, "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", "2026-03-01"},
        {"46082", 0, "[$-804]yyyy/m/d;@", "2026-03-01"},
        {"46082", 0, "yyyy\\-mm", "2026-03"},
        {"46082.99999999999", 0, "yyyy-mm-dd hh:mm", "2026-03-02"},
        {"0.354166666666667", 0, "hh:mm", "08:30"},
        {"0.354166666666667", 0, "上午/下午h&quot;时&quot;mm&quot;分&quot;", "08:30"},
        {"0.354166666666667", 0, "h:mm AM/PM", "08:30"},
        {"1.25", 0, "[h]:mm", "30:00"},
        {"12", 0, "0&quot;day&quot;", "12"}, /* letters between quotes are no date */
        {"12", 0, "[Red]0.0\\d", "12.0"},    /* nor behind a backslash, nor a colour */
        {"1", 14, NULL, "1900-01-01"},
        {"59", 14, NULL, "1900-02-28"},
        {"60", 14, NULL, "1900-02-29"}, /* a spreadsheet believes in it; our rules do not */
        {"61", 14, NULL, "1900-03-01"},
        {"2958465", 14, NULL, "9999-12-31"},
        {"2958466", 14, NULL, "2958466"},
        {"-1", 14, NULL, "-1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        expect_shown(cases[i].value, cases[i].id, cases[i].code, false, cases[i].expected);
    expect_shown("44620", 14, NULL, true, "2026-03-01");
    expect_shown("0", 14, NULL, true, "1904-01-01");
    expect_shown("0.5", 20, NULL, true, "12:00");
}

static void a9_numbers_of_more_than_15_digits_are_marked(void **state)
{
    (void) state;
    struct sheet sheet;
    read_good(
        xlsx_of(
            SHEET("<row r=\"2\"><c><v>123456789012345</v></c><c r=\"C2\"><v>370303197011028967</v></c>"
                  "<c><v>6.2284831E+18</v></c>" TEXT_CELL(
                      "370303197011028967") "</row>"
                                            "<row><c "
                                            "t=\"str\"><v>1</v></c><c><v>-1234567890123456</v></c></row>"),
            NO_STYLES, NO_STRINGS),
        &sheet);
    expect_cells(
        &sheet,
        "/123456789012345||370303197011029000|6228483100000000000|370303197011028967/1|-1234567890123460");
    static const bool lost[][6] = {{false, false, true, true, false, false},
                                   {false, true, false, false, false, false}};
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 6; j++)
            assert_int_equal(sheet_digits_lost(&sheet, &sheet.rows[i + 1], j), lost[i][j]);
    assert_false(sheet_digits_lost(&sheet, &sheet.rows[0], 0));
    sheet_free(&sheet);
}

/* ---- other writers ---- */

static void what_libxlsxwriter_writes(void **state)
{
    (void) state;
    const char *path = file_path("written.xlsx");
    lxw_workbook_options options = {
        .constant_memory = LXW_FALSE, .tmpdir = files.folder, .use_zip64 = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "花名册");
    lxw_format *text = workbook_add_format(book), *date = workbook_add_format(book);
    lxw_datetime day = {.year = 2026, .month = 3, .day = 1};
    format_set_num_format(text, "@");
    format_set_num_format(date, "yyyy-mm-dd");
    worksheet_merge_range(sheet, 0, 0, 0, 2, "名册", NULL);
    worksheet_write_string(sheet, 2, 0, "370303197011028967", text);
    worksheet_write_datetime(sheet, 2, 1, &day, date);
    worksheet_write_number(sheet, 2, 2, 17291862379, NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    expect_file(path, "名册//370303197011028967|2026-03-01|17291862379");
}

/* ---- sheets ---- */

static void of_several_sheets_one_is_turned_to(void **state)
{
    (void) state;
    const struct part parts[] = {
        ROOT_PART,
        {"xl/workbook.xml",
         BOOK(TAB("图", "c1", "") TAB("一", "r1", "state=\"veryHidden\"")
                  TAB("二", "r2", "state=\"visible\"")),
         0},
        {"xl/_rels/workbook.xml.rels",
         RELATIONS(RELATION("r1", "worksheet", "a.xml") RELATION("r2", "worksheet", "b.xml")
                       RELATION("c1", "chartsheet", "c.xml")),
         0},
        {"xl/a.xml", SHEET("<row><c><v>1</v></c></row><row><c><v>2</v></c></row><row><c><v>3</v></c></row>"),
         0},
        {"xl/b.xml", SHEET("<row><c><v>4</v></c></row>"), 0}};
    struct sheet sheet;
    read_good(xlsx_packed(parts, 5, ZIP_CM_DEFLATE), &sheet);
    assert_int_equal(sheet.n, 0);
    assert_int_equal(sheet.book->tabs_n, 2);
    assert_true(sheet.book->tabs[0].hidden && !sheet.book->tabs[1].hidden);
    assert_string_equal(sheet.book->tabs[1].name, "二");
    struct xlsx_fault fault;
    assert_true(sheet_rows_read(&sheet, 0, 2, &fault));
    expect_cells(&sheet, "1/2");
    assert_int_equal(sheet_turn(&files.en, "x", &sheet, 1), CLI_OK);
    expect_cells(&sheet, "4");
    assert_int_equal(sheet_turn(&files.en, "x", &sheet, 0), CLI_OK);
    expect_cells(&sheet, "1/2/3");
    sheet_free(&sheet);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, files_make, files_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(texts_of_every_kind),
        TEST(runs_are_joined_and_readings_passed_over),
        TEST(escapes_become_characters),
        TEST(blanks_are_kept),
        TEST(prefixes_and_strict_namespaces),
        TEST(targets_of_every_kind),
        TEST(what_a_file_says_of_its_author_is_not_read),
        TEST(rows_and_cells_without_references),
        TEST(empty_rows_keep_their_numbers),
        TEST(merged_cells_say_it_once),
        TEST(a_formula_without_a_value_is_shown),
        TEST(hidden_rows_are_read_and_counted),
        TEST(numbers_are_read_as_they_are_shown),
        TEST(dates_and_times_by_their_format),
        TEST(a9_numbers_of_more_than_15_digits_are_marked),
        TEST(what_libxlsxwriter_writes),
        TEST(of_several_sheets_one_is_turned_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
