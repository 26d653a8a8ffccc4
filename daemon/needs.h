/* SPDX-License-Identifier: Apache-2.0 */
/* What a site's settings must name before its processes can do their work: said all at once, before anything is started. */
#ifndef MINGCE_NEEDS_H
#define MINGCE_NEEDS_H

#include <stdbool.h>

#include "daemon/base/compiler.h"
#include "daemon/process.h"

/* Reads every file that is named, and asks nothing of the network. False: standard error has a line for each setting that
 * is missing or whose file cannot be used. SUPERVISE_LOG: what the notary needs, by itself. */
bool needs_met(const struct settings *, enum supervised) MUST_CHECK;

#endif
