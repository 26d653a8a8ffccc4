/* SPDX-License-Identifier: Apache-2.0 */
/* The short identifiers: credit codes, accounts, phones, and the days and numbers of a cell. What is accepted is a normal
 * form: accepted again, as the same. Documents and names have targets of their own. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/bank_card.h"
#include "proto/rules/cell.h"
#include "proto/rules/credit_code.h"
#include "proto/rules/day.h"
#include "proto/rules/phone.h"
#include "proto/wire/reason.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void judge_credit_code(const char *text)
{
    char code[CREDIT_CODE_BYTES], again[CREDIT_CODE_BYTES];
    enum reason reason = credit_code_parse(text, code);
    if (reason != REASON_NONE && reason != REASON_CREDIT_CODE_CHECKSUM)
        return;
    require(strlen(code) == CREDIT_CODE_BYTES - 1);
    require(credit_code_parse(code, again) == reason && strcmp(code, again) == 0);
}

static void judge_account(const char *text)
{
    char account[BANK_CARD_BYTES], again[BANK_CARD_BYTES];
    enum reason warning, warning_again;
    if (bank_card_parse(text, account, &warning) != REASON_NONE)
        return;
    require(warning == REASON_NONE || warning == REASON_BANK_LUHN);
    require(bank_card_parse(account, again, &warning_again) == REASON_NONE);
    require(strcmp(account, again) == 0 && warning == warning_again);
}

static void judge_phone(const char *text)
{
    char phone[PHONE_BYTES], again[PHONE_BYTES], masked[PHONE_MASK_BYTES];
    if (phone_parse(text, phone) != REASON_NONE)
        return;
    require(strlen(phone) == 11 && strspn(phone, "0123456789") == 11);
    require(phone_parse(phone, again) == REASON_NONE && strcmp(phone, again) == 0);
    phone_mask(phone, masked);
    require(strlen(masked) == 11 && strspn(masked + 3, "*") == 4);
}

static void judge_cell(const char *text)
{
    char written[DAY_TEXT], number[64];
    day found = cell_day(text);
    if (found != DAY_NONE) {
        day_format(found, written);
        require(day_parse(written) == found && cell_day(written) == found);
    }
    int minute = cell_minute(text), count = cell_count(text, 1000), tenths = cell_tenths(text, 1000);
    require(minute >= -1 && minute <= 24 * 60);
    require(count >= -1 && count <= 1000 && tenths >= -1 && tenths <= 1000);
    require(count < 0 || count > 100 || tenths == count * 10);
    if (cell_number(text, number, sizeof(number)))
        require(strlen(number) < sizeof(number));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    require(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    judge_credit_code(text);
    judge_account(text);
    judge_phone(text);
    judge_cell(text);
    free(text);
    return 0;
}
