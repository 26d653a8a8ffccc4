/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/rpc/crowd.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(((const struct crowd_party *) a)->id));
}

struct crowd_party *crowd_enter(void **crowd, enum crowd_kind kind, const uint8_t *id)
{
    struct crowd_party wanted = {.id = {(uint8_t) kind}}, *party;
    memcpy(wanted.id + 1, id, CROWD_ID);
    struct crowd_party **found = tfind(&wanted, crowd, compare);
    if (found != NULL) {
        (*found)->sessions++;
        return *found;
    }
    party = malloc(sizeof(*party));
    if (party == NULL)
        return NULL;
    *party = wanted;
    party->sessions = 1;
    if (tsearch(party, crowd, compare) != NULL)
        return party;
    free(party);
    return NULL;
}

void crowd_leave(void **crowd, struct crowd_party *party)
{
    if (party == NULL || --party->sessions > 0)
        return;
    tdelete(party, crowd, compare);
    free(party);
}
