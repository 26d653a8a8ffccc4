# SPDX-License-Identifier: Apache-2.0
"""A project's heads verified against a register: from the command to its answer."""

import json
import statistics
import time

from ground import FILL_CLASS
from postgres import Failed

ROWS = ("project-verify",)
PROJECT = "00000000-0000-4000-8000-{n:012d}"

# Heads of persons who are stored, frozen as if their classes had been a project's; and a register of insured of whom they are a part.
FILL = """
INSERT INTO registry.project (project_id, division, department, name, certificate_kind, mode, pay_mode, planned_heads, hours, unit_fen, call_number, contract_number,
                              organisation_id, starts_on, ends_on, closes_on, advance_percent, ceiling_percent, denominator, evidence_kinds, contract_months,
                              employment_days, insured_months, same_employer_months, state, frozen_on, enrolled, completed, sat, counted, total_fen, called_by, request_id)
SELECT '{project}', '370100', '压测', '压测', 4, 1, 1, {heads}, 40, 150000, '压测', '压测', '{institution}', '2026-03-01', '2026-05-31', '2199-12-31', 60, 100, 1, 9, 12, 36500, 1, 6, 6,
       '2026-06-01', {heads}, {heads}, {heads}, {heads}, {heads} * 150000::int8, '{operator}', '{project}';
INSERT INTO registry.project_tier (project_id, tier, metric, threshold, pay_percent) VALUES ('{project}', 1, 1, 0, 60), ('{project}', 2, 2, 85, 100);
INSERT INTO registry.project_head (project_id, person_id, class_number, seat, occupation_code, level, trainee_group, year, result, counted)
SELECT '{project}', e.person_id, e.class_number, {seat} + e.seat, '4-10-01-06', 2, 7, 2026, 1, true
  FROM registry.enrolment e WHERE e.class_number >= {classes} ORDER BY e.class_number, e.seat LIMIT {heads};
"""
REGISTER = """
INSERT INTO registry.snapshot (snapshot_id, source, division, as_of, complete, rows, file_digest, issuer, organisation_id, loaded_by, malformed, unknown, closed_by, closed_at, request_id)
VALUES ('{snapshot}', 2, '370100', helper.today(), true, {rows}, sha256(''), '压测', '{operator}', '{operator}', 0, 0, '{operator}', now(), '{snapshot}');
INSERT INTO registry.snapshot_row (snapshot_id, row, record_id, document_index, name_index, from_on, unit, sealed)
SELECT '{snapshot}', n + 1, bench.request_id(n), sha256(int8send(n)), sha256(int8send(n % 100000)), '2026-06-05', '91370100MA' || lpad((n % 5000)::text, 8, '0'), 'x'
  FROM generate_series(0, {rows} - 1) n;
ANALYZE registry.snapshot_row; ANALYZE registry.project_head;
"""


def measure(bench):
    ground, heads, rows = bench.main, bench.sizes.heads, bench.sizes.insured
    operator, institution = ground.operator_id("reviewer", "bureau"), ground.organisation_id("institution")
    ground.sql(REGISTER.format(snapshot=PROJECT.format(n=0), rows=rows, operator=operator))
    taken = []
    for n in range(1, bench.options.rounds + 1):
        project = PROJECT.format(n=n)
        ground.sql(FILL.format(project=project, heads=heads, institution=institution, operator=operator, classes=FILL_CLASS, seat=n * 10000))
        began = time.monotonic()
        done = ground.cli("reviewer", "--json", "project", "verify", project.replace("-", ""), "--version", "1")
        taken.append(time.monotonic() - began)
        if done.returncode != 0 or json.loads(done.stdout)["run"] != 1:
            raise Failed(f"project verify: {done.stderr.strip() or done.stdout[:200]}")
        employed = int(ground.sql(f"SELECT employed FROM registry.project_run WHERE project_id = '{project}'"))
        if employed != heads:
            raise Failed(f"project verify: {employed} of {heads} heads are employed")
    bench.say("project-verify: " + " ".join(f"{s:.3f}" for s in taken) + f" s for {heads} heads, a register of {rows} rows")
    bench.report.add("project-verify", statistics.median(taken), note=f"mingce project verify of {heads} heads against a register of {rows} rows")
