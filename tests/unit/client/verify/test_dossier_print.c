/* SPDX-License-Identifier: Apache-2.0 */
/* Every column of every table that a dossier may have rows of has words for people, and a name for programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/cli/verify/dossier_print.h"
#include "proto/rules/pg_type.h"
#include "proto/tlog/covered.h"
#include "tests/unit/client/files.h"

enum { RECORD = 1024, NUMBER = 4 };

static uint8_t *put(uint8_t *at, uint32_t number)
{
    for (int i = 0; i < NUMBER; i++)
        at[i] = (uint8_t) (number >> 8 * (NUMBER - 1 - i));
    return at + NUMBER;
}

/* A row of so many fields as there are columns, in which nothing stands. */
static size_t nothing(const char *columns, uint8_t record[RECORD])
{
    uint32_t fields = 1;
    for (const char *at = columns; (at = strchr(at, ',')) != NULL; at++)
        fields++;
    uint8_t *end = put(record, fields);
    for (uint32_t i = 0; i < fields; i++) {
        assert_true(end + 2 * NUMBER <= record + RECORD);
        end = put(put(end, PG_TEXT), UINT32_MAX);
    }
    return (size_t) (end - record);
}

static const char *printed(const struct cli *cli, const struct covered *covered)
{
    uint8_t record[RECORD];
    Mingce__V1__DossierRow row = MINGCE__V1__DOSSIER_ROW__INIT, *rows[] = {&row};
    struct row_record opened;
    row.table = covered->table;
    row.columns = (char *) (uintptr_t) covered->columns;
    row.record = (ProtobufCBinaryData){nothing(covered->columns, record), record};
    assert_true(dossier_row_open(&opened, &row));
    struct listening listening = listen_to(stdout);
    dossier_rows_print(cli, rows, 1);
    return listen_end(&listening);
}

static void every_column_has_words_and_a_name(void **state)
{
    const struct covered *covered;
    size_t n = 0;
    (void) state;
    for (size_t i = 0; (covered = covered_at(i)) != NULL; i++) {
        if (!dossier_has_table(covered->table))
            continue;
        n++;
        if (dossier_table_name(&files.zh, covered->table)[0] == '\0')
            fail_msg("no words for the table %s", covered->name);
        const struct cli *people[] = {&files.zh, &files.en};
        for (size_t k = 0; k < 2; k++)
            if (strchr(printed(people[k], covered), '?') != NULL)
                fail_msg("a column of %s without words: %s", covered->name, files.said);
        if (strstr(printed(&files.json, covered), "\"\":") != NULL)
            fail_msg("a column of %s without a name: %s", covered->name, files.said);
    }
    assert_true(n > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_column_has_words_and_a_name, files_make, files_unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
