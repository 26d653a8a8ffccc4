/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the rows of a settlement pack, each proven by itself, are those of its project and come to its sums (E5 to E15). */
#ifndef MINGCE_PROTO_DOSSIER_PACK_H
#define MINGCE_PROTO_DOSSIER_PACK_H

#include "proto/tlog/dossier_index.h"
#include "proto/tlog/dossier_whole.h"

/* The first fault that is found. */
struct dossier_finding dossier_pack_whole(const Mingce__V1__Dossier *, Mingce__V1__AuditEntry *const *entries,
                                          const struct dossier_index *);

#endif
