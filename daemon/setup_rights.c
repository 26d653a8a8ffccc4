/* SPDX-License-Identifier: Apache-2.0 */
/* PUBLIC may do nothing in a database of ours. PostgreSQL lets everybody connect and make temporary tables,
 * and call every new function; an older one, make tables in the schema public. */
#include <string.h>

#include "daemon/setup_internal.h"

enum { PASSES = 64 };

/* What is to be run, one statement at a time, in this order: the daemon's roles have their own right to connect before
 * everybody loses his. */
static const char next_remedy[] =
    "WITH ours AS (SELECT oid, nspname FROM pg_namespace"
    "               WHERE nspname IN ('registry', 'audit', 'api', 'helper', 'admin', 'notary'))"
    "SELECT remedy FROM ("
    "  SELECT 1, format('GRANT CONNECT ON DATABASE %I TO %I', d.datname, r.rolname)"
    "    FROM pg_database d, pg_roles r"
    "   WHERE d.datname = current_database() AND r.rolname IN ('mingced', 'mingced_notary', current_user)"
    "     AND r.oid <> d.datdba AND NOT EXISTS (SELECT FROM aclexplode(d.datacl) a"
    "                                            WHERE a.grantee = r.oid AND a.privilege_type = 'CONNECT')"
    "  UNION ALL "
    "  SELECT 2, format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())"
    "   WHERE has_database_privilege('public', current_database(), 'CONNECT, TEMPORARY, CREATE')"
    "  UNION ALL "
    "  SELECT 3, format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', n.nspname)"
    "    FROM pg_namespace n WHERE n.nspname = 'public' AND has_schema_privilege('public', n.oid, 'CREATE')"
    "  UNION ALL "
    "  SELECT 4, format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', o.nspname)"
    "    FROM ours o WHERE has_schema_privilege('public', o.oid, 'USAGE, CREATE')"
    "  UNION ALL "
    "  SELECT 5, format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM PUBLIC', o.nspname)"
    "    FROM ours o WHERE EXISTS (SELECT FROM pg_class c, aclexplode(c.relacl) a"
    "                               WHERE c.relnamespace = o.oid AND c.relkind <> 'S' AND a.grantee = 0)"
    "  UNION ALL "
    "  SELECT 6, format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM PUBLIC', o.nspname)"
    "    FROM ours o WHERE EXISTS (SELECT FROM pg_class c, aclexplode(c.relacl) a"
    "                               WHERE c.relnamespace = o.oid AND c.relkind = 'S' AND a.grantee = 0)"
    "  UNION ALL "
    "  SELECT 7, format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I FROM PUBLIC', o.nspname)"
    "    FROM ours o WHERE EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = o.oid"
    "                                 AND p.proowner = current_user::regrole" /* not an extension's */
    "                                 AND has_function_privilege('public', p.oid, 'EXECUTE'))"
    "  UNION ALL "
    "  SELECT 8, 'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC'"
    "   WHERE NOT EXISTS (SELECT FROM pg_default_acl d WHERE d.defaclrole = current_user::regrole"
    "                        AND d.defaclnamespace = 0 AND d.defaclobjtype = 'f'"
    "                        AND NOT EXISTS (SELECT FROM aclexplode(d.defaclacl) a WHERE a.grantee = 0))"
    ") AS wanted (place, remedy) ORDER BY place, remedy LIMIT 1";

/* If a role may not take a right away, PostgreSQL only warns, and the same remedy is wanted again. */
bool setup_close_rights(PGconn *pg)
{
    struct setup_answer wanted, before = {""};
    for (int pass = 0; pass < PASSES; pass++) {
        if (!setup_query(pg, "rights", next_remedy, NULL, 0, &wanted))
            return false;
        if (wanted.text[0] == '\0')
            return true;
        if (strcmp(wanted.text, before.text) == 0)
            break;
        before = wanted;
        if (!setup_query(pg, wanted.text, wanted.text, NULL, 0, NULL))
            break;
    }
    setup_fail(
        "everybody (PUBLIC) has rights in this database that are not this role's to take: as the database's "
        "owner or a superuser run\n  %s",
        wanted.text);
    return false;
}
