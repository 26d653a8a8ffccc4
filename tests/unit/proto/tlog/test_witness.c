/* SPDX-License-Identifier: Apache-2.0 */
/* Witnesses: requests written and read, judged against what was cosigned last, answers believed only as far as signed. */
#include "proto/tlog/witness.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/proto/vectors.h"

enum { LEAVES = 12 };

static const uint8_t log_seed[NOTE_SEED] = {1}, witness_seed[NOTE_SEED] = {2}, other_seed[NOTE_SEED] = {3};

/* Leaf i is the single byte i. */
static bool subtree(void *context, unsigned level, uint64_t index, merkle_hash out)
{
    struct merkle_frontier tree = {.size = 0};
    (void) context;
    for (uint64_t i = index << level; i < (index + 1) << level; i++) {
        uint8_t byte = (uint8_t) i;
        merkle_hash leaf;
        merkle_leaf(&byte, 1, leaf);
        merkle_append(&tree, leaf);
    }
    merkle_root(&tree, out);
    return (index + 1) << level <= LEAVES;
}

static struct note_key key_made(const char *name, enum note_key_type type, const uint8_t seed[NOTE_SEED])
{
    struct note_key key;
    assert_true(note_key_make(name, type, seed, &key));
    return key;
}

static struct note_key log_key(void)
{
    return key_made("invented.example/log", NOTE_ED25519, log_seed);
}

static struct checkpoint checkpoint_of(uint64_t size)
{
    struct checkpoint checkpoint = {.origin = "invented.example/log", .size = size};
    assert_true(merkle_root_of(size, subtree, NULL, checkpoint.root));
    return checkpoint;
}

/* The checkpoint signed; `text_n` of it are the text. */
static size_t note_made(const struct checkpoint *checkpoint, const struct note_key *key, const uint8_t *seed,
                        char note[2048], size_t *text_n)
{
    size_t n;
    *text_n = checkpoint_format(checkpoint, note);
    note[*text_n] = '\n';
    assert_true(note_sign(note, *text_n, key, seed, 0, note + *text_n + 1, 2048 - *text_n - 1, &n));
    return *text_n + 1 + n;
}

/* From a size to another, as the log itself asks. */
static void request_made(uint64_t old, uint64_t size, char note[2048], struct witness_request *request)
{
    struct checkpoint checkpoint = checkpoint_of(size);
    struct note_key key = log_key();
    size_t text_n;
    memset(request, 0, sizeof(*request));
    request->old = old;
    request->note = note;
    request->note_n = note_made(&checkpoint, &key, log_seed, note, &text_n);
    if (old > 0 && old <= size)
        assert_true(merkle_consistency(old, size, subtree, NULL, request->proof, &request->proof_n));
}

static enum witness_status judged(const struct witness_request *request, uint64_t latest_size)
{
    struct note_key key = log_key();
    struct checkpoint latest = checkpoint_of(latest_size), next;
    size_t text_n;
    return witness_judge(request, &key, &latest, &next, &text_n);
}

/* ---- requests ---- */

static void a_request_is_read_as_it_was_written(void **state)
{
    (void) state;
    static char body[WITNESS_REQUEST];
    for (uint64_t old = 0; old <= LEAVES; old++) {
        char note[2048];
        struct witness_request request, again;
        request_made(old, LEAVES, note, &request);
        size_t n = witness_request_format(&request, body, sizeof(body));
        assert_true(n > 0 && witness_request_parse(body, n, &again));
        assert_int_equal(again.old, old);
        assert_int_equal(again.proof_n, request.proof_n);
        assert_memory_equal(again.proof, request.proof, request.proof_n * sizeof(merkle_hash));
        assert_int_equal(again.note_n, request.note_n);
        assert_memory_equal(again.note, note, request.note_n);
    }
}

static void what_is_not_a_request_is_refused(void **state)
{
    (void) state;
#define HASH "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    static const struct {
        const char *body;
        bool good;
    } each[] = {
        {"old 0\n\nx\n", true},
        {"old 7\n" HASH "\n\nx\n", true},
        {"old 7\n" HASH "\n" HASH "\n\nx\n\n\n", true},
        {"", false},
        {"\n", false},
        {"old 0", false},
        {"old 0\n", false},
        {"old 0\n\n", false},
        {"old\n\nx\n", false},
        {"old \n\nx\n", false},
        {"old  0\n\nx\n", false},
        {"old 0 \n\nx\n", false},
        {"old 00\n\nx\n", false},
        {"old 07\n\nx\n", false},
        {"old -7\n\nx\n", false},
        {"old +7\n\nx\n", false},
        {"old 0x7\n\nx\n", false},
        {"old 7\r\n\nx\n", false},
        {"old 18446744073709551616\n\nx\n", false},
        {"Old 7\n\nx\n", false},
        {"size 7\n\nx\n", false},
        {" old 7\n\nx\n", false},
        {"\nold 7\n\nx\n", false},
        {"old 7\nx\n\nx\n", false},
        {"old 7\n" HASH " \n\nx\n", false},
        {"old 7\n" HASH "\r\n\nx\n", false},
        {"old 7\nKgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n\nx\n", false}, /* leftover bits */
        {"old 7\nKgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\nx\n", false},     /* 30 bytes */
        {"old 7\n" HASH HASH "\n\nx\n", false},
        {"old 7\n" HASH "\nx\n", false},
    };
    for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++) {
        struct witness_request request;
        if (witness_request_parse(each[i].body, strlen(each[i].body), &request) != each[i].good)
            fail_msg("%zu: %s", i, each[i].body);
    }
}

static void at_most_63_hashes_are_sent(void **state)
{
    (void) state;
    static char body[WITNESS_REQUEST];
    struct witness_request request = {.old = 1, .proof_n = WITNESS_PROOF, .note = "x\n", .note_n = 2}, again;
    size_t n = witness_request_format(&request, body, sizeof(body));
    assert_true(n > 0 && witness_request_parse(body, n, &again));
    assert_int_equal(again.proof_n, WITNESS_PROOF);
    memmove(body + 6 + 45, body + 6, n - 6); /* the first hash twice */
    assert_false(witness_request_parse(body, n + 45, &again));
    request.proof_n++;
    assert_int_equal(witness_request_format(&request, body, sizeof(body)), 0);
    request.proof_n = 0;
    assert_int_equal(witness_request_format(&request, body, 20), 0);
}

/* ---- what a witness answers ---- */

static void every_extension_is_cosigned_and_nothing_else(void **state)
{
    (void) state;
    for (uint64_t old = 0; old <= LEAVES; old++)
        for (uint64_t size = 0; size <= LEAVES; size++) {
            char note[2048];
            struct witness_request request;
            request_made(old, size, note, &request);
            assert_int_equal(judged(&request, old), old > size ? WITNESS_MALFORMED : WITNESS_COSIGN);
            if (old <= size)
                assert_int_equal(judged(&request, old == LEAVES ? 3 : old + 1), WITNESS_CONFLICT);
            for (size_t i = 0; i < request.proof_n; i++) {
                request.proof[i][7] ^= 4;
                assert_int_equal(judged(&request, old), WITNESS_INCONSISTENT);
                request.proof[i][7] ^= 4;
            }
            request.proof_n++;
            if (old <= size)
                assert_int_equal(judged(&request, old), WITNESS_INCONSISTENT);
        }
}

/* The log signs two trees. */
static void a_fork_is_not_cosigned(void **state)
{
    (void) state;
    struct note_key key = log_key();
    for (uint64_t old = 0; old <= LEAVES; old++) {
        char note[2048];
        struct witness_request request;
        struct checkpoint latest = checkpoint_of(old), next;
        size_t text_n;
        request_made(old, LEAVES, note, &request);
        latest.root[0] ^= 1;
        assert_int_equal(witness_judge(&request, &key, &latest, &next, &text_n), old == 0 ? WITNESS_COSIGN
                                                                                 : old == LEAVES
                                                                                     ? WITNESS_CONFLICT
                                                                                     : WITNESS_INCONSISTENT);
    }
}

static void an_empty_tree_has_one_root(void **state)
{
    (void) state;
    struct note_key key = log_key();
    struct checkpoint wrong = checkpoint_of(0), latest = {.size = 0}, next;
    char note[2048];
    size_t text_n;
    wrong.root[31] ^= 1;
    struct witness_request request = {.note = note,
                                      .note_n = note_made(&wrong, &key, log_seed, note, &text_n)};
    assert_int_equal(witness_judge(&request, &key, &latest, &next, &text_n), WITNESS_CONFLICT);
    wrong.root[31] ^= 1;
    request.note_n = note_made(&wrong, &key, log_seed, note, &text_n);
    assert_int_equal(witness_judge(&request, &key, &latest, &next, &text_n), WITNESS_COSIGN);
}

static void only_the_logs_own_signature_counts(void **state)
{
    (void) state;
    struct checkpoint checkpoint = checkpoint_of(3);
    struct note_key stranger = key_made("invented.example/log", NOTE_ED25519, other_seed),
                    elsewhere = key_made("other.example/log", NOTE_ED25519, other_seed);
    char note[2048];
    size_t text_n;
    struct witness_request request = {.note = note};
    request.note_n = note_made(&checkpoint, &stranger, other_seed, note, &text_n);
    assert_int_equal(judged(&request, 0), WITNESS_BAD_SIGNATURE);
    snprintf(checkpoint.origin, sizeof(checkpoint.origin), "other.example/log");
    request.note_n = note_made(&checkpoint, &elsewhere, other_seed, note, &text_n);
    assert_int_equal(judged(&request, 0), WITNESS_UNKNOWN_LOG);
    /* the log's key over another's text */
    struct note_key own = log_key();
    request.note_n = note_made(&checkpoint, &own, log_seed, note, &text_n);
    assert_int_equal(judged(&request, 0), WITNESS_UNKNOWN_LOG);
    for (size_t n = 0; n < text_n; n++) {
        request.note_n = n;
        assert_int_equal(judged(&request, 0), WITNESS_MALFORMED);
    }
}

static void every_changed_byte_of_the_note_is_found(void **state)
{
    (void) state;
    char note[2048];
    struct witness_request request;
    request_made(0, 5, note, &request);
    for (size_t i = 0; i < request.note_n; i++) {
        note[i] ^= 1;
        assert_int_not_equal(judged(&request, 0), WITNESS_COSIGN);
        note[i] ^= 1;
    }
    assert_int_equal(judged(&request, 0), WITNESS_COSIGN);
}

/* ---- answers ---- */

static void an_answer_is_believed_as_far_as_it_is_signed(void **state)
{
    (void) state;
    static const char text[] = "invented.example/log\n3\nAAAA\n",
                      changed[] = "invented.example/log\n4\nAAAA\n";
    struct note_key witness = key_made("witness.example", NOTE_COSIGNATURE, witness_seed),
                    other = key_made("other.example", NOTE_COSIGNATURE, other_seed),
                    plain = key_made("witness.example", NOTE_ED25519, witness_seed);
    char answer[1024];
    const char *line;
    size_t first, second, n, text_n = sizeof(text) - 1;
    uint64_t time = 0;
    assert_true(note_sign(text, text_n, &other, other_seed, 8, answer, sizeof(answer), &first));
    assert_true(note_sign(text, text_n, &witness, witness_seed, 1767139200, answer + first,
                          sizeof(answer) - first, &second));
    assert_true(witness_cosigned(text, text_n, answer, first + second, &witness, &line, &n, &time));
    assert_int_equal(time, 1767139200);
    assert_ptr_equal(line, answer + first);
    assert_int_equal(n, second);
    assert_false(witness_cosigned(text, text_n, answer, first, &witness, &line, &n, &time));
    assert_false(witness_cosigned(text, text_n, answer, 0, &witness, &line, &n, &time));
    assert_false(witness_cosigned(changed, text_n, answer, first + second, &witness, &line, &n, &time));
    assert_false(witness_cosigned(text, text_n, answer, first + second, &plain, &line, &n, &time));
    for (size_t i = first; i < first + second; i++) {
        answer[i] ^= 1;
        assert_false(witness_cosigned(text, text_n, answer, first + second, &witness, &line, &n, &time));
        answer[i] ^= 1;
        assert_false(witness_cosigned(text, text_n, answer, i, &witness, &line, &n, &time));
    }
    static const char long_text[NOTE_MOST];
    assert_false(witness_cosigned(long_text, NOTE_MOST - first - second, answer, first + second, &witness,
                                  &line, &n, &time));
    assert_false(witness_cosigned(long_text, NOTE_MOST, answer, first + second, &witness, &line, &n, &time));
    /* a signature of the text itself is no cosignature */
    assert_true(note_sign(text, text_n, &plain, witness_seed, 0, answer, sizeof(answer), &first));
    assert_false(witness_cosigned(text, text_n, answer, first, &plain, &line, &n, &time));
}

static void a_conflict_names_the_size(void **state)
{
    (void) state;
    static const struct {
        const char *answer;
        bool good;
    } each[] = {{"3\n", true},   {"0\n", true},    {"3", false},   {"", false},
                {"03\n", false}, {"3\n\n", false}, {" 3\n", false}};
    for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++) {
        uint64_t size;
        assert_int_equal(witness_conflict(each[i].answer, strlen(each[i].answer), &size), each[i].good);
    }
}

/* ---- others' vectors ---- */

/* One witness, from empty on, answers each request as theirs must. */
static void others_requests_in_their_order(void **state)
{
    (void) state;
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "notes/witness_add_checkpoint.json"),
                       *requests = vectors_get(file, "requests");
    struct note_key key = {.type = NOTE_ED25519};
    struct checkpoint latest = checkpoint_of(0), next;
    char vkey[NOTE_VKEY];
    size_t text_n;
    snprintf(key.name, sizeof(key.name), "%s", vectors_text(file, "log_origin"));
    assert_int_equal(vectors_hex(vectors_text(file, "log_pubkey_hex"), key.key, NOTE_KEY), NOTE_KEY);
    memcpy(key.id, "\x52\x02\x28\x9b", sizeof(key.id)); /* as their signature lines begin */
    note_key_format(&key, vkey);
    assert_true(note_key_parse(vkey, &key));
    assert_int_equal(json_object_array_length(requests), 9);
    for (size_t i = 0; i < json_object_array_length(requests); i++) {
        struct json_object *vector = json_object_array_get_idx(requests, i);
        const char *body = vectors_text(vector, "request");
        struct witness_request request;
        assert_true(witness_request_parse(body, strlen(body), &request));
        enum witness_status status = witness_judge(&request, &key, &latest, &next, &text_n);
        assert_int_equal(status, json_object_get_int(vectors_get(vector, "status_spec_v1")));
        if (status == WITNESS_CONFLICT) {
            char wanted[64];
            snprintf(wanted, sizeof(wanted), "body == \"%" PRIu64 "\\n\"", latest.size);
            assert_string_equal(vectors_text(vector, "assert_"), wanted);
        }
        if (status == WITNESS_COSIGN)
            latest = next;
    }
    assert_int_equal(latest.size, 5);
    json_object_put(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_read_as_it_was_written),
        cmocka_unit_test(what_is_not_a_request_is_refused),
        cmocka_unit_test(at_most_63_hashes_are_sent),
        cmocka_unit_test(every_extension_is_cosigned_and_nothing_else),
        cmocka_unit_test(a_fork_is_not_cosigned),
        cmocka_unit_test(an_empty_tree_has_one_root),
        cmocka_unit_test(only_the_logs_own_signature_counts),
        cmocka_unit_test(every_changed_byte_of_the_note_is_found),
        cmocka_unit_test(an_answer_is_believed_as_far_as_it_is_signed),
        cmocka_unit_test(a_conflict_names_the_size),
        cmocka_unit_test(others_requests_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
