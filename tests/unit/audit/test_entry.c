/* SPDX-License-Identifier: Apache-2.0 */
/* The head's bytes, walked by hand and read by protobuf-c; the database's part is stood in for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/audit/entry.h"
#include "daemon/base/compiler.h"
#include "proto/audit.pb-c.h"
#include "proto/wire/wirescan.h"

static const uint8_t operator_id[] = "OPERATOR--------", organisation_id[] = "ORGANISATION----",
                     request_id[] = "REQUEST---------", digest[] = "DIGEST--------------------------";
static const char longest_method[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static struct entry_head head_of(const char *method, uint32_t line)
{
    return (struct entry_head){.at_ms = 1700000000123,
                               .operator_id = operator_id,
                               .organisation_id = organisation_id,
                               .method = method,
                               .request_id = request_id,
                               .digest = digest,
                               .row = line};
}

/* The head with an outcome behind it: all that is required of an entry. */
static Mingce__V1__AuditEntry *entry_read(const struct entry_head *head)
{
    uint8_t bytes[ENTRY_HEAD_BYTES + 2];
    size_t n = entry_head(bytes, head);
    bytes[n++] = 9 << 3;
    bytes[n++] = MINGCE__V1__OUTCOME__OUTCOME_DONE;
    assert_int_equal(wirescan(&mingce__v1__audit_entry__descriptor, bytes, n), REASON_NONE);
    Mingce__V1__AuditEntry *entry = mingce__v1__audit_entry__unpack(NULL, n, bytes);
    assert_non_null(entry);
    return entry;
}

static void assert_bytes(const ProtobufCBinaryData *data, const void *expected, size_t n)
{
    assert_int_equal(data->len, n);
    assert_memory_equal(data->data, expected, n);
}

static void head_is_these_very_bytes(void **state)
{
    (void) state;
    static const char expected[] = "\x08\x01"                         /* version */
                                   "\x11\x7b\x68\xe5\xcf\x8b\x01\0\0" /* at_ms, little-endian */
                                   "\x1a\x10OPERATOR--------"         /* operator_id */
                                   "\x22\x10ORGANISATION----"         /* organisation_id */
                                   "\x2a\x0droster.import"            /* method */
                                   "\x32\x10REQUEST---------"         /* request_id */
                                   "\x3a\x20"
                                   "DIGEST--------------------------"
                                   "\x40\xac\x02"; /* line 300 */
    uint8_t out[ENTRY_HEAD_BYTES];
    const struct entry_head head = head_of("roster.import", 300);
    assert_int_equal(entry_head(out, &head), sizeof(expected) - 1);
    assert_memory_equal(out, expected, sizeof(expected) - 1);
}

static void every_field_is_read_back(void **state)
{
    (void) state;
    const struct entry_head head = head_of("roster.import", 7);
    Mingce__V1__AuditEntry *entry = entry_read(&head);
    assert_int_equal(entry->version, 1);
    assert_true(entry->at_ms == 1700000000123);
    assert_bytes(&entry->operator_id, operator_id, 16);
    assert_bytes(&entry->organisation_id, organisation_id, 16);
    assert_string_equal(entry->method, "roster.import");
    assert_bytes(&entry->request_id, request_id, 16);
    assert_bytes(&entry->request_digest, digest, 32);
    assert_true(entry->has_line);
    assert_int_equal(entry->line, 7);
    assert_int_equal(entry->outcome, MINGCE__V1__OUTCOME__OUTCOME_DONE);
    mingce__v1__audit_entry__free_unpacked(entry, NULL);
}

/* protobuf-c packs in ascending order too: the canonical bytes are its own. */
static void bytes_are_those_that_protobuf_packs(void **state)
{
    (void) state;
    static const uint32_t lines[] = {0,       1,       127,       128,       16383,     16384,
                                     2097151, 2097152, 268435455, 268435456, UINT32_MAX};
    static const int64_t times[] = {0, 1, 1700000000123, INT64_MAX};
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        for (size_t j = 0; j < ARRAY_SIZE(times); j++) {
            struct entry_head head = head_of("audit.list", lines[i]);
            uint8_t out[ENTRY_HEAD_BYTES], packed[ENTRY_HEAD_BYTES + 2];
            head.at_ms = times[j];
            size_t n = entry_head(out, &head);
            Mingce__V1__AuditEntry *entry = entry_read(&head);
            assert_int_equal(entry->has_line, lines[i] != 0); /* absent, not 0 */
            assert_int_equal(entry->line, lines[i]);
            assert_int_equal(mingce__v1__audit_entry__get_packed_size(entry), n + 2);
            mingce__v1__audit_entry__pack(entry, packed);
            assert_memory_equal(out, packed, n);
            mingce__v1__audit_entry__free_unpacked(entry, NULL);
        }
}

static void methods_of_every_length_fit(void **state)
{
    (void) state;
    for (size_t n = 0; n <= ENTRY_METHOD; n++) {
        char method[ENTRY_METHOD + 1] = "";
        memcpy(method, longest_method, n);
        const struct entry_head head = head_of(method, 1);
        Mingce__V1__AuditEntry *entry = entry_read(&head);
        assert_string_equal(entry->method, method);
        assert_int_equal(entry->line, 1);
        mingce__v1__audit_entry__free_unpacked(entry, NULL);
    }
}

static void longest_head_fills_its_room_to_the_byte(void **state)
{
    (void) state;
    uint8_t *out = malloc(ENTRY_HEAD_BYTES); /* just as long, for the sanitizer */
    assert_non_null(out);
    const struct entry_head head = head_of(longest_method, UINT32_MAX);
    assert_int_equal(entry_head(out, &head), ENTRY_HEAD_BYTES);
    free(out);
}

/* A longer one cannot come from the method table; here it must not write past the end. */
static void longer_method_is_cut(void **state)
{
    (void) state;
    char longer[2 * ENTRY_METHOD + 1];
    memset(longer, 'm', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    const struct entry_head head = head_of(longer, UINT32_MAX);
    Mingce__V1__AuditEntry *entry = entry_read(&head);
    assert_int_equal(strlen(entry->method), ENTRY_METHOD);
    mingce__v1__audit_entry__free_unpacked(entry, NULL);
}

static void head_without_row_ends_at_the_digest(void **state)
{
    (void) state;
    uint8_t with[ENTRY_HEAD_BYTES], without[ENTRY_HEAD_BYTES];
    const struct entry_head one = head_of("class.open", 1), none = head_of("class.open", 0);
    size_t n = entry_head(without, &none);
    assert_int_equal(entry_head(with, &one), n + 2);
    assert_memory_equal(with, without, n);
    assert_memory_equal(without + n - 32, digest, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(head_is_these_very_bytes),
        cmocka_unit_test(every_field_is_read_back),
        cmocka_unit_test(bytes_are_those_that_protobuf_packs),
        cmocka_unit_test(methods_of_every_length_fit),
        cmocka_unit_test(longest_head_fills_its_room_to_the_byte),
        cmocka_unit_test(longer_method_is_cut),
        cmocka_unit_test(head_without_row_ends_at_the_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
