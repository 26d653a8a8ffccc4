/* SPDX-License-Identifier: Apache-2.0 */
/* One line an event, whatever a value holds; read back from a stderr that is kept in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/log.h"

/* Stands in for the C library's, so that a second lasts as long as a test wants. */
static struct timespec now = {.tv_sec = 1700000000, .tv_nsec = 7999999};

int clock_gettime(clockid_t clock, struct timespec *time)
{
    (void) clock;
    *time = now;
    return 0;
}

/* ---- what was written since capture_start() ---- */

static int kept_stderr = -1, captured = -1;
static char lines[16384];

static void capture_start(void)
{
    captured = memfd_create("log", MFD_CLOEXEC);
    assert_true(captured >= 0);
    kept_stderr = dup(STDERR_FILENO);
    assert_true(kept_stderr >= 0);
    assert_true(dup2(captured, STDERR_FILENO) >= 0);
}

static const char *capture_end(void)
{
    assert_true(dup2(kept_stderr, STDERR_FILENO) >= 0);
    ssize_t n = pread(captured, lines, sizeof(lines) - 1, 0);
    assert_true(n >= 0);
    lines[n] = '\0';
    close(kept_stderr);
    close(captured);
    return lines;
}

static void assert_one_clean_line(const char *text)
{
    size_t n = strlen(text);
    assert_true(n > 0);
    assert_int_equal(text[n - 1], '\n');
    for (size_t i = 0; i < n - 1; i++)
        assert_true((unsigned char) text[i] >= 0x20 && text[i] != 0x7f);
}

/* ---- lines ---- */

static void line_has_its_six_parts(void **state)
{
    (void) state;
    char expected[256];
    log_start("worker", LOG_LEVEL_INFO);
    capture_start();
    log_info("listening", "address=%s n=%d", "127.0.0.1:1", 3);
    snprintf(
        expected, sizeof(expected),
        "ts=2023-11-14T22:13:20.007Z level=info proc=worker pid=%d msg=listening address=127.0.0.1:1 n=3\n",
        (int) getpid());
    assert_string_equal(capture_end(), expected);
}

static void line_without_pairs_ends_at_its_message(void **state)
{
    (void) state;
    log_start("notary", LOG_LEVEL_INFO);
    capture_start();
    log_warn("stopped", NULL);
    const char *line = capture_end();
    assert_non_null(strstr(line, " level=warn proc=notary "));
    assert_non_null(strstr(line, " msg=stopped\n"));
    assert_one_clean_line(line);
}

static void only_the_level_asked_for_and_above_is_written(void **state)
{
    (void) state;
    static const char *const names[] = {"level=debug", "level=info", "level=warn", "level=error"};
    for (int lowest = LOG_LEVEL_DEBUG; lowest <= LOG_LEVEL_ERROR; lowest++) {
        log_start("worker", (enum log_level) lowest);
        capture_start();
        log_debug("x", NULL);
        log_info("x", NULL);
        log_warn("x", NULL);
        log_error("x", NULL);
        const char *text = capture_end();
        for (int level = LOG_LEVEL_DEBUG; level <= LOG_LEVEL_ERROR; level++)
            assert_int_equal(strstr(text, names[level]) != NULL, level >= lowest);
    }
}

static void no_byte_of_a_value_makes_a_second_line(void **state)
{
    (void) state;
    log_start("worker", LOG_LEVEL_INFO);
    for (int byte = 1; byte < 256; byte++) {
        char value[] = {'a', (char) byte, 'b', '\0'};
        capture_start();
        log_info("event", "value=%s", value);
        const char *line = capture_end();
        assert_one_clean_line(line);
        bool control = byte < 0x20 || byte == 0x7f;
        const char *held = strstr(line, "value=a");
        assert_non_null(held);
        assert_int_equal((unsigned char) held[7], control ? '?' : byte);
        assert_int_equal(held[8], 'b');
    }
}

static void forged_event_stays_inside_its_value(void **state)
{
    (void) state;
    log_start("worker", LOG_LEVEL_INFO);
    capture_start();
    log_info("refused", "name=%s", "x\nts=1970 level=error proc=supervisor pid=1 msg=forged\x1b[2K\r");
    const char *line = capture_end();
    assert_one_clean_line(line);
    assert_non_null(strstr(line, "name=x?ts=1970"));
    assert_non_null(strstr(line, "forged?[2K?\n"));
}

static void line_is_cut_at_a_kibibyte_and_still_one_line(void **state)
{
    (void) state;
    static char value[4000];
    log_start("worker", LOG_LEVEL_INFO);
    for (size_t n = 850; n < sizeof(value); n += n < 1050 ? 1 : 500) {
        memset(value, 'v', n);
        value[n] = '\0';
        capture_start();
        log_info("event", "value=%s", value);
        const char *line = capture_end();
        assert_one_clean_line(line);
        assert_true(strlen(line) <= 1024);
        assert_true(n < 1024 || strlen(line) == 1024);
        capture_start();
        log_event(LOG_LEVEL_INFO, value, NULL); /* no message of ours is as long */
        line = capture_end();
        assert_one_clean_line(line);
        assert_true(strlen(line) <= 1024);
        capture_start();
        log_event(LOG_LEVEL_INFO, value, "n=%d", 1);
        line = capture_end();
        assert_one_clean_line(line);
        assert_true(strlen(line) <= 1024);
    }
}

static void stderr_that_is_closed_harms_nobody(void **state)
{
    (void) state;
    log_start("worker", LOG_LEVEL_INFO);
    capture_start();
    close(STDERR_FILENO);
    log_error("nobody-hears", NULL);
    assert_string_equal(capture_end(), "");
}

static void fatal_logs_an_error_and_exits_1(void **state)
{
    (void) state;
    log_start("worker", LOG_LEVEL_ERROR);
    capture_start();
    fflush(NULL); /* or the child says it again */
    pid_t child = fork();
    if (child == 0)
        fatal("no-key", "file=%s", "k");
    int status = 0;
    pid_t ended = waitpid(child, &status, 0);
    const char *line = capture_end();
    assert_true(child > 0 && ended == child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_non_null(strstr(line, " level=error "));
    assert_non_null(strstr(line, " msg=no-key file=k\n"));
}

/* ---- quoted values ---- */

struct quoted {
    const char *text, *expected;
};

static const struct quoted quoted[] = {
    {"", "\"\""},
    {"plain", "\"plain\""},
    {"two words", "\"two words\""},
    {"say \"no\"", "\"say \\\"no\\\"\""},
    {"back\\slash", "\"back\\\\slash\""},
    {"a\nb", "\"a\\x0ab\""},
    {"a\rb\tc", "\"a\\x0db\\x09c\""},
    {"\x1b[31m", "\"\\x1b[31m\""},
    {"\x7f", "\"\\x7f\""},
    {"\x01\x1f", "\"\\x01\\x1f\""},
    {"\" level=error msg=forged x=\"", "\"\\\" level=error msg=forged x=\\\"\""},
    {"张三", "\"张三\""},
};

static void strangers_values_are_quoted(void **state)
{
    (void) state;
    for (size_t i = 0; i < ARRAY_SIZE(quoted); i++) {
        char out[128];
        assert_ptr_equal(log_quote(out, sizeof(out), quoted[i].text), out);
        assert_string_equal(out, quoted[i].expected);
    }
}

/* Never half an escape at the cut, or the closing quote would be swallowed. */
static void quoted_value_is_cut_to_every_size(void **state)
{
    (void) state;
    for (size_t i = 0; i < ARRAY_SIZE(quoted); i++)
        for (size_t n = 3; n <= 64; n++) {
            char *out = malloc(n); /* just as long, for the sanitizer */
            assert_non_null(out);
            log_quote(out, n, quoted[i].text);
            size_t length = strlen(out), body = length - 2;
            assert_true(length >= 2 && length < n);
            assert_int_equal(out[0], '"');
            assert_int_equal(out[length - 1], '"');
            assert_memory_equal(out + 1, quoted[i].expected + 1, body);
            size_t at = 1;
            while (at < length - 1)
                at += out[at] != '\\' ? 1 : out[at + 1] == 'x' ? 4 : 2;
            assert_int_equal(at, length - 1);
            if (n > strlen(quoted[i].expected))
                assert_string_equal(out, quoted[i].expected);
            free(out);
        }
}

/* ---- the bound on lines that strangers cause ---- */

static void lines_of_a_second_are_bounded_and_the_rest_counted(void **state)
{
    (void) state;
    struct log_limit limit = {0};
    uint32_t left_out = 99;
    now = (struct timespec){.tv_sec = 5000};
    for (int i = 0; i < 3; i++) {
        assert_true(log_allowed(&limit, 3, &left_out));
        assert_int_equal(left_out, 0);
    }
    for (int i = 0; i < 7; i++)
        assert_false(log_allowed(&limit, 3, &left_out));
    now.tv_nsec = 999999999;
    assert_false(log_allowed(&limit, 3, &left_out));
    now = (struct timespec){.tv_sec = 5001};
    assert_true(log_allowed(&limit, 3, &left_out));
    assert_int_equal(left_out, 8);
    assert_true(log_allowed(&limit, 3, &left_out));
    assert_int_equal(left_out, 0);
    assert_true(log_allowed(&limit, 3, &left_out));
    assert_false(log_allowed(&limit, 3, &left_out));
}

static void limit_of_none_allows_none(void **state)
{
    (void) state;
    struct log_limit limit = {0};
    uint32_t left_out;
    for (int i = 0; i < 5; i++) {
        now.tv_sec++;
        assert_false(log_allowed(&limit, 0, &left_out));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_has_its_six_parts),
        cmocka_unit_test(line_without_pairs_ends_at_its_message),
        cmocka_unit_test(only_the_level_asked_for_and_above_is_written),
        cmocka_unit_test(no_byte_of_a_value_makes_a_second_line),
        cmocka_unit_test(forged_event_stays_inside_its_value),
        cmocka_unit_test(line_is_cut_at_a_kibibyte_and_still_one_line),
        cmocka_unit_test(stderr_that_is_closed_harms_nobody),
        cmocka_unit_test(fatal_logs_an_error_and_exits_1),
        cmocka_unit_test(strangers_values_are_quoted),
        cmocka_unit_test(quoted_value_is_cut_to_every_size),
        cmocka_unit_test(lines_of_a_second_are_bounded_and_the_rest_counted),
        cmocka_unit_test(limit_of_none_allows_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
