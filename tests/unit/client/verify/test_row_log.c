/* SPDX-License-Identifier: Apache-2.0 */
/* Which changes of rows the entries of their transaction explain: those of methods that may change such rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/cli/verify/row_log.h"
#include "daemon/base/compiler.h"
#include "proto/wire/changes.h"

enum { LOG_HEAD = 16 };

struct scene {
    struct row_set set;
    struct row_log log;
    uint64_t at;
};

static void enter(struct scene *scene, char transaction, const char *method, Mingce__V1__RowTable table,
                  enum _Mingce__V1__Outcome outcome)
{
    static uint8_t zeros[32], now[ROW_DIGEST] = {1}, key[] = {'k', 'e', 'y'};
    uint8_t id[8] = {(uint8_t) transaction};
    Mingce__V1__AuditEntry entry = MINGCE__V1__AUDIT_ENTRY__INIT;
    Mingce__V1__RowChange change = MINGCE__V1__ROW_CHANGE__INIT, *changes[] = {&change};
    uint8_t bytes[512];
    entry.version = 1;
    entry.at_ms = 1;
    entry.method = unconst(method);
    entry.operator_id = entry.organisation_id = entry.request_id = (ProtobufCBinaryData){LOG_HEAD, zeros};
    entry.request_digest = (ProtobufCBinaryData){sizeof(zeros), zeros};
    entry.outcome = (Mingce__V1__Outcome) outcome;
    entry.has_transaction = true;
    entry.transaction = (ProtobufCBinaryData){sizeof(id), id};
    change.table = table;
    change.key = (ProtobufCBinaryData){sizeof(key), key};
    change.has_now = true;
    change.now = (ProtobufCBinaryData){sizeof(now), now};
    if (strcmp(method, "rows") == 0) {
        entry.n_row = 1;
        entry.row = changes;
    }
    ProtobufCBinaryData body = {mingce__v1__audit_entry__pack(&entry, bytes), bytes};
    assert_true(body.len <= sizeof(bytes));
    assert_true(row_log_take(&scene->log, scene->at++, &body));
}

static bool unexplained(struct scene *scene, Mingce__V1__RowTable table)
{
    ProtobufCBinaryData key = {3, (uint8_t[]){'k', 'e', 'y'}};
    const struct row *row = row_of(&scene->set, (int) table, &key);
    assert_non_null(row);
    return row->unexplained != 0;
}

/* Of a change of that table, and an entry before and behind it (NULL: none), of the same transaction. */
static bool left(const char *before, Mingce__V1__RowTable table, const char *behind,
                 enum _Mingce__V1__Outcome outcome)
{
    struct scene scene = {.at = 0};
    scene.log.set = &scene.set;
    if (before != NULL)
        enter(&scene, 'a', before, table, outcome);
    enter(&scene, 'a', "rows", table, MINGCE__V1__OUTCOME__OUTCOME_DONE);
    if (behind != NULL)
        enter(&scene, 'a', behind, table, outcome);
    enter(&scene, 'b', "claim.pay", table,
          MINGCE__V1__OUTCOME__OUTCOME_DONE); /* another's explains nothing */
    bool found = unexplained(&scene, table);
    row_log_free(&scene.log);
    row_set_free(&scene.set);
    return found;
}

#define CLAIM    MINGCE__V1__ROW_TABLE__ROWS_CLAIM
#define STEP     MINGCE__V1__ROW_TABLE__ROWS_CLAIM_STEP
#define OPERATOR MINGCE__V1__ROW_TABLE__ROWS_OPERATOR
#define SCHEMA   MINGCE__V1__ROW_TABLE__ROWS_SCHEMA
#define DONE     MINGCE__V1__OUTCOME__OUTCOME_DONE

static void a_method_explains_its_own_tables(void **state)
{
    (void) state;
    assert_false(left("claim.pay", STEP, NULL, DONE));
    assert_false(left(NULL, CLAIM, "claim.pay", DONE));
    assert_false(left("class.open", CLAIM, "claim.review", DONE));
    assert_false(left(NULL, OPERATOR, "change.confirm", DONE));
    assert_false(left("migrate", OPERATOR, NULL, DONE));
    assert_false(left("migrate", SCHEMA, NULL, DONE));
    assert_false(left(NULL, SCHEMA, "schema.accept", DONE));
}

static void and_no_others(void **state)
{
    (void) state;
    assert_true(left(NULL, CLAIM, NULL, DONE));
    assert_true(left("class.open", CLAIM, "person.find", DONE));
    assert_true(left(NULL, OPERATOR, "change.reject", DONE));
    assert_true(left("claim.pay", OPERATOR, "claim.pay", DONE));
    assert_true(left("schema.accept", OPERATOR, NULL, DONE));
    assert_true(left("claim.pay", SCHEMA, NULL, DONE));
    assert_true(left("look", STEP, "login", DONE));
    assert_true(left("nonsense", STEP, "", DONE));
    assert_true(left("claim.pay", STEP, NULL, MINGCE__V1__OUTCOME__OUTCOME_NOT_ALLOWED));
}

static void names_are_whole(void **state)
{
    (void) state;
    assert_true(method_changes("claim.pay", "claim"));
    assert_true(method_changes("claim.pay", "claim_step"));
    assert_false(method_changes("claim.pay", "step"));
    assert_false(method_changes("claim.pay", ""));
    assert_false(method_changes("claim.pay", "claim_"));
    assert_false(method_changes("claim", "claim"));
    assert_false(method_changes("claim.pay",
                                "a_name_that_is_longer_than_any_table_of_the_registry_could_ever_be_there"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_method_explains_its_own_tables),
        cmocka_unit_test(and_no_others),
        cmocka_unit_test(names_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
