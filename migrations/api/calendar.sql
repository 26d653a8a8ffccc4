/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar of working days, which one person of a bureau proposes and another puts in force, and what is counted
   by it: publicity and the days by which steps are due (C2, C3). */

/* Whether a day is worked by its weekday and what the State Council announced, where no division has said otherwise. */
CREATE FUNCTION helper.worked_by_state(in_day date) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT s.working FROM registry.state_day s WHERE s.day = in_day), extract(isodow FROM in_day) < 6);
END $$;

/* Whether a day is worked in a division: what its city said, else its province, else the State Council, else its
   weekday. `counted`: whether publicity counts it, for which a day that is over does not become a working day any
   more. `draft`: rows that are thought to stand in for, or beside, those that are in force. */
CREATE FUNCTION helper.worked(in_division text, in_day date, in_counted bool,
                              in_draft registry.calendar_day[] DEFAULT NULL) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF in_draft IS NULL OR in_day NOT IN (SELECT d.day FROM unnest(in_draft) d) THEN
        RETURN coalesce((SELECT CASE WHEN in_counted THEN c.counted ELSE c.working END
                           FROM registry.calendar_day c
                          WHERE c.day = in_day
                            AND c.division IN (left(in_division, 4) || '00', left(in_division, 2) || '0000')
                          ORDER BY rtrim(c.division, '0') DESC LIMIT 1),
                        helper.worked_by_state(in_day));
    END IF;
    RETURN coalesce((SELECT CASE WHEN in_counted THEN c.counted ELSE c.working END
                       FROM (SELECT d.division, d.counted, d.working, true AS thought FROM unnest(in_draft) d
                              WHERE d.day = in_day
                             UNION ALL
                             SELECT t.division, t.counted, t.working, false FROM registry.calendar_day t
                              WHERE t.day = in_day) c
                      WHERE c.division IN (left(in_division, 4) || '00', left(in_division, 2) || '0000')
                      ORDER BY rtrim(c.division, '0') DESC, c.thought DESC LIMIT 1),
                    helper.worked_by_state(in_day));
END $$;

/* Whether a day that is over was worked in a division when it ended. */
CREATE FUNCTION helper.was_worked(in_division text, in_day date) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT coalesce(c.was_worked, c.counted)
                       FROM registry.calendar_day c
                      WHERE c.day = in_day
                        AND c.division IN (left(in_division, 4) || '00', left(in_division, 2) || '0000')
                      ORDER BY rtrim(c.division, '0') DESC LIMIT 1),
                    helper.worked_by_state(in_day));
END $$;

/* Up to which day a division's calendar is known: the last of the last year that was announced, here or by the
   division, whose years have eleven days of rest or more. What is counted beyond it, by weekdays, is provisional: it
   moves when the year is put in force. */
CREATE FUNCTION helper.calendar_known(in_division text) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    year int4 := (SELECT extract(year FROM max(s.day)) FROM registry.state_day s);
BEGIN
    WHILE (SELECT count(DISTINCT c.day) >= 11 FROM registry.calendar_day c
            WHERE c.division IN (left(in_division, 4) || '00', left(in_division, 2) || '0000') AND NOT c.working
              AND c.day BETWEEN make_date(year + 1, 1, 1) AND make_date(year + 1, 12, 31)) LOOP
        year := year + 1;
    END LOOP;
    RETURN make_date(year, 12, 31);
END $$;

/* The in_days-th working day after a day (C3). */
CREATE FUNCTION helper.working_day(in_division text, in_from date, in_days int4,
                                   in_draft registry.calendar_day[] DEFAULT NULL) RETURNS date
LANGUAGE plpgsql STABLE AS $$
DECLARE
    at date := in_from;
    days_left int4 := in_days;
BEGIN
    WHILE days_left > 0 LOOP
        at := at + 1;
        IF helper.worked(in_division, at, false, in_draft) THEN
            days_left := days_left - 1;
        END IF;
    END LOOP;
    RETURN at;
END $$;

/* ---- publicity (C2) ---- */

/* The day on which so many of these days have been working days. NULL: they are not so many. */
CREATE FUNCTION helper.publicity_end(in_division text, in_days int4, in_shown datemultirange,
                                     in_draft registry.calendar_day[] DEFAULT NULL)
RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    span daterange;
    at date;
    days_left int4 := in_days;
BEGIN
    FOR span IN SELECT s FROM unnest(in_shown) s ORDER BY s LOOP
        at := lower(span);
        WHILE upper_inf(span) OR at < upper(span) LOOP
            IF helper.worked(in_division, at, true, in_draft) THEN
                days_left := days_left - 1;
                IF days_left = 0 THEN
                    RETURN at;
                END IF;
            END IF;
            at := at + 1;
        END LOOP;
    END LOOP;
    RETURN NULL;
END $$;

/* ---- proposals ---- */

/* A day's row as it would be in force. What is over counts only if it was worked when it ended: a day that was
   entered wrongly since then counts again when that is mended, and no other becomes a working day. */
CREATE FUNCTION helper.calendar_drafted(in_division text, in_day date, in_working bool, in_citation text,
                                        in_operator uuid, in_request_id uuid)
RETURNS registry.calendar_day LANGUAGE plpgsql STABLE AS $$
DECLARE
    drafted registry.calendar_day;
BEGIN
    drafted.division := in_division;
    drafted.day := in_day;
    drafted.working := in_working;
    drafted.was_worked := CASE WHEN in_day < helper.today() THEN helper.was_worked(in_division, in_day)
                               ELSE in_working END;
    drafted.counted := in_working AND drafted.was_worked;
    drafted.citation := in_citation;
    drafted.operator_id := in_operator;
    drafted.request_id := in_request_id;
    RETURN drafted;
END $$;

/* Puts a day of the calendar in force. */
CREATE PROCEDURE helper.calendar_enforce(in_division text, in_day date, in_working bool, in_citation text,
                                         in_operator uuid, in_request_id uuid)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry.calendar_day SELECT (helper.calendar_drafted(in_division, in_day, in_working, in_citation,
                                                                      in_operator, in_request_id)).*
        ON CONFLICT (division, day) DO UPDATE
           SET working = excluded.working, counted = excluded.counted, was_worked = excluded.was_worked,
               citation = excluded.citation, operator_id = excluded.operator_id, request_id = excluded.request_id;
END $$;

/* Where ends of publicity and due days of a division's claims would be others if they were counted now; `first`: the
   earliest day that was changed; by the calendar in force, or with the rows of a draft. The former are counted once
   for all claims that were shown on the same days. */
CREATE FUNCTION helper.calendar_astray(in_division text, in_first date, in_draft registry.calendar_day[] DEFAULT NULL)
RETURNS TABLE (claim_id uuid, version int4, publicity_was date, publicity_is date, due_was date, due_is date)
LANGUAGE sql STABLE AS $$
    WITH open AS MATERIALIZED (
        SELECT c.claim_id, c.version, c.division, c.state, c.due_on, c.publicity_until, c.publicity_days,
               (s.stepped_at AT TIME ZONE 'Asia/Shanghai')::date AS since,
               CASE WHEN CLAIM_PUBLICISED IN (c.state, c.state_before) THEN c.shown END AS shown
          FROM registry.claim c JOIN registry.claim_step s ON s.claim_id = c.claim_id AND s.version = c.version
         WHERE (c.city = left(in_division, 4)
                OR right(in_division, 4) = '0000' AND left(c.city, 2) = left(in_division, 2))
           AND c.state IN (CLAIM_SUBMITTED, CLAIM_ACCEPTED, CLAIM_REVIEWED, CLAIM_PUBLICISED, CLAIM_APPROVED,
                           CLAIM_SUSPENDED) AND (c.due_on >= in_first OR c.publicity_until >= in_first)),
    ends AS MATERIALIZED (
        SELECT d.*, helper.publicity_end(d.division, d.publicity_days, d.shown, in_draft) AS until
          FROM (SELECT DISTINCT o.division, o.publicity_days, o.shown FROM open o WHERE o.shown IS NOT NULL) d),
    dues AS MATERIALIZED (
        SELECT d.*, helper.working_day(d.division, d.since,
                                       helper.policy_value('review_days', d.division, d.since)::int4, in_draft) AS due
          FROM (SELECT DISTINCT o.division, o.since FROM open o WHERE o.state <> CLAIM_PUBLICISED) d)
    SELECT x.claim_id, x.version, x.publicity_until, x.until, x.due_on, x.due
      FROM (SELECT o.claim_id, o.version, o.publicity_until, o.due_on,
                   CASE WHEN o.shown IS NULL THEN o.publicity_until ELSE e.until END AS until,
                   CASE WHEN o.state = CLAIM_PUBLICISED
                             THEN helper.working_day(o.division, greatest(e.until, o.since), 1, in_draft)
                             ELSE d.due END AS due
              FROM open o
              LEFT JOIN ends e ON (e.division, e.publicity_days, e.shown) = (o.division, o.publicity_days, o.shown)
              LEFT JOIN dues d ON o.state <> CLAIM_PUBLICISED AND (d.division, d.since) = (o.division, o.since)) x
     WHERE x.publicity_until IS DISTINCT FROM x.until OR x.due_on IS DISTINCT FROM x.due
$$;

/* Where the days by which filed classes are to be decided would be others, likewise (G0). */
CREATE FUNCTION helper.filings_astray(in_division text, in_first date, in_draft registry.calendar_day[] DEFAULT NULL)
RETURNS TABLE (class_number int8, filing int4, due_was date, due_is date)
LANGUAGE sql STABLE AS $$
    SELECT x.class_number, x.filing, x.due_on, x.due
      FROM (SELECT f.class_number, f.filing, f.due_on,
                   helper.working_day(g.division, d.since,
                                      helper.policy_value('class_file_days', g.division, d.since)::int4,
                                      in_draft) AS due
              FROM helper.filing_waiting f
              JOIN registry.class c ON c.class_number = f.class_number
              JOIN registry.organisation g ON g.organisation_id = c.organisation_id
             CROSS JOIN LATERAL (SELECT (f.filed_at AT TIME ZONE 'Asia/Shanghai')::date AS since) d
             WHERE helper.division_relation(in_division, g.division) <> 'outside' AND f.due_on >= in_first) x
     WHERE x.due IS DISTINCT FROM x.due_on
$$;

/* Keeps for the answer what would move of claims' and filings' days, by the calendar in force, or with the rows of a
   draft. */
CREATE PROCEDURE helper.calendar_tell(in_request_id uuid, in_division text, in_first date,
                                      in_draft registry.calendar_day[] DEFAULT NULL) LANGUAGE sql AS $$
    INSERT INTO registry.calendar_move (request_id, place, what, was, becomes, claims, claim_ids)
    SELECT in_request_id, row_number() OVER (ORDER BY v.what, v.was, v.becomes), v.what, v.was, v.becomes, count(*),
           coalesce((array_agg(v.claim_id ORDER BY v.claim_id) FILTER (WHERE v.claim_id IS NOT NULL))[:20], '{}')
      FROM (SELECT m.claim_id, d.*
              FROM helper.calendar_astray(in_division, in_first, in_draft) m
             CROSS JOIN LATERAL (VALUES (MOVED_PUBLICITY::int2, m.publicity_was, m.publicity_is),
                                        (MOVED_DUE::int2, m.due_was, m.due_is)) d(what, was, becomes)
            UNION ALL
            SELECT NULL, MOVED_FILING::int2, f.due_was, f.due_is
              FROM helper.filings_astray(in_division, in_first, in_draft) f) v
     WHERE v.was IS DISTINCT FROM v.becomes
     GROUP BY v.what, v.was, v.becomes
$$;

/* After days of a division were changed: moves what is counted by them, and keeps what was moved for the answer. Who
   steps a claim, or decides or withdraws a filing, waits for the calendar, which its caller has locked: nothing goes
   astray meanwhile. */
CREATE PROCEDURE helper.calendar_move(in_request_id uuid, in_division text, in_first date) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM registry.claim c
      WHERE c.claim_id IN (SELECT a.claim_id FROM helper.calendar_astray(in_division, in_first) a)
      ORDER BY c.claim_id FOR NO KEY UPDATE;
    PERFORM FROM registry.class_filing f
      WHERE (f.class_number, f.filing) IN (SELECT a.class_number, a.filing
                                             FROM helper.filings_astray(in_division, in_first) a)
      ORDER BY f.class_number, f.filing FOR NO KEY UPDATE;
    CALL helper.calendar_tell(in_request_id, in_division, in_first);
    UPDATE registry.claim c SET publicity_until = a.publicity_is, due_on = a.due_is
      FROM helper.calendar_astray(in_division, in_first) a
     WHERE c.claim_id = a.claim_id AND c.version = a.version;
    UPDATE registry.class_filing f SET due_on = a.due_is
      FROM helper.filings_astray(in_division, in_first) a
     WHERE (f.class_number, f.filing) = (a.class_number, a.filing) AND f.decision IS NULL AND f.withdrawn_at IS NULL;
END $$;

/* What proposals would move if they were put in force now, for the answer; nothing is moved, nor locked. */
CREATE PROCEDURE helper.calendar_preview(in_request_id uuid, in_division text, in_days date[], in_working bool[])
LANGUAGE plpgsql AS $$
DECLARE
    first_day CONSTANT date := (SELECT min(d) FROM unnest(in_days) d);
    draft CONSTANT registry.calendar_day[] := ARRAY( /* of two words about a day the last one stands */
        SELECT helper.calendar_drafted(in_division, p.day, p.working, '-', NULL, in_request_id)
          FROM unnest(in_days, in_working) WITH ORDINALITY p(day, working, n)
         WHERE NOT EXISTS (SELECT FROM unnest(in_days) WITH ORDINALITY l(day, n) WHERE l.day = p.day AND l.n > p.n));
BEGIN
    CALL helper.calendar_tell(in_request_id, in_division, first_day, draft);
END $$;

/* The rows of an answer, then what it says was moved. */
CREATE FUNCTION helper.calendar_told(in_request_id uuid[], in_known bool[], in_wholes int2[], in_row_req int4[],
                                     in_row int4[], in_outcomes int2[])
RETURNS TABLE (req int4, row_number int4, outcome int2, what int2, was date, becomes date, claims int4, claim_ids bytea)
LANGUAGE sql STABLE AS $$
    SELECT t.* FROM (
        SELECT l.*, NULL::int2 AS what, NULL::date, NULL::date, NULL::int4, NULL::bytea
          FROM helper.rows_told(in_request_id, in_known, in_wholes, in_row_req, in_row, in_outcomes) l
        UNION ALL
        SELECT i.n::int4, m.place, OUTCOME_DONE::int2, m.what, m.was, m.becomes, m.claims,
               (SELECT string_agg(uuid_send(c), ''::bytea ORDER BY c) FROM unnest(m.claim_ids) c)
          FROM unnest(in_request_id) WITH ORDINALITY i(request_id, n)
          JOIN registry.calendar_move m ON m.request_id = i.request_id AND in_wholes[i.n] = OUTCOME_DONE) t
     ORDER BY t.req, t.what IS NOT NULL, t.row_number
$$;

/* Proposes days that are worked, or not, against their weekday; by a reviewer or approver of a city's bureau or of
   the province's for its own division. Unchanged: the calendar says so, or it is proposed, already. */
CREATE FUNCTION api.calendar_propose(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_proposal uuid[], in_day date[], in_working bool[],
    in_citation text[])
RETURNS TABLE (req int4, row_number int4, outcome int2, what int2, was date, becomes date, claims int4, claim_ids bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    days date[];
    working bool[];
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{calendar.propose}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{calendar.propose}', in_request_id, in_digest, in_row_req,
                               in_row);
    /* two files of the same days in another order do not deadlock */
    LOCK TABLE registry.calendar_day IN SHARE ROW EXCLUSIVE MODE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        known[i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        wholes[i] := coalesce(first.outcome,
                              CASE WHEN caller.kind IN (KIND_CITY_BUREAU, KIND_PROVINCIAL_BUREAU)
                                        AND '{reviewer,approver}' && caller.roles THEN OUTCOME_DONE
                                        ELSE OUTCOME_NOT_ALLOWED END);
        CONTINUE WHEN known[i] OR wholes[i] <> OUTCOME_DONE;
        days := '{}';
        working := '{}';
        FOR n IN 1 .. cardinality(in_row_req) LOOP
            CONTINUE WHEN in_row_req[n] <> i;
            outcomes[n] := CASE
                WHEN EXISTS (SELECT FROM registry.calendar_proposal p
                              WHERE (p.division, p.day, p.working, p.citation) = (caller.division, in_day[n],
                                                                                  in_working[n], in_citation[n])
                                AND p.decision IS NULL)
                     OR EXISTS (SELECT FROM registry.calendar_day c
                                 WHERE (c.division, c.day, c.working, c.citation) = (caller.division, in_day[n],
                                                                                     in_working[n], in_citation[n]))
                                                                                     THEN OUTCOME_UNCHANGED
                ELSE OUTCOME_DONE END;
            IF outcomes[n] = OUTCOME_DONE THEN
                INSERT INTO registry.calendar_proposal (proposal_id, division, day, working, citation, proposed_by,
                                                        request_id)
                VALUES (in_proposal[n], caller.division, in_day[n], in_working[n], in_citation[n], in_operator[i],
                        in_request_id[i]);
                days := days || in_day[n];
                working := working || in_working[n];
            END IF;
            INSERT INTO audit.entry (operator_id, body)
            VALUES (in_operator[i], helper.entry_body(in_row_head[n], outcomes[n], NULL, NULL, NULL, NULL,
                                                      CASE WHEN outcomes[n] = OUTCOME_DONE THEN in_proposal[n] END));
        END LOOP;
        IF cardinality(days) > 0 THEN
            CALL helper.calendar_preview(in_request_id[i], caller.division, days, working);
        END IF;
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                             array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.calendar_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;

/* The calendar by day: what a division has set, and, `state`, what the State Council announced where it has not; or,
   `pending`, what is proposed for it that nobody has decided, if the caller may see it. After the place of a row,
   and from a day on. */
CREATE FUNCTION api.calendar_list(in_operator uuid[], in_after text[], in_page int4[], in_division text[],
                                  in_from date[], in_pending bool[], in_state bool[] DEFAULT NULL)
RETURNS TABLE (req int4, place text, proposal_id uuid, day date, working bool, citation text, known date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.place, x.proposal_id, x.day, x.working, x.citation, helper.calendar_known(i.division)
      FROM unnest(in_operator, in_after, in_page, in_division, in_from, in_pending, in_state)
           WITH ORDINALITY i(operator_id, after, page, division, since, pending, state, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT u.* FROM (
                  SELECT c.day::text COLLATE "C" AS place, NULL::uuid AS proposal_id, c.day, c.working, c.citation
                    FROM registry.calendar_day c WHERE NOT i.pending AND c.division = i.division
                  UNION ALL
                  SELECT s.day::text COLLATE "C", NULL, s.day, s.working, s.citation
                    FROM registry.state_day s
                   WHERE i.state AND NOT i.pending
                     AND NOT EXISTS (SELECT FROM registry.calendar_day c
                                      WHERE c.division = i.division AND c.day = s.day)
                  UNION ALL
                  SELECT concat_ws(',', p.day, p.proposal_id) COLLATE "C", p.proposal_id, p.day, p.working, p.citation
                    FROM registry.calendar_proposal p
                   WHERE i.pending AND p.decision IS NULL AND p.division = i.division
                     AND helper.sees(a.kind, a.organisation_id, a.division, NULL, p.division)) u
            WHERE (i.after IS NULL OR u.place > i.after) AND (i.since IS NULL OR u.day >= i.since)
            ORDER BY u.place
            LIMIT i.page + 1) x
     ORDER BY i.n, x.place;
END $$;
