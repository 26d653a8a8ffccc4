/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/text.h"

#include <openssl/crypto.h>
#include <string.h>
#include <utf8proc.h>

#include "proto/rules/cell.h"
#include "proto/rules/document.h"

enum { WORD_MOST = 40 /* characters */, NUMBER = 18 /* of a resident */, DECOMPOSED = 32 };
static const char word_characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";

bool text_fits(const char *text, size_t most)
{
    utf8proc_int32_t point;
    size_t n = 0;
    if (cell_empty(text) || cell_invisible(text))
        return false;
    for (const char *at = text; *at != '\0'; n++) {
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *) at, -1, &point);
        if (step <= 0 || utf8proc_category(point) == UTF8PROC_CATEGORY_CC)
            return false;
        at += step;
    }
    return n >= 1 && n <= most;
}

static bool is_document_number(const char *word, day today)
{
    struct document document;
    enum reason warning;
    for (enum document_type type = DOCUMENT_RESIDENT_ID; type <= DOCUMENT_FOREIGN_PERMANENT; type++)
        if (document_parse(type, word, NULL, today, &document, &warning) == REASON_NONE)
            return true;
    return false;
}

/* A resident's number, perhaps mistyped. */
static bool is_like_resident(const char *word)
{
    return strlen(word) == NUMBER && strspn(word, "0123456789") >= NUMBER - 1;
}

bool text_case_reference(const char *text, day today)
{
    size_t n = strspn(text, word_characters);
    return n >= 1 && n <= WORD_MOST && text[n] == '\0' && !is_like_resident(text) &&
           !is_document_number(text, today);
}

/* What a point is where digits are looked for: a digit or 'X' itself, 0 for what may stand between the digits of a number, else ' '. */
static char folded(utf8proc_int32_t point)
{
    utf8proc_int32_t points[DECOMPOSED];
    utf8proc_ssize_t n =
        utf8proc_decompose_char(point, points, DECOMPOSED, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, NULL);
    if (n != 1)
        return ' ';
    if (points[0] >= '0' && points[0] <= '9')
        return (char) points[0];
    switch (utf8proc_category(points[0])) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_CF:
        return 0;
    default:
        return points[0] == 'X' || points[0] == 'x' ? 'X' : ' ';
    }
}

/* Whether a resident's number is in a text, its digits spaced or joined, among others or alone. */
static bool has_resident(const char *text, day today)
{
    char window[NUMBER + 1] = "";
    struct document document;
    enum reason warning;
    bool found = false;
    utf8proc_int32_t point;
    for (size_t n = 0; !found && *text != '\0';) {
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *) text, -1, &point);
        char is = step > 0 ? folded(point) : ' ';
        text += step > 0 ? step : 1;
        if (is == 0)
            continue;
        if (n == NUMBER)
            memmove(window, window + 1, --n);
        if (is == ' ')
            n = 0;
        else
            window[n++] = is;
        window[n] = '\0';
        found = n == NUMBER && is_like_resident(window) &&
                document_parse(DOCUMENT_RESIDENT_ID, window, NULL, today, &document, &warning) == REASON_NONE;
    }
    OPENSSL_cleanse(window, sizeof(window));
    OPENSSL_cleanse(&document, sizeof(document));
    return found;
}

bool text_names(const char *text, day today)
{
    char word[WORD_MOST + 1];
    bool named = has_resident(text, today);
    for (const char *at = text; !named && *at != '\0';) {
        size_t n = strspn(at, word_characters);
        if (n >= 1 && n <= WORD_MOST) {
            memcpy(word, at, n);
            word[n] = '\0';
            named = is_document_number(word, today); /* a bank's serial may look like one */
        }
        at += n > 0 ? n : 1;
    }
    OPENSSL_cleanse(word, sizeof(word));
    return named;
}

enum reason text_reason(const char *text, day today)
{
    if (!text_fits(text, TEXT_REASON_CHARACTERS))
        return REASON_REASON_LENGTH;
    return text_names(text, today) ? REASON_REASON_NUMBER : REASON_NONE;
}
