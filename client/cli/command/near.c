/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/near.h"

#include <string.h>

enum { LETTERS = 32, FAR = LETTERS + 1 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t two = a < b ? a : b;
    return two < c ? two : c;
}

/* Counts the letters that must be inserted, removed, changed or swapped with their neighbour to make one word of the other. */
static size_t distance(const char *one, const char *other)
{
    size_t rows[LETTERS + 1][LETTERS + 1], n = strlen(one), m = strlen(other);
    if (n > LETTERS || m > LETTERS)
        return FAR;
    for (size_t i = 0; i <= n; i++)
        rows[i][0] = i;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++)
        for (size_t j = 1; j <= m; j++) {
            rows[i][j] = least(rows[i - 1][j] + 1, rows[i][j - 1] + 1,
                               rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]));
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] &&
                rows[i - 2][j - 2] + 1 < rows[i][j])
                rows[i][j] = rows[i - 2][j - 2] + 1;
        }
    return rows[n][m];
}

const char *near_word(const char *typed, const char *const *words, size_t n)
{
    const char *nearest = NULL;
    size_t length = strlen(typed), best = length < 4 ? 2 : 3; /* less than that many letters */
    for (size_t i = 0; i < n; i++) {
        if (words[i] == NULL)
            continue;
        size_t far = distance(typed, words[i]);
        if (far > 1 && length > 1 && strncmp(typed, words[i], length) == 0)
            far = 1;
        if (far < best) {
            best = far;
            nearest = words[i];
        }
    }
    return nearest;
}
