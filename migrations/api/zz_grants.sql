/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon may call the functions of api and nothing else: no table, no view, no other schema. */
REVOKE ALL ON ALL ROUTINES IN SCHEMA api, admin, notary FROM PUBLIC;
GRANT USAGE ON SCHEMA notary TO mingced_notary;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA notary TO mingced_notary;
REVOKE ALL ON ALL TABLES IN SCHEMA registry, audit, api FROM PUBLIC, mingced, mingced_notary;
GRANT USAGE ON SCHEMA api TO mingced;
GRANT EXECUTE ON FUNCTION api.caller, api.key_check, api.organisation_list, api.organisation_show, api.class_open,
    api.class_list, api.class_show, api.roster_import, api.roster_list, api.audit_list, api.schema_digest,
    api.organisation_register, api.organisation_amend, api.scope_add, api.scope_end, api.operator_list,
    api.operator_show, api.change_propose, api.change_decide, api.change_list,
    api.class_amend, api.roster_remove, api.lesson_add, api.lesson_remove, api.lesson_list, api.attendance_import,
    api.marks_import, api.training_list, api.roster_export, api.look_record, api.access_log, api.access_list,
    api.person_find, api.person_search, api.person_show, api.person_reveal, api.person_amend, api.person_merge,
    api.person_erase, api.conflict_list, api.conflict_resolve, api.group_add, api.group_end,
    api.standard_propose, api.standard_list, api.policy_propose, api.policy_list, api.policy_replay,
    api.proposal_decide, api.calendar_propose, api.calendar_list,
    api.log_checkpoint, api.log_tile, api.log_entries, api.log_locate, api.log_rows, api.receipt,
    api.certificate_import, api.certificate_state, api.certificate_amend, api.certificate_list, api.certificate_verify,
    api.certificate_export, api.claim_submit, api.claim_decide, api.claim_list, api.claim_queue, api.claim_show,
    api.claim_dossier, api.fact_ask, api.fact_list, api.fact_answer TO mingced;
