/* SPDX-License-Identifier: Apache-2.0 */
/* How many connections each address has here: of IPv6 the first 64 bits, since whoever has one of these has all the others. */
#ifndef MINGCE_NET_ADDRESS_H
#define MINGCE_NET_ADDRESS_H

#include <stddef.h>
#include <sys/socket.h>

#include "daemon/base/compiler.h"

struct address {
    unsigned char bytes[16]; /* the key: first */
    size_t n;                /* connections, this one too */
};

/* One more; `*addresses`, NULL at first, is where they are kept. NULL: it is not counted, being none of a network or for want of
 * memory. */
struct address *address_enter(void **addresses, const struct sockaddr_storage *) MUST_CHECK;
void address_leave(void **addresses, struct address *); /* NULL: nothing */

#endif
