/* SPDX-License-Identifier: Apache-2.0 */
/* Identity documents (POLICY A1, A2, A3, A9): kinds, normal forms, what a number says of its holder. */
#ifndef MINGCE_PROTO_DOCUMENT_H
#define MINGCE_PROTO_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/rules/day.h"
#include "proto/wire/reason.h"

enum document_type {                                 /* stored and hashed: never renumber */
                     DOCUMENT_RESIDENT_ID = 1,       /* 居民身份证, GB 11643-1999 */
                     DOCUMENT_RESIDENCE_PERMIT = 2,  /* 港澳台居民居住证, prefixes 81 82 83 */
                     DOCUMENT_FOREIGN_PERMANENT = 3, /* 外国人永久居留身份证, 15 or 18 characters */
                     DOCUMENT_PASSPORT = 4,          /* 护照, opaque, with issuing country */
};

enum { DOCUMENT_NUMBER_BYTES = 33 };

struct document {
    enum document_type type;
    char number[DOCUMENT_NUMBER_BYTES]; /* normal form */
    char issuing_country[4];            /* passports: ISO 3166-1 alpha-3 */
    uint8_t sex;                        /* GB/T 2261.1 as the number says; 0: it does not */
    day birth;                          /* as the number says; DAY_NONE: it does not */
};

/* The kind named by a cell (words in use, Chinese or English; empty: resident ID). False: unknown. */
bool document_type_of(const char *words, enum document_type *);
const char *document_type_zh(enum document_type);
const char *document_type_en(enum document_type);

/* Mends (A9) and judges a number. REASON_NONE: `document` holds the normal form; `*warning` is REASON_NONE
 * or what to record (A2). Otherwise why it is refused. */
enum reason document_parse(enum document_type, const char *number, const char *issuing_country, day today,
                           struct document *, enum reason *warning);

/* Masks a number for display (D2): 3701**********003X. Never longer than the number. */
void document_mask(const char *number, char masked[DOCUMENT_NUMBER_BYTES]);

#endif
