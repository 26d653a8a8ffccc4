/* SPDX-License-Identifier: Apache-2.0 */
/* Places of claims: three a year (B2), one for an occupation and level (B3), and what a city allows of them (B11). They
   are a human's, whatever records of it are kept, merged or erased. */

/* All records of the human that a record is of, in order: the kept one, those merged into it, those that were erased,
   or corrected, and had one of its documents, and whoever else has or had one of theirs. */
CREATE FUNCTION helper.person_records(in_person uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    ids uuid[] := helper.person_ids(helper.person_kept(in_person));
    more uuid[];
BEGIN
    /* nearly always nothing of it was ever erased */
    IF NOT EXISTS (SELECT FROM registry.document d JOIN registry.document_erased e USING (document_index)
                    WHERE d.person_id = ANY (ids))
       AND NOT EXISTS (SELECT FROM registry.document_erased e WHERE e.person_id = ANY (ids)) THEN
        RETURN CASE WHEN cardinality(ids) = 1 THEN ids ELSE ARRAY(SELECT u FROM unnest(ids) u ORDER BY u) END;
    END IF;
    LOOP
        more := ARRAY(SELECT x.id
                        FROM (SELECT e.person_id
                                FROM registry.document d JOIN registry.document_erased e USING (document_index)
                               WHERE d.person_id = ANY (ids)
                              UNION
                              SELECT o.person_id FROM registry.document_erased e
                                JOIN registry.document_erased o USING (document_index)
                               WHERE e.person_id = ANY (ids)
                              UNION
                              SELECT d.person_id
                                FROM registry.document_erased e JOIN registry.document d USING (document_index)
                               WHERE e.person_id = ANY (ids)) found
                       CROSS JOIN LATERAL unnest(helper.person_ids(helper.person_kept(found.person_id))) x(id)
                      EXCEPT
                      SELECT unnest(ids));
        EXIT WHEN more = '{}';
        ids := ids || more;
    END LOOP;
    RETURN ARRAY(SELECT u FROM unnest(ids) u ORDER BY u);
END $$;

/* How many places of a year a human being's records have taken (B2). */
CREATE FUNCTION helper.places_taken(in_human uuid[], in_year int2) RETURNS int8 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT count(*) FROM registry.claim_place p WHERE p.person_id = ANY (in_human) AND p.year = in_year);
END $$;

/* The claims, or heads of projects, that have a human being's one place for an occupation and level (B3, E7). */
CREATE FUNCTION helper.once_taken(in_human uuid[], in_occupation text, in_level int2) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT coalesce(o.claim_id, o.head_id) FROM registry.claim_once o
                  WHERE o.person_id = ANY (in_human) AND o.occupation_code = in_occupation AND o.level = in_level);
END $$;

/* Whether a claim was submitted before another; before none of them all were. It is part of the query it stands in. */
CREATE FUNCTION helper.claim_before(of_claim registry.claim, in_claim registry.claim) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT in_claim.claim_id IS NULL OR coalesce(of_claim.ordinal, 0) < in_claim.ordinal
$$;

/* The same of what has a place, a claim or a head of a project, by its ordinal. */
CREATE FUNCTION helper.ordinal_before(of_ordinal int8, in_claim registry.claim) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT in_claim.claim_id IS NULL OR coalesce(of_ordinal, 0) < in_claim.ordinal
$$;

/* How many places a human being's records have taken in a year (NULL: in all years), before a claim. */
CREATE FUNCTION helper.places_before(in_human uuid[], in_year int2, in_claim registry.claim) RETURNS int8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT count(*)
              FROM registry.claim_place p
              LEFT JOIN registry.claim c ON c.claim_id = p.claim_id
              LEFT JOIN registry.project_head h ON h.head_id = p.head_id
             WHERE p.person_id = ANY (in_human) AND (in_year IS NULL OR p.year = in_year)
               AND helper.ordinal_before(coalesce(h.ordinal, c.ordinal), in_claim));
END $$;

/* Whether a level is above another: what has none is neither above nor below one. */
CREATE FUNCTION helper.level_above(in_one int2, in_other int2) RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT in_one > in_other AND in_one <> LEVEL_NONE
$$;

/* Whether a human being had a higher level of an occupation paid or claimed before a claim. */
CREATE FUNCTION helper.higher_before(in_human uuid[], in_occupation text, in_level int2, in_claim registry.claim)
RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.claim_once o
                     LEFT JOIN registry.claim c ON c.claim_id = o.claim_id
                     LEFT JOIN registry.project_head h ON h.head_id = o.head_id
                    WHERE o.person_id = ANY (in_human) AND o.occupation_code = in_occupation
                      AND helper.level_above(o.level, in_level)
                      AND helper.ordinal_before(coalesce(h.ordinal, c.ordinal), in_claim));
END $$;

/* Claims of a person in a year at most, where students have their own number (B11). */
CREATE FUNCTION helper.year_cap(in_group int2, in_students int4, in_others int4) RETURNS int4
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF in_students = in_others THEN
        RETURN in_others;
    END IF;
    RETURN CASE WHEN EXISTS (SELECT FROM registry.trainee_group g
                              WHERE g.code = in_group AND g.name = '在校大学生') THEN in_students ELSE in_others END;
END $$;

/* Which of the limits that are kept with it a human being's claim passes (B11), whose places `in_more` claims of the
   same set take besides those that are taken; `in_higher`: one of them is for a higher level of its occupation. Of a
   claim that was submitted only those before it count: after a merge its human may have claims that were not known to
   be one's. */
CREATE FUNCTION helper.limits_passed(in_claim registry.claim, in_human uuid[], in_more int4, in_higher bool)
RETURNS int2[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN array_remove(ARRAY[
        CASE WHEN in_claim.year_cap < CLAIM_PLACES_A_YEAR
                  AND in_more + helper.places_before(in_human, in_claim.year, in_claim) >= in_claim.year_cap
                  THEN OUTCOME_YEAR_CAP END,
        CASE WHEN in_claim.life_cap > 0
                  AND in_more + helper.places_before(in_human, NULL, in_claim) >= in_claim.life_cap
                  THEN OUTCOME_LIFE_CAP END,
        CASE WHEN in_claim.no_lower
                  AND (in_higher OR helper.higher_before(in_human, in_claim.occupation_code, in_claim.level, in_claim))
                  THEN OUTCOME_LOWER_AFTER_HIGHER END]::int2[], NULL);
END $$;

/* Places of records that were merged become the kept one's, as far as its keys have room; a claim, or a head of a
   project, goes where its place of the year is. What does not fit stays beside them, counts as much, and follows when
   there is room. */
CREATE PROCEDURE helper.places_gather(in_kept uuid) LANGUAGE plpgsql AS $$
BEGIN
    WITH beside AS MATERIALIZED (
        SELECT p.*, row_number() OVER (PARTITION BY p.year ORDER BY coalesce(p.claim_id, p.head_id)) AS nth
          FROM registry.person_merge g JOIN registry.claim_place p ON p.person_id = g.gone
         WHERE g.kept = in_kept),
    moved AS (
        UPDATE registry.claim_place p SET person_id = in_kept, place = f.place
          FROM beside b
         CROSS JOIN LATERAL (SELECT s.place::int2 AS place FROM generate_series(1, CLAIM_PLACES_A_YEAR) s(place)
                              WHERE NOT EXISTS (SELECT FROM registry.claim_place k
                                                 WHERE k.person_id = in_kept AND k.year = b.year AND k.place = s.place)
                              ORDER BY s.place OFFSET b.nth - 1 LIMIT 1) f
         WHERE p.person_id = b.person_id AND p.year = b.year AND p.place = b.place
        RETURNING p.claim_id, p.head_id),
    heads AS (UPDATE registry.project_head h SET person_id = in_kept FROM moved m WHERE h.head_id = m.head_id)
    UPDATE registry.claim c SET person_id = in_kept FROM moved m WHERE c.claim_id = m.claim_id;
    UPDATE registry.claim_once o SET person_id = in_kept
      FROM (SELECT DISTINCT ON (b.occupation_code, b.level) b.*
              FROM registry.person_merge g JOIN registry.claim_once b ON b.person_id = g.gone
             WHERE g.kept = in_kept
               AND NOT EXISTS (SELECT FROM registry.claim_once k
                                WHERE k.person_id = in_kept AND k.occupation_code = b.occupation_code
                                  AND k.level = b.level)
             ORDER BY b.occupation_code, b.level, coalesce(b.claim_id, b.head_id)) f
     WHERE o.person_id = f.person_id AND o.occupation_code = f.occupation_code AND o.level = f.level;
END $$;

/* Claims that are over, and owe nothing for fraud, give their places back. */
CREATE PROCEDURE helper.places_free(in_claims registry.claim[]) LANGUAGE plpgsql AS $$
DECLARE
    over registry.claim[] := ARRAY(SELECT u FROM unnest(in_claims) u
                                    WHERE u.state IN (CLAIM_REJECTED, CLAIM_WITHDRAWN, CLAIM_CLAWED_BACK)
                                      AND NOT EXISTS (SELECT FROM registry.claim_step s
                                                       WHERE s.claim_id = u.claim_id AND s.fraud));
    kept uuid;
BEGIN
    IF cardinality(over) = 0 THEN
        RETURN;
    END IF;
    DELETE FROM registry.claim_place p USING unnest(over) u
     WHERE p.person_id = u.person_id AND p.year = u.year AND p.claim_id = u.claim_id;
    DELETE FROM registry.claim_once o USING unnest(over) u
     CROSS JOIN LATERAL unnest(helper.person_ids(helper.person_kept(u.person_id))) x(id)
     WHERE o.person_id = x.id AND o.occupation_code = u.occupation_code AND o.level = u.level
       AND o.claim_id = u.claim_id;
    FOR kept IN SELECT DISTINCT g.kept FROM unnest(over) u
                  JOIN registry.person_merge g ON g.kept = helper.person_kept(u.person_id)
                 ORDER BY 1 LOOP
        CALL helper.places_gather(kept);
    END LOOP;
END $$;

/* Suspends whatever of a human is not paid and has more places in its way than there are, or than its city allows, or
   another's; or was given what another claim was, or what a first certificate is (B2, B3, B6, B10, B11): it is to be
   looked into. */
CREATE PROCEDURE helper.places_doubt(in_human uuid[], in_reason text, in_request_id uuid) LANGUAGE plpgsql AS $$
DECLARE
    doubted uuid[];
BEGIN
    /* the claims of the human first, whatever the planner thinks: finding obstacles takes several queries a claim */
    WITH own AS MATERIALIZED (
        SELECT c FROM registry.claim_place p JOIN registry.claim c ON c.claim_id = p.claim_id
         WHERE p.person_id = ANY (in_human) AND c.state <> CLAIM_PAID)
    SELECT array_agg((o.c).claim_id) INTO doubted FROM own o
     WHERE helper.claim_obstacles(o.c) && ARRAY[OUTCOME_YEAR_FULL, OUTCOME_ONCE_TAKEN, OUTCOME_YEAR_CAP,
                                                OUTCOME_LIFE_CAP, OUTCOME_LOWER_AFTER_HIGHER,
                                                OUTCOME_LIVING_ALLOWANCE, OUTCOME_ATTENDED_LESS,
                                                OUTCOME_RENEWAL_FOUND]::int2[];
    CALL helper.claims_suspend(coalesce(doubted, '{}'), in_reason, in_request_id);
END $$;

/* Before the documents of these records of one person go: those by which what the records hold is found when a
   document comes again, and by which several documents are known to be one human's. Of a single document without a
   place nothing is kept. */
CREATE PROCEDURE helper.places_outlive(in_persons uuid[]) LANGUAGE sql AS $$
    INSERT INTO registry.document_erased (document_index, person_id)
    SELECT d.document_index, h.person_id
      FROM registry.document d
      JOIN unnest(in_persons) h(person_id)
        ON EXISTS (SELECT FROM registry.claim_place p WHERE p.person_id = h.person_id)
           OR EXISTS (SELECT FROM registry.claim_once o WHERE o.person_id = h.person_id)
           OR h.person_id = in_persons[1]
              AND (SELECT count(*) FROM registry.document x WHERE x.person_id = ANY (in_persons)) > 1
     WHERE d.person_id = ANY (in_persons)
     ORDER BY 1, 2
        ON CONFLICT DO NOTHING;
$$;
