/* SPDX-License-Identifier: Apache-2.0 */
/* What render functions make responses of. */
#include "daemon/rpc/method.h"

#include <string.h>

void call_bytes(struct call *call, ProtobufCBinaryData *to, const uint8_t *bytes, size_t n)
{
    if (bytes == NULL) {
        call_defect(call);
        return;
    }
    to->data = arena_alloc(call->arena, n);
    if (to->data == NULL)
        return;
    memcpy(to->data, bytes, n);
    to->len = n;
}

enum reason call_refuse_changed(struct call *call, const struct rows *rows, size_t column,
                                const char *const fields[], size_t n)
{
    int32_t changed = rows_null(rows, 0, column) ? 0 : rows_int4(rows, 0, column);
    for (size_t i = 0; i < n; i++)
        if ((changed & 1 << i) != 0)
            (void) call_refuse(call, fields[i], REASON_VERSION_DIFFERS);
    return REASON_VERSION_DIFFERS;
}

char *call_day(struct call *call, day on)
{
    char *text = on == DAY_NONE ? NULL : arena_alloc(call->arena, DAY_TEXT);
    if (text != NULL)
        day_format(on, text);
    return text;
}

char *call_month(struct call *call, day on)
{
    char *text = call_day(call, on);
    if (text != NULL)
        text[MONTH_TEXT - 1] = '\0';
    return text;
}

void *call_list(struct call *call, size_t n, size_t size, size_t *count)
{
    uint8_t *each = arena_array(call->arena, n, size);
    void **list = arena_array(call->arena, n, sizeof(*list));
    *count = each == NULL || list == NULL ? 0 : n;
    for (size_t i = 0; i < *count; i++)
        list[i] = each + i * size;
    return list;
}
