/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where lessons are held, and by whom (G31). A venue is an address and a room is one physical room, whichever institutions use it, so that
 * a constraint keeps two classes of two institutions out of one room at one time. Lessons that were planned before this name no room.
 */

/* ---- venues and their rooms ---- */

CREATE TABLE registry.venue (
    venue_id uuid PRIMARY KEY,
    division text NOT NULL CHECK (division ~ '^[0-9]{6}$' AND right(division, 2) <> '00'),
    address text NOT NULL CHECK (char_length(address) BETWEEN 1 AND 100),
    address_key text NOT NULL CHECK (address_key <> ''),
    request_id uuid NOT NULL,
    CONSTRAINT venue_address_once UNIQUE (division, address_key)
);
COMMENT ON TABLE registry.venue IS 'Addresses at which lessons are held; an address is one venue, whichever institutions use it';
COMMENT ON COLUMN registry.venue.venue_id IS 'Random';
COMMENT ON COLUMN registry.venue.division IS 'The county it lies in, GB/T 2260';
COMMENT ON COLUMN registry.venue.address IS 'As it was first registered, within the county';
COMMENT ON COLUMN registry.venue.address_key IS 'The address as it is compared (address_key of proto/rules/place.c): one spelling of all';
COMMENT ON COLUMN registry.venue.request_id IS 'By which request it was first registered';

CREATE TABLE registry.room (
    room_id uuid PRIMARY KEY,
    venue_id uuid NOT NULL REFERENCES registry.venue,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    name_key text NOT NULL CHECK (name_key <> ''),
    capacity int4 NOT NULL CHECK (capacity BETWEEN 1 AND 2000),
    request_id uuid NOT NULL,
    CONSTRAINT room_name_once UNIQUE (venue_id, name_key)
);
COMMENT ON TABLE registry.room IS 'Rooms of venues';
COMMENT ON COLUMN registry.room.room_id IS 'Random';
COMMENT ON COLUMN registry.room.venue_id IS 'The venue it is in';
COMMENT ON COLUMN registry.room.name IS 'As it was first registered';
COMMENT ON COLUMN registry.room.name_key IS 'The name as it is compared (room_key of proto/rules/place.c)';
COMMENT ON COLUMN registry.room.capacity IS 'Trainees that it holds at most';
COMMENT ON COLUMN registry.room.request_id IS 'By which request its capacity was last stated';

CREATE TABLE registry.venue_use (
    venue_id uuid NOT NULL REFERENCES registry.venue,
    organisation_id uuid NOT NULL REFERENCES registry.organisation,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    name_key text NOT NULL CHECK (name_key <> ''),
    tenure int2 NOT NULL CHECK (tenure BETWEEN 1 AND 2),
    until date,
    area_m2 int4 CHECK (area_m2 >= 1),
    longitude int4 CHECK (longitude BETWEEN -180000000 AND 180000000),
    latitude int4 CHECK (latitude BETWEEN -90000000 AND 90000000),
    request_id uuid NOT NULL,
    PRIMARY KEY (venue_id, organisation_id),
    CONSTRAINT venue_use_lease CHECK (tenure = 1 OR until IS NOT NULL),
    CONSTRAINT venue_use_point CHECK (num_nulls(longitude, latitude) IN (0, 2)),
    CONSTRAINT venue_use_name_once UNIQUE (organisation_id, name_key)
);
COMMENT ON TABLE registry.venue_use IS 'Which institution uses which venue, and until when';
COMMENT ON COLUMN registry.venue_use.venue_id IS 'The venue';
COMMENT ON COLUMN registry.venue_use.organisation_id IS 'The institution';
COMMENT ON COLUMN registry.venue_use.name IS 'What the institution calls it';
COMMENT ON COLUMN registry.venue_use.name_key IS 'The name as it is compared (place_key of proto/rules/place.c)';
COMMENT ON COLUMN registry.venue_use.tenure IS 'enum VenueTenure of proto/venue.proto: 1 owned, 2 leased';
COMMENT ON COLUMN registry.venue_use.until IS 'Last day of the lease, or of the use (Asia/Shanghai); NULL: owned, without an end';
COMMENT ON COLUMN registry.venue_use.area_m2 IS 'Square metres that the institution has there; NULL: not stated';
COMMENT ON COLUMN registry.venue_use.longitude IS 'Millionths of a degree, as the institution states it; NULL: not stated';
COMMENT ON COLUMN registry.venue_use.latitude IS 'Millionths of a degree, as the institution states it; NULL: not stated';
COMMENT ON COLUMN registry.venue_use.request_id IS 'By which request it was last stated';

/* ---- teachers ---- */

CREATE TABLE registry.teacher (
    teacher_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES registry.organisation,
    teacher_index bytea NOT NULL CHECK (octet_length(teacher_index) = 32),
    name_index bytea NOT NULL CHECK (octet_length(name_index) = 32),
    sealed bytea NOT NULL,
    commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
    occupation_code text NOT NULL REFERENCES registry.occupation,
    level int2 NOT NULL REFERENCES registry.skill_level,
    qualification text NOT NULL CHECK (char_length(qualification) BETWEEN 1 AND 100),
    valid_from date NOT NULL,
    valid_to date,
    request_id uuid NOT NULL,
    CONSTRAINT teacher_term CHECK (valid_to >= valid_from),
    CONSTRAINT teacher_once EXCLUDE USING gist (organisation_id WITH =, teacher_index WITH =, occupation_code WITH =,
                                                daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX teacher_listed ON registry.teacher (organisation_id, teacher_id);
CREATE INDEX teacher_indexed ON registry.teacher (teacher_index);
COMMENT ON TABLE registry.teacher IS 'Who teaches what at which institution, and in which period';
COMMENT ON COLUMN registry.teacher.teacher_id IS 'Random; the sealed record is bound to it';
COMMENT ON COLUMN registry.teacher.organisation_id IS 'The institution';
COMMENT ON COLUMN registry.teacher.teacher_index IS 'Keyed index of the document, as registry.document has it; of an erased record a hash of teacher_id';
COMMENT ON COLUMN registry.teacher.name_index IS 'Keyed index of the name; of an erased record a hash of teacher_id';
COMMENT ON COLUMN registry.teacher.sealed IS 'Sealed PersonRecord of proto/record.proto (D1); empty: erased';
COMMENT ON COLUMN registry.teacher.commitment IS 'Of that record, as the audit entry has it';
COMMENT ON COLUMN registry.teacher.occupation_code IS 'The occupation taught';
COMMENT ON COLUMN registry.teacher.level IS 'Classes of this skill level and below';
COMMENT ON COLUMN registry.teacher.qualification IS 'Certificate or title in words, without its number';
COMMENT ON COLUMN registry.teacher.valid_from IS 'First day (Asia/Shanghai)';
COMMENT ON COLUMN registry.teacher.valid_to IS 'Last day (Asia/Shanghai); NULL: open';
COMMENT ON COLUMN registry.teacher.request_id IS 'By which request it was last stated';

/* ---- lessons ---- */

/* Lessons of cancelled classes that are still to come, and that nobody has attended, keep nobody from their teachers any more. */
WITH freed AS (DELETE FROM registry.lesson l USING registry.class c
                WHERE c.class_number = l.class_number AND c.state = 4 AND upper(l.held) > now() AT TIME ZONE 'Asia/Shanghai'
                  AND NOT EXISTS (SELECT FROM registry.attendance a WHERE a.class_number = l.class_number AND a.lesson = l.lesson)
               RETURNING l.class_number, l.hours)
UPDATE registry.class c SET hours = c.hours - f.hours
  FROM (SELECT class_number, sum(hours) AS hours FROM freed GROUP BY 1) f
 WHERE c.class_number = f.class_number;

ALTER TABLE registry.lesson
    ADD COLUMN room_id uuid REFERENCES registry.room,
    ADD COLUMN practice bool NOT NULL DEFAULT false,
    ADD COLUMN teacher_id uuid REFERENCES registry.teacher,
    ADD CONSTRAINT lesson_room_once EXCLUDE USING gist (room_id WITH =, held WITH &&);
CREATE INDEX lesson_registered ON registry.lesson (teacher_id);
COMMENT ON COLUMN registry.lesson.place IS 'Where, as the institution named it';
COMMENT ON COLUMN registry.lesson.held IS 'From when to when, Asia/Shanghai; a teacher is in one place, and a room has one class, at a time';
COMMENT ON COLUMN registry.lesson.room_id IS 'The room; NULL: planned before rooms were registered';
COMMENT ON COLUMN registry.lesson.practice IS 'Practice (实操); else theory (理论)';
COMMENT ON COLUMN registry.lesson.teacher_id IS 'The teacher''s registration; NULL: planned before teachers were registered';

CALL audit.cover(9::int2, 'lesson', 'class_number, lesson', 'class_number, lesson, held_on, held, hours, place, content, lesson_id, teacher_commitment, request_id, sha256(teacher_sealed), CASE WHEN teacher_sealed <> '''' THEN sha256(teacher_index || teacher_sealed) END, room_id, practice, teacher_id');
CALL audit.cover(75::int2, 'venue', 'venue_id', 'venue_id, division, address, address_key, request_id');
CALL audit.cover(76::int2, 'room', 'room_id', 'room_id, venue_id, name, name_key, capacity, request_id');
CALL audit.cover(77::int2, 'venue_use', 'venue_id, organisation_id', 'venue_id, organisation_id, name, name_key, tenure, until, area_m2, longitude, latitude, request_id');
CALL audit.cover(78::int2, 'teacher', 'teacher_id', 'teacher_id, organisation_id, commitment, occupation_code, level, qualification, valid_from, valid_to, request_id, sha256(sealed), CASE WHEN sealed <> '''' THEN sha256(teacher_index || sealed) END, CASE WHEN sealed <> '''' THEN sha256(name_index || sealed) END');
CALL audit.tie_table('venue');
CALL audit.tie_table('room');
CALL audit.tie_table('venue_use');
CALL audit.tie_table('teacher');
