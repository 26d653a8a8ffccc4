/* SPDX-License-Identifier: Apache-2.0 */
/* Rows judged offline, and how the judgement is told: a table or JSON lines, the counts, the file of refused rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <json-c/json.h>

#include "client/cli/frame/done.h"
#include "client/cli/noun/roster_judge.h"
#include "tests/unit/client/files.h"
#include "tests/unit/proto/invented.h"

#define HEADER "姓名,证件号码,性别,人员类别\n"

static struct form_file roster;
static struct judgements judged;
static char number[2][INVENTED_NUMBER]; /* of two people who were never born */

static int make(void **state)
{
    roster = (struct form_file){0};
    judged = (struct judgements){0};
    invented_resident(number[0], "19000101", "001");
    invented_resident(number[1], "19000102", "003");
    return files_make(state);
}

static int unmake(void **state)
{
    judgements_free(&judged);
    form_file_free(&roster);
    return files_unmake(state);
}

static void judge_text(const char *text)
{
    judgements_free(&judged);
    form_file_free(&roster);
    assert_int_equal(form_file_read(&files.en, file_text("roster.csv", text), &roster_form, &roster), CLI_OK);
    assert_int_equal(judge_file(&files.en, &roster, DAY_NONE, &judged), CLI_OK);
    assert_int_equal(judged.n, roster.n);
}

/* A row for each verdict: 1 good, 2 with a warning, 3 refused, 4 the person of the first again. */
static void judge_mixed(void)
{
    char text[512];
    snprintf(text, sizeof(text),
             HEADER "李某,%s,男,农民工\n王某,%s,女,农民工\n\n赵某,12,男,没有的类别\n李某,%s,男,农民工\n",
             number[0], number[1], number[0]);
    judge_text(text);
}

static void expect_verdict(size_t i, Mingce__V1__RowVerdict verdict, size_t whys)
{
    assert_int_equal(judged.rows[i].verdict, verdict);
    assert_int_equal(judged.rows[i].whys_n, whys);
}

static void expect_why(size_t i, size_t j, const char *code, const char *field)
{
    assert_string_equal(judged.rows[i].whys[j].code, code);
    assert_string_equal(judged.rows[i].whys[j].field, field);
    assert_true(judged.rows[i].whys[j].zh[0] != '\0' && judged.rows[i].whys[j].en[0] != '\0');
}

/* What is printed on stdout (in files.said) and stderr (in `heard`). */
static char heard[FILES_TEXT];

static int tell(const struct cli *cli, bool registered, const char *rejects)
{
    struct listening out = listen_to(stdout), err = listen_to(stderr);
    judged.done = registered ? done_word(cli, "roster.import") : NULL;
    int status = judgements_tell(cli, &roster, &judged, registered ? TELL_REGISTERED : TELL_JUDGED, rejects);
    snprintf(heard, sizeof(heard), "%s", listen_end(&err));
    listen_end(&out);
    return status;
}

/* ---- judging ---- */

static void each_row_has_its_verdict(void **state)
{
    (void) state;
    judge_mixed();
    expect_verdict(0, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
    expect_verdict(1, MINGCE__V1__ROW_VERDICT__ROW_DONE, 1);
    expect_why(1, 0, "sex-differs", "sex");
    expect_verdict(2, MINGCE__V1__ROW_VERDICT__ROW_REFUSED, 2);
    expect_why(2, 0, "id-length", "document_number");
    expect_why(2, 1, "group-unknown", "trainee_group");
    expect_verdict(3, MINGCE__V1__ROW_VERDICT__ROW_REFUSED, 1);
    expect_why(3, 0, "duplicate-in-file", "document_number");
    assert_int_equal(judged.rows[3].whys[0].other_row, 1);
}

/* Who was refused is nobody: mended in a later row, it is no second one. */
static void a_refused_row_makes_nobody_twice(void **state)
{
    (void) state;
    char text[256];
    snprintf(text, sizeof(text), HEADER "李某,%s,男,?\n李某,%s,男,农民工\n", number[0], number[0]);
    judge_text(text);
    expect_verdict(0, MINGCE__V1__ROW_VERDICT__ROW_REFUSED, 1);
    expect_verdict(1, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
}

static void one_number_with_two_names_is_refused(void **state)
{
    (void) state;
    char text[256];
    snprintf(text, sizeof(text), HEADER "李某,%s,男,农民工\n王某,%s,男,农民工\n", number[0], number[0]);
    judge_text(text);
    expect_verdict(0, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
    expect_verdict(1, MINGCE__V1__ROW_VERDICT__ROW_REFUSED, 1);
    expect_why(1, 0, "same-number-other-name", "document_number");
}

/* The class's first day decides about ages; when it is not known nobody is too young. */
static void ages_are_judged_on_the_class_s_day(void **state)
{
    (void) state;
    char text[256];
    snprintf(text, sizeof(text), HEADER "李某,%s,男,农民工\n", number[0]);
    judge_text(text);
    expect_verdict(0, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
    judgements_free(&judged);
    assert_int_equal(judge_file(&files.en, &roster, day_of(1915, 12, 31), &judged), CLI_OK);
    expect_verdict(0, MINGCE__V1__ROW_VERDICT__ROW_REFUSED, 1);
    expect_why(0, 0, "under-age", "document_number");
    judgements_free(&judged);
    assert_int_equal(judge_file(&files.en, &roster, day_of(1916, 1, 1), &judged), CLI_OK);
    expect_verdict(0, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
}

static void a_row_keeps_so_many_reasons_and_no_more(void **state)
{
    (void) state;
    struct judgement judgement = {0};
    for (int i = 0; i < WHYS + 3; i++)
        assert_true(judgement_add(&judgement, &(struct why){.code = i < WHYS ? "kept" : "not", .field = ""}));
    assert_int_equal(judgement.whys_n, WHYS);
    for (int i = 0; i < WHYS; i++)
        assert_string_equal(judgement.whys[i].code, "kept");
    free(judgement.whys);
}

/* ---- telling ---- */

static void people_read_what_is_to_be_done(void **state)
{
    (void) state;
    judge_mixed();
    assert_int_equal(tell(&files.en, false, NULL), CLI_ROWS_REFUSED);
    assert_null(strstr(files.said, "accept"));
    expect_said("row  sheet row  verdict  reasons\n");
    expect_said("  2          3  warn     sex: ");
    expect_said("  3          5  reject   document number: ");
    expect_said("; trainee group: ");
    expect_said(" (see sheet row 2)\n");
    assert_string_equal(heard, "4 rows: good 2 (1 with a warning), rejected 2, in the class already 0\n");
}

static void people_read_it_in_chinese(void **state)
{
    (void) state;
    judge_mixed();
    assert_int_equal(tell(&files.zh, true, NULL), CLI_ROWS_REFUSED);
    expect_said("行  表格行  结论  原因\n");
    expect_said(" 3       5  退回  证件号码");
    expect_said("；人员类别");
    expect_said("（见表格第2行）\n");
    assert_string_equal(heard, "共4行：登记2行（有提示1行），退回2行，已在班0行\n");
}

static void nothing_to_say_prints_no_table(void **state)
{
    (void) state;
    char text[256];
    snprintf(text, sizeof(text), HEADER "李某,%s,男,农民工\n", number[0]);
    judge_text(text);
    assert_int_equal(tell(&files.en, true, NULL), CLI_OK);
    assert_string_equal(files.said, "");
    assert_string_equal(heard,
                        "1 row: registered 1 (0 with a warning), rejected 0, in the class already 0\n");
}

/* The object of a JSON line, and the next line. */
static struct json_object *line(const char **at)
{
    size_t n = strcspn(*at, "\n");
    assert_int_equal((*at)[n], '\n');
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *object = json_tokener_parse_ex(tokener, *at, (int) n + 1);
    assert_non_null(object);
    json_tokener_free(tokener);
    *at += n + 1;
    return object;
}

static const char *text_of(struct json_object *object, const char *key)
{
    return json_object_get_string(json_object_object_get(object, key));
}

static void programs_read_every_row(void **state)
{
    (void) state;
    static const char *const verdicts[] = {"accept", "warn", "reject", "reject"};
    static const int whys[] = {0, 1, 2, 1}, sheet_rows[] = {2, 3, 5, 6};
    judge_mixed();
    assert_int_equal(tell(&files.json, false, NULL), CLI_ROWS_REFUSED);
    const char *at = files.said;
    for (int i = 0; i < 4; i++) {
        struct json_object *row = line(&at), *reasons = json_object_object_get(row, "reasons");
        assert_int_equal(json_object_get_int(json_object_object_get(row, "row")), i + 1);
        assert_int_equal(json_object_get_int(json_object_object_get(row, "sheet_row")), sheet_rows[i]);
        assert_string_equal(text_of(row, "verdict"), verdicts[i]);
        assert_int_equal(json_object_array_length(reasons), whys[i]);
        for (int j = 0; j < whys[i]; j++) {
            const struct why *why = &judged.rows[i].whys[j];
            struct json_object *reason = json_object_array_get_idx(reasons, (size_t) j);
            assert_string_equal(text_of(reason, "code"), why->code);
            assert_string_equal(text_of(reason, "rule"), why->rule);
            assert_string_equal(text_of(reason, "field"), why->field);
            assert_string_equal(text_of(reason, "zh"), why->zh);
            assert_string_equal(text_of(reason, "en"), why->en);
            assert_true((json_object_object_get(reason, "other_row") != NULL) == (why->other_row > 0));
        }
        json_object_put(row);
    }
    assert_string_equal(at, "");
}

/* The file itself goes to nobody's screen. */
static void no_cell_is_told(void **state)
{
    (void) state;
    judge_mixed();
    for (int json = 0; json < 2; json++) {
        tell(json == 1 ? &files.json : &files.zh, false, NULL);
        for (int stream = 0; stream < 2; stream++) {
            const char *said = stream == 0 ? files.said : heard;
            assert_null(strstr(said, number[0]));
            assert_null(strstr(said, number[1]));
            assert_null(strstr(said, "某"));
            assert_null(strstr(said, "没有的类别"));
        }
    }
}

static void who_is_in_the_class_already_is_counted(void **state)
{
    (void) state;
    char text[256];
    snprintf(text, sizeof(text), HEADER "李某,%s,男,农民工\n", number[0]);
    judge_text(text);
    judged.rows[0].verdict = MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED;
    assert_true(judgement_add(
        &judged.rows[0],
        &(struct why){.code = "duplicate-in-class", .rule = "", .field = "", .zh = "在", .en = "in"}));
    assert_int_equal(tell(&files.en, true, NULL), CLI_OK);
    assert_string_equal(files.said, "");
    assert_string_equal(heard, "1 row: registered 0 (0 with a warning), rejected 0, in the class already 1\n"
                               "nothing was added: every trainee was in the class already\n");
    assert_int_equal(tell(&files.json, true, NULL), CLI_OK);
    expect_said("\"verdict\":\"duplicate\"");
    expect_said("\"duplicate-in-class\"");
}

/* That everything was known would not be true of a file of which rows were refused. */
static void not_everything_was_known_where_rows_were_refused(void **state)
{
    (void) state;
    judge_mixed();
    judged.rows[0].verdict = judged.rows[1].verdict = MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED;
    assert_int_equal(tell(&files.zh, true, NULL), CLI_ROWS_REFUSED);
    assert_string_equal(heard, "共4行：登记0行（有提示0行），退回2行，已在班2行\n"
                               "没有新增：2行已在班，2行退回\n");
    assert_int_equal(tell(&files.en, true, NULL), CLI_ROWS_REFUSED);
    assert_non_null(strstr(heard, "nothing was added: 2 in the class already, 2 rejected\n"));
    judged.rows[2].verdict = judged.rows[3].verdict = MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED;
    assert_int_equal(tell(&files.zh, true, NULL), CLI_OK);
    assert_non_null(strstr(heard, "没有新增：学员都已在本班\n"));
}

/* A sentence that begins with the column's name says it once. */
static void a_column_is_named_once(void **state)
{
    (void) state;
    judge_text(HEADER "李某,12,男,农民工\n");
    assert_true(judgement_add(
        &judged.rows[0],
        &(struct why){.code = "", .rule = "", .field = "name", .zh = "姓名应为中文", .en = "a name"}));
    tell(&files.zh, false, NULL);
    expect_said("；姓名应为中文\n");
    tell(&files.en, false, NULL);
    expect_said("; name: a name\n");
}

/* ---- the file of refused rows ---- */

static void refused_rows_are_written_with_their_reasons(void **state)
{
    (void) state;
    struct form_file rejects;
    const char *path = file_path("rejects.csv");
    judge_mixed();
    assert_int_equal(tell(&files.zh, false, path), CLI_ROWS_REFUSED);
    assert_non_null(strstr(heard, path));
    assert_int_equal(form_file_read(&files.en, path, &roster_form, &rejects), CLI_OK);
    assert_int_equal(rejects.n, 2);
    const struct sheet_row *row = &rejects.sheet.rows[1];
    assert_int_equal(row->n, 5);
    assert_string_equal(row->cells[0], "赵某");
    assert_non_null(strstr(row->cells[4], "证件号码"));
    assert_non_null(strstr(row->cells[4], "；人员类别"));
    assert_string_equal(rejects.sheet.rows[2].cells[0], "李某");
    form_file_free(&rejects);
}

static void without_refused_rows_no_file_is_written(void **state)
{
    (void) state;
    char text[256];
    const char *path = file_path("rejects.csv");
    snprintf(text, sizeof(text), HEADER "李某,%s,男,农民工\n", number[0]);
    judge_text(text);
    assert_int_equal(tell(&files.en, false, path), CLI_OK);
    assert_non_null(strstr(heard, "no row was rejected; "));
    assert_int_equal(access(path, F_OK), -1);
}

static void a_file_that_cannot_be_written_counts_more_than_the_rows(void **state)
{
    (void) state;
    judge_mixed();
    assert_int_equal(tell(&files.en, false, file_path("none/rejects.csv")), CLI_FILE);
    assert_non_null(strstr(heard, "the file cannot be written"));
    assert_null(strstr(heard, "mend them"));
}

/* Many long reasons are cut at the end of a character or not at all. */
static void a_long_text_of_reasons_stays_text(void **state)
{
    (void) state;
    static char sentence[1000];
    const char *path = file_path("rejects.csv");
    struct sheet sheet;
    for (int shift = 0; shift < 4; shift++) {
        judge_text(HEADER "李某,12,男,农民工\n");
        snprintf(sentence, sizeof(sentence), "%.*s", shift, "abc");
        for (size_t n = strlen(sentence); n + 4 < sizeof(sentence); n += 3)
            memcpy(sentence + n, "长", 4);
        for (int i = 1; i < WHYS; i++)
            assert_true(judgement_add(
                &judged.rows[0],
                &(struct why){.code = "", .rule = "", .field = "name", .zh = sentence, .en = sentence}));
        assert_int_equal(tell(&files.zh, false, path), CLI_ROWS_REFUSED);
        assert_int_equal(sheet_read(&files.en, path, &sheet), CLI_OK);
        assert_false(sheet.gb18030);
        assert_int_equal(sheet.n, 2);
        sheet_free(&sheet);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_row_has_its_verdict),
        TEST(a_refused_row_makes_nobody_twice),
        TEST(one_number_with_two_names_is_refused),
        TEST(ages_are_judged_on_the_class_s_day),
        TEST(a_row_keeps_so_many_reasons_and_no_more),
        TEST(people_read_what_is_to_be_done),
        TEST(people_read_it_in_chinese),
        TEST(nothing_to_say_prints_no_table),
        TEST(programs_read_every_row),
        TEST(no_cell_is_told),
        TEST(who_is_in_the_class_already_is_counted),
        TEST(not_everything_was_known_where_rows_were_refused),
        TEST(a_column_is_named_once),
        TEST(refused_rows_are_written_with_their_reasons),
        TEST(without_refused_rows_no_file_is_written),
        TEST(a_file_that_cannot_be_written_counts_more_than_the_rows),
        TEST(a_long_text_of_reasons_stays_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
