/* SPDX-License-Identifier: Apache-2.0 */
/* What is read of a command line by a row of a table: each kind of value, what is needed, what is near. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/near.h"
#include "proto/rules/codes.h"
#include "proto/rules/day.h"
#include "tests/unit/client/files.h"

enum { WORDS = 32, WORD_TEXT = 2048, ID_DIGITS = 2 * HEX_ID };

static bool choices(size_t i, struct choice *choice)
{
    static const struct choice all[] = {{"apples", "苹果"}, {"pears", "梨"}};
    if (i < sizeof(all) / sizeof(*all))
        *choice = all[i];
    return i < sizeof(all) / sizeof(*all);
}

static const struct command command = {
    .noun = "fruit",
    .verb = "count",
    .zh = "清点",
    .en = "counts fruit",
    ARGUMENTS({"KIND", VALUE_CHOICE, NEEDED, .choice = choices, .zh = "种类", .en = "the kind"},
              {"MORE", VALUE_TEXT, .zh = "其他", .en = "more"}),
    OPTIONS(
        {"many", VALUE_NUMBER, NEEDED, .least = 1, .most = 2000, .zh = "数量", .en = "how many"},
        {"day", VALUE_DAY, .zh = "日期", .en = "the day"},
        {"price", VALUE_YUAN, .zh = "价格", .en = "the price"},
        {"level", VALUE_WORD, .table = WORD_LEVEL, .otherwise = "junior", .zh = "等级", .en = "the level"},
        {"roles", VALUE_WORDS, .table = WORD_ROLE, .zh = "角色", .en = "roles"},
        {"training", VALUE_CODE, .table = CODES_TRAINING_KIND, .zh = "类型", .en = "the kind",
         .list = "kinds"},
        {"occupation", VALUE_OCCUPATION, .zh = "职业", .en = "the occupation"},
        {"id", VALUE_ID, .zh = "编号", .en = "an id"}, {"ids", VALUE_IDS, .zh = "编号", .en = "ids"},
        {"hash", VALUE_KEY_HASH, .zh = "摘要", .en = "a hash"},
        {"note", VALUE_TEXT, .zh = "说明", .en = "a note"},
        {"dry-run", VALUE_FLAG, .zh = "试", .en = "tries"}, {"in", VALUE_FILE, .zh = "读", .en = "reads"},
        {"output", VALUE_NEW_FILE, .zh = "写", .en = "writes"},
        {"folder", VALUE_DIRECTORY, .zh = "目录", .en = "a folder"},
        {"one", VALUE_TEXT, .with = "other", .zh = "一", .en = "one"},
        {"other", VALUE_TEXT, .zh = "二", .en = "two"}),
};

static const struct command either = {.noun = "fruit",
                                      .zh = "选",
                                      .en = "chooses",
                                      OPTIONS({"left", VALUE_TEXT, EITHER, .zh = "左", .en = "left"},
                                              {"right", VALUE_TEXT, EITHER, .zh = "右", .en = "right"})};
static const struct command list = {.noun = "fruit",
                                    .zh = "列",
                                    .en = "lists",
                                    OPTIONS({"output", VALUE_LIST_FILE, .zh = "文件", .en = "a file"})};
static struct given given;
static struct cli cli;

/* Reads the words, up to a NULL; what was said is in files.said. */
static enum given_verdict read_words(const struct command *row, const char *const *words)
{
    static char texts[WORDS][WORD_TEXT];
    char *argv[WORDS + 1] = {NULL};
    int argc = 0, verdict;
    for (; words[argc] != NULL; argc++) {
        snprintf(texts[argc], WORD_TEXT, "%s", words[argc]);
        argv[argc] = texts[argc];
    }
    SAID(verdict, (int) given_read(&cli, row, argc, argv, &given));
    return (enum given_verdict) verdict;
}

static void clean(bool zh)
{
    cli = (struct cli){.program = "mingce", .profiles = true, .zh = zh};
}

#define READ(...)                                                                                            \
    (clean(false), read_words(&command, (const char *const[]){"count", "apples", "--many", "1",              \
                                                              __VA_ARGS__ __VA_OPT__(, ) NULL}))
#define GOOD(...) assert_int_equal(READ(__VA_ARGS__), GIVEN_GOOD)
/* It is refused, in each language, and the option is named. */
#define WRONG(option, en, ...)                                                                               \
    do {                                                                                                     \
        assert_int_equal(READ(__VA_ARGS__), GIVEN_WRONG);                                                    \
        if (strstr(files.said, en) == NULL || strstr(files.said, option) == NULL)                            \
            fail_msg("%s", files.said);                                                                      \
        clean(true);                                                                                         \
        assert_int_equal(read_words(&command, (const char *const[]){"count", "apples", "--many", "1",        \
                                                                    __VA_ARGS__, NULL}),                     \
                         GIVEN_WRONG);                                                                       \
        if (strstr(files.said, en) != NULL || strstr(files.said, option) == NULL)                            \
            fail_msg("%s", files.said);                                                                      \
    } while (0)

static void each_kind_is_read(void **state)
{
    static const char id[] = "00112233445566778899aabbccddeeff";
    char hash[2 * ID_DIGITS + 1];
    const uint8_t *roles;
    (void) state;
    snprintf(hash, sizeof(hash), "%s%s", id, id);
    GOOD("--day", "2026-03-01", "--price=12.5", "--level", "高级工", "--roles", "clerk,复核", "--training",
         "1");
    assert_int_equal(given_number(&given, "many"), 1);
    assert_int_equal(given_day(&given, "day"), day_parse("2026-03-01"));
    assert_int_equal(given_fen(&given, "price"), 1250);
    assert_int_equal(given_word(&given, "level"), word_number(WORD_LEVEL, "senior"));
    assert_int_equal(given_words(&given, "roles", &roles), 2);
    assert_int_equal(roles[1], word_number(WORD_ROLE, "approver"));
    assert_int_equal(given_number(&given, "training"), 1);
    GOOD("--id", id, "--ids", id, "--hash", hash, "--note", "", "--dry-run", "--in", "a", "--folder", "b");
    assert_int_equal(given_id(&given, "id").data[15], 0xff);
    assert_int_equal(given_key_hash(&given, "hash").len, HEX_KEY_HASH);
    assert_true(given_has(&given, "dry-run") && given_has(&given, "note") && !given_has(&given, "day"));
    assert_string_equal(given_text(&given, "in"), "a");
    GOOD("--occupation", "家政服务员", "more");
    assert_string_equal(given_text(&given, "occupation"), "4-10-01-06");
    assert_string_equal(given_text(&given, "MORE"), "more");
}

static void each_kind_has_wrong_values(void **state)
{
    (void) state;
    WRONG("--many", "a whole number from 1 to 2000 is expected", "--many", "2001");
    WRONG("--many", "a whole number from 1 to 2000 is expected", "--many", "-1");
    WRONG("--day", "a day is written", "--day", "2026-02-30");
    WRONG("--price", "an amount in yuan", "--price", "1.234");
    WRONG("--level", "no such word", "--level", "great");
    WRONG("--roles", "no such word", "--roles", "clerk,boss");
    WRONG("--roles: 1–16", "too many values", "--roles",
          "clerk,clerk,clerk,clerk,clerk,clerk,clerk,clerk,clerk,clerk,clerk,clerk,clerk,clerk,clerk,clerk,"
          "clerk");
    WRONG("--training", "there is no such code or name: mingce code list kinds has them", "--training", "99");
    WRONG("--id", "32 hexadecimal digits", "--id", "1234");
    WRONG("--ids", "32 hexadecimal digits", "--ids", "00112233445566778899aabbccddeeff,12");
    WRONG("--hash", "64 hexadecimal digits", "--hash", "00112233445566778899aabbccddeeff");
    WRONG("--in", "the name of a file", "--in", "");
    WRONG("--folder", "the name of a file", "--folder", "");
    clean(false);
    assert_int_equal(read_words(&command, (const char *const[]){"count", "plums", "--many", "1", NULL}),
                     GIVEN_WRONG);
    assert_non_null(strstr(files.said, "KIND"));
    assert_non_null(strstr(files.said, "apples pears"));
}

static void a_default_stands_for_what_is_not_given(void **state)
{
    (void) state;
    GOOD("--dry-run");
    assert_int_equal(given_word(&given, "level"), word_number(WORD_LEVEL, "junior"));
    assert_false(given_has(&given, "level"));
    assert_null(given_text(&given, "level"));
    assert_int_equal(given_fen(&given, "price"), 0);
}

static void what_is_needed_is_asked_for(void **state)
{
    (void) state;
    clean(false);
    assert_int_equal(read_words(&command, (const char *const[]){"count", "apples", NULL}), GIVEN_WRONG);
    assert_non_null(strstr(files.said, "an option is missing (--many)"));
    assert_int_equal(read_words(&command, (const char *const[]){"count", "--many", "1", NULL}), GIVEN_WRONG);
    assert_non_null(strstr(files.said, "an argument is missing (KIND)"));
    WRONG("too", "an argument too many", "more", "too");
    WRONG("--one", "an option needs another one", "--one", "1");
    WRONG("--note", "lacks its value", "--note");
    GOOD("--one", "1", "--other", "2");
}

static void one_of_several_is_needed(void **state)
{
    (void) state;
    clean(false);
    assert_int_equal(read_words(&either, (const char *const[]){"fruit", "--right", "1", NULL}), GIVEN_GOOD);
    assert_int_equal(read_words(&either, (const char *const[]){"fruit", NULL}), GIVEN_WRONG);
    assert_non_null(strstr(files.said, "only one"));
    assert_non_null(strstr(files.said, "--left TEXT | --right TEXT"));
    assert_int_equal(read_words(&either, (const char *const[]){"fruit", "--right", "1", "--left", "1", NULL}),
                     GIVEN_WRONG);
}

static void a_mistyped_option_has_a_near_one(void **state)
{
    (void) state;
    WRONG("--levle", "did you mean --level?", "--levle", "junior");
    WRONG("--proce", "did you mean --price?", "--proce=1");
    WRONG("--josn", "did you mean --json?", "--josn");
    WRONG("--frobnicate", "there is no such option (--frobnicate)", "--frobnicate");
    WRONG("--dry-run", "takes no value", "--dry-run=1");
    WRONG("-x", "there is no such option (-x)", "-x");
    clean(false);
    assert_int_equal(read_words(&either, (const char *const[]){"fruit", "--left", "1", "-o", "x", NULL}),
                     GIVEN_WRONG);
    assert_non_null(strstr(files.said, "there is no such option (-o)"));
    GOOD("--pri", "3"); /* what begins one option alone stands for it */
    assert_int_equal(given_fen(&given, "price"), 300);
}

static void words_are_near_by_letters(void **state)
{
    static const char *const words[] = {"import", NULL, "list", "remove", "restore"};
    (void) state;
    assert_string_equal(near_word("improt", words, 5), "import");
    assert_string_equal(near_word("lst", words, 5), "list");
    assert_string_equal(near_word("rem", words, 5), "remove");
    assert_null(near_word("export", words, 1) == NULL ? near_word("quite-else", words, 5) : NULL);
    assert_null(near_word("", words, 5));
    assert_null(near_word("a-word-that-is-longer-than-any-that-there-is-here", words, 5));
}

static void what_is_written_is_not_what_is_read(void **state)
{
    const char *path = file_text("a.csv", "a\n");
    (void) state;
    GOOD("--in", path, "-o", file_path("b.csv"));
    assert_string_equal(given_text(&given, "output"), file_path("b.csv"));
    WRONG("a.csv", "must be another file", "--in", path, "--output", path);
}

static void what_every_command_takes(void **state)
{
    static char long_note[WORD_TEXT];
    (void) state;
    GOOD("--json", "--profile", "clerk");
    assert_true(cli.json);
    assert_string_equal(cli.profile, "clerk");
    assert_int_equal(READ("--help"), GIVEN_HELP);
    assert_int_equal(READ("-h"), GIVEN_HELP);
    cli = (struct cli){.program = "mingce-witness"}; /* one that calls no server has no profiles */
    assert_int_equal(
        read_words(&command, (const char *const[]){"count", "apples", "--many", "1", "--profile", "x", NULL}),
        GIVEN_WRONG);
    memset(long_note, 'x', sizeof(long_note) - 1);
    GOOD("--note", long_note);
    assert_int_equal(strlen(given_text(&given, "note")), GIVEN_TEXT - 1);
}

#define LIST(verdict, ...)                                                                                   \
    (clean(false),                                                                                           \
     assert_int_equal(read_words(&list, (const char *const[]){"fruit" __VA_OPT__(, ) __VA_ARGS__, NULL}),    \
                      verdict))

static void a_list_goes_into_a_file_or_is_json(void **state)
{
    (void) state;
    LIST(GIVEN_GOOD);
    assert_int_equal(cli.format, FORMAT_TABLE);
    LIST(GIVEN_GOOD, "-o", "x");
    assert_string_equal(cli.output, "x");
    assert_int_equal(cli.format, FORMAT_CSV);
    LIST(GIVEN_WRONG, "-o", "x", "--json");
    assert_non_null(strstr(files.said, "not together with --json"));
    LIST(GIVEN_WRONG, "-o", "x", "--format", "table");
    LIST(GIVEN_WRONG, "-o", "x", "--format=json");
}

static void the_format_is_said_or_the_name_says_it(void **state)
{
    (void) state;
    LIST(GIVEN_GOOD, "-o", "x.xlsx");
    assert_int_equal(cli.format, FORMAT_XLSX);
    LIST(GIVEN_GOOD, "-o", "X.XLSX");
    assert_int_equal(cli.format, FORMAT_XLSX);
    LIST(GIVEN_GOOD, "-o", ".xlsx");
    assert_int_equal(cli.format, FORMAT_CSV);
    LIST(GIVEN_GOOD, "-o", "x.xlsx", "--format", "csv");
    assert_int_equal(cli.format, FORMAT_CSV);
    LIST(GIVEN_GOOD, "-o", "x", "--format", "xlsx");
    assert_int_equal(cli.format, FORMAT_XLSX);
    LIST(GIVEN_GOOD, "--format", "csv");
    assert_int_equal(cli.format, FORMAT_CSV);
    LIST(GIVEN_GOOD, "--format", "json");
    assert_true(cli.json);
    LIST(GIVEN_GOOD, "--json", "--format", "table"); /* the last one counts */
    assert_false(cli.json);
    LIST(GIVEN_WRONG, "--format", "xlsx");
    assert_non_null(strstr(files.said, "needs --output"));
    LIST(GIVEN_WRONG, "--format", "pdf");
    assert_non_null(strstr(files.said, "one of table, json, csv, xlsx (pdf)"));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(i == 0 ? READ("--format", "csv") : READ("--format", "xlsx", "--output", "x"),
                         GIVEN_WRONG);
        assert_non_null(strstr(files.said, "no single list"));
    }
    GOOD("--format", "json");
    assert_true(cli.json);
    GOOD("--output", "x.xlsx"); /* another kind of file */
    assert_int_equal(cli.format, FORMAT_TABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_kind_is_read, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(each_kind_has_wrong_values, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(a_default_stands_for_what_is_not_given, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(what_is_needed_is_asked_for, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(one_of_several_is_needed, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(a_mistyped_option_has_a_near_one, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(words_are_near_by_letters, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(what_is_written_is_not_what_is_read, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(what_every_command_takes, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(a_list_goes_into_a_file_or_is_json, files_make, files_unmake),
        cmocka_unit_test_setup_teardown(the_format_is_said_or_the_name_says_it, files_make, files_unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
