/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/key_check.h"

#include <string.h>

#include "daemon/base/compiler.h"
#include "daemon/crypto/record.h"
#include "daemon/registry/person.h"

#define KEY_CHECK_PARAMETERS(COLUMN) COLUMN(KEY_CHECK_IN_SAMPLES, "samples", INT4)
COLUMNS_OF(key_check_parameters, KEY_CHECK_PARAMETERS);
#define KEY_CHECK_RESULT(COLUMN)                                                                             \
    COLUMN(CHECK_ID, "id", UUID)                                                                             \
    COLUMN(CHECK_SEALED, "sealed", BYTEA)                                                                    \
    COLUMN(CHECK_NAME_INDEX, "name_index", BYTEA)
COLUMNS_AFTER(RESULT, key_check_result, KEY_CHECK_RESULT);
const struct statement key_check_statement = {
    .name = "key_check",
    .parameters = COLUMNS(key_check_parameters),
    .result = COLUMNS(key_check_result),
};

void key_check_bind(struct set *set)
{
    enum { SAMPLES = 64 };
    set_int4(set, KEY_CHECK_IN_SAMPLES, SAMPLES);
}

/* A person's name gives the index it was stored under; an operator has none. */
static const char *check_row(struct keyring *keys, const struct rows *rows, size_t row)
{
    size_t n, index_n;
    uint8_t expected[INDEX_BYTES];
    const uint8_t *sealed = rows_bytes(rows, row, CHECK_SEALED, &n);
    const uint8_t *index = rows_bytes(rows, row, CHECK_NAME_INDEX, &index_n);
    const ProtobufCMessageDescriptor *descriptor =
        index == NULL ? &mingce__v1__operator_record__descriptor : &mingce__v1__person_record__descriptor;
    ProtobufCMessage *record = record_open(keys, descriptor, rows_uuid(rows, row, CHECK_ID), sealed, n, NULL);
    const char *why = NULL;
    if (record == NULL)
        return "it opens not every record";
    if (index != NULL &&
        (!person_name_index(keys, ((Mingce__V1__PersonRecord *) (void *) record)->name, expected) ||
         memcmp(expected, index, sizeof(expected)) != 0))
        why = "its index key is another one";
    protobuf_c_message_free_unpacked(record, NULL);
    return why;
}

const char *key_check(struct keyring *keys, const struct rows *rows)
{
    const char *why = NULL;
    for (size_t row = 0; why == NULL && row < rows_count(rows); row++)
        why = check_row(keys, rows, row);
    return why;
}
