/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/wire/changes.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct method_row {
    const char *method, *tables; /* each between commas */
};

#include "proto/changes_data.inc"

bool method_changes(const char *method, const char *table)
{
    enum { NAME_MOST = 64 };
    char named[NAME_MOST];
    int n = snprintf(named, sizeof(named), ",%s,", table);
    for (size_t i = 0; n > 0 && n < NAME_MOST && i < sizeof(methods) / sizeof(*methods); i++)
        if (strcmp(methods[i].method, method) == 0)
            return strcmp(methods[i].tables, ",*,") == 0 || strstr(methods[i].tables, named) != NULL;
    return false;
}
