/* SPDX-License-Identifier: Apache-2.0 */
/* Where lessons are held (G31): venues, their rooms, and which institution uses them until when. */

/* What requests of institutions' clerks come to as a whole, whether they were answered before, and whose they are.
   Of each it is one query with rows or without. */
CREATE FUNCTION helper.institution_judge(in_request_id uuid[], in_digest bytea[], in_operator uuid[],
                                         in_needed int8[] DEFAULT NULL)
RETURNS TABLE (wholes int2[], known bool[], owners uuid[]) LANGUAGE sql STABLE AS $$
    SELECT array_agg(coalesce(f.outcome, CASE
               WHEN a.operator_id IS NULL OR a.kind <> KIND_INSTITUTION OR NOT 'clerk' = ANY (a.roles)
                    THEN OUTCOME_NOT_ALLOWED
               WHEN helper.looks_left(a.operator_id, a.division, false) < in_needed[i.n] THEN OUTCOME_LOOKS_EXCEEDED
               ELSE OUTCOME_DONE END::int2) ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n), array_agg(a.organisation_id ORDER BY i.n)
      FROM unnest(in_request_id, in_digest, in_operator) WITH ORDINALITY i(request_id, digest, operator_id, n)
      LEFT JOIN LATERAL helper.answered(i.request_id, i.digest, i.operator_id) f ON true
      LEFT JOIN helper.acting a ON a.operator_id = i.operator_id
$$;

/* ---- what rooms can take ---- */

/* The classes that need one of these rooms after a day: those that have not begun, and those with lessons to come. */
CREATE FUNCTION helper.room_classes(in_rooms uuid[], in_after date)
RETURNS TABLE (class_number int8, organisation_id uuid, ends_on date, capacity int4) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT c.class_number, c.organisation_id, c.ends_on, c.capacity
      FROM registry.lesson l
      JOIN registry.class c USING (class_number)
     WHERE l.room_id = ANY (in_rooms)
       AND (c.state = CLASS_OPEN OR c.state = CLASS_STARTED AND l.held_on > in_after)
$$;

/* Whether a room may have a class of that institution, of so many places, until that day: done, or why not. */
CREATE FUNCTION helper.room_judge(in_room uuid, in_organisation uuid, in_capacity int4, in_ends_on date) RETURNS int2
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN u.organisation_id IS NULL OR u.until < in_ends_on THEN OUTCOME_ROOM_LEASE
                WHEN r.capacity < in_capacity THEN OUTCOME_ROOM_TOO_SMALL
                ELSE OUTCOME_DONE END
      FROM registry.room r
      LEFT JOIN registry.venue_use u ON u.venue_id = r.venue_id AND u.organisation_id = in_organisation
     WHERE r.room_id = in_room
$$;

/* Whether all rooms of a class's lessons, which the caller holds, may have it with so many places and until that day:
   done, or why not. */
CREATE FUNCTION helper.rooms_judge(in_class registry.class, in_capacity int4, in_ends_on date) RETURNS int2
LANGUAGE plpgsql AS $$
BEGIN
    RETURN coalesce((SELECT max(j.outcome)
                       FROM (SELECT DISTINCT l.room_id FROM registry.lesson l
                              WHERE l.class_number = in_class.class_number AND l.room_id IS NOT NULL) r
                      CROSS JOIN LATERAL (SELECT helper.room_judge(r.room_id, in_class.organisation_id, in_capacity,
                                                                   in_ends_on) AS outcome) j
                      WHERE j.outcome <> OUTCOME_DONE), OUTCOME_DONE);
END $$;

/* Keeps others from changing these rooms, or these institutions' uses of their venues, until the transaction ends.
   Whoever plans lessons there, and whoever changes a class, its rooms or a use, comes here after the classes. */
CREATE FUNCTION helper.rooms_hold(in_rooms uuid[], in_organisations uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM registry.room r WHERE r.room_id = ANY (in_rooms) ORDER BY r.room_id FOR NO KEY UPDATE;
    PERFORM FROM registry.venue_use u
      WHERE u.venue_id IN (SELECT r.venue_id FROM registry.room r WHERE r.room_id = ANY (in_rooms))
        AND u.organisation_id = ANY (in_organisations)
      ORDER BY u.venue_id, u.organisation_id FOR SHARE;
END $$;

/* What stands in the way of a class in the rooms of its plan, as outcomes: a lesson without a room, a room that is too
   small, a lease or use that ends before the class does. */
CREATE FUNCTION helper.room_obstacles(in_class int8) RETURNS int2[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT x.obstacle ORDER BY x.obstacle), '{}')
      FROM (SELECT coalesce(helper.room_judge(p.room_id, c.organisation_id, c.capacity, c.ends_on),
                            OUTCOME_ROOM_UNKNOWN) AS obstacle
              FROM registry.class c
              JOIN (SELECT DISTINCT l.class_number, l.room_id FROM registry.lesson l WHERE l.class_number = in_class) p
                USING (class_number)) x
     WHERE x.obstacle <> OUTCOME_DONE
$$;

/* What may stand before an address of a county, as a pattern: the names of its province, of its city and its own, each
   or none; NULL: the registry has no names of it. Of what keys change, they have only single digits of Chinese. */
CREATE FUNCTION helper.area_pattern(in_division text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT '^' || string_agg('(' || x.names || ')?', '' ORDER BY x.code) || '$'
      FROM (SELECT d.code, string_agg(translate(d.name, '〇零一二三四五六七八九', '00123456789'), '|') AS names
              FROM registry.division d
             WHERE d.code IN (left(in_division, 2) || '0000', left(in_division, 4) || '00', in_division)
             GROUP BY d.code) x
$$;

/* The venues that an institution means by a key: the one that it calls so; else those with that address, behind as
   little of province, city and county as may be. Several: of several counties. */
CREATE FUNCTION helper.venues_called(in_organisation uuid, in_key text) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT x.venue_id
      FROM (SELECT u.venue_id, rank() OVER (ORDER BY u.name_key = in_key DESC, char_length(v.address_key) DESC) AS fit
              FROM registry.venue_use u
              JOIN registry.venue v USING (venue_id)
             WHERE u.organisation_id = in_organisation
               AND (u.name_key = in_key OR v.address_key = in_key
                    OR right(in_key, char_length(v.address_key)) = v.address_key
                       AND left(in_key, -char_length(v.address_key)) ~ helper.area_pattern(v.division))) x
     WHERE x.fit = 1
$$;

/* A name or an address as it is printed: half-width, lower case, without blanks and brackets. */
CREATE FUNCTION helper.place_printed(in_text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(regexp_replace(normalize(in_text, NFKC), '[[:space:]()]', '', 'g'))
$$;

/* Whether a catalogue's teaching site (教学点) is a venue of an institution: by the name that the institution gives it,
   or by its address, behind as little of province, city and county as may be. */
CREATE FUNCTION helper.site_is(in_site text, in_organisation uuid, in_venue uuid) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT x.site IN (x.name, x.address)
                            OR right(x.site, char_length(x.address)) = x.address
                               AND left(x.site, -char_length(x.address)) ~ helper.area_pattern(x.division)
                       FROM (SELECT helper.place_printed(in_site) AS site, helper.place_printed(u.name) AS name,
                                    helper.place_printed(v.address) AS address, v.division
                               FROM registry.venue_use u JOIN registry.venue v USING (venue_id)
                              WHERE u.venue_id = in_venue AND u.organisation_id = in_organisation) x), false)
$$;

/* The room that an institution calls so on a day: its name, perhaps behind that of the venue or its address. */
CREATE FUNCTION helper.room_named(in_organisation uuid, in_venue_key text, in_room_key text, in_on date)
RETURNS TABLE (outcome int2, room_id uuid) LANGUAGE sql STABLE AS $$
    SELECT CASE count(*) FILTER (WHERE x.used)
                WHEN 0 THEN CASE WHEN count(*) = 0 THEN OUTCOME_ROOM_UNKNOWN ELSE OUTCOME_ROOM_LEASE END
                WHEN 1 THEN OUTCOME_DONE
                ELSE CASE WHEN in_venue_key IS NULL THEN OUTCOME_ROOM_AMBIGUOUS
                          ELSE OUTCOME_VENUE_AMBIGUOUS END END::int2,
           (array_agg(x.room_id) FILTER (WHERE x.used))[1]
      FROM (SELECT r.room_id, coalesce(u.until >= in_on, true) AS used
              FROM registry.venue_use u
              JOIN registry.room r USING (venue_id)
             WHERE u.organisation_id = in_organisation AND r.name_key = in_room_key
               AND (in_venue_key IS NULL
                    OR u.venue_id IN (SELECT helper.venues_called(in_organisation, in_venue_key)))) x
$$;

/* ---- registering ---- */

/* Why a row of a file of venues cannot be taken; done: it can; unchanged: all of it is so already. What is NULL in
   `in_use` is not stated, but for an owned venue's end. `in_said`: venues and rooms of which this request has said
   something. */
CREATE FUNCTION helper.venue_judge(in_use registry.venue_use, in_room registry.room, in_said uuid[]) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
DECLARE
    use registry.venue_use;
    room registry.room;
    same bool;
BEGIN
    SELECT * INTO use FROM registry.venue_use u
     WHERE u.venue_id = in_use.venue_id AND u.organisation_id = in_use.organisation_id;
    SELECT * INTO room FROM registry.room r WHERE r.venue_id = in_use.venue_id AND r.name_key = in_room.name_key;
    same := use.venue_id IS NULL
         OR (use.name, use.tenure) = (in_use.name, in_use.tenure) AND use.until IS NOT DISTINCT FROM in_use.until
            AND coalesce(in_use.area_m2 = use.area_m2, in_use.area_m2 IS NULL)
            AND coalesce((in_use.longitude, in_use.latitude) = (use.longitude, use.latitude), in_use.latitude IS NULL);
    RETURN CASE
        WHEN use.venue_id = ANY (in_said) AND NOT same OR room.room_id = ANY (in_said)
             AND room.capacity <> in_room.capacity THEN OUTCOME_CONTRADICTS
        WHEN use.venue_id IS NOT NULL AND room.capacity = in_room.capacity AND same THEN OUTCOME_UNCHANGED
        WHEN room.capacity <> in_room.capacity AND helper.room_stated(room, in_use.organisation_id)
             THEN OUTCOME_ROOM_STATED
        WHEN EXISTS (SELECT FROM registry.venue_use u
                      WHERE u.organisation_id = in_use.organisation_id AND u.name_key = in_use.name_key
                        AND u.venue_id <> in_use.venue_id) THEN OUTCOME_VENUE_NAME
        WHEN helper.venue_needed(in_use.venue_id, in_use.organisation_id, in_use.until) THEN OUTCOME_VENUE_PLANNED
        WHEN EXISTS (SELECT FROM helper.room_classes(ARRAY[room.room_id], helper.today() - 1) c
                      WHERE c.capacity > in_room.capacity) THEN OUTCOME_ROOM_TOO_SMALL
        ELSE OUTCOME_DONE END;
END $$;

/* Whether classes of an institution need its rooms of a venue beyond a day; NULL: without an end. */
CREATE FUNCTION helper.venue_needed(in_venue uuid, in_organisation uuid, in_until date) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT in_until IS NOT NULL
       AND EXISTS (SELECT FROM helper.room_classes(ARRAY(SELECT r.room_id FROM registry.room r
                                                          WHERE r.venue_id = in_venue), in_until) c
                    WHERE c.organisation_id = in_organisation AND c.ends_on > in_until)
$$;

/* Whether another institution than one states how many a room holds (G31): the one that registered it, as long as it
   is there and uses the venue. */
CREATE FUNCTION helper.room_stated(in_room registry.room, in_organisation uuid) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT in_room.registered_by <> in_organisation
       AND EXISTS (SELECT FROM registry.venue_use u JOIN registry.organisation g USING (organisation_id)
                    WHERE u.venue_id = in_room.venue_id AND u.organisation_id = in_room.registered_by
                      AND coalesce(u.until >= helper.today(), true) AND g.status <> STATUS_CLOSED)
$$;

/* Writes a room, its venue and the institution's use of it, whichever are not there yet, or as they are now said to
   be. */
CREATE PROCEDURE helper.venue_keep(in_venue registry.venue, in_use registry.venue_use, in_room registry.room)
LANGUAGE sql AS $$
    INSERT INTO registry.venue SELECT in_venue.* ON CONFLICT DO NOTHING;
    INSERT INTO registry.venue_use AS u SELECT in_use.*
        ON CONFLICT (venue_id, organisation_id) DO UPDATE
           SET name = excluded.name, name_key = excluded.name_key, tenure = excluded.tenure, until = excluded.until,
               area_m2 = coalesce(excluded.area_m2, u.area_m2), longitude = coalesce(excluded.longitude, u.longitude),
               latitude = coalesce(excluded.latitude, u.latitude), request_id = excluded.request_id
         WHERE (u.name, u.tenure, u.until, u.area_m2, u.longitude, u.latitude)
               IS DISTINCT FROM (excluded.name, excluded.tenure, excluded.until, coalesce(excluded.area_m2, u.area_m2),
                                 coalesce(excluded.longitude, u.longitude), coalesce(excluded.latitude, u.latitude));
    INSERT INTO registry.room AS r SELECT in_room.*
        ON CONFLICT (venue_id, name_key) DO UPDATE
           SET capacity = excluded.capacity, request_id = excluded.request_id, registered_by = excluded.registered_by
         WHERE r.capacity <> excluded.capacity;
$$;

/* Registers rooms of venues that institutions use. Lines are judged one after the other; those that name one address
   meet at its key, whoever sends them. */
CREATE FUNCTION api.venue_import(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_row_req int4[],
    in_row int4[], in_row_head bytea[], in_venue_id uuid[], in_room_id uuid[], in_name text[], in_name_key text[],
    in_division text[], in_address text[], in_address_key text[], in_room text[], in_room_key text[],
    in_capacity int4[], in_tenure int2[], in_until date[], in_area int4[], in_longitude int4[], in_latitude int4[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    owners uuid[];
    i int4;
    said uuid[];
    venue registry.venue;
    use registry.venue_use;
    room registry.room;
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
    none CONSTANT int8[] := array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{venue.import}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{venue.import}', in_request_id, in_digest, in_row_req,
                               in_row);
    SELECT j.* INTO wholes, known, owners FROM helper.institution_judge(in_request_id, in_digest, in_operator) j;
    /* two that name one address, or are of one institution, meet here, in one order */
    PERFORM pg_advisory_xact_lock(hashtextextended(k.key, 31))
      FROM (SELECT division || address_key AS key FROM unnest(in_division, in_address_key) x(division, address_key)
            UNION SELECT owner::text FROM unnest(owners) o(owner) WHERE owner IS NOT NULL ORDER BY 1) k;
    PERFORM helper.rooms_hold(ARRAY(SELECT r.room_id FROM registry.venue v JOIN registry.room r USING (venue_id)
                                  WHERE (v.division, v.address_key)
                                        IN (SELECT * FROM unnest(in_division, in_address_key))), '{}');
    PERFORM FROM registry.venue_use u WHERE u.organisation_id = ANY (owners)
      ORDER BY u.venue_id, u.organisation_id FOR NO KEY UPDATE;
    FOR n IN 1 .. cardinality(in_row_req) LOOP
        IF in_row_req[n] IS DISTINCT FROM i THEN /* the rows of a request stand together */
            i := in_row_req[n];
            said := '{}';
        END IF;
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        venue := ROW(coalesce((SELECT v.venue_id FROM registry.venue v WHERE v.division = in_division[n]
                                                   AND v.address_key = in_address_key[n]), in_venue_id[n]),
                     in_division[n], in_address[n], in_address_key[n], in_request_id[i]);
        use := ROW(venue.venue_id, owners[i], in_name[n], in_name_key[n], in_tenure[n], in_until[n], in_area[n],
                   in_longitude[n], in_latitude[n], in_request_id[i]);
        room := ROW(in_room_id[n], venue.venue_id, in_room[n], in_room_key[n], in_capacity[n], in_request_id[i],
                    owners[i]);
        outcomes[n] := helper.venue_judge(use, room, said);
        IF outcomes[n] = OUTCOME_DONE THEN
            CALL helper.venue_keep(venue, use, room);
        END IF;
        IF outcomes[n] IN (OUTCOME_DONE, OUTCOME_UNCHANGED) THEN
            said := said || venue.venue_id
                 || ARRAY(SELECT r.room_id FROM registry.room r
                           WHERE r.venue_id = venue.venue_id AND r.name_key = in_room_key[n]);
        END IF;
        INSERT INTO audit.entry (operator_id, body)
        VALUES (in_operator[i],
                helper.entry_body(in_row_head[n], outcomes[n], NULL, NULL, NULL, NULL,
                                  CASE WHEN outcomes[n] = OUTCOME_DONE THEN venue.venue_id END));
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head, none, known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* Ends an institution's use of a venue, which is called by its name there or by its address. */
CREATE FUNCTION api.venue_end(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_venue_key text[],
    in_until date[])
RETURNS TABLE (req int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    owners uuid[];
    targets uuid[];
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{venue.end}', in_request_id, in_digest);
    SELECT j.* INTO wholes, known, owners FROM helper.institution_judge(in_request_id, in_digest, in_operator) j;
    PERFORM FROM registry.venue_use u WHERE u.organisation_id = ANY (owners)
      ORDER BY u.venue_id, u.organisation_id FOR NO KEY UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        req := i;
        outcome := wholes[i];
        IF NOT known[i] THEN
            targets := ARRAY(SELECT helper.venues_called(owners[i], in_venue_key[i]));
            outcome := CASE WHEN outcome <> OUTCOME_DONE THEN outcome
                            WHEN targets = '{}' THEN OUTCOME_VENUE_UNKNOWN
                            WHEN cardinality(targets) > 1 THEN OUTCOME_VENUE_AMBIGUOUS
                            WHEN helper.venue_needed(targets[1], owners[i], in_until[i]) THEN OUTCOME_VENUE_PLANNED
                            ELSE OUTCOME_DONE END;
            IF outcome = OUTCOME_DONE THEN
                UPDATE registry.venue_use u SET until = in_until[i], request_id = in_request_id[i]
                 WHERE u.venue_id = targets[1] AND u.organisation_id = owners[i];
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], outcome,
                               in_subject => CASE WHEN outcome IN (OUTCOME_DONE, OUTCOME_VENUE_PLANNED)
                                                       THEN targets[1] END);
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

/* ---- list ---- */

/* Rooms of the venues that institutions use, as lists show them: by institution, venue and room, of which the first
   two are in the order of an index. */
CREATE VIEW helper.room_shown AS
SELECT r.room_id, u.organisation_id, replace(r.room_id::text || u.organisation_id::text, '-', '') AS place,
       g.code AS organisation_code, g.name AS organisation_name, g.division AS home, u.name AS venue,
       u.name_key AS venue_key, v.division, v.address, r.name AS room, r.name_key AS room_key, r.capacity, u.tenure,
       u.until, u.area_m2, u.longitude, u.latitude
  FROM registry.venue_use u
  JOIN registry.venue v USING (venue_id)
  JOIN registry.room r USING (venue_id)
  JOIN registry.organisation g ON g.organisation_id = u.organisation_id;

/* Rooms that the caller may see, by institution, venue and room; one more than the page when there are more. A bureau
   sees what lies in its area, whoever uses it, and what its institutions use elsewhere. */
CREATE FUNCTION api.venue_list(in_operator uuid[], in_after text[], in_page int4[], in_organisation text[])
RETURNS TABLE (req int4, place text, organisation_code text, organisation_name text, venue text, division text,
               address text, room text, capacity int4, tenure int2, until date, area_m2 int4, longitude int4,
               latitude int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_sort = off /* a page reads on from its cursor, and sorts within an institution only */ AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.place, x.organisation_code, x.organisation_name, x.venue, x.division, x.address, x.room,
           x.capacity, x.tenure, x.until, x.area_m2, x.longitude, x.latitude
      FROM (SELECT t.*, CASE WHEN t.after ~ '^[0-9a-f]{64}$' THEN left(t.after, 32)::uuid END AS after_room,
                   CASE WHEN t.after ~ '^[0-9a-f]{64}$' THEN right(t.after, 32)::uuid END AS after_organisation
              FROM unnest(in_operator, in_after, in_page, in_organisation)
                   WITH ORDINALITY t(operator_id, after, page, organisation, n)) i
      JOIN helper.acting a ON a.operator_id = i.operator_id
      JOIN registry.organisation own ON own.organisation_id = a.organisation_id
      LEFT JOIN helper.room_shown b ON b.room_id = i.after_room AND b.organisation_id = i.after_organisation
     CROSS JOIN LATERAL (
           /* whose rooms they may be, as a range of codes: one institution's, or all that follow (no code has a Z) */
           SELECT coalesce(o.code, b.organisation_code, '') AS least, coalesce(o.code, 'Z') AS most
             FROM (SELECT CASE WHEN helper.sees_area(a.kind) THEN i.organisation ELSE own.code END AS code) o) c
     CROSS JOIN LATERAL (
           SELECT * FROM helper.room_shown s
            WHERE s.organisation_code BETWEEN c.least AND c.most
              AND (helper.sees(a.kind, a.organisation_id, a.division, s.organisation_id, s.home)
                   OR helper.sees_area(a.kind)
                      AND helper.sees(a.kind, a.organisation_id, a.division, NULL, s.division))
              AND (i.organisation IS NULL OR s.organisation_code = i.organisation)
              AND (i.after IS NULL OR (s.organisation_code, s.venue_key, s.room_key)
                                      > (b.organisation_code, b.venue_key, b.room_key))
            ORDER BY s.organisation_code, s.venue_key, s.room_key
            LIMIT i.page + 1) x
     ORDER BY i.n, x.organisation_code, x.venue_key, x.room_key;
END $$;
