/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/text.h"

#include <utf8proc.h>

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
