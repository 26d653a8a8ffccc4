/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/methods.h"

#include "daemon/registry/audit.h"
#include "daemon/registry/class.h"
#include "daemon/registry/organisation.h"
#include "daemon/registry/roster.h"
#include "daemon/rpc/rpc.h"
#include "proto/audit.pb-c.h"
#include "proto/class.pb-c.h"
#include "proto/organisation.pb-c.h"
#include "proto/roster.pb-c.h"

#define ROLE(name)     (1U << MINGCE__V1__ROLE__ROLE_##name)
#define MESSAGES(name) &mingce__v1__##name##_request__descriptor, &mingce__v1__##name##_response__descriptor

/* A role opens the door of a method; which rows its caller then sees is the SQL function's matter. */
#define CLERKS   ROLE(CLERK)
#define BUSINESS (ROLE(CLERK) | ROLE(REVIEWER) | ROLE(APPROVER) | ROLE(PAYER) | ROLE(AUDITOR))
#define TRAIL    (ROLE(AUDITOR) | ROLE(AUDITADMIN))

/* clang-format off */
const struct method methods[METHODS] = {
    /* name, request and response, who may call, effect, statement, valid, bind, render */
    {"audit.list", MESSAGES(audit_list), TRAIL, METHOD_READS, &audit_list_statement,
     audit_list_valid, audit_list_bind, audit_list_render},
    {"class.list", MESSAGES(class_list), BUSINESS, METHOD_READS, &class_list_statement,
     class_list_valid, class_list_bind, class_list_render},
    {"class.open", MESSAGES(class_open), CLERKS, METHOD_WRITES, &class_open_statement,
     class_open_valid, class_open_bind, class_open_render},
    {"class.show", MESSAGES(class_show), BUSINESS, METHOD_READS, &class_show_statement,
     NULL, class_show_bind, class_show_render},
    {"organisation.list", MESSAGES(organisation_list), BUSINESS, METHOD_READS, &organisation_list_statement,
     organisation_list_valid, organisation_list_bind, organisation_list_render},
    {"organisation.show", MESSAGES(organisation_show), BUSINESS, METHOD_READS, &organisation_show_statement,
     organisation_show_valid, organisation_show_bind, organisation_show_render},
    {"roster.import", MESSAGES(roster_import), CLERKS, METHOD_WRITES, &roster_import_statement,
     roster_import_valid, roster_import_bind, roster_import_render},
    {"roster.list", MESSAGES(roster_list), BUSINESS, METHOD_READS, &roster_list_statement,
     roster_list_valid, roster_list_bind, roster_list_render},
};
/* clang-format on */

const struct statement *const method_statements[METHODS + 1] = {
    &rpc_caller_statement,        &audit_list_statement,    &class_list_statement,
    &class_open_statement,        &class_show_statement,    &organisation_list_statement,
    &organisation_show_statement, &roster_import_statement, &roster_list_statement,
};
