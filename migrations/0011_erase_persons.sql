/* SPDX-License-Identifier: Apache-2.0 */
/* What is held about a person is erased on lawful request: sealed columns become empty, their commitments stay. */

ALTER TABLE registry.person_version DROP CONSTRAINT person_version_kind_check;
ALTER TABLE registry.person_version ADD CONSTRAINT person_version_kind_check CHECK (kind BETWEEN 1 AND 7);
COMMENT ON COLUMN registry.person.sealed IS 'Sealed PersonRecord of proto/record.proto; empty: erased';
COMMENT ON COLUMN registry.person.name_index IS 'Keyed index of the name: equality only (A6); erased: of person_id, which finds nothing';
CREATE INDEX lesson_teacher ON registry.lesson (teacher_index);

/* Emptied by an erasure, or by somebody else: the log has both. */
CALL audit.cover(9::int2, 'lesson', 'class_number, lesson', 'class_number, lesson, held_on, held, hours, place, content, lesson_id, teacher_commitment, request_id, octet_length(teacher_sealed) > 0');
CALL audit.cover(12::int2, 'enrolment', 'class_number, person_id', 'class_number, person_id, enrolment_id, seat, trainee_group, document_type, enrolled_at, request_id, commitment, warnings, removed_reason, result, octet_length(sealed) > 0');
CALL audit.cover(13::int2, 'person', 'person_id', 'person_id, commitment, record_id, version, octet_length(sealed) > 0');
CALL audit.cover(14::int2, 'person_version', 'person_id, version', 'person_id, version, record_id, commitment, kind, case_reference, operator_id, request_id, changed_at, octet_length(sealed) > 0');
CALL audit.cover(18::int2, 'name_conflict', 'conflict_id', 'conflict_id, person_id, commitment, class_number, operator_id, request_id, reported_at, decision, case_reference, decided_by, decided_at, octet_length(sealed) > 0');
CALL audit.cover(19::int2, 'person_group', 'fact_id', 'fact_id, person_id, trainee_group, valid_from, valid_to, commitment, operator_id, request_id, recorded_at, octet_length(sealed) > 0');
