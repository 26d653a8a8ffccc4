/* SPDX-License-Identifier: Apache-2.0 */
/* What the entries of a dossier say of its rows, sorted, so that a dossier of a hundred thousand rows is checked in one pass. */
#ifndef MINGCE_PROTO_DOSSIER_INDEX_H
#define MINGCE_PROTO_DOSSIER_INDEX_H

#include <stdbool.h>

#include "proto/audit.pb-c.h"
#include "proto/dossier.pb-c.h"
#include "proto/tlog/sha256.h"

struct dossier_index;

/* Entries as they were unpacked, in the dossier's order. NULL: out of memory. */
struct dossier_index *dossier_index_new(const Mingce__V1__Dossier *, Mingce__V1__AuditEntry *const *entries);
void dossier_index_free(struct dossier_index *);

/* The entry tells of changes of rows. */
bool dossier_entry_is_rows(const Mingce__V1__AuditEntry *);
/* How often a row was made so, less how often it was made something else since, by all entries here, each once; `*made`: some
 * entry made it so. */
int dossier_standing(const struct dossier_index *, Mingce__V1__RowTable, const uint8_t digest[SHA256_BYTES],
                     bool *made);
/* Where the dossier has such a row first; SIZE_MAX: nowhere. */
size_t dossier_row_at(const struct dossier_index *, Mingce__V1__RowTable, const uint8_t digest[SHA256_BYTES]);

#endif
