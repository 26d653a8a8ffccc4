/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/verify/row_money.h"

#include <stdlib.h>
#include <string.h>

#include "proto/tlog/covered.h"
#include "proto/tlog/row_record.h"

enum { ID = 16 };

/* A standard, a claim, or a subsidy of a claim. In their order a standard or a claim comes before the subsidies that refer to it. */
struct money_entry {
    uint8_t id[ID]; /* of the standard or the claim */
    uint8_t kind;
    bool wrong;  /* a subsidy's amount does not follow from its rate */
    int64_t fen; /* amount of the standard or the claim; rate or amount of the subsidy */
    size_t at;   /* the row's place in the set */
};
enum { STANDARD, CLAIM, LINE_RATE, LINE_AMOUNT };

static bool add(struct money *money, const struct row_record *record, const char *id, const char *fen,
                uint8_t kind, size_t at)
{
    struct row_record_field of, amount;
    if (!row_record_find(*record, id, ID, &of) || !row_record_find(*record, fen, sizeof(int64_t), &amount))
        return true; /* its digest is not what the log has */
    if (money->n == money->room) {
        size_t room = money->room == 0 ? 1024 : money->room * 2;
        struct money_entry *more = realloc(money->entries, room * sizeof(*more));
        if (more == NULL)
            return false;
        money->entries = more;
        money->room = room;
    }
    struct money_entry *entry = &money->entries[money->n++];
    *entry = (struct money_entry){.kind = kind, .fen = row_record_number(&amount), .at = at};
    memcpy(entry->id, of.bytes, ID);
    return true;
}

/* The living allowance is paid by the day, and the other subsidies once. */
static bool line_wrong(const struct row_record *record)
{
    struct row_record_field rate, days, amount;
    int64_t due;
    if (!row_record_find(*record, "rate_fen", sizeof(int64_t), &rate) ||
        !row_record_find(*record, "amount_fen", sizeof(int64_t), &amount))
        return false; /* its digest is not what the log has */
    int64_t times = row_record_find(*record, "days", sizeof(int32_t), &days) ? row_record_number(&days) : 1;
    return __builtin_mul_overflow(row_record_number(&rate), times, &due) || due != row_record_number(&amount);
}

bool money_take(struct money *money, Mingce__V1__RowTable table, size_t at, const ProtobufCBinaryData *bytes)
{
    struct row_record record;
    if (table != MINGCE__V1__ROW_TABLE__ROWS_STANDARD && table != MINGCE__V1__ROW_TABLE__ROWS_CLAIM &&
        table != MINGCE__V1__ROW_TABLE__ROWS_CLAIM_LINE)
        return true;
    if (!row_record_open(&record, covered_find(table)->columns, bytes->data, bytes->len))
        return true;
    if (table == MINGCE__V1__ROW_TABLE__ROWS_STANDARD)
        return add(money, &record, "standard_id", "amount_fen", STANDARD, at);
    if (table == MINGCE__V1__ROW_TABLE__ROWS_CLAIM)
        return add(money, &record, "claim_id", "amount_fen", CLAIM, at);
    size_t first = money->n;
    bool good = add(money, &record, "standard_id", "rate_fen", LINE_RATE, at) &&
                add(money, &record, "claim_id", "amount_fen", LINE_AMOUNT, at);
    if (good && money->n > first)
        money->entries[money->n - 1].wrong = line_wrong(&record);
    return good;
}

static int compare(const void *a, const void *b)
{
    const struct money_entry *one = a, *other = b;
    int order = memcmp(one->id, other->id, ID);
    return order != 0 ? order : one->kind - other->kind;
}

/* Judges the entries of one id, from `begin` on: a standard and the rates taken from it, or a claim and the amounts of its
 * subsidies. */
static void judge(const struct money_entry *begin, size_t n, struct row *rows)
{
    int64_t sum = 0;
    bool whole = true;
    for (size_t i = 0; i < n; i++) {
        if (begin[i].kind == LINE_RATE)
            rows[begin[i].at].rate = begin->kind != STANDARD || begin[i].fen != begin->fen;
        rows[begin[i].at].amount = rows[begin[i].at].amount || begin[i].wrong;
        if (begin[i].kind == LINE_AMOUNT)
            whole = !__builtin_add_overflow(sum, begin[i].fen, &sum) && whole;
    }
    /* a claim may have been submitted while rows were read: then its subsidies may be here without it */
    if (begin->kind == CLAIM)
        rows[begin->at].amount = !whole || sum != begin->fen;
}

void money_judge(struct money *money, struct row_set *set)
{
    if (money->n > 1)
        qsort(money->entries, money->n, sizeof(*money->entries), compare);
    for (size_t i = 0, n; i < money->n; i += n) {
        for (n = 1; i + n < money->n && memcmp(money->entries[i + n].id, money->entries[i].id, ID) == 0; n++)
            ;
        judge(money->entries + i, n, set->rows);
    }
}

void money_free(struct money *money)
{
    free(money->entries);
}
