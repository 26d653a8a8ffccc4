/* SPDX-License-Identifier: Apache-2.0 */
/* Rules with a number in them, as they are in force. */

/* The value on a day: the narrowest division's counts, then the latest start. NULL: there is none. In PL/pgSQL, which
   plans it once a session; an SQL function that is not inlined is planned anew by each statement that calls it. */
CREATE FUNCTION api.policy_value(in_name text, in_division text, in_day date) RETURNS int8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT p.value
              FROM registry.policy p
             WHERE p.name = in_name
               AND p.division IN (in_division, left(in_division, 4) || '00', left(in_division, 2) || '0000')
               AND p.valid_from <= in_day AND (p.valid_to IS NULL OR p.valid_to >= in_day)
             ORDER BY rtrim(p.division, '0') DESC, p.valid_from DESC
             LIMIT 1);
END $$;

CREATE FUNCTION api.today() RETURNS date LANGUAGE sql STABLE AS $$ SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date $$;
