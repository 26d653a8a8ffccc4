/* SPDX-License-Identifier: Apache-2.0 */
/* Attendance, marks, and how the trainees of a class stand: proto/training.proto, migrations/api/training.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/batch.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"
#include "proto/rules/bounds.h"
#include "proto/training.pb-c.h"

#define ATTENDANCE_PARAMETERS(COLUMN)                                                                        \
    COLUMN(ATTENDANCE_IN_CLASS, "class", INT8)                                                               \
    COLUMN(ATTENDANCE_IN_REASON, "reason", TEXT)                                                             \
    COLUMN(ATTENDANCE_IN_ROW_REQ, "row_req", INT4)                                                           \
    COLUMN(ATTENDANCE_IN_ROW, "row", INT4)                                                                   \
    COLUMN(ATTENDANCE_IN_ROW_HEAD, "row_head", BYTEA)                                                        \
    COLUMN(ATTENDANCE_IN_SEAT, "seat", INT4)                                                                 \
    COLUMN(ATTENDANCE_IN_DOCUMENT_INDEX, "document_index", BYTEA)                                            \
    COLUMN(ATTENDANCE_IN_LESSON, "lesson", INT4)                                                             \
    COLUMN(ATTENDANCE_IN_STATE, "state", INT2)                                                               \
    COLUMN(ATTENDANCE_IN_NAME_INDEX, "name_index", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, attendance_parameters, ATTENDANCE_PARAMETERS);
const struct statement attendance_import_statement = {
    .name = "attendance_import",
    .parameters = COLUMNS(attendance_parameters),
    .rows = ATTENDANCE_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define MARKS_PARAMETERS(COLUMN)                                                                             \
    COLUMN(MARKS_IN_CLASS, "class", INT8)                                                                    \
    COLUMN(MARKS_IN_REASON, "reason", TEXT)                                                                  \
    COLUMN(MARKS_IN_ROW_REQ, "row_req", INT4)                                                                \
    COLUMN(MARKS_IN_ROW, "row", INT4)                                                                        \
    COLUMN(MARKS_IN_ROW_HEAD, "row_head", BYTEA)                                                             \
    COLUMN(MARKS_IN_SEAT, "seat", INT4)                                                                      \
    COLUMN(MARKS_IN_DOCUMENT_INDEX, "document_index", BYTEA)                                                 \
    COLUMN(MARKS_IN_THEORY, "theory", INT2)                                                                  \
    COLUMN(MARKS_IN_PRACTICE, "practice", INT2)                                                              \
    COLUMN(MARKS_IN_NAME_INDEX, "name_index", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, marks_parameters, MARKS_PARAMETERS);
const struct statement marks_import_statement = {
    .name = "marks_import",
    .parameters = COLUMNS(marks_parameters),
    .rows = MARKS_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_CLASS, "class", INT8)                                                                     \
    COLUMN(LIST_IN_AFTER, "after", INT4)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(LIST_SEAT, "seat", INT4)                                                                          \
    COLUMN(LIST_RECORD, "record_id", UUID)                                                                   \
    COLUMN(LIST_SEALED, "person_sealed", BYTEA)                                                              \
    COLUMN(LIST_ATTENDED, "attended", INT4)                                                                  \
    COLUMN(LIST_PLANNED, "planned", INT4)                                                                    \
    COLUMN(LIST_THEORY, "theory", INT2)                                                                      \
    COLUMN(LIST_PRACTICE, "practice", INT2)                                                                  \
    COLUMN(LIST_RESULT, "result", INT2)                                                                      \
    COLUMN(LIST_REMOVED, "removed_reason", TEXT)                                                             \
    COLUMN(LIST_OVERLAPS, "overlaps", INT4)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement training_list_statement = {
    .name = "training_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

static enum reason valid_reason(struct call *call, const char *reason)
{
    return reason == NULL || text_fits(reason, TEXT_REASON_CHARACTERS)
               ? REASON_NONE
               : call_refuse(call, "reason", REASON_REASON_LENGTH);
}

static void bind_class(struct set *set, size_t class, size_t because, uint64_t number, const char *reason)
{
    set_int8(set, class, number > INT64_MAX ? 0 : (int64_t) number);
    set_text(set, because, reason);
}

/* ---- attendance ---- */

static const Mingce__V1__AttendanceImportRequest *attendance_request(const struct call *call)
{
    return (const Mingce__V1__AttendanceImportRequest *) call->request;
}

enum reason attendance_import_valid(struct call *call)
{
    const Mingce__V1__AttendanceImportRequest *request = attendance_request(call);
    enum reason reason = valid_reason(call, request->reason);
    if (reason == REASON_NONE)
        reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

void attendance_import_bind(struct call *call, struct set *set)
{
    const Mingce__V1__AttendanceImportRequest *request = attendance_request(call);
    struct row_trainee trainee;
    bind_class(set, ATTENDANCE_IN_CLASS, ATTENDANCE_IN_REASON, request->class_number, request->reason);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__AttendanceRow *row = request->row[i];
        const struct row_said said = {row->has_seat,        row->seat,
                                      row->document_type,   row->document_number,
                                      row->issuing_country, row->name};
        if (!row_trainee(call, set, row_note(call, i), &said, &trainee))
            continue;
        row_bind(call, set, ATTENDANCE_IN_ROW, i);
        row_bind_trainee(set, ATTENDANCE_IN_SEAT, ATTENDANCE_IN_DOCUMENT_INDEX, &trainee);
        set_int4(set, ATTENDANCE_IN_LESSON, row->lesson > INT32_MAX ? 0 : (int32_t) row->lesson);
        set_int2(set, ATTENDANCE_IN_STATE, (int16_t) row->state);
        row_bind_name(set, ATTENDANCE_IN_NAME_INDEX, &trainee);
    }
}

/* Who the trainee is, the note says. */
static const char *attendance_field(enum reason reason)
{
    return reason == REASON_LESSON_UNKNOWN || reason == REASON_LESSON_AHEAD ? "lesson"
           : reason == REASON_CONTRADICTS || reason == REASON_UNCHANGED     ? "state"
                                                                            : NULL;
}

enum reason attendance_import_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, attendance_request(call)->n_row, rows, attendance_field, out);
}

/* ---- marks ---- */

static const Mingce__V1__MarksImportRequest *marks_request(const struct call *call)
{
    return (const Mingce__V1__MarksImportRequest *) call->request;
}

enum reason marks_import_valid(struct call *call)
{
    const Mingce__V1__MarksImportRequest *request = marks_request(call);
    enum reason reason = valid_reason(call, request->reason);
    if (reason == REASON_NONE)
        reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

static bool marks_fit(const Mingce__V1__MarkRow *row, struct row_note *note)
{
    if (!row->has_theory && !row->has_practice) {
        note->reason = REASON_MARK_MISSING;
        note->field = "theory";
    } else if (row->has_theory && row->theory > MARK_MOST) {
        note->reason = REASON_MARK_RANGE;
        note->field = "theory";
    } else if (row->has_practice && row->practice > MARK_MOST) {
        note->reason = REASON_MARK_RANGE;
        note->field = "practice";
    }
    return note->reason == REASON_NONE;
}

static void bind_mark(struct set *set, size_t parameter, bool there, uint32_t tenths)
{
    if (there)
        set_int2(set, parameter, (int16_t) tenths);
    else
        set_null(set, parameter);
}

void marks_import_bind(struct call *call, struct set *set)
{
    const Mingce__V1__MarksImportRequest *request = marks_request(call);
    struct row_trainee trainee;
    bind_class(set, MARKS_IN_CLASS, MARKS_IN_REASON, request->class_number, request->reason);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__MarkRow *row = request->row[i];
        const struct row_said said = {row->has_seat,        row->seat,
                                      row->document_type,   row->document_number,
                                      row->issuing_country, row->name};
        if (!row_trainee(call, set, row_note(call, i), &said, &trainee) || !marks_fit(row, row_note(call, i)))
            continue;
        row_bind(call, set, MARKS_IN_ROW, i);
        row_bind_trainee(set, MARKS_IN_SEAT, MARKS_IN_DOCUMENT_INDEX, &trainee);
        bind_mark(set, MARKS_IN_THEORY, row->has_theory, row->theory);
        bind_mark(set, MARKS_IN_PRACTICE, row->has_practice, row->practice);
        row_bind_name(set, MARKS_IN_NAME_INDEX, &trainee);
    }
}

static const char *marks_field(enum reason reason)
{
    return reason == REASON_CONTRADICTS || reason == REASON_UNCHANGED ? "theory" : NULL;
}

enum reason marks_import_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, marks_request(call)->n_row, rows, marks_field, out);
}

/* ---- list ---- */

static const Mingce__V1__TrainingListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__TrainingListRequest *) call->request;
}

enum reason training_list_valid(struct call *call)
{
    const Mingce__V1__TrainingListRequest *request = list_request(call);
    return page_valid_place(call, PAGE(request));
}

void training_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__TrainingListRequest *request = list_request(call);
    set_int8(set, LIST_IN_CLASS, request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    set_int4(set, LIST_IN_AFTER, (int32_t) page_number(PAGE(request), 0));
    uint32_t most = page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_int4(set, LIST_IN_PENDING, call_looks_pending(call, most));
}

static void record_fill(struct call *call, Mingce__V1__TrainingRecord *record, const struct rows *rows,
                        size_t row)
{
    struct person_masked person;
    person_mask(call, rows, row, LIST_RECORD, LIST_SEALED, &person);
    mingce__v1__training_record__init(record);
    record->seat = (uint32_t) rows_int4(rows, row, LIST_SEAT);
    record->name = person.name;
    record->attended = (uint32_t) rows_int4(rows, row, LIST_ATTENDED);
    record->planned = (uint32_t) rows_int4(rows, row, LIST_PLANNED);
    record->has_theory = !rows_null(rows, row, LIST_THEORY);
    record->theory = record->has_theory ? (uint32_t) rows_int2(rows, row, LIST_THEORY) : 0;
    record->has_practice = !rows_null(rows, row, LIST_PRACTICE);
    record->practice = record->has_practice ? (uint32_t) rows_int2(rows, row, LIST_PRACTICE) : 0;
    record->has_result = !rows_null(rows, row, LIST_RESULT);
    if (record->has_result)
        record->result = (Mingce__V1__TrainingResult) rows_int2(rows, row, LIST_RESULT);
    record->removed_reason = unconst(rows_text(rows, row, LIST_REMOVED));
    record->overlaps = (uint32_t) rows_int4(rows, row, LIST_OVERLAPS);
}

enum reason training_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__TrainingListRequest *request = list_request(call);
    enum reason whole =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, LIST_OUTCOME));
    if (whole != REASON_NONE)
        return person_look_refused(call, whole);
    size_t found = rows_count(rows) - 1; /* row 0 is about the request */
    Mingce__V1__TrainingListResponse *response = (Mingce__V1__TrainingListResponse *) out;
    size_t n = PAGE_LIST(call, response, record, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        record_fill(call, response->record[i], rows, i + 1);
    if (response->has_next)
        page_next_number(call, response->record[n - 1]->seat, &response->next);
    return n == 0 || call_look_class(call, request->class_number, response->record[0]->seat,
                                     response->record[n - 1]->seat, n)
               ? REASON_NONE
               : REASON_STORE_BUSY;
}
