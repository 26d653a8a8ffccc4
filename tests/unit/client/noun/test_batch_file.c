/* SPDX-License-Identifier: Apache-2.0 */
/* The file that a bank gets, in parts (F13): all of them, or none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/cli/noun/batch_file.h"
#include "tests/unit/client/files.h"

enum { LINES = 4, AMOUNT = 150000 };

static Mingce__V1__BatchExportResponse head;
static Mingce__V1__Account account;
static Mingce__V1__BatchPayment payments[LINES], *listed[LINES];
static uint8_t subject[16];

static int make(void **state)
{
    mingce__v1__account__init(&account);
    account.account_number = account.account_name = account.bank = "6200000000000000000";
    mingce__v1__batch_export_response__init(&head);
    head.reference = head.purpose = "370100-20260101-0001";
    head.payer = &account;
    head.lines = LINES;
    head.amount_fen = LINES * AMOUNT;
    head.part_lines = 1;
    for (int i = 0; i < LINES; i++) {
        mingce__v1__batch_payment__init(&payments[i]);
        payments[i].line = (uint32_t) i + 1;
        payments[i].account = &account;
        payments[i].amount_fen = AMOUNT;
        payments[i].subject_id = (ProtobufCBinaryData){sizeof(subject), subject};
        listed[i] = &payments[i];
    }
    return files_make(state);
}

static const char *path_of(const char *name)
{
    static char path[FILES_PATH];
    snprintf(path, sizeof(path), "%s/%s", files.folder, name);
    return path;
}

static void every_part_is_a_file(void **state)
{
    (void) state;
    struct batch_file *file = batch_file_begin(path_of("out.csv"), false, &head);
    assert_int_equal(batch_file_add(&files.en, file, listed, LINES), CLI_OK);
    assert_true(batch_file_whole(file));
    assert_int_equal(batch_file_end(&files.en, file), CLI_OK);
    batch_file_free(file);
    assert_int_equal(files_count(false), LINES);
}

static void when_a_part_cannot_be_written_none_is_left(void **state)
{
    (void) state;
    int status;
    char path[FILES_PATH];
    assert_int_equal(mkdir(path_of("out-3.csv"), 0700), 0);
    snprintf(path, sizeof(path), "%s/out.csv", files.folder);
    struct batch_file *file = batch_file_begin(path, false, &head);
    SAID(status, batch_file_add(&files.en, file, listed, LINES));
    assert_int_equal(status, CLI_FILE);
    assert_false(batch_file_whole(file));
    batch_file_free(file);
    assert_int_equal(files_count(false), 1);
}

static void when_payments_are_missing_no_part_is_left(void **state)
{
    (void) state;
    struct batch_file *file = batch_file_begin(path_of("out.csv"), false, &head);
    assert_int_equal(batch_file_add(&files.en, file, listed, LINES - 1), CLI_OK);
    assert_false(batch_file_whole(file));
    batch_file_free(file);
    assert_int_equal(files_count(false), 0);
}

static void one_that_fails_leaves_the_parts_of_one_before_as_they_were(void **state)
{
    (void) state;
    struct batch_file *file;
    char names[LINES][FILES_PATH];
    for (int i = 0; i < LINES; i++) {
        char name[] = "out-?.csv";
        name[4] = (char) ('1' + i);
        snprintf(names[i], sizeof(names[i]), "%s", file_text(name, name));
    }
    file = batch_file_begin(path_of("out.csv"), false, &head);
    assert_int_equal(batch_file_add(&files.en, file, listed, LINES - 1), CLI_OK);
    batch_file_free(file);
    assert_int_equal(files_count(false), LINES);
    for (int i = 0; i < LINES; i++)
        expect_bytes(names[i], strrchr(names[i], '/') + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_part_is_a_file, make, files_unmake),
        cmocka_unit_test_setup_teardown(when_a_part_cannot_be_written_none_is_left, make, files_unmake),
        cmocka_unit_test_setup_teardown(one_that_fails_leaves_the_parts_of_one_before_as_they_were, make,
                                        files_unmake),
        cmocka_unit_test_setup_teardown(when_payments_are_missing_no_part_is_left, make, files_unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
