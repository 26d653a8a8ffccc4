/* SPDX-License-Identifier: Apache-2.0 */
/* One row of an invented roster and what is said of it. */
#ifndef MINGCE_TESTS_INVENTED_ROW_H
#define MINGCE_TESTS_INVENTED_ROW_H

#include <stdint.h>
#include <string.h>

#include "proto/rules/roster.h"
#include "tests/unit/proto/invented.h"

struct check {
    Mingce__V1__RosterRow row;
    char number[INVENTED_NUMBER]; /* where row.document_number points */
    day starts_on;
    struct roster_clean clean;
    struct findings findings;
};

/* The rows only read their cells. */
static inline char *text(const char *literal)
{
    return (char *) (uintptr_t) literal;
}

/* The number of one born on `birth` (YYYYMMDD), nothing declared beside it. */
static inline char *invented(struct check *check, const char *birth, const char *order)
{
    invented_resident(check->number, birth, order);
    check->row.birth_date = NULL;
    return check->number;
}

/* Before each test: a good row of a class that begins a month from today. */
static inline int good_row(void **state)
{
    static struct check check;
    check = (struct check){.row = MINGCE__V1__ROSTER_ROW__INIT, .starts_on = day_of(2126, 4, 1)};
    check.row.row = 1;
    check.row.name = text("李某");
    check.row.document_type = text("居民身份证");
    check.row.document_number = invented(&check, "21000228", "123");
    check.row.sex = text("男");
    check.row.trainee_group = text("农民工");
    check.row.birth_date = text("2100-02-28");
    *state = &check;
    return 0;
}

static inline bool check_row(struct check *check)
{
    return roster_check(&check->row, invented_today(), check->starts_on, &check->clean, &check->findings);
}

static inline bool found(const struct check *check, enum reason reason, const char *field)
{
    for (size_t i = 0; i < check->findings.n; i++)
        if (check->findings.at[i].reason == reason && strcmp(check->findings.at[i].field, field) == 0)
            return true;
    return false;
}

#endif
