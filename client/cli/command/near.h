/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": the word that a mistyped one is nearest to. */
#ifndef MINGCE_CLI_NEAR_H
#define MINGCE_CLI_NEAR_H

#include <stddef.h>

/* Returns the one of `words` that differs from the mistyped word by a letter or two, or begins with it. NULL: none does. NULLs among
 * the words are skipped. */
const char *near_word(const char *typed, const char *const *words, size_t n);

#endif
