/* SPDX-License-Identifier: Apache-2.0 */
/* Whom an auditor trusts: the log's key, and at least so many of the witnesses whose keys are given. */
#ifndef MINGCE_CLI_TRUST_H
#define MINGCE_CLI_TRUST_H

#include "client/cli/frame/cli.h"
#include "proto/tlog/checkpoint.h"

enum { TRUST_WITNESSES = 64 };

struct trust {
    struct note_key keys[1 + TRUST_WITNESSES]; /* the log's, then the witnesses' */
    size_t n;                                  /* of all */
    uint64_t least;                            /* witnesses that must have cosigned */
};

/* A checkpoint and what was found of its cosignatures. */
struct trusted {
    struct checkpoint checkpoint;
    size_t cosigned; /* by how many of the witnesses */
    uint64_t
        time; /* seconds since 1970 when at least the least of them had it before them; 0: none demanded */
    int64_t signed_ms; /* when it was signed, as the server says, milliseconds since 1970; 0: nobody says */
};

/* From the values of --key, --witness (NULL: none) and --witnesses (0: all must have cosigned).
 * Returns CLI_OK, or the exit status after saying why. */
int trust_read(const struct cli *, const char *key, const char *witnesses, uint64_t least, struct trust *);
/* A checkpoint's note by these keys: the log's signature, and enough cosignatures. `where` may be NULL. Returns likewise. */
int trust_open(const struct cli *, const struct trust *, const char *note, size_t n, const char *where,
               struct trusted *);

#endif
