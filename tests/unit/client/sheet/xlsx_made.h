/* SPDX-License-Identifier: Apache-2.0 */
/* Spreadsheets that a test makes, part by part. Include after files.h. */
#ifndef MINGCE_TESTS_CLIENT_XLSX_MADE_H
#define MINGCE_TESTS_CLIENT_XLSX_MADE_H

#include <zip.h>

#define MAIN   "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define STRICT "http://purl.oclc.org/ooxml/spreadsheetml/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELATIONS(relations)                                                                                 \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" relations       \
    "</Relationships>"
#define RELATION(id, kind, target)                                                                           \
    "<Relationship Id=\"" id "\" Type=\"" OFFICE "/" kind "\" Target=\"" target "\"/>"
#define SHEET(data)   "<worksheet xmlns=\"" MAIN "\"><sheetData>" data "</sheetData></worksheet>"
#define STRINGS(data) "<sst xmlns=\"" MAIN "\">" data "</sst>"
#define BOOK(sheets)                                                                                         \
    "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><workbookPr/><sheets>" sheets "</sheets></"         \
    "workbook>"
#define TAB(name, id, more) "<sheet name=\"" name "\" sheetId=\"1\" r:id=\"" id "\" " more "/>"
#define TEXT_CELL(text)     "<c t=\"inlineStr\"><is><t>" text "</t></is></c>"

/* What every spreadsheet of one sheet has, unless a test says otherwise. */
#define ROOT_PART                                                                                            \
    {                                                                                                        \
        "_rels/.rels", RELATIONS(RELATION("r1", "officeDocument", "xl/workbook.xml")), 0                     \
    }
#define BOOK_PART                                                                                            \
    {                                                                                                        \
        "xl/workbook.xml", BOOK(TAB("一", "r1", "")), 0                                                      \
    }
#define BOOK_RELATIONS                                                                                       \
    {                                                                                                        \
        "xl/_rels/workbook.xml.rels",                                                                        \
            RELATIONS(RELATION("r1", "worksheet", "worksheets/sheet1.xml") RELATION(                         \
                "r2", "styles", "styles.xml") RELATION("r3", "sharedStrings", "sharedStrings.xml")),         \
            0                                                                                                \
    }
#define STYLES_PART                                                                                          \
    {                                                                                                        \
        "xl/styles.xml", "<styleSheet xmlns=\"" MAIN "\"/>", 0                                               \
    }
#define STRINGS_PART                                                                                         \
    {                                                                                                        \
        "xl/sharedStrings.xml", STRINGS(""), 0                                                               \
    }

struct part {
    const char *name, *bytes;
    size_t n; /* 0: as long as the text is */
};

static UNUSED void part_add(zip_t *zip, const struct part *part, zip_int32_t method)
{
    size_t n = part->n == 0 ? strlen(part->bytes) : part->n;
    zip_source_t *source = zip_source_buffer(zip, part->bytes, n, 0);
    assert_non_null(source);
    zip_int64_t at = zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8);
    assert_true(at >= 0);
    assert_int_equal(zip_set_file_compression(zip, (zip_uint64_t) at, method, 1), 0);
}

static UNUSED const char *xlsx_packed(const struct part *parts, size_t n, zip_int32_t method)
{
    const char *path = file_path("book.xlsx");
    unlink(path);
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    assert_non_null(zip);
    for (size_t i = 0; i < n; i++)
        part_add(zip, &parts[i], method);
    assert_int_equal(zip_close(zip), 0);
    return path;
}

/* A spreadsheet of one sheet. */
static UNUSED const char *xlsx_of(const char *sheet, const char *styles, const char *strings)
{
    const struct part parts[] = {ROOT_PART,
                                 BOOK_PART,
                                 BOOK_RELATIONS,
                                 {"xl/worksheets/sheet1.xml", sheet, 0},
                                 {"xl/styles.xml", styles, 0},
                                 {"xl/sharedStrings.xml", strings, 0}};
    return xlsx_packed(parts, sizeof(parts) / sizeof(*parts), ZIP_CM_DEFLATE);
}

#define NO_STYLES  "<styleSheet xmlns=\"" MAIN "\"/>"
#define NO_STRINGS STRINGS("")

#endif
