/* SPDX-License-Identifier: Apache-2.0 */
/* Names: one that is accepted has a normal form that parses to itself without a warning; its mask is no longer and
 * shows the first character. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "proto/rules/person_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static size_t characters(const char *text)
{
    size_t n = 0;
    utf8proc_int32_t point;
    for (; *text != '\0'; n++) {
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *) text, -1, &point);
        require(step > 0 && point >= ' ');
        text += step;
    }
    return n;
}

static void judge(const char *name)
{
    char again[PERSON_NAME_BYTES], masked[PERSON_NAME_MASK_BYTES];
    enum reason dot, space;
    size_t n = characters(name);
    require(n >= 1 && n <= PERSON_NAME_CHARACTERS);
    require(strpbrk(name, ".0123456789") == NULL);
    require(person_name_parse(name, again, &dot, &space) == REASON_NONE);
    require(dot == REASON_NONE && space == REASON_NONE);
    require(strcmp(again, name) == 0);
    utf8proc_uint8_t *nfc = utf8proc_NFC((const utf8proc_uint8_t *) name);
    require(nfc != NULL && strcmp((const char *) nfc, name) == 0);
    free(nfc);
    person_name_mask(name, masked);
    require(characters(masked) == n && strlen(masked) <= strlen(name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[PERSON_NAME_BYTES], masked[PERSON_NAME_MASK_BYTES], *cell = malloc(size + 1);
    enum reason dot, space;
    require(cell != NULL);
    memcpy(cell, data, size);
    cell[size] = '\0';
    if (person_name_parse(cell, name, &dot, &space) == REASON_NONE)
        judge(name);
    person_name_mask(cell, masked);
    require(strlen(masked) < PERSON_NAME_MASK_BYTES);
    free(cell);
    return 0;
}
