/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that verify the audit log share: the signed checkpoint, reading all entries, and proofs. */
#ifndef MINGCE_CLI_LOG_H
#define MINGCE_CLI_LOG_H

#include "client/cli/command/given.h"
#include "client/cli/verify/trust.h"
#include "proto/log.pb-c.h"
#include "proto/tlog/tree.h"

/* Prints what is wrong with the log, and where. Returns the exit status. */
int log_broken(const struct cli *, const char *zh, const char *en, uint64_t where);
/* Fetches the last checkpoint and verifies its signature. Returns CLI_OK, or the exit status after saying what is wrong. */
int log_checkpoint_fetch(struct cli *, const struct note_key *, char note[NOTE_MOST], struct checkpoint *);

/* Whom the user trusts, and the checkpoint that was found. */
struct audit {
    struct trust trust;
    struct trusted found;
    char note[NOTE_MOST];
};

/* Reads the keys and the number of witnesses from the options --key, --witness and --witnesses. Returns CLI_OK, or the exit status after
 * saying what is wrong. */
int audit_trust(const struct cli *, struct given *, struct audit *);
/* Fetches the last checkpoint that enough witnesses have cosigned, and verifies its signatures. `seen` is the note of the checkpoint
 * seen last, which the server is shown; or NULL. Returns likewise. */
int audit_fetch(struct cli *, const struct trust *, const char *seen, char note[NOTE_MOST], struct trusted *);
/* The checkpoint's age in seconds: since witnesses cosigned it, if that was demanded, otherwise since the server says it signed it. */
uint64_t audit_age(const struct audit *);
/* Prints the checkpoint that was found, as the command's answer. Returns CLI_OK. */
int audit_print(const struct cli *, const struct audit *);
/* Prints the same below a sentence that says what was verified, how many entries the log has, up to when, and how many witnesses have
 * cosigned. Returns CLI_OK. */
int audit_print_verified(const struct cli *, const struct audit *, const char *zh, const char *en);

enum { LOG_AHEAD = 4 };

/* Reads the log's entries in their order and hashes them into `tree`, which tree_new() or tree_load() has made. */
struct log_walk {
    struct tree tree;
    /* Called for each entry, in order, after it was appended; NULL: not called. False: the entry could not be handled, which has been
     * printed. */
    bool (*entry)(void *context, uint64_t index, const ProtobufCBinaryData *body);
    void (*filled)(void *context,
                   const struct tree_tile *); /* called for each tile that is full; NULL: not called */
    void *context;
    /* a checkpoint that was seen earlier and one that witnesses cosigned, both to be met on the way; size 0: none */
    struct checkpoint seen, cosigned;
    /* a ring of pages that were asked for ahead */
    struct log_page {
        struct mingce_call *call;
        uint32_t rows;
    } ahead[LOG_AHEAD];
    size_t ahead_first, ahead_n;
    uint64_t ahead_next; /* the first entry not asked for */
};
/* Reads up to the checkpoint and compares its root. Returns CLI_OK, or the exit status after saying what is wrong. */
int log_walk_to(struct cli *, struct log_walk *, const struct checkpoint *);

/* Fetches the entry at a leaf, which the caller frees. NULL: the reason has been printed, and `*status` is the exit status. */
Mingce__V1__LogEntriesResponse *log_entry_fetch(struct cli *, uint64_t index, int *status);
/* Makes the proof of an entry and verifies it as its recipient will. Returns CLI_OK, or the exit status after saying what is wrong. */
int log_prove(struct cli *, const struct checkpoint *, uint64_t index, const ProtobufCBinaryData *body,
              merkle_hash proof[MERKLE_PROOF], size_t *n);

/* Fetches tiles from the server, unverified: whether they are right shows when the proof made from them is verified. */
struct log_tiles {
    struct cli *cli;
    struct tree_reader reader;
    int status; /* CLI_OK, or the exit status of a tile that could not be fetched */
};
/* For tree_load() and struct tree_reader; the context is a struct log_tiles. */
bool log_tile_fetch(void *tiles, struct tree_tile *, unsigned n);
/* A merkle_read. The context is a struct log_tiles. */
bool log_subtree_read(void *tiles, unsigned level, uint64_t index, merkle_hash);

#endif
