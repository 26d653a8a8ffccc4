/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/witness.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/tlog/base64.h"
#include "proto/tlog/line.h"

/* ---- the request ---- */

bool witness_request_parse(const char *body, size_t n, struct witness_request *request)
{
    const char *at = body, *end = body + n;
    size_t line_n;
    request->proof_n = 0;
    const char *line = n > WITNESS_REQUEST ? NULL : line_next(&at, end, &line_n);
    const char *old = line == NULL ? NULL : line_after(line, "old", &line_n);
    if (old == NULL || !line_decimal(old, line_n, &request->old))
        return false;
    while ((line = line_next(&at, end, &line_n)) != NULL && line_n > 0)
        if (request->proof_n == WITNESS_PROOF || !line_hash(line, line_n, request->proof[request->proof_n++]))
            return false;
    request->note = at;
    request->note_n = (size_t) (end - at);
    return line != NULL && request->note_n > 0;
}

size_t witness_request_format(const struct witness_request *request, char *body, size_t room)
{
    char hash[BASE64_BYTES(MERKLE_HASH)];
    if (request->proof_n > WITNESS_PROOF ||
        room < 32 + request->proof_n * sizeof(hash) + request->note_n) /* 32: the first line and the empty */
        return 0;
    size_t at = (size_t) snprintf(body, room, "old %" PRIu64 "\n", request->old);
    for (size_t i = 0; i < request->proof_n; i++) {
        base64_encode(request->proof[i], MERKLE_HASH, hash);
        at += (size_t) snprintf(body + at, room - at, "%s\n", hash);
    }
    body[at++] = '\n';
    memcpy(body + at, request->note, request->note_n);
    return at + request->note_n;
}

/* ---- what it must answer ---- */

static enum witness_status extends(const struct witness_request *request, const struct checkpoint *latest,
                                   const struct checkpoint *next)
{
    merkle_hash root;
    if (request->old > next->size)
        return WITNESS_MALFORMED;
    if (request->old != latest->size)
        return WITNESS_CONFLICT;
    if (request->old > 0 && request->old < next->size)
        return merkle_consistent(request->old, next->size, latest->root, next->root, request->proof,
                                 request->proof_n)
                   ? WITNESS_COSIGN
                   : WITNESS_INCONSISTENT;
    if (request->proof_n > 0)
        return WITNESS_INCONSISTENT;
    if (next->size > 0 && request->old == 0)
        return WITNESS_COSIGN;
    merkle_root(&(struct merkle_frontier){.size = 0}, root);
    return memcmp(next->root, next->size == 0 ? root : latest->root, MERKLE_HASH) == 0 ? WITNESS_COSIGN
                                                                                       : WITNESS_CONFLICT;
}

enum witness_status witness_judge(const struct witness_request *request, const struct note_key *log,
                                  const struct checkpoint *latest, struct checkpoint *next, size_t *text_n)
{
    *text_n = 0;
    enum note_verdict verdict = note_open(request->note, request->note_n, log, 1, text_n, NULL, NULL);
    if (!checkpoint_parse(request->note, *text_n, next))
        return WITNESS_MALFORMED;
    if (strcmp(next->origin, log->name) != 0)
        return WITNESS_UNKNOWN_LOG;
    return verdict != NOTE_GOOD ? WITNESS_BAD_SIGNATURE : extends(request, latest, next);
}

/* ---- the answer ---- */

bool witness_cosigned(const char *text, size_t text_n, const char *answer, size_t n,
                      const struct note_key *witness, const char **line, size_t *line_n, uint64_t *time)
{
    char note[NOTE_MOST];
    const char *at = answer, *end = answer + n;
    size_t ignored;
    if (witness->type != NOTE_COSIGNATURE || text_n >= NOTE_MOST || n > NOTE_MOST - 1 - text_n || n == 0 ||
        end[-1] != '\n')
        return false;
    memcpy(note, text, text_n);
    note[text_n] = '\n';
    while ((*line = line_next(&at, end, line_n)) != NULL) {
        ++*line_n;
        memcpy(note + text_n + 1, *line, *line_n);
        enum note_verdict verdict = note_open(note, text_n + 1 + *line_n, witness, 1, &ignored, NULL, time);
        if (verdict != NOTE_UNVERIFIED)
            return verdict == NOTE_GOOD;
    }
    return false;
}

bool witness_conflict(const char *answer, size_t n, uint64_t *size)
{
    const char *at = answer;
    size_t line_n;
    const char *line = line_next(&at, answer + n, &line_n);
    return line != NULL && at == answer + n && line_decimal(line, line_n, size);
}
