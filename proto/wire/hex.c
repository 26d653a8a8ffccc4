/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/wire/hex.h"

#include <string.h>

void hex_write(const uint8_t *bytes, size_t n, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * n] = '\0';
}

bool hex_read(const char *text, uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    size_t done = 0;
    if (text == NULL)
        return false;
    for (; *text != '\0' && done < 2 * n; text++) {
        const char *digit = strchr(digits, *text);
        if (*text == '-')
            continue;
        if (digit == NULL)
            break;
        unsigned value = (unsigned) (digit - digits);
        value = value > 15 ? value - 6 : value;
        bytes[done / 2] = (uint8_t) (done % 2 == 0 ? value << 4 : bytes[done / 2] | value);
        done++;
    }
    return done == 2 * n && *text == '\0';
}
