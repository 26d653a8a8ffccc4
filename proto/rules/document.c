/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/document.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/cell.h"
#include "proto/rules/division.h"

enum { LONG_ID = 18, SHORT_ID = 15, OLDEST_YEAR = 1900, MASK_HEAD = 4, MASK_TAIL = 4 };

static const struct {
    const char *words;
    enum document_type type;
} type_words[] = {
    {"居民身份证", DOCUMENT_RESIDENT_ID},
    {"户口簿", DOCUMENT_RESIDENT_ID}, /* has the same number */
    {"居民户口簿", DOCUMENT_RESIDENT_ID},
    {"身份证", DOCUMENT_RESIDENT_ID},
    {"公民身份证", DOCUMENT_RESIDENT_ID},
    {"中华人民共和国居民身份证", DOCUMENT_RESIDENT_ID},
    {"二代身份证", DOCUMENT_RESIDENT_ID},
    {"resident ID", DOCUMENT_RESIDENT_ID},
    {"港澳台居民居住证", DOCUMENT_RESIDENCE_PERMIT},
    {"港澳居民居住证", DOCUMENT_RESIDENCE_PERMIT},
    {"台湾居民居住证", DOCUMENT_RESIDENCE_PERMIT},
    {"residence permit", DOCUMENT_RESIDENCE_PERMIT},
    {"外国人永久居留身份证", DOCUMENT_FOREIGN_PERMANENT},
    {"外国人永久居留证", DOCUMENT_FOREIGN_PERMANENT},
    {"外国人居留证", DOCUMENT_FOREIGN_PERMANENT},
    {"foreign permanent-resident card", DOCUMENT_FOREIGN_PERMANENT},
    {"护照", DOCUMENT_PASSPORT},
    {"外国护照", DOCUMENT_PASSPORT},
    {"passport", DOCUMENT_PASSPORT},
};

static int type_known(const void *context, const char *clean)
{
    (void) context;
    for (size_t i = 0; i < sizeof(type_words) / sizeof(*type_words); i++)
        if (cell_same_word(clean, type_words[i].words))
            return (int) type_words[i].type;
    return 0;
}

bool document_type_of(const char *words, enum document_type *type)
{
    int known = cell_empty(words) ? (int) DOCUMENT_RESIDENT_ID : cell_word(words, type_known, NULL);
    *type = known == 0 ? DOCUMENT_RESIDENT_ID : (enum document_type) known;
    return known != 0;
}

const char *document_type_zh(enum document_type type)
{
    static const char *const names[] = {"", "居民身份证", "港澳台居民居住证", "外国人永久居留身份证", "护照"};
    return (unsigned) type < sizeof(names) / sizeof(*names) ? names[type] : "";
}

const char *document_type_en(enum document_type type)
{
    static const char *const names[] = {"", "resident ID", "residence permit",
                                        "foreign permanent-resident card", "passport"};
    return (unsigned) type < sizeof(names) / sizeof(*names) ? names[type] : "";
}

/* ISO 7064 MOD 11-2, as GB 11643 writes it out: of the first 17 digits. */
static char check_character(const char *number)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < LONG_ID - 1; i++)
        sum += (number[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

static bool upper_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool all_digits(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!cell_digit(text[i]))
            return false;
    return true;
}

static int digits(const char *text, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

/* A number of 15 digits is the older form: the century and the check character are put in. */
static void upgrade(char number[DOCUMENT_NUMBER_BYTES])
{
    memmove(number + 8, number + 6, SHORT_ID - 6);
    memcpy(number + 6, "19", 2);
    number[LONG_ID - 1] = check_character(number);
    number[LONG_ID] = '\0';
}

/* Length, characters and check character of an 18-character number; a zeroed tail is a spreadsheet's doing. */
static enum reason check_number(const char *number)
{
    if (strlen(number) != LONG_ID)
        return REASON_ID_LENGTH;
    if (!all_digits(number, LONG_ID - 1) || (!cell_digit(number[LONG_ID - 1]) && number[LONG_ID - 1] != 'X'))
        return REASON_ID_CHARACTER;
    if (check_character(number) == number[LONG_ID - 1])
        return REASON_NONE;
    return strcmp(number + LONG_ID - 3, "000") == 0 ? REASON_ID_TAIL_ZEROED : REASON_ID_CHECKSUM;
}

/* A number that is refused says nothing. */
static enum reason read_holder(struct document *document, day today)
{
    const char *number = document->number;
    int year = digits(number + 6, 4);
    day birth = day_of(year, digits(number + 10, 2), digits(number + 12, 2));
    if (birth == DAY_NONE || year < OLDEST_YEAR)
        return REASON_ID_DATE;
    if (birth > today)
        return REASON_BIRTH_IN_FUTURE;
    document->birth = birth;
    document->sex = (number[16] - '0') % 2 == 1 ? 1 : 2;
    return REASON_NONE;
}

static bool permit_prefix(const char *number)
{
    return memcmp(number, "810000", 6) == 0 || memcmp(number, "820000", 6) == 0 ||
           memcmp(number, "830000", 6) == 0;
}

static enum reason parse_resident(struct document *document, day today, enum reason *warning)
{
    char *number = document->number;
    if (strlen(number) == SHORT_ID && all_digits(number, SHORT_ID))
        upgrade(number);
    enum reason reason = check_number(number);
    if (reason == REASON_NONE && permit_prefix(number))
        reason = REASON_DOCUMENT_PREFIX;
    if (reason == REASON_NONE)
        reason = read_holder(document, today);
    if (reason == REASON_NONE && !division_known(number) /* A2 */)
        *warning = REASON_ID_ADDRESS_UNKNOWN;
    return reason;
}

static enum reason parse_permit(struct document *document, day today)
{
    enum reason reason = check_number(document->number);
    if (reason == REASON_NONE && !permit_prefix(document->number))
        reason = REASON_DOCUMENT_PREFIX;
    return reason == REASON_NONE ? read_holder(document, today) : reason;
}

/* Two forms are in use. The older has 15 characters: three letters, four digits of the place, the birth date as
 * YYMMDD, two more. It does not say the century, so nothing is read from it. Since 2023 there are 18 digits that
 * begin with 9, with birth date and check character where a resident ID has them. */
static enum reason parse_foreign(struct document *document, day today)
{
    const char *number = document->number;
    if (strlen(number) == SHORT_ID) {
        for (int i = 0; i < 3; i++)
            if (!upper_letter(number[i]))
                return REASON_ID_CHARACTER;
        return all_digits(number + 3, SHORT_ID - 3) ? REASON_NONE : REASON_ID_CHARACTER;
    }
    enum reason reason = check_number(number);
    if (reason == REASON_NONE && *number != '9')
        reason = REASON_DOCUMENT_PREFIX;
    return reason == REASON_NONE ? read_holder(document, today) : reason;
}

static enum reason parse_passport(struct document *document, const char *issuing_country)
{
    char country[8];
    size_t n = strlen(document->number);
    if (n < 5 || n > 20)
        return REASON_ID_LENGTH;
    for (size_t i = 0; i < n; i++)
        if (!cell_digit(document->number[i]) && !upper_letter(document->number[i]))
            return REASON_ID_CHARACTER;
    if (cell_empty(issuing_country) || !cell_number(issuing_country, country, sizeof(country)) ||
        strlen(country) != 3)
        return REASON_COUNTRY_MISSING;
    for (int i = 0; i < 3; i++) {
        document->issuing_country[i] = cell_upper(country[i]);
        if (!upper_letter(document->issuing_country[i]))
            return REASON_COUNTRY_MISSING;
    }
    return REASON_NONE;
}

enum reason document_parse(enum document_type type, const char *number, const char *issuing_country,
                           day today, struct document *document, enum reason *warning)
{
    *document = (struct document){.type = type, .birth = DAY_NONE};
    *warning = REASON_NONE;
    if (cell_empty(number))
        return REASON_ID_MISSING;
    if (!cell_number(number, document->number, sizeof(document->number)))
        return REASON_ID_LENGTH;
    if (cell_scientific(document->number))
        return REASON_ID_PRECISION_LOST;
    for (char *at = document->number; *at != '\0'; at++)
        *at = cell_upper(*at);
    switch (type) {
    case DOCUMENT_RESIDENT_ID:
        return parse_resident(document, today, warning);
    case DOCUMENT_RESIDENCE_PERMIT:
        return parse_permit(document, today);
    case DOCUMENT_FOREIGN_PERMANENT:
        return parse_foreign(document, today);
    case DOCUMENT_PASSPORT:
        return parse_passport(document, issuing_country);
    }
    return REASON_DOCUMENT_TYPE_UNKNOWN;
}

void document_mask(const char *number, char masked[DOCUMENT_NUMBER_BYTES])
{
    size_t n = strnlen(number, DOCUMENT_NUMBER_BYTES - 1);
    size_t head = MASK_HEAD, tail = MASK_TAIL;
    if (n < LONG_ID) /* a short number keeps less: never more than half of it is shown */
        head = tail = n / 4;
    memcpy(masked, number, n);
    for (size_t i = head; i + tail < n; i++)
        masked[i] = '*';
    masked[n] = '\0';
}
