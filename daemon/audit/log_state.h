/* SPDX-License-Identifier: Apache-2.0 */
/* The last checkpoint that this host's notary signed, or saw published while it waited, outside the database: nothing is
 * signed that does not extend it. Of a log that begins it is the signed checkpoint of the empty tree, which
 * `mingced log begin` makes: a host without the file has lost it. */
#ifndef MINGCE_AUDIT_LOG_STATE_H
#define MINGCE_AUDIT_LOG_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/audit/log_key.h"
#include "daemon/base/compiler.h"
#include "proto/tlog/checkpoint.h"

enum log_state { LOG_STATE_GOOD, LOG_STATE_MISSING, LOG_STATE_UNREADABLE, LOG_STATE_NOT_OURS };
/* `note` as it is in the file; the checkpoint, its signature verified, if it is good. */
enum log_state log_state_load(const char *path, const struct note_key *, char note[NOTE_MOST],
                              struct checkpoint *) MUST_CHECK;
/* On the disk, whole, when it returns true; else what was there is as it was. */
bool log_state_store(const char *path, const char *note) MUST_CHECK;
/* When it was stored, seconds since 1970; 0: it is not there. */
uint64_t log_state_seconds(const char *path);
/* The checkpoint as a note signed by the log's key. */
bool log_state_sign(const struct checkpoint *, const struct log_key *, char note[NOTE_MOST]) MUST_CHECK;

#endif
