/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/rpc/crowd.h"

#include <string.h>

struct crowd_party *crowd_enter(void **crowd, enum crowd_kind kind, const uint8_t *id)
{
    uint8_t key[TALLY_KEY] = {(uint8_t) kind};
    memcpy(key + 1, id, CROWD_ID);
    return (struct crowd_party *) tally_enter(crowd, key, sizeof(struct crowd_party));
}
