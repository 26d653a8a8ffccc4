/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence of employment of projects' heads (E4, E11, E12). */
#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/class.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/project.h"
#include "daemon/registry/text.h"
#include "proto/rules/credit_code.h"

enum { MONTHS_MOST = 1200 };

#define IMPORT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(IMPORT_IN_PROJECT, "project", UUID)                                                               \
    COLUMN(IMPORT_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(IMPORT_IN_ROW, "row", INT4)                                                                       \
    COLUMN(IMPORT_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(IMPORT_IN_EVIDENCE, "evidence", UUID)                                                             \
    COLUMN(IMPORT_IN_CLASS, "class", INT8)                                                                   \
    COLUMN(IMPORT_IN_SEAT, "seat", INT4)                                                                     \
    COLUMN(IMPORT_IN_KIND, "kind", INT2)                                                                     \
    COLUMN(IMPORT_IN_EMPLOYER, "employer", TEXT)                                                             \
    COLUMN(IMPORT_IN_EVENT_ON, "event_on", DATE)                                                             \
    COLUMN(IMPORT_IN_MONTHS, "months", INT4)                                                                 \
    COLUMN(IMPORT_IN_SOURCE, "source", TEXT)                                                                 \
    COLUMN(IMPORT_IN_AS_OF, "as_of", DATE)
COLUMNS_AFTER(METHOD_WRITE, import_parameters, IMPORT_PARAMETERS);
#define IMPORT_RESULT(COLUMN) COLUMN(IMPORT_COUNTS, "counts", BOOL)
COLUMNS_AFTER(BATCH, import_result, IMPORT_RESULT);
const struct statement evidence_import_statement = {
    .name = "evidence_import",
    .parameters = COLUMNS(import_parameters),
    .rows = IMPORT_IN_ROW_REQ,
    .result = COLUMNS(import_result),
};

#define WITHDRAW_PARAMETERS(COLUMN)                                                                          \
    COLUMN(WITHDRAW_IN_EVIDENCE, "evidence", UUID)                                                           \
    COLUMN(WITHDRAW_IN_REASON, "reason", TEXT)
COLUMNS_AFTER(METHOD_WRITE, withdraw_parameters, WITHDRAW_PARAMETERS);
const struct statement evidence_withdraw_statement = {
    .name = "evidence_withdraw",
    .parameters = COLUMNS(withdraw_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_PROJECT, "project", UUID)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(LIST_ID, "evidence_id", UUID)                                                                     \
    COLUMN(LIST_CLASS, "class_number", INT8)                                                                 \
    COLUMN(LIST_SEAT, "seat", INT4)                                                                          \
    COLUMN(LIST_KIND, "kind", INT2)                                                                          \
    COLUMN(LIST_EMPLOYER, "employer", TEXT)                                                                  \
    COLUMN(LIST_EVENT_ON, "event_on", DATE)                                                                  \
    COLUMN(LIST_MONTHS, "months", INT4)                                                                      \
    COLUMN(LIST_SOURCE, "source", TEXT)                                                                      \
    COLUMN(LIST_AS_OF, "as_of", DATE)                                                                        \
    COLUMN(LIST_SNAPSHOT, "snapshot_id", UUID)                                                               \
    COLUMN(LIST_WITHDRAWN, "withdrawn_reason", TEXT)                                                         \
    COLUMN(LIST_RECORDED, "recorded_at_ms", INT8)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement evidence_list_statement = {
    .name = "evidence_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- import ---- */

static const Mingce__V1__EvidenceImportRequest *import_request(const struct call *call)
{
    return (const Mingce__V1__EvidenceImportRequest *) call->request;
}

enum reason evidence_import_valid(struct call *call)
{
    const Mingce__V1__EvidenceImportRequest *request = import_request(call);
    enum reason reason = project_id_valid(call, "project_id", &request->project_id);
    if (reason == REASON_NONE)
        reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

/* Notes what is wrong with a row. */
static bool unfit(struct row_note *note, const char *field, enum reason reason)
{
    note->field = field;
    note->reason = reason;
    return false;
}

/* A credit code is one, however much it looks like a resident's number; what is neither a code nor a document's number is a register's own. */
static bool employer_fits(const char *employer, day today)
{
    char code[CREDIT_CODE_BYTES];
    return credit_code_parse(employer, code) == REASON_NONE || text_case_reference(employer, today);
}

static bool row_fits(const struct call *call, const Mingce__V1__EvidenceRow *row, struct row_note *note)
{
    const day today = day_at(call->at_ms), event = day_parse(row->event_on), as_of = day_parse(row->as_of);
    if (event == DAY_NONE)
        return unfit(note, "event_on", REASON_DATE_FORMAT);
    if (as_of == DAY_NONE)
        return unfit(note, "as_of", REASON_DATE_FORMAT);
    if (as_of > today)
        return unfit(note, "as_of", REASON_DATE_FUTURE);
    if (event > as_of)
        return unfit(note, "as_of", REASON_EVIDENCE_DAYS);
    if (row->employer != NULL && !employer_fits(row->employer, today))
        return unfit(note, "employer", REASON_EVIDENCE_EMPLOYER);
    if (row->has_months && (row->months < 1 || row->months > MONTHS_MOST))
        return unfit(note, "months", REASON_EVIDENCE_MONTHS);
    if (!text_fits(row->source, TEXT_NAME_CHARACTERS) || text_names(row->source, today))
        return unfit(note, "source", REASON_EVIDENCE_SOURCE);
    return true;
}

void evidence_import_bind(struct call *call, struct set *set)
{
    const Mingce__V1__EvidenceImportRequest *request = import_request(call);
    set_uuid(set, IMPORT_IN_PROJECT, request->project_id.data);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__EvidenceRow *row = request->row[i];
        uint8_t id[PROJECT_ID];
        row_note(call, i)->field = "seat";
        if (!row_fits(call, row, row_note(call, i)))
            continue;
        crypto_uuid(id);
        row_bind(call, set, IMPORT_IN_ROW, i);
        set_uuid(set, IMPORT_IN_EVIDENCE, id);
        set_int8(set, IMPORT_IN_CLASS, class_number_of(row->class_number));
        set_int4(set, IMPORT_IN_SEAT, class_version_of(row->seat));
        set_int2(set, IMPORT_IN_KIND, (int16_t) row->kind);
        set_text(set, IMPORT_IN_EMPLOYER, row->employer);
        set_day(set, IMPORT_IN_EVENT_ON, day_parse(row->event_on));
        if (row->has_months)
            set_int4(set, IMPORT_IN_MONTHS, (int32_t) row->months);
        else
            set_null(set, IMPORT_IN_MONTHS);
        set_text(set, IMPORT_IN_SOURCE, row->source);
        set_day(set, IMPORT_IN_AS_OF, day_parse(row->as_of));
    }
}

static const char *no_field(enum reason reason)
{
    (void) reason;
    return NULL;
}

/* Warns of evidence by which nobody counts as employed in the project. */
static void kinds_warn(struct call *call, size_t n, const struct rows *rows)
{
    size_t next = 1, found = rows_count(rows);
    for (size_t i = 0; i < n && next < found; i++) {
        struct row_note *note = row_note(call, i);
        if (note->reason != REASON_NONE || rows_int4(rows, next, BATCH_ROW) != (int32_t) note->row)
            continue;
        if (outcome_reason(rows_int2(rows, next, BATCH_OUTCOME)) == REASON_NONE &&
            !rows_bool(rows, next, IMPORT_COUNTS)) {
            note->field = "kind";
            note->warning = REASON_EVIDENCE_NOT_COUNTED;
        }
        next++;
    }
}

enum reason evidence_import_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    kinds_warn(call, import_request(call)->n_row, rows);
    return batch_render(call, import_request(call)->n_row, rows, no_field, out);
}

/* ---- withdraw ---- */

static const Mingce__V1__EvidenceWithdrawRequest *withdraw_request(const struct call *call)
{
    return (const Mingce__V1__EvidenceWithdrawRequest *) call->request;
}

enum reason evidence_withdraw_valid(struct call *call)
{
    const Mingce__V1__EvidenceWithdrawRequest *request = withdraw_request(call);
    enum reason reason = project_id_valid(call, "evidence_id", &request->evidence_id);
    if (reason != REASON_NONE)
        return reason;
    reason = text_reason(request->reason, day_at(call->at_ms));
    return reason == REASON_NONE ? REASON_NONE : call_refuse(call, "reason", reason);
}

void evidence_withdraw_bind(struct call *call, struct set *set)
{
    set_uuid(set, WITHDRAW_IN_EVIDENCE, withdraw_request(call)->evidence_id.data);
    set_text(set, WITHDRAW_IN_REASON, withdraw_request(call)->reason);
}

enum reason evidence_withdraw_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    (void) out;
    enum reason reason = outcome_of(rows);
    return reason == REASON_EVIDENCE_UNKNOWN ? call_refuse(call, "evidence_id", reason) : reason;
}

/* ---- list ---- */

static const Mingce__V1__EvidenceListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__EvidenceListRequest *) call->request;
}

enum reason evidence_list_valid(struct call *call)
{
    enum reason reason = page_valid_id(call, PAGE(list_request(call)));
    return reason != REASON_NONE ? reason
                                 : project_id_valid(call, "project_id", &list_request(call)->project_id);
}

void evidence_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__EvidenceListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_uuid(set, LIST_IN_PROJECT, request->project_id.data);
}

static void evidence_fill(struct call *call, Mingce__V1__Evidence *to, const struct rows *rows, size_t row)
{
    mingce__v1__evidence__init(to);
    call_bytes(call, &to->evidence_id, rows_uuid(rows, row, LIST_ID), PROJECT_ID);
    to->class_number = (uint64_t) rows_int8(rows, row, LIST_CLASS);
    to->seat = (uint32_t) rows_int4(rows, row, LIST_SEAT);
    to->kind = (Mingce__V1__EvidenceKind) rows_int2(rows, row, LIST_KIND);
    to->employer = unconst(rows_text(rows, row, LIST_EMPLOYER));
    to->event_on = call_day(call, rows_day(rows, row, LIST_EVENT_ON));
    to->has_months = project_number(rows, row, LIST_MONTHS, &to->months);
    to->source = unconst(rows_text(rows, row, LIST_SOURCE));
    to->as_of = call_day(call, rows_day(rows, row, LIST_AS_OF));
    to->has_snapshot_id = !rows_null(rows, row, LIST_SNAPSHOT);
    if (to->has_snapshot_id)
        call_bytes(call, &to->snapshot_id, rows_uuid(rows, row, LIST_SNAPSHOT), PROJECT_ID);
    to->withdrawn_reason = unconst(rows_text(rows, row, LIST_WITHDRAWN));
    to->recorded_at_ms = rows_int8(rows, row, LIST_RECORDED);
}

enum reason evidence_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__EvidenceListResponse *response = (Mingce__V1__EvidenceListResponse *) out;
    enum reason reason =
        rows_count(rows) == 0 ? REASON_NONE : outcome_reason(rows_int2(rows, 0, LIST_OUTCOME));
    if (reason != REASON_NONE)
        return call_refuse(call, "project_id", reason);
    size_t n = PAGE_LIST(call, response, evidence, PAGE(list_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        evidence_fill(call, response->evidence[i], rows, i);
    if (response->has_next)
        response->next = response->evidence[n - 1]->evidence_id;
    return REASON_NONE;
}
