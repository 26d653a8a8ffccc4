/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/verify/row_set.h"

#include "proto/tlog/sha256.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t absent[ROW_DIGEST];

static bool same(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, ROW_DIGEST) == 0;
}

/* ---- by key ---- */

static bool grow(struct row_set *set)
{
    size_t room = set->room == 0 ? 4096 : set->room * 2;
    struct row *rows = realloc(set->rows, room * sizeof(*rows));
    set->rows = rows == NULL ? set->rows : rows;
    uint32_t *places = rows == NULL || room > UINT32_MAX / 4 ? NULL : calloc(2 * room, sizeof(*places));
    if (places == NULL)
        return false;
    free(set->places);
    set->places = places;
    set->room = room;
    for (size_t i = 0; i < set->n; i++) {
        size_t at;
        memcpy(&at, set->rows[i].id, sizeof(at));
        for (at &= 2 * room - 1; places[at] != 0; at = (at + 1) & (2 * room - 1))
            ;
        places[at] = (uint32_t) i + 1;
    }
    return true;
}

struct row *row_of(struct row_set *set, int table, const ProtobufCBinaryData *key)
{
    uint8_t hash[SHA256_BYTES], number = (uint8_t) table;
    size_t n = key->len + 1, at;
    uint8_t *named = malloc(n);
    if (named == NULL || n > UINT32_MAX || (set->n == set->room && !grow(set))) {
        free(named);
        return NULL;
    }
    named[0] = number;
    if (key->len > 0)
        memcpy(named + 1, key->data, key->len);
    sha256(named, n, hash);
    memcpy(&at, hash, sizeof(at));
    for (at &= 2 * set->room - 1; set->places[at] != 0; at = (at + 1) & (2 * set->room - 1))
        if (memcmp(set->rows[set->places[at] - 1].id, hash, ROW_ID) == 0) {
            free(named);
            return &set->rows[set->places[at] - 1];
        }
    struct row *row = &set->rows[set->n++];
    *row = (struct row){.key = named, .key_n = (uint32_t) n, .table = number, .held = true};
    memcpy(row->id, hash, ROW_ID);
    set->places[at] = (uint32_t) set->n;
    return row;
}

/* ---- what the log says ---- */

static bool moment_add(struct row_set *set, uint32_t *list, const uint8_t *digest, bool taken)
{
    if (set->moments_n == set->moments_room) {
        size_t room = set->moments_room == 0 ? 256 : set->moments_room * 2;
        struct row_moment *more = room > UINT32_MAX ? NULL : realloc(set->moments, room * sizeof(*more));
        if (more == NULL)
            return false;
        set->moments = more;
        set->moments_room = room;
    }
    struct row_moment *moment = &set->moments[set->moments_n++];
    *moment = (struct row_moment){.next = *list, .taken = taken};
    memcpy(moment->digest, digest, ROW_DIGEST);
    *list = (uint32_t) set->moments_n;
    return true;
}

/* Removes from the row's list the digest that matches this one; false: there is none. */
static bool end_match(struct row_set *set, struct row *row, const uint8_t *digest, bool taken)
{
    for (uint32_t *at = &row->open; *at != 0; at = &set->moments[*at - 1].next) {
        const struct row_moment *end = &set->moments[*at - 1];
        if (end->taken == taken && same(end->digest, digest)) {
            *at = end->next;
            return true;
        }
    }
    return false;
}

/* A digest that was made and not replaced becomes the row's last one, unless it has one. */
static void end_hold(struct row_set *set, struct row *row)
{
    for (uint32_t *at = &row->open; *at != 0 && !row->held; at = &set->moments[*at - 1].next) {
        const struct row_moment *end = &set->moments[*at - 1];
        if (!end->taken) {
            memcpy(row->last, end->digest, ROW_DIGEST);
            row->held = true;
            *at = end->next;
            return;
        }
    }
}

bool row_change(struct row_set *set, struct row *row, const uint8_t *was, const uint8_t *now)
{
    bool good = true;
    was = was == NULL ? absent : was;
    now = now == NULL ? absent : now;
    if (row->held && same(row->last, was))
        row->held = false;
    else if (!end_match(set, row, was, false))
        good = moment_add(set, &row->open, was, true);
    if (good && !end_match(set, row, now, true)) {
        if (row->held)
            good = moment_add(set, &row->open, now, false);
        else
            memcpy(row->last, now, ROW_DIGEST);
        row->held = true;
    }
    end_hold(set, row);
    return good && (!set->between || moment_add(set, &row->moment, now, false));
}

void row_set_passed(struct row_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        memcpy(set->rows[i].first, set->rows[i].last, ROW_DIGEST);
    set->between = true;
}

/* ---- the verdict ---- */

enum row_finding row_judge(const struct row_set *set, const struct row *row)
{
    bool right = same(row->live, row->last) || same(row->live, row->first);
    for (uint32_t i = row->moment; i != 0 && !right; i = set->moments[i - 1].next)
        right = same(row->live, set->moments[i - 1].digest);
    if (!right)
        return same(row->live, absent) ? ROW_NO_ROW : same(row->last, absent) ? ROW_NO_ENTRY : ROW_DIFFERS;
    return !row->held || row->open != 0 ? ROW_CONTRADICTS
           : row->unexplained != 0      ? ROW_UNEXPLAINED
           : row->rate                  ? ROW_RATE
           : row->amount                ? ROW_AMOUNT
                                        : ROW_RIGHT;
}

size_t row_findings(const struct row_set *set)
{
    size_t n = 0;
    for (size_t i = 0; i < set->n; i++)
        n += row_judge(set, &set->rows[i]) != ROW_RIGHT;
    return n;
}

size_t row_unsettled(const struct row_set *set, uint64_t run_at)
{
    size_t n = 0;
    for (size_t i = 0; i < set->n; i++) {
        enum row_finding finding = row_judge(set, &set->rows[i]);
        n += (finding != ROW_RIGHT && finding < ROW_UNEXPLAINED) ||
             (finding == ROW_UNEXPLAINED && set->rows[i].unexplained == run_at + 1);
    }
    return n;
}

void row_set_free(struct row_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        free(set->rows[i].key);
    free(set->rows);
    free(set->places);
    free(set->moments);
}
