/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/tlog/base64.h"
#include "proto/tlog/line.h"

size_t checkpoint_format(const struct checkpoint *checkpoint, char text[CHECKPOINT_TEXT])
{
    char root[BASE64_BYTES(MERKLE_HASH)];
    base64_encode(checkpoint->root, MERKLE_HASH, root);
    return (size_t) snprintf(text, CHECKPOINT_TEXT, "%s\n%" PRIu64 "\n%s\n", checkpoint->origin,
                             checkpoint->size, root);
}

bool checkpoint_parse(const char *text, size_t n, struct checkpoint *checkpoint)
{
    const char *at = text, *end = text + n;
    size_t origin_n, size_n, root_n;
    const char *origin = line_next(&at, end, &origin_n);
    const char *size = origin == NULL ? NULL : line_next(&at, end, &size_n);
    const char *root = size == NULL ? NULL : line_next(&at, end, &root_n);
    memset(checkpoint, 0, sizeof(*checkpoint));
    if (root == NULL || origin_n == 0 || origin_n >= NOTE_NAME || end[-1] != '\n' ||
        !line_decimal(size, size_n, &checkpoint->size) || !line_hash(root, root_n, checkpoint->root))
        return false;
    memcpy(checkpoint->origin, origin, origin_n);
    return true;
}

bool checkpoint_open(const char *note, size_t n, const struct note_key *key, struct checkpoint *checkpoint)
{
    size_t text_n;
    return note_open(note, n, key, 1, &text_n, NULL, NULL) == NOTE_GOOD &&
           checkpoint_parse(note, text_n, checkpoint) && strcmp(checkpoint->origin, key->name) == 0;
}

void tile_path(int level, uint64_t index, unsigned width, char path[TILE_PATH])
{
    unsigned groups[8];
    size_t n = 0;
    int at =
        level < 0 ? snprintf(path, TILE_PATH, "tile/entries/") : snprintf(path, TILE_PATH, "tile/%d/", level);
    do {
        groups[n++] = (unsigned) (index % 1000);
        index /= 1000;
    } while (index > 0 && n < sizeof(groups) / sizeof(*groups));
    while (n-- > 0)
        at += snprintf(path + at, (size_t) (TILE_PATH - at), n > 0 ? "x%03u/" : "%03u", groups[n]);
    if (width < TILE_WIDTH)
        snprintf(path + at, (size_t) (TILE_PATH - at), ".p/%u", width);
}
