/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of dossiers, by the columns that cover them now and by those of earlier dossiers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/tlog/covered.h"
#include "proto/tlog/dossier.h"

#define STEP "claim_id, version, action, state, operator_id, reason, fraud, request_id, stepped_at"

enum { FIELD = 8 };

/* Whether a row of as many fields, all NULL, is read by these columns. */
static bool opens(Mingce__V1__RowTable table, const char *columns, uint8_t fields)
{
    uint8_t record[4 + 16 * FIELD];
    struct row_record opened;
    Mingce__V1__DossierRow row = MINGCE__V1__DOSSIER_ROW__INIT;
    memset(record, 0xff, sizeof(record));
    memcpy(record, (uint8_t[]){0, 0, 0, fields}, 4);
    row.table = table;
    row.columns = (char *) (uintptr_t) columns;
    row.record = (ProtobufCBinaryData){4u + fields * (size_t) FIELD, record};
    return dossier_row_open(&opened, &row);
}

static void a_row_is_read_by_its_columns(void **state)
{
    (void) state;
    assert_true(opens(MINGCE__V1__ROW_TABLE__ROWS_CLAIM_STEP, STEP ", salt", 10));
    assert_false(opens(MINGCE__V1__ROW_TABLE__ROWS_CLAIM_STEP, STEP ", salt", 9));
}

static void a_dossier_made_before_a_column_was_added_is_read(void **state)
{
    (void) state;
    assert_true(opens(MINGCE__V1__ROW_TABLE__ROWS_CLAIM_STEP, STEP, 9));
    assert_false(opens(MINGCE__V1__ROW_TABLE__ROWS_CLAIM_STEP, STEP, 10));
}

static void no_other_columns_are_believed(void **state)
{
    (void) state;
    assert_false(opens(MINGCE__V1__ROW_TABLE__ROWS_CLAIM_STEP, "claim_id", 1));
    assert_false(opens(MINGCE__V1__ROW_TABLE__ROWS_CLAIM_LINE, STEP, 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_read_by_its_columns),
        cmocka_unit_test(a_dossier_made_before_a_column_was_added_is_read),
        cmocka_unit_test(no_other_columns_are_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
