/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A roster as clerks keep it: perhaps a title above the header, columns in any order, blank rows, a header repeated
 * on every printed page, a total at the end.
 */
#ifndef MINGCE_CLI_ROSTER_FILE_H
#define MINGCE_CLI_ROSTER_FILE_H

#include "client/cli/sheet.h"
#include "proto/roster.pb-c.h"

enum { ROSTER_FIELDS = 17 };

struct roster_file {
    struct sheet sheet;
    size_t header;                /* its row */
    int column_of[ROSTER_FIELDS]; /* -1: the file has no such column */
    size_t *rows;                 /* of the sheet: the data rows */
    size_t n;
};

/* CLI_OK, or the exit status after saying what is wrong; nothing to free then. */
int roster_file_read(const struct cli *, const char *path, struct roster_file *);
void roster_file_free(struct roster_file *);
/* Data row `i`, from 0, as it is sent: its number is i + 1. The texts stay the file's; blank cells are absent. */
void roster_file_row(const struct roster_file *, size_t i, Mingce__V1__RosterRow *);
/* The row's number in the spreadsheet, from 1. */
size_t roster_file_sheet_row(const struct roster_file *, size_t i);
/* What the column of a field of RosterRow is called: "姓名", "name". The field itself when it is none. */
const char *roster_field_shown(const struct cli *, const char *field);

/* The refused rows, as they were, with a column 退回原因. */
struct sheet_writer *roster_file_rejects(const struct cli *, const struct roster_file *, const char *path);
void roster_file_reject(const struct roster_file *, struct sheet_writer *, size_t i, const char *why);

#endif
