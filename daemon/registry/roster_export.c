/* SPDX-License-Identifier: Apache-2.0 */
/* A class's trainees in clear (D2): each page is in the audit log, with its purpose, before it leaves. */
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"

#define EXPORT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(EXPORT_IN_CLASS, "class", INT8)                                                                   \
    COLUMN(EXPORT_IN_AFTER, "after", INT4)                                                                   \
    COLUMN(EXPORT_IN_PAGE, "page", INT4)                                                                     \
    COLUMN(EXPORT_IN_PURPOSE, "purpose", INT2)                                                               \
    COLUMN(EXPORT_IN_CASE, "case", TEXT)
COLUMNS_AFTER(METHOD_LOOK, export_parameters, EXPORT_PARAMETERS);
#define EXPORT_RESULT(COLUMN)                                                                                \
    COLUMN(EXPORT_OUTCOME, "outcome", INT2)                                                                  \
    COLUMN(EXPORT_SEAT, "seat", INT4)                                                                        \
    COLUMN(EXPORT_PERSON, "person_id", UUID)                                                                 \
    COLUMN(EXPORT_RECORD, "record_id", UUID)                                                                 \
    COLUMN(EXPORT_SEALED, "person_sealed", BYTEA)                                                            \
    COLUMN(EXPORT_VERSION, "version", INT4)                                                                  \
    COLUMN(EXPORT_ENROLMENT, "enrolment_id", UUID)                                                           \
    COLUMN(EXPORT_ENROLMENT_SEALED, "enrolment_sealed", BYTEA)                                               \
    COLUMN(EXPORT_GROUP, "group_name", TEXT)
COLUMNS_AFTER(RESULT, export_result, EXPORT_RESULT);
const struct statement roster_export_statement = {
    .name = "roster_export",
    .parameters = COLUMNS(export_parameters),
    .result = COLUMNS(export_result),
};

static const struct person_columns export_person = {EXPORT_PERSON, EXPORT_RECORD, EXPORT_SEALED,
                                                    EXPORT_VERSION};

static const Mingce__V1__RosterExportRequest *export_request(const struct call *call)
{
    return (const Mingce__V1__RosterExportRequest *) call->request;
}

enum reason roster_export_valid(struct call *call)
{
    const Mingce__V1__RosterExportRequest *request = export_request(call);
    enum reason reason = page_valid_place(call, PAGE(request));
    return reason == REASON_NONE ? person_reason_valid(call, request->reason) : reason;
}

void roster_export_bind(struct call *call, struct set *set)
{
    const Mingce__V1__RosterExportRequest *request = export_request(call);
    set_int8(set, EXPORT_IN_CLASS, request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    set_int4(set, EXPORT_IN_AFTER, (int32_t) page_number(PAGE(request), 0));
    page_bind(set, EXPORT_IN_PAGE, PAGE(request));
    person_reason_bind(set, EXPORT_IN_PURPOSE, EXPORT_IN_CASE, request->reason);
}

static void exported_fill(struct call *call, Mingce__V1__ExportedTrainee *out, const struct rows *rows,
                          size_t row)
{
    mingce__v1__exported_trainee__init(out);
    out->seat = (uint32_t) rows_int4(rows, row, EXPORT_SEAT);
    out->trainee_group = unconst(rows_text(rows, row, EXPORT_GROUP));
    out->person = arena_alloc(call->arena, sizeof(*out->person));
    out->stated = enrolment_open(call, rows, row, EXPORT_ENROLMENT, EXPORT_ENROLMENT_SEALED);
    person_fill(call, out->person, rows, row, &export_person, true);
}

enum reason roster_export_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__RosterExportRequest *request = export_request(call);
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, EXPORT_OUTCOME));
    if (reason != REASON_NONE)
        return person_look_refused(call, reason);
    size_t found = rows_count(rows) - 1; /* row 0 is about the request */
    Mingce__V1__RosterExportResponse *response = (Mingce__V1__RosterExportResponse *) out;
    size_t n = PAGE_LIST(call, response, trainee, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        exported_fill(call, response->trainee[i], rows, i + 1);
    if (response->has_next)
        page_next_number(call, response->trainee[n - 1]->seat, &response->next);
    return REASON_NONE;
}
