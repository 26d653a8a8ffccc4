/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to a peer: frames packed straight into its session's output. False: out of memory. */
#ifndef MINGCE_RPC_REPLY_H
#define MINGCE_RPC_REPLY_H

#include <stdbool.h>

#include "daemon/base/compiler.h"
#include "daemon/net/session.h"
#include "daemon/rpc/method.h"
#include "proto/wire/reason.h"

bool reply_hello(struct session *, Mingce__V1__Hello *) MUST_CHECK;
bool reply_goodbye(struct session *, enum reason) MUST_CHECK;
/* Of a method (NULL: there is none of that name); `fields` of the request are to blame, at most CALL_FIELDS. */
bool reply_error(struct session *, uint64_t id, enum reason, const char *method, const char *const *fields,
                 size_t n) MUST_CHECK;
bool reply_body(struct session *, uint64_t id, const ProtobufCMessage *body,
                const Mingce__V1__Receipt *receipt /* NULL: none */) MUST_CHECK;

#endif
