/* SPDX-License-Identifier: Apache-2.0 */
/* What receipts are made of, and where what they promise came to be. */

/* The request id in an entry's canonical bytes: field 6, behind 49 bytes and the method. */
CREATE FUNCTION helper.entry_request(in_body bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(in_body) > 49 THEN substring(in_body FROM 52 + get_byte(in_body, 48) FOR 16) END
$$;

/* The places of the entries that requests wrote, in this transaction or, when they are repeated, in an earlier one.
   Looks the entries of those transactions through once: a set of requests has one. */
CREATE FUNCTION api.receipt(in_request_id uuid[], in_operator uuid[])
RETURNS TABLE (req int4, entry_id int8, leaf bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_nestloop = off AS $$
#variable_conflict use_column
DECLARE
    the_xids xid8[] = ARRAY(SELECT DISTINCT k.xid FROM registry.request k WHERE k.request_id = ANY (in_request_id));
BEGIN
    RETURN QUERY
    SELECT i.n::int4, e.id, sha256('\x00'::bytea || e.body)
      FROM unnest(in_request_id, in_operator) WITH ORDINALITY i(request_id, operator_id, n)
      JOIN audit.entry e ON helper.entry_request(e.body) = uuid_send(i.request_id) AND e.operator_id = i.operator_id
     WHERE e.xid = ANY (the_xids)
     ORDER BY i.n, e.id;
END $$;

/* The leaves that entries became; those that are not in the log yet are left out. Anybody may ask: a number says
   nothing. */
CREATE FUNCTION api.log_locate(in_operator uuid[], in_row_req int4[], in_entry_id int8[])
RETURNS TABLE (req int4, entry_id int8, leaf_index int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.req, l.entry_id, l.leaf_index
      FROM unnest(in_row_req, in_entry_id) WITH ORDINALITY i(req, entry_id, n)
      JOIN audit.leaf l ON l.entry_id = i.entry_id
     ORDER BY i.req, i.n;
END $$;
