/* SPDX-License-Identifier: Apache-2.0 */
/* What a witness of logs knows (C2SP tlog-witness). */
#ifndef MINGCE_WITNESS_H
#define MINGCE_WITNESS_H

#include "proto/tlog/checkpoint.h"
#include "proto/tlog/note.h"

enum { WITNESS_LOGS = 64 };

struct witness_log {
    struct note_key key;
    struct checkpoint last; /* what was cosigned last, as the disk has it */
};

struct witness {
    struct note_key key; /* its own */
    uint8_t seed[NOTE_SEED];
    int state; /* the directory */
    struct witness_log logs[WITNESS_LOGS];
    size_t logs_n;
};

#endif
