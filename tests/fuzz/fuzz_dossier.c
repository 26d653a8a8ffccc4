/* SPDX-License-Identifier: Apache-2.0 */
/* The file of a dossier that somebody brings, as far as it goes without a key: scanned, unpacked, its rows compared with each other
 * and with its entries. */
#include <stdlib.h>

#include "proto/tlog/dossier.h"
#include "proto/tlog/dossier_whole.h"
#include "proto/wire/wirescan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Mingce__V1__Dossier *dossier = dossier_read((const char *) data, size);
    size_t n = dossier == NULL ? 0 : dossier->n_entry, unpacked = 0;
    Mingce__V1__AuditEntry **entries = calloc(n + 1, sizeof(*entries));
    for (; entries != NULL && unpacked < n; unpacked++) {
        const ProtobufCBinaryData *body = &dossier->entry[unpacked]->body;
        if (wirescan_answer(&mingce__v1__audit_entry__descriptor, body->data, body->len) != REASON_NONE)
            break;
        entries[unpacked] = mingce__v1__audit_entry__unpack(NULL, body->len, body->data);
        if (entries[unpacked] == NULL)
            break;
    }
    if (dossier != NULL && entries != NULL && unpacked == n)
        (void) dossier_whole(dossier, entries);
    for (size_t i = 0; i < unpacked; i++)
        mingce__v1__audit_entry__free_unpacked(entries[i], NULL);
    free(entries);
    mingce__v1__dossier__free_unpacked(dossier, NULL);
    return 0;
}
