/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints, the places of tiles and what tiles a tree is made of: ours, and others' vectors of them. */
#include "proto/tlog/checkpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "proto/tlog/tree.h"
#include "tests/unit/proto/vectors.h"

#define ROOT "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static void a_checkpoint_is_read_as_it_was_written(void **state)
{
    (void) state;
    struct checkpoint checkpoint = {.origin = "invented.example/log", .size = 999999999999999999}, again;
    char text[CHECKPOINT_TEXT];
    for (size_t i = 0; i < MERKLE_HASH; i++)
        checkpoint.root[i] = (uint8_t) i;
    size_t n = checkpoint_format(&checkpoint, text);
    assert_string_equal(text, "invented.example/log\n999999999999999999\n" ROOT "\n");
    assert_true(checkpoint_parse(text, n, &again));
    assert_memory_equal(&checkpoint, &again, sizeof(again));
    for (size_t i = 0; i < n; i++)
        assert_false(checkpoint_parse(text, i, &again));
}

static void numbers_and_roots_are_written_in_one_way(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool good;
    } each[] = {
        {"a\n0\n" ROOT "\n", true},
        {"a\n7\n" ROOT "\nan extension\n", true},
        {"a\n07\n" ROOT "\n", false},
        {"a\n+7\n" ROOT "\n", false},
        {"a\n 7\n" ROOT "\n", false},
        {"a\n7 \n" ROOT "\n", false},
        {"a\n\n" ROOT "\n", false},
        {"a\n1000000000000000000\n" ROOT "\n", false},
        {"a\n7\n" ROOT "=\n", false},
        {"a\n7\n" ROOT " \n", false},
        {"a\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n", false}, /* leftover bits */
        {"a\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==\n", false}, /* 31 bytes */
        {"a\n7\n" ROOT "\nan extension cut", false},
    };
    for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++) {
        struct checkpoint checkpoint;
        if (checkpoint_parse(each[i].text, strlen(each[i].text), &checkpoint) != each[i].good)
            fail_msg("%s", each[i].text);
    }
}

/* ---- others' vectors ---- */

/* Their roots are of any length, ours of 32 bytes: each as it is, which is refused, and with such a root in its place. */
static void others_checkpoints(void **state)
{
    (void) state;
    static const char *const short_roots[] = {"YmFuYW5hcw==",
                                              "dGhlIHZpZXcgZnJvbSB0aGUgdHJlZSB0b3BzIGlzIGdyZWF0IQ=="};
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "formats.json"),
                       *list = vectors_get(file, "checkpoint_body");
    size_t good = 0;
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *vector = json_object_array_get_idx(list, i);
        const char *text = vectors_text(vector, "text");
        bool ok = json_object_get_boolean(vectors_get(vector, "ok"));
        struct checkpoint checkpoint;
        char whole[512];
        assert_true(strlen(text) < sizeof(whole));
        memcpy(whole, text, strlen(text) + 1);
        for (size_t k = 0; k < 2; k++) {
            const char *at = strstr(text, short_roots[k]);
            if (at != NULL)
                snprintf(whole, sizeof(whole), "%.*s" ROOT "%s", (int) (at - text), text,
                         at + strlen(short_roots[k]));
        }
        assert_false(checkpoint_parse(text, strlen(text), &checkpoint));
        if (checkpoint_parse(whole, strlen(whole), &checkpoint) != ok)
            fail_msg("%s", vectors_text(vector, "desc"));
        good += ok;
    }
    assert_int_equal(json_object_array_length(list), 10);
    assert_int_equal(good, 3);
    json_object_put(file);
}

static void others_places_of_tiles(void **state)
{
    (void) state;
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "formats.json"), *list = vectors_get(file, "tile_paths");
    assert_int_equal(json_object_array_length(list), 12);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *vector = json_object_array_get_idx(list, i);
        int level = strcmp(vectors_text(vector, "kind"), "entries") == 0
                        ? -1
                        : json_object_get_int(vectors_get(vector, "level"));
        int width = json_object_get_int(vectors_get(vector, "p"));
        char path[TILE_PATH];
        tile_path(level, (uint64_t) json_object_get_int64(vectors_get(vector, "N")),
                  width == 0 ? TILE_WIDTH : (unsigned) width, path);
        assert_string_equal(path, vectors_text(vector, "path"));
    }
    json_object_put(file);
}

/* What the digits of a path that is none may have meant, written properly, is another path. */
static void others_bad_places_are_never_ours(void **state)
{
    (void) state;
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "formats.json"),
                       *list = vectors_get(file, "bad_tile_paths");
    assert_int_equal(json_object_array_length(list), 15);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *vector = json_object_array_get_idx(list, i);
        const char *level = vectors_text(vector, "level"), *bad = vectors_text(vector, "path"),
                   *part = strstr(bad, ".p");
        char wrong[256], path[TILE_PATH];
        uint64_t index = 0;
        for (const char *at = bad; *at != '\0' && at != part; at++)
            index = *at >= '0' && *at <= '9' ? index * 10 + (uint64_t) (*at - '0') : index;
        snprintf(wrong, sizeof(wrong), "tile/%s/%s", level, bad);
        for (int ours = -1; ours < TILE_LEVELS; ours++)
            for (unsigned width = 1; width <= TILE_WIDTH; width++) {
                tile_path(ours, index, width, path);
                if (strcmp(path, wrong) == 0)
                    fail_msg("%s", wrong);
            }
    }
    json_object_put(file);
}

static void count_tile(void *context, const struct tree_tile *tile)
{
    assert_int_equal(tile->index, ((uint64_t *) context)[tile->level]++);
    assert_int_equal(tile->n, TILE_WIDTH);
}

static void others_trees_are_made_of_these_tiles(void **state)
{
    (void) state;
    const char *folder = vectors_folder();
    if (folder == NULL)
        return;
    struct json_object *file = vectors_file(folder, "formats.json"), *list = vectors_get(file, "layout");
    assert_int_equal(json_object_array_length(list), 2);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *vector = json_object_array_get_idx(list, i),
                           *tiles = vectors_get(vector, "tiles");
        static struct tree tree;
        static const merkle_hash leaf;
        uint64_t whole[TILE_LEVELS] = {0};
        int64_t size = json_object_get_int64(vectors_get(vector, "tree_size"));
        tree_new(&tree);
        for (int64_t k = 0; k < size; k++)
            tree_append(&tree, leaf, count_tile, whole);
        for (size_t level = 0; level < TILE_LEVELS; level++) {
            struct json_object *wanted =
                level < json_object_array_length(tiles) ? json_object_array_get_idx(tiles, level) : NULL;
            assert_int_equal(whole[level], json_object_get_int(vectors_get(wanted, "full")));
            assert_int_equal(tree.last[level].n, json_object_get_int(vectors_get(wanted, "partial")));
        }
    }
    json_object_put(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checkpoint_is_read_as_it_was_written),
        cmocka_unit_test(numbers_and_roots_are_written_in_one_way),
        cmocka_unit_test(others_checkpoints),
        cmocka_unit_test(others_places_of_tiles),
        cmocka_unit_test(others_bad_places_are_never_ours),
        cmocka_unit_test(others_trees_are_made_of_these_tiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
