/* SPDX-License-Identifier: Apache-2.0 */
/* Dossiers: a claim's rows as the log covers them, and where the log has their entries. */

/* Which rows of a covered table belong to a claim; NULL: none. $1 claim, $2 its person's records, $3 certificate, $4 class. */
CREATE FUNCTION api.dossier_rows(in_table text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN in_table IN ('claim', 'claim_line', 'claim_step', 'claim_fact') THEN 'claim_id = $1'
                WHEN in_table IN ('claim_place', 'claim_once') THEN 'person_id = ANY ($2) AND claim_id = $1'
                WHEN in_table IN ('certificate', 'certificate_version', 'certificate_amendment') THEN 'certificate_id = $3'
                WHEN in_table = 'class' THEN 'class_number = $4'
                WHEN in_table = 'enrolment' THEN 'class_number = $4 AND person_id = ANY ($2)'
                WHEN in_table = 'standard' THEN 'standard_id IN (SELECT l.standard_id FROM registry.claim_line l WHERE l.claim_id = $1)' END
$$;

/* The rows, then (table_number NULL) the places of entries; a place NULL: the log has it not yet. An entry is found by its
   transaction, which is the one that wrote the row. */
CREATE FUNCTION api.claim_dossier(in_operator uuid[], in_claim uuid[])
RETURNS TABLE (req int4, outcome int2, table_number int2, columns text, record bytea, leaf_index int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    claim registry.claim;
    covered record;
    records bytea[];
    written int8[];          /* by which transactions, modulo 2^32 */
    digests bytea[];
    xids int8[];
    subjects bytea[];
    latest int8 := pg_snapshot_xmax(pg_current_snapshot())::text::int8;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT c.* INTO claim FROM registry.claim c
          JOIN api.acting a ON a.operator_id = in_operator[i] AND 'auditor' = ANY (a.roles)
         WHERE c.claim_id = in_claim[i];
        RETURN QUERY SELECT i, CASE WHEN claim IS NULL THEN 126 ELSE 1 END::int2, NULL::int2, NULL::text, NULL::bytea, NULL::int8
                      WHERE claim IS NULL;
        CONTINUE WHEN claim IS NULL;
        digests := '{}';
        xids := '{}';
        FOR covered IN SELECT c.* FROM audit.covered c WHERE api.dossier_rows(c.table_name) IS NOT NULL
                        ORDER BY c.table_name LIKE 'claim%' DESC, c.table_number LOOP
            EXECUTE format('SELECT array_agg(record_send(ROW(%s)) ORDER BY %s), array_agg(xmin::text::int8) FROM registry.%I WHERE %s',
                           covered.columns, array_to_string(covered.place, ', '), covered.table_name, api.dossier_rows(covered.table_name))
               INTO records, written
              USING claim.claim_id, api.person_ids(claim.person_id), claim.certificate_id, claim.class_number;
            CONTINUE WHEN records IS NULL;
            RETURN QUERY SELECT i, 1::int2, covered.table_number, covered.columns, r, NULL::int8 FROM unnest(records) r;
            digests := digests || (SELECT array_agg(sha256(r)) FROM unnest(records) r);
            xids := xids || (SELECT array_agg(DISTINCT (e << 32) + w)
                               FROM unnest(written) w, generate_series(0, latest >> 32) e WHERE (e << 32) + w < latest);
        END LOOP;
        SELECT ARRAY[uuid_send(claim.claim_id), uuid_send(claim.certificate_id)] || array_agg(DISTINCT uuid_send(l.standard_id))
          INTO subjects FROM registry.claim_line l WHERE l.claim_id = claim.claim_id;
        RETURN QUERY
        SELECT i, 1::int2, NULL::int2, NULL::text, NULL::bytea, l.leaf_index
          FROM audit.entry e
          LEFT JOIN audit.leaf l ON l.entry_id = e.id
         WHERE e.xid = ANY (ARRAY(SELECT DISTINCT x::text::xid8 FROM unnest(xids) x))
           AND EXISTS (SELECT FROM unnest(CASE WHEN substring(e.body FROM 48 FOR 6) = '\x2a04726f7773' THEN digests ELSE subjects END) s
                        WHERE position(s IN e.body) > 0)
         ORDER BY l.leaf_index NULLS LAST;
    END LOOP;
END $$;
