/* SPDX-License-Identifier: Apache-2.0 */
/* Attendance, marks, and how the trainees of a class stand: proto/training.proto, migrations/api/training.sql. */
#ifndef MINGCE_REGISTRY_TRAINING_H
#define MINGCE_REGISTRY_TRAINING_H

#include "daemon/rpc/method.h"

extern const struct statement attendance_import_statement, marks_import_statement, training_list_statement;

enum reason attendance_import_valid(struct call *);
void attendance_import_bind(struct call *, struct set *);
enum reason attendance_import_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason marks_import_valid(struct call *);
void marks_import_bind(struct call *, struct set *);
enum reason marks_import_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason training_list_valid(struct call *);
void training_list_bind(struct call *, struct set *);
enum reason training_list_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
