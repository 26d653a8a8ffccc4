/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/dossier.h"

#include <string.h>

#include "proto/tlog/covered.h"
#include "proto/tlog/note.h"
#include "proto/wire/wirescan.h"

#define TABLE(name) MINGCE__V1__ROW_TABLE__ROWS_##name

bool dossier_is(const char *bytes, size_t n)
{
    return n >= sizeof(DOSSIER_HEADER) - 1 && memcmp(bytes, DOSSIER_HEADER, sizeof(DOSSIER_HEADER) - 1) == 0;
}

Mingce__V1__Dossier *dossier_read(const char *bytes, size_t n)
{
    const size_t header = sizeof(DOSSIER_HEADER) - 1;
    const ProtobufCMessageDescriptor *descriptor = &mingce__v1__dossier__descriptor;
    if (!dossier_is(bytes, n) || wirescan_file(descriptor, (const uint8_t *) bytes + header, n - header,
                                               DOSSIER_ELEMENTS) != REASON_NONE)
        return NULL;
    Mingce__V1__Dossier *dossier =
        mingce__v1__dossier__unpack(NULL, n - header, (const uint8_t *) bytes + header);
    if (dossier == NULL)
        return NULL;
    const ProtobufCBinaryData *subject = dossier->has_project_id ? &dossier->project_id : &dossier->claim_id;
    if (dossier->has_claim_id != dossier->has_project_id && subject->len == DOSSIER_ID &&
        dossier->note.len < NOTE_MOST)
        return dossier;
    mingce__v1__dossier__free_unpacked(dossier, NULL);
    return NULL;
}

bool dossier_has_table(Mingce__V1__RowTable table)
{
    switch (table) {
    case TABLE(CLAIM):
    case TABLE(CLAIM_LINE):
    case TABLE(CLAIM_STEP):
    case TABLE(CLAIM_PLACE):
    case TABLE(CLAIM_ONCE):
    case TABLE(CLAIM_FACT):
    case TABLE(CLASS):
    case TABLE(CLASS_FILING):
    case TABLE(CLASS_STANDARD):
    case TABLE(ENROLMENT):
    case TABLE(CERTIFICATE):
    case TABLE(CERTIFICATE_VERSION):
    case TABLE(CERTIFICATE_AMENDMENT):
    case TABLE(STANDARD):
    case TABLE(POLICY):
    case TABLE(POLICY_PROPOSAL):
    case TABLE(CALENDAR_DAY):
    case TABLE(CALENDAR_PROPOSAL):
    case TABLE(LESSON):
    case TABLE(ATTENDANCE):
    case TABLE(MARK):
    case TABLE(PROJECT):
    case TABLE(PROJECT_TIER):
    case TABLE(PROJECT_CLASS):
    case TABLE(PROJECT_STEP):
    case TABLE(PROJECT_HEAD):
    case TABLE(PROJECT_EVIDENCE):
    case TABLE(PROJECT_MATERIAL):
    case TABLE(PROJECT_RUN):
    case TABLE(PROJECT_RUN_HEAD):
    case TABLE(TRANCHE):
    case TABLE(CHARGE):
    case TABLE(PAYMENT_BATCH):
    case TABLE(BATCH_LINE):
    case TABLE(BATCH_ANSWER):
        return true;
    default:
        return false;
    }
}

bool dossier_row_open(struct row_record *record, const Mingce__V1__DossierRow *row)
{
    const struct covered *covered = covered_find(row->table);
    return dossier_has_table(row->table) && covered != NULL && covered_by(covered, row->columns) &&
           row_record_open(record, row->columns, row->record.data, row->record.len);
}

bool dossier_row_find(const Mingce__V1__DossierRow *row, const char *column, size_t n,
                      struct row_record_field *field)
{
    struct row_record record;
    return dossier_row_open(&record, row) && row_record_find(record, column, n, field);
}

bool dossier_row_same(const Mingce__V1__DossierRow *row, const char *column,
                      const struct row_record_field *other)
{
    struct row_record_field field;
    return dossier_row_find(row, column, other->n, &field) &&
           memcmp(field.bytes, other->bytes, other->n) == 0;
}

int64_t dossier_row_number(const Mingce__V1__DossierRow *row, const char *column, size_t n)
{
    struct row_record_field field;
    return dossier_row_find(row, column, n, &field) ? row_record_number(&field) : -1;
}
