/* SPDX-License-Identifier: Apache-2.0 */
/* What entries say of rows: a row stands as long as nothing was made of it, by entries that count once each. */
#include "proto/tlog/dossier_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 4 };
#define TABLE MINGCE__V1__ROW_TABLE__ROWS_CLAIM

/* An entry of one change: digest `was` became `now`, each of one byte repeated; 0: none. */
struct change {
    uint8_t was, now;
    uint64_t leaf;
};

static uint8_t digests[256][SHA256_BYTES];

static ProtobufCBinaryData digest_of(uint8_t n)
{
    memset(digests[n], n, SHA256_BYTES);
    return (ProtobufCBinaryData){SHA256_BYTES, digests[n]};
}

/* How often that digest stands by these entries. */
static int standing(const struct change *changes, size_t n, uint8_t digest)
{
    Mingce__V1__RowChange change[MOST], *row[MOST];
    Mingce__V1__AuditEntry body[MOST], *entries[MOST];
    Mingce__V1__DossierEntry entry[MOST], *listed[MOST];
    Mingce__V1__Dossier dossier = MINGCE__V1__DOSSIER__INIT;
    char rows[] = "rows";
    bool made;
    for (size_t i = 0; i < n; i++) {
        mingce__v1__row_change__init(&change[i]);
        change[i].table = TABLE;
        change[i].has_was = changes[i].was != 0;
        change[i].was = digest_of(changes[i].was);
        change[i].has_now = changes[i].now != 0;
        change[i].now = digest_of(changes[i].now);
        row[i] = &change[i];
        mingce__v1__audit_entry__init(&body[i]);
        body[i].method = rows;
        body[i].n_row = 1;
        body[i].row = &row[i];
        entries[i] = &body[i];
        mingce__v1__dossier_entry__init(&entry[i]);
        entry[i].leaf_index = changes[i].leaf;
        listed[i] = &entry[i];
    }
    dossier.n_entry = n;
    dossier.entry = listed;
    struct dossier_index *index = dossier_index_new(&dossier, entries);
    assert_non_null(index);
    int stands = dossier_standing(index, TABLE, digest_of(digest).data, &made);
    dossier_index_free(index);
    return stands;
}

static void what_was_made_stands_until_it_is_changed(void **state)
{
    static const struct change story[] = {{0, 1, 7}, {1, 2, 9}};
    (void) state;
    assert_int_equal(standing(story, 1, 1), 1);
    assert_int_equal(standing(story, 2, 1), 0);
    assert_int_equal(standing(story, 2, 2), 1);
    assert_int_equal(standing(story, 2, 3), 0);
}

/* Otherwise what a row was would stand beside what it is. */
static void e15_an_entry_said_twice_counts_once(void **state)
{
    static const struct change twice[] = {{0, 1, 7}, {1, 2, 9}, {0, 1, 7}};
    static const struct change back[] = {{0, 1, 7}, {1, 2, 9}, {2, 1, 12}};
    (void) state;
    assert_int_equal(standing(twice, 3, 1), 0);
    assert_int_equal(standing(twice, 3, 2), 1);
    assert_int_equal(standing(back, 3, 1), 1); /* of another entry */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_made_stands_until_it_is_changed),
        cmocka_unit_test(e15_an_entry_said_twice_counts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
