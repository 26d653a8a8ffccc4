/* SPDX-License-Identifier: Apache-2.0 */
/* The head of an audit entry: fields 1 to 8 of AuditEntry (proto/audit.proto) as canonical bytes. The database
 * function that decides appends the rest, in the transaction of the decision. */
#ifndef MINGCE_AUDIT_ENTRY_H
#define MINGCE_AUDIT_ENTRY_H

#include <stddef.h>
#include <stdint.h>

enum { ENTRY_METHOD = 64, ENTRY_HEAD_BYTES = 2 + 9 + 3 * 18 + 2 + ENTRY_METHOD + 34 + 6 };

struct entry_head {
    int64_t at_ms;
    const uint8_t *operator_id;     /* 16 bytes */
    const uint8_t *organisation_id; /* 16 bytes */
    const char *method;             /* at most ENTRY_METHOD characters */
    const uint8_t *request_id;      /* 16 bytes */
    const uint8_t *digest;          /* 32 bytes */
    uint32_t row;                   /* 0: absent */
};

/* Returns the length written. */
size_t entry_head(uint8_t out[ENTRY_HEAD_BYTES], const struct entry_head *);

#endif
