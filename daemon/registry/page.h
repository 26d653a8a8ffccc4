/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages of lists. A statement is asked for one row more than the page holds: that row says there is a next
 * page and is not shown. Cursors are opaque to callers: an 8-byte big-endian key, or the key's text.
 */
#ifndef MINGCE_REGISTRY_PAGE_H
#define MINGCE_REGISTRY_PAGE_H

#include "daemon/rpc/method.h"

enum { PAGE_ROWS = 50, PAGE_CURSOR_TEXT = 64 };

/* For valid functions: the page size asked for and the cursor are ones we could have given. */
enum reason page_valid_number(struct call *, bool has_rows, uint32_t rows, bool has_cursor,
                              const ProtobufCBinaryData *cursor);
enum reason page_valid_text(struct call *, bool has_rows, uint32_t rows, bool has_cursor,
                            const ProtobufCBinaryData *cursor);
enum reason page_valid_id(struct call *, bool has_rows, uint32_t rows, bool has_cursor,
                          const ProtobufCBinaryData *cursor); /* the id of the last row, 16 bytes */
enum reason page_valid_place(struct call *, bool has_rows, uint32_t rows, bool has_cursor,
                             const ProtobufCBinaryData *cursor); /* a seat or a lesson: 32 bits */
/* For bind functions. */
uint32_t page_bind(struct set *, size_t page, bool has_rows, uint32_t rows); /* the page size, returned too */
void page_bind_text(struct set *, size_t after, bool has_cursor,
                    const ProtobufCBinaryData *cursor); /* the key's text, NULL: none */
int64_t page_number(bool has_cursor, const ProtobufCBinaryData *cursor, int64_t first);
/* For render functions: of `found` rows, how many are shown. */
size_t page_shown(size_t found, bool has_rows, uint32_t rows);
/* Cursors of the next page. */
void page_next_number(struct call *, int64_t key, ProtobufCBinaryData *cursor);
void page_next_text(struct call *, const char *key, ProtobufCBinaryData *cursor);

#endif
