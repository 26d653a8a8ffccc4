/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/class.h"
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/text.h"
#include "proto/rules/bounds.h"
#include "proto/rules/codes.h"

enum { YEARS_MOST = 3, DAYS_A_YEAR = 366, OCCUPATION_CODE_BYTES = 32 };

#define OPEN_PARAMETERS(COLUMN)                                                                              \
    COLUMN(OPEN_IN_TITLE, "title", TEXT)                                                                     \
    COLUMN(OPEN_IN_OCCUPATION, "occupation", TEXT)                                                           \
    COLUMN(OPEN_IN_LEVEL, "level", INT2)                                                                     \
    COLUMN(OPEN_IN_TRAINING_KIND, "training_kind", INT2)                                                     \
    COLUMN(OPEN_IN_STARTS_ON, "starts_on", DATE)                                                             \
    COLUMN(OPEN_IN_ENDS_ON, "ends_on", DATE)                                                                 \
    COLUMN(OPEN_IN_CAPACITY, "capacity", INT4)                                                               \
    COLUMN(OPEN_IN_MODE, "mode", INT2)
COLUMNS_AFTER(METHOD_WRITE, open_parameters, OPEN_PARAMETERS);
#define OPEN_RESULT(COLUMN) COLUMN(OPEN_NUMBER, "number", INT8)
COLUMNS_AFTER(OUTCOME, open_result, OPEN_RESULT);
const struct statement class_open_statement = {
    .name = "class_open",
    .parameters = COLUMNS(open_parameters),
    .result = COLUMNS(open_result),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", INT8)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
const struct statement class_list_statement = {
    .name = "class_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS_FIRST(CLASS),
};

static const Mingce__V1__ClassOpenRequest *open_request(const struct call *call)
{
    return (const Mingce__V1__ClassOpenRequest *) call->request;
}

enum reason class_open_valid(struct call *call)
{
    const Mingce__V1__ClassOpenRequest *request = open_request(call);
    day starts_on = day_parse(request->starts_on), ends_on = day_parse(request->ends_on);
    if (!text_fits(request->title, TEXT_NAME_CHARACTERS))
        return call_refuse(call, "title", REASON_TITLE_LENGTH);
    if (text_names(request->title, day_at(call->at_ms)))
        return call_refuse(call, "title", REASON_TEXT_NUMBER);
    if (strlen(request->occupation_code) > OCCUPATION_CODE_BYTES)
        return call_refuse(call, "occupation_code", REASON_OCCUPATION_UNKNOWN);
    if (request->training_kind > UINT8_MAX ||
        code_name(CODES_TRAINING_KIND, (uint8_t) request->training_kind) == NULL)
        return call_refuse(call, "training_kind", REASON_TRAINING_KIND_UNKNOWN);
    if (starts_on == DAY_NONE)
        return call_refuse(call, "starts_on", REASON_DATE_FORMAT);
    if (ends_on == DAY_NONE)
        return call_refuse(call, "ends_on", REASON_DATE_FORMAT);
    if (ends_on < starts_on)
        return call_refuse(call, "ends_on", REASON_DATE_ORDER);
    if (ends_on - starts_on > YEARS_MOST * DAYS_A_YEAR)
        return call_refuse(call, "ends_on", REASON_CLASS_TOO_LONG);
    if (request->capacity < 1 || request->capacity > CLASS_CAPACITY_MOST)
        return call_refuse(call, "capacity", REASON_CAPACITY_RANGE);
    return REASON_NONE;
}

void class_open_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClassOpenRequest *request = open_request(call);
    set_text(set, OPEN_IN_TITLE, request->title);
    set_text(set, OPEN_IN_OCCUPATION, request->occupation_code);
    set_int2(set, OPEN_IN_LEVEL, (int16_t) request->level);
    set_int2(set, OPEN_IN_TRAINING_KIND, (int16_t) request->training_kind);
    set_day(set, OPEN_IN_STARTS_ON, day_parse(request->starts_on));
    set_day(set, OPEN_IN_ENDS_ON, day_parse(request->ends_on));
    set_int4(set, OPEN_IN_CAPACITY, (int32_t) request->capacity);
    set_int2(set, OPEN_IN_MODE,
             request->has_mode ? (int16_t) request->mode : MINGCE__V1__TRAINING_MODE__MODE_OFFLINE);
}

enum reason class_open_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_OUT_OF_SCOPE || reason == REASON_OCCUPATION_UNKNOWN)
        return call_refuse(call, "occupation_code", reason);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__ClassOpenResponse *response = (Mingce__V1__ClassOpenResponse *) out;
    response->number = (uint64_t) rows_int8(rows, 0, OPEN_NUMBER);
    return REASON_NONE;
}

/* The texts stay in the result; the days are written into the arena. */
void class_fill(struct call *call, Mingce__V1__Class *class, const struct rows *rows, size_t row)
{
    mingce__v1__class__init(class);
    class->number = (uint64_t) rows_int8(rows, row, CLASS_NUMBER);
    class->institution_code = unconst(rows_text(rows, row, CLASS_INSTITUTION_CODE));
    class->institution_name = unconst(rows_text(rows, row, CLASS_INSTITUTION_NAME));
    class->title = unconst(rows_text(rows, row, CLASS_TITLE));
    class->occupation_code = unconst(rows_text(rows, row, CLASS_OCCUPATION_CODE));
    class->occupation_name = unconst(rows_text(rows, row, CLASS_OCCUPATION_NAME));
    class->level = (Mingce__V1__SkillLevel) rows_int2(rows, row, CLASS_LEVEL);
    class->training_kind = (uint32_t) rows_int2(rows, row, CLASS_KIND);
    class->training_kind_name = unconst(rows_text(rows, row, CLASS_KIND_NAME));
    class->capacity = (uint32_t) rows_int4(rows, row, CLASS_CAPACITY);
    class->enrolled = (uint32_t) rows_int4(rows, row, CLASS_ENROLLED);
    class->state = (Mingce__V1__ClassState) rows_int2(rows, row, CLASS_STATE);
    class->version = (uint32_t) rows_int4(rows, row, CLASS_VERSION);
    class->hours = (uint32_t) rows_int4(rows, row, CLASS_HOURS);
    class->starts_on = call_day(call, rows_day(rows, row, CLASS_STARTS_ON));
    class->ends_on = call_day(call, rows_day(rows, row, CLASS_ENDS_ON));
    class->has_mode = true;
    class->mode = (Mingce__V1__TrainingMode) rows_int2(rows, row, CLASS_MODE);
    class->has_filing = !rows_null(rows, row, CLASS_FILING);
    if (class->has_filing)
        class->filing = (Mingce__V1__ClassFiling) rows_int2(rows, row, CLASS_FILING);
    class->approved_on = call_day(call, rows_day(rows, row, CLASS_APPROVED_ON));
    class->due_on = call_day(call, rows_day(rows, row, CLASS_DUE_ON));
    class->has_overdue = !rows_null(rows, row, CLASS_OVERDUE);
    class->overdue = class->has_overdue && rows_bool(rows, row, CLASS_OVERDUE);
    class->known_until = call_day(call, rows_day(rows, row, CLASS_KNOWN_UNTIL));
}

static const Mingce__V1__ClassListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__ClassListRequest *) call->request;
}

enum reason class_list_valid(struct call *call)
{
    const Mingce__V1__ClassListRequest *request = list_request(call);
    return page_valid_number(call, PAGE(request));
}

void class_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClassListRequest *request = list_request(call);
    set_int8(set, LIST_IN_BEFORE, page_number(PAGE(request), INT64_MAX));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
}

enum reason class_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__ClassListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__ClassListResponse *response = (Mingce__V1__ClassListResponse *) out;
    size_t n = PAGE_LIST(call, response, class_, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        class_fill(call, response->class_[i], rows, i);
    if (response->has_next)
        page_next_number(call, (int64_t) response->class_[n - 1]->number, &response->next);
    return REASON_NONE;
}
