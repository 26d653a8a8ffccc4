/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dossier holds the rows of a claim, or of the settlement of a project (E15), as PostgreSQL writes them, the log's entries that have the digests of these rows, the entries of
 * all decisions, and for each entry the proof that a signed checkpoint covers it. No file can prove that a row has not been replaced
 * since; `audit rows` can.
 */
#include "client/cli/verify/dossier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/part.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/verify/dossier_print.h"
#include "client/cli/verify/file.h"
#include "proto/tlog/dossier_whole.h"
#include "proto/wire/wirescan.h"

/* ---- what it proves ---- */

static int entry_check(const struct cli *cli, const Mingce__V1__DossierEntry *entry,
                       const struct checkpoint *checkpoint)
{
    merkle_hash leaf, proof[MERKLE_PROOF];
    bool good = entry->n_hash <= MERKLE_PROOF;
    for (size_t i = 0; good && i < entry->n_hash; i++) {
        good = entry->hash[i].len == MERKLE_HASH;
        if (good)
            memcpy(proof[i], entry->hash[i].data, MERKLE_HASH);
    }
    merkle_leaf(entry->body.data, entry->body.len, leaf);
    return good && merkle_included(entry->leaf_index, checkpoint->size, leaf, proof, entry->n_hash,
                                   checkpoint->root)
               ? CLI_OK
               : log_broken(cli, "该记录不在签名的树中，位置",
                            "the entry is not in the tree that was signed, at", entry->leaf_index);
}

/* Prints what is wrong, and in which row of which table. */
static int dossier_broken(const struct cli *cli, const struct dossier_finding *finding)
{
    static const struct {
        const char *zh, *en;
    } sentences[] = {
        [DOSSIER_ROW_UNKNOWN] =
            {"无法理解的一行：卷宗被改动，或由更新的版本制作，请用新版核对",
             "a row that cannot be understood: it was altered, or made by a newer version, which should "
             "check it"},
        [DOSSIER_ROW_UNLOGGED] =
            {"卷宗或数据库被改动：日志记录中没有这一行",
             "the dossier or the database was altered: a row that its entries do not have"},
        [DOSSIER_ROW_CHANGED] = {"这一行后来已变更", "a row that was changed since"},
        [DOSSIER_ROW_TWICE] = {"这一行出现两次", "a row that is there twice"},
        [DOSSIER_ROW_FOREIGN] = {"卷宗中有不属于这项申领的一行", "a row that is not this claim's"},
        [DOSSIER_STEP_UNLOGGED] = {"这一步没有相应的审计记录", "a step without the entry of its decision"},
        [DOSSIER_STEPS] = {"卷宗不是一项申领的全部步骤", "the dossier has not every step of one claim"},
        [DOSSIER_ROWS] = {"卷宗缺少应有的行，或多出一行",
                          "the dossier lacks a row that the claim must have, or has one too many"},
        [DOSSIER_AMOUNTS] = {"各补贴项目与标准不足以得出申领金额",
                             "the amounts and standards it has do not come to what was claimed"},
        [DOSSIER_MEMORY] = {"内存不足", "out of memory"},
        [PACK_ROW_FOREIGN] = {"卷宗中有不属于这个项目的一行", "a row that is not this project's"},
        [PACK_STEPS] = {"卷宗不是一个项目的全部步骤", "the pack has not every step of one project"},
        [PACK_ROWS] = {"卷宗缺少项目应有的行，或多出一行",
                       "the pack lacks a row that the project must have, or has one too many"},
        [PACK_HEADS] = {"人员与项目的人数或应补贴金额不符",
                        "the heads do not come to the project's numbers and total"},
        [PACK_PLACES] = {"核准人员缺少名额，或核减人员占用名额",
                         "a head that counts has no place, or one that does not has one"},
        [PACK_RUNS] = {"就业核验与所列人员和凭证不符",
                       "a verification is not what it found of the heads and their evidence"},
        [PACK_TRANCHES] = {"项目款之和与项目核拨、拨付或追回的金额不符",
                           "the tranches do not come to what the project was granted, paid or gave back"},
        [PACK_PAYMENTS] = {"列支或支付金额与项目款不符",
                           "a charge or a payment is not of its tranche's amount"},
    };
    char detail[128];
    const char *table = dossier_table_name(cli, finding->table);
    if (finding->nth > 0)
        snprintf(detail, sizeof(detail), "%s %u", table, finding->nth);
    else
        snprintf(detail, sizeof(detail), "%s", table);
    return cli_fail(
        cli, CLI_ROWS_REFUSED, sentences[finding->fault].zh, sentences[finding->fault].en,
        *detail == '\0' && finding->fault != DOSSIER_ROWS && finding->fault != PACK_ROWS ? NULL : detail);
}

static int dossier_verify(const struct cli *cli, const Mingce__V1__Dossier *dossier,
                          const struct checkpoint *checkpoint, Mingce__V1__AuditEntry **entries)
{
    int status = CLI_OK;
    for (size_t i = 0; status == CLI_OK && i < dossier->n_entry; i++) {
        const ProtobufCBinaryData *body = &dossier->entry[i]->body;
        status = entry_check(cli, dossier->entry[i], checkpoint);
        if (wirescan_answer(&mingce__v1__audit_entry__descriptor, body->data, body->len) == REASON_NONE)
            entries[i] = mingce__v1__audit_entry__unpack(NULL, body->len, body->data);
        if (status == CLI_OK && entries[i] == NULL)
            status = log_broken(cli, "记录无法理解，位置", "an entry that cannot be understood, at",
                                dossier->entry[i]->leaf_index);
    }
    if (status != CLI_OK)
        return status;
    const struct dossier_finding finding = dossier_whole(dossier, entries);
    return finding.fault == DOSSIER_GOOD ? CLI_OK : dossier_broken(cli, &finding);
}

/* ---- printed ---- */

static const struct table_column entry_columns[] = {
    {"part", "", "", false},
    {"leaf_index", "位置", "place", true},
    {"at", "时间", "time", false},
    {"method", "方法", "method", false},
    {"outcome", "结果", "outcome", false},
    {"operator_id", "操作员", "operator", false},
};
#define COLUMNS(columns) columns, sizeof(columns) / sizeof(*(columns))

/* Prints the rows table by table, in the order in which the tables come. */
static void rows_print(const struct cli *cli, const Mingce__V1__Dossier *dossier)
{
    for (size_t i = 0, n; i < dossier->n_row; i += n) {
        for (n = 1; i + n < dossier->n_row && dossier->row[i + n]->table == dossier->row[i]->table; n++)
            ;
        dossier_rows_print(cli, dossier->row + i, n);
    }
}

static void entries_print(const struct cli *cli, const Mingce__V1__Dossier *dossier,
                          Mingce__V1__AuditEntry *const *entries)
{
    struct table *table = part_table(cli, COLUMNS(entry_columns));
    for (size_t i = 0; i < dossier->n_entry; i++) {
        if (entries[i] == NULL)
            continue;
        part_row(table, cli, "entry");
        table_number(table, dossier->entry[i]->leaf_index);
        table_time(table, true, (int64_t) entries[i]->at_ms);
        table_text(table, entries[i]->method);
        word_cell(table, cli, WORD_OUTCOME, (int) entries[i]->outcome);
        hex_cell(table, entries[i]->operator_id);
        table_row(table);
    }
    part_title(cli, "审计记录（均在签名的检查点之内）",
               "entries of the log, all below the signed checkpoint");
    table_end(table);
}

/* ---- files ---- */

/* Verifies the dossier, then prints it. */
static int dossier_tell(const struct cli *cli, struct audit *audit, const char *path,
                        const Mingce__V1__Dossier *dossier, Mingce__V1__AuditEntry **entries)
{
    int status = trust_open(cli, &audit->trust, (const char *) dossier->note.data, dossier->note.len, path,
                            &audit->found);
    if (status == CLI_OK)
        status = dossier_verify(cli, dossier, &audit->found.checkpoint, entries);
    if (status != CLI_OK)
        return status;
    rows_print(cli, dossier);
    entries_print(cli, dossier, entries);
    if (!cli->json)
        putchar('\n');
    return audit_print_verified(cli, audit, "核验通过，卷宗的每一行都由签名的日志证明",
                                "verified, every row is proven by the log that was signed");
}

int dossier_check(const struct cli *cli, struct audit *audit, const char *path, const char *bytes, size_t n)
{
    Mingce__V1__Dossier *dossier = dossier_read(bytes, n);
    if (dossier == NULL)
        return cli_fail(cli, CLI_ROWS_REFUSED, "不是卷宗，或已损坏", "not a dossier, or a damaged one", path);
    Mingce__V1__AuditEntry **entries = calloc(dossier->n_entry + 1, sizeof(*entries));
    int status = entries == NULL ? cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL)
                                 : dossier_tell(cli, audit, path, dossier, entries);
    for (size_t i = 0; entries != NULL && i < dossier->n_entry; i++)
        mingce__v1__audit_entry__free_unpacked(entries[i], NULL);
    free(entries);
    mingce__v1__dossier__free_unpacked(dossier, NULL);
    return status;
}

/* Copies the hashes of a proof. False: out of memory. */
static bool hashes_fill(Mingce__V1__DossierEntry *out, merkle_hash *proof, size_t n)
{
    uint8_t *hashes = calloc(n + 1, MERKLE_HASH);
    out->hash = calloc(n + 1, sizeof(*out->hash));
    if (hashes == NULL || out->hash == NULL) {
        free(hashes);
        return false;
    }
    memcpy(hashes, proof, n * MERKLE_HASH);
    for (size_t i = 0; i <= n; i++) /* the first is what is freed, even of none */
        out->hash[i] = (ProtobufCBinaryData){MERKLE_HASH, hashes + i * MERKLE_HASH};
    out->n_hash = n;
    return true;
}

/* An entry with its proof; the caller frees what it is made of. */
static int entry_fill(struct cli *cli, const struct checkpoint *checkpoint, uint64_t index,
                      Mingce__V1__DossierEntry *out)
{
    int status;
    merkle_hash proof[MERKLE_PROOF];
    size_t n = 0;
    Mingce__V1__LogEntriesResponse *page = log_entry_fetch(cli, index, &status);
    mingce__v1__dossier_entry__init(out);
    if (page == NULL)
        return status;
    out->leaf_index = index;
    status = log_prove(cli, checkpoint, index, &page->entry[0]->body, proof, &n);
    if (status == CLI_OK && !hashes_fill(out, proof, n))
        status = cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
    if (status == CLI_OK) {
        out->body = page->entry[0]->body; /* taken over */
        page->entry[0]->body = (ProtobufCBinaryData){0, NULL};
    }
    mingce__v1__log_entries_response__free_unpacked(page, NULL);
    return status;
}

static void entry_free(Mingce__V1__DossierEntry *entry)
{
    if (entry->hash != NULL)
        free(entry->hash[0].data); /* of all */
    free(entry->hash);
    free(entry->body.data);
}

/* Writes what its recipient will find good, and nothing else: what is there stays when it is not. */
static int dossier_write(const struct cli *cli, const char *path, struct audit *audit,
                         const Mingce__V1__Dossier *dossier)
{
    const size_t header = sizeof(DOSSIER_HEADER) - 1;
    size_t n = header + mingce__v1__dossier__get_packed_size(dossier);
    uint8_t *bytes = n < DOSSIER_FILE ? malloc(n) : NULL;
    if (bytes == NULL)
        return cli_fail(cli, CLI_FILE, "卷宗太长，或内存不足", "the dossier is too long, or out of memory",
                        path);
    memcpy(bytes, DOSSIER_HEADER, header);
    mingce__v1__dossier__pack(dossier, bytes + header);
    int status = dossier_check(cli, audit, path, (const char *) bytes, n);
    if (status == CLI_OK && !file_write(cli, path, bytes, n))
        status = CLI_FILE;
    free(bytes);
    return status;
}

/* Where the log has the entries of a dossier, as the server says. */
struct leaves {
    const uint64_t *index; /* in order */
    size_t n;
    uint32_t waiting; /* that it has not yet */
};

/* Completes a dossier whose subject and rows are there: fetches the entries and their proofs, checks it as its recipient will, and
 * writes it. */
static int dossier_gather(struct cli *cli, const char *path, struct audit *audit,
                          Mingce__V1__Dossier *dossier, const struct leaves *leaves)
{
    const struct checkpoint *checkpoint = &audit->found.checkpoint;
    size_t n = leaves->n;
    if (leaves->waiting > 0 || (n > 0 && leaves->index[n - 1] >= checkpoint->size))
        return cli_fail(cli, CLI_UNREACHABLE, "检查点尚未覆盖全部记录，请稍后重试",
                        "no checkpoint covers all of its entries yet: try again in a moment", NULL);
    Mingce__V1__DossierEntry *each = calloc(n + 1, sizeof(*each));
    Mingce__V1__DossierEntry **list = calloc(n + 1, sizeof(*list));
    int status = CLI_OK;
    if (each == NULL || list == NULL) {
        free(each);
        free(list);
        return cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
    }
    for (; status == CLI_OK && dossier->n_entry < n; dossier->n_entry++) {
        list[dossier->n_entry] = &each[dossier->n_entry];
        status = entry_fill(cli, checkpoint, leaves->index[dossier->n_entry], list[dossier->n_entry]);
    }
    dossier->note = (ProtobufCBinaryData){strlen(audit->note), (uint8_t *) (uintptr_t) audit->note};
    dossier->entry = list;
    if (status == CLI_OK)
        status = dossier_write(cli, path, audit, dossier);
    for (size_t i = 0; i < dossier->n_entry; i++)
        entry_free(&each[i]);
    free(each);
    free(list);
    return status;
}

static int claim_dossier(struct cli *cli, struct given *given)
{
    static struct audit audit;
    Mingce__V1__ClaimDossierRequest request = MINGCE__V1__CLAIM_DOSSIER_REQUEST__INIT;
    Mingce__V1__Dossier dossier = MINGCE__V1__DOSSIER__INIT;
    const char *out = given_text(given, "output");
    request.claim_id = given_id(given, "CLAIM");
    int status = audit_trust(cli, given, &audit);
    if (status != CLI_OK)
        return status;
    Mingce__V1__ClaimDossierResponse *answer =
        (Mingce__V1__ClaimDossierResponse *) cli_answer(cli, "claim.dossier", &request.base, &status);
    if (answer == NULL)
        return status;
    dossier.has_claim_id = true;
    dossier.claim_id = request.claim_id;
    dossier.n_row = answer->n_row;
    dossier.row = answer->row;
    status = audit_fetch(cli, &audit.trust, NULL, audit.note, &audit.found);
    if (status == CLI_OK)
        status =
            dossier_gather(cli, out, &audit, &dossier,
                           &(const struct leaves){answer->leaf_index, answer->n_leaf_index, answer->waiting});
    mingce__v1__claim_dossier_response__free_unpacked(answer, NULL);
    return status;
}

/* ---- settlement packs of projects ---- */

enum { PACK_PAGES = DOSSIER_FILE >> 16 };

/* The pages of a pack, the last of which has the places of the entries, and the rows of all of them. */
struct pack {
    Mingce__V1__ProjectPackResponse *page[PACK_PAGES];
    size_t pages;
    Mingce__V1__DossierRow **row;
    size_t rows;
};

static bool rows_add(struct pack *pack, const Mingce__V1__ProjectPackResponse *page)
{
    Mingce__V1__DossierRow **larger = realloc(pack->row, (pack->rows + page->n_row + 1) * sizeof(*pack->row));
    if (larger == NULL)
        return false;
    pack->row = larger;
    for (size_t i = 0; i < page->n_row; i++)
        pack->row[pack->rows++] = page->row[i];
    return true;
}

static int pack_fetch(struct cli *cli, struct pack *pack, ProtobufCBinaryData project)
{
    Mingce__V1__ProjectPackRequest request = MINGCE__V1__PROJECT_PACK_REQUEST__INIT;
    int status = CLI_OK;
    request.project_id = project;
    do {
        Mingce__V1__ProjectPackResponse *page =
            pack->pages == PACK_PAGES
                ? NULL
                : (Mingce__V1__ProjectPackResponse *) cli_answer(cli, "project.pack", &request.base, &status);
        if (page == NULL)
            return status != CLI_OK ? status
                                    : cli_fail(cli, CLI_FILE, "卷宗太长", "the dossier is too long", NULL);
        pack->page[pack->pages++] = page;
        if (!rows_add(pack, page))
            return cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
        request.has_cursor = page->has_next;
        request.cursor = page->next;
    } while (request.has_cursor);
    return CLI_OK;
}

static void pack_free(struct pack *pack)
{
    for (size_t i = 0; i < pack->pages; i++)
        mingce__v1__project_pack_response__free_unpacked(pack->page[i], NULL);
    free(pack->row);
}

static int project_pack(struct cli *cli, struct given *given)
{
    static struct audit audit;
    static struct pack pack;
    Mingce__V1__Dossier dossier = MINGCE__V1__DOSSIER__INIT;
    const char *out = given_text(given, "output");
    int status = audit_trust(cli, given, &audit);
    dossier.has_project_id = true;
    dossier.project_id = given_id(given, "PROJECT");
    if (status == CLI_OK)
        status = pack_fetch(cli, &pack, dossier.project_id);
    if (status == CLI_OK)
        status = audit_fetch(cli, &audit.trust, NULL, audit.note, &audit.found);
    if (status == CLI_OK) {
        const Mingce__V1__ProjectPackResponse *last = pack.page[pack.pages - 1];
        dossier.n_row = pack.rows;
        dossier.row = pack.row;
        status = dossier_gather(cli, out, &audit, &dossier,
                                &(const struct leaves){last->leaf_index, last->n_leaf_index, last->waiting});
    }
    pack_free(&pack);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "claim",
     .verb = "dossier",
     .run = claim_dossier,
     .method = "claim.dossier",
     .zh = "一项申领的可验证卷宗（审计员）",
     .en = "a dossier of a claim that proves itself (auditors)",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS({"output", VALUE_NEW_FILE, NEEDED, .zh = "写入的文件", .en = "the file that is written"},
             OPTIONS_LOG_KEYS),
     .notes_zh = "离线核验：mingce audit check FILE --key FILE",
     .notes_en = "checked offline: mingce audit check FILE --key FILE"},
    {.noun = "project",
     .verb = "pack",
     .run = project_pack,
     .method = "project.pack",
     .zh = "一个项目的可验证结算卷宗（审计员）",
     .en = "the settlement pack of a project, which proves itself (auditors)",
     ARGUMENTS({"PROJECT", VALUE_ID, NEEDED, .zh = "项目编号，见 project list",
                .en = "the project's id, as project list has it"}),
     OPTIONS({"output", VALUE_NEW_FILE, NEEDED, .zh = "写入的文件", .en = "the file that is written"},
             OPTIONS_LOG_KEYS),
     .notes_zh = "离线核验：mingce audit check FILE --key FILE",
     .notes_en = "checked offline: mingce audit check FILE --key FILE"},
};
const struct commands dossier_commands = {commands, sizeof(commands) / sizeof(*commands)};
