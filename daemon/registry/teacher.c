/* SPDX-License-Identifier: Apache-2.0 */
/* Who teaches what at an institution (G31): proto/venue.proto, migrations/api/teacher.sql. */
#include "daemon/registry/teacher.h"

#include <openssl/crypto.h>

#include "daemon/crypto/identity.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"
#include "proto/rules/cell.h"
#include "proto/rules/codes.h"
#include "proto/rules/person_name.h"
#include "proto/venue.pb-c.h"

enum { ID = 16, DIGITS_MOST = 5 /* in a row: what a qualification may have that has no number */ };

#define IMPORT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(IMPORT_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(IMPORT_IN_ROW, "row", INT4)                                                                       \
    COLUMN(IMPORT_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(IMPORT_IN_TEACHER, "teacher", UUID)                                                               \
    COLUMN(IMPORT_IN_TEACHER_INDEX, "teacher_index", BYTEA)                                                  \
    COLUMN(IMPORT_IN_NAME_INDEX, "name_index", BYTEA)                                                        \
    COLUMN(IMPORT_IN_SEALED, "sealed", BYTEA)                                                                \
    COLUMN(IMPORT_IN_COMMITMENT, "commitment", BYTEA)                                                        \
    COLUMN(IMPORT_IN_OCCUPATION, "occupation", TEXT)                                                         \
    COLUMN(IMPORT_IN_LEVEL, "level", INT2)                                                                   \
    COLUMN(IMPORT_IN_QUALIFICATION, "qualification", TEXT)                                                   \
    COLUMN(IMPORT_IN_FROM, "from", DATE)                                                                     \
    COLUMN(IMPORT_IN_TO, "to", DATE)
COLUMNS_AFTER(METHOD_WRITE, import_parameters, IMPORT_PARAMETERS);
const struct statement teacher_import_statement = {
    .name = "teacher_import",
    .parameters = COLUMNS(import_parameters),
    .rows = IMPORT_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define END_PARAMETERS(COLUMN)                                                                               \
    COLUMN(END_IN_TEACHER, "teacher", UUID)                                                                  \
    COLUMN(END_IN_TO, "to", DATE)
COLUMNS_AFTER(METHOD_WRITE, end_parameters, END_PARAMETERS);
const struct statement teacher_end_statement = {
    .name = "teacher_end",
    .parameters = COLUMNS(end_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define ERASE_PARAMETERS(COLUMN) COLUMN(ERASE_IN_TEACHER, "teacher", UUID)
COLUMNS_AFTER(METHOD_WRITE, erase_parameters, ERASE_PARAMETERS);
const struct statement teacher_erase_statement = {
    .name = "teacher_erase",
    .parameters = COLUMNS(erase_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_AFTER, "after", UUID)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_ORGANISATION, "organisation", TEXT)                                                       \
    COLUMN(LIST_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(LIST_TEACHER, "teacher_id", UUID)                                                                 \
    COLUMN(LIST_PERSON, "person_id", UUID)                                                                   \
    COLUMN(LIST_SEALED, "sealed", BYTEA)                                                                     \
    COLUMN(LIST_ORGANISATION_CODE, "organisation_code", TEXT)                                                \
    COLUMN(LIST_ORGANISATION_NAME, "organisation_name", TEXT)                                                \
    COLUMN(LIST_OCCUPATION, "occupation_code", TEXT)                                                         \
    COLUMN(LIST_OCCUPATION_NAME, "occupation_name", TEXT)                                                    \
    COLUMN(LIST_LEVEL, "level", INT2)                                                                        \
    COLUMN(LIST_QUALIFICATION, "qualification", TEXT)                                                        \
    COLUMN(LIST_FROM, "valid_from", DATE)                                                                    \
    COLUMN(LIST_TO, "valid_to", DATE)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement teacher_list_statement = {
    .name = "teacher_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- who ---- */

static bool refuse(struct row_note *note, enum reason reason, const char *field)
{
    note->reason = reason;
    note->field = field;
    return false;
}

bool teacher_fits(const struct call *call, const struct teacher_said *said, struct row_note *note,
                  struct roster_clean *teacher)
{
    enum document_type type;
    enum reason warning, dot, space;
    *teacher = (struct roster_clean){.birth = DAY_NONE, .declared_birth = DAY_NONE};
    if (!document_type_of(said->type, &type))
        return refuse(note, REASON_DOCUMENT_TYPE_UNKNOWN, said->type_field);
    enum reason reason =
        document_parse(type, said->number, said->country, day_at(call->at_ms), &teacher->document, &warning);
    if (reason != REASON_NONE)
        return refuse(note, reason,
                      reason == REASON_COUNTRY_MISSING ? said->country_field : said->number_field);
    reason = person_name_parse(said->name, teacher->name, &dot, &space);
    if (reason != REASON_NONE)
        return refuse(note, reason, said->name_field);
    teacher->sex = teacher->document.sex;
    teacher->birth = teacher->document.birth;
    return true;
}

bool teacher_seal(struct keyring *keys, const struct roster_clean *teacher, struct teacher_sealed *sealed)
{
    return identity_index(keys, &teacher->document, sealed->index) &&
           person_name_index(keys, teacher->name, sealed->name_index) &&
           person_seal(keys, teacher, sealed->id, &sealed->record);
}

/* ---- import ---- */

static const Mingce__V1__TeacherImportRequest *import_request(const struct call *call)
{
    return (const Mingce__V1__TeacherImportRequest *) call->request;
}

enum reason teacher_import_valid(struct call *call)
{
    const Mingce__V1__TeacherImportRequest *request = import_request(call);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

/* Whether so many digits stand in a row that they may be somebody's number, which is kept in clear nowhere (D1). */
static bool has_number(const char *text)
{
    size_t n = 0;
    for (; *text != '\0' && n <= DIGITS_MOST; text++)
        n = cell_digit(*text) ? n + 1 : 0;
    return n > DIGITS_MOST;
}

/* Everything of a row but who it is. */
static bool registration_fits(const Mingce__V1__TeacherRow *row, struct row_note *note)
{
    char qualification[4 * TEXT_NAME_CHARACTERS + 1];
    day from = day_parse(row->valid_from);
    day to = row->valid_to == NULL ? DAY_NONE : day_parse(row->valid_to);
    if (row->level > UINT8_MAX || code_name(CODES_SKILL_LEVEL, (uint8_t) row->level) == NULL)
        return refuse(note, REASON_LEVEL_UNKNOWN, "level");
    if (!text_fits(row->qualification, TEXT_NAME_CHARACTERS))
        return refuse(note, REASON_QUALIFICATION_LENGTH, "qualification");
    if (!cell_number(row->qualification, qualification, sizeof(qualification)) || has_number(qualification))
        return refuse(note, REASON_QUALIFICATION_NUMBER, "qualification");
    if (from == DAY_NONE)
        return refuse(note, REASON_DATE_FORMAT, "valid_from");
    if (row->valid_to != NULL && to == DAY_NONE)
        return refuse(note, REASON_DATE_FORMAT, "valid_to");
    if (to != DAY_NONE && to < from)
        return refuse(note, REASON_PERIOD_ORDER, "valid_to");
    return true;
}

static void bind_registration(struct call *call, struct set *set, const Mingce__V1__TeacherRow *row, size_t i,
                              const struct roster_clean *teacher)
{
    struct teacher_sealed sealed;
    if (!teacher_seal(call->keys, teacher, &sealed)) {
        set_fail(set);
        return;
    }
    row_bind(call, set, IMPORT_IN_ROW, i);
    set_uuid(set, IMPORT_IN_TEACHER, sealed.id);
    set_bytes(set, IMPORT_IN_TEACHER_INDEX, sealed.index, sizeof(sealed.index));
    set_bytes(set, IMPORT_IN_NAME_INDEX, sealed.name_index, sizeof(sealed.name_index));
    set_bytes(set, IMPORT_IN_SEALED, sealed.record.bytes, sealed.record.n);
    set_bytes(set, IMPORT_IN_COMMITMENT, sealed.record.commitment, sizeof(sealed.record.commitment));
    set_text(set, IMPORT_IN_OCCUPATION, row->occupation_code);
    set_int2(set, IMPORT_IN_LEVEL, (int16_t) row->level);
    set_text(set, IMPORT_IN_QUALIFICATION, row->qualification);
    set_day(set, IMPORT_IN_FROM, day_parse(row->valid_from));
    set_day(set, IMPORT_IN_TO, row->valid_to == NULL ? DAY_NONE : day_parse(row->valid_to));
}

static void bind_row(struct call *call, struct set *set, const Mingce__V1__TeacherRow *row, size_t i)
{
    struct row_note *note = row_note(call, i);
    const struct teacher_said said = {.name = row->name,
                                      .name_field = "name",
                                      .type = row->document_type,
                                      .type_field = "document_type",
                                      .number = row->document_number,
                                      .number_field = "document_number",
                                      .country = row->issuing_country,
                                      .country_field = "issuing_country"};
    struct roster_clean teacher;
    *note = (struct row_note){.row = row->row};
    if (!registration_fits(row, note))
        return;
    if (teacher_fits(call, &said, note, &teacher))
        bind_registration(call, set, row, i, &teacher);
    OPENSSL_cleanse(&teacher, sizeof(teacher));
}

void teacher_import_bind(struct call *call, struct set *set)
{
    const Mingce__V1__TeacherImportRequest *request = import_request(call);
    for (size_t i = 0; i < request->n_row; i++)
        bind_row(call, set, request->row[i], i);
}

static const char *import_field(enum reason reason)
{
    switch (reason) {
    case REASON_OCCUPATION_UNKNOWN:
        return "occupation_code";
    case REASON_NAME_DIFFERS:
        return "name";
    default:
        return "document_number";
    }
}

enum reason teacher_import_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, import_request(call)->n_row, rows, import_field, out);
}

/* ---- end ---- */

static const Mingce__V1__TeacherEndRequest *end_request(const struct call *call)
{
    return (const Mingce__V1__TeacherEndRequest *) call->request;
}

enum reason teacher_end_valid(struct call *call)
{
    if (end_request(call)->teacher_id.len != ID)
        return call_refuse(call, "teacher_id", REASON_TEACHER_ID_UNKNOWN);
    return day_parse(end_request(call)->valid_to) == DAY_NONE
               ? call_refuse(call, "valid_to", REASON_DATE_FORMAT)
               : REASON_NONE;
}

void teacher_end_bind(struct call *call, struct set *set)
{
    set_uuid(set, END_IN_TEACHER, end_request(call)->teacher_id.data);
    set_day(set, END_IN_TO, day_parse(end_request(call)->valid_to));
}

enum reason teacher_end_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    (void) out;
    if (reason == REASON_TEACHER_ID_UNKNOWN)
        return call_refuse(call, "teacher_id", reason);
    if (reason == REASON_DATE_ORDER)
        return call_refuse(call, "valid_to", REASON_PERIOD_ORDER);
    if (reason == REASON_TEACHER_PLANNED || reason == REASON_TEACHER_OVERLAPS)
        return call_refuse(call, "valid_to", reason);
    return reason;
}

/* ---- erase ---- */

static const Mingce__V1__TeacherEraseRequest *erase_request(const struct call *call)
{
    return (const Mingce__V1__TeacherEraseRequest *) call->request;
}

enum reason teacher_erase_valid(struct call *call)
{
    return erase_request(call)->teacher_id.len != ID
               ? call_refuse(call, "teacher_id", REASON_TEACHER_ID_UNKNOWN)
               : REASON_NONE;
}

void teacher_erase_bind(struct call *call, struct set *set)
{
    set_uuid(set, ERASE_IN_TEACHER, erase_request(call)->teacher_id.data);
}

enum reason teacher_erase_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    (void) out;
    return reason == REASON_NONE || reason == REASON_NOT_ALLOWED || reason == REASON_REQUEST_ID_REUSED ||
                   reason == REASON_LOOKS_EXCEEDED
               ? reason
               : call_refuse(call, "teacher_id", reason);
}

/* ---- list ---- */

static const Mingce__V1__TeacherListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__TeacherListRequest *) call->request;
}

enum reason teacher_list_valid(struct call *call)
{
    const Mingce__V1__TeacherListRequest *request = list_request(call);
    return page_valid_id(call, PAGE(request));
}

void teacher_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__TeacherListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_AFTER, PAGE(request));
    uint32_t most = page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_text(set, LIST_IN_ORGANISATION, request->organisation_code);
    set_int4(set, LIST_IN_PENDING, call_looks_pending(call, most));
}

static void teacher_fill(struct call *call, Mingce__V1__Teacher *teacher, const struct rows *rows, size_t row)
{
    struct person_masked person;
    person_mask(call, rows, row, LIST_TEACHER, LIST_SEALED, &person);
    mingce__v1__teacher__init(teacher);
    call_bytes(call, &teacher->teacher_id, rows_uuid(rows, row, LIST_TEACHER), ID);
    teacher->organisation_code = unconst(rows_text(rows, row, LIST_ORGANISATION_CODE));
    teacher->organisation_name = unconst(rows_text(rows, row, LIST_ORGANISATION_NAME));
    teacher->name = person.name;
    teacher->document_number = person.document_number;
    teacher->occupation_code = unconst(rows_text(rows, row, LIST_OCCUPATION));
    teacher->occupation_name = unconst(rows_text(rows, row, LIST_OCCUPATION_NAME));
    teacher->level = (Mingce__V1__SkillLevel) rows_int2(rows, row, LIST_LEVEL);
    teacher->qualification = unconst(rows_text(rows, row, LIST_QUALIFICATION));
    teacher->valid_from = call_day(call, rows_day(rows, row, LIST_FROM));
    teacher->valid_to = call_day(call, rows_day(rows, row, LIST_TO));
}

enum reason teacher_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__TeacherListRequest *request = list_request(call);
    enum reason whole =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, LIST_OUTCOME));
    if (whole != REASON_NONE)
        return person_look_refused(call, whole);
    size_t found = rows_count(rows) - 1; /* row 0 is about the request */
    Mingce__V1__TeacherListResponse *response = (Mingce__V1__TeacherListResponse *) out;
    size_t n = PAGE_LIST(call, response, teacher, PAGE(request), found);
    bool kept = true;
    size_t others = 0, sealed; /* who are no persons of the registry */
    for (size_t i = 0; i < n; i++) {
        teacher_fill(call, response->teacher[i], rows, i + 1);
        if (!rows_null(rows, i + 1, LIST_PERSON))
            kept = kept && call_look(call, rows_uuid(rows, i + 1, LIST_PERSON));
        else if (rows_bytes(rows, i + 1, LIST_SEALED, &sealed) != NULL && sealed > 0)
            others++;
    }
    kept = kept && call_look_missed(call, others);
    if (response->has_next)
        call_bytes(call, &response->next, rows_uuid(rows, n, LIST_TEACHER), ID);
    return kept ? REASON_NONE : REASON_STORE_BUSY;
}
