/* SPDX-License-Identifier: Apache-2.0 */
/* A day that is over may be entered wrongly and mended: it counts again if it did when it ended (C2). */
ALTER TABLE registry.calendar_day ADD COLUMN was_worked bool;
COMMENT ON COLUMN registry.calendar_day.was_worked IS
    'Whether the day was worked by what was in force when it ended, whatever was said of it since; NULL: it was if it counts';
CALL audit.cover(26::int2, 'calendar_day', 'division, day', 'division, day, working, counted, citation, operator_id, request_id, was_worked');
REVOKE ALL ON ALL ROUTINES IN SCHEMA audit FROM PUBLIC;
