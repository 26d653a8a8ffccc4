/* SPDX-License-Identifier: Apache-2.0 */
/* Describes what is imported from a file, and sends its rows in requests, several of which are in flight at once. */
#ifndef MINGCE_CLI_SEND_H
#define MINGCE_CLI_SEND_H

#include "client/cli/command/rows.h"

/* The server's answers. The judgements point into them. */
struct sent {
    ProtobufCMessage **answers;
    size_t n;
};

struct rows_import {
    const char *method;
    const struct row_form *rows;
    size_t rows_n; /* of so many forms, one behind the other, the file has one; 0: there is the one */
    ProtobufCMessage *request; /* complete but for its rows */
    void *context;
    bool dry_run; /* nothing is to be recorded; the answer says what could be */
    enum tell tell;
    size_t most; /* rows of a request; 0: Limits.roster_rows */
    /* Judges the whole file before anything is sent; NULL: each row is judged as it is read. Returns the exit status. */
    int (*judge)(const struct cli *, const struct form_file *, struct judgements *);
    /* Asks the server for what must be known to read the rows; NULL: nothing. Returns the exit status. */
    int (*prepare)(void *context, struct cli *);
    /* Called last, when the outcome has been printed or `status` says that the import failed; NULL: nothing is left to do. Returns the
     * exit status. */
    int (*end)(void *context, const struct cli *, const struct form_file *, const struct sent *, int status);
};

/*
 * Reads and sends every row that is not refused, as many in a request as fit, and puts what the server says of each row into its
 * judgement. A row that is too long for any request is refused. When a request fails, no other is begun, but those already in flight
 * are waited for, so that the receipts of all answers are kept. Returns the exit status, after saying what is wrong.
 */
int send_rows(const struct cli *, const struct rows_import *, const struct form_file *, struct judgements *,
              struct sent *);
void sent_free(struct sent *);

#endif
