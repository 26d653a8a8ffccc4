/* SPDX-License-Identifier: Apache-2.0 */
/* A spreadsheet of a stranger: the whole file; or, since a changed byte of it mostly spoils its checksum, the XML of its sheet, its
 * shared strings and its styles, divided by NULs, in a file around them. What is read has no cell without its text. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "client/cli/sheet/xlsx.h"
#include "proto/rules/cell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS = 6, GIVEN = 3 };
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELATIONS                                                                                            \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "   \
    "Id=\"a\" Type=\"" OFFICE

static const struct {
    const char *name, *bytes; /* no bytes: those given */
} parts[PARTS] = {
    {"s.xml", NULL},
    {"t.xml", NULL},
    {"y.xml", NULL},
    {"_rels/.rels", RELATIONS "/officeDocument\" Target=\"w.xml\"/></Relationships>"},
    {"_rels/w.xml.rels", RELATIONS "/worksheet\" Target=\"s.xml\"/><Relationship Id=\"b\" Type=\"" OFFICE
                                   "/sharedStrings\" Target=\"t.xml\"/><Relationship Id=\"c\" Type=\"" OFFICE
                                   "/styles\" Target=\"y.xml\"/></Relationships>"},
    {"w.xml",
     "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"" OFFICE
     "\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"},
};

static void require(int holds)
{
    if (!holds)
        abort();
}

static void part_add(zip_t *zip, const char *name, const void *bytes, size_t n)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, n, 0);
    zip_int64_t at = source == NULL ? -1 : zip_file_add(zip, name, source, 0);
    require(at >= 0 && zip_set_file_compression(zip, (zip_uint64_t) at, ZIP_CM_STORE, 0) == 0);
}

/* The file around what is given, which the caller frees. */
static char *packed(const uint8_t *data, size_t size, size_t *n)
{
    zip_source_t *file = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = file == NULL ? NULL : zip_open_from_source(file, ZIP_TRUNCATE, NULL);
    zip_stat_t found;
    require(zip != NULL);
    zip_source_keep(file);
    for (size_t i = 0; i < PARTS; i++) {
        const uint8_t *end = i < GIVEN && size > 0 ? memchr(data, '\0', size) : NULL;
        size_t length = end == NULL ? size : (size_t) (end - data);
        if (parts[i].bytes != NULL)
            part_add(zip, parts[i].name, parts[i].bytes, strlen(parts[i].bytes));
        else
            part_add(zip, parts[i].name, data, length);
        data += i < GIVEN ? length + (end != NULL) : 0;
        size -= i < GIVEN ? length + (end != NULL) : 0;
    }
    require(zip_close(zip) == 0 && zip_source_open(file) == 0 && zip_source_stat(file, &found) == 0);
    char *bytes = malloc(found.size);
    require(bytes != NULL && zip_source_read(file, bytes, found.size) == (zip_int64_t) found.size);
    *n = (size_t) found.size;
    zip_source_close(file);
    zip_source_free(file);
    return bytes;
}

static void look(const struct xlsx_rows *rows)
{
    char clean[64];
    size_t before = 0;
    for (size_t i = 0; i < rows->rows.n; i++) {
        require(rows->rows.rows[i].n <= 64);
        for (size_t j = 0; j < rows->rows.rows[i].n; j++)
            (void) cell_number(rows->rows.rows[i].cells[j], clean, sizeof(clean));
    }
    for (size_t i = 0; i < rows->lost_n; i++) {
        require(i == 0 || rows->lost[i] > before);
        before = rows->lost[i];
        require(*rows->rows.cells[before] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xlsx_fault fault;
    struct xlsx_rows rows;
    char why[512];
    size_t n = size;
    bool whole = size >= 2 && memcmp(data, "PK", 2) == 0;
    char *bytes = whole ? malloc(size) : packed(data, size, &n);
    require(bytes != NULL);
    if (whole)
        memcpy(bytes, data, size);
    struct xlsx_book *book = xlsx_book_open(bytes, n, &fault);
    for (size_t i = 0; book != NULL && i < book->tabs_n; i++) {
        if (!xlsx_read(book, i, 0, &rows, &fault))
            continue;
        look(&rows);
        xlsx_rows_free(&rows);
    }
    xlsx_fault_say(&(struct cli){.program = "mingce", .zh = n % 2 == 0}, &fault, why, sizeof(why));
    require((book == NULL) <= (fault.wrong != XLSX_GOOD));
    xlsx_book_close(book);
    return 0;
}
