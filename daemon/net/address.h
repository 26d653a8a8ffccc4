/* SPDX-License-Identifier: Apache-2.0 */
/* How many connections each address has here: of IPv6 the first 64 bits, since whoever has one of these has all the others. */
#ifndef MINGCE_NET_ADDRESS_H
#define MINGCE_NET_ADDRESS_H

#include <sys/socket.h>

#include "daemon/base/compiler.h"
#include "daemon/base/tally.h"

/* Counts one more, to be given to tally_leave(). NULL: it is not counted, because it is no network address or memory is out. */
struct tally *address_enter(void **addresses, const struct sockaddr_storage *) MUST_CHECK;

#endif
