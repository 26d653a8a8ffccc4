/* SPDX-License-Identifier: Apache-2.0 */
/* Every refusal of the scan, each with the neighbour that is accepted; what is accepted, protobuf-c unpacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "proto/audit.pb-c.h"
#include "proto/filing.pb-c.h"
#include "proto/roster.pb-c.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/wirescan.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum { VARINT, FIXED64, DELIMITED };

/* A message being written, byte by byte. */
struct wire {
    size_t n;
    uint8_t at[1 << 19];
};
static struct wire wire, inner;

static void put_byte(struct wire *to, unsigned byte)
{
    assert_true(to->n < sizeof(to->at));
    to->at[to->n++] = (uint8_t) byte;
}

static void put_varint(struct wire *to, uint64_t value)
{
    for (; value > 0x7f; value >>= 7)
        put_byte(to, (value & 0x7f) | 0x80);
    put_byte(to, (unsigned) value);
}

static void put_tag(struct wire *to, unsigned field, unsigned type)
{
    put_varint(to, field << 3 | type);
}

static void put_number(struct wire *to, unsigned field, uint64_t value)
{
    put_tag(to, field, VARINT);
    put_varint(to, value);
}

static void put_bytes(struct wire *to, unsigned field, const void *bytes, size_t n)
{
    put_tag(to, field, DELIMITED);
    put_varint(to, n);
    for (size_t i = 0; i < n; i++)
        put_byte(to, ((const uint8_t *) bytes)[i]);
}

static void put_text(struct wire *to, unsigned field, const char *text)
{
    put_bytes(to, field, text, strlen(text));
}

/* Of just the bytes, so that a sanitizer sees a read beyond them. */
static enum reason judge_bytes(const ProtobufCMessageDescriptor *message, const uint8_t *bytes, size_t n)
{
    uint8_t *copy = malloc(n > 0 ? n : 1);
    assert_non_null(copy);
    if (n > 0)
        memcpy(copy, bytes, n);
    enum reason reason = wirescan(message, copy, n);
    if (reason == REASON_NONE) {
        ProtobufCMessage *unpacked = protobuf_c_message_unpack(message, NULL, n, copy);
        assert_non_null(unpacked);
        protobuf_c_message_free_unpacked(unpacked, NULL);
    }
    free(copy);
    return reason;
}

#define judge(message) judge_bytes(&mingce__v1__##message##__descriptor, wire.at, wire.n)

/* A request with its required fields, `method` as given. */
static void put_request(struct wire *to, const void *method, size_t n)
{
    to->n = 0;
    put_number(to, 1, 7);
    put_bytes(to, 2, method, n);
    put_bytes(to, 5, "", 0);
}

/* A class.open request without field `left_out`, with `level` in field 3. */
static void put_class(unsigned left_out, uint64_t level)
{
    wire.n = 0;
    for (unsigned field = 1; field <= 7; field++) {
        if (field == left_out)
            continue;
        if (field == 3 || field == 4 || field == 7)
            put_number(&wire, field, field == 3 ? level : 9);
        else
            put_text(&wire, field, "焊工");
    }
}

static void whole_message_is_accepted(void **state)
{
    (void) state;
    wire.n = 0;
    put_request(&inner, "class.open", 10);
    put_bytes(&wire, 2, inner.at, inner.n);
    assert_int_equal(judge(frame), REASON_NONE);
    put_class(0, 2);
    assert_int_equal(judge(class_open_request), REASON_NONE);
}

static void fields_may_come_in_any_order(void **state)
{
    (void) state;
    wire.n = 0;
    put_bytes(&wire, 5, "", 0);
    put_text(&wire, 2, "class.open");
    put_number(&wire, 1, 7);
    assert_int_equal(judge(request), REASON_NONE);
}

static void empty_message_without_required_fields_is_accepted(void **state)
{
    (void) state;
    wire.n = 0;
    assert_int_equal(judge(frame), REASON_NONE);
    assert_int_equal(judge(class_list_request), REASON_NONE);
}

static void message_cut_off_at_every_byte_is_refused(void **state)
{
    (void) state;
    wire.n = 0;
    put_request(&inner, "class.open", 10);
    put_bytes(&wire, 2, inner.at, inner.n);
    for (size_t n = 1; n < wire.n; n++)
        assert_int_equal(judge_bytes(&mingce__v1__frame__descriptor, wire.at, n), REASON_WIRE_MALFORMED);
    put_class(0, 2);
    for (size_t n = 0; n < wire.n; n++) {
        enum reason reason = judge_bytes(&mingce__v1__class_open_request__descriptor, wire.at, n);
        assert_true(reason == REASON_WIRE_MALFORMED || reason == REASON_WIRE_MISSING_FIELD);
    }
}

static void every_missing_required_field_is_refused(void **state)
{
    (void) state;
    for (unsigned left_out = 1; left_out <= 7; left_out++) {
        put_class(left_out, 2);
        assert_int_equal(judge(class_open_request), REASON_WIRE_MISSING_FIELD);
    }
}

static void missing_field_of_an_inner_message_is_refused(void **state)
{
    (void) state;
    wire.n = inner.n = 0;
    put_number(&inner, 1, 7);
    put_bytes(&wire, 2, inner.at, inner.n);
    assert_int_equal(judge(frame), REASON_WIRE_MISSING_FIELD);
}

static void unknown_field_is_refused(void **state)
{
    (void) state;
    static const unsigned fields[] = {6, 7, 15, 16, 2047, 19000, (1U << 29) - 1};
    for (size_t i = 0; i < COUNT(fields); i++) {
        put_request(&wire, "a", 1);
        assert_int_equal(judge(request), REASON_NONE);
        put_number(&wire, fields[i], 1);
        assert_int_equal(judge(request), REASON_WIRE_UNKNOWN_FIELD);
    }
}

/* The number between the oneof's members that is not used. */
static void gap_among_the_field_numbers_is_unknown(void **state)
{
    (void) state;
    wire.n = 0;
    put_bytes(&wire, 4, "", 0);
    assert_int_equal(judge(frame), REASON_WIRE_UNKNOWN_FIELD);
}

static void a_thousand_unknown_fields_are_refused(void **state)
{
    (void) state;
    put_request(&wire, "a", 1);
    for (unsigned field = 1000; field < 2000; field++)
        put_number(&wire, field, field);
    assert_int_equal(judge(request), REASON_WIRE_UNKNOWN_FIELD);
    wire.n = 0;
    for (unsigned i = 0; i < 1000; i++)
        put_bytes(&wire, 99, "", 0);
    assert_int_equal(judge(frame), REASON_WIRE_UNKNOWN_FIELD);
}

static void known_enum_values_are_accepted(void **state)
{
    (void) state;
    for (uint64_t level = 1; level <= 8; level++) {
        put_class(0, level);
        assert_int_equal(judge(class_open_request), REASON_NONE);
    }
}

/* Also those whose lower 32 bits would be a known one. */
static void unknown_enum_value_is_refused(void **state)
{
    (void) state;
    static const uint64_t levels[] = {
        0, 10, INT32_MAX, (uint64_t) INT32_MAX + 1, UINT32_MAX, UINT64_C(1) << 32 | 1, UINT64_MAX};
    for (size_t i = 0; i < COUNT(levels); i++) {
        put_class(0, levels[i]);
        assert_int_equal(judge(class_open_request), REASON_WIRE_UNKNOWN_ENUM);
    }
}

static enum reason judge_dry_run(uint64_t value)
{
    wire.n = 0;
    put_number(&wire, 1, 202600001);
    put_number(&wire, 3, value);
    return judge(roster_import_request);
}

static void a_boolean_is_zero_or_one(void **state)
{
    (void) state;
    assert_int_equal(judge_dry_run(0), REASON_NONE);
    assert_int_equal(judge_dry_run(1), REASON_NONE);
    assert_int_equal(judge_dry_run(2), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_dry_run(UINT64_C(1) << 32), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_dry_run(UINT64_MAX), REASON_WIRE_MALFORMED);
}

static enum reason judge_page_rows(uint64_t value)
{
    wire.n = 0;
    put_number(&wire, 2, value);
    return judge(class_list_request);
}

static void a_uint32_has_32_bits(void **state)
{
    (void) state;
    assert_int_equal(judge_page_rows(0), REASON_NONE);
    assert_int_equal(judge_page_rows(UINT32_MAX), REASON_NONE);
    assert_int_equal(judge_page_rows((uint64_t) UINT32_MAX + 1), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_page_rows(UINT64_MAX), REASON_WIRE_MALFORMED);
}

/* class.show with `n` continued bytes of 0xff and then `last` as the number's varint. */
static enum reason judge_long_varint(unsigned n, unsigned last)
{
    wire.n = 0;
    put_tag(&wire, 1, VARINT);
    for (unsigned i = 0; i < n; i++)
        put_byte(&wire, 0xff);
    put_byte(&wire, last);
    return judge(class_show_request);
}

static void a_varint_has_64_bits_and_ten_bytes(void **state)
{
    (void) state;
    assert_int_equal(judge_long_varint(9, 0x01), REASON_NONE);
    assert_int_equal(judge_long_varint(9, 0x00), REASON_NONE);
    assert_int_equal(judge_long_varint(9, 0x02), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_long_varint(9, 0x7f), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_long_varint(9, 0x81), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_long_varint(10, 0x00), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_long_varint(10, 0x01), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_long_varint(40, 0x01), REASON_WIRE_MALFORMED);
}

static void varint_that_does_not_end_is_refused(void **state)
{
    (void) state;
    for (unsigned n = 0; n < 10; n++)
        assert_int_equal(judge_long_varint(n, 0xff), REASON_WIRE_MALFORMED);
}

/* The tag of field 2 (class.list, page_rows) written with more bytes than it needs. */
static enum reason judge_tag(const uint8_t *tag, size_t n)
{
    wire.n = 0;
    for (size_t i = 0; i < n; i++)
        put_byte(&wire, tag[i]);
    put_varint(&wire, 1);
    return judge(class_list_request);
}

static void a_tag_has_32_bits_and_five_bytes(void **state)
{
    (void) state;
    static const uint8_t five[] = {0x90, 0x80, 0x80, 0x80, 0x00};
    static const uint8_t six[] = {0x90, 0x80, 0x80, 0x80, 0x80, 0x00};
    static const uint8_t bit_32[] = {0x90, 0x80, 0x80, 0x80, 0x10};
    assert_int_equal(judge_tag((const uint8_t *) "\x10", 1), REASON_NONE);
    assert_int_equal(judge_tag(five, sizeof(five)), REASON_NONE);
    assert_int_equal(judge_tag(six, sizeof(six)), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_tag(bit_32, sizeof(bit_32)), REASON_WIRE_MALFORMED);
}

static void field_number_zero_is_refused(void **state)
{
    (void) state;
    for (unsigned type = 0; type < 8; type++) {
        wire.n = 0;
        put_byte(&wire, type);
        put_byte(&wire, 0);
        assert_int_equal(judge(class_list_request), REASON_WIRE_MALFORMED);
    }
}

/* The cursor (field 1 of class.list): "ab" behind a length written as given. */
static enum reason judge_length(const uint8_t *length, size_t n)
{
    wire.n = 0;
    put_tag(&wire, 1, DELIMITED);
    for (size_t i = 0; i < n; i++)
        put_byte(&wire, length[i]);
    put_byte(&wire, 'a');
    put_byte(&wire, 'b');
    return judge(class_list_request);
}

static void a_length_ends_within_the_message(void **state)
{
    (void) state;
    static const uint8_t lengths[][10] = {{2}, {3}, {0x7f}, {0xff, 0xff, 0xff, 0xff, 0x0f}};
    assert_int_equal(judge_length(lengths[0], 1), REASON_NONE);
    assert_int_equal(judge_length(lengths[1], 1), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_length(lengths[2], 1), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_length(lengths[3], 5), REASON_WIRE_MALFORMED);
}

static void a_length_has_five_bytes(void **state)
{
    (void) state;
    static const uint8_t padded[] = {0x82, 0x80, 0x80, 0x80, 0x00};
    static const uint8_t longer[] = {0x82, 0x80, 0x80, 0x80, 0x80, 0x00};
    static const uint8_t bit_32[] = {0x82, 0x80, 0x80, 0x80, 0x10};
    assert_int_equal(judge_length(padded, sizeof(padded)), REASON_NONE);
    assert_int_equal(judge_length(longer, sizeof(longer)), REASON_WIRE_MALFORMED);
    assert_int_equal(judge_length(bit_32, sizeof(bit_32)), REASON_WIRE_MALFORMED);
}

static void wire_type_of_another_kind_is_refused(void **state)
{
    (void) state;
    static const uint8_t zeros[16] = {0};
    for (unsigned type = 0; type < 8; type++) {
        wire.n = 0;
        put_tag(&wire, 2, type); /* page_rows, a varint */
        for (size_t i = 0; i < (type == VARINT ? 1 : sizeof(zeros)); i++)
            put_byte(&wire, 0);
        assert_int_equal(judge(class_list_request), type == VARINT ? REASON_NONE : REASON_WIRE_MALFORMED);
        wire.n = 0;
        put_tag(&wire, 1, type); /* the cursor, bytes */
        put_byte(&wire, 0);
        assert_int_equal(judge(class_list_request), type == DELIMITED ? REASON_NONE : REASON_WIRE_MALFORMED);
    }
}

/* An audit entry's time is a fixed64. */
static void a_fixed64_has_eight_bytes(void **state)
{
    (void) state;
    for (unsigned n = 0; n <= 8; n++) {
        wire.n = 0;
        put_tag(&wire, 2, FIXED64);
        for (unsigned i = 0; i < n; i++)
            put_byte(&wire, 0xff);
        assert_int_equal(judge(audit_entry), n == 8 ? REASON_WIRE_MISSING_FIELD : REASON_WIRE_MALFORMED);
    }
}

/* Caller's fields up to `roles`, then what the test adds. */
static void put_caller(void)
{
    wire.n = inner.n = 0;
    put_text(&inner, 1, "91370000");
    put_text(&inner, 2, "某培训学校");
    put_number(&inner, 3, 1);
    put_text(&inner, 4, "370000");
    put_number(&inner, 5, 1);
    put_bytes(&wire, 1, "0123456789abcdef", 16);
    put_text(&wire, 2, "李某");
    put_bytes(&wire, 3, inner.at, inner.n);
}

static void repeated_fields_are_accepted_one_by_one_not_packed(void **state)
{
    (void) state;
    put_caller();
    put_number(&wire, 4, 1);
    put_number(&wire, 4, 5);
    put_number(&wire, 4, 1);
    assert_int_equal(judge(caller), REASON_NONE);
    put_caller();
    put_bytes(&wire, 4, "\x01\x05\x01", 3);
    assert_int_equal(judge(caller), REASON_WIRE_MALFORMED);
}

static enum reason judge_method(const char *text)
{
    put_request(&wire, text, strlen(text));
    return judge(request);
}

static void utf8_of_every_length_is_accepted(void **state)
{
    (void) state;
    static const char *const texts[] = {"",
                                        "a",
                                        "\x7f",
                                        "·",
                                        "名册",
                                        "𠮷", /* U+20BB7 */
                                        "\xed\x9f\xbf",
                                        "\xee\x80\x80",
                                        "\xef\xbf\xbf",
                                        "\xf4\x8f\xbf\xbf"};
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(judge_method(texts[i]), REASON_NONE);
}

static void broken_utf8_is_refused(void **state)
{
    (void) state;
    static const char *const texts[] = {"\x80",                 /* a continuation alone */
                                        "\xc0\x80",             /* NUL, overlong */
                                        "\xc1\xbf",             /* overlong */
                                        "\xe0\x9f\xbf",         /* overlong */
                                        "\xf0\x8f\xbf\xbf",     /* overlong */
                                        "\xed\xa0\x80",         /* a surrogate */
                                        "\xed\xbf\xbf",         /* a surrogate */
                                        "\xf4\x90\x80\x80",     /* above U+10FFFF */
                                        "\xf8\x88\x80\x80\x80", /* five bytes */
                                        "\xff",
                                        "\xfe",
                                        "\xe5\x90",     /* cut off */
                                        "\xf0\xa0\xae", /* cut off */
                                        "\xd5\xc5",     /* 张 as GB 18030 has it */
                                        "ab\xe5"};
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(judge_method(texts[i]), REASON_WIRE_UTF8);
}

/* Its rest would be the first bytes of the next field. */
static void character_across_the_end_of_its_field_is_refused(void **state)
{
    (void) state;
    wire.n = 0;
    put_number(&wire, 1, 7);
    put_bytes(&wire, 2, "\xe5\xbc", 2);
    put_byte(&wire, 0xa0);
    assert_int_equal(judge(request), REASON_WIRE_UTF8);
}

static void nul_in_a_text_is_refused(void **state)
{
    (void) state;
    static const char *const texts[] = {"\0class.open", "class\0open", "class.open\0"};
    static const size_t lengths[] = {11, 10, 11};
    for (size_t i = 0; i < COUNT(texts); i++) {
        put_request(&wire, texts[i], lengths[i]);
        assert_int_equal(judge(request), REASON_WIRE_NUL);
    }
}

static void bytes_may_hold_anything(void **state)
{
    (void) state;
    put_request(&wire, "a", 1);
    put_bytes(&wire, 4, "\0\xff\xc0\x80", 4);
    assert_int_equal(judge(request), REASON_NONE);
}

static void singular_field_twice_is_refused(void **state)
{
    (void) state;
    put_request(&wire, "a", 1);
    put_number(&wire, 3, 1000);
    assert_int_equal(judge(request), REASON_NONE);
    put_number(&wire, 3, 1000);
    assert_int_equal(judge(request), REASON_WIRE_REPEATED_FIELD);
    put_request(&wire, "a", 1);
    put_text(&wire, 2, "b");
    assert_int_equal(judge(request), REASON_WIRE_REPEATED_FIELD);
}

static void put_error(struct wire *to)
{
    to->n = 0;
    put_number(to, 1, 1);
    put_text(to, 2, "wire-nul");
    put_text(to, 3, "文");
    put_text(to, 4, "text");
}

/* A frame of one kind: a request, a response or a goodbye. */
static void put_frame(unsigned kind)
{
    static struct wire error;
    wire.n = inner.n = 0;
    if (kind == 2)
        put_request(&inner, "a", 1);
    else if (kind == 3)
        put_number(&inner, 1, 7);
    put_error(&error);
    if (kind == 5)
        put_bytes(&inner, 1, error.at, error.n);
    put_bytes(&wire, kind, inner.at, inner.n);
}

/* Each order of `body` and `error`, each member twice, and each alone. */
static void two_members_of_a_oneof_are_refused(void **state)
{
    (void) state;
    for (unsigned members = 0; members < 8; members++) {
        unsigned first = members % 2, second = members / 2 % 2, n = members / 4 + 1;
        wire.n = 0;
        put_number(&wire, 1, 7);
        put_error(&inner);
        put_bytes(&wire, 2 + first, inner.at, inner.n);
        if (n == 2)
            put_bytes(&wire, 2 + second, inner.at, inner.n);
        assert_int_equal(judge(response), n == 1 ? REASON_NONE : REASON_WIRE_REPEATED_FIELD);
    }
}

/* Each pair of kinds, the first field of the descriptor among them. */
static void two_kinds_of_frame_are_refused(void **state)
{
    (void) state;
    static const unsigned kinds[] = {2, 3, 5};
    for (size_t i = 0; i < COUNT(kinds) * COUNT(kinds); i++) {
        unsigned first = kinds[i % COUNT(kinds)], second = kinds[i / COUNT(kinds)];
        put_frame(first);
        assert_int_equal(judge(frame), REASON_NONE);
        put_bytes(&wire, second, "", 0);
        assert_int_equal(judge(frame), REASON_WIRE_REPEATED_FIELD);
        put_frame(first);
        put_bytes(&wire, 1, "", 0);
        assert_int_equal(judge(frame), REASON_WIRE_REPEATED_FIELD);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_message_is_accepted),
        cmocka_unit_test(fields_may_come_in_any_order),
        cmocka_unit_test(empty_message_without_required_fields_is_accepted),
        cmocka_unit_test(message_cut_off_at_every_byte_is_refused),
        cmocka_unit_test(every_missing_required_field_is_refused),
        cmocka_unit_test(missing_field_of_an_inner_message_is_refused),
        cmocka_unit_test(unknown_field_is_refused),
        cmocka_unit_test(gap_among_the_field_numbers_is_unknown),
        cmocka_unit_test(a_thousand_unknown_fields_are_refused),
        cmocka_unit_test(known_enum_values_are_accepted),
        cmocka_unit_test(unknown_enum_value_is_refused),
        cmocka_unit_test(a_boolean_is_zero_or_one),
        cmocka_unit_test(a_uint32_has_32_bits),
        cmocka_unit_test(a_varint_has_64_bits_and_ten_bytes),
        cmocka_unit_test(varint_that_does_not_end_is_refused),
        cmocka_unit_test(a_tag_has_32_bits_and_five_bytes),
        cmocka_unit_test(field_number_zero_is_refused),
        cmocka_unit_test(a_length_ends_within_the_message),
        cmocka_unit_test(a_length_has_five_bytes),
        cmocka_unit_test(wire_type_of_another_kind_is_refused),
        cmocka_unit_test(a_fixed64_has_eight_bytes),
        cmocka_unit_test(repeated_fields_are_accepted_one_by_one_not_packed),
        cmocka_unit_test(utf8_of_every_length_is_accepted),
        cmocka_unit_test(broken_utf8_is_refused),
        cmocka_unit_test(character_across_the_end_of_its_field_is_refused),
        cmocka_unit_test(nul_in_a_text_is_refused),
        cmocka_unit_test(bytes_may_hold_anything),
        cmocka_unit_test(singular_field_twice_is_refused),
        cmocka_unit_test(two_members_of_a_oneof_are_refused),
        cmocka_unit_test(two_kinds_of_frame_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
