/* SPDX-License-Identifier: Apache-2.0 */
/* Import of a roster: the rules of each row here, everything that needs other records in the database. */
#include "daemon/registry/methods.h"

#include <openssl/crypto.h>
#include <string.h>

#include "daemon/crypto/identity.h"
#include "daemon/registry/batch.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/payee.h"
#include "daemon/registry/person.h"
#include "proto/rules/person_name.h"
#include "proto/rules/roster.h"

#define IMPORT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(IMPORT_IN_CLASS, "class", INT8)                                                                   \
    COLUMN(IMPORT_IN_DRY_RUN, "dry_run", BOOL)                                                               \
    COLUMN(IMPORT_IN_PENDING, "pending", INT4)                                                               \
    COLUMN(IMPORT_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(IMPORT_IN_ROW, "row", INT4)                                                                       \
    COLUMN(IMPORT_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(IMPORT_IN_DOCUMENT_INDEX, "document_index", BYTEA)                                                \
    COLUMN(IMPORT_IN_DOCUMENT_TYPE, "document_type", INT2)                                                   \
    COLUMN(IMPORT_IN_NAME_INDEX, "name_index", BYTEA)                                                        \
    COLUMN(IMPORT_IN_BIRTH, "birth", DATE)                                                                   \
    COLUMN(IMPORT_IN_TRAINEE_GROUP, "trainee_group", INT2)                                                   \
    COLUMN(IMPORT_IN_PERSON_ID, "person_id", UUID)                                                           \
    COLUMN(IMPORT_IN_PERSON_SEALED, "person_sealed", BYTEA)                                                  \
    COLUMN(IMPORT_IN_PERSON_COMMITMENT, "person_commitment", BYTEA)                                          \
    COLUMN(IMPORT_IN_SEARCH_KEY, "search_key", INT8)                                                         \
    COLUMN(IMPORT_IN_ENROLMENT_ID, "enrolment_id", UUID)                                                     \
    COLUMN(IMPORT_IN_ENROLMENT_SEALED, "enrolment_sealed", BYTEA)                                            \
    COLUMN(IMPORT_IN_ENROLMENT_COMMITMENT, "enrolment_commitment", BYTEA)                                    \
    COLUMN(IMPORT_IN_WARNINGS, "warnings", TEXT)                                                             \
    COLUMN(IMPORT_IN_ACCOUNT_INDEX, "account_index", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, import_parameters, IMPORT_PARAMETERS);
#define IMPORT_RESULT(COLUMN)                                                                                \
    COLUMN(IMPORT_ROW, "row_number", INT4)                                                                   \
    COLUMN(IMPORT_OUTCOME, "outcome", INT2)                                                                  \
    COLUMN(IMPORT_RECORD, "record_id", UUID)                                                                 \
    COLUMN(IMPORT_SEALED, "person_sealed", BYTEA)                                                            \
    COLUMN(IMPORT_SEAT, "seat", INT4)                                                                        \
    COLUMN(IMPORT_PERSON, "person_id", UUID)
COLUMNS_AFTER(RESULT, import_result, IMPORT_RESULT);
const struct statement roster_import_statement = {
    .name = "roster_import",
    .parameters = COLUMNS(import_parameters),
    .rows = IMPORT_IN_ROW_REQ,
    .result = COLUMNS(import_result),
};

/* What bind leaves for render: one per row of the request. */
struct roster_note {
    struct findings findings;
    bool refused;                 /* by the rules of the row: the database never saw it */
    bool number_says_birth;       /* else the declared date did */
    char name[ROSTER_NAME_BYTES]; /* to be shown masked beside the stored one (A6) */
};

static const Mingce__V1__RosterImportRequest *import_request(const struct call *call)
{
    return (const Mingce__V1__RosterImportRequest *) call->request;
}

enum reason roster_import_valid(struct call *call)
{
    const Mingce__V1__RosterImportRequest *request = import_request(call);
    if (request->n_row == 0)
        return call_refuse(call, "row", REASON_ROSTER_EMPTY);
    if (request->n_row > call->settings->roster_rows)
        return call_refuse(call, "row", REASON_ROSTER_TOO_MANY);
    for (size_t i = 0; i < request->n_row; i++) {
        if (request->row[i]->row == 0 || request->row[i]->row > INT32_MAX)
            return call_refuse(call, "row", REASON_ROW_NUMBER_ZERO);
        if (i > 0 && request->row[i]->row <= request->row[i - 1]->row)
            return call_refuse(call, "row", REASON_ROW_NUMBER_REPEATED);
    }
    call->notes = arena_array(call->arena, request->n_row, sizeof(struct roster_note));
    return call->notes == NULL ? REASON_MEMORY : REASON_NONE;
}

/* The recorded warnings, comma-separated; NULL for none. */
static const char *warnings_text(const struct findings *findings, char *text, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < findings->n; i++) {
        const char *name = reason_text(findings->at[i].reason)->name;
        size_t n = strlen(name);
        if (used + n + 2 > room)
            break;
        if (used > 0)
            text[used++] = ',';
        memcpy(text + used, name, n);
        used += n;
    }
    text[used] = '\0';
    return used == 0 ? NULL : text;
}

/* False: out of memory, and nothing has been bound of the line. */
static bool bind_row_of(struct call *call, struct set *set, uint32_t row, const struct roster_clean *clean,
                        const struct findings *findings)
{
    int64_t search_key = 0;
    uint8_t head[CALL_ENTRY_HEAD], document[INDEX_BYTES], name[INDEX_BYTES], account[INDEX_BYTES],
        person_id[16], enrolment_id[16];
    char warnings[1024];
    struct sealed_record person, enrolment;
    if (!identity_index(call->keys, &clean->document, document) ||
        !person_name_index(call->keys, clean->name, name) ||
        (clean->birth != DAY_NONE &&
         !person_search_key(call->keys, clean->name, clean->birth, &search_key)) ||
        !person_seal(call->keys, clean, person_id, &person) ||
        !enrolment_seal(call->keys, clean, enrolment_id, &enrolment) ||
        (*clean->account_number != '\0' && !account_index(call->keys, clean->account_number, account)))
        return false;
    set_row(set);
    set_int4(set, IMPORT_IN_ROW, (int32_t) row);
    set_bytes(set, IMPORT_IN_ROW_HEAD, head, call_entry_head(call, row, head));
    set_bytes(set, IMPORT_IN_DOCUMENT_INDEX, document, sizeof(document));
    set_int2(set, IMPORT_IN_DOCUMENT_TYPE, (int16_t) clean->document.type);
    set_bytes(set, IMPORT_IN_NAME_INDEX, name, sizeof(name));
    set_day(set, IMPORT_IN_BIRTH, clean->birth);
    set_int2(set, IMPORT_IN_TRAINEE_GROUP, clean->trainee_group);
    set_uuid(set, IMPORT_IN_PERSON_ID, person_id);
    set_bytes(set, IMPORT_IN_PERSON_SEALED, person.bytes, person.n);
    set_bytes(set, IMPORT_IN_PERSON_COMMITMENT, person.commitment, sizeof(person.commitment));
    if (clean->birth != DAY_NONE)
        set_int8(set, IMPORT_IN_SEARCH_KEY, search_key);
    else
        set_null(set, IMPORT_IN_SEARCH_KEY);
    set_uuid(set, IMPORT_IN_ENROLMENT_ID, enrolment_id);
    set_bytes(set, IMPORT_IN_ENROLMENT_SEALED, enrolment.bytes, enrolment.n);
    set_bytes(set, IMPORT_IN_ENROLMENT_COMMITMENT, enrolment.commitment, sizeof(enrolment.commitment));
    set_text(set, IMPORT_IN_WARNINGS, warnings_text(findings, warnings, sizeof(warnings)));
    if (*clean->account_number == '\0')
        set_null(set, IMPORT_IN_ACCOUNT_INDEX);
    else
        set_bytes(set, IMPORT_IN_ACCOUNT_INDEX, account, sizeof(account));
    return true;
}

/* A9: whether a spreadsheet has zeroed the ends of the request's numbers. Looked at only where a number ends like that. */
static bool column_zeroed(const Mingce__V1__RosterImportRequest *request, day today)
{
    struct roster_clean clean;
    struct findings findings;
    bool zeroed = false;
    for (size_t i = 0; !zeroed && i < request->n_row; i++) {
        const char *number = request->row[i]->document_number;
        if (number == NULL || strstr(number, "000") == NULL)
            continue;
        (void) roster_check(request->row[i], today, DAY_NONE, &clean, &findings);
        zeroed = roster_zeroed(&findings);
    }
    OPENSSL_cleanse(&clean, sizeof(clean));
    return zeroed;
}

void roster_import_bind(struct call *call, struct set *set)
{
    const Mingce__V1__RosterImportRequest *request = import_request(call);
    struct roster_note *notes = call->notes;
    day today = day_at(call->at_ms);
    bool zeroed = column_zeroed(request, today);
    struct roster_clean clean;
    set_int8(set, IMPORT_IN_CLASS, request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    set_bool(set, IMPORT_IN_DRY_RUN, request->dry_run);
    /* a dry run tells of every row, a request of those that are refused, which are on record */
    set_int4(set, IMPORT_IN_PENDING,
             call_looks_pending(call, request->dry_run ? (uint32_t) request->n_row : 0));
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__RosterRow *row = request->row[i];
        notes[i].refused = !roster_check(row, today, DAY_NONE, &clean, &notes[i].findings);
        if (!notes[i].refused && zeroed && roster_maybe_zeroed(&clean)) {
            notes[i].refused = true;
            notes[i].findings.n = 1;
            notes[i].findings.at[0] = (struct finding){REASON_ID_COLUMN_ZEROED, "document_number"};
        }
        if (notes[i].refused)
            continue;
        notes[i].number_says_birth = clean.document.birth != DAY_NONE;
        memcpy(notes[i].name, clean.name, sizeof(clean.name));
        if (!bind_row_of(call, set, row->row, &clean, &notes[i].findings)) {
            set_fail(set); /* all or nothing: the answer to this request id is for good */
            break;
        }
    }
    OPENSSL_cleanse(&clean, sizeof(clean));
}

/* A6: both facts, masked. What cannot be opened is left out. */
static void finding_names(struct call *call, Mingce__V1__Finding *finding, const char *stated,
                          const struct rows *rows, size_t line)
{
    char stated_mask[PERSON_NAME_MASK_BYTES], stored_mask[PERSON_NAME_MASK_BYTES];
    size_t n;
    const uint8_t *sealed = rows_bytes(rows, line, IMPORT_SEALED, &n);
    const uint8_t *id = rows_uuid(rows, line, IMPORT_RECORD);
    ProtobufCMessage *record = sealed == NULL || id == NULL
                                   ? NULL
                                   : record_open(call->keys, &mingce__v1__person_record__descriptor, id,
                                                 sealed, n, arena_allocator(call->arena));
    if (record == NULL)
        return;
    person_name_mask(stated, stated_mask);
    person_name_mask(((Mingce__V1__PersonRecord *) (void *) record)->name, stored_mask);
    finding->zh =
        arena_printf(call->arena, "%s（登记：%s；本次：%s）", finding->zh, stored_mask, stated_mask);
    finding->en =
        arena_printf(call->arena, "%s (registered: %s; stated: %s)", finding->en, stored_mask, stated_mask);
}

/* The field that the database's word is about. */
static const char *decided_field(enum reason decided, const struct roster_note *note)
{
    if (decided == REASON_NAME_DIFFERS)
        return "name";
    bool age = decided == REASON_UNDER_AGE || decided == REASON_BIRTH_AFTER_START;
    return age && !note->number_says_birth ? "birth_date" : "document_number";
}

/* The findings of one row: those of its rules, and the database's, whose line is `line` (0: never sent). */
static void result_fill(struct call *call, Mingce__V1__RosterResult *result, const struct roster_note *note,
                        const struct rows *rows, size_t line)
{
    enum reason decided = line == 0 ? REASON_NONE : outcome_reason(rows_int2(rows, line, IMPORT_OUTCOME));
    size_t most = note->findings.n + 1;
    for (size_t i = 0; i < note->findings.n; i++)
        RESULT_FIND(call, result, most, note->findings.at[i].reason, note->findings.at[i].field);
    result->verdict = note->refused ? MINGCE__V1__ROW_VERDICT__ROW_REFUSED : outcome_verdict(decided);
    result->has_seat = line > 0 && !rows_null(rows, line, IMPORT_SEAT);
    if (result->has_seat)
        result->seat = (uint32_t) rows_int4(rows, line, IMPORT_SEAT);
    if (decided == REASON_NONE)
        return;
    Mingce__V1__Finding *last = RESULT_FIND(call, result, most, decided, decided_field(decided, note));
    if (last != NULL && decided == REASON_NAME_DIFFERS)
        finding_names(call, last, note->name, rows, line);
}

/* What an answer says about persons is a look: whose registered name it shows beside the stated one; and of a dry run, which
 * leaves no other trace, every line that it judged. */
static bool looks_record(struct call *call, const struct rows *rows)
{
    size_t missed = 0;
    for (size_t line = 1; line < rows_count(rows); line++) {
        if (!rows_null(rows, line, IMPORT_PERSON)) {
            if (!call_look(call, rows_uuid(rows, line, IMPORT_PERSON)))
                return false;
        } else if (import_request(call)->dry_run) {
            missed++;
        }
    }
    return call_look_missed(call, missed);
}

enum reason roster_import_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__RosterImportRequest *request = import_request(call);
    const struct roster_note *notes = call->notes;
    size_t line = 0;
    enum reason whole =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, IMPORT_OUTCOME));
    if (whole == REASON_LOOKS_EXCEEDED && !call_look_refused(call))
        return REASON_STORE_BUSY;
    if (whole != REASON_NONE)
        return call_refuse(call, whole == REASON_CLASS_UNKNOWN ? "class_number" : NULL, whole);
    Mingce__V1__RosterImportResponse *response = (Mingce__V1__RosterImportResponse *) out;
    size_t n = CALL_LIST(call, response, result, request->n_row);
    for (size_t i = 0; i < n; i++) {
        Mingce__V1__RosterResult *result = response->result[i];
        mingce__v1__roster_result__init(result);
        result->row = request->row[i]->row;
        if (!notes[i].refused &&
            (++line >= rows_count(rows) || rows_int4(rows, line, IMPORT_ROW) != (int32_t) result->row))
            return REASON_STORE_FAILED;
        result_fill(call, result, &notes[i], rows, notes[i].refused ? 0 : line);
        verdict_count(result->verdict, &response->enrolled, &response->duplicate, &response->refused);
    }
    return looks_record(call, rows) ? REASON_NONE : REASON_STORE_BUSY;
}
