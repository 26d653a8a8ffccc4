/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/receipts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "proto/file/whole.h"
#include "proto/tlog/receipt.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/hex.h"

enum { PATH = 4096 };

static void say_unkept(const struct cli *cli, const char *path)
{
    char detail[PATH + 128];
    snprintf(detail, sizeof(detail), "%s: %s", path, cli_cause(cli, errno));
    cli_fail(cli, CLI_FILE, "已办理，但回执无法保存", "done, but the receipt cannot be kept", detail);
}

/* Writes the folder's path. False: the environment names no place for it, or the path is too long. */
static bool folder_of(char *path)
{
    const char *own = getenv("MINGCE_RECEIPTS"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = -1;
    if (own != NULL)
        n = snprintf(path, PATH, "%s", own);
    else if (state != NULL)
        n = snprintf(path, PATH, "%s/mingce/receipts", state);
    else if (home != NULL)
        n = snprintf(path, PATH, "%s/.local/state/mingce/receipts", home);
    return n > 0 && n < PATH;
}

static bool folders_make(char *path)
{
    for (char *at = path; at != NULL;) {
        at = strchr(at + 1, '/');
        if (at != NULL)
            *at = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        if (at != NULL)
            *at = '/';
        if (!made)
            return false;
    }
    return true;
}

void receipt_keep(const struct cli *cli, const uint8_t request_id[MINGCE_REQUEST_ID], const char *method)
{
    const Mingce__V1__Receipt *given = mingce_receipt(cli->server);
    struct receipt receipt;
    char path[PATH] = "", file[PATH + 64], name[2 * MINGCE_REQUEST_ID + 1] = "";
    if (given == NULL)
        return;
    hex_write(request_id, MINGCE_REQUEST_ID, name);
    errno = ENOENT;
    if (!folder_of(path) || !folders_make(path)) {
        say_unkept(cli, path);
        return;
    }
    errno = EPROTO;
    bool taken = receipt_take(given, request_id, method, &receipt);
    char *text = taken ? receipt_format(&receipt) : NULL;
    snprintf(file, sizeof(file), "%s/%s.receipt", path, name);
    if (text == NULL || !whole_write(AT_FDCWD, file, text, strlen(text), WHOLE_REPLACE | WHOLE_PRIVATE))
        say_unkept(cli, file);
    free(text);
    if (taken)
        receipt_free(&receipt);
}
