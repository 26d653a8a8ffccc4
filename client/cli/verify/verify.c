/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verifies the whole log, or what follows the checkpoint that an earlier run remembered. Every leaf is hashed here, and every tile is
 * compared with the server's. A run that was interrupted continues where it was.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/frame/call.h"
#include "client/cli/verify/file.h"
#include "client/cli/verify/log.h"
#include "proto/tlog/base64.h"
#include "proto/tlog/line.h"

enum { PATH = 4096, PART = 128, PART_ENTRIES = 1 << 17, YOUNG_MS = 5000, AGAIN_MS = 200 };

struct verify {
    struct cli *cli;
    struct audit audit;
    struct log_walk walk;
    struct log_tiles tiles;
    const char *since;
    uint64_t max_age; /* seconds; 0: any */
    char part[PATH];  /* the file that says how far a run has come; "": none */
    uint64_t kept;    /* entries when that file was last written */
    int status;       /* what the comparison of a tile has found */
};

/* ---- what is remembered ---- */

/* Reads what an earlier run has remembered. */
static int seen_read(const struct cli *cli, const char *path, const struct note_key *key, char old[NOTE_MOST],
                     struct checkpoint *seen)
{
    struct stat status;
    size_t n;
    *old = '\0';
    if (path == NULL || stat(path, &status) != 0)
        return CLI_OK;
    if (!file_text(cli, path, old, NOTE_MOST, &n))
        return CLI_FILE;
    return checkpoint_open(old, n, key, seen)
               ? CLI_OK
               : cli_fail(cli, CLI_FILE, "不是本日志的检查点文件", "not a checkpoint of this log", path);
}

/* Reads how far the last run came, "SIZE LF base64(root) LF" as it wrote it. Any other file is ignored. */
static void part_read(struct verify *verify, struct checkpoint *start)
{
    char text[PART];
    FILE *file = *verify->part == '\0' ? NULL : fopen(verify->part, "rb");
    size_t n = file == NULL ? 0 : fread(text, 1, sizeof(text), file), size_n, root_n;
    const char *at = text, *end = text + n;
    struct checkpoint found = {.size = 0};
    if (file != NULL)
        fclose(file);
    const char *size = line_next(&at, end, &size_n);
    const char *root = size == NULL ? NULL : line_next(&at, end, &root_n);
    if (root != NULL && at == end && line_decimal(size, size_n, &found.size) &&
        line_hash(root, root_n, found.root) && found.size > start->size)
        *start = found;
}

static void part_write(struct verify *verify)
{
    const struct merkle_frontier *frontier = &verify->walk.tree.frontier;
    char text[PART], hash[BASE64_BYTES(MERKLE_HASH)];
    merkle_hash root;
    if (*verify->part == '\0' || frontier->size < verify->kept + PART_ENTRIES)
        return;
    verify->kept = frontier->size;
    merkle_root(frontier, root);
    base64_encode(root, MERKLE_HASH, hash);
    int n = snprintf(text, sizeof(text), "%" PRIu64 "\n%s\n", frontier->size, hash);
    if (!file_write(verify->cli, verify->part, text, (size_t) n))
        *verify->part = '\0'; /* reported once: only the place to continue from is lost */
}

/* Loads the tree as it was then. Its hashes come from the server and must give the root that was seen. */
static int start_from(struct verify *verify, const struct checkpoint *start)
{
    merkle_hash root;
    if (start->size == 0)
        return CLI_OK;
    int status = cli_connect(verify->cli);
    if (status != CLI_OK)
        return status;
    if (!tree_load(&verify->walk.tree, start->size, log_tile_fetch, &verify->tiles))
        return verify->tiles.status != CLI_OK
                   ? verify->tiles.status
                   : log_broken(verify->cli, "日志的片缺少已核验的部分，条数",
                                "the tiles lack what was verified before, entries", start->size);
    merkle_root(&verify->walk.tree.frontier, root);
    verify->kept = start->size;
    return memcmp(root, start->root, MERKLE_HASH) == 0
               ? CLI_OK
               : log_broken(verify->cli, "与先前核验的不一致：历史被改写，条数",
                            "not what was verified before: history was rewritten, entries", start->size);
}

/* ---- verifying ---- */

/* Compares a tile that was computed from the leaves with the server's. */
static void tile_compare(void *context, const struct tree_tile *tile)
{
    struct verify *verify = context;
    static struct tree_tile served;
    char path[TILE_PATH];
    if (verify->status != CLI_OK)
        return;
    served.level = tile->level;
    served.index = tile->index;
    bool whole = log_tile_fetch(&verify->tiles, &served, tile->n);
    if (verify->tiles.status != CLI_OK) {
        verify->status = verify->tiles.status;
    } else if (!whole || memcmp(served.hashes, tile->hashes, (size_t) tile->n * MERKLE_HASH) != 0) {
        tile_path(tile->level, tile->index, TILE_WIDTH, path);
        verify->status = cli_fail(verify->cli, CLI_ROWS_REFUSED, "日志的一片与记录不符",
                                  "a tile is not what the entries make", path);
    }
}

/* Called after each entry: stops the run if a tile was wrong, and records how far it has come. */
static bool entry_verified(void *context, uint64_t index, const ProtobufCBinaryData *body)
{
    (void) index, (void) body;
    struct verify *verify = context;
    part_write(verify);
    return verify->status == CLI_OK;
}

/* The cosigned checkpoint is smaller than the one this run began with, so the latter must extend it. */
static int grown_from(struct verify *verify, const struct checkpoint *cosigned,
                      const struct checkpoint *start)
{
    merkle_hash proof[MERKLE_PROOF];
    size_t n;
    bool had = merkle_consistency(cosigned->size, start->size, log_subtree_read, &verify->tiles, proof, &n);
    if (verify->tiles.status != CLI_OK)
        return verify->tiles.status;
    return had && merkle_consistent(cosigned->size, start->size, cosigned->root, start->root, proof, n)
               ? CLI_OK
               : log_broken(verify->cli, "与见证者联署的检查点不一致：历史被改写，条数",
                            "not what witnesses have cosigned: history was rewritten, entries",
                            cosigned->size);
}

static int too_old(const struct verify *verify, uint64_t age)
{
    char detail[32];
    snprintf(detail, sizeof(detail), "%" PRIu64 " s", age);
    return cli_fail(verify->cli, CLI_ROWS_REFUSED, "最新的检查点已超过 --max-age：日志没有被及时签名",
                    "the newest checkpoint is older than --max-age: the log is not being signed", detail);
}

/* Fetches the newest checkpoint and waits for one that is young enough. A log to which nobody wrote may have an old one, but this login is
 * itself an entry, for which a working notary signs a checkpoint within a moment. */
static int young_fetch(struct verify *verify)
{
    struct audit *audit = &verify->audit;
    int64_t until_ms = cli_now_ms() + YOUNG_MS;
    for (;;) {
        int status = audit_fetch(verify->cli, &audit->trust, NULL, audit->note, &audit->found);
        if (status != CLI_OK || verify->max_age == 0 || audit_age(audit) <= verify->max_age)
            return status;
        if (cli_now_ms() >= until_ms)
            return too_old(verify, audit_age(audit));
        usleep(AGAIN_MS * 1000);
    }
}

/* Verifies up to the cosigned checkpoint. If a larger one was seen before, goes on to the last checkpoint, so that a log from which seen
 * entries were removed is found out. */
static int verify_on(struct verify *verify, const struct checkpoint *start)
{
    struct audit *audit = &verify->audit;
    struct trusted last;
    int status = young_fetch(verify);
    last = audit->found;
    if (status == CLI_OK && audit->trust.least > 0 && start->size > last.checkpoint.size) {
        struct trust log_only = audit->trust;
        log_only.least = 0;
        status = grown_from(verify, &audit->found.checkpoint, start);
        if (status == CLI_OK)
            status = audit_fetch(verify->cli, &log_only, NULL, audit->note, &last);
    }
    if (status == CLI_OK)
        status = log_walk_to(verify->cli, &verify->walk, &last.checkpoint);
    for (int level = 0; status == CLI_OK && level < TILE_LEVELS; level++)
        if (verify->walk.tree.last[level].n > 0)
            tile_compare(verify, &verify->walk.tree.last[level]);
    return verify->status != CLI_OK ? verify->status : status;
}

/* Remembers the checkpoint once everything was verified, and ends the run. */
static int remember(struct verify *verify)
{
    if (verify->since == NULL)
        return CLI_OK;
    if (!file_write(verify->cli, verify->since, verify->audit.note, strlen(verify->audit.note)))
        return CLI_FILE;
    unlink(verify->part);
    return CLI_OK;
}

/* Verifies from where the last run ended or was interrupted. The server is shown the checkpoint that was seen before it is asked for
 * anything: a server that was restored from an old backup then stops signing, whatever is found here. */
static int verify_from_seen(struct verify *verify)
{
    static char seen[NOTE_MOST];
    struct audit *audit = &verify->audit;
    struct checkpoint start = {.size = 0};
    int status = seen_read(verify->cli, verify->since, &audit->trust.keys[0], seen, &start);
    if (status == CLI_OK && *seen != '\0')
        status = audit_fetch(verify->cli, &audit->trust, seen, audit->note, &audit->found);
    if (status != CLI_OK)
        return status;
    verify->walk.seen = start;
    part_read(verify, &start);
    status = start_from(verify, &start);
    return status == CLI_OK ? verify_on(verify, &start) : status;
}

static int audit_verify(struct cli *cli, struct given *given)
{
    static struct verify verify;
    verify.since = given_text(given, "since");
    verify.max_age = given_number(given, "max-age");
    verify.cli = verify.tiles.cli = cli;
    verify.walk = (struct log_walk){.entry = entry_verified, .filled = tile_compare, .context = &verify};
    tree_new(&verify.walk.tree);
    if (verify.since != NULL)
        snprintf(verify.part, sizeof(verify.part), "%s.part", verify.since);
    int status = audit_trust(cli, given, &verify.audit);
    if (status == CLI_OK)
        status = verify_from_seen(&verify);
    if (status == CLI_OK)
        status = remember(&verify);
    verify.walk.context = NULL;
    return status == CLI_OK ? audit_print_verified(cli, &verify.audit, "核验通过，每条记录都与签名相符",
                                                   "verified, every entry is what was signed")
                            : status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "audit",
     .verb = "verify",
     .run = audit_verify,
     .method = "log.entries",
     .zh = "核验整个日志",
     .en = "verifies the whole log",
     OPTIONS(OPTIONS_LOG_KEYS,
             {"since", VALUE_NEW_FILE,
              .zh = "记住检查点的文件：只核验其后的记录，中断后可接着核验，成功后更新；不给出则核验全部",
              .en = "remembers the checkpoint: what came after it is verified, a run that was broken off "
                    "goes on; without it the whole log is verified"},
             {"max-age", VALUE_NUMBER, .value = "SECONDS", .least = 1, .most = INT32_MAX,
              .zh = "最新的检查点超过这么多秒即为失败：日志没有被及时签名",
              .en = "fails if the newest checkpoint is older: the log is not being signed"})},
};
const struct commands verify_commands = {commands, sizeof(commands) / sizeof(*commands)};
