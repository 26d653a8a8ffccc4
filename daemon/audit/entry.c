/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/audit/entry.h"

#include <endian.h>
#include <string.h>

enum { VERSION = 1, VARINT = 0, FIXED64 = 1, BYTES = 2 };

static uint8_t *put_bytes(uint8_t *at, unsigned field, const void *bytes, size_t n)
{
    *at++ = (uint8_t) (field << 3 | BYTES);
    *at++ = (uint8_t) n; /* below 128: one byte */
    memcpy(at, bytes, n);
    return at + n;
}

size_t entry_head(uint8_t out[ENTRY_HEAD_BYTES], const struct entry_head *head)
{
    uint8_t *at = out;
    uint64_t at_ms = htole64((uint64_t) head->at_ms);
    *at++ = 1 << 3 | VARINT;
    *at++ = VERSION;
    *at++ = 2 << 3 | FIXED64;
    memcpy(at, &at_ms, sizeof(at_ms));
    at += sizeof(at_ms);
    at = put_bytes(at, 3, head->operator_id, 16);
    at = put_bytes(at, 4, head->organisation_id, 16);
    at = put_bytes(at, 5, head->method, strnlen(head->method, ENTRY_METHOD));
    at = put_bytes(at, 6, head->request_id, 16);
    at = put_bytes(at, 7, head->digest, 32);
    if (head->row == 0)
        return (size_t) (at - out);
    *at++ = 8 << 3 | VARINT;
    uint32_t row = head->row;
    for (; row >= 0x80; row >>= 7)
        *at++ = (uint8_t) (row | 0x80);
    *at++ = (uint8_t) row;
    return (size_t) (at - out);
}
