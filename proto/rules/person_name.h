/* SPDX-License-Identifier: Apache-2.0 */
/* Names of persons (POLICY A4, A8, D2). */
#ifndef MINGCE_PROTO_PERSON_NAME_H
#define MINGCE_PROTO_PERSON_NAME_H

#include "proto/wire/reason.h"

enum {
    PERSON_NAME_CHARACTERS = 50,
    PERSON_NAME_BYTES = PERSON_NAME_CHARACTERS * 4 + 1,
    PERSON_NAME_MASK_BYTES = PERSON_NAME_BYTES
};

/* REASON_NONE: `name` is the normal form (NFC, separator U+00B7), and `dot` and `space` are REASON_NONE or the
 * warnings to record. Otherwise why it is refused. */
enum reason person_name_parse(const char *cell, char name[PERSON_NAME_BYTES], enum reason *dot,
                              enum reason *space);
/* 张*: the first character and a star for each other; the separator stays, 阿*******·***. */
void person_name_mask(const char *name, char masked[PERSON_NAME_MASK_BYTES]);

#endif
