/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogues (G1, G7 to G9): what their methods share. proto/catalogue.proto, migrations/api/catalogue*.sql. */
#ifndef MINGCE_REGISTRY_CATALOGUE_H
#define MINGCE_REGISTRY_CATALOGUE_H

#include "daemon/rpc/method.h"
#include "proto/catalogue.pb-c.h"

enum { CATALOGUE_ID = 16 };

/* What is shown of a catalogue itself (helper.catalogue_head): of catalogue_list and catalogue_show. */
#define CATALOGUE_LIST(COLUMN)                                                                               \
    COLUMN(CATALOGUE_CATALOGUE_ID, "catalogue_id", UUID)                                                     \
    COLUMN(CATALOGUE_DIVISION, "division", TEXT)                                                             \
    COLUMN(CATALOGUE_KIND, "kind", INT2)                                                                     \
    COLUMN(CATALOGUE_KIND_NAME, "kind_name", TEXT)                                                           \
    COLUMN(CATALOGUE_TITLE, "title", TEXT)                                                                   \
    COLUMN(CATALOGUE_CITATION, "citation", TEXT)                                                             \
    COLUMN(CATALOGUE_STATE, "state", INT2)                                                                   \
    COLUMN(CATALOGUE_ROWS, "rows", INT4)                                                                     \
    COLUMN(CATALOGUE_DIGEST, "document_digest", BYTEA)                                                       \
    COLUMN(CATALOGUE_VERSION, "version", INT4)                                                               \
    COLUMN(CATALOGUE_FROM, "in_force_from", DATE)                                                            \
    COLUMN(CATALOGUE_TO, "in_force_to", DATE)                                                                \
    COLUMN(CATALOGUE_DRAFTED, "drafted_ms", INT8)                                                            \
    COLUMN(CATALOGUE_CONSULTED, "consulted", TEXT)                                                           \
    COLUMN(CATALOGUE_CONSULTED_MS, "consulted_ms", INT8)                                                     \
    COLUMN(CATALOGUE_APPROVED_MS, "approved_ms", INT8)                                                       \
    COLUMN(CATALOGUE_PUBLISHED_MS, "published_ms", INT8)                                                     \
    COLUMN(CATALOGUE_WITHDRAWN_MS, "withdrawn_ms", INT8)                                                     \
    COLUMN(CATALOGUE_REASON, "reason", TEXT)                                                                 \
    COLUMN(CATALOGUE_PLAN, "plan", INT2)
#define CATALOGUE_FIRST(COLUMN) RESULT_FIRST(COLUMN) CATALOGUE_LIST(COLUMN)
COLUMNS_BEGIN(CATALOGUE, RESULT, CATALOGUE_LIST);

/* Fills a catalogue from a row that begins with CATALOGUE_FIRST. */
void catalogue_fill(struct call *, Mingce__V1__Catalogue *, const struct rows *, size_t row);
/* For valid functions. */
enum reason catalogue_id_valid(struct call *, const char *field, const ProtobufCBinaryData *id);
enum reason catalogue_kind_valid(struct call *, uint32_t kind);

#endif
