/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/archive.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "proto/rules/cell.h"

enum { ENTRIES_MOST = 4096, CHUNK = 1 << 16 };
enum { TIMES_MOST = 200, TIMES_FROM = 1 << 20 /* bytes; a short part may be any number of times its size */ };

struct archive {
    char *bytes;
    zip_t *zip;
    zip_int64_t n;
};

static uint64_t number_at(const char *at, size_t n)
{
    uint64_t number = 0;
    while (n-- > 0)
        number = number << 8 | (unsigned char) at[n];
    return number;
}

/* Where the long form of the end, if there is one, says how many entries there are. */
static bool long_end_good(const char *bytes, size_t n, const char *end, bool *there)
{
    enum { LOCATOR = 20, RECORD = 56, HERE = 24, ALL = 32, AT = 8 };
    *there = end - bytes >= LOCATOR && memcmp(end - LOCATOR, "PK\6\7", 4) == 0;
    if (!*there)
        return true;
    uint64_t at = number_at(end - LOCATOR + AT, 8);
    if (n < RECORD || at > n - RECORD || memcmp(bytes + at, "PK\6\6", 4) != 0)
        return false;
    return number_at(bytes + at + HERE, 8) <= ENTRIES_MOST && number_at(bytes + at + ALL, 8) <= ENTRIES_MOST;
}

/* Whether no end of the archive that may be found says that there are more entries than we read: room for as many as it says is
 * made, and filled, before one of them is looked for. */
static bool entries_few(const char *bytes, size_t n)
{
    enum { END = 22, SEARCHED = 65536 + 22 + 20, HERE = 8, ALL = 10, LONG = 0xffff };
    const char *at = n > SEARCHED ? bytes + n - SEARCHED : bytes;
    while ((at = memmem(at, (size_t) (bytes + n - at), "PK\5\6", 4)) != NULL) {
        if (bytes + n - at >= END) {
            bool there;
            uint64_t here = number_at(at + HERE, 2), all = number_at(at + ALL, 2);
            if (!long_end_good(bytes, n, at, &there))
                return false;
            if ((here > ENTRIES_MOST && !(there && here == LONG)) ||
                (all > ENTRIES_MOST && !(there && all == LONG)))
                return false;
        }
        at++;
    }
    return true;
}

struct archive *archive_open(char *bytes, size_t n, struct xlsx_fault *fault)
{
    zip_error_t error;
    struct archive *archive = calloc(1, sizeof(*archive));
    zip_source_t *source = NULL;
    if (archive == NULL) {
        free(bytes);
        xlsx_fail(fault, XLSX_MEMORY, NULL);
        return NULL;
    }
    *archive = (struct archive){.bytes = bytes};
    zip_error_init(&error);
    if (!entries_few(bytes, n)) {
        xlsx_fail(fault, XLSX_ENTRIES, NULL);
    } else {
        source = zip_source_buffer_create(bytes, n, 0, &error);
        archive->zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &error);
        if (archive->zip == NULL)
            xlsx_fail(fault, zip_error_code_zip(&error) == ZIP_ER_MEMORY ? XLSX_MEMORY : XLSX_DAMAGED, NULL);
    }
    zip_error_fini(&error);
    if (archive->zip == NULL) {
        if (source != NULL)
            zip_source_free(source);
        archive_close(archive);
        return NULL;
    }
    archive->n = zip_get_num_entries(archive->zip, 0);
    return archive;
}

void archive_close(struct archive *archive)
{
    if (archive == NULL)
        return;
    if (archive->zip != NULL)
        zip_discard(archive->zip);
    free(archive->bytes);
    free(archive);
}

/* Whether two names are of the same part: case does not count, and some programs write backslashes. */
static bool same_part(const char *one, const char *other)
{
    for (;; one++, other++) {
        char a = *one == '\\' ? '/' : cell_upper(*one), b = *other == '\\' ? '/' : cell_upper(*other);
        if (a != b)
            return false;
        if (a == '\0')
            return true;
    }
}

/* The entry of a part; -1: there is none. */
static zip_int64_t find(const struct archive *archive, const char *part, bool *twice)
{
    zip_int64_t found = -1;
    *twice = false;
    for (zip_int64_t i = 0; i < archive->n; i++) {
        const char *name = zip_get_name(archive->zip, (zip_uint64_t) i, ZIP_FL_ENC_RAW);
        if (name == NULL || !same_part(name, part))
            continue;
        *twice = *twice || found >= 0;
        found = i;
    }
    return found;
}

bool archive_has(const struct archive *archive, const char *part)
{
    bool twice;
    return find(archive, part, &twice) >= 0;
}

static bool unfold(zip_file_t *file, const char *part, size_t most, size_t packed, archive_take *take,
                   void *context, struct xlsx_fault *fault)
{
    char *piece = malloc(CHUNK);
    zip_int64_t n = piece == NULL ? -1 : 1;
    size_t all = 0;
    bool good = piece != NULL || xlsx_fail(fault, XLSX_MEMORY, part);
    while (good && n > 0) {
        n = zip_fread(file, piece, CHUNK);
        all += n < 0 ? 0 : (size_t) n;
        if (n < 0)
            good = xlsx_fail(fault, XLSX_DAMAGED, part);
        else if (all > most)
            good = xlsx_fail(fault, XLSX_UNFOLDS, part);
        else if (all > TIMES_FROM && all / TIMES_MOST > packed)
            good = xlsx_fail(fault, XLSX_BOMB, part);
        else
            good = take(context, piece, (size_t) n, n == 0, fault);
    }
    free(piece);
    return fault->wrong == XLSX_GOOD;
}

bool archive_read(const struct archive *archive, const char *part, size_t most, archive_take *take,
                  void *context, struct xlsx_fault *fault)
{
    bool twice;
    zip_stat_t said;
    zip_int64_t which = find(archive, part, &twice);
    if (which < 0)
        return xlsx_fail(fault, XLSX_MISSING, part);
    if (twice)
        return xlsx_fail(fault, XLSX_TWICE, part);
    zip_stat_init(&said);
    if (zip_stat_index(archive->zip, (zip_uint64_t) which, 0, &said) != 0 ||
        (said.valid & ZIP_STAT_COMP_SIZE) == 0)
        return xlsx_fail(fault, XLSX_DAMAGED, part);
    if ((said.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && said.encryption_method != ZIP_EM_NONE)
        return xlsx_fail(fault, XLSX_LOCKED, NULL);
    if (said.comp_method != ZIP_CM_STORE && said.comp_method != ZIP_CM_DEFLATE)
        return xlsx_fail(fault, XLSX_PACKED, part);
    zip_file_t *file = zip_fopen_index(archive->zip, (zip_uint64_t) which, 0);
    if (file == NULL)
        return xlsx_fail(fault, XLSX_DAMAGED, part);
    bool good = unfold(file, part, most, (size_t) said.comp_size, take, context, fault);
    zip_fclose(file);
    return good;
}
