/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the log's entries say of rows. Changes count only in entries of method "rows"; those of a transaction stand together, and are
 * explained by entries of requests or commands among them that may change such rows (proto/wire/changes.h). An entry that cannot be understood is named and passed over.
 */
#ifndef MINGCE_CLI_ROW_LOG_H
#define MINGCE_CLI_ROW_LOG_H

#include "client/cli/verify/row_set.h"

enum { ROW_TRANSACTION = 8, ROW_TABLES = 128 };

enum entry_finding { ENTRY_UNREADABLE, ENTRY_ROWS_ELSEWHERE };

struct row_log {
    struct row_set *set;
    /* the transaction whose entries are coming; `rows`: those it changed, by their places in the set */
    struct {
        uint8_t id[ROW_TRANSACTION];
        bool any;
        bool explained
            [ROW_TABLES]; /* tables, by their numbers, that a request or command among them may change */
        uint64_t at;      /* its first entry of row changes */
        size_t *rows;
        size_t n, room;
    } run;
    bool told;      /* entries say their transactions, from the first that does */
    uint64_t hands; /* how often the schema was changed by hand, and that accepted */
    struct {
        uint64_t index;
        enum entry_finding finding;
    } * findings; /* of entries */
    size_t n, room;
};

/* The next entry of the log. False: out of memory. */
bool row_log_take(struct row_log *, uint64_t index, const ProtobufCBinaryData *body);
void row_log_free(struct row_log *);

#endif
