/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/schema.h"

#include <stdio.h>
#include <string.h>

#include "proto/tlog/sha256.h"
#include "proto/wire/hex.h"

void schema_file_sha256(const struct schema_file *file, uint8_t digest[SHA256_BYTES])
{
    sha256(file->text, strlen(file->text), digest);
}

void schema_digest(char digest[SCHEMA_DIGEST])
{
    uint8_t bytes[SHA256_BYTES];
    SHA256_CTX context;
    sha256_begin(&context);
    for (uint32_t i = 0; i < schema_files_n; i++) {
        schema_file_sha256(&schema_files[i], bytes);
        sha256_add(&context, schema_files[i].name, strlen(schema_files[i].name) + 1);
        sha256_add(&context, bytes, sizeof(bytes));
    }
    sha256_end(&context, bytes);
    hex_write(bytes, sizeof(bytes), digest);
}
