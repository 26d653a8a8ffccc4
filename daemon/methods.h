/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of methods, in order of name: that of proto/methods.proto. */
#ifndef MINGCE_METHODS_H
#define MINGCE_METHODS_H

#include "daemon/rpc/method.h"

extern const struct method methods[];
extern const size_t methods_n;

/* Every statement the daemon calls: the methods', the engine's and the key ring's check. For store_new(). */
extern const struct statement *const method_statements[];
extern const size_t method_statements_n;

#endif
