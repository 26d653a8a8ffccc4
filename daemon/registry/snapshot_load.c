/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a snapshot: who they are of, sealed and indexed (D1, H20). */
#include <openssl/crypto.h>
#include <string.h>

#include "daemon/crypto/identity.h"
#include "daemon/registry/batch.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/person.h"
#include "daemon/registry/teacher.h"
#include "daemon/registry/text.h"
#include "proto/record.pb-c.h"
#include "proto/snapshot.pb-c.h"

enum { ID = 16, UNIT_CHARACTERS = 18, DETAIL_CHARACTERS = 300 };

#define LOAD_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LOAD_IN_SNAPSHOT, "snapshot", UUID)                                                               \
    COLUMN(LOAD_IN_ROW_REQ, "row_req", INT4)                                                                 \
    COLUMN(LOAD_IN_ROW, "row", INT4)                                                                         \
    COLUMN(LOAD_IN_RECORD, "record", UUID)                                                                   \
    COLUMN(LOAD_IN_DOCUMENT_INDEX, "document_index", BYTEA)                                                  \
    COLUMN(LOAD_IN_NAME_INDEX, "name_index", BYTEA)                                                          \
    COLUMN(LOAD_IN_FROM, "from", DATE)                                                                       \
    COLUMN(LOAD_IN_TO, "to", DATE)                                                                           \
    COLUMN(LOAD_IN_UNIT, "unit", TEXT)                                                                       \
    COLUMN(LOAD_IN_SEALED, "sealed", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, load_parameters, LOAD_PARAMETERS);
const struct statement snapshot_load_statement = {
    .name = "snapshot_load",
    .parameters = COLUMNS(load_parameters),
    .rows = LOAD_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

static const Mingce__V1__SnapshotLoadRequest *load_request(const struct call *call)
{
    return (const Mingce__V1__SnapshotLoadRequest *) call->request;
}

enum reason snapshot_load_valid(struct call *call)
{
    const Mingce__V1__SnapshotLoadRequest *request = load_request(call);
    if (request->snapshot_id.len != ID)
        return call_refuse(call, "snapshot_id", REASON_IDENTIFIER_LENGTH);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

static bool refuse(struct row_note *note, enum reason reason, const char *field)
{
    note->reason = reason;
    note->field = field;
    return false;
}

static day day_said(const char *text)
{
    return text == NULL ? DAY_NONE : day_parse(text);
}

static bool unit_fits(const char *unit)
{
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t n = strlen(unit);
    return n >= 1 && n <= UNIT_CHARACTERS && strspn(unit, allowed) == n;
}

/* Everything of a row but who it is of. */
static bool register_fits(const Mingce__V1__SnapshotRow *row, struct row_note *note)
{
    day from = day_said(row->from), to = day_said(row->to);
    if (row->from != NULL && from == DAY_NONE)
        return refuse(note, REASON_DATE_FORMAT, "from");
    if (row->to != NULL && to == DAY_NONE)
        return refuse(note, REASON_DATE_FORMAT, "to");
    if (from != DAY_NONE && to != DAY_NONE && to < from)
        return refuse(note, REASON_PERIOD_ORDER, "to");
    if (row->unit_code != NULL && !unit_fits(row->unit_code))
        return refuse(note, REASON_UNIT_CODE, "unit_code");
    return row->detail == NULL || text_fits(row->detail, DETAIL_CHARACTERS) ||
           refuse(note, REASON_TEXT_LENGTH, "detail");
}

/* What is kept of a row, under a fresh id. */
struct kept {
    uint8_t id[ID], document[INDEX_BYTES], name[INDEX_BYTES];
    struct sealed_record record;
};

static bool keep(struct keyring *keys, const struct roster_clean *holder, const char *detail,
                 struct kept *kept)
{
    Mingce__V1__SnapshotRecord record = MINGCE__V1__SNAPSHOT_RECORD__INIT;
    record.document_type = holder->document.type;
    record.document_number = unconst(holder->document.number);
    record.issuing_country =
        holder->document.issuing_country[0] == '\0' ? NULL : unconst(holder->document.issuing_country);
    record.name = unconst(holder->name);
    record.detail = unconst(detail);
    crypto_uuid(kept->id);
    return identity_index(keys, &holder->document, kept->document) &&
           person_name_index(keys, holder->name, kept->name) &&
           record_seal(keys, kept->id, &record.base, &kept->record);
}

/* No entry of its own tells of a row: the request's tells of all, and the log covers each (proto/LOG.md, "Rows"). */
static void bind_kept(struct set *set, const Mingce__V1__SnapshotRow *row, const struct kept *kept)
{
    set_row(set);
    set_int4(set, LOAD_IN_ROW, (int32_t) row->row);
    set_uuid(set, LOAD_IN_RECORD, kept->id);
    set_bytes(set, LOAD_IN_DOCUMENT_INDEX, kept->document, sizeof(kept->document));
    set_bytes(set, LOAD_IN_NAME_INDEX, kept->name, sizeof(kept->name));
    set_day(set, LOAD_IN_FROM, day_said(row->from));
    set_day(set, LOAD_IN_TO, day_said(row->to));
    set_text(set, LOAD_IN_UNIT, row->unit_code);
    set_bytes(set, LOAD_IN_SEALED, kept->record.bytes, kept->record.n);
}

static void bind_row(struct call *call, struct set *set, const Mingce__V1__SnapshotRow *row, size_t i)
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
    struct roster_clean holder;
    struct kept kept;
    *note = (struct row_note){.row = row->row};
    if (register_fits(row, note) && teacher_fits(call, &said, note, &holder)) {
        if (keep(call->keys, &holder, row->detail, &kept))
            bind_kept(set, row, &kept);
        else
            set_fail(set);
    }
    OPENSSL_cleanse(&holder, sizeof(holder));
}

void snapshot_load_bind(struct call *call, struct set *set)
{
    const Mingce__V1__SnapshotLoadRequest *request = load_request(call);
    set_uuid(set, LOAD_IN_SNAPSHOT, request->snapshot_id.data);
    for (size_t i = 0; i < request->n_row; i++)
        bind_row(call, set, request->row[i], i);
}

static const char *load_field(enum reason reason)
{
    (void) reason;
    return NULL; /* the note's */
}

enum reason snapshot_load_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, load_request(call)->n_row, rows, load_field, out);
}
