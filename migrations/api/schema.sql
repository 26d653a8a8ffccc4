/* SPDX-License-Identifier: Apache-2.0 */

/* What the functions were made from: the daemon refuses another digest than its own. */
CREATE FUNCTION api.schema_digest() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT digest FROM registry.schema_api
$$;
