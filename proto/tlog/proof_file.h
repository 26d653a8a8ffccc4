/* SPDX-License-Identifier: Apache-2.0 */
/* The file of one entry's proof: c2sp.org/tlog-proof@v1, the entry itself as `extra`, so that it is checked without anything else. */
#ifndef MINGCE_PROTO_PROOF_FILE_H
#define MINGCE_PROTO_PROOF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/tlog/merkle.h"

enum { PROOF_FILE = 1 << 18 };

struct proof_file {
    uint64_t index;
    uint8_t body[UINT16_MAX];
    size_t body_n, n;
    merkle_hash proof[MERKLE_PROOF];
    const char *note; /* within the text, to its end */
};

/* Returns the length. A body is of at most UINT16_MAX bytes, a note of fewer than NOTE_MOST. */
size_t proof_format(char text[PROOF_FILE], uint64_t index, const uint8_t *body, size_t body_n,
                    const merkle_hash *proof, size_t n, const char *note);
/* Reads what somebody brings; line ends in the text become NULs. False: it is no such file. */
bool proof_parse(char *text, struct proof_file *);

#endif
