/* SPDX-License-Identifier: Apache-2.0 */
/* Classes. Outcomes are enum Outcome of proto/audit.proto. */

CREATE FUNCTION api.class_open(in_request_id uuid[], in_digest bytea[], in_operator uuid[], in_entry_head bytea[],
                               in_title text[], in_occupation text[], in_level int2[], in_training_kind int2[],
                               in_starts_on date[], in_ends_on date[], in_capacity int4[])
RETURNS TABLE (req int4, outcome int2, number int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outcomes int2[];
    numbers int8[];
    known bool[];      /* answered before: nothing is written */
    owners uuid[];
    opened int4;
    last_number int4;
    this_year int2 := extract(year FROM now() AT TIME ZONE 'Asia/Shanghai');
BEGIN
    /* G3: the occupation and level are within the institution's scope on the first day. */
    SELECT array_agg(coalesce(
               CASE WHEN k.request_id IS NULL THEN NULL
                    WHEN k.digest = i.digest AND k.operator_id = i.operator_id THEN k.outcome
                    ELSE 11 END,
               CASE WHEN a.organisation_id IS NULL OR a.kind <> 1 OR NOT 'clerk' = ANY (a.roles) THEN 12
                    WHEN p.code IS NULL THEN 10
                    WHEN NOT EXISTS (SELECT FROM registry.organisation_scope s
                                      WHERE s.organisation_id = a.organisation_id AND s.occupation_code = i.occupation
                                        AND s.level = i.level AND s.valid_from <= i.starts_on
                                        AND (s.valid_to IS NULL OR s.valid_to >= i.starts_on)) THEN 9
                    ELSE 1 END)::int2 ORDER BY i.n),
           array_agg(CASE WHEN k.digest = i.digest AND k.operator_id = i.operator_id THEN k.record END ORDER BY i.n),
           array_agg(k.request_id IS NOT NULL ORDER BY i.n),
           array_agg(a.organisation_id ORDER BY i.n)
      INTO outcomes, numbers, known, owners
      FROM unnest(in_request_id, in_digest, in_operator, in_occupation, in_level, in_starts_on)
           WITH ORDINALITY i(request_id, digest, operator_id, occupation, level, starts_on, n)
      LEFT JOIN registry.request k ON k.request_id = i.request_id
      LEFT JOIN api.acting a ON a.operator_id = i.operator_id
      LEFT JOIN registry.occupation p ON p.code = i.occupation;

    SELECT count(*) INTO opened FROM unnest(outcomes, known) u(outcome, known) WHERE u.outcome = 1 AND NOT u.known;
    IF opened > 0 THEN
        INSERT INTO registry.class_counter AS c (year, last) VALUES (this_year, opened)
            ON CONFLICT (year) DO UPDATE SET last = c.last + excluded.last
            RETURNING c.last INTO last_number;
        SELECT array_agg(CASE WHEN u.outcome = 1 AND NOT u.known
                              THEN (this_year::text || lpad((last_number - opened + u.rank)::text,
                                    greatest(5, length((last_number - opened + u.rank)::text)), '0'))::int8
                              ELSE u.number END ORDER BY u.n)
          INTO numbers
          FROM (SELECT t.*, sum((t.outcome = 1 AND NOT t.known)::int4) OVER (ORDER BY t.n) AS rank
                  FROM unnest(outcomes, known, numbers) WITH ORDINALITY t(outcome, known, number, n)) u;
        INSERT INTO registry.class (class_number, organisation_id, title, occupation_code, level, training_kind,
                                    starts_on, ends_on, capacity)
        SELECT numbers[i.n], owners[i.n], i.title, i.occupation, i.level, i.kind, i.starts_on, i.ends_on, i.capacity
          FROM unnest(in_title, in_occupation, in_level, in_training_kind, in_starts_on, in_ends_on, in_capacity)
               WITH ORDINALITY i(title, occupation, level, kind, starts_on, ends_on, capacity, n)
         WHERE outcomes[i.n] = 1 AND NOT known[i.n];
    END IF;

    INSERT INTO audit.entry (operator_id, body)
    SELECT i.operator_id, api.entry_body(i.head, outcomes[i.n], numbers[i.n], NULL, NULL, NULL)
      FROM unnest(in_operator, in_entry_head) WITH ORDINALITY i(operator_id, head, n)
     WHERE NOT known[i.n];
    INSERT INTO registry.request (request_id, operator_id, digest, record, outcome)
    SELECT i.request_id, i.operator_id, i.digest, numbers[i.n], outcomes[i.n]
      FROM unnest(in_request_id, in_operator, in_digest) WITH ORDINALITY i(request_id, operator_id, digest, n)
     WHERE NOT known[i.n]
     ORDER BY i.request_id;

    RETURN QUERY SELECT u.n::int4, u.outcome, u.number
                   FROM unnest(outcomes, numbers) WITH ORDINALITY u(outcome, number, n) ORDER BY u.n;
END $$;

/* A class as lists and answers show it. */
CREATE VIEW api.class_shown AS
SELECT c.class_number, c.organisation_id, g.division, c.place, g.code AS institution_code, g.name AS institution_name,
       c.title, c.occupation_code, p.name AS occupation_name, c.level, c.training_kind, k.name AS training_kind_name,
       c.starts_on, c.ends_on, c.capacity, c.enrolled, c.state
  FROM registry.class c
  JOIN registry.organisation g USING (organisation_id)
  JOIN registry.occupation p ON p.code = c.occupation_code
  JOIN registry.training_kind k ON k.code = c.training_kind;

CREATE FUNCTION api.class_list(in_operator uuid[], in_before int8[], in_page int4[])
RETURNS TABLE (req int4, number int8, institution_code text, institution_name text, title text, occupation_code text,
               occupation_name text, level int2, training_kind int2, training_kind_name text, starts_on date,
               ends_on date, capacity int4, enrolled int4, state int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.class_number, x.institution_code, x.institution_name, x.title, x.occupation_code,
           x.occupation_name, x.level, x.training_kind, x.training_kind_name, x.starts_on, x.ends_on, x.capacity,
           x.enrolled, x.state
      FROM (SELECT t.operator_id, t.page, t.n,
                   /* the place of a number: registry.class.place */
                   CASE WHEN t.before > 99999999999999 THEN t.before
                        ELSE left(t.before::text, 4)::int8 * 10000000000
                             + coalesce(nullif(substr(t.before::text, 5), ''), '0')::int8 END AS before
              FROM unnest(in_operator, in_before, in_page) WITH ORDINALITY t(operator_id, before, page, n)) i
      JOIN api.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           /* an institution's own have their index; a bureau reads back from the newest */
           (SELECT * FROM api.class_shown s
             WHERE a.kind NOT IN (4, 5, 6, 8) AND s.organisation_id = a.organisation_id AND s.place < i.before
             ORDER BY s.place DESC LIMIT i.page + 1)
           UNION ALL
           (SELECT * FROM api.class_shown s
             WHERE a.kind IN (4, 5, 6, 8) AND s.place < i.before
               AND api.sees(a.kind, a.organisation_id, a.division, s.organisation_id, s.division)
             ORDER BY s.place DESC LIMIT i.page + 1)) x
     ORDER BY i.n, x.place DESC;
END $$;

CREATE FUNCTION api.class_show(in_operator uuid[], in_number int8[])
RETURNS TABLE (req int4, number int8, institution_code text, institution_name text, title text, occupation_code text,
               occupation_name text, level int2, training_kind int2, training_kind_name text, starts_on date,
               ends_on date, capacity int4, enrolled int4, state int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.class_number, x.institution_code, x.institution_name, x.title, x.occupation_code,
           x.occupation_name, x.level, x.training_kind, x.training_kind_name, x.starts_on, x.ends_on, x.capacity,
           x.enrolled, x.state
      FROM unnest(in_operator, in_number) WITH ORDINALITY i(operator_id, number, n)
      JOIN api.acting a ON a.operator_id = i.operator_id
      JOIN api.class_shown x ON x.class_number = i.number
       AND api.sees(a.kind, a.organisation_id, a.division, x.organisation_id, x.division)
     ORDER BY i.n;
END $$;
