/* SPDX-License-Identifier: Apache-2.0 */
/* A witness of logs (C2SP tlog-witness): what it knows, what it answers, the server that it answers by. */
#ifndef MINGCE_WITNESS_H
#define MINGCE_WITNESS_H

#include "client/cli/command/command.h"
#include "proto/tlog/checkpoint.h"
#include "proto/tlog/witness.h"

enum { WITNESS_LOGS = 64, WITNESS_ANSWER = 512 };

struct witness_log {
    struct note_key key;
    struct checkpoint last; /* what was cosigned, as the disk has it */
};

struct witness {
    struct note_key key; /* its own */
    uint8_t seed[NOTE_SEED];
    int state; /* the directory */
    struct witness_log logs[WITNESS_LOGS];
    size_t logs_n;
};

/* The commands of the program. */
extern const struct commands witness_commands;

/* Cosigns the checkpoint of an add-checkpoint request, if it extends the last one of its log. Returns the HTTP status;
 * `answer` is the body: cosignature lines (200), the size that it knows (409), else why not. When it returns 200 the disk
 * has what was cosigned. */
int witness_answer(struct witness *, const char *body, size_t n, char answer[WITNESS_ANSWER]);

/* Serves until SIGTERM or SIGINT. Returns the exit status. */
int witness_serve(const struct cli *, struct witness *, const char *listen_on);

#endif
