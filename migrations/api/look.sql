/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at persons: what is recorded of them, how many an operator may take, who took them. */

/* How many more persons an operator may look at in this hour; where nothing is set, none. */
CREATE FUNCTION helper.looks_left(in_operator uuid, in_division text, in_clear bool) RETURNS int8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce(helper.policy_value(CASE WHEN in_clear THEN 'clear_looks_hour' ELSE 'masked_looks_hour' END,
                                        in_division, helper.today()), 0)
         - coalesce((SELECT CASE WHEN in_clear THEN h.clear ELSE h.masked END
                       FROM registry.look_hour h
                      WHERE h.operator_id = in_operator AND h.hour = date_trunc('hour', now())), 0);
END $$;

/* Counts looks of an operator in this hour: at persons masked, in clear, and refused ones. */
CREATE PROCEDURE helper.look_count(in_operator uuid, in_masked int4, in_clear int4, in_refused int4) LANGUAGE sql AS $$
    INSERT INTO registry.look_hour AS h (operator_id, hour, masked, clear, refused)
    VALUES (in_operator, date_trunc('hour', now()), in_masked, in_clear, in_refused)
        ON CONFLICT (operator_id, hour) DO UPDATE
           SET masked = h.masked + excluded.masked, clear = h.clear + excluded.clear,
               refused = h.refused + excluded.refused
$$;

/* Takes looks that were judged to be left. That they are not any more, somebody on another connection has done: then
   all of it is undone, and judged again. */
CREATE PROCEDURE helper.look_spend(in_operator uuid, in_masked int4, in_clear int4) LANGUAGE plpgsql AS $$
BEGIN
    CALL helper.look_count(in_operator, in_masked, in_clear, 0);
    PERFORM helper.looks_kept(ARRAY[in_operator], in_clear > 0);
END $$;

/* Refuses a set whose operators have looked at more persons than they may: others have done so meanwhile. */
CREATE FUNCTION helper.looks_kept(in_operators uuid[], in_clear bool) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM helper.acting a
                WHERE a.operator_id = ANY (in_operators) AND helper.looks_left(a.operator_id, a.division, in_clear) < 0)
                THEN
        RAISE serialization_failure USING MESSAGE = 'others have taken the looks that were left';
    END IF;
END $$;

/* Takes the look of a request that was refused, for which one was left when it was judged; or counts that none was. */
CREATE PROCEDURE helper.look_refused(in_operator uuid, in_outcome int2) LANGUAGE plpgsql AS $$
BEGIN
    IF in_outcome = OUTCOME_LOOKS_EXCEEDED THEN
        CALL helper.look_count(in_operator, 0, 0, 1);
    ELSE
        CALL helper.look_spend(in_operator, 1, 0);
    END IF;
END $$;

/* A request to change something that was refused because there is nobody, because a document is another's or what is
   said of somebody, or of the person's account, is not so, because of what the registry has of somebody, or because of
   the limit: an answer about a person all the same. Its entry is the request's own. */
CREATE PROCEDURE helper.look_guessed(in_operator uuid, in_outcome int2) LANGUAGE plpgsql AS $$
BEGIN
    IF in_outcome IN (OUTCOME_PERSON_UNKNOWN, OUTCOME_DOCUMENT_TAKEN, OUTCOME_HOLDER_DOCUMENT, OUTCOME_HOLDER_NAME,
                      OUTCOME_HUMAN_DIFFERS, OUTCOME_HUMAN_ROLES, OUTCOME_ACCOUNT_DIFFERS, OUTCOME_VERSION_DIFFERS,
                      OUTCOME_SAME_PERSON, OUTCOME_ERASED, OUTCOME_IN_CLASS, OUTCOME_HAS_CLAIMED,
                      OUTCOME_GROUP_OVERLAPS, OUTCOME_TEACHER_PERSON, OUTCOME_LOOKS_EXCEEDED) THEN
        CALL helper.look_refused(in_operator, in_outcome);
    END IF;
END $$;

/* A request about a certificate that was refused, whatever for, says something of it or that it is not there; what
   has changed one tells nothing new. Who may not is told before anything is looked up. */
CREATE PROCEDURE helper.certificate_guessed(in_operator uuid, in_outcome int2) LANGUAGE plpgsql AS $$
BEGIN
    IF in_outcome NOT IN (OUTCOME_DONE, OUTCOME_NOT_ALLOWED) THEN
        CALL helper.look_refused(in_operator, in_outcome);
    END IF;
END $$;

/* Of each request of a set: how many looks it needs. A submission needs as many as it has rows, since each of them
   may be refused for what somebody's record says; it takes those that were. A request without rows needs one.
   `together`: with those that its operator has brought in the set before it. */
CREATE FUNCTION helper.looks_needed(in_operator uuid[], in_row_req int4[], in_together bool) RETURNS int8[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(x.needed ORDER BY x.n)
      FROM (SELECT r.n, sum(greatest(coalesce(l.lines, 0), 1)) OVER (PARTITION BY r.operator_id,
                                                                     CASE WHEN NOT in_together THEN r.n END
                                                                     ORDER BY r.n)::int8 AS needed
              FROM unnest(in_operator) WITH ORDINALITY r(operator_id, n)
              LEFT JOIN (SELECT q.req, count(*) AS lines FROM unnest(in_row_req) q(req) GROUP BY 1) l ON l.req = r.n) x
$$;

/* Requests of one operator that fit, but not beside each other, are judged one after the other, each when what the
   one before it took is known: a set that fails is sent again as single requests. */
CREATE FUNCTION helper.looks_apart(in_apart bool) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF in_apart THEN
        RAISE serialization_failure
        USING MESSAGE = 'requests of one operator need more looks than are left to all of them';
    END IF;
END $$;

/* The purpose of an entry and its reference, fields 14 and 15 of AuditEntry; the reference is at most 40 ASCII
   characters. */
CREATE FUNCTION helper.entry_reason(in_purpose int2, in_case text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT set_byte('\x7000'::bytea, 1, in_purpose) || set_byte('\x7a00'::bytea, 1, octet_length(in_case))
        || convert_to(in_case, 'UTF8')
$$;

/* The count of an entry, field 16 of AuditEntry, below 2^28. */
CREATE FUNCTION helper.entry_count(in_count int4) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT '\x8001'::bytea
        || CASE WHEN in_count >= 1 << 21
                     THEN set_byte(set_byte(set_byte(set_byte('\x00000000', 0, in_count % 128 + 128),
                                  1, (in_count >> 7) % 128 + 128), 2, (in_count >> 14) % 128 + 128), 3, in_count >> 21)
                WHEN in_count >= 1 << 14 THEN set_byte(set_byte(set_byte('\x000000', 0, in_count % 128 + 128),
                                  1, (in_count >> 7) % 128 + 128), 2, in_count >> 14)
                WHEN in_count >= 1 << 7 THEN set_byte(set_byte('\x0000', 0, in_count % 128 + 128), 1, in_count >> 7)
                ELSE set_byte('\x00', 0, in_count) END
$$;

/* An entry about a look of its own, before its answer leaves. Returns its id. */
CREATE FUNCTION helper.look_enter(in_operator uuid, in_head bytea, in_outcome int2, in_class int8, in_person uuid,
                                  in_purpose int2, in_case text, in_count int4) RETURNS int8 LANGUAGE sql AS $$
    INSERT INTO audit.entry (operator_id, person_id, body)
    VALUES (in_operator, in_person,
            helper.entry_part(in_head, in_outcome, in_class, in_person, NULL, NULL)
            || helper.entry_reason(in_purpose, in_case) || coalesce(helper.entry_count(in_count), ''::bytea)
               || audit.transaction())
    RETURNING id
$$;

/* Whether an operator may look at a page of a class's list now, whose trainees are those behind a seat: 1, or why
   not. A page that shows more persons than are left is refused as a whole, since whoever reads a shorter one would
   take it for the last. */
CREATE FUNCTION helper.class_look_judge(in_operator uuid, in_class int8, in_after int4, in_page int4, in_pending int4,
                                        in_clear bool, in_removed bool) RETURNS int2
LANGUAGE plpgsql STABLE AS $$
DECLARE
    caller helper.acting;
    looks int8;
BEGIN
    SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator;
    looks := helper.looks_left(in_operator, caller.division, in_clear) - in_pending;
    RETURN CASE WHEN caller IS NULL THEN OUTCOME_NOT_ALLOWED
                WHEN looks <= 0 THEN OUTCOME_LOOKS_EXCEEDED
                WHEN NOT EXISTS (SELECT FROM registry.class c JOIN registry.organisation g USING (organisation_id)
                                  WHERE c.class_number = in_class
                                    AND helper.sees(caller.kind, caller.organisation_id, caller.division,
                                                    g.organisation_id, g.division)) THEN OUTCOME_CLASS_UNKNOWN
                WHEN looks < in_page
                     AND looks < (SELECT count(*) FROM (SELECT FROM registry.enrolment e
                                                         WHERE e.class_number = in_class AND e.seat > in_after
                                                           AND (in_removed OR e.removed_reason IS NULL)
                                                         LIMIT in_page) x) THEN OUTCOME_LOOKS_EXCEEDED
                ELSE OUTCOME_DONE END;
END $$;

/* Enters looks that the last second gathered, an entry for each request: masked looks (`masked`), the persons by
   commitment in its rows; logins (`subject`: the key that nobody has); calls that a role forbids. `count`: persons
   shown, guesses at nobody, looks refused, or how often. */
CREATE FUNCTION api.look_record(
    in_operator uuid[], in_head bytea[], in_outcome int2[], in_class int8[], in_first_seat int4[], in_last_seat int4[],
    in_count int4[], in_subject uuid[], in_masked bool[],
    in_row_req int4[], in_person uuid[], in_salt bytea[], in_commitment bytea[])
RETURNS TABLE (req int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ids int8[];
BEGIN
    /* What is no look, no login and no call that a role forbids cannot be told here. */
    IF EXISTS (SELECT FROM unnest(in_head, in_outcome, in_masked, in_class, in_subject, in_count)
                           WITH ORDINALITY i(head, outcome, masked, class, subject, count, n)
                WHERE (CASE WHEN masked THEN outcome IN (OUTCOME_DONE, OUTCOME_PERSON_UNKNOWN, OUTCOME_LOOKS_EXCEEDED)
                            WHEN helper.entry_method(head) = 'login' THEN outcome IN (OUTCOME_DONE, OUTCOME_KEY_UNKNOWN)
                            ELSE outcome = OUTCOME_NOT_ALLOWED AND helper.entry_method(head) NOT IN ('look', 'rows') END
                       AND (subject IS NOT NULL) = (outcome = OUTCOME_KEY_UNKNOWN) AND (masked OR class IS NULL)
                       AND count >= 0
                       AND (masked AND outcome = OUTCOME_DONE OR i.n <> ALL (in_row_req))) IS NOT TRUE) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the head of an entry is not that of a look';
    END IF;
    PERFORM helper.heads_check(in_head, in_operator, ARRAY(
        SELECT CASE WHEN masked THEN 'look'
                    WHEN outcome = OUTCOME_NOT_ALLOWED THEN convert_from(helper.entry_method(head), 'UTF8')
                    ELSE 'login' END
          FROM unnest(in_head, in_outcome, in_masked) WITH ORDINALITY i(head, outcome, masked, n) ORDER BY n),
        NULL, array_fill(decode(repeat('00', 32), 'hex'), ARRAY[cardinality(in_head)]));
    /* Nobody waits for this answer: while a synchronous standby is away it must not hold a connection that reads
       need. What a checkpoint covers is on the standby all the same: its own commit waits, and comes later. */
    PERFORM set_config('synchronous_commit', 'local', true);
    /* Nor while an erasure waits for that standby: then it is told so, and these looks come again a second later. */
    PERFORM set_config('lock_timeout', '200ms', true);
    PERFORM pg_advisory_xact_lock_shared(helper.looks_key());
    SELECT array_agg(nextval('audit.entry_id_seq')) INTO ids FROM generate_series(1, cardinality(in_operator));
    INSERT INTO audit.entry (id, operator_id, body) OVERRIDING SYSTEM VALUE
    SELECT ids[i.n], i.operator_id,
           helper.entry_part(i.head, i.outcome, i.class_number, NULL, NULL, NULL, i.subject)
              || coalesce(l.commitments, ''::bytea)
           || helper.entry_count(i.count) || audit.transaction()
      FROM unnest(in_operator, in_head, in_outcome, in_class, in_count, in_subject)
           WITH ORDINALITY i(operator_id, head, outcome, class_number, count, subject, n)
      LEFT JOIN (SELECT t.req, string_agg('\x6220'::bytea || t.commitment, ''::bytea ORDER BY t.n) AS commitments
                   FROM unnest(in_row_req, in_commitment) WITH ORDINALITY t(req, commitment, n)
                  GROUP BY t.req) l ON l.req = i.n;
    INSERT INTO registry.look (person_id, entry_id, salt)
    SELECT l.person_id, ids[l.req], l.salt
      FROM unnest(in_row_req, in_person, in_salt) l(req, person_id, salt)
     /* erased meanwhile */
     WHERE NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = l.person_id AND p.sealed = '')
     ORDER BY l.person_id;
    INSERT INTO registry.class_look (class_number, entry_id, first_seat, last_seat)
    SELECT i.class_number, ids[i.n], i.first_seat, i.last_seat
      FROM unnest(in_class, in_first_seat, in_last_seat) WITH ORDINALITY i(class_number, first_seat, last_seat, n)
     WHERE i.class_number IS NOT NULL;
    INSERT INTO registry.look_hour AS h (operator_id, hour, masked, refused)
    SELECT i.operator_id, date_trunc('hour', now()),
           coalesce(sum(i.count) FILTER (WHERE i.outcome IN (OUTCOME_DONE, OUTCOME_PERSON_UNKNOWN)), 0),
           coalesce(sum(i.count) FILTER (WHERE i.outcome NOT IN (OUTCOME_DONE, OUTCOME_PERSON_UNKNOWN)), 0)
      FROM unnest(in_operator, in_outcome, in_count, in_masked) i(operator_id, outcome, count, masked)
     WHERE i.masked
     GROUP BY 1
     ORDER BY 1
        ON CONFLICT (operator_id, hour) DO UPDATE
           SET masked = h.masked + excluded.masked, refused = h.refused + excluded.refused;
    RETURN QUERY SELECT n FROM generate_series(1, cardinality(in_operator)) n;
END $$;

/* Who looked at a person, newest first, with what was merged into it. Row 0 of a request: whether it may be asked. */
CREATE FUNCTION api.access_log(in_operator uuid[], in_person uuid[], in_document bytea[], in_pending int4[],
                               in_before int8[], in_page int4[])
RETURNS TABLE (req int4, outcome int2, person_id uuid, entry_id int8, body bytea, operator_id uuid,
               operator_sealed bytea, organisation_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
    ids uuid[];
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO asked FROM helper.person_asked(in_operator[i], in_person[i], in_document[i], in_pending[i],
                                                     false);
        ids := helper.person_ids(asked.person_id);
        RETURN QUERY
        SELECT i, asked.outcome, asked.person_id, 0::int8, NULL::bytea, NULL::uuid, NULL::bytea, NULL::text;
        CONTINUE WHEN asked.outcome <> OUTCOME_DONE;
        RETURN QUERY
        SELECT i, asked.outcome, asked.person_id, t.id, t.body, t.operator_id, o.sealed, coalesce(g.name, '')
          FROM (SELECT x.entry_id
                  FROM ((SELECT l.entry_id FROM registry.look l
                          WHERE l.person_id = ANY (ids) AND l.entry_id < in_before[i]
                          ORDER BY l.entry_id DESC LIMIT in_page[i] + 1)
                        UNION
                        (SELECT c.entry_id
                           FROM registry.enrolment e
                           JOIN registry.class_look c ON c.class_number = e.class_number
                                                     AND e.seat BETWEEN c.first_seat AND c.last_seat
                          WHERE e.person_id = ANY (ids) AND c.entry_id < in_before[i]
                          ORDER BY c.entry_id DESC LIMIT in_page[i] + 1)) x
                 ORDER BY x.entry_id DESC LIMIT in_page[i] + 1) s
          JOIN audit.entry t ON t.id = s.entry_id
          LEFT JOIN registry.operator o ON o.operator_id = t.operator_id
          LEFT JOIN registry.organisation g ON g.organisation_id = o.organisation_id
         ORDER BY t.id DESC;
    END LOOP;
END $$;

/* How many persons each operator looked at in each hour, newest first; `refused`: only hours in which a look was
   refused. */
CREATE FUNCTION api.access_list(in_operator uuid[], in_before int8[], in_page int4[], in_refused bool[])
RETURNS TABLE (req int4, place int8, hour_ms int8, operator_id uuid, operator_sealed bytea, organisation_name text,
               masked int4, clear int4, refused int4)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, h.place, helper.ms(h.hour), h.operator_id, h.sealed, h.name, h.masked,
           h.clear, h.refused
      FROM unnest(in_operator, in_before, in_page, in_refused) WITH ORDINALITY i(operator_id, before, page, refused, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT t.place, t.hour, t.operator_id, o.sealed, g.name, t.masked, t.clear, t.refused
             FROM registry.look_hour t
             JOIN registry.operator o ON o.operator_id = t.operator_id
             JOIN registry.organisation g ON g.organisation_id = o.organisation_id
            WHERE t.place < i.before AND (NOT i.refused OR t.refused > 0)
              AND ('auditadmin' = ANY (a.roles)
                   OR helper.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division))
            ORDER BY t.place DESC
            LIMIT i.page + 1) h
     ORDER BY i.n, h.place DESC;
END $$;
