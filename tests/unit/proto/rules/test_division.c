/* SPDX-License-Identifier: Apache-2.0 */
/* The country's divisions, by code (A2) and by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/rules/division.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void a2_today_s_and_former_divisions_are_known(void **state)
{
    (void) state;
    /* a province, a city, a county; Laiwu (given up in 2019) and its district; Zhangqiu while a city; one of after the
     * national table; elsewhere: of Beijing, given up in 2010; of Hubei; of Xinjiang */
    static const char *const codes[] = {"370000", "370100", "370102", "371200", "371202", "370181",
                                        "370614", "110101", "110103", "429004", "650102", "330106"};
    for (size_t i = 0; i < COUNT(codes); i++)
        assert_true(division_known(codes[i]));
}

static void a2_divisions_that_never_were_are_not(void **state)
{
    (void) state;
    static const char *const codes[] = {"370199", "379999", "000000", "999999", "36ffff",
                                        "370110", "110199", "410999", "659999", "160000"};
    for (size_t i = 0; i < COUNT(codes); i++)
        assert_false(division_known(codes[i]));
}

/* The number it stands at the head of goes on. */
static void a2_only_six_characters_of_a_division_are_read(void **state)
{
    (void) state;
    static const char six[6] = {'3', '7', '0', '1', '0', '2'};
    assert_true(division_known(six));
    assert_true(division_known("370102xyz"));
}

static void a_division_is_taken_by_code_or_by_name(void **state)
{
    (void) state;
    static const struct {
        const char *cell, *code;
    } cases[] = {
        {"370602", "370602"},
        {"'３７０６０２ ", "370602"},
        {"山东省烟台市芝罘区", "370602"},
        {"山东省 烟台市 芝罘区", "370602"},
        {"烟台芝罘", "370602"},
        {"烟台市芝罘区", "370602"},
        {"山东烟台芝罘", "370602"},
        {"芝罘区", "370602"},
        {"山东省烟台市芝罘区某街道1号", "370602"},
        {"青岛市市南区", "370202"},
        {"青岛市南", "370202"},
        {"青岛市南区", "370202"},
        {"济南市历下区", "370102"},
        {"济南市市中区", "370103"},
        {"枣庄市中区", "370402"},
        {"济南市", "370100"},
        {"济南", "370100"},
        {"山东", "370000"},
        {"济南市高新区", "370100"},
        {"青岛市市辖区崂山区", "370212"},
        {"北京市朝阳区", "110105"},
        {"北京市崇文区", "110103"}, /* as it was */
        {"吉林省吉林市昌邑区", "220202"},
        {"吉林市昌邑区", "220202"},
        {"内蒙古呼和浩特市新城区", "150102"},
        {"湖北省仙桃市", "429004"},
        {"上海市浦东新区", "310115"},
        {"海南省琼海市", "469002"},
    };
    char code[DIVISION_BYTES];
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(division_of_cell(cases[i].cell, code));
        assert_string_equal(code, cases[i].code);
    }
}

static void what_names_none_or_several_is_none(void **state)
{
    (void) state;
    static const char *const cells[] = {
        "",         "　", "370199",     "37010",  "3701020",  "市中区",   "城镇", "本地",      "外省",
        "某市某区", "市", "山东省某市", "鼓楼区", "济南市南", "烟台某区", "农业", "370102历下"};
    char code[DIVISION_BYTES];
    for (size_t i = 0; i < COUNT(cells); i++)
        if (division_of_cell(cells[i], code))
            fail_msg("%s is taken for %s", cells[i], code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a2_today_s_and_former_divisions_are_known),
        cmocka_unit_test(a2_divisions_that_never_were_are_not),
        cmocka_unit_test(a2_only_six_characters_of_a_division_are_read),
        cmocka_unit_test(a_division_is_taken_by_code_or_by_name),
        cmocka_unit_test(what_names_none_or_several_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
