/* SPDX-License-Identifier: Apache-2.0 */
/* Trainee groups as dated facts with their evidence (A8). proto/person.proto, migrations/api/person.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"
#include "proto/rules/codes.h"

enum { ID = 16, EVIDENCE_CHARACTERS = 100 };

#define ADD_PARAMETERS(COLUMN)                                                                               \
    COLUMN(ADD_IN_PERSON, "person", UUID)                                                                    \
    COLUMN(ADD_IN_DOCUMENT, "document", BYTEA)                                                               \
    COLUMN(ADD_IN_GROUP, "group", INT2)                                                                      \
    COLUMN(ADD_IN_FROM, "from", DATE)                                                                        \
    COLUMN(ADD_IN_TO, "to", DATE)                                                                            \
    COLUMN(ADD_IN_FACT, "fact", UUID)                                                                        \
    COLUMN(ADD_IN_SEALED, "sealed", BYTEA)                                                                   \
    COLUMN(ADD_IN_COMMITMENT, "commitment", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, add_parameters, ADD_PARAMETERS);
#define ADD_RESULT(COLUMN) COLUMN(ADD_FACT_ID, "fact_id", UUID)
COLUMNS_AFTER(OUTCOME, add_result, ADD_RESULT);
const struct statement group_add_statement = {
    .name = "group_add",
    .parameters = COLUMNS(add_parameters),
    .result = COLUMNS(add_result),
};

#define END_PARAMETERS(COLUMN)                                                                               \
    COLUMN(END_IN_FACT, "fact", UUID)                                                                        \
    COLUMN(END_IN_TO, "to", DATE)
COLUMNS_AFTER(METHOD_WRITE, end_parameters, END_PARAMETERS);
const struct statement group_end_statement = {
    .name = "group_end",
    .parameters = COLUMNS(end_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

/* What valid leaves for bind. */
struct fact {
    struct person_key key;
    uint8_t group;
    day from, to;
    uint8_t id[ID];
    struct sealed_record sealed;
};

static const Mingce__V1__GroupAddRequest *add_request(const struct call *call)
{
    return (const Mingce__V1__GroupAddRequest *) call->request;
}

static enum reason valid_period(struct call *call, const char *from, const char *to, struct fact *fact)
{
    fact->from = day_parse(from);
    fact->to = to == NULL ? DAY_NONE : day_parse(to);
    if (fact->from == DAY_NONE)
        return call_refuse(call, "valid_from", REASON_DATE_FORMAT);
    if (to != NULL && fact->to == DAY_NONE)
        return call_refuse(call, "valid_to", REASON_DATE_FORMAT);
    return to != NULL && fact->to < fact->from ? call_refuse(call, "valid_to", REASON_DATE_ORDER)
                                               : REASON_NONE;
}

enum reason group_add_valid(struct call *call)
{
    const Mingce__V1__GroupAddRequest *request = add_request(call);
    struct fact *fact = arena_alloc(call->arena, sizeof(*fact));
    call->notes = fact;
    if (fact == NULL)
        return REASON_MEMORY;
    enum reason reason = person_key_of(call, request->key, &fact->key);
    if (reason == REASON_NONE && !code_of_cell(CODES_TRAINEE_GROUP, request->trainee_group, &fact->group))
        reason = call_refuse(call, "trainee_group", REASON_GROUP_UNKNOWN);
    if (reason == REASON_NONE)
        reason = valid_period(call, request->valid_from, request->valid_to, fact);
    if (reason == REASON_NONE && !text_fits(request->evidence, EVIDENCE_CHARACTERS))
        reason = call_refuse(call, "evidence", REASON_EVIDENCE_LENGTH);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__GroupRecord record = MINGCE__V1__GROUP_RECORD__INIT;
    record.evidence = request->evidence;
    crypto_uuid(fact->id);
    return record_seal(call->keys, fact->id, &record.base, &fact->sealed) ? REASON_NONE : REASON_MEMORY;
}

void group_add_bind(struct call *call, struct set *set)
{
    const struct fact *fact = call->notes;
    person_key_bind(set, ADD_IN_PERSON, ADD_IN_DOCUMENT, &fact->key);
    set_int2(set, ADD_IN_GROUP, fact->group);
    set_day(set, ADD_IN_FROM, fact->from);
    set_day(set, ADD_IN_TO, fact->to);
    set_uuid(set, ADD_IN_FACT, fact->id);
    set_bytes(set, ADD_IN_SEALED, fact->sealed.bytes, fact->sealed.n);
    set_bytes(set, ADD_IN_COMMITMENT, fact->sealed.commitment, COMMITMENT_BYTES);
}

enum reason group_add_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return call_refuse(call, reason == REASON_GROUP_OVERLAPS ? "valid_from" : "key", reason);
    Mingce__V1__GroupAddResponse *response = (Mingce__V1__GroupAddResponse *) out;
    call_bytes(call, &response->fact_id, rows_uuid(rows, 0, ADD_FACT_ID), ID);
    return REASON_NONE;
}

static const Mingce__V1__GroupEndRequest *end_request(const struct call *call)
{
    return (const Mingce__V1__GroupEndRequest *) call->request;
}

enum reason group_end_valid(struct call *call)
{
    const Mingce__V1__GroupEndRequest *request = end_request(call);
    if (request->fact_id.len != ID)
        return call_refuse(call, "fact_id", REASON_IDENTIFIER_LENGTH);
    return day_parse(request->valid_to) == DAY_NONE ? call_refuse(call, "valid_to", REASON_DATE_FORMAT)
                                                    : REASON_NONE;
}

void group_end_bind(struct call *call, struct set *set)
{
    const Mingce__V1__GroupEndRequest *request = end_request(call);
    set_uuid(set, END_IN_FACT, request->fact_id.data);
    set_day(set, END_IN_TO, day_parse(request->valid_to));
}

enum reason group_end_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return call_refuse(call, reason == REASON_DATE_ORDER ? "valid_to" : "fact_id", reason);
    (void) out;
    return REASON_NONE;
}
