/* SPDX-License-Identifier: Apache-2.0 */
/* What is embedded is what stands in migrations/ and what the build makes for it, in order, and the digest covers every byte of it.
 * In functions names have become numbers, and comments come last (migrations/gen_api.awk). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <glob.h>
#include <openssl/sha.h>

#include "daemon/base/compiler.h"
#include "daemon/store/schema.h"

static bool is_api(const struct schema_file *file)
{
    return strncmp(file->name, "api/", 4) == 0;
}

static void migrations_come_first_and_in_order(void **state)
{
    (void) state;
    assert_true(schema_files_n >= 2);
    for (uint32_t i = 1; i < schema_files_n; i++) {
        const struct schema_file *before = &schema_files[i - 1], *file = &schema_files[i];
        assert_true(is_api(before) <= is_api(file));
        if (is_api(before) == is_api(file))
            assert_true(strcmp(before->name, file->name) < 0);
    }
    assert_string_equal(schema_files[0].name, "0001_create_registry.sql");
}

/* Forward only, numbered without a gap. */
static void migrations_are_numbered(void **state)
{
    (void) state;
    for (uint32_t i = 0; i < schema_files_n && !is_api(&schema_files[i]); i++) {
        char number[16];
        snprintf(number, sizeof(number), "%04u_", i + 1);
        assert_memory_equal(schema_files[i].name, number, 5);
    }
}

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t room = 0;
    assert_non_null(file);
    assert_true(getdelim(&text, &room, '\0', file) > 0);
    fclose(file);
    return text;
}

/* Moves both over a name of the source that is embedded as its number, with the name behind it. */
static bool skip_name(const char **source, const char **embedded)
{
    size_t digits = strspn(*embedded, "0123456789"),
           name = strspn(*source, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    const char *comment = *embedded + digits;
    if (digits == 0 || name == 0 || strncmp(comment, " /* ", 4) != 0 ||
        strncmp(comment + 4, *source, name) != 0 || strncmp(comment + 4 + name, " */", 3) != 0)
        return false;
    *source += name;
    *embedded = comment + 4 + name + 3;
    return true;
}

static void assert_functions_of(const char *source, const char *embedded)
{
    while (*source != '\0')
        if (*source == *embedded)
            source++, embedded++;
        else
            assert_true(skip_name(&source, &embedded));
    assert_true(*embedded == '\0' || strncmp(embedded, "COMMENT ON ", 11) == 0);
}

static void files_are_embedded_whole(void **state)
{
    (void) state;
    const char *root = getenv("MINGCE_TEST_ROOT"), *build = getenv("MINGCE_BUILD");
    char path[4096];
    glob_t found;
    root = root == NULL ? "." : root;
    build = build == NULL ? "build" : build;
    snprintf(path, sizeof(path), "%s/migrations/*.sql", root);
    assert_int_equal(glob(path, 0, NULL, &found), 0);
    snprintf(path, sizeof(path), "%s/gen/migrations/api/*.sql", build);
    assert_int_equal(glob(path, GLOB_APPEND, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, schema_files_n);
    globfree(&found);
    for (uint32_t i = 0; i < schema_files_n; i++) {
        snprintf(path, sizeof(path), "%s/migrations/%s", root, schema_files[i].name);
        if (access(path, F_OK) != 0)
            snprintf(path, sizeof(path), "%s/gen/migrations/%s", build, schema_files[i].name);
        char *text = read_whole(path);
        if (is_api(&schema_files[i]))
            assert_functions_of(text, schema_files[i].text);
        else
            assert_string_equal(schema_files[i].text, text);
        free(text);
    }
}

static void hash_of_a_file(void **state)
{
    (void) state;
    static const uint8_t abc[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                  0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                  0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    uint8_t digest32[32];
    schema_file_sha256(&(struct schema_file){"any.sql", "abc"}, digest32);
    assert_memory_equal(digest32, abc, sizeof(abc));
}

/* Name, NUL and SHA-256 of each file, in one piece here. */
static void digest_is_over_all_of_it(void **state)
{
    (void) state;
    char digest[SCHEMA_DIGEST], wanted[SCHEMA_DIGEST], *all = NULL;
    uint8_t digest32[32];
    size_t n = 0;
    FILE *out = open_memstream(&all, &n);
    for (uint32_t i = 0; i < schema_files_n; i++) {
        const struct schema_file *file = &schema_files[i];
        fwrite(file->name, 1, strlen(file->name) + 1, out);
        fwrite(SHA256((const uint8_t *) file->text, strlen(file->text), digest32), 1, sizeof(digest32), out);
    }
    assert_int_equal(fclose(out), 0);
    SHA256((const uint8_t *) all, n, digest32);
    free(all);
    for (size_t i = 0; i < sizeof(digest32); i++)
        snprintf(wanted + 2 * i, 3, "%02x", digest32[i]);
    schema_digest(digest);
    assert_string_equal(digest, wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migrations_come_first_and_in_order), cmocka_unit_test(migrations_are_numbered),
        cmocka_unit_test(files_are_embedded_whole),           cmocka_unit_test(hash_of_a_file),
        cmocka_unit_test(digest_is_over_all_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
