/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/roster.h"

#include <string.h>

#include "proto/rules/bank_card.h"
#include "proto/rules/cell.h"
#include "proto/rules/codes.h"
#include "proto/rules/division.h"
#include "proto/rules/person_name.h"
#include "proto/rules/phone.h"

enum { MINIMUM_AGE = 16, TEXT_CHARACTERS = 100, WORDS_CHARACTERS = 30, SEX_UNSTATED = 9 };

static void note(struct findings *findings, enum reason reason, const char *field)
{
    if (reason != REASON_NONE && findings->n < ROSTER_FINDINGS)
        findings->at[findings->n++] = (struct finding){reason, field};
}

static void check_name(const Mingce__V1__RosterRow *row, struct roster_clean *clean,
                       struct findings *findings)
{
    enum reason dot, space;
    enum reason reason = person_name_parse(row->name, clean->name, &dot, &space);
    note(findings, reason, "name");
    if (reason != REASON_NONE)
        return;
    note(findings, dot, "name");
    note(findings, space, "name");
}

static void check_document(const Mingce__V1__RosterRow *row, day today, struct roster_clean *clean,
                           struct findings *findings)
{
    enum document_type type;
    enum reason warning;
    clean->document.birth = DAY_NONE;
    if (!document_type_of(row->document_type, &type)) {
        note(findings, REASON_DOCUMENT_TYPE_UNKNOWN, "document_type");
        return;
    }
    enum reason reason =
        document_parse(type, row->document_number, row->issuing_country, today, &clean->document, &warning);
    note(findings, reason, reason == REASON_COUNTRY_MISSING ? "issuing_country" : "document_number");
    if (reason == REASON_NONE)
        note(findings, warning, "document_number");
}

/* GB/T 2261.1; 9: said not to be stated; 0: not understood. */
static uint8_t sex_of(const char *cell)
{
    static const struct {
        const char *words;
        uint8_t sex;
    } table[] = {{"男", 1},   {"男性", 1},   {"male", 1}, {"m", 1}, {"1", 1},      {"女", 2},
                 {"女性", 2}, {"female", 2}, {"f", 2},    {"2", 2}, {"未说明", 9}, {"未知", 9}};
    char clean[32];
    if (!cell_number(cell, clean, sizeof(clean)))
        return 0;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        if (strcasecmp(table[i].words, clean) == 0)
            return table[i].sex;
    return 0;
}

/* A7: the number's is kept, what differs is recorded. */
static void check_sex(const Mingce__V1__RosterRow *row, struct roster_clean *clean, struct findings *findings)
{
    clean->sex = clean->document.sex;
    if (cell_empty(row->sex))
        return;
    uint8_t stated = sex_of(row->sex);
    if (stated == 0) {
        note(findings, REASON_SEX_UNKNOWN, "sex");
    } else if (clean->sex == 0) {
        clean->sex = stated;
    } else if (stated != clean->sex && stated != SEX_UNSTATED) {
        clean->declared_sex = stated;
        note(findings, REASON_SEX_DIFFERS, "sex");
    }
}

static void check_birth(const Mingce__V1__RosterRow *row, day today, struct roster_clean *clean,
                        struct findings *findings)
{
    clean->birth = clean->document.birth;
    clean->declared_birth = DAY_NONE;
    if (cell_empty(row->birth_date))
        return;
    day stated = cell_day(row->birth_date);
    if (stated == DAY_NONE) {
        note(findings, REASON_BIRTH_FORMAT, "birth_date");
    } else if (clean->birth == DAY_NONE) {
        clean->birth = stated;
        if (stated > today)
            note(findings, REASON_BIRTH_IN_FUTURE, "birth_date");
    } else if (stated != clean->birth) {
        clean->declared_birth = stated;
        note(findings, REASON_BIRTH_DIFFERS, "birth_date");
    }
}

/* A1, where the class's first day is known; elsewhere the database judges. The minimum age it then reads from
 * the policy in force; this is the default. */
static void check_age(day starts_on, const struct roster_clean *clean, struct findings *findings)
{
    if (starts_on == DAY_NONE || clean->birth == DAY_NONE)
        return;
    const char *field = clean->document.birth != DAY_NONE ? "document_number" : "birth_date";
    if (clean->birth > starts_on)
        note(findings, REASON_BIRTH_AFTER_START, field);
    else if (day_age(clean->birth, starts_on) < MINIMUM_AGE)
        note(findings, REASON_UNDER_AGE, field);
}

static uint8_t check_code(const char *cell, enum code_table table, enum reason unknown, const char *field,
                          struct findings *findings)
{
    uint8_t code = 0;
    if (!cell_empty(cell) && !code_of_cell(table, cell, &code))
        note(findings, unknown, field);
    return code;
}

static void check_group(const Mingce__V1__RosterRow *row, struct roster_clean *clean,
                        struct findings *findings)
{
    if (cell_empty(row->trainee_group))
        note(findings, REASON_GROUP_MISSING, "trainee_group");
    else
        clean->trainee_group = check_code(row->trainee_group, CODES_TRAINEE_GROUP, REASON_GROUP_UNKNOWN,
                                          "trainee_group", findings);
}

static void check_division(const Mingce__V1__RosterRow *row, struct roster_clean *clean,
                           struct findings *findings)
{
    if (!cell_empty(row->division) && !division_of_cell(row->division, clean->division))
        note(findings, REASON_DIVISION_UNKNOWN, "division");
}

static void check_text(const char *cell, size_t characters, char *clean, size_t size, const char *field,
                       struct findings *findings)
{
    bool control;
    if (cell_empty(cell))
        return;
    if (!cell_text(cell, characters, clean, size, &control))
        note(findings, REASON_TEXT_LENGTH, field);
    else if (control || cell_invisible(clean))
        note(findings, REASON_TEXT_CHARACTER, field);
}

static void check_contact(const Mingce__V1__RosterRow *row, struct roster_clean *clean,
                          struct findings *findings)
{
    enum reason warning = REASON_NONE, reason;
    if (!cell_empty(row->phone))
        note(findings, phone_parse(row->phone, clean->phone), "phone");
    if (!cell_empty(row->account_number)) {
        reason = bank_card_parse(row->account_number, clean->account_number, &warning);
        note(findings, reason == REASON_NONE ? warning : reason, "account_number");
    }
    check_text(row->household, WORDS_CHARACTERS, clean->household, sizeof(clean->household), "household",
               findings);
    check_text(row->address, TEXT_CHARACTERS, clean->address, sizeof(clean->address), "address", findings);
    check_text(row->bank, TEXT_CHARACTERS, clean->bank, sizeof(clean->bank), "bank", findings);
    check_text(row->account_name, PERSON_NAME_CHARACTERS, clean->account_name, sizeof(clean->account_name),
               "account_name", findings);
}

/* No form of this number is prescribed: letters, digits and words are taken as they are. */
static void check_certificate(const Mingce__V1__RosterRow *row, struct roster_clean *clean,
                              struct findings *findings)
{
    char number[sizeof(clean->unemployment_certificate)];
    if (cell_empty(row->unemployment_certificate))
        return;
    if (!cell_number(row->unemployment_certificate, number, sizeof(number)))
        note(findings, REASON_TEXT_LENGTH, "unemployment_certificate");
    else if (cell_scientific(number))
        note(findings, REASON_NUMBER_PRECISION_LOST, "unemployment_certificate");
    else
        check_text(number, sizeof(number), clean->unemployment_certificate, sizeof(number),
                   "unemployment_certificate", findings);
}

bool roster_check(const Mingce__V1__RosterRow *row, day today, day starts_on, struct roster_clean *clean,
                  struct findings *findings)
{
    *clean = (struct roster_clean){0};
    findings->n = 0;
    check_name(row, clean, findings);
    check_document(row, today, clean, findings);
    check_sex(row, clean, findings);
    check_birth(row, today, clean, findings);
    check_age(starts_on, clean, findings);
    check_group(row, clean, findings);
    clean->ethnicity =
        check_code(row->ethnicity, CODES_ETHNICITY, REASON_ETHNICITY_UNKNOWN, "ethnicity", findings);
    clean->education =
        check_code(row->education, CODES_EDUCATION, REASON_EDUCATION_UNKNOWN, "education", findings);
    check_division(row, clean, findings);
    check_contact(row, clean, findings);
    check_certificate(row, clean, findings);
    for (size_t i = 0; i < findings->n; i++)
        if (reason_refuses(findings->at[i].reason))
            return false;
    return true;
}

bool roster_zeroed(const struct findings *findings)
{
    for (size_t i = 0; i < findings->n; i++)
        if (findings->at[i].reason == REASON_ID_TAIL_ZEROED)
            return true;
    return false;
}

bool roster_maybe_zeroed(const struct roster_clean *clean)
{
    enum { LONG_ID = 18, ZEROED = 3 /* digits beyond the fifteenth */ };
    return strlen(clean->document.number) == LONG_ID &&
           strcmp(clean->document.number + LONG_ID - ZEROED, "000") == 0;
}
