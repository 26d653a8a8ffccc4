/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of methods. A method is added by its messages, its SQL function, its bind and render, and its row here. */
#ifndef MINGCE_METHODS_H
#define MINGCE_METHODS_H

#include "daemon/rpc/method.h"

enum { METHODS = 96, METHOD_STATEMENTS = 72 };
extern const struct method methods[METHODS];

/* Every statement the daemon calls: the methods', the engine's and the key ring's check. For store_new(). */
extern const struct statement *const method_statements[METHOD_STATEMENTS];

#endif
