/* SPDX-License-Identifier: Apache-2.0 */
/* Teachers, as registrations and lessons name them. */
#ifndef MINGCE_REGISTRY_TEACHER_H
#define MINGCE_REGISTRY_TEACHER_H

#include "daemon/crypto/record.h"
#include "daemon/registry/batch.h"

/* What a row says of a teacher, and what its fields are called. NULL: not stated. */
struct teacher_said {
    const char *name, *type, *number, *country;
    const char *name_field, *type_field, *number_field, *country_field;
};
/* The teacher as a person, as a roster row with nothing but the identity would have it. False: the note says why there is none. */
bool teacher_fits(const struct call *, const struct teacher_said *, struct row_note *,
                  struct roster_clean *) MUST_CHECK;

/* Sealed under a fresh id, and the indexes that the teacher is found and compared by. */
struct teacher_sealed {
    uint8_t id[16], index[INDEX_BYTES], name_index[INDEX_BYTES];
    struct sealed_record record;
};
bool teacher_seal(struct keyring *, const struct roster_clean *, struct teacher_sealed *) MUST_CHECK;

#endif
