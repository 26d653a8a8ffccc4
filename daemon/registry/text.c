/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/text.h"

#include <string.h>
#include <utf8proc.h>

#include "proto/document.h"

bool text_fits(const char *text, size_t most)
{
    utf8proc_int32_t point;
    size_t n = 0;
    for (const char *at = text; *at != '\0'; n++) {
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *) at, -1, &point);
        if (step <= 0 || utf8proc_category(point) == UTF8PROC_CATEGORY_CC)
            return false;
        at += step;
    }
    return n >= 1 && n <= most;
}

bool text_case_reference(const char *text, day today)
{
    enum { MOST = 40, NUMBER = 18 };
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";
    struct document document;
    enum reason warning;
    size_t n = strspn(text, allowed);
    if (n == 0 || n > MOST || text[n] != '\0' ||
        (n == NUMBER && strspn(text, "0123456789") >= NUMBER - 1)) /* a resident's number, perhaps mistyped */
        return false;
    for (enum document_type type = DOCUMENT_RESIDENT_ID; type <= DOCUMENT_FOREIGN_PERMANENT; type++)
        if (document_parse(type, text, NULL, today, &document, &warning) == REASON_NONE)
            return false;
    return true;
}
