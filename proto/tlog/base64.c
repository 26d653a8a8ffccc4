/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/base64.h"

#include <openssl/evp.h>
#include <string.h>

enum { TEXT_MOST = 1 << 16 };

void base64_encode(const uint8_t *bytes, size_t n, char *text)
{
    EVP_EncodeBlock((unsigned char *) text, bytes, (int) n);
}

/* EVP_DecodeBlock() passes over white space and looks at no leftover bits: only what encodes to the same text is
 * taken. */
bool base64_decode(const char *text, size_t n, uint8_t *bytes, size_t room, size_t *length)
{
    uint8_t plain[TEXT_MOST / 4 * 3] = {0};
    char again[TEXT_MOST + 1];
    if (n % 4 != 0 || n > TEXT_MOST)
        return false;
    int decoded = n == 0 ? 0 : EVP_DecodeBlock(plain, (const unsigned char *) text, (int) n);
    if (decoded < 0)
        return false;
    size_t padding = n == 0 ? 0 : (size_t) (text[n - 1] == '=') + (size_t) (text[n - 2] == '=');
    *length = (size_t) decoded - padding;
    if (*length > room)
        return false;
    base64_encode(plain, *length, again);
    if (memcmp(again, text, n) != 0)
        return false;
    memcpy(bytes, plain, *length);
    return true;
}
