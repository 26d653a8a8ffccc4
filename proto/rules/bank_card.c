/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/bank_card.h"

#include <stdbool.h>
#include <string.h>

#include "proto/rules/cell.h"

enum { SPREADSHEET_DIGITS = 15, LONG_CARD = 18 }; /* a spreadsheet keeps so many, the rest become zeros */

static bool luhn(const char *digits, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int digit = digits[n - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/* Only of a card (62…, 18 or 19 digits): a corporate account may well end in zeros. */
static bool zeroed(const char *digits, size_t n)
{
    return n >= LONG_CARD && n <= LONG_CARD + 1 && memcmp(digits, "62", 2) == 0 &&
           strspn(digits + SPREADSHEET_DIGITS, "0") == n - SPREADSHEET_DIGITS;
}

enum reason bank_card_parse(const char *cell, char account[BANK_CARD_BYTES], enum reason *warning)
{
    char clean[BANK_CARD_BYTES];
    size_t n = 0;
    *warning = REASON_NONE;
    if (!cell_number(cell, clean, sizeof(clean)))
        return REASON_BANK_CHARACTER;
    if (cell_scientific(clean))
        return REASON_BANK_PRECISION_LOST;
    for (const char *at = clean; *at != '\0'; at++) {
        if (*at == '-')
            continue;
        if (!cell_digit(*at))
            return REASON_BANK_CHARACTER;
        account[n++] = *at;
    }
    account[n] = '\0';
    if (n == 0)
        return REASON_BANK_CHARACTER;
    if (luhn(account, n))
        return REASON_NONE;
    if (zeroed(account, n))
        return REASON_BANK_TAIL_ZEROED;
    *warning = REASON_BANK_LUHN;
    return REASON_NONE;
}
