/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/net/address.h"

#include <netinet/in.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { IPV6_SITE = 8, IPV4_PLACE = 12 };

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(((const struct address *) a)->bytes));
}

/* An IPv4 address as IPv6 writes it (::ffff:1.2.3.4), however the socket came by it. */
static bool key_of(const struct sockaddr_storage *from, unsigned char key[16])
{
    static const unsigned char mapped[IPV4_PLACE] = {[10] = 0xff, [11] = 0xff};
    const struct sockaddr_in *in = (const struct sockaddr_in *) from;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *) from;
    memset(key, 0, 16);
    if (from->ss_family == AF_INET) {
        memcpy(key, mapped, sizeof(mapped));
        memcpy(key + IPV4_PLACE, &in->sin_addr, sizeof(in->sin_addr));
        return true;
    }
    if (from->ss_family != AF_INET6)
        return false;
    bool is_mapped = memcmp(&in6->sin6_addr, mapped, sizeof(mapped)) == 0;
    memcpy(key, &in6->sin6_addr, is_mapped ? sizeof(in6->sin6_addr) : IPV6_SITE);
    return true;
}

struct address *address_enter(void **addresses, const struct sockaddr_storage *from)
{
    struct address wanted = {.n = 0}, *address;
    if (!key_of(from, wanted.bytes))
        return NULL;
    struct address **found = tfind(&wanted, addresses, compare);
    if (found != NULL) {
        (*found)->n++;
        return *found;
    }
    address = malloc(sizeof(*address));
    if (address == NULL)
        return NULL;
    *address = wanted;
    address->n = 1;
    if (tsearch(address, addresses, compare) != NULL)
        return address;
    free(address);
    return NULL;
}

void address_leave(void **addresses, struct address *address)
{
    if (address == NULL || --address->n > 0)
        return;
    tdelete(address, addresses, compare);
    free(address);
}
