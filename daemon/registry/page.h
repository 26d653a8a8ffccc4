/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages of lists. A statement is asked for one row more than the page holds: that row says there is a next
 * page and is not shown. Cursors are opaque to callers: an 8-byte big-endian key, or the key's text; of what waits, the day
 * by which it is due and the key's bytes.
 */
#ifndef MINGCE_REGISTRY_PAGE_H
#define MINGCE_REGISTRY_PAGE_H

#include "daemon/rpc/method.h"

enum { PAGE_ROWS = 50, PAGE_CURSOR_TEXT = 64 };

/* The page that a request asks for; PAGE_FIRST: of a list that has no other. */
struct page {
    bool has_rows;
    uint32_t rows;
    bool has_cursor;
    const ProtobufCBinaryData *cursor; /* the request's */
};
#define PAGE(request)                                                                                        \
    (&(const struct page){(request)->has_page_rows, (request)->page_rows, (request)->has_cursor,             \
                          &(request)->cursor})
#define PAGE_FIRST(request)                                                                                  \
    (&(const struct page){(request)->has_page_rows, (request)->page_rows, false, NULL})

/* For valid functions: the page size asked for and the cursor are ones we could have given. */
enum reason page_valid_rows(struct call *, const struct page *); /* the cursor is for others to judge */
enum reason page_valid_number(struct call *, const struct page *);
enum reason page_valid_text(struct call *, const struct page *);
enum reason page_valid_id(struct call *, const struct page *);    /* the id of the last row, 16 bytes */
enum reason page_valid_place(struct call *, const struct page *); /* a seat or a lesson: 32 bits */
enum reason page_valid_due(struct call *, const struct page *,
                           size_t key); /* a day and a key of so many bytes */
/* For bind functions. */
uint32_t page_bind(struct set *, size_t rows, const struct page *); /* the page size, returned too */
/* Of what waits, by the day on which it is due: that day, and its key's bytes; NULL: the first page. */
const uint8_t *page_bind_due(struct set *, size_t after_day, const struct page *);
void page_bind_text(struct set *, size_t after,
                    const struct page *); /* the cursor as the key's text; NULL: there is none */
void page_bind_id(struct set *, size_t after, const struct page *); /* as the id of the last row */
int64_t page_number(const struct page *, int64_t first);
/* For render functions: of `found` rows, how many are shown. */
size_t page_shown(size_t found, const struct page *);
/* Gives the repeated field of a response room for those, says whether a next page follows, and is how many it has. */
#define PAGE_LIST(call, response, field, page, found)                                                        \
    ((response)->has_next = CALL_LIST((call), (response), field, page_shown((found), (page))) > 0 &&         \
                            (found) > (response)->n_##field,                                                 \
     (response)->n_##field)
/* Cursors of the next page. */
void page_next_number(struct call *, int64_t key, ProtobufCBinaryData *cursor);
void page_next_text(struct call *, const char *key, ProtobufCBinaryData *cursor);
enum { PAGE_DUE_KEY = 16 /* bytes at most */ };
void page_next_due(struct call *, day due_on, const uint8_t *key, size_t n, ProtobufCBinaryData *cursor);

#endif
