/* SPDX-License-Identifier: Apache-2.0 */
/* C1: for every pair of steps whether one human may take both, from a claim on which each step was another's. */
BEGIN;
\ir fixture.psql
SELECT no_plan();

/* Operator 40 + n took step n of the claim, as its bureau's and with every role; 40 took none. Claimed for a person (route 1), so that
   only the steps tell them apart. */
INSERT INTO registry.operator (operator_id, organisation_id, sealed, roles)
SELECT pg_temp.u(40 + n), pg_temp.u(2), 'x', '{clerk,reviewer,approver,payer}' FROM generate_series(0, 20) n;
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, occupation_code, level,
                            certificate_kind, trainee_group, year, amount_fen, submitted_by)
VALUES (pg_temp.u(1000), pg_temp.u(1), pg_temp.u(2), 202600001, pg_temp.u(2), '370100', 1, '4-10-01-06', 2, 2, 7, 2026, 100, pg_temp.u(41));
INSERT INTO registry.claim_step (claim_id, version, action, state, operator_id, request_id)
SELECT pg_temp.u(1000), n, n, 1, pg_temp.u(40 + n), pg_temp.u(9) FROM generate_series(1, 20) n;
INSERT INTO registry.claim_line (claim_id, line, standard_id, rate_fen, amount_fen) VALUES (pg_temp.u(1000), 1, pg_temp.u(3), 100, 100);

/* Whether who took a step may take another, by the policy's number. */
CREATE FUNCTION pg_temp.judge(operator int, action int, eyes int) RETURNS int2 LANGUAGE plpgsql AS $$
DECLARE
    claim registry.claim;
    caller helper.acting;
    terms helper.claim_terms;
BEGIN
    SELECT * INTO claim FROM registry.claim WHERE claim_id = pg_temp.u(1000);
    SELECT * INTO caller FROM helper.acting WHERE operator_id = pg_temp.u(operator);
    claim.state := (SELECT m.from_states[1] FROM helper.claim_move(action::int2) m);
    claim.reviewed_by := pg_temp.u(45);
    claim.approved_by := pg_temp.u(48);
    claim.paid_by := pg_temp.u(50);
    terms.four_eyes := eyes;
    RETURN helper.claim_judge(caller, terms, claim, claim.version, action::int2, '示例', 0);
END $$;

/* "x": never one human; "3": only where the policy says three. By the earlier step, then the later ones from 2 to 20. */
CREATE TEMP TABLE expected (earlier int, what text, later text);
INSERT INTO expected VALUES /*   a r s r p o a r p w s r c b s r r u r
                                 c e u e u b p e a i u e l a e e e n e
                                 c t b v b j p j y t s s a t n f t b c */
    (1,  'submitted',           'xx.xxxxxx.xxxxx...x'),
    (2,  'accepted',            '......x.3...x33...3'),
    (3,  'returned',            '...................'),
    (4,  'submitted again',     'xx.xxxxxx.xxxxx...x'),
    (5,  'reviewed',            '......x.3...x33...3'),
    (6,  'publicised',          '......x.3...x33...3'),
    (7,  'recorded an objection', '...................'),
    (8,  'approved',            '........x...xxx...x'),
    (9,  'rejected',            '...................'),
    (10, 'paid',                '............x......'),
    (11, 'withdrew',            '...................'),
    (12, 'suspended',           '...................'),
    (13, 'resumed',             '........3....33...3'),
    (14, 'clawed back',         '...................'),
    (15, 'put into a batch',    '............x.x....'),
    (16, 'sent',                '............x......'),
    (20, 're-checked',          '............x.x....');
SELECT is(pg_temp.judge(40 + e.earlier, l.later, eyes) = 124, said = 'x' OR said = '3' AND eyes = 3,
          format('C1: who %s takes step %s: %s people', e.what, l.later, eyes))
  FROM expected e CROSS JOIN generate_series(2, 20) l(later) CROSS JOIN (VALUES (2), (3)) n(eyes)
 CROSS JOIN LATERAL substring(e.later FROM l.later - 1 FOR 1) said;
SELECT isnt(pg_temp.judge(40, later, 3), 124::int2, 'C1: step ' || later || ' by who took no part') FROM generate_series(2, 20) later;
SELECT is((SELECT count(*) FROM helper.claim_apart), (SELECT count(*) FROM helper.claim_apart JOIN expected e USING (earlier)
            WHERE substring(e.later FROM claim_apart.later - 1 FOR 1) = CASE eyes WHEN 2 THEN 'x' ELSE '3' END), 'the table has these pairs, and no other');

/* None of who claims, whatever step it took: its organisation's operators. */
UPDATE registry.claim SET route = 3, proxy_reference = 'P-1' WHERE claim_id = pg_temp.u(1000);
SELECT is(pg_temp.judge(40, later, 2), 124::int2, 'C1: step ' || later || ' by another of the submitter''s') FROM unnest('{2,3,5,6,7,8,9,10,12,13,14}'::int[]) later;
SELECT isnt(pg_temp.judge(40, later, 2), 124::int2, 'step ' || later || ' is the submitter''s own') FROM unnest('{4,11}'::int[]) later;

SELECT * FROM finish();
ROLLBACK;
