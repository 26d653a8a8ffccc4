/* SPDX-License-Identifier: Apache-2.0 */
/* Unified social credit codes, GB 32100-2015 (POLICY A5). */
#ifndef MINGCE_PROTO_CREDIT_CODE_H
#define MINGCE_PROTO_CREDIT_CODE_H

#include "proto/wire/reason.h"

enum { CREDIT_CODE_BYTES = 19 };

/* REASON_NONE, or REASON_CREDIT_CODE_LENGTH, _CHARACTER, _CHECKSUM. `code` gets the normal form (upper case) in
 * the first and last case: a real organisation whose check character fails exists. */
enum reason credit_code_parse(const char *text, char code[CREDIT_CODE_BYTES]);

#endif
