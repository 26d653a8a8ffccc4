# SPDX-License-Identifier: Apache-2.0
"""Many at once against the same ledgers, past their end: never overdrawn, always balanced, nobody waits in a circle (F2, F4)."""

import subprocess

from postgres import BIN

CLIENTS, TURNS = 16, 120
DIVISIONS = "370300", "370400", "370500"  # of no other file of tests
FEN = 40_000  # that each ledger has: a few hundred commitments are more

# Each division has ledgers of two sources; one kind of spending draws on them in one order, another in the other.
MADE = f"""
INSERT INTO registry.earmark (earmark_id, division, spending, sources, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
SELECT gen_random_uuid(), d, s, CASE s WHEN 1 THEN '{{3,1}}' ELSE '{{1,3}}' END::int2[], '2026-01-01', 'tests', gen_random_uuid(), 1, gen_random_uuid(), now(), gen_random_uuid()
  FROM unnest('{{{",".join(DIVISIONS)}}}'::text[]) d CROSS JOIN unnest('{{1,2}}'::int2[]) s;
SELECT helper.ledger_post(gen_random_uuid(), l.ledger_id, e::int2, {FEN}, gen_random_uuid(), gen_random_uuid())
  FROM (SELECT (helper.ledger_open(d, s, date_part('year', helper.today())::int4)).ledger_id
          FROM unnest('{{{",".join(DIVISIONS)}}}'::text[]) d CROSS JOIN unnest('{{1,3}}'::int2[]) s) l CROSS JOIN unnest('{{1,2,6}}'::int4[]) e;
SELECT helper.ledgers_spread(array_agg(ledger_id), array_agg(0::int8)) FROM registry.ledger WHERE division = ANY ('{{{",".join(DIVISIONS)}}}');
"""

# Two subjects, whose rows the caller holds: committed together, or one event of both.
TURN = """
\\set one random(1, 400)
\\set two random(401, 800)
\\set what random(1, 10)
\\set place random(0, 2)
\\set kind random(1, 2)
\\set fen random(1, 900)
BEGIN;
SELECT pg_advisory_xact_lock(7000000 + :one), pg_advisory_xact_lock(7000000 + :two);
SELECT CASE WHEN :what <= 5 THEN (SELECT count(*)::text FROM helper.money_commit('{1,1,1}', ARRAY[i.one, i.two, i.two], '{1,1,2}',
           ARRAY['370' || 3 + :place || '00', '370' || 3 + (:place + 1) % 3 || '00', '370' || 3 + (:place + 1) % 3 || '00'], ARRAY[:kind, 3 - :kind, :kind]::int2[], '{7,7,7}', '{2,2,2}',
           ARRAY[:fen, :fen, 7]::int8[], ARRAY[i.one, i.one, i.one], ARRAY[i.one, i.one, i.one]))
       WHEN :what <= 7 THEN helper.money_post(10::int2, '{1,1}', ARRAY[i.one, i.two], ARRAY[i.one, i.one], ARRAY[i.one, i.one])::text
       ELSE concat(helper.money_hold('{1,1}', ARRAY[i.one, i.two]), helper.money_post(11::int2, '{1,1}', ARRAY[i.one, i.two], ARRAY[i.one, i.one], ARRAY[i.one, i.one]),
                   helper.money_post((CASE WHEN :what = 8 THEN 12 ELSE 13 END)::int2, '{1,1}', ARRAY[i.one, i.two], ARRAY[i.one, i.one], ARRAY[i.one, i.one])) END
  FROM (SELECT lpad((7000000 + :one)::text, 32, '0')::uuid AS one, lpad((7000000 + :two)::text, 32, '0')::uuid AS two) i;
COMMIT;
"""

# Of each ledger: what it has, beside what was posted, what its charges say, and what it was given.
AGREE = f"""
SELECT count(*), count(*) FILTER (WHERE (s.available, s.committed, s.spent, s.expenditure) IS NOT DISTINCT FROM (j.x1, j.x2, j.x3, j.cash)
                                    AND (s.committed, s.spent) IS NOT DISTINCT FROM (c.committed, c.spent) AND s.available + s.committed + s.spent = {FEN}),
       sum(s.spent) > 0, min(s.available) < 2 * 900, min(s.sent)
  FROM registry.ledger l CROSS JOIN LATERAL helper.ledger_state(l.ledger_id) s
 CROSS JOIN LATERAL (SELECT sum(b.debits - b.credits) FILTER (WHERE b.code = 101) AS x1, coalesce(sum(b.debits - b.credits) FILTER (WHERE b.code = 102), 0) AS x2,
                            coalesce(sum(b.debits - b.credits) FILTER (WHERE b.code = 103), 0) AS x3, sum(b.debits - b.credits) FILTER (WHERE b.code = 1002) AS cash
                       FROM helper.ledger_balances(l.ledger_id) b) j
 CROSS JOIN LATERAL (SELECT coalesce(sum(amount_fen) FILTER (WHERE g.state = 1), 0) AS committed, coalesce(sum(amount_fen) FILTER (WHERE g.state = 2), 0) AS spent
                       FROM registry.charge g WHERE g.ledger_id = l.ledger_id) c
 WHERE l.division = ANY ('{{{",".join(DIVISIONS)}}}')
"""


def test_f4_never_overdrawn_whatever_happens_at_once(stack, tmp_path):
    stack.sql(MADE)
    (script := tmp_path / "turn.sql").write_text(TURN)
    done = subprocess.run([str(w) for w in (BIN / "pgbench", "-n", "-c", CLIENTS, "-j", 2, "-t", TURNS, "-f", script, stack.postgres.conninfo("postgres", "mingce"))],
                          capture_output=True, text=True, cwd="/", check=False, timeout=300)
    assert done.returncode == 0 and f"actually processed: {CLIENTS * TURNS}/{CLIENTS * TURNS}" in done.stdout, done.stderr  # no deadlock, no constraint
    assert stack.sql(AGREE) == f"{2 * len(DIVISIONS)}|{2 * len(DIVISIONS)}|t|t|0"
