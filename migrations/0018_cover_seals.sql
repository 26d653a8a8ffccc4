/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is sealed, and the keyed indexes of it, are covered as they are stored: whoever has the key ring could seal another name
 * under the same id, and whoever has the database could move an index to another row. A digest of what was sealed with
 * random bytes says nothing, and can be tried against nothing once it is erased; so an index is hashed together with it, or with
 * a document's salt, and no more when that is gone.
 */
CALL audit.cover(9::int2, 'lesson', 'class_number, lesson', 'class_number, lesson, held_on, held, hours, place, content, lesson_id, teacher_commitment, request_id, sha256(teacher_sealed), CASE WHEN teacher_sealed <> '''' THEN sha256(teacher_index || teacher_sealed) END');
CALL audit.cover(12::int2, 'enrolment', 'class_number, person_id', 'class_number, person_id, enrolment_id, seat, trainee_group, document_type, enrolled_at, request_id, commitment, warnings, removed_reason, result, sha256(sealed)');
CALL audit.cover(13::int2, 'person', 'person_id', 'person_id, commitment, record_id, version, sha256(sealed), CASE WHEN sealed <> '''' THEN sha256(name_index || sealed) END, CASE WHEN sealed <> '''' THEN sha256(int8send(search_key) || sealed) END');
CALL audit.cover(14::int2, 'person_version', 'person_id, version', 'person_id, version, record_id, commitment, kind, case_reference, operator_id, request_id, changed_at, sha256(sealed), CASE WHEN sealed <> '''' THEN sha256(name_index || sealed) END');
CALL audit.cover(15::int2, 'document', 'sha256(salt || document_index)', 'document_type, person_id, sha256(salt || name_index)');
CALL audit.cover(16::int2, 'person_document', 'person_id, commitment', 'person_id, document_type, record_id, commitment, state, request_id, sha256(sealed), CASE WHEN sealed <> '''' THEN sha256(document_index || sealed) END');
CALL audit.cover(18::int2, 'name_conflict', 'conflict_id', 'conflict_id, person_id, commitment, class_number, operator_id, request_id, reported_at, decision, case_reference, decided_by, decided_at, sha256(sealed), CASE WHEN sealed <> '''' THEN sha256(name_index || sealed) END, CASE WHEN sealed <> '''' THEN sha256(int8send(search_key) || sealed) END');
CALL audit.cover(19::int2, 'person_group', 'fact_id', 'fact_id, person_id, trainee_group, valid_from, valid_to, commitment, operator_id, request_id, recorded_at, sha256(sealed)');
CALL audit.cover(22::int2, 'certificate', 'certificate_id', 'certificate_id, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, state, version, commitment, warnings, request_id, sha256(sealed), CASE WHEN sealed <> '''' THEN sha256(number_index || sealed) END');
