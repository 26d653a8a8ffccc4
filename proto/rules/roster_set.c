/* SPDX-License-Identifier: Apache-2.0 */
/* The persons of one file: a balanced tree by document. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/roster.h"

struct roster_set {
    void *root;
};

struct listed {
    enum document_type type;
    char country[4];
    char number[DOCUMENT_NUMBER_BYTES];
    uint32_t row;
    char name[ROSTER_NAME_BYTES];
};

static int listed_compare(const void *left, const void *right)
{
    const struct listed *a = left, *b = right;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    int country = strcmp(a->country, b->country);
    return country != 0 ? country : strcmp(a->number, b->number);
}

struct roster_set *roster_set_new(void)
{
    return calloc(1, sizeof(struct roster_set));
}

void roster_set_free(struct roster_set *set)
{
    if (set == NULL)
        return;
    tdestroy(set->root, free);
    free(set);
}

enum reason roster_set_add(struct roster_set *set, const struct roster_clean *clean, uint32_t row,
                           uint32_t *first_row)
{
    struct listed *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL)
        return REASON_MEMORY;
    fresh->type = clean->document.type;
    fresh->row = row;
    memcpy(fresh->country, clean->document.issuing_country, sizeof(fresh->country));
    memcpy(fresh->number, clean->document.number, sizeof(fresh->number));
    memcpy(fresh->name, clean->name, sizeof(fresh->name));
    struct listed **place = tsearch(fresh, &set->root, listed_compare);
    if (place == NULL) {
        free(fresh);
        return REASON_MEMORY;
    }
    if (*place == fresh)
        return REASON_NONE;
    *first_row = (*place)->row;
    enum reason reason =
        strcmp((*place)->name, fresh->name) == 0 ? REASON_DUPLICATE_IN_FILE : REASON_SAME_NUMBER_OTHER_NAME;
    free(fresh);
    return reason;
}
