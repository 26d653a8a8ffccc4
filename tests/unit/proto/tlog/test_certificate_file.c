/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate's file: its bytes, what is read of it, and every change to it found. */
#include "proto/tlog/certificate_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NAME "invented.example/log/certificate"

static const uint8_t seed[NOTE_SEED] = {9};

/* Lines of a text by what they begin with. */
static const char good[] = "mingce.certificate@v1\n"
                           "number: SGM-2026-0001\n"
                           "kind: 4 培训合格证书\n"
                           "occupation: 4-10-01-06 家政服务员\n"
                           "level: 2 初级工\n"
                           "issuer: 52370100300000010X 济南 示例职业培训学校\n"
                           "issued-on: 2026-05-02\n"
                           "as-of: 2026-11-24\n"
                           "status: revoked since 2026-06-01\n"
                           "salt: AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                           "holder: AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                           "log-entry: 2960 AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                           "log-index: 2958\n";

static struct certificate_file scene(void)
{
    return (struct certificate_file){
        .number = "SGM-2026-0001",
        .kind = CERTIFICATE_TRAINING,
        .occupation_code = "4-10-01-06",
        .occupation_name = "家政服务员",
        .level = 2,
        .issuer_code = "52370100300000010X",
        .issuer_name = "济南 示例职业培训学校",
        .issued_on = day_of(2026, 5, 2),
        .as_of = day_of(2026, 11, 24),
        .revoked = true,
        .since = day_of(2026, 6, 1),
        .salt = {1},
        .holder = {2},
        .log_entry = 2960,
        .log_leaf = {3},
        .has_log_index = true,
        .log_index = 2958,
    };
}

static void the_bytes_are_these(void **state)
{
    (void) state;
    struct certificate_file file = scene(), read;
    char text[CERTIFICATE_FILE_TEXT];
    size_t n;
    assert_true(certificate_file_format(&file, text, &n));
    assert_string_equal(text, good);
    assert_int_equal(n, strlen(good));
    assert_true(certificate_file_parse(text, n, &read));
    assert_memory_equal(&read.salt, &file.salt, sizeof(file.salt));
    assert_memory_equal(&read.holder, &file.holder, sizeof(file.holder));
    assert_memory_equal(&read.log_leaf, &file.log_leaf, sizeof(file.log_leaf));
    assert_string_equal(read.issuer_name, file.issuer_name);
    assert_true(read.revoked && read.since == file.since && read.as_of == file.as_of &&
                read.issued_on == file.issued_on && read.level == 2 && read.kind == CERTIFICATE_TRAINING &&
                read.log_entry == 2960 && read.has_log_index && read.log_index == 2958);
    file.revoked = file.has_log_index = false;
    assert_true(certificate_file_format(&file, text, &n));
    assert_non_null(strstr(text, "\nstatus: valid\n"));
    assert_null(strstr(text, "log-index"));
    assert_true(certificate_file_parse(text, n, &read) && !read.revoked && !read.has_log_index);
}

/* The good text with a part of it replaced. */
static bool parses(const char *part, const char *by)
{
    char text[2 * CERTIFICATE_FILE_TEXT];
    struct certificate_file file;
    const char *at = strstr(good, part);
    assert_non_null(at);
    int n = snprintf(text, sizeof(text), "%.*s%s%s", (int) (at - good), good, by, at + strlen(part));
    return certificate_file_parse(text, (size_t) n, &file);
}

static void what_is_not_written_so_is_not_read(void **state)
{
    (void) state;
    static const char *const others[][2] = {
        {"@v1", "@v2"},
        {"SGM-2026-0001", "sgm-2026-0001"},
        {"SGM-2026-0001", ""},
        {"SGM-2026-0001", "SGM 2026"},
        {"SGM-2026-0001", "A2345678901234567890123456789012345678901234567890123456789012345"},
        {"kind: 4", "kind: 04"},
        {"kind: 4", "kind: 5"},
        {"kind: 4", "kind: 0"},
        {"kind: 4", "kind: 6"},
        {"kind: 4 ", "kind: 4"},
        {"kind: 4", "kind: 4294967300"},
        {"培训合格证书", "职业资格证书"},
        {"4-10-01-06 家政服务员", "4-10-01-06"},
        {"4-10-01-06 家政服务员", "4-10-01-06 "},
        {"4-10-01-06", "123456789012345678901234567890123"},
        {"家政服务员", "家政\t服务员"},
        {"家政服务员", "家政\xff"},
        {"level: 2", "level: 10"},
        {"level: 2", "level: 258"},
        {"初级工", "中级工"},
        {"2026-05-02", "2026-5-2"},
        {"2026-05-02", "2026-02-30"},
        {"as-of: 2026-11-24\n", ""},
        {"revoked since 2026-06-01", "revoked since"},
        {"revoked since 2026-06-01", "revoked since 2026-06-011"},
        {"revoked since 2026-06-01", "valid "},
        {"revoked since 2026-06-01", "lost"},
        {"AQAAAA", "AQAA"},
        {"AgAAAA", "Ag=AAA"},
        {"log-entry: 2960", "log-entry: -1"},
        {"log-entry: 2960", "log-entry: 1234567890123456789"},
        {"log-entry: 2960 ", "log-entry: "},
        {"log-index: 2958", "log-index: 02958"},
        {"log-index: 2958", "log-index: "},
        {"log-index: 2958\n", "log-index: 2958"},
        {"log-index: 2958\n", "log-index: 2958\nlog-index: 2958\n"},
        {"log-index: 2958\n", "more: 1\n"},
        {"salt: ", "salt:"},
        {"\n", "\r\n"},
    };
    assert_true(parses("2958", "2959"));
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (parses(others[i][0], others[i][1]))
            fail_msg("%s -> %s", others[i][0], others[i][1]);
}

static void every_shorter_text_is_refused(void **state)
{
    (void) state;
    struct certificate_file file;
    for (size_t n = 0; n < strlen(good); n++) {
        char *text = malloc(n + 1); /* so that a byte too many is seen */
        assert_non_null(text);
        memcpy(text, good, n);
        bool whole = n == strlen(good) - strlen("log-index: 2958\n");
        assert_int_equal(certificate_file_parse(text, n, &file), whole);
        free(text);
    }
}

static void long_names_are_not_cut(void **state)
{
    (void) state;
    struct certificate_file file = scene(), read;
    char text[CERTIFICATE_FILE_TEXT], longer[CERTIFICATE_FILE_TEXT + 1];
    size_t n;
    memset(file.issuer_name, 'x', CERTIFICATE_FILE_NAME - 1);
    memset(file.occupation_name, 'x', CERTIFICATE_FILE_NAME - 1);
    memset(file.number, 'X', CERTIFICATE_NUMBER_BYTES - 1);
    memset(file.issuer_code, 'X', CERTIFICATE_FILE_CODE - 1);
    file.log_entry = file.log_index = 999999999999999999;
    assert_true(certificate_file_format(&file, text, &n) && certificate_file_parse(text, n, &read));
    assert_string_equal(read.issuer_name, file.issuer_name);
    char *at = strstr(text, "issued-on") - 1; /* one character more than there is room for */
    n = (size_t) snprintf(longer, sizeof(longer), "%.*sx%s", (int) (at - text), text, at);
    assert_false(certificate_file_parse(longer, n, &read));
}

static void what_has_no_line_is_not_written(void **state)
{
    (void) state;
    char text[CERTIFICATE_FILE_TEXT];
    size_t n;
    struct certificate_file file = scene();
    snprintf(file.issuer_name, sizeof(file.issuer_name), "示例\nstatus: valid");
    assert_false(certificate_file_format(&file, text, &n));
    file = scene();
    *file.occupation_name = '\0';
    assert_false(certificate_file_format(&file, text, &n));
    file = scene();
    file.since = DAY_NONE;
    assert_false(certificate_file_format(&file, text, &n));
    file = scene();
    file.level = 10;
    assert_false(certificate_file_format(&file, text, &n));
    file.level = 258; /* 2, in a byte */
    assert_false(certificate_file_format(&file, text, &n));
}

static void signed_and_every_change_found(void **state)
{
    (void) state;
    struct certificate_file file = scene(), read;
    struct note_key key, other;
    char note[CERTIFICATE_FILE_NOTE], changed[CERTIFICATE_FILE_NOTE];
    size_t n;
    static const uint8_t another[NOTE_SEED] = {8};
    assert_true(note_key_make(NAME, NOTE_ED25519, seed, &key) &&
                note_key_make(NAME, NOTE_ED25519, another, &other));
    assert_true(certificate_file_sign(&file, &key, seed, note, &n));
    assert_int_equal(certificate_file_open(note, n, &key, &read), CERTIFICATE_FILE_GOOD);
    assert_string_equal(read.number, file.number);
    assert_int_equal(certificate_file_open(note, n, &other, &read), CERTIFICATE_FILE_UNSIGNED);
    for (size_t i = 0; i < n; i++) {
        memcpy(changed, note, n);
        changed[i] ^= 1;
        assert_int_equal(certificate_file_open(changed, n, &key, &read), CERTIFICATE_FILE_UNSIGNED);
        assert_int_equal(certificate_file_open(note, i, &key, &read), CERTIFICATE_FILE_UNSIGNED);
    }
    static const char text[] = "mingce.certificate@v2\nnumber: A\n\n";
    size_t at = strlen(text), line_n;
    memcpy(note, text, at);
    assert_true(note_sign(note, at - 1, &key, seed, 0, note + at, sizeof(note) - at, &line_n));
    assert_int_equal(certificate_file_open(note, at + line_n, &key, &read), CERTIFICATE_FILE_UNKNOWN);
}

/* printf of the bytes, and sha256sum: made by other programs. */
static void the_holder_is_this_digest(void **state)
{
    (void) state;
    static const uint8_t salt[CERTIFICATE_FILE_HASH] = {0}, other[CERTIFICATE_FILE_HASH] = {1};
    static const uint8_t resident[] = {0xd1, 0xfc, 0x2a, 0xed, 0xc9, 0x88, 0xb6, 0x9d, 0x14, 0x29, 0x49,
                                       0xba, 0x49, 0x36, 0x31, 0x9e, 0xae, 0x1d, 0x6a, 0xdf, 0xfa, 0x73,
                                       0x27, 0x4f, 0x03, 0x1d, 0xd2, 0x51, 0x17, 0x9e, 0x8f, 0x04};
    static const uint8_t passport[] = {0x28, 0xa8, 0x25, 0xd7, 0x84, 0x59, 0x46, 0xd8, 0xd6, 0xff, 0xfa,
                                       0x80, 0xb3, 0xc4, 0x02, 0x8f, 0xac, 0x0a, 0xb1, 0xa8, 0x03, 0x8d,
                                       0xfb, 0xb0, 0xf2, 0xbe, 0x87, 0x99, 0x1b, 0xf0, 0xde, 0x57};
    struct document document = {.type = DOCUMENT_RESIDENT_ID, .number = "11010519491231002X"};
    uint8_t holder[CERTIFICATE_FILE_HASH];
    certificate_file_holder(salt, &document, holder);
    assert_memory_equal(holder, resident, sizeof(resident));
    certificate_file_holder(other, &document, holder);
    assert_memory_not_equal(holder, resident, sizeof(resident));
    document = (struct document){.type = DOCUMENT_PASSPORT, .number = "E12345678", .issuing_country = "DEU"};
    certificate_file_holder(salt, &document, holder);
    assert_memory_equal(holder, passport, sizeof(passport));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_these),
        cmocka_unit_test(what_is_not_written_so_is_not_read),
        cmocka_unit_test(every_shorter_text_is_refused),
        cmocka_unit_test(long_names_are_not_cut),
        cmocka_unit_test(what_has_no_line_is_not_written),
        cmocka_unit_test(signed_and_every_change_found),
        cmocka_unit_test(the_holder_is_this_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
