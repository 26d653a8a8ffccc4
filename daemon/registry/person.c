/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/person.h"

#include <endian.h>
#include <string.h>

#include "daemon/crypto/identity.h"
#include "daemon/registry/text.h"
#include "proto/rules/person_name.h"
#include "proto/rules/phone.h"

bool person_name_index(struct keyring *keys, const char *name, uint8_t index[INDEX_BYTES])
{
    return keyed_index(keys, "name", name, strlen(name), index);
}

bool person_search_key(struct keyring *keys, const char *name, day birth, int64_t *key)
{
    char text[PERSON_NAME_BYTES + DAY_TEXT];
    uint8_t index[INDEX_BYTES];
    size_t n = strlen(name) + 1;
    if (n > PERSON_NAME_BYTES)
        return false;
    memcpy(text, name, n);
    day_format(birth, text + n);
    bool made = keyed_index(keys, "search", text, n + strlen(text + n), index);
    memcpy(key, index, sizeof(*key));
    *key = (int64_t) be64toh((uint64_t) *key);
    return made;
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

ProtobufCMessage *sealed_open(struct call *call, const ProtobufCMessageDescriptor *descriptor,
                              const struct rows *rows, size_t row, int id, int sealed)
{
    size_t n;
    const uint8_t *bytes = rows_bytes(rows, row, sealed, &n);
    const uint8_t *bound = rows_uuid(rows, row, id);
    ProtobufCMessage *opened =
        bytes == NULL || bound == NULL
            ? NULL
            : record_open(call->keys, descriptor, bound, bytes, n, arena_allocator(call->arena));
    if (opened == NULL)
        call_defect(call);
    return opened;
}

const Mingce__V1__PersonRecord *person_open(struct call *call, const struct rows *rows, size_t row,
                                            int record, int sealed)
{
    return (const Mingce__V1__PersonRecord *) sealed_open(call, &mingce__v1__person_record__descriptor, rows,
                                                          row, record, sealed);
}

Mingce__V1__EnrolmentRecord *enrolment_open(struct call *call, const struct rows *rows, size_t row, int id,
                                            int sealed)
{
    return (Mingce__V1__EnrolmentRecord *) sealed_open(call, &mingce__v1__enrolment_record__descriptor, rows,
                                                       row, id, sealed);
}

char *person_shown_name(struct call *call, const char *name, bool clear)
{
    char *shown = arena_alloc(call->arena, PERSON_NAME_MASK_BYTES);
    if (*name == '\0')
        return unconst("（已删除）");
    if (clear)
        return unconst(name);
    if (shown != NULL)
        person_name_mask(name, shown);
    return shown;
}

char *person_shown_number(struct call *call, const char *number, bool clear)
{
    char *shown = arena_alloc(call->arena, DOCUMENT_NUMBER_BYTES);
    if (clear)
        return unconst(number);
    if (shown != NULL)
        document_mask(number, shown);
    return shown;
}

char *person_shown_phone(struct call *call, const char *phone)
{
    char *shown = phone == NULL ? NULL : arena_alloc(call->arena, PHONE_MASK_BYTES);
    if (shown != NULL)
        phone_mask(phone, shown);
    return shown;
}

void person_mask(struct call *call, const struct rows *rows, size_t row, int id, int sealed,
                 struct person_masked *masked)
{
    const Mingce__V1__PersonRecord *record = person_open(call, rows, row, id, sealed);
    *masked = (struct person_masked){.name = NULL};
    if (record == NULL)
        return;
    masked->name = person_shown_name(call, record->name, false);
    masked->document_number = person_shown_number(call, record->document_number, false);
}

/* ---- who a request is about ---- */

enum reason person_key_of_document(struct call *call, const Mingce__V1__DocumentKey *key,
                                   struct person_key *out)
{
    enum document_type type;
    enum reason warning;
    *out = (struct person_key){.by_id = false};
    if (!document_type_of(key->document_type == NULL ? "" : key->document_type, &type))
        return call_refuse(call, "document_type", REASON_DOCUMENT_TYPE_UNKNOWN);
    enum reason reason = document_parse(type, key->document_number, key->issuing_country, day_at(call->at_ms),
                                        &out->document, &warning);
    if (reason != REASON_NONE)
        return call_refuse(call, reason == REASON_COUNTRY_MISSING ? "issuing_country" : "document_number",
                           reason);
    return identity_index(call->keys, &out->document, out->index) ? REASON_NONE : REASON_MEMORY;
}

enum reason person_key_of(struct call *call, const Mingce__V1__PersonKey *key, struct person_key *out)
{
    if (key->has_person_id == (key->document != NULL) ||
        (key->has_person_id && key->person_id.len != sizeof(out->id)))
        return call_refuse(call, "key", REASON_PERSON_KEY);
    if (!key->has_person_id)
        return person_key_of_document(call, key->document, out);
    *out = (struct person_key){.by_id = true};
    memcpy(out->id, key->person_id.data, sizeof(out->id));
    return REASON_NONE;
}

void person_key_bind(struct set *set, size_t person, size_t document, const struct person_key *key)
{
    if (key->by_id) {
        set_uuid(set, person, key->id);
        set_null(set, document);
    } else {
        set_null(set, person);
        set_bytes(set, document, key->index, sizeof(key->index));
    }
}

enum reason person_reason_valid(struct call *call, const Mingce__V1__Reason *reason)
{
    return text_case_reference(reason->case_reference, day_at(call->at_ms))
               ? REASON_NONE
               : call_refuse(call, "case_reference", REASON_CASE_REFERENCE);
}

void person_reason_bind(struct set *set, size_t purpose, size_t case_reference,
                        const Mingce__V1__Reason *reason)
{
    set_int2(set, purpose, (int16_t) reason->purpose);
    set_text(set, case_reference, reason->case_reference);
}

/* ---- how answers have a person ---- */

void person_fill(struct call *call, Mingce__V1__Person *out, const struct rows *rows, size_t row,
                 const struct person_columns *columns, bool clear)
{
    enum { ID = 16 };
    const Mingce__V1__PersonRecord *record = person_open(call, rows, row, columns->record, columns->sealed);
    if (record == NULL || out == NULL)
        return;
    mingce__v1__person__init(out);
    out->version = (uint32_t) rows_int4(rows, row, columns->version);
    out->name = person_shown_name(call, record->name, clear);
    out->document_type = unconst(document_type_zh((enum document_type) record->document_type));
    out->document_number = person_shown_number(call, record->document_number, clear);
    out->issuing_country = record->issuing_country;
    if (clear) {
        out->has_sex = record->has_sex;
        out->sex = record->sex;
        out->birth_date = record->birth_date;
    }
    call_bytes(call, &out->person_id, rows_uuid(rows, row, columns->person), ID);
}

enum reason person_look_refused(struct call *call, enum reason reason)
{
    if (reason == REASON_LOOKS_EXCEEDED && call->method->effect == METHOD_READS && !call_look_refused(call))
        return REASON_STORE_BUSY;
    if (reason == REASON_PERSON_UNKNOWN) {
        if (call->method->effect == METHOD_READS && !call_look_missed(call, 1))
            return REASON_STORE_BUSY;
        return call_refuse(call, "key", reason);
    }
    return reason == REASON_CLASS_UNKNOWN ? call_refuse(call, "class_number", reason) : reason;
}
