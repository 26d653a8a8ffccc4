/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of others as files, and what they answer (H18 to H20). */

/* The snapshots of a source that answer for a division: its own, its city's and its province's, not older than
   snapshot_days; the latest complete one (of all of whose rows it is known who they are of) and those that are newer.
   The latest first. */
CREATE FUNCTION helper.snapshots_fresh(in_source int2, in_division text)
RETURNS TABLE (nth int8, snapshot_id uuid, as_of date, whole bool) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT x.nth, x.snapshot_id, x.as_of, x.whole
      FROM (SELECT f.*, coalesce(bool_or(f.whole) OVER (ORDER BY f.nth ROWS BETWEEN UNBOUNDED PRECEDING
                                                                               AND 1 PRECEDING), false) AS older
              FROM (SELECT s.snapshot_id, s.as_of, s.complete AND s.malformed = 0 AS whole,
                           row_number() OVER (ORDER BY s.as_of DESC, s.closed_at DESC, s.snapshot_id DESC) AS nth
                      FROM registry.snapshot s
                     WHERE s.source = in_source AND s.closed_at IS NOT NULL
                       AND s.division IN (in_division, left(in_division, 4) || '00', left(in_division, 2) || '0000')
                       AND s.as_of >= helper.today()
                                      - helper.policy_value('snapshot_days', in_division, helper.today())::int4) f) x
     WHERE NOT x.older
     ORDER BY x.nth;
END $$;

/* What the freshest snapshots say of persons: of each element, whether the source's register has the person on the
   day, at the unit if one is named (of REGISTER_IDENTITY: whether it has the number with the person's name). The latest
   complete snapshot counts, with the partial ones that are newer laid over: a row of theirs takes the place of an
   earlier one of the same person, unit and first day. Who is in none of them is not in the register if one of them is
   complete and all of its rows name somebody; otherwise that is not available. Of several rows that hold, the one
   that began last is told. The persons' merged records and all their documents count. */
CREATE FUNCTION helper.snapshot_answer(in_source int2, in_division text, in_person uuid[], in_day date[],
                                       in_unit text[])
RETURNS TABLE (n int4, answer int2, snapshot_id uuid, as_of date, event_on date, unit text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH fresh AS MATERIALIZED (SELECT * FROM helper.snapshots_fresh(in_source, in_division)),
    asked AS MATERIALIZED (
        SELECT a.n::int4 AS n, a.person_id, a.day, a.unit
          FROM unnest(in_person, in_day, in_unit) WITH ORDINALITY a(person_id, day, unit, n)),
    held AS MATERIALIZED ( /* the documents of everybody who is asked about, whatever record they are of */
        SELECT DISTINCT p.person_id, d.document_index, coalesce(d.name_index, r.name_index) AS name_index
          FROM (SELECT DISTINCT person_id FROM asked) p
         CROSS JOIN LATERAL unnest(helper.person_records(p.person_id)) k(person_id)
          JOIN registry.document d ON d.person_id = k.person_id
          JOIN registry.person r ON r.person_id = d.person_id),
    known AS MATERIALIZED (
        SELECT k.* FROM (
            SELECT h.person_id, f.nth, r.from_on, r.to_on, r.unit, r.name_index = h.name_index AS name_same,
                   min(f.nth) OVER (PARTITION BY h.person_id, r.unit, r.from_on) AS latest
              FROM held h
              JOIN registry.snapshot_row r ON r.document_index = h.document_index
              JOIN fresh f ON f.snapshot_id = r.snapshot_id) k
         WHERE k.nth = k.latest),
    base AS MATERIALIZED (SELECT f.nth FROM fresh f WHERE f.whole),
    spoken AS MATERIALIZED ( /* the row that speaks: one that holds, or of the same unit one that does not */
        SELECT DISTINCT ON (a.n) a.n, k.nth, k.from_on, k.unit, o.holds
          FROM asked a
          JOIN known k ON k.person_id = a.person_id
         CROSS JOIN LATERAL (
               SELECT CASE in_source WHEN REGISTER_IDENTITY THEN k.name_same
                           ELSE (k.from_on IS NULL OR k.from_on <= a.day) AND (k.to_on IS NULL OR k.to_on >= a.day)
                                AND (a.unit IS NULL OR k.unit IS NOT DISTINCT FROM a.unit) END AS holds) o
         WHERE o.holds OR k.unit IS NOT DISTINCT FROM a.unit
         ORDER BY a.n, o.holds DESC, k.from_on DESC NULLS LAST, k.nth, k.unit)
    SELECT a.n, CASE WHEN e.holds THEN ANSWER_MATCH
                     WHEN e.holds IS NOT NULL OR b.nth IS NOT NULL AND h.person_id IS NOT NULL THEN ANSWER_MISMATCH
                     ELSE ANSWER_NOT_AVAILABLE END::int2,
           f.snapshot_id, f.as_of, CASE WHEN e.holds THEN e.from_on END, CASE WHEN e.holds THEN e.unit END
      FROM asked a
      LEFT JOIN (SELECT DISTINCT person_id FROM held) h ON h.person_id = a.person_id
      LEFT JOIN base b ON true
      LEFT JOIN spoken e ON e.n = a.n
      LEFT JOIN fresh f ON f.nth = coalesce(e.nth, CASE WHEN h.person_id IS NOT NULL THEN b.nth END)
     ORDER BY a.n;
END $$;

/* ---- files ---- */

/* Whether a caller may load what a source knows of a division: a clerk of a verifying agency or of a bureau, of its own
   area. */
CREATE FUNCTION helper.snapshot_loads(in_caller helper.acting, in_division text) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce((in_caller.kind = KIND_VERIFYING_AGENCY OR helper.is_bureau(in_caller.kind))
                    AND 'clerk' = ANY (in_caller.roles)
                    AND helper.division_relation(in_caller.division, in_division) <> 'outside', false)
$$;

/* Whether an operator belongs to those whom registers speak for or against: is, or ever was, one of an institution or
   of an enterprise, under whatever key (C1). */
CREATE FUNCTION helper.snapshot_own(in_operator uuid) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM registry.operator o JOIN registry.organisation g USING (organisation_id)
                    WHERE o.operator_id = ANY (helper.human_operators(in_operator))
                      AND g.kind IN (KIND_INSTITUTION, KIND_ENTERPRISE))
$$;

/* Those of snapshots that one of these operators began, brought rows of, or made whole. */
CREATE FUNCTION helper.snapshots_brought(in_snapshots uuid[], in_operators uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT s.snapshot_id FROM registry.snapshot s
                  WHERE s.snapshot_id = ANY (in_snapshots)
                    AND (s.loaded_by = ANY (in_operators) OR s.closed_by = ANY (in_operators)
                         OR EXISTS (SELECT FROM registry.snapshot_part p
                                      JOIN registry.request r ON r.request_id = p.request_id
                                     WHERE p.snapshot_id = s.snapshot_id AND r.operator_id = ANY (in_operators))))
$$;

/* Begins a snapshot by the head line of its file. The same head line again from the same organisation is the same
   snapshot, whoever of it loads it, so that what broke off is taken up. */
CREATE FUNCTION api.snapshot_open(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_snapshot uuid[],
    in_source int2[], in_division text[], in_as_of date[], in_complete bool[], in_rows int4[], in_file_digest bytea[],
    in_issuer text[])
RETURNS TABLE (req int4, outcome int2, snapshot_id uuid, whole bool)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{snapshot.open}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        req := i;
        outcome := first.outcome;
        snapshot_id := first.subject;
        IF outcome IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            outcome := CASE WHEN NOT helper.snapshot_loads(caller, in_division[i]) THEN OUTCOME_NOT_ALLOWED
                            WHEN helper.snapshot_own(in_operator[i]) THEN OUTCOME_FOUR_EYES
                            ELSE OUTCOME_DONE END;
            IF outcome = OUTCOME_DONE THEN
                INSERT INTO registry.snapshot (snapshot_id, source, division, as_of, complete, rows, file_digest,
                                               issuer, organisation_id, loaded_by, request_id)
                VALUES (in_snapshot[i], in_source[i], in_division[i], in_as_of[i], in_complete[i], in_rows[i],
                        in_file_digest[i], in_issuer[i], caller.organisation_id, in_operator[i], in_request_id[i])
                ON CONFLICT ON CONSTRAINT snapshot_once DO NOTHING;
                snapshot_id := (SELECT s.snapshot_id FROM registry.snapshot s
                                 WHERE s.source = in_source[i] AND s.division = in_division[i]
                                   AND s.as_of = in_as_of[i] AND s.complete = in_complete[i] AND s.rows = in_rows[i]
                                   AND s.file_digest = in_file_digest[i]
                                   AND s.organisation_id = caller.organisation_id);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], outcome,
                               in_subject => snapshot_id);
        END IF;
        whole := (SELECT s.closed_at IS NOT NULL FROM registry.snapshot s
                   WHERE s.snapshot_id = snapshot_open.snapshot_id);
        RETURN NEXT;
    END LOOP;
END $$;

/* Takes rows of snapshots that are not whole, by their place in the file, from the organisation that began them; one
   that has come already stays as it is, and another one for its place is refused. */
CREATE FUNCTION api.snapshot_load(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_snapshot uuid[],
    in_row_req int4[], in_row int4[], in_record uuid[], in_document_index bytea[], in_name_index bytea[],
    in_from date[], in_to date[], in_unit text[], in_sealed bytea[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[];
    outcomes int2[];
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{snapshot.load}', in_request_id, in_digest);
    IF EXISTS (SELECT FROM unnest(in_snapshot, in_operator) u(snapshot_id, operator_id)
                GROUP BY u.snapshot_id HAVING count(DISTINCT u.operator_id) > 1) THEN /* a part is one operator's */
        RAISE serialization_failure USING MESSAGE = 'two operators of a set bring rows of one snapshot';
    END IF;
    PERFORM FROM registry.snapshot s WHERE s.snapshot_id = ANY (in_snapshot) ORDER BY s.snapshot_id FOR SHARE;
    SELECT array_agg(coalesce(f.outcome, CASE WHEN s.snapshot_id IS NULL OR a.operator_id IS NULL
                                                   OR s.organisation_id <> a.organisation_id
                                                   OR NOT helper.snapshot_loads(a, s.division)
                                              THEN OUTCOME_SNAPSHOT_UNKNOWN
                                              WHEN helper.snapshot_own(a.operator_id) THEN OUTCOME_FOUR_EYES
                                              WHEN s.closed_at IS NOT NULL THEN OUTCOME_SNAPSHOT_WHOLE
                                              ELSE OUTCOME_DONE END)::int2 ORDER BY i.n),
           array_agg(f.outcome IS NOT NULL ORDER BY i.n)
      INTO wholes, known
      FROM unnest(in_request_id, in_digest, in_operator, in_snapshot)
           WITH ORDINALITY i(request_id, digest, operator_id, snapshot_id, n)
      LEFT JOIN LATERAL helper.answered(i.request_id, i.digest, i.operator_id) f ON true
      LEFT JOIN helper.acting a ON a.operator_id = i.operator_id
      LEFT JOIN registry.snapshot s ON s.snapshot_id = i.snapshot_id;
    WITH come AS (
        INSERT INTO registry.snapshot_row (snapshot_id, row, record_id, document_index, name_index, from_on, to_on,
                                           unit, sealed)
        SELECT s.snapshot_id, l.place, l.record_id, l.document_index, l.name_index, l.from_on, l.to_on, l.unit,
               l.sealed
          FROM unnest(in_row_req, in_row, in_record, in_document_index, in_name_index, in_from, in_to, in_unit,
                      in_sealed)
               l(req, place, record_id, document_index, name_index, from_on, to_on, unit, sealed)
          JOIN registry.snapshot s ON s.snapshot_id = in_snapshot[l.req] AND l.place <= s.rows
         WHERE NOT known[l.req] AND wholes[l.req] = OUTCOME_DONE
         ORDER BY s.snapshot_id, l.place
            ON CONFLICT (snapshot_id, row) DO NOTHING
        RETURNING snapshot_id, document_index)
    INSERT INTO registry.snapshot_part (snapshot_id, request_id, rows, unknown)
    SELECT c.snapshot_id,
           (SELECT in_request_id[min(i.n)] FROM unnest(in_snapshot) WITH ORDINALITY i(snapshot_id, n)
             WHERE i.snapshot_id = c.snapshot_id AND NOT known[i.n] AND wholes[i.n] = OUTCOME_DONE),
           count(*), count(*) FILTER (WHERE d.document_index IS NULL)
      FROM come c LEFT JOIN registry.document d ON d.document_index = c.document_index
     GROUP BY c.snapshot_id;
    SELECT array_agg(CASE WHEN known[l.req] OR wholes[l.req] <> OUTCOME_DONE THEN NULL
                          WHEN r.record_id IS NULL THEN OUTCOME_SNAPSHOT_ROW_BEYOND
                          WHEN r.record_id = l.record_id THEN OUTCOME_DONE
                          WHEN r.sealed = '' OR (r.document_index, r.name_index, r.from_on, r.to_on, r.unit)
                               IS NOT DISTINCT FROM (l.document_index, l.name_index, l.from_on, l.to_on, l.unit)
                               THEN OUTCOME_UNCHANGED
                          ELSE OUTCOME_SNAPSHOT_ROW_DIFFERS END::int2 ORDER BY l.n)
      INTO outcomes
      FROM unnest(in_row_req, in_row, in_record, in_document_index, in_name_index, in_from, in_to, in_unit)
           WITH ORDINALITY l(req, place, record_id, document_index, name_index, from_on, to_on, unit, n)
      LEFT JOIN registry.snapshot_row r ON r.snapshot_id = in_snapshot[l.req] AND r.row = l.place;
    INSERT INTO audit.entry (operator_id, body)
    SELECT in_operator[i.n], helper.entry_body(in_entry_head[i.n], i.whole, NULL, NULL, NULL, NULL, in_snapshot[i.n])
      FROM unnest(wholes) WITH ORDINALITY i(whole, n)
     WHERE NOT known[i.n] AND i.whole = OUTCOME_DONE
     ORDER BY i.n;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head,
                            array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]), known, wholes, in_row_req,
                            in_row, coalesce(outcomes, '{}'));
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row,
                                                coalesce(outcomes, '{}'));
END $$;

/* How many looks it is to be told a number up to that one: as many as it has bits, so that whoever loads a register of
   one person, or of many in turn, learns no more of who is in the registry than by as many guesses (D2). */
CREATE FUNCTION helper.number_looks(in_most int4) RETURNS int4 LANGUAGE sql IMMUTABLE AS $$
    SELECT length(ltrim(in_most::bit(32)::text, '0'))
$$;

/* Whether a snapshot is whole with so many rows that name nobody: done, or why not. */
CREATE FUNCTION helper.snapshot_may_close(in_caller helper.acting, in_snapshot registry.snapshot, in_malformed int4)
RETURNS int2 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN in_snapshot.snapshot_id IS NULL OR in_caller IS NULL
             OR in_snapshot.organisation_id <> in_caller.organisation_id
             OR NOT helper.snapshot_loads(in_caller, in_snapshot.division) THEN OUTCOME_SNAPSHOT_UNKNOWN
        WHEN helper.snapshot_own(in_caller.operator_id) THEN OUTCOME_FOUR_EYES
        WHEN in_snapshot.closed_at IS NOT NULL THEN OUTCOME_UNCHANGED
        WHEN in_snapshot.rows <> in_malformed + (SELECT coalesce(sum(p.rows), 0) FROM registry.snapshot_part p
                                                  WHERE p.snapshot_id = in_snapshot.snapshot_id)
             THEN OUTCOME_SNAPSHOT_ROWS
        /* how many of them are of nobody known is told */
        WHEN helper.looks_left(in_caller.operator_id, in_caller.division, false)
             < helper.number_looks(in_snapshot.rows) THEN OUTCOME_LOOKS_EXCEEDED
        ELSE OUTCOME_DONE END;
END $$;

/* Makes snapshots whole, once all rows of their head lines have come or named nobody: from then on they answer what is
   asked. Asked again it answers a portion of what waited for the snapshot, `more`: there is another one; so that
   nobody who asks waits until millions of rows have been looked up. */
CREATE FUNCTION api.snapshot_close(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_snapshot uuid[],
    in_malformed int4[])
RETURNS TABLE (req int4, outcome int2, rows int4, malformed int4, unknown int4, answered int4, more bool)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off /* a plan made while a table was small serves until it is analysed */ AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    target registry.snapshot;
    portion record;
    closing uuid[] := ARRAY[]::uuid[];
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{snapshot.close}', in_request_id, in_digest);
    IF (SELECT count(DISTINCT u) < count(u) FROM unnest(in_snapshot) u) THEN
        RAISE serialization_failure USING MESSAGE = 'two requests of a set are about one snapshot';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(helper.documents_key()); /* nobody is merged or erased meanwhile */
    PERFORM FROM registry.snapshot s WHERE s.snapshot_id = ANY (in_snapshot) ORDER BY s.snapshot_id FOR UPDATE;
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        req := i;
        outcome := first.outcome;
        answered := first.detail;
        SELECT * INTO target FROM registry.snapshot s WHERE s.snapshot_id = in_snapshot[i];
        IF outcome IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            outcome := helper.snapshot_may_close(caller, target, in_malformed[i]);
            IF outcome = OUTCOME_DONE THEN
                UPDATE registry.snapshot s
                   SET malformed = in_malformed[i], closed_by = in_operator[i], closed_at = now(),
                       unknown = (SELECT coalesce(sum(p.unknown), 0) FROM registry.snapshot_part p
                                   WHERE p.snapshot_id = s.snapshot_id),
                       answered_to = '00000000-0000-0000-0000-000000000000'
                 WHERE s.snapshot_id = target.snapshot_id
                RETURNING * INTO target;
                answered := 0;
                closing := closing || target.snapshot_id;
                CALL helper.look_spend(in_operator[i], helper.number_looks(target.rows), 0);
            ELSIF outcome = OUTCOME_LOOKS_EXCEEDED THEN
                CALL helper.look_count(in_operator[i], 0, 0, 1);
            ELSIF outcome = OUTCOME_UNCHANGED AND target.answered_to IS NOT NULL THEN
                SELECT * INTO portion FROM helper.snapshot_answers(target, in_request_id[i]);
                UPDATE registry.snapshot s SET answered_to = portion.until WHERE s.snapshot_id = target.snapshot_id
                RETURNING * INTO target;
                outcome := OUTCOME_DONE;
                answered := portion.given;
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], outcome,
                               in_subject => CASE WHEN outcome <> OUTCOME_SNAPSHOT_UNKNOWN THEN target.snapshot_id END,
                               in_detail => answered);
        END IF;
        rows := target.rows;
        malformed := target.malformed;
        unknown := target.unknown;
        more := target.answered_to IS NOT NULL;
        RETURN NEXT;
    END LOOP;
    /* who asks is waited for, at the end: what they asked waits for the snapshot, what is asked later it answers */
    IF closing <> '{}' THEN
        PERFORM pg_advisory_xact_lock(helper.snapshots_key());
    END IF;
END $$;

/* Snapshots of the caller's area, newest first, before one: of a source, of a division. */
CREATE FUNCTION api.snapshot_list(in_operator uuid[], in_before uuid[], in_page int4[], in_source int2[],
                                  in_division text[])
RETURNS TABLE (req int4, snapshot_id uuid, source int2, division text, as_of date, complete bool, rows int4,
               malformed int4, unknown int4, file_digest bytea, issuer text, loaded_at_ms int8, closed_at_ms int8,
               answering bool)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.snapshot_id, x.source, x.division, x.as_of, x.complete, x.rows, x.malformed, x.unknown,
           x.file_digest, x.issuer, helper.ms(x.loaded_at), helper.ms(x.closed_at),
           CASE WHEN x.closed_at IS NOT NULL THEN x.answered_to IS NOT NULL END
      FROM unnest(in_operator, in_before, in_page, in_source, in_division)
           WITH ORDINALITY i(operator_id, before, page, source, division, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT s.* FROM registry.snapshot s
            WHERE (i.before IS NULL OR s.snapshot_id < i.before) AND (i.source IS NULL OR s.source = i.source)
              AND (i.division IS NULL OR s.division = i.division)
              AND (a.kind = KIND_AUDITOR OR (a.kind = KIND_VERIFYING_AGENCY OR helper.is_bureau(a.kind))
                   AND (helper.division_relation(a.division, s.division) <> 'outside'
                        OR helper.division_relation(s.division, a.division) <> 'outside'))
            ORDER BY s.snapshot_id DESC
            LIMIT i.page + 1) x
     ORDER BY i.n, x.snapshot_id DESC;
END $$;
