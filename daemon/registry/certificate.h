/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: proto/certificate.proto, migrations/api/certificate.sql. */
#ifndef MINGCE_REGISTRY_CERTIFICATE_H
#define MINGCE_REGISTRY_CERTIFICATE_H

#include "daemon/rpc/method.h"
#include "proto/certificate_number.h"

extern const struct statement certificate_import_statement, certificate_state_statement,
    certificate_amend_statement, certificate_list_statement, certificate_verify_statement,
    certificate_export_statement;

enum reason certificate_import_valid(struct call *);
void certificate_import_bind(struct call *, struct set *);
enum reason certificate_import_render(struct call *, const struct rows *, ProtobufCMessage **);

/* Two methods, one statement. */
enum reason certificate_state_valid(struct call *);
void certificate_revoke_bind(struct call *, struct set *);
void certificate_reinstate_bind(struct call *, struct set *);
enum reason certificate_state_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason certificate_amend_valid(struct call *);
void certificate_amend_bind(struct call *, struct set *);
enum reason certificate_amend_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason certificate_list_valid(struct call *);
void certificate_list_bind(struct call *, struct set *);
enum reason certificate_list_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason certificate_verify_valid(struct call *);
void certificate_verify_bind(struct call *, struct set *);
enum reason certificate_verify_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason certificate_export_valid(struct call *);
void certificate_export_bind(struct call *, struct set *);
enum reason certificate_export_render(struct call *, const struct rows *, ProtobufCMessage **);

/* The keyed index of a number in its normal form. */
bool certificate_index(struct keyring *, const char *number, uint8_t index[INDEX_BYTES]) MUST_CHECK;
/* For valid functions: a stated number, its normal form and index. REASON_NONE, or call_refuse() about it. */
enum reason certificate_stated(struct call *, const char *stated, char number[CERTIFICATE_NUMBER_BYTES],
                               uint8_t index[INDEX_BYTES]);

#endif
