/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/certificate_number.h"

#include <stdio.h>
#include <string.h>

#include "proto/rules/cell.h"

enum reason certificate_number_parse(const char *stated, char number[CERTIFICATE_NUMBER_BYTES])
{
    if (!cell_number(stated, number, CERTIFICATE_NUMBER_BYTES) || *number == '\0')
        return REASON_CERTIFICATE_NUMBER;
    if (cell_scientific(number))
        return REASON_NUMBER_PRECISION_LOST;
    for (char *c = number; *c != '\0'; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char) (*c - 'a' + 'A');
        if (!cell_digit(*c) && !(*c >= 'A' && *c <= 'Z') && *c != '-')
            return REASON_CERTIFICATE_NUMBER;
    }
    return REASON_NONE;
}

/* Of resident's numbers: characters. */
enum { RESIDENT = 18 };

static bool digits(const char *text, size_t n)
{
    return strlen(text) == n && strspn(text, "0123456789") == n;
}

/* Year and level where the number has them: two digits, and 5 (junior) to 1 (senior technician). */
static bool year_and_level_fit(const char *year, char digit, day issued_on, uint32_t level)
{
    enum { JUNIOR = 2, SENIOR_TECHNICIAN = 6, BOTH = 7 };
    char text[DAY_TEXT];
    day_format(issued_on, text);
    return memcmp(year, text + 2, 2) == 0 && level >= JUNIOR && level <= SENIOR_TECHNICIAN &&
           digit == (char) ('0' + BOTH - level);
}

enum reason certificate_number_fits(const char *number, enum certificate_kind kind, day issued_on,
                                    uint32_t level, const char *document_number, enum reason *warning)
{
    bool fits = true, known = true;
    *warning = REASON_NONE;
    switch (kind) {
    case CERTIFICATE_QUALIFICATION:
        known = digits(number, 16);
        fits = !known || year_and_level_fit(number, number[10], issued_on, level);
        break;
    case CERTIFICATE_SKILL_LEVEL:
        known = (*number == 'Y' || *number == 'S') && digits(number + 1, 21);
        fits = !known || year_and_level_fit(number + 13, number[15], issued_on, level);
        break;
    case CERTIFICATE_SPECIAL_OPERATION:
        known = *number == 'T' && strlen(number) == 1 + RESIDENT;
        fits = !known || strcmp(number + 1, document_number) == 0;
        break;
    case CERTIFICATE_TRAINING:
        break;
    case CERTIFICATE_SPECIAL_ABILITY:
        known = false;
        break;
    }
    if (!known)
        *warning = REASON_CERTIFICATE_FORM;
    return fits ? REASON_NONE : REASON_CERTIFICATE_CONTRADICTS;
}

bool certificate_number_resident(const char *number, day today, struct document *resident)
{
    char part[RESIDENT + 1] = "";
    enum reason warning;
    for (const char *end = number + strlen(number); end - number >= RESIDENT; number++) {
        memcpy(part, number, RESIDENT);
        if (document_parse(DOCUMENT_RESIDENT_ID, part, NULL, today, resident, &warning) == REASON_NONE)
            return true;
    }
    return false;
}
