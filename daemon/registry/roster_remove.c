/* SPDX-License-Identifier: Apache-2.0 */
/* Trainees who leave a class, and who come back to it. */
#include "daemon/registry/batch.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/text.h"
#include "proto/training.pb-c.h"

#define REMOVE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(REMOVE_IN_CLASS, "class", INT8)                                                                   \
    COLUMN(REMOVE_IN_SEAT, "seat", INT4)                                                                     \
    COLUMN(REMOVE_IN_REASON, "reason", TEXT)                                                                 \
    COLUMN(REMOVE_IN_DOCUMENT_INDEX, "document_index", BYTEA)                                                \
    COLUMN(REMOVE_IN_NAME_INDEX, "name_index", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, remove_parameters, REMOVE_PARAMETERS);
const struct statement roster_remove_statement = {
    .name = "roster_remove",
    .parameters = COLUMNS(remove_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

/* Who is meant beside the seat, into call->notes. */
static enum reason valid_holder(struct call *call, const struct row_said *said)
{
    struct row_note note = {.reason = REASON_NONE};
    struct row_trainee *trainee = arena_alloc(call->arena, sizeof(*trainee));
    if (trainee == NULL)
        return REASON_MEMORY;
    call->notes = trainee;
    if (row_says(call, NULL, &note, said, trainee))
        return REASON_NONE;
    return note.reason == REASON_MEMORY ? REASON_MEMORY : call_refuse(call, note.field, note.reason);
}

enum reason roster_remove_valid(struct call *call)
{
    const Mingce__V1__RosterRemoveRequest *request = (const Mingce__V1__RosterRemoveRequest *) call->request;
    if (!text_fits(request->reason, TEXT_REASON_CHARACTERS))
        return call_refuse(call, "reason", REASON_REASON_LENGTH);
    return valid_holder(call, &(const struct row_said){.type = request->document_type,
                                                       .number = request->document_number,
                                                       .country = request->issuing_country,
                                                       .name = request->name});
}

enum reason roster_restore_valid(struct call *call)
{
    const Mingce__V1__RosterRestoreRequest *request =
        (const Mingce__V1__RosterRestoreRequest *) call->request;
    return valid_holder(call, &(const struct row_said){.type = request->document_type,
                                                       .number = request->document_number,
                                                       .country = request->issuing_country,
                                                       .name = request->name});
}

static void bind_seat(struct call *call, struct set *set, uint64_t number, uint32_t seat, const char *reason)
{
    set_int8(set, REMOVE_IN_CLASS, number > INT64_MAX ? 0 : (int64_t) number);
    set_int4(set, REMOVE_IN_SEAT, seat > INT32_MAX ? 0 : (int32_t) seat);
    set_text(set, REMOVE_IN_REASON, reason);
    row_bind_document(set, REMOVE_IN_DOCUMENT_INDEX, call->notes);
    row_bind_name(set, REMOVE_IN_NAME_INDEX, call->notes);
}

void roster_remove_bind(struct call *call, struct set *set)
{
    const Mingce__V1__RosterRemoveRequest *request = (const Mingce__V1__RosterRemoveRequest *) call->request;
    bind_seat(call, set, request->class_number, request->seat, request->reason);
}

void roster_restore_bind(struct call *call, struct set *set)
{
    const Mingce__V1__RosterRestoreRequest *request =
        (const Mingce__V1__RosterRestoreRequest *) call->request;
    bind_seat(call, set, request->class_number, request->seat, NULL);
}

enum reason roster_remove_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_CLASS_UNKNOWN)
        return call_refuse(call, "class_number", reason);
    if (reason == REASON_TRAINEE_UNKNOWN)
        return call_refuse(call, "seat", reason);
    if (reason == REASON_HOLDER_NAME)
        return call_refuse(call, "name", reason);
    if (reason == REASON_HOLDER_DOCUMENT)
        return call_refuse(call, "document_number", reason);
    (void) out;
    return reason;
}
