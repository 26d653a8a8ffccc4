/* SPDX-License-Identifier: Apache-2.0 */
/* The head line of a register's file (H20): 来源,范围,截至日,全量|增量,行数,SHA256,签发人. The rows follow it, under a header of their own. */
#ifndef MINGCE_CLI_SNAPSHOT_HEAD_H
#define MINGCE_CLI_SNAPSHOT_HEAD_H

#include "client/cli/frame/cli.h"
#include "proto/rules/day.h"
#include "proto/rules/division.h"
#include "proto/snapshot.pb-c.h"

struct snapshot_head {
    Mingce__V1__SnapshotOpenRequest request; /* its texts are here */
    char division[DIVISION_BYTES], as_of[DAY_TEXT], issuer[512];
    uint8_t digest[32];
};

/* Reads the head line, and holds its SHA256 against the bytes that follow. Returns CLI_OK, or the exit status after saying what is
 * wrong. */
int snapshot_head_read(const struct cli *, const char *path, struct snapshot_head *);
/* Puts a head line before the rows of a file that were refused, so that it can be loaded once they are mended: of a partial register, since
 * it has only these. Returns likewise. */
int snapshot_head_put(const struct cli *, const char *path, const struct snapshot_head *);

#endif
