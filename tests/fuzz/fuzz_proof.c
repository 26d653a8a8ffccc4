/* SPDX-License-Identifier: Apache-2.0 */
/* The file of a proof that somebody brings. What is read is written again as it was. */
#include <stdlib.h>
#include <string.h>

#include "proto/tlog/proof_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[PROOF_FILE], again[PROOF_FILE];
    static struct proof_file proof;
    if (size >= PROOF_FILE / 2 || memchr(data, 0, size) != NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (!proof_parse(text, &proof))
        return 0;
    require(proof.body_n <= sizeof(proof.body) && proof.n <= MERKLE_PROOF && proof.note <= text + size);
    size_t n = proof_format(again, proof.index, proof.body, proof.body_n, proof.proof, proof.n, proof.note);
    /* of an empty entry the blank behind "extra" may have been taken away */
    require(proof.body_n == 0 || (n == size && memcmp(again, data, size) == 0));
    return 0;
}
