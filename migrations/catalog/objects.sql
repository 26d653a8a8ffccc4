/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the database is, from PostgreSQL's own catalogs and from nothing that its owner can replace: every object outside the
 * system's schemas that can change what is written, read or allowed, by name and by definition. `mingced migrate` enters digests
 * of the definitions in the log; `mingce audit rows` asks for the definitions and makes the digests again. Indexes that are not
 * unique are the site's own affair, and so are objects of extensions. A query without its semicolon: it stands inside others. It
 * answers as the functions of schema api do: who asks ($1), behind which object ($2; NULL: from the first), how many ($3), of
 * each request of a set; a quarter of a megabyte at most, beyond the first, but for nobody ($1 is NULL) all.
 */
WITH ours AS (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl
      FROM pg_catalog.pg_namespace n
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), alien AS ( /* what extensions brought */
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'
), relation AS (
    SELECT c.*, o.nspname
      FROM pg_catalog.pg_class c
      JOIN ours o ON o.oid = c.relnamespace
     WHERE NOT EXISTS (SELECT FROM alien a WHERE a.classid = 'pg_catalog.pg_class'::regclass AND a.objid = c.oid)
), named (object, definition) AS (
    SELECT 'schema ' || o.nspname,
           pg_catalog.concat_ws(' ', pg_catalog.pg_get_userbyid(o.nspowner),
               (SELECT pg_catalog.string_agg(x::text, ',' ORDER BY x::text)
                  FROM unnest(coalesce(o.nspacl, pg_catalog.acldefault('n', o.nspowner))) x))
      FROM ours o
    UNION ALL
    SELECT 'function ' || o.nspname || '.' || p.proname
           || CASE WHEN count(*) OVER (PARTITION BY p.pronamespace, p.proname) > 1
                   THEN '(' || left(md5(pg_catalog.pg_get_function_identity_arguments(p.oid)), 8) || ')' ELSE '' END,
           pg_catalog.concat_ws(E'\n', CASE WHEN p.prokind = 'a' THEN pg_catalog.pg_get_function_arguments(p.oid)
                                            ELSE pg_catalog.pg_get_functiondef(p.oid) END,
               pg_catalog.pg_get_userbyid(p.proowner), p.proleakproof, p.proparallel,
               (SELECT pg_catalog.string_agg(x::text, ',' ORDER BY x::text)
                  FROM unnest(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) x))
      FROM pg_catalog.pg_proc p
      JOIN ours o ON o.oid = p.pronamespace
     WHERE NOT EXISTS (SELECT FROM alien a WHERE a.classid = 'pg_catalog.pg_proc'::regclass AND a.objid = p.oid)
    UNION ALL
    SELECT 'relation ' || r.nspname || '.' || r.relname,
           pg_catalog.concat_ws(E'\n', r.relkind, r.relpersistence, r.relrowsecurity, r.relforcerowsecurity, r.relispartition,
               pg_catalog.pg_get_userbyid(r.relowner),
               (SELECT pg_catalog.string_agg(x::text, ',' ORDER BY x::text)
                  FROM unnest(coalesce(r.relacl, pg_catalog.acldefault(CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", r.relowner))) x),
               CASE WHEN r.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(r.oid) END,
               (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', t.attname, pg_catalog.format_type(t.atttypid, t.atttypmod),
                           t.attnotnull, t.attidentity, t.attgenerated, t.attcollation::regcollation, pg_catalog.pg_get_expr(d.adbin, d.adrelid),
                           t.attacl::text), E'\n' ORDER BY t.attnum)
                  FROM pg_catalog.pg_attribute t
                  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = t.attrelid AND d.adnum = t.attnum
                 WHERE t.attrelid = r.oid AND t.attnum > 0 AND NOT t.attisdropped),
               (SELECT pg_catalog.string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhparent::regclass::text)
                  FROM pg_catalog.pg_inherits i WHERE i.inhrelid = r.oid))
      FROM relation r
     WHERE r.relkind IN ('r', 'v', 'm', 'S', 'f', 'p', 'c')
    UNION ALL
    SELECT 'index ' || r.nspname || '.' || r.relname,
           pg_catalog.concat_ws(' ', pg_catalog.pg_get_indexdef(r.oid), i.indisvalid, i.indimmediate, i.indnullsnotdistinct)
      FROM relation r
      JOIN pg_catalog.pg_index i ON i.indexrelid = r.oid AND i.indisunique
    UNION ALL
    SELECT 'constraint ' || r.nspname || '.' || r.relname || '.' || k.conname,
           pg_catalog.concat_ws(' ', pg_catalog.pg_get_constraintdef(k.oid), k.convalidated, k.condeferrable, k.condeferred,
               (SELECT pg_catalog.string_agg(t.tgenabled::text, '' ORDER BY t.tgenabled) FROM pg_catalog.pg_trigger t
                 WHERE t.tgconstraint = k.oid))
      FROM pg_catalog.pg_constraint k
      JOIN relation r ON r.oid = k.conrelid
     WHERE k.contype <> 't'
    UNION ALL
    SELECT 'trigger ' || r.nspname || '.' || r.relname || '.' || t.tgname,
           pg_catalog.concat_ws(' ', pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled)
      FROM pg_catalog.pg_trigger t
      JOIN relation r ON r.oid = t.tgrelid
     WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'rule ' || r.nspname || '.' || r.relname || '.' || w.rulename,
           pg_catalog.concat_ws(' ', pg_catalog.pg_get_ruledef(w.oid), w.ev_enabled)
      FROM pg_catalog.pg_rewrite w
      JOIN relation r ON r.oid = w.ev_class
     WHERE w.rulename <> '_RETURN'
    UNION ALL
    SELECT 'row policy ' || r.nspname || '.' || r.relname || '.' || y.polname,
           pg_catalog.concat_ws(' ', y.polcmd, y.polpermissive, pg_catalog.pg_get_expr(y.polqual, y.polrelid),
               pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid),
               (SELECT pg_catalog.string_agg(pg_catalog.pg_get_userbyid(x), ',' ORDER BY pg_catalog.pg_get_userbyid(x)) FROM unnest(y.polroles) x))
      FROM pg_catalog.pg_policy y
      JOIN relation r ON r.oid = y.polrelid
    UNION ALL
    SELECT 'event trigger ' || e.evtname,
           pg_catalog.concat_ws(' ', e.evtevent, e.evtenabled, e.evtfoid::regproc, pg_catalog.array_to_string(e.evttags, ','))
      FROM pg_catalog.pg_event_trigger e
    UNION ALL
    SELECT 'operator ' || o.nspname || '.' || q.oprname || ' ' || q.oprleft::regtype || ' ' || q.oprright::regtype, q.oprcode::regproc::text
      FROM pg_catalog.pg_operator q
      JOIN ours o ON o.oid = q.oprnamespace
     WHERE NOT EXISTS (SELECT FROM alien a WHERE a.classid = 'pg_catalog.pg_operator'::regclass AND a.objid = q.oid)
    UNION ALL
    SELECT 'cast ' || c.castsource::regtype || ' ' || c.casttarget::regtype, pg_catalog.concat_ws(' ', c.castfunc::regproc, c.castcontext, c.castmethod)
      FROM pg_catalog.pg_cast c
     WHERE c.oid >= 16384
    UNION ALL
    SELECT 'type ' || o.nspname || '.' || y.typname,
           pg_catalog.concat_ws(' ', y.typtype, pg_catalog.pg_get_userbyid(y.typowner), y.typbasetype::regtype, y.typnotnull, y.typdefault,
               (SELECT pg_catalog.string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = y.oid),
               (SELECT pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(k.oid), ',' ORDER BY k.conname) FROM pg_catalog.pg_constraint k
                 WHERE k.contypid = y.oid))
      FROM pg_catalog.pg_type y
      JOIN ours o ON o.oid = y.typnamespace
     WHERE y.typtype IN ('b', 'd', 'e', 'r', 'm') AND y.typcategory <> 'A'
       AND NOT EXISTS (SELECT FROM alien a WHERE a.classid = 'pg_catalog.pg_type'::regclass AND a.objid = y.oid)
    UNION ALL
    SELECT 'extension ' || x.extname, x.extversion
      FROM pg_catalog.pg_extension x
    UNION ALL
    SELECT 'database',
           pg_catalog.concat_ws(' ', pg_catalog.pg_get_userbyid(d.datdba), pg_catalog.pg_encoding_to_char(d.encoding),
               (SELECT pg_catalog.string_agg(x::text, ',' ORDER BY x::text) FROM unnest(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) x))
      FROM pg_catalog.pg_database d
     WHERE d.datname = pg_catalog.current_database()
    UNION ALL
    SELECT 'role ' || b.rolname,
           pg_catalog.concat_ws(' ', b.rolsuper, b.rolinherit, b.rolcreaterole, b.rolcreatedb, b.rolcanlogin, b.rolreplication, b.rolbypassrls,
               (SELECT pg_catalog.string_agg(pg_catalog.pg_get_userbyid(m.roleid) || ':' || m.admin_option, ',' ORDER BY pg_catalog.pg_get_userbyid(m.roleid))
                  FROM pg_catalog.pg_auth_members m WHERE m.member = b.oid),
               (SELECT pg_catalog.string_agg(pg_catalog.pg_get_userbyid(m.member), ',' ORDER BY pg_catalog.pg_get_userbyid(m.member))
                  FROM pg_catalog.pg_auth_members m WHERE m.roleid = b.oid))
      FROM pg_catalog.pg_roles b
     WHERE b.rolname IN ('mingced', 'mingced_notary') OR b.oid IN (SELECT o.nspowner FROM ours o WHERE o.nspname IN ('registry', 'audit', 'api', 'helper'))
    UNION ALL
    SELECT 'settings ' || coalesce(pg_catalog.pg_get_userbyid(nullif(s.setrole, 0)), 'of all') || CASE WHEN s.setdatabase = 0 THEN '' ELSE ' here' END,
           (SELECT pg_catalog.string_agg(x, E'\n' ORDER BY x) FROM unnest(s.setconfig) x)
      FROM pg_catalog.pg_db_role_setting s
     WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
       AND (s.setrole = 0 OR pg_catalog.pg_get_userbyid(s.setrole) IN ('mingced', 'mingced_notary')
            OR s.setrole IN (SELECT o.nspowner FROM ours o WHERE o.nspname IN ('registry', 'audit', 'api', 'helper')))
), object (object, definition) AS (
    SELECT CASE WHEN pg_catalog.octet_length(n.object) > 100 THEN pg_catalog.left(n.object, 25) || pg_catalog.md5(n.object) ELSE n.object END
           COLLATE "C", n.definition
      FROM named n
)
SELECT i.n::int4 AS req, s.object, s.definition
  FROM unnest($1::uuid[], $2::text[], $3::int4[]) WITH ORDINALITY i(operator_id, after, page, n)
 CROSS JOIN LATERAL (
       SELECT p.object, p.definition, row_number() OVER (ORDER BY p.object) AS nth,
              sum(pg_catalog.octet_length(p.definition)) OVER (ORDER BY p.object) AS bytes
         FROM (SELECT o.object, o.definition FROM object o WHERE o.object > coalesce(i.after, '') ORDER BY o.object LIMIT i.page) p) s
 WHERE s.nth = 1 OR s.bytes <= 262144 OR i.after IS NULL AND i.operator_id IS NULL
 ORDER BY i.n, s.object
