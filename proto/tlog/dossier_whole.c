/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/dossier_whole.h"

#include <string.h>

#include "proto/claim.pb-c.h"
#include "proto/tlog/dossier.h"
#include "proto/tlog/dossier_index.h"
#include "proto/tlog/dossier_pack.h"
#include "proto/tlog/sha256.h"
#include "proto/tlog/subsidy_row.h"

enum { ID = DOSSIER_ID, DIGEST = SHA256_BYTES, KEY_ID = 12 /* where a key's first column begins */ };

#define TABLE(name) MINGCE__V1__ROW_TABLE__ROWS_##name

struct whole {
    const Mingce__V1__Dossier *dossier;
    Mingce__V1__AuditEntry *const *entries;
    const struct dossier_index *index;
    const Mingce__V1__DossierRow *claim;
    struct row_record_field certificate, class_number; /* of the claim */
};

static const struct dossier_finding good = {.fault = DOSSIER_GOOD};

/* About the row at this place. */
static struct dossier_finding row_broken(const struct whole *whole, size_t at, enum dossier_fault fault)
{
    struct dossier_finding finding = {fault, whole->dossier->row[at]->table, 1};
    for (size_t i = 0; i < at; i++)
        finding.nth += whole->dossier->row[i]->table == finding.table;
    return finding;
}

static struct dossier_finding table_broken(Mingce__V1__RowTable table)
{
    return (struct dossier_finding){DOSSIER_ROWS, table, 0};
}

static struct dossier_finding broken(enum dossier_fault fault)
{
    return (struct dossier_finding){.fault = fault};
}

/* ---- what the entries say of the rows ---- */

static void row_digest(const Mingce__V1__DossierRow *row, uint8_t digest[DIGEST])
{
    sha256(row->record.data, row->record.len, digest);
}

/* Whether the row is one that the log has, in its last state by the entries here, and is here only once. */
static struct dossier_finding row_check(const struct whole *whole, size_t at)
{
    const Mingce__V1__DossierRow *row = whole->dossier->row[at];
    struct row_record record;
    uint8_t digest[DIGEST];
    bool made;
    if (!dossier_row_open(&record, row))
        return row_broken(whole, at, DOSSIER_ROW_UNKNOWN);
    row_digest(row, digest);
    int stands = dossier_standing(whole->index, row->table, digest, &made);
    if (!made)
        return row_broken(whole, at, DOSSIER_ROW_UNLOGGED);
    if (stands < 1)
        return row_broken(whole, at, DOSSIER_ROW_CHANGED);
    return dossier_row_at(whole->index, row->table, digest) < at ? row_broken(whole, at, DOSSIER_ROW_TWICE)
                                                                 : good;
}

/* Whether the change is of a row that the claim, or its certificate, is named in. */
static bool concerns(const struct whole *whole, const Mingce__V1__RowChange *change)
{
    const uint8_t *id = NULL;
    switch (change->table) {
    case TABLE(CLAIM):
    case TABLE(CLAIM_LINE):
    case TABLE(CLAIM_STEP):
    case TABLE(CLAIM_FACT):
        id = whole->dossier->claim_id.data;
        break;
    case TABLE(CERTIFICATE):
    case TABLE(CERTIFICATE_VERSION):
    case TABLE(CERTIFICATE_AMENDMENT):
        id = whole->certificate.bytes;
        break;
    default:
        return false;
    }
    return change->key.len >= KEY_ID + ID && memcmp(change->key.data + KEY_ID, id, ID) == 0;
}

/* Whether every row of the claim that the entries tell of is here. */
static struct dossier_finding rows_all(const struct whole *whole)
{
    for (size_t i = 0; i < whole->dossier->n_entry; i++)
        for (size_t j = 0; dossier_entry_is_rows(whole->entries[i]) && j < whole->entries[i]->n_row; j++) {
            const Mingce__V1__RowChange *change = whole->entries[i]->row[j];
            bool made;
            if (!change->has_now || change->now.len != DIGEST || !concerns(whole, change))
                continue;
            if (dossier_standing(whole->index, change->table, change->now.data, &made) > 0 &&
                dossier_row_at(whole->index, change->table, change->now.data) == SIZE_MAX)
                return table_broken(change->table);
        }
    return good;
}

/* ---- the claim's rows among each other ---- */

static bool find(const Mingce__V1__DossierRow *row, const char *column, size_t n,
                 struct row_record_field *field)
{
    return dossier_row_find(row, column, n, field);
}

static size_t rows_of(const struct whole *whole, Mingce__V1__RowTable table)
{
    size_t n = 0;
    for (size_t i = 0; i < whole->dossier->n_row; i++)
        n += whole->dossier->row[i]->table == table;
    return n;
}

/* The claim's division, its city or its province. */
static bool over(const struct whole *whole, const Mingce__V1__DossierRow *row)
{
    enum { DIVISION = 6, CITY = 4, PROVINCE = 2 };
    struct row_record_field own, its;
    if (!find(whole->claim, "division", DIVISION, &own) || !find(row, "division", DIVISION, &its))
        return false;
    const char *of = (const char *) own.bytes, *text = (const char *) its.bytes;
    return memcmp(text, of, DIVISION) == 0 ||
           (memcmp(text, of, CITY) == 0 && memcmp(text + CITY, "00", DIVISION - CITY) == 0) ||
           (memcmp(text, of, PROVINCE) == 0 && memcmp(text + PROVINCE, "0000", DIVISION - PROVINCE) == 0);
}

static bool has_line_by(const struct whole *whole, const Mingce__V1__DossierRow *standard)
{
    struct row_record_field id;
    bool found = false;
    for (size_t i = 0; find(standard, "standard_id", ID, &id) && i < whole->dossier->n_row; i++)
        found |= whole->dossier->row[i]->table == TABLE(CLAIM_LINE) &&
                 dossier_row_same(whole->dossier->row[i], "standard_id", &id);
    return found;
}

/* Whether the row is of this claim, or of what the claim rests on. */
static bool belongs(const struct whole *whole, const Mingce__V1__DossierRow *row)
{
    const struct row_record_field claim = {.bytes = whole->dossier->claim_id.data, .n = ID};
    switch (row->table) {
    case TABLE(CLAIM):
    case TABLE(CLAIM_LINE):
    case TABLE(CLAIM_STEP):
    case TABLE(CLAIM_PLACE):
    case TABLE(CLAIM_ONCE):
    case TABLE(CLAIM_FACT):
        return dossier_row_same(row, "claim_id", &claim);
    case TABLE(CERTIFICATE):
    case TABLE(CERTIFICATE_VERSION):
    case TABLE(CERTIFICATE_AMENDMENT):
        return dossier_row_same(row, "certificate_id", &whole->certificate);
    case TABLE(CLASS):
    case TABLE(CLASS_FILING):
    case TABLE(CLASS_STANDARD):
    case TABLE(ENROLMENT):
        return dossier_row_same(row, "class_number", &whole->class_number);
    case TABLE(STANDARD):
        return has_line_by(whole, row);
    case TABLE(POLICY):
    case TABLE(POLICY_PROPOSAL):
    case TABLE(CALENDAR_DAY):
    case TABLE(CALENDAR_PROPOSAL):
        return over(whole, row);
    default:
        return false;
    }
}

/* Whether a subsidy has the terms of its standard, and is what they come to. */
static bool line_right(const Mingce__V1__DossierRow *line, const Mingce__V1__DossierRow *standard)
{
    struct row_record of_line, of_standard;
    struct subsidy_terms terms, said;
    return dossier_row_open(&of_line, line) && dossier_row_open(&of_standard, standard) &&
           subsidy_terms_read(of_line, "rate_fen", &terms) &&
           subsidy_terms_read(of_standard, "amount_fen", &said) && subsidy_terms_same(&terms, &said) &&
           subsidy_line_right(of_line);
}

/* Whether each subsidy has the terms of its standard, which is here, and the subsidies add up to the claim's amount. */
static bool amounts_right(const struct whole *whole)
{
    int64_t sum = 0;
    for (size_t i = 0; i < whole->dossier->n_row; i++) {
        const Mingce__V1__DossierRow *line = whole->dossier->row[i], *standard = NULL;
        struct row_record_field id;
        if (line->table != TABLE(CLAIM_LINE))
            continue;
        for (size_t j = 0; find(line, "standard_id", ID, &id) && j < whole->dossier->n_row; j++)
            if (whole->dossier->row[j]->table == TABLE(STANDARD) &&
                dossier_row_same(whole->dossier->row[j], "standard_id", &id))
                standard = whole->dossier->row[j];
        if (standard == NULL || !line_right(line, standard) ||
            __builtin_add_overflow(sum, dossier_row_number(line, "amount_fen", 8), &sum))
            return false;
    }
    return sum == dossier_row_number(whole->claim, "amount_fen", 8);
}

/* ---- steps ---- */

static const char *action_method(int64_t action)
{
    static const char *const methods[] = {[MINGCE__V1__CLAIM_ACTION__CLAIM_SUBMIT] = "claim.submit",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_ACCEPT] = "claim.accept",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_RETURN] = "claim.return",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_RESUBMIT] = "claim.resubmit",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_REVIEW] = "claim.review",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_PUBLICISE] = "claim.publicise",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_OBJECT] = "claim.object",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_APPROVE] = "claim.approve",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_REJECT] = "claim.reject",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_PAY] = "claim.pay",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_WITHDRAW] = "claim.withdraw",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_SUSPEND] = "claim.suspend",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_RESUME] = "claim.resume",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_CLAW_BACK] = "claim.claw-back",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_BATCH] = "batch.add",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_SEND] = "batch.send",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_BANK_REFUSE] = "batch.reply",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_BANK_RETURN] = "batch.reply",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_UNBATCH] = "batch.remove",
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_RECHECK] = "claim.recheck"};
    return action < 1 || action >= (int64_t) (sizeof(methods) / sizeof(*methods)) ? "" : methods[action];
}

static bool same_id(const ProtobufCBinaryData *bytes, const struct row_record_field *id)
{
    return bytes->len == ID && memcmp(bytes->data, id->bytes, ID) == 0;
}

/* Whether the entry is of that step's decision. A step that the registry took by itself is explained by the entry of a
 * request; that a claim was sent, by the entry of its batch. */
static bool entry_of(const struct whole *whole, const Mingce__V1__AuditEntry *entry,
                     const Mingce__V1__DossierRow *step)
{
    static const uint8_t nobody[ID];
    struct row_record_field by, request;
    if (!find(step, "operator_id", ID, &by) || !find(step, "request_id", ID, &request) ||
        !same_id(&entry->request_id, &request) || dossier_entry_is_rows(entry))
        return false;
    if (memcmp(by.bytes, nobody, ID) == 0)
        return true;
    int64_t action = dossier_row_number(step, "action", 2);
    bool method =
        strcmp(entry->method, action_method(action)) == 0 ||
        (action == MINGCE__V1__CLAIM_ACTION__CLAIM_PAY && strcmp(entry->method, "batch.reply") == 0);
    return method && same_id(&entry->operator_id, &by) &&
           entry->outcome == MINGCE__V1__OUTCOME__OUTCOME_DONE && entry->has_subject &&
           entry->subject.len == ID &&
           (action == MINGCE__V1__CLAIM_ACTION__CLAIM_SEND ||
            memcmp(entry->subject.data, whole->dossier->claim_id.data, ID) == 0);
}

static bool has_entry(const struct whole *whole, const Mingce__V1__DossierRow *step)
{
    for (size_t i = 0; i < whole->dossier->n_entry; i++)
        if (entry_of(whole, whole->entries[i], step))
            return true;
    return false;
}

/* Whether the operator whom the claim's row names for an action took the last step of that kind. */
static bool done_by(const struct whole *whole, int64_t action, const char *column)
{
    struct row_record_field told, did = {.bytes = NULL};
    for (size_t i = 0; i < whole->dossier->n_row; i++)
        if (whole->dossier->row[i]->table == TABLE(CLAIM_STEP) &&
            dossier_row_number(whole->dossier->row[i], "action", 2) == action &&
            !find(whole->dossier->row[i], "operator_id", ID, &did))
            return false;
    bool there = find(whole->claim, column, ID, &told);
    return did.bytes == NULL ? !there : there && memcmp(told.bytes, did.bytes, ID) == 0;
}

/* Whether the claim's row names who has paid it: who recorded the payment, or, of one that the bank confirmed, who sent it (C5).
 * Nobody has where the bank returned it. */
static bool payer_right(const struct whole *whole)
{
    struct row_record_field told, by, sent = {.bytes = NULL}, paid = {.bytes = NULL};
    for (size_t i = 0; i < whole->dossier->n_row; i++) {
        const Mingce__V1__DossierRow *row = whole->dossier->row[i];
        int64_t action = row->table == TABLE(CLAIM_STEP) ? dossier_row_number(row, "action", 2) : 0;
        if (action != 0 && !find(row, "operator_id", ID, &by))
            return false;
        if (action == MINGCE__V1__CLAIM_ACTION__CLAIM_SEND)
            sent = by;
        else if (action == MINGCE__V1__CLAIM_ACTION__CLAIM_PAY)
            paid = sent.bytes == NULL ? by : sent;
        else if (action == MINGCE__V1__CLAIM_ACTION__CLAIM_BANK_RETURN)
            paid.bytes = NULL;
    }
    bool there = find(whole->claim, "paid_by", ID, &told);
    return paid.bytes == NULL ? !there : there && memcmp(told.bytes, paid.bytes, ID) == 0;
}

static bool deciders_right(const struct whole *whole)
{
    return done_by(whole, MINGCE__V1__CLAIM_ACTION__CLAIM_SUBMIT, "submitted_by") &&
           done_by(whole, MINGCE__V1__CLAIM_ACTION__CLAIM_REVIEW, "reviewed_by") &&
           done_by(whole, MINGCE__V1__CLAIM_ACTION__CLAIM_APPROVE, "approved_by") && payer_right(whole);
}

/* Every step from the first to the claim's version, in order, each with its entry; the last leads to the claim's state. */
static struct dossier_finding steps_check(const struct whole *whole)
{
    int64_t told = 0, state = 0;
    for (size_t i = 0; i < whole->dossier->n_row; i++) {
        const Mingce__V1__DossierRow *row = whole->dossier->row[i];
        if (row->table != TABLE(CLAIM_STEP))
            continue;
        if (dossier_row_number(row, "version", 4) != ++told)
            break;
        state = dossier_row_number(row, "state", 2);
        if (!has_entry(whole, row))
            return row_broken(whole, i, DOSSIER_STEP_UNLOGGED);
    }
    if (told == 0 || told != dossier_row_number(whole->claim, "version", 4) ||
        state != dossier_row_number(whole->claim, "state", 2) || !deciders_right(whole))
        return broken(DOSSIER_STEPS);
    return good;
}

/* ---- the whole ---- */

/* As many rows of each table as the claim must have. */
static struct dossier_finding counts_check(const struct whole *whole)
{
    int64_t state = dossier_row_number(whole->claim, "state", 2);
    bool over =
        state == MINGCE__V1__CLAIM_STATE__CLAIM_REJECTED || state == MINGCE__V1__CLAIM_STATE__CLAIM_WITHDRAWN;
    bool either = state == MINGCE__V1__CLAIM_STATE__CLAIM_CLAWED_BACK;
    const struct {
        Mingce__V1__RowTable table;
        size_t least, most;
    } counts[] = {{TABLE(CERTIFICATE), 1, 1},
                  {TABLE(CLASS), 1, 1},
                  {TABLE(ENROLMENT), 1, SIZE_MAX},
                  {TABLE(CLAIM_PLACE), over || either ? 0 : 1, over ? 0 : 1},
                  {TABLE(CLAIM_ONCE), over || either ? 0 : 1, over ? 0 : 1},
                  {TABLE(CLAIM_LINE), 1, SIZE_MAX},
                  {TABLE(POLICY), 1, SIZE_MAX}};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        size_t n = rows_of(whole, counts[i].table);
        if (n < counts[i].least || n > counts[i].most)
            return table_broken(counts[i].table);
    }
    return good;
}

/* The one claim, by whose columns the others are known. */
static bool claim_find(struct whole *whole)
{
    for (size_t i = 0; i < whole->dossier->n_row; i++)
        if (whole->dossier->row[i]->table == TABLE(CLAIM)) {
            if (whole->claim != NULL)
                return false;
            whole->claim = whole->dossier->row[i];
        }
    return whole->claim != NULL && find(whole->claim, "certificate_id", ID, &whole->certificate) &&
           find(whole->claim, "class_number", sizeof(int64_t), &whole->class_number);
}

/* Of a claim, whose rows are all proven. */
static struct dossier_finding claim_whole(struct whole *whole)
{
    struct dossier_finding found = good;
    if (!claim_find(whole))
        return broken(DOSSIER_STEPS);
    for (size_t i = 0; found.fault == DOSSIER_GOOD && i < whole->dossier->n_row; i++)
        if (!belongs(whole, whole->dossier->row[i]))
            found = row_broken(whole, i, DOSSIER_ROW_FOREIGN);
    if (found.fault == DOSSIER_GOOD)
        found = steps_check(whole);
    if (found.fault == DOSSIER_GOOD)
        found = rows_all(whole);
    if (found.fault == DOSSIER_GOOD && !amounts_right(whole))
        found = broken(DOSSIER_AMOUNTS);
    return found.fault == DOSSIER_GOOD ? counts_check(whole) : found;
}

struct dossier_finding dossier_whole(const Mingce__V1__Dossier *dossier,
                                     Mingce__V1__AuditEntry *const *entries)
{
    struct dossier_index *index = dossier_index_new(dossier, entries);
    struct whole whole = {.dossier = dossier, .entries = entries, .index = index};
    struct dossier_finding found = index == NULL ? broken(DOSSIER_MEMORY) : good;
    for (size_t i = 0; found.fault == DOSSIER_GOOD && i < dossier->n_row; i++)
        found = row_check(&whole, i);
    if (found.fault == DOSSIER_GOOD)
        found = dossier->has_project_id ? dossier_pack_whole(dossier, entries, index) : claim_whole(&whole);
    dossier_index_free(index);
    return found;
}
