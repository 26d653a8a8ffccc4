/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "tests/unit/crypto/ring.h"

enum { OWNER_ONLY = S_IRUSR | S_IWUSR };

/* Stand in for the C library's: whose file it is, and who asks, is what a test wants it to be. */
static struct pretence {
    bool on;
    uid_t owner, self;
    mode_t mode;
} pretended;

int fstat(int fd, struct stat *stat)
{
    int result = fstatat(fd, "", stat, AT_EMPTY_PATH);
    if (result == 0 && pretended.on) {
        stat->st_uid = pretended.owner;
        stat->st_mode = S_IFREG | pretended.mode;
    }
    return result;
}

uid_t geteuid(void)
{
    return pretended.on ? pretended.self : (uid_t) syscall(SYS_geteuid);
}

static char folder[] = P_tmpdir "/mingce-keyring-XXXXXX";
static char path[64]; /* of a file in it that each test makes and leaves to the teardown */

static int folder_make(void **state)
{
    (void) state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/keys", folder);
    return 0;
}

static int file_remove(void **state)
{
    (void) state;
    return unlink(path) == 0 || errno == ENOENT ? 0 : -1;
}

static int folder_remove(void **state)
{
    (void) state;
    return rmdir(folder);
}

static void assert_taken(const char *text)
{
    keyring_free(ring(text));
}

/* The reason is a constant of ours: nothing that stands in the file. */
static void assert_refused_bytes(const void *text, size_t n, const char *expected)
{
    const char *why = "";
    assert_null(ring_bytes(text, n, OWNER_ONLY, &why));
    assert_string_equal(why, expected);
}

static void assert_refused(const char *text, const char *expected)
{
    assert_refused_bytes(text, strlen(text), expected);
}

/* ---- what is taken ---- */

static void lines_may_be_commented_and_spaced(void **state)
{
    (void) state;
    assert_taken(RING);
    assert_taken(INDEX_1 SEAL_1);
    assert_taken("# a comment\n\n  \t \r\n  # indented\n" RING);
    assert_taken("seal   1\taes-256-gcm \t " KEY_A " \r\n" INDEX_1);
    assert_taken(SEAL_1 "index 1 hmac-sha-256 " KEY_C); /* no newline at the end */
    assert_taken("seal 4294967295 aes-256-gcm " KEY_A "\n" INDEX_1);
    assert_taken(SEAL_1 "index 9 hmac-sha-256 " KEY_C "\n");
}

static void ring_of_64_sealing_keys_is_full(void **state)
{
    (void) state;
    char text[8192];
    size_t n = (size_t) snprintf(text, sizeof(text), "%s", INDEX_1);
    for (unsigned id = 1; id <= 64; id++)
        n += (size_t) snprintf(text + n, sizeof(text) - n, "seal %u aes-256-gcm %s\n", id, KEY_A);
    assert_taken(text);
    snprintf(text + n, sizeof(text) - n, "seal 65 aes-256-gcm %s\n", KEY_A);
    assert_refused(text, "too many sealing keys");
}

/* ---- what is refused ---- */

static void incomplete_rings_are_refused(void **state)
{
    (void) state;
    assert_refused("", "no sealing key");
    assert_refused("# nothing\n", "no sealing key");
    assert_refused(INDEX_1, "no sealing key");
    assert_refused(SEAL_1, "no index key");
}

static void doubled_keys_are_refused(void **state)
{
    (void) state;
    assert_refused(SEAL_1 "seal 1 aes-256-gcm " KEY_B "\n" INDEX_1, "two sealing keys with one id");
    assert_refused(SEAL_1 INDEX_1 "index 2 hmac-sha-256 " KEY_B "\n", "more than one index key");
}

static void lines_of_other_words_are_refused(void **state)
{
    (void) state;
    static const char *const bad[] = {
        "seal\n",
        "seal 1\n",
        "seal 1 aes-256-gcm\n",
        "seal 1 aes-256-gcm " KEY_A " more\n",
        "seal aes-256-gcm " KEY_A "\n",
        "seal 0 aes-256-gcm " KEY_A "\n",
        "seal -1 aes-256-gcm " KEY_A "\n",
        "seal -18446744073709551615 aes-256-gcm " KEY_A "\n", /* 1, for strtoul() */
        "seal +1 aes-256-gcm " KEY_A "\n",
        "seal one aes-256-gcm " KEY_A "\n",
        "seal 1x aes-256-gcm " KEY_A "\n",
        "seal 0x1 aes-256-gcm " KEY_A "\n",
        "seal 4294967296 aes-256-gcm " KEY_A "\n",
        "seal 4294967297 aes-256-gcm " KEY_A "\n",
        "seal 99999999999999999999 aes-256-gcm " KEY_A "\n",
        KEY_A "\n",
    };
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        char text[512];
        snprintf(text, sizeof(text), "%s%s", bad[i], INDEX_1);
        assert_refused(text, "expected: seal|next|index ID ALGORITHM KEY");
    }
}

static void unknown_kinds_and_algorithms_are_refused(void **state)
{
    (void) state;
    static const char *const bad[] = {
        "seal 1 aes-128-gcm " KEY_A "\n",   "seal 1 AES-256-GCM " KEY_A "\n",
        "Seal 1 aes-256-gcm " KEY_A "\n",   "sign 1 aes-256-gcm " KEY_A "\n",
        "seal 1 hmac-sha-256 " KEY_A "\n",  "index 1 aes-256-gcm " KEY_A "\n",
        "index 1 hmac-sha-512 " KEY_A "\n",
    };
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        char text[512];
        snprintf(text, sizeof(text), "%s%s", RING, bad[i]);
        assert_refused(text, "unknown kind or algorithm of key");
    }
}

static void keys_of_another_length_or_alphabet_are_refused(void **state)
{
    (void) state;
    static const char *const bad[] = {
        "AA==",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",     /* 31 bytes */
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g",     /* 33 */
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",      /* no padding */
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=AAAA", /* more after it */
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-=",     /* the alphabet of URLs */
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8*",
        "AAECAwQFBgcICQoLDA0O=xAREhMUFRYXGBkaGxwdHh8=", /* padding in the middle */
        "===========================================\x3d",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh\xc3\xa9=",
    };
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        char text[512];
        snprintf(text, sizeof(text), "seal 1 aes-256-gcm %s\n%s", bad[i], INDEX_1);
        assert_refused(text, "a key is 32 bytes in base64");
    }
}

/* No prefix of a good file is one, save that its last newline may be missing. */
static void ring_cut_anywhere_is_refused(void **state)
{
    (void) state;
    for (size_t n = 0; n + 1 < strlen(RING); n++) {
        const char *why = NULL;
        assert_null(ring_bytes(RING, n, OWNER_ONLY, &why));
        assert_non_null(why);
    }
}

static void files_that_are_no_text_are_refused(void **state)
{
    (void) state;
    static const char nul_at_the_end[] = SEAL_1 "index 1 hmac-sha-256 " KEY_C "\0garbage";
    static const char nul_in_between[] = SEAL_1 "# note\0\n" INDEX_1;
    static char zeros[100];
    assert_refused_bytes(nul_at_the_end, sizeof(nul_at_the_end) - 1, "a NUL byte: not a key ring file");
    assert_refused_bytes(nul_in_between, sizeof(nul_in_between) - 1, "a NUL byte: not a key ring file");
    assert_refused_bytes(zeros, sizeof(zeros), "a NUL byte: not a key ring file");
}

static void lines_and_files_too_long_are_refused(void **state)
{
    (void) state;
    static char text[64 * 1024 + 2];
    memset(text, '#', sizeof(text) - 1);
    assert_refused(text, "not a key ring file"); /* a byte more than 64 KiB */
    text[sizeof(text) - 2] = '\0';
    assert_refused(text, "a line is too long");
    for (size_t n = 255; n < 258; n++) {
        char longer[512];
        memset(longer, '#', n);
        snprintf(longer + n, sizeof(longer) - n, "\n%s", RING);
        if (n + 1 < 256)
            assert_taken(longer);
        else
            assert_refused(longer, "a line is too long");
    }
}

static void reasons_never_quote_the_file(void **state)
{
    (void) state;
    static const char *const bad[] = {"seal 1 aes-256-gcm hunterhunter\n",
                                      "hunter 1 aes-256-gcm " KEY_A "\n",
                                      "seal hunter aes-256-gcm " KEY_A "\n",
                                      "seal 1 hunter " KEY_A "\n",
                                      "hunter\n",
                                      SEAL_1 "index 1 hmac-sha-256 " KEY_A "hunter\n"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        const char *why = NULL;
        assert_null(ring_bytes(bad[i], strlen(bad[i]), OWNER_ONLY, &why));
        assert_non_null(why);
        assert_null(strstr(why, "hunter"));
        assert_null(strstr(why, "AAEC"));
    }
}

/* ---- the file ---- */

static void file_that_others_may_read_is_refused(void **state)
{
    (void) state;
    for (mode_t bits = 1; bits < 0100; bits++) {
        const char *why = NULL;
        assert_null(ring_bytes(RING, strlen(RING), OWNER_ONLY | bits, &why));
        assert_string_equal(why, "the file may be read by others: chmod 600");
    }
    static const mode_t good[] = {0600, 0400, 0700};
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        const char *why = NULL;
        struct keyring *keys = ring_bytes(RING, strlen(RING), good[i], &why);
        assert_non_null(keys);
        assert_null(why);
        keyring_free(keys);
    }
}

/* What a service manager hands over: root's file, which a group (or an access list, whose mask shows in the
 * same bits) lets the service read. */
static void file_of_root_may_be_read_by_a_group(void **state)
{
    (void) state;
    enum { ROOT = 0, SERVICE = 999, OTHER = 1000 };
    static const struct {
        uid_t owner, self;
        mode_t mode;
        bool taken;
    } cases[] = {
        {ROOT, SERVICE, 0440, true},    {ROOT, SERVICE, 0640, true},     {ROOT, SERVICE, 0400, true},
        {ROOT, SERVICE, 0660, false},   {ROOT, SERVICE, 0450, false},    {ROOT, SERVICE, 0444, false},
        {ROOT, SERVICE, 0642, false},   {ROOT, SERVICE, 0641, false},    {ROOT, ROOT, 0640, false},
        {ROOT, ROOT, 0600, true},       {SERVICE, SERVICE, 0640, false}, {SERVICE, SERVICE, 0440, false},
        {SERVICE, SERVICE, 0400, true}, {OTHER, SERVICE, 0440, false},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *why = NULL;
        pretended = (struct pretence){true, cases[i].owner, cases[i].self, cases[i].mode};
        struct keyring *keys = ring_bytes(RING, strlen(RING), OWNER_ONLY, &why);
        pretended.on = false;
        assert_int_equal(keys != NULL, cases[i].taken);
        keyring_free(keys);
    }
}

static void what_is_no_file_is_refused(void **state)
{
    (void) state;
    const char *why = NULL;
    assert_null(keyring_load(path, &why));
    assert_string_equal(why, strerror(ENOENT));
    assert_null(keyring_load(folder, &why));
    assert_string_equal(why, "not a key ring file");
    assert_null(keyring_load("/dev/null", &why));
    assert_string_equal(why, "not a key ring file");
    assert_null(keyring_load("", &why));
    assert_string_equal(why, strerror(ENOENT));
}

/* ---- making one ---- */

static size_t file_text(char *text, size_t n)
{
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t length = fread(text, 1, n - 1, file);
    text[length] = '\0';
    fclose(file);
    return length;
}

static void ring_that_was_made_loads_and_is_private(void **state)
{
    (void) state;
    struct stat stat_now;
    const char *why = NULL;
    mode_t mask = umask(0); /* the mode is not the mask's doing */
    bool made = keyring_create(path);
    umask(mask);
    assert_true(made);
    assert_int_equal(stat(path, &stat_now), 0);
    assert_int_equal(stat_now.st_mode & 07777, OWNER_ONLY);
    struct keyring *keys = keyring_load(path, &why);
    assert_non_null(keys);
    uint8_t sealed[3 + SEAL_OVERHEAD], opened[3], row[16] = {0};
    assert_true(seal(keys, "x", row, "abc", 3, sealed));
    assert_memory_equal(sealed, "\x01\0\0\0\x01", 5);
    assert_true(unseal(keys, "x", row, sealed, sizeof(sealed), opened));
    keyring_free(keys);
}

static void every_ring_has_keys_of_its_own(void **state)
{
    (void) state;
    enum { RINGS = 20 };
    static char keys[RINGS * 2][45];
    for (size_t i = 0; i < RINGS; i++) {
        char text[1024];
        assert_true(keyring_create(path));
        file_text(text, sizeof(text));
        assert_int_equal(unlink(path), 0);
        const char *seal_line = strstr(text, "\nseal 1 aes-256-gcm "),
                   *index_line = strstr(text, "\nindex 1 hmac-sha-256 ");
        assert_non_null(seal_line);
        assert_non_null(index_line);
        memcpy(keys[2 * i], seal_line + strlen("\nseal 1 aes-256-gcm "), 44);
        memcpy(keys[2 * i + 1], index_line + strlen("\nindex 1 hmac-sha-256 "), 44);
    }
    for (size_t i = 0; i < RINGS * 2; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(keys[i], keys[j]);
}

static void ring_is_never_overwritten(void **state)
{
    (void) state;
    char before[1024], after[1024];
    assert_true(keyring_create(path));
    file_text(before, sizeof(before));
    errno = 0;
    assert_false(keyring_create(path));
    assert_int_equal(errno, EEXIST);
    file_text(after, sizeof(after));
    assert_string_equal(before, after);
}

static void empty_file_and_dangling_link_are_not_overwritten_either(void **state)
{
    (void) state;
    char target[80], text[16];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, OWNER_ONLY);
    assert_true(fd >= 0);
    close(fd);
    assert_false(keyring_create(path));
    assert_int_equal(file_text(text, sizeof(text)), 0);
    assert_int_equal(unlink(path), 0);
    snprintf(target, sizeof(target), "%s/elsewhere", folder);
    assert_int_equal(symlink(target, path), 0);
    assert_false(keyring_create(path));
    assert_int_equal(access(target, F_OK), -1);
}

static void ring_that_cannot_be_made_says_why(void **state)
{
    (void) state;
    char nowhere[80];
    snprintf(nowhere, sizeof(nowhere), "%s/none/keys", folder);
    errno = 0;
    assert_false(keyring_create(nowhere));
    assert_int_equal(errno, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_may_be_commented_and_spaced),
        cmocka_unit_test(ring_of_64_sealing_keys_is_full),
        cmocka_unit_test(incomplete_rings_are_refused),
        cmocka_unit_test(doubled_keys_are_refused),
        cmocka_unit_test(lines_of_other_words_are_refused),
        cmocka_unit_test(unknown_kinds_and_algorithms_are_refused),
        cmocka_unit_test(keys_of_another_length_or_alphabet_are_refused),
        cmocka_unit_test(ring_cut_anywhere_is_refused),
        cmocka_unit_test(files_that_are_no_text_are_refused),
        cmocka_unit_test(lines_and_files_too_long_are_refused),
        cmocka_unit_test(reasons_never_quote_the_file),
        cmocka_unit_test(file_that_others_may_read_is_refused),
        cmocka_unit_test(file_of_root_may_be_read_by_a_group),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test_teardown(ring_that_was_made_loads_and_is_private, file_remove),
        cmocka_unit_test_teardown(every_ring_has_keys_of_its_own, file_remove),
        cmocka_unit_test_teardown(ring_is_never_overwritten, file_remove),
        cmocka_unit_test_teardown(empty_file_and_dangling_link_are_not_overwritten_either, file_remove),
        cmocka_unit_test(ring_that_cannot_be_made_says_why),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
