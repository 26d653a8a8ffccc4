/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate's file: what is read is written as the same bytes, signed by any key it opens again, by another it does not. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/tlog/certificate_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t seed[NOTE_SEED] = {9}, another[NOTE_SEED] = {10};
    struct note_key key, stranger;
    struct certificate_file file, again;
    char text[CERTIFICATE_FILE_TEXT], note[CERTIFICATE_FILE_NOTE];
    size_t n;
    require(note_key_make("mingce.example/log/certificate", NOTE_ED25519, seed, &key));
    require(note_key_make("mingce.example/log/certificate", NOTE_ED25519, another, &stranger));
    (void) !certificate_file_open((const char *) data, size, &key, &file);
    if (!certificate_file_parse((const char *) data, size, &file))
        return 0;
    require(certificate_file_format(&file, text, &n) && n == size && memcmp(text, data, n) == 0);
    require(certificate_file_sign(&file, &key, seed, note, &n));
    require(certificate_file_open(note, n, &key, &again) == CERTIFICATE_FILE_GOOD);
    require(certificate_file_open(note, n, &stranger, &again) == CERTIFICATE_FILE_UNSIGNED);
    return 0;
}
