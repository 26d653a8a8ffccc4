/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of operators, proposed by one security administrator and decided by another: proto/operator.proto,
 * migrations/api/operator.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/crypto/client_certificate.h"
#include "daemon/crypto/identity.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/text.h"
#include "proto/operator.pb-c.h"
#include "proto/record.pb-c.h"
#include "proto/rules/person_name.h"

enum { ID = 16, KEY_HASH = 32, ROLES_TEXT = 128 };

#define PROPOSE_PARAMETERS(COLUMN)                                                                           \
    COLUMN(PROPOSE_IN_CHANGE, "change", UUID)                                                                \
    COLUMN(PROPOSE_IN_KIND, "kind", INT2)                                                                    \
    COLUMN(PROPOSE_IN_TARGET, "target", UUID)                                                                \
    COLUMN(PROPOSE_IN_CODE, "code", TEXT)                                                                    \
    COLUMN(PROPOSE_IN_SEALED, "sealed", BYTEA)                                                               \
    COLUMN(PROPOSE_IN_ROLES, "roles", TEXT)                                                                  \
    COLUMN(PROPOSE_IN_KEY_HASH, "key_hash", BYTEA)                                                           \
    COLUMN(PROPOSE_IN_STATUS, "status", INT2)                                                                \
    COLUMN(PROPOSE_IN_REASON, "reason", TEXT)                                                                \
    COLUMN(PROPOSE_IN_HUMAN, "human", UUID)                                                                  \
    COLUMN(PROPOSE_IN_DOCUMENT, "document", BYTEA)                                                           \
    COLUMN(PROPOSE_IN_DOCUMENT_SEALED, "document_sealed", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, propose_parameters, PROPOSE_PARAMETERS);
#define PROPOSE_RESULT(COLUMN)                                                                               \
    COLUMN(PROPOSE_CHANGE_ID, "change_id", UUID)                                                             \
    COLUMN(PROPOSE_TARGET_ID, "target_id", UUID)
COLUMNS_AFTER(OUTCOME, propose_result, PROPOSE_RESULT);
const struct statement change_propose_statement = {
    .name = "change_propose",
    .parameters = COLUMNS(propose_parameters),
    .result = COLUMNS(propose_result),
};

#define DECIDE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(DECIDE_IN_CHANGE, "change", UUID)                                                                 \
    COLUMN(DECIDE_IN_CONFIRM, "confirm", BOOL)
COLUMNS_AFTER(METHOD_WRITE, decide_parameters, DECIDE_PARAMETERS);
const struct statement change_decide_statement = {
    .name = "change_decide",
    .parameters = COLUMNS(decide_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

/* ---- propose ---- */

/* What a proposal holds; NULL or 0 where its kind has none. */
struct proposal {
    Mingce__V1__ChangeKind kind;
    const uint8_t *operator_id;
    const char *code;
    const struct sealed_record *sealed;
    const char *roles; /* separated by commas */
    const uint8_t *key_hash;
    int16_t status;
    const char *reason;
    const struct identity *identity;
};

static void bind_bytes(struct set *set, size_t parameter, const uint8_t *bytes, size_t n)
{
    if (bytes == NULL)
        set_null(set, parameter);
    else
        set_bytes(set, parameter, bytes, n);
}

static void bind_proposal(struct set *set, const struct proposal *proposal)
{
    uint8_t change_id[ID];
    crypto_uuid(change_id);
    set_uuid(set, PROPOSE_IN_CHANGE, change_id);
    set_int2(set, PROPOSE_IN_KIND, (int16_t) proposal->kind);
    set_uuid(set, PROPOSE_IN_TARGET, proposal->operator_id);
    set_text(set, PROPOSE_IN_CODE, proposal->code);
    bind_bytes(set, PROPOSE_IN_SEALED, proposal->sealed == NULL ? NULL : proposal->sealed->bytes,
               proposal->sealed == NULL ? 0 : proposal->sealed->n);
    set_text(set, PROPOSE_IN_ROLES, proposal->roles);
    bind_bytes(set, PROPOSE_IN_KEY_HASH, proposal->key_hash, KEY_HASH);
    if (proposal->status == 0)
        set_null(set, PROPOSE_IN_STATUS);
    else
        set_int2(set, PROPOSE_IN_STATUS, proposal->status);
    set_text(set, PROPOSE_IN_REASON, proposal->reason);
    const struct identity *identity = proposal->identity;
    if (identity == NULL)
        set_null(set, PROPOSE_IN_HUMAN);
    else
        set_uuid(set, PROPOSE_IN_HUMAN, identity->human_id);
    bind_bytes(set, PROPOSE_IN_DOCUMENT, identity == NULL ? NULL : identity->index, INDEX_BYTES);
    bind_bytes(set, PROPOSE_IN_DOCUMENT_SEALED, identity == NULL ? NULL : identity->sealed.bytes,
               identity == NULL ? 0 : identity->sealed.n);
}

static enum reason valid_id(struct call *call, const ProtobufCBinaryData *id)
{
    return id->len == ID ? REASON_NONE : call_refuse(call, "operator_id", REASON_IDENTIFIER_LENGTH);
}

static enum reason valid_key_hash(struct call *call, const ProtobufCBinaryData *hash)
{
    return hash->len == KEY_HASH ? REASON_NONE : call_refuse(call, "key_hash", REASON_KEY_HASH_LENGTH);
}

/* At least one role, and each once; the database judges whether they fit together. */
static enum reason valid_roles(struct call *call, const Mingce__V1__Role *roles, size_t n)
{
    uint32_t seen = 0;
    for (size_t i = 0; i < n; i++) {
        if ((seen & 1U << roles[i]) != 0)
            return call_refuse(call, "role", REASON_ROLE_MISSING);
        seen |= 1U << roles[i];
    }
    return n > 0 ? REASON_NONE : call_refuse(call, "role", REASON_ROLE_MISSING);
}

/* Names as in registry.operator.roles. */
static void roles_text(const Mingce__V1__Role *roles, size_t n, char text[ROLES_TEXT])
{
    static const char *const names[] = {"",        "clerk",    "reviewer", "approver",  "payer",
                                        "auditor", "sysadmin", "secadmin", "auditadmin"};
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(names[roles[i]]);
        if (i > 0)
            text[used++] = ',';
        memcpy(text + used, names[roles[i]], length + 1);
        used += length;
    }
}

static const Mingce__V1__OperatorAddRequest *add_request(const struct call *call)
{
    return (const Mingce__V1__OperatorAddRequest *) call->request;
}

/* Whom a key is for, and the key itself, which valid functions leave for bind. */
struct candidate {
    struct identity identity;
    uint8_t key_hash[KEY_HASH];
};

static enum reason valid_document(struct call *call, const Mingce__V1__DocumentKey *key,
                                  struct candidate *candidate)
{
    struct document document;
    enum reason reason = identity_parse(key->document_type == NULL ? "" : key->document_type,
                                        key->document_number, day_at(call->at_ms), &document);
    if (reason == REASON_DOCUMENT_TYPE_UNKNOWN || reason == REASON_OPERATOR_DOCUMENT)
        return call_refuse(call, "document_type", reason);
    if (reason != REASON_NONE)
        return call_refuse(call, "document_number", reason);
    return identity_seal(call->keys, &document, &candidate->identity) ? REASON_NONE : REASON_MEMORY;
}

/* False: one of them is none, or is more than one. */
static bool certificates_parse(const ProtobufCBinaryData *der, size_t n, STACK_OF(X509) * chain)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char *at = der[i].data;
        X509 *certificate =
            der[i].len > CLIENT_CERTIFICATE_BYTES ? NULL : d2i_X509(NULL, &at, (long) der[i].len);
        bool whole = certificate != NULL && at == der[i].data + der[i].len;
        if (!whole || sk_X509_push(chain, certificate) == 0) {
            X509_free(certificate);
            return false;
        }
    }
    return true;
}

static enum reason valid_certificate(struct call *call, const ProtobufCBinaryData *der, size_t n,
                                     struct candidate *candidate)
{
    STACK_OF(X509) *chain = sk_X509_new_null();
    enum reason reason = chain == NULL ? REASON_MEMORY
                         : n > CLIENT_CERTIFICATES || !certificates_parse(der, n, chain)
                             ? REASON_CLIENT_CERTIFICATE_FORMAT
                             : client_certificate_judge(chain, call->settings, candidate->key_hash);
    sk_X509_pop_free(chain, X509_free);
    return reason == REASON_NONE || reason == REASON_MEMORY ? reason
                                                            : call_refuse(call, "certificate", reason);
}

enum reason operator_add_valid(struct call *call)
{
    const Mingce__V1__OperatorAddRequest *request = add_request(call);
    char name[PERSON_NAME_BYTES];
    struct candidate *candidate = arena_alloc(call->arena, sizeof(*candidate));
    call->notes = candidate;
    if (candidate == NULL)
        return REASON_MEMORY;
    enum reason dot, space, reason = person_name_parse(request->name, name, &dot, &space);
    if (reason != REASON_NONE)
        return call_refuse(call, "name", reason);
    reason = valid_roles(call, request->role, request->n_role);
    if (reason == REASON_NONE)
        reason = valid_document(call, request->document, candidate);
    return reason == REASON_NONE
               ? valid_certificate(call, request->certificate, request->n_certificate, candidate)
               : reason;
}

/* A name that cannot be sealed is left out, and the database then refuses the whole proposal. */
void operator_add_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OperatorAddRequest *request = add_request(call);
    const struct candidate *candidate = call->notes;
    char name[PERSON_NAME_BYTES], roles[ROLES_TEXT];
    uint8_t id[ID];
    struct sealed_record sealed;
    enum reason dot, space;
    Mingce__V1__OperatorRecord record = MINGCE__V1__OPERATOR_RECORD__INIT;
    bool good = person_name_parse(request->name, name, &dot, &space) == REASON_NONE;
    crypto_uuid(id);
    record.name = name;
    good = good && record_seal(call->keys, id, &record.base, &sealed);
    roles_text(request->role, request->n_role, roles);
    bind_proposal(set, &(struct proposal){.kind = MINGCE__V1__CHANGE_KIND__CHANGE_ADD,
                                          .operator_id = id,
                                          .code = request->organisation_code,
                                          .sealed = good ? &sealed : NULL,
                                          .roles = roles,
                                          .key_hash = candidate->key_hash,
                                          .identity = &candidate->identity});
}

static const Mingce__V1__OperatorBindRequest *bind_request(const struct call *call)
{
    return (const Mingce__V1__OperatorBindRequest *) call->request;
}

enum reason operator_bind_valid(struct call *call)
{
    const Mingce__V1__OperatorBindRequest *request = bind_request(call);
    struct candidate *candidate = arena_alloc(call->arena, sizeof(*candidate));
    call->notes = candidate;
    if (candidate == NULL)
        return REASON_MEMORY;
    enum reason reason = valid_id(call, &request->operator_id);
    if (reason == REASON_NONE)
        reason = valid_document(call, request->document, candidate);
    return reason == REASON_NONE
               ? valid_certificate(call, request->certificate, request->n_certificate, candidate)
               : reason;
}

void operator_bind_bind(struct call *call, struct set *set)
{
    const struct candidate *candidate = call->notes;
    bind_proposal(set, &(struct proposal){.kind = MINGCE__V1__CHANGE_KIND__CHANGE_BIND,
                                          .operator_id = bind_request(call)->operator_id.data,
                                          .key_hash = candidate->key_hash,
                                          .identity = &candidate->identity});
}

static const Mingce__V1__OperatorUnbindRequest *unbind_request(const struct call *call)
{
    return (const Mingce__V1__OperatorUnbindRequest *) call->request;
}

enum reason operator_unbind_valid(struct call *call)
{
    enum reason reason = valid_id(call, &unbind_request(call)->operator_id);
    return reason == REASON_NONE ? valid_key_hash(call, &unbind_request(call)->key_hash) : reason;
}

void operator_unbind_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OperatorUnbindRequest *request = unbind_request(call);
    bind_proposal(set, &(struct proposal){.kind = MINGCE__V1__CHANGE_KIND__CHANGE_UNBIND,
                                          .operator_id = request->operator_id.data,
                                          .key_hash = request->key_hash.data});
}

enum reason operator_roles_valid(struct call *call)
{
    const Mingce__V1__OperatorRolesRequest *request =
        (const Mingce__V1__OperatorRolesRequest *) call->request;
    enum reason reason = valid_id(call, &request->operator_id);
    return reason == REASON_NONE ? valid_roles(call, request->role, request->n_role) : reason;
}

void operator_roles_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OperatorRolesRequest *request =
        (const Mingce__V1__OperatorRolesRequest *) call->request;
    char roles[ROLES_TEXT];
    roles_text(request->role, request->n_role, roles);
    bind_proposal(set, &(struct proposal){.kind = MINGCE__V1__CHANGE_KIND__CHANGE_ROLES,
                                          .operator_id = request->operator_id.data,
                                          .roles = roles});
}

enum reason operator_status_valid(struct call *call)
{
    const Mingce__V1__OperatorStatusRequest *request =
        (const Mingce__V1__OperatorStatusRequest *) call->request;
    if (!text_fits(request->reason, TEXT_REASON_CHARACTERS))
        return call_refuse(call, "reason", REASON_REASON_LENGTH);
    return valid_id(call, &request->operator_id);
}

void operator_status_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OperatorStatusRequest *request =
        (const Mingce__V1__OperatorStatusRequest *) call->request;
    bind_proposal(set, &(struct proposal){.kind = MINGCE__V1__CHANGE_KIND__CHANGE_STATUS,
                                          .operator_id = request->operator_id.data,
                                          .status = (int16_t) request->status,
                                          .reason = request->reason});
}

/* Which field a refusal is about; NULL: none. */
static const char *refused_field(enum reason reason)
{
    switch (reason) {
    case REASON_ORGANISATION_UNKNOWN:
        return "organisation_code";
    case REASON_OPERATOR_NOT_FOUND:
        return "operator_id";
    case REASON_CERTIFICATE_TAKEN:
        return "certificate";
    case REASON_CERTIFICATE_NOT_BOUND:
        return "key_hash";
    case REASON_HUMAN_DIFFERS:
        return "document_number";
    case REASON_HUMAN_ROLES:
    case REASON_ROLES_EXCLUSIVE:
    case REASON_ROLES_KIND:
        return "role";
    case REASON_CHANGE_UNKNOWN:
        return "change_id";
    default:
        return NULL;
    }
}

static enum reason refuse_decided(struct call *call, enum reason reason)
{
    const char *field = refused_field(reason);
    return field == NULL ? reason : call_refuse(call, field, reason);
}

enum reason change_propose_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return refuse_decided(call, reason);
    Mingce__V1__ChangeProposedResponse *response = (Mingce__V1__ChangeProposedResponse *) out;
    call_bytes(call, &response->change_id, rows_uuid(rows, 0, PROPOSE_CHANGE_ID), ID);
    call_bytes(call, &response->operator_id, rows_uuid(rows, 0, PROPOSE_TARGET_ID), ID);
    return REASON_NONE;
}

/* ---- decide ---- */

static const Mingce__V1__ChangeDecideRequest *decide_request(const struct call *call)
{
    return (const Mingce__V1__ChangeDecideRequest *) call->request;
}

enum reason change_decide_valid(struct call *call)
{
    return decide_request(call)->change_id.len == ID
               ? REASON_NONE
               : call_refuse(call, "change_id", REASON_IDENTIFIER_LENGTH);
}

void change_decide_bind(struct call *call, struct set *set)
{
    set_uuid(set, DECIDE_IN_CHANGE, decide_request(call)->change_id.data);
    set_bool(set, DECIDE_IN_CONFIRM,
             call->method->argument == MINGCE__V1__CHANGE_DECISION__DECISION_CONFIRMED);
}

enum reason change_decide_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return refuse_decided(call, reason);
    (void) out;
    return REASON_NONE;
}
