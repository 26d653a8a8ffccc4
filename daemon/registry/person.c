/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/person.h"

#include <string.h>

#include "proto/person_name.h"

bool person_document_index(struct keyring *keys, const struct document *document, uint8_t index[INDEX_BYTES])
{
    /* type (1) || country, NUL-padded (4) || number */
    uint8_t identity[1 + sizeof(document->issuing_country) + DOCUMENT_NUMBER_BYTES] = {
        (uint8_t) document->type};
    size_t number = strlen(document->number);
    memcpy(identity + 1, document->issuing_country, sizeof(document->issuing_country));
    memcpy(identity + 1 + sizeof(document->issuing_country), document->number, number);
    return keyed_index(keys, "document", identity, 1 + sizeof(document->issuing_country) + number, index);
}

bool person_name_index(struct keyring *keys, const char *name, uint8_t index[INDEX_BYTES])
{
    return keyed_index(keys, "name", name, strlen(name), index);
}

/* protobuf's absent string. */
static char *stated(const char *text)
{
    return *text == '\0' ? NULL : unconst(text);
}

/* protobuf's absent day; `text` holds it otherwise. */
static char *stated_day(day on, char text[DAY_TEXT])
{
    if (on == DAY_NONE)
        return NULL;
    day_format(on, text);
    return text;
}

bool person_seal(struct keyring *keys, const struct roster_clean *clean, uint8_t person_id[16],
                 struct sealed_record *sealed)
{
    char birth[DAY_TEXT];
    Mingce__V1__PersonRecord record = MINGCE__V1__PERSON_RECORD__INIT;
    record.document_type = clean->document.type;
    record.document_number = unconst(clean->document.number);
    record.issuing_country = stated(clean->document.issuing_country);
    record.name = unconst(clean->name);
    record.has_sex = clean->sex != 0;
    record.sex = clean->sex;
    record.birth_date = stated_day(clean->birth, birth);
    crypto_uuid(person_id);
    return record_seal(keys, person_id, &record.base, sealed);
}

bool enrolment_seal(struct keyring *keys, const struct roster_clean *clean, uint8_t enrolment_id[16],
                    struct sealed_record *sealed)
{
    char birth[DAY_TEXT];
    Mingce__V1__EnrolmentRecord record = MINGCE__V1__ENROLMENT_RECORD__INIT;
    record.has_declared_sex = clean->declared_sex != 0;
    record.declared_sex = clean->declared_sex;
    record.declared_birth_date = stated_day(clean->declared_birth, birth);
    record.has_ethnicity = clean->ethnicity != 0;
    record.ethnicity = clean->ethnicity;
    record.has_education = clean->education != 0;
    record.education = clean->education;
    record.household = stated(clean->household);
    record.division = stated(clean->division);
    record.phone = stated(clean->phone);
    record.address = stated(clean->address);
    record.bank = stated(clean->bank);
    record.account_name = stated(clean->account_name);
    record.account_number = stated(clean->account_number);
    record.unemployment_certificate = stated(clean->unemployment_certificate);
    crypto_uuid(enrolment_id);
    return record_seal(keys, enrolment_id, &record.base, sealed);
}

enum reason person_mask(struct call *call, const struct rows *rows, size_t row, int id, int sealed,
                        struct person_masked *masked)
{
    size_t n;
    const uint8_t *bytes = rows_bytes(rows, row, sealed, &n);
    ProtobufCMessage *record = record_open(call->keys, &mingce__v1__person_record__descriptor,
                                           rows_uuid(rows, row, id), bytes, n, arena_allocator(call->arena));
    if (record == NULL)
        return REASON_STORE_FAILED;
    masked->name = arena_alloc(call->arena, PERSON_NAME_MASK_BYTES);
    masked->document_number = arena_alloc(call->arena, DOCUMENT_NUMBER_BYTES);
    if (masked->name == NULL || masked->document_number == NULL)
        return REASON_REQUEST_TOO_LARGE;
    person_name_mask(((Mingce__V1__PersonRecord *) (void *) record)->name, masked->name);
    document_mask(((Mingce__V1__PersonRecord *) (void *) record)->document_number, masked->document_number);
    return REASON_NONE;
}
