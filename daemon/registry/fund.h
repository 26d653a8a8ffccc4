/* SPDX-License-Identifier: Apache-2.0 */
/* What requests about the special account share. */
#ifndef MINGCE_REGISTRY_FUND_H
#define MINGCE_REGISTRY_FUND_H

#include "daemon/rpc/method.h"
#include "proto/fund.pb-c.h"

/* Whether there are ledgers of a source, and whether there can be one of a year: REASON_NONE, or why not, which names the field. */
enum reason fund_source_fits(struct call *, Mingce__V1__FundSource);
enum reason fund_year_fits(struct call *, uint32_t year);

#endif
