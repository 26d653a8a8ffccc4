/* SPDX-License-Identifier: Apache-2.0 */
/* A receipt's file: what is read is written as the same bytes, and can be checked. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/tlog/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t seed[NOTE_SEED] = {9};
    struct note_key key;
    struct receipt receipt;
    struct promise promise;
    if (!receipt_parse((const char *) data, size, &receipt))
        return 0;
    char *text = receipt_format(&receipt);
    require(text != NULL && strlen(text) == size && memcmp(text, data, size) == 0);
    require(note_key_make("mingce.example/log/receipt", NOTE_ED25519, seed, &key));
    (void) !receipt_open(&receipt, &key, &promise);
    free(text);
    receipt_free(&receipt);
    return 0;
}
