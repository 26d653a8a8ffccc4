/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/covered.h"

#include <string.h>

#define TABLE(name) MINGCE__V1__ROW_TABLE__ROWS_##name

/* The same as migrations/ declare with audit.cover(); the tests compare them. */
static const struct covered tables[] = {
    {TABLE(ORGANISATION), "organisation", "organisation_id",
     "organisation_id, code, name, kind, division, status, code_override, registered_at, version"},
    {TABLE(ORGANISATION_SCOPE), "organisation_scope", "organisation_id, occupation_code, level, valid_from",
     "organisation_id, occupation_code, level, valid_from, valid_to"},
    {TABLE(ORGANISATION_VERSION), "organisation_version", "organisation_id, version",
     "organisation_id, version, name, division, status, reason, operator_id, request_id, "
     "changed_at"},
    {TABLE(OPERATOR), "operator", "operator_id",
     "operator_id, organisation_id, sealed, roles, status, human_id"},
    {TABLE(OPERATOR_CERTIFICATE), "operator_certificate", "key_hash",
     "key_hash, operator_id, added_at, revoked_at"},
    {TABLE(CHANGE), "change", "change_id",
     "change_id, kind, operator_id, organisation_id, sealed, roles, key_hash, status, reason, "
     "proposed_by, proposed_at, decision, decided_by, decided_at, human_id, "
     "sha256(document_sealed), sha256(document_index || document_sealed)"},
    {TABLE(CLASS), "class", "class_number",
     "class_number, organisation_id, title, occupation_code, level, training_kind, starts_on, "
     "ends_on, capacity, enrolled, state, opened_at, version, seats, lessons, hours, mode, filing, "
     "approved_on"},
    {TABLE(CLASS_VERSION), "class_version", "class_number, version",
     "class_number, version, title, starts_on, ends_on, capacity, state, reason, operator_id, "
     "request_id, changed_at, filing"},
    {TABLE(CLASS_FILING), "class_filing", "class_number, filing",
     "class_number, filing, filed_at, filed_by, request_id, due_on, answered_due, materials, "
     "assessment_plan, trainees, hours, days, practice_hours, hours_least, practice_percent, "
     "catalogue_id, catalogue_row, "
     "institution_catalogue_id, institution_catalogue_row, demand_grade, decision, decided_at, "
     "decided_by, decided_request, reason, withdrawn_at, withdrawn_by, withdrawn_request, "
     "withdrawn_reason"},
    {TABLE(CLASS_STANDARD), "class_standard", "class_number, standard_id", "class_number, standard_id"},
    {TABLE(LESSON), "lesson", "class_number, lesson",
     "class_number, lesson, held_on, held, hours, place, content, lesson_id, teacher_commitment, "
     "request_id, sha256(teacher_sealed), "
     "CASE WHEN teacher_sealed <> '' THEN sha256(teacher_index || teacher_sealed) END, room_id, practice, "
     "teacher_id"},
    {TABLE(ATTENDANCE), "attendance", "class_number, person_id, lesson",
     "class_number, person_id, lesson, state, salt"},
    {TABLE(MARK), "mark", "class_number, person_id", "class_number, person_id, theory, practice, salt"},
    {TABLE(ENROLMENT), "enrolment", "class_number, person_id",
     "class_number, person_id, enrolment_id, seat, trainee_group, document_type, enrolled_at, "
     "request_id, commitment, warnings, removed_reason, result, sha256(sealed), "
     "sha256(account_index || sealed)"},
    {TABLE(PERSON), "person", "person_id",
     "person_id, commitment, record_id, version, sha256(sealed), "
     "CASE WHEN sealed <> '' THEN sha256(name_index || sealed) END, "
     "CASE WHEN sealed <> '' THEN sha256(int8send(search_key) || sealed) END"},
    {TABLE(PERSON_VERSION), "person_version", "person_id, version",
     "person_id, version, record_id, commitment, kind, case_reference, operator_id, request_id, "
     "changed_at, sha256(sealed), CASE WHEN sealed <> '' THEN sha256(name_index || sealed) END"},
    {TABLE(DOCUMENT), "document", "sha256(salt || document_index)",
     "document_type, person_id, sha256(salt || name_index)"},
    {TABLE(PERSON_DOCUMENT), "person_document", "person_id, commitment",
     "person_id, document_type, record_id, commitment, state, request_id, sha256(sealed), "
     "CASE WHEN sealed <> '' THEN sha256(document_index || sealed) END"},
    {TABLE(PERSON_MERGE), "person_merge", "gone",
     "gone, kept, case_reference, operator_id, request_id, merged_at"},
    {TABLE(NAME_CONFLICT), "name_conflict", "conflict_id",
     "conflict_id, person_id, commitment, class_number, operator_id, request_id, reported_at, "
     "decision, case_reference, decided_by, decided_at, sha256(sealed), "
     "CASE WHEN sealed <> '' THEN sha256(name_index || sealed) END, "
     "CASE WHEN sealed <> '' THEN sha256(int8send(search_key) || sealed) END"},
    {TABLE(PERSON_GROUP), "person_group", "fact_id",
     "fact_id, person_id, trainee_group, valid_from, valid_to, commitment, operator_id, "
     "request_id, recorded_at, sha256(sealed), salt"},
    {TABLE(POLICY), "policy", "division, name, valid_from",
     "division, name, value, valid_from, valid_to, citation"},
    {TABLE(LEDGER), "ledger", "ledger_id", "ledger_id, division, source, year, opened_at, closed_at"},
    {TABLE(JOURNAL), "journal", "journal_id",
     "journal_id, posting_id, ledger_id, share, event, layer, debit, credit, amount_fen, subject_kind, "
     "subject_id, part, mirrors, operator_id, request_id, posted_at, transaction, salt"},
    {TABLE(EARMARK), "earmark", "earmark_id",
     "earmark_id, division, spending, trainee_group, certificate_kind, sources, valid_from, valid_to, "
     "citation, proposed_by, proposed_at, decision, decided_by, decided_at, superseded_by, request_id"},
    {TABLE(CHARGE), "charge", "subject_kind, subject_id, part",
     "subject_kind, subject_id, part, ledger_id, share, spending, expense, amount_fen, recovered_fen, state, "
     "paid_on, salt"},
    {TABLE(FUND_MOVE), "fund_move", "move_id",
     "move_id, kind, division, source, year, to_division, amount_fen, mirrored, reason, proposed_by, "
     "proposed_at, decision, decided_by, decided_at, request_id"},
    {TABLE(OCCUPATION), "occupation", "code", "code, name"},
    {TABLE(CERTIFICATE), "certificate", "certificate_id",
     "certificate_id, kind, person_id, organisation_id, class_number, occupation_code, level, "
     "issued_on, state, version, commitment, warnings, request_id, sha256(sealed), "
     "CASE WHEN sealed <> '' THEN sha256(number_index || sealed) END, salt, renewal"},
    {TABLE(CERTIFICATE_VERSION), "certificate_version", "certificate_id, version",
     "certificate_id, version, state, effective_on, reason, operator_id, request_id, changed_at, "
     "salt"},
    {TABLE(STANDARD), "standard", "standard_id",
     "standard_id, division, line, occupation_code, level, certificate_kind, trainee_group, "
     "amount_fen, valid_from, valid_to, citation, proposed_by, proposed_at, decision, decided_by, "
     "decided_at, superseded_by, request_id, mode, demand_grade, renewal, basis, cap_fen, percent"},
    {TABLE(CALENDAR_DAY), "calendar_day", "division, day",
     "division, day, working, counted, citation, operator_id, request_id, was_worked"},
    {TABLE(POLICY_PROPOSAL), "policy_proposal", "proposal_id",
     "proposal_id, division, name, value, valid_from, valid_to, citation, proposed_by, "
     "proposed_at, decision, decided_by, decided_at, request_id"},
    {TABLE(CALENDAR_PROPOSAL), "calendar_proposal", "proposal_id",
     "proposal_id, division, day, working, citation, proposed_by, proposed_at, decision, "
     "decided_by, decided_at, request_id"},
    {TABLE(CLAIM), "claim", "claim_id",
     "claim_id, person_id, certificate_id, class_number, organisation_id, division, route, "
     "proxy_reference, occupation_code, level, certificate_kind, trainee_group, year, amount_fen, "
     "state, state_before, version, due_on, publicity_until, publicity_days, shown::text, "
     "submitted_at, submitted_by, reviewed_by, approved_by, paid_by, salt, mode, demand_grade, "
     "renewal, rated_on, rated_as_approved, year_cap, life_cap, no_lower, ordinal"},
    {TABLE(CLAIM_LINE), "claim_line", "claim_id, line",
     "claim_id, line, standard_id, rate_fen, days, amount_fen, clawed_fen, salt, hours, percent, "
     "cap_fen"},
    {TABLE(CLAIM_STEP), "claim_step", "claim_id, version",
     "claim_id, version, action, state, operator_id, reason, fraud, request_id, stepped_at, salt"},
    {TABLE(CLAIM_PLACE), "claim_place", "person_id, year, place",
     "person_id, year, place, claim_id, head_id"},
    {TABLE(CLAIM_ONCE), "claim_once", "person_id, occupation_code, level",
     "person_id, occupation_code, level, claim_id, salt, head_id"},
    {TABLE(CLAIM_FACT), "claim_fact", "claim_id, fact",
     "claim_id, fact, asked_at, answer, source, as_of, answered_by, answered_at, request_id, "
     "salt, snapshot_id, asked_of"},
    {TABLE(CERTIFICATE_AMENDMENT), "certificate_amendment", "certificate_id, version",
     "certificate_id, version, kind, occupation_code, level, issued_on, warnings, reason, "
     "operator_id, request_id, amended_at, salt, renewal"},
    {TABLE(EMPLOYMENT), "employment", "question_id",
     "question_id, organisation_id, person_id, asked_by, asked_at, answer, source, as_of, "
     "answered_by, answered_at, request_id, salt, snapshot_id"},
    {TABLE(DOCUMENT_ERASED), "document_erased", "sha256(salt || document_index)", "person_id"},
    {TABLE(OCCUPATION_NAME), "occupation_name", "occupation_code, valid_from",
     "occupation_code, edition, name, valid_from, valid_to"},
    {TABLE(STATE_DAY), "state_day", "day", "day, working, occasion, citation"},
    {TABLE(TRAINEE_GROUP), "trainee_group", "code", "code, name"},
    {TABLE(EMPLOYEE_GROUP), "employee_group", "trainee_group", "trainee_group"},
    {TABLE(HUMAN), "human", "human_id",
     "human_id, registered_at, sha256(sealed), sha256(document_index || sealed)"},
    {TABLE(ORGANISATION_KIND), "organisation_kind", "kind", "kind, name, level, roles"},
    {TABLE(DELEGATION), "delegation", "governor, kind, relation", "governor, kind, relation, approver"},
    {TABLE(VENUE), "venue", "venue_id", "venue_id, division, address, address_key, request_id"},
    {TABLE(ROOM), "room", "room_id",
     "room_id, venue_id, name, name_key, capacity, request_id, registered_by"},
    {TABLE(VENUE_USE), "venue_use", "venue_id, organisation_id",
     "venue_id, organisation_id, name, name_key, tenure, until, area_m2, longitude, latitude, request_id"},
    {TABLE(TEACHER), "teacher", "teacher_id",
     "teacher_id, organisation_id, commitment, occupation_code, level, qualification, valid_from, "
     "valid_to, request_id, sha256(sealed), "
     "CASE WHEN sealed <> '' THEN sha256(teacher_index || sealed) END, "
     "CASE WHEN sealed <> '' THEN sha256(name_index || sealed) END"},
    {TABLE(PAYEE), "payee", "payee_id",
     "payee_id, organisation_id, person_id, version, commitment, set_by, set_at, confirmed_by, confirmed_at, "
     "looked_by, "
     "looked_at, request_id, sha256(sealed), sha256(account_index || sealed)"},
    {TABLE(PAYMENT_BATCH), "payment_batch", "batch_id",
     "batch_id, division, organisation_id, reference, purpose, state, made_by, made_at, sent_by, sent_at, "
     "payer_id, lines, amount_fen, part_lines, request_id"},
    {TABLE(BATCH_LINE), "batch_line", "batch_id, subject_kind, subject_id",
     "batch_id, subject_kind, subject_id, line, amount_fen, payee_id, class_number, enrolment_id, person_id, "
     "state, "
     "bank_reference, traded_on, reason_code, reason, request_id, salt, sha256(account_index || "
     "uuid_send(salt))"},
    {TABLE(BATCH_ANSWER), "batch_answer", "batch_id, line, answer",
     "batch_id, line, answer, result, bank_reference, traded_on, reason_code, reason, operator_id, "
     "request_id, answered_at, salt"},
    {TABLE(BATCH_DISPUTE), "batch_dispute", "batch_id, line, dispute",
     "batch_id, line, dispute, why, result, bank_reference, traded_on, reason_code, reason, amount_fen, "
     "operator_id, request_id, answered_at, settled_by, settled_at, note, salt"},
    {TABLE(CATALOGUE), "catalogue", "catalogue_id",
     "catalogue_id, division, kind, title, citation, state, rows, document_digest, version, valid_from, "
     "valid_to, "
     "drafted_by, drafted_at, loaded_by, consulted, consulted_by, consulted_at, approved_by, approved_at, "
     "published_by, published_at, withdrawn_by, withdrawn_at, reason, superseded_by, request_id"},
    {TABLE(CATALOGUE_ROW), "catalogue_row", "catalogue_id, row",
     "catalogue_id, row, category, occupation_code, level, demand_grade, hours_least, practice_percent, "
     "mode, training_standard_fen, assessment_standard_fen, mark, note"},
    {TABLE(CATALOGUE_DEMAND), "catalogue_demand", "catalogue_id, row",
     "catalogue_id, row, division, occupation_code, level, trainee_group, heads, listed, source, wanted_on, "
     "place, until, note"},
    {TABLE(CATALOGUE_INSTITUTION), "catalogue_institution", "catalogue_id, row",
     "catalogue_id, row, institution_code, name, licence, nature, address, phone, occupation_code, level, "
     "site, credit_grade, batch, valid_from, valid_to, note"},
    {TABLE(CATALOGUE_KIND), "catalogue_kind", "code", "code, name, plan"},
    {TABLE(PROJECT), "project", "project_id",
     "project_id, division, department, name, occupation_code, level, certificate_kind, mode, "
     "pay_mode, planned_heads, hours, unit_fen, cap_fen, call_number, contract_number, "
     "organisation_id, starts_on, ends_on, closes_on, advance_percent, ceiling_percent, "
     "denominator, evidence_kinds, contract_months, employment_days, insured_months, "
     "same_employer_months, state, state_before, version, frozen_on, enrolled, completed, sat, "
     "counted, total_fen, entitled_percent, granted_fen, paid_fen, recover_fen, recovered_fen, "
     "called_by, called_at, request_id"},
    {TABLE(PROJECT_STEP), "project_step", "project_id, version",
     "project_id, version, action, state, operator_id, reason, tranche_id, head_id, "
     "class_number, held_on, passed, fraud, fen, request_id, stepped_at, salt"},
    {TABLE(PROJECT_TIER), "project_tier", "project_id, tier",
     "project_id, tier, metric, threshold, pay_percent"},
    {TABLE(PROJECT_CLASS), "project_class", "class_number", "class_number, project_id, request_id"},
    {TABLE(PROJECT_HEAD), "project_head", "head_id",
     "head_id, project_id, person_id, class_number, seat, occupation_code, level, trainee_group, "
     "year, result, counted, deduction, reason, fraud, share_fen, ordinal, salt"},
    {TABLE(PROJECT_EVIDENCE), "project_evidence", "evidence_id",
     "evidence_id, head_id, kind, employer, event_on, months, source, as_of, snapshot_id, "
     "by_bureau, recorded_by, recorded_at, request_id, withdrawn_at, withdrawn_by, "
     "withdrawn_request, withdrawn_reason, salt"},
    {TABLE(PROJECT_RUN), "project_run", "project_id, run",
     "project_id, run, as_of, base, employed, passed, sat, pay_percent, total_fen, due_fen, "
     "concentrated, snapshots, verified_by, verified_at, request_id"},
    {TABLE(TRANCHE), "tranche", "tranche_id",
     "tranche_id, project_id, kind, head_id, run, division, organisation_id, person_id, "
     "amount_fen, state, version, recovered_fen, submitted_at, submitted_by, reviewed_by, "
     "approved_by, paid_by, request_id, salt"},
    {TABLE(PROJECT_RUN_HEAD), "project_run_head", "project_id, run, head_id",
     "project_id, run, head_id, evidence_id, unmet, salt"},
    {TABLE(SNAPSHOT), "snapshot", "snapshot_id",
     "snapshot_id, source, division, as_of, complete, rows, file_digest, issuer, organisation_id, "
     "loaded_by, loaded_at, malformed, unknown, closed_by, closed_at, answered_to, request_id"},
    {TABLE(SNAPSHOT_ROW), "snapshot_row", "snapshot_id, row",
     "snapshot_id, row, record_id, from_on, to_on, unit, sha256(sealed), "
     "CASE WHEN sealed <> '' THEN sha256(document_index || name_index || sealed) END"},
    {TABLE(FACT_EFFECT), "fact_effect", "fact, step, answer", "fact, step, answer, outcome"},
    {TABLE(FUND_MONTH), "fund_month", "division, month, version",
     "division, month, version, balance_fen, unemployment_fen, medical_fen, funeral_fen, training_fen, "
     "other_fen, citation, recorded_by, recorded_at, request_id"},
    {TABLE(FACT), "fact", "code", "code, name, source, asked, days, against, of_employer"},
    {TABLE(PROJECT_MATERIAL), "project_material", "project_id, material_id",
     "project_id, material_id, kind, file_digest, file_bytes, title, keep_until, recorded_by, recorded_at, "
     "request_id, withdrawn_at, withdrawn_by, withdrawn_request, withdrawn_reason"},
    {TABLE(BANK_BALANCE), "bank_balance", "division, month, version",
     "division, month, version, treasury_fen, expenditure_fen, citation, recorded_by, recorded_at, "
     "request_id"},
};
enum { TABLES = sizeof(tables) / sizeof(*tables) };

/* Columns of dossiers' tables that a migration has added to since. */
static const struct {
    Mingce__V1__RowTable table;
    const char *columns;
} before[] = {
    {TABLE(CLASS), "class_number, organisation_id, title, occupation_code, level, training_kind, starts_on, "
                   "ends_on, capacity, enrolled, state, opened_at, version, seats, lessons, hours"},
    {TABLE(CERTIFICATE),
     "certificate_id, kind, person_id, organisation_id, class_number, occupation_code, level, "
     "issued_on, state, version, commitment, warnings, request_id, sha256(sealed), "
     "CASE WHEN sealed <> '' THEN sha256(number_index || sealed) END, salt"},
    {TABLE(CERTIFICATE_VERSION),
     "certificate_id, version, state, effective_on, reason, operator_id, request_id, changed_at"},
    {TABLE(CERTIFICATE_AMENDMENT),
     "certificate_id, version, kind, occupation_code, level, issued_on, warnings, reason, "
     "operator_id, request_id, amended_at, salt"},
    {TABLE(STANDARD),
     "standard_id, division, line, occupation_code, level, certificate_kind, trainee_group, "
     "amount_fen, valid_from, valid_to, citation, proposed_by, proposed_at, decision, decided_by, "
     "decided_at, superseded_by, request_id"},
    {TABLE(CLAIM),
     "claim_id, person_id, certificate_id, class_number, organisation_id, division, route, "
     "proxy_reference, occupation_code, level, certificate_kind, trainee_group, year, amount_fen, "
     "state, state_before, version, due_on, publicity_until, publicity_days, shown::text, "
     "submitted_at, submitted_by, reviewed_by, approved_by, paid_by, salt"},
    {TABLE(CLAIM_LINE), "claim_id, line, standard_id, rate_fen, days, amount_fen, clawed_fen, salt"},
    {TABLE(CLAIM_PLACE), "person_id, year, place, claim_id"},
    {TABLE(CLAIM_ONCE), "person_id, occupation_code, level, claim_id, salt"},
    {TABLE(CLAIM_STEP),
     "claim_id, version, action, state, operator_id, reason, fraud, request_id, stepped_at"},
    {TABLE(CLAIM_FACT), "claim_id, fact, asked_at, answer, source, as_of, answered_by, answered_at, "
                        "request_id, salt"},
};

const struct covered *covered_find(Mingce__V1__RowTable table)
{
    for (size_t i = 0; i < TABLES; i++)
        if (tables[i].table == table)
            return &tables[i];
    return NULL;
}

bool covered_by(const struct covered *covered, const char *columns)
{
    bool by = strcmp(columns, covered->columns) == 0;
    for (size_t i = 0; !by && i < sizeof(before) / sizeof(*before); i++)
        by = before[i].table == covered->table && strcmp(columns, before[i].columns) == 0;
    return by;
}

const struct covered *covered_at(size_t i)
{
    return i < TABLES ? &tables[i] : NULL;
}
