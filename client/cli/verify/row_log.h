/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the log's entries say of rows. Changes count only in entries of method "rows". The entries of a transaction stand together, and
 * those of its requests and commands explain the changes of rows that such a request or command may make (proto/wire/changes.h). An
 * entry that cannot be understood is reported and skipped.
 */
#ifndef MINGCE_CLI_ROW_LOG_H
#define MINGCE_CLI_ROW_LOG_H

#include "client/cli/verify/row_set.h"

enum { ROW_TRANSACTION = 8, ROW_TABLES = 128 };

enum entry_finding { ENTRY_UNREADABLE, ENTRY_ROWS_ELSEWHERE };

struct row_log {
    struct row_set *set;
    /* the transaction that is being read; `rows` are those that it changed, by their places in the set */
    struct {
        uint8_t id[ROW_TRANSACTION];
        bool any;
        bool explained
            [ROW_TABLES]; /* by the table's number: one of its requests or commands may change the table */
        uint64_t at;      /* its first entry with changes of rows */
        size_t *rows;
        size_t n, room;
    } run;
    bool told;      /* an entry has named its transaction: from then on changes need an explanation */
    uint64_t hands; /* how often somebody has accepted a schema that was changed by hand */
    struct {
        uint64_t index;
        enum entry_finding finding;
    } * findings; /* of entries */
    size_t n, room;
};

/* Reads the next entry of the log. False: out of memory. */
bool row_log_take(struct row_log *, uint64_t index, const ProtobufCBinaryData *body);
void row_log_free(struct row_log *);

#endif
