/* SPDX-License-Identifier: Apache-2.0 */
/* The log's key, and the checkpoint that a host begins with. A person says so: a missing file never means that a log
 * begins. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/audit/log_state.h"
#include "daemon/setup_internal.h"
#include "proto/file/whole.h"

static int create_key(const char *name, const char *path)
{
    struct log_key key;
    char vkey[NOTE_VKEY];
    const char *why = log_key_create(path, name, &key);
    if (why != NULL)
        return setup_fail("%s: %s", path, why);
    note_key_format(&key.public, vkey);
    puts(vkey);
    OPENSSL_cleanse(&key, sizeof(key));
    return SETUP_DONE;
}

/* The file belongs to whoever its folder belongs to: root writes it, the notary's user replaces it. */
static int state_write(const char *path, const char *note, unsigned how)
{
    struct stat folder;
    char copy[4096];
    if (!whole_write(AT_FDCWD, path, note, strlen(note), how | WHOLE_SECRET))
        return setup_fail("%s: %s", path,
                          errno == EEXIST
                              ? "it is there: the log has begun. To replace it by a newer one: adopt"
                              : strerror(errno));
    snprintf(copy, sizeof(copy), "%s", path);
    if (geteuid() == 0 &&
        (stat(dirname(copy), &folder) != 0 || chown(path, folder.st_uid, folder.st_gid) != 0))
        return setup_fail("%s: it cannot be given to who owns its folder: %s", path, strerror(errno));
    return SETUP_DONE;
}

static int begin(const struct log_key *key, const char *path)
{
    static char note[NOTE_MOST];
    struct checkpoint empty = {.size = 0};
    const struct merkle_frontier none = {.size = 0};
    memcpy(empty.origin, key->public.name, sizeof(empty.origin));
    merkle_root(&none, empty.root);
    return log_state_sign(&empty, key, note) ? state_write(path, note, WHOLE_NEW)
                                             : setup_fail("%s: the cipher failed", path);
}

/* The state never goes back to an older checkpoint, nor to another one of the same size. */
static int adopt(const struct log_key *key, const char *path, const char *from)
{
    static char kept[NOTE_MOST], note[NOTE_MOST];
    struct checkpoint base, fresh;
    enum log_state state = log_state_load(path, &key->public, kept, &base);
    if (state == LOG_STATE_UNREADABLE || state == LOG_STATE_NOT_OURS)
        return setup_fail("%s: what is there is no checkpoint of this log: keep it, call the auditors", path);
    if (log_state_load(from, &key->public, note, &fresh) != LOG_STATE_GOOD)
        return setup_fail("%s: it cannot be read, is in UTF-16 (save it as UTF-8), or is no checkpoint that "
                          "this key has signed",
                          from);
    if (state == LOG_STATE_GOOD && fresh.size < base.size)
        return setup_fail("%s: it has %llu entries, and this host has seen %llu: that one is older", from,
                          (unsigned long long) fresh.size, (unsigned long long) base.size);
    if (state == LOG_STATE_GOOD && fresh.size == base.size && memcmp(fresh.root, base.root, MERKLE_HASH) != 0)
        return setup_fail("%s: it is another log than this host's: two histories were signed, call the "
                          "auditors",
                          from);
    int status = state_write(path, note, WHOLE_REPLACE);
    if (status == SETUP_DONE)
        printf("%llu\n", (unsigned long long) fresh.size);
    return status;
}

/* After a dump was loaded: the log goes on in the order of this cluster's transactions, beginning with what was left. */
static int anchor(const struct settings *settings)
{
    struct setup_answer entries;
    struct setup_head head;
    PGconn *pg = setup_connect(settings);
    if (pg == NULL)
        return SETUP_FAILED;
    setup_head(&head, "log.anchor", "");
    const struct setup_value value[] = {{head.bytes, (int) head.n}};
    bool good = setup_query(pg, "anchor", "SELECT audit.anchor($1)", value, 1, &entries);
    PQfinish(pg);
    if (good)
        printf("the log goes on from here; entries that were left: %s\n", entries.text);
    return good ? SETUP_DONE : SETUP_FAILED;
}

int setup_log(const struct settings *settings, int argc, char **argv)
{
    struct log_key key;
    if (argc == 2 && strcmp(argv[1], "anchor") == 0)
        return anchor(settings);
    if (argc == 4 && strcmp(argv[1], "create-key") == 0)
        return create_key(argv[2], argv[3]);
    bool begins = argc == 4 && strcmp(argv[1], "begin") == 0;
    if (!begins && (argc != 5 || strcmp(argv[1], "adopt") != 0))
        return SETUP_USAGE;
    const char *why = log_key_load(argv[2], &key);
    if (why != NULL)
        return setup_fail("%s: %s", argv[2], why);
    int status = begins ? begin(&key, argv[3]) : adopt(&key, argv[3], argv[4]);
    OPENSSL_cleanse(&key, sizeof(key));
    return status;
}
