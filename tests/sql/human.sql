/* SPDX-License-Identifier: Apache-2.0 */
/* C1: operators are human beings, found by their documents; every rule that asks for a second person asks for another human. */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Human 900 is a reviewer, an approver, a payer and a second security administrator's proposer under other records; 901 was
   registered before documents were stated. */
INSERT INTO registry.human (human_id, document_index, sealed) SELECT pg_temp.u(n), pg_temp.h(n), 'x' FROM generate_series(900, 905) n;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES
    (pg_temp.u(40), pg_temp.u(2), 'x', '{reviewer}', pg_temp.u(900)), (pg_temp.u(41), pg_temp.u(2), 'x', '{approver}', pg_temp.u(900)),
    (pg_temp.u(42), pg_temp.u(4), 'x', '{payer}', pg_temp.u(900)), (pg_temp.u(43), pg_temp.u(1), 'x', '{clerk}', pg_temp.u(901)),
    (pg_temp.u(44), pg_temp.u(2), 'x', '{reviewer,approver,payer}', pg_temp.u(901)), (pg_temp.u(45), pg_temp.u(4), 'x', '{secadmin}', pg_temp.u(902)),
    (pg_temp.u(46), pg_temp.u(2), 'x', '{secadmin}', pg_temp.u(902)), (pg_temp.u(47), pg_temp.u(2), 'x', '{approver}', pg_temp.u(903)),
    (pg_temp.u(48), pg_temp.u(2), 'x', '{payer}', pg_temp.u(904));

SELECT is(helper.same_human(pg_temp.u(40), pg_temp.u(41)), true, 'C1: two records of one human are one');
SELECT is(helper.same_human(pg_temp.u(40), pg_temp.u(44)), false, 'C1: two humans are two');
SELECT is(helper.same_human(pg_temp.u(40), NULL), NULL, 'C1: nobody is not somebody');
UPDATE registry.operator SET status = 3 WHERE operator_id = pg_temp.u(41);
SELECT is(helper.same_human(pg_temp.u(40), pg_temp.u(41)), true, 'C1: whatever becomes of the record');
UPDATE registry.operator SET status = 1 WHERE operator_id = pg_temp.u(41);

/* ---- steps of a claim ---- */

/* Whether a caller may take an action on a claim in that state, of whom the other steps were. */
CREATE FUNCTION pg_temp.judged(caller int, action int, in_state int, submitted int DEFAULT 10, reviewed int DEFAULT 17, approved int DEFAULT 47,
                               organisation int DEFAULT 1, route int DEFAULT 3, eyes int DEFAULT 3) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    who helper.acting;
    terms helper.claim_terms;
    claim registry.claim;
BEGIN
    SELECT * INTO who FROM helper.acting a WHERE a.operator_id = pg_temp.u(caller);
    terms.four_eyes := eyes;
    claim.claim_id := gen_random_uuid();
    INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, request_id)
    VALUES (claim.claim_id, 1, 1, 1, pg_temp.u(submitted), pg_temp.u(990)), (claim.claim_id, 2, 5, 4, pg_temp.u(reviewed), pg_temp.u(990));
    IF in_state IN (6, 7) THEN
        INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, request_id)
        VALUES (claim.claim_id, 3, 8, 6, pg_temp.u(approved), pg_temp.u(990));
    END IF;
    claim.organisation_id := pg_temp.u(organisation);
    claim.division := '370100';
    claim.route := route;
    claim.state := in_state;
    claim.version := 5;
    claim.submitted_by := pg_temp.u(submitted);
    claim.reviewed_by := pg_temp.u(reviewed);
    claim.approved_by := pg_temp.u(approved);
    RETURN nullif(helper.claim_judge(who, terms, claim, 5, action::int2, 'why', 0), 47);
END $$;
SELECT isnt(pg_temp.judged(47, 8, 5, reviewed => 40), 124::int2, 'C1: another human approves what 900 reviewed');
SELECT is(pg_temp.judged(41, 8, 5, reviewed => 40), 124::int2, 'C1: the reviewer''s human does not approve under another record');
SELECT is(pg_temp.judged(42, 10, 6, reviewed => 17, approved => 41), 124::int2, 'C1: nor does the approver''s pay, of another organisation');
SELECT is(pg_temp.judged(42, 10, 6, reviewed => 40, approved => 47), 124::int2, 'C1: nor the reviewer''s');
SELECT isnt(pg_temp.judged(42, 10, 6, reviewed => 40, approved => 47, eyes => 2), 124::int2, 'C1: but where a policy is content with two');
SELECT isnt(pg_temp.judged(48, 10, 6, reviewed => 40, approved => 47), 124::int2, 'C1: a third human pays');
SELECT is(pg_temp.judged(41, 14, 7, reviewed => 40), 124::int2, 'C1: the reviewer''s human claws nothing back');
SELECT is(pg_temp.judged(44, 5, 2, submitted => 43), 124::int2, 'C1: who submitted as a school''s clerk reviews nothing of it as the bureau''s');
SELECT is(pg_temp.judged(44, 5, 2, submitted => 10), 124::int2, 'C1: nor what others of that school submitted');
SELECT isnt(pg_temp.judged(40, 5, 2, submitted => 10), 124::int2, 'C1: a human who is not the school''s does');
UPDATE registry.operator SET status = 3 WHERE operator_id = pg_temp.u(43);
SELECT is(pg_temp.judged(44, 5, 2, submitted => 10), 124::int2, 'C1: having been the school''s is enough');
SELECT isnt(pg_temp.judged(44, 5, 2, submitted => 18, organisation => 5), 124::int2, 'C1: of another school''s claims it is another human');

/* Person 991 has the document of human 904. */
INSERT INTO registry.document (document_index, document_type, person_id) VALUES (pg_temp.h(904), 1, pg_temp.u(991));
SELECT is(helper.human_is(pg_temp.u(48), pg_temp.u(991)), true, 'C1: an operator who is a trainee is one human');
SELECT is(helper.human_is(pg_temp.u(47), pg_temp.u(991)), false, 'C1: others are not');
SELECT is(helper.claim_apart_broken(c, pg_temp.u(n), 10::int2, 3), n = 48, format('C1: whether %s may pay the claim of who is 48', n))
  FROM (SELECT (jsonb_populate_record(NULL::registry.claim, jsonb_build_object('claim_id', pg_temp.u(992), 'person_id', pg_temp.u(991), 'route', 1,
               'organisation_id', pg_temp.u(2), 'submitted_by', pg_temp.u(10)))) AS c) x, unnest('{48,42}'::int[]) n;

/* ---- two documents of one person ---- */

INSERT INTO registry.human (human_id, document_index, sealed) SELECT pg_temp.u(n), pg_temp.h(n), 'x' FROM generate_series(906, 908) n;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES
    (pg_temp.u(50), pg_temp.u(2), 'x', '{reviewer}', pg_temp.u(906)), (pg_temp.u(51), pg_temp.u(2), 'x', '{approver}', pg_temp.u(907)), (pg_temp.u(52), pg_temp.u(2), 'x', '{payer}', pg_temp.u(908));
INSERT INTO registry.document (document_index, document_type, person_id) VALUES (pg_temp.h(906), 1, pg_temp.u(993)), (pg_temp.h(907), 4, pg_temp.u(994));
SELECT is(helper.same_human(pg_temp.u(50), pg_temp.u(51)), false, 'C1: two documents are two humans');
SELECT isnt(pg_temp.judged(51, 8, 5, reviewed => 50), 124::int2, 'C1: who act for each other');
INSERT INTO registry.person_merge (gone, kept, case_reference, operator_id, request_id) VALUES (pg_temp.u(994), pg_temp.u(993), 'A-1', pg_temp.u(17), pg_temp.u(9));
UPDATE registry.document SET person_id = pg_temp.u(993) WHERE document_index = pg_temp.h(907);
SELECT is(helper.same_human(pg_temp.u(50), pg_temp.u(51)), true, 'C1: until they are known to be one person''s');
SELECT is(pg_temp.judged(51, 8, 5, reviewed => 50), 124::int2, 'C1: then the reviewer does not approve with a passport');
SELECT is(helper.human_is(pg_temp.u(51), pg_temp.u(994)), true, 'C1: nor decide what is to be paid to it under a record that was merged');
SELECT is(helper.same_human(pg_temp.u(50), pg_temp.u(52)), false, 'C1: a third document is another''s');
DELETE FROM registry.document WHERE person_id = pg_temp.u(993);
INSERT INTO registry.document_erased (document_index, person_id) VALUES (pg_temp.h(906), pg_temp.u(993)), (pg_temp.h(907), pg_temp.u(993)), (pg_temp.h(915), pg_temp.u(993));
SELECT is(helper.same_human(pg_temp.u(50), pg_temp.u(51)), true, 'C1: an erasure makes no two of them');
INSERT INTO registry.document (document_index, document_type, person_id) VALUES (pg_temp.h(915), 3, pg_temp.u(995));
SELECT is(helper.human_is(pg_temp.u(50), pg_temp.u(995)), true, 'C1: nor does it decide its own claim when it has come again with another document');
SELECT is(helper.human_is(pg_temp.u(52), pg_temp.u(995)), false, 'C1: others do');

/* ---- proposals ---- */

CREATE FUNCTION pg_temp.propose(request int, caller int, kind int, target int, roles text DEFAULT NULL, key int DEFAULT NULL,
                                status int DEFAULT NULL, code text DEFAULT NULL, document int DEFAULT NULL) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.change_propose(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], ARRAY[pg_temp.u(request)],
        ARRAY[kind::int2], ARRAY[pg_temp.u(target)], ARRAY[code], ARRAY[CASE WHEN kind = 1 THEN 'new'::bytea END], ARRAY[roles],
        ARRAY[CASE WHEN key IS NOT NULL THEN pg_temp.h(key) END], ARRAY[status::int2], ARRAY[CASE WHEN kind = 5 THEN 'why' END],
        ARRAY[CASE WHEN document IS NOT NULL THEN pg_temp.u(request) END], ARRAY[CASE WHEN document IS NOT NULL THEN pg_temp.h(document) END],
        ARRAY[CASE WHEN document IS NOT NULL THEN 'document'::bytea END])
$$;
CREATE FUNCTION pg_temp.decide(request int, caller int, change int, confirm bool DEFAULT true) RETURNS int2 LANGUAGE sql AS $$
    SELECT outcome FROM api.change_decide(ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)],
                                          ARRAY[pg_temp.head()], ARRAY[pg_temp.u(change)], ARRAY[confirm])
$$;
CREATE FUNCTION pg_temp.human(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT human_id FROM registry.operator WHERE operator_id = pg_temp.u(n) $$;
SELECT is(pg_temp.propose(1000, 45, 4, 17, 'payer'), 1::int2, 'a security administrator proposes');
SELECT is(pg_temp.decide(1001, 46, 1000), 24::int2, 'and does not confirm as another operator');
SELECT is(pg_temp.decide(1002, 46, 1000, false), 1::int2, 'though it may take it back');
INSERT INTO registry.standard (standard_id, division, line, amount_fen, valid_from, citation, proposed_by, request_id)
VALUES (pg_temp.u(800), '370100', 2, 20000, '2026-01-01', '示例文', pg_temp.u(41), pg_temp.u(9));
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (pg_temp.u(49), pg_temp.u(2), 'x', '{approver}', pg_temp.u(900));
CREATE FUNCTION pg_temp.in_force(request int, caller int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(outcome::text, ' ' ORDER BY row_number) FILTER (WHERE row_number > 0) FROM api.proposal_decide(
        ARRAY[pg_temp.u(request)], ARRAY[pg_temp.h(request)], ARRAY[pg_temp.u(caller)], ARRAY[pg_temp.head()], '{1}', '{1}',
        '{1}', '{1}', ARRAY[pg_temp.head()], ARRAY[pg_temp.u(800)])
$$;
SELECT is(pg_temp.in_force(1010, 49), '102', 'the proposer''s human puts nothing in force under another record');
SELECT is(pg_temp.in_force(1011, 47), '1', 'another human does');

/* ---- the same document is the same human ---- */

SELECT is(pg_temp.propose(1100, 14, 1, 60, 'clerk', 60, code => '52370100300000010X', document => 910), 1::int2, 'a new operator, with a document');
SELECT is(pg_temp.propose(1101, 14, 1, 61, 'reviewer', 61, code => '11370100000000035L', document => 910), 1::int2, 'and another with the same');
SELECT is(pg_temp.propose(1102, 14, 1, 62, 'reviewer', 62, code => '11370100000000035L'), 148::int2, 'without a document nobody is added');
SELECT is(pg_temp.decide(1103, 15, 1100), 1::int2, 'confirmed');
SELECT is(pg_temp.decide(1104, 15, 1101), 1::int2, 'both');
SELECT is(helper.same_human(pg_temp.u(60), pg_temp.u(61)), true, 'and one human');
SELECT is((SELECT count(*) FROM registry.human WHERE document_index = pg_temp.h(910)), 1::int8, 'who is there once');
SELECT is(pg_temp.propose(1110, 14, 2, 60, key => 160, document => 911), 147::int2, 'another''s document binds no key to an operator');
SELECT is(pg_temp.propose(1111, 14, 2, 60, key => 160, document => 910), 1::int2, 'its own does');
SELECT is(pg_temp.decide(1112, 15, 1111), 1::int2, 'when it is confirmed');
SELECT is(pg_temp.propose(1113, 14, 2, 60, key => 160, document => 910), 19::int2, 'once');
SELECT is(pg_temp.propose(1114, 14, 5, 60, status => 3), 1::int2, 'the operator goes');
SELECT is(pg_temp.decide(1115, 15, 1114), 1::int2, 'for good');
SELECT is(pg_temp.propose(1116, 14, 1, 63, 'clerk', 63, code => '52370200300000020X', document => 910), 1::int2, 'and comes again, elsewhere');
SELECT is(pg_temp.decide(1117, 15, 1116), 1::int2, 'under another key');
SELECT is(helper.same_human(pg_temp.u(60), pg_temp.u(63)), true, 'the same human');
SELECT throws_ok(format('UPDATE registry.operator SET human_id = %L WHERE operator_id = %L', pg_temp.u(905), pg_temp.u(63)), '23514', NULL, 'an operator does not become somebody else');
SELECT throws_ok(format('UPDATE registry.human SET document_index = %L WHERE human_id = %L', pg_temp.h(999), pg_temp.u(905)), '42501', NULL, 'nor a human another document''s');
SELECT throws_ok('DELETE FROM registry.human', '42501', NULL, 'nor goes');

/* ---- administrators and auditors, by human ---- */

SELECT is(pg_temp.propose(1200, 14, 1, 64, 'sysadmin', 64, code => '11370000000000043A', document => 910), 149::int2, 'a clerk''s human is no administrator as another operator');
SELECT is(pg_temp.propose(1201, 14, 1, 65, 'sysadmin', 65, code => '11370000000000043A', document => 902), 149::int2, 'nor a security administrator''s a system administrator');
SELECT is(pg_temp.propose(1202, 14, 1, 66, 'secadmin', 66, code => '11370000000000043A', document => 902), 1::int2, 'but one in another place as well');
SELECT is(pg_temp.propose(1203, 14, 4, 61, 'secadmin'), 149::int2, 'other roles are judged alike');
SELECT is(pg_temp.propose(1204, 14, 1, 67, 'sysadmin', 67, code => '11370000000000043A', document => 912), 1::int2, 'two proposals of one human');
SELECT is(pg_temp.propose(1205, 14, 1, 68, 'clerk', 68, code => '52370100300000010X', document => 912), 1::int2, 'which exclude each other');
SELECT is(pg_temp.decide(1206, 15, 1205), 1::int2, 'the first is confirmed');
SELECT is(pg_temp.decide(1207, 15, 1204), 149::int2, 'the second is not');
SELECT is(pg_temp.propose(1208, 14, 1, 77, 'sysadmin', 77, code => '11370000000000043A', document => 915), 149::int2, 'nor is an administrator, with another document, who is known to be the reviewer''s human');
SELECT throws_ok(format('INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles, human_id) VALUES (%L, %L, ''x'', ''{sysadmin}'', %L)',
                        pg_temp.u(69), pg_temp.u(4), pg_temp.human(68)), '23514', NULL, 'the table itself says so');

/* ---- a document that is stated of an operator is a guess, if it is another's ---- */

DELETE FROM registry.look_hour;
INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370000', 'masked_looks_hour', 2, '2026-01-01', '示例');
CREATE FUNCTION pg_temp.hour(n int) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', masked, refused) FROM registry.look_hour WHERE operator_id = pg_temp.u(n) $$;
SELECT is(pg_temp.propose(1210, 14, 2, 63, key => 163, document => 911) || ' ' || pg_temp.propose(1211, 14, 1, 78, 'sysadmin', 78, code => '11370000000000043A', document => 910),
          '147 149', 'D2: whose operator it is, and whether it has other roles');
SELECT is(pg_temp.hour(14), '2 0', 'D2: are looks');
SELECT is(pg_temp.propose(1212, 14, 2, 63, key => 163, document => 910) || ' ' || pg_temp.hour(14), '62 2 1', 'D2: then the right one is not told either, which is counted too');
SELECT is(pg_temp.propose(1213, 14, 5, 63, status => 2), 1::int2, 'D2: a change that states none needs none');
DELETE FROM registry.policy WHERE name = 'masked_looks_hour' AND valid_from = '2026-01-01';

/* ---- who was registered before documents were stated ---- */

SET session_replication_role = replica;
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles) VALUES
    (pg_temp.u(70), pg_temp.u(2), 'x', '{clerk,reviewer}'), (pg_temp.u(71), pg_temp.u(4), 'x', '{secadmin}'), (pg_temp.u(72), pg_temp.u(6), 'x', '{auditor}'),
    (pg_temp.u(73), pg_temp.u(1), 'x', '{clerk}');
INSERT INTO registry.operator_certificate (key_hash, operator_id) SELECT pg_temp.h(n), pg_temp.u(n) FROM generate_series(70, 73) n;
SET session_replication_role = origin;
SELECT is((SELECT string_agg(roles::text, ' ' ORDER BY operator_id) FROM helper.acting WHERE operator_id IN (pg_temp.u(70), pg_temp.u(71), pg_temp.u(72), pg_temp.u(73))),
          '{clerk} {} {auditor} {clerk}', 'C1: roles that decide do not count');
SELECT is((SELECT string_agg(role_mask::text, ' ' ORDER BY req) FROM api.caller(ARRAY[pg_temp.h(70), pg_temp.h(71), pg_temp.h(72), pg_temp.h(73)])), '2 0 32 2', 'C1: nor are they told');
SELECT is(pg_temp.propose(1300, 71, 4, 17, 'payer'), 12::int2, 'C1: a security administrator proposes nothing');
SELECT is((SELECT outcome FROM api.claim_submit(ARRAY[pg_temp.u(1301)], ARRAY[pg_temp.h(0)], ARRAY[pg_temp.u(73)], ARRAY[pg_temp.head()], '{3}', '{f}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')),
          148::int2, 'C1: nor does a clerk submit claims, whose human nobody could compare');
SELECT is(pg_temp.propose(1302, 14, 2, 70, key => 70, document => 920), 1::int2, 'its own key is bound again, with the document');
SELECT is(pg_temp.propose(1303, 14, 2, 70, key => 71, document => 920), 19::int2, 'another''s is not');
SELECT is(pg_temp.decide(1304, 15, 1302), 1::int2, 'confirmed');
SELECT is((SELECT roles::text FROM helper.acting WHERE operator_id = pg_temp.u(70)), '{clerk,reviewer}', 'C1: they count');
SELECT is((SELECT count(*) FROM api.caller(ARRAY[pg_temp.h(70)])), 1::int8, 'and the key opens as before');
SELECT is(pg_temp.propose(1305, 14, 2, 71, key => 71, document => 920), 149::int2, 'C1: whose roles another record''s exclude is not told who it is');
SELECT is(admin.operator_add('11370000000000043A', pg_temp.u(74), 'x', '{secadmin}', pg_temp.h(71), pg_temp.u(1310), pg_temp.h(921), 's', pg_temp.head()), pg_temp.u(71),
          'the installation command states a document too');
SELECT is((SELECT roles::text FROM helper.acting WHERE operator_id = pg_temp.u(71)), '{secadmin}', 'C1: and it counts');
SELECT throws_ok(format('SELECT admin.operator_add(''11370000000000043A'', %L, ''x'', ''{secadmin}'', %L, %L, %L, ''s'', ''x'')', pg_temp.u(75), pg_temp.h(71), pg_temp.u(1311), pg_temp.h(922)),
                 '23505', NULL, 'not another one, afterwards');
/* proposed before, without a document */
INSERT INTO registry.change (change_id, kind, operator_id, organisation_id, sealed, roles, key_hash, proposed_by)
VALUES (pg_temp.u(1320), 1, pg_temp.u(76), pg_temp.u(1), 'x', '{clerk}', pg_temp.h(76), pg_temp.u(14));
SELECT is(pg_temp.decide(1321, 15, 1320), 148::int2, 'what was proposed without one is not confirmed');
SELECT is(pg_temp.decide(1322, 15, 1320, false), 1::int2, 'and can be rejected');

SELECT * FROM finish();
ROLLBACK;
