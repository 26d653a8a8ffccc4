/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/crypto/identity.h"

#include <string.h>

#include "proto/record.pb-c.h"

bool identity_index(struct keyring *keys, const struct document *document, uint8_t index[INDEX_BYTES])
{
    /* type (1) || country, NUL-padded (4) || number */
    uint8_t identity[1 + sizeof(document->issuing_country) + DOCUMENT_NUMBER_BYTES] = {
        (uint8_t) document->type};
    size_t number = strlen(document->number);
    memcpy(identity + 1, document->issuing_country, sizeof(document->issuing_country));
    memcpy(identity + 1 + sizeof(document->issuing_country), document->number, number);
    return keyed_index(keys, "document", identity, 1 + sizeof(document->issuing_country) + number, index);
}

enum reason identity_parse(const char *type, const char *number, day today, struct document *document)
{
    enum document_type parsed;
    enum reason warning;
    if (!document_type_of(type, &parsed))
        return REASON_DOCUMENT_TYPE_UNKNOWN;
    if (parsed == DOCUMENT_PASSPORT)
        return REASON_OPERATOR_DOCUMENT;
    return document_parse(parsed, number, NULL, today, document, &warning);
}

bool identity_seal(struct keyring *keys, const struct document *document, struct identity *identity)
{
    Mingce__V1__HumanRecord record = MINGCE__V1__HUMAN_RECORD__INIT;
    record.document_type = document->type;
    record.document_number = unconst(document->number);
    crypto_uuid(identity->human_id);
    return identity_index(keys, document, identity->index) &&
           record_seal(keys, identity->human_id, &record.base, &identity->sealed);
}
