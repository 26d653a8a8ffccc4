/* SPDX-License-Identifier: Apache-2.0 */
/* The masked list of a class's trainees. */
#include <string.h>

#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "proto/rules/person_name.h"
#include "proto/rules/phone.h"

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
    COLUMN(LIST_PERSON_SEALED, "person_sealed", BYTEA)                                                       \
    COLUMN(LIST_DOCUMENT_TYPE, "document_type", INT2)                                                        \
    COLUMN(LIST_ENROLMENT, "enrolment_id", UUID)                                                             \
    COLUMN(LIST_ENROLMENT_SEALED, "enrolment_sealed", BYTEA)                                                 \
    COLUMN(LIST_GROUP, "trainee_group", INT2)                                                                \
    COLUMN(LIST_GROUP_NAME, "group_name", TEXT)                                                              \
    COLUMN(LIST_ENROLLED_AT, "enrolled_at_ms", INT8)                                                         \
    COLUMN(LIST_WARNINGS, "warnings", TEXT)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement roster_list_statement = {
    .name = "roster_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

static const Mingce__V1__RosterListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__RosterListRequest *) call->request;
}

enum reason roster_list_valid(struct call *call)
{
    const Mingce__V1__RosterListRequest *request = list_request(call);
    return page_valid_place(call, PAGE(request));
}

void roster_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__RosterListRequest *request = list_request(call);
    set_int8(set, LIST_IN_CLASS, request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    set_int4(set, LIST_IN_AFTER, (int32_t) page_number(PAGE(request), 0));
    uint32_t most = page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_int4(set, LIST_IN_PENDING, call_looks_pending(call, most));
}

/* Splits the comma-separated reasons. */
static void warnings_fill(struct call *call, Mingce__V1__Trainee *trainee, const char *text)
{
    size_t n = 1;
    if (text == NULL)
        return;
    for (const char *at = text; *at != '\0'; at++)
        n += *at == ',';
    trainee->warning = arena_array(call->arena, n, sizeof(*trainee->warning));
    for (size_t i = 0; trainee->warning != NULL && i < n; i++) {
        size_t length = strcspn(text, ",");
        trainee->warning[i] = arena_strndup(call->arena, text, length);
        text += length + 1;
    }
    trainee->n_warning = n;
}

static void trainee_fill(struct call *call, Mingce__V1__Trainee *trainee, const struct rows *rows, size_t row)
{
    const Mingce__V1__EnrolmentRecord *enrolment =
        enrolment_open(call, rows, row, LIST_ENROLMENT, LIST_ENROLMENT_SEALED);
    struct person_masked person;
    person_mask(call, rows, row, LIST_RECORD, LIST_PERSON_SEALED, &person);
    mingce__v1__trainee__init(trainee);
    trainee->seat = (uint32_t) rows_int4(rows, row, LIST_SEAT);
    trainee->document_type =
        unconst(document_type_zh((enum document_type) rows_int2(rows, row, LIST_DOCUMENT_TYPE)));
    trainee->trainee_group = unconst(rows_text(rows, row, LIST_GROUP_NAME));
    trainee->enrolled_at_ms = rows_int8(rows, row, LIST_ENROLLED_AT);
    trainee->name = person.name;
    trainee->document_number = person.document_number;
    trainee->phone = enrolment == NULL ? NULL : person_shown_phone(call, enrolment->phone);
    warnings_fill(call, trainee, rows_text(rows, row, LIST_WARNINGS));
}

enum reason roster_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__RosterListRequest *request = list_request(call);
    enum reason whole =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, LIST_OUTCOME));
    if (whole != REASON_NONE)
        return person_look_refused(call, whole);
    size_t found = rows_count(rows) - 1; /* row 0 is about the request */
    Mingce__V1__RosterListResponse *response = (Mingce__V1__RosterListResponse *) out;
    size_t n = PAGE_LIST(call, response, trainee, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        trainee_fill(call, response->trainee[i], rows, i + 1);
    if (response->has_next)
        page_next_number(call, response->trainee[n - 1]->seat, &response->next);
    return n == 0 || call_look_class(call, request->class_number, response->trainee[0]->seat,
                                     response->trainee[n - 1]->seat, n)
               ? REASON_NONE
               : REASON_STORE_BUSY;
}
