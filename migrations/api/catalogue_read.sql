/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogues are listed, shown and compared (G1, G8). */

/* What is shown of a catalogue itself. */
CREATE VIEW helper.catalogue_head AS
SELECT c.catalogue_id, c.division, c.kind, k.name AS kind_name, c.title, c.citation, c.state, c.rows,
       c.document_digest, c.version, c.valid_from AS in_force_from, c.valid_to AS in_force_to,
       helper.ms(c.drafted_at) AS drafted_ms, c.consulted,
       helper.ms(c.consulted_at) AS consulted_ms,
       helper.ms(c.approved_at) AS approved_ms,
       helper.ms(c.published_at) AS published_ms,
       helper.ms(c.withdrawn_at) AS withdrawn_ms, c.reason,
       k.plan
  FROM registry.catalogue c JOIN registry.catalogue_kind k ON k.code = c.kind;

/* Catalogues, newest first: those that were published, everybody's; or those of what the caller may see that were
   not. */
CREATE FUNCTION api.catalogue_list(in_operator uuid[], in_before uuid[], in_page int4[], in_pending bool[],
                                   in_division text[], in_kind int2[], in_day date[])
RETURNS TABLE (req int4, catalogue_id uuid, division text, kind int2, kind_name text, title text, citation text,
               state int2, "rows" int4, document_digest bytea, version int4, in_force_from date, in_force_to date,
               drafted_ms int8, consulted text, consulted_ms int8, approved_ms int8, published_ms int8,
               withdrawn_ms int8, reason text, plan int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, h.*
      FROM unnest(in_operator, in_before, in_page, in_pending, in_division, in_kind, in_day)
           WITH ORDINALITY i(operator_id, before, page, pending, division, kind, day, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT c.catalogue_id FROM registry.catalogue c
            WHERE (i.before IS NULL OR c.catalogue_id < i.before) AND (i.division IS NULL OR c.division = i.division)
              AND (i.kind IS NULL OR c.kind = i.kind) AND (i.pending IS NULL OR (c.published_at IS NULL) = i.pending)
              AND helper.catalogue_seen(a, c)
              AND (i.day IS NULL OR helper.period_covers(c.valid_from, c.valid_to, i.day))
            ORDER BY c.catalogue_id DESC
            LIMIT i.page + 1) x
      JOIN helper.catalogue_head h ON h.catalogue_id = x.catalogue_id
     ORDER BY i.n, x.catalogue_id DESC;
END $$;

/* One catalogue that the caller may see, by its id or what is in force on a day: a row about itself, whose number is
   NULL, then its rows by number. None: there is no such catalogue. */
CREATE FUNCTION api.catalogue_show(in_operator uuid[], in_after int4[], in_page int4[], in_catalogue uuid[],
                                   in_division text[], in_kind int2[], in_day date[], in_occupation text[])
RETURNS TABLE (req int4, catalogue_id uuid, division text, kind int2, kind_name text, title text, citation text,
               state int2, "rows" int4, document_digest bytea, version int4, in_force_from date, in_force_to date,
               drafted_ms int8, consulted text, consulted_ms int8, approved_ms int8, published_ms int8,
               withdrawn_ms int8, reason text, plan int2, occupation_name text, of_catalogue uuid, number int4,
               part int2,
               occupation_code text, level int2, note text, category text, demand_grade int2, hours_least int4,
               practice_percent int4, mode int2, training_fen int8, assessment_fen int8, mark text, county text,
               trainee_group int2, heads int4, listed int4, source int2, wanted_on date, place text, until date,
               institution_code text, name text, licence text, nature text, address text, phone text, site text,
               credit_grade text, batch text, valid_from date, valid_to date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
    shown uuid;
BEGIN
    FOR asked IN SELECT i.*, a AS caller
                   FROM unnest(in_operator, in_after, in_page, in_catalogue, in_division, in_kind, in_day,
                               in_occupation)
                        WITH ORDINALITY i(operator_id, after, page, catalogue_id, division, kind, day, occupation, n)
                   JOIN helper.acting a ON a.operator_id = i.operator_id
                  ORDER BY i.n LOOP
        shown := coalesce(asked.catalogue_id,
                          (SELECT c.catalogue_id
                             FROM helper.catalogues_in_force(asked.division, coalesce(asked.day, helper.today())) c
                            WHERE c.kind = asked.kind));
        CONTINUE WHEN NOT EXISTS (SELECT FROM registry.catalogue c
                                   WHERE c.catalogue_id = shown AND helper.catalogue_seen(asked.caller, c));
        RETURN QUERY
        SELECT asked.n::int4, h.*, NULL::text, (NULL::helper.catalogue_line).*
          FROM helper.catalogue_head h WHERE h.catalogue_id = shown;
        RETURN QUERY
        SELECT asked.n::int4, (NULL::helper.catalogue_head).*,
               helper.occupation_name(l.occupation_code, helper.today()), l.*
          FROM helper.catalogue_line l
         WHERE l.catalogue_id = shown AND l.number > asked.after
           AND (asked.occupation IS NULL OR l.occupation_code = asked.occupation)
         ORDER BY l.number
         LIMIT asked.page + 1;
    END LOOP;
END $$;

/* Whether two rows that are about the same say the same, but for their numbers. It is part of the query it stands
   in. */
CREATE FUNCTION helper.catalogue_agree(in_one helper.catalogue_line, in_other helper.catalogue_line) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW((in_one).note, (in_one).demand_grade, (in_one).hours_least, (in_one).practice_percent,
               (in_one).training_standard_fen, (in_one).assessment_standard_fen, (in_one).mark, (in_one).heads,
               (in_one).listed, (in_one).wanted_on, (in_one).until, (in_one).name, (in_one).licence, (in_one).nature,
               (in_one).address, (in_one).phone, (in_one).credit_grade, (in_one).batch, (in_one).valid_from,
               (in_one).valid_to)
           IS NOT DISTINCT FROM
           ROW((in_other).note, (in_other).demand_grade, (in_other).hours_least, (in_other).practice_percent,
               (in_other).training_standard_fen, (in_other).assessment_standard_fen, (in_other).mark, (in_other).heads,
               (in_other).listed, (in_other).wanted_on, (in_other).until, (in_other).name, (in_other).licence,
               (in_other).nature, (in_other).address, (in_other).phone, (in_other).credit_grade, (in_other).batch,
               (in_other).valid_from, (in_other).valid_to)
$$;

/* The next rows of two catalogues behind a place, by their places in a comparison: of a row that is, twice its number;
   of one that was, one more. Each is found by its number, as many as are asked for. */
CREATE FUNCTION helper.catalogue_places(in_was uuid, in_now uuid, in_after int8, in_most int4) RETURNS SETOF int8
LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off /* in the keys' order, no more of them */
SET jit = off /* which the price of what is off would call */ AS $$
    SELECT x.place
      FROM ((SELECT n.number::int8 * 2 AS place FROM helper.catalogue_key n
              WHERE n.catalogue_id = in_now AND n.number > in_after / 2
              ORDER BY n.number LIMIT in_most)
            UNION ALL
            (SELECT w.number::int8 * 2 + 1 FROM helper.catalogue_key w
              WHERE w.catalogue_id = in_was AND w.number > (in_after - 1) / 2
              ORDER BY w.number LIMIT in_most)) x
     ORDER BY x.place LIMIT in_most
$$;

/* In which of the rows behind a place, up to another, two catalogues differ: what is, with what was said of the same;
   and what was and is no longer. Of the other catalogue the rows are found by what they are about, all at once: by an
   index that does not help it is read once, and not for each row. */
CREATE FUNCTION helper.catalogue_differences(in_was uuid, in_now uuid, in_after int8, in_until int8)
RETURNS TABLE (difference int8, was helper.catalogue_line, now helper.catalogue_line)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_nestloop = off /* a plan of when a table was small serves until it is analysed */
AS $$
DECLARE
    of_now int4[];
    about_now text[];
    of_was int4[];
    about_was text[];
BEGIN
    SELECT array_agg(k.number), array_agg(k.about) INTO of_now, about_now FROM helper.catalogue_key k
     WHERE k.catalogue_id = in_now AND k.number > in_after / 2 AND k.number <= in_until / 2;
    SELECT array_agg(k.number), array_agg(k.about) INTO of_was, about_was FROM helper.catalogue_key k
     WHERE k.catalogue_id = in_was AND k.number > (in_after - 1) / 2 AND k.number <= (in_until - 1) / 2;
    RETURN QUERY
    WITH same AS MATERIALIZED ( /* what was said of what is */
        SELECT k.number, k.about FROM helper.catalogue_key k
         WHERE k.catalogue_id = in_was AND k.about = ANY (about_now)),
    stayed AS MATERIALIZED (
        SELECT k.about FROM helper.catalogue_key k WHERE k.catalogue_id = in_now AND k.about = ANY (about_was)),
    gone AS MATERIALIZED (
        SELECT w.number FROM unnest(of_was, about_was) w(number, about)
         WHERE NOT EXISTS (SELECT FROM stayed s WHERE s.about = w.about)),
    was AS MATERIALIZED (
        SELECT l AS line, l.number FROM helper.catalogue_line l
         WHERE l.catalogue_id = in_was
           AND l.number = ANY (ARRAY(SELECT s.number FROM same s UNION ALL SELECT g.number FROM gone g)))
    SELECT l.number::int8 * 2, w.line, l
      FROM helper.catalogue_line l
      JOIN unnest(of_now, about_now) n(number, about) ON n.number = l.number
      LEFT JOIN same s ON s.about = n.about
      LEFT JOIN was w ON w.number = s.number
     WHERE l.catalogue_id = in_now AND l.number = ANY (of_now)
       AND (s.number IS NULL OR NOT helper.catalogue_agree(w.line, l))
    UNION ALL
    SELECT g.number::int8 * 2 + 1, w.line, NULL::helper.catalogue_line
      FROM gone g JOIN was w ON w.number = g.number;
END $$;

/* The next differences behind a place, by their places. Of both catalogues no more is read than what stands between it
   and the last of them, by number: a part as long as the page, then, while the rows of that agree, parts of twice the
   length, each of 500 rows at most. */
CREATE FUNCTION helper.catalogue_differences_page(in_was uuid, in_now uuid, in_after int8, in_most int4)
RETURNS TABLE (difference int8, was helper.catalogue_line, now helper.catalogue_line)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off /* a plan made while a table was small serves until it is analysed */ AS $$
DECLARE
    behind int8 := in_after;
    part int4 := least(in_most, 500);
    part_end int8;
    part_rows int4;
    wanted int4 := in_most;
    found_rows int4;
BEGIN
    LOOP
        SELECT max(p), count(*) INTO part_end, part_rows
          FROM helper.catalogue_places(in_was, in_now, behind, part) p;
        EXIT WHEN part_rows = 0;
        RETURN QUERY
        SELECT d.difference, d.was, d.now FROM helper.catalogue_differences(in_was, in_now, behind, part_end) d
         ORDER BY d.difference LIMIT wanted;
        GET DIAGNOSTICS found_rows = ROW_COUNT;
        wanted := wanted - found_rows;
        EXIT WHEN wanted = 0 OR part_rows < part;
        behind := part_end;
        part := least(part * 2, 500);
    END LOOP;
END $$;

/* How many rows of a catalogue another has not, and the other way round, and how many say something else. */
CREATE FUNCTION helper.catalogue_differences_counted(in_was uuid, in_now uuid)
RETURNS TABLE (added int4, removed int4, changed int4) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT count(*) FILTER (WHERE w.about IS NULL)::int4, count(*) FILTER (WHERE n.about IS NULL)::int4,
           count(*) FILTER (WHERE w.about = n.about AND NOT helper.catalogue_agree(w.line, n.line))::int4
      FROM (SELECT l AS line, helper.catalogue_about(l) AS about
              FROM helper.catalogue_line l WHERE l.catalogue_id = in_now) n
      FULL JOIN (SELECT l AS line, helper.catalogue_about(l) AS about
                   FROM helper.catalogue_line l WHERE l.catalogue_id = in_was) w ON w.about = n.about;
END $$;

/* What a catalogue has otherwise than another (NULL: than what its division has in force of its kind today). The first
   row counts, on the first page (`after` is 0) alone; then of each difference the row that was there and the row that
   is. */
CREATE FUNCTION api.catalogue_diff(in_operator uuid[], in_after int8[], in_page int4[], in_catalogue uuid[],
                                   in_with uuid[])
RETURNS TABLE (req int4, outcome int2, difference int8, is_now bool, with_id uuid, plan int2, added int4, removed int4,
               changed int4, occupation_name text, of_catalogue uuid, number int4, part int2,
               occupation_code text, level int2, note text, category text, demand_grade int2, hours_least int4,
               practice_percent int4, mode int2, training_fen int8, assessment_fen int8, mark text, county text,
               trainee_group int2, heads int4, listed int4, source int2, wanted_on date, place text, until date,
               institution_code text, name text, licence text, nature text, address text, phone text, site text,
               credit_grade text, batch text, valid_from date, valid_to date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
    target registry.catalogue;
    other registry.catalogue;
    decided int2;
BEGIN
    FOR asked IN SELECT i.*, a AS caller
                   FROM unnest(in_operator, in_after, in_page, in_catalogue, in_with)
                        WITH ORDINALITY i(operator_id, after, page, catalogue_id, with_id, n)
                   JOIN helper.acting a ON a.operator_id = i.operator_id
                  ORDER BY i.n LOOP
        SELECT * INTO target FROM registry.catalogue c
         WHERE c.catalogue_id = asked.catalogue_id AND helper.catalogue_seen(asked.caller, c);
        SELECT * INTO other FROM registry.catalogue c
         WHERE c.catalogue_id = coalesce(asked.with_id,
                                         (SELECT f.catalogue_id
                                            FROM helper.catalogues_in_force(target.division, helper.today()) f
                                           WHERE f.kind = target.kind))
           AND helper.catalogue_seen(asked.caller, c);
        decided := CASE
            WHEN target.catalogue_id IS NULL OR asked.with_id IS NOT NULL AND other.catalogue_id IS NULL
                 THEN OUTCOME_CATALOGUE_UNKNOWN
            WHEN (SELECT count(DISTINCT greatest(k.plan, PLAN_GENERAL)) > 1 FROM registry.catalogue_kind k
                   WHERE k.code IN (target.kind, other.kind)) THEN OUTCOME_CATALOGUE_PLAN
            ELSE OUTCOME_DONE END;
        IF decided <> OUTCOME_DONE THEN
            RETURN QUERY SELECT asked.n::int4, decided, 0::int8, NULL::bool, NULL::uuid, NULL::int2, 0, 0, 0,
                                NULL::text, (NULL::helper.catalogue_line).*;
            CONTINUE;
        END IF;
        RETURN QUERY
        WITH paged AS MATERIALIZED (
            SELECT * FROM helper.catalogue_differences_page(other.catalogue_id, target.catalogue_id, asked.after,
                                                            asked.page + 1)),
        sided AS (
            SELECT p.difference, false AS is_now, p.was AS line FROM paged p WHERE (p.was).number IS NOT NULL
            UNION ALL
            SELECT p.difference, true, p.now FROM paged p WHERE (p.now).number IS NOT NULL)
        SELECT asked.n::int4, decided, t.*
          FROM (SELECT 0::int8 AS difference, NULL::bool AS is_now, other.catalogue_id,
                       (SELECT k.plan FROM registry.catalogue_kind k WHERE k.code = target.kind),
                       c.added, c.removed, c.changed, NULL::text, (NULL::helper.catalogue_line).*
                  FROM (SELECT) one
                  LEFT JOIN helper.catalogue_differences_counted(other.catalogue_id, target.catalogue_id) c
                         ON asked.after = 0
                UNION ALL
                SELECT s.difference, s.is_now, NULL, NULL, NULL, NULL, NULL,
                       helper.occupation_name((s.line).occupation_code, helper.today()), (s.line).*
                  FROM sided s) t
         ORDER BY t.difference, t.is_now NULLS FIRST;
    END LOOP;
END $$;
