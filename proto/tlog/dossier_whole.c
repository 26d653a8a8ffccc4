/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/dossier_whole.h"

#include <string.h>

#include "proto/claim.pb-c.h"
#include "proto/tlog/dossier.h"
#include "proto/tlog/sha256.h"

enum { ID = DOSSIER_ID, DIGEST = SHA256_BYTES, KEY_ID = 12 /* where a key's first column begins */ };

#define TABLE(name) MINGCE__V1__ROW_TABLE__ROWS_##name

struct whole {
    const Mingce__V1__Dossier *dossier;
    Mingce__V1__AuditEntry *const *entries;
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

static bool is_rows(const Mingce__V1__AuditEntry *entry)
{
    return strcmp(entry->method, "rows") == 0;
}

static bool same_digest(protobuf_c_boolean there, const ProtobufCBinaryData *digest,
                        const uint8_t other[DIGEST])
{
    return there && digest->len == DIGEST && memcmp(digest->data, other, DIGEST) == 0;
}

/* How often a row was made so, less how often it was made something else since; `*made`: a change that made it so. */
static int standing(const struct whole *whole, Mingce__V1__RowTable table, const uint8_t digest[DIGEST],
                    const Mingce__V1__RowChange **made)
{
    int n = 0;
    for (size_t i = 0; i < whole->dossier->n_entry; i++)
        for (size_t j = 0; is_rows(whole->entries[i]) && j < whole->entries[i]->n_row; j++) {
            const Mingce__V1__RowChange *change = whole->entries[i]->row[j];
            if (change->table != table)
                continue;
            n -= same_digest(change->has_was, &change->was, digest);
            if (!same_digest(change->has_now, &change->now, digest))
                continue;
            n++;
            *made = change;
        }
    return n;
}

static void row_digest(const Mingce__V1__DossierRow *row, uint8_t digest[DIGEST])
{
    sha256(row->record.data, row->record.len, digest);
}

/* Whether the row is one that the log has, in its last state by the entries here, and is here only once. */
static struct dossier_finding row_check(const struct whole *whole, size_t at)
{
    const Mingce__V1__DossierRow *row = whole->dossier->row[at];
    const Mingce__V1__RowChange *made = NULL;
    struct row_record record;
    uint8_t digest[DIGEST];
    if (!dossier_row_open(&record, row))
        return row_broken(whole, at, DOSSIER_ROW_UNKNOWN);
    row_digest(row, digest);
    int stands = standing(whole, row->table, digest, &made);
    if (made == NULL)
        return row_broken(whole, at, DOSSIER_ROW_UNLOGGED);
    if (stands < 1)
        return row_broken(whole, at, DOSSIER_ROW_CHANGED);
    for (size_t i = 0; i < at; i++)
        if (whole->dossier->row[i]->table == row->table &&
            whole->dossier->row[i]->record.len == row->record.len &&
            memcmp(whole->dossier->row[i]->record.data, row->record.data, row->record.len) == 0)
            return row_broken(whole, at, DOSSIER_ROW_TWICE);
    return good;
}

static bool has_row(const struct whole *whole, Mingce__V1__RowTable table, const uint8_t digest[DIGEST])
{
    uint8_t own[DIGEST];
    for (size_t i = 0; i < whole->dossier->n_row; i++) {
        if (whole->dossier->row[i]->table != table)
            continue;
        row_digest(whole->dossier->row[i], own);
        if (memcmp(own, digest, DIGEST) == 0)
            return true;
    }
    return false;
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
        for (size_t j = 0; is_rows(whole->entries[i]) && j < whole->entries[i]->n_row; j++) {
            const Mingce__V1__RowChange *change = whole->entries[i]->row[j], *made;
            if (!change->has_now || change->now.len != DIGEST || !concerns(whole, change))
                continue;
            if (standing(whole, change->table, change->now.data, &made) > 0 &&
                !has_row(whole, change->table, change->now.data))
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

static bool same_field(const Mingce__V1__DossierRow *row, const char *column,
                       const struct row_record_field *other)
{
    struct row_record_field field;
    return find(row, column, other->n, &field) && memcmp(field.bytes, other->bytes, other->n) == 0;
}

static int64_t number(const Mingce__V1__DossierRow *row, const char *column, size_t n)
{
    struct row_record_field field;
    return find(row, column, n, &field) ? row_record_number(&field) : -1;
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
                 same_field(whole->dossier->row[i], "standard_id", &id);
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
        return same_field(row, "claim_id", &claim);
    case TABLE(CERTIFICATE):
    case TABLE(CERTIFICATE_VERSION):
    case TABLE(CERTIFICATE_AMENDMENT):
        return same_field(row, "certificate_id", &whole->certificate);
    case TABLE(CLASS):
    case TABLE(ENROLMENT):
        return same_field(row, "class_number", &whole->class_number);
    case TABLE(STANDARD):
        return has_line_by(whole, row);
    default:
        return over(whole, row);
    }
}

/* Whether the rate of each subsidy is that of its standard, which is here, and the subsidies add up to the claim's
 * amount. */
static bool amounts_right(const struct whole *whole)
{
    int64_t sum = 0;
    for (size_t i = 0; i < whole->dossier->n_row; i++) {
        const Mingce__V1__DossierRow *line = whole->dossier->row[i], *standard = NULL;
        struct row_record_field id, days;
        if (line->table != TABLE(CLAIM_LINE))
            continue;
        for (size_t j = 0; find(line, "standard_id", ID, &id) && j < whole->dossier->n_row; j++)
            if (whole->dossier->row[j]->table == TABLE(STANDARD) &&
                same_field(whole->dossier->row[j], "standard_id", &id))
                standard = whole->dossier->row[j];
        int64_t rate = number(line, "rate_fen", 8), amount = number(line, "amount_fen", 8), product;
        int64_t times = find(line, "days", 4, &days) ? row_record_number(&days) : 1;
        if (standard == NULL || rate != number(standard, "amount_fen", 8) ||
            __builtin_mul_overflow(rate, times, &product) || product != amount ||
            __builtin_add_overflow(sum, amount, &sum))
            return false;
    }
    return sum == number(whole->claim, "amount_fen", 8);
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
                                          [MINGCE__V1__CLAIM_ACTION__CLAIM_CLAW_BACK] = "claim.claw-back"};
    return action < 1 || action >= (int64_t) (sizeof(methods) / sizeof(*methods)) ? "" : methods[action];
}

static bool same_id(const ProtobufCBinaryData *bytes, const struct row_record_field *id)
{
    return bytes->len == ID && memcmp(bytes->data, id->bytes, ID) == 0;
}

/* Whether the entry is of that step's decision. A step that the registry took by itself is explained by the entry of a
 * request. */
static bool entry_of(const struct whole *whole, const Mingce__V1__AuditEntry *entry,
                     const Mingce__V1__DossierRow *step)
{
    static const uint8_t nobody[ID];
    struct row_record_field by, request;
    if (!find(step, "operator_id", ID, &by) || !find(step, "request_id", ID, &request) ||
        !same_id(&entry->request_id, &request) || is_rows(entry))
        return false;
    if (memcmp(by.bytes, nobody, ID) == 0)
        return true;
    return same_id(&entry->operator_id, &by) && entry->outcome == MINGCE__V1__OUTCOME__OUTCOME_DONE &&
           strcmp(entry->method, action_method(number(step, "action", 2))) == 0 && entry->has_subject &&
           entry->subject.len == ID && memcmp(entry->subject.data, whole->dossier->claim_id.data, ID) == 0;
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
            number(whole->dossier->row[i], "action", 2) == action &&
            !find(whole->dossier->row[i], "operator_id", ID, &did))
            return false;
    bool there = find(whole->claim, column, ID, &told);
    return did.bytes == NULL ? !there : there && memcmp(told.bytes, did.bytes, ID) == 0;
}

static bool deciders_right(const struct whole *whole)
{
    return done_by(whole, MINGCE__V1__CLAIM_ACTION__CLAIM_SUBMIT, "submitted_by") &&
           done_by(whole, MINGCE__V1__CLAIM_ACTION__CLAIM_REVIEW, "reviewed_by") &&
           done_by(whole, MINGCE__V1__CLAIM_ACTION__CLAIM_APPROVE, "approved_by") &&
           done_by(whole, MINGCE__V1__CLAIM_ACTION__CLAIM_PAY, "paid_by");
}

/* Every step from the first to the claim's version, in order, each with its entry; the last leads to the claim's state. */
static struct dossier_finding steps_check(const struct whole *whole)
{
    int64_t told = 0, state = 0;
    for (size_t i = 0; i < whole->dossier->n_row; i++) {
        const Mingce__V1__DossierRow *row = whole->dossier->row[i];
        if (row->table != TABLE(CLAIM_STEP))
            continue;
        if (number(row, "version", 4) != ++told)
            break;
        state = number(row, "state", 2);
        if (!has_entry(whole, row))
            return row_broken(whole, i, DOSSIER_STEP_UNLOGGED);
    }
    if (told == 0 || told != number(whole->claim, "version", 4) ||
        state != number(whole->claim, "state", 2) || !deciders_right(whole))
        return broken(DOSSIER_STEPS);
    return good;
}

/* ---- the whole ---- */

/* As many rows of each table as the claim must have. */
static struct dossier_finding counts_check(const struct whole *whole)
{
    int64_t state = number(whole->claim, "state", 2);
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

struct dossier_finding dossier_whole(const Mingce__V1__Dossier *dossier,
                                     Mingce__V1__AuditEntry *const *entries)
{
    struct whole whole = {.dossier = dossier, .entries = entries};
    struct dossier_finding found = good;
    for (size_t i = 0; found.fault == DOSSIER_GOOD && i < dossier->n_row; i++)
        found = row_check(&whole, i);
    if (found.fault == DOSSIER_GOOD && !claim_find(&whole))
        return broken(DOSSIER_STEPS);
    for (size_t i = 0; found.fault == DOSSIER_GOOD && i < dossier->n_row; i++)
        if (!belongs(&whole, dossier->row[i]))
            found = row_broken(&whole, i, DOSSIER_ROW_FOREIGN);
    if (found.fault == DOSSIER_GOOD)
        found = steps_check(&whole);
    if (found.fault == DOSSIER_GOOD)
        found = rows_all(&whole);
    if (found.fault == DOSSIER_GOOD && !amounts_right(&whole))
        found = broken(DOSSIER_AMOUNTS);
    return found.fault == DOSSIER_GOOD ? counts_check(&whole) : found;
}
