/* SPDX-License-Identifier: Apache-2.0 */
/* Reading organisations. */

CREATE FUNCTION api.organisation_list(in_operator uuid[], in_after text[], in_page int4[])
RETURNS TABLE (req int4, code text, name text, kind int2, division text, status int2)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, x.code, x.name, x.kind, x.division, x.status
      FROM unnest(in_operator, in_after, in_page) WITH ORDINALITY i(operator_id, after, page, n)
      JOIN api.acting a ON a.operator_id = i.operator_id
     CROSS JOIN LATERAL (
           SELECT g.code, g.name, g.kind, g.division, g.status
             FROM registry.organisation g
            WHERE g.code > coalesce(i.after, '')
              AND api.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
            ORDER BY g.code
            LIMIT i.page + 1) x
     ORDER BY i.n, x.code;
END $$;

CREATE FUNCTION api.organisation_show(in_operator uuid[], in_code text[])
RETURNS TABLE (req int4, code text, name text, kind int2, division text, status int2, code_override text,
               occupation_code text, occupation_name text, level int2, valid_from date, valid_to date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.n::int4, g.code, g.name, g.kind, g.division, g.status, g.code_override, s.occupation_code, p.name, s.level,
           s.valid_from, s.valid_to
      FROM unnest(in_operator, in_code) WITH ORDINALITY i(operator_id, code, n)
      JOIN api.acting a ON a.operator_id = i.operator_id
      JOIN registry.organisation g ON g.code = i.code
       AND api.sees(a.kind, a.organisation_id, a.division, g.organisation_id, g.division)
      LEFT JOIN registry.organisation_scope s ON s.organisation_id = g.organisation_id
      LEFT JOIN registry.occupation p ON p.code = s.occupation_code
     ORDER BY i.n, s.occupation_code, s.level, s.valid_from;
END $$;
