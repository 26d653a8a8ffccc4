/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a roster: 0x1f between the cells, in the order of RosterRow. A row that is accepted has a normal form;
 * written out as a row it is accepted again, as the same. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/codes.h"
#include "proto/rules/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CELLS = 17, SEPARATOR = 0x1f };

/* The normal form as cells; sex and birth date are not in it as text. */
struct written {
    Mingce__V1__RosterRow row;
    char sex[2], birth[DAY_TEXT];
};

static void require(int holds)
{
    if (!holds)
        abort();
}

static char *cell(const char *text)
{
    return (char *) (uintptr_t) text;
}

static void fill(Mingce__V1__RosterRow *row, char *cells[CELLS])
{
    char **const fields[CELLS] = {&row->name,
                                  &row->document_type,
                                  &row->document_number,
                                  &row->issuing_country,
                                  &row->sex,
                                  &row->birth_date,
                                  &row->ethnicity,
                                  &row->education,
                                  &row->trainee_group,
                                  &row->household,
                                  &row->division,
                                  &row->phone,
                                  &row->address,
                                  &row->bank,
                                  &row->account_name,
                                  &row->account_number,
                                  &row->unemployment_certificate};
    for (size_t i = 0; i < CELLS; i++)
        *fields[i] = cells[i];
}

static void write_row(const struct roster_clean *clean, struct written *written)
{
    uint8_t sex = clean->declared_sex != 0 ? clean->declared_sex : clean->sex;
    day birth = clean->declared_birth != DAY_NONE ? clean->declared_birth : clean->birth;
    char *cells[CELLS] = {cell(clean->name),
                          cell(document_type_zh(clean->document.type)),
                          cell(clean->document.number),
                          cell(clean->document.issuing_country),
                          written->sex,
                          written->birth,
                          cell(code_name(CODES_ETHNICITY, clean->ethnicity)),
                          cell(code_name(CODES_EDUCATION, clean->education)),
                          cell(code_name(CODES_TRAINEE_GROUP, clean->trainee_group)),
                          cell(clean->household),
                          cell(clean->division),
                          cell(clean->phone),
                          cell(clean->address),
                          cell(clean->bank),
                          cell(clean->account_name),
                          cell(clean->account_number),
                          cell(clean->unemployment_certificate)};
    *written = (struct written){.row = MINGCE__V1__ROSTER_ROW__INIT};
    if (sex == 9)
        cells[4] = cell("未说明");
    else if (sex != 0)
        written->sex[0] = (char) ('0' + sex);
    if (birth != DAY_NONE)
        day_format(birth, written->birth);
    fill(&written->row, cells);
}

static void require_same(const struct roster_clean *a, const struct roster_clean *b)
{
    require(a->document.type == b->document.type && strcmp(a->document.number, b->document.number) == 0);
    require(strcmp(a->document.issuing_country, b->document.issuing_country) == 0);
    require(strcmp(a->name, b->name) == 0 && a->sex == b->sex && a->birth == b->birth);
    require(a->declared_sex == b->declared_sex && a->declared_birth == b->declared_birth);
    require(a->ethnicity == b->ethnicity && a->education == b->education);
    require(a->trainee_group == b->trainee_group && a->trainee_group != 0);
    require(strcmp(a->household, b->household) == 0 && strcmp(a->division, b->division) == 0);
    require(strcmp(a->phone, b->phone) == 0 && strcmp(a->address, b->address) == 0);
    require(strcmp(a->bank, b->bank) == 0 && strcmp(a->account_name, b->account_name) == 0);
    require(strcmp(a->account_number, b->account_number) == 0);
    require(strcmp(a->unemployment_certificate, b->unemployment_certificate) == 0);
}

/* The normal form earns no finding about its mending, only about what it says. */
static void judge_again(const struct roster_clean *clean, day today, day starts_on)
{
    struct written written;
    struct roster_clean again;
    struct findings findings;
    write_row(clean, &written);
    require(roster_check(&written.row, today, starts_on, &again, &findings));
    for (size_t i = 0; i < findings.n; i++)
        require(findings.at[i].reason == REASON_ID_ADDRESS_UNKNOWN ||
                findings.at[i].reason == REASON_SEX_DIFFERS ||
                findings.at[i].reason == REASON_BIRTH_DIFFERS || findings.at[i].reason == REASON_BANK_LUHN);
    require_same(clean, &again);
}

static void judge(const Mingce__V1__RosterRow *row, day today, day starts_on)
{
    struct roster_clean clean;
    struct findings findings;
    bool refused = false, accepted = roster_check(row, today, starts_on, &clean, &findings);
    require(findings.n < ROSTER_FINDINGS);
    for (size_t i = 0; i < findings.n; i++) {
        require(protobuf_c_message_descriptor_get_field_by_name(row->base.descriptor, findings.at[i].field) !=
                NULL);
        refused = refused || reason_refuses(findings.at[i].reason);
    }
    require(accepted == !refused);
    require(!accepted || starts_on == DAY_NONE || clean.birth == DAY_NONE ||
            day_age(clean.birth, starts_on) >= 16);
    if (accepted)
        judge_again(&clean, today, starts_on);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Mingce__V1__RosterRow row = MINGCE__V1__ROSTER_ROW__INIT;
    char *cells[CELLS] = {NULL}, *text = malloc(size + 1), *rest = text;
    const char separator[] = {SEPARATOR, '\0'};
    day today = day_of(2126, 3, 1);
    require(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    for (size_t i = 0; i < CELLS; i++)
        cells[i] = strsep(&rest, separator);
    fill(&row, cells);
    judge(&row, today, DAY_NONE);
    judge(&row, today, day_of(2126, 4, 1));
    free(text);
    return 0;
}
