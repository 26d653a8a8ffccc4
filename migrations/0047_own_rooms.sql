/* SPDX-License-Identifier: Apache-2.0 */
/* A room is one physical room, whichever institutions use it (G31): who registered it states how many it holds. */

ALTER TABLE registry.room ADD COLUMN registered_by uuid REFERENCES registry.organisation;
UPDATE registry.room r
   SET registered_by = coalesce((SELECT o.organisation_id FROM registry.request q
                                   JOIN registry.operator o ON o.operator_id = q.operator_id
                                   JOIN registry.venue_use u
                                     ON u.venue_id = r.venue_id AND u.organisation_id = o.organisation_id
                                  WHERE q.request_id = r.request_id),
                                (SELECT u.organisation_id FROM registry.venue_use u WHERE u.venue_id = r.venue_id
                                  ORDER BY u.organisation_id LIMIT 1));
COMMENT ON COLUMN registry.room.registered_by IS
    'The institution that states its capacity: the first, or who stated it after that one''s use had ended; NULL: who states it next';

CALL audit.cover(76::int2, 'room', 'room_id', 'room_id, venue_id, name, name_key, capacity, request_id, registered_by');
