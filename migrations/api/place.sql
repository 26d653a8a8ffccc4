/* SPDX-License-Identifier: Apache-2.0 */
/* Places of claims: three a year (B2), one for an occupation and level (B3). They are a human's, whatever records of
   it are kept, merged or erased. */

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

/* The claims that have a human being's one place for an occupation and level (B3). */
CREATE FUNCTION helper.once_taken(in_human uuid[], in_occupation text, in_level int2) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT o.claim_id FROM registry.claim_once o
                  WHERE o.person_id = ANY (in_human) AND o.occupation_code = in_occupation AND o.level = in_level);
END $$;

/* Places of records that were merged become the kept one's, as far as its keys have room; a claim goes where its
   place of the year is. What does not fit stays beside them, counts as much, and follows when there is room. */
CREATE PROCEDURE helper.places_gather(in_kept uuid) LANGUAGE plpgsql AS $$
BEGIN
    WITH beside AS MATERIALIZED (
        SELECT p.*, row_number() OVER (PARTITION BY p.year ORDER BY p.claim_id) AS nth
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
        RETURNING p.claim_id)
    UPDATE registry.claim c SET person_id = in_kept FROM moved m WHERE c.claim_id = m.claim_id;
    UPDATE registry.claim_once o SET person_id = in_kept
      FROM (SELECT DISTINCT ON (b.occupation_code, b.level) b.*
              FROM registry.person_merge g JOIN registry.claim_once b ON b.person_id = g.gone
             WHERE g.kept = in_kept
               AND NOT EXISTS (SELECT FROM registry.claim_once k
                                WHERE k.person_id = in_kept AND k.occupation_code = b.occupation_code
                                  AND k.level = b.level)
             ORDER BY b.occupation_code, b.level, b.claim_id) f
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

/* Suspends whatever of a human is not paid and has more places in its way than there are, or another's (B2, B3): it
   is to be looked into. */
CREATE PROCEDURE helper.places_doubt(in_human uuid[], in_reason text, in_request_id uuid) LANGUAGE plpgsql AS $$
DECLARE
    doubted uuid[];
BEGIN
    /* the claims of the human first, whatever the planner thinks: finding obstacles takes several queries a claim */
    WITH own AS MATERIALIZED (
        SELECT c FROM registry.claim_place p JOIN registry.claim c ON c.claim_id = p.claim_id
         WHERE p.person_id = ANY (in_human) AND c.state <> CLAIM_PAID)
    SELECT array_agg((o.c).claim_id) INTO doubted FROM own o
     WHERE helper.claim_obstacles(o.c) && ARRAY[OUTCOME_YEAR_FULL, OUTCOME_ONCE_TAKEN]::int2[];
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
