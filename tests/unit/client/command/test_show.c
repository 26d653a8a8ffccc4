/* SPDX-License-Identifier: Apache-2.0 */
/* Messages shown by a description of their columns, to people and to programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/cli/command/part.h"
#include "proto/account.pb-c.h"
#include "proto/standard.pb-c.h"
#include "proto/training.pb-c.h"
#include "tests/unit/client/files.h"

static void own_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    (void) message;
    table_text(table, cli->json ? "own" : "its own");
}

static const char *record(const struct cli *cli, const struct show *show, const ProtobufCMessage *message)
{
    struct listening listening = listen_to(stdout);
    show_record(cli, show, message);
    return listen_end(&listening);
}

static void each_field_is_shown_as_what_it_is(void **state)
{
    static const struct shown columns[] = {
        {"seat", "班内序号", "seat", .as = AS_NUMBER},
        {"name", "姓名", "name", .as = AS_TEXT},
        {"from", "开始", "from", .as = AS_MINUTE, .field = "attended"},
        {"theory", "理论", "theory", .as = AS_MARK},
        {"result", "结果", "result", .as = AS_WORD, .words = WORD_RESULT},
        {"own", "自己", "own", .as = AS_CELL, .cell = own_cell},
    };
    static const struct show show = SHOW(columns);
    Mingce__V1__TrainingRecord shown = MINGCE__V1__TRAINING_RECORD__INIT;
    (void) state;
    shown.seat = 7;
    shown.name = (char[]){"张*"};
    shown.attended = 8 * 60 + 5;
    shown.has_theory = true;
    shown.theory = 805;
    shown.has_result = true;
    shown.result = MINGCE__V1__TRAINING_RESULT__RESULT_COMPLETED;
    assert_string_equal(
        record(&files.zh, &show, &shown.base),
        "班内序号  7\n姓名      张*\n开始      08:05\n理论      80.5\n结果      结业\n自己      its own\n");
    assert_string_equal(record(&files.json, &show, &shown.base),
                        "{\"seat\":7,\"name\":\"张*\",\"from\":\"08:05\",\"theory\":80.5,\"result\":"
                        "\"completed\",\"own\":\"own\"}\n");
    shown.has_theory = shown.has_result = false;
    assert_string_equal(
        record(&files.json, &show, &shown.base),
        "{\"seat\":7,\"name\":\"张*\",\"from\":\"08:05\",\"theory\":null,\"result\":null,\"own\":\"own\"}\n");
}

static void what_is_not_there_may_mean_all(void **state)
{
    static const struct shown columns[] = {
        {"standard_id", "提议编号", "proposal", .as = AS_ID},
        {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL, .all = true},
        {"amount_fen", "标准（元）", "yuan", .as = AS_MONEY},
    };
    static const struct show show = SHOW(columns);
    Mingce__V1__Standard shown = MINGCE__V1__STANDARD__INIT;
    uint8_t id[2] = {0x0a, 0xff};
    (void) state;
    shown.standard_id = (ProtobufCBinaryData){sizeof(id), id};
    shown.amount_fen = 150050;
    assert_string_equal(record(&files.en, &show, &shown.base),
                        "proposal  0aff\nlevel     all\nyuan      1500.50\n");
    assert_string_equal(record(&files.json, &show, &shown.base),
                        "{\"standard_id\":\"0aff\",\"level\":null,\"amount_fen\":150050}\n");
}

static const struct shown enrolment_columns[] = {
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"address", "家庭住址", "address", .as = AS_TEXT, .field = "stated.address"},
};
static const struct shown person_columns[] = {{"name", "姓名", "name", .as = AS_TEXT}};
static const struct part parts[] = {
    {"person", "person", NULL, NULL, .show = SHOW(person_columns), .always = true},
    {"enrolment", "enrolment", "参训记录", "enrolments", .show = SHOW(enrolment_columns)},
    {"claim", "claim", "补贴申领", "claims", .show = {NULL, 0}},
};

static const char *account(const struct cli *cli, const Mingce__V1__PersonAccount *shown)
{
    struct listening listening = listen_to(stdout);
    parts_print(cli, parts, sizeof(parts) / sizeof(*parts), &shown->base);
    return listen_end(&listening);
}

/* Also of a message within the message; a part without a row is left out. */
static void parts_are_tables_or_rows_that_say_their_part(void **state)
{
    Mingce__V1__PersonAccount shown = MINGCE__V1__PERSON_ACCOUNT__INIT;
    Mingce__V1__Person person = MINGCE__V1__PERSON__INIT;
    Mingce__V1__PersonEnrolment masked = MINGCE__V1__PERSON_ENROLMENT__INIT, clear = masked,
                                *enrolments[] = {&masked, &clear};
    Mingce__V1__EnrolmentRecord stated = MINGCE__V1__ENROLMENT_RECORD__INIT;
    (void) state;
    person.name = (char[]){"张*"};
    shown.person = &person;
    shown.enrolment = enrolments;
    shown.n_enrolment = 2;
    masked.class_number = 1;
    clear.class_number = 2;
    clear.stated = &stated;
    stated.address = (char[]){"某路1号"};
    assert_string_equal(account(&files.en, &shown),
                        "name\n张*\n\nenrolments\nclass  address\n    1  \n    2  某路1号\n");
    assert_string_equal(account(&files.json, &shown),
                        "{\"part\":\"person\",\"name\":\"张*\"}\n{\"part\":\"enrolment\",\"class_number\":1,"
                        "\"address\":null}\n"
                        "{\"part\":\"enrolment\",\"class_number\":2,\"address\":\"某路1号\"}\n");
    shown.n_enrolment = 0;
    assert_string_equal(account(&files.json, &shown), "{\"part\":\"person\",\"name\":\"张*\"}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_field_is_shown_as_what_it_is, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(what_is_not_there_may_mean_all, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(parts_are_tables_or_rows_that_say_their_part, files_make,
                                        files_unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
