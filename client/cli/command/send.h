/* SPDX-License-Identifier: Apache-2.0 */
/* What is imported from a file, and its rows sent in requests, several of them in flight. */
#ifndef MINGCE_CLI_SEND_H
#define MINGCE_CLI_SEND_H

#include "client/cli/command/rows.h"

/* The answers, which the judgements point into. */
struct sent {
    ProtobufCMessage **answers;
    size_t n;
};

struct rows_import {
    const char *method;
    const struct row_form *rows;
    ProtobufCMessage *request; /* all of it but its rows */
    void *context;
    bool dry_run; /* nothing is recorded: what could be */
    enum tell tell;
    size_t most; /* rows of a request; 0: Limits.roster_rows */
    /* Judges the whole file before anything is sent; NULL: row by row, as they are read. Returns the exit status. */
    int (*judge)(const struct cli *, const struct form_file *, struct judgements *);
    /* Asks the server for what reading needs; NULL: nothing. Returns the exit status. */
    int (*prepare)(void *context, struct cli *);
    /* Does what remains once all is told, or `status` says that it failed; NULL: nothing. Returns the exit status. */
    int (*end)(void *context, const struct cli *, const struct form_file *, const struct sent *, int status);
};

/*
 * Reads and sends every row that is not refused, as many to a request as it holds, and puts the server's word on each into its
 * judgement. A row that no request holds is refused. The receipts of all that was answered are kept, also when a request fails:
 * those in flight with it are waited for, and no other is begun. Returns the exit status, after saying what is wrong.
 */
int send_rows(const struct cli *, const struct rows_import *, const struct form_file *, struct judgements *,
              struct sent *);
void sent_free(struct sent *);

#endif
