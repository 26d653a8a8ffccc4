/* SPDX-License-Identifier: Apache-2.0 */
/* The code tables that ship with the rules (A2, A8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/rules/codes.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* How many rows each table has. */
static const struct {
    enum code_table table;
    int rows;
} tables[] = {{CODES_SKILL_LEVEL, 9}, {CODES_TRAINEE_GROUP, 21}, {CODES_TRAINING_KIND, 16},
              {CODES_ETHNICITY, 56},  {CODES_EDUCATION, 0},      {CODES_CATALOGUE_KIND, 9}};

static void a8_every_name_leads_to_its_code_and_back(void **state)
{
    (void) state;
    for (size_t i = 0; i < COUNT(tables); i++) {
        int rows = 0;
        for (int code = 0; code <= UINT8_MAX; code++) {
            const char *name = code_name(tables[i].table, (uint8_t) code);
            uint8_t back = 0;
            if (name == NULL)
                continue;
            rows++;
            assert_true(code_of_cell(tables[i].table, name, &back));
            assert_int_equal(back, code);
            assert_true(strlen(name) > 0);
        }
        if (tables[i].rows != 0)
            assert_int_equal(rows, tables[i].rows);
        assert_true(rows > 0);
    }
}

static void a8_unknown_names_are_refused(void **state)
{
    (void) state;
    static const char *const names[] = {"", " ", "无", "失业", "失业人员们", "1", "07"};
    for (size_t i = 0; i < COUNT(tables); i++)
        for (size_t j = 0; j < COUNT(names); j++) {
            uint8_t code = 77;
            assert_false(code_of_cell(tables[i].table, names[j], &code));
            assert_int_equal(code, 77);
        }
}

static void a_name_of_one_table_is_none_of_another(void **state)
{
    (void) state;
    uint8_t code;
    assert_true(code_of_cell(CODES_TRAINEE_GROUP, "失业人员", &code));
    assert_false(code_of_cell(CODES_ETHNICITY, "失业人员", &code));
    assert_true(code_of_cell(CODES_ETHNICITY, "汉族", &code));
    assert_false(code_of_cell(CODES_TRAINEE_GROUP, "汉族", &code));
}

/* Stored for good: these numbers never change. */
static void codes_are_those_of_the_standards(void **state)
{
    (void) state;
    static const struct {
        enum code_table table;
        const char *name;
        int code;
    } known[] = {
        {CODES_ETHNICITY, "汉族", 1},         {CODES_ETHNICITY, "蒙古族", 2},
        {CODES_ETHNICITY, "基诺族", 56},      {CODES_SKILL_LEVEL, "学徒工", 1},
        {CODES_SKILL_LEVEL, "首席技师", 8},   {CODES_SKILL_LEVEL, "无等级", 9},
        {CODES_EDUCATION, "大学本科", 20},    {CODES_TRAINEE_GROUP, "农民工", 8},
        {CODES_TRAINEE_GROUP, "失业人员", 7},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        uint8_t code = 0;
        assert_true(code_of_cell(known[i].table, known[i].name, &code));
        assert_int_equal(code, known[i].code);
    }
}

static void a8_another_word_in_use_leads_to_the_same_code(void **state)
{
    (void) state;
    uint8_t word, name;
    assert_true(code_of_cell(CODES_TRAINEE_GROUP, "农民工", &word));
    assert_true(code_of_cell(CODES_TRAINEE_GROUP, "农民工/农村转移劳动力", &name));
    assert_int_equal(word, name);
    assert_string_equal(code_name(CODES_TRAINEE_GROUP, word), "农民工/农村转移劳动力");
}

static void codes_that_are_not_there_have_no_name(void **state)
{
    (void) state;
    for (size_t i = 0; i < COUNT(tables); i++) {
        assert_null(code_name(tables[i].table, 0));
        assert_null(code_name(tables[i].table, UINT8_MAX));
    }
    assert_null(code_name(CODES_TRAINEE_GROUP, 22));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a8_every_name_leads_to_its_code_and_back),
        cmocka_unit_test(a8_unknown_names_are_refused),
        cmocka_unit_test(a_name_of_one_table_is_none_of_another),
        cmocka_unit_test(codes_are_those_of_the_standards),
        cmocka_unit_test(a8_another_word_in_use_leads_to_the_same_code),
        cmocka_unit_test(codes_that_are_not_there_have_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
