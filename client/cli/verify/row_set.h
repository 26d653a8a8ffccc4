/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows by what the log says of them. Each change of a row is in the log as its digests before and after; a row is now what
 * one change made of it and no other took away. Two transactions may stand in the log in another order than they changed a row,
 * so what is taken away may be told before it is made; but in the end each is taken away once, by a change of its own.
 */
#ifndef MINGCE_CLI_ROW_SET_H
#define MINGCE_CLI_ROW_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/audit.pb-c.h"

enum { ROW_ID = 16, ROW_DIGEST = 32 };

/* All zeros: it is not there. */
struct row {
    uint8_t id[ROW_ID]; /* hash of table and key */
    uint8_t first[ROW_DIGEST], last[ROW_DIGEST],
        live[ROW_DIGEST]; /* at the first checkpoint, at the last, as read */
    uint8_t *key;         /* owned; the table's number before it */
    uint32_t key_n;
    uint8_t table;
    bool held;            /* `last` is one that no change took away */
    bool rate, amount;    /* money that does not come from where it should */
    uint32_t moment;      /* the last of what it was between the checkpoints, from 1; 0: it has not changed */
    uint32_t open;        /* the first of what is not matched, besides `last`, from 1; 0: all is */
    uint64_t unexplained; /* 1 + the place in the log of a change that no request explains; 0: none */
};

/* A digest of a row: what it was at a moment, or an end that is not matched. */
struct row_moment {
    uint8_t digest[ROW_DIGEST];
    uint32_t next; /* another one of the row; 0: none */
    bool taken;    /* of ends: taken away and not made, else made and not taken away */
};

struct row_set {
    struct row *rows;
    size_t n, room;
    uint32_t *places; /* of rows, from 1, by their id; a power of two of them, at least twice `room` */
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

/* The row of that key, made when it is new; NULL: out of memory. */
struct row *row_of(struct row_set *, int table, const ProtobufCBinaryData *key);
/* Digests are of 32 bytes, or not there. False: out of memory. */
bool row_change(struct row_set *, struct row *, const uint8_t *was, const uint8_t *now);
/* From now on changes are between the checkpoints. */
void row_set_passed(struct row_set *);
enum row_finding row_judge(const struct row_set *, const struct row *);
size_t row_findings(const struct row_set *);
/* Those of which entries to come may yet make something else; `run_at`: where the entries begin of the transaction that was read
 * last. */
size_t row_unsettled(const struct row_set *, uint64_t run_at);
void row_set_free(struct row_set *);

#endif
