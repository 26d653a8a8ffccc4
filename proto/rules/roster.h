/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of a roster row (POLICY A1-A4, A7-A9): cells as a clerk typed them in, clean fields and findings
 * out. Pure: the clerk's offline check and the daemon run this very code. No allocation, no I/O, no clock.
 */
#ifndef MINGCE_PROTO_ROSTER_H
#define MINGCE_PROTO_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/roster.pb-c.h"
#include "proto/rules/day.h"
#include "proto/rules/document.h"
#include "proto/wire/reason.h"

enum {
    ROSTER_NAME_BYTES = 50 * 4 + 1,
    ROSTER_TEXT_BYTES = 100 * 4 + 1, /* address, bank: at most 100 characters */
    ROSTER_WORDS_BYTES = 30 * 4 + 1, /* household: at most 30 characters */
    ROSTER_FINDINGS = 24,            /* no row can earn more */
};

/* A finding on one field. `field` is the name in RosterRow, a string literal. */
struct finding {
    enum reason reason;
    const char *field;
};

struct findings {
    size_t n;
    struct finding at[ROSTER_FINDINGS];
};

/* A row in normal form. Empty strings and zero codes mean: not stated. */
struct roster_clean {
    struct document
        document; /* type, normal number, issuing country, and what the number says of its holder */
    char name[ROSTER_NAME_BYTES];
    uint8_t sex;          /* GB/T 2261.1; the number's where there is one */
    day birth;            /* days since 1970-01-01; the number's where there is one; DAY_NONE */
    uint8_t declared_sex; /* set only when it differs from the number's (A7) */
    day declared_birth;   /* likewise; DAY_NONE */
    uint8_t ethnicity, education, trainee_group;
    char household[ROSTER_WORDS_BYTES];
    char division[7];
    char phone[12];
    char address[ROSTER_TEXT_BYTES];
    char bank[ROSTER_TEXT_BYTES];
    char account_name[ROSTER_NAME_BYTES];
    char account_number[40];
    char unemployment_certificate[40];
};

/* Judges one row. `today` bounds birth dates. `starts_on` is the class's first day for the age rules of A1,
 * DAY_NONE where it is not known (the database judges then). True when nothing refuses the row. */
bool roster_check(const Mingce__V1__RosterRow *row, day today, day starts_on, struct roster_clean *clean,
                  struct findings *findings);

/* A9: a column that a spreadsheet zeroed. Of a row that was judged: whether it shows one; and whether, in a file with such a row,
 * this one may have become somebody else's number, whose check character happens to fit. */
bool roster_zeroed(const struct findings *);
bool roster_maybe_zeroed(const struct roster_clean *);

/* The persons of one file, to tell the same person twice (duplicate-in-file) and the same number with
 * another name (same-number-other-name). Keeps copies, in a balanced tree. */
struct roster_set;
struct roster_set *roster_set_new(void);
void roster_set_free(struct roster_set *);
/* REASON_NONE: new. Otherwise `*first_row` is the row it collides with. REASON_MEMORY when out of memory. */
enum reason roster_set_add(struct roster_set *, const struct roster_clean *, uint32_t row,
                           uint32_t *first_row);

#endif
