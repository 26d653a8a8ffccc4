/* SPDX-License-Identifier: Apache-2.0 */
/* The signed checkpoint, and the proof that one entry is in the log: fetched, and checked offline with the log's public key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/verify/dossier.h"
#include "client/cli/verify/file.h"
#include "client/cli/verify/log.h"
#include "client/cli/verify/trust.h"
#include "proto/log.pb-c.h"
#include "proto/rules/mend.h"
#include "proto/tlog/proof_file.h"

static int audit_checkpoint(struct cli *cli, struct given *given)
{
    static struct audit audit;
    int status = audit_trust(cli, given, &audit);
    if (status == CLI_OK)
        status = audit_fetch(cli, &audit.trust, NULL, audit.note, &audit.found);
    return status == CLI_OK ? audit_print(cli, &audit) : status;
}

static int audit_prove(struct cli *cli, struct given *given)
{
    static char text[PROOF_FILE];
    static struct audit audit;
    const char *out = given_text(given, "output");
    merkle_hash proof[MERKLE_PROOF];
    uint64_t index = given_number(given, "N");
    size_t n;
    int status = audit_trust(cli, given, &audit);
    if (status == CLI_OK)
        status = audit_fetch(cli, &audit.trust, NULL, audit.note, &audit.found);
    if (status != CLI_OK)
        return status;
    if (index >= audit.found.checkpoint.size)
        return log_broken(cli, "检查点尚未覆盖该位置，条数", "no checkpoint covers this place yet, entries",
                          audit.found.checkpoint.size);
    Mingce__V1__LogEntriesResponse *entry = log_entry_fetch(cli, index, &status);
    if (entry == NULL)
        return status;
    const ProtobufCBinaryData *body = &entry->entry[0]->body;
    status = log_prove(cli, &audit.found.checkpoint, index, body, proof, &n);
    if (status == CLI_OK &&
        !file_write(cli, out, text, proof_format(text, index, body->data, body->len, proof, n, audit.note)))
        status = CLI_FILE;
    mingce__v1__log_entries_response__free_unpacked(entry, NULL);
    if (status == CLI_OK && !cli->json)
        printf("%s%s\n", cli_say(cli, "证明已写入 ", "the proof is in "), out);
    return status == CLI_OK ? audit_print(cli, &audit) : status;
}

/* Says why a file is no proof: a damaged one was cut or changed, and any other file is of the wrong kind. */
static int no_proof(const struct cli *cli, const char *text, const char *file)
{
    if (file_begins(text, "c2sp.org/tlog-proof@v1")) /* of proof_file.c */
        return cli_fail(cli, CLI_ROWS_REFUSED, "证明文件已改动或不完整", "the proof was altered or cut short",
                        file);
    return cli_fail(cli, CLI_FILE, "不是证明文件，也不是卷宗：audit prove、claim dossier 写出的才是",
                    "neither a proof nor a dossier, as audit prove and claim dossier write them", file);
}

/* Checks by a proof alone whether an entry is in the log. */
static int proof_check(struct cli *cli, struct audit *audit, const char *file, char *text, size_t n)
{
    static struct proof_file proof;
    const struct checkpoint *checkpoint = &audit->found.checkpoint;
    merkle_hash leaf;
    n = mend_text(text, n, MEND_BLANKS);
    if (strlen(text) != n || !proof_parse(text, &proof))
        return no_proof(cli, text, file);
    int status = trust_open(cli, &audit->trust, proof.note, strlen(proof.note), file, &audit->found);
    if (status != CLI_OK)
        return status;
    merkle_leaf(proof.body, proof.body_n, leaf);
    if (!merkle_included(proof.index, checkpoint->size, leaf, proof.proof, proof.n, checkpoint->root))
        return log_broken(cli, "该记录不在签名的树中，位置",
                          "the entry is not in the tree that was signed, at", proof.index);
    return audit_print_verified(cli, audit, "核验通过，该记录在签名的日志中",
                                "verified, the entry is in the log that was signed");
}

/* Checks a proof or a dossier offline. */
static int audit_check(struct cli *cli, struct given *given)
{
    static struct audit audit;
    const char *file = given_text(given, "FILE");
    size_t n;
    int status = audit_trust(cli, given, &audit);
    if (status != CLI_OK)
        return status;
    char *text = file_whole(cli, file, DOSSIER_FILE, &n); /* the larger of both */
    if (text == NULL)
        return CLI_FILE;
    status = dossier_is(text, n) ? dossier_check(cli, &audit, file, text, n)
                                 : proof_check(cli, &audit, file, text, n);
    free(text);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "audit",
     .verb = "checkpoint",
     .run = audit_checkpoint,
     .method = "log.checkpoint",
     .zh = "最新的签名检查点",
     .en = "the last signed checkpoint",
     OPTIONS(OPTIONS_LOG_KEYS)},
    {.noun = "audit",
     .verb = "prove",
     .run = audit_prove,
     .method = "log.entries",
     .zh = "一条记录在日志中的证明",
     .en = "a proof that an entry is in the log",
     ARGUMENTS(ARGUMENT_PLACE),
     OPTIONS({"output", VALUE_NEW_FILE, NEEDED, "FILE.tlog-proof", .zh = "写入的文件",
              .en = "the file that is written"},
             OPTIONS_LOG_KEYS)},
    {.noun = "audit",
     .verb = "check",
     .run = audit_check,
     .zh = "离线核验证明文件或卷宗",
     .en = "checks a proof file or a dossier, offline",
     ARGUMENTS({"FILE", VALUE_FILE, NEEDED, .zh = "证明文件或卷宗", .en = "the proof or the dossier"}),
     OPTIONS(OPTIONS_LOG_KEYS),
     .notes_zh = "退出码0：相符；1：已被改动；5：不是证明文件或卷宗",
     .notes_en = "exit status 0: it holds; 1: it was altered; 5: no proof and no dossier"},
};
const struct commands proof_commands = {commands, sizeof(commands) / sizeof(*commands)};
