/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/methods.h"

#include "daemon/registry/access.h"
#include "daemon/registry/audit.h"
#include "daemon/registry/calendar.h"
#include "daemon/registry/certificate.h"
#include "daemon/registry/change.h"
#include "daemon/registry/claim.h"
#include "daemon/registry/class.h"
#include "daemon/registry/conflict.h"
#include "daemon/registry/dossier.h"
#include "daemon/registry/fact.h"
#include "daemon/registry/group.h"
#include "daemon/registry/key_check.h"
#include "daemon/registry/lesson.h"
#include "daemon/registry/log.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/organisation.h"
#include "daemon/registry/person_account.h"
#include "daemon/registry/person_amend.h"
#include "daemon/registry/person_find.h"
#include "daemon/registry/policy.h"
#include "daemon/registry/proposal.h"
#include "daemon/registry/replay.h"
#include "daemon/registry/roster.h"
#include "daemon/registry/scope.h"
#include "daemon/registry/standard.h"
#include "daemon/registry/training.h"
#include "daemon/rpc/rpc.h"
#include "proto/account.pb-c.h"
#include "proto/audit.pb-c.h"
#include "proto/calendar.pb-c.h"
#include "proto/certificate.pb-c.h"
#include "proto/class.pb-c.h"
#include "proto/dossier.pb-c.h"
#include "proto/log.pb-c.h"
#include "proto/operator.pb-c.h"
#include "proto/organisation.pb-c.h"
#include "proto/person.pb-c.h"
#include "proto/policy.pb-c.h"
#include "proto/roster.pb-c.h"
#include "proto/standard.pb-c.h"
#include "proto/training.pb-c.h"

#define ROLE(name)     (1U << MINGCE__V1__ROLE__ROLE_##name)
#define MESSAGES(name) &mingce__v1__##name##_request__descriptor, &mingce__v1__##name##_response__descriptor
/* Methods that share a message. */
#define ASKS(request, response)                                                                              \
    &mingce__v1__##request##_request__descriptor, &mingce__v1__##response##_response__descriptor

/* A role opens the door of a method; which rows its caller then sees is the SQL function's matter. */
#define CLERKS    ROLE(CLERK)
#define KEEPERS   (CLERKS | ROLE(REVIEWER)) /* the latter correct what is completed */
#define BUSINESS  (ROLE(CLERK) | ROLE(REVIEWER) | ROLE(APPROVER) | ROLE(PAYER) | ROLE(AUDITOR))
#define TRAIL     (ROLE(AUDITOR) | ROLE(AUDITADMIN))
#define GOVERN    (ROLE(APPROVER) | ROLE(SYSADMIN))
#define READERS   (BUSINESS | ROLE(SYSADMIN))
#define REVIEWERS ROLE(REVIEWER)
#define APPROVERS ROLE(APPROVER)
#define DECIDERS  (ROLE(REVIEWER) | ROLE(APPROVER))
#define SECURITY  ROLE(SECADMIN)
#define WATCH     (SECURITY | TRAIL)
#define EVERYBODY (READERS | WATCH)

/* clang-format off */
const struct method methods[METHODS] = {
    /* name, request and response, who may call, effect, statement, valid, bind, render */
    {"access.list", MESSAGES(access_list), ROLE(REVIEWER) | ROLE(APPROVER) | TRAIL, METHOD_READS, &access_list_statement,
     access_list_valid, access_list_bind, access_list_render},
    {"access.log", MESSAGES(access_log), REVIEWERS | ROLE(AUDITOR), METHOD_READS, &access_log_statement,
     access_log_valid, access_log_bind, access_log_render},
    {"attendance.import", ASKS(attendance_import, rows), KEEPERS, METHOD_WRITES, &attendance_import_statement,
     attendance_import_valid, attendance_import_bind, attendance_import_render},
    {"audit.list", MESSAGES(audit_list), TRAIL, METHOD_READS, &audit_list_statement,
     audit_list_valid, audit_list_bind, audit_list_render},
    {"calendar.decide", ASKS(proposal_decide, rows), APPROVERS, METHOD_WRITES, &proposal_decide_statement,
     proposal_decide_valid, calendar_decide_bind, proposal_decide_render},
    {"calendar.list", MESSAGES(calendar_list), BUSINESS, METHOD_READS, &calendar_list_statement,
     calendar_list_valid, calendar_list_bind, calendar_list_render},
    {"calendar.propose", ASKS(calendar_propose, rows), DECIDERS, METHOD_WRITES, &calendar_propose_statement,
     calendar_propose_valid, calendar_propose_bind, calendar_propose_render},
    {"certificate.amend", MESSAGES(certificate_amend), CLERKS, METHOD_WRITES, &certificate_amend_statement,
     certificate_amend_valid, certificate_amend_bind, certificate_amend_render},
    {"certificate.export", MESSAGES(certificate_export), BUSINESS, METHOD_LOOKS, &certificate_export_statement,
     certificate_export_valid, certificate_export_bind, certificate_export_render},
    {"certificate.import", ASKS(certificate_import, rows), CLERKS, METHOD_WRITES, &certificate_import_statement,
     certificate_import_valid, certificate_import_bind, certificate_import_render},
    {"certificate.list", MESSAGES(certificate_list), BUSINESS, METHOD_READS, &certificate_list_statement,
     certificate_list_valid, certificate_list_bind, certificate_list_render},
    {"certificate.reinstate", MESSAGES(certificate_state), REVIEWERS, METHOD_WRITES, &certificate_state_statement,
     certificate_state_valid, certificate_reinstate_bind, certificate_state_render},
    {"certificate.revoke", MESSAGES(certificate_state), KEEPERS, METHOD_WRITES, &certificate_state_statement,
     certificate_state_valid, certificate_revoke_bind, certificate_state_render},
    {"certificate.verify", MESSAGES(certificate_verify), EVERYBODY, METHOD_READS, &certificate_verify_statement,
     certificate_verify_valid, certificate_verify_bind, certificate_verify_render},
    {"change.confirm", MESSAGES(change_decide), SECURITY, METHOD_WRITES, &change_decide_statement,
     change_decide_valid, change_confirm_bind, change_decide_render},
    {"change.list", MESSAGES(change_list), WATCH, METHOD_READS, &change_list_statement,
     change_list_valid, change_list_bind, change_list_render},
    {"change.reject", MESSAGES(change_decide), SECURITY, METHOD_WRITES, &change_decide_statement,
     change_decide_valid, change_reject_bind, change_decide_render},
    {"claim.accept", ASKS(claim_decide, rows), REVIEWERS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.approve", ASKS(claim_decide, rows), ROLE(APPROVER), METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.claw-back", ASKS(claim_decide, rows), ROLE(APPROVER), METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.dossier", MESSAGES(claim_dossier), ROLE(AUDITOR), METHOD_READS, &claim_dossier_statement,
     claim_dossier_valid, claim_dossier_bind, claim_dossier_render},
    {"claim.list", ASKS(claim_list, claim_list), BUSINESS, METHOD_READS, &claim_list_statement,
     claim_list_valid, claim_list_bind, claim_list_render},
    {"claim.object", ASKS(claim_decide, rows), DECIDERS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.pay", ASKS(claim_decide, rows), ROLE(PAYER), METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.public", ASKS(claim_public, claim_list), BUSINESS, METHOD_READS, &claim_queue_statement,
     claim_public_valid, claim_public_bind, claim_public_render},
    {"claim.publicise", ASKS(claim_decide, rows), DECIDERS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.queue", ASKS(claim_queue, claim_list), BUSINESS, METHOD_READS, &claim_queue_statement,
     claim_queue_valid, claim_queue_bind, claim_queue_render},
    {"claim.reject", ASKS(claim_decide, rows), DECIDERS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.resubmit", ASKS(claim_decide, rows), CLERKS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.resume", ASKS(claim_decide, rows), DECIDERS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.return", ASKS(claim_decide, rows), REVIEWERS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.review", ASKS(claim_decide, rows), REVIEWERS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.show", ASKS(claim_show, claim_show), BUSINESS, METHOD_READS, &claim_show_statement,
     claim_show_valid, claim_show_bind, claim_show_render},
    {"claim.submit", ASKS(claim_submit, rows), CLERKS, METHOD_WRITES, &claim_submit_statement,
     claim_submit_valid, claim_submit_bind, claim_submit_render},
    {"claim.suspend", ASKS(claim_decide, rows), DECIDERS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"claim.withdraw", ASKS(claim_decide, rows), CLERKS, METHOD_WRITES, &claim_decide_statement,
     claim_decide_valid, claim_decide_bind, claim_decide_render},
    {"class.amend", MESSAGES(class_amend), CLERKS, METHOD_WRITES, &class_amend_statement,
     class_amend_valid, class_amend_bind, class_amend_render},
    {"class.cancel", ASKS(class_state, class_amend), CLERKS, METHOD_WRITES, &class_amend_statement,
     class_cancel_valid, class_cancel_bind, class_amend_render},
    {"class.complete", ASKS(class_state, class_amend), CLERKS, METHOD_WRITES, &class_amend_statement,
     class_state_valid, class_complete_bind, class_amend_render},
    {"class.list", MESSAGES(class_list), BUSINESS, METHOD_READS, &class_list_statement,
     class_list_valid, class_list_bind, class_list_render},
    {"class.open", MESSAGES(class_open), CLERKS, METHOD_WRITES, &class_open_statement,
     class_open_valid, class_open_bind, class_open_render},
    {"class.show", MESSAGES(class_show), BUSINESS, METHOD_READS, &class_show_statement,
     NULL, class_show_bind, class_show_render},
    {"class.start", ASKS(class_state, class_amend), CLERKS, METHOD_WRITES, &class_amend_statement,
     class_state_valid, class_start_bind, class_amend_render},
    {"conflict.list", MESSAGES(conflict_list), REVIEWERS | ROLE(AUDITOR), METHOD_READS, &conflict_list_statement,
     conflict_list_valid, conflict_list_bind, conflict_list_render},
    {"conflict.resolve", MESSAGES(conflict_resolve), REVIEWERS, METHOD_WRITES, &conflict_resolve_statement,
     conflict_resolve_valid, conflict_resolve_bind, conflict_resolve_render},
    {"fact.answer", ASKS(fact_answer, rows), CLERKS, METHOD_WRITES, &fact_answer_statement,
     fact_answer_valid, fact_answer_bind, fact_answer_render},
    {"fact.ask", ASKS(fact_ask, rows), CLERKS, METHOD_WRITES, &fact_ask_statement,
     fact_ask_valid, fact_ask_bind, fact_ask_render},
    {"fact.list", MESSAGES(fact_list), CLERKS | ROLE(AUDITOR), METHOD_LOOKS, &fact_list_statement,
     fact_list_valid, fact_list_bind, fact_list_render},
    {"group.add", MESSAGES(group_add), REVIEWERS, METHOD_WRITES, &group_add_statement,
     group_add_valid, group_add_bind, group_add_render},
    {"group.end", MESSAGES(group_end), REVIEWERS, METHOD_WRITES, &group_end_statement,
     group_end_valid, group_end_bind, group_end_render},
    {"lesson.add", ASKS(lesson_add, rows), CLERKS, METHOD_WRITES, &lesson_add_statement,
     lesson_add_valid, lesson_add_bind, lesson_add_render},
    {"lesson.list", MESSAGES(lesson_list), BUSINESS, METHOD_READS, &lesson_list_statement,
     lesson_list_valid, lesson_list_bind, lesson_list_render},
    {"lesson.remove", MESSAGES(lesson_remove), CLERKS, METHOD_WRITES, &lesson_remove_statement,
     NULL, lesson_remove_bind, lesson_remove_render},
    {"log.checkpoint", MESSAGES(log_checkpoint), EVERYBODY, METHOD_READS, &log_checkpoint_statement,
     log_checkpoint_valid, log_checkpoint_bind, log_checkpoint_render},
    {"log.entries", MESSAGES(log_entries), TRAIL, METHOD_READS, &log_entries_statement,
     log_entries_valid, log_entries_bind, log_entries_render},
    {"log.locate", MESSAGES(log_locate), EVERYBODY, METHOD_READS, &log_locate_statement,
     log_locate_valid, log_locate_bind, log_locate_render},
    {"log.rows", MESSAGES(log_rows), TRAIL, METHOD_READS, &log_rows_statement,
     log_rows_valid, log_rows_bind, log_rows_render},
    {"log.schema", MESSAGES(log_schema), TRAIL, METHOD_READS, &log_schema_statement, NULL, log_schema_bind,
     log_schema_render},
    {"log.tile", MESSAGES(log_tile), EVERYBODY, METHOD_READS, &log_tile_statement,
     log_tile_valid, log_tile_bind, log_tile_render},
    {"marks.import", ASKS(marks_import, rows), KEEPERS, METHOD_WRITES, &marks_import_statement,
     marks_import_valid, marks_import_bind, marks_import_render},
    {"operator.add", ASKS(operator_add, change_proposed), SECURITY, METHOD_WRITES, &change_propose_statement,
     operator_add_valid, operator_add_bind, change_propose_render},
    {"operator.bind", ASKS(operator_bind, change_proposed), SECURITY, METHOD_WRITES,
     &change_propose_statement, operator_bind_valid, operator_bind_bind, change_propose_render},
    {"operator.list", MESSAGES(operator_list), WATCH, METHOD_READS, &operator_list_statement,
     operator_list_valid, operator_list_bind, operator_list_render},
    {"operator.roles", ASKS(operator_roles, change_proposed), SECURITY, METHOD_WRITES, &change_propose_statement,
     operator_roles_valid, operator_roles_bind, change_propose_render},
    {"operator.show", MESSAGES(operator_show), WATCH, METHOD_READS, &operator_show_statement,
     operator_show_valid, operator_show_bind, operator_show_render},
    {"operator.status", ASKS(operator_status, change_proposed), SECURITY, METHOD_WRITES,
     &change_propose_statement, operator_status_valid, operator_status_bind, change_propose_render},
    {"operator.unbind", ASKS(operator_unbind, change_proposed), SECURITY, METHOD_WRITES,
     &change_propose_statement, operator_unbind_valid, operator_unbind_bind, change_propose_render},
    {"organisation.amend", MESSAGES(organisation_amend), GOVERN, METHOD_WRITES, &organisation_amend_statement,
     organisation_amend_valid, organisation_amend_bind, organisation_amend_render},
    {"organisation.close", ASKS(organisation_status, organisation_amend), GOVERN, METHOD_WRITES,
     &organisation_amend_statement, organisation_status_valid, organisation_close_bind, organisation_amend_render},
    {"organisation.list", MESSAGES(organisation_list), READERS, METHOD_READS, &organisation_list_statement,
     organisation_list_valid, organisation_list_bind, organisation_list_render},
    {"organisation.reactivate", ASKS(organisation_status, organisation_amend), GOVERN, METHOD_WRITES,
     &organisation_amend_statement, organisation_status_valid, organisation_reactivate_bind,
     organisation_amend_render},
    {"organisation.register", MESSAGES(organisation_register), GOVERN, METHOD_WRITES,
     &organisation_register_statement, organisation_register_valid, organisation_register_bind,
     organisation_register_render},
    {"organisation.show", MESSAGES(organisation_show), READERS, METHOD_READS, &organisation_show_statement,
     organisation_show_valid, organisation_show_bind, organisation_show_render},
    {"organisation.suspend", ASKS(organisation_status, organisation_amend), GOVERN, METHOD_WRITES,
     &organisation_amend_statement, organisation_status_valid, organisation_suspend_bind,
     organisation_amend_render},
    {"person.amend", MESSAGES(person_amend), REVIEWERS, METHOD_WRITES, &person_amend_statement,
     person_amend_valid, person_amend_bind, person_amend_render},
    {"person.erase", MESSAGES(person_erase), ROLE(APPROVER), METHOD_WRITES, &person_erase_statement,
     person_erase_valid, person_erase_bind, person_erase_render},
    {"person.find", MESSAGES(person_find), BUSINESS, METHOD_READS, &person_find_statement,
     person_find_valid, person_find_bind, person_find_render},
    {"person.merge", MESSAGES(person_merge), REVIEWERS, METHOD_WRITES, &person_merge_statement,
     person_merge_valid, person_merge_bind, person_merge_render},
    {"person.reveal", MESSAGES(person_reveal), BUSINESS, METHOD_LOOKS, &person_reveal_statement,
     person_reveal_valid, person_reveal_bind, person_reveal_render},
    {"person.search", MESSAGES(person_search), BUSINESS, METHOD_LOOKS, &person_search_statement,
     person_search_valid, person_search_bind, person_search_render},
    {"person.show", MESSAGES(person_show), BUSINESS, METHOD_READS, &person_show_statement,
     person_show_valid, person_show_bind, person_show_render},
    {"policy.decide", ASKS(proposal_decide, rows), APPROVERS, METHOD_WRITES, &proposal_decide_statement,
     proposal_decide_valid, policy_decide_bind, proposal_decide_render},
    {"policy.list", MESSAGES(policy_list), BUSINESS, METHOD_READS, &policy_list_statement,
     policy_list_valid, policy_list_bind, policy_list_render},
    {"policy.propose", MESSAGES(policy_propose), APPROVERS, METHOD_WRITES, &policy_propose_statement,
     policy_propose_valid, policy_propose_bind, policy_propose_render},
    {"policy.replay", MESSAGES(policy_replay), DECIDERS | ROLE(AUDITOR), METHOD_READS, &policy_replay_statement,
     policy_replay_valid, policy_replay_bind, policy_replay_render},
    {"roster.export", MESSAGES(roster_export), BUSINESS, METHOD_LOOKS, &roster_export_statement,
     roster_export_valid, roster_export_bind, roster_export_render},
    {"roster.import", MESSAGES(roster_import), CLERKS, METHOD_WRITES, &roster_import_statement,
     roster_import_valid, roster_import_bind, roster_import_render},
    {"roster.list", MESSAGES(roster_list), BUSINESS, METHOD_READS, &roster_list_statement,
     roster_list_valid, roster_list_bind, roster_list_render},
    {"roster.remove", MESSAGES(roster_remove), CLERKS, METHOD_WRITES, &roster_remove_statement,
     roster_remove_valid, roster_remove_bind, roster_remove_render},
    {"roster.restore", ASKS(roster_restore, roster_remove), CLERKS, METHOD_WRITES, &roster_remove_statement,
     roster_restore_valid, roster_restore_bind, roster_remove_render},
    {"scope.add", ASKS(scope_add, scope), ROLE(APPROVER), METHOD_WRITES, &scope_add_statement,
     scope_add_valid, scope_add_bind, scope_render},
    {"scope.end", ASKS(scope_end, scope), ROLE(APPROVER), METHOD_WRITES, &scope_end_statement,
     scope_end_valid, scope_end_bind, scope_render},
    {"standard.decide", ASKS(proposal_decide, rows), APPROVERS, METHOD_WRITES, &proposal_decide_statement,
     proposal_decide_valid, standard_decide_bind, proposal_decide_render},
    {"standard.list", MESSAGES(standard_list), BUSINESS, METHOD_READS, &standard_list_statement,
     standard_list_valid, standard_list_bind, standard_list_render},
    {"standard.propose", ASKS(standard_propose, rows), APPROVERS, METHOD_WRITES, &standard_propose_statement,
     standard_propose_valid, standard_propose_bind, standard_propose_render},
    {"training.list", MESSAGES(training_list), BUSINESS, METHOD_READS, &training_list_statement,
     training_list_valid, training_list_bind, training_list_render},
};
/* clang-format on */

const struct statement *const method_statements[METHOD_STATEMENTS] = {
    &key_check_statement,          &rpc_caller_statement,
    &rpc_look_statement,           &rpc_receipt_statement,
    &log_locate_statement,         &log_rows_statement,
    &log_schema_statement,         &access_list_statement,
    &access_log_statement,         &attendance_import_statement,
    &audit_list_statement,         &change_decide_statement,
    &change_list_statement,        &change_propose_statement,
    &class_amend_statement,        &class_list_statement,
    &class_open_statement,         &class_show_statement,
    &conflict_list_statement,      &conflict_resolve_statement,
    &group_add_statement,          &group_end_statement,
    &lesson_add_statement,         &lesson_list_statement,
    &lesson_remove_statement,      &log_checkpoint_statement,
    &log_entries_statement,        &log_tile_statement,
    &marks_import_statement,       &operator_list_statement,
    &operator_show_statement,      &organisation_amend_statement,
    &organisation_list_statement,  &organisation_register_statement,
    &organisation_show_statement,  &person_amend_statement,
    &person_find_statement,        &person_merge_statement,
    &person_erase_statement,       &person_reveal_statement,
    &person_search_statement,      &person_show_statement,
    &roster_export_statement,      &roster_import_statement,
    &roster_list_statement,        &roster_remove_statement,
    &scope_add_statement,          &scope_end_statement,
    &training_list_statement,      &calendar_list_statement,
    &calendar_propose_statement,   &policy_list_statement,
    &policy_propose_statement,     &proposal_decide_statement,
    &standard_list_statement,      &standard_propose_statement,
    &certificate_import_statement, &certificate_state_statement,
    &certificate_amend_statement,  &certificate_export_statement,
    &certificate_list_statement,   &certificate_verify_statement,
    &claim_submit_statement,       &claim_decide_statement,
    &claim_list_statement,         &claim_queue_statement,
    &claim_show_statement,         &claim_dossier_statement,
    &fact_list_statement,          &fact_answer_statement,
    &policy_replay_statement,      &fact_ask_statement,
};
