/* SPDX-License-Identifier: Apache-2.0 */
/* The chart of accounts of the special account (F7), as it is shown. */
#ifndef MINGCE_CLI_FUND_ACCOUNT_H
#define MINGCE_CLI_FUND_ACCOUNT_H

#include "client/cli/command/table.h"
#include "client/cli/frame/cli.h"
#include "proto/fund.pb-c.h"

/* Puts a cell: an account's code, and for people its name. */
void account_put(struct table *, const struct cli *, Mingce__V1__LedgerAccount);

#endif
