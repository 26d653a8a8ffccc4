/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/verify/row_money.h"

#include <stdlib.h>
#include <string.h>

#include "proto/tlog/covered.h"
#include "proto/tlog/row_record.h"
#include "proto/tlog/subsidy_row.h"

enum { ID = 16 };

/* A standard, a claim, or a subsidy of a claim. In their order a standard or a claim comes before the subsidies that refer to it. */
struct money_entry {
    uint8_t id[ID]; /* of the standard or the claim */
    uint8_t kind;
    bool wrong; /* a subsidy's amount does not follow from its terms */
    union {
        struct subsidy_terms terms; /* of the standard, or of the subsidy */
        int64_t fen;                /* amount of the claim, or of the subsidy */
    };
    size_t at; /* the row's place in the set */
};
enum { STANDARD, CLAIM, LINE_TERMS, LINE_AMOUNT };

static bool add(struct money *money, const struct row_record *record, const char *id, const char *fen,
                uint8_t kind, size_t at)
{
    bool of_terms = kind == STANDARD || kind == LINE_TERMS;
    struct row_record_field of, amount;
    struct subsidy_terms terms;
    if (!row_record_find(*record, id, ID, &of) || !row_record_find(*record, fen, sizeof(int64_t), &amount) ||
        (of_terms && !subsidy_terms_read(*record, fen, &terms)))
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
    *entry = (struct money_entry){.kind = kind, .at = at};
    if (of_terms)
        entry->terms = terms;
    else
        entry->fen = row_record_number(&amount);
    memcpy(entry->id, of.bytes, ID);
    return true;
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
    bool good = add(money, &record, "standard_id", "rate_fen", LINE_TERMS, at) &&
                add(money, &record, "claim_id", "amount_fen", LINE_AMOUNT, at);
    if (good && money->n > first)
        money->entries[money->n - 1].wrong = !subsidy_line_right(record);
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
        if (begin[i].kind == LINE_TERMS)
            rows[begin[i].at].rate =
                begin->kind != STANDARD || !subsidy_terms_same(&begin[i].terms, &begin->terms);
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
