/* SPDX-License-Identifier: Apache-2.0 */
/* The scan of what a server says: a client older than it passes over what it does not know, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/class.pb-c.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/wirescan.h"

/* A Scope up to and with its level, a varint. */
#define SCOPE(level)                                                                                         \
    "\x0a\x01"                                                                                               \
    "1"                                                                                                      \
    "\x12\x01"                                                                                               \
    "n"                                                                                                      \
    "\x18" level "\x22\x01"                                                                                  \
    "d"
/* A ClassOpenResponse. */
#define NUMBER "\x08\x01"

struct answer {
    const char *bytes;
    size_t n;
};
#define ANSWER(text)                                                                                         \
    {                                                                                                        \
        text, sizeof(text) - 1                                                                               \
    }

static enum reason judge(const ProtobufCMessageDescriptor *message, struct answer answer)
{
    return wirescan_answer(message, (const uint8_t *) answer.bytes, answer.n);
}

static void unknown_fields_of_every_kind_are_passed_over(void **state)
{
    (void) state;
    static const struct answer answers[] = {
        ANSWER(NUMBER "\x10\x05"), /* a number */
        ANSWER(NUMBER "\x11"
                      "12345678"), /* 64 bits */
        ANSWER(NUMBER "\x12\x03"
                      "abc"), /* bytes */
        ANSWER(NUMBER "\x15"
                      "1234"), /* 32 bits */
        ANSWER("\xf8\xff\xff\xff\x0f\x01" NUMBER
               "\x10\x01\x10\x01"), /* far away, twice, before the known one */
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
        const uint8_t *bytes = (const uint8_t *) answers[i].bytes;
        assert_int_equal(judge(&mingce__v1__class_open_response__descriptor, answers[i]), REASON_NONE);
        assert_int_equal(wirescan(&mingce__v1__class_open_response__descriptor, bytes, answers[i].n),
                         REASON_WIRE_UNKNOWN_FIELD);
        Mingce__V1__ClassOpenResponse *unpacked =
            mingce__v1__class_open_response__unpack(NULL, answers[i].n, bytes);
        assert_non_null(unpacked);
        assert_int_equal(unpacked->number, 1);
        mingce__v1__class_open_response__free_unpacked(unpacked, NULL);
    }
}

static void unknown_fields_that_are_cut_off_are_refused(void **state)
{
    (void) state;
    static const struct answer answers[] = {
        ANSWER(NUMBER "\x10"),
        ANSWER(NUMBER "\x11"
                      "1234567"),
        ANSWER(NUMBER "\x12\x03"
                      "ab"),
        ANSWER(NUMBER "\x12"),
        ANSWER(NUMBER "\x15"
                      "123"),
        ANSWER(NUMBER "\x13"), /* a group */
        ANSWER(NUMBER "\x16\x01"),
        ANSWER(NUMBER "\x17\x01"),
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
        assert_int_equal(judge(&mingce__v1__class_open_response__descriptor, answers[i]),
                         REASON_WIRE_MALFORMED);
}

static void unknown_fields_are_counted(void **state)
{
    (void) state;
    static char bytes[2 + 2 * (WIRESCAN_ELEMENTS + 1)] = NUMBER;
    for (size_t i = 2; i < sizeof(bytes); i += 2)
        memcpy(bytes + i, "\x10\x01", 2);
    const ProtobufCMessageDescriptor *message = &mingce__v1__class_open_response__descriptor;
    assert_int_equal(judge(message, (struct answer){bytes, sizeof(bytes) - 2}), REASON_NONE);
    assert_int_equal(judge(message, (struct answer){bytes, sizeof(bytes)}), REASON_WIRE_TOO_MANY);
}

static void unknown_enum_values_are_passed_over(void **state)
{
    (void) state;
    const ProtobufCMessageDescriptor *message = &mingce__v1__scope__descriptor;
    assert_int_equal(judge(message, (struct answer) ANSWER(SCOPE("\x01"))), REASON_NONE);
    assert_int_equal(judge(message, (struct answer) ANSWER(SCOPE("\x63"))), REASON_NONE);
    assert_int_equal(wirescan(message, (const uint8_t *) SCOPE("\x63"), sizeof(SCOPE("\x63")) - 1),
                     REASON_WIRE_UNKNOWN_ENUM);
}

static void everything_else_is_refused_as_in_requests(void **state)
{
    (void) state;
    const ProtobufCMessageDescriptor *message = &mingce__v1__class_open_response__descriptor;
    assert_int_equal(judge(message, (struct answer) ANSWER("\x10\x01")), REASON_WIRE_MISSING_FIELD);
    assert_int_equal(judge(message, (struct answer) ANSWER(NUMBER NUMBER)), REASON_WIRE_REPEATED_FIELD);
    message = &mingce__v1__goodbye__descriptor;
    static const char nul[] = "\x0a\x0d\x08\x01\x12\x01\0\x1a\x01z\x22\x01"
                              "e\x0a";
    assert_int_equal(judge(message, (struct answer){nul, 14}), REASON_WIRE_MALFORMED);
    static const char text[] = "\x0a\x0b\x08\x01\x12\x01\0\x1a\x01z\x22\x01"
                               "e";
    assert_int_equal(judge(message, (struct answer){text, 13}), REASON_WIRE_NUL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_fields_of_every_kind_are_passed_over),
        cmocka_unit_test(unknown_fields_that_are_cut_off_are_refused),
        cmocka_unit_test(unknown_fields_are_counted),
        cmocka_unit_test(unknown_enum_values_are_passed_over),
        cmocka_unit_test(everything_else_is_refused_as_in_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
