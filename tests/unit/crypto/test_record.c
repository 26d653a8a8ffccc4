/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/crypto/record.h"
#include "proto/record.pb-c.h"
#include "tests/unit/crypto/ring.h"

static const uint8_t row[16] = "0123456789abcdef", other_row[16] = "0123456789abcdeF";
static struct keyring *keys;

static int keys_open(void **state)
{
    (void) state;
    keys = ring(RING);
    return 0;
}

static int keys_close(void **state)
{
    (void) state;
    keyring_free(keys);
    return 0;
}

static void seal_person(struct sealed_record *sealed)
{
    Mingce__V1__PersonRecord person = MINGCE__V1__PERSON_RECORD__INIT;
    person.document_type = 1;
    person.document_number = (char[]){"110101199003070015"};
    person.name = (char[]){"欧阳娜娜"};
    person.has_sex = true;
    person.sex = 2;
    person.birth_date = (char[]){"1990-03-07"};
    assert_true(record_seal(keys, row, &person.base, sealed));
}

static ProtobufCMessage *open_person(const struct sealed_record *sealed, ProtobufCAllocator *allocator)
{
    return record_open(keys, &mingce__v1__person_record__descriptor, row, sealed->bytes, sealed->n,
                       allocator);
}

/* ---- what is sealed opens ---- */

static void person_comes_back_field_by_field(void **state)
{
    (void) state;
    struct sealed_record sealed;
    seal_person(&sealed);
    Mingce__V1__PersonRecord *person = (Mingce__V1__PersonRecord *) open_person(&sealed, NULL);
    assert_non_null(person);
    assert_int_equal(person->document_type, 1);
    assert_string_equal(person->document_number, "110101199003070015");
    assert_null(person->issuing_country);
    assert_string_equal(person->name, "欧阳娜娜");
    assert_true(person->has_sex);
    assert_int_equal(person->sex, 2);
    assert_string_equal(person->birth_date, "1990-03-07");
    mingce__v1__person_record__free_unpacked(person, NULL);
}

static void record_opens_into_an_arena(void **state)
{
    (void) state;
    struct sealed_record sealed;
    seal_person(&sealed);
    struct arena *roomy = arena_new(4096), *narrow = arena_new(32);
    Mingce__V1__PersonRecord *person =
        (Mingce__V1__PersonRecord *) open_person(&sealed, arena_allocator(roomy));
    assert_non_null(person);
    assert_string_equal(person->name, "欧阳娜娜");
    assert_null(open_person(&sealed, arena_allocator(narrow)));
    arena_free(roomy);
    arena_free(narrow);
}

static void record_without_fields_opens(void **state)
{
    (void) state;
    Mingce__V1__EnrolmentRecord empty = MINGCE__V1__ENROLMENT_RECORD__INIT;
    struct sealed_record sealed;
    assert_true(record_seal(keys, row, &empty.base, &sealed));
    assert_int_equal(sealed.n, SEAL_OVERHEAD + SALT_BYTES);
    ProtobufCMessage *opened =
        record_open(keys, &mingce__v1__enrolment_record__descriptor, row, sealed.bytes, sealed.n, NULL);
    assert_non_null(opened);
    protobuf_c_message_free_unpacked(opened, NULL);
}

static void same_record_is_sealed_and_committed_to_anew(void **state)
{
    (void) state;
    struct sealed_record first, second;
    seal_person(&first);
    seal_person(&second);
    assert_int_equal(first.n, second.n);
    assert_memory_not_equal(first.bytes, second.bytes, first.n);
    assert_memory_not_equal(first.commitment, second.commitment,
                            COMMITMENT_BYTES); /* or it could be guessed */
}

/* ---- the commitment, from what was sealed, with nothing but OpenSSL ---- */

static void commitment_is_over_what_was_sealed(void **state)
{
    (void) state;
    static const char domain[] = "mingce.v1.PersonRecord";
    struct sealed_record sealed;
    uint8_t plain[SALT_BYTES + RECORD_BYTES], digest[32];
    seal_person(&sealed);
    size_t n = sealed.n - SEAL_OVERHEAD;
    assert_true(unseal(keys, domain, row, sealed.bytes, sealed.n, plain));
    uint8_t length[4] = {0, 0, (uint8_t) ((n - SALT_BYTES) >> 8), (uint8_t) (n - SALT_BYTES)};
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestInit_ex(context, EVP_sha256(), NULL), 1);
    assert_int_equal(EVP_DigestUpdate(context, domain, strlen(domain)), 1);
    assert_int_equal(EVP_DigestUpdate(context, plain, SALT_BYTES), 1);
    assert_int_equal(EVP_DigestUpdate(context, length, 4), 1);
    assert_int_equal(EVP_DigestUpdate(context, plain + SALT_BYTES, n - SALT_BYTES), 1);
    assert_int_equal(EVP_DigestFinal_ex(context, digest, NULL), 1);
    EVP_MD_CTX_free(context);
    assert_memory_equal(sealed.commitment, digest, COMMITMENT_BYTES);
}

static void salts_are_random(void **state)
{
    (void) state;
    enum { N = 100 };
    static uint8_t plain[N][SALT_BYTES + RECORD_BYTES];
    for (size_t i = 0; i < N; i++) {
        struct sealed_record sealed;
        seal_person(&sealed);
        assert_true(unseal(keys, "mingce.v1.PersonRecord", row, sealed.bytes, sealed.n, plain[i]));
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(plain[i], plain[j], SALT_BYTES / 2);
            assert_memory_not_equal(plain[i] + SALT_BYTES / 2, plain[j] + SALT_BYTES / 2, SALT_BYTES / 2);
        }
}

/* ---- bounds ---- */

/* An operator's record whose packed length is n: a tag, a length of two bytes, the name. */
static bool seal_of_length(size_t n, struct sealed_record *sealed)
{
    static char name[RECORD_BYTES * 2];
    Mingce__V1__OperatorRecord record = MINGCE__V1__OPERATOR_RECORD__INIT;
    memset(name, 'x', n - 3);
    name[n - 3] = '\0';
    record.name = name;
    assert_int_equal(mingce__v1__operator_record__get_packed_size(&record), n);
    return record_seal(keys, row, &record.base, sealed);
}

static void longest_record_is_sealed_and_a_longer_one_refused(void **state)
{
    (void) state;
    struct sealed_record *sealed = malloc(sizeof(*sealed)); /* just as long, for the sanitizer */
    assert_non_null(sealed);
    assert_true(seal_of_length(RECORD_BYTES, sealed));
    assert_int_equal(sealed->n, sizeof(sealed->bytes));
    ProtobufCMessage *opened =
        record_open(keys, &mingce__v1__operator_record__descriptor, row, sealed->bytes, sealed->n, NULL);
    assert_non_null(opened);
    protobuf_c_message_free_unpacked(opened, NULL);
    assert_false(seal_of_length(RECORD_BYTES + 1, sealed));
    assert_false(seal_of_length(RECORD_BYTES * 2, sealed));
    free(sealed);
}

static void sealed_bytes_without_a_whole_salt_do_not_open(void **state)
{
    (void) state;
    static uint8_t plain[SALT_BYTES], sealed[sizeof(plain) + SEAL_OVERHEAD];
    const ProtobufCMessageDescriptor *kind = &mingce__v1__enrolment_record__descriptor;
    for (size_t n = 0; n < SALT_BYTES; n++) {
        assert_true(seal(keys, kind->name, row, plain, n, sealed)); /* well sealed though */
        assert_null(record_open(keys, kind, row, sealed, n + SEAL_OVERHEAD, NULL));
    }
}

static void an_erased_record_opens_as_one_of_nothing(void **state)
{
    (void) state;
    Mingce__V1__PersonRecord *person = (Mingce__V1__PersonRecord *) record_open(
        keys, &mingce__v1__person_record__descriptor, row, (const uint8_t *) "", 0, NULL);
    assert_non_null(person);
    assert_string_equal(person->name, "");
    assert_string_equal(person->document_number, "");
    assert_int_equal(person->document_type, 0);
    assert_null(person->birth_date);
    mingce__v1__person_record__free_unpacked(person, NULL);
    Mingce__V1__GroupRecord *group = (Mingce__V1__GroupRecord *) record_open(
        keys, &mingce__v1__group_record__descriptor, row, (const uint8_t *) "", 0, NULL);
    assert_non_null(group);
    assert_string_equal(group->evidence, "");
    mingce__v1__group_record__free_unpacked(group, NULL);
    assert_null(record_open(keys, &mingce__v1__person_record__descriptor, row, NULL, 0, NULL));
}

/* A good record, longer than any that record_seal() makes. */
static void sealed_bytes_of_an_impossible_length_do_not_open(void **state)
{
    (void) state;
    static uint8_t plain[SALT_BYTES + RECORD_BYTES + 1], sealed[sizeof(plain) + SEAL_OVERHEAD];
    const ProtobufCMessageDescriptor *kind = &mingce__v1__operator_record__descriptor;
    size_t name_n = RECORD_BYTES + 1 - 3;
    memset(plain, 'x', sizeof(plain));
    plain[SALT_BYTES] = 1 << 3 | 2;
    plain[SALT_BYTES + 1] = (uint8_t) (name_n | 0x80);
    plain[SALT_BYTES + 2] = (uint8_t) (name_n >> 7);
    Mingce__V1__OperatorRecord *record =
        mingce__v1__operator_record__unpack(NULL, RECORD_BYTES + 1, plain + SALT_BYTES);
    assert_non_null(record);
    mingce__v1__operator_record__free_unpacked(record, NULL);
    assert_true(seal(keys, kind->name, row, plain, sizeof(plain), sealed));
    assert_null(record_open(keys, kind, row, sealed, sizeof(sealed), NULL));
    assert_null(record_open(keys, kind, row, sealed, SIZE_MAX, NULL));
}

/* ---- what must not open ---- */

static void flipped_or_cut_record_does_not_open(void **state)
{
    (void) state;
    struct sealed_record sealed;
    seal_person(&sealed);
    for (size_t i = 0; i < sealed.n; i++) {
        sealed.bytes[i] ^= 1;
        assert_null(open_person(&sealed, NULL));
        sealed.bytes[i] ^= 1;
    }
    size_t whole = sealed.n;
    for (sealed.n = 1; sealed.n < whole; sealed.n++)
        assert_null(open_person(&sealed, NULL));
}

static void record_of_another_row_or_kind_does_not_open(void **state)
{
    (void) state;
    struct sealed_record sealed;
    seal_person(&sealed);
    assert_null(
        record_open(keys, &mingce__v1__person_record__descriptor, other_row, sealed.bytes, sealed.n, NULL));
    assert_null(
        record_open(keys, &mingce__v1__operator_record__descriptor, row, sealed.bytes, sealed.n, NULL));
    assert_null(
        record_open(keys, &mingce__v1__enrolment_record__descriptor, row, sealed.bytes, sealed.n, NULL));
}

static void well_sealed_nonsense_does_not_open(void **state)
{
    (void) state;
    uint8_t plain[SALT_BYTES + 4] = {0}, sealed[sizeof(plain) + SEAL_OVERHEAD];
    memset(plain + SALT_BYTES, 0xff, 4); /* no protobuf */
    assert_true(seal(keys, "mingce.v1.PersonRecord", row, plain, sizeof(plain), sealed));
    assert_null(record_open(keys, &mingce__v1__person_record__descriptor, row, sealed, sizeof(sealed), NULL));
    /* a person without the fields that are required */
    assert_true(seal(keys, "mingce.v1.PersonRecord", row, plain, SALT_BYTES, sealed));
    assert_null(record_open(keys, &mingce__v1__person_record__descriptor, row, sealed,
                            SALT_BYTES + SEAL_OVERHEAD, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(person_comes_back_field_by_field),
        cmocka_unit_test(record_opens_into_an_arena),
        cmocka_unit_test(record_without_fields_opens),
        cmocka_unit_test(an_erased_record_opens_as_one_of_nothing),
        cmocka_unit_test(same_record_is_sealed_and_committed_to_anew),
        cmocka_unit_test(commitment_is_over_what_was_sealed),
        cmocka_unit_test(salts_are_random),
        cmocka_unit_test(longest_record_is_sealed_and_a_longer_one_refused),
        cmocka_unit_test(sealed_bytes_without_a_whole_salt_do_not_open),
        cmocka_unit_test(sealed_bytes_of_an_impossible_length_do_not_open),
        cmocka_unit_test(flipped_or_cut_record_does_not_open),
        cmocka_unit_test(record_of_another_row_or_kind_does_not_open),
        cmocka_unit_test(well_sealed_nonsense_does_not_open),
    };
    return cmocka_run_group_tests(tests, keys_open, keys_close);
}
