/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogues are begun, and rows are loaded into drafts (G1, G7, G9). */

/* A bureau begins a catalogue (G1, G8). */
CREATE FUNCTION api.catalogue_draft(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_catalogue uuid[],
    in_kind int2[], in_title text[], in_citation text[])
RETURNS TABLE (req int4, outcome int2, catalogue_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
    caller helper.acting;
    decided int2;
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{catalogue.draft}', in_request_id, in_digest);
    FOR i IN 1 .. cardinality(in_request_id) LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[i], in_digest[i], in_operator[i]);
        decided := first.outcome;
        catalogue_id := first.subject;
        IF decided IS NULL THEN
            SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
            decided := CASE
                WHEN NOT helper.catalogue_bureau(caller) OR NOT caller.roles && '{reviewer,approver}'
                     THEN OUTCOME_NOT_ALLOWED
                WHEN helper.catalogue_adds(caller.division)
                     AND NOT EXISTS (SELECT FROM registry.catalogue_kind k
                                      WHERE k.code = in_kind[i] AND k.plan IN (PLAN_KEY, PLAN_GENERAL))
                     THEN OUTCOME_CATALOGUE_COUNTY
                ELSE OUTCOME_DONE END;
            IF decided = OUTCOME_DONE THEN
                catalogue_id := in_catalogue[i];
                INSERT INTO registry.catalogue (catalogue_id, division, kind, title, citation, drafted_by, request_id)
                VALUES (in_catalogue[i], caller.division, in_kind[i], in_title[i], in_citation[i], in_operator[i],
                        in_request_id[i]);
            END IF;
            CALL helper.answer(in_request_id[i], in_digest[i], in_operator[i], in_entry_head[i], decided,
                               in_subject => catalogue_id);
        END IF;
        req := i;
        outcome := decided;
        RETURN NEXT;
    END LOOP;
END $$;

/* What becomes of rows that are loaded into a draft, in their order. Joined by hashing: the estimates of what an array
   holds are guesses. `in_doubtful`: whose institution's code has a check character that does not fit. */
CREATE FUNCTION helper.catalogue_judge(in_catalogue registry.catalogue, in_lines helper.catalogue_line[],
                                       in_doubtful bool[])
RETURNS int2[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    the_part int2 := (SELECT CASE k.plan WHEN PLAN_DEMAND THEN CATALOGUE_PART_DEMAND
                                         WHEN PLAN_INSTITUTION THEN CATALOGUE_PART_INSTITUTION
                                         ELSE CATALOGUE_PART_TRAINING END
                        FROM registry.catalogue_kind k WHERE k.code = in_catalogue.kind);
    city text := left(in_catalogue.division, 4) || '00';
    adds bool := helper.catalogue_adds(in_catalogue.division);
BEGIN
    RETURN (
        WITH said AS (
            SELECT u AS line, u.number, u.part, u.occupation_code, u.level, u.division, u.institution_code,
                   helper.catalogue_about(u) AS about, row_number() OVER () AS n
              FROM unnest(in_lines) u),
        loaded AS MATERIALIZED (
            SELECT s.*, first_value(s.line) OVER (PARTITION BY s.number ORDER BY s.n) AS first_line,
                   min(s.n) OVER (PARTITION BY s.number) AS first_n, min(s.n) OVER (PARTITION BY s.about) AS first_about
              FROM said s)
        SELECT array_agg(CASE
                   WHEN l.part <> the_part THEN OUTCOME_CATALOGUE_PLAN
                   WHEN o.code IS NULL THEN OUTCOME_OCCUPATION_UNKNOWN
                   WHEN adds AND EXISTS (SELECT FROM helper.catalogue_own_rows(city, l.occupation_code, l.level,
                                                                              helper.today()))
                        THEN OUTCOME_CATALOGUE_OF_CITY
                   WHEN left(l.division, 4) <> left(city, 4) THEN OUTCOME_CATALOGUE_ELSEWHERE
                   WHEN in_doubtful[l.n]
                        AND NOT EXISTS (SELECT FROM registry.organisation g WHERE g.code = l.institution_code)
                        THEN OUTCOME_CREDIT_CODE
                   WHEN l.first_n < l.n AND l.line IS DISTINCT FROM l.first_line THEN OUTCOME_CONTRADICTS
                   WHEN l.first_n < l.n OR k.line IS NOT DISTINCT FROM l.line THEN OUTCOME_UNCHANGED
                   WHEN l.first_about < l.n OR a.number <> l.number THEN OUTCOME_CATALOGUE_REPEATED
                   ELSE OUTCOME_DONE END::int2 ORDER BY l.n)
          FROM loaded l
          LEFT JOIN registry.occupation o ON o.code = l.occupation_code
          /* LIMIT: looked up one by one by the tables' keys, whatever is thought of the array's length */
          LEFT JOIN LATERAL (SELECT k AS line FROM helper.catalogue_line k
                              WHERE k.catalogue_id = in_catalogue.catalogue_id AND k.number = l.number LIMIT 1) k
                 ON true
          LEFT JOIN LATERAL (SELECT a.number FROM helper.catalogue_key a
                              WHERE a.catalogue_id = in_catalogue.catalogue_id AND a.about = l.about LIMIT 1) a
                 ON true);
END $$;

/* Writes rows of a draft, of which another of the same number is replaced; counts them, and notes who loaded some. */
CREATE PROCEDURE helper.catalogue_write(in_catalogue uuid, in_operator uuid, in_lines helper.catalogue_line[])
LANGUAGE plpgsql AS $$
DECLARE
    fresh int4 := (SELECT count(*) FROM unnest(in_lines) l
                    WHERE (SELECT k.number FROM helper.catalogue_key k
                            WHERE k.catalogue_id = in_catalogue AND k.number = l.number LIMIT 1) IS NULL);
BEGIN
    INSERT INTO registry.catalogue_row
    SELECT l.catalogue_id, l.number, l.category, l.occupation_code, l.level, l.demand_grade, l.hours_least,
           l.practice_percent, l.mode, l.training_standard_fen, l.assessment_standard_fen, l.mark, l.note
      FROM unnest(in_lines) l WHERE l.part = CATALOGUE_PART_TRAINING ORDER BY l.number
        ON CONFLICT (catalogue_id, row) DO UPDATE
       SET (category, occupation_code, level, demand_grade, hours_least, practice_percent, mode, training_standard_fen,
            assessment_standard_fen, mark, note)
         = (excluded.category, excluded.occupation_code, excluded.level, excluded.demand_grade, excluded.hours_least,
            excluded.practice_percent, excluded.mode, excluded.training_standard_fen, excluded.assessment_standard_fen,
            excluded.mark, excluded.note);
    INSERT INTO registry.catalogue_demand
    SELECT l.catalogue_id, l.number, l.division, l.occupation_code, l.level, l.trainee_group, l.heads, l.listed,
           l.source, l.wanted_on, l.place, l.until, l.note
      FROM unnest(in_lines) l WHERE l.part = CATALOGUE_PART_DEMAND ORDER BY l.number
        ON CONFLICT (catalogue_id, row) DO UPDATE
       SET (division, occupation_code, level, trainee_group, heads, listed, source, wanted_on, place, until, note)
         = (excluded.division, excluded.occupation_code, excluded.level, excluded.trainee_group, excluded.heads,
            excluded.listed, excluded.source, excluded.wanted_on, excluded.place, excluded.until, excluded.note);
    INSERT INTO registry.catalogue_institution
    SELECT l.catalogue_id, l.number, l.institution_code, l.name, l.licence, l.nature, l.address, l.phone,
           l.occupation_code, l.level, l.site, l.credit_grade, l.batch, l.valid_from, l.valid_to, l.note
      FROM unnest(in_lines) l WHERE l.part = CATALOGUE_PART_INSTITUTION ORDER BY l.number
        ON CONFLICT (catalogue_id, row) DO UPDATE
       SET (institution_code, name, licence, nature, address, phone, occupation_code, level, site, credit_grade, batch,
            valid_from, valid_to, note)
         = (excluded.institution_code, excluded.name, excluded.licence, excluded.nature, excluded.address,
            excluded.phone, excluded.occupation_code, excluded.level, excluded.site, excluded.credit_grade,
            excluded.batch, excluded.valid_from, excluded.valid_to, excluded.note);
    UPDATE registry.catalogue c
       SET rows = c.rows + fresh,
           loaded_by = CASE WHEN in_operator = ANY (c.loaded_by) THEN c.loaded_by ELSE c.loaded_by || in_operator END
     WHERE c.catalogue_id = in_catalogue;
END $$;

/* Whether a caller may load rows into a catalogue: done, or why not. */
CREATE FUNCTION helper.catalogue_may_load(in_caller helper.acting, in_catalogue registry.catalogue) RETURNS int2
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT helper.catalogue_bureau(in_caller) OR NOT (in_caller).roles && '{reviewer,approver}'
                     THEN OUTCOME_NOT_ALLOWED
                WHEN (in_catalogue).division = (in_caller).division IS NOT TRUE THEN OUTCOME_CATALOGUE_UNKNOWN
                WHEN (in_catalogue).state <> CATALOGUE_DRAFT THEN OUTCOME_CATALOGUE_STATE
                ELSE OUTCOME_DONE END::int2
$$;

/* Loads rows into drafts, request by request, each request's rows as a set (G1). */
CREATE FUNCTION api.catalogue_load(
    in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[], in_catalogue uuid[],
    in_row_req int4[], in_row int4[], in_row_head bytea[], in_number int4[], in_part int2[],
    in_occupation_code text[], in_level int2[], in_note text[], in_category text[], in_demand_grade int2[],
    in_hours_least int4[], in_practice_percent int4[], in_mode int2[], in_training_fen int8[],
    in_assessment_fen int8[], in_mark text[], in_division text[], in_trainee_group int2[], in_heads int4[],
    in_listed int4[], in_source int2[], in_wanted_on date[], in_place text[], in_until date[],
    in_institution_code text[], in_name text[], in_licence text[], in_nature text[], in_address text[],
    in_phone text[], in_site text[], in_credit_grade text[], in_batch text[], in_valid_from date[],
    in_valid_to date[], in_code_doubtful bool[])
RETURNS TABLE (req int4, row_number int4, outcome int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wholes int2[];
    known bool[] := ARRAY[]::bool[];
    first record;
    caller helper.acting;
    target registry.catalogue;
    judged int2[];
    done helper.catalogue_line[];
    nowhere int8[] := array_fill(NULL::int8, ARRAY[cardinality(in_request_id)]);
    outcomes int2[] := array_fill(NULL::int2, ARRAY[cardinality(in_row_req)]);
    ids uuid[] := ARRAY(SELECT in_catalogue[r] FROM unnest(in_row_req) r);
    lines helper.catalogue_line[] := ARRAY(
        SELECT ROW(l.*)::helper.catalogue_line
          FROM unnest(ids, in_number, in_part, in_occupation_code, in_level, in_note, in_category, in_demand_grade,
                      in_hours_least, in_practice_percent, in_mode, in_training_fen, in_assessment_fen, in_mark,
                      in_division, in_trainee_group, in_heads, in_listed, in_source, in_wanted_on, in_place, in_until,
                      in_institution_code, in_name, in_licence, in_nature, in_address, in_phone, in_site,
                      in_credit_grade, in_batch, in_valid_from, in_valid_to) l);
    own record; /* of the lines those of one request, which stand together */
BEGIN
    PERFORM helper.heads_check(in_entry_head, in_operator, '{catalogue.load}', in_request_id, in_digest);
    PERFORM helper.heads_check(in_row_head, in_operator, '{catalogue.load}', in_request_id, in_digest, in_row_req,
                               in_row);
    PERFORM FROM registry.catalogue c WHERE c.catalogue_id = ANY (in_catalogue) ORDER BY c.catalogue_id
        FOR NO KEY UPDATE;
    FOR own IN SELECT i.i, min(l.n)::int4 AS first_n, max(l.n)::int4 AS last_n
                 FROM generate_series(1, cardinality(in_request_id)) i(i)
                 LEFT JOIN unnest(in_row_req) WITH ORDINALITY l(req, n) ON l.req = i.i
                GROUP BY i.i ORDER BY i.i LOOP
        SELECT * INTO first FROM helper.answered(in_request_id[own.i], in_digest[own.i], in_operator[own.i]);
        known[own.i] := first.outcome IS NOT NULL;
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[own.i];
        SELECT * INTO target FROM registry.catalogue c WHERE c.catalogue_id = in_catalogue[own.i];
        wholes[own.i] := coalesce(first.outcome, helper.catalogue_may_load(caller, target));
        CONTINUE WHEN known[own.i] OR wholes[own.i] <> OUTCOME_DONE OR own.first_n IS NULL;
        judged := helper.catalogue_judge(target, lines[own.first_n:own.last_n],
                                         in_code_doubtful[own.first_n:own.last_n]);
        outcomes[own.first_n:own.last_n] := judged;
        IF OUTCOME_DONE = ANY (judged) THEN
            done := ARRAY(
                SELECT l.line
                  FROM (SELECT u AS line, row_number() OVER () AS n FROM unnest(lines[own.first_n:own.last_n]) u) l
                  JOIN unnest(judged) WITH ORDINALITY j(outcome, n) ON j.n = l.n AND j.outcome = OUTCOME_DONE);
            CALL helper.catalogue_write(in_catalogue[own.i], in_operator[own.i], done);
        END IF;
        INSERT INTO audit.entry (operator_id, body)
        SELECT in_operator[own.i], helper.entry_body(l.head, l.outcome, NULL, NULL, NULL, NULL, in_catalogue[own.i])
          FROM unnest(in_row_head[own.first_n:own.last_n], judged) WITH ORDINALITY l(head, outcome, n)
         ORDER BY l.n;
    END LOOP;
    CALL helper.rows_answer(in_request_id, in_digest, in_operator, in_entry_head, nowhere, known, wholes, in_row_req,
                             in_row, outcomes);
    RETURN QUERY SELECT * FROM helper.rows_told(in_request_id, known, wholes, in_row_req, in_row, outcomes);
END $$;
