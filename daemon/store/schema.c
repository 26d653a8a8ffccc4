/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/schema.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/log.h"

void schema_file_sha256(const struct schema_file *file, uint8_t sha256[32])
{
    if (EVP_Digest(file->text, strlen(file->text), sha256, NULL, EVP_sha256(), NULL) != 1)
        fatal("no-sha256", NULL);
}

void schema_digest(char digest[SCHEMA_DIGEST])
{
    uint8_t sha256[32];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (uint32_t i = 0; good && i < schema_files_n; i++) {
        schema_file_sha256(&schema_files[i], sha256);
        good = EVP_DigestUpdate(context, schema_files[i].name, strlen(schema_files[i].name) + 1) == 1 &&
               EVP_DigestUpdate(context, sha256, sizeof(sha256)) == 1;
    }
    if (!good || EVP_DigestFinal_ex(context, sha256, NULL) != 1)
        fatal("no-sha256", NULL);
    EVP_MD_CTX_free(context);
    for (size_t i = 0; i < sizeof(sha256); i++)
        snprintf(digest + 2 * i, 3, "%02x", sha256[i]);
}
