/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/base/tally.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, TALLY_KEY);
}

struct tally *tally_enter(void **tallies, const uint8_t key[TALLY_KEY], size_t size)
{
    struct tally **found = tfind(key, tallies, compare), *fresh;
    if (found != NULL) {
        (*found)->n++;
        return *found;
    }
    fresh = calloc(1, size);
    if (fresh == NULL)
        return NULL;
    memcpy(fresh->key, key, TALLY_KEY);
    fresh->n = 1;
    if (tsearch(fresh, tallies, compare) != NULL)
        return fresh;
    free(fresh);
    return NULL;
}

void tally_leave(void **tallies, struct tally *tally)
{
    if (tally == NULL || --tally->n > 0)
        return;
    tdelete(tally, tallies, compare);
    free(tally);
}
