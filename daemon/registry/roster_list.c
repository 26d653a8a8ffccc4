/* SPDX-License-Identifier: Apache-2.0 */
/* The masked list of a class's trainees. */
#include <string.h>

#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "proto/rules/person_name.h"
#include "proto/rules/phone.h"

static const struct column list_columns[] = {
    METHOD_READ_COLUMNS,   {"class_number", COLUMN_INT8}, {"after", COLUMN_INT4},
    {"page", COLUMN_INT4}, {"pending", COLUMN_INT4},
};
const struct statement roster_list_statement = {
    .name = "roster_list",
    .request_columns = list_columns,
    .request_columns_n = ARRAY_SIZE(list_columns),
};

/* Result columns of api.roster_list. */
enum {
    LIST_OUTCOME = 1,
    LIST_SEAT,
    LIST_RECORD,
    LIST_PERSON_SEALED,
    LIST_DOCUMENT_TYPE,
    LIST_ENROLMENT,
    LIST_ENROLMENT_SEALED,
    LIST_GROUP,
    LIST_GROUP_NAME,
    LIST_ENROLLED_AT,
    LIST_WARNINGS,
};

static const Mingce__V1__RosterListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__RosterListRequest *) call->request;
}

enum reason roster_list_valid(struct call *call)
{
    const Mingce__V1__RosterListRequest *request = list_request(call);
    return page_valid_place(call, request->has_page_rows, request->page_rows, request->has_cursor,
                            &request->cursor);
}

void roster_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__RosterListRequest *request = list_request(call);
    set_int8(set, request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    set_int4(set, (int32_t) page_number(request->has_cursor, &request->cursor, 0));
    uint32_t most = page_bind(set, request->has_page_rows, request->page_rows);
    set_int4(set, call_looks_pending(call, most));
}

static ProtobufCMessage *open_column(struct call *call, const ProtobufCMessageDescriptor *descriptor,
                                     const struct rows *rows, size_t row, int id, int sealed)
{
    size_t n;
    const uint8_t *bytes = rows_bytes(rows, row, sealed, &n);
    return record_open(call->keys, descriptor, rows_uuid(rows, row, id), bytes, n,
                       arena_allocator(call->arena));
}

/* Splits the comma-separated reasons. False: the arena is full. */
static bool warnings_fill(struct call *call, Mingce__V1__Trainee *trainee, const char *text)
{
    size_t n = 1;
    if (text == NULL)
        return true;
    for (const char *at = text; *at != '\0'; at++)
        n += *at == ',';
    trainee->warning = arena_array(call->arena, n, sizeof(*trainee->warning));
    for (size_t i = 0; trainee->warning != NULL && i < n; i++) {
        size_t length = strcspn(text, ",");
        trainee->warning[i] = arena_strndup(call->arena, text, length);
        if (trainee->warning[i] == NULL)
            return false;
        text += length + 1;
    }
    trainee->n_warning = n;
    return trainee->warning != NULL;
}

static enum reason trainee_fill(struct call *call, Mingce__V1__Trainee *trainee, const struct rows *rows,
                                size_t row)
{
    ProtobufCMessage *sealed_enrolment = open_column(call, &mingce__v1__enrolment_record__descriptor, rows,
                                                     row, LIST_ENROLMENT, LIST_ENROLMENT_SEALED);
    struct person_masked person;
    enum reason reason = person_mask(call, rows, row, LIST_RECORD, LIST_PERSON_SEALED, &person);
    if (reason != REASON_NONE || sealed_enrolment == NULL)
        return reason != REASON_NONE ? reason : REASON_STORE_FAILED;
    const Mingce__V1__EnrolmentRecord *enrolment = (Mingce__V1__EnrolmentRecord *) (void *) sealed_enrolment;
    mingce__v1__trainee__init(trainee);
    trainee->seat = (uint32_t) rows_int4(rows, row, LIST_SEAT);
    trainee->document_type =
        unconst(document_type_zh((enum document_type) rows_int2(rows, row, LIST_DOCUMENT_TYPE)));
    trainee->trainee_group = unconst(rows_text(rows, row, LIST_GROUP_NAME));
    trainee->enrolled_at_ms = rows_int8(rows, row, LIST_ENROLLED_AT);
    trainee->name = person.name;
    trainee->document_number = person.document_number;
    trainee->phone = enrolment->phone == NULL ? NULL : arena_alloc(call->arena, PHONE_MASK_BYTES);
    if ((enrolment->phone != NULL && trainee->phone == NULL) ||
        !warnings_fill(call, trainee, rows_text(rows, row, LIST_WARNINGS)))
        return REASON_REQUEST_TOO_LARGE;
    if (enrolment->phone != NULL)
        phone_mask(enrolment->phone, trainee->phone);
    return REASON_NONE;
}

enum reason roster_list_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    const Mingce__V1__RosterListRequest *request = list_request(call);
    enum reason whole =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, LIST_OUTCOME));
    if (whole != REASON_NONE)
        return person_look_refused(call, whole);
    size_t found = rows_count(rows) - 1; /* row 0 is about the request */
    size_t n = page_shown(found, request->has_page_rows, request->page_rows);
    Mingce__V1__RosterListResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__Trainee *each = arena_array(call->arena, n, sizeof(*each));
    Mingce__V1__Trainee **list = arena_array(call->arena, n, sizeof(*list));
    if (response == NULL || each == NULL || list == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__roster_list_response__init(response);
    for (size_t i = 0; i < n; i++) {
        enum reason reason = trainee_fill(call, list[i] = &each[i], rows, i + 1);
        if (reason != REASON_NONE)
            return reason;
    }
    response->n_trainee = n;
    response->trainee = list;
    response->has_next = found > n;
    if (found > n && !page_next_number(call, list[n - 1]->seat, &response->next))
        return REASON_REQUEST_TOO_LARGE;
    *out = &response->base;
    return n == 0 || call_look_class(call, request->class_number, list[0]->seat, list[n - 1]->seat, n)
               ? REASON_NONE
               : REASON_STORE_BUSY;
}
