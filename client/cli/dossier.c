/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dossier holds the rows of a claim as PostgreSQL writes them, the entries of the log that have their digests and those of
 * every decision, and of each entry the proof that a signed checkpoint covers it. That a row has not been replaced since, no
 * file can prove: `audit rows` does.
 */
#include "client/cli/dossier.h"

#include <endian.h>
#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/hex.h"
#include "client/cli/money.h"
#include "client/cli/part.h"
#include "client/cli/words.h"
#include "proto/day.h"
#include "proto/dossier.pb-c.h"

enum { ID = 16, FIELD = 64, VALUE = 256 };

#define DOSSIER_HEADER "mingce.v1.Dossier\n"
#define TABLE(name)    MINGCE__V1__ROW_TABLE__ROWS_##name

static const struct {
    Mingce__V1__RowTable table;
    const char *stable, *zh, *en;
} tables[] = {
    {TABLE(CLAIM), "claim", "申领", "claim"},
    {TABLE(CLAIM_LINE), "claim_line", "补贴项目", "amount"},
    {TABLE(CLAIM_STEP), "claim_step", "办理步骤", "step"},
    {TABLE(CLAIM_PLACE), "claim_place", "年度名额", "place of the year"},
    {TABLE(CLAIM_ONCE), "claim_once", "职业等级名额", "place of the occupation and level"},
    {TABLE(CLAIM_FACT), "claim_fact", "核验事项", "verification"},
    {TABLE(CERTIFICATE), "certificate", "证书", "certificate"},
    {TABLE(CERTIFICATE_VERSION), "certificate_version", "证书变更", "change of the certificate"},
    {TABLE(CERTIFICATE_AMENDMENT), "certificate_amendment", "证书更正前", "what the certificate said before"},
    {TABLE(CLASS), "class", "班级", "class"},
    {TABLE(ENROLMENT), "enrolment", "参训", "enrolment"},
    {TABLE(STANDARD), "standard", "补贴标准", "standard"},
};
enum { TABLES = sizeof(tables) / sizeof(*tables) };

/* Fields whose numbers have words. */
static const struct {
    Mingce__V1__RowTable table;
    const char *field;
    enum word_kind kind;
} worded[] = {
    {TABLE(CLAIM), "state", WORD_CLAIM_STATE},
    {TABLE(CLAIM), "state_before", WORD_CLAIM_STATE},
    {TABLE(CLAIM), "route", WORD_ROUTE},
    {TABLE(CLAIM), "level", WORD_LEVEL},
    {TABLE(CLAIM), "certificate_kind", WORD_CERTIFICATE_KIND},
    {TABLE(CLAIM_LINE), "line", WORD_SUBSIDY_LINE},
    {TABLE(CLAIM_STEP), "action", WORD_CLAIM_ACTION},
    {TABLE(CLAIM_STEP), "state", WORD_CLAIM_STATE},
    {TABLE(CLAIM_FACT), "fact", WORD_FACT},
    {TABLE(CLAIM_FACT), "answer", WORD_ANSWER},
    {TABLE(CERTIFICATE), "kind", WORD_CERTIFICATE_KIND},
    {TABLE(CERTIFICATE), "level", WORD_LEVEL},
    {TABLE(CERTIFICATE), "state", WORD_CERTIFICATE_STATE},
    {TABLE(CERTIFICATE_VERSION), "state", WORD_CERTIFICATE_STATE},
    {TABLE(CERTIFICATE_AMENDMENT), "kind", WORD_CERTIFICATE_KIND},
    {TABLE(CERTIFICATE_AMENDMENT), "level", WORD_LEVEL},
    {TABLE(CLASS), "level", WORD_LEVEL},
    {TABLE(CLASS), "state", WORD_STATE},
    {TABLE(ENROLMENT), "result", WORD_RESULT},
    {TABLE(STANDARD), "line", WORD_SUBSIDY_LINE},
    {TABLE(STANDARD), "level", WORD_LEVEL},
    {TABLE(STANDARD), "certificate_kind", WORD_CERTIFICATE_KIND},
};

/* ---- records: int32 number of fields; each int32 type, int32 length (-1: NULL), bytes; big-endian ---- */

enum type {
    TYPE_BOOL = 16,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_DATE = 1082,
    TYPE_TIMESTAMPTZ = 1184,
    TYPE_UUID = 2950
};

struct field {
    char name[FIELD];
    uint32_t type;
    const uint8_t *bytes; /* NULL: none */
    size_t n;
};

/* What is left to read of a record and of its fields' names. */
struct reader {
    const uint8_t *at;
    size_t left;
    const char *names;
};

static bool read_u32(struct reader *reader, uint32_t *number)
{
    if (reader->left < sizeof(*number))
        return false;
    memcpy(number, reader->at, sizeof(*number));
    *number = be32toh(*number);
    reader->at += sizeof(*number);
    reader->left -= sizeof(*number);
    return true;
}

/* Up to the next comma that is in no brackets. */
static bool read_name(struct reader *reader, char name[FIELD])
{
    size_t n = 0, deep = 0;
    while (*reader->names == ' ')
        reader->names++;
    for (; *reader->names != '\0' && (deep > 0 || *reader->names != ','); reader->names++) {
        deep += *reader->names == '(';
        deep -= *reader->names == ')' && deep > 0;
        if (n == FIELD - 1)
            return false;
        name[n++] = *reader->names;
    }
    name[n] = '\0';
    reader->names += *reader->names == ',';
    return n > 0;
}

static bool read_field(struct reader *reader, struct field *field)
{
    uint32_t n;
    if (!read_name(reader, field->name) || !read_u32(reader, &field->type) || !read_u32(reader, &n))
        return false;
    field->bytes = n == UINT32_MAX ? NULL : reader->at;
    field->n = n == UINT32_MAX ? 0 : n;
    if (field->n > reader->left)
        return false;
    reader->at += field->n;
    reader->left -= field->n;
    return true;
}

/* Begins a record. False: it has another number of fields than names. */
static bool read_record(struct reader *reader, const Mingce__V1__DossierRow *row, uint32_t *fields)
{
    struct reader all = {row->record.data, row->record.len, row->columns};
    struct field field;
    if (!read_u32(&all, fields))
        return false;
    *reader = all;
    for (uint32_t i = 0; i < *fields; i++)
        if (!read_field(&all, &field))
            return false;
    return all.left == 0 && *all.names == '\0';
}

/* Of a field of that name; false: there is none, or not of that length. */
static bool field_named(const Mingce__V1__DossierRow *row, const char *name, size_t n, struct field *field)
{
    struct reader reader;
    uint32_t fields;
    bool found = false;
    if (!read_record(&reader, row, &fields))
        return false;
    for (uint32_t i = 0; i < fields && !found; i++)
        found = read_field(&reader, field) && strcmp(field->name, name) == 0;
    return found && field->bytes != NULL && field->n == n;
}

static int64_t whole(const struct field *field)
{
    uint64_t number = (field->bytes[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < field->n; i++)
        number = number << 8 | field->bytes[i];
    return (int64_t) number;
}

/* ---- what it proves ---- */

/* The entry is one of row changes and says that this row became what it is. */
static bool entry_has(const Mingce__V1__AuditEntry *entry, const Mingce__V1__DossierRow *row,
                      const uint8_t digest[SHA256_DIGEST_LENGTH])
{
    if (entry == NULL || strcmp(entry->method, "rows") != 0)
        return false;
    for (size_t i = 0; i < entry->n_row; i++) {
        const Mingce__V1__RowChange *change = entry->row[i];
        if (change->table == row->table && change->has_now && change->now.len == SHA256_DIGEST_LENGTH &&
            memcmp(change->now.data, digest, SHA256_DIGEST_LENGTH) == 0)
            return true;
    }
    return false;
}

static int row_check(const struct cli *cli, const Mingce__V1__DossierRow *row,
                     Mingce__V1__AuditEntry *const *entries, size_t n, uint64_t nth)
{
    struct reader reader;
    uint32_t fields;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    if (!read_record(&reader, row, &fields))
        return log_broken(cli, "卷宗中的一行无法理解，第几行", "a row that cannot be understood, number",
                          nth);
    SHA256(row->record.data, row->record.len, digest);
    for (size_t i = 0; i < n; i++)
        if (entry_has(entries[i], row, digest))
            return CLI_OK;
    return log_broken(cli, "日志中没有卷宗中的一行，第几行", "a row that its entries do not have, number",
                      nth);
}

/* One claim, the one asked for, with every step from its first on. */
static bool whole_claim(const Mingce__V1__Dossier *dossier)
{
    struct field field;
    uint64_t seen = 0;
    int64_t steps = -1, told = 0;
    for (size_t i = 0; i < dossier->n_row; i++) {
        const Mingce__V1__DossierRow *row = dossier->row[i];
        if (row->table != TABLE(CLAIM) && row->table != TABLE(CLAIM_STEP))
            continue;
        if (!field_named(row, "claim_id", ID, &field) ||
            memcmp(field.bytes, dossier->claim_id.data, ID) != 0 ||
            !field_named(row, "version", sizeof(int32_t), &field))
            return false;
        int64_t version = whole(&field);
        if (row->table == TABLE(CLAIM) && steps >= 0)
            return false;
        if (row->table == TABLE(CLAIM)) {
            steps = version;
        } else {
            if (version < 1 || version > 63 || (seen & 1ULL << version) != 0)
                return false;
            seen |= 1ULL << version;
            told++;
        }
    }
    return steps > 0 && steps == told && seen == (1ULL << (steps + 1)) - 2;
}

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

static int dossier_verify(const struct cli *cli, const Mingce__V1__Dossier *dossier,
                          const struct checkpoint *checkpoint, Mingce__V1__AuditEntry **entries)
{
    int status = CLI_OK;
    for (size_t i = 0; status == CLI_OK && i < dossier->n_entry; i++) {
        const ProtobufCBinaryData *body = &dossier->entry[i]->body;
        status = entry_check(cli, dossier->entry[i], checkpoint);
        entries[i] = mingce__v1__audit_entry__unpack(NULL, body->len, body->data);
        if (status == CLI_OK && entries[i] == NULL)
            status = log_broken(cli, "记录无法理解，位置", "an entry that cannot be understood, at",
                                dossier->entry[i]->leaf_index);
    }
    for (size_t i = 0; status == CLI_OK && i < dossier->n_row; i++)
        status = row_check(cli, dossier->row[i], entries, dossier->n_entry, i + 1);
    if (status == CLI_OK && !whole_claim(dossier))
        status = cli_fail(cli, CLI_ROWS_REFUSED, "卷宗不是一项申领的全部步骤",
                          "the dossier has not every step of one claim", NULL);
    return status;
}

/* ---- printed ---- */

static void value_cell(struct table *table, const struct cli *cli, Mingce__V1__RowTable of,
                       const struct field *field)
{
    enum { EPOCH_DAYS = 10957, EPOCH_MS_FACTOR = 1000 }; /* 2000-01-01 */
    const int64_t epoch_ms = EPOCH_DAYS * INT64_C(86400000);
    char text[VALUE];
    size_t name_n = strlen(field->name);
    bool fen = name_n > 4 && strcmp(field->name + name_n - 4, "_fen") == 0;
    ProtobufCBinaryData bytes = {field->n, (uint8_t *) (uintptr_t) field->bytes};
    if (field->bytes == NULL) {
        table_text(table, NULL);
    } else if ((field->type == TYPE_INT2 || field->type == TYPE_INT4 || field->type == TYPE_INT8) &&
               field->n >= 1 && field->n <= sizeof(int64_t)) {
        for (size_t i = 0; i < sizeof(worded) / sizeof(*worded); i++)
            if (worded[i].table == of && strcmp(worded[i].field, field->name) == 0 &&
                field->n <= sizeof(int32_t)) {
                word_cell(table, cli, worded[i].kind, (int) whole(field));
                return;
            }
        snprintf(text, sizeof(text), "%" PRId64, whole(field));
        if (fen)
            money_cell(table, true, whole(field));
        else
            table_cell(table, text, json_object_new_int64(whole(field)));
    } else if (field->type == TYPE_TEXT && field->n < sizeof(text)) {
        snprintf(text, sizeof(text), "%.*s", (int) field->n, (const char *) field->bytes);
        table_text(table, text);
    } else if (field->type == TYPE_BOOL && field->n == 1) {
        table_cell(table, field->bytes[0] != 0 ? cli_say(cli, "是", "yes") : cli_say(cli, "否", "no"),
                   json_object_new_boolean(field->bytes[0] != 0));
    } else if (field->type == TYPE_DATE && field->n == sizeof(int32_t)) {
        char day_shown[DAY_TEXT];
        day_format((day) (whole(field) + EPOCH_DAYS), day_shown);
        table_text(table, day_shown);
    } else if (field->type == TYPE_TIMESTAMPTZ && field->n == sizeof(int64_t)) {
        table_time(table, true, whole(field) / EPOCH_MS_FACTOR + epoch_ms);
    } else if (field->n <= HEX_KEY_HASH) {
        hex_cell(table, bytes);
    } else {
        table_text(table, "…");
    }
}

static const struct table_column field_columns[] = {
    {"part", "", "", false},           {"table", "表", "record", false}, {"row", "行", "row", true},
    {"field", "字段", "field", false}, {"value", "值", "value", false},
};
static const struct table_column entry_columns[] = {
    {"part", "", "", false},
    {"leaf_index", "位置", "place", true},
    {"at", "时间", "time", false},
    {"method", "方法", "method", false},
    {"outcome", "结果", "outcome", false},
    {"operator_id", "操作员", "operator", false},
};
#define COLUMNS(columns) columns, sizeof(columns) / sizeof(*(columns))

static void row_print(const struct cli *cli, const Mingce__V1__DossierRow *row, uint64_t nth)
{
    size_t at = 0;
    struct reader reader;
    struct field field;
    uint32_t fields;
    while (at < TABLES && tables[at].table != row->table)
        at++;
    if (!read_record(&reader, row, &fields))
        return;
    part_title(cli, at < TABLES ? tables[at].zh : "其他", at < TABLES ? tables[at].en : "other");
    struct table *table =
        cli->json ? table_new(cli, COLUMNS(field_columns)) : table_new(cli, field_columns + 3, 2);
    for (uint32_t i = 0; i < fields && read_field(&reader, &field); i++) {
        part_row(table, cli, "row");
        if (cli->json) {
            table_text(table, at < TABLES ? tables[at].stable : "other");
            table_number(table, nth);
        }
        table_text(table, field.name);
        value_cell(table, cli, row->table, &field);
        table_row(table);
    }
    table_end(table);
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

bool dossier_is(const char *bytes, size_t n)
{
    return n >= sizeof(DOSSIER_HEADER) - 1 && memcmp(bytes, DOSSIER_HEADER, sizeof(DOSSIER_HEADER) - 1) == 0;
}

/* Verified, then printed; the entries are made here. */
static int dossier_tell(const struct cli *cli, struct audit *audit, const char *path,
                        const Mingce__V1__Dossier *dossier, Mingce__V1__AuditEntry **entries)
{
    int status = trust_open(cli, &audit->trust, (const char *) dossier->note.data, dossier->note.len, path,
                            &audit->found);
    if (status == CLI_OK)
        status = dossier_verify(cli, dossier, &audit->found.checkpoint, entries);
    if (status != CLI_OK)
        return status;
    for (size_t i = 0; i < dossier->n_row; i++)
        row_print(cli, dossier->row[i], i + 1);
    entries_print(cli, dossier, entries);
    if (!cli->json)
        putchar('\n');
    return audit_print(cli, audit);
}

int dossier_check(const struct cli *cli, struct audit *audit, const char *path, const char *bytes, size_t n)
{
    const size_t header = sizeof(DOSSIER_HEADER) - 1;
    Mingce__V1__Dossier *dossier =
        mingce__v1__dossier__unpack(NULL, n - header, (const uint8_t *) bytes + header);
    if (dossier == NULL || dossier->claim_id.len != ID || dossier->note.len >= NOTE_MOST) {
        mingce__v1__dossier__free_unpacked(dossier, NULL);
        return cli_fail(cli, CLI_ROWS_REFUSED, "不是卷宗，或已损坏", "not a dossier, or a damaged one", path);
    }
    Mingce__V1__AuditEntry **entries = calloc(dossier->n_entry + 1, sizeof(*entries));
    int status = entries == NULL ? cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL)
                                 : dossier_tell(cli, audit, path, dossier, entries);
    for (size_t i = 0; entries != NULL && i < dossier->n_entry; i++)
        mingce__v1__audit_entry__free_unpacked(entries[i], NULL);
    free(entries);
    mingce__v1__dossier__free_unpacked(dossier, NULL);
    return status;
}

/* The hashes of a proof; false: out of memory. */
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

/* An entry with its proof; what it is made of is the caller's to free. */
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

static int dossier_write(const struct cli *cli, const char *path, const Mingce__V1__Dossier *dossier)
{
    const size_t header = sizeof(DOSSIER_HEADER) - 1;
    size_t n = header + mingce__v1__dossier__get_packed_size(dossier);
    uint8_t *bytes = n < DOSSIER_FILE ? malloc(n) : NULL;
    if (bytes == NULL)
        return cli_fail(cli, CLI_FILE, "卷宗太长，或内存不足", "the dossier is too long, or out of memory",
                        path);
    memcpy(bytes, DOSSIER_HEADER, header);
    mingce__v1__dossier__pack(dossier, bytes + header);
    bool good = log_file_write(cli, path, bytes, n);
    free(bytes);
    return good ? CLI_OK : CLI_FILE;
}

/* The rows are the answer's; the entries are fetched and proven here. */
static int dossier_gather(struct cli *cli, const char *path, const struct audit *audit,
                          const Mingce__V1__ClaimDossierResponse *answer, ProtobufCBinaryData claim)
{
    const struct checkpoint *checkpoint = &audit->found.checkpoint;
    size_t n = answer->n_leaf_index;
    if (answer->waiting > 0 || (n > 0 && answer->leaf_index[n - 1] >= checkpoint->size))
        return cli_fail(cli, CLI_UNREACHABLE, "检查点尚未覆盖全部记录，请稍后重试",
                        "no checkpoint covers all of its entries yet: try again in a moment", NULL);
    Mingce__V1__Dossier dossier = MINGCE__V1__DOSSIER__INIT;
    Mingce__V1__DossierEntry *each = calloc(n + 1, sizeof(*each));
    Mingce__V1__DossierEntry **list = calloc(n + 1, sizeof(*list));
    int status = CLI_OK;
    if (each == NULL || list == NULL) {
        free(each);
        free(list);
        return cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
    }
    for (; status == CLI_OK && dossier.n_entry < n; dossier.n_entry++) {
        list[dossier.n_entry] = &each[dossier.n_entry];
        status = entry_fill(cli, checkpoint, answer->leaf_index[dossier.n_entry], list[dossier.n_entry]);
    }
    dossier.claim_id = claim;
    dossier.note = (ProtobufCBinaryData){strlen(audit->note), (uint8_t *) (uintptr_t) audit->note};
    dossier.n_row = answer->n_row;
    dossier.row = answer->row;
    dossier.entry = list;
    if (status == CLI_OK)
        status = dossier_write(cli, path, &dossier);
    for (size_t i = 0; i < dossier.n_entry; i++)
        entry_free(&each[i]);
    free(each);
    free(list);
    return status;
}

int claim_dossier(struct cli *cli, int argc, char **argv)
{
    static struct audit audit;
    static char written[DOSSIER_FILE];
    Mingce__V1__ClaimDossierRequest request = MINGCE__V1__CLAIM_DOSSIER_REQUEST__INIT;
    const char *out = NULL, *id;
    const struct cli_option options[] = {AUDIT_OPTIONS(audit), {"output", &out, NULL}};
    uint8_t claim[ID];
    size_t n;
    if (!cli_options(cli, argc, argv, options, AUDIT_OPTIONS_N + 1, &id, 1) ||
        !cli_required(cli, options, 1) || !cli_required(cli, options + AUDIT_OPTIONS_N, 1) ||
        !hex_parse(cli, "CLAIM", id, claim, ID))
        return CLI_USAGE;
    request.claim_id = (ProtobufCBinaryData){ID, claim};
    int status = audit_trust(cli, &audit);
    if (status != CLI_OK)
        return status;
    Mingce__V1__ClaimDossierResponse *answer = (Mingce__V1__ClaimDossierResponse *) cli_answer(
        cli, "claim.dossier", &request.base, false, &mingce__v1__claim_dossier_response__descriptor, &status);
    if (answer == NULL)
        return status;
    status = audit_fetch(cli, &audit.trust, audit.note, &audit.found);
    if (status == CLI_OK)
        status = dossier_gather(cli, out, &audit, answer, request.claim_id);
    mingce__v1__claim_dossier_response__free_unpacked(answer, NULL);
    /* what was written is checked as who is given it will */
    if (status == CLI_OK && !log_file_read(cli, out, written, sizeof(written), &n))
        status = CLI_FILE;
    return status == CLI_OK ? dossier_check(cli, &audit, out, written, n) : status;
}
