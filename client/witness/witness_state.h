/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a witness must not forget: of each log the last checkpoint that it cosigned, a file each in one directory. The file
 * is that checkpoint as a signed note with the witness's own cosignature, by which it is known again; of a log that was
 * never cosigned it is the text of the empty tree. A log without a file is one whose state was lost: nothing is cosigned.
 */
#ifndef MINGCE_WITNESS_STATE_H
#define MINGCE_WITNESS_STATE_H

#include "proto/tlog/checkpoint.h"

/* Opens the directory for this process alone. -1: errno says why not; EWOULDBLOCK: another process has it. */
int witness_state_open(const char *path);
/* The file of a log never cosigned before. False: errno says why not; EEXIST: there is one. */
bool witness_state_begin(int directory, const char *origin);
/* The last checkpoint cosigned by `own`; its size is 0 when none was. False: the file is not there, cannot be read, or is
 * not what this witness wrote. */
bool witness_state_load(int directory, const struct note_key *own, const char *origin, struct checkpoint *);
/* On the disk, whole, when it returns true. False: errno says why not. */
bool witness_state_store(int directory, const char *origin, const char *note, size_t n);
/* Keeps a note that contradicts the last one, beside it. False: one was kept before, or it cannot be. */
bool witness_state_fork(int directory, const char *origin, const char *note, size_t n);

#endif
