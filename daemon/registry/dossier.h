/* SPDX-License-Identifier: Apache-2.0 */
/* Dossiers of claims: proto/dossier.proto, migrations/api/dossier.sql. */
#ifndef MINGCE_REGISTRY_DOSSIER_H
#define MINGCE_REGISTRY_DOSSIER_H

#include "daemon/rpc/method.h"

extern const struct statement claim_dossier_statement;

enum reason claim_dossier_valid(struct call *);
void claim_dossier_bind(struct call *, struct set *);
enum reason claim_dossier_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
