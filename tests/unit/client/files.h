/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder of the test's own for the files it makes, and what a function prints. Include after cmocka.h.
 */
#ifndef MINGCE_TESTS_CLIENT_FILES_H
#define MINGCE_TESTS_CLIENT_FILES_H

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/cli/frame/cli.h"

#define UNUSED __attribute__((unused))

enum { FILES_PATH = 128, FILES_TEXT = 1 << 18 };

static struct {
    char folder[64];
    char said[FILES_TEXT]; /* what was printed last */
    struct cli zh, en, json;
} files;

/* Before each test. */
static UNUSED int files_make(void **state)
{
    (void) state;
    snprintf(files.folder, sizeof(files.folder), "%s/mingce-client-XXXXXX", P_tmpdir);
    files.zh = (struct cli){.program = "mingce", .zh = true};
    files.en = (struct cli){.program = "mingce", .zh = false};
    files.json = (struct cli){.program = "mingce", .json = true};
    return mkdtemp(files.folder) == NULL;
}

/* How many there are besides "." and ".."; they go when `away`. */
static UNUSED int files_count(bool away)
{
    int n = 0;
    DIR *folder = opendir(files.folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        n++;
        if (away)
            unlinkat(dirfd(folder), entry->d_name, entry->d_type == DT_DIR ? AT_REMOVEDIR : 0);
    }
    closedir(folder);
    return n;
}

static UNUSED int files_unmake(void **state)
{
    (void) state;
    files_count(true);
    return rmdir(files.folder);
}

/* The path of a file in the folder; a few at a time. */
static UNUSED const char *file_path(const char *name)
{
    static char paths[4][FILES_PATH];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, FILES_PATH, "%s/%s", files.folder, name);
    return path;
}

static UNUSED const char *file_bytes(const char *name, const void *bytes, size_t n)
{
    const char *path = file_path(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
    return path;
}

static UNUSED const char *file_text(const char *name, const char *text)
{
    return file_bytes(name, text, strlen(text));
}

static UNUSED void expect_bytes(const char *path, const char *bytes)
{
    static char got[FILES_TEXT];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(got, 1, sizeof(got) - 1, file);
    got[n] = '\0';
    fclose(file);
    assert_string_equal(got, bytes);
}

/* ---- what is printed ---- */

struct listening {
    FILE *stream, *to;
    int kept;
};

/* From now on what `stream` (stdout, stderr) gets goes into files.said. */
static UNUSED struct listening listen_to(FILE *stream)
{
    struct listening listening = {stream, tmpfile(), dup(fileno(stream))};
    assert_non_null(listening.to);
    assert_true(listening.kept >= 0);
    fflush(stream);
    assert_true(dup2(fileno(listening.to), fileno(stream)) >= 0);
    return listening;
}

static UNUSED const char *listen_end(struct listening *listening)
{
    fflush(listening->stream);
    dup2(listening->kept, fileno(listening->stream));
    close(listening->kept);
    rewind(listening->to);
    files.said[fread(files.said, 1, sizeof(files.said) - 1, listening->to)] = '\0';
    fclose(listening->to);
    return files.said;
}

/* What `call` prints on stderr is in files.said, its value in `result`. */
#define SAID(result, call)                                                                                   \
    do {                                                                                                     \
        struct listening listening_ = listen_to(stderr);                                                     \
        (result) = (call);                                                                                   \
        listen_end(&listening_);                                                                             \
    } while (0)

static UNUSED void expect_said(const char *part)
{
    if (strstr(files.said, part) == NULL)
        fail_msg("no `%s` in: %s", part, files.said);
}

#endif
