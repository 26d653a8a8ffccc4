/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/settings.h"

/* A settings file of one test, and what loading it said. */
struct loading {
    char path[64];
    struct settings settings;
    char error[512];
};

static bool load_bytes(struct loading *loading, const void *text, size_t n)
{
    *loading = (struct loading){.path = P_tmpdir "/mingce-settings-XXXXXX"};
    int fd = mkstemp(loading->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, n), (ssize_t) n);
    close(fd);
    bool good = settings_load(&loading->settings, loading->path, loading->error, sizeof(loading->error));
    unlink(loading->path);
    return good;
}

static bool load(struct loading *loading, const char *text)
{
    return load_bytes(loading, text, strlen(text));
}

static void assert_refused(const char *text, size_t line, const char *why)
{
    struct loading loading;
    char expected[512];
    assert_false(load(&loading, text));
    snprintf(expected, sizeof(expected), "%s:%zu: %s", loading.path, line, why);
    assert_string_equal(loading.error, expected);
    assert_null(loading.settings.listen); /* nothing is left to free */
}

/* What settings_print() says, to be freed. */
static char *printed(const struct settings *settings)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    settings_print(settings, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static const struct {
    const char *name, *fallback;
    uint32_t least, most;
} numbers[] = {
    {"workers", "1", 1, 64},
    {"database_connections", "2", 1, 64},
    {"database_pipeline", "1", 1, 64},
    {"set_rows", "512", 1, 10000},
    {"queue_bytes", "16777216", 65536, 1 << 30},
    {"frame_bytes", "1048576", 4096, 1 << 26},
    {"in_flight", "64", 1, 4096},
    {"connections", "10000", 1, 1000000},
    {"deadline_ms", "30000", 10, 600000},
    {"roster_rows", "500", 1, 5000},
    {"page_rows", "200", 1, 1000},
    {"request_memory", "8388608", 65536, 1 << 28},
    {"handshake_ms", "10000", 100, 120000},
    {"frame_ms", "30000", 100, 600000},
    {"drain_ms", "10000", 0, 600000},
};

static const char *const texts[] = {"listen",   "tls_certificate", "tls_key", "tls_client_ca",
                                    "database", "owner_database",  "key_ring"};

/* ---- defaults, files ---- */

static void defaults_stand_without_a_file(void **state)
{
    (void) state;
    struct settings settings;
    char error[256];
    assert_true(settings_load(&settings, NULL, error, sizeof(error)));
    assert_string_equal(settings.listen, "127.0.0.1:7443");
    assert_string_equal(settings.tls_key, "");
    assert_string_equal(settings.database, "");
    assert_int_equal(settings.log_level, LOG_LEVEL_INFO);
    char *text = printed(&settings);
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        char line[128];
        snprintf(line, sizeof(line), "\n%s = %s\n", numbers[i].name, numbers[i].fallback);
        assert_non_null(strstr(text, line));
    }
    free(text);
    settings_free(&settings);
    assert_null(settings.listen);
    settings_free(&settings);
}

static void lines_comments_and_blanks_are_read(void **state)
{
    (void) state;
    struct loading loading;
    assert_true(load(&loading, "# a comment = 1\n"
                               "\n"
                               " \t \r\n"
                               "   # indented\n"
                               "workers=3\n"
                               "\tset_rows\t = \t77 \r\n"
                               "tls_key = /a path/with = and # in it \n"
                               "tls_certificate =\n"
                               "log_level = debug")); /* no newline at the end */
    assert_int_equal(loading.settings.workers, 3);
    assert_int_equal(loading.settings.set_rows, 77);
    assert_string_equal(loading.settings.tls_key, "/a path/with = and # in it");
    assert_string_equal(loading.settings.tls_certificate, "");
    assert_int_equal(loading.settings.log_level, LOG_LEVEL_DEBUG);
    settings_free(&loading.settings);
    assert_true(load(&loading, ""));
    settings_free(&loading.settings);
}

static void every_text_is_its_own(void **state)
{
    (void) state;
    struct loading loading;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        char text[64];
        snprintf(text, sizeof(text), "%s = only-this\n", texts[i]);
        assert_true(load(&loading, text));
        const struct settings *s = &loading.settings;
        const char *const values[] = {s->listen,   s->tls_certificate, s->tls_key, s->tls_client_ca,
                                      s->database, s->owner_database,  s->key_ring};
        for (size_t j = 0; j < ARRAY_SIZE(values); j++)
            assert_int_equal(strcmp(values[j], "only-this") == 0, i == j);
        settings_free(&loading.settings);
    }
}

static void every_level_has_its_word(void **state)
{
    (void) state;
    static const char *const words[] = {"debug", "info", "warn", "error"};
    struct loading loading;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        char text[64];
        snprintf(text, sizeof(text), "log_level = %s\n", words[i]);
        assert_true(load(&loading, text));
        assert_int_equal(loading.settings.log_level, i);
        settings_free(&loading.settings);
    }
}

/* ---- refusals ---- */

static void numbers_keep_their_bounds(void **state)
{
    (void) state;
    struct loading loading;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        const char *name = numbers[i].name;
        char text[128], why[128];
        snprintf(text, sizeof(text), "%s = %u\n", name, numbers[i].least);
        assert_true(load(&loading, text));
        settings_free(&loading.settings);
        snprintf(text, sizeof(text), "%s = %u\n", name, numbers[i].most);
        assert_true(load(&loading, text));
        settings_free(&loading.settings);
        snprintf(why, sizeof(why), "%s must be a number from %u to %u", name, numbers[i].least,
                 numbers[i].most);
        snprintf(text, sizeof(text), "\n%s = %u\n", name, numbers[i].most + 1);
        assert_refused(text, 2, why);
        snprintf(text, sizeof(text), "\n\n%s = %d\n", name, (int) numbers[i].least - 1);
        assert_refused(text, 3, why);
    }
}

static void what_is_no_number_is_refused(void **state)
{
    (void) state;
    static const char *const bad[] = {
        "",   "two", "-1", "+1", "1 # one", "1x", "0x1", "1.0", "1 2", "4294967297", "18446744073709551617",
        "1e0"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        char text[128];
        snprintf(text, sizeof(text), "workers = %s\n", bad[i]);
        assert_refused(text, 1, "workers must be a number from 1 to 64");
    }
}

static void unknown_settings_are_refused_with_their_line(void **state)
{
    (void) state;
    assert_refused("workers = 1\n# fine\n\nworkerz = 2\n", 4,
                   "unknown setting `workerz`; --check-config without a file prints them all");
    assert_refused("WORKERS = 1\n", 1,
                   "unknown setting `WORKERS`; --check-config without a file prints them all");
    assert_refused("= 1\n", 1, "unknown setting ``; --check-config without a file prints them all");
    assert_refused("work ers = 1\n", 1,
                   "unknown setting `work ers`; --check-config without a file prints them all");
}

static void long_unknown_name_is_cut(void **state)
{
    (void) state;
    struct loading loading;
    char text[4096];
    memset(text, 'x', sizeof(text));
    memcpy(text + sizeof(text) - 4, "=1\n", 4);
    assert_false(load(&loading, text));
    assert_true(strlen(loading.error) < 200);
}

static void first_mistake_is_the_one_told(void **state)
{
    (void) state;
    assert_refused("workers = 0\nworkers = 2\n", 1, "workers must be a number from 1 to 64");
    assert_refused("set_rows = 1\nworkers = 0\nset_rows = 0\n", 2, "workers must be a number from 1 to 64");
}

static void settings_given_twice_are_refused(void **state)
{
    (void) state;
    assert_refused("workers = 1\nset_rows = 2\nworkers = 1\n", 3, "workers is set twice");
    assert_refused("tls_key = /a\ntls_key = /a\n", 2, "tls_key is set twice");
}

static void lines_without_a_value_are_refused(void **state)
{
    (void) state;
    assert_refused("workers\n", 1, "expected `name = value`");
    assert_refused("\nworkers 2\n", 2, "expected `name = value`");
    assert_refused("log_level = loud\n", 1, "log_level must be one of: debug info warn error");
    assert_refused("log_level = \n", 1, "log_level must be one of: debug info warn error");
    assert_refused("log_level = INFO\n", 1, "log_level must be one of: debug info warn error");
}

static void binary_file_is_refused(void **state)
{
    (void) state;
    static const char bytes[] = "workers = 1\nlisten = a\0b\n";
    struct loading loading;
    assert_false(load_bytes(&loading, bytes, sizeof(bytes) - 1));
    assert_non_null(strstr(loading.error, ":2: a NUL byte: this is not a text file"));
}

static void file_that_cannot_be_read_is_refused(void **state)
{
    (void) state;
    struct settings settings;
    char error[256], folder[] = P_tmpdir "/mingce-settings-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/none.conf", folder);
    assert_false(settings_load(&settings, path, error, sizeof(error)));
    assert_non_null(strstr(error, "none.conf: No such file"));
    error[0] = '\0';
    assert_false(settings_load(&settings, folder, error, sizeof(error)));
    assert_non_null(strstr(error, ": cannot be read"));
    assert_int_equal(rmdir(folder), 0);
}

/* ---- environment ---- */

static void environment_overrides_the_file(void **state)
{
    (void) state;
    struct loading loading;
    setenv("MINGCED_WORKERS", "5", 1);
    setenv("MINGCED_LISTEN", "[::1]:9", 1);
    setenv("MINGCED_LOG_LEVEL", "error", 1);
    setenv("MINGCED_TLS_KEY", "", 1);
    assert_true(load(&loading, "workers = 2\nset_rows = 3\nlisten = x\ntls_key = /k\nlog_level = debug\n"));
    assert_int_equal(loading.settings.workers, 5);
    assert_int_equal(loading.settings.set_rows, 3);
    assert_string_equal(loading.settings.listen, "[::1]:9");
    assert_string_equal(loading.settings.tls_key, "");
    assert_int_equal(loading.settings.log_level, LOG_LEVEL_ERROR);
    settings_free(&loading.settings);
}

static void environment_is_checked_too(void **state)
{
    (void) state;
    struct loading loading;
    setenv("MINGCED_WORKERS", "65", 1);
    assert_false(load(&loading, "workers = 2\n"));
    assert_string_equal(loading.error, "MINGCED_WORKERS: workers must be a number from 1 to 64");
    assert_null(loading.settings.listen);
}

static void bad_file_is_refused_though_the_environment_would_override_it(void **state)
{
    (void) state;
    setenv("MINGCED_WORKERS", "5", 1);
    assert_refused("workers = 0\n", 1, "workers must be a number from 1 to 64");
}

static int environment_clear(void **state)
{
    (void) state;
    static const char *const names[] = {"MINGCED_WORKERS", "MINGCED_LISTEN", "MINGCED_LOG_LEVEL",
                                        "MINGCED_TLS_KEY", "MINGCED_DATABASE"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        unsetenv(names[i]);
    return 0;
}

/* ---- printing ---- */

static void what_is_printed_reads_back_the_same(void **state)
{
    (void) state;
    struct loading first, second;
    assert_true(load(&first, "workers = 7\ntls_key = /x y\nlog_level = warn\ndrain_ms = 0\n"
                             "database = host=/run dbname=a user=b\n"));
    char *text = printed(&first.settings);
    assert_true(load(&second, text));
    char *again = printed(&second.settings);
    assert_string_equal(text, again);
    assert_non_null(strstr(text, "\nworkers = 7\n"));
    assert_non_null(strstr(text, "\ntls_key = /x y\n"));
    assert_non_null(strstr(text, "\nlog_level = warn\n"));
    assert_non_null(strstr(text, "\ndatabase = host=/run dbname=a user=b\n"));
    free(again);
    free(text);
    settings_free(&first.settings);
    settings_free(&second.settings);
}

struct conninfo {
    const char *given, *shown;
};

/* Every password below holds the word `hunter`. */
static const struct conninfo conninfos[] = {
    {"", ""},
    {"host=/run dbname=mingce", "host=/run dbname=mingce"},
    {"password=hunter2", "password=***"},
    {"host=h password=hunter2 user=u", "host=h password=*** user=u"},
    {"host=h password = hunter2 user=u", "host=h password = *** user=u"},
    {"password='hunter 2' user=u", "password=*** user=u"},
    {"password='it\\'s hunter' user=u", "password=*** user=u"},
    {"password='hunter\\\\' user=u", "password=*** user=u"},
    {"password=a\\ hunter user=u", "password=*** user=u"},
    {"password='hunter", "password=***"},
    {"password=hunter\\", "password=***"},
    {"sslpassword=hunter2 sslkey=/k", "sslpassword=*** sslkey=/k"},
    {"passfile=/p/pass", "passfile=/p/pass"},
    {"pass=x passwords=y", "pass=x passwords=y"},
    {"host='a password=b' password=hunter2", "host='a password=b' password=***"},
    {"password=hunter1 password=hunter2", "password=*** password=***"},
    {"host=h\vpassword=hunter2", "host=h\vpassword=***"}, /* libpq takes any white space */
    {"host=h\fpassword\v=\fhunter2\fuser=u", "host=h\fpassword\v=\f***\fuser=u"},
    {"postgresql://h/db", "postgresql://h/db"},
    {"postgresql://u@h:5/db", "postgresql://u@h:5/db"},
    {"postgresql://[::1]:5/db", "postgresql://[::1]:5/db"},
    {"postgresql://u:hunter2@h:5/db", "postgresql://u:***@h:5/db"},
    {"postgres://u:hunter2@h", "postgres://u:***@h"},
    {"postgresql://u:hun:ter@h/db", "postgresql://u:***@h/db"},
    {"postgresql://u:p@hunter@h/db", "postgresql://u:***@h/db"},
    {"postgresql://h/db?password=hunter2", "postgresql://h/db?***"},
    {"postgresql://u:hunter2@h/db?sslmode=require", "postgresql://u:***@h/db?***"},
    {"postgresql://h?password=hunter2", "postgresql://h?***"},
    {"postgresql://u:p?hunter@h/db", "postgresql://u:***"}, /* libpq takes a `?` in a password */
    {"postgresql://u:p/hunter@h/db", "postgresql://u:***"},
    {"postgresql://u?hunter@h/db", "postgresql://u?***"},
    {"postgresql://h?password=p@hunter", "postgresql://h?***"},
    {"postgresql://u/db@x", "postgresql://u/db@x"},
    {"postgresql://", "postgresql://"},
};

static void passwords_of_connections_are_not_shown(void **state)
{
    (void) state;
    for (size_t i = 0; i < ARRAY_SIZE(conninfos); i++) {
        struct loading loading;
        char given[256], shown[256];
        snprintf(given, sizeof(given), "database = %s\nowner_database = %s\n", conninfos[i].given,
                 conninfos[i].given);
        snprintf(shown, sizeof(shown), "database = %s\n", conninfos[i].shown);
        assert_true(load(&loading, given));
        char *text = printed(&loading.settings);
        const char *database = strstr(text, "\ndatabase = ");
        const char *owner = strstr(text, "\nowner_database = ");
        assert_non_null(database);
        assert_non_null(owner);
        assert_memory_equal(database + 1, shown, strlen(shown));
        assert_memory_equal(owner + 1 + strlen("owner_"), shown, strlen(shown));
        assert_null(strstr(text, "hunter"));
        free(text);
        settings_free(&loading.settings);
    }
}

/* Only the environment can bring a line break. */
static void passwords_behind_a_line_break_are_not_shown(void **state)
{
    (void) state;
    struct loading loading;
    setenv("MINGCED_DATABASE", "host=h\npassword=hunter2\r\nuser=u", 1);
    assert_true(load(&loading, ""));
    char *text = printed(&loading.settings);
    assert_non_null(strstr(text, "host=h\npassword=***\r\nuser=u\n"));
    free(text);
    settings_free(&loading.settings);
}

/* ---- reload ---- */

static void reload_names_what_only_a_restart_takes_up(void **state)
{
    (void) state;
    static const char *const restart[] = {"listen = 127.0.0.1:1", "key_ring = /other", "workers = 2",
                                          "database_connections = 3"};
    static const char *const taken_up =
        "tls_certificate = /c\ntls_key = /k\ntls_client_ca = /a\ndatabase = host=h\n"
        "owner_database = host=o\ndatabase_pipeline = 2\nset_rows = 2\nqueue_bytes = 65536\n"
        "frame_bytes = 4096\nin_flight = 2\nconnections = 2\ndeadline_ms = 10\nroster_rows = 2\n"
        "page_rows = 2\nrequest_memory = 65536\nhandshake_ms = 100\nframe_ms = 100\ndrain_ms = 0\n"
        "log_level = error\n";
    struct loading running, fresh;
    assert_true(load(&running, ""));
    assert_null(settings_check_reload(&running.settings, &running.settings));
    assert_true(load(&fresh, taken_up));
    assert_null(settings_check_reload(&running.settings, &fresh.settings));
    settings_free(&fresh.settings);
    for (size_t i = 0; i < ARRAY_SIZE(restart); i++) {
        assert_true(load(&fresh, restart[i]));
        const char *name = settings_check_reload(&running.settings, &fresh.settings);
        assert_non_null(name);
        assert_memory_equal(name, restart[i], strlen(name));
        assert_int_equal(restart[i][strlen(name)], ' ');
        settings_free(&fresh.settings);
    }
    settings_free(&running.settings);
}

static void what_only_a_restart_takes_up_is_kept_by_a_reload(void **state)
{
    (void) state;
    struct loading running, fresh;
    assert_true(load(&running, "workers = 3\nkey_ring = /mine\npage_rows = 7\nlog_level = warn\n"));
    assert_true(load(&fresh, "workers = 5\nkey_ring = /other\npage_rows = 9\nlog_level = error\n"));
    settings_keep(&fresh.settings, &running.settings);
    assert_int_equal(fresh.settings.workers, 3);
    assert_string_equal(fresh.settings.key_ring, "/mine");
    assert_int_equal(fresh.settings.page_rows, 9);
    assert_int_equal(fresh.settings.log_level, LOG_LEVEL_ERROR);
    settings_free(&running.settings);
    settings_free(&fresh.settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_only_a_restart_takes_up_is_kept_by_a_reload),
        cmocka_unit_test(defaults_stand_without_a_file),
        cmocka_unit_test(lines_comments_and_blanks_are_read),
        cmocka_unit_test(every_text_is_its_own),
        cmocka_unit_test(every_level_has_its_word),
        cmocka_unit_test(numbers_keep_their_bounds),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(unknown_settings_are_refused_with_their_line),
        cmocka_unit_test(long_unknown_name_is_cut),
        cmocka_unit_test(first_mistake_is_the_one_told),
        cmocka_unit_test(settings_given_twice_are_refused),
        cmocka_unit_test(lines_without_a_value_are_refused),
        cmocka_unit_test(binary_file_is_refused),
        cmocka_unit_test(file_that_cannot_be_read_is_refused),
        cmocka_unit_test_teardown(environment_overrides_the_file, environment_clear),
        cmocka_unit_test_teardown(environment_is_checked_too, environment_clear),
        cmocka_unit_test_teardown(bad_file_is_refused_though_the_environment_would_override_it,
                                  environment_clear),
        cmocka_unit_test(what_is_printed_reads_back_the_same),
        cmocka_unit_test(passwords_of_connections_are_not_shown),
        cmocka_unit_test_teardown(passwords_behind_a_line_break_are_not_shown, environment_clear),
        cmocka_unit_test(reload_names_what_only_a_restart_takes_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
