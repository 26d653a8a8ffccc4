/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/needs.h"

#include <openssl/crypto.h>
#include <stdio.h>

#include "daemon/audit/log_key.h"
#include "daemon/audit/log_state.h"
#include "daemon/audit/witnesses.h"
#include "daemon/crypto/seal.h"
#include "daemon/net/tls.h"

/* Says what is wrong with a setting, if anything is. Returns how many things are. */
static int find(const char *setting, const char *why)
{
    if (why != NULL)
        fprintf(stderr, "mingced: %s: %s\n", setting, why);
    return why != NULL;
}

static int find_empty(const char *setting, const char *value, const char *why)
{
    return find(setting, *value == '\0' ? why : NULL);
}

static int find_tls(const struct settings *settings)
{
    const char *setting, *why;
    int n = find_empty("tls_certificate", settings->tls_certificate,
                       "为空：须指明服务器证书文件 / is empty: "
                       "name the file of the server's certificate");
    n += find_empty("tls_key", settings->tls_key,
                    "为空：须指明其私钥文件 / is empty: name the file of its private key");
    n += find_empty(
        "tls_client_ca", settings->tls_client_ca,
        "为空：须指明签发客户端证书的 CA 文件 / is empty: name the file of the clients' authorities");
    if (n == 0 && !tls_files_good(settings, &setting, &why))
        n += find(setting, why);
    return n;
}

static int find_keys(const struct settings *settings)
{
    const char *why = NULL;
    struct log_key key;
    struct keyring *keys = keyring_load(settings->key_ring, &why);
    int n = find("key_ring", keys != NULL ? NULL
                             : *settings->key_ring == '\0'
                                 ? "为空：须指明密钥文件（mingced keys create） / is empty: name what "
                                   "`mingced keys create` made"
                                 : why);
    keyring_free(keys);
    if (*settings->receipt_key != '\0')
        n += find("receipt_key", log_key_load_for(settings->receipt_key, "receipt", &key));
    if (*settings->certificate_key != '\0')
        n += find("certificate_key", log_key_load_for(settings->certificate_key, "certificate", &key));
    OPENSSL_cleanse(&key, sizeof(key));
    return n;
}

static const char *state_wrong(const char *path, const struct note_key *key)
{
    static char note[NOTE_MOST];
    struct checkpoint kept;
    if (*path == '\0')
        return "为空：公证须有此文件（mingced log begin） / is empty: the notary needs what `mingced log "
               "begin` makes";
    switch (log_state_load(path, key, note, &kept)) {
    case LOG_STATE_GOOD:
        return NULL;
    case LOG_STATE_MISSING:
        return "没有检查点：首台主机用 log begin，其余用 log adopt / there is no checkpoint: `mingced log "
               "begin` on "
               "the log's first host, `mingced log adopt` on others";
    case LOG_STATE_UNREADABLE:
        return "无法读取 / it cannot be read";
    case LOG_STATE_NOT_OURS:
    default:
        return "不是本日志密钥签署的检查点 / it is no checkpoint that log_key has signed";
    }
}

/* The key is checked where this host's settings name it: under systemd the notary's unit does. */
static int find_log(const struct settings *settings, enum supervised what)
{
    static struct witnesses witnesses;
    struct log_key key;
    int n = find_empty("notary_database", settings->notary_database,
                       "为空：没有它日志无人签署 / is empty: nobody can sign the audit log without it");
    n += find("witnesses", witnesses_load(settings->witnesses, &witnesses));
    if (*settings->log_key == '\0')
        return n + find("log_key", what == SUPERVISE_LOG
                                       ? "为空：公证没有签名密钥 / is empty: there is no log_key "
                                         "for the notary to sign with"
                                       : NULL);
    const char *why = log_key_load(settings->log_key, &key);
    n += find("log_key", why);
    if (why == NULL)
        n += find("log_state", state_wrong(settings->log_state, &key.public));
    OPENSSL_cleanse(&key, sizeof(key));
    return n;
}

bool needs_met(const struct settings *settings, enum supervised what)
{
    int n = find_log(settings, what);
    if (what == SUPERVISE_ALL) {
        n += find_empty("database", settings->database,
                        "为空：须指明数据库 / is empty: name the daemon's database");
        n += find_tls(settings);
        n += find_keys(settings);
    }
    return n == 0;
}
