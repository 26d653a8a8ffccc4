/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/line.h"

#include <string.h>

#include "proto/tlog/base64.h"

const char *line_next(const char **at, const char *end, size_t *n)
{
    const char *line = *at, *lf = *at == end ? NULL : memchr(line, '\n', (size_t) (end - line));
    if (lf == NULL)
        return NULL;
    *n = (size_t) (lf - line);
    *at = lf + 1;
    return line;
}

const char *line_after(const char *line, const char *word, size_t *n)
{
    size_t word_n = strlen(word);
    if (*n <= word_n || memcmp(line, word, word_n) != 0 || line[word_n] != ' ')
        return NULL;
    *n -= word_n + 1;
    return line + word_n + 1;
}

bool line_decimal(const char *text, size_t n, uint64_t *value)
{
    *value = 0;
    if (n == 0 || n > 18 || (text[0] == '0' && n > 1))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = *value * 10 + (uint64_t) (text[i] - '0');
    }
    return true;
}

bool line_hash(const char *text, size_t n, merkle_hash hash)
{
    size_t bytes;
    return base64_decode(text, n, hash, MERKLE_HASH, &bytes) && bytes == MERKLE_HASH;
}
