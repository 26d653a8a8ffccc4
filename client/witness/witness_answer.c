/* SPDX-License-Identifier: Apache-2.0 */
/* Answers requests as C2SP tlog-witness says, with its checks in the order of that text. */
#include "client/witness/witness_answer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/cli/frame/clean.h"
#include "client/cli/frame/cli.h"
#include "client/witness/witness_state.h"
#include "proto/tlog/witness.h"

enum { BROKEN = 500 };

static int refuse(char answer[WITNESS_ANSWER], int status, const char *why)
{
    snprintf(answer, WITNESS_ANSWER, "%s\n", why);
    return status;
}

/* Prints a line for the operator of the witness, at most one a second, since anybody may cause it. */
static void complain(const char *what, const struct checkpoint *seen, const struct checkpoint *last)
{
    static int64_t said_ms;
    int64_t now = cli_now_ms();
    if (said_ms != 0 && now - said_ms < 1000)
        return;
    said_ms = now;
    char origin[NOTE_NAME];
    snprintf(origin, sizeof(origin), "%s", seen->origin);
    clean_text(origin);
    fprintf(stderr, "mingce-witness: %s: log=%s size=%" PRIu64 " cosigned=%" PRIu64 "\n", what, origin,
            seen->size, last->size);
}

/* The log's key has signed two trees of the same size. That proves that the log cheats, so the first such note is kept. */
static void keep_fork(const struct witness *witness, const struct checkpoint *fresh, const char *note,
                      size_t n)
{
    if (witness_state_fork(witness->state, fresh->origin, note, n))
        fprintf(stderr,
                "mingce-witness: THE LOG SIGNED TWO TREES OF ONE SIZE: log=%s size=%" PRIu64
                "; the other one is kept in the state's directory, *.fork\n",
                fresh->origin, fresh->size);
}

/* Whether the disk still has what was cosigned last. Nothing is cosigned if the state was lost or restored from a backup while this
 * runs. */
static bool state_stands(const struct witness *witness, const struct witness_log *log)
{
    struct checkpoint stored;
    return witness_state_load(witness->state, &witness->key, log->key.name, &stored) &&
           stored.size == log->last.size && memcmp(stored.root, log->last.root, MERKLE_HASH) == 0;
}

/* Cosigns, and writes the checkpoint to the disk before anybody gets the cosignature. */
static int cosign(const struct witness *witness, struct witness_log *log, const struct checkpoint *fresh,
                  const char *note, size_t n, size_t text_n, char answer[WITNESS_ANSWER])
{
    static char kept[NOTE_MOST + WITNESS_ANSWER];
    size_t line_n, all_n;
    if (!note_sign(note, text_n, &witness->key, witness->seed, (uint64_t) time(NULL), answer, WITNESS_ANSWER,
                   &line_n))
        return refuse(answer, BROKEN, "cannot sign");
    memcpy(kept, note, n);
    memcpy(kept + n, answer, line_n);
    if (note_open(kept, n + line_n, &witness->key, 1, &all_n, NULL, NULL) != NOTE_GOOD)
        return refuse(answer, WITNESS_MALFORMED,
                      "the note has no room for a cosignature, or a false one of this witness");
    if (!witness_state_store(witness->state, log->key.name, kept, n + line_n)) {
        fprintf(stderr, "mingce-witness: the state cannot be written: %s\n", strerror(errno));
        return refuse(answer, BROKEN, "the witness cannot keep its state");
    }
    log->last = *fresh;
    return WITNESS_COSIGN;
}

/* Answers for a signed checkpoint of a log that is watched. */
static int answer_log(const struct witness *witness, struct witness_log *log,
                      const struct witness_request *request, enum witness_status status,
                      const struct checkpoint *fresh, size_t text_n, char answer[WITNESS_ANSWER])
{
    const struct checkpoint *last = &log->last;
    if (!state_stands(witness, log)) {
        complain("the state is not what was cosigned: nothing is cosigned any more", fresh, last);
        return refuse(answer, BROKEN, "the witness has lost its state");
    }
    if (status == WITNESS_COSIGN)
        return cosign(witness, log, fresh, request->note, request->note_n, text_n, answer);
    if (status == WITNESS_INCONSISTENT) {
        complain("a checkpoint that is not shown to extend the last one", fresh, last);
        return refuse(answer, status, "the proof does not show that the checkpoint extends the last one");
    }
    if (fresh->size == last->size && memcmp(fresh->root, last->root, MERKLE_HASH) != 0)
        keep_fork(witness, fresh, request->note, request->note_n);
    snprintf(answer, WITNESS_ANSWER, "%" PRIu64 "\n", last->size);
    return WITNESS_CONFLICT;
}

int witness_answer(struct witness *witness, const char *body, size_t n, char answer[WITNESS_ANSWER])
{
    struct witness_request request;
    struct checkpoint fresh = {.size = 0};
    struct witness_log *log = witness->logs;
    enum witness_status status = WITNESS_UNKNOWN_LOG;
    size_t text_n = 0;
    if (!witness_request_parse(body, n, &request))
        return refuse(answer, WITNESS_MALFORMED,
                      "malformed: old size, proof lines, an empty line, the checkpoint");
    for (size_t i = 0; i < witness->logs_n && status == WITNESS_UNKNOWN_LOG; i++) {
        log = &witness->logs[i];
        status = witness_judge(&request, &log->key, &log->last, &fresh, &text_n);
    }
    switch (status) {
    case WITNESS_MALFORMED:
        return refuse(answer, status, "not a checkpoint, or not above the old size");
    case WITNESS_UNKNOWN_LOG:
        return refuse(answer, status, "unknown log");
    case WITNESS_BAD_SIGNATURE:
        return refuse(answer, status, "not signed by the log's key");
    default:
        return answer_log(witness, log, &request, status, &fresh, text_n, answer);
    }
}
