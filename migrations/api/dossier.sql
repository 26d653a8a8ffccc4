/* SPDX-License-Identifier: Apache-2.0 */
/* Dossiers: a claim's rows as the log covers them, and where the log has their entries. */

/* Which rows of a covered table belong to a claim; NULL: none. $1 claim, $2 its person's records, $3 certificate, $4
   class, $5 division, $6 and $7 the days between which rules and calendar counted. */
CREATE FUNCTION helper.dossier_rows(in_table text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN in_table IN ('claim', 'claim_line', 'claim_step', 'claim_fact') THEN 'claim_id = $1'
                WHEN in_table IN ('claim_place', 'claim_once') THEN 'person_id = ANY ($2) AND claim_id = $1'
                WHEN in_table IN ('certificate', 'certificate_version', 'certificate_amendment')
                     THEN 'certificate_id = $3'
                WHEN in_table IN ('class', 'class_filing', 'class_standard') THEN 'class_number = $4'
                WHEN in_table = 'enrolment' THEN 'class_number = $4 AND person_id = ANY ($2)'
                WHEN in_table = 'standard'
                     THEN 'standard_id IN (SELECT l.standard_id FROM registry.claim_line l WHERE l.claim_id = $1)'
                WHEN in_table IN ('policy', 'policy_proposal') THEN
                    'division IN ($5, left($5, 4) || ''00'', left($5, 2) || ''0000'') '
                    'AND valid_from <= $7 AND (valid_to IS NULL OR valid_to >= $6) '
                    'AND name IN (''claim_months'', ''living_days'', ''review_days'', ''publicity_days'', '
                    '''four_eyes'', ''fact_pension'', ''fact_insured'', ''rate_day'', ''no_lower_after_higher'', '
                    '''year_cap_students'', ''year_cap_others'', ''life_cap'')'
                    || CASE in_table WHEN 'policy_proposal' THEN ' AND decision = ' || PROPOSAL_IN_FORCE ELSE '' END
                WHEN in_table = 'calendar_day' THEN
                    'division IN (left($5, 4) || ''00'', left($5, 2) || ''0000'') AND day BETWEEN $6 AND $7'
                WHEN in_table = 'calendar_proposal' THEN
                    'division IN (left($5, 4) || ''00'', left($5, 2) || ''0000'') AND day BETWEEN $6 AND $7 '
                    'AND decision = ' || PROPOSAL_IN_FORCE END
$$;

/* Transactions before in_latest with these ids, modulo 2^32. */
CREATE FUNCTION helper.dossier_xids(in_written int8[], in_latest int8) RETURNS xid8[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT ((e << 32) + w)::text::xid8), '{}')
      FROM unnest(in_written) w, generate_series(0, in_latest >> 32) e
     WHERE (e << 32) + w < in_latest
$$;

/* The rows, then (table_number NULL) the places of entries; a place NULL: the log has it not yet. An entry is found
   by its transaction: the one that wrote the row, or that covered its table since. */
CREATE FUNCTION api.claim_dossier(in_operator uuid[], in_claim uuid[], in_pending int4[])
RETURNS TABLE (req int4, outcome int2, table_number int2, columns text, record bytea, leaf_index int8, person_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    caller helper.acting;
    claim registry.claim;
    decided int2;
    first_day date;
    last_day date;
    covered record;
    records bytea[];
    digests bytea[];         /* of `records` */
    missing bytea[];         /* of `digests`, those of no entry yet */
    written int8[];          /* by which transactions, modulo 2^32 */
    own xid8[];              /* these transactions */
    all_digests bytea[];
    xids xid8[];
    subjects bytea[];
    latest int8 := pg_snapshot_xmax(pg_current_snapshot())::text::int8;
BEGIN
    FOR i IN 1 .. cardinality(in_operator) LOOP
        SELECT * INTO caller FROM helper.acting a WHERE a.operator_id = in_operator[i];
        SELECT c.* INTO claim FROM registry.claim c WHERE c.claim_id = in_claim[i];
        decided := CASE WHEN caller IS NULL OR NOT 'auditor' = ANY (caller.roles) THEN OUTCOME_NOT_ALLOWED
                        WHEN helper.looks_left(in_operator[i], caller.division, false) <= coalesce(in_pending[i], 0)
                             THEN OUTCOME_LOOKS_EXCEEDED
                        WHEN claim IS NULL
                             OR NOT helper.sees(caller.kind, caller.organisation_id, caller.division,
                                                claim.organisation_id, claim.division) THEN OUTCOME_CLAIM_UNKNOWN
                        ELSE OUTCOME_DONE END;
        RETURN QUERY SELECT i, decided, NULL::int2, NULL::text, NULL::bytea, NULL::int8, NULL::uuid
                      WHERE decided <> OUTCOME_DONE;
        CONTINUE WHEN decided <> OUTCOME_DONE;
        SELECT min((s.stepped_at AT TIME ZONE 'Asia/Shanghai')::date),
               greatest(max((s.stepped_at AT TIME ZONE 'Asia/Shanghai')::date), claim.publicity_until, claim.due_on)
          INTO first_day, last_day FROM registry.claim_step s WHERE s.claim_id = claim.claim_id;
        all_digests := '{}';
        xids := '{}';
        FOR covered IN SELECT c.*, c.xmin::text::int8 AS since FROM audit.covered c
                        WHERE helper.dossier_rows(c.table_name) IS NOT NULL
                        ORDER BY c.table_name LIKE 'claim%' DESC, c.table_number LOOP
            EXECUTE format('SELECT array_agg(record_send(ROW(%s)) ORDER BY %s), array_agg(xmin::text::int8) '
                           'FROM registry.%I WHERE %s',
                           covered.columns, array_to_string(covered.place, ', '), covered.table_name,
                           helper.dossier_rows(covered.table_name))
               INTO records, written
              USING claim.claim_id, helper.person_ids(helper.person_kept(claim.person_id)), claim.certificate_id,
                    claim.class_number, claim.division, first_day, last_day;
            CONTINUE WHEN records IS NULL;
            RETURN QUERY SELECT i, OUTCOME_DONE::int2, covered.table_number, covered.columns, r, NULL::int8,
                                claim.person_id FROM unnest(records) r;
            digests := ARRAY(SELECT sha256(r) FROM unnest(records) r);
            own := helper.dossier_xids(written, latest);
            IF EXISTS (SELECT FROM unnest(digests) d
                        WHERE NOT EXISTS (SELECT FROM audit.entry e
                                           WHERE e.xid = ANY (own) AND position(d IN e.body) > 0)) THEN
                own := own || helper.dossier_xids(ARRAY[covered.since], latest);
            END IF;
            /* after a dump was loaded rows are of other transactions: the whole log is looked through */
            missing := ARRAY(SELECT d FROM unnest(digests) d
                              WHERE NOT EXISTS (SELECT FROM audit.entry e
                                                 WHERE e.xid = ANY (own) AND position(d IN e.body) > 0));
            IF cardinality(missing) > 0 THEN
                own := own || ARRAY(SELECT e.xid FROM audit.entry e
                                     WHERE substring(e.body FROM 48 FOR 6) = '\x2a04726f7773'
                                       AND EXISTS (SELECT FROM unnest(missing) d WHERE position(d IN e.body) > 0));
            END IF;
            all_digests := all_digests || digests;
            xids := xids || own;
        END LOOP;
        EXECUTE format('SELECT array_agg(uuid_send(p.proposal_id)) '
                       'FROM (SELECT proposal_id FROM registry.policy_proposal WHERE %s '
                       'UNION ALL SELECT proposal_id FROM registry.calendar_proposal WHERE %s) p',
                       helper.dossier_rows('policy_proposal'), helper.dossier_rows('calendar_proposal'))
           INTO subjects USING NULL::uuid, NULL::uuid[], NULL::uuid, NULL::int8, claim.division, first_day, last_day;
        subjects := subjects || uuid_send(claim.claim_id) || uuid_send(claim.certificate_id)
                 || ARRAY(SELECT uuid_send(l.standard_id) FROM registry.claim_line l WHERE l.claim_id = claim.claim_id)
                 || ARRAY(SELECT DISTINCT uuid_send(s.request_id) FROM registry.claim_step s
                           WHERE s.claim_id = claim.claim_id);
        EXECUTE format('SELECT $8 || coalesce(array_agg(k.xid), ''{}'') FROM registry.request k '
                       'WHERE k.request_id IN (SELECT request_id FROM registry.claim_step WHERE claim_id = $1 '
                       'UNION SELECT request_id FROM registry.policy_proposal WHERE %s '
                       'UNION SELECT request_id FROM registry.calendar_proposal WHERE %s)',
                       helper.dossier_rows('policy_proposal'), helper.dossier_rows('calendar_proposal'))
           INTO xids
         USING claim.claim_id, NULL::uuid[], NULL::uuid, NULL::int8, claim.division, first_day, last_day, xids;
        RETURN QUERY
        SELECT i, OUTCOME_DONE::int2, NULL::int2, NULL::text, NULL::bytea, l.leaf_index, claim.person_id
          FROM audit.entry e
          LEFT JOIN audit.leaf l ON l.entry_id = e.id
         WHERE e.xid = ANY (ARRAY(SELECT DISTINCT x FROM unnest(xids) x))
           AND EXISTS (SELECT FROM unnest(CASE WHEN substring(e.body FROM 48 FOR 6) = '\x2a04726f7773' THEN all_digests
                                               ELSE subjects END) s
                        WHERE position(s IN e.body) > 0)
         ORDER BY l.leaf_index NULLS LAST;
    END LOOP;
END $$;
