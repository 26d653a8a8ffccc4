/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that verify the audit log share: the signed checkpoint, the walk along its entries, proofs. */
#ifndef MINGCE_CLI_LOG_H
#define MINGCE_CLI_LOG_H

#include "client/cli/command/given.h"
#include "client/cli/verify/trust.h"
#include "proto/log.pb-c.h"
#include "proto/tlog/tree.h"

/* Says what is wrong with the log, and where. Returns the exit status. */
int log_broken(const struct cli *, const char *zh, const char *en, uint64_t where);
/* The last checkpoint, its signature verified. CLI_OK, or the exit status after saying what is wrong. */
int log_checkpoint_fetch(struct cli *, const struct note_key *, char note[NOTE_MOST], struct checkpoint *);

/* What the commands ask for. */
struct audit {
    struct trust trust;
    struct trusted found;
    char note[NOTE_MOST];
};

/* The keys and how many witnesses, from the options --key, --witness and --witnesses. CLI_OK, or the exit status after saying what is wrong; likewise below. */
int audit_trust(const struct cli *, struct given *, struct audit *);
/* The last checkpoint that enough witnesses have cosigned, its signatures verified. `seen`: the note of the one that was seen
 * last, which the server is shown; or NULL. */
int audit_fetch(struct cli *, const struct trust *, const char *seen, char note[NOTE_MOST], struct trusted *);
/* How old the checkpoint found is, in seconds: since witnesses cosigned it, where that is demanded, else by the server's word. */
uint64_t audit_age(const struct audit *);
/* Prints what was found, as the command's answer. Returns CLI_OK. */
int audit_print(const struct cli *, const struct audit *);
/* The same below a sentence: what was verified, of how many entries, up to when, cosigned by how many. Returns CLI_OK. */
int audit_print_verified(const struct cli *, const struct audit *, const char *zh, const char *en);

enum { LOG_AHEAD = 4 };

/* Entries of the log in their order, hashed here: from tree_new() on, or from a tree_load()ed one. */
struct log_walk {
    struct tree tree;
    /* Told of each entry in order, after it was appended. False: it could not be taken, which has been said. NULL: nobody. */
    bool (*entry)(void *context, uint64_t index, const ProtobufCBinaryData *body);
    void (*filled)(void *context, const struct tree_tile *); /* NULL: nobody */
    void *context;
    /* a checkpoint seen earlier, one that witnesses cosigned: to be found on the way; size 0: none */
    struct checkpoint seen, cosigned;
    /* pages asked for ahead, a ring; the walk's own */
    struct log_page {
        struct mingce_call *call;
        uint32_t rows;
    } ahead[LOG_AHEAD];
    size_t ahead_first, ahead_n;
    uint64_t ahead_next; /* the first entry not asked for */
};
/* On to the checkpoint, whose root is compared. CLI_OK, or the exit status after saying what is wrong. */
int log_walk_to(struct cli *, struct log_walk *, const struct checkpoint *);

/* The entry at a leaf, the caller's to free. NULL: it has been said why. */
Mingce__V1__LogEntriesResponse *log_entry_fetch(struct cli *, uint64_t index, int *status);
/* The proof of an entry, verified in the same way as its reader will. CLI_OK, or the exit status after saying what is
 * wrong. */
int log_prove(struct cli *, const struct checkpoint *, uint64_t index, const ProtobufCBinaryData *body,
              merkle_hash proof[MERKLE_PROOF], size_t *n);

/* Tiles as the server gives them; verifying the proof shows whether they are right. */
struct log_tiles {
    struct cli *cli;
    struct tree_reader reader;
    int status; /* CLI_OK, or why one could not be had */
};
/* Of tree_load() and struct tree_reader; the context is a struct log_tiles. */
bool log_tile_fetch(void *tiles, struct tree_tile *, unsigned n);
/* A merkle_read. The context is a struct log_tiles. */
bool log_subtree_read(void *tiles, unsigned level, uint64_t index, merkle_hash);

#endif
