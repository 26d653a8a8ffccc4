/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts: taken from an answer, kept as text, read again, and every change to them found. */
#include "proto/tlog/receipt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/tlog/base64.h"

#define NAME "invented.example/log/receipt"

static const uint8_t seed[NOTE_SEED] = {9}, request_id[16] = {1, 2, 0xab};
static struct note_key key;

/* Two requests were answered together; ours, the second, wrote two entries. */
struct scene {
    merkle_hash leaves[2], mine, other, root;
    uint64_t ids[2];
    char note[RECEIPT_NOTE];
    ProtobufCBinaryData path[1];
    Mingce__V1__Receipt message;
};

static void scene_make(struct scene *scene)
{
    char text[256], root[BASE64_BYTES(MERKLE_HASH)];
    size_t n;
    assert_true(note_key_make(NAME, NOTE_ED25519, seed, &key));
    *scene = (struct scene){.ids = {7, 9}};
    merkle_leaf("one", 3, scene->leaves[0]);
    merkle_leaf("two", 3, scene->leaves[1]);
    merkle_leaf(scene->leaves, sizeof(scene->leaves), scene->mine);
    merkle_leaf("other", 5, scene->other);
    merkle_node(scene->other, scene->mine, scene->root);
    base64_encode(scene->root, MERKLE_HASH, root);
    int length = snprintf(text, sizeof(text), NAME "\n%s\n1790000000000\n86400\n", root);
    int at = snprintf(scene->note, sizeof(scene->note), "%s\n", text);
    assert_true(note_sign(text, (size_t) length, &key, seed, 0, scene->note + at,
                          sizeof(scene->note) - (size_t) at, &n));
    mingce__v1__receipt__init(&scene->message);
    scene->message.note = (ProtobufCBinaryData){(size_t) at + n, (uint8_t *) scene->note};
    scene->message.index = 1;
    scene->message.size = 2;
    scene->path[0] = (ProtobufCBinaryData){MERKLE_HASH, scene->other};
    scene->message.n_path = 1;
    scene->message.path = scene->path;
    scene->message.n_entry_id = 2;
    scene->message.entry_id = scene->ids;
    scene->message.leaves = (ProtobufCBinaryData){sizeof(scene->leaves), scene->leaves[0]};
}

static void what_was_kept_is_read_and_holds(void **state)
{
    (void) state;
    struct scene scene;
    struct receipt receipt, again;
    struct promise promise;
    scene_make(&scene);
    assert_true(receipt_take(&scene.message, request_id, "class.open", &receipt));
    char *text = receipt_format(&receipt);
    assert_non_null(text);
    assert_ptr_equal(
        strstr(text,
               "mingce.receipt@v1\nrequest 0102ab00000000000000000000000000\nmethod class.open\nindex 1\n"
               "size 2\nentry 7 "),
        text);
    assert_true(receipt_parse(text, strlen(text), &again));
    assert_true(receipt_open(&again, &key, &promise));
    assert_true(promise.at_ms == 1790000000000 && promise.deadline_s == 86400);
    assert_int_equal(again.n, 2);
    assert_true(again.entries[1].id == 9);
    assert_memory_equal(again.entries[1].leaf, scene.leaves[1], MERKLE_HASH);
    char *twice = receipt_format(&again);
    assert_string_equal(text, twice);
    free(twice);
    free(text);
    receipt_free(&again);
    receipt_free(&receipt);
}

/* All but the ids of request and entries, and the method: these are not signed. */
static void every_changed_byte_that_counts_is_found(void **state)
{
    (void) state;
    struct scene scene;
    struct receipt receipt, again;
    struct promise promise;
    scene_make(&scene);
    assert_true(receipt_take(&scene.message, request_id, "class.open", &receipt));
    char *text = receipt_format(&receipt);
    size_t n = strlen(text), held = 0;
    for (size_t i = 0; i < n; i++) {
        text[i] ^= 1;
        if (receipt_parse(text, n, &again)) {
            held += receipt_open(&again, &key, &promise);
            receipt_free(&again);
        }
        text[i] ^= 1;
    }
    assert_true(held <= 32 + strlen("class.open") + 2);
    for (size_t i = 0; i < n; i++)
        if (receipt_parse(text, i, &again)) {
            assert_false(receipt_open(&again, &key, &promise));
            receipt_free(&again);
        }
    free(text);
    receipt_free(&receipt);
}

/* A node above the leaves cannot be taken for the leaf of a request: its data would begin another hash. */
static void a_part_of_the_tree_is_no_request(void **state)
{
    (void) state;
    struct scene scene;
    struct receipt receipt;
    struct promise promise;
    scene_make(&scene);
    scene.message.index = 0;
    scene.message.size = 1;
    scene.message.n_path = 0;
    memcpy(scene.leaves[0], scene.other, MERKLE_HASH);
    memcpy(scene.leaves[1], scene.mine, MERKLE_HASH);
    assert_true(receipt_take(&scene.message, request_id, "class.open", &receipt));
    assert_false(receipt_open(&receipt, &key, &promise));
    receipt_free(&receipt);
}

static void answers_that_cannot_be_kept(void **state)
{
    (void) state;
    struct scene scene;
    struct receipt receipt;
    char method[RECEIPT_METHOD + 2];
    scene_make(&scene);
    memset(method, 'x', sizeof(method) - 1);
    method[sizeof(method) - 1] = '\0';
    assert_false(receipt_take(&scene.message, request_id, method, &receipt));
    scene.message.n_entry_id = 0;
    assert_false(receipt_take(&scene.message, request_id, "m", &receipt));
    scene_make(&scene);
    scene.message.leaves.len--;
    assert_false(receipt_take(&scene.message, request_id, "m", &receipt));
    scene_make(&scene);
    scene.path[0].len--;
    assert_false(receipt_take(&scene.message, request_id, "m", &receipt));
    scene_make(&scene);
    scene.message.n_path = MERKLE_LEVELS + 1;
    assert_false(receipt_take(&scene.message, request_id, "m", &receipt));
    scene_make(&scene);
    scene.note[3] = '\0';
    assert_false(receipt_take(&scene.message, request_id, "m", &receipt));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_kept_is_read_and_holds),
        cmocka_unit_test(every_changed_byte_that_counts_is_found),
        cmocka_unit_test(a_part_of_the_tree_is_no_request),
        cmocka_unit_test(answers_that_cannot_be_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
