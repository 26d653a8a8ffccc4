/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of the registry's own records: titles, names of organisations, reasons. */
#ifndef MINGCE_REGISTRY_TEXT_H
#define MINGCE_REGISTRY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/rules/day.h"
#include "proto/wire/reason.h"

enum { TEXT_NAME_CHARACTERS = 100, TEXT_REASON_CHARACTERS = 200, TEXT_PLAN_CHARACTERS = 500 };

/* 1 to `most` characters, none of them a control character. The text is UTF-8: the wire scan has seen to it. */
bool text_fits(const char *text, size_t most);
/* A file's reference: 1 to 40 letters, digits and '-'; not something that is a resident's number. */
bool text_case_reference(const char *text, day today);
/* Whether a text that is kept in clear has a document's number: a word of it, or a resident's number however it is spaced, with full-width
 * digits too. */
bool text_names(const char *text, day today);
/* A reason that is kept in clear: it fits, and no word of it is a document's number. */
enum reason text_reason(const char *text, day today);

#endif
