/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of one table of a dossier, found by what a column or two of them say. */
#ifndef MINGCE_PROTO_DOSSIER_KEYS_H
#define MINGCE_PROTO_DOSSIER_KEYS_H

#include <stdbool.h>

#include "proto/dossier.pb-c.h"

enum { DOSSIER_KEY = 24 };

/* Columns whose bytes, one after the other, are the key; the second may be NULL. */
struct dossier_columns {
    const char *first, *second;
    size_t first_n, second_n;
};

struct dossier_key {
    uint8_t bytes[DOSSIER_KEY]; /* zeros behind the key; a field that is NULL is zeros, too */
    const Mingce__V1__DossierRow *row;
    unsigned seen[2]; /* how often the caller came across it, by whatever it counts */
};

struct dossier_keys {
    struct dossier_key *key; /* sorted */
    size_t n;
};

/* False: out of memory. The caller frees `key` in any case. */
bool dossier_keys_gather(struct dossier_keys *, const Mingce__V1__Dossier *, Mingce__V1__RowTable,
                         const struct dossier_columns *);
/* The first with these bytes; NULL: there is none. */
struct dossier_key *dossier_keys_find(const struct dossier_keys *, const uint8_t *bytes, size_t n);
/* The one that these columns of another row name; NULL: there is none. */
struct dossier_key *dossier_keys_of(const struct dossier_keys *, const Mingce__V1__DossierRow *,
                                    const struct dossier_columns *);

#endif
