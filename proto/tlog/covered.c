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
     "ends_on, capacity, enrolled, state, opened_at, version, seats, lessons, hours"},
    {TABLE(CLASS_VERSION), "class_version", "class_number, version",
     "class_number, version, title, starts_on, ends_on, capacity, state, reason, operator_id, "
     "request_id, changed_at"},
    {TABLE(LESSON), "lesson", "class_number, lesson",
     "class_number, lesson, held_on, held, hours, place, content, lesson_id, teacher_commitment, "
     "request_id, sha256(teacher_sealed), "
     "CASE WHEN teacher_sealed <> '' THEN sha256(teacher_index || teacher_sealed) END"},
    {TABLE(ATTENDANCE), "attendance", "class_number, person_id, lesson",
     "class_number, person_id, lesson, state, salt"},
    {TABLE(MARK), "mark", "class_number, person_id", "class_number, person_id, theory, practice, salt"},
    {TABLE(ENROLMENT), "enrolment", "class_number, person_id",
     "class_number, person_id, enrolment_id, seat, trainee_group, document_type, enrolled_at, "
     "request_id, commitment, warnings, removed_reason, result, sha256(sealed)"},
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
    {TABLE(OCCUPATION), "occupation", "code", "code, name"},
    {TABLE(CERTIFICATE), "certificate", "certificate_id",
     "certificate_id, kind, person_id, organisation_id, class_number, occupation_code, level, "
     "issued_on, state, version, commitment, warnings, request_id, sha256(sealed), "
     "CASE WHEN sealed <> '' THEN sha256(number_index || sealed) END, salt"},
    {TABLE(CERTIFICATE_VERSION), "certificate_version", "certificate_id, version",
     "certificate_id, version, state, effective_on, reason, operator_id, request_id, changed_at, "
     "salt"},
    {TABLE(STANDARD), "standard", "standard_id",
     "standard_id, division, line, occupation_code, level, certificate_kind, trainee_group, "
     "amount_fen, valid_from, valid_to, citation, proposed_by, proposed_at, decision, decided_by, "
     "decided_at, superseded_by, request_id"},
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
     "submitted_at, submitted_by, reviewed_by, approved_by, paid_by, salt"},
    {TABLE(CLAIM_LINE), "claim_line", "claim_id, line",
     "claim_id, line, standard_id, rate_fen, days, amount_fen, clawed_fen, salt"},
    {TABLE(CLAIM_STEP), "claim_step", "claim_id, version",
     "claim_id, version, action, state, operator_id, reason, fraud, request_id, stepped_at, salt"},
    {TABLE(CLAIM_PLACE), "claim_place", "person_id, year, place", "person_id, year, place, claim_id"},
    {TABLE(CLAIM_ONCE), "claim_once", "person_id, occupation_code, level",
     "person_id, occupation_code, level, claim_id, salt"},
    {TABLE(CLAIM_FACT), "claim_fact", "claim_id, fact",
     "claim_id, fact, asked_at, answer, source, as_of, answered_by, answered_at, request_id, "
     "salt"},
    {TABLE(CERTIFICATE_AMENDMENT), "certificate_amendment", "certificate_id, version",
     "certificate_id, version, kind, occupation_code, level, issued_on, warnings, reason, "
     "operator_id, request_id, amended_at, salt"},
    {TABLE(EMPLOYMENT), "employment", "question_id",
     "question_id, organisation_id, person_id, asked_by, asked_at, answer, source, as_of, "
     "answered_by, answered_at, request_id, salt"},
    {TABLE(DOCUMENT_ERASED), "document_erased", "sha256(salt || document_index)", "person_id"},
    {TABLE(OCCUPATION_NAME), "occupation_name", "occupation_code, valid_from",
     "occupation_code, edition, name, valid_from, valid_to"},
    {TABLE(STATE_DAY), "state_day", "day", "day, working, occasion, citation"},
    {TABLE(TRAINEE_GROUP), "trainee_group", "code", "code, name"},
    {TABLE(HUMAN), "human", "human_id",
     "human_id, registered_at, sha256(sealed), sha256(document_index || sealed)"},
    {TABLE(ORGANISATION_KIND), "organisation_kind", "kind", "kind, name, level, roles"},
    {TABLE(DELEGATION), "delegation", "governor, kind, relation", "governor, kind, relation, approver"},
};
enum { TABLES = sizeof(tables) / sizeof(*tables) };

/* Columns of dossiers' tables that a migration has added to since. */
static const struct {
    Mingce__V1__RowTable table;
    const char *columns;
} before[] = {
    {TABLE(CERTIFICATE_VERSION),
     "certificate_id, version, state, effective_on, reason, operator_id, request_id, changed_at"},
    {TABLE(CLAIM_STEP),
     "claim_id, version, action, state, operator_id, reason, fraud, request_id, stepped_at"},
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
