/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/phone.h"

#include <string.h>

#include "proto/rules/cell.h"

enum reason phone_parse(const char *cell, char phone[PHONE_BYTES])
{
    char clean[32];
    size_t n = 0;
    if (!cell_number(cell, clean, sizeof(clean)))
        return REASON_PHONE_FORMAT;
    if (cell_scientific(clean))
        return REASON_NUMBER_PRECISION_LOST;
    const char *at = clean;
    if (strncmp(at, "+86", 3) == 0)
        at += 3;
    else if (strncmp(at, "0086", 4) == 0)
        at += 4;
    for (; *at != '\0'; at++) {
        if (*at == '-')
            continue;
        if (!cell_digit(*at) || n >= PHONE_BYTES - 1)
            return REASON_PHONE_FORMAT;
        phone[n++] = *at;
    }
    phone[n] = '\0';
    return n == PHONE_BYTES - 1 && phone[0] == '1' && phone[1] >= '3' ? REASON_NONE : REASON_PHONE_FORMAT;
}

void phone_mask(const char *phone, char masked[PHONE_MASK_BYTES])
{
    size_t n = strnlen(phone, PHONE_MASK_BYTES - 1);
    for (size_t i = 0; i < n; i++)
        masked[i] = i >= 3 && i < 7 ? '*' : phone[i];
    masked[n] = '\0';
}
