/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/page.h"

#include <endian.h>
#include <string.h>

enum reason page_valid_rows(struct call *call, const struct page *page)
{
    if (page->has_rows && (page->rows == 0 || page->rows > call->settings->page_rows))
        return call_refuse(call, "page_rows", REASON_PAGE_ROWS_RANGE);
    return REASON_NONE;
}

enum reason page_valid_number(struct call *call, const struct page *page)
{
    if (page->has_cursor && (page->cursor->len != sizeof(uint64_t) || page_number(page, 0) < 0))
        return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    return page_valid_rows(call, page);
}

enum reason page_valid_place(struct call *call, const struct page *page)
{
    enum reason reason = page_valid_number(call, page);
    if (reason == REASON_NONE && page_number(page, 0) > INT32_MAX)
        reason = call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    return reason;
}

enum reason page_valid_text(struct call *call, const struct page *page)
{
    if (page->has_cursor && (page->cursor->len == 0 || page->cursor->len > PAGE_CURSOR_TEXT))
        return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    for (size_t i = 0; page->has_cursor && i < page->cursor->len; i++)
        if (page->cursor->data[i] < 0x21 || page->cursor->data[i] > 0x7e)
            return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    return page_valid_rows(call, page);
}

enum reason page_valid_id(struct call *call, const struct page *page)
{
    enum { ID = 16 };
    if (page->has_cursor && page->cursor->len != ID)
        return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    return page_valid_rows(call, page);
}

enum reason page_valid_due(struct call *call, const struct page *page, size_t key)
{
    if (page->has_cursor && page->cursor->len != sizeof(uint32_t) + key)
        return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    return page_valid_rows(call, page);
}

static uint32_t page_size(const struct page *page)
{
    return page->has_rows ? page->rows : PAGE_ROWS;
}

uint32_t page_bind(struct set *set, size_t rows, const struct page *page)
{
    uint32_t most = page_size(page);
    set_int4(set, rows, (int32_t) most);
    set_expect(set, most);
    return most;
}

void page_bind_text(struct set *set, size_t after, const struct page *page)
{
    char key[PAGE_CURSOR_TEXT + 1];
    size_t n = page->has_cursor ? page->cursor->len : 0;
    memcpy(key, n > 0 ? page->cursor->data : (const uint8_t *) "", n);
    key[n] = '\0';
    set_text(set, after, page->has_cursor ? key : NULL);
}

void page_bind_id(struct set *set, size_t after, const struct page *page)
{
    if (page->has_cursor)
        set_uuid(set, after, page->cursor->data);
    else
        set_null(set, after);
}

const uint8_t *page_bind_due(struct set *set, size_t after_day, const struct page *page)
{
    uint32_t on; /* since 1970-01-01, big-endian */
    if (!page->has_cursor) {
        set_null(set, after_day);
        return NULL;
    }
    memcpy(&on, page->cursor->data, sizeof(on));
    set_day(set, after_day, (day) be32toh(on));
    return page->cursor->data + sizeof(on);
}

int64_t page_number(const struct page *page, int64_t first)
{
    uint64_t key;
    if (!page->has_cursor)
        return first;
    memcpy(&key, page->cursor->data, sizeof(key));
    return (int64_t) be64toh(key);
}

size_t page_shown(size_t found, const struct page *page)
{
    size_t most = page_size(page);
    return found > most ? most : found;
}

void page_next_number(struct call *call, int64_t key, ProtobufCBinaryData *cursor)
{
    uint64_t bytes = htobe64((uint64_t) key);
    call_bytes(call, cursor, (const uint8_t *) &bytes, sizeof(bytes));
}

void page_next_text(struct call *call, const char *key, ProtobufCBinaryData *cursor)
{
    call_bytes(call, cursor, (const uint8_t *) key, strlen(key));
}

void page_next_due(struct call *call, day due_on, const uint8_t *key, size_t n, ProtobufCBinaryData *cursor)
{
    uint8_t bytes[sizeof(uint32_t) + PAGE_DUE_KEY];
    uint32_t on = htobe32((uint32_t) due_on);
    if (n > PAGE_DUE_KEY) {
        call_defect(call);
        return;
    }
    memcpy(bytes, &on, sizeof(on));
    memcpy(bytes + sizeof(on), key, n);
    call_bytes(call, cursor, bytes, sizeof(on) + n);
}
