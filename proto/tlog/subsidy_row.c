/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/subsidy_row.h"

enum { WHOLE = 100 };

bool subsidy_due(const struct subsidy_terms *terms, int64_t units, int64_t *fen)
{
    int64_t all, due;
    if (terms->rate_fen < 0 || units < 0 || terms->percent < 0 ||
        __builtin_mul_overflow(terms->rate_fen, units, &all))
        return false;
    /* all * percent / 100 without that product, which may be too large */
    if (__builtin_mul_overflow(all / WHOLE, terms->percent, &due) ||
        __builtin_add_overflow(due, all % WHOLE * terms->percent / WHOLE, &due))
        return false;
    *fen = terms->cap_fen > 0 && due > terms->cap_fen ? terms->cap_fen : due;
    return true;
}

/* The number in a column; `absent` if the row has none, or no such column. */
static int64_t number(struct row_record record, const char *column, size_t n, int64_t absent)
{
    struct row_record_field field;
    return row_record_find(record, column, n, &field) ? row_record_number(&field) : absent;
}

bool subsidy_terms_read(struct row_record record, const char *rate, struct subsidy_terms *terms)
{
    struct row_record_field field;
    if (!row_record_find(record, rate, sizeof(int64_t), &field))
        return false;
    *terms = (struct subsidy_terms){.rate_fen = row_record_number(&field),
                                    .percent = number(record, "percent", sizeof(int32_t), WHOLE),
                                    .cap_fen = number(record, "cap_fen", sizeof(int64_t), 0)};
    return true;
}

bool subsidy_terms_same(const struct subsidy_terms *one, const struct subsidy_terms *other)
{
    return one->rate_fen == other->rate_fen && one->percent == other->percent &&
           one->cap_fen == other->cap_fen;
}

bool subsidy_line_right(struct row_record line)
{
    struct subsidy_terms terms;
    int64_t due, units = number(line, "hours", sizeof(int32_t), 1);
    units = number(line, "days", sizeof(int32_t), units);
    return subsidy_terms_read(line, "rate_fen", &terms) && subsidy_due(&terms, units, &due) &&
           due == number(line, "amount_fen", sizeof(int64_t), -1);
}
