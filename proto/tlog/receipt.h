/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts as they are kept in files: lines of text, then the signed note (proto/LOG.md, "Receipts"). */
#ifndef MINGCE_PROTO_RECEIPT_H
#define MINGCE_PROTO_RECEIPT_H

#include "proto/tlog/merkle.h"
#include "proto/tlog/note.h"
#include "proto/wire.pb-c.h"

enum { RECEIPT_METHOD = 64, RECEIPT_NOTE = 1024, RECEIPT_ENTRIES = 20000 };

struct receipt_entry {
    uint64_t id; /* where to look for it; not signed */
    merkle_hash leaf;
};

struct receipt {
    uint8_t request_id[16];
    char method[RECEIPT_METHOD + 1];
    uint64_t index, size;
    struct receipt_entry *entries; /* owned */
    size_t n;
    merkle_hash path[MERKLE_LEVELS];
    size_t path_n;
    char note[RECEIPT_NOTE + 1];
};

/* What is promised: that the entries are in the log at the latest `deadline_s` seconds after. */
struct promise {
    int64_t at_ms; /* since 1970, UTC */
    int64_t deadline_s;
};

/* Of an answer; false: it is none that could be kept, or out of memory. Nothing to free then; here and below. */
bool receipt_take(const Mingce__V1__Receipt *, const uint8_t request_id[16], const char *method,
                  struct receipt *);
/* The text, NUL-terminated, to be freed; NULL: out of memory. */
char *receipt_format(const struct receipt *);
bool receipt_parse(const char *text, size_t n, struct receipt *);
/* Signed by this key, and for these entries. */
bool receipt_open(const struct receipt *, const struct note_key *, struct promise *);
void receipt_free(struct receipt *);

#endif
