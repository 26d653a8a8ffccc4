/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log as a tree, for those who verify it. proto/log.proto, migrations/api/log.sql. */
#ifndef MINGCE_REGISTRY_LOG_H
#define MINGCE_REGISTRY_LOG_H

#include "daemon/rpc/method.h"

extern const struct statement log_checkpoint_statement, log_tile_statement, log_entries_statement,
    log_locate_statement, log_rows_statement, log_schema_statement;

enum reason log_checkpoint_valid(struct call *);
void log_checkpoint_bind(struct call *, struct set *);
enum reason log_checkpoint_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason log_locate_valid(struct call *);
void log_locate_bind(struct call *, struct set *);
enum reason log_locate_render(struct call *, const struct rows *, ProtobufCMessage **);
enum reason log_rows_valid(struct call *);
void log_rows_bind(struct call *, struct set *);
enum reason log_rows_render(struct call *, const struct rows *, ProtobufCMessage **);

void log_schema_bind(struct call *, struct set *);
enum reason log_schema_render(struct call *, const struct rows *, ProtobufCMessage **);
enum reason log_tile_valid(struct call *);
void log_tile_bind(struct call *, struct set *);
enum reason log_tile_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason log_entries_valid(struct call *);
void log_entries_bind(struct call *, struct set *);
enum reason log_entries_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
