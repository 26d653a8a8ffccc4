/* SPDX-License-Identifier: Apache-2.0 */
/* Every row of the table of reasons can be told to a caller, in both languages, under one stable name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/wire/reason.h"

static bool ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

static void every_reason_has_a_sentence_in_each_language(void **state)
{
    (void) state;
    for (int reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        const struct reason_text *text = reason_text((enum reason) reason);
        if (strlen(text->zh) < 6 || ascii(text->zh))
            fail_msg("%s: no Chinese sentence", text->name);
        if (strlen(text->en) < 6 || !ascii(text->en))
            fail_msg("%s: no English sentence", text->name);
    }
}

/* A sentence is told as it stands: it holds no form for a value. */
static void no_sentence_has_room_for_a_value(void **state)
{
    (void) state;
    for (int reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        const struct reason_text *text = reason_text((enum reason) reason);
        assert_null(strpbrk(text->zh, "%{}<>\n"));
        assert_null(strpbrk(text->en, "%{}<>\n"));
    }
}

static void every_name_is_lower_case_with_hyphens(void **state)
{
    (void) state;
    for (int reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        const char *name = reason_text((enum reason) reason)->name;
        size_t n = strlen(name);
        assert_in_range(n, 3, 40);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), n);
        assert_true(name[0] != '-' && name[n - 1] != '-');
        assert_null(strstr(name, "--"));
    }
}

static void every_name_is_unique(void **state)
{
    (void) state;
    for (int reason = REASON_NONE + 1; reason < REASON_COUNT; reason++)
        for (int other = REASON_NONE + 1; other < reason; other++)
            assert_string_not_equal(reason_text((enum reason) reason)->name,
                                    reason_text((enum reason) other)->name);
}

static void every_rule_is_one_of_the_policy_s_or_none(void **state)
{
    (void) state;
    for (int reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        const char *rule = reason_text((enum reason) reason)->rule;
        if (*rule == '\0')
            continue;
        assert_in_range(*rule, 'A', 'H');
        size_t digits = strspn(rule + 1, "0123456789");
        assert_in_range(digits, 1, 2);
        assert_true((rule[1] != '0' || digits == 1) && rule[1 + digits] == '\0');
    }
}

static void every_code_and_severity_is_one_of_the_wire_s(void **state)
{
    (void) state;
    for (int reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        const struct reason_text *text = reason_text((enum reason) reason);
        assert_non_null(
            protobuf_c_enum_descriptor_get_value(&mingce__v1__code__descriptor, (int) text->code));
        assert_non_null(
            protobuf_c_enum_descriptor_get_value(&mingce__v1__severity__descriptor, (int) text->severity));
    }
}

static void warnings_do_not_refuse_and_refusals_do(void **state)
{
    (void) state;
    assert_false(reason_refuses(REASON_NONE));
    assert_false(reason_refuses(REASON_ID_ADDRESS_UNKNOWN));
    assert_false(reason_refuses(REASON_BANK_LUHN));
    assert_true(reason_refuses(REASON_ID_CHECKSUM));
    assert_true(reason_refuses(REASON_WIRE_NUL));
}

static void a_method_s_own_sentence_takes_the_place_of_the_reason_s(void **state)
{
    (void) state;
    const struct {
        const char *method;
        enum reason reason;
        const char *zh, *en;
    } owns[] = {
#define SENTENCE(method, symbol, zh, en) {method, REASON_##symbol, zh, en},
#include "proto/wire/sentence.def"
#undef SENTENCE
    };
    for (size_t i = 0; i < sizeof(owns) / sizeof(*owns); i++) {
        struct reason_sentence own = reason_sentence(owns[i].reason, owns[i].method);
        assert_string_equal(own.zh, owns[i].zh); /* each pair has one row */
        assert_string_equal(own.en, owns[i].en);
        assert_true(strlen(own.zh) >= 6 && !ascii(own.zh) && strlen(own.en) >= 6 && ascii(own.en));
        assert_null(strpbrk(own.zh, "%{}<>\n"));
        assert_null(strpbrk(own.en, "%{}<>\n"));
    }
}

static void other_methods_are_told_the_reason_s_sentence(void **state)
{
    (void) state;
    static const char *const methods[] = {NULL, "", "claim", "claim.payment", "claim.accept"};
    const struct reason_text *text = reason_text(REASON_REASON_NEEDED);
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        assert_string_equal(reason_sentence(REASON_REASON_NEEDED, methods[i]).zh, text->zh);
        assert_string_equal(reason_sentence(REASON_REASON_NEEDED, methods[i]).en, text->en);
    }
    assert_string_equal(reason_sentence(REASON_PUBLICITY, "claim.pay").en, reason_text(REASON_PUBLICITY)->en);
}

static void a_number_outside_the_table_is_no_reason_and_not_null(void **state)
{
    (void) state;
    static const int outside[] = {-1, REASON_COUNT, REASON_COUNT + 1, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
        const struct reason_text *text = reason_text((enum reason) outside[i]);
        assert_ptr_equal(text, reason_text(REASON_NONE));
        assert_string_equal(text->name, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_has_a_sentence_in_each_language),
        cmocka_unit_test(no_sentence_has_room_for_a_value),
        cmocka_unit_test(every_name_is_lower_case_with_hyphens),
        cmocka_unit_test(every_name_is_unique),
        cmocka_unit_test(every_rule_is_one_of_the_policy_s_or_none),
        cmocka_unit_test(every_code_and_severity_is_one_of_the_wire_s),
        cmocka_unit_test(warnings_do_not_refuse_and_refusals_do),
        cmocka_unit_test(a_method_s_own_sentence_takes_the_place_of_the_reason_s),
        cmocka_unit_test(other_methods_are_told_the_reason_s_sentence),
        cmocka_unit_test(a_number_outside_the_table_is_no_reason_and_not_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
