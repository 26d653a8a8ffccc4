/* SPDX-License-Identifier: Apache-2.0 */
/* What test_races.py asks of the real functions besides what fixture.psql, project.psql and money.psql of tests/sql do; all stays there, in
   the schema `model`. */

/* Today may be some days ago: as many as model.ago says. */
CREATE OR REPLACE FUNCTION helper.today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date - coalesce(nullif(current_setting('model.ago', true), ''), '0')::int
$$;
/* What a fund cannot give is refused. */
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'shortfall_mode', 3, '1949-10-01', '示例');
/* The unemployment fund of the city may give so much, and not a fen more: benefits of a month are 100 yuan. */
CREATE FUNCTION model.reserve(request int, fen int8) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(DISTINCT outcome::text, ' ')
      FROM (SELECT array_agg(m::date ORDER BY m) AS months, array_agg(1) AS ones, array_agg(0::int8) AS none FROM generate_series(date_trunc('month', helper.today()) - interval '24 months', helper.today() - 31, '1 month') m) t,
           LATERAL api.fund_month(ARRAY[model.u(request)], ARRAY[model.h(0)], ARRAY[model.u(43)], ARRAY[model.head()], '{示例}', t.ones, ARRAY(SELECT generate_subscripts(t.ones, 1)), t.months,
               array_fill(240000 + fen + helper.withdrawn_since('370100', t.months[1]), ARRAY[cardinality(t.ones)]), array_fill(10000::int8, ARRAY[cardinality(t.ones)]), t.none, t.none, t.none, t.none)
     WHERE row_number > 0
$$;
/* A reviewer revokes a certificate of a number that nobody has. */
CREATE FUNCTION model.revoked(request int, number int) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.certificate_state(ARRAY[model.u(request)], ARRAY[model.h(0)], ARRAY[model.u(17)], ARRAY[model.head()], ARRAY[model.h(number)], '{2}', '{示例}', ARRAY[helper.today()])
$$;
