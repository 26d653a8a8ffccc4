/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/xlsx_whole.h"

#include <zip.h>

#include "client/cli/sheet/markup.h"

/* Whether an entry unfolds to a whole document. */
static bool part_whole(zip_t *zip, zip_uint64_t which)
{
    enum { CHUNK = 1 << 14 };
    static const char *const none[] = {NULL};
    static const struct markup_words words = {none, 0, none};
    static const struct markup_handlers handlers = {NULL, NULL, NULL};
    char piece[CHUNK];
    zip_int64_t n = 1;
    bool good = true;
    zip_file_t *file = zip_fopen_index(zip, which, 0);
    struct markup *markup = file == NULL ? NULL : markup_new(&words, &handlers, NULL);
    while (markup != NULL && good && n > 0) {
        n = zip_fread(file, piece, sizeof(piece));
        good = n >= 0 && markup_feed(markup, piece, (size_t) n, n == 0) == MARKUP_GOOD;
    }
    good = good && markup != NULL;
    markup_free(markup);
    if (file != NULL)
        zip_fclose(file);
    return good;
}

bool xlsx_whole(const uint8_t *bytes, size_t n)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, n, 0, &error);
    zip_t *zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &error);
    zip_error_fini(&error);
    if (zip == NULL) {
        zip_source_free(source);
        return false;
    }
    zip_int64_t entries = zip_get_num_entries(zip, 0);
    bool good = entries > 0;
    for (zip_int64_t i = 0; good && i < entries; i++)
        good = part_whole(zip, (zip_uint64_t) i);
    zip_discard(zip);
    return good;
}
