/* SPDX-License-Identifier: Apache-2.0 */
/* The log over the entries: what the notary may do to it, and what callers may read of it. */

/* ---- the notary's: schema notary, of the role mingced_notary alone ---- */

/* How many leaves the log has, and its root. */
CREATE FUNCTION notary.head() RETURNS TABLE (size int8, root bytea) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT size, root FROM audit.log_head $$;

/* The oldest transaction that may still write an entry: below it every entry there will ever be is there. What runs
   in another database of the cluster writes none here, and is passed over where it is known to be such; what is not
   known counts. The order matters: the snapshot first, then which process is whose, then who holds which
   transaction: one that ran at the snapshot and runs still is the same process. */
CREATE FUNCTION notary.horizon() RETURNS xid8 LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    seen pg_snapshot := pg_current_snapshot();
    here oid := (SELECT oid FROM pg_database WHERE datname = current_database());
    away int4[];
    passed_over xid[];
BEGIN
    IF pg_snapshot_xmin(seen) = pg_snapshot_xmax(seen) THEN
        RETURN pg_snapshot_xmax(seen);
    END IF;
    away := ARRAY(SELECT a.pid FROM pg_stat_get_activity(NULL) a WHERE a.datid <> here);
    passed_over := ARRAY(SELECT l.transactionid FROM pg_locks l
                          WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
                            AND l.pid = ANY(away));
    RETURN coalesce((SELECT x FROM pg_snapshot_xip(seen) x WHERE x::xid <> ALL (passed_over) ORDER BY x LIMIT 1),
                    pg_snapshot_xmax(seen));
END $$;

/* Which session holds up entries that have committed, by the oldest transaction; no row: nobody does. Never what it
   does: that quotes values. There are no prepared ones (daemon/store/terms.c). */
CREATE FUNCTION notary.stalled() RETURNS TABLE (pid text, role text, application text) LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    horizon xid8 := notary.horizon();
BEGIN
    IF NOT EXISTS (SELECT FROM audit.entry e
                    WHERE e.xid >= horizon
                      AND (e.xid, e.id) > ((SELECT last_xid FROM audit.log_head), (SELECT last_id FROM audit.log_head)))
                      THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT l.pid::text, coalesce(pg_get_userbyid(a.usesysid)::text, ''), coalesce(a.application_name, '')
      FROM pg_locks l
      LEFT JOIN pg_stat_get_activity(NULL) a ON a.pid = l.pid
     WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.transactionid = horizon::xid
       AND l.pid IS NOT NULL
     LIMIT 1;
END $$;

/* Whether the log's order is that of this cluster's transactions. Where a dump was loaded, ids began anew: it goes
   on by itself only when none of those that count is as high as one that was, and nothing has been written below
   them meanwhile. */
CREATE FUNCTION notary.anchored() RETURNS bool LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head audit.log_head;
    here int8 := (SELECT system_identifier FROM pg_control_system());
    next_xid xid8 := pg_snapshot_xmax(pg_current_snapshot());
BEGIN
    SELECT * INTO head FROM audit.log_head;
    IF head.last_xid >= next_xid
       OR EXISTS (SELECT FROM audit.entry e WHERE e.xid >= next_xid AND e.id > head.anchor_id)
       OR head.cluster IS DISTINCT FROM here
          AND EXISTS (SELECT FROM audit.entry e
                       WHERE e.id > coalesce((SELECT max(l.entry_id) FROM audit.leaf l), 0)
                         AND (e.xid, e.id) <= (head.last_xid, head.last_id)) THEN
        RETURN false;
    END IF;
    UPDATE audit.log_head SET cluster = here WHERE cluster IS DISTINCT FROM here;
    RETURN true;
END $$;

/* Entries that have their place but are not in the log yet, in their order: those that were left when it was
   anchored; then by transaction, below the oldest that still runs here, then by id. */
CREATE FUNCTION notary.pending(in_most int4) RETURNS TABLE (id int8, xid xid8, body bytea) LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT e.id, (SELECT last_xid FROM audit.log_head), e.body
      FROM audit.entry_left l
      JOIN audit.entry e ON e.id = l.entry_id
     ORDER BY l.nth
     LIMIT in_most;
    IF NOT FOUND THEN
        RETURN QUERY
        SELECT e.id, e.xid, e.body
          FROM audit.entry e
         WHERE (e.xid, e.id) > ((SELECT last_xid FROM audit.log_head), (SELECT last_id FROM audit.log_head))
           AND e.id > (SELECT anchor_id FROM audit.log_head)
           AND e.xid < (SELECT notary.horizon())
         ORDER BY e.xid, e.id
         LIMIT in_most;
    END IF;
END $$;

/* A stored tile of the tree's hashes. */
CREATE FUNCTION notary.tile(in_level int2, in_index int8) RETURNS bytea LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT hashes FROM audit.tile WHERE level = in_level AND tile_index = in_index
$$;

/* The stored bytes of leaves, for hashing them again. */
CREATE FUNCTION notary.bodies(in_first int8, in_most int4) RETURNS TABLE (leaf_index int8, body bytea)
LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.leaf_index, e.body
      FROM audit.leaf l
      LEFT JOIN audit.entry e ON e.id = l.entry_id
     WHERE l.leaf_index >= in_first
     ORDER BY l.leaf_index
     LIMIT in_most
$$;

/* Grows the log, if it is still what the notary took it for. `ids`: the entries of the new leaves, in order; tiles
   as they are from now on. False: it is not; nothing was written. */
CREATE FUNCTION notary.grow(in_size int8, in_root bytea, in_new_root bytea, in_ids int8[], in_last_xid xid8,
                            in_levels int2[], in_indexes int8[], in_hashes bytea[]) RETURNS bool LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE audit.log_head
       SET size = in_size + cardinality(in_ids), root = in_new_root, last_xid = in_last_xid,
           last_id = in_ids[cardinality(in_ids)]
     WHERE size = in_size AND root = in_root;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO audit.leaf (leaf_index, entry_id)
    SELECT in_size + i.n - 1, i.id FROM unnest(in_ids) WITH ORDINALITY i(id, n);
    DELETE FROM audit.entry_left l WHERE l.entry_id = ANY (in_ids);
    INSERT INTO audit.tile AS t (level, tile_index, hashes)
    SELECT * FROM unnest(in_levels, in_indexes, in_hashes)
        ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes
         WHERE t.hashes = substring(excluded.hashes FROM 1 FOR octet_length(t.hashes));
    RETURN true;
END $$;

/* Stores a signed checkpoint; one of this size that is there already stays. */
CREATE FUNCTION notary.publish(in_size int8, in_note text) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO audit.checkpoint (size, note) VALUES (in_size, in_note) ON CONFLICT (size) DO NOTHING
$$;

/* The newest signed checkpoint. */
CREATE FUNCTION notary.latest() RETURNS text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT note FROM audit.checkpoint ORDER BY size DESC LIMIT 1
$$;

/* A witness's signature line below a checkpoint; one that is there already stays. */
CREATE FUNCTION notary.cosign(in_size int8, in_witness text, in_row text) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO audit.cosignature (size, witness, nth, line)
    SELECT in_size, in_witness, 1 + count(*), in_row FROM audit.cosignature WHERE size = in_size
        ON CONFLICT (size, witness) DO NOTHING
$$;

/* When the last cosignature of a witness came, seconds since 1970; 0: none did. */
CREATE FUNCTION notary.cosigned_at(in_witness text) RETURNS int8 LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT extract(epoch FROM cosigned_at)::int8 FROM audit.cosignature
                      WHERE witness = in_witness ORDER BY size DESC LIMIT 1), 0)
$$;

/* ---- whose turn it is ---- */

/* Which process has a turn, and since when it has run. */
CREATE FUNCTION notary.turn_holder(in_kind int2) RETURNS TABLE (pid int4, began_at timestamptz) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT pid, began_at FROM audit.turn
                                                              WHERE kind = in_kind $$;

/* Takes a turn whose process has gone: of two that found the same one gone, one takes it. */
CREATE FUNCTION notary.turn_take(in_kind int2, in_gone_pid int4, in_gone_began_at timestamptz, in_began_at timestamptz)
RETURNS bool
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE audit.turn
       SET pid = pg_backend_pid(), began_at = in_began_at
     WHERE kind = in_kind AND pid IS NOT DISTINCT FROM in_gone_pid AND began_at IS NOT DISTINCT FROM in_gone_began_at;
    RETURN FOUND;
END $$;

/* Whose turn it is: 'mine', 'another' or 'free', the last only for who does not want it. As the notary's own role,
   which alone is shown when its sessions began. */
CREATE FUNCTION notary.turn(in_kind int2, in_wanted bool) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder record;
    mine timestamptz := (SELECT backend_start FROM pg_stat_get_activity(pg_backend_pid()));
BEGIN
    SELECT * INTO STRICT holder FROM notary.turn_holder(in_kind);
    IF holder.pid = pg_backend_pid() AND holder.began_at = mine THEN
        RETURN 'mine';
    ELSIF EXISTS (SELECT FROM pg_stat_get_activity(holder.pid) a
                   WHERE a.pid = holder.pid AND a.backend_start = holder.began_at) THEN
        RETURN 'another';
    ELSIF NOT in_wanted THEN
        RETURN 'free';
    END IF;
    RETURN CASE WHEN notary.turn_take(in_kind, holder.pid, holder.began_at, mine) THEN 'mine' ELSE 'another' END;
END $$;

/* ---- what others have seen ---- */

/* Asks all the other hosts and the witnesses to say again what they have seen. */
CREATE FUNCTION notary.ask() RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO audit.sighting AS s (source, size, note) VALUES ('question', 0, '')
        ON CONFLICT (source) DO UPDATE SET seen_at = excluded.seen_at
$$;

/* When that question was asked last, microseconds since 1970; 0: never. */
CREATE FUNCTION notary.asked_at() RETURNS int8 LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT (extract(epoch FROM seen_at) * 1000000)::int8 FROM audit.sighting
                      WHERE source = 'question'), 0)
$$;

/* Says which checkpoint one has seen; nothing is written when that was said since the last question. */
CREATE FUNCTION notary.present(in_source text, in_size int8, in_note text, in_differs bool) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM audit.sighting s
                WHERE s.source = in_source AND s.differs = in_differs AND s.size = in_size
                  AND s.seen_at > coalesce((SELECT q.seen_at FROM audit.sighting q WHERE q.source = 'question'),
                                           '-infinity')) THEN
        RETURN;
    END IF;
    INSERT INTO audit.sighting AS s (source, size, note, differs) VALUES (in_source, in_size, in_note, in_differs)
        ON CONFLICT (source) DO UPDATE
       SET nth = nextval('audit.sighting_nth'), size = in_size, note = in_note, differs = in_differs,
           seen_at = clock_timestamp();
END $$;

/* Whether every other host that is known, and so many witnesses, have answered the last question. */
CREATE FUNCTION notary.answered(in_self text, in_witnesses int4) RETURNS bool LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM audit.sighting s
                        WHERE s.source LIKE 'host %' AND s.source <> in_self AND s.seen_at <= q.seen_at)
           AND (SELECT count(*) FROM audit.sighting s
                 WHERE s.source LIKE 'witness %' AND s.seen_at > q.seen_at) >= in_witnesses
      FROM audit.sighting q WHERE q.source = 'question'
$$;

/* Checkpoints that were said to have been seen, after the nth, in that order. */
CREATE FUNCTION notary.sightings(in_self text, in_nth int8)
RETURNS TABLE (nth int8, size int8, differs bool, source text, note text) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.nth, s.size, s.differs, s.source, s.note FROM audit.sighting s
     WHERE s.nth > in_nth AND s.source NOT IN ('question', in_self) ORDER BY s.nth LIMIT 100
$$;

/* ---- the daemon's ---- */

/* A checkpoint that a reader says it has seen, and that is none of this database's: kept for the notary, which
   verifies it. One of each operator. */
CREATE PROCEDURE helper.sighting_keep(in_operator uuid, in_seen text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    seen_size int8 := substring(in_seen FROM '^[^\n]+\n(0|[1-9][0-9]{0,17})\n')::int8;
BEGIN
    IF seen_size IS NULL OR octet_length(in_seen) > 65535
        OR EXISTS (SELECT FROM audit.checkpoint c
                    WHERE c.size = seen_size AND split_part(c.note, E'\n\n', 1) = split_part(in_seen, E'\n\n', 1)) THEN
        RETURN;
    END IF;
    INSERT INTO audit.sighting AS s (source, size, note) VALUES ('operator ' || in_operator, seen_size, in_seen)
        ON CONFLICT (source) DO UPDATE
       SET nth = nextval('audit.sighting_nth'), size = excluded.size, note = excluded.note, seen_at = excluded.seen_at
     WHERE s.note <> excluded.note;
END $$;

/* The last checkpoint that has so many cosignatures, with those it has; everybody may have it. `in_seen`: the one
   that the caller has seen last, or null. */
CREATE FUNCTION api.log_checkpoint(in_operator uuid[], in_cosignatures int4[], in_seen text[])
RETURNS TABLE (req int4, note text, signed_at_ms int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    i record;
BEGIN
    FOR i IN SELECT * FROM unnest(in_operator, in_seen) s(operator_id, seen) WHERE s.seen IS NOT NULL ORDER BY 1, 2 LOOP
        CALL helper.sighting_keep(i.operator_id, i.seen);
    END LOOP;
    RETURN QUERY
    SELECT i.n::int4,
           c.note || coalesce((SELECT string_agg(s.line, '' ORDER BY s.nth) FROM audit.cosignature s
                                WHERE s.size = c.size), ''),
           helper.ms(c.signed_at)
      FROM unnest(in_operator, in_cosignatures) WITH ORDINALITY i(operator_id, cosignatures, n)
      JOIN audit.checkpoint c
        ON c.size = CASE WHEN i.cosignatures = 0 THEN (SELECT max(size) FROM audit.checkpoint)
                         ELSE (SELECT max(size) FROM audit.cosignature WHERE nth = i.cosignatures) END
     ORDER BY i.n;
END $$;

/* Hashes of the tree: nothing can be read from them. */
CREATE FUNCTION api.log_tile(in_operator uuid[], in_level int2[], in_index int8[])
RETURNS TABLE (req int4, hashes bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, t.hashes
      FROM unnest(in_operator, in_level, in_index) WITH ORDINALITY i(operator_id, level, tile_index, n)
      JOIN audit.tile t ON t.level = i.level AND t.tile_index = i.tile_index
     ORDER BY i.n;
END $$;

/* Entries by their place in the log, for auditors: of half a megabyte at most, beyond the first. */
CREATE FUNCTION api.log_entries(in_operator uuid[], in_first int8[], in_most int4[])
RETURNS TABLE (req int4, leaf_index int8, entry_id int8, body bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.leaf_index, x.entry_id, x.body
      FROM unnest(in_operator, in_first, in_most) WITH ORDINALITY i(operator_id, first, most, n)
      JOIN helper.acting a ON a.operator_id = i.operator_id AND a.roles && ARRAY['auditor', 'auditadmin']
     CROSS JOIN LATERAL (SELECT l.leaf_index, l.entry_id, e.body,
                                sum(octet_length(e.body)) OVER (ORDER BY l.leaf_index) AS bytes
                           FROM audit.leaf l
                           JOIN audit.entry e ON e.id = l.entry_id
                          WHERE l.leaf_index >= i.first AND l.leaf_index < i.first + i.most) x
     WHERE x.leaf_index = i.first OR x.bytes <= 524288
     ORDER BY i.n, x.leaf_index;
END $$;

/* The rows of a covered table as they are now, for auditors: of a quarter of a megabyte at most, beyond the first.
   What they are read by is told with the first: who verifies knows what it must be. A cursor that is none of this
   function's: one row without a key. */
CREATE FUNCTION api.log_rows(in_operator uuid[], in_table int2[], in_cursor text[], in_page int4[])
RETURNS TABLE (req int4, key bytea, record bytea, cursor text, more bool, key_columns text, columns text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    bytes_most CONSTANT int4 := 262144;
    i record;
    place_list text;
    after_list text;
BEGIN
    FOR i IN SELECT r.n::int4 AS req, r.after, r.page, c.*
               FROM unnest(in_operator, in_table, in_cursor, in_page)
                    WITH ORDINALITY r(operator_id, number, after, page, n)
               JOIN helper.acting a ON a.operator_id = r.operator_id AND a.roles && ARRAY['auditor', 'auditadmin']
               JOIN audit.covered c ON c.table_number = r.number
              ORDER BY r.n LOOP
        SELECT string_agg(quote_ident(p.name), ', ' ORDER BY p.n),
               string_agg(format('($1)[%s]::%s', p.n, format_type(t.atttypid, t.atttypmod)), ', ' ORDER BY p.n)
          INTO STRICT place_list, after_list
          FROM unnest(i.place) WITH ORDINALITY p(name, n)
          JOIN pg_attribute t ON t.attrelid = format('registry.%I', i.table_name)::regclass AND t.attname = p.name;
        BEGIN
            RETURN QUERY EXECUTE format(
                'SELECT %1$s, s.key, s.record, s.cursor, s.total > max(s.nth) OVER (), '
                'CASE WHEN s.nth = 1 THEN %2$L END, CASE WHEN s.nth = 1 THEN %3$L END '
                'FROM (SELECT r.*, count(*) OVER () AS total, '
                'sum(octet_length(r.record)) OVER (ORDER BY r.nth) AS bytes '
                'FROM (SELECT record_send(ROW(%2$s)) AS key, record_send(ROW(%3$s)) AS record, '
                'ARRAY[(%4$s)::text]::text AS cursor, row_number() OVER (ORDER BY %5$s) AS nth '
                'FROM registry.%6$I %7$s ORDER BY %5$s LIMIT %8$s) r) s '
                'WHERE s.nth < %8$s AND (s.nth = 1 OR s.bytes <= %9$s) ORDER BY s.nth',
                i.req, i.key, i.columns, replace(place_list, ', ', ')::text, ('), place_list, i.table_name,
                CASE WHEN i.after IS NOT NULL THEN format('WHERE (%s) > (%s)', place_list, after_list) ELSE '' END,
                i.page + 1, bytes_most) USING i.after::text[];
        EXCEPTION WHEN data_exception OR null_value_not_allowed THEN
            RETURN QUERY SELECT i.req, NULL::bytea, NULL::bytea, NULL::text, NULL::bool, NULL::text, NULL::text;
        END;
    END LOOP;
END $$;
