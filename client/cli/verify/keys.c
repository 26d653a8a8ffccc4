/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/verify/keys.h"

#include <string.h>

#include "client/cli/verify/file.h"

enum { KEYS_FILE = 1 << 16 };

static bool known(const struct note_key *key, const struct note_key *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(keys[i].key, key->key, NOTE_KEY) == 0)
            return true;
    return false;
}

int keys_read(const struct cli *cli, const char *path, enum note_key_type type, struct note_key *keys,
              size_t most, size_t *n)
{
    char text[KEYS_FILE];
    size_t length;
    *n = 0;
    if (!file_text(cli, path, text, sizeof(text), &length))
        return CLI_FILE;
    bool good = strlen(text) == length;
    for (char *at = text, *line; good && (line = strsep(&at, "\n")) != NULL;) {
        if (*line == '\0' || *line == '#')
            continue;
        good = *n < most && note_key_parse(line, &keys[*n]) && keys[*n].type == type &&
               !known(&keys[*n], keys, *n);
        *n += good;
    }
    if (good && *n > 0)
        return CLI_OK;
    return type == NOTE_ED25519
               ? cli_fail(cli, CLI_USAGE, "不是日志的公钥文件", "not a file with a log's public key", path)
               : cli_fail(cli, CLI_USAGE, "不是见证者的公钥文件（每行一个，不得重复）",
                          "not a file of witnesses' public keys, each once on a line of its own", path);
}

int key_read(const struct cli *cli, const char *path, struct note_key *key)
{
    size_t n;
    return keys_read(cli, path, NOTE_ED25519, key, 1, &n);
}
