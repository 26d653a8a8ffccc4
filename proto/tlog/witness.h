/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Witnesses (C2SP tlog-witness): who cosigns a log's checkpoints once they have seen that each extends the last. What a
 * log asks of one, what it must answer, and what its answer is worth. Cosignatures themselves are in proto/tlog/note.h.
 */
#ifndef MINGCE_PROTO_WITNESS_H
#define MINGCE_PROTO_WITNESS_H

#include "proto/tlog/checkpoint.h"

enum { WITNESS_PROOF = 63, WITNESS_REQUEST = NOTE_MOST + 32 + WITNESS_PROOF * 45 };

/* The body of add-checkpoint: `old <size>`, the consistency proof from there a hash a line, an empty line, the note. */
struct witness_request {
    uint64_t old; /* the checkpoint that the witness is thought to have cosigned last; 0: none */
    size_t proof_n;
    merkle_hash
        proof[MERKLE_PROOF]; /* room for what merkle_consistency() makes; at most WITNESS_PROOF are sent */
    const char *note;        /* borrowed */
    size_t note_n;
};
/* False: not that. The note is looked at by witness_judge(). */
bool witness_request_parse(const char *body, size_t n, struct witness_request *);
/* Returns the length; 0: more hashes than may be sent, or no room. */
size_t witness_request_format(const struct witness_request *, char *body, size_t room);

/* As HTTP says it. */
enum witness_status {
    WITNESS_COSIGN = 200,
    WITNESS_MALFORMED = 400,
    WITNESS_BAD_SIGNATURE = 403,
    WITNESS_UNKNOWN_LOG = 404,
    WITNESS_CONFLICT = 409, /* the body of the answer: the size of `latest` and LF */
    WITNESS_INCONSISTENT = 422
};
/* What a witness of that log answers that cosigned `latest` last (size 0: nothing yet). WITNESS_COSIGN: `next` must be kept, in
 * one step with having looked at `latest`, before the first `text_n` bytes of the note are cosigned. */
enum witness_status witness_judge(const struct witness_request *, const struct note_key *log,
                                  const struct checkpoint *latest, struct checkpoint *next, size_t *text_n);

/* The line of an answer by which this witness cosigned the text, with its LF, and the time it states. False: there is none, or
 * it is not over this text; lines of others are passed over. */
bool witness_cosigned(const char *text, size_t text_n, const char *answer, size_t n,
                      const struct note_key *witness, const char **line, size_t *line_n, uint64_t *time);
/* The size in the answer to a conflict. */
bool witness_conflict(const char *answer, size_t n, uint64_t *size);

#endif
