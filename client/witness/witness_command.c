/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of a witness: to make its key, to watch a log, to serve. They call no mingced and need no profile. */
#include "client/witness/witness_command.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/cli/command/given.h"
#include "client/cli/verify/file.h"
#include "client/cli/verify/keys.h"
#include "client/witness/witness_serve.h"
#include "client/witness/witness_state.h"
#include "proto/file/whole.h"
#include "proto/rules/mend.h"
#include "proto/tlog/note_secret.h"

/* ---- its key ---- */

/* Writes the key to a new file of mode 0600. False: errno says why not. */
static bool key_write(const char *path, const struct note_key *key, const uint8_t seed[NOTE_SEED])
{
    char line[NOTE_SECRET + 1];
    note_secret_format(key, seed, line);
    size_t n = strlen(line);
    line[n++] = '\n';
    bool good = whole_write(AT_FDCWD, path, line, n, WHOLE_NEW | WHOLE_PRIVATE);
    OPENSSL_cleanse(line, sizeof(line));
    return good;
}

static int witness_create_key(struct cli *cli, struct given *given)
{
    const char *name = given_text(given, "NAME"), *path = given_text(given, "FILE");
    uint8_t seed[NOTE_SEED];
    char vkey[NOTE_VKEY];
    struct note_key key;
    if (RAND_priv_bytes(seed, NOTE_SEED) != 1 || !note_key_make(name, NOTE_COSIGNATURE, seed, &key))
        return cli_fail(cli, CLI_USAGE, "见证者名称不含空格和“+”：如 witness.example.cn/1",
                        "a witness's name has neither blanks nor '+': as witness.example.cn/1", name);
    bool good = key_write(path, &key, seed);
    OPENSSL_cleanse(seed, sizeof(seed));
    if (!good)
        return file_fail(cli, path);
    note_key_format(&key, vkey);
    puts(vkey);
    return CLI_OK;
}

/* Reads the witness's own key. Returns CLI_OK, or the exit status after saying what is wrong. */
static int key_load(const struct cli *cli, const char *path, struct witness *witness)
{
    char line[2 * NOTE_SECRET];
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return file_fail(cli, path);
    bool private = fstat(fd, &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO) & ~S_IRGRP) == 0;
    ssize_t n = private ? read(fd, line, sizeof(line) - 1) : 0;
    int why = errno;
    close(fd);
    if (!private)
        return cli_fail(cli, CLI_FILE, "密钥文件他人可读：chmod 0400", "others may read the key: chmod 0400",
                        path);
    if (n < 0) {
        errno = why;
        return file_fail(cli, path);
    }
    line[n] = '\0';
    if (mend_is_utf16(line, strlen(line)))
        return cli_fail_utf16(cli, path);
    if (cli_blank(line, strlen(line)))
        return cli_fail(cli, CLI_FILE, "文件是空的", "the file is empty", path);
    bool good = note_secret_parse(mend_line(line), NOTE_COSIGNATURE, &witness->key, witness->seed);
    OPENSSL_cleanse(line, sizeof(line));
    return good ? CLI_OK
                : cli_fail(cli, CLI_USAGE, "不是见证者的密钥文件", "not a file with a witness's key", path);
}

/* ---- its logs ---- */

static int state_open(const struct cli *cli, const char *path, int *directory)
{
    *directory = witness_state_open(path);
    if (*directory >= 0)
        return CLI_OK;
    return errno == EWOULDBLOCK ? cli_fail(cli, CLI_FILE, "另一见证进程正在使用该目录",
                                           "another witness is running on this directory", path)
                                : file_fail(cli, path);
}

static int witness_add_log(struct cli *cli, struct given *given)
{
    const char *state = given_text(given, "state");
    struct note_key key;
    size_t n;
    int directory;
    int status = keys_read(cli, given_text(given, "FILE.vkey"), NOTE_ED25519, &key, 1, &n);
    if (status == CLI_OK)
        status = state_open(cli, state, &directory);
    if (status != CLI_OK)
        return status;
    bool good = witness_state_begin(directory, key.name);
    int why = errno;
    close(directory);
    errno = why;
    if (!good && errno == EEXIST)
        return cli_fail(cli, CLI_REFUSED, "该日志早已登记，未作改动",
                        "this log was added before: nothing was changed", key.name);
    if (!good)
        return file_fail(cli, state);
    if (cli->json)
        puts("{\"done\":true}");
    else
        printf("%s%s\n", cli_say(cli, "已登记日志 ", "added the log "), key.name);
    return CLI_OK;
}

/* Loads for each log the checkpoint that was cosigned last. */
static int logs_load(const struct cli *cli, const char *path, struct witness *witness)
{
    struct note_key keys[WITNESS_LOGS];
    int status = keys_read(cli, path, NOTE_ED25519, keys, WITNESS_LOGS, &witness->logs_n);
    for (size_t i = 0; status == CLI_OK && i < witness->logs_n; i++) {
        witness->logs[i].key = keys[i];
        for (size_t j = 0; j < i; j++)
            if (strcmp(keys[j].name, keys[i].name) == 0)
                return cli_fail(cli, CLI_USAGE, "一个日志只能有一个公钥", "one log has two keys",
                                keys[i].name);
        if (!witness_state_load(witness->state, &witness->key, keys[i].name, &witness->logs[i].last))
            return cli_fail(cli, CLI_FILE,
                            "没有该日志的见证状态。从未见证过：mingce-witness add-log；"
                            "状态已丢失或改用他钥：此见证密钥不得再用，请另建",
                            "no state of this log. Never cosigned: mingce-witness add-log. "
                            "Lost, or another key's: this witness's key must not be used again, make another",
                            keys[i].name);
    }
    return status;
}

static int witness_run(struct cli *cli, struct given *given)
{
    static struct witness witness;
    witness.state = -1;
    int status = key_load(cli, given_text(given, "key"), &witness);
    if (status == CLI_OK)
        status = state_open(cli, given_text(given, "state"), &witness.state);
    if (status == CLI_OK)
        status = logs_load(cli, given_text(given, "log"), &witness);
    if (status == CLI_OK)
        status = witness_serve(cli, &witness, given_text(given, "listen"));
    OPENSSL_cleanse(witness.seed, sizeof(witness.seed));
    if (witness.state >= 0)
        close(witness.state);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "create-key",
     .run = witness_create_key,
     .zh = "新建见证者的密钥，输出公钥",
     .en = "makes a witness's key, prints the public one",
     ARGUMENTS({"NAME", VALUE_TEXT, NEEDED, .zh = "见证者名称，不含空格和“+”",
                .en = "its name, without blanks and '+'"},
               {"FILE", VALUE_NEW_FILE, NEEDED, .zh = "写入密钥的新文件", .en = "the new file of the key"}),
     .example_zh = "create-key witness.example.cn/1 witness.key >witness.vkey",
     .example_en = "create-key witness.example.cn/1 witness.key >witness.vkey"},
    {.noun = "add-log",
     .run = witness_add_log,
     .zh = "登记一个从未见证过的日志",
     .en = "begins with a log that was never cosigned",
     ARGUMENTS({"FILE.vkey", VALUE_FILE, NEEDED, .zh = "该日志的公钥", .en = "the log's public key"}),
     OPTIONS({"state", VALUE_DIRECTORY, NEEDED, .zh = "记住已联署检查点的目录",
              .en = "the directory that remembers what was cosigned"}),
     .notes_zh = "状态丢失后不得重新登记：须另建密钥",
     .notes_en = "never to replace a state that was lost: make another key then"},
    {.noun = "serve",
     .run = witness_run,
     .zh = "见证日志：只对未被改写的日志联署",
     .en = "cosigns logs whose history is not rewritten",
     OPTIONS(
         {"listen", VALUE_TEXT, NEEDED, "ADDRESS:PORT", .zh = "监听地址；端口为0时自动选择并显示",
          .en = "where; port 0: any, which is printed"},
         {"key", VALUE_FILE, NEEDED, .zh = "见证者的密钥", .en = "the witness's own key"},
         {"log", VALUE_FILE, NEEDED, .zh = "所见证日志的公钥，每行一个",
          .en = "public keys of the logs, a line each"},
         {"state", VALUE_DIRECTORY, NEEDED, .zh = "记住已联署检查点的目录，不得丢失或恢复旧备份",
          .en = "the directory that remembers what was cosigned: not to be lost nor restored from a backup"}),
     .notes_zh = "响应 POST …/add-checkpoint（C2SP tlog-witness）",
     .notes_en = "answers POST .../add-checkpoint (C2SP tlog-witness)"},
};
const struct commands witness_commands = {commands, sizeof(commands) / sizeof(*commands)};
