/* SPDX-License-Identifier: Apache-2.0 */
/* Projects (E): what their methods share. proto/project.proto, migrations/api/project*.sql. */
#ifndef MINGCE_REGISTRY_PROJECT_H
#define MINGCE_REGISTRY_PROJECT_H

#include "daemon/rpc/method.h"
#include "proto/project.pb-c.h"

enum { PROJECT_ID = 16, PROJECT_NUMBER_CHARACTERS = 50 };

/* What is shown of a project itself (helper.project_shown): of project_list and project_show. */
#define PROJECT_LIST(COLUMN)                                                                                 \
    COLUMN(PROJECT_PROJECT_ID, "project_id", UUID)                                                           \
    COLUMN(PROJECT_DIVISION, "division", TEXT)                                                               \
    COLUMN(PROJECT_DEPARTMENT, "department", TEXT)                                                           \
    COLUMN(PROJECT_NAME, "name", TEXT)                                                                       \
    COLUMN(PROJECT_OCCUPATION, "occupation_code", TEXT)                                                      \
    COLUMN(PROJECT_OCCUPATION_NAME, "occupation_name", TEXT)                                                 \
    COLUMN(PROJECT_LEVEL, "level", INT2)                                                                     \
    COLUMN(PROJECT_CERTIFICATE_KIND, "certificate_kind", INT2)                                               \
    COLUMN(PROJECT_MODE, "mode", INT2)                                                                       \
    COLUMN(PROJECT_PAY_MODE, "pay_mode", INT2)                                                               \
    COLUMN(PROJECT_PLANNED_HEADS, "planned_heads", INT4)                                                     \
    COLUMN(PROJECT_HOURS, "hours", INT4)                                                                     \
    COLUMN(PROJECT_UNIT, "unit_fen", INT8)                                                                   \
    COLUMN(PROJECT_CAP, "cap_fen", INT8)                                                                     \
    COLUMN(PROJECT_CALL_NUMBER, "call_number", TEXT)                                                         \
    COLUMN(PROJECT_CONTRACT, "contract_number", TEXT)                                                        \
    COLUMN(PROJECT_ORGANISATION_CODE, "organisation_code", TEXT)                                             \
    COLUMN(PROJECT_ORGANISATION_NAME, "organisation_name", TEXT)                                             \
    COLUMN(PROJECT_STARTS_ON, "starts_on", DATE)                                                             \
    COLUMN(PROJECT_ENDS_ON, "ends_on", DATE)                                                                 \
    COLUMN(PROJECT_CLOSES_ON, "closes_on", DATE)                                                             \
    COLUMN(PROJECT_STATE, "state", INT2)                                                                     \
    COLUMN(PROJECT_VERSION, "version", INT4)                                                                 \
    COLUMN(PROJECT_FROZEN_ON, "frozen_on", DATE)                                                             \
    COLUMN(PROJECT_ENROLLED, "enrolled", INT4)                                                               \
    COLUMN(PROJECT_COMPLETED, "completed", INT4)                                                             \
    COLUMN(PROJECT_COUNTED, "counted", INT4)                                                                 \
    COLUMN(PROJECT_TOTAL, "total_fen", INT8)                                                                 \
    COLUMN(PROJECT_ADVANCE_PERCENT, "advance_percent", INT4)                                                 \
    COLUMN(PROJECT_ENTITLED_PERCENT, "entitled_percent", INT4)                                               \
    COLUMN(PROJECT_GRANTED, "granted_fen", INT8)                                                             \
    COLUMN(PROJECT_PAID, "paid_fen", INT8)                                                                   \
    COLUMN(PROJECT_RECOVER, "recover_fen", INT8)                                                             \
    COLUMN(PROJECT_RECOVERED, "recovered_fen", INT8)
#define PROJECT_FIRST(COLUMN) RESULT_FIRST(COLUMN) PROJECT_LIST(COLUMN)
COLUMNS_BEGIN(PROJECT, RESULT, PROJECT_LIST);

/* For valid functions: an id of 16 bytes; a text of the project's own, which is kept in clear. */
enum reason project_id_valid(struct call *, const char *field, const ProtobufCBinaryData *id);
enum reason project_text_valid(struct call *, const char *field, const char *text, size_t most);
/* Fills a project from a row that begins with PROJECT_FIRST. */
void project_fill(struct call *, Mingce__V1__Project *, const struct rows *, size_t row);
/* A number that may be none, as an optional field has it. */
bool project_number(const struct rows *, size_t row, int column, uint32_t *to);
bool project_fen(const struct rows *, size_t row, int column, int64_t *to);

#endif
