/* SPDX-License-Identifier: Apache-2.0 */
/* What strangers send to a witness and what witnesses answer. A request that is taken is written again as the same bytes; an
 * answer is believed only by a line of its own that verifies. */
#include <stdlib.h>
#include <string.h>

#include "proto/tlog/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The keys of the corpus. */
static const uint8_t log_seed[NOTE_SEED] = {1}, witness_seed[NOTE_SEED] = {2};
static const char text[] = "invented.example/log\n3\nAAAA\n";

static void require(int holds)
{
    if (!holds)
        abort();
}

static void judge_request(const char *body, size_t n)
{
    static char again[WITNESS_REQUEST];
    struct note_key key;
    struct witness_request request;
    struct checkpoint latest = {.origin = "invented.example/log", .size = 0}, next;
    size_t text_n;
    if (!witness_request_parse(body, n, &request))
        return;
    require(request.proof_n <= WITNESS_PROOF && request.note + request.note_n == body + n);
    require(witness_request_format(&request, again, sizeof(again)) == n || request.note_n > NOTE_MOST);
    require(request.note_n > NOTE_MOST || memcmp(again, body, n) == 0);
    require(note_key_make("invented.example/log", NOTE_ED25519, log_seed, &key));
    latest.size = request.old;
    if (witness_judge(&request, &key, &latest, &next, &text_n) == WITNESS_COSIGN)
        require(next.size >= request.old && text_n < request.note_n && strcmp(next.origin, key.name) == 0);
}

static void judge_answer(const char *answer, size_t n)
{
    struct note_key key;
    const char *line, *again;
    size_t line_n, again_n;
    uint64_t time, time_again;
    require(note_key_make("witness.example", NOTE_COSIGNATURE, witness_seed, &key));
    if (witness_cosigned(text, sizeof(text) - 1, answer, n, &key, &line, &line_n, &time)) {
        require(line >= answer && line_n <= n - (size_t) (line - answer) && line[line_n - 1] == '\n');
        require(witness_cosigned(text, sizeof(text) - 1, line, line_n, &key, &again, &again_n, &time_again));
        require(again == line && again_n == line_n && time_again == time);
    }
    if (witness_conflict(answer, n, &time))
        require(n >= 2 && n <= 19 && answer[n - 1] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    judge_request((const char *) data, size);
    judge_answer((const char *) data, size);
    return 0;
}
