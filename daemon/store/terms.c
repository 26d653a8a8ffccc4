/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/terms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every value is written as PostgreSQL shows it. What belongs to a superuser cannot be set here: it is demanded. */
const char terms_sql[] =
    "SELECT s.name, pg_catalog.current_setting(s.name), s.value"
    "  FROM (VALUES ('client_encoding', 'UTF8'), ('search_path', 'pg_catalog, pg_temp'),"
    "    ('client_min_messages', 'warning'),"
    /* how values are written and read */
    "    ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'),"
    "    ('bytea_output', 'hex'), ('extra_float_digits', '1'), ('xmlbinary', 'base64'),"
    "    ('lc_numeric', 'C'), ('lc_monetary', 'C'), ('lc_time', 'C'), ('quote_all_identifiers', 'off'),"
    /* how statements are */
    "    ('standard_conforming_strings', 'on'), ('backslash_quote', 'safe_encoding'),"
    "    ('array_nulls', 'on'), ('transform_null_equals', 'off'), ('row_security', 'on'),"
    "    ('check_function_bodies', 'on'), ('exit_on_error', 'off'),"
    /* how transactions run, and how long a session may be idle */
    "    ('default_transaction_isolation', 'read committed'), ('default_transaction_deferrable', 'off'),"
    "    ('idle_in_transaction_session_timeout', '1min'), ('idle_session_timeout', '0'),"
    /* how statements are planned: a set is over before a parallel worker or a compiler has begun */
    "    ('max_parallel_workers_per_gather', '0'), ('jit', 'off'),"
    /* where new tables go */
    "    ('default_tablespace', ''), ('temp_tablespaces', ''), ('default_table_access_method', 'heap')"
    "  ) AS s (name, value)"
    " WHERE pg_catalog.set_config(s.name, s.value, false) IS DISTINCT FROM s.value"
    " UNION ALL "
    "SELECT d.name, pg_catalog.current_setting(d.name, true), d.value"
    "  FROM (VALUES ('in_hot_standby', 'off'), ('default_transaction_read_only', 'off'),"
    "    ('server_encoding', 'UTF8'), ('session_replication_role', 'origin'), ('role', 'none'),"
    /* local and remote_write lose with one machine what was acknowledged */
    "    ('synchronous_commit', 'on or remote_apply'), ('fsync', 'on'), ('full_page_writes', 'on'),"
    "    ('max_prepared_transactions', '0')," /* a forgotten one would keep entries out of the log for good */
    "    ('zero_damaged_pages', 'off'), ('ignore_checksum_failure', 'off'),"
    "    ('ignore_system_indexes', 'off'), ('allow_system_table_mods', 'off'),"
    "    ('plpgsql.variable_conflict', 'error')) AS d (name, value)"
    " WHERE pg_catalog.current_setting(d.name, true)"
    "       <> ALL (pg_catalog.string_to_array(d.value, ' or '))";

static void copy(char *to, size_t n, const PGresult *result, int column)
{
    snprintf(to, n, "%s", PQgetvalue(result, 0, column));
}

bool terms_kept(const PGresult *result, enum cause *cause, struct terms_broken *broken)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    *broken = (struct terms_broken){.setting = ""};
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        *cause = sqlstate == NULL ? CAUSE_LOST : cause_of_sqlstate(sqlstate);
        return false;
    }
    if (PQntuples(result) == 0)
        return true;
    copy(broken->setting, sizeof(broken->setting), result, 0);
    copy(broken->is, sizeof(broken->is), result, 1);
    copy(broken->must_be, sizeof(broken->must_be), result, 2);
    bool read_only = strcmp(broken->setting, "in_hot_standby") == 0 ||
                     strcmp(broken->setting, "default_transaction_read_only") == 0;
    *cause = read_only ? CAUSE_READ_ONLY : CAUSE_SETTINGS;
    return false;
}

void terms_clear_environment(void)
{
    /* Some come after `options` in the startup packet and would win over them; the others name values that the server
     * may refuse, or a service that there is none of. Passwords and TLS files are the environment's to name. */
    static const char *const names[] = {"PGOPTIONS", "PGCLIENTENCODING", "PGDATESTYLE",
                                        "PGTZ",      "PGGEQO",           "PGTARGETSESSIONATTRS",
                                        "PGAPPNAME", "PGSERVICE",        "PGCONNECT_TIMEOUT"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        unsetenv(names[i]);
}
