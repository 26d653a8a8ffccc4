/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy standards (B5, B6): proto/standard.proto, migrations/api/standard.sql. */
#ifndef MINGCE_REGISTRY_STANDARD_H
#define MINGCE_REGISTRY_STANDARD_H

#include "daemon/registry/lines.h"
#include "daemon/rpc/method.h"
#include "proto/standard.pb-c.h"

/* A row's own rules; `*group` 0: every group. False: the note says which it breaks. */
bool standard_row_fits(const Mingce__V1__StandardRow *, struct line_note *, uint8_t *group) MUST_CHECK;
/* The parameters that have what a standard is for. */
struct standard_key {
    size_t subsidy, occupation, level, kind, group;
};
void standard_bind_key(struct set *, const struct standard_key *, const Mingce__V1__StandardRow *,
                       uint8_t group);

#endif
