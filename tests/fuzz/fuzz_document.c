/* SPDX-License-Identifier: Apache-2.0 */
/* Document numbers: the first byte is the type; the number and the issuing country follow, 0x1f between them. A
 * number that is accepted has a normal form that parses to itself, and its mask shows at most half of it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void judge_mask(const char *number)
{
    char masked[DOCUMENT_NUMBER_BYTES];
    size_t hidden = 0;
    document_mask(number, masked);
    require(strlen(masked) <= strlen(number));
    for (const char *at = masked; *at != '\0'; at++)
        hidden += *at == '*';
    require(2 * hidden >= strlen(masked));
}

static void judge(const struct document *document, enum reason warning, day today)
{
    struct document again;
    enum reason again_warning;
    size_t n = strlen(document->number);
    require(n >= 5 && n <= 20);
    require(strspn(document->number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n);
    require(warning == REASON_NONE || warning == REASON_ID_ADDRESS_UNKNOWN);
    require((document->birth == DAY_NONE) == (document->sex == 0));
    require(document->birth == DAY_NONE || document->birth <= today);
    require(document_parse(document->type, document->number, document->issuing_country, today, &again,
                           &again_warning) == REASON_NONE);
    require(again_warning == warning);
    require(strcmp(again.number, document->number) == 0);
    require(strcmp(again.issuing_country, document->issuing_country) == 0);
    require(again.type == document->type && again.birth == document->birth && again.sex == document->sex);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    char *text = malloc(size);
    require(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    char *country = strchr(text, 0x1f);
    if (country != NULL)
        *country++ = '\0';
    struct document document;
    enum reason warning;
    enum document_type type = (enum document_type)(DOCUMENT_RESIDENT_ID + data[0] % DOCUMENT_PASSPORT);
    day today = day_of(2126, 3, 1);
    if (document_parse(type, text, country, today, &document, &warning) == REASON_NONE) {
        judge(&document, warning, today);
        judge_mask(document.number);
    }
    judge_mask(text);
    document_type_of(text, &type);
    free(text);
    return 0;
}
