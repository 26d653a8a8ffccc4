/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a witness must not forget: for each log the last checkpoint that it cosigned. A directory has one file for each log, with that
 * checkpoint as a signed note. The witness's own cosignature on the note shows that the witness wrote it. For a log that was never
 * cosigned the file has the text of the empty tree. A missing file means that the state was lost, and nothing more is cosigned.
 */
#ifndef MINGCE_WITNESS_STATE_H
#define MINGCE_WITNESS_STATE_H

#include "proto/tlog/checkpoint.h"

/* Opens the directory for this process alone. -1: errno says why not; EWOULDBLOCK: another process has it open. */
int witness_state_open(const char *path);
/* Makes the file of a log that was never cosigned. False: errno says why not; EEXIST: the log has a file. */
bool witness_state_begin(int directory, const char *origin);
/* Loads the last checkpoint that `own` cosigned; its size is 0 if there is none. False: the file is missing, cannot be read, or was not
 * written by this witness. */
bool witness_state_load(int directory, const struct note_key *own, const char *origin, struct checkpoint *);
/* Writes the note; when this returns true, the disk has all of it. False: errno says why not. */
bool witness_state_store(int directory, const char *origin, const char *note, size_t n);
/* Keeps a note that contradicts the last one, in a file beside it. False: one was kept before, or this one cannot be. */
bool witness_state_fork(int directory, const char *origin, const char *note, size_t n);

#endif
