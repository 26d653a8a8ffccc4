/* SPDX-License-Identifier: Apache-2.0 */
/* The scan's bounds: elements in all, nesting, fields of a message. Where our own messages cannot reach one,
 * descriptors made here do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/roster.pb-c.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/wirescan.h"

enum { FIELDS = 64, DELIMITED = 2 };

static uint8_t bytes[1 << 18];
static size_t used;

static void put(const void *more, size_t n)
{
    assert_true(n <= sizeof(bytes) - used);
    memcpy(bytes + used, more, n);
    used += n;
}

/* `n` empty elements of a field below 16. */
static void put_elements(unsigned field, size_t n)
{
    const uint8_t element[2] = {(uint8_t) (field << 3 | DELIMITED), 0};
    for (size_t i = 0; i < n; i++)
        put(element, sizeof(element));
}

static enum reason judge_warnings(size_t n)
{
    static const ProtobufCFieldDescriptor field = {
        .name = "warning", .id = 1, .label = PROTOBUF_C_LABEL_REPEATED, .type = PROTOBUF_C_TYPE_STRING};
    static const ProtobufCIntRange ranges[] = {{1, 0}, {0, 1}};
    static const ProtobufCMessageDescriptor message = {
        .n_fields = 1, .fields = &field, .n_field_ranges = 1, .field_ranges = ranges};
    used = 0;
    put_elements(1, n);
    return wirescan(&message, bytes, used);
}

static void elements_up_to_the_bound_are_accepted_one_more_refused(void **state)
{
    (void) state;
    assert_int_equal(judge_warnings(0), REASON_NONE);
    assert_int_equal(judge_warnings(WIRESCAN_ELEMENTS), REASON_NONE);
    assert_int_equal(judge_warnings(WIRESCAN_ELEMENTS + 1), REASON_WIRE_TOO_MANY);
}

/* A trainee with `warnings` of them, as an element of roster.list's answer. */
static void put_trainee(size_t warnings)
{
    static const uint8_t head[] = {0x08, 1, 0x12, 0, 0x1a, 0, 0x22, 0, 0x2a, 0, 0x38, 0};
    size_t n = sizeof(head) + 2 * warnings;
    const uint8_t tag[] = {0x0a, (uint8_t) (n | 0x80), (uint8_t) (n >> 7 | 0x80), (uint8_t) (n >> 14)};
    put(tag, sizeof(tag));
    put(head, sizeof(head));
    put_elements(8, warnings);
}

static void elements_are_counted_over_the_whole_message(void **state)
{
    (void) state;
    const ProtobufCMessageDescriptor *message = &mingce__v1__roster_list_response__descriptor;
    used = 0;
    put_trainee(WIRESCAN_ELEMENTS / 2);
    put_trainee(WIRESCAN_ELEMENTS / 2 - 2);
    assert_int_equal(wirescan(message, bytes, used), REASON_NONE);
    used = 0;
    put_trainee(WIRESCAN_ELEMENTS / 2);
    put_trainee(WIRESCAN_ELEMENTS / 2 - 1);
    assert_int_equal(wirescan(message, bytes, used), REASON_WIRE_TOO_MANY);
}

/* A message that holds itself; none of ours does. */
static enum reason judge_nested(const uint8_t *at, size_t n)
{
    static ProtobufCFieldDescriptor field = {
        .name = "inner", .id = 1, .label = PROTOBUF_C_LABEL_OPTIONAL, .type = PROTOBUF_C_TYPE_MESSAGE};
    static const ProtobufCIntRange ranges[] = {{1, 0}, {0, 1}};
    static const ProtobufCMessageDescriptor message = {
        .n_fields = 1, .fields = &field, .n_field_ranges = 1, .field_ranges = ranges};
    field.descriptor = &message;
    return wirescan(&message, at, n);
}

/* `levels` messages, each within the one before, written from the innermost outwards. */
static enum reason judge_nesting(size_t levels)
{
    uint8_t *at = bytes + sizeof(bytes);
    for (size_t i = 0; i < levels; i++) {
        size_t n = (size_t) (bytes + sizeof(bytes) - at);
        *--at = (uint8_t) (n >> 14);
        *--at = (uint8_t) (n >> 7 | 0x80);
        *--at = (uint8_t) (n | 0x80);
        *--at = 1 << 3 | DELIMITED;
    }
    return judge_nested(at, (size_t) (bytes + sizeof(bytes) - at));
}

static void nesting_up_to_the_bound_is_accepted_one_more_refused(void **state)
{
    (void) state;
    assert_int_equal(judge_nesting(0), REASON_NONE);
    assert_int_equal(judge_nesting(WIRESCAN_DEPTH), REASON_NONE);
    assert_int_equal(judge_nesting(WIRESCAN_DEPTH + 1), REASON_WIRE_TOO_DEEP);
    assert_int_equal(judge_nesting(20000), REASON_WIRE_TOO_DEEP);
}

/* A message of `n` numbers, the last one required; `there` of them are written. */
static enum reason judge_fields(unsigned n, unsigned there)
{
    ProtobufCFieldDescriptor fields[FIELDS + 1];
    const ProtobufCIntRange ranges[] = {{1, 0}, {0, n}};
    const ProtobufCMessageDescriptor message = {
        .n_fields = n, .fields = fields, .n_field_ranges = 1, .field_ranges = ranges};
    used = 0;
    for (unsigned i = 0; i < n; i++) {
        const uint8_t number[] = {(uint8_t) ((i + 1) << 3 | 0x80), (uint8_t) ((i + 1) >> 4), 1};
        fields[i] = (ProtobufCFieldDescriptor){.id = i + 1, .type = PROTOBUF_C_TYPE_UINT32};
        fields[i].label = i + 1 < n ? PROTOBUF_C_LABEL_OPTIONAL : PROTOBUF_C_LABEL_REQUIRED;
        if (i < there)
            put(number, sizeof(number));
    }
    return wirescan(&message, bytes, used);
}

static void a_message_of_64_fields_is_scanned_of_more_refused(void **state)
{
    (void) state;
    assert_int_equal(judge_fields(FIELDS, FIELDS), REASON_NONE);
    assert_int_equal(judge_fields(FIELDS, FIELDS - 1), REASON_WIRE_MISSING_FIELD);
    assert_int_equal(judge_fields(FIELDS + 1, FIELDS + 1), REASON_WIRE_TOO_MANY);
}

/* The same fields, the last one once more. */
static void the_64th_field_twice_is_refused(void **state)
{
    (void) state;
    ProtobufCFieldDescriptor fields[FIELDS];
    const ProtobufCIntRange ranges[] = {{1, 0}, {0, FIELDS}};
    const ProtobufCMessageDescriptor message = {
        .n_fields = FIELDS, .fields = fields, .n_field_ranges = 1, .field_ranges = ranges};
    static const uint8_t last[] = {0x80, 0x04, 1};
    for (unsigned i = 0; i < FIELDS; i++)
        fields[i] = (ProtobufCFieldDescriptor){
            .id = i + 1, .label = PROTOBUF_C_LABEL_OPTIONAL, .type = PROTOBUF_C_TYPE_UINT32};
    used = 0;
    put(last, sizeof(last));
    assert_int_equal(wirescan(&message, bytes, used), REASON_NONE);
    put(last, sizeof(last));
    assert_int_equal(wirescan(&message, bytes, used), REASON_WIRE_REPEATED_FIELD);
}

/* Two oneofs of two members each, told apart by where their case is kept, and fields 5 and 6 of none. */
static enum reason judge_two_oneofs(const char *field_numbers)
{
    ProtobufCFieldDescriptor fields[6];
    static const ProtobufCIntRange ranges[] = {{1, 0}, {0, 6}};
    const ProtobufCMessageDescriptor message = {
        .n_fields = 6, .fields = fields, .n_field_ranges = 1, .field_ranges = ranges};
    for (unsigned i = 0; i < 6; i++)
        fields[i] = (ProtobufCFieldDescriptor){.id = i + 1,
                                               .label = PROTOBUF_C_LABEL_OPTIONAL,
                                               .type = PROTOBUF_C_TYPE_STRING,
                                               .quantifier_offset = i < 2   ? 8
                                                                    : i < 4 ? 16
                                                                            : 0,
                                               .flags = i < 4 ? PROTOBUF_C_FIELD_FLAG_ONEOF : 0};
    used = 0;
    for (; *field_numbers != '\0'; field_numbers++)
        put_elements((unsigned) (*field_numbers - '0'), 1);
    return wirescan(&message, bytes, used);
}

static void members_of_two_oneofs_are_accepted_of_one_refused(void **state)
{
    (void) state;
    static const char *const good[] = {"", "1", "13", "41", "2356", "651", "56"};
    static const char *const twice[] = {"12", "21", "34", "43", "132", "5314", "55", "11"};
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        assert_int_equal(judge_two_oneofs(good[i]), REASON_NONE);
    for (size_t i = 0; i < sizeof(twice) / sizeof(*twice); i++)
        assert_int_equal(judge_two_oneofs(twice[i]), REASON_WIRE_REPEATED_FIELD);
}

/* None of our messages has one yet: a field of `type` with the wire type given, and `n` bytes. */
static enum reason judge_fixed(ProtobufCType type, unsigned wire_type, size_t n)
{
    static const ProtobufCIntRange ranges[] = {{1, 0}, {0, 1}};
    const ProtobufCFieldDescriptor field = {.id = 1, .label = PROTOBUF_C_LABEL_OPTIONAL, .type = type};
    const ProtobufCMessageDescriptor message = {
        .n_fields = 1, .fields = &field, .n_field_ranges = 1, .field_ranges = ranges};
    const uint8_t tag = (uint8_t) (1 << 3 | wire_type);
    used = 0;
    put(&tag, 1);
    put("\xff\xff\xff\xff\xff\xff\xff\xff", n);
    return wirescan(&message, bytes, used);
}

static void fixed_numbers_have_their_width(void **state)
{
    (void) state;
    static const ProtobufCType types[] = {PROTOBUF_C_TYPE_FIXED32,  PROTOBUF_C_TYPE_SFIXED32,
                                          PROTOBUF_C_TYPE_FLOAT,    PROTOBUF_C_TYPE_FIXED64,
                                          PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE};
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
        unsigned own = i < 3 ? 5 : 1, other = i < 3 ? 1 : 5;
        size_t width = i < 3 ? 4 : 8;
        assert_int_equal(judge_fixed(types[i], own, width), REASON_NONE);
        assert_int_equal(judge_fixed(types[i], own, width - 1), REASON_WIRE_MALFORMED);
        assert_int_equal(judge_fixed(types[i], other, 12 - width), REASON_WIRE_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_up_to_the_bound_are_accepted_one_more_refused),
        cmocka_unit_test(elements_are_counted_over_the_whole_message),
        cmocka_unit_test(nesting_up_to_the_bound_is_accepted_one_more_refused),
        cmocka_unit_test(a_message_of_64_fields_is_scanned_of_more_refused),
        cmocka_unit_test(the_64th_field_twice_is_refused),
        cmocka_unit_test(members_of_two_oneofs_are_accepted_of_one_refused),
        cmocka_unit_test(fixed_numbers_have_their_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
