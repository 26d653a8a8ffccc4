/* SPDX-License-Identifier: Apache-2.0 */
/* Importing a file of rows through a method that is answered by RowsResponse: lessons, attendance, marks. */
#ifndef MINGCE_CLI_ROWS_H
#define MINGCE_CLI_ROWS_H

#include "client/cli/command/hex.h"
#include "client/cli/command/judgement.h"
#include "client/cli/sheet/form.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/reason.h"

struct rows_import {
    const char *method;
    const struct form *form;
    bool dry_run; /* nothing is recorded: what could be */
    bool steps;   /* they are steps of claims, not facts that are recorded */
    size_t most;  /* rows of a request; 0: Limits.roster_rows */
    void *context;
    /* Makes room for `n` rows in the context. False: out of memory. */
    bool (*room)(void *context, size_t n);
    /* Reads data row `i` of the file into slot i; what cannot be read is noted. False: out of memory. */
    bool (*read)(void *context, const struct form_file *, size_t i, struct judgement *);
    /* The request that holds these slots; it may go when it has been sent. */
    const ProtobufCMessage *(*request)(void *context, const size_t *slots, size_t n);
    /* Asks the server for what reading needs; NULL: nothing. Returns the exit status. */
    int (*prepare)(void *context, struct cli *);
    /* Prints what an answer says besides its rows; NULL: nothing. */
    void (*tell)(const struct cli *, const Mingce__V1__RowsResponse *);
};

/* The whole import: reads, connects, sends in parts, tells. Returns the exit status. */
int rows_import(struct cli *, const struct rows_import *, const char *path, const char *rejects);

/* A request of one row that is answered by RowsResponse: says why it was refused. Returns the exit status. */
int rows_one(struct cli *, const char *method, const ProtobufCMessage *request);

/* For `read`: notes a refusal of a field. False: out of memory. */
bool rows_refuse(struct judgement *, enum reason, const char *field);

/* A whole number up to `most` (at most a tenth of INT32_MAX), as 3, or as 3.00, which a column of numbers may show. -1: none. */
int rows_number(const char *cell, int most);

/* For `read`: the id, or the whole number up to `most`, that a cell says. What cannot be read is noted. False: out of memory. */
bool rows_id(const struct form_file *, size_t i, int field, uint8_t id[HEX_ID], struct judgement *);
bool rows_whole(const struct form_file *, size_t i, int field, int most, uint32_t *number,
                struct judgement *);

/* For answers that say what became of rows: into the judgement of that row; the answer is to last as long. False: out of memory. */
bool rows_take(struct judgements *, const Mingce__V1__RowResult *);

#endif
