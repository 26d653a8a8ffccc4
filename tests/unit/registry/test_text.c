/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that are kept in clear hold no document's number (D1). The number here is invented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/registry/text.h"

#define TODAY "2026-11-01"

static bool names(const char *text)
{
    return text_names(text, day_parse(TODAY));
}

static void d1_a_number_is_found_however_it_is_written(void **state)
{
    (void) state;
    assert_true(names("110101190001010014"));
    assert_true(names("联系人110101190001010014。"));
    assert_true(names("110101 19000101 0014"));
    assert_true(names("110101-19000101-0014"));
    assert_true(names("１１０１０１１９０００１０１００１４"));
    assert_true(names("第7号1101011900010100 14"));
    assert_true(names("110101\u3000190001010014"));
}

static void d1_other_numbers_are_none(void **state)
{
    (void) state;
    assert_false(names("家政服务员第三期2026"));
    assert_false(names("110101190001010015")); /* mistyped */
    assert_false(names("110101190001，010014"));
    assert_false(names("2026年12月01日至2026年12月31日"));
    assert_false(names(""));
    assert_false(names("X"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d1_a_number_is_found_however_it_is_written),
        cmocka_unit_test(d1_other_numbers_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
