/* SPDX-License-Identifier: Apache-2.0 */
/* What verifying agencies are asked, and answer (H4): proto/claim.proto, migrations/api/claim.sql. */
#ifndef MINGCE_REGISTRY_FACT_H
#define MINGCE_REGISTRY_FACT_H

#include "daemon/rpc/method.h"

extern const struct statement fact_ask_statement, fact_list_statement, fact_answer_statement;

enum reason fact_ask_valid(struct call *);
void fact_ask_bind(struct call *, struct set *);
enum reason fact_ask_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason fact_list_valid(struct call *);
void fact_list_bind(struct call *, struct set *);
enum reason fact_list_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason fact_answer_valid(struct call *);
void fact_answer_bind(struct call *, struct set *);
enum reason fact_answer_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
