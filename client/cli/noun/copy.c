/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a static copy of the log for any web server. It is verified while it is written, and complete at any moment. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/verify/file.h"
#include "client/cli/verify/log.h"
#include "proto/file/whole.h"

enum { PATH = 4096 };

struct copy {
    const struct cli *cli;
    const char *folder;
    uint8_t *bundle; /* of at most 256 entries */
    size_t bundle_n, bundle_room;
    bool failed;
};

/* Makes the folders above a path below the copy's folder. */
static bool folders_make(const struct copy *copy, char *path)
{
    for (char *at = path + strlen(copy->folder) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        *at = '/';
        if (!made)
            return false;
    }
    return true;
}

static bool copy_write(struct copy *copy, const char *name, const void *bytes, size_t n)
{
    char path[PATH];
    if (copy->failed || snprintf(path, sizeof(path), "%s/%s", copy->folder, name) >= (int) sizeof(path))
        return false;
    copy->failed = !folders_make(copy, path) || !whole_write(AT_FDCWD, path, bytes, n, WHOLE_UNSYNCED);
    if (copy->failed)
        file_fail(copy->cli, path);
    return !copy->failed;
}

static void copy_tile(void *context, const struct tree_tile *tile)
{
    char path[TILE_PATH];
    tile_path(tile->level, tile->index, tile->n, path);
    copy_write(context, path, tile->hashes, (size_t) tile->n * MERKLE_HASH);
}

static bool bundle_flush(struct copy *copy, uint64_t index, unsigned width)
{
    char path[TILE_PATH];
    tile_path(-1, index, width, path);
    bool good = copy_write(copy, path, copy->bundle, copy->bundle_n);
    copy->bundle_n = 0;
    return good;
}

/* u16 length || bytes. */
static bool copy_entry(void *context, uint64_t index, const ProtobufCBinaryData *body)
{
    struct copy *copy = context;
    size_t need = copy->bundle_n + 2 + body->len;
    if (body->len > UINT16_MAX) {
        log_broken(copy->cli, "记录超过65535字节，静态副本放不下，位置",
                   "an entry of more than 65535 bytes, which a static copy has no room for, at", index);
        return false;
    }
    if (need > copy->bundle_room) {
        uint8_t *more = realloc(copy->bundle, need * 2);
        if (more == NULL) {
            log_broken(copy->cli, "内存不足，位置", "out of memory, at", index);
            return false;
        }
        copy->bundle = more;
        copy->bundle_room = need * 2;
    }
    copy->bundle[copy->bundle_n++] = (uint8_t) (body->len >> 8);
    copy->bundle[copy->bundle_n++] = (uint8_t) body->len;
    memcpy(copy->bundle + copy->bundle_n, body->data, body->len);
    copy->bundle_n += body->len;
    return (index + 1) % TILE_WIDTH != 0 || bundle_flush(copy, index / TILE_WIDTH, TILE_WIDTH);
}

/* Makes sure that everything is on the disk before a checkpoint covers it. */
static bool copy_sync(const struct copy *copy)
{
    int fd = open(copy->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && syncfs(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    if (!good)
        file_fail(copy->cli, copy->folder);
    return good;
}

/* Writes the partial tiles and bundle at the end of the log, and the checkpoint last, so that a reader of the checkpoint finds all that it
 * covers. */
static bool copy_finish(struct copy *copy, const struct log_walk *walk, const char *note,
                        const struct note_key *key)
{
    char vkey[NOTE_VKEY], line[NOTE_VKEY + 2], path[PATH];
    uint64_t size = walk->tree.frontier.size;
    for (int level = 0; level < TILE_LEVELS; level++)
        if (walk->tree.last[level].n > 0)
            copy_tile(copy, &walk->tree.last[level]);
    if (size % TILE_WIDTH != 0 && !bundle_flush(copy, size / TILE_WIDTH, (unsigned) (size % TILE_WIDTH)))
        return false;
    note_key_format(key, vkey);
    snprintf(line, sizeof(line), "%s\n", vkey);
    return copy_write(copy, "log.vkey", line, strlen(line)) && copy_sync(copy) &&
           snprintf(path, sizeof(path), "%s/checkpoint", copy->folder) < (int) sizeof(path) &&
           file_write(copy->cli, path, note, strlen(note));
}

static int audit_export(struct cli *cli, struct given *given)
{
    static struct audit audit;
    static struct log_walk walk;
    struct copy copy = {.cli = cli, .folder = given_text(given, "DIR")};
    int status = audit_trust(cli, given, &audit);
    if (status == CLI_OK && mkdir(copy.folder, 0777) != 0 && errno != EEXIST)
        status = file_fail(cli, copy.folder);
    tree_new(&walk.tree);
    walk.entry = copy_entry;
    walk.filled = copy_tile;
    walk.context = &copy;
    if (status == CLI_OK)
        status = audit_fetch(cli, &audit.trust, NULL, audit.note, &audit.found);
    if (status == CLI_OK)
        status = log_walk_to(cli, &walk, &audit.found.checkpoint);
    if (status == CLI_OK && !copy_finish(&copy, &walk, audit.note, &audit.trust.keys[0]))
        status = CLI_FILE;
    free(copy.bundle);
    walk.context = NULL;
    return status == CLI_OK ? audit_print_verified(cli, &audit, "已导出，每条记录都与签名相符",
                                                   "exported, every entry is what was signed")
                            : status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "audit",
     .verb = "export",
     .run = audit_export,
     .method = "log.entries",
     .zh = "导出日志的静态副本，任何网页服务器可用",
     .en = "a static copy of the log, for any web server",
     ARGUMENTS({"DIR", VALUE_DIRECTORY, NEEDED, .zh = "写入的目录，没有则新建",
                .en = "the directory, which is made if there is none"}),
     OPTIONS(OPTIONS_LOG_KEYS),
     .notes_zh = "写出 checkpoint, tile/…, tile/entries/…, log.vkey（C2SP tlog-tiles）",
     .notes_en = "writes checkpoint, tile/..., tile/entries/..., log.vkey (C2SP tlog-tiles)"},
};
const struct commands copy_commands = {commands, sizeof(commands) / sizeof(*commands)};
