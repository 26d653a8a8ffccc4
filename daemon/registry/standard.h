/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy standards (B5, B6): proto/standard.proto, migrations/api/standard.sql. */
#ifndef MINGCE_REGISTRY_STANDARD_H
#define MINGCE_REGISTRY_STANDARD_H

#include "daemon/registry/batch.h"
#include "daemon/rpc/method.h"
#include "proto/standard.pb-c.h"

/* A row's own rules; `*group` 0: every group. False: the note says which it breaks. */
bool standard_row_fits(const Mingce__V1__StandardRow *, struct row_note *, uint8_t *group) MUST_CHECK;
/* The parameters that have what a standard is for, and how its amount is paid. */
struct standard_parameters {
    size_t subsidy, occupation, level, kind, group, mode, demand_grade, renewal, basis, cap, percent;
};
void standard_bind(struct set *, const struct standard_parameters *, const Mingce__V1__StandardRow *,
                   uint8_t group);

#endif
