/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a file that contradict each other, however far apart they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/cli/command/said.h"
#include "proto/training.pb-c.h"

static struct said said;

static int forget(void **state)
{
    (void) state;
    said_free(&said);
    return 0;
}

/* The row that is contradicted, and in which field; 0: none. */
static uint32_t note(const ProtobufCMessage *row, const char *const says[SAID_FIELDS], const char *in)
{
    const char *field;
    uint32_t other = 0;
    assert_true(said_note(&said, row, says, &field, &other));
    if (field == NULL)
        return 0;
    assert_string_equal(field, in);
    return other;
}

static uint32_t attended(uint32_t number, const char *document, uint32_t lesson, int state)
{
    static const char *const says[SAID_FIELDS] = {"state"};
    Mingce__V1__AttendanceRow row = MINGCE__V1__ATTENDANCE_ROW__INIT;
    row.row = number;
    row.document_number = (char *) (uintptr_t) document;
    row.lesson = lesson;
    row.state = (Mingce__V1__AttendanceState) state;
    return note(&row.base, says, "state");
}

static void another_state_of_the_same_lesson_contradicts(void **state)
{
    (void) state;
    assert_int_equal(attended(1, "invented-1", 1, 1), 0);
    assert_int_equal(attended(2, "invented-1", 2, 2), 0);
    assert_int_equal(attended(3, "invented-2", 1, 2), 0);
    assert_int_equal(attended(900, "invented-1", 1, 1), 0);
    assert_int_equal(attended(901, "invented-1", 1, 2), 1);
    assert_int_equal(attended(902, "invented-1", 1, 1), 0);
}

static uint32_t marked(uint32_t number, uint32_t seat, int theory, int practice, const char *in)
{
    static const char *const says[SAID_FIELDS] = {"theory", "practice"};
    Mingce__V1__MarkRow row = MINGCE__V1__MARK_ROW__INIT;
    row.row = number;
    row.has_seat = true;
    row.seat = seat;
    row.has_theory = theory >= 0;
    row.has_practice = practice >= 0;
    row.theory = theory < 0 ? 0 : (uint32_t) theory;
    row.practice = practice < 0 ? 0 : (uint32_t) practice;
    return note(&row.base, says, in);
}

static void a_mark_that_is_not_given_contradicts_none(void **state)
{
    (void) state;
    assert_int_equal(marked(1, 1, 600, -1, ""), 0);
    assert_int_equal(marked(2, 1, -1, 700, ""), 0);
    assert_int_equal(marked(3, 1, 600, 700, ""), 0);
    assert_int_equal(marked(4, 1, 600, 0, "practice"), 2);
    assert_int_equal(marked(5, 1, 0, -1, "theory"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(another_state_of_the_same_lesson_contradicts, forget),
        cmocka_unit_test_teardown(a_mark_that_is_not_given_contradicts_none, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
