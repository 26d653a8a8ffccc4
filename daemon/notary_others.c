/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/notary_others.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void others_new(struct others *others, const char *state, size_t witnesses)
{
    char host[128] = "";
    memset(others, 0, sizeof(*others));
    if (gethostname(host, sizeof(host) - 1) != 0)
        host[0] = '\0';
    snprintf(others->self, sizeof(others->self), "host %s:%.300s", host, state);
    others->witnesses = witnesses;
}

void others_connected(struct others *others)
{
    others->presented = others->asked = false;
    others->nth = 0;
}

bool others_tell(struct others *others, PGconn *pg, uint64_t size, const char *note)
{
    const struct sighting mine = {.size = size, .source = others->self, .note = note};
    uint64_t asked_us;
    if (!notary_asked_at(pg, &asked_us))
        return false;
    if (others->presented && asked_us <= others->presented_us)
        return true;
    if (!notary_present(pg, &mine))
        return false;
    others->presented = true;
    others->presented_us = asked_us;
    return true;
}

bool others_ask(struct others *others, PGconn *pg, bool *answered)
{
    if (!others->asked && !notary_ask(pg))
        return false;
    others->asked = true;
    return notary_answered(pg, others->self, others->witnesses, answered);
}

static bool fetch_tile(void *context, struct tree_tile *tile, unsigned n)
{
    return notary_tile(context, tile, n);
}

/* Whether the log extends that checkpoint. */
static enum others_found judge(PGconn *pg, const struct checkpoint *seen, uint64_t size,
                               const merkle_hash root)
{
    static struct tree_reader reader;
    merkle_hash proof[MERKLE_PROOF];
    size_t n = 0;
    if (seen->size > size)
        return OTHERS_SAW_MORE;
    if (seen->size == 0)
        return OTHERS_AGREE; /* every log extends nothing */
    reader = (struct tree_reader){.fetch = fetch_tile, .context = pg};
    bool had = merkle_consistency(seen->size, size, tree_read, &reader, proof, &n);
    if (PQstatus(pg) != CONNECTION_OK)
        return OTHERS_LOST;
    return had && merkle_consistent(seen->size, size, seen->root, root, proof, n) ? OTHERS_AGREE
                                                                                  : OTHERS_DIFFER;
}

/* Whatever is not a signed checkpoint of this log is ignored. */
static enum others_found judge_sighting(PGconn *pg, const struct sighting *said, const struct note_key *key,
                                        uint64_t size, const merkle_hash root)
{
    struct checkpoint seen;
    if (*said->note == '\0')
        return said->differs ? OTHERS_DIFFER : said->size > size ? OTHERS_SAW_MORE : OTHERS_AGREE;
    return checkpoint_open(said->note, strlen(said->note), key, &seen) ? judge(pg, &seen, size, root)
                                                                       : OTHERS_AGREE;
}

enum others_found others_compare(struct others *others, PGconn *pg, const struct note_key *key, uint64_t size,
                                 const merkle_hash root)
{
    enum others_found found = OTHERS_AGREE;
    struct sightings said;
    size_t n = 1;
    while (found == OTHERS_AGREE && n > 0) {
        if (!notary_sightings(pg, others->self, others->nth, &said))
            return OTHERS_LOST;
        n = said.n;
        for (size_t i = 0; i < n && found == OTHERS_AGREE; i++) {
            struct sighting one;
            sightings_at(&said, i, &one);
            found = judge_sighting(pg, &one, key, size, root);
            if (found == OTHERS_AGREE) {
                others->nth = one.nth;
                continue;
            }
            snprintf(others->source, sizeof(others->source), "%s", one.source);
            others->size = one.size;
        }
        sightings_free(&said);
    }
    return found;
}
