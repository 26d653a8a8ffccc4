/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: where they are looked for, what stands in them, what is wrong with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/cli/frame/profile.h"
#include "tests/unit/client/files.h"

#define WHOLE "server = host:1\nca = ca.pem\ncertificate = c.pem\nkey = k.pem\n"

static int make(void **state)
{
    int made = files_make(state);
    setenv("MINGCE_PROFILES", files.folder, 1);
    setenv("HOME", files.folder, 1);
    return made;
}

static struct cli named(const char *profile)
{
    return (struct cli){.program = "mingce", .profile = profile};
}

static void expect_good(const char *name)
{
    struct cli cli = named(name);
    struct profile profile;
    int status;
    SAID(status, profile_read(&cli, &profile));
    if (status != CLI_OK)
        fail_msg("%d: %s", status, files.said);
    assert_string_equal(profile.options.server, "host:1");
    profile_free(&profile);
}

/* In both languages; `part` is what the sentence says beside its words. */
static void expect_refused(const char *name, int wanted, const char *en, const char *zh, const char *part)
{
    struct profile profile;
    struct cli cli = named(name);
    int status;
    SAID(status, profile_read(&cli, &profile));
    assert_int_equal(status, wanted);
    expect_said(en);
    expect_said(part);
    cli.zh = true;
    SAID(status, profile_read(&cli, &profile));
    assert_int_equal(status, wanted);
    expect_said(zh);
    for (int i = 0; i < PROFILE_TEXTS; i++)
        assert_null(profile.texts[i]);
}

static void every_value_is_read(void **state)
{
    (void) state;
    struct profile profile;
    struct cli cli = named("clerk");
    file_text("clerk", "# a clerk\n\n  server=host:1  \r\nserver_name =\tlocalhost # expected\n"
                       "ca = /etc/ca.pem\ncertificate = sub/c.pem\nkey = k.pem");
    assert_int_equal(profile_read(&cli, &profile), CLI_OK);
    assert_string_equal(profile.options.server, "host:1");
    assert_string_equal(profile.options.server_name, "localhost");
    assert_string_equal(profile.options.ca, "/etc/ca.pem");
    assert_string_equal(profile.options.certificate,
                        file_path("sub/c.pem")); /* seen from the profile's folder */
    assert_string_equal(profile.options.key, file_path("k.pem"));
    profile_free(&profile);
}

static void the_server_s_name_may_be_left_out(void **state)
{
    (void) state;
    struct profile profile;
    struct cli cli = named("clerk");
    file_text("clerk", WHOLE);
    assert_int_equal(profile_read(&cli, &profile), CLI_OK);
    assert_null(profile.options.server_name);
    profile_free(&profile);
}

static void it_is_looked_for_in_the_folder_of_profiles(void **state)
{
    (void) state;
    file_text("clerk", WHOLE);
    setenv("HOME", "/nowhere", 1);
    expect_good("clerk");
}

static void else_below_home(void **state)
{
    (void) state;
    char path[FILES_PATH + 32];
    unsetenv("MINGCE_PROFILES");
    assert_int_equal(mkdir(file_path(".config"), 0700), 0);
    assert_int_equal(mkdir(file_path(".config/mingce"), 0700), 0);
    file_text(".config/mingce/clerk", WHOLE);
    expect_good("clerk");
    snprintf(path, sizeof(path), "%s", file_path(".config/mingce/clerk"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(file_path(".config/mingce")), 0);
}

static void a_name_with_a_slash_is_a_path(void **state)
{
    (void) state;
    const char *path = file_text("clerk", WHOLE);
    setenv("MINGCE_PROFILES", "/nowhere", 1);
    expect_good(path);
}

static void without_a_name_nobody_calls(void **state)
{
    (void) state;
    expect_refused(NULL, CLI_USAGE, "say who calls: --profile NAME, or MINGCE_PROFILE",
                   "未指定身份：请用 --profile 指明身份", "");
    expect_refused("", CLI_USAGE, "say who calls", "未指定身份", "");
}

static void where_profiles_are_must_be_known(void **state)
{
    (void) state;
    static char name[5000];
    memset(name, 'x', sizeof(name) - 1);
    expect_refused(name, CLI_USAGE, "the profile's path is too long or not known", "路径过长或不明", "");
    unsetenv("MINGCE_PROFILES");
    unsetenv("HOME");
    expect_refused("clerk", CLI_USAGE, "the profile's path is too long or not known", "路径过长或不明", "");
}

static void a_profile_that_cannot_be_read_is_named(void **state)
{
    (void) state;
    expect_refused("nobody", CLI_FILE, "the profile cannot be read", "无法读取身份文件", file_path("nobody"));
    expect_refused(".", CLI_FILE, "the profile cannot be read", "无法读取身份文件", "Is a directory");
}

static void a_wrong_line_is_named_by_its_number(void **state)
{
    (void) state;
    static const struct {
        const char *text, *where;
    } cases[] = {
        {WHOLE "colour = red\n", "clerk:5)"},     {"# one\n\nserver\n", "clerk:3)"},
        {WHOLE "server = other:2\n", "clerk:5)"}, {"Server = host:1\n", "clerk:1)"},
        {"server name = host:1\n", "clerk:1)"},   {"= host:1\n", "clerk:1)"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        file_text("clerk", cases[i].text);
        expect_refused("clerk", CLI_USAGE,
                       "expected server, server_name, ca, certificate or key = value, each once", "配置有误",
                       cases[i].where);
        assert_null(strstr(files.said, "red"));
    }
}

/* A line longer than any path is not cut in silence. */
static void an_endless_line_is_refused(void **state)
{
    (void) state;
    static char text[10000];
    snprintf(text, sizeof(text), "%s", WHOLE "server_name = ");
    memset(text + strlen(text), 'x', 6000);
    file_text("clerk", text);
    expect_refused("clerk", CLI_USAGE, "expected server", "配置有误", "clerk:");
}

static void what_is_missing_is_said(void **state)
{
    (void) state;
    static const char *const texts[] = {"",
                                        "# nothing\n",
                                        "server = host:1\nca = a\ncertificate = c\n",
                                        "server = host:1\nca = a\nkey = k\n",
                                        "server = host:1\ncertificate = c\nkey = k\n",
                                        "ca = a\ncertificate = c\nkey = k\nserver_name = n\n"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        file_text("clerk", texts[i]);
        expect_refused("clerk", CLI_USAGE, "the profile lacks server, ca, certificate or key", "身份文件缺少",
                       file_path("clerk"));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, files_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_value_is_read),
        TEST(the_server_s_name_may_be_left_out),
        TEST(it_is_looked_for_in_the_folder_of_profiles),
        TEST(else_below_home),
        TEST(a_name_with_a_slash_is_a_path),
        TEST(without_a_name_nobody_calls),
        TEST(where_profiles_are_must_be_known),
        TEST(a_profile_that_cannot_be_read_is_named),
        TEST(a_wrong_line_is_named_by_its_number),
        TEST(an_endless_line_is_refused),
        TEST(what_is_missing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
