/* SPDX-License-Identifier: Apache-2.0 */
/* Classes: proto/class.proto, proto/filing.proto, migrations/api/class.sql, migrations/api/filing.sql. */
#ifndef MINGCE_REGISTRY_CLASS_H
#define MINGCE_REGISTRY_CLASS_H

#include "daemon/rpc/method.h"
#include "proto/class.pb-c.h"

/* What a result begins with that has classes: the columns of helper.class_listed. */
#define CLASS_LIST(COLUMN)                                                                                   \
    COLUMN(CLASS_NUMBER, "number", INT8)                                                                     \
    COLUMN(CLASS_INSTITUTION_CODE, "institution_code", TEXT)                                                 \
    COLUMN(CLASS_INSTITUTION_NAME, "institution_name", TEXT)                                                 \
    COLUMN(CLASS_TITLE, "title", TEXT)                                                                       \
    COLUMN(CLASS_OCCUPATION_CODE, "occupation_code", TEXT)                                                   \
    COLUMN(CLASS_OCCUPATION_NAME, "occupation_name", TEXT)                                                   \
    COLUMN(CLASS_LEVEL, "level", INT2)                                                                       \
    COLUMN(CLASS_KIND, "training_kind", INT2)                                                                \
    COLUMN(CLASS_KIND_NAME, "training_kind_name", TEXT)                                                      \
    COLUMN(CLASS_STARTS_ON, "starts_on", DATE)                                                               \
    COLUMN(CLASS_ENDS_ON, "ends_on", DATE)                                                                   \
    COLUMN(CLASS_CAPACITY, "capacity", INT4)                                                                 \
    COLUMN(CLASS_ENROLLED, "enrolled", INT4)                                                                 \
    COLUMN(CLASS_STATE, "state", INT2)                                                                       \
    COLUMN(CLASS_VERSION, "version", INT4)                                                                   \
    COLUMN(CLASS_HOURS, "hours", INT4)                                                                       \
    COLUMN(CLASS_MODE, "mode", INT2)                                                                         \
    COLUMN(CLASS_FILING, "filing", INT2)                                                                     \
    COLUMN(CLASS_APPROVED_ON, "approved_on", DATE)                                                           \
    COLUMN(CLASS_DUE_ON, "due_on", DATE)                                                                     \
    COLUMN(CLASS_OVERDUE, "overdue", BOOL)                                                                   \
    COLUMN(CLASS_KNOWN_UNTIL, "known_until", DATE)
#define CLASS_FIRST(COLUMN) RESULT_FIRST(COLUMN) CLASS_LIST(COLUMN)
COLUMNS_BEGIN(CLASS, RESULT, CLASS_LIST);
/* The class of a row. */
void class_fill(struct call *, Mingce__V1__Class *, const struct rows *, size_t row);
/* A request's number of a class, and the version it has seen; 0, which no class has: out of their range. */
int64_t class_number_of(uint64_t number);
int32_t class_version_of(uint32_t version);
/* Refuses with REASON_VERSION_DIFFERS, naming what has changed of a class: the bits of helper.class_changed() in a column. */
enum reason class_refuse_changed(struct call *, const struct rows *, size_t column);

#endif
