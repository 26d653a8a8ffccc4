/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogues (G1, G7 to G9): what is in force on a day, their rows and documents, whose they are. */

/* The version of each kind that is in force in a division on a day. It is part of the query it stands in. */
CREATE FUNCTION helper.catalogues_in_force(in_division text, in_day date) RETURNS SETOF registry.catalogue
LANGUAGE sql STABLE AS $$
    SELECT * FROM registry.catalogue c
     WHERE c.division = in_division AND helper.period_covers(c.valid_from, c.valid_to, in_day)
$$;

/* The rows of a division's own key-industry and general catalogues in force on a day that are of an occupation and a
   level. It is part of the query it stands in. */
CREATE FUNCTION helper.catalogue_own_rows(in_division text, in_occupation text, in_level int2, in_day date)
RETURNS SETOF registry.catalogue_row LANGUAGE sql STABLE AS $$
    SELECT r.*
      FROM helper.catalogues_in_force(in_division, in_day) c
      JOIN registry.catalogue_kind k ON k.code = c.kind AND k.plan IN (PLAN_KEY, PLAN_GENERAL)
      JOIN registry.catalogue_row r ON r.catalogue_id = c.catalogue_id
     WHERE r.occupation_code = in_occupation AND r.level = in_level
$$;

/* The rows by which an occupation and a level may be trained in a division on a day (G3, G10): of its city; of the
   county itself what the city does not have (G9). None: it may not. Planned once a session. */
CREATE FUNCTION helper.catalogue_rows_for(in_division text, in_occupation text, in_level int2, in_day date)
RETURNS TABLE (catalogue_id uuid, "row" int4, hours_least int4, practice_percent int4, mode int2, demand_grade int2)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT r.catalogue_id, r.row, r.hours_least, r.practice_percent, r.mode, r.demand_grade
      FROM helper.catalogue_own_rows(left(in_division, 4) || '00', in_occupation, in_level, in_day) r
     ORDER BY r.catalogue_id, r.row;
    IF NOT FOUND THEN
        RETURN QUERY
        SELECT r.catalogue_id, r.row, r.hours_least, r.practice_percent, r.mode, r.demand_grade
          FROM helper.catalogue_own_rows(in_division, in_occupation, in_level, in_day) r
         WHERE right(in_division, 2) <> '00'
         ORDER BY r.catalogue_id, r.row;
    END IF;
END $$;

/* The rows of the catalogue of institutions that the division's city has in force today by which an institution may
   train an occupation and a level from one day to another, both included (G10). None: it may not. */
CREATE FUNCTION helper.catalogue_institution_for(in_division text, in_organisation uuid, in_occupation text,
                                                 in_level int2, in_from date, in_to date)
RETURNS TABLE (catalogue_id uuid, "row" int4) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT r.catalogue_id, r.row
      FROM registry.organisation o
     CROSS JOIN helper.catalogues_in_force(left(in_division, 4) || '00', helper.today()) c
      JOIN registry.catalogue_kind k ON k.code = c.kind AND k.plan = PLAN_INSTITUTION
      JOIN registry.catalogue_institution r ON r.catalogue_id = c.catalogue_id AND r.institution_code = o.code
     WHERE o.organisation_id = in_organisation AND r.occupation_code = in_occupation AND r.level = in_level
       AND r.valid_from <= in_from AND (r.valid_to IS NULL OR r.valid_to >= in_to)
     ORDER BY r.catalogue_id, r.row;
END $$;

/* ---- rows ---- */

/* The rows of all catalogues, whatever plan they are of: `part` says which columns they have (enum catalogue_part of
   daemon/registry/part.h). */
CREATE VIEW helper.catalogue_line AS
SELECT r.catalogue_id, r.row AS number, CATALOGUE_PART_TRAINING::int2 AS part, r.occupation_code, r.level, r.note,
       r.category, r.demand_grade, r.hours_least, r.practice_percent, r.mode, r.training_standard_fen,
       r.assessment_standard_fen, r.mark,
       NULL::text AS division, NULL::int2 AS trainee_group, NULL::int4 AS heads, NULL::int4 AS listed,
       NULL::int2 AS source, NULL::date AS wanted_on, NULL::text AS place, NULL::date AS until,
       NULL::text AS institution_code, NULL::text AS name, NULL::text AS licence, NULL::text AS nature,
       NULL::text AS address, NULL::text AS phone, NULL::text AS site, NULL::text AS credit_grade, NULL::text AS batch,
       NULL::date AS valid_from, NULL::date AS valid_to
  FROM registry.catalogue_row r
UNION ALL
SELECT r.catalogue_id, r.row, CATALOGUE_PART_DEMAND::int2, r.occupation_code, r.level, r.note,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       r.division, r.trainee_group, r.heads, r.listed, r.source, r.wanted_on, r.place, r.until,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM registry.catalogue_demand r
UNION ALL
SELECT r.catalogue_id, r.row, CATALOGUE_PART_INSTITUTION::int2, r.occupation_code, r.level, r.note,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       r.institution_code, r.name, r.licence, r.nature, r.address, r.phone, r.site, r.credit_grade, r.batch,
       r.valid_from, r.valid_to
  FROM registry.catalogue_institution r;

/* What a row is about: the column `about` of the tables. It is part of the query it stands in. */
CREATE FUNCTION helper.catalogue_about(in_row helper.catalogue_line) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE (in_row).part
        WHEN CATALOGUE_PART_TRAINING
             THEN registry.catalogue_about((in_row).occupation_code, (in_row).level::text, (in_row).category,
                                           (in_row).mode::text)
        WHEN CATALOGUE_PART_DEMAND
             THEN registry.catalogue_about((in_row).occupation_code, (in_row).level::text, (in_row).division,
                                           (in_row).trainee_group::text, (in_row).source::text, (in_row).place)
        ELSE registry.catalogue_about((in_row).occupation_code, (in_row).level::text, (in_row).institution_code,
                                      (in_row).site) END
$$;

/* By what a row of a catalogue is found: its number, and what it is about. */
CREATE VIEW helper.catalogue_key AS
SELECT r.catalogue_id, r.row AS number, r.about FROM registry.catalogue_row r
UNION ALL
SELECT r.catalogue_id, r.row, r.about FROM registry.catalogue_demand r
UNION ALL
SELECT r.catalogue_id, r.row, r.about FROM registry.catalogue_institution r;

/* A row as a line of the document, byte for byte as proto/LOG.md has it. It is part of the query it stands in. */
CREATE FUNCTION helper.catalogue_written(in_row helper.catalogue_line) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT array_to_string(CASE (in_row).part
        WHEN CATALOGUE_PART_TRAINING
             THEN ARRAY[(in_row).number::text, (in_row).category, (in_row).occupation_code, (in_row).level::text,
                        (in_row).demand_grade::text, (in_row).hours_least::text, (in_row).practice_percent::text,
                        (in_row).mode::text, (in_row).training_standard_fen::text,
                        (in_row).assessment_standard_fen::text, (in_row).mark, (in_row).note]
        WHEN CATALOGUE_PART_DEMAND
             THEN ARRAY[(in_row).number::text, (in_row).division, (in_row).occupation_code, (in_row).level::text,
                        (in_row).trainee_group::text, (in_row).heads::text, (in_row).listed::text,
                        (in_row).source::text, to_char((in_row).wanted_on, 'YYYY-MM-DD'), (in_row).place,
                        to_char((in_row).until, 'YYYY-MM-DD'), (in_row).note]
        ELSE ARRAY[(in_row).number::text, (in_row).institution_code, (in_row).name, (in_row).licence,
                   (in_row).nature, (in_row).address, (in_row).phone, (in_row).occupation_code,
                   (in_row).level::text, (in_row).site, (in_row).credit_grade, (in_row).batch,
                   to_char((in_row).valid_from, 'YYYY-MM-DD'), to_char((in_row).valid_to, 'YYYY-MM-DD'),
                   (in_row).note] END, E'\t', '') || E'\n'
$$;

/* SHA-256 of a catalogue as a document (proto/LOG.md, "Catalogues"). */
CREATE FUNCTION helper.catalogue_digest(in_catalogue registry.catalogue) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(
        concat_ws(E'\t', 'mingce-catalogue', 1, (in_catalogue).division, (in_catalogue).kind, (in_catalogue).title,
                  (in_catalogue).citation) || E'\n'
        || coalesce(string_agg(helper.catalogue_written(l), '' ORDER BY l.number), ''), 'UTF8'))
      FROM helper.catalogue_line l WHERE l.catalogue_id = (in_catalogue).catalogue_id
$$;

/* ---- whose a catalogue is ---- */

/* Whether a caller's bureau has catalogues: a city's, or a county's, which adds to it (G9). */
CREATE FUNCTION helper.catalogue_bureau(in_caller helper.acting) RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(CASE (in_caller).kind
        WHEN KIND_CITY_BUREAU THEN right((in_caller).division, 2) = '00' AND right((in_caller).division, 4) <> '0000'
        WHEN KIND_COUNTY_BUREAU THEN right((in_caller).division, 2) <> '00'
        ELSE false END, false)
$$;

/* Whether a catalogue adds to a city's (G9). */
CREATE FUNCTION helper.catalogue_adds(in_division text) RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT right(in_division, 2) <> '00'
$$;

/* Whether a caller may see a catalogue: what was published everybody, the rest those whose area it is of. */
CREATE FUNCTION helper.catalogue_seen(in_caller helper.acting, in_catalogue registry.catalogue) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT (in_catalogue).published_at IS NOT NULL
        OR coalesce(helper.sees((in_caller).kind, (in_caller).organisation_id, (in_caller).division, NULL,
                                (in_catalogue).division), false)
$$;

/* Whether a county adds more than its city allows (G9): its rows in force on a day, these among them, are more than
   county_extra_percent of those that the city has in force. */
CREATE FUNCTION helper.catalogue_too_many(in_catalogue registry.catalogue, in_day date) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
DECLARE
    city text := left(in_catalogue.division, 4) || '00';
    citys int8;
    countys int8;
BEGIN
    IF NOT helper.catalogue_adds(in_catalogue.division) THEN
        RETURN false;
    END IF;
    SELECT coalesce(sum(c.rows) FILTER (WHERE c.division = city), 0),
           coalesce(sum(c.rows) FILTER (WHERE c.division = in_catalogue.division AND c.kind <> in_catalogue.kind), 0)
      INTO citys, countys
      FROM registry.catalogue c JOIN registry.catalogue_kind k ON k.code = c.kind
     WHERE c.division IN (city, in_catalogue.division) AND k.plan IN (PLAN_KEY, PLAN_GENERAL)
       AND helper.period_covers(c.valid_from, c.valid_to, in_day);
    RETURN (countys + in_catalogue.rows) * 100 > helper.policy_value('county_extra_percent', city, in_day) * citys;
END $$;
