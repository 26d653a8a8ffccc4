/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/proof_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/tlog/base64.h"

#define PROOF_HEADER "c2sp.org/tlog-proof@v1\n"

size_t proof_format(char text[PROOF_FILE], uint64_t index, const uint8_t *body, size_t body_n,
                    const merkle_hash *proof, size_t n, const char *note)
{
    char hash[BASE64_BYTES(MERKLE_HASH)];
    int at = snprintf(text, PROOF_FILE, PROOF_HEADER "extra ");
    base64_encode(body, body_n, text + at);
    at += (int) strlen(text + at);
    at += snprintf(text + at, (size_t) (PROOF_FILE - at), "\nindex %" PRIu64 "\n", index);
    for (size_t i = 0; i < n; i++) {
        base64_encode(proof[i], MERKLE_HASH, hash);
        at += snprintf(text + at, (size_t) (PROOF_FILE - at), "%s\n", hash);
    }
    at += snprintf(text + at, (size_t) (PROOF_FILE - at), "\n%s", note);
    return (size_t) at;
}

/* The line at `*at`, its LF made a NUL; NULL: there is none. */
static char *line_next(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    if (end == NULL)
        return NULL;
    *end = '\0';
    *at = end + 1;
    return line;
}

bool proof_parse(char *text, struct proof_file *proof)
{
    char *at = text, *line, *end;
    size_t n;
    if (strncmp(text, PROOF_HEADER, sizeof(PROOF_HEADER) - 1) != 0)
        return false;
    at += sizeof(PROOF_HEADER) - 1;
    line = line_next(&at);
    if (line == NULL || strncmp(line, "extra", 5) != 0 || (line[5] != ' ' && line[5] != '\0'))
        return false;
    line +=
        line[5] == ' ' ? 6 : 5; /* of an empty entry the blank is the line's last, which mail may take away */
    if (!base64_decode(line, strlen(line), proof->body, sizeof(proof->body), &proof->body_n))
        return false;
    line = line_next(&at);
    if (line == NULL || strncmp(line, "index ", 6) != 0 || line[6] < '0' || line[6] > '9' ||
        (line[6] == '0' && line[7] != '\0'))
        return false;
    errno = 0;
    proof->index = strtoull(line + 6, &end, 10);
    if (*end != '\0' || errno != 0)
        return false;
    for (proof->n = 0; (line = line_next(&at)) != NULL && *line != '\0'; proof->n++)
        if (proof->n == MERKLE_PROOF ||
            !base64_decode(line, strlen(line), proof->proof[proof->n], MERKLE_HASH, &n) || n != MERKLE_HASH)
            return false;
    proof->note = at;
    return line != NULL;
}
