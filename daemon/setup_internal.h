/* SPDX-License-Identifier: Apache-2.0 */
/* What the installation commands share. */
#ifndef MINGCE_SETUP_INTERNAL_H
#define MINGCE_SETUP_INTERNAL_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/audit/entry.h"
#include "daemon/base/compiler.h"
#include "daemon/base/settings.h"

enum { SETUP_DONE, SETUP_FAILED, SETUP_USAGE };

/* "mingced: " and the sentence on stderr. Returns SETUP_FAILED. */
int setup_fail(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* The connection of owner_database; NULL when there is none, and it has been said why. */
PGconn *setup_connect(const struct settings *) MUST_CHECK;
/* What a failed statement may tell: SQLSTATE, sentence and hint. The detail quotes values and stays unsaid. */
int setup_fail_sql(const char *doing, const PGresult *);

/* An argument of a statement: text, or bytes with their length. NULL is SQL's NULL. */
struct setup_value {
    const void *value;
    int length; /* of bytes; 0: a text */
};
/* The first column of the first row, as text; "" when that is NULL or nothing. */
struct setup_answer {
    char text[512];
};
/* Runs one statement in its own transaction. False: it failed, and it has been said why. */
bool setup_query(PGconn *, const char *doing, const char *sql, const struct setup_value *, int n,
                 struct setup_answer *) MUST_CHECK;

/* The head of the command's audit entry: nobody is logged in, so operator and organisation are all zeros. The
 * digest is over `said`, which holds no personal data. */
struct setup_head {
    uint8_t bytes[ENTRY_HEAD_BYTES];
    size_t n;
};
void setup_head(struct setup_head *, const char *method, const char *said);

/* Takes from PUBLIC what it has in this database, and lets the daemon's roles connect. False: it could not, and it has been
 * said what is to be done. */
bool setup_close_rights(PGconn *) MUST_CHECK;

/* The commands: argv[0] is the name. */
int setup_keys(const struct settings *, int argc, char **argv);
int setup_log(const struct settings *, int argc, char **argv);
int setup_reseal(const struct settings *, int argc, char **argv);
int setup_migrate(const struct settings *, int argc, char **argv);
int setup_organisation(const struct settings *, int argc, char **argv);
int setup_scope(const struct settings *, int argc, char **argv);
int setup_operator(const struct settings *, int argc, char **argv);
int setup_occupations(const struct settings *, int argc, char **argv);

#endif
