/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon may call the functions of api, each of them, and nothing else: no table, no view, no other schema. */
REVOKE ALL ON ALL ROUTINES IN SCHEMA api, helper, admin, notary FROM PUBLIC;
GRANT USAGE ON SCHEMA notary TO mingced_notary;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA notary TO mingced_notary;
REVOKE ALL ON ALL TABLES IN SCHEMA registry, audit, helper FROM PUBLIC, mingced, mingced_notary;
GRANT USAGE ON SCHEMA api TO mingced;
/* What the daemon asks for itself. The functions of the methods are granted by zz_grants_methods.sql, made from
   proto/methods.proto. */
GRANT EXECUTE ON FUNCTION api.caller, api.key_check, api.look_record, api.receipt, api.schema_digest TO mingced;
