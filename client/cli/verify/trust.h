/* SPDX-License-Identifier: Apache-2.0 */
/* Whom an auditor trusts: the log's key, and at least so many of the witnesses whose keys are given. */
#ifndef MINGCE_CLI_TRUST_H
#define MINGCE_CLI_TRUST_H

#include "client/cli/frame/cli.h"
#include "proto/tlog/checkpoint.h"

enum { TRUST_WITNESSES = 64 };

struct trust {
    struct note_key keys[1 + TRUST_WITNESSES]; /* the log's, then the witnesses' */
    size_t n;                                  /* of all keys */
    uint64_t least;                            /* witnesses that must have cosigned */
};

/* A verified checkpoint and its cosignatures. */
struct trusted {
    struct checkpoint checkpoint;
    size_t cosigned; /* how many of the witnesses have cosigned it */
    uint64_t time; /* seconds since 1970 by which as many as demanded had cosigned it; 0: none are demanded */
    int64_t signed_ms; /* milliseconds since 1970 when the server says it was signed; 0: it does not say */
};

/* Reads the keys. `key`, `witnesses` (NULL: none) and `least` (0: all must have cosigned) are the values of --key, --witness and
 * --witnesses. Returns CLI_OK, or the exit status after saying what is wrong. */
int trust_read(const struct cli *, const char *key, const char *witnesses, uint64_t least, struct trust *);
/* Verifies a checkpoint's note: the log's signature, and enough cosignatures. `where` names its file in errors, or is NULL. Returns
 * likewise. */
int trust_open(const struct cli *, const struct trust *, const char *note, size_t n, const char *where,
               struct trusted *);

#endif
