/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/dossier_pack.h"

#include <stdlib.h>
#include <string.h>

#include "proto/batch.pb-c.h"
#include "proto/claim.pb-c.h"
#include "proto/fund.pb-c.h"
#include "proto/project.pb-c.h"
#include "proto/tlog/dossier.h"
#include "proto/tlog/dossier_keys.h"
#include "proto/training.pb-c.h"

enum { ID = DOSSIER_ID, DIGEST = SHA256_BYTES, PLACE = 0, ONCE = 1 /* what is counted of a head */ };

#define TABLE(name)  MINGCE__V1__ROW_TABLE__ROWS_##name
#define ACTION(name) MINGCE__V1__PROJECT_ACTION__PROJECT_##name

struct pack {
    const Mingce__V1__Dossier *dossier;
    Mingce__V1__AuditEntry *const *entries;
    const struct dossier_index *index;
    const Mingce__V1__DossierRow *project;
    struct dossier_keys heads, classes, tranches, evidence, batches, lines;
    const Mingce__V1__AuditEntry **decided; /* entries of requests, by the request */
    size_t n_decided;
};

static const struct dossier_columns by_head = {"head_id", NULL, ID, 0},
                                    by_class = {"class_number", NULL, 8, 0},
                                    by_tranche = {"tranche_id", NULL, ID, 0},
                                    by_subject = {"subject_id", NULL, ID, 0},
                                    by_evidence = {"evidence_id", NULL, ID, 0},
                                    by_batch = {"batch_id", NULL, ID, 0},
                                    by_line = {"batch_id", "line", ID, 4};

static const struct dossier_finding good = {.fault = DOSSIER_GOOD};

static struct dossier_finding broken(enum dossier_fault fault, Mingce__V1__RowTable table)
{
    return (struct dossier_finding){fault, table, 0};
}

/* About the row at this place. */
static struct dossier_finding row_broken(const struct pack *pack, size_t at, enum dossier_fault fault)
{
    struct dossier_finding finding = {fault, pack->dossier->row[at]->table, 1};
    for (size_t i = 0; i < at; i++)
        finding.nth += pack->dossier->row[i]->table == finding.table;
    return finding;
}

static int64_t number(const Mingce__V1__DossierRow *row, const char *column, size_t n)
{
    return dossier_row_number(row, column, n);
}

/* An amount, 0 where it is NULL. */
static int64_t fen(const Mingce__V1__DossierRow *row, const char *column)
{
    struct row_record_field field;
    return dossier_row_find(row, column, 8, &field) ? row_record_number(&field) : 0;
}

static bool flag(const Mingce__V1__DossierRow *row, const char *column)
{
    return number(row, column, 1) == 1;
}

/* ---- whose rows they are ---- */

static bool of_tranche(const struct pack *pack, const Mingce__V1__DossierRow *row)
{
    return number(row, "subject_kind", 2) == MINGCE__V1__MONEY_SUBJECT__MONEY_TRANCHE &&
           dossier_keys_of(&pack->tranches, row, &by_subject) != NULL;
}

static bool belongs(const struct pack *pack, const Mingce__V1__DossierRow *row)
{
    const struct row_record_field project = {.bytes = pack->dossier->project_id.data, .n = ID};
    switch (row->table) {
    case TABLE(PROJECT):
    case TABLE(PROJECT_TIER):
    case TABLE(PROJECT_CLASS):
    case TABLE(PROJECT_STEP):
    case TABLE(PROJECT_HEAD):
    case TABLE(PROJECT_MATERIAL):
    case TABLE(PROJECT_RUN):
    case TABLE(PROJECT_RUN_HEAD):
    case TABLE(TRANCHE):
        return dossier_row_same(row, "project_id", &project);
    case TABLE(PROJECT_EVIDENCE):
    case TABLE(CLAIM_PLACE):
    case TABLE(CLAIM_ONCE):
        return dossier_keys_of(&pack->heads, row, &by_head) != NULL;
    case TABLE(CHARGE):
    case TABLE(BATCH_LINE):
        return of_tranche(pack, row);
    case TABLE(PAYMENT_BATCH):
        return dossier_keys_of(&pack->batches, row, &by_batch) != NULL;
    case TABLE(BATCH_ANSWER):
        return dossier_keys_of(&pack->lines, row, &by_line) != NULL;
    case TABLE(CLASS):
    case TABLE(ENROLMENT):
    case TABLE(LESSON):
    case TABLE(ATTENDANCE):
    case TABLE(MARK):
    case TABLE(CERTIFICATE):
        return dossier_keys_of(&pack->classes, row, &by_class) != NULL;
    default:
        return false;
    }
}

static struct dossier_finding foreign_check(const struct pack *pack)
{
    for (size_t i = 0; i < pack->dossier->n_row; i++)
        if (!belongs(pack, pack->dossier->row[i]))
            return row_broken(pack, i, PACK_ROW_FOREIGN);
    return good;
}

/* ---- rows that entries tell of ---- */

/* Whether the key names the project, one of its classes or one of its tranches. A field of a key is preceded by its type and its
 * length. */
static bool concerns(const struct pack *pack, const Mingce__V1__RowChange *change)
{
    enum { FIRST = 12, AFTER_INT2 = 22, AFTER_ID_AND_INT2 = 46, CLASS = 8 };
    const uint8_t *key = change->key.data;
    size_t n = change->key.len;
    switch (change->table) {
    case TABLE(PROJECT):
    case TABLE(PROJECT_TIER):
    case TABLE(PROJECT_STEP):
    case TABLE(PROJECT_MATERIAL):
    case TABLE(PROJECT_RUN):
    case TABLE(PROJECT_RUN_HEAD):
        return n >= FIRST + ID && memcmp(key + FIRST, pack->dossier->project_id.data, ID) == 0;
    case TABLE(PROJECT_CLASS):
    case TABLE(CLASS):
    case TABLE(ENROLMENT):
    case TABLE(LESSON):
    case TABLE(ATTENDANCE):
    case TABLE(MARK):
        return n >= FIRST + CLASS && dossier_keys_find(&pack->classes, key + FIRST, CLASS) != NULL;
    case TABLE(CHARGE):
        return n >= AFTER_INT2 + ID && dossier_keys_find(&pack->tranches, key + AFTER_INT2, ID) != NULL;
    case TABLE(BATCH_LINE):
        return n >= AFTER_ID_AND_INT2 + ID &&
               dossier_keys_find(&pack->tranches, key + AFTER_ID_AND_INT2, ID) != NULL;
    default:
        return false;
    }
}

/* Whether the row that a change made stands by the entries here, and is not here itself. */
static bool lacks(const struct pack *pack, const Mingce__V1__RowChange *change)
{
    bool made;
    return change->has_now && change->now.len == DIGEST && concerns(pack, change) &&
           dossier_standing(pack->index, change->table, change->now.data, &made) > 0 &&
           dossier_row_at(pack->index, change->table, change->now.data) == SIZE_MAX;
}

static struct dossier_finding rows_all(const struct pack *pack)
{
    for (size_t i = 0; i < pack->dossier->n_entry; i++)
        for (size_t j = 0; dossier_entry_is_rows(pack->entries[i]) && j < pack->entries[i]->n_row; j++)
            if (lacks(pack, pack->entries[i]->row[j]))
                return broken(PACK_ROWS, pack->entries[i]->row[j]->table);
    return good;
}

/* ---- steps ---- */

static int request_order(const void *one, const void *other)
{
    const Mingce__V1__AuditEntry *const *a = (const Mingce__V1__AuditEntry *const *) one;
    const Mingce__V1__AuditEntry *const *b = (const Mingce__V1__AuditEntry *const *) other;
    return memcmp((*a)->request_id.data, (*b)->request_id.data, ID);
}

static bool decided_gather(struct pack *pack)
{
    pack->decided = calloc(pack->dossier->n_entry + 1, sizeof(*pack->decided));
    if (pack->decided == NULL)
        return false;
    for (size_t i = 0; i < pack->dossier->n_entry; i++)
        if (!dossier_entry_is_rows(pack->entries[i]) && pack->entries[i]->request_id.len == ID)
            pack->decided[pack->n_decided++] = pack->entries[i];
    qsort(pack->decided, pack->n_decided, sizeof(*pack->decided), request_order);
    return true;
}

/* By which methods a project's step is taken: its own, one of payment batches, or one that takes several steps. */
static bool action_by(int64_t action, const char *method)
{
    static const char *const methods[][2] = {[ACTION(CALL)] = {"project.call"},
                                             [ACTION(PUBLISH)] = {"project.publish"},
                                             [ACTION(AWARD)] = {"project.award"},
                                             [ACTION(ACCEPT)] = {"project.accept"},
                                             [ACTION(ATTACH)] = {"project.attach"},
                                             [ACTION(DETACH)] = {"project.detach"},
                                             [ACTION(INSPECT)] = {"project.inspect"},
                                             [ACTION(CARRY_OUT)] = {"project.carry-out"},
                                             [ACTION(STRIKE)] = {"project.strike"},
                                             [ACTION(COUNT)] = {"project.count"},
                                             [ACTION(VERIFY)] = {"project.verify"},
                                             [ACTION(CLOSE)] = {"project.close"},
                                             [ACTION(SUSPEND)] = {"project.suspend"},
                                             [ACTION(RESUME)] = {"project.resume"},
                                             [ACTION(TERMINATE)] = {"project.terminate"},
                                             [ACTION(RECOVER)] = {"project.recover"},
                                             [ACTION(APPLY)] = {"project.apply"},
                                             [ACTION(REVIEW)] = {"project.review"},
                                             [ACTION(APPROVE)] = {"project.approve"},
                                             [ACTION(REJECT)] = {"project.reject"},
                                             [ACTION(PAY)] = {"project.pay", "batch.reply"},
                                             [ACTION(BATCH)] = {"batch.add"},
                                             [ACTION(UNBATCH)] = {"batch.remove", "project.suspend"},
                                             [ACTION(SEND)] = {"batch.send"},
                                             [ACTION(BANK_REFUSE)] = {"batch.reply"},
                                             [ACTION(BANK_RETURN)] = {"batch.reply"},
                                             [ACTION(RECHECK)] = {"claim.recheck"}};
    if (action < 1 || action >= (int64_t) (sizeof(methods) / sizeof(*methods)))
        return false;
    for (size_t i = 0; i < 2; i++)
        if (methods[action][i] != NULL && strcmp(methods[action][i], method) == 0)
            return true;
    return false;
}

/* Whether the entry, which is of the step's request, is of its decision. What the registry did by itself any explains; a payment
 * that the bank confirmed is the step of who sent it, and the entry of who brought the answer. */
static bool decides(const Mingce__V1__AuditEntry *entry, const Mingce__V1__DossierRow *step)
{
    static const uint8_t nobody[ID];
    struct row_record_field by;
    if (!dossier_row_find(step, "operator_id", ID, &by))
        return false;
    int64_t action = number(step, "action", 2);
    bool same = entry->operator_id.len == ID && memcmp(entry->operator_id.data, by.bytes, ID) == 0;
    bool bank = action == ACTION(PAY) && strcmp(entry->method, "batch.reply") == 0;
    return memcmp(by.bytes, nobody, ID) == 0 ||
           ((same || bank) && entry->outcome == MINGCE__V1__OUTCOME__OUTCOME_DONE &&
            action_by(action, entry->method));
}

static bool has_entry(const struct pack *pack, const Mingce__V1__DossierRow *step)
{
    struct row_record_field request;
    size_t from = 0, to = pack->n_decided;
    if (!dossier_row_find(step, "request_id", ID, &request))
        return false;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (memcmp(pack->decided[middle]->request_id.data, request.bytes, ID) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    for (; from < pack->n_decided && memcmp(pack->decided[from]->request_id.data, request.bytes, ID) == 0;
         from++)
        if (decides(pack->decided[from], step))
            return true;
    return false;
}

/* Every step from the call to the project's version, in order, each with its entry. */
static struct dossier_finding steps_check(const struct pack *pack)
{
    int64_t told = 0;
    for (size_t i = 0; i < pack->dossier->n_row; i++) {
        const Mingce__V1__DossierRow *row = pack->dossier->row[i];
        if (row->table != TABLE(PROJECT_STEP))
            continue;
        if (number(row, "version", 4) != ++told)
            return broken(PACK_STEPS, 0);
        if (!has_entry(pack, row))
            return row_broken(pack, i, DOSSIER_STEP_UNLOGGED);
    }
    return told > 0 && told == number(pack->project, "version", 4) ? good : broken(PACK_STEPS, 0);
}

/* ---- heads ---- */

struct counted {
    int64_t heads, completed, sat, counted, share_fen;
};

static struct counted heads_count(const struct pack *pack)
{
    struct counted n = {0};
    for (size_t i = 0; i < pack->heads.n; i++) {
        const Mingce__V1__DossierRow *head = pack->heads.key[i].row;
        int64_t result = number(head, "result", 2);
        bool counts = flag(head, "counted");
        n.heads++;
        n.completed += result == MINGCE__V1__TRAINING_RESULT__RESULT_COMPLETED;
        n.sat += result != MINGCE__V1__TRAINING_RESULT__RESULT_TOO_FEW_HOURS;
        n.counted += counts;
        if (counts && __builtin_add_overflow(n.share_fen, fen(head, "share_fen"), &n.share_fen))
            n.share_fen = -1;
    }
    return n;
}

/* What the heads that count come to (E5): the unit for each, or by the person their shares, and the cap at most. */
static bool total_right(const struct pack *pack, const struct counted *n)
{
    struct row_record_field cap;
    int64_t total = n->share_fen;
    bool by_project = number(pack->project, "pay_mode", 2) == MINGCE__V1__PROJECT_PAY_MODE__PAY_BY_PROJECT;
    if (by_project && __builtin_mul_overflow(n->counted, fen(pack->project, "unit_fen"), &total))
        return false;
    if (dossier_row_find(pack->project, "cap_fen", 8, &cap) && row_record_number(&cap) < total)
        total = row_record_number(&cap);
    return total == fen(pack->project, "total_fen");
}

/* A class of each head is the project's. Before its heads are frozen a project has none. */
static struct dossier_finding heads_check(const struct pack *pack)
{
    const struct counted n = heads_count(pack);
    struct row_record_field frozen;
    for (size_t i = 0; i < pack->heads.n; i++)
        if (dossier_keys_of(&pack->classes, pack->heads.key[i].row, &by_class) == NULL)
            return broken(PACK_HEADS, TABLE(PROJECT_HEAD));
    if (!dossier_row_find(pack->project, "frozen_on", 4, &frozen))
        return n.heads == 0 ? good : broken(PACK_HEADS, TABLE(PROJECT_HEAD));
    bool same = n.heads == number(pack->project, "enrolled", 4) &&
                n.completed == number(pack->project, "completed", 4) &&
                n.sat == number(pack->project, "sat", 4) &&
                n.counted == number(pack->project, "counted", 4) && total_right(pack, &n);
    return same ? good : broken(PACK_HEADS, TABLE(PROJECT_HEAD));
}

static void taken_count(const struct pack *pack, Mingce__V1__RowTable table, int what)
{
    for (size_t i = 0; i < pack->dossier->n_row; i++) {
        struct dossier_key *head = pack->dossier->row[i]->table == table
                                       ? dossier_keys_of(&pack->heads, pack->dossier->row[i], &by_head)
                                       : NULL;
        if (head != NULL)
            head->seen[what]++;
    }
}

/* A head that counts has one place of the year and one of the occupation and level, any other none unless it was struck for
 * fraud (E7). */
static struct dossier_finding places_check(const struct pack *pack)
{
    taken_count(pack, TABLE(CLAIM_PLACE), PLACE);
    taken_count(pack, TABLE(CLAIM_ONCE), ONCE);
    for (size_t i = 0; i < pack->heads.n; i++) {
        const struct dossier_key *head = &pack->heads.key[i];
        unsigned least = flag(head->row, "counted"), most = least || flag(head->row, "fraud");
        for (int what = PLACE; what <= ONCE; what++)
            if (head->seen[what] < least || head->seen[what] > most)
                return broken(PACK_PLACES, what == PLACE ? TABLE(CLAIM_PLACE) : TABLE(CLAIM_ONCE));
    }
    return good;
}

/* ---- verifications ---- */

/* Whether what a verification found of a head rests on evidence of that head, where it rests on any. */
static bool found_right(const struct pack *pack, const Mingce__V1__DossierRow *found)
{
    struct row_record_field id, head;
    if (!dossier_row_find(found, "head_id", ID, &head) ||
        dossier_keys_find(&pack->heads, head.bytes, ID) == NULL)
        return false;
    if (!dossier_row_find(found, "evidence_id", ID, &id))
        return true;
    const struct dossier_key *evidence = dossier_keys_find(&pack->evidence, id.bytes, ID);
    return evidence != NULL && dossier_row_same(evidence->row, "head_id", &head);
}

static bool run_right(const struct pack *pack, const Mingce__V1__DossierRow *run)
{
    struct row_record_field id;
    int64_t base = 0, employed = 0, which = number(run, "run", 4);
    for (size_t i = 0; i < pack->dossier->n_row; i++) {
        const Mingce__V1__DossierRow *row = pack->dossier->row[i];
        if (row->table != TABLE(PROJECT_RUN_HEAD) || number(row, "run", 4) != which)
            continue;
        if (!found_right(pack, row))
            return false;
        base++;
        employed += dossier_row_find(row, "evidence_id", ID, &id);
    }
    return base == number(run, "base", 4) && employed == number(run, "employed", 4);
}

static struct dossier_finding runs_check(const struct pack *pack)
{
    for (size_t i = 0; i < pack->dossier->n_row; i++)
        if (pack->dossier->row[i]->table == TABLE(PROJECT_RUN) && !run_right(pack, pack->dossier->row[i]))
            return row_broken(pack, i, PACK_RUNS);
    return good;
}

/* ---- money ---- */

static bool has_step(const struct pack *pack, int64_t action)
{
    for (size_t i = 0; i < pack->dossier->n_row; i++)
        if (pack->dossier->row[i]->table == TABLE(PROJECT_STEP) &&
            number(pack->dossier->row[i], "action", 2) == action)
            return true;
    return false;
}

/* The whole fen in a percentage; 10^15 fen at most are a project's. */
static int64_t percent_of(int64_t amount, int64_t percent)
{
    return amount / 100 * percent + amount % 100 * percent / 100;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* While its heads are as they were frozen: the advance is its percentage of the total (E8), and all that was granted at most what
 * was reached (E9). Heads that changed since have changed the total. */
static bool percents_right(const struct pack *pack, int64_t advance, int64_t granted)
{
    const Mingce__V1__DossierRow *project = pack->project;
    int64_t total = fen(project, "total_fen"), most = number(project, "ceiling_percent", 4);
    int64_t first = least(number(project, "advance_percent", 4), most),
            reached = least(number(project, "entitled_percent", 4), most);
    if (number(project, "pay_mode", 2) != MINGCE__V1__PROJECT_PAY_MODE__PAY_BY_PROJECT ||
        has_step(pack, ACTION(STRIKE)) || has_step(pack, ACTION(COUNT)) || has_step(pack, ACTION(TERMINATE)))
        return true;
    return (advance == 0 || advance == percent_of(total, first)) &&
           granted <= percent_of(total, reached > first ? reached : first);
}

/* Advance, balance and parts of persons add up to what the project was granted, those paid to what it was paid, and what came back
 * to what it gave back; with what is still to come back they are no more than the total (E2). */
static struct dossier_finding tranches_check(const struct pack *pack)
{
    int64_t advance = 0, granted = 0, paid = 0, recovered = 0;
    bool right = true;
    for (size_t i = 0; i < pack->tranches.n; i++) {
        const Mingce__V1__DossierRow *tranche = pack->tranches.key[i].row;
        int64_t amount = fen(tranche, "amount_fen"), state = number(tranche, "state", 2);
        bool lives = state != MINGCE__V1__CLAIM_STATE__CLAIM_REJECTED;
        bool was_paid = state == MINGCE__V1__CLAIM_STATE__CLAIM_PAID ||
                        state == MINGCE__V1__CLAIM_STATE__CLAIM_CLAWED_BACK;
        if (lives && number(tranche, "kind", 2) == MINGCE__V1__TRANCHE_KIND__TRANCHE_ADVANCE)
            advance = amount;
        right &= !__builtin_add_overflow(granted, lives ? amount : 0, &granted) &&
                 !__builtin_add_overflow(paid, was_paid ? amount : 0, &paid) &&
                 !__builtin_add_overflow(recovered, fen(tranche, "recovered_fen"), &recovered);
    }
    right = right && granted == fen(pack->project, "granted_fen") && paid == fen(pack->project, "paid_fen") &&
            recovered == fen(pack->project, "recovered_fen") &&
            granted - recovered - fen(pack->project, "recover_fen") <= fen(pack->project, "total_fen") &&
            percents_right(pack, advance, granted);
    return right ? good : broken(PACK_TRANCHES, TABLE(TRANCHE));
}

/* Each charge and each line of a batch is of its tranche's amount; a batch has a row for each of its lines here. */
static struct dossier_finding payments_check(const struct pack *pack)
{
    struct dossier_keys made = {NULL, 0};
    struct dossier_finding found = dossier_keys_gather(&made, pack->dossier, TABLE(PAYMENT_BATCH), &by_batch)
                                       ? good
                                       : broken(DOSSIER_MEMORY, 0);
    for (size_t i = 0; found.fault == DOSSIER_GOOD && i < pack->dossier->n_row; i++) {
        const Mingce__V1__DossierRow *row = pack->dossier->row[i];
        if (row->table != TABLE(CHARGE) && row->table != TABLE(BATCH_LINE))
            continue;
        const struct dossier_key *tranche = dossier_keys_of(&pack->tranches, row, &by_subject);
        if (tranche == NULL || fen(row, "amount_fen") != fen(tranche->row, "amount_fen"))
            found = row_broken(pack, i, PACK_PAYMENTS);
        else if (row->table == TABLE(BATCH_LINE) && dossier_keys_of(&made, row, &by_batch) == NULL)
            found = broken(PACK_ROWS, TABLE(PAYMENT_BATCH));
    }
    free(made.key);
    return found;
}

/* ---- the whole ---- */

/* One row of each class of the project. */
static struct dossier_finding classes_check(const struct pack *pack)
{
    size_t n = 0;
    for (size_t i = 0; i < pack->dossier->n_row; i++)
        n += pack->dossier->row[i]->table == TABLE(CLASS);
    return n == pack->classes.n ? good : broken(PACK_ROWS, TABLE(CLASS));
}

static bool project_find(struct pack *pack)
{
    for (size_t i = 0; i < pack->dossier->n_row; i++)
        if (pack->dossier->row[i]->table == TABLE(PROJECT)) {
            if (pack->project != NULL)
                return false;
            pack->project = pack->dossier->row[i];
        }
    return pack->project != NULL;
}

static bool keys_gather(struct pack *pack)
{
    const Mingce__V1__Dossier *dossier = pack->dossier;
    return dossier_keys_gather(&pack->heads, dossier, TABLE(PROJECT_HEAD), &by_head) &&
           dossier_keys_gather(&pack->classes, dossier, TABLE(PROJECT_CLASS), &by_class) &&
           dossier_keys_gather(&pack->tranches, dossier, TABLE(TRANCHE), &by_tranche) &&
           dossier_keys_gather(&pack->evidence, dossier, TABLE(PROJECT_EVIDENCE), &by_evidence) &&
           dossier_keys_gather(&pack->batches, dossier, TABLE(BATCH_LINE), &by_batch) &&
           dossier_keys_gather(&pack->lines, dossier, TABLE(BATCH_LINE), &by_line) && decided_gather(pack);
}

static void pack_free(struct pack *pack)
{
    free(pack->heads.key);
    free(pack->classes.key);
    free(pack->tranches.key);
    free(pack->evidence.key);
    free(pack->batches.key);
    free(pack->lines.key);
    free(pack->decided);
}

struct dossier_finding dossier_pack_whole(const Mingce__V1__Dossier *dossier,
                                          Mingce__V1__AuditEntry *const *entries,
                                          const struct dossier_index *index)
{
    static struct dossier_finding (*const checks[])(const struct pack *) = {
        foreign_check, steps_check, rows_all,       classes_check, heads_check,
        places_check,  runs_check,  tranches_check, payments_check};
    struct pack pack = {.dossier = dossier, .entries = entries, .index = index};
    struct dossier_finding found = good;
    if (!project_find(&pack))
        return broken(PACK_STEPS, 0);
    if (!keys_gather(&pack))
        found = broken(DOSSIER_MEMORY, 0);
    for (size_t i = 0; found.fault == DOSSIER_GOOD && i < sizeof(checks) / sizeof(*checks); i++)
        found = checks[i](&pack);
    pack_free(&pack);
    return found;
}
