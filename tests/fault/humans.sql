/* SPDX-License-Identifier: Apache-2.0 */
/* What test_humans.py asks of the real functions, in sets. Items are JSON; documents, certificates and claims are texts, of which
   keys are made. */
CREATE SCHEMA model;
/* Heads are the daemon's to write; here they say nothing. */
ALTER FUNCTION helper.heads_check RENAME TO heads_check_real;
CREATE FUNCTION helper.heads_check(heads bytea[], operators uuid[], methods text[], requests uuid[] DEFAULT NULL, digests bytea[] DEFAULT NULL,
                                   row_req int4[] DEFAULT NULL, line int4[] DEFAULT NULL) RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION model.u(t text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(t)::uuid $$;
CREATE FUNCTION model.h(t text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT sha256(convert_to(t, 'UTF8')) $$;
CREATE FUNCTION model.head() RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT '\x0801'::bytea $$;

/* One operator, and one human being (C1), for each action of a claim and for whatever else is done. */
INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES
    (model.u('school'), '523701009999999991', '示例学校', 1, '370100'), (model.u('bureau'), '113701009999999992', '示例局', 4, '370100');
INSERT INTO registry.human (human_id, document_index, sealed) SELECT model.u('o' || n), model.h('o' || n), 'x' FROM generate_series(0, 16) n;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id)
SELECT model.u('o' || n), model.u(CASE WHEN n IN (0, 4, 11) THEN 'school' ELSE 'bureau' END), 'x',
       CASE WHEN n IN (0, 4, 11) THEN '{clerk}' WHEN n IN (8, 14, 16) THEN '{approver}' WHEN n = 10 THEN '{payer}' ELSE '{reviewer}' END::text[],
       model.u('o' || n) FROM generate_series(0, 16) n;
INSERT INTO registry.occupation (code, name) SELECT '9-98-99-0' || o, '示例职业' || o FROM generate_series(1, 5) o;
INSERT INTO registry.organisation_scope (organisation_id, occupation_code, level, valid_from) SELECT model.u('school'), '9-98-99-0' || o, 2, '2026-01-01' FROM generate_series(1, 5) o;
INSERT INTO registry.standard (standard_id, division, line, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
VALUES (model.u('standard'), '370100', 1, 150000, '2026-01-01', '示例文', model.u('o8'), 1, model.u('o14'), now(), model.u('r'));

/* What is only asked counts as a look at somebody: here without end. */
INSERT INTO registry.policy AS p (division, name, value, valid_from, citation)
VALUES ('370000', 'masked_looks_hour', 100000000, '1950-01-01', 'tests'), ('370000', 'clear_looks_hour', 100000000, '1950-01-01', 'tests')
    ON CONFLICT (division, name, valid_from) DO UPDATE SET value = excluded.value;

/* Opens a class of each occupation: a generation's. */
CREATE TABLE model.class (generation text, o int, class_number int8, PRIMARY KEY (generation, o));
CREATE FUNCTION model.open(g text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO model.class
    SELECT g, o, (SELECT number FROM api.class_open(ARRAY[model.u(g || 'open' || o)], ARRAY[model.h(g)], ARRAY[model.u('o0')], ARRAY[model.head()], ARRAY['示例班'],
                                                    ARRAY['9-98-99-0' || o], '{2}', '{3}', '{2026-03-01}', '{2026-05-31}', '{2000}'))
      FROM generate_series(1, 5) o
$$;

/* Enrols documents of nobody yet in each class of a generation, where they pass, and gives them certificates: document, dot,
   occupation. `t` names what is done. */
CREATE FUNCTION model.enrol(g text, t text, documents text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    k record;
    n int := cardinality(documents);
BEGIN
    UPDATE registry.class SET state = 1 WHERE class_number IN (SELECT class_number FROM model.class WHERE generation = g);
    FOR k IN SELECT * FROM model.class WHERE generation = g ORDER BY o LOOP
        PERFORM api.roster_import(ARRAY[model.u(t || k.o)], ARRAY[model.h(t)], ARRAY[model.u('o0')], ARRAY[model.head()], ARRAY[k.class_number], '{f}', '{0}',
            array_fill(1, ARRAY[n]), ARRAY(SELECT generate_series(1, n)), array_fill(model.head(), ARRAY[n]), ARRAY(SELECT model.h(d) FROM unnest(documents) d),
            array_fill(1::int2, ARRAY[n]), ARRAY(SELECT model.h('name' || d) FROM unnest(documents) d), array_fill('1990-01-01'::date, ARRAY[n]), array_fill(1::int2, ARRAY[n]),
            ARRAY(SELECT model.u(t || d) FROM unnest(documents) d), array_fill('sealed'::bytea, ARRAY[n]), ARRAY(SELECT model.h(d) FROM unnest(documents) d),
            array_fill(1::int8, ARRAY[n]), ARRAY(SELECT model.u(t || d || k.o) FROM unnest(documents) d), array_fill('sealed'::bytea, ARRAY[n]),
            ARRAY(SELECT model.h(d) FROM unnest(documents) d), array_fill(NULL::text, ARRAY[n]));
        INSERT INTO registry.mark (class_number, person_id, theory, practice) SELECT k.class_number, model.u(t || d), 900, 900 FROM unnest(documents) d;
        UPDATE registry.enrolment SET result = 1 WHERE class_number = k.class_number AND result IS NULL;
        INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
        SELECT model.u(t || d || '.' || k.o), model.h(t || d || '.' || k.o), 2, model.u(t || d), model.u('school'), k.class_number, '9-98-99-0' || k.o, 2, helper.today() - 30, 's', model.h(d), model.u(t)
          FROM unnest(documents) d;
    END LOOP;
    UPDATE registry.class SET state = 3 WHERE class_number IN (SELECT class_number FROM model.class WHERE generation = g);
END $$;

/* What is done to records, one after the other: {what: merge|add|erase, a: document, b: the other}. */
CREATE FUNCTION model.records(t text, items jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    i record;
    decided int2;
    holder registry.person;
BEGIN
    FOR i IN SELECT x.ordinality AS n, x.value->>'what' AS what, x.value->>'a' AS a, x.value->>'b' AS b FROM jsonb_array_elements(items) WITH ORDINALITY x LOOP
        SELECT p.* INTO holder FROM registry.document d JOIN registry.person p USING (person_id) WHERE d.document_index = model.h(i.a);
        decided := CASE i.what
            WHEN 'merge' THEN (SELECT outcome FROM api.person_merge(ARRAY[model.u(t || i.n)], ARRAY[model.h(t)], ARRAY[model.u('o15')], ARRAY[model.head()],
                                                                    ARRAY[model.h(i.a)], ARRAY[model.h(i.b)], '{A-1}'))
            WHEN 'erase' THEN (SELECT outcome FROM api.person_erase(ARRAY[model.u(t || i.n)], ARRAY[model.h(t)], ARRAY[model.u('o16')], ARRAY[model.head()],
                                                                    ARRAY[NULL::uuid], ARRAY[model.h(i.a)], ARRAY[holder.version], '{A-1}'))
            ELSE (SELECT outcome FROM api.person_amend(ARRAY[model.u(t || i.n)], ARRAY[model.h(t)], ARRAY[model.u('o15')], ARRAY[model.head()],
                                                       ARRAY[model.h(i.a)], ARRAY[holder.version], '{3}', ARRAY[model.h(i.b)], '{4}', ARRAY[holder.name_index], '{1}',
                                                       ARRAY[model.u(t || 'd' || i.n)], ARRAY['s'::bytea], ARRAY[model.h(i.b)], '{A-1}')) END;
        RETURN NEXT format('records|%s|%s', i.n, decided);
    END LOOP;
END $$;

/* Marks of a generation: {a: document, o: occupation, pass: whether}. */
CREATE FUNCTION model.marks(g text, t text, items jsonb) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('marks|%s|%s', i.o, string_agg(s.outcome::text, ' ' ORDER BY s.row_number) FILTER (WHERE s.row_number > 0))
      FROM (SELECT o, array_agg(a) AS documents, array_agg(CASE WHEN pass THEN 900 ELSE 100 END::int2) AS marks, count(*)::int AS n
              FROM jsonb_to_recordset(items) x(a text, o int, pass bool) GROUP BY o ORDER BY o) i
      JOIN model.class c ON c.generation = g AND c.o = i.o
     CROSS JOIN LATERAL api.marks_import(ARRAY[model.u(t || 'm' || i.o)], ARRAY[model.h(t)], ARRAY[model.u('o15')], ARRAY[model.head()], ARRAY[c.class_number], '{示例}',
                                         array_fill(1, ARRAY[i.n]), ARRAY(SELECT generate_series(1, i.n)), array_fill(model.head(), ARRAY[i.n]), array_fill(NULL::int, ARRAY[i.n]),
                                         ARRAY(SELECT model.h(d) FROM unnest(i.documents) d), i.marks, array_fill(900::int2, ARRAY[i.n])) s
     GROUP BY i.o
$$;

/* Certificates: {c: certificate, state: 1 valid again, 2 revoked}. */
CREATE FUNCTION model.revoke(t text, items jsonb) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('revoke|%s|%s', s.req, s.outcome)
      FROM (SELECT array_agg(x.value ORDER BY x.ordinality) AS all_of, count(*)::int AS n FROM jsonb_array_elements(items) WITH ORDINALITY x) i,
           api.certificate_state(ARRAY(SELECT model.u(t || 's' || r) FROM generate_series(1, i.n) r), array_fill(model.h(t), ARRAY[i.n]),
                                 array_fill(model.u('o15'), ARRAY[i.n]), array_fill(model.head(), ARRAY[i.n]), ARRAY(SELECT model.h(v->>'c') FROM unnest(i.all_of) v),
                                 ARRAY(SELECT (v->>'state')::int2 FROM unnest(i.all_of) v), array_fill('示例'::text, ARRAY[i.n]), array_fill(helper.today(), ARRAY[i.n])) s
     WHERE i.n > 0
$$;

/* Claims, each a request of its own: {c: certificate, claim, dry}. */
CREATE FUNCTION model.submit(t text, items jsonb) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('submit|%s|%s', s.req, string_agg(s.outcome::text, ' ' ORDER BY s.outcome))
      FROM (SELECT array_agg(x.value ORDER BY x.ordinality) AS all_of, count(*)::int AS n FROM jsonb_array_elements(items) WITH ORDINALITY x) i,
           api.claim_submit(ARRAY(SELECT model.u(t || 'c' || r) FROM generate_series(1, i.n) r), array_fill(model.h(t), ARRAY[i.n]),
                            array_fill(model.u('o0'), ARRAY[i.n]), array_fill(model.head(), ARRAY[i.n]), array_fill(3::int2, ARRAY[i.n]),
                            ARRAY(SELECT (v->>'dry')::bool FROM unnest(i.all_of) v), ARRAY(SELECT generate_series(1, i.n)), array_fill(1, ARRAY[i.n]),
                            array_fill(model.head(), ARRAY[i.n]), ARRAY(SELECT model.h(v->>'c') FROM unnest(i.all_of) v), array_fill('P-1'::text, ARRAY[i.n]),
                            array_fill(true, ARRAY[i.n]), array_fill(0, ARRAY[i.n]), ARRAY(SELECT model.u(v->>'claim') FROM unnest(i.all_of) v)) s
     WHERE i.n > 0 AND s.row_number > 0 GROUP BY s.req ORDER BY s.req
$$;

/* Steps, a request for each action: {claim, action, fraud}. What is approved has been shown for long. */
CREATE FUNCTION model.decide(t text, items jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    IF items = '[]' THEN
        RETURN;
    END IF;
    UPDATE registry.claim c SET shown = (SELECT range_agg(daterange(lower(r) - 60, upper(r) - 60)) FROM unnest(c.shown) r)
      FROM jsonb_array_elements(items) v
     WHERE c.claim_id = model.u(v->>'claim') AND c.state = 5 AND (v->>'action')::int = 8 AND lower(c.shown) > helper.today() - 60;
    RETURN QUERY
    SELECT format('decide|%s|%s', l.n, s.outcome)
      FROM (WITH step AS (SELECT x.ordinality AS n, x.value->>'claim' AS claim, (x.value->>'action')::int2 AS action, (x.value->>'fraud')::bool AS fraud
                            FROM jsonb_array_elements(items) WITH ORDINALITY x),
                 request AS (SELECT action, fraud, row_number() OVER (ORDER BY action, fraud) AS req FROM (SELECT DISTINCT action, fraud FROM step) d)
            SELECT ARRAY(SELECT model.u(t || 'd' || req) FROM request ORDER BY req) AS ids, ARRAY(SELECT action FROM request ORDER BY req) AS actions,
                   ARRAY(SELECT fraud FROM request ORDER BY req) AS frauds,
                   array_agg(r.req::int ORDER BY r.req, s.n) AS reqs, array_agg(s.n::int ORDER BY r.req, s.n) AS rows, array_agg(model.u(s.claim) ORDER BY r.req, s.n) AS claims,
                   array_agg(coalesce((SELECT c.version FROM registry.claim c WHERE c.claim_id = model.u(s.claim)), 1) ORDER BY r.req, s.n) AS versions
              FROM step s JOIN request r USING (action, fraud)) i,
           api.claim_decide(i.ids, array_fill(model.h(t), ARRAY[cardinality(i.ids)]), ARRAY(SELECT model.u('o' || a) FROM unnest(i.actions) a),
                            array_fill(model.head(), ARRAY[cardinality(i.ids)]), i.actions, array_fill('示例'::text, ARRAY[cardinality(i.ids)]), i.frauds,
                            array_fill(0, ARRAY[cardinality(i.ids)]), i.reqs, i.rows, array_fill(model.head(), ARRAY[cardinality(i.rows)]), i.claims, i.versions) s,
           LATERAL (SELECT s.row_number AS n) l
     WHERE s.row_number > 0;
END $$;
