/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/credit_code.h"

#include <string.h>

#include "proto/rules/cell.h"

enum { MODULUS = 31 };

enum reason credit_code_parse(const char *text, char code[CREDIT_CODE_BYTES])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char clean[64];
    int sum = 0, weight = 1;
    if (!cell_number(text, clean, sizeof(clean)) || strlen(clean) != CREDIT_CODE_BYTES - 1)
        return REASON_CREDIT_CODE_LENGTH;
    for (int i = 0; i < CREDIT_CODE_BYTES - 1; i++) {
        code[i] = cell_upper(clean[i]);
        if (strchr(alphabet, code[i]) == NULL)
            return REASON_CREDIT_CODE_CHARACTER;
    }
    code[CREDIT_CODE_BYTES - 1] = '\0';
    for (int i = 0; i < CREDIT_CODE_BYTES - 2; i++, weight = weight * 3 % MODULUS)
        sum += (int) (strchr(alphabet, code[i]) - alphabet) * weight;
    int check = (MODULUS - sum % MODULUS) % MODULUS;
    return code[CREDIT_CODE_BYTES - 2] == alphabet[check] ? REASON_NONE : REASON_CREDIT_CODE_CHECKSUM;
}
