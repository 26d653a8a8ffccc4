/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/dossier_keys.h"

#include <stdlib.h>
#include <string.h>

#include "proto/tlog/dossier.h"

static int key_order(const void *one, const void *other)
{
    return memcmp(((const struct dossier_key *) one)->bytes, ((const struct dossier_key *) other)->bytes,
                  DOSSIER_KEY);
}

static void key_fill(uint8_t bytes[DOSSIER_KEY], const Mingce__V1__DossierRow *row,
                     const struct dossier_columns *columns)
{
    struct row_record_field field;
    memset(bytes, 0, DOSSIER_KEY);
    if (dossier_row_find(row, columns->first, columns->first_n, &field))
        memcpy(bytes, field.bytes, field.n);
    if (columns->second != NULL && dossier_row_find(row, columns->second, columns->second_n, &field))
        memcpy(bytes + columns->first_n, field.bytes, field.n);
}

bool dossier_keys_gather(struct dossier_keys *keys, const Mingce__V1__Dossier *dossier,
                         Mingce__V1__RowTable table, const struct dossier_columns *columns)
{
    size_t n = 0;
    for (size_t i = 0; i < dossier->n_row; i++)
        n += dossier->row[i]->table == table;
    keys->key = calloc(n + 1, sizeof(*keys->key));
    if (keys->key == NULL)
        return false;
    for (size_t i = 0; i < dossier->n_row; i++) {
        if (dossier->row[i]->table != table)
            continue;
        key_fill(keys->key[keys->n].bytes, dossier->row[i], columns);
        keys->key[keys->n++].row = dossier->row[i];
    }
    qsort(keys->key, keys->n, sizeof(*keys->key), key_order);
    return true;
}

struct dossier_key *dossier_keys_find(const struct dossier_keys *keys, const uint8_t *bytes, size_t n)
{
    struct dossier_key wanted = {.row = NULL};
    if (n > DOSSIER_KEY)
        return NULL;
    memcpy(wanted.bytes, bytes, n);
    size_t from = 0, to = keys->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (key_order(&keys->key[middle], &wanted) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from < keys->n && key_order(&keys->key[from], &wanted) == 0 ? &keys->key[from] : NULL;
}

struct dossier_key *dossier_keys_of(const struct dossier_keys *keys, const Mingce__V1__DossierRow *row,
                                    const struct dossier_columns *columns)
{
    uint8_t bytes[DOSSIER_KEY];
    key_fill(bytes, row, columns);
    return dossier_keys_find(keys, bytes, DOSSIER_KEY);
}
