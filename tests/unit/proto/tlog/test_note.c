/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes: keys, signatures, cosignatures; others' vectors. */
#include "proto/tlog/note.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "proto/tlog/base64.h"
#include "tests/unit/proto/vectors.h"

static const uint8_t seed[NOTE_SEED] = {7};
static const char text[] = "invented.example/log\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";

/* A note over the text by a key of the seed. */
static size_t note_made(char note[4096], enum note_key_type type, uint64_t time, struct note_key *key)
{
    size_t n, at = sizeof(text) - 1;
    assert_true(note_key_make("invented.example/log", type, seed, key));
    memcpy(note, text, at);
    note[at++] = '\n';
    assert_true(note_sign(text, sizeof(text) - 1, key, seed, time, note + at, 4096 - at, &n));
    return at + n;
}

static void what_is_signed_is_verified(void **state)
{
    (void) state;
    char note[4096];
    struct note_key key;
    bool verified;
    size_t text_n, n = note_made(note, NOTE_ED25519, 0, &key);
    assert_int_equal(note_open(note, n, &key, 1, &text_n, &verified, NULL), NOTE_GOOD);
    assert_int_equal(text_n, sizeof(text) - 1);
    assert_true(verified);
    assert_int_equal(note_open(note, n, NULL, 0, &text_n, NULL, NULL), NOTE_UNVERIFIED);
}

static void every_changed_byte_is_found(void **state)
{
    (void) state;
    char note[4096];
    struct note_key key;
    size_t text_n, n = note_made(note, NOTE_ED25519, 0, &key);
    for (size_t i = 0; i < n; i++) {
        note[i] ^= 1;
        assert_int_not_equal(note_open(note, n, &key, 1, &text_n, NULL, NULL), NOTE_GOOD);
        note[i] ^= 1;
    }
    for (size_t i = 0; i < n; i++)
        assert_int_not_equal(note_open(note, i, &key, 1, &text_n, NULL, NULL), NOTE_GOOD);
}

static void a_cosignature_states_its_time(void **state)
{
    (void) state;
    char note[4096];
    struct note_key key;
    uint64_t time;
    bool verified;
    size_t text_n, n = note_made(note, NOTE_COSIGNATURE, 1767139200, &key);
    assert_int_equal(note_open(note, n, &key, 1, &text_n, &verified, &time), NOTE_GOOD);
    assert_int_equal(time, 1767139200);
}

static void keys_are_written_as_they_are_read(void **state)
{
    (void) state;
    struct note_key key, again;
    char vkey[NOTE_VKEY];
    assert_true(note_key_make("invented.example/log", NOTE_ED25519, seed, &key));
    note_key_format(&key, vkey);
    assert_true(note_key_parse(vkey, &again));
    assert_memory_equal(&key, &again, sizeof(key));
    vkey[strlen(vkey) - 3] = vkey[strlen(vkey) - 3] == 'A' ? 'B' : 'A';
    assert_false(note_key_parse(vkey, &again));
    assert_false(note_key_make("a name", NOTE_ED25519, seed, &key));
    assert_false(note_key_make("a+b", NOTE_ED25519, seed, &key));
    assert_false(note_key_make("", NOTE_ED25519, seed, &key));
}

static void base64_is_strict(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool good;
    } each[] = {{"", true},      {"AA==", true},  {"AAA=", true},  {"AAAA", true},     {"AB==", false},
                {"AAB=", false}, {"A===", false}, {"AAA", false},  {"AA=A", false},    {"AA\n=", false},
                {" AAA", false}, {"AAA-", false}, {"====", false}, {"AAAAAA==", true}, {"AA==AAAA", false}};
    uint8_t bytes[16];
    size_t n;
    for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++)
        if (base64_decode(each[i].text, strlen(each[i].text), bytes, sizeof(bytes), &n) != each[i].good)
            fail_msg("%s", each[i].text);
    assert_false(base64_decode("AAAA", 4, bytes, 2, &n));
}

/* ---- others' vectors ---- */

static enum note_verdict verdict_of(const char *error)
{
    return error == NULL                             ? NOTE_GOOD
           : strcmp(error, "unverified") == 0        ? NOTE_UNVERIFIED
           : strcmp(error, "invalid signature") == 0 ? NOTE_BAD_SIGNATURE
                                                     : NOTE_MALFORMED;
}

static void others_notes(void **state)
{
    (void) state;
    enum { KEYS = 8 };
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "notes/notes.json"), *notes = vectors_get(file, "notes");
    assert_true(json_object_array_length(notes) >= 30);
    for (size_t i = 0; i < json_object_array_length(notes); i++) {
        struct json_object *vector = json_object_array_get_idx(notes, i),
                           *vkeys = vectors_get(vector, "vkeys");
        const char *encoded = vectors_text(vector, "note_b64");
        static uint8_t note[NOTE_MOST];
        struct note_key keys[KEYS];
        bool verified[KEYS];
        size_t n, text_n, keys_n = json_object_array_length(vkeys), good = 0;
        assert_true(base64_decode(encoded, strlen(encoded), note, sizeof(note), &n));
        for (size_t k = 0; k < keys_n; k++)
            assert_true(
                note_key_parse(json_object_get_string(json_object_array_get_idx(vkeys, k)), &keys[k]));
        if (note_open((char *) note, n, keys, keys_n, &text_n, verified, NULL) !=
            verdict_of(vectors_text(vector, "error")))
            fail_msg("%s", vectors_text(vector, "desc"));
        for (size_t k = 0; k < keys_n; k++)
            good += verified[k];
        if (vectors_text(vector, "error") == NULL)
            assert_int_equal(good, json_object_array_length(vectors_get(vector, "verified")));
    }
    json_object_put(file);
}

static void others_keys(void **state)
{
    (void) state;
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "notes/notes.json"), *vkeys = vectors_get(file, "vkeys");
    struct note_key key;
    for (size_t i = 0; i < json_object_array_length(vkeys); i++) {
        struct json_object *vector = json_object_array_get_idx(vkeys, i);
        bool ok = json_object_get_boolean(vectors_get(vector, "ok"));
        if (note_key_parse(vectors_text(vector, "vkey"), &key) != ok)
            fail_msg("%s: %s", vectors_text(vector, "vkey"), vectors_text(vector, "src"));
    }
    json_object_put(file);
}

/* Published test keys sign as their owners' programs did. */
static void others_signatures(void **state)
{
    (void) state;
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "notes/notes.json"), *signs = vectors_get(file, "sign");
    for (size_t i = 0; i < json_object_array_length(signs); i++) {
        struct json_object *vector = json_object_array_get_idx(signs, i);
        const char *skey = vectors_text(vector, "skey"), *over = vectors_text(vector, "text");
        const char *name = skey + sizeof("PRIVATE+KEY+") - 1,
                   *encoded = strchr(strchr(name, '+') + 1, '+') + 1;
        char named[NOTE_NAME], line[1024];
        uint8_t bytes[1 + NOTE_SEED];
        size_t n;
        struct note_key key;
        snprintf(named, sizeof(named), "%.*s", (int) strcspn(name, "+"), name);
        assert_true(base64_decode(encoded, strlen(encoded), bytes, sizeof(bytes), &n));
        assert_true(note_key_make(named, NOTE_ED25519, bytes + 1, &key));
        assert_true(note_sign(over, strlen(over), &key, bytes + 1, 0, line, sizeof(line), &n));
        assert_string_equal(line, vectors_text(vector, "want_sig_line"));
    }
    json_object_put(file);
}

static bool cosigner_of(struct json_object *vector, struct note_key *key)
{
    uint8_t bytes[NOTE_SEED];
    if (vectors_text(vector, "cosigner_vkey") != NULL)
        return note_key_parse(vectors_text(vector, "cosigner_vkey"), key);
    return vectors_hex(vectors_text(vector, "cosigner_seed_hex"), bytes, sizeof(bytes)) == sizeof(bytes) &&
           note_key_make(vectors_text(vector, "cosigner_name"), NOTE_COSIGNATURE, bytes, key);
}

static void others_cosignatures(void **state)
{
    (void) state;
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "notes/cosignatures.json"),
                       *list = vectors_get(file, "vectors");
    assert_true(json_object_array_length(list) >= 5);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *vector = json_object_array_get_idx(list, i);
        const char *note = vectors_text(vector, "note");
        struct note_key key;
        uint64_t time = 0;
        size_t text_n;
        bool verified, valid = json_object_get_boolean(vectors_get(vector, "valid"));
        if (note == NULL)
            continue;
        assert_true(cosigner_of(vector, &key));
        if ((note_open(note, strlen(note), &key, 1, &text_n, &verified, &time) == NOTE_GOOD) != valid)
            fail_msg("%s", vectors_text(vector, "desc"));
        if (valid)
            assert_int_equal(time, json_object_get_int64(vectors_get(vector, "timestamp")));
    }
    json_object_put(file);
}

/* Those of length 64 and those of others; by the key as it is, whatever its name. */
static size_t run_signatures(struct json_object *group)
{
    struct json_object *tests = vectors_get(group, "tests");
    struct note_key key = {.type = NOTE_ED25519};
    vectors_hex(vectors_text(vectors_get(group, "publicKey"), "pk"), key.key, sizeof(key.key));
    for (size_t i = 0; i < json_object_array_length(tests); i++) {
        struct json_object *vector = json_object_array_get_idx(tests, i);
        unsigned char message[1024], signature[128];
        size_t n = vectors_hex(vectors_text(vector, "sig"), signature, sizeof(signature)),
               message_n = vectors_hex(vectors_text(vector, "msg"), message, sizeof(message));
        bool valid = strcmp(vectors_text(vector, "result"), "valid") == 0;
        uint64_t time;
        if (note_verify((const char *) message, message_n, &key, signature, n, &time) != valid)
            fail_msg("%d: %s", json_object_get_int(vectors_get(vector, "tcId")),
                     vectors_text(vector, "comment"));
    }
    return json_object_array_length(tests);
}

static void others_ed25519(void **state)
{
    (void) state;
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "crypto/ed25519_test.json"),
                       *groups = vectors_get(file, "testGroups");
    size_t ran = 0;
    for (size_t i = 0; i < json_object_array_length(groups); i++)
        ran += run_signatures(json_object_array_get_idx(groups, i));
    assert_int_equal(ran, 151);
    json_object_put(file);
}

/* Whose they are is not said: their time is read, and nothing is taken for good. */
static void others_times(void **state)
{
    (void) state;
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "notes/cosignatures.json"),
                       *list = vectors_get(file, "timestamp_decode");
    struct note_key key;
    assert_int_equal(json_object_array_length(list), 2);
    assert_true(note_key_make("invented.example/witness", NOTE_COSIGNATURE, seed, &key));
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *vector = json_object_array_get_idx(list, i);
        const char *encoded = vectors_text(vector, "sig_b64");
        uint8_t bytes[128];
        size_t n;
        uint64_t time;
        bool ok = json_object_get_boolean(vectors_get(vector, "ok"));
        assert_true(base64_decode(encoded, strlen(encoded), bytes, sizeof(bytes), &n) && n > sizeof(key.id));
        assert_false(
            note_verify(text, sizeof(text) - 1, &key, bytes + sizeof(key.id), n - sizeof(key.id), &time));
        assert_int_equal(time, ok ? json_object_get_int64(vectors_get(vector, "timestamp")) : 0);
    }
    json_object_put(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_signed_is_verified),
        cmocka_unit_test(every_changed_byte_is_found),
        cmocka_unit_test(a_cosignature_states_its_time),
        cmocka_unit_test(keys_are_written_as_they_are_read),
        cmocka_unit_test(base64_is_strict),
        cmocka_unit_test(others_notes),
        cmocka_unit_test(others_keys),
        cmocka_unit_test(others_signatures),
        cmocka_unit_test(others_cosignatures),
        cmocka_unit_test(others_ed25519),
        cmocka_unit_test(others_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
