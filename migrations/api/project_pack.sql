/* SPDX-License-Identifier: Apache-2.0 */
/* The settlement pack of a project (E15): its rows as the log covers them, in pages, and where the log has their
   entries. */

/* The tables of a pack, in its order. */
CREATE FUNCTION helper.pack_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['project', 'project_tier', 'project_class', 'project_step', 'project_run', 'tranche', 'charge',
                 'payment_batch', 'batch_line', 'batch_answer', 'project_head', 'project_evidence', 'project_run_head',
                 'project_material',
                 'claim_place', 'claim_once', 'class', 'enrolment', 'lesson', 'attendance', 'mark', 'certificate']
$$;

/* Which rows of such a table are the project's ($1). */
CREATE FUNCTION helper.pack_rows(in_table text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN in_table IN ('class', 'enrolment', 'lesson', 'attendance', 'mark', 'certificate') THEN
                    'class_number IN (SELECT k.class_number FROM registry.project_class k WHERE k.project_id = $1)'
                WHEN in_table IN ('project_evidence', 'claim_place', 'claim_once') THEN
                    'head_id IN (SELECT h.head_id FROM registry.project_head h WHERE h.project_id = $1)'
                WHEN in_table IN ('charge', 'batch_line') THEN
                    'subject_kind = ' || MONEY_TRANCHE || ' AND subject_id IN '
                    '(SELECT t.tranche_id FROM registry.tranche t WHERE t.project_id = $1)'
                WHEN in_table = 'payment_batch' THEN
                    'batch_id IN (SELECT l.batch_id FROM registry.batch_line l '
                    'JOIN registry.tranche t ON t.tranche_id = l.subject_id '
                    'WHERE l.subject_kind = ' || MONEY_TRANCHE || ' AND t.project_id = $1)'
                WHEN in_table = 'batch_answer' THEN
                    '(batch_id, line) IN (SELECT l.batch_id, l.line FROM registry.batch_line l '
                    'JOIN registry.tranche t ON t.tranche_id = l.subject_id '
                    'WHERE l.subject_kind = ' || MONEY_TRANCHE || ' AND t.project_id = $1)'
                ELSE 'project_id = $1' END
$$;

/* What the rows became, by the entry of row changes: the digests in it (audit.enter_sql). */
CREATE FUNCTION helper.entry_rows(in_body bytea) RETURNS SETOF bytea LANGUAGE plpgsql STABLE AS $$
DECLARE
    at int4 := octet_length(audit.rows_head()); /* bytes that were read */
    n int4;
BEGIN
    WHILE at < octet_length(in_body) AND get_byte(in_body, at) = 138 LOOP
        n := get_byte(in_body, at + 2);
        at := at + 3;
        IF n >= 128 THEN
            n := n - 128 + 128 * get_byte(in_body, at);
            at := at + 1;
        END IF;
        at := at + n;
        IF substring(in_body FROM at - 33 FOR 2) = '\x2220' THEN
            RETURN NEXT substring(in_body FROM at - 31 FOR 32);
        END IF;
    END LOOP;
END $$;

/* The entries of row changes of these transactions (NULL: of the whole log) in which rows became what these digests
   say. */
CREATE FUNCTION helper.entries_of_rows(in_xids xid8[], in_digests bytea[])
RETURNS TABLE (entries int8[], digests bytea[]) LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT x.id), '{}'), coalesce(array_agg(DISTINCT x.digest), '{}')
      FROM (SELECT e.id, r.digest
              FROM audit.entry e
             CROSS JOIN LATERAL helper.entry_rows(e.body) r(digest)
              JOIN (SELECT DISTINCT d FROM unnest(in_digests) d) d ON d.d = r.digest
             WHERE (in_xids IS NULL OR e.xid = ANY (in_xids))
               AND substring(e.body FROM 48 FOR 6) = '\x2a04726f7773') x
$$;

/* The requests by which a project came to be as it is. */
CREATE FUNCTION helper.pack_requests(in_project uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT s.request_id FROM registry.project_step s WHERE s.project_id = in_project
    UNION SELECT r.request_id FROM registry.project_run r WHERE r.project_id = in_project
    UNION SELECT t.request_id FROM registry.tranche t WHERE t.project_id = in_project
    UNION SELECT q.request_id FROM registry.project_head h JOIN registry.project_evidence v USING (head_id)
           CROSS JOIN LATERAL unnest(ARRAY[v.request_id, v.withdrawn_request]) q(request_id)
           WHERE h.project_id = in_project AND q.request_id IS NOT NULL
    UNION SELECT q.request_id FROM registry.project_material m
           CROSS JOIN LATERAL unnest(ARRAY[m.request_id, m.withdrawn_request]) q(request_id)
           WHERE m.project_id = in_project AND q.request_id IS NOT NULL
    UNION SELECT q.request_id FROM registry.tranche t
            JOIN registry.batch_line l ON l.subject_kind = MONEY_TRANCHE AND l.subject_id = t.tranche_id
            JOIN registry.payment_batch b ON b.batch_id = l.batch_id
            LEFT JOIN registry.batch_answer a ON a.batch_id = l.batch_id AND a.line = l.line
           CROSS JOIN LATERAL unnest(ARRAY[l.request_id, b.request_id, a.request_id]) q(request_id)
           WHERE t.project_id = in_project AND q.request_id IS NOT NULL
$$;

/* What entries of these requests may be about, besides other projects and claims. */
CREATE FUNCTION helper.pack_subjects(in_project uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT in_project
    UNION SELECT t.tranche_id FROM registry.tranche t WHERE t.project_id = in_project
    UNION SELECT l.batch_id FROM registry.tranche t
            JOIN registry.batch_line l ON l.subject_kind = MONEY_TRANCHE AND l.subject_id = t.tranche_id
           WHERE t.project_id = in_project
    UNION SELECT v.evidence_id FROM registry.project_head h JOIN registry.project_evidence v USING (head_id)
           WHERE h.project_id = in_project
    UNION SELECT m.material_id FROM registry.project_material m WHERE m.project_id = in_project
$$;

/* Where the log has the entries of a project's rows and decisions, in order; NULL: it has one not yet. An entry is
   found by its transaction: the one that wrote a row, that of a request, or the one that covered a table since. */
CREATE FUNCTION helper.pack_leaves(in_project uuid) RETURNS TABLE (leaf_index int8) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    covered record;
    became bytea[];
    written int8[];             /* by which transactions, modulo 2^32 */
    digests bytea[] := ARRAY[]::bytea[]; /* of all rows */
    since int8[] := ARRAY[]::int8[];
    requests uuid[] := ARRAY(SELECT r FROM helper.pack_requests(in_project) r);
    decided xid8[] := ARRAY(SELECT k.xid FROM registry.request k
                             WHERE k.request_id = ANY (requests) AND k.xid IS NOT NULL);
    own xid8[] := decided;
    found record;
    entries int8[];
    latest int8 := pg_snapshot_xmax(pg_current_snapshot())::text::int8;
BEGIN
    FOR covered IN SELECT c.*, c.xmin::text::int8 AS since FROM audit.covered c
                    WHERE c.table_name = ANY (helper.pack_tables()) LOOP
        EXECUTE format('SELECT array_agg(sha256(record_send(ROW(%s)))), array_agg(DISTINCT xmin::text::int8) '
                       'FROM registry.%I WHERE %s', covered.columns, covered.table_name,
                       helper.pack_rows(covered.table_name))
           INTO became, written USING in_project;
        CONTINUE WHEN became IS NULL;
        digests := digests || became;
        own := own || helper.dossier_xids(written, latest);
        since := since || covered.since;
    END LOOP;
    SELECT * INTO found FROM helper.entries_of_rows(own, digests);
    entries := found.entries;
    digests := ARRAY(SELECT unnest(digests) EXCEPT SELECT unnest(found.digests));
    IF cardinality(digests) > 0 THEN
        SELECT * INTO found FROM helper.entries_of_rows(helper.dossier_xids(since, latest), digests);
        entries := entries || found.entries;
        digests := ARRAY(SELECT unnest(digests) EXCEPT SELECT unnest(found.digests));
    END IF;
    IF cardinality(digests) > 0 THEN /* after a dump was loaded rows are of other transactions */
        entries := entries || (SELECT r.entries FROM helper.entries_of_rows(NULL, digests) r);
    END IF;
    RETURN QUERY
    SELECT l.leaf_index
      FROM (SELECT unnest(entries) AS id
            UNION
            SELECT e.id FROM audit.entry e
              JOIN unnest(requests) r ON uuid_send(r) = substring(e.body FROM 52 + get_byte(e.body, 48) FOR 16)
             WHERE e.xid = ANY (decided)
               AND (helper.entry_subject(e.body) IS NULL
                    OR helper.entry_subject(e.body) IN (SELECT uuid_send(s) FROM helper.pack_subjects(in_project) s))) x
      LEFT JOIN audit.leaf l ON l.entry_id = x.id
     ORDER BY l.leaf_index NULLS LAST;
END $$;

/* A page of the rows, then (table_number NULL) the row whose `place` begins the next page: the number of a table times
   2^32, and how many rows of it were told; with the last page instead the places of entries, NULL: the log has it not
   yet. */
CREATE FUNCTION api.project_pack(in_operator uuid[], in_project uuid[], in_after int8[])
RETURNS TABLE (req int4, outcome int2, table_number int2, columns text, record bytea, leaf_index int8, place int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    bytes_most CONSTANT int4 := 524288;
    bytes_room CONSTANT int4 := 65536; /* for a row of any table */
    rows_most CONSTANT int4 := 5000;
    i record;
    covered record;
    told int8;
    left_over int8;
    records bytea[];
    there int4;
    next int8;
BEGIN
    FOR i IN SELECT r.n::int4 AS req, r.after, p.project_id
               FROM unnest(in_operator, in_project, in_after) WITH ORDINALITY r(operator_id, project_id, after, n)
               LEFT JOIN helper.acting a ON a.operator_id = r.operator_id AND 'auditor' = ANY (a.roles)
               LEFT JOIN registry.project p ON p.project_id = r.project_id AND helper.project_seen(a, p)
              ORDER BY r.n LOOP
        IF i.project_id IS NULL THEN
            RETURN QUERY SELECT i.req, OUTCOME_PROJECT_UNKNOWN::int2, NULL::int2, NULL::text, NULL::bytea, NULL::int8,
                                NULL::int8;
            CONTINUE;
        END IF;
        next := NULL;
        left_over := bytes_most;
        FOR covered IN SELECT c.*, o.n FROM unnest(helper.pack_tables()) WITH ORDINALITY o(name, n)
                         JOIN audit.covered c ON c.table_name = o.name
                        WHERE o.n >= i.after >> 32 ORDER BY o.n LOOP
            told := CASE WHEN covered.n = i.after >> 32 THEN i.after & 4294967295 ELSE 0 END;
            EXECUTE format(
                'SELECT coalesce(array_agg(s.record ORDER BY s.nth) FILTER (WHERE s.bytes <= $2), ''{}''), count(*) '
                'FROM (SELECT r.*, sum(octet_length(r.record) + %3$s) OVER (ORDER BY r.nth) AS bytes '
                'FROM (SELECT record_send(ROW(%1$s)) AS record, row_number() OVER (ORDER BY %2$s) AS nth '
                'FROM registry.%4$I WHERE %5$s ORDER BY %2$s OFFSET $3 LIMIT %6$s) r) s',
                covered.columns, array_to_string(covered.place, ', '), octet_length(covered.columns) + 16,
                covered.table_name, helper.pack_rows(covered.table_name), rows_most)
               INTO records, there USING i.project_id, left_over, told;
            RETURN QUERY SELECT i.req, OUTCOME_DONE::int2, covered.table_number, covered.columns, r, NULL::int8,
                                NULL::int8 FROM unnest(records) r;
            left_over := left_over - (SELECT coalesce(sum(octet_length(r) + octet_length(covered.columns) + 16), 0)
                                        FROM unnest(records) r);
            next := CASE WHEN cardinality(records) < there OR there = rows_most
                         THEN (covered.n << 32) + told + cardinality(records)
                         WHEN left_over < bytes_room THEN (covered.n + 1) << 32 END;
            EXIT WHEN next IS NOT NULL;
        END LOOP;
        IF next IS NULL THEN
            RETURN QUERY SELECT i.req, OUTCOME_DONE::int2, NULL::int2, NULL::text, NULL::bytea, l.leaf_index, NULL::int8
                           FROM helper.pack_leaves(i.project_id) l;
        ELSE
            RETURN QUERY SELECT i.req, OUTCOME_DONE::int2, NULL::int2, NULL::text, NULL::bytea, NULL::int8, next;
        END IF;
    END LOOP;
END $$;
