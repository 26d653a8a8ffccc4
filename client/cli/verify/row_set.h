/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the log says of each row. The log has every change of a row as the digests before and after it, so the row now has the digest
 * that one change made and that no other change replaced. Transactions may stand in the log in another order than they changed the row,
 * so that the log may report a digest as replaced before it reports it as made. In the end every digest but the last has been replaced
 * exactly once.
 */
#ifndef MINGCE_CLI_ROW_SET_H
#define MINGCE_CLI_ROW_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/audit.pb-c.h"

enum { ROW_ID = 16, ROW_DIGEST = 32 };

/* A digest of all zeros stands for a row that does not exist. */
struct row {
    uint8_t id[ROW_ID]; /* hash of table and key */
    uint8_t first[ROW_DIGEST], last[ROW_DIGEST],
        live[ROW_DIGEST]; /* at the first checkpoint, at the last, as read */
    uint8_t *key;         /* owned; begins with the table's number */
    uint32_t key_n;
    uint8_t table;
    bool held;            /* `last` is a digest that no change has replaced */
    bool rate, amount;    /* its rate or amount does not follow from the rows that it should come from */
    uint32_t moment;      /* its latest digest between the checkpoints, from 1; 0: it has not changed */
    uint32_t open;        /* the first digest that is not matched, besides `last`, from 1; 0: all are */
    uint64_t unexplained; /* 1 + the place in the log of a change that no request explains; 0: none */
};

/* A digest of a row: one that it had at some moment, or one that is not matched yet. */
struct row_moment {
    uint8_t digest[ROW_DIGEST];
    uint32_t next; /* the row's next one; 0: none */
    bool taken;    /* if not matched: a change replaced it and none made it; false: the other way round */
};

struct row_set {
    struct row *rows;
    size_t n, room;
    uint32_t *places; /* hash table of rows, from 1, by id: a power of two, at least twice `room` */
    struct row_moment *moments;
    size_t moments_n, moments_room;
    bool between; /* the first checkpoint has been passed */
};

enum row_finding {
    ROW_RIGHT,
    ROW_NO_ENTRY,
    ROW_NO_ROW,
    ROW_DIFFERS,
    ROW_CONTRADICTS,
    ROW_UNEXPLAINED,
    ROW_RATE,
    ROW_AMOUNT,
};

/* Returns the row of that key, a new one if need be; NULL: out of memory. */
struct row *row_of(struct row_set *, int table, const ProtobufCBinaryData *key);
/* Notes a change of a row. A digest has 32 bytes; NULL: there was, or is, no row. False: out of memory. */
bool row_change(struct row_set *, struct row *, const uint8_t *was, const uint8_t *now);
/* The first checkpoint has been passed: the changes that follow are between the two. */
void row_set_passed(struct row_set *);
enum row_finding row_judge(const struct row_set *, const struct row *);
size_t row_findings(const struct row_set *);
/* How many findings the entries to come may still change. `run_at` is the first entry of the transaction that was read last. */
size_t row_unsettled(const struct row_set *, uint64_t run_at);
void row_set_free(struct row_set *);

#endif
