/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/dossier_index.h"

#include <stdlib.h>
#include <string.h>

enum { DIGEST = SHA256_BYTES };

/* One change of a row to or from a digest, or a row of the dossier. */
struct point {
    Mingce__V1__RowTable table;
    uint8_t digest[DIGEST];
    int change; /* 1: to it; -1: from it */
    size_t at;  /* of a row: its place */
};

struct points {
    struct point *point;
    size_t n;
};

struct dossier_index {
    struct points changes, rows; /* sorted */
};

static int key_order(const struct point *a, const struct point *b)
{
    return a->table != b->table ? (a->table < b->table ? -1 : 1) : memcmp(a->digest, b->digest, DIGEST);
}

static int point_order(const void *one, const void *other)
{
    const struct point *a = (const struct point *) one, *b = (const struct point *) other;
    int order = key_order(a, b);
    return order != 0 ? order : (a->at > b->at) - (a->at < b->at);
}

/* The first point of the key, or where it would be. */
static size_t first_of(const struct points *points, const struct point *key)
{
    size_t from = 0, to = points->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (key_order(&points->point[middle], key) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static struct point key_of(Mingce__V1__RowTable table, const uint8_t digest[DIGEST])
{
    struct point key = {.table = table};
    memcpy(key.digest, digest, DIGEST);
    return key;
}

bool dossier_entry_is_rows(const Mingce__V1__AuditEntry *entry)
{
    return strcmp(entry->method, "rows") == 0;
}

static void change_add(struct points *points, Mingce__V1__RowTable table, protobuf_c_boolean there,
                       const ProtobufCBinaryData *digest, int change)
{
    if (!there || digest->len != DIGEST)
        return;
    struct point *point = &points->point[points->n++];
    *point = key_of(table, digest->data);
    point->change = change;
}

/* Where the log has an entry, and where the dossier does. */
struct leaf {
    uint64_t index;
    size_t at;
};

static int leaf_order(const void *one, const void *other)
{
    const struct leaf *a = (const struct leaf *) one, *b = (const struct leaf *) other;
    return (a->index > b->index) - (a->index < b->index);
}

/* An entry counts once, however often it is here: said again it would have made a row so once more. False: out of memory. */
static bool changes_gather(struct points *points, const Mingce__V1__Dossier *dossier,
                           Mingce__V1__AuditEntry *const *entries)
{
    struct leaf *leaf = calloc(dossier->n_entry + 1, sizeof(*leaf));
    if (leaf == NULL)
        return false;
    for (size_t i = 0; i < dossier->n_entry; i++)
        leaf[i] = (struct leaf){dossier->entry[i]->leaf_index, i};
    qsort(leaf, dossier->n_entry, sizeof(*leaf), leaf_order);
    for (size_t i = 0; i < dossier->n_entry; i++) {
        const Mingce__V1__AuditEntry *entry = entries[leaf[i].at];
        if (!dossier_entry_is_rows(entry) || (i > 0 && leaf[i].index == leaf[i - 1].index))
            continue;
        for (size_t j = 0; j < entry->n_row; j++) {
            const Mingce__V1__RowChange *change = entry->row[j];
            change_add(points, change->table, change->has_was, &change->was, -1);
            change_add(points, change->table, change->has_now, &change->now, 1);
        }
    }
    free(leaf);
    return true;
}

static void rows_gather(struct points *points, const Mingce__V1__Dossier *dossier)
{
    for (size_t i = 0; i < dossier->n_row; i++) {
        const Mingce__V1__DossierRow *row = dossier->row[i];
        struct point *point = &points->point[points->n++];
        *point = (struct point){.table = row->table, .at = i};
        sha256(row->record.data, row->record.len, point->digest);
    }
}

static void points_sort(struct points *points)
{
    qsort(points->point, points->n, sizeof(*points->point), point_order);
}

struct dossier_index *dossier_index_new(const Mingce__V1__Dossier *dossier,
                                        Mingce__V1__AuditEntry *const *entries)
{
    struct dossier_index *index = calloc(1, sizeof(*index));
    size_t most = 1;
    for (size_t i = 0; i < dossier->n_entry; i++)
        most += 2 * entries[i]->n_row;
    if (index == NULL)
        return NULL;
    index->changes.point = calloc(most, sizeof(*index->changes.point));
    index->rows.point = calloc(dossier->n_row + 1, sizeof(*index->rows.point));
    if (index->changes.point == NULL || index->rows.point == NULL ||
        !changes_gather(&index->changes, dossier, entries)) {
        dossier_index_free(index);
        return NULL;
    }
    rows_gather(&index->rows, dossier);
    points_sort(&index->changes);
    points_sort(&index->rows);
    return index;
}

void dossier_index_free(struct dossier_index *index)
{
    if (index == NULL)
        return;
    free(index->changes.point);
    free(index->rows.point);
    free(index);
}

int dossier_standing(const struct dossier_index *index, Mingce__V1__RowTable table,
                     const uint8_t digest[DIGEST], bool *made)
{
    const struct points *points = &index->changes;
    const struct point key = key_of(table, digest);
    int n = 0;
    *made = false;
    for (size_t i = first_of(points, &key); i < points->n && key_order(&points->point[i], &key) == 0; i++) {
        n += points->point[i].change;
        *made |= points->point[i].change > 0;
    }
    return n;
}

size_t dossier_row_at(const struct dossier_index *index, Mingce__V1__RowTable table,
                      const uint8_t digest[DIGEST])
{
    const struct points *points = &index->rows;
    const struct point key = key_of(table, digest);
    size_t i = first_of(points, &key);
    return i < points->n && key_order(&points->point[i], &key) == 0 ? points->point[i].at : SIZE_MAX;
}
