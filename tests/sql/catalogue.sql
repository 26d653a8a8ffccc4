/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogues: what their tables refuse whoever asks, and what is in force on a day. */
BEGIN;
\ir fixture.psql
SELECT * FROM no_plan();

INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES (pg_temp.u(31), pg_temp.u(2), 'x', '{approver}');

/* A catalogue as its steps would leave it; its id is u(n). */
CREATE FUNCTION pg_temp.published(n int, of_division text, of_kind int, of_version int, first_day date, last_day date DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry.catalogue (catalogue_id, division, kind, title, citation, drafted_by, request_id)
    VALUES (pg_temp.u(n), of_division, of_kind, '示例目录', '示例文', pg_temp.u(11), pg_temp.u(n));
    INSERT INTO registry.catalogue_row (catalogue_id, row, category, occupation_code, level, hours_least, mode)
    SELECT pg_temp.u(n), 1, '类', '4-10-01-06', 2, n, 1 FROM registry.catalogue_kind k WHERE k.code = of_kind AND k.plan <= 2;
    UPDATE registry.catalogue SET state = 2, document_digest = sha256(''), consulted = '各方', consulted_by = pg_temp.u(11), consulted_at = now() WHERE catalogue_id = pg_temp.u(n);
    UPDATE registry.catalogue SET state = 3, approved_by = pg_temp.u(31), approved_at = now() WHERE catalogue_id = pg_temp.u(n);
    UPDATE registry.catalogue SET state = 4, version = of_version, valid_from = first_day, valid_to = last_day, published_by = pg_temp.u(31), published_at = now()
     WHERE catalogue_id = pg_temp.u(n);
$$;
CREATE FUNCTION pg_temp.rows_for(of_day date, of_division text DEFAULT '370102', of_level int DEFAULT 2) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(hours_least::text, ' ' ORDER BY catalogue_id) FROM helper.catalogue_rows_for(of_division, '4-10-01-06', of_level::int2, of_day)
$$;

SELECT pg_temp.published(201, '370100', 1, 1, '2026-01-01', '2026-06-30');
SELECT pg_temp.published(202, '370100', 1, 2, '2026-07-01');
SELECT pg_temp.published(203, '370100', 2, 1, '2026-03-01');
SELECT pg_temp.published(204, '370200', 1, 1, '2026-01-01');
SELECT pg_temp.published(205, '370102', 1, 1, '2025-01-01');

/* ---- G1: what is in force on a day ---- */
SELECT is(pg_temp.rows_for(day), found, 'G1: on ' || day) FROM (VALUES
    ('2026-02-28'::date, '201'), ('2026-03-01', '201 203'), ('2026-06-30', '201 203'), ('2026-07-01', '202 203'), ('2030-01-01', '202 203')) d(day, found);
SELECT is(pg_temp.rows_for('2026-07-01', of_level => 3), NULL, 'G1: another level is in none');
SELECT is(pg_temp.rows_for('2026-07-01', of_division => '370200'), '204', 'G1: another city has its own');
SELECT is(pg_temp.rows_for('2025-12-31', of_division => '370100'), NULL, 'G1: before the first there is none');
SELECT is(pg_temp.rows_for('2025-12-31'), '205', 'G9: what a county adds counts there');
SELECT is(pg_temp.rows_for('2025-12-31', of_division => '370103'), NULL, 'G9: and nowhere else');
SELECT is(pg_temp.rows_for('2026-01-01'), '201', 'G9: where the city has it, the city''s counts alone');
SELECT is((SELECT array_agg(k.plan ORDER BY k.code) FROM registry.catalogue_kind k), '{1,2,3,4,1,1,2,2,2}', 'G7: each kind is one of the plan''s four');

/* ---- G10: which institution may train what ---- */
INSERT INTO registry.catalogue (catalogue_id, division, kind, title, citation, drafted_by, request_id)
VALUES (pg_temp.u(210), '370100', 4, '机构', '示例文', pg_temp.u(11), pg_temp.u(210));
INSERT INTO registry.catalogue_institution (catalogue_id, row, institution_code, name, occupation_code, level, site, valid_from, valid_to) VALUES
    (pg_temp.u(210), 1, '52370100300000010X', '示例学校', '4-10-01-06', 2, NULL, '2026-01-01', '2026-12-31'),
    (pg_temp.u(210), 2, '52370100300000010X', '示例学校', '4-10-01-06', 2, '北校区', '2026-01-01', NULL),
    (pg_temp.u(210), 3, '52370200300000020X', '青岛示例学校', '4-10-01-06', 3, NULL, '2026-01-01', NULL);
CREATE FUNCTION pg_temp.allowed(first_day date, last_day date, of_organisation int DEFAULT 1, of_division text DEFAULT '370102', of_level int DEFAULT 2) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(row::text, ' ' ORDER BY row) FROM helper.catalogue_institution_for(of_division, pg_temp.u(of_organisation), '4-10-01-06', of_level::int2, first_day, last_day)
$$;
SELECT is(pg_temp.allowed('2026-02-01', '2026-03-01'), NULL, 'G10: a draft allows nobody');
UPDATE registry.catalogue SET state = 2, document_digest = sha256(''), consulted = '各方', consulted_by = pg_temp.u(11), consulted_at = now() WHERE catalogue_id = pg_temp.u(210);
UPDATE registry.catalogue SET state = 3, approved_by = pg_temp.u(31), approved_at = now() WHERE catalogue_id = pg_temp.u(210);
UPDATE registry.catalogue SET state = 4, version = 1, valid_from = helper.today(), published_by = pg_temp.u(31), published_at = now() WHERE catalogue_id = pg_temp.u(210);
SELECT is(pg_temp.allowed('2026-02-01', '2026-03-01'), '1 2', 'G10: valid from start to end');
SELECT is(pg_temp.allowed('2026-12-01', '2026-12-31'), '1 2', 'G10: the last day too');
SELECT is(pg_temp.allowed('2026-12-01', '2027-01-01'), '2', 'G10: not a day longer');
SELECT is(pg_temp.allowed('2025-12-31', '2026-03-01'), NULL, 'G10: nor earlier');
SELECT is(pg_temp.allowed('2026-02-01', '2026-03-01', of_level => 3), NULL, 'G10: of this level');
SELECT is(pg_temp.allowed('2026-02-01', '2026-03-01', of_organisation => 5), NULL, 'G10: this institution');
SELECT is(pg_temp.allowed('2026-02-01', '2026-03-01', of_organisation => 5, of_level => 3), '3', 'G10: another city''s where this one lists it');
SELECT is(pg_temp.allowed('2026-02-01', '2026-03-01', of_division => '370200'), NULL, 'G10: in this city');

/* ---- G8: whoever asks ---- */
SELECT throws_ok(sql, state, NULL, what) FROM (VALUES
    ('SELECT pg_temp.published(220, ''370100'', 1, 3, ''2026-06-01'', ''2026-06-15'')', '23P01', 'G8: no two are in force on a day'),
    ('SELECT pg_temp.published(221, ''370100'', 1, 3, ''2030-01-01'')', '23P01', 'G8: nor in time to come'),
    ('SELECT pg_temp.published(222, ''370100'', 1, 2, ''2020-01-01'', ''2020-12-31'')', '23505', 'G8: no number twice'),
    ('SELECT pg_temp.published(223, ''370000'', 1, 1, ''2020-01-01'')', '23514', 'G9: the province publishes none'),
    ('INSERT INTO registry.catalogue_row (catalogue_id, row, category, occupation_code, level) VALUES (pg_temp.u(202), 2, ''类'', ''4-10-01-06'', 3)', '23001',
     'G8: no row is added to what was published'),
    ('UPDATE registry.catalogue_row SET hours_least = 1 WHERE catalogue_id = pg_temp.u(202)', '23001', 'G8: none is changed'),
    ('DELETE FROM registry.catalogue_row WHERE catalogue_id = pg_temp.u(202)', '42501', 'G8: none is taken away'),
    ('UPDATE registry.catalogue_institution SET valid_to = NULL WHERE catalogue_id = pg_temp.u(210)', '23001', 'G8: nor an institution''s'),
    ('DELETE FROM registry.catalogue', '42501', 'G8: nor the whole'),
    ('UPDATE registry.catalogue SET title = ''别的'' WHERE catalogue_id = pg_temp.u(202)', '23001', 'G8: its title stays'),
    ('UPDATE registry.catalogue SET document_digest = sha256(''x'') WHERE catalogue_id = pg_temp.u(202)', '23001', 'G8: and its digest'),
    ('UPDATE registry.catalogue SET valid_from = ''2026-07-02'' WHERE catalogue_id = pg_temp.u(202)', '23001', 'G8: and its first day'),
    ('UPDATE registry.catalogue SET valid_to = ''2026-12-31'' WHERE catalogue_id = pg_temp.u(202)', '23001', 'G8: it ends by what supersedes it'),
    ('UPDATE registry.catalogue SET valid_to = ''2026-06-29'' WHERE catalogue_id = pg_temp.u(201)', '23001', 'G8: or by its withdrawal'),
    ('UPDATE registry.catalogue SET state = 1 WHERE catalogue_id = pg_temp.u(202)', '23001', 'G8: no step is taken back')) t(sql, state, what);

INSERT INTO registry.catalogue (catalogue_id, division, kind, title, citation, drafted_by, loaded_by, request_id)
VALUES (pg_temp.u(230), '370100', 7, '示例目录', '示例文', pg_temp.u(11), ARRAY[pg_temp.u(12)], pg_temp.u(230));
UPDATE registry.catalogue SET state = 2, document_digest = sha256(''), consulted = '各方', consulted_by = pg_temp.u(11), consulted_at = now() WHERE catalogue_id = pg_temp.u(230);
SELECT throws_ok(format('UPDATE registry.catalogue SET state = 3, approved_by = pg_temp.u(%s), approved_at = now() WHERE catalogue_id = pg_temp.u(230)', who), '23514', NULL,
                 'G8: two people') FROM (VALUES (11), (12)) w(who);
SELECT throws_ok('UPDATE registry.catalogue SET state = 4, version = 1, valid_from = ''2026-01-01'', published_by = pg_temp.u(31), published_at = now() WHERE catalogue_id = pg_temp.u(230)',
                 '23514', NULL, 'G8: nothing is published that was not approved');

/* ---- G8: the same human being under another operator is no second one ---- */
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (pg_temp.u(32), pg_temp.u(2), 'x', '{approver}', pg_temp.u(11));
CREATE FUNCTION pg_temp.approve(request int, caller int, of_catalogue int DEFAULT 230) RETURNS text LANGUAGE sql AS $$
    SELECT outcome::text FROM api.catalogue_step(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(1)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{3}',
                                                 ARRAY[pg_temp.u(of_catalogue)], '{NULL}', '{NULL}', '{NULL}', '{NULL}')
$$;
SELECT is(pg_temp.approve(300, 11), '172', 'G8: not who drafted');
SELECT is(pg_temp.approve(301, 32), '172', 'G8: nor the same human being, with another key');
SELECT is(pg_temp.approve(302, 12), '170', 'G8: nor another city');
SELECT is(pg_temp.approve(303, 17), '12', 'G8: nor a reviewer');
SELECT is(pg_temp.approve(304, 10), '12', 'G8: nor an institution');
UPDATE registry.organisation SET status = 2 WHERE organisation_id = pg_temp.u(2);
SELECT is(pg_temp.approve(305, 31), '12', 'G8: nor anybody of a bureau that is suspended');
UPDATE registry.organisation SET status = 1 WHERE organisation_id = pg_temp.u(2);
SELECT is(pg_temp.approve(306, 31), '1', 'G8: another human being does');
SELECT is(pg_temp.approve(306, 31), '1', 'G8: the same request again: the first answer');
SELECT is(pg_temp.approve(307, 31), '171', 'G8: once');

/* ---- whatever a row says is in the document and in a comparison ---- */
CREATE FUNCTION pg_temp.left_out(of_function regproc, argument text, but text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(a.attname, ' ' ORDER BY a.attnum) FROM pg_attribute a
     WHERE a.attrelid = 'helper.catalogue_line'::regclass AND a.attnum > 0 AND a.attname <> ALL (string_to_array(but, ' '))
       AND (SELECT p.prosrc FROM pg_proc p WHERE p.oid = of_function) !~ format('\(%s\)\.%s\M', argument, a.attname)
$$;
SELECT is(pg_temp.left_out('helper.catalogue_written', 'in_row', 'catalogue_id'), NULL, 'G8: every column is in the document, of which the digest is');
SELECT is(pg_temp.left_out('helper.catalogue_agree', arg, 'catalogue_id number part occupation_code level category mode division trainee_group source place institution_code site'),
          NULL, 'G8: and is compared, but for the number and what the row is about') FROM (VALUES ('in_one'), ('in_other')) a(arg);
SELECT is(pg_temp.left_out('helper.catalogue_about', 'in_row', 'catalogue_id number note demand_grade hours_least practice_percent training_standard_fen assessment_standard_fen '
                           'mark heads listed wanted_on until name licence nature address phone credit_grade batch valid_from valid_to'), NULL, 'G8: which is the rest');

/* ---- pages of a comparison ---- */
INSERT INTO registry.catalogue (catalogue_id, division, kind, title, citation, state, rows, drafted_by, loaded_by, request_id)
SELECT pg_temp.u(n), '370100', 2, '示例目录', '示例文', 1, 0, pg_temp.u(11), ARRAY[pg_temp.u(11)], pg_temp.u(9) FROM generate_series(801, 804) n;
/* 802 says something else than 801 in each row; 803 has every second of them, under other numbers, and others; 804 differs in the last. */
INSERT INTO registry.catalogue_row (catalogue_id, row, category, occupation_code, level, hours_least)
SELECT pg_temp.u(c), CASE WHEN c = 803 THEN n + n % 7 * 1000 ELSE n END, '类' || n + CASE WHEN c = 803 AND n % 2 = 0 THEN 100000 ELSE 0 END, '4-10-01-06', 2,
       40 + (c = 802)::int + (c = 804 AND n = 1000)::int
  FROM generate_series(801, 804) c, generate_series(1, 1000) n;
ANALYZE registry.catalogue_row; /* as autovacuum does */
/* All differences of two, page by page: how many, and whether they are in the order of their places, each once. */
CREATE FUNCTION pg_temp.paged(one int, other int, page int, until int DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    behind int8 := 0;
    places int8[] := '{}';
    n int;
BEGIN
    LOOP
        SELECT places || array_agg(d.difference), count(*), max(d.difference) INTO places, n, behind
          FROM helper.catalogue_differences_page(pg_temp.u(one), pg_temp.u(other), behind, page) d;
        EXIT WHEN n < page OR cardinality(places) >= until;
    END LOOP;
    RETURN cardinality(places) || ' ' || (places = ARRAY(SELECT DISTINCT unnest(places) ORDER BY 1));
END $$;
SELECT is(pg_temp.paged(one, other, page), differences || ' true', format('G8: %s and %s in pages of %s', one, other, page))
  FROM (VALUES (801, 802, 50, 1000), (801, 802, 1000, 1000), (801, 803, 7, 1000), (803, 801, 50, 1000), (801, 804, 50, 1)) v(one, other, page, differences);
SELECT is((SELECT concat_ws(' ', added, removed, changed) FROM helper.catalogue_differences_counted(pg_temp.u(801), pg_temp.u(other))), counts, format('G8: counted, 801 and %s', other))
  FROM (VALUES (802, '0 0 1000'), (803, '500 500 0'), (804, '0 0 1'), (801, '0 0 0')) v(other, counts);
SELECT is((SELECT concat_ws(' ', added, removed, changed) FROM helper.catalogue_differences_counted(NULL, pg_temp.u(801))), '1000 0 0', 'G8: with nothing');
/* How many rows have been read so far, by any index. */
CREATE FUNCTION pg_temp.read() RETURNS int8 LANGUAGE sql AS $$
    SELECT sum(pg_stat_get_xact_tuples_returned(i.indexrelid)) + (SELECT pg_stat_get_xact_tuples_returned('registry.catalogue_row'::regclass))
      FROM pg_index i WHERE i.indrelid = 'registry.catalogue_row'::regclass
$$;
SELECT pg_temp.read() AS before \gset
SELECT is(pg_temp.paged(801, 802, 10, 500), '500 true', 'G8: half of the pages');
SELECT cmp_ok(pg_temp.read() - :before, '<', 20000::int8, 'G8: read their own rows, each a few times');

SELECT * FROM finish();
ROLLBACK;
