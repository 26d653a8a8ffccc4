/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/net/address.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

enum { IPV6_SITE = 8, IPV4_PLACE = 12 };

/* An IPv4 address as IPv6 writes it (::ffff:1.2.3.4), however the socket came by it. */
static bool key_of(const struct sockaddr_storage *from, uint8_t key[16])
{
    static const uint8_t mapped[IPV4_PLACE] = {[10] = 0xff, [11] = 0xff};
    const struct sockaddr_in *in = (const struct sockaddr_in *) from;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *) from;
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

struct tally *address_enter(void **addresses, const struct sockaddr_storage *from)
{
    uint8_t key[TALLY_KEY] = {0};
    return key_of(from, key) ? tally_enter(addresses, key, sizeof(struct tally)) : NULL;
}
