/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/verify/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/file/whole.h"
#include "proto/rules/mend.h"

enum { PATH = 4096 };

int file_fail(const struct cli *cli, const char *path)
{
    char detail[PATH + 128];
    snprintf(detail, sizeof(detail), "%s: %s", path, cli_cause(cli, errno));
    return cli_fail(cli, CLI_FILE, "文件无法读写", "the file cannot be read or written", detail);
}

bool file_read(const struct cli *cli, const char *path, char *text, size_t room, size_t *n)
{
    FILE *file = fopen(path, "rb");
    errno = file == NULL ? errno : 0;
    *n = file == NULL ? 0 : fread(text, 1, room - 1, file);
    bool good = file != NULL && ferror(file) == 0 && feof(file) != 0;
    if (file != NULL && fclose(file) != 0)
        good = false;
    text[*n] = '\0';
    if (!good)
        file_fail(cli, path);
    else if (mend_is_utf16(text, *n))
        good = cli_fail_utf16(cli, path) == CLI_OK;
    else if (cli_blank(text, *n))
        good = cli_fail(cli, CLI_FILE, "文件是空的", "the file is empty", path) == CLI_OK;
    return good;
}

char *file_whole(const struct cli *cli, const char *path, size_t room, size_t *n)
{
    char *text = malloc(room + 1);
    if (text == NULL) {
        cli_fail(cli, CLI_FILE, "内存不足", "out of memory", path);
        return NULL;
    }
    if (file_read(cli, path, text, room, n))
        return text;
    free(text);
    return NULL;
}

bool file_text(const struct cli *cli, const char *path, char *text, size_t room, size_t *n)
{
    if (!file_read(cli, path, text, room - 1, n)) /* mending may add an LF */
        return false;
    *n = mend_text(text, *n, MEND_BLANKS);
    return true;
}

bool file_write(const struct cli *cli, const char *path, const void *bytes, size_t n)
{
    if (whole_write(AT_FDCWD, path, bytes, n, WHOLE_REPLACE))
        return true;
    file_fail(cli, path);
    return false;
}

bool file_begins(const char *text, const char *head)
{
    size_t n = strcspn(text, "\n");
    bool cut = n < strlen(head) && text[n + strspn(text + n, "\n")] == '\0'; /* mending has ended the line */
    return n > 0 && strncmp(text, head, cut ? n : strlen(head)) == 0;
}
