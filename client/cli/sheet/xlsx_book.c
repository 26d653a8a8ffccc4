/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/xlsx_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "proto/rules/cell.h"

enum { PART_MOST = 4 << 20, STRINGS_MOST = 64 << 20 };
enum { TABS_MOST = 1024, FORMATS_MOST = 1 << 16, OWN_FORMATS_MOST = 1024 };

const char *const xlsx_spaces[] = {"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                                   "http://purl.oclc.org/ooxml/spreadsheetml/main", NULL};

/* ---- what parts have in common ---- */

struct feeding {
    const char *part;
    struct markup *markup;
};

static bool feed(void *context, const char *bytes, size_t n, bool last, struct xlsx_fault *fault)
{
    static const enum xlsx_wrong wrongs[] = {
        [MARKUP_GOOD] = XLSX_GOOD, [MARKUP_BROKEN] = XLSX_MARKUP, [MARKUP_DOCTYPE] = XLSX_DOCTYPE,
        [MARKUP_DEEP] = XLSX_DEEP, [MARKUP_MUCH] = XLSX_MUCH,     [MARKUP_STOPPED] = XLSX_GOOD};
    const struct feeding *feeding = context;
    enum markup_wrong wrong = markup_feed(feeding->markup, bytes, n, last);
    if (wrongs[wrong] != XLSX_GOOD)
        xlsx_fail(fault, wrongs[wrong], feeding->part);
    return wrong == MARKUP_GOOD;
}

bool xlsx_part_read(const struct archive *archive, const char *part, size_t most,
                    const struct markup_words *words, const struct markup_handlers *handlers, void *context,
                    struct xlsx_fault *fault)
{
    struct feeding feeding = {part, markup_new(words, handlers, context)};
    if (feeding.markup == NULL)
        return xlsx_fail(fault, XLSX_MEMORY, part);
    bool good = archive_read(archive, part, most, feed, &feeding, fault);
    markup_free(feeding.markup);
    return good && fault->wrong == XLSX_GOOD;
}

long xlsx_number(const char *text, long most)
{
    char *end;
    if (text == NULL || !cell_digit(*text))
        return -1;
    unsigned long number = strtoul(text, &end, 10);
    return *end == '\0' && number <= (unsigned long) most ? (long) number : -1;
}

bool xlsx_true(const char *text)
{
    return text != NULL && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

bool xlsx_text_add(struct xlsx_text *text, const char *bytes, size_t n)
{
    if (text->room - text->n < n) {
        size_t room = text->room == 0 ? 1024 : text->room;
        while (room - text->n < n)
            room *= 2;
        char *more = realloc(text->bytes, room);
        if (more == NULL)
            return false;
        text->bytes = more;
        text->room = room;
    }
    if (n > 0)
        memcpy(text->bytes + text->n, bytes, n);
    text->n += n;
    return true;
}

/* The character that _xHHHH_ stands for; -1: it is no such thing. What is no text of its own becomes U+FFFD. */
static int32_t escaped(const char *at, size_t n)
{
    enum { LENGTH = 7, BROKEN = 0xfffd };
    int32_t point = 0;
    if (n < LENGTH || at[0] != '_' || at[1] != 'x' || at[LENGTH - 1] != '_')
        return -1;
    for (int i = 2; i < LENGTH - 1; i++) {
        char c = cell_upper(at[i]);
        if (!cell_digit(c) && !(c >= 'A' && c <= 'F'))
            return -1;
        point = point * 16 + (cell_digit(c) ? c - '0' : c - 'A' + 10);
    }
    return point == 0 || (point >= 0xd800 && point <= 0xdfff) ? BROKEN : point;
}

void xlsx_text_unescape(struct xlsx_text *text, size_t from)
{
    enum { LENGTH = 7 };
    size_t to = from;
    while (from < text->n) {
        int32_t point = escaped(text->bytes + from, text->n - from);
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t n = point < 0 ? 0 : utf8proc_encode_char(point, bytes);
        if (n > 0) {
            memcpy(text->bytes + to, bytes, (size_t) n);
            to += (size_t) n;
            from += LENGTH;
        } else {
            text->bytes[to++] = text->bytes[from++];
        }
    }
    text->n = to;
}

/* ---- relations ---- */

/* What a part has to do with others, of which only these kinds count. */
struct relation {
    char *id, *part;
    char kind[16]; /* the end of its type: worksheet */
};

struct relations {
    char folder[XLSX_PART]; /* of the part that has them, with its stroke */
    struct relation *all;
    size_t n;
    struct xlsx_fault *fault;
};

/* The name of a part that a target means, seen from a folder. False: of none. */
static bool resolve(const char *folder, const char *target, char part[XLSX_PART])
{
    int n = snprintf(part, XLSX_PART, "%s%s", *target == '/' ? "" : folder, target + (*target == '/'));
    if (n < 0 || n >= XLSX_PART)
        return false;
    char *to = part;
    for (const char *at = part; *at != '\0';) {
        size_t length = strcspn(at, "/");
        bool stroke = at[length] == '/';
        if (length == 2 && memcmp(at, "..", 2) == 0) {
            to -= to > part;
            while (to > part && to[-1] != '/')
                to--;
        } else if (length > 0 && !(length == 1 && *at == '.')) {
            memmove(to, at, length + stroke);
            to += length + stroke;
        }
        at += length + stroke;
    }
    *to = '\0';
    return *part != '\0';
}

static void relation_open(void *context, struct markup *markup, int depth, const char **attributes)
{
    static const int path[] = {1, 2};
    static const char *const kinds[] = {"officeDocument", "worksheet", "sharedStrings", "styles", NULL};
    struct relations *relations = context;
    const char *id = markup_attribute(attributes, "Id"), *type = markup_attribute(attributes, "Type"),
               *target = markup_attribute(attributes, "Target"),
               *mode = markup_attribute(attributes, "TargetMode");
    char part[XLSX_PART];
    if (depth != 2 || !markup_is(markup, 2, path) || id == NULL || type == NULL || target == NULL ||
        (mode != NULL && strcmp(mode, "External") == 0))
        return;
    const char *kind = strrchr(type, '/');
    size_t known = 0;
    while (kind != NULL && kinds[known] != NULL && strcmp(kinds[known], kind + 1) != 0)
        known++;
    if (kind == NULL || kinds[known] == NULL || !resolve(relations->folder, target, part))
        return;
    if (relations->n == TABS_MOST) {
        xlsx_fail(relations->fault, XLSX_SHEETS, NULL);
        markup_stop(markup);
        return;
    }
    struct relation *one = &relations->all[relations->n];
    *one = (struct relation){.id = strdup(id), .part = strdup(part)};
    snprintf(one->kind, sizeof(one->kind), "%s", kinds[known]);
    relations->n++;
    if (one->id == NULL || one->part == NULL) {
        xlsx_fail(relations->fault, XLSX_MEMORY, NULL);
        markup_stop(markup);
    }
}

static void relations_free(struct relations *relations)
{
    for (size_t i = 0; relations->all != NULL && i < relations->n; i++) {
        free(relations->all[i].id);
        free(relations->all[i].part);
    }
    free(relations->all);
}

/* Reads the relations of a part, "" those of the file as a whole. False: they are wrong. They are to be freed in any case. */
static bool relations_read(const struct archive *archive, const char *part, struct relations *relations,
                           struct xlsx_fault *fault)
{
    static const char *const names[] = {"Relationships", "Relationship"};
    static const char *const spaces[] = {"http://schemas.openxmlformats.org/package/2006/relationships",
                                         "http://purl.oclc.org/ooxml/package/relationships", NULL};
    static const struct markup_words words = {names, 2, spaces};
    static const struct markup_handlers handlers = {.open = relation_open};
    const char *stroke = strrchr(part, '/'), *name = stroke == NULL ? part : stroke + 1;
    char of[XLSX_PART + 16];
    *relations = (struct relations){.all = calloc(TABS_MOST, sizeof(*relations->all)), .fault = fault};
    snprintf(relations->folder, sizeof(relations->folder), "%.*s", (int) (name - part), part);
    int n = snprintf(of, sizeof(of), "%s_rels/%s.rels", relations->folder, name);
    if (relations->all == NULL)
        return xlsx_fail(fault, XLSX_MEMORY, NULL);
    if (n < 0 || n >= XLSX_PART)
        return xlsx_fail(fault, XLSX_MISSING, NULL);
    return xlsx_part_read(archive, of, PART_MOST, &words, &handlers, relations, fault);
}

/* The part of the first relation of a kind, or of the one with an id. NULL: there is none. */
static const char *related(const struct relations *relations, const char *kind, const char *id)
{
    for (size_t i = 0; relations->all != NULL && i < relations->n; i++)
        if (strcmp(relations->all[i].kind, kind) == 0 &&
            (id == NULL || strcmp(relations->all[i].id, id) == 0))
            return relations->all[i].part;
    return NULL;
}

/* ---- the workbook ---- */

enum { WORKBOOK = 1, PROPERTIES, SHEETS, SHEET };
static const char *const book_names[] = {"workbook", "workbookPr", "sheets", "sheet"};

struct book_reading {
    struct xlsx_book *book;
    const struct relations *relations;
    struct xlsx_fault *fault;
};

static bool tab_add(struct xlsx_book *book, const char *name, const char *part, const char *state)
{
    struct xlsx_tab *more = realloc(book->tabs, (book->tabs_n + 1) * sizeof(*more));
    if (more == NULL)
        return false;
    book->tabs = more;
    book->tabs[book->tabs_n] = (struct xlsx_tab){
        .name = strdup(name), .part = strdup(part), .hidden = state != NULL && strcmp(state, "visible") != 0};
    book->tabs_n++;
    return book->tabs[book->tabs_n - 1].name != NULL && book->tabs[book->tabs_n - 1].part != NULL;
}

static void book_open(void *context, struct markup *markup, int depth, const char **attributes)
{
    static const int properties[] = {WORKBOOK, PROPERTIES}, sheet[] = {WORKBOOK, SHEETS, SHEET};
    struct book_reading *reading = context;
    bool good = depth > 1 || markup_at(markup, 1) == WORKBOOK || xlsx_fail(reading->fault, XLSX_OTHER, NULL);
    if (depth == 2 && markup_is(markup, 2, properties))
        reading->book->from_1904 = xlsx_true(markup_attribute(attributes, "date1904"));
    if (depth == 3 && markup_is(markup, 3, sheet)) {
        const char *id = markup_relation(attributes, "id"), *name = markup_attribute(attributes, "name"),
                   *part = id == NULL ? NULL : related(reading->relations, "worksheet", id);
        if (part != NULL && reading->book->tabs_n == TABS_MOST)
            good = xlsx_fail(reading->fault, XLSX_SHEETS, NULL);
        else if (part != NULL && !tab_add(reading->book, name == NULL ? "" : name, part,
                                          markup_attribute(attributes, "state")))
            good = xlsx_fail(reading->fault, XLSX_MEMORY, NULL);
    }
    if (!good)
        markup_stop(markup);
}

/* ---- styles ---- */

enum { STYLES = 1, FORMATS, FORMAT, CELLS, CELL };
static const char *const style_names[] = {"styleSheet", "numFmts", "numFmt", "cellXfs", "xf"};

struct style_reading {
    struct xlsx_book *book;
    struct {
        unsigned id;
        struct number_format format;
    } own[OWN_FORMATS_MOST];
    size_t own_n, room;
    struct xlsx_fault *fault;
};

static struct number_format format_of(const struct style_reading *reading, unsigned id)
{
    for (size_t i = 0; i < reading->own_n; i++)
        if (reading->own[i].id == id)
            return reading->own[i].format;
    return number_format_known(id);
}

static bool style_add(struct style_reading *reading, unsigned id)
{
    struct xlsx_book *book = reading->book;
    if (book->formats_n == FORMATS_MOST)
        return xlsx_fail(reading->fault, XLSX_STYLES, NULL);
    if (book->formats_n == reading->room) {
        reading->room = reading->room == 0 ? 64 : reading->room * 2;
        struct number_format *more = realloc(book->formats, reading->room * sizeof(*more));
        if (more == NULL)
            return xlsx_fail(reading->fault, XLSX_MEMORY, NULL);
        book->formats = more;
    }
    book->formats[book->formats_n++] = format_of(reading, id);
    return true;
}

static void style_open(void *context, struct markup *markup, int depth, const char **attributes)
{
    static const int format[] = {STYLES, FORMATS, FORMAT}, cell[] = {STYLES, CELLS, CELL};
    struct style_reading *reading = context;
    const char *number = markup_attribute(attributes, "numFmtId"),
               *code = markup_attribute(attributes, "formatCode");
    long id = xlsx_number(number, INT32_MAX);
    bool good = true;
    if (depth != 3)
        return;
    if (markup_is(markup, 3, cell)) {
        good = style_add(reading, id < 0 ? 0 : (unsigned) id);
    } else if (markup_is(markup, 3, format) && id >= 0 && code != NULL) {
        if (reading->own_n == OWN_FORMATS_MOST) {
            good = xlsx_fail(reading->fault, XLSX_STYLES, NULL);
        } else {
            reading->own[reading->own_n].id = (unsigned) id;
            reading->own[reading->own_n++].format = number_format_read(code);
        }
    }
    if (!good)
        markup_stop(markup);
}

/* ---- shared strings ---- */

enum { STRINGS = 1, ITEM, RUN, TEXT };
static const char *const string_names[] = {"sst", "si", "r", "t"};

struct string_reading {
    struct xlsx_book *book;
    size_t room, began;
    struct xlsx_fault *fault;
};

/* The text of an item stands in it, or in its runs; how it is read aloud does not count. */
static void string_text(void *context, struct markup *markup, int depth, const char *bytes, size_t n)
{
    static const int plain[] = {STRINGS, ITEM, TEXT}, run[] = {STRINGS, ITEM, RUN, TEXT};
    struct string_reading *reading = context;
    bool counts = (depth == 3 && markup_is(markup, 3, plain)) || (depth == 4 && markup_is(markup, 4, run));
    if (counts && !xlsx_text_add(&reading->book->strings, bytes, n)) {
        xlsx_fail(reading->fault, XLSX_MEMORY, NULL);
        markup_stop(markup);
    }
}

static void string_close(void *context, struct markup *markup, int depth)
{
    static const int item[] = {STRINGS, ITEM};
    struct string_reading *reading = context;
    struct xlsx_book *book = reading->book;
    if (depth != 2 || !markup_is(markup, 2, item))
        return;
    if (book->strings_n == reading->room) {
        reading->room = reading->room == 0 ? 1024 : reading->room * 2;
        uint32_t *more = realloc(book->ends, reading->room * sizeof(*more));
        if (more == NULL) {
            xlsx_fail(reading->fault, XLSX_MEMORY, NULL);
            markup_stop(markup);
            return;
        }
        book->ends = more;
    }
    xlsx_text_unescape(&book->strings, reading->began);
    reading->began = book->strings.n;
    book->ends[book->strings_n++] = (uint32_t) book->strings.n;
}

/* ---- all of it ---- */

/* Finds the workbook of the file. False: there is none, or it is of another kind. */
static bool book_part(const struct archive *archive, char part[XLSX_PART], struct xlsx_fault *fault)
{
    struct relations relations = {.n = 0};
    if (!archive_has(archive, "_rels/.rels"))
        return xlsx_fail(fault, archive_has(archive, "content.xml") ? XLSX_OPEN : XLSX_OTHER, NULL);
    bool good = relations_read(archive, "", &relations, fault);
    const char *found = good ? related(&relations, "officeDocument", NULL) : NULL;
    if (good && found == NULL)
        good = xlsx_fail(fault, XLSX_OTHER, NULL);
    if (good) {
        snprintf(part, XLSX_PART, "%s", found);
        size_t n = strlen(part);
        if (n > 4 && strcasecmp(part + n - 4, ".bin") == 0)
            good = xlsx_fail(fault, XLSX_BINARY, NULL);
    }
    relations_free(&relations);
    return good;
}

static bool styles_read(struct xlsx_book *book, const char *part, struct xlsx_fault *fault)
{
    static const struct markup_words words = {style_names, CELL, xlsx_spaces};
    static const struct markup_handlers handlers = {.open = style_open};
    struct style_reading *reading = calloc(1, sizeof(*reading));
    if (reading == NULL)
        return xlsx_fail(fault, XLSX_MEMORY, NULL);
    reading->book = book;
    reading->fault = fault;
    bool good = xlsx_part_read(book->archive, part, PART_MOST, &words, &handlers, reading, fault);
    free(reading);
    return good;
}

static bool strings_read(struct xlsx_book *book, const char *part, struct xlsx_fault *fault)
{
    static const struct markup_words words = {string_names, TEXT, xlsx_spaces};
    static const struct markup_handlers handlers = {.text = string_text, .close = string_close};
    struct string_reading reading = {.book = book, .fault = fault};
    return xlsx_part_read(book->archive, part, STRINGS_MOST, &words, &handlers, &reading, fault);
}

static bool book_read(struct xlsx_book *book, struct xlsx_fault *fault)
{
    static const struct markup_words words = {book_names, SHEET, xlsx_spaces};
    static const struct markup_handlers handlers = {.open = book_open};
    struct relations relations = {.n = 0};
    struct book_reading reading = {book, &relations, fault};
    char part[XLSX_PART];
    bool good = book_part(book->archive, part, fault) &&
                relations_read(book->archive, part, &relations, fault) &&
                xlsx_part_read(book->archive, part, PART_MOST, &words, &handlers, &reading, fault);
    if (good && book->tabs_n == 0)
        good = xlsx_fail(fault, XLSX_NO_SHEETS, NULL);
    const char *styles = related(&relations, "styles", NULL),
               *strings = related(&relations, "sharedStrings", NULL);
    good = good && (styles == NULL || styles_read(book, styles, fault));
    good = good && (strings == NULL || strings_read(book, strings, fault));
    relations_free(&relations);
    return good;
}

struct xlsx_book *xlsx_book_open(char *bytes, size_t n, struct xlsx_fault *fault)
{
    struct xlsx_book *book = calloc(1, sizeof(*book));
    *fault = (struct xlsx_fault){.wrong = XLSX_GOOD};
    if (book == NULL) {
        free(bytes);
        xlsx_fail(fault, XLSX_MEMORY, NULL);
        return NULL;
    }
    book->archive = archive_open(bytes, n, fault);
    if (book->archive != NULL && book_read(book, fault))
        return book;
    xlsx_book_close(book);
    return NULL;
}

void xlsx_book_close(struct xlsx_book *book)
{
    if (book == NULL)
        return;
    for (size_t i = 0; i < book->tabs_n; i++) {
        free(book->tabs[i].name);
        free(book->tabs[i].part);
    }
    free(book->tabs);
    free(book->formats);
    free(book->strings.bytes);
    free(book->ends);
    archive_close(book->archive);
    free(book);
}
